//! One form: what stands in it and what that means.

use std::collections::{HashMap, HashSet};

use crate::fold::unnumbered_title;
use crate::pattern::Pattern;
use crate::{fold, fold_word, unnumbered};

/// One form of the country, as its TOML file describes it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name in records and on the command line, kebab-case.
    pub name: String,
    /// What people call the form, in Chinese.
    pub title: String,
    /// What the form is for, in English.
    pub description: String,
    /// The fields in the order of the record.
    pub fields: Vec<FieldRule>,
    /// The indicator grid.
    pub grid: GridRule,
    pub(crate) titles: Vec<Pattern>,
    pub(crate) headings: Vec<Pattern>,
    /// Folded label → index into `fields`.
    pub(crate) labels: HashMap<String, usize>,
}

/// One field of a form.
#[derive(Debug, Clone)]
pub struct FieldRule {
    /// The key in the record, snake_case English.
    pub key: String,
    /// How its text is read.
    pub kind: Kind,
    /// The labels it stands beside; none for what is read from the caption.
    pub labels: Vec<String>,
    /// What it means, in English.
    pub en: String,
    /// What it means, in Chinese.
    pub zh: String,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text as printed.
    Text,
    /// A day, `YYYY-MM-DD` in the record.
    Date,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// An exact number.
    Number,
    /// A share, in percent in the record.
    Percent,
    /// An amount, in yuan in the record.
    Money,
    /// The one ticked option of several.
    Choice,
    /// A name that may have a code in front of it; the code is a field of its
    /// own.
    Coded,
    /// From one day to another, as printed; the days are fields of their own.
    Period,
    /// The form's title, from its caption.
    Title,
    /// The form's year, from its caption or a heading.
    Year,
}

/// The key of an indicator that says which grid of its form it is of.
pub const HORIZON: &str = "horizon";

/// The indicator grid of a form.
#[derive(Debug, Clone, Default)]
pub struct GridRule {
    /// The levels, outermost first; the last one is the indicator itself.
    pub levels: Vec<Level>,
    /// The columns behind the levels.
    pub columns: Vec<Column>,
    /// What the grids of a form that has several are for: the whole period, the
    /// year. They stand side by side or one below the other.
    pub horizons: Vec<Horizon>,
}

/// One level of the grid.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// The texts its header cell may have, folded.
    pub headers: HashSet<String>,
    /// The words it may hold, folded as words; empty where any text may stand.
    pub words: HashSet<String>,
}

/// A column behind the levels.
#[derive(Debug, Clone)]
pub struct Column {
    /// The key in the record; `target` is the one that is read as a target.
    pub key: String,
    /// The texts its header cell may have, folded.
    pub headers: HashSet<String>,
}

/// A span of time that a grid sets targets for.
#[derive(Debug, Clone)]
pub struct Horizon {
    /// The value of `horizon` in the record, snake_case English.
    pub key: String,
    /// The headings, folded, above or beside its grid.
    pub headings: HashSet<String>,
}

/// A label as a profile understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Index into [`Profile::fields`].
    pub field: usize,
    /// The unit that the label names in brackets: `（万元）`.
    pub unit: Option<MoneyUnit>,
}

/// A unit of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 元
    Yuan,
    /// 千元
    Thousand,
    /// 万元
    TenThousand,
    /// 百万元
    Million,
    /// 亿元
    HundredMillion,
}

impl MoneyUnit {
    /// The unit of this name, folded.
    pub fn named(name: &str) -> Option<MoneyUnit> {
        Some(match name {
            "元" | "人民币元" | "rmb" => MoneyUnit::Yuan,
            "千元" => MoneyUnit::Thousand,
            "万元" | "人民币万元" | "万" => MoneyUnit::TenThousand,
            "百万元" => MoneyUnit::Million,
            "亿元" | "亿" => MoneyUnit::HundredMillion,
            _ => return None,
        })
    }

    /// How many yuan the unit is worth, as a power of ten.
    pub fn power_of_ten(self) -> u32 {
        match self {
            MoneyUnit::Yuan => 0,
            MoneyUnit::Thousand => 3,
            MoneyUnit::TenThousand => 4,
            MoneyUnit::Million => 6,
            MoneyUnit::HundredMillion => 8,
        }
    }
}

impl Kind {
    /// The name in profiles and schemas.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Percent => "percent",
            Kind::Money => "money",
            Kind::Choice => "choice",
            Kind::Coded => "coded",
            Kind::Period => "period",
            Kind::Title => "title",
            Kind::Year => "year",
        }
    }
}

impl FieldRule {
    /// The fields that are filled from the same cell: their keys, types and
    /// meanings. A form may have labels of its own for them, too.
    pub fn also(&self) -> Vec<FieldRule> {
        let also = |key: String, kind: Kind, en: &str, zh: String| FieldRule {
            key,
            kind,
            labels: Vec::new(),
            en: en.to_owned(),
            zh,
        };
        match self.kind {
            Kind::Coded => {
                let (key, zh) = (format!("{}_code", self.key), format!("{}编码", self.zh));
                vec![also(key, Kind::Text, &format!("Code of: {}", self.en), zh)]
            }
            Kind::Period => vec![
                also("start_date".into(), Kind::Date, "First day", "开始日期".into()),
                also("end_date".into(), Kind::Date, "Last day", "结束日期".into()),
            ],
            _ => Vec::new(),
        }
    }
}

impl Profile {
    /// The field of a label, with or without a number before it and a unit in
    /// brackets behind it.
    pub fn label(&self, text: &str) -> Option<Label> {
        self.plain_label(text).or_else(|| self.plain_label(unnumbered(text)))
    }

    fn plain_label(&self, text: &str) -> Option<Label> {
        let folded = fold(text)?;
        if let Some(&field) = self.labels.get(&folded) {
            return Some(Label { field, unit: None });
        }
        let (stem, unit) = split_unit(&folded)?;
        self.labels.get(stem).map(|&field| Label { field, unit: Some(unit) })
    }

    /// Whether a line is a title of this form; if so, the year that it names,
    /// if any.
    pub fn title(&self, line: &str) -> Option<Option<i64>> {
        fit(&self.titles, line)
    }

    /// Whether a line is a heading of this form, with or without a unit of
    /// money in brackets behind it; if so, the year that it names, if any.
    pub fn heading(&self, line: &str) -> Option<Option<i64>> {
        fit(&self.headings, line).or_else(|| {
            let folded = fold(line)?;
            let (stem, _) = split_unit(&folded)?;
            if stem.is_empty() { Some(None) } else { fit(&self.headings, stem) }
        })
    }
}

impl GridRule {
    /// What a header cell heads: `Ok` a level, `Err` a column, by index.
    pub fn header(&self, text: &str) -> Option<Result<usize, usize>> {
        let folded = fold(text)?;
        if let Some(level) = self.levels.iter().position(|level| level.headers.contains(&folded)) {
            return Some(Ok(level));
        }
        self.columns.iter().position(|column| column.headers.contains(&folded)).map(Err)
    }

    /// The key of the horizon that a heading of a grid names.
    pub fn horizon(&self, text: &str) -> Option<&str> {
        let folded = fold(text)?;
        let horizon = self.horizons.iter().find(|horizon| horizon.headings.contains(&folded))?;
        Some(&horizon.key)
    }

    /// The keys of an indicator besides its levels and its target, in the order
    /// of the record.
    pub fn further(&self) -> impl Iterator<Item = &str> {
        let horizon = (!self.horizons.is_empty()).then_some(HORIZON);
        let columns = self.columns.iter().map(|column| &*column.key).filter(|key| *key != "target");
        horizon.into_iter().chain(columns)
    }

    /// The levels, by index, whose vocabulary holds this word.
    pub fn levels_of(&self, text: &str) -> impl Iterator<Item = usize> {
        let word = fold_word(text);
        self.levels
            .iter()
            .enumerate()
            .filter(move |(_, level)| word.as_ref().is_some_and(|word| level.words.contains(word)))
            .map(|(index, _)| index)
    }
}

/// Splits the unit in brackets off a folded label: `项目总预算(万元)`.
pub(crate) fn split_unit(folded: &str) -> Option<(&str, MoneyUnit)> {
    let (stem, unit) = folded.strip_suffix(')')?.rsplit_once('(')?;
    Some((stem, MoneyUnit::named(unit.trim_start_matches(UNIT))?))
}

/// What may stand before a unit: `金额单位`.
const UNIT: [char; 8] = ['金', '额', '资', '货', '币', '计', '单', '位'];

/// The unit of money that a line of a form names for the amounts below it:
/// `（单位：万元）`, alone or behind a heading.
///
/// ```
/// use formgrid_profile::{MoneyUnit, unit_line};
/// assert_eq!(unit_line("上年度资金使用情况（单位：万元）"), Some(MoneyUnit::TenThousand));
/// assert_eq!(unit_line("（2020年度）"), None);
/// ```
pub fn unit_line(line: &str) -> Option<MoneyUnit> {
    split_unit(&fold(line)?).map(|(_, unit)| unit)
}

fn fit(patterns: &[Pattern], line: &str) -> Option<Option<i64>> {
    [line, unnumbered_title(line)].iter().find_map(|line| {
        let folded = fold(line)?;
        patterns.iter().find_map(|pattern| pattern.fit(&folded)).map(|fit| fit.year)
    })
}

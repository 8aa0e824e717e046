//! One form: what stands in it and what that means.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ends::Ends;
use crate::lookup::{find_heading, find_label, find_title, header_key};
use crate::pattern::undated;
use crate::{fold, fold_word, reads_like_title};

/// One form of the country, as its TOML file describes it.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The name in records and on the command line, kebab-case.
    pub name: String,
    /// What people call the form, in Chinese.
    pub title: String,
    /// What the form is for, in English.
    pub description: String,
    /// The names of the profiles that it extends, the closest first.
    pub ancestors: Vec<String>,
    /// The fields in the order of the record.
    pub fields: Vec<FieldRule>,
    /// Tables of values: row labels by column headers.
    pub tables: Vec<TableRule>,
    /// The indicator grid.
    pub grid: GridRule,
    /// Titles without their dates. One with a `*` is in `tails`: by what stands
    /// behind it, with what stands before it.
    pub(crate) titles: FxHashSet<String>,
    pub(crate) tails: BTreeMap<String, String>,
    pub(crate) headings: FxHashSet<String>,
    pub(crate) sides: FxHashSet<String>,
    /// Folded label → index into `meanings`.
    pub(crate) labels: FxHashMap<String, usize>,
    pub(crate) meanings: Vec<Vec<Meaning>>,
    /// Per block of labels, the field that opens it.
    pub(crate) blocks: Vec<usize>,
    /// Of labels and sides.
    pub(crate) ends: Ends,
}

/// What a label means, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The block whose opening field must have been read; none if it means so
    /// everywhere.
    pub block: Option<usize>,
    /// Index into [`Profile::fields`].
    pub field: usize,
}

/// A table of values, such as the funds of a form by source and by year.
#[derive(Debug, Clone, Default)]
pub struct TableRule {
    /// Folded row label → row. A table without row labels has its values in
    /// the row below its headers.
    pub rows: FxHashMap<String, usize>,
    /// Folded header → column.
    pub columns: FxHashMap<String, usize>,
    /// Whether a table without row labels has any number of rows, each a line
    /// of its fields.
    pub is_repeated: bool,
    /// Per row and column, the index into [`Profile::fields`]; nothing in the
    /// profile of unknown forms, which cannot tell.
    pub fields: Vec<Vec<usize>>,
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
    /// Whether its code has a field of its own: [`Self::reading`].
    pub has_code: bool,
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
    /// The levels, outermost first; the last one is the indicator itself. The
    /// columns of a list's projects stand before them, as levels outside.
    pub levels: Vec<Level>,
    /// In a list of projects, what each of these columns holds; else nothing.
    pub projects: Vec<ProjectColumn>,
    /// In a list of projects, the level whose cells each begin a project.
    pub project: usize,
    /// The columns behind the levels.
    pub columns: Vec<Column>,
    /// What the grids of a form that has several are for: the whole period, the
    /// year. They stand side by side or one below the other.
    pub horizons: Vec<Horizon>,
    /// Rows of the grid that are no indicators, such as its total: folded label
    /// → index into `row_fields`.
    pub rows: FxHashMap<String, usize>,
    /// Per such row and column, the index into [`Profile::fields`], if the
    /// column has a total.
    pub row_fields: Vec<Vec<Option<usize>>>,
    /// Whether columns that it does not know are keyed by their headers.
    pub is_open: bool,
    /// Of headers, headings, level words and the labels of rows.
    pub(crate) ends: Ends,
}

/// A column of a list that says whose indicators these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectColumn {
    /// Index into [`Profile::fields`].
    pub field: usize,
    /// How its text is read.
    pub kind: Kind,
}

/// One level of the grid.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// The texts its header cell may have, folded.
    pub headers: FxHashSet<String>,
    /// The words it may hold, folded as words; empty where any text may stand.
    pub words: FxHashSet<String>,
}

/// A column behind the levels.
#[derive(Debug, Clone)]
pub struct Column {
    /// How its text would be read as a field: numbers are told from words.
    pub kind: Kind,
    /// The key in the record; `target` is the one that is read as a target.
    pub key: String,
    /// What it means, in English.
    pub en: String,
    /// What it means, in Chinese.
    pub zh: String,
    /// The texts its header cell may have, folded.
    pub headers: FxHashSet<String>,
}

/// A span of time that a grid sets targets for.
#[derive(Debug, Clone)]
pub struct Horizon {
    /// The value of `horizon` in the record, snake_case English.
    pub key: String,
    /// The headings, folded, above or beside its grid.
    pub headings: FxHashSet<String>,
}

/// A label as a profile understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Index into [`Profile::fields`]: of the first meaning, where it has
    /// several.
    pub field: usize,
    /// Index of its meanings: see [`Profile::meanings`].
    meanings: usize,
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
    /// All types, in the order of the documentation.
    pub(crate) const ALL: [Kind; 12] = [
        Kind::Text,
        Kind::Date,
        Kind::Boolean,
        Kind::Integer,
        Kind::Number,
        Kind::Percent,
        Kind::Money,
        Kind::Choice,
        Kind::Coded,
        Kind::Period,
        Kind::Title,
        Kind::Year,
    ];

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
    /// How its text is read: a name that may have a code is one with a code.
    pub fn reading(&self) -> Kind {
        if self.has_code { Kind::Coded } else { self.kind }
    }

    /// The key of the code in front of a name: `department_code`, and
    /// `project_code` for `project_name`.
    pub(crate) fn code_key(&self) -> String {
        format!("{}_code", self.key.strip_suffix("_name").unwrap_or(&self.key))
    }

    /// The fields that are filled from the same cell: their keys, types and
    /// meanings. A form may have labels of its own for them, too.
    pub fn also(&self) -> Vec<FieldRule> {
        let also = |key: String, kind: Kind, en: &str, zh: String| FieldRule {
            key,
            kind,
            labels: Vec::new(),
            has_code: false,
            en: en.to_owned(),
            zh,
        };
        match self.reading() {
            Kind::Coded => {
                let (key, zh) = (self.code_key(), format!("{}编码", self.zh));
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
    /// The field of a label, with or without a number or 其中 before it and a
    /// unit in brackets behind it.
    pub fn label(&self, text: &str) -> Option<Label> {
        if !self.ends.may_end(text) {
            return None;
        }
        let (meanings, unit) = find_label(text, |label| self.labels.get(label).copied())?;
        let field = self.meanings[meanings].first()?.field;
        Some(Label { field, meanings, unit })
    }

    /// What a label may mean: one thing everywhere, or another in each block.
    pub fn meanings(&self, label: Label) -> &[Meaning] {
        &self.meanings[label.meanings]
    }

    /// The blocks of labels that a field opens.
    pub fn opened_by(&self, field: usize) -> impl Iterator<Item = usize> {
        self.blocks.iter().enumerate().filter(move |(_, opener)| **opener == field).map(|(block, _)| block)
    }

    /// Whether a text stands beside labels or rows and says what they are, as
    /// 项目资金（万元） or 绩效指标 do; `Some` with the unit of money that it names.
    pub fn side(&self, text: &str) -> Option<Option<MoneyUnit>> {
        if !self.ends.may_end(text) {
            return None;
        }
        find_label(text, |label| self.sides.contains(label).then_some(())).map(|((), unit)| unit)
    }

    /// Whether a line is a title of this form, or reads like one where the form
    /// is unknown; if so, the year that it names, if any.
    pub fn title(&self, line: &str) -> Option<Option<i64>> {
        if self.grid.is_open && reads_like_title(line) {
            return Some(undated(&fold(line)?).1);
        }
        let whole = |title: &str| self.titles.contains(title).then_some(());
        let split = |head: &str, tail: &str| {
            self.tails.get(tail).filter(|start| head.starts_with(start.as_str())).map(|_| ())
        };
        find_title(line, whole, split).map(|((), year)| year)
    }

    /// Whether a line is a heading of this form, with or without a unit of
    /// money in brackets behind it; if so, the year that it names, if any.
    pub fn heading(&self, line: &str) -> Option<Option<i64>> {
        find_heading(line, |heading| self.headings.contains(heading))
    }

    /// How many words it knows that a form of it should have: labels, and rows
    /// and columns of tables.
    pub fn expected(&self) -> usize {
        let tables = self.tables.iter().map(|table| table.fields.len() + table.columns.len());
        self.meanings.len().min(self.fields.len()) + tables.sum::<usize>()
    }
}

impl TableRule {
    /// The row of a label, and the unit that it names.
    pub fn row(&self, text: &str) -> Option<(usize, Option<MoneyUnit>)> {
        find_label(text, |label| self.rows.get(label).copied())
    }

    /// The column of a header, and the unit that it names.
    pub fn column(&self, text: &str) -> Option<(usize, Option<MoneyUnit>)> {
        find_label(text, |label| self.columns.get(label).copied())
    }
}

impl GridRule {
    /// What a header cell heads: `Ok` a level, `Err` a column, by index.
    pub fn header(&self, text: &str) -> Option<Result<usize, usize>> {
        if !self.ends.may_end(text) {
            return None;
        }
        let folded = header_key(text)?;
        if let Some(level) = self.levels.iter().position(|level| level.headers.contains(&folded)) {
            return Some(Ok(level));
        }
        self.columns.iter().position(|column| column.headers.contains(&folded)).map(Err)
    }

    /// The key of the horizon that a heading of a grid names.
    pub fn horizon(&self, text: &str) -> Option<&str> {
        if !self.ends.may_end(text) {
            return None;
        }
        let folded = header_key(text)?;
        let horizon = self.horizons.iter().find(|horizon| horizon.headings.contains(&folded))?;
        Some(&horizon.key)
    }

    /// Whether a header heads the column in which each cell begins a project of
    /// a list.
    pub fn heads_projects(&self, text: &str) -> bool {
        !self.projects.is_empty() && self.header(text) == Some(Ok(self.project))
    }

    /// Whether a level is a column that a project of a list has besides the one
    /// that begins it: the project's budget, its goals.
    pub fn is_beside_project(&self, level: usize) -> bool {
        level > self.project && level < self.projects.len()
    }

    /// How many levels an indicator has.
    pub fn depth(&self) -> usize {
        self.levels.len() - self.projects.len()
    }

    /// The keys of an indicator besides its levels and its target, in the order
    /// of the record.
    pub fn further(&self) -> impl Iterator<Item = &str> {
        let horizon = (!self.horizons.is_empty()).then_some(HORIZON);
        let columns = self.columns.iter().map(|column| &*column.key).filter(|key| *key != "target");
        horizon.into_iter().chain(columns)
    }

    /// The row of this label that is no indicator, such as the grid's total.
    pub fn row(&self, text: &str) -> Option<usize> {
        if !self.ends.may_end(text) {
            return None;
        }
        find_label(text, |label| self.rows.get(label).copied()).map(|(row, _)| row)
    }

    /// The levels, by index, whose vocabulary holds this word.
    pub fn levels_of(&self, text: &str) -> impl Iterator<Item = usize> {
        let word = if self.ends.may_end(text) { fold_word(text) } else { None };
        self.levels
            .iter()
            .enumerate()
            .filter(move |(_, level)| word.as_ref().is_some_and(|word| level.words.contains(word)))
            .map(|(index, _)| index)
    }
}

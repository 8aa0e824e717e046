//! The forms of the bench: how many levels and columns, and their profiles.

use std::fmt::Write;

use super::words::{EVALUATION, NATIONAL, SHANGHAI, Word};

/// A kind of form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// How many levels, the indicator included.
    pub(crate) levels: usize,
    /// How many columns behind them.
    pub(crate) columns: usize,
    /// Whether it is the form of the built-in profile.
    pub(crate) is_builtin: bool,
}

/// The form of the built-in profile.
pub(crate) const BUILTIN: Shape = Shape { levels: 3, columns: 1, is_builtin: true };

/// Header and key of the columns that follow the levels, by their number. The
/// target is not always the first.
const COLUMNS: [&[(&str, &str)]; 5] = [
    &[("年度指标值", "target")],
    &[("指标值", "target"), ("备注", "remark")],
    &[("参考分值", "weight"), ("年度指标值", "target"), ("全年实际值", "actual")],
    &[("年度指标值", "target"), ("实际完成值", "actual"), ("分值", "weight"), ("得分", "score")],
    &[
        ("年度指标值", "target"),
        ("实际完成值", "actual"),
        ("分值", "weight"),
        ("得分", "score"),
        ("偏差原因分析及改进措施", "deviation"),
    ],
];

impl Shape {
    /// All kinds but the built-in one: 2 to 4 levels, 1 to 5 columns.
    pub(crate) fn generated() -> impl Iterator<Item = Shape> {
        (2..=4).flat_map(|levels| (1..=5).map(move |columns| Shape { levels, columns, is_builtin: false }))
    }

    /// The width at which rows are cut.
    pub(crate) fn width(&self) -> usize {
        self.levels + self.columns
    }

    /// The profile's name.
    pub(crate) fn name(&self) -> String {
        match self.is_builtin {
            true => "shanghai-project-target".to_owned(),
            false => format!("bench-{}-{}", self.levels, self.columns),
        }
    }

    /// The title above the form.
    pub(crate) fn title(&self) -> String {
        let Shape { levels, columns, is_builtin } = self;
        match is_builtin {
            true => "财政项目支出绩效目标表".to_owned(),
            false => format!("试验表{levels}级{columns}栏"),
        }
    }

    /// The words of the outer levels.
    pub(crate) fn words(&self) -> &'static [Word] {
        match self.levels {
            4 => EVALUATION,
            _ if self.is_builtin => SHANGHAI,
            _ => NATIONAL,
        }
    }

    /// The header, a cell a column.
    pub(crate) fn header(&self) -> Vec<String> {
        if self.is_builtin {
            return ["一级目标", "二级目标", "三级目标", "指标目标值"].map(str::to_owned).to_vec();
        }
        let levels = ["一级指标", "二级指标", "三级指标", "四级指标"];
        let columns = COLUMNS[self.columns - 1].iter().map(|(header, _)| *header);
        levels[..self.levels].iter().copied().chain(columns).map(str::to_owned).collect()
    }

    /// The keys of the columns behind the levels.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        COLUMNS[self.columns - 1].iter().map(|(_, key)| *key)
    }

    /// Whether the profile has a word at this level.
    pub(crate) fn has_word(&self, level: usize, text: &str) -> bool {
        let mut words: Vec<&Word> = self.words().iter().collect();
        for _ in 0..level {
            words = words.iter().flat_map(|word| word.below).collect();
        }
        level + 1 < self.levels && words.iter().any(|word| word.text == text)
    }

    /// The profile as TOML.
    pub(crate) fn profile(&self) -> String {
        let mut out = format!(
            "name = \"{}\"\ntitle = \"{}\"\ndescription = \"A form of the accuracy bench\"\ntitles = [\"{}\"]\n\
             \n[fields]\nproject_name = [\"项目名称\"]\n",
            self.name(),
            self.title(),
            self.title()
        );
        let header = self.header();
        let mut words: Vec<&Word> = self.words().iter().collect();
        for (level, name) in header[..self.levels].iter().enumerate() {
            _ = write!(out, "\n[[grid.level]]\nheaders = [\"{name}\"]\n");
            if level + 1 < self.levels {
                let texts: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.text)).collect();
                _ = writeln!(out, "words = [{}]", texts.join(", "));
                words = words.iter().flat_map(|word| word.below).collect();
            }
        }
        out.push_str("\n[grid.columns]\n");
        for (name, key) in header[self.levels..].iter().zip(self.keys()) {
            _ = writeln!(out, "{key} = [\"{name}\"]");
        }
        out
    }
}

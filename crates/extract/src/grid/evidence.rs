//! What the texts of a grid say about their cells, each by itself and all
//! together.

use std::collections::HashMap;

use formgrid_model::{Cell, Row};
use formgrid_profile::{GridRule, Kind, fold_word, is_praise};

use super::columns::{Columns, Role};
use super::cost::{
    BLANK_VALUE, BLANK_VALUE_AMONG_BLANKS, BLANK_VALUE_AMONG_FILLED, DIGIT_IN_NAME, LENGTH, MEASURE_IN_LEVEL,
    MEASURE_IN_VALUE, NAME_AMONG_NUMBERS, NAME_AMONG_VALUES, NAME_IN_VALUE, NUMBER_IN_NAME, ODD_BESIDE,
    ODD_COLUMN, PRAISE_IN_NAME, SUM_IN_NAME, SUMS, TEXT_OF_OTHER_COLUMN, UNUSUAL_COLUMN, WORD_IN_LEAF,
    WORD_OF_OTHER_LEVEL, WORD_UNKNOWN, WORD_UNKNOWN_AMONG_KNOWN,
};
use crate::target::looks_like_target;
use crate::value::parse_value;

/// What the words of a cell say about it, worked out once a cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// Per level: the cost of reading the cell as a word of it. The last one is
    /// the indicator.
    pub(crate) level: Vec<u32>,
    /// The cost of reading the cell as a value.
    pub(crate) value: u32,
    /// Whether it reads like a number.
    is_number: bool,
    /// The folded word, if it is a level word of the form.
    pub(crate) word: Option<String>,
    /// Per level above the indicator: whether the cell would be a name that the
    /// form does not know, where most of its names are known.
    pub(crate) is_lone_name: Vec<bool>,
    /// Whether the cell would be an odd name to begin a group with: one that ends
    /// as indicators do.
    pub(crate) is_measure: bool,
    /// Whether it has a digit, as many targets have.
    pub(crate) has_digit: bool,
    /// Whether the cell would be an odd value: one that does not read like a
    /// target.
    pub(crate) is_odd_value: bool,
}

/// What the words of a whole grid say about each of them.
#[derive(Debug)]
pub(crate) struct Expected {
    /// Per level how many cells are a word of it.
    words: Vec<usize>,
    /// Per level whether its words may be any: the form's vocabulary says
    /// nothing of them.
    is_open: Vec<bool>,
    /// Per level how many other texts stand in its column.
    names: Vec<usize>,
    /// What a value costs that reads like none: the more, the more rows have a
    /// cell that does.
    name_in_value: u32,
}

impl Expected {
    /// Looks at all filled cells of the rows.
    pub(crate) fn of(rows: &[&Row<'_>], columns: &Columns, rule: &GridRule) -> Expected {
        let texts = || rows.iter().flat_map(|row| row.filled()).map(|cell| &*cell.text);
        let filled = rows.iter().filter(|row| row.filled().next().is_some()).count();
        let numbers = texts().filter(|text| reads_like_value(text)).count();
        let name_in_value = match numbers * 10 {
            tenths if tenths >= filled * 9 => NAME_AMONG_NUMBERS,
            tenths if tenths >= filled * 7 => NAME_AMONG_VALUES,
            _ => NAME_IN_VALUE,
        };
        let mut words = vec![0; rule.levels.len()];
        for level in texts().flat_map(|text| rule.levels_of(text)) {
            words[level] += 1;
        }
        // Where no cell is a word of any level, it says nothing about this grid.
        let is_unknown = words.iter().all(|&count| count == 0);
        let is_open = rule.levels.iter().map(|level| is_unknown || level.words.is_empty()).collect();
        let mut names = vec![0; rule.levels.len()];
        for group in &columns.groups {
            let level = columns.levels[group.level];
            let cells = rows.iter().flat_map(|row| row.filled());
            let others = cells.filter(|cell| {
                cell.column == columns.homes[group.role] && rule.levels_of(&cell.text).next().is_none()
            });
            names[level] += others.count();
        }
        Expected { words, is_open, names, name_in_value }
    }

    /// The same for cells whose rows are not known: a row has between two and
    /// four of them, if it has no further columns. Without a column to tell a
    /// level by, a level of which no word is known may have any.
    pub(crate) fn of_stream(cells: &[&Cell<'_>], rule: &GridRule) -> Expected {
        let values = cells.iter().filter(|cell| reads_like_value(&cell.text)).count();
        let name_in_value = if values * 4 >= cells.len() { NAME_AMONG_VALUES } else { NAME_IN_VALUE };
        let mut words = vec![0; rule.levels.len()];
        for level in cells.iter().flat_map(|cell| rule.levels_of(&cell.text)) {
            words[level] += 1;
        }
        let is_open = words.iter().map(|&count| count == 0).collect();
        Expected { names: vec![0; words.len()], words, is_open, name_in_value }
    }
}

/// How often a text begins to stand in a column.
#[derive(Debug)]
pub(crate) struct Places<'g>(HashMap<(&'g str, u32), usize>);

impl<'g> Places<'g> {
    /// Counts the texts of rows whose slots are in their columns.
    pub(crate) fn of(rows: &[&'g Row<'_>], columns: &Columns) -> Places<'g> {
        let mut places: HashMap<(&'g str, u32), usize> = HashMap::new();
        let mut above: HashMap<u32, &'g str> = HashMap::new();
        for cell in rows.iter().flat_map(|row| row.filled()) {
            // A level that is repeated from above stands there once.
            let is_level = cell.column < columns.leaf();
            if above.insert(cell.column, &cell.text) != Some(&cell.text) || !is_level {
                *places.entry((&cell.text, cell.column)).or_default() += 1;
            }
        }
        Places(places)
    }

    /// Adds to the evidence of a cell what the places of its text say: texts
    /// are alike in a column more often than across columns.
    pub(crate) fn tell(&self, cell: &Cell<'_>, columns: &Columns, evidence: &mut Evidence) {
        if evidence.word.is_some() {
            return;
        }
        let is_home = |role: usize| {
            let home = columns.homes[role];
            self.0.get(&(&*cell.text, home)).is_some_and(|&count| count > usize::from(home == cell.column))
        };
        let is_level = |level: usize| match level == columns.outer() {
            true => columns.sides.iter().any(|side| is_home(side.indicator)),
            false => columns.groups.iter().any(|group| group.level == level && is_home(group.role)),
        };
        let is_value = columns.sides.iter().any(|side| side.value.is_some_and(is_home));
        let levels: Vec<bool> = (0..columns.levels.len()).map(is_level).collect();
        if !is_value && !levels.contains(&true) {
            return;
        }
        for (cost, is_level) in evidence.level.iter_mut().zip(levels) {
            *cost += if is_level { 0 } else { TEXT_OF_OTHER_COLUMN };
        }
        evidence.value = if is_value { 0 } else { evidence.value + TEXT_OF_OTHER_COLUMN };
    }
}

/// Where the cells of a column are found in rows that may be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// In the column of its header: rows of slots.
    Home,
    /// So many cells from the right: source rows.
    Right,
    /// The last column at the row's last filled cell: rows without their
    /// covered slots.
    Last,
}

/// What cells are like in a column behind the levels: the cost of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) blank: u32,
    number: u32,
    text: u32,
}

impl Shape {
    /// The cost of a cell in this column.
    pub(crate) fn cost(&self, evidence: Option<&Evidence>) -> u32 {
        match evidence {
            None => self.blank,
            Some(evidence) if evidence.is_number => self.number,
            Some(_) => self.text,
        }
    }
}

/// The shapes of the columns of a grid, by role. Most rows are sound, so that
/// damaged ones do not hide what a column is like.
pub(crate) fn shapes(rows: &[&Row<'_>], columns: &Columns, align: Align) -> Vec<Shape> {
    let last = columns.roles.len() - 1;
    let rows = || rows.iter().filter(|row| row.filled().next().is_some());
    let shape = |role: usize| {
        let cells = rows().map(|row| match align {
            Align::Home => row.cells.iter().find(|cell| cell.column == columns.homes[role]),
            Align::Right => row.cells.iter().rev().nth(last - role),
            // A row that ends in a name has no value behind it.
            Align::Last => {
                row.filled().last().filter(|cell| is_number(cell) || is_praise_or_nothing(&cell.text))
            }
        });
        match align == Align::Last && role < last {
            true => Shape::of(columns, role, std::iter::empty()),
            false => Shape::of(columns, role, cells),
        }
    };
    (0..=last).map(shape).collect()
}

impl Shape {
    /// The same for a column of values if few of them are blank.
    pub(crate) fn if_filled(self, role: Role) -> Shape {
        match role {
            Role::Value(_) => Shape { blank: BLANK_VALUE_AMONG_FILLED, ..self },
            _ => self,
        }
    }

    /// The shape of the column of these cells.
    pub(crate) fn of<'c, 't: 'c>(
        columns: &Columns,
        role: usize,
        cells: impl Iterator<Item = Option<&'c Cell<'t>>>,
    ) -> Shape {
        let (mut blank, mut number, mut text) = (0, 0, 0);
        for cell in cells {
            *match cell.filter(|cell| !cell.is_blank()) {
                None => &mut blank,
                Some(cell) if is_number(cell) => &mut number,
                Some(_) => &mut text,
            } += 1;
        }
        let count = blank + number + text;
        let is_known = count >= 5;
        let cost = |of: usize| match of {
            _ if !is_known => 0,
            of if of * 10 < count => ODD_COLUMN,
            of if of * 4 < count => UNUSUAL_COLUMN,
            _ => 0,
        };
        let blank = match columns.roles[role] {
            Role::Value(_) if is_known && blank * 10 <= count => BLANK_VALUE_AMONG_FILLED,
            Role::Value(_) if is_known && blank * 3 > count => BLANK_VALUE_AMONG_BLANKS,
            Role::Value(_) => BLANK_VALUE,
            _ => cost(blank),
        };
        let text = if columns.is_number[role] { ODD_COLUMN } else { cost(text) };
        Shape { blank, number: cost(number), text }
    }
}

fn is_number(cell: &Cell<'_>) -> bool {
    looks_like_target(&cell.text) || begins_with_number(&cell.text)
}

/// Whether a text is a number, a percentage, a word of praise or a dash, as
/// targets are.
pub(crate) fn reads_like_value(text: &str) -> bool {
    looks_like_target(text) || is_praise_or_nothing(text)
}

fn is_praise_or_nothing(text: &str) -> bool {
    is_praise(text) || NOTHING.contains(&text)
}

fn begins_with_number(text: &str) -> bool {
    text.starts_with(|c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || "=＝<>＜＞≤≥≦≧".contains(c)
    })
}

/// Weighs a filled cell.
pub(crate) fn weigh(cell: &Cell<'_>, columns: &Columns, rule: &GridRule, expected: &Expected) -> Evidence {
    let text = &*cell.text;
    let known: Vec<usize> = rule.levels_of(text).collect();
    let is_number = looks_like_target(text);
    let is_digit = !is_number && begins_with_number(text);
    let is_praise = is_praise_or_nothing(text);
    let is_demand = DEMANDS.iter().any(|demand| text.starts_with(demand));
    let is_measure = MEASURES.iter().any(|end| text.ends_with(end)) && known.is_empty();
    let length = (text.chars().count().saturating_sub(12) as u32 / 4 * LENGTH).min(20);
    let pay = |holds: bool, cost: u32| if holds { cost } else { 0 };
    let name = pay(is_number, NUMBER_IN_NAME)
        + pay(is_praise, PRAISE_IN_NAME)
        + pay(is_digit, DIGIT_IN_NAME)
        + pay(SUMS.contains(&text), SUM_IN_NAME);

    let cost = |(at, &level): (usize, &usize)| {
        if at == columns.outer() {
            return name;
        }
        if let Some(column) = rule.projects.get(level) {
            // An amount or a text; the words of levels are neither.
            let is_amount = parse_value(text, Kind::Money, None).is_some();
            let is_odd = is_amount != (column.kind == Kind::Money);
            return pay(is_odd, ODD_BESIDE) + pay(!known.is_empty(), WORD_OF_OTHER_LEVEL);
        }
        let unknown = if expected.words[level] < 3 { WORD_UNKNOWN } else { WORD_UNKNOWN_AMONG_KNOWN };
        let word = match known.contains(&level) {
            true => 0,
            false if !known.is_empty() => WORD_OF_OTHER_LEVEL,
            false => pay(!expected.is_open[level], unknown) + pay(is_measure, MEASURE_IN_LEVEL),
        };
        name + word + length
    };
    let value = if is_number || is_praise || is_digit && !is_measure {
        0
    } else {
        let name = if is_demand { NAME_IN_VALUE } else { expected.name_in_value };
        name + pay(is_measure && !is_demand, MEASURE_IN_VALUE) + pay(!known.is_empty(), WORD_IN_LEAF) + length
    };
    let word = fold_word(text).filter(|_| !known.is_empty());
    let is_lone_name = |level: &usize| {
        let (words, names) = (expected.words[*level], expected.names[*level]);
        known.is_empty() && words > 0 && names <= words
    };
    let is_lone_name = columns.levels.iter().map(is_lone_name).collect();
    let is_odd_value = !is_number && !is_praise && !is_digit;
    Evidence {
        level: columns.levels.iter().enumerate().map(cost).collect(),
        value,
        is_lone_name,
        is_number: is_number || is_digit,
        is_measure,
        has_digit: text.contains(|c: char| c.is_ascii_digit()),
        word,
        is_odd_value,
    }
}

impl Evidence {
    /// Whether the cell would be an odd word of this level: one that the form
    /// knows as a word of others only.
    pub(crate) fn is_odd_word(&self, level: usize) -> bool {
        self.word.is_some() && self.level.get(level).is_some_and(|&cost| cost >= WORD_OF_OTHER_LEVEL)
    }

    /// The cost of reading the cell as an indicator below a group of this name.
    pub(crate) fn as_indicator(&self, parent: Option<&Evidence>) -> u32 {
        let name = self.level.last().copied().unwrap_or(0);
        let parent = parent.and_then(|parent| parent.word.as_ref());
        let is_odd = self.word.is_some() && self.word.as_ref() != parent;
        name + if is_odd { WORD_IN_LEAF } else { 0 }
    }
}

/// What stands where there is no target: no name is written so.
const NOTHING: [&str; 9] = ["—", "——", "-", "--", "－", "/", "／", "无", "N/A"];

/// The last characters of what is measured.
const MEASURES: [&str; 12] =
    ["率", "性", "度", "数", "次数", "数量", "面积", "人数", "情况", "程度", "覆盖面", "场次"];

/// What begins a target that ends like what is measured: `高于全国平均数`.
const DEMANDS: [&str; 16] = [
    "高于", "低于", "优于", "不", "达到", "超过", "符合", "按", "提高", "提升", "增加", "减少", "降低",
    "控制", "保持", "扩大",
];

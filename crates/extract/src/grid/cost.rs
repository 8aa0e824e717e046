//! What a reading costs: the one table of the decoder, and the evidence of words.
//!
//! Costs are whole numbers; ten are worth about one order of magnitude of
//! odds. Only their differences matter.

use formgrid_model::Row;
use formgrid_profile::{GridRule, fold_word};

use super::Grid;
use super::columns::Columns;
use crate::target::looks_like_target;

/// A level cell covers more or fewer rows than its group has. Exports have few
/// such cells, so every one that a reading needs speaks against it.
pub(crate) const WRONG_SPAN: u32 = 32;

/// Each row by which a span is wrong: off by one is how it mostly happens.
pub(crate) const WRONG_SPAN_ROW: u32 = 4;

/// A level cell that is blank. Levels have names; a blank one is a merge that
/// a page break cut, or no level at all.
pub(crate) const BLANK_LEVEL: u32 = 70;

/// An indicator without a text: a template row, at best.
pub(crate) const BLANK_INDICATOR: u32 = 50;

/// A blank value. They are not rare, but most values are filled in.
pub(crate) const BLANK_VALUE: u32 = 14;

/// A filled value without an indicator: next to impossible, so that it costs
/// more than a blank indicator alone.
pub(crate) const VALUE_WITHOUT_INDICATOR: u32 = 40;

/// A blank cell of a source row for a level that has a group above it: a merge
/// that a page break cut in two.
pub(crate) const CONTINUED_LEVEL: u32 = 14;

/// A row that is none of the grid: a note, a signature, a total.
const STRAY_ROW: u32 = 110;

/// The same for a row that begins with a level word, or has as many cells as a
/// source row must have.
const STRAY_ROW_OF_WORDS: u32 = 240;

/// The same for a row that says so itself: `备注：`, `合计`.
const STRAY_NOTE: u32 = 36;

/// A cell that fell off the edge: the consequence of a wrong span that was paid
/// for already.
pub(crate) const LOST_CELL: u32 = 4;

/// A cell that the source row should have and has not.
pub(crate) const MISSING_CELL: u32 = 20;

/// A cell that the source row should not have and has.
pub(crate) const EXTRA_CELL: u32 = 60;

/// A row whose outer level has no cell above it: the grid's first rows are gone.
pub(crate) const NO_GROUP: u32 = 60;

/// A new group, per level from the inside out: they are rarer than rows.
pub(crate) const NEW_GROUP: u32 = 2;

/// The same word twice in a row at one level: printed again at a page break.
pub(crate) const REPEATED_WORD: u32 = 10;

/// A level word that only other levels have in this form.
const WORD_OF_OTHER_LEVEL: u32 = 36;

/// A level word that the form's vocabulary does not have, in a grid whose other
/// words it does have. In a grid of which it has no word at all, it says
/// nothing.
const WORD_UNKNOWN: u32 = 20;

/// An indicator or value that is a level word of this form, unless it repeats
/// the level above it: 满意度 under 满意度 is common.
pub(crate) const WORD_IN_LEAF: u32 = 60;

/// A level or an indicator that reads like a number with a unit: `=100%`.
const NUMBER_IN_NAME: u32 = 30;

/// A level or an indicator that is a word of praise, such as targets are: `健全`.
const PRAISE_IN_NAME: u32 = 16;

/// A value that reads like neither. Qualitative targets are common.
const NAME_IN_VALUE: u32 = 4;

/// The same in a grid whose values mostly read like targets.
const NAME_AMONG_VALUES: u32 = 10;

/// A level word that ends as indicators do: `完成率`, `规范性`.
const MEASURE_IN_LEVEL: u32 = 16;

/// A value that ends so.
const MEASURE_IN_VALUE: u32 = 20;

/// A cell that begins with a word of notes.
const NOTE_IN_GRID: u32 = 60;

/// A cell that reads `标签：内容`: some indicators and values do.
const LABEL_IN_GRID: u32 = 24;

/// A row that is blank altogether and stands for nothing.
pub(crate) const BLANK_ROW: u32 = 20;

/// A long value or level word, per four characters past the first dozen.
const LENGTH: u32 = 2;

/// Qualitative targets, as forms are filled in with them.
const PRAISE: [&str; 34] = [
    "健全",
    "合规",
    "规范",
    "有效",
    "建立",
    "提高",
    "提升",
    "明显",
    "及时",
    "完成",
    "良好",
    "保持稳定",
    "合理",
    "完善",
    "可控",
    "降低",
    "减少",
    "增加",
    "长远",
    "明确",
    "效果明显",
    "高",
    "较高",
    "好",
    "较好",
    "是",
    "否",
    "达标",
    "合格",
    "优",
    "稳定",
    "满意",
    "增强",
    "改善",
];

/// The last characters of what is measured.
const MEASURES: [&str; 12] =
    ["率", "性", "度", "数", "次数", "数量", "面积", "人数", "情况", "程度", "覆盖面", "场次"];

/// The longest label of a note, in characters.
const LONGEST_NOTE: usize = 15;

/// What begins a row that is no indicator.
const NOTES: [&str; 16] = [
    "备注",
    "注",
    "说明",
    "填表说明",
    "合计",
    "总计",
    "小计",
    "总分",
    "得分合计",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人",
    "联系人",
    "联系电话",
];

/// What the words of a cell say about it, worked out once a cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// Per level: the cost of reading the cell as a word of it. The last one is
    /// the indicator.
    pub(crate) level: Vec<u32>,
    /// The cost of reading the cell as a value.
    pub(crate) value: u32,
    /// The folded word, if it is a level word of the form.
    pub(crate) word: Option<String>,
    /// Whether the cell would be an odd value: one that does not read like a
    /// target, in a grid whose values mostly do.
    pub(crate) is_odd_value: bool,
}

/// What the words of a whole grid say about each of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// Whether any cell is a word of a level above the indicator: then the
    /// form's vocabulary says something about this grid.
    is_informed: bool,
    /// Whether most rows have a cell that reads like a target.
    has_values: bool,
}

impl Expected {
    /// Looks at all filled cells of the rows.
    pub(crate) fn of(rows: &[&Row<'_>], rule: &GridRule) -> Expected {
        let texts = || rows.iter().flat_map(|row| row.filled()).map(|cell| &*cell.text);
        let filled = rows.iter().filter(|row| row.filled().next().is_some()).count();
        let values = texts().filter(|text| looks_like_target(text) || PRAISE.contains(text)).count();
        Expected {
            is_informed: texts().any(|text| rule.levels_of(text).next().is_some()),
            has_values: values * 10 >= filled * 7,
        }
    }

    /// The same for cells whose rows are not known: a row has between two and
    /// four of them, if it has no further columns.
    pub(crate) fn of_stream<'t>(texts: impl Iterator<Item = &'t str> + Clone, rule: &GridRule) -> Expected {
        let values = texts.clone().filter(|text| looks_like_target(text) || PRAISE.contains(text)).count();
        Expected {
            is_informed: texts.clone().any(|text| rule.levels_of(text).next().is_some()),
            has_values: values * 4 >= texts.count(),
        }
    }
}

/// The cost of taking a row for none of the grid.
pub(crate) fn stray(grid: &Grid<'_, '_>, row: usize, spanned: bool) -> u32 {
    let count = grid.own(row).count();
    let is_whole = spanned && (0..=grid.columns.leaf()).any(|start| grid.columns.own(start).count() == count);
    if grid.begins_with_word(row) {
        STRAY_ROW_OF_WORDS
    } else if is_note(grid.rows[row], grid.columns) {
        STRAY_NOTE
    } else if is_whole {
        STRAY_ROW_OF_WORDS
    } else {
        STRAY_ROW
    }
}

/// Whether a row says itself that it is none of the grid.
pub(crate) fn is_note(row: &Row<'_>, columns: &Columns) -> bool {
    let mut filled = row.filled().filter(|cell| cell.column >= columns.first());
    let Some(first) = filled.next() else { return false };
    let second = filled.next();
    let is_alone = second.is_none();
    let leaf = columns.level(columns.leaf()).map_or(0, |role| columns.homes[role]);
    let is_across = first.colspan > 1 && first.column + first.colspan > leaf;
    let text = &*first.text;
    // A label has its value in the same cell or next to it.
    let is_beside = second.is_some_and(|second| second.column == first.column + first.colspan);
    let is_colon = text.contains([':', '：'])
        && !text.starts_with("指标")
        && (!text.ends_with([':', '：']) || is_beside);
    let is_note = NOTES.iter().any(|note| text == *note || is_alone && text.starts_with(note));
    let is_left = first.column == columns.first();
    is_left && (is_note || is_across || is_alone || is_colon)
}

/// The cost of reading a text that stands alone as a cell of the grid, if it
/// says itself that it is none: it begins with a word of notes, or with a label.
pub(crate) fn note_text(text: &str) -> Option<u32> {
    let ends_word = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    if NOTES.iter().any(|note| text.strip_prefix(note).is_some_and(ends_word)) {
        return Some(NOTE_IN_GRID);
    }
    let (label, _) = text.split_once([':', '：'])?;
    let is_label = label.chars().count() <= LONGEST_NOTE
        && !label.contains(|c: char| "，。；,;0123456789".contains(c))
        && !label.starts_with("指标");
    is_label.then_some(LABEL_IN_GRID)
}

/// Weighs a filled cell.
pub(crate) fn weigh(text: &str, columns: &Columns, rule: &GridRule, expected: Expected) -> Evidence {
    let known: Vec<usize> = rule.levels_of(text).collect();
    let is_number = looks_like_target(text);
    let is_praise = PRAISE.contains(&text);
    let is_measure = MEASURES.iter().any(|end| text.ends_with(end)) && known.is_empty();
    let length = (text.chars().count().saturating_sub(12) as u32 / 4 * LENGTH).min(20);
    let pay = |holds: bool, cost: u32| if holds { cost } else { 0 };
    let name = pay(is_number, NUMBER_IN_NAME) + pay(is_praise, PRAISE_IN_NAME);

    let cost = |&level: &usize| {
        if Some(&level) == columns.levels.last() {
            return name;
        }
        let is_open = rule.levels[level].words.is_empty() || !expected.is_informed;
        let word = match known.contains(&level) {
            true => 0,
            false if !known.is_empty() => WORD_OF_OTHER_LEVEL,
            false => pay(!is_open, WORD_UNKNOWN) + pay(is_measure, MEASURE_IN_LEVEL),
        };
        name + word + length
    };
    let value = if is_number || is_praise {
        0
    } else {
        let name = if expected.has_values { NAME_AMONG_VALUES } else { NAME_IN_VALUE };
        name + pay(is_measure, MEASURE_IN_VALUE) + pay(!known.is_empty(), WORD_IN_LEAF) + length
    };
    let word = fold_word(text).filter(|_| !known.is_empty());
    let is_odd_value = expected.has_values && !is_number && !is_praise;
    Evidence { level: columns.levels.iter().map(cost).collect(), value, word, is_odd_value }
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

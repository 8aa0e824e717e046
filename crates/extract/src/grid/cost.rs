//! What a reading costs: the one table of the decoder, and the evidence of words.
//!
//! Costs are whole numbers; ten are worth about one order of magnitude of
//! odds. Only their differences matter.

use formgrid_profile::GridRule;

use super::columns::Columns;
use crate::target::looks_like_target;

/// A level cell covers more or fewer rows than its group has. Exports have few
/// such cells, so every one that a reading needs speaks against it.
pub(crate) const WRONG_SPAN: u32 = 40;

/// Each row by which a span is wrong: off by one is how it mostly happens.
pub(crate) const WRONG_SPAN_ROW: u32 = 4;

/// A level cell that is blank. Levels have names; a blank one is a merge that
/// a page break cut, or no level at all.
pub(crate) const BLANK_LEVEL: u32 = 70;

/// An indicator without a text: a template row, at best.
pub(crate) const BLANK_INDICATOR: u32 = 50;

/// A blank value. They are common.
pub(crate) const BLANK_VALUE: u32 = 6;

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

/// A level word that only other levels have in this form.
const WORD_OF_OTHER_LEVEL: u32 = 30;

/// A level word that the form's vocabulary does not have.
const WORD_UNKNOWN: u32 = 12;

/// An indicator or value that is a level word of this form.
const WORD_IN_LEAF: u32 = 24;

/// A level or an indicator that reads like a target: `=100%`.
const VALUE_IN_NAME: u32 = 24;

/// A value that does not read like one. Qualitative targets are common.
const NAME_IN_VALUE: u32 = 4;

/// A long value or level word, per four characters past the first dozen.
const LENGTH: u32 = 2;

/// The same word twice in a row at one level: printed again at a page break.
pub(crate) const REPEATED_WORD: u32 = 10;

/// What the words of a cell say about it, worked out once a cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// Per level: the cost of reading the cell as a word of it. The last one is
    /// the indicator.
    pub(crate) level: Vec<u32>,
    /// The cost of reading the cell as a value.
    pub(crate) value: u32,
}

/// Weighs a filled cell.
pub(crate) fn weigh(text: &str, columns: &Columns, rule: &GridRule) -> Evidence {
    let known: Vec<usize> = rule.levels_of(text).collect();
    let is_value = looks_like_target(text);
    let length = (text.chars().count().saturating_sub(12) as u32 / 4 * LENGTH).min(20);
    let name = if is_value { VALUE_IN_NAME } else { 0 };
    let level = columns
        .levels
        .iter()
        .map(|&level| {
            if Some(&level) == columns.levels.last() {
                return name + if known.is_empty() { 0 } else { WORD_IN_LEAF };
            }
            let word = if known.contains(&level) || rule.levels[level].words.is_empty() {
                0
            } else if known.is_empty() {
                WORD_UNKNOWN
            } else {
                WORD_OF_OTHER_LEVEL
            };
            name + word + length
        })
        .collect();
    let value = match (is_value, known.is_empty()) {
        (true, _) => 0,
        (false, true) => NAME_IN_VALUE + length,
        (false, false) => WORD_IN_LEAF,
    };
    Evidence { level, value }
}

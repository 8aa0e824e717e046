//! What a reading costs: the one table of the decoder.
//!
//! Costs are whole numbers; ten are worth about one order of magnitude of
//! odds. Only their differences matter.

use formgrid_model::Row;

use super::columns::{Columns, Group, SIDES};
use super::{CellId, Grid};

/// A level cell covers more or fewer rows than its group has. Exports have few
/// such cells, so every one that a reading needs speaks against it.
pub(crate) const WRONG_SPAN: u32 = 32;

/// Each row by which a span is wrong: off by one is how it mostly happens.
pub(crate) const WRONG_SPAN_ROW: u32 = 4;

/// A level cell that is blank. Levels have names; a blank one is a merge that
/// a page break cut, or no level at all.
pub(crate) const BLANK_LEVEL: u32 = 70;

/// A blank column of a project in a list, such as its goals: not all are filled
/// in.
const BLANK_BESIDE: u32 = 10;

/// An amount of a project that reads like none, or a text of it that does.
pub(crate) const ODD_BESIDE: u32 = 36;

/// An indicator without a text: a template row, at best.
pub(crate) const BLANK_INDICATOR: u32 = 50;

/// A blank value. They are not rare, but most values are filled in.
pub(crate) const BLANK_VALUE: u32 = 14;

/// A blank value where nearly every row has one: it is rather a row that stands
/// one column too far to the left.
pub(crate) const BLANK_VALUE_AMONG_FILLED: u32 = 24;

/// A blank value where many are blank.
pub(crate) const BLANK_VALUE_AMONG_BLANKS: u32 = 6;

/// A cell of a further column that is not as its column's cells are: a text
/// among scores, a blank where none is blank.
pub(crate) const ODD_COLUMN: u32 = 16;

/// The same where one cell in ten to four is like that.
pub(crate) const UNUSUAL_COLUMN: u32 = 6;

/// A side of a row that is blank altogether: the grid beside it has more rows.
const BLANK_SIDE: u32 = 6;

/// A filled value without an indicator: next to impossible, so that it costs
/// more than a blank indicator alone.
const VALUE_WITHOUT_INDICATOR: u32 = 40;

/// A blank cell of a source row for a level that has a group above it: a merge
/// that a page break cut in two.
pub(crate) const CONTINUED_LEVEL: u32 = 14;

/// The same where covered slots are blank, too: mostly the slot is covered.
pub(crate) const CONTINUED_BLANKED: u32 = 20;

/// The same where covered slots were dropped: a blank cell at the left mostly is
/// a covered slot, so that they were not.
pub(crate) const CONTINUED_DROPPED: u32 = 40;

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

/// A text that a cell above it would repeat, read as a cell of its own, in a
/// layout that repeats what spans.
pub(crate) const REPEATED_SLOT: u32 = 24;

/// A level word that only other levels have in this form.
pub(crate) const WORD_OF_OTHER_LEVEL: u32 = 44;

/// A level word that the form's vocabulary does not have, in a grid whose other
/// words it does have. In a grid of which it has no word at all, it says
/// nothing.
pub(crate) const WORD_UNKNOWN: u32 = 20;

/// The same for a level of which the grid has three words or more: whoever
/// wrote them keeps to the vocabulary.
pub(crate) const WORD_UNKNOWN_AMONG_KNOWN: u32 = 26;

/// A row that begins a group with the one name that the form's vocabulary does
/// not have, and has no value either: it rather is an indicator with its value,
/// one column too far to the left.
pub(crate) const LONE_NAME_WITHOUT_VALUE: u32 = 14;

/// An indicator or value that is a level word of this form, unless it repeats
/// the level above it: 满意度 under 满意度 is common.
pub(crate) const WORD_IN_LEAF: u32 = 60;

/// A level or an indicator that reads like a number with a unit: `=100%`.
pub(crate) const NUMBER_IN_NAME: u32 = 30;

/// A level or an indicator that begins with a digit: `1600人、200人`, but also
/// `12345热线接通率`.
pub(crate) const DIGIT_IN_NAME: u32 = 12;

/// The indicator of the row above once more, in a layout that repeats what
/// spans: it rather is a level.
pub(crate) const REPEATED_INDICATOR: u32 = 30;

/// An indicator or value that declares to span rows: levels do.
pub(crate) const SPAN_IN_LEAF: u32 = 24;

/// A level or an indicator that is a word of praise, such as targets are: `健全`.
pub(crate) const PRAISE_IN_NAME: u32 = 16;

/// A value that reads like neither. Qualitative targets are common.
pub(crate) const NAME_IN_VALUE: u32 = 4;

/// The same in a grid whose values mostly read like targets.
pub(crate) const NAME_AMONG_VALUES: u32 = 10;

/// The same where nearly all of them do.
pub(crate) const NAME_AMONG_NUMBERS: u32 = 16;

/// A level word that ends as indicators do: `完成率`, `规范性`.
pub(crate) const MEASURE_IN_LEVEL: u32 = 16;

/// A value that ends so.
pub(crate) const MEASURE_IN_VALUE: u32 = 20;

/// A level or an indicator that is a word for a sum: `合计`. It is the label of
/// a row that is none of the grid.
pub(crate) const SUM_IN_NAME: u32 = 44;

/// A text that no form knows, read as what it is in no other row, though other
/// rows have it elsewhere.
pub(crate) const TEXT_OF_OTHER_COLUMN: u32 = 16;

/// A cell that begins with a word of notes.
const NOTE_IN_GRID: u32 = 60;

/// A cell that reads `标签：内容`: some indicators and values do.
const LABEL_IN_GRID: u32 = 24;

/// A row that is blank altogether and stands for nothing.
pub(crate) const BLANK_ROW: u32 = 20;

/// A long value or level word, per four characters past the first dozen.
pub(crate) const LENGTH: u32 = 2;

/// What begins a row of sums.
pub(crate) const SUMS: [&str; 5] = ["合计", "总计", "小计", "总分", "得分合计"];

/// The longest label of a note, in characters.
const LONGEST_NOTE: usize = 15;

/// What else begins a row that is no indicator.
const NOTES: [&str; 11] = [
    "备注",
    "注",
    "说明",
    "填表说明",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人",
    "联系人",
    "联系电话",
];

/// The cost of a blank cell of a group column.
pub(crate) fn blank_group(group: &Group) -> u32 {
    if group.is_beside { BLANK_BESIDE } else { BLANK_LEVEL }
}

/// What the cells of a row cost, each read in its role.
#[derive(Debug, Default)]
pub(crate) struct RowCost {
    filled: u32,
    /// Per side what its blank cells cost, unless it has no other.
    blank: [u32; SIDES],
    is_filled: [bool; SIDES],
}

impl RowCost {
    /// Adds a cell of a side, or of none; a blank one counts only if its side
    /// has others.
    pub(crate) fn add(&mut self, side: Option<usize>, is_filled: bool, cost: u32) {
        match side {
            Some(side) if !is_filled => self.blank[side] += cost,
            Some(side) => {
                self.is_filled[side] = true;
                self.filled += cost;
            }
            None => self.filled += cost,
        }
    }

    /// The cost so far: it can only grow.
    pub(crate) fn so_far(&self) -> u32 {
        self.filled
    }

    /// The cost of the whole row, its cells given by role.
    pub(crate) fn total(&self, columns: &Columns, cells: &[Option<CellId>]) -> u32 {
        let sides = columns.sides.iter().enumerate().map(|(index, side)| {
            let is_filled = |role: usize| cells[role].is_some();
            let odd = side.value.is_some_and(is_filled) && !is_filled(side.indicator);
            let blank = match self.is_filled[index] || columns.sides.len() == 1 {
                true => self.blank[index],
                false => self.blank[index].min(BLANK_SIDE),
            };
            blank + if odd { VALUE_WITHOUT_INDICATOR } else { 0 }
        });
        self.filled + sides.sum::<u32>()
    }
}

/// The cost of taking a row for none of the grid.
pub(crate) fn stray(grid: &Grid<'_, '_>, row: usize, spanned: bool) -> u32 {
    let count = grid.own(row).count();
    let is_whole = spanned && grid.columns.starts.iter().any(|start| start.own.len() == count);
    if grid.is_note(row) {
        STRAY_NOTE
    } else if grid.begins_with_word(row) || is_whole {
        STRAY_ROW_OF_WORDS
    } else {
        STRAY_ROW
    }
}

/// Whether a row, by its words and its shape, says that it is none of the grid.
pub(crate) fn is_note(row: &Row<'_>, columns: &Columns) -> bool {
    let mut filled = row.filled().filter(|cell| cell.column >= columns.first());
    let Some(first) = filled.next() else { return false };
    let second = filled.next();
    let is_alone = second.is_none();
    let is_across = first.colspan > 1 && first.column + first.colspan > columns.leaf();
    let text = &*first.text;
    // A label has its value in the same cell or next to it.
    let is_beside = second.is_some_and(|second| second.column == first.column + first.colspan);
    let is_colon = text.contains([':', '：'])
        && !text.starts_with("指标")
        && (!text.ends_with([':', '：']) || is_beside);
    let name = text.trim_end_matches([':', '：']);
    let is_note = NOTES.iter().chain(&SUMS).any(|note| name == *note || is_alone && text.starts_with(note));
    let is_left = first.column == columns.first();
    // A span too long pushes a sum to the right like any row.
    let is_sum = first.column <= columns.leaf() && SUMS.contains(&name);
    is_sum || is_left && (is_note || is_across || is_colon)
}

/// The cost of reading a text that stands alone as a cell of the grid, if it
/// says itself that it is none: it begins with a word of notes, or with a label.
pub(crate) fn note_text(text: &str) -> Option<u32> {
    let ends_word = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    if NOTES.iter().chain(&SUMS).any(|note| text.strip_prefix(note).is_some_and(ends_word)) {
        return Some(NOTE_IN_GRID);
    }
    let (label, _) = text.split_once([':', '：'])?;
    let is_label = label.chars().count() <= LONGEST_NOTE
        && !label.contains(|c: char| "，。；,;0123456789".contains(c))
        && !label.starts_with("指标");
    is_label.then_some(LABEL_IN_GRID)
}

//! What the cells of a table declare to span against what they cover.

use crate::{Diagnostic, Place, Problem};

/// The account of a table's spans. It adds up: see
/// [`SpanAccount::is_balanced`].
///
/// A slot is one row by one column. All numbers are counted from ranges, never
/// from slots that were written down.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpanAccount {
    /// The slots that the cells declare to cover, summed up: `rowspan` times
    /// `colspan`, each within the limits of the HTML standard. A `rowspan` of 0
    /// declares the rows that are left in the row group.
    pub declared: u64,
    /// Slots declared below the end of the cell's row group; they do not exist.
    pub cut_off: u64,
    /// Slots that cells claim although one before them has them; a slot of
    /// three cells counts twice.
    pub overlapped: u64,
    /// Slots that at least one cell covers.
    pub covered: u64,
    /// Slots that no cell covers.
    pub holes: u64,
    /// All slots: rows times columns.
    pub slots: u64,
    /// Cells whose `rowspan` reaches below the end of their row group.
    pub spans_past_end: u32,
    /// Cells that overlap one before them.
    pub overlapping_cells: u32,
    /// `rowspan` and `colspan` attributes outside the limits of the standard.
    pub clamped_spans: u32,
    /// `rowspan` and `colspan` attributes that hold no number.
    pub unreadable_spans: u32,
    /// Rows in which no cell begins. To the standard a table that has one has
    /// an error, and so for the columns.
    pub rows_without_cells: u32,
    /// Columns in which no cell begins.
    pub columns_without_cells: u32,
    /// Row groups, rows and cells that their own style hides (`display:none`):
    /// a browser does not lay them out, and they are no part of the table.
    pub hidden: u32,
    /// Each of these by its place, in the order of the table; but text that is
    /// hidden is among the table's diagnostics.
    pub findings: Vec<Finding>,
}

/// Something about a table's spans, with the place of the cell or row.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is, with its values.
    pub problem: Problem,
    /// Where. The line is 0 if nothing in the row has a place in the source.
    pub place: Place,
}

impl SpanAccount {
    /// Whether all slots are accounted for: what is declared is covered,
    /// claimed twice or cut off, and what is there is covered or a hole.
    pub fn is_balanced(&self) -> bool {
        self.declared == self.covered + self.overlapped + self.cut_off
            && self.slots == self.covered + self.holes
    }
}

impl From<&Finding> for Diagnostic {
    fn from(finding: &Finding) -> Diagnostic {
        let Finding { problem, place } = finding;
        // What is hidden has a line, but no column.
        let column = Some(place.column).filter(|column| *column > 0);
        Diagnostic { problem: problem.clone(), line: place.line, column }
    }
}

//! Rows that wait: whether they belong to the form is decided by what follows.

use formgrid_model::{Diagnostic, Piece, Problem, Row, Source};

use crate::kind::{Other, has_colon};
use crate::open::{Open, Waiting};
use crate::stacked::is_alone;

/// Rows of which a shift past the edge and trimming may leave nothing but an
/// empty line, one below the other.
const MOST_LOST: u32 = 4;

impl<'t> Open<'t> {
    /// Decides about the rows that wait, now that `next` belongs to the form or
    /// nothing comes any more.
    pub(crate) fn settle(&mut self, next: Option<&Row<'t>>, outside: &mut Vec<Row<'t>>) {
        if self.waiting.is_empty() {
            return;
        }
        if next.is_none() && self.is_stacked_grid() {
            return self.end_stack(outside);
        }
        // The lines between the labels of a stack are their values.
        let is_stacked = self.is_stacked() && next.is_none_or(is_alone);
        let is_trimmed = self.is_trimmed(next);
        for waiting in std::mem::take(&mut self.waiting) {
            let belongs = match next {
                Some(_) if is_stacked && is_alone(&waiting.row) => true,
                Some(next) => self.belongs_before(&waiting, next, is_trimmed),
                None => self.belongs_at_end(&waiting) || is_stacked && self.is_next(&waiting.row),
            };
            let Waiting { row, other, .. } = waiting;
            if belongs && row.filled().next().is_some() {
                let is_grid = self.in_grid() && (is_stacked || !other.is_labelled);
                self.push(if is_grid { Piece::Grid } else { Piece::Labels }, row);
            } else {
                self.tell_interruption(&row, other, next);
                outside.push(row);
            }
        }
    }

    /// Whether a row belongs to the form that goes on with `next`.
    fn belongs_before(&self, waiting: &Waiting<'t>, next: &Row<'t>, is_trimmed: bool) -> bool {
        let Waiting { row, other, bound, is_known } = waiting;
        let is_near = next.source == row.source || self.is_next(row);
        let is_label = !self.in_grid() && other.is_labelled && row.cells.len() > 1;
        // A line without a tab is a page header or a note, unless it stands in
        // the caption and reads as a label with its value, or the grid has lost
        // its trailing blanks, so that a row may be one cell alone.
        let is_cells = *bound || row.cells.len() > 1 || is_trimmed || other.is_inline && !self.in_grid();
        // A label with its value may stand alone between blank lines, and a
        // sentence below a text goes on with it.
        let is_below_labels = matches!(self.rows.last(), Some((Piece::Labels, _)));
        let is_pair = row.cells.len() == 2 && row.filled().count() == 2;
        let is_text = other.is_sentence && self.is_next(row);
        let is_inside = !self.in_grid() && is_below_labels && (is_pair || is_text);
        *is_known || is_label || is_inside || is_cells && is_near
    }

    /// Whether a row after the last certain one belongs to the form.
    fn belongs_at_end(&self, waiting: &Waiting<'t>) -> bool {
        let Waiting { row, other, is_known, .. } = waiting;
        let width = row.cells.len();
        let (is_wide, is_ragged) = match &self.grid {
            // Where slots were dropped or trimmed, rows differ in width all along.
            Some(grid) => (width >= grid.narrowest, grid.narrowest < grid.header),
            None => (true, false),
        };
        // Only one with a covered slot, a value or a label of its own can be; in
        // a ragged grid also an indicator alone, which is short.
        let is_alone =
            width == 1 && row.filled().all(|cell| cell.text.chars().count() <= 24) && !other.is_inline;
        let is_like = other.has_gap || is_ragged || is_wide && other.has_value || other.is_labelled;
        *is_known || self.is_next(row) && (width > 1 && is_like || is_ragged && is_alone)
    }

    /// Whether rows of the grid have lost the blank cells at their end.
    fn is_trimmed(&self, next: Option<&Row<'t>>) -> bool {
        let Some(grid) = &self.grid else { return false };
        let rows = self.waiting.iter().map(|waiting| &waiting.row).chain(next);
        let mut widths = rows.map(|row| row.cells.len()).filter(|&width| width > 1);
        grid.narrowest < grid.header || widths.any(|width| width < grid.header)
    }

    /// Tells of a row of another table or run of lines that was taken for a row
    /// of the grid although no word of it says so.
    pub(crate) fn tell_continuation(&mut self, row: &Row<'_>, other: Other) {
        let is_apart = !self.is_next(row) && !other.begins_with_word;
        let Some(cell) = row.filled().next().filter(|_| is_apart) else { return };
        let texts: Vec<&str> = row.filled().map(|cell| &*cell.text).collect();
        let problem = Problem::ContinuedGrid { row: texts.join(" | ") };
        self.diagnostics.push(Diagnostic::at_line(problem, cell.line));
    }

    /// Tells of a row that stands next to rows of the form without a gap.
    fn tell_interruption(&mut self, row: &Row<'t>, other: Other, next: Option<&Row<'t>>) {
        let is_close = self.is_next(row) && next.is_none_or(|next| next.source == row.source);
        let is_told = is_close || next.is_none() && self.may_continue(row, other);
        let Some(cell) = row.filled().next().filter(|_| is_told) else { return };
        let texts: Vec<&str> = row.filled().map(|cell| &*cell.text).collect();
        let problem = match texts.len() {
            1 => Problem::InterruptingText { text: cell.text.to_string() },
            _ => Problem::SkippedRow { row: texts.join(" | ") },
        };
        self.diagnostics.push(Diagnostic::at_line(problem, cell.line));
    }

    /// Whether a line below an empty one, or a few, has as many cells as rows of
    /// the grid above it have, or ends in a value, and no colon: nothing says that
    /// it is one of them, and nothing that it is none.
    fn may_continue(&self, row: &Row<'t>, other: Other) -> bool {
        let (Some(grid), Some((_, last))) = (&self.grid, self.rows.last()) else { return false };
        let is_below = match (last.source, row.source) {
            (Source::Line { run: last }, Source::Line { run }) => {
                (last + 1..=last + MOST_LOST).contains(&run)
            }
            _ => false,
        };
        let fewest = if other.has_value || other.has_target { 2 } else { grid.narrowest };
        let is_wide = (fewest..=grid.header).contains(&row.cells.len());
        is_below && is_wide && row.filled().count() > 1 && !row.filled().any(|cell| has_colon(&cell.text))
    }
}

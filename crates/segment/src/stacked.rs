//! Forms whose cells stand one to a line: a converter that walks over the cells
//! of a table leaves no row to tell what belongs together.
//!
//! A header whose words stand on lines one below the other says so of a grid;
//! labels that stand alone in their lines say so of the values between them.

use std::collections::HashMap;

use formgrid_model::{Block, Diagnostic, Piece, Problem, Row, Source};
use formgrid_profile::{Profiles, fold, is_praise};

use crate::Segments;
use crate::kind::{Kind, Other};
use crate::open::{Open, Taken, Waiting};

/// Header words one below the other that make a header: two may be chance.
const FEWEST_HEADS: usize = 3;

/// Unknown words between two known ones of a header.
const MOST_UNKNOWN: usize = 3;

/// Grids that may stand side by side.
const MOST_GRIDS: usize = 3;

/// The longest header, in lines.
const MOST_HEADS: usize = 32;

/// Lines of a stacked grid without a level word or a number, per column of the
/// grid: after more of them the grid has ended.
const LONGEST_SILENCE: usize = 8;

/// What is known of a grid whose cells stand one to a line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stack {
    /// The most lines from one cell to the next.
    pub(crate) step: u32,
    /// Whether too many lines have come that say nothing.
    pub(crate) has_ended: bool,
}

impl<'t, B: Iterator<Item = Block<'t>>> Segments<'t, '_, B> {
    /// The lines of a stacked header that begins with this one; only that line
    /// if it begins none. Few unknown words may stand between known ones, and
    /// below the headings of several grids each has headers of its own.
    pub(crate) fn stacked_header(&mut self, first: Row<'t>) -> Vec<Row<'t>> {
        let mut rows = vec![first];
        let mut seen: HashMap<Option<String>, usize> = HashMap::new();
        let (mut heads, mut grids, mut unknown, mut end) = (0, 0, 0, 0);
        while let Some(row) = rows.last() {
            if is_head(row, self.profiles) {
                let is_first = heads > 0 && row.cells[0].text == rows[0].cells[0].text;
                let count = seen.entry(fold(&row.cells[0].text)).or_default();
                *count += 1;
                // Without headings only the inner levels stand again.
                let most =
                    if grids == 0 && !is_first && unknown == 0 { MOST_GRIDS } else { usize::max(grids, 1) };
                if *count > most {
                    break;
                }
                (heads, unknown, end) = (heads + 1, 0, rows.len());
            } else if is_heading(row, self.profiles) {
                grids += 1;
            } else {
                unknown += 1;
            }
            let is_word = self.profiles.is_word(&row.cells[0].text);
            let most = if heads > 0 { MOST_UNKNOWN } else { 0 };
            if unknown > most || is_word || rows.len() == MOST_HEADS {
                break;
            }
            match self.next_block() {
                Some(Block::Line(row)) if row.cells.len() == 1 => rows.push(row),
                Some(block) => {
                    self.ahead.push_front(block);
                    break;
                }
                None => break,
            }
        }
        let keep = if heads >= FEWEST_HEADS { end } else { 1 };
        for row in rows.split_off(keep.min(rows.len())).into_iter().rev() {
            self.ahead.push_front(Block::Line(row));
        }
        rows
    }
}

/// Whether a line may begin a stacked header.
pub(crate) fn begins_header(row: &Row<'_>, profiles: &Profiles) -> bool {
    is_head(row, profiles) || is_heading(row, profiles)
}

/// Whether a line holds one cell, and that heads a whole grid.
fn is_heading(row: &Row<'_>, profiles: &Profiles) -> bool {
    is_alone(row) && profiles.is_horizon(&row.cells[0].text)
}

/// Whether a line holds one cell, and that heads a column of some grid.
fn is_head(row: &Row<'_>, profiles: &Profiles) -> bool {
    is_alone(row) && profiles.is_header(&row.cells[0].text)
}

/// Whether a row is a line with one cell.
pub(crate) fn is_alone(row: &Row<'_>) -> bool {
    row.cells.len() == 1 && matches!(row.source, Source::Line { .. })
}

impl<'t> Open<'t> {
    /// Takes the lines of a stacked header below its first.
    pub(crate) fn stack_header(&mut self, rows: Vec<Row<'t>>) {
        // Without title and labels nothing says whether another form begins.
        let is_again = self.rows.iter().any(|(piece, _)| *piece == Piece::Grid);
        if let (true, Some((_, head))) = (is_again && self.is_bare(), self.rows.last()) {
            let problem = Problem::ContinuedGrid { row: head.cells[0].text.to_string() };
            self.diagnostics.push(Diagnostic::at_line(problem, line(head)));
        }
        if let Some(grid) = &mut self.grid {
            grid.header = rows.len() + 1;
            grid.stack = Some(Stack::default());
        }
        for row in rows {
            self.push(Piece::GridHeader, row);
        }
    }

    /// Whether cells of the grid stand one to a line.
    pub(crate) fn is_stacked_grid(&self) -> bool {
        self.grid.as_ref().is_some_and(|grid| grid.stack.is_some())
    }

    /// Whether labels stand alone in their lines, and no row so far has labels
    /// side by side.
    pub(crate) fn is_stacked(&self) -> bool {
        self.is_stacked_grid() || !self.in_grid() && self.has_lone_label && !self.has_wide_row
    }

    /// Takes a line below a stacked header that may be a cell of the grid.
    pub(crate) fn take_stacked(
        &mut self,
        row: Row<'t>,
        kind: &Kind,
        outside: &mut Vec<Row<'t>>,
    ) -> Taken<'t> {
        let other = match kind {
            Kind::Other(other) => *other,
            _ => Other { is_labelled: true, ..Other::default() },
        };
        if self.grid.as_ref().and_then(|grid| grid.stack).is_some_and(|stack| stack.has_ended) {
            match self.heading.is_empty() {
                true => outside.push(row),
                false => self.heading.push(row),
            }
            return Taken::Kept;
        }
        if !self.heading.is_empty() && !other.begins_with_word {
            self.heading.push(row);
            return Taken::Kept;
        }
        self.turn_page(outside);
        if other.begins_with_word || other.has_value || is_praise(&row.cells[0].text) {
            self.settle(Some(&row), outside);
            self.push(Piece::Grid, row);
            return Taken::Kept;
        }
        self.waiting.push(Waiting { row, other, bound: false, is_known: false });
        let most = self.grid.as_ref().map_or(0, |grid| grid.header * LONGEST_SILENCE);
        if self.waiting.len() > most {
            self.end_stack(outside);
            if let Some(stack) = self.grid.as_mut().and_then(|grid| grid.stack.as_mut()) {
                stack.has_ended = true;
            }
        }
        Taken::Kept
    }

    /// Decides about the lines after the last one that is certainly of the
    /// stacked grid: as many as two rows and a signature have, without a gap
    /// that the grid does not have.
    pub(crate) fn end_stack(&mut self, outside: &mut Vec<Row<'t>>) {
        let Some((header, step)) = self.grid.as_ref().and_then(|grid| Some((grid.header, grid.stack?.step)))
        else {
            return;
        };
        let most = 2 * header + 8;
        // As many lines as the blank cells behind an indicator may leave.
        let behind = u32::try_from(header).unwrap_or(u32::MAX).saturating_sub(2).max(2);
        let mut last = self.rows.last().map_or(0, |(_, row)| line(row));
        let (mut is_over, mut is_told) = (false, false);
        for (count, Waiting { row, .. }) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            let gap = line(&row).saturating_sub(last);
            // It may be the last row, behind a blank cell, or it may be a footer; what
            // follows it goes with it.
            is_told = match is_over {
                false => (2..=behind).contains(&gap) && gap > step || count >= most,
                true => is_told && gap <= behind && count < most,
            };
            if is_told {
                let problem = Problem::SkippedRow { row: row.cells[0].text.to_string() };
                self.diagnostics.push(Diagnostic::at_line(problem, line(&row)));
            }
            is_over |= count >= most || gap > step.max(1);
            last = line(&row);
            match is_over {
                true => outside.push(row),
                false => self.push(Piece::Grid, row),
            }
        }
    }

    /// Measures how far the cells of a stacked grid are apart.
    pub(crate) fn measure_step(&mut self, row: &Row<'t>) {
        let last = self.rows.last().map_or(0, |(_, row)| line(row));
        if let Some(stack) = self.grid.as_mut().and_then(|grid| grid.stack.as_mut()) {
            stack.step = stack.step.max(line(row).saturating_sub(last));
        }
    }
}

fn line(row: &Row<'_>) -> u32 {
    row.cells.first().map_or(0, |cell| cell.line)
}

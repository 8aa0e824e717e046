//! The account of a table's spans: what is declared, covered, shared, free.

use formgrid_model::{Cell, Finding, Place, Problem, Row, SpanAccount};

use crate::form_table::{Anchor, Grid, GridRow};
use crate::text::brief;

/// What the markup says of a table that its grid does not tell.
#[derive(Debug, Default)]
pub struct Notes {
    /// What is wrong with the span attributes of each cell, by row and by
    /// index in the row.
    pub faults: Vec<(usize, usize, Problem)>,
    /// What is hidden, with its line.
    pub hidden: Vec<(u32, String)>,
}

/// The account of a formed table. The rows are those of the grid.
pub fn account(grid: &Grid, rows: &[Row<'_>], notes: Notes) -> SpanAccount {
    let mut account =
        SpanAccount { slots: grid.rows.len() as u64 * u64::from(grid.width), ..SpanAccount::default() };
    for (line, text) in &notes.hidden {
        account.hidden = account.hidden.saturating_add(1);
        // Text that is hidden is the table's diagnostic: it concerns more than
        // the spans.
        if text.is_empty() {
            let problem = Problem::HiddenCells { text: String::new() };
            account.findings.push(Finding { problem, place: Place { line: *line, ..Place::default() } });
        }
    }
    let mut faults = notes.faults.into_iter().peekable();
    let mut begins: Vec<u32> = Vec::new();
    // The finding that the holes of the row above are in.
    let mut holes_above = None;
    for (index, (formed, row)) in grid.rows.iter().zip(rows).enumerate() {
        account.rows_without_cells += u32::from(formed.anchors.is_empty());
        account.covered += u64::from(formed.covered);
        begins.extend(formed.anchors.iter().map(|anchor| anchor.column));
        for (n, (anchor, cell)) in formed.anchors.iter().zip(&row.cells).enumerate() {
            while let Some((_, _, fault)) = faults.next_if(|(row, cell, _)| (*row, *cell) == (index, n)) {
                let clamped = matches!(fault, Problem::ClampedSpan { .. });
                account.clamped_spans += u32::from(clamped);
                account.unreadable_spans += u32::from(!clamped);
                account.findings.push(Finding { problem: fault, place: place_of(cell) });
            }
            add_cell(&mut account, anchor, cell);
        }
        holes_above = add_holes(&mut account, grid.width, index, formed, row, holes_above);
    }
    account.holes = account.slots - account.covered;
    begins.sort_unstable();
    begins.dedup();
    account.columns_without_cells = grid.width - u32::try_from(begins.len()).unwrap_or(grid.width);
    account
}

fn add_cell(account: &mut SpanAccount, anchor: &Anchor, cell: &Cell<'_>) {
    let Anchor { rowspan, colspan, cut_off, overlapped, row: _, column: _ } = *anchor;
    account.declared += (u64::from(rowspan) + u64::from(cut_off)) * u64::from(colspan);
    account.cut_off += u64::from(cut_off) * u64::from(colspan);
    account.overlapped += overlapped;
    if cut_off > 0 {
        account.spans_past_end += 1;
        let problem =
            Problem::SpanPastEnd { cell: brief(&cell.text), declared: rowspan + cut_off, left: rowspan };
        account.findings.push(Finding { problem, place: place_of(cell) });
    }
    if overlapped > 0 {
        account.overlapping_cells += 1;
        let problem = Problem::OverlappingCells { cell: brief(&cell.text), slots: overlapped };
        account.findings.push(Finding { problem, place: place_of(cell) });
    }
}

/// Adds the holes of a row; if the row above has the same ones, to its finding.
/// Returns the finding's index.
fn add_holes(
    account: &mut SpanAccount,
    width: u32,
    index: usize,
    formed: &GridRow,
    source: &Row<'_>,
    above: Option<usize>,
) -> Option<usize> {
    let (free, first) = (width - formed.covered, formed.first_free);
    if free == 0 {
        return None;
    }
    if let Some(above) = above
        && let Some(Finding { problem: Problem::Holes { rows, column, slots, .. }, .. }) =
            account.findings.get_mut(above)
        && (*column, *slots) == (first, free)
    {
        *rows += 1;
        return Some(above);
    }
    let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let line = source.cells.last().map_or(0, |cell| cell.line);
    account.findings.push(Finding {
        problem: Problem::Holes { row, rows: 1, column: first, slots: free },
        place: Place { line, row, column: first, bytes: None },
    });
    Some(account.findings.len() - 1)
}

fn place_of(cell: &Cell<'_>) -> Place {
    Place { line: cell.line, row: cell.row, column: cell.column, bytes: cell.bytes.clone() }
}

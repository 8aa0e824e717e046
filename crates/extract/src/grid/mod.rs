//! The indicator grid: from damaged rows to indicators with their full path.
//!
//! A sound grid is a sequence of source rows. Each begins a group at some level
//! and holds a cell for that level, every level inside it and every column
//! behind; the outer levels are cells above that span it. Exports damage the
//! spans, lay the grid out with them, blank the covered slots and cut the rows
//! at the edge. The decoder looks for the reading of all rows together that
//! explains the slots at the least cost ([`cost`]): which slots were covered by
//! which cell above ([`lattice`], [`slots`], [`anchors`]), and so at which
//! level each row begins. What the reading says about the damage is told by
//! [`explain`].

pub(crate) mod anchors;
pub(crate) mod columns;
pub(crate) mod cost;
pub(crate) mod explain;
pub(crate) mod lattice;
pub(crate) mod slots;

use formgrid_model::Row;
use formgrid_profile::GridRule;

use columns::Columns;
use cost::{BLANK_INDICATOR, Evidence, is_informed, weigh};
use lattice::Lattice;

/// A cell of the grid: its row, and its place among the row's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CellId {
    pub(crate) row: u32,
    pub(crate) cell: u32,
}

impl CellId {
    /// Stands for a level cell of this row that fell off the edge or is blank:
    /// its group has begun, but has no name.
    pub(crate) fn gone(row: usize) -> CellId {
        CellId { row: row as u32, cell: u32::MAX }
    }

    /// Whether there is no such cell.
    pub(crate) fn is_gone(self) -> bool {
        self.cell == u32::MAX
    }
}

/// The rows of one grid with what is known of their cells.
pub(crate) struct Grid<'f, 't> {
    pub(crate) columns: Columns,
    pub(crate) rows: Vec<&'f Row<'t>>,
    /// Per row and cell; none for a blank cell.
    pub(crate) evidence: Vec<Vec<Option<Evidence>>>,
}

impl Grid<'_, '_> {
    /// What is known of a cell; nothing for a blank one.
    pub(crate) fn evidence(&self, id: CellId) -> Option<&Evidence> {
        self.evidence[id.row as usize][id.cell as usize].as_ref()
    }

    /// The cost of reading a cell as an indicator of the innermost group.
    pub(crate) fn as_indicator(&self, cell: Option<CellId>, groups: &[Option<CellId>]) -> u32 {
        let parent =
            groups.last().copied().flatten().filter(|id| !id.is_gone()).and_then(|id| self.evidence(id));
        cell.and_then(|id| self.evidence(id))
            .map_or(BLANK_INDICATOR, |evidence| evidence.as_indicator(parent))
    }
}

/// How the export wrote the grid down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Every slot is a cell; covered ones are blank.
    Blanked,
    /// Every slot is a cell; covered ones repeat the text that covers them.
    Repeated,
    /// Covered slots are dropped; a row starts with its first own cell.
    Dropped,
    /// Source rows with their declared spans: HTML as it was written.
    Spanned,
}

/// The most likely reading of one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The row, by its index in the grid.
    pub(crate) row: u32,
    /// The level at which the row begins a group.
    pub(crate) start: usize,
    /// Per role: the cell that holds it, own or inherited.
    pub(crate) cells: Vec<Option<CellId>>,
    /// Roles whose cell fell off the edge in this row.
    pub(crate) lost: Vec<usize>,
    /// Own cells that have no role.
    pub(crate) extra: Vec<CellId>,
    /// Per level above the indicator: the column in which its cell covers this
    /// row, if it does.
    pub(crate) covers: Vec<Option<u32>>,
    /// Cells of ended groups that still cover a slot of this row.
    pub(crate) stale: Vec<CellId>,
    /// By how much the best other reading of this row is costlier.
    pub(crate) margin: u64,
    /// The cells, by role, of that other reading.
    pub(crate) other: Option<Vec<Option<CellId>>>,
}

/// Reads a grid in the layout that explains it best.
pub(crate) fn decode(columns: Columns, rows: Vec<&Row<'_>>, rule: &GridRule) -> (Vec<Reading>, Layout) {
    let texts = rows.iter().flat_map(|row| row.filled()).map(|cell| &*cell.text);
    let is_informed = is_informed(texts, rule);
    let evidence = rows
        .iter()
        .map(|row| {
            row.cells
                .iter()
                .map(|cell| (!cell.is_blank()).then(|| weigh(&cell.text, &columns, rule, is_informed)))
                .collect()
        })
        .collect();
    let grid = Grid { columns, rows, evidence };
    let mut best: Option<(u64, Lattice, Layout)> = None;
    for layout in layouts(&grid) {
        let lattice = match layout {
            Layout::Blanked | Layout::Repeated => slots::search(&grid, layout == Layout::Repeated),
            Layout::Dropped | Layout::Spanned => anchors::search(&grid, layout == Layout::Spanned),
        };
        let cost = lattice.best_cost();
        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
            best = Some((cost, lattice, layout));
        }
    }
    let text = |id: &Option<CellId>| id.map(|id| &grid.rows[id.row as usize].cells[id.cell as usize].text);
    let same = |a: &[Option<CellId>], b: &[Option<CellId>]| a.iter().map(text).eq(b.iter().map(text));
    match best {
        Some((_, lattice, layout)) => (lattice.readings(same), layout),
        None => (Vec::new(), Layout::Blanked),
    }
}

/// The layouts that are possible at all, the most usual one first: it wins ties.
fn layouts(grid: &Grid<'_, '_>) -> Vec<Layout> {
    let is_table = grid.rows.iter().any(|row| matches!(row.source, formgrid_model::Source::Table { .. }));
    let has_spans = grid.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.rowspan > 1);
    match (is_table, has_spans) {
        (true, true) => vec![Layout::Spanned],
        (true, false) => vec![Layout::Blanked, Layout::Repeated, Layout::Spanned],
        (false, _) => vec![Layout::Blanked, Layout::Repeated, Layout::Dropped],
    }
}

#[cfg(test)]
mod tests;

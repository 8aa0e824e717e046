//! The indicator grid: from damaged rows to indicators with their full path.
//!
//! A sound grid is a sequence of source rows. Each begins a group at some level
//! and holds a cell for that level, every level inside it and every column
//! behind; the outer levels are cells above that span it. Exports damage the
//! spans, lay the grid out with them, blank the covered slots and cut the rows
//! at the edge. The decoder looks for the reading of all rows together that
//! explains the slots at the least cost ([`cost`]): which slots were covered by
//! which cell above ([`lattice`], [`slots`], [`anchors`]), and so at which
//! level each row begins. A table whose spans add up needs no search
//! ([`formed`]). What the reading says about the damage is told by [`explain`].

pub(crate) mod anchors;
pub(crate) mod columns;
pub(crate) mod cost;
pub(crate) mod explain;
pub(crate) mod faults;
pub(crate) mod formed;
pub(crate) mod lattice;
pub(crate) mod slots;
pub(crate) mod stream;

use formgrid_model::{Cell, Row, Source};
use formgrid_profile::GridRule;

use columns::{Columns, WIDEST};
use cost::{BLANK_INDICATOR, Evidence, Expected, weigh};

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
    pub(crate) columns: &'f Columns,
    pub(crate) rows: &'f [&'f Row<'t>],
    /// Per row and cell; none for a blank cell.
    pub(crate) evidence: Vec<Vec<Option<Evidence>>>,
    /// The columns that hold anything, left to right: side labels and columns
    /// that are blank in every row are left out.
    pub(crate) live: Vec<u32>,
}

/// How the export wrote the grid down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A table whose spans add up: every slot of a row is one cell's.
    Formed,
    /// Source rows with their declared spans: HTML as it was written.
    Spanned,
    /// Every slot is a cell; covered ones are blank.
    Blanked,
    /// Every slot is a cell; covered ones repeat the text that covers them.
    Repeated,
    /// Covered slots are dropped; a row starts with its first own cell.
    Dropped,
    /// The same, each cell on a line of its own: the rows were put together.
    Stacked,
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
    /// The cells above that cover a slot of this row, with the slot's column,
    /// and whether their group has ended.
    pub(crate) covers: Vec<(CellId, u32, bool)>,
    /// By how much the best other reading of this row is costlier.
    pub(crate) margin: u64,
    /// The cells, by role, of that other reading.
    pub(crate) other: Option<Vec<Option<CellId>>>,
}

/// Reads a grid in the layout that explains it best.
pub(crate) fn decode(grid: &Grid<'_, '_>) -> (Vec<Reading>, Layout) {
    let rows = grid.rows;
    let is_table = rows.iter().any(|row| matches!(row.source, Source::Table { .. }));
    let has_spans = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.rowspan > 1 || cell.colspan > 1);

    // The most usual layout first: it wins ties.
    let formed = if has_spans { formed::read(grid) } else { None };
    let layouts: &[Layout] = match (is_table, has_spans) {
        (true, true) => &[Layout::Spanned],
        (true, false) => &[Layout::Blanked, Layout::Repeated, Layout::Spanned],
        (false, _) => &[Layout::Blanked, Layout::Repeated, Layout::Dropped],
    };
    let searched = layouts.iter().map(|&layout| {
        let lattice = match layout {
            Layout::Blanked | Layout::Repeated => slots::search(grid, layout == Layout::Repeated),
            Layout::Dropped | Layout::Spanned | Layout::Formed | Layout::Stacked => {
                anchors::search(grid, layout == Layout::Spanned)
            }
        };
        (lattice.best_cost(), lattice, layout)
    });
    let best = searched.min_by_key(|(cost, ..)| *cost);
    match (formed, best) {
        (Some((cost, readings)), Some((least, ..))) if cost <= least => (readings, Layout::Formed),
        (_, Some((_, lattice, layout))) => {
            let text = |id: &Option<CellId>| id.map(|id| &grid.cell(id).text);
            let same = |a: &[Option<CellId>], b: &[Option<CellId>]| a.iter().map(text).eq(b.iter().map(text));
            (lattice.readings(same), layout)
        }
        (_, None) => (Vec::new(), Layout::Blanked),
    }
}

impl<'f, 't> Grid<'f, 't> {
    /// The rows of a grid under a header.
    pub(crate) fn new(columns: &'f Columns, rows: &'f [&'f Row<'t>], rule: &GridRule) -> Self {
        let expected = Expected::of(rows, rule);
        let weigh = |cell: &Cell<'t>| (!cell.is_blank()).then(|| weigh(&cell.text, columns, rule, expected));
        let mut is_live = vec![false; WIDEST as usize + 1];
        for &home in &columns.homes {
            is_live[home as usize] = true;
        }
        for cell in rows.iter().flat_map(|row| row.filled()).filter(|cell| cell.column <= WIDEST) {
            is_live[cell.column as usize] = true;
        }
        // A blank column behind the last header is where rows that are not cut
        // may still reach.
        let widest =
            rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + cell.colspan - 1);
        let width = widest.max().unwrap_or(0).max(columns.width).min(WIDEST);
        let last = columns.homes.iter().copied().max().unwrap_or(0);
        let live =
            (columns.first()..=width).filter(|&column| column > last || is_live[column as usize]).collect();
        let evidence = rows.iter().map(|row| row.cells.iter().map(weigh).collect()).collect();
        Grid { columns, rows, evidence, live }
    }

    /// A cell of the grid.
    pub(crate) fn cell(&self, id: CellId) -> &'f Cell<'t> {
        &self.rows[id.row as usize].cells[id.cell as usize]
    }

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

    /// The cells of a row that stand in live columns, by their place in it.
    pub(crate) fn own(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let is_live = |column: u32| self.live.binary_search(&column).is_ok();
        let cells = self.rows[row].cells.iter().enumerate();
        cells.filter(move |(_, cell)| is_live(cell.column)).map(|(at, _)| at)
    }

    /// Whether the first filled cell of a row is a level word of the form.
    pub(crate) fn begins_with_word(&self, row: usize) -> bool {
        let mut own = self.own(row).map(|at| CellId { row: row as u32, cell: at as u32 });
        own.find_map(|id| self.evidence(id)).is_some_and(|first| first.word.is_some())
    }

    /// How many live columns a cell covers.
    pub(crate) fn breadth(&self, cell: &Cell<'_>) -> usize {
        let end = cell.column + cell.colspan;
        self.live.iter().filter(|&&column| (cell.column..end).contains(&column)).count()
    }
}

#[cfg(test)]
mod tests;

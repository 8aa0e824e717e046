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
//! ([`formed`]). A word that a page break cut in two is joined before
//! ([`joined`]). What the reading says about the damage is told by [`explain`].

pub(crate) mod anchors;
pub(crate) mod columns;
pub(crate) mod cost;
pub(crate) mod doubt;
pub(crate) mod dropped;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod faults;
pub(crate) mod formed;
pub(crate) mod joined;
pub(crate) mod lattice;
pub(crate) mod slots;
pub(crate) mod stream;

use formgrid_model::{Cell, Row, Source};
use formgrid_profile::GridRule;

use columns::{Columns, Side, Start, WIDEST};
use cost::{BLANK_INDICATOR, is_note};
use evidence::{Align, Evidence, Expected, Places, Shape, shapes, weigh};

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
    /// How the row begins groups, by index into the columns' starts.
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
    let layouts: &[Layout] = match (is_table, has_spans) {
        (true, true) => &[Layout::Spanned],
        (true, false) => &[Layout::Blanked, Layout::Repeated, Layout::Spanned],
        (false, _) => &[Layout::Blanked, Layout::Repeated, Layout::Dropped],
    };
    let placed = grid.placed();
    let formed = if has_spans { formed::read(&placed) } else { None };
    // Without a text that stands below itself no slot repeats what covers it.
    let filled: Vec<&&Row<'_>> = rows.iter().filter(|row| row.filled().next().is_some()).collect();
    let is_repeating = filled.windows(2).any(|pair| repeats(pair[0], pair[1], grid.columns));
    let mut searched: Vec<(u64, Vec<Reading>, Layout)> = layouts
        .iter()
        .filter(|&&layout| layout != Layout::Repeated || is_repeating)
        .map(|&layout| {
            let lattice = match layout {
                Layout::Blanked | Layout::Repeated => slots::search(&placed, layout == Layout::Repeated),
                Layout::Spanned | Layout::Formed => anchors::search(&placed, true),
                Layout::Dropped | Layout::Stacked => anchors::search(grid, false),
            };
            (lattice.best_cost(), lattice.readings(|a, b| grid.is_same(a, b)), layout)
        })
        .collect();
    searched.sort_by_key(|(cost, ..)| *cost);
    let mut searched = searched.into_iter();
    let Some((least, mut readings, layout)) = searched.next() else { return (Vec::new(), Layout::Blanked) };
    if let Some((_, readings)) = formed.filter(|(cost, _)| *cost <= least) {
        return (readings, Layout::Formed);
    }
    for (cost, others, _) in searched {
        contest(grid, &mut readings, &others, cost - least);
    }
    (readings, layout)
}

/// Whether a row has a text in the column of a level, or left of it, that
/// stands there in the row above, too.
fn repeats(above: &Row<'_>, row: &Row<'_>, columns: &Columns) -> bool {
    let levels = |row: &'_ Row<'_>| row.cells.partition_point(|cell| cell.column < columns.leaf());
    let (above, row) = (&above.cells[..levels(above)], &row.cells[..levels(row)]);
    above.iter().zip(row).any(|(above, cell)| !cell.is_blank() && above.text == cell.text)
}

/// Another layout explains the grid almost as well: where it reads a row
/// otherwise, the row is no more certain than the layout is.
fn contest(grid: &Grid<'_, '_>, readings: &mut [Reading], others: &[Reading], margin: u64) {
    let mut others = others.iter().peekable();
    for reading in readings {
        while others.next_if(|other| other.row < reading.row).is_some() {}
        let other = others.next_if(|other| other.row == reading.row);
        let is_same = other.is_some_and(|other| grid.is_same(&reading.cells, &other.cells));
        if !is_same && margin < reading.margin {
            reading.margin = margin;
            reading.other = other.map(|other| other.cells.clone());
        }
    }
}

impl<'f, 't> Grid<'f, 't> {
    /// The rows of a grid under a header.
    pub(crate) fn new(columns: &'f Columns, rows: &'f [&'f Row<'t>], rule: &GridRule) -> Self {
        let expected = Expected::of(rows, columns, rule);
        let weigh = |cell: &Cell<'t>| (!cell.is_blank()).then(|| weigh(cell, columns, rule, &expected));
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

    /// The grid with what the places of its texts say, for layouts that keep
    /// cells in their columns.
    fn placed(&self) -> Self {
        let places = Places::of(self.rows, self.columns);
        let mut evidence = self.evidence.clone();
        for (row, evidence) in self.rows.iter().zip(&mut evidence) {
            for (cell, evidence) in row.cells.iter().zip(evidence) {
                evidence.iter_mut().for_each(|evidence| places.tell(cell, self.columns, evidence));
            }
        }
        Grid { columns: self.columns, rows: self.rows, evidence, live: self.live.clone() }
    }

    /// A cell of the grid.
    pub(crate) fn cell(&self, id: CellId) -> &'f Cell<'t> {
        &self.rows[id.row as usize].cells[id.cell as usize]
    }

    /// What the cells of each role are like.
    pub(crate) fn shapes(&self, align: Align) -> Vec<Shape> {
        shapes(self.rows, self.columns, align)
    }

    /// The same as a reading of the grid has them.
    pub(crate) fn shapes_of(&self, readings: &[Reading]) -> Vec<Shape> {
        let cells =
            |role: usize| readings.iter().map(move |reading| reading.cells[role].map(|id| self.cell(id)));
        let roles = 0..self.columns.roles.len();
        roles.map(|role| Shape::of(self.columns, role, cells(role))).collect()
    }

    /// Whether two readings of a row find the same texts, in whatever cells. The
    /// groups of a side that has no indicator in this row do not matter.
    pub(crate) fn is_same(&self, one: &[Option<CellId>], other: &[Option<CellId>]) -> bool {
        let text = |cells: &[Option<CellId>], role: usize| cells[role].map(|id| &self.cell(id).text);
        let is_same = |role: usize| text(one, role) == text(other, role);
        if one.is_empty() || other.is_empty() || self.columns.sides.len() == 1 {
            return one.len() == other.len() && (0..one.len()).all(is_same);
        }
        self.columns.sides.iter().enumerate().all(|(side, Side { groups, .. })| {
            let own = || (0..one.len()).filter(move |&role| self.columns.side(role) == Some(side));
            let is_blank = own().all(|role| one[role].or(other[role]).is_none());
            own().all(is_same)
                && (is_blank || groups.iter().all(|&group| is_same(self.columns.groups[group].role)))
        })
    }

    /// What is known of a cell; nothing for a blank one.
    pub(crate) fn evidence(&self, id: CellId) -> Option<&Evidence> {
        self.evidence[id.row as usize][id.cell as usize].as_ref()
    }

    /// The cost of reading a cell as an indicator of a side whose groups are
    /// these.
    pub(crate) fn as_indicator(&self, cell: Option<CellId>, side: usize, current: &[Option<CellId>]) -> u32 {
        let inner = self.columns.sides[side].groups.last().and_then(|&group| current[group]);
        let parent = inner.filter(|id| !id.is_gone()).and_then(|id| self.evidence(id));
        cell.and_then(|id| self.evidence(id))
            .map_or(BLANK_INDICATOR, |evidence| evidence.as_indicator(parent))
    }

    /// Whether a level cell prints again the word of the group that it ends,
    /// within the same outer group.
    pub(crate) fn is_repeated(
        &self,
        before: Option<CellId>,
        start: &Start,
        group: usize,
        cell: Option<CellId>,
    ) -> bool {
        let text = |id: CellId| &self.cell(id).text;
        self.columns.is_outermost(start, group)
            && match (before, cell) {
                (Some(before), Some(cell)) if !before.is_gone() => text(before) == text(cell),
                _ => false,
            }
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

    /// Whether a row says itself that it is none of the grid; a row that begins
    /// with a level word does not.
    pub(crate) fn is_note(&self, row: usize) -> bool {
        !self.begins_with_word(row) && is_note(self.rows[row], self.columns)
    }

    /// How many live columns a cell covers.
    pub(crate) fn breadth(&self, cell: &Cell<'_>) -> usize {
        let end = cell.column + cell.colspan;
        self.live.iter().filter(|&&column| (cell.column..end).contains(&column)).count()
    }
}

#[cfg(test)]
mod tests;

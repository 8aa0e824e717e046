//! Grids laid out in slots: every row has a cell for every column, and slots
//! covered from above are blank, or repeat the text that covers them.
//!
//! A slot with text is covered by nothing (unless it repeats). A blank slot is
//! covered by a level cell above it, or is a blank cell of the row's own. The
//! row's own cells stand in the free slots from left to right; what finds no
//! slot was cut off.

use super::columns::{Role, WIDEST};
use super::cost::{
    BLANK_LEVEL, BLANK_ROW, BLANK_VALUE, EXTRA_CELL, LOST_CELL, NEW_GROUP, NO_GROUP, REPEATED_WORD,
    WRONG_SPAN, WRONG_SPAN_ROW,
};
use super::lattice::{Cover, Lattice, State, Step, Ways};
use super::{CellId, Grid};

/// Searches all readings of a grid in slots.
pub(crate) fn search(grid: &Grid<'_, '_>, repeats: bool) -> Lattice {
    let widest =
        grid.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + cell.colspan - 1);
    let width = widest.max().unwrap_or(0).max(grid.columns.width).min(WIDEST);
    let mut lattice = Lattice::new(grid.columns.leaf());
    for row in 0..grid.rows.len() {
        let slots = Slots { grid, row, width, repeats };
        lattice.grow(row as u32, |state, ways| slots.read(state, ways));
    }
    lattice
}

/// One row to be read.
struct Slots<'g, 'f, 't> {
    grid: &'g Grid<'f, 't>,
    row: usize,
    width: u32,
    repeats: bool,
}

impl Slots<'_, '_, '_> {
    /// Lists the ways to read the row after a state.
    fn read(&self, state: &State, ways: &mut Ways) {
        // A blank row is nothing, or all of its cells fell off the edge.
        if self.grid.rows[self.row].filled().next().is_none() {
            ways.push(Step { state: state.clone(), cost: BLANK_ROW, ..Step::default() });
        }
        // The cells above that can reach into this row: theirs is a slot that
        // shows what a covered slot shows.
        let can: Vec<&Cover> = state.covers.iter().filter(|cover| self.can_cover(cover)).collect();
        for choice in 0..1_u32 << can.len().min(8) {
            let chosen = can.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1);
            let covers: Vec<Cover> = chosen.map(|(_, cover)| **cover).collect();
            for start in 0..=self.grid.columns.leaf() {
                if let Some(step) = self.step(state, &covers, start, ways.budget()) {
                    ways.push(step);
                }
            }
        }
    }

    /// Reads the row with these covered slots, as beginning a group at `start`;
    /// nothing if that costs more than the budget.
    fn step(&self, state: &State, covers: &[Cover], start: usize, budget: u32) -> Option<Step> {
        let columns = &self.grid.columns;
        let row = self.grid.rows[self.row];
        let mut cost = self.spans(state, covers, start);
        if cost > budget {
            return None;
        }
        let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
        let mut current = state.current.clone();
        let mut lost = Vec::new();
        let mut extra = Vec::new();
        let mut next: Vec<Cover> = covers
            .iter()
            .map(|cover| Cover { stale: cover.stale || cover.level as usize >= start, ..*cover })
            .collect();
        for (level, cell) in current.iter().enumerate().take(start) {
            if let (Some(role), Some(cell)) = (columns.level(level), cell.filter(|cell| !cell.is_gone())) {
                cells[role] = Some(cell);
            }
        }

        let mut free = (1..=self.width).filter(|column| !covers.iter().any(|cover| cover.column == *column));
        for role in columns.own(start) {
            let Some(column) = free.next() else {
                lost.push(role);
                cost += LOST_CELL;
                if let Role::Level(level) = columns.roles[role]
                    && level < columns.leaf()
                {
                    current[level] = Some(CellId::gone(self.row));
                }
                continue;
            };
            let at = row.cells.iter().position(|cell| cell.column == column);
            let cell = at.map(|cell| CellId { row: self.row as u32, cell: cell as u32 });
            let evidence = at.and_then(|at| self.grid.evidence[self.row][at].as_ref());
            match columns.roles[role] {
                Role::Level(level) if level < columns.leaf() => {
                    cost += evidence.map_or(BLANK_LEVEL, |evidence| evidence.level[level]);
                    cost += if self.is_repeated(state, start, level, cell) { REPEATED_WORD } else { 0 };
                    let filled = cell.filter(|_| evidence.is_some());
                    current[level] = Some(filled.unwrap_or(CellId::gone(self.row)));
                    if let Some(cell) = filled {
                        next.push(Cover { column, cell, level: level as u32, stale: false, end: 0 });
                    }
                }
                Role::Level(_) => cost += self.grid.as_indicator(cell, &current),
                Role::Column(column) if column == columns.target => {
                    cost += evidence.map_or(BLANK_VALUE, |evidence| evidence.value)
                }
                Role::Column(_) | Role::Unknown(_) => {}
            }
            cells[role] = cell.filter(|_| evidence.is_some());
            if cost > budget {
                return None;
            }
        }
        for column in free {
            if let Some(at) = row.cells.iter().position(|cell| cell.column == column && !cell.is_blank()) {
                cost += EXTRA_CELL;
                extra.push(CellId { row: self.row as u32, cell: at as u32 });
            }
        }
        next.sort_by_key(|cover| (cover.column, cover.cell));
        Some(Step { state: State { current, covers: next }, cost, start, cells, lost, extra })
    }

    /// What the spans cost that these covered slots mean for a row that begins
    /// a group at `start`.
    fn spans(&self, state: &State, covers: &[Cover], start: usize) -> u32 {
        let mut cost = NEW_GROUP * (self.grid.columns.leaf() - start) as u32;
        for cover in covers.iter().filter(|cover| cover.level as usize >= start) {
            cost += WRONG_SPAN_ROW + if cover.stale { 0 } else { WRONG_SPAN };
        }
        for cell in &state.current[..start] {
            let Some(cell) = cell else {
                cost += NO_GROUP;
                continue;
            };
            if !cell.is_gone() && !covers.iter().any(|cover| cover.cell == *cell) {
                let was_covered = state.covers.iter().any(|cover| cover.cell == *cell);
                cost += WRONG_SPAN_ROW + if was_covered { WRONG_SPAN } else { 0 };
            }
        }
        cost
    }

    fn can_cover(&self, cover: &Cover) -> bool {
        let here = self.grid.rows[self.row].cells.iter().find(|cell| cell.column == cover.column);
        let Some(here) = here.filter(|cell| !cell.is_blank()) else { return !self.repeats };
        let above = &self.grid.rows[cover.cell.row as usize].cells[cover.cell.cell as usize];
        self.repeats && above.text == here.text
    }

    /// Whether a level cell prints again the word of the group that it ends,
    /// within the same outer group.
    fn is_repeated(&self, state: &State, start: usize, level: usize, cell: Option<CellId>) -> bool {
        let text = |id: CellId| &self.grid.rows[id.row as usize].cells[id.cell as usize].text;
        level == start
            && match (state.current[level], cell) {
                (Some(before), Some(cell)) if !before.is_gone() => text(before) == text(cell),
                _ => false,
            }
    }
}

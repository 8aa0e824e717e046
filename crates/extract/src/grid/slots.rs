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
    VALUE_WITHOUT_INDICATOR, WRONG_SPAN, WRONG_SPAN_ROW, stray,
};
use super::lattice::{Cover, Lattice, State, Step, Ways};
use super::{CellId, Grid};

/// Searches all readings of a grid in slots.
pub(crate) fn search(grid: &Grid<'_, '_>, repeats: bool) -> Lattice {
    let mut lattice = Lattice::new(grid.columns.leaf());
    for row in 0..grid.rows.len() {
        let mut here = vec![None; WIDEST as usize + 1];
        for at in grid.own(row) {
            here[grid.rows[row].cells[at].column as usize] =
                Some(CellId { row: row as u32, cell: at as u32 });
        }
        let is_blank = grid.rows[row].filled().next().is_none();
        let stray = if is_blank { BLANK_ROW } else { stray(grid, row, false) };
        let slots = Slots { grid, row, here, repeats };
        lattice.grow(row as u32, |state, ways| {
            slots.read(state, ways);
            ways.push(Step::stray(state, stray));
        });
    }
    lattice
}

/// One row to be read.
struct Slots<'g, 'f, 't> {
    grid: &'g Grid<'f, 't>,
    row: usize,
    /// The cell that stands in each column.
    here: Vec<Option<CellId>>,
    repeats: bool,
}

impl Slots<'_, '_, '_> {
    /// Lists the ways to read the row after a state.
    fn read(&self, state: &State, ways: &mut Ways) {
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
        let mut cost = self.spans(state, covers, start);
        if cost > budget {
            return None;
        }
        let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
        let mut current = state.current.clone();
        let mut lost = Vec::new();
        let mut next: Vec<Cover> = covers
            .iter()
            .map(|cover| Cover { stale: cover.stale || cover.level as usize >= start, ..*cover })
            .collect();
        for (level, cell) in current.iter().enumerate().take(start) {
            if let (Some(role), Some(cell)) = (columns.level(level), cell.filter(|cell| !cell.is_gone())) {
                cells[role] = Some(cell);
            }
        }

        let live = self.grid.live.iter().copied();
        let mut free = live.filter(|column| !covers.iter().any(|cover| cover.column == *column));
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
            let cell = self.here[column as usize];
            let evidence = cell.and_then(|id| self.grid.evidence(id));
            match columns.roles[role] {
                Role::Level(level) if level < columns.leaf() => {
                    cost += evidence.map_or(BLANK_LEVEL, |evidence| evidence.level[level]);
                    cost += if self.is_repeated(state, start, level, cell) { REPEATED_WORD } else { 0 };
                    let filled = cell.filter(|_| evidence.is_some());
                    current[level] = Some(filled.unwrap_or(CellId::gone(self.row)));
                    if let Some(cell) = filled {
                        next.push(Cover { column, cell, level: level as u32, stale: false });
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
            let is_filled = self.here[column as usize].is_some_and(|id| self.grid.evidence(id).is_some());
            cost += if is_filled { EXTRA_CELL } else { 0 };
        }
        let filled = |role: Option<usize>| role.is_some_and(|role| cells[role].is_some());
        if filled(columns.value()) && !filled(columns.level(columns.leaf())) {
            cost += VALUE_WITHOUT_INDICATOR;
        }
        next.sort_by_key(|cover| (cover.column, cover.cell));
        Some(Step { state: State { current, covers: next }, cost, start, cells, lost })
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
        let here = self.here[cover.column as usize].filter(|id| self.grid.evidence(*id).is_some());
        let Some(here) = here else { return !self.repeats };
        self.repeats && self.grid.cell(cover.cell).text == self.grid.cell(here).text
    }

    /// Whether a level cell prints again the word of the group that it ends,
    /// within the same outer group.
    fn is_repeated(&self, state: &State, start: usize, level: usize, cell: Option<CellId>) -> bool {
        let text = |id: CellId| &self.grid.cell(id).text;
        level == start
            && match (state.current[level], cell) {
                (Some(before), Some(cell)) if !before.is_gone() => text(before) == text(cell),
                _ => false,
            }
    }
}

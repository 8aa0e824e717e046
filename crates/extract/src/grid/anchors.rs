//! Grids given as source rows: each row lists its own cells and no covered
//! slots, with declared spans (HTML) or without (covered slots were dropped).
//!
//! How many cells a row has says at which level it begins; the declared spans
//! say the same, unless they are wrong.

use super::columns::Role;
use super::cost::{
    BLANK_LEVEL, BLANK_VALUE, CONTINUED_DROPPED, CONTINUED_LEVEL, EXTRA_CELL, MISSING_CELL, NEW_GROUP,
    NO_GROUP, VALUE_WITHOUT_INDICATOR, WRONG_SPAN, WRONG_SPAN_ROW, stray,
};
use super::lattice::{Lattice, State, Step};
use super::{CellId, Grid};

/// Searches all readings of a grid in source rows.
pub(crate) fn search(grid: &Grid<'_, '_>, spanned: bool) -> Lattice {
    let mut lattice = Lattice::new(grid.columns.leaf());
    let mut above = None;
    for row in 0..grid.rows.len() {
        if grid.rows[row].filled().next().is_none() {
            continue;
        }
        let rows = Rows { grid, row, above, spanned };
        let stray = stray(grid, row, spanned);
        lattice.grow(row as u32, |state, ways| {
            for start in 0..=grid.columns.leaf() {
                if let Some(step) = rows.step(state, start, ways.budget()) {
                    ways.push(step);
                }
            }
            ways.push(Step::stray(state, stray));
        });
        above = Some(row);
    }
    lattice
}

/// One row to be read.
struct Rows<'g, 'f, 't> {
    grid: &'g Grid<'f, 't>,
    row: usize,
    /// The filled row above, if there is one.
    above: Option<usize>,
    spanned: bool,
}

impl Rows<'_, '_, '_> {
    /// Reads the row as beginning a group at `start`; nothing if that costs
    /// more than the budget.
    fn step(&self, state: &State, start: usize, budget: u32) -> Option<Step> {
        let Rows { grid, row, spanned, .. } = *self;
        let columns = grid.columns;
        let source = grid.rows[row];
        let mut cost = NEW_GROUP * (columns.leaf() - start) as u32 + self.spans(state, start);
        if cost > budget {
            return None;
        }
        let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
        let mut current = state.current.clone();
        for (level, cell) in current.iter().enumerate().take(start) {
            if let (Some(role), Some(cell)) = (columns.level(level), cell.filter(|cell| !cell.is_gone())) {
                cells[role] = Some(cell);
            }
        }

        // Dropped slots leave blanks at the end of the row; a source row has none.
        let blanks = source.cells.iter().rev().take_while(|cell| cell.is_blank()).count();
        let count = source.cells.len() - if spanned { 0 } else { blanks };
        let mut own = grid.own(row).take_while(|&at| at < count);
        let mut roles = columns.own(start).peekable();
        let mut is_continued = true;
        while let Some(mut role) = roles.next() {
            let at = own.next();
            let cell = at.map(|at| CellId { row: row as u32, cell: at as u32 });
            let evidence = cell.and_then(|id| grid.evidence(id));
            let filled = cell.filter(|_| evidence.is_some());
            // A cell across several columns names the innermost level of them.
            for _ in 1..at.map_or(1, |at| grid.breadth(&source.cells[at])) {
                let is_level =
                    roles.peek().is_some_and(|role| matches!(columns.roles[*role], Role::Level(_)));
                match roles.next() {
                    Some(next) if is_level => role = next,
                    _ => break,
                }
            }
            cost += if at.is_none() && spanned { MISSING_CELL } else { 0 };
            match columns.roles[role] {
                Role::Level(level) if level < columns.leaf() => match (filled, state.current[level]) {
                    // A merge that was cut in two goes on with the group above.
                    (None, Some(above)) if is_continued && at.is_some() => {
                        cost += if spanned { CONTINUED_LEVEL } else { CONTINUED_DROPPED };
                        cells[role] = Some(above).filter(|above| !above.is_gone());
                        continue;
                    }
                    (None, _) => {
                        cost += BLANK_LEVEL;
                        current[level] = Some(CellId::gone(row));
                    }
                    (Some(_), _) => {
                        cost += evidence.map_or(0, |evidence| evidence.level[level]);
                        current[level] = filled;
                    }
                },
                Role::Level(_) => cost += grid.as_indicator(filled, &current),
                Role::Column(column) if column == columns.target => {
                    cost += evidence.map_or(BLANK_VALUE, |evidence| evidence.value);
                }
                Role::Column(_) | Role::Unknown(_) => {}
            }
            cells[role] = filled;
            is_continued = false;
            if cost > budget {
                return None;
            }
        }
        for at in own {
            cost += match source.cells[at].is_blank() {
                false => EXTRA_CELL,
                true if spanned => MISSING_CELL,
                true => 0,
            };
        }
        let filled = |role: Option<usize>| role.is_some_and(|role| cells[role].is_some());
        if filled(columns.value()) && !filled(columns.level(columns.leaf())) {
            cost += VALUE_WITHOUT_INDICATOR;
        }
        Some(Step { state: State { current, covers: Vec::new() }, cost, start, cells, lost: Vec::new() })
    }

    /// What the declared spans cost if the row begins a group at `start`.
    fn spans(&self, state: &State, start: usize) -> u32 {
        let row = self.row as u32;
        let mut cost = 0;
        for (level, cell) in state.current.iter().enumerate() {
            let Some(cell) = cell else {
                cost += if level < start { NO_GROUP } else { 0 };
                continue;
            };
            if cell.is_gone() || !self.spanned {
                continue;
            }
            let end = cell.row + self.grid.cell(*cell).rowspan;
            if level >= start && end > row {
                cost += WRONG_SPAN + WRONG_SPAN_ROW * (end - row).min(4);
            } else if level < start && end <= row {
                // The first row that it should cover and does not.
                let is_first = self.above.is_none_or(|above| (above as u32) < end);
                cost += WRONG_SPAN_ROW + if is_first { WRONG_SPAN } else { 0 };
            }
        }
        cost
    }
}

//! Grids given as source rows: each row lists its own cells and no covered
//! slots, with declared spans (HTML) or without (covered slots were dropped).
//!
//! How many cells a row has says at which level it begins; the declared spans
//! say the same, unless they are wrong.

use super::columns::Role;
use super::cost::{
    BLANK_LEVEL, BLANK_VALUE, EXTRA_CELL, MISSING_CELL, NEW_GROUP, NO_GROUP, WRONG_SPAN, WRONG_SPAN_ROW,
};
use super::lattice::{Cover, Lattice, State, Step};
use super::{CellId, Grid};

/// Searches all readings of a grid in source rows.
pub(crate) fn search(grid: &Grid<'_, '_>, spanned: bool) -> Lattice {
    let mut lattice = Lattice::new(grid.columns.leaf());
    for row in 0..grid.rows.len() {
        if grid.rows[row].filled().next().is_none() {
            continue;
        }
        lattice.grow(row as u32, |state, ways| {
            for start in 0..=grid.columns.leaf() {
                ways.push(step(grid, row, state, start, spanned));
            }
        });
    }
    lattice
}

/// Reads a row as beginning a group at `start`.
fn step(grid: &Grid<'_, '_>, row: usize, state: &State, start: usize, spanned: bool) -> Step {
    let columns = &grid.columns;
    let source = grid.rows[row];
    let mut cost = NEW_GROUP * (columns.leaf() - start) as u32;
    let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
    let mut current = state.current.clone();
    let mut next: Vec<Cover> = Vec::new();
    let mut extra = Vec::new();

    for cover in &state.covers {
        let ended = cover.level as usize >= start;
        let covered = cover.end > row as u32;
        if covered && ended {
            cost += WRONG_SPAN_ROW + if cover.stale { 0 } else { WRONG_SPAN };
        } else if spanned && !covered && !ended && !cover.stale {
            cost += WRONG_SPAN;
        }
        if covered {
            next.push(Cover { stale: cover.stale || ended, ..*cover });
        }
    }
    for (level, cell) in current.iter().enumerate().take(start) {
        match cell {
            None => cost += NO_GROUP,
            Some(cell) if cell.is_gone() => {}
            Some(cell) => {
                if spanned && !next.iter().any(|cover| cover.cell == *cell) {
                    cost += WRONG_SPAN_ROW;
                }
                if let Some(role) = columns.level(level) {
                    cells[role] = Some(*cell);
                }
            }
        }
    }

    // Dropped slots leave blanks at the end of the row; a source row has none.
    let count = source.cells.len();
    let filled = count - source.cells.iter().rev().take_while(|cell| cell.is_blank()).count();
    let mut own = 0..if spanned { count } else { filled };
    for role in columns.own(start) {
        let at = own.next();
        let cell = at.map(|at| CellId { row: row as u32, cell: at as u32 });
        let evidence = at.and_then(|at| grid.evidence[row][at].as_ref());
        if at.is_none() && spanned {
            cost += MISSING_CELL;
        }
        match columns.roles[role] {
            Role::Level(level) if level < columns.leaf() => {
                cost += evidence.map_or(BLANK_LEVEL, |evidence| evidence.level[level]);
                let filled = cell.filter(|_| evidence.is_some());
                current[level] = Some(filled.unwrap_or(CellId::gone(row)));
                if let (Some(cell), Some(at)) = (filled, at) {
                    let anchor = &source.cells[at];
                    let end = if spanned { row as u32 + anchor.rowspan } else { 0 };
                    next.push(Cover { column: anchor.column, cell, level: level as u32, stale: false, end });
                }
            }
            Role::Level(_) => cost += grid.as_indicator(cell, &current),
            Role::Column(column) if column == columns.target => {
                cost += evidence.map_or(BLANK_VALUE, |evidence| evidence.value)
            }
            Role::Column(_) | Role::Unknown(_) => {}
        }
        cells[role] = cell.filter(|_| evidence.is_some());
    }
    for at in own {
        if !source.cells[at].is_blank() {
            cost += EXTRA_CELL;
            extra.push(CellId { row: row as u32, cell: at as u32 });
        } else if spanned {
            cost += MISSING_CELL;
        }
    }
    next.sort_by_key(|cover| (cover.column, cover.cell));
    Step { state: State { current, covers: next }, cost, start, cells, lost: Vec::new(), extra }
}

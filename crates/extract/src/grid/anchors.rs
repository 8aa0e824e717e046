//! Grids given as source rows: each row lists its own cells and no covered
//! slots, with declared spans (HTML) or without (covered slots were dropped).
//!
//! How many cells a row has says at which level it begins; the declared spans
//! say the same, unless they are wrong.

use super::columns::{Group, Role, SIDES, Start};
use super::cost::{
    CONTINUED_DROPPED, CONTINUED_LEVEL, EXTRA_CELL, MISSING_CELL, NEW_GROUP, NO_GROUP, REPEATED_WORD,
    RowCost, SPAN_IN_LEAF, WRONG_SPAN, WRONG_SPAN_ROW, blank_group, stray,
};
use super::evidence::{Align, Shape};
use super::lattice::{Lattice, State, Step};
use super::{CellId, Grid};

/// Searches all readings of a grid in source rows.
pub(crate) fn search(grid: &Grid<'_, '_>, spanned: bool) -> Lattice {
    if spanned {
        return search_with(grid, &grid.shapes(Align::Right), true);
    }
    let lattice = search_with(grid, &grid.shapes(Align::Last), false);
    // Where covered slots are dropped, only a reading shows what the further
    // columns are like: read once more, knowing that.
    if !grid.columns.roles.iter().any(|role| matches!(role, Role::Column(..))) {
        return lattice;
    }
    let shapes = grid.shapes_of(&lattice.readings(|one, other| grid.is_same(one, other)));
    drop(lattice);
    search_with(grid, &shapes, false)
}

fn search_with(grid: &Grid<'_, '_>, shapes: &[Shape], spanned: bool) -> Lattice {
    let mut lattice = Lattice::new(grid.columns, grid.rows.len());
    let mut above = None;
    for row in 0..grid.rows.len() {
        if grid.rows[row].filled().next().is_none() {
            continue;
        }
        let rows = Rows { grid, shapes, row, above, spanned };
        let stray = stray(grid, row, spanned);
        lattice.grow(row as u32, |state, ways| {
            let starts = grid.columns.starts.iter();
            let spans = starts.map(|start| NEW_GROUP * start.count + rows.spans(state, start)).collect();
            let mut step = Step::default();
            for (start, spans) in ways.choose(spans) {
                step.begin(state, start, spans);
                if rows.read(state, ways.budget(), &mut step) {
                    ways.push(&step);
                }
            }
            ways.push(step.stray(state, stray));
        });
        above = Some(row);
    }
    lattice
}

/// One row to be read.
struct Rows<'g, 'f, 't> {
    grid: &'g Grid<'f, 't>,
    /// What the cells of each role are like.
    shapes: &'g [Shape],
    row: usize,
    /// The filled row above, if there is one.
    above: Option<usize>,
    spanned: bool,
}

impl Rows<'_, '_, '_> {
    /// Reads the row as beginning groups in the way of this step; `false` if
    /// that costs more than the budget.
    fn read(&self, state: &State, budget: u32, step: &mut Step) -> bool {
        let Rows { grid, row, spanned, .. } = *self;
        let columns = grid.columns;
        let Step { state: State { current, .. }, cells, .. } = step;
        let start = &columns.starts[step.start];
        let source = grid.rows[row];
        // What spans cost so far.
        let mut beside = step.cost;
        if beside > budget {
            return false;
        }
        let mut cost = RowCost::default();
        cells.resize(columns.roles.len(), None);
        for (group, cell) in current.iter().enumerate().filter(|(group, _)| !start.begins[*group]) {
            cells[columns.groups[group].role] = cell.filter(|cell| !cell.is_gone());
        }

        // Dropped slots leave blanks at the end of the row; a source row has none.
        let blanks = source.cells.iter().rev().take_while(|cell| cell.is_blank()).count();
        let count = source.cells.len() - if spanned { 0 } else { blanks };
        let mut own = grid.own(row).take_while(|&at| at < count);
        let mut roles = start.own.iter().copied().peekable();
        let mut goes_on = [true; SIDES];
        while let Some(mut role) = roles.next() {
            let at = own.next();
            let cell = at.map(|at| CellId { row: row as u32, cell: at as u32 });
            let evidence = cell.and_then(|id| grid.evidence(id));
            let filled = cell.filter(|_| evidence.is_some());
            // A cell across several columns names the innermost level of them.
            for _ in 1..at.map_or(1, |at| grid.breadth(&source.cells[at])) {
                let is_level =
                    |role: &usize| matches!(columns.roles[*role], Role::Group(_) | Role::Indicator(_));
                match roles.next_if(is_level) {
                    Some(next) => role = next,
                    None => break,
                }
            }
            let missing = if at.is_none() && spanned { MISSING_CELL } else { 0 };
            match columns.roles[role] {
                Role::Group(group) => {
                    let Group { side, level, .. } = columns.groups[group];
                    let blank = blank_group(&columns.groups[group]);
                    let goes_on = &mut goes_on[side.unwrap_or(0)];
                    *goes_on &= filled.is_none();
                    let above = state.current[group].filter(|_| *goes_on);
                    match (filled, above) {
                        // A merge that was cut in two goes on with the group above.
                        (None, Some(above)) if at.is_some() => {
                            cost.add(side, false, if spanned { CONTINUED_LEVEL } else { CONTINUED_DROPPED });
                            cells[role] = Some(above).filter(|above| !above.is_gone());
                            continue;
                        }
                        (None, _) => {
                            cost.add(side, false, missing + blank);
                            current[group] = Some(CellId::gone(row));
                        }
                        (Some(_), _) => {
                            cost.add(side, true, evidence.map_or(0, |evidence| evidence.level[level]));
                            let is_repeated =
                                !spanned && grid.is_repeated(current[group], start, group, filled);
                            beside += if is_repeated { REPEATED_WORD } else { 0 };
                            current[group] = filled;
                        }
                    }
                }
                Role::Indicator(side) => {
                    cost.add(
                        Some(side),
                        filled.is_some(),
                        missing + grid.as_indicator(filled, side, current),
                    );
                }
                Role::Value(side) => {
                    // A blank cell at the end may have been left out.
                    let value =
                        evidence.map_or(self.shapes[role].blank + missing / 4, |evidence| evidence.value);
                    cost.add(Some(side), filled.is_some(), value);
                }
                Role::Column(_, side) => {
                    cost.add(Some(side), filled.is_some(), missing / 4 + self.shapes[role].cost(evidence));
                }
                Role::Unknown => beside += missing,
            }
            let is_leaf = matches!(columns.roles[role], Role::Indicator(_) | Role::Value(_));
            let spans = at.is_some_and(|at| spanned && source.cells[at].rowspan > 1);
            beside += if is_leaf && spans { SPAN_IN_LEAF } else { 0 };
            cells[role] = filled;
            if beside + cost.so_far() > budget {
                return false;
            }
        }
        for at in own {
            beside += match source.cells[at].is_blank() {
                false => EXTRA_CELL,
                true if spanned => MISSING_CELL,
                true => 0,
            };
        }
        step.cost = beside + cost.total(columns, cells);
        true
    }

    /// What the declared spans cost if the row begins groups in this way.
    fn spans(&self, state: &State, start: &Start) -> u32 {
        let row = self.row as u32;
        let mut cost = 0;
        for (cell, &begins) in state.current.iter().zip(&start.begins) {
            let Some(cell) = cell else {
                cost += if begins { 0 } else { NO_GROUP };
                continue;
            };
            if cell.is_gone() || !self.spanned {
                continue;
            }
            let end = cell.row + self.grid.cell(*cell).rowspan;
            if begins && end > row {
                cost += WRONG_SPAN + WRONG_SPAN_ROW * (end - row).min(4);
            } else if !begins && end <= row {
                // The first row that it should cover and does not.
                let is_first = self.above.is_none_or(|above| (above as u32) < end);
                cost += WRONG_SPAN_ROW + if is_first { WRONG_SPAN } else { 0 };
            }
        }
        cost
    }
}

//! Grids laid out in slots: every row has a cell for every column, and slots
//! covered from above are blank, or repeat the text that covers them.
//!
//! A slot with text is covered by nothing (unless it repeats). A blank slot is
//! covered by a level cell above it, or is a blank cell of the row's own. The
//! row's own cells stand in the free slots from left to right; what finds no
//! slot was cut off.

use super::columns::{Group, Role, SIDES, Start, WIDEST};
use super::cost::{
    BLANK_ROW, CONTINUED_BLANKED, CONTINUED_LEVEL, EXTRA_CELL, LONE_NAME_WITHOUT_VALUE, LOST_CELL, NEW_GROUP,
    NO_GROUP, REPEATED_INDICATOR, REPEATED_SLOT, REPEATED_WORD, RowCost, WRONG_SPAN, WRONG_SPAN_ROW,
    blank_group, stray,
};
use super::evidence::{Align, Shape};
use super::lattice::{Cover, Lattice, State, Step, Ways};
use super::{CellId, Grid};

/// The most cells above of which each may cover a slot of a row or not.
const MOST_COVERS: usize = 8;

/// Searches all readings of a grid in slots.
pub(crate) fn search(grid: &Grid<'_, '_>, repeats: bool) -> Lattice {
    // Rows that a wrong span shifted hide what the columns are like, and most of
    // all how many values are blank: few, until a reading shows more.
    let shapes = grid.shapes(Align::Home).into_iter().zip(&grid.columns.roles);
    let shapes: Vec<Shape> = shapes.map(|(shape, role)| shape.if_filled(*role)).collect();
    let lattice = search_with(grid, &shapes, repeats);
    let shown = grid.shapes_of(&lattice.readings(|one, other| grid.is_same(one, other)));
    if shown == shapes || lattice.is_narrow() {
        return lattice;
    }
    // Two of them at once are what a long grid has no room for.
    drop(lattice);
    search_with(grid, &shown, repeats)
}

fn search_with(grid: &Grid<'_, '_>, shapes: &[Shape], repeats: bool) -> Lattice {
    let mut lattice = Lattice::new(grid.columns, grid.rows.len());
    for row in 0..grid.rows.len() {
        let mut here = vec![None; WIDEST as usize + 1];
        for at in grid.own(row) {
            here[grid.rows[row].cells[at].column as usize] =
                Some(CellId { row: row as u32, cell: at as u32 });
        }
        let is_blank = grid.rows[row].filled().next().is_none();
        let stray = if is_blank { BLANK_ROW } else { stray(grid, row, false) };
        let slots = Slots { grid, shapes, row, here, repeats };
        lattice.grow(row as u32, |state, ways| {
            let mut step = Step::default();
            slots.read_all(state, ways, &mut step);
            ways.push(step.stray(state, stray));
        });
    }
    lattice
}

/// One row to be read.
struct Slots<'g, 'f, 't> {
    grid: &'g Grid<'f, 't>,
    /// What the cells of each role are like.
    shapes: &'g [Shape],
    row: usize,
    /// The cell that stands in each column.
    here: Vec<Option<CellId>>,
    repeats: bool,
}

impl Slots<'_, '_, '_> {
    /// Lists the ways to read the row after a state.
    fn read_all(&self, state: &State, ways: &mut Ways, step: &mut Step) {
        // The cells above that can reach into this row: theirs is a slot that
        // shows what a covered slot shows.
        let starts = self.grid.columns.starts.len();
        let choices = (ways.looks() / starts).clamp(1, 1 << MOST_COVERS);
        let can = state.covers.iter().filter(|cover| self.can_cover(cover)).take(choices.ilog2() as usize);
        let can: Vec<&Cover> = can.collect();
        for (at, spans) in ways.choose(self.spans(state, &can)) {
            let choice = at / starts;
            let chosen = can.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1);
            step.begin(state, at % starts, spans);
            step.state.covers.extend(chosen.map(|(_, cover)| **cover));
            if self.read(state, ways.budget(), step) {
                ways.push(step);
            }
        }
    }

    /// Reads the row with the covered slots of this step, as beginning groups in
    /// its way; `false` if that costs more than the budget.
    fn read(&self, state: &State, budget: u32, step: &mut Step) -> bool {
        let columns = &self.grid.columns;
        let Step { state: State { current, covers: next }, cells, lost, .. } = step;
        let start = &columns.starts[step.start];
        // What spans cost so far.
        let mut beside = step.cost;
        if beside > budget {
            return false;
        }
        let mut cost = RowCost::default();
        cells.resize(columns.roles.len(), None);
        let covered = next.iter().fold(0_u128, |covered, cover| covered | 1 << cover.column);
        for cover in &mut *next {
            cover.stale |= start.begins[cover.group as usize];
        }
        for (group, cell) in current.iter().enumerate().filter(|(group, _)| !start.begins[*group]) {
            cells[columns.groups[group].role] = cell.filter(|cell| !cell.is_gone());
        }

        let live = self.grid.live.iter().copied();
        let mut free = live.filter(|column| covered >> column & 1 == 0);
        let mut goes_on = [true; SIDES];
        let mut is_lone_name = [false; SIDES];
        for &role in &start.own {
            let Some(column) = free.next() else {
                lost.push(role);
                beside += LOST_CELL;
                if let Role::Group(group) = columns.roles[role] {
                    current[group] = Some(CellId::gone(self.row));
                }
                continue;
            };
            let cell = self.here[column as usize];
            let evidence = cell.and_then(|id| self.grid.evidence(id));
            let filled = cell.filter(|_| evidence.is_some());
            match columns.roles[role] {
                Role::Group(group) => {
                    let Group { side, level, .. } = columns.groups[group];
                    let goes_on = &mut goes_on[side.unwrap_or(0)];
                    *goes_on &= filled.is_none();
                    // A merge that was cut in two goes on with the group above.
                    if let (true, Some(above)) = (*goes_on, state.current[group].filter(|id| !id.is_gone())) {
                        cost.add(side, false, if self.repeats { CONTINUED_LEVEL } else { CONTINUED_BLANKED });
                        cells[role] = Some(above);
                        next.retain(|cover| cover.cell != above);
                        next.push(Cover { column, cell: above, group: group as u32, stale: false });
                        continue;
                    }
                    is_lone_name[side.unwrap_or(0)] |= evidence.is_some_and(|name| name.is_lone_name[level]);
                    cost.add(
                        side,
                        filled.is_some(),
                        evidence
                            .map_or(blank_group(&columns.groups[group]), |evidence| evidence.level[level]),
                    );
                    beside += if self.grid.is_repeated(state.current[group], start, group, cell) {
                        REPEATED_WORD
                    } else {
                        0
                    };
                    beside += if self.is_slot(state, column) { REPEATED_SLOT } else { 0 };
                    current[group] = Some(filled.unwrap_or(CellId::gone(self.row)));
                    // What a project does not have is blank in all of its rows.
                    let is_beside = columns.groups[group].is_beside;
                    if let Some(cell) = filled.or(cell.filter(|_| is_beside)) {
                        next.push(Cover { column, cell, group: group as u32, stale: false });
                    }
                }
                Role::Indicator(side) => {
                    cost.add(Some(side), filled.is_some(), self.grid.as_indicator(cell, side, current));
                    beside += if self.is_as_above(column, filled) { REPEATED_INDICATOR } else { 0 };
                }
                Role::Value(side) => {
                    let value = evidence.map_or(self.shapes[role].blank, |evidence| evidence.value);
                    cost.add(Some(side), filled.is_some(), value);
                    let is_odd = is_lone_name[side] && filled.is_none();
                    beside += if is_odd { LONE_NAME_WITHOUT_VALUE } else { 0 };
                }
                Role::Column(_, side) => {
                    cost.add(Some(side), filled.is_some(), self.shapes[role].cost(evidence));
                }
                Role::Unknown => {}
            }
            cells[role] = filled;
            if beside + cost.so_far() > budget {
                return false;
            }
        }
        for column in free {
            let is_filled = self.here[column as usize].is_some_and(|id| self.grid.evidence(id).is_some());
            beside += if is_filled { EXTRA_CELL } else { 0 };
        }
        next.sort_by_key(|cover| (cover.column, cover.cell));
        step.cost = beside + cost.total(columns, cells);
        true
    }

    /// What spans cost for each choice of these cells above to cover a slot, by
    /// its bits, and for each start: all starts of a choice, then of the next.
    fn spans(&self, state: &State, can: &[&Cover]) -> Vec<u32> {
        let starts = &self.grid.columns.starts;
        let mut costs: Vec<u32> = starts.iter().map(|start| uncovered(state, start)).collect();
        costs.reserve_exact(costs.len() * ((1 << can.len()) - 1));
        for choice in 1..1_usize << can.len() {
            let cover = can[choice.trailing_zeros() as usize];
            let group = cover.group as usize;
            let without = (choice & (choice - 1)) * starts.len();
            for (at, start) in starts.iter().enumerate() {
                let cost = costs[without + at];
                costs.push(match (start.begins[group], cover.stale) {
                    (true, true) => cost + WRONG_SPAN_ROW,
                    (true, false) => cost + WRONG_SPAN_ROW + WRONG_SPAN,
                    (false, _) if state.current[group] == Some(cover.cell) => {
                        cost - WRONG_SPAN_ROW - WRONG_SPAN
                    }
                    (false, _) => cost,
                });
            }
        }
        costs
    }

    /// Whether a cell above could cover the slot in this column, by its text.
    fn is_slot(&self, state: &State, column: u32) -> bool {
        self.repeats && state.covers.iter().any(|cover| cover.column == column && self.can_cover(cover))
    }

    /// Whether the row above has the same text in a column, in a layout that
    /// repeats what spans.
    fn is_as_above(&self, column: u32, cell: Option<CellId>) -> bool {
        let above = self.row.checked_sub(1).map(|above| self.grid.rows[above]);
        let above = above.and_then(|row| row.cells.iter().find(|cell| cell.column == column));
        self.repeats
            && cell.is_some_and(|id| above.is_some_and(|above| above.text == self.grid.cell(id).text))
    }

    fn can_cover(&self, cover: &Cover) -> bool {
        let here = self.here[cover.column as usize].filter(|id| self.grid.evidence(*id).is_some());
        let Some(here) = here else { return !self.repeats || self.grid.cell(cover.cell).is_blank() };
        self.repeats && self.grid.cell(cover.cell).text == self.grid.cell(here).text
    }
}

/// What spans cost for a row that begins groups in this way if no slot of it is
/// covered.
fn uncovered(state: &State, start: &Start) -> u32 {
    let mut cost = NEW_GROUP * start.count;
    for (cell, _) in state.current.iter().zip(&start.begins).filter(|(_, begins)| !**begins) {
        cost += match cell {
            None => NO_GROUP,
            Some(cell) if cell.is_gone() => 0,
            Some(cell) => {
                let was_covered = state.covers.iter().any(|cover| cover.cell == *cell);
                WRONG_SPAN_ROW + if was_covered { WRONG_SPAN } else { 0 }
            }
        };
    }
    cost
}

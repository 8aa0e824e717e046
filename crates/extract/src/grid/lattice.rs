//! All readings of a grid worth keeping, row by row, and the best one of them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::columns::Columns;
use super::{CellId, Reading};

/// The most states that are kept after each row, the cheapest first. A sound
/// grid needs one or two, and of damaged ones more than 24 never read a row of
/// the accuracy bench otherwise.
const WIDTH: usize = 32;

/// The fewest of them, however long the grid is.
const NARROWEST: usize = 2;

/// States that are kept for all rows together, so that a long grid made to have
/// as many readings as there can be costs no more than a long sound one.
const STATES: usize = 40_000;

/// Ways that are tried for all rows together: as above, for rows that can be
/// read in very many ways after each state. An ordinary row has a dozen.
const TRIES: usize = 300_000;

/// The fewest of them for a row, however long the grid is.
const FEWEST: usize = 8;

/// Of so many ways one is worth a try, or more.
const LOOKS: usize = 8;

/// In so many ways a row may begin in a grid of usual width; where there are
/// more, as in grids side by side, a state costs more, and fewer are kept.
const STARTS: usize = 16;

/// States this much costlier than the cheapest cannot come back: it is more
/// than what a row can say in favour of one reading.
const HORIZON: u64 = 120;

/// Rows between two times that ways are forgotten which led nowhere.
const FORGETFUL: usize = 64;

/// What the rows above mean for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct State {
    /// Per group column: the cell of the current group.
    pub(crate) current: Vec<Option<CellId>>,
    /// The cells that may cover a slot of the next row.
    pub(crate) covers: Vec<Cover>,
}

/// A cell that reaches down from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cover {
    pub(crate) column: u32,
    pub(crate) cell: CellId,
    pub(crate) group: u32,
    /// Whether the cell's group has ended: the span is too long.
    pub(crate) stale: bool,
}

/// One way to read one row. A row that is read as nothing has no cells at all.
/// Ways are tried by the million: one after the other takes its place here.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// What the row means for the next one.
    pub(crate) state: State,
    pub(crate) cost: u32,
    pub(crate) start: usize,
    pub(crate) cells: Vec<Option<CellId>>,
    pub(crate) lost: Vec<usize>,
}

/// The search over all rows, forward as it grows and backward at its end.
pub(crate) struct Lattice {
    layers: Vec<Layer>,
    /// The states that are kept after each row.
    width: usize,
    /// The ways that are tried for each row.
    tries: usize,
}

struct Layer {
    row: u32,
    /// The states after the row; only those of the last row are kept.
    states: Vec<Rc<State>>,
    /// The least cost from the first row to each state.
    forward: Vec<u64>,
    edges: Vec<Edge>,
}

/// The ways to read a row, as they are found.
pub(crate) struct Ways {
    layer: Layer,
    index: FxHashMap<Rc<State>, usize>,
    /// The state before the row, by its index, and the cost up to there.
    from: usize,
    spent: u64,
    /// The least cost up to and with this row, as far as it is known.
    least: u64,
    /// How many ways may still be tried.
    tries: usize,
}

impl Ways {
    /// How many ways may be looked at after a state.
    pub(crate) fn looks(&self) -> usize {
        LOOKS * self.tries
    }

    /// Of ways with these costs those that are worth a try, in their order: all
    /// that are within the budget, or the cheapest if those are too many.
    pub(crate) fn choose(&mut self, costs: Vec<u32>) -> Vec<(usize, u32)> {
        let budget = self.budget();
        let mut ways: Vec<_> = costs.into_iter().enumerate().filter(|(_, cost)| *cost <= budget).collect();
        if ways.len() > self.tries {
            ways.select_nth_unstable_by_key(self.tries, |(at, cost)| (*cost, *at));
            ways.truncate(self.tries);
            ways.sort_unstable();
        }
        self.tries -= ways.len();
        ways
    }

    /// What a way may cost: more than this, and it would not be kept.
    pub(crate) fn budget(&self) -> u32 {
        let most = self.least.saturating_add(HORIZON).saturating_sub(self.spent);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// Takes one way, unless it costs too much.
    pub(crate) fn push(&mut self, step: &Step) {
        let Ways { layer, index, from, spent, least, .. } = self;
        let cost = *spent + u64::from(step.cost);
        if cost > least.saturating_add(HORIZON) {
            return;
        }
        *least = cost.min(*least);
        let to = match index.get(&step.state) {
            Some(&to) => to,
            None => {
                let state = Rc::new(step.state.clone());
                index.insert(Rc::clone(&state), layer.states.len());
                layer.states.push(state);
                layer.forward.push(cost);
                layer.states.len() - 1
            }
        };
        layer.forward[to] = layer.forward[to].min(cost);
        layer.edges.push(Edge {
            from: *from,
            to,
            state: Rc::clone(&layer.states[to]),
            cost: step.cost,
            start: step.start,
            cells: step.cells.as_slice().into(),
            lost: step.lost.as_slice().into(),
        });
    }
}

/// A way that is kept.
struct Edge {
    from: usize,
    to: usize,
    /// Shared by all ways that mean it.
    state: Rc<State>,
    cost: u32,
    start: usize,
    cells: Box<[Option<CellId>]>,
    lost: Box<[usize]>,
}

impl Lattice {
    /// A lattice before its first row, for a grid of these columns with so many
    /// rows.
    pub(crate) fn new(columns: &Columns, rows: usize) -> Lattice {
        let state = Rc::new(State { current: vec![None; columns.groups.len()], covers: Vec::new() });
        let first = Layer { row: 0, states: vec![state], forward: vec![0], edges: Vec::new() };
        // What a state and a way cost grows with the starts.
        let share = |all: usize| all * STARTS / columns.starts.len().max(STARTS) / rows.max(1);
        let (width, tries) = (share(STATES).clamp(NARROWEST, WIDTH), share(TRIES).max(FEWEST));
        Lattice { layers: vec![first], width, tries }
    }

    /// Whether no fewer readings could be kept: a second look at so long a grid
    /// costs more than it could tell.
    pub(crate) fn is_narrow(&self) -> bool {
        self.width == NARROWEST
    }

    /// Grows the lattice by one row. `read` lists the ways to read it after a
    /// state.
    pub(crate) fn grow(&mut self, row: u32, read: impl Fn(&State, &mut Ways)) {
        let last = &self.layers[self.layers.len() - 1];
        let layer = Layer { row, states: Vec::new(), forward: Vec::new(), edges: Vec::new() };
        let (index, tries) = (FxHashMap::default(), self.tries);
        let mut ways = Ways { layer, index, from: 0, spent: 0, least: u64::MAX, tries };
        for (from, state) in last.states.iter().enumerate() {
            (ways.from, ways.spent) = (from, last.forward[from]);
            read(state, &mut ways);
        }
        ways.layer.prune(self.width);
        if let Some(last) = self.layers.last_mut() {
            last.states = Vec::new();
        }
        self.layers.push(ways.layer);
        if self.layers.len().is_multiple_of(FORGETFUL) {
            self.forget();
        }
    }

    /// Drops the ways to states that nothing came of: no reading of the whole
    /// grid goes through them, so nothing changes but the room they take. In a
    /// long grid that is nearly all of them.
    fn forget(&mut self) {
        let mut is_alive = self.layers.last().map_or(Vec::new(), |last| vec![true; last.forward.len()]);
        for depth in (1..self.layers.len()).rev() {
            let layer = &mut self.layers[depth];
            let count = layer.edges.len();
            layer.edges.retain(|edge| is_alive[edge.to]);
            layer.edges.shrink_to_fit();
            // What led to this layer was looked at when it was as it is now.
            if layer.edges.len() == count && depth + FORGETFUL < self.layers.len() {
                break;
            }
            let mut is_used = vec![false; self.layers[depth - 1].forward.len()];
            self.layers[depth].edges.iter().for_each(|edge| is_used[edge.from] = true);
            is_alive = is_used;
        }
    }

    /// The cost of the best reading of all rows.
    pub(crate) fn best_cost(&self) -> u64 {
        self.layers[self.layers.len() - 1].forward.iter().copied().min().unwrap_or(u64::MAX)
    }

    /// The best reading of all rows; for each row with the margin to the best
    /// reading of the whole grid that reads this row otherwise. Readings of a
    /// row are the `same` if they find the same texts, in whatever cells.
    pub(crate) fn readings(
        &self,
        same: impl Fn(&[Option<CellId>], &[Option<CellId>]) -> bool,
    ) -> Vec<Reading> {
        let best = self.best_cost();
        let mut readings = Vec::new();
        let last = &self.layers[self.layers.len() - 1];
        let mut backward: Vec<u64> = vec![0; last.forward.len()];
        // Ties go to the reading that was found first, so that equal input
        // gives equal output.
        let mut at = last.forward.iter().position(|&cost| cost == best);
        for depth in (1..self.layers.len()).rev() {
            let (above, layer) = (&self.layers[depth - 1], &self.layers[depth]);
            let total = |edge: &Edge| above.forward[edge.from] + u64::from(edge.cost) + backward[edge.to];
            let Some(chosen) = at.and_then(|at| {
                layer.edges.iter().filter(|edge| edge.to == at).min_by_key(|edge| total(edge))
            }) else {
                break;
            };
            let other = layer
                .edges
                .iter()
                .filter(|edge| {
                    // A blank cell is not the same as one that fell off the edge.
                    edge.lost.is_empty() != chosen.lost.is_empty() || !same(&edge.cells, &chosen.cells)
                })
                .min_by_key(|edge| total(edge));
            at = Some(chosen.from);
            if !chosen.is_stray() {
                readings.push(Reading {
                    row: layer.row,
                    start: chosen.start,
                    cells: chosen.cells.to_vec(),
                    lost: chosen.lost.to_vec(),
                    covers: chosen.covering(layer.row),
                    margin: other.map_or(u64::MAX, |other| total(other) - best),
                    other: other.map(|other| other.cells.to_vec()),
                });
            }
            let mut next: Vec<u64> = vec![u64::MAX / 4; above.forward.len()];
            for edge in &layer.edges {
                next[edge.from] = next[edge.from].min(u64::from(edge.cost) + backward[edge.to]);
            }
            backward = next;
        }
        readings.reverse();
        readings
    }
}

impl Step {
    /// Reads a row as none of the grid: it changes nothing.
    pub(crate) fn stray(&mut self, state: &State, cost: u32) -> &Step {
        self.begin(state, 0, cost);
        self.state.covers.clone_from(&state.covers);
        self
    }

    /// Begins another way after a state.
    pub(crate) fn begin(&mut self, state: &State, start: usize, cost: u32) {
        self.state.current.clone_from(&state.current);
        self.state.covers.clear();
        (self.start, self.cost) = (start, cost);
        self.cells.clear();
        self.lost.clear();
    }
}

impl Edge {
    fn is_stray(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells above that cover a slot of this row.
    fn covering(&self, row: u32) -> Vec<(CellId, u32, bool)> {
        let above = self.state.covers.iter().filter(|cover| cover.cell.row != row);
        above.map(|cover| (cover.cell, cover.column, cover.stale)).collect()
    }
}

impl Layer {
    /// Drops states that are too costly or too many, and renumbers what is left.
    fn prune(&mut self, width: usize) {
        let least = self.forward.iter().copied().min().unwrap_or(0);
        let mut order: Vec<usize> = (0..self.states.len())
            .filter(|&state| self.forward[state] <= least.saturating_add(HORIZON))
            .collect();
        order.sort_by_key(|&state| self.forward[state]);
        order.truncate(width);
        let mut place = vec![None; self.states.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = Some(new);
        }
        self.states = order.iter().map(|&old| Rc::clone(&self.states[old])).collect();
        self.forward = order.iter().map(|&old| self.forward[old]).collect();
        self.edges.retain_mut(|edge| {
            let new = place[edge.to];
            edge.to = new.unwrap_or_default();
            new.is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tries: usize, costs: &[u32], chosen: &[usize], left: usize) {
        let layer = Layer { row: 0, states: Vec::new(), forward: Vec::new(), edges: Vec::new() };
        let index = FxHashMap::default();
        let mut ways = Ways { layer, index, from: 0, spent: 0, least: 10, tries };
        let found = ways.choose(costs.to_vec());
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), chosen);
        assert_eq!(ways.tries, left);
    }

    #[test]
    fn the_cheapest_ways_are_tried_in_their_order() {
        check(9, &[30, 200, 0, 7], &[0, 2, 3], 6);
        check(2, &[30, 200, 0, 7], &[2, 3], 0);
        check(1, &[7, 7, 7], &[0], 0);
        check(0, &[0], &[], 0);
    }
}

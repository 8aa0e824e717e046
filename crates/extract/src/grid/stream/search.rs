//! The best reading of all lines together, with what speaks against it.

use rustc_hash::FxHashMap;

use super::Token;
use super::ways::{At, Groups, State, Way, Ways};
use crate::grid::doubt::CERTAIN;

/// The most states that are kept after each line, the cheapest first.
const WIDTH: usize = 32;

/// The fewest of them, however long the stream is.
const NARROWEST: usize = 4;

/// States that are kept for all lines together: no true grid comes near, and a
/// hostile one does not fill the memory.
const STATES: usize = 100_000;

/// States this much costlier than the cheapest cannot come back.
const HORIZON: u64 = 120;

/// What a line is in the best reading.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// The role of the line, by its index; none if it is none of the grid.
    pub(super) role: Option<usize>,
    /// Whether it is the first cell of its row.
    pub(super) begins: bool,
    /// Whether it is a line with text.
    pub(super) is_text: bool,
    /// Whether the row before it goes on behind it, if it has no role.
    pub(super) is_inside: bool,
    /// How its row begins groups, by index into the columns' starts.
    pub(super) start: Option<usize>,
    /// Per group column: the line that names the group.
    pub(super) groups: Groups,
    /// By how much the best reading of all lines is costlier that reads this one
    /// otherwise.
    pub(super) margin: u64,
    /// The row of this line in that other reading, by role; empty if it is none
    /// of the grid there.
    pub(super) other: Option<Vec<(usize, usize)>>,
    /// The row, by role, that may well begin with this line, if none does.
    pub(super) may_begin: Option<Vec<(usize, usize)>>,
}

/// All readings worth keeping, forward.
pub(super) struct Lattice {
    tokens: Vec<Token>,
    layers: Vec<Layer>,
    /// The cost of ending in each state of the last layer.
    ends: Vec<u64>,
}

#[derive(Default)]
struct Layer {
    states: Vec<State>,
    /// The least cost from the first line to each state.
    forward: Vec<u64>,
    edges: Vec<Edge>,
}

#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    cost: u64,
    role: Option<usize>,
    begins: bool,
}

/// Searches all readings of the stream.
pub(super) fn search(ways: &Ways<'_>, tokens: &[Token]) -> Lattice {
    let first = Layer { states: vec![ways.first()], forward: vec![0], edges: Vec::new() };
    let width = (STATES / tokens.len().max(1)).clamp(NARROWEST, WIDTH);
    let mut layers = vec![first];
    for &token in tokens {
        let above = &layers[layers.len() - 1];
        let mut layer = Layer::default();
        let mut index: FxHashMap<State, usize> = FxHashMap::default();
        let mut least = u64::MAX;
        for (from, state) in above.states.iter().enumerate() {
            let spent = above.forward[from];
            // More than this, and it would not be kept.
            let budget = least.saturating_add(HORIZON).saturating_sub(spent);
            ways.read(state, token, u32::try_from(budget).unwrap_or(u32::MAX), &mut |way| {
                let Way { state, cost, role, begins } = way;
                let total = spent + u64::from(cost);
                if total > least.saturating_add(HORIZON) {
                    return;
                }
                least = least.min(total);
                let to = *index.entry(state).or_insert_with_key(|state| {
                    layer.states.push(state.clone());
                    layer.forward.push(total);
                    layer.states.len() - 1
                });
                layer.forward[to] = layer.forward[to].min(total);
                layer.edges.push(Edge { from, to, cost: u64::from(cost), role, begins });
            });
        }
        layer.prune(width);
        layers.push(layer);
    }
    let ends = layers[layers.len() - 1].states.iter().map(|state| u64::from(ways.end(state))).collect();
    Lattice { tokens: tokens.to_vec(), layers, ends }
}

impl Layer {
    /// Drops states that are too costly or too many, and renumbers what is left.
    fn prune(&mut self, width: usize) {
        let least = self.forward.iter().copied().min().unwrap_or(0);
        let mut order: Vec<usize> =
            (0..self.states.len()).filter(|&state| self.forward[state] <= least + HORIZON).collect();
        order.sort_by_key(|&state| self.forward[state]);
        order.truncate(width);
        let mut place = vec![None; self.states.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = Some(new);
        }
        self.states = order.iter().map(|&old| self.states[old].clone()).collect();
        self.forward = order.iter().map(|&old| self.forward[old]).collect();
        self.edges.retain_mut(|edge| {
            let new = place[edge.to];
            edge.to = new.unwrap_or_default();
            new.is_some()
        });
    }
}

impl Lattice {
    /// The cost of the best reading.
    pub(super) fn best_cost(&self) -> u64 {
        let last = &self.layers[self.layers.len() - 1];
        last.forward.iter().zip(&self.ends).map(|(cost, end)| cost + end).min().unwrap_or(u64::MAX)
    }

    /// What each line is in the best reading.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        let best = self.best_cost();
        let backward = self.backward();
        let last = &self.layers[self.layers.len() - 1];
        // Ties go to what was found first, so that equal input gives equal output.
        let ends = last.forward.iter().zip(&self.ends).map(|(cost, end)| cost + end);
        let mut at = ends.enumerate().find(|(_, cost)| *cost == best).map(|(state, _)| state);
        let mut outcomes = Vec::new();
        for depth in (1..self.layers.len()).rev() {
            let (above, layer) = (&self.layers[depth - 1], &self.layers[depth]);
            let total = |edge: &Edge| above.forward[edge.from] + edge.cost + backward[depth][edge.to];
            let Some(chosen) = at.and_then(|at| {
                layer.edges.iter().filter(|edge| edge.to == at).min_by_key(|edge| total(edge))
            }) else {
                break;
            };
            let is_same = |edge: &Edge| (edge.to, edge.role) == (chosen.to, chosen.role);
            let other = layer.edges.iter().filter(|edge| !is_same(edge)).min_by_key(|edge| total(edge));
            let is_begun = |edge: &&Edge| edge.begins && !chosen.begins && total(edge) < best + CERTAIN;
            let begun = layer.edges.iter().filter(is_begun).min_by_key(|edge| total(edge));
            let state = &layer.states[chosen.to];
            outcomes.push(Outcome {
                role: chosen.role,
                begins: chosen.begins,
                is_text: self.tokens[depth - 1].line.is_some(),
                is_inside: chosen.role.is_none() && matches!(state.at, At::Row { .. }),
                start: match state.at {
                    At::Row { start, .. } if chosen.role.is_some() => Some(start),
                    At::Row { .. } | At::Outside { .. } => None,
                },
                groups: state.groups.iter().map(|group| group.filter(|&line| line != usize::MAX)).collect(),
                margin: other.map_or(u64::MAX, |other| total(other) - best),
                may_begin: begun.map(|begun| self.row_around(depth, *begun, &backward)),
                other: other.map(|other| self.row_around(depth, *other, &backward)),
            });
            at = Some(chosen.from);
        }
        outcomes.reverse();
        outcomes
    }

    /// The least cost from each state to the end.
    fn backward(&self) -> Vec<Vec<u64>> {
        let mut backward = vec![self.ends.clone()];
        for depth in (1..self.layers.len()).rev() {
            let mut costs = vec![u64::MAX / 4; self.layers[depth - 1].states.len()];
            let after = &backward[backward.len() - 1];
            for edge in &self.layers[depth].edges {
                costs[edge.from] = costs[edge.from].min(edge.cost + after[edge.to]);
            }
            backward.push(costs);
        }
        backward.reverse();
        backward
    }

    /// The row of a line that is read this way, as the best reading with it has
    /// it: its cells by role.
    fn row_around(&self, depth: usize, edge: Edge, backward: &[Vec<u64>]) -> Vec<(usize, usize)> {
        let mut cells = Vec::new();
        if edge.role.is_none() {
            return cells;
        }
        let mut take = |depth: usize, edge: &Edge| {
            if let (Some(role), Some(line)) = (edge.role, self.tokens[depth - 1].line) {
                cells.push((role, line));
            }
        };
        take(depth, &edge);
        let (mut first, mut up) = (edge, depth);
        while !first.begins && up > 1 {
            up -= 1;
            let forward = &self.layers[up - 1].forward;
            let edges = self.layers[up].edges.iter().filter(|edge| edge.to == first.from);
            let Some(edge) = edges.min_by_key(|edge| forward[edge.from] + edge.cost) else { break };
            take(up, edge);
            first = *edge;
        }
        let (mut last, mut down) = (edge, depth);
        while down + 1 < self.layers.len() {
            down += 1;
            let edges = self.layers[down].edges.iter().filter(|edge| edge.from == last.to);
            match edges.min_by_key(|edge| edge.cost + backward[down][edge.to]) {
                Some(edge)
                    if !edge.begins && (edge.role.is_some() || self.tokens[down - 1].line.is_none()) =>
                {
                    take(down, edge);
                    last = *edge;
                }
                _ => break,
            }
        }
        cells
    }
}

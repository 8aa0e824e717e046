//! From the tree of a page to its blocks, in document order.

use std::collections::VecDeque;

use formgrid_model::{Block, Cell, Diagnostic, Outcome, Problem, Row};

use crate::elements::Role;
use crate::origin::Places;
use crate::tables::{Pending, read_table};
use crate::text::{Flow, Place, trim};
use crate::tree::{Data, ROOT, Step, Tree};
use crate::{Budget, Counters};

/// The blocks of a parsed page that have not been given out yet.
#[derive(Debug)]
pub struct Page<'t> {
    tree: Tree,
    places: Places<'t>,
    budget: Budget,
    step: Option<Step>,
    flow: Flow,
    /// The line of the last text given out.
    line: u32,
    /// How many elements around the current node keep white space.
    verbatim: u32,
    /// Tables to be read before the walk goes on, the next one last.
    tables: Vec<Pending>,
    ready: VecDeque<Block<'static>>,
}

impl<'t> Page<'t> {
    /// All blocks of this tree, and before them what is wrong with it.
    pub fn new(read: Outcome<Tree>, places: Places<'t>, budget: Budget) -> Self {
        Page {
            tree: read.value,
            places,
            budget,
            step: Some(Step::Enter(ROOT)),
            flow: Flow::default(),
            line: 1,
            verbatim: 0,
            tables: Vec::new(),
            ready: read.diagnostics.into_iter().map(Block::Diagnostic).collect(),
        }
    }

    /// The next block.
    pub fn next(&mut self, counters: &mut Counters) -> Option<Block<'static>> {
        loop {
            if let Some(block) = self.ready.pop_front() {
                return Some(block);
            }
            if let Some(table) = self.tables.pop() {
                return Some(self.read(table, counters));
            }
            let current = self.step?;
            let skip = match current {
                Step::Enter(_) => self.enter(current, counters),
                Step::Leave(_) => self.leave(current, counters),
            };
            self.step = self.tree.step(ROOT, current, skip);
            if self.step.is_none() {
                self.end_line(counters);
            }
        }
    }

    fn read(&mut self, table: Pending, counters: &mut Counters) -> Block<'static> {
        counters.tables += 1;
        counters.end_run();
        let mut nested = Vec::new();
        let (places, most) = (&mut self.places, self.budget.limits.cells);
        let table = read_table(&self.tree, table, counters.tables, places, most, &mut nested);
        self.tables.extend(nested.into_iter().rev());
        Block::Table(table)
    }

    /// Handles a node before its children; says whether to leave these out.
    fn enter(&mut self, step: Step, counters: &mut Counters) -> bool {
        let (Step::Enter(id) | Step::Leave(id)) = step;
        let node = self.tree.node(id);
        // What was moved out of a table is not part of the line before it.
        if node.fostered && !self.tree.fostered_before(id).any(|_| true) {
            self.end_line(counters);
        }
        match &self.tree.node(id).data {
            Data::Text { range, place } if self.verbatim > 0 => {
                let (range, place) = (range.clone(), place.clone());
                self.push_verbatim(&range, place, counters);
                false
            }
            Data::Text { range, place } => {
                self.flow.push(self.tree.text(range), place.as_ref());
                false
            }
            Data::Element { role, .. } => {
                let role = *role;
                if role == Role::Break {
                    // A line of nothing ends the run; the end of a line of
                    // text does not.
                    if self.flow.is_empty() {
                        counters.end_run();
                    }
                    self.end_line(counters);
                }
                if role.is_block() {
                    self.end_line(counters);
                }
                if role == Role::Table {
                    self.tables.push((id, None));
                }
                self.verbatim += u32::from(role == Role::Verbatim);
                role == Role::Table || role.is_hidden()
            }
        }
    }

    fn leave(&mut self, step: Step, counters: &mut Counters) -> bool {
        let (Step::Enter(id) | Step::Leave(id)) = step;
        let role = self.tree.role(id);
        if role.is_block() {
            self.end_line(counters);
        }
        self.verbatim -= u32::from(role == Role::Verbatim);
        false
    }

    /// Text in `pre`: each of its lines is a line, and may be tab text.
    fn push_verbatim(
        &mut self,
        range: &std::ops::Range<usize>,
        place: Option<Place>,
        counters: &mut Counters,
    ) {
        let text = self.tree.text(range).to_owned();
        let leading = text.len() - text.trim_start().len();
        let skipped = text[..leading].matches('\n').count();
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                if self.flow.is_empty() {
                    counters.end_run();
                }
                self.end_line(counters);
            }
            // Character references make offsets uncertain, but not lines.
            let place = place.as_ref().map(|place| {
                let below = u32::try_from(n.saturating_sub(skipped)).unwrap_or(u32::MAX);
                Place { line: place.line.saturating_add(below), range: place.range.clone() }
            });
            self.flow.push_verbatim(line, place.as_ref());
        }
    }

    /// Gives the line out, if it shows anything.
    fn end_line(&mut self, counters: &mut Counters) {
        if self.flow.is_empty() {
            return;
        }
        let (text, place) = self.flow.take();
        if trim(&text).is_empty() {
            return counters.end_run();
        }
        // Text without a place can only come from a character reference.
        self.line = place.as_ref().map_or(self.line, |place| place.line);
        let line = self.line;
        let (source, row) = counters.next_row();
        let most = self.budget.limits.cells;
        let (texts, bytes) = match place {
            _ if self.verbatim > 0 => (text.split('\t').take(most as usize).collect(), None),
            place => (vec![&text[..]], place.map(|place| self.places.bytes(place.range))),
        };
        let is_cut = texts.len() == most as usize && text.matches('\t').nth(texts.len() - 1).is_some();
        let cells = (1..).zip(texts).map(|(column, text)| Cell {
            line,
            row,
            column,
            bytes: bytes.clone(),
            ..Cell::new(trim(text).to_owned())
        });
        self.ready.push_back(Block::Line(Row { source, cells: cells.collect() }));
        if is_cut && self.verbatim > 0 {
            let problem = Problem::TooManyCells { most };
            self.ready.push_back(Block::Diagnostic(Diagnostic::at_line(problem, line)));
        }
    }
}

//! A decoded document and its blocks, one at a time.

use std::borrow::Cow;
use std::slice;

use formgrid_model::{Block, Decoding, Diagnostic, Problem, Source};

use crate::Budget;
use crate::all_tables::Tables;
use crate::frames::frames;
use crate::layout::{Layout, Region, regions};
use crate::lines::Lines;
use crate::origin::{Origin, Places};
use crate::page::Page;
use crate::parse::{Dialect, parse};
use crate::tab_text::TabText;
use crate::workbook::Workbook;

/// A decoded document, cut into regions of one layout each.
#[derive(Debug)]
pub struct Document<'b> {
    text: Cow<'b, str>,
    decoding: Decoding,
    origin: Origin<'b>,
    regions: Vec<Region>,
    budget: Budget,
}

impl<'b> Document<'b> {
    pub(crate) fn new(text: Cow<'b, str>, decoding: Decoding, origin: Origin<'b>, budget: Budget) -> Self {
        let regions = regions(&text);
        Document { text, decoding, origin, regions, budget }
    }

    /// What the bytes were decoded from, and why.
    pub fn decoding(&self) -> Decoding {
        self.decoding
    }

    /// The decoded text, without a byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every table in reading order: those of HTML, each before those in its
    /// cells, and each run of tab lines. They count from 1, all together.
    pub fn tables(&self) -> Tables<'_> {
        Tables::new(self.blocks())
    }

    /// The files that the document shows, if it is a page of frames without
    /// text of its own, relative to its own path.
    pub fn frames(&self) -> Vec<String> {
        frames(&self.text)
    }

    /// The blocks in reading order, read as they are asked for: a line of tab
    /// text when it comes, an HTML page as a whole when its first block comes.
    pub fn blocks(&self) -> Blocks<'_> {
        Blocks {
            text: &self.text,
            origin: &self.origin,
            regions: self.regions.iter(),
            current: Current::None,
            counters: Counters::default(),
            budget: self.budget,
            given: 0,
            rows: 0,
            line: 0,
            is_over: false,
            is_cut: false,
        }
    }
}

/// The blocks of a [`Document`].
#[derive(Debug)]
pub struct Blocks<'t> {
    text: &'t str,
    origin: &'t Origin<'t>,
    regions: slice::Iter<'t, Region>,
    current: Current<'t>,
    counters: Counters,
    budget: Budget,
    /// Blocks so far, their rows, and the line of the last.
    given: u32,
    rows: u32,
    line: u32,
    /// Whether the time was over.
    is_over: bool,
    /// Whether it was told that there are too many nodes.
    is_cut: bool,
}

/// Blocks between two looks at the clock.
const PATIENCE: u32 = 16;

/// The region that is being read.
#[derive(Debug)]
enum Current<'t> {
    None,
    Tab(Box<TabText<'t>>),
    Html(Box<Page<'t>>),
    Workbook(Box<Workbook<'t>>),
}

impl Blocks<'_> {
    /// How many tables were given out.
    pub(crate) fn tables(&self) -> u32 {
        self.counters.tables
    }
}

impl<'t> Iterator for Blocks<'t> {
    type Item = Block<'t>;

    fn next(&mut self) -> Option<Block<'t>> {
        if self.is_over {
            return None;
        }
        self.given = self.given.wrapping_add(1);
        if self.given.is_multiple_of(PATIENCE) && self.budget.is_late() {
            self.is_over = true;
            return Some(Block::Diagnostic(self.budget.late(self.line)));
        }
        let block = self.read_next();
        match &block {
            Some(Block::Line(row)) => {
                self.line = row.cells.first().map_or(self.line, |cell| cell.line);
                self.rows = self.rows.saturating_add(1);
            }
            Some(Block::Table(table)) => self.rows = self.rows.saturating_add(table.rows.len() as u32),
            Some(Block::Diagnostic(found)) => {
                self.is_over = matches!(found.problem, Problem::OutOfTime { .. });
                self.is_cut |= matches!(found.problem, Problem::TooManyNodes { .. });
            }
            None => {}
        }
        if self.rows > self.budget.limits.rows {
            self.is_over = true;
            let problem = Problem::TooManyRows { most: self.budget.limits.rows };
            return Some(Block::Diagnostic(Diagnostic::at_line(problem, self.line)));
        }
        block
    }
}

impl<'t> Blocks<'t> {
    fn read_next(&mut self) -> Option<Block<'t>> {
        loop {
            let block = match &mut self.current {
                Current::None => None,
                Current::Tab(tab_text) => tab_text.next(&mut self.counters),
                Current::Html(page) => page.next(&mut self.counters),
                Current::Workbook(workbook) => workbook.next(&mut self.counters),
            };
            if block.is_some() {
                return block;
            }
            // Drop a region's tree before the next one is built.
            self.current = Current::None;
            let region = self.regions.next()?;
            if self.counters.nodes > self.budget.limits.nodes {
                self.regions = [].iter();
                let problem = Problem::TooManyNodes { most: self.budget.limits.nodes };
                let told = Block::Diagnostic(Diagnostic::at_line(problem, region.line));
                return (!self.is_cut).then_some(told);
            }
            let range = region.range.clone();
            let mut lines = Lines::new(self.text);
            lines.skip_to(range.start, region.line);
            self.counters.end_run();
            let places = Places::new(self.text, self.origin);
            self.current = match region.layout {
                Layout::Tab => {
                    Current::Tab(Box::new(TabText::new(self.text, range, lines, places, self.budget)))
                }
                Layout::Html => {
                    let (budget, spent) = (&self.budget, &mut self.counters.nodes);
                    let tree = parse(self.text, range, &mut lines, Dialect::Page, budget, spent);
                    Current::Html(Box::new(Page::new(tree, places, self.budget)))
                }
                Layout::Workbook => {
                    Current::Workbook(Box::new(Workbook::new(self.text, places, self.budget)))
                }
            };
        }
    }
}

/// What is counted across a document.
#[derive(Debug, Default)]
pub struct Counters {
    /// Tables so far.
    pub tables: u32,
    /// Nodes of all trees so far.
    pub nodes: u32,
    run: u32,
    /// Rows of the run so far; a run begins with its first row.
    row: u32,
}

impl Counters {
    /// The next line begins another run.
    pub fn end_run(&mut self) {
        self.row = 0;
    }

    /// The source and the row of the next line.
    pub fn next_row(&mut self) -> (Source, u32) {
        self.run += u32::from(self.row == 0);
        self.row += 1;
        (Source::Line { run: self.run }, self.row)
    }
}

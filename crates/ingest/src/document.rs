//! A decoded document and its blocks, one at a time.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::slice;

use formgrid_model::{Block, Decoding, Source};

use crate::Budget;
use crate::all_tables::Tables;
use crate::frames::frames;
use crate::layout::{Layout, Region, regions};
use crate::lines::Lines;
use crate::origin::{Origin, Places};
use crate::page::Page;
use crate::parse::{Dialect, parse};
use crate::runs::{Run, runs};
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

    /// The text of the blocks before they are read, as it stands in the source,
    /// until `each` has seen enough.
    pub fn runs(&self, each: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        runs(&self.text, &self.regions, each)
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
}

/// The region that is being read.
#[derive(Debug)]
enum Current<'t> {
    None,
    Tab(TabText<'t>),
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
            let range = region.range.clone();
            let mut lines = Lines::new(self.text);
            lines.skip_to(range.start, region.line);
            self.counters.end_run();
            let places = Places::new(self.text, self.origin);
            self.current = match region.layout {
                Layout::Tab => Current::Tab(TabText::new(self.text, range, lines, places)),
                Layout::Html => {
                    let tree = parse(self.text, range, &mut lines, Dialect::Page);
                    Current::Html(Box::new(Page::new(tree, places)))
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

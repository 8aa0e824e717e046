//! How much is read of one document.

use std::time::{Duration, Instant};

use formgrid_model::{Diagnostic, Problem};

/// How much is read of one document. What is beyond is told as an error and
/// left; what was read before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep elements of HTML nest, tables apart; the content of a deeper
    /// one counts as its parent's. More takes time squared: the tree builder
    /// searches its whole stack of open elements at nearly every tag.
    pub depth: u32,
    /// Elements and texts of all markup of the document.
    pub nodes: u32,
    /// Lines with text, and rows of tables.
    pub rows: u32,
    /// Rows and cells of one table, cells of one line.
    pub cells: u32,
    /// How long the document may take, what becomes of its blocks included.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: 200, nodes: 600_000, rows: 500_000, cells: 250_000, time: Duration::from_secs(60) }
    }
}

/// The limits of a document that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// How much is read.
    pub limits: Limits,
    /// Until when; none for a time that never ends.
    until: Option<Instant>,
}

impl Budget {
    /// The time begins now.
    pub fn new(limits: Limits) -> Self {
        Budget { limits, until: Instant::now().checked_add(limits.time) }
    }

    /// Whether the time is over.
    pub fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// That the time was over at this line.
    pub fn late(&self, line: u32) -> Diagnostic {
        let problem = Problem::OutOfTime { seconds: self.limits.time.as_secs_f64() };
        Diagnostic::at_line(problem, line)
    }
}

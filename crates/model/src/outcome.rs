//! What a stage has to say besides its value: problems with their places.

use std::fmt;

use crate::Problem;

/// Something a reader of the output should know, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What is wrong, with its values.
    pub problem: Problem,
    /// The line in the decoded text; 0 where the whole document is meant.
    pub line: u32,
    /// The cell's column, where one cell is meant.
    pub column: Option<u32>,
}

/// A stage's value together with what it found on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<T> {
    /// What came out.
    pub value: T,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Diagnostic {
    /// A diagnostic about a whole line.
    pub fn at_line(problem: Problem, line: u32) -> Self {
        Diagnostic { problem, line, column: None }
    }

    /// A diagnostic about one cell.
    pub fn at_cell(problem: Problem, line: u32, column: u32) -> Self {
        Diagnostic { problem, line, column: Some(column) }
    }
}

/// `warning[value-lost]: … (line 44, column 4)`, without the document's name.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.problem.severity().name(), self.problem.code(), self.problem)
    }
}

impl<T> Outcome<T> {
    /// The value; the diagnostics are appended to `diagnostics`.
    pub fn unpack(mut self, diagnostics: &mut Vec<Diagnostic>) -> T {
        diagnostics.append(&mut self.diagnostics);
        self.value
    }
}

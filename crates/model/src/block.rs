//! What a document is made of, in reading order, whatever its format was.

use std::borrow::Cow;
use std::ops::Range;

use crate::{Diagnostic, SpanAccount};

/// One piece of a document in reading order.
///
/// A line of text is a block of its own, so that a large export flows line by
/// line; a table is whole, since its spans reach over its rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Block<'t> {
    /// A line of tab text, or a paragraph of HTML that stands in no table.
    Line(Row<'t>),
    /// A table of HTML or of a workbook, formed by the rules of the HTML standard.
    Table(Table<'t>),
    /// What is wrong with the document at this place.
    Diagnostic(Diagnostic),
}

/// A table: its rows in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table<'t> {
    /// The table's ordinal in its document, in the order of the `table` tags.
    pub ordinal: u32,
    /// The cell that holds this table, if it stands in another one. Its text is
    /// here and not in the parent's cell; the table follows its parent.
    pub parent: Option<Parent>,
    /// Whether a cell of this table holds another table: then it is most likely
    /// there for layout alone.
    pub nests: bool,
    /// The rows, top to bottom. A row that holds no cell of its own (all its
    /// slots are covered from above) is an empty row, not a missing one.
    pub rows: Vec<Row<'t>>,
    /// The width: the number of slots of every row.
    pub columns: u32,
    /// The text of its `caption`, if it has one; its row and column are 1.
    pub caption: Option<Cell<'t>>,
    /// What its cells declare to span, and what they cover.
    pub account: Box<SpanAccount>,
    /// What is wrong with it, its spans apart: those are in the account.
    pub diagnostics: Vec<Diagnostic>,
}

/// The place of a nested table: the first slot of the cell that holds it, or
/// row 1 and column 1 if its caption does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Ordinal of the table.
    pub table: u32,
    /// Row of the cell.
    pub row: u32,
    /// Column of the cell.
    pub column: u32,
}

/// Cells that stand side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'t> {
    /// Where the row stands.
    pub source: Source,
    /// The cells that begin in this row, left to right. In a line of text
    /// these are all its cells, blank ones too; in a table a slot that is
    /// covered from above or from the left has no cell here.
    pub cells: Vec<Cell<'t>>,
}

/// Which run of rows a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A line of tab text, or a paragraph outside any table.
    /// `run` counts the runs of lines that no blank line interrupts, from 1.
    Line {
        /// The ordinal of the run.
        run: u32,
    },
    /// A row of the `table`-th table of the document, from 1.
    Table {
        /// The ordinal of the table.
        table: u32,
    },
}

/// A cell, or a paragraph that stands alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell<'t> {
    /// The text: paragraphs and line breaks as `\n`, entities decoded, white
    /// space trimmed at the edges.
    pub text: Cow<'t, str>,
    /// The line where the cell's text begins, in the decoded document.
    pub line: u32,
    /// The row of its first slot, within its table or run of lines.
    pub row: u32,
    /// The column of its first slot.
    pub column: u32,
    /// How many rows it covers; 1 in a line of text.
    pub rowspan: u32,
    /// How many columns it covers; 1 in a line of text.
    pub colspan: u32,
    /// Whether it is a header cell (`th`).
    pub header: bool,
    /// The bytes of the original document that hold the cell's content, markup
    /// included, where the format allows it.
    pub bytes: Option<Range<usize>>,
}

impl<'t> Cell<'t> {
    /// A cell of one slot with this text, at the first slot of a document.
    pub fn new(text: impl Into<Cow<'t, str>>) -> Self {
        Cell {
            text: text.into(),
            line: 1,
            row: 1,
            column: 1,
            rowspan: 1,
            colspan: 1,
            header: false,
            bytes: None,
        }
    }

    /// Whether the cell holds no text.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

impl<'t> Row<'t> {
    /// A line of text with these cells; for tests and examples.
    pub fn line(cells: Vec<Cell<'t>>) -> Self {
        let cells = (1..).zip(cells).map(|(column, cell)| Cell { column, ..cell }).collect();
        Row { source: Source::Line { run: 1 }, cells }
    }

    /// The cells that hold text.
    pub fn filled(&self) -> impl Iterator<Item = &Cell<'t>> {
        self.cells.iter().filter(|cell| !cell.is_blank())
    }
}

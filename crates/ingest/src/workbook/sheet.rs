//! From a sheet to a formed table.

use std::ops::Range;

use formgrid_model::{Cell, Diagnostic, Problem, Row, Source, Table};

use crate::account::{Notes, account};
use crate::covered::Covered;
use crate::form_table::{RowGroup, Spans, form_table};
use crate::text::brief;

/// The columns of a sheet of Excel.
const MAX_COLUMNS: u32 = 1 << 14;
/// Its rows.
const MAX_ROWS: u32 = 1 << 20;
/// Empty rows that `ss:Index` may leave out; a wider gap shrinks to this.
const WIDEST_GAP: u32 = 1000;

/// A worksheet as it was read.
#[derive(Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Where its tag stands.
    pub line: u32,
    /// Whether Excel does not show it.
    pub is_hidden: bool,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    rows: Vec<SheetRow>,
    /// How many rows and cells it has, and how many it may have.
    size: u32,
    most: u32,
    /// The row of the sheet that comes next, from 1.
    next_row: u32,
    /// The column that a cell without an index stands in, covered ones apart.
    next_column: u32,
    columns: Vec<Column>,
}

/// What is said of columns that stand side by side.
#[derive(Debug)]
struct Column {
    range: Range<u32>,
    is_hidden: bool,
    style: Option<String>,
}

/// A row as it was read.
#[derive(Debug, Default)]
pub struct SheetRow {
    /// Where its tag stands.
    pub line: u32,
    /// Whether Excel does not show it.
    pub is_hidden: bool,
    /// Its cells, those that are not written apart.
    pub cells: Vec<SheetCell>,
}

/// A cell as it was read.
#[derive(Debug, Default)]
pub struct SheetCell {
    /// The column that it says it stands in, from 1.
    pub index: Option<u32>,
    /// The columns that it covers besides its own.
    pub across: u32,
    /// The rows that it covers besides its own.
    pub down: u32,
    /// What is printed.
    pub text: String,
    /// Where its text begins.
    pub line: u32,
    /// What stands between its tags, in the text and in the document.
    pub content: Range<usize>,
    /// The same in bytes of the document.
    pub bytes: Option<Range<usize>>,
    /// What is wrong with its merges.
    pub faults: Vec<Problem>,
}

impl SheetCell {
    /// Reads a merge; one that is none is told and counts as no merge.
    pub fn merge(&mut self, attribute: &'static str, value: &str) -> u32 {
        let most = if attribute == "ss:MergeDown" { MAX_ROWS } else { MAX_COLUMNS } - 1;
        let Ok(found) = value.trim().parse::<u64>() else {
            self.faults.push(Problem::UnreadableSpan { attribute, value: brief(value) });
            return 0;
        };
        let used = u32::try_from(found).unwrap_or(u32::MAX).min(most);
        if u64::from(used) != found {
            self.faults.push(Problem::ClampedSpan { attribute, value: brief(value), used });
        }
        used
    }
}

impl Sheet {
    /// A sheet without rows that may have so many rows and cells.
    pub fn new(name: String, line: u32, most: u32) -> Self {
        Sheet {
            name,
            line,
            is_hidden: false,
            diagnostics: Vec::new(),
            rows: Vec::new(),
            size: 0,
            most,
            next_row: 1,
            next_column: 1,
            columns: Vec::new(),
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.diagnostics.is_empty()
    }

    /// How many of its cells hold text.
    pub fn filled(&self) -> u32 {
        let filled = self.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.text.is_empty());
        u32::try_from(filled.count()).unwrap_or(u32::MAX)
    }

    /// Adds what is said of columns.
    pub fn add_columns(&mut self, index: Option<u32>, span: u32, is_hidden: bool, style: Option<String>) {
        let next = self.columns.last().map_or(1, |column| column.range.end);
        let from = index.unwrap_or(next);
        let range = from..from.saturating_add(span).saturating_add(1).min(MAX_COLUMNS + 1);
        if from >= next && !range.is_empty() {
            self.columns.push(Column { range, is_hidden, style });
        }
    }

    /// Adds a row, and empty ones like it; says whether there was room.
    pub fn add_row(&mut self, row: SheetRow, index: Option<u32>, span: u32) -> bool {
        self.next_column = 1;
        if let Some(index) = index.filter(|&index| index < self.next_row) {
            self.diagnostics.push(Diagnostic::at_line(Problem::IndexOutOfOrder { index }, row.line));
        }
        let index = index.unwrap_or(self.next_row).min(MAX_ROWS);
        let gap = index.saturating_sub(self.next_row).min(WIDEST_GAP);
        let (is_hidden, line) = (row.is_hidden, row.line);
        self.rows.extend((0..gap).map(|_| SheetRow { line, ..SheetRow::default() }));
        self.rows.push(row);
        // Rows that are alike and empty: `ss:Span` counts those that follow.
        let span = span.min(WIDEST_GAP);
        self.rows.extend((0..span).map(|_| SheetRow { line, is_hidden, cells: Vec::new() }));
        self.next_row = index.max(self.next_row) + 1 + span;
        self.grow(gap + 1 + span)
    }

    /// Adds a cell to the last row; says whether there was room.
    pub fn add_cell(&mut self, cell: SheetCell) -> bool {
        if self.rows.is_empty() {
            self.add_row(SheetRow { line: cell.line, ..SheetRow::default() }, None, 0);
        }
        self.next_column = cell.index.unwrap_or(self.next_column).saturating_add(cell.across + 1);
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(cell);
        }
        self.grow(1)
    }

    /// Adds text that stands in no cell.
    pub fn add_stray(&mut self, text: &str, line: u32) {
        let problem = Problem::StrayText { text: brief(text) };
        self.diagnostics.push(Diagnostic::at_line(problem, line));
    }

    /// The style of the column that a cell will stand in.
    pub fn column_style(&self, cell: &SheetCell) -> Option<&str> {
        let column = cell.index.unwrap_or(self.next_column);
        let at = self.columns.partition_point(|found| found.range.end <= column);
        let found = self.columns.get(at).filter(|found| found.range.contains(&column));
        found.and_then(|column| column.style.as_deref())
    }

    fn grow(&mut self, by: u32) -> bool {
        self.size = self.size.saturating_add(by);
        self.size <= self.most
    }

    /// Gives every cell its column, and every free slot left of one that says
    /// its column a blank cell, as Excel shows it and HTML writes it.
    fn place(&mut self) {
        let mut covered = Covered::default();
        for (y, row) in (0_u32..).zip(&mut self.rows) {
            covered.advance(y);
            let mut x = 0;
            let mut placed = Vec::with_capacity(row.cells.len());
            for mut cell in std::mem::take(&mut row.cells) {
                let asked = cell.index.map(|index| (index - 1).min(MAX_COLUMNS - 1));
                if let Some(asked) = asked.filter(|&asked| asked >= x) {
                    x = covered.next_free(x);
                    while x < asked && self.size < self.most {
                        self.size += 1;
                        let (line, bytes) =
                            (cell.line, cell.bytes.as_ref().map(|bytes| bytes.start..bytes.start));
                        placed.push(SheetCell { index: Some(x + 1), line, bytes, ..SheetCell::default() });
                        x = covered.next_free(x + 1);
                    }
                    x = asked;
                } else {
                    if let Some(index) = cell.index {
                        cell.faults.push(Problem::IndexOutOfOrder { index });
                    }
                    x = covered.next_free(x);
                }
                cell.index = Some(x + 1);
                x = x.saturating_add(cell.across + 1);
                placed.push(cell);
            }
            for cell in placed.iter().filter(|cell| cell.down > 0) {
                let first = cell.index.map_or(0, |index| index - 1);
                covered.cover(first..first + cell.across + 1, y.saturating_add(cell.down + 1));
            }
            row.cells = placed;
        }
    }

    /// The table with this ordinal; what is hidden has no place in it.
    pub fn into_table(mut self, ordinal: u32) -> Table<'static> {
        self.place();
        let shown_columns =
            Shown::new(self.columns.iter().filter(|column| column.is_hidden).map(|column| &column.range));
        let hidden_rows: Vec<Range<u32>> =
            (1..).zip(&self.rows).filter(|(_, row)| row.is_hidden).map(|(n, _)| n..n + 1).collect();
        let shown_rows = Shown::new(hidden_rows.iter());
        let (mut notes, mut spans, mut kept) = (Notes::default(), Vec::new(), Vec::new());
        for (y, row) in (1_u32..).zip(self.rows) {
            if row.is_hidden {
                let texts: Vec<&str> =
                    row.cells.iter().map(|cell| &*cell.text).filter(|text| !text.is_empty()).collect();
                notes.hidden.push((row.line, texts.join(" ")));
                continue;
            }
            let (mut row_spans, mut row_cells) = (Vec::new(), Vec::new());
            for mut cell in row.cells {
                let column = cell.index.unwrap_or(1);
                let colspan = shown_columns.count(column..column.saturating_add(cell.across + 1));
                if colspan == 0 {
                    notes.hidden.push((cell.line, cell.text));
                    continue;
                }
                let rowspan = shown_rows.count(y..y.saturating_add(cell.down + 1)).max(1);
                let column = shown_columns.count(1..column) + 1;
                row_spans.push(Spans { rowspan, colspan, column });
                let faults = std::mem::take(&mut cell.faults);
                notes.faults.extend(faults.into_iter().map(|fault| (kept.len(), row_cells.len(), fault)));
                row_cells.push(cell);
            }
            spans.push(row_spans);
            kept.push(row_cells);
        }
        let grid = form_table(0, &[RowGroup { rows: spans, ..RowGroup::default() }]);
        let source = Source::Table { table: ordinal };
        let rows: Vec<Row<'static>> = grid
            .rows
            .iter()
            .zip(kept)
            .map(|(formed, cells)| {
                let cells = cells.into_iter().zip(&formed.anchors).map(|(cell, anchor)| Cell {
                    text: cell.text.into(),
                    line: cell.line,
                    row: anchor.row,
                    column: anchor.column,
                    rowspan: anchor.rowspan,
                    colspan: anchor.colspan,
                    header: false,
                    bytes: cell.bytes,
                });
                Row { source, cells: cells.collect() }
            })
            .collect();
        let mut diagnostics = self.diagnostics;
        for (line, text) in notes.hidden.iter().filter(|(_, text)| !text.is_empty()) {
            diagnostics.push(Diagnostic::at_line(Problem::HiddenCells { text: brief(text) }, *line));
        }
        let account = Box::new(account(&grid, &rows, notes));
        Table { ordinal, columns: grid.width, account, rows, diagnostics, ..Table::default() }
    }
}

/// Which rows or columns are shown.
struct Shown {
    /// Per number, how many up to and with it are hidden; the last holds for
    /// all that follow.
    hidden: Vec<u32>,
}

impl Shown {
    fn new<'r>(hidden: impl Iterator<Item = &'r Range<u32>>) -> Self {
        let mut marks: Vec<bool> = Vec::new();
        for range in hidden {
            let end = range.end.min(MAX_ROWS + 1) as usize;
            marks.resize(marks.len().max(end), false);
            marks[range.start as usize..end].fill(true);
        }
        let sums = marks.iter().scan(0, |sum, &is_hidden| {
            *sum += u32::from(is_hidden);
            Some(*sum)
        });
        Shown { hidden: sums.collect() }
    }

    /// How many of these, from 1, are shown.
    fn count(&self, range: Range<u32>) -> u32 {
        let up_to = |number: u32| {
            let at = (number as usize).min(self.hidden.len().saturating_sub(1));
            self.hidden.get(at).copied().unwrap_or(0)
        };
        (range.end - range.start) - (up_to(range.end - 1) - up_to(range.start - 1))
    }
}

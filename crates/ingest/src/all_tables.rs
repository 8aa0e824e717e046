//! Every table of a document: those of HTML, and each run of tab lines.

use formgrid_model::{Block, Cell, Diagnostic, Row, Source, Table};

use crate::account::{Notes, account};
use crate::document::Blocks;
use crate::form_table::{RowGroup, Spans, form_table};

/// The tables of a document in reading order. A run of lines (no blank line
/// between them) is a table if at least one of its lines has a tab.
#[derive(Debug)]
pub struct Tables<'t> {
    blocks: Blocks<'t>,
    /// The lines of the run that is being read.
    run: Vec<Row<'t>>,
    /// An HTML table that waits for the run before it.
    next: Option<Table<'t>>,
    /// Runs given out so far: tables are counted with them.
    runs: u32,
    /// What is wrong with the document, its tables apart, as far as it was read.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'t> Tables<'t> {
    pub(crate) fn new(blocks: Blocks<'t>) -> Self {
        Tables { blocks, run: Vec::new(), next: None, runs: 0, diagnostics: Vec::new() }
    }

    /// The run so far as a table, if it is one; begins anew.
    fn take_run(&mut self) -> Option<Table<'t>> {
        let rows = std::mem::take(&mut self.run);
        if rows.iter().all(|row| row.cells.len() < 2) {
            return None;
        }
        self.runs += 1;
        Some(of_lines(rows))
    }

    /// Numbers a table of HTML with the runs before it. Nothing stands between
    /// a table and those in its cells, so its parent is as far off.
    fn renumber(&self, mut table: Table<'t>) -> Table<'t> {
        if let Some(parent) = &mut table.parent {
            parent.table += self.runs;
        }
        number(&mut table, self.runs);
        table
    }
}

impl<'t> Iterator for Tables<'t> {
    type Item = Table<'t>;

    fn next(&mut self) -> Option<Table<'t>> {
        loop {
            if let Some(table) = self.next.take() {
                return Some(self.renumber(table));
            }
            let (html_tables, found) = (self.blocks.tables(), self.blocks.next());
            let ends = match &found {
                Some(Block::Line(row)) => self.run.last().is_some_and(|last| last.source != row.source),
                Some(Block::Diagnostic(_)) => false,
                _ => true,
            };
            let run = if ends { self.take_run() } else { None };
            let is_end = found.is_none();
            match found {
                Some(Block::Line(row)) => self.run.push(row),
                Some(Block::Table(table)) => self.next = Some(table),
                Some(Block::Diagnostic(diagnostic)) => {
                    self.diagnostics.push(diagnostic);
                    continue;
                }
                None => {}
            }
            if let Some(mut table) = run {
                number(&mut table, self.runs + html_tables);
                return Some(table);
            }
            if is_end {
                return None;
            }
        }
    }
}

/// Adds to the ordinal of a table.
fn number(table: &mut Table<'_>, more: u32) {
    table.ordinal += more;
    let source = Source::Table { table: table.ordinal };
    table.rows.iter_mut().for_each(|row| row.source = source);
}

fn of_lines(mut rows: Vec<Row<'_>>) -> Table<'_> {
    let spans = rows.iter().map(|row| vec![Spans::default(); row.cells.len()]).collect();
    let grid = form_table(0, &[RowGroup { rows: spans, ..RowGroup::default() }]);
    for (n, row) in (1..).zip(&mut rows) {
        row.cells.iter_mut().for_each(|cell: &mut Cell| cell.row = n);
    }
    let account = Box::new(account(&grid, &rows, Notes::default()));
    Table { columns: grid.width, account, rows, ..Table::default() }
}

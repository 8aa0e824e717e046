//! The JSON notation of a formed table.

use formgrid_model::{Cell, Diagnostic, Finding, Parent, Place, Problem, SpanAccount, Table};
use serde::{Serialize, Serializer};

use crate::grid::{grid, grid_problem};
use crate::table_writer::TableSource;

/// Appends the table as one line, without a line break.
pub(crate) fn write_table(into: &mut Vec<u8>, source: TableSource<'_>, table: &Table<'_>, max_fill: u32) {
    let problem = grid_problem(table, max_fill);
    let written = serde_json::to_writer(&mut *into, &document(source, table, problem.as_ref()));
    // Memory takes every byte, and every key above is a string.
    debug_assert!(written.is_ok(), "{written:?}");
}

#[derive(Serialize)]
struct TableJson<'a> {
    path: &'a str,
    member: Option<&'a str>,
    encoding: &'a str,
    table: u32,
    parent: Option<ParentJson>,
    rows: usize,
    columns: u32,
    cells: Vec<CellJson<'a>>,
    grid: Option<GridJson<'a>>,
    account: AccountJson,
    caption: Option<&'a str>,
    diagnostics: Vec<DiagnosticJson>,
}

#[derive(Serialize)]
struct ParentJson {
    table: u32,
    row: u32,
    column: u32,
}

#[derive(Serialize)]
struct CellJson<'a> {
    text: &'a str,
    row: u32,
    column: u32,
    rowspan: u32,
    colspan: u32,
    header: bool,
    line: u32,
    bytes: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct AccountJson {
    declared: u64,
    cut_off: u64,
    overlapped: u64,
    covered: u64,
    holes: u64,
    slots: u64,
    spans_past_end: u32,
    overlapping_cells: u32,
    clamped_spans: u32,
    unreadable_spans: u32,
    rows_without_cells: u32,
    columns_without_cells: u32,
    hidden: u32,
}

#[derive(Serialize)]
struct DiagnosticJson {
    code: &'static str,
    severity: &'static str,
    message: String,
    line: Option<u32>,
    row: Option<u32>,
    column: Option<u32>,
}

struct GridJson<'a>(&'a Table<'a>);

impl Serialize for GridJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(grid(self.0))
    }
}

fn document<'a>(source: TableSource<'a>, table: &'a Table<'a>, problem: Option<&Problem>) -> TableJson<'a> {
    let Table { ordinal, parent, nests: _, rows, columns, caption, account, diagnostics } = table;
    let cells = rows.iter().flat_map(|row| &row.cells).map(cell_json).collect();
    let too_large = problem.map(|problem| diagnostic_json(problem, 0, 0, 0));
    let whole = diagnostics.iter().map(|found| {
        let Diagnostic { problem, line, column } = found;
        diagnostic_json(problem, *line, 0, column.unwrap_or(0))
    });
    let findings = account.findings.iter().map(|Finding { problem, place }| {
        let Place { line, row, column, bytes: _ } = place;
        diagnostic_json(problem, *line, *row, *column)
    });
    TableJson {
        path: source.path,
        member: source.member,
        encoding: source.encoding,
        table: *ordinal,
        parent: parent.map(|Parent { table, row, column }| ParentJson { table, row, column }),
        rows: rows.len(),
        columns: *columns,
        cells,
        grid: problem.is_none().then_some(GridJson(table)),
        account: account_json(account),
        caption: caption.as_ref().map(|caption| &*caption.text),
        diagnostics: too_large.into_iter().chain(whole).chain(findings).collect(),
    }
}

fn cell_json<'a>(cell: &'a Cell<'_>) -> CellJson<'a> {
    let Cell { text, line, row, column, rowspan, colspan, header, bytes } = cell;
    CellJson {
        text,
        row: *row,
        column: *column,
        rowspan: *rowspan,
        colspan: *colspan,
        header: *header,
        line: *line,
        bytes: bytes.as_ref().map(|bytes| [bytes.start, bytes.end]),
    }
}

fn account_json(account: &SpanAccount) -> AccountJson {
    let SpanAccount {
        declared,
        cut_off,
        overlapped,
        covered,
        holes,
        slots,
        spans_past_end,
        overlapping_cells,
        clamped_spans,
        unreadable_spans,
        rows_without_cells,
        columns_without_cells,
        hidden,
        findings: _,
    } = *account;
    AccountJson {
        declared,
        cut_off,
        overlapped,
        covered,
        holes,
        slots,
        spans_past_end,
        overlapping_cells,
        clamped_spans,
        unreadable_spans,
        rows_without_cells,
        columns_without_cells,
        hidden,
    }
}

fn diagnostic_json(problem: &Problem, line: u32, row: u32, column: u32) -> DiagnosticJson {
    let known = |number: u32| Some(number).filter(|number| *number > 0);
    DiagnosticJson {
        code: problem.code(),
        severity: problem.severity().name(),
        message: problem.to_string(),
        line: known(line),
        row: known(row),
        column: known(column),
    }
}

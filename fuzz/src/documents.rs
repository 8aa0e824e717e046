//! Bytes to records and to tables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};
use std::sync::LazyLock;

use formgrid_convert::{Options, Part, Sieve, walk};
use formgrid_ingest::ingest;
use formgrid_model::{Block, Cell, Place, Record, Table};
use formgrid_profile::Profiles;

/// What a workbook in Excel-2003 XML begins with.
const WORKBOOK: &[u8] = b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>";

/// The most slots that are counted one by one.
const COUNTED: u64 = 10_000;

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);
static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::new(&PROFILES));

/// Every cell of a document is in one form or outside, every form's account
/// balances, ids are distinct, places are inside the document, and no form is
/// passed by the sieve.
pub fn records(bytes: &[u8]) {
    let mut ids = BTreeSet::new();
    let mut forms = 0;
    let mut found = Vec::new();
    let summary = walk(bytes, &Options::new(&PROFILES), &mut |part| {
        match part {
            Part::Form(form, records) => {
                let cells = form.rows.iter().flat_map(|(_, row)| row.filled());
                let before = found.len();
                found.extend(cells.map(identity));
                let accounts = records.iter().map(|record| record.account);
                assert!(accounts.clone().all(|account| account.is_balanced()), "{records:?}");
                let cells: usize = accounts.map(|account| account.cells as usize).sum();
                assert_eq!(cells, found.len() - before, "{records:?}");
                for record in records {
                    forms += 1;
                    check_places(&record, bytes.len());
                    assert!(ids.insert(record.id.clone()), "{} comes twice", record.id);
                }
            }
            Part::Outside(row) => found.extend(row.filled().map(identity)),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(summary.forms, forms);
    if forms > 0 {
        let document = ingest(bytes, &Default::default()).map(|outcome| outcome.value);
        assert!(document.is_ok_and(|document| SIEVE.may_hold_form(document.text())), "a form is passed");
    }
    found.sort();
    assert_eq!(found, cells_of(bytes), "cells of forms and outside against those of the document");
}

/// Tables are as wide and as high as their cells, and their accounts are what
/// their slots, counted one by one, say.
pub fn tables(bytes: &[u8]) {
    let Ok(outcome) = ingest(bytes, &Default::default()) else { return };
    for table in outcome.value.tables() {
        assert!(table.account.is_balanced(), "{:?}", table.account);
        for cell in cells(&table) {
            let (last_row, last_column) = (cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1);
            assert!(cell.row >= 1 && last_row as usize <= table.rows.len(), "{cell:?}");
            assert!(cell.column >= 1 && last_column <= table.columns, "{cell:?}");
        }
        for cell in cells(&table).chain(&table.caption) {
            assert!(cell.line >= 1, "{cell:?}");
            check_range(cell.bytes.as_ref(), bytes.len());
        }
        let covered: u64 = cells(&table).map(|cell| u64::from(cell.rowspan) * u64::from(cell.colspan)).sum();
        if covered <= COUNTED {
            check_slots(&table);
        }
    }
}

/// [`records`] and [`tables`] of a workbook in Excel-2003 XML, whose beginning
/// goes without saying.
pub fn workbook(bytes: &[u8]) {
    let document = if bytes.starts_with(b"<?xml") { bytes.to_vec() } else { [WORKBOOK, bytes].concat() };
    records(&document);
    tables(&document);
}

fn check_slots(table: &Table<'_>) {
    let mut claims: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for cell in cells(table) {
        for row in cell.row..cell.row + cell.rowspan {
            for column in cell.column..cell.column + cell.colspan {
                *claims.entry((row, column)).or_default() += 1;
            }
        }
    }
    let overlapped: u64 = claims.values().map(|count| count - 1).sum();
    let found = (table.account.covered, table.account.overlapped);
    assert_eq!(found, (claims.len() as u64, overlapped), "slots covered and overlapped: {table:?}");
}

fn check_places(record: &Record, length: usize) {
    let check = |place: &Place| check_range(place.bytes.as_ref(), length);
    record.fields.iter().filter_map(|field| field.place.as_ref()).for_each(check);
    record.unmapped.iter().map(|unmapped| &unmapped.place).for_each(check);
    for indicator in &record.indicators {
        let further = indicator.further.iter().map(|(_, part)| part);
        indicator.levels.iter().chain(further).flatten().map(|part| &part.place).for_each(check);
        indicator.target.iter().map(|target| &target.place).for_each(check);
    }
}

fn check_range(range: Option<&Range<usize>>, length: usize) {
    let is_inside = |range: &Range<usize>| range.start <= range.end && range.end <= length;
    assert!(range.is_none_or(is_inside), "{range:?} of {length} bytes");
}

/// The filled cells of all blocks, sorted; none where the bytes are no text.
fn cells_of(bytes: &[u8]) -> Vec<(u32, u32, String)> {
    let Ok(outcome) = ingest(bytes, &Default::default()) else { return Vec::new() };
    let mut found = Vec::new();
    for block in outcome.value.blocks() {
        match block {
            Block::Line(row) => found.extend(row.filled().map(identity)),
            Block::Table(table) => {
                let filled = cells(&table).chain(&table.caption).filter(|cell| !cell.is_blank());
                found.extend(filled.map(identity));
            }
            Block::Diagnostic(_) => {}
        }
    }
    found.sort();
    found
}

fn cells<'a, 't>(table: &'a Table<'t>) -> impl Iterator<Item = &'a Cell<'t>> {
    table.rows.iter().flat_map(|row| &row.cells)
}

fn identity(cell: &Cell<'_>) -> (u32, u32, String) {
    (cell.line, cell.column, cell.text.to_string())
}

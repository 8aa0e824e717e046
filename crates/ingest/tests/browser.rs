//! Random tables and where a browser (Chromium) laid their cells out, as
//! `cargo xtask browser` recorded it.

use formgrid_ingest::{Options, ingest};
use serde_json::Value;

/// Text, row, column, rows and columns of each cell, by text: the order of
/// tables that stand in each other does not matter here.
fn cells_of(html: &str) -> Vec<String> {
    // A page, whatever stands around the table.
    let page = format!("<!DOCTYPE html><html>{html}");
    let document = ingest(page.as_bytes(), &Options::default()).unwrap().value;
    let mut cells = Vec::new();
    for table in document.tables() {
        assert!(table.account.is_balanced(), "{html}: {:?}", table.account);
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            // What else stands in the cell follows the dot.
            let (name, _) = cell.text.split_once('.').unwrap();
            cells.push(format!("{name}. {} {} {} {}", cell.row, cell.column, cell.rowspan, cell.colspan));
        }
    }
    cells.sort();
    cells
}

#[test]
fn tables_are_formed_as_a_browser_lays_them_out() {
    let answers = include_str!("browser/answers.ndjson");
    let (mut tables, mut wrong) = (0, Vec::new());
    for line in answers.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let html = answer["html"].as_str().unwrap();
        let mut expected: Vec<&str> =
            answer["cells"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        expected.sort_unstable();
        tables += 1;
        let found = cells_of(html);
        if found != expected {
            let surplus: Vec<_> = found.iter().filter(|cell| !expected.contains(&cell.as_str())).collect();
            let missing: Vec<_> = expected.iter().filter(|cell| !found.iter().any(|f| f == *cell)).collect();
            wrong.push(format!("{html}\n  ours {surplus:?}\n  browser {missing:?}"));
        }
    }
    println!("{tables} tables, {} formed otherwise than the browser does", wrong.len());
    assert!(tables >= 2_000, "only {tables} tables are recorded");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

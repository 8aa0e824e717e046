//! `formgrid tables` as its users run it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

const PAGE: &str =
    "<html><table><caption>t</caption><tr><th rowspan=2>a<td>00123<tr><td>7,500,000<td>NA</table>\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_formgrid"))
        .arg("tables")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[track_caller]
fn stdout(output: &Output, status: i32) -> String {
    assert_eq!(output.status.code(), Some(status), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_table_is_one_object_with_cells_grid_and_account() {
    let folder = folder(&[("a.html", PAGE)]);
    let table: Json = serde_json::from_str(&stdout(&run(folder.path(), &["a.html"]), 0)).unwrap();
    let account = json!({
        "declared": 5, "cut_off": 0, "overlapped": 0, "covered": 5, "holes": 1, "slots": 6,
        "spans_past_end": 0, "overlapping_cells": 0, "clamped_spans": 0, "unreadable_spans": 0,
        "rows_without_cells": 0, "columns_without_cells": 0, "hidden": 0,
    });
    let cell = |text: &str, row: u32, column: u32, rowspan: u32, header: bool, bytes: [usize; 2]| {
        json!({
            "text": text, "row": row, "column": column, "rowspan": rowspan, "colspan": 1,
            "header": header, "line": 1, "bytes": bytes,
        })
    };
    let expected = json!({
        "path": "a.html", "member": null, "encoding": "UTF-8", "table": 1, "parent": null, "rows": 2, "columns": 3,
        "cells": [
            cell("a", 1, 1, 2, true, [51, 52]),
            cell("00123", 1, 2, 1, false, [56, 61]),
            cell("7,500,000", 2, 2, 1, false, [69, 78]),
            cell("NA", 2, 3, 1, false, [82, 84]),
        ],
        "grid": [["a", "00123", ""], ["a", "7,500,000", "NA"]],
        "account": account,
        "caption": "t",
        "diagnostics": [{
            "code": "holes", "severity": "info", "line": 1, "row": 1, "column": 3,
            "message": "row 1 has slots without a cell: 1, the first in column 3",
        }],
    });
    assert_eq!(table, expected);
}

#[test]
fn csv_is_one_regular_table_or_a_folder() {
    let folder = folder(&[("in/a.html", PAGE), ("in/b.txt", "x\ty\n=1\t\"q,r\"\n")]);
    let one = stdout(&run(folder.path(), &["in", "-f", "csv"]), 0);
    assert_eq!(
        one,
        "path,member,table,row,column_1,column_2,column_3\n\
         in/a.html,,1,1,a,00123,\n\
         in/a.html,,1,2,a,\"7,500,000\",NA\n\
         in/b.txt,,1,1,x,y,\n\
         in/b.txt,,1,2,=1,\"\"\"q,r\"\"\",\n"
    );
    stdout(&run(folder.path(), &["in", "-o", "out/"]), 0);
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    assert_eq!(read("table-000001.csv"), "a,00123,\na,\"7,500,000\",NA\n");
    let index = read("tables.csv");
    assert!(index.starts_with("file,path,member,encoding,table,parent_table,"), "{index}");
    assert!(
        index.contains("\ntable-000002.csv,in/b.txt,,UTF-8,1,,,,2,2,,4,0,0,4,0,4,0,0,0,0,0,0,0\n"),
        "{index}"
    );
    assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 3);
}

#[test]
fn html_is_a_clean_page_that_reads_back() {
    let folder = folder(&[("a.html", PAGE)]);
    stdout(&run(folder.path(), &["a.html", "-o", "b.html"]), 0);
    let tables = |name: &str| -> Json {
        let mut table: Json = serde_json::from_str(&stdout(&run(folder.path(), &[name]), 0)).unwrap();
        for cell in table["cells"].as_array_mut().unwrap() {
            (cell["line"], cell["bytes"]) = (Json::Null, Json::Null);
        }
        json!([table["cells"], table["grid"], table["account"], table["caption"]])
    };
    assert_eq!(tables("a.html"), tables("b.html"));
}

#[test]
fn json_is_an_array_even_of_nothing() {
    let folder = folder(&[("a.html", PAGE), ("b.txt", "no table\n")]);
    let both: Json =
        serde_json::from_str(&stdout(&run(folder.path(), &["a.html", "a.html", "-f", "json"]), 0)).unwrap();
    assert_eq!(both.as_array().map(Vec::len), Some(2));
    assert_eq!(stdout(&run(folder.path(), &["b.txt", "-f", "json"]), 0), "[]\n");
    assert_eq!(stdout(&run(folder.path(), &["b.txt"]), 0), "");
}

#[test]
fn what_cannot_be_read_does_not_stop_the_others() {
    let folder = folder(&[("a.html", PAGE), ("b.bin", "\0\u{1}\u{2}\0")]);
    let mixed = run(folder.path(), &["a.html", "b.bin", "c.html"]);
    assert_eq!(stdout(&mixed, 1).lines().count(), 1);
    let said = stderr(&mixed);
    assert!(said.contains("b.bin: error[not-text]") && said.contains("c.html: error[unreadable]"), "{said}");
    stdout(&run(folder.path(), &["c.html"]), 2);
    stdout(&run(folder.path(), &[]), 2);
    stdout(&run(folder.path(), &["a.html", "-o", "a.xml"]), 2);
}

#[test]
fn a_grid_out_of_proportion_is_null_and_said() {
    let html = format!(
        "<html><table><tr><td colspan=1000 rowspan=0>{}{}</table>",
        "x".repeat(1000),
        "<tr>".repeat(50)
    );
    let folder = folder(&[("a.html", &html)]);
    let refused = run(folder.path(), &["a.html"]);
    let table: Json = serde_json::from_str(&stdout(&refused, 1)).unwrap();
    assert_eq!(table["grid"], Json::Null);
    assert_eq!(table["account"]["covered"], 51_000);
    assert_eq!(table["cells"].as_array().map(Vec::len), Some(1));
    assert_eq!(table["diagnostics"][0]["code"], "grid-too-large");
    assert!(stderr(&refused).contains("--max-fill"), "{}", stderr(&refused));
    let filled = stdout(&run(folder.path(), &["a.html", "--max-fill", "100000"]), 0);
    assert_eq!(serde_json::from_str::<Json>(&filled).unwrap()["grid"].as_array().map(Vec::len), Some(51));
}

#[test]
fn damaged_spans_are_warnings_with_places() {
    let html = "<html>\n<table><tr><td rowspan=9>a<td colspan=x>b\n<tr><td>c</table>";
    let folder = folder(&[("a.html", html)]);
    let run = run(folder.path(), &["a.html"]);
    stdout(&run, 0);
    let said = stderr(&run);
    assert!(
        said.contains(
            "a.html:2:1: warning[span-past-end]: \"a\" spans 9 rows but its row group ends after 2"
        ),
        "{said}"
    );
    assert!(said.contains("a.html:2:2: warning[unreadable-span]: colspan=\"x\" holds no number"), "{said}");
    assert!(
        said.contains("formgrid: 1 span past the end, 0 overlapping cells, 0 holes; 2 warnings, 0 errors"),
        "{said}"
    );
}

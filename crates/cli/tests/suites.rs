//! Other people's table tests, where they lie beside the workspace: the pages
//! of `pandas.read_html` and of docling. Both suites expect what their own
//! program prints; where that is not what a browser shows, the case is listed
//! here with the reason, and checked to differ.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// Cases of pandas whose grid is not the table's.
const PANDAS: [(&str, &str); 3] = [
    ("pandas-013", "a rowspan past the end of the table makes rows that no tr stands for"),
    ("pandas-025", "a header row without text is dropped"),
    (
        "pandas-027",
        "text in a hidden span is dropped; Excel puts there what does not fit a cell, so it is kept",
    ),
];

/// Tables of docling that are not what a browser shows.
const DOCLING: [(&str, u64, &str); 11] = [
    ("example_08.html", 0, ROW_OF_SPANS),
    ("example_08.html", 1, ROW_OF_SPANS),
    ("example_08.html", 2, ROW_OF_SPANS),
    ("html_rich_table_cells.html", 1, TYPOGRAPHY),
    ("html_rich_table_cells.html", 2, NESTED),
    ("html_rich_table_cells.html", 3, TYPOGRAPHY),
    ("html_rich_table_cells.html", 4, TYPOGRAPHY),
    ("table_05.html", 0, NESTED),
    ("table_06.html", 0, NESTED),
    ("table_06.html", 1, NESTED),
    ("table_06.html", 2, NESTED),
];

const ROW_OF_SPANS: &str = "a row in which only cells of several rows begin is dropped; a browser shows it";
const TYPOGRAPHY: &str = "typographic quotes and hyphens are made ASCII; here text is as printed";
const NESTED: &str =
    "the text of a nested table is in its parent's cell, too; here it is in its own table alone";

/// A suite's folder; none, and a word about it, if it is not there.
fn suite(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    // Not through the macros: what they print is only shown if a test fails.
    let said = format!("SKIPPED: the suite {name} is not beside the workspace\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}

/// The tables of a page, as `formgrid tables` prints them.
fn tables_of(html: &[u8]) -> Vec<Json> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_formgrid"))
        .args(["tables", "-", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(html).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The filled grid, with each run of white space as one space.
fn grid_of(table: &Json) -> Vec<Vec<String>> {
    let rows = table["grid"].as_array().unwrap();
    rows.iter()
        .map(|row| row.as_array().unwrap().iter().map(|text| folded(text.as_str().unwrap())).collect())
        .collect()
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn pages_of_pandas() {
    let Some(folder) = suite("pandas-read-html") else { return };
    let cases: Json = serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let cases = cases.as_array().unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let tables = tables_of(case["html"].as_str().unwrap().as_bytes());
        // The case asks for this table by its id, or expects a second one.
        let index = usize::from(id == "pandas-002" || id == "pandas-029");
        let differs = compare_frame(&grid_of(&tables[index]), case).err();
        let departs = PANDAS.iter().any(|(departure, _)| *departure == id);
        match differs {
            Some(why) if !departs => wrong.push(format!("{id}: {why}")),
            None if departs => wrong.push(format!("{id} is listed as a departure and is none")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cases.len(), 40);
}

/// Whether a frame holds this grid: its columns are the header rows, its index
/// and its rows the others. The frame's values are read as texts: what pandas
/// makes of a text is not about the grid.
fn compare_frame(grid: &[Vec<String>], case: &Json) -> Result<(), String> {
    let frame = &case["expected"];
    let columns = frame["columns"].as_array().unwrap();
    let has_index = !case["kwargs"]["index_col"].is_null();
    // A frame without a header numbers its columns.
    let levels = match columns.first() {
        Some(Json::Array(levels)) if levels.get(1).is_some_and(|link| is_link(link, case)) => 1,
        Some(Json::Array(levels)) => levels.len(),
        Some(Json::String(name)) if name == "0" => 0,
        _ => 1,
    };
    if grid.len() < levels {
        return Err(format!("{} rows", grid.len()));
    }
    let (header, body) = grid.split_at(levels);
    for (level, row) in header.iter().enumerate() {
        let names = columns.iter().map(|name| if name.is_array() { &name[level] } else { name });
        let row = &row[usize::from(has_index)..];
        compare_row(row, &names.collect::<Vec<_>>(), case).map_err(|why| format!("header: {why}"))?;
    }
    let rows = frame["rows"].as_array().unwrap();
    if rows.len() != body.len() {
        return Err(format!("{} rows, expected {}", body.len(), rows.len()));
    }
    for ((row, expected), index) in body.iter().zip(rows).zip(frame["index"].as_array().unwrap()) {
        let mut values: Vec<&Json> = expected.as_array().unwrap().iter().collect();
        if has_index {
            values.insert(0, index);
        }
        compare_row(row, &values, case)?;
    }
    Ok(())
}

fn is_link(level: &Json, case: &Json) -> bool {
    let text = level.as_str().unwrap_or_default();
    !case["kwargs"]["extract_links"].is_null() && (text == "None" || text.starts_with("https:"))
}

fn compare_row(row: &[String], expected: &[&Json], case: &Json) -> Result<(), String> {
    let fits =
        row.len() == expected.len() && row.iter().zip(expected).all(|(text, value)| fits(text, value, case));
    if fits { Ok(()) } else { Err(format!("{row:?}, expected {expected:?}")) }
}

/// Whether pandas can have made this value of this text.
fn fits(text: &str, value: &Json, case: &Json) -> bool {
    match value {
        Json::Null => ["", "nan", "NA", "N/A"].contains(&text) || !case["kwargs"]["na_values"].is_null(),
        Json::Number(number) => {
            text.replace('#', ".").parse().is_ok_and(|own: f64| Some(own) == number.as_f64())
        }
        Json::String(name) => {
            let name = folded(name);
            name == text
                // A link is a pair of its text and its address.
                || name.starts_with(&format!("('{text}', "))
                || name.strip_suffix(" 00:00:00") == Some(text)
                || text.is_empty() && name.starts_with("Unnamed: ")
                // A second column of that name.
                || name.strip_prefix(text).is_some_and(|rest| rest.starts_with('.'))
        }
        _ => false,
    }
}

#[test]
fn pages_of_docling() {
    let Some(folder) = suite("docling-html") else { return };
    let expected: Json = serde_json::from_slice(&fs::read(folder.join("tables.json")).unwrap()).unwrap();
    let expected = expected.as_array().unwrap();
    let mut wrong = Vec::new();
    for table in expected {
        let name = Path::new(table["source"].as_str().unwrap()).file_name().unwrap();
        let index = table["table"].as_u64().unwrap();
        let own = tables_of(&fs::read(folder.join("sources").join(name)).unwrap());
        let grid: Vec<Vec<String>> = serde_json::from_value(table["grid"].clone()).unwrap();
        let grid: Vec<Vec<String>> =
            grid.into_iter().map(|row| row.iter().map(|text| folded(text)).collect()).collect();
        let found = own.get(index as usize).map(grid_of).unwrap_or_default();
        let departs = DOCLING.iter().any(|(source, at, _)| name == *source && *at == index);
        if (found == grid) == departs {
            wrong.push(format!("{} {index}:\n  ours    {found:?}\n  docling {grid:?}", name.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), expected.len(), wrong.join("\n"));
    assert_eq!(expected.len(), 28);
}

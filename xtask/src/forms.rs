//! How the fixtures of each profile are read, as they are and flattened: the
//! table of docs/forms.md, written from the program so that it stays true.
//!
//! The test suite compares each fixture with what a person says is true of it.
//! Here its tables are laid out in slots and written as tab text in each of the
//! layouts that exports have, and what is read from that is compared with what
//! is read from the HTML.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;

use anyhow::{Context, Result, ensure};
use formgrid_convert::{Options, Part, walk};
use formgrid_model::{Cell, Indicator, Record, Row, Severity, Source, Value};
use formgrid_profile::Profiles;

use crate::root;

const FILE: &str = "docs/forms.md";
const MARKS: [&str; 2] = ["<!-- forms -->", "<!-- /forms -->"];

/// What becomes of the slots that a cell covers besides its first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Blank,
    Repeated,
    Dropped,
    /// Each cell is a line of its own.
    Line,
}

const LAYOUTS: [Layout; 4] = [Layout::Blank, Layout::Repeated, Layout::Dropped, Layout::Line];

/// What is read: fields with a value, and indicators.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    fields: usize,
    indicators: usize,
}

/// The fixtures of one profile.
#[derive(Debug, Default)]
struct Line {
    fixtures: usize,
    records: usize,
    truth: Count,
    found: [Count; LAYOUTS.len()],
}

/// Writes the table, or checks that the one in the docs is true.
///
/// # Errors
/// If a fixture or the page cannot be read, or the page says otherwise.
pub(crate) fn run(is_written: bool) -> Result<()> {
    let profiles = Profiles::builtin();
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    let mut names: Vec<_> = fs::read_dir(root().join("fixtures"))?.collect::<Result<_, _>>()?;
    names.sort_by_key(|entry| entry.file_name());
    for entry in names {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".html") && !name.ends_with(".txt") {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        let truth = read(&bytes, &profiles, &mut |_| {});
        // What is damaged on purpose has no layout without the damage.
        let warned = |record: &Record| {
            record.diagnostics.iter().any(|found| found.problem.severity() >= Severity::Warning)
        };
        let Some(first) = truth.first().filter(|_| !truth.iter().any(warned)) else { continue };
        let line = lines.entry(first.form.clone()).or_default();
        line.fixtures += 1;
        line.records += truth.len();
        truth.iter().for_each(|record| line.truth.add(record, record));
        let is_html = name.ends_with(".html");
        for (layout, found) in LAYOUTS.into_iter().zip(&mut line.found) {
            let others = if is_html { flattened(&bytes, &profiles, layout) } else { truth.clone() };
            let mut here = Count::default();
            for record in &truth {
                let other = others.iter().find(|other| other.origin.table == record.origin.table);
                other.into_iter().for_each(|other| here.add(record, other));
            }
            found.fields += here.fields;
            found.indicators += here.indicators;
        }
    }
    let table = draw(&lines);
    let path = root().join(FILE);
    let page = fs::read_to_string(&path).with_context(|| format!("{FILE} is missing"))?;
    let (before, rest) = page.split_once(MARKS[0]).with_context(|| format!("{FILE} has no marks"))?;
    let (_, after) = rest.split_once(MARKS[1]).with_context(|| format!("{FILE} has no end mark"))?;
    let text = format!("{before}{}\n{table}{}{after}", MARKS[0], MARKS[1]);
    if is_written {
        fs::write(path, text)?;
        print!("{table}");
        return Ok(());
    }
    ensure!(page == text, "{FILE} is out of date: run `cargo xtask forms`");
    Ok(())
}

impl Count {
    /// Adds what another reading of a form has in common with the truth.
    fn add(&mut self, truth: &Record, other: &Record) {
        let value = |record: &Record, key: &str| -> Option<Value> {
            record.fields.iter().find(|field| field.key == key)?.value.clone()
        };
        let filled = truth.fields.iter().filter(|field| field.value.is_some());
        self.fields += filled.filter(|field| value(other, &field.key) == field.value).count();
        let mut rest = other.indicators.iter();
        for indicator in &truth.indicators {
            let mut ahead = rest.clone();
            if ahead.any(|other| texts(other) == texts(indicator)) {
                rest = ahead;
                self.indicators += 1;
            }
        }
    }
}

/// What an indicator says.
fn texts(indicator: &Indicator) -> Vec<Option<&str>> {
    let Indicator { levels, target, further, .. } = indicator;
    let parts = levels.iter().chain(further.iter().map(|(_, part)| part));
    let parts = parts.map(|part| part.as_ref().map(|part| &*part.text));
    parts.chain([target.as_ref().map(|target| &*target.text)]).collect()
}

/// Reads a document; each form's rows are shown, too.
fn read(bytes: &[u8], profiles: &Profiles, each: &mut dyn FnMut(&[&Row<'_>])) -> Vec<Record> {
    let mut records = Vec::new();
    walk(bytes, &Options::new(profiles), &mut |part| {
        if let Part::Form(form, others) = part {
            each(&form.rows.iter().map(|(_, row)| row).collect::<Vec<_>>());
            records.extend(others);
        }
        ControlFlow::Continue(())
    });
    records
}

/// Reads a document's forms once more, flattened to tab text.
fn flattened(bytes: &[u8], profiles: &Profiles, layout: Layout) -> Vec<Record> {
    let mut text = String::new();
    read(bytes, profiles, &mut |rows| {
        for rows in rows.chunk_by(|one, other| one.source == other.source) {
            text += &flat(rows, layout);
            text.push('\n');
        }
    });
    read(text.as_bytes(), profiles, &mut |_| {})
}

/// Rows of one table as tab text.
fn flat(rows: &[&Row<'_>], layout: Layout) -> String {
    let end = |cell: &Cell<'_>| (cell.column + cell.colspan - 1) as usize;
    let width = rows.iter().flat_map(|row| &row.cells).map(end).max().unwrap_or(0);
    let first = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.row).min().unwrap_or(1);
    let mut slots = vec![vec![(String::new(), true); width]; rows.len()];
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let text = cell.text.replace('\n', "<br>");
        let top = (cell.row - first) as usize;
        for (down, slots) in slots.iter_mut().skip(top).take(cell.rowspan as usize).enumerate() {
            for (across, slot) in slots[cell.column as usize - 1..end(cell)].iter_mut().enumerate() {
                let is_own = down == 0 && across == 0;
                let is_shown = is_own || layout == Layout::Repeated;
                *slot = (if is_shown { text.clone() } else { String::new() }, !is_own);
            }
        }
    }
    let is_line = matches!(rows[0].source, Source::Line { .. });
    let mut text = String::new();
    for row in slots {
        let mut cells: Vec<String> = match layout {
            Layout::Blank | Layout::Repeated => row.into_iter().map(|(text, _)| text).collect(),
            Layout::Dropped | Layout::Line => {
                row.into_iter().filter(|(_, is_covered)| !is_covered).map(|(text, _)| text).collect()
            }
        };
        if layout == Layout::Dropped && !is_line {
            cells.resize(width, String::new());
        }
        text += &cells.join(if layout == Layout::Line { "\n" } else { "\t" });
        text.push('\n');
    }
    text
}

fn draw(lines: &BTreeMap<String, Line>) -> String {
    let mut table = String::from(
        "| profile | fixtures | records | fields | indicators | slots blank | repeated | dropped | a cell a line |\n\
         |---|---:|---:|---:|---:|---|---|---|---|\n",
    );
    for (name, Line { fixtures, records, truth, found }) in lines {
        let Count { fields, indicators } = truth;
        table += &format!("| `{name}` | {fixtures} | {records} | {fields} | {indicators} |");
        for count in found {
            let is_all = count.fields == *fields && count.indicators == *indicators;
            let part = format!("{} + {}", count.fields, count.indicators);
            table += &format!(" {} |", if is_all { "all" } else { &part });
        }
        table.push('\n');
    }
    table
}

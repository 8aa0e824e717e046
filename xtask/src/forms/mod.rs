//! How the fixtures of each profile are read, as they are and flattened: the
//! tables of docs/forms.md, written from the program so that they stay true.
//!
//! The test suite compares each fixture with what a person says is true of it.
//! Here its tables are laid out in slots and written as tab text in each of the
//! layouts that exports have, and what is read from that is compared with what
//! is read from the HTML.

mod compare;
mod flat;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;

use anyhow::{Context, Result, ensure};
use formgrid_convert::{Options, Part, walk};
use formgrid_model::{Record, Row, Severity};
use formgrid_profile::Profiles;

use crate::root;
use compare::{Count, Difference, compare};
use flat::{Layout, flatten};

const FILE: &str = "docs/forms.md";

/// The fixtures of one profile.
#[derive(Debug, Default)]
struct Line {
    fixtures: usize,
    records: usize,
    truth: Count,
    found: [Count; Layout::ALL.len()],
}

/// A fixture that is not read the same in a layout.
struct Other {
    fixture: String,
    layout: Layout,
    difference: Difference,
}

/// Writes the tables, or checks that those in the docs are true.
///
/// # Errors
/// If a fixture or the page cannot be read, the page says otherwise, or a cell
/// of a flattened form ended in no place or in two.
pub(crate) fn run(is_written: bool) -> Result<()> {
    let profiles = Profiles::builtin();
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    let mut others: Vec<Other> = Vec::new();
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
        truth.iter().for_each(|record| line.truth.add(Count::of(record)));
        for (layout, found) in Layout::ALL.into_iter().zip(&mut line.found) {
            let read = match name.ends_with(".html") {
                true => flattened(&bytes, &profiles, layout),
                false => truth.clone(),
            };
            let difference = differences(&truth, &read);
            ensure!(!difference.is_unbalanced, "{name}, {}: a cell is in no place or in two", layout.name());
            found.add(difference.same);
            if difference.lost != Count::default() || difference.wrong != Count::default() {
                others.push(Other { fixture: name.clone(), layout, difference });
            }
        }
    }
    let path = root().join(FILE);
    let page = fs::read_to_string(&path).with_context(|| format!("{FILE} is missing"))?;
    let text = put(&page, "forms", &draw(&lines))?;
    let text = put(&text, "differences", &draw_others(&others))?;
    if is_written {
        fs::write(path, text)?;
        print!("{}\n{}", draw(&lines), draw_others(&others));
        return Ok(());
    }
    ensure!(page == text, "{FILE} is out of date: run `cargo xtask forms`");
    Ok(())
}

/// Puts a table between its marks.
fn put(page: &str, mark: &str, table: &str) -> Result<String> {
    let marks = [format!("<!-- {mark} -->"), format!("<!-- /{mark} -->")];
    let (before, rest) = page.split_once(&marks[0]).with_context(|| format!("{FILE} has no {mark}"))?;
    let (_, after) = rest.split_once(&marks[1]).with_context(|| format!("{FILE} has no end of {mark}"))?;
    Ok(format!("{before}{}\n{table}{}{after}", marks[0], marks[1]))
}

/// Reads a document; its rows are shown, too.
fn read(bytes: &[u8], profiles: &Profiles, each: &mut dyn FnMut(&[&Row<'_>])) -> Vec<Record> {
    let mut records = Vec::new();
    walk(bytes, &Options::new(profiles), &mut |part| {
        match part {
            Part::Form(form, others) => {
                each(&form.rows.iter().map(|(_, row)| row).collect::<Vec<_>>());
                records.extend(others);
            }
            Part::Outside(row) => each(&[row]),
        }
        ControlFlow::Continue(())
    });
    records
}

/// Reads a document once more, flattened to tab text.
fn flattened(bytes: &[u8], profiles: &Profiles, layout: Layout) -> Vec<Record> {
    let mut text = String::new();
    read(bytes, profiles, &mut |rows| text += &flatten(rows, layout));
    read(text.as_bytes(), profiles, &mut |_| {})
}

/// How the records of a document differ from the true ones, all together.
fn differences(truth: &[Record], read: &[Record]) -> Difference {
    let mut all = Difference::default();
    for record in truth {
        let Some(other) = read.iter().find(|other| other.origin.table == record.origin.table) else {
            all.lost.add(Count::of(record));
            continue;
        };
        let Difference { same, lost, wrong, silent, codes, is_unbalanced } = compare(record, other);
        all.same.add(same);
        all.lost.add(lost);
        all.wrong.add(wrong);
        all.silent.add(silent);
        all.codes.extend(codes);
        all.is_unbalanced |= is_unbalanced;
    }
    all
}

fn draw(lines: &BTreeMap<String, Line>) -> String {
    let mut table = String::from("| profile | fixtures | records | fields | indicators |");
    Layout::ALL.iter().for_each(|layout| table += &format!(" {} |", layout.name()));
    table += "\n|---|---:|---:|---:|---:|---|---|---|---|\n";
    for (name, Line { fixtures, records, truth, found }) in lines {
        let Count { fields, indicators } = truth;
        table += &format!("| `{name}` | {fixtures} | {records} | {fields} | {indicators} |");
        for count in found {
            let part = format!("{} + {}", count.fields, count.indicators);
            table += &format!(" {} |", if count == truth { "all" } else { &part });
        }
        table.push('\n');
    }
    table
}

fn draw_others(others: &[Other]) -> String {
    let mut table = String::from(
        "| fixture | layout | null or gone | read otherwise | of it in silence | the record warns |\n\
         |---|---|---:|---:|---:|---|\n",
    );
    for Other { fixture, layout, difference } in others {
        let Difference { lost, wrong, silent, codes, .. } = difference;
        let part = |Count { fields, indicators }: &Count| format!("{fields} + {indicators}");
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        table += &format!(
            "| `{fixture}` | {} | {} | {} | {} | {} |\n",
            layout.name(),
            part(lost),
            part(wrong),
            part(silent),
            if codes.is_empty() { "—".into() } else { codes.join(", ") },
        );
    }
    table
}

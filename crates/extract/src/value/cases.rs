//! The tables of cases: `cases.tsv`, and those of `docs/values.md`.

use formgrid_model::{Comparison, Target, Value};
use formgrid_profile::{Kind, MoneyUnit};

use super::target::{Parsed, is_odd_target, is_several_targets, parse_target};
use super::three_cells::complete;
use super::{parse_also, parse_value, stands_for_nothing};

const CASES: &str = include_str!("cases.tsv");
const DOCS: &str = include_str!("../../../../docs/values.md");

/// How a cell is read as a type, drawn: a target as comparison, value, unit and
/// what else is said of it, `_` for none; another type as its values. `null` is
/// without a warning, `null!` with one.
fn draw(kind: &str, cell: &str) -> String {
    let (kind, unit) =
        kind.split_once(' ').map_or((kind, None), |(kind, unit)| (kind, MoneyUnit::named(unit)));
    let kind = match kind {
        "target" => return draw_target(cell),
        "three-cells" => return draw_three_cells(cell),
        "date" => Kind::Date,
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "percent" => Kind::Percent,
        "money" => Kind::Money,
        "choice" => Kind::Choice,
        "coded" => Kind::Coded,
        "period" => Kind::Period,
        _ => panic!("{kind} is no type"),
    };
    let also = parse_also(cell, kind).into_iter().flatten();
    let values = parse_value(cell, kind, unit).into_iter().chain(also);
    let drawn: Vec<String> = values.map(|value| draw_value(&value)).collect();
    match drawn.is_empty() {
        false => drawn.join(" | "),
        true if stands_for_nothing(cell, kind) => "null".into(),
        true => "null!".into(),
    }
}

fn draw_target(cell: &str) -> String {
    let more = if is_several_targets(cell) { " several" } else { "" };
    draw_parsed(parse_target(cell)) + more + if is_odd_target(cell) { " odd" } else { "" }
}

/// A target in three cells, `_` for a blank one.
fn draw_three_cells(cells: &str) -> String {
    let cells: Vec<Option<&str>> = cells.split(" + ").map(|cell| (cell != "_").then_some(cell)).collect();
    let [property, text, unit] = cells[..] else { panic!("{cells:?} are not three") };
    let text = text.unwrap_or_default().to_owned();
    let Parsed { comparison, value, unit: own, range, is_approximate } = parse_target(&text);
    let mut target =
        Target { text, comparison, value, unit: own, range, is_approximate, ..Target::default() };
    let is_other = complete(&mut target, property, unit).is_some();
    let Target { comparison, value, unit, range, is_approximate, .. } = target;
    let drawn = draw_parsed(Parsed { comparison, value, unit, range, is_approximate });
    drawn + if is_other { " mismatch" } else { "" }
}

/// A target's parts: comparison, value, unit and what else is said of it.
fn draw_parsed(parsed: Parsed) -> String {
    let Parsed { comparison, value, unit, range, is_approximate } = parsed;
    let mut drawn = format!(
        "{} {} {}",
        comparison.map_or("_", Comparison::symbol),
        value.map_or("_".into(), |value| value.to_string()),
        unit.unwrap_or("_".into())
    );
    if let Some((from, to)) = range {
        drawn += &format!(" range {from} {to}");
    }
    if is_approximate {
        drawn += " approximate";
    }
    drawn
}

fn draw_value(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Integer(integer) => integer.to_string(),
        Value::Number(number) | Value::Money(number) => number.to_string(),
    }
}

/// Reads each cell and lists the ones that read otherwise.
#[track_caller]
fn check(cases: impl Iterator<Item = (String, String, String)>, fewest: usize) {
    let mut count = 0;
    let mut wrong = String::new();
    for (kind, cell, expected) in cases {
        count += 1;
        let found = draw(&kind, &cell.replace('⏎', "\n"));
        if found != expected {
            wrong += &format!("\n{kind} {cell:?}: {found:?}, not {expected:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= fewest, "only {count} cases");
}

#[test]
fn cells_read_as_their_case_says() {
    let cases = CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_else(|| panic!("{line:?} lacks a column"));
        (next().to_owned(), next().to_owned(), next().to_owned())
    });
    check(cases, 300);
}

/// A table whose first header is a type, in code style, is one of cases.
#[test]
fn the_tables_of_the_docs_are_true() {
    let mut kind = None;
    let mut cases = Vec::new();
    for line in DOCS.lines().filter(|line| !line.starts_with("|---")) {
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else {
            kind = None;
            continue;
        };
        let columns: Vec<&str> = row.split(" | ").map(|column| column.trim_matches(['`', ' '])).collect();
        match kind {
            None => kind = Some(columns[0]),
            Some(kind) => {
                cases.push((kind.to_owned(), columns[0].to_owned(), columns[1].replace("\\|", "|")))
            }
        }
    }
    check(cases.into_iter(), 60);
}

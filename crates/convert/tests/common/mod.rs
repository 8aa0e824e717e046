//! The pipeline, with what must hold for any document checked on the way.

use std::ops::ControlFlow;

use formgrid_convert::{Options, Part, Sieve, Summary, walk};
use formgrid_ingest::ingest;
use formgrid_model::{Block, Cell, Form, Indicator, Piece, Place, Problem, Record, Value};
use formgrid_profile::{Profiles, fold};

/// What came out of a document.
#[derive(Debug, PartialEq)]
pub struct Converted {
    /// The records, in order.
    pub records: Vec<Record>,
    /// The rows that belong to no form: their filled cells.
    pub outside: Vec<Vec<String>>,
    /// What is said of the document.
    pub summary: Summary,
}

/// Converts a document.
///
/// # Panics
/// If a cell of the document is neither in a form nor outside, if a cell of a
/// form is nowhere in its record, if a record's account does not balance, or if
/// the sieve would drop the form.
#[track_caller]
pub fn convert_checked(bytes: &[u8]) -> Converted {
    convert_checked_with(bytes, &Profiles::builtin())
}

/// The same with these profiles.
#[track_caller]
pub fn convert_checked_with(bytes: &[u8], profiles: &Profiles) -> Converted {
    let options = Options::new(profiles);
    let (mut records, mut outside) = (Vec::new(), Vec::new());
    let mut cells = Vec::new();
    let summary = walk(bytes, &options, &mut |part| {
        match part {
            Part::Form(form, parts) => {
                for record in &parts {
                    assert!(record.account.is_balanced(), "{:?}", record.account);
                }
                let rows = || form.rows.iter().map(|(_, row)| row);
                let placed: usize = parts.iter().map(|record| record.account.cells as usize).sum();
                assert_eq!(placed, rows().flat_map(|row| row.filled()).count());
                check_conserved(form, &parts, profiles);
                cells.extend(rows().flat_map(|row| row.filled()).map(identity));
                records.extend(parts);
            }
            Part::Outside(row) => {
                cells.extend(row.filled().map(identity));
                outside.push(row.filled().map(|cell| cell.text.to_string()).collect());
            }
        }
        ControlFlow::Continue(())
    });
    if summary.forms > 0 {
        let document = ingest(bytes, &options.ingest).unwrap().value;
        assert!(Sieve::new(profiles).may_hold_form(document.text()), "the sieve drops {:?}", document.text());
    }
    cells.sort();
    assert_eq!(cells, cells_of(bytes), "cells of the document against cells of forms and outside");
    Converted { records, outside, summary }
}

/// A value as one line of text.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.replace('\n', "⏎"),
        Value::Date(date) => date.to_string(),
        Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(amount) | Value::Money(amount) => amount.normalize().to_string(),
    }
}

/// An indicator's words, outermost first.
pub fn path(indicator: &Indicator) -> Vec<String> {
    let word = |level: &Option<formgrid_model::Part>| {
        level.as_ref().map_or("(none)".to_owned(), |part| part.text.replace('\n', "⏎"))
    };
    indicator.levels.iter().map(word).collect()
}

/// The filled cells of all blocks, sorted; none where the bytes are no text.
fn cells_of(bytes: &[u8]) -> Vec<(u32, u32, String)> {
    let Ok(outcome) = ingest(bytes, &Default::default()) else { return Vec::new() };
    let mut cells = Vec::new();
    for block in outcome.value.blocks() {
        match block {
            Block::Line(row) => cells.extend(row.filled().map(identity)),
            Block::Table(table) => {
                cells.extend(table.caption.iter().filter(|caption| !caption.is_blank()).map(identity));
                cells.extend(table.rows.iter().flat_map(|row| row.filled()).map(identity));
            }
            Block::Diagnostic(_) => {}
        }
    }
    cells.sort();
    cells
}

fn identity(cell: &Cell<'_>) -> (u32, u32, String) {
    (cell.line, cell.column, cell.text.to_string())
}

#[track_caller]
fn check_conserved(form: &Form<'_>, records: &[Record], profiles: &Profiles) {
    // A cell that shows once more what the one left of it shows is counted as such.
    let mut again = 0;
    for (piece, row) in &form.rows {
        for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
            let is_found = records.iter().any(|record| is_found(*piece, cell, record, profiles));
            let is_again = at > 0 && row.cells[at - 1].text == cell.text;
            again += u32::from(!is_found && is_again);
            assert!(
                is_found || is_again,
                "line {}: {piece:?} cell {:?} is nowhere in the record",
                cell.line,
                cell.text
            );
        }
    }
    let repeated: u32 = records.iter().map(|record| record.account.repeated).sum();
    assert!(again <= repeated, "{again} cells are shown once more, {repeated} are counted so");
}

/// Whether a cell's text is in the record, or is known to the profile.
fn is_found(piece: Piece, cell: &Cell<'_>, record: &Record, profiles: &Profiles) -> bool {
    // Labels without values may stand in one cell.
    let own = profiles.get(&record.form);
    let is_label =
        |label: &str| profiles.is_label(label) || own.is_some_and(|own| own.label(label).is_some());
    let are_labels =
        || cell.text.split([':', '：']).map(str::trim).all(|label| fold(label).is_none() || is_label(label));
    let is_known = match piece {
        // A form that no profile knows has its headers as keys.
        Piece::GridHeader => {
            let key: String = cell.text.chars().filter(|c| !c.is_whitespace()).collect();
            let is_key = |indicator: &Indicator| indicator.further.iter().any(|(other, _)| *other == key);
            // Or, in a list, a header that is the label of a field.
            let grid = profiles.get(&record.form).map(|profile| &profile.grid);
            let is_head = grid.is_some_and(|grid| grid.header(&cell.text).is_some());
            is_head || profiles.is_header(&cell.text) || record.indicators.iter().any(is_key)
        }
        Piece::Caption | Piece::Labels => fold(&cell.text).is_some() && are_labels(),
        // A row in the grid that is none of it may be labels: then the field
        // stands beside its label, or the label stands there blank once more.
        Piece::Grid => {
            let label = profiles.get(&record.form).and_then(|profile| profile.label(&cell.text));
            let field = label.map(|label| &record.fields[label.field]);
            let place = field.and_then(|field| field.place.as_ref());
            let is_beside = place.is_some_and(|place| place.line == cell.line);
            let is_blank_again = place.is_some() && field.is_some_and(|field| field.value.is_none());
            is_beside || is_blank_again || label.is_some() && cell.text.ends_with([':', '：'])
        }
    };
    // A line of a cell may be a label without a value.
    let is_label_line =
        |line: &str| matches!(piece, Piece::Caption | Piece::Labels) && profiles.is_label(line);
    // What the profile knows to stand beside labels or rows, or for a total.
    let is_beside = profiles
        .get(&record.form)
        .is_some_and(|profile| profile.side(&cell.text).is_some() || profile.grid.row(&cell.text).is_some());
    // What heads a grid is the horizon of its indicators.
    let is_horizon = piece == Piece::GridHeader && profiles.is_horizon(&cell.text);
    // A value that does not apply: `—`.
    let is_at_field =
        || record.fields.iter().filter_map(|field| field.place.as_ref()).any(|place| is_at(place, cell));
    let is_indicator = record.indicators.iter().any(|indicator| is_part(indicator, cell));
    is_known
        || is_beside
        || is_horizon
        || is_indicator
        || record.indicators.iter().any(|indicator| is_half(indicator, cell))
        || cell.text.chars().all(|c| "—-/".contains(c)) && is_at_field()
        || is_text(&cell.text, cell, record, profiles)
        || cell
            .text
            .lines()
            .map(str::trim)
            .all(|line| is_label_line(line) || is_text(line, cell, record, profiles))
}

/// Whether a cell is a half of a level's word that was joined: the row names
/// both halves.
fn is_half(indicator: &Indicator, cell: &Cell<'_>) -> bool {
    let half = format!("\"{}\" (line {})", cell.text, cell.line);
    let is_named = indicator.repair.as_ref().is_some_and(|repair| repair.note.contains(&half));
    is_named && indicator.levels.iter().flatten().any(|part| part.text.contains(&*cell.text))
}

fn is_part(indicator: &Indicator, cell: &Cell<'_>) -> bool {
    let further = indicator.further.iter().map(|(_, part)| part);
    let parts = indicator.levels.iter().chain(further).flatten();
    parts
        .map(|part| (&part.text, &part.place))
        .chain(indicator.target.iter().map(|target| (&target.text, &target.place)))
        .any(|(text, place)| *text == cell.text && is_at(place, cell))
}

/// Whether a cell's text, or a line of it, is a caption, a field or unmapped.
fn is_text(text: &str, cell: &Cell<'_>, record: &Record, profiles: &Profiles) -> bool {
    let is_field = record.fields.iter().any(|field| {
        // A text may go on in lines below the one where it begins.
        let is_line = |value: &str| value.lines().any(|line| line == text);
        let is_above = field.place.as_ref().is_some_and(|place| place.line <= cell.line);
        let is_here = field.place.as_ref().is_some_and(|place| is_at(place, cell));
        is_above && matches!(&field.value, Some(Value::Text(value)) if is_line(value))
            || is_here
                && match &field.value {
                    // The text may go on in the lines below.
                    Some(Value::Text(value)) => {
                        text.contains(value.as_str())
                            || value.lines().next().is_some_and(|line| text.ends_with(line))
                    }
                    Some(_) => true,
                    None => text.is_empty() || is_unparsed(&field.key, text, record),
                }
    });
    let is_unmapped = record.unmapped.iter().any(|unmapped| {
        let label = unmapped.label.as_deref().unwrap_or_default();
        is_at(&unmapped.place, cell) && (unmapped.text == text || text.ends_with(&unmapped.text))
            || !label.is_empty() && fold(label) == fold(text)
    });
    text.is_empty()
        || text == "："
        || profiles.is_title(text)
        || profiles.is_heading(text)
        || is_field
        || is_unmapped
}

fn is_unparsed(key: &str, found: &str, record: &Record) -> bool {
    record.diagnostics.iter().any(|diagnostic| {
        matches!(&diagnostic.problem, Problem::UnparsedValue { key: of, text, .. } | Problem::NoValue { key: of, text }
            if of == key && found.contains(text.as_str()))
    })
}

fn is_at(place: &Place, cell: &Cell<'_>) -> bool {
    (place.line, place.row, place.column) == (cell.line, cell.row, cell.column)
}

//! Drawings of what each stage makes of a document, for people to review.

use std::fmt::Write;

use formgrid_convert::{Part, Summary};
use formgrid_ingest::ingest;
use formgrid_model::{
    Block, Cell, Diagnostic, Indicator, Piece, Problem, Record, Row, Severity, Source, Table,
};
use formgrid_profile::GENERIC;

use crate::common::{Converted, path, value_text};

/// The longest text of a cell that is drawn whole, in characters.
const LONGEST: usize = 40;

/// The blocks, a row a line: its line number, then its cells. `^` is a slot
/// covered from above, `<` one covered from the left.
pub fn blocks(bytes: &[u8]) -> String {
    let mut drawing = String::new();
    match ingest(bytes, &Default::default()) {
        Err(diagnostic) => diagnostics(&mut drawing, &[diagnostic]),
        Ok(outcome) => {
            diagnostics(&mut drawing, &outcome.diagnostics);
            let mut last = None;
            for block in outcome.value.blocks() {
                match block {
                    Block::Line(row) => {
                        if last.replace(row.source).is_some_and(|last| last != row.source) {
                            drawing.push('\n');
                        }
                        let texts: Vec<String> = row.cells.iter().map(|cell| short(&cell.text)).collect();
                        line(&mut drawing, &row, &texts);
                    }
                    Block::Table(table) => {
                        drawing.push_str(if last.is_some() { "\n" } else { "" });
                        last = Some(Source::Table { table: table.ordinal });
                        draw_table(&mut drawing, &table);
                    }
                    Block::Diagnostic(diagnostic) => diagnostics(&mut drawing, &[diagnostic]),
                }
            }
        }
    }
    drawing
}

/// A form's rows, each with the piece that it was taken for; rows outside of
/// any form begin with a minus sign.
pub fn part(part: &Part<'_, '_>) -> String {
    let mut drawing = String::new();
    match part {
        Part::Outside(row) => {
            drawing.push_str("-       ");
            line(&mut drawing, row, &texts(row));
        }
        Part::Form(form, _) => {
            let _ = writeln!(drawing, "form {}", form.ordinal);
            for (piece, row) in &form.rows {
                let name = match piece {
                    Piece::Caption => "caption",
                    Piece::Labels => "labels",
                    Piece::GridHeader => "header",
                    Piece::Grid => "grid",
                };
                let _ = write!(drawing, "{name:<8}");
                line(&mut drawing, row, &texts(row));
            }
        }
    }
    drawing
}

/// A record: fields, indicators as a tree of paths, what is unmapped, what is
/// wrong, and the account.
pub fn record(record: &Record) -> String {
    let mut drawing = String::new();
    let origin = &record.origin;
    let _ = writeln!(
        drawing,
        "form {} {} lines {}-{}",
        origin.table, record.form, origin.first_line, origin.last_line
    );
    for field in &record.fields {
        let value = field.value.as_ref().map_or("-".to_owned(), |value| short(&value_text(value)));
        let at =
            field.place.as_ref().map_or(String::new(), |place| format!(" @{}:{}", place.line, place.column));
        let _ = writeln!(drawing, "  {}: {value}{at}", field.key);
    }
    let mut above: Vec<String> = Vec::new();
    for indicator in &record.indicators {
        let path = path(indicator);
        let same = path.iter().zip(&above).take_while(|(word, above)| word == above).count();
        let leaf = path.len().saturating_sub(1);
        for (depth, word) in path.iter().enumerate().take(leaf).skip(same) {
            let _ = writeln!(drawing, "  {:depth$}{word}", "", depth = depth * 2);
        }
        let name = path.last().map_or("", |name| name);
        let _ = writeln!(drawing, "  {:leaf$}{name} → {}", "", leaf_text(indicator), leaf = leaf * 2);
        above = path;
        above.pop();
    }
    for unmapped in &record.unmapped {
        let label = unmapped.label.as_deref().map_or("-".to_owned(), short);
        let _ = writeln!(drawing, "  unmapped {label}: {} @{}", short(&unmapped.text), unmapped.place.line);
    }
    diagnostics(&mut drawing, &record.diagnostics);
    let account = record.account;
    let _ = writeln!(
        drawing,
        "  {} cells in = {} labels + {} fields + {} captions + {} indicators + {} unmapped",
        account.cells, account.labels, account.fields, account.captions, account.indicators, account.unmapped
    );
    drawing
}

/// The document's own line.
pub fn summary(summary: &Summary) -> String {
    let encoding = summary.decoding.map_or("", |decoding| decoding.encoding);
    let mut drawing = format!("document {encoding} forms {} outside {}\n", summary.forms, summary.outside);
    diagnostics(&mut drawing, &summary.diagnostics);
    drawing
}

/// What a truth file says, drawn from what came out: records without notes and
/// places, rows outside, and warnings with their lines.
pub fn truth(converted: &Converted) -> String {
    let mut drawing = String::new();
    for record in &converted.records {
        if !drawing.is_empty() {
            drawing.push('\n');
        }
        truth_of_record(&mut drawing, record);
    }
    if !drawing.is_empty() && (!converted.outside.is_empty() || !converted.summary.diagnostics.is_empty()) {
        drawing.push('\n');
    }
    for cells in &converted.outside {
        let _ = writeln!(drawing, "outside: {}", cells.join(" | ").replace('\n', "⏎"));
    }
    for diagnostic in &converted.summary.diagnostics {
        let _ = writeln!(drawing, "document {} {}", diagnostic.problem.code(), diagnostic.line);
    }
    drawing
}

fn truth_of_record(drawing: &mut String, record: &Record) {
    let said = |problem: fn(&Problem) -> Option<&String>| -> Vec<&str> {
        record.diagnostics.iter().filter_map(|d| problem(&d.problem)).map(String::as_str).collect()
    };
    let missing = said(|problem| match problem {
        Problem::MissingField { key } => Some(key),
        _ => None,
    });
    let unparsed = said(|problem| match problem {
        Problem::UnparsedValue { key, .. } => Some(key),
        _ => None,
    });
    let none = said(|problem| match problem {
        Problem::NoValue { key, .. } => Some(key),
        _ => None,
    });
    // The sample's form is the one that goes without saying.
    let form = Some(&record.form).filter(|form| *form != "shanghai-project-target");
    let _ = writeln!(
        drawing,
        "form {}{}",
        record.origin.table,
        form.map_or(String::new(), |form| format!(" {form}"))
    );
    for field in &record.fields {
        let value = match &field.value {
            Some(value) => value_text(value),
            None if missing.contains(&&*field.key) => continue,
            None if record.form == GENERIC && field.place.is_none() => continue,
            None if unparsed.contains(&&*field.key) => "(unparsed)".to_owned(),
            None if none.contains(&&*field.key) => "(no value)".to_owned(),
            None => "(blank)".to_owned(),
        };
        let _ = writeln!(drawing, "{}: {value}", field.key);
    }
    if !missing.is_empty() {
        let _ = writeln!(drawing, "missing: {}", missing.join(" "));
    }
    let warnings = || record.diagnostics.iter().filter(|d| d.problem.severity() >= Severity::Warning);
    for indicator in &record.indicators {
        let is_lost =
            warnings().any(|d| matches!(d.problem, Problem::ValueLost { .. }) && d.line == indicator.line);
        let target = match &indicator.target {
            Some(target) => target.text.replace('\n', "⏎"),
            None if is_lost => "(lost)".to_owned(),
            None => "(blank)".to_owned(),
        };
        let repair = indicator.repair.as_ref().map_or(String::new(), |r| format!("  [{}]", r.kind.name()));
        let _ = write!(drawing, "{} → {target}", path(indicator).join(" / "));
        for (key, part) in &indicator.further {
            if let Some(part) = part {
                let _ = write!(drawing, " | {key} {}", part.text.replace('\n', "⏎"));
            }
        }
        let _ = writeln!(drawing, "{repair}");
    }
    for unmapped in &record.unmapped {
        let text = if unmapped.text.is_empty() { "(blank)" } else { &unmapped.text };
        let label = unmapped.label.as_deref().unwrap_or("(no label)");
        let _ = writeln!(drawing, "unmapped {label}: {}", text.replace('\n', "⏎"));
    }
    for warning in warnings() {
        let _ = writeln!(drawing, "warning {} {}", warning.problem.code(), warning.line);
    }
}

fn leaf_text(indicator: &Indicator) -> String {
    let mut text = match &indicator.target {
        None => "-".to_owned(),
        Some(target) => {
            let range = target.range.map(|(from, to)| format!("{from} to {to}"));
            let number = target.value.map(|value| value.to_string()).or(range);
            let value = number.map_or("qualitative".to_owned(), |number| {
                let comparison = target.comparison.map_or("_", |comparison| comparison.symbol());
                format!("{comparison} {number} {}", target.unit.as_deref().unwrap_or("_"))
            });
            let about = if target.is_approximate { "about " } else { "" };
            format!("{} ({about}{value})", target.text.replace('\n', "⏎"))
        }
    };
    for (key, part) in &indicator.further {
        let _ = write!(text, " {key}={}", part.as_ref().map_or("-", |part| &part.text));
    }
    let _ = write!(text, " @{}", indicator.line);
    if let Some(repair) = &indicator.repair {
        let _ = write!(text, " [{}: {}]", repair.kind.name(), repair.note);
    }
    if let Some(confidence) = indicator.confidence {
        let _ = write!(text, " [confidence {confidence}]");
    }
    text
}

/// A table's slots; a cell is drawn in its first one.
fn draw_table(drawing: &mut String, table: &Table<'_>) {
    let _ = write!(drawing, "table {} of {} columns", table.ordinal, table.columns);
    if let Some(parent) = table.parent {
        let _ = write!(drawing, " in table {} row {} column {}", parent.table, parent.row, parent.column);
    }
    drawing.push('\n');
    diagnostics(drawing, &table.diagnostics);
    if let Some(caption) = &table.caption {
        let _ = writeln!(drawing, "{:>4} caption {}", caption.line, short(&caption.text));
    }
    let mut slots = vec![vec![String::new(); table.columns as usize]; table.rows.len()];
    for cell in table.rows.iter().flat_map(|row| &row.cells) {
        for row in 0..cell.rowspan {
            for column in 0..cell.colspan {
                let text = match (row, column) {
                    (0, 0) => short(&cell.text),
                    (_, 0) => "^".to_owned(),
                    _ => "<".to_owned(),
                };
                let at = slots.get_mut((cell.row + row - 1) as usize);
                if let Some(slot) = at.and_then(|row| row.get_mut((cell.column + column - 1) as usize)) {
                    *slot = text;
                }
            }
        }
    }
    for (row, texts) in table.rows.iter().zip(&slots) {
        line(drawing, row, texts);
    }
}

fn line(drawing: &mut String, row: &Row<'_>, texts: &[String]) {
    let number = row.cells.first().map_or(String::new(), |cell| cell.line.to_string());
    let _ = writeln!(drawing, "{}", format!("{number:>4} {}", texts.join(" | ")).trim_end());
}

fn texts(row: &Row<'_>) -> Vec<String> {
    let text = |cell: &Cell<'_>| match (cell.rowspan, cell.colspan) {
        (1, 1) => short(&cell.text),
        (rows, columns) => format!("{} ({rows}×{columns})", short(&cell.text)),
    };
    row.cells.iter().map(text).collect()
}

fn short(text: &str) -> String {
    let text = text.replace('\n', "⏎");
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

fn diagnostics(drawing: &mut String, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let column = diagnostic.column.map_or(String::new(), |column| format!(":{column}"));
        let _ = writeln!(drawing, "  {diagnostic} @{}{column}", diagnostic.line);
    }
}

//! `formgrid inspect`: how a document was read, drawn for people.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::ops::ControlFlow;

use anyhow::{Context, bail};
use clap::builder::styling::{AnsiColor, Style};
use formgrid_convert::{self as convert, Options, Part};
use formgrid_model::{
    Account, Cell, Decoding, Form, Indicator, Piece, Place, Problem, Record, Row, Severity,
    Source as RowSource, Value,
};
use unicode_width::UnicodeWidthStr;

use crate::Outcome;
use crate::args::{Color, Inspect};
use crate::draw::{Grid, draw, most_columns, shorten};
use crate::extract::{load, options};
use crate::feed::{Document, charset, read};
use crate::report::{Taste, printable};
use crate::walk::{self, probe};

/// How wide, and in which taste, to draw.
#[derive(Debug, Clone, Copy)]
struct View {
    width: usize,
    taste: Taste,
}

/// Draws a document, or all documents of an archive.
///
/// # Errors
///
/// If nothing can be read, or standard output takes nothing.
pub fn inspect(args: &Inspect, color: Color) -> anyhow::Result<Outcome> {
    if args.path.is_dir() {
        bail!("{} is a folder; inspect draws one document", args.path.display());
    }
    probe(&args.path).with_context(|| format!("cannot read {}", args.path.display()))?;
    let profiles = load(&args.reading.profile)?;
    let options = options(&profiles, &args.reading)?;
    let containers = args.containers.options()?;
    let is_coloured = color.is_on(io::stdout().is_terminal());
    let taste = Taste { least: Severity::Info, is_coloured };
    let view = View { width: args.width.map_or_else(terminal_width, usize::from), taste };

    let mut outcome = Outcome::Done;
    let mut written = Ok(());
    for found in walk::walk(vec![args.path.clone()], containers.selection.clone(), None) {
        let _ = read(found, &containers, &mut |document| {
            let (text, is_broken) = draw_document(&document, &options, view);
            if is_broken {
                outcome = Outcome::Faulty;
            }
            written = io::stdout().write_all(text.as_bytes());
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
    written?;
    Ok(outcome)
}

/// The drawing of a document, and whether it had an error.
fn draw_document(document: &Document, options: &Options, view: View) -> (String, bool) {
    let name = document.name();
    let mut out = String::new();
    writeln!(out, "{}", printable(&name, 400)).ok();
    let content = match &document.content {
        Ok(content) => content,
        Err(problem) => {
            view.taste.write(&mut out, &name, problem);
            return (out, problem.problem.severity() == Severity::Error);
        }
    };
    let mut options = options.clone();
    options.ingest.charset = charset(content);
    let mut forms = String::new();
    let mut outside = String::new();
    let summary = convert::walk(&content.bytes, &options, &mut |part| {
        match part {
            Part::Form(form, records) => draw_form(&mut forms, &name, form, &records, view),
            Part::Outside(row) => {
                for cell in row.filled() {
                    let text = shorten(&printable(&cell.text, 400), view.width.saturating_sub(9));
                    writeln!(outside, "{:>7}  {text}", cell.line).ok();
                }
            }
        }
        ControlFlow::Continue(())
    });
    let encoding = summary.decoding.map_or("none".to_owned(), in_words);
    writeln!(out, "encoding {encoding}, {} bytes, sha256 {}", content.bytes.len(), summary.sha256).ok();
    writeln!(out, "forms {}, cells outside any form {}", summary.forms, summary.outside).ok();
    let mut is_broken = false;
    for found in content.diagnostics.iter().chain(&summary.diagnostics) {
        view.taste.write(&mut out, &name, found);
        is_broken |= found.problem.severity() == Severity::Error;
    }
    out.push_str(&forms);
    if !outside.is_empty() {
        heading(&mut out, "Outside any form", view);
        out.push_str(&outside);
    }
    (out, is_broken)
}

/// `gb18030 (declared; 3 undecodable from offset 17)`.
fn in_words(decoding: Decoding) -> String {
    let Decoding { encoding, from, undecodable, first_undecodable } = decoding;
    let damage = first_undecodable
        .map_or(String::new(), |first| format!("; {undecodable} undecodable from offset {first}"));
    format!("{encoding} ({}{damage})", from.name())
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(120, |(width, _)| usize::from(width.0).max(40))
}

/// Draws a form as laid out, below the title of its first record, and what each
/// record says.
fn draw_form(out: &mut String, name: &str, form: &Form, records: &[Record], view: View) {
    for (at, record) in records.iter().enumerate() {
        let origin = &record.origin;
        let title = format!(
            "Form {}: {}, lines {} to {}, id {}",
            origin.table, record.form, origin.first_line, origin.last_line, record.id
        );
        heading(out, &title, view);
        if at == 0 {
            heading(out, "As laid out", view);
            for rows in form.rows.chunk_by(|(_, a), (_, b)| is_same_box(a, b)) {
                out.push_str(&draw(&laid_out(rows, view.width), view.width));
            }
        }
        draw_record(out, name, record, view);
    }
}

fn draw_record(out: &mut String, name: &str, record: &Record, view: View) {
    heading(out, "Indicators as repaired", view);
    if record.indicators.is_empty() {
        out.push_str("none\n");
    } else {
        out.push_str(&draw(&repaired(record), view.width));
        out.push_str("↺ put right   ✂ lost in the export   ? in doubt\n");
    }
    heading(out, "Fields", view);
    fields(out, record, view);
    heading(out, "Unmapped", view);
    unmapped(out, record, view);
    heading(out, "Diagnostics", view);
    if record.diagnostics.is_empty() {
        out.push_str("none\n");
    }
    for found in &record.diagnostics {
        view.taste.write(out, name, found);
    }
    heading(out, "Account", view);
    account(out, &record.account);
}

fn heading(out: &mut String, text: &str, view: View) {
    let style = if view.taste.is_coloured { AnsiColor::Green.on_default().bold() } else { Style::new() };
    writeln!(out, "\n{style}{text}{style:#}").ok();
}

/// A table is one box; so are lines side by side, but a line with nothing to
/// its right, such as a heading, stands alone.
fn is_same_box(a: &Row, b: &Row) -> bool {
    let is_alone = |row: &Row| row.cells.iter().skip(1).all(Cell::is_blank);
    match (a.source, b.source) {
        (RowSource::Line { run: one }, RowSource::Line { run: other }) => {
            one == other && is_alone(a) == is_alone(b)
        }
        (one, other) => one == other,
    }
}

/// The rows as they stand in the document. A slot that no cell of these rows
/// covers stays open; where cells overlap, the first one keeps the slot.
fn laid_out(rows: &[(Piece, Row)], width: usize) -> Grid {
    let last = |(_, row): &(Piece, Row)| {
        row.cells.iter().map(|cell| cell.column.saturating_add(cell.colspan) as usize - 1).max()
    };
    // No more slots than can be drawn, and one to tell that there are more.
    let columns = rows.iter().filter_map(last).max().unwrap_or(0).min(most_columns(width) + 1);
    let mut grid = Grid { slots: vec![vec![None; columns]; rows.len()], ..Grid::default() };
    let mut before = None;
    for (index, (piece, row)) in rows.iter().enumerate() {
        for cell in &row.cells {
            let from = cell.column.saturating_sub(1) as usize;
            let to = from.saturating_add(cell.colspan as usize).min(columns);
            for column in from..to {
                let below = grid.slots[index..].iter_mut().take(cell.rowspan as usize);
                // A cell that was there before ends this one: so each slot is
                // filled once, however the spans overlap.
                for slots in below.take_while(|slots| slots[column].is_none()) {
                    slots[column] = Some(grid.texts.len());
                }
            }
            grid.texts.push(cell.text.to_string());
        }
        let name = if before == Some(*piece) { "" } else { piece_name(*piece) };
        before = Some(*piece);
        let line = row.cells.first().map_or(String::new(), |cell| cell.line.to_string());
        grid.gutter.push(format!("{name:8}{line:>6}  "));
    }
    grid
}

fn piece_name(piece: Piece) -> &'static str {
    match piece {
        Piece::Caption => "caption",
        Piece::Labels => "labels",
        Piece::GridHeader => "header",
        Piece::Grid => "grid",
    }
}

/// The indicators with their full paths. A level is drawn merged over the rows
/// that take it from the same cell.
fn repaired(record: &Record) -> Grid {
    let mut grid = Grid::default();
    let levels = record.indicators.iter().map(|indicator| indicator.levels.len()).max().unwrap_or(0);
    let further = record.indicators.first().map_or(Vec::new(), |first| first.further.iter().collect());
    let mut header: Vec<String> = (1..=levels).map(|level| format!("level{level}")).collect();
    header.push("target".to_owned());
    header.extend(further.iter().map(|(key, _)| key.clone()));
    let add = |grid: &mut Grid, text: &str| {
        grid.texts.push(text.to_owned());
        Some(grid.texts.len() - 1)
    };
    let slots = header.iter().map(|key| add(&mut grid, key)).collect();
    grid.slots.push(slots);
    grid.gutter.push(String::new());

    let lost = lost_lines(record);
    let mut above: Vec<(Option<&Place>, Option<usize>)> = vec![(None, None); levels];
    for indicator in &record.indicators {
        let Indicator { levels: words, target, further, line, repair, confidence } = indicator;
        let is_lost =
            |value: bool| lost.get(line).is_some_and(|(values, cells)| if value { *values } else { *cells });
        let mut row = Vec::new();
        let mut is_merged = true;
        for (level, above) in above.iter_mut().enumerate() {
            let part = words.get(level).and_then(Option::as_ref);
            let place = part.map(|part| &part.place);
            is_merged = is_merged && place.is_some() && place == above.0;
            if !is_merged {
                let text = part.map_or(if is_lost(false) { "✂" } else { "" }, |part| &part.text);
                *above = (place, add(&mut grid, text));
            }
            row.push(above.1);
        }
        let text = target.as_ref().map_or(if is_lost(true) { "✂" } else { "" }, |target| &target.text);
        row.push(add(&mut grid, text));
        for (_, part) in further {
            row.push(add(&mut grid, part.as_ref().map_or("", |part| &part.text)));
        }
        grid.slots.push(row);
        let repair = if repair.is_some() { '↺' } else { ' ' };
        let doubt = if confidence.is_some_and(|sure| sure < 1.0) { '?' } else { ' ' };
        grid.gutter.push(format!("{line:>6} {repair}{doubt} "));
    }
    grid
}

/// The lines that lost something: whether a value, and whether other cells.
fn lost_lines(record: &Record) -> HashMap<u32, (bool, bool)> {
    let mut lost: HashMap<u32, (bool, bool)> = HashMap::new();
    for found in &record.diagnostics {
        match &found.problem {
            Problem::ValueLost { .. } => lost.entry(found.line).or_default().0 = true,
            Problem::CellsLost { .. } => *lost.entry(found.line).or_default() = (true, true),
            _ => {}
        }
    }
    lost
}

fn fields(out: &mut String, record: &Record, view: View) {
    let width = record.fields.iter().map(|field| field.key.width()).max().unwrap_or(0);
    for field in &record.fields {
        let line = field.place.as_ref().map_or(String::new(), |place| place.line.to_string());
        let value = match &field.value {
            None => "—".to_owned(),
            Some(Value::Text(text)) => printable(text, 400),
            Some(Value::Date(date)) => date.to_string(),
            Some(Value::Boolean(truth)) => truth.to_string(),
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Number(amount) | Value::Money(amount)) => amount.normalize().to_string(),
        };
        let value = shorten(&value, view.width.saturating_sub(width + 10));
        writeln!(out, "{line:>6}  {:width$}  {value}", field.key).ok();
    }
}

fn unmapped(out: &mut String, record: &Record, view: View) {
    if record.unmapped.is_empty() {
        out.push_str("none\n");
    }
    for item in &record.unmapped {
        let label = item.label.as_ref().map_or(String::new(), |label| format!("{label}: "));
        let text = printable(&format!("{label}{}", item.text), 400);
        writeln!(out, "{:>6}  {}", item.place.line, shorten(&text, view.width.saturating_sub(8))).ok();
    }
}

fn account(out: &mut String, account: &Account) {
    let Account { cells, labels, fields, captions, indicators, unmapped } = *account;
    let relation = if account.is_balanced() { '=' } else { '≠' };
    writeln!(
        out,
        "{cells} cells in {relation} {} placed (labels {labels}, fields {fields}, captions {captions}, \
         indicators {indicators}, unmapped {unmapped})",
        account.placed()
    )
    .ok();
}

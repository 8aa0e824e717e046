//! `formgrid tables`: files in, every table out as a browser forms it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use formgrid_ingest::{Options, ingest};
use formgrid_model::{Diagnostic, Severity, SpanAccount, Table};
use formgrid_write::{
    RenderedTables, TableFormat, TableLayout, TableSource, TableWriter, WriteError, grid_problem,
    render_table,
};

use crate::Outcome;
use crate::args::{Color, TableFormatName, Tables};
use crate::extract::{any_opens, encoding};
use crate::feed::{Document, Feed, Ticket, charset};
use crate::in_order::{Desk, in_order};
use crate::interrupt::Guarded;
use crate::report::{Taste, Voice, say, several};
use crate::walk::is_stdin;

/// What is made of a document, or of a part of a large one.
#[derive(Default)]
struct Piece {
    rendered: RenderedTables,
    /// Lines for standard error.
    lines: String,
    counts: Counts,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    documents: u64,
    /// Documents of which nothing could be read.
    failed: u64,
    tables: u64,
    cells: u64,
    spans_past_end: u64,
    overlapping_cells: u64,
    holes: u64,
    warnings: u64,
    errors: u64,
}

/// Writes all tables of the documents at the paths.
///
/// # Errors
///
/// If the arguments make no sense or the output cannot be written.
pub fn tables(args: &Tables, color: Color) -> anyhow::Result<Outcome> {
    let taste = color.taste(args.quiet, args.verbose);
    let (format, path) = output(args.out.as_deref(), args.format)?;
    let layout = TableLayout { format, max_fill: args.max_fill, for_excel: args.for_excel };
    let options = Options {
        encoding: encoding(args.encoding.as_deref())?,
        limits: args.limits.limits(),
        ..Options::default()
    };
    let containers = args.containers.options()?;
    if !any_opens(&args.paths, taste) {
        return Ok(Outcome::Nothing);
    }
    let writer = match path {
        Some(path) => TableWriter::create(layout, path)?,
        None => TableWriter::stream(layout, Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout())))?,
    };
    let writer = Guarded::new(writer, path);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads)
        .build()
        .context("cannot start the threads")?;

    let mut total = Counts::default();
    let mut append = |piece: Piece| {
        total.add(&piece.counts);
        say(&piece.lines);
        writer.append(|writer| writer.append(&piece.rendered))
    };
    let work = |ticket: Ticket, (): &mut (), desk: &mut Desk<Piece, WriteError>| {
        let _ = ticket.read(&mut |document| {
            match document.is_large() {
                true => desk.alone(|desk| read_one(document, options, &layout, taste, desk)),
                false => read_one(document, options, &layout, taste, desk),
            }
            desk.offer()
        });
    };
    let feed = Feed::start(args.paths.clone(), path, containers).context("cannot start the threads")?;
    in_order(&pool, feed.tickets(), Piece::size, work, &mut append, &|| feed.stop())?;
    feed.finish();
    writer.finish(TableWriter::finish)?;
    if !args.quiet {
        say(&summary(&total));
    }
    Ok(if total.errors == 0 { Outcome::Done } else { Outcome::Faulty })
}

/// Decides from `-o` and `-f` what to write and where.
fn output(
    out: Option<&Path>,
    format: Option<TableFormatName>,
) -> anyhow::Result<(TableFormat, Option<&Path>)> {
    let Some(path) = out.filter(|path| !is_stdin(path)) else {
        return Ok((format.map_or(TableFormat::Ndjson, TableFormatName::format), None));
    };
    let is_folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let found = match extension.as_deref() {
        _ if is_folder => Some(TableFormat::CsvFolder),
        None => Some(TableFormat::CsvFolder),
        Some("ndjson" | "jsonl") => Some(TableFormat::Ndjson),
        Some("json") => Some(TableFormat::Json),
        Some("csv") => Some(TableFormat::Csv),
        Some("html" | "htm") => Some(TableFormat::Html),
        Some(_) => None,
    };
    let format = match (format, found) {
        (None, Some(found)) => found,
        (Some(TableFormatName::Csv), Some(TableFormat::CsvFolder)) => TableFormat::CsvFolder,
        (Some(_), _) if is_folder => bail!("{} is a folder, which only csv can fill", path.display()),
        (Some(format), _) => format.format(),
        (None, None) => bail!(
            "the extension of {} names no format; say which: -f ndjson, -f json, -f csv or -f html",
            path.display()
        ),
    };
    Ok((format, Some(path)))
}

fn read_one(
    document: Document,
    mut options: Options,
    layout: &TableLayout,
    taste: Taste,
    desk: &mut Desk<Piece, WriteError>,
) {
    let name = document.name();
    let mut voice = Voice::new(&name, taste);
    let Document { path, member, content } = document;
    desk.piece.counts.documents += 1;
    let read = content.as_ref().map_err(Clone::clone).and_then(|content| {
        options.charset = charset(content);
        ingest(&content.bytes, &options)
    });
    for found in content.iter().flat_map(|content| &content.diagnostics) {
        desk.piece.say(found, &mut voice);
    }
    let mut document = match read {
        Ok(document) => document,
        Err(problem) => {
            desk.piece.counts.failed += u64::from(problem.problem.severity() == Severity::Error);
            desk.piece.say(&problem, &mut voice);
            voice.end(&mut desk.piece.lines);
            return;
        }
    };
    for found in std::mem::take(&mut document.diagnostics) {
        desk.piece.say(&found, &mut voice);
    }
    let encoding = document.value.decoding().encoding;
    let source = TableSource { path: &path, member: member.as_deref(), encoding };
    let mut tables = document.value.tables();
    for table in tables.by_ref() {
        desk.piece.add(source, &table, layout, &mut voice);
        if desk.offer().is_break() {
            break;
        }
    }
    for found in &tables.diagnostics {
        desk.piece.say(found, &mut voice);
    }
    voice.end(&mut desk.piece.lines);
}

impl Piece {
    fn size(&self) -> usize {
        self.rendered.len() + self.lines.len()
    }

    fn add(
        &mut self,
        source: TableSource<'_>,
        table: &Table<'_>,
        layout: &TableLayout,
        voice: &mut Voice<'_>,
    ) {
        render_table(layout, source, table, &mut self.rendered);
        let SpanAccount { spans_past_end, overlapping_cells, holes, findings, .. } = &*table.account;
        self.counts.tables += 1;
        self.counts.cells += table.rows.iter().map(|row| row.cells.len() as u64).sum::<u64>();
        self.counts.spans_past_end += u64::from(*spans_past_end);
        self.counts.overlapping_cells += u64::from(*overlapping_cells);
        self.counts.holes += holes;
        if layout.format != TableFormat::Html
            && let Some(problem) = grid_problem(table, layout.max_fill)
        {
            let line = table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.line).next();
            self.say(&Diagnostic::at_line(problem, line.unwrap_or(0)), voice);
        }
        for found in &table.diagnostics {
            self.say(found, voice);
        }
        for found in findings {
            self.say(&found.into(), voice);
        }
    }

    fn say(&mut self, found: &Diagnostic, voice: &mut Voice<'_>) {
        match found.problem.severity() {
            Severity::Info => {}
            Severity::Warning => self.counts.warnings += 1,
            Severity::Error => self.counts.errors += 1,
        }
        voice.say(&mut self.lines, found);
    }
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        let Counts {
            documents,
            failed,
            tables,
            cells,
            spans_past_end,
            overlapping_cells,
            holes,
            warnings,
            errors,
        } = *other;
        self.documents += documents;
        self.failed += failed;
        self.tables += tables;
        self.cells += cells;
        self.spans_past_end += spans_past_end;
        self.overlapping_cells += overlapping_cells;
        self.holes += holes;
        self.warnings += warnings;
        self.errors += errors;
    }
}

fn summary(counts: &Counts) -> String {
    let Counts {
        documents,
        failed,
        tables,
        cells,
        spans_past_end,
        overlapping_cells,
        holes,
        warnings,
        errors,
    } = *counts;
    let mut text = format!(
        "formgrid: {}, {failed} failed; {}, {}\n",
        several(documents, "document"),
        several(tables, "table"),
        several(cells, "cell")
    );
    // Writing into a text cannot fail.
    writeln!(
        text,
        "formgrid: {} past the end, {}, {}; {}, {}",
        several(spans_past_end, "span"),
        several(overlapping_cells, "overlapping cell"),
        several(holes, "hole"),
        several(warnings, "warning"),
        several(errors, "error")
    )
    .ok();
    text
}

impl TableFormatName {
    fn format(self) -> TableFormat {
        match self {
            TableFormatName::Ndjson => TableFormat::Ndjson,
            TableFormatName::Json => TableFormat::Json,
            TableFormatName::Csv => TableFormat::Csv,
            TableFormatName::Html => TableFormat::Html,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[track_caller]
    fn check(out: &str, format: Option<TableFormatName>, expected: Option<TableFormat>) {
        let out = (!out.is_empty()).then(|| PathBuf::from(out));
        let found = output(out.as_deref(), format);
        assert_eq!(found.ok().map(|(format, _)| format), expected, "{out:?}");
    }

    #[test]
    fn format_follows_from_the_extension() {
        check("", None, Some(TableFormat::Ndjson));
        check("", Some(TableFormatName::Csv), Some(TableFormat::Csv));
        check("-", Some(TableFormatName::Html), Some(TableFormat::Html));
        check("a.JSON", None, Some(TableFormat::Json));
        check("a.htm", None, Some(TableFormat::Html));
        check("a.csv", None, Some(TableFormat::Csv));
        check("a", None, Some(TableFormat::CsvFolder));
        check("a/", Some(TableFormatName::Csv), Some(TableFormat::CsvFolder));
        check("a/", Some(TableFormatName::Json), None);
        check("a.xml", None, None);
        check("a.xml", Some(TableFormatName::Json), Some(TableFormat::Json));
    }
}

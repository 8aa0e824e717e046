//! `formgrid extract`: files in, records out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use formgrid_convert::{Options, convert};
use formgrid_ingest::{Encoding, encoding_for_label};
use formgrid_model::{Diagnostic, Problem, Record, Severity};
use formgrid_profile::Profiles;
use formgrid_write::{
    Document, Format, Layout, Rendered, Status, WriteError, Writer, render, render_document,
};

use crate::Outcome;
use crate::args::{Color, Extract, Reading};
use crate::in_order::{Desk, in_order};
use crate::interrupt::Guarded;
use crate::output::{output, shapes};
use crate::report::{Counts, Report, Taste, say};
use crate::walk::{Found, name_of, probe, read, walk};

/// What is made of a document, or of a part of a large one.
#[derive(Default)]
struct Piece {
    name: String,
    rendered: Rendered,
    /// Lines for standard error.
    lines: String,
    counts: Counts,
}

/// Beyond this size a worker's read buffer is given back after use.
const KEPT: usize = 1 << 24;

/// Converts all documents at the paths.
///
/// # Errors
///
/// If the arguments make no sense or the output cannot be written.
pub fn extract(args: &Extract, color: Color) -> anyhow::Result<Outcome> {
    let taste = color.taste(args.quiet, args.verbose);
    let output = output(args.out.as_deref(), args.format)?;
    if args.for_excel && output.format != Format::Csv {
        bail!("--for-excel is for csv alone; add -f csv, or leave it out");
    }
    let profiles = load(&args.reading.profile)?;
    let options = options(&profiles, &args.reading)?;
    if !any_opens(&args.paths, taste) {
        return Ok(Outcome::Nothing);
    }
    let mut layout = Layout::new(output.format, &shapes(&profiles));
    layout.evidence = args.evidence;
    layout.for_excel = args.for_excel;
    let writer = Guarded::new(output.writer(&layout)?, output.path.as_deref());
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads)
        .build()
        .context("cannot start the threads")?;

    let mut report = Report::new(args.quiet);
    let mut append = |piece: Piece| {
        report.take(&piece.name, &piece.lines, &piece.counts);
        writer.append(|writer| writer.append(&piece.rendered))
    };
    let work = |found: Found, buffer: &mut Vec<u8>, desk: &mut Desk<Piece, WriteError>| {
        convert_one(found, buffer, &options, &layout, taste, desk);
    };
    in_order(&pool, walk(&args.paths, output.path.as_deref()), Piece::size, work, &mut append)?;
    let counts = report.close(taste, writer.finish(Writer::finish)?);
    Ok(if counts.errors == 0 { Outcome::Done } else { Outcome::Faulty })
}

/// The built-in profiles and those in the files.
///
/// # Errors
///
/// If a file cannot be read or is no profile.
pub fn load(files: &[PathBuf]) -> anyhow::Result<Profiles> {
    let mut profiles = Profiles::builtin();
    for file in files {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        profiles.add(&text).map_err(|errors| {
            let each = errors.iter().map(|error| format!("{}: {error}", file.display()));
            anyhow!("{}", each.collect::<Vec<_>>().join("\n"))
        })?;
    }
    Ok(profiles)
}

/// How documents are to be read.
///
/// # Errors
///
/// If the encoding is none.
pub fn options<'p>(profiles: &'p Profiles, reading: &Reading) -> anyhow::Result<Options<'p>> {
    let mut options = Options::new(profiles);
    options.ingest.encoding = encoding(reading.encoding.as_deref())?;
    options.ingest.limits = reading.limits.limits();
    options.form_cells = reading.max_form;
    Ok(options)
}

/// The encoding of that label, if one is given.
///
/// # Errors
///
/// If there is none of that label.
pub fn encoding(label: Option<&str>) -> anyhow::Result<Option<&'static Encoding>> {
    let Some(label) = label else { return Ok(None) };
    let unknown = || format!("\"{label}\" is no encoding; try utf-8, gb18030, big5 or utf-16le");
    Ok(Some(encoding_for_label(label).with_context(unknown)?))
}

/// Whether any of the paths can be read; if none can, says why.
pub fn any_opens(paths: &[PathBuf], taste: Taste) -> bool {
    let mut lines = String::new();
    for path in paths {
        match probe(path) {
            Ok(()) => return true,
            Err(error) => taste.write(&mut lines, &name_of(Path::new(path)), &unreadable(&error)),
        }
    }
    say(&lines);
    false
}

fn convert_one(
    found: Found,
    buffer: &mut Vec<u8>,
    options: &Options,
    layout: &Layout,
    taste: Taste,
    desk: &mut Desk<Piece, WriteError>,
) {
    let Found { name, source } = found;
    let bytes = source.and_then(|source| read(&source, buffer).map(|()| &*buffer));
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let diagnostics = [unreadable(&error)];
            let document = Document { diagnostics: &diagnostics, ..Document::new(&name, Status::Error) };
            desk.piece.end(&document, 0, layout, taste);
            return;
        }
    };
    let summary = convert(bytes, options, &mut |mut record: Record| {
        record.origin.path.clone_from(&name);
        desk.piece.add(&record, layout, taste);
        desk.offer()
    });
    let is_broken = summary.diagnostics.iter().any(|found| found.problem.severity() == Severity::Error);
    let status = match (is_broken, summary.forms) {
        (true, _) => Status::Error,
        (false, 0) => Status::NoForm,
        (false, _) => Status::Ok,
    };
    let document = Document {
        path: &name,
        member: None,
        sha256: Some(&summary.sha256),
        encoding: Some(summary.encoding.as_str()).filter(|encoding| !encoding.is_empty()),
        forms: summary.forms,
        status,
        diagnostics: &summary.diagnostics,
    };
    desk.piece.end(&document, summary.outside, layout, taste);
    if buffer.capacity() > KEPT {
        *buffer = Vec::new();
    }
}

impl Piece {
    fn size(&self) -> usize {
        self.rendered.len() + self.lines.len()
    }

    fn add(&mut self, record: &Record, layout: &Layout, taste: Taste) {
        render(layout, record, &mut self.rendered);
        for found in &record.diagnostics {
            taste.write(&mut self.lines, &record.origin.path, found);
        }
        self.counts.add_record(record);
    }

    fn end(&mut self, document: &Document, outside: u32, layout: &Layout, taste: Taste) {
        render_document(layout, document, &mut self.rendered);
        for found in document.diagnostics {
            taste.write(&mut self.lines, document.path, found);
        }
        document.path.clone_into(&mut self.name);
        let counts = &mut self.counts;
        counts.add_diagnostics(document.diagnostics);
        counts.documents += 1;
        counts.outside += u64::from(outside);
        match (document.forms, document.status) {
            (0, Status::Error) => counts.failed += 1,
            (0, Status::Ok | Status::NoForm) => counts.without_form += 1,
            _ => counts.with_forms += 1,
        }
    }
}

/// A document that cannot be read, and the system's words.
pub fn unreadable(error: &std::io::Error) -> Diagnostic {
    Diagnostic::at_line(Problem::Unreadable { why: error.to_string() }, 0)
}

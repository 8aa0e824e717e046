//! `formgrid extract`: files in, records out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use formgrid_convert::{Options, Sieve, convert};
use formgrid_ingest::{Encoding, encoding_for_label};
use formgrid_model::{Diagnostic, Record, Severity};
use formgrid_profile::Profiles;
use formgrid_unpack::Content;
use formgrid_write::{
    Document as DocumentRow, Format, Layout, Rendered, Status, WriteError, Writer, render, render_document,
};

use crate::Outcome;
use crate::args::{Color, Extract, Reading};
use crate::feed::{Document, Feed, Ticket, charset, unreadable};
use crate::in_order::{Desk, in_order};
use crate::interrupt::Guarded;
use crate::output::{output, shapes};
use crate::report::{Counts, Report, Taste, Voice, say};
use crate::walk::{name_of, probe};

/// What is made of a document, or of a part of a large one.
#[derive(Default)]
struct Piece {
    name: String,
    rendered: Rendered,
    /// Lines for standard error.
    lines: String,
    counts: Counts,
    /// What is to be said of a document that has no form and is alone.
    notice: Option<Diagnostic>,
}

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
    let sieve = (!args.read_all).then(|| Sieve::new(&profiles));
    let options = Options { sieve: sieve.as_ref(), ..options(&profiles, &args.reading)? };
    let containers = args.containers.options()?;
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
        report.take(&piece.name, &piece.lines, &piece.counts, piece.notice);
        writer.append(|writer| writer.append(&piece.rendered))
    };
    let work = |ticket: Ticket, (): &mut (), desk: &mut Desk<Piece, WriteError>| {
        let _ = ticket.read(&mut |document| {
            match document.is_large() {
                true => desk.alone(|desk| convert_one(document, &options, &layout, taste, desk)),
                false => convert_one(document, &options, &layout, taste, desk),
            }
            desk.offer()
        });
    };
    let feed = Feed::start(args.paths.clone(), output.path.as_deref(), containers)
        .context("cannot start the threads")?;
    in_order(&pool, feed.tickets(), Piece::size, work, &mut append, &|| feed.stop())?;
    feed.finish();
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
    document: Document,
    options: &Options,
    layout: &Layout,
    taste: Taste,
    desk: &mut Desk<Piece, WriteError>,
) {
    let name = document.name();
    let mut voice = Voice::new(&name, taste);
    let Document { path, member, content } = document;
    let row = DocumentRow { member: member.as_deref(), ..DocumentRow::new(&path, Status::Ok) };
    let (charset, Content { bytes, diagnostics, .. }) = match content {
        Ok(content) => (charset(&content), content),
        Err(problem) => {
            let is_error = problem.problem.severity() == Severity::Error;
            let status = if is_error { Status::Error } else { Status::NoForm };
            let row = DocumentRow { status, diagnostics: &[problem], ..row };
            desk.piece.end(&name, &row, Some(0), layout, voice);
            return;
        }
    };
    let mut options = options.clone();
    options.ingest.charset = charset;
    let mut summary = convert(&bytes, &options, &mut |mut record: Record| {
        record.origin.path.clone_from(&path);
        record.origin.member.clone_from(&member);
        desk.piece.add(&record, layout, &mut voice);
        desk.offer()
    });
    summary.diagnostics.splice(0..0, diagnostics);
    let is_broken = summary.diagnostics.iter().any(|found| found.problem.severity() == Severity::Error);
    let status = match (is_broken, summary.forms) {
        (true, _) => Status::Error,
        (false, 0) => Status::NoForm,
        (false, _) => Status::Ok,
    };
    let row = DocumentRow {
        sha256: Some(&summary.sha256),
        decoding: summary.decoding,
        forms: summary.forms,
        status,
        diagnostics: &summary.diagnostics,
        ..row
    };
    let outside = (!summary.is_passed).then_some(summary.outside);
    desk.piece.end(&name, &row, outside, layout, voice);
}

impl Piece {
    fn size(&self) -> usize {
        self.rendered.len() + self.lines.len()
    }

    fn add(&mut self, record: &Record, layout: &Layout, voice: &mut Voice<'_>) {
        render(layout, record, &mut self.rendered);
        for found in &record.diagnostics {
            voice.say(&mut self.lines, found);
        }
        self.counts.add_record(record);
    }

    fn end(
        &mut self,
        name: &str,
        document: &DocumentRow,
        outside: Option<u32>,
        layout: &Layout,
        mut voice: Voice<'_>,
    ) {
        render_document(layout, document, &mut self.rendered);
        for found in document.diagnostics {
            voice.say(&mut self.lines, found);
        }
        voice.end(&mut self.lines);
        name.clone_into(&mut self.name);
        let is_info = |found: &&Diagnostic| found.problem.severity() == Severity::Info;
        self.notice = document.diagnostics.iter().find(is_info).cloned();
        let counts = &mut self.counts;
        counts.add_diagnostics(document.diagnostics);
        counts.documents += 1;
        counts.outside += u64::from(outside.unwrap_or(0));
        counts.uncounted += u64::from(outside.is_none());
        match (document.forms, document.status) {
            (0, Status::Error) => counts.failed += 1,
            (0, Status::Ok | Status::NoForm) => counts.without_form += 1,
            _ => counts.with_forms += 1,
        }
    }
}

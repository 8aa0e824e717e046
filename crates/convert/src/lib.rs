//! The whole pipeline as one function on bytes.
//!
//! [`convert`] knows no path, no thread and no global state: it is what the
//! command line, a notebook or a cluster calls for each document.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use formgrid_convert::{Options, convert};
//! use formgrid_profile::Profiles;
//!
//! let profiles = Profiles::builtin();
//! let text = "财政项目支出绩效目标表\n项目名称：\t图书馆修缮\n";
//! let mut names = Vec::new();
//! let summary = convert(text.as_bytes(), &Options::new(&profiles), &mut |record| {
//!     names.push(record.id);
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(summary.forms, 1);
//! assert_eq!(names, [format!("{}-1", &summary.sha256[..32])]);
//! ```

mod sieve;

use std::ops::ControlFlow;

use formgrid_extract::extract;
use formgrid_ingest::ingest;
use formgrid_model::{Decoding, Diagnostic, Form, Problem, Record, Row};
use formgrid_profile::{GENERIC, Profiles};
pub use formgrid_segment::MOST_CELLS;
use formgrid_segment::{Segment, segment};
use sha2::{Digest, Sha256};

pub use crate::sieve::Sieve;

/// How documents are read.
#[derive(Debug, Clone)]
pub struct Options<'p> {
    /// The forms that are known.
    pub profiles: &'p Profiles,
    /// How bytes are read.
    pub ingest: formgrid_ingest::Options,
    /// The rows and cells that a form may have.
    pub form_cells: u32,
    /// What passes documents without any form: they are decoded, but their
    /// lines and tables are not read. It is made of the same profiles. None to
    /// read everything.
    pub sieve: Option<&'p Sieve>,
}

impl<'p> Options<'p> {
    /// Everything as it is found, with these profiles.
    pub fn new(profiles: &'p Profiles) -> Self {
        let ingest = formgrid_ingest::Options::default();
        Options { profiles, ingest, form_cells: MOST_CELLS, sieve: None }
    }
}

/// What a document was, apart from its records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// What the bytes were decoded from, and why; none where they are no text.
    pub decoding: Option<Decoding>,
    /// How many forms were found; each project of a list is one.
    pub forms: u32,
    /// Whether the sieve passed the document, so that it was not read.
    pub is_passed: bool,
    /// How many non-blank cells belong to no form; not counted where the
    /// document was passed.
    pub outside: u32,
    /// What is wrong with the document as a whole.
    pub diagnostics: Vec<Diagnostic>,
}

/// One part of a document, with what was made of it.
#[derive(Debug)]
pub enum Part<'p, 't> {
    /// A form and its record; a list of projects has one for each.
    Form(&'p Form<'t>, Vec<Record>),
    /// A row that belongs to no form.
    Outside(&'p Row<'t>),
}

/// Converts a document: hands over each record as soon as its form has been
/// read, in order, and returns what is to be said of the document itself.
///
/// The records' `origin.path` is left blank for the caller, who knows it. A
/// caller who wants no more says so with [`ControlFlow::Break`]; the summary
/// then counts what was read so far.
pub fn convert(
    bytes: &[u8],
    options: &Options<'_>,
    each: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Summary {
    walk(bytes, options, &mut |part| match part {
        Part::Form(_, records) => records.into_iter().try_for_each(&mut *each),
        Part::Outside(_) => ControlFlow::Continue(()),
    })
}

/// Like [`convert`], with the forms that the records were made of and the rows
/// that belong to none, in the order of the document.
pub fn walk(
    bytes: &[u8],
    options: &Options<'_>,
    each: &mut dyn FnMut(Part<'_, '_>) -> ControlFlow<()>,
) -> Summary {
    let mut summary = Summary { sha256: hex(&Sha256::digest(bytes)), ..Summary::default() };
    let document = match ingest(bytes, &options.ingest) {
        Ok(outcome) => outcome.unpack(&mut summary.diagnostics),
        Err(diagnostic) => {
            summary.diagnostics.push(diagnostic);
            return summary;
        }
    };
    let decoding = document.decoding();
    summary.decoding = Some(decoding);
    let frames = document.frames();
    if !frames.is_empty() {
        summary.diagnostics.push(Diagnostic::at_line(Problem::Frameset { frames }, 0));
    }
    if options.sieve.is_some_and(|sieve| !sieve.may_hold_form(document.text())) {
        summary.is_passed = true;
        summary.diagnostics.push(Diagnostic::at_line(Problem::NoForm, 0));
        return summary;
    }
    for part in segment(document.blocks(), options.profiles, options.form_cells) {
        let flow = match part {
            Segment::Form(form) => {
                let mut records = extract(&form, options.profiles);
                for record in &mut records {
                    summary.forms += 1;
                    record.id = format!("{}-{}", &summary.sha256[..32], summary.forms);
                    record.origin.table = summary.forms;
                    record.origin.sha256.clone_from(&summary.sha256);
                    record.origin.encoding = decoding.encoding.to_owned();
                    record.origin.encoding_from = decoding.from;
                }
                each(Part::Form(&form, records))
            }
            Segment::Outside(row) => {
                summary.outside = summary.outside.saturating_add(row.filled().count() as u32);
                each(Part::Outside(&row))
            }
            Segment::Diagnostic(diagnostic) => {
                summary.diagnostics.push(diagnostic);
                ControlFlow::Continue(())
            }
        };
        if flow.is_break() {
            return summary;
        }
    }
    if summary.forms == 0 {
        summary.diagnostics.push(Diagnostic::at_line(Problem::NoForm, 0));
    }
    summary
}

/// A profile to start from, as TOML, for the first form of a document that no
/// profile knows; of its first form, if all of them are known.
pub fn draft(bytes: &[u8], options: &Options<'_>) -> Option<String> {
    let mut drafted = None;
    walk(bytes, options, &mut |part| {
        let Part::Form(form, records) = part else { return ControlFlow::Continue(()) };
        let is_unknown = records.iter().any(|record| record.form == GENERIC);
        if is_unknown || drafted.is_none() {
            drafted = Some(formgrid_extract::draft(form, &records, options.profiles).to_toml());
        }
        if is_unknown { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    drafted
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Whether a directory accounts for all of its file: one that does not may be
//! that of another archive, which is only a part of it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::unstable::read::ZipIterable;

use super::HEADER;
use super::local::{self, fill};
use crate::kind::{HEAD, kind};

/// The end of a directory (APPNOTE 4.3.16) without its comment.
const END: usize = 22;

/// The most files whose places are kept and compared: 48 MB. Of more, only the
/// bytes that they take together are.
const MOST: usize = 1 << 21;

const LEFT_OUT: &str = "its directory leaves files out: it may be cut off, or several in one";
const OVERLAP: &str = "its files overlap, as those of a zip bomb do";

/// What a directory leaves out.
pub(super) enum Account {
    /// Nothing.
    Whole,
    /// Bytes that are no files: what to say of them.
    Beside(String),
    /// Files, or it has one more than once: what to say of it.
    Wrong(&'static str),
}

/// What a directory says, but for the files themselves.
#[derive(Default)]
pub(super) struct Survey {
    /// What the archive is, if it is an office document.
    pub(super) office: Option<&'static str>,
    /// Whether all of it could be read.
    is_whole: bool,
    /// Where the first file begins, and the last entry.
    pub(super) first: Option<u64>,
    last: u64,
    files: Vec<Place>,
    /// How many bytes they take at least.
    taken: u64,
    /// Where the directory begins.
    directory: u64,
}

/// Where a file begins, and what its entry says of its data and its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    start: u64,
    packed: u64,
    name: u16,
}

/// The end of a directory, or what looks like it.
pub(super) struct End {
    at: u64,
    comment: u16,
    disk: u16,
}

/// Reads a directory. An office document is told by the file that each must
/// hold (ECMA-376 part 2, 10.1.2; OpenDocument part 3, 3.3; GB/T 33190, 7.1).
pub(super) fn survey(archive: &mut ZipIterable<BufReader<File>>) -> Survey {
    let mut survey = Survey::default();
    let Ok(entries) = archive.files() else { return survey };
    // The order of the files is free: some writers put what tells last.
    let (mut what, mut is_office, mut kind) = (None, false, None);
    for entry in entries {
        let Ok(entry) = entry else { return survey };
        let start = entry.header_start();
        survey.first = Some(survey.first.map_or(start, |first| first.min(start)));
        survey.last = entry.central_header_start();
        if survey.files.is_empty() {
            survey.directory = survey.last;
        }
        let name = u16::try_from(entry.name_raw().len()).unwrap_or(u16::MAX);
        let place = Place { start, packed: entry.compressed_size(), name };
        survey.taken = survey.taken.saturating_add(place.likely_end() - start);
        if survey.files.len() <= MOST {
            survey.files.push(place);
        }
        match entry.name_raw() {
            b"[Content_Types].xml" => is_office = true,
            b"mimetype" => what = what.or(Some("an OpenDocument file or an e-book (.odt, .ods, .epub)")),
            b"OFD.xml" => what = what.or(Some("an OFD document")),
            name if name.starts_with(b"xl/") => kind = kind.or(Some("an Excel workbook (.xlsx)")),
            name if name.starts_with(b"word/") => kind = kind.or(Some("a Word document (.docx)")),
            _ => {}
        }
    }
    let office = is_office.then(|| kind.unwrap_or("an Office document (.docx, .xlsx, .pptx)"));
    survey.office = office.or(what);
    survey.is_whole = true;
    survey
}

/// What a directory leaves out of its file.
pub(super) fn account(survey: &mut Survey, file: &mut BufReader<File>) -> io::Result<Account> {
    let size = file.seek(SeekFrom::End(0))?;
    let end = match survey.first {
        Some(_) => end_behind(survey.last, file)?,
        None => end(file)?,
    };
    let Some(end) = end.filter(|_| survey.is_whole) else { return Ok(Account::Wrong(LEFT_OUT)) };
    let behind = end.at + END as u64;
    let first = survey.first.unwrap_or(end.at);
    if local::is_between(file, behind, size)? {
        return Ok(Account::Wrong(LEFT_OUT));
    }
    if survey.files.is_empty() {
        survey.directory = end.at;
    }
    if let Some(wrong) = wrong(survey, file)? {
        return Ok(Account::Wrong(wrong));
    }
    file.rewind()?;
    let mut head = [0; HEAD];
    let read = fill(file, &mut head)?;
    let head = &head[..read];
    // What is in front of it, or signs it, is a program that unpacks it.
    if kind(head).is_program() || head.starts_with(b"#!") {
        return Ok(Account::Whole);
    }
    // The mark of an archive that was to be split (APPNOTE 8.5.4, 8.5.5).
    let is_marked = first == 4 && (head.starts_with(b"PK\x07\x08") || head.starts_with(b"PK00"));
    if first > 0 && !is_marked {
        return Ok(Account::Beside(format!("the {first} bytes before its first file are none of it")));
    }
    let behind = end.after();
    file.seek(SeekFrom::Start(behind))?;
    let is_padded = file.bytes().all(|byte| byte.is_ok_and(|byte| byte == 0));
    Ok(match is_padded {
        true => Account::Whole,
        false => Account::Beside(format!(
            "the {} bytes behind its end are none of it",
            size.saturating_sub(behind)
        )),
    })
}

/// What is wrong with the places of the files: one that is not listed may stand
/// between them, or two may share bytes.
fn wrong(survey: &mut Survey, file: &mut BufReader<File>) -> io::Result<Option<&'static str>> {
    if survey.files.len() > MOST {
        return Ok((survey.taken > survey.directory).then_some(OVERLAP));
    }
    survey.files.sort_unstable();
    let directory = Place { start: survey.directory, packed: 0, name: 0 };
    let (mut last, mut end, mut overlap) = (None, 0, false);
    for &place in survey.files.iter().chain([&directory]) {
        // Most are so close that nothing has to be read.
        if place.start < end || place.start - end >= HEADER {
            let behind = last.map_or(Ok(0), |last: Place| last.end(file))?;
            overlap |= place.start < behind;
            if local::is_between(file, behind, place.start)? {
                return Ok(Some(LEFT_OUT));
            }
        }
        if last.is_none() || place.likely_end() > end {
            (last, end) = (Some(place), place.likely_end());
        }
    }
    Ok(overlap.then_some(OVERLAP))
}

impl Place {
    /// The end of the file, if its header has no extra fields.
    fn likely_end(self) -> u64 {
        self.start.saturating_add(HEADER + u64::from(self.name)).saturating_add(self.packed)
    }

    /// The end of the file, by the lengths in its header, if there is one.
    fn end(self, file: &mut BufReader<File>) -> io::Result<u64> {
        let mut header = [0; HEADER as usize];
        local::go_to(file, self.start)?;
        fill(file, &mut header)?;
        if !local::is_likely(&header) {
            return Ok(self.likely_end());
        }
        let number = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        Ok(self.start.saturating_add(HEADER + number(26) + number(28)).saturating_add(self.packed))
    }
}

/// The last end of a directory in a file.
pub(super) fn end(file: &mut (impl Read + Seek)) -> io::Result<Option<End>> {
    const LONGEST: u64 = END as u64 + u16::MAX as u64;
    let size = file.seek(SeekFrom::End(0))?;
    let start = size.saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(LONGEST).read_to_end(&mut tail)?;
    let found = tail.windows(END).rposition(|bytes| bytes.starts_with(b"PK\x05\x06"));
    Ok(found.map(|at| End::new(start + at as u64, &tail[at..])))
}

/// The end of the directory whose last entry begins here: behind it, or behind
/// a signature (APPNOTE 4.3.13) and the records of Zip64 (4.3.14, 4.3.15).
fn end_behind(last: u64, file: &mut BufReader<File>) -> io::Result<Option<End>> {
    let mut at = last;
    // The entry itself and three records.
    for _ in 0..5 {
        file.seek(SeekFrom::Start(at))?;
        let mut record = [0; 46];
        let read = fill(file, &mut record)?;
        let number = |at: usize| u64::from(u16::from_le_bytes([record[at], record[at + 1]]));
        let length = match &record[..4] {
            b"PK\x01\x02" if at == last => 46 + number(28) + number(30) + number(32),
            b"PK\x05\x05" => 6 + number(4),
            // The sizes of Zip64 are small here, whatever they may be.
            b"PK\x06\x06" => 12 + (number(4) | number(6) << 16),
            b"PK\x06\x07" => 20,
            b"PK\x05\x06" if read >= END => return Ok(Some(End::new(at, &record))),
            _ => return Ok(None),
        };
        at += length;
    }
    Ok(None)
}

impl End {
    fn new(at: u64, bytes: &[u8]) -> Self {
        let number = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        End { at, comment: number(20), disk: number(4).max(number(6)) }
    }

    /// Whether it is that of an archive in several files, of which this one
    /// has so many bytes; all ones are those of Zip64, which stand elsewhere.
    pub(super) fn is_split(&self, size: u64) -> bool {
        (1..u16::MAX).contains(&self.disk) && self.after() == size
    }

    /// Where its comment ends.
    fn after(&self) -> u64 {
        self.at + END as u64 + u64::from(self.comment)
    }
}

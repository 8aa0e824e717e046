//! WARC, the archive of a crawl: ISO 28500, records one behind the other, most
//! of them an HTTP response.
//!
//! A file is read once. Of a record no more is in memory than who opens it
//! wants.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use formgrid_model::Problem;

use crate::Input;
use crate::headers::{Headers, may_hold_form};
use crate::http;
use crate::lines::{Lines, Piece};
use crate::opener::Opener;

/// Whether a file begins with a record; blank lines may stand before it.
pub(crate) fn is_warc(prefix: &[u8]) -> bool {
    prefix.trim_ascii_start().strip_prefix(b"WARC/").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

/// Hands over what was captured and may be a document, by its target URI, else
/// `record 3`. Requests, metadata, pictures, styles and scripts are passed
/// over.
pub(crate) fn read(mut input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut lines = Lines::new(&mut input);
    let mut records = 0;
    let mut last: Option<String> = None;
    loop {
        let (gap, is_found) = next_record(&mut lines);
        if gap > 0 {
            // The record before should have ended elsewhere.
            let why = format!("{gap} bytes behind this record are of none; its Content-Length is wrong");
            opener.fail(last.as_deref(), Problem::DamagedArchive { why })?;
        }
        if !is_found {
            match opener.goes_on(&mut lines)? {
                true => continue,
                false => return ControlFlow::Continue(()),
            }
        }
        records += 1;
        let mut block = Block::new(&mut lines);
        let headers = block.read_headers();
        let name = headers.address("warc-target-uri").unwrap_or_else(|| format!("record {records}"));
        record(&headers, &name, &mut block, opener)?;
        last = Some(name);
    }
}

/// Goes on to behind the version line of the next record: how many bytes that
/// are not blank stand before it, and whether there is one.
fn next_record(lines: &mut Lines<'_>) -> (u64, bool) {
    let mut gap = 0;
    while let Some(line) = lines.next() {
        if is_version(line) {
            return (gap, true);
        }
        if !line.bytes.trim_ascii().is_empty() {
            gap += line.bytes.len() as u64;
        }
    }
    (gap, false)
}

/// A line that begins a record: `WARC/1.1`.
fn is_version(line: Piece<'_>) -> bool {
    line.begins && line.bytes.starts_with(b"WARC/") && is_warc(line.bytes) && line.bytes.len() < 16
}

/// Whether a whole version and a field of a record follow.
fn begins_record(next: &[u8]) -> bool {
    let line = next.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let (version, rest) = next.split_at(line);
    is_version(Piece { bytes: version, begins: true }) && !rest.is_empty() && begins_field(rest)
}

/// Whether what follows a version, as far as it is known, is a field of a record.
fn begins_field(next: &[u8]) -> bool {
    let begins = |name: &[u8]| {
        let known = name.len().min(next.len());
        next[..known].eq_ignore_ascii_case(&name[..known])
    };
    begins(b"WARC-") || begins(b"Content-Length:")
}

/// Reads a record from behind its header to its end.
fn record(
    headers: &Headers,
    name: &str,
    block: &mut Block<'_, '_>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<()> {
    let Some(length) = headers.get("content-length").and_then(|length| length.parse().ok()) else {
        let why = "it has no Content-Length".to_owned();
        if !block.lines.failed() {
            opener.fail(Some(name), Problem::DamagedArchive { why })?;
        }
        // Its end is where the next one begins.
        block.pass();
        return ControlFlow::Continue(());
    };
    block.left = length;
    let kind = headers.get("warc-type").unwrap_or_default().to_ascii_lowercase();
    let media_type = headers.media_type();
    match kind.as_str() {
        "response" if matches!(media_type.as_str(), "application/http" | "") => {
            http::response(name, block, opener)?;
        }
        "response" | "resource" | "conversion" if may_hold_form(&media_type) => {
            opener.open_typed(Some(name), &media_type, headers.parameter("charset").as_deref(), block)?;
        }
        "continuation" => {
            let why = "it is a segment of a record; segments are not joined".to_owned();
            opener.fail(Some(name), Problem::DamagedArchive { why })?;
        }
        "warcinfo" | "request" | "metadata" | "revisit" => {}
        // Of no type that there is: what it is, its bytes say.
        _ if media_type == "application/http" || block.peek().starts_with(b"HTTP/") => {
            http::response(name, block, opener)?;
        }
        _ if may_hold_form(&media_type) => {
            opener.open_typed(Some(name), &media_type, headers.parameter("charset").as_deref(), block)?;
        }
        _ => {}
    }
    block.pass();
    // What is wrong goes with the bytes, if somebody reads all of them.
    match block.take_wrong() {
        Some(why) => opener.fail(Some(name), Problem::DamagedArchive { why }),
        None => ControlFlow::Continue(()),
    }
}

/// A record behind its version line: first its header, then, when `left` is
/// set, its block.
pub(crate) struct Block<'b, 'r> {
    lines: &'b mut Lines<'r>,
    /// How many bytes are left of it.
    left: u64,
    /// How many of the last piece have been read.
    at: usize,
    size: usize,
    begins: bool,
    /// Whether the last line was blank.
    is_after_blank: bool,
    /// Whether another record begins in it: a blank line, a version, and a field
    /// that only records have, which no page has but by ill will.
    is_overrun: bool,
    is_told: bool,
}

impl<'b, 'r> Block<'b, 'r> {
    fn new(lines: &'b mut Lines<'r>) -> Self {
        Block {
            lines,
            left: u64::MAX,
            at: 0,
            size: 0,
            begins: true,
            is_after_blank: false,
            is_overrun: false,
            is_told: false,
        }
    }

    /// Reads header fields, the record's or those of HTTP, and the blank line
    /// behind them.
    pub(crate) fn read_headers(&mut self) -> Headers {
        let mut headers = Headers::default();
        while let Some(line) = self.next_line() {
            if line.begins && line.bytes.trim_ascii().is_empty() {
                break;
            }
            if line.begins {
                headers.push(line.bytes);
            }
        }
        self.is_after_blank = false;
        headers
    }

    /// What is left of the line; at its end, the next one.
    pub(crate) fn next_line(&mut self) -> Option<Piece<'_>> {
        self.fill();
        let (at, begins) = (self.at, self.begins && self.at == 0);
        self.at = self.size;
        (at < self.size).then(|| Piece { bytes: &self.lines.last()[at..self.size], begins })
    }

    fn fill(&mut self) {
        if self.at < self.size || self.left == 0 || self.is_overrun {
            return;
        }
        (self.at, self.size) = (0, 0);
        // Its end may fall within the version of the next record.
        if self.is_after_blank && begins_record(self.lines.peek()) {
            self.is_overrun = true;
            return;
        }
        let Some(piece) = self.lines.next_within(self.left) else { return };
        let is_record = self.is_after_blank && is_version(piece);
        self.is_after_blank = piece.begins && piece.bytes.trim_ascii().is_empty();
        self.begins = piece.begins;
        self.size = piece.bytes.len();
        if is_record && begins_field(self.lines.peek()) {
            self.is_overrun = true;
            self.size = 0;
            self.lines.hold();
            return;
        }
        self.left -= self.size as u64;
    }

    /// Passes over what was not read.
    fn pass(&mut self) {
        while self.next_line().is_some() {}
        self.lines.begin_line();
    }

    /// What comes next, without reading it; blank at the end.
    pub(crate) fn peek(&mut self) -> &[u8] {
        self.fill();
        &self.lines.last()[self.at..self.size]
    }

    /// What is wrong with where it ends, once.
    fn take_wrong(&mut self) -> Option<String> {
        if std::mem::replace(&mut self.is_told, true) || self.lines.failed() {
            None
        } else if self.is_overrun {
            Some("another record begins before the end of this one; its Content-Length is wrong".to_owned())
        } else {
            (self.left > 0)
                .then(|| format!("the file ends {} bytes before the end of this record", self.left))
        }
    }
}

impl BufRead for Block<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill();
        if self.at == self.size {
            // What is wrong is told where the bytes end.
            let error = self.lines.take_error();
            if let Some(error) = error.or_else(|| self.take_wrong().map(io::Error::other)) {
                return Err(error);
            }
        }
        Ok(&self.lines.last()[self.at..self.size])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl Read for Block<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.fill_buf()?.read(buffer)?;
        self.consume(size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests;

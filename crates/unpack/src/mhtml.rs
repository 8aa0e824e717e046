//! MHTML, a page and what it shows in one file: a MIME message whose parts
//! are files (RFC 2557, 2045, 2046).
//!
//! Internet Explorer, Word and Excel, Chrome and Firefox write it differently;
//! what they agree on is what is read here. The message is read once, line by
//! line; of a part no more is in memory than who opens it wants.

use std::io::{self, Read};
use std::ops::ControlFlow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use formgrid_model::Problem;
use memchr::memchr;

use crate::Input;
use crate::headers::{Headers, field, may_hold_form};
use crate::lines::{Lines, Piece, split_end};
use crate::opener::Opener;
use crate::transfer::Transfer;

/// Multiparts within multiparts; the parts of a deeper one are not looked for.
const DEPTH: usize = 32;

/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a file begins like a message: header lines, and one of them that
/// only MIME has.
pub(crate) fn is_message(prefix: &[u8]) -> bool {
    begins_message(prefix, b'\n')
}

/// Whether a file is a message in a form in which no mail program or browser
/// writes one: what it is, and what to do.
pub(crate) fn is_odd_message(prefix: &[u8]) -> Option<(&'static str, &'static str)> {
    let wide = |encoding: &'static Encoding| {
        let text = encoding.decode_with_bom_removal(prefix).0;
        is_message(text.as_bytes())
    };
    let is_wide = match prefix {
        [0xff, 0xfe, ..] | [1..=0x7f, 0, ..] => wide(UTF_16LE),
        [0xfe, 0xff, ..] | [0, 1..=0x7f, ..] => wide(UTF_16BE),
        _ => false,
    };
    let is_mailbox = || {
        let end = memchr(b'\n', prefix).filter(|_| prefix.starts_with(b"From "));
        end.is_some_and(|end| is_message(&prefix[end + 1..]))
    };
    if is_wide {
        Some(("a message (MHTML) in UTF-16", "save it as UTF-8"))
    } else if is_mailbox() {
        Some(("a mailbox (mbox)", "export its messages as files of their own"))
    } else if !prefix.contains(&b'\n') && begins_message(prefix, b'\r') {
        Some(("a message (MHTML) whose lines end with CR alone", "end them with CRLF"))
    } else {
        None
    }
}

fn begins_message(prefix: &[u8], line_end: u8) -> bool {
    let prefix = prefix.strip_prefix(MARK).unwrap_or(prefix);
    let mut lines = prefix.split(|&byte| byte == line_end).skip_while(|line| line.trim_ascii().is_empty());
    let mut any = false;
    lines.find_map(|line| {
        let is_folded = any && line.starts_with(b" ") || line.starts_with(b"\t");
        if is_folded {
            return None;
        }
        let Some((name, value)) = field(line) else { return Some(false) };
        any = true;
        let is_type = name.eq_ignore_ascii_case(b"content-type");
        let is_multipart =
            value.trim_ascii().get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/"));
        (name.eq_ignore_ascii_case(b"mime-version") || is_type && is_multipart).then_some(true)
    }) == Some(true)
}

/// Hands over the parts that may be documents, by their `Content-Location`,
/// else their `Content-ID`, else `part 3`; pictures, styles and scripts are
/// passed over.
pub(crate) fn read(mut input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut lines = Lines::new(&mut input);
    // The boundaries of the multiparts that are open, the outermost first.
    let mut open: Vec<Vec<u8>> = Vec::new();
    let mut parts = 0;
    let mut is_too_deep = false;
    loop {
        let mut headers = Headers::default();
        let mut end = read_headers(&mut lines, &open, &mut headers);
        let is_multipart = headers.media_type().starts_with("multipart/");
        if is_multipart && end.is_none() && open.len() < DEPTH {
            let boundary = headers.parameter("boundary").unwrap_or_default();
            match boundary.trim_end() {
                "" => end = Some(first_boundary(&mut lines, &mut open)),
                boundary => {
                    open.push(boundary.as_bytes().to_vec());
                    end = Some(pass(&mut lines, &open));
                }
            }
        } else if is_multipart {
            if end.is_none() && !std::mem::replace(&mut is_too_deep, true) {
                let why = format!(
                    "more than {DEPTH} multiparts one within the other; the parts of the innermost are left"
                );
                opener.fail(None, Problem::DamagedArchive { why })?;
            }
        } else {
            parts += 1;
            if end.is_none() {
                let number = (!open.is_empty()).then_some(parts);
                end = part(&headers, number, &mut lines, &open, opener)?;
            }
        }
        let mut end = end.unwrap_or_else(|| pass(&mut lines, &open));
        // Behind the last boundary of a multipart stands nothing that counts.
        while let End::Boundary { level, is_last: true } = end {
            open.truncate(level);
            if open.is_empty() {
                return another(&mut lines, opener);
            }
            end = pass(&mut lines, &open);
        }
        match end {
            End::Boundary { level, .. } => open.truncate(level + 1),
            End::File => break,
        }
    }
    if let Some(error) = lines.take_error() {
        opener.fail(None, opener.broken(&error))?;
    } else if parts == 0 && !lines.failed() {
        let why = "none of its lines begins a part as its header says".to_owned();
        opener.fail(None, Problem::DamagedArchive { why })?;
    } else if !open.is_empty() && !lines.failed() {
        let why = "it has no last boundary, so it may be cut".to_owned();
        opener.fail(None, Problem::DamagedArchive { why })?;
    }
    ControlFlow::Continue(())
}

/// Tells of another message behind the end of the first.
fn another(lines: &mut Lines<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    while let Some(line) = lines.next() {
        let name = line.begins.then(|| field(line.bytes)).flatten().map_or(&b""[..], |(name, _)| name);
        if name.eq_ignore_ascii_case(b"mime-version") {
            let why = "another message follows its end, which is left; save it as a file of its own";
            return opener.fail(None, Problem::DamagedArchive { why: why.to_owned() });
        }
    }
    match lines.take_error() {
        Some(error) => opener.fail(None, opener.broken(&error)),
        None => ControlFlow::Continue(()),
    }
}

/// Hands over a part, if it may be a document, and tells what is wrong with it.
/// Continues with what the part ends with, if that was reached.
fn part(
    headers: &Headers,
    number: Option<u64>,
    lines: &mut Lines<'_>,
    open: &[Vec<u8>],
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), Option<End>> {
    if !may_hold_form(&headers.media_type()) {
        return ControlFlow::Continue(None);
    }
    let name = headers
        .address("content-location")
        .or_else(|| headers.address("content-id"))
        .or_else(|| number.map(|number| format!("part {number}")));
    let encoding = headers.get("content-transfer-encoding").unwrap_or_default();
    let Some(transfer) = Transfer::named(&encoding) else {
        let method = format!("the transfer encoding \"{encoding}\"");
        opener.fail(name.as_deref(), Problem::UnsupportedMethod { method })?;
        return ControlFlow::Continue(None);
    };
    let mut body = Body::new(lines, open, transfer);
    if body.is_empty() {
        return ControlFlow::Continue(body.end);
    }
    let charset = headers.parameter("charset");
    opener.open_typed(name.as_deref(), &headers.media_type(), charset.as_deref(), &mut body)?;
    // An archive may end before the body does.
    if let Some(why) = body.wrong.take() {
        opener.fail(name.as_deref(), Problem::DamagedArchive { why })?;
    }
    ControlFlow::Continue(body.end)
}

/// What a part ends with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// The boundary of an open multipart, by its place among them.
    Boundary { level: usize, is_last: bool },
    /// The end of the file.
    File,
}

/// Reads the header of the message or of a part, up to the blank line. Says
/// what the part ends with if it has no body.
fn read_headers(lines: &mut Lines<'_>, open: &[Vec<u8>], headers: &mut Headers) -> Option<End> {
    let mut any = false;
    loop {
        let Some(line) = lines.next() else { return Some(End::File) };
        if !line.begins {
            // The rest of a line too long for a header.
            continue;
        }
        if let Some(end) = boundary(line, open) {
            return Some(end);
        }
        // An editor may have put a byte-order mark before all.
        let bytes = if any { line.bytes } else { line.bytes.strip_prefix(MARK).unwrap_or(line.bytes) };
        if headers.push(bytes) {
            any = true;
        } else if !line.bytes.trim_ascii().is_empty() {
            // No blank line before the body.
            lines.hold();
            return None;
        } else if any || !open.is_empty() {
            return None;
        }
        // Blank lines before the header of the message are none of it.
    }
}

/// Passes over what stands before the next boundary.
fn pass(lines: &mut Lines<'_>, open: &[Vec<u8>]) -> End {
    while let Some(line) = lines.next() {
        if let Some(end) = boundary(line, open) {
            return end;
        }
    }
    End::File
}

/// Finds the boundary of a multipart whose header does not give it: the first
/// line that can be one.
fn first_boundary(lines: &mut Lines<'_>, open: &mut Vec<Vec<u8>>) -> End {
    while let Some(line) = lines.next() {
        if let Some(end) = boundary(line, open) {
            return end;
        }
        let begun = line.bytes.trim_ascii_end().strip_prefix(b"--").unwrap_or_default();
        if line.begins && !begun.is_empty() {
            open.push(begun.to_vec());
            return End::Boundary { level: open.len() - 1, is_last: false };
        }
    }
    End::File
}

/// Whether a line is a boundary: RFC 2046, section 5.1.1.
fn boundary(line: Piece<'_>, open: &[Vec<u8>]) -> Option<End> {
    let line = line.bytes.strip_prefix(b"--").filter(|_| line.begins)?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, boundary)| {
        let is_last = match line.strip_prefix(boundary.as_slice())? {
            b"" => false,
            b"--" => true,
            _ => return None,
        };
        Some(End::Boundary { level, is_last })
    })
}

/// The decoded body of a part.
struct Body<'b, 'r> {
    lines: &'b mut Lines<'r>,
    open: &'b [Vec<u8>],
    transfer: Transfer,
    /// The line break before a boundary belongs to the boundary.
    line_end: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    end: Option<End>,
    wrong: Option<String>,
}

impl<'b, 'r> Body<'b, 'r> {
    fn new(lines: &'b mut Lines<'r>, open: &'b [Vec<u8>], transfer: Transfer) -> Self {
        Body { lines, open, transfer, line_end: Vec::new(), out: Vec::new(), at: 0, end: None, wrong: None }
    }

    /// Decodes until there is something, or the end.
    fn fill(&mut self) {
        while self.at == self.out.len() && self.end.is_none() {
            self.out.clear();
            self.at = 0;
            self.decode_piece();
        }
    }

    fn decode_piece(&mut self) {
        let Some(piece) = self.lines.next() else {
            // No boundary takes the last line break.
            self.transfer.push(&self.line_end, &mut self.out);
            self.finish(End::File);
            return;
        };
        match boundary(piece, self.open) {
            Some(end) => self.finish(end),
            None => {
                let (text, line_end) = split_end(piece.bytes);
                self.transfer.push(&self.line_end, &mut self.out);
                self.transfer.push(text, &mut self.out);
                self.line_end.clear();
                self.line_end.extend_from_slice(line_end);
            }
        }
    }

    fn finish(&mut self, end: End) {
        self.wrong = self.transfer.finish(&mut self.out);
        self.end = Some(end);
    }

    fn is_empty(&mut self) -> bool {
        self.fill();
        self.out.is_empty() && !self.lines.failed()
    }
}

impl Read for Body<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill();
        let size = buffer.len().min(self.out.len() - self.at);
        buffer[..size].copy_from_slice(&self.out[self.at..self.at + size]);
        self.at += size;
        if size > 0 || buffer.is_empty() {
            return Ok(size);
        }
        // What is wrong is told where the bytes end.
        let wrong = self.wrong.take().map(io::Error::other);
        self.lines.take_error().or(wrong).map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests;

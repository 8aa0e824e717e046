//! JSON Lines: an object a line, and a page in it.
//!
//! A line is read into memory, as far as the limit allows; of it, only the two
//! columns are kept.

mod row;

use std::io::Read;
use std::ops::ControlFlow;

use formgrid_model::Problem;
use serde::de::IgnoredAny;

use self::row::{Wrong, parse};
use crate::Input;
use crate::lines::Lines;
use crate::opener::Opener;
use crate::rows::{Columns, Failures, no_column};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What begins a text in a sequence of them: RFC 7464, 2.2.
const SEPARATOR: &[u8] = b"\x1e";

/// A page may be longer in JSON than it is: `\u9884` are 6 bytes instead of 3.
const ESCAPED: u64 = 2;

/// Whether a file begins with an object that has a key, or with a list of such;
/// or, as rows do whose file is cut at its start, with one line of anything but
/// markup and a whole object in the next.
pub(crate) fn is_json(prefix: &[u8]) -> bool {
    let text = prefix.strip_prefix(BOM).unwrap_or(prefix).trim_ascii_start();
    let text = text.strip_prefix(SEPARATOR).unwrap_or(text);
    if begins_object(text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start()) {
        return true;
    }
    let mut lines = text.split_inclusive(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let is_row = |line: &[u8]| {
        let line = line.strip_prefix(SEPARATOR).unwrap_or(line);
        begins_object(line) && (!line.ends_with(b"\n") || line.trim_ascii_end().ends_with(b"}"))
    };
    !text.starts_with(b"<") && lines.nth(1).is_some_and(is_row)
}

fn begins_object(text: &[u8]) -> bool {
    let Some(key) = text.strip_prefix(b"{").and_then(|text| text.trim_ascii_start().strip_prefix(b"\""))
    else {
        return false;
    };
    let Some(end) = key.iter().position(|&byte| byte == b'"') else { return false };
    key[end + 1..].trim_ascii_start().starts_with(b":")
}

/// Hands over the page of each line, by the column that names it, else by the
/// number of its row. Blank lines are no rows.
pub(crate) fn read(mut input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let options = opener.options;
    let mut columns = Columns::new(options);
    let limit = options.limits.document.saturating_mul(ESCAPED);
    let mut lines = Lines::new(&mut input);
    let mut failures = Failures::default();
    let mut line = Vec::new();
    let mut row = 0;
    let mut is_first = true;
    let mut any_object = false;
    loop {
        let length = read_line(&mut lines, limit, &mut line);
        if length == 0 {
            failures.end(opener)?;
            match opener.goes_on(&mut lines)? {
                true => continue,
                false => return ControlFlow::Continue(()),
            }
        }
        let text = if is_first { line.strip_prefix(BOM).unwrap_or(&line) } else { &line };
        let text = text.strip_prefix(SEPARATOR).unwrap_or(text).trim_ascii();
        let is_too_long = length > limit;
        if text.is_empty() && !is_too_long {
            continue;
        }
        if std::mem::take(&mut is_first) && !is_too_long && is_one_document(text, &mut lines) {
            let (what, advice) = ("a JSON document", "write it as JSON Lines, one object a line");
            return opener.fail(None, Problem::UnsupportedFormat { what, advice });
        }
        row += 1;
        if is_too_long {
            let why = || format!("its line has {length} bytes; --max-document sets the most");
            failures.tell(row, None, why, opener)?;
            continue;
        }
        let page = parse(text, &mut columns);
        let is_first_object = !any_object;
        any_object |= page.bytes.as_ref().map_or_else(Wrong::is_of_object, |_| true);
        match page.bytes {
            Ok(bytes) => {
                failures.end(opener)?;
                let name = page.name.unwrap_or_else(|| row.to_string());
                opener.open(Some(&name), Some("utf-8"), Input::Stream(&mut bytes.as_slice()))?;
            }
            // A file of something else, most likely; each of its rows would say so.
            Err(Wrong::NoColumn) if is_first_object && options.text_column.is_none() => {
                return opener.fail(None, no_column("JSON Lines without a column known to hold pages"));
            }
            Err(wrong) => failures.tell(row, page.name.as_deref(), || wrong.told(&columns), opener)?,
        }
    }
}

/// Reads a line with its line break, as far as the limit allows, and returns
/// its length.
fn read_line(lines: &mut Lines<'_>, limit: u64, line: &mut Vec<u8>) -> u64 {
    line.clear();
    let mut length = 0;
    while let Some(piece) = lines.next() {
        length += piece.bytes.len() as u64;
        if length <= limit {
            line.extend_from_slice(piece.bytes);
        }
        if piece.bytes.ends_with(b"\n") {
            break;
        }
    }
    length
}

/// Whether the first line begins a document that takes more lines, or a list:
/// it is not whole, and what follows does not begin an object. A line break
/// within a text, which JSON does not allow, is a mistake of one row.
fn is_one_document(line: &[u8], lines: &mut Lines<'_>) -> bool {
    if line.starts_with(b"[") {
        return true;
    }
    let broken = line.chain(&b"\n"[..]);
    let is_cut = serde_json::from_reader::<_, IgnoredAny>(broken).is_err_and(|error| error.is_eof());
    let follows = if is_cut { lines.next() } else { None };
    let is_one = follows.is_some_and(|piece| !piece.bytes.starts_with(b"{"));
    if is_cut {
        lines.hold();
    }
    is_one
}

#[cfg(test)]
mod tests;

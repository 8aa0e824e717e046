//! JSON Lines: an object a line, and a page in it.
//!
//! A line is read into memory, as far as the limit allows; of it, only the two
//! columns are kept.

use std::fmt;
use std::ops::ControlFlow;

use formgrid_model::Problem;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Input;
use crate::lines::Lines;
use crate::opener::Opener;
use crate::rows::{Columns, Failures};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A page may be longer in JSON than it is: `\u9884` are 6 bytes instead of 3.
const ESCAPED: u64 = 2;

/// Whether a file begins with an object that has a key, or with a list of such.
pub(crate) fn is_json(prefix: &[u8]) -> bool {
    let text = prefix.strip_prefix(BOM).unwrap_or(prefix).trim_ascii_start();
    let text = text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start();
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
    loop {
        let length = read_line(&mut lines, limit, &mut line);
        if length == 0 {
            break;
        }
        let text = if is_first { line.strip_prefix(BOM).unwrap_or(&line) } else { &line };
        let text = text.trim_ascii();
        let is_too_long = length > limit;
        if text.is_empty() && !is_too_long {
            continue;
        }
        if std::mem::take(&mut is_first) && !is_too_long && is_one_document(text, &mut lines) {
            let (what, advice) = ("a JSON document", "write it as JSON Lines, one object a line");
            return opener.fail(None, Problem::UnsupportedFormat { what, advice });
        }
        row += 1;
        let number = row.to_string();
        if is_too_long {
            let why = format!("its line has {length} bytes; --max-document sets the limit");
            failures.tell(row, &number, why, opener)?;
            continue;
        }
        let page = parse(text, &mut columns);
        let name = page.name.unwrap_or(number);
        match page.bytes {
            Ok(bytes) => {
                failures.end(opener)?;
                opener.open(Some(&name), Some("utf-8"), Input::Stream(&mut bytes.as_slice()))?;
            }
            Err(why) => failures.tell(row, &name, why, opener)?,
        }
    }
    failures.end(opener)?;
    match lines.take_error() {
        Some(error) => opener.fail(None, opener.broken(&error)),
        None => ControlFlow::Continue(()),
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
/// it is not whole, and what follows does not begin an object.
fn is_one_document(line: &[u8], lines: &mut Lines<'_>) -> bool {
    if line.starts_with(b"[") {
        return true;
    }
    let is_cut = serde_json::from_slice::<IgnoredAny>(line).is_err_and(|error| error.is_eof());
    let follows = if is_cut { lines.next() } else { None };
    let is_one = follows.is_some_and(|piece| !piece.bytes.starts_with(b"{"));
    if is_cut {
        lines.hold();
    }
    is_one
}

/// What is kept of a line, each with the place of its column among those that
/// are looked for.
#[derive(Debug, Default)]
struct Row<'l> {
    text: Option<(usize, &'l RawValue)>,
    path: Option<(usize, &'l RawValue)>,
}

/// The page of a line and its name, if it has one; the name and why not, if it
/// has no page.
struct Page {
    name: Option<String>,
    bytes: Result<Vec<u8>, String>,
}

/// Reads a line. The columns are from then on those that it has.
fn parse(line: &[u8], columns: &mut Columns<'_>) -> Page {
    let row = match std::str::from_utf8(line) {
        Ok(line) => find(line, columns),
        Err(error) => {
            Err(format!("it is not UTF-8, as JSON is (byte {} of its line)", error.valid_up_to() + 1))
        }
    };
    let row = match row {
        Ok(row) => row,
        Err(why) => return Page { name: None, bytes: Err(why) },
    };
    let name = row.path.and_then(|(at, value)| {
        let name = name_of(value.get())?;
        columns.path = vec![columns.path[at]];
        Some(name)
    });
    let Some((at, value)) = row.text else {
        let why = format!("it has no column {}; --text-column names it", columns.any_text());
        return Page { name, bytes: Err(why) };
    };
    let column = columns.text[at];
    let bytes = match serde_json::from_str(value.get()) {
        Ok(Bytes(bytes)) => Ok(bytes),
        Err(_) => Err(format!("its column {column} holds {}, no text", kind_of(value.get()))),
    };
    if bytes.is_ok() {
        columns.text = vec![column];
    }
    Page { name, bytes }
}

fn find<'l>(line: &'l str, columns: &Columns<'_>) -> Result<Row<'l>, String> {
    if !line.starts_with('{') {
        return Err("it is no object".to_owned());
    }
    let mut row = Row::default();
    let object = Object {
        text: columns.text.iter().copied().enumerate().collect(),
        path: columns.path.iter().copied().enumerate().collect(),
        row: &mut row,
    };
    let mut json = serde_json::Deserializer::from_str(line);
    object.deserialize(&mut json).and_then(|()| json.end()).map_err(|error| {
        // Without the line, which is always the first.
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default();
        format!("{what} (byte {} of its line)", error.column().max(1))
    })?;
    Ok(row)
}

/// A name as text: a text, or a number as it is printed.
fn name_of(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str(value).ok().filter(|name: &String| !name.is_empty()),
        b'-' | b'0'..=b'9' => Some(value.to_owned()),
        _ => None,
    }
}

fn kind_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "true or false",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        _ => "a number",
    }
}

/// Looks for the columns in an object; `a.b` is b in the object a.
struct Object<'c, 'l, 'r> {
    /// What is left of the columns' names, with their places.
    text: Vec<(usize, &'c str)>,
    path: Vec<(usize, &'c str)>,
    row: &'r mut Row<'l>,
}

impl<'l> DeserializeSeed<'l> for Object<'_, 'l, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Object<'_, 'l, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let text = inside(&self.text, &key);
            let path = inside(&self.path, &key);
            if text.is_empty() && path.is_empty() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?;
            keep(&text, value, &mut self.row.text);
            keep(&path, value, &mut self.row.path);
            let is_deeper = |names: &[(usize, &str)]| names.iter().any(|(_, rest)| !rest.is_empty());
            if value.get().starts_with('{') && (is_deeper(&text) || is_deeper(&path)) {
                let inner = Object { text, path, row: &mut *self.row };
                // It has been parsed once.
                let _ = inner.deserialize(&mut serde_json::Deserializer::from_str(value.get()));
            }
        }
        Ok(())
    }
}

/// The names that begin with a key, without it: blank for the key itself.
fn inside<'c>(names: &[(usize, &'c str)], key: &str) -> Vec<(usize, &'c str)> {
    let names = names.iter().filter_map(|&(at, name)| {
        let rest = name.strip_prefix(key)?;
        Some((at, if rest.is_empty() { rest } else { rest.strip_prefix('.')? }))
    });
    names.collect()
}

/// Keeps a value if its column is likelier than that of the one before.
fn keep<'l>(names: &[(usize, &str)], value: &'l RawValue, kept: &mut Option<(usize, &'l RawValue)>) {
    for &(at, rest) in names {
        if rest.is_empty() && kept.is_none_or(|(other, _)| at < other) {
            *kept = Some((at, value));
        }
    }
}

/// A text as bytes: UTF-8, but for halves of surrogate pairs that stand alone,
/// which no UTF-8 has. They stay as they are, for the decoder to tell.
struct Bytes(Vec<u8>);

impl<'l> Deserialize<'l> for Bytes {
    fn deserialize<D: Deserializer<'l>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests;

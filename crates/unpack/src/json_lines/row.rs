//! The two columns of a line, without building the rest of it.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::rows::Columns;

/// The page of a line, and its name, if it has one.
pub(super) struct Page {
    pub(super) name: Option<String>,
    /// UTF-8, but for halves of surrogate pairs that stand alone; or why there
    /// is none.
    pub(super) bytes: Result<Vec<u8>, Wrong>,
}

/// Why a line holds no page.
#[derive(Debug)]
pub(super) enum Wrong {
    /// The first byte that is none of it.
    NotUtf8(usize),
    NoObject,
    Json(serde_json::Error),
    NoColumn,
    /// The column, and what it holds instead.
    NoText(String, &'static str),
}

/// Reads a line. The columns are from then on those that it has.
pub(super) fn parse(line: &[u8], columns: &mut Columns<'_>) -> Page {
    let row = match find(line, columns) {
        Ok(row) => row,
        Err(wrong) => return Page { name: None, bytes: Err(wrong) },
    };
    let name = row.path.and_then(|(at, value)| {
        let name = name_of(value.get())?;
        columns.path = vec![columns.path[at]];
        Some(name)
    });
    let bytes = match row.text {
        None => Err(Wrong::NoColumn),
        Some((at, value)) => match serde_json::from_str(value.get()) {
            Ok(Bytes(bytes)) => {
                columns.text = vec![columns.text[at]];
                Ok(bytes)
            }
            Err(_) => Err(Wrong::NoText(columns.text[at].to_owned(), kind_of(value.get()))),
        },
    };
    Page { name, bytes }
}

impl Wrong {
    /// Whether the line is an object all the same.
    pub(super) fn is_of_object(&self) -> bool {
        matches!(self, Wrong::NoColumn | Wrong::NoText(..))
    }

    /// In words.
    pub(super) fn told(&self, columns: &Columns<'_>) -> String {
        match self {
            Wrong::NotUtf8(byte) => format!("it is not UTF-8, as JSON is (byte {byte} of its line)"),
            Wrong::NoObject => "it is no object".to_owned(),
            Wrong::Json(error) => {
                // Without the line, which is always the first.
                let text = error.to_string();
                let what = text.split(" at line ").next().unwrap_or_default();
                format!("{what} (byte {} of its line)", error.column().max(1))
            }
            Wrong::NoColumn => format!("it has no column {}; --text-column names it", columns.any_text()),
            Wrong::NoText(column, kind) => format!("its column {column} holds {kind}, no text"),
        }
    }
}

/// What is kept of a line, each with the place of its column among those that
/// are looked for.
#[derive(Debug, Default)]
struct Row<'l> {
    text: Option<(usize, &'l RawValue)>,
    path: Option<(usize, &'l RawValue)>,
}

fn find<'l>(line: &'l [u8], columns: &Columns<'_>) -> Result<Row<'l>, Wrong> {
    let line = std::str::from_utf8(line).map_err(|error| Wrong::NotUtf8(error.valid_up_to() + 1))?;
    if !line.starts_with('{') {
        return Err(Wrong::NoObject);
    }
    let mut row = Row::default();
    let object = Object {
        text: columns.text.iter().copied().enumerate().collect(),
        path: columns.path.iter().copied().enumerate().collect(),
        row: &mut row,
    };
    let mut json = serde_json::Deserializer::from_str(line);
    object.deserialize(&mut json).and_then(|()| json.end()).map_err(Wrong::Json)?;
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

/// Keeps a value if its column is likelier than that of the one before; of two
/// of the same name the last, as nearly all readers do (RFC 8259, 4).
fn keep<'l>(names: &[(usize, &str)], value: &'l RawValue, kept: &mut Option<(usize, &'l RawValue)>) {
    for &(at, rest) in names {
        if rest.is_empty() && kept.is_none_or(|(other, _)| at <= other) {
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

//! The values of a column, one row after the other.

use super::footer::{Kind, Leaf};
use super::pages::{Page, Pages};
use super::runs::{Deltas, Runs};

/// A column of a group of rows.
pub(super) struct Column<'f> {
    pages: Pages<'f>,
    kind: Kind,
    nullable: u32,
    /// The dictionary's bytes, and where each of its values begins.
    dictionary: (Vec<u8>, Vec<u32>),
    page: Vec<u8>,
    /// How many rows of the group are in pages that are to come, and how many
    /// of the page are left.
    rows: u64,
    left: u64,
    levels: Option<Runs>,
    values: Values,
    /// The value that was read last, where it stands in no page.
    value: Vec<u8>,
}

/// What is left of a page's values.
enum Values {
    None,
    /// Each behind its length, or of fixed length; the place of the next one.
    Plain(usize),
    /// Places in the dictionary.
    Dictionary(Runs),
    /// Integers.
    Deltas(Deltas),
    /// The lengths, and the place of the next value.
    Lengths(Deltas, usize),
    /// How many bytes are those of the value before, then as above.
    Prefixes(Deltas, Deltas, usize),
}

impl<'f> Column<'f> {
    /// The column `leaf` in a group of `rows` rows.
    pub(super) fn new(pages: Pages<'f>, leaf: &Leaf, rows: u64) -> Self {
        Column {
            pages,
            kind: leaf.kind,
            nullable: leaf.nullable,
            dictionary: Default::default(),
            page: Vec::new(),
            rows,
            left: 0,
            levels: None,
            values: Values::None,
            value: Vec::new(),
        }
    }

    /// The value of the next row: none if it is null. A number is as it is
    /// printed.
    ///
    /// # Errors
    ///
    /// What is wrong; there is no next row, then.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, String> {
        while self.left == 0 {
            // Two pages need not be in memory.
            self.page = Vec::new();
            let page = self.pages.next()?.ok_or("its pages hold fewer rows than its footer says")?;
            self.begin(page)?;
        }
        self.left -= 1;
        let is_null = match &mut self.levels {
            Some(levels) => levels.next(&self.page).ok_or_else(broken)? < self.nullable,
            None => false,
        };
        if is_null { Ok(None) } else { self.value().map(Some).ok_or_else(broken) }
    }

    fn begin(&mut self, page: Page) -> Result<(), String> {
        if page.is_dictionary {
            let offsets = offsets(&page, self.kind).ok_or_else(broken)?;
            self.dictionary = (page.bytes, offsets);
            return Ok(());
        }
        let Page { values, encoding, bytes, levels, .. } = page;
        self.rows = self.rows.checked_sub(values).ok_or("its pages hold more rows than its footer says")?;
        let (from, to) = match levels {
            Some(levels) => levels,
            None if self.nullable == 0 => (0, 0),
            // Version 1: behind their length.
            None => {
                let size = bytes.first_chunk().map(|size| u32::from_le_bytes(*size) as usize);
                let end = size.and_then(|size| size.checked_add(4)).filter(|end| *end <= bytes.len());
                (4, end.ok_or_else(broken)?)
            }
        };
        let width = u32::BITS - self.nullable.leading_zeros();
        self.levels = if self.nullable > 0 { Runs::new(from, to, width) } else { None };
        self.values = Values::of(encoding, self.kind, values, &bytes, to)?;
        self.left = values;
        self.page = bytes;
        Ok(())
    }

    fn value(&mut self) -> Option<&[u8]> {
        let page = self.page.as_slice();
        let (bytes, at) = match &mut self.values {
            Values::None => return None,
            Values::Plain(at) => (page, at),
            Values::Dictionary(runs) => {
                let (bytes, offsets) = &self.dictionary;
                let mut at = *offsets.get(runs.next(page)? as usize)? as usize;
                return plain(self.kind, bytes, &mut at, &mut self.value);
            }
            Values::Deltas(deltas) => {
                let number = deltas.next(page)?;
                self.value = self.kind.print(number);
                return Some(&self.value);
            }
            Values::Lengths(lengths, at) => return piece(page, lengths, at),
            Values::Prefixes(prefixes, lengths, at) => {
                let prefix = usize::try_from(prefixes.next(page)?).ok()?;
                if prefix > self.value.len() {
                    return None;
                }
                self.value.truncate(prefix);
                self.value.extend_from_slice(piece(page, lengths, at)?);
                return Some(&self.value);
            }
        };
        plain(self.kind, bytes, at, &mut self.value)
    }
}

impl Values {
    /// By the number of the encoding, from a place in the page on.
    fn of(encoding: i64, kind: Kind, rows: u64, page: &[u8], at: usize) -> Result<Self, String> {
        let found = match (encoding, kind) {
            (0, _) => Some(Values::Plain(at)),
            (2 | 8, _) => match page.get(at) {
                Some(&width) => Runs::new(at + 1, page.len(), width.into()).map(Values::Dictionary),
                // No value at all.
                None => Some(Values::None),
            },
            (5, Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Uint64) => {
                Deltas::new(page, at).map(Values::Deltas)
            }
            (6, Kind::Bytes) => lengths(rows, page, at).map(|(lengths, at)| Values::Lengths(lengths, at)),
            (7, Kind::Bytes | Kind::Fixed(_)) => prefixes(rows, page, at),
            _ => return Err(format!("its values are encoded in way {encoding}, which is not known")),
        };
        found.ok_or_else(broken)
    }
}

fn prefixes(rows: u64, page: &[u8], at: usize) -> Option<Values> {
    let prefixes = Deltas::new(page, at)?;
    let end = end(&prefixes, rows, page)?;
    let (lengths, at) = lengths(rows, page, end)?;
    Some(Values::Prefixes(prefixes, lengths, at))
}

fn lengths(rows: u64, page: &[u8], at: usize) -> Option<(Deltas, usize)> {
    let lengths = Deltas::new(page, at)?;
    let end = end(&lengths, rows, page)?;
    Some((lengths, end))
}

/// Where deltas end, one for each row at the most.
fn end(deltas: &Deltas, rows: u64, page: &[u8]) -> Option<usize> {
    (deltas.left() <= rows).then(|| deltas.end(page))?
}

/// The next bytes, by the next length.
fn piece<'p>(page: &'p [u8], lengths: &mut Deltas, at: &mut usize) -> Option<&'p [u8]> {
    let length = usize::try_from(lengths.next(page)?).ok()?;
    let piece = page.get(*at..)?.get(..length)?;
    *at += length;
    Some(piece)
}

/// The value at a place: bytes behind their length; a number, printed.
fn plain<'v>(kind: Kind, bytes: &'v [u8], at: &mut usize, printed: &'v mut Vec<u8>) -> Option<&'v [u8]> {
    let rest = bytes.get(*at..)?;
    let (number, size) = match kind {
        Kind::Bytes => {
            let (length, rest) = rest.split_first_chunk()?;
            let value = rest.get(..u32::from_le_bytes(*length) as usize)?;
            *at += 4 + value.len();
            return Some(value);
        }
        Kind::Fixed(length) => {
            let value = rest.get(..length.get() as usize)?;
            *at += value.len();
            return Some(value);
        }
        Kind::Int32 | Kind::Uint32 => (i64::from(i32::from_le_bytes(*rest.first_chunk()?)), 4),
        Kind::Int64 | Kind::Uint64 => (i64::from_le_bytes(*rest.first_chunk()?), 8),
        Kind::Other => return None,
    };
    *at += size;
    *printed = kind.print(number);
    Some(printed)
}

/// Where the values of a dictionary begin.
fn offsets(page: &Page, kind: Kind) -> Option<Vec<u32>> {
    let (mut offsets, mut at, mut printed) = (Vec::new(), 0, Vec::new());
    for _ in 0..page.values {
        offsets.push(u32::try_from(at).ok()?);
        plain(kind, &page.bytes, &mut at, &mut printed)?;
    }
    Some(offsets)
}

fn broken() -> String {
    "the values of a page cannot be read".to_owned()
}

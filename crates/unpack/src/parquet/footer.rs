//! The footer of a Parquet file: which columns it has, and where their parts
//! are. Only the two columns that are wanted are kept.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use formgrid_model::Problem;

use super::thrift::Thrift;
use crate::Options;
use crate::rows::{Columns, no_column};

/// The longest footer. That of a table of a thousand columns has some MiB.
const LIMIT: u64 = 16 << 20;

/// Groups within groups of columns.
const DEPTH: usize = 64;

/// What is needed of a footer.
#[derive(Debug)]
pub(super) struct Footer {
    pub(super) text: Leaf,
    pub(super) path: Option<Leaf>,
    pub(super) groups: Vec<Group>,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// Its name; that of b in the group a is `a.b`.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether its bytes are said to be text.
    pub(super) is_text: bool,
    /// How many of its name's parts may be null.
    pub(super) nullable: u32,
    /// Its place among the columns.
    index: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Int32,
    Int64,
    Bytes,
    /// Other types; several values in a row.
    Other,
}

/// Rows, and where their columns are.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rows: u64,
    pub(super) text: Chunk,
    pub(super) path: Chunk,
}

/// A column of a group: pages one behind the other.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chunk {
    pub(super) codec: u8,
    pub(super) start: u64,
    pub(super) length: u64,
}

/// Reads the footer.
///
/// # Errors
///
/// What is wrong with it, or that it has no column of pages.
pub(super) fn read(file: &mut File, options: &Options) -> Result<Footer, Problem> {
    let columns = Columns::new(options);
    let damaged = |why| Problem::DamagedArchive { why };
    let broken = || damaged("its footer cannot be read".to_owned());
    let (footer, size) = bytes(file).map_err(damaged)?;
    let (text, path) = leaves(&footer, &columns).ok_or_else(broken)?;
    let Some(text) = text else {
        return Err(match &options.text_column {
            None => no_column("a Parquet file without a column known to hold pages"),
            Some(name) => {
                Problem::Unreadable { why: format!("it has no column {name}; --text-column names it") }
            }
        });
    };
    if text.kind != Kind::Bytes {
        let why = format!("its column {} holds no text; --text-column names another", text.name);
        return Err(Problem::Unreadable { why });
    }
    let path = path.filter(|leaf| leaf.kind != Kind::Other);
    let groups = groups(&footer, text.index, path.as_ref().map(|leaf| leaf.index)).ok_or_else(broken)?;
    let rows = groups.iter().fold(0_u64, |rows, group| rows.saturating_add(group.rows));
    if rows > size {
        return Err(damaged(format!("it claims {rows} rows in {size} bytes")));
    }
    Ok(Footer { text, path, groups })
}

/// The bytes of the footer, and the size of the file: they stand at its end,
/// with their length behind.
fn bytes(file: &mut File) -> Result<(Vec<u8>, u64), String> {
    let mut end = [0; 8];
    let told = |error: std::io::Error| error.to_string();
    let size = file.seek(SeekFrom::End(0)).map_err(told)?;
    if size < 12 {
        return Err("it ends too early".to_owned());
    }
    file.seek(SeekFrom::Start(size - 8)).map_err(told)?;
    file.read_exact(&mut end).map_err(told)?;
    match &end[4..] {
        b"PAR1" => {}
        b"PARE" => return Err("its footer is encrypted".to_owned()),
        _ => return Err("it ends too early: its footer is missing".to_owned()),
    }
    let length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    if length > size - 12 {
        return Err(format!("its footer would have {length} bytes, the file has {size}"));
    }
    if length > LIMIT {
        return Err(format!("its footer has {length} bytes, more than {LIMIT}"));
    }
    file.seek(SeekFrom::Start(size - 8 - length)).map_err(told)?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes).map_err(told)?;
    Ok((bytes, size))
}

/// An element of the schema, as it is written.
#[derive(Default)]
struct Element {
    kind: Option<i64>,
    repetition: i64,
    name: String,
    children: u64,
    is_text: bool,
}

/// Finds the two columns in the schema: a tree, written with each group before
/// what is in it.
fn leaves(footer: &[u8], columns: &Columns<'_>) -> Option<(Option<Leaf>, Option<Leaf>)> {
    let (mut text, mut path) = (None, None);
    let mut index = 0;
    // The open groups below the root: how many elements are left, and what
    // they add to a name.
    let mut open: Vec<(u64, Element)> = Vec::new();
    let mut is_root = true;
    Thrift::new(footer).structure(|thrift, id, kind| match id {
        2 => thrift.list(|thrift, _| {
            let element = element(thrift)?;
            if std::mem::take(&mut is_root) {
                return Some(());
            }
            if let Some((left, _)) = open.last_mut() {
                *left = left.checked_sub(1)?;
            }
            if element.children > 0 {
                open.push((element.children, element));
                return (open.len() <= DEPTH).then_some(());
            }
            let names = || open.iter().map(|(_, group)| group).chain([&element]);
            for (wanted, found) in [(&columns.text, &mut text), (&columns.path, &mut path)] {
                let Some(at) = wanted.iter().position(|name| is_named(name, names())) else { continue };
                let leaf = leaf(wanted[at], names(), index);
                let is_meant = wanted.len() == 1 || leaf.kind != Kind::Other;
                if is_meant && found.as_ref().is_none_or(|(other, _)| at < *other) {
                    *found = Some((at, leaf));
                }
            }
            index += 1;
            while open.last().is_some_and(|(left, _)| *left == 0) {
                open.pop();
            }
            Some(())
        }),
        _ => thrift.skip(kind),
    })?;
    Some((text.map(|(_, leaf)| leaf), path.map(|(_, leaf)| leaf)))
}

fn element<R: Read>(thrift: &mut Thrift<R>) -> Option<Element> {
    let mut element = Element::default();
    thrift.structure(|thrift, id, kind| {
        match id {
            1 => element.kind = Some(thrift.integer()?),
            3 => element.repetition = thrift.integer()?,
            4 => element.name = thrift.text()?,
            5 => element.children = thrift.size()?,
            // UTF8, ENUM, JSON, of the time before logical types.
            6 => element.is_text |= matches!(thrift.integer()?, 0 | 4 | 19),
            // STRING, ENUM, JSON.
            10 => thrift.structure(|thrift, id, kind| {
                element.is_text |= matches!(id, 1 | 4 | 12);
                thrift.skip(kind)
            })?,
            _ => thrift.skip(kind)?,
        }
        Some(())
    })?;
    Some(element)
}

/// Whether the names of groups and column, with dots between them, are a name.
fn is_named<'e>(name: &str, elements: impl Iterator<Item = &'e Element>) -> bool {
    let mut rest = Some(name);
    for element in elements {
        let Some(after) = rest.and_then(|rest| rest.strip_prefix(element.name.as_str())) else {
            return false;
        };
        rest = after.strip_prefix('.');
        if rest.is_none() && !after.is_empty() {
            return false;
        }
    }
    rest.is_none()
}

fn leaf<'e>(name: &str, elements: impl Iterator<Item = &'e Element>, index: usize) -> Leaf {
    let mut leaf = Leaf { name: name.to_owned(), kind: Kind::Other, is_text: false, nullable: 0, index };
    let mut is_repeated = false;
    for Element { kind, repetition, is_text, .. } in elements {
        leaf.kind = match kind {
            Some(1) => Kind::Int32,
            Some(2) => Kind::Int64,
            Some(6) => Kind::Bytes,
            _ => Kind::Other,
        };
        leaf.is_text = *is_text;
        leaf.nullable += u32::from(*repetition == 1);
        is_repeated |= *repetition == 2;
    }
    if is_repeated {
        leaf.kind = Kind::Other;
    }
    leaf
}

fn groups(footer: &[u8], text: usize, path: Option<usize>) -> Option<Vec<Group>> {
    let mut groups = Vec::new();
    Thrift::new(footer).structure(|thrift, id, kind| match id {
        4 => thrift.list(|thrift, _| {
            groups.push(group(thrift, text, path)?);
            Some(())
        }),
        _ => thrift.skip(kind),
    })?;
    Some(groups)
}

fn group<R: Read>(thrift: &mut Thrift<R>, text: usize, path: Option<usize>) -> Option<Group> {
    let mut group = Group { rows: 0, text: Chunk::default(), path: Chunk::default() };
    let mut columns = 0;
    thrift.structure(|thrift, id, kind| {
        match id {
            1 => thrift.list(|thrift, kind| {
                if columns == text {
                    group.text = chunk(thrift)?;
                } else if Some(columns) == path {
                    group.path = chunk(thrift)?;
                } else {
                    thrift.skip(kind)?;
                }
                // The same column may be both.
                if columns == text && path == Some(text) {
                    group.path = group.text;
                }
                columns += 1;
                Some(())
            })?,
            3 => group.rows = thrift.size()?,
            _ => thrift.skip(kind)?,
        }
        Some(())
    })?;
    (columns > text && path.is_none_or(|path| columns > path)).then_some(group)
}

fn chunk<R: Read>(thrift: &mut Thrift<R>) -> Option<Chunk> {
    let mut chunk = Chunk::default();
    let (mut data, mut dictionary) = (0, 0);
    thrift.structure(|thrift, id, kind| match id {
        3 => thrift.structure(|thrift, id, kind| {
            match id {
                4 => chunk.codec = u8::try_from(thrift.integer()?).ok()?,
                7 => chunk.length = thrift.size()?,
                9 => data = thrift.size()?,
                11 => dictionary = thrift.size()?,
                _ => thrift.skip(kind)?,
            }
            Some(())
        }),
        _ => thrift.skip(kind),
    })?;
    // Some writers give 0 where there is no dictionary.
    chunk.start = if dictionary > 0 { dictionary.min(data) } else { data };
    Some(chunk)
}

//! The footer of a Parquet file: which columns it has, and where their parts
//! are. Only the two columns that are wanted are kept.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::num::NonZero;

use formgrid_model::Problem;

use super::thrift::Thrift;
use crate::Options;
use crate::names::label;
use crate::rows::{Columns, no_column};

/// The longest footer. That of a table of a thousand columns has some MiB.
const LIMIT: u64 = 16 << 20;

/// How many columns are named in a message.
const NAMED: usize = 32;

/// Groups within groups of columns.
const DEPTH: usize = 64;

/// What is needed of a footer.
#[derive(Debug)]
pub(super) struct Footer {
    pub(super) text: Leaf,
    pub(super) path: Option<Leaf>,
    /// What is wrong with the column that was to name the pages.
    pub(super) no_path: Option<Problem>,
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
    Uint32,
    Uint64,
    Bytes,
    /// So many bytes each.
    Fixed(NonZero<u32>),
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

impl Kind {
    /// A number of this kind, printed; 32 bits wrap around.
    pub(super) fn print(self, number: i64) -> Vec<u8> {
        match self {
            Kind::Uint64 => (number as u64).to_string(),
            Kind::Uint32 => (number as u32).to_string(),
            Kind::Int32 => (number as i32).to_string(),
            Kind::Int64 | Kind::Bytes | Kind::Fixed(_) | Kind::Other => number.to_string(),
        }
        .into_bytes()
    }
}

impl Leaf {
    /// Whether its values may be names: bytes of fixed length are digests and
    /// numbers.
    fn can_name(&self) -> bool {
        !matches!(self.kind, Kind::Fixed(_) | Kind::Other)
    }
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
    let Leaves { text, path, names } = leaves(&footer, &columns).ok_or_else(broken)?;
    let missing = |name: &str, option| {
        let why = format!("it has no column {name}; {option} names it: {}", names.join(", "));
        Problem::Unreadable { why }
    };
    let Some(text) = text else {
        return Err(match &options.text_column {
            None => no_column("a Parquet file without a column known to hold pages"),
            Some(name) => missing(name, "--text-column"),
        });
    };
    if !matches!(text.kind, Kind::Bytes | Kind::Fixed(_)) {
        let why = format!("its column {} holds no text; --text-column names another", text.name);
        return Err(Problem::Unreadable { why });
    }
    let no_path = match (&options.path_column, &path) {
        (Some(name), None) => Some(missing(name, "--path-column")),
        (Some(name), Some(leaf)) if !leaf.can_name() => {
            let why = format!("its column {name} holds no names; --path-column names another");
            Some(Problem::Unreadable { why })
        }
        _ => None,
    };
    let path = path.filter(Leaf::can_name);
    let groups = groups(&footer, text.index, path.as_ref().map(|leaf| leaf.index)).ok_or_else(broken)?;
    let rows = groups.iter().fold(0_u64, |rows, group| rows.saturating_add(group.rows));
    if rows > size {
        return Err(damaged(format!("it claims {rows} rows in {size} bytes")));
    }
    Ok(Footer { text, path, no_path, groups })
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
    /// Of bytes, how many a value has if all have as many.
    length: u32,
    is_text: bool,
    is_unsigned: bool,
}

/// The two columns that are wanted, and the names of the first ones.
struct Leaves {
    text: Option<Leaf>,
    path: Option<Leaf>,
    names: Vec<String>,
}

/// Finds the two columns in the schema: a tree, written with each group before
/// what is in it.
fn leaves(footer: &[u8], columns: &Columns<'_>) -> Option<Leaves> {
    let (mut text, mut path, mut known) = (None, None, Vec::new());
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
            if known.len() < NAMED {
                let name = names().map(|element| element.name.as_str()).collect::<Vec<_>>().join(".");
                known.push(label(&name).0);
            } else if known.len() == NAMED {
                known.push("…".to_owned());
            }
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
    let (text, path) = (text.map(|(_, leaf)| leaf), path.map(|(_, leaf)| leaf));
    Some(Leaves { text, path, names: known })
}

fn element<R: Read>(thrift: &mut Thrift<R>) -> Option<Element> {
    let mut element = Element::default();
    thrift.structure(|thrift, id, kind| {
        match id {
            1 => element.kind = Some(thrift.integer()?),
            2 => element.length = u32::try_from(thrift.integer()?).unwrap_or(0),
            3 => element.repetition = thrift.integer()?,
            4 => element.name = thrift.text()?,
            5 => element.children = thrift.size()?,
            // UTF8, ENUM, JSON; UINT_8 to UINT_64: of the time before logical types.
            6 => match thrift.integer()? {
                0 | 4 | 19 => element.is_text = true,
                11..=14 => element.is_unsigned = true,
                _ => {}
            },
            10 => thrift.structure(|thrift, id, kind| {
                // STRING, ENUM, JSON.
                element.is_text |= matches!(id, 1 | 4 | 12);
                if id != 10 {
                    return thrift.skip(kind);
                }
                // INTEGER, and whether it has a sign.
                thrift.structure(|thrift, id, kind| {
                    element.is_unsigned |= id == 2 && !kind.is_true();
                    thrift.skip(kind)
                })
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
    for Element { kind, repetition, length, is_text, is_unsigned, .. } in elements {
        leaf.kind = match (kind, is_unsigned) {
            (Some(1), false) => Kind::Int32,
            (Some(1), true) => Kind::Uint32,
            (Some(2), false) => Kind::Int64,
            (Some(2), true) => Kind::Uint64,
            (Some(6), _) => Kind::Bytes,
            (Some(7), _) => NonZero::new(*length).map_or(Kind::Other, Kind::Fixed),
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

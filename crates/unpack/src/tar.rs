//! Tar: POSIX (ustar, pax), GNU and what was before them; several of them one
//! behind the other, as `tar -i` reads them.

use std::io::{self, Read};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use tar::{EntryType, Header};

use crate::opener::Opener;
use crate::{Input, names};

pub(crate) mod archive;
mod pax;
mod sparse;
use archive::{Archive, Wrong, size};
use pax::Pax;
use sparse::{Filled, Map};

/// The longest record before a file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What is only a part of a file.
const PART: Problem = Problem::UnsupportedFormat {
    what: "the rest of a file in a tar of several volumes",
    advice: "unpack all volumes with tar -M, and read what comes out",
};

/// Opens all files in an archive in their order. Links, devices and folders
/// hold nothing and are passed over, as are hidden files. Behind a header that
/// is none the next one is looked for.
pub(crate) fn read(input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut archive = Archive::new(input);
    let mut ahead = Ahead::default();
    loop {
        let done = match archive.next() {
            Ok(Some(header)) => entry(&header, &mut archive, &mut ahead, opener)?,
            Ok(None) => return ControlFlow::Continue(()),
            Err(wrong) => Err(wrong),
        };
        match done {
            // Who read the file has told that it is cut.
            Ok(()) if archive.is_cut => return ControlFlow::Continue(()),
            Ok(()) => {}
            Err(Wrong::Input(error)) => return opener.fail(None, opener.broken(&error)),
            Err(Wrong::Header(why)) => {
                ahead = Ahead::default();
                if !std::mem::replace(&mut archive.is_lost, true) {
                    opener.fail(None, Problem::DamagedArchive { why: why.to_owned() })?;
                }
            }
        }
    }
}

/// What records say of the file behind them.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    pax: Pax,
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A record of pax, or a name of GNU, for the next file.
    Pax,
    Name,
    /// What else is said of others.
    Record,
    File,
    /// The rest of a file.
    Part,
    /// Another name of a file, which few writers give its data.
    Link,
    /// What is no file: a folder, a device, the label of a volume.
    Nothing,
}

/// What an entry is: a file, if its kind is not known (POSIX.1-2017, pax,
/// ustar interchange format). Those of GNU, Solaris and star are not files.
fn kind(header: &Header) -> Kind {
    match header.entry_type() {
        EntryType::XHeader => Kind::Pax,
        EntryType::GNULongName => Kind::Name,
        EntryType::GNULongLink | EntryType::XGlobalHeader => Kind::Record,
        EntryType::Link => Kind::Link,
        EntryType::Symlink | EntryType::Char | EntryType::Block | EntryType::Fifo => Kind::Nothing,
        EntryType::Directory => Kind::Nothing,
        other => match other.as_byte() {
            b'X' => Kind::Pax,
            b'M' => Kind::Part,
            b'A' | b'E' => Kind::Record,
            b'D' | b'I' | b'N' | b'V' => Kind::Nothing,
            _ => Kind::File,
        },
    }
}

/// Opens a file, or reads what is said of the next one.
fn entry(
    header: &Header,
    archive: &mut Archive<'_>,
    ahead: &mut Ahead,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), Result<(), Wrong>> {
    let kind = kind(header);
    match begin(kind, header, archive, ahead) {
        Ok(true) => {}
        Ok(false) => {
            *ahead = Ahead::default();
            return ControlFlow::Continue(Ok(()));
        }
        Err(wrong) => return ControlFlow::Continue(Err(wrong)),
    }
    match kind {
        Kind::Pax | Kind::Name => {
            if archive.left > LONGEST {
                let why =
                    format!("a record of {} bytes before a file, of which {LONGEST} are read", archive.left);
                opener.fail(None, Problem::DamagedArchive { why })?;
            }
            let mut record = Vec::new();
            if let Err(error) = archive.by_ref().take(LONGEST).read_to_end(&mut record) {
                return ControlFlow::Continue(Err(error.into()));
            }
            if kind == Kind::Pax {
                ahead.pax = Pax::new(&record);
            } else {
                record.truncate(record.iter().position(|&byte| byte == 0).unwrap_or(record.len()));
                ahead.name = Some(record);
            }
        }
        Kind::Record => {}
        Kind::File | Kind::Link | Kind::Part | Kind::Nothing => {
            let Ahead { name, pax } = std::mem::take(ahead);
            return file(kind, header, pax.path.or(name), pax.map, archive, opener);
        }
    }
    ControlFlow::Continue(Ok(()))
}

/// Begins an entry; false if it has no data that can be a file's.
fn begin(kind: Kind, header: &Header, archive: &mut Archive<'_>, ahead: &Ahead) -> Result<bool, Wrong> {
    let is_said = !matches!(kind, Kind::Pax | Kind::Name | Kind::Record);
    let size = match ahead.pax.size.filter(|_| is_said) {
        Some(size) => size,
        None => size(header)?,
    };
    archive.begin(size)?;
    if matches!(kind, Kind::Link | Kind::Nothing) && !archive.has_data()? {
        archive.begin(0)?;
        return Ok(false);
    }
    Ok(kind != Kind::Nothing)
}

/// Opens a file with the name and the holes that records gave it.
fn file(
    kind: Kind,
    header: &Header,
    name: Option<Vec<u8>>,
    map: Option<pax::Holes>,
    archive: &mut Archive<'_>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), Result<(), Wrong>> {
    let is_gnu = header.entry_type() == EntryType::GNUSparse;
    let has_holes = is_gnu || map.is_some();
    // More headers may come first.
    let map: io::Result<_> = match map {
        _ if is_gnu => Map::of_gnu(header, archive),
        Some(holes) => Map::of_pax(holes, archive),
        None => Ok(None),
    };
    let map = match map {
        Ok(map) => map,
        Err(error) => return ControlFlow::Continue(Err(error.into())),
    };
    let name = name.unwrap_or_else(|| header.path_bytes().into_owned());
    // Before POSIX, folders were files of such a name.
    let Some(name) = names::file_name(&names::decode(&name)).filter(|_| !name.ends_with(b"/")) else {
        return ControlFlow::Continue(Ok(()));
    };
    match map {
        _ if kind == Kind::Part => opener.fail(Some(&name.path), PART)?,
        Some(map) => opener.open_file(&name, &mut Filled::new(map, archive))?,
        None if has_holes => {
            let method = "holes (GNU sparse)".to_owned();
            opener.fail(Some(&name.path), Problem::UnsupportedMethod { method })?;
        }
        None => opener.open_file(&name, archive)?,
    }
    ControlFlow::Continue(Ok(()))
}

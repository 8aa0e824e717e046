//! Tar: POSIX (ustar, pax), GNU and what was before them; several of them one
//! behind the other, as `tar -i` reads them.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use tar::{EntryType, Header};

use crate::opener::Opener;
use crate::{Input, names};

mod pax;
mod sparse;
use pax::Pax;
use sparse::{Filled, Map};

/// What headers, and the data of files, are padded to.
const BLOCK: usize = 512;

/// The longest record before a file that is read, in bytes.
const LONGEST: u64 = 1 << 16;

/// Opens all files in an archive in their order. Links, devices and folders
/// hold nothing and are passed over, as are hidden files.
pub(crate) fn read(input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut archive = Archive { input, left: 0, padding: 0, is_cut: false };
    let mut ahead = Ahead::default();
    loop {
        let header = match archive.next() {
            Ok(Some(header)) => header,
            Ok(None) => return ControlFlow::Continue(()),
            // Where the next header begins is not known any more.
            Err(error) => return opener.fail(None, opener.broken(&error)),
        };
        if let Err(error) = entry(&header, &mut archive, &mut ahead, opener)? {
            return opener.fail(None, opener.broken(&error));
        }
        // Who read the file has told that it is cut.
        if archive.is_cut {
            return ControlFlow::Continue(());
        }
    }
}

/// An archive, and in it a file.
struct Archive<'r> {
    input: Input<'r>,
    /// How many bytes of the file are to come, and how many behind it that
    /// stand for nothing.
    left: u64,
    padding: u64,
    /// Whether the archive ended before the file did.
    is_cut: bool,
}

/// What records say of the file behind them.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    pax: Pax,
}

/// Opens a file, or reads what is said of the next one.
fn entry(
    header: &Header,
    archive: &mut Archive<'_>,
    ahead: &mut Ahead,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), io::Result<()>> {
    let kind = header.entry_type();
    let is_about_next = matches!(
        kind,
        EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader
    );
    let size = match ahead.pax.size.filter(|_| !is_about_next) {
        Some(size) => Ok(size),
        None => header.entry_size(),
    };
    if let Err(error) = size.and_then(|size| archive.begin(size)) {
        return ControlFlow::Continue(Err(error));
    }
    match kind {
        EntryType::GNULongName | EntryType::XHeader => {
            let mut record = Vec::new();
            if let Err(error) = archive.by_ref().take(LONGEST).read_to_end(&mut record) {
                return ControlFlow::Continue(Err(error));
            }
            if kind == EntryType::XHeader {
                ahead.pax = Pax::new(&record);
            } else {
                record.truncate(record.iter().position(|&byte| byte == 0).unwrap_or(record.len()));
                ahead.name = Some(record);
            }
        }
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let Ahead { name, pax } = std::mem::take(ahead);
            return file(header, pax.path.or(name), pax.map, archive, opener);
        }
        _ if is_about_next => {}
        _ => *ahead = Ahead::default(),
    }
    ControlFlow::Continue(Ok(()))
}

/// Opens a file with the name and the holes that records gave it.
fn file(
    header: &Header,
    name: Option<Vec<u8>>,
    map: Option<pax::Holes>,
    archive: &mut Archive<'_>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), io::Result<()>> {
    let is_gnu = header.entry_type() == EntryType::GNUSparse;
    let has_holes = is_gnu || map.is_some();
    // More headers may come first.
    let map = match map {
        _ if is_gnu => Map::of_gnu(header, archive),
        Some(holes) => Map::of_pax(holes, archive),
        None => Ok(None),
    };
    let map = match map {
        Ok(map) => map,
        Err(error) => return ControlFlow::Continue(Err(error)),
    };
    let name = name.unwrap_or_else(|| header.path_bytes().into_owned());
    // Before POSIX, folders were files of such a name.
    let Some(name) = names::file_name(&names::decode(&name)).filter(|_| !name.ends_with(b"/")) else {
        return ControlFlow::Continue(Ok(()));
    };
    match map {
        Some(map) => opener.open_file(&name, &mut Filled::new(map, archive))?,
        None if has_holes => {
            let method = "holes (GNU sparse)".to_owned();
            opener.fail(Some(&name.path), Problem::UnsupportedMethod { method })?;
        }
        None => opener.open_file(&name, archive)?,
    }
    ControlFlow::Continue(Ok(()))
}

impl Archive<'_> {
    /// The header of the next entry, which is behind the file; none at the end.
    fn next(&mut self) -> io::Result<Option<Header>> {
        self.skip()?;
        let mut header = Header::new_old();
        // Zeros end an archive; behind them another one may be.
        let mut is_ended = false;
        loop {
            let read = self.block(header.as_mut_bytes())?;
            let is_blank = header.as_bytes()[..read].iter().all(|&byte| byte == 0);
            match (read, is_blank) {
                (BLOCK, false) if is_sound(&header) => return Ok(Some(header)),
                (BLOCK, true) => is_ended = true,
                (_, true) => return Ok(None),
                _ if is_ended => return Err(invalid("what follows its end is not tar")),
                (BLOCK, false) => return Err(invalid("the checksum of a header is wrong")),
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    /// Begins a file of so many bytes.
    fn begin(&mut self, size: u64) -> io::Result<()> {
        let padded = size.checked_next_multiple_of(BLOCK as u64).ok_or_else(|| invalid("size overflow"))?;
        (self.left, self.padding) = (size, padded - size);
        Ok(())
    }

    /// Passes over what is left of the file.
    fn skip(&mut self) -> io::Result<()> {
        let data = std::mem::take(&mut self.left);
        // What only pads may be missing at the end.
        let size = data.saturating_add(std::mem::take(&mut self.padding));
        let there = match &mut self.input {
            _ if size == 0 => return Ok(()),
            Input::File(file) => {
                let there = file.metadata()?.len().saturating_sub(file.stream_position()?);
                file.seek(SeekFrom::Current(size.min(there).cast_signed()))?;
                there
            }
            Input::Stream(stream) => io::copy(&mut stream.take(size), &mut io::sink())?,
        };
        if there < data { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Reads a block that belongs to no file, or what there is of it.
    fn block(&mut self, into: &mut [u8; BLOCK]) -> io::Result<usize> {
        let mut size = 0;
        while size < BLOCK {
            match self.input.read(&mut into[size..]) {
                Ok(0) => break,
                Ok(read) => size += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(size)
    }
}

/// Reads the file; fails where the archive ends before it.
impl Read for Archive<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = self.input.read(&mut into[..most]);
        self.is_cut = matches!(read, Ok(0));
        if self.is_cut {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let read = read?;
        self.left -= read as u64;
        Ok(read)
    }
}

fn is_sound(header: &Header) -> bool {
    let bytes = header.as_bytes();
    // The checksum counts as if it were spaces.
    let others = bytes[..148].iter().chain(&bytes[156..]).map(|&byte| u32::from(byte)).sum::<u32>();
    header.cksum().is_ok_and(|sum| sum == others + 8 * u32::from(b' '))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

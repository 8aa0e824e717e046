//! Zip: its directory from the end, or where that is gone, its files from the
//! start.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use zip::read::{Config, OwnedZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use crate::kind::SAVE_AS;
use crate::opener::Opener;
use crate::{Input, names};

pub(crate) mod account;
mod from_start;
pub(crate) mod local;
mod streamed;

use account::{Account, Survey, account, survey};

/// The header of a file without its name (APPNOTE 4.3.7).
const HEADER: u64 = 30;

/// A part of an archive in several files.
const PART: Problem = Problem::UnsupportedFormat {
    what: "a part of a split zip",
    advice: "put its parts together with zip -s 0, and read that",
};

/// Opens all files in an archive in the order of its directory.
pub(crate) fn read(input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let file = match opener.seekable(input) {
        Ok(file) => file,
        Err(error) => return opener.fail(None, opener.broken(&error)),
    };
    let source = match file.try_clone() {
        Ok(source) => BufReader::new(source),
        Err(error) => return opener.fail(None, opener.broken(&error)),
    };
    // Each seeks before it reads, so that they can share the file.
    let mut body = BufReader::new(file);
    let mut found = ZipIterable::try_new(source, Config::default());
    let mut survey = found.as_mut().map_or_else(|_| Survey::default(), survey);
    if is_split(&mut body, survey.first) {
        return opener.fail(None, PART);
    }
    let mut archive = match found {
        Ok(archive) => archive,
        Err(error) => return from_start::read(body.into_inner(), why(error), opener),
    };
    if let Some(what) = survey.office {
        return opener.fail(None, Problem::UnsupportedFormat { what, advice: SAVE_AS });
    }
    match account(&mut survey, &mut body) {
        Ok(Account::Whole) => listed(&mut archive, &mut body, opener),
        Ok(Account::Beside(why)) => {
            listed(&mut archive, &mut body, opener)?;
            opener.fail(None, Problem::DamagedArchive { why })
        }
        Ok(Account::Wrong(why)) => from_start::read(body.into_inner(), why.to_owned(), opener),
        Err(error) => opener.fail(None, opener.broken(&error)),
    }
}

/// Opens the files that a directory lists.
fn listed(
    archive: &mut ZipIterable<BufReader<File>>,
    mut body: &mut BufReader<File>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<()> {
    let entries = match archive.files() {
        Ok(entries) => entries,
        Err(error) => return opener.fail(None, Problem::DamagedArchive { why: why(error) }),
    };
    for entry in entries {
        let entry = match entry {
            // Owned, so that what is not read of a file is not read at its end.
            Ok(entry) => OwnedZipFileEntry::from(entry),
            Err(error) => return opener.fail(None, Problem::DamagedArchive { why: why(error) }),
        };
        let name = names::file_name(&text(entry.name_raw(), entry.central_header_start(), &mut body));
        let Some(name) = name.filter(|_| !is_folder(entry.name_raw()) && !entry.is_symlink()) else {
            continue;
        };
        if entry.encrypted() {
            opener.fail(Some(&name.path), Problem::Encrypted)?;
        } else if let Some(method) = unsupported(entry.compression()) {
            opener.fail(Some(&name.path), Problem::UnsupportedMethod { method })?;
        } else {
            match entry.as_ref().with_reader(&mut body, ZipReadOptions::new()) {
                Ok(mut file) => opener.open_file(&name, &mut file)?,
                Err(error) => opener.fail(Some(&name.path), Problem::DamagedArchive { why: why(error) })?,
            }
        }
    }
    ControlFlow::Continue(())
}

/// Whether a file, whatever it begins with, ends as an archive does: with the
/// end of its directory, behind which a comment may stand.
pub(crate) fn is_at_end(file: &mut File) -> bool {
    account::end(file).is_ok_and(|end| end.is_some())
}

/// Whether a file is one of those that an archive was split into: the last one
/// has the directory, the first one the mark of such an archive. Behind the
/// mark may also be all of one; `first` is where its first file is.
fn is_split(file: &mut BufReader<File>, first: Option<u64>) -> bool {
    let size = file.seek(SeekFrom::End(0)).unwrap_or(0);
    if account::end(file).is_ok_and(|end| end.is_some_and(|end| end.is_split(size))) {
        return true;
    }
    let mut mark = [0; 4];
    let read = file.rewind().and_then(|()| file.read_exact(&mut mark));
    first != Some(4) && read.is_ok() && mark == *b"PK\x07\x08"
}

/// The name of a file: UTF-8 where its header in the directory, at this offset,
/// says so by bit 11 of its flags (APPNOTE 4.4.4).
fn text<'n>(raw: &'n [u8], header: u64, file: &mut (impl Read + Seek)) -> Cow<'n, str> {
    let mut says_utf_8 = || {
        let mut flags = [0; 2];
        let read = file.seek(SeekFrom::Start(header + 8)).and_then(|_| file.read_exact(&mut flags));
        read.is_ok() && u16::from_le_bytes(flags) & 0x800 != 0
    };
    let likely = names::decode(raw);
    match std::str::from_utf8(raw) {
        Ok(utf_8) if utf_8 != likely && says_utf_8() => utf_8.into(),
        _ => likely,
    }
}

fn is_folder(name: &[u8]) -> bool {
    name.ends_with(b"/") || name.ends_with(b"\\")
}

fn unsupported(method: CompressionMethod) -> Option<String> {
    match method {
        CompressionMethod::Stored
        | CompressionMethod::Deflated
        | CompressionMethod::Deflate64
        | CompressionMethod::Bzip2 => None,
        method => Some(method.to_string()),
    }
}

/// The words of an error.
fn why(error: ZipError) -> String {
    match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_owned()
        }
        ZipError::Io(error) => error.to_string(),
        ZipError::InvalidArchive(why) if why.contains("EOCD") => {
            "the directory at its end is missing; it may be cut off".to_owned()
        }
        ZipError::InvalidArchive(why) => why.into_owned(),
        error => error.to_string(),
    }
}

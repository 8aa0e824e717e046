//! Zip: its directory from the end, or where that is gone, its files from the
//! start.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use zip::read::{Config, OwnedZipFileEntry, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use crate::kind::SAVE_AS;
use crate::opener::Opener;
use crate::{Input, names};

mod streamed;
use streamed::Streamed;

/// The header of a file without its name (APPNOTE 4.3.7).
const HEADER: u64 = 30;

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
    let mut archive = match ZipIterable::try_new(source, Config::default()) {
        Ok(archive) => archive,
        Err(error) => return from_start(file, &why(error), opener),
    };
    if let Some(what) = office(&mut archive) {
        return opener.fail(None, Problem::UnsupportedFormat { what, advice: SAVE_AS });
    }
    // Each seeks before it reads, so that they can share the file.
    let mut body = BufReader::new(file);
    let entries = match archive.files() {
        Ok(entries) => entries,
        Err(error) => return opener.fail(None, Problem::DamagedArchive { why: why(error) }),
    };
    // The bytes that the files take, and those there are before the directory.
    let (mut taken, mut room) = (0_u64, None);
    for entry in entries {
        let entry = match entry {
            // Owned, so that what is not read of a file is not read at its end.
            Ok(entry) => OwnedZipFileEntry::from(entry),
            Err(error) => return opener.fail(None, Problem::DamagedArchive { why: why(error) }),
        };
        let room = *room.get_or_insert(entry.central_header_start());
        taken = taken.saturating_add(HEADER + entry.name_raw().len() as u64);
        taken = taken.saturating_add(entry.compressed_size());
        if taken > room {
            let why = "its files overlap, as those of a zip bomb do".to_owned();
            return opener.fail(None, Problem::DamagedArchive { why });
        }
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
/// end of its directory (APPNOTE 4.3.16), behind which a comment may stand.
pub(crate) fn is_at_end(file: &mut File) -> bool {
    const LONGEST: u64 = 22 + u16::MAX as u64;
    let mut tail = Vec::new();
    let read = file.seek(SeekFrom::End(0)).and_then(|size| {
        file.seek(SeekFrom::Start(size.saturating_sub(LONGEST)))?;
        file.take(LONGEST).read_to_end(&mut tail)
    });
    read.is_ok() && tail.windows(4).any(|bytes| bytes == b"PK\x05\x06")
}

/// Reads an archive without a directory as far as its files follow each other.
fn from_start(file: File, reason: &str, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut stream = BufReader::new(file);
    if let Err(error) = stream.rewind() {
        return opener.fail(None, opener.broken(&error));
    }
    loop {
        if let Some(name) = streamed::header(&mut stream) {
            let mut file = Streamed::new(&mut stream);
            if let Some(name) = names::file_name(&name).filter(|_| !is_folder(name.as_bytes())) {
                opener.open_file(&name, &mut file)?;
            }
            // Where it breaks off, no other file follows.
            if !file.skip(&opener.budget()) {
                break;
            }
            continue;
        }
        let Ok(Some(mut file)) = read_zipfile_from_stream(&mut stream) else { break };
        let name = names::file_name(&names::decode(file.name_raw()));
        if let Some(name) = name.filter(|_| !is_folder(file.name_raw())) {
            opener.open_file(&name, &mut file)?;
        }
    }
    opener.fail(None, Problem::DamagedArchive { why: reason.to_owned() })
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

/// What an archive is, if it is an office document: by the file that each must
/// hold (ECMA-376 part 2, 10.1.2; OpenDocument part 3, 3.3; GB/T 33190, 7.1).
fn office(archive: &mut ZipIterable<BufReader<File>>) -> Option<&'static str> {
    // The order of the files is free: some writers put what tells last.
    let (mut what, mut is_office, mut kind) = (None, false, None);
    for entry in archive.files().ok()?.map_while(Result::ok) {
        match entry.name_raw() {
            b"[Content_Types].xml" => is_office = true,
            b"mimetype" => what = what.or(Some("an OpenDocument file or an e-book (.odt, .ods, .epub)")),
            b"OFD.xml" => what = what.or(Some("an OFD document")),
            name if name.starts_with(b"xl/") => kind = kind.or(Some("an Excel workbook (.xlsx)")),
            name if name.starts_with(b"word/") => kind = kind.or(Some("a Word document (.docx)")),
            _ => {}
        }
    }
    let office = is_office.then(|| kind.unwrap_or("an Office document (.docx, .xlsx, .pptx)"));
    office.or(what)
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

//! An archive without a directory, or with one that leaves files out: it is
//! read as its files follow each other.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use zip::CompressionMethod;
use zip::read::read_zipfile_from_stream;

use super::local::{self, Local};
use super::streamed::{self, Streamed};
use super::{is_folder, unsupported, why};
use crate::names::{self, FileName};
use crate::opener::Opener;

/// Reads all files, and tells why from the start.
pub(super) fn read(file: File, reason: String, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut stream = BufReader::new(file);
    if let Err(error) = stream.rewind() {
        return opener.fail(None, opener.broken(&error));
    }
    // One search that comes to the end of the archive is enough: each more
    // would read all of it again.
    let mut searches = true;
    while let Some(header) = local::next(&mut stream) {
        let name = names::file_name(&header.text()).filter(|_| !is_folder(&header.name));
        let end = member(&mut stream, &header, name.as_ref(), &mut searches, opener)?;
        if go_to(&mut stream, end).is_none() {
            break;
        }
    }
    opener.fail(None, Problem::DamagedArchive { why: reason })
}

/// Opens the file whose data are next, unless it has no name, and says where
/// to go on.
fn member(
    stream: &mut BufReader<File>,
    header: &Local,
    name: Option<&FileName>,
    searches: &mut bool,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), u64> {
    let &Local { method, packed, start, data, .. } = header;
    let fail = |problem, end, opener: &mut Opener<'_, '_>| {
        if let Some(name) = name {
            opener.fail(Some(&name.path), problem)?;
        }
        ControlFlow::Continue(end)
    };
    let end = data.saturating_add(packed);
    if header.is_encrypted() {
        return fail(Problem::Encrypted, end, opener);
    }
    #[allow(deprecated, reason = "the one way to a method from its number")]
    if let Some(method) = unsupported(CompressionMethod::from_u16(method)) {
        return fail(Problem::UnsupportedMethod { method }, end, opener);
    }
    if header.is_streamed() && method == 8 {
        let mut file = Streamed::new(stream);
        if let Some(name) = name {
            opener.open_file(name, &mut file)?;
        }
        file.skip(&opener.budget());
        return ControlFlow::Continue(stream.stream_position().unwrap_or(end));
    }
    let Some(name) = name else { return ControlFlow::Continue(end) };
    if header.is_streamed() {
        let found = if *searches && method == 0 { streamed::stored(stream) } else { None };
        *searches &= found.is_some() || method != 0;
        let Some((size, end)) = found.filter(|_| go_to(stream, data).is_some()) else {
            let why = "its size stands behind it, and its end is not found".to_owned();
            return fail(Problem::DamagedArchive { why }, data, opener);
        };
        opener.open_file(name, &mut stream.take(size))?;
        return ControlFlow::Continue(end);
    }
    // The crate reads the header again.
    if go_to(stream, start).is_none() {
        return ControlFlow::Continue(end);
    }
    match read_zipfile_from_stream(stream) {
        Ok(Some(mut file)) => opener.open_file(name, &mut file)?,
        Ok(None) => {}
        Err(error) => return fail(Problem::DamagedArchive { why: why(error) }, end, opener),
    }
    ControlFlow::Continue(end)
}

/// Goes to a place, and keeps what is buffered if it is near.
fn go_to(stream: &mut BufReader<File>, place: u64) -> Option<()> {
    let here = stream.stream_position().ok()?;
    stream.seek_relative(i64::try_from(place).ok()?.checked_sub_unsigned(here)?).ok()
}

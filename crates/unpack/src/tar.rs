//! Tar: POSIX (ustar, pax), GNU and what was before them.

use std::io::{self, Read};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use tar::{Archive, Entries, EntryType};

use crate::opener::Opener;
use crate::{Input, names};

/// The longest record of a long name that is read, in bytes.
const LONGEST: u64 = 1 << 16;

/// Opens all files in an archive in their order. Links, devices and folders
/// hold nothing and are passed over, as are hidden files.
pub(crate) fn read(input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    match input {
        Input::File(file) => files(Archive::new(file).entries_with_seek(), opener),
        Input::Stream(stream) => files(Archive::new(stream).entries(), opener),
    }
}

fn files<R: Read>(entries: io::Result<Entries<'_, R>>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let entries = match entries {
        Ok(entries) => entries.raw(true),
        Err(error) => return opener.fail(None, opener.broken(&error)),
    };
    // The name that a record before the file gave it.
    let mut long_name = None;
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            // Where the next header begins is not known any more.
            Err(error) => return opener.fail(None, opener.broken(&error)),
        };
        match entry.header().entry_type() {
            kind @ (EntryType::GNULongName | EntryType::XHeader) => {
                let mut record = Vec::new();
                if let Err(error) = (&mut entry).take(LONGEST).read_to_end(&mut record) {
                    return opener.fail(None, opener.broken(&error));
                }
                match kind {
                    EntryType::GNULongName => {
                        record.truncate(record.iter().position(|&byte| byte == 0).unwrap_or(record.len()));
                        long_name = Some(record);
                    }
                    _ => long_name = pax_path(&record).map(<[u8]>::to_vec).or(long_name),
                }
            }
            kind @ (EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse) => {
                let name = long_name.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
                // Before POSIX, folders were files of such a name.
                let Some(name) = names::file_name(&names::decode(&name)).filter(|_| !name.ends_with(b"/"))
                else {
                    continue;
                };
                match kind {
                    EntryType::GNUSparse => {
                        let method = "holes (GNU sparse)".to_owned();
                        opener.fail(Some(&name.path), Problem::UnsupportedMethod { method })?;
                    }
                    _ => {
                        let left = entry.size();
                        opener.open_file(&name, &mut Exact { stream: &mut entry, left })?;
                    }
                }
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => {}
            _ => long_name = None,
        }
    }
    ControlFlow::Continue(())
}

/// A stream that fails where it ends before so many bytes.
struct Exact<'r> {
    stream: &'r mut dyn Read,
    left: u64,
}

impl Read for Exact<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(into)?;
        if read == 0 && self.left > 0 && !into.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// The value of `path` in a pax header: lines of a length, a key and a value.
fn pax_path(mut record: &[u8]) -> Option<&[u8]> {
    let mut path = None;
    while let Some(space) = record.iter().position(|&byte| byte == b' ') {
        let length: usize = std::str::from_utf8(&record[..space]).ok()?.parse().ok()?;
        let line = record.get(space + 1..length)?;
        if let Some(value) = line.strip_prefix(b"path=") {
            path = value.strip_suffix(b"\n");
        }
        record = &record[length..];
    }
    path
}

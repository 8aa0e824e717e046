//! An archive without a directory, or with one that leaves files out: it is
//! read as its files follow each other.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use formgrid_model::Problem;
use zip::CompressionMethod;
use zip::read::read_zipfile_from_stream;

use super::local::{self, Local, fill, go_to, is_mark};
use super::streamed::{self, Streamed};
use super::{is_folder, unsupported, why};
use crate::limits::Metered;
use crate::names::{self, FileName};
use crate::opener::Opener;

/// How many times the size of an archive may be gone over again behind files
/// that are damaged.
const AGAIN: u64 = 8;

/// So many damaged files are told one by one; behind more, none is looked for.
const MOST_DAMAGED: u32 = 4_000;

/// Reads all files, and tells why from the start.
pub(super) fn read(file: File, mut reason: String, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut walk = match Walk::new(file) {
        Ok(walk) => walk,
        Err(error) => return opener.fail(None, opener.broken(&error)),
    };
    while let Some(header) = local::next(&mut walk.stream) {
        let name = names::file_name(&header.text()).filter(|_| !is_folder(&header.name));
        let next = walk.member(&header, name.as_ref(), opener)?;
        if go_to(&mut walk.stream, next).is_err() {
            break;
        }
    }
    if walk.is_tired {
        reason += "; so much of it is damaged that not all of it was searched for files";
    }
    opener.fail(None, Problem::DamagedArchive { why: reason })
}

/// An archive as it is gone through.
struct Walk {
    stream: BufReader<File>,
    size: u64,
    /// How many bytes may still be gone over again.
    again: u64,
    /// How many files were damaged.
    damaged: u32,
    /// Whether more would have been.
    is_tired: bool,
}

/// A file, and what was seen of it when it was read.
struct Watched<R> {
    file: R,
    has_failed: bool,
    /// Whether it begins as a zip does; none if nothing was read.
    is_zip: Option<bool>,
}

impl Walk {
    fn new(file: File) -> io::Result<Self> {
        let mut stream = BufReader::new(file);
        let size = stream.seek(SeekFrom::End(0))?;
        stream.rewind()?;
        Ok(Walk { stream, size, again: size.saturating_mul(AGAIN), damaged: 0, is_tired: false })
    }

    /// Opens the file whose data are next, unless it has no name, and says
    /// where to go on.
    fn member(
        &mut self,
        header: &Local,
        name: Option<&FileName>,
        opener: &mut Opener<'_, '_>,
    ) -> ControlFlow<(), u64> {
        #[allow(deprecated, reason = "the one way to a method from its number")]
        let method = unsupported(CompressionMethod::from_u16(header.method));
        let problem = match method {
            _ if header.is_encrypted() => Problem::Encrypted,
            Some(method) => Problem::UnsupportedMethod { method },
            None if matches!(header.method, 8 | 12) => return self.packed(header, name, opener),
            None if header.is_streamed() => return self.streamed(header, name, opener),
            None => return self.sized(header, name, opener),
        };
        let end = self.end(header).unwrap_or(header.data);
        tell(name, problem, opener)?;
        ControlFlow::Continue(end)
    }

    /// Opens a file whose data say where they end.
    fn packed(
        &mut self,
        header: &Local,
        name: Option<&FileName>,
        opener: &mut Opener<'_, '_>,
    ) -> ControlFlow<(), u64> {
        let end = self.end(header);
        let mut file = Watched::new(Streamed::new(&mut self.stream, header));
        open(name, &mut file, opener)?;
        if let Some(end) = end.filter(|_| !file.has_failed && !file.file.is_read()) {
            return ControlFlow::Continue(end);
        }
        file.skip(opener);
        let is_lost = file.is_lost();
        ControlFlow::Continue(self.behind(header, is_lost))
    }

    /// Opens a file that is not packed, and whose size stands behind it.
    fn streamed(
        &mut self,
        header: &Local,
        name: Option<&FileName>,
        opener: &mut Opener<'_, '_>,
    ) -> ControlFlow<(), u64> {
        let is_searched = header.method == 0 && self.again > 0;
        let found = if is_searched { streamed::stored(&mut self.stream) } else { None };
        let Some((size, end)) = found.filter(|_| go_to(&mut self.stream, header.data).is_ok()) else {
            let here = self.here();
            self.is_tired |= self.again == 0;
            self.again = self.again.saturating_sub(here.saturating_sub(header.data));
            let why = "its size stands behind it, and its end is not found".to_owned();
            tell(name, Problem::DamagedArchive { why }, opener)?;
            return ControlFlow::Continue(header.data);
        };
        open(name, &mut (&mut self.stream).take(size), opener)?;
        ControlFlow::Continue(end)
    }

    /// Opens a file whose size its header has.
    fn sized(
        &mut self,
        header: &Local,
        name: Option<&FileName>,
        opener: &mut Opener<'_, '_>,
    ) -> ControlFlow<(), u64> {
        let end = self.end(header);
        // The crate reads the header again.
        if go_to(&mut self.stream, header.start).is_err() {
            return ControlFlow::Continue(header.data);
        }
        let is_lost = match read_zipfile_from_stream(&mut self.stream) {
            Ok(Some(file)) => {
                let mut file = Watched::new(file);
                open(name, &mut file, opener)?;
                if end.is_none() {
                    file.skip(opener);
                }
                file.is_lost()
            }
            Ok(None) => true,
            Err(error) => {
                tell(name, Problem::DamagedArchive { why: why(error) }, opener)?;
                true
            }
        };
        ControlFlow::Continue(end.unwrap_or_else(|| self.behind(header, is_lost)))
    }

    fn here(&mut self) -> u64 {
        self.stream.stream_position().unwrap_or(self.size)
    }

    /// Where to go on behind a file that was read.
    fn behind(&mut self, header: &Local, is_lost: bool) -> u64 {
        let here = self.here();
        if is_lost { self.again(header.data, here) } else { here }
    }

    /// The end of a file, as its header says, if there the next one stands, or
    /// the directory, or nothing more. The stream stays at the data.
    fn end(&mut self, header: &Local) -> Option<u64> {
        let end = header.data.checked_add(header.packed)?;
        if header.is_streamed() || end > self.size {
            return None;
        }
        let mut mark = [0; 4];
        go_to(&mut self.stream, end).ok()?;
        let read = fill(&mut self.stream, &mut mark);
        go_to(&mut self.stream, header.data).ok()?;
        let stands = read.ok()? == 0 || is_mark(&mark);
        stands.then_some(end)
    }

    /// Where to go on behind a file that is damaged: with its data, since the
    /// next one may stand there; from here if that happened too often.
    fn again(&mut self, data: u64, here: u64) -> u64 {
        self.damaged += 1;
        if self.damaged > MOST_DAMAGED {
            self.is_tired = true;
            return self.size;
        }
        match self.again.checked_sub(here.saturating_sub(data)) {
            Some(left) => {
                self.again = left;
                data
            }
            None => {
                self.is_tired = true;
                here
            }
        }
    }
}

/// Opens a file, unless it has no name.
fn open(name: Option<&FileName>, file: &mut dyn Read, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    name.map_or(ControlFlow::Continue(()), |name| opener.open_file(name, file))
}

/// Tells what is wrong with a file, unless it has no name.
fn tell(name: Option<&FileName>, problem: Problem, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    name.map_or(ControlFlow::Continue(()), |name| opener.fail(Some(&name.path), problem))
}

impl<R: Read> Watched<R> {
    fn new(file: R) -> Self {
        Watched { file, has_failed: false, is_zip: None }
    }

    /// Whether the next file may begin in its data. What a zip holds is told by
    /// itself: not once more what is in it.
    fn is_lost(&self) -> bool {
        self.has_failed && self.is_zip != Some(true)
    }

    /// Reads what is left of it, or as much as may come out of an archive.
    fn skip(&mut self, opener: &Opener<'_, '_>) {
        if !self.has_failed {
            let budget = opener.budget();
            self.has_failed = io::copy(&mut Metered::new(self, &budget, true), &mut io::sink()).is_err();
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into);
        match &read {
            Ok(0) => {}
            Ok(read) => {
                self.is_zip.get_or_insert_with(|| into[..*read].starts_with(b"PK"));
            }
            Err(error) => self.has_failed |= error.kind() != io::ErrorKind::Interrupted,
        }
        read
    }
}

//! Files of an archive that was written to a stream: their sizes stand behind
//! them (APPNOTE 4.3.9, 4.4.4 bit 3), and only their data says where it ends.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use flate2::bufread::DeflateDecoder;
use flate2::{Crc, CrcReader};

use super::local::fill;
use crate::limits::{Budget, Metered};

/// A deflated file in a stream, with what stands behind it.
pub(super) struct Streamed<'r> {
    data: CrcReader<DeflateDecoder<&'r mut BufReader<File>>>,
    is_read: bool,
}

/// The size of a stored file whose data are next, and where what stands behind
/// it ends: only a checksum and sizes that are right say that they are that.
pub(super) fn stored(stream: &mut BufReader<File>) -> Option<(u64, u64)> {
    const LONGEST: usize = 24;
    let start = stream.stream_position().ok()?;
    let (mut crc, mut size) = (Crc::new(), 0_u64);
    loop {
        let buffered = stream.fill_buf().ok().filter(|bytes| !bytes.is_empty())?;
        let passed = buffered.iter().position(|&byte| byte == b'P').unwrap_or(buffered.len());
        let is_found = passed < buffered.len();
        crc.update(&buffered[..passed]);
        size += passed as u64;
        stream.consume(passed);
        if !is_found {
            continue;
        }
        let mut bytes = [0; LONGEST];
        let read = fill(stream, &mut bytes).ok()?;
        if let Some(length) = descriptor(&bytes[..read], crc.sum(), size) {
            return Some((size, start + size + length));
        }
        stream.seek_relative(1 - read as i64).ok()?;
        crc.update(b"P");
        size += 1;
    }
}

/// The length of what stands behind a file of this checksum and size, if it is
/// that.
fn descriptor(bytes: &[u8], sum: u32, size: u64) -> Option<u64> {
    let sizes = bytes.strip_prefix(b"PK\x07\x08")?.strip_prefix(&sum.to_le_bytes())?;
    let long = size.to_le_bytes();
    if sizes.starts_with(&[long, long].concat()) {
        return Some(24);
    }
    let short = u32::try_from(size).ok()?.to_le_bytes();
    sizes.starts_with(&[short, short].concat()).then_some(16)
}

impl<'r> Streamed<'r> {
    pub(super) fn new(stream: &'r mut BufReader<File>) -> Self {
        Streamed { data: CrcReader::new(DeflateDecoder::new(stream)), is_read: false }
    }

    /// Goes behind the file; false if it breaks off, or if more than the limit
    /// would come out of it.
    pub(super) fn skip(&mut self, budget: &Budget) -> bool {
        io::copy(&mut Metered::new(self, budget, true), &mut io::sink()).is_ok() && self.is_read
    }

    /// Reads what stands behind the data: its checksum, and its sizes in 4 or 8
    /// bytes each; a signature may come first.
    fn descriptor(&mut self) -> io::Result<()> {
        let sum = self.data.crc().sum();
        let stream = self.data.get_mut().get_mut();
        let mut word = [0; 4];
        stream.read_exact(&mut word)?;
        if word == *b"PK\x07\x08" {
            stream.read_exact(&mut word)?;
        }
        io::copy(&mut stream.take(8), &mut io::sink())?;
        if !stream.fill_buf()?.starts_with(b"PK") {
            io::copy(&mut stream.take(8), &mut io::sink())?;
        }
        self.is_read = true;
        if u32::from_le_bytes(word) == sum {
            Ok(())
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"))
        }
    }
}

impl Read for Streamed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_read || into.is_empty() {
            return Ok(0);
        }
        let read = self.data.read(into)?;
        if read == 0 {
            self.descriptor()?;
        }
        Ok(read)
    }
}

//! Files of an archive that was written to a stream: their sizes stand behind
//! them (APPNOTE 4.3.9, 4.4.4 bit 3), and only their data says where it ends.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;

use crate::limits::{Budget, Metered};
use crate::names;

/// The fixed part of the header of a file.
const HEADER: usize = 30;

/// A deflated file in a stream, with what stands behind it.
pub(super) struct Streamed<'r> {
    data: CrcReader<DeflateDecoder<&'r mut BufReader<File>>>,
    is_read: bool,
}

/// The name of the file whose header is next, if the sizes stand behind it and
/// its data says where it ends. The stream is then behind the header, else
/// where it was.
pub(super) fn header(stream: &mut BufReader<File>) -> Option<String> {
    let start = stream.stream_position().ok()?;
    let name = next(stream);
    if name.is_none() {
        stream.seek(SeekFrom::Start(start)).ok()?;
    }
    name
}

fn next(stream: &mut BufReader<File>) -> Option<String> {
    let mut header = [0; HEADER];
    stream.read_exact(&mut header).ok()?;
    let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let (flags, method) = (number(6), number(8));
    let (is_encrypted, is_streamed) = (flags & 1 != 0, flags & 8 != 0);
    if !header.starts_with(b"PK\x03\x04") || is_encrypted || !is_streamed || method != 8 {
        return None;
    }
    let mut name = vec![0; number(26).into()];
    stream.read_exact(&mut name).ok()?;
    stream.seek_relative(number(28).into()).ok()?;
    // Bit 11: names are UTF-8.
    let is_utf_8 = flags & 0x800 != 0;
    Some(if is_utf_8 { String::from_utf8_lossy(&name) } else { names::decode(&name) }.into_owned())
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

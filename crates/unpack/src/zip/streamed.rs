//! Files of an archive that was written to a stream: their sizes stand behind
//! them (APPNOTE 4.3.9, 4.4.4 bit 3), and only their data says where it ends.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use bzip2::bufread::BzDecoder;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use memchr::memchr;

use super::local::{Local, fill, is_mark};

/// A packed file whose data say where they end, with what stands behind it.
pub(super) struct Streamed<'r> {
    data: Data<'r>,
    crc: Crc,
    /// The checksum, unless that stands behind the data.
    sum: Option<u32>,
    is_read: bool,
}

enum Data<'r> {
    Deflate(DeflateDecoder<&'r mut BufReader<File>>),
    Bzip2(BzDecoder<&'r mut BufReader<File>>),
}

/// The size of a stored file whose data are next, and where what stands behind
/// it ends: only a checksum and sizes that are right say that they are that.
pub(super) fn stored(stream: &mut BufReader<File>) -> Option<(u64, u64)> {
    const LONGEST: usize = 24;
    let start = stream.stream_position().ok()?;
    let (mut crc, mut size) = (Crc::new(), 0_u64);
    loop {
        let buffered = stream.fill_buf().ok().filter(|bytes| !bytes.is_empty())?;
        let passed = memchr(b'P', buffered).unwrap_or(buffered.len());
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
    /// The file of this header, whose data are next.
    pub(super) fn new(stream: &'r mut BufReader<File>, header: &Local) -> Self {
        let data = match header.method {
            12 => Data::Bzip2(BzDecoder::new(stream)),
            _ => Data::Deflate(DeflateDecoder::new(stream)),
        };
        let sum = (!header.is_streamed()).then_some(header.crc);
        Streamed { data, crc: Crc::new(), sum, is_read: false }
    }

    /// Whether the stream is behind it.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Compares the checksum: the header's, or that behind the data.
    fn check(&mut self) -> io::Result<()> {
        let stream = self.data.stream();
        let sum = match self.sum {
            Some(sum) => sum,
            None => descriptor_sum(stream)?,
        };
        self.is_read = true;
        if sum == self.crc.sum() {
            Ok(())
        } else if stream.fill_buf()?.is_empty() && self.sum.is_some() {
            Err(io::ErrorKind::UnexpectedEof.into())
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"))
        }
    }
}

impl Data<'_> {
    fn stream(&mut self) -> &mut BufReader<File> {
        match self {
            Data::Deflate(data) => data.get_mut(),
            Data::Bzip2(data) => data.get_mut(),
        }
    }
}

/// Reads what stands behind the data: the checksum, and the sizes in 4 or 8
/// bytes each; a signature may come first.
fn descriptor_sum(stream: &mut BufReader<File>) -> io::Result<u32> {
    let mut word = [0; 4];
    stream.read_exact(&mut word)?;
    if word == *b"PK\x07\x08" {
        stream.read_exact(&mut word)?;
    }
    let mut sizes = [0; 16];
    let read = fill(stream, &mut sizes)?;
    // Those of 4 bytes are followed by the next header.
    if is_mark(&sizes[8..]) {
        stream.seek_relative(8 - read as i64)?;
    }
    Ok(u32::from_le_bytes(word))
}

impl Read for Streamed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_read || into.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.data {
            Data::Deflate(data) => data.read(into)?,
            Data::Bzip2(data) => data.read(into)?,
        };
        self.crc.update(&into[..read]);
        if read == 0 {
            self.check()?;
        }
        Ok(read)
    }
}

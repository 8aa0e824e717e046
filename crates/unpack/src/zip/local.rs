//! The headers of files in front of their data (APPNOTE 4.3.7), by which an
//! archive is read from its start.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use crate::names;

/// What such a header begins with.
const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// The fixed part of a header.
const HEADER: usize = 30;

/// Ways to pack that are defined (APPNOTE 4.4.5).
const METHODS: [u16; 17] = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 93, 95, 97, 98, 99];

/// A file, as its header says.
pub(super) struct Local {
    pub(super) name: Vec<u8>,
    flags: u16,
    pub(super) method: u16,
    /// The bytes that it takes; 0 if that stands behind them.
    pub(super) packed: u64,
    /// Where its header begins, and its data.
    pub(super) start: u64,
    pub(super) data: u64,
}

/// The header at which a stream is, or the next one behind; the stream is then
/// at the data of its file.
pub(super) fn next(stream: &mut BufReader<File>) -> Option<Local> {
    let expected = stream.stream_position().ok()?;
    let (start, header) = find(stream, |start, header| start == expected || is_likely(header)).ok()??;
    let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let long = |at: usize| u64::from(number(at)) | u64::from(number(at + 2)) << 16;
    let mut name = vec![0; number(26).into()];
    stream.read_exact(&mut name).ok()?;
    let mut extra = vec![0; number(28).into()];
    stream.read_exact(&mut extra).ok()?;
    let packed = match (long(18), long(22)) {
        (0xffff_ffff, size) => zip64(&extra, size == 0xffff_ffff).unwrap_or(0xffff_ffff),
        (packed, _) => packed,
    };
    let data = start + (HEADER + name.len() + extra.len()) as u64;
    Some(Local { name, flags: number(6), method: number(8), packed, start, data })
}

/// Whether a header of a file stands in these bytes of an archive.
pub(super) fn is_between(stream: &mut BufReader<File>, from: u64, to: u64) -> io::Result<bool> {
    if from >= to {
        return Ok(false);
    }
    stream.seek(io::SeekFrom::Start(from))?;
    let found = find(stream, |start, header| start >= to || is_likely(header))?;
    Ok(found.is_some_and(|(start, _)| start < to))
}

/// Whether these bytes are the header of a file, and not only begin like it.
pub(crate) fn is_likely(header: &[u8]) -> bool {
    let Some(header) = header.get(..HEADER) else { return false };
    let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    // The version of the format is 1.0 to 6.3; two flags are not defined.
    header.starts_with(&MAGIC)
        && (10..=63).contains(&header[4])
        && number(6) & 0xc000 == 0
        && METHODS.contains(&number(8))
        && number(26) <= 4096
}

impl Local {
    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether its sizes stand behind it.
    pub(super) fn is_streamed(&self) -> bool {
        self.flags & 8 != 0
    }

    /// Its name: UTF-8 if bit 11 of its flags says so.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.flags & 0x800 {
            0 => names::decode(&self.name),
            _ => String::from_utf8_lossy(&self.name),
        }
    }
}

/// The first header from the place of a stream on that is meant, and where it
/// begins; the stream is then behind it.
fn find(
    stream: &mut BufReader<File>,
    is_meant: impl Fn(u64, &[u8]) -> bool,
) -> io::Result<Option<(u64, [u8; HEADER])>> {
    loop {
        let buffered = stream.fill_buf()?;
        if buffered.is_empty() {
            return Ok(None);
        }
        let passed = buffered.iter().position(|&byte| byte == MAGIC[0]).unwrap_or(buffered.len());
        let is_found = passed < buffered.len();
        stream.consume(passed);
        if !is_found {
            continue;
        }
        let mut header = [0; HEADER];
        let size = fill(stream, &mut header[..4])?;
        let mut read = size;
        if header.starts_with(&MAGIC) {
            read += fill(stream, &mut header[4..])?;
            let start = stream.stream_position()? - read as u64;
            if read == HEADER && is_meant(start, &header) {
                return Ok(Some((start, header)));
            }
        }
        stream.seek_relative(1 - read as i64)?;
    }
}

/// Reads as much as there is, and says how much that was.
pub(super) fn fill(stream: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut size = 0;
    while size < into.len() {
        match stream.read(&mut into[size..]) {
            Ok(0) => break,
            Ok(read) => size += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(size)
}

/// The packed size in the extra field of Zip64 (APPNOTE 4.5.3), behind the
/// size if that is there too.
fn zip64(mut extra: &[u8], is_second: bool) -> Option<u64> {
    while let Some((&[low, high, short, long], rest)) = extra.split_first_chunk() {
        let field = rest.get(..u16::from_le_bytes([short, long]).into())?;
        if (low, high) == (1, 0) {
            let packed = field.get(if is_second { 8 } else { 0 }..)?;
            return packed.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        }
        extra = &rest[field.len()..];
    }
    None
}

//! The headers of files in front of their data (APPNOTE 4.3.7), by which an
//! archive is read from its start.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};

use memchr::memchr;

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
    pub(super) crc: u32,
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
    let is_meant = |start, header: &[u8]| start == expected || is_likely(header);
    let (start, header) = find(stream, u64::MAX, is_meant).ok()??;
    let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let long = |at: usize| u32::from(number(at)) | u32::from(number(at + 2)) << 16;
    let mut name = vec![0; number(26).into()];
    stream.read_exact(&mut name).ok()?;
    let mut extra = vec![0; number(28).into()];
    stream.read_exact(&mut extra).ok()?;
    let packed = match (long(18), long(22)) {
        (u32::MAX, size) => zip64(&extra, size == u32::MAX).unwrap_or(u32::MAX.into()),
        (packed, _) => packed.into(),
    };
    let data = start + (HEADER + name.len() + extra.len()) as u64;
    Some(Local { name, flags: number(6), method: number(8), crc: long(14), packed, start, data })
}

/// Whether a header of a file begins between these places of an archive.
pub(super) fn is_between(stream: &mut BufReader<File>, from: u64, to: u64) -> io::Result<bool> {
    if to.saturating_sub(from) < HEADER as u64 {
        return Ok(false);
    }
    go_to(stream, from)?;
    Ok(find(stream, to, |_, header| is_likely(header))?.is_some())
}

/// Whether these bytes begin what stands behind a file: the header of the next
/// one, or the directory.
pub(super) fn is_mark(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'P', b'K', 3, 4, ..]
            | [b'P', b'K', 1, 2, ..]
            | [b'P', b'K', 5, 5..=6, ..]
            | [b'P', b'K', 6, 6..=8, ..]
    )
}

/// Goes to a place, and keeps what is buffered if it is near.
pub(super) fn go_to(stream: &mut BufReader<File>, place: u64) -> io::Result<()> {
    let here = stream.stream_position()?;
    let way = i64::try_from(place).ok().and_then(|place| place.checked_sub_unsigned(here));
    stream.seek_relative(way.ok_or(io::ErrorKind::InvalidInput)?)
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
        match std::str::from_utf8(&self.name) {
            Ok(name) if self.flags & 0x800 != 0 => name.into(),
            _ => names::decode(&self.name),
        }
    }
}

/// The first header that is meant, from the place of a stream to another one,
/// and where it begins; the stream is then behind it.
fn find(
    stream: &mut BufReader<File>,
    to: u64,
    is_meant: impl Fn(u64, &[u8]) -> bool,
) -> io::Result<Option<(u64, [u8; HEADER])>> {
    // Counted, since to ask for it is a call of the system.
    let mut at = stream.stream_position()?;
    while at < to {
        let buffered = stream.fill_buf()?;
        if buffered.is_empty() {
            break;
        }
        let found = memchr(MAGIC[0], buffered);
        let passed = found.unwrap_or(buffered.len());
        stream.consume(passed);
        at += passed as u64;
        if found.is_none() || at >= to {
            continue;
        }
        let mut header = [0; HEADER];
        let mut read = fill(stream, &mut header[..4])?;
        if header.starts_with(&MAGIC) {
            read += fill(stream, &mut header[4..])?;
            if read == HEADER && is_meant(at, &header) {
                return Ok(Some((at, header)));
            }
        }
        stream.seek_relative(1 - read as i64)?;
        at += 1;
    }
    Ok(None)
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

//! The pages of a column, unpacked one after the other.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use brotli_decompressor::Decompressor;
use flate2::Crc;
use flate2::bufread::MultiGzDecoder;

use super::footer::Chunk;
use super::thrift::Thrift;
use crate::compressed::Zstd;
use crate::limits::Budget;

/// The pages of a column in a group of rows.
pub(super) struct Pages<'f> {
    input: BufReader<Part<'f>>,
    codec: u8,
    /// Bytes of a page at the most, packed and unpacked together.
    limit: u64,
    budget: Rc<Budget>,
}

/// A page, unpacked.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) is_dictionary: bool,
    /// How many values, nulls too.
    pub(super) values: u64,
    pub(super) encoding: i64,
    pub(super) bytes: Vec<u8>,
    /// Where the definition levels are in the bytes, and the values behind;
    /// none where the first bytes say it (version 1 of data pages).
    pub(super) levels: Option<(usize, usize)>,
}

#[derive(Debug, Default)]
struct Header {
    kind: i64,
    unpacked: u64,
    packed: u64,
    /// The CRC-32 of its bytes as they are stored, if its writer gave one.
    sum: Option<u32>,
    values: u64,
    encoding: i64,
    definition: u64,
    repetition: u64,
    is_plain: bool,
}

impl<'f> Pages<'f> {
    pub(super) fn new(file: &'f File, chunk: Chunk, limit: u64, budget: Rc<Budget>) -> Self {
        let part = Part { file, at: chunk.start, end: chunk.start.saturating_add(chunk.length) };
        Pages { input: BufReader::with_capacity(1 << 16, part), codec: chunk.codec, limit, budget }
    }

    /// The next page that holds values; none at the end.
    ///
    /// # Errors
    ///
    /// What is wrong with it; there is no next one, then.
    pub(super) fn next(&mut self) -> Result<Option<Page>, String> {
        loop {
            if io::BufRead::fill_buf(&mut self.input).map_err(|error| error.to_string())?.is_empty() {
                return Ok(None);
            }
            let header =
                header(&mut Thrift::new(&mut self.input)).ok_or("the header of a page cannot be read")?;
            let size = header.unpacked.saturating_add(if self.codec == 0 { 0 } else { header.packed });
            // A dictionary is kept beside the page that is read; writers give it 1 MiB.
            let limit = if header.kind == 2 { self.limit / 8 } else { self.limit };
            if size > limit {
                return Err(format!(
                    "a page of it has {size} bytes, packed and unpacked, more than {limit}; --max-document sets the most"
                ));
            }
            self.budget.spend(header.unpacked).map_err(|error| error.to_string())?;
            let mut packed = Vec::new();
            let read = (&mut self.input).take(header.packed).read_to_end(&mut packed);
            read.map_err(|error| error.to_string())?;
            if (packed.len() as u64) < header.packed {
                return Err("a page of it ends too early".to_owned());
            }
            if header.sum.is_some_and(|sum| sum != crc(&packed)) {
                return Err("the checksum of a page of it is wrong".to_owned());
            }
            // 0 and 3 are data, of version 1 and 2; 1 is an index, 2 a dictionary.
            if matches!(header.kind, 0 | 2 | 3) {
                return page(header, packed, self.codec).map(Some);
            }
        }
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn page(header: Header, packed: Vec<u8>, codec: u8) -> Result<Page, String> {
    let broken = || "a page of it cannot be unpacked".to_owned();
    let size = header.unpacked as usize;
    let is_v2 = header.kind == 3;
    let levels = if is_v2 { header.definition.saturating_add(header.repetition) } else { 0 };
    // Of a page of version 2, the levels are not packed.
    let plain = usize::try_from(levels).ok().filter(|&plain| plain <= packed.len() && plain <= size);
    let plain = plain.ok_or_else(broken)?;
    let bytes = if codec == 0 || is_v2 && header.is_plain {
        packed
    } else {
        let mut bytes = Vec::with_capacity(size + 1);
        bytes.extend_from_slice(&packed[..plain]);
        if size > plain {
            unpack(codec, &packed[plain..], size - plain, &mut bytes)
                .map_err(|why| why.unwrap_or_else(broken))?;
        }
        bytes
    };
    if bytes.len() != size {
        return Err(broken());
    }
    let levels = is_v2.then_some((header.repetition as usize, plain));
    Ok(Page {
        is_dictionary: header.kind == 2,
        values: header.values,
        encoding: header.encoding,
        bytes,
        levels,
    })
}

/// Unpacks `size` bytes, and not more; the error is a reason, if there is one.
fn unpack(codec: u8, packed: &[u8], size: usize, bytes: &mut Vec<u8>) -> Result<(), Option<String>> {
    let start = bytes.len();
    let mut stream: Box<dyn Read + '_> = match codec {
        1 => {
            if snap::raw::decompress_len(packed).ok() != Some(size) {
                return Err(None);
            }
            bytes.resize(start + size, 0);
            return match snap::raw::Decoder::new().decompress(packed, &mut bytes[start..]) {
                Ok(_) => Ok(()),
                Err(_) => Err(None),
            };
        }
        2 => Box::new(MultiGzDecoder::new(packed)),
        4 => Box::new(Decompressor::new(packed, 1 << 12)),
        5 | 7 => {
            bytes.resize(start + size, 0);
            let into = &mut bytes[start..];
            // 5 is LZ4 in the frames of Hadoop, and what some wrote under that name.
            let is_unpacked = codec == 5 && hadoop(packed, into) || lz4(packed, into);
            return if is_unpacked { Ok(()) } else { Err(None) };
        }
        6 => Box::new(Zstd::new(packed)),
        3 => return Err(Some("its pages are packed with LZO, which is not read".to_owned())),
        other => return Err(Some(format!("its pages are packed in way {other}, which is not known"))),
    };
    stream.by_ref().take(size as u64 + 1).read_to_end(bytes).map_err(|_| None)?;
    Ok(())
}

fn lz4(packed: &[u8], into: &mut [u8]) -> bool {
    lz4_flex::block::decompress_into(packed, into).is_ok_and(|size| size == into.len())
}

/// Blocks, each behind its unpacked and its packed size.
fn hadoop(mut packed: &[u8], mut into: &mut [u8]) -> bool {
    while let Some((sizes, rest)) = packed.split_first_chunk::<8>() {
        let size =
            |at: usize| u32::from_be_bytes([sizes[at], sizes[at + 1], sizes[at + 2], sizes[at + 3]]) as usize;
        let (Some((block, after)), Some((part, left))) =
            (rest.split_at_checked(size(4)), std::mem::take(&mut into).split_at_mut_checked(size(0)))
        else {
            return false;
        };
        if !lz4(block, part) {
            return false;
        }
        (packed, into) = (after, left);
    }
    packed.is_empty() && into.is_empty()
}

fn header<R: Read>(thrift: &mut Thrift<R>) -> Option<Header> {
    let mut header = Header::default();
    thrift.structure(|thrift, id, kind| {
        match id {
            1 => header.kind = thrift.integer()?,
            2 => header.unpacked = thrift.size()?,
            3 => header.packed = thrift.size()?,
            4 => header.sum = Some(thrift.integer()? as u32),
            // A data page or a dictionary.
            5 | 7 => thrift.structure(|thrift, id, kind| {
                match id {
                    1 => header.values = thrift.size()?,
                    2 => header.encoding = thrift.integer()?,
                    _ => thrift.skip(kind)?,
                }
                Some(())
            })?,
            8 => thrift.structure(|thrift, id, kind| {
                match id {
                    1 => header.values = thrift.size()?,
                    4 => header.encoding = thrift.integer()?,
                    5 => header.definition = thrift.size()?,
                    6 => header.repetition = thrift.size()?,
                    7 => header.is_plain = !kind.is_true(),
                    _ => thrift.skip(kind)?,
                }
                Some(())
            })?,
            _ => thrift.skip(kind)?,
        }
        Some(())
    })?;
    Some(header)
}

/// A part of a file, whatever else is read of it in between.
struct Part<'f> {
    file: &'f File,
    at: u64,
    end: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.end - self.at.min(self.end)).unwrap_or(usize::MAX));
        self.file.seek(SeekFrom::Start(self.at))?;
        let size = self.file.read(&mut buffer[..most])?;
        self.at += size as u64;
        Ok(size)
    }
}

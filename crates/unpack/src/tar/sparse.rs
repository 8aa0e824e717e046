//! Files with holes: only what is not zero is in the archive, and a map says
//! where it belongs.

use std::io::{self, Read};

use tar::{GnuExtSparseHeader, GnuSparseHeader, Header};

use super::archive::{Archive, BLOCK};
use super::pax::Holes;

/// The most numbers of a map: two for each piece.
const LONGEST: usize = 1 << 16;

/// Where the data of a file belong.
pub(super) struct Map {
    /// Where each piece begins and ends, in this order.
    pieces: Vec<(u64, u64)>,
    size: u64,
}

/// A file with its holes filled with zeros.
pub(super) struct Filled<'r, 'a> {
    map: Map,
    /// The piece that is next, and the place in the file.
    piece: usize,
    at: u64,
    data: &'r mut Archive<'a>,
}

impl Map {
    /// What the header of GNU says, and those that follow it. None if that is
    /// no map, or a very long one.
    pub(super) fn of_gnu(header: &Header, archive: &mut Archive<'_>) -> io::Result<Option<Self>> {
        let Some(header) = header.as_gnu() else { return Ok(None) };
        let mut numbers = Some(Vec::new());
        add(&mut numbers, &header.sparse);
        let mut goes_on = header.is_extended();
        while goes_on {
            let mut more = GnuExtSparseHeader::new();
            if archive.block(more.as_mut_bytes())? < BLOCK {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            add(&mut numbers, more.sparse());
            goes_on = more.is_extended();
        }
        let size = header.real_size().ok();
        Ok(numbers.zip(size).and_then(|(numbers, size)| Map::new(&numbers, size, archive.left)))
    }

    /// What a record of pax says, or the lines before the data.
    pub(super) fn of_pax(holes: Holes, archive: &mut Archive<'_>) -> io::Result<Option<Self>> {
        let numbers = match holes.pieces {
            Some(numbers) => Some(numbers),
            None => lines(archive)?,
        };
        Ok(numbers.and_then(|numbers| Map::new(&numbers, holes.size, archive.left)))
    }

    /// A map of a file of `size` bytes, of which `stored` are in the archive:
    /// none if it is not in order, or does not account for them.
    fn new(numbers: &[u64], size: u64, stored: u64) -> Option<Self> {
        let (pairs, odd) = numbers.as_chunks();
        let (mut end, mut bytes, mut pieces) = (0, 0, Vec::new());
        for &[start, length] in pairs {
            let is_behind = start >= end;
            end = start.checked_add(length).filter(|&end| is_behind && end <= size)?;
            bytes += length;
            pieces.push((start, end));
        }
        (odd.is_empty() && bytes == stored).then_some(Map { pieces, size })
    }
}

/// Adds what a header says, unless it is too much; blank pieces are none.
fn add(numbers: &mut Option<Vec<u64>>, pieces: &[GnuSparseHeader]) {
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let Some(known) = numbers.as_mut().filter(|known| known.len() < LONGEST) else { break };
        match (piece.offset(), piece.length()) {
            (Ok(offset), Ok(length)) => known.extend([offset, length]),
            _ => *numbers = None,
        }
    }
}

/// The lines of numbers before the data, in blocks of their own: how many
/// pieces there are, then the pieces.
fn lines(archive: &mut Archive<'_>) -> io::Result<Option<Vec<u64>>> {
    let (mut numbers, mut number) = (Vec::new(), Some(0_u64));
    let mut wanted = None;
    while wanted != Some(numbers.len()) {
        let mut block = [0; BLOCK];
        if archive.left < BLOCK as u64 {
            return Ok(None);
        }
        archive.read_exact(&mut block)?;
        for byte in block {
            match (byte, number, wanted) {
                _ if wanted == Some(numbers.len()) => break,
                (b'0'..=b'9', Some(known), _) => {
                    number = known.checked_mul(10).and_then(|known| known.checked_add((byte - b'0').into()));
                }
                (b'\n', Some(count), None) if count <= LONGEST as u64 / 2 => {
                    (wanted, number) = (Some(2 * count as usize), Some(0));
                }
                (b'\n', Some(known), Some(_)) => {
                    numbers.push(known);
                    number = Some(0);
                }
                _ => return Ok(None),
            }
        }
    }
    Ok(Some(numbers))
}

impl<'r, 'a> Filled<'r, 'a> {
    pub(super) fn new(map: Map, data: &'r mut Archive<'a>) -> Self {
        Filled { map, piece: 0, at: 0, data }
    }
}

impl Read for Filled<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.map.pieces.get(self.piece).is_some_and(|&(_, end)| end <= self.at) {
            self.piece += 1;
        }
        let next = self.map.pieces.get(self.piece).copied();
        let (start, end) = next.unwrap_or((self.map.size, self.map.size));
        let is_hole = self.at < start;
        let left = if is_hole { start } else { end } - self.at;
        let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = match is_hole {
            true => {
                into[..most].fill(0);
                most
            }
            false => self.data.read(&mut into[..most])?,
        };
        self.at += read as u64;
        Ok(read)
    }
}

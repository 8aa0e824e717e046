//! Thrift's compact protocol, in which Parquet writes what is no data: only
//! reading, and only what is needed. What cannot be read is none.

use std::io::{Read, copy, sink};

/// Structs within structs; Parquet has 6.
const DEPTH: u32 = 16;

/// The longest text that is kept; a longer one is blank.
const TEXT: u64 = 4096;

/// The type of a field or element, by its number in the protocol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kind(u8);

const TRUE: Kind = Kind(1);
const FALSE: Kind = Kind(2);
const BYTE: Kind = Kind(3);
const I16: Kind = Kind(4);
const I32: Kind = Kind(5);
const I64: Kind = Kind(6);
const DOUBLE: Kind = Kind(7);
const BINARY: Kind = Kind(8);
const LIST: Kind = Kind(9);
const SET: Kind = Kind(10);
const MAP: Kind = Kind(11);
const STRUCT: Kind = Kind(12);

/// Reads from a stream of bytes.
pub(super) struct Thrift<R> {
    input: R,
    depth: u32,
}

impl<R: Read> Thrift<R> {
    pub(super) fn new(input: R) -> Self {
        Thrift { input, depth: 0 }
    }

    /// Reads a struct: `field` gets the number and type of each of its fields,
    /// and reads or skips it.
    pub(super) fn structure(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Kind) -> Option<()>,
    ) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut id: i16 = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                self.depth -= 1;
                return Some(());
            }
            id = match head >> 4 {
                0 => i16::try_from(self.integer()?).ok()?,
                more => id.checked_add(i16::from(more))?,
            };
            field(self, id, Kind(head & 15))?;
        }
    }

    /// Reads a list: `element` gets the type of each of its elements.
    pub(super) fn list(&mut self, mut element: impl FnMut(&mut Self, Kind) -> Option<()>) -> Option<()> {
        let head = self.byte()?;
        let size = match head >> 4 {
            15 => self.varint()?,
            size => u64::from(size),
        };
        // An element has a byte at least, so the input bounds the size.
        (0..size).try_for_each(|_| element(self, Kind(head & 15)))
    }

    /// An integer of 16, 32 or 64 bits.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// An integer that may not be negative.
    pub(super) fn size(&mut self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    /// A text; blank if it is too long for a name.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.varint()?;
        if length > TEXT {
            self.pass(length)?;
            return Some(String::new());
        }
        let mut bytes = vec![0; length as usize];
        self.input.read_exact(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, kind: Kind) -> Option<()> {
        match kind {
            // In a struct the type is the value.
            TRUE | FALSE => Some(()),
            BYTE => self.pass(1),
            I16 | I32 | I64 => self.varint().map(drop),
            DOUBLE => self.pass(8),
            BINARY => {
                let length = self.varint()?;
                self.pass(length)
            }
            LIST | SET => self.list(Self::skip_element),
            MAP => {
                let size = self.varint()?;
                if size == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..size).try_for_each(|_| {
                    self.skip_element(Kind(kinds >> 4))?;
                    self.skip_element(Kind(kinds & 15))
                })
            }
            STRUCT => self.structure(Self::skip_field),
            _ => None,
        }
    }

    fn skip_field(&mut self, _: i16, kind: Kind) -> Option<()> {
        self.skip(kind)
    }

    fn skip_element(&mut self, kind: Kind) -> Option<()> {
        // A list within a list is no deeper struct, but as deep.
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        match kind {
            TRUE | FALSE => self.pass(1)?,
            _ => self.skip(kind)?,
        }
        self.depth -= 1;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte).ok()?;
        Some(byte[0])
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        let passed = copy(&mut self.input.by_ref().take(bytes), &mut sink()).ok()?;
        (passed == bytes).then_some(())
    }
}

impl Kind {
    /// What a field of type bool holds.
    pub(super) fn is_true(self) -> bool {
        self == TRUE
    }
}

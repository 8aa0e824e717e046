//! From offsets in the decoded text back to the bytes it came from.

use std::ops::Range;

use encoding_rs::{Encoding, ISO_2022_JP};

use crate::transcode::{Damage, Segment, damages};
use crate::width::width;

/// Where the text of a document comes from.
#[derive(Debug)]
pub enum Origin<'b> {
    /// The text is the bytes from this offset on.
    From(usize),
    /// The text was transcoded.
    Transcoded {
        /// The bytes.
        bytes: &'b [u8],
        /// What they were decoded from.
        encoding: &'static Encoding,
        /// Where both can be cut, in order; the first is their start.
        segments: Vec<Segment>,
    },
}

/// Finds the bytes of ranges of the text. Those of ranges that come in about
/// their order cost one walk over the document in all.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t str,
    origin: &'t Origin<'t>,
    /// A range's end may lie far behind its start, so that each has a cursor.
    from: Cursor,
    to: Cursor,
}

/// A place in the text and its bytes, which moves forward character by
/// character within one segment.
#[derive(Debug, Default)]
struct Cursor {
    text: usize,
    bytes: usize,
    /// Where the segment ends in the text.
    end: usize,
    /// Whether ISO-2022-JP is in a set of two bytes.
    is_double: bool,
    /// What cannot be decoded in the segment, the last first.
    damages: Vec<Damage>,
}

impl<'t> Places<'t> {
    /// Ranges of this text, which came from there.
    pub fn new(text: &'t str, origin: &'t Origin<'t>) -> Self {
        Places { text, origin, from: Cursor::default(), to: Cursor::default() }
    }

    /// The bytes that hold this range of the text.
    pub fn bytes(&mut self, range: Range<usize>) -> Range<usize> {
        match self.origin {
            Origin::From(start) => start + range.start..start + range.end,
            Origin::Transcoded { bytes, encoding, segments } => {
                let from = self.from.seek(range.start, self.text, bytes, encoding, segments);
                let to = self.to.seek(range.end, self.text, bytes, encoding, segments);
                from..to.max(from)
            }
        }
    }
}

impl Cursor {
    /// Moves to this offset of the text; gives that of the bytes.
    fn seek(
        &mut self,
        target: usize,
        text: &str,
        bytes: &[u8],
        encoding: &'static Encoding,
        segments: &[Segment],
    ) -> usize {
        if target < self.text || target >= self.end {
            self.enter(target, text.len(), bytes, encoding, segments);
        }
        while self.text < target {
            self.step(text, bytes, encoding);
        }
        self.bytes
    }

    /// Goes to the start of the segment that holds the offset.
    fn enter(
        &mut self,
        target: usize,
        end: usize,
        bytes: &[u8],
        encoding: &'static Encoding,
        segments: &[Segment],
    ) {
        let next = segments.partition_point(|segment| segment.text <= target).max(1);
        let segment = segments[next - 1];
        let next = segments.get(next);
        (self.text, self.bytes, self.is_double) = (segment.text, segment.bytes, false);
        self.end = next.map_or(end + 1, |next| next.text);
        self.damages.clear();
        if segment.is_damaged {
            let end = next.map_or(bytes.len(), |next| next.bytes);
            damages(bytes, segment, end, encoding, &mut self.damages);
            self.damages.reverse();
        }
    }

    /// Moves over one character.
    fn step(&mut self, text: &str, bytes: &[u8], encoding: &'static Encoding) {
        let Some(c) = text[self.text..].chars().next() else {
            self.text = usize::MAX;
            return;
        };
        let damage = self.damages.pop_if(|damage| damage.text == self.text);
        if encoding == ISO_2022_JP {
            // What cannot be decoded may look like one.
            let end = damage.as_ref().map_or(bytes.len(), |damage| damage.from);
            self.skip_escapes(&bytes[..end]);
        }
        if let Some(damage) = damage {
            self.bytes = damage.to;
        } else {
            let here = bytes.get(self.bytes..).unwrap_or_default();
            self.bytes += if self.is_double { 2 } else { width(c, here, encoding) };
        }
        self.text += c.len_utf8();
    }

    fn skip_escapes(&mut self, bytes: &[u8]) {
        while let Some([0x1b, kind, _]) = bytes.get(self.bytes..self.bytes + 3) {
            self.is_double = *kind == b'$';
            self.bytes += 3;
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{
        BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, X_USER_DEFINED,
    };

    use super::*;
    use crate::transcode::transcode;

    /// Every sequence of up to three bytes of some classes, between two
    /// characters: the second one is found where the decoder leaves it.
    #[test]
    fn every_sequence_has_the_width_that_its_decoder_reads() {
        let some = [0x21, 0x30, 0x5c, 0x7f, 0x80, 0x81, 0x8e, 0x8f, 0xa1, 0xb5, 0xd8, 0xe2, 0xff];
        for encoding in [
            GB18030,
            BIG5,
            SHIFT_JIS,
            EUC_JP,
            EUC_KR,
            UTF_8,
            UTF_16LE,
            UTF_16BE,
            WINDOWS_1251,
            X_USER_DEFINED,
        ] {
            for first in 0x80..=0xff {
                // Odd ones only: trails are ranges.
                for second in (0x21..=0xff).step_by(3) {
                    check(&[first, second], encoding);
                }
                for (second, third) in some.iter().flat_map(|&b| some.iter().map(move |&c| (b, c))) {
                    check(&[first, second, third, 0x30], encoding);
                }
            }
        }
        // Letters with accents, and where U+FFFD itself stands.
        check(b"\x88\x62\x88\x64\x88\xa3\x88\xa5", BIG5);
        check(b"\x84\x31\xa4\x37\x81", GB18030);
        // An escape between two sequences that cannot be decoded, two of them,
        // and what is none.
        check(b"\x1b$B9`$\x1b(B\xff\xff\n1", ISO_2022_JP);
        check(b"\x1b$B9`\x1b(B\x1b$B\x1b(B1\x1b$(D12", ISO_2022_JP);
    }

    /// The bytes of each character decode to it, and all of them are all bytes.
    #[track_caller]
    fn check(sequence: &[u8], encoding: &'static Encoding) {
        let end: &[u8] = match encoding {
            e if e == UTF_16LE => b"\n\0",
            e if e == UTF_16BE => b"\0\n",
            _ => b"\n",
        };
        let bytes = [end, sequence, end].concat();
        let Some(transcoded) = transcode(&bytes, 0, encoding, usize::MAX) else { panic!("too long") };
        let text = transcoded.text;
        let origin = Origin::Transcoded { bytes: &bytes, encoding, segments: transcoded.segments };
        let mut places = Places::new(&text, &origin);
        let mut before = 0;
        for (at, c) in text.char_indices() {
            let range = places.bytes(at..at + c.len_utf8());
            assert_eq!(range.start, before, "{encoding:?} {bytes:x?} {text:?}");
            before = range.end;
            if c != char::REPLACEMENT_CHARACTER && !matches!(c, '\u{304}' | '\u{30c}') {
                let own = encoding.decode_without_bom_handling(&bytes[range]).0;
                assert!(own.starts_with(c), "{encoding:?} {bytes:x?} {text:?}");
            }
        }
        assert_eq!(before, bytes.len(), "{encoding:?} {bytes:x?} {text:?}");
    }

    #[test]
    fn escapes_belong_to_what_stands_behind_them() {
        let bytes = b"a\x1b$B9`L\x5c\x1b(B\tb\x1b(Jc";
        let Some(transcoded) = transcode(bytes, 0, ISO_2022_JP, 99) else { panic!("too long") };
        assert_eq!(transcoded.text, "a項目\tbc");
        let origin = Origin::Transcoded { bytes, encoding: ISO_2022_JP, segments: transcoded.segments };
        let mut places = Places::new(&transcoded.text, &origin);
        let found = [1..7, 7..8, 8..10].map(|range| places.bytes(range));
        assert_eq!(found, [1..8, 8..12, 12..17]);
    }

    #[test]
    fn places_are_found_in_any_order() {
        for encoding in [GB18030, BIG5, UTF_16LE, UTF_16BE, SHIFT_JIS, ISO_2022_JP] {
            let text = "年度 goals\t項目\n".repeat(3000);
            let bytes = match encoding {
                e if e == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                e if e == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => encoding.encode(&text).0.into_owned(),
            };
            let Some(transcoded) = transcode(&bytes, 0, encoding, usize::MAX) else { panic!("too long") };
            assert_eq!(transcoded.text, text);
            assert!(transcoded.segments.len() > 9, "{encoding:?}");
            let line = bytes.len() / 3000;
            let origin = Origin::Transcoded { bytes: &bytes, encoding, segments: transcoded.segments };
            let mut places = Places::new(&text, &origin);
            for n in (0..3000).map(|n| n * 1789 % 3000) {
                let at = n * text.len() / 3000;
                assert_eq!(places.bytes(at..text.len()).start, n * line, "{encoding:?}");
                assert_eq!(places.bytes(0..at), 0..n * line, "{encoding:?}");
            }
        }
    }
}

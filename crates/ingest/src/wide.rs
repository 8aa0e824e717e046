//! UTF-16 and UTF-32 without a byte-order mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How many places of a document are looked at, and how many bytes at each.
const PLACES: usize = 16;
const WINDOW: usize = 1 << 10;

/// Which UTF-16 the bytes are: the one in which nearly all units are what Chinese
/// and English documents hold, if in the other one few are. That both are usual
/// happens to letters and to nothing else: two make an ideograph.
pub fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big) = (Seen::default(), Seen::default());
    let step = (bytes.len() / PLACES).max(WINDOW) & !1;
    for place in bytes.chunks(step) {
        let units = || place[..place.len().min(WINDOW)].chunks_exact(2).map(|unit| [unit[0], unit[1]]);
        little.look(units().map(u16::from_le_bytes));
        big.look(units().map(u16::from_be_bytes));
    }
    if little.is_text(&big) {
        Some(UTF_16LE)
    } else if big.is_text(&little) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What units of one byte order are.
#[derive(Default)]
struct Seen {
    usual: usize,
    unusual: usize,
    /// Says neither that they are text nor that they are not.
    open: usize,
}

impl Seen {
    fn look(&mut self, units: impl Iterator<Item = u16>) {
        let mut last = 0;
        for unit in units {
            let is_low_surrogate = matches!(unit, 0xdc00..=0xdfff);
            match unit {
                _ if is_low_surrogate && matches!(last, 0xd800..=0xdbff) => self.open += 1,
                _ if is_usual(unit) => self.usual += 1,
                _ if is_open(unit) => self.open += 1,
                _ => self.unusual += 1,
            }
            last = unit;
        }
    }

    fn is_text(&self, other: &Seen) -> bool {
        let all = self.usual + self.unusual + self.open;
        let is_usual = self.usual * 10 >= (self.usual + self.unusual) * 9;
        is_usual && self.usual.saturating_sub(other.usual) * 10 >= all * 3 && all > 0
    }
}

/// Whether the bytes are UTF-32 without a mark. No browser reads it. Characters
/// of planes that hold no writing are rather two units of UTF-16.
pub fn is_utf_32(bytes: &[u8]) -> bool {
    let units =
        || bytes[..bytes.len().min(WINDOW)].chunks_exact(4).map(|unit| [unit[0], unit[1], unit[2], unit[3]]);
    let all = |read: fn([u8; 4]) -> u32| {
        units().all(|unit| char::from_u32(read(unit)).is_some_and(|c| c != '\0' && c < '\u{40000}'))
    };
    bytes.len() >= 8 && (all(u32::from_le_bytes) || all(u32::from_be_bytes))
}

/// Whether a unit is usual in a document: ASCII, Latin, punctuation, numbers and
/// boxes, kana, units of measure, ideographs, full-width forms. A unit that is a
/// letter of ASCII when turned is not.
fn is_usual(unit: u16) -> bool {
    match unit {
        0x3000 | 0x4e00 => true,
        _ if unit & 0xff == 0 => false,
        0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0xff => true,
        0x2000..=0x22ff | 0x2460..=0x26ff | 0x3000..=0x30ff | 0x3200..=0x33ff => true,
        0x4e00..=0x9fff | 0xfe30..=0xfe4f | 0xff00..=0xffef => true,
        _ => false,
    }
}

/// Whether a unit is rare in a document, but a character: ideographs that are a
/// letter of ASCII when turned (开, 最, 需), rare ones but those that are two
/// letters of ASCII, those for private use, first halves of others, pinyin,
/// Greek, Cyrillic.
fn is_open(unit: u16) -> bool {
    let low = unit & 0xff;
    match unit {
        0x3400..=0x4dbf => !matches!(low, 0x20..=0x7e),
        0x4e00..=0x9fff => low == 0,
        0x0100..=0x024f | 0x0370..=0x045f | 0xd800..=0xdbff | 0xe000..=0xfaff => true,
        _ => false,
    }
}

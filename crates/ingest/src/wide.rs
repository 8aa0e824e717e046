//! UTF-16 and UTF-32 without a byte-order mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How many places of a document are looked at, and how many bytes at each.
const PLACES: usize = 16;
const WINDOW: usize = 1 << 10;

/// Which UTF-16 the bytes are: the one in which nearly all units are what Chinese
/// and English documents hold, if in the other one few are. That both are usual
/// happens to letters and to nothing else: two make an ideograph.
pub fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut units, mut little, mut big) = (0, 0, 0);
    let step = (bytes.len() / PLACES).max(WINDOW) & !1;
    for place in bytes.chunks(step) {
        for unit in place[..place.len().min(WINDOW)].chunks_exact(2) {
            units += 1;
            little += usize::from(is_usual(u16::from_le_bytes([unit[0], unit[1]])));
            big += usize::from(is_usual(u16::from_be_bytes([unit[0], unit[1]])));
        }
    }
    let is = |own: usize, other: usize| own * 10 >= units * 9 && (own - other.min(own)) * 10 >= units * 3;
    if units == 0 {
        None
    } else if is(little, big) {
        Some(UTF_16LE)
    } else if is(big, little) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are UTF-32, with a mark or without. No browser reads it.
pub fn is_utf_32(bytes: &[u8]) -> bool {
    let units =
        || bytes[..bytes.len().min(WINDOW)].chunks_exact(4).map(|unit| [unit[0], unit[1], unit[2], unit[3]]);
    let all =
        |read: fn([u8; 4]) -> u32| units().all(|unit| char::from_u32(read(unit)).is_some_and(|c| c != '\0'));
    bytes.len() >= 8 && (all(u32::from_le_bytes) || all(u32::from_be_bytes))
}

/// Whether a unit is usual in a document: ASCII, Latin, punctuation, numbers and
/// boxes, kana, ideographs, full-width forms. A unit that is a letter of ASCII
/// when turned is not.
fn is_usual(unit: u16) -> bool {
    match unit {
        0x3000 | 0x4e00 => true,
        _ if unit & 0xff == 0 => false,
        0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0xff => true,
        0x2000..=0x22ff | 0x2460..=0x26ff | 0x3000..=0x30ff | 0x4e00..=0x9fff | 0xff00..=0xffef => true,
        _ => false,
    }
}

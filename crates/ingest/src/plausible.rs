//! How plausible it is that bytes are of an encoding.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};
use memchr::memchr;

use crate::transcode::{Segment, damages, transcode};
use crate::width::width;

/// What an undecodable sequence costs.
const UNDECODABLE: u32 = 30;

/// What an unusual character costs.
pub const UNUSUAL: u32 = 10;

/// What an ideograph of the second level costs. The names of people and places
/// are full of them (鑫, 淼, 鄞), and what is wrongly declared to be of another
/// country is Chinese of the mainland more often than not: elsewhere they cost as
/// much as others, but in Japanese, where the level is the same.
const SECOND_LEVEL: u32 = 3;

/// How many bytes are looked at before what they cost is compared with the most.
const PIECE: usize = 1 << 10;

/// What it costs to read these bytes in the encoding: nothing if all characters
/// are usual in it. Costs of the same bytes can be compared. Above `most` it is
/// `u32::MAX`, and the rest of the bytes is not looked at.
///
/// Usual are the characters that the makers of an encoding thought so: the first
/// of the two levels into which the sets of China, Taiwan and Japan are cut, the
/// syllables of Korea, punctuation and full-width letters. In an encoding of
/// single bytes, capitals within words and symbols in a row are unusual.
pub fn cost(bytes: &[u8], encoding: &'static Encoding, most: u32) -> u32 {
    let mut cost = 0;
    let mut rest = bytes;
    while !rest.is_empty() {
        // Lines end where characters do.
        let end = memchr(b'\n', rest.get(PIECE..).unwrap_or_default());
        let (piece, more) = rest.split_at(end.map_or(rest.len(), |end| PIECE + end + 1));
        cost += cost_of_piece(piece, encoding);
        if cost > most {
            return u32::MAX;
        }
        rest = more;
    }
    cost
}

fn cost_of_piece(bytes: &[u8], encoding: &'static Encoding) -> u32 {
    let Some(decoded) = transcode(bytes, 0, encoding, usize::MAX) else { return UNDECODABLE };
    let mut bad = Vec::new();
    let whole = Segment { text: 0, bytes: 0, is_damaged: true };
    if decoded.undecodable > 0 {
        damages(bytes, whole, bytes.len(), encoding, &mut bad);
    }
    let mut bad = bad.iter().peekable();
    let (mut at, mut cost, mut before) = (0, 0, ' ');
    for (text, c) in decoded.text.char_indices() {
        if let Some(damage) = bad.next_if(|damage| damage.text == text) {
            at = damage.to;
            cost += UNDECODABLE;
        } else {
            let end = bytes.len().min(at + width(c, &bytes[at..], encoding));
            if !c.is_ascii() && !is_usual(c, before, &bytes[at..end], encoding) {
                cost += if is_second_level(&bytes[at..end], encoding) { SECOND_LEVEL } else { UNUSUAL };
            }
            at = end;
        }
        before = c;
    }
    cost
}

/// How many sequences of the bytes the encoding cannot decode.
pub fn undecodable(bytes: &[u8], encoding: &'static Encoding) -> u64 {
    transcode(bytes, 0, encoding, usize::MAX).map_or(u64::MAX, |decoded| decoded.undecodable)
}

fn is_second_level(bytes: &[u8], encoding: &'static Encoding) -> bool {
    encoding == GB18030 && matches!(bytes, [0xd8..=0xf7, 0xa1..=0xfe])
        || encoding == EUC_JP && matches!(bytes, [0xd0..=0xf4, _])
}

/// Whether a character that is not ASCII, of these bytes and behind that one, is
/// usual in the encoding.
fn is_usual(c: char, before: char, bytes: &[u8], encoding: &'static Encoding) -> bool {
    if c.is_control() {
        return false;
    }
    let lead = match bytes {
        [lead, _] => *lead,
        _ => 0,
    };
    if encoding == UTF_8 {
        // That it is valid says enough.
        true
    } else if encoding == GB18030 {
        let is_whole = bytes.get(1).is_some_and(|&trail| trail >= 0xa1);
        // The zero of years stands among the symbols.
        matches!(lead, 0xa1..=0xa3) || is_whole && matches!(lead, 0xb0..=0xd7) || c == '〇'
    } else if encoding == BIG5 {
        matches!(lead, 0xa1..=0xc6)
    } else if encoding == EUC_JP {
        matches!(lead, 0xa1..=0xa5 | 0xb0..=0xcf)
    } else if encoding == SHIFT_JIS {
        matches!(lead, 0x81..=0x83 | 0x88..=0x97)
    } else if encoding == EUC_KR {
        matches!(c, '\u{ac00}'..='\u{d7a3}') || matches!(lead, 0xa1..=0xa3)
    } else if c.is_alphabetic() {
        !(c.is_uppercase() && before.is_alphabetic())
    } else {
        before.is_ascii()
    }
}

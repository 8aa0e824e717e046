//! How many bytes a character has.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// How many of these bytes are the character that was decoded from them. Not for
/// ISO-2022-JP, where the bytes do not say.
pub fn width(c: char, bytes: &[u8], encoding: &'static Encoding) -> usize {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return 2 * c.len_utf16();
    }
    if c.is_ascii() {
        return 1;
    }
    let lead = bytes.first().copied().unwrap_or_default();
    if encoding == GB18030 || encoding == GBK {
        match bytes {
            [0x80, ..] => 1,
            [_, b'0'..=b'9', ..] => 4,
            _ => 2,
        }
    } else if encoding == BIG5 {
        // Four sequences are a letter with an accent that is a character of
        // its own.
        if matches!(c, '\u{304}' | '\u{30c}') { 0 } else { 2 }
    } else if encoding == SHIFT_JIS {
        if matches!(lead, 0x80 | 0xa1..=0xdf) { 1 } else { 2 }
    } else if encoding == EUC_JP {
        if lead == 0x8f { 3 } else { 2 }
    } else if encoding == EUC_KR {
        2
    } else if encoding == UTF_8 {
        c.len_utf8()
    } else {
        1
    }
}

//! Texts in a document that are of another encoding than the rest: pages are put
//! together from files, and not everybody converts them.

use encoding_rs::{BIG5, Encoding, GB18030};

use crate::plausible::{UNUSUAL, cost};

/// How many texts of a document read as this encoding are rather UTF-8, and the
/// offset of the first one. All bytes of such a text are characters of three
/// bytes in UTF-8, two or more, and some of them would be rare otherwise.
///
/// Only in GB18030 and Big5: these decode nearly any bytes. What is not UTF-8 in
/// UTF-8 cannot be decoded, and is told for that.
pub fn mixed(bytes: &[u8], encoding: &'static Encoding) -> Option<(u64, usize)> {
    if ![GB18030, BIG5].contains(&encoding) {
        return None;
    }
    let (mut count, mut first, mut at) = (0, None, 0);
    while at < bytes.len() {
        at += Encoding::ascii_valid_up_to(&bytes[at..]);
        let run = &bytes[at..];
        let run = &run[..run.iter().position(u8::is_ascii).unwrap_or(run.len())];
        if is_rather_utf_8(run, encoding) {
            count += 1;
            first.get_or_insert(at);
        }
        at += run.len();
    }
    first.map(|first| (count, first))
}

/// Three bytes of these are always one character.
fn is_rather_utf_8(run: &[u8], encoding: &'static Encoding) -> bool {
    run.len() >= 6
        && run.len().is_multiple_of(3)
        && run.chunks_exact(3).all(|c| matches!(c, [0xe3..=0xe9 | 0xef, 0x80..=0xbf, 0x80..=0xbf]))
        && cost(run, encoding, u32::MAX) >= UNUSUAL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<(u64, usize)>) {
        assert_eq!(mixed(bytes, GB18030), expected);
    }

    #[test]
    fn texts_in_utf_8_are_found() {
        let gbk = GB18030.encode("项目名称\t鄞州区鑫淼公司\n实施单位\t").0;
        check(&gbk, None);
        check(&[&gbk, "民政局".as_bytes(), b"\n", &gbk].concat(), Some((1, gbk.len())));
        check(&[&gbk, "民政局 教育局".as_bytes()].concat(), Some((2, gbk.len())));
        check(&[&gbk, "é".as_bytes()].concat(), None);
    }
}

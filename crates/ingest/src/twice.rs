//! Texts that were decoded as Latin-1, which all bytes are, and encoded again:
//! many programs do so with pages that do not say what they are of.

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use memchr::memchr2;

/// The shortest of such texts: what has as many letters of Latin-1 and nothing
/// else is no word of any language.
const SHORTEST: usize = 8;

/// The longest that is looked at.
const LONGEST: usize = 1 << 12;

/// How many texts are rather Chinese that was taken for Latin-1, the offset of
/// the first, and the encoding that it is of.
pub fn twice(text: &str) -> Option<(u64, usize, &'static Encoding)> {
    let (mut count, mut found, mut at) = (0, None, 0);
    let mut run = Vec::new();
    // U+0080 to U+00FF, in UTF-8.
    while let Some(start) = memchr2(0xc2, 0xc3, &text.as_bytes()[at..]).map(|n| at + n) {
        run.clear();
        at = start;
        for c in text[start..].chars().take(LONGEST) {
            let Some(byte) = byte_of(c) else { break };
            run.push(byte);
            at += c.len_utf8();
        }
        if let Some(encoding) = inner(&run) {
            count += 1;
            found.get_or_insert((start, encoding));
        }
    }
    found.map(|(first, encoding)| (count, first, encoding))
}

/// What a character that is not ASCII would be of in Latin-1, or as Windows has
/// it.
fn byte_of(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => Some(c as u8),
        '\u{152}'..='\u{2122}' => {
            let mut buffer = [0; 4];
            let (bytes, _, is_none) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            bytes.first().filter(|_| !is_none).copied()
        }
        _ => None,
    }
}

/// The encoding in which these bytes are common Chinese, and all of them.
fn inner(run: &[u8]) -> Option<&'static Encoding> {
    // Nor are letters in the order of their codes, or the same one again.
    let is_listed = |pair: &[u8]| pair[1].wrapping_sub(pair[0]) <= 1;
    if run.len() < SHORTEST || run.windows(2).all(is_listed) {
        return None;
    }
    let is_chinese =
        |c: char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    if std::str::from_utf8(run).is_ok_and(|text| text.chars().all(is_chinese)) {
        return Some(UTF_8);
    }
    // The first level of GB 2312, and punctuation.
    let is_common = |pair: &[u8]| matches!(pair, [0xa1 | 0xa3 | 0xb0..=0xd7, 0xa1..=0xfe]);
    let has_ideographs = run.chunks(2).filter(|pair| pair[0] >= 0xb0).count() * 4 >= run.len();
    (run.chunks(2).all(is_common) && has_ideographs).then_some(GB18030)
}

#[cfg(test)]
mod tests {
    use encoding_rs::mem;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<(u64, usize, &'static Encoding)>) {
        for decode in [
            |bytes: &[u8]| mem::decode_latin1(bytes).into_owned(),
            |bytes: &[u8]| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        ] {
            assert_eq!(twice(&decode(bytes)), expected);
        }
    }

    #[test]
    fn chinese_taken_for_latin_1_is_found() {
        let text = "项目名称：\t道路维修\nab";
        check(text.as_bytes(), Some((2, 0, UTF_8)));
        check(&GB18030.encode(text).0, Some((2, 0, GB18030)));
        check(&[b"<p>", &GB18030.encode("预算执行率").0[..]].concat(), Some((1, 3, GB18030)));
    }

    #[test]
    fn words_of_latin_1_are_none() {
        for text in [
            "café à la crème",
            "ÀÁÂÃÄÅÆÇÈÉ",
            "naïveté ÉÉÉÉÉÉÉÉ",
            "“…”—–",
            "项目名称 ×××××××××× ····················",
        ] {
            assert_eq!(twice(text), None, "{text}");
        }
    }
}

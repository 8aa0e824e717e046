//! Texts that were decoded as Latin-1, which all bytes are, or as GBK, which
//! most are, and encoded again: programs do so with pages that do not say what
//! they are of.

use std::sync::OnceLock;

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use memchr::memchr2;

use crate::mixed::{is_rather_utf_8, runs};

/// The shortest of such texts: what has as many letters of Latin-1 and nothing
/// else is no word of any language.
const SHORTEST: usize = 8;

/// The longest that is looked at.
const LONGEST: usize = 1 << 12;

/// Texts that are rather Chinese that was taken for something else.
#[derive(Debug, PartialEq)]
pub struct Twice {
    /// How many.
    pub count: u64,
    /// The offset of the first.
    pub first: usize,
    /// The encoding that it is of.
    pub encoding: &'static Encoding,
    /// What it was taken for.
    pub taken: &'static str,
}

/// The texts that are rather Chinese that was taken for Latin-1 or GBK.
pub fn twice(text: &str) -> Option<Twice> {
    latin_1(text).or_else(|| gbk(text))
}

fn latin_1(text: &str) -> Option<Twice> {
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
    found.map(|(first, encoding)| Twice { count, first, encoding, taken: "Latin-1" })
}

/// UTF-8 that was taken for GBK: `项目` becomes `椤圭洰`. A third of the texts
/// loses its last byte, since two of them made a character.
fn gbk(text: &str) -> Option<Twice> {
    let begins = BEGINS.get_or_init(begins);
    let is_taken = |run: &str| {
        let is_begin = |c: char| begins.binary_search(&c).is_ok();
        run.chars().next().is_some_and(is_begin) && {
            let run = run.split(char::REPLACEMENT_CHARACTER).next().unwrap_or(run);
            // Behind so many characters it is no other.
            let end = run.char_indices().nth(LONGEST).map_or(run.len(), |(end, _)| end);
            let bytes = GB18030.encode(&run[..end]).0;
            is_rather_utf_8(&bytes[..bytes.len() / 3 * 3], GB18030)
        }
    };
    let places = runs(text.as_bytes()).map(|(at, run)| (at, &text[at..at + run.len()]));
    let mut taken = places.filter(|(_, run)| is_taken(run));
    let (first, _) = taken.next()?;
    Some(Twice { count: 1 + taken.count() as u64, first, encoding: UTF_8, taken: "GBK" })
}

/// The characters that the first two bytes of Chinese in UTF-8 are in GBK, in
/// order.
static BEGINS: OnceLock<Vec<char>> = OnceLock::new();

fn begins() -> Vec<char> {
    let leads = (0xe3..=0xe9).chain([0xef]);
    let pairs = leads.flat_map(|lead| (0x80..=0xbf).map(move |trail| [lead, trail]));
    let mut begins: Vec<char> = pairs
        .filter_map(|pair| GB18030.decode_without_bom_handling(&pair).0.chars().next())
        .filter(|c| *c != char::REPLACEMENT_CHARACTER)
        .collect();
    begins.sort_unstable();
    begins
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
        let expected =
            || expected.map(|(count, first, encoding)| Twice { count, first, encoding, taken: "Latin-1" });
        for decode in [
            |bytes: &[u8]| mem::decode_latin1(bytes).into_owned(),
            |bytes: &[u8]| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        ] {
            assert_eq!(twice(&decode(bytes)), expected());
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
    fn chinese_taken_for_gbk_is_found() {
        #[track_caller]
        fn check(text: &str, expected: Option<(u64, usize)>) {
            let taken = GB18030.decode_without_bom_handling(text.as_bytes()).0;
            let expected =
                expected.map(|(count, first)| Twice { count, first, encoding: UTF_8, taken: "GBK" });
            assert_eq!(twice(&taken), expected, "{taken}");
        }
        check("项目名称：\t道路维修\nab", Some((2, 0)));
        check("<p>预算执行率", Some((1, 3)));
        check("年", None);
        for text in ["椤圭洰", "财政项目支出绩效目标表", "铏玑潆", "璇璇 锟斤拷 鑫鑫鑫公司 甬江 淼"]
        {
            let expected =
                (text == "椤圭洰").then_some(Twice { count: 1, first: 0, encoding: UTF_8, taken: "GBK" });
            assert_eq!(twice(text), expected, "{text}");
        }
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

//! Texts in a document that are of another encoding than the rest: pages are put
//! together from files, and not everybody converts them.

use std::iter;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

use crate::declared::declared;
use crate::detect::{decoded_as, detect};
use crate::plausible::{UNUSUAL, cost};

/// So many pages of a document are looked at.
const MOST_PAGES: usize = 64;

/// What of a document is of another encoding.
#[derive(Debug, PartialEq)]
pub struct Mixed {
    /// How many texts or pages.
    pub count: u64,
    /// The offset of the first one.
    pub first: usize,
    /// What it is.
    pub other: &'static Encoding,
}

/// The texts of a document read as this encoding that are rather UTF-8. All
/// bytes of such a text are characters of three bytes in UTF-8, two or more, and
/// some of them would be rare otherwise.
///
/// Only in GB18030 and Big5: these decode nearly any bytes. What is not UTF-8 in
/// UTF-8 cannot be decoded, and is told for that.
pub fn mixed(bytes: &[u8], encoding: &'static Encoding) -> Option<Mixed> {
    if ![GB18030, BIG5].contains(&encoding) {
        return None;
    }
    let mut texts = runs(bytes).filter(|(_, run)| is_rather_utf_8(run, encoding));
    let (first, _) = texts.next()?;
    Some(Mixed { count: 1 + texts.count() as u64, first, other: UTF_8 })
}

/// The texts between ASCII characters, each with its offset.
pub fn runs(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    iter::from_fn(move || {
        let start = at + Encoding::ascii_valid_up_to(&bytes[at..]);
        let rest = &bytes[start..];
        let run = &rest[..rest.iter().position(u8::is_ascii).unwrap_or(rest.len())];
        at = start + run.len();
        (!run.is_empty()).then_some((start, run))
    })
}

/// Of pages that stand one behind the other those that declare another encoding
/// than this, and whose bytes agree.
pub fn mixed_pages(bytes: &[u8], encoding: &'static Encoding) -> Option<Mixed> {
    let end = memmem::find(bytes, b"</html>").or_else(|| memmem::find(bytes, b"</HTML>"))?;
    if !encoding.is_ascii_compatible() || bytes[end..].is_ascii() {
        return None;
    }
    let mut found: Option<Mixed> = None;
    let mut at = 0;
    for _ in 0..MOST_PAGES {
        let rest = &bytes[at..];
        if rest.is_empty() {
            break;
        }
        let end = memmem::find(rest, &bytes[end..end + 7]).map_or(rest.len(), |end| end + 7);
        let page = &rest[..end];
        let other = declared(page).map(decoded_as).filter(|other| *other != encoding && !page.is_ascii());
        if let Some(other) = other.filter(|other| detect(page, &[other]) == Ok(other)) {
            let mixed = found.get_or_insert(Mixed { count: 0, first: at, other });
            mixed.count += u64::from(mixed.other == other);
        }
        at += end;
    }
    found
}

/// Texts in UTF-16 of the other byte order, each with its mark, which is no
/// character in this order.
pub fn mixed_orders(bytes: &[u8], encoding: &'static Encoding) -> Option<Mixed> {
    let (mark, other) = match encoding {
        _ if encoding == UTF_16LE => (b"\xfe\xff", UTF_16BE),
        _ if encoding == UTF_16BE => (b"\xff\xfe", UTF_16LE),
        _ => return None,
    };
    let mut marks = memmem::find_iter(bytes, mark).filter(|at| at % 2 == 0);
    let first = marks.next()?;
    Some(Mixed { count: 1 + marks.count() as u64, first, other })
}

/// Whether bytes that are read as this encoding are Chinese in UTF-8. Three of
/// these are always one character.
pub fn is_rather_utf_8(run: &[u8], encoding: &'static Encoding) -> bool {
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
        let expected = expected.map(|(count, first)| Mixed { count, first, other: UTF_8 });
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

    #[test]
    fn pages_of_another_encoding_are_found() {
        let page = |encoding: &'static Encoding, label: &str| {
            let page =
                format!("<html><meta charset={label}><table><tr><td>項目名稱<td>圖書館修繕</table></html>\n");
            encoding.encode(&page).0.into_owned()
        };
        #[track_caller]
        fn check(
            pages: &[&[u8]],
            encoding: &'static Encoding,
            expected: Option<(u64, usize, &'static Encoding)>,
        ) {
            let expected = expected.map(|(count, first, other)| Mixed { count, first, other });
            assert_eq!(mixed_pages(&pages.concat(), encoding), expected);
        }
        let (gbk, big5, utf_8) = (page(GB18030, "gb2312"), page(BIG5, "big5"), page(UTF_8, "utf-8"));
        let end = gbk.len() - 1;
        check(&[&gbk, &gbk], GB18030, None);
        check(&[&gbk, &big5, &big5], GB18030, Some((2, end, BIG5)));
        check(&[&gbk, &big5], BIG5, Some((1, 0, GB18030)));
        check(&[&gbk, &utf_8], GB18030, Some((1, end, UTF_8)));
        // A label that lies, and a page that says something else only in its words.
        check(&[&gbk, &page(GB18030, "big5")], GB18030, None);
        check(&[&utf_8, &page(UTF_8, "gb2312")], UTF_8, None);
        check(&[&gbk, b"<meta charset=big5>"], GB18030, None);
    }

    #[test]
    fn texts_of_the_other_byte_order_are_found() {
        let little = b"\x79\x98\xee\x76";
        let big = b"\xfe\xff\x98\x79\x76\xee";
        assert_eq!(mixed_orders(little, UTF_16LE), None);
        let expected = Some(Mixed { count: 2, first: 4, other: UTF_16BE });
        assert_eq!(mixed_orders(&[&little[..], big, big].concat(), UTF_16LE), expected);
        assert_eq!(mixed_orders(b"\0\xfe\xff\0", UTF_16LE), None);
    }
}

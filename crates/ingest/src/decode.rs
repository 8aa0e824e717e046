//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};
use formgrid_model::{Decoding, Diagnostic, EncodingFrom, Outcome, Problem};
use memchr::memchr;
use memchr::memmem::find_iter;

use crate::Options;
use crate::declared::declared;
use crate::detect::{contradicts, decoded_as, detect};
use crate::mixed::{Mixed, mixed, mixed_orders, mixed_pages};
use crate::nuls::{Nuls, without_nuls};
use crate::origin::{Origin, Places};
use crate::transcode::transcode;
use crate::twice::{Twice, twice};

/// The largest document, in bytes. Places and nodes count in 32 bits.
const MAX_BYTES: usize = 3 << 30;

/// The longest text: what is two bytes in an encoding may be three here.
const MAX_TEXT: usize = u32::MAX as usize;

/// So many undecodable sequences and hardly anything else are no text.
const MOST_UNDECODABLE: u64 = 10_000;

/// How many bytes of text stand for an undecodable sequence.
const UNDECODED: u64 = char::REPLACEMENT_CHARACTER.len_utf8() as u64;

/// The text of a document.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text, without a byte-order mark.
    pub text: Cow<'b, str>,
    /// How it came to be.
    pub decoding: Decoding,
    /// How offsets in the text lead back to the bytes.
    pub origin: Origin<'b>,
}

/// Decodes a document: by its byte-order mark, by the encoding that is forced
/// upon it, or by what its bytes are, which a declaration helps to say.
///
/// # Errors
///
/// [`Problem::NotText`] if the bytes are no text in any encoding.
pub fn decode<'b>(bytes: &'b [u8], options: &Options) -> Result<Outcome<Decoded<'b>>, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(not_text(format!("{} bytes are too many for one document", bytes.len())));
    }
    let Choice { encoding, from, mark, mismatch } = choose(bytes, options)?;
    let mut problems = Vec::from_iter(mismatch);
    let mut decoding = Decoding { encoding: encoding.name(), from, undecodable: 0, first_undecodable: None };
    let (text, origin) = match as_it_is(&bytes[mark..], encoding) {
        Some(text) => (Cow::Borrowed(text), Origin::From(mark)),
        None => {
            let transcoded = transcode(bytes, mark, encoding, MAX_TEXT)
                .ok_or_else(|| not_text(format!("{} bytes are too many for one document", bytes.len())))?;
            decoding.undecodable = transcoded.undecodable;
            decoding.first_undecodable = transcoded.first.map(|first| first as u64);
            let origin = Origin::Transcoded { bytes, encoding, segments: transcoded.segments };
            (Cow::Owned(transcoded.text), origin)
        }
    };
    if let Some(first) = decoding.first_undecodable {
        let count = decoding.undecodable;
        problems.push(Problem::UndecodableBytes { count, first, encoding: decoding.encoding });
    }
    let rest = &bytes[mark..];
    let other = mixed(rest, encoding).or_else(|| mixed_pages(rest, encoding));
    if let Some(Mixed { count, first, other }) = other.or_else(|| mixed_orders(rest, encoding)) {
        let (first, encoding, other) = ((mark + first) as u64, encoding.name(), other.name());
        problems.push(Problem::MixedEncodings { count, first, encoding, other });
    }
    let start = |first: usize| {
        let end = first + text[first..].chars().next().map_or(0, char::len_utf8);
        Places::new(&text, &origin).bytes(first..end).start as u64
    };
    if let Some(Twice { count, first, encoding, taken }) = twice(&text) {
        problems.push(Problem::TwiceEncoded { count, first: start(first), encoding: encoding.name(), taken });
    }
    if decoding.undecodable == 0
        && let Some((count, first)) = lost(&text)
    {
        problems.push(Problem::LostCharacters { count, first: start(first) });
    }
    let text = match without_nuls(text) {
        Nuls::None(text) => text,
        Nuls::Few(text, count, first) => {
            let first = Places::new(&text, &origin).bytes(first..first + 1).start as u64;
            problems.push(Problem::NulCharacters { count, first });
            text
        }
        Nuls::Many(count) => return Err(too_many_nuls(count, bytes)),
    };
    check_is_text(&text)?;
    if decoding.undecodable > MOST_UNDECODABLE
        && decoding.undecodable * UNDECODED > text.len() as u64 * 9 / 10
    {
        let count = decoding.undecodable;
        return Err(not_text(format!(
            "{count} byte sequences in it are not {}; name the encoding with --encoding",
            decoding.encoding
        )));
    }
    let diagnostics = problems.into_iter().map(|problem| Diagnostic::at_line(problem, 0)).collect();
    Ok(Outcome { value: Decoded { text, decoding, origin }, diagnostics })
}

/// How many characters of a text stand for what was lost before it came here,
/// and the offset of the first: U+FFFD, and what becomes of two in UTF-8 that
/// are taken for GBK.
fn lost(text: &str) -> Option<(u64, usize)> {
    let mut places = ["\u{fffd}", "锟斤拷"].map(|mark| find_iter(text.as_bytes(), mark).peekable());
    let first = places.iter_mut().filter_map(|places| places.peek().copied()).min()?;
    Some((places.into_iter().map(Iterator::count).sum::<usize>() as u64, first))
}

/// The text, if the bytes are that already.
fn as_it_is<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Option<&'b str> {
    let is_ascii_enough = encoding == UTF_8
        || encoding.is_ascii_compatible() && bytes.is_ascii()
        || encoding == ISO_2022_JP && Encoding::iso_2022_jp_ascii_valid_up_to(bytes) == bytes.len();
    if is_ascii_enough { std::str::from_utf8(bytes).ok() } else { None }
}

/// What a document is decoded from, and why.
struct Choice {
    encoding: &'static Encoding,
    from: EncodingFrom,
    /// How many bytes the mark has.
    mark: usize,
    mismatch: Option<Problem>,
}

fn choose(bytes: &[u8], options: &Options) -> Result<Choice, Diagnostic> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(not_text("it is UTF-32, which is not read; save it as UTF-8".into()));
    }
    let marked = Encoding::for_bom(bytes);
    // A mark may have been put before what it does not fit.
    let is_lie = marked.is_some_and(|(encoding, mark)| contradicts(&bytes[mark..], encoding));
    let mark = marked.map_or(0, |(_, mark)| mark);
    let (mut encoding, from) = match (marked.filter(|_| !is_lie), options.encoding) {
        (Some((encoding, _)), _) => (encoding, EncodingFrom::Bom),
        (None, Some(encoding)) => (encoding, EncodingFrom::Forced),
        (None, None) => (UTF_8, EncodingFrom::Detected),
    };
    if from == EncodingFrom::Forced {
        return if encoding == REPLACEMENT {
            Err(not_text("the encoding that is forced upon it is read no more; save it as UTF-8".into()))
        } else {
            Ok(Choice { encoding: decoded_as(encoding), from, mark, mismatch: None })
        };
    }
    let declared = [options.charset, declared(&bytes[mark..])];
    let declared: Vec<_> = declared.into_iter().flatten().map(decoded_as).collect();
    if from != EncodingFrom::Bom {
        encoding = detect(&bytes[mark..], &declared).map_err(|why| not_text(why.into()))?;
    }
    let from =
        if from != EncodingFrom::Bom && declared.contains(&encoding) { EncodingFrom::Declared } else { from };
    let other = declared.first().filter(|declared| !is_same(declared, encoding)).copied();
    let mismatch =
        marked.filter(|_| is_lie).map(|(marked, _)| marked).or(other).map(|declared| {
            Problem::EncodingMismatch { declared: name(declared), encoding: encoding.name() }
        });
    Ok(Choice { encoding, from, mark, mismatch })
}

fn name(declared: &'static Encoding) -> &'static str {
    if declared == REPLACEMENT { "HZ or another encoding that is read no more" } else { declared.name() }
}

/// Whether a declaration says that. `utf-16` leaves the order to the bytes.
fn is_same(declared: &'static Encoding, encoding: &'static Encoding) -> bool {
    let is_utf_16 = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    declared == encoding || is_utf_16(declared) && is_utf_16(encoding)
}

fn too_many_nuls(count: usize, bytes: &[u8]) -> Diagnostic {
    let first = memchr(0, bytes).unwrap_or_default();
    // What stands before ASCII is the order: a\0 is little-endian.
    let order = if first % 2 == 1 { "utf-16le" } else { "utf-16be" };
    let count = count.max(1);
    not_text(format!(
        "NUL characters: {count}, the first at byte {first}; if it is UTF-16, read it with --encoding {order}"
    ))
}

/// Text holds hardly any control characters.
fn check_is_text(text: &str) -> Result<(), Diagnostic> {
    // A sample from the start is enough: what is binary is so from its header.
    let sample = &text.as_bytes()[..text.len().min(4096)];
    let controls = sample.iter().filter(|&&b| b < 0x20 && !matches!(b, 0x09..=0x0d | 0x1a | 0x1b)).count();
    if controls * 10 > sample.len() {
        return Err(not_text(format!(
            "{controls} of its first {} bytes are control characters",
            sample.len()
        )));
    }
    Ok(())
}

fn not_text(why: String) -> Diagnostic {
    Diagnostic::at_line(Problem::NotText { why }, 0)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, GBK, WINDOWS_1252};

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: Option<&'static Encoding>, expected: &str) {
        check_with(bytes, &Options { encoding, ..Options::default() }, expected);
    }

    #[track_caller]
    fn check_with(bytes: &[u8], options: &Options, expected: &str) {
        let found = match decode(bytes, options) {
            Err(diagnostic) => format!("{diagnostic}"),
            Ok(Outcome { value, diagnostics }) => {
                let borrowed = if matches!(value.text, Cow::Borrowed(_)) { "borrowed" } else { "owned" };
                let Decoding { encoding, from, .. } = value.decoding;
                let mut found = format!("{encoding} {} {borrowed} {:?}", from.name(), value.text);
                for diagnostic in diagnostics {
                    match diagnostic.problem {
                        Problem::UndecodableBytes { count, first, .. } => {
                            found += &format!(" {count} bad from {first}");
                        }
                        Problem::EncodingMismatch { declared, .. } => found += &format!(" not {declared}"),
                        other => found += &other.to_string(),
                    }
                }
                found
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn bytes_are_decoded_by_mark_by_force_or_by_what_they_are() {
        check(b"", None, r#"UTF-8 detected borrowed """#);
        check("项目".as_bytes(), None, r#"UTF-8 detected borrowed "项目""#);
        check("\u{feff}项".as_bytes(), None, r#"UTF-8 bom borrowed "项""#);
        check(b"\xff\xfe\x79\x98\n\0", None, r#"UTF-16LE bom owned "项\n""#);
        check(b"\xfe\xff\x98\x79", Some(BIG5), r#"UTF-16BE bom owned "项""#);
        check(b"\xcf\xee\xc4\xbf", None, r#"gb18030 detected owned "项目""#);
        check(b"\xcf\xee", Some(UTF_8), r#"UTF-8 forced owned "��" 2 bad from 0"#);
        check(b"\xcf\xee", Some(GBK), r#"gb18030 forced owned "项""#);
        // A mark before what it does not fit.
        check(
            b"\xef\xbb\xbf\xcf\xee\xc4\xbf\xd6\xa7\xb3\xf6",
            None,
            r#"gb18030 detected owned "项目支出" not UTF-8"#,
        );
        check(
            b"\xff\xfe\x98\x79\x76\xee\x65\x2f\0a",
            None,
            r#"UTF-16BE detected owned "项目支a" not UTF-16LE"#,
        );
        check(b"\xef\xbb\xbf\xcf\xee\xc4\xbf\xd6\xa7", Some(GBK), r#"gb18030 forced owned "项目支""#);
        check(b"\xef\xbb\xbfa\xff\xffb", None, r#"UTF-8 bom owned "a��b" 2 bad from 4"#);
        check(b"\xb6\xb5", Some(BIG5), r#"Big5 forced owned "項""#);
    }

    #[test]
    fn a_declaration_is_kept_or_told_of() {
        let charset = |charset| Options { charset: Some(charset), ..Options::default() };
        check(b"<meta charset=gb2312>\xcf\xee", None, r#"gb18030 declared owned "<meta charset=gb2312>项""#);
        check(b"<meta charset=gbk>a", None, r#"gb18030 declared borrowed "<meta charset=gbk>a""#);
        check(
            "<meta charset=gbk>项".as_bytes(),
            None,
            r#"UTF-8 detected borrowed "<meta charset=gbk>项" not gb18030"#,
        );
        check(
            "\u{feff}<meta charset=gbk>".as_bytes(),
            None,
            r#"UTF-8 bom borrowed "<meta charset=gbk>" not gb18030"#,
        );
        check_with(b"\xcf\xee\xc4\xbf", &charset(GB18030), r#"gb18030 declared owned "项目""#);
        check_with(
            b"\xcf\xee\xc4\xbf",
            &charset(WINDOWS_1252),
            r#"gb18030 detected owned "项目" not windows-1252"#,
        );
        check_with(
            b"caf\xe9, na\xefve",
            &charset(WINDOWS_1252),
            r#"windows-1252 declared owned "café, naïve""#,
        );
        // What the document says is heard even where its sender says otherwise.
        check_with(
            b"<meta charset=big5>\xb6\xb5\xa5\xd8",
            &charset(UTF_8),
            r#"Big5 declared owned "<meta charset=big5>項目" not UTF-8"#,
        );
        check_with(b"\0a\0b\0c", &charset(UTF_16LE), r#"UTF-16BE detected owned "abc""#);
        check_with(b"abc", &charset(UTF_16LE), r#"UTF-8 detected borrowed "abc" not UTF-16LE"#);
        check_with(
            b"abc",
            &charset(REPLACEMENT),
            r#"UTF-8 detected borrowed "abc" not HZ or another encoding that is read no more"#,
        );
    }

    /// Short texts that are valid in several encodings.
    #[test]
    fn short_texts_are_what_is_likelier() {
        // The classic: its GBK is no valid UTF-8, since C1 begins no character.
        check(b"\xc1\xaa\xcd\xa8", None, r#"gb18030 detected owned "联通""#);
        // Valid UTF-8 by chance; nobody writes С alone, but then both are guesses.
        check(b"\xd0\xa1", None, r#"UTF-8 detected borrowed "С""#);
        check(b"<meta charset=gbk>\xd0\xa1", None, r#"gb18030 declared owned "<meta charset=gbk>小""#);
        check(b"<meta charset=utf-8>\xd0\xa1", None, r#"UTF-8 declared borrowed "<meta charset=utf-8>С""#);
        check(b"\xd0\xa1\xd1\xa7", None, r#"gb18030 detected owned "小学""#);
        // What UTF-8 holds of two bytes in documents of China.
        check("5°, ±1 · café ··".as_bytes(), None, r#"UTF-8 detected borrowed "5°, ±1 · café ··""#);
        check("Здравствуйте".as_bytes(), None, r#"UTF-8 detected borrowed "Здравствуйте""#);
        check("项".as_bytes(), None, r#"UTF-8 detected borrowed "项""#);
        check(b"\xcf\xee", None, r#"gb18030 detected owned "项""#);
        check(b"\xd6\xd0\xb9\xfa", None, r#"gb18030 detected owned "中国""#);
        check(b"\xa4\xa4\xb0\xea", None, r#"Big5 detected owned "中國""#);
        check(b"\xb9\xc9\x8e\xb1\x34", None, r#"gb18030 detected owned "股幈4""#);
        // Cut within its last character.
        check(b"\xe9\xa1\xb9\xe7\x9b", None, r#"UTF-8 detected owned "项�" 1 bad from 3"#);
        check(b"1\0,\0\n\0", None, r#"UTF-16LE detected owned "1,\n""#);
    }

    #[test]
    fn rare_characters_are_read_as_the_standard_says() {
        let gb = Some(GB18030);
        check(b"\x80 \x81\x30\x81\x30 \x95\x32\x82\x36", gb, "gb18030 forced owned \"€ \\u{80} 𠀀\"");
        check(b"\xa2\xe3 \xa6\xd9 \x84\x31\x95\x33", gb, "gb18030 forced owned \"€ ︐ \\u{feff}\"");
        check(b"\xaa\xa1", gb, "gb18030 forced owned \"\\u{e000}\"");
        check(
            b"a\x84\x31\xa4\x37b\xff\x81",
            gb,
            "gb18030 forced owned \"a\u{fffd}b\u{fffd}\u{fffd}\" 2 bad from 6",
        );
    }

    #[test]
    fn what_follows_a_bad_byte_is_read() {
        check(
            b"\xcf\xee\xff\xc4\xbf\t\xd4\xa4\xcb\xe3\x81\n\xc4\xea\xb6\xc8",
            None,
            r#"gb18030 detected owned "项�目\t预算�\n年度" 2 bad from 2"#,
        );
    }

    #[test]
    fn what_is_no_text_says_why() {
        let no = |why: &str| format!("error[not-text]: not a text document: {why}");
        check(
            b"ab\0c",
            None,
            &no("NUL characters: 1, the first at byte 2; if it is UTF-16, read it with --encoding utf-16be"),
        );
        check(b"\x01\x02\x03abc", None, &no("3 of its first 6 bytes are control characters"));
        assert!(decode(b"PK\x03\x04\x14\x00\x08\x00\xff\xfe", &Options::default()).is_err());
        let utf_32 = no("it is UTF-32, which is not read; save it as UTF-8");
        check(b"\xff\xfe\0\0a\0\0\0", None, &utf_32);
        check(b"\0\0\x98\x79\0\0\0\t", None, &utf_32);
        let hz = no(
            "it is HZ (\"~{\" and \"~}\" around its Chinese), which browsers read no more; save it as UTF-8",
        );
        check(b"~{OnD?~}: a", None, &hz);
        check(b"~{a~}: {~}, ~{~}", None, r#"UTF-8 detected borrowed "~{a~}: {~}, ~{~}""#);
        // UTF-7 is never read: it would hide markup.
        check(b"+ADw-b", None, r#"UTF-8 detected borrowed "+ADw-b""#);
        check(b"\x1b$B9`L\x5c\x1b(B", None, r#"ISO-2022-JP detected owned "項目""#);
    }
}

//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};
use formgrid_model::{Diagnostic, Outcome, Problem};
use memchr::memchr;

/// The largest document, in bytes. Places and nodes count in 32 bits.
const MAX_BYTES: usize = 3 << 30;

/// The text of a document.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text, without a byte-order mark.
    pub text: Cow<'b, str>,
    /// What the bytes were decoded from.
    pub encoding: &'static Encoding,
    /// How offsets in the text lead back to the bytes.
    pub origin: Origin,
}

/// Leads from offsets in the decoded text back to the bytes it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The text is the bytes from this offset on.
    From(usize),
    /// The text was transcoded.
    Transcoded,
}

impl Origin {
    /// The bytes that hold this range of the text, if that is known.
    pub fn bytes(self, range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        match self {
            Origin::From(start) => Some(start + range.start..start + range.end),
            Origin::Transcoded => None,
        }
    }
}

/// Decodes a document: by its byte-order mark, by the encoding that is forced
/// upon it, or by what its bytes are.
///
/// # Errors
///
/// [`Problem::NotText`] if the bytes are no text in any encoding.
pub fn decode<'b>(
    bytes: &'b [u8],
    forced: Option<&'static Encoding>,
) -> Result<Outcome<Decoded<'b>>, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(not_text(format!("{} bytes are too many for one document", bytes.len())));
    }
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, mark),
        None => (forced.unwrap_or_else(|| detect(bytes)), 0),
    };
    let body = &bytes[mark..];
    let mut diagnostics = Vec::new();
    let (text, origin) = match encoding.decode_without_bom_handling_and_without_replacement(body) {
        // Only UTF-8 is borrowed as it is; ASCII in other encodings, too.
        Some(Cow::Borrowed(text)) => (Cow::Borrowed(text), Origin::From(mark)),
        Some(Cow::Owned(text)) => (Cow::Owned(text), Origin::Transcoded),
        None => {
            let (count, first) = undecodable(body, encoding);
            let problem =
                Problem::UndecodableBytes { count, first: first + mark as u64, encoding: encoding.name() };
            diagnostics.push(Diagnostic::at_line(problem, 0));
            (encoding.decode_without_bom_handling(body).0, Origin::Transcoded)
        }
    };
    check_is_text(&text)?;
    Ok(Outcome { value: Decoded { text, encoding, origin }, diagnostics })
}

/// What the bytes most likely are. Declarations (`meta`, XML, MIME) and guesses
/// belong here.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let is = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    };
    let is_utf_8 = std::str::from_utf8(bytes).is_ok();
    // Binary bytes are often valid GB18030; a NUL is in no text of either.
    if is_utf_8 || memchr(0, bytes).is_some() || !is(GB18030) { UTF_8 } else { GB18030 }
}

/// How many malformed sequences there are, and the offset of the first.
fn undecodable(bytes: &[u8], encoding: &'static Encoding) -> (u64, u64) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 4096];
    let (mut read, mut count, mut first) = (0, 0, None);
    loop {
        let (result, more, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, true);
        read += more;
        match result {
            encoding_rs::DecoderResult::InputEmpty => return (count, first.unwrap_or(0)),
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(length, after) => {
                count += 1;
                first.get_or_insert((read - usize::from(length) - usize::from(after)) as u64);
            }
        }
    }
}

/// Text holds no NUL and hardly any other control characters.
fn check_is_text(text: &str) -> Result<(), Diagnostic> {
    if let Some(offset) = memchr(0, text.as_bytes()) {
        return Err(not_text(format!("a NUL character at offset {offset} of its text")));
    }
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
    use encoding_rs::BIG5;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], forced: Option<&'static Encoding>, expected: &str) {
        let found = match decode(bytes, forced) {
            Err(diagnostic) => format!("{diagnostic}"),
            Ok(Outcome { value, diagnostics }) => {
                let borrowed = if matches!(value.text, Cow::Borrowed(_)) { "borrowed" } else { "owned" };
                let mut found = format!("{} {borrowed} {:?}", value.encoding.name(), value.text);
                for diagnostic in diagnostics {
                    if let Problem::UndecodableBytes { count, first, .. } = diagnostic.problem {
                        found += &format!(" {count} bad from {first}");
                    }
                }
                found
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn bytes_are_decoded_by_mark_by_force_or_by_what_they_are() {
        check(b"", None, r#"UTF-8 borrowed """#);
        check("项目".as_bytes(), None, r#"UTF-8 borrowed "项目""#);
        check("\u{feff}项".as_bytes(), None, r#"UTF-8 borrowed "项""#);
        check(b"\xff\xfe\x79\x98\n\0", None, r#"UTF-16LE owned "项\n""#);
        check(b"\xfe\xff\x98\x79", None, r#"UTF-16BE owned "项""#);
        check(b"\xcf\xee\xc4\xbf", None, r#"gb18030 owned "项目""#);
        check(b"\xcf\xee", Some(UTF_8), r#"UTF-8 owned "��" 2 bad from 0"#);
        check(b"\xef\xbb\xbfa\xff\xffb", None, r#"UTF-8 owned "a��b" 2 bad from 4"#);
        check(b"\xb6\xb5", Some(BIG5), r#"Big5 owned "項""#);
    }

    #[test]
    fn what_is_no_text_says_why() {
        check(
            b"ab\0c",
            None,
            "error[not-text]: not a text document: a NUL character at offset 2 of its text",
        );
        check(
            b"\x01\x02\x03abc",
            None,
            "error[not-text]: not a text document: 3 of its first 6 bytes are control characters",
        );
        let zip = b"PK\x03\x04\x14\x00\x08\x00\xff\xfe";
        assert!(decode(zip, None).is_err());
    }
}

//! Content-Transfer-Encoding: RFC 2045, section 6, byte by byte, so that a
//! line may be of any length.

/// The longest run of blanks that may be none of the text.
const BLANKS: usize = 4096;

/// What has been read of an encoded body.
#[derive(Debug)]
pub(crate) enum Transfer {
    /// 7bit, 8bit, binary.
    Identity,
    /// Quoted-printable. Held is what can be decided by the next byte only:
    /// `=`, `=4`, blanks that may end a line.
    QuotedPrintable { held: Vec<u8> },
    /// Base64: bits that are no byte yet, and how many; whether the last group
    /// was padded; how many characters are neither of it nor blank.
    Base64 { bits: u32, count: u32, padded: bool, foreign: u64 },
}

impl Transfer {
    /// By the value in the header, behind which a comment may stand (RFC 2045,
    /// 6.1); none if it is not known.
    pub(crate) fn named(value: &str) -> Option<Self> {
        let name = value.split(['(', ';']).next().unwrap_or_default();
        let name = name.trim_matches(|c: char| matches!(c, '"' | '\'' | ',') || c.is_ascii_whitespace());
        // Names of one's own begin with x-; some use it for what everybody has.
        let name = name.to_ascii_lowercase();
        match name.strip_prefix("x-").unwrap_or(&name) {
            "quoted-printable" => Some(Transfer::quoted_printable()),
            "base64" => Some(Transfer::base64()),
            "" | "7bit" | "8bit" | "7-bit" | "8-bit" | "binary" | "none" | "identity" => {
                Some(Transfer::Identity)
            }
            _ => None,
        }
    }

    pub(crate) fn quoted_printable() -> Self {
        Transfer::QuotedPrintable { held: Vec::new() }
    }

    pub(crate) fn base64() -> Self {
        Transfer::Base64 { bits: 0, count: 0, padded: false, foreign: 0 }
    }

    /// Decodes some more bytes.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self {
            Transfer::Identity => out.extend_from_slice(bytes),
            Transfer::QuotedPrintable { held } => {
                bytes.iter().for_each(|&byte| push_quoted(byte, held, out));
            }
            Transfer::Base64 { bits, count, padded, foreign } => {
                for &byte in bytes {
                    match sextet(byte) {
                        Some(value) => {
                            *bits = *bits << 6 | value;
                            *count += 6;
                            *padded = false;
                            if *count >= 8 {
                                *count -= 8;
                                out.push((*bits >> *count) as u8);
                                *bits &= (1 << *count) - 1;
                            }
                        }
                        None if byte == b'=' => (*bits, *count, *padded) = (0, 0, true),
                        None if byte.is_ascii_whitespace() => {}
                        None => *foreign += 1,
                    }
                }
            }
        }
    }

    /// What the end of the body decides, and what is wrong with it.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) -> Option<String> {
        match self {
            Transfer::Identity => None,
            Transfer::QuotedPrintable { held } => {
                // Blanks and a lone = end the last line; =4 is what it is.
                if held.len() == 2 && held[1].is_ascii_hexdigit() {
                    out.append(held);
                }
                held.clear();
                None
            }
            Transfer::Base64 { foreign: foreign @ 1.., .. } => {
                Some(format!("{foreign} characters of it are not base64; they are left out"))
            }
            Transfer::Base64 { count: 1.., padded: false, .. } => {
                Some("its base64 ends in the middle".to_owned())
            }
            Transfer::Base64 { .. } => None,
        }
    }
}

fn push_quoted(byte: u8, held: &mut Vec<u8>, out: &mut Vec<u8>) {
    let is_blank = matches!(byte, b' ' | b'\t');
    match (held.as_slice(), byte) {
        ([], b'=' | b' ' | b'\t') => held.push(byte),
        ([], _) => out.push(byte),
        ([b'='], _) if byte.is_ascii_hexdigit() => held.push(byte),
        ([b'=', high], _) if high.is_ascii_hexdigit() && byte.is_ascii_hexdigit() => {
            out.push(digit(*high) << 4 | digit(byte));
            held.clear();
        }
        // A soft line break; blanks may have been put before it on the way.
        ([b'=', rest @ ..], b'\n') if rest.first().is_none_or(|byte| !byte.is_ascii_hexdigit()) => {
            held.clear()
        }
        ([b'=', rest @ ..], _)
            if (is_blank || byte == b'\r')
                && rest.len() < BLANKS
                && rest.first().is_none_or(|byte| !byte.is_ascii_hexdigit()) =>
        {
            held.push(byte);
        }
        // Blanks at the end of a line are no text.
        ([b' ' | b'\t', ..], b'\r' | b'\n') => {
            held.clear();
            out.push(byte);
        }
        ([b' ' | b'\t', rest @ ..], _) if is_blank && rest.len() < BLANKS => held.push(byte),
        _ => {
            out.append(held);
            push_quoted(byte, held, out);
        }
    }
}

fn digit(hex: u8) -> u8 {
    (hex as char).to_digit(16).unwrap_or_default() as u8
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, encoded: &str, decoded: &str, wrong: Option<&str>) {
        // Cut anywhere: the same.
        for cut in 0..=encoded.len() {
            let mut transfer = Transfer::named(name).unwrap();
            let mut out = Vec::new();
            transfer.push(&encoded.as_bytes()[..cut], &mut out);
            transfer.push(&encoded.as_bytes()[cut..], &mut out);
            let told = transfer.finish(&mut out);
            assert_eq!(String::from_utf8_lossy(&out), decoded);
            assert!(told.as_deref().unwrap_or_default().starts_with(wrong.unwrap_or_default()), "{told:?}");
            assert_eq!(told.is_some(), wrong.is_some());
        }
    }

    #[test]
    fn quoted_printable() {
        for (encoded, decoded) in [
            ("a=3Db", "a=b"),
            ("a=3db=e9=a2=84", "a=b预"),
            ("a=\r\nb", "ab"),
            ("a=\nb", "ab"),
            // Blanks that were put behind it on the way, and blanks before a break.
            ("a=  \r\nb", "ab"),
            ("a \t\r\nb  c ", "a\r\nb  c"),
            ("a =\r\nb", "a b"),
            // What is none stays as it is.
            ("a=zb=4x==3D=", "a=zb=4x=="),
            ("a=4", "a=4"),
            ("a= b", "a= b"),
        ] {
            check("Quoted-Printable", encoded, decoded, None);
        }
    }

    #[test]
    fn base64() {
        let cut = Some("its base64 ends in the middle");
        for (encoded, decoded, wrong) in [
            ("6aKE566X", "预算", None),
            ("6aKE\r\n566X\r\n", "预算", None),
            ("YQ==", "a", None),
            ("YQ==YWI=", "aab", None),
            ("YWI", "ab", cut),
            ("YWJjZ", "abc", cut),
            ("YWJj<", "abc", Some("1 characters of it are not base64")),
            ("", "", None),
        ] {
            check("BASE64", encoded, decoded, wrong);
        }
    }

    #[test]
    fn names_are_known_however_they_are_written() {
        for name in ["7bit", "8BIT", "binary", "", "\"8bit\"", "x-none"] {
            check(name, "a=3D YQ==\r\n", "a=3D YQ==\r\n", None);
        }
        for name in ["\"base64\"", "'Base64' ", "base64;", "base64 (by hand)", "x-base64", "base64,"] {
            check(name, "YQ==", "a", None);
        }
        for name in ["x-uuencode", "gzip", "base65"] {
            assert!(Transfer::named(name).is_none(), "{name}");
        }
    }

    #[test]
    fn endless_blanks_are_bounded() {
        let mut transfer = Transfer::quoted_printable();
        let mut out = Vec::new();
        transfer.push(&vec![b' '; 1 << 20], &mut out);
        let Transfer::QuotedPrintable { held } = &transfer else { panic!("another encoding") };
        assert!(held.len() <= BLANKS + 1);
        transfer.push(b"a", &mut out);
        assert_eq!(out.len(), (1 << 20) + 1);
    }
}

//! What encoding a document says it has, by the HTML standard: `prescan a byte
//! stream to determine its encoding` and the algorithms it stands on (HTML,
//! 13.2.3.2 and 2.5.5), step by step.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::memchr;
use memchr::memmem::find;

/// How far a declaration is looked for before decoding begins, in bytes: the
/// standard's end condition.
const REACH: usize = 1024;

/// How far a later one is heard. A browser that meets one while it parses starts
/// over ("changing the encoding while parsing", HTML 13.2.3.4).
const LATE_REACH: usize = 1 << 17;

/// The encoding that a document declares: where the standard looks first, or
/// else in a `meta` element further down, behind long styles or comments.
pub fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    prescan(bytes).or_else(|| Scan { bytes: &bytes[..bytes.len().min(LATE_REACH)], at: 0 }.meta())
}

/// The encoding that the first 1024 bytes declare in a `meta` element or an XML
/// declaration.
///
/// A declaration that can be read as bytes cannot be UTF-16, whatever it says:
/// that is UTF-8. `x-user-defined` is windows-1252. A byte-order mark, which is
/// stronger, is not looked at.
pub fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = &bytes[..bytes.len().min(REACH)];
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    // Running out of bytes anywhere ends the search.
    let mut scan = Scan { bytes, at: 0 };
    scan.meta().or_else(|| xml_encoding(bytes))
}

/// The `encoding` of an XML declaration at the start: the standard's "get an XML
/// encoding".
fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"encoding";
    if !bytes.starts_with(b"<?xml") {
        return None;
    }
    let bytes = &bytes[..memchr(b'>', bytes)?];
    let rest = skip(&bytes[find(bytes, KEY)? + KEY.len()..], |b| b <= b' ');
    let rest = skip(rest.strip_prefix(b"=")?, |b| b <= b' ');
    let (quote, rest) = rest.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let label = &rest[..memchr(*quote, rest)?];
    if label.iter().any(|&b| b <= b' ') {
        return None;
    }
    Encoding::for_label(label).map(readable_as_bytes)
}

/// A position in the bytes; each method gives none when they run out.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Scan<'_> {
    /// The encoding of the first `meta` element that declares one.
    fn meta(&mut self) -> Option<&'static Encoding> {
        loop {
            self.at += memchr(b'<', &self.bytes[self.at..])?;
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"<!--") {
                // Its two hyphens may be those that end it.
                self.at += 2 + find(&rest[2..], b"-->")? + 2;
            } else if is_meta(rest) {
                self.at += b"<meta".len();
                if let Some(encoding) = self.meta_attributes()? {
                    return Some(encoding);
                }
            } else if is_tag(rest) {
                self.at += rest.iter().position(|&b| b.is_ascii_whitespace() || b == b'>')?;
                while self.attribute()?.is_some() {}
            } else if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
                self.at += memchr(b'>', rest)?;
            }
            self.peek()?;
            self.at += 1;
        }
    }

    /// What the attributes of a `meta` element declare; `Some(None)` is nothing.
    fn meta_attributes(&mut self) -> Option<Option<&'static Encoding>> {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut got_pragma = false;
        let mut need_pragma = None;
        let mut charset = None;
        while let Some((name, value)) = self.attribute()? {
            if seen.contains(&name) {
                continue;
            }
            match &name[..] {
                b"http-equiv" => got_pragma |= value == b"content-type",
                // A charset attribute of no encoding still stands before it.
                b"content" if need_pragma.is_none() => {
                    if let Some(encoding) = charset_of_content(&value) {
                        (charset, need_pragma) = (Some(encoding), Some(true));
                    }
                }
                b"charset" => (charset, need_pragma) = (Encoding::for_label(&value), Some(false)),
                _ => {}
            }
            seen.push(name);
        }
        let counts = need_pragma.is_some_and(|needed| !needed || got_pragma);
        Some(charset.filter(|_| counts).map(readable_as_bytes))
    }

    /// The next attribute of a tag and its value, in lower case; `Some(None)` at
    /// the tag's end: the standard's "get an attribute".
    fn attribute(&mut self) -> Option<Option<(Vec<u8>, Vec<u8>)>> {
        while self.peek()?.is_ascii_whitespace() || self.peek()? == b'/' {
            self.at += 1;
        }
        if self.peek()? == b'>' {
            return Some(None);
        }
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => break,
                b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => {
                    self.skip_white_space()?;
                    break;
                }
                b'/' | b'>' => return Some(Some((name, Vec::new()))),
                other => name.push(other.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        if self.peek()? != b'=' {
            return Some(Some((name, Vec::new())));
        }
        self.at += 1;
        self.skip_white_space()?;
        let rest = &self.bytes[self.at..];
        let value = match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let value = &rest[1..=memchr(quote, &rest[1..])?];
                self.at += value.len() + 2;
                value
            }
            _ => {
                let value = &rest[..rest.iter().position(|&b| b.is_ascii_whitespace() || b == b'>')?];
                self.at += value.len();
                value
            }
        };
        Some(Some((name, value.to_ascii_lowercase())))
    }

    fn skip_white_space(&mut self) -> Option<()> {
        while self.peek()?.is_ascii_whitespace() {
            self.at += 1;
        }
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

/// The standard's "extracting a character encoding from a meta element"; the
/// content is in lower case.
fn charset_of_content(content: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset";
    let mut rest = content;
    loop {
        rest = skip(&rest[find(rest, KEY)? + KEY.len()..], |b| b.is_ascii_whitespace());
        if let Some(value) = rest.strip_prefix(b"=") {
            rest = skip(value, |b| b.is_ascii_whitespace());
            break;
        }
    }
    let label = match rest.split_first()? {
        (quote @ (b'"' | b'\''), rest) => &rest[..memchr(*quote, rest)?],
        _ => &rest[..rest.iter().position(|&b| b.is_ascii_whitespace() || b == b';').unwrap_or(rest.len())],
    };
    Encoding::for_label(label)
}

/// What a declaration means that was itself read byte by byte.
fn readable_as_bytes(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// Whether a `meta` tag with something behind its name begins here.
fn is_meta(rest: &[u8]) -> bool {
    rest.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case(b"<meta"))
        && rest.get(5).is_some_and(|&b| b.is_ascii_whitespace() || b == b'/')
}

/// Whether any tag begins here.
fn is_tag(rest: &[u8]) -> bool {
    let Some(name) = rest.strip_prefix(b"</").or_else(|| rest.strip_prefix(b"<")) else { return false };
    name.first().is_some_and(u8::is_ascii_alphabetic)
}

fn skip(bytes: &[u8], unwanted: impl Fn(u8) -> bool) -> &[u8] {
    &bytes[bytes.iter().position(|&b| !unwanted(b)).unwrap_or(bytes.len())..]
}

//! The header fields of a message, a part of it, an HTTP response, a WARC
//! record: RFC 5322, 2045 and 2047, read leniently.

use encoding_rs::Encoding;

use crate::names;
use crate::transfer::Transfer;

/// More than this of a header is left unread.
const LIMIT: usize = 64 << 10;

/// The longest encoded word; RFC 2047 has 75 bytes.
const WORD: usize = 1024;

/// Header fields in their order.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    /// Names in lower case; values with a line feed where they were folded.
    fields: Vec<(Vec<u8>, Vec<u8>)>,
    size: usize,
}

impl Headers {
    /// Takes a line of the header, with its line break. False if it can be
    /// none.
    pub(crate) fn push(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii_end();
        let room = LIMIT.saturating_sub(self.size);
        if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            let Some((_, value)) = self.fields.last_mut() else { return false };
            if line.len() < room {
                value.push(b'\n');
                value.extend_from_slice(line.trim_ascii_start());
                self.size += line.len();
            }
            return true;
        }
        let Some((name, value)) = field(line) else { return false };
        if line.len() < room {
            self.fields.push((name.to_ascii_lowercase(), value.trim_ascii().to_vec()));
            self.size += line.len();
        }
        true
    }

    /// The value of the first field of a name, given in lower case, unfolded
    /// and with its encoded words decoded.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.value(name).map(|value| words(&names::decode(value).replace('\n', " ")))
    }

    /// The values of all fields of a name, which are one list: RFC 9110, 5.2.
    pub(crate) fn list(&self, name: &str) -> String {
        let values = self.fields.iter().filter(|(other, _)| other == name.as_bytes());
        let values: Vec<_> = values.map(|(_, value)| names::decode(value)).collect();
        values.join(",").replace('\n', " ")
    }

    /// Like [`Headers::get`], for an address, which folding may cut anywhere
    /// (RFC 2557, section 4.4.2). Angle brackets around it are no part of it.
    pub(crate) fn address(&self, name: &str) -> Option<String> {
        // Encoded words are separated by the fold.
        let value = names::decode(self.value(name)?);
        let value =
            if value.contains("=?") { words(&value.replace('\n', " ")) } else { value.replace('\n', "") };
        let bare = value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(&value).trim();
        (!bare.is_empty()).then(|| bare.to_owned())
    }

    /// The media type of `content-type` in lower case; blank if there is none.
    pub(crate) fn media_type(&self) -> String {
        let value = self.get("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A parameter of `content-type`.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.get("content-type")?, name)
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(other, _)| other == name.as_bytes()).map(|(_, value)| value.as_slice())
    }
}

/// Name and value, if a line is a header field. A name is printable ASCII
/// without blanks; a line of a Chinese text is none.
pub(crate) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    is_name.then_some((name, &line[colon + 1..]))
}

/// Whether a media type is one that may hold a form. What is left out cannot:
/// pictures, sounds, styles, scripts, the private parts of Office. The bytes
/// decide about the others.
pub(crate) fn may_hold_form(media_type: &str) -> bool {
    let (kind, of) = media_type.split_once('/').unwrap_or((media_type, ""));
    match kind {
        "image" | "audio" | "video" | "font" | "model" => false,
        "text" => !matches!(of, "css" | "dns") && !is_script(of),
        _ => {
            !is_script(of)
                && !of.starts_with("font")
                && !of.starts_with("x-font")
                && !matches!(
                    of,
                    "x-mso" | "vnd.ms-officetheme" | "vnd.ms-fontobject" | "x-shockwave-flash" | "wasm"
                )
        }
    }
}

/// Whether a media type is of JSON, which may hold a page, or have none to do
/// with pages.
pub(crate) fn is_json_type(media_type: &str) -> bool {
    matches!(media_type.split_once('/'), Some((_, "json" | "jsonl" | "x-ndjson" | "jsonlines" | "json-seq")))
}

fn is_script(of: &str) -> bool {
    of.ends_with("javascript") || of.ends_with("ecmascript") || of.ends_with("+json")
}

/// A parameter of a field's value: `charset` of `text/html; charset="gbk"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter == ';' || letter.is_ascii_whitespace());
        let end = rest.find(['=', ';']).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let Some(after) = after.strip_prefix('=') else {
            if after.is_empty() {
                return None;
            }
            rest = after;
            continue;
        };
        let after = after.trim_start();
        let (found, after) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = after.find([';', ' ', '\t']).unwrap_or(after.len());
                (after[..end].trim_matches('\'').to_owned(), &after[end..])
            }
        };
        if key.trim_end().eq_ignore_ascii_case(name) {
            return (!found.is_empty()).then_some(found);
        }
        rest = after;
    }
}

/// A quoted string from behind its first quote, and what follows it.
fn unquote(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (text, &quoted[at + 1..]),
            '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
            _ => text.push(letter),
        }
    }
    (text, "")
}

/// Decodes the encoded words of RFC 2047: `=?gb2312?B?1KTL4w==?=`. What is
/// none stays.
fn words(text: &str) -> String {
    let mut decoded = String::new();
    // The bytes of words one behind the other: a character may be cut by them.
    let mut run: Option<(&'static Encoding, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((encoding, bytes, length)) = word(from) else {
            end_run(&mut run, &mut decoded);
            decoded.push_str(before);
            decoded.push_str("=?");
            rest = &from[2..];
            continue;
        };
        // Blanks between two words are no text.
        if run.is_none() || !before.trim().is_empty() {
            end_run(&mut run, &mut decoded);
            decoded.push_str(before);
        }
        match &mut run {
            Some((last, all)) if *last == encoding => all.extend(bytes),
            _ => {
                end_run(&mut run, &mut decoded);
                run = Some((encoding, bytes));
            }
        }
        rest = &from[length..];
    }
    end_run(&mut run, &mut decoded);
    decoded.push_str(rest);
    decoded
}

fn end_run(run: &mut Option<(&'static Encoding, Vec<u8>)>, decoded: &mut String) {
    if let Some((encoding, bytes)) = run.take() {
        decoded.push_str(&encoding.decode_without_bom_handling(&bytes).0);
    }
}

/// The encoded word at the start of a text: its encoding, bytes and length.
fn word(text: &str) -> Option<(&'static Encoding, Vec<u8>, usize)> {
    let window = &text.as_bytes()[2..text.len().min(WORD)];
    let mut parts = window.splitn(4, |&byte| byte == b'?');
    let (label, how, word, after) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // A language may follow the label: RFC 2231, section 5.
    let encoding = Encoding::for_label(label.split(|&byte| byte == b'*').next()?)?;
    let mut transfer = match how {
        b"B" | b"b" => Transfer::base64(),
        b"Q" | b"q" => Transfer::quoted_printable(),
        _ => return None,
    };
    if !after.starts_with(b"=") {
        return None;
    }
    let mut bytes = Vec::new();
    for &byte in word {
        // RFC 2047, section 4.2: an underscore is a blank.
        let is_blank = byte == b'_' && matches!(how, b"Q" | b"q");
        transfer.push(if is_blank { b"=20" } else { std::slice::from_ref(&byte) }, &mut bytes);
    }
    Some((encoding, bytes, 2 + label.len() + 1 + how.len() + 1 + word.len() + 2))
}

#[cfg(test)]
mod tests;

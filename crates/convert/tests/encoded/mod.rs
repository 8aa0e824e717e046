//! Documents of the fixtures in other encodings.

use std::collections::{BTreeMap, BTreeSet};

use formgrid_ingest::{Encoding, encoding_for_label};

/// The characters of the fixtures that Big5 does not have, each before the one
/// that stands for it in Taiwan.
const TRADITIONAL: &str = include_str!("traditional.txt");

/// How bytes are encoded: a WHATWG label, and whether a byte-order mark is
/// written.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub label: &'static str,
    pub has_mark: bool,
}

impl Form {
    pub const fn new(label: &'static str) -> Form {
        Form { label, has_mark: false }
    }

    pub const fn marked(label: &'static str) -> Form {
        Form { label, has_mark: true }
    }

    /// What the label stands for.
    pub fn encoding(self) -> &'static Encoding {
        encoding_for_label(self.label).unwrap()
    }

    /// What a record says that it was decoded from.
    pub fn name(self) -> &'static str {
        match self.encoding().name() {
            "GBK" => "gb18030",
            name => name,
        }
    }

    /// The text with what this encoding does not have written otherwise: in
    /// traditional characters, or else as `一`.
    pub fn fitted(self, text: &str) -> String {
        let has = |c: char| {
            let mut buffer = [0; 4];
            let text = c.encode_utf8(&mut buffer);
            let (bytes, _, is_lossy) = self.encoding().encode(text);
            !is_lossy && self.encoding().decode_without_bom_handling(&bytes).0 == *text
        };
        if self.label.starts_with("utf") || self.name() == "gb18030" {
            return text.to_owned();
        }
        let known: BTreeSet<char> = text.chars().collect();
        let written = known.into_iter().map(|c| match c {
            c if has(c) => (c, c),
            c => (c, Some(traditional(c)).filter(|c| has(*c)).unwrap_or('一')),
        });
        let written: BTreeMap<char, char> = written.collect();
        text.chars().map(|c| written[&c]).collect()
    }

    /// The bytes of a text that has been fitted.
    pub fn bytes(self, text: &str) -> Vec<u8> {
        let mark = if self.has_mark { "\u{feff}" } else { "" };
        let units = || [mark, text].into_iter().flat_map(str::encode_utf16);
        match self.name() {
            "UTF-8" => [mark, text].concat().into_bytes(),
            "UTF-16LE" => units().flat_map(u16::to_le_bytes).collect(),
            "UTF-16BE" => units().flat_map(u16::to_be_bytes).collect(),
            "gb18030" => encoding_for_label("gb18030").unwrap().encode(text).0.into_owned(),
            _ => self.encoding().encode(text).0.into_owned(),
        }
    }
}

fn traditional(c: char) -> char {
    let mut pairs = TRADITIONAL.split_whitespace();
    pairs.find_map(|pair| pair.strip_prefix(c)?.chars().next()).unwrap_or(c)
}

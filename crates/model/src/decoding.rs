//! How the bytes of a document became text.

/// What a document's bytes were decoded from, why, and what could not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoding {
    /// The encoding, by its WHATWG name. GBK and gb2312 are decoded as gb18030,
    /// and that is their name here.
    pub encoding: &'static str,
    /// Why that encoding.
    pub from: EncodingFrom,
    /// How many sequences of bytes could not be decoded; each is a U+FFFD.
    pub undecodable: u64,
    /// The offset of the first of them in the document, from 0.
    pub first_undecodable: Option<u64>,
}

/// Why a document was decoded from its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodingFrom {
    /// Its byte-order mark says so.
    Bom,
    /// The document or who delivered it says so, and its bytes bear it out.
    Declared,
    /// Its bytes are of that encoding, whatever is declared.
    #[default]
    Detected,
    /// The user said so.
    Forced,
}

impl EncodingFrom {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            EncodingFrom::Bom => "bom",
            EncodingFrom::Declared => "declared",
            EncodingFrom::Detected => "detected",
            EncodingFrom::Forced => "forced",
        }
    }
}

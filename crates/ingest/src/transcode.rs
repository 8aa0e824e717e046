//! Bytes of one encoding to text, with marks by which offsets lead back.

use std::ops::Range;

use encoding_rs::{Decoder, DecoderResult, Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};
use memchr::memrchr;

/// How many bytes a segment has at least.
const SEGMENT: usize = 1 << 12;

/// How many bytes are decoded at once at most.
const MOST: usize = 1 << 16;

/// How many bytes of text come out of a decoder at once at most.
const ROOM: usize = 1 << 12;

/// Text, and how it came to be.
#[derive(Debug)]
pub struct Transcoded {
    /// The text; U+FFFD stands for each undecodable sequence.
    pub text: String,
    /// Where both text and bytes can be cut, in order, from their starts on.
    pub segments: Vec<Segment>,
    /// How many sequences are undecodable.
    pub undecodable: u64,
    /// The offset of the first one.
    pub first: Option<usize>,
}

/// A stretch of the text that its own bytes alone give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Where it begins in the text.
    pub text: usize,
    /// Where it begins in the bytes.
    pub bytes: usize,
    /// Whether a sequence in it is undecodable.
    pub is_damaged: bool,
}

/// An undecodable sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Where its U+FFFD stands in the text.
    pub text: usize,
    /// Where it begins in the bytes.
    pub from: usize,
    /// Where it ends in the bytes.
    pub to: usize,
}

/// Decodes all bytes from `start` on. None if the text is longer than `most`
/// bytes.
pub fn transcode(bytes: &[u8], start: usize, encoding: &'static Encoding, most: usize) -> Option<Transcoded> {
    let mut decoder = Decoding::new(encoding);
    let mut text = String::with_capacity((bytes.len() - start) / 2 * 3);
    let mut segments = vec![Segment { text: 0, bytes: start, is_damaged: false }];
    let (mut undecodable, mut first) = (0, None);
    let (mut at, mut segment) = (start, start);
    while at < bytes.len() {
        let cut = cut(bytes, segment, at, encoding);
        let end = cut.unwrap_or_else(|| bytes.len().min(at + MOST));
        decoder.decode(bytes, at..end, &mut text, &mut |damage| {
            undecodable += 1;
            first.get_or_insert(damage.from);
            if let Some(last) = segments.last_mut() {
                last.is_damaged = true;
            }
            // Behind it the decoder is as it was at the start, too.
            if damage.to >= segment + SEGMENT && encoding != ISO_2022_JP {
                segment = damage.to;
                let text = damage.text + char::REPLACEMENT_CHARACTER.len_utf8();
                segments.push(Segment { text, bytes: segment, is_damaged: false });
            }
        });
        if text.len() > most {
            return None;
        }
        at = end;
        if cut.is_some() && end < bytes.len() {
            segment = end;
            segments.push(Segment { text: text.len(), bytes: end, is_damaged: false });
        }
    }
    Some(Transcoded { text, segments, undecodable, first })
}

/// The undecodable sequences of one segment, whose bytes these are.
pub fn damages(
    bytes: &[u8],
    segment: Segment,
    end: usize,
    encoding: &'static Encoding,
    found: &mut Vec<Damage>,
) {
    let mut text = String::new();
    found.clear();
    Decoding::new(encoding).decode(bytes, segment.bytes..end, &mut text, &mut |damage| found.push(damage));
    found.iter_mut().for_each(|damage| damage.text += segment.text);
}

/// A decoder, and room for what it gives at once: it is stopped by each
/// undecodable sequence, of which there may be millions, and looks at all the
/// room that it is given each time.
struct Decoding {
    decoder: Decoder,
    room: Box<[u8]>,
}

impl Decoding {
    fn new(encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Decoding { decoder, room: vec![0; ROOM].into() }
    }

    /// Appends the text of this range of the bytes, a U+FFFD for each
    /// undecodable sequence.
    fn decode(&mut self, bytes: &[u8], range: Range<usize>, text: &mut String, each: &mut dyn FnMut(Damage)) {
        let is_last = range.end == bytes.len();
        let mut at = range.start;
        loop {
            let rest = &bytes[at..range.end];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.room, is_last);
            at += read;
            text.push_str(&String::from_utf8_lossy(&self.room[..written]));
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let to = at - usize::from(after);
                    each(Damage { text: text.len(), from: to - usize::from(length), to });
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
}

/// The first place from `at` on where a segment can end: the decoder is then as
/// it was at the start, whatever the bytes. None if there is none near.
fn cut(bytes: &[u8], segment: usize, at: usize, encoding: &'static Encoding) -> Option<usize> {
    let from = at.max(segment + SEGMENT);
    if from >= bytes.len() {
        return (bytes.len() - at <= MOST).then_some(bytes.len());
    }
    let to = bytes.len().min(at + MOST);
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let high = if encoding == UTF_16LE { 1 } else { 0 };
        let even = from + (from - segment) % 2;
        // Not within a pair.
        return (even..to).step_by(2).find(|&n| bytes[n - 2 + high] & 0xfc != 0xd8);
    }
    if encoding != ISO_2022_JP {
        return (from..to).find(|&n| is_always_alone(bytes[n - 1]));
    }
    let mut escape = memrchr(0x1b, &bytes[segment..from]).map(|n| segment + n);
    (from..to).find(|&n| {
        if bytes[n - 1] == 0x1b {
            escape = Some(n - 1);
        }
        let is_in_ascii = escape.is_none_or(|escape| bytes[escape..n].starts_with(b"\x1b(B"));
        is_in_ascii && is_always_alone(bytes[n - 1])
    })
}

/// Whether the byte is a character by itself wherever it stands, in all
/// encodings that keep ASCII: none has it within a longer sequence.
fn is_always_alone(byte: u8) -> bool {
    matches!(byte, 0x00..=0x1a | 0x1c..=0x2f | 0x3a..=0x3f)
}

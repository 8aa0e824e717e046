//! What encoding bytes are of, with what they are declared to be as evidence.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE,
};
use memchr::memmem::{find, find_iter};
use memchr::{memchr, memchr_iter};

use crate::plausible::{UNUSUAL, cost, undecodable};
use crate::sample::sample;
use crate::wide::{is_utf_32, utf_16};

/// How many times as much as the best reading a declared one may cost. What is
/// of another encoding costs ten times as much.
const MARGIN: u32 = 3;

/// What an encoding of single bytes costs if not all is usual in it: a form is
/// Chinese more often than not.
const DOUBT: u32 = 5 * UNUSUAL;

/// How long a sample must be for chardetng to be heard first.
const LONG: usize = 64;

/// How many pieces of the sample it hears, and how many bytes of each.
const PIECES: usize = 8;
const PIECE: usize = 1 << 9;

/// What the bytes of a document without a byte-order mark are. `declared` are
/// its declarations, the strongest first; each is kept unless the bytes say
/// clearly otherwise.
///
/// # Errors
///
/// In words, what the bytes are, if no browser decodes that.
pub fn detect(bytes: &[u8], declared: &[&'static Encoding]) -> Result<&'static Encoding, &'static str> {
    let ascii = Encoding::ascii_valid_up_to(bytes);
    if memchr(0, bytes).is_some() {
        // Ideographs of bytes that are all ASCII are letters with a stray NUL.
        let is_narrow = ascii == bytes.len() && memchr_iter(0, bytes).count() * 3 < bytes.len();
        if !is_narrow && let Some(encoding) = utf_16(bytes) {
            return Ok(encoding);
        }
        if is_utf_32(bytes) {
            return Err("it is UTF-32, which is not read; save it as UTF-8");
        }
    }
    if ascii == bytes.len() {
        return of_ascii(bytes, declared);
    }
    if let Ok(text) = std::str::from_utf8(&bytes[ascii..]) {
        return Ok(of_utf_8(text, declared));
    }
    // Nearly any bytes are valid UTF-16, but few are usual in it.
    if bytes.len() >= LONG / 4
        && bytes.len().is_multiple_of(2)
        && let Some(encoding) = utf_16(bytes)
    {
        return Ok(encoding);
    }
    Ok(by_cost(&sample(bytes), declared))
}

/// Whether the bytes behind a byte-order mark say clearly that it lies.
pub fn contradicts(bytes: &[u8], marked: &'static Encoding) -> bool {
    if marked == UTF_8 {
        std::str::from_utf8(bytes).is_err() && by_cost(&sample(bytes), &[UTF_8]) != UTF_8
    } else {
        utf_16(bytes).is_some_and(|encoding| encoding != marked)
    }
}

/// The name that stands for all encodings that are decoded alike: GBK is GB18030
/// with fewer characters.
pub fn decoded_as(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// Bytes of seven bits: any encoding, or one of those that shift with escapes.
fn of_ascii(bytes: &[u8], declared: &[&'static Encoding]) -> Result<&'static Encoding, &'static str> {
    if find(bytes, b"\x1b$").is_some()
        && ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    {
        return Ok(ISO_2022_JP);
    }
    if is_hz(bytes) {
        return Err(
            "it is HZ (\"~{\" and \"~}\" around its Chinese), which browsers read no more; save it as UTF-8",
        );
    }
    Ok(declared.iter().copied().find(|encoding| encoding.is_ascii_compatible()).unwrap_or(UTF_8))
}

/// Whether seven-bit bytes hold Chinese as HZ does: pairs that are GB 2312
/// without their high bits, two characters or more.
fn is_hz(bytes: &[u8]) -> bool {
    let is_pair = |pair: &[u8]| matches!(pair, [0x21..=0x77, 0x21..=0x7e]);
    let mut pairs = 0;
    for start in find_iter(bytes, b"~{").take(1 << 10) {
        let run = &bytes[start + 2..];
        let end = run.iter().take(1 << 10).position(|&b| b == b'~' || b == b'\n').unwrap_or(0);
        let (run, rest) = run.split_at(end);
        if rest.starts_with(b"~}") && run.chunks(2).all(is_pair) {
            pairs += run.len() / 2;
        }
    }
    pairs >= 2
}

/// Bytes that are valid UTF-8. Only characters of two bytes can also be Chinese
/// in GB18030 or Big5: if they all are, a declaration decides.
fn of_utf_8(text: &str, declared: &[&'static Encoding]) -> &'static Encoding {
    if text.bytes().any(|b| b >= 0xe0) {
        return UTF_8;
    }
    let sample = sample(text.as_bytes());
    match declared.first().copied() {
        Some(declared) if declared == UTF_8 => UTF_8,
        Some(declared) if [GB18030, BIG5].contains(&declared) && cost(&sample, declared, 0) == 0 => declared,
        _ if cost(&sample, GB18030, 0) == 0 && is_rather_gb18030(text) => GB18030,
        _ => UTF_8,
    }
}

/// Whether UTF-8 that is also common Chinese in GB18030 is that: in words, where
/// UTF-8 would have capitals with accents, Greek or Cyrillic without a blank or
/// a usual small letter between them.
fn is_rather_gb18030(text: &str) -> bool {
    let words = || text.split(|c: char| c.is_ascii()).filter(|word| !word.is_empty()).take(1 << 10);
    // Not the symbols of Latin-1: `··`, `°±`.
    words().all(|word| word.chars().count() > 1 && word.chars().any(char::is_alphabetic))
}

/// The encoding in which the sample is most plausible; a declared one unless
/// another is far better.
fn by_cost(sample: &[u8], declared: &[&'static Encoding]) -> &'static Encoding {
    if is_mostly_utf_8(sample) {
        return UTF_8;
    }
    let own = best(sample, declared, u32::MAX);
    // No other can be so much better; nearly all documents end here.
    if let Some((least, declared)) = own
        && least < 2 * UNUSUAL
    {
        return declared;
    }
    // What costs more than a reading that is known need not be counted on.
    let known = own.map_or(u32::MAX, |(cost, _)| cost).min(cost(sample, GB18030, u32::MAX));
    let guess = guess(sample);
    let others =
        if sample.len() < LONG { [UTF_8, GB18030, BIG5, guess] } else { [UTF_8, guess, GB18030, BIG5] };
    let (least, other) = best(sample, &others, known).unwrap_or((0, UTF_8));
    match own {
        None => other,
        Some((own, declared)) => {
            let margin = margin(sample, declared, other);
            if own < least.saturating_mul(margin).saturating_add(2 * UNUSUAL) { declared } else { other }
        }
    }
}

/// Whether more is whole in UTF-8 than not: three characters of three bytes or
/// more, of which hardly any come by chance.
fn is_mostly_utf_8(sample: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in sample.utf8_chunks() {
        whole += chunk.valid().bytes().filter(|byte| matches!(byte, 0xe0..=0xef)).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole >= 3 && whole > 2 * broken
}

/// How many times as much as the other a declared encoding may cost.
fn margin(sample: &[u8], declared: &'static Encoding, other: &'static Encoding) -> u32 {
    // Of damaged UTF-8 much is left that no other encoding has by chance.
    if declared == UTF_8 {
        return MARGIN;
    }
    let fits_less = || undecodable(sample, declared) > 2 * undecodable(sample, other);
    if declared.is_single_byte() || !other.is_single_byte() && fits_less() {
        // In most encodings of single bytes any bytes are something, and pages
        // say windows-1252 without a thought of it; what does not even fit has
        // nothing in its favour but the declaration.
        1
    } else if declared == EUC_KR {
        // Its ideographs are unusual, all of them.
        MARGIN + 1
    } else if declared == GB18030 {
        MARGIN
    } else {
        // Of Chinese in GB18030, about half is usual in the others by chance.
        2
    }
}

/// The first of the encodings in which the sample costs the least, and how much.
/// Costs above `most` are all the same.
fn best(sample: &[u8], encodings: &[&'static Encoding], most: u32) -> Option<(u32, &'static Encoding)> {
    let is_candidate = |encoding: &&Encoding| ![REPLACEMENT, UTF_16LE, UTF_16BE].contains(encoding);
    let candidates = encodings.iter().copied().filter(is_candidate);
    candidates.map(|encoding| (cost_in_all(sample, encoding, most), encoding)).min_by_key(|(cost, _)| *cost)
}

/// What the sample costs, and what it costs that any bytes are something in most
/// encodings of single bytes; but not where all of it is usual.
fn cost_in_all(sample: &[u8], encoding: &'static Encoding, most: u32) -> u32 {
    match cost(sample, encoding, most) {
        0 => 0,
        cost if encoding.is_single_byte() => cost.saturating_add(DOUBT),
        cost => cost,
    }
}

fn guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // It takes as long as all else together, and knows as much from a part.
    for piece in sample.chunks(sample.len().div_ceil(PIECES).max(PIECE)) {
        let piece = &piece[..piece.len().min(PIECE)];
        // From the start of a line to the end of one, if there is any.
        let start = memchr(b'\n', piece).map_or(0, |n| n + 1);
        detector.feed(if start < piece.len() { &piece[start..] } else { piece }, false);
    }
    detector.feed(b"", true);
    decoded_as(detector.guess(Some(b"cn"), Utf8Detection::Deny))
}

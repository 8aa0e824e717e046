//! What is counted of a document's characters.

use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

use super::{COUNT, FIRST, NUMERAL, OTHER, Sieve};

/// How often firm characters of the sieve's words stand where, up to two.
pub(super) struct Counts<'s> {
    sieve: &'s Sieve,
    /// By character: behind something that is not firm; before such a thing.
    begun: Vec<u8>,
    ended: Vec<u8>,
    /// By character: what a tag begins behind, and what stands behind its end.
    before_tag: Vec<bool>,
    behind_tag: Vec<bool>,
    has: Vec<bool>,
    /// By pair.
    pairs: Vec<u8>,
    is_any: bool,
}

/// The firm character that was read last, and what was read since.
#[derive(Default)]
struct Last {
    id: u16,
    /// Whether something not firm has come.
    is_parted: bool,
    begins_tag: bool,
    ends_tag: bool,
}

impl<'s> Counts<'s> {
    /// Reads a text once, from its beginning to its end.
    pub(super) fn of(text: &str, sieve: &'s Sieve) -> Counts<'s> {
        let characters = sieve.characters;
        let mut counts = Counts {
            sieve,
            begun: vec![0; characters],
            ended: vec![0; characters],
            before_tag: vec![false; characters],
            behind_tag: vec![false; characters],
            has: vec![false; characters],
            pairs: vec![0; sieve.pairs.len()],
            is_any: false,
        };
        let mut last = Last { is_parted: true, ..Last::default() };
        // Most documents have no reference by number; then none is looked for.
        let reference = Finder::new("&#");
        let has_references = reference.find(text.as_bytes()).is_some();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let ascii = at..at + ascii_length(&bytes[at..]);
            if !ascii.is_empty() {
                counts.part(&bytes[ascii.clone()], &mut last);
                if has_references {
                    counts.references(text, ascii.clone(), &mut last);
                }
                at = ascii.end;
                continue;
            }
            at += match bytes[at..] {
                // Three bytes, U+3000 to U+FFFF, as UTF-8 has them.
                [first @ 0xE0..=0xEF, second, third, ..] => {
                    let c = u32::from(first & 0xF) << 12
                        | u32::from(second & 0x3F) << 6
                        | u32::from(third & 0x3F);
                    counts.character(c, &mut last);
                    3
                }
                [first, ..] => {
                    last.is_parted = true;
                    if first < 0xE0 { 2 } else { 4 }
                }
                [] => break,
            };
        }
        last.is_parted = true;
        counts.leave(&last);
        counts
    }

    /// Whether any character of the words was found.
    pub(super) fn is_any(&self) -> bool {
        self.is_any
    }

    pub(super) fn has(&self, id: u16) -> bool {
        self.has[usize::from(id)]
    }

    pub(super) fn begun(&self, id: u16) -> u8 {
        self.begun[usize::from(id)]
    }

    pub(super) fn ended(&self, id: u16) -> u8 {
        self.ended[usize::from(id)]
    }

    pub(super) fn paired(&self, pair: u32) -> u8 {
        self.pairs[pair as usize]
    }

    /// Whether tags may have parted two characters of a cell.
    pub(super) fn is_cut(&self, one: u16, other: u16) -> bool {
        self.before_tag[usize::from(one)] && self.behind_tag[usize::from(other)]
    }

    /// Takes characters of ASCII, none of which is firm.
    fn part(&mut self, bytes: &[u8], last: &mut Last) {
        last.is_parted = true;
        last.begins_tag |= memchr(b'<', bytes).is_some();
        last.ends_tag |= memchr(b'>', bytes).is_some();
    }

    /// Takes the ideographs that are written by their numbers.
    fn references(&mut self, text: &str, range: Range<usize>, last: &mut Last) {
        let bytes = &text.as_bytes()[range];
        for at in memchr_iter(b'&', bytes) {
            let (digits, radix) = match bytes[at + 1..] {
                [b'#', b'x' | b'X', ..] => (&bytes[at + 3..], 16),
                [b'#', ..] => (&bytes[at + 2..], 10),
                _ => continue,
            };
            let digits = digits.iter().map_while(|&byte| char::from(byte).to_digit(radix));
            let number =
                digits.fold(0_u32, |number, digit| number.saturating_mul(radix).saturating_add(digit));
            // A tag may begin or end on either side.
            let (begins_tag, ends_tag) = (last.begins_tag, last.ends_tag);
            self.character(number, last);
            *last = Last { is_parted: true, begins_tag, ends_tag, ..*last };
        }
    }

    fn character(&mut self, c: u32, last: &mut Last) {
        let place = c.wrapping_sub(FIRST) as usize;
        let id = if place < COUNT { self.sieve.ids[place] } else { NUMERAL };
        if id == NUMERAL {
            last.is_parted = true;
            return;
        }
        self.leave(last);
        if id != OTHER {
            self.is_any = true;
            let at = usize::from(id);
            self.has[at] = true;
            // What follows a title in its line begins like a line of its own.
            if last.is_parted || last.id == self.sieve.form {
                self.begun[at] = self.begun[at].saturating_add(1).min(2);
            }
            self.behind_tag[at] |= last.ends_tag;
            if let Some(&pair) = self.sieve.places.get(&(last.id, id)) {
                let pair = &mut self.pairs[pair as usize];
                *pair = pair.saturating_add(1).min(2);
            }
        }
        *last = Last { id, ..Last::default() };
    }

    /// Counts what stands behind the last firm character.
    fn leave(&mut self, last: &Last) {
        let at = usize::from(last.id);
        if last.id != OTHER && last.is_parted {
            self.ended[at] = self.ended[at].saturating_add(1).min(2);
            self.before_tag[at] |= last.begins_tag;
        }
    }
}

/// How many characters of ASCII stand at the beginning.
fn ascii_length(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let is_ascii = |word: &&[u8; 8]| u64::from_ne_bytes(**word) & 0x8080_8080_8080_8080 == 0;
    let whole = words.iter().take_while(is_ascii).count() * 8;
    whole + bytes[whole..].iter().take_while(|byte| byte.is_ascii()).count()
}

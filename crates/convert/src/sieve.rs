//! Whether a document may hold a form at all, by a look at its characters: most
//! pages of a crawl hold none, and need not be parsed.
//!
//! # Why it never drops a form
//!
//! `segment` gives out a form in three cases only (`Open::close`), and each needs
//! words of the profiles: two **headers** of a grid, or a **title** and a
//! **label**, or two **labels**, whatever else there is. What is such a word is
//! decided by `profile`, after folding; but folding neither makes nor changes
//! an ideograph. So the ideographs of a word, but for those that may be part of
//! a number, its *firm* characters, stand in the cell in the word's order, and
//! whatever stands between them there is not firm. A cell's text comes from the
//! source by leaving out markup, and all within it that is not shown. For any
//! two firm characters that follow one another in a cell, therefore:
//!
//! - They follow one another in the source, too (a *pair*), or a tag begins
//!   behind the first and a tag ends before the second with nothing firm between:
//!   wherever text was left out or moved, it was tags that said so.
//! - Where a text begins a cell, a line of it, or what follows the colon, bracket
//!   or number of an item, something that is not firm stands right before it in
//!   the source. It may also follow the 表 of a title, or 其中. Where it ends,
//!   something that is not firm, or nothing, stands right behind it.
//!
//! All this is counted, over the whole document, up to two; markup, scripts and
//! attributes included, since more can only make a form seem possible. A word
//! may stand in the document as often as the rarest of its pairs, its beginning
//! and its end. A title may have anything before it and behind it.
//!
//! If a profile has such a word without a firm character, all documents may
//! hold a form.

use formgrid_profile::{Opener, Profiles};
use rustc_hash::FxHashMap;

use self::counts::Counts;

mod counts;

/// Endings that make a title of any line: see `reads_like_title`.
const ENDS: [&str; 4] = ["申报表", "目标表", "自评表", "监控表"];

/// The ideographs that are looked at: folding leaves them as they are.
const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x5200;

/// No character of any word.
const OTHER: u16 = 0;

/// An ideograph that may be part of a number, a date or the number of an item.
const NUMERAL: u16 = u16::MAX;

/// The words that forms begin with, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Sieve {
    /// By ideograph: which of the words' firm characters it is, from 1.
    ids: Vec<u16>,
    /// Two characters that follow one another in a word: their place in `pairs`.
    places: FxHashMap<(u16, u16), u16>,
    pairs: Vec<(u16, u16)>,
    characters: usize,
    words: Vec<Word>,
    /// The characters of 绩, 效 and 表: with them a line may read like a title.
    praise: [u16; 3],
    /// 其 and 中.
    part: [u16; 2],
    /// Whether there is a word that cannot be looked for.
    is_open: bool,
}

/// The firm characters of a word.
#[derive(Debug, Clone)]
struct Word {
    opener: Opener,
    first: u16,
    last: u16,
    /// By their places in `pairs`.
    pairs: Vec<u16>,
    /// The pair that it makes with the 其中 before it.
    after_part: Option<u16>,
}

impl Sieve {
    /// The words of these profiles.
    pub fn new(profiles: &Profiles) -> Sieve {
        let mut sieve = Sieve {
            ids: vec![OTHER; COUNT],
            places: FxHashMap::default(),
            pairs: Vec::new(),
            characters: 1,
            words: Vec::new(),
            praise: [OTHER; 3],
            part: [OTHER; 2],
            is_open: false,
        };
        for c in "零一二三四五六七八九十".chars() {
            sieve.ids[(u32::from(c) - FIRST) as usize] = NUMERAL;
        }
        sieve.praise = ['绩', '效', '表'].map(|c| sieve.id(c).unwrap_or(OTHER));
        sieve.part = ['其', '中'].map(|c| sieve.id(c).unwrap_or(OTHER));
        sieve.pair(sieve.praise[0], sieve.praise[1]);
        sieve.pair(sieve.part[0], sieve.part[1]);
        let ends = ENDS.iter().map(|end| (Opener::Title, *end));
        for (opener, word) in profiles.openers().chain(ends) {
            sieve.add(opener, word);
        }
        sieve
    }

    /// Whether a document with this text may hold a form. If not, it holds none.
    pub fn may_hold_form(&self, text: &str) -> bool {
        if self.is_open {
            return true;
        }
        let counts = Counts::of(text, self);
        let is_title = |word: &Word| word.opener == Opener::Title && self.times(word, &counts) > 0;
        let [merit, effect, form] = self.praise;
        let reads_like_title = || {
            self.places.get(&(merit, effect)).is_some_and(|&pair| self.times_of(pair, &counts) > 0)
                && counts.has(form)
        };
        let count = |opener: Opener, most: u8| {
            let words = self.words.iter().filter(|word| word.opener == opener);
            let mut found = 0;
            for word in words {
                found += self.times(word, &counts);
                if found >= most {
                    return true;
                }
            }
            false
        };
        counts.is_any()
            && (count(Opener::Label, 2)
                || count(Opener::Header, 2)
                || count(Opener::Label, 1) && (reads_like_title() || self.words.iter().any(is_title)))
    }

    /// How often a word may stand in a document, up to two.
    fn times(&self, word: &Word, counts: &Counts) -> u8 {
        if !counts.has(word.first) || !counts.has(word.last) {
            return 0;
        }
        let times = |pair: u16| self.times_of(pair, counts);
        let edges = match word.opener {
            Opener::Title => 2,
            Opener::Label | Opener::Header => {
                let part = self.places.get(&(self.part[0], self.part[1])).map_or(0, |&pair| times(pair));
                let after_part = word.after_part.map_or(0, times).min(part);
                counts.begun(word.first).saturating_add(after_part).min(counts.ended(word.last))
            }
        };
        word.pairs
            .iter()
            .fold(edges.min(2), |least, &pair| if least == 0 { 0 } else { least.min(times(pair)) })
    }

    /// How often two characters may follow one another in a cell, up to two.
    fn times_of(&self, pair: u16, counts: &Counts) -> u8 {
        let (one, other) = self.pairs[usize::from(pair)];
        if counts.is_cut(one, other) { 2 } else { counts.paired(pair) }
    }

    fn add(&mut self, opener: Opener, word: &str) {
        let firm: Vec<u16> = word.chars().filter_map(|c| self.id(c)).collect();
        let (Some(&first), Some(&last)) = (firm.first(), firm.last()) else {
            self.is_open = true;
            return;
        };
        let pairs = firm.windows(2).map(|two| self.pair(two[0], two[1])).collect();
        let after_part = (opener == Opener::Label).then(|| self.pair(self.part[1], first));
        self.words.push(Word { opener, first, last, pairs, after_part });
    }

    /// The number of a firm character, a new one if it is new; none if it is not
    /// firm.
    fn id(&mut self, c: char) -> Option<u16> {
        let place = self.ids.get_mut(u32::from(c).checked_sub(FIRST)? as usize)?;
        if *place == OTHER {
            // There are fewer ideographs than numbers.
            *place = self.characters as u16;
            self.characters += 1;
        }
        (*place != NUMERAL).then_some(*place)
    }

    fn pair(&mut self, one: u16, other: u16) -> u16 {
        let next = self.pairs.len() as u16;
        let place = *self.places.entry((one, other)).or_insert(next);
        if place == next {
            self.pairs.push((one, other));
        }
        place
    }
}

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

/// The ideographs that are looked at, the first of them and how many: folding
/// leaves them as they are.
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
    places: FxHashMap<(u16, u16), u32>,
    pairs: Vec<(u16, u16)>,
    characters: usize,
    words: Vec<Word>,
    /// The pair 绩效 and the character 表: with both a line may read like a title.
    merit: u32,
    form: u16,
    /// The pair 其中, which may stand before a label.
    part: u32,
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
    pairs: Vec<u32>,
    /// The pair that it makes with a 其中 before it; none for a title, which may
    /// begin and end anywhere.
    after_part: Option<u32>,
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
            merit: 0,
            form: OTHER,
            part: 0,
            is_open: false,
        };
        for c in "零一二三四五六七八九十".chars() {
            sieve.ids[(u32::from(c) - FIRST) as usize] = NUMERAL;
        }
        let [merit, effect, form, that, middle] =
            ['绩', '效', '表', '其', '中'].map(|c| sieve.id(c).unwrap_or(OTHER));
        sieve.merit = sieve.pair(merit, effect);
        sieve.form = form;
        sieve.part = sieve.pair(that, middle);
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
        let times = |opener: Opener| {
            let words = self.words.iter().filter(move |word| word.opener == opener);
            words.map(|word| self.times(word, &counts))
        };
        let has_two = |opener: Opener| {
            let mut found = 0;
            times(opener).any(|times| {
                found += times;
                found >= 2
            })
        };
        let has_title = || {
            let reads_like_title = self.times_of(self.merit, &counts) > 0 && counts.has(self.form);
            reads_like_title || times(Opener::Title).any(|times| times > 0)
        };
        counts.is_any()
            && (has_two(Opener::Label)
                || has_two(Opener::Header)
                || times(Opener::Label).any(|times| times > 0) && has_title())
    }

    /// How often a word may stand in a document, up to two.
    fn times(&self, word: &Word, counts: &Counts) -> u8 {
        if !counts.has(word.first) || !counts.has(word.last) {
            return 0;
        }
        let times = |pair: u32| self.times_of(pair, counts);
        let edges = match word.after_part {
            None => 2,
            Some(after_part) => {
                let begun = counts.begun(word.first) + times(self.part).min(times(after_part));
                begun.min(counts.ended(word.last))
            }
        };
        word.pairs.iter().map(|&pair| times(pair)).fold(edges.min(2), u8::min)
    }

    /// How often two characters may follow one another in a cell, up to two.
    fn times_of(&self, pair: u32, counts: &Counts) -> u8 {
        let (one, other) = self.pairs[pair as usize];
        if counts.is_cut(one, other) { 2 } else { counts.paired(pair) }
    }

    fn add(&mut self, opener: Opener, word: &str) {
        let firm: Vec<u16> = word.chars().filter_map(|c| self.id(c)).collect();
        let (Some(&first), Some(&last)) = (firm.first(), firm.last()) else {
            self.is_open = true;
            return;
        };
        let pairs = firm.windows(2).map(|two| self.pair(two[0], two[1])).collect();
        let (_, middle) = self.pairs[self.part as usize];
        let after_part = (opener != Opener::Title).then(|| self.pair(middle, first));
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

    fn pair(&mut self, one: u16, other: u16) -> u32 {
        let next = self.pairs.len() as u32;
        let place = *self.places.entry((one, other)).or_insert(next);
        if place == next {
            self.pairs.push((one, other));
        }
        place
    }
}

//! Whether a document may hold a form at all, by a look at its text as it
//! stands in the source: most pages of a crawl do not, and need not be parsed.
//!
//! # Why it never drops a form
//!
//! `segment` gives out a form in three cases (`Open::close`), and each needs
//! words of the profiles, which fill a cell or a line by themselves:
//!
//! 1. A grid has begun: a row has two cells that are **headers**, or three lines
//!    one below the other are (`Kind::GridHeader`, `stacked_header`).
//! 2. There is a **title** (known, or one that reads like one) and a **label**.
//! 3. There are two cells or lines with a **label**; the columns of tables of
//!    values are labels here, too.
//!
//! So two headers, or two labels, or a title and a label must be found; it does
//! not matter where. What makes a text one of these words is decided by
//! `profile`, after folding. Here only ideographs count that folding leaves as
//! they are, without those that can be part of a number or a year: the *firm*
//! characters. Everything else (ASCII, width, blanks, colons, brackets, numbers
//! of items, dates) is left out of the words and of the text, and so are tags.
//! Whatever folding does to a word, its firm characters stand in the text in
//! their order, one behind the other, and:
//!
//! - A cell or a line ends at something that is not firm: a tag, a tab, the end
//!   of a line. What may stand before a label or header within it (`（一）`, `1.`,
//!   `★`) or behind a label (`：`, `（万元）`) is not firm, either; `其中` before a
//!   label is, and is added to it. So these words have no firm character beside
//!   them. In running text nearly all have, which makes 项目 or 单位 bearable.
//! - A title ends where its line does, before a bracket or before a year. It may
//!   begin with a year (`2020年度`), which is added to it, or the number of an
//!   annex; where it has a `*` or only reads like one, with anything.
//! - Text may be missing from a cell, or have been moved into it, only where a
//!   tag cuts it ([`Run::Cut`]). So a beginning of a word before a cut counts as
//!   the word, and what follows need not be looked for.
//!
//! A workbook, and tab text with tags in it, are always read. So is everything
//! if a profile has such a word without a firm character.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, BuildError};
use formgrid_ingest::{Document, Run};
use formgrid_profile::{Opener, Profiles};

/// The longest word, in characters, and how far apart in a title two may be.
const LONGEST: u32 = 60;

/// Endings that make a title of any line: see `reads_like_title`.
const ENDS: [&str; 4] = ["申报表", "目标表", "自评表", "监控表"];

const TITLE: u8 = 1;
const LABEL: u8 = 2;
const HEADER: u8 = 4;
/// The end of a title: what stands before it is no matter.
const END: u8 = 8;

/// The words that forms begin with, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Sieve {
    /// None if there is a word that cannot be looked for.
    automaton: Option<NFA>,
    /// By pattern of the automaton.
    words: Vec<Word>,
}

/// What a sequence of firm characters is.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    /// How many characters it has.
    length: u32,
    /// What it is by itself.
    whole: u8,
    /// What it is the beginning of.
    part: u8,
}

impl Sieve {
    /// The words of these profiles.
    pub fn new(profiles: &Profiles) -> Sieve {
        let mut words: BTreeMap<String, Word> = BTreeMap::new();
        let mut is_complete = true;
        let ends = ENDS.iter().map(|end| (Opener::TitleEnd, *end));
        for (opener, word) in profiles.openers().chain(ends) {
            let (kind, starts) = match opener {
                Opener::Title => (TITLE, &["", "年", "年度"][..]),
                Opener::TitleEnd => (END, &[""][..]),
                Opener::Label => (LABEL, &["", "其中"][..]),
                Opener::Header => (HEADER, &[""][..]),
            };
            for start in starts {
                is_complete &= add(&mut words, &format!("{start}{word}"), kind);
            }
        }
        let automaton = is_complete.then(|| build(words.keys())).and_then(Result::ok);
        Sieve { automaton, words: words.into_values().collect() }
    }

    /// Whether a document may hold a form. If not, it holds none.
    pub fn may_hold_form(&self, document: &Document<'_>) -> bool {
        let Some(automaton) = &self.automaton else { return true };
        let Ok(start) = automaton.start_state(Anchored::No) else { return true };
        let mut search = Search {
            automaton,
            words: &self.words,
            state: start,
            starts: 0,
            last: None,
            is_inside: false,
            counted: 0,
            praise: 0,
            titles: 0,
            labels: 0,
            headers: 0,
        };
        let found = document.runs(&mut |run| {
            match run {
                Run::Text(text) => search.read(text),
                Run::Cut => search.cut(),
                Run::Unknown => return ControlFlow::Break(()),
            }
            if search.has_enough() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found.is_break()
    }
}

/// Adds the firm characters of a word and each of its beginnings; false if it
/// has none.
fn add(words: &mut BTreeMap<String, Word>, word: &str, kind: u8) -> bool {
    let mut firm = String::new();
    let mut length = 0;
    for c in word.chars().filter(|&c| is_firm(c)) {
        if length > 0 {
            words.entry(firm.clone()).or_default().part |= kind;
        }
        firm.push(c);
        length += 1;
        words.entry(firm.clone()).or_default().length = length;
    }
    if length > 0 {
        words.entry(firm).or_default().whole |= kind;
    }
    length > 0
}

fn build<'w>(words: impl Iterator<Item = &'w String>) -> Result<NFA, BuildError> {
    NFA::builder().dense_depth(4).build(words)
}

/// An ideograph that is no numeral. Folding leaves it as it is.
fn is_firm(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && !matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '零')
}

/// A look through one document.
struct Search<'s> {
    automaton: &'s NFA,
    words: &'s [Word],
    state: StateID,
    /// For each of the last firm characters, the latest in the lowest bit,
    /// whether something else stood before it.
    starts: u128,
    last: Option<char>,
    /// Whether the last character was firm.
    is_inside: bool,
    /// What it was counted for: a cell is one label, whatever else begins so.
    counted: u8,
    /// How many more characters a title that says 绩效 may have.
    praise: u32,
    titles: u32,
    labels: u32,
    headers: u32,
}

impl Search<'_> {
    fn has_enough(&self) -> bool {
        self.headers > 1 || self.labels > 1 || self.labels > 0 && self.titles > 0
    }

    /// Reads a run. What stands beside it is not firm.
    fn read(&mut self, text: &str) {
        let mut rest = text;
        // Tags, scripts of the West and the like are left quickly.
        while let Some(at) = rest.bytes().position(|b| b >= 0x80) {
            if at > 0 {
                self.end();
            }
            rest = &rest[at..];
            let Some(c) = rest.chars().next() else { break };
            match is_firm(c) {
                true => self.step(c, &rest.as_bytes()[..c.len_utf8()]),
                false => self.end(),
            }
            rest = &rest[c.len_utf8()..];
        }
        self.end();
    }

    fn step(&mut self, c: char, bytes: &[u8]) {
        for &byte in bytes {
            self.state = self.automaton.next_state(Anchored::No, self.state, byte);
        }
        self.starts = self.starts << 1 | u128::from(!self.is_inside);
        self.praise = self.praise.saturating_sub(1);
        if (self.last, c) == (Some('绩'), '效') {
            self.praise = LONGEST;
        }
        (self.last, self.is_inside, self.counted) = (Some(c), true, 0);
    }

    /// Something that is not firm comes: words may have ended.
    fn end(&mut self) {
        if !std::mem::take(&mut self.is_inside) {
            return;
        }
        let mut found = self.ended(|word| word.whole);
        if self.last == Some('表') && self.praise > 0 {
            found |= END;
        }
        self.count(found);
    }

    /// The rest of a word may stand elsewhere.
    fn cut(&mut self) {
        let found = self.ended(|word| word.part);
        self.count(found);
        if self.praise > 0 || self.last == Some('绩') {
            self.praise = u32::MAX;
        }
    }

    /// What the words are that end with the last firm character.
    fn ended(&self, kinds: impl Fn(&Word) -> u8) -> u8 {
        let mut found = 0;
        if self.automaton.is_match(self.state) {
            for at in 0..self.automaton.match_len(self.state) {
                let word = &self.words[self.automaton.match_pattern(self.state, at).as_usize()];
                let begins = self.starts >> (word.length - 1) & 1 == 1;
                found |= kinds(word) & if begins { u8::MAX } else { END };
            }
        }
        found
    }

    fn count(&mut self, found: u8) {
        let found = found & !self.counted;
        self.counted |= found;
        self.titles += u32::from(found & (TITLE | END) != 0);
        self.labels += u32::from(found & LABEL != 0);
        self.headers += u32::from(found & HEADER != 0);
    }
}

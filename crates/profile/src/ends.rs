//! Which texts may be known at all: a look at their ends, before they are folded.

use crate::fold::last_folded;
use crate::pattern::is_digit;

/// The characters that known words end with. Most texts of a form are none of
/// its words, and most of these end otherwise.
/// A bit for those that share their last twelve bits: seldom two that matter.
#[derive(Debug, Clone)]
pub(crate) struct Ends(Vec<u64>);

/// How many bits there are.
const BITS: u32 = 1 << 12;

/// What ends a word that is looked up without what is behind it: a unit or a
/// date in brackets, 2020年度.
const CUT: [char; 2] = [')', '度'];

impl Ends {
    /// Adds a folded level word, which may stand without its 指标 or 目标.
    pub(crate) fn add_level_word(&mut self, word: &str) {
        self.add(word);
        self.add("指标");
    }

    /// Adds a folded word.
    pub(crate) fn add(&mut self, word: &str) {
        for c in CUT.into_iter().chain(last_folded(word)) {
            let (word, bit) = place(c);
            self.0[word] |= bit;
        }
    }

    /// Whether a text, however it is written, may be one of the words; with a
    /// year that is written as `{year}` in words, too.
    pub(crate) fn may_end(&self, text: &str) -> bool {
        let holds = |c: char| {
            let (word, bit) = place(c);
            self.0[word] & bit != 0
        };
        last_folded(text).is_none_or(|c| holds(c) || is_digit(c) && holds('}'))
    }
}

impl Default for Ends {
    fn default() -> Self {
        Ends(vec![0; (BITS / u64::BITS) as usize])
    }
}

fn place(c: char) -> (usize, u64) {
    let code = c as u32 % BITS;
    ((code / u64::BITS) as usize, 1 << (code % u64::BITS))
}

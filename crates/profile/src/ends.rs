//! Which texts may be known at all: a look at their ends, before they are folded.

use crate::fold::last_folded;
use crate::pattern::is_digit;

/// The characters that known words end with. Most texts of a form are none of
/// its words, and most of these end otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends(Vec<char>);

/// What ends a word that is looked up without what is behind it: a unit or a
/// date in brackets, 指标 and 目标, 2020年度.
const CUT: [char; 3] = [')', '标', '度'];

impl Ends {
    /// Adds a folded word.
    pub(crate) fn add(&mut self, word: &str) {
        for c in CUT.into_iter().chain(last_folded(word)) {
            if let Err(at) = self.0.binary_search(&c) {
                self.0.insert(at, c);
            }
        }
    }

    /// Whether a text, however it is written, may be one of the words; with a
    /// year that is written as `{year}` in words, too.
    pub(crate) fn may_end(&self, text: &str) -> bool {
        let holds = |c: char| self.0.binary_search(&c).is_ok();
        last_folded(text).is_none_or(|c| holds(c) || is_digit(c) && holds('}'))
    }
}

//! Puts the text of a cell or of a page together, as a reader sees it.

use std::ops::Range;

pub use formgrid_model::is_blank;

/// The text without what is blank at its edges: white space of any script,
/// no-break and ideographic spaces, zero-width marks.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The same for a text of one's own, copied only if there is something to trim.
pub fn trim_owned(text: String) -> String {
    let trimmed = trim(&text);
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// The beginning of a text, for a message about it.
pub fn brief(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where a text stands in the decoded document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line of its first character that is not blank.
    pub line: u32,
    /// From that character to its end, in bytes.
    pub range: Range<usize>,
}

/// Text as it flows, with its line breaks.
#[derive(Debug, Default)]
pub struct Flow {
    text: String,
    /// White space that shows only if more text follows on its line.
    spaces: usize,
    /// Whether that white space holds a line break or a tab.
    folds: bool,
    /// Line breaks that show only if more text follows.
    breaks: usize,
    place: Option<Place>,
}

impl Flow {
    /// Adds text whose white space folds: a run of it that holds a line break
    /// or a tab is one space, any other is kept.
    pub fn push(&mut self, text: &str, place: Option<&Place>) {
        self.extend_place(place);
        for piece in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let word = piece.trim_end_matches(|c: char| c.is_ascii_whitespace());
            self.push_word(word);
            if word.len() < piece.len() {
                self.spaces += 1;
                self.folds |= !piece.ends_with(' ');
            }
        }
    }

    /// Adds text whose white space is kept.
    pub fn push_verbatim(&mut self, text: &str, place: Option<&Place>) {
        self.extend_place(place);
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.line_break();
            }
            self.push_word(line);
        }
    }

    /// Ends the line.
    pub fn line_break(&mut self) {
        (self.spaces, self.folds) = (0, false);
        if !self.text.is_empty() {
            self.breaks += 1;
        }
    }

    /// Begins a line, unless one has just begun.
    pub fn boundary(&mut self) {
        (self.spaces, self.folds) = (0, false);
        if !self.text.is_empty() && self.breaks == 0 {
            self.breaks = 1;
        }
    }

    /// Whether nothing at all was added since the last [`Flow::take`].
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text so far, with what is blank at its edges, and its place; begins
    /// anew.
    pub fn take(&mut self) -> (String, Option<Place>) {
        let flow = std::mem::take(self);
        (flow.text, flow.place)
    }

    fn push_word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.breaks > 0 {
            self.text.extend(std::iter::repeat_n('\n', self.breaks));
        } else if !self.text.is_empty() && self.spaces > 0 {
            let spaces = if self.folds { 1 } else { self.spaces };
            self.text.extend(std::iter::repeat_n(' ', spaces));
        }
        (self.breaks, self.spaces, self.folds) = (0, 0, false);
        self.text.push_str(word);
    }

    fn extend_place(&mut self, place: Option<&Place>) {
        match (&mut self.place, place) {
            (Some(own), Some(place)) => own.range.end = own.range.end.max(place.range.end),
            (own @ None, Some(place)) => *own = Some(place.clone()),
            (_, None) => {}
        }
    }
}

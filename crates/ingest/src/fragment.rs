//! The text of a cell of tab text whose markup is simple.
//!
//! Most cells with markup hold paragraphs, line breaks, elements that change
//! no line, and character references. What these mean needs no tree; to build
//! one takes longer than all else that is done for such a cell. The result is
//! that of the tree to the letter: a property test compares them.

use std::ops::Range;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

use crate::elements::{Role, element};
use crate::lines::Lines;
use crate::markup::{Markup, known_markup};
use crate::parse::place;
use crate::references::sound;
use crate::text::{Flow, Place, is_blank, trim_owned};

/// The text in this range and where it stands. None if there is more to it
/// than a line can tell; `lines` must stand at or before its start.
pub fn simple_text(text: &str, range: Range<usize>, lines: &Lines<'_>) -> Option<(String, Option<Place>)> {
    let text = &text[..range.end];
    let mut reader =
        Reader { text, lines: lines.clone(), flow: Flow::default(), place: None, has_less_than: false };
    let (mut at, mut text_start, mut unclosed, mut divs) = (range.start, range.start, 0, 0_u32);
    while let Some(open) = memchr(b'<', &text.as_bytes()[at..]).map(|n| at + n) {
        let found = known_markup(text, open, &mut unclosed);
        reader.push(text_start..open);
        at = match found {
            Markup::Text => {
                reader.less_than();
                open + 1
            }
            Markup::Aside(end) => end,
            Markup::Unclosed => return None,
            Markup::Tag(tag, end) => {
                match (element(tag.name).unwrap_or(("", Role::Inline)), tag.closing) {
                    (("svg", _), _) => return None,
                    ((_, Role::Inline), _) => {}
                    // An end tag without its start makes an empty one.
                    (("p", _), _) => reader.boundary(),
                    (("br", _), _) => {
                        reader.settle();
                        reader.flow.line_break();
                    }
                    (("div", _), false) => {
                        divs += 1;
                        reader.boundary();
                    }
                    (("div", _), true) if divs > 0 => {
                        divs -= 1;
                        reader.boundary();
                    }
                    (("div", _), true) => reader.settle(),
                    _ => return None,
                }
                // Deeper than this, the tree decides.
                if divs > 100 {
                    return None;
                }
                end
            }
        };
        text_start = at;
    }
    reader.push(text_start..text.len());
    reader.settle();
    let (text, place) = reader.flow.take();
    Some((trim_owned(text), place))
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    flow: Flow,
    /// Where the last text stands.
    place: Option<Place>,
    /// Whether a less-than sign waits for the text behind it, whose place it
    /// shares.
    has_less_than: bool,
}

impl Reader<'_> {
    /// Takes a text without tags.
    fn push(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.place = place(&self.text[range.clone()], range.start, &mut self.lines);
        self.settle();
        let sound = sound(&self.text[range]);
        let mut rest = &*sound;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            self.push_decoded(&rest[..at]);
            let length = match reference(&rest[at..]) {
                Some((chars, length)) => {
                    for c in chars.into_iter().filter(|&c| c != '\0') {
                        self.push_decoded(c.encode_utf8(&mut [0; 4]));
                    }
                    length
                }
                None => {
                    self.push_decoded("&");
                    1
                }
            };
            rest = &rest[at + length..];
        }
        self.push_decoded(rest);
    }

    /// Takes a `<` that begins nothing.
    fn less_than(&mut self) {
        self.settle();
        self.has_less_than = true;
    }

    fn settle(&mut self) {
        if std::mem::take(&mut self.has_less_than) {
            self.push_decoded("<");
        }
    }

    fn boundary(&mut self) {
        self.settle();
        self.flow.boundary();
    }

    /// Takes a text without references; one that is blank has no place.
    fn push_decoded(&mut self, text: &str) {
        let place = self.place.as_ref().filter(|_| text.contains(|c| !is_blank(c)));
        self.flow.push(text, place);
    }
}

/// The characters that the reference at the start of a text stands for, with
/// U+0000 where there is no second one, and its length: the named character
/// reference state and those after the `#` of the HTML standard.
fn reference(text: &str) -> Option<([char; 2], usize)> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        let (digits, base) = match bytes.get(2) {
            Some(b'x' | b'X') => (3, 16),
            _ => (2, 10),
        };
        let count = bytes[digits..].iter().take_while(|&&b| char::from(b).is_digit(base)).count();
        let value = u32::from_str_radix(&text[digits..digits + count], base);
        let end = digits + count;
        let length = end + usize::from(bytes.get(end) == Some(&b';'));
        // Too many digits are too large a number.
        return (count > 0).then(|| ([numbered(value.unwrap_or(u32::MAX)), '\0'], length));
    }
    let mut found = None;
    // Every beginning of a name is in the table, so this ends soon.
    for end in 2..=bytes.len() {
        let Some((first, second)) = text.get(1..end).and_then(|name| NAMED_ENTITIES.get(name)) else { break };
        if let (Some(first @ '\u{1}'..), Some(second)) = (char::from_u32(*first), char::from_u32(*second)) {
            found = Some(([first, second], end));
        }
    }
    found
}

/// The character of a number: the numeric character reference end state.
fn numbered(number: u32) -> char {
    match number {
        0 => '\u{fffd}',
        0x80..=0x9f => {
            C1_REPLACEMENTS[number as usize - 0x80].or(char::from_u32(number)).unwrap_or('\u{fffd}')
        }
        number => char::from_u32(number).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cell_text::cell_text;
    use crate::limits::Budget;
    use crate::parse::{Dialect, parse};
    use crate::tree::ROOT;

    /// The text of the tree is the same, or there is none without a tree.
    fn agrees(text: &str) -> Result<bool, TestCaseError> {
        let budget = Budget::new(crate::Limits::default());
        let tree = parse(text, 0..text.len(), &mut Lines::new(text), Dialect::Cell, &budget, &mut 0).value;
        let expected = cell_text(&tree, ROOT, &mut Vec::new());
        let found = simple_text(text, 0..text.len(), &Lines::new(text));
        if let Some(found) = &found {
            prop_assert_eq!(found, &expected, "{}", text);
        }
        Ok(found.is_some())
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = simple_text(text, 0..text.len(), &Lines::new(text));
        assert_eq!(found.map(|(text, _)| text).as_deref(), expected);
        agrees(text).unwrap();
    }

    #[test]
    fn simple_markup_needs_no_tree() {
        check("<p>甲<br/>乙</p><p style='a'>丙</p>", Some("甲\n乙\n丙"));
        check("a<b>b</b> <o:p></o:p>&nbsp;c</div>d", Some("ab \u{a0}cd"));
        check("x<y &amp; &ge;90&lt", Some("x<y & ≥90<"));
        check("&#20013;&#x4e2D&#0;&#x80;&#99999999999;&#;&#x;", Some("中中&#0;€&#99999999999;&#;&#x;"));
        check("&notit;&notin;&am&bogus;&NotEqualTilde;", Some("¬it;∉&am&bogus;≂̸"));
        check("<div>a<div>b</div>c</div>d</div>e", Some("a\nb\nc\nde"));
        check("<ul><li>a", None);
        check("<table>a", None);
        check("<svg><title/>a", None);
    }

    proptest! {
        #[test]
        fn a_tree_says_the_same(pieces in proptest::collection::vec(0_usize..28, 0..14)) {
            const PIECES: [&str; 28] = [
                "<p>", "</p>", "<br>", "</br>", "<div>", "</div>", "<b>", "</b>", "<span a='<p>'>", "<o:p>", "<!--a-->",
                "<!--", "<x", "<", ">", "&amp;", "&am", "p;", "&nbsp;", "&#10;", "&#x20;", " ", "  ", "\n", "\r\n", "甲",
                "乙 丙", "</b",
            ];
            let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
            agrees(&text)?;
        }
    }
}

//! XML to tags and text. What is no XML is read as far as it goes: a workbook
//! written by a template may hold `a<b`, a bare `&`, or a quote that is not
//! closed, and the cells behind that must not be lost for it.
//!
//! Character references are those of XML; declarations and the entities that
//! they define are passed over, so nothing can grow.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::markup::{Markup, Tag, markup};
use crate::references::pair;

/// The longest name of an element that is one.
const LONGEST_NAME: usize = 64;

/// A piece of a workbook.
#[derive(Debug)]
pub enum Token<'t> {
    /// A start tag.
    Start(Tag<'t>),
    /// An end tag, by its name without a prefix.
    End(&'t str),
    /// Text between tags, and whether its references are to be decoded.
    Text(Range<usize>, bool),
}

/// The tokens of a text, and where each ends.
#[derive(Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    /// Where the next token begins.
    pub at: usize,
    /// The first place that is no XML.
    pub damage: Option<usize>,
}

impl<'t> Tokens<'t> {
    /// The tokens from this offset on.
    pub fn new(text: &'t str, at: usize) -> Self {
        Tokens { text, at, damage: None }
    }

    /// The next token with its place; none at the end.
    pub fn next(&mut self) -> Option<(Token<'t>, Range<usize>)> {
        while self.at < self.text.len() {
            let start = self.at;
            if self.text.as_bytes()[start] != b'<' {
                return Some(self.text_up_to(start, start));
            }
            if self.text[start..].starts_with("<![CDATA[") {
                let inner = start + 9;
                let end = memmem::find(&self.text.as_bytes()[inner..], b"]]>").map(|n| inner + n);
                if end.is_none() {
                    self.damaged(start);
                }
                self.at = end.map_or(self.text.len(), |end| end + 3);
                let content = inner..end.unwrap_or(self.text.len());
                return Some((Token::Text(content, false), start..self.at));
            }
            if start + 1 == self.text.len() {
                self.damaged(start);
                self.at = start + 1;
                return None;
            }
            if self.is_less_than(start) {
                self.damaged(start);
                return Some(self.text_up_to(start, start + 1));
            }
            match markup(self.text, start) {
                Markup::Aside(end) => self.at = aside_end(self.text, start, end),
                Markup::Text => return Some(self.text_up_to(start, start + 1)),
                Markup::Tag(tag, end) if !tag.attributes_hold(b'<') => {
                    self.at = end;
                    return Some((token(tag), start..end));
                }
                // A quote that is not closed: the tag ends at its first `>`.
                Markup::Tag(tag, _) => {
                    self.damaged(start);
                    let end = memchr(b'>', &self.text.as_bytes()[start..]).map(|n| start + n + 1);
                    self.at = end.unwrap_or(self.text.len());
                    return Some((token(tag.bare()), start..self.at));
                }
                Markup::Unclosed => {
                    self.damaged(start);
                    let end = memchr(b'>', &self.text.as_bytes()[start..]).map(|n| start + n + 1);
                    self.at = end.unwrap_or(self.text.len());
                }
            }
        }
        None
    }

    /// The text from `start` to the first `<` at or after `from`.
    fn text_up_to(&mut self, start: usize, from: usize) -> (Token<'t>, Range<usize>) {
        let rest = &self.text.as_bytes()[from..];
        self.at = memchr(b'<', rest).map_or(self.text.len(), |n| from + n);
        (Token::Text(start..self.at, true), start..self.at)
    }

    /// Whether a `<` begins nothing, but is a less-than sign.
    fn is_less_than(&self, at: usize) -> bool {
        let rest = &self.text.as_bytes()[at + 1..];
        match rest.first() {
            Some(b'!' | b'?') => false,
            Some(b'/') => rest.get(1).is_none_or(|b| !b.is_ascii_alphabetic()),
            Some(b) if b.is_ascii_alphabetic() => {
                let is_name = |b: &u8| b.is_ascii_alphanumeric() || b":_-.".contains(b);
                let end = rest.iter().take(LONGEST_NAME).position(|b| !is_name(b));
                !end.is_some_and(|end| rest[end].is_ascii_whitespace() || b"/>".contains(&rest[end]))
            }
            _ => true,
        }
    }

    fn damaged(&mut self, at: usize) {
        self.damage.get_or_insert(at);
    }
}

fn token(tag: Tag<'_>) -> Token<'_> {
    match tag.closing {
        true => Token::End(local(tag.name)),
        false => Token::Start(tag),
    }
}

/// Where an aside ends that ends at `end` by the rules of HTML, in which a
/// declaration holds no others.
pub fn aside_end(text: &str, start: usize, end: usize) -> usize {
    let has_others = text[start..end].starts_with("<!DOCTYPE") && text[start..end].contains('[');
    match has_others {
        true => memmem::find(&text.as_bytes()[start..], b"]>").map_or(text.len(), |n| start + n + 2),
        false => end,
    }
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The character of a reference at the start of a text, and its length there.
pub fn reference(text: &str) -> Option<(char, usize)> {
    let end = memchr(b';', text.as_bytes().get(..12.min(text.len()))?)?;
    let c = match text.get(1..end)? {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        // Not of XML, but what writes HTML writes it here, too.
        "nbsp" => '\u{a0}',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            match code.ok().and_then(char::from_u32) {
                Some(c) => c,
                None => return pair(text),
            }
        }
    };
    Some((c, end + 1))
}

/// The value of an attribute, its references decoded.
pub fn decoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let (c, length) = reference(&rest[at..]).unwrap_or(('&', 1));
        text.push(c);
        rest = &rest[at + length..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str], damage: Option<usize>) {
        let mut tokens = Tokens::new(text, 0);
        let mut found = Vec::new();
        while let Some((token, place)) = tokens.next() {
            found.push(match token {
                Token::Start(tag) => format!("start {} {}", tag.name, &text[place]),
                Token::End(name) => format!("end {name}"),
                Token::Text(range, _) => format!("text {}", &text[range]),
            });
        }
        assert_eq!(found, expected);
        assert_eq!(tokens.damage, damage);
    }

    #[test]
    fn tags_text_and_character_data() {
        check(
            "<?xml?><!--<a>--><ss:A b='>'/>t</ss:A>",
            &["start ss:A <ss:A b='>'/>", "text t", "end A"],
            None,
        );
        check("<![CDATA[<a>]]>b", &["text <a>", "text b"], None);
        check("<!DOCTYPE a><a>", &["start a <a>"], None);
        check("<!DOCTYPE a [<!ENTITY b 'c'>]><a>", &["start a <a>"], None);
    }

    #[test]
    fn what_is_no_markup_is_text_and_told() {
        check("<=5</a>", &["text <=5", "end a"], Some(0));
        check("a<b</a>", &["text a", "text <b", "end a"], Some(1));
        check(
            "<a b=\">t</a><c d=\"e\">",
            &["start a <a b=\">", "text t", "end a", "start c <c d=\"e\">"],
            Some(0),
        );
        check("<![CDATA[x", &["text x"], Some(0));
        check("a<Data ss:Ty", &["text a"], Some(1));
    }

    #[test]
    fn references_are_those_of_xml() {
        assert_eq!(decoded("&#xD842;&#xDFB7;&#xD842;&#0"), "𠮷&#xD842;&#0");
        assert_eq!(decoded("0&quot;&#x4EFD;&quot;&amp;&lol;&#99999999;&"), "0\"份\"&&lol;&#99999999;&");
    }
}

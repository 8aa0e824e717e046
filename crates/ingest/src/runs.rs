//! The text of a document in runs, for a look at it before it is parsed.

use std::ops::{ControlFlow, Range};

use memchr::{memchr, memchr_iter};

use crate::elements::{Role, element};
use crate::layout::{Layout, Region};
use crate::markup::{Markup, markup};
use crate::parse::{raw_text_content_end, raw_text_end};

/// A piece of the text that a document's cells and lines are made of, in the
/// order of its source.
///
/// The characters of a cell, blanks apart, stand in runs of text one behind the
/// other, unless a [`Run::Cut`] parts them: there, and only there, may text be
/// left out or be moved before what stands above it in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run<'t> {
    /// Text without tags, its numeric character references resolved, its named
    /// ones as they are: none of them names a letter of Chinese. A cell or a
    /// line begins and ends where a run does, or at a character of ASCII in it.
    Text(&'t str),
    /// A tag that begins a part of a table, or what is hidden.
    Cut,
    /// A part of the document that only its parser can tell the text of.
    Unknown,
}

/// Hands over the runs of a document until `each` has seen enough.
pub fn runs(
    text: &str,
    regions: &[Region],
    each: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for region in regions {
        match region.layout {
            Layout::Html => runs_of_page(text, region.range.clone(), each)?,
            // Where a fragment of HTML in a cell ends, its cell says.
            Layout::Tab if has_markup(&text.as_bytes()[region.range.clone()]) => each(Run::Unknown)?,
            Layout::Tab => resolved(&text[region.range.clone()], each)?,
            Layout::Workbook => each(Run::Unknown)?,
        }
    }
    ControlFlow::Continue(())
}

fn has_markup(bytes: &[u8]) -> bool {
    let begins = |at: usize| matches!(bytes.get(at + 1), Some(b'!' | b'/' | b'a'..=b'z' | b'A'..=b'Z'));
    memchr_iter(b'<', bytes).any(begins)
}

/// Reads tags exactly as they are fed to the parser (`parse`).
fn runs_of_page(
    text: &str,
    range: Range<usize>,
    each: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let text = &text[..range.end];
    let (mut at, mut start, mut in_svg) = (range.start, range.start, false);
    while let Some(open) = memchr(b'<', &text.as_bytes()[at..]).map(|n| at + n) {
        let (tag, end) = match markup(text, open) {
            Markup::Text => {
                at = open + 1;
                continue;
            }
            Markup::Tag(tag, end) => (Some(tag), end),
            Markup::Aside(end) => (None, end),
            Markup::Unclosed => (None, text.len()),
        };
        resolved(&text[start..open], each)?;
        (at, start) = (end, end);
        let Some(tag) = tag else { continue };
        let (name, role) = element(tag.name).unwrap_or(("", Role::Inline));
        if name == "svg" {
            in_svg = !tag.closing && !tag.is_self_closing();
        }
        if tag.closing || role == Role::Inline {
            continue;
        }
        // Other elements neither hide anything nor move it.
        if !matches!(role, Role::Block | Role::Break | Role::Verbatim) {
            each(Run::Cut)?;
        }
        match name {
            _ if role == Role::HiddenRaw && !(in_svg && tag.is_self_closing()) => {
                at = raw_text_end(text, name, end);
                start = at;
            }
            // Tags in them are text.
            "textarea" | "xmp" => at = raw_text_content_end(text, name, end),
            "plaintext" => break,
            _ => {}
        }
    }
    resolved(&text[start..], each)
}

/// Hands over a text, with its numeric character references as the characters
/// that they stand for.
fn resolved(text: &str, each: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut start = 0;
    for at in memchr_iter(b'&', text.as_bytes()) {
        let Some((found, length)) = text.get(at + 1..).and_then(reference) else { continue };
        each(Run::Text(&text[start..at]))?;
        each(Run::Text(found.encode_utf8(&mut [0; 4])))?;
        start = at + 1 + length;
    }
    match &text[start..] {
        "" => ControlFlow::Continue(()),
        rest => each(Run::Text(rest)),
    }
}

/// The character of a reference behind its `&`, and the length of it: `#39033`,
/// `#x9879`.
fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('#')?;
    let (radix, digits) = match rest.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, rest),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let most = u32::from(char::MAX) + 1;
    let value = digits[..length].chars().filter_map(|c| c.to_digit(radix));
    let value = value.fold(0_u32, |value, digit| (value * radix + digit).min(most));
    let found = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    let semicolon = usize::from(digits[length..].starts_with(';'));
    (length > 0).then_some((found, text.len() - digits.len() + length + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::regions;

    /// The runs, one behind the other; `|` is a cut, `?` is not known.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut found = String::new();
        let _ = runs(text, &regions(text), &mut |run| {
            found.push_str(match run {
                Run::Text(text) => text,
                Run::Cut => "|",
                Run::Unknown => "?",
            });
            ControlFlow::Continue(())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn text_is_what_stands_outside_of_tags() {
        check("甲\t乙\n", "甲\t乙\n");
        check("甲\t<b>乙</b>\n", "?");
        check("甲\t<5\n", "甲\t<5\n");
        check("<p>项<font face='宋体>'>目<!-- 注 > -->名</font>称", "项目名称");
        check("<p>项<style>宋 < 体</style>目<title>文</title>", "项|目|");
        check("<p>项<span style='display:none'>甲</span>目", "项甲目");
        check("<p>项<select hidden>甲</select>目", "项|甲目");
        check("<table><tr><td>项<table><tr><td>目", "|||项|||目");
        check("<p>甲<textarea>乙<b>丙</textarea>丁<xmp><i></xmp>", "甲|乙<b>丙丁<i>");
        check("<p>甲<plaintext>乙<b>", "甲乙<b>");
        check("<p>甲<svg><script/>乙</svg>丙<b 丁", "甲|乙丙");
    }

    #[test]
    fn numbers_are_characters() {
        check(
            "<p>&#39033;&#x76EE;&#X540d&nbsp;&#;&#x;&#99999999999;&#xD800;称&",
            "项目名&nbsp;&#;&#x;\u{fffd}\u{fffd}称&",
        );
    }
}

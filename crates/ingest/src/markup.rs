//! Where a piece of markup ends, by the rules of the HTML tokenizer.
//!
//! <https://html.spec.whatwg.org/multipage/parsing.html#tokenization>

use memchr::{memchr, memchr_iter, memchr3};

use crate::elements::element;

/// How many tags of a text may be unclosed before the rest is plain text.
const MAX_UNCLOSED: u32 = 16;

/// What a `<` begins.
#[derive(Debug, PartialEq, Eq)]
pub enum Markup<'t> {
    /// Nothing: it is a less-than sign.
    Text,
    /// A tag; it ends before this offset.
    Tag(Tag<'t>, usize),
    /// A comment, a declaration or a processing instruction; it ends before
    /// this offset.
    Aside(usize),
    /// Markup that the text ends in.
    Unclosed,
}

/// A start tag or an end tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'t> {
    /// The name as written.
    pub name: &'t str,
    /// Whether it is an end tag.
    pub closing: bool,
    /// What stands between the name and the last `>`.
    attributes: &'t str,
}

impl<'t> Tag<'t> {
    /// The value of the first attribute of that name, character references
    /// left as they are.
    pub fn attribute(&self, name: &str) -> Option<&'t str> {
        let mut at = 0;
        while let Some(attribute) = next_attribute(self.attributes.as_bytes(), at) {
            if self.attributes[attribute.name].eq_ignore_ascii_case(name) {
                return Some(&self.attributes[attribute.value]);
            }
            at = attribute.end;
        }
        None
    }

    /// All attributes in order, character references left as they are.
    pub fn attributes(&self) -> impl Iterator<Item = (&'t str, &'t str)> + use<'t> {
        let text = self.attributes;
        let mut at = 0;
        std::iter::from_fn(move || {
            let attribute = next_attribute(text.as_bytes(), at)?;
            at = attribute.end;
            Some((&text[attribute.name], &text[attribute.value]))
        })
    }

    /// Whether this byte stands among the attributes.
    pub fn attributes_hold(&self, byte: u8) -> bool {
        memchr(byte, self.attributes.as_bytes()).is_some()
    }

    /// The tag without its attributes.
    pub fn bare(self) -> Self {
        Tag { attributes: "", ..self }
    }

    /// Whether it ends with `/>`.
    pub fn is_self_closing(&self) -> bool {
        self.attributes.ends_with('/')
    }
}

/// What the `<` at this offset begins.
pub fn markup(text: &str, at: usize) -> Markup<'_> {
    let bytes = text.as_bytes();
    let to_bracket =
        |from: usize| memchr(b'>', &bytes[from..]).map_or(Markup::Unclosed, |n| Markup::Aside(from + n + 1));
    match bytes[at + 1..] {
        [b'!', b'-', b'-', ..] => comment_end(bytes, at).map_or(Markup::Unclosed, Markup::Aside),
        [b'!' | b'?', ..] => to_bracket(at + 2),
        [b'/', c, ..] if c.is_ascii_alphabetic() => tag(text, at + 2, true),
        [b'/', _, ..] => to_bracket(at + 2),
        [c, ..] if c.is_ascii_alphabetic() => tag(text, at + 1, false),
        _ => Markup::Text,
    }
}

/// What the `<` at this offset begins in tab text, where `x<y` and `<=475` are
/// text: a comment, a tag of an element that HTML knows, or one with a prefix
/// as Office writes them. Each that is not closed costs a search to the end of
/// the text; they are counted, and after too many all others are text.
pub fn known_markup<'t>(text: &'t str, at: usize, unclosed: &mut u32) -> Markup<'t> {
    if *unclosed >= MAX_UNCLOSED || !begins_element(&text[at + 1..]) {
        return Markup::Text;
    }
    match markup(text, at) {
        Markup::Unclosed => {
            *unclosed += 1;
            Markup::Text
        }
        found => found,
    }
}

fn begins_element(rest: &str) -> bool {
    if rest.starts_with("!--") {
        return true;
    }
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let length = rest.bytes().take(17).position(|b| is_space(b) || matches!(b, b'/' | b'>' | b'<'));
    let Some(name) = length.and_then(|length| rest.get(..length)) else { return false };
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (element(name).is_some() || name.contains(':') && name.is_ascii())
}

/// The comment's end; the dashes that open it may close it, too: `<!-->`.
fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let inner = at + 4;
    memchr_iter(b'>', &bytes[inner..]).map(|n| inner + n).find_map(|end| {
        let closed = bytes[at + 2..end].ends_with(b"--") || bytes[inner..end].ends_with(b"--!");
        closed.then_some(end + 1)
    })
}

fn tag(text: &str, name: usize, closing: bool) -> Markup<'_> {
    let bytes = text.as_bytes();
    let name_end = name
        + bytes[name..]
            .iter()
            .position(|&b| is_space(b) || b == b'/' || b == b'>')
            .unwrap_or(bytes.len() - name);
    let Some(end) = tag_end(bytes, name_end) else { return Markup::Unclosed };
    let tag = Tag { name: &text[name..name_end], closing, attributes: &text[name_end..end] };
    Markup::Tag(tag, end + 1)
}

/// The offset of the `>` that ends the tag whose attributes begin here.
fn tag_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    // Most tags hold no quote before their first `>`, and it ends them.
    let first = at + memchr3(b'>', b'"', b'\'', &bytes[at..])?;
    if bytes[first] == b'>' {
        return Some(first);
    }
    while let Some(attribute) = next_attribute(bytes, at) {
        at = attribute.end;
    }
    let end = at + bytes[at..].iter().position(|&b| !is_space(b) && b != b'/')?;
    (bytes[end] == b'>').then_some(end)
}

struct Attribute {
    name: std::ops::Range<usize>,
    value: std::ops::Range<usize>,
    end: usize,
}

/// The attribute that begins at or after this offset; none before a `>`, at
/// the end of the text, or if the text ends in its value.
fn next_attribute(bytes: &[u8], at: usize) -> Option<Attribute> {
    let skip = |from: usize, test: fn(u8) -> bool| {
        from + bytes[from..].iter().position(|&b| !test(b)).unwrap_or(bytes.len() - from)
    };
    let start = skip(at, |b| is_space(b) || b == b'/');
    if matches!(bytes.get(start), None | Some(b'>')) {
        return None;
    }
    // A first equals sign is part of the name.
    let end = skip(start + 1, |b| !is_space(b) && !matches!(b, b'/' | b'>' | b'='));
    let name = start..end;
    let equals = skip(end, is_space);
    if bytes.get(equals) != Some(&b'=') {
        return Some(Attribute { name, value: end..end, end });
    }
    let value = skip(equals + 1, is_space);
    match bytes.get(value) {
        Some(&quote @ (b'"' | b'\'')) => {
            let close = value + 1 + memchr(quote, &bytes[value + 1..])?;
            Some(Attribute { name, value: value + 1..close, end: close + 1 })
        }
        _ => {
            let close = skip(value, |b| !is_space(b) && b != b'>');
            Some(Attribute { name, value: value..close, end: close })
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match markup(text, 0) {
            Markup::Text => "text".to_owned(),
            Markup::Unclosed => "unclosed".to_owned(),
            Markup::Aside(end) => format!("aside {}", &text[..end]),
            Markup::Tag(tag, end) => {
                let kind = if tag.closing { "end tag" } else { "tag" };
                let x = tag.attribute("x").map(|x| format!(" x={x}")).unwrap_or_default();
                format!("{kind} {} {}{x}", tag.name, &text[..end])
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn markup_ends_where_the_tokenizer_ends_it() {
        check("<p>a", "tag p <p>");
        check("</p >a", "end tag p </p >");
        check("<p x=1>a", "tag p <p x=1> x=1");
        check("<p x = '>' y>a", "tag p <p x = '>' y> x=>");
        check("<p y=\"1\"X=\"2\" x=3>", "tag p <p y=\"1\"X=\"2\" x=3> x=2");
        check("<p 'x=\">\">a", "tag p <p 'x=\">\">");
        check("<p x=a\"b>c\">", "tag p <p x=a\"b> x=a\"b");
        check("<p x=>a", "tag p <p x=> x=");
        check("<p/x/>a", "tag p <p/x/> x=");
        check("<p x=\">a", "unclosed");
        check("<p x=\"1\"", "unclosed");
        check("<p", "unclosed");
        check("<=475元", "text");
        check("< p>", "text");
        check("<", "text");
        check("<!---->a-->", "aside <!---->");
        check("<!-->a-->", "aside <!-->");
        check("<!--->a", "aside <!--->");
        check("<!--<p>--!>a", "aside <!--<p>--!>");
        check("<!-- >", "unclosed");
        check("<![if x]>a", "aside <![if x]>");
        check("<?xml?>a", "aside <?xml?>");
        check("</>a", "aside </>");
        check("</元>a", "aside </元>");
    }
}

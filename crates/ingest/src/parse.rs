//! Feeds HTML to html5ever, piece by piece, so that every token's place in the
//! source is known while html5ever handles it.
//!
//! Only what shapes lines and tables is fed. Elements such as `span`, `b` or
//! `o:p` change nothing about the blocks that come out, but most of what is
//! slow and dangerous in tree construction comes from them: the adoption agency
//! and the reconstruction of formatting elements, which is quadratic. Nor are
//! attributes fed, which the tokenizer compares with each other one by one;
//! those that matter are read here.

use std::collections::BTreeMap;
use std::ops::Range;

use formgrid_model::{Diagnostic, Outcome, Problem};
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::Tokenizer;
use html5ever::tree_builder::TreeBuilder;
use html5ever::{TokenizerResult, interface::TreeSink};
use memchr::memmem::find;
use memchr::{memchr, memchr_iter, memchr2_iter};

use crate::Budget;
use crate::elements::{Role, element};
use crate::form_table::{Spans, parse_column_span, parse_spans};
use crate::hidden::hides;
use crate::lines::Lines;
use crate::markup::{Markup, Tag, known_markup, markup};
use crate::references::sound;
use crate::text::{Place, is_blank};
use crate::tree::{Handle, Shape, Sink, Tree};

/// To build a tree of nothing takes as long as so many nodes.
const NODES_OF_NOTHING: u32 = 8;

/// Tags between two looks at the clock.
const PATIENCE: u32 = 1 << 12;

/// The most text that is fed at once, in bytes; html5ever copies it.
const MAX_PIECE: usize = 1 << 16;

/// Which tags in a text are markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// All that HTML says are.
    Page,
    /// Only tags of elements that HTML knows: in a cell of tab text, `x<y` and
    /// `<=475` are just text.
    Cell,
}

/// Parses this range of the text as an HTML document, as far as the budget
/// reaches; `spent` is how many nodes the document has taken of it. `lines` must stand at or before its start.
pub fn parse<'t>(
    text: &'t str,
    range: Range<usize>,
    lines: &mut Lines<'t>,
    dialect: Dialect,
    budget: &Budget,
    spent: &mut u32,
) -> Outcome<Tree> {
    *spent = spent.saturating_add(NODES_OF_NOTHING);
    let tokenizer = Tokenizer::new(TreeBuilder::new(Sink::new(), Default::default()), Default::default());
    let mut feeder = Feeder {
        text: &text[..range.end],
        lines,
        dialect,
        tokenizer,
        queue: BufferQueue::default(),
        hazard: false,
        in_svg: false,
        is_xml: dialect == Dialect::Page && is_xhtml(text),
        bare: String::new(),
        unclosed: 0,
        flattened: BTreeMap::new(),
        too_deep: 0,
        first_too_deep: 0,
        budget,
        left: budget.limits.nodes.saturating_sub(*spent),
        tags: 0,
        diagnostics: Vec::new(),
    };
    feeder.feed_all(range.start);
    feeder.cursor_to(range.end..range.end);
    feeder.tokenizer.end();
    let mut diagnostics = feeder.diagnostics;
    if feeder.too_deep > 0 {
        let problem = Problem::MarkupTooDeep { count: feeder.too_deep, most: budget.limits.depth };
        diagnostics.insert(0, Diagnostic::at_line(problem, feeder.first_too_deep));
    }
    let nodes = feeder.tokenizer.sink.sink.nodes();
    *spent = spent.saturating_add(u32::try_from(nodes).unwrap_or(u32::MAX));
    Outcome { value: feeder.tokenizer.sink.sink.finish(), diagnostics }
}

struct Feeder<'t, 'l> {
    text: &'t str,
    lines: &'l mut Lines<'t>,
    dialect: Dialect,
    tokenizer: Tokenizer<TreeBuilder<Handle, Sink>>,
    queue: BufferQueue,
    /// Whether what follows could be read as one with the text fed last, or
    /// give it a wrong place: after `<`, `&am` or `&amp;`.
    hazard: bool,
    in_svg: bool,
    /// Whether the document says that it is XML, in which elements such as
    /// `<title/>` are empty.
    is_xml: bool,
    /// The tag being fed, without its attributes.
    bare: String,
    /// How many tags of a cell were not closed.
    unclosed: u32,
    /// How many start tags were left out for their depth and are still open, by
    /// name.
    flattened: BTreeMap<&'static str, u32>,
    /// How many there were, and the line of the first.
    too_deep: u64,
    first_too_deep: u32,
    budget: &'l Budget,
    /// How many nodes the tree may have.
    left: u32,
    /// Tags so far.
    tags: u32,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Feeder<'t, '_> {
    fn feed_all(&mut self, start: usize) {
        let mut at = start;
        // Where the text before the next markup begins.
        let mut text_start = start;
        while let Some(open) = memchr(b'<', &self.text.as_bytes()[at..]).map(|n| at + n) {
            let (tag, end) = match self.markup(open) {
                Markup::Tag(tag, end) => (Some(tag), end),
                Markup::Aside(end) => (None, end),
                // As a browser drops it.
                Markup::Unclosed => (None, self.text.len()),
                Markup::Text if self.dialect == Dialect::Page => {
                    at = open + 1;
                    continue;
                }
                Markup::Text => {
                    self.feed_text(text_start..open);
                    self.part();
                    self.feed("&lt;");
                    (at, text_start) = (open + 1, open + 1);
                    continue;
                }
            };
            self.feed_text(text_start..open);
            if self.must_stop(open) {
                return;
            }
            at = match tag {
                Some(tag) => self.feed_tag(&tag, open..end),
                None => {
                    self.feed_aside(open..end);
                    end
                }
            };
            text_start = at;
        }
        self.feed_text(text_start..self.text.len());
    }

    /// Whether the budget is spent; the rest is then left out, and told.
    fn must_stop(&mut self, at: usize) -> bool {
        self.tags = self.tags.wrapping_add(1);
        let line = |lines: &mut Lines<'_>| lines.line_at(at);
        if self.tokenizer.sink.sink.nodes() > self.left as usize {
            let problem = Problem::TooManyNodes { most: self.budget.limits.nodes };
            self.diagnostics.push(Diagnostic::at_line(problem, line(self.lines)));
        } else if self.tags.is_multiple_of(PATIENCE) && self.budget.is_late() {
            self.diagnostics.push(self.budget.late(line(self.lines)));
        }
        !self.diagnostics.is_empty()
    }

    /// What this `<` begins in the dialect.
    fn markup(&mut self, open: usize) -> Markup<'t> {
        if self.dialect == Dialect::Page {
            return markup(self.text, open);
        }
        known_markup(self.text, open, &mut self.unclosed)
    }

    /// Feeds a tag if it shapes the tree; returns where to read on.
    fn feed_tag(&mut self, tag: &Tag<'_>, range: Range<usize>) -> usize {
        let end = range.end;
        let (name, role) = element(tag.name).unwrap_or(("", Role::Inline));
        match (role, tag.closing) {
            (Role::Inline, closing) => {
                if name == "svg" {
                    self.in_svg = !closing && !tag.is_self_closing();
                }
                self.part();
                return end;
            }
            (Role::HiddenRaw, _) => {
                self.part();
                let is_empty = tag.closing || (self.in_svg || self.is_xml) && tag.is_self_closing();
                return if is_empty { end } else { raw_text_end(self.text, name, end) };
            }
            _ if self.is_flattened(name, role, tag.closing) => {
                if !tag.closing && self.too_deep == 1 {
                    self.first_too_deep = self.lines.line_at(range.start);
                }
                self.part();
                return end;
            }
            _ => {}
        }
        self.part();
        self.cursor_to(range);
        let mut bare = std::mem::take(&mut self.bare);
        bare.clear();
        bare.extend([if tag.closing { "</" } else { "<" }, name]);
        let shape = if tag.closing { Shape::default() } else { shape(tag, role, &mut bare) };
        bare.push('>');
        *self.cursor().shape.borrow_mut() = shape;
        self.feed(&bare);
        self.bare = bare;
        self.cursor().shape.take();
        match name {
            "textarea" | "xmp" if !(tag.closing || self.is_xml && tag.is_self_closing()) => {
                let content_end = raw_text_content_end(self.text, name, end);
                self.feed_text(end..content_end);
                content_end
            }
            "plaintext" if !tag.closing => {
                self.feed_text(end..self.text.len());
                self.text.len()
            }
            _ => end,
        }
    }

    /// Whether the tag is left out for the depth of its element: the tree
    /// builder searches its whole stack of open elements at nearly every tag.
    /// Tables are not counted, they bound that search.
    fn is_flattened(&mut self, name: &'static str, role: Role, closing: bool) -> bool {
        if role.is_tabular() || role == Role::Break {
            return false;
        }
        if closing {
            match self.flattened.get_mut(name) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            }
        } else if self.depth() >= self.budget.limits.depth {
            *self.flattened.entry(name).or_default() += 1;
            self.too_deep += 1;
            true
        } else {
            false
        }
    }

    /// A declaration matters for the quirks it stands for; a comment does not.
    fn feed_aside(&mut self, range: Range<usize>) {
        self.part();
        let text = &self.text[range.clone()];
        if text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) && text.ends_with('>') {
            self.cursor_to(range.clone());
            self.feed(text.get(..1 << 10).unwrap_or(text));
            self.feed(if text.len() > 1 << 10 { ">" } else { "" });
        }
    }

    fn feed_text(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let text = &self.text[range.clone()];
        *self.cursor().text.borrow_mut() = place(text, range.start, self.lines);
        let sound = sound(text);
        let mut rest = &*sound;
        while !rest.is_empty() {
            let piece;
            let most = rest.len().min(MAX_PIECE);
            // A character has four bytes at most.
            let end = (most.saturating_sub(3)..=most).rev().find(|&n| rest.is_char_boundary(n));
            (piece, rest) = rest.split_at(end.unwrap_or(most));
            self.feed(piece);
        }
        let tail = &text.as_bytes()[text.len().saturating_sub(40)..];
        // A reference that ends the text is handed on only at the next byte.
        self.hazard = memchr2_iter(b'&', b'<', tail)
            .next_back()
            .is_some_and(|n| !tail[n..tail.len() - 1].iter().any(|&b| b == b';' || b.is_ascii_whitespace()));
    }

    /// Parts the text fed last from the text to come.
    fn part(&mut self) {
        if std::mem::take(&mut self.hazard) {
            self.feed("<!---->");
        }
    }

    fn feed(&mut self, piece: &str) {
        self.queue.push_back(StrTendril::from_slice(piece));
        // It stops after scripts and encoding declarations, which are not ours.
        while !matches!(self.tokenizer.feed(&self.queue), TokenizerResult::Done) {}
    }

    fn cursor_to(&mut self, range: Range<usize>) {
        let line = self.lines.line_at(range.start);
        let cursor = self.cursor();
        cursor.start.set(range.start);
        cursor.end.set(range.end);
        cursor.line.set(line);
    }

    fn cursor(&self) -> &crate::tree::Cursor {
        &self.tokenizer.sink.sink.cursor
    }

    fn depth(&self) -> u32 {
        self.tokenizer.sink.sink.depth.get()
    }
}

/// What the attributes of a start tag say about its place in a table. Spans
/// with character references, which html5ever decodes, are added to `bare`.
fn shape(tag: &Tag<'_>, role: Role, bare: &mut String) -> Shape {
    let mut shape = Shape { role: Some(role), ..Shape::default() };
    match role {
        Role::Cell | Role::HeaderCell => {
            let [rowspan, colspan] = ["rowspan", "colspan"].map(|name| tag.attribute(name));
            if [rowspan, colspan].iter().flatten().any(|value| value.contains('&')) {
                for (name, value) in [(" rowspan=\"", rowspan), (" colspan=\"", colspan)] {
                    let Some(value) = value else { continue };
                    bare.push_str(name);
                    // No number is as long as this.
                    bare.extend(value.chars().take(1 << 8).map(|c| if c == '"' { ' ' } else { c }));
                    bare.push('"');
                }
            }
            (shape.spans, shape.faults) = parse_spans(rowspan, colspan);
        }
        Role::Column | Role::ColumnGroup => {
            shape.spans = Spans { colspan: parse_column_span(tag.attribute("span")), ..Spans::default() };
        }
        Role::HeadGroup | Role::RowGroup | Role::FootGroup | Role::Row | Role::Caption => {}
        _ => return shape,
    }
    shape.conceals = role != Role::Column
        && role != Role::ColumnGroup
        && hides(tag.attribute("style"), tag.attribute("hidden"));
    shape
}

/// Whether a page is XML, by its declaration and its namespace.
fn is_xhtml(text: &str) -> bool {
    let head = &text.as_bytes()[..text.len().min(1 << 10)];
    head.trim_ascii_start().starts_with(b"<?xml") && find(head, b"http://www.w3.org/1999/xhtml").is_some()
}

/// Where the element whose raw text begins here ends, its end tag included.
pub fn raw_text_end(text: &str, name: &str, start: usize) -> usize {
    let content_end = raw_text_content_end(text, name, start);
    match text[content_end..].is_empty() {
        true => content_end,
        false => match markup(text, content_end) {
            Markup::Tag(_, end) => end,
            _ => text.len(),
        },
    }
}

/// Where the raw text that begins here ends: before its end tag.
fn raw_text_content_end(text: &str, name: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    memchr_iter(b'<', &bytes[start..])
        .map(|n| start + n)
        .find(|&open| {
            let tag = &bytes[open + 1..];
            tag.first() == Some(&b'/')
                && tag.get(1..=name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
                && tag.get(name.len() + 1).is_some_and(|&b| b.is_ascii_whitespace() || b == b'/' || b == b'>')
        })
        .unwrap_or(text.len())
}

/// Where the text that begins at this offset has its first and its last
/// character that are not blank.
pub fn place(text: &str, start: usize, lines: &mut Lines<'_>) -> Option<Place> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_blank);
        match rest.strip_prefix("&nbsp;").or_else(|| rest.strip_prefix("&#160;")) {
            Some(after) => rest = after,
            None => break,
        }
    }
    let from = start + text.len() - rest.len();
    let to = start + text.trim_end_matches(is_blank).len();
    (from < to).then(|| Place { line: lines.line_at(from), range: from..to })
}

//! Cuts a document into regions, each in one layout: HTML or tab text.
//!
//! - A workbook is one as a whole.
//! - A page begins at `<!doctype html` or `<html`, or at the start of the
//!   document if that is a tag that only a page begins with. It reaches to the
//!   next page; but if lines of tab text follow its `</html>`, only to there.
//!   A tag that a cell of tab text speaks of (`见<html>`) begins none.
//! - What is outside pages is tab text if any of its lines has a tab after some
//!   text, tags and tables apart, or if several have text and no tag and stand
//!   in no element: cells one to a line, some of them HTML. Each whole `<table>…</table>` in it is HTML.
//! - Else it is HTML if it has a table or a block of HTML, or plain lines.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memrchr2};

use crate::elements::{Role, element};
use crate::lines::Lines;
use crate::markup::{Markup, known_markup, markup};
use crate::parse::raw_text_end;
use crate::text::is_blank;
use crate::workbook::is_workbook;

/// How a region is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As an HTML page or fragment.
    Html,
    /// Line by line, with tabs between cells.
    Tab,
    /// Excel-2003 XML.
    Workbook,
}

/// A stretch of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// How it is to be read.
    pub layout: Layout,
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// The line where it begins.
    pub line: u32,
}

/// The regions of the text, in order.
pub fn regions(text: &str) -> Vec<Region> {
    if is_workbook(text) {
        return vec![Region { layout: Layout::Workbook, range: 0..text.len(), line: 1 }];
    }
    let mut found = Vec::new();
    let mut loose_start = 0;
    for page in pages(text) {
        cut_loose(text, loose_start..page.start, &mut found);
        found.push((Layout::Html, page.clone()));
        loose_start = page.end;
    }
    cut_loose(text, loose_start..text.len(), &mut found);
    let mut lines = Lines::new(text);
    found
        .into_iter()
        .filter(|(_, range)| !range.is_empty())
        .map(|(layout, range)| Region { layout, line: lines.line_at(range.start), range })
        .collect()
}

/// The pages of a document after which a tag begins no other one: to read a
/// page takes time even if nothing is in it.
const MOST_PAGES: u32 = 50_000;

/// The pages of a document.
fn pages(text: &str) -> Vec<Range<usize>> {
    let mut pages = Vec::new();
    // The page being read, whether its `html` tag was seen, and where it ended.
    let mut start = begins_as_page(text).then_some(0);
    let (mut has_html, mut close) = (false, None);
    let mut finish = |start: usize, close: Option<usize>, end: usize| {
        let end = match close {
            Some(close) if has_tab_line(text, close..end, &[]) => close,
            _ => end,
        };
        pages.push(start..end);
    };
    let mut tags = Tags::new(text, 0..text.len());
    // Where the line ends on which a tag stood in a cell: so do the later ones.
    let (mut cells_end, mut starts) = (0, 0_u32);
    while let Some((at, tag)) = tags.next() {
        let begins = tag.starts("!doctype html") || tag.is("html") && (has_html || start.is_none());
        if begins && (at < cells_end || starts == MOST_PAGES) {
            continue;
        }
        if begins && (start.is_none() || close.is_some()) && is_in_cell(text, close.unwrap_or(0), at) {
            cells_end = memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
            continue;
        }
        if begins {
            starts += 1;
            // What is declared before the first page is of it.
            let is_first = starts == 1 && start.is_none() && at <= asides_end(text, 0);
            let from = if is_first { 0 } else { at };
            if let Some(start) = start {
                finish(start, close, at);
            }
            (start, has_html, close) = (Some(from), false, None);
        }
        has_html |= tag.is("html");
        if tag.is("/html") && close.is_none() {
            close = memchr(b'>', &text.as_bytes()[at..]).map(|n| at + n + 1);
        }
        // A script may write pages; in loose text there is none to skip.
        for name in ["script", "style"] {
            if tag.is(name) && start.is_some() {
                tags.at = raw_text_end(text, name, at + 1);
            }
        }
    }
    if let Some(start) = start {
        finish(start, close, text.len());
    }
    pages
}

/// Whether the line up to this place, and after `from`, is cells of tab text.
fn is_in_cell(text: &str, from: usize, at: usize) -> bool {
    let start = memrchr2(b'\n', b'\r', &text.as_bytes()[from..at]).map_or(from, |n| from + n + 1);
    let before = text[start..at].trim_start_matches(is_blank);
    let follows_blank_cell = text[start..at - before.len()].contains('\t');
    (follows_blank_cell && !before.is_empty() && !before.starts_with('<'))
        || has_tab_line(text, start..at, &[])
}

/// Whether the document begins, comments apart, with a tag that tab text does
/// not begin with. It may begin with a declaration of its encoding.
fn begins_as_page(text: &str) -> bool {
    let (mut at, mut is_declared) = (0, false);
    loop {
        at = asides_end(text, at);
        if !text[at..].starts_with('<') {
            break;
        }
        match markup(text, at) {
            Markup::Tag(tag, end) => match element(tag.name).map(|(name, _)| name) {
                Some("meta") => (at, is_declared) = (end, true),
                Some("base" | "body" | "head" | "link" | "script" | "style" | "title") => return true,
                _ => break,
            },
            Markup::Aside(_) | Markup::Text | Markup::Unclosed => break,
        }
    }
    // Several lines with tabs behind it are cells, but for those in a page.
    let rest = at..text.len();
    let second = memchr(b'\t', &text.as_bytes()[at..])
        .and_then(|tab| memchr2(b'\n', b'\r', &text.as_bytes()[at + tab..]).map(|n| at + tab + n));
    let has_lines = second.is_some_and(|second| {
        has_tab_line(text, at..second, &[]) && has_tab_line(text, second..text.len(), &[])
    });
    let has_page = || {
        let mut tags = Tags::new(text, rest.clone());
        std::iter::from_fn(|| tags.next())
            .any(|(_, tag)| ["html", "body", "table"].iter().any(|name| tag.is(name)))
    };
    is_declared && (!has_lines || has_page())
}

/// Where comments and declarations end that follow this place, and blanks.
fn asides_end(text: &str, mut at: usize) -> usize {
    loop {
        at += text[at..].len() - text[at..].trim_start_matches(is_blank).len();
        match text[at..].starts_with('<').then(|| markup(text, at)) {
            Some(Markup::Aside(end)) => at = end,
            _ => return at,
        }
    }
}

/// Cuts what is outside pages.
fn cut_loose(text: &str, range: Range<usize>, found: &mut Vec<(Layout, Range<usize>)>) {
    let tables = tables(text, range.clone());
    if !has_tab_line(text, range.clone(), &tables) && !has_loose_lines(text, range.clone(), &tables) {
        let is_html = !tables.is_empty() || has_block(text, range.clone());
        found.push(match is_html {
            true => (Layout::Html, range),
            false => (Layout::Tab, without_blank_ends(text, range)),
        });
        return;
    }
    let mut start = range.start;
    for table in tables {
        found.push((Layout::Tab, without_blank_ends(text, start..table.start)));
        start = table.end;
        found.push((Layout::Html, table));
    }
    found.push((Layout::Tab, without_blank_ends(text, start..range.end)));
}

/// The range without the tabs and spaces between it and what else is on its
/// first and its last line.
fn without_blank_ends(text: &str, range: Range<usize>) -> Range<usize> {
    let is_padding = |c| matches!(c, ' ' | '\t');
    let (mut start, mut end) = (range.start, range.end);
    if start > 0 && !text[..start].ends_with(['\n', '\r']) {
        let rest = text[start..end].trim_start_matches(is_padding);
        if rest.is_empty() || rest.starts_with(['\n', '\r']) {
            start = end - rest.len();
        }
    }
    if end < text.len() {
        let rest = text[start..end].trim_end_matches(is_padding);
        if rest.is_empty() || rest.ends_with(['\n', '\r']) {
            end = start + rest.len();
        }
    }
    start..end
}

/// The outermost tables, whole. One that is not closed reaches to the first
/// line that clearly is tab text, or to the end.
fn tables(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    let mut tags = Tags::new(text, range.clone());
    while let Some((at, tag)) = tags.next() {
        if tag.is("table") {
            open.push(at);
        } else if tag.is("/table")
            && let Some(start) = open.pop()
        {
            let end = memchr(b'>', &text.as_bytes()[at..range.end]).map_or(range.end, |n| at + n + 1);
            // Tables within this one were closed just before it.
            while closed.last().is_some_and(|inner: &Range<usize>| inner.start > start) {
                closed.pop();
            }
            closed.push(start..end);
        }
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut closed = closed.into_iter().peekable();
    for start in open {
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        while let Some(table) = closed.next_if(|table| table.start < start) {
            push_outermost(&mut found, table);
        }
        found.push(start..plain_tab_line(text, start..range.end).unwrap_or(range.end));
    }
    closed.for_each(|table| push_outermost(&mut found, table));
    found
}

fn push_outermost(found: &mut Vec<Range<usize>>, table: Range<usize>) {
    match found.last_mut() {
        Some(last) if table.start < last.end => last.end = last.end.max(table.end),
        _ => found.push(table),
    }
}

/// Where the first whole line begins that has text, a tab, text and no tag.
fn plain_tab_line(text: &str, range: Range<usize>) -> Option<usize> {
    let mut start = range.start;
    while let Some(end) = memchr2(b'\n', b'\r', &text.as_bytes()[start..range.end]).map(|n| start + n) {
        start = end + 1;
        let line = text[start..range.end].split(['\n', '\r']).next().unwrap_or("");
        let filled = line.split('\t').filter(|cell| cell.contains(|c| !is_blank(c))).count();
        if filled > 1 && !line.contains('<') {
            return Some(start);
        }
    }
    None
}

/// Whether any line has a tab after some text, tags and tables apart.
fn has_tab_line(text: &str, range: Range<usize>, tables: &[Range<usize>]) -> bool {
    let text = &text[..range.end];
    let mut tables = tables.iter().peekable();
    let (mut at, mut has_text, mut unclosed) = (range.start, false, 0);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\n' | '\r' => has_text = false,
            '\t' if has_text => return true,
            '<' => {
                if let Some(table) = tables.next_if(|table| table.start <= at) {
                    at = table.end.max(at + 1);
                    continue;
                }
                match known_markup(text, at, &mut unclosed) {
                    Markup::Aside(end) => at = end,
                    Markup::Tag(tag, end) => {
                        at = match element(tag.name) {
                            Some((name, Role::HiddenRaw)) if !tag.closing => raw_text_end(text, name, end),
                            _ => end,
                        }
                    }
                    Markup::Text | Markup::Unclosed => {
                        has_text = true;
                        at += 1;
                    }
                }
                continue;
            }
            c => has_text |= !is_blank(c),
        }
        at += c.len_utf8();
    }
    false
}

/// Lines of text alone in no element that make a document text, and not HTML.
const FEWEST_LOOSE: usize = 4;

/// Whether several lines hold text, no tag, and stand in no element: HTML sets
/// its text in elements.
fn has_loose_lines(text: &str, range: Range<usize>, tables: &[Range<usize>]) -> bool {
    let text = &text[..range.end];
    let mut tables = tables.iter().peekable();
    let (mut at, mut unclosed, mut open, mut count) = (range.start, 0, 0_usize, 0);
    let (mut has_text, mut is_plain) = (false, true);
    while let Some(c) = text[at..].chars().next() {
        if matches!(c, '\n' | '\r') {
            count += usize::from(has_text && is_plain);
            (has_text, is_plain) = (false, open == 0);
        } else if c == '<' {
            if let Some(table) = tables.next_if(|table| table.start <= at) {
                (at, is_plain) = (table.end.max(at + 1), false);
                continue;
            }
            match known_markup(text, at, &mut unclosed) {
                Markup::Aside(end) => (at, is_plain) = (end, false),
                Markup::Tag(tag, end) => {
                    let element = element(tag.name);
                    open = match element {
                        Some((_, role)) if role.is_block() && tag.closing => open.saturating_sub(1),
                        Some((_, role)) if role.is_block() => open + 1,
                        _ => open,
                    };
                    is_plain = false;
                    at = match element {
                        Some((name, Role::HiddenRaw)) if !tag.closing => raw_text_end(text, name, end),
                        _ => end,
                    };
                }
                Markup::Text | Markup::Unclosed => (at, has_text) = (at + 1, true),
            }
            continue;
        } else {
            has_text |= !is_blank(c);
        }
        at += c.len_utf8();
    }
    count + usize::from(has_text && is_plain) >= FEWEST_LOOSE
}

/// Whether there is a tag that begins a block.
fn has_block(text: &str, range: Range<usize>) -> bool {
    let text = &text[..range.end];
    let mut unclosed = 0;
    let mut opens = memchr_iter(b'<', &text.as_bytes()[range.start..]).map(|n| range.start + n);
    opens.any(|open| match known_markup(text, open, &mut unclosed) {
        Markup::Tag(tag, _) => element(tag.name).is_some_and(|(_, role)| role.is_block()),
        _ => false,
    })
}

/// The places that look like tags, comments apart.
struct Tags<'t> {
    text: &'t str,
    end: usize,
    at: usize,
    /// Whether a comment may still be closed: if one is not, no later one is.
    may_close: bool,
}

/// What follows a `<`.
struct Start<'t>(&'t str);

impl<'t> Tags<'t> {
    fn new(text: &'t str, range: Range<usize>) -> Self {
        Tags { text, end: range.end, at: range.start, may_close: true }
    }

    fn next(&mut self) -> Option<(usize, Start<'t>)> {
        loop {
            let text = &self.text[..self.end];
            let open = self.at + memchr(b'<', text.as_bytes().get(self.at..)?)?;
            self.at = open + 1;
            let rest = &text[open + 1..];
            if !rest.starts_with("!--") {
                return Some((open, Start(rest)));
            }
            if self.may_close {
                match markup(text, open) {
                    Markup::Aside(end) => self.at = end,
                    _ => self.may_close = false,
                }
            }
        }
    }
}

impl Start<'_> {
    fn starts(&self, expected: &str) -> bool {
        self.0.get(..expected.len()).is_some_and(|found| found.eq_ignore_ascii_case(expected))
    }

    /// Whether it is the tag of this name.
    fn is(&self, name: &str) -> bool {
        self.starts(name)
            && self.0[name.len()..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
    }
}

//! Tab text: a line is a row, tabs part its cells, and a cell may hold HTML.
//!
//! LF, CRLF and CR end a line, and nothing else does: vertical tab, form feed,
//! U+0085, U+2028 and U+2029 are text, as they are to spreadsheet programs.

use std::borrow::Cow;
use std::ops::Range;

use formgrid_model::{Block, Cell, Diagnostic, Problem, Row};
use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3};

use crate::cell_text::cell_text;
use crate::fragment::simple_text;
use crate::lines::Lines;
use crate::markup::{Markup, known_markup};
use crate::origin::Places;
use crate::parse::{Dialect, parse};
use crate::text::{is_blank, trim, trim_owned};
use crate::tree::ROOT;
use crate::{Budget, Counters};

/// How far a quoted cell or a paragraph may reach, in bytes. A cell of Excel
/// holds at most 32,767 characters.
const MAX_REACH: usize = 1 << 17;

/// How far it is looked whether a blank line stands behind each line, in bytes.
const SPACING_REACH: usize = 1 << 16;

/// The lines of a region that have not been given out yet.
#[derive(Debug)]
pub struct TabText<'t> {
    /// The whole text, cut at the region's end.
    text: &'t str,
    at: usize,
    lines: Lines<'t>,
    places: Places<'t>,
    /// Whether the quotes around all cells of the line are the format's.
    is_quoted: bool,
    /// Whether a blank line stands behind each line, and says nothing.
    is_spaced: bool,
    /// How many blank lines stand before what is next.
    blank_lines: u32,
    budget: Budget,
    /// What is wrong with the line given out last, the next one last.
    diagnostics: Vec<Diagnostic>,
}

/// A cell as it stands in the text.
struct RawCell<'t> {
    text: Cow<'t, str>,
    range: Range<usize>,
}

impl<'t> TabText<'t> {
    /// The lines of this range; `lines` stands at its start.
    pub fn new(
        text: &'t str,
        range: Range<usize>,
        lines: Lines<'t>,
        places: Places<'t>,
        budget: Budget,
    ) -> Self {
        let (text, at) = (&text[..range.end], range.start);
        let is_spaced = is_spaced(&text[range]);
        let (is_quoted, blank_lines, diagnostics) = (false, 0, Vec::new());
        TabText { text, at, lines, places, is_quoted, is_spaced, blank_lines, budget, diagnostics }
    }

    /// The next line that is not empty.
    pub fn next(&mut self, counters: &mut Counters) -> Option<Block<'t>> {
        if let Some(diagnostic) = self.diagnostics.pop() {
            return Some(Block::Diagnostic(diagnostic));
        }
        while self.at < self.text.len() && counters.nodes <= self.budget.limits.nodes {
            if matches!(self.text.as_bytes()[self.at], b'\n' | b'\r') {
                self.pass_line_end();
                self.end_blank_line(counters);
                continue;
            }
            self.is_quoted = self.is_quoted_line();
            let mut cells = vec![self.cell(&mut counters.nodes)];
            while self.text.as_bytes().get(self.at) == Some(&b'\t') {
                if cells.len() >= self.budget.limits.cells as usize {
                    self.leave_line();
                    break;
                }
                self.at += 1;
                cells.push(self.cell(&mut counters.nodes));
            }
            self.pass_line_end();
            if let [cell] = &cells[..]
                && cell.is_blank()
            {
                self.end_blank_line(counters);
                continue;
            }
            self.blank_lines = 0;
            let (source, row) = counters.next_row();
            for (column, cell) in (1..).zip(&mut cells) {
                (cell.row, cell.column) = (row, column);
            }
            return Some(Block::Line(Row { source, cells }));
        }
        None
    }

    /// Passes over the end of a line, if it is not that of the text.
    fn pass_line_end(&mut self) {
        let rest = &self.text[self.at..];
        self.at += if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    }

    /// A blank line parts what is above it from what is below, unless all lines
    /// are parted so.
    fn end_blank_line(&mut self, counters: &mut Counters) {
        self.blank_lines += 1;
        if !self.is_spaced || self.blank_lines > 1 {
            counters.end_run();
        }
    }

    /// Passes over the rest of the line, which has too many cells.
    fn leave_line(&mut self) {
        let problem = Problem::TooManyCells { most: self.budget.limits.cells };
        self.diagnostics.push(Diagnostic::at_line(problem, self.lines.line_at(self.at)));
        let rest = &self.text.as_bytes()[self.at..];
        self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    /// Reads a cell up to the tab or line end after it.
    fn cell(&mut self, spent: &mut u32) -> Cell<'t> {
        let start = self.at;
        let raw = self.quoted_cell(start).unwrap_or_else(|| self.plain_cell(start));
        let RawCell { text, range } = raw;
        self.at = range.end;
        let bytes = Some(self.places.bytes(range.clone()));
        let leading = text.len() - text.trim_start_matches(is_blank).len();
        let has_markup = has_markup(&text);
        let (text, line) = match text {
            text if !has_markup => {
                let line = self.lines.line_at((start + leading).min(range.end));
                (with_line_feeds(trim_cow(text)), line)
            }
            Cow::Borrowed(_) => {
                let line = self.lines.line_at(start);
                // A quoted cell's text stands within its quotes.
                let inner = match self.text[range.clone()].len() - text.len() {
                    0 => range,
                    _ => range.start + 1..range.end - 1,
                };
                let (text, place) = simple_text(self.text, inner.clone(), &self.lines).unwrap_or_else(|| {
                    let lines = &mut self.lines;
                    let tree = parse(self.text, inner, lines, Dialect::Cell, &self.budget, spent);
                    cell_text(&tree.unpack(&mut self.diagnostics), ROOT, &mut Vec::new())
                });
                (Cow::Owned(text), place.map_or(line, |place| place.line))
            }
            Cow::Owned(text) => {
                let (range, mut lines) = (0..text.len(), Lines::new(&text));
                let (text, _) = simple_text(&text, range.clone(), &lines).unwrap_or_else(|| {
                    let tree = parse(&text, range, &mut lines, Dialect::Cell, &self.budget, spent);
                    cell_text(&tree.unpack(&mut self.diagnostics), ROOT, &mut Vec::new())
                });
                (Cow::Owned(text), self.lines.line_at(start))
            }
        };
        Cell { line, bytes, ..Cell::new(text) }
    }

    /// The cell that begins here, up to a tab or a line end, or further if a
    /// paragraph in it is closed only on a later line.
    fn plain_cell(&self, start: usize) -> RawCell<'t> {
        let bytes = self.text.as_bytes();
        let delimiter =
            |from: usize| memchr3(b'\t', b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |n| from + n);
        let mut end = delimiter(start);
        let mut open_from = start;
        while !matches!(bytes.get(end), None | Some(b'\t'))
            && leaves_paragraph_open(&bytes[open_from..end])
            && let Some(close) = self.paragraph_end(end)
        {
            open_from = close;
            end = delimiter(close);
        }
        RawCell { text: Cow::Borrowed(&self.text[start..end]), range: start..end }
    }

    /// Where the next `</p` stands, if neither a tab nor another paragraph
    /// comes before it.
    fn paragraph_end(&self, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let window = &bytes[from..bytes.len().min(from + MAX_REACH)];
        let tag = memchr2_iter(b'<', b'\t', window)
            .map(|n| from + n)
            .find(|&n| bytes[n] == b'\t' || is_tag(bytes, n, b"p") || is_tag(bytes, n, b"/p"))?;
        (bytes[tag] == b'<' && is_tag(bytes, tag, b"/p")).then_some(tag)
    }

    /// Whether all cells of the line are quoted, blank ones apart: then a
    /// program that quotes everything wrote it. One quoted cell among blank ones
    /// does not say so: its quotes may be its text's.
    fn is_quoted_line(&self) -> bool {
        let bytes = self.text.as_bytes();
        let (mut at, mut quoted, mut blank) = (self.at, 0, 0);
        loop {
            if let Some((close, _)) = self.closing_quote(at) {
                quoted += 1;
                at = close + 1;
            } else {
                let rest = self.text[at..].trim_start_matches(|c| is_blank(c) && !"\t\n\r".contains(c));
                blank += 1;
                at = self.text.len() - rest.len();
            }
            match bytes.get(at) {
                Some(b'\t') => at += 1,
                None | Some(b'\n' | b'\r') => return quoted > 1 || quoted == 1 && blank == 0,
                Some(_) => return false,
            }
        }
    }

    /// The cell that begins here if it is quoted, as Excel and RFC 4180 quote:
    /// for a line break, a tab or a quote in it; Excel also for the commas of a
    /// number (`"500,000"`).
    fn quoted_cell(&self, start: usize) -> Option<RawCell<'t>> {
        let (close, has_quote) = self.closing_quote(start)?;
        let content = &self.text[start + 1..close];
        let is_number =
            content.contains(',') && content.bytes().all(|b| b.is_ascii_digit() || b".,-%".contains(&b));
        let needs_quotes =
            has_quote || is_number || memchr3(b'\t', b'\n', b'\r', content.as_bytes()).is_some();
        if !needs_quotes && !self.is_quoted {
            return None;
        }
        let text = if has_quote { Cow::Owned(content.replace("\"\"", "\"")) } else { Cow::Borrowed(content) };
        Some(RawCell { text, range: start..close + 1 })
    }

    /// Where the quote stands that closes the cell which one opens here, and
    /// whether there are quotes in the cell.
    fn closing_quote(&self, start: usize) -> Option<(usize, bool)> {
        let bytes = self.text.as_bytes();
        if bytes.get(start) != Some(&b'"') {
            return None;
        }
        let most = bytes.len().min(start + MAX_REACH);
        let mut at = start + 1;
        let mut has_quote = false;
        let close = loop {
            let quote = at + memchr(b'"', bytes.get(at..most)?)?;
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            has_quote = true;
            at = quote + 2;
        };
        let ends = matches!(bytes.get(close + 1), None | Some(b'\t' | b'\n' | b'\r'));
        ends.then_some((close, has_quote))
    }
}

/// Whether a blank line stands behind nearly every line: programs double line
/// ends, as FTP makes CR CR LF of CR LF.
fn is_spaced(text: &str) -> bool {
    let mut reach = text.len().min(SPACING_REACH);
    while !text.is_char_boundary(reach) {
        reach -= 1;
    }
    let (mut lines, mut together, mut was_filled) = (0_u32, 0, false);
    let ended = text[..reach].split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    for line in ended.flat_map(|line| line.split('\r')) {
        let is_filled = !line.chars().all(is_blank);
        lines += u32::from(is_filled);
        together += u32::from(is_filled && was_filled);
        was_filled = is_filled;
    }
    lines >= 6 && together * 10 <= lines
}

/// Whether the text must go through an HTML parser: for a tag, or for a
/// character reference.
fn has_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = memchr2(b'<', b'&', bytes) else { return false };
    if memchr(b'&', &bytes[first..]).is_some_and(|n| memchr(b';', &bytes[first + n..]).is_some()) {
        return true;
    }
    let mut unclosed = 0;
    memchr_iter(b'<', bytes).any(|open| known_markup(text, open, &mut unclosed) != Markup::Text)
}

/// Whether the last paragraph that begins in the text does not end in it.
fn leaves_paragraph_open(bytes: &[u8]) -> bool {
    let last = memchr_iter(b'<', bytes).rev().find(|&n| is_tag(bytes, n, b"p") || is_tag(bytes, n, b"/p"));
    last.is_some_and(|n| is_tag(bytes, n, b"p"))
}

/// Whether the `<` here begins the tag of that name.
fn is_tag(bytes: &[u8], open: usize, name: &[u8]) -> bool {
    let rest = &bytes[open + 1..];
    rest.len() > name.len()
        && rest[..name.len()].eq_ignore_ascii_case(name)
        && (rest[name.len()].is_ascii_whitespace() || rest[name.len()] == b'>')
}

/// The text with every line end in it as `\n`.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    match memchr(b'\r', text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        None => text,
    }
}

fn trim_cow(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        Cow::Owned(text) => Cow::Owned(trim_owned(text)),
    }
}

//! From the tags of a workbook to its sheets, one at a time.

use std::collections::HashMap;
use std::ops::Range;

use formgrid_model::{Diagnostic, Problem};
use memchr::memchr;

use super::format::{NumberFormat, date_time};
use super::sheet::{Sheet, SheetCell, SheetRow};
use super::tokens::{Token, Tokens, decoded, local, reference};
use crate::Budget;
use crate::lines::Lines;
use crate::markup::Tag;
use crate::origin::Places;
use crate::parse::place;
use crate::text::{Flow, brief, trim_owned};

/// How far styles refer to each other.
const LONGEST_CHAIN: usize = 16;

/// Tokens between two looks at the clock.
const PATIENCE: u32 = 1 << 12;

/// Reads sheets from tags.
#[derive(Debug)]
pub struct Reader<'t> {
    text: &'t str,
    tokens: Tokens<'t>,
    lines: Lines<'t>,
    places: Places<'t>,
    budget: Budget,
    styles: HashMap<String, Style>,
    /// The style that is being read.
    style: String,
    /// The sheet that is being read, once its tag was.
    sheet: Option<Sheet>,
    inside: Inside,
    /// Whether the end of the workbook was read.
    is_whole: bool,
    /// What ended the reading before the end.
    stopped: Option<Diagnostic>,
}

/// A style: its own number format, and the style that it goes on from.
#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    format: Option<NumberFormat>,
}

/// What is open at the token that is read.
#[derive(Debug, Default)]
struct Inside {
    table: bool,
    /// `Visible`, which says whether the sheet is hidden.
    visible: bool,
    table_style: String,
    row_style: String,
    cell: Option<OpenCell>,
}

/// A cell whose end is still to come.
#[derive(Debug)]
struct OpenCell {
    cell: SheetCell,
    style: Option<String>,
    /// The type of its data.
    kind: String,
    flow: Flow,
    /// The comment on it.
    comment: Flow,
    /// The element whose text is not the cell's: `Comment`, `PhoneticText`.
    aside: Option<&'static str>,
}

impl<'t> Reader<'t> {
    /// The sheets of this text.
    pub fn new(text: &'t str, lines: Lines<'t>, places: Places<'t>, budget: Budget) -> Self {
        Reader {
            text,
            tokens: Tokens::new(text, 0),
            lines,
            places,
            budget,
            styles: HashMap::new(),
            style: String::new(),
            sheet: None,
            inside: Inside::default(),
            is_whole: false,
            stopped: None,
        }
    }

    /// The next sheet, read to its end; none after the last.
    pub fn next_sheet(&mut self) -> Option<Sheet> {
        let mut count = 0_u32;
        while self.stopped.is_none() {
            count = count.wrapping_add(1);
            if count.is_multiple_of(PATIENCE) && self.budget.is_late() {
                self.stopped = Some(self.budget.late(self.lines.line_at(self.tokens.at)));
                break;
            }
            let Some((token, place)) = self.tokens.next() else { break };
            let done = match token {
                Token::Start(tag) => self.start(&tag, place),
                Token::End(name) => self.end(name, &place),
                Token::Text(range, has_references) => {
                    self.text(range, has_references);
                    None
                }
            };
            if done.is_some() {
                return done;
            }
        }
        self.end_sheet(self.tokens.at)
    }

    /// What is wrong with the workbook, after its last sheet.
    pub fn close(&mut self) -> impl Iterator<Item = Diagnostic> + use<> {
        let mut found = Vec::new();
        let mut lines = Lines::new(self.text);
        if let Some(at) = self.tokens.damage {
            let text = brief(self.text[at..].lines().next().unwrap_or(""));
            found.push(Diagnostic::at_line(Problem::DamagedMarkup { text }, lines.line_at(at)));
        }
        if self.stopped.is_none() && !self.is_whole {
            found.push(Diagnostic::at_line(Problem::CutShort, lines.line_at(self.text.len())));
        }
        found.extend(self.stopped.take());
        found.into_iter()
    }

    fn start(&mut self, tag: &Tag<'t>, place: Range<usize>) -> Option<Sheet> {
        let name = local(tag.name);
        let is_empty = tag.is_self_closing();
        match name {
            "Style" => {
                self.style = attribute(tag, "ID").unwrap_or_default();
                let style = Style { parent: attribute(tag, "Parent"), format: None };
                self.styles.insert(self.style.clone(), style);
            }
            "NumberFormat" => {
                let format = attribute(tag, "Format").map(|code| NumberFormat::read(&code));
                if let Some(style) = self.styles.get_mut(&self.style) {
                    style.format = format;
                }
            }
            "Worksheet" => {
                let done = self.end_sheet(place.start);
                let line = self.lines.line_at(place.start);
                let name = attribute(tag, "Name").unwrap_or_default();
                self.sheet = (!is_empty).then(|| Sheet::new(name, line, self.budget.limits.cells));
                return done;
            }
            "Visible" => self.inside.visible = self.sheet.is_some() && !is_empty,
            "Table" if self.sheet.is_some() && !is_empty => {
                self.inside.table = true;
                self.inside.table_style = attribute(tag, "StyleID").unwrap_or_default();
            }
            "Column" if self.inside.table => self.column(tag),
            "Row" if self.inside.table => self.row(tag, place),
            "Cell" if self.inside.table => self.cell(tag, place),
            "Data" => {
                if let Some(open) = self.inside.cell.as_mut().filter(|open| open.aside.is_none()) {
                    open.kind = attribute(tag, "Type").unwrap_or_default();
                }
            }
            "Comment" | "PhoneticText" if !is_empty => {
                if let Some(open) = &mut self.inside.cell {
                    open.aside = Some(if name == "Comment" { "Comment" } else { "PhoneticText" });
                }
            }
            _ => {}
        }
        None
    }

    fn end(&mut self, name: &str, place: &Range<usize>) -> Option<Sheet> {
        match name {
            "Workbook" => {
                self.is_whole = true;
                return self.end_sheet(place.start);
            }
            "Worksheet" => return self.end_sheet(place.start),
            "Visible" => self.inside.visible = false,
            "Table" => {
                self.end_cell(place.start);
                self.inside.table = false;
            }
            "Row" => self.end_cell(place.start),
            "Cell" => self.end_cell(place.start),
            name => {
                if let Some(open) = self.inside.cell.as_mut().filter(|open| open.aside == Some(name)) {
                    open.aside = None;
                }
            }
        }
        None
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let Some(sheet) = &mut self.sheet else { return };
        let number = |name: &str| attribute(tag, name).and_then(|text| text.trim().parse::<u32>().ok());
        let is_hidden = is_true(attribute(tag, "Hidden"));
        sheet.add_columns(number("Index"), number("Span").unwrap_or(0), is_hidden, attribute(tag, "StyleID"));
    }

    fn row(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        self.end_cell(place.start);
        let line = self.lines.line_at(place.start);
        self.inside.row_style = attribute(tag, "StyleID").unwrap_or_default();
        let Some(sheet) = &mut self.sheet else { return };
        let number = |name: &str| attribute(tag, name).and_then(|text| text.trim().parse::<u32>().ok());
        let row = SheetRow { line, is_hidden: is_true(attribute(tag, "Hidden")), cells: Vec::new() };
        let fits = sheet.add_row(row, number("Index"), number("Span").unwrap_or(0));
        self.stop_unless(fits, line);
    }

    fn cell(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        self.end_cell(place.start);
        let mut cell = SheetCell::default();
        let mut style = None;
        for (name, value) in tag.attributes() {
            match local(name) {
                "Index" => cell.index = value.trim().parse().ok().filter(|&index| index > 0),
                "MergeAcross" => cell.across = cell.merge("ss:MergeAcross", value),
                "MergeDown" => cell.down = cell.merge("ss:MergeDown", value),
                "StyleID" => style = Some(decoded(value)),
                _ => {}
            }
        }
        cell.line = self.lines.line_at(place.start);
        cell.content = place.end..place.end;
        let (kind, flow, comment) = (String::new(), Flow::default(), Flow::default());
        self.inside.cell = Some(OpenCell { cell, style, kind, flow, comment, aside: None });
        if tag.is_self_closing() {
            self.end_cell(place.end);
        }
    }

    /// Text between tags: a cell's, whether in its data or, as it should not
    /// be, beside it.
    fn text(&mut self, range: Range<usize>, has_references: bool) {
        if self.inside.visible && self.text[range.clone()].contains("Hidden") {
            self.sheet.iter_mut().for_each(|sheet| sheet.is_hidden = true);
        }
        let text = self.text;
        let Some(open) = &mut self.inside.cell else {
            let text = &text[range.clone()];
            let place = if self.inside.table { place(text, range.start, &mut self.lines) } else { None };
            if let (Some(sheet), Some(place)) = (&mut self.sheet, place) {
                sheet.add_stray(text.trim(), place.line);
            }
            return;
        };
        let flow = match open.aside {
            None => &mut open.flow,
            Some("Comment") => &mut open.comment,
            Some(_) => return,
        };
        let place = place(&text[range.clone()], range.start, &mut self.lines);
        let mut rest = &text[range];
        while let Some(at) = memchr(b'&', rest.as_bytes()).filter(|_| has_references) {
            flow.push(&rest[..at], place.as_ref());
            let length = match reference(&rest[at..]) {
                Some(('\n', length)) => {
                    flow.line_break();
                    length
                }
                Some(('\r', length)) => length,
                Some((c, length)) => {
                    flow.push_verbatim(c.encode_utf8(&mut [0; 4]), place.as_ref());
                    length
                }
                None => {
                    flow.push_verbatim("&", place.as_ref());
                    1
                }
            };
            rest = &rest[at + length..];
        }
        flow.push(rest, place.as_ref());
    }

    fn end_cell(&mut self, end: usize) {
        let Some(open) = self.inside.cell.take() else { return };
        let OpenCell { mut cell, style, kind, mut flow, mut comment, .. } = open;
        let Some(sheet) = &mut self.sheet else { return };
        let (text, place) = flow.take();
        let text = trim_owned(text);
        let place_line = place.map(|place| place.line);
        cell.line = place_line.unwrap_or(cell.line);
        let column_style = sheet.column_style(&cell);
        let own =
            [style.as_deref(), Some(&self.inside.row_style), column_style, Some(&self.inside.table_style)];
        let style = own.into_iter().flatten().find(|id| !id.is_empty()).unwrap_or("Default");
        cell.text = match &*kind {
            "Number" => match format_of(&self.styles, style) {
                Some(format) => format.print(&text),
                None => NumberFormat::default().print(&text),
            },
            "DateTime" => date_time(&text),
            "Boolean" if text == "1" => "TRUE".to_owned(),
            "Boolean" if text == "0" => "FALSE".to_owned(),
            _ => text,
        };
        cell.content.end = end.max(cell.content.start);
        cell.bytes = Some(self.places.bytes(cell.content.clone()));
        let comment = trim_owned(comment.take().0);
        if !comment.is_empty() {
            let problem = Problem::CellComment { cell: brief(&cell.text), comment };
            sheet.diagnostics.push(Diagnostic::at_line(problem, cell.line));
        }
        let line = cell.line;
        let fits = sheet.add_cell(cell);
        self.stop_unless(fits, line);
    }

    fn end_sheet(&mut self, at: usize) -> Option<Sheet> {
        self.end_cell(at);
        self.inside = Inside::default();
        self.sheet.take()
    }

    fn stop_unless(&mut self, fits: bool, line: u32) {
        if !fits && self.stopped.is_none() {
            let problem = Problem::TooManyCells { most: self.budget.limits.cells };
            self.stopped = Some(Diagnostic::at_line(problem, line));
        }
    }
}

/// The number format of a style, its own or the one it goes on from.
fn format_of<'s>(styles: &'s HashMap<String, Style>, id: &str) -> Option<&'s NumberFormat> {
    let first = styles.get(id);
    let chain = std::iter::successors(first, |style| styles.get(style.parent.as_ref()?));
    chain.take(LONGEST_CHAIN).find_map(|style| style.format.as_ref())
}

/// The value of an attribute, whatever its prefix.
fn attribute(tag: &Tag<'_>, name: &str) -> Option<String> {
    tag.attributes().find(|(found, _)| local(found) == name).map(|(_, value)| decoded(value))
}

fn is_true(value: Option<String>) -> bool {
    value.is_some_and(|value| matches!(value.trim(), "1" | "true"))
}

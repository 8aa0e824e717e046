//! Excel-2003 XML (XML Spreadsheet): each worksheet is a table.
//!
//! Merged cells are spans, `ss:Index` is the place of a cell, and both go
//! through the table forming of HTML, so that wrong merges are found and told
//! as wrong spans are. What Excel prints is the text: a percent format shifts
//! the point, a day is a day. Hidden rows, columns and sheets are no part of
//! any table and are told, as are comments.
//!
//! - `tokens`: text to tags, whatever is wrong with the XML.
//! - `format`: a number and its format to what is printed.
//! - `read`: tags to sheets.
//! - `sheet`: a sheet to a formed table.

mod format;
mod read;
mod sheet;
mod tokens;

use std::collections::VecDeque;

use formgrid_model::{Block, Diagnostic, Problem};

use crate::lines::Lines;
use crate::markup::{Markup, markup};
use crate::origin::Places;
use crate::text::is_blank;
use crate::{Budget, Counters};

use read::Reader;
pub use tokens::decoded;

/// The namespace of its elements.
const NAMESPACE: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// Whether the text is a workbook: its root element is `Workbook` in the
/// namespace of Excel, or it says that Excel is to open it.
pub fn is_workbook(text: &str) -> bool {
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches(is_blank).len();
        if !text[at..].starts_with('<') {
            return false;
        }
        match markup(text, at) {
            Markup::Aside(end) => {
                let aside = &text[at..end];
                if aside.starts_with("<?mso-application") && aside.contains("Excel.Sheet") {
                    return true;
                }
                at = tokens::aside_end(text, at, end);
            }
            Markup::Tag(tag, _) => {
                return tokens::local(tag.name) == "Workbook"
                    && tag.attributes().any(|(_, value)| value.eq_ignore_ascii_case(NAMESPACE));
            }
            Markup::Text | Markup::Unclosed => return false,
        }
    }
}

/// The tables of a workbook that have not been given out yet.
#[derive(Debug)]
pub struct Workbook<'t> {
    reader: Reader<'t>,
    ready: VecDeque<Block<'static>>,
    has_ended: bool,
}

impl<'t> Workbook<'t> {
    /// All sheets of this text.
    pub fn new(text: &'t str, places: Places<'t>, budget: Budget) -> Self {
        let reader = Reader::new(text, Lines::new(text), places, budget);
        Workbook { reader, ready: VecDeque::new(), has_ended: false }
    }

    /// The next table, or what is wrong with the workbook.
    pub fn next(&mut self, counters: &mut Counters) -> Option<Block<'static>> {
        while self.ready.is_empty() && !self.has_ended {
            match self.reader.next_sheet() {
                Some(sheet) if sheet.is_hidden => {
                    let cells = sheet.filled();
                    let problem = Problem::HiddenSheet { name: sheet.name, cells };
                    self.ready.push_back(Block::Diagnostic(Diagnostic::at_line(problem, sheet.line)));
                }
                Some(sheet) if sheet.is_empty() => {}
                Some(sheet) => {
                    counters.tables += 1;
                    counters.end_run();
                    self.ready.push_back(Block::Table(sheet.into_table(counters.tables)));
                }
                None => {
                    self.has_ended = true;
                    self.ready.extend(self.reader.close().map(Block::Diagnostic));
                }
            }
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_known_by_its_root() {
        #[track_caller]
        fn check(text: &str, expected: bool) {
            assert_eq!(is_workbook(text), expected, "{text}");
        }
        check("<?xml version='1.0'?>\n<?mso-application progid=\"Excel.Sheet\"?>", true);
        check(&format!("<!-- a --><ss:Workbook xmlns:ss='{NAMESPACE}'>"), true);
        check(&format!("<Workbook xmlns=\"{NAMESPACE}\" x='<'>"), true);
        check("<Workbook>", false);
        check(&format!("<html xmlns:ss='{NAMESPACE}'>"), false);
        check("<?mso-application progid=\"Word.Document\"?><w:wordDocument>", false);
        check("项目\t<Workbook", false);
    }
}

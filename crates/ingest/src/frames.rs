//! Pages without text of their own that show other files. Excel saves a
//! workbook of several sheets so: the page, and beside it a folder
//! `NAME.files` with `sheet001.htm` and so on.

use std::borrow::Cow;

use encoding_rs::GB18030;
use memchr::memchr_iter;
use memchr::memmem::find_iter;

use crate::markup::{Markup, markup};
use crate::parse::raw_text_end;
use crate::workbook::decoded;

/// How far into a page its frames are looked for, in bytes.
pub const FRAMES_WITHIN: usize = 1 << 16;

/// The most files that a page may show.
const MOST: usize = 1000;

/// The files that a page of frames shows, in order, relative to its own: the
/// sheets of a workbook, or the sources of its frames. Empty if the page is
/// none. Only files beside the page or below are named: neither addresses of
/// the web, nor paths that lead elsewhere.
pub fn frames(text: &str) -> Vec<String> {
    let most = (0..=FRAMES_WITHIN.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    let text = &text[..most.unwrap_or(0)];
    let (mut sheets, mut frames, mut is_frameset, mut at) = (Vec::new(), Vec::new(), false, 0);
    for open in memchr_iter(b'<', text.as_bytes()) {
        if open < at {
            continue;
        }
        match markup(text, open) {
            Markup::Aside(end) => at = end,
            Markup::Tag(tag, end) if !tag.closing => {
                at = end;
                let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
                if is("script") || is("style") {
                    at = raw_text_end(text, tag.name, end);
                } else if is("frameset") {
                    is_frameset = true;
                } else if is("frame") {
                    frames.extend(tag.attribute("src").and_then(below));
                } else if is("link")
                    && tag.attribute("id").is_some_and(|id| id.eq_ignore_ascii_case("shLink"))
                {
                    sheets.extend(tag.attribute("href").and_then(below));
                } else if is("body") && !is_frameset {
                    return Vec::new();
                }
            }
            Markup::Tag(_, end) => at = end,
            Markup::Text => {}
            // Whatever follows is in it.
            Markup::Unclosed => break,
        }
    }
    if !is_frameset {
        return Vec::new();
    }
    if sheets.is_empty() {
        sheets = worksheets(text);
    }
    let mut found = if sheets.is_empty() { frames } else { sheets };
    let mut seen = std::collections::HashSet::new();
    found.retain(|name| seen.insert(name.clone()));
    found.truncate(MOST);
    found
}

/// The sheets that the workbook part of Excel's pages names. It stands in a
/// comment for Office, and is there also where the links are not.
fn worksheets(text: &str) -> Vec<String> {
    let sources = find_iter(text.as_bytes(), b"<x:WorksheetSource");
    let address = |at| match markup(text, at) {
        Markup::Tag(tag, _) => tag.attribute("href").and_then(below),
        _ => None,
    };
    sources.filter_map(address).collect()
}

/// The path that an address names, if it leads to a file beside the page or
/// below, with `/` between folders.
fn below(address: &str) -> Option<String> {
    let address = decoded(address.trim());
    let address = address.split(['#', '?']).next().unwrap_or("");
    let path = percent_decoded(address).replace('\\', "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let is_below = !path.starts_with('/')
        && !path.contains([':', '\0'])
        && !parts.is_empty()
        && parts.iter().all(|part| *part != "..");
    is_below.then(|| parts.join("/"))
}

/// The text with `%E8%A1%A8` as the characters it stands for: in UTF-8, else in
/// GB18030 (`%B1%ED`); as it is where these are neither.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits)
                .ok()
                .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let chinese = GB18030.decode_without_bom_handling_and_without_replacement(error.as_bytes());
        chinese.map_or_else(|| text.to_owned(), Cow::into_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        assert_eq!(frames(page), expected);
    }

    #[test]
    fn a_workbook_names_its_sheets() {
        check(
            "<html><head><link id=Main-File href=\"../a.htm\">\
             <link id=\"shLink\" href=\"%E8%A1%A8.files/sheet001.htm\">\
             <link id=\"shLink\" href=\"&#34920;.files\\sheet002.htm\">\
             <script>document.write('<frame src=x.htm>')</script></head>\
             <frameset rows=\"*,39\"><frame src=\"表.files/sheet001.htm\" name=frSheet>\
             <frame src=\"表.files/tabstrip.htm\"><noframes><body>frames</body></noframes></frameset>",
            &["表.files/sheet001.htm", "表.files/sheet002.htm"],
        );
        check(
            "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet>\
             <x:WorksheetSource HRef=\"%B1%ED.files/sheet001.htm\"/></x:ExcelWorksheet>\
             <x:ExcelWorksheet><x:WorksheetSource HRef=\"%B1%ED.files/sheet002.htm\"/></x:ExcelWorksheet>\
             </xml><![endif]--><frameset><frame src=\"%B1%ED.files/sheet001.htm\">",
            &["表.files/sheet001.htm", "表.files/sheet002.htm"],
        );
        check("<FRAMESET><FRAME SRC=./a/b.htm><frame src=a/b.htm#x>", &["a/b.htm"]);
    }

    #[test]
    fn a_page_with_text_is_none() {
        check("<html><body><frameset><frame src=a.htm>", &[]);
        check("<html><link id=shLink href=a.htm><table>", &[]);
        check("a\tb", &[]);
    }

    #[test]
    fn files_elsewhere_are_not_named() {
        for address in [
            "../a.htm",
            "a/../../b.htm",
            "/etc/passwd",
            "\\\\host\\a",
            "http://host/a",
            "file:///a",
            "C:\\a",
            "%2e%2e/a",
            "a/%2E%2E/%2e%2e/b",
            "//host/a",
            "",
            ".",
            "javascript:a",
            "a%00",
        ] {
            check(&format!("<frameset><frame src=\"{address}\">"), &[]);
        }
        check("<frameset><frame src='a%zz%'>", &["a%zz%"]);
    }

    #[test]
    fn hostile_pages_are_bounded() {
        check(&"<frameset><frame src=\"".repeat(100_000), &["<frameset><frame src="]);
        check(&format!("<frameset>{}<frame src=a>", "项".repeat(FRAMES_WITHIN)), &[]);
        let many: String = (0..5000).map(|n| format!("<frame src={n}>")).collect();
        assert_eq!(frames(&format!("<frameset>{many}")).len(), MOST);
    }
}

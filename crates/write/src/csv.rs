//! The CSV notation: RFC 4180, UTF-8, lines end in `\n`, nulls are empty.
//!
//! For a spreadsheet, a text that it would run as a formula gets an apostrophe
//! in front (OWASP, "CSV Injection"): one that begins with `=`, `+`, `-`, `@`,
//! their full-width forms, a tab or a carriage return. So does a text that
//! begins with an apostrophe, which makes this reversible: take one leading
//! apostrophe off every text that has one. Numbers and dates stay as they are.

use std::fmt::Write as _;

use crate::rows::Datum;

/// The mark by which a spreadsheet knows UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Appends one row.
pub(crate) fn write_row(into: &mut Vec<u8>, row: &[Datum<'_>], for_excel: bool) {
    for (index, datum) in row.iter().enumerate() {
        if index > 0 {
            into.push(b',');
        }
        match datum {
            Datum::Null => {}
            Datum::Text(text) => write_text(into, text, for_excel),
            Datum::Date(date) => write_plain(into, date),
            Datum::Boolean(truth) => write_plain(into, truth),
            Datum::Integer(number) => write_plain(into, number),
            Datum::Number(number) => write_plain(into, &number.normalize()),
            Datum::Real(number) => write_plain(into, number),
        }
    }
    into.push(b'\n');
}

/// Appends one text, quoted if it must be.
pub(crate) fn write_text(into: &mut Vec<u8>, text: &str, for_excel: bool) {
    let armed = for_excel && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'', '＝', '＋', '－', '＠']);
    let apostrophe: &[u8] = if armed { b"'" } else { b"" };
    if !text.contains([',', '"', '\n', '\r']) {
        into.extend_from_slice(apostrophe);
        into.extend_from_slice(text.as_bytes());
        return;
    }
    into.push(b'"');
    into.extend_from_slice(apostrophe);
    for (index, piece) in text.split('"').enumerate() {
        if index > 0 {
            into.extend_from_slice(b"\"\"");
        }
        into.extend_from_slice(piece.as_bytes());
    }
    into.push(b'"');
}

/// Writes what can hold nothing that needs quotes.
fn write_plain(into: &mut Vec<u8>, value: &dyn std::fmt::Display) {
    let mut text = String::new();
    if write!(text, "{value}").is_ok() {
        into.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: &[Datum<'_>], plain: &str, excel: &str) {
        for (for_excel, expected) in [(false, plain), (true, excel)] {
            let mut bytes = Vec::new();
            write_row(&mut bytes, row, for_excel);
            assert_eq!(String::from_utf8(bytes).as_deref(), Ok(expected));
        }
    }

    fn text(text: &str) -> Datum<'_> {
        Datum::Text(text.into())
    }

    #[test]
    fn text_is_quoted_where_needed_only() {
        check(&[text("a"), Datum::Null, text("")], "a,,\n", "a,,\n");
        check(&[text("a\nb"), text("1,2")], "\"a\nb\",\"1,2\"\n", "\"a\nb\",\"1,2\"\n");
        check(&[text("\"x\"")], "\"\"\"x\"\"\"\n", "\"\"\"x\"\"\"\n");
        check(&[text("a\rb")], "\"a\rb\"\n", "\"a\rb\"\n");
    }

    #[test]
    fn formulas_are_neutralised_for_a_spreadsheet_only() {
        check(&[text("=100%")], "=100%\n", "'=100%\n");
        check(&[text("＋1"), text("-"), text("@x")], "＋1,-,@x\n", "'＋1,'-,'@x\n");
        check(&[text("'=1")], "'=1\n", "''=1\n");
        check(&[text("=a,\"b\"")], "\"=a,\"\"b\"\"\"\n", "\"'=a,\"\"b\"\"\"\n");
        check(&[Datum::Integer(-5)], "-5\n", "-5\n");
    }

    #[test]
    fn numbers_are_exact() {
        let number = |text: &str| Datum::Number(text.parse().unwrap());
        check(&[number("7500000.00"), number("0.10"), number("-0.0")], "7500000,0.1,0\n", "7500000,0.1,0\n");
        check(&[Datum::Real(0.75), Datum::Boolean(true)], "0.75,true\n", "0.75,true\n");
        check(&[Datum::Date(jiff::civil::date(2020, 1, 2))], "2020-01-02\n", "2020-01-02\n");
    }
}

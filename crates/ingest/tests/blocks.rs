//! Documents and the blocks that come out of them, drawn for people.

use formgrid_ingest::{Options, encoding_for_label, ingest};
use formgrid_model::{Block, Cell, Row, Source, Table};

/// A line is `run.row` and its cells; a table is its head and its rows, where
/// a cell says what it spans and a header cell begins with `*`. Line breaks
/// are `⏎`, and `@` gives the line where a cell's text begins, if that is not
/// the line of the cell before it.
#[track_caller]
fn check(document: &str, expected: &[&str]) {
    let outcome = ingest(document.as_bytes(), &Options::default()).unwrap();
    assert_eq!(outcome.diagnostics, []);
    let mut line = 1;
    let drawn: Vec<String> = outcome.value.blocks().flat_map(|block| draw(&block, &mut line)).collect();
    assert_eq!(drawn, expected);
}

fn draw(block: &Block<'_>, line: &mut u32) -> Vec<String> {
    match block {
        Block::Line(row) => {
            let Source::Line { run } = row.source else { panic!("{row:?}") };
            let columns: Vec<u32> = row.cells.iter().map(|cell| cell.column).collect();
            assert!(columns.iter().copied().eq(1..=row.cells.len() as u32), "{columns:?}");
            vec![format!("{run}.{} {}", row.cells[0].row, draw_row(row, line))]
        }
        Block::Table(table) => draw_table(table, line),
        Block::Diagnostic(diagnostic) => vec![diagnostic.to_string()],
    }
}

fn draw_table(table: &Table<'_>, line: &mut u32) -> Vec<String> {
    let mut head = format!("table {}", table.ordinal);
    if let Some(parent) = table.parent {
        head += &format!(" in {}:{},{}", parent.table, parent.row, parent.column);
    }
    if table.nests {
        head += " nests";
    }
    if let Some(caption) = &table.caption {
        head += &format!(" caption {}", draw_cell(caption, line));
    }
    for diagnostic in &table.diagnostics {
        head += &format!(" {}@{}", diagnostic.problem, diagnostic.line);
    }
    let rows = table.rows.iter().map(|row| format!("  {}", draw_row(row, line)).trim_end().to_owned());
    std::iter::once(head).chain(rows).collect()
}

fn draw_row(row: &Row<'_>, line: &mut u32) -> String {
    let cells: Vec<String> = row.cells.iter().map(|cell| draw_cell(cell, line)).collect();
    cells.join(" | ")
}

fn draw_cell(cell: &Cell<'_>, line: &mut u32) -> String {
    let mut drawn = if cell.header { "*" } else { "" }.to_owned();
    drawn += &cell.text.replace('\n', "⏎");
    if cell.rowspan > 1 || cell.colspan > 1 {
        drawn += &format!(" {}x{}", cell.rowspan, cell.colspan);
    }
    if std::mem::replace(line, cell.line) != cell.line {
        drawn += &format!("@{}", cell.line);
    }
    drawn
}

#[test]
fn tab_text_is_rows_in_runs() {
    check("", &[]);
    check("a\tb\nc\t\n\n\td", &["1.1 a | b", "1.2 c@2 | ", "2.1 @4 | d"]);
    check("a\tb\r\nc\rd\r\r\ne", &["1.1 a | b", "1.2 c@2", "1.3 d@3", "2.1 e@5"]);
    check("a\n \t \nb\n \u{3000}\nc", &["1.1 a", "1.2 @2 | ", "1.3 b@3", "2.1 c@5"]);
    check("\u{feff}a\tb", &["1.1 a | b"]);
    check("\u{a0}a b \u{200b}\t\u{3000}c\u{3000}", &["1.1 a b | c"]);
}

#[test]
fn quotes_are_those_of_excel() {
    check("\"a\nb\"\tc\nd", &["1.1 a⏎b | c@2", "1.2 d@3"]);
    check("\"a\tb\"\tc", &["1.1 a\tb | c"]);
    check("x\t\"say \"\"no\"\"\"", &["1.1 x | say \"no\""]);
    check("\"a\"\tb", &["1.1 \"a\" | b"]);
    check("\"a\tb\nc\"d", &["1.1 \"a | b", "1.2 c\"d@2"]);
    check("\"a\nb", &["1.1 \"a", "1.2 b@2"]);
    check("a\t\"\"\tb", &["1.1 a | \"\" | b"]);
    check("\"a\r\nb\rc\"\td", &["1.1 a⏎b⏎c | d@3"]);
}

#[test]
fn quotes_around_all_cells_are_the_formats() {
    check(
        "\"题\"\n\"a\"\t\"b\"\"c\"\t\"\"\r\n\"\"\t\"<p>d</p>\r\n<p>e</p>\"\n\"\"",
        &["1.1 题", "1.2 a@2 | b\"c | ", "1.3 @3 | d⏎e"],
    );
    check("\t\"a\"\t \t\"b\tc\"", &["1.1  | a |  | b\tc"]);
    check("\"十四五\"规划", &["1.1 \"十四五\"规划"]);
    check("\"十四五\"规划\t\"a\"", &["1.1 \"十四五\"规划 | \"a\""]);
    check("\t\"优\"\t\n\"优\"\t", &["1.1  | \"优\" | ", "1.2 \"优\"@2 | "]);
    check("\"a\"\t\"b\n\"c\"", &["1.1 \"a\" | \"b", "1.2 c@2"]);
}

#[test]
fn only_line_feeds_and_returns_end_a_line() {
    check(
        "a\u{b}b\tc\u{c}d\u{85}e\u{2028}f\u{2029}g\nh",
        &["1.1 a\u{b}b | c\u{c}d\u{85}e\u{2028}f\u{2029}g", "1.2 h@2"],
    );
}

#[test]
fn cells_of_tab_text_hold_fragments() {
    check("<p style=\"a\">一</p> <p>二</p>\t\t", &["1.1 一⏎二 |  | "]);
    check("a<br>b\t<span>c</span>&nbsp;d&nbsp;&amp;", &["1.1 a⏎b | c\u{a0}d\u{a0}&"]);
    check("<=475元\tx<y\ta<b\tAT&T\t1<2<br/>3", &["1.1 <=475元 | x<y | a<b | AT&T | 1<2⏎3"]);
    check("<b\ta", &["1.1 <b | a"]);
    check("<p>a</p><!-- <p>b\tc --> d\te", &["1.1 a⏎<!--⏎b | c --> d | e"]);
    check("<p>a\nb</p>\tc\nd", &["1.1 a b | c@2", "1.2 d@3"]);
    check("k\t<p>a\nb\tc\nd</p>", &["1.1 k | a", "1.2 b@2 | c", "1.3 d@3"]);
    check("a\t&lt;p&gt;", &["1.1 a | <p>"]);
    check("a\t<script>x</script><o:p>b</o:p>", &["1.1 a | b"]);
}

#[test]
fn tables_may_stand_in_tab_text() {
    check(
        "a\tb\n<table><tr><td>c\td</td></tr>\n<tr><td>e</table>\t\t\nf\tg",
        &["1.1 a | b", "table 1", "  c d@2", "  e@3", "2.1 f@4 | g"],
    );
    check(
        "a\tb <TABLE ><td><table><td>c</table></table> d\te",
        &["1.1 a | b", "table 1 nests", "", "table 2 in 1:1,1", "  c", "2.1 d | e"],
    );
    check("a\tb\n<table><tr><td>c\nd\te\n", &["1.1 a | b", "table 1", "  c@2", "2.1 d@3 | e"]);
    check("a\tb\n<table><td>c", &["1.1 a | b", "table 1", "  c@2"]);
    check("a\tb\n<!-- <table> -->\nc", &["1.1 a | b", "2.1 c@3"]);
}

#[test]
fn pages_are_lines_and_tables() {
    check(
        "<!DOCTYPE html><title>t</title><h1>a\n  b</h1>c<div>d<br>e</div><style>x{}</style>\n<p>f  g",
        &["1.1 a b", "1.2 c@2", "1.3 d", "1.4 e", "1.5 f  g@3"],
    );
    check(
        "<html><body>a<table><caption>b<tr><th>c<td>d<tr><td colspan=2>e</table>f",
        &["1.1 a", "table 1 caption b", "  *c | d", "  e 1x2", "2.1 f"],
    );
    check("<div>\n\t<p>a</p>\n\t<p>b</p>\n</div>", &["1.1 a@2", "1.2 b@3"]);
    check("<table>\n\t<tr>\n\t\t<td>a</td>\t<td>b</td>\n</table>", &["table 1", "  a@3 | b"]);
    check("<pre>a\tb\nc\td\n\ne</pre>", &["1.1 a | b", "1.2 c@2 | d", "2.1 e@4"]);
    check("<pre>\ta\n b\tc\t</pre>", &["1.1  | a", "1.2 b@2 | c | "]);
    check("<p>a<br><br>b<p>&nbsp;<p>c", &["1.1 a", "2.1 b", "3.1 c"]);
    check("<p>a<svg><script/>b<title/></svg>c", &["1.1 abc"]);
    check("<p>a &l<b></b>t; <<i></i>p>b&amp;<b>\n</b></p>", &["1.1 a &lt; <p>b&"]);
}

#[test]
fn one_file_may_hold_pages_and_tab_text() {
    check(
        "a\tb\n<html><body><p>c</p></body></html>\nd\te\n<HTML>\n<p>f",
        &["1.1 a | b", "2.1 c@2", "3.1 d@3 | e", "4.1 f@5"],
    );
    check("a\t见<html>b<html>\t\nc\td", &["1.1 a | 见b | ", "1.2 c@2 | d"]);
    check(
        "a\tb\n\t\t见<!doctype html>c\nd\te",
        &["1.1 a | b", "1.2 @2 |  | 见<!doctype html>c", "1.3 d@3 | e"],
    );
    check("<html><p>a</html>\nb\tc<html>d\n<html><p>e", &["1.1 a", "2.1 b@2 | cd", "3.1 e@3"]);
    check("<html><p>a\tb</html>\t<html><p>c", &["1.1 a b", "2.1 c"]);
    check("<html><p>a</html>\n<p>b</p>\n<!doctype html><html><p>c", &["1.1 a", "1.2 b@2", "2.1 c@3"]);
    check("<!-- <html> -->\na\tb", &["1.1 a@2 | b"]);
    check("<meta charset=utf-8>\n<p>a\tb", &["1.1 a b@2"]);
    check("a<br>b\nc", &["1.1 a⏎b", "1.2 c@2"]);
}

#[test]
fn cells_keep_their_lines_breaks_and_nested_tables() {
    check(
        "<table><tr><td>\n\n  a<p>b</p>\n c<td>d<table><tr><td>e</table><p>f<td><table><td>g</table></table>",
        &["table 1 nests", "  a⏎b⏎c@3 | d⏎f@4 |", "table 2 in 1:1,2", "  e", "table 3 in 1:1,3", "  g"],
    );
    check("<table><td>a<b>b</b> <i> c</i>\n</td><td>&nbsp;\n</td></table>", &["table 1", "  ab  c | @2"]);
    check("<table><td><pre>a\n  b</pre><textarea>c\nd</textarea></table>", &["table 1", "  a⏎  b⏎c⏎d"]);
    check("<table><td>a<br><br>b<br></td><td><br>c</table>", &["table 1", "  a⏎⏎b | c"]);
}

#[test]
fn tables_are_formed_as_browsers_do() {
    check(
        "<table><tfoot><tr><td>f<tbody><tr><td rowspan=0>a<td>b<tr><td>c</table>",
        &["table 1", "  a 2x1 | b", "  c", "  f"],
    );
    check("<table><tr><td rowspan=2>a<tr></table>", &["table 1", "  a 2x1", ""]);
    check("<table><td rowspan=9 colspan=' 2px'>a</table>", &["table 1", "  a 1x2"]);
    check("<td>a<tr>b", &["1.1 ab"]);
}

#[test]
fn text_in_no_cell_comes_before_its_table() {
    check(
        "<p>a</p><table>b<tr>c<td>d</td></tr><div>e</div></table>",
        &[
            "1.1 a",
            "1.2 bc",
            "1.3 e",
            "table 1 \"bc e\" stands in a table but in no cell; it is read as text before the table@1",
            "  d",
        ],
    );
}

#[test]
fn an_encoding_can_be_forced() {
    let gbk = encoding_for_label(" GBK ");
    let document = ingest(b"\xcf\xee\xc4\xbf\t\xb1\xbe", &Options { encoding: gbk, ..Options::default() })
        .unwrap()
        .value;
    assert_eq!(document.decoding().encoding, "gb18030");
    assert_eq!(document.text(), "项目\t本");
    let Some(Block::Line(row)) = document.blocks().next() else { panic!() };
    assert_eq!(row.cells[1].bytes, Some(5..7));
    assert_eq!(encoding_for_label("no such"), None);
}

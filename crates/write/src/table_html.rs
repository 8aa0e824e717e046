//! Formed tables as one clean HTML page: text and spans, nothing else.

use formgrid_model::{Cell, Table};

use crate::table_writer::TableSource;

/// What stands before the first table.
pub(crate) const HEAD: &str = "\
<!DOCTYPE html>
<html>
<head>
<meta charset=\"utf-8\">
<title>Tables</title>
<style>
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid #888; padding: .2em .5em; vertical-align: top; text-align: left; }
tr { height: 1.6em; }
caption { text-align: left; font-weight: bold; }
</style>
</head>
<body>
";

/// What stands after the last table.
pub(crate) const FOOT: &str = "</body>\n</html>\n";

/// Appends a table under a heading that says where it stands.
pub(crate) fn write_table(into: &mut Vec<u8>, source: TableSource<'_>, table: &Table<'_>) {
    let mut html = String::from("<h2>");
    escape(&mut html, source.path);
    if let Some(member) = source.member {
        html.push_str(": ");
        escape(&mut html, member);
    }
    html += &format!(", table {}", table.ordinal);
    if let Some(parent) = table.parent {
        html += &format!(" (in table {}, row {}, column {})", parent.table, parent.row, parent.column);
    }
    html.push_str("</h2>\n<table>\n");
    if let Some(caption) = &table.caption {
        html.push_str("<caption>");
        escape(&mut html, &caption.text);
        html.push_str("</caption>\n");
    }
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let widest = cells().map(|cell| (cell.column - 1).saturating_add(cell.colspan)).max().unwrap_or(0);
    if widest < table.columns {
        // The columns that only `col` elements asked for.
        let mut left = table.columns;
        while left > 0 {
            let span = left.min(1000);
            html += &format!("<col span=\"{span}\">");
            left -= span;
        }
        html.push('\n');
    }
    for row in &table.rows {
        html.push_str("<tr>");
        row.cells.iter().for_each(|cell| write_cell(&mut html, cell));
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
    into.extend_from_slice(html.as_bytes());
}

fn write_cell(html: &mut String, cell: &Cell<'_>) {
    let name = if cell.header { "th" } else { "td" };
    html.push('<');
    html.push_str(name);
    for (attribute, span) in [("rowspan", cell.rowspan), ("colspan", cell.colspan)] {
        if span > 1 {
            *html += &format!(" {attribute}=\"{span}\"");
        }
    }
    html.push('>');
    escape(html, &cell.text);
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
}

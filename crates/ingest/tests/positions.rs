//! Every cell says which bytes of the original hold its content.

use formgrid_ingest::{Options, ingest};
use formgrid_model::{Block, Cell};

/// The bytes of all cells, in order, as text.
#[track_caller]
fn check(document: &str, expected: &[&str]) {
    let bytes = document.as_bytes();
    let read = ingest(bytes, &Options::default()).unwrap().value;
    let slices = |cells: Vec<Cell<'_>>| -> Vec<String> {
        let slice = |cell: Cell<'_>| String::from_utf8(bytes[cell.bytes.unwrap()].to_vec()).unwrap();
        cells.into_iter().map(slice).collect()
    };
    let found: Vec<String> = read
        .blocks()
        .flat_map(|block| match block {
            Block::Line(row) => slices(row.cells),
            Block::Table(table) => {
                let rows = table.rows.into_iter().flat_map(|row| row.cells);
                slices(table.caption.into_iter().chain(rows).collect())
            }
            Block::Diagnostic(_) => Vec::new(),
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn cells_of_tab_text_are_their_bytes() {
    check("项目\t a \n\t<p>b</p>", &["项目", " a ", "", "<p>b</p>"]);
    check("\u{feff}\"a\nb\"\tc\r\nd", &["\"a\nb\"", "c", "d"]);
}

#[test]
fn cells_of_tables_are_what_stands_between_their_tags() {
    check(
        "\u{feff}<table><tr><td class='>'> 项<b>目</b> </td ><td>b<td title=\"<td>\">c</tr>\n<tr><th>d</table>",
        &[" 项<b>目</b> ", "b", "c", "d"],
    );
    check("<table><caption> a </caption><td>b<p>c</table>", &[" a ", "b<p>c"]);
    check(
        "<table><tr><td>a<table><td>b</table>c</td><td>d<tr><td>",
        &["a<table><td>b</table>c", "d", "", "b"],
    );
    check("<table><td>a<script>\"</td>\"</script>b</td></table>", &["a<script>\"</td>\"</script>b"]);
    check("<table><td><!-- </td> -->a<div>b</table>", &["<!-- </td> -->a<div>b"]);
    check("<table><td>a", &["a"]);
}

#[test]
fn lines_of_pages_are_their_text() {
    check("<html><p> a<b>b</b>\n c </p>d<br>e", &["a<b>b</b>\n c", "d", "e"]);
    check("<p>&nbsp;a &amp; b</p>", &["a &amp; b"]);
}

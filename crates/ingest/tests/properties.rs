//! What holds for any document.

use formgrid_ingest::{Options, ingest};
use formgrid_model::Block;
use proptest::prelude::*;
use scraper::{ElementRef, Html, Node, Selector};

fn blocks_of(bytes: &[u8]) -> usize {
    match ingest(bytes, &Options::default()) {
        Ok(outcome) => outcome.value.blocks().count(),
        Err(_) => 0,
    }
}

/// Pieces that documents, well made and not, are built of.
const PIECES: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<td rowspan=2>",
    "<th colspan=3>",
    "<tbody>",
    "<tfoot>",
    "</tbody>",
    "<caption>",
    "<col span=2>",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<b>",
    "</b>",
    "<a href='>'>",
    "</a>",
    "<span>",
    "<form>",
    "<li>",
    "<pre>",
    "</pre>",
    "</textarea>",
    "</template>",
    "<x",
    "<h1>",
    "<nobr>",
    "<button>",
    "<option>",
    "&amp;",
    "&lt",
    "<=4",
    "\t",
    "\n",
    "\r",
    " ",
    "\"",
    "a",
    "项",
    "\u{a0}",
    "\u{3000}",
    "<select>",
];

/// Pieces whose content does not show, that begin a page, or that `scraper`
/// takes for elements of their own: `frameset` alone drops a page's text.
const HIDING: &[&str] = &[
    "<svg>",
    "</svg>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<html>",
    "</html>",
    "<!doctype html>",
    "<textarea>",
    "<template>",
    "<frameset>",
    "<title>",
];

fn pieces(from: &[&'static [&'static str]]) -> impl Strategy<Value = String> + use<> {
    let pieces = prop::sample::select(from.concat());
    prop::collection::vec(pieces, 0..50).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        blocks_of(&bytes);
    }

    #[test]
    fn any_markup_is_read(document in pieces(&[PIECES, HIDING])) {
        let read = ingest(document.as_bytes(), &Options::default()).unwrap().value;
        for block in read.blocks() {
            let cells = match block {
                Block::Line(row) => row.cells,
                Block::Table(table) => table.rows.into_iter().flat_map(|row| row.cells).collect(),
                Block::Diagnostic(_) => Vec::new(),
            };
            for cell in cells {
                prop_assert!(cell.line >= 1);
                if let Some(range) = cell.bytes {
                    prop_assert!(document.get(range).is_some());
                }
            }
        }
    }

    #[test]
    fn tab_text_comes_back(
        rows in prop::collection::vec(prop::collection::vec("[a-z项目=<>&%0-9]{0,6}", 2..5), 1..8)
    ) {
        // What reads as a tag or as a reference is not what it says.
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.replace('>', "")).collect())
            .collect();
        let text: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
        let text = text.join("\n");
        let read = ingest(text.as_bytes(), &Options::default()).unwrap().value;
        let found: Vec<Vec<String>> = read
            .blocks()
            .map(|block| match block {
                Block::Line(row) => row.cells.into_iter().map(|cell| cell.text.into_owned()).collect(),
                block => panic!("{block:?}"),
            })
            .collect();
        prop_assert_eq!(found, rows);
    }

    /// No text of a page is lost or doubled, wherever it stands.
    #[test]
    fn all_text_comes_out_once(markup in pieces(&[PIECES])) {
        let document = format!("<!doctype html><body>{markup}");
        let page = Html::parse_document(&document);
        let is_text = |node: &Node| node.as_text().map(|text| text.to_string());
        let expected = letters(page.root_element().descendants().filter_map(|node| is_text(node.value())));
        let read = ingest(document.as_bytes(), &Options::default()).unwrap().value;
        let cells = read.blocks().flat_map(|block| match block {
            Block::Line(row) => row.cells,
            Block::Table(table) => {
                table.caption.into_iter().chain(table.rows.into_iter().flat_map(|row| row.cells)).collect()
            }
            Block::Diagnostic(_) => Vec::new(),
        });
        prop_assert_eq!(letters(cells.map(|cell| cell.text.into_owned())), expected);
    }

    /// The cells, and the text in each, are those that another reader of the
    /// tree html5ever builds finds: one that feeds it everything.
    #[test]
    fn cells_are_those_of_another_reader(markup in pieces(&[PIECES])) {
        let document = format!("<!doctype html><table><tr><td>{markup}");
        let page = Html::parse_document(&document);
        let cells = Selector::parse("td, th").unwrap();
        let mut expected: Vec<String> = page.select(&cells).map(own_text).collect();
        let read = ingest(document.as_bytes(), &Options::default()).unwrap().value;
        let mut found: Vec<String> = read
            .blocks()
            .flat_map(|block| match block {
                Block::Line(_) | Block::Diagnostic(_) => Vec::new(),
                Block::Table(table) => table.rows.into_iter().flat_map(|row| row.cells).collect(),
            })
            .map(|cell| squeeze(&cell.text))
            .collect();
        // The order differs by design: feet come last, nested tables after
        // the table around them.
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
    }
}

/// All text of a page that shows, letter by letter in no order.
fn letters(texts: impl Iterator<Item = String>) -> Vec<char> {
    let mut letters: Vec<char> = texts.flat_map(|text| squeeze(&text).chars().collect::<Vec<_>>()).collect();
    letters.sort_unstable();
    letters
}

/// The text in a cell without the tables in it, and without white space.
fn own_text(cell: ElementRef<'_>) -> String {
    let is_in_this_cell =
        |ancestor: &Node| !matches!(ancestor, Node::Element(element) if element.name() == "table");
    let texts = cell.descendants().filter_map(|node| match node.value() {
        Node::Text(text) => {
            let inside = node.ancestors().take_while(|ancestor| ancestor.id() != cell.id());
            inside.map(|ancestor| ancestor.value()).all(is_in_this_cell).then(|| squeeze(text))
        }
        _ => None,
    });
    texts.collect()
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

//! Public pages in GB2312, which are not part of the project: read as a browser
//! shows them.

use std::fs;
use std::io::Write;
use std::path::Path;

use formgrid_ingest::{Options, encoding_for_label, ingest};
use formgrid_model::{Cell, Decoding, EncodingFrom, Table};
use scraper::{Html, Selector};

#[test]
fn pages_in_gb2312_are_read_as_a_browser_shows_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/realdata");
    if !folder.is_dir() {
        // Not through the macros: what they print is only shown if a test fails.
        let said = b"SKIPPED: the real documents are not beside the workspace\n";
        std::io::stderr().write_all(said).unwrap();
        return;
    }
    for (name, least) in [("scau_sheet001.htm", 100), ("scau_jigou_site.htm", 100)] {
        let bytes = fs::read(folder.join(name)).unwrap();
        let document = ingest(&bytes, &Options::default()).unwrap();
        let expected = Decoding {
            encoding: "gb18030",
            from: EncodingFrom::Declared,
            undecodable: 0,
            first_undecodable: None,
        };
        assert_eq!(document.value.decoding(), expected, "{name}");
        assert_eq!(document.diagnostics, [], "{name}");
        // The oracle: what the standard's label means, and another parser.
        let text = encoding_for_label("gb2312").unwrap().decode(&bytes).0;
        assert_eq!(document.value.text(), text, "{name}");
        let (page, cell) = (Html::parse_document(&text), Selector::parse("td, th").unwrap());
        let nested = Selector::parse("table").unwrap();
        let folded = |text: &str| text.split_whitespace().collect::<String>();
        // A cell's text does not hold that of the tables in it.
        let expected = page.select(&cell).filter(|cell| cell.select(&nested).next().is_none());
        let mut expected: Vec<String> =
            expected.map(|cell| folded(&cell.text().collect::<String>())).collect();
        let tables: Vec<Table> = document.value.tables().collect();
        let has_table = |table: &Table, cell: &Cell| {
            let place = Some((table.ordinal, cell.row, cell.column));
            tables.iter().any(|inner| inner.parent.map(|at| (at.table, at.row, at.column)) == place)
        };
        let mut found = Vec::new();
        for table in &tables {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            found.extend(cells.filter(|cell| !has_table(table, cell)).map(|cell| folded(&cell.text)));
        }
        for texts in [&mut expected, &mut found] {
            texts.retain(|text| !text.is_empty());
            texts.sort();
        }
        assert!(found.len() >= least, "{name}: {}", found.len());
        assert_eq!(found, expected, "{name}");
    }
}

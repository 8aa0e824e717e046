//! Documents that are made to exhaust a reader. Each test would run for hours,
//! overflow the stack or take gigabytes if a cost were not in proportion to the
//! size of the document.

use std::time::{Duration, Instant};

use formgrid_ingest::{Options, ingest};
use formgrid_model::Block;

/// Reads the document; returns how many blocks and how many cells it has.
#[track_caller]
fn check(document: &str) -> (usize, usize) {
    let start = Instant::now();
    let read = ingest(document.as_bytes(), &Options::default()).unwrap().value;
    let counts = read.blocks().fold((0, 0), |(blocks, cells), block| {
        let more = match block {
            Block::Line(row) => row.cells.len(),
            Block::Table(table) => table.rows.iter().map(|row| row.cells.len()).sum(),
            Block::Diagnostic(_) => 0,
        };
        (blocks + 1, cells + more)
    });
    // Far above what it takes without optimisation on a busy machine.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    counts
}

#[test]
fn deep_nesting() {
    for tag in
        ["<div>", "<b>", "<p><b id=1>", "<ul><li>", "<svg><g>", "<template>", "<select><div>", "</div>"]
    {
        check(&format!("<html>{}x", tag.repeat(30_000)));
    }
    let (blocks, cells) = check(&"<table><tr><td>x".repeat(20_000));
    assert_eq!((blocks, cells), (20_000, 20_000));
    let divs = format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000));
    // The fourth block tells that they nest too deep.
    assert_eq!(check(&format!("<html>{}", divs.repeat(3))), (4, 3));
}

#[test]
fn huge_spans() {
    let (_, cells) = check(&format!("<table>{}", "<tr><td colspan=1000 rowspan=65534>".repeat(20_000)));
    assert_eq!(cells, 20_000);
    check(&format!("<table><tr>{}", "<td colspan=1000 rowspan=65534>".repeat(20_000)));
    let uneven = "<td rowspan=65000><td rowspan=65001>".repeat(5_000);
    check(&format!("<table><tr>{uneven}{}", "<tr><td>".repeat(20_000)));
    check(&format!("<table><tr>{uneven}{}", "<tr><td colspan=1000>".repeat(2_000)));
    check(&format!("<table><tr>{}", "<col span=1000>".repeat(20_000)));
}

#[test]
fn unclosed_markup() {
    for piece in ["<p \"", "<a b=\"", "<!--", "<table ", "<table>", "&amp", "<p>", "<td>\n", "<x<p y", "</"] {
        let repeated = piece.repeat(10_000);
        check(&repeated);
        check(&format!("a\tb\t{repeated}\nc\td"));
        check(&format!("<html>{repeated}"));
        check(&repeated.replace('<', "\t<"));
        check(&format!("a\tb\n{}", format!("{piece}\n").repeat(10_000)));
    }
}

#[test]
fn endless_attributes_and_lines() {
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=1")).collect();
    assert_eq!(check(&format!("<table><td{attributes}>x")), (1, 1));
    assert_eq!(check(&format!("<html><!doctype {attributes}>x")), (1, 1));
    assert_eq!(check(&"x".repeat(10_000_000)), (1, 1));
    assert_eq!(check(&format!("<html>{}", "项".repeat(1_000_000))), (1, 1));
    assert_eq!(check(&format!("x{}", "\t".repeat(200_000))), (1, 200_001));
}

#[test]
fn quotes_that_never_close() {
    for piece in ["\"a\t", "\"\"\"a\t", "\"a\"\"\t", "\"a\n", "\"", "\"\"\n", "\"a\"\n"] {
        check(&piece.repeat(10_000));
        check(&piece.repeat(10_000).replace('a', ""));
    }
    check(&format!("{}x", "\"a\"\t".repeat(200_000)));
    check(&format!("{}x", "\"a\n\"\t".repeat(200_000)));
    check(&format!("a\t{}", "<html>".repeat(200_000)));
}

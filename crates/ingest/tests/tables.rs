//! Tables, clause by clause of the algorithm that forms them, and the accounts
//! of their spans.

use std::collections::BTreeMap;

use formgrid_ingest::{Options, ingest};
use formgrid_model::{SpanAccount, Table};
use proptest::prelude::*;

/// Draws the filled grid of the only table, rows parted by `/` and slots by a
/// space; `.` is a hole. Behind it stand the findings by code and place.
#[track_caller]
fn check(html: &str, expected: &str) {
    let page = format!("<html>{html}");
    let document = ingest(page.as_bytes(), &Options::default()).unwrap().value;
    let tables: Vec<Table> = document.tables().collect();
    let [table] = &tables[..] else { panic!("{tables:?}") };
    let slots = slots(table);
    let mut drawn: Vec<String> = Vec::new();
    for row in 1..=table.rows.len() as u32 {
        let texts = (1..=table.columns).map(|column| slots.get(&(row, column)).map_or(".", |texts| texts[0]));
        drawn.push(texts.collect::<Vec<_>>().join(" "));
    }
    let mut drawn = drawn.join(" / ");
    for finding in &table.account.findings {
        drawn += &format!(" {}@{},{}", finding.problem.code(), finding.place.row, finding.place.column);
    }
    assert_eq!(drawn, expected);
    assert_eq!(counted(table), summed(&table.account));
    assert!(table.account.is_balanced());
}

/// The texts of the cells that cover each slot, the first one first.
fn slots<'t>(table: &'t Table<'_>) -> BTreeMap<(u32, u32), Vec<&'t str>> {
    let mut slots: BTreeMap<(u32, u32), Vec<&str>> = BTreeMap::new();
    for cell in table.rows.iter().flat_map(|row| &row.cells) {
        for row in cell.row..cell.row + cell.rowspan {
            for column in cell.column..cell.column + cell.colspan {
                slots.entry((row, column)).or_default().push(&cell.text);
            }
        }
    }
    slots
}

/// What the account should say, counted slot by slot: covered, overlapped,
/// holes, rows and columns in which no cell begins.
fn counted(table: &Table<'_>) -> [u64; 5] {
    let slots = slots(table);
    let (covered, claims) = (slots.len(), slots.values().map(Vec::len).sum::<usize>());
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let empty_rows = table.rows.iter().filter(|row| row.cells.is_empty()).count();
    let empty_columns =
        (1..=table.columns).filter(|column| cells().all(|cell| cell.column != *column)).count();
    let all = table.rows.len() * table.columns as usize;
    [covered, claims - covered, all - covered, empty_rows, empty_columns].map(|count| count as u64)
}

fn summed(account: &SpanAccount) -> [u64; 5] {
    let SpanAccount { covered, overlapped, holes, rows_without_cells, columns_without_cells, .. } = *account;
    [covered, overlapped, holes, rows_without_cells.into(), columns_without_cells.into()]
}

#[test]
fn cells_stand_in_the_first_free_slot() {
    check("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a b / c d");
    check("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "a b / a c");
    check("<table><tr><td>a<td rowspan=2>b<td>c<tr><td>d<td>e</table>", "a b c / d b e");
}

#[test]
fn columns_come_from_col_and_from_cells() {
    check("<table><col><col span=2><tr><td>a</table>", "a . . holes@1,2");
    check("<table><colgroup span=3></colgroup><tr><td>a</table>", "a . . holes@1,2");
    check("<table><colgroup span=9><col span=0><col span=x></colgroup><tr><td>a</table>", "a . holes@1,2");
    check("<table><col><tr><td>a<td>b</table>", "a b");
}

#[test]
fn spans_are_read_by_the_rules_for_integers_and_clamped() {
    check("<table><tr><td colspan=' +2px'>a<tr><td>b<td>c</table>", "a a / b c");
    check("<table><tr><td colspan='&#50;'>a</table>", "a a");
    check("<table><tr><td colspan=junk rowspan=-2>a</table>", "a unreadable-span@1,1 unreadable-span@1,1");
    check("<table><tr><td colspan=''>a</table>", "a unreadable-span@1,1");
    check("<table><tr><td colspan=0>a</table>", "a clamped-span@1,1");
    check("<table><tr><td rowspan=65535>a</table>", "a clamped-span@1,1 span-past-end@1,1");
}

#[test]
fn cells_end_with_their_row_group() {
    check("<table><tr><td rowspan=0>a<td>b<tr><td>c</table>", "a b / a c");
    check(
        "<table><tbody><tr><td rowspan=3>a<td>b<tbody><tr><td>c<td>d</table>",
        "a b / c d span-past-end@1,1",
    );
    check("<table><tr><td rowspan=0>a<tbody><tr><td>b</table>", "a / b");
}

#[test]
fn heads_come_first_and_feet_last() {
    check("<table><tfoot><tr><td>f<tbody><tr><td>b<thead><tr><td>h</table>", "h / b / f");
    check("<table><tfoot><tr><td>f<tfoot><tr><td>g<tbody><tr><td>b</table>", "g / b / f");
    check("<table><tbody><tr><td>b<thead><tr><td>h<thead><tr><td>i</table>", "h / b / i");
}

#[test]
fn overlapping_cells_are_kept_and_named() {
    check(
        "<table><tr><td>a<td rowspan=2>b<tr><td colspan=2>c<td>d</table>",
        "a b . / c b d holes@1,3 overlapping-cells@2,1",
    );
    check(
        "<table><tr><td>a<td rowspan=3>b<tr><td colspan=2 rowspan=2>c<tr></table>",
        "a b / c b / c b overlapping-cells@2,1",
    );
}

#[test]
fn rows_without_cells_are_rows() {
    check("<table><tr><td rowspan=2>a<td rowspan=2>b<tr><tr><td>c</table>", "a b / a b / c . holes@3,2");
    check("<table><tr><tr><td>a</table>", ". / a holes@1,1");
    check("<table><td>a</table>", "a");
    check("<table></table>", "");
    check("<table><tr></table>", "");
}

#[test]
fn holes_are_named_once_for_rows_that_share_them() {
    check(
        "<table><tr><td>a<td>b<td>c<tr><td>d<tr><td>e<tr><td>f<td>g</table>",
        "a b c / d . . / e . . / f g . holes@2,2 holes@4,3",
    );
    check("<table><tr><td>a<td>b<td rowspan=2>c<tr><td>d</table>", "a b c / d . c holes@2,2");
}

#[test]
fn what_a_style_hides_is_no_part_of_the_table() {
    check(
        "<table><tr><td>a<td>b<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=9><td></tr><![endif]></table>",
        "a b hidden-cells@0,0",
    );
    check("<table><tr><td rowspan=2>a<td>b<tr hidden><td>c<tr><td>d</table>", "a b / a d");
    check("<table><tr><td>a<td style='DISPLAY: none'>b<td>c</table>", "a c");
    check("<table><tr height=0><td>a<td style='mso-ignore:colspan' colspan=2></table>", "a  ");
    check("<table><tr><td>a<!-- <td>b --><!--[if gte mso 9]><td>c<![endif]--><td>d</table>", "a d");
}

#[test]
fn text_that_a_style_hides_is_a_warning() {
    let html = "<html><table><tr><td>a<tr style=display:none><td>secret</table>";
    let document = ingest(html.as_bytes(), &Options::default()).unwrap().value;
    let table = document.tables().next().unwrap();
    let messages: Vec<String> = table.diagnostics.iter().map(|found| found.problem.to_string()).collect();
    assert_eq!((table.account.hidden, table.account.findings.len()), (1, 0));
    assert_eq!(messages, ["\"secret\" is hidden by its style; it is no part of the table"]);
}

#[test]
fn spans_are_never_written_down() {
    let cell = "<tr><td colspan=1000 rowspan=65534>";
    let html = format!("<html><table>{}", cell.repeat(2_000));
    let document = ingest(html.as_bytes(), &Options::default()).unwrap().value;
    let table = document.tables().next().unwrap();
    let SpanAccount { declared, covered, cut_off, slots, .. } = *table.account;
    assert_eq!(declared, 2_000 * 65_534_000);
    assert_eq!((covered, slots), (1_000 * 2_000 * 2_001 / 2, 2_000 * 2_000_000));
    assert_eq!(cut_off, declared - covered);
}

#[test]
fn tables_and_runs_of_tab_lines_count_together() {
    let text = "a line\n\nb\tc\nd\n<table><tr><td>e<table><td>f</table></table>\ng\th\n\ni\tj\n\nk\n";
    let document = ingest(text.as_bytes(), &Options::default()).unwrap().value;
    let drawn: Vec<String> = document
        .tables()
        .map(|table| {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            let cells = cells.map(|cell| format!("{}@{},{}", cell.text, cell.row, cell.column));
            let parent = table.parent.map_or(String::new(), |parent| format!(" in {}", parent.table));
            format!("{}{parent}: {}", table.ordinal, cells.collect::<Vec<_>>().join(" "))
        })
        .collect();
    assert_eq!(
        drawn,
        ["1: b@1,1 c@1,2 d@2,1", "2: e@1,1", "3 in 2: f@1,1", "4: g@1,1 h@1,2", "5: i@1,1 j@1,2"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accounts_are_what_counting_slots_gives(
        groups in prop::collection::vec(
            prop::collection::vec(prop::collection::vec((0u32..6, 0u32..6), 0..5), 0..6), 0..4
        ),
        columns in 0u32..4,
    ) {
        let mut html = format!("<html><table><colgroup>{}</colgroup>", "<col>".repeat(columns as usize));
        for group in &groups {
            html += "<tbody>";
            for row in group {
                html += "<tr>";
                for (rowspan, colspan) in row {
                    html += &format!("<td rowspan={rowspan} colspan={colspan}>x");
                }
            }
        }
        let document = ingest(html.as_bytes(), &Options::default()).unwrap().value;
        let table = document.tables().next().unwrap();
        prop_assert!(table.account.is_balanced());
        prop_assert_eq!(counted(&table), summed(&table.account));
        let cells: usize = groups.iter().flatten().map(Vec::len).sum();
        prop_assert_eq!(table.rows.iter().map(|row| row.cells.len()).sum::<usize>(), cells);
    }
}

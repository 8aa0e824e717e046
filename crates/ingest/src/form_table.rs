//! Forms a table: which slots each of its cells covers.
//!
//! This is the algorithm of
//! <https://html.spec.whatwg.org/multipage/tables.html#forming-a-table>, in its
//! order and words, with three differences in the means and one in the result:
//!
//! - Slots are never written down. The only slots a later step asks for are
//!   those covered from the rows above ([`Covered`]), and they are ranges.
//! - Columns to the left of *x_current* are always taken, so a row's own cells
//!   need no entry before the row ends.
//! - A downward-growing cell is a cell that ends with its row group.
//! - A cell that reaches past the end of its row group ends there, as in every
//!   browser (CSS 2.2, 17.2.1, and `rowspan` in CSS Tables 3). To the letter of
//!   the algorithm it would add rows that no `tr` stands for.

use crate::covered::Covered;

/// The largest `colspan`; larger values count as this.
const MAX_COLSPAN: u32 = 1000;
/// The largest `rowspan`; larger values count as this.
const MAX_ROWSPAN: u32 = 65534;

/// What a cell declares to cover, clamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spans {
    /// Rows; 0 means all that are left in the row group.
    pub rowspan: u32,
    /// Columns, at least 1.
    pub colspan: u32,
}

impl Default for Spans {
    fn default() -> Self {
        Spans { rowspan: 1, colspan: 1 }
    }
}

/// Rows that cells cannot leave: a `thead`, `tbody` or `tfoot`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowGroup {
    /// Whether it is a `tfoot`, and so comes last.
    pub foot: bool,
    /// The cells of each row, in the order of the source.
    pub rows: Vec<Vec<Spans>>,
}

/// A cell's first slot and how far it reaches from there; all count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The row of the first slot.
    pub row: u32,
    /// The column of the first slot.
    pub column: u32,
    /// The rows it covers.
    pub rowspan: u32,
    /// The columns it covers.
    pub colspan: u32,
}

/// A formed table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The number of slots in a row.
    pub width: u32,
    /// The rows as shown, top to bottom.
    pub rows: Vec<GridRow>,
}

/// A row of a formed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// The index of its row group.
    pub group: usize,
    /// Its index in the row group.
    pub index: usize,
    /// Where its cells stand, in the order of the source. Two of them may
    /// cover the same slot; that is the table's fault, and both are kept.
    pub anchors: Vec<Anchor>,
}

/// Forms a table with as many columns as its `col` elements ask for, and more
/// if its cells need them.
pub fn form_table(columns: u32, groups: &[RowGroup]) -> Grid {
    // Steps 1 to 9: the width begins with what the column groups ask for; the
    // caption is the caller's.
    let mut grid = Grid { width: columns, rows: Vec::new() };
    // Steps 12 to 17: row groups in order, but each `tfoot` is put off.
    // Step 18: then the `tfoot` elements in order.
    let in_order = (0..).zip(groups).filter(|(_, group)| !group.foot);
    let pending_foots = (0..).zip(groups).filter(|(_, group)| group.foot);
    for (index, group) in in_order.chain(pending_foots) {
        process_row_group(&mut grid, index, group);
    }
    grid
}

/// The algorithm for processing row groups.
fn process_row_group(grid: &mut Grid, group_index: usize, group: &RowGroup) {
    let height = u32::try_from(group.rows.len()).unwrap_or(u32::MAX);
    let y_start = u32::try_from(grid.rows.len()).unwrap_or(u32::MAX);
    let y_end = y_start.saturating_add(height);
    // The algorithm for ending a row group empties the list of
    // downward-growing cells; here the coverage itself ends with the group.
    let mut covered = Covered::default();
    for (y_current, (index, row)) in (y_start..).zip(group.rows.iter().enumerate()) {
        covered.advance(y_current);
        let anchors = process_row(&mut grid.width, &mut covered, y_current, y_end, row);
        grid.rows.push(GridRow { group: group_index, index, anchors });
    }
}

/// The algorithm for processing rows.
fn process_row(
    x_width: &mut u32,
    covered: &mut Covered,
    y_current: u32,
    y_end: u32,
    row: &[Spans],
) -> Vec<Anchor> {
    // Step 2.
    let mut x_current = 0;
    let mut anchors = Vec::with_capacity(row.len());
    for &Spans { rowspan, colspan } in row {
        // Steps 6 and 7: the first slot that no cell covers, if need be in a
        // new column.
        x_current = covered.next_free(x_current);
        // Step 10: a rowspan of zero makes the cell grow downward.
        let left = y_end - y_current;
        let rowspan = if rowspan == 0 { left } else { rowspan.min(left) };
        // Step 11.
        let x_end = x_current.saturating_add(colspan);
        *x_width = (*x_width).max(x_end);
        // Step 13: the new cell covers its slots, taken or not.
        anchors.push(Anchor { row: y_current + 1, column: x_current.saturating_add(1), rowspan, colspan });
        // Step 15.
        x_current = x_end;
    }
    // Steps 12 and 14, for the rows below.
    for anchor in anchors.iter().filter(|anchor| anchor.rowspan > 1) {
        let x_start = anchor.column - 1;
        covered.cover(x_start..x_start.saturating_add(anchor.colspan), y_current + anchor.rowspan);
    }
    anchors
}

/// Steps 8 and 9 of the algorithm for processing rows: what a cell declares.
pub fn parse_spans(rowspan: Option<&str>, colspan: Option<&str>) -> Spans {
    let rowspan = rowspan.and_then(parse_non_negative_integer).unwrap_or(1).min(MAX_ROWSPAN);
    Spans { rowspan, colspan: parse_column_span(colspan) }
}

/// A `colspan`, or the `span` of a `col` or `colgroup`: from 1 to 1000.
pub fn parse_column_span(span: Option<&str>) -> u32 {
    match span.and_then(parse_non_negative_integer) {
        None | Some(0) => 1,
        Some(span) => span.min(MAX_COLSPAN),
    }
}

/// The rules for parsing non-negative integers: white space, a sign, digits,
/// and anything after them. None for an error; large numbers saturate.
fn parse_non_negative_integer(text: &str) -> Option<u32> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    let value = digits.fold(None, |value: Option<u32>, digit| {
        Some(value.unwrap_or(0).saturating_mul(10).saturating_add(u32::from(digit - b'0')))
    })?;
    (!negative || value == 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table as `a b/c2x3 | d`: `x` joins colspan and rowspan of a cell,
    /// `/` parts rows, `|` row groups; `F` begins a `tfoot`. The drawing names
    /// the cells in each slot, `.` where there is none.
    #[track_caller]
    fn check(columns: u32, table: &str, expected: &[&str]) {
        let mut names = Vec::new();
        let groups: Vec<RowGroup> = table
            .split('|')
            .map(|group| {
                let (foot, group) = match group.trim().strip_prefix('F') {
                    Some(rest) => (true, rest),
                    None => (false, group),
                };
                let rows = group.split('/').map(|row| {
                    let cells: Vec<&str> = row.split_whitespace().collect();
                    names.push(cells.iter().map(|cell| cell[..1].to_owned()).collect::<Vec<_>>());
                    cells
                        .iter()
                        .map(|cell| {
                            let (colspan, rowspan) = cell[1..].split_once('x').unwrap_or(("", ""));
                            parse_spans(Some(rowspan), Some(colspan))
                        })
                        .collect()
                });
                RowGroup { foot, rows: rows.collect() }
            })
            .collect();
        let firsts: Vec<usize> = groups
            .iter()
            .scan(0, |sum, group| Some(std::mem::replace(sum, *sum + group.rows.len())))
            .collect();
        let grid = form_table(columns, &groups);
        let mut slots = vec![vec![String::new(); grid.width as usize]; grid.rows.len()];
        for row in &grid.rows {
            for (name, anchor) in names[firsts[row.group] + row.index].iter().zip(&row.anchors) {
                for y in 0..anchor.rowspan {
                    for x in 0..anchor.colspan {
                        slots[(anchor.row - 1 + y) as usize][(anchor.column - 1 + x) as usize] += name;
                    }
                }
            }
        }
        let drawn: Vec<String> = slots
            .iter()
            .map(|row| {
                let row: Vec<&str> =
                    row.iter().map(|slot| if slot.is_empty() { "." } else { slot }).collect();
                row.join(" ")
            })
            .collect();
        assert_eq!(drawn, expected);
    }

    #[test]
    fn cells_take_the_first_slot_that_is_free() {
        check(0, "a b / c d", &["a b", "c d"]);
        check(0, "a1x2 b / c", &["a b", "a c"]);
        check(0, "a2x1 b / c d1x2 e / f g", &["a a b", "c d e", "f d g"]);
        check(0, "a b / c", &["a b", "c ."]);
        check(3, "a", &["a . ."]);
        check(0, "", &[""]);
    }

    #[test]
    fn rows_that_only_hold_spans_are_rows() {
        check(0, "a1x3 b1x3 / / c", &["a b .", "a b .", "a b c"]);
        check(0, "a1x2 / / b", &["a", "a", "b"]);
    }

    #[test]
    fn spans_end_with_their_group() {
        check(0, "a1x9 b / c | d", &["a b", "a c", "d ."]);
        check(0, "a1x0 b / c / d | e", &["a b", "a c", "a d", "e ."]);
        check(0, "a1x0", &["a"]);
    }

    #[test]
    fn overlapping_cells_are_kept() {
        check(0, "a b1x2 / c2x1 d", &["a b .", "c bc d"]);
        check(0, "a b1x3 c1x2 / d2x2 / e f", &["a b c .", "d bd c .", "d bd e f"]);
    }

    #[test]
    fn a_foot_comes_last() {
        check(0, "a | F b | c | F d", &["a", "c", "b", "d"]);
    }

    #[test]
    fn spans_are_read_by_the_rules_for_integers() {
        #[track_caller]
        fn check(text: &str, expected: Option<u32>) {
            assert_eq!(parse_non_negative_integer(text), expected, "{text:?}");
        }
        check("2", Some(2));
        check(" \n+2px", Some(2));
        check("-0", Some(0));
        check("007.9", Some(7));
        check("99999999999999999999", Some(u32::MAX));
        check("", None);
        check("-1", None);
        check("two", None);
        check("\u{a0}2", None);
        check("２", None);
        assert_eq!(parse_spans(Some("70000"), Some("5000")), Spans { rowspan: 65534, colspan: 1000 });
        assert_eq!(parse_spans(Some("0"), Some("0")), Spans { rowspan: 0, colspan: 1 });
        assert_eq!(parse_spans(Some("x"), None), Spans { rowspan: 1, colspan: 1 });
    }
}

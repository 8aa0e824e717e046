//! Forms a table: which slots each of its cells covers.
//!
//! This is the algorithm of
//! <https://html.spec.whatwg.org/multipage/tables.html#forming-a-table>, in its
//! order and words, with three differences in the means:
//!
//! - Slots are never written down. The only slots a later step asks for are
//!   those covered from the rows above ([`Covered`]), and they are ranges.
//! - Columns to the left of *x_current* are always taken, so a row's own cells
//!   need no entry before the row ends.
//! - A downward-growing cell is a cell that ends with its row group.
//!
//! Where all browsers lay a table out otherwise than the algorithm forms it, it
//! is formed as it is laid out. There are three such places:
//!
//! - A cell that reaches past the end of its row group ends there (`rowspan` in
//!   CSS Tables 3). To the letter of the algorithm it would add rows that no
//!   `tr` stands for, or cover slots of the next row group.
//! - The first `thead` comes first and the first `tfoot` last; further ones
//!   stay where they are (`table-header-group` in CSS 2.2, 17.2). To the letter
//!   a `thead` stays in its place and every `tfoot` comes last.
//! - What its own style hides has no place in the grid, and a `rowspan` does
//!   not count the row. The caller leaves it out.

use formgrid_model::Problem;

use crate::covered::Covered;
use crate::text::brief;

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
    /// The column of its first slot, from 1, where the format says it; 0 for
    /// the first that is free, as in HTML.
    pub column: u32,
}

impl Default for Spans {
    fn default() -> Self {
        Spans { rowspan: 1, colspan: 1, column: 0 }
    }
}

/// Which element a row group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupKind {
    /// `thead`
    Head,
    /// `tbody`
    #[default]
    Body,
    /// `tfoot`
    Foot,
}

/// Rows that cells cannot leave: a `thead`, `tbody` or `tfoot`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowGroup {
    /// Which of these it is.
    pub kind: GroupKind,
    /// The cells of each row, in the order of the source.
    pub rows: Vec<Vec<Spans>>,
}

/// A cell's first slot and how far it reaches from there; all count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anchor {
    /// The row of the first slot.
    pub row: u32,
    /// The column of the first slot.
    pub column: u32,
    /// The rows it covers.
    pub rowspan: u32,
    /// The columns it covers.
    pub colspan: u32,
    /// The rows it declares beyond the end of its row group.
    pub cut_off: u32,
    /// How many of its slots cells before it have.
    pub overlapped: u64,
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
    /// How many of its slots are covered.
    pub covered: u32,
    /// The column after the last slot that all slots to the left are covered
    /// of: cells take the first free slot, so only slots from here on are free.
    pub first_free: u32,
}

/// Forms a table with as many columns as its `col` elements ask for, and more
/// if its cells need them.
pub fn form_table(columns: u32, groups: &[RowGroup]) -> Grid {
    // Steps 1 to 9: the width begins with what the column groups ask for; the
    // caption is the caller's.
    let mut grid = Grid { width: columns, rows: Vec::new() };
    // Steps 12 to 17: the row groups in order, but the first `thead` as if it
    // stood first. Step 15: a `tfoot` is put off. Step 18: then the `tfoot`.
    let first = |kind| groups.iter().position(|group| group.kind == kind);
    let (head, foot) = (first(GroupKind::Head), first(GroupKind::Foot));
    let others = (0..groups.len()).filter(|&index| Some(index) != head && Some(index) != foot);
    for index in head.into_iter().chain(others).chain(foot) {
        process_row_group(&mut grid, index, &groups[index]);
    }
    // Step 19, the table model errors, is the account's.
    grid
}

/// The algorithm for processing row groups.
fn process_row_group(grid: &mut Grid, group_index: usize, group: &RowGroup) {
    // Step 1.
    let y_start = u32::try_from(grid.rows.len()).unwrap_or(u32::MAX);
    let height = u32::try_from(group.rows.len()).unwrap_or(u32::MAX);
    let y_end = y_start.saturating_add(height);
    // Step 4, the algorithm for ending a row group, empties the list of
    // downward-growing cells; here the coverage itself ends with the group.
    let mut covered = Covered::default();
    // Step 2.
    for (y_current, (index, row)) in (y_start..).zip(group.rows.iter().enumerate()) {
        covered.advance(y_current);
        let row = process_row(&mut grid.width, &mut covered, y_current, y_end, row);
        grid.rows.push(GridRow { group: group_index, index, ..row });
    }
}

/// The algorithm for processing rows.
fn process_row(
    x_width: &mut u32,
    covered: &mut Covered,
    y_current: u32,
    y_end: u32,
    row: &[Spans],
) -> GridRow {
    // Steps 1 and 3 are the caller's. Step 2.
    let mut x_current = 0;
    let mut anchors = Vec::with_capacity(row.len());
    let mut columns = covered.total();
    // Steps 4, 5, 16 to 18: for each cell, if there are any.
    for &Spans { rowspan, colspan, column } in row {
        // Steps 6 and 7: the first slot that no cell covers, if need be in a
        // new column.
        x_current = if column > x_current { column - 1 } else { covered.next_free(x_current) };
        // Step 10: a rowspan of zero makes the cell grow downward.
        let left = y_end - y_current;
        let declared = if rowspan == 0 { left } else { rowspan };
        let rowspan = declared.min(left);
        // Step 11.
        let x_end = x_current.saturating_add(colspan);
        *x_width = (*x_width).max(x_end);
        // Step 13: the new cell covers its slots, taken or not.
        let overlap = covered.overlap(x_current..x_end, y_current, y_current + rowspan);
        columns = columns.saturating_add(colspan - overlap.columns);
        anchors.push(Anchor {
            row: y_current + 1,
            column: x_current.saturating_add(1),
            rowspan,
            colspan,
            cut_off: declared - rowspan,
            overlapped: overlap.slots,
        });
        // Step 15.
        x_current = x_end;
    }
    let first_free = covered.next_free(x_current).saturating_add(1);
    // Steps 12 and 14, for the rows below.
    for anchor in anchors.iter().filter(|anchor| anchor.rowspan > 1) {
        let x_start = anchor.column - 1;
        covered.cover(x_start..x_start.saturating_add(anchor.colspan), y_current + anchor.rowspan);
    }
    GridRow { group: 0, index: 0, anchors, covered: columns, first_free }
}

/// Steps 8 and 9 of the algorithm for processing rows: what a cell declares,
/// and what is wrong with it.
pub fn parse_spans(rowspan: Option<&str>, colspan: Option<&str>) -> (Spans, Vec<Problem>) {
    let mut faults = Vec::new();
    let mut read = |attribute: &'static str, value: Option<&str>, least: u32, most: u32| {
        let Some(value) = value else { return 1 };
        let Some(found) = parse_non_negative_integer(value) else {
            faults.push(Problem::UnreadableSpan { attribute, value: brief(value) });
            return 1;
        };
        let used = found.clamp(least, most);
        if used != found {
            faults.push(Problem::ClampedSpan { attribute, value: brief(value), used });
        }
        used
    };
    let spans = Spans {
        rowspan: read("rowspan", rowspan, 0, MAX_ROWSPAN),
        colspan: read("colspan", colspan, 1, MAX_COLSPAN),
        column: 0,
    };
    (spans, faults)
}

/// The `span` of a `col` or `colgroup`, from 1 to 1000: step 9 of forming a
/// table.
pub fn parse_column_span(span: Option<&str>) -> u32 {
    span.and_then(parse_non_negative_integer).map_or(1, |span| span.clamp(1, MAX_COLSPAN))
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
    /// `/` parts rows, `|` row groups; `H` begins a `thead`, `F` a `tfoot`. The drawing names
    /// the cells in each slot, `.` where there is none.
    #[track_caller]
    fn check(columns: u32, table: &str, expected: &[&str]) {
        let mut names = Vec::new();
        let groups: Vec<RowGroup> = table
            .split('|')
            .map(|group| {
                let (kind, group) = match group.trim().split_at_checked(1) {
                    Some(("F", rest)) => (GroupKind::Foot, rest),
                    Some(("H", rest)) => (GroupKind::Head, rest),
                    _ => (GroupKind::Body, group),
                };
                let rows = group.split('/').map(|row| {
                    let cells: Vec<&str> = row.split_whitespace().collect();
                    names.push(cells.iter().map(|cell| cell[..1].to_owned()).collect::<Vec<_>>());
                    cells
                        .iter()
                        .map(|cell| {
                            let (colspan, rowspan) = cell[1..].split_once('x').unwrap_or(("", ""));
                            parse_spans(Some(rowspan), Some(colspan)).0
                        })
                        .collect()
                });
                RowGroup { kind, rows: rows.collect() }
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
    fn the_first_head_comes_first_and_the_first_foot_last() {
        check(0, "a | F b | c | F d", &["a", "c", "d", "b"]);
        check(0, "a | H b | c | H d | F e | f", &["b", "a", "c", "d", "f", "e"]);
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
    }

    #[test]
    fn spans_outside_the_limits_count_as_the_limits() {
        #[track_caller]
        fn check(rowspan: &str, colspan: &str, expected: (u32, u32), codes: &[&str]) {
            let (spans, faults) = parse_spans(Some(rowspan), Some(colspan));
            assert_eq!((spans.rowspan, spans.colspan), expected);
            assert_eq!(faults.iter().map(Problem::code).collect::<Vec<_>>(), codes);
        }
        check("65534", "1000", (65534, 1000), &[]);
        check("65535", "1001", (65534, 1000), &["clamped-span", "clamped-span"]);
        check("0", "0", (0, 1), &["clamped-span"]);
        check("x", "-1", (1, 1), &["unreadable-span", "unreadable-span"]);
        check("", "2px", (1, 2), &["unreadable-span"]);
        assert_eq!(parse_spans(None, None), (Spans::default(), Vec::new()));
        assert_eq!(parse_column_span(Some("1001")), 1000);
        assert_eq!(parse_column_span(Some("0")), 1);
    }
}

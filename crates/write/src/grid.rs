//! The filled grid of a formed table: each slot with the text that stands in it.

use formgrid_model::{Cell, Problem, Table};

/// What a table takes in its source beside the text, in bytes: its own tags,
/// and a tag or a tab for each row and each cell.
const TABLE: u64 = 16;
const TAG: u64 = 2;

/// Why the grid of this table is not to be written, if it is not: the texts in
/// its slots would come to more than `max_fill` times the bytes that its cells
/// take in the source. Two attributes are enough to ask for 65 million slots.
pub fn grid_problem(table: &Table<'_>, max_fill: u32) -> Option<Problem> {
    let rows = table.rows.len() as u64;
    let mut source = TABLE + TAG * rows;
    // A slot takes its quotes and a comma, whatever its text.
    let mut filled = (3 * rows).saturating_mul(u64::from(table.columns));
    for cell in table.rows.iter().flat_map(|row| &row.cells) {
        let length = cell.text.len() as u64;
        source += TAG + length;
        let slots = u64::from(cell.rowspan) * u64::from(cell.colspan);
        filled = filled.saturating_add(slots.saturating_mul(1 + length));
    }
    (filled > source.saturating_mul(u64::from(max_fill))).then(|| Problem::GridTooLarge {
        rows,
        columns: u64::from(table.columns),
        limit: max_fill,
    })
}

/// The rows of the grid, top to bottom: in each slot the text of the first cell
/// that covers it, "" where none does.
pub(crate) fn grid<'a>(table: &'a Table<'_>) -> impl Iterator<Item = Vec<&'a str>> {
    // The cells of the rows above that reach further down, first to last.
    let mut above: Vec<(u32, &Cell)> = Vec::new();
    (1u32..).zip(&table.rows).map(move |(y, row)| {
        above.retain(|(until, _)| *until > y);
        let mut slots: Vec<Option<&str>> = vec![None; table.columns as usize];
        let cells = above.iter().map(|(_, cell)| *cell).chain(&row.cells);
        for cell in cells {
            let from = cell.column.saturating_sub(1) as usize;
            let to = from.saturating_add(cell.colspan as usize).min(slots.len());
            for slot in slots.iter_mut().take(to).skip(from) {
                slot.get_or_insert(&cell.text);
            }
        }
        let spanning = row.cells.iter().filter(|cell| cell.rowspan > 1);
        above.extend(spanning.map(|cell| (y.saturating_add(cell.rowspan), cell)));
        slots.into_iter().map(Option::unwrap_or_default).collect()
    })
}

#[cfg(test)]
mod tests {
    use formgrid_model::{Row, Source};

    use super::*;

    /// Cells as text, row, column, rowspan, colspan.
    fn table(columns: u32, rows: &[&[(&'static str, u32, u32, u32)]]) -> Table<'static> {
        let row = |(y, cells): (u32, &&[(&'static str, u32, u32, u32)])| {
            let cells = cells.iter().map(|&(text, column, rowspan, colspan)| Cell {
                row: y,
                column,
                rowspan,
                colspan,
                ..Cell::new(text)
            });
            Row { source: Source::Table { table: 1 }, cells: cells.collect() }
        };
        Table { columns, rows: (1..).zip(rows).map(row).collect(), ..Table::default() }
    }

    #[test]
    fn spans_repeat_their_text_and_the_first_cell_keeps_a_slot() {
        let table = table(3, &[&[("a", 1, 1, 1), ("b", 2, 2, 1)], &[("c", 1, 2, 2)], &[("d", 3, 1, 1)]]);
        let rows: Vec<Vec<&str>> = grid(&table).collect();
        assert_eq!(rows, [["a", "b", ""], ["c", "b", ""], ["c", "c", "d"]]);
    }

    #[test]
    fn a_grid_out_of_proportion_is_refused() {
        let wide = |text, colspan| table(colspan, &[&[(text, 1, 1, colspan)]]);
        assert_eq!(grid_problem(&wide("x", 1000), 256), None);
        assert_eq!(grid_problem(&wide("a label of a form", 210), 256), None);
        let long = "x".repeat(1000).leak();
        assert!(grid_problem(&wide(long, 1000), 256).is_some());
        assert_eq!(grid_problem(&wide(long, 1000), 1001), None);
    }
}

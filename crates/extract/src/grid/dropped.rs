//! What dropping covered slots does to the columns of a header.
//!
//! In text without its covered slots a cell stands further left than it did.
//! Rows of the grid are read so by [`super::anchors`]; here it is the header
//! whose columns no longer are those of the rows.

use formgrid_model::{Row, Source};

use super::columns::{Columns, Head};

/// Puts the heads of a header of two rows side by side where its lower row lost
/// the slots that a taller cell of the upper row covers, so that two heads stand
/// in one column: the levels first, then what is behind them. Which cells of
/// the upper row the lower ones stand under is lost with the slots; the columns
/// come in the order in which the profile has them, which is the form's.
pub(crate) fn spread(heads: &mut [Head]) {
    if heads.windows(2).all(|pair| pair[0].column != pair[1].column) {
        return;
    }
    let levels = heads.iter().filter(|head| matches!(head.known, Some(Ok(_))));
    let first = levels.map(|head| head.column).min().unwrap_or(1);
    heads.sort_by_key(|head| match head.known {
        Some(Ok(level)) => (head.side, 0, level),
        Some(Err(column)) => (head.side, 1, column),
        None => (head.side, 2, 0),
    });
    for (head, column) in heads.iter_mut().zip(first..) {
        head.column = column;
    }
}

/// Rows that lost the slots of a side label: it stands once, in the header or
/// in the first row, and the rows begin where it would. Returns the columns as
/// the rows have them, and the rows with the label in no column. Nothing where
/// the rows leave the label's column blank, or repeat it.
pub(crate) fn without_side_label<'t>(
    columns: &Columns,
    rows: &[&Row<'t>],
) -> Option<(Columns, Vec<Row<'t>>)> {
    let aside = columns.first() - 1;
    let is_text = |row: &&&Row<'t>| matches!(row.source, Source::Line { .. });
    let filled = || rows.iter().filter(is_text).filter(|row| row.filled().next().is_some());
    let words = || filled().filter_map(|row| row.filled().next()).filter(|cell| cell.column <= aside);
    let first = words().next().filter(|_| aside > 0)?;
    if words().count() * 2 <= filled().count() || words().all(|cell| cell.text == first.text) {
        return None;
    }
    // Few rows hold a label besides a cell for each column: where most do, the
    // columns left of the grid are there.
    if filled().filter(|row| row.filled().count() > columns.roles.len()).count() * 2 > filled().count() {
        return None;
    }
    let homes = columns.homes.iter().map(|home| home - aside).collect();
    let columns = Columns { homes, width: columns.width - aside, ..columns.clone() };
    let mut rows: Vec<Row<'t>> = rows.iter().map(|row| (*row).clone()).collect();
    if let Some(row) = rows.iter_mut().find(|row| row.filled().next().is_some())
        && row.filled().count() > columns.roles.len()
        && let Some(label) = row.cells.iter_mut().find(|cell| !cell.is_blank())
    {
        label.column = 0;
    }
    Some((columns, rows))
}

//! What stands below a grid and is none of it: remarks, opinions, signatures.
//!
//! Where a grid has a side label (绩效指标) left of its first level, no cell of an
//! indicator stands in the column of that label. A row at the end that begins
//! there says something else: `说明`, with its text beside it.

use formgrid_model::Row;
use formgrid_profile::Profile;

use crate::grid::columns::Columns;
use crate::pairs::{Look, look, unknown_inline};

/// How many rows at the end of a grid are labels with their values. None are
/// where rows have other texts in the column of the side label: where covered
/// slots were dropped, anything may stand there.
pub(crate) fn rows_below(columns: &Columns, rows: &[&Row<'_>], profile: &Profile) -> usize {
    let Some(&first) = columns.homes.first().filter(|home| **home > 1) else { return 0 };
    let count = rows.iter().rev().take_while(|row| is_labelled(row, first, profile)).count();
    let above = &rows[..rows.len() - count];
    let is_side = |row: &Row<'_>| {
        let mut beside = row.filled().take_while(|cell| cell.column < first);
        beside.all(|cell| profile.side(&cell.text).is_some() || profile.grid.horizon(&cell.text).is_some())
    };
    // The side label may have words of its own: it then stands in the first row.
    let is_sound = !above.is_empty() && above.iter().skip(1).all(|row| is_side(row));
    if is_sound { count } else { 0 }
}

/// Whether a row begins left of the first level with a text that is no side
/// label, and has one text beside it or a colon in its label.
fn is_labelled(row: &Row<'_>, first: u32, profile: &Profile) -> bool {
    let mut filled = row.filled();
    let Some(label) = filled.next().filter(|cell| cell.column < first) else { return false };
    let is_other = profile.side(&label.text).is_none() && profile.grid.horizon(&label.text).is_none();
    let has_colon = label.text.ends_with([':', '：']) || unknown_inline(&label.text, 0).is_some();
    let is_pair =
        filled.next().is_some_and(|text| look(text, profile) == Look::Text) && filled.next().is_none();
    is_other && (has_colon || is_pair)
}

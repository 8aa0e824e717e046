//! How sure a reading of a row is, and what is said where it is not.

use formgrid_model::{Diagnostic, Problem};

use super::columns::Role;
use super::cost::BLANK_VALUE;
use super::evidence::Shape;
use super::{CellId, Grid, Reading};

/// Readings that win by as much are certain: three orders of magnitude in odds.
pub(crate) const CERTAIN: u64 = 30;

/// The same for a row that has an odd cell: another row may be as odd, so that
/// costs say less.
const CERTAIN_IF_ODD: u64 = 60;

/// The chance that a reading is right, from its margin; nothing where there is
/// no doubt. Ten of cost are an order of magnitude of odds. `shapes` are those
/// of the columns by role.
pub(crate) fn confidence(grid: &Grid<'_, '_>, reading: &Reading, shapes: &[Shape]) -> Option<f64> {
    let is_odd = has_odd_cell(grid, reading, shapes)
        || reading.lost.is_empty() && (has_odd_blank(grid, reading, shapes) || has_odd_name(grid, reading));
    let (certain, margin) = match is_odd {
        true => (CERTAIN_IF_ODD, reading.margin / 2),
        false => (CERTAIN, reading.margin),
    };
    if reading.margin >= certain {
        return None;
    }
    let odds = 10_f64.powf(margin as f64 / 10.0);
    Some((odds / (1.0 + odds) * 1000.0).round().min(999.0) / 1000.0)
}

/// Says that the cells of a row may be others.
pub(crate) fn doubt(
    grid: &Grid<'_, '_>,
    cells: &[Option<CellId>],
    other: Option<&[Option<CellId>]>,
    line: u32,
) -> Diagnostic {
    let names = |cells: &[Option<CellId>]| {
        let texts = cells.iter().map(|id| id.map_or("", |id| &*grid.cell(id).text));
        texts.collect::<Vec<_>>().join(" | ")
    };
    let other = match other {
        Some([]) | None => "no indicator at all".to_owned(),
        Some(cells) => names(cells),
    };
    Diagnostic::at_line(Problem::AmbiguousRow { row: names(cells), other }, line)
}

/// Whether a value does not look like the others of its grid, so that it may be
/// an indicator that a wrong span moved to the edge; or a level is a word of
/// another level; or a further cell is not as its column's are.
fn has_odd_cell(grid: &Grid<'_, '_>, reading: &Reading, shapes: &[Shape]) -> bool {
    let Grid { columns, .. } = grid;
    let evidence = |role: usize| reading.cells[role].and_then(|id| grid.evidence(id));
    columns.roles.iter().enumerate().any(|(role, kind)| match *kind {
        Role::Value(_) => evidence(role).is_some_and(|value| value.is_odd_value),
        Role::Group(group) => {
            evidence(role).is_some_and(|word| word.is_odd_word(columns.groups[group].level))
        }
        Role::Column(..) => evidence(role).is_some_and(|cell| shapes[role].cost(Some(cell)) > 0),
        Role::Indicator(_) | Role::Unknown => false,
    })
}

/// Whether a row has no value where values are filled in: if it begins a group,
/// it may be an indicator with its value one column too far to the left; if
/// something stands behind the blank, it may stand too far to the right.
fn has_odd_blank(grid: &Grid<'_, '_>, reading: &Reading, shapes: &[Shape]) -> bool {
    let Grid { columns, .. } = grid;
    let begins = columns.starts[reading.start].count > 0;
    columns.sides.iter().enumerate().any(|(at, side)| {
        let is_blank = |role: usize| reading.cells[role].is_none() && shapes[role].blank >= BLANK_VALUE;
        let is_behind = |role: &Role| matches!(role, Role::Column(_, side) if *side == at);
        let goes_on =
            || columns.roles.iter().zip(&reading.cells).any(|(role, cell)| is_behind(role) && cell.is_some());
        reading.cells[side.indicator].is_some() && side.value.is_some_and(is_blank) && (begins || goes_on())
    })
}

/// Whether a row begins a group with what is named as indicators are, or with an
/// indicator that holds a number as targets do, while its last column is blank:
/// it may stand one column too far to the left.
fn has_odd_name(grid: &Grid<'_, '_>, reading: &Reading) -> bool {
    let Grid { columns, .. } = grid;
    let begins = &columns.starts[reading.start].begins;
    let evidence = |role: usize| reading.cells[role].and_then(|id| grid.evidence(id));
    let is_measure =
        |role: usize, group: usize| begins[group] && evidence(role).is_some_and(|name| name.is_measure);
    let is_odd = columns.roles.iter().enumerate().any(|(role, kind)| match *kind {
        Role::Group(group) => is_measure(role, group),
        Role::Indicator(_) => evidence(role).is_some_and(|name| name.has_digit),
        Role::Value(_) | Role::Column(..) | Role::Unknown => false,
    });
    is_odd && begins.contains(&true) && reading.cells.last() == Some(&None)
}

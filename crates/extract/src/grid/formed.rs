//! Tables whose spans add up: no slot is left over, none is claimed twice, and
//! no group reaches out of the one around it. Then they are as they were meant,
//! and each row is read straight from its slots; a wrong span never leaves a
//! table like this, since a row then has a cell too many or too few.

use formgrid_profile::fold_word;

use super::columns::{Group, Role};
use super::cost::{CONTINUED_LEVEL, NEW_GROUP, RowCost, blank_group};
use super::evidence::{Align, Shape};
use super::{CellId, Grid, Reading};

/// Reads a table whose spans add up, with the cost of its words; nothing if
/// they do not.
pub(crate) fn read(grid: &Grid<'_, '_>) -> Option<(u64, Vec<Reading>)> {
    let columns = grid.columns;
    let last = columns.homes.last().copied()?;
    // Per live column the cell that covers it, and the row after its last.
    let mut slots: Vec<Option<(CellId, u32)>> = vec![None; grid.live.len()];
    let mut current: Vec<Option<CellId>> = vec![None; columns.groups.len()];
    let shapes = grid.shapes(Align::Right);
    let mut readings = Vec::new();
    let mut cost = 0_u64;
    for row in 0..grid.rows.len() {
        for slot in &mut slots {
            *slot = slot.filter(|(_, end)| *end > row as u32);
        }
        let mut is_empty = true;
        for at in grid.own(row) {
            let cell = &grid.rows[row].cells[at];
            is_empty = false;
            let id = CellId { row: row as u32, cell: at as u32 };
            for (slot, &column) in slots.iter_mut().zip(&grid.live) {
                if (cell.column..cell.column + cell.colspan).contains(&column)
                    && slot.replace((id, row as u32 + cell.rowspan)).is_some()
                {
                    return None;
                }
            }
        }
        if is_empty {
            continue;
        }
        let is_whole = slots.iter().zip(&grid.live).all(|(slot, &column)| slot.is_some() == (column <= last));
        if !is_whole {
            return None;
        }
        if grid.is_note(row) {
            continue;
        }
        if let Some(reading) = read_band(grid, row, &mut current) {
            readings.push(reading);
            cost += u64::from(NEW_GROUP);
            continue;
        }
        let (reading, row_cost) = read_row(grid, &shapes, row, &slots, &mut current)?;
        readings.push(reading);
        cost += u64::from(row_cost);
    }
    Some((cost, readings))
}

/// Reads a row that is one cell across all columns with the word of a level: it
/// heads the rows below it, which leave its column blank.
fn read_band(grid: &Grid<'_, '_>, row: usize, current: &mut [Option<CellId>]) -> Option<Reading> {
    let columns = grid.columns;
    let mut own = grid.own(row);
    let (at, None) = (own.next()?, own.next()) else { return None };
    let band = CellId { row: row as u32, cell: at as u32 };
    let cell = grid.cell(band);
    let is_across = columns.homes.iter().all(|home| (cell.column..cell.column + cell.colspan).contains(home));
    let evidence = grid.evidence(band).filter(|evidence| is_across && evidence.word.is_some())?;
    let group = columns.groups.iter().position(|group| evidence.level[group.level] == 0)?;
    let start = columns.starts.iter().rposition(|start| start.begins[group])?;
    let mut cells = vec![None; columns.roles.len()];
    for (at, (id, begins)) in current.iter_mut().zip(&columns.starts[start].begins).enumerate() {
        match begins {
            true if at == group => *id = Some(band),
            true => *id = None,
            false => {}
        }
        cells[columns.groups[at].role] = *id;
    }
    Some(Reading {
        row: row as u32,
        start,
        cells,
        lost: Vec::new(),
        covers: Vec::new(),
        margin: u64::MAX,
        other: None,
    })
}

/// Reads one row from its slots; nothing if a group reaches out of its parent.
fn read_row(
    grid: &Grid<'_, '_>,
    shapes: &[Shape],
    row: usize,
    slots: &[Option<(CellId, u32)>],
    current: &mut [Option<CellId>],
) -> Option<(Reading, u32)> {
    let columns = grid.columns;
    let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
    let mut begins = vec![false; columns.groups.len()];
    // Whether a group is another one than the one above, not its word again.
    let mut is_other = vec![false; columns.groups.len()];
    let mut cost = RowCost::default();
    let mut groups = 0;
    for (role, &home) in columns.homes.iter().enumerate() {
        let slot = grid.live.binary_search(&home).ok()?;
        let (id, _) = slots[slot]?;
        let is_own = id.row == row as u32;
        // A cell across several levels names the innermost of them.
        let is_level = |role: &usize| matches!(columns.roles[*role], Role::Group(_) | Role::Indicator(_));
        let is_inner = |role: usize| {
            let slot = grid.live.binary_search(&columns.homes[role]).ok();
            slot.and_then(|slot| slots[slot]).is_some_and(|(other, _)| other == id)
        };
        let is_across = is_level(&role) && (role + 1..columns.roles.len()).take_while(is_level).any(is_inner);
        let evidence = grid.evidence(id).filter(|_| !is_across);
        let filled = evidence.map(|_| id);
        match columns.roles[role] {
            Role::Group(group) => {
                let Group { side, level, is_beside, .. } = columns.groups[group];
                let outer = &columns.sides[side.unwrap_or(0)].groups;
                let outer = || outer.iter().copied().take_while(|&outer| outer != group);
                let is_inside = outer().any(|outer| begins[outer]);
                if is_beside && is_own && is_inside && filled.is_none() {
                    // What a project does not have, the one above says nothing of.
                    begins[group] = true;
                    cost.add(side, false, blank_group(&columns.groups[group]));
                    current[group] = Some(CellId::gone(row));
                    continue;
                }
                if evidence.is_none() && is_own && outer().any(|outer| is_other[outer]) {
                    // The first row of another group: its inner group has no name.
                    begins[group] = true;
                    current[group] = Some(CellId::gone(row));
                    cost.add(side, false, CONTINUED_LEVEL);
                    continue;
                }
                if evidence.is_none() && !is_across {
                    // A merge that was cut in two goes on with the group above.
                    cells[role] = current[group].filter(|id| !id.is_gone());
                    cost.add(side, false, if is_own { CONTINUED_LEVEL } else { 0 });
                    continue;
                }
                if !is_own && is_inside {
                    return None;
                }
                if is_own {
                    begins[group] = true;
                    groups += 1;
                    let word = evidence.map_or(0, |evidence| evidence.level[level]);
                    cost.add(side, filled.is_some(), word);
                    let text = |id: CellId| (!id.is_gone()).then(|| fold_word(&grid.cell(id).text));
                    is_other[group] = current[group].and_then(text) != text(id);
                    current[group] = Some(filled.unwrap_or(CellId::gone(row)));
                }
            }
            Role::Indicator(side) if is_own => {
                cost.add(Some(side), filled.is_some(), grid.as_indicator(filled, side, current));
            }
            Role::Value(side) if is_own => {
                cost.add(
                    Some(side),
                    filled.is_some(),
                    evidence.map_or(shapes[role].blank, |evidence| evidence.value),
                );
            }
            Role::Column(_, side) if is_own => {
                cost.add(Some(side), filled.is_some(), shapes[role].cost(evidence))
            }
            _ => {}
        }
        cells[role] = filled;
    }
    // A blank cell of an outer level goes on with its group while inner ones begin.
    let start = columns.starts.iter().position(|start| start.begins == begins).unwrap_or(0);
    let cost = NEW_GROUP * groups + cost.total(columns, &cells);
    let reading = Reading {
        row: row as u32,
        start,
        cells,
        lost: Vec::new(),
        covers: Vec::new(),
        margin: u64::MAX,
        other: None,
    };
    Some((reading, cost))
}

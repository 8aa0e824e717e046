//! Which rows are not read as they were laid out, and which cell is to blame.

use std::collections::BTreeMap;

use formgrid_model::RepairKind;

use super::columns::Role;
use super::{CellId, Grid, Layout, Reading};

/// The cell to blame for a row that is not laid out as a sound one would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: RepairKind,
    pub(crate) cell: CellId,
}

/// How many rows a level cell covers, and how many its group has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) covers: u32,
    pub(crate) rows: u32,
}

/// Finds the cell to blame for each reading, and measures the spans.
pub(crate) fn faults(
    grid: &Grid<'_, '_>,
    readings: &[Reading],
    layout: Layout,
) -> (Vec<Option<Fault>>, BTreeMap<CellId, Span>) {
    let spans = spans(grid, readings, layout);
    // The cell at fault for each level cell that stands in a wrong column.
    let mut causes: BTreeMap<CellId, Fault> = BTreeMap::new();
    let mut current: Vec<Option<CellId>> = vec![None; grid.columns.groups.len()];
    let mut overlong: Vec<CellId> = Vec::new();
    let mut faults = Vec::new();
    for reading in readings {
        overlong.retain(|cell| declared_end(grid, *cell) > reading.row);
        let begins = &grid.columns.starts[reading.start].begins;
        for (group, now) in current.iter_mut().enumerate() {
            let cell = reading.cells[grid.columns.groups[group].role];
            if begins[group] || cell != *now {
                overlong.extend(now.filter(|cell| declared_end(grid, *cell) > reading.row));
                *now = cell;
            }
        }
        let stale = match layout {
            Layout::Spanned => overlong.first().copied(),
            _ => reading.covers.iter().find(|(.., is_stale)| *is_stale).map(|(cell, ..)| *cell),
        };
        let fault = match layout {
            // Rows without their covered slots stand at the left whatever the
            // spans were, and a formed table has nothing wrong.
            Layout::Dropped | Layout::Stacked | Layout::Formed => None,
            _ => blame(grid, reading, stale, &causes, layout),
        };
        if let Some(fault) = fault {
            for (group, _) in grid.columns.groups.iter().zip(begins).filter(|(_, begins)| **begins) {
                if let Some(own) = reading.cells[group.role] {
                    causes.insert(own, fault);
                }
            }
        }
        faults.push(fault);
    }
    (faults, spans)
}

/// The cell to blame for a row in which a cell stands in a wrong column, or a
/// level is not covered, or a cell is lost; none for a row as it should be.
fn blame(
    grid: &Grid<'_, '_>,
    reading: &Reading,
    stale: Option<CellId>,
    causes: &BTreeMap<CellId, Fault>,
    layout: Layout,
) -> Option<Fault> {
    let columns = grid.columns;
    let is_moved = |role: usize| {
        let cell = reading.cells[role].map(|id| (id, grid.cell(id)));
        cell.is_some_and(|(id, cell)| {
            let is_level = matches!(columns.roles[role], Role::Group(_));
            (id.row == reading.row || is_level) && cell.column != columns.homes[role]
        })
    };
    let begins = &columns.starts[reading.start].begins;
    let outer = || columns.groups.iter().zip(begins).filter(|(_, begins)| !**begins).map(|(group, _)| group);
    let uncovered = outer().find_map(|group| {
        let cell = reading.cells[group.role]?;
        let is_covered = match layout {
            Layout::Spanned => declared_end(grid, cell) > reading.row,
            _ => reading.covers.iter().any(|(cover, ..)| *cover == cell),
        };
        (!is_covered).then_some(cell)
    });
    let is_sound = reading.lost.is_empty() && uncovered.is_none() && !(0..columns.roles.len()).any(is_moved);
    if is_sound {
        return None;
    }
    if let Some(cell) = stale {
        return Some(Fault { kind: RepairKind::SpanTooLong, cell });
    }
    let inherited =
        outer().filter_map(|group| reading.cells[group.role]).find_map(|cell| causes.get(&cell).copied());
    if let Some(cell) = uncovered {
        return Some(Fault { kind: RepairKind::SpanTooShort, cell });
    }
    inherited
}

/// How many rows each level cell covers, and how many its group has.
fn spans(grid: &Grid<'_, '_>, readings: &[Reading], layout: Layout) -> BTreeMap<CellId, Span> {
    let mut spans: BTreeMap<CellId, Span> = BTreeMap::new();
    for reading in readings {
        for group in &grid.columns.groups {
            let Some(id) = reading.cells[group.role] else { continue };
            let span = spans.entry(id).or_default();
            span.rows += 1;
            // The row in which a cell stands it covers by standing there.
            span.covers += u32::from(id.row == reading.row);
        }
        for (cell, ..) in &reading.covers {
            spans.entry(*cell).or_default().covers += 1;
        }
    }
    if layout == Layout::Spanned {
        for (id, span) in &mut spans {
            span.covers = grid.cell(*id).rowspan;
        }
    }
    spans
}

/// The row after the last one that a cell covers by its declared span.
fn declared_end(grid: &Grid<'_, '_>, id: CellId) -> u32 {
    id.row + grid.cell(id).rowspan
}

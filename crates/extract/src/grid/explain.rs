//! From the best reading to indicators: what each row says, what was wrong with
//! the spans, and on what evidence.

use std::collections::{BTreeMap, BTreeSet};

use formgrid_model::{Cell, Diagnostic, Indicator, Part, Problem, Repair, RepairKind, Row};
use formgrid_profile::{GridRule, HORIZON};

use super::columns::{Columns, Role, Side};
use super::doubt::{confidence, doubt};
use super::dropped::without_side_label;
use super::faults::{Fault, Span, faults};
use super::joined::{join, splits, tell};
use super::{CellId, Grid, Layout, Reading};
use crate::place::{part, target};

/// The rows of a grid as indicators.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    pub(crate) indicators: Vec<Indicator>,
    /// The row of each indicator, by its index in the grid.
    pub(crate) rows: Vec<u32>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The cells that are part of an indicator, by row and place.
    pub(crate) used: Vec<CellId>,
    /// The cells of columns that the profile does not know, with their header.
    pub(crate) unmapped: Vec<(String, CellId)>,
}

/// Turns readings into indicators.
pub(crate) fn explain(
    grid: &Grid<'_, '_>,
    readings: &[Reading],
    layout: Layout,
    rule: &GridRule,
) -> Explained {
    let (faults, spans) = faults(grid, readings, layout);
    let shapes = grid.shapes_of(readings);
    let mut explained = Explained::default();
    let mut blamed: BTreeMap<CellId, (RepairKind, u32)> = BTreeMap::new();
    // The cells of rows that are no indicator, and of those that are.
    let (mut dropped, mut kept) = (BTreeSet::<CellId>::new(), BTreeSet::<CellId>::new());
    for (at, (reading, fault)) in readings.iter().zip(&faults).enumerate() {
        let shown = shown(grid, reading);
        explained.take_cells(grid, &shown);
        if readings.get(at + 1).is_some_and(|next| is_band(grid, reading, next)) {
            continue;
        }
        let confidence = confidence(grid, reading, &shapes);
        let sides = sides(grid, &readings[at..], confidence.is_none());
        if sides.is_empty() {
            dropped.extend(shown.cells.iter().flatten());
            continue;
        }
        let is_kept = |role: &usize| is_of(grid.columns, *role, &sides);
        let (whole, blank): (Vec<usize>, Vec<usize>) = (0..reading.cells.len()).partition(is_kept);
        kept.extend(whole.into_iter().filter_map(|role| shown.cells[role]));
        dropped.extend(blank.into_iter().filter_map(|role| shown.cells[role]));
        let line = line(grid.rows[reading.row as usize]);
        let repair = fault.map(|fault| repair(grid, fault, &spans, reading));
        if let Some(fault) = fault {
            blamed.entry(fault.cell).or_insert((fault.kind, line));
        }
        if let Some(Repair { note, .. }) = &repair {
            let problem = Problem::RepairedRow { note: note.clone() };
            explained.diagnostics.push(Diagnostic::at_line(problem, line));
        }
        if confidence.is_some() {
            explained.diagnostics.push(doubt(grid, &reading.cells, reading.other.as_deref(), line));
        }
        explained.diagnostics.extend(lost(grid, reading, line, rule));
        for side in sides {
            let repair = repair.clone();
            let indicator = Indicator { line, repair, confidence, ..indicator(grid, &shown, side, rule) };
            explained.indicators.push(indicator);
            explained.rows.push(reading.row);
        }
    }
    // A level that only such rows have is no part of an indicator, either.
    explained.used.retain(|id| !dropped.contains(id) || kept.contains(id));
    explained.diagnostics.extend(stray_cells(grid, readings, &explained));
    for (id, (kind, shifted)) in blamed {
        let span = spans.get(&id).copied().unwrap_or_default();
        explained.diagnostics.push(wrong_span(kind, grid.cell(id), span, shifted));
    }
    explained.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    explained
}

impl Explained {
    /// Accounts for the cells of a row.
    fn take_cells(&mut self, grid: &Grid<'_, '_>, reading: &Reading) {
        let columns = grid.columns;
        for ((role, name), id) in columns.roles.iter().zip(&columns.names).zip(&reading.cells) {
            match (role, id) {
                (_, Some(id)) if id.row != reading.row => {}
                (Role::Unknown, Some(id)) => self.unmapped.push((name.clone(), *id)),
                (_, Some(id)) => self.used.push(*id),
                (_, None) => {}
            }
        }
        // A covered slot that repeats the text above says nothing new.
        for (_, column, _) in &reading.covers {
            let row = grid.rows[reading.row as usize];
            let id = row.cells.iter().position(|cell| cell.column == *column && !cell.is_blank());
            let id = id.map(|at| CellId { row: reading.row, cell: at as u32 });
            self.used.extend(id.filter(|id| !reading.cells.contains(&Some(*id))));
        }
    }
}

/// A reading with the cells that its row shows: where a covered slot repeats the
/// text above, the level stands in the row itself.
fn shown(grid: &Grid<'_, '_>, reading: &Reading) -> Reading {
    let row = grid.rows[reading.row as usize];
    let repeated = |id: CellId| {
        let (_, column, _) = reading.covers.iter().find(|(cover, ..)| *cover == id)?;
        let at = row.cells.iter().position(|cell| cell.column == *column && !cell.is_blank())?;
        Some(CellId { row: reading.row, cell: at as u32 })
    };
    let cells = reading.cells.iter().map(|id| id.map(|id| repeated(id).unwrap_or(id))).collect();
    Reading { cells, ..reading.clone() }
}

/// The sides of the first reading's row that hold an indicator.
fn sides<'f>(grid: &Grid<'f, '_>, readings: &[Reading], is_certain: bool) -> Vec<&'f Side> {
    let columns: &'f Columns = grid.columns;
    let reading = &readings[0];
    let (blank, filled): (Vec<&Side>, Vec<&Side>) =
        columns.sides.iter().partition(|side| is_placeholder(grid, reading, side));
    // A row of level cells alone is none of its own if all of them go on to the
    // next.
    let own = || reading.cells.iter().flatten().filter(|id| id.row == reading.row);
    // Where the next row shows another side alone, this one ends here.
    let goes_on = || {
        readings.get(1).is_some_and(|next| {
            let shown: Vec<&Side> =
                columns.sides.iter().filter(|side| !is_placeholder(grid, next, side)).collect();
            let shows = |id: &CellId| {
                let role = next.cells.iter().position(|cell| *cell == Some(*id));
                role.is_some_and(|role| shown.is_empty() || is_of(columns, role, &shown))
            };
            own().all(shows)
        })
    };
    let is_template =
        |side: &&Side| reading.cells[side.indicator].is_some_and(|id| is_ellipsis(&grid.cell(id).text));
    let is_none = || own().next().is_none() || is_certain && goes_on() || blank.iter().any(is_template);
    if filled.is_empty() && !is_none() { blank[..1].to_vec() } else { filled }
}

/// Whether a role is of one of these sides, or of none.
fn is_of(columns: &Columns, role: usize, sides: &[&Side]) -> bool {
    match columns.roles[role] {
        Role::Group(group) => sides.iter().any(|side| side.groups.contains(&group)),
        _ => columns.side(role).is_none_or(|side| sides.contains(&&columns.sides[side])),
    }
}

/// Whether a row repeats the word of a group in every column, above the rows of
/// the group: one cell across all of them, as a flattened table shows it.
fn is_band(grid: &Grid<'_, '_>, reading: &Reading, next: &Reading) -> bool {
    let Some(outer) = grid.columns.groups.first().map(|group| group.role) else { return false };
    let word = |reading: &Reading, role: usize| reading.cells[role].map(|id| &*grid.cell(id).text);
    let roles = grid.columns.roles.len();
    let Some(first) = word(reading, outer) else { return false };
    roles > 2 && (0..roles).all(|role| word(reading, role) == Some(first)) && word(next, outer) == Some(first)
}

/// Whether a side of a row has neither value nor a named indicator, and nothing
/// was lost.
fn is_placeholder(grid: &Grid<'_, '_>, reading: &Reading, side: &Side) -> bool {
    let columns = grid.columns;
    let is_blank = |role: usize| reading.cells[role].is_none_or(|id| is_ellipsis(&grid.cell(id).text));
    let is_side = |role: &usize| match columns.roles[*role] {
        Role::Group(_) => false,
        Role::Unknown => columns.sides.len() == 1,
        Role::Indicator(at) | Role::Value(at) | Role::Column(_, at) => columns.sides[at] == *side,
    };
    reading.lost.is_empty() && (0..columns.roles.len()).filter(is_side).all(is_blank)
}

fn is_ellipsis(text: &str) -> bool {
    let rest = text.strip_prefix("指标").unwrap_or(text);
    !text.is_empty()
        && rest.chars().all(|c| c.is_ascii_digit() || "…⋯.。·*：:，,、 ".contains(c))
        && (rest.len() < text.len() || !rest.chars().any(|c| c.is_ascii_digit()))
}

/// The texts of one side of a row.
fn indicator(grid: &Grid<'_, '_>, reading: &Reading, side: &Side, rule: &GridRule) -> Indicator {
    let columns = grid.columns;
    let cell = |role: usize| reading.cells[role].map(|id| grid.cell(id));
    let mut levels = vec![None; rule.levels.len()];
    for group in side.groups.iter().map(|&group| columns.groups[group]) {
        levels[columns.levels[group.level]] = cell(group.role).map(part);
    }
    if let Some(&leaf) = columns.levels.last() {
        levels[leaf] = cell(side.indicator).map(part);
    }
    let mut further = vec![None; rule.columns.len()];
    for (role, kind) in columns.roles.iter().enumerate() {
        if let Role::Column(column, at) = *kind
            && columns.sides[at] == *side
        {
            further[column] = cell(role).map(part);
        }
    }
    let keyed = rule.columns.iter().zip(further).filter(|(column, _)| column.key != "target");
    let horizon =
        (!rule.horizons.is_empty()).then(|| (HORIZON.to_owned(), horizon(side, &columns.sides, rule)));
    let further = horizon.into_iter().chain(keyed.map(|(column, part)| (column.key.clone(), part))).collect();
    Indicator { levels, target: side.value.and_then(cell).map(target), further, ..Indicator::default() }
}

/// What a side sets targets for, by the profile's key, or as the heading says
/// where the profile does not know it. As many sides as the profile has horizons
/// need no headings: they stand in its order.
fn horizon(side: &Side, sides: &[Side], rule: &GridRule) -> Option<Part> {
    if let Some(heading) = &side.heading {
        let text = rule.horizon(&heading.text).unwrap_or(&heading.text).to_owned();
        return Some(Part { text, place: heading.place.clone() });
    }
    let is_bare = sides.iter().all(|side| side.heading.is_none()) && sides.len() == rule.horizons.len();
    let at = sides.iter().position(|other| other == side)?;
    let text = rule.horizons.get(at).filter(|_| is_bare)?.key.clone();
    Some(Part { text, place: side.header.place.clone() })
}

/// The line of a row: that of its first cell with text, or of its first cell.
fn line(row: &Row<'_>) -> u32 {
    row.filled().next().or(row.cells.first()).map_or(0, |cell| cell.line)
}

fn repair(grid: &Grid<'_, '_>, fault: Fault, spans: &BTreeMap<CellId, Span>, reading: &Reading) -> Repair {
    let columns = grid.columns;
    let blamed = grid.cell(fault.cell);
    let Span { covers, rows } = spans.get(&fault.cell).copied().unwrap_or_default();
    let own = columns.starts[reading.start].own.iter();
    let own = own.copied().find_map(|role| Some((grid.cell(reading.cells[role]?), columns.homes[role])));
    let shift = match own {
        Some((first, home)) if first.column != home => {
            format!("\"{}\" stood in column {} and belongs in column {home}", first.text, first.column)
        }
        _ => "the row's cells were shifted".to_owned(),
    };
    let rows_of = |count: u32| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let note = format!(
        "\"{}\" (line {}) covers {} and its group has {rows}: {shift}",
        blamed.text,
        blamed.line,
        rows_of(covers)
    );
    Repair { kind: fault.kind, note }
}

fn wrong_span(kind: RepairKind, cell: &Cell<'_>, span: Span, shifted: u32) -> Diagnostic {
    let Span { covers, rows } = span;
    let note = format!(
        "it covers {covers} rows and its group has {rows}; rows from line {shifted} on were put right"
    );
    let text = cell.text.to_string();
    let problem = match kind {
        RepairKind::SpanTooShort => Problem::SpanTooShort { cell: text, note },
        RepairKind::SpanTooLong | RepairKind::CutOff | RepairKind::SplitWord => {
            Problem::SpanTooLong { cell: text, note }
        }
    };
    Diagnostic::at_cell(problem, cell.line, cell.column)
}

/// What is null in a row because it fell off the edge, or because its group's
/// name did, or is in no row at all.
fn lost(grid: &Grid<'_, '_>, reading: &Reading, line: u32, rule: &GridRule) -> Vec<Diagnostic> {
    let Columns { roles, names: headers, homes, levels, groups, sides, starts, .. } = grid.columns;
    let level = |role: usize, at: usize| match (levels[at] + 1).checked_sub(rule.projects.len()) {
        Some(level) if level > 0 => format!("level {level}"),
        _ => format!("\"{}\"", headers[role]),
    };
    let edge = homes.last().copied().unwrap_or(0);
    let begins = &starts[reading.start].begins;
    let is_there = |role: usize| reading.cells[role].is_some();
    let mut diagnostics = Vec::new();
    let mut names = Vec::new();
    for (role, kind) in roles.iter().enumerate().filter(|(role, _)| !is_there(*role)) {
        let is_lost = reading.lost.contains(&role);
        match *kind {
            Role::Group(group)
                if is_lost
                    || !begins[group]
                        && !groups[group].is_beside
                        && groups[group].side.is_none_or(|side| has_cells(grid, reading, side)) =>
            {
                names.push(level(role, groups[group].level));
            }
            Role::Indicator(side) if is_lost || sides[side].value.is_some_and(is_there) => {
                names.push(level(role, levels.len() - 1));
            }
            Role::Value(side) if is_lost => {
                let leaf = reading.cells[sides[side].indicator];
                let indicator = leaf.map_or(String::new(), |id| grid.cell(id).text.to_string());
                diagnostics.push(Diagnostic::at_cell(Problem::ValueLost { indicator }, line, edge));
            }
            Role::Column(..) if is_lost => names.push(format!("column {}", homes[role])),
            _ => {}
        }
    }
    if !names.is_empty() {
        let what = names.join(" and ");
        diagnostics.push(Diagnostic::at_cell(Problem::CellsLost { what }, line, edge));
    }
    diagnostics
}

/// Whether a side of a row has any cell of its own, or is the only one.
fn has_cells(grid: &Grid<'_, '_>, reading: &Reading, side: usize) -> bool {
    let columns = grid.columns;
    let is_side = |role: &usize| columns.side(*role) == Some(side);
    columns.sides.len() == 1
        || (0..columns.roles.len()).filter(is_side).any(|role| reading.cells[role].is_some())
}

/// The cells of read rows that no column holds.
fn stray_cells(grid: &Grid<'_, '_>, readings: &[Reading], explained: &Explained) -> Vec<Diagnostic> {
    let unmapped = explained.unmapped.iter().map(|(_, id)| id);
    let placed: BTreeSet<&CellId> = explained.used.iter().chain(unmapped).collect();
    let cells = readings.iter().flat_map(|reading| {
        grid.own(reading.row as usize).map(|at| CellId { row: reading.row, cell: at as u32 })
    });
    let is_stray = |id: &CellId| {
        let cell = grid.cell(*id);
        !cell.is_blank() && !is_ellipsis(&cell.text) && !placed.contains(id)
    };
    cells
        .filter(is_stray)
        .map(|id| {
            let cell = grid.cell(id);
            Diagnostic::at_cell(Problem::StrayCell { cell: cell.text.to_string() }, cell.line, cell.column)
        })
        .collect()
}

/// The rows that were read as none of the grid and do not say so themselves.
fn strays(grid: &Grid<'_, '_>, readings: &[Reading]) -> Vec<Diagnostic> {
    let mut read = readings.iter().map(|reading| reading.row as usize).peekable();
    let mut diagnostics = Vec::new();
    for (at, row) in grid.rows.iter().enumerate() {
        let is_read = read.next_if_eq(&at).is_some();
        if !is_read && row.filled().next().is_some() && !grid.is_note(at) {
            let row_text = row.filled().map(|cell| &*cell.text).collect::<Vec<_>>().join(" | ");
            diagnostics.push(Diagnostic::at_line(Problem::StrayRow { row: row_text }, line(row)));
        }
    }
    diagnostics
}

/// Reads a whole grid: the indicators, and where each cell went.
pub(crate) fn read_grid(columns: &Columns, rows: &[&Row<'_>], rule: &GridRule) -> Explained {
    match without_side_label(columns, rows) {
        Some((columns, rows)) => read_words(&columns, &rows.iter().collect::<Vec<_>>(), rule),
        None => read_words(columns, rows, rule),
    }
}

/// Reads a grid in which a word may stand in two cells.
fn read_words(columns: &Columns, rows: &[&Row<'_>], rule: &GridRule) -> Explained {
    let splits = splits(columns, rows, rule);
    if splits.is_empty() {
        return read_rows(columns, rows, rule);
    }
    let joined = join(rows, &splits);
    let mut explained = read_rows(columns, &joined.iter().collect::<Vec<_>>(), rule);
    tell(&mut explained, rows, &splits);
    explained
}

/// Reads a grid in which every word stands in one cell.
fn read_rows(columns: &Columns, rows: &[&Row<'_>], rule: &GridRule) -> Explained {
    let grid = Grid::new(columns, rows, rule);
    let (readings, layout) = super::decode(&grid);
    let mut explained = explain_grid(&grid, &readings, layout, rule);
    explained.diagnostics.extend(strays(&grid, &readings));
    explained
}

/// Turns the readings of a whole grid into indicators, and tells of a column
/// that it has not.
pub(crate) fn explain_grid(
    grid: &Grid<'_, '_>,
    readings: &[Reading],
    layout: Layout,
    rule: &GridRule,
) -> Explained {
    let mut explained = explain(grid, readings, layout, rule);
    if grid.columns.sides.iter().any(|side| side.value.is_none()) {
        let problem = Problem::MissingTarget { header: grid.columns.names.join(" | ") };
        let first = grid.rows.first().map_or(0, |row| line(row));
        explained.diagnostics.push(Diagnostic::at_line(problem, first));
    }
    explained
}

//! From the best reading to indicators: what each row says, what was wrong with
//! the spans, and on what evidence.

use std::collections::BTreeMap;

use formgrid_model::{Cell, Diagnostic, Indicator, Problem, Repair, RepairKind, Row};
use formgrid_profile::GridRule;

use super::columns::{Columns, Role};
use super::cost::is_note;
use super::faults::{Fault, Span, faults};
use super::{CellId, Grid, Layout, Reading};
use crate::place::{part, target};

/// Readings that win by as much are certain: three orders of magnitude in odds.
const CERTAIN: u64 = 30;

/// The same for a row whose value does not look like the others of its grid, so
/// that it may be an indicator that a wrong span moved to the edge, or whose
/// level is a word of another level.
const CERTAIN_IF_ODD: u64 = 60;

/// The rows of a grid as indicators.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    pub(crate) indicators: Vec<Indicator>,
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
    let mut explained = Explained::default();
    let mut blamed: BTreeMap<CellId, (RepairKind, u32)> = BTreeMap::new();
    for (at, (reading, fault)) in readings.iter().zip(&faults).enumerate() {
        let shown = shown(grid, reading);
        explained.take_cells(grid, &shown);
        if is_placeholder(grid, reading) {
            // A row of level cells alone is none of its own if all of them go on
            // to the next.
            let own = || reading.cells.iter().flatten().filter(|id| id.row == reading.row);
            let goes_on =
                readings.get(at + 1).is_some_and(|next| own().all(|id| next.cells.contains(&Some(*id))));
            if goes_on || is_template(grid, reading) {
                explained.drop_leaf(grid, reading);
                continue;
            }
        }
        let line = line(grid.rows[reading.row as usize]);
        let repair = fault.map(|fault| repair(grid, fault, &spans, reading));
        if let Some(fault) = fault {
            blamed.entry(fault.cell).or_insert((fault.kind, line));
        }
        if let Some(Repair { note, .. }) = &repair {
            let problem = Problem::RepairedRow { note: note.clone() };
            explained.diagnostics.push(Diagnostic::at_line(problem, line));
        }
        let confidence = confidence(grid, reading);
        if confidence.is_some() {
            explained.diagnostics.push(doubt(grid, reading, line));
        }
        explained.diagnostics.extend(lost(grid, reading, line));
        let indicator = Indicator { line, repair, confidence, ..indicator(grid, &shown, rule) };
        explained.indicators.push(indicator);
    }
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
                (Role::Unknown(_), Some(id)) => self.unmapped.push((name.clone(), *id)),
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

    /// Takes back what is no indicator: it is kept elsewhere.
    fn drop_leaf(&mut self, grid: &Grid<'_, '_>, reading: &Reading) {
        let leaf = grid.columns.level(grid.columns.leaf()).and_then(|role| reading.cells[role]);
        self.used.retain(|id| Some(*id) != leaf);
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

/// Whether a row has neither value nor a named indicator, and nothing was lost.
fn is_placeholder(grid: &Grid<'_, '_>, reading: &Reading) -> bool {
    let columns = grid.columns;
    let is_blank = |role: &Role, id: &Option<CellId>| match role {
        Role::Level(level) if *level == columns.leaf() => {
            id.is_none_or(|id| is_ellipsis(&grid.cell(id).text))
        }
        Role::Level(_) => true,
        Role::Column(_) | Role::Unknown(_) => id.is_none_or(|id| is_ellipsis(&grid.cell(id).text)),
    };
    reading.lost.is_empty() && columns.roles.iter().zip(&reading.cells).all(|(role, id)| is_blank(role, id))
}

/// Whether the row's indicator is the form's own placeholder: `指标2：`, `……`.
fn is_template(grid: &Grid<'_, '_>, reading: &Reading) -> bool {
    let leaf = grid.columns.level(grid.columns.leaf()).and_then(|role| reading.cells[role]);
    leaf.is_some_and(|id| is_ellipsis(&grid.cell(id).text))
}

fn is_ellipsis(text: &str) -> bool {
    let rest = text.strip_prefix("指标").unwrap_or(text);
    !text.is_empty()
        && rest.chars().all(|c| c.is_ascii_digit() || "…⋯.。·*：:，,、 ".contains(c))
        && (rest.len() < text.len() || !rest.chars().any(|c| c.is_ascii_digit()))
}

/// The texts of a row.
fn indicator(grid: &Grid<'_, '_>, reading: &Reading, rule: &GridRule) -> Indicator {
    let columns = grid.columns;
    let mut levels = vec![None; rule.levels.len()];
    let mut further = vec![None; rule.columns.len()];
    let mut value = None;
    for (role, id) in columns.roles.iter().zip(&reading.cells) {
        let cell = id.map(|id| grid.cell(id));
        match *role {
            Role::Level(level) => levels[columns.levels[level]] = cell.map(part),
            Role::Column(column) if column == columns.target => value = cell.map(target),
            Role::Column(column) => further[column] = cell.map(part),
            Role::Unknown(_) => {}
        }
    }
    let keyed = rule.columns.iter().zip(further).enumerate().filter(|(index, _)| *index != columns.target);
    let further = keyed.map(|(_, (column, part))| (column.key.clone(), part)).collect();
    Indicator { levels, target: value, further, ..Indicator::default() }
}

/// The line of a row: that of its first cell with text, or of its first cell.
fn line(row: &Row<'_>) -> u32 {
    row.filled().next().or(row.cells.first()).map_or(0, |cell| cell.line)
}

fn repair(grid: &Grid<'_, '_>, fault: Fault, spans: &BTreeMap<CellId, Span>, reading: &Reading) -> Repair {
    let columns = grid.columns;
    let blamed = grid.cell(fault.cell);
    let Span { covers, rows } = spans.get(&fault.cell).copied().unwrap_or_default();
    let own = columns
        .own(reading.start)
        .find_map(|role| Some((grid.cell(reading.cells[role]?), columns.homes[role])));
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
        RepairKind::SpanTooLong | RepairKind::CutOff => Problem::SpanTooLong { cell: text, note },
    };
    Diagnostic::at_cell(problem, cell.line, cell.column)
}

/// What is null in a row because it fell off the edge, or because its group's
/// name did, or is in no row at all.
fn lost(grid: &Grid<'_, '_>, reading: &Reading, line: u32) -> Vec<Diagnostic> {
    let Columns { roles, homes, levels, target, .. } = grid.columns;
    let edge = homes.last().copied().unwrap_or(0);
    let leaf = grid.columns.leaf();
    let has_target = grid.columns.value().is_some_and(|role| reading.cells[role].is_some());
    let mut diagnostics = Vec::new();
    let mut names = Vec::new();
    for (role, id) in reading.cells.iter().enumerate() {
        let is_lost = reading.lost.contains(&role);
        match roles[role] {
            Role::Level(level) if id.is_none() => {
                let is_missing = level < reading.start || level == leaf && has_target;
                if is_lost || is_missing {
                    names.push(format!("level {}", levels[level] + 1));
                }
            }
            Role::Column(column) if is_lost && column == *target => {
                let leaf = grid.columns.level(leaf).and_then(|role| reading.cells[role]);
                let indicator = leaf.map_or(String::new(), |id| grid.cell(id).text.to_string());
                diagnostics.push(Diagnostic::at_cell(Problem::ValueLost { indicator }, line, edge));
            }
            Role::Column(_) if is_lost => names.push(format!("column {}", homes[role])),
            Role::Level(_) | Role::Column(_) | Role::Unknown(_) => {}
        }
    }
    if !names.is_empty() {
        let what = names.join(" and ");
        diagnostics.push(Diagnostic::at_cell(Problem::CellsLost { what }, line, edge));
    }
    diagnostics
}

fn doubt(grid: &Grid<'_, '_>, reading: &Reading, line: u32) -> Diagnostic {
    let names = |cells: &[Option<CellId>]| {
        let texts = cells.iter().map(|id| id.map_or("", |id| &*grid.cell(id).text));
        texts.collect::<Vec<_>>().join(" | ")
    };
    let other = match reading.other.as_deref() {
        Some([]) | None => "no indicator at all".to_owned(),
        Some(cells) => names(cells),
    };
    Diagnostic::at_line(Problem::AmbiguousRow { row: names(&reading.cells), other }, line)
}

/// The rows that were read as none of the grid and do not say so themselves.
fn strays(grid: &Grid<'_, '_>, readings: &[Reading]) -> Vec<Diagnostic> {
    let mut read = readings.iter().map(|reading| reading.row as usize).peekable();
    let mut diagnostics = Vec::new();
    for (at, row) in grid.rows.iter().enumerate() {
        let is_read = read.next_if_eq(&at).is_some();
        if !is_read && row.filled().next().is_some() && !is_note(row, grid.columns) {
            let row_text = row.filled().map(|cell| &*cell.text).collect::<Vec<_>>().join(" | ");
            diagnostics.push(Diagnostic::at_line(Problem::StrayRow { row: row_text }, line(row)));
        }
    }
    diagnostics
}

/// The chance that a reading is right, from its margin; nothing where there is
/// no doubt. Ten of cost are an order of magnitude of odds.
fn confidence(grid: &Grid<'_, '_>, reading: &Reading) -> Option<f64> {
    let value = grid.columns.value().and_then(|role| reading.cells[role]);
    let is_odd_value = value.and_then(|id| grid.evidence(id)).is_some_and(|evidence| evidence.is_odd_value);
    let is_odd_word = (0..grid.columns.leaf()).any(|level| {
        let id = grid.columns.level(level).and_then(|role| reading.cells[role]);
        id.and_then(|id| grid.evidence(id)).is_some_and(|evidence| evidence.is_odd_word(level))
    });
    let is_odd = is_odd_value || is_odd_word;
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

/// Reads a whole grid: the indicators, and where each cell went.
pub(crate) fn read_grid(columns: &Columns, rows: &[&Row<'_>], rule: &GridRule) -> Explained {
    let grid = Grid::new(columns, rows, rule);
    let (readings, layout) = super::decode(&grid);
    explain_grid(&grid, &readings, layout, rule)
}

/// Turns the readings of a whole grid into indicators, and tells of the rows and
/// columns that are none of it.
pub(crate) fn explain_grid(
    grid: &Grid<'_, '_>,
    readings: &[Reading],
    layout: Layout,
    rule: &GridRule,
) -> Explained {
    let mut explained = explain(grid, readings, layout, rule);
    explained.diagnostics.extend(strays(grid, readings));
    if grid.columns.value().is_none() {
        let problem = Problem::MissingTarget { header: grid.columns.names.join(" | ") };
        let first = grid.rows.first().map_or(0, |row| line(row));
        explained.diagnostics.push(Diagnostic::at_line(problem, first));
    }
    explained
}

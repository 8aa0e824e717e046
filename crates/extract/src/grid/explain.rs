//! From the best reading to indicators: what each row says, what was wrong with
//! the spans, and on what evidence.

use std::collections::BTreeMap;

use formgrid_model::{Cell, Diagnostic, Indicator, Problem, Repair, RepairKind};
use formgrid_profile::GridRule;

use super::columns::{Columns, Role};
use super::{CellId, Layout, Reading};
use crate::place::{part, target};

/// Readings as costly as this are certain: three orders of magnitude in odds.
const CERTAIN: u64 = 30;

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

/// A wrong span: the cell, how many rows it covers, and how many it should.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    covers: u32,
    rows: u32,
    /// The first row, by index, that the wrong span shifted.
    first_shifted: Option<u32>,
}

/// Turns readings into indicators.
pub(crate) fn explain(
    columns: &Columns,
    rows: &[&formgrid_model::Row<'_>],
    readings: &[Reading],
    layout: Layout,
    rule: &GridRule,
) -> Explained {
    let cell = |id: CellId| &rows[id.row as usize].cells[id.cell as usize];
    let spans = spans(columns, readings, &cell, layout);
    let mut explained = Explained::default();
    // The cell at fault for each level cell that stands in a wrong column.
    let mut causes: BTreeMap<CellId, Fault> = BTreeMap::new();
    let mut faults: BTreeMap<CellId, (RepairKind, u32)> = BTreeMap::new();

    for reading in readings {
        let source = rows[reading.row as usize];
        let line = source.cells.first().map_or(0, |cell| cell.line);
        let fault = fault(columns, reading, &causes, &cell, layout);
        if let Some(fault) = fault {
            faults.entry(fault.cell).or_insert((fault.kind, reading.row));
            for level in reading.start..columns.leaf() {
                if let Some(own) = columns.level(level).and_then(|role| reading.cells[role]) {
                    causes.insert(own, fault);
                }
            }
        }
        for ((role, name), id) in columns.roles.iter().zip(&columns.names).zip(&reading.cells) {
            match (role, id) {
                (Role::Unknown(_), Some(id)) => explained.unmapped.push((name.clone(), *id)),
                (_, Some(id)) if id.row == reading.row => explained.used.push(*id),
                _ => {}
            }
        }

        let texts: Vec<Option<&Cell<'_>>> = reading.cells.iter().map(|id| id.map(cell)).collect();
        let mut levels = vec![None; rule.levels.len()];
        let mut further = vec![None; rule.columns.len()];
        let mut value = None;
        for (role, text) in columns.roles.iter().zip(&texts) {
            match *role {
                Role::Level(level) => levels[columns.levels[level]] = text.map(part),
                Role::Column(column) if column == columns.target => value = text.map(target),
                Role::Column(column) => further[column] = text.map(part),
                Role::Unknown(_) => {}
            }
        }
        let has_further =
            columns.roles.iter().any(|role| matches!(role, Role::Column(c) if *c != columns.target));
        let further = if has_further || rule.columns.len() > 1 {
            let keyed = rule.columns.iter().zip(further).enumerate();
            keyed.filter(|(i, _)| *i != columns.target).map(|(_, (c, part))| (c.key.clone(), part)).collect()
        } else {
            Vec::new()
        };
        let confidence = confidence(reading.margin);
        let repair = fault.map(|fault| repair(fault, &spans, &cell, reading, columns));
        if let Some(Repair { note, .. }) = &repair {
            let problem = Problem::RepairedRow { note: note.clone() };
            explained.diagnostics.push(Diagnostic::at_line(problem, line));
        }
        explained.indicators.push(Indicator { levels, target: value, further, line, repair, confidence });

        explained.diagnostics.extend(lost(columns, reading, &texts, line));
        if confidence.is_some() {
            let names = |cells: &[Option<CellId>]| {
                let texts = cells.iter().map(|id| id.map_or("", |id| &*cell(id).text));
                texts.collect::<Vec<_>>().join(" | ")
            };
            let other = reading.other.as_deref().map(names).unwrap_or_default();
            let row = names(&reading.cells);
            explained.diagnostics.push(Diagnostic::at_line(Problem::AmbiguousRow { row, other }, line));
        }
    }
    for (id, (kind, first)) in faults {
        let span = Span { first_shifted: Some(first), ..spans.get(&id).copied().unwrap_or_default() };
        explained.diagnostics.push(wrong_span(kind, cell(id), span, rows));
    }
    explained.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    explained
}

/// The cell to blame for a row that is not laid out as a sound one would be.
#[derive(Debug, Clone, Copy)]
struct Fault {
    kind: RepairKind,
    cell: CellId,
}

fn fault<'c, 't: 'c>(
    columns: &Columns,
    reading: &Reading,
    causes: &BTreeMap<CellId, Fault>,
    cell: &impl Fn(CellId) -> &'c Cell<'t>,
    layout: Layout,
) -> Option<Fault> {
    // Rows without their covered slots stand at the left whatever the spans.
    if layout == Layout::Dropped {
        return None;
    }
    if let Some(&cell) = reading.stale.first() {
        return Some(Fault { kind: RepairKind::SpanTooLong, cell });
    }
    for level in 0..reading.start {
        let Some(role) = columns.level(level) else { continue };
        let Some(above) = reading.cells[role] else { continue };
        if let Some(&fault) = causes.get(&above).filter(|_| cell(above).column != columns.homes[role]) {
            return Some(fault);
        }
        if reading.covers[level].is_none() {
            return Some(Fault { kind: RepairKind::SpanTooShort, cell: above });
        }
    }
    None
}

/// How many rows each level cell covers, and how many its group has.
fn spans<'c, 't: 'c>(
    columns: &Columns,
    readings: &[Reading],
    cell: &impl Fn(CellId) -> &'c Cell<'t>,
    layout: Layout,
) -> BTreeMap<CellId, Span> {
    let mut spans: BTreeMap<CellId, Span> = BTreeMap::new();
    for reading in readings {
        for level in 0..columns.leaf() {
            let Some(id) = columns.level(level).and_then(|role| reading.cells[role]) else { continue };
            let span = spans.entry(id).or_default();
            span.rows += 1;
            span.covers += u32::from(reading.covers[level].is_some());
        }
        for &id in &reading.stale {
            spans.entry(id).or_default().covers += 1;
        }
    }
    if layout == Layout::Spanned {
        for (id, span) in &mut spans {
            span.covers = cell(*id).rowspan;
        }
    }
    spans
}

fn repair<'c, 't: 'c>(
    fault: Fault,
    spans: &BTreeMap<CellId, Span>,
    cell: &impl Fn(CellId) -> &'c Cell<'t>,
    reading: &Reading,
    columns: &Columns,
) -> Repair {
    let blamed = cell(fault.cell);
    let Span { covers, rows, .. } = spans.get(&fault.cell).copied().unwrap_or_default();
    let own =
        columns.own(reading.start).find_map(|role| Some((cell(reading.cells[role]?), columns.homes[role])));
    let shift = match own {
        Some((first, home)) if first.column != home => {
            format!("\"{}\" stood in column {} and belongs in column {home}", first.text, first.column)
        }
        _ => "the row's cells were shifted".to_owned(),
    };
    let note = format!(
        "\"{}\" (line {}) covers {covers} rows and its group has {rows}: {shift}",
        blamed.text, blamed.line
    );
    Repair { kind: fault.kind, note }
}

fn wrong_span(
    kind: RepairKind,
    cell: &Cell<'_>,
    span: Span,
    rows: &[&formgrid_model::Row<'_>],
) -> Diagnostic {
    let shifted =
        span.first_shifted.and_then(|row| rows[row as usize].filled().next()).map_or(0, |cell| cell.line);
    let note = format!(
        "it covers {} rows and its group has {}; rows from line {shifted} on were put right",
        span.covers, span.rows
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
fn lost(columns: &Columns, reading: &Reading, texts: &[Option<&Cell<'_>>], line: u32) -> Vec<Diagnostic> {
    let edge = columns.homes.last().copied().unwrap_or(0);
    let mut diagnostics = Vec::new();
    let mut names = Vec::new();
    for (role, text) in texts.iter().enumerate() {
        let is_lost = reading.lost.contains(&role);
        match columns.roles[role] {
            Role::Level(level) if text.is_none() && (is_lost || level < reading.start) => {
                names.push(format!("level {}", columns.levels[level] + 1));
            }
            Role::Column(column) if is_lost && column == columns.target => {
                let leaf = columns.level(columns.leaf()).and_then(|role| texts[role]);
                let indicator = leaf.map_or(String::new(), |cell| cell.text.to_string());
                diagnostics.push(Diagnostic::at_cell(Problem::ValueLost { indicator }, line, edge));
            }
            Role::Column(_) if is_lost => names.push(format!("column {}", columns.homes[role])),
            Role::Level(_) | Role::Column(_) | Role::Unknown(_) => {}
        }
    }
    if !names.is_empty() {
        let what = names.join(" and ");
        diagnostics.push(Diagnostic::at_cell(Problem::CellsLost { what }, line, edge));
    }
    diagnostics
}

/// The chance that a reading is right, from its margin; nothing where there is
/// no doubt. Ten of cost are an order of magnitude of odds.
fn confidence(margin: u64) -> Option<f64> {
    if margin >= CERTAIN {
        return None;
    }
    let odds = 10_f64.powf(margin as f64 / 10.0);
    Some((odds / (1.0 + odds) * 1000.0).round() / 1000.0)
}

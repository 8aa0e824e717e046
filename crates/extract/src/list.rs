//! Lists: many projects in one grid, each with its indicators.
//!
//! The columns of a project are levels outside the first, and are decoded with
//! them. Here the grid is cut in pieces, one for each project.

use std::collections::HashSet;
use std::ops::Range;

use formgrid_model::{Indicator, Part, Row};
use formgrid_profile::GridRule;

use crate::grid::CellId;
use crate::grid::columns::Columns;
use crate::grid::explain::Explained;
use crate::place::place;

/// What one project has of a grid; all of it, in a form that is no list.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// Its rows, by their index in the grid.
    pub(crate) rows: Range<usize>,
    pub(crate) explained: Explained,
    /// What stands in its columns: field, header and text, if there is one.
    pub(crate) parts: Vec<(usize, String, Option<Part>)>,
    /// The cells of these columns in its rows.
    pub(crate) cells: Vec<CellId>,
}

/// Cuts a grid where another project begins. Its columns are no levels of the
/// indicators any more. A row that holds nothing but a project's name heads the
/// projects below it, as their unit does: it is unmapped.
pub(crate) fn projects(
    explained: Explained,
    rule: &GridRule,
    columns: &Columns,
    rows: &[&Row<'_>],
) -> Vec<Project> {
    let Explained { indicators, rows: row_of, diagnostics, used, unmapped } = explained;
    let mut headings: Vec<u32> = Vec::new();
    let mut read: Vec<(u32, Vec<Option<Part>>, Indicator)> = Vec::new();
    for (row, mut indicator) in row_of.into_iter().zip(indicators) {
        let head: Vec<Option<Part>> = indicator.levels.drain(..rule.projects.len()).collect();
        match !head.is_empty() && is_blank(&indicator) && head.iter().flatten().count() == 1 {
            true => headings.push(row),
            false => read.push((row, head, indicator)),
        }
    }
    let start = |row: u32| {
        let above = (0..row).rev().take_while(|row| headings.binary_search(row).is_ok()).count();
        row as usize - above
    };
    let mut starts = vec![0];
    let next = read.windows(2).filter(|pair| !is_same(&pair[0].1, &pair[1].1, rule));
    starts.extend(next.map(|pair| start(pair[1].0)));
    let of_row = |row: u32| starts.partition_point(|&start| start <= row as usize) - 1;
    let lines: Vec<u32> = starts.iter().map(|&row| line(rows, row)).collect();
    let of_line = |at: u32| lines.partition_point(|&line| line <= at).saturating_sub(1);

    let ends = starts[1..].iter().copied().chain([rows.len()]);
    let mut projects: Vec<Project> = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| Project { rows: start..end, ..Project::default() })
        .collect();
    let texts = read.iter().flat_map(|(_, head, _)| head).flatten();
    let places: HashSet<(u32, u32, u32)> = texts.map(|part| key(&part.place)).collect();
    let name = header(rule.project, columns).unwrap_or_default();
    for id in used {
        let Project { cells, explained, .. } = &mut projects[of_row(id.row)];
        if headings.binary_search(&id.row).is_ok() {
            explained.unmapped.push((name.clone(), id));
        } else if places.contains(&key(&place(&rows[id.row as usize].cells[id.cell as usize]))) {
            cells.push(id);
        } else {
            explained.used.push(id);
        }
    }
    for (header, id) in unmapped {
        projects[of_row(id.row)].explained.unmapped.push((header, id));
    }
    for diagnostic in diagnostics {
        projects[of_line(diagnostic.line)].explained.diagnostics.push(diagnostic);
    }
    for (row, head, indicator) in read {
        projects[of_row(row)].take(indicator, head, rule, columns);
    }
    projects
}

impl Project {
    fn take(&mut self, indicator: Indicator, head: Vec<Option<Part>>, rule: &GridRule, columns: &Columns) {
        self.explained.indicators.push(indicator);
        if self.parts.is_empty() {
            let names = rule.projects.iter().enumerate();
            let named =
                names.filter_map(|(level, column)| Some((column.field, header(level, columns)?, None)));
            self.parts = named.collect();
        }
        for (level, part) in head.into_iter().enumerate() {
            let field = rule.projects[level].field;
            if let Some((.., text)) = self.parts.iter_mut().find(|(other, ..)| *other == field)
                && text.is_none()
            {
                *text = part;
            }
        }
    }
}

/// What heads a column of a project, if the form has it.
fn header(level: usize, columns: &Columns) -> Option<String> {
    let at = columns.levels.iter().position(|&other| other == level)?;
    columns.level(at).map(|role| columns.names[role].clone())
}

fn is_blank(indicator: &Indicator) -> bool {
    let Indicator { levels, target, further, .. } = indicator;
    target.is_none() && levels.iter().all(Option::is_none) && further.iter().all(|(_, part)| part.is_none())
}

/// Whether two indicators are of one project: what is blank says nothing, but
/// for the project's name.
fn is_same(one: &[Option<Part>], other: &[Option<Part>], rule: &GridRule) -> bool {
    let text = |part: &Option<Part>| part.as_ref().map(|part| part.text.clone());
    one.iter().zip(other).enumerate().all(|(level, (one, other))| {
        text(one) == text(other) || level != rule.project && (one.is_none() || other.is_none())
    })
}

/// The first line of a row; blank rows are of no line.
fn line(rows: &[&Row<'_>], at: usize) -> u32 {
    rows.get(at).and_then(|row| row.filled().map(|cell| cell.line).min()).unwrap_or(0)
}

fn key(place: &formgrid_model::Place) -> (u32, u32, u32) {
    (place.line, place.row, place.column)
}

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
/// indicators any more.
pub(crate) fn projects(
    explained: Explained,
    rule: &GridRule,
    columns: &Columns,
    rows: &[&Row<'_>],
) -> Vec<Project> {
    let Explained { mut indicators, rows: row_of, diagnostics, used, unmapped } = explained;
    let depth = rule.projects.len();
    let heads: Vec<Vec<Option<Part>>> =
        indicators.iter_mut().map(|indicator| indicator.levels.drain(..depth).collect()).collect();
    let is_new = |at: usize| at > 0 && !is_same(&heads[at - 1], &heads[at], rule);
    let mut firsts = vec![0];
    firsts.extend((0..heads.len()).filter(|&at| is_new(at)));
    let mut starts: Vec<usize> =
        firsts.iter().map(|&at| row_of.get(at).map_or(0, |row| *row as usize)).collect();
    starts[0] = 0;
    let of_row = |row: u32| starts.partition_point(|&start| start <= row as usize) - 1;
    let lines: Vec<u32> = starts.iter().map(|&row| line(rows, row)).collect();
    let of_line = |at: u32| lines.partition_point(|&line| line <= at).saturating_sub(1);

    let ends = starts[1..].iter().copied().chain([rows.len()]);
    let mut projects: Vec<Project> = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| Project { rows: start..end, ..Project::default() })
        .collect();
    let texts = heads.iter().flatten().flatten();
    let places: HashSet<(u32, u32, u32)> = texts.map(|part| key(&part.place)).collect();
    for id in used {
        let project = &mut projects[of_row(id.row)];
        let is_head = places.contains(&key(&place(&rows[id.row as usize].cells[id.cell as usize])));
        if is_head { &mut project.cells } else { &mut project.explained.used }.push(id);
    }
    for (header, id) in unmapped {
        projects[of_row(id.row)].explained.unmapped.push((header, id));
    }
    for diagnostic in diagnostics {
        projects[of_line(diagnostic.line)].explained.diagnostics.push(diagnostic);
    }
    let mut heads = heads.into_iter();
    for (row, indicator) in row_of.into_iter().zip(indicators) {
        let project = &mut projects[of_row(row)];
        project.take(indicator, heads.next().unwrap_or_default(), rule, columns);
    }
    projects
}

impl Project {
    fn take(&mut self, indicator: Indicator, head: Vec<Option<Part>>, rule: &GridRule, columns: &Columns) {
        self.explained.indicators.push(indicator);
        if self.parts.is_empty() {
            let header = |level: usize| {
                let at = columns.levels.iter().position(|&other| other == level)?;
                columns.level(at).map(|role| columns.names[role].clone())
            };
            let columns = rule.projects.iter().enumerate();
            self.parts =
                columns.filter_map(|(level, column)| Some((column.field, header(level)?, None))).collect();
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

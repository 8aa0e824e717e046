//! The grid of a form in its record: indicators, totals, and what is none of
//! them.

use formgrid_model::{Cell, Diagnostic, Indicator, Part, Problem, Row, Target};
use formgrid_profile::{GridRule, Kind};
use rust_decimal::Decimal;

use crate::below::rows_below;
use crate::grid::CellId;
use crate::grid::columns::{Columns, Role};
use crate::grid::explain::read_grid;
use crate::grid::stream::read_stream;
use crate::list::{Project, projects};
use crate::open_columns::key_by_headers;
use crate::pairs::{Pair, far_pair};
use crate::record::Reader;
use crate::stacked::{stacked_header, unknown_heads};
use crate::value::parse_value;
use crate::value::target::{Parsed, is_odd_target, is_several_targets, parse_target};
use crate::value::three_cells::complete;

/// How sure a row is whose name may as well be its target.
const DOUBT: f64 = 0.5;

impl<'p> Reader<'p> {
    /// The row of the grid that this row is, if it is one that holds no
    /// indicator.
    pub(crate) fn total(&self, row: &Row<'_>) -> Option<usize> {
        self.profile.grid.row(&row.filled().next()?.text)
    }

    /// A row of the grid that holds no indicator: its values stand below the
    /// headers, or come in their order where slots were dropped.
    fn total_row(&mut self, total: usize, row: &Row<'_>, columns: &Columns) {
        let fields = &self.profile.grid.row_fields[total];
        let field = |role: &Role| match role {
            Role::Column(column, _) => fields.get(*column).copied().flatten(),
            _ => None,
        };
        let homes: Vec<(u32, usize)> = columns
            .roles
            .iter()
            .zip(&columns.homes)
            .filter_map(|(role, home)| Some((*home, field(role)?)))
            .collect();
        let label = row.filled().next().map_or("", |cell| &cell.text);
        // Its label may be shown once more in each slot of its cell.
        let values: Vec<&Cell<'_>> = row.filled().skip_while(|cell| cell.text == label).collect();
        let at_home =
            |cell: &Cell<'_>| homes.iter().find(|(home, _)| *home == cell.column).map(|(_, field)| *field);
        let are_home = values.iter().all(|cell| at_home(cell).is_some());
        let are_in_order = !are_home && values.len() == homes.len();
        self.account.labels += 1;
        self.account.repeated += (row.filled().count() - values.len() - 1) as u32;
        for (at, cell) in values.iter().enumerate() {
            let field = if are_in_order { Some(homes[at].1) } else { at_home(cell) };
            self.value(field, None, label, false, cell);
        }
    }

    /// Takes the totals out of a grid whose cells stand one to a line: a label
    /// with a number for each column that has a total, as rows. The grid ends
    /// there, unless a level word follows; what is below it comes last.
    fn totals_of_lines<'f, 't>(
        &self,
        lines: &[&'f Row<'t>],
        columns: &Columns,
    ) -> (Vec<(usize, Row<'t>)>, Vec<&'f Row<'t>>, Vec<&'f Row<'t>>) {
        let is_word =
            |row: &Row<'_>| row.filled().any(|cell| self.profile.grid.levels_of(&cell.text).next().is_some());
        let (mut totals, mut others) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let count = self.total(line).map(|total| (total, self.totals_in(total, columns)));
            let values = |count: usize| {
                lines.get(at + 1..=at + count).filter(|rows| rows.iter().all(|row| is_number(row)))
            };
            match count.and_then(|(total, count)| Some((total, values(count).filter(|_| count > 0)?))) {
                Some((total, values)) => {
                    let cells =
                        [*line].into_iter().chain(values.iter().copied()).flat_map(|row| row.filled());
                    totals.push((total, Row { source: line.source, cells: cells.cloned().collect() }));
                    at += values.len();
                    if lines.get(at + 1).is_none_or(|next| !is_word(next)) {
                        return (totals, others, lines[at + 1..].to_vec());
                    }
                }
                None => others.push(*line),
            }
            at += 1;
        }
        (totals, others, Vec::new())
    }

    /// How many columns of a grid have a total.
    fn totals_in(&self, total: usize, columns: &Columns) -> usize {
        let fields = &self.profile.grid.row_fields[total];
        let has_total = |role: &&Role| match role {
            Role::Column(column, _) => fields.get(*column).copied().flatten().is_some(),
            _ => false,
        };
        columns.roles.iter().filter(has_total).count()
    }

    /// The header rows read since the last other row, of which a header has one or
    /// two: they head the grid that follows, or were printed again on a new page.
    /// Returns the further projects of the grid above, if it was another one.
    pub(crate) fn header<'f, 't>(
        &mut self,
        rows: &mut Vec<&'f Row<'t>>,
        grid: &mut Grid<'f, 't>,
    ) -> Vec<Reader<'p>> {
        let rule = &self.profile.grid;
        let last = &rows[rows.len().saturating_sub(2)..];
        let mut further = Vec::new();
        if let Some(columns) = Columns::read(last, rule)
            && !grid.columns.as_ref().is_some_and(|same| same.is_like(&columns))
        {
            further = self.grid(std::mem::take(grid));
            grid.columns = Some(columns);
        }
        grid.header.append(rows);
        further
    }

    /// The rows of a grid. Returns the further projects of a list; this one is
    /// the first.
    pub(crate) fn grid(&mut self, grid: Grid<'_, '_>) -> Vec<Reader<'p>> {
        let Grid { mut columns, mut header, rows, is_stacked } = grid;
        let (totals, mut rows): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
            rows.into_iter().partition(|row| !is_stacked && columns.is_some() && self.total(row).is_some());
        let below = columns.as_ref().filter(|_| !is_stacked);
        let below = below.map_or(0, |columns| rows_below(columns, &rows, self.profile));
        let below = rows.split_off(rows.len() - below);
        let stacked: Vec<Row<'_>>;
        let mut explained = None;
        let mut rest: Vec<&Row<'_>> = Vec::new();
        if let (true, Some(known)) = (is_stacked, &mut columns) {
            let (heads, lines) = rows.split_at(unknown_heads(&rows, known, &self.profile.grid));
            header.extend(heads);
            let heads = stacked_header(&header, &self.profile.grid);
            let read = Columns::read(&heads.iter().collect::<Vec<_>>(), &self.profile.grid);
            *known = read.unwrap_or(known.clone());
            let (sums, lines, behind) = self.totals_of_lines(lines, known);
            rest = behind;
            for (total, row) in sums {
                self.total_row(total, &row, known);
            }
            let lines = &lines[..];
            let above = header.last().and_then(|row| row.filled().last()).map_or(0, |cell| cell.line);
            let (found, read) = read_stream(known, lines, above, &self.profile.grid);
            stacked = found;
            rows = stacked.iter().collect();
            explained = Some(read);
        }
        let mut labels: Vec<String> = Vec::new();
        let mut pieces = vec![Project { rows: 0..rows.len(), ..Project::default() }];
        if let Some(columns) = &columns {
            let mut explained = explained.unwrap_or_else(|| read_grid(columns, &rows, &self.profile.grid));
            labels.extend(explained.unmapped.iter().map(|(header, _)| header.clone()));
            if self.profile.grid.is_open {
                let unmapped = std::mem::take(&mut explained.unmapped);
                let (keyed, rest) = key_by_headers(&mut explained.indicators, &rows, unmapped);
                explained.used.extend(keyed);
                explained.unmapped = rest;
            }
            pieces = projects(explained, &self.profile.grid, columns, &rows);
            for row in totals {
                if let Some(total) = self.total(row) {
                    self.total_row(total, row, columns);
                }
            }
        }
        self.headers(&header, &labels);
        if !below.is_empty() {
            (self.above, self.table) = (None, None);
            below.into_iter().for_each(|row| self.labels(row));
        }
        // What stands around the list holds for all of its projects.
        let shared = self.fields.without_findings();
        let (end, mut further) = (self.last_line, Vec::new());
        for (at, project) in pieces.into_iter().enumerate() {
            let own = &rows[project.rows.clone()];
            if at == 0 {
                self.project(project, &rows, is_stacked);
                self.stack(&rest, None);
                if own.len() < rows.len() {
                    self.end_at(own);
                }
                continue;
            }
            let mut reader = Reader::new(self.profile, shared.clone());
            reader.take_lines(own.iter().copied());
            reader.account.cells = own.iter().map(|row| row.filled().count() as u32).sum();
            self.account.cells -= reader.account.cells;
            reader.project(project, &rows, is_stacked);
            further.push(reader);
        }
        if let Some(last) = further.last_mut() {
            last.last_line = end;
        }
        further
    }

    /// The rows of one project. Cells that are no part of an indicator are kept.
    fn project(&mut self, project: Project, rows: &[&Row<'_>], is_stacked: bool) {
        let Project { rows: range, mut explained, parts, cells } = project;
        let mut used: Vec<Vec<bool>> = range.clone().map(|row| vec![false; rows[row].cells.len()]).collect();
        let mut is_new = |id: &CellId| {
            !std::mem::replace(&mut used[id.row as usize - range.start][id.cell as usize], true)
        };
        self.fields.diagnostics.extend(explained.indicators.iter_mut().filter_map(target_as_name));
        if is_stacked {
            let rule = &self.profile.grid;
            let doubts = explained.indicators.iter_mut().filter_map(|indicator| blank_level(indicator, rule));
            self.fields.diagnostics.extend(doubts);
        }
        self.fields.diagnostics.extend(explained.indicators.iter_mut().filter_map(complete_target));
        self.fields.diagnostics.extend(explained.indicators.iter().filter_map(unread));
        self.indicators.extend(explained.indicators);
        self.diagnostics.extend(explained.diagnostics);
        for (field, label, part) in parts {
            match part {
                Some(Part { text, place }) => drop(self.fields.put_text(field, &label, &text, None, &place)),
                None => self.fields.see(&[field]),
            }
        }
        self.account.fields += cells.iter().filter(|id| is_new(id)).count() as u32;
        self.account.indicators += explained.used.iter().filter(|id| is_new(id)).count() as u32;
        for (header, id) in explained.unmapped {
            let cell = &rows[id.row as usize].cells[id.cell as usize];
            if is_new(&id) {
                self.account.unmapped += 1;
                self.fields.unmap(Some(&header), &cell.text, cell);
            }
        }
        let mut beside: Vec<&Row<'_>> = Vec::new();
        for (row, used) in rows[range].iter().zip(used) {
            // A row that is none of the grid may be a signature or a sum.
            if !used.contains(&true) {
                let pair = far_pair(row, self.profile).filter(|_| self.table.is_none());
                match pair {
                    _ if is_stacked => beside.push(row),
                    Some(pair) => self.pair_across(row, &pair),
                    None => self.labels(row),
                }
                continue;
            }
            self.stack(&std::mem::take(&mut beside), None);
            for (cell, used) in row.cells.iter().zip(used) {
                if !used && !cell.is_blank() {
                    self.alone(cell);
                }
            }
        }
        self.stack(&beside, None);
    }

    /// A label with its value, which are all that a row says.
    fn pair_across(&mut self, row: &Row<'_>, pair: &Pair) {
        let label = row.cells[pair.label_cell].column;
        self.fields.put(pair, label, &row.cells[pair.value_cell]);
        self.account.unmapped += row.filled().count() as u32;
    }

    /// The header rows of a grid. A header that the profile does not know is the
    /// label of what stands below it; alone it is in `unmapped`.
    fn headers(&mut self, rows: &[&Row<'_>], labels: &[String]) {
        for cell in rows.iter().flat_map(|row| row.filled()) {
            let grid = &self.profile.grid;
            if grid.header(&cell.text).is_some() || grid.horizon(&cell.text).is_some() {
                self.account.captions += 1;
            } else if labels.iter().any(|label| *label == cell.text) {
                self.account.labels += 1;
            } else {
                self.alone(cell);
            }
        }
    }
}

/// Fills in what the cells beside a target say of it; says so if they say
/// otherwise.
fn complete_target(indicator: &mut Indicator) -> Option<Diagnostic> {
    let Indicator { target, further, .. } = indicator;
    let text = |key: &str| {
        let (_, part) = further.iter().find(|(other, _)| other == key)?;
        part.as_ref().map(|part| &*part.text)
    };
    let target = target.as_mut()?;
    let other = complete(target, text("property"), text("unit_of_measure"))?.to_owned();
    let Target { text, place, .. } = target;
    let problem = Problem::TargetMismatch { target: text.clone(), other };
    Some(Diagnostic::at_cell(problem, place.line, place.column))
}

/// Doubts an indicator without a target whose name is one: a cell that spans two
/// levels leaves it so where its slots were dropped, and a name of that kind
/// looks the same.
fn target_as_name(indicator: &mut Indicator) -> Option<Diagnostic> {
    let Indicator { levels, target: None, confidence: confidence @ None, .. } = indicator else {
        return None;
    };
    let name = levels.last()?.as_ref()?;
    let Parsed { comparison, value, .. } = parse_target(&name.text);
    comparison.and(value)?;
    *confidence = Some(DOUBT);
    let texts = |end: usize| {
        let texts: Vec<&str> = levels[..end].iter().flatten().map(|part| &*part.text).collect();
        texts.join(" | ")
    };
    let other = format!("{} with the target \"{}\"", texts(levels.len() - 1), name.text);
    let problem = Problem::AmbiguousRow { row: texts(levels.len()), other };
    Some(Diagnostic::at_cell(problem, name.place.line, name.place.column))
}

/// Doubts a row with cells one to a line whose word of a level may be one of the
/// level outside as well, with a blank line behind it: that may be the blank
/// cell of the inner level, or nothing.
fn blank_level(indicator: &mut Indicator, rule: &GridRule) -> Option<Diagnostic> {
    let Indicator { levels, line, confidence: confidence @ None, .. } = indicator else { return None };
    let outside = rule.projects.len();
    let pair = levels.windows(2).enumerate().find_map(|(at, pair)| {
        let [Some(word), Some(next)] = pair else { return None };
        let is_outer = at > 0 && rule.levels_of(&word.text).any(|level| level + 1 == at + outside);
        let is_apart = word.place.line >= *line && next.place.line > word.place.line + 1;
        (is_outer && is_apart).then_some((at, word, next))
    });
    let (at, word, next) = pair?;
    *confidence = Some(DOUBT);
    let texts = |parts: &[Option<Part>]| {
        let texts: Vec<&str> = parts.iter().flatten().map(|part| &*part.text).collect();
        texts.join(" | ")
    };
    let blank = levels.len() - at - 1;
    let other = format!("{} |{} {}", word.text, " |".repeat(blank), texts(&levels[at + 1..]));
    let problem = Problem::AmbiguousRow { row: texts(levels), other };
    Some(Diagnostic::at_cell(problem, next.place.line, next.place.column))
}

/// Says that a target holds several values, or is an odd one.
fn unread(indicator: &Indicator) -> Option<Diagnostic> {
    let Target { text, value, range, unit, place, .. } = indicator.target.as_ref()?;
    let name = indicator.levels.iter().rev().find_map(Option::as_ref);
    // Nobody is satisfied to more than a hundred percent.
    let is_share = |unit: &String| unit.ends_with(['%', '％']) || unit == "百分比";
    let is_beyond = value.is_some_and(|value| value > Decimal::ONE_HUNDRED)
        && unit.as_ref().is_some_and(is_share)
        && name.is_some_and(|name| name.text.contains("满意"));
    let is_unread = value.is_none() && range.is_none();
    let text = || text.clone();
    let problem = match () {
        () if is_beyond || is_unread && is_odd_target(&text()) => Problem::OddTarget { text: text() },
        () if is_unread && is_several_targets(&text()) => Problem::SeveralValues { text: text() },
        () => return None,
    };
    Some(Diagnostic::at_cell(problem, place.line, place.column))
}

/// Whether a line holds nothing but a number.
fn is_number(row: &Row<'_>) -> bool {
    row.filled().all(|cell| parse_value(&cell.text, Kind::Number, None).is_some())
}

/// A grid while its rows are collected.
#[derive(Default)]
pub(crate) struct Grid<'f, 't> {
    pub(crate) columns: Option<Columns>,
    pub(crate) header: Vec<&'f Row<'t>>,
    pub(crate) rows: Vec<&'f Row<'t>>,
    /// Whether each cell stands on a line of its own.
    pub(crate) is_stacked: bool,
}

//! Grids written one cell to a line: the cells are there, the rows are gone.
//!
//! A converter that walks over the cells of a table writes the text of each on
//! a line of its own. Covered slots are no cells and leave no line; a blank
//! cell leaves a blank line or none. What is left is a stream of cells, and the
//! reading looked for is the least costly split of the whole stream into source
//! rows: after the last cell of a row the next line begins a row at some level,
//! or is none of the grid. [`ways`] lists what a line can be, [`mod@search`] finds
//! the best reading of all of them with the margin for each line.
//!
//! The rows found are put together from their lines, so that everything after
//! the split ([`super::explain`]) is the same as for any other grid.

mod search;
mod ways;

use formgrid_model::{Cell, Diagnostic, Problem, Row, Source};
use formgrid_profile::GridRule;

use super::columns::{Columns, Role};
use super::cost::note_text;
use super::doubt::doubt;
use super::evidence::Shape;
use super::explain::{Explained, explain_grid};
use super::{CellId, Grid, Layout, Reading};
use search::{Outcome, search};
use ways::{Blank, Ways, is_page};

/// What a blank line can mean, the most usual first: it wins ties. The last one
/// leaves blank cells out.
const MEANINGS: [Blank; 5] = [Blank::Cell, Blank::Rule, Blank::Slot, Blank::Repeat, Blank::Noise];

/// One line of the stream, or a blank one between two of them.
#[derive(Debug, Clone, Copy)]
struct Token {
    /// The line, by its index; none for a blank one.
    line: Option<usize>,
    /// Whether a gap stands before it that is no token itself.
    gap: bool,
}

/// Reads the lines below a stacked header: the source rows they were, lines
/// that are none of the grid as rows of their own, and what the rows say.
pub(crate) fn read_stream<'t>(
    columns: &Columns,
    lines: &[&Row<'t>],
    above: u32,
    rule: &GridRule,
) -> (Vec<Row<'t>>, Explained) {
    let cells: Vec<&Cell<'t>> = lines.iter().flat_map(|line| line.filled()).collect();
    let sources: Vec<Source> = lines.iter().flat_map(|line| line.filled().map(|_| line.source)).collect();
    let stream = Stream { columns, rule, blanks: blanks(lines, above), cells };
    let roles = 0..columns.roles.len();
    let unknown: Vec<Shape> = roles.map(|role| Shape::of(columns, role, std::iter::empty())).collect();
    // Only a reading shows what the further columns are like: read once more,
    // knowing that. Blank cells that left no line would hide it.
    let split = if columns.roles.iter().any(|role| matches!(role, Role::Column(..))) {
        let first = stream.split(&MEANINGS[..MEANINGS.len() - 1], &unknown);
        stream.split(&MEANINGS, &first.shapes(&stream))
    } else {
        stream.split(&MEANINGS, &unknown)
    };
    let rows: Vec<Row<'t>> = split
        .rows
        .iter()
        .map(|row| Row {
            source: sources[row[0]],
            cells: row.iter().map(|&line| stream.cells[line].clone()).collect(),
        })
        .collect();
    let shown: Vec<&Row<'t>> = rows.iter().collect();
    let grid = Grid::new(columns, &shown, rule);
    let mut explained = explain_grid(&grid, &split.readings, Layout::Stacked, rule);
    explained.diagnostics.extend(strays(&rows, &split.readings));
    let mut readings = split.readings.iter().peekable();
    for (at, other) in &split.begins {
        let row = split.places[*at].row;
        while readings.next_if(|reading| reading.row < row).is_some() {}
        if let Some(reading) = readings.peek() {
            explained.diagnostics.push(doubt(&grid, &reading.cells, Some(other), stream.cells[*at].line));
        }
    }
    (rows, explained)
}

/// The lines of a grid with the blank ones between them.
struct Stream<'f, 'l, 't> {
    columns: &'f Columns,
    rule: &'f GridRule,
    /// How many blank lines stand before each line.
    blanks: Vec<u32>,
    cells: Vec<&'l Cell<'t>>,
}

impl Stream<'_, '_, '_> {
    /// The best split into rows, whichever of these blank lines mean.
    fn split(&self, meanings: &[Blank], shapes: &[Shape]) -> Split {
        let has_blanks = self.blanks.iter().skip(1).any(|&count| count > 0);
        let mut found: Vec<(u64, Split)> = meanings
            .iter()
            .map(|&blank| {
                let ways = Ways::new(&self.cells, self.columns, self.rule, shapes, (blank, has_blanks));
                let tokens = tokens(&self.blanks, blank, self.columns.roles.len());
                let lattice = search(&ways, &tokens);
                let cost = lattice.best_cost() + u64::from(ways.prior());
                (cost, Split::new(&tokens, &lattice.outcomes(), self.columns))
            })
            .collect();
        found.sort_by_key(|(cost, _)| *cost);
        let mut found = found.into_iter();
        let Some((least, mut best)) = found.next() else { return Split::default() };
        for (cost, other) in found {
            best.contest(self, &other, cost - least);
        }
        best
    }
}

/// How many blank lines stand before each line. Where every line has one
/// before it they are how the export sets lines apart, and are taken off.
fn blanks(lines: &[&Row<'_>], above: u32) -> Vec<u32> {
    let mut last: Option<(u32, Source)> = None;
    let mut is_below_page = false;
    let mut blanks = Vec::new();
    for row in lines {
        for cell in row.filled() {
            let end = last.map_or(above, |(end, _)| end);
            let between = cell.line.saturating_sub(end).saturating_sub(1);
            // Lines of markup are no blank lines, unless a run ended there.
            let is_apart = last.is_none_or(|(_, source)| source != row.source);
            // What is blank around the number of a page is its margin.
            let is_margin = std::mem::replace(&mut is_below_page, is_page(&cell.text)) || is_below_page;
            let count = if is_apart { between.max(u32::from(last.is_some())) } else { 0 };
            blanks.push(Some(count).filter(|_| !is_margin));
            let height = cell.text.matches('\n').count() as u32;
            last = Some((cell.line.saturating_add(height), row.source));
        }
    }
    let usual = blanks.iter().skip(1).flatten().copied().min().unwrap_or(0);
    let counts = blanks.iter().map(|count| count.unwrap_or(usual));
    counts.map(|count| count.saturating_sub(usual).div_ceil(usual + 1)).collect()
}

/// The stream as this meaning of blank lines has it.
fn tokens(blanks: &[u32], blank: Blank, width: usize) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (line, &count) in blanks.iter().enumerate() {
        let is_cell = matches!(blank, Blank::Cell | Blank::Slot | Blank::Repeat);
        // No row has more blank cells than the grid has columns, twice over
        // where one row ends with them and the next begins with them.
        let cells = if is_cell { (count as usize).min(2 * width) } else { 0 };
        tokens.extend((0..cells).map(|_| Token { line: None, gap: false }));
        tokens.push(Token { line: Some(line), gap: count > 0 && !is_cell });
    }
    tokens
}

/// The rows that lines were split into.
#[derive(Default)]
struct Split {
    /// Per row the lines that hold its cells.
    rows: Vec<Vec<usize>>,
    /// Per line its row and its place in it.
    places: Vec<CellId>,
    /// The readings of the rows that are some of the grid.
    readings: Vec<Reading>,
    /// The lines within rows that may well begin another one, with the cells of
    /// that other row by role.
    begins: Vec<(usize, Vec<Option<CellId>>)>,
}

impl Split {
    fn new(tokens: &[Token], outcomes: &[Outcome], columns: &Columns) -> Split {
        let mut split = Split::default();
        // Per row the tokens that its reading rests on.
        let mut rests: Vec<Vec<usize>> = Vec::new();
        let mut open: Option<usize> = None;
        for (at, (token, outcome)) in tokens.iter().zip(outcomes).enumerate() {
            let begins = outcome.begins || outcome.role.is_none();
            let Some(line) = token.line else {
                // A blank cell is evidence for the row that has it.
                open = open.filter(|_| !outcome.begins);
                if let (Some(row), Some(_)) = (open, outcome.role) {
                    rests[row].push(at);
                }
                continue;
            };
            let row = open.filter(|_| !begins).unwrap_or(split.rows.len());
            if row == split.rows.len() {
                split.rows.push(Vec::new());
                rests.push(Vec::new());
            }
            // The number of a page stands alone, and the row goes on.
            if !outcome.is_inside {
                open = outcome.role.map(|_| row);
            }
            split.places.push(CellId { row: row as u32, cell: split.rows[row].len() as u32 });
            split.rows[row].push(line);
            rests[row].push(at);
        }
        for (row, rests) in rests.iter().enumerate() {
            split.readings.extend(split.reading(row, rests, outcomes, columns));
            for &at in rests.iter().skip(1) {
                let Some((line, other)) = tokens[at].line.zip(outcomes[at].may_begin.as_ref()) else {
                    continue;
                };
                let other = split.cells(other, columns);
                split.begins.push((line, other));
            }
        }
        split
    }

    /// The reading of a row, if it is one of the grid.
    fn reading(
        &self,
        row: usize,
        tokens: &[usize],
        outcomes: &[Outcome],
        columns: &Columns,
    ) -> Option<Reading> {
        let last = *tokens.last()?;
        let start = outcomes[last].start?;
        let begins = &columns.starts[start].begins;
        let mut cells: Vec<Option<CellId>> = vec![None; columns.roles.len()];
        for (group, line) in outcomes[last].groups.iter().enumerate().filter(|(group, _)| !begins[*group]) {
            cells[columns.groups[group].role] = line.map(|line| self.places[line]);
        }
        let own = tokens.iter().filter(|&&at| outcomes[at].is_text);
        for (place, &at) in own.enumerate() {
            if let Some(role) = outcomes[at].role {
                cells[role] = Some(CellId { row: row as u32, cell: place as u32 });
            }
        }
        // A row that lacks a cell may have it in the line after it.
        let next = (last + 1 < outcomes.len() && cells.contains(&None)).then_some(last + 1);
        let doubt = tokens.iter().copied().chain(next).min_by_key(|&at| outcomes[at].margin);
        let doubt = doubt.map_or(&outcomes[last], |at| &outcomes[at]);
        let other = doubt.other.as_ref().map(|other| match &other[..] {
            [] => Vec::new(),
            other => self.cells(other, columns),
        });
        let is_level = |role: &usize| match columns.roles[*role] {
            Role::Group(group) => begins[group],
            Role::Indicator(_) => true,
            Role::Value(_) | Role::Column(..) | Role::Unknown => false,
        };
        let lost = (0..cells.len()).filter(|role| cells[*role].is_none() && is_level(role)).collect();
        let margin = doubt.margin;
        Some(Reading { row: row as u32, start, cells, lost, covers: Vec::new(), margin, other })
    }

    /// The cells of these lines, by role.
    fn cells<'o>(
        &self,
        lines: impl IntoIterator<Item = &'o (usize, usize)>,
        columns: &Columns,
    ) -> Vec<Option<CellId>> {
        let mut cells = vec![None; columns.roles.len()];
        for &(role, line) in lines {
            cells[role] = Some(self.places[line]);
        }
        cells
    }

    /// Another split explains the lines almost as well: where it reads a row
    /// otherwise, the row is no more certain than the split is.
    fn contest(&mut self, stream: &Stream<'_, '_, '_>, other: &Split, margin: u64) {
        let text = |line: &Option<usize>| line.map(|line| &stream.cells[line].text);
        // The reading in the other split of the row that a line is in there.
        let mut rows = vec![None; other.rows.len()];
        for reading in &other.readings {
            rows[reading.row as usize] = Some(other.lines(reading));
        }
        let lines: Vec<Vec<Option<usize>>> =
            self.readings.iter().map(|reading| self.lines(reading)).collect();
        for (reading, lines) in self.readings.iter_mut().zip(lines) {
            let first = self.rows[reading.row as usize][0];
            let others = other.places.get(first).and_then(|place| rows[place.row as usize].as_ref());
            let is_same = others.is_some_and(|others| lines.iter().map(text).eq(others.iter().map(text)));
            if !is_same && margin < reading.margin {
                reading.margin = margin;
                let place = |line: &Option<usize>| line.map(|line| self.places[line]);
                reading.other = others.map(|others| others.iter().map(place).collect());
            }
        }
    }

    /// The lines of the cells of a reading, by role.
    fn lines(&self, reading: &Reading) -> Vec<Option<usize>> {
        let line = |id: &Option<CellId>| id.map(|id| self.rows[id.row as usize][id.cell as usize]);
        reading.cells.iter().map(line).collect()
    }

    /// What the cells of each role are like.
    fn shapes(&self, stream: &Stream<'_, '_, '_>) -> Vec<Shape> {
        let lines: Vec<Vec<Option<usize>>> =
            self.readings.iter().map(|reading| self.lines(reading)).collect();
        let cells = |role: usize| lines.iter().map(move |lines| lines[role].map(|line| stream.cells[line]));
        (0..stream.columns.roles.len()).map(|role| Shape::of(stream.columns, role, cells(role))).collect()
    }
}

/// The lines that were read as none of the grid and do not say so themselves;
/// what follows a note is part of it.
fn strays(rows: &[Row<'_>], readings: &[Reading]) -> Vec<Diagnostic> {
    let mut read = readings.iter().map(|reading| reading.row as usize).peekable();
    let mut diagnostics = Vec::new();
    let mut in_note = false;
    for (at, row) in rows.iter().enumerate() {
        let Some(cell) = row.cells.first() else { continue };
        let is_read = read.next_if_eq(&at).is_some();
        if !is_read && is_page(&cell.text) {
            continue;
        }
        in_note = !is_read && (in_note || note_text(&cell.text).is_some());
        if !is_read && !in_note {
            let problem = Problem::StrayRow { row: cell.text.to_string() };
            diagnostics.push(Diagnostic::at_line(problem, cell.line));
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests;

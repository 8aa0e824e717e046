//! One form to one record, cell by cell.

use formgrid_model::{
    Account, Cell, Diagnostic, Form, Indicator, Origin, Piece, Problem, Record, Row, Target, Value,
};
use formgrid_profile::{GENERIC, Kind, MoneyUnit, Profile, Profiles, unit_line};

use crate::above::Above;
use crate::fields::Fields;
use crate::grid::columns::{Columns, Role};
use crate::grid::explain::read_grid;
use crate::grid::stream::read_stream;
use crate::open_columns::key_by_headers;
use crate::pairs::{Pair, far_pair, inline, is_beside, pairs, unknown_inline};
use crate::recognise::{Recognised, recognise};
use crate::stacked::{self, stacked_header, stacked_pairs, stacked_rows, unknown_heads};
use crate::table::{Entry, OpenTable};
use crate::value::stands_for_nothing;
use crate::value::target::is_several_targets;

/// Reads a form. The record's `id` and the document's part of its `origin` are
/// left for whoever knows the document.
pub fn extract(form: &Form<'_>, profiles: &Profiles) -> Record {
    let lines = || form.rows.iter().flat_map(|(_, row)| row.filled()).map(|cell| cell.line);
    let origin = Origin {
        table: form.ordinal,
        first_line: lines().min().unwrap_or(0),
        last_line: lines().max().unwrap_or(0),
        ..Origin::default()
    };
    let Recognised { profile, runner_up } = recognise(form, profiles);
    let mut reader = Reader {
        fields: Fields::new(profile),
        profile,
        account: Account::default(),
        above: None,
        table: None,
    };
    let mut record = Record { form: profile.name.clone(), ..Record::default() };
    let doubt = runner_up.map(|other| {
        let (form, other) = (profile.name.clone(), other.name.clone());
        Problem::UncertainForm { form, other }
    });
    let unknown = (profile.name == GENERIC).then_some(Problem::UnknownForm);
    let problems = doubt.into_iter().chain(unknown);
    record.diagnostics.extend(problems.map(|problem| Diagnostic::at_line(problem, origin.first_line)));
    // A grid goes on over captions and over its header printed again on a new
    // page: its spans reach over them.
    let mut grid = Grid::default();
    let mut rows = &form.rows[..];
    while let [(piece, row), more @ ..] = rows {
        // Cells that an export has put one to a line are read together.
        let (first, rest) = rows.split_at(stacked_rows(rows, profile));
        rows = if first.is_empty() { more } else { rest };
        let stack: Vec<&Row<'_>> = first.iter().map(|(_, row)| row).collect();
        let read = if stack.is_empty() { std::slice::from_ref(&row) } else { &stack[..] };
        reader.account.cells += read.iter().map(|row| row.filled().count() as u32).sum::<u32>();
        match piece {
            Piece::Caption => reader.caption(row),
            Piece::Labels if !stack.is_empty() => reader.stack(&stack),
            // A total below the grid may be taken for labels: it is read by the
            // grid's columns.
            Piece::Labels if grid.columns.is_some() && reader.total(row).is_some() => grid.rows.push(row),
            Piece::Labels => reader.labels(row),
            Piece::Grid => grid.rows.push(row),
            Piece::GridHeader if !stack.is_empty() => {
                let columns = Columns::read(&[&stacked_header(&stack)], &profile.grid);
                if columns.is_some() && grid.columns != columns {
                    if grid.columns.is_some() {
                        reader.grid(std::mem::take(&mut grid), &mut record);
                    }
                    (grid.columns, grid.is_stacked) = (columns, true);
                }
                grid.header.extend(stack);
            }
            Piece::GridHeader => {
                let mut header = grid.header.clone();
                header.push(row);
                // The header's second row, or the first of a header.
                if grid.rows.is_empty() && grid.header.len() < 2 {
                    grid.columns = Columns::read(&header, &profile.grid);
                } else if let Some(columns) = Columns::read(&[row], &profile.grid)
                    && !grid.columns.as_ref().is_some_and(|same| same.is_like(&columns))
                {
                    reader.grid(std::mem::take(&mut grid), &mut record);
                    grid.columns = Some(columns);
                }
                grid.header.push(row);
            }
        }
    }
    reader.grid(grid, &mut record);
    if record.indicators.is_empty() {
        reader.fields.diagnostics.push(Diagnostic::at_line(Problem::MissingGrid, origin.last_line));
    }

    let (fields, unmapped, diagnostics) = reader.fields.finish(origin.first_line);
    record.fields = fields;
    record.unmapped = unmapped;
    // A grid is read when all of it is known, after what stands around it.
    record.unmapped.sort_by_key(|unmapped| unmapped.place.line);
    record.diagnostics.extend(diagnostics);
    record.diagnostics.extend_from_slice(&form.diagnostics);
    record.account = reader.account;
    if !record.account.is_balanced() {
        let Account { cells, .. } = record.account;
        let problem = Problem::Unbalanced { cells, placed: record.account.placed() };
        record.diagnostics.push(Diagnostic::at_line(problem, origin.first_line));
    }
    record.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    record.origin = origin;
    record
}

/// The record while its form is read, with the account of its cells.
struct Reader<'p> {
    profile: &'p Profile,
    fields: Fields<'p>,
    account: Account,
    /// The row of labels that was read last.
    above: Option<Above>,
    /// The table of values that was read last.
    table: Option<OpenTable<'p>>,
}

impl Reader<'_> {
    /// A caption: title, year, applicant and headings, a line each. Lines that
    /// the profile does not know are kept in `unmapped`.
    fn caption(&mut self, row: &Row<'_>) {
        for cell in row.filled() {
            self.account.captions += 1;
            for line in cell.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                self.caption_line(line, cell);
            }
        }
    }

    fn caption_line(&mut self, line: &str, cell: &Cell<'_>) {
        if let Some(year) = self.profile.title(line) {
            let title = Value::Text(line.to_owned());
            let is_first = self.fields.put_caption(Kind::Title, title.clone(), cell);
            // A title that says something else is kept as a text.
            if !is_first && self.fields.caption(Kind::Title).is_some_and(|first| *first != title) {
                self.fields.unmap(None, line, cell);
            }
            self.put_year(year, line, cell);
        } else if let Some(year) = self.profile.heading(line) {
            self.fields.put_unit(line);
            self.put_year(year, line, cell);
        } else {
            let mut pairs = inline(line, self.profile, 0);
            if let Some(label) = self.profile.label(line) {
                let (label, known) = (line.to_owned(), Some(label));
                pairs.push(Pair { label, known, text: String::new(), label_cell: 0, value_cell: 0 });
            }
            if pairs.is_empty() {
                pairs.extend(unknown_inline(line, 0));
            }
            for pair in &pairs {
                self.fields.put(pair, cell.column, cell);
            }
            if pairs.is_empty() {
                self.fields.unmap(None, line, cell);
            }
        }
    }

    fn put_year(&mut self, year: Option<i64>, line: &str, cell: &Cell<'_>) {
        if let Some(other) = year
            && !self.fields.put_caption(Kind::Year, Value::Integer(other), cell)
            && let Some(&Value::Integer(year)) = self.fields.caption(Kind::Year)
            && year != other
        {
            let problem = Problem::YearMismatch { year, other, text: line.to_owned() };
            self.fields.diagnostics.push(Diagnostic::at_cell(problem, cell.line, cell.column));
        }
    }

    /// A row of labels, or what the one above it has left for this row.
    fn labels(&mut self, row: &Row<'_>) {
        if self.table(row) {
            self.above = None;
            return;
        }
        let mut above = self.above.take();
        if let Some(text) = &mut above
            && let Some(field) = text.continued(row, self.profile, &self.fields)
        {
            self.fields.append(field, &row.cells[0].text);
            self.account.fields += 1;
            text.go_on();
            self.above = above;
            return;
        }
        if let Some(values) = above.and_then(|above| above.values(row, self.profile)) {
            for pair in &values {
                let cell = &row.cells[pair.value_cell];
                let is_field = self.fields.put(pair, cell.column, cell);
                *if is_field { &mut self.account.fields } else { &mut self.account.unmapped } += 1;
            }
            return;
        }
        let pairs = pairs(row, self.profile);
        self.pairs(row, &pairs);
        self.above = Above::new(row, &pairs, self.profile);
    }

    /// Labels and values one to a line.
    fn stack(&mut self, rows: &[&Row<'_>]) {
        (self.above, self.table) = (None, None);
        let cells: Vec<&Cell<'_>> = rows.iter().flat_map(|row| row.filled()).collect();
        for stacked::Entry { lines, pairs } in stacked_pairs(&cells, self.profile) {
            let mut is_field = false;
            for (at, pair) in pairs.iter().enumerate() {
                let is_put = self.fields.put(pair, cells[pair.label_cell].column, cells[pair.value_cell]);
                is_field = if at == 0 { is_put } else { is_field };
            }
            let last = pairs.last();
            let known = last.filter(|_| is_field).and_then(|pair| pair.known);
            for line in lines {
                let is_label = pairs.iter().any(|pair| pair.label_cell == line);
                match known {
                    _ if is_label || last.is_some_and(|pair| pair.value_cell == line) => {}
                    Some(label) => self.fields.append(label.field, &cells[line].text),
                    None => self.fields.unmap(last.map(|pair| &*pair.label), &cells[line].text, cells[line]),
                }
                *match (is_field, is_label) {
                    (true, true) => &mut self.account.labels,
                    (true, false) => &mut self.account.fields,
                    (false, _) => &mut self.account.unmapped,
                } += 1;
            }
        }
    }

    /// The pairs of a row. Cells that are in no pair go to `unmapped` alone.
    fn pairs(&mut self, row: &Row<'_>, pairs: &[Pair]) {
        // A side label names the unit of the amounts beside it.
        for (at, cell) in row.cells.iter().enumerate() {
            let unit = || is_beside(&row.cells, at).then(|| unit_line(&cell.text)).flatten();
            self.fields.put_side(self.profile.side(&cell.text).unwrap_or_else(unit));
        }
        let mut used = vec![false; row.cells.len()];
        for pair in pairs {
            let value = &row.cells[pair.value_cell];
            let is_field = self.fields.put(pair, row.cells[pair.label_cell].column, value);
            for at in [pair.label_cell, pair.value_cell] {
                if std::mem::replace(&mut used[at], true) || row.cells[at].is_blank() {
                    continue;
                }
                match (is_field, at == pair.label_cell) {
                    (true, true) => self.account.labels += 1,
                    (true, false) => self.account.fields += 1,
                    (false, _) => self.account.unmapped += 1,
                }
            }
        }
        for (cell, used) in row.cells.iter().zip(used) {
            if !used && !cell.is_blank() {
                self.alone(cell);
            }
        }
    }

    /// A cell that is neither label nor value.
    fn alone(&mut self, cell: &Cell<'_>) {
        if let Some(unit) = self.profile.side(&cell.text) {
            self.fields.put_side(unit);
            self.account.captions += 1;
        } else {
            self.account.unmapped += 1;
            self.fields.unmap(None, &cell.text, cell);
        }
    }

    /// The headers of a table of values, or a row of the one that was read last.
    /// Returns whether the row is either.
    fn table(&mut self, row: &Row<'_>) -> bool {
        let mut open = self.table.take();
        let next = open.as_mut().and_then(|open| open.next(row, self.profile));
        let is_header = next.is_none();
        let entries = match next {
            Some(entries) => entries,
            None => {
                let Some((begun, entries)) = OpenTable::begin(row, self.profile) else { return false };
                open = Some(begun);
                entries
            }
        };
        let is_line = open.as_ref().is_some_and(OpenTable::is_repeated);
        self.table = open.filter(|open| is_header || open.goes_on());
        for (cell, entry) in row.cells.iter().zip(entries) {
            match entry {
                None => {}
                Some(Entry::Label(fields)) => {
                    self.fields.see(&fields);
                    self.account.labels += 1;
                }
                Some(Entry::Side | Entry::Unknown) => self.alone(cell),
                Some(Entry::Value { field, unit, label }) => self.value(field, unit, &label, is_line, cell),
            }
        }
        true
    }

    /// A value of a table. Where it does not apply (`—`) there is none.
    fn value(
        &mut self,
        field: Option<usize>,
        unit: Option<MoneyUnit>,
        label: &str,
        is_line: bool,
        cell: &Cell<'_>,
    ) {
        let is_field = match field {
            Some(field) if is_line && self.fields.text(field).is_some() => {
                self.fields.append(field, &cell.text);
                true
            }
            Some(field) => {
                let is_nothing = stands_for_nothing(&cell.text, self.profile.fields[field].kind);
                let text = if is_nothing { "" } else { &*cell.text };
                self.fields.put_text(field, label, text, unit, cell)
            }
            None => {
                self.fields.unmap(Some(label), &cell.text, cell);
                false
            }
        };
        *if is_field { &mut self.account.fields } else { &mut self.account.unmapped } += 1;
    }

    /// The row of the grid that this row is, if it is one that holds no
    /// indicator.
    fn total(&self, row: &Row<'_>) -> Option<usize> {
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
        let values: Vec<&Cell<'_>> = row.filled().skip(1).collect();
        let at_home =
            |cell: &Cell<'_>| homes.iter().find(|(home, _)| *home == cell.column).map(|(_, field)| *field);
        let are_home = values.iter().all(|cell| at_home(cell).is_some());
        let are_in_order = !are_home && values.len() == homes.len();
        self.account.labels += 1;
        let label = row.filled().next().map_or("", |cell| &cell.text);
        for (at, cell) in values.iter().enumerate() {
            let field = if are_in_order { Some(homes[at].1) } else { at_home(cell) };
            self.value(field, None, label, false, cell);
        }
    }

    /// The rows of a grid. Cells that are no part of an indicator are kept.
    fn grid(&mut self, grid: Grid<'_, '_>, record: &mut Record) {
        let Grid { mut columns, mut header, rows, is_stacked } = grid;
        let (totals, mut rows): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
            rows.into_iter().partition(|row| !is_stacked && columns.is_some() && self.total(row).is_some());
        let stacked: Vec<Row<'_>>;
        let mut explained = None;
        if let (true, Some(known)) = (is_stacked, &mut columns) {
            let (heads, lines) = rows.split_at(unknown_heads(&rows, known, &self.profile.grid));
            header.extend(heads);
            *known = Columns::read(&[&stacked_header(&header)], &self.profile.grid).unwrap_or(known.clone());
            let above = header.last().and_then(|row| row.filled().last()).map_or(0, |cell| cell.line);
            let (found, read) = read_stream(known, lines, above, &self.profile.grid);
            stacked = found;
            rows = stacked.iter().collect();
            explained = Some(read);
        }
        let mut used: Vec<Vec<bool>> = rows.iter().map(|row| vec![false; row.cells.len()]).collect();
        let mut labels: Vec<String> = Vec::new();
        if let Some(columns) = columns {
            let mut explained = explained.unwrap_or_else(|| read_grid(&columns, &rows, &self.profile.grid));
            if self.profile.grid.is_open {
                let unmapped = std::mem::take(&mut explained.unmapped);
                labels.extend(unmapped.iter().map(|(header, _)| header.clone()));
                let (keyed, rest) = key_by_headers(&mut explained.indicators, &rows, unmapped);
                explained.used.extend(keyed);
                explained.unmapped = rest;
            }
            self.fields.diagnostics.extend(explained.indicators.iter().filter_map(several));
            record.indicators.extend(explained.indicators);
            record.diagnostics.extend(explained.diagnostics);
            for id in explained.used {
                used[id.row as usize][id.cell as usize] = true;
                self.account.indicators += 1;
            }
            for row in totals {
                if let Some(total) = self.total(row) {
                    self.total_row(total, row, &columns);
                }
            }
            for (header, id) in explained.unmapped {
                let cell = &rows[id.row as usize].cells[id.cell as usize];
                used[id.row as usize][id.cell as usize] = true;
                self.account.unmapped += 1;
                self.fields.unmap(Some(&header), &cell.text, cell);
                labels.push(header);
            }
        }
        self.headers(&header, &labels);
        let mut beside: Vec<&Row<'_>> = Vec::new();
        for (row, used) in rows.iter().zip(used) {
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
            self.stack(&std::mem::take(&mut beside));
            for (cell, used) in row.cells.iter().zip(used) {
                if !used && !cell.is_blank() {
                    self.alone(cell);
                }
            }
        }
        self.stack(&beside);
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

/// Says that a target holds several values.
fn several(indicator: &Indicator) -> Option<Diagnostic> {
    let Target { text, value, range, place, .. } = indicator.target.as_ref()?;
    let is_several = value.is_none() && range.is_none() && is_several_targets(text);
    let problem = || Problem::SeveralValues { text: text.clone() };
    is_several.then(|| Diagnostic::at_cell(problem(), place.line, place.column))
}

/// A grid while its rows are collected.
#[derive(Default)]
struct Grid<'f, 't> {
    columns: Option<Columns>,
    header: Vec<&'f Row<'t>>,
    rows: Vec<&'f Row<'t>>,
    /// Whether each cell stands on a line of its own.
    is_stacked: bool,
}

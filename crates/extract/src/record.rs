//! One form to one record, cell by cell.

use formgrid_model::{
    Account, Cell, Diagnostic, Form, Indicator, Origin, Piece, Problem, Record, Row, Value,
};
use formgrid_profile::{
    GENERIC, Kind, MoneyUnit, Profile, Profiles, caption_lines, is_shared_label, unit_line,
};

use crate::above::Above;
use crate::fields::Fields;
use crate::grid::columns::Columns;
use crate::indicators::Grid;
use crate::pairs::{Pair, far_pair, inline, is_beside, pairs, unknown_inline};
use crate::place::place;
use crate::recognise::{Recognised, recognise};
use crate::repeated::{is_repeating, joined, joined_grid, joined_labels};
use crate::stacked::{self, columns_of, headed, stacked_header, stacked_pairs, stacked_rows};
use crate::stacked_table::StackedTable;
use crate::table::{Entry, OpenTable};
use crate::value::stands_for_nothing;
use crate::value_columns::ValueColumns;

/// Reads a form: one record, or one for each project of a list, in order. The
/// records' `id` and `origin`, but for its lines, are left for whoever knows the
/// document.
pub fn extract(form: &Form<'_>, profiles: &Profiles) -> Vec<Record> {
    let Recognised { profile, runner_up } = recognise(form, profiles);
    let doubt = runner_up.map(|other| {
        let (form, other) = (profile.name.clone(), other.name.clone());
        Problem::UncertainForm { form, other }
    });
    let unknown = (profile.name == GENERIC).then_some(Problem::UnknownForm);
    let mut reader = Reader::new(profile, Fields::new(profile));
    reader.value_columns = ValueColumns::new(&form.rows);
    reader.take_lines(form.rows.iter().map(|(_, row)| row));
    reader.is_repeating = is_repeating(&form.rows, profile);
    let joined = match reader.is_repeating {
        true => joined_grid(&form.rows, &profile.grid),
        false => Vec::new(),
    };
    let first = reader.first_line;
    let problems = doubt.into_iter().chain(unknown);
    reader.diagnostics.extend(problems.map(|problem| Diagnostic::at_line(problem, first)));
    let mut further = Vec::new();
    // A grid goes on over captions and over its header printed again on a new
    // page: its spans reach over them.
    let mut grid = Grid::default();
    let mut header: Vec<&Row<'_>> = Vec::new();
    let mut rows = &form.rows[..];
    let mut looked = 0;
    while let [head @ (_, row), more @ ..] = rows {
        let piece = if grid.columns.is_none() { stacked::piece(head, profile) } else { head.0 };
        let at = form.rows.len() - rows.len();
        // Cells that an export has put one to a line are read together.
        let (first, rest) = rows.split_at(stacked_rows(&form.rows, at, &mut looked, profile));
        rows = if first.is_empty() { more } else { rest };
        let stack: Vec<&Row<'_>> = first.iter().map(|(_, row)| row).collect();
        let read = if stack.is_empty() { std::slice::from_ref(&row) } else { &stack[..] };
        reader.account.cells += read.iter().map(|row| row.filled().count() as u32).sum::<u32>();
        if matches!(piece, Piece::Labels | Piece::Grid) || !stack.is_empty() {
            further.extend(reader.header(&mut header, &mut grid));
        }
        let row = joined.get(at).and_then(Option::as_ref).map_or(row, |joined| reader.join(row, joined));
        match piece {
            Piece::Caption => reader.caption(row),
            Piece::Labels if !stack.is_empty() => {
                let next = rows.iter().find_map(|(_, row)| row.filled().next());
                reader.stack(&stack, next.map(|cell| cell.line));
            }
            // A total below the grid may be taken for labels: it is read by the
            // grid's columns.
            Piece::Labels if grid.columns.is_some() && reader.total(row).is_some() => grid.rows.push(row),
            Piece::Labels => reader.labels(row),
            Piece::Grid => grid.rows.push(row),
            Piece::GridHeader if !stack.is_empty() => {
                let rows = stacked_header(&stack, &profile.grid);
                let columns = Columns::read(&rows.iter().collect::<Vec<_>>(), &profile.grid);
                if columns.is_some() && grid.columns != columns {
                    if grid.columns.is_some() {
                        further.extend(reader.grid(std::mem::take(&mut grid)));
                    }
                    (grid.columns, grid.is_stacked) = (columns, true);
                }
                grid.header.extend(stack);
            }
            Piece::GridHeader => header.push(row),
        }
    }
    further.extend(reader.header(&mut header, &mut grid));
    further.extend(reader.grid(grid));
    reader.fields.diagnostics.extend_from_slice(&form.diagnostics);
    [reader].into_iter().chain(further).map(Reader::finish).collect()
}

/// The record while its form is read, with the account of its cells.
pub(crate) struct Reader<'p> {
    pub(crate) profile: &'p Profile,
    pub(crate) fields: Fields<'p>,
    pub(crate) account: Account,
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) first_line: u32,
    pub(crate) last_line: u32,
    /// Whether merged cells show their text in each of their slots.
    pub(crate) is_repeating: bool,
    /// The row of labels that was read last.
    pub(crate) above: Option<Above>,
    /// The table of values that was read last.
    pub(crate) table: Option<OpenTable<'p>>,
    /// Where the values of its labels stand.
    value_columns: ValueColumns<'p>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(profile: &'p Profile, fields: Fields<'p>) -> Reader<'p> {
        Reader {
            profile,
            fields,
            account: Account::default(),
            indicators: Vec::new(),
            diagnostics: Vec::new(),
            first_line: 0,
            last_line: 0,
            is_repeating: false,
            above: None,
            table: None,
            value_columns: ValueColumns::default(),
        }
    }

    /// Takes the lines of these rows for those of the record.
    pub(crate) fn take_lines<'f, 't: 'f>(&mut self, rows: impl Iterator<Item = &'f Row<'t>>) {
        let (mut first, mut last) = (u32::MAX, 0);
        for cell in rows.flat_map(|row| row.filled()) {
            (first, last) = (first.min(cell.line), last.max(cell.line));
        }
        (self.first_line, self.last_line) = (first.min(last), last);
    }

    /// Ends with these rows: what is below is another project's.
    pub(crate) fn end_at(&mut self, rows: &[&Row<'_>]) {
        let lines = rows.iter().flat_map(|row| row.filled()).map(|cell| cell.line);
        self.last_line = lines.max().unwrap_or(self.last_line);
    }

    /// The record of everything that was read.
    fn finish(mut self) -> Record {
        if self.indicators.is_empty() {
            self.fields.diagnostics.push(Diagnostic::at_line(Problem::MissingGrid, self.last_line));
        }
        let (fields, mut unmapped, others) = self.fields.finish(self.first_line);
        // A grid is read when all of it is known, after what stands around it.
        unmapped.sort_by_key(|unmapped| unmapped.place.line);
        let mut diagnostics = self.diagnostics;
        diagnostics.extend(others);
        if !self.account.is_balanced() {
            let Account { cells, .. } = self.account;
            let problem = Problem::Unbalanced { cells, placed: self.account.placed() };
            diagnostics.push(Diagnostic::at_line(problem, self.first_line));
        }
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        let Reader { first_line, last_line, .. } = self;
        Record {
            form: self.profile.name.clone(),
            origin: Origin { first_line, last_line, ..Origin::default() },
            fields,
            indicators: self.indicators,
            unmapped,
            diagnostics,
            account: self.account,
            ..Record::default()
        }
    }

    /// A caption: title, year, applicant and headings, a line each. Lines that
    /// the profile does not know are kept in `unmapped`.
    fn caption(&mut self, row: &Row<'_>) {
        let joined = self.is_repeating.then(|| joined(row, |_, _, _| true)).flatten();
        let row = joined.as_ref().map_or(row, |joined| self.join(row, joined));
        for cell in row.filled() {
            self.account.captions += 1;
            let is_title = |line: &str| self.profile.title(line).is_some();
            let is_label = |label: &str| self.profile.label(label).is_some() || is_shared_label(label);
            for line in caption_lines(&cell.text, is_title, is_label) {
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
        } else if let Some(unit) = self.profile.side(line) {
            self.fields.put_side(unit);
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

    /// Takes a row in which cells are joined for the row that it was.
    fn join<'r, 't>(&mut self, row: &Row<'_>, joined: &'r Row<'t>) -> &'r Row<'t> {
        self.account.repeated += (row.filled().count() - joined.filled().count()) as u32;
        joined
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
    pub(crate) fn labels(&mut self, row: &Row<'_>) {
        if self.table(row) {
            self.above = None;
            return;
        }
        let mut above = self.above.take();
        let joined = match &above {
            _ if !self.is_repeating => None,
            Some(above) if above.has_heads() => joined(row, |_, _, next| !above.is_head(next.column)),
            _ => joined_labels(row, self.profile),
        };
        let row = joined.as_ref().map_or(row, |joined| self.join(row, joined));
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
        // A label that no profile knows may have its value behind wide blanks.
        let far = far_pair(row, self.profile).filter(|pair| pair.value_cell > pair.label_cell + 1);
        let pairs = far.map_or_else(|| pairs(row, self.profile, &self.value_columns), |pair| vec![pair]);
        self.pairs(row, &pairs);
        self.above = Above::new(row, &pairs, self.profile);
    }

    /// Labels and values one to a line; what follows stands on the line `end`.
    pub(crate) fn stack(&mut self, rows: &[&Row<'_>], end: Option<u32>) {
        (self.above, self.table) = (None, None);
        let cells: Vec<&Cell<'_>> = rows.iter().flat_map(|row| row.filled()).collect();
        let (mut from, mut at) = (0, 0);
        while at < cells.len() {
            let table = StackedTable::read(&cells[at..], self.profile, end);
            let heads = if table.is_none() { headed(&cells[at..], self.profile, end) } else { None };
            let taken = match (&table, &heads) {
                (Some(table), _) => table.entries.len(),
                (None, Some(values)) => values.len() + values.iter().flatten().count(),
                (None, None) => 0,
            };
            if taken == 0 {
                at += 1;
                continue;
            }
            self.stacked_labels(&cells[from..at]);
            let own = &cells[at..at + taken];
            table.into_iter().for_each(|table| self.stacked_table(own, table));
            heads.into_iter().for_each(|values| self.stacked_heads(own, &values));
            at += taken;
            from = at;
        }
        self.stacked_labels(&cells[from..]);
    }

    /// A table of values one to a line.
    fn stacked_table(&mut self, cells: &[&Cell<'_>], table: StackedTable) {
        let StackedTable { entries, columns, is_repeated, short } = table;
        for (at, values) in short {
            let problem = Problem::ShortRow { row: cells[at].text.to_string(), values, columns };
            let found = Diagnostic::at_cell(problem, cells[at].line, cells[at].column);
            self.fields.diagnostics.push(found);
        }
        for (cell, entry) in cells.iter().zip(entries) {
            match entry {
                Entry::Label(fields) => {
                    self.fields.see(&fields);
                    self.account.labels += 1;
                }
                Entry::Side | Entry::Unknown => self.alone(cell),
                Entry::Value { field, unit, label } => self.value(field, unit, &label, is_repeated, cell),
            }
        }
    }

    /// Labels one below the other, with their values below all of them.
    fn stacked_heads(&mut self, cells: &[&Cell<'_>], values: &[Option<usize>]) {
        for (head, value) in cells.iter().zip(values) {
            let Some(label) = self.profile.label(&head.text) else { continue };
            let cell = value.map_or(*head, |value| cells[value]);
            let text = if value.is_some() { cell.text.to_string() } else { String::new() };
            let pair =
                Pair { label: head.text.to_string(), known: Some(label), text, label_cell: 0, value_cell: 0 };
            let is_field = self.fields.put(&pair, head.column, cell);
            self.account.labels += 1;
            *if is_field { &mut self.account.fields } else { &mut self.account.unmapped } +=
                u32::from(value.is_some());
        }
    }

    /// Labels that each have their value below them.
    fn stacked_labels(&mut self, cells: &[&Cell<'_>]) {
        let entries = stacked_pairs(cells, self.profile);
        let all: Vec<&Pair> = entries.iter().flat_map(|entry| &entry.pairs).collect();
        let mut columns = columns_of(&all, self.profile).into_iter();
        for stacked::Entry { lines, pairs } in &entries {
            let mut is_field = false;
            for (at, pair) in pairs.iter().enumerate() {
                let column = columns.next().flatten();
                let is_put = match column {
                    Some(column) => self.fields.put(pair, column, cells[pair.value_cell]),
                    None => self.fields.doubt(pair, cells[pair.value_cell]),
                };
                is_field = if at == 0 { is_put } else { is_field };
            }
            let last = pairs.last();
            let known = last.filter(|_| is_field).and_then(|pair| pair.known);
            for line in lines.clone() {
                let is_label = pairs.iter().any(|pair| pair.label_cell == line);
                match known {
                    None if pairs.is_empty() => {
                        self.fields.put_side(unit_line(&cells[line].text));
                        self.alone(cells[line]);
                        continue;
                    }
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
        // A side label names the unit of the amounts beside it; one that the
        // profile does not know stands at the left, before a label.
        let is_label = |cell: &Cell<'_>| self.profile.label(&cell.text).is_some();
        for (at, cell) in row.cells.iter().enumerate() {
            let is_first = || at == 0 && !is_label(cell) && row.cells.get(1).is_some_and(is_label);
            let unit = || (is_beside(&row.cells, at) || is_first()).then(|| unit_line(&cell.text)).flatten();
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
    pub(crate) fn alone(&mut self, cell: &Cell<'_>) {
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
    fn table(&mut self, whole: &Row<'_>) -> bool {
        let row = whole;
        let mut open = self.table.take();
        let below = open.as_ref().filter(|_| self.is_repeating);
        let below = below.and_then(|open| joined(row, |_, _, next| !open.is_head(next.column)));
        let next = open.as_mut().and_then(|open| open.next(below.as_ref().unwrap_or(row), self.profile));
        let is_header = next.is_none();
        let header = self.is_repeating && is_header;
        let header = header.then(|| joined(row, |_, _, _| true)).flatten();
        let joined = if is_header { header } else { below };
        let row = joined.as_ref().unwrap_or(row);
        let entries = match next {
            Some(entries) => entries,
            None => {
                let Some((begun, entries)) = OpenTable::begin(row, self.profile) else { return false };
                open = Some(begun);
                entries
            }
        };
        if let Some(joined) = &joined {
            self.join(whole, joined);
        }
        let is_line = open.as_ref().is_some_and(OpenTable::is_repeated);
        self.table = open.filter(|open| is_header || open.goes_on());
        for (cell, entry) in row.cells.iter().zip(entries) {
            match entry {
                None => {}
                Some(Entry::Label(fields)) => {
                    self.fields.see(&fields);
                    self.account.labels += 1;
                }
                Some(Entry::Side) => {
                    self.fields.put_side(unit_line(&cell.text));
                    self.alone(cell);
                }
                Some(Entry::Unknown) => self.alone(cell),
                Some(Entry::Value { field, unit, label }) => self.value(field, unit, &label, is_line, cell),
            }
        }
        true
    }

    /// A value of a table. Where it does not apply (`—`) there is none.
    pub(crate) fn value(
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
                self.fields.put_text(field, label, text, unit, &place(cell))
            }
            None => {
                self.fields.unmap(Some(label).filter(|label| !label.is_empty()), &cell.text, cell);
                false
            }
        };
        *if is_field { &mut self.account.fields } else { &mut self.account.unmapped } += 1;
    }
}

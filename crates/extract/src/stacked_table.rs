//! Tables of values whose cells stand one to a line: the headers, then a row
//! label with a value for each of them, or the values alone.
//!
//! Nothing says where a row ends but the next label. A row with a value for each
//! header is whole. One with fewer is read if its blank cells have left their
//! lines; else nothing says which values are missing, and none is read.

use std::ops::Range;

use formgrid_model::Cell;
use formgrid_profile::{MoneyUnit, Profile, TableRule};

use crate::pairs::{Look, look};
use crate::table::Entry;

/// The widest table, in columns.
const WIDEST: usize = 16;

/// A table that was read.
#[derive(Debug, PartialEq)]
pub(crate) struct StackedTable {
    /// What each of its cells is.
    pub(crate) entries: Vec<Entry>,
    /// How many columns it has.
    pub(crate) columns: usize,
    /// Whether its rows are lines of the same fields.
    pub(crate) is_repeated: bool,
    /// Rows of which nothing says what their values stand below: the row's first
    /// cell, and how many values it has.
    pub(crate) short: Vec<(usize, usize)>,
}

impl StackedTable {
    /// Reads the table whose headers begin these cells, if they are two or more.
    /// What follows the cells stands on the line `end`.
    pub(crate) fn read(cells: &[&Cell<'_>], profile: &Profile, end: Option<u32>) -> Option<StackedTable> {
        let heads = |rule: &TableRule| {
            cells.iter().take(WIDEST).take_while(|cell| rule.column(&cell.text).is_some()).count()
        };
        let all = profile.tables.iter().map(|rule| (heads(rule), rule)).rev();
        let (columns, rule) = all.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 1)?;
        let mut table = StackedTable {
            entries: vec![Entry::Label(Vec::new()); columns],
            columns,
            is_repeated: rule.is_repeated,
            short: Vec::new(),
        };
        let reader = Reading { cells, profile, rule, columns, end };
        match rule.rows.is_empty() {
            true => reader.values_alone(&mut table),
            false => reader.rows(&mut table),
        }
        // Headers without anything below them are labels of their own.
        (table.entries.len() > columns).then_some(table)
    }
}

/// A table while it is read.
struct Reading<'r, 't> {
    cells: &'r [&'r Cell<'t>],
    profile: &'r Profile,
    rule: &'r TableRule,
    columns: usize,
    end: Option<u32>,
}

impl Reading<'_, '_> {
    /// Values in the order of the headers, in one row or in several.
    fn values_alone(&self, table: &mut StackedTable) {
        for (entry, column) in table.entries.iter_mut().zip(0..) {
            if let Entry::Value { field, .. } = self.value(0, column, None, None) {
                *entry = Entry::Label(field.into_iter().collect());
            }
        }
        let values = self.columns..self.stop(self.columns);
        let above = self.cells[self.columns - 1].line;
        let rows = self.rows_in(&values, above);
        let Some(places) =
            slots(&self.cells[values.clone()], above, self.line(values.end), rows * self.columns)
        else {
            table.short.push((values.start, values.len()));
            table.entries.extend(values.map(|_| unknown_value(None)));
            return;
        };
        table.entries.extend(places.into_iter().map(|place| self.value(0, place % self.columns, None, None)));
    }

    /// How many rows these values make: one, unless the table repeats itself.
    fn rows_in(&self, values: &Range<usize>, above: u32) -> usize {
        let lines = self.line(values.end).map_or(0, |next| next.saturating_sub(above + 1) as usize);
        match self.rule.is_repeated {
            true if values.len().is_multiple_of(self.columns) => values.len() / self.columns,
            true if lines.is_multiple_of(self.columns) => lines / self.columns,
            _ => 1,
        }
    }

    /// Rows with a label each.
    fn rows(&self, table: &mut StackedTable) {
        let mut unit = None;
        // Where blank lines part the rows they say nothing of blank cells.
        let is_parted = |at: usize| self.line(at).is_none_or(|line| line > self.cells[at - 1].line + 1);
        let has_lines = !(1..=self.columns).any(is_parted);
        while let Some(cell) = self.cells.get(table.entries.len()) {
            let at = table.entries.len();
            let Some((row, own)) = self.rule.row(&cell.text) else {
                // A side label may stand behind the headers.
                if self.profile.side(&cell.text).is_none() || !self.is_row(at + 1) {
                    break;
                }
                table.entries.push(Entry::Side);
                continue;
            };
            unit = own.or(unit);
            let name = cell.text.trim_end_matches([':', '：']);
            let values = at + 1..self.stop(at + 1);
            table.entries.push(Entry::Label(self.rule.fields.get(row).cloned().unwrap_or_default()));
            let next = self.line(values.end).filter(|_| has_lines);
            match slots(&self.cells[values.clone()], cell.line, next, self.columns) {
                Some(places) => {
                    table
                        .entries
                        .extend(places.into_iter().map(|place| self.value(row, place, Some(name), unit)));
                }
                None => {
                    table.short.push((at, values.len()));
                    table.entries.extend(values.map(|_| unknown_value(Some(name))));
                }
            }
        }
    }

    /// The value of a row in a column, with the unit that the row's label names.
    fn value(&self, row: usize, column: usize, name: Option<&str>, unit: Option<MoneyUnit>) -> Entry {
        let head = &self.cells[column];
        let known = self.rule.column(&head.text);
        let field = known.and_then(|(column, _)| Some(*self.rule.fields.get(row)?.get(column)?));
        let names: Vec<&str> = name.into_iter().chain([&*head.text]).collect();
        Entry::Value { field, unit: known.and_then(|(_, own)| own).or(unit), label: names.join(" × ") }
    }

    /// Where the values from a cell on end: at a label, a side label, or another
    /// header.
    fn stop(&self, from: usize) -> usize {
        let is_end = |at: &usize| {
            self.is_row(*at)
                || matches!(
                    look(self.cells[*at], self.profile),
                    Look::Known(_) | Look::KnownWithColon(_) | Look::Side
                )
                || self.profile.grid.horizon(&self.cells[*at].text).is_some()
                || self.is_head(*at) && self.is_head(*at + 1)
        };
        (from..self.cells.len()).find(is_end).unwrap_or(self.cells.len())
    }

    fn is_row(&self, at: usize) -> bool {
        self.cells.get(at).is_some_and(|cell| self.rule.row(&cell.text).is_some())
    }

    fn is_head(&self, at: usize) -> bool {
        let is_column =
            |cell: &&Cell<'_>| self.profile.tables.iter().any(|rule| rule.column(&cell.text).is_some());
        self.cells.get(at).is_some_and(is_column)
    }

    /// The line of a cell, or of what follows the last.
    fn line(&self, at: usize) -> Option<u32> {
        self.cells.get(at).map(|cell| cell.line).or(self.end)
    }
}

/// The places, from 0, of the values of a row that has this many, below or
/// behind a cell on the line `above`: in their order if there is one for each
/// place, else by the lines that the blank ones have left. Nothing if the lines
/// do not add up, or nothing says where the row ends.
pub(crate) fn slots(values: &[&Cell<'_>], above: u32, next: Option<u32>, width: usize) -> Option<Vec<usize>> {
    if values.len() == width {
        return Some((0..width).collect());
    }
    let lines = next?.checked_sub(above + 1)? as usize;
    let place = |cell: &&Cell<'_>| cell.line.checked_sub(above + 1).map(|place| place as usize);
    (lines == width).then(|| values.iter().map(place).collect())?
}

/// A value that stands below no header that anyone knows.
fn unknown_value(name: Option<&str>) -> Entry {
    Entry::Value { field: None, unit: None, label: name.unwrap_or_default().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the places of values on these lines, behind a cell on line 1, in a
    /// row of four; what follows stands on the line `next`.
    #[track_caller]
    fn check(lines: &[u32], next: Option<u32>, expected: Option<&[usize]>) {
        let cells: Vec<Cell<'_>> = lines.iter().map(|&line| Cell { line, ..Cell::new("1") }).collect();
        let cells: Vec<&Cell<'_>> = cells.iter().collect();
        assert_eq!(slots(&cells, 1, next, 4).as_deref(), expected);
    }

    #[test]
    fn a_row_is_whole_or_its_blank_cells_have_left_lines() {
        check(&[2, 3, 4, 5], None, Some(&[0, 1, 2, 3]));
        check(&[2, 4, 6, 8], Some(10), Some(&[0, 1, 2, 3]));
        check(&[2, 5], Some(6), Some(&[0, 3]));
        check(&[3], Some(6), Some(&[1]));
        check(&[], Some(6), Some(&[]));
    }

    #[test]
    fn else_nothing_says_where_a_value_stands() {
        check(&[2, 3], Some(4), None);
        check(&[2, 3], Some(5), None);
        check(&[2, 3], Some(8), None);
        check(&[2, 3], None, None);
        check(&[2, 3, 4, 5, 6], Some(7), None);
        check(&[2], Some(1), None);
    }
}

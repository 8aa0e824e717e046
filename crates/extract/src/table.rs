//! Tables of values in a form: row labels by column headers, such as the funds
//! of a year by source and by what became of them.
//!
//! Where every slot is a cell, values stand below their headers. Where covered
//! slots were dropped, a row begins with its label in the column of the side
//! label (项目资金) that covers it: its cells are then as many columns too far to
//! the left.

use formgrid_model::{Cell, Row, Source};
use formgrid_profile::{MoneyUnit, Profile, TableRule};

/// Rows of more cells than this are in no table of a form.
const WIDEST: usize = 64;

/// A table that has begun: its headers are known, its rows follow.
pub(crate) struct OpenTable<'p> {
    rule: &'p TableRule,
    source: Source,
    /// The row that was read last, by its ordinal in the table or run.
    row: u32,
    heads: Vec<Head>,
    /// The first and last column of the side label, if it has one.
    side: Option<(u32, u32)>,
    /// The column where row labels stand, once one was read.
    labels: Option<u32>,
    /// The unit that a row label above names: it holds for the rows below, too,
    /// which are the parts of its total.
    unit: Option<MoneyUnit>,
}

/// A column with its header.
struct Head {
    first: u32,
    last: u32,
    /// The column of the rule; none for a header that it does not know.
    column: Option<usize>,
    unit: Option<MoneyUnit>,
    text: String,
}

/// What a cell of a table is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A header or row label that the profile knows; a row label with the
    /// fields of its row.
    Label(Vec<usize>),
    /// A side label, known or not.
    Side,
    /// A value: its field, if it has one, the unit that its labels name, and
    /// its row label and header.
    Value { field: Option<usize>, unit: Option<MoneyUnit>, label: String },
    /// A header or row label that the profile does not know.
    Unknown,
}

impl<'p> OpenTable<'p> {
    /// Reads a row as the headers of a table: two of them at least, and nothing
    /// but side labels left of them. Returns what each cell is.
    pub(crate) fn begin(row: &Row<'_>, profile: &'p Profile) -> Option<(Self, Vec<Option<Entry>>)> {
        if row.cells.len() > WIDEST {
            return None;
        }
        let known = |rule: &TableRule| row.filled().filter(|cell| rule.column(&cell.text).is_some()).count();
        let (count, rule) =
            profile.tables.iter().map(|rule| (known(rule), rule)).rev().max_by_key(|(count, _)| *count)?;
        let others = row.filled().filter(|cell| profile.side(&cell.text).is_none()).count();
        if count < 2 || count * 2 <= others {
            return None;
        }
        let first = row.filled().find(|cell| rule.column(&cell.text).is_some())?.column;
        let mut open = OpenTable {
            rule,
            source: row.source,
            row: 0,
            heads: Vec::new(),
            side: None,
            labels: None,
            unit: None,
        };
        let mut entries = Vec::new();
        let mut sides: Vec<(u32, u32)> = Vec::new();
        for cell in &row.cells {
            let last = cell.column + cell.colspan - 1;
            open.row = cell.row;
            entries.push(if cell.is_blank() {
                None
            } else if cell.column < first {
                sides.push((cell.column, last));
                Some(Entry::Side)
            } else {
                let column = rule.column(&cell.text);
                let (column, unit) = (column.map(|(at, _)| at), column.and_then(|(_, unit)| unit));
                open.heads.push(Head { first: cell.column, last, column, unit, text: cell.text.to_string() });
                Some(if column.is_some() { Entry::Label(Vec::new()) } else { Entry::Unknown })
            });
        }
        // The last of several is the corner: it stands above the row labels.
        let is_cornered = !rule.rows.is_empty() && sides.len() > 1;
        sides.truncate(sides.len() - usize::from(is_cornered));
        open.side = sides.first().zip(sides.last()).map(|(first, last)| (first.0, last.1));
        Some((open, entries))
    }

    /// Reads the next row of the form as one of the table. Returns what each of
    /// its cells is; nothing if the table has ended.
    pub(crate) fn next(&mut self, row: &Row<'_>, profile: &Profile) -> Option<Vec<Option<Entry>>> {
        if row.cells.len() > WIDEST {
            return None;
        }
        let is_side = |cell: &Cell<'_>| {
            self.side.is_none_or(|(_, last)| cell.column <= last) && profile.side(&cell.text).is_some()
        };
        let at = row.cells.iter().position(|cell| !cell.is_blank() && !is_side(cell))?;
        let first = &row.cells[at];
        let is_below = row.source == self.source && first.row == self.row + 1;
        let entries = match self.rule.rows.is_empty() {
            true if !is_below => return None,
            // A list has ended where another table or label begins.
            true if self.rule.is_repeated
                && (profile.label(&first.text).is_some() || OpenTable::begin(row, profile).is_some()) =>
            {
                return None;
            }
            true => self.values(row, at, None)?,
            false => {
                let known = self.rule.row(&first.text);
                // A row of its own making stands where the others do, and has
                // values like them.
                let is_like =
                    is_below && self.labels == Some(first.column) && profile.label(&first.text).is_none();
                if known.is_none() && !is_like {
                    return None;
                }
                self.labels = Some(first.column);
                self.unit = known.and_then(|(_, unit)| unit).or(self.unit);
                self.values(row, at, Some((known.map(|(row, _)| row), self.unit)))?
            }
        };
        self.row = first.row;
        let sides = row.cells[..at].iter().map(|cell| (!cell.is_blank()).then_some(Entry::Side));
        Some(sides.chain(entries).collect())
    }

    /// Whether one of its headers begins in a column.
    pub(crate) fn is_head(&self, column: u32) -> bool {
        self.heads.iter().any(|head| head.first == column)
    }

    /// Whether another row may follow one that was read.
    pub(crate) fn goes_on(&self) -> bool {
        !self.rule.rows.is_empty() || self.rule.is_repeated
    }

    /// Whether its rows are lines of the same fields.
    pub(crate) fn is_repeated(&self) -> bool {
        self.rule.is_repeated
    }

    /// The cells from `at` on: a row label, in a table that has them, and the
    /// values. Nothing if a cell stands below no header.
    fn values(
        &self,
        row: &Row<'_>,
        at: usize,
        label: Option<(Option<usize>, Option<MoneyUnit>)>,
    ) -> Option<Vec<Option<Entry>>> {
        let cells = &row.cells[at..];
        let shift = self.shift(&cells[0], label.is_some());
        let name = label.map(|_| cells[0].text.trim_end_matches([':', '：']).to_owned());
        let mut entries = Vec::new();
        let mut is_value = 0;
        for (index, cell) in cells.iter().enumerate() {
            entries.push(match (index, &label) {
                (0, Some((row, _))) => Some(row.map_or(Entry::Unknown, |row| {
                    Entry::Label(self.rule.fields.get(row).cloned().unwrap_or_default())
                })),
                _ if cell.is_blank() => None,
                _ => {
                    let column = i64::from(cell.column) + shift;
                    let head = self
                        .heads
                        .iter()
                        .find(|head| (i64::from(head.first)..=i64::from(head.last)).contains(&column));
                    if head.is_none() && label.is_none() {
                        return None;
                    }
                    is_value += 1;
                    Some(self.value(head, label, name.as_deref()))
                }
            });
        }
        let is_blank = label.is_some_and(|(row, _)| row.is_some());
        (is_value > 0 || is_blank).then_some(entries)
    }

    fn value(
        &self,
        head: Option<&Head>,
        label: Option<(Option<usize>, Option<MoneyUnit>)>,
        name: Option<&str>,
    ) -> Entry {
        let header = head.map(|head| head.text.as_str());
        let names: Vec<&str> = name.into_iter().chain(header).collect();
        let row = label.map_or(Some(0), |(row, _)| row);
        let column = head.and_then(|head| head.column);
        let field = row.zip(column).and_then(|(row, column)| Some(*self.rule.fields.get(row)?.get(column)?));
        let unit = head.and_then(|head| head.unit).or(label.and_then(|(_, unit)| unit));
        Entry::Value { field, unit, label: names.join(" × ") }
    }

    /// How many columns right of their place the cells of a row belong.
    fn shift(&self, first: &Cell<'_>, is_label: bool) -> i64 {
        let [column, end] = [first.column, first.column + first.colspan].map(i64::from);
        let head = self.heads.first().map_or(end, |head| i64::from(head.first));
        match self.side {
            // The row begins where the side label stands: its slot was dropped.
            Some((_, side)) if column <= i64::from(side) => i64::from(side) + 1 - column,
            // The header row lacks the corner.
            _ if is_label && end > head => head - end,
            _ => 0,
        }
    }
}

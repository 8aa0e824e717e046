//! What a row of labels leaves to the row below it: labels that have their
//! values there, or a text that goes on there.

use formgrid_model::{Cell, Row, Source};
use formgrid_profile::{Kind, Profile, unnumbered};

use crate::fields::Fields;
use crate::pairs::{Look, Pair, look, unknown_inline};

/// A row of labels, for the row below it.
pub(crate) struct Above {
    source: Source,
    /// The row's ordinal in its table or run of lines.
    row: u32,
    /// The labels by their columns, if the row holds nothing else.
    heads: Vec<(u32, Pair)>,
    /// The field of text that ends the row.
    text: Option<usize>,
}

impl Above {
    /// What a row leaves, given its pairs; nothing for a row without cells.
    pub(crate) fn new(row: &Row<'_>, pairs: &[Pair], profile: &Profile) -> Option<Above> {
        let first = row.cells.first()?;
        // Where every cell is written down two labels head two columns; a line
        // may have lost its blank values.
        let fewest = if matches!(row.source, Source::Table { .. }) { 2 } else { 3 };
        let (last, others) = pairs.split_last()?;
        let are_heads = pairs.len() >= fewest
            && row.filled().count() == pairs.len()
            && pairs.iter().all(|pair| pair.known.is_some() && pair.text.is_empty())
            && others.iter().all(|pair| pair.value_cell == pair.label_cell);
        let head = |pair: &Pair| (row.cells[pair.label_cell].column, pair.clone());
        let ends = row.cells.iter().rposition(|cell| !cell.is_blank()) == Some(last.value_cell);
        let text = last.known.map(|label| label.field);
        Some(Above {
            source: row.source,
            row: first.row,
            heads: if are_heads { pairs.iter().map(head).collect() } else { Vec::new() },
            text: text.filter(|&field| ends && profile.fields[field].kind == Kind::Text),
        })
    }

    /// Whether the row is nothing but labels.
    pub(crate) fn has_heads(&self) -> bool {
        !self.heads.is_empty()
    }

    /// Whether one of its labels begins in a column.
    pub(crate) fn is_head(&self, column: u32) -> bool {
        self.heads.binary_search_by_key(&column, |(head, _)| *head).is_ok()
    }

    /// The values of the labels of this row in the row below it, each with its
    /// cell's place there, if that row holds nothing but values.
    pub(crate) fn values(&self, row: &Row<'_>, profile: &Profile) -> Option<Vec<Pair>> {
        let value = |(at, cell): (usize, &Cell<'_>)| {
            let head = self.heads.binary_search_by_key(&cell.column, |(column, _)| *column).ok()?;
            let (_, head) = &self.heads[head];
            let is_value = look(cell, profile) == Look::Text;
            is_value.then(|| Pair {
                text: cell.text.to_string(),
                label_cell: at,
                value_cell: at,
                ..head.clone()
            })
        };
        if self.heads.is_empty() || !self.is_above(row) {
            return None;
        }
        let filled = row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let values: Vec<Pair> = filled.map(value).collect::<Option<_>>()?;
        // A remark stands alone.
        (values.len() >= 2).then_some(values)
    }

    /// The field whose text goes on in a line without tabs below it: a line
    /// that is no label, or the next item of a numbered list that reads like one.
    pub(crate) fn continued(&self, row: &Row<'_>, profile: &Profile, fields: &Fields<'_>) -> Option<usize> {
        let [cell] = &*row.cells else { return None };
        let text = fields.text(self.text?)?;
        let is_numbered = |text: &str| unnumbered(text) != text;
        let is_line = matches!(row.source, Source::Line { .. }) && self.is_above(row);
        let is_text = look(cell, profile) == Look::Text
            && (unknown_inline(&cell.text, 0).is_none() || is_numbered(&cell.text) && is_numbered(text));
        self.text.filter(|_| is_line && is_text)
    }

    /// The same text, ended by another row.
    pub(crate) fn go_on(&mut self) {
        self.row += 1;
        self.heads.clear();
    }

    fn is_above(&self, row: &Row<'_>) -> bool {
        self.source == row.source && row.cells.first().is_some_and(|cell| cell.row == self.row + 1)
    }
}

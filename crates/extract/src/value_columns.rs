//! In which columns the values of a form's labels stand.
//!
//! Where a blank slot stands behind a label and a text behind that, the text may
//! be its value or another label. The other rows of the form tell: where a label
//! in this column has its value in that one for certain, and none between, the
//! slot between is the label's own.

use std::cell::OnceCell;

use formgrid_model::{Piece, Row, Source};
use formgrid_profile::Profile;

use crate::pairs::pairs;

/// The rows of a form, and where their labels have their values, once asked.
#[derive(Default)]
pub(crate) struct ValueColumns<'f> {
    rows: &'f [(Piece, Row<'f>)],
    /// The columns of a label and of its value, of each row that is certain; each
    /// once, in order.
    found: OnceCell<Vec<(Source, u32, u32)>>,
}

impl<'f> ValueColumns<'f> {
    /// Of a form's rows.
    pub(crate) fn new(rows: &'f [(Piece, Row<'f>)]) -> Self {
        ValueColumns { rows, found: OnceCell::new() }
    }

    /// Whether labels in the column of one cell of this row have their values in
    /// the column of the other one, and never between.
    pub(crate) fn have(&self, row: &Row<'_>, label: usize, value: usize, profile: &Profile) -> bool {
        let [label, value] = [label, value].map(|at| row.cells[at].column);
        let found = self.found.get_or_init(|| self.find(profile));
        // The first one of a label is the nearest.
        let nearest = found.partition_point(|&(source, from, _)| (source, from) < (row.source, label));
        found.get(nearest) == Some(&(row.source, label, value))
    }

    fn find(&self, profile: &Profile) -> Vec<(Source, u32, u32)> {
        let unknown = ValueColumns::default();
        // Nothing is asked of the habits while they are looked for.
        unknown.found.get_or_init(Vec::new);
        let labels = self.rows.iter().filter(|(piece, _)| *piece == Piece::Labels);
        let columns = |row: &Row<'_>| {
            let pairs = pairs(row, profile, &unknown).into_iter();
            let certain = pairs.filter(|pair| pair.known.is_some() && !pair.text.is_empty());
            let column = |at: usize| row.cells[at].column;
            let columns = certain.map(|pair| (row.source, column(pair.label_cell), column(pair.value_cell)));
            columns.filter(|(_, label, value)| label < value).collect::<Vec<_>>()
        };
        let mut found: Vec<_> = labels.flat_map(|(_, row)| columns(row)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

//! The form that is being collected.

use formgrid_model::{Diagnostic, Form, Piece, Problem, Row, Source};

use crate::kind::{Kind, Other};

/// Rows of unknown words that may wait for the form to go on. More of them
/// than this are no part of it.
const PATIENCE: usize = 64;

/// A form as far as it has been read, and what may still belong to it.
#[derive(Default)]
pub(crate) struct Open<'t> {
    rows: Vec<(Piece, Row<'t>)>,
    /// Rows after the last certain one.
    waiting: Vec<Waiting<'t>>,
    has_title: bool,
    labels: Vec<String>,
    /// Rows of known labels.
    label_rows: usize,
    /// How many cells the grid's header has, with the blank ones of a line.
    width: Option<usize>,
    /// How many cells the narrowest row of the grid has.
    narrowest: usize,
    /// Tables nested in a cell of this form.
    adopted: Vec<u32>,
    diagnostics: Vec<Diagnostic>,
}

/// A row of unknown words.
struct Waiting<'t> {
    row: Row<'t>,
    other: Other,
    /// Whether it stands in a table that is no layout table.
    bound: bool,
    /// Whether it has a label of some form.
    is_known: bool,
}

/// What became of a row.
pub(crate) enum Taken<'t> {
    /// It is in the form, waits, or is outside.
    Kept,
    /// It begins another form, with the rows `above` it; this one is to be
    /// closed first.
    Begins { above: Vec<Row<'t>>, row: Row<'t> },
}

impl<'t> Open<'t> {
    /// Whether the grid has begun.
    pub(crate) fn in_grid(&self) -> bool {
        self.width.is_some()
    }

    /// Whether rows of this table are in the form.
    pub(crate) fn holds(&self, table: u32) -> bool {
        self.rows.last().is_some_and(|(_, row)| row.source == Source::Table { table })
    }

    /// Binds a table that stands in a cell of the form.
    pub(crate) fn adopt(&mut self, table: u32) {
        self.adopted.push(table);
    }

    /// Takes the next row of the document. Rows that turn out to belong to no
    /// form are moved to `outside`.
    pub(crate) fn take(
        &mut self,
        row: Row<'t>,
        kind: &Kind,
        bound: bool,
        outside: &mut Vec<Row<'t>>,
    ) -> Taken<'t> {
        match kind {
            Kind::Title(labels) => {
                // A unit's name may stand above the title; anything more than
                // that is a form of its own.
                let above = !self.has_title && !self.in_grid() && self.label_rows <= 1;
                if !self.rows.is_empty() && !above {
                    return Taken::Begins { above: self.above(), row };
                }
                self.has_title = true;
                self.labels.extend_from_slice(labels);
                self.keep(Piece::Caption, row, outside);
            }
            Kind::Caption(_) if self.rows.is_empty() => outside.push(row),
            Kind::Caption(labels) => {
                self.labels.extend_from_slice(labels);
                self.keep(Piece::Caption, row, outside);
            }
            Kind::GridHeader => {
                self.width = Some(row.cells.len());
                self.narrowest = row.cells.len();
                self.keep(Piece::GridHeader, row, outside);
            }
            Kind::Labels(labels) => {
                // A second form may come without a title of its own.
                let again = if self.in_grid() {
                    labels.iter().any(|label| self.labels.contains(label))
                } else {
                    self.labels.first().is_some_and(|first| labels.contains(first))
                };
                if again {
                    // What names the unit may stand above the next title.
                    return Taken::Begins { above: Vec::new(), row };
                }
                if self.in_grid() && !self.is_next(&row) {
                    // A signature of this form, or the line above the title of
                    // the next one.
                    let other = Other { is_labelled: true, ..Other::default() };
                    self.waiting.push(Waiting { row, other, bound, is_known: true });
                    return Taken::Kept;
                }
                self.label_rows += 1;
                self.labels.extend_from_slice(labels);
                self.keep(Piece::Labels, row, outside);
            }
            Kind::Other(_) if self.rows.is_empty() => outside.push(row),
            Kind::Other(other) => self.take_other(row, *other, bound, outside),
        }
        Taken::Kept
    }

    /// The form, if there is one, and the rows that belong to none.
    pub(crate) fn close(mut self) -> (Option<Form<'t>>, Vec<Row<'t>>) {
        let is_form = self.in_grid() || self.labels.len() >= 2 || (self.has_title && !self.labels.is_empty());
        let mut outside = Vec::new();
        if is_form {
            self.settle(None, &mut outside);
            // Blank rows in the grid are kept only for the rows after them.
            while self.rows.last().is_some_and(|(_, row)| row.filled().next().is_none()) {
                self.rows.pop();
            }
            (Some(Form { ordinal: 0, rows: self.rows, diagnostics: self.diagnostics }), outside)
        } else {
            outside.extend(self.rows.into_iter().map(|(_, row)| row));
            outside.extend(self.waiting.into_iter().map(|waiting| waiting.row));
            (None, outside)
        }
    }

    /// A row of unknown words belongs to the form if it stands in a table of
    /// the form, or in the run of lines of a row that does; otherwise it waits.
    fn take_other(&mut self, row: Row<'t>, other: Other, bound: bool, outside: &mut Vec<Row<'t>>) {
        let in_table = matches!(row.source, Source::Table { table } if self.adopted.contains(&table))
            || bound && self.is_next(&row);
        if in_table || self.in_grid() && self.continues_grid(&row, other) {
            let piece = if self.in_grid() && !other.is_labelled { Piece::Grid } else { Piece::Labels };
            self.keep(piece, row, outside);
        } else {
            self.waiting.push(Waiting { row, other, bound, is_known: false });
            if self.waiting.len() > PATIENCE {
                outside.extend(self.waiting.drain(..).map(|waiting| waiting.row));
            }
        }
    }

    /// Whether a row of unknown words is a row of the grid: as wide as the
    /// header, and next to a row of the grid or with words that speak for it.
    fn continues_grid(&self, row: &Row<'t>, other: Other) -> bool {
        // Lines that are cut or trimmed differ in width, but all alike.
        let is_wide = self.width.is_some_and(|width| (self.narrowest..=2 * width).contains(&row.cells.len()));
        let is_next = self.waiting.is_empty() && self.is_next(row);
        let is_like = other.has_word || is_next && other.has_value || is_wide && (is_next || other.has_value);
        row.cells.len() > 1 && is_like
    }

    /// Whether the row stands in the table or run of the form's last row.
    fn is_next(&self, row: &Row<'t>) -> bool {
        self.rows.last().is_some_and(|(_, last)| last.source == row.source)
    }

    /// Takes back the row of labels that was read last, if it waits.
    fn above(&mut self) -> Vec<Row<'t>> {
        let last = self.waiting.pop_if(|waiting| waiting.is_known);
        last.map(|waiting| waiting.row).into_iter().collect()
    }

    fn keep(&mut self, piece: Piece, row: Row<'t>, outside: &mut Vec<Row<'t>>) {
        self.settle(Some(&row), outside);
        if piece == Piece::Grid {
            self.narrowest = self.narrowest.min(row.cells.len());
        }
        self.rows.push((piece, row));
    }

    /// Decides about the rows that wait, now that `next` belongs to the form or
    /// nothing comes any more.
    fn settle(&mut self, next: Option<&Row<'t>>, outside: &mut Vec<Row<'t>>) {
        let widths = self.waiting.iter().map(|waiting| waiting.row.cells.len()).filter(|&width| width > 1);
        let narrowest = widths.min().unwrap_or(self.narrowest).min(self.narrowest);
        for Waiting { row, other, bound, is_known } in std::mem::take(&mut self.waiting) {
            let belongs = match next {
                // A line without a tab is a page header or a note, unless it
                // stands in the caption and reads as a label with its value.
                Some(next) => {
                    // In a grid that lost its trailing blanks a row may be one
                    // cell alone.
                    let is_trimmed = self.width.is_some_and(|width| narrowest < width);
                    let is_cells =
                        bound || row.cells.len() > 1 || is_trimmed || other.is_inline && !self.in_grid();
                    is_known || is_cells && (next.source == row.source || self.is_next(&row))
                }
                // After the last row only a row with a covered slot, a value or
                // a label of its own can still be one of the form.
                None => {
                    let is_like = other.has_gap || other.has_value || other.is_labelled;
                    is_known || row.cells.len() > 1 && is_like && self.is_next(&row)
                }
            };
            if belongs && row.filled().next().is_some() {
                let is_grid = self.in_grid() && (row.cells.len() > 1 || next.is_some()) && !other.is_labelled;
                self.rows.push((if is_grid { Piece::Grid } else { Piece::Labels }, row));
            } else {
                self.interrupted(&row, next);
                outside.push(row);
            }
        }
    }

    /// Tells of a row that stands between rows of the form without a gap.
    fn interrupted(&mut self, row: &Row<'t>, next: Option<&Row<'t>>) {
        let is_between = next.is_some_and(|next| next.source == row.source) && self.is_next(row);
        if let (true, Some(cell)) = (is_between, row.filled().next()) {
            let problem = Problem::InterruptingText { text: cell.text.to_string() };
            self.diagnostics.push(Diagnostic::at_line(problem, cell.line));
        }
    }
}

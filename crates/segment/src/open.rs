//! The form that is being collected.

use formgrid_model::{Diagnostic, Form, Piece, Row, Source};

use crate::kind::{Kind, Other};
use crate::stacked::{Stack, is_alone};

/// Rows of unknown words that may wait for the form to go on. More of them
/// than this are no part of it.
const PATIENCE: usize = 64;

/// A form as far as it has been read, and what may still belong to it.
#[derive(Default)]
pub(crate) struct Open<'t> {
    pub(crate) rows: Vec<(Piece, Row<'t>)>,
    /// How many cells these rows have.
    cells: usize,
    /// Whether the last row heads columns of some grid.
    last_heads: bool,
    /// Rows after the last certain one.
    pub(crate) waiting: Vec<Waiting<'t>>,
    /// A title that may begin the next form or head a new page of this one,
    /// with the lines of its caption.
    pub(crate) heading: Vec<Row<'t>>,
    /// Whether one of these lines is a label alone.
    heading_has_lone_label: bool,
    has_title: bool,
    /// Whether a label stands alone in its line.
    pub(crate) has_lone_label: bool,
    /// Whether a row of labels has more than one cell.
    pub(crate) has_wide_row: bool,
    labels: Vec<String>,
    /// The first label that has its value beside it, and the text of its row:
    /// where it stands again with another text, another form begins.
    pub(crate) first: Option<(String, String)>,
    /// The grid, once its header was read.
    pub(crate) grid: Option<GridShape>,
    /// Tables nested in a cell of this form.
    adopted: Vec<u32>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What the rows of a grid look like.
#[derive(Default)]
pub(crate) struct GridShape {
    /// How many cells its header has, blank ones included.
    pub(crate) header: usize,
    /// How many its narrowest row has.
    pub(crate) narrowest: usize,
    /// Whether a row begins with a level word of some form.
    pub(crate) has_words: bool,
    first: Option<FirstWord>,
    /// Whether its cells stand one to a line.
    pub(crate) stack: Option<Stack>,
}

/// The first cell of the first row of a grid.
struct FirstWord {
    text: String,
    column: u32,
    /// How many cells of its row are filled.
    filled: usize,
    /// Whether another word has stood there since, in a row as full.
    has_moved: bool,
}

/// A row that may or may not belong to the form.
pub(crate) struct Waiting<'t> {
    pub(crate) row: Row<'t>,
    pub(crate) other: Other,
    /// Whether it stands in a table that is no layout table.
    pub(crate) bound: bool,
    /// Whether it has a label of some form.
    pub(crate) is_known: bool,
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
        self.grid.is_some()
    }

    /// How many rows and cells it holds.
    pub(crate) fn size(&self) -> usize {
        self.cells + self.rows.len() + self.heading.len()
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
                let is_complete = self.in_grid() || self.has_title && !self.labels.is_empty();
                if is_complete && !self.heading.is_empty() {
                    return self.begin(row);
                }
                if is_complete {
                    self.heading.push(row);
                    return Taken::Kept;
                }
                if !self.is_line_above(&row) {
                    self.give_up(outside);
                }
                self.has_title = true;
                self.labels.extend_from_slice(labels);
                self.keep(Piece::Caption, row, outside);
            }
            Kind::Caption(_) if self.rows.is_empty() => outside.push(row),
            Kind::Caption(_) if !self.heading.is_empty() => self.heading.push(row),
            Kind::Caption(labels) => {
                self.labels.extend_from_slice(labels);
                self.keep(Piece::Caption, row, outside);
            }
            Kind::GridHeader => {
                // A caption that says something else, or the title of a form that
                // has nothing but its title, begins another form.
                let is_other = self.labels.is_empty() || self.in_grid() && !self.is_same_head();
                if !self.heading.is_empty() && is_other {
                    return self.begin(row);
                }
                self.turn_page(outside);
                match is_alone(&row) {
                    // The values above a header that goes down are no part of
                    // the grid.
                    true if self.is_stacked() => self.settle(Some(&row), outside),
                    true => {}
                    false => {
                        self.claim_upper_header(outside);
                        // What waits above the first header stands in the caption.
                        self.settle(Some(&row), outside);
                    }
                }
                let width = row.cells.len();
                let grid = self.grid.take().unwrap_or_default();
                self.grid = Some(GridShape { header: width, narrowest: width, stack: None, ..grid });
                self.keep(Piece::GridHeader, row, outside);
            }
            Kind::Other(_) if self.is_stacked_grid() && is_alone(&row) => {
                return self.take_stacked(row, kind, outside);
            }
            Kind::Labels { labels, .. } if self.is_stacked_grid() && self.is_cell(&row, labels) => {
                return self.take_stacked(row, kind, outside);
            }
            Kind::Labels { labels, leads, begins_with_word: word, .. }
                if self.is_row_of_grid(&row, labels, *leads, *word) =>
            {
                self.keep(Piece::Grid, row, outside);
            }
            Kind::Labels { labels, heads, is_lone, .. } => {
                return self.take_labels(row, labels, *heads, *is_lone, bound, outside);
            }
            Kind::Other(_) if self.rows.is_empty() => outside.push(row),
            Kind::Other(other) => return self.take_other(row, *other, bound, outside),
        }
        Taken::Kept
    }

    /// The form, if there is one, and the rows that belong to none.
    pub(crate) fn close(mut self) -> (Option<Form<'t>>, Vec<Row<'t>>) {
        // Words as short as 名称 and 其他 stand in any table.
        let mut telling = self.labels.iter().filter(|label| label.chars().count() > 2);
        let is_form = self.in_grid() || self.has_title && !self.labels.is_empty() || telling.nth(1).is_some();
        let mut outside = Vec::new();
        if !is_form {
            self.give_up(&mut outside);
            return (None, outside);
        }
        self.settle(None, &mut outside);
        outside.append(&mut self.heading);
        // A blank row of the grid may be all that a shift past the edge has left
        // of a row; an empty line is nothing.
        let narrowest = self.grid.as_ref().map_or(usize::MAX, |grid| grid.header.min(grid.narrowest).max(2));
        while self
            .rows
            .last()
            .is_some_and(|(_, row)| row.filled().next().is_none() && row.cells.len() < narrowest)
        {
            self.rows.pop();
        }
        (Some(Form { ordinal: 0, rows: self.rows, diagnostics: self.diagnostics }), outside)
    }

    /// Gives up what has been collected: it is no form.
    fn give_up(&mut self, outside: &mut Vec<Row<'t>>) {
        let Open { rows, waiting, heading, .. } = std::mem::take(self);
        outside.extend(rows.into_iter().map(|(_, row)| row));
        outside.extend(waiting.into_iter().map(|waiting| waiting.row));
        outside.extend(heading);
    }

    /// Another form begins: with the title that was read last, if one waits,
    /// and the line of a unit above it.
    fn begin(&mut self, row: Row<'t>) -> Taken<'t> {
        let mut above: Vec<Row<'t>> = Vec::new();
        if !self.heading.is_empty() {
            above.extend(self.waiting.pop_if(|waiting| waiting.is_known).map(|waiting| waiting.row));
            above.append(&mut self.heading);
        }
        Taken::Begins { above, row }
    }

    /// Whether the title that waits, with its caption, is printed in the form
    /// already, line by line.
    fn is_same_head(&self) -> bool {
        let texts = |row: &Row<'t>| row.filled().map(|cell| cell.text.clone()).collect::<Vec<_>>();
        self.heading
            .iter()
            .map(texts)
            .all(|head| self.rows.iter().take(PATIENCE).any(|(_, row)| texts(row) == head))
    }

    /// The title that waits is the head of a new page of this form.
    pub(crate) fn turn_page(&mut self, outside: &mut Vec<Row<'t>>) {
        self.heading_has_lone_label = false;
        for row in std::mem::take(&mut self.heading) {
            self.keep(Piece::Caption, row, outside);
        }
    }

    /// Whether nothing has been read before a title but a line of one cell: a
    /// unit with its label.
    fn is_line_above(&self, title: &Row<'t>) -> bool {
        match &self.rows[..] {
            [] => true,
            [(Piece::Labels, row)] => row.filled().count() == 1 && row.source == title.source,
            _ => false,
        }
    }

    fn take_labels(
        &mut self,
        row: Row<'t>,
        labels: &[String],
        heads: bool,
        is_lone: bool,
        bound: bool,
        outside: &mut Vec<Row<'t>>,
    ) -> Taken<'t> {
        if !self.heading.is_empty() && row.filled().count() == 1 {
            if is_lone && self.in_grid() && (self.is_stacked_grid() || self.heading_has_lone_label) {
                return self.begin(row);
            }
            self.heading_has_lone_label |= is_lone;
            self.heading.push(row);
            return Taken::Kept;
        }
        let text = row.filled().map(|cell| &*cell.text).collect::<Vec<_>>().join("\t");
        // A second form may come without a title of its own. What is printed
        // again to the letter before the grid is the head of a new page.
        let is_same =
            !self.in_grid() && self.first.as_ref().is_some_and(|(_, first)| first.starts_with(&text));
        let again = if self.in_grid() {
            labels.iter().any(|label| self.labels.contains(label))
        } else {
            self.first.as_ref().is_some_and(|(first, _)| labels.contains(first))
        };
        if !is_same && (again || !self.heading.is_empty()) {
            return self.begin(row);
        }
        self.turn_page(outside);
        if self.in_grid() && !self.is_next(&row) {
            // A signature of this form, or the line above the title of the next.
            let other = Other { is_labelled: true, ..Other::default() };
            self.waiting.push(Waiting { row, other, bound, is_known: true });
            return Taken::Kept;
        }
        if self.first.is_none() && row.filled().count() > 1 {
            self.first = labels.first().map(|label| (label.clone(), text));
        }
        self.labels.extend_from_slice(labels);
        self.keep_as(Piece::Labels, row, heads, outside);
        // The lines between labels are their values only from here on.
        self.has_lone_label |= is_lone;
        Taken::Kept
    }

    /// Whether a line in a stacked grid that holds labels is a cell of it: its
    /// words are a label's without a colon, or it is no label of another form.
    fn is_cell(&self, row: &Row<'t>, labels: &[String]) -> bool {
        let is_again = labels.iter().any(|label| self.labels.contains(label));
        let has_colon = row.cells[0].text.contains([':', '：']);
        is_alone(row) && self.heading.is_empty() && !(is_again && has_colon)
    }

    /// A row of unknown words belongs to the form if it stands in a table of
    /// the form, or in the run of lines of a row that does; otherwise it waits.
    fn take_other(
        &mut self,
        row: Row<'t>,
        other: Other,
        bound: bool,
        outside: &mut Vec<Row<'t>>,
    ) -> Taken<'t> {
        if self.restarts(&row) {
            return self.begin_grid(row);
        }
        let is_grid = self.continues_grid(&row, other);
        if is_grid {
            self.tell_continuation(&row, other);
        }
        if let (true, Some(grid)) = (is_grid, &mut self.grid) {
            grid.has_words |= other.begins_with_word;
            self.turn_page(outside);
        } else if !self.heading.is_empty() {
            self.heading.push(row);
            if self.heading.len() > PATIENCE {
                outside.append(&mut self.heading);
            }
            return Taken::Kept;
        }
        let is_next = self.is_next(&row);
        let is_adopted = matches!(row.source, Source::Table { table } if self.adopted.contains(&table));
        // An unknown label next to known ones is one of the form's.
        let is_label = !self.in_grid() && other.is_labelled && row.cells.len() > 1 && is_next;
        if is_adopted && !is_next || is_label {
            self.keep_as(Piece::Labels, row, other.has_header, outside);
        } else if is_grid || bound && is_next {
            let below = self.rows.last().map_or(Piece::Labels, |(piece, _)| *piece);
            let is_label = other.is_labelled && !is_grid;
            let is_grid = self.in_grid() && !is_label && !(is_adopted && below == Piece::Labels);
            let piece = if is_grid { Piece::Grid } else { Piece::Labels };
            self.keep_as(piece, row, other.has_header, outside);
        } else {
            self.waiting.push(Waiting { row, other, bound, is_known: false });
            if self.waiting.len() > PATIENCE {
                outside.extend(self.waiting.drain(..).map(|waiting| waiting.row));
            }
        }
        Taken::Kept
    }

    /// Whether the row below a header that was printed again begins another
    /// grid: a form of nothing but its grid begins anew with its first word,
    /// after it had gone on to others. What is printed again at a page break is
    /// the word of the group that was cut.
    fn restarts(&self, row: &Row<'t>) -> bool {
        let is_bare = self.is_bare() && self.heading.is_empty();
        let is_below_header = matches!(self.rows.last(), Some((Piece::GridHeader, _)));
        let first = self.grid.as_ref().and_then(|grid| grid.first.as_ref());
        let again = row.cells.first().map(|cell| (&*cell.text, cell.column));
        is_bare
            && is_below_header
            && first.is_some_and(|first| first.has_moved && again == Some((&*first.text, first.column)))
    }

    /// Whether the form has neither title nor labels.
    pub(crate) fn is_bare(&self) -> bool {
        self.labels.is_empty() && !self.has_title
    }

    /// Takes back the header that was read last: it is another form's.
    fn begin_grid(&mut self, row: Row<'t>) -> Taken<'t> {
        let from =
            self.rows.iter().rposition(|(piece, _)| *piece != Piece::GridHeader).map_or(0, |at| at + 1);
        let above = self.rows.drain(from..).map(|(_, row)| row).collect();
        Taken::Begins { above, row }
    }

    /// Whether the row stands in the table or run of the form's last row.
    pub(crate) fn is_next(&self, row: &Row<'t>) -> bool {
        self.rows.last().is_some_and(|(_, last)| last.source == row.source)
    }

    /// A header may have two rows: the upper one was taken for something else.
    fn claim_upper_header(&mut self, outside: &mut Vec<Row<'t>>) {
        if let Some(waiting) = self.waiting.pop_if(|waiting| waiting.other.has_header) {
            self.keep(Piece::GridHeader, waiting.row, outside);
        } else if let (true, Some((piece, _))) =
            (self.last_heads && self.waiting.is_empty(), self.rows.last_mut())
        {
            *piece = Piece::GridHeader;
        }
    }

    fn keep(&mut self, piece: Piece, row: Row<'t>, outside: &mut Vec<Row<'t>>) {
        self.keep_as(piece, row, false, outside);
    }

    fn keep_as(&mut self, piece: Piece, row: Row<'t>, heads: bool, outside: &mut Vec<Row<'t>>) {
        self.settle(Some(&row), outside);
        self.last_heads = heads;
        self.push(piece, row);
    }

    /// Adds a row for good.
    pub(crate) fn push(&mut self, piece: Piece, row: Row<'t>) {
        self.has_wide_row |= piece == Piece::Labels && row.cells.len() > 1;
        if piece == Piece::Grid {
            self.measure_step(&row);
        }
        if let (Piece::Grid, Some(grid), [first, _, ..]) = (piece, &mut self.grid, &*row.cells) {
            grid.narrowest = grid.narrowest.min(row.cells.len());
            let filled = row.filled().count();
            let (text, column) = (first.text.to_string(), first.column);
            let word = grid.first.get_or_insert(FirstWord { text, column, filled, has_moved: false });
            let is_group = first.column == word.column && filled >= word.filled && !first.is_blank();
            word.has_moved |= is_group && first.text != *word.text;
        }
        self.cells += row.cells.len();
        self.rows.push((piece, row));
    }
}

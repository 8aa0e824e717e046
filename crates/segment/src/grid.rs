//! Which rows go on with the grid of a form, by their words and their shape.

use formgrid_model::Row;

use crate::kind::{Other, has_colon, reads_like_indicator};
use crate::open::Open;

/// How far a row of unknown words stands from the last row of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distance {
    /// Directly below it.
    Below,
    /// In its table or run of lines, below something that interrupts it.
    Interrupted,
    /// The first row of another table or run of lines.
    Apart,
    /// In another table or run, below rows that are none of the form.
    Away,
}

impl<'t> Open<'t> {
    /// Whether a row with a word that is a label elsewhere is a row of the grid:
    /// one that begins with another text, below the grid or with a level word in
    /// another table; or one below the grid whose label lacks the colon that the
    /// form's labels have, names a level too, or stands as an indicator does.
    pub(crate) fn is_row_of_grid(
        &self,
        row: &Row<'t>,
        labels: &[String],
        leads: bool,
        is_word: bool,
    ) -> bool {
        let has_colons =
            self.first.as_ref().is_some_and(|(_, row)| row.split('\t').next().is_some_and(has_colon));
        // An indicator whose blank cells were trimmed is a line by itself.
        let is_bare = has_colons && !row.filled().any(|cell| has_colon(&cell.text));
        let fewest = if is_bare { 1 } else { 2 };
        let fits =
            self.grid.as_ref().is_some_and(|grid| (fewest..=2 * grid.header).contains(&row.cells.len()));
        let is_like = || {
            has_colons && labels.len() == 1
                || is_word && row.filled().nth(2).is_some()
                || reads_like_indicator(row, labels)
        };
        let is_of_grid = match leads {
            true => self.is_next(row) && !has_colon(&row.cells[0].text) && is_like(),
            false => self.is_next(row) || is_word,
        };
        fits && is_of_grid && self.heading.is_empty()
    }

    /// Whether a row of unknown words is a row of the grid. The farther it
    /// stands from the form, the more must speak for it:
    ///
    /// | distance    | cells        | and one of                                       |
    /// |-------------|--------------|--------------------------------------------------|
    /// | below       | two          | anything but a name of a signature               |
    /// | interrupted | two          | a level word; a grid's width with a gap or value |
    /// | apart       | grid's width | a level word, a gap, a target and nothing between |
    /// | away        | grid's width | a level word                                     |
    ///
    /// "No words" is a grid that has no level word of any form. A gap is a blank
    /// cell before a filled one, as a covered slot leaves it. "Nothing between"
    /// lets the line of a page pass.
    pub(crate) fn continues_grid(&self, row: &Row<'t>, other: Other) -> bool {
        let Some(grid) = &self.grid else { return false };
        let width = row.cells.len();
        if width < 2 || other.is_labelled && width != grid.header {
            return false;
        }
        // Lines that are cut or trimmed differ in width, but all alike.
        let is_wide = (grid.narrowest..=2 * grid.header).contains(&width);
        let has_word = other.begins_with_word;
        // One blank cell before names is the corner of a table of its own.
        let is_covered = other.has_gap
            && (other.has_value || row.cells.iter().take_while(|cell| cell.is_blank()).count() != 1);
        match self.distance(row) {
            Distance::Below => {
                is_wide || has_word || other.has_value || !grid.has_words || !other.is_signature
            }
            Distance::Interrupted => has_word || is_wide && (other.has_gap || !grid.has_words),
            // A page break leaves a merged column as one.
            Distance::Apart if has_word => is_wide || width + 1 == grid.narrowest && width > 2,
            Distance::Apart => is_wide && (is_covered || self.takes_on(row, other)),
            Distance::Away => is_wide && has_word,
        }
    }

    /// Whether the first row of another table or run of lines, without a word
    /// that tells, goes on with the grid by its shape: as many cells as the
    /// header, names and a target, and nothing between but the line of a page.
    fn takes_on(&self, row: &Row<'t>, other: Other) -> bool {
        let Some(grid) = &self.grid else { return false };
        let is_cut = self.waiting.iter().all(|waiting| waiting.other.is_page_line);
        let is_full = row.cells.len() == grid.header && row.cells.iter().all(|cell| !cell.is_blank());
        is_cut && is_full && other.has_target && !other.begins_with_value && !other.has_header
    }

    fn distance(&self, row: &Row<'t>) -> Distance {
        let mut waiting = self.waiting.iter().filter(|waiting| !waiting.other.is_page_line);
        let is_waiting = waiting.any(|waiting| waiting.row.source == row.source);
        match (self.is_next(row), is_waiting) {
            (true, false) => Distance::Below,
            (true, true) => Distance::Interrupted,
            (false, false) => Distance::Apart,
            (false, true) => Distance::Away,
        }
    }
}

//! One project form, cut out of its document.

use crate::{Diagnostic, Row};

/// The rows of one form, in reading order, each with the piece it belongs to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form<'t> {
    /// The form's ordinal in its document, from 1.
    pub ordinal: u32,
    /// The rows. Every cell of them ends in the record.
    pub rows: Vec<(Piece, Row<'t>)>,
    /// What was found while it was cut out: text that interrupts it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What part of a form a row was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Title, year, applying unit, headings of the blocks.
    Caption,
    /// Labels and their values.
    Labels,
    /// The header of the indicator grid.
    GridHeader,
    /// A row of the indicator grid.
    Grid,
}

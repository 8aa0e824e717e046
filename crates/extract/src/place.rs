//! Cells → parts of a record, with their places.

use formgrid_model::{Cell, Part, Place, Target};

use crate::value::target::{Parsed, parse_target};

/// Where a cell stands.
pub(crate) fn place(cell: &Cell<'_>) -> Place {
    Place { line: cell.line, row: cell.row, column: cell.column, bytes: cell.bytes.clone() }
}

/// A cell as a text of an indicator.
pub(crate) fn part(cell: &Cell<'_>) -> Part {
    Part { text: cell.text.to_string(), place: place(cell) }
}

/// A cell as a target.
pub(crate) fn target(cell: &Cell<'_>) -> Target {
    let Parsed { comparison, value, unit, range, is_approximate } = parse_target(&cell.text);
    let text = cell.text.to_string();
    Target { text, comparison, value, unit, range, is_approximate, place: place(cell) }
}

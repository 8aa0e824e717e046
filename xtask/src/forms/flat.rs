//! The rows of a document as tab text, in each of the layouts that exports have.

use formgrid_model::{Cell, Row, Source};

/// What becomes of the slots that a cell covers besides its first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Blank,
    Repeated,
    Dropped,
    /// Each cell is a line of its own.
    Line,
}

impl Layout {
    pub(super) const ALL: [Layout; 4] = [Layout::Blank, Layout::Repeated, Layout::Dropped, Layout::Line];

    /// The heading of its column.
    pub(super) fn name(self) -> &'static str {
        match self {
            Layout::Blank => "slots blank",
            Layout::Repeated => "repeated",
            Layout::Dropped => "dropped",
            Layout::Line => "a cell a line",
        }
    }
}

/// Rows that stand one below the other: each table and each run of lines is
/// written apart.
pub(super) fn flatten(rows: &[&Row<'_>], layout: Layout) -> String {
    // A table's caption counts as its first row, too.
    let row = |row: &Row<'_>| row.cells.first().map(|cell| cell.row);
    let is_below = |one: &Row<'_>, other: &Row<'_>| row(one).is_none() || row(one) != row(other);
    let mut text = String::new();
    for rows in rows.chunk_by(|one, other| one.source == other.source && is_below(one, other)) {
        text += &flat(rows, layout);
        text.push('\n');
    }
    text
}

/// Rows of one table as tab text.
fn flat(rows: &[&Row<'_>], layout: Layout) -> String {
    let end = |cell: &Cell<'_>| (cell.column + cell.colspan - 1) as usize;
    let width = rows.iter().flat_map(|row| &row.cells).map(end).max().unwrap_or(0);
    let lines = || rows.iter().flat_map(|row| &row.cells).map(|cell| cell.row);
    let first = lines().min().unwrap_or(1);
    let height = rows.len().max((lines().max().unwrap_or(1) - first + 1) as usize);
    let mut slots = vec![vec![(String::new(), true); width]; height];
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let text = cell.text.replace('\n', "<br>");
        let top = (cell.row - first) as usize;
        for (down, slots) in slots.iter_mut().skip(top).take(cell.rowspan as usize).enumerate() {
            for (across, slot) in slots[cell.column as usize - 1..end(cell)].iter_mut().enumerate() {
                let is_own = down == 0 && across == 0;
                let is_shown = is_own || layout == Layout::Repeated;
                *slot = (if is_shown { text.clone() } else { String::new() }, !is_own);
            }
        }
    }
    let is_line = matches!(rows[0].source, Source::Line { .. });
    let mut text = String::new();
    for row in slots {
        let mut cells: Vec<String> = match layout {
            Layout::Blank | Layout::Repeated => row.into_iter().map(|(text, _)| text).collect(),
            Layout::Dropped | Layout::Line => {
                row.into_iter().filter(|(_, is_covered)| !is_covered).map(|(text, _)| text).collect()
            }
        };
        if layout == Layout::Dropped && !is_line {
            cells.resize(width, String::new());
        }
        text += &cells.join(if layout == Layout::Line { "\n" } else { "\t" });
        text.push('\n');
    }
    text
}

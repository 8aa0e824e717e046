//! How a table with its spans, right or wrong, is written down.

/// The ways in which an export writes a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// (a) Every slot a cell, covered ones blank, rows cut at the width of the
    /// header.
    BlankedCut,
    /// (a) Every slot a cell, covered ones blank, nothing cut.
    Blanked,
    /// (b) Covered slots dropped, rows padded at the right.
    Dropped,
    /// (c) Covered slots repeat the text above, rows cut.
    RepeatedCut,
    /// (d) Each cell of the source on a line of its own.
    Lines,
    /// (e) HTML with its spans.
    Html,
}

/// A cell of the source: its role (levels first, then columns), its text, the
/// rows it spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) role: usize,
    pub(crate) text: String,
    pub(crate) span: usize,
}

/// A cell of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) rowspan: usize,
}

/// What reaches down into the next row: per column the rows that are still
/// covered, and the text that covers them.
pub(crate) type Below = Vec<(usize, String)>;

impl Layout {
    /// The name in the data set.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Layout::BlankedCut => "blanked-cut",
            Layout::Blanked => "blanked",
            Layout::Dropped => "dropped",
            Layout::RepeatedCut => "repeated-cut",
            Layout::Lines => "cell-a-line",
            Layout::Html => "html",
        }
    }

    /// Whether covered slots are written down.
    pub(crate) fn has_slots(self) -> bool {
        matches!(self, Layout::BlankedCut | Layout::Blanked | Layout::RepeatedCut)
    }

    fn is_cut(self) -> bool {
        matches!(self, Layout::BlankedCut | Layout::RepeatedCut)
    }
}

/// Writes a whole grid down. Returns its rows, and row and role of each filled
/// cell that was cut off.
pub(crate) fn lay_out(
    rows: &[Vec<Source>],
    layout: Layout,
    width: usize,
) -> (Vec<Vec<Cell>>, Vec<(usize, usize)>) {
    let mut below = Below::new();
    let mut lost = Vec::new();
    let mut out: Vec<Vec<Cell>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let (cells, roles) = lay_row(row, &mut below, layout, width);
        out.push(cells);
        lost.extend(roles.into_iter().map(|role| (at, role)));
    }
    if layout == Layout::Blanked {
        let widest = out.iter().map(Vec::len).max().unwrap_or(0);
        out.iter_mut().for_each(|row| pad(row, widest));
    }
    (out, lost)
}

/// Writes one row down below others. Returns its cells and the roles of the
/// filled ones that were cut off.
pub(crate) fn lay_row(
    row: &[Source],
    below: &mut Below,
    layout: Layout,
    width: usize,
) -> (Vec<Cell>, Vec<usize>) {
    if !layout.has_slots() {
        let rowspan = |cell: &Source| if layout == Layout::Html { cell.span } else { 1 };
        let mut cells: Vec<Cell> =
            row.iter().map(|cell| Cell { text: cell.text.clone(), rowspan: rowspan(cell) }).collect();
        if layout == Layout::Dropped {
            pad(&mut cells, width);
        }
        return (cells, Vec::new());
    }
    let mut cells: Vec<Cell> = Vec::new();
    let mut lost = Vec::new();
    let mut own = row.iter().peekable();
    let mut column = 0;
    while own.peek().is_some() || below[column.min(below.len())..].iter().any(|(rows, _)| *rows > 0) {
        if below.len() <= column {
            below.push((0, String::new()));
        }
        let (covered, above) = &mut below[column];
        let text = if *covered > 0 {
            *covered -= 1;
            if layout == Layout::RepeatedCut { above.clone() } else { String::new() }
        } else if let Some(cell) = own.next() {
            (*covered, *above) = (cell.span - 1, cell.text.clone());
            // A blank cell that is cut off was nothing to lose.
            if layout.is_cut() && column >= width && !cell.text.is_empty() {
                lost.push(cell.role);
            }
            cell.text.clone()
        } else {
            String::new()
        };
        cells.push(Cell { text, rowspan: 1 });
        column += 1;
    }
    pad(&mut cells, width);
    if layout.is_cut() {
        cells.truncate(width);
    }
    (cells, lost)
}

/// Fills a row with blank cells.
fn pad(row: &mut Vec<Cell>, width: usize) {
    row.resize(row.len().max(width), Cell { text: String::new(), rowspan: 1 });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of `text*span` cells, and what becomes of it, slots parted by `|`.
    #[track_caller]
    fn check(layout: Layout, grid: &[&str], expected: &[&str]) {
        let row = |row: &&str| {
            let cells = row.split_whitespace().enumerate().map(|(role, cell)| {
                let (text, span) = cell.split_once('*').unwrap_or((cell, "1"));
                Source { role, text: text.to_owned(), span: span.parse().unwrap() }
            });
            cells.collect::<Vec<_>>()
        };
        let rows: Vec<Vec<Source>> = grid.iter().map(row).collect();
        let shown = lay_out(&rows, layout, 4)
            .0
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.text).collect::<Vec<_>>().join("|"));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_span_too_long_shifts_and_cuts() {
        let grid = ["A*3 a*2 x 1", "y 2", "B*2 b*2 z 3", "w 4"];
        check(Layout::BlankedCut, &grid, &["A|a|x|1", "||y|2", "|B|b|z", "w|||4"]);
        check(Layout::Blanked, &grid, &["A|a|x|1|", "||y|2|", "|B|b|z|3", "w|||4|"]);
        check(Layout::RepeatedCut, &grid, &["A|a|x|1", "A|a|y|2", "A|B|b|z", "w|B|b|4"]);
        check(Layout::Dropped, &grid, &["A|a|x|1", "y|2||", "B|b|z|3", "w|4||"]);
    }

    #[test]
    fn a_span_too_short_shifts_to_the_left() {
        check(Layout::BlankedCut, &["A*2 a*1 x 1", "y 2"], &["A|a|x|1", "|y|2|"]);
    }
}

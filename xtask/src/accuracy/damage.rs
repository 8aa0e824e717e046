//! What exports do to a grid: wrong spans, layouts, cuts.

use fastrand::Rng;

use super::truth::Truth;

/// How the grid is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// (a) Every slot a cell, covered ones blank, rows cut at four.
    BlankedCut,
    /// (a) Every slot a cell, covered ones blank, nothing cut.
    Blanked,
    /// (b) Covered slots dropped, rows padded at the right.
    Dropped,
    /// (c) Covered slots repeat the text above, rows cut at four.
    RepeatedCut,
    /// (e) HTML with its spans.
    Html,
}

/// What may happen to a grid besides its layout.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// How many level cells have a wrong span.
    pub(crate) spans: usize,
    /// Whether blank cells at the end of a row are taken off.
    pub(crate) trimmed: bool,
    /// One value in so many is blank; none if 0.
    pub(crate) blank_values: u32,
    /// Whether one row is missing.
    pub(crate) dropped_row: bool,
}

/// A damaged grid and what can still be known of it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The rows as the export has them: per row its cells. In HTML the cells
    /// of the source row with their spans.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Per row what a perfect reader finds: three levels and the value, none
    /// where blank or lost.
    pub(crate) expected: Vec<[Option<String>; 4]>,
    /// Whether the damage changed anything in the rows.
    pub(crate) is_damaged: bool,
}

/// A cell of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) rowspan: usize,
}

/// A cell of the source grid: its role, its text, its true and its written span.
#[derive(Debug, Clone)]
struct Source {
    role: usize,
    text: String,
    span: usize,
}

/// The width at which rows are cut.
const WIDTH: usize = 4;

/// Damages a true grid.
pub(crate) fn damage(rng: &mut Rng, truth: &Truth, layout: Layout, faults: Faults) -> Case {
    let mut truth = truth.clone();
    for leaf in &mut truth.leaves {
        if faults.blank_values > 0 && rng.u32(..faults.blank_values) == 0 {
            leaf.value.clear();
        }
    }
    let sound = source(&truth);
    let mut rows = sound.clone();
    for _ in 0..faults.spans {
        wrong_span(rng, &mut rows);
    }
    let mut expected: Vec<[Option<String>; 4]> = truth
        .leaves
        .iter()
        .map(|leaf| {
            let [a, b, c] = leaf.path.clone();
            [Some(a), Some(b), Some(c), (!leaf.value.is_empty()).then(|| leaf.value.clone())]
        })
        .collect();

    let (mut cells, lost) = lay_out(&rows, layout);
    let (sound_cells, _) = lay_out(&sound, layout);
    let mut is_damaged = layout != Layout::Html && cells != sound_cells
        || layout == Layout::Html && {
            lay_out(&rows, Layout::Blanked).0 != lay_out(&sound, Layout::Blanked).0
        };
    for (row, role) in lost {
        // A level that fell off the edge is gone for its whole group.
        let rows_of_it = match role {
            0 | 1 => sound[row].iter().find(|cell| cell.role == role).map_or(1, |cell| cell.span),
            _ => 1,
        };
        for leaf in &mut expected[row..row + rows_of_it] {
            leaf[role] = None;
        }
    }
    if faults.dropped_row && cells.len() > 2 {
        // Not the first one, which may name a group.
        let droppable: Vec<usize> = (1..cells.len()).filter(|&row| sound[row].len() == 2).collect();
        if let Some(&row) = droppable.get(rng.usize(..droppable.len().max(1))) {
            cells.remove(row);
            expected.remove(row);
            is_damaged = true;
        }
    }
    if faults.trimmed {
        for row in &mut cells {
            while row.last().is_some_and(|cell| cell.text.is_empty()) && row.len() > 1 {
                row.pop();
            }
        }
    }
    Case { rows: cells, expected, is_damaged }
}

/// The source rows of a grid, with true spans.
fn source(truth: &Truth) -> Vec<Vec<Source>> {
    let leaves = &truth.leaves;
    let span = |at: usize, level: usize| {
        leaves[at..].iter().take_while(|leaf| leaf.groups[level] == leaves[at].groups[level]).count()
    };
    (0..leaves.len())
        .map(|at| {
            let mut row = Vec::new();
            for level in 0..2 {
                if at == 0 || leaves[at - 1].groups[level] != leaves[at].groups[level] {
                    let text = leaves[at].path[level].clone();
                    row.push(Source { role: level, text, span: span(at, level) });
                }
            }
            row.push(Source { role: 2, text: leaves[at].path[2].clone(), span: 1 });
            row.push(Source { role: 3, text: leaves[at].value.clone(), span: 1 });
            row
        })
        .collect()
}

/// Makes the span of one level cell wrong by -2 to +3. Every such cell of the
/// grid is as likely as any other.
fn wrong_span(rng: &mut Rng, rows: &mut [Vec<Source>]) {
    let count = rows.iter().flatten().filter(|cell| cell.role < 2).count();
    let mut chosen = rng.usize(..count);
    for cell in rows.iter_mut().flatten().filter(|cell| cell.role < 2) {
        if chosen > 0 {
            chosen -= 1;
            continue;
        }
        let delta = [-2, -1, -1, -1, 1, 1, 1, 2, 3][rng.usize(..9)];
        cell.span = cell.span.saturating_add_signed(delta).max(1);
        return;
    }
}

/// Writes rows down; returns the cells, and row and role of each lost one.
fn lay_out(rows: &[Vec<Source>], layout: Layout) -> (Vec<Vec<Cell>>, Vec<(usize, usize)>) {
    let is_cut = matches!(layout, Layout::BlankedCut | Layout::RepeatedCut);
    let mut below: Vec<(usize, String)> = Vec::new(); // per column: rows still covered, and by what
    let mut lost = Vec::new();
    let mut out: Vec<Vec<Cell>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if matches!(layout, Layout::Html | Layout::Dropped) {
            let mut cells: Vec<Cell> =
                row.iter().map(|cell| Cell { text: cell.text.clone(), rowspan: cell.span }).collect();
            if layout == Layout::Dropped {
                cells.resize(WIDTH, Cell { text: String::new(), rowspan: 1 });
            }
            out.push(cells);
            continue;
        }
        let mut cells: Vec<Cell> = Vec::new();
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
                if is_cut && column >= WIDTH {
                    // A blank cell that is cut off was nothing to lose.
                    lost.extend((!cell.text.is_empty()).then_some((at, cell.role)));
                }
                cell.text.clone()
            } else {
                String::new()
            };
            cells.push(Cell { text, rowspan: 1 });
            column += 1;
        }
        cells.resize(cells.len().max(WIDTH), Cell { text: String::new(), rowspan: 1 });
        if is_cut {
            cells.truncate(WIDTH);
        }
        out.push(cells);
    }
    let width = out.iter().map(Vec::len).max().unwrap_or(0);
    if layout == Layout::Blanked {
        for row in &mut out {
            row.resize(width, Cell { text: String::new(), rowspan: 1 });
        }
    }
    (out, lost)
}

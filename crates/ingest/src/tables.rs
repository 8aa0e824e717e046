//! From a `table` element of the tree to a formed table.

use formgrid_model::{Cell, Diagnostic, Parent, Problem, Row, Source, Table};

use crate::account::{Notes, account};
use crate::cell_text::cell_text;
use crate::elements::Role;
use crate::form_table::{Anchor, GroupKind, RowGroup, Spans, form_table};
use crate::origin::Places;
use crate::text::{Flow, brief, trim_owned};
use crate::tree::{Data, NodeId, Step, Tree};

/// A table that is still to be read: its element, and the cell it stands in.
pub type Pending = (NodeId, Option<Parent>);

/// Reads a table without the tables in its cells; these are appended to
/// `nested` in source order.
pub fn read_table(
    tree: &Tree,
    (table, parent): Pending,
    ordinal: u32,
    places: &mut Places<'_>,
    most: u32,
    nested: &mut Vec<Pending>,
) -> Table<'static> {
    let before = nested.len();
    let captions: Vec<NodeId> =
        tree.children(table).filter(|&child| tree.role(child) == Role::Caption).collect();
    let captions = captions.into_iter().map(|caption| {
        let anchor = Anchor { row: 1, column: 1, rowspan: 1, colspan: 1, ..Anchor::default() };
        read_cell(tree, caption, anchor, ordinal, places, nested)
    });
    // A table has one caption; of further ones a browser shows the text, too.
    let caption = captions.reduce(|mut first, further| {
        first.text += "\n";
        first.text += further.text;
        first
    });
    let Parts { groups, elements, hidden, first_left_out, .. } = parts(tree, table, most);
    let grid = form_table(declared_columns(tree, table), &groups);
    let mut notes = Notes::default();
    let mut rows = Vec::with_capacity(grid.rows.len());
    for (index, row) in grid.rows.iter().enumerate() {
        let cells = &elements[row.group][row.index];
        for (n, &cell) in cells.iter().enumerate() {
            notes.faults.extend(tree.span_faults(cell).map(|fault| (index, n, fault.clone())));
        }
        let cells = cells.iter().zip(&row.anchors);
        let cells = cells.map(|(&cell, &anchor)| read_cell(tree, cell, anchor, ordinal, places, nested));
        // A cell begins right of the ones before it, whatever they span.
        rows.push(Row { source: Source::Table { table: ordinal }, cells: cells.collect() });
    }
    notes.hidden = hidden.into_iter().map(|id| hidden_text(tree, id)).collect();
    let mut diagnostics = misplaced_text(tree, table);
    if let Some(cell) = first_left_out {
        let line = element_line(tree, cell);
        diagnostics.push(Diagnostic::at_line(Problem::TooManyCells { most }, line));
    }
    for (line, text) in notes.hidden.iter().filter(|(_, text)| !text.is_empty()) {
        diagnostics.push(Diagnostic::at_line(Problem::HiddenCells { text: brief(text) }, *line));
    }
    Table {
        ordinal,
        parent,
        columns: grid.width,
        caption,
        nests: nested.len() > before,
        account: Box::new(account(&grid, &rows, notes)),
        rows,
        diagnostics,
    }
}

/// What a `table` element consists of.
#[derive(Default)]
struct Parts {
    groups: Vec<RowGroup>,
    /// The elements of the cells, by row group and row.
    elements: Vec<Vec<Vec<NodeId>>>,
    /// Row groups, rows and cells that are not laid out.
    hidden: Vec<NodeId>,
    /// How many rows and cells there is room for.
    left: u32,
    /// The first one for which there was none.
    first_left_out: Option<NodeId>,
}

fn parts(tree: &Tree, table: NodeId, most: u32) -> Parts {
    let mut parts = Parts { left: most, ..Parts::default() };
    for group in tree.children(table) {
        let kind = match tree.role(group) {
            Role::HeadGroup => GroupKind::Head,
            Role::RowGroup => GroupKind::Body,
            Role::FootGroup => GroupKind::Foot,
            Role::Concealed => {
                parts.hidden.push(group);
                continue;
            }
            _ => continue,
        };
        let (mut rows, mut elements) = (Vec::new(), Vec::new());
        for row in tree.children(group) {
            match tree.role(row) {
                Role::Row if parts.left == 0 => {
                    parts.first_left_out.get_or_insert(row);
                    break;
                }
                Role::Row => {
                    parts.left -= 1;
                    let cells = row_cells(tree, row, &mut parts);
                    rows.push(cells.iter().map(|&cell| spans(tree, cell)).collect());
                    elements.push(cells);
                }
                Role::Concealed => parts.hidden.push(row),
                _ => {}
            }
        }
        parts.groups.push(RowGroup { kind, rows });
        parts.elements.push(elements);
    }
    parts
}

fn row_cells(tree: &Tree, row: NodeId, parts: &mut Parts) -> Vec<NodeId> {
    let mut cells = Vec::new();
    for cell in tree.children(row) {
        match tree.role(cell) {
            Role::Cell | Role::HeaderCell if parts.left == 0 => {
                parts.first_left_out.get_or_insert(cell);
                break;
            }
            Role::Cell | Role::HeaderCell => {
                parts.left -= 1;
                cells.push(cell);
            }
            Role::Concealed => parts.hidden.push(cell),
            _ => {}
        }
    }
    cells
}

fn spans(tree: &Tree, cell: NodeId) -> Spans {
    match tree.node(cell).data {
        Data::Element { spans, .. } => spans,
        Data::Text { .. } => Spans::default(),
    }
}

/// The line of a hidden element and the text in it.
fn hidden_text(tree: &Tree, id: NodeId) -> (u32, String) {
    let (text, place) = cell_text(tree, id, &mut Vec::new());
    (place.map_or_else(|| element_line(tree, id), |place| place.line), text)
}

/// The line where the start tag of an element ends.
fn element_line(tree: &Tree, id: NodeId) -> u32 {
    match tree.node(id).data {
        Data::Element { line, .. } => line,
        Data::Text { .. } => 0,
    }
}

/// How many columns the `col` and `colgroup` elements ask for.
fn declared_columns(tree: &Tree, table: NodeId) -> u32 {
    let span = |node: NodeId| match tree.node(node).data {
        Data::Element { spans, .. } => spans.colspan,
        Data::Text { .. } => 0,
    };
    let groups = tree.children(table).filter(|&child| tree.role(child) == Role::ColumnGroup);
    groups.fold(0, |sum: u32, group| {
        let columns = tree.children(group).filter(|&child| tree.role(child) == Role::Column);
        let columns = columns.map(span).reduce(u32::saturating_add);
        sum.saturating_add(columns.unwrap_or_else(|| span(group)))
    })
}

fn read_cell(
    tree: &Tree,
    cell: NodeId,
    anchor: Anchor,
    table: u32,
    places: &mut Places<'_>,
    nested: &mut Vec<Pending>,
) -> Cell<'static> {
    let Anchor { row, column, rowspan, colspan, cut_off: _, overlapped: _ } = anchor;
    let mut tables = Vec::new();
    let (text, place) = cell_text(tree, cell, &mut tables);
    let parent = Parent { table, row, column };
    nested.extend(tables.into_iter().map(|table| (table, Some(parent))));
    let (line, content) = match &tree.node(cell).data {
        Data::Element { line, content, .. } => (*line, content.clone()),
        Data::Text { .. } => (1, 0..0),
    };
    Cell {
        text: text.into(),
        line: place.map_or(line, |place| place.line),
        row,
        column,
        rowspan,
        colspan,
        header: tree.role(cell) == Role::HeaderCell,
        bytes: Some(places.bytes(content)),
    }
}

/// The text that no cell of the table holds, as a warning.
fn misplaced_text(tree: &Tree, table: NodeId) -> Vec<Diagnostic> {
    let mut moved: Vec<NodeId> = tree.fostered_before(table).collect();
    moved.reverse();
    let mut flow = Flow::default();
    for top in moved {
        let mut step = Some(Step::Enter(top));
        while let Some(current) = step {
            if let Step::Enter(id) = current {
                match &tree.node(id).data {
                    Data::Text { range, place } => flow.push(tree.text(range), place.as_ref()),
                    Data::Element { role, .. } if role.is_block() || *role == Role::Break => {
                        flow.push(" ", None);
                    }
                    Data::Element { .. } => {}
                }
            }
            let skip = matches!(current, Step::Enter(id) if tree.role(id) == Role::Table || tree.role(id).is_hidden());
            step = tree.step(top, current, skip);
        }
    }
    let (text, place) = flow.take();
    let text = trim_owned(text);
    let line = place.map_or(0, |place| place.line);
    (!text.is_empty())
        .then(|| Diagnostic::at_line(Problem::MisplacedText { text }, line))
        .into_iter()
        .collect()
}

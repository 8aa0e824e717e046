//! From a `table` element of the tree to a formed table.

use formgrid_model::{Cell, Diagnostic, Parent, Problem, Row, Source, Table};

use crate::Origin;
use crate::cell_text::cell_text;
use crate::elements::Role;
use crate::form_table::{Anchor, RowGroup, form_table};
use crate::text::{Flow, trim_owned};
use crate::tree::{Data, NodeId, Step, Tree};

/// A table that is still to be read: its element, and the cell it stands in.
pub type Pending = (NodeId, Option<Parent>);

/// Reads a table without the tables in its cells; these are appended to
/// `nested` in source order.
pub fn read_table(
    tree: &Tree,
    (table, parent): Pending,
    ordinal: u32,
    origin: Origin,
    nested: &mut Vec<Pending>,
) -> Table<'static> {
    let before = nested.len();
    let captions: Vec<NodeId> =
        tree.children(table).filter(|&child| tree.role(child) == Role::Caption).collect();
    let captions = captions.into_iter().map(|caption| {
        let anchor = Anchor { row: 0, column: 1, rowspan: 1, colspan: 1 };
        read_cell(tree, caption, anchor, ordinal, origin, nested)
    });
    // A table has one caption; of further ones a browser shows the text, too.
    let caption = captions.reduce(|mut first, further| {
        first.text += "\n";
        first.text += further.text;
        first
    });
    let (groups, elements) = row_groups(tree, table);
    let grid = form_table(declared_columns(tree, table), &groups);
    let rows = grid.rows.iter().map(|row| {
        let cells = &elements[row.group][row.index];
        let cells = cells.iter().zip(&row.anchors);
        let cells = cells.map(|(&cell, &anchor)| read_cell(tree, cell, anchor, ordinal, origin, nested));
        let mut cells: Vec<Cell<'_>> = cells.collect();
        // Overlaps apart, cells are in this order already.
        cells.sort_by_key(|cell| cell.column);
        Row { source: Source::Table { table: ordinal }, cells }
    });
    Table {
        ordinal,
        parent,
        rows: rows.collect(),
        columns: grid.width,
        caption,
        nests: nested.len() > before,
        diagnostics: misplaced_text(tree, table),
    }
}

/// The row groups, as spans and as the elements of their cells.
fn row_groups(tree: &Tree, table: NodeId) -> (Vec<RowGroup>, Vec<Vec<Vec<NodeId>>>) {
    let groups = tree.children(table).filter_map(|group| match tree.role(group) {
        role @ (Role::RowGroup | Role::FootGroup) => Some((group, role == Role::FootGroup)),
        _ => None,
    });
    groups
        .map(|(group, foot)| {
            let rows = tree.children(group).filter(|&row| tree.role(row) == Role::Row);
            let elements: Vec<Vec<NodeId>> = rows
                .map(|row| {
                    let is_cell = |&cell: &NodeId| matches!(tree.role(cell), Role::Cell | Role::HeaderCell);
                    tree.children(row).filter(is_cell).collect()
                })
                .collect();
            let spans = |&cell: &NodeId| match tree.node(cell).data {
                Data::Element { spans, .. } => spans,
                Data::Text { .. } => Default::default(),
            };
            let rows = elements.iter().map(|row| row.iter().map(spans).collect()).collect();
            (RowGroup { foot, rows }, elements)
        })
        .unzip()
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
    origin: Origin,
    nested: &mut Vec<Pending>,
) -> Cell<'static> {
    let Anchor { row, column, rowspan, colspan } = anchor;
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
        bytes: origin.bytes(content),
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
            let skip =
                matches!(current, Step::Enter(id) if matches!(tree.role(id), Role::Hidden | Role::Table));
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

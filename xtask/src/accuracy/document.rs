//! A damaged grid as a document: what formgrid is given to read.

use std::fmt::Write;

use super::damage::Case;
use super::layout::{Cell, Layout};

/// A document, and the line from 1 where each row of its grid begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) lines: Vec<u32>,
}

/// Writes a whole form around a grid.
pub(crate) fn document(case: &Case) -> Document {
    let layout = case.layout;
    let header: Vec<Cell> = case.shape.header().into_iter().map(|text| Cell { text, rowspan: 1 }).collect();
    let (title, width) = (case.shape.title(), header.len());
    let mut text = match layout {
        Layout::Html => format!(
            "<!DOCTYPE html><html><body><p>{title}</p><p>(2020年度)</p><table>\n\
             <tr><td>项目名称：</td><td colspan={}>试验项目</td></tr>\n",
            width - 1
        ),
        Layout::Lines => format!("{title}\n(2020年度)\n项目名称：\n试验项目\n2020年绩效目标\n"),
        _ => {
            let tabs = "\t".repeat(width - 1);
            format!("{title}{tabs}\n(2020年度){tabs}\n项目名称：\t试验项目{tabs}\n\n2020年绩效目标\n\n")
        }
    };
    write_row(&mut text, &header, layout);
    let mut line = text.matches('\n').count() as u32 + 1;
    let mut lines = Vec::new();
    for row in &case.rows {
        if row.header_above {
            line += write_row(&mut text, &header, layout);
        }
        // A cell a line: the row begins with its first filled one.
        let blanks = row.cells.iter().take_while(|cell| cell.text.is_empty()).count() as u32;
        lines.push(if layout == Layout::Lines { line + blanks } else { line });
        line += write_row(&mut text, &row.cells, layout);
    }
    if layout == Layout::Html {
        text.push_str("</table></body></html>\n");
    }
    Document { text, lines }
}

/// Writes a row; returns how many lines it takes.
fn write_row(out: &mut String, cells: &[Cell], layout: Layout) -> u32 {
    match layout {
        Layout::Html => {
            out.push_str("<tr>");
            for cell in cells {
                let text = cell.text.replace('&', "&amp;").replace('<', "&lt;");
                _ = match cell.rowspan {
                    1 => write!(out, "<td>{text}</td>"),
                    span => write!(out, "<td rowspan={span}>{text}</td>"),
                };
            }
            out.push_str("</tr>\n");
            1
        }
        Layout::Lines => {
            cells.iter().for_each(|cell| _ = writeln!(out, "{}", cell.text));
            cells.len() as u32
        }
        Layout::Blanked | Layout::BlankedCut | Layout::Dropped | Layout::RepeatedCut => {
            let texts: Vec<&str> = cells.iter().map(|cell| &*cell.text).collect();
            _ = writeln!(out, "{}", texts.join("\t"));
            1
        }
    }
}

/// The usual script: what is blank in a level column is filled from above.
/// Lines of one cell it cannot read at all.
pub(crate) fn forward_fill(case: &Case) -> Vec<Vec<Option<String>>> {
    let (width, outer) = (case.shape.width(), case.shape.levels - 1);
    let mut last: Vec<Option<String>> = vec![None; outer];
    let mut below: Vec<(usize, String)> = vec![(0, String::new()); width];
    if case.layout == Layout::Lines {
        return Vec::new();
    }
    case.rows
        .iter()
        .map(|row| {
            let mut slots: Vec<Option<String>> = vec![None; width];
            let mut own = row.cells.iter();
            for (slot, (covered, above)) in slots.iter_mut().zip(&mut below) {
                if case.layout == Layout::Html && *covered > 0 {
                    *covered -= 1;
                    *slot = (!above.is_empty()).then(|| above.clone());
                } else if let Some(cell) = own.next() {
                    (*covered, *above) = (cell.rowspan - 1, cell.text.clone());
                    *slot = (!cell.text.is_empty()).then(|| cell.text.clone());
                }
            }
            for (slot, last) in slots.iter_mut().zip(&mut last) {
                match slot {
                    Some(_) => last.clone_from(slot),
                    None => slot.clone_from(last),
                }
            }
            slots
        })
        .collect()
}

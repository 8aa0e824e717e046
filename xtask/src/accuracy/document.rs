//! A damaged grid as a document: what formgrid is given to read.

use std::fmt::Write;

use super::damage::{Case, Layout};

const HEADER: [&str; 4] = ["一级目标", "二级目标", "三级目标", "指标目标值"];

/// Writes a whole form around a grid.
pub(crate) fn document(case: &Case, layout: Layout) -> String {
    let mut out = String::new();
    if layout == Layout::Html {
        out.push_str("<!DOCTYPE html><html><body><p>财政项目支出绩效目标表</p><p>(2020年度)</p><table>\n");
        out.push_str("<tr><td>项目名称：</td><td colspan=3>试验项目</td></tr>\n<tr>");
        for text in HEADER {
            _ = write!(out, "<td>{text}</td>");
        }
        out.push_str("</tr>\n");
        for row in &case.rows {
            out.push_str("<tr>");
            for cell in row {
                let text = cell.text.replace('&', "&amp;").replace('<', "&lt;");
                _ = match cell.rowspan {
                    1 => write!(out, "<td>{text}</td>"),
                    span => write!(out, "<td rowspan={span}>{text}</td>"),
                };
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table></body></html>\n");
        return out;
    }
    out.push_str(
        "财政项目支出绩效目标表\t\t\t\n(2020年度)\t\t\t\n项目名称：\t试验项目\t\t\n\n2020年绩效目标\n\n",
    );
    _ = writeln!(out, "{}", HEADER.join("\t"));
    for row in &case.rows {
        let texts: Vec<&str> = row.iter().map(|cell| &*cell.text).collect();
        _ = writeln!(out, "{}", texts.join("\t"));
    }
    out
}

/// The usual script: what is blank in a level column is filled from above.
pub(crate) fn forward_fill(case: &Case, layout: Layout) -> Vec<[Option<String>; 4]> {
    let mut last: [Option<String>; 3] = [None, None, None];
    let mut below: [(usize, String); 4] = Default::default();
    case.rows
        .iter()
        .map(|row| {
            let mut slots: [Option<String>; 4] = Default::default();
            let mut own = row.iter();
            for (column, slot) in slots.iter_mut().enumerate() {
                let (covered, above) = &mut below[column];
                if layout == Layout::Html && *covered > 0 {
                    *covered -= 1;
                    *slot = Some(above.clone());
                } else if let Some(cell) = own.next() {
                    (*covered, *above) = (cell.rowspan - 1, cell.text.clone());
                    *slot = (!cell.text.is_empty()).then(|| cell.text.clone());
                }
            }
            for level in 0..3 {
                if slots[level].is_some() {
                    last[level].clone_from(&slots[level]);
                } else if level < 2 {
                    slots[level].clone_from(&last[level]);
                }
            }
            slots
        })
        .collect()
}

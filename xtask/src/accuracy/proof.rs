//! Whether a wrong reading could have been right: whether another source, with
//! no more wrong spans, gives the same document to the byte.

use formgrid_model::Indicator;

use super::damage::{Case, DELTAS};
use super::document::Document;
use super::layout::{Below, Cell, Layout, Source, lay_out, lay_row};
use super::shape::Shape;
use super::truth::Words;

/// Stands for a text that was cut off. No document holds it, so that a source
/// which shows it somewhere is none of this document.
const UNKNOWN: &str = "\u{FFFF}";

/// Proves a reading of a case possible: finds the spans with which it is a
/// source of the same document, with no more of them wrong than in the true
/// one, and with each word where the generator could have put it.
pub(crate) fn is_possible(case: &Case, words: Words, document: &Document, found: &[&Indicator]) -> bool {
    let is_plain = case.faults.page.is_none() && !case.faults.dropped_row && case.layout != Layout::Lines;
    let lines = found.iter().map(|indicator| indicator.line);
    if !is_plain || !lines.eq(document.lines.iter().copied()) {
        return false;
    }
    let Some(mut rows) = source(case, found) else { return false };
    let is_odd = !rows.iter().all(|row| is_plausible(row, &case.shape, words));
    if is_odd || words != Words::Twice && names_twice(&rows, &case.shape) {
        return false;
    }
    match case.layout {
        Layout::Html => is_html(&rows, case),
        _ => give(&mut rows, case, 0, &Below::new(), case.wrong_spans),
    }
}

/// Whether source rows have the cells of the HTML, with no more wrong spans than
/// in the true source.
fn is_html(rows: &[Vec<Source>], case: &Case) -> bool {
    let mut wrong = 0;
    let is_same = rows.iter().zip(&case.rows).all(|(own, row)| {
        let texts = own.iter().map(|own| &own.text);
        let deltas = own.iter().zip(&row.cells).map(|(own, cell)| cell.rowspan as isize - own.span as isize);
        let mut deltas = deltas.filter(|&delta| delta != 0).inspect(|_| wrong += 1);
        texts.eq(row.cells.iter().map(|cell| &cell.text)) && deltas.all(|delta| DELTAS.contains(&delta))
    });
    is_same && wrong <= case.wrong_spans
}

/// The source rows that a reading stands for; nothing if it is no grid.
fn source(case: &Case, found: &[&Indicator]) -> Option<Vec<Vec<Source>>> {
    let outer = case.shape.levels - 1;
    // Where slots repeat, every row shows the words of its levels.
    let repeats = case.layout == Layout::RepeatedCut;
    let text = |at: usize, level: usize| found[at].levels[level].as_ref().map(|part| &part.text);
    let mut rows: Vec<Vec<Source>> = Vec::new();
    let mut open: Vec<Option<(usize, usize)>> = vec![None; outer];
    for (at, indicator) in found.iter().enumerate() {
        let mut row = Vec::new();
        for (level, open) in open.iter_mut().enumerate() {
            let word = &indicator.levels[level];
            let begins = match word {
                Some(part) if !repeats => part.place.line == indicator.line,
                _ => at == 0 || word.as_ref().map(|part| &part.text) != text(at - 1, level),
            };
            match *open {
                Some((row_of, cell)) if !begins && row.is_empty() => rows[row_of][cell].span += 1,
                // An inner level does not go on while an outer one begins.
                _ if !begins && word.is_some() && !repeats => return None,
                _ => {
                    *open = Some((rows.len(), row.len()));
                    let text = text(at, level).cloned().unwrap_or(UNKNOWN.to_owned());
                    row.push(Source { role: level, text, span: 1 });
                }
            }
        }
        for (role, text) in texts(indicator, &case.shape).into_iter().enumerate().skip(outer) {
            let key = case.shape.keys().nth(role.wrapping_sub(case.shape.levels));
            let can_be_blank = matches!(key, Some("remark" | "deviation"))
                || key == Some("target") && case.faults.blank_values > 0;
            let text = text.unwrap_or(if can_be_blank { String::new() } else { UNKNOWN.to_owned() });
            row.push(Source { role, text, span: 1 });
        }
        rows.push(row);
    }
    Some(rows)
}

/// Whether two groups of one parent, or two indicators of one group, have the
/// same name: the generator makes no such form.
fn names_twice(rows: &[Vec<Source>], shape: &Shape) -> bool {
    let mut names: Vec<Vec<&str>> = vec![Vec::new(); shape.levels];
    rows.iter().flatten().filter(|cell| cell.role < shape.levels && cell.text != UNKNOWN).any(|cell| {
        names[cell.role + 1..].iter_mut().for_each(Vec::clear);
        let is_twice = names[cell.role].contains(&&*cell.text);
        names[cell.role].push(&cell.text);
        is_twice
    })
}

/// Whether the generator could have put each word where it stands.
fn is_plausible(row: &[Source], shape: &Shape, words: Words) -> bool {
    let outer = shape.levels - 1;
    let is_known = |text: &str| (0..outer).any(|level| shape.has_word(level, text));
    row.iter().all(|cell| {
        let text = &*cell.text;
        let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "=<>≤≥".contains(c));
        let is_open = words == Words::Unseen || words == Words::Mixed && cell.role > 0;
        match cell.role.checked_sub(shape.levels) {
            _ if text == UNKNOWN || text.is_empty() => true,
            None if cell.role < outer && !is_open => shape.has_word(cell.role, text),
            None => !is_number && (!is_known(text) || words == Words::Twice),
            Some(column) => match shape.keys().nth(column) {
                Some("weight" | "score") => is_number,
                Some("remark" | "deviation") => !is_number && !is_known(text),
                _ => !is_known(text),
            },
        }
    })
}

/// Whether the rows from this one on give the document with so many wrong spans.
/// Sets the spans.
fn give(rows: &mut [Vec<Source>], case: &Case, at: usize, below: &Below, budget: usize) -> bool {
    let (width, layout) = (case.shape.width(), case.layout);
    if at == rows.len() {
        let (cells, _) = lay_out(rows, layout, width);
        let is_same = |(cells, row): (&Vec<Cell>, &Vec<Cell>)| match case.faults.trimmed {
            true => trimmed(cells) == trimmed(row),
            false => cells == row,
        };
        return cells.iter().zip(case.rows.iter().map(|row| &row.cells)).all(is_same);
    }
    let here = lay_row(&rows[at], &mut below.clone(), layout, width).0;
    if trimmed(&here) != trimmed(&case.rows[at].cells) {
        return false;
    }
    let levels = rows[at].iter().filter(|cell| cell.role + 1 < case.shape.levels).count();
    let spans: Vec<usize> = rows[at].iter().map(|cell| cell.span).collect();
    // Each level cell with one of the wrong spans or the right one.
    let choices = DELTAS.len() + 1;
    for mut choice in 0..choices.pow(levels as u32) {
        let mut wrong = 0;
        let mut can = true;
        for (cell, &span) in rows[at].iter_mut().zip(&spans).take(levels) {
            let delta = match choice % choices {
                0 => 0,
                chosen => DELTAS[chosen - 1],
            };
            choice /= choices;
            wrong += usize::from(delta != 0);
            can &= span as isize + delta >= 1;
            cell.span = span.saturating_add_signed(delta);
        }
        if can && wrong <= budget {
            let mut next = below.clone();
            lay_row(&rows[at], &mut next, layout, width);
            if give(rows, case, at + 1, &next, budget - wrong) {
                return true;
            }
        }
    }
    rows[at].iter_mut().zip(spans).for_each(|(cell, span)| cell.span = span);
    false
}

/// A row without the blank cells at its end.
fn trimmed(row: &[Cell]) -> &[Cell] {
    &row[..row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1)]
}

/// The texts of an indicator, levels and columns in the order of the form.
pub(crate) fn texts(indicator: &Indicator, shape: &Shape) -> Vec<Option<String>> {
    let levels = (0..shape.levels).map(|level| Some(indicator.levels.get(level)?.as_ref()?.text.clone()));
    let column = |key: &str| match key {
        "target" => Some(indicator.target.as_ref()?.text.clone()),
        _ => {
            indicator.further.iter().find(|(other, _)| other == key)?.1.as_ref().map(|part| part.text.clone())
        }
    };
    levels.chain(shape.keys().map(column)).collect()
}

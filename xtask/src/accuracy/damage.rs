//! What exports do to a grid: wrong spans, page breaks, cuts, blanks.

use std::ops::RangeInclusive;

use fastrand::Rng;

use super::layout::{Cell, Layout, Source, lay_out};
use super::shape::Shape;
use super::truth::Truth;

/// What may happen to a grid besides its layout.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    /// How many level cells have a wrong span.
    pub(crate) spans: RangeInclusive<usize>,
    /// By how much.
    pub(crate) deltas: &'static [isize],
    /// Whether blank cells at the end of a row are taken off.
    pub(crate) trimmed: bool,
    /// One target in so many is blank; none if 0.
    pub(crate) blank_values: u32,
    /// Whether one row is missing.
    pub(crate) dropped_row: bool,
    /// What became of the level cells that a page break cut in two.
    pub(crate) page: Option<Page>,
    /// Whether the header is printed again at the page break.
    pub(crate) header_again: bool,
}

/// What stands below a page break where a level cell goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// The cell goes on: nothing was cut.
    Whole,
    /// A blank cell.
    Blank,
    /// The word once more.
    Again,
    /// The second half of the word.
    Split,
}

impl Page {
    /// The name in the data set.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Page::Whole => "whole",
            Page::Blank => "blank",
            Page::Again => "again",
            Page::Split => "split",
        }
    }
}

/// All wrong spans: short ones and long ones.
pub(crate) const DELTAS: &[isize] = &[-2, -1, 1, 2, 3];

/// Nothing happens.
pub(crate) const NONE: Faults = Faults {
    spans: 0..=0,
    deltas: DELTAS,
    trimmed: false,
    blank_values: 0,
    dropped_row: false,
    page: None,
    header_again: false,
};

/// A damaged grid and what can still be known of it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) shape: Shape,
    pub(crate) layout: Layout,
    pub(crate) rows: Vec<CaseRow>,
    /// How many spans are wrong.
    pub(crate) wrong_spans: usize,
    pub(crate) faults: Faults,
    /// Whether the damage changed anything in the rows.
    pub(crate) is_damaged: bool,
}

/// One row of an export.
#[derive(Debug, Clone)]
pub(crate) struct CaseRow {
    /// Its cells. In HTML those of the source row with their spans.
    pub(crate) cells: Vec<Cell>,
    /// Whether the header is printed above it once more.
    pub(crate) header_above: bool,
    /// What a perfect reader finds, levels and columns, none where blank or
    /// lost. Nothing if nothing of the row is left.
    pub(crate) expected: Option<Vec<Option<String>>>,
}

impl CaseRow {
    /// Whether no cell of the row is left, though its slots may be.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// Damages a true grid.
pub(crate) fn damage(rng: &mut Rng, truth: &Truth, shape: &Shape, layout: Layout, faults: &Faults) -> Case {
    let mut truth = truth.clone();
    let target = shape.levels + shape.keys().position(|key| key == "target").unwrap_or(0);
    for leaf in &mut truth.leaves {
        if faults.blank_values > 0 && rng.u32(..faults.blank_values) == 0 {
            leaf.texts[target].clear();
        }
    }
    let mut sound = source(&truth, shape);
    let page = faults.page.and_then(|page| break_page(rng, &mut sound, shape, page));
    let mut rows = sound.clone();
    let wrong_spans = rng.usize(faults.spans.clone());
    let wrong_spans = wrong_span(rng, &mut rows, shape, wrong_spans, faults.deltas);

    let width = shape.width();
    let (cells, lost) = lay_out(&rows, layout, width);
    // HTML keeps the cells whatever their spans: what counts is what they cover.
    let seen = |rows: &[Vec<Source>]| {
        let layout = if layout == Layout::Html { Layout::Blanked } else { layout };
        lay_out(rows, layout, width).0
    };
    // A word in two cells is put together, which is a repair.
    let is_split = page.is_some() && faults.page == Some(Page::Split);
    let mut is_damaged = is_split || seen(&rows) != seen(&sound);
    let expected = expected(&truth, &sound, &lost, shape);
    let mut rows: Vec<CaseRow> = (cells.into_iter().zip(expected).enumerate())
        .map(|(at, (cells, expected))| {
            let header_above = faults.header_again && page == Some(at);
            // A row that fell off as a whole is still a row, unless its blanks are
            // taken off as well.
            let is_there = !faults.trimmed || cells.iter().any(|cell| !cell.text.is_empty());
            CaseRow { cells, header_above, expected: is_there.then_some(expected) }
        })
        .collect();

    if faults.dropped_row {
        // No row that names a group: the export would then be that of another
        // form.
        let own = shape.columns + 1;
        let droppable: Vec<usize> =
            (1..rows.len()).filter(|&row| sound[row].len() == own && page != Some(row)).collect();
        if let Some(&row) = droppable.get(rng.usize(..droppable.len().max(1))) {
            rows.remove(row);
            is_damaged = true;
        }
    }
    if faults.trimmed {
        for row in &mut rows {
            while row.cells.last().is_some_and(|cell| cell.text.is_empty()) && row.cells.len() > 1 {
                row.cells.pop();
            }
        }
    }
    Case { shape: *shape, layout, rows, wrong_spans, faults: faults.clone(), is_damaged }
}

/// The source rows of a grid, with true spans.
pub(crate) fn source(truth: &Truth, shape: &Shape) -> Vec<Vec<Source>> {
    let leaves = &truth.leaves;
    let outer = shape.levels - 1;
    let span = |at: usize, level: usize| {
        leaves[at..].iter().take_while(|leaf| leaf.groups[level] == leaves[at].groups[level]).count()
    };
    (0..leaves.len())
        .map(|at| {
            let begins = |level: usize| at == 0 || leaves[at - 1].groups[level] != leaves[at].groups[level];
            (0..shape.width())
                .filter(|&role| role >= outer || begins(role))
                .map(|role| {
                    let span = if role < outer { span(at, role) } else { 1 };
                    Source { role, text: leaves[at].texts[role].clone(), span }
                })
                .collect()
        })
        .collect()
}

/// Cuts the level cells that reach over a page break in two. Returns the first
/// row below the break; nothing if no cell can be cut.
fn break_page(rng: &mut Rng, rows: &mut [Vec<Source>], shape: &Shape, page: Page) -> Option<usize> {
    let outer = shape.levels - 1;
    let breaks: Vec<usize> = (1..rows.len()).filter(|&row| rows[row][0].role > 0).collect();
    let at = *breaks.get(rng.usize(..breaks.len().max(1)))?;
    if page == Page::Whole {
        return Some(at);
    }
    let mut below = Vec::new();
    for level in 0..rows[at][0].role.min(outer) {
        // The cell that covers this row at this level.
        let found = (0..at).rev().find_map(|row| {
            let cell = rows[row].iter().position(|cell| cell.role == level)?;
            Some((row, cell))
        });
        let (row, cell) = found?;
        let cell = &mut rows[row][cell];
        let rest = row + cell.span - at;
        cell.span -= rest;
        let half = cell.text.chars().count() / 2;
        let text = match page {
            Page::Whole | Page::Blank => String::new(),
            Page::Again => cell.text.clone(),
            Page::Split if half < 2 => String::new(),
            Page::Split => {
                let cut = cell.text.char_indices().nth(half).map_or(0, |(cut, _)| cut);
                cell.text.split_off(cut)
            }
        };
        below.push(Source { role: level, text, span: rest });
    }
    below.append(&mut rows[at]);
    rows[at] = below;
    Some(at)
}

/// Makes the spans of so many level cells wrong, each of them as likely as any
/// other; returns how many it could.
fn wrong_span(
    rng: &mut Rng,
    rows: &mut [Vec<Source>],
    shape: &Shape,
    count: usize,
    deltas: &[isize],
) -> usize {
    // A span is never less than 1, so that a short one needs a taller group.
    let can = |cell: &Source, delta: isize| cell.span as isize + delta >= 1;
    let levels = rows.iter_mut().flatten().filter(|cell| cell.role + 1 < shape.levels);
    let mut cells: Vec<&mut Source> =
        levels.filter(|cell| deltas.iter().any(|&delta| can(cell, delta))).collect();
    rng.shuffle(&mut cells);
    let chosen = cells.into_iter().take(count);
    let mut done = 0;
    for cell in chosen {
        let possible: Vec<isize> = deltas.iter().copied().filter(|&delta| can(cell, delta)).collect();
        cell.span = cell.span.saturating_add_signed(possible[rng.usize(..possible.len())]);
        done += 1;
    }
    done
}

/// What a perfect reader finds in each row: a level word that fell off the edge
/// is gone for its whole group.
pub(crate) fn expected(
    truth: &Truth,
    sound: &[Vec<Source>],
    lost: &[(usize, usize)],
    shape: &Shape,
) -> Vec<Vec<Option<String>>> {
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let mut expected: Vec<Vec<Option<String>>> =
        truth.leaves.iter().map(|leaf| leaf.texts.iter().map(text).collect()).collect();
    for &(row, role) in lost {
        let is_level = role + 1 < shape.levels;
        let span = sound[row].iter().find(|cell| cell.role == role).map_or(1, |cell| cell.span);
        for found in &mut expected[row..row + if is_level { span } else { 1 }] {
            found[role] = None;
        }
    }
    expected
}

//! What nobody can know: the smallest pairs of different sources that an export
//! turns into the same text.
//!
//! All small grids of three levels and one value are made, with no wrong span or
//! one, blanked and cut. With words that nobody knows a text says no more than
//! which of its slots are filled, so that two sources give the same text if they
//! fill the same slots.

use std::collections::BTreeMap;

use super::damage::{Case, CaseRow, DELTAS, NONE, expected, source};
use super::document::document;
use super::layout::{Cell, Layout, Source, lay_out};
use super::shape::BUILTIN;
use super::truth::{Leaf, Truth};

/// Grids of at most so many rows are looked at.
const MOST_ROWS: usize = 4;

/// Texts that could be a level word, an indicator or a value.
const TEXTS: [&str; 16] = [
    "基础保障",
    "队伍建设",
    "民生改善",
    "科技创新",
    "风险防控",
    "行业影响",
    "依法行政",
    "业务拓展",
    "文化传承",
    "对外合作",
    "改革任务",
    "资产管理",
    "区域协同",
    "党建引领",
    "管理效率",
    "运行成效",
];

/// A source: the rows of a grid, of which one span may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    /// The source rows with the spans as they are, right or wrong.
    pub(crate) rows: Vec<Vec<Source>>,
    /// The row from 0, the level from 0 and the error of the wrong span.
    pub(crate) wrong: Option<(usize, usize, isize)>,
    /// What can still be known of each row.
    pub(crate) known: Vec<Vec<Option<String>>>,
}

/// Two sources of which different things are known, and that give the same text.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) one: Sample,
    pub(crate) other: Sample,
    /// The text, as a whole form.
    pub(crate) case: Case,
}

/// Finds the first of the smallest pairs, of which the one source has so many
/// wrong spans and the other one. Where both have one, no sound source may give
/// the same text: it would be the better explanation of both.
pub(crate) fn smallest(wrong: usize) -> Option<Pair> {
    (1..=MOST_ROWS).find_map(|count| {
        let mut samples: BTreeMap<Vec<bool>, Vec<Sample>> = BTreeMap::new();
        for starts in starts(count) {
            for sample in sampled(&starts) {
                samples.entry(filled(&sample.rows)).or_default().push(sample);
            }
        }
        let is_fair = |same: &&Vec<Sample>| wrong == 0 || same.iter().all(|sample| sample.wrong.is_some());
        samples.values().filter(is_fair).find_map(|same| {
            let ones = || same.iter().filter(|one| usize::from(one.wrong.is_some()) == wrong);
            let others = || same.iter().filter(|other| other.wrong.is_some());
            let (one, other) = ones()
                .flat_map(|one| others().map(move |other| (one, other)))
                .find(|(one, other)| one.known != other.known)?;
            let cells = lay_out(&one.rows, Layout::BlankedCut, BUILTIN.width()).0;
            let rows = cells.into_iter().zip(&one.known).map(|(cells, known)| CaseRow {
                cells,
                header_above: false,
                expected: Some(known.clone()),
            });
            let case = Case {
                shape: BUILTIN,
                layout: Layout::BlankedCut,
                rows: rows.collect(),
                wrong_spans: wrong,
                faults: NONE,
                is_damaged: wrong > 0,
            };
            Some(Pair { one: one.clone(), other: other.clone(), case })
        })
    })
}

/// The levels at which the rows of all grids of so many rows begin.
fn starts(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![0]];
    for _ in 1..count {
        all = all
            .iter()
            .flat_map(|starts| (0..BUILTIN.levels).map(|start| [&starts[..], &[start]].concat()))
            .collect();
    }
    all
}

/// A grid without a wrong span, and with each one that changes its text.
fn sampled(starts: &[usize]) -> Vec<Sample> {
    let mut groups = vec![0; BUILTIN.levels - 1];
    let leaves = starts.iter().map(|&start| {
        groups.iter_mut().skip(start).for_each(|group| *group += 1);
        Leaf { groups: groups.clone(), texts: vec!["?".to_owned(); BUILTIN.width()] }
    });
    let truth = Truth { leaves: leaves.collect() };
    let sound = source(&truth, &BUILTIN);
    let is_filled = filled(&sound);
    let mut all = vec![sample(&sound, &sound, None)];
    for (row, cells) in sound.iter().enumerate() {
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.role + 1 < BUILTIN.levels) {
            for &delta in DELTAS.iter().filter(|&&delta| cell.span as isize + delta >= 1) {
                let mut rows = sound.clone();
                rows[row][at].span = cell.span.saturating_add_signed(delta);
                if filled(&rows) != is_filled {
                    all.push(sample(&rows, &sound, Some((row, cell.role, delta))));
                }
            }
        }
    }
    all
}

/// Names the cells of a source in the order in which its text shows them, so
/// that sources of one text have the same cells.
fn sample(rows: &[Vec<Source>], sound: &[Vec<Source>], wrong: Option<(usize, usize, isize)>) -> Sample {
    let mut rows = rows.to_vec();
    let lost = lay_out(&rows, Layout::BlankedCut, BUILTIN.width()).1;
    let mut texts = TEXTS.iter();
    let mut current: Vec<Option<String>> = vec![None; BUILTIN.width()];
    let mut leaves = Vec::new();
    for (at, row) in rows.iter_mut().enumerate() {
        for cell in row {
            if !lost.contains(&(at, cell.role)) {
                cell.text = texts.next().map_or(String::new(), |text| (*text).to_owned());
            }
            current[cell.role] = Some(cell.text.clone());
        }
        let texts = current.iter().map(|text| text.clone().unwrap_or_default()).collect();
        leaves.push(Leaf { groups: Vec::new(), texts });
    }
    let known = expected(&Truth { leaves }, sound, &lost, &BUILTIN);
    Sample { rows, wrong, known }
}

/// Which slots of the text are filled.
fn filled(rows: &[Vec<Source>]) -> Vec<bool> {
    let cells = lay_out(rows, Layout::BlankedCut, BUILTIN.width()).0;
    cells.iter().flatten().map(|cell: &Cell| !cell.text.is_empty()).collect()
}

/// Prints the smallest pairs as Markdown.
pub(crate) fn describe() -> String {
    let mut out = String::new();
    for wrong in [1, 0] {
        let Some(Pair { one, other, case }) = smallest(wrong) else {
            out += &format!("No pair of up to {MOST_ROWS} rows, {wrong} wrong spans against one.\n");
            continue;
        };
        out += &format!("{} rows, {wrong} wrong spans against one:\n\n```text\n", case.rows.len());
        let document = document(&case);
        let first = document.lines.first().map_or(1, |line| *line as usize);
        let grid = document.text.lines().skip(first - 1);
        grid.for_each(|row| out += &format!("{}\n", row.replace('\t', " | ")));
        out += "```\n";
        for sample in [one, other] {
            let what = match sample.wrong {
                None => "no wrong span".to_owned(),
                Some((row, level, delta)) => {
                    format!("the span of level {} in row {} is wrong by {delta:+}", level + 1, row + 1)
                }
            };
            out += &format!("\n- {what}:\n");
            for row in &sample.known {
                let cells = row.iter().map(|cell| cell.as_deref().unwrap_or("(lost)"));
                out += &format!("  - {}\n", cells.collect::<Vec<_>>().join(" › "));
            }
        }
        out += "\n";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Bench;
    use super::*;

    /// Both sources of the smallest pair give the same text, and formgrid doubts
    /// every row that it cannot know.
    #[track_caller]
    fn check(wrong: usize) {
        let Pair { one, other, case } = smallest(wrong).unwrap();
        let shown = |rows: &[Vec<Source>]| lay_out(rows, Layout::BlankedCut, BUILTIN.width()).0;
        assert_eq!(shown(&one.rows), shown(&other.rows));
        assert_ne!(one.known, other.known);
        let document = document(&case);
        let records = Bench::new().unwrap().read(&case, &document);
        for ((one, other), line) in one.known.iter().zip(&other.known).zip(&document.lines) {
            let found =
                records.iter().flat_map(|record| &record.indicators).find(|found| found.line == *line);
            let is_told = found.is_none_or(|found| found.confidence.is_some());
            assert!(one == other || is_told, "line {line} of\n{}", document.text);
        }
    }

    #[test]
    fn what_cannot_be_known_is_doubted() {
        check(1);
    }
}

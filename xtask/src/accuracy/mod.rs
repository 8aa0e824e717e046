//! How well damaged grids are read: fault injection against known truth.
//!
//! True grids are made, damaged the way exports damage them, written as whole
//! documents and read back by formgrid and by plain forward fill.

mod damage;
mod document;
mod score;
mod truth;

use std::ops::ControlFlow;

use anyhow::Result;
use fastrand::Rng;
use formgrid_convert::{Options, convert};
use formgrid_profile::Profiles;

use damage::{Faults, Layout, damage};
use document::{document, forward_fill};
use score::Score;
use truth::{Words, truth};

/// One line of the table.
struct Line {
    name: &'static str,
    words: Words,
    layouts: &'static [Layout],
    faults: Faults,
}

const TEXT: &[Layout] = &[Layout::BlankedCut];
const ALL: &[Layout] =
    &[Layout::BlankedCut, Layout::Blanked, Layout::Dropped, Layout::RepeatedCut, Layout::Html];
const HTML: &[Layout] = &[Layout::Html];

const NONE: Faults = Faults { spans: 0, trimmed: false, blank_values: 0, dropped_row: false };

const LINES: [Line; 12] = [
    Line { name: "undamaged, any layout", words: Words::Known, layouts: ALL, faults: NONE },
    Line { name: "undamaged, unseen words", words: Words::Unseen, layouts: ALL, faults: NONE },
    Line {
        name: "undamaged, trimmed, blank values",
        words: Words::Known,
        layouts: ALL,
        faults: Faults { trimmed: true, blank_values: 12, ..NONE },
    },
    Line { name: "one wrong span", words: Words::Known, layouts: TEXT, faults: Faults { spans: 1, ..NONE } },
    Line { name: "two wrong spans", words: Words::Known, layouts: TEXT, faults: Faults { spans: 2, ..NONE } },
    Line {
        name: "three wrong spans",
        words: Words::Known,
        layouts: TEXT,
        faults: Faults { spans: 3, ..NONE },
    },
    Line {
        name: "four wrong spans",
        words: Words::Known,
        layouts: TEXT,
        faults: Faults { spans: 4, ..NONE },
    },
    Line {
        name: "one, unseen words",
        words: Words::Unseen,
        layouts: TEXT,
        faults: Faults { spans: 1, ..NONE },
    },
    Line {
        name: "two, unseen words",
        words: Words::Unseen,
        layouts: TEXT,
        faults: Faults { spans: 2, ..NONE },
    },
    Line {
        name: "HTML, four wrong spans",
        words: Words::Known,
        layouts: HTML,
        faults: Faults { spans: 4, ..NONE },
    },
    Line {
        name: "HTML, four, unseen words",
        words: Words::Unseen,
        layouts: HTML,
        faults: Faults { spans: 4, ..NONE },
    },
    Line {
        name: "two, trimmed, blanks, a row gone",
        words: Words::Known,
        layouts: &[Layout::BlankedCut, Layout::Blanked, Layout::RepeatedCut],
        faults: Faults { spans: 2, trimmed: true, blank_values: 12, dropped_row: true },
    },
];

/// Runs all lines with so many forms each and prints the table. With `show`,
/// prints the first wrong cases of each line.
pub(crate) fn run(forms: usize, show: usize) -> Result<()> {
    let profiles = Profiles::builtin();
    let options = Options::new(&profiles);
    println!("{}", score::HEADER);
    for (seed, line) in LINES.iter().enumerate() {
        let mut rng = Rng::with_seed(seed as u64 + 1);
        let mut score = Score::default();
        let mut shown = 0;
        for _ in 0..forms {
            let layout = line.layouts[rng.usize(..line.layouts.len())];
            let truth = truth(&mut rng, line.words);
            let case = damage(&mut rng, &truth, layout, line.faults);
            let text = document(&case, layout);
            let mut records = Vec::new();
            convert(text.as_bytes(), &options, &mut |record| {
                records.push(record);
                ControlFlow::Continue(())
            });
            let is_exact = score.add(&case, &records, &forward_fill(&case, layout));
            if !is_exact && shown < show {
                shown += 1;
                println!("{layout:?}\n{text}\n{}", score::explain(&case, &records));
            }
        }
        println!("{}", score.row(line.name));
    }
    Ok(())
}

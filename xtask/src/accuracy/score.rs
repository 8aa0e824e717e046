//! Counting what was read right, and what was wrong without a word.

use formgrid_model::{Indicator, Record};

use super::damage::Case;

/// The columns of the table.
pub(crate) const HEADER: &str = "| case | rows | exact rows | exact forms | false repairs | doubts | silent errors | forward fill |\n|---|---|---|---|---|---|---|---|";

/// What was counted over many forms.
#[derive(Debug, Default)]
pub(crate) struct Score {
    rows: u64,
    exact: u64,
    forms: u64,
    exact_forms: u64,
    /// Rows of undamaged grids that claim a repair.
    false_repairs: u64,
    /// Rows with a confidence below 1.
    doubts: u64,
    /// Wrong rows without repair, doubt or diagnostic.
    silent: u64,
    filled: u64,
}

impl Score {
    /// Adds one form; returns whether all of it is right.
    pub(crate) fn add(&mut self, case: &Case, records: &[Record], filled: &[[Option<String>; 4]]) -> bool {
        let found: Vec<&Indicator> = records.iter().flat_map(|record| &record.indicators).collect();
        let mut is_exact = found.len() == case.expected.len();
        self.forms += 1;
        self.rows += case.expected.len() as u64;
        for (at, expected) in case.expected.iter().enumerate() {
            let read = found.get(at).map(|indicator| cells(indicator));
            if read.as_ref() == Some(expected) {
                self.exact += 1;
            } else {
                is_exact = false;
                let is_told = found.get(at).is_some_and(|indicator| {
                    let told = |record: &Record| record.diagnostics.iter().any(|d| d.line == indicator.line);
                    indicator.repair.is_some() || indicator.confidence.is_some() || records.iter().any(told)
                });
                self.silent += u64::from(!is_told);
            }
            self.filled += u64::from(filled.get(at) == Some(expected));
        }
        self.exact_forms += u64::from(is_exact);
        self.doubts += found.iter().filter(|indicator| indicator.confidence.is_some()).count() as u64;
        if !case.is_damaged {
            self.false_repairs += found.iter().filter(|indicator| indicator.repair.is_some()).count() as u64;
        }
        is_exact
    }

    /// The line of the table.
    pub(crate) fn row(&self, name: &str) -> String {
        let percent = |part: u64, whole: u64| format!("{:.3} %", 100.0 * part as f64 / whole.max(1) as f64);
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} |",
            self.rows,
            percent(self.exact, self.rows),
            percent(self.exact_forms, self.forms),
            self.false_repairs,
            self.doubts,
            self.silent,
            percent(self.filled, self.rows)
        )
    }
}

/// Draws what was expected beside what was read.
pub(crate) fn explain(case: &Case, records: &[Record]) -> String {
    let found: Vec<&Indicator> = records.iter().flat_map(|record| &record.indicators).collect();
    let mut out = String::new();
    for at in 0..case.expected.len().max(found.len()) {
        let draw = |cells: &[Option<String>; 4]| {
            cells.iter().map(|cell| cell.as_deref().unwrap_or("_")).collect::<Vec<_>>().join(" | ")
        };
        let expected = case.expected.get(at).map_or("(nothing)".into(), draw);
        let read = found.get(at).map_or("(nothing)".into(), |indicator| draw(&cells(indicator)));
        if expected == read {
            out += &format!("    {expected}\n");
        } else {
            let doubt = found.get(at).and_then(|indicator| indicator.confidence);
            let repair = found.get(at).and_then(|indicator| Some(indicator.repair.as_ref()?.kind.name()));
            out += &format!("  + {expected}\n  - {read} {repair:?} {doubt:?}\n");
        }
    }
    out
}

fn cells(indicator: &Indicator) -> [Option<String>; 4] {
    let level = |at: usize| Some(indicator.levels.get(at)?.as_ref()?.text.clone());
    [level(0), level(1), level(2), indicator.target.as_ref().map(|target| target.text.clone())]
}

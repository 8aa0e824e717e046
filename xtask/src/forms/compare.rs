//! What one reading of a form has in common with another, and what it says where
//! it differs.

use std::collections::BTreeSet;

use formgrid_model::{Indicator, Record, Severity, Value};

/// What is read: fields with a value, and indicators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) fields: usize,
    pub(super) indicators: usize,
}

/// How a form read in another layout differs from the same form as it was.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// What is the same.
    pub(super) same: Count,
    /// Values that are null, and indicators that are not there.
    pub(super) lost: Count,
    /// Other values, and indicators that the form has not.
    pub(super) wrong: Count,
    /// Those of them of which no warning, repair or doubt speaks.
    pub(super) silent: Count,
    /// The codes of the warnings of the record.
    pub(super) codes: BTreeSet<&'static str>,
    /// Whether a cell ended in no place or in two.
    pub(super) is_unbalanced: bool,
}

impl Count {
    /// Adds another count.
    pub(super) fn add(&mut self, other: Count) {
        self.fields += other.fields;
        self.indicators += other.indicators;
    }

    /// What a record holds.
    pub(super) fn of(record: &Record) -> Count {
        let fields = record.fields.iter().filter(|field| field.value.is_some()).count();
        Count { fields, indicators: record.indicators.len() }
    }
}

/// Compares a reading with what is true.
pub(super) fn compare(truth: &Record, other: &Record) -> Difference {
    let warnings = || other.diagnostics.iter().filter(|found| found.problem.severity() >= Severity::Warning);
    let is_told = |line: u32| warnings().any(|found| found.line == line);
    let mut difference = Difference {
        codes: warnings().map(|found| found.problem.code()).collect(),
        is_unbalanced: !other.account.is_balanced(),
        ..Difference::default()
    };
    let Difference { same, lost, wrong, silent, .. } = &mut difference;
    for field in &truth.fields {
        let read = other.fields.iter().find(|other| other.key == field.key);
        let value: Option<&Value> = read.and_then(|read| read.value.as_ref());
        match (&field.value, value) {
            (one, other) if one.as_ref() == other => same.fields += usize::from(one.is_some()),
            (_, None) => lost.fields += 1,
            _ => {
                wrong.fields += 1;
                let place = read.and_then(|read| read.place.as_ref());
                silent.fields += usize::from(!place.is_some_and(|place| is_told(place.line)));
            }
        }
    }
    let mut rest = other.indicators.iter();
    for indicator in &truth.indicators {
        let mut ahead = rest.clone();
        if ahead.any(|other| texts(other) == texts(indicator)) {
            rest = ahead;
            same.indicators += 1;
        }
    }
    lost.indicators = truth.indicators.len() - same.indicators;
    let mut unmet: Vec<_> = truth.indicators.iter().map(texts).collect();
    for indicator in &other.indicators {
        if let Some(at) = unmet.iter().position(|truth| *truth == texts(indicator)) {
            unmet.remove(at);
            continue;
        }
        wrong.indicators += 1;
        let Indicator { confidence, repair, .. } = indicator;
        let is_doubted = confidence.is_some() || repair.is_some() || is_told(indicator.line);
        silent.indicators += usize::from(!is_doubted);
    }
    difference
}

/// What an indicator says.
fn texts(indicator: &Indicator) -> Vec<Option<&str>> {
    let Indicator { levels, target, further, .. } = indicator;
    let parts = levels.iter().chain(further.iter().map(|(_, part)| part));
    let parts = parts.map(|part| part.as_ref().map(|part| &*part.text));
    parts.chain([target.as_ref().map(|target| &*target.text)]).collect()
}

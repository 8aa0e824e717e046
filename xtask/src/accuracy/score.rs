//! Counting what was read right, and what was wrong without a word.

use std::collections::BTreeMap;

use formgrid_model::{Indicator, Record};

use super::damage::Case;
use super::document::{Document, forward_fill};
use super::proof::{is_possible, texts};
use super::truth::Words;

/// What was counted over many forms.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) rows: u64,
    pub(crate) exact: u64,
    pub(crate) forms: u64,
    pub(crate) exact_forms: u64,
    /// Rows of undamaged grids that claim a repair.
    pub(crate) false_repairs: u64,
    /// Rows with a confidence below 1.
    pub(crate) doubts: u64,
    /// Wrong rows without repair, doubt or diagnostic on their line; rows that
    /// are none of the form are among them.
    pub(crate) silent: u64,
    /// Wrong rows of forms whose reading is possible: another source gives the
    /// same document.
    pub(crate) undecidable: u64,
    /// Rows that forward fill has right.
    pub(crate) filled: u64,
    /// Rows, and wrong ones, by what the reader says of them.
    pub(crate) bands: [(u64, u64); BANDS.len()],
}

/// The bands of confidence, by their lower ends. A row without one is sure.
pub(crate) const BANDS: [(f64, &str); 5] = [
    (0.0, "below 0.5"),
    (0.5, "0.5 to 0.8"),
    (0.8, "0.8 to 0.95"),
    (0.95, "0.95 to 0.99"),
    (0.99, "0.99 or none stated"),
];

/// One form as it was read.
pub(crate) struct Read<'r> {
    pub(crate) case: &'r Case,
    pub(crate) words: Words,
    pub(crate) document: &'r Document,
    pub(crate) records: &'r [Record],
}

impl Score {
    /// Adds one form; returns whether all of it is right.
    pub(crate) fn add(&mut self, read: &Read<'_>) -> bool {
        let Read { case, words, document, records } = read;
        let filled = forward_fill(case);
        let mut wrong = 0;
        let mut by_line = read.by_line();
        for (at, (row, line)) in case.rows.iter().zip(&document.lines).enumerate() {
            let Some(expected) = &row.expected else { continue };
            let found = by_line.remove(line);
            // A row that fell off as a whole may be found, and need not be.
            if found.is_none() && row.is_blank() {
                continue;
            }
            let is_exact = found.is_some_and(|found| texts(found, &case.shape) == *expected);
            self.rows += 1;
            self.exact += u64::from(is_exact);
            self.filled += u64::from(filled.get(at) == Some(expected));
            wrong += u64::from(!is_exact);
            self.tell(read, found, *line, is_exact);
        }
        // What is left is no row of the form.
        for (line, found) in by_line {
            wrong += 1;
            self.tell(read, Some(found), line, false);
        }
        let found: Vec<&Indicator> = read.indicators().collect();
        wrong += found.len().abs_diff(read.by_line().len()) as u64;
        let is_exact = wrong == 0 && records.len() == 1;
        self.forms += 1;
        self.exact_forms += u64::from(is_exact);
        self.doubts += found.iter().filter(|indicator| indicator.confidence.is_some()).count() as u64;
        if !case.is_damaged {
            self.false_repairs += found.iter().filter(|indicator| indicator.repair.is_some()).count() as u64;
        }
        if wrong > 0 && is_possible(case, *words, document, &found) {
            self.undecidable += wrong;
        }
        is_exact
    }

    /// Counts how sure the reader is of a row, and whether it says a word.
    fn tell(&mut self, read: &Read<'_>, found: Option<&Indicator>, line: u32, is_exact: bool) {
        let is_silent = !is_exact && !read.is_told(found, line);
        self.silent += u64::from(is_silent);
        let confidence = match found {
            Some(found) => found.confidence.unwrap_or(1.0),
            // A row that is missing: a word about it is a doubt.
            None if is_silent => 1.0,
            None => 0.0,
        };
        let band = BANDS.iter().rposition(|(least, _)| confidence >= *least).unwrap_or(0);
        self.bands[band].0 += 1;
        self.bands[band].1 += u64::from(!is_exact);
    }

    /// Adds up.
    pub(crate) fn merge(&mut self, other: &Score) {
        self.rows += other.rows;
        self.exact += other.exact;
        self.forms += other.forms;
        self.exact_forms += other.exact_forms;
        self.false_repairs += other.false_repairs;
        self.doubts += other.doubts;
        self.silent += other.silent;
        self.undecidable += other.undecidable;
        self.filled += other.filled;
        for (band, (rows, wrong)) in self.bands.iter_mut().zip(other.bands) {
            *band = (band.0 + rows, band.1 + wrong);
        }
    }
}

impl Read<'_> {
    fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.records.iter().flat_map(|record| &record.indicators)
    }

    /// Whether anything is said of a row: a repair, a doubt or a diagnostic.
    fn is_told(&self, found: Option<&Indicator>, line: u32) -> bool {
        let mut diagnostics = self.records.iter().flat_map(|record| &record.diagnostics);
        found.is_some_and(|found| found.repair.is_some() || found.confidence.is_some())
            || diagnostics.any(|diagnostic| diagnostic.line == line)
    }

    /// The first indicator of each line.
    fn by_line(&self) -> BTreeMap<u32, &Indicator> {
        let mut by_line = BTreeMap::new();
        for indicator in self.indicators() {
            by_line.entry(indicator.line).or_insert(indicator);
        }
        by_line
    }

    /// Draws the document, and what was expected beside what was read.
    pub(crate) fn explain(&self) -> String {
        let Read { case, document, records, .. } = self;
        let draw = |cells: &[Option<String>]| {
            cells.iter().map(|cell| cell.as_deref().unwrap_or("_")).collect::<Vec<_>>().join(" | ")
        };
        let mut out = format!("{} ({} wrong spans)\n{}", case.layout.name(), case.wrong_spans, document.text);
        let mut by_line = self.by_line();
        let expected = case.rows.iter().map(|row| row.expected.as_deref());
        let mut lines: BTreeMap<u32, Option<&[Option<String>]>> =
            document.lines.iter().copied().zip(expected).collect();
        by_line.keys().for_each(|line| _ = lines.entry(*line).or_insert(None));
        for (line, expected) in lines {
            let found = by_line.remove(&line);
            let read = found.map(|found| texts(found, &case.shape));
            if read.as_deref() == expected {
                out += &expected.map_or(String::new(), |row| format!("    {line:>3}  {}\n", draw(row)));
                continue;
            }
            let mut said: Vec<String> = Vec::new();
            said.extend(found.and_then(|found| Some(found.repair.as_ref()?.kind.name().to_owned())));
            said.extend(found.and_then(|found| Some(found.confidence?.to_string())));
            if !self.is_told(found, line) {
                said.push("SILENT".to_owned());
            }
            out += &format!("  + {line:>3}  {}\n", expected.map_or("(no row)".into(), draw));
            let read = read.as_deref().map_or("(nothing)".into(), draw);
            out += &format!("  -      {read}  {}\n", said.join(" "));
        }
        let told = records.iter().flat_map(|record| &record.diagnostics);
        told.filter(|told| document.lines.contains(&told.line))
            .for_each(|told| out += &format!("  ! {}: {told}\n", told.line));
        let found: Vec<&Indicator> = self.indicators().collect();
        if is_possible(case, self.words, document, &found) {
            out += "  another source gives the same document: this reading of it\n";
        }
        out
    }
}

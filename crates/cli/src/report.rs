//! What standard error says: diagnostics, progress, the closing summary.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr};

use clap::builder::styling::{AnsiColor, Style};
use formgrid_model::{Diagnostic, Problem, Record, Severity};
use formgrid_write::Written;
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Color;

/// Which diagnostics are shown, and how.
#[derive(Debug, Clone, Copy)]
pub struct Taste {
    /// The least severity that is shown.
    pub least: Severity,
    /// Whether in colour.
    pub is_coloured: bool,
}

/// How often the same is said of one document, unless all is to be shown: damage
/// may be in each of its rows.
const MOST_SAID: u64 = 100;

/// What says all that is to be said of one document.
#[derive(Debug)]
pub struct Voice<'n> {
    name: &'n str,
    taste: Taste,
    /// How often each kind of diagnostic was to be shown, by severity and code.
    said: BTreeMap<(Reverse<Severity>, &'static str), u64>,
}

/// What was found, counted. Each document is in exactly one of `with_forms`,
/// `without_form` and `failed`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub documents: u64,
    pub with_forms: u64,
    pub without_form: u64,
    /// Documents of which nothing could be read.
    pub failed: u64,
    pub forms: u64,
    pub indicators: u64,
    pub repaired: u64,
    /// Rows of which a value or more was lost in the export.
    pub lost: u64,
    pub unmapped: u64,
    /// Cells outside any form.
    pub outside: u64,
    /// Documents in which these were not counted, since they were not read.
    pub uncounted: u64,
    pub warnings: u64,
    pub errors: u64,
}

/// The report of a run, fed in the order of the documents.
pub struct Report {
    counts: Counts,
    progress: ProgressBar,
    /// The one document so far, if it has no form, and what is said of it.
    formless: Option<(String, Diagnostic)>,
}

impl Taste {
    /// Appends one line to a text if it is to be shown:
    /// `path:line:column: severity[code]: message`.
    pub fn write(self, into: &mut String, name: &str, diagnostic: &Diagnostic) {
        let severity = diagnostic.problem.severity();
        if severity < self.least {
            return;
        }
        let style = self.style(severity);
        let Diagnostic { problem, line, column } = diagnostic;
        let mut place = printable(name, usize::MAX);
        if *line > 0 {
            write!(place, ":{line}").ok();
            if let Some(column) = column {
                write!(place, ":{column}").ok();
            }
        }
        let kind = format!("{}[{}]", severity.name(), problem.code());
        let message = printable(&problem.to_string(), 400);
        writeln!(into, "{place}: {style}{kind}{style:#}: {message}").ok();
    }

    fn style(self, severity: Severity) -> Style {
        let color = match severity {
            Severity::Info => AnsiColor::Cyan,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Error => AnsiColor::Red,
        };
        if self.is_coloured { color.on_default().bold() } else { Style::new() }
    }
}

impl<'n> Voice<'n> {
    /// For a document of this name.
    pub fn new(name: &'n str, taste: Taste) -> Self {
        Voice { name, taste, said: BTreeMap::new() }
    }

    /// Appends a line to a text if it is to be shown, and was not too often.
    pub fn say(&mut self, into: &mut String, diagnostic: &Diagnostic) {
        let severity = diagnostic.problem.severity();
        if severity < self.taste.least {
            return;
        }
        let count = self.said.entry((Reverse(severity), diagnostic.problem.code())).or_default();
        *count += 1;
        if *count <= MOST_SAID || self.taste.least == Severity::Info {
            self.taste.write(into, self.name, diagnostic);
        }
    }

    /// Appends how much was not shown.
    pub fn end(self, into: &mut String) {
        for ((Reverse(severity), code), count) in self.said {
            if count > MOST_SAID && self.taste.least > Severity::Info {
                let (style, kind) = (self.taste.style(severity), severity.name());
                let (name, more) = (printable(self.name, usize::MAX), count - MOST_SAID);
                writeln!(
                    into,
                    "{name}: {style}{kind}[{code}]{style:#}: {more} more like these; -v shows all"
                )
                .ok();
            }
        }
    }
}

impl Counts {
    /// Counts a form and all that is in it.
    pub fn add_record(&mut self, record: &Record) {
        self.forms += 1;
        self.indicators += record.indicators.len() as u64;
        self.repaired +=
            record.indicators.iter().filter(|indicator| indicator.repair.is_some()).count() as u64;
        self.unmapped += record.unmapped.len() as u64;
        let is_lost = |found: &&Diagnostic| {
            matches!(found.problem, Problem::ValueLost { .. } | Problem::CellsLost { .. })
        };
        let mut lines: Vec<u32> = record.diagnostics.iter().filter(is_lost).map(|found| found.line).collect();
        lines.dedup();
        self.lost += lines.len() as u64;
        self.add_diagnostics(&record.diagnostics);
    }

    /// Counts by severity.
    pub fn add_diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        for found in diagnostics {
            match found.problem.severity() {
                Severity::Info => {}
                Severity::Warning => self.warnings += 1,
                Severity::Error => self.errors += 1,
            }
        }
    }

    fn add(&mut self, other: &Counts) {
        let Counts {
            documents,
            with_forms,
            without_form,
            failed,
            forms,
            indicators,
            repaired,
            lost,
            unmapped,
            outside,
            uncounted,
            warnings,
            errors,
        } = *other;
        self.documents += documents;
        self.with_forms += with_forms;
        self.without_form += without_form;
        self.failed += failed;
        self.forms += forms;
        self.indicators += indicators;
        self.repaired += repaired;
        self.lost += lost;
        self.unmapped += unmapped;
        self.outside += outside;
        self.uncounted += uncounted;
        self.warnings += warnings;
        self.errors += errors;
    }
}

impl Report {
    /// Begins a report; progress is shown on a terminal only.
    pub fn new(is_quiet: bool) -> Report {
        let progress = if stderr().is_terminal() && !is_quiet {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        // How many documents there are is not known before the last one.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} documents in {elapsed}, {msg}") {
            progress.set_style(style);
        }
        Report { counts: Counts::default(), progress, formless: None }
    }

    /// Takes the next part of a document: lines to show and what to count.
    /// `notice` is what is to be said of a document that is alone and has no
    /// form.
    pub fn take(&mut self, name: &str, lines: &str, counts: &Counts, notice: Option<Diagnostic>) {
        self.counts.add(counts);
        if self.counts.documents == 1 && counts.without_form == 1 {
            self.formless = notice.map(|notice| (name.to_owned(), notice));
        }
        if !lines.is_empty() {
            self.progress.suspend(|| say(lines));
        }
        self.progress.inc(counts.documents);
        self.progress.set_message(format!("{} forms", self.counts.forms));
    }

    /// Ends the report with the summary.
    pub fn close(self, taste: Taste, written: Written) -> Counts {
        self.progress.finish_and_clear();
        if taste.least == Severity::Error {
            return self.counts;
        }
        // Someone who names one file wants to know why nothing came out.
        if let Some((name, notice)) =
            self.formless.filter(|_| self.counts.documents == 1 && taste.least > Severity::Info)
        {
            let mut line = String::new();
            Taste { least: Severity::Info, ..taste }.write(&mut line, &name, &notice);
            say(&line);
        }
        say(&summary(&self.counts, written));
        self.counts
    }
}

/// Writes to standard error, all that this program says there. Whether anybody
/// reads it, or it is full, is no matter of the run: such errors are passed
/// over.
pub fn say(text: &str) {
    stderr().write_all(text.as_bytes()).ok();
}

/// Text fit for one line of a terminal: control characters made visible, and
/// no longer than so many characters.
pub fn printable(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most));
    for (index, char) in text.chars().enumerate() {
        if index == most {
            out.push('…');
            break;
        }
        match char {
            '\n' => out.push('↵'),
            // What would move the cursor or turn the line around.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.extend(char.escape_unicode()),
            char if char.is_control() => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
    out
}

fn summary(counts: &Counts, written: Written) -> String {
    let Counts {
        documents,
        with_forms,
        without_form,
        failed,
        forms,
        indicators,
        repaired,
        lost,
        unmapped,
        outside,
        uncounted,
        warnings,
        errors,
    } = *counts;
    let not_counted = match uncounted {
        0 => String::new(),
        count => format!(", not counted in {} without a form's words", several(count, "document")),
    };
    let mut text = format!(
        "formgrid: {} = {with_forms} with forms + {without_form} without + {failed} failed\n\
         formgrid: {}, {} ({repaired} repaired, {lost} with lost values), {} unmapped\n\
         formgrid: {} outside any form{not_counted}; {}, {}\n",
        several(documents, "document"),
        several(forms, "form"),
        several(indicators, "indicator"),
        several(unmapped, "text"),
        several(outside, "cell"),
        several(warnings, "warning"),
        several(errors, "error"),
    );
    if written.repeated > 0 {
        let repeated = written.repeated;
        writeln!(text, "formgrid: {} the same as before, in the tables once", several(repeated, "form")).ok();
    }
    text
}

/// A number with its noun.
pub fn several(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl Color {
    /// The taste of messages on standard error.
    pub fn taste(self, is_quiet: bool, is_verbose: bool) -> Taste {
        let least = match (is_quiet, is_verbose) {
            (true, _) => Severity::Error,
            (_, true) => Severity::Info,
            _ => Severity::Warning,
        };
        Taste { least, is_coloured: self.is_on(stderr().is_terminal()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(diagnostic: Diagnostic, expected: &str) {
        let mut text = String::new();
        Taste { least: Severity::Warning, is_coloured: false }.write(&mut text, "a/b.txt", &diagnostic);
        assert_eq!(text, expected);
    }

    #[test]
    fn lines_begin_with_the_place() {
        let lost = Problem::ValueLost { indicator: "a\nb\u{1b}[0m".into() };
        check(
            Diagnostic::at_cell(lost.clone(), 44, 4),
            "a/b.txt:44:4: warning[value-lost]: the value of \"a↵b\\u{1b}[0m\" was cut off in the export; it is null\n",
        );
        let why = "a NUL byte at offset 3".into();
        check(
            Diagnostic::at_line(Problem::NotText { why }, 0),
            "a/b.txt: error[not-text]: not a text document: a NUL byte at offset 3\n",
        );
        check(Diagnostic::at_line(Problem::NoForm, 0), "");
    }

    #[test]
    fn what_is_said_of_each_row_is_counted() {
        let (mut text, mut voice) =
            (String::new(), Voice::new("a", Taste { least: Severity::Warning, is_coloured: false }));
        let why = "x".to_owned();
        for line in 1..=103 {
            voice.say(&mut text, &Diagnostic::at_line(Problem::NoForm, line));
            let problem = Problem::UnreadableRow { why: why.clone() };
            voice.say(&mut text, &Diagnostic::at_line(problem, line));
        }
        voice.end(&mut text);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 101);
        assert!(lines[99].starts_with("a:100: error[unreadable-row]: "), "{}", lines[99]);
        assert_eq!(lines[100], "a: error[unreadable-row]: 3 more like these; -v shows all");
    }

    #[test]
    fn summary_adds_up() {
        let counts = Counts { documents: 3, with_forms: 1, without_form: 1, failed: 1, ..Counts::default() };
        let text = summary(&counts, Written { records: 2, repeated: 1 });
        assert!(text.starts_with("formgrid: 3 documents = 1 with forms + 1 without + 1 failed\n"), "{text}");
        assert!(text.ends_with("formgrid: 1 form the same as before, in the tables once\n"), "{text}");
    }
}

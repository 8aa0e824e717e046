//! Forms whose cells stand one to a line: labels and values take turns, and the
//! header of the grid goes down instead of across.
//!
//! A label has its value in the line after it. A value of several lines goes on
//! to the next label; a blank one leaves no line, so that the next label
//! follows at once. Only what the profile knows, or what ends with a colon, is
//! a label: there is no position to tell one by.

use std::ops::Range;

use formgrid_model::{Cell, Piece, Row, Source};
use formgrid_profile::{GridRule, Kind, Profile, unnumbered};

use crate::grid::columns::Columns;
use crate::pairs::{Look, Pair, inline, look, unknown_inline};

/// Headers that the profile does not know, at the end of a stacked header.
const MOST_UNKNOWN: usize = 3;

/// Labels without a value that may begin a stack.
const FEW: usize = 16;

/// Lines that belong together: a label with its value, or a text alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The lines, by their index.
    pub(crate) lines: Range<usize>,
    /// The labels of the first line, the last of which has the other lines;
    /// none if the text is alone.
    pub(crate) pairs: Vec<Pair>,
}

/// How many of these rows, from the first on, are cells of one stack: a header
/// that goes down, or labels that have their values below them. None if the
/// first row is as rows usually are.
pub(crate) fn stacked_rows(rows: &[(Piece, Row<'_>)], profile: &Profile) -> usize {
    let Some((piece, _)) = rows.first() else { return 0 };
    let run = rows.iter().take_while(|(other, row)| other == piece && is_alone(row));
    // Few rows tell; to look at all of them for each would take too long.
    let mut looks = run.clone().take(FEW).map(|(_, row)| look(&row.cells[0], profile));
    let is_stack = match piece {
        Piece::GridHeader => looks.nth(1).is_some(),
        Piece::Labels => {
            let is_label = |look| matches!(look, Look::Known(_) | Look::KnownWithColon(_) | Look::Colon);
            looks.next().is_some_and(is_label) && looks.any(|look| look == Look::Text)
        }
        Piece::Caption | Piece::Grid => false,
    };
    if is_stack { run.count() } else { 0 }
}

/// Whether a row is a line with one cell.
fn is_alone(row: &Row<'_>) -> bool {
    row.cells.len() == 1 && matches!(row.source, Source::Line { .. })
}

/// A header that goes down, as the row that it was.
pub(crate) fn stacked_header<'t>(rows: &[&Row<'t>]) -> Row<'t> {
    let cells = rows.iter().flat_map(|row| row.filled());
    Row::line(cells.cloned().collect())
}

/// How many of the lines below a stacked header are headers, too, that the
/// profile does not know: what stands before the first word of the first level
/// can be nothing else.
pub(crate) fn unknown_heads(lines: &[&Row<'_>], columns: &Columns, rule: &GridRule) -> usize {
    let Some(&first) = columns.levels.first() else { return 0 };
    let text = |at: usize| lines.get(at).and_then(|row| row.filled().next()).map(|cell| &*cell.text);
    let is_word = |at: usize| text(at).is_some_and(|text| rule.levels_of(text).next().is_some());
    let is_first = |at: usize| text(at).is_some_and(|text| rule.levels_of(text).eq([first]));
    let heads = (0..=MOST_UNKNOWN).find(|&at| is_word(at)).unwrap_or(0);
    if is_first(heads) { heads } else { 0 }
}

/// Reads labels and values that stand one to a line.
pub(crate) fn stacked_pairs(cells: &[&Cell<'_>], profile: &Profile) -> Vec<Entry> {
    let looks: Vec<Look> = cells.iter().map(|cell| look(cell, profile)).collect();
    // Where labels end with colons, a line without one is a value that reads
    // like a label.
    let has_colons = looks.iter().any(|look| matches!(look, Look::KnownWithColon(_)));
    let mut entries: Vec<Entry> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let text = &*cell.text;
        let is_next_numbered = cells.get(at + 1).is_some_and(|next| is_numbered(&next.text));
        let last = entries.last_mut();
        let pairs = match looks[at] {
            Look::KnownWithColon(label) => vec![alone(text, at, Some(label))],
            Look::Known(label) if !has_colons || !awaits(last.as_deref()) => {
                vec![alone(text, at, Some(label))]
            }
            Look::Inline if !goes_on(last.as_deref(), cells, text) => inline(text, profile, at),
            // A line with a colon may announce the list below it.
            Look::Colon if !is_next_numbered || last.is_none() => vec![alone(text, at, None)],
            Look::Text if !goes_on(last.as_deref(), cells, text) => {
                unknown_inline(text, at).filter(|_| !awaits(last.as_deref())).into_iter().collect()
            }
            _ => Vec::new(),
        };
        match entries.last_mut() {
            Some(entry) if pairs.is_empty() && entry.takes(profile) => entry.take(at, text),
            _ => entries.push(Entry { lines: at..at + 1, pairs }),
        }
    }
    entries
}

impl Entry {
    /// Whether a further line can belong to it: it has no value yet, or one
    /// that is a text.
    fn takes(&self, profile: &Profile) -> bool {
        let Some(pair) = self.pairs.last() else { return false };
        let is_text = pair.known.is_none_or(|label| profile.fields[label.field].kind == Kind::Text);
        pair.text.is_empty() || is_text
    }

    /// Takes a line: the value, or more of it.
    fn take(&mut self, line: usize, text: &str) {
        self.lines.end = line + 1;
        if let Some(pair) = self.pairs.last_mut().filter(|pair| pair.text.is_empty()) {
            pair.text = text.to_owned();
            pair.value_cell = line;
        }
    }
}

/// A label that stands alone in its line.
fn alone(text: &str, at: usize, known: Option<formgrid_profile::Label>) -> Pair {
    Pair { label: text.to_owned(), known, text: String::new(), label_cell: at, value_cell: at }
}

/// Whether the last label has no value yet.
fn awaits(last: Option<&Entry>) -> bool {
    last.and_then(|entry| entry.pairs.last()).is_some_and(|pair| pair.text.is_empty())
}

/// Whether a line is the next item of a numbered list that a value is: it may
/// read like a label with its value, and is none.
fn goes_on(last: Option<&Entry>, cells: &[&Cell<'_>], text: &str) -> bool {
    let Some(entry) = last.filter(|entry| !entry.pairs.is_empty()) else { return false };
    is_numbered(text) && cells[entry.lines.clone()].iter().skip(1).any(|cell| is_numbered(&cell.text))
}

fn is_numbered(text: &str) -> bool {
    unnumbered(text) != text
}

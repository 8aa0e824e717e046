//! Label cells and their values.
//!
//! Label and value stand side by side or in one cell, several pairs to a row,
//! in any order. What stands where a label would and is none that the profile
//! knows is a label all the same: its value goes to `unmapped` under it.

use formgrid_model::{Cell, Row};
use formgrid_profile::{Label, Profile, fold, split_inline, split_labels};

/// The longest label that is not known to be one, in characters.
const LONGEST_LABEL: usize = 30;

/// A label with what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    /// The label's text as printed.
    pub(crate) label: String,
    /// What the profile makes of the label.
    pub(crate) known: Option<Label>,
    /// The value's text; blank where the cell is.
    pub(crate) text: String,
    /// The label's cell, by its place in the row.
    pub(crate) label_cell: usize,
    /// The value's cell, which is the label's own where both stand in one.
    pub(crate) value_cell: usize,
}

/// Reads the pairs of a row. Cells that are in no pair are left to the caller.
pub(crate) fn pairs(row: &Row<'_>, profile: &Profile) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let cells = &row.cells;
    let mut at = 0;
    while at < cells.len() {
        let cell = &cells[at];
        if cell.is_blank() {
            at += 1;
            continue;
        }
        let inline = inline(&cell.text, profile, at);
        if !inline.is_empty() {
            pairs.extend(inline);
            at += 1;
            continue;
        }
        let known = profile.label(&cell.text);
        let next = cells.get(at + 1);
        let is_alone = next.is_none_or(|next| next.is_blank() || is_label_cell(next, profile));
        if let (None, true, Some(pair)) = (known, is_alone, unknown_inline(&cell.text, at)) {
            pairs.push(pair);
            at += 1;
            continue;
        }
        if known.is_none() && !is_unknown_label(cell, next, profile) {
            at += 1;
            continue;
        }
        // A label directly before another label has no value of its own.
        let value = next.filter(|next| !is_label_cell(next, profile));
        pairs.push(Pair {
            label: cell.text.to_string(),
            known,
            text: value.map_or(String::new(), |value| value.text.to_string()),
            label_cell: at,
            value_cell: if value.is_some() { at + 1 } else { at },
        });
        at += if value.is_some() { 2 } else { 1 };
    }
    pairs
}

/// The pairs that stand in one cell: known labels with a colon and a text.
pub(crate) fn inline(text: &str, profile: &Profile, at: usize) -> Vec<Pair> {
    let pair = |(label, text): (&str, &str)| Pair {
        label: label.to_owned(),
        known: profile.label(label),
        text: text.to_owned(),
        label_cell: at,
        value_cell: at,
    };
    match split_inline(text) {
        // A label alone, with the colon at its end, has its value beside it.
        Some((label, rest)) if profile.label(label).is_some() && !rest.is_empty() => {
            // Spaces in the first label keep it from being found again.
            let more = split_labels(text, |label| profile.label(label).is_some());
            if more.len() > 1 { more.into_iter().map(pair).collect() } else { vec![pair((label, rest))] }
        }
        _ => Vec::new(),
    }
}

/// An unknown label with its value in one cell: `填表人：张三`.
pub(crate) fn unknown_inline(text: &str, at: usize) -> Option<Pair> {
    let (label, value) = split_inline(text)?;
    // A sentence before a colon is no label.
    let is_label = label.chars().count() <= 15 && !label.contains(['，', '。', '；', ',', ';']);
    (is_label && !value.is_empty()).then(|| Pair {
        label: label.to_owned(),
        known: None,
        text: value.to_owned(),
        label_cell: at,
        value_cell: at,
    })
}

/// Whether a cell of unknown words is a label: it ends with a colon, or it is
/// followed by a cell that is no label itself.
fn is_unknown_label(cell: &Cell<'_>, next: Option<&Cell<'_>>, profile: &Profile) -> bool {
    // A colon alone is no label.
    let is_short = fold(&cell.text).is_some() && cell.text.chars().count() <= LONGEST_LABEL;
    is_short && (ends_with_colon(&cell.text) || next.is_some_and(|next| !is_label_cell(next, profile)))
}

fn is_label_cell(cell: &Cell<'_>, profile: &Profile) -> bool {
    let is_known = profile.label(&cell.text).is_some();
    is_known || ends_with_colon(&cell.text) || !inline(&cell.text, profile, 0).is_empty()
}

fn ends_with_colon(text: &str) -> bool {
    text.ends_with([':', '：']) && text.chars().count() <= LONGEST_LABEL && fold(text).is_some()
}

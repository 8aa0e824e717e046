//! A profile to start from, drawn from a form that no profile knows.

use std::collections::HashSet;

use formgrid_model::{Form, Piece, Record, Row};
use formgrid_profile::{Draft, DraftLevel, Profile, Profiles, reads_like_title};

use crate::pairs::{Wide, inline, is_beside, pairs, unknown_inline};

/// A level with more words than this has no vocabulary.
const MOST_WORDS: usize = 40;

/// What a form says about itself, as a profile: its title, headings, labels,
/// the headers of its grid and the words of its levels. Labels and headers that
/// mean the same in all profiles have their keys; others get a number.
pub fn draft(form: &Form<'_>, records: &[Record], profiles: &Profiles) -> Draft {
    let profile = profiles.generic();
    let mut draft = Draft::default();
    let mut seen = HashSet::new();
    for (piece, row) in &form.rows {
        match piece {
            Piece::Caption => caption(&mut draft, row, profile, &mut seen),
            Piece::Labels => {
                for pair in pairs(row, profile, &Wide::new()) {
                    label(&mut draft, &pair.label, profile, &mut seen);
                }
                let beside = (0..row.cells.len()).filter(|&at| is_beside(&row.cells, at));
                let sides = beside.map(|at| row.cells[at].text.to_string());
                draft.sides.extend(sides.filter(|side| profile.label(side).is_none()));
            }
            Piece::GridHeader => header(&mut draft, row, form, profile, &mut seen),
            Piece::Grid => {}
        }
    }
    let last = draft.levels.len().saturating_sub(1);
    for (at, level) in draft.levels.iter_mut().enumerate().take(last) {
        let indicators = records.iter().flat_map(|record| &record.indicators);
        let words = indicators.filter_map(|indicator| indicator.levels.get(at)?.as_ref());
        for word in words {
            if level.words.len() < MOST_WORDS && !level.words.contains(&word.text) {
                level.words.push(word.text.clone());
            }
        }
    }
    draft
}

fn caption(draft: &mut Draft, row: &Row<'_>, profile: &Profile, seen: &mut HashSet<String>) {
    for line in row.filled().flat_map(|cell| cell.text.lines()).map(str::trim) {
        let known = inline(line, profile, 0);
        let pairs = if known.is_empty() { Vec::from_iter(unknown_inline(line, 0)) } else { known };
        for pair in &pairs {
            label(draft, &pair.label, profile, seen);
        }
        if draft.title.is_none() && reads_like_title(line) {
            draft.title = Some(line.to_owned());
        } else if pairs.is_empty() && !line.is_empty() && seen.insert(line.to_owned()) {
            draft.headings.push(line.to_owned());
        }
    }
}

fn label(draft: &mut Draft, text: &str, profile: &Profile, seen: &mut HashSet<String>) {
    if seen.insert(text.trim_end_matches([':', '：']).trim().to_owned()) {
        let key = profile.label(text).map(|label| profile.fields[label.field].key.clone());
        draft.fields.push((key, text.to_owned()));
    }
}

fn header(draft: &mut Draft, row: &Row<'_>, form: &Form<'_>, profile: &Profile, seen: &mut HashSet<String>) {
    for cell in row.filled() {
        let text = cell.text.to_string();
        if !seen.insert(format!("header {text}")) {
            continue;
        }
        match profile.grid.header(&text) {
            // What heads a level in another form heads a column behind one here.
            Some(Ok(_)) if !draft.columns.is_empty() => draft.columns.push((None, text)),
            Some(Ok(_)) => draft.levels.push(DraftLevel { header: text, words: Vec::new() }),
            Some(Err(column)) => draft.columns.push((Some(profile.grid.columns[column].key.clone()), text)),
            // What stands left of the first level and changes from row to row is
            // a project's; what does not is beside the grid.
            None if draft.levels.is_empty() && is_varied(form, cell.column) => {
                let key = profile.label(&text).map(|label| profile.fields[label.field].key.clone());
                draft.projects.push((key, text));
            }
            None if draft.levels.is_empty() => draft.sides.push(text),
            None => draft.columns.push((None, text)),
        }
    }
}

/// Whether the rows of the grid say different things in a column.
fn is_varied(form: &Form<'_>, column: u32) -> bool {
    let rows = form.rows.iter().filter(|(piece, _)| *piece == Piece::Grid);
    let mut texts = rows.flat_map(|(_, row)| row.filled()).filter(|cell| cell.column == column);
    let first = texts.next();
    first.is_some_and(|first| texts.any(|cell| cell.text != first.text))
}

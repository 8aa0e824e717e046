//! Which profile a form is of.
//!
//! Every word of the form is looked up once, in the index of all profiles, and
//! gives points to those that know it. The points are few and fixed:
//!
//! | what | points | why |
//! |---|---|---|
//! | the title | 320 | it names the form |
//! | a column of the grid for the names of projects | 480 | nothing but a list of projects has it, whatever it is called |
//! | a header of the grid | 80 | headers decide how the grid is read |
//! | a label, or a row or column of a table | 50 | most forms share some of them |
//! | a word of the profile that the form lacks | -1 | a form that extends another one must show it |

use std::collections::HashSet;

use formgrid_model::{Form, Piece};
use formgrid_profile::{Profile, Profiles, caption_lines, reads_like_title, split_inline};

const TITLE: i64 = 320;
const LIST: i64 = 480;
const HEADER: i64 = 80;
const LABEL: i64 = 50;

/// Profiles that differ by less than a label explain a form about as well.
const CLOSE: i64 = 50;

/// What a form is taken for.
pub(crate) struct Recognised<'p> {
    /// The profile that reads it; the generic one if none knows it.
    pub(crate) profile: &'p Profile,
    /// Another profile that explains the form about as well.
    pub(crate) runner_up: Option<&'p Profile>,
}

/// What was found of one profile.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    title: bool,
    /// Whether the grid has the column by which its lists are told apart.
    list: bool,
    headers: u32,
    labels: u32,
}

/// The profile that knows most of a form's words; the first one of equals.
pub(crate) fn recognise<'p>(form: &Form<'_>, profiles: &'p Profiles) -> Recognised<'p> {
    let mut tally = Tally { found: vec![Found::default(); profiles.count()], ..Tally::default() };
    tally.count(form, profiles);
    let points = |(at, found): (usize, &Found)| {
        let Found { title, list, headers, labels } = *found;
        let profile = profiles.at(at as u32);
        let known = HEADER * i64::from(headers) + LABEL * i64::from(labels);
        let named = i64::from(title) * TITLE + i64::from(list) * LIST;
        (named + known - profile.expected() as i64, at)
    };
    // The most points, and the next to most, each with its profile.
    let mut best: Option<(i64, usize)> = None;
    let mut second: Option<(i64, usize)> = None;
    for next in tally.found.iter().enumerate().map(points) {
        if best.is_none_or(|(most, _)| next.0 > most) {
            second = best.replace(next);
        } else if second.is_none_or(|(most, _)| next.0 > most) {
            second = Some(next);
        }
    }
    let known = best.filter(|(_, at)| tally.is_known(tally.found[*at]));
    let Some((most, at)) = known else {
        return Recognised { profile: profiles.generic(), runner_up: None };
    };
    // Where points do not tell two profiles apart, the words of the grid may.
    let close = second.filter(|&(points, other)| {
        most - points < CLOSE
            && tally.found[other].title == tally.found[at].title
            && tally.is_known(tally.found[other])
    });
    let words = |at: usize| known_words(form, profiles.at(at as u32));
    let (at, second) = match close {
        Some((_, other)) if words(other) > words(at) => (other, Some((most, at))),
        _ => (at, second),
    };
    let profile = profiles.at(at as u32);
    let runner_up = second
        .filter(|(points, other)| {
            // Who has the title is the one, unless both have it.
            most - points < CLOSE && tally.found[*other].title == tally.found[at].title
        })
        .map(|(_, other)| profiles.at(other as u32))
        // A profile and the one that it extends read alike what both know.
        .filter(|other| !profile.ancestors.contains(&other.name) && !other.ancestors.contains(&profile.name));
    Recognised { profile, runner_up }
}

/// How many cells of a form's grid are level words of a profile.
fn known_words(form: &Form<'_>, profile: &Profile) -> usize {
    let rows = form.rows.iter().filter(|(piece, _)| *piece == Piece::Grid);
    let cells = rows.flat_map(|(_, row)| row.filled());
    cells.filter(|cell| profile.grid.levels_of(&cell.text).next().is_some()).count()
}

/// The words of a form, counted.
#[derive(Default)]
struct Tally {
    /// By profile.
    found: Vec<Found>,
    /// Whether a line reads like a title that no profile has.
    has_other_title: bool,
    /// Headers of the grid, and how many of them some profile has.
    headers: u32,
    known_headers: u32,
    /// Rows of labels, and how many begin with one that some profile has.
    rows: u32,
    known_rows: u32,
}

impl Tally {
    fn count(&mut self, form: &Form<'_>, profiles: &Profiles) {
        let mut seen: HashSet<&str> = HashSet::new();
        for (piece, row) in &form.rows {
            let mut is_first = true;
            for cell in row.filled() {
                match piece {
                    Piece::Caption => self.caption(&cell.text, &mut seen, profiles),
                    Piece::GridHeader if seen.insert(&cell.text) => {
                        for (found, profile) in self.found.iter_mut().zip(profiles.iter()) {
                            found.list |= profile.grid.heads_projects(&cell.text);
                        }
                        let known = profiles.headed(&cell.text);
                        known.iter().for_each(|&at| self.found[at as usize].headers += 1);
                        self.headers += 1;
                        self.known_headers += u32::from(!known.is_empty());
                    }
                    Piece::Labels => {
                        let is_known = self.label(&cell.text, &mut seen, profiles);
                        // A text that stands alone may be the value of the
                        // label above it.
                        let is_row = is_known || row.cells.len() > 1 || cell.text.ends_with([':', '：']);
                        self.rows += u32::from(is_first && is_row);
                        self.known_rows += u32::from(is_first && is_known);
                    }
                    Piece::GridHeader | Piece::Grid => {}
                }
                is_first = false;
            }
        }
    }

    fn caption<'f>(&mut self, text: &'f str, seen: &mut HashSet<&'f str>, profiles: &Profiles) {
        let is_title = |line: &str| !profiles.titled(line).is_empty() || reads_like_title(line);
        for line in caption_lines(text, is_title, |label| profiles.is_label(label)) {
            let known = profiles.titled(line);
            known.iter().for_each(|&at| self.found[at as usize].title = true);
            self.has_other_title |= known.is_empty() && reads_like_title(line);
            self.label(line, seen, profiles);
        }
    }

    /// Counts a label, alone or with its value behind a colon. Returns whether
    /// any profile has it.
    fn label<'f>(&mut self, text: &'f str, seen: &mut HashSet<&'f str>, profiles: &Profiles) -> bool {
        let mut known = profiles.labelled(text);
        if known.is_empty()
            && let Some((label, _)) = split_inline(text)
        {
            known = profiles.labelled(label);
        }
        if !known.is_empty() && seen.insert(text) {
            known.iter().for_each(|&at| self.found[at as usize].labels += 1);
        }
        !known.is_empty()
    }

    /// Whether a profile of which so much was found knows the form. Without its
    /// title it has to know the form's grid and most of its labels; if the form
    /// has no title at all, two labels or the whole header will do.
    fn is_known(&self, found: Found) -> bool {
        let Found { title, list, headers, labels } = found;
        let has_grid = headers == self.known_headers;
        let is_like = has_grid && labels >= 3 && self.known_rows * 3 >= self.rows * 2;
        let is_nameless = match self.headers {
            0 => labels > 0,
            all => labels >= 2 || headers >= 3 && headers == all,
        };
        title || list || is_like || !self.has_other_title && is_nameless
    }
}

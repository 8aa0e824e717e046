//! Which profile a form is of.

use formgrid_model::{Form, Piece};
use formgrid_profile::{Profile, Profiles};

/// A title says more than any one label.
const TITLE: usize = 8;

/// The profile that knows most of a form's words; the first one of equals.
pub(crate) fn recognise<'p>(form: &Form<'_>, profiles: &'p Profiles) -> Option<&'p Profile> {
    let mut best: Option<(usize, &Profile)> = None;
    for profile in profiles.iter() {
        let score = score(form, profile);
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, profile));
        }
    }
    best.map(|(_, profile)| profile)
}

fn score(form: &Form<'_>, profile: &Profile) -> usize {
    let rows = form.rows.iter().filter(|(piece, _)| *piece != Piece::Grid);
    rows.flat_map(|(piece, row)| row.filled().map(move |cell| (piece, cell)))
        .map(|(piece, cell)| match piece {
            Piece::Caption => {
                TITLE * usize::from(cell.text.lines().any(|line| profile.title(line).is_some()))
            }
            Piece::GridHeader => usize::from(profile.grid.header(&cell.text).is_some()),
            Piece::Labels => usize::from(profile.label(&cell.text).is_some()),
            Piece::Grid => 0,
        })
        .sum()
}

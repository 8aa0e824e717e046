//! Merged cells whose text an export shows in each of their slots, one beside
//! the other: they are one cell again before the form is read.
//!
//! A text that stands beside itself may also be two cells that say the same, as
//! the zeros of two years do. So nothing is joined unless a title or a label of
//! the form stands beside itself, which no cell of its own does; the values of a
//! table are joined below one header only, numbers only beside their label, and
//! columns of a grid only if no row tells them apart.

use std::collections::HashSet;

use formgrid_model::{Cell, Piece, Row};
use formgrid_profile::{GridRule, Profile};

use crate::pairs::{Look, look};

/// Rows of more cells than this are in no form.
const WIDEST: usize = 64;

/// Whether an export of a form shows a merged cell's text in each of its slots:
/// a title, or what the profile knows to be a label, stands beside itself.
pub(crate) fn is_repeating(rows: &[(Piece, Row<'_>)], profile: &Profile) -> bool {
    let is_told = |piece: Piece, cell: &Cell<'_>| match piece {
        Piece::Caption => true,
        Piece::Labels => is_label(cell, profile),
        Piece::GridHeader => profile.grid.horizon(&cell.text).is_some(),
        Piece::Grid => false,
    };
    rows.iter().filter(|(_, row)| row.cells.len() <= WIDEST).any(|(piece, row)| {
        let mut pairs = row.cells.windows(2);
        pairs.any(|pair| is_again(&pair[0], &pair[1]) && is_told(*piece, &pair[0]))
    })
}

/// A row with its equal neighbours joined where `may` says so of the cell left
/// of them and of the two; nothing if there are none.
pub(crate) fn joined<'t>(
    row: &Row<'t>,
    may: impl Fn(Option<&Cell<'t>>, &Cell<'t>, &Cell<'t>) -> bool,
) -> Option<Row<'t>> {
    let is_any = row.cells.windows(2).any(|pair| is_again(&pair[0], &pair[1]));
    if !is_any || row.cells.len() > WIDEST {
        return None;
    }
    let mut cells: Vec<Cell<'t>> = Vec::new();
    for cell in &row.cells {
        let before = cells.len().checked_sub(2).map(|before| &cells[before]);
        let is_same = cells.last().is_some_and(|last| is_again(last, cell) && may(before, last, cell));
        match cells.last_mut().filter(|_| is_same) {
            Some(last) => last.colspan += 1,
            None => cells.push(cell.clone()),
        }
    }
    (cells.len() < row.cells.len()).then_some(Row { source: row.source, cells })
}

/// A row of labels and values with what stands beside itself joined. A row of
/// words that the profile does not know is as it was, unless they are all one.
pub(crate) fn joined_labels<'t>(row: &Row<'t>, profile: &Profile) -> Option<Row<'t>> {
    let is_known = row.filled().any(|cell| is_label(cell, profile));
    let first = row.filled().next()?;
    let is_one = row.filled().all(|cell| cell.text == first.text);
    joined(row, |before, cell, _| {
        let is_value = before.is_some_and(|before| is_label(before, profile));
        is_one || is_known && (is_label(cell, profile) || is_value || reads_like_text(&cell.text))
    })
}

/// The rows of a form with the columns of its grids joined that show one column
/// of the original; `None` for a row that is as it was.
pub(crate) fn joined_grid<'t>(rows: &[(Piece, Row<'t>)], rule: &GridRule) -> Vec<Option<Row<'t>>> {
    let mut all: Vec<Option<Row<'t>>> = vec![None; rows.len()];
    let is_header = |at: usize| rows[at].0 == Piece::GridHeader;
    let starts: Vec<usize> =
        (0..rows.len()).filter(|&at| is_header(at) && (at == 0 || !is_header(at - 1))).collect();
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(rows.len());
        let of_grid = || (start..end).filter(|&at| matches!(rows[at].0, Piece::GridHeader | Piece::Grid));
        let again = columns_again(of_grid().map(|at| &rows[at].1));
        for at in of_grid() {
            let row = &rows[at].1;
            all[at] = match rows[at].0 {
                // A heading above several columns is one again, too.
                Piece::GridHeader => joined(row, |_, cell, next| {
                    again.contains(&next.column) || rule.header(&cell.text).is_none()
                }),
                _ => joined(row, |_, _, next| again.contains(&next.column)).map(|mut row| {
                    row.cells.iter_mut().for_each(|cell| cell.colspan = 1);
                    row
                }),
            };
        }
    }
    all
}

/// The columns that say in every row what the one left of them says, and say it
/// in a header at least.
fn columns_again<'f, 't: 'f>(rows: impl Iterator<Item = &'f Row<'t>>) -> HashSet<u32> {
    let mut again = HashSet::new();
    let mut apart = HashSet::new();
    for row in rows.filter(|row| row.cells.len() <= WIDEST) {
        for pair in row.cells.windows(2) {
            match pair[0].text == pair[1].text {
                true if pair[0].is_blank() => {}
                true => drop(again.insert(pair[1].column)),
                false => drop(apart.insert(pair[1].column)),
            }
        }
    }
    again.retain(|column| !apart.contains(column));
    again
}

/// Whether a cell shows the text of the one left of it once more.
fn is_again(cell: &Cell<'_>, next: &Cell<'_>) -> bool {
    !cell.is_blank()
        && cell.text == next.text
        && next.colspan == 1
        && cell.rowspan == 1
        && next.rowspan == 1
        && cell.column + cell.colspan == next.column
}

/// Whether the profile knows a cell to be a label, or to stand beside labels.
fn is_label(cell: &Cell<'_>, profile: &Profile) -> bool {
    !matches!(look(cell, profile), Look::Text | Look::Colon | Look::Blank)
}

/// Whether two cells hardly say the same by chance: two letters or characters.
fn reads_like_text(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use formgrid_profile::Profiles;

    use super::*;

    fn row(text: &'static str) -> Row<'static> {
        Row::line(text.split('\t').map(Cell::new).collect())
    }

    #[track_caller]
    fn check(text: &'static str, expected: &str) {
        let profiles = Profiles::builtin();
        let profile = profiles.get("national-self-evaluation").unwrap();
        let row = row(text);
        let joined = joined_labels(&row, profile).unwrap_or(row);
        let texts: Vec<&str> = joined.cells.iter().map(|cell| &*cell.text).collect();
        assert_eq!(texts.join("|"), expected);
    }

    #[test]
    fn what_stands_beside_itself_is_one_cell() {
        check("项目名称\t项目名称\t渡口修缮\t渡口修缮\t渡口修缮", "项目名称|渡口修缮");
        check("联系电话\t12\t12", "联系电话|12");
        check("注：一\t注：一\t注：一", "注：一");
    }

    #[test]
    fn what_may_be_two_cells_is_two() {
        check("其他费用\t0\t0", "其他费用|0|0");
        check("张三\t教授\t教授", "张三|教授|教授");
        check("项目名称\t甲\t\t\t甲", "项目名称|甲|||甲");
    }

    #[test]
    fn only_a_label_beside_itself_tells() {
        let profiles = Profiles::builtin();
        let profile = profiles.get("national-self-evaluation").unwrap();
        let repeats = |text: &'static str| is_repeating(&[(Piece::Labels, row(text))], profile);
        assert!(repeats("项目名称\t项目名称\t渡口修缮"));
        assert!(!repeats("项目名称\t渡口修缮\t渡口修缮"));
        assert!(!repeats("0\t0\t0"));
    }

    #[test]
    fn columns_are_one_if_no_row_tells_them_apart() {
        let rows = [row("甲\t甲\t乙\t乙"), row("1\t1\t2\t3"), row("\t\t5\t5")];
        assert_eq!(columns_again(rows.iter()), HashSet::from([2]));
    }
}

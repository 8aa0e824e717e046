//! Box grids for the terminal, merged cells drawn merged.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::printable;

/// A grid to draw. Slots say which text covers them; a border stands wherever
/// two neighbours differ.
#[derive(Debug, Default)]
pub struct Grid {
    /// What stands left of each row, outside the box.
    pub gutter: Vec<String>,
    /// For each row and column the text that covers the slot, if any.
    pub slots: Vec<Vec<Option<usize>>>,
    /// The texts; each is drawn in the first of its slots.
    pub texts: Vec<String>,
}

/// Columns narrower than this hold nothing that can be read.
const NARROWEST: usize = 4;

/// Texts are cut to this many characters before they are measured.
const LONGEST: usize = 300;

/// Draws a grid no wider than `width` columns of the terminal, if that many
/// columns of the grid have room; those on the right are left out otherwise.
pub fn draw(grid: &Grid, width: usize) -> String {
    let gutter = grid.gutter.iter().map(|text| text.width()).max().unwrap_or(0);
    let all = grid.slots.iter().map(Vec::len).max().unwrap_or(0);
    let room = width.saturating_sub(gutter + 1);
    let columns = all.min(most_columns(width));
    let texts: Vec<String> = grid.texts.iter().map(|text| printable(text, LONGEST)).collect();
    let widths = fit(natural(grid, &texts, columns), room.saturating_sub(3 * columns));
    let sheet = Sheet { grid, columns };

    let mut out = String::new();
    for row in 0..=grid.slots.len() {
        let border = format!("{:gutter$}{}", "", sheet.border(row, &widths));
        push_line(&mut out, &border);
        if let Some(left) = grid.gutter.get(row) {
            let pad = gutter - left.width();
            let line = format!("{left}{:pad$}{}", "", sheet.row(row, &widths, &texts));
            push_line(&mut out, &line);
        }
    }
    if all > columns {
        push_line(&mut out, &format!("{:gutter$}… {} more columns to the right", "", all - columns));
    }
    out
}

/// How many columns can be drawn in this width at all.
pub fn most_columns(width: usize) -> usize {
    (width / (NARROWEST + 3)).max(1)
}

/// Cuts a text to a width of the terminal, with an ellipsis where it was cut.
pub fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(char);
    }
    out.push('…');
    out
}

/// The columns of a grid that are drawn.
struct Sheet<'g> {
    grid: &'g Grid,
    columns: usize,
}

impl Sheet<'_> {
    /// The text that covers a slot; rows and columns count from 1, so that what
    /// lies outside can be asked for.
    fn at(&self, row: usize, column: usize) -> Option<usize> {
        if row == 0 || column == 0 || column > self.columns {
            return None;
        }
        self.grid.slots.get(row - 1)?.get(column - 1).copied().flatten()
    }

    /// The border above the row of this index.
    fn border(&self, row: usize, widths: &[usize]) -> String {
        let mut out = String::new();
        for column in 0..=self.columns {
            let corners = [
                self.at(row, column),
                self.at(row, column + 1),
                self.at(row + 1, column),
                self.at(row + 1, column + 1),
            ];
            let [above_left, above_right, below_left, below_right] = corners;
            let up = above_left != above_right;
            let down = below_left != below_right;
            let left = above_left != below_left;
            let right = above_right != below_right;
            out.push(junction(up, down, left, right));
            if let Some(width) = widths.get(column) {
                out.extend(std::iter::repeat_n(if right { '─' } else { ' ' }, width + 2));
            }
        }
        out
    }

    /// The row of this index, with the texts that begin in it.
    fn row(&self, row: usize, widths: &[usize], texts: &[String]) -> String {
        let mut out = String::new();
        let mut column = 1;
        while column <= self.columns {
            let cell = self.at(row + 1, column);
            out.push(if cell == self.at(row + 1, column - 1) { ' ' } else { '│' });
            let mut end = column;
            while cell.is_some() && end < self.columns && self.at(row + 1, end + 1) == cell {
                end += 1;
            }
            let span = &widths[column - 1..end];
            let room = span.iter().sum::<usize>() + 3 * (span.len() - 1);
            let text = cell.filter(|_| self.at(row, column) != cell).map_or("", |cell| &texts[cell]);
            let text = shorten(text, room);
            let pad = room.saturating_sub(text.width());
            out.push_str(&format!(" {text}{:pad$} ", ""));
            column = end + 1;
        }
        out.push(if self.at(row + 1, self.columns).is_some() { '│' } else { ' ' });
        out
    }
}

/// The widths the columns would like to have. A text over several columns
/// widens the last of them.
fn natural(grid: &Grid, texts: &[String], columns: usize) -> Vec<usize> {
    let mut widths = vec![1; columns];
    for pass_spans in [false, true] {
        for row in &grid.slots {
            let mut column = 0;
            while column < row.len().min(columns) {
                let mut end = column + 1;
                while row[column].is_some() && end < row.len().min(columns) && row[end] == row[column] {
                    end += 1;
                }
                if let Some(text) = row[column].filter(|_| (end - column > 1) == pass_spans) {
                    let before = widths[column..end - 1].iter().sum::<usize>() + 3 * (end - 1 - column);
                    widths[end - 1] = widths[end - 1].max(texts[text].width().saturating_sub(before));
                }
                column = end;
            }
        }
    }
    widths
}

/// Narrows the widest columns until all fit.
fn fit(widths: Vec<usize>, room: usize) -> Vec<usize> {
    let total = |most: usize| widths.iter().map(|width| (*width).min(most)).sum::<usize>();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let most = (NARROWEST..=widest).rev().find(|most| total(*most) <= room).unwrap_or(NARROWEST);
    // What is left over goes to columns that were narrowed, from the left.
    let mut left = room.saturating_sub(total(most));
    widths
        .iter()
        .map(|&width| {
            let given = width.saturating_sub(most).min(left);
            left -= given;
            width.min(most) + given
        })
        .collect()
}

fn junction(up: bool, down: bool, left: bool, right: bool) -> char {
    match (up, down, left, right) {
        (false, false, false, false) => ' ',
        (true, true, false, false) => '│',
        (false, false, true, true) => '─',
        (false, true, false, true) => '┌',
        (false, true, true, false) => '┐',
        (true, false, false, true) => '└',
        (true, false, true, false) => '┘',
        (true, true, false, true) => '├',
        (true, true, true, false) => '┤',
        (false, true, true, true) => '┬',
        (true, false, true, true) => '┴',
        (true, true, true, true) => '┼',
        // A border that ends nowhere does not come up: at a corner an even
        // number of neighbours differ, or three.
        (true, false, false, false) => '╵',
        (false, true, false, false) => '╷',
        (false, false, true, false) => '╴',
        (false, false, false, true) => '╶',
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(gutter: &[&str], slots: &[&[Option<usize>]], texts: &[&str], width: usize, expected: &[&str]) {
        let grid = Grid {
            gutter: gutter.iter().map(|&text| text.into()).collect(),
            slots: slots.iter().map(|row| row.to_vec()).collect(),
            texts: texts.iter().map(|&text| text.into()).collect(),
        };
        let drawn = draw(&grid, width);
        assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "\n{drawn}");
    }

    #[test]
    fn merged_cells_are_drawn_merged() {
        let slots: [&[_]; 3] =
            [&[Some(0), Some(0), Some(1)], &[Some(2), Some(3), Some(4)], &[Some(2), Some(5), Some(6)]];
        check(
            &["1 ", "2 ", "33 "],
            &slots,
            &["产出", "a", "b", "c", "d", "", "long"],
            80,
            &[
                "   ┌───────┬──────┐",
                "1  │ 产出  │ a    │",
                "   ├───┬───┼──────┤",
                "2  │ b │ c │ d    │",
                "   │   ├───┼──────┤",
                "33 │   │   │ long │",
                "   └───┴───┴──────┘",
            ],
        );
    }

    #[test]
    fn slots_without_a_cell_are_left_open() {
        check(
            &["", ""],
            &[&[Some(0)], &[Some(1), Some(2)]],
            &["a", "b", "c"],
            80,
            &["┌───┐", "│ a │", "├───┼───┐", "│ b │ c │", "└───┴───┘"],
        );
    }

    #[test]
    fn long_texts_are_cut_to_the_width() {
        check(
            &[""],
            &[&[Some(0), Some(1)]],
            &["上海市科技创业中心", "x"],
            20,
            &["┌──────────────┬───┐", "│ 上海市科技…  │ x │", "└──────────────┴───┘"],
        );
    }

    #[test]
    fn columns_that_have_no_room_are_counted() {
        let slots: Vec<_> = (0..100).map(Some).collect();
        let texts = vec!["abcd"; 100];
        check(
            &[""],
            &[&slots],
            &texts,
            21,
            &[
                "┌──────┬──────┬──────┐",
                "│ abcd │ abcd │ abcd │",
                "└──────┴──────┴──────┘",
                "… 97 more columns to the right",
            ],
        );
    }
}

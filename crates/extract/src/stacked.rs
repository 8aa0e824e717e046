//! Forms whose cells stand one to a line: labels and values take turns, and the
//! header of the grid goes down instead of across.
//!
//! A label has its value in the line after it. A value of several lines goes on
//! to the next label; a blank one leaves no line, so that the next label
//! follows at once. Only what the profile knows, or what ends with a colon, is
//! a label: there is no position to tell one by.

use std::collections::HashMap;
use std::ops::Range;

use formgrid_model::{Cell, Piece, Row, Source};
use formgrid_profile::{GridRule, Kind, Profile, unit_line, unnumbered};

use crate::grid::columns::Columns;
use crate::pairs::{Look, Pair, inline, look, unknown_inline};
use crate::stacked_table::slots;
use crate::value::parse_value;

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

/// How many rows, from this one on, are cells of one stack: a header that goes
/// down, or labels that have their values below them. None if this row is as
/// rows usually are. Up to `looked`, which is moved on, no label has a text
/// below it: long runs of labels are looked at once.
pub(crate) fn stacked_rows(
    rows: &[(Piece, Row<'_>)],
    at: usize,
    looked: &mut usize,
    profile: &Profile,
) -> usize {
    let Some(piece) = rows.get(at).map(|first| piece(first, profile)) else { return 0 };
    let run = rows[at..].iter().take_while(|row| self::piece(row, profile) == piece && is_alone(&row.1));
    // Few rows tell; to look at all of them for each would take too long.
    let few = || run.clone().take(FEW).map(|(_, row)| &row.cells[0]);
    let is_stack = match piece {
        Piece::GridHeader => few().nth(1).is_some(),
        Piece::Labels => {
            let is_label = |look| matches!(look, Look::Known(_) | Look::KnownWithColon(_) | Look::Colon);
            let new = looked.saturating_sub(at).max(1);
            let begins = few().next().is_some_and(|first| is_label(look(first, profile)));
            let has_text = begins && few().skip(new).any(|cell| look(cell, profile) == Look::Text);
            if begins && !has_text {
                *looked = (at + few().count()).max(*looked);
            }
            has_text
        }
        Piece::Caption | Piece::Grid => false,
    };
    if is_stack { run.count() } else { 0 }
}

/// The piece of a row. A label alone may be the heading of another form; in a
/// list, what a project has is a header.
pub(crate) fn piece((piece, row): &(Piece, Row<'_>), profile: &Profile) -> Piece {
    let is_label = |cell: &Cell<'_>| {
        let is_caption = profile.heading(&cell.text).is_some() || profile.title(&cell.text).is_some();
        !is_caption && profile.label(&cell.text).is_some()
    };
    let is_project = |cell: &Cell<'_>| {
        let level = profile.grid.header(&cell.text).and_then(Result::ok);
        level.is_some_and(|level| level < profile.grid.projects.len())
    };
    let has_projects = !profile.grid.projects.is_empty();
    match piece {
        Piece::Caption if is_alone(row) && row.cells.iter().all(is_label) => Piece::Labels,
        Piece::Labels if has_projects && is_alone(row) && row.cells.iter().all(is_project) => {
            Piece::GridHeader
        }
        piece => *piece,
    }
}

/// Whether a row is a line with one cell.
fn is_alone(row: &Row<'_>) -> bool {
    row.cells.len() == 1 && matches!(row.source, Source::Line { .. })
}

/// A header that goes down, as the rows that it was: one, or an upper one whose
/// headings stand above the headers of the lower one.
pub(crate) fn stacked_header<'t>(rows: &[&Row<'t>], rule: &GridRule) -> Vec<Row<'t>> {
    let cells: Vec<Cell<'t>> = rows.iter().flat_map(|row| row.filled()).cloned().collect();
    let is_heading = |cell: &&Cell<'_>| rule.horizon(&cell.text).is_some();
    let grids = cells.iter().filter(is_heading).count();
    let Some(last) = cells.iter().rposition(|cell| is_heading(&cell)).filter(|_| grids > 1) else {
        let lower = lower_header(&cells, rule).unwrap_or(0);
        let (upper, lower) = cells.split_at(lower);
        let rows = [upper, lower].into_iter().filter(|row| !row.is_empty());
        return rows.map(|row| Row::line(row.to_vec())).collect();
    };
    // Each heading stands above as many of the headers that follow.
    let (upper, lower) = cells.split_at(last + 1);
    let breadth = (lower.len() / grids).max(1) as u32;
    let first = (upper.len() - grids) as u32 + 1;
    let (mut column, mut beside) = (1, first);
    let place = |cell: &Cell<'t>| {
        let is_heading = rule.horizon(&cell.text).is_some();
        let (at, colspan) = if is_heading { (&mut beside, breadth) } else { (&mut column, 1) };
        let column = *at;
        *at += colspan;
        Cell { column, colspan, ..cell.clone() }
    };
    let upper = Row { source: rows[0].source, cells: upper.iter().map(place).collect() };
    let below = (first..).zip(lower).map(|(column, cell)| Cell { column, ..cell.clone() });
    let lower = Row { source: rows[0].source, cells: below.collect() };
    vec![upper, lower]
}

/// Where the lower row of a header begins: at the first level behind a column,
/// or at a column that stands before one that was read already, below a heading
/// that is no header itself.
fn lower_header(cells: &[Cell<'_>], rule: &GridRule) -> Option<usize> {
    let mut last = None;
    let mut has_heading = false;
    for (at, cell) in cells.iter().enumerate() {
        let key = match rule.header(&cell.text) {
            Some(Ok(level)) => (0, level),
            Some(Err(column)) => (1, column),
            None => {
                has_heading |= last.is_some() && !rule.is_open;
                continue;
            }
        };
        if last.is_some_and(|last| last > key && (has_heading || key == (0, 0))) {
            return Some(at);
        }
        last = Some(key);
    }
    None
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
            // What says what the labels below it are about ends the value above.
            _ if is_beside(&looks, at, text) => entries.push(Entry { lines: at..at + 1, pairs }),
            Some(entry) if pairs.is_empty() && entry.takes(cells, text, profile) => entry.take(at, text),
            _ => entries.push(Entry { lines: at..at + 1, pairs }),
        }
    }
    entries
}

/// Labels one below the other that have their values below all of them: how
/// many these cells begin with, and the cell of each one's value, if it has one.
/// `end` is the line behind the cells.
pub(crate) fn headed(cells: &[&Cell<'_>], profile: &Profile, end: Option<u32>) -> Option<Vec<Option<usize>>> {
    let is_head = |cell: &&&Cell<'_>| matches!(look(cell, profile), Look::Known(_));
    let heads = cells.iter().take(FEW).take_while(is_head).count();
    let is_value = |cell: &&&Cell<'_>| look(cell, profile) == Look::Text;
    let values = cells[heads..].iter().take(FEW).take_while(is_value).count();
    let last = cells.get(heads.checked_sub(1)?)?;
    let is_close = cells[..heads].windows(2).all(|pair| pair[1].line == pair[0].line + 1);
    // The last label has the first value if it can be its own.
    let kind = |label: &Cell<'_>| profile.label(&label.text).map(|label| profile.fields[label.field].kind);
    let reads =
        |kind: Option<Kind>, text: &str| kind.is_some_and(|kind| parse_value(text, kind, None).is_some());
    if heads < 2 || values < 2 || !is_close || reads(kind(last), &cells[heads].text) {
        return None;
    }
    let next = cells.get(heads + values).map(|cell| cell.line).or(end);
    let places = slots(&cells[heads..heads + values], last.line, next, heads)?;
    let value = |head: usize| Some(heads + places.iter().position(|&place| place == head)?);
    let found: Vec<Option<usize>> = (0..heads).map(value).collect();
    let is_read = |(head, value): (usize, &Option<usize>)| {
        value.is_none_or(|value| reads(kind(cells[head]), &cells[value].text))
    };
    found.iter().enumerate().all(is_read).then_some(found)
}

/// The columns that labels one to a line stand for, so that each is of its own
/// block: where the totals of two blocks follow each other, their parts take
/// turns, too. Nothing for a part that does not stand once for each block.
pub(crate) fn columns_of(pairs: &[&Pair], profile: &Profile) -> Vec<Option<u32>> {
    let blocks = |pair: &Pair| pair.known.map_or(0, |label| profile.opened_by(label.field).count());
    let is_part = |pair: &Pair| {
        let meanings = pair.known.map(|label| profile.meanings(label));
        meanings.is_some_and(|all| all.iter().filter(|meaning| meaning.block.is_some()).count() > 1)
    };
    // Which totals a label follows, and how often it follows them.
    let field = |pair: &Pair| pair.known.map(|label| label.field);
    let starts = pairs.iter().scan(0, |section, pair| {
        *section += usize::from(blocks(pair) > 0);
        Some(*section)
    });
    let sections: Vec<usize> = starts.collect();
    let mut counts: HashMap<(usize, Option<usize>), u32> = HashMap::new();
    for (pair, section) in pairs.iter().zip(&sections) {
        *counts.entry((*section, field(pair))).or_default() += 1;
    }
    let mut seen: HashMap<(usize, Option<usize>), u32> = HashMap::new();
    let mut beside = 1;
    let mut columns: Vec<Option<u32>> = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        if blocks(pair) > 0 {
            beside = if at > 0 && blocks(pairs[at - 1]) > 0 { beside + 1 } else { 1 };
            columns.push(Some(beside));
            continue;
        }
        let key = (sections[at], field(pair));
        let nth = seen.entry(key).or_default();
        *nth += 1;
        columns.push(match beside > 1 && is_part(pair) {
            true => Some(*nth).filter(|_| counts.get(&key) == Some(&beside)),
            false => Some(1),
        });
    }
    columns
}

/// Whether a text stands beside the labels below it: the profile knows it, or
/// it names the unit of their amounts.
fn is_beside(looks: &[Look], at: usize, text: &str) -> bool {
    let is_above = matches!(looks.get(at + 1), Some(Look::Known(_) | Look::KnownWithColon(_)));
    looks[at] == Look::Side || looks[at] == Look::Text && is_above && unit_line(text).is_some()
}

impl Entry {
    /// Whether a further line can belong to it: it has no value yet, or one
    /// that is a text and goes on.
    fn takes(&self, cells: &[&Cell<'_>], text: &str, profile: &Profile) -> bool {
        let Some(pair) = self.pairs.last() else { return false };
        let is_text = pair.known.is_none_or(|label| profile.fields[label.field].kind == Kind::Text);
        let above = &cells[self.lines.end - 1].text;
        let is_sentence = |text: &str| text.contains(['，', '。', '；', '、', ',', ';']) || is_numbered(text);
        pair.text.is_empty() || is_text && (is_sentence(text) || is_sentence(above))
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

#[cfg(test)]
mod tests {
    use formgrid_profile::Profiles;

    use super::*;

    /// Draws which field each label one to a line has the column of: the labels
    /// of a form of two blocks.
    #[track_caller]
    fn check(labels: &str, expected: &[Option<u32>]) {
        let profiles = Profiles::builtin();
        let profile = profiles.get("two-sided-target").unwrap();
        let pairs: Vec<Pair> = labels.split(' ').map(|label| alone(label, 0, profile.label(label))).collect();
        assert_eq!(columns_of(&pairs.iter().collect::<Vec<_>>(), profile), expected);
    }

    #[test]
    fn parts_take_turns_where_their_totals_stand_beside_each_other() {
        let beside = "实施期资金总额 年度资金总额 其他资金 其他资金";
        check(beside, &[Some(1), Some(2), Some(1), Some(2)]);
        check("实施期资金总额 其他资金 年度资金总额 其他资金", &[Some(1); 4]);
    }

    #[test]
    fn a_part_that_stands_once_is_of_either_total() {
        check("实施期资金总额 年度资金总额 其他资金", &[Some(1), Some(2), None]);
        check("实施期资金总额 年度资金总额 项目名称", &[Some(1), Some(2), Some(1)]);
    }
}

//! One word in two cells: a page break that cuts a merged cell may cut its
//! text, too, so that `产出` ends one page and `指标` begins the next.
//!
//! Two cells are joined only where the profile says that they are one word:
//! the texts together are a word of a level, and the second one is no level
//! word by itself, or one of another level (`社会` and `效益`, `服务对象` and
//! `满意度`) below a first one that is none. Words that no profile knows are
//! never joined, nor is an indicator or a value: a level cell has a name to its
//! right.

use std::borrow::Cow;
use std::collections::BTreeMap;

use formgrid_model::{Cell, Diagnostic, Place, Problem, Repair, RepairKind, Row};
use formgrid_profile::{GridRule, fold, fold_word};

use super::CellId;
use super::columns::Columns;
use super::evidence::reads_like_value;
use super::explain::Explained;
use crate::place::place;
use crate::target::looks_like_target;

/// A word that stands in two cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Split {
    /// The word as the two cells print it.
    word: String,
    /// The cells of its first half: one, or several where rows repeat it.
    first: Vec<CellId>,
    /// The cells of its second half.
    second: Vec<CellId>,
}

/// Finds the words of a grid that stand in two cells.
pub(crate) fn splits(columns: &Columns, rows: &[&Row<'_>], rule: &GridRule) -> Vec<Split> {
    let mut splits: Vec<Split> = Vec::new();
    // Per level: the cells that may be the first half of a word, and the word
    // whose second half was read last.
    let mut heads: Vec<Vec<CellId>> = vec![Vec::new(); columns.outer()];
    let mut tails: Vec<Option<usize>> = vec![None; columns.outer()];
    // Per level: the cell of its group.
    let mut groups: Vec<Option<CellId>> = vec![None; columns.outer()];
    // The last row with a word in another column than its own.
    let mut moved = None;
    let cell = |id: CellId| &rows[id.row as usize].cells[id.cell as usize];
    let same = |id: Option<&CellId>, other: &Cell<'_>| {
        id.is_some_and(|id| cell(*id).text == other.text && cell(*id).column == other.column)
    };
    // How far from the right a cell stands: rows without their covered slots
    // are as long as what they hold.
    let from_right = |id: CellId| {
        let cells = &rows[id.row as usize].cells[id.cell as usize..];
        cells.iter().rposition(|cell| !cell.is_blank())
    };
    for (row, at) in (0..rows.len()).flat_map(|row| (0..rows[row].cells.len()).map(move |at| (row, at))) {
        let id = CellId { row: row as u32, cell: at as u32 };
        let this = cell(id);
        if !is_level_cell(columns, rows[row], at) {
            continue;
        }
        if let Some(&tail) = tails.iter().flatten().find(|tail| same(splits[**tail].second.last(), this)) {
            splits[tail].second.push(id);
            continue;
        }
        if let Some(head) = heads.iter_mut().find(|head| same(head.last(), this)) {
            head.push(id);
            continue;
        }
        if groups.iter().any(|group| same(group.as_ref(), this)) {
            continue;
        }
        let joined = (0..columns.outer()).find(|&level| {
            heads[level].last().is_some_and(|&head| {
                let is_below = this.column == cell(head).column || from_right(head) == from_right(id);
                is_below && is_word(&cell(head).text, &this.text, columns.levels[level], rule)
            })
        });
        if let Some(level) = joined {
            let first = std::mem::take(&mut heads[level]);
            let word = format!("{}{}", cell(first[0]).text, this.text);
            tails[level] = Some(splits.len());
            splits.push(Split { word, first, second: vec![id] });
            continue;
        }
        // Another group ends the words of its level and of those inside it.
        let is_head = |level: usize| begins_word(&this.text, rule, columns.levels[level]);
        let of_level = |level: usize| rule.levels_of(&this.text).any(|known| known == columns.levels[level]);
        // `投入` begins words of two levels: it is of the one whose column it is in.
        let is_word = |level: &usize| of_level(*level) || is_head(*level);
        let is_home =
            |level: &usize| columns.level(*level).is_some_and(|role| columns.homes[role] == this.column);
        let home = (0..columns.outer()).find(is_home);
        let by_word = home.filter(is_word).or_else(|| (0..columns.outer()).find(is_word));
        if by_word.is_some_and(|level| !is_home(&level)) {
            moved = Some(row);
        }
        // Any other word names a group if its row has its covered slots: it
        // reaches to the indicator, and no known word stands elsewhere in it.
        let end = rows[row].filled().last().map_or(0, |last| last.column);
        let level = by_word.or(home.filter(|_| end >= columns.leaf() && moved != Some(row)));
        for level in level.unwrap_or(columns.outer())..columns.outer() {
            heads[level] = if is_head(level) { vec![id] } else { Vec::new() };
            tails[level] = None;
            groups[level] = None;
        }
        if let Some(level) = level {
            groups[level] = Some(id);
        }
    }
    splits
}

/// The rows with each word where it belongs. Where covered slots are blank the
/// second half is one, so that the first cell covers it; elsewhere the whole
/// word stands in both cells, as it does where it is printed again.
pub(crate) fn join<'t>(rows: &[&Row<'t>], splits: &[Split]) -> Vec<Row<'t>> {
    let has_spans = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.rowspan > 1);
    let begins_blank = |row: &&Row<'_>| row.cells.first().is_some_and(Cell::is_blank);
    let is_blanked = !has_spans && rows.iter().any(|row| begins_blank(row) && row.filled().next().is_some());
    // What is blank next to it goes on with the group above, and so does it.
    let is_covered = |id: &CellId| {
        let next = rows[id.row as usize].cells.get(id.cell as usize + 1);
        is_blanked || !has_spans && next.is_some_and(Cell::is_blank)
    };
    let mut texts: Vec<(CellId, &str)> = Vec::new();
    for Split { word, first, second } in splits {
        texts.extend(first.iter().map(|id| (*id, &**word)));
        texts.extend(second.iter().map(|id| (*id, if is_covered(id) { "" } else { word })));
    }
    let mut rows: Vec<Row<'t>> = rows.iter().map(|row| (*row).clone()).collect();
    for (id, text) in texts {
        rows[id.row as usize].cells[id.cell as usize].text = Cow::Owned(text.to_owned());
    }
    rows
}

/// Says of each row of a joined word which two cells were joined, and accounts
/// for the second one. `rows` are the rows as printed.
pub(crate) fn tell(explained: &mut Explained, rows: &[&Row<'_>], splits: &[Split]) {
    let cell = |id: &CellId| &rows[id.row as usize].cells[id.cell as usize];
    let note = |Split { word, first, second }: &Split| {
        let (head, tail) = (cell(&first[0]), cell(&second[0]));
        format!(
            "\"{}\" (line {}) and \"{}\" (line {}) are one word, cut by a page break: \"{word}\"",
            head.text, head.line, tail.text, tail.line
        )
    };
    let key = |place: &Place| (place.line, place.row, place.column, place.bytes.as_ref().map(|b| b.start));
    let mut halves = BTreeMap::new();
    for (at, split) in splits.iter().enumerate() {
        let cells = split.first.iter().chain(&split.second);
        halves.extend(cells.map(|id| (key(&place(cell(id))), at)));
    }
    let mut is_joined = vec![false; splits.len()];
    for indicator in &mut explained.indicators {
        for at in indicator.levels.iter().flatten().filter_map(|part| halves.get(&key(&part.place))) {
            let note = note(&splits[*at]);
            is_joined[*at] |= indicator.line >= cell(&splits[*at].second[0]).line;
            match &mut indicator.repair {
                Some(repair) => repair.note = format!("{}; {note}", repair.note),
                None => {
                    indicator.repair = Some(Repair { kind: RepairKind::SplitWord, note: note.clone() });
                    let problem = Problem::RepairedRow { note };
                    explained.diagnostics.push(Diagnostic::at_line(problem, indicator.line));
                }
            }
        }
    }
    // A half that no row goes on with is kept as any other text.
    for (split, _) in splits.iter().zip(is_joined).filter(|(_, is_joined)| *is_joined) {
        explained.used.extend(&split.second);
        let tail = cell(&split.second[0]);
        let problem = Problem::SplitWord { note: note(split) };
        explained.diagnostics.push(Diagnostic::at_cell(problem, tail.line, tail.column));
    }
    explained.used.sort_unstable();
    explained.used.dedup();
    explained.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
}

/// Whether a cell stands where a level does: left of the indicators, with a
/// name to its right.
fn is_level_cell(columns: &Columns, row: &Row<'_>, at: usize) -> bool {
    let cell = &row.cells[at];
    let mut behind = row.cells[at + 1..].iter().filter(|cell| !cell.is_blank());
    let has_name = match (behind.next(), behind.next()) {
        (None, _) => false,
        (Some(next), None) => !reads_like_value(&next.text),
        (Some(next), Some(_)) => !looks_like_target(&next.text),
    };
    !cell.is_blank() && (columns.first()..columns.leaf()).contains(&cell.column) && has_name
}

/// Whether two texts are one word of a level, of which the second is none; behind
/// a first one that is none of any level it may be a word of another.
fn is_word(head: &str, tail: &str, level: usize, rule: &GridRule) -> bool {
    let words = &rule.levels[level].words;
    let is_known = fold_word(&format!("{head}{tail}")).is_some_and(|word| words.contains(&word));
    let is_rest = |known: usize| known != level && rule.levels_of(head).next().is_none();
    is_known && rule.levels_of(tail).all(is_rest)
}

/// Whether a text begins a longer spelling of a level's word: `满意` does, and
/// `产出`, which may go on with `指标`.
fn begins_word(text: &str, rule: &GridRule, level: usize) -> bool {
    let Some(head) = fold(text) else { return false };
    rule.levels[level].words.iter().any(|word| match head.strip_prefix(&**word) {
        Some(rest) => ["", "指", "目"].contains(&rest),
        None => word.starts_with(&*head),
    })
}

#[cfg(test)]
mod tests {
    use formgrid_profile::Profiles;

    use super::super::explain::read_grid;
    use super::*;

    /// Reads the lines of a grid, `_` for a blank cell, and draws its indicators
    /// as `level1/level2/level3`, with a star where a word was joined.
    #[track_caller]
    fn check(grid: &str, expected: &str) {
        let profiles = Profiles::builtin();
        let rule = &profiles.get("shanghai-project-target").unwrap().grid;
        let cell = |text: &str, line: u32| Cell {
            line,
            row: line,
            ..Cell::new(if text == "_" { String::new() } else { text.to_owned() })
        };
        let row =
            |(line, text): (u32, &str)| Row::line(text.split(' ').map(|text| cell(text, line)).collect());
        let columns = Columns::read(&[&row((1, "一级目标 二级目标 三级目标 指标目标值"))], rule).unwrap();
        let rows: Vec<Row<'_>> = (2..).zip(grid.lines().map(str::trim)).map(row).collect();
        let rows: Vec<&Row<'_>> = rows.iter().collect();
        let explained = read_grid(&columns, &rows, rule);
        let drawn: Vec<String> = explained
            .indicators
            .iter()
            .map(|indicator| {
                let words: Vec<&str> = indicator.levels.iter().flatten().map(|part| &*part.text).collect();
                let is_joined = indicator.repair.as_ref().is_some_and(|r| r.kind == RepairKind::SplitWord);
                words.join("/") + if is_joined { "*" } else { "" }
            })
            .collect();
        assert_eq!(drawn, expected.lines().map(str::trim).collect::<Vec<_>>());
        let filled: usize = rows.iter().map(|row| row.filled().count()).sum();
        assert_eq!(explained.used.len(), filled, "every cell is in some row");
    }

    #[test]
    fn a_word_in_two_cells_is_one_group() {
        check(
            "产出 数量 座位 3个
             _ _ 桌子 5张
             指标 质量 合格率 =95%",
            "产出指标/数量/座位*
             产出指标/数量/桌子*
             产出指标/质量/合格率*",
        );
        check(
            "效果目标 社会 读者 3个
             _ 效益 馆员 5张
             _ 满意度 读者评分 =95%",
            "效果目标/社会效益/读者*
             效果目标/社会效益/馆员*
             效果目标/满意度/读者评分",
        );
    }

    #[test]
    fn words_that_no_profile_knows_are_not_joined() {
        check(
            "甲组 数量 座位 3个
             乙组 质量 合格率 =95%",
            "甲组/数量/座位
             乙组/质量/合格率",
        );
    }

    #[test]
    fn another_group_between_the_halves_keeps_them_apart() {
        check(
            "产出 数量 座位 3个
             效果目标 满意度 读者评分 =90%
             指标 质量 合格率 =95%",
            "产出/数量/座位
             效果目标/满意度/读者评分
             指标/质量/合格率",
        );
    }

    #[test]
    fn the_other_words_may_be_repeated_or_dropped() {
        check(
            "效果目标 满意 读者评分 =90%
             效果目标 度 馆员评分 =95%
             效果目标 度 市民评分 =95%",
            "效果目标/满意度/读者评分*
             效果目标/满意度/馆员评分*
             效果目标/满意度/市民评分*",
        );
        check(
            "产出目标 数量 座位 3个
             质量 合格率 =95% _
             效果目标 满意 读者评分 =90%
             度 馆员评分 =95% _
             市民评分 =95% _ _",
            "产出目标/数量/座位
             产出目标/质量/合格率
             效果目标/满意度/读者评分*
             效果目标/满意度/馆员评分*
             效果目标/满意度/市民评分*",
        );
    }

    #[test]
    fn an_indicator_is_not_joined() {
        check(
            "效果目标 社会 读者 3个
             _ _ 效益 5张",
            "效果目标/社会/读者
             效果目标/社会/效益",
        );
    }
}

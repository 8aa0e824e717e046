//! What a row is, seen by itself.

use std::iter::zip;

use formgrid_model::Row;
use formgrid_profile::{
    Known, Profiles, caption_lines, fold, is_praise, reads_like_title, split_inline, unnumbered,
};

use crate::stacked::is_alone;

/// What the words of a row say it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The title of a form, perhaps with further lines of its caption; with
    /// the known labels in them, folded.
    Title(Vec<String>),
    /// Nothing but lines that stand in captions: a year, a heading, and, if
    /// there are several, labels with their values; with the known labels.
    Caption(Vec<String>),
    /// The header of an indicator grid.
    GridHeader,
    /// Known labels, folded, in order.
    Labels {
        labels: Vec<String>,
        /// Whether the row begins with one, at the left.
        leads: bool,
        /// Whether it begins with a level word, as rows of a grid do.
        begins_with_word: bool,
        /// Whether it heads the grids side by side, if a header stands below it.
        heads: bool,
        /// Whether the row is a line that holds the label and nothing else.
        is_lone: bool,
    },
    /// None of these.
    Other(Other),
}

/// What speaks for a row of unknown words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Other {
    /// Its first filled cell is a level word of some grid.
    pub(crate) begins_with_word: bool,
    /// Its first filled cell is a number.
    pub(crate) begins_with_value: bool,
    /// Its last filled cell looks like a target: a digit, an operator, a percent.
    pub(crate) has_value: bool,
    /// Its last filled cell is a target beyond doubt: a number with an operator
    /// before it or a unit behind it, or a word of praise.
    pub(crate) has_target: bool,
    /// A blank cell stands before a filled one, as a covered slot does.
    pub(crate) has_gap: bool,
    /// A cell of it heads a column of some grid, or a whole grid.
    pub(crate) has_header: bool,
    /// Its only filled cell reads `标签：内容`.
    pub(crate) is_inline: bool,
    /// Its first cell ends with a colon, as labels do.
    pub(crate) is_labelled: bool,
    /// Its first filled cell names someone or some day: a signature.
    pub(crate) is_signature: bool,
    /// Its only filled cell says no more than that a page begins: `第2页`.
    pub(crate) is_page_line: bool,
    /// Its only filled cell is a sentence or an item of a list.
    pub(crate) is_sentence: bool,
}

/// Looks at a row's words alone.
pub(crate) fn kind(row: &Row<'_>, profiles: &Profiles) -> Kind {
    let mut filled = row.filled();
    let (Some(first), second) = (filled.next(), filled.next()) else {
        return Kind::Other(Other::default());
    };
    // A caption stands in one cell or in several side by side, a line or more
    // in each.
    let is_title = |line: &str| profiles.is_title(line) || reads_like_title(line);
    let is_label = |label: &str| profiles.is_label(label);
    let lines: Vec<&str> =
        row.filled().flat_map(|cell| caption_lines(&cell.text, is_title, is_label)).collect();
    let labels = || lines.iter().filter_map(|line| label(line, profiles)).collect();
    if lines.iter().any(|line| is_title(line)) {
        return Kind::Title(labels());
    }
    let is_inline = |line: &str| split_inline(line).is_some_and(|(_, value)| !value.is_empty());
    if lines.iter().any(|line| profiles.is_heading(line))
        && lines.iter().all(|line| profiles.is_heading(line) || is_inline(line))
    {
        return Kind::Caption(labels());
    }
    let known: Vec<Known> = row.cells.iter().map(|cell| profiles.known(&cell.text)).collect();
    let known_first = zip(&row.cells, &known).find(|(cell, _)| !cell.is_blank());
    let known_first = known_first.map_or(Known::default(), |(_, known)| *known);
    // A merged cell may show its text in each of its slots: it heads one column.
    let is_again = |at: usize| at > 0 && row.cells[at - 1].text == row.cells[at].text;
    let own = || row.cells.iter().enumerate().filter(|(at, cell)| !cell.is_blank() && !is_again(*at));
    let count = |is: fn(&Known) -> bool| own().filter(|(at, _)| is(&known[*at])).count();
    let kinds = |is: fn(&Known) -> bool| {
        let cells = zip(&row.cells, &known).filter(|(_, known)| is(known));
        let mut texts: Vec<&str> = cells.map(|(cell, _)| &*cell.text).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    };
    let headers = kinds(|known| known.is_header);
    // The table of funds has columns for points, too, but no level.
    let columns = count(|known| known.is_column);
    let heads = count(|known| known.is_horizon) > 1;
    let distinct = if columns < 2 { columns } else { kinds(|known| known.is_column) };
    if headers >= 2 && (distinct <= headers || count(|known| known.is_level) > 0) {
        return Kind::GridHeader;
    }
    let begins_with_word = known_first.is_word;
    if columns >= 2 && columns * 2 > own().count() {
        let labels = zip(&row.cells, &known).filter(|(_, known)| known.is_column);
        let labels = labels.filter_map(|(cell, _)| fold(&cell.text)).collect();
        // `预算执行率` heads a column of that table and names a level, too.
        return Kind::Labels { labels, leads: !begins_with_word, begins_with_word, heads, is_lone: false };
    }
    let labels = labels_of(row, &known, profiles);
    if !labels.is_empty() && !heads_a_list(row, labels.len()) {
        let leads = first.column == 1 && label(&first.text, profiles).is_some();
        let is_lone = is_alone(row) && known_first.is_label;
        return Kind::Labels { labels, leads, begins_with_word, heads, is_lone };
    }
    let last = row.filled().last().unwrap_or(first);
    Kind::Other(Other {
        begins_with_word,
        begins_with_value: is_value(&first.text),
        has_value: is_value(&last.text),
        has_target: is_target(&last.text),
        has_gap: row.cells.iter().skip_while(|cell| !cell.is_blank()).any(|cell| !cell.is_blank()),
        has_header: known.iter().any(|known| known.is_header || known.is_horizon)
            && !row.filled().any(|cell| is_target(&cell.text)),
        is_inline: second.is_none() && split_inline(&first.text).is_some_and(|(_, value)| !value.is_empty()),
        is_labelled: row.cells[0].text.ends_with([':', '：']),
        is_signature: SIGNATURES.iter().any(|end| first.text.ends_with(end)),
        is_page_line: second.is_none() && is_page_line(&first.text),
        is_sentence: second.is_none() && is_sentence(&first.text),
    })
}

/// Whether a row that begins with a label has the shape of a row of a grid
/// instead: an indicator that has lost the slots before it, with its target, or
/// one that a wrong span moved, with blank slots behind it; whatever its word is
/// elsewhere. No label has a colon, and none stands further right.
pub(crate) fn reads_like_indicator(row: &Row<'_>, labels: &[String]) -> bool {
    let mut filled = row.filled();
    let (Some(first), Some(second)) = (filled.next(), filled.next()) else { return false };
    let last = filled.last().unwrap_or(second);
    let is_moved = second.column > first.column + first.colspan;
    let is_last = row.cells.last().is_some_and(|cell| cell.column == last.column);
    labels.len() == 1
        && row.cells.len() > 2
        && !has_colon(&first.text)
        && (is_target(&last.text) || is_moved && (is_last || is_value(&last.text)))
}

/// Whether a label is written with its colon.
pub(crate) fn has_colon(label: &str) -> bool {
    label.ends_with([':', '：'])
}

/// The known labels of a row, folded. What stands behind a label with a colon
/// is its value, whatever it says, unless it is nothing but another label.
fn labels_of(row: &Row<'_>, known: &[Known], profiles: &Profiles) -> Vec<String> {
    let mut labels = Vec::new();
    let mut is_value = false;
    for (cell, &Known { is_label, .. }) in zip(&row.cells, known) {
        if is_label {
            labels.extend(fold(&cell.text));
        } else if !is_value {
            labels.extend(inline_label(&cell.text, profiles));
        }
        is_value = is_label && cell.text.ends_with([':', '：']);
    }
    labels
}

/// Whether a row is mostly labels, three or more and none with a colon: the
/// header of a list, or a menu.
fn heads_a_list(row: &Row<'_>, labels: usize) -> bool {
    labels >= 3
        && labels * 2 > row.filled().count()
        && !row.filled().any(|cell| cell.text.contains([':', '：']))
}

/// The folded label that a cell is, or begins with.
fn label(text: &str, profiles: &Profiles) -> Option<String> {
    if profiles.is_label(text) { fold(text) } else { inline_label(text, profiles) }
}

/// The folded label that a text begins with.
fn inline_label(text: &str, profiles: &Profiles) -> Option<String> {
    text.lines().find_map(|line| {
        let (label, _) = split_inline(line)?;
        profiles.is_label(label).then(|| fold(label)).flatten()
    })
}

/// How the cells of a signature end, or of a remark below it.
const SIGNATURES: [&str; 13] =
    ["人", "员", "者", "电话", "日期", "时间", "签字", "签章", "签名", "盖章", "（章）", "意见", "说明"];

fn is_value(text: &str) -> bool {
    text.chars().count() <= 20
        && text.starts_with(|c: char| c.is_ascii_digit() || "=＝<>＜＞≤≥≦≧".contains(c))
}

fn is_target(text: &str) -> bool {
    let is_bare = |c: char| c.is_ascii_digit() || "-.,/".contains(c);
    is_praise(text) || is_value(text) && !text.chars().all(is_bare)
}

/// `第2页`, `- 2 -`, `2/3`, `第二页 共三页`, `（续表）`.
fn is_page_line(text: &str) -> bool {
    let is_mark = |c: char| {
        c.is_numeric() || c.is_whitespace() || "第共页-—–－·./一二三四五六七八九十()（）续上接表".contains(c)
    };
    text.chars().count() <= 20 && text.chars().all(is_mark)
}

/// A text with the punctuation of a sentence, or with the number of an item.
fn is_sentence(text: &str) -> bool {
    text.contains(['。', '；', '，']) || unnumbered(text) != text.trim()
}

//! How a printed text is looked up among the words of profiles: what is cut off
//! before it is compared.

use std::borrow::Cow;

use crate::fold::unnumbered_title;
use crate::pattern::undated;
use crate::{MoneyUnit, fold, split_inline, unnumbered};

/// Looks a label up: as printed, without a unit of money or dates in brackets,
/// without a number before it. Dates and 其中 make no difference. A unit that
/// the label names counts whether or not the profile writes it.
pub(crate) fn find_label<T>(text: &str, find: impl Fn(&str) -> Option<T>) -> Option<(T, Option<MoneyUnit>)> {
    let unnumbered = unnumbered(text);
    let others = (unnumbered != text).then_some(unnumbered);
    [text].into_iter().chain(others).find_map(|text| find_key(without_part(&header_key(text)?), &find))
}

/// Looks the key of a label up, without a unit of money or dates behind it.
pub(crate) fn find_key<T>(label: &str, find: impl Fn(&str) -> Option<T>) -> Option<(T, Option<MoneyUnit>)> {
    let (stem, unit) = split_unit(label).map_or((label, None), |(stem, unit)| (stem, Some(unit)));
    let found = find(label).or_else(|| unit.and_then(|_| find(stem)));
    found.or_else(|| find(without_dates(stem)?)).map(|found| (found, unit))
}

/// A folded text without the dates in brackets behind it, if there are any:
/// `实施期目标({year}年-{year}年)`.
fn without_dates(label: &str) -> Option<&str> {
    let (stem, dates) = label.strip_suffix(')')?.rsplit_once('(')?;
    let is_mark = |c: char| c.is_ascii_digit() || "年月日度-—–─~至到./".contains(c);
    let is_dated =
        dates.contains("{year}") && dates.replace("{year}", "").replace("{month}月", "").chars().all(is_mark);
    (is_dated && !stem.is_empty()).then_some(stem)
}

/// A label as it is looked up: folded, its dates open, and without 其中.
pub(crate) fn label_key(text: &str) -> Option<String> {
    Some(without_part(&header_key(text)?).to_owned())
}

/// A folded label without 其中 before it.
pub(crate) fn without_part(label: &str) -> &str {
    label.strip_prefix("其中").filter(|part| !part.is_empty()).unwrap_or(label)
}

/// Looks a title up, with or without the number of its annex and its year:
/// whole, then cut in two at every place, the longest end first.
pub(crate) fn find_title<T>(
    line: &str,
    whole: impl Fn(&str) -> Option<T>,
    split: impl Fn(&str, &str) -> Option<T>,
) -> Option<(T, Option<i64>)> {
    let line = unnumbered_title(line);
    let folded = fold(line)?;
    let (title, year) = undated(&folded);
    let title = undated_title(&title);
    if let Some(found) = whole(title) {
        return Some((found, year));
    }
    // A sentence about the form may end like its title.
    if title.contains(['。', ',', ';', '《', '、', '!', '?']) || title.starts_with("关于") {
        return None;
    }
    let mut splits = title.char_indices().map(|(at, _)| title.split_at(at));
    splits.find_map(|(head, tail)| split(head, tail)).map(|found| (found, year))
}

/// The lines of a caption. Where a converter has joined a title and the labels
/// below it to one line, they are two: `某表（2020年度） 填报单位：某局`.
///
/// ```
/// use formgrid_profile::caption_lines;
/// let lines = caption_lines("某表（2020年度） 填报单位：某局", |line| line.starts_with("某表（"), |label| label == "填报单位");
/// assert_eq!(lines.collect::<Vec<_>>(), ["某表（2020年度）", "填报单位：某局"]);
/// ```
pub fn caption_lines(
    text: &str,
    is_title: impl Fn(&str) -> bool,
    is_label: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &str> {
    let split = move |line: &str| {
        // No caption is longer, and no title has more words that end so.
        if line.len() > 400 || !line.contains(COLONS) {
            return None;
        }
        let ends = line.char_indices().filter(|(_, c)| matches!(c, '表' | ')' | '）'));
        let ends = ends.map(|(at, c)| at + c.len_utf8()).take(4);
        let is_rest = |end: &usize| split_inline(&line[*end..]).is_some_and(|(label, _)| is_label(label));
        ends.filter(is_rest).find(|end| is_title(&line[..*end]))
    };
    let lines = text.lines().map(str::trim).flat_map(move |line| {
        let (title, rest) = line.split_at(split(line).unwrap_or(line.len()));
        [title, rest.trim()]
    });
    lines.filter(|line| !line.is_empty())
}

/// What stands between a label and its value.
const COLONS: [char; 6] = [':', '：', '﹕', '︰', '∶', '꞉'];

/// A title without the year before or behind it.
pub(crate) fn undated_title(title: &str) -> &str {
    let start = ["{year}年度", "{year}年"].iter().find_map(|year| title.strip_prefix(year));
    let title = start.filter(|rest| !rest.is_empty()).unwrap_or(title);
    let ends =
        ["({year}年度)", "({year}年)", "({year}年{month}月)", "(年度)", "(年)", "(年月)", "{year}年度"];
    let end = ends.iter().find_map(|year| title.strip_suffix(year));
    end.filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// Looks a heading up, with or without a number before it and a unit of money
/// behind it. A unit alone is a heading, too.
pub(crate) fn find_heading(line: &str, is_heading: impl Fn(&str) -> bool) -> Option<Option<i64>> {
    let unnumbered = unnumbered_title(line);
    let others = (unnumbered != line).then_some(unnumbered);
    [line].into_iter().chain(others).find_map(|line| {
        let folded = fold(line)?;
        let (heading, year) = undated(&folded);
        // A budget year is a year, with or without 度.
        let heading = if heading == "({year}年)" { "({year}年度)" } else { &heading };
        if is_heading(heading) {
            return Some(year);
        }
        let (stem, _) = split_unit(heading)?;
        (stem.is_empty() || is_heading(stem)).then_some(year)
    })
}

/// A header as it is looked up: folded, its dates open.
pub(crate) fn header_key(text: &str) -> Option<String> {
    let folded = fold(text)?;
    Some(match undated(&folded).0 {
        Cow::Owned(key) => key,
        Cow::Borrowed(_) => folded,
    })
}

/// Splits the unit in brackets off a folded label: `项目总预算(万元)`.
pub(crate) fn split_unit(folded: &str) -> Option<(&str, MoneyUnit)> {
    let (stem, unit) = folded.strip_suffix(')')?.rsplit_once('(')?;
    Some((stem, MoneyUnit::named(unit.trim_start_matches(UNIT))?))
}

/// What may stand before a unit: `金额单位`.
const UNIT: [char; 8] = ['金', '额', '资', '货', '币', '计', '单', '位'];

/// The unit of money that a line of a form names for the amounts below it:
/// `（单位：万元）`, alone or behind a heading.
///
/// ```
/// use formgrid_profile::{MoneyUnit, unit_line};
/// assert_eq!(unit_line("上年度资金使用情况（单位：万元）"), Some(MoneyUnit::TenThousand));
/// assert_eq!(unit_line("（2020年度）"), None);
/// ```
pub fn unit_line(line: &str) -> Option<MoneyUnit> {
    split_unit(&fold(line)?).map(|(_, unit)| unit)
}

//! Dates inside titles, headings, labels and headers: `2020年度` and `2021年度`
//! are the same words.

use std::borrow::Cow;

/// Writes the dates of a folded text as `{year}` and `{month}`, so that one
/// lookup finds it whatever its date is. Returns the text and its first year.
///
/// A year is four digits (`2020`, `二〇二〇`, `20xx`) from 1900 to 2099 that
/// stand alone; a month one or two digits (`xx`, too) before 月.
pub(crate) fn undated(folded: &str) -> (Cow<'_, str>, Option<i64>) {
    if !folded.contains(is_digit) {
        return (folded.into(), None);
    }
    let mut text = String::with_capacity(folded.len());
    let mut first = None;
    let mut rest = folded;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| digit(c).is_none()).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let count = run.chars().count();
        if count == 4
            && let Some(year) = year(run)
        {
            text.push_str("{year}");
            first = first.or(year);
            rest = after;
        } else if matches!(count, 1 | 2) && after.starts_with('月') {
            text.push_str("{month}");
            rest = after;
        } else if count > 0 {
            text.push_str(run);
            rest = after;
        } else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (text.into(), first)
}

/// The spellings under which a text of a profile is to be found: with its date,
/// and with a blank in its place, as an unused form has it.
pub(crate) fn spellings(folded: &str) -> Vec<String> {
    let (text, _) = undated(folded);
    let blank = text.replace("{year}", "").replace("{month}", "");
    let mut spellings = vec![text.into_owned()];
    if !blank.is_empty() && !spellings.contains(&blank) {
        spellings.push(blank);
    }
    spellings
}

/// Four digits as a year of this century or the last; `20xx` is a year that is
/// not filled in.
fn year(run: &str) -> Option<Option<i64>> {
    let mut digits = run.chars().map(digit);
    let century = digits.next()??? * 10 + digits.next()???;
    let rest: Option<Vec<i64>> = digits.map(Option::flatten).collect();
    let year = rest.map(|rest| rest.iter().fold(century, |year, digit| year * 10 + digit));
    matches!(century, 19 | 20).then_some(year)
}

/// The value of a digit, Arabic or Chinese; none inside for an `x` that stands
/// for one.
fn digit(c: char) -> Option<Option<i64>> {
    let value = match c {
        'x' => return Some(None),
        '0'..='9' => i64::from(c as u32 - '0' as u32),
        '〇' | '○' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(Some(value))
}

/// Whether a character may stand in a date, in its folded form.
pub(crate) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_the_same_words() {
        #[track_caller]
        fn check(text: &str, expected: &str, year: Option<i64>) {
            assert_eq!(undated(&crate::fold(text).unwrap()), (expected.into(), year));
        }
        check("（２０２０ 年度）", "({year}年度)", Some(2020));
        check("(二〇二〇年度)", "({year}年度)", Some(2020));
        check("(20XX年XX月)", "({year}年{month}月)", None);
        check("2020年绩效目标", "{year}年绩效目标", Some(2020));
        check("9999年绩效目标", "9999年绩效目标", None);
        check("1-7月执行数", "1-{month}月执行数", None);
        check("20200101", "20200101", None);
        check("一级指标", "一级指标", None);
    }
}

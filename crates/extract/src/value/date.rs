//! Days and periods. Nothing is completed: a month is no day.

use jiff::civil::Date;

use super::number::half_width;
use super::numeral::{digit, leading_numeral};

/// The longest period that is read, in bytes.
const LONGEST: usize = 120;

/// What stands between the ends of a period; the full-width forms are folded.
const TO: [char; 8] = ['-', '–', '—', '―', '~', '〜', '至', '到'];

/// `2020-01-02`, `2020/1/2`, `2020.1.2`, `2020年1月2日`, `20200102` or
/// `二〇二〇年一月二日`.
pub(crate) fn date(text: &str) -> Option<Date> {
    day(half_width(text).trim())
}

/// Two whole days, the first before the second or the same:
/// `2020年1月1日至2020年12月31日`, `20190101到20191231`. The second may leave
/// out the year: `2020年1月1日-12月31日`.
pub(crate) fn period(text: &str) -> Option<(Date, Date)> {
    if text.len() > LONGEST {
        return None;
    }
    let folded = half_width(text);
    let text = folded.trim().trim_start_matches(['自', '从', '由']).trim_end_matches('止');
    text.match_indices(TO).find_map(|(at, _)| {
        let first = day(text[..at].trim_end_matches(TO).trim().trim_end_matches('起'))?;
        let second = text[at..].trim_start_matches(TO).trim();
        let in_same_year =
            || day(&format!("{}年{}", first.year(), second.split_once('月').and(Some(second))?));
        let second = day(second).or_else(in_same_year)?;
        (first <= second).then_some((first, second))
    })
}

/// Whether a text is a day or month by which something is done, and nothing
/// else: `2021年12月完成`, `12月底前`.
pub(crate) fn is_dated(text: &str) -> bool {
    let is_of_date = |c: char| {
        c.is_ascii_digit() || matches!(c, '０'..='９') || "年月日号底初末前中上下旬以之完成 ".contains(c)
    };
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９'))
        && text.contains(['年', '月', '日'])
        && text.chars().all(is_of_date)
        && (text.contains('月') || text.contains("完成") || text.contains('前'))
}

/// A day in folded text.
pub(crate) fn day(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let year: i16 = text[..4].parse().ok()?;
        // Any other number of eight digits is a code.
        let is_year = (1900..2100).contains(&year);
        return is_year.then(|| Date::new(year, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok())?;
    }
    let (year, rest) = year(text)?;
    let rest = rest.trim_start();
    let separator = rest.chars().next()?;
    let (month_end, day_ends): (char, &[char]) = match separator {
        '年' => ('月', &['日', '号']),
        '-' | '/' | '.' | '—' | '–' => (separator, &[]),
        _ => return None,
    };
    let number = |text| match separator {
        '年' => small_number(text).or_else(|| small_numeral(text)),
        _ => small_number(text),
    };
    let (month, rest) = number(rest[separator.len_utf8()..].trim_start())?;
    let (day, rest) = number(rest.trim_start().strip_prefix(month_end)?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(day_ends).unwrap_or(rest);
    is_midnight(rest).then(|| Date::new(year, month, day).ok())?
}

/// Four digits, Arabic or Chinese: `2020`, `二〇二〇`, `二○二○`.
fn year(text: &str) -> Option<(i16, &str)> {
    let mut year = 0;
    let mut chars = text.chars();
    for _ in 0..4 {
        let c = chars.next()?;
        let zero = matches!(c, '○' | 'Ｏ' | 'O' | '0').then_some(0);
        let digit = zero.or(c.to_digit(10)).or(digit(c).filter(|_| c != '两'))?;
        year = year * 10 + i16::try_from(digit).ok()?;
    }
    let rest = chars.as_str();
    let is_mixed = text.starts_with(|c: char| c.is_ascii_digit())
        != text[..text.len() - rest.len()].chars().all(|c| c.is_ascii_digit());
    (!is_mixed && year >= 1000).then_some((year, rest))
}

/// One or two digits.
fn small_number(text: &str) -> Option<(i8, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (matches!(end, 1 | 2)).then(|| Some((text[..end].parse().ok()?, &text[end..])))?
}

/// The same as a Chinese numeral: `十二`.
fn small_numeral(text: &str) -> Option<(i8, &str)> {
    let (number, rest) = leading_numeral(text)?;
    Some((i8::try_from(number).ok().filter(|_| number.is_integer())?, rest))
}

/// Nothing, or the time that a spreadsheet gives a day without one.
fn is_midnight(rest: &str) -> bool {
    let Some(time) = rest.strip_prefix([' ', 'T']) else { return rest.is_empty() };
    let time = match time.split_once('.') {
        Some((time, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => time,
        _ => time,
    };
    matches!(time, "0:00" | "00:00" | "0:00:00" | "00:00:00")
}

//! Exact decimal numbers in text. Nothing goes through binary floating point.

use std::borrow::Cow;

use rust_decimal::Decimal;

/// What sets thousands off: a comma, or a thin space as typesetters have it.
const GROUPING: [char; 3] = [',', '\u{2009}', '\u{202F}'];

/// Full-width ASCII, digits among them, in its usual form. The number of
/// characters stays the same.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| halve(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(halve).collect())
}

fn halve(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        '﹪' => '%',
        '﹥' => '>',
        '﹤' => '<',
        '﹦' => '=',
        '−' => '-',
        _ => c,
    }
}

/// Reads the number that a text begins with, and returns the rest of the text.
///
/// Thousands may be set off by commas, in threes; a text in which they are not
/// is no number, rather than a wrong one. Behind a point, threes may be set off
/// by a blank (`968.191 8`, as GB/T 15835 prints it); before it a blank may as
/// well stand between two numbers.
pub(crate) fn leading_number(text: &str) -> Option<(Decimal, &str)> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.' || GROUPING.contains(&c);
    let end = text.find(|c: char| !is_digit(c)).unwrap_or(text.len());
    // A point or comma that ends the number belongs to what follows.
    let trimmed = text[..end].trim_end_matches(['.', GROUPING[0], GROUPING[1], GROUPING[2]]);
    let mut rest = &text[trimmed.len()..];
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let mut number = Digits::default();
    for (at, group) in whole.split(GROUPING).enumerate() {
        let first = whole.find(GROUPING).unwrap_or(0);
        let is_group = if at == 0 { !group.is_empty() && first <= 3 } else { group.len() == 3 };
        if !is_group {
            return None;
        }
        number.push(group)?;
    }
    number.scale(fraction)?;
    let mut is_open = !fraction.is_empty() && fraction.len() % 3 == 0;
    while let (true, Some(group)) = (is_open, rest.strip_prefix(' ')) {
        let len = group.find(|c: char| !is_digit(c)).unwrap_or(group.len());
        if !(1..=3).contains(&len) {
            break;
        }
        number.scale(&group[..len])?;
        rest = &group[len..];
        is_open = len == 3;
    }
    number.decimal().map(|number| (number, rest))
}

/// Digits while they are read: no buffer, no rounding.
#[derive(Debug, Clone, Copy, Default)]
struct Digits {
    mantissa: i128,
    scale: u32,
}

impl Digits {
    fn push(&mut self, digits: &str) -> Option<()> {
        for c in digits.chars() {
            let digit = i128::from(c.to_digit(10)?);
            self.mantissa = self.mantissa.checked_mul(10)?.checked_add(digit)?;
        }
        Some(())
    }

    fn scale(&mut self, digits: &str) -> Option<()> {
        self.push(digits)?;
        self.scale += u32::try_from(digits.len()).ok()?;
        Some(())
    }

    /// More digits than a decimal holds are no number, never a rounded one.
    fn decimal(self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.mantissa, self.scale).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_nothing() {
        #[track_caller]
        fn check(text: &str, expected: Option<(&str, &str)>) {
            let number = leading_number(text).map(|(number, rest)| (number.to_string(), rest));
            assert_eq!(number.as_ref().map(|(value, rest)| (&**value, *rest)), expected, "{text}");
        }
        check("7,500,000", Some(("7500000", "")));
        check("10\u{2009}308\u{2009}000.00", Some(("10308000.00", "")));
        check("0.10元", Some(("0.10", "元")));
        check("12,", Some(("12", ",")));
        check("968.191 8万元", Some(("968.1918", "万元")));
        check("968.191 800 12", Some(("968.19180012", "")));
        check("968.191 8 9", Some(("968.1918", " 9")));
        check("968.19 8", Some(("968.19", " 8")));
        check("968.191 8000", Some(("968.191", " 8000")));
        check("968 191", Some(("968", " 191")));
        for text in ["7,50", "1234,567", ",5", "3.5.1", ".5", "", "99999999999999999999999999999999"] {
            check(text, None);
        }
    }
}

//! Exact decimal numbers in text. Nothing goes through binary floating point.

use rust_decimal::Decimal;

/// Full-width ASCII, digits among them, in its usual form.
pub(crate) fn half_width(text: &str) -> String {
    let halve = |c| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '﹪' => '%',
        '﹥' => '>',
        '﹤' => '<',
        '﹦' => '=',
        _ => c,
    };
    text.chars().map(halve).collect()
}

/// Reads the number that a text begins with, and returns the rest of the text.
/// Thousands may be set off by commas, in threes; a text in which they are not
/// is no number, rather than a wrong one.
pub(crate) fn leading_number(text: &str) -> Option<(Decimal, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    // A point or comma that ends the number belongs to what follows.
    let trimmed = digits.trim_end_matches([',', '.']);
    let rest = if trimmed.len() == digits.len() { rest } else { &text[trimmed.len()..] };
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut joined = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 {
            return None;
        }
        joined.push_str(group);
    }
    if first.is_empty() || fraction.contains([',', '.']) {
        return None;
    }
    if !fraction.is_empty() {
        joined.push('.');
        joined.push_str(fraction);
    }
    // More digits than a decimal holds is an error here, never a rounding.
    Decimal::from_str_exact(&joined).ok().map(|value| (value, rest))
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
        check("0.10元", Some(("0.10", "元")));
        check("12,", Some(("12", ",")));
        check("7,50", None);
        check("1234,567", None);
        check("3.5.1", None);
        check(".5", None);
        check("99999999999999999999999999999999", None);
    }
}

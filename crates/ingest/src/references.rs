//! Character references to no character: HTML makes U+FFFD of them, without a
//! word, and so what they stood for would be lost.

use std::borrow::Cow;

use memchr::memmem::find;

/// The longest reference that is one, leading zeros included.
const LONGEST: usize = 24;

/// The text with references to the two halves of a character beyond U+FFFF as
/// that character (programs that know UTF-16 alone write them), and with all
/// other references to no character as the text that they are.
pub fn sound(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    // What is before this is in `out`, and the next look is from there on.
    let (mut done, mut at) = (0, 0);
    while let Some(start) = find(&text.as_bytes()[at..], b"&#").map(|n| at + n) {
        let rest = &text[start..];
        let Some((code, length)) = numeric(rest) else {
            at = start + 2;
            continue;
        };
        at = start + length;
        if code != 0 && char::from_u32(code).is_some() {
            continue;
        }
        out.push_str(&text[done..start]);
        match pair(rest) {
            Some((c, length)) => {
                out.push(c);
                at = start + length;
            }
            None => {
                out.push_str("&amp;");
                out.push_str(&rest[1..length]);
            }
        }
        done = at;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The character beyond U+FFFF that two references at the start of a text are the
/// halves of, and their length there.
pub fn pair(text: &str) -> Option<(char, usize)> {
    let (high, length) = numeric(text)?;
    let (low, more) = numeric(&text[length..])?;
    let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    let mut chars = char::decode_utf16(units);
    let c = chars.next()?.ok()?;
    // One character of both units.
    chars.next().is_none().then_some((c, length + more))
}

/// The number of a reference at the start of a text, and its length there;
/// numbers beyond all characters are the largest one.
fn numeric(text: &str) -> Option<(u32, usize)> {
    let digits = text.strip_prefix("&#")?;
    let (digits, radix, before) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 3),
        None => (digits, 10, 2),
    };
    let end = digits
        .bytes()
        .take(LONGEST)
        .position(|byte| !char::from(byte).is_digit(radix))
        .unwrap_or(digits.len());
    if end == 0 || end > LONGEST {
        return None;
    }
    let code = u32::from_str_radix(&digits[..end], radix).unwrap_or(u32::MAX);
    Some((code, before + end + usize::from(digits[end..].starts_with(';'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(sound(text), expected);
    }

    #[test]
    fn halves_are_put_together() {
        check("a&#55362;&#57271;田", "a𠮷田");
        check("&#xD842;&#xdfb7;&#xD842;&#57271;", "𠮷𠮷");
    }

    #[test]
    fn what_is_no_character_stays_as_it_is_written() {
        check("a&#0;b", "a&amp;#0;b");
        check("&#x110000;", "&amp;#x110000;");
        check("&#99999999999;", "&amp;#99999999999;");
        check("&#xD842;&#65;", "&amp;#xD842;&#65;");
        check("&#xDFB7;", "&amp;#xDFB7;");
        for text in ["", "&#", "&#x", "&#;", "&amp;", "&#65;&#128;&#x4E00", "&#x20000;"] {
            assert!(matches!(sound(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}

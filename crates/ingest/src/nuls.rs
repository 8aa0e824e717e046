//! NUL characters: files are padded with them, and some programs end texts so.

use std::borrow::Cow;

use memchr::memchr_iter;

/// Of so many characters one may be a NUL; a text has no more.
const RARE: usize = 50;

/// What a text with NULs comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Nuls<'t> {
    /// It has none.
    None(Cow<'t, str>),
    /// A few, which are blanks now: how many, and the offset of the first.
    Few(Cow<'t, str>, u64, usize),
    /// So many that it is no text.
    Many(usize),
}

/// The text with blanks for its NULs, at the same offsets; and for the sign with
/// which DOS ends a file.
pub fn without_nuls(text: Cow<'_, str>) -> Nuls<'_> {
    // Padding at the end says nothing.
    let content = text.trim_end_matches(['\0', '\u{1a}', ' ', '\n', '\r']).len();
    let inside = memchr_iter(0, &text.as_bytes()[..content]).count();
    if inside * RARE > content || content == 0 && text.contains('\0') {
        return Nuls::Many(inside);
    }
    let first = text.find('\0');
    if first.is_none() && !text[content..].contains('\u{1a}') {
        return Nuls::None(text);
    }
    let count = memchr_iter(0, text.as_bytes()).count() as u64;
    let (kept, end) = text.split_at(content);
    let text = Cow::Owned(kept.replace('\0', " ") + &end.replace(['\0', '\u{1a}'], " "));
    match first {
        Some(first) => Nuls::Few(text, count, first),
        None => Nuls::None(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_blanks_and_many_are_no_text() {
        let none = |text: &'static str| Nuls::None(text.into());
        assert_eq!(without_nuls("项目\t甲".into()), none("项目\t甲"));
        assert_eq!(without_nuls("项目\n\u{1a}".into()), none("项目\n "));
        assert_eq!(without_nuls("项目\0\0".into()), Nuls::Few("项目  ".into(), 2, 6));
        let long = "项目".repeat(20);
        assert_eq!(
            without_nuls(format!("{long}\0甲").into()),
            Nuls::Few(format!("{long} 甲").into(), 1, long.len())
        );
        assert_eq!(without_nuls("ab\0c".into()), Nuls::Many(1));
        assert_eq!(without_nuls("\0".into()), Nuls::Many(0));
    }
}

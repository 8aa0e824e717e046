//! Folding: what two spellings of a label have in common.

/// The longest label, title or header, in characters; anything longer is text.
const LONGEST: usize = 60;

/// Folds a label, title or header: full-width forms become ASCII, letters
/// lower case; white space, zero-width marks and colons of every kind go.
///
/// Returns nothing for a text that is blank or too long to be a label.
///
/// ```
/// use formgrid_profile::fold;
/// assert_eq!(fold("项目总预算 （元）："), fold("项目总预算(元):"));
/// ```
pub fn fold(text: &str) -> Option<String> {
    // Four bytes a character bound the folded text; what is longer by far than
    // any label with its inner spaces is not even looked at.
    if text.len() > LONGEST * 8 {
        return None;
    }
    let folded: String = text
        .chars()
        .filter(|&c| !is_space(c) && !is_colon(c))
        .flat_map(|c| halve(c).to_lowercase())
        .collect();
    (!folded.is_empty() && folded.chars().count() <= LONGEST).then_some(folded)
}

/// Folds a level word further: without a bracketed score (`产出指标(50分)`) and
/// without the suffix that some forms write and others do not.
///
/// ```
/// use formgrid_profile::fold_word;
/// assert_eq!(fold_word("产 出 指 标（50分）"), fold_word("产出目标"));
/// ```
pub fn fold_word(text: &str) -> Option<String> {
    let mut word = fold(text)?;
    if let (true, Some(open)) = (word.ends_with(')'), word.rfind('('))
        && open > 0
    {
        word.truncate(open);
    }
    for suffix in ["指标", "目标"] {
        // The bare words 指标 and 目标 are no suffix of anything.
        if word.len() > suffix.len() && word.ends_with(suffix) {
            word.truncate(word.len() - suffix.len());
            break;
        }
    }
    Some(word)
}

/// Splits `项目名称：某某` at its first colon, if what stands before it is short
/// enough for a label. Returns both sides as printed, trimmed.
pub fn split_inline(text: &str) -> Option<(&str, &str)> {
    let (at, colon) = text.char_indices().take(LONGEST).find(|&(_, c)| is_colon(c))?;
    let label = text[..at].trim();
    // A clock or a ratio (`10:30`) is no label, nor is a line break in one.
    let is_label =
        label.chars().any(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation()) && !label.contains('\n');
    is_label.then(|| (label, text[at + colon.len_utf8()..].trim()))
}

/// Splits a text into the labels and values that stand in it one after the
/// other: `开始：2020-01-01 完成：2020-12-31`. A label is one for which
/// `is_label` holds, at the start of the text or after white space, with a
/// colon behind it. Returns nothing if the text does not begin with a label.
pub fn split_labels(text: &str, is_label: impl Fn(&str) -> bool) -> Vec<(&str, &str)> {
    let mut pairs: Vec<(&str, usize)> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut word = Some(0); // where a label could begin
    for (at, c) in text.char_indices() {
        if is_space(c) {
            word = Some(at + c.len_utf8());
        } else if is_colon(c) {
            let begin = word.filter(|&begin| is_label(&text[begin..at]));
            if let Some(begin) = begin {
                ends.push(begin);
                pairs.push((&text[begin..at], at + c.len_utf8()));
            } else if pairs.is_empty() {
                return Vec::new();
            }
            word = None;
        }
    }
    ends.push(text.len());
    pairs
        .iter()
        .zip(&ends[1..])
        .map(|(&(label, from), &to)| (label, text[from..to].trim_matches(is_space)))
        .collect()
}

/// White space of any width, and the marks that have none.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// A colon of any kind: ASCII, full-width, small, presentation form, ratio.
fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：' | '﹕' | '︰' | '∶' | '꞉')
}

/// The ASCII form of a full-width character, and the round form of a bracket.
fn halve(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '〔' | '【' | '﹙' => '(',
        '〕' | '】' | '﹚' => ')',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_width_spaces_and_colons() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(fold(text).as_deref(), expected);
        }
        check("项目名称：", Some("项目名称"));
        check(" 项 目\u{3000}名\u{200B}称 ∶", Some("项目名称"));
        check("项目总预算（元）：", Some("项目总预算(元)"));
        check("ＡＢｃ", Some("abc"));
        check(" ： ", None);
        check(&"长".repeat(61), None);
    }

    #[test]
    fn words_lose_score_and_suffix() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(fold_word(text).as_deref(), Some(expected));
        }
        check("产出目标", "产出");
        check("满意度指\n标", "满意度");
        check("产出指标(40-50)", "产出");
        check("目标", "目标");
        check("(50分)", "(50分)");
    }

    #[test]
    fn labels_in_a_text_are_split() {
        #[track_caller]
        fn check(text: &str, expected: &[(&str, &str)]) {
            assert_eq!(split_labels(text, |label| ["开始", "完成"].contains(&label)), expected);
        }
        check("开始：1 完成：2", &[("开始", "1"), ("完成", "2")]);
        check("开始：10:30 备注：无", &[("开始", "10:30 备注：无")]);
        check("说明：开始：1", &[]);
        check("开始", &[]);
    }
}

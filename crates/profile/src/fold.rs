//! Folding: what two spellings of a label have in common.

/// White space of any width, control characters, and the marks that show nothing.
pub(crate) use formgrid_model::is_blank as is_space;

/// The longest label, title or header, in characters; anything longer is text.
const LONGEST: usize = 60;

/// The most labels with their values in one text.
const MOST_LABELS: usize = 100;

/// Folds a label, title or header: full-width forms become ASCII, letters
/// lower case; white space, zero-width marks and colons of every kind go, and at
/// its start what could not be decoded.
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
    let mut folded = String::with_capacity(text.len());
    for c in text.trim_start_matches(is_beside).chars() {
        match c {
            // Most of a Chinese text is the same as folded.
            '\u{4E00}'..='\u{9FFF}' => folded.push(c),
            _ if is_space(c) || is_colon(c) => {}
            _ => folded.extend(halve(c).to_lowercase()),
        }
    }
    // A text of so few bytes need not be counted.
    let is_short = folded.len() <= LONGEST || folded.chars().count() <= LONGEST;
    (!folded.is_empty() && is_short).then_some(folded)
}

/// The last character of a text as it is folded; none if there is none. What
/// may be cut off the end of a title is not looked at.
pub(crate) fn last_folded(text: &str) -> Option<char> {
    let last = text.chars().rev().find(|&c| !is_space(c) && !is_colon(c) && c != '、')?;
    match last {
        '\u{4E00}'..='\u{9FFF}' => Some(last),
        _ => halve(last).to_lowercase().last(),
    }
}

/// Whether a character before a text is none of it: a space, or what could not
/// be decoded, as the hard spaces of Latin-1 in pages of UTF-8.
fn is_beside(c: char) -> bool {
    is_space(c) || c == char::REPLACEMENT_CHARACTER
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
    word.truncate(word_of(&word).len());
    Some(word)
}

/// The beginning of a folded text that is the level word.
pub(crate) fn word_of(folded: &str) -> &str {
    let word = match folded.rfind('(') {
        Some(open) if open > 0 && folded.ends_with(')') => &folded[..open],
        _ => folded,
    };
    // The bare words 指标 and 目标 are no suffix of anything.
    let stem = ["指标", "目标"].iter().find_map(|suffix| word.strip_suffix(suffix));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(word)
}

/// A label, title or line without what numbers or marks it: `*`, `#`, `1.`,
/// `（一）`, `一、`, `①`. Returns the text itself, trimmed, where nothing does.
///
/// ```
/// use formgrid_profile::unnumbered;
/// assert_eq!(unnumbered("*（一）项目名称："), "项目名称：");
/// assert_eq!(unnumbered("2020年度"), "2020年度");
/// ```
pub fn unnumbered(text: &str) -> &str {
    let mut text = text.trim_start_matches(is_space);
    // A star and a number may stand together; nothing is numbered any deeper.
    for _ in 0..3 {
        match strip_number(text) {
            Some(rest) => text = rest.trim_start_matches(is_space),
            None => break,
        }
    }
    text.trim_end_matches(is_space)
}

/// A title without the number of its annex or table: `附件1：`, `附表2`, `表3-1`.
pub(crate) fn unnumbered_title(line: &str) -> &str {
    let line = unnumbered(line);
    for name in ["附件", "附表", "附", "表"] {
        let Some(rest) = line.strip_prefix(name) else { continue };
        let number = rest.trim_start_matches(is_space);
        let end = number.find(|c: char| !is_numeral(c) && !"-－—.．".contains(c)).unwrap_or(number.len());
        // `表` alone begins many a title; an annex may do without a number.
        if number[..end].contains(is_numeral) || number.starts_with(is_colon) {
            return unnumbered(number[end..].trim_matches(|c: char| is_colon(c) || is_space(c) || c == '、'));
        }
    }
    line
}

/// Whether a line reads like the title of a form: short, and at its end, but for
/// a year in brackets, 申报表, 目标表, 自评表, 监控表, or 表 with 绩效 before it.
///
/// ```
/// use formgrid_profile::reads_like_title;
/// assert!(reads_like_title("某市本级部门预算项目支出绩效目标表（2024年度）"));
/// assert!(!reads_like_title("关于填报绩效目标表的通知"));
/// ```
pub fn reads_like_title(line: &str) -> bool {
    if !matches!(last_folded(line), Some('表' | ')')) {
        return false;
    }
    let Some(folded) = fold(unnumbered_title(line)) else { return false };
    let title = match folded.rsplit_once('(') {
        Some((title, _)) if folded.ends_with(')') => title,
        _ => &folded,
    };
    let is_sentence =
        title.starts_with("关于") || title.contains(['。', ',', ';', '《', '、', '!', '?', '|']);
    let ends = ["申报表", "目标表", "自评表", "监控表"];
    let is_form =
        ends.iter().any(|end| title.ends_with(end)) || title.ends_with('表') && title.contains("绩效");
    is_form && title.chars().count() >= 5 && !is_sentence
}

/// Splits `项目名称：某某` at its first colon, if what stands before it is short
/// enough for a label. Returns both sides as printed, trimmed.
pub fn split_inline(text: &str) -> Option<(&str, &str)> {
    // 其中 is no label by itself: `其中：财政拨款：25`.
    let is_end = |at: usize, c: char| is_colon(c) && text[..at].trim() != "其中";
    let (at, colon) = text.char_indices().take(LONGEST).find(|&(at, c)| is_end(at, c))?;
    let label = text[..at].trim();
    // A clock or a ratio (`10:30`) is no label, nor is a line break in one.
    let is_label =
        label.chars().any(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation()) && !label.contains('\n');
    let value = text[at + colon.len_utf8()..].trim_start_matches(|c| is_space(c) || is_colon(c));
    is_label.then(|| (label, value.trim_end()))
}

/// Splits a text into the labels and values that stand in it one after the
/// other: `开始：2020-01-01 完成：2020-12-31`. A label is one for which
/// `is_label` holds, at the start of the text or after white space, a comma or a
/// semicolon, with a colon behind it. Returns nothing if the text does not begin
/// with a label; of more labels than any cell has, the last one keeps the rest.
pub fn split_labels(text: &str, is_label: impl Fn(&str) -> bool) -> Vec<(&str, &str)> {
    let mut pairs: Vec<(&str, usize)> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut word = Some(0); // where a label could begin
    for (at, c) in text.char_indices() {
        if is_space(c) || is_separator(c) {
            word = Some(at + c.len_utf8());
        } else if is_colon(c) {
            let begin = word.filter(|&begin| is_label(&text[begin..at]));
            if let Some(begin) = begin {
                ends.push(begin);
                pairs.push((&text[begin..at], at + c.len_utf8()));
                if pairs.len() == MOST_LABELS {
                    break;
                }
            } else if pairs.is_empty() {
                return Vec::new();
            }
            word = None;
        }
    }
    ends.push(text.len());
    let value = |from: usize, to: usize| {
        let value = text[from..to].trim_matches(is_space);
        // What sets the next label off is no part of the value.
        if to == text.len() { value } else { value.trim_end_matches(|c| is_space(c) || is_separator(c)) }
    };
    pairs.iter().zip(ends.iter().skip(1)).map(|(&(label, from), &to)| (label, value(from, to))).collect()
}

/// Strips one mark or number off the beginning of a text.
fn strip_number(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if is_mark(first) {
        return Some(chars.as_str());
    }
    let bracketed = text.strip_prefix(['(', '（']);
    let digits = bracketed.unwrap_or(text);
    let rest = digits.trim_start_matches(is_numeral);
    let count = digits[..digits.len() - rest.len()].chars().count();
    let rest = match bracketed {
        Some(_) => rest.strip_prefix([')', '）'])?.trim_start_matches(['、', '.', '．']),
        None => rest.strip_prefix(['、', '.', '．', ')', '）'])?,
    };
    // A longer number is a year or an amount, and `1.5` is one, too.
    (matches!(count, 1..=3) && !rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// A mark before a label: a star, a bullet, a number in a circle; bullets of
/// symbol fonts are at U+F000 and above, as Word writes them.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '＊' | '#' | '★' | '☆' | '※' | '●' | '■' | '◆' | '▲' | '①'..='⒛' | '㈠'..='㈩')
        || matches!(c, '•' | '·' | '▪' | '◇' | '△' | '▶' | '►' | '➢' | '\u{f000}'..='\u{f0ff}')
}

/// A digit, Arabic or Chinese.
fn is_numeral(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// A mark between one label with its value and the next.
fn is_separator(c: char) -> bool {
    matches!(c, '；' | ';' | '，' | ',')
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
    fn a_label_is_split_from_its_value() {
        assert_eq!(split_inline("项目名称：甲"), Some(("项目名称", "甲")));
        assert_eq!(split_inline("其中：财政拨款：25"), Some(("其中：财政拨款", "25")));
        assert_eq!(split_inline("10:30"), None);
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
        check("开始：1；完成：2", &[("开始", "1"), ("完成", "2")]);
        check("开始：1， 完成:2；", &[("开始", "1"), ("完成", "2；")]);
        check("开始：1，完成；其他：2", &[("开始", "1，完成；其他：2")]);
        check("开始", &[]);
        let many = "开始：1 ".repeat(MOST_LABELS + 2);
        let pairs = split_labels(&many, |label| label == "开始");
        assert_eq!((pairs.len(), pairs.last()), (MOST_LABELS, Some(&("开始", "1 开始：1 开始：1"))));
    }

    #[test]
    fn numbers_before_labels_and_titles_are_stripped() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(unnumbered_title(text), expected);
        }
        for text in [
            "*甲",
            "1.甲",
            "１．甲",
            "（一）甲",
            "(12)、甲",
            "一、甲",
            "① 甲",
            "* 1、甲",
            "3)甲",
            "•甲",
            "\u{f0b7} 甲",
        ] {
            check(text, "甲");
        }
        for text in [
            "附件1：甲",
            "# 附件2 # 甲",
            "附表2 甲",
            "表1 甲",
            "附件一：甲",
            "附件：甲",
            "表3-1：甲",
            "一、附件2甲",
        ] {
            check(text, "甲");
        }
        for text in ["2020.甲", "1.5甲", "表甲", "附件甲", "12", "一甲", "()甲"] {
            check(text, text);
        }
    }
}

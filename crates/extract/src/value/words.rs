//! The words and signs around the number of a target.

use formgrid_model::Comparison;

/// What a word before or behind a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// How the number compares.
    Compares(Comparison),
    /// That the number is about right.
    Approximate,
    /// That the number itself is included.
    Inclusive,
    /// Nothing: 达到, 之间.
    Filler,
}

const EQUAL: Word = Word::Compares(Comparison::Equal);
const GREATER: Word = Word::Compares(Comparison::Greater);
const AT_LEAST: Word = Word::Compares(Comparison::GreaterOrEqual);
const LESS: Word = Word::Compares(Comparison::Less);
const AT_MOST: Word = Word::Compares(Comparison::LessOrEqual);

/// What may stand before a number, the longer spelling before its beginning.
const BEFORE: [(&str, Word); 59] = [
    ("大于等于", AT_LEAST),
    ("大于或等于", AT_LEAST),
    ("高于或等于", AT_LEAST),
    ("小于等于", AT_MOST),
    ("小于或等于", AT_MOST),
    ("低于或等于", AT_MOST),
    ("不得低于", AT_LEAST),
    ("不得少于", AT_LEAST),
    ("不低于", AT_LEAST),
    ("不少于", AT_LEAST),
    ("不小于", AT_LEAST),
    ("至少", AT_LEAST),
    ("最少", AT_LEAST),
    ("不得超过", AT_MOST),
    ("不得高于", AT_MOST),
    ("不超过", AT_MOST),
    ("不高于", AT_MOST),
    ("不大于", AT_MOST),
    ("不多于", AT_MOST),
    ("至多", AT_MOST),
    ("最多", AT_MOST),
    ("大于", GREATER),
    ("高于", GREATER),
    ("多于", GREATER),
    ("超过", GREATER),
    ("小于", LESS),
    ("低于", LESS),
    ("少于", LESS),
    ("等于", EQUAL),
    (">=", AT_LEAST),
    ("> =", AT_LEAST),
    ("=>", AT_LEAST),
    ("≥", AT_LEAST),
    ("≧", AT_LEAST),
    ("⩾", AT_LEAST),
    ("≮", AT_LEAST),
    ("<=", AT_MOST),
    ("< =", AT_MOST),
    ("=<", AT_MOST),
    ("≤", AT_MOST),
    ("≦", AT_MOST),
    ("⩽", AT_MOST),
    ("≯", AT_MOST),
    ("==", EQUAL),
    (">", GREATER),
    ("<", LESS),
    ("=", EQUAL),
    ("大约", Word::Approximate),
    ("约为", Word::Approximate),
    ("约", Word::Approximate),
    ("近", Word::Approximate),
    ("≈", Word::Approximate),
    ("控制在", Word::Filler),
    ("达到", Word::Filler),
    ("达", Word::Filler),
    ("共计", Word::Filler),
    ("总计", Word::Filler),
    ("合计", Word::Filler),
    ("共", Word::Filler),
];

/// What may stand behind a number and its unit. 以上, 以下 and 以内 include the
/// number itself (Civil Code of 2020, article 1259).
const BEHIND: [(&str, Word); 11] = [
    ("及以上", AT_LEAST),
    ("以上", AT_LEAST),
    ("及以下", AT_MOST),
    ("以下", AT_MOST),
    ("以内", AT_MOST),
    ("之内", AT_MOST),
    ("左右", Word::Approximate),
    ("上下", Word::Approximate),
    ("之间", Word::Filler),
    ("(含)", Word::Inclusive),
    ("(含本数)", Word::Inclusive),
];

/// Time and distance, within which 内 is 以内; 市内 and 室内 are places.
const SPANS: [&str; 16] = [
    "天",
    "日",
    "工作日",
    "小时",
    "分钟",
    "秒",
    "周",
    "个月",
    "年",
    "分",
    "时",
    "公里",
    "千米",
    "米",
    "元",
    "万元",
];

/// Strips a word that stands before a number.
pub(crate) fn strip_before(text: &str) -> Option<(Word, &str)> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    BEFORE.iter().find_map(|(spelling, word)| Some((*word, text.strip_prefix(spelling)?.trim_start())))
}

/// Strips a word that stands behind a number and its unit.
pub(crate) fn strip_behind(text: &str) -> Option<(Word, &str)> {
    let behind =
        BEHIND.iter().find_map(|(spelling, word)| Some((*word, text.strip_suffix(spelling)?.trim_end())));
    behind.or_else(|| {
        let rest = text.strip_suffix('内')?;
        SPANS.iter().any(|span| rest.ends_with(span)).then_some((AT_MOST, rest))
    })
}

//! Target values: `>=90%` is a comparison, an exact number and a unit.

use formgrid_model::Comparison;
use rust_decimal::Decimal;

use crate::number::{half_width, leading_number};

/// A target as understood. All parts are absent for a qualitative target.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Parsed {
    pub(crate) comparison: Option<Comparison>,
    pub(crate) value: Option<Decimal>,
    pub(crate) unit: Option<String>,
}

/// How a comparison is printed, the longer spelling before its beginning.
const OPERATORS: [(&str, Comparison); 34] = [
    ("大于等于", Comparison::GreaterOrEqual),
    ("大于或等于", Comparison::GreaterOrEqual),
    ("小于等于", Comparison::LessOrEqual),
    ("小于或等于", Comparison::LessOrEqual),
    ("不低于", Comparison::GreaterOrEqual),
    ("不少于", Comparison::GreaterOrEqual),
    ("不小于", Comparison::GreaterOrEqual),
    ("不超过", Comparison::LessOrEqual),
    ("不高于", Comparison::LessOrEqual),
    ("不大于", Comparison::LessOrEqual),
    ("不多于", Comparison::LessOrEqual),
    ("大于", Comparison::Greater),
    ("高于", Comparison::Greater),
    ("超过", Comparison::Greater),
    ("小于", Comparison::Less),
    ("低于", Comparison::Less),
    ("少于", Comparison::Less),
    ("等于", Comparison::Equal),
    (">=", Comparison::GreaterOrEqual),
    ("> =", Comparison::GreaterOrEqual),
    ("=>", Comparison::GreaterOrEqual),
    ("≥", Comparison::GreaterOrEqual),
    ("≧", Comparison::GreaterOrEqual),
    ("⩾", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("< =", Comparison::LessOrEqual),
    ("=<", Comparison::LessOrEqual),
    ("≤", Comparison::LessOrEqual),
    ("≦", Comparison::LessOrEqual),
    ("⩽", Comparison::LessOrEqual),
    ("==", Comparison::Equal),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
    ("=", Comparison::Equal),
];

/// Words behind a number that compare.
const SUFFIXES: [(&str, Comparison); 4] = [
    ("及以上", Comparison::GreaterOrEqual),
    ("以上", Comparison::GreaterOrEqual),
    ("以内", Comparison::LessOrEqual),
    ("以下", Comparison::LessOrEqual),
];

/// The longest unit, in characters: `元每人每月` is one, a clause is not.
const LONGEST_UNIT: usize = 10;

/// Reads a target. What is not an operator, one number and a unit is
/// qualitative: nothing is read into a sentence.
pub(crate) fn parse_target(text: &str) -> Parsed {
    let text = text.trim().trim_end_matches('。');
    let folded = half_width(text);
    let (comparison, rest) = operator(&folded);
    let (minus, digits) = rest.strip_prefix('-').map_or((false, rest), |digits| (true, digits));
    let Some((number, rest)) = leading_number(digits) else { return Parsed::default() };
    let value = if minus { -number } else { number };
    let (suffix, unit) = suffix(rest.trim());
    let (is_inclusive, unit) = inclusive(unit);
    let unit = unit.strip_prefix('(').and_then(|unit| unit.strip_suffix(')')).unwrap_or(unit).trim();
    let is_year =
        unit.starts_with('年') && value.is_integer() && (1900..2100).any(|year| value == year.into());
    let is_unit = unit.chars().count() <= LONGEST_UNIT
        && !unit.starts_with('.')
        && !unit
            .chars()
            .any(|c| c.is_numeric() || c.is_whitespace() || "，。；、,;:!~-—=<>≥≤±()".contains(c));
    let comparison = match (comparison, suffix) {
        (Some(_), Some(_)) => return Parsed::default(),
        (comparison, suffix) => comparison.or(suffix),
    };
    let is_strict = matches!(comparison, Some(Comparison::Greater | Comparison::Less));
    if is_year || !is_unit || is_inclusive && is_strict {
        return Parsed::default();
    }
    let unit = (!unit.is_empty()).then(|| printed(text, &folded, unit));
    Parsed { comparison, value: Some(value), unit }
}

/// What a part near the end of a folded text is in the text as printed. Folding
/// keeps the number of characters.
fn printed(text: &str, folded: &str, part: &str) -> String {
    let before = folded.rfind(part).map_or(0, |at| folded[..at].chars().count());
    text.chars().skip(before).take(part.chars().count()).collect()
}

/// Strips the remark that the number itself is included: `90%（含）`. Any other
/// remark may change what the number means.
fn inclusive(text: &str) -> (bool, &str) {
    match text.strip_suffix("(含)") {
        Some(rest) => (true, rest.trim_end()),
        None => (false, text),
    }
}

/// Whether a text looks like a target more than like a name: it is a number,
/// or begins with an operator or ends as a percentage.
pub(crate) fn looks_like_target(text: &str) -> bool {
    text.len() <= 120 && parse_target(text).value.is_some()
}

fn operator(text: &str) -> (Option<Comparison>, &str) {
    for (spelling, comparison) in OPERATORS {
        if let Some(rest) = text.strip_prefix(spelling) {
            return (Some(comparison), rest.trim_start());
        }
    }
    (None, text)
}

fn suffix(text: &str) -> (Option<Comparison>, &str) {
    for (spelling, comparison) in SUFFIXES {
        if let Some(rest) = text.strip_suffix(spelling) {
            return (Some(comparison), rest.trim_end());
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let Parsed { comparison, value, unit } = parse_target(text);
        let drawn = format!(
            "{} {} {}",
            comparison.map_or("_", Comparison::symbol),
            value.map_or("_".into(), |value| value.to_string()),
            unit.unwrap_or("_".into())
        );
        assert_eq!(drawn, expected, "{text}");
    }

    /// Every operator in every spelling, before a number with a unit.
    #[test]
    fn operators() {
        for (symbol, spellings) in [
            ("=", &["=", "＝", "﹦", "==", "等于", "= ", "＝　"][..]),
            (">=", &[">=", "＞＝", "≥", "≧", "⩾", "=>", "> =", "＞ ＝", "﹥=", "≥ ", "不低于", "不少于"]),
            (">=", &["不小于", "大于等于", "大于或等于"]),
            ("<=", &["<=", "＜＝", "≤", "≦", "⩽", "=<", "< =", "﹤﹦", "不超过", "不高于", "不多于"]),
            ("<=", &["不大于", "小于等于", "小于或等于"]),
            (">", &[">", "＞", "﹥", "> ", "大于", "高于", "超过"]),
            ("<", &["<", "＜", "﹤", "小于", "低于", "少于"]),
            ("_", &["", " "]),
        ] {
            for spelling in spellings {
                check(&format!("{spelling}90%"), &format!("{symbol} 90 %"));
                check(&format!("{spelling}1,600.50元/亩"), &format!("{symbol} 1600.50 元/亩"));
            }
        }
    }

    #[test]
    fn units_are_as_printed() {
        check("50％", "_ 50 ％");
        check("=１００﹪", "= 100 ﹪");
        check("≥９０．００（％）", ">= 90.00 ％");
        check("=300次/月", "= 300 次/月");
        check("≤5ｋｍ／ｈ", "<= 5 ｋｍ／ｈ");
        check("4660 份", "_ 4660 份");
        check("5(个)", "_ 5 个");
        check("≥190元每人每月", ">= 190 元每人每月");
        check("0.5‰", "_ 0.5 ‰");
        check("≥100百分比", ">= 100 百分比");
        check("=100%。", "= 100 %");
        check("2期", "_ 2 期");
        check("５０．５％以上", ">= 50.5 ％");
    }

    #[test]
    fn a_remark_says_that_the_number_is_included() {
        check("=１００％（含）", "= 100 ％");
        check("≥90%(含)", ">= 90 %");
        check("90%（含）以上", ">= 90 %");
        check("5天(含)以内", "<= 5 天");
        check(">90%（含）", "_ _ _");
    }

    #[test]
    fn operator_number_unit() {
        check("=100%", "= 100 %");
        check(">=90%", ">= 90 %");
        check("＞＝９０％", ">= 90 ％");
        check("≥90.50(%)", ">= 90.50 %");
        check("≧95%", ">= 95 %");
        check("4660份", "_ 4660 份");
        check("=300次", "= 300 次");
        check("90%", "_ 90 %");
        check("=0", "= 0 _");
        check("<=475元/亩", "<= 475 元/亩");
        check("≤1,600万元", "<= 1600 万元");
        check("不低于60户/人.月", ">= 60 户/人.月");
        check("95%以上", ">= 95 %");
        check("＞ ＝ 60", ">= 60 _");
        check("=-3%", "= -3 %");
    }

    #[test]
    fn qualitative_targets_have_no_number() {
        for text in [
            "健全",
            "高于全国平均数",
            "2021年12月完成",
            "2020年底前",
            "1600人、200人",
            "1-2次",
            "达到90%以上",
            "",
            "%",
            "=",
            "3.5.1",
            "≥90%以上",
            "第1名",
            "854万(其中400万元)",
            "约5.5万人次",
            "是",
            "—",
            "/",
            "无",
            "=1/3",
            "±5%",
            "100%±5",
            "3～5次",
            "2次；3次",
            "12:30",
            "1e5",
            "5.",
            "1.2.3",
            "三次",
            "（5）",
            "≥",
            "≤2020年12月31日",
            "=2020年",
            "二100百分比",
            "%=99百分比",
            "》90%",
            "99999999999999999999999999999999",
            "不低于上年度水平",
        ] {
            check(text, "_ _ _");
        }
    }
}

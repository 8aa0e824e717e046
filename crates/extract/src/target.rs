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
const OPERATORS: [(&str, Comparison); 30] = [
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
    ("=>", Comparison::GreaterOrEqual),
    ("≥", Comparison::GreaterOrEqual),
    ("≧", Comparison::GreaterOrEqual),
    ("⩾", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("=<", Comparison::LessOrEqual),
    ("≤", Comparison::LessOrEqual),
    ("≦", Comparison::LessOrEqual),
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
    let wide: String = half_width(text);
    let compact = wide.replace("> =", ">=").replace("< =", "<=");
    let (comparison, rest) = operator(compact.trim());
    let (minus, digits) = rest.strip_prefix('-').map_or((false, rest), |digits| (true, digits));
    let Some((number, rest)) = leading_number(digits) else { return Parsed::default() };
    let value = if minus { -number } else { number };
    let (suffix, unit) = suffix(rest.trim());
    let unit = unit.trim_start_matches('(').trim_end_matches(')').trim();
    let is_year =
        unit.starts_with('年') && value.is_integer() && (1900..2100).any(|year| value == year.into());
    let is_unit = unit.chars().count() <= LONGEST_UNIT
        && !unit.chars().any(|c| c.is_numeric() || c.is_whitespace() || "，。；、,;:!~-—=<>≥≤".contains(c));
    if is_year || !is_unit || comparison.is_some() && suffix.is_some() {
        return Parsed::default();
    }
    Parsed {
        comparison: comparison.or(suffix),
        value: Some(value),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
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

    #[test]
    fn operator_number_unit() {
        check("=100%", "= 100 %");
        check(">=90%", ">= 90 %");
        check("＞＝９０％", ">= 90 %");
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
        ] {
            check(text, "_ _ _");
        }
    }
}

//! Text → typed value. What does not read as its type is nothing, not a guess.

use std::sync::LazyLock;

use formgrid_model::Value;
use formgrid_profile::{Kind, MoneyUnit};
use jiff::civil::Date;
use regex::Regex;
use rust_decimal::Decimal;

use crate::number::{half_width, leading_number};

/// Reads a filled text as a value of this type. `unit` is the unit of money
/// that the label names.
pub(crate) fn parse_value(text: &str, kind: Kind, unit: Option<MoneyUnit>) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Title => Some(Value::Text(text.to_owned())),
        Kind::Date => date(text).map(Value::Date),
        Kind::Boolean => boolean(text).map(Value::Boolean),
        Kind::Integer | Kind::Year => integer(text).map(Value::Integer),
        Kind::Money => money(text, unit).map(Value::Money),
    }
}

/// What a value of this type looks like, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Title => "text",
        Kind::Date => "a date",
        Kind::Boolean => "yes or no",
        Kind::Integer => "a whole number",
        Kind::Money => "an amount of money",
        Kind::Year => "a year",
    }
}

/// Year, month and day with one separator or none between them, and a time of
/// midnight at most behind them.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let day = r"^(?:(\d{4})\s*[-/.年—]\s*(\d{1,2})\s*[-/.月—]\s*(\d{1,2})\s*[日号]?|(\d{4})(\d{2})(\d{2}))";
    let midnight = r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?$";
    Regex::new(&[day, midnight].concat()).expect("the pattern is a constant that tests cover")
});

/// `2020-01-02`, `2020/1/2`, `2020.1.2`, `2020年1月2日` or `20200102`.
fn date(text: &str) -> Option<Date> {
    let text = half_width(text);
    let captures = DATE.captures(text.trim())?;
    let (_, [year, month, day]) = captures.extract();
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn boolean(text: &str) -> Option<bool> {
    match text.trim().trim_end_matches('。') {
        "是" | "有" | "含" | "√" | "☑" | "Y" | "y" | "yes" | "Yes" | "YES" => Some(true),
        "否" | "无" | "没有" | "不含" | "×" | "N" | "n" | "no" | "No" | "NO" => Some(false),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i64> {
    let text = half_width(text);
    let text = text.trim();
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (number, rest) = leading_number(digits)?;
    let number = if minus { -number } else { number };
    (rest.is_empty() && number.is_integer()).then(|| number.try_into().ok()).flatten()
}

/// An amount in yuan. The unit in the cell goes before the one of the label,
/// and without either it is yuan.
fn money(text: &str, unit: Option<MoneyUnit>) -> Option<Decimal> {
    let text = half_width(text);
    let text = text.trim().trim_start_matches(['¥', '￥']).trim_start();
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits.trim_start()));
    let (number, rest) = leading_number(digits)?;
    let printed = rest.trim().trim_start_matches('(').trim_end_matches(')').trim_end_matches('整');
    let unit = match printed {
        "" => unit.unwrap_or(MoneyUnit::Yuan),
        named => MoneyUnit::named(named)?,
    };
    let amount = number.normalize();
    let yuan = amount.checked_mul(Decimal::from(10_u64.pow(unit.power_of_ten())))?;
    // A product that had to round has fewer decimals; nothing is better than a
    // wrong amount.
    let is_exact = yuan.scale() >= amount.scale();
    is_exact.then_some(if minus { -yuan } else { yuan }).map(|yuan| yuan.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, text: &str, unit: Option<MoneyUnit>, expected: &str) {
        let drawn = match parse_value(text, kind, unit) {
            Some(Value::Text(text)) => text,
            Some(Value::Date(date)) => date.to_string(),
            Some(Value::Boolean(boolean)) => boolean.to_string(),
            Some(Value::Integer(integer)) => integer.to_string(),
            Some(Value::Money(money)) => money.to_string(),
            None => "-".into(),
        };
        assert_eq!(drawn, expected, "{text}");
    }

    #[test]
    fn dates() {
        for text in
            ["2020-01-02", "2020/1/2", "２０２０．１．２", "2020年1月2日", "20200102", "2020-1-2 00:00:00"]
        {
            check(Kind::Date, text, None, "2020-01-02");
        }
        for text in [
            "2020年01月",
            "2020-01",
            "-",
            "无",
            "二〇二〇年一月二日",
            "2020-13-01",
            "2020-02-30",
            "2020年",
            "1-2-2020",
            "2020-01-02 12:30",
            "20-1-2",
            "2020-1-2-3",
        ] {
            check(Kind::Date, text, None, "-");
        }
    }

    #[test]
    fn money_is_exact_yuan() {
        check(Kind::Money, "7,500,000", None, "7500000");
        check(Kind::Money, "10,308,000.00", None, "10308000");
        check(Kind::Money, "0.1", None, "0.1");
        check(Kind::Money, "3.36", Some(MoneyUnit::TenThousand), "33600");
        check(Kind::Money, "89.97412345", Some(MoneyUnit::TenThousand), "899741.2345");
        check(Kind::Money, "3元", Some(MoneyUnit::TenThousand), "3");
        check(Kind::Money, "1.5亿元", None, "150000000");
        check(Kind::Money, "-1,000", None, "-1000");
        check(Kind::Money, "7500000.00元", None, "7500000");
        check(Kind::Money, "750万", None, "7500000");
        check(Kind::Money, "750万", Some(MoneyUnit::TenThousand), "7500000");
        check(Kind::Money, "￥750", None, "750");
        check(Kind::Money, "￥１，２３４．５０元整", None, "1234.5");
        check(Kind::Money, "7,500,000 元", None, "7500000");
        check(Kind::Money, "7,500,000 元", Some(MoneyUnit::TenThousand), "7500000");
        check(Kind::Money, "5元（人民币）", None, "-");
        for text in ["-", "无", "/", "1e6", "+5", "5.", "（500）", "500美元", "1 000", "￥"] {
            check(Kind::Money, text, Some(MoneyUnit::TenThousand), "-");
        }
        for text in ["—", "854万(其中400万元)", "12 345", "7,50", "约3万元", ""] {
            check(Kind::Money, text, None, "-");
        }
    }

    #[test]
    fn yes_no_and_whole_numbers() {
        check(Kind::Boolean, "否", None, "false");
        check(Kind::Boolean, "是", None, "true");
        check(Kind::Boolean, "无", None, "false");
        for text in ["部分", "是（含部分）", "☑是 □否", "-", "—", "/"] {
            check(Kind::Boolean, text, None, "-");
        }
        for text in ["-", "—", "无"] {
            check(Kind::Text, text, None, text);
            check(Kind::Integer, text, None, "-");
        }
        check(Kind::Integer, "1,234", None, "1234");
        check(Kind::Integer, "1.5", None, "-");
        check(Kind::Integer, "3个", None, "-");
    }
}

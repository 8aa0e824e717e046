//! Text → typed value. What does not read as its type is nothing, not a guess.
//! What is read and what is not: `docs/values.md`, whose tables are tests.

mod choice;
mod code;
mod date;
mod money;
mod number;
mod numeral;
pub(crate) mod target;
pub(crate) mod three_cells;
mod unit;
mod words;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;

use formgrid_model::Value;
use formgrid_profile::{Kind, MoneyUnit};
use rust_decimal::Decimal;

use choice::{Choice, boolean, chosen};
use code::split_code;
use date::{date, period};
use money::money;
use number::{half_width, leading_number};

/// Reads a filled text as a value of this type. `unit` is the unit of money
/// that the label or a line above names.
pub(crate) fn parse_value(text: &str, kind: Kind, unit: Option<MoneyUnit>) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Title | Kind::Period => Some(Value::Text(text.to_owned())),
        Kind::Date => date(text).map(Value::Date),
        Kind::Boolean => boolean(text).map(Value::Boolean),
        Kind::Integer | Kind::Year => integer(text).map(Value::Integer),
        Kind::Number => number(text).map(Value::Number),
        Kind::Percent => percent(text).map(Value::Number),
        Kind::Money => money(text, unit).map(Value::Money),
        Kind::Choice => match chosen(text) {
            Choice::Plain => Some(Value::Text(text.to_owned())),
            Choice::One(option) => Some(Value::Text(option.to_owned())),
            Choice::Nothing | Choice::Unclear => None,
        },
        Kind::Coded => Some(Value::Text(split_code(text).1.to_owned())),
    }
}

/// The values of the fields that a field of this type fills besides its own, in
/// the order of [`formgrid_profile::FieldRule::also`].
pub(crate) fn parse_also(text: &str, kind: Kind) -> [Option<Value>; 2] {
    match kind {
        Kind::Coded => [split_code(text).0.map(|code| Value::Text(code.to_owned())), None],
        Kind::Period => match period(text) {
            Some((start, end)) => [Some(Value::Date(start)), Some(Value::Date(end))],
            None => [None, None],
        },
        _ => [None, None],
    }
}

/// Whether a text says that there is no value: `—`, `/`, `无`, boxes of which
/// none is ticked.
pub(crate) fn stands_for_nothing(text: &str, kind: Kind) -> bool {
    const WORDS: [&str; 10] =
        ["无", "暂无", "没有", "不适用", "不涉及", "N/A", "n/a", "NA", "未填", "未填写"];
    let text = text.trim();
    let is_rule = |c: char| c.is_whitespace() || "-—–－―─_＿/／\\＼*＊….。·".contains(c);
    let are_boxes = || matches!(kind, Kind::Choice | Kind::Boolean) && chosen(text) == Choice::Nothing;
    WORDS.contains(&text) || text.chars().all(is_rule) || are_boxes()
}

/// What a value of this type looks like, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Title | Kind::Coded | Kind::Period => "text",
        Kind::Date => "a date",
        Kind::Boolean => "yes or no",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Percent => "a percentage",
        Kind::Money => "an amount of money",
        Kind::Choice => "one ticked option",
        Kind::Year => "a year",
    }
}

/// A number with its sign, and what stands behind it.
fn signed(text: &str) -> Option<(Decimal, &str)> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (number, rest) = leading_number(digits)?;
    Some((if minus { -number } else { number }, rest.trim()))
}

fn integer(text: &str) -> Option<i64> {
    let folded = half_width(text);
    let (number, rest) = signed(folded.trim())?;
    (rest.is_empty() && number.is_integer()).then(|| number.try_into().ok()).flatten()
}

/// An exact number; a score may say that it is points: `9.8分`.
fn number(text: &str) -> Option<Decimal> {
    let folded = half_width(text);
    let (number, rest) = signed(folded.trim())?;
    matches!(rest, "" | "分").then(|| number.normalize())
}

/// A share in percent: 98.5 for `98.5%`. A number without a sign is one only
/// where it cannot be a fraction: `0.985` may be 98.5 % or less than one.
fn percent(text: &str) -> Option<Decimal> {
    let folded = half_width(text);
    let (number, rest) = signed(folded.trim())?;
    let is_percent = match rest {
        "%" | "(%)" | "百分比" => true,
        "" => number.is_zero() || number > Decimal::TWO,
        _ => false,
    };
    is_percent.then(|| number.normalize())
}

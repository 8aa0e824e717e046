//! What holds for any text and any amount.

use formgrid_model::Value;
use formgrid_profile::{Kind, MoneyUnit};
use proptest::prelude::*;

use super::target::{is_several_targets, looks_like_target, parse_target};
use super::{parse_also, parse_value, stands_for_nothing};

const KINDS: [Kind; 12] = [
    Kind::Text,
    Kind::Date,
    Kind::Boolean,
    Kind::Integer,
    Kind::Number,
    Kind::Percent,
    Kind::Money,
    Kind::Choice,
    Kind::Coded,
    Kind::Period,
    Kind::Title,
    Kind::Year,
];

/// Texts of what cells are made of, in any order, and texts of anything.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES.as_slice()).prop_map(str::to_owned),
        2 => "[0-9]{1,9}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        4 => proptest::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

const PIECES: [&str; 60] = [
    "≥",
    "＞",
    "＝",
    "=",
    "不低于",
    "约",
    "达到",
    "百分之",
    "-",
    "—",
    "~",
    "至",
    "到",
    ",",
    "，",
    ".",
    "．",
    "、",
    "；",
    "\n",
    " ",
    "\u{3000}",
    "０",
    "９",
    "1",
    "12",
    "2020",
    "1,600",
    "一",
    "二",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "零",
    "〇",
    "两",
    "点",
    "%",
    "％",
    "次",
    "人",
    "元",
    "万元",
    "角",
    "整",
    "年",
    "月",
    "日",
    "以上",
    "内",
    "余",
    "（",
    "）",
    "□",
    "√",
    "[",
    "x",
    "]",
];

/// A number as digits, with a point somewhere in it or none.
fn decimals() -> impl Strategy<Value = (String, String)> {
    ("(0|[1-9][0-9]{0,11})", "[0-9]{0,8}")
}

/// `digits` with a comma before each three digits counted from the right.
fn grouped(digits: &str) -> String {
    let comma = |(at, c): (usize, char)| {
        let is_group = at > 0 && (digits.len() - at).is_multiple_of(3);
        is_group.then_some(',').into_iter().chain([c])
    };
    digits.char_indices().flat_map(comma).collect()
}

/// A decimal times a power of ten, by moving its point.
fn shifted(whole: &str, fraction: &str, power: usize) -> String {
    let fraction = format!("{fraction:0<power$}");
    let (moved, fraction) = fraction.split_at(power);
    let digits = format!("{whole}{moved}");
    let (digits, fraction) = (digits.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let digits = if digits.is_empty() { "0" } else { digits };
    if fraction.is_empty() { digits.to_owned() } else { format!("{digits}.{fraction}") }
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_graphic()).unwrap_or(c))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_not(text in texts()) {
        for kind in KINDS {
            let value = parse_value(&text, kind, Some(MoneyUnit::TenThousand));
            let _ = (parse_also(&text, kind), stands_for_nothing(&text, kind));
            // No word is made up.
            if let Some(Value::Text(value)) = value {
                prop_assert!(text.contains(&value), "{text:?} gave {value:?}");
            }
        }
        let target = parse_target(&text);
        prop_assert!(target.value.is_none() || target.range.is_none());
        prop_assert!(target.comparison.is_none() || target.value.is_some() || target.range.is_some());
        if let Some(unit) = &target.unit {
            prop_assert!(text.contains(unit.as_str()), "{text:?} gave {unit:?}");
        }
        if let Some((from, to)) = target.range {
            prop_assert!(from < to);
        }
        if target.value.is_some() {
            prop_assert!(!is_several_targets(&text), "{text:?}");
            prop_assert!(text.len() > 120 || looks_like_target(&text), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_exact(
        (whole, fraction) in decimals(),
        unit in 0_usize..5,
        is_label in any::<bool>(),
        is_grouped in any::<bool>(),
        is_wide in any::<bool>(),
        is_negative in any::<bool>(),
    ) {
        let (name, power) = [("元", 0), ("千元", 3), ("万元", 4), ("百万元", 6), ("亿元", 8)][unit];
        let digits = if is_grouped { grouped(&whole) } else { whole.clone() };
        let point = if fraction.is_empty() { "" } else { "." };
        let minus = if is_negative { "-" } else { "" };
        let number = format!("{minus}{digits}{point}{fraction}");
        let number = if is_wide { full_width(&number) } else { number };
        let (text, label) = if is_label { (number, MoneyUnit::named(name)) } else { (number + name, None) };
        let amount = shifted(&whole, &fraction, power);
        let minus = if amount == "0" { "" } else { minus };
        let Some(Value::Money(found)) = parse_value(&text, Kind::Money, label) else {
            return Err(TestCaseError::fail(format!("{text} is no amount")));
        };
        prop_assert_eq!(found.to_string(), format!("{minus}{amount}"), "{}", text);
    }

    #[test]
    fn targets_are_exact((whole, fraction) in decimals(), is_grouped in any::<bool>(), is_wide in any::<bool>()) {
        let digits = if is_grouped { grouped(&whole) } else { whole.clone() };
        let point = if fraction.is_empty() { "" } else { "." };
        let number = format!("≥{digits}{point}{fraction}");
        let text = if is_wide { full_width(&number) } else { number } + "元/亩";
        let target = parse_target(&text);
        prop_assert_eq!(target.value.map(|value| value.to_string()), Some(format!("{whole}{point}{fraction}")));
        prop_assert_eq!(target.unit.as_deref(), Some("元/亩"), "{}", text);
    }
}

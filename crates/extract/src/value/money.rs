//! Exact amounts in yuan.

use formgrid_profile::MoneyUnit;
use rust_decimal::Decimal;

use super::number::{half_width, leading_number};
use super::numeral::leading_numeral;

/// What may stand before an amount.
const CURRENCIES: [&str; 5] = ["人民币", "¥", "￥", "RMB", "CNY"];

/// An amount in yuan. The unit in the cell goes before `unit`, which its label
/// or a line above names; without either it is yuan.
pub(crate) fn money(text: &str, unit: Option<MoneyUnit>) -> Option<Decimal> {
    let folded = half_width(text);
    let mut text = folded.trim();
    while let Some(rest) = CURRENCIES.iter().find_map(|currency| text.strip_prefix(currency)) {
        text = rest.trim_start();
    }
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits.trim_start()));
    let yuan = match leading_number(digits) {
        Some((number, rest)) => printed(number, rest, unit)?,
        None => in_words(digits)?,
    };
    Some(if minus { -yuan } else { yuan }.normalize())
}

/// An amount in digits, with the unit that is printed behind it.
fn printed(number: Decimal, unit: &str, of_label: Option<MoneyUnit>) -> Option<Decimal> {
    let unit = unit.trim();
    let unit = unit.strip_prefix('(').and_then(|unit| unit.strip_suffix(')')).unwrap_or(unit);
    let unit = match unit.trim_end_matches(['整', '正']) {
        "" => of_label.unwrap_or(MoneyUnit::Yuan),
        "圆" => MoneyUnit::Yuan,
        named => MoneyUnit::named(named)?,
    };
    let amount = number.normalize();
    let yuan = amount.checked_mul(Decimal::from(10_u64.pow(unit.power_of_ten())))?;
    // A product that had to round has fewer decimals; nothing is better than a
    // wrong amount.
    (yuan.scale() >= amount.scale()).then_some(yuan)
}

/// An amount in words, which always ends with its unit:
/// `壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分`, `壹佰万元整`.
fn in_words(text: &str) -> Option<Decimal> {
    let (mut yuan, rest) = leading_numeral(text)?;
    let mut rest = rest.strip_prefix(['元', '圆'])?.trim_start_matches('零');
    for (name, scale) in [('角', 1), ('分', 2)] {
        if let Some((digit, after)) = leading_numeral(rest)
            && let Some(after) = after.strip_prefix(name)
            && digit < Decimal::TEN
        {
            let part = digit.checked_mul(Decimal::new(1, scale))?;
            (yuan, rest) = (yuan.checked_add(part)?, after.trim_start_matches('零'));
        }
    }
    matches!(rest, "" | "整" | "正").then_some(yuan)
}

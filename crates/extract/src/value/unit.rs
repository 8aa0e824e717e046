//! What may be the unit of a target, as printed.

use rust_decimal::Decimal;

/// The longest unit, in characters: `元每人每月` is one, a clause is not.
const LONGEST: usize = 10;

/// Counters that may follow a Chinese numeral. Others make words of it: 一流,
/// 一次性, 二期, 三级, 十分, 三公经费.
const COUNTERS: &str = "次 个 人 人次 份 户 亩 天 年 个月 项 篇 套 台 家 场 场次 件 条 种 名 处 所 册 辆 张 门 座 间 棵 只 头 公里 米 小时 分钟 周 元 万元 个工作日 平方米 公顷 吨 公斤";

/// What no unit holds: marks, and the words of a clause, a day or the rest of
/// a name, such as 完成, 以上, 左右, 底前, 达标, 合格率.
const NO_UNIT: &str = "，。；、,;:!~-—–=<>≥≤±+*×?()[]{}【】《》“”\"'□√完以左前后底初末旬内余几达率";

/// How the names of indicators end: `5G基站数`, `12345热线办结情况`.
const NAMES: [&str; 6] = ["数", "量", "额", "性", "情况", "覆盖面"];

/// The units that end in 度, as names do, too: 满意度.
const DEGREES: [&str; 6] = ["度", "万度", "亿度", "摄氏度", "季度", "年度"];

/// Whether a text behind an Arabic number reads as its unit. `is_compared` says
/// that an operator stands before the number: without one `12月` is a month.
pub(crate) fn is_unit(unit: &str, value: Decimal, is_compared: bool) -> bool {
    let is_forbidden =
        |c: char| c.is_whitespace() || c.is_numeric() && !"²³".contains(c) || NO_UNIT.contains(c);
    // `场(次)`, `件(套)`.
    let unit = match unit.strip_suffix(')').and_then(|unit| unit.split_once('(')) {
        Some((unit, second)) if is_counter(unit) && is_counter(second) => unit,
        _ => unit,
    };
    if unit.is_empty() {
        return true;
    }
    if unit.chars().count() > LONGEST || unit.starts_with('.') || unit.contains(is_forbidden) {
        return false;
    }
    let is_share = unit.starts_with(['%', '‰']);
    let is_whole_share =
        !unit.contains(['%', '‰']) || is_share && unit.chars().nth(1).is_none_or(|c| c == '/');
    // `5G基站`, `4A级景区`; but `km/小时`.
    let letters = unit.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit.len());
    let is_name = letters > 0 && unit[letters..].chars().next().is_some_and(|c| !"/·.²³".contains(c))
        || NAMES.iter().any(|end| unit.ends_with(end))
        || unit.ends_with('度') && !DEGREES.iter().any(|end| unit.ends_with(end));
    let is_month = unit.starts_with('月') && !(is_compared && unit == "月");
    let is_day = matches!(unit, "号" | "日") && !is_compared;
    let is_year = unit.starts_with('年') && is_year(value);
    is_whole_share && !is_name && !is_month && !is_day && !is_year
}

/// Whether a text behind a Chinese numeral reads as its unit.
pub(crate) fn is_counter(unit: &str) -> bool {
    COUNTERS.split(' ').any(|counter| counter == unit)
}

/// Whether a number may be a year of this century or the last.
pub(crate) fn is_year(value: Decimal) -> bool {
    value.is_integer() && value >= Decimal::from(1900) && value < Decimal::from(2100)
}

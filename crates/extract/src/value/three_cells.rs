//! Targets in three cells: how they compare (指标性质), the value (指标值) and
//! what it is counted in (度量单位).
//!
//! The three are read as one cell would be that has them in a row: `≥`, `90`
//! and `%` are `≥90%`. What the value's own cell says goes before the others.

use formgrid_model::{Comparison, Target};

use super::number::half_width;
use super::stands_for_nothing;
use super::target::{Parsed, parse_target};
use super::words::{Word, strip_before};
use formgrid_profile::Kind;

/// Spellings of the same unit.
const PERCENT: [&str; 4] = ["%", "百分比", "百分数", "百分号"];

/// Fills in what the cells beside a target say of it: 指标性质 and 度量单位, none
/// where the form has no such cell. Returns the text that says otherwise than
/// the target's own cell does, which goes before it.
pub(crate) fn complete<'t>(
    target: &mut Target,
    property: Option<&'t str>,
    unit: Option<&'t str>,
) -> Option<&'t str> {
    let said = |text: &&str| !stands_for_nothing(text, Kind::Text);
    let (property, unit) = (property.filter(said), unit.filter(said));
    let comparison = property.and_then(comparison);
    if target.value.is_none() && target.range.is_none() {
        // `2024` alone is a year, `≥2024` people are not.
        let is_bare = !target.text.is_empty()
            && target
                .text
                .chars()
                .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c) || ".,，．".contains(c));
        let before = property.filter(|_| comparison.is_some());
        let whole = [before.unwrap_or_default(), &target.text, unit.unwrap_or_default()].concat();
        let Parsed { comparison, value, .. } = if is_bare { parse_target(&whole) } else { Parsed::default() };
        (target.comparison, target.value) = (comparison, value);
        target.unit = unit.filter(|_| value.is_some()).map(str::to_owned);
        return None;
    }
    let is_fit = target.range.is_none() || comparison == Some(Comparison::Equal);
    let other = match (target.comparison, comparison) {
        (None, Some(_)) if is_fit && !target.is_approximate => {
            target.comparison = comparison;
            None
        }
        (None, Some(_)) => property,
        (Some(own), Some(other)) if own != other => property,
        _ => None,
    };
    match (&target.unit, unit) {
        (None, Some(unit)) => {
            target.unit = Some(unit.to_owned());
            other
        }
        (Some(own), Some(unit)) if !is_same_unit(own, unit) => other.or(Some(unit)),
        _ => other,
    }
}

/// How values compare, if that is all that the text says: 定性 does not.
fn comparison(text: &str) -> Option<Comparison> {
    let folded = half_width(text);
    match strip_before(folded.trim()) {
        Some((Word::Compares(comparison), "")) => Some(comparison),
        _ => None,
    }
}

fn is_same_unit(one: &str, other: &str) -> bool {
    let name = |unit: &str| {
        let unit = half_width(unit);
        let unit = unit.trim().trim_start_matches('(').trim_end_matches(')');
        if PERCENT.contains(&unit) { PERCENT[0].to_owned() } else { unit.to_owned() }
    };
    name(one) == name(other)
}

#[cfg(test)]
mod tests {
    use super::super::cases::draw_parsed;
    use super::*;

    /// Reads property, value and unit, `_` for a blank cell, and draws the
    /// target; with a star and the text that says otherwise than its cell.
    #[track_caller]
    fn check(cells: &str, expected: &str) {
        let cells: Vec<Option<&str>> =
            cells.split('|').map(str::trim).map(|cell| (cell != "_").then_some(cell)).collect();
        let text = cells[1].unwrap_or_default().to_owned();
        let Parsed { comparison, value, unit, range, is_approximate } = parse_target(&text);
        let mut target = Target { text, comparison, value, unit, range, is_approximate, ..Target::default() };
        let other = complete(&mut target, cells[0], cells[2]);
        let Target { comparison, value, unit, range, is_approximate, .. } = target;
        let drawn = draw_parsed(Parsed { comparison, value, unit, range, is_approximate });
        assert_eq!(drawn + &other.map_or(String::new(), |other| format!(" *{other}")), expected);
    }

    #[test]
    fn three_cells_are_one_target() {
        check("≥ | 90 | %", ">= 90 %");
        check("＝ | 100 | 百分比", "= 100 百分比");
        check("≤ | 1,250.5 | 万元/年", "<= 1250.5 万元/年");
        check("≥ | 2024 | 人", ">= 2024 人");
        check("= | 5 | 户（次）", "= 5 户（次）");
        check("大于等于 | 3 | 次", ">= 3 次");
        check("_ | 12 | 场", "_ 12 场");
        check("≥ | 12 | _", ">= 12 _");
        check("≥ | 12 | /", ">= 12 _");
    }

    #[test]
    fn a_qualitative_target_stays_a_text() {
        check("定性 | 优良 | 级", "_ _ _");
        check("定性 | 95 | %", "_ 95 %");
        check("定性 | 2023年12月完成 | 年", "_ _ _");
        check("≥ | _ | 人", "_ _ _");
        check("= | 健全 | _", "_ _ _");
    }

    #[test]
    fn what_the_cell_says_goes_before_the_others() {
        check("≥ | ≥90% | %", ">= 90 %");
        check("≥ | 90% | 百分比", ">= 90 %");
        check("≥ | ≤90% | %", "<= 90 % *≥");
        check("≥ | 30天 | 个", ">= 30 天 *个");
        check("≥ | 约30 | 个", "_ 30 个 approximate *≥");
        check("＝ | 2～3 | 次", "= _ 次 range 2 3");
        check("≥ | 2～3 | 次", "_ _ 次 range 2 3 *≥");
    }
}

//! Targets in three cells: how they compare (指标性质), the value (指标值) and
//! what it is counted in (度量单位).
//!
//! The three are read as one cell would be that has them in a row: `≥`, `90`
//! and `%` are `≥90%`. What the value's own cell says goes before the others.

use formgrid_model::{Comparison, Target};
use formgrid_profile::Kind;

use super::number::half_width;
use super::stands_for_nothing;
use super::target::{Parsed, parse_target};
use super::words::{Word, strip_before};

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

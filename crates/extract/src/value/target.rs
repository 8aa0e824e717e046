//! Target values: `>=90%` is a comparison, an exact number and a unit.

use formgrid_model::Comparison;
use rust_decimal::Decimal;

use super::date::{day, is_dated};
use super::number::{half_width, leading_number};
use super::numeral::{digit, leading_numeral};
use super::unit::{is_counter, is_unit, is_year};
use super::words::{Word, strip_before, strip_behind};

/// A target as understood. All parts are absent for a qualitative target.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Parsed {
    pub(crate) comparison: Option<Comparison>,
    pub(crate) value: Option<Decimal>,
    pub(crate) unit: Option<String>,
    /// The ends of a range, which has no one value.
    pub(crate) range: Option<(Decimal, Decimal)>,
    pub(crate) is_approximate: bool,
}

/// The longest target that is read, in bytes; what is longer is a sentence.
const LONGEST: usize = 200;

/// Marks that end a target and say nothing.
const ENDS: [char; 6] = ['。', '；', ';', '，', ',', '、'];

/// What stands between the ends of a range; the full-width forms are folded.
const TO: [char; 9] = ['-', '–', '—', '―', '─', '~', '〜', '至', '到'];

/// Shares in words, which stand before their number.
const SHARES: [&str; 3] = ["百分之", "千分之", "万分之"];

/// Reads a target. What is not an operator, one number or range, and a unit is
/// qualitative: nothing is read into a sentence.
pub(crate) fn parse_target(text: &str) -> Parsed {
    let text = text.trim().trim_end_matches(ENDS);
    if !may_have_number(text) {
        return Parsed::default();
    }
    let folded = half_width(text);
    let Some(Read { comparison, number, unit, is_approximate }) = read(&folded) else {
        return Parsed::default();
    };
    let (value, range) = match number {
        Number::One(value) => (Some(value), None),
        Number::Range(from, to) => (None, Some((from, to))),
    };
    let unit = (!unit.is_empty()).then(|| printed(text, &folded, unit));
    Parsed { comparison, value, unit, range, is_approximate }
}

/// Whether a text that is no one target is several of them: `1600人、200人`.
pub(crate) fn is_several_targets(text: &str) -> bool {
    let text = text.trim().trim_end_matches(ENDS);
    if !may_have_number(text) || !text.contains([',', '，', ';', '；', '、', '\n']) {
        return false;
    }
    let folded = half_width(text);
    // A comma may set off thousands inside one of them, or decimals.
    let is_whole = |text: &str| read(text).is_some() && !text.ends_with(|c: char| c.is_ascii_digit());
    let is_each = |text: &str| read(text).is_some() || text.split(',').all(is_whole);
    read(&folded).is_none() && folded.split(['、', ';', '\n']).all(is_each)
}

/// Whether a text looks like a target and does not read as one, nor as several:
/// it begins with a sign, or with digits as a scanner misreads them
/// (`%=99百分比`, `二100百分比`, `l00%`). Days are no such texts.
pub(crate) fn is_odd_target(text: &str) -> bool {
    if !may_have_number(text) || parse_target(text) != Parsed::default() || is_several_targets(text) {
        return false;
    }
    let folded = half_width(text.trim());
    let signs = ['=', '<', '>', '≤', '≥', '≦', '≧', '%', '《', '》'];
    let unsigned = folded.trim_start_matches(signs).trim_start();
    if is_dated(unsigned) || day(unsigned).is_some() || unsigned.ends_with(['年', '月', '日']) {
        return false;
    }
    let has_digit = folded.contains(|c: char| c.is_ascii_digit());
    let has_sign = unsigned.len() < folded.len();
    let mut chars = folded.chars();
    let is_mixed = chars.next().is_some_and(|c| !c.is_ascii() && digit(c).is_some())
        && chars.next().is_some_and(|c| c.is_ascii_digit());
    let is_like_digit = |c: char| "OolI".contains(c);
    let run = folded.split(|c: char| !c.is_ascii_digit() && !is_like_digit(c)).next().unwrap_or_default();
    // A letter behind the digits is a unit: `5l`.
    let is_misread = run.char_indices().any(|(at, c)| is_like_digit(c) && at + 1 < run.len());
    has_digit && (has_sign || is_mixed || is_misread)
}

/// Whether a text looks like a target more than like a name: a number or range
/// with its operator and unit, several of them, or a day by which something is
/// done.
pub(crate) fn looks_like_target(text: &str) -> bool {
    if text.len() > 120 || !may_have_number(text) {
        return false;
    }
    let Parsed { value, range, .. } = parse_target(text);
    value.is_some() || range.is_some() || is_dated(text) || is_several_targets(text)
}

/// Whether it is worth looking closer: most cells are names without a numeral.
fn may_have_number(text: &str) -> bool {
    let is_numeral = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '０'..='９' | '十' | '拾' | '百')
            || digit(c).is_some_and(|digit| digit > 0)
    };
    text.len() <= LONGEST && text.contains(is_numeral)
}

/// A target with its parts, in folded text.
struct Read<'t> {
    comparison: Option<Comparison>,
    number: Number,
    unit: &'t str,
    is_approximate: bool,
}

enum Number {
    One(Decimal),
    Range(Decimal, Decimal),
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Arabic,
    Chinese,
}

fn read(text: &str) -> Option<Read<'_>> {
    let mut said = Said::default();
    let mut rest = text.trim();
    while let Some((word, after)) = strip_before(rest) {
        said.take(word)?;
        rest = after;
    }
    if day(rest).is_some() {
        return None;
    }
    let share = SHARES.iter().find(|share| rest.starts_with(**share));
    rest = &rest[share.map_or(0, |share| share.len())..];
    let (first, style, mut rest) = number(rest, share.is_some())?;
    if let Some(after) = rest.strip_prefix(['余', '多']) {
        said.take(Word::Approximate)?;
        rest = after;
    }
    rest = rest.trim();
    while let Some((word, before)) = strip_behind(rest) {
        said.take(word)?;
        rest = before;
    }
    let Said { comparison, is_approximate, is_inclusive } = said;
    let is_compared = comparison.is_some();
    // More than 90, 90 included, is nothing that can be.
    let is_strict = matches!(comparison, Some(Comparison::Greater | Comparison::Less));
    if is_approximate && is_compared || is_inclusive && is_strict {
        return None;
    }
    if let Some(share) = share {
        let unit = &text[text.find(share)?..][..share.len()];
        return rest.is_empty().then_some(Read {
            comparison,
            number: Number::One(first),
            unit,
            is_approximate,
        });
    }
    let fits = |unit: &str, value: Decimal| match style {
        Style::Arabic => is_unit(unit, value, is_compared),
        Style::Chinese => is_counter(unit),
    };
    if let Some((second, unit)) = range(rest, style) {
        let is_equal = matches!(comparison, None | Some(Comparison::Equal));
        let are_years = unit.is_empty() && is_year(first) && is_year(second);
        let holds = is_equal && first < second && !are_years && fits(unit, second) && !begins_with_zero(text);
        return holds.then_some(Read {
            comparison,
            number: Number::Range(first, second),
            unit,
            is_approximate,
        });
    }
    let unit = unbracketed(rest);
    // `2020.12` is a month as likely as a number.
    let is_month = unit.is_empty() && !is_compared && is_year(first.trunc()) && is_month(first.fract());
    (fits(unit, first) && !is_month).then_some(Read {
        comparison,
        number: Number::One(first),
        unit,
        is_approximate,
    })
}

/// What the words around a number say, taken together.
#[derive(Default)]
struct Said {
    comparison: Option<Comparison>,
    is_approximate: bool,
    is_inclusive: bool,
}

impl Said {
    /// Takes a word; none if it contradicts the others.
    fn take(&mut self, word: Word) -> Option<()> {
        match word {
            Word::Compares(comparison) => {
                if self.comparison.is_some_and(|other| other != comparison) {
                    return None;
                }
                self.comparison = Some(comparison);
            }
            Word::Approximate => self.is_approximate = true,
            Word::Inclusive => self.is_inclusive = true,
            Word::Filler => {}
        }
        Some(())
    }
}

/// The number that a text begins with. In a share 百 alone is a hundred.
fn number(text: &str, is_share: bool) -> Option<(Decimal, Style, &str)> {
    if let Some(rest) = text.strip_prefix('百').filter(|_| is_share) {
        return Some((Decimal::ONE_HUNDRED, Style::Chinese, rest));
    }
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    if let Some((number, rest)) = leading_number(digits) {
        return Some((if minus { -number } else { number }, Style::Arabic, rest));
    }
    let (number, rest) = leading_numeral(text)?;
    // `二100百分比` is `=100百分比` to a scanner.
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((number, Style::Chinese, rest))
}

/// The second end of a range, with the unit of both, from what follows the
/// first: `%-90%`, `~3次`.
fn range(rest: &str, style: Style) -> Option<(Decimal, &str)> {
    let (first_unit, after) = rest.split_once(TO)?;
    let after = after.trim_start_matches(TO).trim_start();
    let (second, second_style, unit) = number(after, false)?;
    let (first_unit, unit) = (unbracketed(first_unit.trim()), unbracketed(unit.trim()));
    let is_one_unit = first_unit.is_empty() || first_unit == unit;
    (is_one_unit && style == second_style && !after.starts_with('-')).then_some((second, unit))
}

/// A telephone number or a code: `021-64338888`.
fn begins_with_zero(text: &str) -> bool {
    text.strip_prefix('0').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether the two digits behind a point may be a month.
fn is_month(fraction: Decimal) -> bool {
    fraction.scale() == 2 && (1..=12).contains(&fraction.mantissa())
}

fn unbracketed(unit: &str) -> &str {
    unit.strip_prefix('(').and_then(|unit| unit.strip_suffix(')')).map_or(unit, str::trim)
}

/// What a part near the end of a folded text is in the text as printed. Folding
/// keeps the number of characters.
fn printed(text: &str, folded: &str, part: &str) -> String {
    let before = folded.rfind(part).map_or(0, |at| folded[..at].chars().count());
    text.chars().skip(before).take(part.chars().count()).collect()
}

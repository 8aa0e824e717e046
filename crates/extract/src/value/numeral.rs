//! Chinese numerals: `十二`, `一百二十`, `壹佰万`.

use rust_decimal::Decimal;

/// Reads the numeral that a text begins with, and returns the rest of the text.
///
/// What has a second meaning is no numeral: `一百二` (120 or 102), `三五`
/// (three or five), a bare `百` or `万` (many).
pub(crate) fn leading_numeral(text: &str) -> Option<(Decimal, &str)> {
    let mut numeral = Numeral::default();
    let mut rest = text;
    while let Some(sign) = rest.chars().next().and_then(sign) {
        numeral.push(sign)?;
        rest = rest.get(3..)?;
    }
    let whole = numeral.value()?;
    let Some(after) = rest.strip_prefix('点') else { return Some((whole.into(), rest)) };
    let mut value = Decimal::from(whole);
    let mut scale = 0;
    rest = after;
    while let Some(Sign::Digit(digit)) = rest.chars().next().and_then(sign) {
        scale += 1;
        let part = Decimal::try_from_i128_with_scale(digit.into(), scale).ok()?;
        value = value.checked_add(part)?;
        rest = rest.get(3..)?;
    }
    (scale > 0).then_some((value, rest))
}

/// The digit that a character is: `二`, `贰`, `〇`.
pub(crate) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '貳' | '两' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// What a character of a numeral is. All of them take three bytes in UTF-8.
#[derive(Debug, Clone, Copy)]
enum Sign {
    Digit(u32),
    /// 十, 百, 千.
    Small(u64),
    /// 万, 亿.
    Large(u64),
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '十' | '拾' => Sign::Small(10),
        '百' | '佰' => Sign::Small(100),
        '千' | '仟' => Sign::Small(1000),
        '万' | '萬' => Sign::Large(10_000),
        '亿' | '億' => Sign::Large(100_000_000),
        _ => Sign::Digit(digit(c)?),
    })
}

/// A numeral while it is read. Units only fall: in a section of four digits
/// from 千 to 十, over all from 亿 to 万.
#[derive(Debug, Clone, Copy, Default)]
struct Numeral {
    total: u64,
    section: u64,
    digit: Option<u32>,
    /// Whether 零 stands before the digit that is open.
    has_zero: bool,
    /// The last unit in this section, and the last large one.
    small: Option<u64>,
    large: Option<u64>,
    is_begun: bool,
}

impl Numeral {
    fn push(&mut self, sign: Sign) -> Option<()> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        match sign {
            Sign::Digit(0) if self.digit.is_none() && !self.has_zero => {
                self.has_zero = true;
                return Some(());
            }
            Sign::Digit(digit) if self.digit.is_none() && digit > 0 && !(self.has_zero && self.is_bare()) => {
                self.digit = Some(digit);
                return Some(());
            }
            Sign::Digit(_) => return None,
            Sign::Small(unit) => {
                // 十 may stand for 一十, at the very beginning.
                let digit = self.digit.take().or((is_first && unit == 10).then_some(1))?;
                if self.small.is_some_and(|last| last <= unit) {
                    return None;
                }
                self.section += u64::from(digit) * unit;
                self.small = Some(unit);
            }
            Sign::Large(unit) => {
                let section = self.close()?;
                if section == 0 || self.large.is_some_and(|last| last <= unit) {
                    return None;
                }
                self.total += section * unit;
                (self.section, self.small, self.large) = (0, None, Some(unit));
            }
        }
        self.has_zero = false;
        Some(())
    }

    fn is_bare(&self) -> bool {
        self.small.is_none() && self.large.is_none()
    }

    /// The section with its ones.
    fn close(&mut self) -> Option<u64> {
        let ones = self.digit.take();
        // In 一百二 the last digit may count tens.
        let is_colloquial = ones.is_some()
            && !self.has_zero
            && match self.small {
                Some(unit) => unit > 10,
                None => self.large.is_some(),
            };
        (!is_colloquial).then_some(self.section + u64::from(ones.unwrap_or(0)))
    }

    fn value(mut self) -> Option<u64> {
        let has_trailing_zero = self.has_zero && self.digit.is_none();
        let section = self.close()?;
        let is_zero = self.is_bare() && section == 0;
        (self.is_begun && (is_zero || !has_trailing_zero)).then_some(self.total + section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = leading_numeral(text).map(|(number, rest)| format!("{number}{rest}"));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn numerals() {
        for (text, expected) in [
            ("三次", "3次"),
            ("两次", "2次"),
            ("十", "10"),
            ("十二个", "12个"),
            ("二十", "20"),
            ("一百", "100"),
            ("一百二十", "120"),
            ("一百零五人", "105人"),
            ("一千二百三十四", "1234"),
            ("一千零五十", "1050"),
            ("壹佰贰拾叁万肆仟伍佰陆拾柒元", "1234567元"),
            ("一百万", "1000000"),
            ("三万零五百", "30500"),
            ("二亿三千万", "230000000"),
            ("九十五点五", "95.5"),
            ("零点五", "0.5"),
            ("零", "0"),
            ("〇", "0"),
            ("万人", ""),
        ] {
            check(text, Some(expected).filter(|expected| !expected.is_empty()));
        }
        // 万 after a digit of thousands has them all; there is nothing colloquial.
        check("三万五千", Some("35000"));
    }

    #[test]
    fn what_may_mean_something_else_is_none() {
        for text in [
            "一百二",
            "三五次",
            "两三个",
            "百",
            "万一",
            "千万",
            "二〇二〇",
            "十十",
            "百二十",
            "三万五",
            "",
            "甲",
        ] {
            check(text, None);
        }
        for text in ["一百零", "九十五点", "一万亿", "零零", "零五"] {
            check(text, None);
        }
    }
}

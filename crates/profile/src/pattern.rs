//! Patterns for titles and headings: literal text, with `{year}` for a year.

/// A folded text in which `{year}` stands for four digits (`2020`, `二〇二〇`)
/// or for a blank that was left open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    before: String,
    /// What follows the year, in a pattern that has one.
    after: Option<String>,
}

/// How a text fits a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fit {
    /// The year, if the pattern has one and it was filled in.
    pub(crate) year: Option<i64>,
}

impl Pattern {
    /// A pattern from the text of a profile.
    pub(crate) fn new(text: &str) -> Option<Pattern> {
        let folded = crate::fold(text)?;
        Some(match folded.split_once("{year}") {
            Some((before, after)) => Pattern { before: before.into(), after: Some(after.into()) },
            None => Pattern { before: folded, after: None },
        })
    }

    /// The first character of every text that fits; none where it can vary.
    pub(crate) fn first(&self) -> Option<char> {
        self.before.chars().next()
    }

    /// Whether a folded text is of this pattern.
    pub(crate) fn fit(&self, folded: &str) -> Option<Fit> {
        let Some(after) = &self.after else { return (folded == self.before).then_some(Fit { year: None }) };
        let middle = folded.strip_prefix(self.before.as_str())?.strip_suffix(after.as_str())?;
        if middle.is_empty() {
            return Some(Fit { year: None });
        }
        Some(Fit { year: Some(year(middle)?) })
    }
}

/// Reads four digits, Arabic or Chinese, as a year of this century or the last.
fn year(text: &str) -> Option<i64> {
    let mut number = 0;
    let mut count = 0;
    for c in text.chars() {
        let digit = match c {
            '〇' | '○' | '零' => 0,
            _ => match "一二三四五六七八九".chars().position(|d| d == c) {
                Some(position) => position as i64 + 1,
                None => i64::from(c.to_digit(10)?),
            },
        };
        number = number * 10 + digit;
        count += 1;
        if count > 4 {
            return None;
        }
    }
    (count == 4 && (1900..2100).contains(&number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_found_where_the_pattern_has_one() {
        #[track_caller]
        fn check(pattern: &str, text: &str, expected: Option<Option<i64>>) {
            let fit = Pattern::new(pattern).unwrap().fit(&crate::fold(text).unwrap());
            assert_eq!(fit.map(|fit| fit.year), expected);
        }
        check("({year}年度)", "（２０２０ 年度）", Some(Some(2020)));
        check("({year}年度)", "(二〇二〇年度)", Some(Some(2020)));
        check("({year}年度)", "(　　年度)", Some(None));
        check("{year}年绩效目标", "2020年绩效目标", Some(Some(2020)));
        check("{year}年绩效目标", "关于2020年绩效目标", None);
        check("{year}年绩效目标", "9999年绩效目标", None);
        check("绩效目标表", "绩效目标表", Some(None));
    }
}

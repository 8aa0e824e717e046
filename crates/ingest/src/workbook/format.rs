//! What a number format prints: only what changes what a number says.
//!
//! A percent sign, a unit, a currency or a date belongs to the value; grouping,
//! padding and rounding do not, and the exact number stays. Numbers are shifted
//! as decimals; nothing goes through binary floating point.

/// Digits that Excel knows of a number; what follows is binary noise.
const PRECISION: usize = 15;

/// What is printed around a number, and how far its point moves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberFormat {
    before: String,
    after: String,
    /// Places that the point moves to the right.
    shift: i32,
    /// Whether the number is a day, counted from 30 December 1899.
    is_date: bool,
}

impl NumberFormat {
    /// Reads a format code or the name of one.
    pub fn read(code: &str) -> NumberFormat {
        match code {
            "Percent" => NumberFormat { after: "%".to_owned(), shift: 2, ..Self::default() },
            "General Date" | "Long Date" | "Medium Date" | "Short Date" => {
                NumberFormat { is_date: true, ..Self::default() }
            }
            // Names whose letters would read as parts of a date.
            "Standard" | "Fixed" | "Scientific" | "Currency" | "Euro Currency" | "General Number"
            | "Long Time" | "Medium Time" | "Short Time" | "Yes/No" | "True/False" | "On/Off" => {
                Self::default()
            }
            _ => read(code).unwrap_or_default(),
        }
    }

    /// Prints a number as XML has it; a text that is none stays as it is.
    pub fn print(&self, number: &str) -> String {
        let Some(decimal) = Decimal::read(number) else { return number.to_owned() };
        if self.is_date
            && let Some(date) = decimal.date()
        {
            return date;
        }
        let sign = if decimal.is_negative { "-" } else { "" };
        let digits = match self.shift {
            0 if decimal.is_plain => number.trim_start_matches(['+', '-']).to_owned(),
            shift => decimal.print(shift),
        };
        format!("{sign}{}{digits}{}", self.before, self.after)
    }
}

/// A day and time of XML as printed: the day alone at midnight, the time alone
/// on the day that times are counted from.
pub fn date_time(value: &str) -> String {
    let Some((day, time)) = value.split_once('T') else { return value.to_owned() };
    let time = time.split('.').next().unwrap_or(time);
    let time = time.strip_suffix(":00").filter(|time| time.len() == 5).unwrap_or(time);
    match (day, time) {
        ("1899-12-30" | "1899-12-31", time) => time.to_owned(),
        (day, "00:00") => day.to_owned(),
        (day, time) => format!("{day} {time}"),
    }
}

/// The first section of a format code. None if it prints no plain number: a
/// text, a fraction, literals between digits.
fn read(code: &str) -> Option<NumberFormat> {
    let mut format = NumberFormat::default();
    let (mut has_digits, mut has_ended, mut has_date_part) = (false, false, false);
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        let mut literal = String::new();
        match c {
            ';' => break,
            '"' => literal.extend(chars.by_ref().take_while(|&c| c != '"')),
            '\\' | '!' => literal.extend(chars.next()),
            // Room for a character, or a character that fills the cell.
            '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                // A currency, `[$￥-804]`; else a colour, a condition, a language.
                let currency = inside.strip_prefix('$').and_then(|rest| rest.split('-').next());
                literal.push_str(currency.unwrap_or(""));
                has_date_part |= ["h", "hh", "m", "mm", "s", "ss"].contains(&&*inside);
            }
            '0' | '#' | '?' | '.' if has_ended => return None,
            '0' | '#' | '?' => has_digits = true,
            '.' => {}
            // Behind the digits, a comma stands for three of them.
            ',' if has_digits && !chars.peek().is_some_and(|c| "0#?.,".contains(*c)) => format.shift -= 3,
            ',' => {}
            '%' => {
                format.shift += 2;
                literal.push('%');
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' if !has_digits => has_date_part = true,
            'G' | 'g' if chars.clone().take(6).collect::<String>().eq_ignore_ascii_case("eneral") => {
                chars.by_ref().take(6).for_each(drop);
                has_digits = true;
            }
            '@' | 'E' | 'e' | '/' if !has_date_part => return None,
            c => literal.push(c),
        }
        if literal.is_empty() {
            continue;
        }
        has_ended |= has_digits;
        if has_digits { format.after.push_str(&literal) } else { format.before.push_str(&literal) }
    }
    if has_date_part {
        return Some(NumberFormat { is_date: true, ..NumberFormat::default() });
    }
    has_digits.then(|| NumberFormat {
        before: format.before.trim().to_owned(),
        after: format.after.trim().to_owned(),
        ..format
    })
}

/// A number as digits and the place of its point.
struct Decimal {
    is_negative: bool,
    /// Without zeros at either end.
    digits: Vec<u8>,
    /// How many digits stand before the point; may be negative.
    point: i32,
    /// Whether its text is what is printed: no exponent, no noise.
    is_plain: bool,
}

impl Decimal {
    fn read(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let is_negative = mantissa.starts_with('-');
        let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        // No number that a form prints is as long or as large as this.
        if text.len() > 64 || exponent.abs() > 64 {
            return None;
        }
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        let mut decimal = Decimal {
            is_negative,
            digits: digits[zeros..].to_vec(),
            point: whole.len() as i32 - zeros as i32 + exponent,
            is_plain: exponent == 0 && !text.contains(['e', 'E']),
        };
        decimal.round();
        Some(decimal)
    }

    /// Rounds away what Excel does not know of a fraction.
    fn round(&mut self) {
        let most = PRECISION.max(self.point.max(0) as usize);
        if self.digits.len() > most {
            self.is_plain = false;
            let is_up = self.digits[most] >= b'5';
            self.digits.truncate(most);
            if is_up {
                let nines = self.digits.iter().rev().take_while(|&&digit| digit == b'9').count();
                self.digits.truncate(most - nines);
                match self.digits.last_mut() {
                    Some(last) => *last += 1,
                    None => {
                        self.digits.push(b'1');
                        self.point += 1;
                    }
                }
            }
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    /// Without a sign, with its point moved to the right.
    fn print(&self, shift: i32) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        let point = self.point + shift;
        let digit = |at: i32| {
            usize::try_from(at).ok().and_then(|at| self.digits.get(at)).map_or('0', |&d| char::from(d))
        };
        let mut text: String = (0..point).map(digit).collect();
        if text.is_empty() {
            text.push('0');
        }
        let length = self.digits.len() as i32;
        if length > point {
            text.push('.');
            text.extend((point..length).map(digit));
        }
        text
    }

    /// The day that has this number, with its time if it has one.
    fn date(&self) -> Option<String> {
        let minutes_of_day = 24 * 60;
        let text = self.print(0);
        let (days, fraction) = text.split_once('.').unwrap_or((&text, "0"));
        let days: i64 = days.parse().ok().filter(|days| (1..=2_958_465).contains(days))?;
        let fraction = &fraction[..fraction.len().min(9)];
        let parts = 10_i64.pow(fraction.len() as u32);
        let minutes = (fraction.parse::<i64>().ok()? * minutes_of_day + parts / 2) / parts;
        // Excel counts a 29 February 1900 that never was.
        let days = if days < 60 { days + 1 } else { days } + minutes / minutes_of_day;
        let (year, month, day) = civil(days - 25_569);
        let minutes = minutes % minutes_of_day;
        Some(match minutes {
            0 => format!("{year:04}-{month:02}-{day:02}"),
            _ => format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60),
        })
    }
}

/// The day so many days after 1 January 1970, in the Gregorian calendar: years
/// that begin in March end with the day that is not always there.
fn civil(days: i64) -> (i64, i64, i64) {
    // From 1 March of year 0.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, number: &str, expected: &str) {
        assert_eq!(NumberFormat::read(code).print(number), expected, "{number} as {code}");
    }

    #[test]
    fn percent_shifts_the_point_exactly() {
        for code in ["Percent", "0%", "0.00%", "0.00%;[Red]-0.00%"] {
            check(code, "0.95", "95%");
        }
        check("0%", "1", "100%");
        check("0%", "0", "0%");
        check("0%", "0.07", "7%");
        check("0%", "0.285", "28.5%");
        check("0%", "0.28999999999999998", "29%");
        check("0%", "-0.5", "-50%");
        check("0%", "5E-3", "0.5%");
        check("0%", "无", "无");
    }

    #[test]
    fn units_are_printed_and_padding_is_not() {
        check("0\"份\"", "4660", "4660份");
        check("#,##0\\ \"万元\"", "7500", "7500万元");
        check("\"≥\"0%", "0.9", "≥90%");
        check("[$￥-804]#,##0.00", "300000", "￥300000");
        check("#,##0.00_ ", "300000.5", "300000.5");
        check("0,\"千元\"", "7500000", "7500千元");
        check("0!.0,\"万元\"", "75000", "75000");
        check("General\"亩\"", "1200", "1200亩");
        for code in ["General", "0.00", "Standard", "@", "# ?/?", "\"是\";;\"否\"", "", "0.00E+00"] {
            check(code, "1.50", "1.50");
        }
    }

    #[test]
    fn binary_noise_and_exponents_go() {
        check("General", "0.10000000000000001", "0.1");
        check("General", "28.999999999999996", "29");
        check("General", "0.99999999999999989", "1");
        check("General", "1.2E3", "1200");
        check("General", "1E-3", "0.001");
        check("General", "123456789012345678", "123456789012345678");
        check("General", "1E999", "1E999");
    }

    #[test]
    fn days_are_counted_as_excel_counts() {
        check("yyyy/m/d", "43831", "2020-01-01");
        check("yyyy\"年\"m\"月\"d\"日\"", "44196", "2020-12-31");
        check("Short Date", "61", "1900-03-01");
        check("Short Date", "1", "1900-01-01");
        check("yyyy-mm-dd hh:mm", "43831.354166666664", "2020-01-01 08:30");
        check("m/d", "0.5", "0.5");
    }

    #[test]
    fn times_at_midnight_are_days() {
        assert_eq!(date_time("2020-01-01T00:00:00.000"), "2020-01-01");
        assert_eq!(date_time("2020-01-01T08:30:00.000"), "2020-01-01 08:30");
        assert_eq!(date_time("1899-12-31T08:30:15.000"), "08:30:15");
        assert_eq!(date_time("2020-01-01"), "2020-01-01");
        assert_eq!(date_time("不详"), "不详");
    }
}

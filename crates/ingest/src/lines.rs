//! Counts lines: LF, CRLF and CR each end one.

use memchr::memchr2_iter;

/// Turns ascending offsets into line numbers.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    /// Counts from line 1 at the start of the text.
    pub fn new(text: &'t str) -> Self {
        Lines { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// Moves on to this offset, whose line is known.
    pub fn skip_to(&mut self, at: usize, line: u32) {
        (self.at, self.line) = (at, line);
    }

    /// The line that the byte at this offset is on. Offsets must not descend:
    /// for an earlier one it is the line reached so far.
    pub fn line_at(&mut self, offset: usize) -> u32 {
        if offset > self.at {
            let passed = memchr2_iter(b'\n', b'\r', &self.text[self.at..offset])
                .map(|n| self.at + n)
                // The LF of a CRLF has been or will be counted.
                .filter(|&n| self.text[n] == b'\n' || self.text.get(n + 1) != Some(&b'\n'))
                .count();
            self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
            self.at = offset;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u32]) {
        let mut lines = Lines::new(text);
        let found: Vec<u32> = (0..=text.len()).map(|offset| lines.line_at(offset)).collect();
        assert_eq!(found, expected);
        assert_eq!(Lines::new(text).line_at(text.len()), *expected.last().unwrap());
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        check("", &[1]);
        check("a\nb", &[1, 1, 2, 2]);
        check("a\r\nb", &[1, 1, 1, 2, 2]);
        check("\r\r\n\n", &[1, 2, 2, 3, 4]);
    }
}

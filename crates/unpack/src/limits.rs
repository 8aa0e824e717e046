//! How much may come out of a file.

use std::cell::Cell;
use std::io::{self, Read};

use formgrid_model::Problem;

/// How much is read at the most; what is beyond is told and left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document.
    pub document: u64,
    /// Bytes that come out of one file, at all levels of nesting together.
    pub archive: u64,
    /// How many times the size of a file may come out of it, once it is more
    /// than 10 MiB.
    pub ratio: u32,
    /// How many containers, compression too, may be one within another.
    pub nesting: u32,
}

/// What no ratio is too high for.
const FREE: u64 = 10 << 20;

/// Counts what goes into one file and what comes out of it.
#[derive(Debug)]
pub(crate) struct Budget {
    /// The file's size, or what was read of a stream.
    given: Cell<u64>,
    /// What came out of all containers in it.
    came: Cell<u64>,
    is_spent: Cell<bool>,
    limits: Limits,
}

/// A reader whose bytes are counted.
pub(crate) struct Metered<'r> {
    input: &'r mut dyn Read,
    budget: &'r Budget,
    /// Whether they come out of a container, or are the file's own.
    is_member: bool,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Budget { given: Cell::new(0), came: Cell::new(0), is_spent: Cell::new(false), limits: limits.clone() }
    }

    /// Says that the file has so many bytes.
    pub(crate) fn give(&self, bytes: u64) {
        self.given.set(self.given.get().saturating_add(bytes));
    }

    /// The limit that was exceeded, if one was.
    pub(crate) fn excess(&self) -> Option<Problem> {
        self.is_spent.get().then(|| match self.came.get() > self.limits.archive {
            true => Problem::ArchiveTooLarge { limit: self.limits.archive },
            false => Problem::ExpansionTooLarge { ratio: self.limits.ratio },
        })
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// Counts bytes that came out of a container.
    pub(crate) fn spend(&self, bytes: u64) -> io::Result<()> {
        let came = self.came.get().saturating_add(bytes);
        self.came.set(came);
        let likely = self.given.get().saturating_mul(self.limits.ratio.into()).max(FREE);
        if came > self.limits.archive || came > likely {
            self.is_spent.set(true);
            return Err(io::Error::other("more than the limit came out of the file"));
        }
        Ok(())
    }
}

impl<'r> Metered<'r> {
    pub(crate) fn new(input: &'r mut dyn Read, budget: &'r Budget, is_member: bool) -> Self {
        Metered { input, budget, is_member }
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        match self.is_member {
            true => self.budget.spend(read as u64)?,
            false => self.budget.give(read as u64),
        }
        Ok(read)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { document: 10 << 20, archive: 64 << 30, ratio: 100, nesting: 8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads members without end out of a file of so many bytes.
    #[track_caller]
    fn check(limits: &Limits, given: u64, most: u64, expected: Problem) {
        let budget = Budget::new(limits);
        budget.give(given);
        let mut endless = io::repeat(b'a');
        let mut members = Metered::new(&mut endless, &budget, true);
        let mut buffer = vec![0; 1 << 20];
        let mut came = 0;
        while members.read_exact(&mut buffer).is_ok() {
            came += 1;
        }
        assert_eq!((came << 20, budget.excess()), (most, Some(expected)));
    }

    #[test]
    fn what_comes_out_is_limited_by_size_and_by_ratio() {
        let limits = Limits { archive: 200 << 20, ratio: 10, ..Limits::default() };
        check(&limits, 1, FREE, Problem::ExpansionTooLarge { ratio: 10 });
        check(&limits, 10 << 20, 100 << 20, Problem::ExpansionTooLarge { ratio: 10 });
        check(&limits, 90 << 20, 200 << 20, Problem::ArchiveTooLarge { limit: 200 << 20 });
    }
}

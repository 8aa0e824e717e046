//! Which columns are covered by cells that began in a row above.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

/// The covered columns of the current row, as ranges: a cell of a thousand
/// columns and sixty thousand rows costs as much as a cell of one.
#[derive(Debug, Default)]
pub struct Covered {
    /// Disjoint ranges, by first column: the column after, and the row that
    /// is the first not covered.
    pieces: BTreeMap<u32, (u32, u32)>,
    /// The union of the pieces as longest ranges, so that a search passes over
    /// any number of neighbours in one step.
    runs: BTreeMap<u32, u32>,
    /// The pieces by the row where they end.
    ends: BinaryHeap<Reverse<(u32, u32)>>,
    /// How many columns the runs hold.
    total: u32,
}

/// What a cell shares with the cells above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap {
    /// Slots in all its rows.
    pub slots: u64,
    /// Slots in its first row.
    pub columns: u32,
}

impl Covered {
    /// Moves on to this row: what ended above it is free.
    pub fn advance(&mut self, row: u32) {
        while let Some(&Reverse((until, start))) = self.ends.peek()
            && until <= row
        {
            self.ends.pop();
            // The piece may have been split or prolonged since.
            if let Some(&(end, current)) = self.pieces.get(&start)
                && current == until
            {
                self.pieces.remove(&start);
                self.free(start..end);
            }
        }
    }

    /// The first column from this one on that is not covered.
    pub fn next_free(&self, column: u32) -> u32 {
        match self.runs.range(..=column).next_back() {
            Some((_, &end)) if end > column => end,
            _ => column,
        }
    }

    /// How many columns are covered.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// What a cell shares with the covered slots that stands in these columns
    /// of the current row and the rows below, up to, but not including, that
    /// one.
    pub fn overlap(&self, columns: Range<u32>, row: u32, until: u32) -> Overlap {
        let mut overlap = Overlap::default();
        let into = self.pieces.range(..columns.start).next_back();
        for (&start, &(end, piece_until)) in into.into_iter().chain(self.pieces.range(columns.clone())) {
            let shared = end.min(columns.end).saturating_sub(start.max(columns.start));
            overlap.columns += shared;
            overlap.slots += u64::from(shared) * u64::from(piece_until.min(until).saturating_sub(row));
        }
        overlap
    }

    /// Covers these columns up to, but not including, that row.
    pub fn cover(&mut self, columns: Range<u32>, until: u32) {
        let mut at = columns.start;
        // A piece that begins before the range and reaches into it is split.
        if let Some((&start, &(end, piece_until))) = self.pieces.range(..at).next_back()
            && end > at
        {
            self.put(start, at, piece_until);
            self.put(at, end, piece_until);
        }
        while at < columns.end {
            match self.pieces.range(at..columns.end).next() {
                Some((&start, _)) if start > at => {
                    self.put(at, start, until);
                    at = start;
                }
                Some((&start, &(end, piece_until))) => {
                    if end > columns.end {
                        self.put(columns.end, end, piece_until);
                    }
                    let piece_end = end.min(columns.end);
                    // A piece that stays as it is has its place in `ends`.
                    if until > piece_until || end > columns.end {
                        self.put(start, piece_end, until.max(piece_until));
                    }
                    at = piece_end;
                }
                None => {
                    self.put(at, columns.end, until);
                    at = columns.end;
                }
            }
        }
        self.join(columns);
    }

    fn put(&mut self, start: u32, end: u32, until: u32) {
        self.pieces.insert(start, (end, until));
        self.ends.push(Reverse((until, start)));
    }

    fn join(&mut self, mut range: Range<u32>) {
        if let Some((&start, &end)) = self.runs.range(..=range.start).next_back()
            && end >= range.start
        {
            range = start..end.max(range.end);
        }
        while let Some((&start, &end)) = self.runs.range(range.start..=range.end).next() {
            self.runs.remove(&start);
            self.total -= end - start;
            range.end = range.end.max(end);
        }
        self.total += range.end - range.start;
        self.runs.insert(range.start, range.end);
    }

    fn free(&mut self, range: Range<u32>) {
        if let Some((&start, &end)) = self.runs.range(..=range.start).next_back() {
            self.runs.remove(&start);
            self.total -= range.end - range.start;
            if start < range.start {
                self.runs.insert(start, range.start);
            }
            if range.end < end {
                self.runs.insert(range.end, end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_cover_what_slots_would(
            steps in prop::collection::vec((0u32..4, 0u32..12, 1u32..6, 1u32..6), 1..40)
        ) {
            let mut covered = Covered::default();
            let mut until = [0u32; 24];
            let mut row = 0;
            for (down, column, width, height) in steps {
                row += down;
                covered.advance(row);
                prop_assert_eq!(covered.total() as usize, until.iter().filter(|&&until| until > row).count());
                let left = until[column as usize..(column + width) as usize].iter().map(|&end| end.saturating_sub(row).min(height));
                let overlap = covered.overlap(column..column + width, row, row + height);
                prop_assert_eq!(overlap.slots, left.clone().map(u64::from).sum::<u64>());
                prop_assert_eq!(overlap.columns as usize, left.filter(|&rows| rows > 0).count());
                for at in 0..24 {
                    let free = (at..24).find(|&slot| until[slot as usize] <= row).unwrap_or(24);
                    prop_assert_eq!(covered.next_free(at), free);
                }
                covered.cover(column..column + width, row + height);
                for slot in &mut until[column as usize..(column + width) as usize] {
                    *slot = (*slot).max(row + height);
                }
            }
        }
    }
}

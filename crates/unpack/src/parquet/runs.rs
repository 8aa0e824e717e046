//! The two encodings of integers in pages: runs of a fixed width, and deltas.
//! Both are read one by one: few bytes may stand for very many of them.

/// Runs and bit-packed groups (`RLE`): levels, and places in a dictionary.
#[derive(Debug, Default)]
pub(super) struct Runs {
    at: usize,
    end: usize,
    /// Bits of a value.
    width: u32,
    left: u64,
    run: Run,
}

#[derive(Debug)]
enum Run {
    /// The same value again.
    Same(u32),
    /// Values one behind the other, from a bit on.
    Packed(usize),
}

impl Default for Run {
    fn default() -> Self {
        Run::Same(0)
    }
}

impl Runs {
    /// Of the bytes of a page, those that hold the runs.
    pub(super) fn new(at: usize, end: usize, width: u32) -> Option<Self> {
        (width <= 32).then_some(Runs { at, end, width, ..Runs::default() })
    }

    pub(super) fn next(&mut self, page: &[u8]) -> Option<u32> {
        while self.left == 0 {
            let part = page.get(..self.end)?;
            let head = varint(part, &mut self.at)?;
            if head & 1 == 1 {
                let bytes = (head >> 1).checked_mul(self.width.into())?;
                self.left = (head >> 1).checked_mul(8)?;
                self.run = Run::Packed(self.at.checked_mul(8)?);
                // The last group may be cut.
                self.at = usize::try_from(bytes)
                    .map_or(self.end, |bytes| self.at.saturating_add(bytes).min(self.end));
            } else {
                self.left = head >> 1;
                let size = self.width.div_ceil(8) as usize;
                let bytes = part.get(self.at..)?.get(..size)?;
                self.at += size;
                self.run = Run::Same(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte)));
            }
        }
        self.left -= 1;
        match &mut self.run {
            Run::Same(value) => Some(*value),
            Run::Packed(bit) => {
                let value = bits(page.get(..self.end)?, *bit, self.width)?;
                *bit += self.width as usize;
                Some(value as u32)
            }
        }
    }
}

/// Differences of one value to the next (`DELTA_BINARY_PACKED`).
#[derive(Debug, Clone, Default)]
pub(super) struct Deltas {
    at: usize,
    /// How many values are left.
    left: u64,
    /// Values of a miniblock; miniblocks of a block.
    mini: u64,
    minis: u64,
    value: i64,
    is_first: bool,
    least: i64,
    /// The widths of the block's miniblocks that are to come.
    widths: usize,
    widths_end: usize,
    width: u32,
    /// The bit of the next difference, and how many are left of the miniblock.
    bit: usize,
    mini_left: u64,
}

impl Deltas {
    pub(super) fn new(page: &[u8], mut at: usize) -> Option<Self> {
        let block = varint(page, &mut at)?;
        let minis = varint(page, &mut at)?;
        let left = varint(page, &mut at)?;
        let value = zigzag(varint(page, &mut at)?);
        let mini = block.checked_div(minis)?;
        // The specification wants multiples of 128 and 32.
        let is_sound = mini > 0 && mini.is_multiple_of(8) && mini <= 1 << 16 && minis <= 1 << 12;
        is_sound.then_some(Deltas { at, left, mini, minis, value, is_first: true, ..Deltas::default() })
    }

    /// How many values are left.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    pub(super) fn next(&mut self, page: &[u8]) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        if std::mem::take(&mut self.is_first) {
            return Some(self.value);
        }
        if self.mini_left == 0 {
            if self.widths == self.widths_end {
                self.least = zigzag(varint(page, &mut self.at)?);
                self.widths = self.at;
                self.widths_end = self.at + self.minis as usize;
                self.at = self.widths_end;
            }
            self.width = u32::from(*page.get(self.widths)?);
            self.widths += 1;
            self.mini_left = self.mini;
            self.bit = self.at * 8;
            self.at += (self.mini as usize / 8) * self.width as usize;
        }
        self.mini_left -= 1;
        let delta = bits(page, self.bit, self.width)?;
        self.bit += self.width as usize;
        self.value = self.value.wrapping_add(self.least).wrapping_add(delta as i64);
        Some(self.value)
    }

    /// Where the bytes of all values end.
    pub(super) fn end(&self, page: &[u8]) -> Option<usize> {
        let mut rest = self.clone();
        while rest.left > 0 {
            rest.next(page)?;
        }
        Some(rest.at)
    }
}

/// A number of `width` bits, the least significant first. Bits behind the end
/// are 0: the last group may be cut.
fn bits(page: &[u8], bit: usize, width: u32) -> Option<u64> {
    if width == 0 {
        return Some(0);
    }
    if width > 64 {
        return None;
    }
    let bytes = page.get(bit / 8..).filter(|bytes| !bytes.is_empty())?;
    let mut window = [0; 16];
    let size = bytes.len().min(9);
    window[..size].copy_from_slice(&bytes[..size]);
    let value = u128::from_le_bytes(window) >> (bit % 8);
    Some((value & ((1 << width) - 1)) as u64)
}

/// An unsigned number of variable length.
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

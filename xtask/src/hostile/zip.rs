//! Zip archives that no library would write.

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress};

/// An archive that is being written.
pub(super) struct Zip<'w> {
    out: &'w mut dyn Write,
    written: usize,
    directory: Vec<u8>,
    /// Where the last entry begins in it.
    last: usize,
    entries: u16,
}

impl<'w> Zip<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Zip { out, written: 0, directory: Vec::new(), last: 0, entries: 0 }
    }

    /// Adds a file, packed as it is given, that says it has such a size. Its
    /// checksum is wrong, unless it is empty.
    pub(super) fn add(
        &mut self,
        name: &str,
        method: u16,
        flags: u16,
        packed: Vec<u8>,
        size: u32,
    ) -> io::Result<()> {
        let sum = if method == 0 { crc(&packed) } else { 0 };
        self.write(name, method, flags, &packed, sum, size)
    }

    /// Adds a deflated file with its checksum.
    pub(super) fn add_summed(&mut self, name: &str, packed: Vec<u8>, sum: u32, size: u32) -> io::Result<()> {
        self.write(name, 8, 0, &packed, sum, size)
    }

    /// Adds another entry for the last file.
    pub(super) fn again(&mut self) {
        let entry = self.directory[self.last..].to_vec();
        self.last = self.directory.len();
        self.directory.extend(entry);
        self.entries = self.entries.wrapping_add(1);
    }

    fn write(
        &mut self,
        name: &str,
        method: u16,
        flags: u16,
        packed: &[u8],
        sum: u32,
        size: u32,
    ) -> io::Result<()> {
        let end: &[u8] = if method == 8 { &[3, 0] } else { &[] };
        // What both headers hold (APPNOTE 4.3.7, 4.3.12); names are UTF-8.
        let mut common = Vec::new();
        common.extend((flags | 0x800).to_le_bytes());
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(sum.to_le_bytes());
        common.extend(((packed.len() + end.len()) as u32).to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0; 2]);
        self.last = self.directory.len();
        self.directory.extend(b"PK\x01\x02\x14\0\x14\0");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend((self.written as u32).to_le_bytes());
        self.directory.extend(name.bytes());
        self.entries = self.entries.wrapping_add(1);
        let file = [b"PK\x03\x04\x14\0", &*common, name.as_bytes(), packed, end].concat();
        self.written += file.len();
        self.out.write_all(&file)
    }

    /// Writes the directory and the end.
    pub(super) fn finish(self) -> io::Result<()> {
        self.out.write_all(&self.directory)?;
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend(self.entries.to_le_bytes());
        end.extend(self.entries.to_le_bytes());
        end.extend((self.directory.len() as u32).to_le_bytes());
        end.extend((self.written as u32).to_le_bytes());
        end.extend([0; 2]);
        self.out.write_all(&end)
    }
}

pub(super) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The bytes as blocks of deflate, the last of which is not the end: more may
/// follow. In an archive an end is put behind them.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 2 + 1024);
    // There is room for all of it, and a flush does not fail.
    let _ = Compress::new(Compression::best(), false).compress_vec(bytes, &mut packed, FlushCompress::Full);
    packed
}

/// So many zeros, at least; deflated, without an end.
pub(super) fn zeros(size: usize) -> Vec<u8> {
    deflated(&[0; 1 << 20]).repeat(size.div_ceil(1 << 20))
}

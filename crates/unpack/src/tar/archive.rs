//! The blocks of an archive: headers, and the data of files, which are read as
//! a stream.

use std::io::{self, Read, Seek, SeekFrom};

use tar::Header;

use crate::Input;

/// What headers, and the data of files, are padded to.
pub(super) const BLOCK: usize = 512;

/// An archive, and in it a file.
pub(super) struct Archive<'r> {
    input: Input<'r>,
    /// What was read of the input, but belongs to what is next.
    held: Vec<u8>,
    /// How many bytes of the file are to come, and how many behind it that
    /// stand for nothing.
    pub(super) left: u64,
    padding: u64,
    /// Whether the archive ended before the file did.
    pub(super) is_cut: bool,
    /// Whether the last header was none, so that the next one is looked for.
    pub(super) is_lost: bool,
}

/// Why there is no next file.
pub(super) enum Wrong {
    /// A header is none: behind it another one may be.
    Header(&'static str),
    Input(io::Error),
}

impl<'r> Archive<'r> {
    pub(super) fn new(input: Input<'r>) -> Self {
        Archive { input, held: Vec::new(), left: 0, padding: 0, is_cut: false, is_lost: false }
    }

    /// The header of the next entry, which is behind the file; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Header>, Wrong> {
        self.skip()?;
        let mut header = Header::new_old();
        // Zeros end an archive; behind them another one may be.
        let mut is_ended = false;
        loop {
            let read = self.block(header.as_mut_bytes())?;
            let is_blank = is_zero(&header.as_bytes()[..read]);
            match (read, is_blank) {
                (BLOCK, false) if is_sound(&header) => {
                    self.is_lost = false;
                    return Ok(Some(header));
                }
                (BLOCK, true) => is_ended = true,
                // Without its zeros it may be cut where a file ends.
                (_, true) if read > 0 || is_ended || self.is_lost => return Ok(None),
                _ if is_ended => return Err(Wrong::Header("what follows its end is not tar")),
                (BLOCK, false) => return Err(Wrong::Header("the checksum of a header is wrong")),
                _ if self.is_lost => return Ok(None),
                _ => return Err(Wrong::Input(io::ErrorKind::UnexpectedEof.into())),
            }
        }
    }

    /// Begins a file of so many bytes.
    pub(super) fn begin(&mut self, size: u64) -> Result<(), Wrong> {
        let padded = size.checked_next_multiple_of(BLOCK as u64).ok_or(Wrong::Header("size overflow"))?;
        (self.left, self.padding) = (size, padded - size);
        Ok(())
    }

    /// Whether the file has data, though what it is needs none: some writers
    /// give links the size of what they lead to, and the next header follows.
    pub(super) fn has_data(&mut self) -> io::Result<bool> {
        if self.left == 0 {
            return Ok(false);
        }
        let mut header = Header::new_old();
        let read = self.block(header.as_mut_bytes())?;
        self.held = header.as_bytes()[..read].to_vec();
        Ok(!is_zero(&self.held) && !is_sound(&header))
    }

    /// Reads a block that belongs to no file, or what there is of it.
    pub(super) fn block(&mut self, into: &mut [u8; BLOCK]) -> io::Result<usize> {
        let mut size = 0;
        while size < BLOCK {
            match self.pull(&mut into[size..]) {
                Ok(0) => break,
                Ok(read) => size += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(size)
    }

    /// Passes over what is left of the file.
    fn skip(&mut self) -> io::Result<()> {
        let data = std::mem::take(&mut self.left);
        // What only pads may be missing at the end.
        let size = data.saturating_add(std::mem::take(&mut self.padding));
        let held = size.min(self.held.len() as u64);
        self.held.drain(..held as usize);
        let size = size - held;
        let there = match &mut self.input {
            _ if size == 0 => return Ok(()),
            Input::File(file) => {
                let there = file.metadata()?.len().saturating_sub(file.stream_position()?);
                file.seek(SeekFrom::Current(size.min(there).cast_signed()))?;
                there
            }
            Input::Stream(stream) => io::copy(&mut stream.take(size), &mut io::sink())?,
        };
        if held + there < data { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn pull(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held.is_empty() {
            return self.input.read(into);
        }
        let read = self.held.len().min(into.len());
        into[..read].copy_from_slice(&self.held[..read]);
        self.held.drain(..read);
        Ok(read)
    }
}

/// Reads the file; fails where the archive ends before it.
impl Read for Archive<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = self.pull(&mut into[..most]);
        self.is_cut = matches!(read, Ok(0));
        if self.is_cut {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let read = read?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Wrong::Input(error)
    }
}

/// The bytes of the file behind a header: none if that says nothing of them.
pub(super) fn size(header: &Header) -> Result<u64, Wrong> {
    match header.as_old().size {
        blank if blank.iter().all(|byte| matches!(byte, 0 | b' ')) => Ok(0),
        _ => header.entry_size().map_err(|_| Wrong::Header("the size in a header is no number")),
    }
}

/// Whether the checksum of a header is right: it counts as if it were spaces,
/// and old writers took the bytes for numbers with a sign.
pub(crate) fn is_sound(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let others = || bytes[..148].iter().chain(&bytes[156..]);
    let spaces = 8 * i64::from(b' ');
    let unsigned = spaces + others().map(|&byte| i64::from(byte)).sum::<i64>();
    let signed = spaces + others().map(|&byte| i64::from(byte.cast_signed())).sum::<i64>();
    header.cksum().is_ok_and(|sum| [unsigned, signed].contains(&sum.into()))
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

//! Reads lines of any length in pieces of bounded size.

use std::io::{self, BufRead, BufReader, Read};

use crate::compressed::is_gap;

/// The longest piece. No header and no line that counts is as long.
const PIECE: u64 = 64 << 10;

/// The lines of a stream, each with its line break; a longer one comes in
/// pieces.
pub(crate) struct Lines<'r> {
    reader: BufReader<&'r mut dyn Read>,
    piece: Vec<u8>,
    begins: bool,
    /// Whether the last piece is to be given again.
    held: bool,
    /// Whether the stream could not be read to its end; it ends there, then.
    failed: bool,
    /// Whether it goes on behind what could not be read.
    has_more: bool,
    error: Option<io::Error>,
}

/// A line, or a piece of one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'l> {
    pub(crate) bytes: &'l [u8],
    /// Whether it begins a line.
    pub(crate) begins: bool,
}

impl<'r> Lines<'r> {
    pub(crate) fn new(stream: &'r mut dyn Read) -> Self {
        let reader = BufReader::with_capacity(PIECE as usize, stream);
        let piece = Vec::new();
        Lines { reader, piece, begins: true, held: false, failed: false, has_more: false, error: None }
    }

    /// The next piece; none at the end, or where the stream fails.
    pub(crate) fn next(&mut self) -> Option<Piece<'_>> {
        self.next_within(PIECE)
    }

    /// The next piece, of `most` bytes at the most, which is not 0.
    pub(crate) fn next_within(&mut self, most: u64) -> Option<Piece<'_>> {
        if !std::mem::take(&mut self.held) {
            self.begins = self.piece.is_empty() || self.piece.ends_with(b"\n");
            self.piece.clear();
            if self.failed {
                return None;
            }
            let read = self.reader.by_ref().take(most.min(PIECE)).read_until(b'\n', &mut self.piece);
            if let Err(error) = read {
                self.fail(error);
            }
        }
        (!self.piece.is_empty()).then_some(Piece { bytes: &self.piece, begins: self.begins })
    }

    /// Gives the last piece once more.
    pub(crate) fn hold(&mut self) {
        self.held = true;
    }

    /// What the next piece begins with, as far as that is known.
    pub(crate) fn peek(&mut self) -> &[u8] {
        if !self.failed
            && let Err(error) = self.reader.fill_buf()
        {
            self.fail(error);
        }
        self.reader.buffer()
    }

    /// The piece that was given last.
    pub(crate) fn last(&self) -> &[u8] {
        &self.piece
    }

    /// What follows begins a line, whatever the last piece ended with.
    pub(crate) fn begin_line(&mut self) {
        if !self.held {
            self.piece.clear();
        }
    }

    /// Why the stream could not be read to its end, once.
    pub(crate) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Goes on behind what could not be read; false if there is nothing more.
    pub(crate) fn resume(&mut self) -> bool {
        let has_more = self.failed && std::mem::take(&mut self.has_more);
        if has_more {
            (self.failed, self.held) = (false, false);
            self.piece.clear();
        }
        has_more
    }

    /// Whether the stream could not be read to its end.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    fn fail(&mut self, error: io::Error) {
        self.failed = true;
        self.has_more = is_gap(&error);
        self.error = Some(error);
    }
}

/// A line and its line break: CRLF, LF, or none.
pub(crate) fn split_end(line: &[u8]) -> (&[u8], &[u8]) {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = if text.len() < line.len() { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
    line.split_at(text.len())
}

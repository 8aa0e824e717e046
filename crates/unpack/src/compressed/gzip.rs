//! Gzip: members one after the other (RFC 1952, 2.2). Behind one that is
//! damaged, the next is looked for.

use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::mem;

use flate2::bufread::GzDecoder;
use memchr::memchr;

/// What a member begins with: its signature, and deflate.
const MAGIC: [u8; 3] = *b"\x1f\x8b\x08";

/// How many bytes of a member are kept, to look for the next one in them.
const KEPT: usize = 1 << 20;

/// How many bytes are read again at the most, so that no file takes long.
const AGAIN: usize = 16 << 20;

/// What all members hold; zeros may follow them, as tapes add them.
///
/// An error that [`is_gap`] may be read on from: with the next member that can
/// be found, if there is any.
pub(super) struct Gzip<R> {
    state: State<R>,
    /// How many gaps there were.
    gaps: u32,
}

/// So many gaps are told; behind more of them nothing is looked for.
const MOST_GAPS: u32 = 256;

enum State<R> {
    In(Box<GzDecoder<Kept<R>>>),
    /// Behind damage.
    Lost(Kept<R>),
    End,
}

/// Whether there may be more behind what could not be read.
pub(crate) fn is_gap(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Gap>())
}

impl<R: BufRead> Gzip<R> {
    pub(super) fn new(source: R) -> Self {
        let source = Kept { source, again: Vec::new(), at: 0, kept: Some(Vec::new()), left: AGAIN };
        Gzip { state: State::In(Box::new(GzDecoder::new(source))), gaps: 0 }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let (next, error) = match mem::replace(&mut self.state, State::End) {
                State::In(mut member) => match member.read(into) {
                    Ok(read) if read > 0 || into.is_empty() => {
                        self.state = State::In(member);
                        return Ok(read);
                    }
                    Ok(_) => behind(member.into_inner()),
                    Err(error) => {
                        let mut source = member.into_inner();
                        source.go_back();
                        (State::Lost(source), Some(error))
                    }
                },
                State::Lost(source) => (found(source)?, None),
                State::End => return Ok(0),
            };
            self.state = next;
            if let Some(error) = error {
                self.gaps += 1;
                if self.gaps > MOST_GAPS {
                    self.state = State::End;
                    return Err(error);
                }
                return Err(io::Error::new(error.kind(), Gap(error)));
            }
        }
    }
}

/// What comes behind a member that is whole.
fn behind<R: BufRead>(mut source: Kept<R>) -> (State<R>, Option<io::Error>) {
    let mut padding = false;
    loop {
        let buffered = match source.fill_buf() {
            Ok(buffered) => buffered,
            Err(error) => return (State::End, Some(error)),
        };
        let zeros = buffered.iter().take_while(|&&byte| byte == 0).count();
        match buffered.get(zeros) {
            None if zeros == 0 => return (State::End, None),
            None => {}
            Some(0x1f) if zeros == 0 && !padding => return (source.member(), None),
            Some(_) => {
                let error = io::Error::new(io::ErrorKind::InvalidData, "what follows its end is not gzip");
                return (State::Lost(source), Some(error));
            }
        }
        padding = true;
        source.consume(zeros);
    }
}

/// The next member, wherever it begins.
fn found<R: BufRead>(mut source: Kept<R>) -> io::Result<State<R>> {
    // How many bytes of the signature have been passed.
    let mut known = 0;
    loop {
        let buffered = source.fill_buf()?;
        let Some(&byte) = buffered.first() else { return Ok(State::End) };
        let size = match (byte == MAGIC[known], known) {
            (true, _) => 1,
            (false, 0) => memchr(MAGIC[0], buffered).unwrap_or(buffered.len()),
            // It may begin here.
            (false, _) => 0,
        };
        known = if size == 1 && byte == MAGIC[known] { known + 1 } else { 0 };
        source.consume(size);
        if known == MAGIC.len() {
            source.put_back(&MAGIC);
            return Ok(source.member());
        }
    }
}

/// A source that can go back to behind the first byte of a member.
struct Kept<R> {
    source: R,
    /// What is read again, before the source, and how much of it has been.
    again: Vec<u8>,
    at: usize,
    /// What was read since the member began, unless it is too much.
    kept: Option<Vec<u8>>,
    /// How many bytes may still be read again.
    left: usize,
}

impl<R: BufRead> Kept<R> {
    fn member(mut self) -> State<R> {
        self.kept = Some(Vec::new());
        State::In(Box::new(GzDecoder::new(self)))
    }

    /// Damage is often noticed late, when the next members have been taken for
    /// more of this one.
    fn go_back(&mut self) {
        match self.kept.take() {
            Some(kept) if kept.len() <= self.left => {
                self.left -= kept.len();
                self.put_back(kept.get(1..).unwrap_or_default());
            }
            _ => {}
        }
    }

    fn put_back(&mut self, bytes: &[u8]) {
        if self.again[..self.at].ends_with(bytes) {
            self.at -= bytes.len();
        } else {
            self.again.splice(..self.at, bytes.iter().copied());
            self.at = 0;
        }
        self.kept = None;
    }
}

impl<R: BufRead> Read for Kept<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Kept<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.again.len() { Ok(&self.again[self.at..]) } else { self.source.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        if amount == 0 {
            return;
        }
        let is_again = self.at < self.again.len();
        if let Some(kept) = &mut self.kept {
            let bytes = match is_again {
                true => &self.again[self.at..],
                // What is in the buffer does not change by looking.
                false => self.source.fill_buf().unwrap_or_default(),
            };
            let bytes = &bytes[..amount.min(bytes.len())];
            if kept.len() + bytes.len() <= KEPT {
                kept.extend_from_slice(bytes);
            } else {
                self.kept = None;
            }
        }
        match is_again {
            true => self.at += amount,
            false => self.source.consume(amount),
        }
    }
}

/// An error behind which there may be more.
#[derive(Debug)]
struct Gap(io::Error);

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Gap {}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes out, with `!` for each gap.
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let mut gzip = Gzip::new(bytes);
        let mut text = Vec::new();
        while let Err(error) = gzip.read_to_end(&mut text) {
            assert!(is_gap(&error), "{error}");
            text.push(b'!');
        }
        assert_eq!(String::from_utf8_lossy(&text), expected);
    }

    #[test]
    fn behind_a_damaged_member_the_next_is_found() {
        let [one, two, three] = ["one", "two", "three"].map(member);
        check(&[&*one, &two, &three].concat(), "onetwothree");
        check(&[&*one, &two, &[0; 9]].concat(), "onetwo");
        let mut wrong_sum = two.clone();
        *wrong_sum.iter_mut().nth_back(5).unwrap() ^= 1;
        check(&[&*one, &wrong_sum, &three].concat(), "onetwo!three");
        // Cut anywhere: the next one is taken for more of it.
        for cut in 1..two.len() {
            let mut gzip = Gzip::new(io::Cursor::new([&one, &two[..cut], &three].concat()));
            let mut text = Vec::new();
            let mut gaps = 0;
            while gzip.read_to_end(&mut text).is_err() {
                gaps += 1;
            }
            let text = String::from_utf8_lossy(&text);
            assert!(text.starts_with("one") && text.ends_with("three") && gaps > 0, "{cut}: {text}");
        }
        check(&[&*one, b"junk\x1f\x1f\x8b", &three].concat(), "one!three");
        check(&[&*one, &[0; 9], &three].concat(), "one!three");
        check(&[&*one, b"junk"].concat(), "one!");
        check(b"\x1f\x8b\x08", "!");
    }

    #[test]
    fn endless_damage_is_bounded() {
        let begin = &member(&"x".repeat(100))[..12];
        let bytes = begin.repeat(1 << 18);
        let mut gzip = Gzip::new(bytes.as_slice());
        let mut text = Vec::new();
        let mut gaps = 0;
        while gzip.read_to_end(&mut text).is_err() {
            gaps += 1;
        }
        assert_eq!(gaps, MOST_GAPS + 1);
    }
}

//! An HTTP response as a crawl keeps it: RFC 9112, its codings by RFC 9110.
//!
//! What a response says of its codings is not always so: many tools undo them
//! and leave the header. The first bytes decide.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use formgrid_model::Problem;

use crate::Input;
use crate::compressed::Zstd;
use crate::headers::may_hold_form;
use crate::opener::{Head, Opener, Whole};
use crate::warc::Block;

/// The most codings that are undone.
const MOST_CODINGS: usize = 4;

/// How many bytes without control characters are none by chance.
const CHANCE: usize = 64;

/// How many bytes of what may be packed are unpacked to see whether it is.
const MOST_TRIED: u64 = 1 << 20;

/// Hands over the body of a response, if it may be a document.
pub(crate) fn response(
    name: &str,
    block: &mut Block<'_, '_>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<()> {
    if !block.peek().starts_with(b"HTTP/") {
        // No response; what it is, its bytes say.
        return opener.open(Some(name), None, Input::Stream(block));
    }
    // The status does not count: pages of errors are pages.
    block.next_line();
    let headers = block.read_headers();
    if !may_hold_form(&headers.media_type()) {
        return ControlFlow::Continue(());
    }
    let transfer = headers.list("transfer-encoding").to_ascii_lowercase();
    let is_chunked = transfer.contains("chunked") && chunk_size(block.peek()).is_some();
    let mut body: Box<dyn Read + '_> =
        if is_chunked { Box::new(Chunked { block, left: Some(0) }) } else { Box::new(block) };
    let codings = headers.list("content-encoding").to_ascii_lowercase();
    // The last one was applied last (RFC 9110, 8.4).
    for coding in codings.rsplit(',').map(str::trim).take(MOST_CODINGS) {
        body = match undo(coding, body) {
            Some(body) => body,
            None => {
                let method = format!("the content coding \"{coding}\"");
                return opener.fail(Some(name), Problem::UnsupportedMethod { method });
            }
        };
    }
    let (media_type, charset) = (headers.media_type(), headers.parameter("charset"));
    opener.open_typed(Some(name), &media_type, charset.as_deref(), &mut *body)
}

/// Undoes a coding, if that has not been done; none if it is not known.
fn undo<'b>(coding: &str, mut body: Box<dyn Read + 'b>) -> Option<Box<dyn Read + 'b>> {
    let head = Head::of(&mut *body);
    let begin = head.bytes.get(..4).unwrap_or_default().to_vec();
    let is_text = is_text(&head.bytes);
    // A few bytes may be without control characters by chance.
    let is_packed = !is_text
        || head.bytes.len() < CHANCE
            && match coding {
                "deflate" => unpacks(DeflateDecoder::new(&*head.bytes)),
                "br" => unpacks(Decompressor::new(&*head.bytes, 1 << 12)),
                _ => false,
            };
    let body = Whole::new(head, body);
    Some(match coding {
        "gzip" | "x-gzip" if begin.starts_with(b"\x1f\x8b") => Box::new(MultiGzDecoder::new(body)),
        // RFC 9110, 8.4.1.2, wants the zlib format; some servers leave it out.
        "deflate" if is_zlib(&begin) => Box::new(ZlibDecoder::new(body)),
        "deflate" if is_packed => Box::new(DeflateDecoder::new(body)),
        "br" if is_packed => Box::new(Decompressor::new(body, 1 << 12)),
        "zstd" if begin == b"\x28\xb5\x2f\xfd" => Box::new(Zstd::new(BufReader::new(body))),
        "" | "identity" | "none" | "gzip" | "x-gzip" | "deflate" | "br" | "zstd" => Box::new(body),
        // The name of an encoding of characters, and other mistakes.
        _ if is_text => Box::new(body),
        _ => return None,
    })
}

/// Whether bytes have no control characters that a text has not. What is packed
/// has some soon.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

fn unpacks(packed: impl Read) -> bool {
    io::copy(&mut packed.take(MOST_TRIED), &mut io::sink()).is_ok()
}

/// RFC 1950, 2.2: deflate, and a check that 31 divides.
fn is_zlib(begin: &[u8]) -> bool {
    let [method, flags, ..] = *begin else { return false };
    method & 15 == 8 && (u16::from(method) << 8 | u16::from(flags)).is_multiple_of(31)
}

/// A body in chunks, RFC 9112, 7.1.
struct Chunked<'c, 'b, 'r> {
    block: &'c mut Block<'b, 'r>,
    /// How many bytes are left of the chunk; none behind the last one.
    left: Option<u64>,
}

impl Read for Chunked<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == Some(0) {
            // The line break behind the chunk before is a line, too.
            let line = self.block.fill_buf()?;
            let (size, is_break) = (line.len(), line.trim_ascii().is_empty());
            match chunk_size(line) {
                _ if size == 0 => return self.broken("it ends before its last chunk"),
                _ if is_break => {}
                Some(0) => self.left = None,
                Some(left) => self.left = Some(left),
                None => return self.broken("a chunk of it has no size"),
            }
            self.block.consume(size);
        }
        let Some(left) = &mut self.left else { return Ok(0) };
        let most = buffer.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
        let size = self.block.read(&mut buffer[..most])?;
        *left -= size as u64;
        if size == 0 && most > 0 { self.broken("it ends within a chunk") } else { Ok(size) }
    }
}

impl Chunked<'_, '_, '_> {
    fn broken(&mut self, why: &str) -> io::Result<usize> {
        self.left = None;
        Err(io::Error::other(why))
    }
}

/// The size that a line gives, in hexadecimal, before its extensions.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let size = line.split(|&byte| byte == b';').next()?.trim_ascii();
    u64::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok().filter(|_| line.ends_with(b"\n"))
}

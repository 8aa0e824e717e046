//! An HTTP response as a crawl keeps it: RFC 9112, its codings by RFC 9110.
//!
//! What a response says of its codings is not always so: many tools undo them
//! and leave the header. The first bytes decide.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use formgrid_model::Problem;

use crate::Input;
use crate::headers::may_hold_form;
use crate::opener::Opener;
use crate::warc::Block;

/// Hands over the body of a response, if it may be a document. Says what is
/// wrong with it.
pub(crate) fn response(
    name: &str,
    block: &mut Block<'_, '_>,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), Option<String>> {
    if !block.fill_buf().is_ok_and(|line| line.starts_with(b"HTTP/")) {
        // No response; what it is, its bytes say.
        opener.open(Some(name), None, Input::Stream(block))?;
        return ControlFlow::Continue(None);
    }
    // The status does not count: pages of errors are pages.
    block.next_line();
    let headers = block.read_headers();
    if !may_hold_form(&headers.media_type()) {
        return ControlFlow::Continue(None);
    }
    let is_chunked =
        headers.get("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
            && block.fill_buf().is_ok_and(|line| chunk_size(line).is_some());
    let wrong = Cell::new(None);
    let mut body: Box<dyn Read + '_> =
        if is_chunked { Box::new(Chunked { block, left: Some(0), wrong: &wrong }) } else { Box::new(block) };
    let mut head = [0; 4];
    let size = match read_full(&mut *body, &mut head) {
        Ok(size) => size,
        Err(error) => {
            opener.fail(Some(name), Problem::Unreadable { why: error.to_string() })?;
            return ControlFlow::Continue(None);
        }
    };
    let begin = &head[..size];
    let body = begin.chain(body);
    let charset = headers.parameter("charset");
    let coding = headers.get("content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let mut body: Box<dyn Read + '_> = match coding.as_str() {
        "gzip" | "x-gzip" if begin.starts_with(b"\x1f\x8b") => Box::new(MultiGzDecoder::new(body)),
        // RFC 9110, section 8.4.1.2, has the zlib format; some servers leave it out.
        "deflate" if is_zlib(begin) => Box::new(ZlibDecoder::new(body)),
        "deflate" if !begin.starts_with(b"<") => Box::new(DeflateDecoder::new(body)),
        "br" if !begin.starts_with(b"<") => Box::new(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" if begin.starts_with(b"\x28\xb5\x2f\xfd") => {
            match ruzstd::decoding::StreamingDecoder::new(body) {
                Ok(decoder) => Box::new(decoder),
                Err(error) => {
                    opener.fail(Some(name), Problem::Unreadable { why: error.to_string() })?;
                    return ControlFlow::Continue(None);
                }
            }
        }
        "" | "identity" | "none" | "gzip" | "x-gzip" | "deflate" | "br" | "zstd" => Box::new(body),
        _ => return ControlFlow::Continue(Some(format!("coded as \"{coding}\", which is not known"))),
    };
    opener.open(Some(name), charset.as_deref(), Input::Stream(&mut *body))?;
    drop(body);
    ControlFlow::Continue(wrong.take().map(str::to_owned))
}

/// RFC 1950, section 2.2: deflate, and a check that 31 divides.
fn is_zlib(begin: &[u8]) -> bool {
    matches!(begin, [method, flags, ..] if method & 15 == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

/// Reads until the buffer is full, or to the end.
fn read_full(body: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut size = 0;
    while size < buffer.len() {
        match body.read(&mut buffer[size..])? {
            0 => break,
            read => size += read,
        }
    }
    Ok(size)
}

/// A body in chunks, RFC 9112, section 7.1.
struct Chunked<'c, 'b, 'r> {
    block: &'c mut Block<'b, 'r>,
    /// How many bytes are left of the chunk; none behind the last one.
    left: Option<u64>,
    wrong: &'c Cell<Option<&'static str>>,
}

impl Read for Chunked<'_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == Some(0) {
            // The line break behind the chunk before is a line, too.
            let line = self.block.fill_buf()?;
            let is_break = line.trim_ascii().is_empty();
            let size = line.len();
            match chunk_size(line) {
                _ if size == 0 => self.end(Some("it ends before its last chunk; what is there was read")),
                _ if is_break => {}
                Some(0) => self.end(None),
                Some(left) => self.left = Some(left),
                None => self.end(Some("a chunk of it has no size; what came before was read")),
            }
            self.block.consume(size);
        }
        let Some(left) = &mut self.left else { return Ok(0) };
        let most = buffer.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
        let size = self.block.read(&mut buffer[..most])?;
        *left -= size as u64;
        if size == 0 && most > 0 {
            self.end(Some("it ends within a chunk; what is there was read"));
        }
        Ok(size)
    }
}

impl Chunked<'_, '_, '_> {
    fn end(&mut self, wrong: Option<&'static str>) {
        self.left = None;
        self.wrong.set(wrong);
    }
}

/// The size that a line gives, in hexadecimal, before its extensions.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let size = line.split(|&byte| byte == b';').next()?.trim_ascii();
    u64::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok().filter(|_| line.ends_with(b"\n"))
}

//! Compression: gzip, bzip2, xz, zstd. What is in it, is one member.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::Input;
use crate::kind::Container;
use crate::opener::Opener;

mod gzip;

use gzip::Gzip;
pub(crate) use gzip::is_gap;

/// What a decoder of xz may allocate, in KiB: enough for `xz -9`.
const XZ_MEMORY: u32 = 80 << 10;

/// The largest window of zstd: that of `zstd --ultra -22`.
const ZSTD_WINDOW: u64 = 128 << 20;

/// Opens what is compressed. Streams that are put together, as their tools
/// allow it, are read as one. What breaks off is used up to there.
pub(crate) fn read(container: Container, input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let input = BufReader::with_capacity(1 << 16, input);
    match container {
        Container::Bzip2 => open(&mut MultiBzDecoder::new(input), opener),
        Container::Xz => open(&mut XzReader::new_mem_limit(input, true, XZ_MEMORY), opener),
        Container::Zstd => open(&mut Zstd::new(input), opener),
        _ => open(&mut Gzip::new(input), opener),
    }
}

fn open(stream: &mut dyn Read, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let name = opener.stem();
    opener.open(Some(&name), None, Input::Stream(stream))
}

/// Frames of zstd, one after the other.
pub(crate) struct Zstd<R> {
    source: R,
    frame: FrameDecoder,
}

impl<R: BufRead> Zstd<R> {
    pub(crate) fn new(source: R) -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(ZSTD_WINDOW);
        Zstd { source, frame }
    }

    /// Goes to the next frame; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.frame.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped = io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                    if skipped < length.into() {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(invalid(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.frame.can_collect() == 0 {
            if self.frame.is_finished() {
                if !self.next()? {
                    return Ok(0);
                }
            } else {
                let blocks = BlockDecodingStrategy::UptoBlocks(1);
                self.frame.decode_blocks(&mut self.source, blocks).map_err(invalid)?;
            }
        }
        let read = self.frame.read(into)?;
        // The sum is right only when all of the frame has been taken.
        if self.frame.is_finished() && self.frame.can_collect() == 0 {
            let stated = self.frame.get_checksum_from_data();
            if stated.is_some() && stated != self.frame.get_calculated_checksum() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"));
            }
        }
        Ok(read)
    }
}

fn invalid(error: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        let read = inner.downcast_ref::<io::Error>();
        if read.is_some_and(|read| read.kind() == io::ErrorKind::UnexpectedEof) {
            return io::ErrorKind::UnexpectedEof.into();
        }
        cause = inner.source();
    }
    let why = match error {
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::BadMagicNumber(_)) => {
            "what follows its end is not zstd".to_owned()
        }
        FrameDecoderError::FrameHeaderError(_)
        | FrameDecoderError::FailedToInitialize(_)
        | FrameDecoderError::WindowSizeTooBig { .. } => {
            "it needs more than 128 MiB to be unpacked, or its header is wrong".to_owned()
        }
        FrameDecoderError::DictNotProvided { .. } => "it needs a dictionary that is not in it".to_owned(),
        error => error.to_string(),
    };
    io::Error::new(io::ErrorKind::InvalidData, why)
}

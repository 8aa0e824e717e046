//! Files to documents: opens containers, one within another, and hands over
//! what is in them, one document at a time.
//!
//! What a file is, is decided by its bytes, never by its name. A document is
//! given as it is; nothing is decoded here.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use formgrid_unpack::{Input, Options, unpack};
//!
//! let mut page = "<p>项目名称".as_bytes();
//! let mut found = Vec::new();
//! unpack(Input::Stream(&mut page), &Options::default(), &mut |member| {
//!     found.push((member.path, member.content.unwrap().bytes.len()));
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(found, [(None, 15)]);
//! ```

mod headers;
mod http;
mod lines;
#[cfg(test)]
mod members;
mod mhtml;
mod opener;
mod transfer;
mod warc;

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;

use formgrid_model::Diagnostic;

use crate::opener::Opener;

/// Where the bytes of a file come from.
#[allow(missing_debug_implementations)]
pub enum Input<'r> {
    /// A file, which can be read from any place.
    File(File),
    /// A stream, read once from its start: standard input, a member.
    Stream(&'r mut dyn Read),
}

/// How containers are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How much is read at the most.
    pub limits: Limits,
}

/// How much is read at the most; what is beyond is told and left.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one document.
    pub document: u64,
}

/// A document, or a part of a container that cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The path inside the file: `b/c.html`; in an archive within it
    /// `a.zip!/b/c.html`. None if the file itself is meant.
    pub path: Option<String>,
    /// What it holds, or why it cannot be read.
    pub content: Result<Content, Diagnostic>,
}

/// The bytes of a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// The bytes, as their container held them, unpacked.
    pub bytes: Vec<u8>,
    /// The encoding that the container gives: a MIME or HTTP charset.
    pub charset: Option<String>,
}

/// Hands over the documents of a file in their order; stops if it is told to.
pub fn unpack(
    input: Input<'_>,
    options: &Options,
    each: &mut dyn FnMut(Member) -> ControlFlow<()>,
) -> ControlFlow<()> {
    Opener::new(options, each).open(None, None, input)
}

impl Default for Limits {
    fn default() -> Self {
        Limits { document: 32 << 20 }
    }
}

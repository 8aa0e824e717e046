//! Files to documents: opens containers, one within another, and hands over
//! what is in them, one document at a time.
//!
//! What a file is, is decided by its bytes, never by its name. A document is
//! given as it is; nothing is decoded here. Members come in the order of their
//! container. In the order in which to read:
//!
//! - `kind`: what the first bytes say.
//! - `opener`: what every kind of container is given to hand over what it
//!   holds; it counts the depth and names the members.
//! - `limits`: how much may come out of a file; `selection`: which documents
//!   are wanted; `names`: what names members have.
//! - `compressed`, `zip`, `tar`: the containers.
//! - `mhtml`, `warc`, `json_lines`, `parquet`: archives of pages, over what they
//!   share: `lines`, `headers`, `transfer`, `http`, `rows`.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use formgrid_unpack::{Input, Options, unpack};
//!
//! let mut page = "<p>项目名称".as_bytes();
//! let mut found = Vec::new();
//! unpack("a.html", Input::Stream(&mut page), &Options::default(), &mut |member| {
//!     found.push((member.path, member.content.unwrap().bytes.len()));
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(found, [(None, 15)]);
//! ```

mod compressed;
mod headers;
mod http;
mod json_lines;
mod kind;
mod limits;
mod lines;
#[cfg(test)]
mod members;
mod mhtml;
mod names;
mod opener;
mod parquet;
mod rows;
mod selection;
mod tar;
mod transfer;
mod warc;
mod zip;

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;

use formgrid_model::Diagnostic;

pub use crate::kind::{HEAD, is_document};
pub use crate::limits::Limits;
pub use crate::names::is_passed_over;
use crate::opener::Opener;
pub use crate::selection::{GlobError, Selection};

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
    /// Which documents are wanted.
    pub selection: Selection,
    /// The column or key of tables of pages (JSON Lines, Parquet) that holds
    /// the page; none to find it by its name.
    pub text_column: Option<String>,
    /// The one that names the page; none to find it by its name.
    pub path_column: Option<String>,
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
    /// What is to be said of it: that it is cut off, or has an odd name.
    pub diagnostics: Vec<Diagnostic>,
}

/// Hands over the documents of a file in their order; stops if it is told to.
///
/// `name` is the file's path below the folder that is read: globs are tested
/// on it, and a compressed document is named like it.
pub fn unpack(
    name: &str,
    input: Input<'_>,
    options: &Options,
    each: &mut dyn FnMut(Member) -> ControlFlow<()>,
) -> ControlFlow<()> {
    Opener::new(name, options, each).unpack(input)
}

impl Read for Input<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::File(file) => file.read(into),
            Input::Stream(stream) => stream.read(into),
        }
    }
}

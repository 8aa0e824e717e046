//! Bytes to blocks: decodes a document and reads its lines and tables.
//!
//! One document may hold three layouts, and their blocks look the same: HTML
//! pages with tables; tab text; and tab text whose cells hold fragments of
//! HTML. In the order of the work:
//!
//! - `decode`: bytes to text. What encoding they are of: `declared` reads what
//!   the document says, `detect` what its bytes say, by `sample`, `plausible` and
//!   `wide`. `transcode` is the decoding itself; `origin` and `width` lead from
//!   the text back to the bytes.
//! - `layout`: text to regions of one layout each; `markup` and `elements` know
//!   what a tag is.
//! - `tab_text`: lines to rows; `fragment`: the text of cells with simple markup.
//! - `parse`, `tree`: HTML to a tree, through html5ever.
//! - `workbook`: Excel-2003 XML to tables.
//! - `page`, `tables`, `cell_text`, `text`: a tree to blocks.
//! - `form_table`, `covered`: which slots a table's cells cover; `account`: what
//!   they declared; `hidden`: what is left out.
//! - `limits`: how much is read; `frames`: pages that only show others.
//! - `document`: all that, one block at a time; `all_tables`: its tables alone.
//!
//! ```
//! use formgrid_ingest::{Options, ingest};
//! use formgrid_model::Block;
//!
//! let bytes = "项目名称：\t图书馆修缮\n<table><tr><td>预算<td>&ge;90".as_bytes();
//! let document = ingest(bytes, &Options::default()).unwrap().value;
//! let blocks: Vec<Block> = document.blocks().collect();
//! let [Block::Line(line), Block::Table(table)] = &blocks[..] else { panic!("{blocks:?}") };
//! assert_eq!(line.cells[1].text, "图书馆修缮");
//! assert_eq!(table.rows[0].cells[1].text, "≥90");
//! assert_eq!(table.rows[0].cells[1].line, 2);
//! ```

mod account;
mod all_tables;
mod cell_text;
mod covered;
mod declared;
mod decode;
mod detect;
mod document;
mod elements;
mod form_table;
mod fragment;
mod frames;
mod hidden;
mod layout;
mod limits;
mod lines;
mod markup;
mod mixed;
mod nuls;
mod origin;
mod page;
mod parse;
mod plausible;
mod references;
mod sample;
mod tab_text;
mod tables;
mod text;
mod transcode;
mod tree;
mod twice;
mod wide;
mod width;
mod workbook;

pub use encoding_rs::Encoding;
use formgrid_model::{Diagnostic, Outcome};

pub use crate::all_tables::Tables;
pub use crate::declared::{declared, prescan};
use crate::document::Counters;
pub use crate::document::{Blocks, Document};
pub use crate::frames::{FRAMES_WITHIN, frames};
use crate::limits::Budget;
pub use crate::limits::Limits;

/// How to read a document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The encoding, whatever the bytes look like; a byte-order mark is
    /// stronger. None to find it out.
    pub encoding: Option<&'static Encoding>,
    /// What whoever delivered the document declares: the charset of MIME or
    /// HTTP. Stronger than a declaration in the document, but checked against
    /// the bytes as that is.
    pub charset: Option<&'static Encoding>,
    /// How much is read.
    pub limits: Limits,
}

/// The encoding of that label by the WHATWG standard: `gbk`, `utf-8`, `big5`.
/// None if there is none, or if the standard has it read no more: `hz-gb-2312`.
pub fn encoding_for_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes())
}

/// Decodes a document and finds its regions; UTF-8 is borrowed, not copied.
///
/// # Errors
///
/// [`Problem::NotText`](formgrid_model::Problem::NotText) if the bytes are no
/// text, so that nothing can come out.
pub fn ingest<'b>(bytes: &'b [u8], options: &Options) -> Result<Outcome<Document<'b>>, Diagnostic> {
    let budget = Budget::new(options.limits);
    let decoded = decode::decode(bytes, options)?;
    let decode::Decoded { text, decoding, origin } = decoded.value;
    let document = Document::new(text, decoding, origin, budget);
    Ok(Outcome { value: document, diagnostics: decoded.diagnostics })
}

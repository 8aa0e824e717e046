//! The types every stage of formgrid shares: what a document is made of, what
//! a form is, what a record holds, and what can be wrong with them.
//!
//! Data flows one way through them:
//!
//! ```text
//! bytes ─ingest→ Block ─segment→ Form ─extract→ Record ─write→ text
//! ```
//!
//! Nothing here reads a file, knows HTML, or knows a word of Chinese; the
//! stages do. All lines, rows and columns count from 1, all spans are numbers
//! of slots, all byte ranges are half-open.
//!
//! ```
//! use formgrid_model::{Block, Cell, Row};
//!
//! let row = Row::line(vec![Cell::new("项目名称："), Cell::new("图书馆修缮")]);
//! assert_eq!(row.cells[1].text, "图书馆修缮");
//! let block = Block::Line(row);
//! assert!(matches!(block, Block::Line(_)));
//! ```

mod blank;
mod block;
mod decoding;
mod form;
mod message;
mod outcome;
mod problem;
mod record;
mod severity;
mod spans;

pub use blank::is_blank;
pub use block::{Block, Cell, Parent, Row, Source, Table};
pub use decoding::{Decoding, EncodingFrom};
pub use form::{Form, Piece};
pub use outcome::{Diagnostic, Outcome};
pub use problem::Problem;
pub use record::{
    Account, Comparison, Field, Indicator, Origin, Part, Place, Record, Repair, RepairKind, Target, Unmapped,
    Value,
};
pub use severity::Severity;
pub use spans::{Finding, SpanAccount};

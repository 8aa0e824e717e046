//! Records to JSON, NDJSON and CSV.
//!
//! Writing has two halves, so that documents can be converted on many threads
//! and still be written in order. [`render`] turns a record into bytes and
//! touches nothing else; a [`Writer`] appends what was rendered and is the only
//! one that knows the output.
//!
//! ```
//! use formgrid_model::Record;
//! use formgrid_write::{Document, Format, Layout, Rendered, Status, Writer, render, render_document};
//!
//! let layout = Layout::new(Format::Ndjson, &[]);
//! let mut rendered = Rendered::default();
//! render(&layout, &Record { id: "a1".into(), ..Record::default() }, &mut rendered);
//! render_document(&layout, &Document::new("a.txt", Status::Ok), &mut rendered);
//!
//! let mut writer = Writer::stream(&layout, Box::new(std::io::stdout()))?;
//! writer.append(&rendered)?;
//! assert_eq!(writer.finish()?.records, 1);
//! # Ok::<(), formgrid_write::WriteError>(())
//! ```
//!
//! The modules, in the order in which to read them: `tables` defines every
//! public table once, `rows` fills their rows, `csv` and `json` are the two
//! notations, `schema` describes the JSON one, `writer` and `whole` put bytes
//! into files that appear whole or not at all.
//!
//! Tables as a browser forms them go the same way: [`render_table`] and a
//! [`TableWriter`]. `grid` fills their slots, `table_json`, `table_csv` and
//! `table_html` are their notations.

mod csv;
mod grid;
mod json;
mod layout;
mod rows;
mod schema;
mod table_csv;
mod table_html;
mod table_json;
mod table_writer;
mod tables;
mod whole;
mod writer;

pub use grid::grid_problem;
pub use layout::{Format, Layout, Rendered, render, render_document};
pub use rows::{Datum, Document, Status};
pub use schema::record_schema;
pub use table_writer::{RenderedTables, TableFormat, TableLayout, TableSource, TableWriter, render_table};
pub use tables::{Column, Grade, Shape, ShapeField, Table, Type, tables};
pub use writer::{WriteError, Writer, Written};

//! Forms to records: labels, typed values and the merged-cell grid.
//!
//! Every non-blank cell of a form ends in exactly one place: a label, a field,
//! a caption, an indicator or `unmapped`; [`formgrid_model::Account`] proves it
//! for each record. What the export lost is null and reported, what was
//! repaired says so.
//!
//! ```
//! use formgrid_extract::extract;
//! use formgrid_model::{Cell, Form, Piece, Row, Value};
//! use formgrid_profile::Profiles;
//!
//! let row = |cells: &[&'static str]| Row::line(cells.iter().map(|text| Cell::new(*text)).collect());
//! let form = Form {
//!     ordinal: 1,
//!     rows: vec![
//!         (Piece::Caption, row(&["财政项目支出绩效目标表"])),
//!         (Piece::Labels, row(&["项目名称：", "图书馆修缮", "项目总预算（万元）：", "12.5"])),
//!     ],
//!     ..Form::default()
//! };
//! let record = &extract(&form, &Profiles::builtin())[0];
//! let budget = record.fields.iter().find(|field| field.key == "total_budget").unwrap();
//! assert_eq!(budget.value, Some(Value::Money(125_000.into())));
//! assert!(record.account.is_balanced());
//! ```

mod above;
mod below;
mod draft;
mod fields;
mod grid;
mod indicators;
mod list;
mod open_columns;
mod pairs;
mod place;
mod recognise;
mod record;
mod repeated;
mod stacked;
mod stacked_table;
mod table;
mod value;
mod value_columns;

pub use draft::draft;
pub use record::extract;
use value::target;

//! Records and documents into bytes: the half of writing that needs no output.

use formgrid_model::Record;

use crate::csv::write_row;
use crate::json;
use crate::rows::{self, Datum, Document};
use crate::tables::{
    COUNT, DIAGNOSTICS, DOCUMENTS, EVIDENCE, Grade, INDICATORS, PROJECTS, Shape, Table, UNMAPPED, tables,
};

/// The notations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, one line a record.
    Ndjson,
    /// One pretty JSON array of records.
    Json,
    /// A folder of CSV tables.
    Csv,
}

/// How output looks: fixed before the first record, shared by all threads.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The notation.
    pub format: Format,
    /// Whether each value comes with its place.
    pub evidence: bool,
    /// Whether CSV is made for a spreadsheet, with a byte-order mark and
    /// without formulas.
    pub for_excel: bool,
    pub(crate) tables: Vec<Table>,
    pub(crate) forms: Vec<String>,
    fields: Vec<String>,
    levels: usize,
    further: Vec<String>,
}

/// Records and documents as bytes, in order, ready to be appended. To be
/// cleared and used again, since its buffers keep their room.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pub(crate) tables: [Vec<u8>; COUNT],
    pub(crate) items: Vec<Item>,
}

/// What was rendered between two ends: a record, or what is said of a document.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Hash of the record's id, and the index of its shape if it is known;
    /// none for a document.
    pub(crate) record: Option<(u128, Option<usize>)>,
    /// Where it ends in each table.
    pub(crate) ends: [usize; COUNT],
}

impl Layout {
    /// The layout for records of these shapes, without evidence and not for a
    /// spreadsheet. Tables have no column for a field that no shape has.
    pub fn new(format: Format, shapes: &[Shape]) -> Self {
        let fields = shapes.iter().flat_map(|shape| shape.fields.iter().map(|field| &field.key));
        let further = shapes.iter().flat_map(|shape| &shape.further);
        Layout {
            format,
            evidence: false,
            for_excel: false,
            tables: tables(shapes),
            forms: shapes.iter().map(|shape| shape.form.clone()).collect(),
            fields: distinct(fields),
            levels: shapes.iter().map(|shape| shape.levels).max().unwrap_or(0),
            further: distinct(further),
        }
    }
}

impl Rendered {
    /// How many bytes are held.
    pub fn len(&self) -> usize {
        self.tables.iter().map(Vec::len).sum()
    }

    /// Whether nothing was rendered.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.tables.iter_mut().for_each(Vec::clear);
        self.items.clear();
    }
}

/// Renders one record behind what was rendered before.
pub fn render(layout: &Layout, record: &Record, into: &mut Rendered) {
    match layout.format {
        Format::Ndjson => {
            json::write_line(&mut into.tables[0], record, layout.evidence);
            into.tables[0].push(b'\n');
        }
        Format::Json => json::write_element(&mut into.tables[0], record, layout.evidence),
        Format::Csv => render_rows(layout, record, into),
    }
    let shape = layout.forms.iter().position(|form| *form == record.form);
    end_item(into, Some((fnv1a(record.id.as_bytes()), shape)));
}

/// Renders what is said of a whole document; call it once, behind its records.
pub fn render_document(layout: &Layout, document: &Document, into: &mut Rendered) {
    if layout.format != Format::Csv {
        return;
    }
    let mut add = |table: usize, row: Vec<Datum>| write_row(&mut into.tables[table], &row, layout.for_excel);
    add(DOCUMENTS, rows::document(document));
    for found in document.diagnostics {
        add(DIAGNOSTICS, rows::diagnostic(None, document.path, document.member, found));
    }
    end_item(into, None);
}

fn render_rows(layout: &Layout, record: &Record, into: &mut Rendered) {
    let mut add = |table: usize, row: Vec<Datum>| write_row(&mut into.tables[table], &row, layout.for_excel);
    add(PROJECTS, rows::project(record, &layout.fields));
    for (ordinal, indicator) in (1..).zip(&record.indicators) {
        let row = rows::indicator(&record.id, ordinal, indicator, layout.levels, &layout.further);
        add(INDICATORS, row);
    }
    for row in rows::unmapped(record, &layout.further) {
        add(UNMAPPED, row);
    }
    for found in &record.diagnostics {
        let origin = &record.origin;
        add(DIAGNOSTICS, rows::diagnostic(Some(&record.id), &origin.path, origin.member.as_deref(), found));
    }
    if layout.evidence {
        rows::evidence(record, &mut |row| add(EVIDENCE, row));
    }
}

fn end_item(into: &mut Rendered, record: Option<(u128, Option<usize>)>) {
    let ends = std::array::from_fn(|table| into.tables[table].len());
    into.items.push(Item { record, ends });
}

/// Whether a column is there when forms of the shapes `met` were seen.
pub(crate) fn is_met(grade: &Grade, met: &[bool]) -> bool {
    match grade {
        Grade::Required | Grade::Optional => true,
        Grade::Of(shapes) => shapes.iter().any(|&shape| met[shape]),
    }
}

fn distinct<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = Vec::new();
    for key in keys {
        if !seen.contains(key) {
            seen.push(key.clone());
        }
    }
    seen
}

/// FNV-1a in 128 bits: ids are hashes already, so that no two forms meet here
/// by chance.
fn fnv1a(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

//! What comes out: one record a form.

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Diagnostic, EncodingFrom};

/// One project form as data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Stable key: a function of the document's bytes and the form's ordinal.
    pub id: String,
    /// The name of the profile that read it.
    pub form: String,
    /// Where the form stands.
    pub origin: Origin,
    /// Every field of the profile, in its order, with a value or without.
    pub fields: Vec<Field>,
    /// The indicators in source order.
    pub indicators: Vec<Indicator>,
    /// What the profile has no place for.
    pub unmapped: Vec<Unmapped>,
    /// What is doubtful, repaired or lost, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// The cells that went in, and where they went.
    pub account: Account,
}

/// Where a form stands. The document's path is known to whoever opened it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origin {
    /// The document's path as it was given or found; `-` for standard input.
    pub path: String,
    /// The path inside a container, if the document came out of one.
    pub member: Option<String>,
    /// SHA-256 of the document's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The encoding the bytes were decoded from, by its WHATWG name.
    pub encoding: String,
    /// Why that encoding.
    pub encoding_from: EncodingFrom,
    /// The record's ordinal in its document, from 1.
    pub table: u32,
    /// The form's first line in the decoded text.
    pub first_line: u32,
    /// The form's last line in the decoded text.
    pub last_line: u32,
}

/// The place of a value in its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Line of the decoded text.
    pub line: u32,
    /// Row within the table or run of lines.
    pub row: u32,
    /// Column of the cell's first slot.
    pub column: u32,
    /// Bytes of the original document, where the format allows it.
    pub bytes: Option<Range<usize>>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The profile's key, snake_case English.
    pub key: String,
    /// The value; none where the cell is blank, absent or unreadable.
    pub value: Option<Value>,
    /// Where the value stands, if the form has the field.
    pub place: Option<Place>,
}

/// A typed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text as printed.
    Text(String),
    /// A day.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact number; of a share, in percent.
    Number(Decimal),
    /// An exact amount of yuan.
    Money(Decimal),
}

/// One leaf of the indicator grid with its full path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Indicator {
    /// The words of the levels, outermost first; none where lost or absent.
    pub levels: Vec<Option<Part>>,
    /// The target value; none where the cell is blank or was lost.
    pub target: Option<Target>,
    /// Further columns of the grid by the profile's key, in its order.
    pub further: Vec<(String, Option<Part>)>,
    /// The line of the row.
    pub line: u32,
    /// What was put right to read this row.
    pub repair: Option<Repair>,
    /// How sure the reading is, from 0 to 1; none when there is no doubt.
    pub confidence: Option<f64>,
}

/// A text of an indicator with its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// The text as printed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// An indicator's target, as printed and as understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Target {
    /// The cell as printed.
    pub text: String,
    /// How the value compares, if the text says so.
    pub comparison: Option<Comparison>,
    /// The exact value; none for a qualitative target, or for a range.
    pub value: Option<Decimal>,
    /// The ends of a range, both included: `2~3次`.
    pub range: Option<(Decimal, Decimal)>,
    /// Whether the text says that the number is about right: `约5.5万人次`.
    pub is_approximate: bool,
    /// The unit as printed.
    pub unit: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// How a target compares with what is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Comparison {
    /// The operator as ASCII text.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
        }
    }
}

/// What was put right in a row, and on what evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What kind of damage it was.
    pub kind: RepairKind,
    /// The damage and its evidence in words.
    pub note: String,
}

/// The kinds of damage that are put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairKind {
    /// A cell above covers this row, too, that should not.
    SpanTooLong,
    /// A cell above should cover this row, too.
    SpanTooShort,
    /// Cells of this row were cut off at the edge of the grid.
    CutOff,
    /// A level's word stood in two cells, cut by a page break; they were joined.
    SplitWord,
}

impl RepairKind {
    /// The kind's stable name.
    pub fn name(self) -> &'static str {
        match self {
            RepairKind::SpanTooLong => "span-too-long",
            RepairKind::SpanTooShort => "span-too-short",
            RepairKind::CutOff => "cut-off",
            RepairKind::SplitWord => "split-word",
        }
    }
}

/// A text that the profile has no place for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unmapped {
    /// The label beside it, if it has one.
    pub label: Option<String>,
    /// The text as printed; blank where only a label stands.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// The conservation account of one form: non-blank cells in, and their fate.
///
/// [`Account::is_balanced`] holds for every record; a form that breaks it is a
/// defect of formgrid, reported as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Non-blank cells of the form.
    pub cells: u32,
    /// Cells that are a label, alone or with its value.
    pub labels: u32,
    /// Cells that are a field's value.
    pub fields: u32,
    /// Cells of captions, headings and grid headers.
    pub captions: u32,
    /// Cells of the grid.
    pub indicators: u32,
    /// Cells in `unmapped`.
    pub unmapped: u32,
}

impl Account {
    /// How many cells were placed.
    pub fn placed(&self) -> u32 {
        let Account { cells: _, labels, fields, captions, indicators, unmapped } = *self;
        labels + fields + captions + indicators + unmapped
    }

    /// Whether every cell was placed exactly once.
    pub fn is_balanced(&self) -> bool {
        self.cells == self.placed()
    }
}

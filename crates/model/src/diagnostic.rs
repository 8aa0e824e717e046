//! What can be wrong with a document or a form, each kind with a stable code.

use std::fmt;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something was lost, repaired or doubtful, and says so.
    Warning,
    /// A document or a part of it could not be read.
    Error,
}

impl Severity {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Everything that can be wrong. The code is stable; the message is made here
/// and nowhere else, from the code and its values.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The value of an indicator fell off the edge of the grid.
    ValueLost {
        /// The indicator's text.
        indicator: String,
    },
    /// Cells other than the value fell off the edge of the grid, or are in no
    /// row at all.
    CellsLost {
        /// What was lost, in words: `level 1 and level 2`.
        what: String,
    },
    /// A cell's span was too long; the rows below it were shifted and put right.
    SpanTooLong {
        /// The cell that covers too much.
        cell: String,
        /// The evidence.
        note: String,
    },
    /// A cell's span was too short; the rows below it were shifted and put right.
    SpanTooShort {
        /// The cell that covers too little.
        cell: String,
        /// The evidence.
        note: String,
    },
    /// A level's word stood in two cells, cut by a page break; they were joined.
    SplitWord {
        /// The two cells and the word.
        note: String,
    },
    /// A row was not read as laid out, but put right.
    RepairedRow {
        /// The damage and its evidence, as in the row's `repair`.
        note: String,
    },
    /// A row in the grid was taken for no row of it.
    StrayRow {
        /// The row as printed.
        row: String,
    },
    /// A cell of an indicator's row stands where the grid has no column.
    StrayCell {
        /// The cell as printed.
        cell: String,
    },
    /// More than one reading of a row is about as likely.
    AmbiguousRow {
        /// The row as printed.
        row: String,
        /// The reading that came second.
        other: String,
    },
    /// A value does not read as its field's type; it is null in the record.
    UnparsedValue {
        /// The field's key.
        key: String,
        /// The text.
        text: String,
        /// What was expected: `a date`.
        expected: &'static str,
    },
    /// A text that says that there is no value: `—`, `/`, boxes of which none
    /// is ticked.
    NoValue {
        /// The field's key.
        key: String,
        /// The text.
        text: String,
    },
    /// A target holds several values; it is kept as text.
    SeveralValues {
        /// The text.
        text: String,
    },
    /// A cell beside a target says otherwise than the target's own cell, which
    /// counts.
    TargetMismatch {
        /// The target's cell.
        target: String,
        /// The other one: how it compares, or its unit.
        other: String,
    },
    /// The form lacks a field of its profile.
    MissingField {
        /// The field's key.
        key: String,
    },
    /// Two profiles explain a form about as well.
    UncertainForm {
        /// The profile that was taken.
        form: String,
        /// The other one.
        other: String,
    },
    /// No profile knows the form; it is read by what all of them agree on.
    UnknownForm,
    /// A label stands more than once; the first keeps the field.
    DuplicateLabel {
        /// The label.
        label: String,
    },
    /// Caption and heading of a form name different years.
    YearMismatch {
        /// The year of the record: the first that is named.
        year: i64,
        /// The other one.
        other: i64,
        /// The line that names it.
        text: String,
    },
    /// The form ends without an indicator grid.
    MissingGrid,
    /// The grid's header names no column that the profile knows as the target.
    MissingTarget {
        /// The header as printed.
        header: String,
    },
    /// A table or run of lines without a header was taken for the grid's, by its
    /// shape alone.
    ContinuedGrid {
        /// Its first row as printed.
        row: String,
    },
    /// A row of cells next to the rows of a form that was taken for no part of
    /// it.
    SkippedRow {
        /// The row as printed.
        row: String,
    },
    /// A line in the middle of a form that was taken for no part of it: a page
    /// header, a note.
    InterruptingText {
        /// The text.
        text: String,
    },
    /// A text that a browser moves out of a table, since no cell holds it.
    MisplacedText {
        /// The text.
        text: String,
    },
    /// A cell of a table claims slots that a cell before it has.
    OverlappingCells {
        /// The text of the later cell.
        cell: String,
        /// How many slots.
        slots: u64,
    },
    /// Rows of a table whose last slots no cell covers.
    Holes {
        /// The first row.
        row: u32,
        /// How many rows, one below the other, have the same holes.
        rows: u32,
        /// The first column without a cell.
        column: u32,
        /// How many slots of each row have no cell.
        slots: u32,
    },
    /// A cell's `rowspan` reaches below the end of its row group; it ends there.
    SpanPastEnd {
        /// The cell's text.
        cell: String,
        /// The rows it declares.
        declared: u32,
        /// The rows that are left.
        left: u32,
    },
    /// A span outside the limits of the HTML standard.
    ClampedSpan {
        /// `rowspan` or `colspan`.
        attribute: &'static str,
        /// The attribute's value.
        value: String,
        /// What it counts as.
        used: u32,
    },
    /// A span that holds no number; it counts as 1.
    UnreadableSpan {
        /// `rowspan` or `colspan`.
        attribute: &'static str,
        /// The attribute's value.
        value: String,
    },
    /// A row group, row or cell that its own style hides.
    HiddenCells {
        /// The text in it; blank for a row that only sets column widths.
        text: String,
    },
    /// The filled grid of a table would be too large for its cells.
    GridTooLarge {
        /// The table's rows.
        rows: u64,
        /// The table's columns.
        columns: u64,
        /// How often the text of its cells may be repeated, on average.
        limit: u32,
    },
    /// Bytes that are not of the document's encoding, read as U+FFFD.
    UndecodableBytes {
        /// How many places.
        count: u64,
        /// The offset of the first.
        first: u64,
        /// The encoding.
        encoding: &'static str,
    },
    /// The bytes are no text.
    NotText {
        /// Why not: `a NUL byte at offset 3`.
        why: String,
    },
    /// The document holds no form of a known profile.
    NoForm,
    /// The document could not be read.
    Unreadable {
        /// The system's words.
        why: String,
    },
    /// A cell of a form ended in no place or in two: a defect of formgrid.
    Unbalanced {
        /// Non-blank cells in.
        cells: u32,
        /// Cells placed.
        placed: u32,
    },
    /// A sheet of a workbook that Excel does not show.
    HiddenSheet {
        /// Its name.
        name: String,
        /// How many of its cells hold text.
        cells: u32,
    },
    /// A comment on a cell of a workbook.
    CellComment {
        /// The cell's text.
        cell: String,
        /// The comment.
        comment: String,
    },
    /// A row or cell of a workbook whose index lies before what is there.
    IndexOutOfOrder {
        /// The index.
        index: u32,
    },
    /// Text in a sheet that stands in no cell.
    StrayText {
        /// The text.
        text: String,
    },
    /// A place in XML that is no XML.
    DamagedMarkup {
        /// The line from there on.
        text: String,
    },
    /// A document that ends before its root element does.
    CutShort,
    /// Elements that nest too deep; their content is their parents'.
    MarkupTooDeep {
        /// How many elements.
        count: u64,
        /// The limit.
        most: u32,
    },
    /// A document with too many elements; the rest is left out.
    TooManyNodes {
        /// The limit.
        most: u32,
    },
    /// A document with too many lines and rows; the rest is left out.
    TooManyRows {
        /// The limit.
        most: u32,
    },
    /// A line or a table with too many cells; the rest is left out.
    TooManyCells {
        /// The limit.
        most: u32,
    },
    /// A form with too many cells; the rest belongs to none.
    FormTooLarge {
        /// The limit.
        most: u32,
    },
    /// The document took too long; the rest is left out.
    OutOfTime {
        /// The limit, in seconds.
        seconds: f64,
    },
    /// A page that shows other files, and has no text of its own.
    Frameset {
        /// These files, as it names them.
        frames: Vec<String>,
    },
}

impl Problem {
    /// The stable code, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::ValueLost { .. } => "value-lost",
            Problem::CellsLost { .. } => "cells-lost",
            Problem::SpanTooLong { .. } => "span-too-long",
            Problem::SpanTooShort { .. } => "span-too-short",
            Problem::SplitWord { .. } => "split-word",
            Problem::RepairedRow { .. } => "repaired-row",
            Problem::StrayRow { .. } => "stray-row",
            Problem::StrayCell { .. } => "stray-cell",
            Problem::AmbiguousRow { .. } => "ambiguous-row",
            Problem::UnparsedValue { .. } => "unparsed-value",
            Problem::NoValue { .. } => "no-value",
            Problem::SeveralValues { .. } => "several-values",
            Problem::TargetMismatch { .. } => "target-mismatch",
            Problem::MissingField { .. } => "missing-field",
            Problem::UncertainForm { .. } => "uncertain-form",
            Problem::UnknownForm => "unknown-form",
            Problem::DuplicateLabel { .. } => "duplicate-label",
            Problem::YearMismatch { .. } => "year-mismatch",
            Problem::MissingGrid => "missing-grid",
            Problem::MissingTarget { .. } => "missing-target",
            Problem::ContinuedGrid { .. } => "continued-grid",
            Problem::SkippedRow { .. } => "skipped-row",
            Problem::InterruptingText { .. } => "interrupting-text",
            Problem::MisplacedText { .. } => "misplaced-text",
            Problem::OverlappingCells { .. } => "overlapping-cells",
            Problem::Holes { .. } => "holes",
            Problem::SpanPastEnd { .. } => "span-past-end",
            Problem::ClampedSpan { .. } => "clamped-span",
            Problem::UnreadableSpan { .. } => "unreadable-span",
            Problem::HiddenCells { .. } => "hidden-cells",
            Problem::GridTooLarge { .. } => "grid-too-large",
            Problem::UndecodableBytes { .. } => "undecodable-bytes",
            Problem::NotText { .. } => "not-text",
            Problem::NoForm => "no-form",
            Problem::Unreadable { .. } => "unreadable",
            Problem::Unbalanced { .. } => "unbalanced",
            Problem::HiddenSheet { .. } => "hidden-sheet",
            Problem::CellComment { .. } => "cell-comment",
            Problem::IndexOutOfOrder { .. } => "index-out-of-order",
            Problem::StrayText { .. } => "stray-text",
            Problem::DamagedMarkup { .. } => "damaged-markup",
            Problem::CutShort => "cut-short",
            Problem::MarkupTooDeep { .. } => "markup-too-deep",
            Problem::TooManyNodes { .. } => "too-many-nodes",
            Problem::TooManyRows { .. } => "too-many-rows",
            Problem::TooManyCells { .. } => "too-many-cells",
            Problem::FormTooLarge { .. } => "form-too-large",
            Problem::OutOfTime { .. } => "out-of-time",
            Problem::Frameset { .. } => "frameset",
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Problem::RepairedRow { .. }
            | Problem::NoValue { .. }
            | Problem::SeveralValues { .. }
            | Problem::MissingField { .. }
            | Problem::UnknownForm
            | Problem::InterruptingText { .. }
            | Problem::Holes { .. }
            | Problem::NoForm
            | Problem::Frameset { .. }
            | Problem::HiddenSheet { cells: 0, .. } => Severity::Info,
            // A ghost row, as Excel writes it to set column widths.
            Problem::HiddenCells { text } if text.is_empty() => Severity::Info,
            Problem::ValueLost { .. }
            | Problem::CellsLost { .. }
            | Problem::SpanTooLong { .. }
            | Problem::SpanTooShort { .. }
            | Problem::SplitWord { .. }
            | Problem::StrayRow { .. }
            | Problem::StrayCell { .. }
            | Problem::ContinuedGrid { .. }
            | Problem::SkippedRow { .. }
            | Problem::AmbiguousRow { .. }
            | Problem::UnparsedValue { .. }
            | Problem::TargetMismatch { .. }
            | Problem::UncertainForm { .. }
            | Problem::DuplicateLabel { .. }
            | Problem::YearMismatch { .. }
            | Problem::MissingGrid
            | Problem::MissingTarget { .. }
            | Problem::MisplacedText { .. }
            | Problem::OverlappingCells { .. }
            | Problem::SpanPastEnd { .. }
            | Problem::ClampedSpan { .. }
            | Problem::UnreadableSpan { .. }
            | Problem::HiddenCells { .. }
            | Problem::HiddenSheet { .. }
            | Problem::CellComment { .. }
            | Problem::IndexOutOfOrder { .. }
            | Problem::StrayText { .. }
            | Problem::MarkupTooDeep { .. } => Severity::Warning,
            Problem::UndecodableBytes { .. }
            | Problem::GridTooLarge { .. }
            | Problem::NotText { .. }
            | Problem::Unreadable { .. }
            | Problem::Unbalanced { .. }
            | Problem::DamagedMarkup { .. }
            | Problem::CutShort
            | Problem::TooManyNodes { .. }
            | Problem::TooManyRows { .. }
            | Problem::TooManyCells { .. }
            | Problem::FormTooLarge { .. }
            | Problem::OutOfTime { .. } => Severity::Error,
        }
    }
}

/// The message: lower case, with the offending text.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::ValueLost { indicator } => {
                write!(f, "the value of \"{indicator}\" was cut off in the export; it is null")
            }
            Problem::CellsLost { what } => {
                write!(f, "{what} of this row: cut off in the export or in no row above; null in the record")
            }
            Problem::SpanTooLong { cell, note } => write!(f, "\"{cell}\" spans too many rows: {note}"),
            Problem::SpanTooShort { cell, note } => write!(f, "\"{cell}\" spans too few rows: {note}"),
            Problem::SplitWord { note } => f.write_str(note),
            Problem::RepairedRow { note } => write!(f, "this row was put right: {note}"),
            Problem::StrayRow { row } => {
                write!(f, "\"{row}\" stands in the grid but reads as no row of it; its texts are in unmapped")
            }
            Problem::StrayCell { cell } => {
                write!(f, "\"{cell}\" stands in a row of the grid, but in no column of it; it is in unmapped")
            }
            Problem::AmbiguousRow { row, other } => {
                write!(f, "the row \"{row}\" can also be read as \"{other}\"; check it against the original")
            }
            Problem::UnparsedValue { key, text, expected } => {
                write!(f, "{key}: \"{text}\" does not read as {expected}; it is null")
            }
            Problem::NoValue { key, text } => {
                write!(f, "{key}: \"{text}\" says that there is no value; it is null")
            }
            Problem::SeveralValues { text } => {
                write!(f, "\"{text}\" holds several values; it is kept as text, without a number")
            }
            Problem::TargetMismatch { target, other } => write!(
                f,
                "\"{target}\" and \"{other}\" beside it say different things; the record keeps what \"{target}\" says"
            ),
            Problem::MissingField { key } => write!(f, "the form has no label for {key}"),
            Problem::DuplicateLabel { label } => {
                write!(
                    f,
                    "the label \"{label}\" stands more than once; the first keeps the field, the others are in unmapped"
                )
            }
            Problem::MissingTarget { header } => {
                write!(
                    f,
                    "no column of the grid is known as the target: \"{header}\"; add its header to the profile"
                )
            }
            Problem::YearMismatch { year, other, text } => write!(
                f,
                "the caption is of {year}, but \"{text}\" is of {other}; the record keeps {year}, check it against the original"
            ),
            Problem::UncertainForm { form, other } => write!(
                f,
                "read as {form}, but {other} explains the form about as well; add what tells them apart to a profile"
            ),
            Problem::UnknownForm => f.write_str(
                "no profile knows this form: what has no agreed meaning is under its label as printed; `formgrid profiles draft` writes a profile to start from",
            ),
            Problem::MissingGrid => f.write_str("the form ends without an indicator grid"),
            Problem::ContinuedGrid { row } => write!(
                f,
                "from \"{row}\" on the grid was taken to go on, by its shape alone; check that it is the same form"
            ),
            Problem::SkippedRow { row } => {
                write!(
                    f,
                    "\"{row}\" stands next to the form and was taken for no part of it; check it against the original"
                )
            }
            Problem::InterruptingText { text } => {
                write!(f, "\"{text}\" stands in the middle of the form and was taken for no part of it")
            }
            Problem::MisplacedText { text } => {
                write!(f, "\"{text}\" stands in a table but in no cell; it is read as text before the table")
            }
            Problem::OverlappingCells { cell, slots } => {
                write!(f, "\"{cell}\" claims slots that cells before it have: {slots}; these keep them")
            }
            Problem::Holes { row, rows: 1, column, slots } => {
                write!(f, "row {row} has slots without a cell: {slots}, the first in column {column}")
            }
            Problem::Holes { row, rows, column, slots } => write!(
                f,
                "rows {row} to {} have slots without a cell: {slots} each, the first in column {column}",
                row.saturating_add(*rows) - 1
            ),
            Problem::SpanPastEnd { cell, declared, left } => {
                write!(
                    f,
                    "\"{cell}\" spans {declared} rows but its row group ends after {left}; it ends there"
                )
            }
            Problem::ClampedSpan { attribute, value, used } => {
                write!(f, "{attribute}=\"{value}\" is outside the limits; it counts as {used}")
            }
            Problem::UnreadableSpan { attribute, value } => {
                write!(f, "{attribute}=\"{value}\" holds no number; it counts as 1")
            }
            Problem::HiddenCells { text } if text.is_empty() => {
                f.write_str("hidden by its style, without text; it is no part of the table")
            }
            Problem::HiddenCells { text } => {
                write!(f, "\"{text}\" is hidden by its style; it is no part of the table")
            }
            Problem::GridTooLarge { rows, columns, limit } => write!(
                f,
                "a grid of {rows} rows and {columns} columns would be more than {limit} times its cells; it is left out (--max-fill sets the limit)"
            ),
            Problem::UndecodableBytes { count, first, encoding } => write!(
                f,
                "{count} byte sequences are not {encoding}, the first at offset {first}; they read as U+FFFD; name the encoding with --encoding"
            ),
            Problem::NotText { why } => write!(f, "not a text document: {why}"),
            Problem::NoForm => f.write_str("no form of a known profile"),
            Problem::Unreadable { why } => write!(f, "cannot be read: {why}"),
            Problem::Unbalanced { cells, placed } => {
                write!(
                    f,
                    "{cells} cells in but {placed} placed: a defect of formgrid, please report this form"
                )
            }
            Problem::HiddenSheet { name, cells } => {
                write!(f, "the sheet \"{name}\" is hidden; its cells with text are left out: {cells}")
            }
            Problem::CellComment { cell, comment } => {
                write!(f, "the cell \"{cell}\" has a comment, which is no part of it: \"{comment}\"")
            }
            Problem::IndexOutOfOrder { index } => {
                write!(f, "ss:Index=\"{index}\" lies before what is already there; the next free place is taken")
            }
            Problem::StrayText { text } => {
                write!(f, "\"{text}\" stands in a sheet but in no cell; it is left out")
            }
            Problem::DamagedMarkup { text } => write!(
                f,
                "no XML from \"{text}\" on; it is read as far as it goes, check it against the original"
            ),
            Problem::CutShort => {
                f.write_str("the document ends before its last element does; what follows is lost")
            }
            Problem::MarkupTooDeep { count, most } => write!(
                f,
                "elements nest more than {most} deep: {count}; their content is their parents' (--max-depth sets the limit)"
            ),
            Problem::TooManyNodes { most } => write!(
                f,
                "the document has more than {most} elements and texts; the rest is left out (--max-nodes sets the limit)"
            ),
            Problem::TooManyRows { most } => write!(
                f,
                "the document has more than {most} lines and rows; the rest is left out (--max-rows sets the limit)"
            ),
            Problem::TooManyCells { most } => write!(
                f,
                "more than {most} cells in one table or line; the rest is left out (--max-cells sets the limit)"
            ),
            Problem::FormTooLarge { most } => write!(
                f,
                "the form has more than {most} cells; the rest belongs to none (--max-form sets the limit)"
            ),
            Problem::OutOfTime { seconds } => write!(
                f,
                "the document took more than {seconds} s; the rest is left out (--max-time sets the limit)"
            ),
            Problem::Frameset { frames } => {
                write!(f, "a page without text of its own, which shows {}; read these", frames.join(", "))
            }
        }
    }
}

//! What can be wrong with a document or a form.

/// Everything that can be wrong. The code is stable; the message is made of its
/// values, in `message` and nowhere else.
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
    /// A target looks like a number with a sign and does not read as one, or is
    /// more than all who were asked. It is kept as printed.
    OddTarget {
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
        /// Whether it has the same value again.
        is_same: bool,
    },
    /// A label that several blocks of the form may have stands in fewer of them.
    AmbiguousLabel {
        /// The label.
        label: String,
    },
    /// A row of a table has fewer or more values than the table has columns, and
    /// no blank cell says which of them they are.
    ShortRow {
        /// The row's first cell.
        row: String,
        /// How many values it has.
        values: usize,
        /// How many columns the table has.
        columns: usize,
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
    /// A document declares another encoding than its bytes are of.
    EncodingMismatch {
        /// The declared one.
        declared: &'static str,
        /// What the bytes were read as.
        encoding: &'static str,
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
    /// A format that may hold forms, but that is not read.
    UnsupportedFormat {
        /// What it is: `an Excel workbook (.xlsx)`.
        what: &'static str,
        /// What to do: `save it as HTML or text`.
        advice: &'static str,
    },
    /// A format that holds no text: a picture, a program.
    NoDocument {
        /// What it is: `a PNG picture`.
        what: &'static str,
    },
    /// A document beyond the limit.
    DocumentTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// More came out of a file than the limit.
    ArchiveTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// More came out of a file than its own size makes likely.
    ExpansionTooLarge {
        /// How many times its size it may be.
        ratio: u32,
    },
    /// A container within containers beyond the limit.
    NestedTooDeep {
        /// How many may be one within another.
        limit: u32,
    },
    /// A container, or a member of it, that does not read to its end.
    DamagedArchive {
        /// What is wrong: `it ends too early`.
        why: String,
    },
    /// A member that cannot be read without a password.
    Encrypted,
    /// A member packed in a way that is not read.
    UnsupportedMethod {
        /// The way: `PPMd`.
        method: String,
    },
    /// A member whose name is no plain path inside its container.
    OddMemberName {
        /// The name in the container.
        name: String,
    },
    /// NUL characters in a text, which are read as blanks.
    NulCharacters {
        /// How many there are.
        count: u64,
        /// The offset of the first one in the document's bytes, from 0.
        first: u64,
    },
    /// Texts or pages in a document that are of another encoding than the rest.
    MixedEncodings {
        /// How many of them there are.
        count: u64,
        /// The offset of the first one in the document's bytes, from 0.
        first: u64,
        /// What they are read as: `gb18030`.
        encoding: &'static str,
        /// What they rather are: `UTF-8`.
        other: &'static str,
    },
    /// Texts are of an encoding that was taken for another, and what came of
    /// that is what the document holds.
    TwiceEncoded {
        /// How many texts.
        count: u64,
        /// Where the first one begins, in bytes from 0.
        first: u64,
        /// What they are of, by its WHATWG name.
        encoding: &'static str,
        /// What they were taken for.
        taken: &'static str,
    },
    /// Characters that stand for what was lost before the document came here.
    LostCharacters {
        /// How many.
        count: u64,
        /// Where the first one begins, in bytes from 0.
        first: u64,
    },
    /// A sheet that a workbook's page of frames shows and that is not there.
    MissingSheet,
    /// A file whose name on the disk is not UTF-8.
    OddFileName {
        /// Its path, with the bytes that are not UTF-8 as `\\xb1`.
        name: String,
    },
    /// A container without any document.
    EmptyArchive,
    /// A row of a table of pages that holds none.
    UnreadableRow {
        /// Why: `it has no column html`.
        why: String,
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

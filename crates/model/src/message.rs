//! What a problem says: the only place where messages are made, so that they can
//! be given in another language.

use std::fmt;

use crate::Problem;

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
            Problem::OddTarget { text } => {
                write!(f, "the target \"{text}\" is odd; it is kept as printed, check it against the original")
            }
            Problem::TargetMismatch { target, other } => write!(
                f,
                "\"{target}\" and \"{other}\" beside it say different things; the record keeps what \"{target}\" says"
            ),
            Problem::MissingField { key } => write!(f, "the form has no label for {key}"),
            Problem::DuplicateLabel { label, is_same: true } => {
                write!(f, "the label \"{label}\" stands again with the same value; that one is in unmapped")
            }
            Problem::DuplicateLabel { label, .. } => {
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
            Problem::AmbiguousLabel { label } => write!(
                f,
                "the label \"{label}\" may be of either part of the form; its text is in unmapped"
            ),
            Problem::ShortRow { row, values, columns } => write!(
                f,
                "nothing says which of {columns} columns the values of \"{row}\" ({values}) stand in; they are in unmapped"
            ),
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
            Problem::EncodingMismatch { declared, encoding } => write!(
                f,
                "it declares {declared}, but its bytes are {encoding} and were read as that; name another with --encoding"
            ),
            Problem::UndecodableBytes { count: 1, first, encoding } => write!(
                f,
                "the bytes at offset {first} are not {encoding}; they read as U+FFFD; name the encoding with --encoding"
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
            Problem::UnsupportedFormat { what, advice } => write!(f, "{what} is not read; {advice}"),
            Problem::NoDocument { what } => write!(f, "{what} holds no text to read"),
            Problem::DocumentTooLarge { limit } => {
                write!(f, "larger than {}, the most for one document; --max-document sets it", size(*limit))
            }
            Problem::ArchiveTooLarge { limit } => {
                write!(f, "more than {} came out of it; the rest is left; --max-archive sets the limit", size(*limit))
            }
            Problem::ExpansionTooLarge { ratio } => write!(
                f,
                "more than {ratio} times its size came out of it; the rest is left; --max-ratio sets the limit"
            ),
            Problem::NestedTooDeep { limit } => {
                write!(f, "more than {limit} containers, one within another; --max-nesting sets the limit")
            }
            Problem::DamagedArchive { why } => write!(f, "damaged: {why}; what could be read before is used"),
            Problem::Encrypted => f.write_str("encrypted; unpack it with its password first"),
            Problem::UnsupportedMethod { method } => {
                write!(f, "packed with {method}, which is not read; unpack it first, and read what comes out")
            }
            Problem::OddMemberName { name } => {
                write!(f, "\"{name}\" is its name in the archive, which is no plain path in it; nothing is written there")
            }
            Problem::MissingSheet => f.write_str("a sheet of this workbook is not there"),
            Problem::OddFileName { name } => {
                write!(f, "\"{name}\" is its name on the disk, which is not UTF-8; it is given as GB18030 has it, if it can be")
            }
            Problem::NulCharacters { count, first } => {
                write!(f, "NUL characters: {count}, the first at byte {first}; they are read as blanks")
            }
            Problem::TwiceEncoded { count, first, encoding, taken } => write!(
                f,
                "{count} texts of it are {encoding} that was taken for {taken} and encoded once more, the first at byte {first}; undo that (encode it as {taken}), and read it again"
            ),
            Problem::LostCharacters { count, first } => write!(
                f,
                "characters that were lost before it came here: {count}, the first at byte {first}, where U+FFFD or what becomes of it stands; check it against the original"
            ),
            Problem::MixedEncodings { count, first, encoding, other } => write!(
                f,
                "parts of it that are rather {other}: {count}, the first at byte {first}; they are read as {encoding} like the rest; save the document in one encoding"
            ),
            Problem::EmptyArchive => f.write_str("an archive without any document"),
            Problem::UnreadableRow { why } => write!(f, "this row holds no page: {why}"),
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
                "the form has more than {most} rows and cells; the rest belongs to none (--max-form sets the limit)"
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

/// A number of bytes as flags take it: `32M`.
fn size(bytes: u64) -> String {
    let units = [(30, "G"), (20, "M"), (10, "K")];
    match units.iter().find(|(shift, _)| bytes > 0 && bytes.is_multiple_of(1 << shift)) {
        Some((shift, unit)) => format!("{}{unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}

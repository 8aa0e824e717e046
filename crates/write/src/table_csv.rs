//! Formed tables as CSV, in one file or as a folder.
//!
//! In one file all rows of all tables have the same columns: `path`, `member`,
//! `table` and `row`, and one for each column of the widest table. A folder has
//! a file for each table, which holds its grid and nothing else, and
//! `tables.csv`, which lists them with their accounts.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use formgrid_model::{SpanAccount, Table};

use crate::csv::{BYTE_ORDER_MARK, write_row, write_text};
use crate::grid::grid;
use crate::rows::Datum;
use crate::table_writer::TableSource;

/// The columns of the one file before those of the tables.
const LEADING: [&str; 4] = ["path", "member", "table", "row"];

/// The columns of `tables.csv`.
const INDEX: [&str; 24] = [
    "file",
    "path",
    "member",
    "encoding",
    "table",
    "parent_table",
    "parent_row",
    "parent_column",
    "rows",
    "columns",
    "caption",
    "declared",
    "cut_off",
    "overlapped",
    "covered",
    "holes",
    "slots",
    "spans_past_end",
    "overlapping_cells",
    "clamped_spans",
    "unreadable_spans",
    "rows_without_cells",
    "columns_without_cells",
    "hidden",
];

/// Appends the grid, each row with its place before it.
pub(crate) fn write_placed(into: &mut Vec<u8>, source: TableSource<'_>, table: &Table<'_>, for_excel: bool) {
    for (n, texts) in (1..).zip(grid(table)) {
        let member = source.member.map_or(Datum::Null, text);
        let place = [text(source.path), member, Datum::Integer(table.ordinal.into()), Datum::Integer(n)];
        write_row(into, &place, for_excel);
        // The texts belong to the same row.
        into.pop();
        for text in texts {
            into.push(b',');
            write_text(into, text, for_excel);
        }
        into.push(b'\n');
    }
}

/// Appends the grid alone.
pub(crate) fn write_grid(into: &mut Vec<u8>, table: &Table<'_>, for_excel: bool) {
    if for_excel {
        into.extend_from_slice(BYTE_ORDER_MARK);
    }
    for texts in grid(table) {
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                into.push(b',');
            }
            write_text(into, text, for_excel);
        }
        into.push(b'\n');
    }
}

/// The header of `tables.csv`.
pub(crate) fn index_header(for_excel: bool) -> Vec<u8> {
    header(INDEX.iter().map(|name| text(name)).collect(), for_excel)
}

/// Appends the table's row in `tables.csv`, without the name of its file.
pub(crate) fn write_index(into: &mut Vec<u8>, source: TableSource<'_>, table: &Table<'_>, for_excel: bool) {
    let SpanAccount {
        declared,
        cut_off,
        overlapped,
        covered,
        holes,
        slots,
        spans_past_end,
        overlapping_cells,
        clamped_spans,
        unreadable_spans,
        rows_without_cells,
        columns_without_cells,
        hidden,
        findings: _,
    } = &*table.account;
    let large = |number: u64| Datum::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let small = |number: u32| Datum::Integer(number.into());
    let parent = |part: Option<u32>| part.map_or(Datum::Null, small);
    let row = [
        text(source.path),
        source.member.map_or(Datum::Null, text),
        text(source.encoding),
        small(table.ordinal),
        parent(table.parent.map(|parent| parent.table)),
        parent(table.parent.map(|parent| parent.row)),
        parent(table.parent.map(|parent| parent.column)),
        large(table.rows.len() as u64),
        small(table.columns),
        table.caption.as_ref().map_or(Datum::Null, |caption| text(&caption.text)),
        large(*declared),
        large(*cut_off),
        large(*overlapped),
        large(*covered),
        large(*holes),
        large(*slots),
        small(*spans_past_end),
        small(*overlapping_cells),
        small(*clamped_spans),
        small(*unreadable_spans),
        small(*rows_without_cells),
        small(*columns_without_cells),
        small(*hidden),
    ];
    write_row(into, &row, for_excel);
}

/// Rows of one width that were written one behind the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// The columns of their tables.
    pub(crate) columns: u32,
    /// How many bytes they take.
    pub(crate) length: u64,
}

/// Copies these rows under a header, all as wide as the widest.
pub(crate) fn copy_padded(
    mut rows: impl Read,
    stretches: &[Stretch],
    out: &mut dyn Write,
    for_excel: bool,
) -> io::Result<()> {
    let widest = stretches.iter().map(|stretch| stretch.columns).max().unwrap_or(0);
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut names = header(LEADING.iter().map(|name| text(name)).collect(), for_excel);
    names.pop();
    out.write_all(&names)?;
    for column in 1..=widest {
        write!(out, ",column_{column}")?;
    }
    out.write_all(b"\n")?;
    for &Stretch { columns, length } in stretches {
        let mut bytes = BufReader::with_capacity(1 << 16, (&mut rows).take(length));
        let mut is_quoted = false;
        loop {
            let chunk = bytes.fill_buf()?;
            let size = chunk.len();
            if size == 0 {
                break;
            }
            for piece in chunk.split_inclusive(|&byte| byte == b'\n') {
                is_quoted ^= piece.iter().filter(|&&byte| byte == b'"').count() % 2 == 1;
                match piece.strip_suffix(b"\n") {
                    Some(row) if !is_quoted => {
                        out.write_all(row)?;
                        for _ in columns..widest {
                            out.write_all(b",")?;
                        }
                        out.write_all(b"\n")?;
                    }
                    _ => out.write_all(piece)?,
                }
            }
            bytes.consume(size);
        }
    }
    out.flush()
}

fn header(names: Vec<Datum<'_>>, for_excel: bool) -> Vec<u8> {
    let mut bytes = if for_excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    write_row(&mut bytes, &names, false);
    bytes
}

fn text(text: &str) -> Datum<'_> {
    Datum::Text(text.into())
}

//! Formed tables into an output: rendered on any thread, appended in order.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use formgrid_model::Table;

use crate::csv::write_row;
use crate::grid::grid_problem;
use crate::rows::Datum;
use crate::table_csv::Stretch;
use crate::whole::WholeFile;
use crate::writer::{at, in_stream};
use crate::{WriteError, table_csv, table_html, table_json};

/// The notations of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// One JSON object a line, one line a table.
    Ndjson,
    /// One JSON array of tables, one line a table.
    Json,
    /// One CSV file: the filled grids, one below the other, each row with its
    /// path, member, table and row before it.
    Csv,
    /// A folder: one CSV file a table, and `tables.csv`, which lists them.
    CsvFolder,
    /// One HTML page.
    Html,
}

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLayout {
    /// The notation.
    pub format: TableFormat,
    /// How many times as large as its cells a grid may be: see
    /// [`grid_problem`].
    pub max_fill: u32,
    /// Whether CSV is made for a spreadsheet, with a byte-order mark and
    /// without formulas.
    pub for_excel: bool,
}

/// Where a table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSource<'a> {
    /// The document's path.
    pub path: &'a str,
    /// The path inside a container, if the document came out of one.
    pub member: Option<&'a str>,
    /// What its bytes were decoded from, by its WHATWG name.
    pub encoding: &'a str,
}

/// Tables as bytes, in order, ready to be appended.
#[derive(Debug, Clone, Default)]
pub struct RenderedTables {
    bytes: Vec<u8>,
    /// For a folder, the rows of `tables.csv` without the files' names.
    index: Vec<u8>,
    items: Vec<Item>,
}

#[derive(Debug, Clone, Copy)]
struct Item {
    /// Where the table ends in the bytes and in the index.
    end: usize,
    index_end: usize,
    columns: u32,
}

/// An output of tables under way. Nothing is at its place before
/// [`TableWriter::finish`], but the single tables of a folder.
pub struct TableWriter {
    layout: TableLayout,
    output: Output,
    tables: u64,
    /// For one CSV file, the rows so far.
    stretches: Vec<Stretch>,
}

enum Output {
    Stream(Box<dyn Write + Send>),
    File(WholeFile, PathBuf),
    /// Rows of one CSV file, whose width is not known before the end.
    Spool(BufWriter<File>, Box<Output>),
    /// `tables.csv` of a folder.
    Folder(WholeFile, PathBuf),
}

impl RenderedTables {
    /// How many bytes are held.
    pub fn len(&self) -> usize {
        self.bytes.len() + self.index.len()
    }

    /// Whether there is no table.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Renders one table behind those rendered before. A grid out of proportion
/// ([`grid_problem`]) is null in JSON; in CSV the table is left out.
pub fn render_table(
    layout: &TableLayout,
    source: TableSource<'_>,
    table: &Table<'_>,
    into: &mut RenderedTables,
) {
    let TableLayout { format, max_fill, for_excel } = *layout;
    let bytes = &mut into.bytes;
    let needs_grid = matches!(format, TableFormat::Csv | TableFormat::CsvFolder);
    if needs_grid && grid_problem(table, max_fill).is_some() {
        return;
    }
    match format {
        TableFormat::Ndjson | TableFormat::Json => table_json::write_table(bytes, source, table, max_fill),
        TableFormat::Csv => table_csv::write_placed(bytes, source, table, for_excel),
        TableFormat::CsvFolder => {
            table_csv::write_grid(bytes, table, for_excel);
            table_csv::write_index(&mut into.index, source, table, for_excel);
        }
        TableFormat::Html => table_html::write_table(bytes, source, table),
    }
    // A table without rows makes no row wider.
    let columns = if table.rows.is_empty() { 0 } else { table.columns };
    into.items.push(Item { end: bytes.len(), index_end: into.index.len(), columns });
}

impl TableWriter {
    /// Begins an output at a path: a file, or for [`TableFormat::CsvFolder`] a
    /// folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// If nothing can be written there: known before anything is read.
    pub fn create(layout: TableLayout, path: &Path) -> Result<TableWriter, WriteError> {
        if layout.format != TableFormat::CsvFolder {
            let file = WholeFile::create(path).map_err(at(path))?;
            return TableWriter::begin(layout, Output::File(file, path.to_owned()));
        }
        fs::create_dir_all(path).map_err(at(path))?;
        let index = path.join("tables.csv");
        let mut file = WholeFile::create(&index).map_err(at(&index))?;
        file.write_all(&table_csv::index_header(layout.for_excel)).map_err(at(&index))?;
        TableWriter::begin(layout, Output::Folder(file, path.to_owned()))
    }

    /// Begins an output into a stream.
    ///
    /// # Errors
    ///
    /// If the layout is a folder, or the stream takes nothing.
    pub fn stream(layout: TableLayout, out: Box<dyn Write + Send>) -> Result<TableWriter, WriteError> {
        if layout.format == TableFormat::CsvFolder {
            return Err(in_stream(io::Error::new(io::ErrorKind::InvalidInput, "a folder is no stream")));
        }
        TableWriter::begin(layout, Output::Stream(out))
    }

    fn begin(layout: TableLayout, mut output: Output) -> Result<TableWriter, WriteError> {
        if layout.format == TableFormat::Csv {
            let spool = tempfile::tempfile().map_err(in_stream)?;
            output = Output::Spool(BufWriter::with_capacity(1 << 16, spool), Box::new(output));
        }
        if layout.format == TableFormat::Html {
            output.write(table_html::HEAD.as_bytes())?;
        }
        Ok(TableWriter { layout, output, tables: 0, stretches: Vec::new() })
    }

    /// Appends what was rendered with the same layout.
    ///
    /// # Errors
    ///
    /// If the output does not take it; the writer is then of no further use.
    pub fn append(&mut self, rendered: &RenderedTables) -> Result<(), WriteError> {
        let (mut from, mut index_from) = (0, 0);
        for &Item { end, index_end, columns } in &rendered.items {
            let (bytes, index) = (&rendered.bytes[from..end], &rendered.index[index_from..index_end]);
            (from, index_from) = (end, index_end);
            self.tables += 1;
            match self.layout.format {
                TableFormat::CsvFolder => self.append_file(bytes, index)?,
                TableFormat::Csv => {
                    self.output.write(bytes)?;
                    self.lengthen(columns, bytes.len() as u64);
                }
                TableFormat::Html => self.output.write(bytes)?,
                TableFormat::Ndjson => {
                    self.output.write(bytes)?;
                    self.output.write(b"\n")?;
                }
                TableFormat::Json => {
                    self.output.write(if self.tables == 1 { b"[\n" } else { b",\n" })?;
                    self.output.write(bytes)?;
                }
            }
        }
        Ok(())
    }

    /// Notes rows of one CSV file.
    fn lengthen(&mut self, columns: u32, more: u64) {
        match self.stretches.last_mut() {
            Some(last) if last.columns == columns => last.length += more,
            _ => self.stretches.push(Stretch { columns, length: more }),
        }
    }

    /// Writes the next file of the folder and its row in the index.
    fn append_file(&mut self, bytes: &[u8], index: &[u8]) -> Result<(), WriteError> {
        let Output::Folder(list, folder) = &mut self.output else { return Ok(()) };
        let name = format!("table-{:06}.csv", self.tables);
        let path = folder.join(&name);
        let mut file = WholeFile::create(&path).map_err(at(&path))?;
        file.write_all(bytes).and_then(|()| file.finish()).map_err(at(&path))?;
        let mut row = Vec::new();
        write_row(&mut row, &[Datum::Text(name.into())], false);
        // The name and the rest of the row are one.
        row.pop();
        row.push(b',');
        row.extend_from_slice(index);
        list.write_all(&row).map_err(at(folder))
    }

    /// Ends the output and puts it at its place; returns how many tables it has.
    ///
    /// # Errors
    ///
    /// If the output does not take its end; nothing is at its place then.
    pub fn finish(mut self) -> Result<u64, WriteError> {
        match (self.layout.format, self.tables) {
            (TableFormat::Json, 0) => self.output.write(b"[]\n")?,
            (TableFormat::Json, _) => self.output.write(b"\n]\n")?,
            (TableFormat::Html, _) => self.output.write(table_html::FOOT.as_bytes())?,
            _ => {}
        }
        if let Output::Spool(spool, end) = self.output {
            self.output = *end;
            let mut spool = spool.into_inner().map_err(|error| in_stream(error.into_error()))?;
            spool.rewind().map_err(in_stream)?;
            let (path, out) = self.output.target();
            table_csv::copy_padded(spool, &self.stretches, out, self.layout.for_excel)
                .map_err(|error| WriteError { path, error })?;
        }
        match self.output {
            Output::Stream(mut out) => out.flush().map_err(in_stream)?,
            Output::File(file, path) => file.finish().map_err(at(&path))?,
            Output::Folder(index, path) => index.finish().map_err(at(&path.join("tables.csv")))?,
            Output::Spool(..) => {}
        }
        Ok(self.tables)
    }
}

impl Output {
    fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let (path, out) = self.target();
        out.write_all(bytes).map_err(|error| WriteError { path, error })
    }

    /// Where bytes go, and the path to name if they cannot.
    fn target(&mut self) -> (Option<PathBuf>, &mut dyn Write) {
        match self {
            Output::Stream(out) => (None, out),
            Output::File(file, path) | Output::Folder(file, path) => (Some(path.clone()), file),
            Output::Spool(spool, _) => (None, spool),
        }
    }
}

//! Appends rendered records to the output: the one place that knows it.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::csv::{BYTE_ORDER_MARK, write_row};
use crate::layout::{Format, Layout, Rendered, is_met};
use crate::rows::Datum;
use crate::tables::{COUNT, DOCUMENTS, EVIDENCE, Table};
use crate::whole::WholeFile;

/// An output under way. Nothing is at its place before [`Writer::finish`].
///
/// Tables keep one row a form: where two documents hold the same bytes, the
/// rows of the first one stay and `documents` lists both. JSON has them all.
pub struct Writer {
    output: Output,
    pretty: bool,
    written: Written,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Records appended, repeated ones too.
    pub records: u64,
    /// Records of which the tables had the rows already.
    pub repeated: u64,
}

/// Output that could not be written.
#[derive(Debug)]
pub struct WriteError {
    /// Where; none for a stream.
    pub path: Option<PathBuf>,
    /// What the system said.
    pub error: io::Error,
}

enum Output {
    Stream(Box<dyn Write + Send>),
    File(WholeFile, PathBuf),
    Folder(Folder),
}

/// A folder of tables, each with the columns of all shapes until the end.
struct Folder {
    path: PathBuf,
    /// Whether it was made for this output.
    is_new: bool,
    tables: Vec<Table>,
    files: Vec<WholeFile>,
    for_excel: bool,
    /// Hashes of the ids that the tables have.
    seen: HashSet<u128>,
    /// The shapes that were met, by index.
    met: Vec<bool>,
}

impl Writer {
    /// Begins an output at a path: a file, or for CSV a folder, which is made
    /// if it is not there.
    ///
    /// # Errors
    ///
    /// If nothing can be written there: known before anything is converted.
    pub fn create(layout: &Layout, path: &Path) -> Result<Writer, WriteError> {
        let output = match layout.format {
            Format::Csv => Output::Folder(Folder::create(layout, path)?),
            Format::Ndjson | Format::Json => {
                Output::File(WholeFile::create(path).map_err(at(path))?, path.to_owned())
            }
        };
        Ok(Writer { output, pretty: layout.format == Format::Json, written: Written::default() })
    }

    /// Begins an output into a stream.
    ///
    /// # Errors
    ///
    /// If the layout is CSV, which is several files.
    pub fn stream(layout: &Layout, out: Box<dyn Write + Send>) -> Result<Writer, WriteError> {
        if layout.format == Format::Csv {
            let error =
                io::Error::new(io::ErrorKind::InvalidInput, "csv is a folder of tables, not a stream");
            return Err(WriteError { path: None, error });
        }
        let pretty = layout.format == Format::Json;
        Ok(Writer { output: Output::Stream(out), pretty, written: Written::default() })
    }

    /// Appends what was rendered with the same layout.
    ///
    /// # Errors
    ///
    /// If the output does not take it; the writer is then of no further use.
    pub fn append(&mut self, rendered: &Rendered) -> Result<(), WriteError> {
        let records = rendered.items.iter().filter(|item| item.record.is_some()).count();
        let opens = self.pretty && self.written.records == 0 && records > 0;
        self.written.records += records as u64;
        let bytes = &rendered.tables[0];
        match &mut self.output {
            Output::Stream(out) => write_json(out, bytes, opens).map_err(in_stream),
            Output::File(file, path) => write_json(file, bytes, opens).map_err(at(path)),
            Output::Folder(folder) => {
                self.written.repeated += folder.append(rendered)?;
                Ok(())
            }
        }
    }

    /// Ends the output and puts it at its place.
    ///
    /// # Errors
    ///
    /// If the output does not take its end; nothing is at its place then.
    pub fn finish(self) -> Result<Written, WriteError> {
        let end: &[u8] = match (self.pretty, self.written.records) {
            (false, _) => b"",
            (true, 0) => b"[]\n",
            (true, _) => b"\n]\n",
        };
        match self.output {
            Output::Stream(mut out) => out.write_all(end).and_then(|()| out.flush()).map_err(in_stream)?,
            Output::File(mut file, path) => {
                file.write_all(end).and_then(|()| file.finish()).map_err(at(&path))?;
            }
            Output::Folder(folder) => folder.finish()?,
        }
        Ok(self.written)
    }
}

impl Folder {
    fn create(layout: &Layout, path: &Path) -> Result<Folder, WriteError> {
        let is_new = !path.exists();
        fs::create_dir_all(path).map_err(at(path))?;
        let tables = &layout.tables[..if layout.evidence { COUNT } else { EVIDENCE }];
        let mut folder = Folder {
            path: path.to_owned(),
            is_new,
            tables: tables.to_vec(),
            files: Vec::new(),
            for_excel: layout.for_excel,
            seen: HashSet::new(),
            met: vec![false; layout.forms.len()],
        };
        for table in tables {
            let place = file_of(path, table);
            let mut file = WholeFile::create(&place).map_err(at(&place))?;
            write_header(&mut file, table, layout.for_excel, |_| true).map_err(at(&place))?;
            folder.files.push(file);
        }
        Ok(folder)
    }

    /// Appends the rows of all items but of records that are there; says how
    /// many those were.
    fn append(&mut self, rendered: &Rendered) -> Result<u64, WriteError> {
        let mut begins = [0; COUNT];
        let mut repeated = 0;
        for item in &rendered.items {
            let is_new = item.record.is_none_or(|(id, _)| self.seen.insert(id));
            if let Some((_, Some(shape))) = item.record {
                self.met[shape] = true;
            }
            for (index, file) in self.files.iter_mut().enumerate().filter(|_| is_new) {
                let rows = &rendered.tables[index][begins[index]..item.ends[index]];
                file.write_all(rows).map_err(|error| at(&file_of(&self.path, &self.tables[index]))(error))?;
            }
            repeated += u64::from(!is_new);
            begins = item.ends;
        }
        Ok(repeated)
    }

    /// Takes out the columns of shapes that were never met, then puts all
    /// files at their places; `documents` comes last, so that where it is new,
    /// the others are.
    fn finish(mut self) -> Result<(), WriteError> {
        let mut whole = Vec::new();
        for (table, mut file) in self.tables.iter().zip(std::mem::take(&mut self.files)) {
            let kept: Vec<bool> =
                table.columns.iter().map(|column| is_met(&column.grade, &self.met)).collect();
            let place = file_of(&self.path, table);
            if kept.contains(&false) {
                file = select(file, table, self.for_excel, &kept).map_err(at(&place))?;
            }
            whole.push((place, file));
        }
        whole.rotate_left(DOCUMENTS + 1);
        for (place, file) in whole {
            file.finish().map_err(at(&place))?;
        }
        Ok(())
    }
}

/// An output that was given up leaves no empty folder behind.
impl Drop for Folder {
    fn drop(&mut self) {
        self.files.clear();
        if self.is_new {
            // It only goes if it is empty; if it stays, no harm is done.
            fs::remove_dir(&self.path).ok();
        }
    }
}

/// Writes elements of an array or lines; the first element's comma opens the
/// array.
fn write_json(out: &mut dyn Write, bytes: &[u8], opens: bool) -> io::Result<()> {
    match bytes {
        [_, rest @ ..] if opens => {
            out.write_all(b"[")?;
            out.write_all(rest)
        }
        bytes => out.write_all(bytes),
    }
}

fn file_of(folder: &Path, table: &Table) -> PathBuf {
    folder.join(table.name).with_extension("csv")
}

fn write_header(
    file: &mut WholeFile,
    table: &Table,
    for_excel: bool,
    keep: impl Fn(usize) -> bool,
) -> io::Result<()> {
    let names = table.columns.iter().enumerate().filter(|(index, _)| keep(*index));
    let names: Vec<Datum> = names.map(|(_, column)| Datum::Text(column.name.as_str().into())).collect();
    let mut header = if for_excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    write_row(&mut header, &names, false);
    file.write_all(&header)
}

/// The same table with the kept columns alone, row by row.
fn select(mut file: WholeFile, table: &Table, for_excel: bool, kept: &[bool]) -> io::Result<WholeFile> {
    let mut selected = file.again()?;
    write_header(&mut selected, table, for_excel, |index| kept[index])?;
    // The header row is the reader's own business, byte-order mark and all.
    let mut rows = csv::Reader::from_reader(BufReader::with_capacity(1 << 16, file.reopen()?));
    let mut out = csv::WriterBuilder::new().from_writer(&mut selected);
    let mut row = csv::ByteRecord::new();
    while rows.read_byte_record(&mut row)? {
        let fields = row.iter().zip(kept).filter(|(_, kept)| **kept);
        out.write_byte_record(&fields.map(|(field, _)| field).collect())?;
    }
    out.flush()?;
    drop(out);
    Ok(selected)
}

pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> WriteError {
    let path = path.to_owned();
    move |error| WriteError { path: Some(path.clone()), error }
}

pub(crate) fn in_stream(error: io::Error) -> WriteError {
    WriteError { path: None, error }
}

impl WriteError {
    /// Whether the reader of a pipe went away: it has what it wanted.
    pub fn is_closed_pipe(&self) -> bool {
        self.error.kind() == io::ErrorKind::BrokenPipe
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "cannot write {}: {}", path.display(), self.error),
            None => write!(f, "cannot write: {}", self.error),
        }
    }
}

impl Error for WriteError {}

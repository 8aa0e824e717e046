//! Flags and help. The help is the manual: `formgrid man` prints it, too.

use std::num::{IntErrorKind, ParseIntError};
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use crate::containers::Containers;
use crate::limits::DocumentLimits;

const EXAMPLES: &str = "\
Examples:
  formgrid extract form.txt                     one JSON record a line
  formgrid extract archive/ -o records.ndjson   a folder, on all cores
  formgrid extract pages.zip                    an archive, with archives in it
  formgrid extract archive/ -o tables/          CSV tables in a folder
  formgrid tables page.html                     every table, formed as browsers do
  formgrid inspect form.txt                     how a form was read, drawn
  formgrid profiles                             the forms it knows

Exit status:
  0  everything was read, nothing of severity error
  1  output is written, but some document had an error
  2  nothing could be done: usage, no such file, unwritable output";

const EXTRACT_EXAMPLES: &str = "\
Standard output carries records only; diagnostics, progress and the closing
summary go to standard error. The order of the records is the order of the
paths (in a folder: byte order; in an archive: its own), for any number of
threads. A file at OUT appears whole or not at all.

Examples:
  formgrid extract form.txt
  formgrid extract - < form.txt
  formgrid extract archive/ -o records.json
  formgrid extract archive/ -o tables/ --for-excel
  formgrid extract pages.tar.gz --include '*.html' --exclude 'drafts/'
  formgrid extract 'pages.zip!/2020/form.html'
  formgrid extract old.txt --encoding gb18030 --evidence | jq .fields.title

The tables of CSV are projects, indicators, unmapped, diagnostics and documents
(with --evidence also evidence), joined by project_id. Where two documents hold
the same bytes, their forms have the same id and one row; documents lists both.";

const TABLES_EXAMPLES: &str = "\
One table an object: its cells with their spans and places, the filled grid,
and the account of its spans. Text is as printed: nothing becomes a number, a
date or a missing value. In text documents each run of tab lines is a table.
Rows, columns and tables count from 1.

CSV is one file whose rows begin with path, member, table and row; or, with
-o FOLDER, a file a table with nothing but its grid, and tables.csv.

Examples:
  formgrid tables page.html | jq .grid
  formgrid tables site/ -o tables.ndjson
  formgrid tables page.html -f csv > tables.csv
  formgrid tables site/ -o grids/
  formgrid tables page.html -f html > clean.html";

const INSPECT_EXAMPLES: &str = "\
For each form: its rows as laid out, with their lines; the indicator grid as
repaired; fields, unmapped texts and diagnostics; and the account of its cells.
Text outside any form comes last.

Marks: ↺ a row that was put right, ✂ a value that the export lost,
? a row whose reading is in doubt.

Examples:
  formgrid inspect form.txt | less -R
  formgrid inspect form.txt --width 160";

const PROFILE_EXAMPLES: &str = "\
A profile is a TOML file: titles, labels and their fields, the indicator grid.
Start from a form that none knows, or from one that is built in:

  formgrid profiles draft form.html > mine.toml
  formgrid profiles show national-target --toml > mine.toml
  formgrid profiles check mine.toml
  formgrid extract archive/ --profile mine.toml";

/// Turns exports of merged-cell budget forms into records
///
/// Reads HTML, tab-separated text and mixtures of both, finds the project forms in them, puts shifted
/// indicator grids right, and writes one typed record a form.
#[derive(Debug, Parser)]
#[command(name = "formgrid", version, after_help = EXAMPLES, arg_required_else_help = false)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,

    /// Whether to colour messages and drawings
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub color: Color,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn forms into records
    #[command(after_help = EXTRACT_EXAMPLES)]
    Extract(Extract),
    /// Write every table as a browser forms it, with an account of its spans
    #[command(after_help = TABLES_EXAMPLES)]
    Tables(Tables),
    /// Draw how a document was read: its grids before and after repair
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(Inspect),
    /// List, show, check or draft the form profiles
    #[command(after_help = PROFILE_EXAMPLES)]
    Profiles(Profiles),
    /// Print the shape of the output
    Schema(Schema),
    /// Print a completion script for a shell
    ///
    /// For bash: formgrid completions bash > ~/.local/share/bash-completion/completions/formgrid
    Completions(Completions),
    /// Print the manual as roff, one page a command
    ///
    /// To read it: formgrid man | man -l -
    Man,
}

#[derive(Debug, clap::Args)]
pub struct Extract {
    /// Files, folders and archives to read; - is standard input
    ///
    /// A folder is walked recursively; hidden files and folders of version control are skipped. What a file
    /// is, is decided by its bytes: zip, tar, gzip, bzip2, xz and zstd are opened, one within another, and
    /// so are pages saved as MHTML, WARC, JSON Lines and Parquet of pages. A path may go on inside a file:
    /// a.zip!/b/c.html.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Write here instead of to standard output
    ///
    /// The format follows from the extension: .ndjson, .jsonl, .json; a folder, a path with a slash at its
    /// end or without an extension receives CSV tables.
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub out: Option<PathBuf>,

    /// The format of the output
    #[arg(short, long, value_enum)]
    pub format: Option<FormatName>,

    /// Number of threads; 0 is all cores, and more than 256 are 256
    #[arg(short = 'j', long, value_name = "N", default_value = "0", hide_default_value = true, value_parser = threads)]
    pub threads: usize,

    /// Add to every value its place: line, row, column and bytes of the original
    #[arg(long)]
    pub evidence: bool,

    /// Make CSV safe and readable for spreadsheet programs; with CSV only
    ///
    /// Adds a byte-order mark, and an apostrophe in front of every text that begins with = + - @, their
    /// full-width forms, a tab, a carriage return or an apostrophe. To undo, take off one leading apostrophe.
    #[arg(long)]
    pub for_excel: bool,

    #[command(flatten)]
    pub reading: Reading,

    /// Read documents, too, that lack the words a form begins with
    ///
    /// Without it, documents in which the titles, labels and headers of all profiles are missing are listed as
    /// no-form after a look at their characters. The records are the same; but their cells are counted only
    /// with it, and what is wrong with their markup is told.
    #[arg(long)]
    pub read_all: bool,

    #[command(flatten)]
    pub containers: Containers,

    /// Show errors only, and no summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show notices, too, not only errors and warnings
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, clap::Args)]
pub struct Tables {
    /// Files, folders and archives to read; - is standard input
    ///
    /// A folder is walked recursively; hidden files and folders of version control are skipped. What a file
    /// is, is decided by its bytes: zip, tar, gzip, bzip2, xz and zstd are opened, one within another, and
    /// so are pages saved as MHTML, WARC, JSON Lines and Parquet of pages. A path may go on inside a file:
    /// a.zip!/b/c.html.
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Write here instead of to standard output
    ///
    /// The format follows from the extension: .ndjson, .jsonl, .json, .csv, .html; a folder, a path with a
    /// slash at its end or without an extension receives one CSV file a table, and tables.csv.
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub out: Option<PathBuf>,

    /// The format of the output
    #[arg(short, long, value_enum)]
    pub format: Option<TableFormatName>,

    /// Number of threads; 0 is all cores, and more than 256 are 256
    #[arg(short = 'j', long, value_name = "N", default_value = "0", hide_default_value = true, value_parser = threads)]
    pub threads: usize,

    /// Fill a grid if that makes its cells no more than N times as large
    ///
    /// A grid beyond that is null, with an error; its cells and its account are still there.
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub max_fill: u32,

    /// Make CSV safe and readable for spreadsheet programs, as extract does
    #[arg(long)]
    pub for_excel: bool,

    /// Read every document in this encoding, whatever it says, unless its byte-order mark says otherwise and fits: a WHATWG label such as gb18030
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,

    #[command(flatten)]
    pub containers: Containers,

    #[command(flatten)]
    pub limits: DocumentLimits,

    /// Show errors only, and no summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show notices, too: holes, rows that are hidden
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// The document to draw; - is standard input
    ///
    /// Of an archive, all of its documents; a.zip!/b/c.html is one.
    #[arg(value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub path: PathBuf,

    /// Width of the drawing in columns; that of the terminal by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,

    #[command(flatten)]
    pub reading: Reading,

    #[command(flatten)]
    pub containers: Containers,
}

#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Add a form profile, or replace the one of its name; may come repeatedly
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub profile: Vec<PathBuf>,

    /// Read every document in this encoding, whatever it says, unless its byte-order mark says otherwise and fits: a WHATWG label such as gb18030
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,

    #[command(flatten)]
    pub limits: DocumentLimits,

    /// Rows and cells of one form
    #[arg(long, value_name = "N", default_value_t = formgrid_convert::MOST_CELLS, help_heading = "Limits")]
    pub max_form: u32,
}

#[derive(Debug, clap::Args)]
pub struct Profiles {
    #[command(subcommand)]
    pub command: Option<ProfilesCommand>,
}

#[derive(Debug, Subcommand)]
pub enum ProfilesCommand {
    /// List the built-in profiles; without a command, the keys too
    List,
    /// Print the dictionary of keys: what each means, in English and Chinese
    Keys,
    /// Show the fields, labels and grid of a profile
    Show {
        /// The name of a built-in profile
        name: String,
        /// Print its TOML source, to start a profile of your own from
        #[arg(long)]
        toml: bool,
    },
    /// Check profiles of your own; exit status 1 if one has a mistake
    Check {
        /// The TOML files; one that extends another comes after it
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
    /// Write a profile to start from, drawn from a form that none knows
    Draft {
        /// A document with the form, or an archive: its first form
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,

        /// Read the document in this encoding, whatever it says, unless its byte-order mark says otherwise and fits
        #[arg(long, value_name = "LABEL")]
        encoding: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub struct Schema {
    /// What shape to print
    #[arg(value_enum, default_value_t = SchemaName::Json)]
    pub name: SchemaName,

    /// Add a form profile, as for extract; may come repeatedly
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub profile: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// If it goes to a terminal, and NO_COLOR is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// One record a line
    Ndjson,
    /// One pretty array
    Json,
    /// A folder of tables
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormatName {
    /// One table a line
    Ndjson,
    /// One array of tables
    Json,
    /// Filled grids: one file, or with -o FOLDER a file a table
    Csv,
    /// One page with the tables and nothing else
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// JSON Schema (2020-12) of a record
    Json,
}

/// A number of threads; how far a large one goes beyond what helps is no matter.
fn threads(text: &str) -> Result<usize, ParseIntError> {
    const MOST: usize = 256;
    match text.parse::<usize>() {
        Ok(threads) => Ok(threads.min(MOST)),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(MOST),
        Err(error) => Err(error),
    }
}

impl Color {
    /// Whether to colour what goes to a terminal, or does not.
    pub fn is_on(self, is_terminal: bool) -> bool {
        // https://no-color.org: set and not empty.
        let refused = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Color::Auto => is_terminal && !refused(),
            Color::Always => true,
            Color::Never => false,
        }
    }
}

//! What JSON Lines and Parquet have in common: rows, a column of pages, a
//! column of their names.

use std::ops::ControlFlow;

use formgrid_model::Problem;
use memchr::memmem::find_iter;

use crate::Options;
use crate::opener::Opener;

/// Columns that hold pages, the likeliest first, where none is named: what
/// crawlers and data sets of pages call them.
const TEXT: [&str; 8] =
    ["html", "raw_html", "html_content", "page_content", "content", "text", "body", "raw_content"];

/// Columns that name pages.
const PATH: [&str; 9] = ["path", "file_path", "file", "file_name", "filename", "url", "uri", "name", "id"];

/// How many rows one behind the other are told one by one; the rest of them
/// are counted.
const TOLD: u64 = 16;

/// The names of the columns to look for, the likeliest first.
#[derive(Debug, Clone)]
pub(crate) struct Columns<'o> {
    pub(crate) text: Vec<&'o str>,
    pub(crate) path: Vec<&'o str>,
}

impl<'o> Columns<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Columns {
            text: options.text_column.as_deref().map_or(TEXT.to_vec(), |name| vec![name]),
            path: options.path_column.as_deref().map_or(PATH.to_vec(), |name| vec![name]),
        }
    }

    /// The columns of text as a message names them: `html, content or text`.
    pub(crate) fn any_text(&self) -> String {
        match self.text.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            names => names.concat(),
        }
    }
}

/// Whether JSON that begins so has a column that may hold a page.
pub(crate) fn has_page(head: &[u8], options: &Options) -> bool {
    Columns::new(options).text.iter().any(|column| {
        let key = format!("\"{}\"", column.rsplit('.').next().unwrap_or(column));
        let mut after = find_iter(head, key.as_bytes()).map(|at| head[at + key.len()..].trim_ascii_start());
        after.any(|rest| rest.starts_with(b":"))
    })
}

/// What to say of a table where no column is named and none is known.
pub(crate) fn no_column(what: &'static str) -> Problem {
    Problem::UnsupportedFormat { what, advice: "name the column with --text-column" }
}

/// Tells which rows hold no page.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// How many rows up to the last one.
    run: u64,
    /// The first of them that was not told.
    from: u64,
}

impl Failures {
    /// Tells of a row, numbered from 1, with a name or none.
    pub(crate) fn tell(
        &mut self,
        row: u64,
        name: Option<&str>,
        why: impl FnOnce() -> String,
        opener: &mut Opener<'_, '_>,
    ) -> ControlFlow<()> {
        self.run += 1;
        if self.run == TOLD + 1 {
            self.from = row;
        }
        if self.run > TOLD {
            return ControlFlow::Continue(());
        }
        let name = name.map_or_else(|| row.to_string(), str::to_owned);
        opener.fail_page(&name, Problem::UnreadableRow { why: why() })
    }

    /// Tells of the rows that were not told one by one. To be called before
    /// each row that can be read, and at the end.
    pub(crate) fn end(&mut self, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
        let more = std::mem::take(&mut self.run).saturating_sub(TOLD);
        if more == 0 {
            return ControlFlow::Continue(());
        }
        let why = format!("nor do any of the {more} rows from it on");
        opener.fail_page(&self.from.to_string(), Problem::UnreadableRow { why })
    }
}

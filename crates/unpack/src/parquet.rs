//! Parquet, a table with a page in each row: its format's documents, version
//! 2.12, as far as two columns of a table need them.
//!
//! Why not the crate: it unpacks a page to any size, goes down a schema by
//! recursion and takes lengths at their word, so that a small file can end the
//! program; and it takes longer to build than all of formgrid.

mod column;
mod footer;
mod pages;
mod runs;
mod thrift;

use std::fs::File;
use std::ops::ControlFlow;

use formgrid_model::Problem;

use self::column::Column;
use self::footer::{Footer, Group};
use self::pages::Pages;
use crate::Input;
use crate::opener::Opener;
use crate::rows::Failures;

/// A page of the format holds many pages of text: so many times the limit of
/// one document, packed and unpacked together.
const PAGE: u64 = 4;

/// Hands over the page of each row, by the column that names it, else by the
/// number of its row.
pub(crate) fn read(input: Input<'_>, opener: &mut Opener<'_, '_>) -> ControlFlow<()> {
    let mut file = match opener.seekable(input) {
        Ok(file) => file,
        Err(error) => return opener.fail(None, opener.broken(&error)),
    };
    let footer = match footer::read(&mut file, opener.options) {
        Ok(footer) => footer,
        Err(problem) => return opener.fail(None, problem),
    };
    if let Some(problem) = &footer.no_path {
        opener.fail(None, problem.clone())?;
    }
    let mut first = 1;
    for (index, group) in footer.groups.iter().enumerate() {
        if let Err(why) = rows(&file, &footer, group, first, opener)? {
            let why = format!("row group {}: {why}", index + 1);
            opener.fail(None, Problem::DamagedArchive { why })?;
        }
        first += group.rows;
    }
    ControlFlow::Continue(())
}

/// Reads a group of rows; `first` is the number of its first one.
fn rows(
    file: &File,
    footer: &Footer,
    group: &Group,
    first: u64,
    opener: &mut Opener<'_, '_>,
) -> ControlFlow<(), Result<(), String>> {
    let limit = opener.options.limits.document.saturating_mul(PAGE);
    let pages = |chunk, limit| Pages::new(file, chunk, limit, opener.budget());
    let mut texts = Column::new(pages(group.text, limit), &footer.text, group.rows);
    // Names are short.
    let mut names =
        footer.path.as_ref().map(|path| Column::new(pages(group.path, limit / 8), path, group.rows));
    let charset = footer.text.is_text.then_some("utf-8");
    let mut failures = Failures::default();
    let mut read = Ok(());
    for row in first..first + group.rows {
        let name = match names.as_mut().map(Column::next) {
            Some(Ok(Some(name))) if !name.is_empty() => String::from_utf8_lossy(name).into_owned(),
            None | Some(Ok(_)) => row.to_string(),
            Some(Err(why)) => {
                // The pages can do without names.
                read = Err(format!("the names of its rows, from {row} on: {why}"));
                names = None;
                row.to_string()
            }
        };
        match texts.next() {
            Ok(Some(mut text)) => {
                failures.end(opener)?;
                opener.open(Some(&name), charset, Input::Stream(&mut text))?;
            }
            Ok(None) => {
                let why = || format!("its column {} is null", footer.text.name);
                failures.tell(row, Some(&name), why, opener)?;
            }
            Err(why) => {
                read = Err(format!("from row {row} on, {why}"));
                break;
            }
        }
    }
    failures.end(opener)?;
    ControlFlow::Continue(read)
}

#[cfg(test)]
mod tests;

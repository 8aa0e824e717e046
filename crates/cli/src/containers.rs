//! Flags for which documents are read, and how much comes out of containers.

use anyhow::{Context, anyhow};
use formgrid_unpack::{Limits, Options, Selection};

/// Which documents are read.
#[derive(Debug, clap::Args)]
pub struct Containers {
    #[command(flatten)]
    selection: Chosen,
    #[command(flatten)]
    limits: ContainerLimits,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Selection")]
struct Chosen {
    /// Read only documents that match; may come repeatedly
    ///
    /// A glob without a slash, such as *.html, is of a document's name; one with a slash, such as 2020/**,
    /// is of its path below PATH or inside a container. Containers are opened whatever their name.
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// Leave out documents, folders and containers that match; may come repeatedly
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// The column of tables of pages (JSON Lines, Parquet) that holds the page
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,

    /// The column of tables of pages that names the page
    #[arg(long, value_name = "NAME")]
    path_column: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
struct ContainerLimits {
    /// Size of one document: bytes, or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "10M", value_parser = size)]
    max_document: u64,

    /// Size of all that comes out of one file, at all levels together
    #[arg(long, value_name = "SIZE", default_value = "64G", value_parser = size)]
    max_archive: u64,

    /// How many times its size may come out of a file of which more than 10M comes
    #[arg(long, value_name = "N", default_value_t = Limits::default().ratio)]
    max_ratio: u32,

    /// How many containers may be one within another
    #[arg(long, value_name = "N", default_value_t = Limits::default().nesting)]
    max_nesting: u32,
}

impl Containers {
    /// How containers are opened.
    ///
    /// # Errors
    ///
    /// If a glob is none.
    pub fn options(&self) -> anyhow::Result<Options> {
        let Chosen { include, exclude, text_column, path_column } = &self.selection;
        let ContainerLimits { max_document, max_archive, max_ratio, max_nesting } = self.limits;
        Ok(Options {
            limits: Limits {
                document: max_document,
                archive: max_archive,
                ratio: max_ratio,
                nesting: max_nesting,
            },
            selection: Selection::new(include, exclude).context("--include and --exclude take globs")?,
            text_column: text_column.clone(),
            path_column: path_column.clone(),
        })
    }
}

/// A number of bytes: `1048576`, `1024K`, `1M`; of 1024 each, as memory is.
fn size(text: &str) -> anyhow::Result<u64> {
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let number: u64 = digits.parse().context("write a size as 32M or 2G")?;
    let shift = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        unit => return Err(anyhow!("{unit} is no unit; write K, M or G")),
    };
    number.checked_mul(1 << shift).context("more than can be")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(size(text).ok(), expected, "{text}");
    }

    #[test]
    fn sizes_have_units() {
        check("512", Some(512));
        check("32M", Some(32 << 20));
        check("2g", Some(2 << 30));
        check("1KiB", Some(1024));
        check("M", None);
        check("1T", None);
        check("-1", None);
        check("99999999999G", None);
    }
}

//! Where output goes and in which notation.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::bail;
use formgrid_profile::{Kind, Profiles};
use formgrid_write::{Format, Layout, Shape, ShapeField, Type, WriteError, Writer};

use crate::args::FormatName;
use crate::walk::is_stdin;

/// Where output goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    /// The notation.
    pub format: Format,
    /// The file or folder; none for standard output.
    pub path: Option<PathBuf>,
}

/// Decides from `-o` and `-f`.
///
/// # Errors
///
/// If the two do not say which notation, or ask for what cannot be.
pub fn output(out: Option<&Path>, format: Option<FormatName>) -> anyhow::Result<Output> {
    let Some(path) = out.filter(|path| !is_stdin(path)) else {
        let format = format.map_or(Format::Ndjson, FormatName::format);
        if format == Format::Csv {
            bail!("csv is a folder of tables, which standard output cannot hold; name one: -o FOLDER");
        }
        return Ok(Output { format, path: None });
    };
    let format = match format {
        Some(format) => format.format(),
        None => guess(path)?,
    };
    Ok(Output { format, path: Some(path.to_owned()) })
}

impl Output {
    /// Begins the output; fails before anything is converted.
    pub fn writer(&self, layout: &Layout) -> Result<Writer, WriteError> {
        match &self.path {
            Some(path) => Writer::create(layout, path),
            None => Writer::stream(layout, Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout()))),
        }
    }
}

/// What the profiles let records hold.
pub fn shapes(profiles: &Profiles) -> Vec<Shape> {
    profiles
        .iter()
        .chain([profiles.generic()])
        .map(|profile| Shape {
            form: profile.name.clone(),
            fields: profile
                .fields
                .iter()
                .map(|rule| ShapeField {
                    key: rule.key.clone(),
                    kind: column_type(rule.kind),
                    doc: rule.en.clone(),
                })
                .collect(),
            levels: profile.grid.levels.len(),
            further: profile.grid.further().map(str::to_owned).collect(),
        })
        .collect()
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            FormatName::Ndjson => Format::Ndjson,
            FormatName::Json => Format::Json,
            FormatName::Csv => Format::Csv,
        }
    }
}

fn guess(path: &Path) -> anyhow::Result<Format> {
    let is_folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        _ if is_folder => Format::Csv,
        None => Format::Csv,
        Some("ndjson" | "jsonl") => Format::Ndjson,
        Some("json") => Format::Json,
        Some("csv") => bail!(
            "csv is a folder of tables: name a folder, such as -o {}/",
            path.with_extension("").display()
        ),
        Some(other) => bail!(
            "the extension .{other} of {} names no format; say which: -f ndjson, -f json or -f csv",
            path.display()
        ),
    })
}

fn column_type(kind: Kind) -> Type {
    match kind {
        Kind::Text | Kind::Choice | Kind::Coded | Kind::Period | Kind::Title => Type::Text,
        Kind::Date => Type::Date,
        Kind::Boolean => Type::Boolean,
        Kind::Integer | Kind::Year => Type::Integer,
        Kind::Number | Kind::Percent | Kind::Money => Type::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(out: &str, format: Option<FormatName>, expected: Option<Format>) {
        let found = output(Some(Path::new(out)), format);
        assert_eq!(found.ok().map(|output| output.format), expected, "{out}");
    }

    #[test]
    fn format_follows_from_the_extension() {
        check("a.ndjson", None, Some(Format::Ndjson));
        check("a.JSONL", None, Some(Format::Ndjson));
        check("a.json", None, Some(Format::Json));
        check("a", None, Some(Format::Csv));
        check("a.json/", None, Some(Format::Csv));
        check("..", None, Some(Format::Csv));
        check("a.csv", None, None);
        check("a.xml", None, None);
        check("a.xml", Some(FormatName::Json), Some(Format::Json));
        check("-", None, Some(Format::Ndjson));
        check("-", Some(FormatName::Csv), None);
    }
}

//! The cases as files, so that others can measure themselves.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::case;
use super::damage::Case;
use super::document::{Document, document};
use super::layout::Layout;
use super::lines::Line;
use super::shape::{BUILTIN, Shape};

const README: &str = include_str!("dataset.md");

/// Writes so many forms a line: the documents, their truth and their profiles.
pub(crate) fn write(folder: &Path, lines: &[Line], forms: usize) -> Result<()> {
    let context = || format!("{} cannot be written", folder.display());
    for name in ["documents", "profiles"] {
        fs::create_dir_all(folder.join(name)).with_context(context)?;
    }
    fs::write(folder.join("README.md"), README).with_context(context)?;
    for shape in Shape::generated() {
        let name = format!("profiles/{}.toml", shape.name());
        fs::write(folder.join(name), shape.profile()).with_context(context)?;
    }
    let mut truth =
        std::io::BufWriter::new(fs::File::create(folder.join("truth.ndjson")).with_context(context)?);
    for (number, line) in lines.iter().enumerate() {
        for form in 0..forms {
            let case = case(line, form);
            let document = document(&case);
            let extension = if case.layout == Layout::Html { "html" } else { "txt" };
            let name = format!("documents/{:02}-{form:05}.{extension}", number + 1);
            fs::write(folder.join(&name), &document.text).with_context(context)?;
            writeln!(truth, "{}", entry(&name, line, &case, &document)).with_context(context)?;
        }
    }
    truth.flush().with_context(context)
}

/// One line of the truth.
fn entry(name: &str, line: &Line, case: &Case, document: &Document) -> Value {
    let rows = case.rows.iter().zip(&document.lines).filter_map(|(row, line)| {
        Some(json!({ "line": line, "cells": row.expected.as_ref()?, "optional": row.is_blank() }))
    });
    let faults = &case.faults;
    json!({
        "file": name,
        "case": line.name,
        "profile": if case.shape == BUILTIN { None } else { Some(format!("profiles/{}.toml", case.shape.name())) },
        "layout": case.layout.name(),
        "levels": case.shape.levels,
        "columns": case.shape.keys().collect::<Vec<_>>(),
        "faults": {
            "wrong_spans": case.wrong_spans,
            "trimmed": faults.trimmed,
            "blank_values": faults.blank_values > 0,
            "dropped_row": faults.dropped_row,
            "page_break": faults.page.map(|page| page.name()),
            "header_again": faults.header_again,
        },
        "rows": rows.collect::<Vec<_>>(),
    })
}

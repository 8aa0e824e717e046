//! `formgrid profiles` and `formgrid schema`: what is known, and what comes out.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use formgrid_convert::{Options, draft};
use formgrid_profile::{Dictionary, Key, Profile, ProfileError, Profiles, builtin_sources, dictionary};
use formgrid_unpack::Selection;
use formgrid_write::record_schema;
use unicode_width::UnicodeWidthStr;

use crate::Outcome;
use crate::args::{Profiles as Args, ProfilesCommand, Schema, SchemaName};
use crate::extract::{encoding, load};
use crate::feed::{charset, read};
use crate::output::shapes;
use crate::report::say;
use crate::walk::{probe, walk};

/// Lists, shows, checks or drafts profiles.
///
/// # Errors
///
/// If there is no such profile or file.
pub fn profiles(args: &Args) -> anyhow::Result<Outcome> {
    match &args.command {
        None => print(&format!("{}\n{}", list(), keys())),
        Some(ProfilesCommand::List) => print(&list()),
        Some(ProfilesCommand::Keys) => print(&keys()),
        Some(ProfilesCommand::Show { name, toml: true }) => print(source(name)?),
        Some(ProfilesCommand::Show { name, toml: false }) => print(&show(name)?),
        Some(ProfilesCommand::Check { files }) => check(files),
        Some(ProfilesCommand::Draft { file, encoding }) => write_draft(file, encoding.as_deref()),
    }
}

/// Prints the shape of the output.
///
/// # Errors
///
/// If a profile does not read.
pub fn schema(args: &Schema) -> anyhow::Result<Outcome> {
    let SchemaName::Json = args.name;
    let schema = record_schema(&shapes(&load(&args.profile)?));
    print(&format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

fn list() -> String {
    let profiles = Profiles::builtin();
    let width = profiles.iter().map(|profile| profile.name.width()).max().unwrap_or(0);
    let mut text = String::new();
    for Profile { name, title, description, .. } in profiles.iter() {
        writeln!(text, "{name:width$}  {title}\n{:width$}  {description}", "").ok();
    }
    text
}

/// The dictionary of keys.
fn keys() -> String {
    let Dictionary { fields, rows, columns } = dictionary();
    let width = fields.iter().map(|key| key.name.width()).max().unwrap_or(0);
    let mut text = String::new();
    let parts = [
        ("Fields of records", fields),
        ("Rows of tables; with _ and a column, a field of records", rows),
        ("Columns of tables and grids", columns),
    ];
    for (heading, keys) in parts {
        writeln!(text, "{}{heading}", if text.is_empty() { "" } else { "\n" }).ok();
        for Key { name, kind, en, zh } in keys {
            // A row has the types of its columns.
            let kind = if std::ptr::eq(keys, rows) { "" } else { kind.name() };
            writeln!(text, "  {name:width$}  {kind:8}  {en}\n  {:width$}  {:8}  {zh}", "", "").ok();
        }
    }
    text
}

fn write_draft(file: &Path, label: Option<&str>) -> anyhow::Result<Outcome> {
    let path = file.display();
    probe(file).with_context(|| format!("cannot read {path}"))?;
    let profiles = Profiles::builtin();
    let mut options = Options::new(&profiles);
    options.ingest.encoding = encoding(label)?;
    let mut drafted = None;
    for found in walk(vec![file.to_owned()], Selection::default(), None) {
        let _ = read(found, &formgrid_unpack::Options::default(), &mut |document| {
            let Ok(content) = document.content else { return ControlFlow::Continue(()) };
            options.ingest.charset = charset(&content);
            drafted = draft(&content.bytes, &options);
            if drafted.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }
    let toml = drafted.with_context(|| {
        format!(
            "{path} holds no form: neither a title (…绩效…表) with labels nor a grid of 一级指标, 二级指标"
        )
    })?;
    print(&toml)
}

fn show(name: &str) -> anyhow::Result<String> {
    source(name)?;
    let profiles = Profiles::builtin();
    let profile = profiles.get(name).with_context(|| format!("no profile {name}"))?;
    let Profile { name, title, description, fields, grid, .. } = profile;
    let width = fields.iter().map(|field| field.key.width()).max().unwrap_or(0);
    let mut text = format!("{name}\n{title}\n{description}\n\nFields\n");
    for field in fields {
        let kind = field.kind.name();
        let labels = match field.labels.join(" | ") {
            labels if labels.is_empty() => "(from the caption)".to_owned(),
            labels => labels,
        };
        writeln!(text, "  {:width$}  {kind:8}  {labels}\n  {:width$}  {:8}  {}", field.key, "", "", field.en)
            .ok();
    }
    if !grid.levels.is_empty() {
        writeln!(text, "\nIndicator grid").ok();
    }
    let keys = grid.projects.iter().map(|column| fields[column.field].key.clone());
    let keys = keys.chain((1..).map(|level| format!("level{level}")));
    for (level_key, level) in keys.zip(&grid.levels) {
        writeln!(text, "  {level_key:width$}  headers: {}", sorted(&level.headers)).ok();
        if !level.words.is_empty() {
            writeln!(text, "  {:width$}  words: {}", "", sorted(&level.words)).ok();
        }
    }
    for column in &grid.columns {
        writeln!(text, "  {:width$}  headers: {}", column.key, sorted(&column.headers)).ok();
    }
    if !grid.horizons.is_empty() {
        writeln!(text, "\nHorizons of its indicators").ok();
    }
    for horizon in &grid.horizons {
        writeln!(text, "  {:width$}  headings: {}", horizon.key, sorted(&horizon.headings)).ok();
    }
    Ok(text)
}

fn source(name: &str) -> anyhow::Result<&'static str> {
    let names = || builtin_sources().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    match builtin_sources().iter().find(|(known, _)| *known == name) {
        Some((_, toml)) => Ok(toml),
        None => bail!("no built-in profile is named {name}; there are: {}", names()),
    }
}

fn check(files: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut profiles = Profiles::builtin();
    let mut outcome = Outcome::Done;
    for file in files {
        let path = file.display();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {path}"))?;
        match profiles.add(&text) {
            Ok(Profile { name, fields, grid, .. }) => {
                let (fields, levels) = (fields.len(), grid.depth());
                print(&format!("{path}: {name} is in order: {fields} fields, {levels} levels\n"))?;
            }
            Err(errors) => {
                for ProfileError { line, column, message } in &errors {
                    // `path:line:column:` first, as for diagnostics, so that editors can jump.
                    say(&format!("{path}:{line}:{column}: error: {message}\n"));
                }
                outcome = Outcome::Faulty;
            }
        }
    }
    Ok(outcome)
}

fn sorted<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let mut texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
    texts.sort_unstable();
    texts.join(" | ")
}

fn print(text: &str) -> anyhow::Result<Outcome> {
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Done)
}

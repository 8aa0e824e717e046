//! Lets a browser lay out random tables, and compares where their cells are.
//!
//! The tables and the browser's answers are kept beside the tests of `ingest`,
//! one object a line: `{"html": …, "cells": ["c1. 1 1 2 1", …]}`, each cell with
//! its text, row, column, rows and columns. A plain `cargo test` compares with
//! these; only recording them takes a browser.

mod generate;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::root;

/// Where the answers are kept.
const ANSWERS: &str = "crates/ingest/tests/browser/answers.ndjson";

/// Where to look for a browser, unless the variable `CHROMIUM` names one.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Records the answers to so many tables and compares.
pub(crate) fn run(count: usize) -> Result<()> {
    let documents = generate::documents(count, 20_260_101);
    let answers = ask(&documents)?;
    ensure!(answers.len() == documents.len(), "{} answers to {count} tables", answers.len());
    let mut lines = String::new();
    for (html, cells) in documents.iter().zip(answers) {
        writeln!(lines, "{}", json!({ "html": html, "cells": cells }))?;
    }
    fs::write(root().join(ANSWERS), lines)?;
    println!("{count} answers in {ANSWERS}");
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--package", "formgrid-ingest", "--test", "browser", "--", "--nocapture"])
        .current_dir(root())
        .status()?;
    ensure!(status.success(), "not all tables are formed as the browser forms them");
    Ok(())
}

/// The browser's answers, in order.
fn ask(documents: &[String]) -> Result<Vec<Value>> {
    let folder = env::temp_dir().join(format!("formgrid-browser-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let page = folder.join("page.html");
    // The pages stand in a script, which `</script>` and `<!--` would disturb.
    let list = serde_json::to_string(documents)?.replace('<', "\\u003c");
    fs::write(&page, include_str!("driver.html").replace("DOCUMENTS", &list))?;
    let printed = browse(&page.to_string_lossy(), &folder.join("profile").to_string_lossy());
    fs::remove_dir_all(&folder)?;
    let printed = printed?;
    let answers = printed.lines().filter_map(|line| line.split_once("ANSWER"));
    answers
        .map(|(_, answer)| {
            let answer = answer.trim_end_matches("</pre>").replace("&lt;", "<").replace("&amp;", "&");
            serde_json::from_str(&answer).with_context(|| format!("no answer: {answer}"))
        })
        .collect()
}

/// What the page has become once its script has run.
fn browse(page: &str, profile: &str) -> Result<String> {
    let named = env::var("CHROMIUM").ok();
    let programs = named.iter().map(String::as_str).chain(PROGRAMS);
    for program in programs {
        let run = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={profile}"))
            .args(["--dump-dom", &format!("file://{page}")])
            .stderr(Stdio::null())
            .output();
        if let Ok(output) = run {
            ensure!(output.status.success(), "{program} failed");
            return Ok(String::from_utf8(output.stdout)?);
        }
    }
    anyhow::bail!("no browser: install chromium, or name one in the variable CHROMIUM")
}

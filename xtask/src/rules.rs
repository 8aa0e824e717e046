//! Rules that are tests: who may depend on whom, and how files look.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::root;

/// The table of ARCHITECTURE.md: each crate, and all that it may use.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("formgrid-model", &["jiff", "rust_decimal"]),
    ("formgrid-profile", &["formgrid-model", "rustc-hash", "toml"]),
    (
        "formgrid-unpack",
        &[
            "formgrid-model",
            "brotli-decompressor",
            "bzip2",
            "encoding_rs",
            "flate2",
            "globset",
            "lz4_flex",
            "lzma-rust2",
            "memchr",
            "ruzstd",
            "serde",
            "serde_json",
            "snap",
            "tar",
            "tempfile",
            "zip",
        ],
    ),
    ("formgrid-ingest", &["formgrid-model", "chardetng", "encoding_rs", "html5ever", "memchr"]),
    ("formgrid-segment", &["formgrid-model", "formgrid-profile"]),
    ("formgrid-extract", &["formgrid-model", "formgrid-profile", "jiff", "rust_decimal", "rustc-hash"]),
    ("formgrid-write", &["formgrid-model", "csv", "jiff", "rust_decimal", "serde", "serde_json", "tempfile"]),
    (
        "formgrid-convert",
        &[
            "formgrid-model",
            "formgrid-profile",
            "formgrid-ingest",
            "formgrid-segment",
            "formgrid-extract",
            "memchr",
            "rustc-hash",
            "sha2",
        ],
    ),
    (
        "formgrid",
        &[
            "formgrid-model",
            "formgrid-profile",
            "formgrid-unpack",
            "formgrid-ingest",
            "formgrid-convert",
            "formgrid-write",
            "anyhow",
            "clap",
            "clap_complete",
            "clap_mangen",
            "ctrlc",
            "encoding_rs",
            "indicatif",
            "memchr",
            "rayon",
            "serde_json",
            "terminal_size",
            "unicode-width",
            "walkdir",
        ],
    ),
    (
        "xtask",
        &[
            "formgrid-convert",
            "formgrid-model",
            "formgrid-profile",
            "anyhow",
            "bzip2",
            "encoding_rs",
            "fastrand",
            "flate2",
            "lzma-rust2",
            "rayon",
            "serde_json",
            "sha2",
        ],
    ),
];

/// The longest source file.
const LONGEST: usize = 500;

/// Checks all rules.
pub(crate) fn check() -> Result<()> {
    dependencies()?;
    let mut wrong = Vec::new();
    for folder in ["crates", "xtask", "fuzz/src"] {
        sources(&root().join(folder), &mut wrong)?;
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn dependencies() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .context("cargo metadata did not start")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata printed no JSON")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = MAY_USE.iter().find(|(other, _)| *other == name) else {
            bail!(
                "{name} is not in the dependency table of xtask/src/rules.rs; add it there and in ARCHITECTURE.md"
            );
        };
        let used = package["dependencies"].as_array().into_iter().flatten();
        // Tests may use anything.
        let used = used.filter(|dependency| dependency["kind"].is_null());
        let used: BTreeSet<&str> = used.filter_map(|dependency| dependency["name"].as_str()).collect();
        for dependency in &used {
            ensure!(
                allowed.contains(dependency),
                "{name} uses {dependency}; ARCHITECTURE.md does not allow that: change the code, or the table and its reasons"
            );
        }
        for dependency in *allowed {
            ensure!(
                used.contains(dependency),
                "{name} no longer uses {dependency}; take it out of the table"
            );
        }
    }
    Ok(())
}

fn sources(folder: &Path, wrong: &mut Vec<String>) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, wrong)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            let lines = text.lines().count();
            let name = path.strip_prefix(root()).unwrap_or(&path).display();
            if lines > LONGEST {
                wrong.push(format!("{name} has {lines} lines; split it by the question it answers"));
            }
            if path.file_name().is_some_and(|name| name == "util.rs" || name == "utils.rs") {
                wrong.push(format!("{name}: name it after what it does"));
            }
            for banned in [concat!("#[", "ignore"), concat!("todo", "!("), concat!("unimplemented", "!(")] {
                if text.contains(banned) {
                    wrong.push(format!("{name} holds {banned}"));
                }
            }
        }
    }
    Ok(())
}

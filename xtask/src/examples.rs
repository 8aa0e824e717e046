//! The commands of the READMEs print what the READMEs say.
//!
//! In a block marked `console`, a line that begins with `$ ` is run in the
//! workspace's folder with the `formgrid` of this build in reach; the lines
//! after it are what it must print on standard output and error together. A
//! line of `…` stands for any lines. `cargo run --release --` is read as
//! `formgrid`; other cargo commands are not run.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;

/// The documents whose examples are checked.
const DOCUMENTS: [&str; 4] = ["README.md", "README.zh-CN.md", "docs/tables.md", "docs/profiles.md"];

/// Runs every example of every document.
pub(crate) fn check() -> Result<()> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--bin", "formgrid"])
        .current_dir(root())
        .status()?;
    ensure!(built.success(), "formgrid does not build");
    // This program and formgrid are built into the same folder.
    let program = env::current_exe()?;
    let folder = program.parent().context("a program stands in a folder")?;
    let mut count = 0;
    for document in DOCUMENTS {
        let text =
            fs::read_to_string(root().join(document)).with_context(|| format!("{document} is missing"))?;
        for (command, expected) in examples(&text) {
            count += 1;
            let printed = run(&command, folder)?;
            ensure!(
                fits(&expected, &printed),
                "{document}: `{command}` is said to print\n{expected}\nand prints\n{printed}"
            );
        }
    }
    ensure!(count > 0, "the READMEs have no examples");
    println!("{count} examples print what the READMEs say");
    Ok(())
}

/// The commands of a document, each with what it is said to print.
fn examples(text: &str) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            examples.push((command.replace("cargo run --release --", "formgrid"), String::new()));
        } else if inside && let Some((_, expected)) = examples.last_mut() {
            expected.push_str(line);
            expected.push('\n');
        }
    }
    examples.retain(|(command, _)| !command.starts_with("cargo ") && !command.starts_with("git "));
    examples
}

fn run(command: &str, folder: &Path) -> Result<String> {
    let path = env::join_paths(
        std::iter::once(folder.to_owned()).chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    )?;
    let output = Command::new("sh")
        .args(["-c", &format!("{command} 2>&1")])
        .current_dir(root())
        .env("PATH", path)
        .env("COLUMNS", "100")
        .output()
        .with_context(|| format!("`{command}` did not start"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a text fits what is expected, where `…` stands for any lines.
fn fits(expected: &str, printed: &str) -> bool {
    let pieces: Vec<&str> = expected.split("…\n").collect();
    let Some((first, rest)) = pieces.split_first() else { return false };
    let Some(mut left) = printed.strip_prefix(first) else { return false };
    let Some((last, middle)) = rest.split_last() else { return left.is_empty() };
    for piece in middle {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

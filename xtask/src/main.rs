//! Chores of the formgrid workspace, run as `cargo xtask NAME`.

mod ci;
mod examples;
mod rules;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask NAME

  ci        everything that must hold before a commit is pushed
  rules     the dependency table of ARCHITECTURE.md and the rules of source files
  examples  run the commands of the READMEs and compare what they print";

fn main() -> ExitCode {
    let name = std::env::args().nth(1);
    let done = match name.as_deref() {
        Some("ci") => ci::run(),
        Some("rules") => rules::check(),
        Some("examples") => examples::check(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

//! Chores of the formgrid workspace, run as `cargo xtask NAME`.

mod accuracy;
mod browser;
mod ci;
mod examples;
mod profiles;
mod rules;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

const USAGE: &str = "usage: cargo xtask NAME

  ci        everything that must hold before a commit is pushed
  rules     the dependency table of ARCHITECTURE.md and the rules of source files
  examples  run the commands of the READMEs and compare what they print
  accuracy [FORMS [SHOW]]
            damage grids of known truth, read them back and print the table;
            SHOW prints so many misread forms a line
  profiles  time a document with 10 and with 500 profiles
  browser [TABLES]
            let a browser lay out random tables, record where the cells are,
            and compare";

fn main() -> ExitCode {
    let name = std::env::args().nth(1);
    let done = match name.as_deref() {
        Some("ci") => ci::run(),
        Some("rules") => rules::check(),
        Some("examples") => examples::check(),
        Some("accuracy") => accuracy(),
        Some("profiles") => optimised().and_then(|is_optimised| match is_optimised {
            true => profiles::run(),
            false => Ok(()),
        }),
        Some("browser") => browser(),
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

/// Runs the accuracy bench, in a release build of this program.
fn accuracy() -> Result<()> {
    let mut numbers = std::env::args().skip(2).map(|text| text.parse::<usize>());
    let (forms, show) = (numbers.next().transpose()?, numbers.next().transpose()?);
    if !optimised()? {
        return Ok(());
    }
    accuracy::run(forms.unwrap_or(10_000), show.unwrap_or(0))
}

/// Whether this program was built to be fast; if not, one that is has been run
/// in its place.
fn optimised() -> Result<bool> {
    if cfg!(debug_assertions) {
        let args = std::env::args().skip(1);
        let run = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--release", "--package", "xtask", "--"])
            .args(args)
            .status()?;
        ensure!(run.success(), "the bench failed");
    }
    Ok(!cfg!(debug_assertions))
}

/// Records a browser's answers and compares with them.
fn browser() -> Result<()> {
    let count = std::env::args().nth(2).map(|text| text.parse()).transpose()?;
    browser::run(count.unwrap_or(2_000))
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

//! Chores of the formgrid workspace, run as `cargo xtask NAME`.

mod accuracy;
mod browser;
mod ci;
mod examples;
mod forms;
mod hostile;
mod passing;
mod profiles;
mod questions;
mod rules;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

const USAGE: &str = "usage: cargo xtask NAME

  ci        everything that must hold before a commit is pushed
  rules     the dependency table of ARCHITECTURE.md and the rules of source files
  examples  run the commands of the READMEs and compare what they print
  forms     read the fixtures in every layout and write the table of docs/forms.md
  questions FOLDER
            answer people's questions about forms from the records alone
  accuracy [FORMS]
            damage grids of known truth, read them back and print the table
            (see accuracy --help)
  profiles  time a document with 10 and with 500 profiles
  passing   time pages without any form, passed and read
  browser [TABLES]
            let a browser lay out random tables, record where the cells are,
            and compare
  hostile [NAME]
            read documents made to exhaust a reader, and print what each takes";

fn main() -> ExitCode {
    let name = std::env::args().nth(1);
    let done = match name.as_deref() {
        Some("ci") => ci::run(),
        Some("rules") => rules::check(),
        Some("examples") => examples::check(),
        Some("forms") => forms::run(true),
        Some("questions") => questions(),
        Some("accuracy") => accuracy(),
        Some("profiles") if cfg!(debug_assertions) => in_release("profiles", std::iter::empty()),
        Some("profiles") => profiles::run(),
        Some("passing") if cfg!(debug_assertions) => in_release("passing", std::iter::empty()),
        Some("passing") => passing::run(),
        Some("browser") => browser(),
        Some("hostile") => hostile::run(std::env::args().nth(2).as_deref()),
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
    let texts = || std::env::args().skip(2);
    let args = accuracy::Args::read(texts())?;
    if args.is_help {
        println!("{}", accuracy::HELP);
        return Ok(());
    }
    if cfg!(debug_assertions) {
        return in_release("accuracy", texts());
    }
    accuracy::run(&args)
}

/// Runs a chore in a release build of this program.
fn in_release(name: &str, args: impl Iterator<Item = String>) -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--", name]).args(args);
    let status = command.status().context("cargo did not start")?;
    ensure!(status.success(), "{name} failed");
    Ok(())
}

/// Answers the questions of a folder.
fn questions() -> Result<()> {
    let folder = std::env::args_os().nth(2).context("name the folder with the questions")?;
    questions::run(Path::new(&folder))
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

//! `formgrid completions` and `formgrid man`.

use std::io::{self, Write};

use clap::{Command, CommandFactory};

use crate::Outcome;
use crate::args::{Args, Completions};

/// Prints a completion script.
///
/// # Errors
///
/// If standard output takes nothing.
pub fn completions(args: &Completions) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "formgrid", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}

/// Prints the manual page of every command, one behind the other.
///
/// # Errors
///
/// If standard output takes nothing.
pub fn man() -> anyhow::Result<Outcome> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    write_pages(&command, &mut pages)?;
    io::stdout().write_all(&pages)?;
    Ok(Outcome::Done)
}

fn write_pages(command: &Command, pages: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(pages)?;
    command.get_subcommands().try_for_each(|command| write_pages(command, pages))
}

//! The command line of formgrid: glue between files and the pipeline.

mod args;
mod containers;
mod draw;
mod extract;
mod feed;
mod in_order;
mod inspect;
mod interrupt;
mod limits;
mod manual;
mod output;
mod profiles;
mod queue;
mod report;
mod sheets;
mod shown;
mod tables;
mod walk;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use formgrid_write::WriteError;

use args::{Args, Command};

/// What a run comes to, as its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything was read; nothing of severity error.
    Done,
    /// Output is there, but some document had an error.
    Faulty,
    /// Nothing could be done.
    Nothing,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match &args.command {
        Command::Extract(extract) => extract::extract(extract, args.color),
        Command::Tables(tables) => tables::tables(tables, args.color),
        Command::Inspect(inspect) => inspect::inspect(inspect, args.color),
        Command::Profiles(profiles) => profiles::profiles(profiles),
        Command::Schema(schema) => profiles::schema(schema),
        Command::Completions(completions) => manual::completions(completions),
        Command::Man => manual::man(),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::from(1),
        Ok(Outcome::Nothing) => ExitCode::from(2),
        // Whoever closed the pipe has what they wanted.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::say(&format!("formgrid: error: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        cause.downcast_ref().is_some_and(closed)
            || cause.downcast_ref().is_some_and(WriteError::is_closed_pipe)
    })
}

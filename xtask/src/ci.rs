//! Everything that must hold before a commit is pushed.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{accuracy, examples, forms, root, rules};

/// Runs every check, the quick ones first, and stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    cargo("format", &["fmt", "--all", "--check"])?;
    cargo("format of the fuzz targets", &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])?;
    step("rules");
    rules::check()?;
    cargo("lint", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    cargo("documentation", &["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"])?;
    deny()?;
    fuzz()?;
    step("examples");
    examples::check()?;
    step("forms");
    forms::run(false)?;
    step("accuracy");
    accuracy::check()?;
    // Last, so that the count of tests closes the output.
    cargo("tests", &["test", "--workspace", "--quiet"])
}

fn step(name: &str) {
    println!("── {name}");
}

fn cargo(name: &str, args: &[&str]) -> Result<()> {
    step(name);
    let mut command = Command::new(env!("CARGO"));
    command.args(args).current_dir(root()).env("RUSTDOCFLAGS", "-D warnings").env("INSTA_UPDATE", "no");
    // The same cases each time; whoever runs `cargo test` gets others.
    command.env("PROPTEST_RNG_SEED", "20201122");
    let status = command.status().with_context(|| format!("cargo {} did not start", args[0]))?;
    ensure!(status.success(), "{name} failed: cargo {}", args.join(" "));
    Ok(())
}

/// Builds the fuzz targets, without what a fuzzer adds to the code, where there
/// is a C++ compiler for libFuzzer. The tests replay seeds and regressions.
fn fuzz() -> Result<()> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    let version =
        Command::new(&compiler).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        step(&format!("fuzz targets: SKIPPED, libFuzzer needs a C++ compiler and {compiler} does not start"));
        return Ok(());
    }
    // What it shares with the workspace is built once.
    cargo(
        "fuzz targets",
        &["build", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--quiet"],
    )
}

/// Licences, bans and sources, where cargo-deny is installed; its list of
/// advisories needs the network and is left to whoever has it.
fn deny() -> Result<()> {
    if !succeeds(&["deny", "--version"]) {
        step("licences: SKIPPED, cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    // It looks at the packages of every platform, not only of this one.
    if !succeeds(&["fetch", "--locked"]) {
        step("licences: SKIPPED, the packages of other platforms cannot be fetched");
        return Ok(());
    }
    cargo("licences", &["deny", "--offline", "check", "licenses", "bans", "sources"])
}

/// Whether a cargo command succeeds, without a word.
fn succeeds(args: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO"));
    command.args(args).current_dir(root()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

//! Reads documents made to exhaust a reader, and prints what each took: the
//! table of `docs/faults.md`.

mod cases;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::root;
use cases::{Case, cases};

/// The size of a document, in bytes: what is read by default at the most.
const SIZE: usize = 30 << 20;

/// What no case may take.
const MOST_TIME: Duration = Duration::from_secs(2);
const MOST_MEMORY: u64 = 200_000;

/// What a run took.
struct Cost {
    /// On the processor: what else the machine does is no matter.
    time: Duration,
    /// The most memory seen, in kB.
    memory: u64,
    /// The first error or warning, else the line that sums up.
    message: String,
    failed: bool,
}

/// Runs the cases whose names hold this text, and checks what they take.
pub(crate) fn run(filter: Option<&str>) -> Result<()> {
    build()?;
    let folder = std::env::temp_dir().join(format!("formgrid-hostile-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = run_in(&folder, filter.unwrap_or(""));
    fs::remove_dir_all(&folder)?;
    let wrong = done?;
    ensure!(wrong.is_empty(), "beyond 2 s or 200 MB:\n{}", wrong.join("\n"));
    Ok(())
}

fn build() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--release", "--package", "formgrid"]).current_dir(root());
    ensure!(command.status().context("cargo did not start")?.success(), "formgrid does not build");
    Ok(())
}

/// Prints a row for each case; returns the names of those that took too much.
fn run_in(folder: &Path, filter: &str) -> Result<Vec<String>> {
    println!("| case | MB | seconds | peak MB | what is said |\n|---|---:|---:|---:|---|");
    let mut wrong = Vec::new();
    for case in cases().iter().filter(|case| case.name.contains(filter)) {
        let (size, cost) = measure(case, folder)?;
        let Cost { time, memory, message, failed } = cost;
        println!(
            "| {} | {} | {:.2} | {} | {} |",
            case.name,
            size >> 20,
            time.as_secs_f64(),
            memory / 1000,
            message.replace('|', "\\|")
        );
        if failed || time > MOST_TIME || memory > MOST_MEMORY {
            wrong.push(format!("{}: {:.2} s, {} MB", case.name, time.as_secs_f64(), memory / 1000));
        }
    }
    Ok(wrong)
}

fn measure(case: &Case, folder: &Path) -> Result<(usize, Cost)> {
    let (input, said) = (folder.join("case"), folder.join("said"));
    let bytes = case.bytes(SIZE);
    fs::write(&input, &bytes)?;
    let start = Instant::now();
    let mut child = Command::new(root().join("target/release/formgrid"))
        .args(["extract", "--color=never"])
        .arg(&input)
        .stdout(Stdio::null())
        .stderr(File::create(&said)?)
        .spawn()
        .context("formgrid did not start")?;
    let (mut memory, mut time) = (0, Duration::ZERO);
    let status = loop {
        time = time.max(processor_time(child.id()));
        // What is asked for after the end is lost, but the peak seldom is.
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > Duration::from_secs(60) {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let time = if time.is_zero() { start.elapsed() } else { time };
    let said = fs::read_to_string(&said)?;
    let failed = !matches!(status.code(), Some(0 | 1));
    Ok((bytes.len(), Cost { time, memory, message: message(&said, &input), failed }))
}

/// The time that a process took on the processor, in all its threads; zero
/// where the system does not tell.
fn processor_time(id: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // Behind the name, which may hold spaces: field 14 and 15, in hundredths.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// The most telling line: the first error, else the first warning, else the
/// sum.
fn message(said: &str, input: &Path) -> String {
    let name = input.display().to_string();
    let found = ["error[", "warning["].iter().find_map(|kind| said.lines().find(|line| line.contains(kind)));
    let line = found.or(said.lines().next()).unwrap_or("");
    let line = line.strip_prefix(&name).unwrap_or(line).trim_start_matches([':', ' ']);
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

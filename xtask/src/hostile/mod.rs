//! Reads documents and containers made to exhaust a reader, each beside a good
//! document, and writes what each took: the table of `docs/faults.md`.

mod cases;
mod containers;
mod zip;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::root;
use cases::Case;

/// The size of a document, in bytes: about what is read by default at the most.
const SIZE: usize = 9_900_000;

/// The good document beside each case, and how many forms it holds.
const GOOD: (&str, usize) = ("fixtures/shanghai-2020.txt", 3);

/// Where the table is, and what stands before and behind it.
const TABLE: (&str, &str, &str) = ("docs/faults.md", "<!-- faults -->\n", "<!-- /faults -->");

/// What no case may take.
const MOST_TIME: Duration = Duration::from_secs(2);
const MOST_MEMORY: u64 = 200_000;

/// How often a case is run that takes too much time.
const MOST_RUNS: u32 = 5;

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

/// Runs the cases whose names hold this text, and checks what they take. If all
/// are run, the table is written.
pub(crate) fn run(filter: Option<&str>) -> Result<()> {
    build()?;
    let folder = std::env::temp_dir().join(format!("formgrid-hostile-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = run_in(&folder, filter.unwrap_or(""));
    fs::remove_dir_all(&folder)?;
    let (table, wrong) = done?;
    if filter.is_none() {
        let (path, start, end) = TABLE;
        let page = fs::read_to_string(root().join(path))?;
        let (before, rest) = page.split_once(start).context("no place for the table in docs/faults.md")?;
        let (_, behind) = rest.split_once(end).context("no end of the table in docs/faults.md")?;
        fs::write(root().join(path), [before, start, &*table, end, behind].concat())?;
    }
    ensure!(wrong.is_empty(), "beyond 2 s or 200 MB, or failed:\n{}", wrong.join("\n"));
    Ok(())
}

fn build() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--release", "--package", "formgrid"]).current_dir(root());
    ensure!(command.status().context("cargo did not start")?.success(), "formgrid does not build");
    Ok(())
}

/// Prints a row for each case; returns the table, and what took too much.
fn run_in(folder: &Path, filter: &str) -> Result<(String, Vec<String>)> {
    let mut table =
        "| case | bytes | CPU s | peak MB | what is said |\n|---|---:|---:|---:|---|\n".to_owned();
    print!("{table}");
    let mut wrong = Vec::new();
    let cases = cases::cases().into_iter().chain(containers::cases());
    for case in cases.filter(|case| case.name.contains(filter)) {
        let (size, mut cost) = measure(&case, folder)?;
        // What shares the processor may double its time; the least is its own.
        for _ in 1..MOST_RUNS {
            if cost.time > MOST_TIME && !cost.failed {
                let (_, again) = measure(&case, folder)?;
                cost = if again.failed || again.time < cost.time { again } else { cost };
            }
        }
        let Cost { time, memory, message, failed } = cost;
        let (seconds, mb) = (time.as_secs_f64(), memory / 1000);
        let said = message.replace('|', "\\|");
        let row = format!("| {} | {} | {seconds:.2} | {mb} | `{said}` |", case.name, bytes(size));
        println!("{row}");
        writeln!(table, "{row}")?;
        if failed || time > MOST_TIME || memory > MOST_MEMORY {
            let failed = if failed { ", failed" } else { "" };
            wrong.push(format!("{}: {seconds:.2} s, {mb} MB{failed}", case.name));
        }
    }
    Ok((table, wrong))
}

/// A size as it is read best.
fn bytes(size: u64) -> String {
    match size {
        0..10_000 => size.to_string(),
        10_000..10_000_000 => format!("{}K", size >> 10),
        _ => format!("{}M", size >> 20),
    }
}

fn measure(case: &Case, folder: &Path) -> Result<(u64, Cost)> {
    let (input, said) = (folder.join("in/case"), folder.join("said"));
    fs::create_dir_all(folder.join("in"))?;
    fs::copy(root().join(GOOD.0), folder.join("in/good"))?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&input)?);
    case.write(SIZE, &mut out)?;
    out.flush()?;
    let size = fs::metadata(&input)?.len();
    let start = Instant::now();
    let mut child = Command::new(root().join("target/release/formgrid"))
        .args(["extract", "--read-all", "--color=never", "in"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(File::create(&said)?)
        .spawn()
        .context("formgrid did not start")?;
    let output = child.stdout.take().context("no output")?;
    let good = std::thread::spawn(move || {
        let lines = BufReader::new(output).split(b'\n').map_while(Result::ok);
        let name = b"\"path\":\"in/good\"";
        lines.filter(|line| line.windows(name.len()).take(400).any(|window| window == name)).count()
    });
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
    fs::remove_file(&input)?;
    // Neither a crash nor a lost neighbour.
    let good = good.join().unwrap_or_default();
    let failed = !matches!(status.code(), Some(0 | 1)) || good != GOOD.1 || said.contains("panicked");
    Ok((size, Cost { time, memory, message: message(&said), failed }))
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

/// The most telling line on the case: the first error, else the first warning,
/// else the sum.
fn message(said: &str) -> String {
    let own = || said.lines().filter_map(|line| line.strip_prefix("in/case"));
    let found = ["error[", "warning["].iter().find_map(|kind| own().find(|line| line.contains(kind)));
    let line = found.or(said.lines().find(|line| line.starts_with("formgrid:"))).unwrap_or("");
    let line = line.trim_start_matches([':', ' ']);
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

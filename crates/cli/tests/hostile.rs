//! Tables made to exhaust a reader, each under 100 kB, and ten times as large.
//! Prints time and peak memory of each; to see them in a release build:
//! `cargo test --release -p formgrid --test hostile -- --nocapture`.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The size of a document, in bytes.
const SIZE: usize = 95_000;

/// What a run took.
struct Cost {
    time: Duration,
    /// The most memory seen, in kB; 0 where the system does not tell.
    memory: u64,
}

/// Documents of about this size, each with a name.
fn documents(size: usize) -> Vec<(&'static str, String)> {
    let fill = |start: String, unit: &str| {
        let count = size.saturating_sub(start.len()) / unit.len();
        start + &unit.repeat(count)
    };
    let page = |start: &str, unit: &str| fill(format!("<html>{start}"), unit);
    let uneven = "<td rowspan=9999><td rowspan=9998>".repeat(499);
    let long = format!("<table><td colspan=1000 rowspan=0>{}", "x".repeat(size / 4));
    vec![
        ("a cell a row, largest spans", page("<table>", "<tr><td colspan=1000 rowspan=65534>")),
        ("one row, largest spans", page("<table><tr>", "<td colspan=1000 rowspan=65534>")),
        ("a long text over all slots", page(&long, "<tr>")),
        ("cells that overlap many", page(&format!("<table><tr><td>{uneven}"), "<tr><td colspan=1000>")),
        (
            "overlaps that reach down",
            page(&format!("<table><tr><td>{uneven}"), "<tr><td colspan=1000 rowspan=5555>"),
        ),
        ("one wide row over short ones", page("<table><tr><td colspan=1000>", "<tr><td>x")),
        ("columns without cells", page("<table>", "<col span=1000>")),
        ("spans that hold no number", page("<table>", "<tr><td colspan=junk rowspan=-7>")),
        ("tables in tables", page("", "<table><tr><td>x")),
        ("wide tables", page("", "<table><td colspan=1000>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</table>")),
        ("one text, repeated as often as allowed", page("<table><td colspan=250>", "x")),
        ("cells only", page("<table><tr>", "<td>")),
        ("hidden rows", page("<table>", "<tr hidden><td>")),
        ("a wide line over short ones", fill(format!("{}a\n", "\t".repeat(800)), "a\tb\n")),
        ("tabs", fill("a".to_owned(), "\t")),
    ]
}

fn run(document: &str, format: &str) -> Cost {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.html"), folder.path().join("out"));
    fs::write(&input, document).unwrap();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_formgrid"))
        .args(["tables", "--quiet", "--format", format, "--out"])
        .args([output.with_extension(format), input])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut memory = 0;
    let status = loop {
        // What is asked for after the end is lost, but the peak seldom is.
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let time = start.elapsed();
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    Cost { time, memory }
}

#[test]
fn hostile_tables_cost_what_their_bytes_cost() {
    // Without optimisation and beside other tests it takes longer; a cost out
    // of proportion would take hours.
    let (is_release, most) = match cfg!(debug_assertions) {
        true => (false, Duration::from_secs(30)),
        false => (true, Duration::from_secs(1)),
    };
    for ((name, small), (_, large)) in documents(SIZE).into_iter().zip(documents(10 * SIZE)) {
        assert!(small.len() < 100_000);
        for format in ["ndjson", "csv", "html"] {
            let Cost { time, memory } = run(&small, format);
            print!("{name:40} {format:7} {:5} ms {:4} MB", time.as_millis(), memory / 1000);
            if is_release {
                let ten = run(&large, format);
                let ratio = ten.time.as_secs_f64() / time.as_secs_f64();
                print!(
                    "   10 times: {:5} ms {:4} MB, {ratio:4.1} times the time",
                    ten.time.as_millis(),
                    ten.memory / 1000
                );
            }
            println!();
            assert!(time < most, "{name}, {format}: {time:?}");
            assert!(memory < 100_000, "{name}, {format}: {memory} kB");
        }
    }
}

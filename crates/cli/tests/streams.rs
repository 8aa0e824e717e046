//! Standard streams that are closed, full or slow; pipes and devices as output;
//! runs that are interrupted.

#![cfg(unix)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const FORM: &str =
    "财政项目支出绩效目标表\n项目名称：\t图书馆修缮\n项目概况：\t无\n项目总预算（元）：\t很多\n";

/// A folder with some forms, each with a warning, and with a file that is none.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    folder
}

fn fill(folder: &Path) {
    for index in 0..50 {
        fs::write(folder.join(format!("{index}.txt")), FORM).unwrap();
    }
    fs::write(folder.join("bad.bin"), b"\x05BIN\0\0\0").unwrap();
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formgrid"));
    command.current_dir(folder).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

#[test]
fn nobody_need_listen_to_standard_error() {
    for (arguments, status) in [
        (&["extract", ".", "-o", "../out.ndjson"][..], 1),
        (&["extract", "0.txt", "-v"], 0),
        (&["extract", "missing"], 2),
        (&["extract"], 2),
        (&["inspect", "missing"], 2),
        (&["profiles", "check", "0.txt"], 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("in");
        fs::create_dir(&inner).unwrap();
        fill(&inner);
        let out = folder.path().join("out.ndjson");
        let mut expected = None;
        for full in [false, true] {
            let mut command = command(&inner, arguments);
            if full {
                let Ok(full) = File::options().write(true).open("/dev/full") else { continue };
                command.stderr(full);
            }
            let mut child = command.spawn().unwrap();
            // Gone before anything can be said.
            drop(child.stderr.take());
            assert_eq!(child.wait().unwrap().code(), Some(status), "{arguments:?}, full: {full}");
            let written = fs::read(&out).ok();
            assert_eq!(written.is_some(), arguments.contains(&"-o"), "{arguments:?}");
            assert_eq!(*expected.get_or_insert(written.clone()), written);
        }
    }
}

#[test]
fn pipes_and_devices_are_written_straight_through() {
    let folder = folder();
    let path = folder.path();
    let run = |out: &str, stdout: Stdio| {
        let mut command = command(path, &["extract", "0.txt", "-q", "-f", "ndjson", "-o", out]);
        command.stdout(stdout).spawn().unwrap()
    };
    assert!(run("/dev/null", Stdio::null()).wait().unwrap().success());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());

    let printed = run("/dev/stdout", Stdio::piped()).wait_with_output().unwrap();
    assert!(printed.stdout.starts_with(b"{\"schema\""));

    // As `-o >(cmd)` gives it: a link to a pipe without a name.
    let printed = run("/proc/self/fd/1", Stdio::piped()).wait_with_output().unwrap();
    assert!(!cfg!(target_os = "linux") || printed.stdout.starts_with(b"{\"schema\""));

    let fifo = path.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut child = run("fifo", Stdio::null());
    let mut text = String::new();
    File::open(&fifo).unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(text.lines().count(), 1);

    let mut closed = run("/dev/stdout", Stdio::piped());
    drop(closed.stdout.take());
    assert!(closed.wait().unwrap().success(), "a closed pipe is success");
    assert!(names(path).iter().all(|name| !name.ends_with(".tmp")));
}

#[test]
fn errors_name_the_output_as_it_was_given() {
    let folder = folder();
    for (out, stated) in [
        ("no/such/out.json", "no/such/out.json"),
        ("0.txt/out.json", "0.txt/out.json"),
        ("/dev/full", "/dev/full"),
        ("0.txt/tables/", "0.txt/tables/"),
    ] {
        let format = if out.ends_with('/') { "csv" } else { "json" };
        let arguments = ["extract", "1.txt", "-q", "-f", format, "-o", out];
        let mut said = Vec::new();
        for _ in 0..2 {
            let run = command(folder.path(), &arguments).output().unwrap();
            assert_eq!(run.status.code(), Some(2), "{out}");
            said.push(String::from_utf8(run.stderr).unwrap());
        }
        assert_eq!(said[0], said[1]);
        let start = format!("formgrid: error: cannot write {stated}: ");
        assert!(said[0].starts_with(&start) && !said[0].contains(".tmp"), "{}", said[0]);
    }
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    for (signal, number, out) in [("-INT", 2, "out.ndjson"), ("-TERM", 15, "tables/")] {
        // Started in the background by a shell, this process ignores SIGINT, and
        // so does the program, as it should.
        if is_ignored(number) {
            eprintln!("skipped: kill {signal} is ignored by whoever started the tests");
            continue;
        }
        let folder = folder();
        let before = names(folder.path());
        let mut command = command(folder.path(), &["extract", "0.txt", "-", "-o", out]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(FORM.as_bytes()).unwrap();
        let started = Instant::now();
        while names(folder.path()) == before {
            assert!(started.elapsed() < Duration::from_secs(60), "no output was begun");
            std::thread::sleep(Duration::from_millis(5));
        }
        // The handler is there soon after the files.
        std::thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        assert_eq!(names(folder.path()), before);
    }
}

#[test]
fn a_reader_that_has_enough_ends_the_run() {
    let folder = folder();
    let path = folder.path().join("large.txt");
    fs::write(&path, FORM.repeat(20_000)).unwrap();
    let mut child =
        command(folder.path(), &["extract", "-q", "large.txt"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    assert!(child.wait().unwrap().success());
}

/// Whether this process ignores a signal, as far as the system tells.
fn is_ignored(signal: u32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

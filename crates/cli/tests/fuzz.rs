//! The fuzz targets on their seeds, and on what they once found.

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

#[test]
fn what_holds_for_any_bytes_holds_for_seeds_and_regressions() {
    for Target { name, check, seeds } in TARGETS {
        let seeds = files(&root().join(seeds));
        assert!(seeds.len() >= 3, "{name} has seeds");
        for file in seeds.iter().chain(&files(&root().join("fuzz/regressions").join(name))) {
            // Shown if the check panics.
            println!("{name}: {}", file.display());
            check(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_is_replayed() {
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let built: Vec<String> = files(&root().join("fuzz/fuzz_targets")).iter().map(name).collect();
    let mut replayed = TARGETS.map(|target| target.name);
    replayed.sort_unstable();
    assert_eq!(built, replayed);
}

/// The files of a folder in the order of their names; none if there is none.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

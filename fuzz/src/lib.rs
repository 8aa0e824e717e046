//! What must hold for any bytes, one function a fuzz target.
//!
//! The targets feed them bytes that libFuzzer makes up; `cargo test` feeds them
//! all seeds and regressions (crates/cli/tests/fuzz.rs). How to run a target,
//! and what was run, is told in docs/fuzzing.md.

mod containers;
mod documents;
mod encodings;

pub use self::containers::{compressed, json_lines, mhtml, parquet, tar, warc, zip};
pub use self::documents::{records, tables, workbook};
pub use self::encodings::encodings;

/// A fuzz target.
#[derive(Debug)]
pub struct Target {
    /// Its name, also of its regressions: `fuzz/regressions/NAME`.
    pub name: &'static str,
    /// What must hold.
    pub check: fn(&[u8]),
    /// The folder of the files that it begins with.
    pub seeds: &'static str,
}

/// All targets.
pub const TARGETS: [Target; 11] = [
    Target { name: "records", check: records, seeds: "fixtures" },
    Target { name: "tables", check: tables, seeds: "fixtures" },
    Target { name: "workbook", check: workbook, seeds: "fixtures" },
    Target { name: "encodings", check: encodings, seeds: "fuzz/seeds/encodings" },
    Target { name: "zip", check: zip, seeds: "fuzz/seeds/zip" },
    Target { name: "tar", check: tar, seeds: "fuzz/seeds/tar" },
    Target { name: "compressed", check: compressed, seeds: "fuzz/seeds/compressed" },
    Target { name: "mhtml", check: mhtml, seeds: "fuzz/seeds/mhtml" },
    Target { name: "warc", check: warc, seeds: "fuzz/seeds/warc" },
    Target { name: "json_lines", check: json_lines, seeds: "fuzz/seeds/json_lines" },
    Target { name: "parquet", check: parquet, seeds: "crates/unpack/tests/parquet" },
];

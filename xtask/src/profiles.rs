//! What a document costs with few profiles and with many.

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use formgrid_convert::{Options, convert};
use formgrid_profile::Profiles;

use crate::root;

/// How often the fixtures stand in the document: about 2 MB.
const COPIES: usize = 150;

/// Of so many runs the fastest counts.
const RUNS: usize = 7;

/// Times the same document with 10 and with 500 synthetic profiles and prints
/// the ratio. The built-in ones are there besides: they read all of its forms.
pub(crate) fn run() -> Result<()> {
    let mut text = String::new();
    for name in ["shanghai-2020.txt", "self-evaluation.txt", "district-target.txt", "xpcc-target.txt"] {
        text += &fs::read_to_string(root().join("fixtures").join(name))?;
        text.push_str("\n\n");
    }
    let text = text.repeat(COPIES);
    let builtin = Profiles::builtin().count();
    println!("beside {builtin} built-in profiles:\n");
    println!(
        "| synthetic profiles | labels of all | added in | {:.1} MB read in | forms |",
        text.len() as f64 / 1e6
    );
    println!("|---|---|---|---|---|");
    let (few, many) = (time(10, &text)?, time(500, &text)?);
    println!("\nratio: {:.2}", many.as_secs_f64() / few.as_secs_f64());
    Ok(())
}

fn time(count: usize, text: &str) -> Result<Duration> {
    let begun = Instant::now();
    let mut profiles = Profiles::builtin();
    for number in 0..count {
        let added = profiles.add(&synthetic(number)).map(drop);
        ensure!(added.is_ok(), "{added:?}");
    }
    let added = begun.elapsed();
    let options = Options::new(&profiles);
    let mut best = Duration::MAX;
    let mut forms = 0;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let summary = convert(text.as_bytes(), &options, &mut |_| ControlFlow::Continue(()));
        best = best.min(begun.elapsed());
        forms = summary.forms;
    }
    let labels: usize =
        profiles.iter().flat_map(|profile| &profile.fields).map(|field| field.labels.len()).sum();
    println!("| {count} | {labels} | {added:.1?} | {best:.2?} | {forms} |");
    Ok(best)
}

/// A profile with labels that all forms have, and as many of its own.
fn synthetic(number: usize) -> String {
    let mut toml = format!(
        "name = \"synthetic-{number}\"\nextends = \"national-self-evaluation\"\n\
         title = \"第{number}号表\"\ndescription = \"Synthetic\"\n\
         titles = [\"第{number}号项目支出绩效目标表\", \"*第{number}号绩效表\"]\n[fields]\n"
    );
    for label in 0..20 {
        let _ = writeln!(toml, "own_{label} = [\"{number}号项目第{label}栏\", \"{number}号第{label}项\"]");
    }
    for label in 0..20 {
        let _ = writeln!(toml, "[keys.own_{label}]\ntype = \"text\"\nen = \"Own\"\nzh = \"自有\"");
    }
    toml
}

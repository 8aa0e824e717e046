//! How well damaged grids are read: fault injection against known truth.
//!
//! True grids are made, damaged the way exports damage them, written as whole
//! documents and read back by formgrid and by plain forward fill. What is made
//! and how it is scored: docs/accuracy.md.

mod args;
mod baseline;
mod damage;
mod dataset;
mod document;
mod layout;
mod lines;
mod pairs;
mod proof;
mod score;
mod shape;
mod table;
mod truth;
mod words;

use std::ops::ControlFlow;

use anyhow::{Result, ensure};
use fastrand::Rng;
use formgrid_convert::{Options, convert};
use formgrid_model::Record;
use formgrid_profile::Profiles;
use rayon::prelude::*;

pub(crate) use args::{Args, HELP};
use damage::{Case, damage};
use document::{Document, document};
use lines::{Line, lines};
use score::{Read, Score};
use shape::{BUILTIN, Shape};
use truth::truth;

/// Runs what the arguments ask for.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.is_undecidable {
        print!("{}", pairs::describe());
        return Ok(());
    }
    let lines: Vec<Line> = lines().into_iter().filter(|line| line.name.contains(&args.line)).collect();
    ensure!(!lines.is_empty(), "no line of the bench has \"{}\" in its name", args.line);
    let bench = Bench::new()?;
    if let Some(folder) = &args.write {
        return dataset::write(folder, &lines, args.forms.unwrap_or(100));
    }
    if args.is_check || args.is_baseline {
        return baseline::run(&bench, &lines, args.is_baseline);
    }
    let forms = args.forms.unwrap_or(10_000);
    println!("{}", table::HEADER);
    let mut scores = Vec::new();
    for line in &lines {
        let (score, shown) = bench.score(line, forms, args.show);
        shown.iter().for_each(|shown| println!("{shown}"));
        println!("{}", table::row(line, &score));
        scores.push(score);
    }
    let calibration = table::calibration(&scores);
    println!("\n{}\n{calibration}", table::aims(&lines, &scores));
    if args.is_docs {
        ensure!(args.line.is_empty(), "the documents show all lines; leave --line out");
        table::publish(&lines, &scores, forms, &calibration)?;
    }
    Ok(())
}

/// Compares with the committed baseline.
///
/// # Errors
/// What has become worse.
pub(crate) fn check() -> Result<()> {
    baseline::run(&Bench::new()?, &lines(), false)
}

/// The profiles that the forms are read with.
struct Bench {
    builtin: Profiles,
    generated: Profiles,
}

impl Bench {
    fn new() -> Result<Bench> {
        let mut generated = Profiles::default();
        for shape in Shape::generated() {
            let added = generated.add(&shape.profile());
            added.map_err(|mistakes| anyhow::anyhow!("profile {}: {}", shape.name(), mistakes[0]))?;
        }
        Ok(Bench { builtin: Profiles::builtin(), generated })
    }

    /// Scores so many forms of a line, on all cores; the sum does not depend on
    /// their number. Draws the first wrong forms.
    fn score(&self, line: &Line, forms: usize, show: usize) -> (Score, Vec<String>) {
        let one = |form: usize| {
            let case = case(line, form);
            let document = document(&case);
            let records = self.read(&case, &document);
            let read = Read { case: &case, words: line.words, document: &document, records: &records };
            let mut score = Score::default();
            let is_exact = score.add(&read);
            let shown: Vec<(usize, String)> =
                if is_exact || show == 0 { Vec::new() } else { vec![(form, read.explain())] };
            (score, shown)
        };
        let both = |(mut score, mut shown): (Score, Vec<(usize, String)>),
                    (other, others): (Score, Vec<_>)| {
            score.merge(&other);
            shown.extend(others);
            shown.sort_by_key(|(form, _)| *form);
            shown.truncate(show);
            (score, shown)
        };
        let (score, shown) = (0..forms).into_par_iter().map(one).reduce(Default::default, both);
        let named = |(form, shown): (usize, String)| format!("{}, form {form}, {shown}", line.name);
        (score, shown.into_iter().map(named).collect())
    }

    fn read(&self, case: &Case, document: &Document) -> Vec<Record> {
        let profiles = if case.shape.is_builtin { &self.builtin } else { &self.generated };
        let mut records = Vec::new();
        convert(document.text.as_bytes(), &Options::new(profiles), &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        });
        records
    }
}

/// Makes one case of a line: a function of the line's name and the form's
/// number alone.
fn case(line: &Line, form: usize) -> Case {
    let mut rng = Rng::with_seed(seed(line.name, form));
    let layout = line.layouts[rng.usize(..line.layouts.len())];
    let shape = match line.is_varied {
        false => BUILTIN,
        true => {
            let shapes: Vec<Shape> = Shape::generated().collect();
            shapes[rng.usize(..shapes.len())]
        }
    };
    let truth = truth(&mut rng, &shape, line.words, line.sizes);
    damage(&mut rng, &truth, &shape, layout, &line.faults)
}

/// A seed for each form: FNV-1a over name and number, then mixed.
fn seed(name: &str, form: usize) -> u64 {
    let bytes = name.bytes().chain((form as u64).to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_makes_no_difference() {
        let bench = Bench::new().unwrap();
        let line = &lines()[2];
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let four = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
        let score = || bench.score(line, 20, 5);
        assert_eq!(alone.install(score), four.install(score));
    }
}

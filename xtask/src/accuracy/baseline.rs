//! The committed figures of a reduced run: no line may get worse.

use std::fs;

use anyhow::{Context, Result, bail};

use super::Bench;
use super::lines::Line;
use super::score::Score;
use crate::root;

/// Forms a line. The seeds are fixed, so that the figures are exact.
const FORMS: usize = 300;

const FILE: &str = "xtask/accuracy-baseline.txt";

/// Compares with the baseline, or writes it anew.
pub(crate) fn run(bench: &Bench, lines: &[Line], is_written: bool) -> Result<()> {
    let now: Vec<(&str, Score)> =
        lines.iter().map(|line| (line.name, bench.score(line, FORMS, 0).0)).collect();
    let path = root().join(FILE);
    if is_written {
        let mut text =
            format!("# cargo xtask accuracy --baseline: {FORMS} forms a line\n# rows exact silent line\n");
        for (name, score) in &now {
            text += &format!("{} {} {} {name}\n", score.rows, score.exact, score.silent);
        }
        return fs::write(path, text).with_context(|| format!("{FILE} cannot be written"));
    }
    let text = fs::read_to_string(path).with_context(|| format!("{FILE} cannot be read"))?;
    let mut worse = Vec::new();
    let mut better = 0;
    for (name, score) in &now {
        let Some((rows, exact, silent)) = find(&text, name) else {
            worse.push(format!("\"{name}\" is not in it"));
            continue;
        };
        if rows != score.rows {
            worse.push(format!(
                "\"{name}\" has {} rows and had {rows}: the cases are not the same",
                score.rows
            ));
        } else if score.exact < exact || score.silent > silent {
            worse.push(format!(
                "\"{name}\": {} exact rows of {rows}, {} silent errors; it was {exact} and {silent}",
                score.exact, score.silent
            ));
        } else {
            better += usize::from(score.exact > exact || score.silent < silent);
        }
    }
    if !worse.is_empty() {
        bail!(
            "{FILE}:\n  {}\nsee cargo xtask accuracy --show 3 --line NAME; if the bench itself has changed, cargo xtask accuracy --baseline",
            worse.join("\n  ")
        );
    }
    if better > 0 {
        println!(
            "   better than the baseline in {better} lines: keep it with cargo xtask accuracy --baseline"
        );
    }
    Ok(())
}

/// Rows, exact ones and silent errors of a line.
fn find(text: &str, name: &str) -> Option<(u64, u64, u64)> {
    text.lines().find_map(|line| {
        let mut parts = line.splitn(4, ' ');
        let mut number = || parts.next()?.parse().ok();
        let figures = (number()?, number()?, number()?);
        (parts.next()? == name).then_some(figures)
    })
}

//! The tables as Markdown, and where they are published.

use std::fs;

use anyhow::{Context, Result};

use super::lines::{Aim, Line};
use super::score::{BANDS, Score};
use crate::root;

/// The columns of the table.
pub(crate) const HEADER: &str = "| case | rows | exact rows | exact forms | false repairs | doubts | undecidable | silent errors | forward fill |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|";

/// The line of the table.
pub(crate) fn row(line: &Line, score: &Score) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        line.name,
        score.rows,
        percent(score.exact, score.rows),
        percent(score.exact_forms, score.forms),
        score.false_repairs,
        score.doubts,
        score.undecidable,
        score.silent,
        percent(score.filled, score.rows)
    )
}

/// What must hold, and whether it does.
pub(crate) fn aims(lines: &[Line], scores: &[Score]) -> String {
    let mut out = String::from(
        "| must show | exact rows | silent errors in a million rows | shown |\n|---|---:|---:|---|\n",
    );
    for (line, score) in lines.iter().zip(scores) {
        let Some(aim) = line.aim else { continue };
        let is_exact = score.exact as f64 >= aim.exact / 100.0 * score.rows as f64;
        let is_told = score.silent * 1_000_000 <= aim.silent * score.rows && score.false_repairs == 0;
        let shown = if is_exact && is_told { "yes" } else { "**no**" };
        out += &format!("| {} | {} % | {} | {shown} |\n", line.name, aim.exact, aim.silent);
    }
    out
}

/// How far a stated confidence can be trusted, over all lines.
pub(crate) fn calibration(scores: &[Score]) -> String {
    let mut sum = Score::default();
    scores.iter().for_each(|score| sum.merge(score));
    let mut out = String::from("| confidence | rows | wrong | per 1,000 |\n|---|---:|---:|---:|\n");
    for ((_, name), (rows, wrong)) in BANDS.iter().zip(sum.bands) {
        let share = 1000.0 * wrong as f64 / rows.max(1) as f64;
        out += &format!("| {name} | {rows} | {wrong} | {share:.3} |\n");
    }
    out
}

/// Writes the tables between the markers of the documents.
pub(crate) fn publish(lines: &[Line], scores: &[Score], forms: usize, calibration: &str) -> Result<()> {
    let all: Vec<String> = lines.iter().zip(scores).map(|(line, score)| row(line, score)).collect();
    let aims = aims(lines, scores);
    let full = format!("{forms} forms a line.\n\n{HEADER}\n{}\n\n{aims}\n{calibration}", all.join("\n"));
    put("docs/accuracy.md", &full)?;
    let aimed = || lines.iter().zip(scores).filter_map(|(line, score)| Some((line, score, line.aim?)));
    let table = |header: &str, name: fn(&Line, Aim) -> &'static str| {
        let rows = aimed().map(|(line, score, aim)| {
            let exact = percent(score.exact, score.rows);
            let filled = percent(score.filled, score.rows);
            format!("| {} | {exact} | {} of {} | {filled} |\n", name(line, aim), score.silent, score.rows)
        });
        format!("{header}\n|---|---:|---:|---:|\n{}", rows.collect::<String>())
    };
    put("README.md", &table("| damage | exact rows | silent errors | forward fill |", |line, _| line.name))?;
    let zh = table("| 损坏 | 完全正确的行 | 无提示的错误 | 向下填充 |", |_, aim| aim.zh);
    put("README.zh-CN.md", &zh.replace(" of ", " / "))
}

/// Replaces what stands between the markers of a document.
fn put(name: &str, table: &str) -> Result<()> {
    let path = root().join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("{name} cannot be read"))?;
    let parts = text.split_once("<!-- accuracy -->").and_then(|(before, rest)| {
        let (_, after) = rest.split_once("<!-- /accuracy -->")?;
        Some((before, after))
    });
    let (before, after) = parts.with_context(|| format!("{name} has no <!-- accuracy --> markers"))?;
    let text = format!("{before}<!-- accuracy -->\n{}\n<!-- /accuracy -->{after}", table.trim_end());
    fs::write(&path, text).with_context(|| format!("{name} cannot be written"))
}

/// A share, never rounded up to a whole that it is not.
fn percent(part: u64, whole: u64) -> String {
    let share = (part as f64 / whole.max(1) as f64 * 100_000.0).floor() / 1000.0;
    format!("{share:.3} %")
}

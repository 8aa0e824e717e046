//! Questions of people about forms, answered from formgrid's records alone: how
//! much of a form its record has. `cargo xtask questions FOLDER` reads every
//! `*.jsonl` there: lines with `table_id`, `query` and `label`, the answer that
//! a person gave, on the document whose name holds `_ID.derived`.
//!
//! Nothing is known of the questions beforehand. A question is compared with
//! the names of all that a record says, by pairs of characters; the fact whose
//! name it holds most of is the answer. It may ask how many levels there are
//! (有多少二级指标), which (是什么), for two facts (与, 分别), for a sum (总和).

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use formgrid_convert::{Options, convert};
use formgrid_model::{Record, Value};
use formgrid_profile::{Profiles, is_shared_label};

/// What a record says: a name and what stands there.
struct Fact {
    name: String,
    text: String,
}

/// Answers the questions of a folder.
///
/// # Errors
/// If nothing there can be read.
pub(crate) fn run(folder: &Path) -> Result<()> {
    let (mut count, mut right) = (0, 0);
    let mut names: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl")) {
        for line in fs::read_to_string(path)?.lines().filter(|line| !line.is_empty()) {
            let question: serde_json::Value = serde_json::from_str(line)?;
            let text = |key: &str| question[key].as_str().unwrap_or_default().to_owned();
            let document = format!("_{}.derived", question["table_id"]);
            let has_name = |path: &&std::path::PathBuf| path.to_string_lossy().contains(&document);
            let path = names.iter().find(has_name).with_context(|| format!("no document {document}"))?;
            let answer = answer(&text("query"), &records(path)?);
            let is_right = agrees(&answer, &text("label"));
            count += 1;
            right += usize::from(is_right);
            if !is_right {
                let short: String = answer.chars().take(60).collect();
                println!(
                    "{} {}\n  expected {}\n  answered {short}",
                    question["id"],
                    text("query"),
                    text("label")
                );
            }
        }
    }
    ensure!(count > 0, "{} holds no questions", folder.display());
    println!("{right} of {count} questions are answered from the records");
    Ok(())
}

fn records(path: &Path) -> Result<Vec<Record>> {
    let profiles = Profiles::builtin();
    let mut records = Vec::new();
    convert(&fs::read(path)?, &Options::new(&profiles), &mut |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    Ok(records)
}

fn answer(question: &str, records: &[Record]) -> String {
    if let Some(answer) = records.iter().find_map(|record| levels(question, record)) {
        return answer;
    }
    let facts = facts(records);
    let best = |part: &str| {
        let score = |fact: &&Fact| (likeness(&fact.name, part) * 1000.0) as i64;
        facts.iter().max_by_key(score).map_or("", |fact| &*fact.text)
    };
    if let Some((first, second)) = question.split_once('和').filter(|_| question.contains("总和")) {
        let sum = number(best(first)).zip(number(best(second))).map(|(one, other)| one + other);
        return sum.map_or(String::new(), |sum| sum.to_string());
    }
    match question.split_once('与').filter(|_| question.contains("分别")) {
        Some((first, second)) => format!("{}，{}", best(first), best(second)),
        None => best(question).to_owned(),
    }
}

/// Answers how many levels there are below the words that a question names, or
/// which.
fn levels(question: &str, record: &Record) -> Option<String> {
    let level = ["一级指标", "二级指标", "三级指标"].iter().position(|level| question.contains(level))?;
    let is_count = question.contains(&format!("多少{}", ["一级", "二级", "三级"][level]))
        || question.contains("多少") && question.ends_with("级指标？");
    if !is_count && !question.contains("是什么") {
        return None;
    }
    let words = |at: usize| record.indicators.iter().filter_map(move |i| i.levels.get(at)?.as_ref());
    let is_named = |word: &str| question.replace("绩效指标", "").contains(word);
    let named: Vec<BTreeSet<&str>> = (0..level)
        .map(|at| words(at).map(|part| &*part.text).filter(|word| is_named(word)).collect())
        .collect();
    let is_below = |levels: &[Option<formgrid_model::Part>]| {
        named.iter().zip(levels).all(|(named, part)| {
            named.is_empty() || part.as_ref().is_some_and(|part| named.contains(&*part.text))
        })
    };
    let below = record.indicators.iter().filter(|indicator| is_below(&indicator.levels));
    let mut seen = HashSet::new();
    let found: Vec<&str> = below
        .filter_map(|indicator| Some(&*indicator.levels.get(level)?.as_ref()?.text))
        .filter(|text| seen.insert(*text))
        .collect();
    Some(if is_count { found.len().to_string() } else { found.join("，") })
}

/// All that the records say.
fn facts(records: &[Record]) -> Vec<Fact> {
    let profiles = Profiles::builtin();
    let mut facts = Vec::new();
    let mut add = |name: &str, text: &str| facts.push(Fact { name: name.to_owned(), text: text.to_owned() });
    for record in records {
        let Some(profile) = profiles.get(&record.form) else { continue };
        let texts: Vec<Option<String>> =
            record.fields.iter().map(|field| field.value.as_ref().map(printed)).collect();
        for (rule, text) in profile.fields.iter().zip(&texts) {
            // Synonyms that the dictionary adds are those of other forms.
            let own = rule.labels.iter().filter(|label| !is_shared_label(label));
            for name in own.chain([&rule.zh]) {
                add(name, text.as_deref().unwrap_or_default());
            }
        }
        // Tables of tasks: a line of each field is of one task.
        for table in profile.tables.iter().filter(|table| table.is_repeated) {
            let columns = &table.fields[0];
            let lines =
                |field: usize| texts[field].as_deref().unwrap_or_default().lines().collect::<Vec<_>>();
            for (column, &field) in columns.iter().enumerate().skip(1) {
                let (names, values) = (lines(columns[0]), lines(columns[column]));
                for (name, value) in names.iter().zip(&values).filter(|_| names.len() == values.len()) {
                    add(&format!("{name}{}", profile.fields[field].zh.replace("任务", "")), value);
                }
            }
        }
        for indicator in &record.indicators {
            let target = indicator.target.as_ref().map_or("", |target| &target.text);
            for part in indicator.levels.iter().skip(1).flatten() {
                add(&part.text, target);
            }
        }
        for unmapped in &record.unmapped {
            add(unmapped.label.as_deref().unwrap_or_default(), &unmapped.text);
        }
        let unmapped = record.unmapped.iter().map(|unmapped| &unmapped.text);
        for clause in texts.iter().flatten().chain(unmapped).flat_map(|text| text.split(['；', '。', '\n']))
        {
            if let Some((name, use_of)) = clause.split_once("主要用于") {
                add(&format!("{name}主要用途主要用于什么"), &format!("主要用于{use_of}"));
            }
            if let Some((name, amount)) = clause.split_once("增加") {
                add(&format!("{name}增加了"), amount);
            }
        }
    }
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

/// How much of a name a text holds, by pairs of characters; what it says last
/// is what it asks for.
fn likeness(name: &str, text: &str) -> f64 {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphabetic() || *c == '%').collect::<Vec<char>>();
    let (name, text) = (plain(name), plain(text));
    let pairs: HashSet<&[char]> = name.windows(2).collect();
    let last = text.windows(2).rposition(|pair| pairs.contains(pair)).unwrap_or(0);
    let held: HashSet<&[char]> = text.windows(2).filter(|pair| pairs.contains(pair)).collect();
    let share = held.len() as f64 / pairs.len().max(1) as f64;
    held.len() as f64 * share + share * last as f64 / text.len().max(1) as f64 * 4.0
}

fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Boolean(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) | Value::Money(number) => number.normalize().to_string(),
    }
}

/// Whether an answer holds what was expected: the same words, each part of it,
/// or the same number, be it in yuan, in 万元 or as a share.
fn agrees(answer: &str, expected: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (answer, expected) = (plain(answer), plain(expected));
    let same_number = |answer: &str, expected: &str| {
        let factors: &[f64] = if expected.ends_with('%') { &[1.0, 100.0] } else { &[1.0, 1e4, 1e-4] };
        let pair = number(answer).zip(number(expected));
        let is_number = expected.starts_with(|c: char| c.is_ascii_digit());
        is_number && pair.is_some_and(|(one, other)| factors.iter().any(|by| (one * by - other).abs() < 1e-6))
    };
    let parts = || expected.split(['，', '、']).zip(answer.split('，').chain(std::iter::repeat("")));
    !answer.is_empty()
        && (same_number(&answer, &expected)
            || expected.split(['，', '、']).all(|part| answer.contains(part))
            || parts().all(|(part, answer)| same_number(answer, part)))
}

/// The first number of a text.
fn number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text[start..]
        .chars()
        .take_while(|c| c.is_ascii_digit() || ".,".contains(*c))
        .filter(|c| *c != ',')
        .collect();
    digits.parse().ok()
}

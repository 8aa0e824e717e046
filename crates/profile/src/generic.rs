//! The profile of forms that no profile knows: what all profiles agree on.

use std::collections::{HashMap, HashSet};

use crate::Profile;
use crate::build::build;
use crate::keys::dictionary;
use crate::lookup::{header_key, label_key};
use crate::node::{Mistakes, Text};
use crate::source::{Block, Grid, Source, Table};

/// The name of the profile in records.
pub const GENERIC: &str = "generic";

/// Labels that mean the same wherever they are known are fields of their keys;
/// all else stays as it was found.
pub(crate) fn generic<'s>(sources: impl Iterator<Item = &'s Source> + Clone) -> Profile {
    let mut keys = agreed(sources.clone());
    let own = dictionary().fields.iter();
    let fields = own.filter_map(|key| {
        let labels = keys.remove(&*key.name)?;
        Some((text(&key.name), labels))
    });
    let mut source = Source {
        name: text(GENERIC),
        title: Some(text("未知表格")),
        description: Some(text("A form that no profile knows: its labels and headers as printed")),
        titles: vec![text(GENERIC)],
        fields: fields.collect(),
        ..Source::default()
    };
    let mut heads = HashSet::new();
    let mut tables = Vec::new();
    for other in sources {
        source.headings.extend_from_slice(&other.headings);
        source.sides.extend_from_slice(&other.sides);
        // The headers of a list say little without the form around it.
        tables.extend(other.tables.iter().filter(|table| !table.is_repeated).cloned());
        add_grid(&mut source.grid, &other.grid, &mut heads);
    }
    source.tables.extend(merged(tables));
    // What contradicts itself here is told where the profiles are read.
    let mut profile = build(&source, Vec::new(), &mut Mistakes::new(""));
    profile.titles.clear();
    profile.grid.is_open = true;
    for table in profile.tables.iter_mut().filter(|table| !table.rows.is_empty()) {
        let first = table.fields.first().and_then(|row| row.first().copied());
        profile.fields.truncate(first.unwrap_or(usize::MAX));
        table.fields.clear();
    }
    profile
}

/// The labels of each key of the dictionary that mean this key in every profile
/// and nowhere else anything.
fn agreed<'s>(sources: impl Iterator<Item = &'s Source>) -> HashMap<&'s str, Vec<Text>> {
    let mut meanings: HashMap<String, Option<&str>> = HashMap::new();
    let mut labels: Vec<(String, &str, &Text)> = Vec::new();
    for source in sources {
        for (key, list) in &source.fields {
            for label in list {
                // Words as short as 合计 and 说明 stand in any table.
                let Some(folded) = label_key(&label.text).filter(|label| label.chars().count() > 2) else {
                    continue;
                };
                let meaning = meanings.entry(folded.clone()).or_insert_with(|| {
                    labels.push((folded, &key.text, label));
                    Some(&key.text)
                });
                *meaning = meaning.filter(|other| *other == key.text);
            }
        }
        for label in source.blocks.iter().flat_map(|Block { fields, .. }| fields).flat_map(|(_, list)| list) {
            meanings.extend(label_key(&label.text).map(|folded| (folded, None)));
        }
    }
    let mut keys: HashMap<&str, Vec<Text>> = HashMap::new();
    for (folded, key, label) in labels {
        if meanings.get(&folded).is_some_and(Option::is_some) {
            keys.entry(key).or_default().push(label.clone());
        }
    }
    keys
}

/// All tables as one without row labels and one with, the latter for its words
/// alone: what a row and a column mean together cannot be known.
fn merged(tables: Vec<Table>) -> Vec<Table> {
    let (with, without): (Vec<Table>, Vec<Table>) =
        tables.into_iter().partition(|table| !table.rows.is_empty());
    let mut all = Vec::new();
    for group in [without, with] {
        let mut table = Table::default();
        let mut seen = HashSet::new();
        let mut is_new = |key: &Text, part: u8| seen.insert((key.text.clone(), part));
        for Table { rows, columns, .. } in group {
            table.rows.extend(rows.into_iter().filter(|(key, _)| is_new(key, 0)));
            table.columns.extend(columns.into_iter().filter(|(key, _)| is_new(key, 1)));
        }
        if !table.columns.is_empty() {
            all.push(table);
        }
    }
    all
}

/// Adds the levels and columns of a grid; a header means what it meant first.
fn add_grid(grid: &mut Grid, other: &Grid, heads: &mut HashSet<String>) {
    let mut fresh = |headers: &[Text]| -> Vec<Text> {
        let is_fresh = |text: &&Text| header_key(&text.text).is_some_and(|key| heads.insert(key));
        headers.iter().filter(is_fresh).cloned().collect()
    };
    for (at, level) in other.levels.iter().enumerate() {
        let headers = fresh(&level.headers);
        match grid.levels.get_mut(at) {
            Some(mine) => {
                mine.headers.extend(headers);
                mine.words.extend_from_slice(&level.words);
            }
            None => grid.levels.push(crate::source::Level { headers, words: level.words.clone() }),
        }
    }
    for (key, headers) in &other.columns {
        let headers = fresh(headers);
        match grid.columns.iter_mut().find(|(mine, _)| mine.text == key.text) {
            Some((_, mine)) => mine.extend(headers),
            None => grid.columns.push((key.clone(), headers)),
        }
    }
    for (key, headings) in &other.horizons {
        match grid.horizons.iter_mut().find(|(mine, _)| mine.text == key.text) {
            Some((_, mine)) => mine.extend_from_slice(headings),
            None => grid.horizons.push((key.clone(), headings.clone())),
        }
    }
}

fn text(text: &str) -> Text {
    Text { text: text.to_owned(), at: 0 }
}

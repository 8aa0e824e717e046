//! From what a file says to a profile, with every mistake on the way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::keys::{Key, Part, defined, dictionary, is_key, similar};
use crate::lookup::{header_key, label_key, undated_title};
use crate::node::{Mistakes, Text};
use crate::pattern::spellings;
use crate::profile::Meaning;
use crate::source::{Grid, Source, Table};
use crate::{
    Column, FieldRule, GridRule, Horizon, Kind, Level, Profile, ProjectColumn, TableRule, fold, fold_word,
};

/// Puts a profile together. What is wrong is among the mistakes; the profile is
/// of use only if there is none.
pub(crate) fn build(source: &Source, ancestors: Vec<String>, mistakes: &mut Mistakes<'_>) -> Profile {
    let Source { name, title, description, .. } = source;
    let is_name = name.text.starts_with(|c: char| c.is_ascii_lowercase())
        && name.text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_name && !name.text.is_empty() {
        let message = format!("\"{}\" is no name; write lower-case letters, digits and hyphens", name.text);
        mistakes.add(name.at, message);
    }
    let mut builder = Builder { source, mistakes, profile: Profile::default(), places: HashMap::new() };
    for (text, meaning) in [(title, "title"), (description, "description")] {
        if text.is_none() {
            builder.mistakes.add(name.at, format!("the file has no \"{meaning}\"; say what the form is"));
        }
    }
    let text = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.text.clone());
    builder.profile = Profile {
        name: name.text.clone(),
        title: text(title),
        description: text(description),
        ancestors,
        ..Profile::default()
    };
    builder.captions();
    builder.labels();
    for table in &source.tables {
        builder.table(table);
    }
    builder.grid(&source.grid);
    builder.shared_labels();
    builder.coded();
    builder.ends();
    builder.profile
}

struct Builder<'b, 's> {
    source: &'b Source,
    mistakes: &'b mut Mistakes<'s>,
    profile: Profile,
    /// Where each key was given its labels first.
    places: HashMap<String, usize>,
}

impl Builder<'_, '_> {
    /// Titles, headings and side labels.
    fn captions(&mut self) {
        let Source { name, titles, headings, sides, .. } = self.source;
        if titles.is_empty() {
            self.mistakes
                .add(name.at, "the profile has no \"titles\"; name the lines that a form begins with");
        }
        for title in titles {
            let Some(folded) = self.folded(title) else { continue };
            for spelling in spellings(&folded) {
                let spelling = undated_title(&spelling);
                match spelling.split_once('*') {
                    Some((_, tail)) if tail.is_empty() || tail.contains('*') => {
                        self.mistakes.add(title.at, "a title has one * at most, and not at its end");
                    }
                    Some((head, tail)) => drop(self.profile.tails.insert(tail.into(), head.into())),
                    None => drop(self.profile.titles.insert(spelling.to_owned())),
                }
            }
        }
        for heading in headings {
            let folded = self.folded(heading);
            self.profile.headings.extend(folded.iter().flat_map(|folded| spellings(folded)));
        }
        for side in sides {
            let folded = self.folded(side);
            self.profile.sides.extend(folded.and_then(|folded| label_key(&folded)));
        }
        for (kind, key) in [(Kind::Title, "title"), (Kind::Year, "year")] {
            let Key { en, zh, .. } = defined(Part::Field, key).cloned().unwrap_or_else(|| unnamed(key));
            self.profile.fields.push(FieldRule {
                key: key.into(),
                kind,
                labels: Vec::new(),
                has_code: false,
                en,
                zh,
            });
        }
    }

    /// The fields with labels of their own, everywhere or in a block.
    fn labels(&mut self) {
        let Source { fields, blocks, .. } = self.source;
        self.fields(fields, None);
        for block in blocks {
            let opener = self.profile.fields.iter().position(|field| field.key == block.after.text);
            match opener {
                Some(opener) => {
                    self.profile.blocks.push(opener);
                    self.fields(&block.fields, Some(self.profile.blocks.len() - 1));
                }
                None if block.after.text.is_empty() => {}
                None => {
                    let message = format!(
                        "no field above has the key \"{}\"; a block comes after one",
                        block.after.text
                    );
                    self.mistakes.add(block.after.at, message);
                }
            }
        }
    }

    fn fields(&mut self, fields: &[(Text, Vec<Text>)], block: Option<usize>) {
        for (name, labels) in fields {
            let Some(key) = self.key(Part::Field, name) else { continue };
            if matches!(key.kind, Kind::Title | Kind::Year) {
                let message = format!("\"{}\" is read from the caption; leave it out", name.text);
                self.mistakes.add(name.at, message);
                continue;
            }
            self.some_labels(name, labels);
            let field = self.profile.fields.len();
            for label in labels {
                self.label(label, Meaning { block, field });
            }
            self.field(
                key.name.clone(),
                name.at,
                key,
                labels.iter().map(|label| label.text.clone()).collect(),
            );
        }
    }

    fn label(&mut self, label: &Text, meaning: Meaning) {
        let Some(folded) = self.folded(label).and_then(|folded| label_key(&folded)) else { return };
        let Profile { labels, meanings, fields, .. } = &mut self.profile;
        let index = *labels.entry(folded).or_insert_with(|| {
            meanings.push(Vec::new());
            meanings.len() - 1
        });
        match meanings[index].iter().find(|other| other.block == meaning.block) {
            Some(other) if other.field != meaning.field => {
                let message = format!(
                    "the label \"{}\" already belongs to \"{}\"; take it out of one of them, or put it in a [[block]]",
                    label.text, fields[other.field].key
                );
                self.mistakes.add(label.at, message);
            }
            Some(_) => {}
            None => meanings[index].push(meaning),
        }
    }

    /// A table: each of its fields is named by its row and its column.
    fn table(&mut self, table: &Table) {
        if table.columns.is_empty() {
            self.mistakes.add(table.at, "the table has no [table.columns]; name its headers");
        }
        let mut rule = TableRule { is_repeated: table.is_repeated, ..TableRule::default() };
        for (column, (name, headers)) in table.columns.iter().enumerate() {
            self.some_labels(name, headers);
            for header in headers {
                let folded = self.folded(header).and_then(|folded| label_key(&folded));
                self.insert(&mut rule.columns, folded, column, header);
            }
        }
        let rowless = [(Text::default(), Vec::new())];
        let rows = if table.rows.is_empty() { &rowless[..] } else { &table.rows[..] };
        for (row, (row_name, labels)) in rows.iter().enumerate() {
            for label in labels {
                let folded = self.folded(label).and_then(|folded| label_key(&folded));
                self.insert(&mut rule.rows, folded, row, label);
            }
            if !row_name.text.is_empty() {
                self.some_labels(row_name, labels);
            }
            let mut fields = Vec::new();
            for (column_name, headers) in &table.columns {
                fields.push(self.table_field(row_name, labels, column_name, headers, table.is_repeated));
            }
            rule.fields.push(fields);
        }
        self.profile.tables.push(rule);
    }

    /// The field where a row and a column meet; of the column alone, in a table
    /// without row labels. It may be one that the profile has labels for, too.
    fn table_field(
        &mut self,
        row: &Text,
        labels: &[Text],
        column: &Text,
        headers: &[Text],
        is_list: bool,
    ) -> usize {
        let first = |texts: &[Text]| texts.first().map_or(String::new(), |text| text.text.clone());
        if row.text.is_empty() {
            let key = self.key(Part::Field, column).unwrap_or_else(|| unnamed(&column.text));
            // Where the header stands alone it is a label like any other, but for
            // that of a list.
            let fields = &self.profile.fields;
            let known = fields.iter().position(|field| field.key == column.text);
            let field = known.unwrap_or(fields.len());
            if !is_list {
                headers.iter().for_each(|header| self.label(header, Meaning { block: None, field }));
            }
            if known.is_none() {
                let headers = headers.iter().map(|header| header.text.clone()).collect();
                self.field(key.name.clone(), column.at, key, headers);
            }
            return field;
        }
        let row_key = self.key(Part::Row, row).unwrap_or_else(|| unnamed(&row.text));
        let column_key = self.key(Part::Column, column).unwrap_or_else(|| unnamed(&column.text));
        let key = crossed(&row_key, &column_key);
        let label = format!("{} × {}", first(labels), first(headers));
        self.field(key.name.clone(), row.at, key, vec![label]);
        self.profile.fields.len() - 1
    }

    fn grid(&mut self, grid: &Grid) {
        let mut rule = GridRule::default();
        self.projects(grid, &mut rule);
        for level in &grid.levels {
            rule.levels.push(Level {
                headers: level.headers.iter().filter_map(|text| header_key(&self.folded(text)?)).collect(),
                words: level.words.iter().filter_map(|text| self.word(text)).collect(),
            });
        }
        let mut kinds = Vec::new();
        for (name, headers) in &grid.columns {
            self.some_labels(name, headers);
            let key = self.key(Part::Column, name).unwrap_or_else(|| unnamed(&name.text));
            let headers = headers.iter().filter_map(|text| header_key(&self.folded(text)?)).collect();
            kinds.push(key.clone());
            rule.columns.push(Column { kind: key.kind, key: key.name, en: key.en, zh: key.zh, headers });
        }
        for (row, (name, labels)) in grid.rows.iter().enumerate() {
            self.some_labels(name, labels);
            let row_key = self.key(Part::Row, name).unwrap_or_else(|| unnamed(&name.text));
            for label in labels {
                let folded = self.folded(label).and_then(|folded| label_key(&folded));
                self.insert(&mut rule.rows, folded, row, label);
            }
            let mut fields = Vec::new();
            for column in &kinds {
                let has_total = column.kind != Kind::Text;
                fields.push(has_total.then_some(self.profile.fields.len()));
                if has_total {
                    let key = crossed(&row_key, column);
                    let labels = labels.iter().map(|label| label.text.clone()).collect();
                    self.field(key.name.clone(), name.at, key, labels);
                }
            }
            rule.row_fields.push(fields);
        }
        for (name, headings) in &grid.horizons {
            self.some_labels(name, headings);
            let headings = headings.iter().filter_map(|text| header_key(&self.folded(text)?)).collect();
            rule.horizons.push(Horizon { key: name.text.clone(), headings });
        }
        self.header_twice(grid);
        let has_target = rule.columns.iter().any(|column| column.key == "target");
        if !grid.levels.is_empty() && !has_target {
            let at = grid.columns.first().map_or(self.source.name.at, |(name, _)| name.at);
            self.mistakes.add(at, "the grid has no column \"target\"; one of its columns must be");
        }
        let others = grid.columns.iter().chain(&grid.projects);
        if let (true, Some((name, _))) = (grid.levels.is_empty(), others.min_by_key(|(name, _)| name.at)) {
            self.mistakes.add(name.at, "the grid has no level; write [[grid.level]] with its headers");
        }
        self.profile.grid = rule;
    }

    /// The columns of a list that say whose indicators these are: levels outside
    /// the first, and fields.
    fn projects(&mut self, grid: &Grid, rule: &mut GridRule) {
        for (name, headers) in &grid.projects {
            self.some_labels(name, headers);
            let key = self.key(Part::Field, name).unwrap_or_else(|| unnamed(&name.text));
            let fields = &self.profile.fields;
            let known = fields.iter().position(|field| field.key == name.text);
            rule.projects.push(ProjectColumn { field: known.unwrap_or(fields.len()), kind: key.kind });
            if known.is_none() {
                let labels = headers.iter().map(|header| header.text.clone()).collect();
                self.field(key.name.clone(), name.at, key, labels);
            }
            rule.levels.push(Level {
                headers: headers.iter().filter_map(|text| header_key(&self.folded(text)?)).collect(),
                words: FxHashSet::default(),
            });
        }
        let named = grid.projects.iter().position(|(name, _)| name.text == "project_name");
        rule.project = named.unwrap_or(0);
    }

    /// Notes headers that stand under two levels or columns.
    fn header_twice(&mut self, grid: &Grid) {
        let mut heads: HashMap<String, usize> = HashMap::new();
        let levels = grid.levels.iter().map(|level| &level.headers);
        let columns = grid.columns.iter().map(|(_, headers)| headers);
        let projects = grid.projects.iter().map(|(_, headers)| headers);
        for (at, headers) in projects.chain(levels).chain(columns).enumerate() {
            for header in headers {
                let Some(key) = header_key(&header.text) else { continue };
                if *heads.entry(key).or_insert(at) != at {
                    let message =
                        format!("\"{}\" heads another level or column, too; take one out", header.text);
                    self.mistakes.add(header.at, message);
                }
            }
        }
    }

    /// Labels that the dictionary has for a field, as far as they are nothing
    /// else in this form.
    fn shared_labels(&mut self) {
        let Profile { fields, labels, meanings, headings, sides, tables, grid, .. } = &mut self.profile;
        let is_taken = |label: &String| {
            let is_in_table =
                |table: &TableRule| table.rows.contains_key(label) || table.columns.contains_key(label);
            headings.contains(label)
                || sides.contains(label)
                || tables.iter().any(is_in_table)
                || grid.rows.contains_key(label)
                || grid.levels.iter().any(|level| level.headers.contains(label))
                || grid.columns.iter().any(|column| column.headers.contains(label))
        };
        for (key, shared) in &dictionary().labels {
            // What fills a field besides has no labels, unless the form gives it some.
            let has_labels = |field: &FieldRule| field.key == *key && !field.labels.is_empty();
            let Some(at) = fields.iter().position(has_labels) else { continue };
            for label in shared {
                let Some(folded) = label_key(label).filter(|label| !is_taken(label)) else { continue };
                if let Entry::Vacant(vacant) = labels.entry(folded) {
                    vacant.insert(meanings.len());
                    meanings.push(vec![Meaning { block: None, field: at }]);
                    fields[at].labels.push(label.clone());
                }
            }
        }
    }

    /// Names whose code has a field of its own.
    fn coded(&mut self) {
        let fields = &mut self.profile.fields;
        for at in 0..fields.len() {
            let code = fields[at].code_key();
            fields[at].has_code =
                fields[at].kind == Kind::Text && fields.iter().any(|field| field.key == code);
        }
    }

    /// How the texts end that are looked up most.
    fn ends(&mut self) {
        let Profile { labels, sides, grid, ends, .. } = &mut self.profile;
        labels.keys().chain(&*sides).for_each(|word| ends.add(word));
        let GridRule { levels, columns, horizons, rows, ends, .. } = grid;
        levels.iter().flat_map(|level| &level.words).for_each(|word| ends.add_level_word(word));
        let words = levels.iter().flat_map(|level| &level.headers).chain(rows.keys());
        let words = words.chain(columns.iter().flat_map(|column| &column.headers));
        let words = words.chain(horizons.iter().flat_map(|horizon| &horizon.headings));
        words.for_each(|word| ends.add(word));
    }

    fn field(&mut self, name: String, at: usize, key: Key, labels: Vec<String>) {
        if self.places.insert(name.clone(), at).is_some() {
            self.mistakes.add(at, format!("the key \"{name}\" is used twice; put its labels in one list"));
        }
        let Key { kind, en, zh, .. } = key;
        let rule = FieldRule { key: name, kind, labels, has_code: false, en, zh };
        let also = rule.also();
        self.profile.fields.push(rule);
        // What it fills besides stands behind it, unless the form has it anyway.
        let Builder { source, profile, .. } = self;
        for rule in also {
            let is_named = source.fields.iter().any(|(key, _)| key.text == rule.key);
            if !is_named && !profile.fields.iter().any(|other| other.key == rule.key) {
                profile.fields.push(rule);
            }
        }
    }

    /// What a key means: in the profile itself, or in the dictionary.
    fn key(&mut self, part: Part, name: &Text) -> Option<Key> {
        let own = self.source.keys.iter().find(|(other, key)| *other == part && key.name == name.text);
        let shared = defined(part, &name.text);
        if let (Some((_, own)), Some(shared)) = (own, shared)
            && own.kind != shared.kind
        {
            let message = format!(
                "\"{}\" is of type {} in every profile; take the definition out, or choose another key",
                name.text,
                shared.kind.name()
            );
            self.mistakes.add(name.at, message);
        }
        let found = own.map(|(_, key)| key).or(shared).cloned();
        if found.is_none() {
            let table = part.table();
            let define = format!("define it: [{table}.{}] with type, en and zh", name.text);
            let message = match similar(part, &name.text) {
                _ if !is_key(&name.text) => "a key is lower-case letters, digits and _".to_owned(),
                Some(hint) => format!("{hint} Or {define}"),
                None => define,
            };
            self.mistakes.add(name.at, format!("unknown key \"{}\"; {message}", name.text));
        }
        found
    }

    fn some_labels(&mut self, name: &Text, labels: &[Text]) {
        if labels.is_empty() {
            self.mistakes.add(name.at, format!("\"{}\" has no label; list what the form prints", name.text));
        }
    }

    fn insert(&mut self, map: &mut FxHashMap<String, usize>, key: Option<String>, value: usize, text: &Text) {
        if let Some(key) = key
            && *map.entry(key).or_insert(value) != value
        {
            self.mistakes.add(text.at, format!("\"{}\" is listed twice; take one out", text.text));
        }
    }

    fn word(&mut self, text: &Text) -> Option<String> {
        self.folded(text).and_then(|folded| fold_word(&folded))
    }

    fn folded(&mut self, text: &Text) -> Option<String> {
        let folded = fold(&text.text);
        if folded.is_none() {
            self.mistakes.add(text.at, format!("\"{}\" is blank or too long to be compared", text.text));
        }
        folded
    }
}

/// The key where a row and a column meet.
fn crossed(row: &Key, column: &Key) -> Key {
    Key {
        name: format!("{}_{}", row.name, column.name),
        kind: column.kind,
        en: format!("{}: {}", row.en, column.en),
        zh: format!("{}：{}", row.zh, column.zh),
    }
}

/// Stands for a key that is a mistake.
fn unnamed(name: &str) -> Key {
    Key { name: name.to_owned(), kind: Kind::Text, en: String::new(), zh: String::new() }
}

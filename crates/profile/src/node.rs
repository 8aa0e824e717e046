//! TOML text → tables whose every mistake is collected with its place.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a profile, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// Line of the TOML text, from 1.
    pub line: usize,
    /// Column of the TOML text, in characters from 1.
    pub column: usize,
    /// What is wrong and what to do, lower case.
    pub message: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProfileError { line, column, message } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

impl std::error::Error for ProfileError {}

/// A text of the file with its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Where it begins, in bytes.
    pub(crate) at: usize,
}

/// The mistakes of one file.
pub(crate) struct Mistakes<'s> {
    source: &'s str,
    found: Vec<(usize, String)>,
    /// Whether the file is no TOML: what it seems to lack may stand behind the
    /// place where it breaks.
    is_broken: bool,
}

impl<'s> Mistakes<'s> {
    /// Of a file with this text.
    pub(crate) fn new(source: &'s str) -> Self {
        Mistakes { source, found: Vec::new(), is_broken: false }
    }

    /// Notes a mistake at this byte.
    pub(crate) fn add(&mut self, at: usize, message: impl Into<String>) {
        if !self.is_broken {
            self.found.push((at, message.into()));
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them, in the order of the file.
    pub(crate) fn finish(mut self) -> Vec<ProfileError> {
        self.found.sort();
        self.found.dedup();
        let (mut line, mut column, mut seen) = (1, 1, 0);
        let mut placed = Vec::new();
        for (at, message) in self.found {
            // One walk over the file serves all mistakes.
            let at = at.min(self.source.len());
            for c in self.source[seen..at].chars() {
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            seen = at;
            placed.push(ProfileError { line, column, message });
        }
        placed
    }
}

/// A table of the file. What is not asked for by name is a mistake.
pub(crate) struct Node<'t, 's> {
    table: &'t DeTable<'s>,
    /// Where the table begins.
    pub(crate) at: usize,
    known: HashSet<&'static str>,
}

/// Reads the file's top table, hands it over, and notes what is no TOML.
pub(crate) fn read_tree<T>(
    source: &str,
    mistakes: &mut Mistakes<'_>,
    read: impl FnOnce(&mut Node<'_, '_>, &mut Mistakes<'_>) -> T,
) -> T {
    let (tree, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        mistakes.add(error.span().map_or(0, |span| span.start), error.message().to_lowercase());
    }
    mistakes.is_broken = !mistakes.is_empty();
    let mut node = Node::new(tree.get_ref(), 0);
    let value = read(&mut node, mistakes);
    node.finish(mistakes);
    value
}

impl<'t, 's> Node<'t, 's> {
    fn new(table: &'t DeTable<'s>, at: usize) -> Self {
        Node { table, at, known: HashSet::new() }
    }

    /// A text; none if there is no such key.
    pub(crate) fn text(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) -> Option<Text> {
        text(self.get(key)?, key, mistakes)
    }

    /// Yes or no; no if there is no such key.
    pub(crate) fn flag(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) -> bool {
        let Some(value) = self.get(key) else { return false };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            mistakes.add(value.span().start, format!("\"{key}\" must be true or false"));
        }
        flag.unwrap_or(false)
    }

    /// A list of texts; an empty one if there is no such key.
    pub(crate) fn texts(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) -> Vec<Text> {
        self.get(key).map_or_else(Vec::new, |value| texts(value, key, mistakes))
    }

    /// A table of lists of texts, in the order of the file.
    pub(crate) fn lists(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) -> Vec<(Text, Vec<Text>)> {
        let entry = |(name, value): (Text, &Spanned<DeValue<'_>>), mistakes: &mut Mistakes<'_>| {
            let list = texts(value, &name.text, mistakes);
            (name, list)
        };
        self.entries(key, mistakes).into_iter().map(|named| entry(named, mistakes)).collect()
    }

    /// A table of tables, each read by `read`, in the order of the file.
    pub(crate) fn tables<T>(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
        mut read: impl FnMut(Text, &mut Node<'_, '_>, &mut Mistakes<'_>) -> T,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for (name, value) in self.entries(key, mistakes) {
            let Some(table) = table(value, &name.text, mistakes) else { continue };
            let mut node = Node::new(table, value.span().start);
            all.push(read(name, &mut node, mistakes));
            node.finish(mistakes);
        }
        all
    }

    /// The tables of a list (`[[key]]`), each read by `read`.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
        mut read: impl FnMut(&mut Node<'_, '_>, &mut Mistakes<'_>) -> T,
    ) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            mistakes.add(value.span().start, format!("\"{key}\" must be a list of tables; write [[{key}]]"));
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in items.iter() {
            let Some(table) = table(item, key, mistakes) else { continue };
            let mut node = Node::new(table, item.span().start);
            all.push(read(&mut node, mistakes));
            node.finish(mistakes);
        }
        all
    }

    /// A table inside this one, read by `read`; none if there is no such key.
    pub(crate) fn inside<T>(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
        read: impl FnOnce(&mut Node<'_, '_>, &mut Mistakes<'_>) -> T,
    ) -> Option<T> {
        let value = self.get(key)?;
        let mut node = Node::new(table(value, key, mistakes)?, value.span().start);
        let inside = read(&mut node, mistakes);
        node.finish(mistakes);
        Some(inside)
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.known.insert(key);
        self.table.get(key)
    }

    fn entries(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<(Text, &'t Spanned<DeValue<'s>>)> {
        let Some(table) = self.get(key).and_then(|value| table(value, key, mistakes)) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = table.iter().map(|(name, value)| (name_of(name), value)).collect();
        entries.sort_by_key(|(name, _)| name.at);
        entries
    }

    fn finish(self, mistakes: &mut Mistakes<'_>) {
        for (name, _) in self.table.iter() {
            let Text { text, at } = name_of(name);
            if !self.known.contains(&*text) {
                let mut known: Vec<&str> = self.known.iter().copied().collect();
                known.sort_unstable();
                let hint = did_you_mean(&text, known.iter().copied())
                    .unwrap_or_else(|| format!("there are: {}", known.join(", ")));
                mistakes.add(at, format!("unknown key \"{text}\"; {hint}"));
            }
        }
    }
}

/// `did you mean "name"?` for the name that is closest to a mistyped one, if
/// any is close.
pub(crate) fn did_you_mean<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    if word.len() > 100 {
        return None;
    }
    let (distance, name) = names.map(|name| (distance(word, name), name)).min()?;
    (distance <= 1 + word.chars().count() / 4).then(|| format!("did you mean \"{name}\"?"))
}

/// How many letters have to be changed, added or removed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = (corner + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()]
}

fn name_of(name: &Spanned<std::borrow::Cow<'_, str>>) -> Text {
    Text { text: name.get_ref().to_string(), at: name.span().start }
}

fn table<'t, 's>(
    value: &'t Spanned<DeValue<'s>>,
    key: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<&'t DeTable<'s>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        let Range { start, .. } = value.span();
        mistakes.add(start, format!("\"{key}\" must be a table; write [{key}] and its keys below"));
    }
    table
}

fn text(value: &Spanned<DeValue<'_>>, key: &str, mistakes: &mut Mistakes<'_>) -> Option<Text> {
    let at = value.span().start;
    let text = value.get_ref().as_str();
    if text.is_none() {
        mistakes.add(at, format!("\"{key}\" must be a text; put it in quotation marks"));
    }
    text.map(|text| Text { text: text.to_owned(), at })
}

fn texts(value: &Spanned<DeValue<'_>>, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<Text> {
    match value.get_ref().as_array() {
        Some(items) => items.iter().filter_map(|item| text(item, key, mistakes)).collect(),
        None => {
            mistakes.add(value.span().start, format!("\"{key}\" must be a list of texts: [\"…\", \"…\"]"));
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_offered() {
        #[track_caller]
        fn check(word: &str, expected: Option<&str>) {
            let names = ["titles", "fields", "project_name"];
            let hint = did_you_mean(word, names.into_iter());
            assert_eq!(hint, expected.map(|name| format!("did you mean \"{name}\"?")));
        }
        check("title", Some("titles"));
        check("feilds", Some("fields"));
        check("projectname", Some("project_name"));
        check("columns", None);
    }
}

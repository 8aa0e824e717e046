//! The dictionary of keys: what each key means, the same in every profile.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::Kind;
use crate::lookup::{find_label, label_key};
use crate::node::{Mistakes, Node, ProfileError, Text, did_you_mean, read_tree};

/// What a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key, snake_case English.
    pub name: String,
    /// How its text is read.
    pub kind: Kind,
    /// What it means, in English.
    pub en: String,
    /// What it means, in Chinese.
    pub zh: String,
}

/// The dictionary that all profiles share.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// The fields of records, in the order of the file.
    pub fields: Vec<Key>,
    /// The rows of tables: a row's key with `_` and a column's is a field's key.
    /// Their type is of no account.
    pub rows: Vec<Key>,
    /// The columns of tables and of indicator grids.
    pub columns: Vec<Key>,
    /// Labels that mean a field's key in every profile that has the field,
    /// unless the profile says otherwise.
    pub labels: Vec<(String, Vec<String>)>,
}

/// The part of the dictionary that a key stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Field,
    Row,
    Column,
}

impl Part {
    /// The name of its table in TOML.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Part::Field => "keys",
            Part::Row => "rows",
            Part::Column => "columns",
        }
    }
}

/// Keys by their part and name.
type Index = HashMap<(Part, String), Key>;

static DICTIONARY: LazyLock<(Dictionary, Index)> = LazyLock::new(|| {
    let source = include_str!("../../../profiles/keys.toml");
    let dictionary = read(source).unwrap_or_else(|mistakes| panic!("keys.toml does not read: {mistakes:?}"));
    let Dictionary { fields, rows, columns, .. } = &dictionary;
    let parts = [(Part::Field, fields), (Part::Row, rows), (Part::Column, columns)];
    let each = parts.into_iter().flat_map(|(part, keys)| keys.iter().map(move |key| (part, key)));
    let index = each.map(|(part, key)| ((part, key.name.clone()), key.clone())).collect();
    (dictionary, index)
});

/// The dictionary that is compiled into formgrid.
///
/// # Panics
/// Never: a test reads it.
pub fn dictionary() -> &'static Dictionary {
    &DICTIONARY.0
}

/// Whether a text is a label that the dictionary has for some key, whether or
/// not a profile has the key.
pub fn is_shared_label(text: &str) -> bool {
    static LABELS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let labels = dictionary().labels.iter().flat_map(|(_, labels)| labels);
        labels.filter_map(|label| label_key(label)).collect()
    });
    find_label(text, |label| LABELS.contains(label).then_some(())).is_some()
}

/// A key of the dictionary.
pub(crate) fn defined(part: Part, name: &str) -> Option<&'static Key> {
    DICTIONARY.1.get(&(part, name.to_owned()))
}

/// The key of the dictionary that is closest to a mistyped one.
pub(crate) fn similar(part: Part, name: &str) -> Option<String> {
    let Dictionary { fields, rows, columns, .. } = dictionary();
    let keys = match part {
        Part::Field => fields,
        Part::Row => rows,
        Part::Column => columns,
    };
    did_you_mean(name, keys.iter().map(|key| &*key.name))
}

/// Reads the definitions of a file: of the dictionary, or of a profile that has
/// keys of its own.
pub(crate) fn read_keys(part: Part, node: &mut Node<'_, '_>, mistakes: &mut Mistakes<'_>) -> Vec<Key> {
    let keys = node.tables(part.table(), mistakes, |name, node, mistakes| {
        if !is_key(&name.text) {
            let message = format!("\"{}\" is no key; write lower-case letters, digits and _", name.text);
            mistakes.add(name.at, message);
        }
        let kind = match part {
            Part::Row => Some(Kind::Text),
            Part::Field | Part::Column => {
                let at = node.at;
                let kind = node.text("type", mistakes);
                if kind.is_none() {
                    mistakes.add(at, format!("\"{}\" has no type; it is one of {}", name.text, types()));
                }
                kind.and_then(|kind| read_kind(&kind, mistakes))
            }
        };
        let mut meaning = |language| {
            let text = node.text(language, mistakes);
            if text.is_none() {
                mistakes.add(name.at, format!("\"{}\" needs \"{language}\": say what it means", name.text));
            }
            text.map(|text| text.text)
        };
        let (en, zh) = (meaning("en"), meaning("zh"));
        Some(Key { name: name.text.clone(), kind: kind?, en: en?, zh: zh? })
    });
    keys.into_iter().flatten().collect()
}

/// Whether a name is snake_case.
pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn read_kind(kind: &Text, mistakes: &mut Mistakes<'_>) -> Option<Kind> {
    let found = Kind::ALL.into_iter().find(|known| known.name() == kind.text);
    if found.is_none() {
        let names = Kind::ALL.into_iter().map(Kind::name);
        let hint = did_you_mean(&kind.text, names).unwrap_or_else(|| format!("there are: {}", types()));
        mistakes.add(kind.at, format!("unknown type \"{}\"; {hint}", kind.text));
    }
    found
}

fn types() -> String {
    Kind::ALL.map(Kind::name).join(", ")
}

/// A key with its labels, without their places.
fn plain((key, labels): (Text, Vec<Text>)) -> (String, Vec<String>) {
    (key.text, labels.into_iter().map(|label| label.text).collect())
}

fn read(source: &str) -> Result<Dictionary, Vec<ProfileError>> {
    let mut mistakes = Mistakes::new(source);
    let dictionary = read_tree(source, &mut mistakes, |node, mistakes| Dictionary {
        fields: read_keys(Part::Field, node, mistakes),
        rows: read_keys(Part::Row, node, mistakes),
        columns: read_keys(Part::Column, node, mistakes),
        labels: node.lists("labels", mistakes).into_iter().map(plain).collect(),
    });
    if mistakes.is_empty() { Ok(dictionary) } else { Err(mistakes.finish()) }
}

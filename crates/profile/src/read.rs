//! TOML text → profile. Unknown keys and empty lists are errors, not shrugs.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserialize;

use crate::pattern::Pattern;
use crate::{Column, FieldRule, GridRule, Horizon, Kind, Level, Profile, fold, fold_word};

/// What is wrong with a profile, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError {
    /// Line of the TOML text, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column of the TOML text, in characters from 1.
    pub column: usize,
    /// What is wrong and what to do, lower case.
    pub message: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}, column {}: {}", self.column, self.message),
        }
    }
}

impl std::error::Error for ProfileError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: toml::Spanned<String>,
    title: String,
    description: String,
    titles: Vec<toml::Spanned<String>>,
    #[serde(default)]
    headings: Vec<toml::Spanned<String>>,
    field: Vec<toml::Spanned<FieldSource>>,
    grid: GridSource,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldSource {
    key: String,
    #[serde(rename = "type")]
    kind: KindSource,
    #[serde(default)]
    labels: Vec<toml::Spanned<String>>,
    en: String,
    zh: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum KindSource {
    Text,
    Date,
    Boolean,
    Integer,
    Number,
    Percent,
    Money,
    Choice,
    Coded,
    Period,
    Title,
    Year,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GridSource {
    level: Vec<LevelSource>,
    column: Vec<toml::Spanned<ColumnSource>>,
    #[serde(default)]
    horizon: Vec<toml::Spanned<HorizonSource>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HorizonSource {
    key: String,
    headings: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelSource {
    headers: Vec<toml::Spanned<String>>,
    #[serde(default)]
    words: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnSource {
    key: String,
    headers: Vec<toml::Spanned<String>>,
}

/// Reads a profile.
pub(crate) fn read(text: &str) -> Result<Profile, ProfileError> {
    let fail = |at: usize, message: String| {
        let before = &text[..at.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ProfileError { line, column, message }
    };
    let source: Source = toml::from_str(text).map_err(|error| match error.span() {
        Some(span) => fail(span.start, error.message().to_owned()),
        None => ProfileError { line: 0, column: 0, message: error.message().to_owned() },
    })?;
    let start = source.name.span().start;
    let name = source.name.into_inner();
    if !is_name(&name, '-') {
        return Err(fail(
            start,
            format!("\"{name}\" is no name; write lower-case letters, digits and hyphens"),
        ));
    }

    let fold_each = |texts: &[toml::Spanned<String>], fold: fn(&str) -> Option<String>| {
        let each = texts.iter().map(|text| {
            let blank = || fail(text.span().start, format!("\"{}\" is blank or too long", text.get_ref()));
            fold(text.get_ref()).ok_or_else(blank)
        });
        each.collect::<Result<HashSet<String>, ProfileError>>()
    };
    let patterns = |texts: &[toml::Spanned<String>]| {
        let each = texts.iter().map(|text| {
            let blank = || fail(text.span().start, format!("\"{}\" is blank or too long", text.get_ref()));
            Pattern::new(text.get_ref()).ok_or_else(blank)
        });
        each.collect::<Result<Vec<Pattern>, ProfileError>>()
    };

    let mut fields: Vec<FieldRule> = Vec::new();
    let mut labels: HashMap<String, usize> = HashMap::new();
    for spanned in &source.field {
        let field = spanned.get_ref();
        let at = spanned.span().start;
        if !is_name(&field.key, '_') {
            return Err(fail(at, format!("\"{}\" is no key; write snake_case English", field.key)));
        }
        if fields.iter().any(|other| other.key == field.key) {
            return Err(fail(at, format!("the key \"{}\" is used twice; merge the two fields", field.key)));
        }
        let is_caption = matches!(field.kind, KindSource::Title | KindSource::Year);
        if field.labels.is_empty() != is_caption {
            let hint =
                if is_caption { "is read from the caption; leave out its labels" } else { "needs a label" };
            return Err(fail(at, format!("the field \"{}\" {hint}", field.key)));
        }
        for label in &field.labels {
            let at = label.span().start;
            let folded = fold(label.get_ref())
                .ok_or_else(|| fail(at, "a label must not be blank or too long".into()))?;
            if let Some(other) = labels.insert(folded, fields.len()).filter(|&other| other != fields.len()) {
                let other = &fields[other].key;
                return Err(fail(
                    at,
                    format!("the label \"{}\" already belongs to \"{other}\"", label.get_ref()),
                ));
            }
        }
        let rule = FieldRule {
            key: field.key.clone(),
            kind: field.kind.into(),
            labels: field.labels.iter().map(|label| label.get_ref().clone()).collect(),
            en: field.en.clone(),
            zh: field.zh.clone(),
        };
        let also = rule.also();
        fields.push(rule);
        // What it fills besides stands behind it, unless the form has it anyway.
        for rule in also {
            let is_named = source.field.iter().any(|other| other.get_ref().key == rule.key);
            if !is_named && !fields.iter().any(|other| other.key == rule.key) {
                fields.push(rule);
            }
        }
    }

    let mut grid = GridRule::default();
    for level in &source.grid.level {
        grid.levels.push(Level {
            headers: fold_each(&level.headers, fold)?,
            words: fold_each(&level.words, fold_word)?,
        });
    }
    for spanned in &source.grid.column {
        let column = spanned.get_ref();
        if !is_name(&column.key, '_') {
            let message = format!("\"{}\" is no key; write snake_case English", column.key);
            return Err(fail(spanned.span().start, message));
        }
        grid.columns.push(Column { key: column.key.clone(), headers: fold_each(&column.headers, fold)? });
    }
    for spanned in &source.grid.horizon {
        let horizon = spanned.get_ref();
        if !is_name(&horizon.key, '_') {
            let message = format!("\"{}\" is no key; write snake_case English", horizon.key);
            return Err(fail(spanned.span().start, message));
        }
        let headings = fold_each(&horizon.headings, fold)?;
        grid.horizons.push(Horizon { key: horizon.key.clone(), headings });
    }
    if grid.levels.is_empty() || !grid.columns.iter().any(|column| column.key == "target") {
        return Err(fail(start, "the grid needs a level and a column with the key \"target\"".into()));
    }

    Ok(Profile {
        name,
        title: source.title,
        description: source.description,
        fields,
        grid,
        titles: patterns(&source.titles)?,
        headings: patterns(&source.headings)?,
        labels,
    })
}

impl From<KindSource> for Kind {
    fn from(kind: KindSource) -> Kind {
        match kind {
            KindSource::Text => Kind::Text,
            KindSource::Date => Kind::Date,
            KindSource::Boolean => Kind::Boolean,
            KindSource::Integer => Kind::Integer,
            KindSource::Number => Kind::Number,
            KindSource::Percent => Kind::Percent,
            KindSource::Money => Kind::Money,
            KindSource::Choice => Kind::Choice,
            KindSource::Coded => Kind::Coded,
            KindSource::Period => Kind::Period,
            KindSource::Title => Kind::Title,
            KindSource::Year => Kind::Year,
        }
    }
}

fn is_name(text: &str, joint: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let good = crate::builtin_sources()[0].1;
        assert!(good.contains(from), "the profile has no {from}");
        let error = read(&good.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        check(
            "key = \"project_category\"",
            "key = \"project_name\"",
            "line 49, column 1: the key \"project_name\" is used twice; merge the two fields",
        );
    }
}

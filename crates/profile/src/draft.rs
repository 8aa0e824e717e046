//! A profile to start from, as TOML.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::keys::{Part, defined};
use crate::lookup::{header_key, label_key, unit_line};

/// What is known of a form, before a person has named its parts.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its title.
    pub title: Option<String>,
    /// Lines of its caption that are no data.
    pub headings: Vec<String>,
    /// What stands left of the grid and is no level.
    pub sides: Vec<String>,
    /// Its labels, each with its key if it has one.
    pub fields: Vec<(Option<String>, String)>,
    /// In a list of projects, the columns left of the first level, each with the
    /// key of its field if it has one.
    pub projects: Vec<(Option<String>, String)>,
    /// The levels of its grid.
    pub levels: Vec<DraftLevel>,
    /// The columns behind the levels, each with its key if it has one.
    pub columns: Vec<(Option<String>, String)>,
}

/// A level of the grid.
#[derive(Debug, Clone, Default)]
pub struct DraftLevel {
    /// Its header.
    pub header: String,
    /// The words seen in it.
    pub words: Vec<String>,
}

impl Draft {
    /// The profile as TOML text, which passes `profiles check`.
    pub fn to_toml(&self) -> String {
        let Draft { title, headings, sides, fields, projects, levels, columns } = self;
        let title = title.as_deref().unwrap_or("未命名表格");
        let mut toml = String::from(
            "# A draft: rename the form and its keys (field_1, column_1, …), use the keys of\n\
             # `formgrid profiles keys` where they mean the same, and take out what is no label.\n\n",
        );
        let out = &mut toml;
        let _ = writeln!(out, "name = \"my-form\"\ntitle = {}", quoted(title));
        let _ = writeln!(out, "description = \"What the form is for\"\n\ntitles = [{}]", quoted(title));
        for (name, texts) in [("headings", headings), ("sides", sides)] {
            let mut seen = HashSet::new();
            let fresh = texts.iter().filter(|text| label_key(text).is_some_and(|key| seen.insert(key)));
            let texts: Vec<String> = fresh.map(|text| unspaced(text)).collect();
            if !texts.is_empty() {
                let _ = writeln!(out, "{name} = {}", list(&texts));
            }
        }
        let mut own = Vec::new();
        let fields = named(fields, Part::Field, "field", label_key, &mut own);
        let projects = named(projects, Part::Field, "field", header_key, &mut own);
        let mut columns = named(columns, Part::Column, "column", header_key, &mut own);
        // Some column is the target: the first, if none is known to be.
        if !columns.iter().any(|(key, _)| key == "target")
            && let Some((key, _)) = columns.first_mut()
        {
            own.retain(|(_, other, _)| other != key);
            key.clear();
            key.push_str("target");
        }
        if !fields.is_empty() {
            let _ = writeln!(out, "\n[fields]");
            entries(out, &fields);
        }
        if !projects.is_empty() {
            let _ = writeln!(out, "\n[grid.projects]");
            entries(out, &projects);
        }
        for DraftLevel { header, words } in levels {
            let _ = writeln!(out, "\n[[grid.level]]\nheaders = [{}]", quoted(header));
            if !words.is_empty() {
                let _ = writeln!(out, "words = {}", list(words));
            }
        }
        if !levels.is_empty() {
            let _ = writeln!(out, "\n[grid.columns]");
            if columns.is_empty() {
                let _ = writeln!(out, "target = [\"指标值\"]");
            }
            entries(out, &columns);
        }
        for (part, key, label) in own.iter().filter(|(part, ..)| *part == Part::Field || !levels.is_empty()) {
            // A label that names a unit of money has amounts beside it.
            let kind = if unit_line(label).is_some() { "money" } else { "text" };
            let label = quoted(label.trim_end_matches([':', '：']));
            let _ =
                writeln!(out, "\n[{}.{key}]\ntype = \"{kind}\"\nen = {label}\nzh = {label}", part.table());
        }
        toml
    }
}

/// Each key with its texts; what has no key gets a number, and is to be defined.
fn named(
    items: &[(Option<String>, String)],
    part: Part,
    stem: &str,
    fold: fn(&str) -> Option<String>,
    own: &mut Vec<(Part, String, String)>,
) -> Vec<(String, Vec<String>)> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen = HashSet::new();
    for (key, text) in items {
        if !fold(text).is_some_and(|folded| seen.insert(folded)) {
            continue;
        }
        let text = unspaced(text);
        let key = key.clone().filter(|key| defined(part, key).is_some()).unwrap_or_else(|| {
            let key = format!("{stem}_{}", own.iter().filter(|(other, ..)| *other == part).count() + 1);
            own.push((part, key.clone(), text.clone()));
            key
        });
        match named.iter_mut().find(|(other, _)| *other == key) {
            Some((_, texts)) => texts.push(text),
            None => named.push((key, vec![text])),
        }
    }
    named
}

/// A text without blanks and line breaks, which are not compared.
fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn entries(out: &mut String, entries: &[(String, Vec<String>)]) {
    for (key, texts) in entries {
        let _ = writeln!(out, "{key} = {}", list(texts));
    }
}

fn list<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profiles;

    #[test]
    fn a_draft_is_a_profile() {
        let draft = Draft {
            title: Some("某省\"项目\"绩效表".into()),
            headings: vec!["（2024年度）".into()],
            sides: vec!["绩效\n指标".into()],
            fields: vec![
                (Some("project_name".into()), "项目名称".into()),
                (None, "联系单位：".into()),
                (None, "联系单位".into()),
            ],
            projects: vec![(Some("project_name".into()), "项目".into())],
            levels: vec![DraftLevel { header: "一级指标".into(), words: vec!["产出指标".into()] }],
            columns: vec![(None, "考核标准".into()), (None, "责任处室".into())],
        };
        let toml = draft.to_toml();
        let mut profiles = Profiles::builtin();
        let profile = profiles.add(&toml).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"));
        let keys: Vec<&str> = profile.fields.iter().map(|field| &*field.key).collect();
        assert_eq!(keys, ["title", "year", "project_name", "field_1"]);
        let columns: Vec<&str> = profile.grid.columns.iter().map(|column| &*column.key).collect();
        assert_eq!(columns, ["target", "column_2"]);
    }
}

//! The fields of a record while it is filled.

use formgrid_model::{Cell, Diagnostic, Field, Problem, Unmapped, Value};
use formgrid_profile::{Kind, Profile};

use crate::pairs::Pair;
use crate::place::place;
use crate::value::{expected, parse_value};

/// Fields, unmapped texts and diagnostics, as far as they are known.
pub(crate) struct Fields<'p> {
    profile: &'p Profile,
    fields: Vec<Field>,
    /// Whether the field's label was seen.
    seen: Vec<bool>,
    pub(crate) unmapped: Vec<Unmapped>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'p> Fields<'p> {
    /// All fields of a profile, none of them seen.
    pub(crate) fn new(profile: &'p Profile) -> Self {
        let field =
            |rule: &formgrid_profile::FieldRule| Field { key: rule.key.clone(), value: None, place: None };
        Fields {
            profile,
            fields: profile.fields.iter().map(field).collect(),
            seen: vec![false; profile.fields.len()],
            unmapped: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Takes a label with its value. Returns whether the text went into a field;
    /// otherwise it is in `unmapped`, unless there is none.
    pub(crate) fn put(&mut self, pair: &Pair, cell: &Cell<'_>) -> bool {
        let Some(label) = pair.known else {
            self.unmap(Some(&pair.label), &pair.text, cell);
            return false;
        };
        let rule = &self.profile.fields[label.field];
        if self.seen[label.field] {
            let is_same = self.fields[label.field].value == parse_value(&pair.text, rule.kind, label.unit);
            if !is_same || pair.text.is_empty() {
                let problem = Problem::DuplicateLabel { label: pair.label.clone() };
                self.diagnostics.push(Diagnostic::at_cell(problem, cell.line, cell.column));
            }
            self.unmap(Some(&pair.label), &pair.text, cell);
            return false;
        }
        self.seen[label.field] = true;
        let field = &mut self.fields[label.field];
        field.place = Some(place(cell));
        if pair.text.is_empty() {
            return true;
        }
        field.value = parse_value(&pair.text, rule.kind, label.unit);
        if field.value.is_none() {
            let problem = Problem::UnparsedValue {
                key: rule.key.clone(),
                text: pair.text.clone(),
                expected: expected(rule.kind),
            };
            self.diagnostics.push(Diagnostic::at_cell(problem, cell.line, cell.column));
        }
        true
    }

    /// Sets what a caption tells; the first one counts. Returns whether it did.
    pub(crate) fn put_caption(&mut self, kind: Kind, value: Value, cell: &Cell<'_>) -> bool {
        let Some(index) = self.profile.fields.iter().position(|rule| rule.kind == kind) else { return false };
        if self.fields[index].value.is_some() {
            return false;
        }
        self.seen[index] = true;
        self.fields[index].value = Some(value);
        self.fields[index].place = Some(place(cell));
        true
    }

    /// Keeps a text that has no field.
    pub(crate) fn unmap(&mut self, label: Option<&str>, text: &str, cell: &Cell<'_>) {
        let label = label.map(|label| label.trim_end_matches([':', '：']).trim_end().to_owned());
        self.unmapped.push(Unmapped { label, text: text.to_owned(), place: place(cell) });
    }

    /// The fields, the unmapped texts and the diagnostics; fields whose label
    /// was not seen are reported at `line`.
    pub(crate) fn finish(mut self, line: u32) -> (Vec<Field>, Vec<Unmapped>, Vec<Diagnostic>) {
        for (field, seen) in self.fields.iter().zip(&self.seen) {
            if !seen {
                let problem = Problem::MissingField { key: field.key.clone() };
                self.diagnostics.push(Diagnostic::at_line(problem, line));
            }
        }
        (self.fields, self.unmapped, self.diagnostics)
    }
}

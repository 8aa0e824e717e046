//! The fields of a record while it is filled.

use formgrid_model::{Cell, Diagnostic, Field, Place, Problem, Unmapped, Value};
use formgrid_profile::{GENERIC, Kind, Label, MoneyUnit, Profile, fold, unit_line};

use crate::pairs::Pair;
use crate::place::place;
use crate::value::{expected, parse_also, parse_value, stands_for_nothing};

/// Labels of the unit of money, folded.
const UNITS: [&str; 4] = ["单位", "金额单位", "货币单位", "资金单位"];

/// Whether a label names the unit of money, and nothing else.
pub(crate) fn is_unit_label(label: &str) -> bool {
    // `单位` alone may be that of an office.
    fold(label).is_some_and(|label| label != UNITS[0] && UNITS.contains(&&*label))
}

/// Fields, unmapped texts and diagnostics, as far as they are known.
#[derive(Clone)]
pub(crate) struct Fields<'p> {
    profile: &'p Profile,
    fields: Vec<Field>,
    seen: Vec<Seen>,
    /// The unit of the amounts whose label names none: `金额单位：万元`.
    unit: Option<MoneyUnit>,
    /// The unit that a label named last. Where nothing else names one, it holds
    /// for the parts below a total: `部门预算总额（万元）`, `其中：单位资金`.
    label_unit: Option<MoneyUnit>,
    /// The blocks of labels that have begun, each with the column of the label
    /// that opened it, in the order of the form.
    blocks: Vec<(usize, u32)>,
    pub(crate) unmapped: Vec<Unmapped>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// How far a field's label was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    No,
    /// With nothing beside it.
    Blank,
    /// With a text, readable or not.
    Filled,
}

impl<'p> Fields<'p> {
    /// All fields of a profile, none of them seen.
    pub(crate) fn new(profile: &'p Profile) -> Self {
        let field =
            |rule: &formgrid_profile::FieldRule| Field { key: rule.key.clone(), value: None, place: None };
        Fields {
            profile,
            fields: profile.fields.iter().map(field).collect(),
            seen: vec![Seen::No; profile.fields.len()],
            unit: None,
            label_unit: None,
            blocks: Vec::new(),
            unmapped: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Takes the unit of money that a side label names.
    pub(crate) fn put_side(&mut self, unit: Option<MoneyUnit>) {
        self.unit = unit.or(self.unit);
    }

    /// Notes that the form has these fields, blank or not.
    pub(crate) fn see(&mut self, fields: &[usize]) {
        for &field in fields {
            self.seen[field] = if self.seen[field] == Seen::No { Seen::Blank } else { self.seen[field] };
        }
    }

    /// Takes a heading that may name the unit of the amounts below it.
    pub(crate) fn put_unit(&mut self, line: &str) {
        self.unit = unit_line(line).or(self.unit);
    }

    /// Takes a label that stands in this column, with its value. Returns whether
    /// the text went into a field; otherwise it is in `unmapped`, unless there is
    /// none.
    pub(crate) fn put(&mut self, pair: &Pair, column: u32, cell: &Cell<'_>) -> bool {
        let meaning = pair.known.and_then(|label| Some((self.meaning(label, column)?, label.unit)));
        let Some((field, unit)) = meaning else {
            // It holds for the amounts that follow, unless their label or cell
            // names another one.
            if fold(&pair.label).is_some_and(|label| UNITS.contains(&&*label)) {
                self.unit = fold(&pair.text).and_then(|unit| MoneyUnit::named(&unit)).or(self.unit);
            }
            self.unmap(Some(&pair.label), &pair.text, cell);
            return false;
        };
        if self.seen[field] == Seen::No {
            self.blocks.extend(self.profile.opened_by(field).map(|block| (block, column)));
        }
        self.put_text(field, &pair.label, &pair.text, unit, &place(cell))
    }

    /// Keeps a label of which nothing says whose it is, with its value, apart.
    /// Returns false, as where a text goes into no field.
    pub(crate) fn doubt(&mut self, pair: &Pair, cell: &Cell<'_>) -> bool {
        let problem = Problem::AmbiguousLabel { label: pair.label.clone() };
        self.diagnostics.push(Diagnostic::at_cell(problem, cell.line, cell.column));
        self.unmap(Some(&pair.label), &pair.text, cell);
        false
    }

    /// Takes the text of a field with the label that it stands under. Returns
    /// whether it went into the field; otherwise it is in `unmapped`.
    pub(crate) fn put_text(
        &mut self,
        index: usize,
        label: &str,
        text: &str,
        unit: Option<MoneyUnit>,
        at: &Place,
    ) -> bool {
        let rule = &self.profile.fields[index];
        self.label_unit = unit.or(self.label_unit);
        let unit = unit.or(self.unit).or(self.label_unit);
        match (self.seen[index], text.is_empty()) {
            (Seen::No | Seen::Blank, true) => {
                self.seen[index] = Seen::Blank;
                self.fields[index].place.get_or_insert_with(|| at.clone());
                self.put_also(index, "", at);
                return true;
            }
            // A label without a value says nothing, so that it neither keeps
            // the field nor doubts it.
            (_, true) => return true,
            (Seen::No | Seen::Blank, false) => self.seen[index] = Seen::Filled,
            (Seen::Filled, false) => {
                let is_same = self.says(index, text, unit);
                let problem = Problem::DuplicateLabel { label: label.to_owned(), is_same };
                self.diagnostics.push(Diagnostic::at_cell(problem, at.line, at.column));
                self.unmap_at(Some(label), text, at);
                return false;
            }
        }
        let field = &mut self.fields[index];
        field.place = Some(at.clone());
        field.value = parse_value(text, rule.reading(), unit);
        if field.value.is_none() {
            let (key, text) = (rule.key.clone(), text.to_owned());
            let problem = match stands_for_nothing(&text, rule.kind) {
                true => Problem::NoValue { key, text },
                false => Problem::UnparsedValue { key, text, expected: expected(rule.kind) },
            };
            self.diagnostics.push(Diagnostic::at_cell(problem, at.line, at.column));
        }
        self.put_also(index, text, at);
        true
    }

    /// Whether a text says what a field and those beside it have already.
    fn says(&self, index: usize, text: &str, unit: Option<MoneyUnit>) -> bool {
        let rule = &self.profile.fields[index];
        let value = |key: &str| self.fields.iter().find(|field| field.key == key).map(|field| &field.value);
        let also = parse_also(text, rule.reading());
        let mut beside = rule.also().into_iter().zip(also).filter(|(_, also)| also.is_some());
        self.fields[index].value.is_some()
            && self.fields[index].value == parse_value(text, rule.reading(), unit)
            && beside.all(|(rule, also)| value(&rule.key) == Some(&also))
    }

    /// Fills the fields that are read from the same cell, as far as no label of
    /// their own has.
    fn put_also(&mut self, field: usize, text: &str, at: &Place) {
        let rule = &self.profile.fields[field];
        for (also, value) in rule.also().iter().zip(parse_also(text, rule.reading())) {
            let of_key = |field: &Field| field.key == also.key;
            let Some(other) = self.fields.iter().position(of_key) else { continue };
            let (field, seen) = (&mut self.fields[other], &mut self.seen[other]);
            if field.value.is_none() {
                *seen = if *seen == Seen::No { Seen::Blank } else { *seen };
                field.place = value.is_some().then(|| at.clone()).or(field.place.take());
                field.value = value;
            }
        }
    }

    /// The field that a label in this column means: in the block that begins
    /// nearest to its left and does not have it yet. Where slots were dropped
    /// columns say little, so that what is there already goes before them.
    fn meaning(&self, label: Label, column: u32) -> Option<usize> {
        let meanings = self.profile.meanings(label);
        let plain =
            meanings.iter().filter(|meaning| meaning.block.is_none()).map(|meaning| (0, meaning.field));
        let in_blocks = self.blocks.iter().filter_map(|(block, at)| {
            let meaning = meanings.iter().find(|meaning| meaning.block == Some(*block))?;
            Some((*at, meaning.field))
        });
        let all = || plain.clone().chain(in_blocks.clone());
        let is_new = |field: usize| self.seen[field] == Seen::No;
        let nearest = |is_new_only: bool| {
            let left = all().filter(|(at, field)| *at <= column && (is_new(*field) || !is_new_only));
            left.reduce(|best, next| if next.0 >= best.0 { next } else { best })
        };
        let first_new = || all().find(|(_, field)| is_new(*field));
        nearest(true)
            .or_else(first_new)
            .or_else(|| nearest(false))
            .or_else(|| all().next())
            .map(|(_, field)| field)
    }

    /// Appends a line to a field that holds a text.
    pub(crate) fn append(&mut self, field: usize, line: &str) {
        if let Some(Value::Text(text)) = &mut self.fields[field].value {
            text.push('\n');
            text.push_str(line);
        }
    }

    /// The field's value, if it is a text.
    pub(crate) fn text(&self, field: usize) -> Option<&str> {
        match &self.fields[field].value {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Sets what a caption tells; the first one counts. Returns whether it did.
    pub(crate) fn put_caption(&mut self, kind: Kind, value: Value, cell: &Cell<'_>) -> bool {
        let Some(index) = self.profile.fields.iter().position(|rule| rule.kind == kind) else { return false };
        if self.fields[index].value.is_some() {
            return false;
        }
        self.seen[index] = Seen::Filled;
        self.fields[index].value = Some(value);
        self.fields[index].place = Some(place(cell));
        true
    }

    /// What a caption has told.
    pub(crate) fn caption(&self, kind: Kind) -> Option<&Value> {
        let index = self.profile.fields.iter().position(|rule| rule.kind == kind)?;
        self.fields[index].value.as_ref()
    }

    /// Keeps a text that has no field.
    pub(crate) fn unmap(&mut self, label: Option<&str>, text: &str, cell: &Cell<'_>) {
        self.unmap_at(label, text, &place(cell));
    }

    fn unmap_at(&mut self, label: Option<&str>, text: &str, at: &Place) {
        let label = label.map(|label| label.trim_end_matches([':', '：']).trim_end().to_owned());
        self.unmapped.push(Unmapped { label, text: text.to_owned(), place: at.clone() });
    }

    /// The same fields for another project of a list, without what was found
    /// on the way.
    pub(crate) fn without_findings(&self) -> Self {
        Fields { unmapped: Vec::new(), diagnostics: Vec::new(), ..self.clone() }
    }

    /// The fields, the unmapped texts and the diagnostics; fields whose label
    /// was not seen are reported at `line`, unless no form has all of them.
    pub(crate) fn finish(mut self, line: u32) -> (Vec<Field>, Vec<Unmapped>, Vec<Diagnostic>) {
        for (field, seen) in self.fields.iter().zip(&self.seen) {
            if *seen == Seen::No && self.profile.name != GENERIC {
                let problem = Problem::MissingField { key: field.key.clone() };
                self.diagnostics.push(Diagnostic::at_line(problem, line));
            }
        }
        (self.fields, self.unmapped, self.diagnostics)
    }
}

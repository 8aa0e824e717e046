//! What stands in each row of the public tables, in the order of their columns.

use std::borrow::Cow;

use formgrid_model::{Decoding, Diagnostic, Indicator, Origin, Place, Record, Severity, Target, Value};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::tables::{LEVELS, further_column, level_key};

/// What became of one document, for the table of documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'a> {
    /// The path as it was given or found; `-` for standard input.
    pub path: &'a str,
    /// The path inside a container.
    pub member: Option<&'a str>,
    /// SHA-256 in hexadecimal; none if the bytes could not be read.
    pub sha256: Option<&'a str>,
    /// How the bytes were decoded; none if they are no text.
    pub decoding: Option<Decoding>,
    /// Number of forms found.
    pub forms: u32,
    /// What became of it.
    pub status: Status,
    /// What is wrong with the document as a whole.
    pub diagnostics: &'a [Diagnostic],
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was read and has at least one form.
    Ok,
    /// It was read and has no form of a known profile.
    NoForm,
    /// It, or a part of it, could not be read.
    Error,
}

/// A value of a public table.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A day.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact number.
    Number(Decimal),
    /// A rough number.
    Real(f64),
}

impl<'a> Document<'a> {
    /// A document without forms, of which nothing but path and status is known.
    pub fn new(path: &'a str, status: Status) -> Self {
        Document { path, member: None, sha256: None, decoding: None, forms: 0, status, diagnostics: &[] }
    }
}

impl Status {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::NoForm => "no-form",
            Status::Error => "error",
        }
    }
}

pub(crate) fn document<'a>(document: &Document<'a>) -> Vec<Datum<'a>> {
    let Document { path, member, sha256, decoding, forms, status, diagnostics } = *document;
    let error = diagnostics.iter().find(|found| found.problem.severity() == Severity::Error);
    vec![
        text(path),
        maybe(member),
        maybe(sha256),
        maybe(decoding.map(|decoding| decoding.encoding)),
        maybe(decoding.map(|decoding| decoding.from.name())),
        offset(decoding.map(|decoding| decoding.undecodable)),
        offset(decoding.and_then(|decoding| decoding.first_undecodable)),
        Datum::Integer(forms.into()),
        text(status.name()),
        error.map_or(Datum::Null, |error| Datum::Text(error.problem.to_string().into())),
    ]
}

/// `fields` are the keys of all shapes, in the order of the columns.
pub(crate) fn project<'a>(record: &'a Record, fields: &[String]) -> Vec<Datum<'a>> {
    let Record { id, form, origin, fields: _, indicators: _, unmapped, diagnostics, account: _ } = record;
    let Origin { path, member, sha256, encoding, encoding_from, table, first_line, last_line } = origin;
    let mut row = vec![
        text(id),
        text(form),
        text(path),
        maybe(member.as_deref()),
        text(sha256),
        text(encoding),
        text(encoding_from.name()),
        Datum::Integer((*table).into()),
        Datum::Integer((*first_line).into()),
        Datum::Integer((*last_line).into()),
    ];
    row.extend(fields.iter().map(|key| {
        let field = record.fields.iter().find(|field| field.key == *key);
        field.and_then(|field| field.value.as_ref()).map_or(Datum::Null, value)
    }));
    let warnings = diagnostics.iter().filter(|found| found.problem.severity() >= Severity::Warning);
    row.push(count(unmapped.len()));
    row.push(count(warnings.count()));
    row
}

/// `levels` and `further` are those of all shapes.
pub(crate) fn indicator<'a>(
    id: &'a str,
    ordinal: usize,
    indicator: &'a Indicator,
    levels: usize,
    further: &[String],
) -> Vec<Datum<'a>> {
    let Indicator { levels: words, target, further: columns, line, repair, confidence } = indicator;
    let mut row = vec![text(id), count(ordinal)];
    row.extend((0..levels.max(LEVELS)).map(|level| {
        let part = words.get(level).and_then(Option::as_ref);
        maybe(part.map(|part| part.text.as_str()))
    }));
    match target {
        Some(Target { text: printed, comparison, value, unit, .. }) => row.extend([
            text(printed),
            maybe(comparison.map(|comparison| comparison.symbol())),
            value.map_or(Datum::Null, Datum::Number),
            maybe(unit.as_deref()),
        ]),
        None => row.extend([Datum::Null, Datum::Null, Datum::Null, Datum::Null]),
    }
    row.extend(further.iter().map(|key| {
        let column = columns.iter().find(|(name, _)| name == key);
        maybe(column.and_then(|(_, part)| part.as_ref()).map(|part| part.text.as_str()))
    }));
    row.push(maybe(repair.as_ref().map(|repair| repair.kind.name())));
    row.push(confidence.filter(|sure| *sure < 1.0).map_or(Datum::Null, Datum::Real));
    row.push(Datum::Integer((*line).into()));
    row
}

/// `further` are the keys that the table of indicators has columns for: what an
/// indicator has under others stands here, below its header.
pub(crate) fn unmapped<'a>(record: &'a Record, further: &[String]) -> impl Iterator<Item = Vec<Datum<'a>>> {
    let items = record.unmapped.iter().map(|item| (item.label.as_deref(), &*item.text, &item.place));
    let columns = record.indicators.iter().flat_map(|indicator| &indicator.further);
    let others = columns.filter(|(key, _)| !further.contains(key)).filter_map(|(key, part)| {
        let part = part.as_ref()?;
        Some((Some(&**key), &*part.text, &part.place))
    });
    let all: Vec<_> = items.chain(others).collect();
    (1..).zip(all).map(|(ordinal, (label, printed, place))| {
        let printed = Some(printed).filter(|text| !text.is_empty());
        let line = Datum::Integer(place.line.into());
        vec![text(&record.id), count(ordinal), maybe(label), maybe(printed), line]
    })
}

/// A diagnostic of a record, or with no `id` of a whole document.
pub(crate) fn diagnostic<'a>(
    id: Option<&'a str>,
    path: &'a str,
    member: Option<&'a str>,
    diagnostic: &Diagnostic,
) -> Vec<Datum<'a>> {
    let Diagnostic { problem, line, column } = diagnostic;
    vec![
        maybe(id),
        text(path),
        maybe(member),
        text(problem.code()),
        text(problem.severity().name()),
        Datum::Text(problem.to_string().into()),
        if *line == 0 { Datum::Null } else { Datum::Integer((*line).into()) },
        column.map_or(Datum::Null, |column| Datum::Integer(column.into())),
    ]
}

/// The places of all values of a record, in its order.
pub(crate) fn evidence<'a>(record: &'a Record, each: &mut dyn FnMut(Vec<Datum<'a>>)) {
    let mut add = |part: &'static str, ordinal: Option<usize>, key: Cow<'a, str>, place: &Place| {
        let Place { line, row, column, bytes } = place;
        let offset = |offset: Option<usize>| offset.map_or(Datum::Null, count);
        each(vec![
            text(&record.id),
            text(part),
            offset(ordinal),
            Datum::Text(key),
            Datum::Integer((*line).into()),
            Datum::Integer((*row).into()),
            Datum::Integer((*column).into()),
            offset(bytes.as_ref().map(|bytes| bytes.start)),
            offset(bytes.as_ref().map(|bytes| bytes.end)),
        ]);
    };
    for field in &record.fields {
        if let Some(place) = &field.place {
            add("fields", None, field.key.as_str().into(), place);
        }
    }
    for (ordinal, indicator) in (1..).zip(&record.indicators) {
        for (key, place) in places(indicator) {
            add("indicators", Some(ordinal), key.into(), place);
        }
    }
    for (ordinal, item) in (1..).zip(&record.unmapped) {
        add("unmapped", Some(ordinal), "text".into(), &item.place);
    }
}

/// The places of an indicator's parts, by the parts' keys.
pub(crate) fn places(indicator: &Indicator) -> impl Iterator<Item = (String, &Place)> {
    let levels = (1..)
        .zip(&indicator.levels)
        .filter_map(|(level, part)| part.as_ref().map(|part| (level_key(level), &part.place)));
    let target = indicator.target.iter().map(|target| ("target".to_owned(), &target.place));
    let further = indicator
        .further
        .iter()
        .filter_map(|(key, part)| part.as_ref().map(|part| (further_column(key), &part.place)));
    levels.chain(target).chain(further)
}

fn value(value: &Value) -> Datum<'_> {
    match value {
        Value::Text(printed) => text(printed),
        Value::Date(date) => Datum::Date(*date),
        Value::Boolean(truth) => Datum::Boolean(*truth),
        Value::Integer(number) => Datum::Integer(*number),
        Value::Number(amount) | Value::Money(amount) => Datum::Number(*amount),
    }
}

fn text(text: &str) -> Datum<'_> {
    Datum::Text(text.into())
}

fn maybe(text: Option<&str>) -> Datum<'_> {
    text.map_or(Datum::Null, |text| Datum::Text(text.into()))
}

fn offset(number: Option<u64>) -> Datum<'static> {
    number.map_or(Datum::Null, |number| Datum::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// No document holds more than 2⁶³ of anything.
fn count(count: usize) -> Datum<'static> {
    Datum::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

//! The JSON notation of a record, `formgrid.record/1`.
//!
//! With evidence three keys are added, and nothing else changes: `evidence` of
//! the record (behind `fields`: a place or null a field), of each indicator
//! (behind `line` and `repair`: a place a part that is there) and of each
//! unmapped text. A place is `{"line", "row", "column", "bytes": [from, to]}`.

use std::collections::HashSet;

use formgrid_model::{
    Diagnostic, Field, Indicator, Origin, Part, Place, Record, Repair, Target, Unmapped, Value,
};
use rust_decimal::Decimal;
use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use crate::rows::places;
use crate::tables::{LEVELS, further_column, level_key};

/// The version of the record's shape.
pub(crate) const SCHEMA: &str = "formgrid.record/1";

/// Appends the record as one line, without a line break.
pub(crate) fn write_line(into: &mut Vec<u8>, record: &Record, evidence: bool) {
    let written = serde_json::to_writer(&mut *into, &document(record, evidence));
    // Memory takes every byte, and every key above is a string.
    debug_assert!(written.is_ok(), "{written:?}");
}

/// Appends the record as an element of a pretty array, behind a comma and a
/// line break and without one at the end.
pub(crate) fn write_element(into: &mut Vec<u8>, record: &Record, evidence: bool) {
    let start = into.len();
    let written = serde_json::to_writer_pretty(&mut *into, &[document(record, evidence)]);
    debug_assert!(written.is_ok(), "{written:?}");
    // `[\n  {…}\n]` becomes `,\n  {…}`: the indentation of an element is right.
    if let Some(bracket) = into.get_mut(start) {
        *bracket = b',';
    }
    into.truncate(into.len().saturating_sub(2).max(start));
}

#[derive(Serialize)]
struct RecordJson<'a> {
    schema: &'static str,
    id: &'a str,
    form: &'a str,
    source: SourceJson<'a>,
    fields: Fields<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<FieldPlaces<'a>>,
    indicators: Vec<IndicatorJson<'a>>,
    unmapped: Vec<UnmappedJson<'a>>,
    diagnostics: Vec<DiagnosticJson>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    path: &'a str,
    member: Option<&'a str>,
    sha256: &'a str,
    encoding: &'a str,
    encoding_from: &'static str,
    table: u32,
    first_line: u32,
    last_line: u32,
}

#[derive(Serialize)]
struct TargetJson<'a> {
    text: &'a str,
    comparison: Option<&'static str>,
    value: Option<Number>,
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[Number; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate: Option<bool>,
}

#[derive(Serialize)]
struct RepairJson<'a> {
    kind: &'static str,
    note: &'a str,
}

#[derive(Serialize)]
struct UnmappedJson<'a> {
    label: Option<&'a str>,
    text: &'a str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<PlaceJson>,
}

#[derive(Serialize)]
struct DiagnosticJson {
    code: &'static str,
    severity: &'static str,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
struct PlaceJson {
    line: u32,
    row: u32,
    column: u32,
    bytes: Option<[usize; 2]>,
}

struct IndicatorJson<'a> {
    indicator: &'a Indicator,
    evidence: bool,
}

struct Fields<'a>(&'a [Field]);

struct FieldPlaces<'a>(&'a [Field]);

struct Places<'a>(&'a Indicator);

/// A decimal as a JSON number, digit by digit.
struct Number(Decimal);

fn document(record: &Record, evidence: bool) -> RecordJson<'_> {
    let Record { id, form, origin, fields, indicators, unmapped, diagnostics, account: _ } = record;
    let Origin { path, member, sha256, encoding, encoding_from, table, first_line, last_line } = origin;
    RecordJson {
        schema: SCHEMA,
        id,
        form,
        source: SourceJson {
            path,
            member: member.as_deref(),
            sha256,
            encoding,
            encoding_from: encoding_from.name(),
            table: *table,
            first_line: *first_line,
            last_line: *last_line,
        },
        fields: Fields(fields),
        evidence: evidence.then_some(FieldPlaces(fields)),
        indicators: indicators.iter().map(|indicator| IndicatorJson { indicator, evidence }).collect(),
        unmapped: unmapped.iter().map(|item| unmapped_json(item, evidence)).collect(),
        diagnostics: diagnostics.iter().map(diagnostic_json).collect(),
    }
}

fn unmapped_json(item: &Unmapped, evidence: bool) -> UnmappedJson<'_> {
    let Unmapped { label, text, place } = item;
    let evidence = evidence.then(|| place_json(place));
    UnmappedJson { label: label.as_deref(), text, line: place.line, evidence }
}

fn diagnostic_json(diagnostic: &Diagnostic) -> DiagnosticJson {
    let Diagnostic { problem, line, column } = diagnostic;
    DiagnosticJson {
        code: problem.code(),
        severity: problem.severity().name(),
        message: problem.to_string(),
        line: Some(*line).filter(|line| *line > 0),
        column: *column,
    }
}

fn target_json(target: &Target) -> TargetJson<'_> {
    let Target { text, comparison, value, unit, range, is_approximate, place: _ } = target;
    TargetJson {
        text,
        comparison: comparison.map(|comparison| comparison.symbol()),
        value: value.map(Number),
        unit: unit.as_deref(),
        range: range.map(|(from, to)| [Number(from), Number(to)]),
        approximate: is_approximate.then_some(true),
    }
}

fn repair_json(repair: &Repair) -> RepairJson<'_> {
    let Repair { kind, note } = repair;
    RepairJson { kind: kind.name(), note }
}

fn place_json(place: &Place) -> PlaceJson {
    let Place { line, row, column, bytes } = place;
    let bytes = bytes.as_ref().map(|bytes| [bytes.start, bytes.end]);
    PlaceJson { line: *line, row: *row, column: *column, bytes }
}

impl Serialize for IndicatorJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Indicator { levels, target, further, line, repair, confidence } = self.indicator;
        let mut map = serializer.serialize_map(None)?;
        for level in 0..levels.len().max(LEVELS) {
            let part = levels.get(level).and_then(Option::as_ref);
            map.serialize_entry(&level_key(level + 1), &words(part))?;
        }
        map.serialize_entry("target", &target.as_ref().map(target_json))?;
        let mut seen = HashSet::new();
        for (key, part) in further {
            // A key that comes twice would make the object ambiguous.
            if seen.insert(key) {
                map.serialize_entry(&further_column(key), &words(part.as_ref()))?;
            }
        }
        map.serialize_entry("line", line)?;
        map.serialize_entry("repair", &repair.as_ref().map(repair_json))?;
        if let Some(sure) = confidence.filter(|sure| *sure < 1.0) {
            map.serialize_entry("confidence", &sure)?;
        }
        if self.evidence {
            map.serialize_entry("evidence", &Places(self.indicator))?;
        }
        map.end()
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (&field.key, field.value.as_ref().map(ValueJson))))
    }
}

impl Serialize for FieldPlaces<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (&field.key, field.place.as_ref().map(place_json))))
    }
}

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(places(self.0).map(|(key, place)| (key, place_json(place))))
    }
}

struct ValueJson<'a>(&'a Value);

impl Serialize for ValueJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Date(date) => serializer.collect_str(date),
            Value::Boolean(truth) => serializer.serialize_bool(*truth),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Number(amount) | Value::Money(amount) => Number(*amount).serialize(serializer),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.normalize().to_string();
        let number: serde_json::Number = digits.parse().map_err(S::Error::custom)?;
        number.serialize(serializer)
    }
}

fn words(part: Option<&Part>) -> Option<&str> {
    part.map(|part| part.text.as_str())
}

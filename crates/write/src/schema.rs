//! The JSON Schema of a record, for whoever reads it without formgrid.

use serde_json::{Map, Value, json};

use crate::json::SCHEMA;
use crate::tables::{LEVELS, Shape, Type, WHY, further_column, further_meaning, level_key};

/// The JSON Schema (2020-12) of one record: of a line of NDJSON, or of an
/// element of the JSON array. Each shape says which fields its records have.
pub fn record_schema(shapes: &[Shape]) -> Value {
    let forms: Vec<Value> = shapes.iter().map(form).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:formgrid:record:1",
        "title": SCHEMA,
        "description": "One project form. Further keys may come with later versions of formgrid.",
        "type": "object",
        "required": ["schema", "id", "form", "source", "fields", "indicators", "unmapped", "diagnostics"],
        "properties": {
            "schema": {"const": SCHEMA},
            "id": described("string", "stable key, made from the document's bytes and the form's ordinal"),
            "form": described("string", "name of the profile that read the form"),
            "source": source(),
            "fields": {
                "description": "every field of the profile, null where the form has no readable value",
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]}
            },
            "evidence": {
                "description": "with --evidence: the place of each field's value",
                "type": "object",
                "additionalProperties": {"anyOf": [{"$ref": "#/$defs/place"}, {"type": "null"}]}
            },
            "indicators": {"type": "array", "items": {"$ref": "#/$defs/indicator"}},
            "unmapped": {"type": "array", "items": {"$ref": "#/$defs/unmapped"}},
            "diagnostics": {"type": "array", "items": {"$ref": "#/$defs/diagnostic"}}
        },
        "allOf": forms,
        "$defs": {
            "indicator": indicator(shapes),
            "target": target(),
            "unmapped": unmapped(),
            "diagnostic": diagnostic(),
            "place": place()
        }
    })
}

/// What holds for the records of one form alone.
fn form(shape: &Shape) -> Value {
    let fields: Map<String, Value> =
        shape.fields.iter().map(|field| (field.key.clone(), field_type(field.kind, &field.doc))).collect();
    let keys: Vec<&String> = shape.fields.iter().map(|field| &field.key).collect();
    let levels: Vec<String> = (1..=shape.levels.max(LEVELS)).map(level_key).collect();
    json!({
        "if": {"properties": {"form": {"const": shape.form}}},
        "then": {"properties": {
            "fields": {"required": keys, "properties": fields, "additionalProperties": false},
            "indicators": {"items": {"required": levels}}
        }}
    })
}

fn field_type(kind: Type, doc: &str) -> Value {
    let mut schema = match kind {
        Type::Text => json!({"type": ["string", "null"]}),
        Type::Date => json!({"type": ["string", "null"], "format": "date"}),
        Type::Boolean => json!({"type": ["boolean", "null"]}),
        Type::Integer => json!({"type": ["integer", "null"]}),
        Type::Number | Type::Real => json!({"type": ["number", "null"]}),
    };
    if !doc.is_empty() {
        schema["description"] = doc.into();
    }
    schema
}

fn source() -> Value {
    json!({
        "type": "object",
        "required": ["path", "member", "sha256", "encoding", "encoding_from", "table", "first_line", "last_line"],
        "properties": {
            "path": described("string", "path of the document as it was given or found; - for standard input"),
            "member": nullable("string", "path inside the container that holds the document"),
            "sha256": {"description": "of the document's bytes", "type": "string", "pattern": "^[0-9a-f]{64}$"},
            "encoding": described("string", "encoding the bytes were decoded from, by its WHATWG name"),
            "encoding_from": {
                "description": WHY,
                "enum": ["bom", "declared", "detected", "forced"]
            },
            "table": counted("ordinal of the form in its document"),
            "first_line": counted("first line of the form in the decoded text"),
            "last_line": counted("last line of the form in the decoded text")
        }
    })
}

fn indicator(shapes: &[Shape]) -> Value {
    let mut properties = Map::new();
    let levels = shapes.iter().map(|shape| shape.levels).fold(LEVELS, usize::max);
    for level in 1..=levels {
        properties
            .insert(level_key(level), nullable("string", "words of this level, null where lost or absent"));
    }
    for key in shapes.iter().flat_map(|shape| &shape.further) {
        properties.insert(further_column(key), nullable("string", further_meaning(key)));
    }
    let fixed = json!({
        "target": {"anyOf": [{"$ref": "#/$defs/target"}, {"type": "null"}]},
        "line": counted("line of the row in the decoded text"),
        "repair": {
            "description": "what was put right to read this row",
            "type": ["object", "null"],
            "required": ["kind", "note"],
            "properties": {
                "kind": {"enum": ["span-too-long", "span-too-short", "cut-off", "split-word"]},
                "note": described("string", "the damage and its evidence")
            }
        },
        "confidence": {
            "description": "only where the reading is in doubt",
            "type": "number", "minimum": 0, "exclusiveMaximum": 1
        },
        "evidence": {
            "description": "with --evidence: the place of each part that is there",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/place"}
        }
    });
    if let Value::Object(fixed) = fixed {
        properties.extend(fixed);
    }
    json!({
        "description": "one leaf of the indicator grid with its full path",
        "type": "object",
        "required": ["level1", "level2", "level3", "target", "line", "repair"],
        "properties": properties
    })
}

fn target() -> Value {
    json!({
        "type": "object",
        "required": ["text", "comparison", "value", "unit"],
        "properties": {
            "text": described("string", "the cell as printed"),
            "comparison": {"enum": ["=", ">", ">=", "<", "<=", null]},
            "value": nullable("number", "exact decimal; null for a qualitative target or a range"),
            "unit": nullable("string", "as printed"),
            "range": {
                "description": "only of a range: its ends, both included; the value is null",
                "type": "array",
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2
            },
            "approximate": {"description": "only where the text says that the number is about right", "const": true}
        }
    })
}

fn unmapped() -> Value {
    json!({
        "description": "a text that the profile has no place for",
        "type": "object",
        "required": ["label", "text", "line"],
        "properties": {
            "label": nullable("string", "label beside it"),
            "text": described("string", "as printed; empty where only a label stands"),
            "line": counted("line in the decoded text"),
            "evidence": {"$ref": "#/$defs/place"}
        }
    })
}

fn diagnostic() -> Value {
    json!({
        "type": "object",
        "required": ["code", "severity", "message", "line", "column"],
        "properties": {
            "code": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
            "severity": {"enum": ["info", "warning", "error"]},
            "message": described("string", "what is wrong, in English, with the text at fault"),
            "line": {"type": ["integer", "null"], "minimum": 1},
            "column": {"type": ["integer", "null"], "minimum": 1}
        }
    })
}

fn place() -> Value {
    json!({
        "type": "object",
        "required": ["line", "row", "column", "bytes"],
        "properties": {
            "line": counted("line in the decoded text"),
            "row": counted("row within the table or run of lines"),
            "column": counted("column of the cell's first slot"),
            "bytes": {
                "description": "half-open range of offsets in the document's bytes, where the format allows it",
                "type": ["array", "null"],
                "items": {"type": "integer", "minimum": 0},
                "minItems": 2,
                "maxItems": 2
            }
        }
    })
}

fn described(kind: &str, doc: &str) -> Value {
    json!({"description": doc, "type": kind})
}

fn nullable(kind: &str, doc: &str) -> Value {
    json!({"description": doc, "type": [kind, "null"]})
}

fn counted(doc: &str) -> Value {
    json!({"description": format!("{doc}, from 1"), "type": "integer", "minimum": 1})
}

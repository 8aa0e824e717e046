//! Hand-made records through every notation.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use formgrid_model::{
    Comparison, Diagnostic, EncodingFrom, Field, Indicator, Origin, Part, Place, Problem, Record, Repair,
    RepairKind, Target, Unmapped, Value,
};
use formgrid_write::{
    Document, Format, Layout, Rendered, Shape, ShapeField, Status, Type, Writer, record_schema, render,
    render_document, tables,
};
use serde_json::Value as Json;

const LINE: &str = concat!(
    r#"{"schema":"formgrid.record/1","id":"id-1","form":"test","source":{"path":"a/b.txt","member":null,"#,
    r#""sha256":"0000000000000000000000000000000000000000000000000000000000000000","encoding":"UTF-8","encoding_from":"declared","#,
    r#""table":1,"first_line":3,"last_line":41},"#,
    r#""fields":{"title":"目标表\n二","year":2020,"start_date":"2020-01-01","purchase":false,"#,
    r#""budget":7500000,"rate":0.1,"basis":null},"#,
    r#""indicators":[{"level1":"产出目标","level2":"数量","level3":"杂志征订","#,
    r#""target":{"text":">=4660份","comparison":">=","value":4660,"unit":"份"},"score":"10","line":31,"repair":null},"#,
    r#"{"level1":"效果目标","level2":null,"level3":"基地安全","target":null,"score":null,"line":44,"#,
    r#""repair":{"kind":"span-too-long","note":"产出目标"},"confidence":0.5}],"#,
    r#""unmapped":[{"label":"备注","text":"=1+1","line":40}],"#,
    r#""diagnostics":[{"code":"value-lost","severity":"warning","#,
    r#""message":"the value of \"基地安全\" was cut off in the export; it is null","line":44,"column":4}]}"#,
    "\n"
);

#[test]
fn ndjson_is_the_contract_to_the_byte() {
    let layout = Layout::new(Format::Ndjson, &shapes());
    assert_eq!(written(&layout, &[record(1)]), LINE);
}

#[test]
fn evidence_adds_keys_and_changes_nothing_else() {
    let mut layout = Layout::new(Format::Ndjson, &shapes());
    layout.evidence = true;
    let mut with: Json = serde_json::from_str(&written(&layout, &[record(1)])).unwrap();
    let place = serde_json::json!({"line": 31, "row": 5, "column": 3, "bytes": [7, 9]});
    assert_eq!(with["indicators"][0]["evidence"]["level3"], place);
    assert_eq!(with["indicators"][1]["evidence"].as_object().map(|places| places.len()), Some(2));
    assert_eq!(with["evidence"]["title"]["bytes"], Json::Null);
    assert_eq!(with["evidence"]["basis"], Json::Null);
    assert_eq!(with["unmapped"][0]["evidence"]["line"], 40);

    with.as_object_mut().unwrap().remove("evidence");
    for list in ["indicators", "unmapped"] {
        for item in with[list].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("evidence");
        }
    }
    assert_eq!(with, serde_json::from_str::<Json>(LINE).unwrap());
}

#[test]
fn json_is_one_array_for_any_number_of_records() {
    let layout = Layout::new(Format::Json, &shapes());
    assert_eq!(written(&layout, &[]), "[]\n");
    for count in 1..4 {
        let text = written(&layout, &vec![record(1); count]);
        let array: Vec<Json> = serde_json::from_str(&text).unwrap();
        assert!(text.starts_with("[\n  {\n    \"schema\": "), "{text}");
        assert!(text.ends_with("    ]\n  }\n]\n"), "{text}");
        assert_eq!(text.matches("\n  },\n  {\n").count(), count - 1, "{text}");
        assert_eq!(array.len(), count);
        assert_eq!(array[count - 1], serde_json::from_str::<Json>(LINE).unwrap());
    }
}

#[test]
fn numbers_keep_their_digits() {
    for (amount, expected) in [
        ("7500000.00", "7500000"),
        ("0.10", "0.1"),
        ("-0.5", "-0.5"),
        ("-0.00", "0"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
    ] {
        let field =
            Field { key: "budget".into(), value: Some(Value::Money(amount.parse().unwrap())), place: None };
        let record = Record { fields: vec![field], ..Record::default() };
        let text = written(&Layout::new(Format::Ndjson, &[]), &[record]);
        assert!(text.contains(&format!(r#""fields":{{"budget":{expected}}}"#)), "{text}");
    }
}

#[test]
fn schema_fits_the_records_and_refuses_others() {
    let schema = record_schema(&shapes());
    let mut layout = Layout::new(Format::Ndjson, &shapes());
    layout.evidence = true;
    for text in [LINE.to_owned(), written(&layout, &[record(1)])] {
        let record: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(faults(&schema, &schema, &record, "record"), [""; 0]);
    }
    let broken = |pointer: &str, value: Json| {
        let mut record: Json = serde_json::from_str(LINE).unwrap();
        *record.pointer_mut(pointer).unwrap() = value;
        faults(&schema, &schema, &record, "record")
    };
    assert!(!broken("/fields/year", "2020".into()).is_empty());
    assert!(!broken("/fields", serde_json::json!({})).is_empty());
    assert!(!broken("/indicators/0/target/comparison", "≥".into()).is_empty());
    assert!(!broken("/source/table", 0.into()).is_empty());
    assert!(!broken("/indicators/1/confidence", 1.into()).is_empty());
}

/// What only some targets have is a key only there.
#[test]
fn ranges_and_approximate_targets_have_a_key_more() {
    let schema = record_schema(&shapes());
    let layout = Layout::new(Format::Ndjson, &shapes());
    let number = |text: &str| text.parse().unwrap();
    let target = Target { text: "约2.0-3次".into(), unit: Some("次".into()), ..Target::default() };
    let mut record = record(1);
    record.indicators[0].target =
        Some(Target { range: Some((number("2.0"), number("3"))), is_approximate: true, ..target });
    let line = written(&layout, &[record]);
    assert!(line.contains(
        r#""target":{"text":"约2.0-3次","comparison":null,"value":null,"unit":"次","range":[2,3],"approximate":true}"#
    ));
    let record: Json = serde_json::from_str(&line).unwrap();
    assert_eq!(faults(&schema, &schema, &record, "record"), [""; 0]);
}

#[test]
fn csv_has_all_tables_and_the_columns_of_the_forms_that_were_met() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::new(Format::Csv, &shapes());
    let written = write_to(&layout, &folder.path().join("out"), &[("a/b.txt", vec![record(1)])]);
    assert_eq!(written, (1, 0));
    let read = |table: &str| fs::read_to_string(folder.path().join("out").join(table)).unwrap();
    let zeros = "0".repeat(64);
    assert_eq!(
        read("projects.csv"),
        format!(
            "id,form,path,member,sha256,encoding,encoding_from,table,first_line,last_line,title,year,\
             start_date,purchase,budget,rate,basis,unmapped_count,warning_count\n\
             id-1,test,a/b.txt,,{zeros},UTF-8,declared,1,3,41,\"目标表\n二\",2020,2020-01-01,false,7500000,0.1,,1,1\n"
        )
    );
    assert_eq!(
        read("indicators.csv"),
        "project_id,ordinal,level1,level2,level3,target_text,comparison,value,unit,score,repair,confidence,line\n\
         id-1,1,产出目标,数量,杂志征订,>=4660份,>=,4660,份,10,,,31\n\
         id-1,2,效果目标,,基地安全,,,,,,span-too-long,0.5,44\n"
    );
    assert_eq!(read("unmapped.csv"), "project_id,ordinal,label,text,line\nid-1,1,备注,=1+1,40\n");
    assert_eq!(
        read("diagnostics.csv"),
        "project_id,path,member,code,severity,message,line,column\n\
         id-1,a/b.txt,,value-lost,warning,\
         \"the value of \"\"基地安全\"\" was cut off in the export; it is null\",44,4\n\
         ,a/b.txt,,no-form,info,no form of a known profile,,\n"
    );
    assert_eq!(
        read("documents.csv"),
        "path,member,sha256,encoding,encoding_from,undecodable,first_undecodable,forms,status,message\n\
         a/b.txt,,,,,,,0,ok,\n"
    );
    assert!(!folder.path().join("out/evidence.csv").exists());
}

#[test]
fn csv_has_the_evidence_as_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(Format::Csv, &shapes());
    layout.evidence = true;
    write_to(&layout, folder.path(), &[("a/b.txt", vec![record(1)])]);
    let evidence = fs::read_to_string(folder.path().join("evidence.csv")).unwrap();
    let lines: Vec<&str> = evidence.lines().collect();
    assert_eq!(lines[0], "project_id,part,ordinal,key,line,row,column,byte_from,byte_to");
    assert_eq!(lines[1], "id-1,fields,,title,3,1,1,,");
    assert_eq!(lines[2], "id-1,indicators,1,level1,31,5,1,7,9");
    assert_eq!(lines.last(), Some(&"id-1,unmapped,1,text,40,2,2,,"));
}

#[test]
fn tables_keep_one_row_a_form_and_list_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::new(Format::Csv, &shapes());
    let documents = [
        ("a.txt", vec![record(1), record(2)]),
        ("b.txt", vec![record(1), record(2)]),
        ("c.txt", vec![record(3)]),
    ];
    assert_eq!(write_to(&layout, folder.path(), &documents), (5, 2));
    let ids = |table: &str, column: usize| -> Vec<String> {
        let mut reader = csv::Reader::from_path(folder.path().join(table)).unwrap();
        reader.records().map(|row| row.unwrap()[column].to_owned()).collect()
    };
    assert_eq!(ids("projects.csv", 0), ["id-1", "id-2", "id-3"]);
    assert_eq!(ids("indicators.csv", 0).len(), 6);
    assert_eq!(ids("documents.csv", 0), ["a.txt", "b.txt", "c.txt"]);
}

#[test]
fn a_spreadsheet_gets_a_mark_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let mut layout = Layout::new(Format::Csv, &shapes());
    layout.for_excel = true;
    write_to(&layout, folder.path(), &[("a.txt", vec![record(1)])]);
    for table in &tables(&shapes())[..5] {
        let bytes = fs::read(folder.path().join(table.name).with_extension("csv")).unwrap();
        assert!(bytes.starts_with("\u{feff}".as_bytes()), "{}", table.name);
        assert_eq!(String::from_utf8(bytes).unwrap().matches('\u{feff}').count(), 1, "{}", table.name);
    }
    let unmapped = fs::read_to_string(folder.path().join("unmapped.csv")).unwrap();
    assert!(unmapped.ends_with("id-1,1,备注,'=1+1,40\n"), "{unmapped}");
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.ndjson");
    fs::write(&out, "old").unwrap();
    let layout = Layout::new(Format::Ndjson, &shapes());
    let mut writer = Writer::create(&layout, &out).unwrap();
    let mut rendered = Rendered::default();
    render(&layout, &record(1), &mut rendered);
    writer.append(&rendered).unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    drop(writer);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");

    let mut writer = Writer::create(&layout, &out).unwrap();
    writer.append(&rendered).unwrap();
    writer.finish().unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), LINE);
}

#[test]
fn a_folder_given_up_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("tables");
    drop(Writer::create(&Layout::new(Format::Csv, &shapes()), &out).unwrap());
    assert!(!out.exists());
}

#[test]
fn output_that_cannot_be_written_is_known_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fails = |format: Format, path: &Path| Writer::create(&Layout::new(format, &[]), path).is_err();
    assert!(fails(Format::Ndjson, &folder.path().join("missing/out.ndjson")));
    assert!(fails(Format::Ndjson, folder.path()));
    assert!(fails(Format::Csv, &file));
    assert!(Writer::stream(&Layout::new(Format::Csv, &[]), Box::new(io::sink())).is_err());
}

fn shapes() -> Vec<Shape> {
    let kinds = [
        ("title", Type::Text),
        ("year", Type::Integer),
        ("start_date", Type::Date),
        ("purchase", Type::Boolean),
        ("budget", Type::Number),
        ("rate", Type::Number),
        ("basis", Type::Text),
    ];
    let field = |key: &str, kind| ShapeField { key: key.into(), kind, doc: "a field".into() };
    let fields = kinds.map(|(key, kind)| field(key, kind)).to_vec();
    let other = vec![field("never_met", Type::Text), field("title", Type::Text)];
    vec![
        Shape { form: "other".into(), fields: other, levels: 4, further: vec!["weight".into()] },
        Shape { form: "test".into(), fields, levels: 3, further: vec!["score".into()] },
    ]
}

fn record(ordinal: u32) -> Record {
    let field = |key: &str, value| Field { key: key.into(), value, place: None };
    let part = |text: &str, column| {
        Some(Part { text: text.into(), place: Place { line: 31, row: 5, column, bytes: Some(7..9) } })
    };
    let title = Field {
        place: Some(Place { line: 3, row: 1, column: 1, bytes: None }),
        ..field("title", Some(Value::Text("目标表\n二".into())))
    };
    Record {
        id: format!("id-{ordinal}"),
        form: "test".into(),
        origin: Origin {
            path: "a/b.txt".into(),
            member: None,
            sha256: "0".repeat(64),
            encoding: "UTF-8".into(),
            encoding_from: EncodingFrom::Declared,
            table: ordinal,
            first_line: 3,
            last_line: 41,
        },
        fields: vec![
            title,
            field("year", Some(Value::Integer(2020))),
            field("start_date", Some(Value::Date("2020-01-01".parse().unwrap()))),
            field("purchase", Some(Value::Boolean(false))),
            field("budget", Some(Value::Money("7500000.00".parse().unwrap()))),
            field("rate", Some(Value::Money("0.10".parse().unwrap()))),
            field("basis", None),
        ],
        indicators: vec![
            Indicator {
                levels: vec![part("产出目标", 1), part("数量", 2), part("杂志征订", 3)],
                target: Some(Target {
                    text: ">=4660份".into(),
                    comparison: Some(Comparison::GreaterOrEqual),
                    value: Some("4660.0".parse().unwrap()),
                    unit: Some("份".into()),
                    place: Place { line: 31, row: 5, column: 4, bytes: None },
                    ..Target::default()
                }),
                further: vec![("score".into(), part("10", 5))],
                line: 31,
                repair: None,
                confidence: Some(1.0),
            },
            Indicator {
                levels: vec![part("效果目标", 1), None, part("基地安全", 3)],
                target: None,
                further: vec![("score".into(), None)],
                line: 44,
                repair: Some(Repair { kind: RepairKind::SpanTooLong, note: "产出目标".into() }),
                confidence: Some(0.5),
            },
        ],
        unmapped: vec![Unmapped {
            label: Some("备注".into()),
            text: "=1+1".into(),
            place: Place { line: 40, row: 2, column: 2, bytes: None },
        }],
        diagnostics: vec![Diagnostic::at_cell(Problem::ValueLost { indicator: "基地安全".into() }, 44, 4)],
        ..Record::default()
    }
}

/// What a stream of these records holds, each appended on its own.
fn written(layout: &Layout, records: &[Record]) -> String {
    let stream = Stream::default();
    let mut writer = Writer::stream(layout, Box::new(stream.clone())).unwrap();
    let mut rendered = Rendered::default();
    writer.append(&rendered).unwrap();
    for record in records {
        render(layout, record, &mut rendered);
        writer.append(&rendered).unwrap();
        rendered.clear();
    }
    writer.finish().unwrap();
    let bytes = stream.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn write_to(layout: &Layout, path: &Path, documents: &[(&str, Vec<Record>)]) -> (u64, u64) {
    let mut writer = Writer::create(layout, path).unwrap();
    for (path, records) in documents {
        let mut rendered = Rendered::default();
        for record in records {
            render(layout, record, &mut rendered);
        }
        let found = [Diagnostic::at_line(Problem::NoForm, 0)];
        render_document(
            layout,
            &Document { diagnostics: &found, ..Document::new(path, Status::Ok) },
            &mut rendered,
        );
        writer.append(&rendered).unwrap();
    }
    let written = writer.finish().unwrap();
    (written.records, written.repeated)
}

#[derive(Clone, Default)]
struct Stream(Arc<Mutex<Vec<u8>>>);

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What breaks the schema, for the keywords that ours uses; an unknown keyword
/// is a fault of this test.
fn faults(root: &Json, schema: &Json, value: &Json, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fault = |what: String| found.push(format!("{at}: {what}"));
    let mut below = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match (keyword.as_str(), value) {
            ("$schema" | "$id" | "$defs" | "title" | "description" | "format" | "then", _) => {}
            ("$ref", _) => {
                let target = rule.as_str().unwrap().trim_start_matches('#');
                below.extend(faults(root, root.pointer(target).unwrap(), value, at));
            }
            ("type", _) => {
                let name = match value {
                    Json::Null => "null",
                    Json::Bool(_) => "boolean",
                    Json::Number(number) if number.is_i64() => "integer",
                    Json::Number(_) => "number",
                    Json::String(_) => "string",
                    Json::Array(_) => "array",
                    Json::Object(_) => "object",
                };
                let allowed = rule.as_array().cloned().unwrap_or(vec![rule.clone()]);
                let fits = |kind: &Json| kind == name || (kind == "number" && name == "integer");
                if !allowed.iter().any(fits) {
                    fault(format!("{name} is not {rule}"));
                }
            }
            ("const", _) if value != rule => fault(format!("not {rule}")),
            ("enum", _) if !rule.as_array().unwrap().contains(value) => fault(format!("not in {rule}")),
            ("anyOf", _) => {
                let fits = |option: &Json| faults(root, option, value, at).is_empty();
                if !rule.as_array().unwrap().iter().any(fits) {
                    fault("fits no option".into());
                }
            }
            ("allOf", _) => {
                below.extend(rule.as_array().unwrap().iter().flat_map(|part| faults(root, part, value, at)));
            }
            ("if", _) if faults(root, rule, value, at).is_empty() => {
                below.extend(faults(root, &schema["then"], value, at));
            }
            ("required", Json::Object(map)) => {
                for key in rule.as_array().unwrap().iter().filter_map(Json::as_str) {
                    if !map.contains_key(key) {
                        fault(format!("lacks {key}"));
                    }
                }
            }
            ("properties", Json::Object(map)) => {
                for (key, item) in map {
                    if let Some(part) = rule.get(key) {
                        below.extend(faults(root, part, item, &format!("{at}.{key}")));
                    }
                }
            }
            ("additionalProperties", Json::Object(map)) => {
                for (key, item) in map.iter().filter(|(key, _)| schema["properties"].get(key).is_none()) {
                    match rule {
                        Json::Bool(_) => fault(format!("{key} is not known")),
                        part => below.extend(faults(root, part, item, &format!("{at}.{key}"))),
                    }
                }
            }
            ("items", Json::Array(items)) => {
                below.extend(items.iter().flat_map(|item| faults(root, rule, item, at)));
            }
            ("minItems", Json::Array(items)) if (items.len() as u64) < rule.as_u64().unwrap() => {
                fault("too short".into());
            }
            ("maxItems", Json::Array(items)) if (items.len() as u64) > rule.as_u64().unwrap() => {
                fault("too long".into());
            }
            ("minimum", Json::Number(number)) if number.as_f64() < rule.as_f64() => fault("too small".into()),
            ("exclusiveMaximum", Json::Number(number)) if number.as_f64() >= rule.as_f64() => {
                fault("too large".into());
            }
            ("pattern", Json::String(text)) => {
                let hexadecimal = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                let code = text.split('-').all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
                match rule.as_str().unwrap() {
                    "^[0-9a-f]{64}$" if hexadecimal => {}
                    "^[a-z]+(-[a-z]+)*$" if code => {}
                    pattern => fault(format!("{text} does not match {pattern}")),
                }
            }
            (
                "const"
                | "enum"
                | "if"
                | "required"
                | "properties"
                | "additionalProperties"
                | "items"
                | "minItems"
                | "maxItems"
                | "minimum"
                | "exclusiveMaximum"
                | "pattern",
                _,
            ) => {}
            (keyword, _) => fault(format!("this test does not know {keyword}")),
        }
    }
    found.extend(below);
    found
}

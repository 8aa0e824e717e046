//! Every public table, defined once: CSV headers come from here, and so will
//! SQL, Arrow and spreadsheets.
//!
//! No type here is unsigned, since Spark and most SQL dialects have none.

/// What a profile lets a record hold: where the columns of its own come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The profile's name, as in [`formgrid_model::Record::form`].
    pub form: String,
    /// The fields in the profile's order.
    pub fields: Vec<ShapeField>,
    /// How many levels its indicator grid has.
    pub levels: usize,
    /// The keys of the grid's further columns, in the profile's order.
    pub further: Vec<String>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeField {
    /// The key, snake_case English.
    pub key: String,
    /// The type of its values.
    pub kind: Type,
    /// What it means, in English.
    pub doc: String,
}

/// The type of a column. Every column but those marked required may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Unicode text; may hold line breaks.
    Text,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A signed 64-bit whole number.
    Integer,
    /// An exact decimal number of at most 28 digits; never a binary float.
    Number,
    /// A number from 0 to 1, whose last digits mean nothing.
    Real,
}

/// Whether a column is always there, and always filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grade {
    /// There whatever the forms are, and never null.
    Required,
    /// There whatever the forms are.
    Optional,
    /// There if a form of one of these shapes was met, by index.
    Of(Vec<usize>),
}

/// A column of a public table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, snake_case; unique in its table.
    pub name: String,
    /// The type.
    pub kind: Type,
    /// When it is there.
    pub grade: Grade,
    /// What it holds, in English.
    pub doc: String,
}

/// A public table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name: `projects`; a CSV file has `.csv` behind it.
    pub name: &'static str,
    /// What a row is.
    pub doc: &'static str,
    /// The columns in their order.
    pub columns: Vec<Column>,
}

/// What `encoding_from` says, in tables and records.
pub(crate) const WHY: &str = "why that encoding: bom (byte-order mark), declared (and the bytes bear it out), detected (by the bytes) or forced (by the user)";

/// The levels that the tables and records have at least.
pub(crate) const LEVELS: usize = 3;

/// The tables, by their place in [`tables`].
pub(crate) const DOCUMENTS: usize = 0;
pub(crate) const PROJECTS: usize = 1;
pub(crate) const INDICATORS: usize = 2;
pub(crate) const UNMAPPED: usize = 3;
pub(crate) const DIAGNOSTICS: usize = 4;
pub(crate) const EVIDENCE: usize = 5;
pub(crate) const COUNT: usize = 6;

/// The tables for records of these shapes: documents, projects, indicators,
/// unmapped, diagnostics, and evidence (written only where asked for).
pub fn tables(shapes: &[Shape]) -> Vec<Table> {
    vec![documents(), projects(shapes), indicators(shapes), unmapped(), diagnostics(), evidence()]
}

fn documents() -> Table {
    let columns = vec![
        required("path", Type::Text, "path of the document as it was given or found"),
        optional("member", Type::Text, "path inside the container that holds the document"),
        optional("sha256", Type::Text, "SHA-256 of the document's bytes, lower-case hexadecimal"),
        optional("encoding", Type::Text, "encoding the bytes were decoded from, by its WHATWG name"),
        optional("encoding_from", Type::Text, WHY),
        optional("undecodable", Type::Integer, "number of byte sequences that are not of the encoding"),
        optional("first_undecodable", Type::Integer, "offset of the first of them in the document, from 0"),
        required("forms", Type::Integer, "number of forms found"),
        required("status", Type::Text, "ok, no-form or error"),
        optional("message", Type::Text, "what the first error was"),
    ];
    Table { name: "documents", doc: "one row a document, read or not", columns }
}

fn projects(shapes: &[Shape]) -> Table {
    let mut columns = vec![
        required("id", Type::Text, "stable key of the form, made from the document's bytes and its ordinal"),
        required("form", Type::Text, "name of the profile that read the form"),
        required("path", Type::Text, "path of the first document with these bytes"),
        optional("member", Type::Text, "path inside the container that holds the document"),
        required("sha256", Type::Text, "SHA-256 of the document's bytes, lower-case hexadecimal"),
        required("encoding", Type::Text, "encoding the bytes were decoded from, by its WHATWG name"),
        required("encoding_from", Type::Text, WHY),
        required("table", Type::Integer, "ordinal of the form in its document, from 1"),
        required("first_line", Type::Integer, "first line of the form in the decoded text, from 1"),
        required("last_line", Type::Integer, "last line of the form in the decoded text"),
    ];
    for (index, shape) in shapes.iter().enumerate() {
        for field in &shape.fields {
            add(&mut columns, &field_column(&field.key), field.kind, &field.doc, index);
        }
    }
    columns.push(required("unmapped_count", Type::Integer, "number of rows in unmapped"));
    columns.push(required(
        "warning_count",
        Type::Integer,
        "number of diagnostics of severity warning or error",
    ));
    Table { name: "projects", doc: "one row a project form", columns }
}

fn indicators(shapes: &[Shape]) -> Table {
    let mut columns = vec![
        required("project_id", Type::Text, "id of the form"),
        required("ordinal", Type::Integer, "ordinal of the indicator in its form, from 1"),
    ];
    for level in 1..=LEVELS {
        columns.push(optional(&level_key(level), Type::Text, "words of this level of the grid"));
    }
    for (index, shape) in shapes.iter().enumerate() {
        for level in LEVELS + 1..=shape.levels {
            add(&mut columns, &level_key(level), Type::Text, "words of this level of the grid", index);
        }
    }
    columns.extend([
        optional("target_text", Type::Text, "target as printed"),
        optional("comparison", Type::Text, "how the value compares: = > >= < <="),
        optional("value", Type::Number, "exact value of the target; null if it is no number"),
        optional("unit", Type::Text, "unit of the target as printed"),
    ]);
    for (index, shape) in shapes.iter().enumerate() {
        for key in &shape.further {
            add(&mut columns, &further_column(key), Type::Text, further_meaning(key), index);
        }
    }
    columns.extend([
        optional("repair", Type::Text, "kind of damage that was put right in this row"),
        optional("confidence", Type::Real, "how sure the reading is, if it is in doubt"),
        required("line", Type::Integer, "line of the row in the decoded text"),
    ]);
    Table { name: "indicators", doc: "one row a leaf of the indicator grid", columns }
}

fn unmapped() -> Table {
    let columns = vec![
        required("project_id", Type::Text, "id of the form"),
        required("ordinal", Type::Integer, "ordinal in the form's list, from 1"),
        optional("label", Type::Text, "label beside the text"),
        optional("text", Type::Text, "text as printed; null where only a label stands"),
        required("line", Type::Integer, "line of the text in the decoded text"),
    ];
    Table { name: "unmapped", doc: "one row a text that the profile has no place for", columns }
}

fn diagnostics() -> Table {
    let columns = vec![
        optional("project_id", Type::Text, "id of the form; null if the whole document is meant"),
        required("path", Type::Text, "path of the document"),
        optional("member", Type::Text, "path inside the container that holds the document"),
        required("code", Type::Text, "stable code"),
        required("severity", Type::Text, "info, warning or error"),
        required("message", Type::Text, "what is wrong, in English"),
        optional("line", Type::Integer, "line in the decoded text; null if the whole document is meant"),
        optional("column", Type::Integer, "column of the cell, if one cell is meant"),
    ];
    Table {
        name: "diagnostics",
        doc: "one row a thing that is doubtful, repaired, lost or unreadable",
        columns,
    }
}

fn evidence() -> Table {
    let columns = vec![
        required("project_id", Type::Text, "id of the form"),
        required("part", Type::Text, "fields, indicators or unmapped"),
        optional("ordinal", Type::Integer, "ordinal of the indicator or unmapped text; null for fields"),
        required("key", Type::Text, "key of the value: title, level1, target, text"),
        required("line", Type::Integer, "line in the decoded text"),
        required("row", Type::Integer, "row within the table or run of lines, from 1"),
        required("column", Type::Integer, "column of the cell's first slot, from 1"),
        optional("byte_from", Type::Integer, "offset of the content's first byte in the document, from 0"),
        optional("byte_to", Type::Integer, "offset behind the content's last byte"),
    ];
    Table { name: "evidence", doc: "one row a value's place in its document", columns }
}

/// The key of the `level`-th level, from 1.
pub(crate) fn level_key(level: usize) -> String {
    format!("level{level}")
}

/// The column of a field: its key, out of the way of the columns of every form.
pub(crate) fn field_column(key: &str) -> String {
    const TAKEN: [&str; 12] = [
        "id",
        "form",
        "path",
        "member",
        "sha256",
        "encoding",
        "encoding_from",
        "table",
        "first_line",
        "last_line",
        "unmapped_count",
        "warning_count",
    ];
    if TAKEN.contains(&key) { format!("field_{key}") } else { key.to_owned() }
}

/// What a further column holds.
pub(crate) fn further_meaning(key: &str) -> &'static str {
    match key {
        "horizon" => "span of time that the target is for: the profile's key, else the heading as printed",
        _ => "further column of the grid, as printed",
    }
}

/// The key and column of a further column of the grid, out of the way of those
/// that every grid has.
pub(crate) fn further_column(key: &str) -> String {
    const TAKEN: [&str; 11] = [
        "project_id",
        "ordinal",
        "target",
        "target_text",
        "comparison",
        "value",
        "unit",
        "repair",
        "confidence",
        "line",
        "evidence",
    ];
    if TAKEN.contains(&key) || key.starts_with("level") { format!("grid_{key}") } else { key.to_owned() }
}

fn required(name: &str, kind: Type, doc: &str) -> Column {
    Column { name: name.into(), kind, grade: Grade::Required, doc: doc.into() }
}

fn optional(name: &str, kind: Type, doc: &str) -> Column {
    Column { name: name.into(), kind, grade: Grade::Optional, doc: doc.into() }
}

/// Adds a shape's column, or the shape to the column that is there already.
/// Where two shapes disagree about the type, only text can hold both.
fn add(columns: &mut Vec<Column>, name: &str, kind: Type, doc: &str, shape: usize) {
    match columns.iter_mut().find(|column| column.name == name) {
        Some(column) => {
            if column.kind != kind {
                column.kind = Type::Text;
            }
            if let Grade::Of(shapes) = &mut column.grade {
                shapes.push(shape);
            }
        }
        None => {
            let grade = Grade::Of(vec![shape]);
            columns.push(Column { name: name.into(), kind, grade, doc: doc.into() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: usize, shapes: &[Shape], expected: &str) {
        let tables = tables(shapes);
        let names: Vec<_> = tables[table].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names.join(" "), expected);
    }

    fn shape(form: &str, fields: &[(&str, Type)], levels: usize, further: &[&str]) -> Shape {
        let fields = fields
            .iter()
            .map(|&(key, kind)| ShapeField { key: key.into(), kind, doc: String::new() })
            .collect();
        Shape { form: form.into(), fields, levels, further: further.iter().map(|&key| key.into()).collect() }
    }

    #[test]
    fn columns_are_the_union_in_the_order_of_profiles_then_fields() {
        let a = shape("a", &[("title", Type::Text), ("budget", Type::Number)], 3, &["score"]);
        let b = shape("b", &[("year", Type::Integer), ("budget", Type::Text)], 4, &["unit", "score"]);
        let fixed = "id form path member sha256 encoding encoding_from table first_line last_line";
        check(PROJECTS, &[], &format!("{fixed} unmapped_count warning_count"));
        let shapes = [a, b];
        check(PROJECTS, &shapes, &format!("{fixed} title budget year unmapped_count warning_count"));
        check(
            INDICATORS,
            &shapes,
            "project_id ordinal level1 level2 level3 level4 target_text comparison value unit score grid_unit \
             repair confidence line",
        );
        let budget = tables(&shapes)[PROJECTS].columns[11].clone();
        assert_eq!((budget.kind, budget.grade), (Type::Text, Grade::Of(vec![0, 1])));
    }

    #[test]
    fn every_name_is_unique_whatever_the_profile_says() {
        let keys = tables(&[]).into_iter().flat_map(|table| table.columns).map(|column| column.name);
        let keys: Vec<String> = keys.collect();
        let fields = keys
            .iter()
            .map(|key| ShapeField { key: key.clone(), kind: Type::Text, doc: String::new() })
            .collect();
        let shape = Shape { form: "x".into(), fields, levels: 5, further: keys };
        for table in tables(&[shape]) {
            let mut names: Vec<_> = table.columns.iter().map(|column| &column.name).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{}", table.name);
        }
    }
}

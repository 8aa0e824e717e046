//! Fields of every type, from a row of labels to the record.

use formgrid_extract::extract;
use formgrid_model::{Cell, Form, Piece, Row, Value};
use formgrid_profile::Profiles;

const PROFILE: &str = r#"
name = "typed"
title = "类型表"
description = "A field of each type"
titles = ["类型表"]

[fields]
department = ["主管部门"]
period = ["项目起止时间", "建设周期"]
end_date = ["项目完成日期"]
project_attribute = ["项目属性"]
execution_rate = ["执行率"]
points = ["得分"]

[[grid.level]]
headers = ["一级指标"]

[grid.columns]
target = ["指标值"]

[keys.execution_rate]
type = "percent"
en = "Spent of the budget"
zh = "执行率"

[keys.points]
type = "number"
en = "Points"
zh = "得分"
"#;

/// Draws the fields that have a value, and each diagnostic but for missing
/// labels and grids.
#[track_caller]
fn check(rows: &[&'static str], expected: &[&str]) {
    let mut profiles = Profiles::default();
    profiles.add(PROFILE).unwrap();
    let row = |(line, text): (u32, &&'static str)| {
        let cells = text.split('\t').map(|text| Cell { row: line, line, ..Cell::new(text) });
        (Piece::Labels, Row::line(cells.collect()))
    };
    let form = Form { ordinal: 1, rows: (1..).zip(rows).map(row).collect(), ..Form::default() };
    let record = extract(&form, &profiles);
    assert!(record.account.is_balanced(), "{:?}", record.account);
    let keys: Vec<&str> = record.fields.iter().map(|field| &*field.key).collect();
    let all = [
        "title",
        "year",
        "department",
        "department_code",
        "period",
        "start_date",
        "end_date",
        "project_attribute",
    ];
    assert_eq!(keys, [&all[..], &["execution_rate", "points"]].concat());

    let mut drawn = Vec::new();
    for field in &record.fields {
        let value = match &field.value {
            None => continue,
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Date(date)) => date.to_string(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => panic!("{other:?}"),
        };
        assert!(field.place.is_some(), "{} has no place", field.key);
        drawn.push(format!("{}={value}", field.key));
    }
    let codes = record.diagnostics.iter().map(|diagnostic| diagnostic.problem.code());
    drawn.extend(codes.filter(|code| !code.starts_with("missing")).map(|code| format!("[{code}]")));
    assert_eq!(drawn, expected);
}

#[test]
fn a_code_is_a_field_of_its_own() {
    check(&["主管部门：\t219-某局"], &["department=某局", "department_code=219"]);
    check(&["主管部门：\t某局"], &["department=某局"]);
}

#[test]
fn a_period_fills_days_that_no_label_has() {
    let text = "period=2020-01-01至2020-12-31";
    check(
        &["项目起止时间：\t2020-01-01至2020-12-31"],
        &[text, "start_date=2020-01-01", "end_date=2020-12-31"],
    );
    check(&["建设周期：\t2023年4月-2024年2月"], &["period=2023年4月-2024年2月"]);
    let own = "项目完成日期：\t2020-11-30";
    let expected = [text, "start_date=2020-01-01", "end_date=2020-11-30"];
    check(&["项目起止时间：\t2020-01-01至2020-12-31", own], &expected);
    check(&[own, "项目起止时间：\t2020-01-01至2020-12-31"], &expected);
}

#[test]
fn what_is_no_value_says_so() {
    check(&["项目属性：\t新增□ 延续√\t得分：\t9.8分"], &["project_attribute=延续", "points=9.8"]);
    check(&["项目属性：\t新增□ 延续□\t得分：\t—"], &["[no-value]", "[no-value]"]);
    check(&["项目属性：\t新增☑ 延续☑\t执行率：\t0.985"], &["[unparsed-value]", "[unparsed-value]"]);
    check(&["执行率：\t98.5%"], &["execution_rate=98.5"]);
}

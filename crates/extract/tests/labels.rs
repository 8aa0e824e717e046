//! Captions and rows of labels, as fields.

use formgrid_extract::extract;
use formgrid_model::{Cell, Form, Piece, Problem, Row, Source, Value};
use formgrid_profile::Profiles;

/// Draws what comes of captions (lines that begin with `#`) and rows of labels:
/// the fields that have a value, what is unmapped (`label: text`, in brackets)
/// and each label that stands more than once (`!`).
#[track_caller]
fn check(source: Source, rows: &[&'static str], expected: &[&str]) {
    let row = |(number, line): (u32, &&'static str)| {
        let (piece, line) = match line.strip_prefix('#') {
            Some(line) => (Piece::Caption, line),
            None => (Piece::Labels, *line),
        };
        let cells = line.split('\t').map(|text| Cell { row: number, line: number, ..Cell::new(text) });
        (piece, Row { source, ..Row::line(cells.collect()) })
    };
    let form = Form { ordinal: 1, rows: (1..).zip(rows).map(row).collect(), ..Form::default() };
    let record = extract(&form, &Profiles::builtin()).remove(0);
    assert!(record.account.is_balanced(), "{:?}", record.account);

    let mut drawn: Vec<String> = Vec::new();
    for field in &record.fields {
        match &field.value {
            Some(Value::Text(text)) => drawn.push(format!("{}={}", field.key, text.replace('\n', "⏎"))),
            Some(value) => drawn.push(format!("{}={value:?}", field.key)),
            None => {}
        }
    }
    for unmapped in &record.unmapped {
        let label = unmapped.label.as_ref().map_or(String::new(), |label| format!("{label}: "));
        drawn.push(format!("[{label}{}]", unmapped.text));
    }
    for diagnostic in &record.diagnostics {
        if let Problem::DuplicateLabel { is_same, .. } = diagnostic.problem {
            drawn.push(if is_same { "=" } else { "!" }.to_owned());
        }
    }
    assert_eq!(drawn, expected);
}

const LINE: Source = Source::Line { run: 1 };
const TABLE: Source = Source::Table { table: 1 };

#[test]
fn a_label_may_stand_again() {
    let both = &["project_name=甲", "project_category=乙"];
    check(LINE, &["项目名称：\t", "项目类别：\t乙\t项目名称：\t甲"], both);
    check(LINE, &["项目名称：\t甲", "项目类别：\t乙\t项目名称：\t"], both);
    check(LINE, &["项目名称：\t甲", "项目名称：\t甲"], &["project_name=甲", "[项目名称: 甲]", "="]);
    check(LINE, &["项目名称：\t甲", "项目名称：\t乙"], &["project_name=甲", "[项目名称: 乙]", "!"]);
    check(LINE, &["项目总预算：\t甲", "项目总预算：\t乙"], &["[项目总预算: 乙]", "!"]);
    check(LINE, &["项目名称：\t", "项目名称：\t"], &[]);
}

#[test]
fn a_label_may_stand_in_the_caption_and_again_in_a_row() {
    let caption = "#申报单位名称：甲局";
    check(LINE, &[caption, "申报单位名称：\t乙局"], &["applicant=甲局", "[申报单位名称: 乙局]", "!"]);
    check(LINE, &[caption, "申报单位名称：\t甲局"], &["applicant=甲局", "[申报单位名称: 甲局]", "="]);
    check(LINE, &[caption, "申报单位名称：\t"], &["applicant=甲局"]);
    check(LINE, &["#申报单位名称：", "申报单位名称：\t乙局"], &["applicant=乙局"]);
}

#[test]
fn a_caption_may_name_the_year_anywhere() {
    let year = "year=Integer(2020)";
    check(
        LINE,
        &["#财政项目支出绩效目标表（2020年度）"],
        &["title=财政项目支出绩效目标表（2020年度）", year],
    );
    check(LINE, &["#2020年度财政项目支出绩效目标表"], &["title=2020年度财政项目支出绩效目标表", year]);
    check(LINE, &["#财政项目支出绩效目标表\t（2020年度）"], &["title=财政项目支出绩效目标表", year]);
    check(LINE, &["#附件1：财政项目支出绩效目标表"], &["title=附件1：财政项目支出绩效目标表"]);
}

#[test]
fn values_may_stand_below_their_labels() {
    let expected = &["project_name=甲", "project_category=乙", "performance_type=丙"];
    check(LINE, &["项目名称\t项目类别\t绩效类型", "甲\t乙\t丙"], expected);
    check(LINE, &["项目名称：\t项目类别：\t绩效类型：\t", "甲\t乙\t丙\t"], expected);
    check(TABLE, &["项目名称\t项目类别", "甲\t乙"], &expected[..2]);
    check(LINE, &["项目名称\t项目类别\t绩效类型", "甲\t\t丙"], &["project_name=甲", "performance_type=丙"]);
    // Two labels of a line may have lost their blank values.
    check(LINE, &["项目名称\t项目类别", "联系人\t张三"], &["[联系人: 张三]"]);
    check(LINE, &["项目名称\t项目类别\t绩效类型", "特此说明\t\t"], &["[特此说明: ]"]);
    check(LINE, &["项目名称\t\t项目类别\t\t绩效类型\t", "联系人\t张三"], &["[联系人: 张三]"]);
    check(LINE, &["项目名称\t项目类别\t绩效类型", "立项依据\t文件"], &["basis=文件"]);
}

#[test]
fn a_text_may_go_on_in_the_next_line() {
    check(
        LINE,
        &["项目概况：\t一、目标", "二、内容：桥梁", "三、其他"],
        &["overview=一、目标⏎二、内容：桥梁⏎三、其他"],
    );
    check(LINE, &["项目概况：\t第一段", "第二段"], &["overview=第一段⏎第二段"]);
    check(LINE, &["项目概况：\t第一段", "联系人：张三"], &["overview=第一段", "[联系人: 张三]"]);
    check(LINE, &["项目概况：\t", "第二段"], &["[第二段]"]);
    check(LINE, &["项目总预算（元）：\t5", "第二段"], &["total_budget=Money(5)", "[第二段]"]);
    check(TABLE, &["项目概况：\t第一段", "第二段"], &["overview=第一段", "[第二段]"]);
}

#[test]
fn a_unit_of_money_holds_for_the_amounts_below_it() {
    check(LINE, &["金额单位：万元", "项目总预算：\t3"], &["total_budget=Money(30000)", "[金额单位: 万元]"]);
    check(LINE, &["#单位：万元", "项目总预算（元）：\t3"], &["total_budget=Money(3)", "[单位: 万元]"]);
    check(LINE, &["单位：\t万元\t项目总预算：\t3元"], &["total_budget=Money(3)", "[单位: 万元]"]);
    check(LINE, &["单位：\t甲局\t项目总预算：\t3"], &["total_budget=Money(3)", "[单位: 甲局]"]);
}

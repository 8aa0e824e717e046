//! The program as its users run it: exit status, streams, files.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value as Json;

use common::{assert_status, command, folder, run, run_with, stderr, stdout};

/// A form, small but whole.
const FORM: &str = "\
财政项目支出绩效目标表
(2020年度)
申报单位名称：上海市科技创业中心
项目名称：\t图书馆修缮\t项目类别：\t其他一次性项目
项目概况：\t=1+1\t\t
项目总预算（元）：\t7,500,000\t项目当年预算（元）：\t7,500,000
2020年绩效目标

一级目标\t二级目标\t三级目标\t指标目标值
投入与管理\t投入管理\t预算执行率\t=100%
\t\t指标调整率\t=0
产出目标\t数量\t杂志征订\t4660份
";

const BINARY: &[u8] = b"\x05BIN\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0";

#[test]
fn one_form_gives_one_record_a_line_and_a_summary_beside_it() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    let run = run(folder.path(), ["extract", "form.txt"]);
    assert_status(&run, 0);
    let text = stdout(&run);
    assert_eq!(text.lines().count(), 1, "{text}");
    let record: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(record["schema"], "formgrid.record/1");
    assert_eq!(record["source"]["path"], "form.txt");
    assert_eq!(record["fields"]["project_name"], "图书馆修缮");
    assert_eq!(record["fields"]["total_budget"].to_string(), "7500000");
    assert_eq!(record["indicators"].as_array().map(Vec::len), Some(3));
    assert!(stderr(&run).contains("1 document = 1 with forms + 0 without + 0 failed"), "{}", stderr(&run));
}

#[test]
fn documents_without_the_words_of_a_form_are_listed_and_not_read() {
    let page = "<p>会议要求，加快建设进度。</p><table><tr><td>姓名<td>电话</table>";
    let folder = folder(&[("a.txt", FORM.as_bytes()), ("b.html", page.as_bytes())]);
    for (flag, outside) in [
        (&[][..], "0 cells outside any form, not counted in 1 document without a form's words"),
        (&["--read-all"], "3 cells outside any form; "),
    ] {
        let run = run(folder.path(), ["extract", "a.txt", "b.html", "-o", "out/"].iter().chain(flag));
        assert_status(&run, 0);
        assert!(stderr(&run).contains(outside), "{}", stderr(&run));
        let documents = fs::read_to_string(folder.path().join("out/documents.csv")).unwrap();
        assert!(documents.contains(",UTF-8,detected,0,,0,no-form,"), "{documents}");
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
}

/// A page of which its declaration and one byte are wrong.
#[test]
fn each_document_tells_its_encoding_and_why() {
    let words = b"\xcf\xee\xc4\xbf\xbc\xa8\xd0\xa7\xc4\xbf\xb1\xea".repeat(4);
    let latin = [b"<meta charset=iso-8859-1><p>\xcf\xee\xc4\xbf\xff".as_slice(), &words].concat();
    let folder = folder(&[("a.html", &latin), ("b.txt", FORM.as_bytes())]);
    let run_csv = run(folder.path(), ["extract", "a.html", "b.txt", "-o", "out/"]);
    assert_status(&run_csv, 1);
    let said = stderr(&run_csv);
    let mismatch = "a.html: warning[encoding-mismatch]: it declares windows-1252, but its bytes are gb18030";
    assert!(said.contains(mismatch) && said.contains("the bytes at offset 32 are not gb18030"), "{said}");
    let documents = fs::read_to_string(folder.path().join("out/documents.csv")).unwrap();
    assert!(documents.contains(",gb18030,detected,1,32,0,error,"), "{documents}");
    assert!(documents.contains(",UTF-8,detected,0,,1,ok,"), "{documents}");
    let drawn = stdout(&run(folder.path(), ["inspect", "a.html"]));
    assert!(drawn.contains("encoding gb18030 (detected; 1 undecodable from offset 32)"), "{drawn}");
}

#[test]
fn standard_input_is_a_dash() {
    let folder = folder(&[]);
    let run = run_with(folder.path(), ["extract", "-"], FORM.as_bytes());
    assert_status(&run, 0);
    let record: Json = serde_json::from_str(&stdout(&run)).unwrap();
    assert_eq!(record["source"]["path"], "-");
}

#[test]
fn no_path_is_a_usage_error_and_not_a_hang() {
    let folder = folder(&[]);
    let run = run(folder.path(), ["extract"]);
    assert_status(&run, 2);
    assert!(stderr(&run).contains("Usage: formgrid extract"), "{}", stderr(&run));
}

#[test]
fn arguments_that_make_no_sense_say_what_to_do() {
    let folder = folder(&[("form.txt", FORM.as_bytes()), ("bad.toml", b"name = 1")]);
    for (arguments, hint) in [
        (vec!["extract", "form.txt", "-f", "csv"], "-o FOLDER"),
        (vec!["extract", "form.txt", "-o", "out.xml"], "-f ndjson"),
        (vec!["extract", "form.txt", "-o", "out.csv"], "-o out/"),
        (vec!["extract", "form.txt", "--encoding", "klingon"], "gb18030"),
        (vec!["extract", "form.txt", "--profile", "bad.toml"], "bad.toml"),
        (vec!["extract", "form.txt", "--profile", "no.toml"], "no.toml"),
        (vec!["extract", "form.txt", "-j", "many"], "--threads"),
        (vec!["extract", "form.txt", "--for-excel"], "--for-excel is for csv alone"),
        (vec!["extract", "form.txt", "--for-excel", "-o", "out.json"], "--for-excel is for csv alone"),
        (vec!["inspect", "."], "folder"),
        (vec!["profiles", "show", "nothing"], "shanghai-project-target"),
    ] {
        let run = run(folder.path(), &arguments);
        assert_status(&run, 2);
        assert!(stderr(&run).contains(hint), "{arguments:?}: {}", stderr(&run));
        assert_eq!(stdout(&run), "", "{arguments:?}");
    }
}

#[test]
fn a_missing_path_does_not_stop_the_others() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    let mixed = run(folder.path(), ["extract", "missing.txt", "form.txt"]);
    assert_status(&mixed, 1);
    assert_eq!(stdout(&mixed).lines().count(), 1);
    assert!(stderr(&mixed).starts_with("missing.txt: error[unreadable]: "), "{}", stderr(&mixed));

    let none = run(folder.path(), ["extract", "missing.txt", "gone", "-o", "out.json"]);
    assert_status(&none, 2);
    assert_eq!(stderr(&none).lines().count(), 2, "{}", stderr(&none));
    assert!(!folder.path().join("out.json").exists());
}

#[test]
fn a_document_without_a_form_is_no_error_but_said() {
    let folder = folder(&[("empty.txt", b""), ("letter.txt", "通知\n各单位：\n".as_bytes())]);
    for name in ["empty.txt", "letter.txt"] {
        let run = run(folder.path(), ["extract", name]);
        assert_status(&run, 0);
        assert_eq!(stdout(&run), "");
        let notice = format!("{name}: info[no-form]: no form of a known profile\n");
        assert!(stderr(&run).contains(&notice), "{}", stderr(&run));
    }
    let both = run(folder.path(), ["extract", "."]);
    assert_status(&both, 0);
    assert!(!stderr(&both).contains("info["), "{}", stderr(&both));
    let verbose = run(folder.path(), ["extract", "-v", "."]);
    assert_eq!(stderr(&verbose).matches("info[no-form]").count(), 2, "{}", stderr(&verbose));
    let array = run(folder.path(), ["extract", "-f", "json", "."]);
    assert_eq!(stdout(&array), "[]\n");
}

#[test]
fn a_binary_is_an_error_and_the_others_are_there() {
    let folder = folder(&[("a.txt", FORM.as_bytes()), ("b.bin", BINARY), ("c.txt", FORM.as_bytes())]);
    let run = run(folder.path(), ["extract", "-q", "."]);
    assert_status(&run, 1);
    assert_eq!(stdout(&run).lines().count(), 2);
    let message = stderr(&run);
    assert!(message.starts_with("./b.bin: error[not-text]: "), "{message}");
    assert_eq!(message.lines().count(), 1, "quiet means errors alone: {message}");
}

#[test]
fn a_closed_pipe_is_success_and_silent() {
    let folder = folder(&[]);
    for index in 0..300 {
        fs::write(folder.path().join(format!("{index}.txt")), FORM).unwrap();
    }
    for arguments in [
        vec!["extract", ".", "-q"],
        vec!["extract", ".", "-q", "-f", "json"],
        vec!["inspect", "0.txt"],
        vec!["man"],
        vec!["completions", "bash"],
    ] {
        let mut child = command(folder.path(), &arguments).spawn().unwrap();
        // Gone before anything can be written.
        drop(child.stdout.take());
        let mut message = String::new();
        child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}: {message}");
        assert_eq!(message, "", "{arguments:?}");
    }
}

#[test]
fn output_that_cannot_be_written_ends_the_run_at_once() {
    let folder = folder(&[("form.txt", FORM.as_bytes()), ("file", b"")]);
    for out in ["no/such/folder/out.json", "file/tables/"] {
        let run = run(folder.path(), ["extract", "form.txt", "-o", out]);
        assert_status(&run, 2);
        assert!(stderr(&run).starts_with("formgrid: error: cannot write "), "{}", stderr(&run));
        assert_eq!(stderr(&run).lines().count(), 1, "nothing was converted: {}", stderr(&run));
    }
}

#[test]
fn output_appears_whole_and_alone() {
    let folder = folder(&[("in/form.txt", FORM.as_bytes())]);
    fs::write(folder.path().join("out.ndjson"), "old").unwrap();
    assert_status(&run(folder.path(), ["extract", "in", "-o", "out.ndjson"]), 0);
    assert_status(&run(folder.path(), ["extract", "in", "-o", "out.json"]), 0);
    let line = fs::read_to_string(folder.path().join("out.ndjson")).unwrap();
    let array = fs::read_to_string(folder.path().join("out.json")).unwrap();
    let array: Vec<Json> = serde_json::from_str(&array).unwrap();
    assert_eq!(array, [serde_json::from_str::<Json>(&line).unwrap()]);
    assert_eq!(names(folder.path()), ["in", "out.json", "out.ndjson"]);
}

#[test]
fn output_in_the_folder_that_is_read_is_not_read() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    let read = |table: &str| fs::read_to_string(folder.path().join("out").join(table)).unwrap();
    assert_status(&run(folder.path(), ["extract", ".", "-o", "out"]), 0);
    let first = (read("projects.csv"), read("documents.csv"));
    assert_status(&run(folder.path(), ["extract", ".", "-o", "out"]), 0);
    assert_eq!((read("projects.csv"), read("documents.csv")), first);
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let folder = folder(&[]);
    for index in 0..400 {
        let form = FORM.replace("图书馆", &format!("第{index}图书馆"));
        let text = match index % 7 {
            0 => form.repeat(index % 50),
            1 => "没有表格\n".to_owned(),
            _ => form,
        };
        let path = folder.path().join(format!("in/{}/{index}.txt", index % 13));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(folder.path().join("in/5/bad.bin"), BINARY).unwrap();
    let run = |threads| run(folder.path(), ["extract", "in", "-j", threads]);
    let one = run("1");
    assert_status(&one, 1);
    assert!(stdout(&one).lines().count() > 400);
    for threads in ["2", "9", "0"] {
        let many = run(threads);
        assert!(many.stdout == one.stdout && many.stderr == one.stderr, "-j {threads}");
    }
    let path_of = |line: &str| {
        let record: Json = serde_json::from_str(line).unwrap();
        record["source"]["path"].as_str().unwrap().to_owned()
    };
    assert!(stdout(&one).lines().map(path_of).is_sorted());
}

#[test]
fn more_threads_than_can_be_are_as_many_as_can_be() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    for threads in ["70000", "99999999999999999999999"] {
        assert_status(&run(folder.path(), ["extract", "form.txt", "-j", threads]), 0);
    }
}

#[test]
fn tables_say_what_the_records_say() {
    let folder = folder(&[("a.txt", FORM.as_bytes()), ("b.txt", FORM.as_bytes()), ("c.bin", BINARY)]);
    assert_status(&run(folder.path(), ["extract", ".", "-o", "out"]), 1);
    let out = folder.path().join("out");
    let files = ["diagnostics.csv", "documents.csv", "indicators.csv", "projects.csv", "unmapped.csv"];
    assert_eq!(names(&out), files);

    let record = stdout(&run(folder.path(), ["extract", "a.txt"]));
    let record: Json = serde_json::from_str(&record).unwrap();
    let plain = |value: &Json| match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        value => value.to_string(),
    };
    let projects = rows(&out, "projects");
    assert_eq!(projects.len(), 1, "the same bytes are one project");
    for (key, value) in record["fields"].as_object().unwrap() {
        assert_eq!(projects[0].get(key), Some(&plain(value)), "{key}");
    }
    let indicators = rows(&out, "indicators");
    assert_eq!(indicators.len(), 3);
    for (row, indicator) in indicators.iter().zip(record["indicators"].as_array().unwrap()) {
        assert_eq!(row["project_id"], plain(&record["id"]));
        assert_eq!(row["level3"], plain(&indicator["level3"]));
        assert_eq!(row["target_text"], plain(&indicator["target"]["text"]));
        assert_eq!(row["line"], plain(&indicator["line"]));
    }
    let documents = rows(&out, "documents");
    let status: Vec<_> = documents.iter().map(|row| (row["path"].as_str(), row["status"].as_str())).collect();
    assert_eq!(status, [("./a.txt", "ok"), ("./b.txt", "ok"), ("./c.bin", "error")]);
}

#[test]
fn a_spreadsheet_runs_no_formula() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    assert_status(&run(folder.path(), ["extract", "form.txt", "-o", "out", "--for-excel"]), 0);
    let out = folder.path().join("out");
    let targets: Vec<_> = rows(&out, "indicators").iter().map(|row| row["target_text"].clone()).collect();
    assert_eq!(targets, ["'=100%", "'=0", "4660份"]);
    for table in names(&out) {
        assert!(fs::read(out.join(table)).unwrap().starts_with(b"\xef\xbb\xbf"));
    }
}

#[test]
fn evidence_points_at_the_bytes() {
    let folder = folder(&[("form.txt", FORM.as_bytes())]);
    let run = run(folder.path(), ["extract", "form.txt", "--evidence"]);
    let record: Json = serde_json::from_str(&stdout(&run)).unwrap();
    let place = &record["evidence"]["project_name"];
    assert_eq!((&place["line"], &place["column"]), (&4.into(), &2.into()));
    let offset = |index: usize| place["bytes"][index].as_u64().unwrap() as usize;
    assert_eq!(&FORM[offset(0)..offset(1)], "图书馆修缮");
}

#[test]
fn inspect_draws_the_form_and_its_account() {
    let folder = folder(&[("form.txt", FORM.as_bytes()), ("bad.bin", BINARY)]);
    let run_in = |arguments: &[&str]| run(folder.path(), arguments);
    let drawn = run_in(&["inspect", "form.txt", "--width", "100"]);
    assert_status(&drawn, 0);
    let text = stdout(&drawn);
    for part in ["┌", "level1", "投入与管理", "图书馆修缮", "Unmapped", "cells in = "] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains('\u{1b}'), "no colour where there is no terminal");
    assert!(stdout(&run_in(&["inspect", "form.txt", "--color", "always"])).contains('\u{1b}'));
    assert_status(&run_in(&["inspect", "bad.bin"]), 1);
    assert_status(&run_in(&["inspect", "missing.txt"]), 2);
}

#[test]
fn profiles_can_be_listed_shown_and_checked() {
    let folder = folder(&[("bad.toml", b"name = \"x\"\nunknown = 1\n")]);
    let list = run(folder.path(), ["profiles"]);
    assert_status(&list, 0);
    assert!(stdout(&list).contains("shanghai-project-target"));
    let show = run(folder.path(), ["profiles", "show", "shanghai-project-target"]);
    assert!(stdout(&show).contains("total_budget"));
    let source = run(folder.path(), ["profiles", "show", "shanghai-project-target", "--toml"]);
    fs::write(folder.path().join("good.toml"), source.stdout).unwrap();
    assert_status(&run(folder.path(), ["profiles", "check", "good.toml"]), 0);
    let bad = run(folder.path(), ["profiles", "check", "bad.toml"]);
    assert_status(&bad, 1);
    assert!(stderr(&bad).starts_with("bad.toml:"), "{}", stderr(&bad));
    assert_status(&run(folder.path(), ["profiles", "check", "missing.toml"]), 2);
}

#[test]
fn schema_manual_and_completions_are_printed() {
    let folder = folder(&[]);
    let schema = stdout(&run(folder.path(), ["schema", "json"]));
    let schema: Json = serde_json::from_str(&schema).unwrap();
    let forms = schema["allOf"].as_array().unwrap();
    assert!(forms.iter().any(|form| form["if"]["properties"]["form"]["const"] == "shanghai-project-target"));
    let manual = stdout(&run(folder.path(), ["man"]));
    for page in [".TH formgrid 1", ".TH formgrid-extract 1", ".TH formgrid-profiles-check 1"] {
        assert!(manual.contains(page), "{page}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(folder.path(), ["completions", shell]);
        assert_status(&script, 0);
        assert!(stdout(&script).contains("formgrid"), "{shell}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The rows of a table, each by the names of its columns.
fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(table).with_extension("csv")).unwrap();
    let names = reader.headers().unwrap().clone();
    let named =
        |row: csv::StringRecord| names.iter().zip(&row).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    reader.records().map(|row| named(row.unwrap())).collect()
}

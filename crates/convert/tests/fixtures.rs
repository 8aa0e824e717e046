//! Every file of `fixtures/`: against the truth, and drawn after each stage.

mod common;
mod draw;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use common::{convert_checked, path};
use formgrid_convert::{Options, Part, walk};
use formgrid_model::{Comparison, Indicator, Record};
use formgrid_profile::Profiles;
use scraper::{ElementRef, Html, Selector};

/// The documents among the fixtures.
const DOCUMENTS: &str = "*.{txt,html,xls}";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_fixture_gives_what_is_true_of_it() {
    let truths = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth");
    let mut wrong = String::new();
    let documents = fs::read_dir(fixtures()).unwrap();
    let mut names: Vec<_> = documents.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names.iter().filter_map(|name| name.to_str()).filter(|name| *name != "README.md") {
        let truth = fs::read_to_string(truths.join(format!("{name}.truth")))
            .unwrap_or_else(|error| panic!("{name} has no truth: {error}"));
        let found = draw::truth(&convert_checked(&fixture(name)));
        if found != truth {
            wrong += &format!("\n{name}\n{}", difference(&truth, &found));
        }
    }
    assert!(wrong.is_empty(), "truth (-) against what came out (+):\n{wrong}");
}

/// The lines that only one of two texts has.
fn difference(truth: &str, found: &str) -> String {
    let mut lines = String::new();
    let mut rest: Vec<&str> = found.lines().collect();
    for line in truth.lines() {
        match rest.iter().position(|other| *other == line) {
            Some(at) => drop(rest.remove(at)),
            None => lines += &format!("- {line}\n"),
        }
    }
    if lines.is_empty() && rest.is_empty() {
        lines.push_str("the same lines in another order\n");
    }
    rest.iter().fold(lines, |lines, line| lines + &format!("+ {line}\n"))
}

#[test]
fn each_stage_is_drawn() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../../../fixtures", DOCUMENTS, |path| {
            let bytes = fs::read(path).unwrap();
            let profiles = Profiles::builtin();
            let (mut forms, mut records) = (String::new(), String::new());
            let summary = walk(&bytes, &Options::new(&profiles), &mut |part| {
                forms += &draw::part(&part);
                if let Part::Form(_, record) = part {
                    records += &draw::record(&record);
                }
                ControlFlow::Continue(())
            });
            insta::assert_snapshot!("1-blocks", draw::blocks(&bytes));
            insta::assert_snapshot!("2-forms", forms);
            insta::assert_snapshot!("3-records", draw::summary(&summary) + &records);
        });
    });
}

#[test]
fn the_sample_gives_63_indicators_and_19_fields_a_form() {
    let records = convert_checked(&fixture("shanghai-2020.txt")).records;
    assert_eq!(records.iter().map(|record| record.indicators.len()).collect::<Vec<_>>(), [22, 23, 18]);
    assert!(records.iter().all(|record| record.fields.len() == 19));
    assert!(records.iter().flat_map(|record| &record.indicators).all(|i| i.confidence.is_none()));
}

#[test]
fn targets_are_exact() {
    #[track_caller]
    fn check(
        records: &[Record],
        text: &str,
        comparison: Option<Comparison>,
        value: Option<&str>,
        unit: Option<&str>,
    ) {
        let targets = records.iter().flat_map(|r| &r.indicators).filter_map(|i| i.target.as_ref());
        let same: Vec<_> = targets.filter(|target| target.text == text).collect();
        assert!(!same.is_empty(), "{text}");
        for target in same {
            assert_eq!(target.comparison, comparison, "{text}");
            assert_eq!(target.value.map(|value| value.to_string()).as_deref(), value, "{text}");
            assert_eq!(target.unit.as_deref(), unit, "{text}");
        }
    }
    let records = convert_checked(&fixture("shanghai-2020.txt")).records;
    check(&records, "=100%", Some(Comparison::Equal), Some("100"), Some("%"));
    check(&records, "=90%", Some(Comparison::Equal), Some("90"), Some("%"));
    check(&records, ">=90%", Some(Comparison::GreaterOrEqual), Some("90"), Some("%"));
    check(&records, ">=80%", Some(Comparison::GreaterOrEqual), Some("80"), Some("%"));
    check(&records, ">=60", Some(Comparison::GreaterOrEqual), Some("60"), None);
    check(&records, ">=400次", Some(Comparison::GreaterOrEqual), Some("400"), Some("次"));
    check(&records, "=300次", Some(Comparison::Equal), Some("300"), Some("次"));
    check(&records, "=8门", Some(Comparison::Equal), Some("8"), Some("门"));
    check(&records, "=0", Some(Comparison::Equal), Some("0"), None);
    check(&records, "=0%", Some(Comparison::Equal), Some("0"), Some("%"));
    check(&records, "90%", None, Some("90"), Some("%"));
    check(&records, "4660份", None, Some("4660"), Some("份"));
    check(&records, "41次", None, Some("41"), Some("次"));
    for qualitative in ["健全", "合规", "规范", "有效", "建立", "提高", "提升", "高于全国平均数"]
    {
        check(&records, qualitative, None, None, None);
    }
}

#[test]
fn right_and_wrong_spans_give_the_same_records() {
    let right = convert_checked(&fixture("true-spans.html")).records;
    let wrong = convert_checked(&fixture("wrong-spans.html")).records;
    let sample = convert_checked(&fixture("shanghai-2020.txt")).records;
    let fields = |record: &Record| -> Vec<_> {
        record.fields.iter().map(|field| (field.key.clone(), field.value.clone())).collect()
    };
    let leaf = |i: &Indicator| {
        let target = i.target.as_ref().map(|t| (t.text.clone(), t.comparison, t.value, t.unit.clone()));
        (path(i), target)
    };
    for ((right, wrong), sample) in right.iter().zip(&wrong).zip(&sample) {
        assert_eq!(fields(right), fields(wrong));
        assert_eq!(fields(right), fields(sample));
        let leaves = |record: &Record| record.indicators.iter().map(leaf).collect::<Vec<_>>();
        assert_eq!(leaves(right), leaves(wrong));
        // The sample has lost two values; all others are the same.
        for (right, sample) in leaves(right).iter().zip(leaves(sample)) {
            assert_eq!(right.0, sample.0);
            assert!(sample.1.is_none() || sample.1 == right.1, "{sample:?}");
        }
    }
    assert_eq!((right.len(), wrong.len()), (3, 3));
}

/// One cell on a line, as a converter writes a table that walks over its cells.
#[test]
fn the_sample_stacked_gives_the_same_records() {
    let page = fixture("true-spans.html");
    let text = String::from_utf8(page.clone()).unwrap();
    let cells = Selector::parse("body > p, td").unwrap();
    let stacked: String =
        Html::parse_document(&text).select(&cells).map(|cell| cell.inner_html() + "\n").collect();
    let expected = convert_checked(&page).records;
    let found = convert_checked(stacked.as_bytes()).records;
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(&found) {
        let fields = |record: &Record| record.fields.iter().map(|f| f.value.clone()).collect::<Vec<_>>();
        assert_eq!(fields(expected), fields(found));
        let leaf = |i: &Indicator| (path(i), i.target.as_ref().map(|target| target.text.clone()));
        let leaves = |record: &Record| record.indicators.iter().map(leaf).collect::<Vec<_>>();
        assert_eq!(leaves(expected), leaves(found));
    }
}

/// The theory of the damage (EVIDENCE: what happened to the sample): lay out
/// the page with the wrong spans, blank covered slots, cut at four columns.
#[test]
fn wrong_spans_laid_out_and_cut_are_the_sample() {
    let page = String::from_utf8(fixture("wrong-spans.html")).unwrap();
    let page = Html::parse_document(&page);
    let blocks = Selector::parse("body > table, body > p").unwrap();
    let blocks: Vec<String> = page.select(&blocks).map(lay_out_and_cut).collect();
    let laid_out = format!("\n\n{}", blocks.join("\n\n"));
    assert!(laid_out.into_bytes() == fixture("shanghai-2020.txt"));
}

fn lay_out_and_cut(block: ElementRef<'_>) -> String {
    if block.value().name() == "p" {
        return block.inner_html();
    }
    let (rows, cells) = (Selector::parse("tr").unwrap(), Selector::parse("td").unwrap());
    let mut covered = [0_usize; 8];
    let mut lines = Vec::new();
    for row in block.select(&rows) {
        let mut line = [const { String::new() }; 8];
        let mut column = 0;
        let mut next = covered.map(|rows| rows.saturating_sub(1));
        for cell in row.select(&cells) {
            let span = |name| cell.attr(name).map_or(1, |span| span.parse::<usize>().unwrap());
            while covered[column] > 0 {
                column += 1;
            }
            let is_markup = cell.child_elements().next().is_some();
            line[column] = if is_markup { cell.inner_html() } else { cell.text().collect() };
            next[column..column + span("colspan")].fill(span("rowspan") - 1);
            column += span("colspan");
        }
        covered = next;
        lines.push(line[..4].join("\t"));
    }
    lines.join("\n")
}

//! Which profile reads which form.

use std::ops::ControlFlow;

use formgrid_convert::{Options, convert, draft};
use formgrid_profile::Profiles;

const EVALUATION: &str = include_str!("../../../fixtures/self-evaluation.txt");
const DISTRICT: &str = include_str!("../../../fixtures/district-target.txt");
const UNKNOWN: &str = include_str!("../../../fixtures/unknown-form.html");

/// The forms of a document, each by its profile, with the codes of `wanted`
/// diagnostics behind it.
fn forms(text: &str, profiles: &Profiles, wanted: &str) -> Vec<String> {
    let mut forms = Vec::new();
    convert(text.as_bytes(), &Options::new(profiles), &mut |record| {
        let said = record.diagnostics.iter().filter(|found| found.problem.code() == wanted);
        forms.push(said.fold(record.form, |form, found| format!("{form}: {}", found.problem)));
        ControlFlow::Continue(())
    });
    forms
}

#[test]
fn a_file_may_hold_several_kinds() {
    let text = format!("{EVALUATION}\n\n{DISTRICT}\n\n{EVALUATION}");
    let expected = [
        "national-self-evaluation",
        "national-self-evaluation",
        "shanghai-district-target",
        "national-self-evaluation",
        "national-self-evaluation",
    ];
    assert_eq!(forms(&text, &Profiles::builtin(), "uncertain-form"), expected);
}

#[test]
fn two_profiles_that_explain_a_form_alike_are_both_named() {
    let mut profiles = Profiles::builtin();
    let twin = "name = \"twin\"\ntitle = \"孪生表\"\ndescription = \"A twin\"\ntitles = [\"孪生绩效表\"]\n[fields]\n\
                project_name = [\"项目名称\"]\nbasis = [\"立项依据\"]\n[[grid.level]]\nheaders = [\"一级指标\"]\n\
                [grid.columns]\ntarget = [\"指标值\"]\n";
    profiles.add(twin).unwrap();
    profiles
        .add(&twin.replace("\"twin\"", "\"other\"").replace("basis = [\"立", "basis = [\"立项根据\", \"立"))
        .unwrap();
    let text = "孪生绩效表\n项目名称：\t甲\n立项依据：\t乙\n一级指标\t指标值\n产出\t3\n";
    let expected = "twin: read as twin, but other explains the form about as well; add what tells them apart to a profile";
    assert_eq!(forms(text, &profiles, "uncertain-form"), [expected]);
}

#[test]
fn an_unknown_title_is_an_unknown_form_unless_the_words_are_known() {
    let profiles = Profiles::builtin();
    let known = EVALUATION.replace("项目支出绩效自评表", "专项经费绩效打分表");
    assert_eq!(forms(&known, &profiles, "uncertain-form"), ["national-self-evaluation"; 2]);
    assert_eq!(forms(UNKNOWN, &profiles, "uncertain-form"), ["generic"]);
    assert!(forms("专项经费绩效打分表\n首页\t新闻\n", &profiles, "").is_empty());
}

#[test]
fn a_draft_reads_the_form_it_was_drawn_from() {
    let mut profiles = Profiles::builtin();
    let toml = draft(UNKNOWN.as_bytes(), &Options::new(&profiles)).unwrap();
    profiles.add(&toml).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"));
    convert(UNKNOWN.as_bytes(), &Options::new(&profiles), &mut |record| {
        assert_eq!(record.form, "my-form");
        assert_eq!(record.unmapped, []);
        assert_eq!(record.indicators.len(), 4);
        assert!(record.fields.iter().all(|field| field.value.is_some()), "{:?}", record.fields);
        ControlFlow::Continue(())
    });
}

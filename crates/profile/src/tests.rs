//! Profiles as a whole: what is read, what is told, what is inherited.

use crate::{Kind, Profiles, dictionary};

const HEAD: &str = "name = \"x\"\ntitle = \"某表\"\ndescription = \"A form\"\ntitles = [\"某表\"]\n";

/// Every mistake of a profile, a line each.
#[track_caller]
fn check(toml: &str, expected: &[&str]) {
    let errors = Profiles::builtin().add(toml).map(drop).unwrap_err();
    let found: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_mistake_is_named_with_its_place_and_a_hint() {
    check(
        "name = \"X\"\ntitels = [\"某表\"]\n",
        &[
            "line 1, column 8: \"X\" is no name; write lower-case letters, digits and hyphens",
            "line 1, column 8: the file has no \"description\"; say what the form is",
            "line 1, column 8: the file has no \"title\"; say what the form is",
            "line 1, column 8: the profile has no \"titles\"; name the lines that a form begins with",
            "line 2, column 1: unknown key \"titels\"; did you mean \"title\"?",
        ],
    );
    check(
        &format!(
            "{HEAD}[fields]\nproject_nam = [\"项目名称\"]\nbasis = [\"依据\"]\noverview = [\"依据：\"]\n"
        ),
        &[
            "line 6, column 1: unknown key \"project_nam\"; did you mean \"project_name\"? Or define it: [keys.project_nam] with type, en and zh",
            "line 8, column 13: the label \"依据：\" already belongs to \"basis\"; take it out of one of them, or put it in a [[block]]",
        ],
    );
    check(
        &format!("{HEAD}[fields]\nbasis = \"依据\"\nyear = [\"年度\"]\noverview = []\n"),
        &[
            "line 6, column 1: \"basis\" has no label; list what the form prints",
            "line 6, column 9: \"basis\" must be a list of texts: [\"…\", \"…\"]",
            "line 7, column 1: \"year\" is read from the caption; leave it out",
            "line 8, column 1: \"overview\" has no label; list what the form prints",
        ],
    );
    check(
        &format!("{HEAD}[[block]]\nafter = \"total_budget\"\n[keys.basis]\ntype = \"txt\"\nen = \"x\"\n"),
        &[
            "line 6, column 9: no field above has the key \"total_budget\"; a block comes after one",
            "line 7, column 7: \"basis\" needs \"zh\": say what it means",
            "line 8, column 8: unknown type \"txt\"; did you mean \"text\"?",
        ],
    );
    check(
        &format!(
            "{HEAD}[[grid.level]]\nheaders = [\"一级指标\"]\n[grid.columns]\nactual = [\"一级指标\", \"\"]\n"
        ),
        &[
            "line 8, column 1: the grid has no column \"target\"; one of its columns must be",
            "line 8, column 11: \"一级指标\" heads another level or column, too; take one out",
            "line 8, column 19: \"\" is blank or too long to be compared",
        ],
    );
    check(
        "name = \"x\"\nextends = \"national-targe\"\n",
        &["line 2, column 11: no profile is named \"national-targe\"; did you mean \"national-target\"?"],
    );
    check(
        "name = \"x\"\nextends = \"national-target\"\ndrop = [\"fieldz\"]\n",
        &["line 3, column 9: there is no \"fieldz\" to drop; did you mean \"fields\"?"],
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    let errors = Profiles::builtin().add("name = \"x\ntitle = 1\n").map(drop).unwrap_err();
    assert_eq!(errors[0].line, 1, "{errors:?}");
}

#[test]
fn a_variant_adds_to_what_it_extends() {
    let mut profiles = Profiles::builtin();
    let variant = "name = \"v\"\nextends = \"national-target\"\ntitles = [\"某省*某表\"]\ndrop = [\"annual_goals\"]\n\
                   [fields]\ndepartment = [\"归口处室\"]\nbasis = [\"依据\"]\n[grid.columns]\nremark = [\"备注\"]\n";
    let profile = profiles.add(variant).unwrap_or_else(|errors| panic!("{errors:?}"));
    let key = |label: &str| profile.label(label).map(|label| &*profile.fields[label.field].key);
    assert_eq!(key("归口处室"), Some("department"));
    assert_eq!(key("主管部门"), Some("department"));
    assert_eq!(key("依据"), Some("basis"));
    assert_eq!(key("年度目标"), None);
    assert_eq!(profile.title("某省2024年省级某表（2024年度）"), Some(Some(2024)));
    assert_eq!(profile.title("省级部门预算项目支出绩效目标表"), None);
    assert_eq!(profile.grid.columns.last().map(|column| &*column.key), Some("remark"));
    assert_eq!(profile.ancestors, ["national-target"]);
    assert!(profiles.is_title("某省某表") && profiles.is_header("备注"));
}

#[test]
fn a_key_has_one_type_in_all_profiles() {
    let profiles = Profiles::builtin();
    let keys = || profiles.iter().flat_map(|profile| &profile.fields);
    for field in keys() {
        let other = keys().find(|other| other.key == field.key && other.kind != field.kind);
        assert!(other.is_none(), "{}", field.key);
    }
    assert!(dictionary().fields.iter().any(|key| key.name == "project_name" && key.kind == Kind::Text));
}

#[test]
fn the_generic_profile_has_what_all_agree_on() {
    let profiles = Profiles::builtin();
    let generic = profiles.generic();
    let key = |label: &str| generic.label(label).map(|label| &*generic.fields[label.field].key);
    assert_eq!(key("项目名称"), Some("project_name"));
    // It is a part of two totals.
    assert_eq!(key("其他资金"), None);
    assert_eq!(generic.title("某市绩效任务表（2024年度）"), Some(Some(2024)));
    let mut keys: Vec<&str> = generic.fields.iter().map(|field| &*field.key).collect();
    keys.sort_unstable();
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
}

#[test]
fn no_word_is_given_up_for_its_end() {
    let profiles = Profiles::builtin();
    // As a form prints them: with a date, a number, spaces and a colon.
    let printed = |word: &str| {
        let dated = word.replace("{year}", "2020").replace("{month}", "5");
        [dated.clone(), format!(" {dated} ：\u{3000}"), format!("1、{dated}")]
    };
    for profile in profiles.iter().chain([profiles.generic()]) {
        for text in profile.labels.keys().flat_map(|word| printed(word)) {
            assert!(profile.label(&text).is_some(), "{}: {text}", profile.name);
            assert!(profile.label(&format!("{text}（万元）")).is_some(), "{}: {text}", profile.name);
        }
        for text in profile.sides.iter().flat_map(|word| printed(word)) {
            assert!(profile.side(&text).is_some(), "{}: {text}", profile.name);
        }
        let grid = &profile.grid;
        for level in &grid.levels {
            for text in
                level.headers.iter().flat_map(|word| printed(word)).filter(|text| !text.starts_with('1'))
            {
                assert!(grid.header(&text).is_some(), "{}: {text}", profile.name);
            }
            let found = |text: &str| grid.levels_of(text).next().is_some();
            let is_found =
                |word: &&String| ["", "指标", "目 标(50分)"].iter().all(|end| found(&format!("{word}{end}")));
            let lost = level.words.iter().find(|word| !is_found(word));
            assert_eq!(lost, None, "{}", profile.name);
        }
        for text in grid.rows.keys().flat_map(|word| printed(word)) {
            assert!(grid.row(&text).is_some(), "{}: {text}", profile.name);
        }
    }
}

//! The sieve never drops a form: wherever reading finds one, it says so.

mod encoded;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use encoded::Form;
use formgrid_convert::{Options, Part, Sieve, Summary, convert, walk};
use formgrid_model::Record;
use formgrid_profile::{Opener, Profiles};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);
static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::new(&PROFILES));

const TITLE: &str = "财政项目支出绩效目标表";
const LABEL: &str = "项目名称";
const HEADER: &str = "指标目标值";

fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| !path.ends_with("README.md"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn convert_with(bytes: &[u8], profiles: &Profiles, sieve: Option<&Sieve>) -> (Vec<Record>, Summary) {
    let mut records = Vec::new();
    let options = Options { sieve, ..Options::new(profiles) };
    let summary = convert(bytes, &options, &mut |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    (records, summary)
}

/// What comes out with the sieve is what comes out without it. Returns how many
/// forms there are, and whether the sieve let the document pass unread.
#[track_caller]
fn check(bytes: &[u8]) -> (u32, bool) {
    let (expected, mut read) = convert_with(bytes, &PROFILES, None);
    let (found, sieved) = convert_with(bytes, &PROFILES, Some(&SIEVE));
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(bytes));
    if sieved.is_passed {
        // Nothing but what it says: how many cells there are, and their faults.
        assert_eq!(read.forms, 0, "{}", String::from_utf8_lossy(bytes));
        (read.outside, read.is_passed) = (0, true);
        read.diagnostics.retain(|found| sieved.diagnostics.contains(found));
        assert_eq!(sieved, read);
    }
    (read.forms, sieved.is_passed)
}

#[test]
fn fixtures_in_any_encoding_give_the_same() {
    let forms = ["utf-8", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "utf-16le"].map(Form::new);
    for (_, text) in fixtures() {
        for form in forms.into_iter().chain([Form::marked("utf-16be")]) {
            check(&form.bytes(&form.fitted(text.trim_start_matches('\u{feff}'))));
        }
    }
}

/// Each form of a fixture by itself, as tab text and as a table; then without
/// its first rows, without its last ones, and each two rows of it.
#[test]
fn parts_of_forms_give_the_same() {
    let mut found = 0;
    for (_, text) in fixtures() {
        let mut forms: Vec<Vec<Vec<String>>> = Vec::new();
        walk(text.as_bytes(), &Options::new(&PROFILES), &mut |part| {
            if let Part::Form(form, _) = part {
                let row = |row: &formgrid_model::Row<'_>| {
                    row.cells.iter().map(|cell| cell.text.to_string()).collect()
                };
                forms.push(form.rows.iter().map(|(_, cells)| row(cells)).collect());
            }
            ControlFlow::Continue(())
        });
        for form in forms {
            let rows = form.len();
            let starts = (0..rows.min(10)).map(|start| &form[start..]);
            let ends = (1..rows.min(12)).map(|end| &form[..end]);
            let pairs = form.windows(2).take(12);
            for part in starts.chain(ends).chain(pairs) {
                let cell = |text: &String| text.replace('\n', "<br>");
                let line = |row: &Vec<String>, gap: &str| row.iter().map(cell).collect::<Vec<_>>().join(gap);
                let lines: String = part.iter().map(|row| line(row, "\t") + "\n").collect();
                let table: String = part.iter().map(|row| format!("<tr><td>{}", line(row, "<td>"))).collect();
                found += check(lines.as_bytes()).0.min(1);
                found += check(format!("<table>{table}</table>").as_bytes()).0.min(1);
            }
        }
    }
    assert!(found > 400, "{found}");
}

/// The least documents with a form: every word of every profile, with one other
/// word beside it.
#[test]
fn each_word_opens_a_form() {
    let mut found = [0; 3];
    for (opener, word) in PROFILES.openers() {
        let word = word.replace("{year}", "二〇二〇").replace("{month}", "7");
        for word in [word.clone(), format!("（一） {word}"), format!("其中：{word}（万元）")] {
            let (at, document) = match opener {
                Opener::Title => (0, format!("附件1 2020年度{word}（2020年）\n{LABEL}：\t甲\n")),
                Opener::Label => (1, format!("{TITLE}\n{word}：\t甲\n")),
                Opener::Header => (2, format!("{word}\t{HEADER}\n")),
            };
            found[at] += check(document.as_bytes()).0;
        }
    }
    assert!(found.iter().all(|&found| found > 50), "{found:?}");
}

#[test]
fn what_parts_a_word_does_not_hide_it() {
    let cases = [
        "",
        "\u{3000}",
        "&nbsp;",
        "\u{200b}",
        "：",
        "\n",
        "<br>",
        "</b><b>",
        "<font face=宋体>",
        "<!-- 说明 -->",
        "<style>宋体</style>",
        "<table><tr><td>甲</table>",
        "<select><option>甲</select>",
        "<span title='a>b'>",
        "&#12288;",
    ];
    let mut found = 0;
    for part in cases {
        let word = |word: &str| {
            let mut chars = word.chars();
            format!("{}{part}{}", chars.by_ref().take(2).collect::<String>(), chars.as_str())
        };
        for (first, second) in [(TITLE, LABEL), (LABEL, "项目类别"), (HEADER, "一级目标")] {
            let row = format!("<td>{}<td>{}<td>甲", word(first), word(second));
            found += check(format!("<html><table><tr>{row}</table>").as_bytes()).0;
            let rows = format!("<tr><td>{}<tr><td>{}<td>甲", word(first), word(second));
            found += check(format!("<html><table>{rows}</table>").as_bytes()).0;
            found += check(format!("<html><p>{}<p>{}", word(first), word(second)).as_bytes()).0;
        }
    }
    assert!(found > 40, "{found}");
    let number = |text: &str| text.chars().map(|c| format!("&#{};", u32::from(c))).collect::<String>();
    let page = format!("<table><tr><td>{}<tr><td>{}<td>甲</table>", number(TITLE), number(LABEL));
    assert_eq!(check(page.as_bytes()), (1, false));
    // Text that a table gives no cell is moved above it.
    let moved =
        "<p>项目名<table><tr><td>甲</td></tr>称：丙</table>项目类<table><tr><td>乙</td></tr>别：丁</table>";
    check(moved.as_bytes());
}

#[test]
fn ordinary_documents_pass() {
    for document in [
        "<html><body><p>项目建设单位要按照绩效目标的要求，抓好项目实施内容和资金管理。</p><p>单位：某局</p>",
        "<html><table><tr><td>序号<td>单位<td>内容<tr><td>1<td>某局<td>修路</table>",
        "关于报送财政项目支出绩效目标表的通知\n各单位：\n\t请报送。\n",
        "姓名\t电话\n甲\t1\n",
        "plain text\nof the West\n",
        "",
    ] {
        let (read, summary) = convert_with(document.as_bytes(), &PROFILES, Some(&SIEVE));
        assert!(read.is_empty() && summary.is_passed, "{document}");
        assert!(summary.decoding.is_some() && !summary.sha256.is_empty());
        check(document.as_bytes());
    }
}

#[test]
fn words_of_other_profiles_are_known() {
    let profile = |label: &str| {
        format!(
            "name = \"own\"\ntitle = \"甲\"\ndescription = \"A form\"\ntitles = [\"桥梁登记簿\"]\n[fields]\n\
             applicant = [\"{label}\"]\n"
        )
    };
    for (label, document) in
        [("桥名甲", "桥梁登记簿\n桥名甲：\t乙\n"), ("Bridge", "桥梁登记簿\nBridge:\t乙\n")]
    {
        let mut profiles = Profiles::builtin();
        profiles.add(&profile(label)).unwrap();
        let sieve = Sieve::new(&profiles);
        assert_eq!(convert_with(document.as_bytes(), &profiles, Some(&sieve)).1.forms, 1, "{label}");
        assert_eq!(convert_with(document.as_bytes(), &PROFILES, Some(&SIEVE)).1.forms, 0, "{label}");
    }
}

/// What is done to a document at a place: so many characters are deleted, and
/// this is put in.
fn changes() -> impl Strategy<Value = Vec<(Index, usize, &'static str)>> {
    let put = select(
        &[
            "",
            "",
            "",
            "\u{3000}",
            "\u{a0}",
            "\u{200b}",
            "\n",
            "\t",
            "：",
            "一",
            "（",
            "<b>",
            "</b>",
            "<br>",
            "<font face=\"宋体\">",
            "<!-- 目 -->",
            "<script>目</script>",
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<table><tr><td>甲</table>",
            "&nbsp;",
            "&#39033;",
            "&",
            "<",
            "<b title=\"",
            ">",
            "<p>",
            "<select>",
            "<textarea>",
            "<svg>",
            "<template>",
            "<caption>",
            "</html>",
            "<html>",
            "<head>",
        ][..],
    );
    vec((any::<Index>(), prop_oneof![4 => Just(0_usize), 2 => 1_usize..4, 1 => 1_usize..200], put), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_documents_give_the_same(at in any::<Index>(), changes in changes(), is_gb in any::<bool>()) {
        static FIXTURES: LazyLock<Vec<(String, String)>> = LazyLock::new(fixtures);
        let (_, text) = &FIXTURES[at.index(FIXTURES.len())];
        // The beginning says what it is, and the search is for little to read.
        let mut chars: Vec<char> = text.chars().take(3000).collect();
        for (at, length, put) in changes {
            let start = at.index(chars.len() + 1);
            let end = chars.len().min(start + length);
            chars.splice(start..end, put.chars());
        }
        let text: String = chars.into_iter().collect();
        let form = Form::new(if is_gb { "gb18030" } else { "utf-8" });
        check(&form.bytes(&form.fitted(&text)));
    }

    /// Words that are cut or parted, alone in small pages: few of them are
    /// forms, and those that are hang on one word.
    #[test]
    fn pieces_of_words_give_the_same(
        pieces in vec(
            select(&[
                TITLE, LABEL, HEADER, "项目", "名称", "项目类别", "财政项目", "支出绩效", "目标表", "表", "绩", "效",
                "一级", "目标", "二级目标", "其中", "：", "\u{3000}", "（万元）", "2020年", "<tr>", "<td>", "</td>",
                "<table>", "</table>", "<br>", "<b>", "<script>项</script>", "<p>", "\n", "&#30446;", "标", "值",
                "<template>", "<caption>", "<th style=\"display:none\">", "<option>", "甲",
            ][..]),
            1..24,
        ),
        start in select(&["", "<html>", "<table>", "<html><table><tr><td>"][..]),
    ) {
        check(format!("{start}{}", pieces.concat()).as_bytes());
    }
}

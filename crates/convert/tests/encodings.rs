//! The fixtures in other encodings, declared rightly, wrongly or not at all:
//! what comes out is the same, and says what it was read from.

mod encoded;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use encoded::Form;
use formgrid_convert::{Options, Summary, convert};
use formgrid_ingest::{Encoding, encoding_for_label, ingest};
use formgrid_model::{Block, EncodingFrom, Place, Problem, Record};
use formgrid_profile::Profiles;

/// The encodings in which any Chinese text can be.
const ALL: [Form; 9] = [
    Form::new("utf-8"),
    Form::marked("utf-8"),
    Form::new("gb18030"),
    Form::new("gbk"),
    Form::new("gb2312"),
    Form::marked("utf-16le"),
    Form::marked("utf-16be"),
    Form::new("utf-16le"),
    Form::new("utf-16be"),
];

const BIG5: Form = Form::new("big5");

/// Those that hold Chinese, but not as a rule: believed where they are declared.
const FOREIGN: [Form; 3] = [Form::new("euc-jp"), Form::new("shift_jis"), Form::new("euc-kr")];

/// A whole form of few bytes.
const SHORT: &str =
    "绩效目标表\n项目名称：\t修缮\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t面积\t≥90\n";

fn fixtures(names: &[&str]) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.retain(|path| match names {
        [] => name(path) != "README.md",
        names => names.contains(&&*name(path)),
    });
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        (name(path), text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    };
    paths.iter().map(read).collect()
}

/// What comes out of bytes, without what tells the encoding: the bytes' hash, and
/// offsets into them.
fn records(bytes: &[u8], charset: Option<&'static Encoding>) -> (Vec<Record>, Summary) {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::builtin);
    let mut options = Options::new(&PROFILES);
    options.ingest.charset = charset;
    let mut records = Vec::new();
    let mut summary = convert(bytes, &options, &mut |mut record| {
        blur(&mut record);
        records.push(record);
        ControlFlow::Continue(())
    });
    summary.sha256.clear();
    (records, summary)
}

fn blur(record: &mut Record) {
    record.id.clear();
    record.origin.sha256.clear();
    record.origin.encoding.clear();
    record.origin.encoding_from = EncodingFrom::Detected;
    let blur = |place: &mut Place| place.bytes = None;
    record.fields.iter_mut().filter_map(|field| field.place.as_mut()).for_each(blur);
    record.unmapped.iter_mut().for_each(|item| blur(&mut item.place));
    for indicator in &mut record.indicators {
        let further = indicator.further.iter_mut().filter_map(|(_, part)| part.as_mut());
        let parts = indicator.levels.iter_mut().flatten().chain(further);
        parts.for_each(|part| blur(&mut part.place));
        indicator.target.iter_mut().for_each(|target| blur(&mut target.place));
    }
}

/// A text in an encoding, declared as that label: in the document itself (of
/// HTML), or by who delivers it. What comes out is what the text in UTF-8 gives.
#[track_caller]
fn check(name: &str, text: &str, form: Form, label: Option<&str>, inside: bool) {
    let case = format!("{name} in {form:?}, declared {label:?}{}", if inside { " inside" } else { "" });
    let text = form.fitted(text);
    let text = match label {
        Some(label) if inside => format!("<meta charset={label}>{text}"),
        _ => text,
    };
    let charset = label.filter(|_| !inside).map(|label| encoding_for_label(label).unwrap());
    let (expected, _) = records(text.as_bytes(), None);
    let (found, mut summary) = records(&form.bytes(&text), charset);
    assert!(expected == found, "{case}: {found:#?}");
    let is_whole = !format!("{found:?}").contains('\u{fffd}');
    assert!(is_whole, "{case}");

    let declared = label.map(|label| Form::new(encoding_for_label(label).unwrap().name()).name());
    // Nobody reads what UTF-16 says of itself.
    let declared = declared.filter(|_| !inside || !form.name().starts_with("UTF-16"));
    let decoding = summary.decoding.unwrap_or_else(|| panic!("{case}: {:?}", summary.diagnostics));
    let from = match declared {
        _ if form.has_mark => EncodingFrom::Bom,
        Some(declared) if declared == form.name() => EncodingFrom::Declared,
        _ => EncodingFrom::Detected,
    };
    assert_eq!((decoding.encoding, decoding.from), (form.name(), from), "{case}");
    assert_eq!((decoding.undecodable, decoding.first_undecodable), (0, None), "{case}");
    let mismatch = |problem: &Problem| matches!(problem, Problem::EncodingMismatch { .. });
    let mismatches = summary.diagnostics.extract_if(.., |found| mismatch(&found.problem)).count();
    // Which of the two the declared UTF-16 is, the bytes say.
    let kind = |name: &'static str| name.trim_end_matches("LE").trim_end_matches("BE");
    let is_lie = declared.is_some_and(|declared| kind(declared) != kind(form.name()));
    assert_eq!(mismatches, usize::from(is_lie), "{case}");
    assert!(!summary.diagnostics.iter().any(|found| found.problem.code() == "undecodable-bytes"), "{case}");
}

/// Declared rightly, wrongly in several ways, and not at all.
fn check_all(name: &str, text: &str, forms: &[Form], wrong: &[&str]) {
    let is_html = text.contains("<table") && !text.starts_with("<?");
    for &form in forms {
        check(name, text, form, None, false);
        for label in [&[form.label], wrong].concat() {
            // Within the document, UTF-16 cannot be declared but means UTF-8.
            if is_html && !label.starts_with("utf-16") {
                check(name, text, form, Some(label), true);
            }
            check(name, text, form, Some(label), false);
        }
    }
}

#[test]
fn records_are_the_same_in_every_encoding() {
    let names = [
        "shanghai-2020.txt",
        "true-spans.html",
        "provincial-target.html",
        "department-target.html",
        "sichuan-self-evaluation.html",
        "project-list.txt",
        "quoted.txt",
        "mixed.txt",
        "office.xls",
    ];
    let wrong = ["utf-8", "gb2312", "big5", "iso-8859-1", "shift_jis"];
    for (name, text) in fixtures(&names) {
        let text = text.replace("charset=\"utf-8\"", "").replace("charset=utf-8", "");
        // Large ones take long.
        let wrong = if text.len() > 10_000 { &wrong[..1] } else { &wrong };
        check_all(&name, &text, &ALL, wrong);
        check_all(&name, &text, &[BIG5], wrong);
        for form in FOREIGN {
            check(&name, &text, form, Some(form.label), false);
        }
    }
}

#[test]
fn a_short_document_is_enough() {
    check_all("short", SHORT, &ALL, &["utf-8", "gbk", "big5", "windows-1252", "utf-16be"]);
    check_all("short", SHORT, &[BIG5], &["utf-8", "gbk", "windows-1252", "euc-kr"]);
    for form in FOREIGN {
        check("short", SHORT, form, Some(form.label), false);
    }
}

/// Of the names of places, companies and people, many characters are rare; they
/// are as common in what is wrongly declared to be of another country.
#[test]
fn rare_characters_of_names_look_foreign_to_no_declaration() {
    let form = Form::new("gbk");
    let wrong = ["euc-kr", "big5", "euc-jp", "shift_jis", "utf-8", "windows-1251"];
    let name = "鄞州区鑫淼公司补助（闫焱，韩昊璐）";
    let text = SHORT.replace("修缮", name);
    check_all("rare", &text, &[form], &wrong);
    let page = format!("<table><tr><td>项目支出绩效目标表<tr><td>项目名称<td>{name}</table>");
    check_all("rare", &page, &[form], &wrong);
    // Pages say this that are of anything.
    let wrong = [&wrong[..], &["iso-8859-1", "koi8-r"]].concat();
    // Traditional characters, of which Big5 cannot decode the half.
    let page = "<table><tr><td>项目支出绩效目标表<tr><td>项目名称<td>橋樑維修與學校營運補貼計畫</table>";
    check_all("traditional", page, &[form], &wrong);
}

#[test]
fn utf_16_without_a_mark_is_told_whatever_it_begins_with() {
    let forms = [Form::new("utf-16le"), Form::new("utf-16be")];
    // One character of UTF-32 is a tab and an ideograph of UTF-16.
    for top in ["", " \n", "\t\t\t\n", "Sheet1\t\t\n", "a,b,c\n1,2,3\n", "\r\n\r\n"] {
        // Units, ideographs whose second byte is 0, such as have two units.
        for value in ["㎡㎡㎏㎡", "开最需销言退开最", "𠮷𠮷𡈽", "αβγ ⅡⅢ ℃", "bā bá"]
        {
            let text = format!("{top}{}", SHORT.replace("修缮", value));
            check_all(&format!("{top:?} {value}"), &text, &forms, &["utf-16be"]);
        }
    }
}

#[test]
fn a_long_ascii_head_does_not_hide_the_text() {
    let css = "td.xl65 { mso-style-parent: style0; font-weight: 700; }\n".repeat(1100);
    assert!(css.len() > 60_000);
    for (name, text) in fixtures(&["provincial-target.html"]) {
        let page = format!("<style>{css}</style>{text}");
        check_all(&name, &page, &ALL, &["utf-8", "gbk", "iso-8859-1"]);
        check_all(&name, &page, &[BIG5], &["utf-8", "gbk"]);
        // A declaration behind it.
        for label in ["gb2312", "utf-8"] {
            let text = format!("<style>{css}</style><meta charset={label}>{text}");
            let (_, summary) = records(&Form::new("gbk").bytes(&text), None);
            let from = summary.decoding.map(|decoding| (decoding.encoding, decoding.from.name()));
            let expected = if label == "utf-8" { "detected" } else { "declared" };
            assert_eq!(from, Some(("gb18030", expected)));
        }
    }
}

/// Tab text may begin with a declaration of its encoding; it is no page for that.
#[test]
fn tab_text_may_declare_its_encoding() {
    for (name, text) in fixtures(&["shanghai-2020.txt", "project-list.txt", "quoted.txt"]) {
        let (expected, _) = records(format!("\n{text}").as_bytes(), None);
        for form in [Form::new("utf-8"), Form::new("gbk")] {
            let declared = format!("<meta charset={}>\n{text}", form.label);
            let (found, summary) = records(&form.bytes(&declared), None);
            assert!(expected == found, "{name} in {form:?}: {found:#?}");
            assert_eq!(summary.decoding.unwrap().from, EncodingFrom::Declared);
        }
    }
}

#[test]
fn hz_is_refused_with_a_word() {
    let gb = encoding_for_label("gb2312").unwrap();
    for label in [None, Some("hz-gb-2312")] {
        let mut bytes = label.map_or(Vec::new(), |label| format!("<meta charset={label}>").into_bytes());
        for line in SHORT.lines() {
            for cell in line.split('\t') {
                let encoded = gb.encode(cell).0;
                bytes.extend_from_slice(b"~{");
                bytes.extend(encoded.iter().map(|b| b & 0x7f));
                bytes.extend_from_slice(b"~}\t");
            }
            bytes.push(b'\n');
        }
        // Digits are not Chinese.
        let bytes: Vec<u8> = bytes.into_iter().filter(|b| !b.is_ascii_digit() || *b == b'2').collect();
        let (found, summary) = records(&bytes, None);
        assert_eq!(found, []);
        let said: Vec<String> = summary.diagnostics.iter().map(|found| found.to_string()).collect();
        assert!(
            said.len() == 1 && said[0].starts_with("error[not-text]: ") && said[0].contains("HZ"),
            "{said:?}"
        );
    }
}

/// The text of each cell's bytes, in the document's own encoding, is the text of
/// its bytes in UTF-8. All fixtures, none of them declared.
#[test]
fn every_cell_tells_its_bytes_in_every_encoding() {
    for (name, text) in fixtures(&[]) {
        for form in ALL.into_iter().chain([BIG5]).chain(FOREIGN) {
            let text = form.fitted(&text.replace("utf-8", "").replace("UTF-8", ""));
            let charset = FOREIGN.iter().any(|other| other.label == form.label).then(|| form.encoding());
            let bytes = form.bytes(&text);
            let read = |bytes: &[u8], charset| -> Vec<(String, std::ops::Range<usize>)> {
                let options = formgrid_ingest::Options { charset, ..Default::default() };
                let Ok(document) = ingest(bytes, &options) else { panic!("{name} in {form:?} is no text") };
                let cells = document.value.blocks().flat_map(|block| match block {
                    Block::Line(row) => row.cells,
                    Block::Diagnostic(_) => Vec::new(),
                    Block::Table(table) => table
                        .caption
                        .into_iter()
                        .chain(table.rows.into_iter().flat_map(|row| row.cells))
                        .collect(),
                });
                cells.filter_map(|cell| Some((cell.text.into_owned(), cell.bytes?))).collect()
            };
            let (expected, found) = (read(text.as_bytes(), None), read(&bytes, charset));
            assert_eq!(expected.len(), found.len(), "{name} in {form:?}");
            for ((text_here, here), (text_there, there)) in expected.into_iter().zip(found) {
                assert_eq!(text_here, text_there, "{name} in {form:?}");
                // Each offset is that of the text before it, encoded; for some, since
                // it takes long.
                if text.len() < 1500 {
                    let form = Form { has_mark: false, ..form };
                    let mark = bytes.len() - form.bytes(&text).len();
                    let offset = |at: usize| mark + form.bytes(&text[..at]).len();
                    assert_eq!(there, offset(here.start)..offset(here.end), "{name} in {form:?}");
                }
                let own = form.encoding().decode_without_bom_handling(&bytes[there]).0;
                assert_eq!(own, text[here], "{name} in {form:?}");
            }
        }
    }
}

/// One damaged byte changes what stands there, and nothing else.
#[test]
fn one_bad_byte_is_one_bad_place() {
    for (name, text) in fixtures(&["provincial-target.html", "self-evaluation.txt"]) {
        // Where a half is gone, the halves behind it pair otherwise, up to the next
        // character of ASCII.
        for (form, bad, most) in
            [("utf-8", 0xff, 2), ("gb18030", 0xff, 40), ("big5", 0xff, 40), ("gb18030", 0x09, 40)]
        {
            let form = Form::new(form);
            let text = form.fitted(&text);
            let bytes = form.bytes(&text);
            for at in (0..bytes.len()).step_by(bytes.len() / 40) {
                for charset in [None, Some(form.encoding())] {
                    let mut bytes = bytes.clone();
                    bytes[at] = bad;
                    let options = formgrid_ingest::Options { charset, ..Default::default() };
                    let document = ingest(&bytes, &options).unwrap();
                    let decoding = document.value.decoding();
                    let case = format!("{name} in {form:?} at {at}: {decoding:?}");
                    assert_eq!(decoding.encoding, form.name(), "{case}");
                    assert!(decoding.undecodable <= 3, "{case}");
                    if let Some(first) = decoding.first_undecodable {
                        assert!(at.abs_diff(first as usize) <= most, "{case}");
                    }
                    let told =
                        document.diagnostics.iter().any(|found| found.problem.code() == "undecodable-bytes");
                    assert_eq!(told, decoding.undecodable > 0, "{case}");
                    // All but the characters at the place are as they were.
                    let found = document.value.text();
                    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
                        a.zip(b).take_while(|(a, b)| a == b).count()
                    };
                    let ahead = same(&mut text.chars(), &mut found.chars());
                    let behind = same(&mut text.chars().rev(), &mut found.chars().rev());
                    let length = text.chars().count();
                    assert!(ahead + behind + most >= length, "{case}: {ahead} and {behind} of {length}");
                }
            }
        }
    }
}

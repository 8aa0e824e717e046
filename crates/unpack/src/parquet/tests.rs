use std::fs;
use std::path::PathBuf;

use crate::Options;
use crate::members::{check_damaged, members};

/// What pyarrow wrote; `tests/parquet/make.py` says how.
fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/parquet");
    fs::read(folder.join(format!("{name}.parquet"))).unwrap()
}

const FILES: [&str; 12] = [
    "none",
    "snappy",
    "gzip",
    "brotli",
    "zstd",
    "lz4",
    "plain",
    "version-2",
    "groups",
    "large",
    "deltas",
    "deltas-2",
];

fn pages(text_column: Option<&str>, path_column: Option<&str>, file: &[u8]) -> Vec<String> {
    let options = Options {
        text_column: text_column.map(str::to_owned),
        path_column: path_column.map(str::to_owned),
        ..Options::default()
    };
    members(&options, &mut { file })
}

/// All files hold the same rows.
#[track_caller]
fn check(text_column: Option<&str>, path_column: Option<&str>, expected: &[&str]) {
    for name in FILES {
        assert_eq!(pages(text_column, path_column, &file(name)), expected, "{name}.parquet");
    }
}

fn null(row: &str, column: &str) -> String {
    format!("{row}: error[unreadable-row]: this row holds no page: its column {column} is null")
}

#[test]
fn texts_and_their_names() {
    let three = r"(utf-8): <p>\xe4\xb8\x89";
    let long = format!("http://e/ (utf-8): {}", r"\xe9\x95\xbf".repeat(700));
    check(
        None,
        None,
        &[
            r"http://a/ (utf-8): <p>\xe4\xb8\x80</p>",
            &null("http://b/", "html"),
            &format!("3 {three}"),
            &format!("4 {three}"),
            &long,
        ],
    );
    // Without nulls.
    check(
        Some("must"),
        Some("must"),
        &["a (utf-8): a", "b (utf-8): b", "c (utf-8): c", "dd (utf-8): dd", "5 (utf-8): "],
    );
}

#[test]
fn bytes_without_an_encoding() {
    check(
        Some("raw"),
        Some("id"),
        &[r"1: \xd4\xa4\xcb\xe3", "2: ", &null("3", "raw"), r"-4: \x00\xff", "1099511627776: x"],
    );
    check(
        Some("raw"),
        Some("small"),
        &[r"7: \xd4\xa4\xcb\xe3", "8: ", &null("9", "raw"), r"-1: \x00\xff", "5: x"],
    );
}

#[test]
fn columns_in_groups() {
    check(
        Some("doc.page"),
        Some("doc.meta.url"),
        &[
            "u1 (utf-8): page 1",
            "u2 (utf-8): page 2",
            &null("u3", "doc.page"),
            "u4 (utf-8): page 4",
            &null("5", "doc.page"),
        ],
    );
}

#[test]
fn columns_that_are_not_there_or_no_text() {
    let wrong = |why: &str| format!("-: error[unreadable]: cannot be read: {why}");
    let columns = "html, raw, url, id, small, must, doc.meta.url, doc.page, tags.list.element, size";
    for name in ["page", "doc"] {
        let why = format!("it has no column {name}; --text-column names it: {columns}");
        check(Some(name), None, &[&wrong(&why)]);
    }
    for column in ["size", "id", "tags.list.element"] {
        let why = format!("its column {column} holds no text; --text-column names another");
        check(Some(column), None, &[&wrong(&why)]);
    }
    // A name that is none is told once, and the pages are there.
    for (name, why) in [
        ("size", "its column size holds no names; --path-column names another".to_owned()),
        ("no", format!("it has no column no; --path-column names it: {columns}")),
    ] {
        let lines = pages(Some("must"), Some(name), &file("zstd"));
        assert_eq!(lines[..2], [wrong(&why), "1 (utf-8): a".to_owned()]);
        assert_eq!(lines.len(), 6, "{lines:?}");
    }
}

const CHECKED: [&str; 2] = ["checksums", "checksums-2"];

#[test]
fn numbers_without_a_sign_and_bytes_of_fixed_length() {
    for name in CHECKED {
        let file = file(name);
        let rows = |column| pages(None, Some(column), &file);
        assert_eq!(rows("u32")[..2], ["1 (utf-8): <p>a", "4294967295 (utf-8): <p>b"], "{name}");
        assert_eq!(rows("u64")[1], "18446744073709551615 (utf-8): <p>b", "{name}");
        let fixed = pages(Some("fixed"), None, &file);
        assert_eq!(fixed, ["1: <p>1", "2: <p>2", "3: <p>3", "4: <p>4"], "{name}");
    }
}

#[test]
fn a_wrong_checksum_of_a_page_costs_its_row_group() {
    for name in CHECKED {
        let mut file = file(name);
        let page = file.windows(7).position(|bytes| bytes == b"\x04\0\0\0<p>").unwrap();
        file[page + 6] = b'x';
        assert_eq!(
            pages(None, None, &file),
            [
                "-: error[damaged-archive]: damaged: row group 1: from row 1 on, the checksum of a page of it \
                    is wrong; what could be read before is used",
                "3 (utf-8): <p>c",
                "4 (utf-8): <p>d",
            ],
            "{name}"
        );
    }
}

#[test]
fn damaged_files_are_told() {
    let whole = file("plain");
    let damaged = |why: &str| {
        vec![format!("-: error[damaged-archive]: damaged: {why}; what could be read before is used")]
    };
    assert_eq!(
        pages(None, None, &whole[..whole.len() - 1]),
        damaged("it ends too early: its footer is missing")
    );
    assert_eq!(pages(None, None, b"PAR1\0"), damaged("it ends too early"));
    assert_eq!(
        pages(None, None, b"PAR1\0\0\0\0\0\0\0\x7fPAR1"),
        damaged("its footer would have 2130706432 bytes, the file has 16")
    );
    assert_eq!(
        pages(None, None, b"PAR1\xff\xff\xff\xff\x04\0\0\0PAR1"),
        damaged("its footer cannot be read")
    );
    assert_eq!(pages(None, None, b"PAR1\0\0\0\0\x04\0\0\0PARE"), damaged("its footer is encrypted"));
    // The first page of the column of text has no header: the others go on.
    let mut file = file("groups");
    let text = file.windows(6).position(|bytes| bytes == "<p>一".as_bytes()).unwrap();
    file[4..text].fill(0xff);
    let lines = pages(None, None, &file);
    assert!(
        lines[0].contains("row group 1: from row 1 on, the header of a page cannot be read"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 4, "{lines:?}");
}

#[test]
fn any_damage_is_survived() {
    for name in FILES.iter().chain(&CHECKED) {
        for text in ["html", "raw", "doc.page"] {
            let (text_column, path_column) = (Some(text.to_owned()), Some("id".to_owned()));
            check_damaged(&Options { text_column, path_column, ..Options::default() }, &file(name));
        }
    }
}

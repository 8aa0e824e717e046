use super::*;
use crate::Options;
use crate::members::{check_damaged, check_time, members};

fn pages(options: &Options, text: &str) -> Vec<String> {
    members(options, &mut text.as_bytes())
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert!(is_json(text.as_bytes()));
    assert_eq!(pages(&Options::default(), text), expected);
}

#[test]
fn rows_and_their_names() {
    check(
        "{\"url\": \"http://a/\", \"html\": \"<p>one\"}\n{\"html\": \"<p>two\"}\n{\"id\": 3, \"html\": \"<p>three\"}\n",
        &["http://a/ (utf-8): <p>one", "2 (utf-8): <p>two", "3 (utf-8): <p>three"],
    );
    // A byte-order mark, CRLF, blank lines, no line break at the end.
    check(
        "\u{feff}\r\n{\"path\":\"a\",\"text\":\"one\"}\r\n \r\n{\"path\":\"b\",\"text\":\"two\"}",
        &["a (utf-8): one", "b (utf-8): two"],
    );
    // Names that are numbers, or no names.
    check(
        "{\"id\": 7, \"html\": \"a\"}\n{\"id\": -1.50, \"html\": \"b\"}\n{\"id\": null, \"html\": \"c\"}\n{\"id\": \"\", \"html\": \"d\"}",
        &["7 (utf-8): a", "-1.50 (utf-8): b", "3 (utf-8): c", "4 (utf-8): d"],
    );
    // A sequence of RFC 7464; a key twice.
    check(
        "\u{1e}{\"path\":\"a\",\"text\":\"one\"}\n\u{1e}{\"text\":\"no\",\"path\":\"b\",\"text\":\"two\"}\n",
        &["a (utf-8): one", "b (utf-8): two"],
    );
    // The same name twice: both come.
    check(
        "{\"url\":\"x\",\"html\":\"a\"}\n{\"url\":\"x\",\"html\":\"b\"}",
        &["x (utf-8): a", "x (utf-8): b"],
    );
}

#[test]
fn the_likeliest_column_is_taken() {
    // In any order; the first row decides for all.
    check(
        "{\"text\":\"no\",\"html\":\"a\",\"url\":\"u\",\"path\":\"p\"}\n{\"text\":\"no\",\"path\":\"q\"}\n{\"html\":\"c\",\"url\":\"u\"}",
        &[
            "p (utf-8): a",
            "q: error[unreadable-row]: this row holds no page: it has no column html; --text-column names it",
            "3 (utf-8): c",
        ],
    );
    // A likely name that is of something else.
    check("{\"name\":{\"x\":1},\"id\":5,\"text\":\"a\"}", &["1 (utf-8): a"]);
    check(
        "{\"page\":\"a\"}\n{\"html\":\"b\"}",
        &[
            "-: error[unsupported-format]: JSON Lines without a column known to hold pages is not read; name the column with --text-column",
        ],
    );
}

#[track_caller]
fn check_columns(text_column: &str, path_column: &str, text: &str, expected: &[&str]) {
    let options = Options {
        text_column: Some(text_column.to_owned()),
        path_column: Some(path_column.to_owned()),
        ..Options::default()
    };
    assert_eq!(pages(&options, text), expected);
}

#[test]
fn columns_by_name() {
    check_columns("page", "key", "{\"html\":\"no\",\"key\":\"k\",\"page\":\"a\"}", &["k (utf-8): a"]);
    let nested = "{\"doc\":{\"meta\":{\"url\":\"u\"},\"page\":\"a\"},\"page\":\"no\"}\n{\"doc\":5}\n{\"doc\":{\"page\":\"c\"}}";
    check_columns(
        "doc.page",
        "doc.meta.url",
        nested,
        &[
            "u (utf-8): a",
            "2: error[unreadable-row]: this row holds no page: it has no column doc.page; --text-column names it",
            "3 (utf-8): c",
        ],
    );
    // A key with a dot.
    check_columns("a.b", "c.d", "{\"a.b\":\"x\",\"c\":{\"d\":1}}", &["1 (utf-8): x"]);
    check_columns("a.b.c", "-", "{\"a.b\":{\"c\":\"x\"},\"a\":{\"b.c\":\"y\"}}", &["1 (utf-8): y"]);
    // The same column for both.
    check_columns("a", "a", "{\"a\":\"x\"}", &["x (utf-8): x"]);
}

#[test]
fn text_is_what_its_escapes_say() {
    check(r#"{"html":"\u9884\u7b97 \t\"\\\/"}"#, &[r#"1 (utf-8): \xe9\xa2\x84\xe7\xae\x97 \t\"\\/"#]);
    check("{\"html\":\"预\"}", &[r"1 (utf-8): \xe9\xa2\x84"]);
    // A pair of surrogates; a half of one, which the decoder will tell.
    check(r#"{"html":"\ud83d\ude00 \ud83d."}"#, &[r"1 (utf-8): \xf0\x9f\x98\x80 \xed\xa0\xbd."]);
    check(r#"{"html":"a\u0000"}"#, &[r"1 (utf-8): a\x00"]);
}

#[test]
fn rows_without_a_page_are_told_and_the_others_read() {
    let wrong = |row: &str, why: &str| format!("{row}: error[unreadable-row]: this row holds no page: {why}");
    for (line, expected) in [
        ("[\"html\"]", wrong("2", "it is no object")),
        ("5", wrong("2", "it is no object")),
        ("html", wrong("2", "it is no object")),
        ("{\"html\":\"a", wrong("2", "EOF while parsing a string (byte 10 of its line)")),
        ("{\"html\":\"a\"} {}", wrong("2", "trailing characters (byte 14 of its line)")),
        ("{\"html\":null}", wrong("2", "its column html holds null, no text")),
        ("{\"html\":1}", wrong("2", "its column html holds a number, no text")),
        ("{\"html\":[\"a\"]}", wrong("2", "its column html holds a list, no text")),
        ("{\"html\":{},\"url\":\"u\"}", wrong("u", "its column html holds an object, no text")),
        ("{\"html\":true}", wrong("2", "its column html holds true or false, no text")),
        ("{\"url\":\"u\"}", wrong("u", "it has no column html; --text-column names it")),
    ] {
        check(
            &format!("{{\"html\":\"one\"}}\n{line}\n{{\"html\":\"three\"}}\n"),
            &["1 (utf-8): one", &expected, "3 (utf-8): three"],
        );
    }
    let bytes = b"{\"html\":\"\xcb\xe3\"}\n{\"html\":\"two\"}";
    assert_eq!(
        members(&Options::default(), &mut &bytes[..]),
        [wrong("1", "it is not UTF-8, as JSON is (byte 10 of its line)"), "2 (utf-8): two".to_owned()]
    );
}

#[test]
fn many_rows_without_a_page_are_counted() {
    let text =
        format!("{{\"html\":\"a\"}}\n{}{{\"html\":\"b\"}}\n{}", "{}\n".repeat(1000), "{}\n".repeat(17));
    let lines = pages(&Options::default(), &text);
    assert_eq!(lines.len(), 1 + 17 + 1 + 17);
    assert_eq!(
        lines[17],
        "18: error[unreadable-row]: this row holds no page: nor do any of the 984 rows from it on"
    );
    assert_eq!(lines[18], "1002 (utf-8): b");
    assert_eq!(
        lines[35],
        "1019: error[unreadable-row]: this row holds no page: nor do any of the 1 rows from it on"
    );
}

#[test]
fn one_document_is_refused() {
    let refused = [
        "-: error[unsupported-format]: a JSON document is not read; write it as JSON Lines, one object a line",
    ];
    for text in [
        "{\n  \"html\": \"a\"\n}\n",
        "{\"html\":\n\"a\"}",
        "[{\"html\": \"a\"},\n{\"html\": \"b\"}]",
        "[\n  {\"html\": \"a\"}\n]",
    ] {
        check(text, &refused);
    }
    // The first line may be cut, and the only one whole.
    let cut =
        "1: error[unreadable-row]: this row holds no page: EOF while parsing a string (byte 10 of its line)";
    check("{\"html\":\"a\n{\"html\":\"b\"}", &[cut, "2 (utf-8): b"]);
    check("{\"html\":\"a", &[cut]);
    check("{\"html\":\"a\"}", &["1 (utf-8): a"]);
    // A line break within the first text is the mistake of one row.
    check(
        "{\"html\":\"a\nb\"}\n{\"html\":\"c\"}",
        &[cut, "2: error[unreadable-row]: this row holds no page: it is no object", "3 (utf-8): c"],
    );
}

#[test]
fn a_file_cut_at_its_start_is_read_from_its_second_row() {
    let junk = "1: error[unreadable-row]: this row holds no page: it is no object";
    check("tail of a row\"}\n{\"html\":\"b\"}\n", &[junk, "2 (utf-8): b"]);
    check("# pages\n\n{\"html\":\"b\"}", &[junk, "2 (utf-8): b"]);
    check(
        "# pages\n{\"page\":\"b\"}\n",
        &[
            junk,
            "-: error[unsupported-format]: JSON Lines without a column known to hold pages is not read; name the column with --text-column",
        ],
    );
}

#[test]
fn what_is_no_json() {
    for text in [
        "",
        "{",
        "{}",
        "{a: 1}",
        "{\"a\"}",
        "{\"a",
        "[1]",
        "[\"a\"]",
        "[x]",
        "{项目}",
        "\"a\": 1",
        "<p>",
        "{{\"a\": 1",
        "<script>\n{\"a\": 1}\n</script>",
        "callback(\n{\"a\": 1,\n\"b\": 2})",
        "项目名称\t道路\n金额\t{\"a\": 1}",
        "one\ntwo\n{\"a\": 1}",
    ] {
        assert!(!is_json(text.as_bytes()), "{text}");
    }
    for text in ["{\"a\":", " \r\n{ \"a\" : 1}", "[ {\"a\":1}", "\u{feff}{\"a\":1}"] {
        assert!(is_json(text.as_bytes()), "{text}");
    }
}

#[test]
fn lines_beyond_the_limit_are_told() {
    let mut options = Options::default();
    options.limits.document = 100;
    let long = |length: usize| format!("{{\"html\":\"{}\"}}\n", "a".repeat(length));
    let text = [long(1), long(150), long(100_000), long(2)].concat();
    assert_eq!(
        pages(&options, &text),
        [
            "1 (utf-8): a",
            "2: error[document-too-large]: larger than 100 bytes, the most for one document; --max-document sets it",
            "3: error[unreadable-row]: this row holds no page: its line has 100012 bytes; --max-document sets the most",
            "4 (utf-8): aa",
        ]
    );
}

#[test]
fn hostile_lines_take_linear_time() {
    let size = 1 << 15;
    for text in [
        format!("{{\"html\":{}", "[".repeat(16 * size)),
        format!("{{\"html\":{}", "{\"a\":".repeat(size)),
        format!("{{\"a\":{}", "{\"a\":".repeat(size)),
        format!("{{{}\"html\":\"x\"}}", "\"html\":\"y\",".repeat(size)),
        format!("{{\"html\":\"{}", "\0".repeat(16 * size)),
        format!("{{\"html\":1}}\n{}", "{\n".repeat(size)),
        format!("{{\"html\":\"{}\"}}", "\\u9884".repeat(size)),
        format!("{{\"html\":1}}\n{}", "\n".repeat(16 * size)),
    ] {
        check_time(|| assert!(pages(&Options::default(), &text).len() <= 20));
    }
}

#[test]
fn any_damage_is_survived() {
    let text = "{\"url\":\"u\",\"html\":\"\\u9884\\ud83d\"}\n{\"html\":{\"a\":[1,null,-2.5e3]},\"id\":\"预算\"}\n{\"html\":\"two\"}\n";
    let columns = |name: &str| Options { text_column: Some(name.to_owned()), ..Options::default() };
    for options in [Options::default(), columns("html.a"), columns("id")] {
        check_damaged(&options, text.as_bytes());
    }
}

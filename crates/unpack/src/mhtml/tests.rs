use std::fs;
use std::io::Write;
use std::path::Path;

use super::*;
use crate::Options;
use crate::members::{check_damaged, check_time, members};

fn parts(message: &[u8]) -> Vec<String> {
    members(&Options::default(), &mut { message })
}

/// With CRLF and with LF.
#[track_caller]
fn check(message: &str, expected: &[&str]) {
    let message = message.trim_start_matches('\n');
    assert!(is_message(message.as_bytes()));
    let lines: Vec<String> = parts(message.as_bytes());
    assert_eq!(lines, expected);
    let crlf = message.replace('\n', "\r\n");
    assert!(is_message(crlf.as_bytes()));
    let lines: Vec<String> =
        parts(crlf.as_bytes()).into_iter().map(|line| line.replace("\\r\\n", "\\n")).collect();
    assert_eq!(lines, expected);
}

const NO_PART: &str = "-: error[damaged-archive]: damaged: none of its lines begins a part as its header says; what could be read before is used";

const CUT: &str = "-: error[damaged-archive]: damaged: it has no last boundary, so it may be cut; what could be read before is used";

#[test]
fn internet_explorer_and_word() {
    check(
        r#"
From: <Saved by Windows Internet Explorer 8>
Subject: =?gb2312?B?1KTL4w==?=
MIME-Version: 1.0
Content-Type: multipart/related;
	type="text/html";
	boundary="----=_NextPart_000"

This is a multi-part message in MIME format.

------=_NextPart_000
Content-Type: text/html;
	charset="gb2312"
Content-Transfer-Encoding: quoted-printable
Content-Location: file://C:\a\b.htm

<p class=3D"x">=D4=
=A4=CB=E3
</p>
------=_NextPart_000
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: file://C:\a\c.png

YWJj
------=_NextPart_000
Content-Type: text/css
Content-Location: file://C:\a\d.css

p { }
------=_NextPart_000--
"#,
        &[r#"file://C:\a\b.htm (gb2312): <p class=\"x\">\xd4\xa4\xcb\xe3\n</p>"#],
    );
}

#[test]
fn excel_with_sheets_of_their_own() {
    check(
        "
MIME-Version: 1.0
X-Document-Type: Workbook
Content-Type: multipart/related; boundary=----=_NextPart_01D2

------=_NextPart_01D2
Content-Location: file:///C:/1/x.htm
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset=\"us-ascii\"

<frameset>
------=_NextPart_01D2
Content-Location: file:///C:/1/x.files/sheet001.htm
Content-Transfer-Encoding: base64
Content-Type: text/html; charset=\"gb2312\"

PHRhYmxl
Pg==

------=_NextPart_01D2
Content-Location: file:///C:/1/x.files/filelist.xml
Content-Type: text/xml; charset=\"utf-8\"

<xml/>
------=_NextPart_01D2
Content-Location: file:///C:/1/x.files/editdata.mso
Content-Transfer-Encoding: base64
Content-Type: application/x-mso

YWJj
------=_NextPart_01D2--
",
        &[
            "file:///C:/1/x.htm (us-ascii): <frameset>",
            "file:///C:/1/x.files/sheet001.htm (gb2312): <table>",
            "file:///C:/1/x.files/filelist.xml (utf-8): <xml/>",
        ],
    );
}

#[test]
fn chrome_with_frames() {
    check(
        "
From: <Saved by Blink>
Snapshot-Content-Location: http://example.org/
MIME-Version: 1.0
Content-Type: multipart/related;
	type=\"text/html\";
	boundary=\"----MultipartBoundary--abc----\"

------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: binary
Content-Location: http://example.org/

预算
------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-2@mhtml.blink>

two
------MultipartBoundary--abc----
Content-Type: text/html

three
------MultipartBoundary--abc------
",
        &[r"http://example.org/: \xe9\xa2\x84\xe7\xae\x97", "frame-2@mhtml.blink: two", "part 3: three"],
    );
}

#[test]
fn multiparts_within_multiparts() {
    check(
        "
Content-Type: MULTIPART/Related; boundary=a

--a
Content-Type: multipart/alternative; boundary=\"a-b\"

in front
--a-b
content-type: text/plain

one
--a-b
Content-Type: text/html

two
--a-b--
behind
--a
Content-Type: text/html

three
--ab is no boundary
--a--
behind
",
        &["part 1: one", "part 2: two", r"part 3: three\n--ab is no boundary"],
    );
}

#[test]
fn one_part_only() {
    check(
        "
MIME-Version: 1.0
Content-Type: text/html; charset=gbk
Content-Transfer-Encoding: base64
Content-Location: http://example.org/x

PHA+
",
        &["http://example.org/x (gbk): <p>"],
    );
    check("MIME-Version: 1.0\nContent-Type: text/html\n\n<p>\n", &[r"-: <p>\n"]);
}

#[test]
fn what_is_damaged_is_read_and_told() {
    let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n";
    for (body, expected) in [
        // No last boundary.
        ("--a\nContent-Type: text/html\n\none\n--a\n\ntwo\n", vec!["part 1: one", r"part 2: two\n", CUT]),
        ("--a\nContent-Type: text/html", vec![CUT]),
        ("", vec![NO_PART]),
        // Another boundary than the one that the header gives.
        ("--b\n\none\n--b--\n", vec![NO_PART]),
        // An encoding that is not read; the others are.
        (
            "--a\nContent-Transfer-Encoding: x-uuencode\n\nbegin\n--a\nContent-Transfer-Encoding: \"base64\"\n\nb25l\n--a--",
            vec![
                "part 1: error[unsupported-method]: packed with the transfer encoding \"x-uuencode\", which is not read; unpack it first, and read what comes out",
                "part 2: one",
            ],
        ),
        // An inner multipart never ends, the outer one does.
        (
            "--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--a\n\ntwo\n--a--\n",
            vec!["part 1: one", "part 2: two"],
        ),
        // No blank line before the body; nothing but a header; nothing at all.
        (
            "--a\nContent-Type: text/html\n<p>one\n--a\nContent-Type: text/html\n--a\n--a\n\n--a--",
            vec!["part 1: <p>one"],
        ),
        // Garbage before the first boundary, and boundaries with blanks.
        ("\u{1}\u{2}--a\n-\n--\n--a \t\n\none\n--a-- \n", vec!["part 1: one"]),
        (
            "--a\nContent-Transfer-Encoding: base64\n\nYWJjZ\n--a--",
            vec![
                "part 1: abc",
                "part 1: error[damaged-archive]: damaged: its base64 ends in the middle; what could be read before is used",
            ],
        ),
        (
            "--a\nContent-Transfer-Encoding: base64\n\nYW<>Jj\n--a--",
            vec![
                "part 1: abc",
                "part 1: error[damaged-archive]: damaged: 2 characters of it are not base64; they are left out; what could be read before is used",
            ],
        ),
    ] {
        check(&format!("{head}{body}"), &expected);
    }
}

#[test]
fn a_boundary_that_the_header_does_not_give() {
    check(
        "MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n\none\n--x\n\ntwo\n--x--\n",
        &["part 1: one", "part 2: two"],
    );
}

#[test]
fn what_is_no_message() {
    for text in [
        "",
        "<html>",
        "项目名称：\t图书馆\nMIME-Version: 1.0\n",
        "From: a\n\nMIME-Version: 1.0",
        "Content-Type: text/html\n\n<p>",
        "a\tb\nMIME-Version: 1.0",
    ] {
        assert!(!is_message(text.as_bytes()), "{text}");
    }
    assert!(is_message(b"\r\nfrom: a\r\n folded\r\nmime-version: 1.0\r\n"));
    assert!(is_message(b"Content-Type: Multipart/Related"));
}

#[test]
fn a_stream_that_fails() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("it fails"))
        }
    }
    let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\n";
    let failed = "error[damaged-archive]: damaged: it fails; what could be read before is used";
    for (body, expected) in [
        ("\none", vec!["part 1: one".to_owned(), format!("part 1: {failed}")]),
        ("Content-Type: image/png\n\none", vec![format!("-: {failed}")]),
        ("Content-Type: text/html", vec![format!("-: {failed}")]),
    ] {
        let whole = format!("{head}{body}");
        let mut stream = whole.as_bytes().chain(Fails);
        let lines = members(&Options::default(), &mut stream);
        assert_eq!(lines, expected);
    }
}

#[track_caller]
fn check_hostile(message: &[u8], most: usize) {
    check_time(|| {
        let found = parts(message).len();
        assert!(found <= most, "{found} members");
    });
}

#[test]
fn hostile_messages_take_linear_time() {
    let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n";
    let size = 50_000;
    check_hostile(format!("{head}{}", "--a\n".repeat(size)).as_bytes(), 1);
    check_hostile(format!("{head}{}", "--a--\n".repeat(size)).as_bytes(), 1);
    let nested = "--a\nContent-Type: multipart/mixed; boundary=a\n\n";
    check_hostile(format!("{head}{}", nested.repeat(size)).as_bytes(), 2);
    let nested: String = (0..size / 4)
        .map(|level| format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"))
        .collect();
    check_hostile(format!("MIME-Version: 1.0\n{nested}").as_bytes(), 2);
    check_hostile(format!("{head}--a\n{}", "X: y\n".repeat(size)).as_bytes(), 1);
    check_hostile(format!("{head}--a\nX: {}", "=?".repeat(size)).as_bytes(), 1);
    check_hostile(format!("{head}--a\n\n{}", "\0".repeat(16 * size)).as_bytes(), 2);
    check_hostile(
        format!("MIME-Version: 1.0\nContent-Type: multipart/related\n\n{}", "--".repeat(size)).as_bytes(),
        1,
    );
}

#[test]
fn a_mark_and_a_comment_do_not_hide_a_part() {
    let body = "Content-Transfer-Encoding: base64 (as it was)\n\nb25l\n--a--\n";
    check(
        &format!("\u{feff}MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\n{body}"),
        &["part 1: one"],
    );
}

#[test]
fn a_second_message_is_told() {
    let one = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\n\none\n--a--\n";
    check(
        &format!("{one}\n{one}"),
        &[
            "part 1: one",
            "-: error[damaged-archive]: damaged: another message follows its end, which is left; save it as a file of its own; what could be read before is used",
        ],
    );
}

#[test]
fn a_message_without_parts_is_told() {
    check("MIME-Version: 1.0\nContent-Type: multipart/related;\n a=b\n", &[NO_PART]);
    check("MIME-Version: 1.0\nContent-Type: multipart/related\n\nno part\n", &[NO_PART]);
}

#[test]
fn any_damage_is_survived() {
    let message = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"=a\"\r\n\r\n--=a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=\"gbk\"\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: =?gb2312?B?1KTL4w==?=\r\n\r\n=D4=A4 =\r\n\r\n--b--\r\n--=a\r\nContent-ID: <x>\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+PC9w\r\nPg==\r\n--=a--\r\n";
    check_damaged(&Options::default(), message.as_bytes());
    assert_eq!(parts(message.as_bytes()), [r"预算 (gbk): \xd4\xa4 ", "x: <p></p>"]);
}

/// Public files, where they are at hand.
#[test]
fn real_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/realdata");
    for (name, expected) in [
        ("testMHTMLFirefox.mhtml", vec!["http://aperture.sourceforge.net/: <!DOCTYPE html PUBLIC"]),
        // Cut behind the header of its only page.
        ("testUserDefinedCharset.mhtml", vec![CUT]),
    ] {
        let Ok(bytes) = fs::read(folder.join(name)) else {
            // Not through the macros: what they print is only shown if a test fails.
            io::stderr().write_all(b"SKIPPED: the real documents are not beside the workspace\n").unwrap();
            continue;
        };
        assert!(is_message(&bytes[..512.min(bytes.len())]));
        let lines = parts(&bytes);
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        for (line, begin) in lines.iter().zip(expected) {
            assert!(line.starts_with(begin), "{line}");
        }
    }
}

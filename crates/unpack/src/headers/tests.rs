use super::*;

fn headers(lines: &[&[u8]]) -> Headers {
    let mut headers = Headers::default();
    for line in lines {
        assert!(headers.push(line), "{line:?} is no header line");
    }
    headers
}

#[track_caller]
fn check_type(value: &str, media_type: &str, name: &str, parameter: Option<&str>) {
    let headers = headers(&[format!("Content-Type: {value}\r\n").as_bytes()]);
    assert_eq!(headers.media_type(), media_type);
    assert_eq!(headers.parameter(name).as_deref(), parameter);
}

#[test]
fn parameters() {
    for (value, media_type, name, parameter) in [
        ("text/html; charset=gb2312", "text/html", "charset", Some("gb2312")),
        ("Text/HTML;CHARSET=\"gb2312\"", "text/html", "charset", Some("gb2312")),
        ("text/html; charset='utf-8'", "text/html", "charset", Some("utf-8")),
        ("text/html; charset = gbk ; x=y", "text/html", "charset", Some("gbk")),
        ("text/html;; charset=gbk", "text/html", "charset", Some("gbk")),
        ("text/html; flag; charset=gbk", "text/html", "charset", Some("gbk")),
        ("text/html; charset=", "text/html", "charset", None),
        ("text/html", "text/html", "charset", None),
        ("", "", "charset", None),
        // A boundary may hold anything.
        (
            "multipart/related; type=\"text/html; charset=x\"; boundary=\"a;b=\\\"c\"",
            "multipart/related",
            "boundary",
            Some("a;b=\"c"),
        ),
        (
            "multipart/related; boundary=----=_Part_1.2",
            "multipart/related",
            "boundary",
            Some("----=_Part_1.2"),
        ),
        ("multipart/related; boundary=\"never closed", "multipart/related", "boundary", Some("never closed")),
    ] {
        check_type(value, media_type, name, parameter);
    }
}

#[test]
fn folding_and_case() {
    let headers = headers(&[
        b"CONTENT-type : multipart/related;\r\n",
        b"\tboundary=\"x\";\r\n",
        b"  type=\"text/html\"\r\n",
        b"Content-Location: http://example.org/a/\r\n",
        b" very/long/page.htm\r\n",
        b"Content-ID: <part1@example>\n",
    ]);
    assert_eq!(headers.media_type(), "multipart/related");
    assert_eq!(headers.parameter("boundary").as_deref(), Some("x"));
    assert_eq!(
        headers.address("content-location").as_deref(),
        Some("http://example.org/a/very/long/page.htm")
    );
    assert_eq!(headers.address("content-id").as_deref(), Some("part1@example"));
    assert_eq!(headers.get("subject"), None);
}

#[test]
fn what_is_no_header_line() {
    for line in ["<html>", "预算: 1", "a b: c", ": x", "", "项目名称：图书馆"] {
        assert!(!Headers::default().push(line.as_bytes()), "{line}");
    }
}

#[track_caller]
fn check_location(value: &[u8], location: &str) {
    let headers = headers(&[&[b"Content-Location: ", value].concat()]);
    assert_eq!(headers.address("content-location").as_deref(), Some(location));
}

#[test]
fn names_in_any_encoding() {
    check_location("file:///C:/预算.htm".as_bytes(), "file:///C:/预算.htm");
    // 8-bit GBK, as Office wrote it.
    check_location(b"file:///C:/\xd4\xa4\xcb\xe3.htm", "file:///C:/预算.htm");
    check_location(b"=?gb2312?B?1KTL4w==?=", "预算");
    check_location(b"=?GB2312?Q?=D4=A4=CB=E3_1?=.htm", "预算 1.htm");
    // Two words cut a character; the blank between them is none.
    check_location(b"=?utf-8?B?6aKE5w==?= =?utf-8?B?rpc=?=", "预算");
    check_location(b"a =?utf-8?Q?b?= c", "a b c");
    // What is no encoded word stays.
    for text in ["=?x", "=?no-such?B?YQ==?=", "=?utf-8?X?YQ==?=", "=?utf-8?B?YQ==", "=?utf-8?B?YQ==?x", "a=?"]
    {
        check_location(text.as_bytes(), text);
    }
}

#[test]
fn endless_headers_are_bounded() {
    let mut headers = Headers::default();
    headers.push(b"Content-Type: text/html\r\n");
    for _ in 0..200_000 {
        headers.push(b"X-Again: and again\r\n");
        headers.push(b" and folded\r\n");
    }
    assert!(headers.size <= LIMIT);
    assert_eq!(headers.media_type(), "text/html");
}

#[test]
fn media_types() {
    for yes in [
        "text/html",
        "text/plain",
        "",
        "text/xml",
        "application/xml",
        "application/xhtml+xml",
        "application/octet-stream",
        "application/vnd.ms-excel",
        "application/msword",
        "application/zip",
        "application/json",
        "message/rfc822",
        "text/tab-separated-values",
    ] {
        assert!(may_hold_form(yes), "{yes}");
    }
    for no in [
        "image/png",
        "image/svg+xml",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "application/ld+json",
        "font/woff2",
        "application/font-woff",
        "application/x-font-ttf",
        "application/x-mso",
        "application/vnd.ms-officetheme",
        "audio/mpeg",
        "video/mp4",
        "text/dns",
    ] {
        assert!(!may_hold_form(no), "{no}");
    }
}

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;
use crate::Options;
use crate::members::{check_damaged, check_time, members};

fn pages(archive: &[u8]) -> Vec<String> {
    members(&Options::default(), &mut { archive })
}

/// A record with its header fields (`;` between them) and its block.
fn record(fields: &str, block: &[u8]) -> Vec<u8> {
    let mut record = b"WARC/1.0\r\n".to_vec();
    for field in fields.split(';') {
        record.extend_from_slice(field.trim().as_bytes());
        record.extend_from_slice(b"\r\n");
    }
    record.extend_from_slice(format!("Content-Length: {}\r\n\r\n", block.len()).as_bytes());
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

const RESPONSE: &str = "WARC-Type: response; WARC-Target-URI: http://a/; Content-Type: application/http";

fn response(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n");
    record(RESPONSE, &[head.as_bytes(), body].concat())
}

#[track_caller]
fn check(archive: &[u8], expected: &[&str]) {
    assert!(is_warc(archive));
    assert_eq!(pages(archive), expected);
}

#[test]
fn kinds_of_records() {
    let page = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<p>";
    let records = [
        record("WARC-Type: warcinfo; Content-Type: application/warc-fields", b"software: x\r\n"),
        record(
            "WARC-Type: request; WARC-Target-URI: http://a/; Content-Type: application/http",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        record(
            "warc-type: Response; warc-target-uri: <http://a/>; Content-Type: application/http; msgtype=response",
            page,
        ),
        record("WARC-Type: resource; WARC-Target-URI: file:///b.html; Content-Type: text/html", b"two"),
        record("WARC-Type: conversion; WARC-Target-URI: http://c/; Content-Type: text/plain", b"three"),
        record("WARC-Type: metadata; Content-Type: text/plain", b"none"),
        record("WARC-Type: revisit; Content-Type: application/http", b"HTTP/1.1 200 OK\r\n\r\n"),
        record("WARC-Type: resource; Content-Type: image/png", b"\x89PNG"),
        record("WARC-Type: resource; Content-Type: application/octet-stream", b"four"),
        record("WARC-Type: response; Content-Type: text/dns", b"20201231 a 1.2.3.4"),
    ];
    check(
        &records.concat(),
        &["http://a/ (gb2312): <p>", "file:///b.html: two", "http://c/: three", "record 9: four"],
    );
    // Line feeds alone.
    check(
        b"WARC/1.1\nWARC-Type: resource\nWARC-Target-URI: x\nContent-Length: 3\n\none\n\nWARC/1.1\nWARC-Type: resource\nContent-Length: 3\n\ntwo\n\n",
        &["x: one", "record 2: two"],
    );
    // Nothing between the records.
    check(
        b"WARC/1.1\nWARC-Type: resource\nContent-Length: 3\n\noneWARC/1.1\nWARC-Type: resource\nContent-Length: 3\n\ntwo",
        &["record 1: one", "record 2: two"],
    );
}

#[test]
fn what_is_no_warc() {
    for text in ["", "WARC", "WARC/x", "a WARC/1.0", "warc/1.0"] {
        assert!(!is_warc(text.as_bytes()), "{text}");
    }
}

#[test]
fn media_types_of_responses() {
    let one = &["http://a/: x"][..];
    let none = &["-: info[empty-archive]: an archive without any document"][..];
    for (headers, expected) in [
        ("Content-Type: text/html", one),
        ("Content-Type: application/octet-stream", one),
        ("Content-Type: application/xml", one),
        ("Server: x", one),
        ("Content-Type: image/gif", none),
        ("Content-Type: text/css; charset=utf-8", none),
        ("content-type:application/javascript", none),
    ] {
        check(&response(headers, b"x"), expected);
    }
    // Not HTTP, though it says so.
    check(&record(RESPONSE, b"<html>"), &["http://a/: <html>"]);
    check(&record(RESPONSE, b""), &["http://a/: "]);
}

fn coded(coding: &str) -> Vec<u8> {
    let text = b"<p>coded";
    match coding {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        "zlib" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        "deflate" => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        // A brotli stream of one uncompressed metablock: RFC 7932, section 9.2.
        "br" => [&b"\x8b\x03\x80"[..], text, b"\x03"].concat(),
        "zstd" => {
            ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Uncompressed)
        }
        _ => text.to_vec(),
    }
}

#[test]
fn content_codings() {
    let page = &["http://a/: <p>coded"][..];
    for (header, coding) in [
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", "zlib"),
        ("deflate", "deflate"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("identity", ""),
        // Undone by the tool that wrote the archive.
        ("gzip", ""),
        ("deflate", ""),
        ("br", ""),
        ("zstd", ""),
    ] {
        check(&response(&format!("Content-Encoding: {header}"), &coded(coding)), page);
    }
    // Two, one around the other; and what is no coding.
    let mut twice = GzEncoder::new(Vec::new(), Compression::default());
    twice.write_all(&coded("br")).unwrap();
    let packed = twice.finish().unwrap();
    check(&response("Content-Encoding: br, gzip", &packed), page);
    check(&response("Content-Encoding: br\r\nX: y\r\nContent-Encoding: gzip", &packed), page);
    check(&response("Content-Encoding: gzip, br", &coded("")), page);
    check(&response("Content-Encoding: utf-8", &coded("")), page);
    check(
        &response("Content-Encoding: sdch", b"\0\x01\x02"),
        &[
            "http://a/: error[unsupported-method]: packed with the content coding \"sdch\", which is not read; unpack it first, and read what comes out",
        ],
    );
    // Text without markup, short and long.
    for text in ["项目\t甲", &"项目\t甲\n".repeat(900)] {
        for coding in ["br", "deflate", "gzip", "x-unknown"] {
            let expected = format!("http://a/: {}", text.as_bytes().escape_ascii());
            check(&response(&format!("Content-Encoding: {coding}"), text.as_bytes()), &[&expected]);
        }
    }
}

/// Line ends of a crawl that was put through an editor: each length is too large.
#[test]
fn a_length_may_end_anywhere_in_the_next_record() {
    for more in 0..40 {
        let length = 3 + more;
        let one = format!("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: {length}\r\n\r\none\r\n\r\n");
        let two = record("WARC-Type: resource; WARC-Target-URI: two", b"two");
        let found = pages(&[one.as_bytes(), &two].concat());
        assert!(found[0].starts_with("record 1: one"), "{more}: {found:?}");
        assert_eq!(found.last().map(String::as_str), Some("two: two"), "{more}: {found:?}");
        assert_eq!(found.len() > 2, more > 4, "{more}: {found:?}");
    }
}

#[test]
fn records_of_no_type_are_read() {
    let page = b"HTTP/1.1 200 OK\r\n\r\n<p>";
    let records = [record("WARC-Target-URI: a", page), record("WARC-Type: x; WARC-Target-URI: b", b"two")];
    check(&records.concat(), &["a: <p>", "b: two"]);
}

/// What a site answers to its scripts may be a page in a field.
#[test]
fn json_with_a_column_of_pages_is_read() {
    let json = "Content-Type: application/json; charset=utf-8";
    check(
        &[
            response(json, b"{\"code\":0, \"url\":\"u\", \"html\":\"<p>one\"}"),
            response(json, b"{\"code\":0, \"items\":[]}"),
            response("Content-Type: application/ld+json", b"{\"html\":\"<p>\"}"),
        ]
        .concat(),
        &["http://a/!/u (utf-8): <p>one"],
    );
}

#[test]
fn a_version_in_a_page_begins_no_record() {
    let text = "one\r\n\r\nWARC/1.0\r\nis the first line of a record";
    let records = [response("Content-Type: text/plain", text.as_bytes()), response("X: y", b"two")];
    let expected = format!("http://a/: {}", text.escape_debug());
    check(&records.concat(), &[&expected, "http://a/: two"]);
}

#[test]
fn behind_a_damaged_member_of_gzip_the_records_are_read() {
    let packed = |text: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let record = |name: &str| {
        let page = format!("<p>{name}");
        record(&format!("WARC-Type: resource; WARC-Target-URI: {name}"), page.as_bytes())
    };
    let [one, two, three] = ["one", "two", "three"].map(|name| packed(&record(name)));
    let whole = [&*one, &two, &three].concat();
    assert_eq!(pages(&whole), ["one: <p>one", "two: <p>two", "three: <p>three"]);
    for at in 0..two.len() {
        let mut damaged = two.clone();
        damaged[at] ^= 0x55;
        let found = pages(&[&*one, &damaged, &three].concat());
        let case = format!("{at}: {found:?}");
        assert!(found.first().is_some_and(|first| first == "one: <p>one"), "{case}");
        assert!(found.iter().any(|line| line == "three: <p>three"), "{case}");
        // The time and the system in the header are not summed.
        let is_told = found.iter().any(|line| line.contains("error["));
        assert!(is_told || (4..10).contains(&at), "{case}");
    }
    for cut in 3..two.len() {
        let found = pages(&[&two[..cut], &one, &three].concat());
        assert!(found.iter().any(|line| line == "three: <p>three"), "{cut}: {found:?}");
        assert!(found.iter().any(|line| line.contains("error[")), "{cut}: {found:?}");
    }
    for cut in 1..two.len() {
        let found = pages(&[&*one, &two[..cut], &three].concat());
        assert!(found.iter().any(|line| line == "three: <p>three"), "{cut}: {found:?}");
        assert!(found.iter().any(|line| line.contains("error[")), "{cut}: {found:?}");
    }
}

#[test]
fn chunks() {
    let wrong = |what: &str| {
        format!("http://a/: error[damaged-archive]: damaged: {what}; what could be read before is used")
    };
    let page = "http://a/: <p>one".to_owned();
    for (body, expected) in [
        ("6\r\n<p>one\r\n0\r\n\r\n", vec![page.clone()]),
        ("3;ext=1\r\n<p>\r\n03 \r\none\r\n0\r\nTrailer: x\r\n\r\n", vec![page.clone()]),
        ("3\n<p>\n3\none\n0\n\n", vec![page.clone()]),
        // Undone by the tool that wrote the archive.
        ("<p>one", vec![page.clone()]),
        ("6\r\n<p>one", vec![page.clone(), wrong("it ends before its last chunk")]),
        ("9\r\n<p>one", vec![page.clone(), wrong("it ends within a chunk")]),
        ("6\r\n<p>one\r\nzz\r\n", vec![page, wrong("a chunk of it has no size")]),
    ] {
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&response("Transfer-Encoding: Chunked", body.as_bytes()), &expected);
    }
    let zipped = coded("gzip");
    let body = [format!("{:x}\r\n", zipped.len()).as_bytes(), &zipped, b"\r\n0\r\n\r\n"].concat();
    check(&response("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", &body), &["http://a/: <p>coded"]);
}

#[test]
fn damage_is_told_and_the_next_record_found() {
    let two = record("WARC-Type: resource; WARC-Target-URI: two", b"two");
    let resource = |length: &str, block: &str| {
        format!("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: one\r\n{length}\r\n\r\n{block}\r\n\r\n")
            .into_bytes()
    };
    let damaged = "one: error[damaged-archive]: damaged:";
    for (first, expected) in [
        (
            resource("Content-Length: 2", "one"),
            vec!["one: on".to_owned(), format!("{damaged} 3 bytes behind this record are of none; its Content-Length is wrong; what could be read before is used")],
        ),
        (
            resource("Content-Length: 99", "one"),
            vec![
                r"one: one\r\n\r\n".to_owned(),
                format!("{damaged} another record begins before the end of this one; its Content-Length is wrong; what could be read before is used"),
            ],
        ),
        (resource("X: y", "one"), vec![format!("{damaged} it has no Content-Length; what could be read before is used")]),
        (resource("Content-Length: -1", "one"), vec![format!("{damaged} it has no Content-Length; what could be read before is used")]),
        (
            b"WARC/1.0\r\ngarbage\r\n\r\n\r\n".to_vec(),
            vec!["record 1: error[damaged-archive]: damaged: it has no Content-Length; what could be read before is used".to_owned()],
        ),
    ] {
        let archive = [first, two.clone()].concat();
        let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        expected.push("two: two");
        check(&archive, &expected);
    }
    check(
        &two[..two.len() - 5],
        &[
            "two: tw",
            "two: error[damaged-archive]: damaged: the file ends 1 bytes before the end of this record; what could be read before is used",
        ],
    );
    check(
        b"WARC/1.0\r\nWARC-Type: continuation\r\nContent-Length: 1\r\n\r\nx\r\n\r\n",
        &[
            "record 1: error[damaged-archive]: damaged: it is a segment of a record; segments are not joined; what could be read before is used",
        ],
    );
}

#[test]
fn hostile_archives_take_linear_time() {
    let size = 1 << 16;
    for archive in [
        "WARC/1.0\r\n".repeat(size),
        "WARC/1.0\r\n\r\n".repeat(size),
        format!("WARC/1.0\r\n{}", "X: y\r\n".repeat(size)),
        format!("WARC/1.0\r\n{}", "X".repeat(16 * size)),
        format!("WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\n{}", "\0".repeat(16 * size)),
        format!("WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "\r\n".repeat(size)),
        String::from_utf8(response("Transfer-Encoding: chunked", "1\r\nx\r\n".repeat(size).as_bytes()))
            .unwrap(),
        String::from_utf8(response(
            "Transfer-Encoding: chunked",
            format!("1\r\n{}", "\r\n".repeat(size)).as_bytes(),
        ))
        .unwrap(),
    ] {
        check_time(|| {
            let size_of_all: usize = pages(archive.as_bytes()).iter().map(String::len).sum();
            assert!(size_of_all < 65 * size, "{size_of_all}");
        });
    }
}

#[test]
fn any_damage_is_survived() {
    let chunked = [b"1a\r\n", coded("gzip").as_slice(), b"\r\n0\r\n\r\n"].concat();
    let archive = [
        response(
            "Content-Type: text/html; charset=gbk\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip",
            &chunked,
        ),
        response("Content-Encoding: br", &coded("br")),
        response("Content-Encoding: zstd", &coded("zstd")),
        response("Content-Encoding: deflate", &coded("deflate")),
        record("WARC-Type: resource; WARC-Target-URI: <x>", b"two"),
    ];
    check_damaged(&Options::default(), &archive.concat());
}

#[test]
fn a_stream_that_fails() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("it fails"))
        }
    }
    let failed = "error[damaged-archive]: damaged: it fails; what could be read before is used";
    let page = response("Server: x", b"page");
    let picture = response("Content-Type: image/png", b"page");
    for (begin, expected) in [
        (&page[..page.len() - 6], vec!["http://a/: pa".to_owned(), format!("http://a/: {failed}")]),
        (&picture[..picture.len() - 6], vec![format!("-: {failed}")]),
        (&page[..40], vec![format!("-: {failed}")]),
    ] {
        assert_eq!(members(&Options::default(), &mut begin.chain(Fails)), expected);
    }
}

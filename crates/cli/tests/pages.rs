//! Archives of pages, as browsers, offices and crawlers write them, through
//! the program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};

/// The sample, in the encoding of its bytes.
fn sample() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shanghai-2020.txt")).unwrap()
}

/// The records of a file, without what its container and encoding change.
fn records(name: &str, file: &[u8]) -> (Vec<Json>, Vec<Json>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), file).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_formgrid"))
        .current_dir(folder.path())
        .args(["extract", "-q", name])
        .output()
        .unwrap();
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    let mut sources = Vec::new();
    let mut records = Vec::new();
    for line in String::from_utf8(run.stdout).unwrap().lines() {
        let mut record: Json = serde_json::from_str(line).unwrap();
        let mut source = record["source"].take();
        source["sha256"].take();
        sources.push(source);
        record["id"].take();
        records.push(record);
    }
    (records, sources)
}

#[track_caller]
fn check(name: &str, file: &[u8], member: &str, encoding: &str) {
    let (expected, plain) = records("sample.txt", &sample());
    assert_eq!(expected.len(), 3);
    let (found, sources) = records(name, file);
    assert!(found == expected, "{name}: other records");
    for (source, mut plain) in sources.into_iter().zip(plain) {
        plain["path"] = json!(name);
        plain["member"] = json!(member);
        plain["encoding"] = json!(encoding);
        plain["encoding_from"] = json!("declared");
        assert_eq!(source, plain, "{name}");
    }
}

fn mhtml(charset: &str, transfer: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--x\"\r\n\r\n----x\r\nContent-Type: text/html; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {transfer}\r\nContent-Location: http://example.org/a\r\n\r\n"
    );
    let tail = b"\r\n----x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----x--\r\n";
    [head.as_bytes(), body, tail].concat()
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::new();
    for (index, group) in bytes.chunks(3).enumerate() {
        let bits =
            group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        let digits = (0..4).map(|at| DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        text.extend(digits.enumerate().map(|(at, digit)| if at <= group.len() { digit } else { b'=' }));
        if index % 19 == 18 {
            text.extend(b"\r\n");
        }
    }
    text
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut column = 0;
    for &byte in bytes {
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~');
        let quoted = if plain { vec![byte] } else { format!("={byte:02X}").into_bytes() };
        if column + quoted.len() > 75 {
            text.extend(b"=\r\n");
            column = 0;
        }
        column += quoted.len();
        text.extend(quoted);
    }
    text
}

fn gbk(text: &[u8]) -> Vec<u8> {
    let (bytes, _, is_lossy) = encoding_rs::GB18030.encode(std::str::from_utf8(text).unwrap());
    assert!(!is_lossy);
    bytes.into_owned()
}

#[test]
fn the_sample_in_a_saved_page() {
    let sample = sample();
    let name = "http://example.org/a";
    check("b64.mht", &mhtml("utf-8", "base64", &base64(&sample)), name, "UTF-8");
    check("qp.mhtml", &mhtml("utf-8", "quoted-printable", &quoted_printable(&sample)), name, "UTF-8");
    check("plain", &mhtml("utf-8", "8bit", &sample), name, "UTF-8");
    let gbk = gbk(&sample);
    for charset in ["gb2312", "GBK", "gb18030"] {
        check("gbk.doc", &mhtml(charset, "quoted-printable", &quoted_printable(&gbk)), name, "gb18030");
    }
}

fn warc(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=gbk\r\n{headers}\r\n");
    let length = head.len() + body.len();
    let record = format!(
        "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nx:y\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://example.org/a>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n{head}"
    );
    [record.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_sample_in_a_web_archive() {
    let body = gbk(&sample());
    let name = "http://example.org/a";
    check("a.warc", &warc("", &body), name, "gb18030");
    check("a.warc.gz", &gzip(&warc("", &body)), name, "gb18030");
    let zipped = gzip(&body);
    check("b.warc", &warc("Content-Encoding: gzip\r\n", &zipped), name, "gb18030");
    let mut chunked = Vec::new();
    for chunk in zipped.chunks(1000) {
        chunked.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        chunked.extend(chunk);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    check(
        "c.warc",
        &warc("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", &chunked),
        name,
        "gb18030",
    );
}

#[test]
fn the_sample_in_a_table_of_pages() {
    let text = String::from_utf8(sample()).unwrap();
    let row = json!({"url": "http://example.org/a", "text": text});
    let rows = format!("{row}\n{}\n", json!({"url": "http://example.org/b", "text": ""}));
    check("a.jsonl", rows.as_bytes(), "http://example.org/a", "UTF-8");
    check("a.jsonl.gz", &gzip(rows.as_bytes()), "http://example.org/a", "UTF-8");
    // Written by crates/unpack/tests/parquet/make.py.
    let parquet = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../unpack/tests/parquet/sample.parquet");
    check("a.parquet", &fs::read(parquet).unwrap(), "sample.txt", "UTF-8");
}

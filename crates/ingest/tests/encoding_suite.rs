//! Other people's tests of the declared encoding, where they lie beside the
//! workspace: html5lib's. They ask what a browser reads a page as in the end;
//! the prescan of the first 1024 bytes, which the standard has by now, finds all
//! but the cases listed here, and is checked not to find these.

use std::fs;
use std::io::Write;
use std::path::Path;

use formgrid_ingest::{Encoding, declared, prescan};

/// Cases of `tests1.dat` whose declaration stands behind the first 1024 bytes,
/// by their ordinals: six long comments of 2048 bytes and more, and
/// a page of scripts. A browser meets it while it parses and starts
/// over.
const LATE: [usize; 7] = [48, 49, 50, 51, 52, 53, 54];

#[test]
fn declared_encodings_of_html5lib() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites/html5lib-encoding/encoding");
    if !folder.is_dir() {
        // Not through the macros: what they print is only shown if a test fails.
        let said = b"SKIPPED: the suite html5lib-encoding is not beside the workspace\n";
        std::io::stderr().write_all(said).unwrap();
        return;
    }
    let mut wrong = Vec::new();
    let mut counts = Vec::new();
    for name in ["tests1.dat", "tests2.dat", "test-yahoo-jp.dat"] {
        let bytes = fs::read(folder.join(name)).unwrap();
        let cases = cases(&bytes);
        for (ordinal, (data, expected)) in (1..).zip(&cases) {
            // Without a declaration, a browser of the West reads windows-1252.
            let sniff = |declared: fn(&[u8]) -> Option<&'static Encoding>| {
                let marked = Encoding::for_bom(data).map(|(encoding, _)| encoding);
                marked.or_else(|| declared(data)).map_or("windows-1252", Encoding::name)
            };
            let expected = Encoding::for_label(expected).unwrap().name();
            let is_late = name == "tests1.dat" && LATE.contains(&ordinal);
            let expected_first = if is_late { "windows-1252" } else { expected };
            let found = [sniff(prescan), sniff(declared)];
            if found != [expected_first, expected] {
                wrong.push(format!("{name} {ordinal}: {found:?}, expected {expected}"));
            }
        }
        counts.push(cases.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(counts, [59, 22, 1]);
}

/// The bytes of each case, and the label expected.
fn cases(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut cases = Vec::new();
    while let Some((_, rest)) = split(bytes, b"#data\n") {
        let (data, rest) = split(rest, b"\n#encoding\n").unwrap();
        let (label, rest) = split(rest, b"\n").unwrap_or((rest, b""));
        cases.push((data, label));
        bytes = rest;
    }
    cases
}

fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let found = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..found], &bytes[found + at.len()..]))
}

/// What the suite does not ask.
#[test]
fn declarations_as_the_standard_reads_them() {
    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(prescan(bytes).map(Encoding::name), expected, "{}", String::from_utf8_lossy(bytes));
    }
    check(b"<?xml version='1.0' encoding = \"GB2312\"?>", Some("GBK"));
    check(b"<?xml version='1.0' encoding='utf-16'?>", Some("UTF-8"));
    check(b"<?xml encoding='gb 2312'?>", None);
    check(b"<?xml encoding=gbk?>", None);
    check(b"<?xml encoding='gbk'", None);
    check(b" <?xml encoding='gbk'?>", None);
    // A meta element is stronger than an XML declaration.
    check(b"<?xml encoding='gbk'?><meta charset=big5>", Some("Big5"));
    check(b"<?xml encoding='gbk'?><meta charset=nothing>", Some("GBK"));
    check(b"<\0?\0x\0m\0l\0", Some("UTF-16LE"));
    check(b"\0<\0?\0x\0m\0l", Some("UTF-16BE"));
    check(b"<meta charset=x-user-defined>", Some("windows-1252"));
    check(b"<meta/charset=gb18030>", Some("gb18030"));
    check(b"<meta charset=hz-gb-2312>", Some("replacement"));
    check(b"<META HTTP-EQUIV=Content-Type CONTENT='text/html;CHARSET=GB2312'>", Some("GBK"));
    check(b"<meta content='charset charset=big5' http-equiv=content-type>", Some("Big5"));
    check(b"<meta charset=nothing content='charset=big5' http-equiv=content-type>", None);
    check(b"<!--><meta charset=gbk>", Some("GBK"));
    check(b"<!-- <meta charset=gbk>", None);
    let far = [b"<p>".to_vec(), vec![b' '; 1000], b"</p><meta charset=gbk>".to_vec()].concat();
    check(&far, None);
    check(&far[10..], Some("GBK"));
}

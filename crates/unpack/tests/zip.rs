//! Zip archives as other programs write and leave them.

mod common;

use std::io::Write;
use std::ops::ControlFlow;

use formgrid_unpack::{Input, Options, unpack};
use zip::write::SimpleFileOptions;

use common::*;

const PAGE: &[u8] = "<p>项目名称：图书馆修缮，项目总预算（元）：7,500,000</p>".as_bytes();
const CUT: &str = ": error[damaged-archive]: damaged: \
    the directory at its end is missing; it may be cut off; what could be read before is used";

/// An archive written to where its writer could not go back.
fn streamed(large: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for name in ["a.html", "目标/b.html", "c.html"] {
        writer.start_file(name, SimpleFileOptions::default().large_file(large)).unwrap();
        writer.write_all(PAGE).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_streamed_archive_that_is_cut_off_gives_its_whole_files() {
    for large in [false, true] {
        let whole = streamed(large);
        let directory = whole.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        let lines: Vec<String> =
            ["a.html", "目标/b.html", "c.html"].map(|name| format!("{name}: {} bytes", PAGE.len())).into();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        check("a.zip", &whole, &Options::default(), &lines);
        let cut: Vec<&str> = lines.iter().copied().chain([CUT]).collect();
        check("a.zip", &whole[..directory + 9], &Options::default(), &cut);

        // The checksum says that a file is whole; what follows are its sizes.
        let second =
            whole.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"PK\x03\x04").nth(1).unwrap().0;
        let end = second - if large { 16 } else { 8 };
        for length in 1..directory {
            let found = members("a.zip", &whole[..length], &Options::default());
            let is_whole = found[0].content.as_ref().is_ok_and(|content| content.diagnostics.is_empty());
            assert_eq!(is_whole && found[0].path.is_some(), length >= end, "{length}");
        }
    }
}

#[test]
fn a_wrong_checksum_behind_a_file_is_told_and_the_next_one_is_read() {
    let mut bytes = streamed(false);
    let directory = bytes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    bytes.truncate(directory);
    let at = bytes.windows(4).position(|bytes| bytes == b"PK\x07\x08").unwrap();
    bytes[at + 4] ^= 1;
    let found: Vec<String> = members("a.zip", &bytes, &Options::default()).iter().map(line).collect();
    assert!(found[0].contains("its checksum is wrong"), "{found:?}");
    assert_eq!(found[1], format!("目标/b.html: {} bytes", PAGE.len()));
}

#[test]
fn an_archive_that_unpacks_itself_is_one() {
    let mut bytes = b"MZ\x90\0".repeat(3000);
    bytes.extend(zip(&[("a.html", PAGE)]));
    for (bytes, expected) in [
        (&bytes[..], format!("a.html: {} bytes", PAGE.len())),
        (&bytes[..12000], ": info[no-document]: a program for Windows holds no text to read".to_owned()),
    ] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let mut found = Vec::new();
        let _ = unpack("a.exe", Input::File(file), &Options::default(), &mut |member| {
            found.push(line(&member));
            ControlFlow::Continue(())
        });
        assert_eq!(found, [expected]);
    }
}

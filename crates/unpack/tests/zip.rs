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

#[test]
fn a_name_that_says_it_is_utf_8_is() {
    for (name, other) in [("ñ.html", "帽.html"), ("ѧУ.html", "学校.html")] {
        let expected = format!("{name}: {} bytes", PAGE.len());
        let mut bytes = zip(&[(name, PAGE)]);
        check("a.zip", &bytes, &Options::default(), &[&expected]);
        // The same bytes without that flag are names as Windows in Chinese writes them.
        let header = bytes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        bytes[header + 9] &= !0x08;
        let found = members("a.zip", &bytes, &Options::default());
        assert_eq!(found[0].path.as_deref(), Some(other));
    }
}

const LEFT_OUT: &str = ": error[damaged-archive]: damaged: its directory leaves files out: \
    it may be cut off, or several in one; what could be read before is used";

/// An archive of files that are not packed.
fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files: Vec<Stored<'_>> =
        files.iter().map(|(name, bytes)| Stored::new(name.as_bytes(), bytes)).collect();
    zip_by_hand(&files)
}

/// An archive with a comment.
fn commented(mut archive: Vec<u8>, comment: &[u8]) -> Vec<u8> {
    let at = archive.len() - 2;
    archive[at..].copy_from_slice(&(comment.len() as u16).to_le_bytes());
    archive.extend(comment);
    archive
}

#[test]
fn an_archive_of_archives_that_is_cut_off_is_not_taken_for_its_last_one() {
    let [a, b, c] = ["a.html", "b.html", "c.html"].map(|name| stored(&[(name, PAGE)]));
    let whole = stored(&[("1.zip", &a), ("2.zip", &b), ("3.zip", &c)]);
    let size = PAGE.len();
    let inner = [("1", "a"), ("2", "b"), ("3", "c")]
        .map(|(zip, page)| format!("{zip}.zip!/{page}.html: {size} bytes"));
    let mut expected: Vec<&str> = inner.iter().map(String::as_str).collect();
    check("a.zip", &whole, &Options::default(), &expected);
    expected.push(LEFT_OUT);
    check("a.zip", &whole[..whole.len() - 60], &Options::default(), &expected);
    let directory = 3 * (46 + 5) + 22;
    check("a.zip", &whole[..whole.len() - directory], &Options::default(), &expected);
}

#[test]
fn archives_in_one_file_are_all_read() {
    let (a, b) = (zip(&[("a.html", PAGE)]), stored(&[("b.html", PAGE)]));
    let lines = ["a.html", "b.html"].map(|name| format!("{name}: {} bytes", PAGE.len()));
    let both = [&lines[0], &lines[1], LEFT_OUT];
    check("a.zip", &[&a[..], &b].concat(), &Options::default(), &both);
    check("a.zip", &[b"text\n", &a[..], b"text", &b].concat(), &Options::default(), &both);
    check("a.zip", &commented(a.clone(), &b), &Options::default(), &both);
    let one = [&lines[0][..], LEFT_OUT];
    check("a.zip", &commented(a.clone(), &zip(&[])), &Options::default(), &one);
    check("a.zip", &[&a[..], &zip(&[])].concat(), &Options::default(), &one);
    // A directory that says that it has fewer files than it has.
    let mut fewer = stored(&[("a.html", PAGE), ("b.html", PAGE)]);
    let end = fewer.len() - 22;
    fewer[end + 8] = 1;
    fewer[end + 10] = 1;
    check("a.zip", &fewer, &Options::default(), &both);
}

#[test]
fn bytes_around_an_archive_are_told() {
    let archive = zip(&[("a.html", PAGE)]);
    let page = format!("a.html: {} bytes", PAGE.len());
    let told = |what: &str| {
        format!(": error[damaged-archive]: damaged: the {what} none of it; what could be read before is used")
    };
    let options = Options::default();
    let before = told("7 bytes before its first file are");
    check("a.zip", &[b"<p>text", &archive[..]].concat(), &options, &[&page, &before]);
    let behind = told("4 bytes behind its end are");
    check("a.zip", &[&archive[..], b"text"].concat(), &options, &[&page, &behind]);
    // Padding, a comment, the mark of one that was to be split.
    check("a.zip", &[&archive[..], &[0; 500]].concat(), &options, &[&page]);
    check("a.zip", &commented(archive.clone(), b"PK\x05\x06 is no end"), &options, &[&page]);
    check("a.zip", &[b"PK00", &archive[..]].concat(), &options, &[&page]);
}

#[test]
fn stored_files_with_their_sizes_behind_are_read_without_a_directory() {
    let size = PAGE.len();
    let inner = stored(&[("b.html", PAGE)]);
    let mut archive = Vec::new();
    for (name, bytes) in [("a.html", PAGE), ("b.zip", &inner), ("c.html", b""), ("d.html", PAGE)] {
        let crc = Stored::new(b"", bytes).crc.to_le_bytes();
        let blank = Stored { flags: 8, crc: 0, size: 0, ..Stored::new(name.as_bytes(), b"") };
        archive.extend([b"PK\x03\x04\x14\0", &common(&blank)[..], name.as_bytes(), bytes].concat());
        let length = (bytes.len() as u32).to_le_bytes();
        archive.extend([b"PK\x07\x08", &crc[..], &length, &length].concat());
    }
    let lines = [("a.html", size), ("b.zip!/b.html", size), ("c.html", 0), ("d.html", size)]
        .map(|(name, size)| format!("{name}: {size} bytes"));
    // The directory of the one in it is not its own.
    let expected = [&lines[0], &lines[1], &lines[2], &lines[3], LEFT_OUT];
    check("a.zip", &archive, &Options::default(), &expected);
    // The end of the last one is cut off.
    let lost = "d.html: error[damaged-archive]: damaged: its size stands behind it, and its end is not found; \
        what could be read before is used";
    let expected = [&lines[0], &lines[1], &lines[2], lost, LEFT_OUT];
    check("a.zip", &archive[..archive.len() - 1], &Options::default(), &expected);
}

#[test]
fn from_its_start_what_cannot_be_read_is_told_and_what_follows_is_read() {
    let encrypted = Stored { flags: 1, ..Stored::new(b"secret.html", PAGE) };
    let ppmd = Stored { method: 98, ..Stored::new(b"ppmd.html", PAGE) };
    let broken = Stored { method: 8, flags: 8, ..Stored::new(b"broken.html", b"\xff\xff\xff\xff\xff") };
    let archive = zip_by_hand(&[encrypted, ppmd, broken, Stored::new(b"a.html", PAGE)]);
    let directory = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let found: Vec<String> =
        members("a.zip", &archive[..directory], &Options::default()).iter().map(line).collect();
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found[0].starts_with("secret.html: error[encrypted]"), "{found:?}");
    assert!(found[1].starts_with("ppmd.html: error[unsupported-method]"), "{found:?}");
    assert!(found[2].starts_with("broken.html: error[damaged-archive]"), "{found:?}");
    assert_eq!(found[3..], [format!("a.html: {} bytes", PAGE.len()), CUT.to_owned()]);
}

#[test]
fn a_part_of_a_split_archive_is_refused() {
    let part = ": error[unsupported-format]: a part of a split zip is not read; \
        put its parts together with zip -s 0, and read that";
    let mut last = stored(&[("a.zip", &stored(&[("b.html", PAGE)]))]);
    let end = last.len() - 22;
    last[end + 4] = 1;
    last[end + 6] = 1;
    check("a.zip", &last, &Options::default(), &[part]);
    check("a.z01", &[b"PK\x07\x08", &last[..end - 50]].concat(), &Options::default(), &[part]);
}

#[test]
fn headers_without_end_take_linear_time() {
    let blank = Stored { flags: 8, ..Stored::new(b"a", b"") };
    let header = [b"PK\x03\x04\x14\0", &common(&blank)[..], b"a"].concat();
    let begun = std::time::Instant::now();
    for unit in [header.clone(), [&header[..30], b"PK"].concat(), b"PK\x03\x04".to_vec(), b"P".to_vec()] {
        let archive = [&header[..], &unit.repeat((1 << 20) / unit.len())].concat();
        members("a.zip", &archive, &Options::default());
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

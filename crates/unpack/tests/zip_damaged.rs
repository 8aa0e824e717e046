//! Zip archives that are damaged: what is whole in them is read, each file
//! once, and what is lost is told.

mod common;

use std::io::Write;

use formgrid_unpack::Options;
use zip::write::SimpleFileOptions;

use common::*;

const PAGE: &[u8] = "<p>项目名称：图书馆修缮，项目总预算（元）：7,500,000</p>".as_bytes();
const NAMES: [&str; 4] = ["a.html", "b.html", "c.html", "d.html"];
const LEFT_OUT: &str = "its directory leaves files out: it may be cut off, or several in one";
const OVERLAP: &str = "its files overlap, as those of a zip bomb do";
const CUT: &str = "the directory at its end is missing; it may be cut off";

/// Text that does not pack well.
fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..size).map(|_| random.alphanumeric() as u8).collect()
}

/// What is found, with the reason that is told last.
#[track_caller]
fn check_damaged(archive: &[u8], found: &[String], why: Option<&str>) {
    let told =
        why.map(|why| format!(": error[damaged-archive]: damaged: {why}; what could be read before is used"));
    let lines: Vec<&str> = found.iter().chain(&told).map(String::as_str).collect();
    check("a.zip", archive, &Options::default(), &lines);
}

fn page(name: &str) -> String {
    format!("{name}: {} bytes", PAGE.len())
}

fn places(archive: &[u8], mark: &[u8; 4]) -> Vec<usize> {
    (0..archive.len()).filter(|&at| archive[at..].starts_with(mark)).collect()
}

#[test]
fn a_directory_lists_each_file_once() {
    let whole = zip_by_hand(&NAMES.map(|name| Stored::new(name.as_bytes(), PAGE)));
    let entries = places(&whole, b"PK\x01\x02");
    for (listed, expected, why) in [
        (&[0, 1, 2, 3][..], "abcd", None),
        (&[3, 1, 2, 0], "dbca", None),
        (&[0, 2, 3], "abcd", Some(LEFT_OUT)),
        (&[0, 1, 2], "abcd", Some(LEFT_OUT)),
        (&[0, 0, 2, 3], "abcd", Some(LEFT_OUT)),
        (&[0, 1, 2, 2, 3], "abcd", Some(OVERLAP)),
    ] {
        let directory: Vec<u8> =
            listed.iter().flat_map(|&file| &whole[entries[file]..][..46 + 6]).copied().collect();
        let archive = end(whole[..entries[0]].to_vec(), &directory, listed.len());
        let found: Vec<String> = expected.chars().map(|name| page(&format!("{name}.html"))).collect();
        check_damaged(&archive, &found, why);
    }
}

#[test]
fn names_and_extra_fields_may_differ_from_those_in_the_directory() {
    // The name in the header is shorter, and two of the files are padded.
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, extra) in [("a.html", 0), ("b.html", 3000), ("c.html", 50)] {
        let file = Stored::new(name.as_bytes(), PAGE);
        let start = archive.len() as u32;
        let mut header = [b"PK\x03\x04\x14\0", &common(&file)[..]].concat();
        header[26] = 1;
        header[28..30].copy_from_slice(&(extra as u16).to_le_bytes());
        archive.extend([&header, &name.as_bytes()[..1], &vec![0; extra], PAGE].concat());
        directory.extend([b"PK\x01\x02\x14\0\x14\0", &common(&file)[..], &[0; 10]].concat());
        directory.extend([&start.to_le_bytes(), name.as_bytes()].concat());
    }
    let archive = end(archive, &directory, 3);
    check_damaged(&archive, &["a.html", "b.html", "c.html"].map(page), None);
}

#[test]
fn a_descriptor_is_read_wherever_the_buffer_ends() {
    // Bytes that cannot be packed, so that each more moves the next header.
    let mut random = fastrand::Rng::with_seed(1);
    let bytes: Vec<u8> = PAGE.iter().copied().chain((0..9000).map(|_| random.u8(..))).collect();
    for size in 8080..8180 {
        let mut writer = zip::ZipWriter::new_stream(Vec::new());
        for (name, bytes) in [("a.html", &bytes[..size]), ("b.html", PAGE), ("c.html", PAGE)] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        let archive = writer.finish().unwrap().into_inner();
        let directory = places(&archive, b"PK\x01\x02")[0];
        let found = [format!("a.html: {size} bytes"), page("b.html"), page("c.html")];
        check_damaged(&archive[..directory], &found, Some(CUT));
    }
}

/// The names of what is whole, each of `size` bytes.
fn whole(archive: &[u8], size: usize) -> Vec<String> {
    let found: Vec<String> = members("a.zip", archive, &Options::default()).iter().map(line).collect();
    assert!(
        found.last().is_some_and(|told| [CUT, LEFT_OUT].iter().any(|why| told.contains(why))),
        "{found:?}"
    );
    let size = format!(": {size} bytes");
    found.iter().filter_map(|line| line.strip_suffix(&size)).map(str::to_owned).collect()
}

#[test]
fn behind_a_damaged_file_the_next_one_is_looked_for() {
    let files: Vec<Vec<u8>> = (0..4).map(|seed| noise(seed, 2000)).collect();
    let files: Vec<(&str, &[u8])> = NAMES.into_iter().zip(files.iter().map(Vec::as_slice)).collect();
    let stored: Vec<Stored<'_>> =
        files.iter().map(|(name, bytes)| Stored::new(name.as_bytes(), bytes)).collect();
    for archive in [zip(&files), zip_by_hand(&stored)] {
        let second = places(&archive, b"PK\x03\x04")[1];
        let cut = &archive[..archive.len() - 30];
        // 100 bytes are missing, or are too many.
        let hole = [&cut[..second + 300], &cut[second + 400..]].concat();
        assert_eq!(whole(&hole, 2000), ["a.html", "c.html", "d.html"]);
        let more = [&cut[..second + 300], &[b'x'; 100], &cut[second + 300..]].concat();
        assert_eq!(whole(&more, 2000), ["a.html", "c.html", "d.html"]);
        // The packed size is too large, or too small.
        for size in [0x7fff_ff00_u32, 3000, 50] {
            let mut wrong = cut.to_vec();
            wrong[second + 18..second + 22].copy_from_slice(&size.to_le_bytes());
            let found = whole(&wrong, 2000);
            assert_eq!(
                found.iter().filter(|name| *name != "b.html").collect::<Vec<_>>(),
                ["a.html", "c.html", "d.html"]
            );
        }
    }
}

#[test]
fn a_damaged_archive_in_another_is_not_read_twice() {
    let inner = zip_by_hand(&[Stored::new(b"x.html", PAGE), Stored::new(b"y.html", PAGE)]);
    let in_zip = Stored { crc: 1, ..Stored::new(b"in.zip", &inner) };
    let archive = zip_by_hand(&[Stored::new(b"a.html", PAGE), in_zip, Stored::new(b"b.html", PAGE)]);
    let directory = *places(&archive, b"PK\x01\x02").last().unwrap() - 2 * 52;
    let pages = ["a.html", "in.zip!/x.html", "in.zip!/y.html", "b.html"];
    assert_eq!(whole(&archive[..directory], PAGE.len()), pages);
    // Something stands behind it.
    let at = places(&archive, b"PK\x03\x04")[4];
    let odd = [&archive[..at], b"something", &archive[at..directory]].concat();
    assert_eq!(whole(&odd, PAGE.len()), pages);
}

#[test]
fn one_wrong_descriptor_costs_one_file() {
    let mut archive = Vec::new();
    for name in NAMES {
        let file = Stored::new(name.as_bytes(), PAGE);
        let blank = Stored { flags: 8, crc: 0, size: 0, ..Stored::new(name.as_bytes(), b"") };
        let length = (PAGE.len() as u32).to_le_bytes();
        archive.extend([b"PK\x03\x04\x14\0", &common(&blank)[..], name.as_bytes(), PAGE].concat());
        archive.extend([b"PK\x07\x08", &file.crc.to_le_bytes()[..], &length, &length].concat());
    }
    let descriptor = places(&archive, b"PK\x07\x08")[0];
    archive[descriptor + 5] ^= 1;
    assert_eq!(whole(&archive, PAGE.len()), NAMES[1..]);
}

#[test]
fn a_streamed_file_may_be_packed_with_bzip2() {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for name in NAMES {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Bzip2);
        writer.start_file(name, options).unwrap();
        writer.write_all(PAGE).unwrap();
    }
    let archive = writer.finish().unwrap().into_inner();
    let directory = places(&archive, b"PK\x01\x02")[0];
    assert_eq!(whole(&archive[..directory], PAGE.len()), NAMES);
}

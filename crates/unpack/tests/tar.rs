//! Tar archives as other programs write and leave them.

mod common;

use formgrid_unpack::Options;

use common::*;

const PAGE: &[u8] = "<table><tr><td>项目名称".as_bytes();
const CHECKSUM: &str = "the checksum of a header is wrong";

/// A file of this kind, with its header changed before the checksum is made.
fn entry(name: &[u8], kind: u8, bytes: &[u8], change: impl Fn(&mut [u8; 512])) -> Vec<u8> {
    let mut header = ::tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_entry_type(::tar::EntryType::new(kind));
    header.set_size(bytes.len() as u64);
    change(header.as_mut_bytes());
    header.set_cksum();
    let mut entry = [header.as_bytes(), bytes].concat();
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

fn file(name: &str) -> Vec<u8> {
    entry(name.as_bytes(), b'0', PAGE, |_| ())
}

/// What comes out of blocks and the end behind them, and what is told last.
#[track_caller]
fn check_blocks(blocks: &[&[u8]], found: &[&str], why: Option<&str>) {
    let archive = [&blocks.concat()[..], &[0; 1024]].concat();
    let told = why.map(told);
    let expected: Vec<&str> = found.iter().copied().chain(told.as_deref()).collect();
    check("a.tar", &archive, &Options::default(), &expected);
    check("a.tgz", &gzip(&archive), &Options::default(), &expected);
}

fn told(why: &str) -> String {
    format!(": error[damaged-archive]: damaged: {why}; what could be read before is used")
}

const A: &str = "a.html: 27 bytes";
const B: &str = "b.html: 27 bytes";

#[test]
fn a_size_that_is_not_given_is_none() {
    let no_size = |header: &mut [u8; 512]| header[124..136].fill(0);
    let label = entry(b"volume", b'V', b"", no_size);
    let folder = entry(b"folder/", b'5', b"", no_size);
    check_blocks(&[&label, &folder, &file("a.html")], &[A], None);
    check_blocks(&[&file("a.html"), &folder, &label, &file("b.html")], &[A, B], None);
}

#[test]
fn a_checksum_may_be_of_bytes_with_a_sign() {
    let mut archive = [entry("表.html".as_bytes(), b'0', PAGE, |_| ()), file("b.html")].concat();
    let sum: i64 = archive[..512]
        .iter()
        .enumerate()
        .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { i64::from(byte.cast_signed()) })
        .sum();
    archive[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    check_blocks(&[&archive], &["表.html: 27 bytes", B], None);
}

#[test]
fn behind_a_damaged_header_the_next_one_is_looked_for() {
    let mut damaged = file("x.html");
    damaged[10] ^= 1;
    let no_number = entry(b"x.html", b'0', PAGE, |header| header[124..136].copy_from_slice(b"sizesizesize"));
    let too_large = entry(b"x.html", b'0', PAGE, |header| header[124..136].fill(0xff));
    let (a, b) = (file("a.html"), file("b.html"));
    for (damaged, why) in [
        (&damaged, CHECKSUM),
        (&no_number, "the size in a header is no number"),
        (&too_large, "size overflow"),
    ] {
        let told = told(why);
        check_blocks(&[&a, damaged, &b], &[A, &told, B], None);
    }
    // Told once until one is found.
    check_blocks(&[&a, &damaged, &damaged], &[A], Some(CHECKSUM));
    // What is said of a file is not said of the next one.
    let name = entry(b"long", b'L', b"long.html", |_| ());
    check_blocks(&[&a, &name, &damaged, &b], &[A, &told(CHECKSUM), B], None);
    let behind = told("what follows its end is not tar");
    check_blocks(&[&a, &[0; 1024], &[b'x'; 700], &[b'x'; 324], &b], &[A, &behind, B], None);
}

#[test]
fn what_is_not_known_is_a_file() {
    let unknown = entry(b"a.html", b'Z', PAGE, |_| ());
    check_blocks(&[&unknown, &file("b.html")], &[A, B], None);
    // A link has the data of what it leads to, or only its size.
    let link = entry(b"a.html", b'1', PAGE, |_| ());
    check_blocks(&[&link, &file("b.html")], &[A, B], None);
    check_blocks(&[&link[..512], &file("b.html")], &[B], None);
    check_blocks(&[&file("b.html"), &link[..512]], &[B], None);
    let folder = entry(b"a/", b'5', PAGE, |_| ());
    check_blocks(&[&folder[..512], &file("b.html")], &[B], None);
    let dump = [&entry(b"name", b'L', b"long", |_| ())[..], &entry(b"a/", b'D', b"Ya.html\0\0", |_| ())];
    check_blocks(&[&dump.concat(), &file("b.html")], &[B], None);
    let part = "a.html: error[unsupported-format]: the rest of a file in a tar of several volumes is not read; \
        unpack all volumes with tar -M, and read what comes out";
    check_blocks(&[&entry(b"a.html", b'M', PAGE, |_| ()), &file("b.html")], &[part, B], None);
}

#[test]
fn what_is_said_before_a_file_may_be_long() {
    for (size, found) in [(70_000, A), (2_000_000, "x.html: 27 bytes")] {
        let line = |line: String| {
            let length = line.len() + 2;
            let length = length + (length + 7).to_string().len();
            format!("{length} {line}\n")
        };
        let long = line(format!("comment={}", "y".repeat(size)));
        let record = [long.as_bytes(), b"15 path=a.html\n"].concat();
        let why = format!("a record of {} bytes before a file, of which 1048576 are read", record.len());
        let told = told(&why);
        let archive = [entry(b"pax", b'x', &record, |_| ()), file("x.html"), file("b.html")].concat();
        let expected: Vec<&str> =
            (size > 1_000_000).then_some(&told[..]).into_iter().chain([found, B]).collect();
        check_blocks(&[&archive], &expected, None);
    }
}

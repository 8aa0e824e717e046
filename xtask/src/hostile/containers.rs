//! Containers made to exhaust a reader, or to lead it astray.

use std::io::{self, Write};

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};

use super::cases::Case;
use super::zip::{Zip, crc, deflated, zeros};

/// A form, where something good is to be read.
const GOOD: &str = "财政项目支出绩效目标表\n项目名称：\t图书馆修缮\n一级目标\t二级目标\t三级目标\t指标目标值\n\
    产出目标\t数量\t修缮面积\t>=120平方米\n";

const GB: usize = 1 << 30;
const MB: usize = 1 << 20;

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = bombs();
    cases.extend(nested());
    cases.extend(odd());
    cases.extend(cut());
    cases
}

/// What grows when it is unpacked.
fn bombs() -> Vec<Case> {
    vec![
        Case::written("zip: one member of 4 GB", |out| {
            let mut zip = Zip::new(out);
            zip.add("a.html", 8, 0, zeros(4 * GB - 1), u32::MAX)?;
            zip.finish()
        }),
        Case::written("zip: 100 members of 9 MB", |out| {
            let page = vec![b'x'; 9 * MB];
            let (packed, sum) = (deflated(&page), crc(&page));
            let mut zip = Zip::new(out);
            for n in 0..100 {
                zip.add_summed(&format!("{n}.html"), packed.clone(), sum, page.len() as u32)?;
            }
            zip.finish()
        }),
        Case::written("zip: 100 members that overlap", |out| {
            let page = vec![b'x'; 9 * MB];
            let mut zip = Zip::new(out);
            zip.add_summed("a.html", deflated(&page), crc(&page), page.len() as u32)?;
            (0..99).for_each(|_| zip.again());
            zip.finish()
        }),
        Case::written("zip: 10 pages of 1 MB of dense markup", |out| {
            let page = ["<html>", &"<p><b>x</b><i id=a>".repeat(MB / 19)].concat().into_bytes();
            let (packed, sum) = (deflated(&page), crc(&page));
            let mut zip = Zip::new(out);
            for n in 0..10 {
                zip.add_summed(&format!("{n}.html"), packed.clone(), sum, page.len() as u32)?;
            }
            zip.finish()
        }),
        Case::written("zip: a streamed member of 4 GB, cut off", |out| {
            // Bit 3: its sizes would stand behind it. The name has 6 bytes.
            out.write_all(b"PK\x03\x04\x14\0\x08\0\x08\0")?;
            out.write_all(&[0; 16])?;
            out.write_all(b"\x06\0\0\0a.html")?;
            out.write_all(&zeros(4 * GB))
        }),
        Case::written("zip: 60,000 empty members", |out| {
            let mut zip = Zip::new(out);
            for n in 0..60_000 {
                zip.add(&format!("{n}.html"), 0, 0, Vec::new(), 0)?;
            }
            zip.finish()
        }),
        Case::written("gzip: 4 GB of zeros", |out| {
            out.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])?;
            out.write_all(&zeros(4 * GB))
        }),
        Case::written("gzip: the begins of a million streams behind JSON Lines", |out| {
            out.write_all(&gzip(b"{\"text\": \"x\"}\n"))?;
            repeat(out, b"\x1f\x8b\x08\0\0\0\0\0\0\x03", 1_000_000)
        }),
        Case::written("zip: 300,000 broken files in bzip2, no directory", |out| {
            let mut header = b"PK\x03\x04\x14\0\x08\0\x0c\0".to_vec();
            header.extend_from_slice(&[0; 16]);
            header.extend_from_slice(b"\x01\0\0\0aBZh91AY&SY");
            repeat(out, &header, 300_000)
        }),
        Case::written("zip: the begins of a million files behind it", |out| {
            let mut zip = Zip::new(out);
            zip.add("a.html", 0, 0, Vec::new(), 0)?;
            zip.finish()?;
            repeat(out, b"PK\x03\x04", 4_000_000)
        }),
        Case::written("gzip: a million empty streams", |out| repeat(out, &gzip(b""), 1_000_000)),
        Case::written("bzip2: 4 GB of zeros", |out| {
            let mut writer = BzEncoder::new(Vec::new(), bzip2::Compression::best());
            writer.write_all(&vec![0; 4 * MB])?;
            repeat(out, &writer.finish()?, 1000)
        }),
        Case::written("xz: 4 GB of zeros", |out| {
            let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(1))?;
            writer.write_all(&vec![0; 4 * MB])?;
            repeat(out, &writer.finish()?, 1000)
        }),
        Case::written("zstd: 4 GB of zeros", |out| {
            // A window of 128 KB, then blocks that are one byte, repeated (RFC 8878).
            out.write_all(&[0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3])?;
            repeat(out, &[0b10, 0, 0b1_0000, 0], (4 * GB) >> 17)
        }),
        Case::written("zstd: the largest window", |out| {
            out.write_all(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 0b11, 0, 0b1_0000, 0])
        }),
        Case::written("tar.gz: members of 9 MB", |out| {
            let mut stream = Vec::new();
            for n in 0..100 {
                stream.extend(deflated(&tar_header(&format!("{n}.html"), b"00044000000\0", b'0')));
                stream.extend(zeros(9 * MB));
            }
            out.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])?;
            out.write_all(&stream)
        }),
    ]
}

/// Containers in containers.
fn nested() -> Vec<Case> {
    vec![
        Case::written("gzip in gzip, 1,000 deep", |out| {
            out.write_all(&(0..1000).fold(GOOD.as_bytes().to_vec(), |inside, _| gzip(&inside)))
        }),
        Case::written("zip in zip, 1,000 deep", |out| out.write_all(&zips(GOOD.as_bytes(), 1000, 1)?)),
        Case::written("zip: ten in each, 6 deep", |out| out.write_all(&zips(&vec![b'x'; MB], 6, 10)?)),
        Case::written("MHTML: multiparts in multiparts", |out| {
            writeln!(out, "MIME-Version: 1.0")?;
            for n in 0..300_000 {
                write!(out, "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")?;
            }
            Ok(())
        }),
    ]
}

/// Numbers and names that are not to be believed.
fn odd() -> Vec<Case> {
    vec![
        Case::written("zip: an encrypted member", |out| {
            let mut zip = Zip::new(out);
            zip.add("a.html", 0, 1, GOOD.into(), 100)?;
            zip.finish()
        }),
        Case::written("zip: names that lead out of it", |out| {
            let mut zip = Zip::new(out);
            for name in [
                "../../../etc/passwd",
                "/etc/passwd",
                "C:\\Windows\\a.html",
                "..\\..\\a.html",
                "a\u{202e}lmth",
            ] {
                zip.add(name, 0, 0, GOOD.into(), GOOD.len() as u32)?;
            }
            zip.finish()
        }),
        Case::written("tar: a member of 8 GB that is not there", |out| {
            out.write_all(&tar_header("a.html", b"77777777777\0", b'0'))?;
            out.write_all(GOOD.as_bytes())
        }),
        Case::written("tar: a size beyond all numbers", |out| {
            out.write_all(&tar_header("a.html", &[0xff; 12], b'0'))?;
            out.write_all(GOOD.as_bytes())
        }),
        Case::written("tar: a name of 8 GB", |out| {
            out.write_all(&tar_header("././@LongLink", b"77777777777\0", b'L'))?;
            repeat(out, b"a", 30 * MB)
        }),
        Case::written("tar: 50,000 empty members", |out| {
            repeat(out, &tar_header("a.html", b"00000000000\0", b'0'), 50_000)
        }),
        Case::written("MHTML: a million boundaries", |out| {
            out.write_all(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n")?;
            repeat(out, b"--b\r\nContent-Type: text/html\r\n\r\n", 1_000_000)
        }),
        Case::written("MHTML: a header of 30 MB", |out| {
            out.write_all(b"MIME-Version: 1.0\r\nContent-Type: multipart/related")?;
            repeat(out, b";\r\n a=b", 4 * MB)
        }),
        Case::written("WARC: lengths beyond all numbers", |out| {
            for length in ["99999999999999999999", "18446744073709551615", "-1", "4294967296"] {
                write!(
                    out,
                    "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: {length}\r\n\r\n{GOOD}\r\n\r\n"
                )?;
            }
            Ok(())
        }),
        Case::written("WARC: 100,000 empty records", |out| {
            repeat(out, b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 0\r\n\r\n\r\n\r\n", 100_000)
        }),
        Case::written("a document that is one line of 1 GB", |out| repeat(out, &vec![b'x'; MB], 1024)),
        Case::written("JSON Lines: a line of 1 GB", |out| {
            out.write_all(b"{\"html\":\"")?;
            repeat(out, &vec![b'x'; MB], 1024)?;
            out.write_all(b"\"}\n")
        }),
        Case::written("JSON Lines: lists in lists", |out| {
            out.write_all(b"{\"a\":")?;
            repeat(out, b"[", 30 * MB)
        }),
        Case::written("JSON Lines: a million lines without a page", |out| {
            out.write_all(b"{\"html\":\"x\"}\n")?;
            repeat(out, b"{\"html\":0}\n", 1_000_000)
        }),
        // The footer is Thrift's compact protocol: version, then the schema, a
        // list of as many structures as it says; or the number of rows.
        Case::written("Parquet: a schema of 2 billion columns", |out| {
            parquet(out, &[0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07])
        }),
        Case::written("Parquet: rows beyond all numbers", |out| {
            parquet(
                out,
                &[0x15, 2, 0x19, 0x0c, 0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0],
            )
        }),
        Case::written("Parquet: structures in structures", |out| {
            parquet(out, &[vec![0x15, 0], vec![0x1c; 30 * MB]].concat())
        }),
        Case::written("Parquet: a footer of 4 GB", |out| out.write_all(b"PAR1\0\0\0\0\xff\xff\xff\xffPAR1")),
    ]
}

/// Archives of each kind that break off.
fn cut() -> Vec<Case> {
    vec![
        Case::written("zip: cut off", |out| half(out, zips(&good(), 1, 2))),
        Case::written("tar: cut off", |out| {
            let length = format!("{:011o}\0", good().len());
            half(out, Ok([tar_header("a.txt", length.as_bytes(), b'0'), good()].concat()))
        }),
        Case::written("gzip: cut off", |out| half(out, Ok(gzip(&good())))),
        Case::written("bzip2: cut off", |out| {
            let mut writer = BzEncoder::new(Vec::new(), bzip2::Compression::best());
            writer.write_all(&good())?;
            half(out, writer.finish())
        }),
        Case::written("xz: cut off", |out| {
            let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(1))?;
            writer.write_all(&good())?;
            half(out, writer.finish())
        }),
        Case::written("zstd: cut off", |out| {
            // One block that is not packed, of 100 bytes fewer than it says.
            out.write_all(&[0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3, 0x21, 3, 0])?;
            out.write_all(GOOD.as_bytes().get(..0x64).unwrap_or_default())
        }),
        Case::written("MHTML: cut off", |out| {
            write!(
                out,
                "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\n{GOOD}"
            )
        }),
        Case::written("WARC: cut off", |out| {
            write!(out, "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 9999\r\n\r\n{GOOD}")
        }),
        Case::written("JSON Lines: cut off", |out| {
            write!(out, "{{\"html\":\"{}\"}}\n{{\"html\":\"x", "x".repeat(99))
        }),
        Case::written("Parquet: cut off", |out| out.write_all(b"PAR1\x15\x00\x15")),
    ]
}

/// Zips within each other, each with the one inside so many times.
fn zips(inside: &[u8], depth: u32, times: u32) -> io::Result<Vec<u8>> {
    let mut inside = inside.to_vec();
    for level in 0..depth {
        let mut around = Vec::new();
        let mut zip = Zip::new(&mut around);
        let (sum, size) = (crc(&inside), inside.len() as u32);
        let packed = deflated(&inside);
        let name = if level == 0 { "a.txt" } else { "a.zip" };
        for n in 0..times {
            zip.add_summed(&format!("{n}{name}"), packed.clone(), sum, size)?;
        }
        zip.finish()?;
        inside = around;
    }
    Ok(inside)
}

fn good() -> Vec<u8> {
    (0..1000_u32)
        .flat_map(|n| format!("{GOOD}产出目标\t质量\t合格率{n}\t{}%\n\n", n * 7919 % 101).into_bytes())
        .collect()
}

fn half(out: &mut dyn Write, bytes: io::Result<Vec<u8>>) -> io::Result<()> {
    let bytes = bytes?;
    out.write_all(&bytes[..bytes.len() / 2])
}

fn repeat(out: &mut dyn Write, bytes: &[u8], times: usize) -> io::Result<()> {
    (0..times).try_for_each(|_| out.write_all(bytes))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory does not fail.
    writer.write_all(bytes).and_then(|()| writer.finish()).unwrap_or_default()
}

fn parquet(out: &mut dyn Write, footer: &[u8]) -> io::Result<()> {
    out.write_all(b"PAR1")?;
    out.write_all(footer)?;
    out.write_all(&(footer.len() as u32).to_le_bytes())?;
    out.write_all(b"PAR1")
}

/// The header of a member of a tar (POSIX ustar).
fn tar_header(name: &str, size: &[u8], kind: u8) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(size);
    header[148..156].fill(b' ');
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

//! Containers made for tests, and what comes out of them.

#![allow(dead_code, reason = "each test uses its part")]

use std::io::Write;
use std::ops::ControlFlow;

use formgrid_unpack::{Input, Member, Options, unpack};

/// A file as it stands in a zip archive, packed or not.
pub struct Stored<'a> {
    pub name: &'a [u8],
    pub bytes: &'a [u8],
    /// General purpose flags: 1 is encrypted, 0x800 is UTF-8.
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub size: u32,
}

/// What comes out of a file, each member a line.
#[track_caller]
pub fn check(name: &str, bytes: &[u8], options: &Options, expected: &[&str]) {
    let found: Vec<String> = members(name, bytes, options).iter().map(line).collect();
    assert_eq!(found, expected);
    // A file is read as a stream is.
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut again = Vec::new();
    let _ = unpack(name, Input::File(file), options, &mut |member| {
        again.push(line(&member));
        ControlFlow::Continue(())
    });
    assert_eq!(again, expected, "as a file");
}

pub fn members(name: &str, mut bytes: &[u8], options: &Options) -> Vec<Member> {
    let mut members = Vec::new();
    let flow = unpack(name, Input::Stream(&mut bytes), options, &mut |member| {
        members.push(member);
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    members
}

/// `b/c.html: 12 bytes`, with what is said of it.
pub fn line(member: &Member) -> String {
    let path = member.path.as_deref().unwrap_or("");
    match &member.content {
        Ok(content) => {
            let mut line = format!("{path}: {} bytes", content.bytes.len());
            for found in &content.diagnostics {
                line += &format!(", {found}");
            }
            line
        }
        Err(found) => format!("{path}: {found}"),
    }
}

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

impl<'a> Stored<'a> {
    /// A file that is not packed.
    pub fn new(name: &'a [u8], bytes: &'a [u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        Stored { name, bytes, flags: 0, method: 0, crc: crc.sum(), size: bytes.len() as u32 }
    }
}

/// A zip archive written by hand, for what no library would write.
pub fn zip_by_hand(files: &[Stored<'_>]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let offset = archive.len() as u32;
        archive.extend(b"PK\x03\x04\x14\0");
        let common = common(file);
        archive.extend(&common);
        archive.extend(file.name);
        archive.extend(file.bytes);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&common);
        // No comment, disk 0, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(file.name);
    }
    end(archive, &directory, files.len())
}

/// What the header of a file and its entry in the directory share.
pub fn common(file: &Stored<'_>) -> Vec<u8> {
    let mut common = Vec::new();
    common.extend(file.flags.to_le_bytes());
    common.extend(file.method.to_le_bytes());
    common.extend([0; 4]);
    common.extend(file.crc.to_le_bytes());
    common.extend((file.bytes.len() as u32).to_le_bytes());
    common.extend(file.size.to_le_bytes());
    common.extend((file.name.len() as u16).to_le_bytes());
    common.extend([0; 2]);
    common
}

/// The archive with its directory and its end.
pub fn end(mut archive: Vec<u8>, directory: &[u8], files: usize) -> Vec<u8> {
    let start = archive.len() as u32;
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([(files as u16).to_le_bytes(); 2].concat());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

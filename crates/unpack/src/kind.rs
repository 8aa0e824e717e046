//! What a file is, by its first bytes.

use formgrid_model::Problem;
use memchr::memmem::find_iter;
use tar::Header;

use crate::json_lines::is_json;
use crate::mhtml::{is_message, is_odd_message};
use crate::tar::archive::is_sound;
use crate::warc::is_warc;
use crate::zip::local::is_likely;

/// How many first bytes tell what a file is.
pub const HEAD: usize = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text or HTML, for all that its first bytes say.
    Document,
    /// Something to open.
    Container(Container),
    /// Something that may hold forms but is not read: what, and what to do.
    Unsupported(&'static str, &'static str),
    /// Something that holds no text.
    NoDocument(&'static str),
}

/// What can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Zip,
    Tar,
    Mhtml,
    Warc,
    JsonLines,
    Parquet,
}

/// Whether a file that begins so is a document, as far as its first bytes
/// tell, and not something to open or to refuse. [`HEAD`] bytes are enough.
pub fn is_document(head: &[u8]) -> bool {
    kind(head) == Kind::Document
}

/// What a file that begins so is.
pub(crate) fn kind(head: &[u8]) -> Kind {
    // Letters alone may begin a text; a header of these formats has a NUL.
    let is_binary = head.iter().take(64).any(|&byte| byte == 0);
    let begins = |&&(offset, magic, _): &&(usize, &[u8], Kind)| {
        head.get(offset..).is_some_and(|rest| rest.starts_with(magic)) && (is_binary || !is_text(magic))
    };
    if let Some((_, _, kind)) = MAGIC.iter().find(begins) {
        return *kind;
    }
    if is_bzip2(head) {
        Kind::Container(Container::Bzip2)
    } else if is_skippable_zstd(head) {
        Kind::Container(Container::Zstd)
    } else if is_tar(head) {
        Kind::Container(Container::Tar)
    } else if is_message(head) {
        Kind::Container(Container::Mhtml)
    } else if is_warc(head) {
        Kind::Container(Container::Warc)
    } else if is_json(head) {
        Kind::Container(Container::JsonLines)
    } else if let Some((what, advice)) = is_odd_message(head) {
        Kind::Unsupported(what, advice)
    } else if is_pdf(head) {
        PDF
    } else if holds_zip(head) {
        ZIP
    } else if is_cpio(head) {
        Kind::Unsupported("a cpio archive", UNPACK)
    } else if let Some(what) = office_xml(head) {
        Kind::Unsupported(what, SAVE_AS)
    } else {
        Kind::Document
    }
}

impl Kind {
    /// Whether it is a program, which may be there only to unpack what follows it.
    pub(crate) fn is_program(self) -> bool {
        matches!(self, Kind::NoDocument(what) if what.starts_with("a program"))
    }

    /// Why it is not read, if it is not.
    pub(crate) fn refused(self) -> Option<Problem> {
        match self {
            Kind::Document | Kind::Container(_) => None,
            Kind::Unsupported(what, advice) => Some(Problem::UnsupportedFormat { what, advice }),
            Kind::NoDocument(what) => Some(Problem::NoDocument { what }),
        }
    }
}

impl Container {
    /// Whether it holds one file, without a name of its own.
    pub(crate) fn is_compression(self) -> bool {
        matches!(self, Container::Gzip | Container::Bzip2 | Container::Xz | Container::Zstd)
    }
}

/// What to do with office files.
pub(crate) const SAVE_AS: &str = "save it as HTML or as text, and read that";
const ARC: &str = "convert it to WARC, and read that";
const UNPACK: &str = "unpack it, and read what is in it";

const GZIP: Kind = Kind::Container(Container::Gzip);
const ZIP: Kind = Kind::Container(Container::Zip);
const PDF: Kind = Kind::Unsupported("a PDF", SAVE_AS);
const BIFF: Kind = Kind::Unsupported("an Excel workbook without a container (.xls)", SAVE_AS);
const WIDE_JSON: Kind = Kind::Unsupported("JSON in UTF-16", "write it as UTF-8, one object a line");
const TIFF: Kind = Kind::NoDocument("a TIFF picture");
const MACHINE_CODE: Kind = Kind::NoDocument("a program for macOS");

/// The offset and the bytes that tell, and where they are defined.
const MAGIC: [(usize, &[u8], Kind); 59] = [
    // RFC 1952, 2.3.1: deflate is the only method.
    (0, b"\x1f\x8b\x08", GZIP),
    // The .xz file format, 2.1.1.1.
    (0, b"\xfd7zXZ\0", Kind::Container(Container::Xz)),
    // RFC 8878, 3.1.1.
    (0, b"\x28\xb5\x2f\xfd", Kind::Container(Container::Zstd)),
    // APPNOTE 4.3.7 a file, 4.3.16 the end of one that is empty, and the mark
    // of a part of a split archive.
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"PK\x07\x08PK", ZIP),
    (0, b"PK00PK\x03\x04", ZIP),
    // POSIX.1-2017, pax: the header of a file; the old GNU format writes two
    // spaces behind.
    (257, b"ustar\0", Kind::Container(Container::Tar)),
    (257, b"ustar  \0", Kind::Container(Container::Tar)),
    // The ARC file format, version 1: the URL of the first record.
    (0, b"filedesc://", Kind::Unsupported("an ARC file (a web archive from before WARC)", ARC)),
    // RFC 8259, 8.1: JSON is UTF-8; some shells write UTF-16.
    (0, b"\xff\xfe{\0\"\0", WIDE_JSON),
    (0, b"\xfe\xff\0{\0\"", WIDE_JSON),
    // The Parquet format: file layout.
    (0, b"PAR1", Kind::Container(Container::Parquet)),
    // [MS-CFB] 2.2.
    (
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Kind::Unsupported("a binary office file (.xls, .doc, .ppt, .wps, .et)", SAVE_AS),
    ),
    // The first record of Excel 2, 3 and 4, and of 5 to 2003 without their
    // container ([MS-XLS] 2.4.21): its type, its length, the version.
    (0, b"\x09\0\x04\0", BIFF),
    (0, b"\x09\x02\x06\0", BIFF),
    (0, b"\x09\x04\x06\0", BIFF),
    (0, b"\x09\x08\x08\0\0\x05", BIFF),
    (0, b"\x09\x08\x10\0\0\x06", BIFF),
    // ISO 32000-1, 7.5.2.
    (0, b"%PDF-", PDF),
    // Rich Text Format 1.9.1: the header.
    (0, b"{\\rtf", Kind::Unsupported("a Rich Text document (.rtf)", SAVE_AS)),
    // The archives' own descriptions.
    (0, b"Rar!\x1a\x07", Kind::Unsupported("a RAR archive", UNPACK)),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::Unsupported("a 7z archive", UNPACK)),
    (0, b"\x5d\0\0", Kind::Unsupported("an LZMA file (.lzma)", UNPACK)),
    (0, b"LZIP\x01", Kind::Unsupported("an lzip file (.lz)", UNPACK)),
    (0, b"\x04\x22\x4d\x18", Kind::Unsupported("an LZ4 file (.lz4)", UNPACK)),
    (0, b"\x1f\x9d", Kind::Unsupported("a file of compress (.Z)", UNPACK)),
    (2, b"-lh5-", Kind::Unsupported("an LHA archive", UNPACK)),
    (0, b"MSCF\0\0\0\0", Kind::Unsupported("a cabinet archive (.cab)", UNPACK)),
    (0, b"ITSF\x03\0\0\0", Kind::Unsupported("a Windows help file (.chm)", UNPACK)),
    // A property list of Apple in binary form, version 0: a page that Safari has kept.
    (
        0,
        b"bplist00",
        Kind::Unsupported("a binary property list (.webarchive)", "save the page as its source in Safari"),
    ),
    // PNG, 5.2; JPEG (ITU-T T.81, B.1.1.3); GIF89a, 17.
    (0, b"\x89PNG\r\n\x1a\n", Kind::NoDocument("a PNG picture")),
    (0, b"\xff\xd8\xff", Kind::NoDocument("a JPEG picture")),
    (0, b"GIF87a", Kind::NoDocument("a GIF picture")),
    (0, b"GIF89a", Kind::NoDocument("a GIF picture")),
    // TIFF 6.0, 2; its two byte orders.
    (0, b"II*\0", TIFF),
    (0, b"MM\0*", TIFF),
    // BITMAPFILEHEADER; the reserved fields are 0.
    (0, b"BM", Kind::NoDocument("a BMP picture")),
    (0, b"\0\0\x01\0", Kind::NoDocument("an icon")),
    (0, b"8BPS", Kind::NoDocument("a Photoshop picture")),
    (0, b"\xd7\xcd\xc6\x9a", Kind::NoDocument("a Windows metafile")),
    // RIFF: WebP, WAV, AVI.
    (8, b"WEBP", Kind::NoDocument("a WebP picture")),
    (8, b"WAVE", Kind::NoDocument("a sound")),
    (8, b"AVI ", Kind::NoDocument("a film")),
    (0, b"ID3", Kind::NoDocument("a sound")),
    (0, b"OggS", Kind::NoDocument("a sound")),
    (0, b"fLaC", Kind::NoDocument("a sound")),
    // ISO 14496-12, 4.3: MP4, MOV, HEIC.
    (4, b"ftyp", Kind::NoDocument("a film or picture")),
    // WOFF 1 and 2, OpenType, TrueType.
    (0, b"wOFF", Kind::NoDocument("a font")),
    (0, b"wOF2", Kind::NoDocument("a font")),
    (0, b"OTTO", Kind::NoDocument("a font")),
    (0, b"\0\x01\0\0\0", Kind::NoDocument("a font")),
    // System V ABI; PE format; Mach-O, 32 and 64 bits; WebAssembly; Java.
    (0, b"\x7fELF", Kind::NoDocument("a program for Linux")),
    (0, b"MZ", Kind::NoDocument("a program for Windows")),
    (0, b"\xce\xfa\xed\xfe", MACHINE_CODE),
    (0, b"\xcf\xfa\xed\xfe", MACHINE_CODE),
    (0, b"\xca\xfe\xba\xbe", Kind::NoDocument("a program")),
    (0, b"\0asm", Kind::NoDocument("a program")),
    // The SQLite file format, 1.3.
    (0, b"SQLite format 3\0", Kind::Unsupported("an SQLite database", "export its tables as text")),
];

/// Whether a text can begin with these bytes, and with no more than chance has
/// them: names of formats that no text begins with by chance do not count.
fn is_text(magic: &[u8]) -> bool {
    let is_told =
        matches!(magic, b"%PDF-" | b"{\\rtf" | b"filedesc://" | b"GIF87a" | b"GIF89a" | b"bplist00");
    !is_told && magic.iter().all(|byte| (b' '..0x7f).contains(byte))
}

/// The bzip2 file format: the size of blocks, then the digits of pi; or, where
/// nothing is packed, those of its root.
fn is_bzip2(head: &[u8]) -> bool {
    match head.strip_prefix(b"BZh") {
        Some([b'1'..=b'9', rest @ ..]) => rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17rE8P\x90"),
        _ => false,
    }
}

/// RFC 8878, 3.1.2: a frame to be skipped may come first.
fn is_skippable_zstd(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// A PDF behind other bytes (ISO 32000-1, annex H, note 13), which are no text:
/// blanks alone, or a header of other software, as that of a Macintosh. Its
/// version, and nothing else, is on its line.
fn is_pdf(head: &[u8]) -> bool {
    let head = &head[..head.len().min(1024 + 10)];
    let Some(at) = head.windows(5).position(|bytes| bytes == b"%PDF-") else { return false };
    let is_version = matches!(&head[at + 5..], [b'0'..=b'9', b'.', b'0'..=b'9', b'\r' | b'\n', ..]);
    let before = head[..at].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head[..at]);
    let is_blank = before.iter().all(|byte| byte.is_ascii_whitespace());
    is_version && (is_blank || before.contains(&0))
}

/// The header of a file of a zip, whatever is before it: no text holds it.
fn holds_zip(head: &[u8]) -> bool {
    head.windows(30).any(is_likely)
}

/// Numbers alone, eight digits or six each, behind the magic: cpio as POSIX and
/// SVR4 have it.
fn is_cpio(head: &[u8]) -> bool {
    let numbers =
        |length: usize| head.get(6..length).is_some_and(|rest| rest.iter().all(u8::is_ascii_hexdigit));
    match head.get(..6) {
        Some(b"070701" | b"070702") => numbers(110),
        Some(b"070707") => numbers(76),
        _ => false,
    }
}

/// An office document in one file of XML, by its root element.
fn office_xml(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let is_root = |name: &[u8]| {
        let after = find_iter(head, name).map(|at| head.get(at + name.len()));
        after.flatten().any(|byte| byte.is_ascii_whitespace() || *byte == b'>')
    };
    let roots: [(&[u8], _); 5] = [
        (b"<w:wordDocument", "a Word document in XML"),
        (b"<pkg:package", "an Office document in XML"),
        (b"<office:document", "an OpenDocument file in XML"),
        (b"<uof:UOF", "a UOF document (.uot, .uos)"),
        (b"<uof:UOF_0000", "a UOF document (.uot, .uos)"),
    ];
    roots.iter().find(|(name, _)| is_root(name)).map(|(_, what)| *what)
}

/// A header whose checksum is right: tar from before POSIX has no magic.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else { return false };
    header[0] != 0 && is_sound(Header::from_byte_slice(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of a stored file.
    const ZIPPED: [u8; 30] = *b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0";

    #[track_caller]
    fn check(head: &[u8], expected: Kind) {
        assert_eq!(kind(head), expected, "{}", String::from_utf8_lossy(head));
    }

    #[test]
    fn documents_are_what_nothing_else_is() {
        for text in [
            "",
            "财政项目支出绩效目标表",
            "<!DOCTYPE html>",
            "BMW\t1",
            "MZ 区",
            "ID3",
            "PAR1",
            "{}",
            "Subject: a letter\n\nMIME-Version: 1.0\nContent-Type: text/html\n",
            "RIFF....WAVE",
            "With PK\u{3}\u{4} a file of a zip begins, and more than thirty bytes of text follow",
            "A PDF begins with\n%PDF-1.4\nand a text does not",
            "\n%PDF-1.4 begins a PDF\n",
        ] {
            check(text.as_bytes(), Kind::Document);
        }
        check(b"\xff\xfeB\0M\0", Kind::Document);
    }

    #[test]
    fn formats_are_told_by_their_magic_numbers() {
        check(b"PK\x03\x04\x14\0", ZIP);
        check(
            "\u{feff}{\"a\"".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
            WIDE_JSON,
        );
        check(
            "\u{feff}{\"a\"".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>().as_slice(),
            WIDE_JSON,
        );
        check(b"BZh91AY&SY", Kind::Container(Container::Bzip2));
        check(b"WARC/1.0\r\n", Kind::Container(Container::Warc));
        check(b"BM6\0\0\0\0\0\0\0", Kind::NoDocument("a BMP picture"));
        check(b"%PDF-1.7", Kind::Unsupported("a PDF", SAVE_AS));
        check(b"\xef\xbb\xbf\r\n  %PDF-1.7\r%\xe2\xe3", PDF);
        check(&[&[0; 128][..], b"%PDF-1.4\n"].concat(), PDF);
        check(&[&b"PK00"[..], &ZIPPED].concat(), ZIP);
        check(&["<p>项目".as_bytes(), &ZIPPED].concat(), ZIP);
        for first in
            [&b"\x09\0\x04\0\x02\0\x10\0"[..], b"\x09\x02\x06\0\0\0\x10\0", b"\x09\x08\x08\0\0\x05\x10\0"]
        {
            check(first, BIFF);
        }
        check(b"\x5d\0\0\x80\0\xff\xff", Kind::Unsupported("an LZMA file (.lzma)", UNPACK));
        check(b"PAR1\x15\0\x15", Kind::Container(Container::Parquet));
    }

    #[test]
    fn office_documents_in_xml_are_told_by_their_root() {
        for (root, what) in [
            ("<w:wordDocument xmlns:w=\"a\">", "a Word document in XML"),
            ("<pkg:package xmlns:pkg=\"a\">", "an Office document in XML"),
            ("<office:document\noffice:version=\"1.2\">", "an OpenDocument file in XML"),
            ("<uof:UOF>", "a UOF document (.uot, .uos)"),
        ] {
            check(
                format!("\u{feff}<?xml version=\"1.0\"?>\n{root}").as_bytes(),
                Kind::Unsupported(what, SAVE_AS),
            );
        }
        check(b"<?xml version=\"1.0\"?><Workbook><office:document-x>", Kind::Document);
        check(b"<html><w:WordDocument>", Kind::Document);
        check(b"<html><w:wordDocument>", Kind::Document);
        check(format!("070701{}", "0".repeat(104)).as_bytes(), Kind::Unsupported("a cpio archive", UNPACK));
        check("070701项目".as_bytes(), Kind::Document);
    }

    #[test]
    fn tar_without_a_magic_is_told_by_its_checksum() {
        let mut header = [0; 512];
        header[..4].copy_from_slice(b"\xb1\xed.t");
        let others = 0xb1 + 0xed + u32::from(b'.') + u32::from(b't') + 8 * u32::from(b' ');
        for (sum, expected) in [
            (others, Kind::Container(Container::Tar)),
            // The bytes taken for numbers with a sign.
            (others - 2 * 256, Kind::Container(Container::Tar)),
            (others - 256, Kind::Document),
        ] {
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            check(&header, expected);
        }
    }

    #[test]
    fn pages_in_letters_and_in_lines_are_told_by_their_form() {
        let mhtml = "From: <Saved by Blink>\r\nSubject: a\r\n b\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\"\r\n\r\n";
        check(mhtml.as_bytes(), Kind::Container(Container::Mhtml));
        let wide: Vec<u8> = mhtml.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (message, what, advice) in [
            (wide, "a message (MHTML) in UTF-16", "save it as UTF-8"),
            (
                format!("From - Mon Nov 1\n{mhtml}").into_bytes(),
                "a mailbox (mbox)",
                "export its messages as files of their own",
            ),
            (
                mhtml.replace("\r\n", "\r").into_bytes(),
                "a message (MHTML) whose lines end with CR alone",
                "end them with CRLF",
            ),
        ] {
            check(&message, Kind::Unsupported(what, advice));
        }
        check(b"{\"text\": \"<p>\"}\n{}", Kind::Container(Container::JsonLines));
        check(
            format!("{{ \"text\": \"{}", "x".repeat(9000)).as_bytes(),
            Kind::Container(Container::JsonLines),
        );
    }
}

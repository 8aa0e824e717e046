//! Each kind of container, whole and damaged, by itself and within another.

mod common;

use common::{Stored, bzip2, check, gzip, line, members, tar, xz, zip, zip_by_hand, zstd};
use formgrid_unpack::{Limits, Options, Selection};

const PAGE: &[u8] = "<table><tr><td>项目名称".as_bytes();

#[test]
fn a_document_is_handed_over_as_it_is() {
    check("a.html", PAGE, &Options::default(), &[": 27 bytes"]);
    check("a.html", b"", &Options::default(), &[": 0 bytes"]);
}

#[test]
fn archives_hold_members_in_their_own_order() {
    let files: &[(&str, &[u8])] = &[("b/目标表.html", PAGE), ("a.txt", b"a"), ("b/", b""), ("c.txt", b"")];
    let expected = ["b/目标表.html: 27 bytes", "a.txt: 1 bytes", "c.txt: 0 bytes"];
    check("a.zip", &zip(files), &Options::default(), &expected);
    check("a.tar", &tar(files), &Options::default(), &expected);
    for pack in [gzip, bzip2, xz, zstd] {
        check("a.tar.gz", &pack(&tar(files)), &Options::default(), &expected);
    }
}

#[test]
fn a_compressed_document_is_named_like_its_file() {
    for (name, pack) in [
        ("x/a.html.gz", gzip as fn(&[u8]) -> Vec<u8>),
        ("a.html.bz2", bzip2),
        ("a.html.xz", xz),
        ("a.html.zst", zstd),
    ] {
        let packed = pack(PAGE);
        check(name, &packed, &Options::default(), &["a.html: 27 bytes"]);
        // As their tools read it: one after the other.
        check(name, &[packed.clone(), packed].concat(), &Options::default(), &["a.html: 54 bytes"]);
    }
    let skipped = [b"\x5a\x2a\x4d\x18\x03\0\0\0abc".to_vec(), zstd(PAGE)].concat();
    check("a.zst", &skipped, &Options::default(), &["a: 27 bytes"]);
    let padded = [gzip(PAGE), vec![0; 600]].concat();
    check("a.gz", &padded, &Options::default(), &["a: 27 bytes"]);
    let told = "a: 27 bytes, error[damaged-archive]: damaged: what follows its end is not gzip; \
        what could be read before is used";
    check("a.gz", &[&padded, &b"x"[..]].concat(), &Options::default(), &[told]);
    check("a.gz", &[gzip(PAGE), b"x".to_vec()].concat(), &Options::default(), &[told]);
    check("a.gz.gz", &gzip(&gzip(PAGE)), &Options::default(), &["a: 27 bytes"]);
}

#[test]
fn containers_within_containers_are_joined() {
    let inner = zip(&[("c.html", PAGE)]);
    let outer =
        zip(&[("b/in.zip", &inner), ("d.html.gz", &gzip(PAGE)), ("e.tgz", &gzip(&tar(&[("f", PAGE)])))]);
    let expected = ["b/in.zip!/c.html: 27 bytes", "d.html.gz!/d.html: 27 bytes", "e.tgz!/f: 27 bytes"];
    check("a.zip", &outer, &Options::default(), &expected);
    check("a.tar.xz", &xz(&tar(&[("in.zip", &inner)])), &Options::default(), &["in.zip!/c.html: 27 bytes"]);
}

#[test]
fn nesting_has_a_limit() {
    let mut archive = zip(&[("page", PAGE)]);
    for _ in 0..3 {
        archive = zip(&[("in.zip", &archive), ("page", PAGE)]);
    }
    let options = Options { limits: Limits { nesting: 2, ..Limits::default() }, ..Options::default() };
    let expected = [
        "in.zip!/in.zip: error[nested-too-deep]: more than 2 containers, one within another; --max-nesting sets the limit",
        "in.zip!/page: 27 bytes",
        "page: 27 bytes",
    ];
    check("a.zip", &archive, &options, &expected);
}

#[test]
fn names_in_a_zip_are_utf_8_or_gb18030() {
    let utf_8 = Stored { flags: 0x800, ..Stored::new("目标表.html".as_bytes(), PAGE) };
    let gbk = Stored::new(b"\xc4\xbf\xb1\xea\xb1\xed\\\xd7\xd3.html", PAGE);
    let expected = ["目标表.html: 27 bytes", "目标表/子.html: 27 bytes", "目标表.html: 27 bytes"];
    let unflagged = Stored::new("目标表.html".as_bytes(), PAGE);
    check("a.zip", &zip_by_hand(&[utf_8, gbk, unflagged]), &Options::default(), &expected);
    // A folder and a file named by two programs; bytes that are neither.
    let mixed = Stored::new(b"\xe7\x9b\xae\xe5\xbd\x95/\xb1\xed.html", PAGE);
    let [ff, fe] =
        [b"\xff.html", b"\xfe.html"].map(|name| Stored { flags: 0x800, ..Stored::new(name, PAGE) });
    let odd = |name: &str| {
        format!(
            r#"{name}: 27 bytes, warning[odd-member-name]: "{name}" is its name in the archive, which is no plain path in it; nothing is written there"#
        )
    };
    let expected = ["目录/表.html: 27 bytes", &odd("\\xff.html"), &odd("\\xfe.html")];
    let whole = zip_by_hand(&[mixed, ff, fe]);
    check("a.zip", &whole, &Options::default(), &expected);
}

#[test]
fn what_a_zip_cannot_give_is_told_and_the_others_are_there() {
    let encrypted = Stored { flags: 1, ..Stored::new(b"secret.html", PAGE) };
    let ppmd = Stored { method: 98, ..Stored::new(b"ppmd.html", PAGE) };
    let wrong = Stored { crc: 7, ..Stored::new(b"wrong.html", PAGE) };
    let no_deflate = Stored { method: 8, ..Stored::new(b"broken.html", b"\xff\xff\xff\xff\xff") };
    let archive = zip_by_hand(&[encrypted, ppmd, wrong, no_deflate, Stored::new(b"a.html", PAGE)]);
    let found: Vec<String> = members("a.zip", &archive, &Options::default()).iter().map(line).collect();
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(found[0], "secret.html: error[encrypted]: encrypted; unpack it with its password first");
    assert!(found[1].starts_with("ppmd.html: error[unsupported-method]: packed with "), "{}", found[1]);
    assert!(found[2].starts_with("wrong.html: 27 bytes, error[damaged-archive]: "), "{}", found[2]);
    assert!(found[3].starts_with("broken.html: error[damaged-archive]: "), "{}", found[3]);
    assert_eq!(found[4], "a.html: 27 bytes");
}

#[test]
fn files_that_overlap_are_not_read_again_and_again() {
    let file = Stored::new(b"a.html", PAGE);
    let mut archive = zip_by_hand(&[Stored::new(b"a.html", PAGE)]);
    archive.truncate(30 + file.name.len() + PAGE.len());
    let entry = [b"PK\x01\x02\x14\0\x14\0".to_vec(), common::common(&file), vec![0; 14], file.name.to_vec()];
    let bomb = common::end(archive, &entry.concat().repeat(1000), 1000);
    let expected = [
        "a.html: 27 bytes",
        ": error[damaged-archive]: damaged: its files overlap, as those of a zip bomb do; what could be read before is used",
    ];
    check("a.zip", &bomb, &Options::default(), &expected);
}

#[test]
fn names_that_point_elsewhere_are_labels_and_told() {
    let archive = zip_by_hand(&[
        Stored::new(b"../../etc/passwd", PAGE),
        Stored::new(b"/abs.html", PAGE),
        Stored::new(b"a\x1b[2J\n.html", PAGE),
        Stored::new(b"twice.html", PAGE),
        Stored::new(b"twice.html", b"other"),
    ]);
    let found = members("a.zip", &archive, &Options::default());
    let paths: Vec<_> = found.iter().map(|member| member.path.as_deref().unwrap()).collect();
    assert_eq!(paths, ["etc/passwd", "abs.html", "a\\u{1b}[2J\\n.html", "twice.html", "twice.html"]);
    let told = found.iter().map(|member| member.content.as_ref().unwrap().diagnostics.len());
    assert_eq!(told.collect::<Vec<_>>(), [1, 1, 1, 0, 0]);
    assert!(
        line(&found[0]).contains("warning[odd-member-name]: \"../../etc/passwd\""),
        "{}",
        line(&found[0])
    );
}

#[test]
fn what_archives_hold_beside_documents_is_passed_over() {
    let files: &[(&str, &[u8])] = &[
        ("__MACOSX/a.html", PAGE),
        (".DS_Store", b"\0\0\0\x01Bud1"),
        (".git/a.html", PAGE),
        ("b/.hidden", PAGE),
    ];
    let expected = [": info[empty-archive]: an archive without any document"];
    check("a.zip", &zip(files), &Options::default(), &expected);
    check("a.tar", &tar(files), &Options::default(), &expected);
    check("a.zip", &zip(&[]), &Options::default(), &expected);
}

#[test]
fn a_truncated_archive_gives_what_it_still_holds() {
    let long = "很长".repeat(20_000);
    let archive = zip(&[("a.html", PAGE), ("b.html", long.as_bytes())]);
    let found: Vec<String> =
        members("a.zip", &archive[..archive.len() - 100], &Options::default()).iter().map(line).collect();
    assert_eq!(found[0], "a.html: 27 bytes");
    assert!(found[1].starts_with("b.html: 120000 bytes"), "{found:?}");
    assert!(found.last().unwrap().starts_with(": error[damaged-archive]: damaged: "), "{found:?}");

    let archive = tar(&[("a.html", PAGE), ("b.html", long.as_bytes()), ("c.html", PAGE)]);
    for cut in [1700, 60_000] {
        let packed = gzip(&archive[..cut]);
        let found: Vec<String> = members("a.tgz", &packed, &Options::default()).iter().map(line).collect();
        assert_eq!(found[0], "a.html: 27 bytes");
        assert!(
            found[1].ends_with("damaged: it ends too early; what could be read before is used"),
            "{found:?}"
        );
    }

    // Noise does not pack well, so that half of the file is half of the text.
    let noise: String =
        (0..40_000_u64).map(|n| format!("{:x}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    for (pack, least) in [(gzip as fn(&[u8]) -> Vec<u8>, 100_000), (xz, 100_000), (zstd, 100_000), (bzip2, 0)]
    {
        let packed = pack(noise.as_bytes());
        let found = members("a.txt.gz", &packed[..packed.len() / 2], &Options::default());
        assert_eq!(found.len(), 1);
        let said = line(&found[0]);
        assert!(said.contains("error[damaged-archive]: damaged: "), "{said}");
        match &found[0].content {
            Ok(content) => {
                assert!(
                    content.bytes.len() > least && noise.as_bytes().starts_with(&content.bytes),
                    "{said}"
                );
            }
            Err(_) => assert_eq!(least, 0, "{said}"),
        }
    }
}

#[test]
fn tar_names_may_be_long_or_gbk_and_links_are_passed_over() {
    let long = format!("{}/目标表.html", "很长的名字/".repeat(20).trim_end_matches('/'));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(PAGE.len() as u64);
    builder.append_data(&mut header, &long, PAGE).unwrap();
    builder.append_pax_extensions([("path", "pax/目标表.html".as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(PAGE.len() as u64);
    header.set_cksum();
    builder.append(&header, PAGE).unwrap();
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder.append_link(&mut link, "link.html", "/etc/passwd").unwrap();
    let mut header = tar::Header::new_old();
    header.as_old_mut().name[..11].copy_from_slice(b"\xc4\xbf\xb1\xea\xb1\xed.html");
    header.set_size(PAGE.len() as u64);
    header.set_cksum();
    builder.append(&header, PAGE).unwrap();
    let archive = builder.into_inner().unwrap();
    let first = format!("{long}: 27 bytes");
    let expected = [first.as_str(), "pax/目标表.html: 27 bytes", "目标表.html: 27 bytes"];
    check("a.tar", &archive, &Options::default(), &expected);
}

#[test]
fn tars_one_behind_the_other_are_one() {
    let (a, b) = (tar(&[("a.html", PAGE)]), tar(&[("b.html", PAGE)]));
    let both = ["a.html: 27 bytes", "b.html: 27 bytes"];
    let joined = [&a[..], &b].concat();
    check("a.tar", &joined, &Options::default(), &both);
    check("a.tar", &[&a[..], &[0; 9216], &b, &[0; 700]].concat(), &Options::default(), &both);
    for pack in [gzip, bzip2, xz, zstd] {
        check("a.tar.gz", &pack(&joined), &Options::default(), &both);
        check("a.tar.gz", &[pack(&a), pack(&b)].concat(), &Options::default(), &both);
    }
    let told = ": error[damaged-archive]: damaged: what follows its end is not tar; what could be read before is used";
    let junk = [&a[..], &PAGE.repeat(30)].concat();
    check("a.tar", &junk, &Options::default(), &[both[0], told]);
    check("a.tgz", &gzip(&junk), &Options::default(), &[both[0], told]);
    // Cut where a file ends.
    let told = ": error[damaged-archive]: damaged: it ends too early; what could be read before is used";
    check("a.tar", &a[..1024], &Options::default(), &[both[0], told]);
    check("a.tgz", &gzip(&a[..1024]), &Options::default(), &[both[0], told]);
}

#[test]
fn what_is_wrong_behind_a_container_in_a_compression_is_told() {
    let wrong_sum = |mut bytes: Vec<u8>| {
        let at = bytes.len() - 8;
        bytes[at] ^= 1;
        bytes
    };
    let containers = [
        zip(&[("a.html", PAGE)]),
        tar(&[("a.html", PAGE)]),
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\
            Content-Location: a.html\n\n<p>project, twenty-7 bytes.\n--b--\n"
            .to_vec(),
    ];
    for container in containers {
        for (packed, why) in [
            (wrong_sum(gzip(&container)), "corrupt gzip stream does not have a matching checksum"),
            ([gzip(&container), b"x".to_vec()].concat(), "what follows its end is not gzip"),
        ] {
            let told = format!(": error[damaged-archive]: damaged: {why}; what could be read before is used");
            check("a.gz", &packed, &Options::default(), &["a.html: 27 bytes", &told]);
        }
    }
    // What is behind it counts as what came out of it.
    let padded = [tar(&[("a.html", PAGE)]), vec![0; 1 << 20]].concat();
    let options = Options { limits: Limits { archive: 1 << 19, ..Limits::default() }, ..Options::default() };
    let told = ": error[archive-too-large]: more than 512K came out of it; the rest is left; \
        --max-archive sets the limit";
    check("a.tar.gz", &gzip(&padded), &options, &["a.html: 27 bytes", told]);
}

#[test]
fn the_holes_of_files_in_tar_are_filled() {
    // `ab` at 3, `c` at 9, and a hole to 12.
    let filled = "a.html: 12 bytes";
    let mut header = ::tar::Header::new_gnu();
    header.set_path("a.html").unwrap();
    header.set_entry_type(::tar::EntryType::GNUSparse);
    header.set_size(3);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_real_size(12);
    gnu.set_is_extended(true);
    gnu.sparse[0].set_offset(3);
    gnu.sparse[0].set_length(2);
    let mut more = ::tar::GnuExtSparseHeader::new();
    more.sparse_mut()[0].set_offset(9);
    more.sparse_mut()[0].set_length(1);
    header.set_cksum();
    let block = |bytes: &[u8]| [bytes, &vec![0; 512 - bytes.len()]].concat();
    let next = tar(&[("b.html", PAGE)]);
    let old = [&header.as_bytes()[..], more.as_bytes(), &block(b"abc"), &next].concat();
    let pax = |keys: &[(&str, &[u8])], data: &[u8]| {
        let mut builder = ::tar::Builder::new(Vec::new());
        builder.append_pax_extensions(keys.iter().copied()).unwrap();
        let mut header = ::tar::Header::new_ustar();
        header.set_path("GNUSparseFile.0/x").unwrap();
        header.set_size(data.len() as u64);
        header.set_cksum();
        builder.append(&header, data).unwrap();
        [builder.into_inner().unwrap(), next.clone()].concat()
    };
    let name = ("GNU.sparse.name", &b"a.html"[..]);
    let listed = [name, ("GNU.sparse.size", b"12"), ("GNU.sparse.map", b"3,2,9,1")];
    let before =
        [name, ("GNU.sparse.major", b"1"), ("GNU.sparse.minor", b"0"), ("GNU.sparse.realsize", b"12")];
    let data = [block(b"2\n3\n2\n9\n1\n"), b"abc".to_vec()].concat();
    for archive in [old, pax(&listed, b"abc"), pax(&before, &data)] {
        check("a.tar", &archive, &Options::default(), &[filled, "b.html: 27 bytes"]);
        let found = members("a.tar", &archive, &Options::default());
        assert_eq!(found[0].content.as_ref().unwrap().bytes, b"\0\0\0ab\0\0\0\0c\0\0");
    }
    // Maps that do not fit.
    let wrong = [name, ("GNU.sparse.size", b"12"), ("GNU.sparse.map", b"3,2,4,1")];
    for archive in
        [pax(&wrong, b"abc"), pax(&listed, b"abcd"), pax(&before, b"abc"), pax(&before, &block(b"9\n"))]
    {
        let told = "a.html: error[unsupported-method]: packed with holes (GNU sparse), which is not read; unpack it first, and read what comes out";
        let found: Vec<String> = members("a.tar", &archive, &Options::default()).iter().map(line).collect();
        assert_eq!(found, [told, "b.html: 27 bytes"]);
    }
}

#[test]
fn what_is_not_read_says_what_to_do() {
    let xlsx = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
    let ofd = zip(&[("Doc_0/Document.xml", b"<a/>"), ("OFD.xml", b"<a/>")]);
    let archive = zip(&[
        ("a.xlsx", &xlsx),
        ("b.ofd", &ofd),
        ("c.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("d.png", b"\x89PNG\r\n\x1a\n"),
        ("e.html", PAGE),
    ]);
    let advice = "is not read; save it as HTML or as text, and read that";
    let expected = [
        format!("a.xlsx: error[unsupported-format]: an Excel workbook (.xlsx) {advice}"),
        format!("b.ofd: error[unsupported-format]: an OFD document {advice}"),
        format!(
            "c.xls: error[unsupported-format]: a binary office file (.xls, .doc, .ppt, .wps, .et) {advice}"
        ),
        "d.png: info[no-document]: a PNG picture holds no text to read".to_owned(),
        "e.html: 27 bytes".to_owned(),
    ];
    check("a.zip", &archive, &Options::default(), &expected.each_ref().map(String::as_str));
}

#[test]
fn globs_choose_members() {
    let inner = zip(&[("x/c.html", PAGE), ("x/c.txt", PAGE)]);
    let archive = zip(&[("in.zip", &inner), ("d.html", PAGE), ("e.png", b"\x89PNG\r\n\x1a\n")]);
    let options = |include: &[&str], exclude: &[&str]| {
        let owned = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>();
        let selection = Selection::new(&owned(include), &owned(exclude)).unwrap();
        Options { selection, ..Options::default() }
    };
    check("a.zip", &archive, &options(&["*.html"], &[]), &["in.zip!/x/c.html: 27 bytes", "d.html: 27 bytes"]);
    check("a.zip", &archive, &options(&["x/*"], &["*.txt"]), &["in.zip!/x/c.html: 27 bytes"]);
    check("a.zip", &archive, &options(&["*.html"], &["*.zip"]), &[]);
    check("a.zip", &archive, &options(&["*.html"], &["in.zip"]), &["d.html: 27 bytes"]);
    let below = Options { selection: Selection::default().below("in.zip!/x"), ..Options::default() };
    check("a.zip", &archive, &below, &["in.zip!/x/c.html: 27 bytes", "in.zip!/x/c.txt: 27 bytes"]);
    let none = Options { selection: Selection::default().below("none"), ..Options::default() };
    check("a.zip", &archive, &none, &[]);
}

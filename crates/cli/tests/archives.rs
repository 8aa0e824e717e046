//! Archives as users have them, through the program.

mod common;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use common::{assert_status, command, folder, run, run_with, stderr, stdout};

const FORM: &str =
    "财政项目支出绩效目标表\n项目名称：\t图书馆修缮\n项目概况：\t无\n项目总预算（元）：\t7,500,000\n";

/// Packs one document, of this name, into a container.
type Pack = fn(&str, &[u8]) -> Vec<u8>;

#[test]
fn the_sample_gives_the_same_records_through_every_container() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shanghai-2020.txt");
    let sample = fs::read(sample).unwrap();
    let folder = folder(&[("sample.txt", &sample)]);
    let plain = records(&run(folder.path(), ["extract", "-q", "--evidence", "sample.txt"]));
    assert_eq!(plain.len(), 3);

    let containers: [(&str, Pack, &str); 12] = [
        ("a.zip", |name, bytes| zip(&[(name, bytes)]), "sample.txt"),
        ("a.tar", |name, bytes| tar(&[(name, bytes)]), "sample.txt"),
        ("sample.txt.gz", |_, bytes| gzip(bytes), "sample.txt"),
        ("sample.txt.bz2", |_, bytes| bzip2(bytes), "sample.txt"),
        ("sample.txt.xz", |_, bytes| xz(bytes), "sample.txt"),
        ("sample.txt.zst", |_, bytes| zstd(bytes), "sample.txt"),
        ("a.tgz", |name, bytes| gzip(&tar(&[(name, bytes)])), "sample.txt"),
        ("a.tar.bz2", |name, bytes| bzip2(&tar(&[(name, bytes)])), "sample.txt"),
        ("a.tar.xz", |name, bytes| xz(&tar(&[(name, bytes)])), "sample.txt"),
        ("a.tar.zst", |name, bytes| zstd(&tar(&[(name, bytes)])), "sample.txt"),
        ("named.html", |name, bytes| zip(&[("b.zip", &zip(&[(name, bytes)]))]), "b.zip!/sample.txt"),
        ("none", |name, bytes| tar(&[("b/c.gz", &gzip(&zip(&[(name, bytes)])))]), "b/c.gz!/sample.txt"),
    ];
    for (file, pack, member) in containers {
        let packed = pack("sample.txt", &sample);
        fs::write(folder.path().join(file), &packed).unwrap();
        let check = |run: &Output, path: &str| {
            assert_status(run, 0);
            let found = records(run);
            assert_eq!(found.len(), plain.len(), "{file}");
            for (mut record, mut expected) in found.into_iter().zip(plain.clone()) {
                assert_eq!(record["source"]["path"], path);
                assert_eq!(record["source"]["member"], member);
                record["source"]["path"].take();
                record["source"]["member"].take();
                expected["source"]["path"].take();
                expected["source"]["member"].take();
                assert_eq!(record, expected, "{file}");
            }
        };
        check(&run(folder.path(), ["extract", "-q", "--evidence", file]), file);
        let inside = format!("{file}!/{member}");
        check(&run(folder.path(), ["extract", "-q", "--evidence", &inside]), file);
        // A stream has no name; a compressed document is then named like it.
        if file.contains("sample.txt.") {
            continue;
        }
        check(&run_with(folder.path(), ["extract", "-q", "--evidence", "-"], &packed), "-");
    }
}

#[test]
fn documents_lists_every_member_and_the_summary_adds_up() {
    let form = FORM.as_bytes();
    let inner = zip(&[("c.txt", form), ("d.png", b"\x89PNG\r\n\x1a\n")]);
    let mut broken = zip(&[("e.txt", form)]);
    broken.truncate(broken.len() - 30);
    let archive =
        zip(&[("b.zip", &inner), ("letter.txt", b"dear"), ("__MACOSX/b.zip", b""), ("f.zip", &broken)]);
    let empty = zip(&[]);
    let folder = folder(&[("in/a.zip", &archive), ("in/empty.zip", &empty), ("in/g.txt", form)]);
    let run = run(folder.path(), ["extract", "in", "-o", "out/", "-v"]);
    assert_status(&run, 1);
    let mut rows = csv::Reader::from_path(folder.path().join("out/documents.csv")).unwrap();
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let columns = ["path", "member", "status"].map(column);
    let found: Vec<String> = rows
        .records()
        .map(|row| columns.map(|column| row.as_ref().unwrap()[column].to_owned()).join(" "))
        .collect();
    let expected = [
        "in/a.zip b.zip!/c.txt ok",
        "in/a.zip b.zip!/d.png no-form",
        "in/a.zip letter.txt no-form",
        "in/a.zip f.zip!/e.txt ok",
        "in/a.zip f.zip error",
        "in/empty.zip  no-form",
        "in/g.txt  ok",
    ];
    assert_eq!(found, expected);
    let said = stderr(&run);
    assert!(said.contains("7 documents = 3 with forms + 3 without + 1 failed"), "{said}");
    assert!(
        said.contains("in/a.zip!/b.zip!/d.png: info[no-document]: a PNG picture holds no text"),
        "{said}"
    );
    assert!(said.contains("in/a.zip!/f.zip: error[damaged-archive]: damaged: "), "{said}");
    assert!(said.contains("in/empty.zip: info[empty-archive]: "), "{said}");
}

#[test]
fn many_members_come_in_order_for_any_number_of_threads() {
    let pages: Vec<(String, String)> = (0..600)
        .map(|index| (format!("{}/{index}.txt", index % 7), FORM.replace("图书馆", &format!("第{index}馆"))))
        .collect();
    let files: Vec<(&str, &[u8])> =
        pages.iter().map(|(name, page)| (name.as_str(), page.as_bytes())).collect();
    let folder = folder(&[
        ("in/a.zip", &zip(&files)),
        ("in/b.txt", FORM.as_bytes()),
        ("in/c.tgz", &gzip(&tar(&files))),
    ]);
    let one = run(folder.path(), ["extract", "in", "-j", "1"]);
    assert_status(&one, 0);
    let members: Vec<_> =
        records(&one).iter().map(|record| record["source"]["member"].as_str().map(str::to_owned)).collect();
    let names = pages.iter().map(|(name, _)| Some(name.clone()));
    let expected: Vec<_> = names.clone().chain([None]).chain(names).collect();
    assert!(members == expected);
    for threads in ["2", "5"] {
        let many = run(folder.path(), ["extract", "in", "-j", threads]);
        assert!(many.stdout == one.stdout && many.stderr == one.stderr, "-j {threads}");
    }
}

#[test]
fn globs_choose_among_files_and_members() {
    let form = FORM.as_bytes();
    let archive = zip(&[("x/c.txt", form), ("x/d.htm", form), ("old/c.txt", form)]);
    let files: &[(&str, &[u8])] =
        &[("in/a.zip", &archive), ("in/b.htm", form), ("in/x/e.txt", form), ("in/old/f.txt", form)];
    let folder = folder(files);
    for (arguments, expected) in [
        (&["--include", "*.txt"][..], &["a.zip!/x/c.txt", "a.zip!/old/c.txt", "old/f.txt", "x/e.txt"][..]),
        (&["--include", "*.txt", "--exclude", "old/"], &["a.zip!/x/c.txt", "x/e.txt"]),
        (&["--include", "*.txt", "--exclude", "old/**"], &["a.zip!/x/c.txt", "x/e.txt"]),
        (&["--include", "x/*"], &["a.zip!/x/c.txt", "a.zip!/x/d.htm", "x/e.txt"]),
        (&["--exclude", "*.zip", "--exclude", "*.htm"], &["old/f.txt", "x/e.txt"]),
    ] {
        let run = run(folder.path(), ["extract", "in"].iter().chain(arguments));
        assert_status(&run, 0);
        let source = |record: &Json| {
            let source = &record["source"];
            let path = source["path"].as_str().unwrap().strip_prefix("in/").unwrap();
            source["member"].as_str().map_or(path.to_owned(), |member| format!("{path}!/{member}"))
        };
        assert_eq!(records(&run).iter().map(source).collect::<Vec<_>>(), expected, "{arguments:?}");
    }
    let bad = run(folder.path(), ["extract", "in", "--include", "a["]);
    assert_status(&bad, 2);
    assert!(stderr(&bad).contains("--include"), "{}", stderr(&bad));
}

#[test]
fn a_page_of_frames_brings_its_sheets() {
    let page = "<html><head><link id=\"shLink\" href=\"%E8%A1%A8.files/sheet002.htm\">\
        <link id=\"shLink\" href=\"\u{8868}.files/sheet001.htm\"><link id=\"shLink\" href=\"none.htm\">\
        <link id=\"shLink\" href=\"../out.htm\"></head><frameset><frame src=x></frameset></html>";
    let form = FORM.as_bytes();
    let folder = folder(&[
        ("out.htm", form),
        ("in/a.txt", form),
        ("in/表.htm", page.as_bytes()),
        ("in/表.files/sheet001.htm", form),
        ("in/表.files/sheet002.htm", form),
        ("in/表.files/tabstrip.htm", b"x"),
    ]);
    let sheets = ["in/表.files/sheet002.htm", "in/表.files/sheet001.htm"];
    let walked = ["in/a.txt", sheets[1], sheets[0]];
    for (arguments, expected) in [
        (&["in/表.htm"][..], &sheets[..]),
        (&["in/表.htm", "in/表.htm"], &sheets),
        (&["in/表.htm", "in/a.txt"], &[sheets[0], sheets[1], "in/a.txt"]),
        (&["in/表.htm", sheets[1]], &sheets),
        (&["in/表.htm", "in/表.files"], &[sheets[1], sheets[0]]),
        (&["in"], &walked),
        (&["in", "--include", "*.htm"], &[sheets[1], sheets[0]]),
        (&["in", "--include", "表.htm"], &sheets),
        (&["in", "--include", "表.htm", "--include", "sheet001.htm"], &[sheets[1], sheets[0]]),
        (&["in", "--include", "表.htm", "--exclude", "表.files/"], &[]),
        (&["in/表.htm", "--exclude", "sheet002*"], &sheets[1..]),
    ] {
        let run = run(folder.path(), ["extract"].iter().chain(arguments));
        assert_status(&run, 0);
        let found: Vec<Json> =
            records(&run).into_iter().map(|record| record["source"]["path"].clone()).collect();
        assert_eq!(found, expected, "{arguments:?}");
    }
}

/// On Windows, and on what was written there, names are the same in any case.
#[test]
fn sheets_are_found_in_any_case() {
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head>\
        <link id=shLink href=\"biao.files/sheet001.htm\"></head><frameset><frame src=x></frameset></html>";
    let folder = folder(&[("cd/BIAO.HTM", page.as_bytes()), ("cd/BIAO.FILES/SHEET001.HTM", FORM.as_bytes())]);
    for path in ["cd", "cd/BIAO.HTM"] {
        let run = run(folder.path(), ["extract", path]);
        assert_status(&run, 0);
        assert_eq!(records(&run).len(), 1, "{path}");
        assert!(!stderr(&run).contains("missing-sheet"), "{path}: {}", stderr(&run));
    }
    // What cannot be gone through again.
    let packed = zip(&[("a.htm", page.as_bytes()), ("biao.files/sheet001.htm", FORM.as_bytes())]);
    let run = run_with(folder.path(), ["extract", "-", "--include", "a.htm"], &packed);
    assert_eq!(records(&run).len(), 0);
    assert!(stderr(&run).contains("missing-sheet"), "{}", stderr(&run));
}

/// What lies beside documents, and links that lead nowhere.
#[cfg(unix)]
#[test]
fn litter_is_passed_over() {
    let folder = folder(&[
        ("in/a.txt", FORM.as_bytes()),
        ("in/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("in/~$a.doc", b"x\0"),
        ("in/desktop.ini", b"x"),
    ]);
    let all = run(folder.path(), ["extract", "in"]);
    assert_status(&all, 0);
    assert!(stderr(&all).contains("1 document ="), "{}", stderr(&all));
    for (link, to) in [("self", "self"), ("none", "nowhere")] {
        std::os::unix::fs::symlink(to, folder.path().join("in").join(link)).unwrap();
    }
    assert_status(&run(folder.path(), ["extract", "in", "--include", "*.txt"]), 0);
    assert_status(&run(folder.path(), ["extract", "in"]), 1);
}

/// Documents so large that each is read alone come out in their order.
#[test]
fn large_documents_come_in_order() {
    let large = format!("{}\n{FORM}", format!("{}\n", "x".repeat(100)).repeat(12_000));
    let small = FORM.replace("图书馆", "小馆");
    let files: Vec<(String, &[u8])> = (0..30)
        .map(|n| (format!("in/{n:02}.txt"), if n % 3 == 0 { large.as_bytes() } else { small.as_bytes() }))
        .collect();
    let folder = folder(&files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect::<Vec<_>>());
    let one = run(folder.path(), ["extract", "in", "-j", "1"]);
    assert_eq!(records(&one).len(), 30);
    for command in ["extract", "tables"] {
        let one = run(folder.path(), [command, "in", "-j", "1"]);
        for threads in ["2", "5"] {
            let many = run(folder.path(), [command, "in", "-j", threads]);
            assert!(many.stdout == one.stdout && many.stderr == one.stderr, "{command} -j {threads}");
        }
    }
}

/// A page of frames inside a container, asked for without its sheets.
#[test]
fn a_member_of_frames_brings_its_sheets() {
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head>\
        <link id=shLink href=\"%B1%ED.files/sheet001.htm\"><link id=shLink href=\"表.files/SHEET002.HTM\">\
        <link id=shLink href=\"表.files/sheet003.htm\"></head><frameset><frame src=x></frameset></html>";
    let inner = zip(&[
        ("a/表.htm", page.as_bytes()),
        ("a/表.files/sheet001.htm", FORM.as_bytes()),
        ("a/表.files/sheet002.htm", FORM.as_bytes()),
        ("a/else.txt", FORM.as_bytes()),
    ]);
    let outer = zip(&[("in.zip", &inner)]);
    let folder = folder(&[("out.zip", &outer), ("表.htm", page.as_bytes())]);
    let sheets = ["in.zip!/a/表.files/sheet001.htm", "in.zip!/a/表.files/sheet002.htm"];
    let missing = "a sheet of this workbook is not there";
    for (arguments, expected, lost) in [
        (&["out.zip!/in.zip!/a/表.htm"][..], &sheets[..], 1),
        (&["out.zip", "--include", "表.htm"], &sheets, 1),
        (&["out.zip", "--include", "表.htm", "--exclude", "*1.htm"], &sheets[1..], 1),
        (&["out.zip", "--include", "表.htm", "--include", "sheet*"], &sheets, 0),
        (&["out.zip", "--include", "表.htm", "--exclude", "表.files"], &[], 0),
        (&["out.zip!/in.zip!/a/else.txt"], &["in.zip!/a/else.txt"], 0),
        (&["表.htm"], &[], 3),
    ] {
        let run = run(folder.path(), ["extract"].iter().chain(arguments));
        let found: Vec<Json> =
            records(&run).into_iter().map(|record| record["source"]["member"].clone()).collect();
        assert_eq!(found, expected, "{arguments:?}");
        assert_eq!(stderr(&run).matches(missing).count(), lost, "{arguments:?}: {}", stderr(&run));
        // It is a warning: nothing is there that could not be read.
        assert_status(&run, 0);
    }
}

/// As systems in Chinese wrote them.
#[cfg(target_os = "linux")]
#[test]
fn names_on_the_disk_that_are_not_utf_8_are_read_and_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    for name in [&b"\xbc\xa8\xd0\xa7.txt"[..], b"\xff.txt", b"\xfe.txt"] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), FORM).unwrap();
    }
    let all = run(folder.path(), ["extract", "."]);
    assert_status(&all, 0);
    let names: Vec<Json> = records(&all).into_iter().map(|record| record["source"]["path"].clone()).collect();
    assert_eq!(names, ["./绩效.txt", "./\\xfe.txt", "./\\xff.txt"]);
    assert_eq!(stderr(&all).matches("warning[odd-file-name]: \"./\\x").count(), 3, "{}", stderr(&all));
    let chosen = run(folder.path(), ["extract", ".", "--include", "绩*"]);
    assert_eq!(records(&chosen).len(), 1);
}

#[test]
fn tables_and_inspect_read_members() {
    let archive = zip(&[("b.zip", &zip(&[("c.txt", FORM.as_bytes())])), ("d.html", b"<table><td>x")]);
    let folder = folder(&[("a.zip", &archive)]);
    let tables = run(folder.path(), ["tables", "a.zip"]);
    assert_status(&tables, 0);
    let members: Vec<_> = records(&tables).iter().map(|table| table["member"].clone()).collect();
    assert_eq!(members, ["b.zip!/c.txt", "d.html"]);
    assert!(stderr(&tables).contains("2 documents, 0 failed"), "{}", stderr(&tables));

    let one = run(folder.path(), ["inspect", "a.zip!/b.zip!/c.txt"]);
    assert_status(&one, 0);
    assert!(stdout(&one).starts_with("a.zip!/b.zip!/c.txt\nencoding UTF-8"), "{}", stdout(&one));
    let all = run(folder.path(), ["inspect", "a.zip"]);
    assert!(stdout(&all).contains("\na.zip!/d.html\n"), "{}", stdout(&all));
    let none = run(folder.path(), ["inspect", "a.zip!/none"]);
    assert_status(&none, 1);
    assert!(stdout(&none).contains("there is no such member"), "{}", stdout(&none));
    assert_status(&run(folder.path(), ["inspect", "b.zip!/none"]), 2);

    let draft = run(folder.path(), ["profiles", "draft", "a.zip!/b.zip"]);
    assert_status(&draft, 0);
    assert!(stdout(&draft).contains("项目名称"), "{}", stdout(&draft));
}

#[test]
fn limits_are_told_and_the_others_are_there() {
    let bomb = gzip(&[b'a'; 200 << 10]);
    let pages: Vec<(String, Vec<u8>)> = (0..9).map(|n| (format!("{n}.txt"), vec![b'a'; 90 << 10])).collect();
    let files: Vec<(&str, &[u8])> =
        pages.iter().map(|(name, page)| (name.as_str(), page.as_slice())).collect();
    let deep = (0..9).fold(FORM.as_bytes().to_vec(), |inner, _| zip(&[("a.zip", &inner)]));
    let folder = folder(&[
        ("1.gz", &bomb),
        ("2.zip", &zip(&files)),
        ("3.zip", &deep),
        ("4.txt", &[b'a'; 200 << 10]),
        ("5.txt", FORM.as_bytes()),
    ]);
    let run = run(folder.path(), ["extract", ".", "-q", "--max-document", "100K"]);
    assert_status(&run, 1);
    assert_eq!(records(&run).len(), 1);
    let said = stderr(&run);
    let lines: Vec<&str> = said.lines().collect();
    let too_large =
        "error[document-too-large]: larger than 100K, the most for one document; --max-document sets it";
    assert_eq!(lines[0], format!("./1.gz!/1: {too_large}"));
    assert_eq!(lines[lines.len() - 1], format!("./4.txt: {too_large}"));
    let nested = "more than 8 containers, one within another; --max-nesting sets the limit";
    assert!(lines[lines.len() - 2].ends_with(nested), "{said}");

    let run = self::run(folder.path(), ["extract", "2.zip", "--max-archive", "500K"]);
    assert_status(&run, 1);
    let message = "2.zip: error[archive-too-large]: more than 500K came out of it; the rest is left";
    assert!(stderr(&run).starts_with(message), "{}", stderr(&run));
    let wrong = self::run(folder.path(), ["extract", "2.zip", "--max-document", "many"]);
    assert_status(&wrong, 2);
    assert!(stderr(&wrong).contains("32M or 2G"), "{}", stderr(&wrong));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_and_the_others_are_there() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    let folder =
        folder(&[("in/a.txt", FORM.as_bytes()), ("in/closed.txt", b""), ("in/z.txt", FORM.as_bytes())]);
    let path = folder.path().join("in");
    symlink(path.join("gone"), path.join("dangling.txt")).unwrap();
    let _socket = UnixListener::bind(path.join("socket.txt")).unwrap();
    assert!(Command::new("mkfifo").arg(path.join("pipe.txt")).status().unwrap().success());
    fs::set_permissions(path.join("closed.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    let run = run(folder.path(), ["extract", "in", "-q"]);
    assert_status(&run, 1);
    assert_eq!(records(&run).len(), 2);
    let said = stderr(&run);
    // Who is root reads everything.
    if fs::read(path.join("closed.txt")).is_err() {
        assert!(said.contains("in/closed.txt: error[unreadable]: cannot be read: "), "{said}");
    }
    assert!(said.contains("in/dangling.txt: error[unreadable]: cannot be read: "), "{said}");
    assert!(!said.contains("socket") && !said.contains("pipe"), "{said}");

    let named = self::run(folder.path(), ["extract", "-q", "in/socket.txt", "in/a.txt"]);
    assert_status(&named, 1);
    assert!(stderr(&named).starts_with("in/socket.txt: error[unreadable]: "), "{}", stderr(&named));
    assert_eq!(records(&named).len(), 1);

    let mut waiting = command(folder.path(), ["extract", "-q", "in/pipe.txt"]).spawn().unwrap();
    fs::write(path.join("pipe.txt"), zip(&[("a.txt", FORM.as_bytes())])).unwrap();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn output_that_fails_ends_the_run_though_input_goes_on() {
    let folder = folder(&[]);
    let mut child = command(folder.path(), ["extract", "-q", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    // More than a pipe holds, so that it must be read; and no end.
    for index in 0..2000 {
        let mut header = tar::Header::new_gnu();
        header.set_size(FORM.len() as u64);
        builder.append_data(&mut header, format!("{index}.txt"), FORM.as_bytes()).unwrap();
    }
    // Whether all of it is taken does not matter.
    let _ = input.write_all(builder.get_ref());
    assert!(child.wait().unwrap().success(), "a closed pipe is success");
    drop(input);
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// What a run printed, a JSON object a line.
fn records(run: &Output) -> Vec<Json> {
    stdout(run).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

//! What members are called. A name is a label and nothing else: nothing is
//! ever written to where it points.

use std::borrow::Cow;

use encoding_rs::GB18030;

/// The longest name, in characters; the rest of it is left out.
const LONGEST: usize = 2048;

/// What a file is called that has no name, or one that only points elsewhere.
const NAMELESS: &str = "unnamed";

/// The first of the private characters, the last that there are, that stand
/// for bytes until a name is made a label: a backslash would be a slash.
const BYTES: u32 = 0x10_ff00;

/// What a file in an archive is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName {
    /// Its path inside the archive, as one line of printable text.
    pub(crate) path: String,
    /// Its name as the archive has it, if that is no plain path.
    pub(crate) odd: Option<String>,
}

/// What a file is called that has this name in an archive; none if it is to be
/// passed over, as in folders: hidden files, what macOS adds, version control.
pub(crate) fn file_name(name: &str) -> Option<FileName> {
    let (mut path, is_odd_path) = path(name);
    let is_nothing = path.is_empty();
    if is_nothing {
        path.push_str(NAMELESS);
    }
    let (path, is_odd_label) = label(&path);
    let odd = (is_odd_path || is_odd_label || is_nothing).then(|| label(name).0);
    (!is_passed_over_path(&path)).then_some(FileName { path, odd })
}

/// The label of a member, one line of printable text; whether the name had to
/// be changed for it.
pub(crate) fn label(name: &str) -> (String, bool) {
    let mut label = String::with_capacity(name.len().min(4 * LONGEST));
    let mut is_odd = false;
    for (index, char) in name.chars().enumerate() {
        if index == LONGEST {
            label.push('…');
            is_odd = true;
            break;
        }
        match char {
            // What would turn the line around or move the cursor.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
                label.extend(char.escape_unicode());
                is_odd = true;
            }
            // A byte of a name that no encoding reads.
            char if u32::from(char) > BYTES + 0x7f => {
                label.push_str(&format!("\\x{:02x}", u32::from(char) - BYTES));
                is_odd = true;
            }
            char if char.is_control() => {
                label.extend(char.escape_default());
                is_odd = true;
            }
            char => label.push(char),
        }
    }
    (label, is_odd)
}

/// The name of what a compressed file of that name holds: without the
/// extension of the compression.
pub(crate) fn stem(name: &str) -> String {
    const EXTENSIONS: [(&str, &str); 11] = [
        (".gz", ""),
        (".gzip", ""),
        (".bz2", ""),
        (".xz", ""),
        (".zst", ""),
        (".zstd", ""),
        (".tgz", ".tar"),
        (".tbz2", ".tar"),
        (".tbz", ".tar"),
        (".txz", ".tar"),
        (".tzst", ".tar"),
    ];
    let name = name.rsplit('/').next().unwrap_or(name);
    for (extension, instead) in EXTENSIONS {
        let Some(at) = name.len().checked_sub(extension.len()).filter(|&at| at > 0) else { continue };
        if name.is_char_boundary(at) && name[at..].eq_ignore_ascii_case(extension) {
            return format!("{}{instead}", &name[..at]);
        }
    }
    name.to_owned()
}

/// A name in an archive as text, where nothing says what it is: UTF-8 if it
/// reads as such, else GB18030, in which Windows in Chinese writes names.
pub(crate) fn decode(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(text) if !is_chinese_by_chance(text) => text.into(),
        Ok(_) => gb18030(name),
        // A folder and what is in it may have been named by two programs. No
        // character of GB18030 ends with a slash.
        Err(_) => {
            let parts = name.split(|&byte| byte == b'/').map(|part| match std::str::from_utf8(part) {
                // Chinese in GB18030 rarely reads as characters of three bytes.
                Ok(text) if text.chars().any(|char| char.len_utf8() > 2) => text.into(),
                _ => gb18030(part),
            });
            parts.collect::<Vec<_>>().join("/").into()
        }
    }
}

/// A name as GB18030, or with its bytes, so that two names stay two.
fn gb18030(name: &[u8]) -> Cow<'_, str> {
    let byte = |&byte: &u8| match byte {
        0..=0x7f => char::from(byte),
        _ => char::from_u32(BYTES + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    GB18030
        .decode_without_bom_handling_and_without_replacement(name)
        .unwrap_or_else(|| name.iter().map(byte).collect())
}

/// Whether a name that reads as UTF-8 is rather GB18030: all of its characters
/// that are not ASCII have two bytes, which would be common Chinese (the first
/// level of GB 2312), and no letter or digit touches one, as in `café` and `5°`.
fn is_chinese_by_chance(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_common = |pair: &[u8]| matches!(pair, [0xb0..=0xd7, 0xa1..=0xfe]);
    let is_word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    let mut wide = name.char_indices().filter(|(_, char)| !char.is_ascii()).peekable();
    wide.peek().is_some()
        && wide.all(|(at, char)| {
            let end = at + char.len_utf8();
            is_common(&bytes[at..end])
                && !is_word(at.checked_sub(1).and_then(|at| bytes.get(at)))
                && !is_word(bytes.get(end))
        })
}

/// The path of a member inside its archive: with `/` between its parts, without
/// what points out of the archive; whether that changed more than `\` and `./`.
fn path(name: &str) -> (String, bool) {
    let name = name.replace('\\', "/");
    let mut is_odd = name.starts_with('/');
    let mut parts = Vec::new();
    for (index, part) in name.split('/').enumerate() {
        match part {
            "" | "." => {}
            part if index == 0 && is_drive(part) => is_odd = true,
            ".." => is_odd = true,
            part => parts.push(part),
        }
    }
    (parts.join("/"), is_odd)
}

/// Whether a part of a path is a drive of Windows: `C:`.
fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// Whether a file or folder of this name is of what lies beside documents:
/// hidden files, version control, what macOS, Windows and Office leave (the
/// pictures of a folder, how it is shown, who has a document open).
pub fn is_passed_over(name: &[u8], is_folder: bool) -> bool {
    let left: [&[u8]; 2] = [b"thumbs.db", b"desktop.ini"];
    name.starts_with(b".")
        || match is_folder {
            true => [&b"__MACOSX"[..], b"CVS", b"_darcs"].contains(&name),
            false => name.starts_with(b"~$") || left.iter().any(|left| left.eq_ignore_ascii_case(name)),
        }
}

/// The same of a path and of the folders in it.
fn is_passed_over_path(path: &str) -> bool {
    let mut parts = path.split('/').peekable();
    std::iter::from_fn(|| parts.next().map(|part| (part, parts.peek().is_some())))
        .any(|(part, is_folder)| is_passed_over(part.as_bytes(), is_folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf_8_or_gb18030() {
        assert_eq!(decode("目标表.html".as_bytes()), "目标表.html");
        assert_eq!(decode(b"\xd2\xbb.txt"), "一.txt");
        assert_eq!(decode(b"2020/\xd1\xa7\xd0\xa3/1.txt"), "2020/学校/1.txt");
        for name in ["café.html", "Отчёт за год.xls", "à la carte", "5°.txt"] {
            assert_eq!(decode(name.as_bytes()), name);
        }
        assert_eq!(decode(b"\xc4\xbf\xb1\xea\xb1\xed.html"), "目标表.html");
        assert_eq!(decode(b"\xc4\xbf\xc2\xbc2019/\xb1\xed.html"), "目录2019/表.html");
        // A folder and a file of two programs.
        assert_eq!(decode(b"\xe7\x9b\xae\xe5\xbd\x95/\xb1\xed.html"), "目录/表.html");
        assert_eq!(decode(b"\xb1\xed2019/\xe8\xa1\xa8.html"), "表2019/表.html");
    }

    #[track_caller]
    fn check(name: &str, expected: &str, is_odd: bool) {
        let found = file_name(name).unwrap();
        assert_eq!((found.path.as_str(), found.odd.is_some()), (expected, is_odd), "{name:?}");
    }

    #[test]
    fn names_become_labels() {
        check("a/目标表.html", "a/目标表.html", false);
        check("./a\\b.html", "a/b.html", false);
        check("", "unnamed", true);
        check("./..", "unnamed", true);
        check("../../etc/passwd", "etc/passwd", true);
        check("/etc/passwd", "etc/passwd", true);
        check("C:\\a.html", "a.html", true);
        check("a\n\u{1b}[0m.html", "a\\n\\u{1b}[0m.html", true);
        check("a\u{202e}lmth.exe", "a\\u{202e}lmth.exe", true);
        check(&"a".repeat(5000), &format!("{}…", "a".repeat(LONGEST)), true);
    }

    #[test]
    fn names_that_no_encoding_reads_stay_different() {
        for (name, expected) in [
            (&b"\xff.html"[..], "\\xff.html"),
            (b"\xfe.html", "\\xfe.html"),
            (b"caf\xe9.html", "caf\\xe9.html"),
            (b"\xc4\xbf/\xff/a", "目/\\xff/a"),
        ] {
            check(&decode(name), expected, true);
        }
    }

    #[test]
    fn noise_is_passed_over() {
        for (path, expected) in [
            ("a/b.html", false),
            ("__MACOSX/._b.html", true),
            ("__MACOSX/b.html", true),
            ("a/.DS_Store", true),
            (".git/a", true),
            ("CVS/a", true),
            ("a/CVS", false),
            ("a/Thumbs.db", true),
            ("DESKTOP.INI", true),
            ("a/~$目标表.doc", true),
            ("~$a/b.html", false),
            ("thumbs.db/b.html", false),
        ] {
            assert_eq!(is_passed_over_path(path), expected, "{path}");
        }
    }

    #[test]
    fn compressed_documents_are_named_like_their_files() {
        for (name, expected) in [
            ("a/b.html.gz", "b.html"),
            ("b.TGZ", "b.tar"),
            ("目标表.zst", "目标表"),
            (".gz", ".gz"),
            ("-", "-"),
        ] {
            assert_eq!(stem(name), expected);
        }
    }
}

//! Paths to files, lazily and in a fixed order.

use std::ascii::escape_default;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use formgrid_unpack::{Selection, is_passed_over as is_passed_over_name};
use walkdir::{DirEntry, WalkDir};

/// A file to read, or a path that leads to none.
#[derive(Debug)]
pub struct Found {
    /// The path as records give it: as named on the command line, joined with
    /// what lies below, with `/` between.
    pub name: String,
    /// What globs are tested on: the path below the folder that was named, or
    /// the name of the file that was.
    pub below: String,
    /// Where to read it, or why it cannot be found.
    pub source: Result<Source, io::Error>,
}

/// Where the bytes of a file come from.
#[derive(Debug)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// What is at or below a path inside a file.
    Member(PathBuf, String),
    /// A sheet of a workbook that is not there.
    Missing,
}

/// The files at these paths, in their order; those of a folder in the byte
/// order of their paths. Hidden files and folders, and those of version
/// control, are passed over, as are pipes and devices, unless named; so is what
/// the selection excludes, and what lies at `output`, which an earlier run may
/// have left.
pub fn walk(
    paths: Vec<PathBuf>,
    selection: Selection,
    output: Option<&Path>,
) -> impl Iterator<Item = Found> + Send + use<> {
    let output = output.and_then(|output| fs::canonicalize(output).ok());
    paths.into_iter().flat_map(move |path| one(&path, &selection, output.as_deref()))
}

/// Whether there is anything to read at a path that was named.
pub fn probe(path: &Path) -> io::Result<()> {
    if is_stdin(path) {
        return Ok(());
    }
    let (path, _) = locate(path)?;
    let kind = fs::metadata(&path)?;
    if kind.is_dir() {
        fs::read_dir(path)?;
    } else if kind.is_file() {
        // To open a pipe would take what its writer has for us.
        File::open(path)?;
    }
    Ok(())
}

/// The file that a path leads to, and the path inside it: what is no file may
/// go on inside one, as in `a.zip!/b/c.html`.
///
/// # Errors
///
/// If there is no such file.
pub fn locate(path: &Path) -> io::Result<(PathBuf, Option<String>)> {
    let error = match fs::metadata(path) {
        Ok(_) => return Ok((path.to_owned(), None)),
        Err(error) => error,
    };
    let text = path.to_str().unwrap_or_default();
    for (at, _) in text.match_indices("!/") {
        if fs::metadata(&text[..at]).is_ok_and(|found| found.is_file()) {
            return Ok((text[..at].into(), Some(text[at + 2..].to_owned())));
        }
    }
    Err(error)
}

/// The name of a path in records and messages. What is not UTF-8 in it is
/// GB18030, which systems in Chinese wrote, or else has its bytes as `\xb1`, so
/// that two names stay two.
pub fn name_of(path: &Path) -> String {
    let name = match path.to_str() {
        Some(name) => name.to_owned(),
        None => {
            let parts = path.as_os_str().as_encoded_bytes().split(|byte| *byte == b'/');
            parts.map(part_of).collect::<Vec<_>>().join("/")
        }
    };
    if std::path::MAIN_SEPARATOR == '/' { name } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// One part of a path as text: a folder may be named by another system than what
/// is in it.
fn part_of(part: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(part) {
        Ok(part) => part.into(),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(part)
            .unwrap_or_else(|| escaped(part).into()),
    }
}

/// A path as text from which its bytes can be told.
pub fn bytes_of(path: &Path) -> String {
    escaped(path.as_os_str().as_encoded_bytes())
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.extend(escape_default(*byte).map(char::from)));
    }
    text
}

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn one(path: &Path, selection: &Selection, output: Option<&Path>) -> Box<dyn Iterator<Item = Found> + Send> {
    let (path, source) = match locate(path) {
        _ if is_stdin(path) => (path.to_owned(), Ok(Source::Stdin)),
        Ok((path, None)) if path.is_dir() => {
            return Box::new(folder(path, selection.clone(), output.map(Path::to_owned)));
        }
        Ok((path, None)) => (path.clone(), Ok(Source::File(path))),
        Ok((path, Some(member))) => (path.clone(), Ok(Source::Member(path, member))),
        Err(error) => (path.to_owned(), Err(error)),
    };
    let name = name_of(&path);
    let below = path.file_name().map_or_else(|| name.clone(), |name| name_of(Path::new(name)));
    let is_wanted = matches!(source, Ok(Source::Stdin)) || selection.may_hold(&below);
    Box::new(is_wanted.then_some(Found { name, below, source }).into_iter())
}

fn folder(
    root: PathBuf,
    selection: Selection,
    output: Option<PathBuf>,
) -> impl Iterator<Item = Found> + Send + use<> {
    let below = {
        let root = root.clone();
        move |path: &Path| name_of(path.strip_prefix(&root).unwrap_or(path))
    };
    let is_wanted = {
        let selection = selection.clone();
        move |below: &str| selection.wants(below)
    };
    let is_chosen = {
        let below = below.clone();
        // Links between folders that lead to each other make more paths than
        // there are files: a folder is entered by one link alone.
        let mut linked = HashSet::new();
        move |entry: &DirEntry| {
            let is_again = entry.depth() > 0
                && entry.path_is_symlink()
                && entry.file_type().is_dir()
                && fs::canonicalize(entry.path()).is_ok_and(|folder| !linked.insert(folder));
            entry.depth() == 0
                || !is_again
                    && !is_passed_over(entry, output.as_deref())
                    && selection.may_hold(&below(entry.path()))
        }
    };
    WalkDir::new(root).follow_links(true).sort_by(by_path).into_iter().filter_entry(is_chosen).filter_map(
        move |entry| match entry {
            Ok(entry) if entry.file_type().is_file() => Some(Found {
                name: name_of(entry.path()),
                below: below(entry.path()),
                source: Ok(Source::File(entry.into_path())),
            }),
            Ok(_) => None,
            // A link to a folder above: all that is there is read already.
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => {
                let (name, below) = error.path().map(|path| (name_of(path), below(path))).unwrap_or_default();
                // Not a link that leads nowhere and is not asked for.
                let is_link = error.path().is_some_and(Path::is_symlink);
                let is_told = !is_link || is_wanted(&below);
                let error = error.into_io_error().unwrap_or(io::ErrorKind::Other.into());
                is_told.then_some(Found { name, below, source: Err(error) })
            }
        },
    )
}

fn is_passed_over(entry: &DirEntry, output: Option<&Path>) -> bool {
    let name = entry.file_name();
    let is_output = |output: &Path| {
        output.file_name() == Some(name) && fs::canonicalize(entry.path()).is_ok_and(|path| path == output)
    };
    is_passed_over_name(name.as_encoded_bytes(), entry.file_type().is_dir()) || output.is_some_and(is_output)
}

/// The order of siblings that gives all paths below them byte order: a folder's
/// name counts with the slash that follows it in the paths.
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    fn key(name: &OsStr, is_folder: bool) -> impl Iterator<Item = &u8> {
        let slash: &[u8] = if is_folder { b"/" } else { b"" };
        name.as_encoded_bytes().iter().chain(slash)
    }
    key(a.file_name(), a.file_type().is_dir()).cmp(key(b.file_name(), b.file_type().is_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let output = folder.path().join("out.ndjson");
        let root = format!("{}/", folder.path().display());
        let found = walk(vec![folder.path().to_owned()], Selection::default(), Some(&output));
        let names: Vec<_> = found.map(|found| found.name.strip_prefix(&root).unwrap().to_owned()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn order_is_the_byte_order_of_whole_paths() {
        check(&["a/x", "a.b", "a-b", "a0", "B", "a/x.y/z"], &["B", "a-b", "a.b", "a/x", "a/x.y/z", "a0"]);
    }

    #[test]
    fn hidden_files_version_control_and_the_output_are_passed_over() {
        check(&[".git/a", ".hidden", "CVS/Root", "b/.c", "b/CVS.txt", "out.ndjson"], &["b/CVS.txt"]);
    }

    /// Links that lead to each other, twice from each folder, would be 2^20 paths.
    #[cfg(unix)]
    #[test]
    fn a_folder_is_entered_by_one_link_alone() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..20 {
            let from = folder.path().join(n.to_string());
            fs::create_dir_all(&from).unwrap();
            for link in ["x", "y"] {
                std::os::unix::fs::symlink(format!("../{}", n + 1), from.join(link)).unwrap();
            }
        }
        fs::create_dir(folder.path().join("20")).unwrap();
        fs::write(folder.path().join("20/form"), "").unwrap();
        let found = walk(vec![folder.path().join("0")], Selection::default(), None).count();
        assert_eq!(found, 1);
    }

    #[test]
    fn a_path_that_is_not_there_is_said_so_in_its_place() {
        let paths = vec!["/no/such/a".into(), "-".into()];
        let found: Vec<Found> = walk(paths, Selection::default(), None).collect();
        assert!(found[0].source.is_err());
        assert_eq!(found[0].name, "/no/such/a");
        assert!(matches!(found[1].source, Ok(Source::Stdin)));
    }

    #[test]
    fn excluded_folders_and_files_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a/b/c.html", "a/b.html", "d/b/c.html", "e.txt"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let selection = Selection::new(&[], &["a/b/".into(), "*.txt".into()]).unwrap();
        let found = walk(vec![folder.path().to_owned()], selection, None);
        assert_eq!(found.map(|found| found.below).collect::<Vec<_>>(), ["a/b.html", "d/b/c.html"]);
    }

    #[test]
    fn a_path_may_go_on_inside_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a!.zip");
        fs::write(&file, "").unwrap();
        let found = locate(Path::new(&format!("{}!/b!/c", file.display()))).unwrap();
        assert_eq!(found, (file, Some("b!/c".to_owned())));
        assert!(locate(Path::new(&format!("{}!/b", folder.path().display()))).is_err());
    }

    /// As systems in Chinese wrote them.
    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf_8_are_chinese_or_have_their_bytes() {
        use std::os::unix::ffi::OsStrExt;
        for (name, expected) in [
            (&b"a/\xbc\xa8\xd0\xa7\xb1\xed.html"[..], "a/绩效表.html"),
            ("a/绩效表.html".as_bytes(), "a/绩效表.html"),
            (b"\xe8\xb4\xa2/\xbc\xa8.html", "财/绩.html"),
            (b"a\xff\xfe.html", "a\\xff\\xfe.html"),
            ("é\u{feff}".as_bytes(), "é\u{feff}"),
        ] {
            assert_eq!(name_of(Path::new(OsStr::from_bytes(name))), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_are_harmless() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("a")).unwrap();
        fs::write(root.join("a/file"), "").unwrap();
        std::os::unix::fs::symlink(root, root.join("a/loop")).unwrap();
        std::os::unix::fs::symlink(root.join("a/file"), root.join("link")).unwrap();
        let found = walk(vec![root.to_owned()], Selection::default(), None);
        let names: Vec<_> = found.map(|found| found.name).collect();
        assert_eq!(names, [name_of(&root.join("a/file")), name_of(&root.join("link"))]);
    }
}

//! Paths to documents, lazily and in a fixed order.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// A document to read, or a path that leads to none.
#[derive(Debug)]
pub struct Found {
    /// The path as records give it: as named on the command line, joined with
    /// what lies below, with `/` between.
    pub name: String,
    /// Where to read it, or why it cannot be found.
    pub source: Result<Source, io::Error>,
}

/// Where the bytes of a document come from.
#[derive(Debug)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// The documents at these paths, in their order; those of a folder in the byte
/// order of their paths. Hidden files and folders, and those of version
/// control, are passed over, as are pipes and devices, unless named; so is what
/// lies at `output`, which an earlier run may have left.
pub fn walk(paths: &[PathBuf], output: Option<&Path>) -> impl Iterator<Item = Found> + Send {
    let output = output.and_then(|output| fs::canonicalize(output).ok());
    paths.iter().flat_map(move |path| one(path, output.clone()))
}

/// Whether there is anything to read at a path that was named.
pub fn probe(path: &Path) -> io::Result<()> {
    if is_stdin(path) {
        return Ok(());
    }
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        fs::read_dir(path)?;
    } else if kind.is_file() {
        // To open a pipe would take what its writer has for us.
        File::open(path)?;
    }
    Ok(())
}

/// Reads a document into a buffer that keeps its room for the next one.
pub fn read(source: &Source, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    match source {
        Source::Stdin => io::stdin().lock().read_to_end(into)?,
        Source::File(path) => {
            let mut file = File::open(path)?;
            let size = usize::try_from(file.metadata()?.len()).unwrap_or(0);
            into.try_reserve(size).map_err(|_| io::ErrorKind::OutOfMemory)?;
            file.read_to_end(into)?
        }
    };
    Ok(())
}

/// The name of a path in records and messages.
pub fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        name.into_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn one(path: &Path, output: Option<PathBuf>) -> Box<dyn Iterator<Item = Found> + Send> {
    let source = match fs::metadata(path) {
        _ if is_stdin(path) => Ok(Source::Stdin),
        Ok(kind) if kind.is_dir() => return Box::new(folder(path, output)),
        Ok(_) => Ok(Source::File(path.to_owned())),
        Err(error) => Err(error),
    };
    Box::new(std::iter::once(Found { name: name_of(path), source }))
}

fn folder(path: &Path, output: Option<PathBuf>) -> impl Iterator<Item = Found> + Send + use<> {
    WalkDir::new(path)
        .follow_links(true)
        .sort_by(by_path)
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || !is_passed_over(entry, output.as_deref()))
        .filter_map(|entry| match entry {
            Ok(entry) if entry.file_type().is_file() => {
                Some(Found { name: name_of(entry.path()), source: Ok(Source::File(entry.into_path())) })
            }
            Ok(_) => None,
            // A link to a folder above: all that is there is read already.
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => {
                let name = error.path().map(name_of).unwrap_or_default();
                let error = error.into_io_error().unwrap_or(io::ErrorKind::Other.into());
                Some(Found { name, source: Err(error) })
            }
        })
}

fn is_passed_over(entry: &DirEntry, output: Option<&Path>) -> bool {
    let name = entry.file_name();
    let is_output = |output: &Path| {
        output.file_name() == Some(name) && fs::canonicalize(entry.path()).is_ok_and(|path| path == output)
    };
    name.as_encoded_bytes().starts_with(b".")
        || entry.file_type().is_dir() && (name == "CVS" || name == "_darcs")
        || output.is_some_and(is_output)
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
        let roots = [folder.path().to_owned()];
        let found = walk(&roots, Some(&output));
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

    #[test]
    fn a_path_that_is_not_there_is_said_so_in_its_place() {
        let found: Vec<Found> = walk(&["/no/such/a".into(), "-".into()], None).collect();
        assert!(found[0].source.is_err());
        assert_eq!(found[0].name, "/no/such/a");
        assert!(matches!(found[1].source, Ok(Source::Stdin)));
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
        let names: Vec<_> = walk(&[root.to_owned()], None).map(|found| found.name).collect();
        assert_eq!(names, [name_of(&root.join("a/file")), name_of(&root.join("link"))]);
    }
}

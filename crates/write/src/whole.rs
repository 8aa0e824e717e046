//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// A file under way. It is written beside its place and moved there by
/// [`WholeFile::finish`]; dropped before, it leaves nothing behind. Only a
/// program that is killed leaves `.formgrid-*.tmp`.
pub(crate) struct WholeFile {
    place: PathBuf,
    file: BufWriter<File>,
    /// Where it is written; none for a pipe or a device, which nothing may be
    /// moved over, so that it is written straight through.
    beside: Option<TempPath>,
}

/// Room for a write, so that the system is called seldom.
const BUFFER: usize = 1 << 16;

impl WholeFile {
    /// Begins a file that is to stand at `path`; fails if it never could.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (file, beside) = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // By the path as given: that of a pipe under /dev/fd has no other.
            Ok(found) if !found.is_file() => (File::options().write(true).open(path)?, None),
            _ => beside(&place)?,
        };
        Ok(WholeFile { place, file: BufWriter::with_capacity(BUFFER, file), beside })
    }

    /// A second file for the same place, to replace this one.
    pub(crate) fn again(&self) -> io::Result<Self> {
        WholeFile::create(&self.place)
    }

    /// What was written so far, from its beginning.
    pub(crate) fn reopen(&mut self) -> io::Result<File> {
        self.file.flush()?;
        match &self.beside {
            Some(path) => File::open(path),
            None => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Puts the file at its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        // Closed before it is moved, as some systems want it.
        drop(self.file.into_inner().map_err(io::IntoInnerError::into_error)?);
        self.beside.map_or(Ok(()), |beside| beside.persist(&self.place).map_err(|error| error.error))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn beside(place: &Path) -> io::Result<(File, Option<TempPath>)> {
    let folder = match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // A temporary file is private by default; this one becomes the output, for
    // which the user's umask decides. So it is opened here, which also keeps
    // its name out of error messages.
    let create = |path: &Path| File::options().read(true).write(true).create_new(true).open(path);
    let file = tempfile::Builder::new().prefix(".formgrid-").suffix(".tmp").make_in(folder, create)?;
    let (file, path) = file.into_parts();
    Ok((file, Some(path)))
}

//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file under way. It is written beside its place and moved there by
/// [`WholeFile::finish`]; dropped before, it leaves nothing behind.
pub(crate) struct WholeFile {
    place: PathBuf,
    file: Inner,
}

enum Inner {
    Beside(BufWriter<NamedTempFile>),
    /// A pipe or a device, which nothing may be moved over.
    Through(BufWriter<File>),
}

/// Room for a write, so that the system is called seldom.
const BUFFER: usize = 1 << 16;

impl WholeFile {
    /// Begins a file that is to stand at `path`; fails if it never could.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let file = match fs::metadata(&place) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                let file = File::options().write(true).open(&place)?;
                Inner::Through(BufWriter::with_capacity(BUFFER, file))
            }
            _ => Inner::Beside(BufWriter::with_capacity(BUFFER, beside(&place)?)),
        };
        Ok(WholeFile { place, file })
    }

    /// A second file for the same place, to replace this one.
    pub(crate) fn again(&self) -> io::Result<Self> {
        WholeFile::create(&self.place)
    }

    /// What was written so far, from its beginning.
    pub(crate) fn reopen(&mut self) -> io::Result<File> {
        match &mut self.file {
            Inner::Beside(file) => {
                file.flush()?;
                file.get_ref().reopen()
            }
            Inner::Through(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Puts the file at its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.file {
            Inner::Beside(file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(&self.place).map_err(|error| error.error)?;
                Ok(())
            }
            Inner::Through(mut file) => file.flush(),
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Inner::Beside(file) => file.write(bytes),
            Inner::Through(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.file {
            Inner::Beside(file) => file.flush(),
            Inner::Through(file) => file.flush(),
        }
    }
}

fn beside(place: &Path) -> io::Result<NamedTempFile> {
    let folder = match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".formgrid-").suffix(".tmp");
    // A temporary file is private by default; this one becomes the output, for
    // which the user's umask decides.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

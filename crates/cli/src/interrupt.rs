//! An interrupt leaves nothing behind.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The status of a program that was interrupted: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// A writer that is dropped, with the files it has begun, if the program is
/// told to end (SIGINT, SIGTERM, SIGHUP).
pub struct Guarded<W> {
    /// None once it is finished.
    writer: Arc<Mutex<Option<W>>>,
}

impl<W: Send + 'static> Guarded<W> {
    /// Guards the writer of the output at this path. A stream, a pipe or a
    /// device has no files to leave behind: there signals do what they do.
    pub fn new(writer: W, path: Option<&Path>) -> Self {
        let is_through = |path: &Path| path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
        let writer = Arc::new(Mutex::new(Some(writer)));
        if path.is_some_and(|path| !is_through(path)) {
            let writer = Arc::clone(&writer);
            // Where a signal is ignored already, as under nohup, all keep what
            // they do; a file that has begun may then stay behind.
            ctrlc::try_set_handler(move || {
                // Held to the end, so that nobody goes on without a writer.
                let mut writer = lock(&writer);
                drop(writer.take());
                std::process::exit(INTERRUPTED);
            })
            .ok();
        }
        Guarded { writer }
    }

    /// Appends to the writer.
    pub fn append<E>(&self, append: impl FnOnce(&mut W) -> Result<(), E>) -> Result<(), E> {
        lock(&self.writer).as_mut().map_or(Ok(()), append)
    }

    /// Finishes the writer; an interrupt waits until the files are in place.
    pub fn finish<T: Default, E>(self, finish: impl FnOnce(W) -> Result<T, E>) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        writer.take().map_or(Ok(T::default()), finish)
    }
}

fn lock<W>(writer: &Mutex<Option<W>>) -> MutexGuard<'_, Option<W>> {
    writer.lock().unwrap_or_else(PoisonError::into_inner)
}

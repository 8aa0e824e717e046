//! The documents in files: found and unpacked by one thread, for many.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use formgrid_ingest::{Encoding, encoding_for_label};
use formgrid_model::{Diagnostic, Problem};
use formgrid_unpack::{Content, HEAD, Input, Member, Options, is_document, unpack};

use crate::queue::{Inlet, Queue, queue};
use crate::sheets::Sheets;
use crate::shown::Shown;
use crate::walk::{Found, Source, bytes_of, walk};

/// What may wait to be converted, in bytes.
const WAITING: usize = 1 << 25;

/// What an open file counts for, so that no more than 64 are.
const OPEN_FILE: usize = WAITING / 64;

/// The most bytes of a document that is read beside others.
const LARGE: usize = 1 << 20;

/// A document to read, or what is wrong with a file or a part of it.
#[derive(Debug)]
pub struct Document {
    /// The path of the file.
    pub path: String,
    /// The path inside the file.
    pub member: Option<String>,
    /// What it holds, or why it cannot be read.
    pub content: Result<Content, Diagnostic>,
}

/// A document on its way.
enum Item {
    /// It is read.
    Read(Document),
    /// A file that is a document itself, and is still to be read.
    File(Found, File),
}

/// The documents at some paths, while they are found.
pub struct Feed {
    queue: Arc<Queue<Item>>,
    options: Arc<Options>,
    finder: JoinHandle<()>,
}

/// A document, or a file with one.
pub struct Ticket {
    item: Item,
    options: Arc<Options>,
}

impl Feed {
    /// Begins to find and unpack the documents at the paths; see [`walk`].
    pub fn start(paths: Vec<PathBuf>, output: Option<&Path>, options: Options) -> io::Result<Feed> {
        let (inlet, queue) = queue(WAITING);
        let options = Arc::new(options);
        let sheets = Sheets::new(&paths, options.selection.clone());
        let found = walk(paths, options.selection.clone(), output);
        let finder = {
            let options = Arc::clone(&options);
            thread::Builder::new()
                .name("finder".to_owned())
                .spawn(move || find(found, sheets, &options, &inlet))?
        };
        Ok(Feed { queue: Arc::new(queue), options, finder })
    }

    /// All documents in their order, to be read by whoever takes them.
    pub fn tickets(&self) -> impl Iterator<Item = Ticket> + Send + use<> {
        let (queue, options) = (Arc::clone(&self.queue), Arc::clone(&self.options));
        std::iter::from_fn(move || Some(Ticket { item: queue.take()?, options: Arc::clone(&options) }))
    }

    /// Ends it before its end; nobody waits for documents any more.
    pub fn stop(&self) {
        self.queue.stop();
    }

    /// Ends it when all is read; goes on with a panic of its thread.
    pub fn finish(self) {
        if let Err(panic) = self.finder.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Ticket {
    /// The document; several, if the file has become an archive meanwhile.
    pub fn read(self, each: &mut dyn FnMut(Document) -> ControlFlow<()>) -> ControlFlow<()> {
        match self.item {
            Item::Read(document) => each(document),
            Item::File(found, file) => open(&found, Input::File(file), &self.options, each),
        }
    }
}

impl Document {
    /// Whether it takes so much memory, many times its size, that of such one
    /// alone should be read at a time.
    pub fn is_large(&self) -> bool {
        self.content.as_ref().is_ok_and(|content| content.bytes.len() > LARGE)
    }

    /// How messages name it.
    pub fn name(&self) -> String {
        match &self.member {
            Some(member) => format!("{}!/{member}", self.path),
            None => self.path.clone(),
        }
    }
}

/// The encoding that the container of a document gives.
pub fn charset(content: &Content) -> Option<&'static Encoding> {
    content.charset.as_deref().and_then(encoding_for_label)
}

/// A document that cannot be read, and the system's words.
pub fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::at_line(Problem::Unreadable { why: error.to_string() }, 0)
}

/// The documents in one file, one after the other.
pub fn read(
    found: Found,
    options: &Options,
    each: &mut dyn FnMut(Document) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let file = match &found.source {
        Ok(Source::Stdin) => return open(&found, Input::Stream(&mut io::stdin().lock()), options, each),
        Ok(Source::Missing) => {
            let content = Err(Diagnostic::at_line(Problem::MissingSheet, 0));
            return each(Document { path: found.name, member: None, content });
        }
        Ok(Source::File(path) | Source::Member(path, _)) => open_file(path),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    };
    let (mut file, kind) = match file {
        Ok(file) => file,
        Err(error) => {
            return each(Document { path: found.name, member: None, content: Err(unreadable(&error)) });
        }
    };
    // Pipes and devices are read once.
    let input = if kind.is_file() { Input::File(file) } else { Input::Stream(&mut file) };
    match &found.source {
        Ok(Source::Member(_, member)) => {
            let options = Options { selection: options.selection.below(member), ..options.clone() };
            let mut is_there = false;
            open(&found, input, &options, &mut |document| {
                is_there = true;
                each(document)
            })?;
            if is_there {
                return ControlFlow::Continue(());
            }
            let error = io::Error::new(
                io::ErrorKind::NotFound,
                "there is no such member in the file, or it is one that is passed over, as hidden files are",
            );
            let (path, member) = (found.name.clone(), Some(member.clone()));
            each(Document { path, member, content: Err(unreadable(&error)) })
        }
        _ => open(&found, input, options, each),
    }
}

fn find(found: impl Iterator<Item = Found>, mut sheets: Sheets, options: &Options, inlet: &Inlet<Item>) {
    for found in found {
        let (file, shown) = match document_file(&found) {
            Some(_) if !options.selection.wants(&found.below) => continue,
            Some((file, head)) => (Some(file), sheets.of(&found, &head)),
            None => (None, Vec::new()),
        };
        let mut flow = put(found, file, options, inlet);
        for sheet in shown {
            let file = document_file(&sheet).map(|(file, _)| file);
            flow = if flow.is_continue() { put(sheet, file, options, inlet) } else { flow };
        }
        if flow.is_break() {
            break;
        }
    }
}

/// Puts a file into the queue: as it is, if it is a document itself and open;
/// else the documents in it.
fn put(found: Found, file: Option<File>, options: &Options, inlet: &Inlet<Item>) -> ControlFlow<()> {
    if let Some(file) = file {
        return inlet.put(Item::File(found, file), OPEN_FILE);
    }
    read(found, options, &mut |document| {
        let size = document.content.as_ref().map_or(0, |content| content.bytes.capacity());
        inlet.put(Item::Read(document), size + size_of::<Item>())
    })
}

/// The open file and its first bytes, if it is one that holds a document and
/// nothing else.
fn document_file(found: &Found) -> Option<(File, Vec<u8>)> {
    let Ok(Source::File(path)) = &found.source else { return None };
    // To open a pipe would take what its writer has for us.
    if !path.metadata().is_ok_and(|found| found.is_file()) {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let mut head = Vec::with_capacity(HEAD);
    (&mut file).take(HEAD as u64).read_to_end(&mut head).ok()?;
    is_document(&head).then_some((file, head))
}

fn open_file(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let kind = file.metadata()?;
    Ok((file, kind))
}

fn open(
    found: &Found,
    input: Input<'_>,
    options: &Options,
    each: &mut dyn FnMut(Document) -> ControlFlow<()>,
) -> ControlFlow<()> {
    // A page of frames may be asked for without what it shows. What cannot be
    // gone through again is missing.
    let narrows = options.selection.narrows();
    let again = match &input {
        Input::File(file) if narrows => file.try_clone().ok(),
        _ => None,
    };
    let mut shown = Shown::default();
    let mut hand_over = |Member { path, mut content }: Member| {
        if let Ok(content) = &mut content {
            content.diagnostics.extend(odd_name(found));
        }
        each(Document { path: found.name.clone(), member: path, content })
    };
    unpack(&found.below, input, options, &mut |member| {
        if narrows {
            shown.add(&found.below, &member, &options.selection);
        }
        hand_over(member)
    })?;
    if let Some(file) = again.filter(|_| !shown.is_empty()) {
        let all = Options { selection: options.selection.all(), ..options.clone() };
        unpack(&found.below, Input::File(file), &all, &mut |member| {
            if shown.take(&found.below, &member, &options.selection) {
                hand_over(member)
            } else {
                ControlFlow::Continue(())
            }
        })?;
    }
    shown.missing().try_for_each(hand_over)
}

/// What is to be said of a file's name.
fn odd_name(found: &Found) -> Option<Diagnostic> {
    let Ok(Source::File(path) | Source::Member(path, _)) = &found.source else { return None };
    let name = path.to_str().is_none().then(|| bytes_of(path))?;
    Some(Diagnostic::at_line(Problem::OddFileName { name }, 0))
}

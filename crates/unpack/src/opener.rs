//! What every kind of container is given to hand over what it holds.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::iter;
use std::mem;
use std::ops::ControlFlow;
use std::rc::Rc;

use formgrid_model::{Diagnostic, Problem};

use crate::compressed::is_gap;
use crate::headers::is_json_type;
use crate::kind::{Container, HEAD, Kind, kind};
use crate::limits::{Budget, Metered};
use crate::lines::Lines;
use crate::names::FileName;
use crate::rows::has_page;
use crate::{Content, Input, Member, Options, compressed, json_lines, mhtml, names, parquet, tar, warc, zip};

/// Opens what a container holds, and knows where in the file that is.
pub(crate) struct Opener<'o, 'e> {
    pub(crate) options: &'o Options,
    each: &'e mut dyn FnMut(Member) -> ControlFlow<()>,
    budget: Rc<Budget>,
    /// The path of the file.
    file: &'o str,
    /// How many containers are open.
    depth: u32,
    open: Open,
}

/// The container that is open.
#[derive(Default)]
struct Open {
    /// Its path inside the file; none if it is the file itself.
    path: Option<String>,
    /// For a compression, the name of what is in it. If that is a container,
    /// it has the compression's path.
    holds: Option<String>,
    /// Whether anything was in it.
    held: bool,
    /// What is wrong with the bytes behind it.
    broken: Option<Problem>,
}

impl<'o, 'e> Opener<'o, 'e> {
    pub(crate) fn new(
        file: &'o str,
        options: &'o Options,
        each: &'e mut dyn FnMut(Member) -> ControlFlow<()>,
    ) -> Self {
        let budget = Rc::new(Budget::new(&options.limits));
        Opener { options, each, budget, file, depth: 0, open: Open::default() }
    }

    /// Opens the file itself.
    pub(crate) fn unpack(&mut self, input: Input<'_>) -> ControlFlow<()> {
        let flow = self.open(None, None, input);
        match self.budget.excess() {
            Some(problem) => {
                let content = Err(Diagnostic::at_line(problem, 0));
                (self.each)(Member { path: None, content })
            }
            None => flow,
        }
    }

    /// Hands over a member of the open container, or what is in it if it is a
    /// container itself. No name: it is all that the container holds.
    /// `charset` is the encoding that the container gives.
    pub(crate) fn open(
        &mut self,
        name: Option<&str>,
        charset: Option<&str>,
        input: Input<'_>,
    ) -> ControlFlow<()> {
        self.open_named(name, None, charset, input)
    }

    /// Hands over what a page or a crawl has kept, of this media type. JSON is
    /// passed over unless it has a column of pages: most has none to do with them.
    pub(crate) fn open_typed(
        &mut self,
        name: Option<&str>,
        media_type: &str,
        charset: Option<&str>,
        stream: &mut dyn Read,
    ) -> ControlFlow<()> {
        if !is_json_type(media_type) {
            return self.open(name, charset, Input::Stream(stream));
        }
        let head = Head::of(stream);
        match has_page(&head.bytes, self.options) {
            true => self.open(name, charset, Input::Stream(&mut Whole::new(head, stream))),
            false => ControlFlow::Continue(()),
        }
    }

    /// Hands over a file of the open archive.
    pub(crate) fn open_file(&mut self, name: &FileName, stream: &mut dyn Read) -> ControlFlow<()> {
        self.open_named(Some(&name.path), name.odd.as_deref(), None, Input::Stream(stream))
    }

    fn open_named(
        &mut self,
        name: Option<&str>,
        odd: Option<&str>,
        charset: Option<&str>,
        mut input: Input<'_>,
    ) -> ControlFlow<()> {
        self.open.held = true;
        let path = self.path_of(name);
        if !self.is_asked_for(path.as_deref()) {
            return ControlFlow::Continue(());
        }
        let budget = Rc::clone(&self.budget);
        let is_member = self.depth > 0;
        let head = match &mut input {
            Input::File(file) => {
                budget.give(file.metadata().map_or(0, |found| found.len()));
                file.rewind().map_or_else(Head::failed, |()| Head::of(file))
            }
            Input::Stream(stream) => Head::of(&mut Metered::new(*stream, &budget, is_member)),
        };
        let mut kind = head.kind();
        if let Input::File(file) = &mut input
            && kind.is_program()
            && zip::is_at_end(file)
        {
            kind = Kind::Container(Container::Zip);
        }
        if let Some(problem) = kind.refused() {
            return match self.wants(path.as_deref()) {
                true => self.fail(name, problem),
                false => ControlFlow::Continue(()),
            };
        }
        match (kind, input) {
            (Kind::Container(container), Input::File(mut file)) => match file.rewind() {
                Ok(()) => self.enter(container, path, Input::File(file)),
                Err(error) => self.fail(name, self.broken(&error)),
            },
            (Kind::Container(container), Input::Stream(stream)) => {
                let mut rest = Metered::new(stream, &budget, is_member);
                let mut whole = Whole::new(head, &mut rest);
                self.enter(container, path.clone(), Input::Stream(&mut whole))?;
                self.drain(whole, path)
            }
            _ if !self.wants(path.as_deref()) => ControlFlow::Continue(()),
            (_, Input::File(mut file)) => {
                let size = file.metadata().map_or(0, |found| found.len());
                let content = self.document(Whole::new(head, &mut file), size);
                self.hand_over(path, content)
            }
            (_, Input::Stream(stream)) => {
                let mut rest = Metered::new(stream, &budget, is_member);
                let content = self.document(Whole::new(head, &mut rest), 0);
                let content = content.map(|mut content| {
                    content.charset = charset.map(str::to_owned);
                    let odd = odd.map(|name| Problem::OddMemberName { name: name.to_owned() });
                    content.diagnostics.extend(odd.map(|problem| Diagnostic::at_line(problem, 0)));
                    content
                });
                self.hand_over(path, content)
            }
        }
    }

    /// Tells that a member, or the open container itself, cannot be read.
    pub(crate) fn fail(&mut self, name: Option<&str>, problem: Problem) -> ControlFlow<()> {
        self.open.held = true;
        let path = self.path_of(name);
        if !self.is_asked_for(path.as_deref()) {
            return ControlFlow::Continue(());
        }
        self.hand_over(path, Err(Diagnostic::at_line(problem, 0)))
    }

    /// The same of what would be a document and no container, if it is one that
    /// is wanted.
    pub(crate) fn fail_page(&mut self, name: &str, problem: Problem) -> ControlFlow<()> {
        self.open.held = true;
        match self.wants(self.path_of(Some(name)).as_deref()) {
            true => self.fail(Some(name), problem),
            false => ControlFlow::Continue(()),
        }
    }

    /// Whether a container of records goes on where its lines end: behind a
    /// damaged member of gzip, which is told, the others are not lost.
    pub(crate) fn goes_on(&mut self, lines: &mut Lines<'_>) -> ControlFlow<(), bool> {
        if let Some(error) = lines.take_error() {
            self.fail(None, self.broken(&error))?;
        }
        ControlFlow::Continue(lines.resume())
    }

    /// A file with all that the input holds, for formats that are not read from
    /// their start to their end: the file itself, or one without a name.
    /// Where the input breaks off, so does the file.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or more comes than the limits allow.
    pub(crate) fn seekable(&mut self, input: Input<'_>) -> io::Result<File> {
        let stream = match input {
            Input::File(file) => return Ok(file),
            Input::Stream(stream) => stream,
        };
        let mut file = tempfile::tempfile()?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => file.write_all(&buffer[..read])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if self.budget.is_spent() => return Err(error),
                // That it is cut off, is seen by who reads it.
                Err(error) => {
                    if error.kind() != io::ErrorKind::UnexpectedEof {
                        self.open.broken = Some(self.broken(&error));
                    }
                    break;
                }
            }
        }
        file.rewind()?;
        Ok(file)
    }

    /// What a read error says of the file or of the container.
    pub(crate) fn broken(&self, error: &io::Error) -> Problem {
        match (self.depth, error.kind()) {
            (0, _) => Problem::Unreadable { why: error.to_string() },
            (_, io::ErrorKind::UnexpectedEof) => {
                Problem::DamagedArchive { why: "it ends too early".to_owned() }
            }
            _ => Problem::DamagedArchive { why: error.to_string() },
        }
    }

    /// What counts the bytes that come out of the file.
    pub(crate) fn budget(&self) -> Rc<Budget> {
        Rc::clone(&self.budget)
    }

    /// The name of what the open compressed file holds.
    pub(crate) fn stem(&self) -> String {
        self.open.holds.clone().unwrap_or_default()
    }

    /// Reads a container, which then is the open one.
    fn enter(&mut self, container: Container, path: Option<String>, input: Input<'_>) -> ControlFlow<()> {
        let limit = self.options.limits.nesting;
        if self.depth >= limit {
            return self.hand_over(path, Err(Diagnostic::at_line(Problem::NestedTooDeep { limit }, 0)));
        }
        let path = if self.open.holds.is_some() { self.open.path.clone() } else { path };
        let holds = container
            .is_compression()
            .then(|| names::stem(self.open.holds.as_deref().or(path.as_deref()).unwrap_or(self.file)));
        let inside = Open { path, holds, ..Open::default() };
        let outside = mem::replace(&mut self.open, inside);
        self.depth += 1;
        let mut flow = match container {
            Container::Gzip | Container::Bzip2 | Container::Xz | Container::Zstd => {
                compressed::read(container, input, self)
            }
            Container::Zip => zip::read(input, self),
            Container::Tar => tar::read(input, self),
            Container::Mhtml => mhtml::read(input, self),
            Container::Warc => warc::read(input, self),
            Container::JsonLines => json_lines::read(input, self),
            Container::Parquet => parquet::read(input, self),
        };
        if flow.is_continue()
            && let Some(problem) = self.open.broken.take()
        {
            flow = self.fail(None, problem);
        }
        if flow.is_continue() && !self.open.held {
            flow = self.fail(None, Problem::EmptyArchive);
        }
        self.depth -= 1;
        self.open = outside;
        flow
    }

    /// Reads what is left of a container that has been read: only there may it
    /// say that its checksum is wrong, or that something else follows it.
    fn drain(&mut self, mut whole: Whole<impl Read>, path: Option<String>) -> ControlFlow<()> {
        if whole.is_over || self.depth >= self.options.limits.nesting {
            return ControlFlow::Continue(());
        }
        match io::copy(&mut whole, &mut io::sink()) {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                let path = if self.open.holds.is_some() { self.open.path.clone() } else { path };
                self.hand_over(path, Err(Diagnostic::at_line(self.broken(&error), 0)))
            }
        }
    }

    /// Reads a document of about this size, or of 0 if that is not known.
    fn document(&self, mut whole: impl Read, size: u64) -> Result<Content, Diagnostic> {
        let limit = self.options.limits.document;
        let too_large = Diagnostic::at_line(Problem::DocumentTooLarge { limit }, 0);
        if size > limit {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        // Where there is no room, reading says so.
        bytes.try_reserve_exact(usize::try_from(size).unwrap_or(0)).ok();
        let read = (&mut whole).take(limit.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > limit {
            return Err(too_large);
        }
        let diagnostics = match read {
            Ok(_) => Vec::new(),
            Err(error) => {
                let problem = Diagnostic::at_line(self.broken(&error), 0);
                // What could be read of a file of its own may be anything.
                if self.depth == 0 || bytes.is_empty() {
                    return Err(problem);
                }
                vec![problem]
            }
        };
        Ok(Content { bytes, charset: None, diagnostics })
    }

    fn hand_over(&mut self, path: Option<String>, content: Result<Content, Diagnostic>) -> ControlFlow<()> {
        // What is beyond the limit is told once, of the file.
        if self.budget.is_spent() {
            return ControlFlow::Break(());
        }
        (self.each)(Member { path, content })
    }

    /// The path of a member inside the file.
    fn path_of(&self, name: Option<&str>) -> Option<String> {
        let Some(name) = name else { return self.open.path.clone() };
        let label = names::label(name).0;
        Some(match &self.open.path {
            Some(path) => format!("{path}!/{label}"),
            None => label,
        })
    }

    /// Whether the file or member may hold what is asked for. What is in a
    /// compression may be a container that has no path of its own.
    fn is_asked_for(&self, path: Option<&str>) -> bool {
        let selection = &self.options.selection;
        let leads_to = |path| self.open.holds.is_some() || selection.leads_to(path);
        path.is_none_or(leads_to) && selection.may_hold(&self.full(path))
    }

    fn wants(&self, path: Option<&str>) -> bool {
        let selection = &self.options.selection;
        selection.is_below(path.unwrap_or_default()) && selection.wants(&self.full(path))
    }

    fn full(&self, path: Option<&str>) -> String {
        match path {
            Some(path) => format!("{}!/{path}", self.file),
            None => self.file.to_owned(),
        }
    }
}

/// The first bytes of a stream, and the errors in them and after them.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    /// Each with the bytes before it.
    errors: VecDeque<(usize, io::Error)>,
}

/// So many gaps at most are looked behind for what a stream is.
const GAPS: usize = 16;

impl Head {
    pub(crate) fn of(stream: &mut dyn Read) -> Head {
        let mut bytes = Vec::with_capacity(HEAD);
        let mut errors = VecDeque::new();
        while let Err(error) = (&mut *stream).take((HEAD - bytes.len()) as u64).read_to_end(&mut bytes) {
            // What follows a damaged member of gzip may say what it is.
            let has_more = is_gap(&error) && errors.len() < GAPS;
            errors.push_back((bytes.len(), error));
            if !has_more {
                break;
            }
        }
        Head { bytes, errors }
    }

    /// What the stream is, if need be by what follows a damaged member.
    fn kind(&self) -> Kind {
        let starts = iter::once(0).chain(self.errors.iter().map(|(at, _)| *at));
        let mut kinds = starts.map(|at| kind(&self.bytes[at..]));
        kinds.find(|kind| *kind != Kind::Document).unwrap_or(Kind::Document)
    }

    fn failed(error: io::Error) -> Head {
        Head { bytes: Vec::new(), errors: [(0, error)].into() }
    }
}

/// A stream from its start, of which the first bytes have been read.
pub(crate) struct Whole<R> {
    head: Head,
    at: usize,
    rest: R,
    /// Whether it ended or failed.
    is_over: bool,
}

impl<R: Read> Whole<R> {
    pub(crate) fn new(head: Head, rest: R) -> Self {
        Whole { head, at: 0, rest, is_over: false }
    }
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let is_next = self.head.errors.front().is_some_and(|(at, _)| *at == self.at);
        let error = if is_next { self.head.errors.pop_front() } else { None };
        let end = self.head.errors.front().map_or(self.head.bytes.len(), |(at, _)| *at);
        if error.is_none() && self.at < end {
            let read = (&self.head.bytes[self.at..end]).read(into)?;
            self.at += read;
            return Ok(read);
        }
        let read = match error {
            Some((_, error)) => Err(error),
            None => self.rest.read(into),
        };
        self.is_over |= match &read {
            Ok(read) => *read == 0 && !into.is_empty(),
            Err(error) => error.kind() != io::ErrorKind::Interrupted,
        };
        read
    }
}

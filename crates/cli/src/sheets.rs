//! The files that pages of frames show, where no path on the command line leads
//! to them.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

#[cfg(unix)]
use encoding_rs::GB18030;
use formgrid_ingest::{FRAMES_WITHIN, ingest};
use formgrid_unpack::{Selection, is_passed_over};
use memchr::memmem::find;
use memchr::{memchr, memchr_iter};

use crate::walk::{Found, Source, name_of};

/// For how many files of a page folders are searched, and how much of a folder.
const MOST_SEARCHES: u32 = 256;
const MOST_SEARCHED: usize = 10_000;

/// Finds the sheets of pages of frames.
#[derive(Debug)]
pub struct Sheets {
    /// The paths on the command line, as they are named and without links.
    roots: Vec<PathBuf>,
    selection: Selection,
    /// What was brought already, without links.
    brought: BTreeSet<PathBuf>,
}

impl Sheets {
    /// For the paths that a run reads, and what it selects among them.
    pub fn new(paths: &[PathBuf], selection: Selection) -> Sheets {
        let without_links = paths.iter().filter_map(|path| fs::canonicalize(path).ok());
        let roots = paths.iter().cloned().chain(without_links).collect();
        Sheets { roots, selection, brought: BTreeSet::new() }
    }

    /// The files that a page shows, in its order, if it is a page of frames that
    /// begins with `head`: those that are there, at or below the page's own
    /// folder. Not those that are excluded, were brought before, or that the walk
    /// itself comes to. Sheets of a workbook that are not there are found missing.
    pub fn of(&mut self, found: &Found, head: &[u8]) -> Vec<Found> {
        let Ok(Source::File(page)) = &found.source else { return Vec::new() };
        if !may_have_frames(head) {
            return Vec::new();
        }
        let folder = page.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let Ok(root) = fs::canonicalize(folder) else { return Vec::new() };
        // The walk comes to whatever lies below a folder, unless it was told to choose.
        let is_walked = !self.selection.chooses()
            && self.roots.iter().any(|path| folder.starts_with(path) || root.starts_with(path));
        let is_workbook = is_workbook(head);
        let mut sheets = Vec::new();
        let mut searches = 0;
        for frame in frames(page) {
            let below = match found.below.rsplit_once('/') {
                Some((folder, _)) => format!("{folder}/{frame}"),
                None => frame.clone(),
            };
            let mut located = located(page, &frame);
            if located.is_none() && searches < MOST_SEARCHES {
                searches += 1;
                located = in_any_case(page, &frame);
            }
            let (path, target) = match located {
                Some(found) => found,
                None if is_workbook && may_hold(&self.selection, &below) => {
                    let name = name_of(&page.with_file_name(&frame));
                    sheets.push(Found { name, below, source: Ok(Source::Missing) });
                    continue;
                }
                None => continue,
            };
            if !is_walked
                && target.starts_with(&root)
                && target.is_file()
                && may_hold(&self.selection, &below)
                && !self.is_walked(&path)
                && !self.is_walked(&target)
                && self.brought.insert(target)
            {
                // It was chosen with its page, and globs are tested on that.
                let below = found.below.clone();
                sheets.push(Found { name: name_of(&path), below, source: Ok(Source::File(path)) });
            }
        }
        sheets
    }

    /// Whether the walk comes to a file: it is named, or below a folder that is,
    /// and neither hidden there nor left out.
    fn is_walked(&self, path: &Path) -> bool {
        self.roots.iter().filter_map(|root| path.strip_prefix(root).ok()).any(|rest| {
            let name = Path::new(path.file_name().unwrap_or_default());
            let below = name_of(if rest == Path::new("") { name } else { rest });
            let is_hidden = rest.components().any(|part| match part {
                Component::Normal(name) => {
                    is_passed_over(name.as_encoded_bytes(), rest.file_name() != Some(name))
                }
                _ => false,
            });
            !is_hidden && may_hold(&self.selection, &below) && self.selection.wants(&below)
        })
    }
}

/// Where a file is that a page shows, and where without links: also if names on
/// the disk are in GB18030, or the page and its folder have another name now.
fn located(page: &Path, frame: &str) -> Option<(PathBuf, PathBuf)> {
    let mut paths = vec![page.with_file_name(frame)];
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = GB18030.encode(frame).0;
        paths.push(page.with_file_name(OsStr::from_bytes(&name)));
    }
    if let (Some(stem), Some((_, sheet))) = (page.file_stem(), frame.rsplit_once('/')) {
        let mut folder = stem.to_owned();
        folder.push(".files");
        paths.push(page.with_file_name(folder).join(sheet));
    }
    paths.into_iter().find_map(without_links)
}

/// The file that a page shows where letters are of another case on the disk:
/// Windows, on which workbooks are saved so, does not heed that.
fn in_any_case(page: &Path, frame: &str) -> Option<(PathBuf, PathBuf)> {
    let mut path =
        page.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")).to_owned();
    for part in frame.split('/').map(str::to_lowercase) {
        let entries = fs::read_dir(&path).ok()?.take(MOST_SEARCHED).flatten().map(|entry| entry.file_name());
        path = path.join(entries.filter(|name| name.to_string_lossy().to_lowercase() == part).min()?);
    }
    without_links(path)
}

/// A file that is there, as it is named and without links.
fn without_links(path: PathBuf) -> Option<(PathBuf, PathBuf)> {
    fs::canonicalize(&path).ok().map(|target| (path, target))
}

/// Whether neither a path nor a folder on its way is excluded.
fn may_hold(selection: &Selection, path: &str) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain([path]).all(|path| selection.may_hold(path))
}

/// Whether a page that begins so is a workbook of Excel.
pub fn is_workbook(head: &[u8]) -> bool {
    find(head, b"urn:schemas-microsoft-com:office:excel").is_some()
}

/// Whether a page that begins so may be one of frames: cheap, for all documents.
pub fn may_have_frames(head: &[u8]) -> bool {
    // By the mark in the words, which is rarer than their letters.
    let has = |word: &[u8], mark: usize| {
        let starts = memchr_iter(word[mark], head).filter_map(|at| at.checked_sub(mark));
        let mut words = starts.filter_map(|at| head.get(at..at + word.len()));
        words.any(|bytes| bytes.eq_ignore_ascii_case(word))
    };
    // UTF-16, in which the words are longer.
    memchr(0, head).is_some() || has(b"<frame", 0) || has(b"office:excel", 6) && memchr(b'<', head).is_some()
}

/// What a page says that it shows.
fn frames(page: &Path) -> Vec<String> {
    let mut head = Vec::new();
    let read = File::open(page).and_then(|file| file.take(FRAMES_WITHIN as u64).read_to_end(&mut head));
    read.map(|_| frames_of(&head)).unwrap_or_default()
}

/// What a page that begins so says that it shows.
pub fn frames_of(head: &[u8]) -> Vec<String> {
    let head = &head[..head.len().min(FRAMES_WITHIN)];
    match ingest(head, &formgrid_ingest::Options::default()) {
        Ok(document) => document.value.frames(),
        Err(_) => Vec::new(),
    }
}

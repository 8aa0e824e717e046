//! Which documents are wanted.

use std::error::Error;
use std::fmt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Chooses documents by their paths.
///
/// A glob without a slash is tested on the last name of a path. One with a
/// slash is tested on the path below the folder that is read and, for members,
/// also on the path inside each container around them. Containers are opened
/// whatever is to be included, but not if they are excluded; what is in one that
/// is to be included, is.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    include: Option<Globs>,
    exclude: Option<Globs>,
    /// Only what is at or below this path inside the file.
    below: Option<String>,
}

/// A pattern that is no glob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobError {
    message: String,
}

#[derive(Debug, Clone)]
struct Globs {
    names: GlobSet,
    paths: GlobSet,
}

impl Selection {
    /// Documents that one of `include` matches, or all if there is none, but
    /// not those that one of `exclude` matches.
    ///
    /// # Errors
    ///
    /// If one of them is no glob.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, GlobError> {
        Ok(Selection { include: globs(include)?, exclude: globs(exclude)?, below: None })
    }

    /// The same, but of each file only what is at or below a path inside it.
    pub fn below(&self, member: &str) -> Self {
        let below = member.trim_end_matches('/').to_owned();
        Selection { below: Some(below), ..self.clone() }
    }

    /// Whether the file or member at this path, or what is below it, is not
    /// excluded: folders and containers, too.
    pub fn may_hold(&self, path: &str) -> bool {
        // Archives have no folders to leave out: their members' names have them.
        let folders = path.match_indices('/').map(|(at, _)| path[..at].trim_end_matches('!'));
        let excludes = |exclude: &Globs| folders.chain([path]).any(|path| exclude.match_path(path));
        !self.exclude.as_ref().is_some_and(excludes)
    }

    /// The same, but all that is not excluded, whatever was asked for.
    pub fn all(&self) -> Self {
        Selection { include: None, below: None, ..self.clone() }
    }

    /// Whether the document at this path is wanted: it or a container around it
    /// is to be included, and none of them is excluded.
    pub fn wants(&self, path: &str) -> bool {
        let containers = path.match_indices("!/").map(|(at, _)| &path[..at]);
        let includes = |include: &Globs| containers.chain([path]).any(|path| include.match_path(path));
        self.may_hold(path) && self.include.as_ref().is_none_or(includes)
    }

    /// Whether a document inside a file is among those that come out of it.
    pub fn asks_for(&self, file: &str, member: &str) -> bool {
        self.is_below(member) && self.wants(&format!("{file}!/{member}"))
    }

    /// Whether a document inside a file is excluded.
    pub fn excludes(&self, file: &str, member: &str) -> bool {
        !self.may_hold(&format!("{file}!/{member}"))
    }

    /// Whether of what is not excluded, not all is asked for.
    pub fn narrows(&self) -> bool {
        self.include.is_some() || self.below.is_some()
    }

    /// Whether not all documents are wanted.
    pub fn chooses(&self) -> bool {
        self.include.is_some() || self.exclude.is_some()
    }

    /// Whether a member is at or below the path that is asked for.
    pub(crate) fn is_below(&self, member: &str) -> bool {
        self.below.as_ref().is_none_or(|below| begins(member, below))
    }

    /// Whether it is, or what is asked for can be below it.
    pub(crate) fn leads_to(&self, member: &str) -> bool {
        self.is_below(member) || self.below.as_ref().is_some_and(|below| begins(below, member))
    }
}

/// Whether a path is another one or goes on from it.
fn begins(path: &str, with: &str) -> bool {
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with('/') || rest.starts_with("!/");
    path.strip_prefix(with).is_some_and(goes_on)
}

impl Globs {
    fn match_path(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let inside = path.match_indices("!/").map(|(at, _)| &path[at + 2..]);
        self.names.is_match(name) || std::iter::once(path).chain(inside).any(|path| self.paths.is_match(path))
    }
}

fn globs(patterns: &[String]) -> Result<Option<Globs>, GlobError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    for pattern in patterns {
        if pattern.is_empty() {
            return Err(GlobError { message: "a blank glob chooses nothing; leave it out".to_owned() });
        }
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| GlobError { message: error.to_string() })?;
        if pattern.contains('/') {
            paths.add(glob)
        } else {
            names.add(glob)
        };
    }
    let build =
        |builder: GlobSetBuilder| builder.build().map_err(|error| GlobError { message: error.to_string() });
    Ok(Some(Globs { names: build(names)?, paths: build(paths)? }))
}

impl fmt::Display for GlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for GlobError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(include: &[&str], exclude: &[&str], path: &str, expected: bool) {
        let owned = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>();
        let selection = Selection::new(&owned(include), &owned(exclude)).unwrap();
        assert_eq!(selection.wants(path), expected, "{include:?} {exclude:?} {path}");
    }

    #[test]
    fn a_glob_without_a_slash_is_of_the_name_alone() {
        check(&[], &[], "a/b.html", true);
        check(&["*.html"], &[], "a/b.html", true);
        check(&["*.html"], &["drafts/"], "a.zip!/drafts/b.html", false);
        check(&[], &["drafts"], "a.zip!/x/drafts/y/b.html", false);
        check(&[], &["x/drafts/"], "a.zip!/x/drafts/y/b.html", false);
        check(&[], &["draft"], "a.zip!/x/drafts/y/b.html", true);
        check(&["*.html"], &[], "a/b.zip!/c/d.html", true);
        check(&["*.{htm,html}", "x*"], &[], "a.html/b.txt", false);
        check(&["目标表*"], &[], "2020/目标表1.xls", true);
        check(&[], &["b.*"], "a/b.html", false);
    }

    #[test]
    fn a_glob_with_a_slash_is_of_the_path_or_of_the_one_in_a_container() {
        check(&["a/*.html"], &[], "a/b.html", true);
        check(&["a/*.html"], &[], "a/c/b.html", false);
        check(&["./a/**"], &[], "a/c/b.html", true);
        check(&["a/**"], &[], "a/b.zip!/c/d.html", true);
        check(&["c/*"], &[], "a/b.zip!/c/d.html", true);
        check(&["*.mht"], &[], "a/b.mht!/file:///C:/1/c.htm", true);
        check(&["a/*.zip"], &["d.*"], "a/b.zip!/c/d.html", false);
        check(&["**/c/*"], &[], "a/c/d.html", true);
        check(&["a/**"], &["a/b/**"], "a/b/c.html", false);
        check(&[], &["b/"], "a/b", false);
    }

    #[test]
    fn a_path_inside_a_file_is_led_to() {
        let selection = Selection::default().below("b/c.zip!/d/");
        for (member, expected) in [
            ("b/c.zip", true),
            ("b/c.zip!/d", true),
            ("b/c.zip!/d/e.html", true),
            ("b/c.zip!/da", false),
            ("b", true),
            ("b/c", false),
        ] {
            assert_eq!(selection.leads_to(member), expected, "{member}");
        }
    }

    #[test]
    fn what_is_no_glob_says_so() {
        let error = Selection::new(&["a[".to_owned()], &[]).unwrap_err();
        assert!(error.to_string().contains("a["), "{error}");
    }
}

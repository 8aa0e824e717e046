//! The members that pages of frames show, where the pages alone were asked for.

use std::collections::BTreeMap;

use formgrid_model::{Diagnostic, Problem};
use formgrid_unpack::{HEAD, Member, Selection};

use crate::sheets::{frames_of, is_workbook, may_have_frames};

/// What is still to be handed over of a file.
#[derive(Debug, Default)]
pub struct Shown {
    /// Paths inside the file by what they are compared by, with whether they are
    /// sheets of a workbook.
    members: BTreeMap<String, (String, bool)>,
}

impl Shown {
    /// Adds what a member of the file `file` shows and the selection does not
    /// ask for.
    pub fn add(&mut self, file: &str, page: &Member, selection: &Selection) {
        let (Some(path), Ok(content)) = (&page.path, &page.content) else { return };
        let head = &content.bytes[..content.bytes.len().min(HEAD)];
        if !may_have_frames(head) {
            return;
        }
        let folder = path.rfind(['/', '\\']).map_or("", |at| &path[..=at]);
        for frame in frames_of(&content.bytes) {
            let member = format!("{folder}{frame}");
            if !selection.asks_for(file, &member) && !selection.excludes(file, &member) {
                self.members.insert(key(&member), (member, is_workbook(head)));
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether a member is shown, and was neither asked for nor taken yet.
    pub fn take(&mut self, file: &str, member: &Member, selection: &Selection) -> bool {
        let Some(path) = &member.path else { return false };
        self.members.remove(&key(path)).is_some() && !selection.asks_for(file, path)
    }

    /// The sheets of workbooks that are not there.
    pub fn missing(self) -> impl Iterator<Item = Member> {
        self.members.into_values().filter(|(_, is_sheet)| *is_sheet).map(|(path, _)| Member {
            path: Some(path),
            content: Err(Diagnostic::at_line(Problem::MissingSheet, 0)),
        })
    }
}

/// Windows, on which workbooks are saved so, heeds neither the case of letters
/// nor which slash it is.
fn key(path: &str) -> String {
    path.to_lowercase().replace('\\', "/")
}

//! What the tests of the containers compare: members as lines of text.

use std::ops::ControlFlow;

use crate::opener::Opener;
use crate::{Content, Member, Options};

/// All members that `read` hands over: `a.html (gbk): text`, or
/// `a.html: error[code]: message`.
pub(crate) fn members(
    options: &Options,
    read: impl FnOnce(&mut Opener<'_, '_>) -> ControlFlow<()>,
) -> Vec<String> {
    let mut members = Vec::new();
    let mut each = |Member { path, content }| {
        let path = path.as_deref().unwrap_or("-");
        members.push(match content {
            Ok(Content { bytes, charset: Some(charset) }) => {
                format!("{path} ({charset}): {}", bytes.escape_ascii())
            }
            Ok(Content { bytes, charset: None }) => format!("{path}: {}", bytes.escape_ascii()),
            Err(diagnostic) => {
                let problem = diagnostic.problem;
                format!("{path}: {}[{}]: {problem}", problem.severity().name(), problem.code())
            }
        });
        ControlFlow::Continue(())
    };
    let _ = read(&mut Opener::new(options, &mut each));
    members
}

//! What the tests of the containers compare: members as lines of text.

use std::io::Read;
use std::ops::ControlFlow;

use formgrid_model::Diagnostic;

use crate::{Content, Input, Member, Options, unpack};

/// All members of a file: `a.html (gbk): text`, `a.html: error[code]: message`.
pub(crate) fn members(options: &Options, stream: &mut dyn Read) -> Vec<String> {
    let mut members = Vec::new();
    let _ = unpack("file", Input::Stream(stream), options, &mut |Member { path, content }| {
        let path = path.as_deref().unwrap_or("-");
        match content {
            Ok(Content { bytes, charset, diagnostics }) => {
                let charset = charset.map(|charset| format!(" ({charset})")).unwrap_or_default();
                members.push(format!("{path}{charset}: {}", bytes.escape_ascii()));
                members.extend(diagnostics.iter().map(|diagnostic| told(path, diagnostic)));
            }
            Err(diagnostic) => members.push(told(path, &diagnostic)),
        }
        ControlFlow::Continue(())
    });
    members
}

fn told(path: &str, Diagnostic { problem, .. }: &Diagnostic) -> String {
    format!("{path}: {}[{}]: {problem}", problem.severity().name(), problem.code())
}

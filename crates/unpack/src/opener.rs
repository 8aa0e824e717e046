//! What every kind of container is given to hand over what it holds.

use std::io::Read;
use std::ops::ControlFlow;

use formgrid_model::{Diagnostic, Problem};

use crate::{Content, Input, Member, Options};

/// Opens what a container holds, and knows where in the file that is.
pub(crate) struct Opener<'o, 'e> {
    pub(crate) options: &'o Options,
    each: &'e mut dyn FnMut(Member) -> ControlFlow<()>,
    /// The path of the container that is open, if it is not the file itself.
    path: Option<String>,
}

impl<'o, 'e> Opener<'o, 'e> {
    pub(crate) fn new(options: &'o Options, each: &'e mut dyn FnMut(Member) -> ControlFlow<()>) -> Self {
        Opener { options, each, path: None }
    }

    /// Hands over a member of the open container, or what is in it if it is a
    /// container itself. No name: it is all that the container holds.
    /// `charset` is the encoding that the container gives.
    pub(crate) fn open(
        &mut self,
        name: Option<&str>,
        charset: Option<&str>,
        mut input: Input<'_>,
    ) -> ControlFlow<()> {
        let mut bytes = Vec::new();
        let read = match &mut input {
            Input::File(file) => file.read_to_end(&mut bytes),
            Input::Stream(stream) => stream.read_to_end(&mut bytes),
        };
        match read {
            Ok(_) => {
                let content = Content { bytes, charset: charset.map(str::to_owned) };
                let path = self.path_of(name);
                (self.each)(Member { path, content: Ok(content) })
            }
            Err(error) => self.fail(name, Problem::Unreadable { why: error.to_string() }),
        }
    }

    /// Tells that a member, or the open container itself, cannot be read.
    pub(crate) fn fail(&mut self, name: Option<&str>, problem: Problem) -> ControlFlow<()> {
        let path = self.path_of(name);
        (self.each)(Member { path, content: Err(Diagnostic::at_line(problem, 0)) })
    }

    fn path_of(&self, name: Option<&str>) -> Option<String> {
        match (&self.path, name) {
            (Some(path), Some(name)) => Some(format!("{path}!/{name}")),
            (Some(path), None) => Some(path.clone()),
            (None, name) => name.map(str::to_owned),
        }
    }
}

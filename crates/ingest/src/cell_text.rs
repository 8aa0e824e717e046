//! The text of one cell.

use crate::elements::Role;
use crate::text::{Flow, Place, trim_owned};
use crate::tree::{Data, NodeId, Step, Tree};

/// The text in an element and where it stands, without the tables in it; these
/// are appended to `tables`.
pub fn cell_text(tree: &Tree, top: NodeId, tables: &mut Vec<NodeId>) -> (String, Option<Place>) {
    let mut flow = Flow::default();
    // How many elements around the current node keep white space.
    let mut verbatim = 0u32;
    let mut next = tree.step(top, Step::Enter(top), false);
    while let Some(step) = next {
        let mut skip = false;
        match step {
            Step::Enter(id) => match &tree.node(id).data {
                Data::Text { range, place } if verbatim > 0 => {
                    flow.push_verbatim(tree.text(range), place.as_ref());
                }
                Data::Text { range, place } => flow.push(tree.text(range), place.as_ref()),
                Data::Element { role, .. } => {
                    skip = *role == Role::Table || role.is_hidden();
                    if role.is_block() {
                        flow.boundary();
                    }
                    match role {
                        Role::Table => tables.push(id),
                        Role::Break => flow.line_break(),
                        Role::Verbatim => verbatim += 1,
                        _ => {}
                    }
                }
            },
            Step::Leave(id) => {
                let role = tree.role(id);
                if role.is_block() {
                    flow.boundary();
                }
                if role == Role::Verbatim && id != top {
                    verbatim -= 1;
                }
            }
        }
        next = tree.step(top, step, skip);
    }
    let (text, place) = flow.take();
    (trim_owned(text), place)
}

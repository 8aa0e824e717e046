//! The tree that html5ever builds, in one arena, with places in the source.
//!
//! Nodes name each other by index, so neither building nor dropping a tree
//! a million elements deep recurses.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;
use std::ops::Range;

use formgrid_model::Problem;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, LocalName, QualName, ns};

use crate::elements::{Role, element};
use crate::form_table::{Spans, parse_spans};
use crate::text::{Place, is_blank};

/// The name of a node in its tree.
pub type NodeId = NonZeroU32;

/// The document node of every tree.
pub const ROOT: NodeId = NonZeroU32::MIN;

/// A parsed document.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// The text of all text nodes.
    text: String,
    /// What is wrong with the spans of cells, in the order of the cells.
    span_faults: Vec<(NodeId, Problem)>,
}

/// A node and its neighbours.
#[derive(Debug)]
pub struct Node {
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    depth: u32,
    /// Whether a browser moved it out of a table that gave it no cell.
    pub fostered: bool,
    /// What it is.
    pub data: Data,
}

/// What a node is.
#[derive(Debug)]
pub enum Data {
    /// An element, or the document.
    Element {
        /// Its part in reading text.
        role: Role,
        /// The line where its start tag ends.
        line: u32,
        /// What stands between its tags; exact for cells and captions.
        content: Range<usize>,
        /// What it spans, for cells and columns.
        spans: Spans,
    },
    /// Text.
    Text {
        /// Where the text is in the text of the tree.
        range: Range<usize>,
        /// Where it stands in the source; none if it is blank.
        place: Option<Place>,
    },
}

/// A step of a walk through a tree in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A node, before its children.
    Enter(NodeId),
    /// The same node after its children.
    Leave(NodeId),
}

impl Tree {
    /// The node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.get() as usize - 1]
    }

    /// The part of an element; text is inline.
    pub fn role(&self, id: NodeId) -> Role {
        match self.node(id).data {
            Data::Element { role, .. } => role,
            Data::Text { .. } => Role::Inline,
        }
    }

    /// The text of a text node.
    pub fn text(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// What is wrong with the spans of a cell.
    pub fn span_faults(&self, id: NodeId) -> impl Iterator<Item = &Problem> {
        let first = self.span_faults.partition_point(|(cell, _)| *cell < id);
        self.span_faults[first..].iter().take_while(move |(cell, _)| *cell == id).map(|(_, fault)| fault)
    }

    /// The children, first to last.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.node(id).first_child, |&child| self.node(child).next)
    }

    /// The nodes moved out of this table, last to first.
    pub fn fostered_before(&self, table: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.node(table).previous, |&node| self.node(node).previous)
            .take_while(|&node| self.node(node).fostered)
    }

    /// What follows this step within `top`; none after the top is left. With
    /// `skip`, the children of the node just entered are left out.
    pub fn step(&self, top: NodeId, step: Step, skip: bool) -> Option<Step> {
        match step {
            Step::Enter(id) => match self.node(id).first_child {
                Some(child) if !skip => Some(Step::Enter(child)),
                _ => Some(Step::Leave(id)),
            },
            Step::Leave(id) if id == top => None,
            Step::Leave(id) => match self.node(id).next {
                Some(next) => Some(Step::Enter(next)),
                None => self.node(id).parent.map(Step::Leave),
            },
        }
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.get() as usize - 1]
    }

    fn add(&mut self, data: Data) -> NodeId {
        let node = Node {
            parent: None,
            first_child: None,
            last_child: None,
            previous: None,
            next: None,
            depth: 0,
            fostered: false,
            data,
        };
        self.nodes.push(node);
        // A source has fewer bytes than `u32` has values, and takes at least
        // three bytes a node.
        u32::try_from(self.nodes.len()).ok().and_then(NodeId::new).unwrap_or(ROOT)
    }

    /// Puts a node without a parent before a child of this parent, or last.
    fn insert(&mut self, parent: NodeId, before: Option<NodeId>, id: NodeId) {
        let previous = match before {
            Some(next) => self.node_mut(next).previous.replace(id),
            None => self.node_mut(parent).last_child.replace(id),
        };
        match previous {
            Some(previous) => self.node_mut(previous).next = Some(id),
            None => self.node_mut(parent).first_child = Some(id),
        }
        let depth = self.node(parent).depth + 1;
        let node = self.node_mut(id);
        (node.parent, node.previous, node.next, node.depth) = (Some(parent), previous, before, depth);
    }

    fn detach(&mut self, id: NodeId) {
        let node = self.node_mut(id);
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => self.node_mut(previous).next = next,
            None => self.node_mut(parent).first_child = next,
        }
        match next {
            Some(next) => self.node_mut(next).previous = previous,
            None => self.node_mut(parent).last_child = previous,
        }
    }
}

/// The place in the source of what the tokenizer is being fed, for the tree.
#[derive(Debug, Default)]
pub struct Cursor {
    /// Where the tag begins, or the end of the source.
    pub start: Cell<usize>,
    /// Where the tag ends.
    pub end: Cell<usize>,
    /// The line where it ends.
    pub line: Cell<u32>,
    /// What the tag's attributes say.
    pub shape: RefCell<Shape>,
    /// Where the last text stands; none if it is blank.
    pub text: RefCell<Option<Place>>,
}

/// What the attributes of a tag say about its place in a table.
#[derive(Debug, Default)]
pub struct Shape {
    /// The part of the tag's element; other elements made at this tag are
    /// implied and have no attributes.
    pub role: Option<Role>,
    /// What it spans.
    pub spans: Spans,
    /// What is wrong with that.
    pub faults: Vec<Problem>,
    /// Whether it hides the element.
    pub conceals: bool,
}

/// Receives the tree from html5ever.
#[derive(Debug)]
pub struct Sink {
    tree: RefCell<Tree>,
    /// What is being fed.
    pub cursor: Cursor,
    /// How deep the last node was put.
    pub depth: Cell<u32>,
}

/// A node as html5ever knows it: with its name, which it asks for often.
#[derive(Debug, Clone)]
pub struct Handle {
    id: NodeId,
    name: QualName,
    /// Whether the extent of its content is wanted.
    bounded: bool,
}

impl Sink {
    /// An empty document.
    pub fn new() -> Self {
        let mut tree = Tree::default();
        let spans = Spans::default();
        tree.add(Data::Element { role: Role::Scope, line: 1, content: 0..0, spans });
        Sink { tree: RefCell::new(tree), cursor: Cursor::default(), depth: Cell::new(0) }
    }

    /// How many nodes there are; what is wrong with a span takes as much room as
    /// one.
    pub fn nodes(&self) -> usize {
        let tree = self.tree.borrow();
        tree.nodes.len() + tree.span_faults.len()
    }

    fn put(&self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<Handle>, fostered: bool) {
        let mut tree = self.tree.borrow_mut();
        let id = match child {
            NodeOrText::AppendNode(handle) => {
                tree.detach(handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                let start = tree.text.len();
                tree.text.push_str(&text);
                let place =
                    if text.contains(|c| !is_blank(c)) { self.cursor.text.borrow().clone() } else { None };
                let neighbour = match before {
                    Some(next) => tree.node(next).previous,
                    None => tree.node(parent).last_child,
                };
                if let Some(neighbour) = neighbour
                    && tree.node(neighbour).fostered == fostered
                    && let Data::Text { range, place: own } = &mut tree.node_mut(neighbour).data
                    && range.end == start
                {
                    range.end += text.len();
                    match (own, place) {
                        (Some(own), Some(place)) => own.range.end = place.range.end,
                        (own @ None, place) => *own = place,
                        (Some(_), None) => {}
                    }
                    return;
                }
                let range = start..start + text.len();
                tree.add(Data::Text { range, place })
            }
        };
        tree.insert(parent, before, id);
        tree.node_mut(id).fostered = fostered;
        self.depth.set(tree.node(id).depth);
    }

    /// Notes that the content of a cell reaches to the tag that is being fed.
    fn reach(&self, id: NodeId) {
        if let Data::Element { content, .. } = &mut self.tree.borrow_mut().node_mut(id).data {
            content.end = self.cursor.start.get().max(content.start);
        }
    }

    fn other(&self) -> Handle {
        Handle { id: ROOT, name: QualName::new(None, ns!(), LocalName::from("")), bounded: false }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.other()
    }

    /// The tree builder asks for the name of an open element whenever it looks
    /// for it on its stack, and lastly when it closes it: so the last time it
    /// asks for a cell's name is at the tag that ends the cell.
    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        if target.bounded {
            self.reach(target.id);
        }
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let mut role = element(&name.local).map_or(Role::Inline, |(_, role)| role);
        let mut shape = Shape::default();
        if self.cursor.shape.borrow().role == Some(role) {
            shape = self.cursor.shape.take();
        }
        if !attributes.is_empty() {
            let value = |name: &str| {
                let found = attributes.iter().find(|attribute| &*attribute.name.local == name);
                found.map(|attribute| &*attribute.value)
            };
            (shape.spans, shape.faults) = parse_spans(value("rowspan"), value("colspan"));
        }
        if shape.conceals {
            role = Role::Concealed;
        }
        let end = self.cursor.end.get();
        let data =
            Data::Element { role, line: self.cursor.line.get(), content: end..end, spans: shape.spans };
        let bounded = matches!(role, Role::Cell | Role::HeaderCell | Role::Caption);
        let mut tree = self.tree.borrow_mut();
        let id = tree.add(data);
        tree.span_faults.extend(shape.faults.into_iter().map(|fault| (id, fault)));
        Handle { id, name, bounded }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.other()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.other()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        if !is_other(&child) {
            self.put(parent.id, None, child, false);
        }
    }

    fn append_based_on_parent_node(&self, table: &Handle, above: &Handle, child: NodeOrText<Handle>) {
        if is_other(&child) {
            return;
        }
        let parent = self.tree.borrow().node(table.id).parent;
        match parent {
            Some(parent) => self.put(parent, Some(table.id), child, true),
            None => self.put(above.id, None, child, true),
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.tree.borrow().node(sibling.id).parent;
        if let Some(parent) = parent
            && !is_other(&child)
        {
            self.put(parent, Some(sibling.id), child, false);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Handle) {
        if node.bounded {
            self.reach(node.id);
        }
    }

    /// A template's content is not shown; it can as well be its children.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.node(node.id).first_child {
            tree.detach(child);
            tree.insert(new_parent.id, None, child);
        }
    }
}

/// Whether it is a comment, for which the tree has no node.
fn is_other(child: &NodeOrText<Handle>) -> bool {
    matches!(child, NodeOrText::AppendNode(handle) if handle.id == ROOT)
}

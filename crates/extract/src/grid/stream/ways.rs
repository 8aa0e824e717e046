//! What a line of a stacked grid can be, after the lines before it.

use formgrid_model::Cell;
use formgrid_profile::GridRule;

use super::Token;
use crate::grid::columns::{Columns, Role, Start};
use crate::grid::cost::{
    BLANK_INDICATOR, BLANK_LEVEL, EXTRA_CELL, MISSING_CELL, NEW_GROUP, NO_GROUP, WORD_IN_LEAF, note_text,
};
use crate::grid::evidence::{Evidence, Expected, Shape, weigh};

/// What a blank line of the export means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// A blank cell of a row's own.
    Cell,
    /// The end of a row; blank cells at its end left no line.
    Rule,
    /// A slot without text, covered ones too: all rows have as many lines.
    Slot,
    /// A blank cell; covered slots repeat the text that covers them, so that
    /// all rows have as many lines.
    Repeat,
    /// Nothing; blank cells left no line.
    Noise,
}

/// A blank line where blank lines mean nothing: mostly they do mean something.
const ODD_BLANK: u32 = 8;

/// A blank line that is no blank cell, where blank cells leave blank lines: the
/// edge of a page.
const EXTRA_BLANK: u32 = 30;

/// An export that leaves blank cells out: more than one must be missing before
/// that is likelier than a cell lost here and there.
const LEFT_OUT: u32 = 20;

/// A row that ends without a blank line, or goes on over one, where they part
/// rows.
const ODD_RULE: u32 = 30;

/// A cell of a further column that is not there: they are often left open.
const BLANK_FURTHER: u32 = 2;

/// A line that says itself that it is none of the grid: `备注：`, `总分`.
const STRAY_NOTE: u32 = 10;

/// Any other line that is none of the grid.
const STRAY_LINE: u32 = 110;

/// A level word that is none of the grid.
const STRAY_WORD: u32 = 240;

/// A line in a note, or behind one, that reads like a value: notes hold numbers
/// less often than grids do.
const STRAY_VALUE: u32 = 25;

/// The number of a page that is a cell of the grid.
const PAGE_IN_GRID: u32 = 60;

/// A row behind a note, if it does not begin with a level word: a note is
/// mostly the end of a grid.
const AFTER_NOTE: u32 = 30;

/// The line of a group's name; `GONE` for a blank one.
pub(super) type Groups = Vec<Option<usize>>;

/// Stands for a blank level cell: its group has begun, but has no name.
const GONE: usize = usize::MAX;

/// What the lines so far mean for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) at: At,
    /// Per group column: the line that names the current group.
    pub(super) groups: Groups,
}

/// Where in a row the last line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum At {
    /// In a row with this start, by its index, with the cells before `next` read.
    Row { start: usize, next: usize },
    /// In none; `note` if a line said so.
    Outside { note: bool },
}

/// One way to read one line.
pub(super) struct Way {
    pub(super) state: State,
    pub(super) cost: u32,
    /// The role of the line, by its index; none if it is none of the grid.
    pub(super) role: Option<usize>,
    /// Whether it is the first cell of a row.
    pub(super) begins: bool,
}

/// The grid as far as the ways to read a line depend on it.
pub(super) struct Ways<'g> {
    columns: &'g Columns,
    blank: Blank,
    texts: Vec<&'g str>,
    evidence: Vec<Evidence>,
    /// What it costs to read a line as a cell that says it is none.
    notes: Vec<Option<u32>>,
    /// Whether a line is the number of a page, which ends no row.
    pages: Vec<bool>,
    /// What the cells of each role are like.
    shapes: &'g [Shape],
    /// Per start of a row: the roles of its cells, in order.
    orders: Vec<Vec<usize>>,
    /// The cost of a cell that has no line, in addition to that of a blank one.
    missing: u32,
}

impl<'g> Ways<'g> {
    /// The ways to read these cells; `has_blanks` if blank lines stand between
    /// some of them.
    pub(super) fn new(
        cells: &[&'g Cell<'_>],
        columns: &'g Columns,
        rule: &GridRule,
        shapes: &'g [Shape],
        (blank, has_blanks): (Blank, bool),
    ) -> Ways<'g> {
        let expected = Expected::of_stream(cells, rule);
        let order = |start: &Start| match blank {
            Blank::Slot => (0..columns.roles.len()).collect(),
            Blank::Cell | Blank::Rule | Blank::Noise | Blank::Repeat => start.own.clone(),
        };
        // Where blank cells leave blank lines, there is hardly one without.
        let missing = match blank {
            Blank::Cell | Blank::Slot | Blank::Repeat if has_blanks => 2 * MISSING_CELL,
            Blank::Cell | Blank::Slot | Blank::Repeat => MISSING_CELL,
            Blank::Rule | Blank::Noise => 0,
        };
        // Where covered slots repeat what covers them, all rows begin at the left.
        let starts = if blank == Blank::Repeat { &columns.starts[..1] } else { &columns.starts };
        Ways {
            columns,
            blank,
            texts: cells.iter().map(|cell| &*cell.text).collect(),
            evidence: cells.iter().map(|cell| weigh(cell, columns, rule, &expected)).collect(),
            notes: cells.iter().map(|cell| note_text(&cell.text)).collect(),
            pages: cells.iter().map(|cell| is_page(&cell.text)).collect(),
            shapes,
            orders: starts.iter().map(order).collect(),
            missing,
        }
    }

    /// The state before the first line.
    pub(super) fn first(&self) -> State {
        State { at: At::Outside { note: false }, groups: vec![None; self.columns.groups.len()] }
    }

    /// What this meaning of blank lines costs, whatever the lines say.
    pub(super) fn prior(&self) -> u32 {
        match self.blank {
            Blank::Cell | Blank::Slot | Blank::Repeat => 0,
            Blank::Rule | Blank::Noise => LEFT_OUT,
        }
    }

    /// Lists the ways to read a line that cost no more than the budget.
    pub(super) fn read(&self, state: &State, token: Token, budget: u32, push: &mut impl FnMut(Way)) {
        let mut push = |way: Way| {
            if way.cost <= budget {
                push(way);
            }
        };
        if let At::Row { start, next } = state.at {
            let gap = if token.gap { self.gap_inside() } else { 0 };
            self.fill(state, token, (start, next), gap, budget, &mut push);
        }
        if token.line.is_some_and(|line| self.pages[line]) {
            push(Way { state: state.clone(), cost: 0, role: None, begins: false });
        }
        if token.line.is_none() {
            push(Way { state: state.clone(), cost: EXTRA_BLANK, role: None, begins: false });
        }
        let Some(left) = self.leave(state) else { return };
        for start in 0..self.orders.len() {
            let cost = left + self.begin(state, token, start);
            self.fill(state, token, (start, 0), cost, budget, &mut push);
        }
        if let Some(line) = token.line {
            let (cost, note) = self.stray(state, line);
            let state = State { at: At::Outside { note }, groups: state.groups.clone() };
            let gap = if token.gap && self.blank == Blank::Noise { ODD_BLANK } else { 0 };
            push(Way { state, cost: left + cost + gap, role: None, begins: false });
        }
    }

    /// What it costs that the stream ends in this state.
    pub(super) fn end(&self, state: &State) -> u32 {
        let At::Row { start, next } = state.at else { return 0 };
        let left = |&role: &usize| match self.columns.roles[role] {
            Role::Group(_) | Role::Indicator(_) => EXTRA_CELL,
            Role::Value(_) | Role::Column(..) => self.shapes[role].blank,
            Role::Unknown => 0,
        };
        self.orders[start][next..].iter().map(left).sum()
    }

    /// Reads the line as one of the cells from `next` on of a row; those before
    /// it have no line.
    fn fill(
        &self,
        state: &State,
        token: Token,
        (start, next): (usize, usize),
        mut cost: u32,
        budget: u32,
        push: &mut impl FnMut(Way),
    ) {
        let order = &self.orders[start];
        for (at, &role) in order.iter().enumerate().skip(next) {
            if cost > budget {
                return;
            }
            let mut groups = state.groups.clone();
            if let Some(more) = self.weigh(role, start, token.line, &mut groups) {
                let state = State { at: At::Row { start, next: at + 1 }, groups };
                push(Way { state, cost: cost + more, role: Some(role), begins: next == 0 });
            }
            // What is left out before a blank cell could be that blank cell.
            match self.skip(role).filter(|_| token.line.is_some()) {
                Some(more) => cost += more,
                None => return,
            }
        }
    }

    /// The cost of a line in this role; nothing if it cannot be. A level cell
    /// begins a group.
    fn weigh(&self, role: usize, start: usize, line: Option<usize>, groups: &mut Groups) -> Option<u32> {
        let evidence = line.map(|line| &self.evidence[line]);
        let page = if line.is_some_and(|line| self.pages[line]) { PAGE_IN_GRID } else { 0 };
        let note = line.and_then(|line| self.notes[line]).unwrap_or(page);
        let Columns { groups: heads, sides, starts, .. } = self.columns;
        let shape = &self.shapes[role];
        let word = if evidence.is_some_and(|evidence| evidence.word.is_some()) { WORD_IN_LEAF } else { 0 };
        let cost = match self.columns.roles[role] {
            Role::Group(group) if !starts[start].begins[group] => match (line, groups[group]) {
                (Some(_), _) => return None,
                (None, Some(_)) => 0,
                (None, None) => NO_GROUP,
            },
            Role::Group(group) if self.is_repeated(line, groups[group]) => 0,
            Role::Group(group) => {
                for side in sides {
                    let inner = side.groups.iter().skip_while(|&&other| other != group);
                    inner.for_each(|&inner| groups[inner] = None);
                }
                groups[group] = Some(line.unwrap_or(GONE));
                let begun = if self.blank == Blank::Repeat { NEW_GROUP } else { 0 };
                begun + evidence.map_or(BLANK_LEVEL, |evidence| evidence.level[heads[group].level])
            }
            Role::Indicator(side) => {
                let parent = sides[side].groups.last().and_then(|&group| groups[group]);
                let parent = parent.and_then(|line| self.evidence.get(line));
                evidence.map_or(BLANK_INDICATOR, |evidence| evidence.as_indicator(parent))
            }
            Role::Value(_) => evidence.map_or(shape.blank, |evidence| evidence.value),
            Role::Column(..) => shape.cost(evidence) + word,
            Role::Unknown => word,
        };
        Some(note + cost)
    }

    /// The cost of a cell that has no line; nothing if it must have one.
    fn skip(&self, role: usize) -> Option<u32> {
        let missing = self.missing;
        match self.columns.roles[role] {
            Role::Group(_) | Role::Indicator(_) => None,
            Role::Value(_) => Some(self.shapes[role].blank + missing),
            Role::Column(..) => Some(BLANK_FURTHER.max(self.shapes[role].blank) + missing),
            Role::Unknown => Some(BLANK_FURTHER + missing),
        }
    }

    /// The cost of ending the row here; nothing if a level is still to come.
    fn leave(&self, state: &State) -> Option<u32> {
        let At::Row { start, next } = state.at else { return Some(0) };
        self.orders[start][next..].iter().map(|&role| self.skip(role)).sum()
    }

    /// The cost of a row that has this start and begins with this line.
    fn begin(&self, state: &State, token: Token, start: usize) -> u32 {
        let start = &self.columns.starts[start];
        // Covered slots are lines, and pay for a missing group themselves.
        let missing = match self.blank {
            Blank::Slot => 0,
            _ => {
                let groups = state.groups.iter().zip(&start.begins);
                groups.filter(|(group, begins)| group.is_none() && !**begins).count() as u32
            }
        };
        let is_word = token.line.is_some_and(|line| self.evidence[line].word.is_some());
        let note = match state.at {
            At::Outside { note: true } if !is_word => AFTER_NOTE,
            At::Outside { .. } | At::Row { .. } => 0,
        };
        let is_inside = matches!(state.at, At::Row { .. });
        let rule = match self.blank {
            Blank::Rule if is_inside && !token.gap => ODD_RULE,
            Blank::Noise if token.gap => ODD_BLANK,
            _ => 0,
        };
        // Where names are repeated, only one that is not begins a group.
        let groups = if self.blank == Blank::Repeat { 0 } else { start.count };
        NEW_GROUP * groups + NO_GROUP * missing + note + rule
    }

    fn gap_inside(&self) -> u32 {
        match self.blank {
            Blank::Rule => ODD_RULE,
            Blank::Noise => ODD_BLANK,
            Blank::Cell | Blank::Slot | Blank::Repeat => 0,
        }
    }

    /// Whether a covered slot repeats the name of the group that goes on.
    fn is_repeated(&self, line: Option<usize>, group: Option<usize>) -> bool {
        let text = |line: Option<usize>| self.texts.get(line?);
        self.blank == Blank::Repeat && text(line).is_some() && text(line) == text(group)
    }

    /// The cost of a line that is none of the grid, and whether it is a note or
    /// in one.
    fn stray(&self, state: &State, line: usize) -> (u32, bool) {
        let evidence = &self.evidence[line];
        let is_note = self.notes[line].is_some();
        let in_note = matches!(state.at, At::Outside { note: true });
        let cost = match () {
            () if evidence.word.is_some() => STRAY_WORD,
            () if is_note && !in_note => STRAY_NOTE,
            () if !in_note => STRAY_LINE,
            () if evidence.value == 0 => STRAY_VALUE,
            () => 0,
        };
        (cost, in_note || is_note)
    }
}

/// Whether a line is the number of a page: `第2页`, `第 2 页 共 5 页`, `— 2 —`.
pub(super) fn is_page(text: &str) -> bool {
    let is_dash = |c: char| "-—–－".contains(c);
    let is_digit = |c: char| c.is_numeric() || "一二三四五六七八九十".contains(c);
    let is_mark = |c: char| is_digit(c) || c.is_whitespace() || "第共页，,/".contains(c);
    let inner = text.trim_matches(is_dash).trim();
    let is_between_dashes = text.starts_with(is_dash)
        && text.ends_with(is_dash)
        && !inner.is_empty()
        && inner.chars().all(|c| c.is_ascii_digit());
    is_between_dashes || text.starts_with('第') && text.ends_with('页') && text.chars().all(is_mark)
}

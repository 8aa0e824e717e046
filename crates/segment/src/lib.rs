//! Blocks to forms: finds where each project form of a document begins and
//! ends, and which piece of it each row is.
//!
//! A form is caption, labels, headings and an indicator grid, in that order,
//! as one table, as several, or as lines of text. It begins at a title, or at
//! labels that the form before it already has; it ends where the next one
//! begins, or where the last row that belongs to it stands. Whatever belongs
//! to none (navigation, page headers, notes) comes out as
//! [`Segment::Outside`], so that nothing is lost without a trace.
//!
//! ```
//! use formgrid_model::{Block, Cell, Row};
//! use formgrid_profile::Profiles;
//! use formgrid_segment::{MOST_CELLS, Segment, segment};
//!
//! let line = |cells: &[&'static str]| Block::Line(Row::line(cells.iter().map(|c| Cell::new(*c)).collect()));
//! let blocks = [line(&["首页"]), line(&["财政项目支出绩效目标表"]), line(&["项目名称：", "图书馆修缮"])];
//! let profiles = Profiles::builtin();
//! let segments: Vec<Segment> = segment(blocks.into_iter(), &profiles, MOST_CELLS).collect();
//! assert!(matches!(&segments[0], Segment::Outside(row) if row.cells[0].text == "首页"));
//! assert!(matches!(&segments[1], Segment::Form(form) if form.rows.len() == 2));
//! ```

mod grid;
mod kind;
mod open;
mod stacked;
mod waiting;

use std::collections::VecDeque;

use formgrid_model::{Block, Cell, Diagnostic, Form, Problem, Row, Source};
use formgrid_profile::Profiles;

use kind::{Kind, kind};
use open::{Open, Taken};
use stacked::begins_header;

/// What a document consists of, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment<'t> {
    /// A project form.
    Form(Form<'t>),
    /// A row that belongs to no form.
    Outside(Row<'t>),
    /// What is wrong with a block.
    Diagnostic(Diagnostic),
}

/// The rows and cells that a form may have by default: a grid of 12,000 rows.
pub const MOST_CELLS: u32 = 60_000;

/// Cuts a document's blocks into forms, lazily: no more than one form and the
/// rows after it that may still belong to it are held at a time. A form that
/// has more rows and cells than `most` ends there, and that is told.
pub fn segment<'t, B: Iterator<Item = Block<'t>>>(
    blocks: B,
    profiles: &Profiles,
    most: u32,
) -> Segments<'t, '_, B> {
    Segments {
        blocks,
        ahead: VecDeque::new(),
        profiles,
        most,
        open: Open::default(),
        is_rest: false,
        ready: VecDeque::new(),
        forms: 0,
        ended: false,
    }
}

/// The iterator behind [`segment`].
pub struct Segments<'t, 'p, B> {
    blocks: B,
    /// Blocks that were looked at and are still to be taken.
    ahead: VecDeque<Block<'t>>,
    profiles: &'p Profiles,
    most: u32,
    open: Open<'t>,
    /// Whether what comes is the rest of a form that was too large.
    is_rest: bool,
    ready: VecDeque<Segment<'t>>,
    forms: u32,
    ended: bool,
}

impl<'t, B: Iterator<Item = Block<'t>>> Iterator for Segments<'t, '_, B> {
    type Item = Segment<'t>;

    fn next(&mut self) -> Option<Segment<'t>> {
        while self.ready.is_empty() && !self.ended {
            match self.next_block() {
                Some(Block::Line(row)) if begins_header(&row, self.profiles) => {
                    let rows = self.stacked_header(row);
                    self.take_header(rows);
                }
                Some(Block::Line(row)) => self.take(row, false),
                Some(Block::Table(table)) => {
                    self.ready.extend(table.diagnostics.into_iter().map(Segment::Diagnostic));
                    let source = Source::Table { table: table.ordinal };
                    // A table that holds tables is there for layout: its own
                    // rows are no more bound to a form than lines of text are.
                    let bound = !table.nests;
                    if table.parent.is_some_and(|parent| self.open.holds(parent.table)) {
                        self.open.adopt(table.ordinal);
                    }
                    if let Some(caption) = table.caption {
                        self.take_caption(source, caption);
                    }
                    for row in table.rows {
                        self.take(row, bound);
                    }
                }
                Some(Block::Diagnostic(diagnostic)) => self.ready.push_back(Segment::Diagnostic(diagnostic)),
                None => {
                    self.ended = true;
                    self.close();
                }
            }
        }
        self.ready.pop_front()
    }
}

impl<'t, B: Iterator<Item = Block<'t>>> Segments<'t, '_, B> {
    fn next_block(&mut self) -> Option<Block<'t>> {
        self.ahead.pop_front().or_else(|| self.blocks.next())
    }

    /// Takes a stacked header, or the line alone that might have begun one.
    fn take_header(&mut self, mut rows: Vec<Row<'t>>) {
        let more = rows.split_off(1);
        for row in rows {
            let kind = if more.is_empty() { kind(&row, self.profiles) } else { Kind::GridHeader };
            self.take_as(row, &kind, false);
        }
        if !more.is_empty() {
            self.open.stack_header(more);
        }
    }

    fn take(&mut self, row: Row<'t>, bound: bool) {
        if row.filled().next().is_none() && !self.open.in_grid() {
            return;
        }
        let kind = kind(&row, self.profiles);
        self.take_as(row, &kind, bound);
    }

    fn take_as(&mut self, row: Row<'t>, kind: &Kind, bound: bool) {
        let (size, most) = (row.cells.len() + 1, self.most as usize);
        if self.open.size() + size > most {
            let line = row.cells.first().map_or(0, |cell| cell.line);
            let too_large = Diagnostic::at_line(Problem::FormTooLarge { most: self.most }, line);
            if size > most {
                let is_telling = self.open.size() > 0 || !matches!(kind, Kind::Other(_));
                self.ready.extend(is_telling.then_some(Segment::Diagnostic(too_large)));
                return self.ready.push_back(Segment::Outside(row));
            }
            self.open.diagnostics.push(too_large);
            self.close();
            self.is_rest = true;
        }
        // Its header may be printed again in each of its rows: only a title or
        // labels begin another form.
        if self.is_rest && self.open.rows.is_empty() && matches!(kind, Kind::GridHeader) {
            return self.ready.push_back(Segment::Outside(row));
        }
        let mut outside = Vec::new();
        match self.open.take(row, kind, bound, &mut outside) {
            Taken::Kept => {}
            Taken::Begins { above, row } => {
                self.close();
                for row in above {
                    self.take(row, bound);
                }
                let again = self.open.take(row, kind, bound, &mut outside);
                debug_assert!(matches!(again, Taken::Kept), "a form that has just begun takes its first row");
            }
        }
        self.ready.extend(outside.into_iter().map(Segment::Outside));
    }

    /// A table's caption, as a row of one cell above its first.
    fn take_caption(&mut self, source: Source, caption: Cell<'t>) {
        self.take(Row { source, cells: vec![caption] }, false);
    }

    fn close(&mut self) {
        let (form, outside) = std::mem::take(&mut self.open).close();
        if let Some(mut form) = form {
            self.is_rest = false;
            self.forms += 1;
            form.ordinal = self.forms;
            self.ready.push_back(Segment::Form(form));
        }
        self.ready.extend(outside.into_iter().map(Segment::Outside));
    }
}

#[cfg(test)]
mod tests;

//! The header row: which column holds what.

use formgrid_model::{Cell, Row};
use formgrid_profile::GridRule;

/// What stands in a column of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A level that the header has, from 0, outermost first; the last one is
    /// the indicator.
    Level(usize),
    /// A column behind the levels, by its index in the profile.
    Column(usize),
    /// A column that the profile does not know, by its place in the header.
    Unknown(usize),
}

/// The columns of a grid, left to right.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    /// The role of each column that has a header.
    pub(crate) roles: Vec<Role>,
    /// The column, from 1, where each role stands in a sound row.
    pub(crate) homes: Vec<u32>,
    /// The header's text for each role.
    pub(crate) names: Vec<String>,
    /// The levels that the header has, each by its index in the profile.
    pub(crate) levels: Vec<usize>,
    /// The column of the target, by its index in the profile.
    pub(crate) target: usize,
    /// The width of the header, blank cells at its end included.
    pub(crate) width: u32,
}

/// Columns past this one have no role: no form is that wide.
pub(crate) const WIDEST: u32 = 64;

impl Columns {
    /// Reads a header row; nothing if it heads no level.
    pub(crate) fn read(row: &Row<'_>, rule: &GridRule) -> Option<Columns> {
        let heads = |cell: &&Cell<'_>| !cell.is_blank() && cell.column <= WIDEST;
        let header = |cell: &Cell<'_>| rule.header(&cell.text);
        let mut levels: Vec<usize> =
            row.cells.iter().filter(heads).filter_map(|cell| header(cell)?.ok()).collect();
        levels.sort_unstable();
        levels.dedup();
        let mut roles = Vec::new();
        let mut homes = Vec::new();
        let mut names = Vec::new();
        for (index, cell) in row.cells.iter().enumerate().filter(|(_, cell)| heads(cell)) {
            let role = match header(cell) {
                Some(Ok(level)) => Role::Level(levels.iter().position(|&other| other == level)?),
                Some(Err(column)) => Role::Column(column),
                None => Role::Unknown(index),
            };
            if !roles.contains(&role) {
                roles.push(role);
                homes.push(cell.column);
                names.push(cell.text.to_string());
            }
        }
        let width = row.cells.iter().map(|cell| cell.column + cell.colspan - 1).max()?.min(WIDEST);
        let target = rule.columns.iter().position(|column| column.key == "target")?;
        (!levels.is_empty()).then_some(Columns { roles, homes, names, levels, target, width })
    }

    /// The level of the indicator.
    pub(crate) fn leaf(&self) -> usize {
        self.levels.len() - 1
    }

    /// The role, by its index, of a level.
    pub(crate) fn level(&self, level: usize) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Level(level))
    }

    /// The roles of a row that begins a group at `start`: its own level, those
    /// inside it, and all that is no level.
    pub(crate) fn own(&self, start: usize) -> impl Iterator<Item = usize> {
        let is_own = move |role: &Role| !matches!(role, Role::Level(level) if *level < start);
        self.roles.iter().enumerate().filter(move |(_, role)| is_own(role)).map(|(index, _)| index)
    }
}

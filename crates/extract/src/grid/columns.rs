//! The header rows: which column holds what.

use formgrid_model::{Cell, Row};
use formgrid_profile::GridRule;

use super::dropped::spread;

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
    /// Reads the rows of a header, which is one or two; nothing if they head no
    /// level. What stands left of the first level is a side label and has no
    /// role, nor has a heading above the headers of several columns.
    pub(crate) fn read(rows: &[&Row<'_>], rule: &GridRule) -> Option<Columns> {
        let cells = || rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.column <= WIDEST);
        let header = |cell: &Cell<'_>| rule.header(&cell.text);
        let mut levels: Vec<usize> = cells().filter_map(|cell| header(cell)?.ok()).collect();
        levels.sort_unstable();
        levels.dedup();
        let first =
            cells().filter(|cell| matches!(header(cell), Some(Ok(_)))).map(|cell| cell.column).min()?;

        let mut heads: Vec<(u32, Role, String)> = Vec::new();
        for (index, cell) in cells().enumerate().filter(|(_, cell)| !cell.is_blank() && cell.column >= first)
        {
            let role = match header(cell) {
                Some(Ok(level)) => Role::Level(levels.iter().position(|&other| other == level)?),
                Some(Err(column)) => Role::Column(column),
                None => Role::Unknown(index),
            };
            let under = |other: &Cell<'_>| {
                header(other).is_some() && (cell.column..cell.column + cell.colspan).contains(&other.column)
            };
            let is_heading = matches!(role, Role::Unknown(_)) && cells().any(under);
            if !is_heading && !heads.iter().any(|(_, other, _)| *other == role) {
                heads.push((cell.column, role, cell.text.to_string()));
            }
        }
        heads.sort_by_key(|(column, ..)| *column);
        spread(&mut heads);
        let width = cells().map(|cell| cell.column + cell.colspan - 1).max()?.min(WIDEST);
        let target = rule.columns.iter().position(|column| column.key == "target")?;
        Some(Columns {
            roles: heads.iter().map(|(_, role, _)| *role).collect(),
            homes: heads.iter().map(|(column, ..)| *column).collect(),
            names: heads.into_iter().map(|(.., name)| name).collect(),
            levels,
            target,
            width,
        })
    }

    /// The column of the first level: left of it there are side labels only.
    pub(crate) fn first(&self) -> u32 {
        self.homes.iter().copied().min().unwrap_or(1)
    }

    /// The level of the indicator.
    pub(crate) fn leaf(&self) -> usize {
        self.levels.len() - 1
    }

    /// The role, by its index, of a level.
    pub(crate) fn level(&self, level: usize) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Level(level))
    }

    /// The role, by its index, of the target.
    pub(crate) fn value(&self) -> Option<usize> {
        self.roles.iter().position(|role| *role == Role::Column(self.target))
    }

    /// The roles of a row that begins a group at `start`: its own level, those
    /// inside it, and all that is no level.
    pub(crate) fn own(&self, start: usize) -> impl Iterator<Item = usize> {
        let is_own = move |role: &Role| !matches!(role, Role::Level(level) if *level < start);
        self.roles.iter().enumerate().filter(move |(_, role)| is_own(role)).map(|(index, _)| index)
    }
}

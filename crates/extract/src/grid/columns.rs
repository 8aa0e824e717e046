//! The header rows: which column holds what.

use formgrid_model::{Cell, Part, Row};
use formgrid_profile::{GridRule, Kind};

use super::dropped::spread;
use crate::place::part;

/// What stands in a column of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A level above the indicator, whose cells span the rows of a group: an
    /// index into [`Columns::groups`].
    Group(usize),
    /// The indicator of a side.
    Indicator(usize),
    /// The target of a side.
    Value(usize),
    /// A further column: its index in the profile, and its side.
    Column(usize, usize),
    /// A column that the profile does not know.
    Unknown,
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
    /// The levels that the header has, outermost first, each by its index in
    /// the profile; the last one is the indicator.
    pub(crate) levels: Vec<usize>,
    /// The columns of the levels above the indicator, left to right.
    pub(crate) groups: Vec<Group>,
    /// The grids that stand side by side under this header; mostly one.
    pub(crate) sides: Vec<Side>,
    /// The ways in which a row can begin groups, the outermost first.
    pub(crate) starts: Vec<Start>,
    /// Per role whether its column holds numbers, by the profile.
    pub(crate) is_number: Vec<bool>,
    /// The width of the header, blank cells at its end included.
    pub(crate) width: u32,
}

/// A column of a level above the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    /// Its role, by index.
    pub(crate) role: usize,
    /// The side that it is of; none if several share it.
    pub(crate) side: Option<usize>,
    /// Its level, by index into [`Columns::levels`].
    pub(crate) level: usize,
    /// Whether it begins with the project of a list and never without it: its
    /// budget, its goals, which may be blank.
    pub(crate) is_beside: bool,
}

/// One of the grids that stand side by side: the period and the year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Side {
    /// Its group columns, outermost first; it may share the outer ones.
    pub(crate) groups: Vec<usize>,
    /// The role, by index, of its indicator.
    pub(crate) indicator: usize,
    /// The role, by index, of its target, if the header has one.
    pub(crate) value: Option<usize>,
    /// The heading above it or left of it, if there is one.
    pub(crate) heading: Option<Part>,
    /// The header of its first column.
    pub(crate) header: Part,
}

/// A way in which a row can begin groups: it begins those of some level, and
/// with them all inside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Start {
    /// Per group column, whether a group begins in it.
    pub(crate) begins: Vec<bool>,
    /// In how many of them a group begins.
    pub(crate) count: u32,
    /// The roles, by index, of the row's own cells: those of the groups that
    /// it begins, and all that are no group.
    pub(crate) own: Vec<usize>,
}

/// Columns past this one have no role: no form is that wide.
pub(crate) const WIDEST: u32 = 64;

/// Grids that may stand side by side.
pub(crate) const SIDES: usize = 3;

/// A header cell as the profile understands it.
pub(crate) struct Head {
    pub(crate) column: u32,
    /// `Ok` a level, by index into the header's levels; `Err` a column.
    pub(crate) known: Option<Result<usize, usize>>,
    pub(crate) side: usize,
    part: Part,
}

impl Columns {
    /// Reads the rows of a header, which is one or two; nothing if they head no
    /// level. What stands left of the first level is a side label and has no
    /// role, nor has a heading above the headers of several columns. Levels
    /// that stand again behind a column begin another side.
    pub(crate) fn read(rows: &[&Row<'_>], rule: &GridRule) -> Option<Columns> {
        let cells = || rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.column <= WIDEST);
        let header = |cell: &Cell<'_>| rule.header(&cell.text);
        let mut levels: Vec<usize> = cells().filter_map(|cell| header(cell)?.ok()).collect();
        levels.sort_unstable();
        levels.dedup();
        let first =
            cells().filter(|cell| matches!(header(cell), Some(Ok(_)))).map(|cell| cell.column).min()?;

        let mut heads: Vec<Head> = Vec::new();
        // A heading beside the levels is that of the first grid.
        let is_beside = |cell: &&Cell<'_>| cell.column < first && rule.horizon(&cell.text).is_some();
        let mut headings: Vec<(u32, Part)> =
            cells().filter(is_beside).map(|cell| (cell.column, part(cell))).collect();
        // In a lower row a known header left of the levels has lost the slots
        // before it.
        let lower = rows.iter().skip(1).flat_map(|row| &row.cells).filter(|cell| header(cell).is_some());
        let is_lower = |cell: &Cell<'_>| lower.clone().any(|other| std::ptr::eq(other, cell));
        for cell in cells().filter(|cell| !cell.is_blank() && (cell.column >= first || is_lower(cell))) {
            let known = match header(cell) {
                Some(Ok(level)) => Some(Ok(levels.iter().position(|&other| other == level)?)),
                Some(Err(column)) => Some(Err(column)),
                None => None,
            };
            let under = |other: &Cell<'_>| {
                header(other).is_some() && (cell.column..cell.column + cell.colspan).contains(&other.column)
            };
            let column = cell.column;
            if known.is_none() && cells().any(under) {
                headings.push((column, part(cell)));
            } else if !heads.iter().any(|head| head.column == column && head.known == known) {
                heads.push(Head { column, known, side: 0, part: part(cell) });
            }
        }
        let is_horizon = |(_, part): &(u32, Part)| rule.horizon(&part.text).is_some();
        if headings.iter().any(is_horizon) {
            headings.retain(is_horizon);
        }
        heads.sort_by_key(|head| head.column);
        let target = rule.columns.iter().position(|column| column.key == "target")?;
        take_sides(&mut heads, levels.len() - 1, target);
        spread(&mut heads);
        let width = cells().map(|cell| cell.column + cell.colspan - 1).max()?.min(WIDEST);
        let is_beside = levels.iter().map(|&level| rule.is_beside_project(level)).collect();
        let is_number = |head: &Head| {
            let column = head.known.and_then(Result::err).map(|column| &rule.columns[column]);
            column.is_some_and(|column| matches!(column.kind, Kind::Number | Kind::Money | Kind::Percent))
        };
        let is_number = heads.iter().map(is_number).collect();
        Some(Columns { is_number, ..Columns::of(heads, levels, headings, target, width, is_beside) })
    }

    fn of(
        heads: Vec<Head>,
        levels: Vec<usize>,
        headings: Vec<(u32, Part)>,
        target: usize,
        width: u32,
        is_beside: Vec<bool>,
    ) -> Columns {
        let leaf = levels.len() - 1;
        let count = heads.iter().map(|head| head.side + 1).max().unwrap_or(1);
        let mut in_order: Vec<&(u32, Part)> = headings.iter().collect();
        in_order.sort_by_key(|(column, _)| *column);
        let mut roles = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut sides: Vec<Side> = Vec::new();
        for (role, head) in heads.iter().enumerate() {
            if sides.len() <= head.side {
                // The levels outside of its own are those of the first side.
                let own = heads.iter().filter(|other| other.side == head.side);
                let outermost = own.filter_map(|head| head.known?.ok()).min().unwrap_or(0);
                let shared = sides.first().map_or(Vec::new(), |first: &Side| {
                    first.groups.iter().copied().filter(|&group| groups[group].level < outermost).collect()
                });
                // A heading begins above the levels of its side, perhaps not the
                // first of them.
                let indicator = heads
                    .iter()
                    .find(|other| other.side == head.side && other.known == Some(Ok(leaf)))
                    .map_or(head.column, |indicator| indicator.column);
                let heading = headings.iter().filter(|(column, _)| *column <= indicator);
                let nearest = heading.max_by_key(|(column, _)| *column);
                // Where slots were dropped the columns of the headings say little.
                let own = in_order.get(head.side).copied().filter(|_| in_order.len() == count);
                let heading = own.or(nearest).map(|(_, part)| part.clone());
                let header = head.part.clone();
                sides.push(Side { groups: shared, indicator: usize::MAX, value: None, heading, header });
            }
            roles.push(match head.known {
                Some(Ok(level)) if level < leaf => {
                    // Where no project is named, the first of these begins it.
                    let is_beside =
                        is_beside[level] && level > 0 && groups.iter().any(|group| group.level < level);
                    groups.push(Group { role, side: Some(head.side), level, is_beside });
                    sides[head.side].groups.push(groups.len() - 1);
                    Role::Group(groups.len() - 1)
                }
                Some(Ok(_)) => {
                    sides[head.side].indicator = role;
                    Role::Indicator(head.side)
                }
                Some(Err(column)) if column == target => {
                    sides[head.side].value = Some(role);
                    Role::Value(head.side)
                }
                Some(Err(column)) => Role::Column(column, head.side),
                None => Role::Unknown,
            });
        }
        for side in &mut sides {
            side.groups.sort_by_key(|&group| groups[group].level);
        }
        for (index, group) in groups.iter_mut().enumerate() {
            let is_shared = sides.iter().filter(|side| side.groups.contains(&index)).count() > 1;
            group.side = group.side.filter(|_| !is_shared);
        }
        let starts = starts(&roles, &groups, &sides);
        Columns {
            homes: heads.iter().map(|head| head.column).collect(),
            names: heads.into_iter().map(|head| head.part.text).collect(),
            roles,
            levels,
            groups,
            sides,
            starts,
            is_number: Vec::new(),
            width,
        }
    }

    /// Whether another header has the same columns in the same places, and no
    /// heading that says otherwise.
    pub(crate) fn is_like(&self, other: &Columns) -> bool {
        let is_same_heading = |(one, other): (&Side, &Side)| match (&one.heading, &other.heading) {
            (Some(one), Some(other)) => one.text == other.text,
            (Some(_), None) => true,
            (None, heading) => heading.is_none(),
        };
        self.roles == other.roles
            && self.homes == other.homes
            && self.sides.iter().zip(&other.sides).all(is_same_heading)
    }

    /// The column of the first level: left of it there are side labels only.
    pub(crate) fn first(&self) -> u32 {
        self.homes.iter().copied().min().unwrap_or(1)
    }

    /// Whether a group column is the outermost of its side in which a row with
    /// this start begins a group.
    pub(crate) fn is_outermost(&self, start: &Start, group: usize) -> bool {
        let side = &self.sides[self.groups[group].side.unwrap_or(0)];
        side.groups.iter().find(|&&group| start.begins[group]) == Some(&group)
    }

    /// How many levels there are above the indicator.
    pub(crate) fn outer(&self) -> usize {
        self.levels.len() - 1
    }

    /// The role, by index, of a level above the indicator, the first of them.
    pub(crate) fn level(&self, level: usize) -> Option<usize> {
        self.groups.iter().find(|group| group.level == level).map(|group| group.role)
    }

    /// The side of a role that is neither a level nor unknown.
    pub(crate) fn side(&self, role: usize) -> Option<usize> {
        match self.roles[role] {
            Role::Indicator(side) | Role::Value(side) | Role::Column(_, side) => Some(side),
            Role::Group(_) | Role::Unknown => None,
        }
    }

    /// The column of the first indicator.
    pub(crate) fn leaf(&self) -> u32 {
        self.sides.first().map_or(0, |side| self.homes[side.indicator])
    }
}

/// Tells the sides apart: a level that stands again behind a column begins
/// another one. Without an indicator and
/// a target in each of them, there is one side. A
/// header that its side has already is unknown.
fn take_sides(heads: &mut [Head], leaf: usize, target: usize) {
    let mut seen: Vec<Result<usize, usize>> = Vec::new();
    let mut side = 0;
    for head in heads.iter_mut() {
        if let Some(known) = head.known {
            let is_back =
                known.is_ok_and(|level| seen.iter().any(|seen| seen.is_ok_and(|seen| seen >= level)));
            if is_back && seen.iter().any(Result::is_err) && side + 1 < SIDES {
                side += 1;
                seen.clear();
            }
            seen.push(known);
        }
        head.side = side;
    }
    let has = |side, known| heads.iter().any(|head: &Head| head.side == side && head.known == Some(known));
    let has_leaf = |side| has(side, Ok(leaf)) && (has(side, Err(target)) || !has(0, Err(target)));
    if !(0..=side).all(has_leaf) {
        heads.iter_mut().for_each(|head| head.side = 0);
    }
    let mut seen: Vec<(usize, Result<usize, usize>)> = Vec::new();
    for head in heads {
        match head.known {
            Some(known) if seen.contains(&(head.side, known)) => head.known = None,
            Some(known) => seen.push((head.side, known)),
            None => {}
        }
    }
}

/// All ways in which a row can begin groups: at a level that the sides share,
/// or at a level of its own in each.
fn starts(roles: &[Role], groups: &[Group], sides: &[Side]) -> Vec<Start> {
    let shared = match sides {
        [first, others @ ..] if !others.is_empty() => {
            let common =
                |other: &Side| first.groups.iter().zip(&other.groups).take_while(|(a, b)| a == b).count();
            others.iter().map(common).min().unwrap_or(0)
        }
        _ => 0,
    };
    let mut all: Vec<Vec<bool>> = Vec::new();
    for level in 0..shared {
        let outer = &sides[0].groups[..level];
        all.push((0..groups.len()).map(|group| !outer.contains(&group)).collect());
    }
    let mut inner = vec![vec![false; groups.len()]];
    for side in sides {
        let own = &side.groups[shared..];
        inner = inner
            .iter()
            .flat_map(|begins| {
                let can_begin = |from: &usize| own.get(*from).is_none_or(|&group| !groups[group].is_beside);
                (0..=own.len()).filter(can_begin).map(|from| {
                    let mut begins = begins.clone();
                    own[from..].iter().for_each(|&group| begins[group] = true);
                    begins
                })
            })
            .collect();
    }
    all.extend(inner);
    let own = |begins: &[bool]| {
        let is_own = |role: &Role| !matches!(role, Role::Group(group) if !begins[*group]);
        (0..roles.len()).filter(|&role| is_own(&roles[role])).collect()
    };
    let count = |begins: &[bool]| begins.iter().filter(|begins| **begins).count() as u32;
    all.into_iter().map(|begins| Start { own: own(&begins), count: count(&begins), begins }).collect()
}

//! Columns of a grid that no profile knows, in a form that no profile knows:
//! what stands in them is keyed by their headers.

use std::collections::{HashMap, HashSet};

use formgrid_model::{Indicator, Place, Row};

use crate::grid::CellId;
use crate::place::{part, place};

/// Gives each indicator the cells of its row, under their headers. Returns the
/// cells that are in no indicator's row, or whose header stands twice.
pub(crate) fn key_by_headers(
    indicators: &mut [Indicator],
    rows: &[&Row<'_>],
    cells: Vec<(String, CellId)>,
) -> (Vec<CellId>, Vec<(String, CellId)>) {
    let mut seen = HashSet::new();
    let headers: Vec<String> =
        cells.iter().filter(|(header, _)| seen.insert(header)).map(|(header, _)| header.clone()).collect();
    let mut of_row: HashMap<u32, HashMap<String, Vec<CellId>>> = HashMap::new();
    for (header, id) in &cells {
        of_row.entry(id.row).or_default().entry(header.clone()).or_default().push(*id);
    }
    let mut keyed = Vec::new();
    let row_of = rows_by_place(rows);
    for indicator in indicators {
        let row =
            places(indicator).filter_map(|place| row_of.get(&(place.line, place.row, place.column))).max();
        for header in &headers {
            let ids = row.and_then(|row| of_row.get(row)?.get(header.as_str()));
            let id = ids.filter(|ids| ids.len() == 1).map(|ids| ids[0]);
            keyed.extend(id);
            let text = id.map(|id| part(&rows[id.row as usize].cells[id.cell as usize]));
            indicator.further.push((key(header), text));
        }
    }
    let are_keyed: HashSet<CellId> = keyed.iter().copied().collect();
    let rest = cells.into_iter().filter(|(_, id)| !are_keyed.contains(id)).collect();
    (keyed, rest)
}

/// A header as a key: as printed, on one line.
fn key(header: &str) -> String {
    header.chars().filter(|c| !c.is_whitespace()).collect()
}

fn rows_by_place(rows: &[&Row<'_>]) -> HashMap<(u32, u32, u32), u32> {
    let cells = (0..).zip(rows).flat_map(|(at, row)| row.filled().map(move |cell| (at, place(cell))));
    cells.map(|(at, Place { line, row, column, .. })| ((line, row, column), at)).collect()
}

fn places(indicator: &Indicator) -> impl Iterator<Item = &Place> {
    let further = indicator.further.iter().map(|(_, part)| part);
    let parts = indicator.levels.iter().chain(further).flatten().map(|part| &part.place);
    parts.chain(indicator.target.iter().map(|target| &target.place))
}

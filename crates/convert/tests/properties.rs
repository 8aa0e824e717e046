//! What holds for every form and every document, on generated ones.

mod common;
mod sheet;

use common::{convert_checked, path, value_text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sheet::{Layout, Section, Sheet, layouts, render, render_stacked, sheets};

/// Damage to a grid: a cell by its index, and what is done to it.
#[derive(Debug, Clone)]
enum Damage {
    Span(Index, usize),
    Delete(Index),
    Blank(Index),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let damage = prop_oneof![
        3 => (any::<Index>(), 1_usize..6).prop_map(|(at, rows)| Damage::Span(at, rows)),
        1 => any::<Index>().prop_map(Damage::Delete),
        1 => any::<Index>().prop_map(Damage::Blank),
    ];
    vec(damage, 1..5)
}

fn damaged(sheet: &Sheet, damages: &[Damage]) -> [Section; 4] {
    let mut sections = sheet.sections();
    for damage in damages {
        // The labels and the grid, its header too.
        let mut cells: Vec<(usize, usize, usize)> = Vec::new();
        for section in [1, 3] {
            for (row, slots) in sections[section].iter().enumerate() {
                cells.extend((0..slots.len()).map(|slot| (section, row, slot)));
            }
        }
        let (Damage::Span(at, _) | Damage::Delete(at) | Damage::Blank(at)) = damage;
        let (section, row, slot) = cells[at.index(cells.len())];
        let row = &mut sections[section][row];
        match damage {
            Damage::Span(_, rows) => row[slot].rowspan = *rows,
            Damage::Delete(_) => drop(row.remove(slot)),
            Damage::Blank(_) => row[slot].text.clear(),
        }
    }
    sections
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_rendered_is_extracted(
        sheet in sheets(),
        layout in layouts(),
        is_noisy in any::<bool>(),
        is_airy in any::<bool>(),
    ) {
        let document = render(&sheet.sections(), layout, is_noisy, is_airy);
        let converted = convert_checked(document.as_bytes());
        prop_assert_eq!(converted.records.len(), 1, "{}", document);
        let record = &converted.records[0];
        for field in &record.fields {
            let expected = match &*field.key {
                "title" => Some("财政项目支出绩效目标表".to_owned()),
                "year" => Some("2020".to_owned()),
                "applicant" => Some("林桥塔".to_owned()),
                key => sheet.entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.clone()),
            };
            prop_assert_eq!(field.value.as_ref().map(value_text), expected, "{}\n{}", field.key, document);
        }
        // A lone name that no profile knows, without a value beside it, reads as
        // much like a row that a wrong span has moved: then a doubt must say so.
        let expected = sheet.indicators();
        prop_assert_eq!(record.indicators.len(), expected.len(), "{}", document);
        for (indicator, expected) in record.indicators.iter().zip(expected) {
            let target = indicator.target.as_ref().map(|target| target.text.clone());
            if indicator.confidence.is_none() {
                prop_assert_eq!((path(indicator), target), expected, "{}", document);
                prop_assert_eq!(&indicator.repair, &None, "{}", document);
            }
        }
        prop_assert_eq!(&record.unmapped, &[], "{}", document);
        let outside: usize = converted.outside.iter().map(Vec::len).sum();
        let noise = match layout {
            Layout::OneTable | Layout::SeveralTables => 4,
            _ => 6,
        };
        prop_assert_eq!(outside, if is_noisy { noise } else { 0 }, "{}", document);
    }

    #[test]
    fn damage_loses_no_cell(sheet in sheets(), layout in layouts(), damages in damages()) {
        let document = render(&damaged(&sheet, &damages), layout, false, true);
        let converted = convert_checked(document.as_bytes());
        prop_assert_eq!(converted, convert_checked(document.as_bytes()));
    }

    #[test]
    fn what_is_stacked_is_extracted(sheet in sheets()) {
        let sheet = sheet.with_known_words();
        prop_assume!(!sheet.groups.is_empty());
        let document = render_stacked(&sheet.sections());
        let converted = convert_checked(document.as_bytes());
        prop_assert_eq!(converted.records.len(), 1, "{}", document);
        let record = &converted.records[0];
        for entry in &sheet.entries {
            let field = record.fields.iter().find(|field| field.key == entry.key);
            let value = field.and_then(|field| field.value.as_ref()).map(value_text);
            prop_assert_eq!(value, entry.value.clone(), "{}\n{}", entry.key, document);
        }
        let indicators: Vec<_> = record
            .indicators
            .iter()
            .map(|indicator| (path(indicator), indicator.target.as_ref().map(|target| target.text.clone())))
            .collect();
        prop_assert_eq!(indicators, sheet.indicators(), "{}", document);
        prop_assert_eq!(&record.unmapped, &[], "{}", document);
    }

    #[test]
    fn damage_to_a_stack_loses_no_cell(sheet in sheets(), damages in damages()) {
        let document = render_stacked(&damaged(&sheet, &damages));
        let converted = convert_checked(document.as_bytes());
        prop_assert_eq!(converted, convert_checked(document.as_bytes()));
    }

    #[test]
    fn broken_bytes_lose_no_cell(
        sheet in sheets(),
        layout in layouts(),
        breaks in vec((any::<Index>(), 0_usize..40, vec(any::<u8>(), 0..4)), 0..6),
    ) {
        let mut document = render(&sheet.sections(), layout, true, true).into_bytes();
        for (at, length, bytes) in breaks {
            let start = at.index(document.len());
            let end = document.len().min(start + length);
            document.splice(start..end, bytes);
        }
        let converted = convert_checked(&document);
        prop_assert_eq!(converted, convert_checked(&document));
    }

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..400)) {
        convert_checked(&bytes);
    }

    #[test]
    fn any_markup_and_words_are_read(pieces in vec(prop::sample::select(PIECES), 0..60)) {
        convert_checked(pieces.concat().as_bytes());
    }
}

/// What the properties found, one minimal document each.
#[test]
fn what_lost_a_cell_once_loses_none() {
    let header = "一级目标\t二级目标\t三级目标\t指标目标值";
    for document in [
        // A column without a value, a title beside the header, a first row that
        // has run into it.
        format!("{header}\t备注\n产出目标\t数量\t桥\t=2座\t\n"),
        format!("绩效目标\t{header}\n\t产出目标\t数量\t桥\t=2座\n"),
        format!("{header}\t产出目标\t数量\t桥\t=2座\n\t\t井\t=3口\n"),
        // A row of level cells alone, whose first word stands again below.
        "财政项目支出绩效目标表\n项目名称：\t桥\n一级目标\t二级目标\t三级目标\n丁\t4份\n丁\t\t=100%\n".to_owned(),
        "<table><tr><td>财政项目支出绩效目标表<tr><td>项目名称：<td>桥<tr><td>一级目标<td>二级目标<td>三级目标\
         <tr><td>丁<td>4份<tr><td>丁<td>=100%</table>"
            .to_owned(),
        // A row of level cells alone on one side, and a row of the other side.
        format!("{header}\n\t\t财政\t二级目标\t三级目标\t指标目标值\n\t丁\n\t\t面积\t=1\n"),
        // A colon alone, labels that share a cell.
        "财政项目支出绩效目标表\n项目名称：\t桥\n：\t井\n".to_owned(),
        "财政项目支出绩效目标表\n项目名称：\t桥\n项目总预算（元）：<br>绩效类型：\t井\n".to_owned(),
    ] {
        convert_checked(document.as_bytes());
    }
}

/// What documents are made of; strung together they are mostly nonsense.
const PIECES: &[&str] = &[
    "财政项目支出绩效目标表",
    "(2020年度)",
    "申报单位名称：",
    "项目名称：",
    "项目类别",
    "丁",
    "乙：丙",
    "：",
    "\n",
    "\n",
    "\n\n",
    "\r",
    "\t",
    "\t",
    "\t",
    "\t\t\t",
    "一级目标",
    "二级目标",
    "三级目标",
    "指标目标值",
    "一级目标\t二级目标\t三级目标\t指标目标值\n",
    "产出目标",
    "数量",
    "质量",
    "=100%",
    "7,500",
    "项目总预算（元）：",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<td rowspan=3>",
    "<td colspan=4>",
    "<th rowspan=0>",
    "<caption>",
    "<p>",
    "</p>",
    "<br>",
    "&nbsp;",
    "\u{3000}",
    "\"",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<tbody>",
    "<td colspan=1000 rowspan=65534>",
    "\0",
    "\u{feff}",
];

use formgrid_model::{Cell, Row, Source};
use formgrid_profile::Profiles;

use super::super::columns::Columns;
use super::read_stream;

/// A profile of four levels and three further columns.
const FOUR: &str = r#"
name = "four"
title = "四级"
description = "four levels"
titles = ["四级表"]
headings = []

[[grid.level]]
headers = ["一级"]
words = ["产出", "效益"]
[[grid.level]]
headers = ["二级"]
words = ["数量", "质量", "社会效益"]
[[grid.level]]
headers = ["三级"]
[[grid.level]]
headers = ["四级"]
[grid.columns]
target = ["目标值"]
actual = ["实际值"]
score = ["得分"]
"#;

/// Reads lines below a header, both parted by spaces, `_` being a blank line;
/// draws each row as its cells, levels above it in brackets, `?` for a doubt,
/// and each text that is none of the grid in braces.
#[track_caller]
fn check(profile: &str, header: &str, lines: &str, expected: &str) {
    let mut profiles = Profiles::builtin();
    profiles.add(FOUR).unwrap();
    let rule = &profiles.get(profile).unwrap().grid;
    let heads: Vec<Cell<'_>> = header.split(' ').map(Cell::new).collect();
    let columns = Columns::read(&[&Row::line(heads)], rule).unwrap();
    let (mut run, mut rows) = (1, Vec::new());
    for (number, text) in (2..).zip(lines.split_whitespace()) {
        let cell = Cell { line: number, ..Cell::new(text) };
        match text {
            "_" => run += 1,
            _ => rows.push(Row { source: Source::Line { run }, ..Row::line(vec![cell]) }),
        }
    }
    let lines: Vec<&Row<'_>> = rows.iter().collect();
    let (rows, explained) = read_stream(&columns, &lines, 1, rule);
    let mut drawn: Vec<String> = explained
        .indicators
        .iter()
        .map(|indicator| {
            let further = indicator.further.iter().map(|(_, part)| part);
            let levels = indicator.levels.iter().chain(further).map(|part| part.as_ref().map(|p| &*p.text));
            let mut texts: Vec<&str> = levels.map(|text| text.unwrap_or("_")).collect();
            let target = indicator.target.as_ref().map_or("_", |target| &target.text);
            texts.insert(indicator.levels.len(), target);
            texts.join(" ") + if indicator.confidence.is_some() { " ?" } else { "" }
        })
        .collect();
    let used: usize = explained.used.len() + explained.unmapped.len();
    let strays = rows.iter().map(|row| row.cells.len()).sum::<usize>() - used;
    drawn.extend((strays > 0).then(|| format!("{strays} of no row")));
    assert_eq!(drawn, expected.lines().map(str::trim).collect::<Vec<_>>());
}

const SHANGHAI: &str = "shanghai-project-target";
const HEADER: &str = "一级目标 二级目标 三级目标 指标目标值";

#[test]
fn a_row_ends_with_its_value() {
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 =3个 桌子 =5张 质量 合格率 =100% 效果目标 满意度 读者 好",
        "产出目标 数量 座位 =3个
         产出目标 数量 桌子 =5张
         产出目标 质量 合格率 =100%
         效果目标 满意度 读者 好",
    );
}

#[test]
fn a_blank_line_is_a_blank_cell_where_others_are() {
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 _ 桌子 =5张 质量 合格 _ 时效 按期 _ 及时发放 =100%",
        "产出目标 数量 座位 _
         产出目标 数量 桌子 =5张
         产出目标 质量 合格 _
         产出目标 时效 按期 _
         产出目标 时效 及时发放 =100%",
    );
}

#[test]
fn blank_lines_may_part_rows_or_lines() {
    let rows = "产出目标 数量 座位 =3个
         产出目标 数量 桌子 _
         产出目标 质量 合格率 =100%";
    check(SHANGHAI, HEADER, "产出目标 数量 座位 =3个 _ 桌子 _ 质量 合格率 =100%", rows);
    let rows = "产出目标 数量 座位 =3个
         产出目标 数量 桌子 =5张
         产出目标 质量 合格率 =100%";
    check(SHANGHAI, HEADER, "产出目标 _ 数量 _ 座位 _ =3个 _ 桌子 _ =5张 _ 质量 _ 合格率 _ =100%", rows);
    check(SHANGHAI, HEADER, "产出目标 数量 座位 =3个 _ _ 桌子 =5张 _ 质量 合格率 =100%", rows);
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 =3个 产出目标 数量 桌子 =5张 产出目标 质量 合格率 =100%",
        rows,
    );
}

#[test]
fn two_indicators_without_a_value_are_one_with_a_doubt() {
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 =3个 桌子 =5张 社区书屋 流动书车 质量 合格率 =100%",
        "产出目标 数量 座位 =3个
         产出目标 数量 桌子 =5张
         产出目标 数量 社区书屋 流动书车 ?
         产出目标 质量 合格率 =100%",
    );
}

#[test]
fn a_note_is_no_row() {
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 =3个 桌子 =5张 总分 100 填表人： 周苇 备注：每年一次",
        "产出目标 数量 座位 =3个
         产出目标 数量 桌子 =5张
         5 of no row",
    );
}

#[test]
fn the_number_of_a_page_ends_no_row() {
    check(
        SHANGHAI,
        HEADER,
        "产出目标 数量 座位 第2页 =3个 桌子 =5张 _ —3— _ 质量 第4页共6页 合格率 =100%",
        "产出目标 数量 座位 =3个
         产出目标 数量 桌子 =5张
         产出目标 质量 合格率 =100%
         3 of no row",
    );
}

#[test]
fn levels_and_columns_may_be_more() {
    check(
        "four",
        "一级 二级 三级 四级 目标值 实际值 得分",
        "产出 数量 房屋 修缮面积 =300平方米 310平方米 10 修缮间数 =12间 12间 10 \
         道路 铺设长度 >=2公里 2公里 8 质量 房屋 验收合格率 =100% _ 9 \
         效益 社会效益 居民 居住条件 改善 改善 5",
        "产出 数量 房屋 修缮面积 =300平方米 310平方米 10
         产出 数量 房屋 修缮间数 =12间 12间 10
         产出 数量 道路 铺设长度 >=2公里 2公里 8
         产出 质量 房屋 验收合格率 =100% _ 9
         效益 社会效益 居民 居住条件 改善 改善 5",
    );
}

#[test]
fn many_lines_take_linear_time() {
    let profiles = Profiles::builtin();
    let rule = &profiles.get(SHANGHAI).unwrap().grid;
    let columns = Columns::read(&[&Row::line(HEADER.split(' ').map(Cell::new).collect())], rule).unwrap();
    for text in ["=100%", "座位", "产出目标", "备注："] {
        let rows: Vec<Row<'_>> =
            (2..1000).map(|line| Row::line(vec![Cell { line, ..Cell::new(text) }])).collect();
        let lines: Vec<&Row<'_>> = rows.iter().collect();
        let (rows, _) = read_stream(&columns, &lines, 1, rule);
        assert_eq!(rows.iter().map(|row| row.cells.len()).sum::<usize>(), lines.len());
    }
}

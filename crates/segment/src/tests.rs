use formgrid_model::{Block, Cell, Piece, Row, Source};
use formgrid_profile::Profiles;

use super::{Segment, segment};

/// Draws each form as the pieces of its rows (`C`aption, `L`abels, grid
/// `H`eader, `G`rid), and each row outside as its text in brackets.
#[track_caller]
fn check(text: &str, expected: &str) {
    check_with(crate::MOST_CELLS, text, expected);
}

/// The same with so many rows and cells in a form.
#[track_caller]
fn check_with(most: u32, text: &str, expected: &str) {
    let profiles = Profiles::builtin();
    let mut run = 1;
    let mut blocks = Vec::new();
    for line in text.lines() {
        if line.trim_matches(' ').is_empty() {
            run += 1;
            continue;
        }
        let cells = line.trim_matches(' ').split('\t').map(|cell| Cell::new(cell.to_owned())).collect();
        blocks.push(Block::Line(Row { source: Source::Line { run }, ..Row::line(cells) }));
    }
    let drawn: Vec<String> = segment(blocks.into_iter(), &profiles, most)
        .map(|segment| match segment {
            Segment::Form(form) => form
                .rows
                .iter()
                .map(|(piece, _)| match piece {
                    Piece::Caption => 'C',
                    Piece::Labels => 'L',
                    Piece::GridHeader => 'H',
                    Piece::Grid => 'G',
                })
                .collect(),
            Segment::Outside(row) => {
                format!("[{}]", row.filled().map(|c| &*c.text).collect::<Vec<_>>().join("|"))
            }
            Segment::Diagnostic(diagnostic) => diagnostic.to_string(),
        })
        .collect();
    assert_eq!(drawn.join(" "), expected);
}

const TITLE: &str = "财政项目支出绩效目标表\n(2020年度)\n申报单位名称：甲\n";
const LABELS: &str = "项目名称：\t乙\t项目类别：\t丙\n";
const GRID: &str = "2020年绩效目标\n一级目标\t二级目标\t三级目标\t指标目标值\n产出目标\t数量\t座位\t=3个\n\t质量\t合格\t好\n";

#[test]
fn a_form_ends_where_the_next_begins() {
    check(&format!("{TITLE}{LABELS}{GRID}{TITLE}{LABELS}{GRID}"), "CCLLCHGG CCLLCHGG");
    check(&format!("{TITLE}\n{LABELS}\n{GRID}\n{LABELS}\n{GRID}"), "CCLLCHGG LCHGG");
}

#[test]
fn the_rest_of_a_form_that_is_too_large_is_none_of_its_own() {
    let header = "一级目标\t二级目标\t三级目标\t指标目标值\n";
    let row = "产出目标\t数量\t座位\t=3个\n";
    let (header_out, row_out) = ("[一级目标|二级目标|三级目标|指标目标值]", "[产出目标|数量|座位|=3个]");
    let rest = format!("{header_out} {row_out}");
    check_with(
        20,
        &format!("{}{TITLE}{header}{row}", format!("{header}{row}").repeat(4)),
        &format!("HGHG {rest} {rest} CCLHG"),
    );
}

#[test]
fn a_page_head_does_not_begin_a_form() {
    let more = "\t时效\t准时\t好\n";
    check(&format!("{TITLE}{LABELS}{GRID}{TITLE}{more}"), "CCLLCHGGCCCG");
    check(&format!("{TITLE}{GRID}{TITLE}{GRID}"), "CCLCHGGCCCCHGG");
    let other = "财政项目支出绩效目标表\n(2021年度)\n申报单位名称：乙\n";
    check(&format!("{TITLE}{GRID}{other}{GRID}"), "CCLCHGG CCLCHGG");
    check(&format!("{TITLE}{LABELS}{TITLE}{GRID}"), "CCLLCCCCHGG");
    check(&format!("{TITLE}{LABELS}\n项目名称：\t乙\n{GRID}"), "CCLLLCHGG");
    check(&format!("{TITLE}{LABELS}{GRID}（续表）\t\t\t\n{more}"), "CCLLCHGGGG");
}

#[test]
fn a_caption_may_stand_in_several_cells() {
    check(
        &format!("财政项目支出绩效目标表\t（2020年度）\n（2020年度）\t金额单位：万元\n{LABELS}{GRID}"),
        "CCLCHGG",
    );
}

#[test]
fn other_tables_are_not_the_grid() {
    check(
        &format!("{TITLE}{LABELS}{GRID}\n年份\t金额\t人数\t次数\n2019\t5\t3\t2\n"),
        "CCLLCHGG [年份|金额|人数|次数] [2019|5|3|2]",
    );
    check(&format!("{TITLE}{LABELS}{GRID}\n友情链接\t数量\t12\n"), "CCLLCHGG [友情链接|数量|12]");
    check(&format!("{TITLE}{LABELS}{GRID}\n效果目标\t满意度\t市民\t好\n"), "CCLLCHGGG");
}

/// The farther a row stands from the grid, the more must speak for it.
#[test]
fn the_grid_may_go_on_in_another_table() {
    let form = format!("{TITLE}{LABELS}{GRID}");
    check(&format!("{form}\n新目标\t新类\t档案\t12份\n\t又类\t卷宗\t好\n"), "CCLLCHGGGG");
    check(&format!("{form}\n第2页\n新目标\t新类\t档案\t良好\n"), "[第2页] CCLLCHGGG");
    check(&format!("{form}\n\t\t档案\t齐全\n"), "CCLLCHGGG");
    check(&format!("{form}\n附：人口\n东区\t一类\t人口\t5万\n"), "CCLLCHGG [附：人口] [东区|一类|人口|5万]");
    check(&format!("{form}\n张三\t处长\t科室\t62345678\n"), "CCLLCHGG [张三|处长|科室|62345678]");
    check(&format!("{form}\n首页\t新闻\t公开\t联系\n"), "CCLLCHGG [首页|新闻|公开|联系]");
    check(&format!("{form}\n\t一季度\t二季度\t三季度\n"), "CCLLCHGG [一季度|二季度|三季度]");
}

#[test]
fn a_grid_without_title_or_label_may_begin_anew() {
    let header = "一级目标\t二级目标\t三级目标\t指标目标值\n";
    let (first, second) = ("产出目标\t数量\t座位\t=3个\n", "效果目标\t满意度\t市民\t好\n");
    check(&format!("{header}{first}{second}{header}{first}{second}"), "HGG HGG");
    check(&format!("{header}{first}{second}\n乙项目\n\n{header}{first}"), "[乙项目] HGG HG");
    check(&format!("{header}{first}{header}{first}{second}"), "HGHGG");
    check(&format!("{header}{first}{second}{header}{second}"), "HGGHG");
    check(&format!("{TITLE}{header}{first}{second}{header}{first}"), "CCLHGGHG");
}

#[test]
fn texts_and_pairs_stay_inside_the_labels() {
    check(&format!("{TITLE}{LABELS}\n联系人\t丁\n\n{GRID}"), "CCLLLCHGG");
    check(&format!("{TITLE}{LABELS}项目概况：\t一。\n二，三\n2.四\n{GRID}"), "CCLLLLLCHGG");
    check(&format!("{TITLE}{LABELS}\n首页\t新闻\t公开\n\n{GRID}"), "[首页|新闻|公开] CCLLCHGG");
}

#[test]
fn a_moved_indicator_may_read_like_a_label() {
    check(&format!("{TITLE}{LABELS}{GRID}项目概况\t\t\t有效\n"), "CCLLCHGGG");
    check(&format!("{TITLE}{LABELS}{GRID}项目概况：\t\t\t甲\n"), "CCLLCHGGL");
}

#[test]
fn a_label_word_in_the_grid_is_no_label() {
    check(&format!("{TITLE}{LABELS}{GRID}\t\t项目名称\t规范\n\t\t立项依据\t好\n"), "CCLLCHGGGG");
}

/// Where covered slots are dropped, a row may begin with a word that is a label,
/// of this form or of another one.
#[test]
fn a_row_of_the_grid_may_begin_with_a_label_word() {
    check(&format!("{TITLE}{LABELS}{GRID}项目名称\t规范\t\t\n立项依据\t座位\t=3个\t\n"), "CCLLCHGGGG");
    let bare = "项目名称\t桥\n";
    check(&format!("{TITLE}{bare}{GRID}预算执行率\t=100%\t\t\n"), "CCLLCHGGG");
    check(&format!("{TITLE}{bare}{GRID}立项依据充分性\t座位\t充分\t\n"), "CCLLCHGGG");
    check(&format!("{TITLE}{bare}{GRID}预算执行率\t\t\t=100%\t95%\t10\n"), "CCLLCHGGG");
    check(&format!("{TITLE}{bare}{GRID}项目负责人\t张三\n"), "CCLLCHGGL");
    check(&format!("{TITLE}{LABELS}{GRID}项目负责人：\t张三\t\t\n"), "CCLLCHGGL");
}

#[test]
fn a_header_may_have_two_rows() {
    let two = "2020年绩效目标\n绩效目标\t\t\t指标目标值\n一级目标\t二级目标\t三级目标\t\n产出目标\t数量\t座位\t=3个\n";
    check(&format!("{TITLE}{LABELS}{two}"), "CCLLCHHG");
}

#[test]
fn noise_stays_outside() {
    check(&format!("首页\t项目名称\t联系\n{TITLE}{LABELS}{GRID}"), "[首页|项目名称|联系] CCLLCHGG");
    check("项目名称\t项目类别\t绩效类型\n甲\t乙\t丙\n", "[项目名称|项目类别|绩效类型] [甲|乙|丙]");
    check(
        &format!("首页\t新闻\n\n{TITLE}{LABELS}第1页\n\n{GRID}\n版权所有\n"),
        "[首页|新闻] [第1页] CCLLCHGG [版权所有]",
    );
    check(
        &format!("财政项目支出绩效目标表\n另一篇\n\n{TITLE}{LABELS}"),
        "[财政项目支出绩效目标表] [另一篇] CCLL",
    );
    check("项目名称\n其他\n", "[项目名称] [其他]");
}

#[test]
fn unknown_labels_stay_inside() {
    check(&format!("{TITLE}{LABELS}联系人：\t丁\n{GRID}"), "CCLLLCHGG");
}

#[test]
fn a_form_may_be_cut_off() {
    check(&format!("{TITLE}{LABELS}"), "CCLL");
    check("财政项目支出绩效目标表\n项目名称：\t乙\n", "CL");
}

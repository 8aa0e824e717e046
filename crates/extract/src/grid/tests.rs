use formgrid_model::{Cell, Row};
use formgrid_profile::{GridRule, Profiles};

use super::columns::Columns;
use super::explain::explain;
use super::{Grid, Layout, decode};

const HEADER: &str = "一级目标|二级目标|三级目标|指标目标值";

/// Draws a line of cells; `_` is a blank one.
fn line(number: u32, text: &str) -> Row<'_> {
    let cell = |text: &'static str| Cell { line: number, row: number, ..Cell::new(text) };
    let text: &'static str = text.to_owned().leak();
    Row::line(text.split('|').map(|text| if text == "_" { cell("") } else { cell(text) }).collect())
}

/// Reads a grid and draws each indicator as `level1/level2/level3=target`, with
/// `!kind` for a repair and `?confidence` for a doubt.
#[track_caller]
fn check(grid: &str, layout: Layout, expected: &str) {
    check_under(&[HEADER], grid, layout, expected);
}

/// The same under another header.
#[track_caller]
fn check_under(header: &[&str], grid: &str, layout: Layout, expected: &str) {
    let profiles = Profiles::builtin();
    check_form(&profiles.iter().next().unwrap().grid, header, grid, layout, expected);
}

/// The same in a form of this rule.
#[track_caller]
fn check_form(rule: &GridRule, header: &[&str], grid: &str, layout: Layout, expected: &str) {
    let header: Vec<Row<'_>> = header.iter().map(|text| line(1, text)).collect();
    let columns = Columns::read(&header.iter().collect::<Vec<_>>(), rule).unwrap();
    let rows: Vec<Row<'_>> =
        (2..).zip(grid.lines()).map(|(number, text)| line(number, text.trim())).collect();
    let rows: Vec<&Row<'_>> = rows.iter().collect();
    let grid = Grid::new(&columns, &rows, rule);
    let (readings, found) = decode(&grid);
    let explained = explain(&grid, &readings, found, rule);
    let drawn: Vec<String> = explained
        .indicators
        .iter()
        .map(|indicator| {
            let levels = indicator.levels.iter().map(|level| level.as_ref().map_or("_", |level| &level.text));
            let path = levels.collect::<Vec<_>>().join("/");
            let target = indicator.target.as_ref().map_or("_", |target| &target.text);
            let repair =
                indicator.repair.as_ref().map_or(String::new(), |repair| format!(" !{}", repair.kind.name()));
            let doubt = indicator.confidence.map_or(String::new(), |confidence| format!(" ?{confidence}"));
            format!("{path}={target}{repair}{doubt}")
        })
        .collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(drawn, expected);
    assert_eq!(found, layout);
}

#[test]
fn a_sound_grid_is_read_as_it_stands() {
    check(
        "投入与管理|投入管理|预算执行率|=100%
         _|_|指标调整率|=0
         _|财务管理|财务制度健全性|健全
         产出目标|数量|座位|_",
        Layout::Blanked,
        "投入与管理/投入管理/预算执行率==100%
         投入与管理/投入管理/指标调整率==0
         投入与管理/财务管理/财务制度健全性=健全
         产出目标/数量/座位=_",
    );
}

#[test]
fn a_span_too_long_shifts_rows_to_the_right() {
    check(
        "产出目标|数量|修建完成率|=100%
         _|时效|完成及时性|=100%
         _|效果目标|社会效益|保障基地安全
         保障基地清洁卫生|_|_|有效
         满意度|_|实施单位满意度|=90%
         _|_|入驻人员满意度|90%
         影响力目标|长效管理|回访机制|建立",
        Layout::Blanked,
        "产出目标/数量/修建完成率==100%
         产出目标/时效/完成及时性==100%
         效果目标/社会效益/保障基地安全=_ !span-too-long
         效果目标/社会效益/保障基地清洁卫生=有效 !span-too-long
         效果目标/满意度/实施单位满意度==90% !span-too-long
         效果目标/满意度/入驻人员满意度=90% !span-too-long
         影响力目标/长效管理/回访机制=建立",
    );
}

#[test]
fn a_span_too_short_shifts_rows_to_the_left() {
    check(
        "投入与管理|投入管理|预算执行率|=100%
         _|实施管理|合同管理规范性|规范
         进度控制有效性|_|有效|_
         产出目标|数量|大赛专报|=1份",
        Layout::Blanked,
        "投入与管理/投入管理/预算执行率==100%
         投入与管理/实施管理/合同管理规范性=规范
         投入与管理/实施管理/进度控制有效性=有效 !span-too-short
         产出目标/数量/大赛专报==1份",
    );
}

#[test]
fn repeated_and_dropped_slots_are_no_damage() {
    check(
        "投入与管理|投入管理|预算执行率|=100%
         投入与管理|投入管理|指标调整率|=0
         产出目标|数量|座位|3个",
        Layout::Repeated,
        "投入与管理/投入管理/预算执行率==100%
         投入与管理/投入管理/指标调整率==0
         产出目标/数量/座位=3个",
    );
    check(
        "投入与管理|投入管理|预算执行率|=100%
         指标调整率|=0|_|_
         财务管理|财务制度健全性|健全|_
         产出目标|数量|座位|3个",
        Layout::Dropped,
        "投入与管理/投入管理/预算执行率==100%
         投入与管理/投入管理/指标调整率==0
         投入与管理/财务管理/财务制度健全性=健全
         产出目标/数量/座位=3个",
    );
}

/// Whole rows may be sound ones each, where covered slots were dropped; a word
/// that is printed again in every row says otherwise.
#[test]
fn a_word_in_every_row_covers_them() {
    check(
        "运维水平|消防气象|毕业生及时性|严格执行
         统计工作|平台情况|系统稳定性|＞39场
         统计工作|平台情况|苗木知晓度|9平方米
         统计工作|平台情况|网络可用率|99%
         统计工作|平台情况|机房巡检|24次
         桥梁购置数量|平台情况|≧95%|_
         论坛改造效果|平台情况|≧95%|_",
        Layout::Repeated,
        "运维水平/消防气象/毕业生及时性=严格执行
         统计工作/平台情况/系统稳定性=＞39场
         统计工作/平台情况/苗木知晓度=9平方米
         统计工作/平台情况/网络可用率=99%
         统计工作/平台情况/机房巡检=24次
         统计工作/平台情况/桥梁购置数量=≧95% !span-too-short
         统计工作/平台情况/论坛改造效果=≧95% !span-too-short",
    );
}

#[test]
fn a_sum_that_was_pushed_to_the_right_is_no_indicator() {
    check(
        "产出目标|数量|座位|3个
         _|质量|合格率|=95%
         _|_|合计|100
         _|效果目标|社会效益|知晓度",
        Layout::Blanked,
        "产出目标/数量/座位=3个
         产出目标/质量/合格率==95%
         效果目标/社会效益/知晓度=_ !span-too-long",
    );
}

/// Two spans too long, one of which lands in the column of the values: rows
/// below leave that slot blank and have their value behind it.
#[test]
fn a_level_cell_may_cover_slots_of_values() {
    let profiles = Profiles::builtin();
    check_form(
        &profiles.get("national-self-evaluation").unwrap().grid,
        &["一级指标|三级指标|年度指标值|实际完成值|偏差原因分析及改进措施"],
        "产出指标|档案归集数|逐年递增|—|_
         _|效益指标|交通拥堵时长|≤9分|8分
         _|_|居民知晓度|达到90%以上|91%
         _|_|满意度指标|设备稳定性|规范
         网站使用率|_|_|45|45
         绿地维修次数|_|_|不少于2次|3次
         服务指标|课程完成率|_|≥90%|92%
         _|走访户数|_|41|40
         _|团队知晓度|≥90%|95%|见年报",
        Layout::Blanked,
        "产出指标/_/档案归集数=逐年递增
         效益指标/_/交通拥堵时长=≤9分 !span-too-long
         效益指标/_/居民知晓度=达到90%以上 !span-too-long
         满意度指标/_/设备稳定性=规范 !span-too-long
         满意度指标/_/网站使用率=45 !span-too-long
         满意度指标/_/绿地维修次数=不少于2次 !span-too-long
         服务指标/_/课程完成率=≥90% !span-too-long
         服务指标/_/走访户数=41 !span-too-long
         服务指标/_/团队知晓度=≥90% ?0.992",
    );
}

const TWO_SIDES: [&str; 2] =
    ["一级指标|实施期|_|_|年度|_|_", "_|二级指标|三级指标|指标值|二级指标|三级指标|指标值"];

const BOTH: &str = "产出目标/数量/培训人次=300人
     产出目标/数量/本年培训人次=100人
     产出目标/数量/培训班次=9期
     产出目标/质量/合格率=≥90%
     产出目标/质量/总合格率=≥95%
     效果目标/社会效益/知晓率=≥80%
     效果目标/社会效益/本年知晓率=≥70%
     效果目标/满意度/本年满意率=≥85%";

#[test]
fn grids_side_by_side_are_read_in_one_search() {
    check_under(
        &TWO_SIDES,
        "产出目标|数量|培训人次|300人|数量|本年培训人次|100人
         _|_|培训班次|9期|质量|合格率|≥90%
         _|质量|总合格率|≥95%|_|_|_
         效果目标|社会效益|知晓率|≥80%|社会效益|本年知晓率|≥70%
         _|_|_|_|满意度|本年满意率|≥85%",
        Layout::Blanked,
        BOTH,
    );
    check_under(
        &TWO_SIDES,
        "产出目标|数量|培训人次|300人|数量|本年培训人次|100人
         产出目标|数量|培训班次|9期|质量|合格率|≥90%
         产出目标|质量|总合格率|≥95%|_|_|_
         效果目标|社会效益|知晓率|≥80%|社会效益|本年知晓率|≥70%
         效果目标|_|_|_|满意度|本年满意率|≥85%",
        Layout::Repeated,
        BOTH,
    );
    check_under(
        &TWO_SIDES,
        "产出目标|数量|培训人次|300人|数量|本年培训人次|100人
         培训班次|9期|质量|合格率|≥90%
         质量|总合格率|≥95%|_|_|_
         效果目标|社会效益|知晓率|≥80%|社会效益|本年知晓率|≥70%
         _|_|_|满意度|本年满意率|≥85%",
        Layout::Dropped,
        BOTH,
    );
}

#[test]
fn a_wrong_span_on_one_side_shifts_the_other_and_both_are_put_right() {
    // 数量 on the left covers a row too many: the next row stands one column too
    // far to the right, and its last value fell off the edge.
    check_under(
        &TWO_SIDES,
        "产出目标|数量|培训人次|300人|数量|本年培训人次|100人
         _|_|培训班次|9期|质量|合格率|≥90%
         _|_|质量|总合格率|≥95%|时效|及时率
         _|时效|按时率|=100%|成本|人均成本|≤300元
         效果目标|社会效益|知晓率|≥80%|社会效益|本年知晓率|≥70%",
        Layout::Blanked,
        "产出目标/数量/培训人次=300人
         产出目标/数量/本年培训人次=100人
         产出目标/数量/培训班次=9期
         产出目标/质量/合格率=≥90%
         产出目标/质量/总合格率=≥95% !span-too-long
         产出目标/时效/及时率=_ !span-too-long
         产出目标/时效/按时率==100%
         产出目标/成本/人均成本=≤300元
         效果目标/社会效益/知晓率=≥80%
         效果目标/社会效益/本年知晓率=≥70%",
    );
}

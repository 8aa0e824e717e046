//! Documents made to exhaust a reader: each of a few units, repeated up to a
//! size.

use std::io::{self, Write};

/// A document or a container, by what it is.
pub(super) struct Case {
    /// What it is, in words.
    pub(super) name: &'static str,
    content: Content,
}

/// How its bytes are made.
enum Content {
    /// A unit that is repeated up to a size, between a start and an end.
    Repeated {
        start: String,
        unit: String,
        end: String,
    },
    Written(Writer),
}

type Writer = fn(&mut dyn Write) -> io::Result<()>;

impl Case {
    pub(super) fn written(name: &'static str, write: Writer) -> Case {
        Case { name, content: Content::Written(write) }
    }

    /// Writes it, a document with about so many bytes.
    pub(super) fn write(&self, size: usize, out: &mut dyn Write) -> io::Result<()> {
        let (start, unit, end) = match &self.content {
            Content::Repeated { start, unit, end } => (start, unit, end),
            Content::Written(write) => return write(out),
        };
        out.write_all(start.as_bytes())?;
        let mut left = size.saturating_sub(start.len() + end.len());
        for n in 0_u64.. {
            let unit = unit.replace("{n}", &n.to_string());
            let Some(rest) = left.checked_sub(unit.len()) else { break };
            left = rest;
            out.write_all(unit.as_bytes())?;
        }
        out.write_all(end.as_bytes())
    }
}

/// A document of bytes that say nothing.
fn undecodable(out: &mut dyn Write, unit: &[u8]) -> io::Result<()> {
    out.write_all(&unit.repeat(super::SIZE / unit.len()))
}

/// The beginning of a form with its grid's header, as lines.
const FORM: &str = "财政项目支出绩效目标表\n(2020年度)\n项目名称：\t图书馆修缮\n\
    一级目标\t二级目标\t三级目标\t指标目标值\n";

/// The header of a grid that may stand beside others.
const SIDES: &str = "一级指标\t二级指标\t三级指标\t指标值\t";

/// The same as a page, in a table that stays open.
const PAGE: &str = "<html><table><tr><td colspan=4>财政项目支出绩效目标表<tr><td>项目名称：<td>图书馆修缮\
    <tr><td>一级目标<td>二级目标<td>三级目标<td>指标目标值";

/// The beginning of a workbook, up to its rows.
const WORKBOOK: &str = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
    <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table>";

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    let case = |name, start: &str, unit: &str, end: &str| Case {
        name,
        content: Content::Repeated { start: start.into(), unit: unit.into(), end: end.into() },
    };
    let repeated = |name, unit: &str| case(name, "", unit, "");
    let page = |name, unit: &str| case(name, "<html>", unit, "x");
    let row = "产出目标\t数量\t修缮面积\t>=120平方米\n";
    let narrow = "产出指标\t数量\t面积\t1\n";
    let html_row = "<tr><td>产出目标<td>数量<td>修缮面积<td>120";
    vec![
        // Depth.
        page("div in div", "<div>"),
        page("div in div, with text", "<div>x"),
        page("b in b, each with another attribute", "<b id={n}>"),
        page("font in p in font", "<p><font size={n}>"),
        page("lists in lists", "<ul><li>"),
        page("svg in svg", "<svg><g>"),
        page("math in math", "<math><mi>"),
        page("select in select", "<select><option><div>"),
        page("template in template", "<template>"),
        page("button, form and a, each in the other", "<button><form><a>"),
        page("tables in tables", "<table><tr><td>"),
        page("tables in tables, with text", "<table><tr><td>x"),
        page("tables in captions", "<table><caption>"),
        page("tables right in tables", "<table>"),
        page("end tags without a start", "</div></p></table>"),
        page("divs opened and closed", "<div></div>"),
        // Markup that does not end.
        repeated("less-than signs", "<"),
        repeated("less-than signs between tabs", "<\t"),
        repeated("ampersands", "&"),
        repeated("character references", "&lt;"),
        repeated("character references between tabs", "a&lt;\t"),
        repeated("tags between tabs", "a<b>\t"),
        repeated("tags on lines", "a\tb<b>\n"),
        repeated("comments that do not end", "<!--"),
        repeated("comments in cells that do not end", "<!--\t"),
        page("comments", "<!---->"),
        page("CDATA that does not end", "<![CDATA["),
        page("tags that do not end", "<td "),
        page("quotes that do not end", "<td a=\""),
        page("script that does not end", "<script>"),
        case("endless attributes", "<html><table><td", " a{n}=1", ">x</table>"),
        case("an endless attribute", "<html><table><td colspan=\"", "1", "\">x</table>"),
        page("pages in pages", "<html>"),
        page("declarations", "<!doctype html>"),
        // Lines, cells, blanks.
        repeated("one line", "x"),
        repeated("one line of Chinese", "项"),
        repeated("tabs", "\t"),
        repeated("empty lines", "\n"),
        repeated("carriage returns", "\r"),
        repeated("blank cells on lines", "\t\n"),
        repeated("lines of one letter", "x\n"),
        repeated("cells of one letter", "x\t"),
        repeated("quotes", "\""),
        repeated("quoted cells", "\"a\"\t"),
        repeated("quotes that close on other lines", "\"a\n"),
        repeated("NUL", "\0"),
        Case::written("bytes that are no GB18030", |out| {
            out.write_all(b"<meta charset=gbk>\xcf\xee\xc4\xbf\t")?;
            undecodable(out, b"\xff")
        }),
        Case::written("bytes that are no UTF-16", |out| {
            out.write_all(b"\xff\xfe")?;
            undecodable(out, b"\0\xd8")
        }),
        Case::written("four bytes that are no GB18030, a line each", |out| {
            out.write_all("<meta charset=gbk>".as_bytes())?;
            undecodable(out, b"\x81\x30\x81\x41\n")
        }),
        case("ISO-2022-JP that never goes back to ASCII", "\x1b$B", "$\"", ""),
        case("NUL behind text", "项目名称：\t图书馆修缮\n", "\0", ""),
        repeated("control characters", "\u{1}"),
        page("spaces", " "),
        page("breaks", "<br>"),
        page("paragraphs", "<p>x"),
        page("cells only", "<table><tr><td>x<td>"),
        page("small tables", "<table><tr><td>x</table>"),
        repeated("small tables among lines", "a\tb\n<table><tr><td>x</table>\n"),
        page("text that no cell holds", "<table>x<tr>"),
        // Spans.
        page("largest spans, a cell a row", "<table><tr><td colspan=1000 rowspan=65534></table>"),
        case("largest spans, one table", "<html><table>", "<tr><td colspan=1000 rowspan=65534>x", ""),
        case("largest spans, one row", "<html><table><tr>", "<td colspan=1000 rowspan=65534>", ""),
        case("columns without cells", "<html><table>", "<col span=1000>", "<tr><td>x"),
        // Forms.
        repeated("titles", "财政项目支出绩效目标表\n"),
        page("titles on a page", "<p>财政项目支出绩效目标表"),
        repeated("labels", "项目名称：\t图书馆修缮\n"),
        repeated("labels alone", "项目名称：\n"),
        repeated("other labels", "项目名称{n}：\t图书馆修缮\n"),
        case(
            "other labels in a form",
            "财政项目支出绩效目标表\n项目名称：\t图书馆\n",
            "标签{n}：\t{n}\n",
            "",
        ),
        case("one row of labels", "财政项目支出绩效目标表\n", "项目名称：\t", "\n"),
        case("one row of a grid", FORM, "产出目标\t", "\n"),
        case("rows of a grid", FORM, row, ""),
        case("rows of a grid, each another", FORM, "产出目标\t数量{n}\t修缮面积{n}\t>={n}平方米\n", ""),
        case("rows of a grid without level words", FORM, "\t\t修缮面积{n}\t>={n}\n", ""),
        case("rows of a grid in a table", PAGE, html_row, ""),
        case(
            "wrong spans in a grid",
            PAGE,
            "<tr><td rowspan=3>产出目标<td rowspan=2>数量<td>面积<td>120",
            "",
        ),
        case(
            "rows of a grid with 31 columns",
            &format!("财政项目支出绩效目标表\n一级指标\t二级指标\t三级指标\t指标值{}\n", "\t备注".repeat(27)),
            &format!("产出指标\t数量\t修缮面积\t120{}\n", "\tx".repeat(27)),
            "",
        ),
        case(
            "grids side by side",
            &format!("{}\n", SIDES.repeat(3)),
            &format!("{}\n", "产出指标\t数量\t面积\t1\t".repeat(3)),
            "",
        ),
        case("grids side by side, narrower rows", &format!("{}\n", SIDES.repeat(8)), narrow, ""),
        case(
            "grids side by side, a header before three rows",
            "项目支出绩效目标表\n项目名称\t甲\n",
            &format!("{}\n{}", SIDES.repeat(4), narrow.repeat(3)),
            "",
        ),
        case(
            "a header of 32 columns before each row",
            "项目支出绩效目标表\n项目名称\t甲\n",
            &format!("{SIDES}{}\n{narrow}", "实际完成值\t分值\t得分\t偏差原因\t".repeat(7)),
            "",
        ),
        case(
            "a list with its header before each row",
            "",
            "序号\t项目名称\t主管部门\t预算金额\t一级指标\t二级指标\t三级指标\t指标值\n\
             {n}\t项目{n}\t部门\t{n}\t产出指标\t数量指标\t面积\t{n}\n",
            "",
        ),
        case("rows of one cell with markup", PAGE, "<tr><td><b>x</b>", ""),
        case("rows of two cells with markup", PAGE, "<tr><td><b>x</b><td><i>y</i>", ""),
        page("row groups", "<table><thead><tbody><tfoot>"),
        case("row groups in a grid", PAGE, "<thead><tr><td>一级目标<td>二级目标<tbody><tr><td>a<tfoot>", ""),
        page("spans that are no numbers", "<table><tr><td rowspan=x colspan=y>x"),
        case("rows of unique text", "<html><table>", "<tr><td>{n}", ""),
        case(
            "a list of projects",
            "序号\t项目名称\t主管部门\t预算金额\t一级指标\t二级指标\t三级指标\t指标值\n",
            "{n}\t项目{n}\t部门{n}\t{n}\t产出指标\t数量指标\t面积\t{n}\n",
            "",
        ),
        case(
            "labels with their values in one cell",
            "<html><table><tr><td>财政项目支出绩效目标表<tr><td>",
            "项目名称：甲；主管部门：乙；",
            "",
        ),
        case(
            "a form in each cell",
            "<html>",
            "<table><tr><td>财政项目支出绩效目标表<tr><td>项目名称：<td>甲<tr><td>",
            "",
        ),
        case(
            "cells of a grid one to a line",
            "一级目标\n二级目标\n三级目标\n指标目标值\n",
            "产出目标\n数量\n面积\n120\n",
            "",
        ),
        repeated("headers of a grid", "一级目标\t二级目标\t三级目标\t指标目标值\n"),
        repeated("level words", "产出目标\t"),
        // Workbooks.
        case("workbook: cells", WORKBOOK, "<Cell/>", ""),
        case("workbook: rows", WORKBOOK, "<Row/>", ""),
        case("workbook: far cells", WORKBOOK, "<Row><Cell ss:Index=\"16384\"/></Row>", ""),
        case("workbook: far rows", WORKBOOK, "<Row ss:Index=\"1048576\"/>", ""),
        case(
            "workbook: largest merges",
            WORKBOOK,
            "<Row><Cell ss:MergeAcross=\"16383\" ss:MergeDown=\"1048575\"/></Row>",
            "",
        ),
        case(
            "workbook: rows of a grid",
            &format!("{WORKBOOK}<Row><Cell><Data>财政项目支出绩效目标表</Data></Cell></Row>"),
            "<Row><Cell><Data>产出目标</Data></Cell><Cell><Data>数量</Data></Cell><Cell><Data>120</Data></Cell></Row>",
            "",
        ),
        case(
            "workbook: hidden columns",
            WORKBOOK,
            "<Column ss:Hidden=\"1\" ss:Span=\"16383\"/>",
            "<Row><Cell>x",
        ),
        case(
            "workbook: styles",
            "<?mso-application progid=\"Excel.Sheet\"?><Workbook><Styles>",
            "<Style ss:ID=\"{n}\" ss:Parent=\"{n}\"><NumberFormat ss:Format=\"0%\"/></Style>",
            "",
        ),
        case("workbook: comments", WORKBOOK, "<Row><Cell><Comment>x</Comment></Cell></Row>", ""),
        case("workbook: text in no cell", WORKBOOK, "x<Row/>", ""),
        case("workbook: sheets", WORKBOOK, "<Worksheet><Table><Row><Cell>x", ""),
        case("workbook: less-than signs", WORKBOOK, "<Cell>a<b", ""),
        case("workbook: attributes", &format!("{WORKBOOK}<Row><Cell"), " a{n}=\"1\"", ">x"),
        case("workbook: a long text", &format!("{WORKBOOK}<Row><Cell><Data>"), "&#10;x", ""),
        case(
            "workbook: entities",
            "<!DOCTYPE Workbook [",
            "<!ENTITY a{n} \"&a;&a;\">",
            "]><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell>&a9;",
        ),
    ]
}

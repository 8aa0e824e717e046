//! Excel-2003 XML: the same tables as HTML, whatever is wrong with the XML.

use formgrid_ingest::{Limits, Options, ingest};
use formgrid_model::{Block, Table};

/// A workbook of one sheet with this in its table.
fn sheet(table: &str) -> String {
    format!("{HEAD}<Worksheet ss:Name=\"a\"><Table>{table}</Table></Worksheet></Workbook>")
}

const HEAD: &str = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
    <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";

/// Reads a workbook and draws its tables, rows parted by `/`: text, column if
/// it is not the next one, spans as `rows x columns`; then what is wrong.
#[track_caller]
fn check_whole(workbook: &str, expected: &str) {
    let document = ingest(workbook.as_bytes(), &Options::default()).unwrap().value;
    let drawn: Vec<String> = document.blocks().map(|block| draw(&block)).collect();
    assert_eq!(drawn.join("\n"), expected);
}

#[track_caller]
fn check(table: &str, expected: &str) {
    check_whole(&sheet(table), expected);
}

fn draw(block: &Block<'_>) -> String {
    match block {
        Block::Line(row) => format!("{row:?}"),
        Block::Diagnostic(diagnostic) => format!("{}@{}", diagnostic.problem.code(), diagnostic.line),
        Block::Table(table) => draw_table(table),
    }
}

fn draw_table(table: &Table<'_>) -> String {
    assert!(table.account.is_balanced());
    let mut rows = Vec::new();
    for row in &table.rows {
        let mut next = 1;
        let mut cells = Vec::new();
        for cell in &row.cells {
            let mut drawn = if cell.is_blank() { "_".to_owned() } else { cell.text.replace('\n', "⏎") };
            if cell.column != next {
                drawn += &format!("@{}", cell.column);
            }
            if (cell.rowspan, cell.colspan) != (1, 1) {
                drawn += &format!(" {}x{}", cell.rowspan, cell.colspan);
            }
            next = cell.column + cell.colspan;
            cells.push(drawn);
        }
        rows.push(cells.join(" | "));
    }
    let mut drawn = rows.join(" / ");
    for finding in &table.account.findings {
        drawn += &format!(" {}@{},{}", finding.problem.code(), finding.place.row, finding.place.column);
    }
    for diagnostic in &table.diagnostics {
        drawn += &format!(" [{}]", diagnostic.problem);
    }
    drawn
}

const A: &str = "<Cell><Data ss:Type=\"String\">a</Data></Cell>";
const B: &str = "<Cell><Data ss:Type=\"String\">b</Data></Cell>";

#[test]
fn cells_stand_one_beside_the_other_or_where_they_say() {
    check(&format!("<Row>{A}{B}</Row><Row>{B}</Row>"), "a | b / b holes@2,2");
    check(&format!("<Row>{A}<Cell ss:Index=\"4\"/>{B}</Row>"), "a | _ | _ | _ | b");
    check(
        &format!("<Row ss:Index=\"2\">{A}</Row><Row ss:Index=\"4\">{B}</Row>"),
        " / a /  / b holes@1,1 holes@3,1",
    );
    check(&format!("<Row>{A}</Row><Row ss:Span=\"1\"/><Row>{B}</Row>"), "a /  /  / b holes@2,1");
}

#[test]
fn merges_are_spans() {
    check(
        "<Row><Cell ss:MergeAcross=\"1\"><Data>a</Data></Cell><Cell ss:MergeDown=\"1\"><Data>b</Data></Cell></Row>\
         <Row><Cell><Data>c</Data></Cell><Cell><Data>d</Data></Cell></Row>",
        "a 1x2 | b 2x1 / c | d",
    );
    // As Excel writes it: a cell behind a covered slot says where it stands.
    check(
        "<Row><Cell ss:MergeDown=\"1\"><Data>a</Data></Cell><Cell><Data>b</Data></Cell></Row>\
         <Row><Cell ss:Index=\"2\"><Data>c</Data></Cell></Row>",
        "a 2x1 | b / c@2",
    );
    // As programs write it that do not know: it takes the first free slot.
    check(
        "<Row><Cell ss:MergeDown=\"1\"><Data>a</Data></Cell><Cell><Data>b</Data></Cell></Row>\
         <Row><Cell><Data>c</Data></Cell></Row>",
        "a 2x1 | b / c@2",
    );
}

#[test]
fn wrong_merges_are_told() {
    check(
        "<Row><Cell ss:MergeDown=\"1\"><Data>a</Data></Cell></Row><Row><Cell ss:Index=\"1\"><Data>b</Data></Cell></Row>",
        "a 2x1 / b overlapping-cells@2,1",
    );
    check("<Row><Cell ss:MergeDown=\"3\"><Data>a</Data></Cell></Row>", "a span-past-end@1,1");
    check("<Row><Cell ss:MergeAcross=\"x\"/></Row>", "_ unreadable-span@1,1");
    check("<Row><Cell ss:MergeDown=\"99999999999\"/></Row>", "_ clamped-span@1,1 span-past-end@1,1");
    check(
        &format!("<Row>{A}<Cell ss:Index=\"1\"><Data>b</Data></Cell></Row>"),
        "a | b index-out-of-order@1,2",
    );
    check(
        &format!("<Row ss:Index=\"3\">{A}</Row><Row ss:Index=\"2\">{B}</Row>"),
        " /  / a / b holes@1,1 [ss:Index=\"2\" lies before what is already there; the next free place is taken]",
    );
}

#[test]
fn text_is_what_excel_shows() {
    check(
        "<Row><Cell><ss:Data ss:Type=\"String\"><B>甲</B><Font html:Size=\"9\">乙 &lt;</Font>&#10;丙</ss:Data></Cell></Row>",
        "甲乙 <⏎丙",
    );
    check(
        "<Row><Cell><Data ss:Type=\"String\">\n  a\n  b&#13;&#10;&#10;c&#9;d </Data></Cell></Row>",
        "a b⏎⏎c\td",
    );
    check("<Row><Cell><Data ss:Type=\"String\"><![CDATA[<a> &amp;]]></Data></Cell></Row>", "<a> &amp;");
    check(
        "<Row><Cell><Data ss:Type=\"Boolean\">1</Data></Cell><Cell><Data ss:Type=\"Number\">1.50</Data></Cell>\
         <Cell><Data ss:Type=\"DateTime\">2020-01-01T00:00:00.000</Data></Cell>\
         <Cell><Data ss:Type=\"Error\">#N/A</Data></Cell></Row>",
        "TRUE | 1.50 | 2020-01-01 | #N/A",
    );
    check("<Row><Cell>a<PhoneticText>x</PhoneticText></Cell></Row>", "a");
}

#[test]
fn formats_come_from_cell_row_column_or_table() {
    let styles = "<Styles><Style ss:ID=\"p\"><NumberFormat ss:Format=\"0%\"/></Style>\
                  <Style ss:ID=\"q\" ss:Parent=\"p\"/><Style ss:ID=\"loop\" ss:Parent=\"loop\"/>\
                  <Style ss:ID=\"u\"><NumberFormat ss:Format=\"0&quot;份&quot;\"/></Style></Styles>";
    let n = "<Data ss:Type=\"Number\">0.5</Data>";
    let table = format!(
        "<Table ss:StyleID=\"u\"><Column ss:Index=\"2\" ss:Span=\"1\" ss:StyleID=\"q\"/>\
         <Row><Cell>{n}</Cell><Cell>{n}</Cell><Cell ss:StyleID=\"loop\">{n}</Cell></Row>\
         <Row ss:StyleID=\"p\"><Cell>{n}</Cell><Cell ss:StyleID=\"u\">{n}</Cell></Row></Table>"
    );
    check_whole(
        &format!("{HEAD}{styles}<Worksheet>{table}</Worksheet></Workbook>"),
        "0.5份 | 50% | 0.5 / 50% | 0.5份 holes@2,3",
    );
}

#[test]
fn what_is_hidden_is_no_part_of_the_table_and_told() {
    check(
        "<Column ss:Index=\"2\" ss:Hidden=\"1\"/><Row><Cell ss:MergeDown=\"2\"><Data>a</Data></Cell>\
         <Cell><Data>x</Data></Cell><Cell><Data>b</Data></Cell></Row>\
         <Row ss:Hidden=\"1\"><Cell ss:Index=\"2\"/><Cell><Data>y</Data></Cell></Row>\
         <Row><Cell ss:Index=\"2\"/><Cell><Data>c</Data></Cell></Row>",
        "a 2x1 | b / c@2 hidden-cells@0,0 [\"x\" is hidden by its style; it is no part of the table] \
         [\"y\" is hidden by its style; it is no part of the table]",
    );
    let hidden = format!(
        "{HEAD}<Worksheet ss:Name=\"选项\"><Table><Row>{A}</Row></Table><WorksheetOptions><Visible>SheetVeryHidden\
         </Visible></WorksheetOptions></Worksheet><Worksheet><Table><Row>{B}</Row></Table></Worksheet></Workbook>"
    );
    check_whole(&hidden, "hidden-sheet@3\nb");
    check(
        "<Row><Cell><Data>a</Data><Comment><Data><B>财务:</B>&#10;改</Data></Comment></Cell></Row>",
        "a [the cell \"a\" has a comment, which is no part of it: \"财务:\n改\"]",
    );
}

#[test]
fn sheets_without_tables_and_other_rows_are_nothing() {
    let breaks = "<PageBreaks><RowBreaks><RowBreak><Row>12</Row></RowBreak></RowBreaks></PageBreaks>";
    check_whole(
        &format!(
            "{HEAD}<Worksheet>{breaks}</Worksheet><Worksheet/><Worksheet><Table/></Worksheet></Workbook>"
        ),
        "",
    );
    let prefixed = "<s:Workbook xmlns:s=\"urn:schemas-microsoft-com:office:spreadsheet\"><s:Worksheet><s:Table><s:Row>\
                    <s:Cell s:Index='2'><s:Data s:Type='String'>a</s:Data></s:Cell></s:Row></s:Table></s:Worksheet></s:Workbook>";
    check_whole(prefixed, "_ | a");
}

#[test]
fn damage_loses_no_more_than_itself() {
    let whole = sheet(&format!("<Row>{A}{B}</Row><Row>{A}</Row>"));
    let cut = whole.rfind("/Data").unwrap() + 3;
    check_whole(&whole[..cut], "a | b / a holes@2,2\ndamaged-markup@3\ncut-short@3");
    check(&format!("<Row>{A}<Cell><Data>b<Row>{B}"), "a | b / b holes@2,2");
    check("<Row><Cell><Data>x<=5 & y<b</Data></Cell></Row>", "x<=5 & y<b\ndamaged-markup@3");
    check(
        "<Row><Cell><Data ss:Type=\"String>a</Data></Cell><Cell><Data ss:Type=\"String\">b</Data></Cell></Row>",
        "a | b\ndamaged-markup@3",
    );
    check(
        "x<Row>y</Row>",
        " [\"x\" stands in a sheet but in no cell; it is left out] [\"y\" stands in a sheet but in no cell; it is left out]",
    );
}

#[test]
fn entities_of_a_declaration_are_not_expanded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>";
    let workbook = sheet("<Row><Cell><Data>&lol2;</Data></Cell></Row>");
    check_whole(&workbook.replace("<?xml version=\"1.0\"?>", bomb), "&lol2;");
}

#[test]
fn lines_and_bytes_are_those_of_the_original() {
    let workbook = sheet(
        "\n<Row>\n<Cell ss:MergeDown='1'>\n<Data> 项目 </Data></Cell><Cell/>\n<Cell ss:Index=\"4\"><Data>b</Data></Cell></Row>",
    );
    let document = ingest(workbook.as_bytes(), &Options::default()).unwrap().value;
    let Some(Block::Table(table)) = document.blocks().next() else { panic!() };
    let found: Vec<(&str, u32, &str)> = table.rows[0]
        .cells
        .iter()
        .map(|cell| (&*cell.text, cell.line, &workbook[cell.bytes.clone().unwrap()]))
        .collect();
    assert_eq!(
        found,
        [("项目", 6, "\n<Data> 项目 </Data>"), ("", 6, ""), ("", 7, ""), ("b", 7, "<Data>b</Data>")]
    );
}

#[test]
fn a_sheet_beyond_the_limit_ends_there() {
    let workbook = sheet(&format!("<Row>{A}{B}</Row><Row>{A}{B}</Row>"));
    let options = Options { limits: Limits { cells: 5, ..Limits::default() }, ..Options::default() };
    let document = ingest(workbook.as_bytes(), &options).unwrap().value;
    let drawn: Vec<String> = document.blocks().map(|block| draw(&block)).collect();
    assert_eq!(drawn, ["a | b / a | b", "too-many-cells@3"]);
}

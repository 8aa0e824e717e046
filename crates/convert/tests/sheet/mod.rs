//! Generated forms, and the layouts in which exports write them down.

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A generated form and what must come out of it.
#[derive(Clone)]
pub struct Sheet {
    /// Labels with the text beside them, in the order of the sheet; blank for a
    /// blank cell. Labels that the form lacks are not here.
    pub entries: Vec<Entry>,
    /// The grid.
    pub groups: Vec<Outer>,
}

/// A word of level 1 with its groups.
type Outer = (String, Vec<Inner>);
/// A word of level 2 with its indicators and their targets.
type Inner = (String, Vec<(String, String)>);

/// A label and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The field's key.
    pub key: &'static str,
    label: &'static str,
    printed: String,
    /// The value in the record, as one line of text.
    pub value: Option<String>,
    is_wide: bool,
}

/// A cell with its spans.
#[derive(Debug, Clone)]
pub struct Slot {
    pub text: String,
    pub rowspan: usize,
    pub colspan: usize,
}

/// Rows that stand together: a caption, a block of labels, a grid.
pub type Section = Vec<Vec<Slot>>;

/// How a sheet is written down.
#[derive(Debug, Clone, Copy)]
pub enum Layout {
    /// Tab text, covered slots blank, line breaks as `<br>`.
    TabText,
    /// The same with the caption as one cell of three paragraphs.
    ParagraphCaption,
    /// The same with every longer text as `<p>` paragraphs.
    ParagraphCells,
    /// An HTML page with one table.
    OneTable,
    /// An HTML page with a table for each section, headings between them.
    SeveralTables,
}

/// The columns of the form.
const WIDTH: usize = 4;

const YEAR: &str = "(2020年度)";

/// Characters of generated texts. No label, title or level word can come of
/// them.
const LETTERS: &[char] = &[
    '丁', '乙', '丘', '串', '井', '亭', '仓', '堤', '桥', '渠', '林', '苗', '圃', '艇', '舟', '帆', '碑',
    '塔', 'a', 'Z',
];
const INNER: &[char] =
    &['，', '。', '：', '、', '（', '“', '”', '-', '%', '7', ' ', '\u{3000}', '<', '>', '&', '"', '\n'];

const SHORT: &[(&str, &str)] =
    &[("project_name", "项目名称："), ("project_category", "项目类别："), ("performance_type", "绩效类型：")];
const LONG: &[(&str, &str)] = &[
    ("overview", "项目概况："),
    ("basis", "立项依据："),
    ("necessity", "项目设立的必要性："),
    ("safeguards", "保证项目实施的制度、措施："),
    ("implementation_plan", "项目实施计划："),
    ("goals", "总目标及阶段性目标："),
];
const MONEY: &[(&str, &str)] = &[
    ("total_budget", "项目总预算（元）："),
    ("current_year_budget", "项目当年预算（元）："),
    ("previous_year_budget", "同名项目上年预算额（元）："),
    ("previous_year_spending", "同名项目上年预算执行数（元）："),
];

/// Level words: known ones in the form's order, then ones that no profile has.
const LEVEL_1: &[&str] = &["投入与管理", "产出目标", "效果目标", "影响力目标", "渠系任务", "仓储任务"];
const LEVEL_2: &[&str] = &[
    "投入管理",
    "财务管理",
    "数量",
    "质量",
    "时效",
    "社会效益",
    "满意度",
    "长效管理",
    "堤防面貌",
    "苗圃面貌",
];
const TARGETS: &[&str] = &[
    "=100%",
    ">=90%",
    "≥95.5%",
    "4660份",
    "=300次",
    "=0",
    "<=475元/亩",
    "90%",
    "健全",
    "规范",
    "有效",
    "提升",
    "",
];

/// Any form with a title, some labels and a grid.
pub fn sheets() -> impl Strategy<Value = Sheet> {
    let entries = entries().prop_shuffle();
    (entries, groups()).prop_map(|(entries, groups)| Sheet { entries, groups })
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let text = |key, label, is_wide, most| {
        option::weighted(0.8, option::weighted(0.8, texts(most))).prop_map(move |present| {
            present.map(|value| {
                let printed = value.clone().unwrap_or_default();
                Entry { key, label, printed, value: value.map(|text| text.replace('\n', "⏎")), is_wide }
            })
        })
    };
    let money = |key, label| {
        option::weighted(0.8, option::weighted(0.8, (0_u64..2_000_000_000, any::<bool>()))).prop_map(
            move |present| {
                present.map(|amount| {
                    let printed = amount
                        .map_or(String::new(), |(n, set)| if set { in_threes(n) } else { n.to_string() });
                    Entry { key, label, printed, value: amount.map(|(n, _)| n.to_string()), is_wide: false }
                })
            },
        )
    };
    let date = |key, label| {
        let dates = (1990..2060_u32, 1..=12_u32, 1..=28_u32);
        option::weighted(0.8, option::weighted(0.8, (dates, any::<bool>()))).prop_map(move |present| {
            present.map(|value| {
                let iso = value.map(|((y, m, d), _)| format!("{y}-{m:02}-{d:02}"));
                let printed = value.map_or(String::new(), |((y, m, d), is_iso)| {
                    if is_iso { format!("{y}-{m:02}-{d:02}") } else { format!("{y}年{m}月{d}日") }
                });
                Entry { key, label, printed, value: iso, is_wide: false }
            })
        })
    };
    let purchase = option::weighted(0.8, option::weighted(0.8, any::<bool>())).prop_map(|present| {
        present.map(|value| Entry {
            key: "includes_government_purchase",
            label: "是否含有政府购买服务：",
            printed: value.map_or("", |yes| if yes { "是" } else { "否" }).to_owned(),
            value: value.map(|yes| if yes { "yes" } else { "no" }.to_owned()),
            is_wide: false,
        })
    });
    let short: Vec<_> = SHORT.iter().map(|&(key, label)| text(key, label, false, 6)).collect();
    let long: Vec<_> = LONG.iter().map(|&(key, label)| text(key, label, true, 60)).collect();
    let money: Vec<_> = MONEY.iter().map(|&(key, label)| money(key, label)).collect();
    let dates = [date("start_date", "计划开始日期："), date("end_date", "计划完成日期：")];
    (short, long, money, dates, purchase).prop_map(|(short, long, money, dates, purchase)| {
        short.into_iter().chain(long).chain(money).chain(dates).chain([purchase]).flatten().collect()
    })
}

/// A text that begins and ends with a letter.
fn texts(most: usize) -> impl Strategy<Value = String> {
    let inner = prop_oneof![3 => select(LETTERS), 1 => select(INNER)];
    (select(LETTERS), vec(inner, 0..most), select(LETTERS)).prop_map(|(first, inner, last)| {
        let mut text = String::from(first);
        for c in inner {
            // White space that stands at the edge of a line is not kept.
            let is_kept = !c.is_whitespace() || text.ends_with(|last: char| !last.is_whitespace());
            text.extend(is_kept.then_some(c));
        }
        if text.ends_with(char::is_whitespace) {
            text.pop();
        }
        text.push(last);
        text
    })
}

fn groups() -> impl Strategy<Value = Vec<Outer>> {
    let name = vec(select(&LETTERS[..18]), 2..9).prop_map(String::from_iter);
    let leaves = vec((name, select(TARGETS).prop_map(str::to_owned)), 1..5);
    let inner = (subsequence(LEVEL_2, 1..4), vec(leaves, 3)).prop_map(|(words, leaves)| {
        words.iter().map(|word| (*word).to_owned()).zip(leaves).collect::<Vec<_>>()
    });
    (subsequence(LEVEL_1, 1..5), vec(inner, 4))
        .prop_map(|(words, inner)| words.iter().map(|word| (*word).to_owned()).zip(inner).collect())
}

pub fn layouts() -> impl Strategy<Value = Layout> {
    use Layout::*;
    select(&[TabText, ParagraphCaption, ParagraphCells, OneTable, SeveralTables][..])
}

/// As tab text: a failed case is to be read, and made a fixture of.
impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.sections(), Layout::TabText, false, false))
    }
}

impl Sheet {
    /// The indicators: path and target, none where it is blank.
    pub fn indicators(&self) -> Vec<(Vec<String>, Option<String>)> {
        let mut indicators = Vec::new();
        for (level1, inner) in &self.groups {
            for (level2, leaves) in inner {
                for (name, target) in leaves {
                    let path = vec![level1.clone(), level2.clone(), name.clone()];
                    indicators.push((path, Some(target.clone()).filter(|target| !target.is_empty())));
                }
            }
        }
        indicators
    }

    /// The sheet without the groups whose words no profile has, and with a number
    /// at its end: words behind a blank line there may be a footer.
    pub fn with_known_words(mut self) -> Sheet {
        self.groups.retain(|(word, _)| LEVEL_1[..4].contains(&&**word));
        for (_, inner) in &mut self.groups {
            inner.retain(|(word, _)| LEVEL_2[..8].contains(&&**word));
        }
        self.groups.retain(|(_, inner)| !inner.is_empty());
        let last = self.groups.last_mut().and_then(|(_, inner)| inner.last_mut());
        last.into_iter().for_each(|(_, leaves)| leaves.push(("渠塔".to_owned(), "=100%".to_owned())));
        self
    }

    /// Caption, labels, heading of the grid, grid.
    pub fn sections(&self) -> [Section; 4] {
        let wide = |text: &str| vec![slot(text, 1, WIDTH)];
        let caption = vec![wide("财政项目支出绩效目标表"), wide(YEAR), wide("申报单位名称：林桥塔")];
        let mut labels: Section = Vec::new();
        let mut half: Vec<Slot> = Vec::new();
        for entry in &self.entries {
            let pair = [slot(entry.label, 1, 1), slot(&entry.printed, 1, if entry.is_wide { 3 } else { 1 })];
            if entry.is_wide {
                labels.push(pair.into());
            } else {
                half.extend(pair);
                if half.len() == WIDTH {
                    labels.push(std::mem::take(&mut half));
                }
            }
        }
        if let [_, value] = &mut half[..] {
            value.colspan = 3;
            labels.push(half);
        }
        let header = ["一级目标", "二级目标", "三级目标", "指标目标值"];
        let mut grid: Section = vec![header.iter().map(|text| slot(text, 1, 1)).collect()];
        for (level1, inner) in &self.groups {
            let mut outer = Some(slot(level1, inner.iter().map(|(_, leaves)| leaves.len()).sum(), 1));
            for (level2, leaves) in inner {
                let mut group = Some(slot(level2, leaves.len(), 1));
                for (name, target) in leaves {
                    let mut row = Vec::from_iter(outer.take());
                    row.extend(group.take());
                    row.extend([slot(name, 1, 1), slot(target, 1, 1)]);
                    grid.push(row);
                }
            }
        }
        [caption, labels, vec![wide("2020年绩效目标")], grid]
    }
}

/// Writes sections down. Noise stands around them if it is asked for, and blank
/// lines between them.
pub fn render(sections: &[Section; 4], layout: Layout, is_noisy: bool, is_airy: bool) -> String {
    let mut text = match layout {
        Layout::OneTable | Layout::SeveralTables => html(sections, matches!(layout, Layout::OneTable)),
        Layout::TabText | Layout::ParagraphCaption | Layout::ParagraphCells => {
            let blocks: Vec<String> = sections.iter().map(|section| tab_text(section, layout)).collect();
            blocks.join(if is_airy { "\n\n" } else { "\n" }) + "\n"
        }
    };
    if is_noisy {
        text = match layout {
            Layout::OneTable | Layout::SeveralTables => {
                format!(
                    "<ul><li>首页<li>政务公开</ul>\n{text}<p>注：本表由单位填报。</p>\n<div>版权所有</div>\n"
                )
            }
            _ => format!("首页\t政务公开\n关于填报的通知\n\n{text}注：本表由单位填报。\n\n打印\t关闭\n"),
        };
    }
    text
}

/// Writes each cell on a line of its own, blank ones as blank lines.
pub fn render_stacked(sections: &[Section; 4]) -> String {
    let cells = sections.iter().flatten().flatten();
    cells.map(|slot| escape(&slot.text).replace('\n', "<br>") + "\n").collect()
}

fn slot(text: &str, rowspan: usize, colspan: usize) -> Slot {
    Slot { text: text.to_owned(), rowspan, colspan }
}

fn tab_text(section: &Section, layout: Layout) -> String {
    let is_caption = section.len() == 3 && section[1][0].text == YEAR;
    if is_caption && matches!(layout, Layout::ParagraphCaption) {
        let paragraphs: Vec<String> = section.iter().map(|row| format!("<p>{}</p>", row[0].text)).collect();
        return paragraphs.join(" ") + "\t\t\t";
    }
    let write = |text: &String| match layout {
        Layout::ParagraphCells if text.chars().count() > 12 => {
            let paragraphs: Vec<String> =
                escape(text).split('\n').map(|line| format!("<p>{line}</p>")).collect();
            paragraphs.join(" ")
        }
        _ => escape(text).replace('\n', "<br>"),
    };
    let lines: Vec<String> =
        lay_out(section).iter().map(|row| row.iter().map(write).collect::<Vec<_>>().join("\t")).collect();
    lines.join("\n")
}

/// Lays rows out by their spans, blanks covered slots, cuts at the width.
fn lay_out(section: &Section) -> Vec<[String; WIDTH]> {
    let mut covered = [0; WIDTH];
    let mut lines = Vec::new();
    for row in section {
        let mut line = [const { String::new() }; WIDTH];
        let mut next = covered.map(|rows: usize| rows.saturating_sub(1));
        let mut column = 0;
        for slot in row {
            while column < WIDTH && covered[column] > 0 {
                column += 1;
            }
            if column < WIDTH {
                line[column].clone_from(&slot.text);
            }
            for covers in next.iter_mut().take(column + slot.colspan).skip(column) {
                *covers = slot.rowspan - 1;
            }
            column += slot.colspan;
        }
        covered = next;
        lines.push(line);
    }
    lines
}

fn html(sections: &[Section; 4], is_one: bool) -> String {
    let mut text = String::from("<!DOCTYPE html><html><head><meta charset=utf-8></head><body>\n<table>\n");
    for (index, section) in sections.iter().enumerate() {
        if !is_one && index == 2 {
            text += &format!("</table>\n<h4>{}</h4>\n<table>\n", section[0][0].text);
            continue;
        }
        if !is_one && index == 1 {
            text += "</table>\n<table>\n";
        }
        for row in section {
            text += "<tr>";
            for slot in row {
                let written = escape(&slot.text).replace('\n', "<br>");
                text += &format!("<td rowspan={} colspan={}>{written}</td>", slot.rowspan, slot.colspan);
            }
            text += "</tr>\n";
        }
    }
    text + "</table>\n</body></html>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn in_threes(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

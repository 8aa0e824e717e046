//! Label cells and their values.
//!
//! Label and value stand side by side or in one cell, several pairs to a row,
//! in any order. What stands where a label would and is none that the profile
//! knows is a label all the same: its value goes to `unmapped` under it.
//!
//! A cell beside a label may look like a label, too. Whether it is one, or a
//! value that reads like one, is told by the rhythm of the row: by its colons
//! if its labels have them, else by the position (label, value, label, value);
//! and by whether it has a value of its own.

use formgrid_model::{Cell, Row};
use formgrid_profile::{Label, Profile, fold, is_shared_label, split_inline, split_labels, unnumbered};

use crate::fields::is_unit_label;
use crate::value_columns::ValueColumns;

/// No form has a row of more cells than this.
const WIDEST: usize = 64;

/// The longest label that is not known to be one, in characters.
const LONGEST_LABEL: usize = 30;

/// A label with what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    /// The label's text as printed.
    pub(crate) label: String,
    /// What the profile makes of the label.
    pub(crate) known: Option<Label>,
    /// The value's text; blank where the cell is.
    pub(crate) text: String,
    /// The label's cell, by its place in the row.
    pub(crate) label_cell: usize,
    /// The value's cell, which is the label's own where both stand in one.
    pub(crate) value_cell: usize,
}

/// Reads the pairs of a row. Cells that are in no pair are left to the caller.
pub(crate) fn pairs(row: &Row<'_>, profile: &Profile, columns: &ValueColumns<'_>) -> Vec<Pair> {
    let looks = Looks::new(row, profile);
    let cells = &row.cells;
    let mut pairs = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let cell = &cells[at];
        let known = match looks.at(at) {
            Look::Inline => {
                pairs.extend(inline(&cell.text, profile, at));
                at += 1;
                continue;
            }
            Look::Known(label) | Look::KnownWithColon(label) => Some(label),
            // With a text alone beside it, it is the label of that.
            Look::Side if !is_label_of_text(row, at, &looks) => {
                at += 1;
                continue;
            }
            Look::Side => None,
            Look::Blank | Look::Colon | Look::Text => None,
        };
        // A text beside it would be its value, unless that is such a pair, too.
        let next = cells.get(at + 1).filter(|_| looks.at(at + 1) == Look::Text);
        if looks.at(at) == Look::Text
            && next.is_none_or(|next| unknown_inline(&next.text, at + 1).is_some())
            && let Some(pair) = unknown_inline(&cell.text, at)
        {
            pairs.push(pair);
            at += 1;
            continue;
        }
        let is_unknown_label = looks.at(at) == Look::Side || looks.is_unknown_label(at, cell);
        if known.is_none() && (is_beside(cells, at) || !is_unknown_label) {
            at += 1;
            continue;
        }
        let value = looks.value(at, row, |far| columns.have(row, at, far, profile));
        pairs.push(Pair {
            label: cell.text.to_string(),
            known,
            text: value.map_or(String::new(), |value| cells[value].text.to_string()),
            label_cell: at,
            value_cell: value.unwrap_or(at),
        });
        at = value.unwrap_or(at) + 1;
    }
    pairs
}

/// The pairs that stand in one cell: known labels with a colon and a text.
pub(crate) fn inline(text: &str, profile: &Profile, at: usize) -> Vec<Pair> {
    let pair = |(label, text): (&str, &str)| Pair {
        label: label.to_owned(),
        known: profile.label(label),
        text: text.to_owned(),
        label_cell: at,
        value_cell: at,
    };
    match split_inline(text) {
        // A label alone, with the colon at its end, has its value beside it.
        Some((label, rest)) if profile.label(label).is_some() && !rest.is_empty() => {
            // Spaces in the first label keep it from being found again.
            let is_label = |label: &str| {
                profile.label(label).is_some() || is_unit_label(label) || is_shared_label(label)
            };
            let more = split_labels(text, is_label);
            if more.len() > 1 { more.into_iter().map(pair).collect() } else { vec![pair((label, rest))] }
        }
        _ => Vec::new(),
    }
}

/// An unknown label with its value in one cell: `填表人：张三`.
pub(crate) fn unknown_inline(text: &str, at: usize) -> Option<Pair> {
    let (label, value) = split_inline(text)?;
    // A sentence before a colon is no label.
    let is_label = label.chars().count() <= 15 && !label.contains(['，', '。', '；', ',', ';']);
    (is_label && !value.is_empty()).then(|| Pair {
        label: label.to_owned(),
        known: None,
        text: value.to_owned(),
        label_cell: at,
        value_cell: at,
    })
}

/// An unknown label and its value at the two ends of a row that says nothing
/// else, such as a sum below a grid: the slots between them are blank or repeat
/// the label.
pub(crate) fn far_pair(row: &Row<'_>, profile: &Profile) -> Option<Pair> {
    let mut filled = row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let (label_cell, label) = filled.next()?;
    let (value_cell, value) = filled.find(|(_, cell)| cell.text != label.text)?;
    if filled.next().is_some() {
        return None;
    }
    let is_label = matches!(look(label, profile), Look::Text | Look::Colon)
        && is_short(label)
        && unknown_inline(&label.text, label_cell).is_none();
    let is_value = look(value, profile) == Look::Text && unknown_inline(&value.text, value_cell).is_none();
    (is_label && is_value).then(|| Pair {
        label: label.text.to_string(),
        known: None,
        text: value.text.to_string(),
        label_cell,
        value_cell,
    })
}

/// What a cell looks like, whatever stands beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Look {
    /// No text, or no cell.
    Blank,
    /// A label that the profile knows, without a colon.
    Known(Label),
    /// A label that the profile knows, with a colon.
    KnownWithColon(Label),
    /// What the profile knows to stand beside labels, and is none.
    Side,
    /// Known labels with their values.
    Inline,
    /// Unknown words that end with a colon.
    Colon,
    /// Anything else.
    Text,
}

/// Looks at a cell alone.
pub(crate) fn look(cell: &Cell<'_>, profile: &Profile) -> Look {
    let ends_with_colon = cell.text.ends_with([':', '：', '﹕', '︰', '∶', '꞉']);
    match profile.label(&cell.text) {
        _ if cell.is_blank() => Look::Blank,
        Some(label) if ends_with_colon => Look::KnownWithColon(label),
        Some(label) => Look::Known(label),
        None if profile.side(&cell.text).is_some() => Look::Side,
        None if !inline(&cell.text, profile, 0).is_empty() => Look::Inline,
        None if ends_with_colon && is_short(cell) => Look::Colon,
        None => Look::Text,
    }
}

/// Whether a cell stands beside several rows, each with a label and a value of
/// its own: it says what they are, and is no label.
pub(crate) fn is_beside(cells: &[Cell<'_>], at: usize) -> bool {
    let rest = cells[at + 1..].iter().take(WIDEST);
    cells.get(at + 1).is_some_and(|next| next.rowspan < cells[at].rowspan)
        && rest.filter(|cell| !cell.is_blank()).nth(1).is_some()
}

/// Whether a side label stands beside one text and no more, in its own row: the
/// form has no label where others have one.
fn is_label_of_text(row: &Row<'_>, at: usize, looks: &Looks) -> bool {
    row.cells[at].rowspan == 1 && looks.at(at + 1) == Look::Text && row.filled().nth(2).is_none()
}

/// Short enough for a label, and more than a colon alone.
fn is_short(cell: &Cell<'_>) -> bool {
    fold(&cell.text).is_some() && cell.text.chars().count() <= LONGEST_LABEL
}

/// The cells of a row by their looks.
struct Looks {
    looks: Vec<Look>,
    /// How many known labels without colons stand side by side from a cell on.
    runs: Vec<usize>,
    /// Whether known labels of this row end with colons.
    has_colons: bool,
    /// Whether the row holds nothing but known labels without colons.
    is_known: bool,
}

impl Looks {
    fn new(row: &Row<'_>, profile: &Profile) -> Looks {
        let looks: Vec<Look> = row.cells.iter().map(|cell| look(cell, profile)).collect();
        let mut runs = vec![0; looks.len() + 1];
        for (at, look) in looks.iter().enumerate().rev() {
            runs[at] = if matches!(look, Look::Known(_)) { runs[at + 1] + 1 } else { 0 };
        }
        let has_colons = looks.iter().any(|look| matches!(look, Look::KnownWithColon(_)));
        let is_known = looks.iter().all(|look| matches!(look, Look::Known(_) | Look::Side | Look::Blank));
        Looks { looks, runs, has_colons, is_known }
    }

    fn at(&self, at: usize) -> Look {
        self.looks.get(at).copied().unwrap_or(Look::Blank)
    }

    /// Whether a cell of unknown words is a label: it ends with a colon, or it
    /// is followed by a cell that does not look like a label.
    fn is_unknown_label(&self, at: usize, cell: &Cell<'_>) -> bool {
        match self.at(at) {
            Look::Colon => true,
            Look::Text => {
                is_short(cell)
                    && at + 1 < self.looks.len()
                    && matches!(self.at(at + 1), Look::Text | Look::Blank)
            }
            _ => false,
        }
    }

    /// The cell that is the value of the label at `at`, if it has any.
    /// `is_habit` tells of a farther cell whether values stand in its column.
    fn value(&self, at: usize, row: &Row<'_>, is_habit: impl Fn(usize) -> bool) -> Option<usize> {
        let next = at + 1;
        let has_value = self.at(next + 1) == Look::Text;
        let is_value = match self.at(next) {
            Look::Blank if next < self.looks.len() => {
                return Some(self.far(at, &row.cells, is_habit).unwrap_or(next));
            }
            // What reads `label：value` behind a label with a colon is a text
            // that quotes one.
            Look::Inline => matches!(self.at(at), Look::KnownWithColon(_)),
            Look::Blank | Look::Side | Look::KnownWithColon(_) => false,
            Look::Text => true,
            // Two unknown words with colons are two labels.
            Look::Colon => self.at(at) != Look::Colon && !has_value,
            Look::Known(_) if self.has_colon(at) => !has_value,
            Look::Known(_) => self.is_in_position(at),
        };
        is_value.then_some(next)
    }

    /// Whether the known label right of a known label is its value by the
    /// position alone: in `label label label value` the second one is.
    fn is_in_position(&self, at: usize) -> bool {
        let run = self.runs[at];
        let is_followed = self.at(at + run) == Look::Text;
        // A row of nothing but labels has its values elsewhere, or none.
        if is_followed { run % 2 == 1 } else { run == 2 && !self.is_known }
    }

    /// The value behind blank cells, as a wide label or value leaves them that
    /// was laid out; none where the text there may be a label itself.
    fn far(&self, at: usize, cells: &[Cell<'_>], is_habit: impl Fn(usize) -> bool) -> Option<usize> {
        let is_label = self.at(at) != Look::Text;
        let far = (at + 2..cells.len()).find(|&far| self.at(far) != Look::Blank)?;
        let is_text = self.at(far) == Look::Text
            && self.at(far + 1) != Look::Text
            // An item of a list may have a heading of its own.
            && (unknown_inline(&cells[far].text, far).is_none() || unnumbered(&cells[far].text) != &*cells[far].text);
        // Without colons every other cell may be a label: one with a blank slot
        // of its own behind it, and neither a number nor a sentence.
        let has_slot = far + 1 < cells.len()
            && self.at(far + 1) == Look::Blank
            && (far + 2 == cells.len() || self.at(far + 2) != Look::Blank);
        let is_number = cells[far].text.starts_with(|c: char| c.is_ascii_digit());
        let is_sentence = !is_short(&cells[far]) || cells[far].text.contains(['，', '。', '；']);
        let is_in_rhythm = self.has_colon(at) || (far - at) % 2 == 1;
        let is_value = || is_in_rhythm || !has_slot || is_number || is_sentence || is_habit(far);
        (is_label && is_text && is_value()).then_some(far)
    }

    fn has_colon(&self, at: usize) -> bool {
        self.has_colons || self.at(at) == Look::Colon
    }
}

#[cfg(test)]
mod tests {
    use formgrid_profile::Profiles;

    use super::*;

    /// Draws the pairs of a row: known labels by their field's key, unknown
    /// ones in brackets.
    #[track_caller]
    fn check(row: &str, expected: &str) {
        let profiles = Profiles::builtin();
        let profile = profiles.get("shanghai-project-target").unwrap();
        let row = Row::line(row.split('\t').map(Cell::new).collect());
        let drawn: Vec<String> = pairs(&row, profile, &ValueColumns::default())
            .iter()
            .map(|pair| match pair.known {
                Some(label) => format!("{}={}", profile.fields[label.field].key, pair.text),
                None => format!("[{}]={}", pair.label, pair.text),
            })
            .collect();
        assert_eq!(drawn.join(" "), expected);
    }

    #[test]
    fn pairs_stand_side_by_side() {
        check("项目名称：\t甲", "project_name=甲");
        check("项目名称：\t甲\t项目类别：\t乙", "project_name=甲 project_category=乙");
        check("项目名称\t甲\t项目类别\t乙", "project_name=甲 project_category=乙");
        check("联系人\t张三\t项目名称\t甲", "[联系人]=张三 project_name=甲");
        check("项目名称：\t甲\t负责人：\t", "project_name=甲 [负责人：]=");
        check("项目名称：\t关于项目类别：其他 的研究", "project_name=关于项目类别：其他 的研究");
    }

    #[test]
    fn a_value_may_end_with_a_colon() {
        check("项目概况：\t主要内容如下：", "overview=主要内容如下：");
        check("项目概况：\t主要内容如下：\t立项依据：\t文件", "overview=主要内容如下： basis=文件");
        check("项目概况\t主要内容如下：\t", "overview=主要内容如下：");
        check("项目名称：\t联系人：\t张三", "project_name= [联系人：]=张三");
        check("负责人：\t电话：\t", "[负责人：]= [电话：]=");
    }

    #[test]
    fn a_value_may_read_like_a_label() {
        check("项目名称：\t项目概况\t项目类别：\t其他", "project_name=项目概况 project_category=其他");
        check("项目名称：\t项目概况", "project_name=项目概况");
        check("项目类别：\t其他\t项目名称：\t项目概况\t", "project_category=其他 project_name=项目概况");
        check("项目名称\t项目概况\t项目类别\t其他", "project_name=项目概况 project_category=其他");
        check("项目类别\t其他\t项目名称\t项目概况", "project_category=其他 project_name=项目概况");
    }

    #[test]
    fn a_value_cell_may_be_missing() {
        check("项目名称：\t项目类别：\t其他", "project_name= project_category=其他");
        check("项目名称\t项目类别\t其他", "project_name= project_category=其他");
        check("项目名称：\t项目类别\t其他", "project_name= project_category=其他");
        check("项目名称：\t项目类别：", "project_name= project_category=");
        check("项目名称\t项目类别\t绩效类型", "project_name= project_category= performance_type=");
        check("项目名称\t项目类别", "project_name= project_category=");
    }

    #[test]
    fn a_value_may_quote_a_label() {
        check("项目名称：\t项目类别：其他", "project_name=项目类别：其他");
        check("项目实施计划：\t1、立项依据：甲文件", "implementation_plan=1、立项依据：甲文件");
    }

    #[test]
    fn a_value_may_stand_behind_blank_cells() {
        check("项目名称：\t\t甲\t", "project_name=甲");
        check("项目概况：\t\t\t甲", "overview=甲");
        check("项目概况\t\t\t甲", "overview=甲");
        check("项目名称：\t\t甲\t\t项目类别：\t\t乙", "project_name=甲 project_category=乙");
        check(
            "同名项目上年预算额（元）：\t\t同名项目上年预算执行数（元）：\t8",
            "previous_year_budget= previous_year_spending=8",
        );
        check("项目名称：\t\t联系人：\t张三", "project_name= [联系人：]=张三");
        check("项目名称：\t\t联系人：张三", "project_name= [联系人]=张三");
        check("项目名称：\t\t联系人\t张三", "project_name= [联系人]=张三");
        check("项目名称\t\t联系人\t", "project_name= [联系人]=");
        check("项目名称\t\t甲\t\t\t", "project_name=甲");
        check("项目名称\t\t甲\t\t\t项目类别\t\t乙", "project_name=甲 project_category=乙");
        check("项目当年预算\t\t8\t", "current_year_budget=8");
        check("项目名称：\t\t", "project_name=");
    }

    #[test]
    fn pairs_stand_in_one_cell() {
        check("项目名称：甲 项目类别：乙", "project_name=甲 project_category=乙");
        check("项目名称：甲；项目类别：乙", "project_name=甲 project_category=乙");
        check(
            "项目名称：甲，1.项目类别：乙;绩效类型: 丙；",
            "project_name=甲 project_category=乙 performance_type=丙；",
        );
        check("项目概况：道路；内容：桥梁", "overview=道路；内容：桥梁");
        check("填表人：张三", "[填表人]=张三");
    }

    #[test]
    fn labels_may_be_numbered() {
        check("*项目名称：\t甲\t1.项目类别：\t乙", "project_name=甲 project_category=乙");
        check("（一）项目概况：甲", "overview=甲");
        check("一、立项依据\t文件", "basis=文件");
    }

    #[test]
    fn many_cells_take_linear_time() {
        let row = |text: &str| Row::line(vec![Cell::new(text.to_owned()); 20_000]);
        let profiles = Profiles::builtin();
        let profile = profiles.get("shanghai-project-target").unwrap();
        let count = |text: &str| pairs(&row(text), profile, &ValueColumns::default()).len();
        assert_eq!(count("项目名称"), 20_000);
        assert_eq!(count("项目名称："), 20_000);
        assert_eq!(count(""), 0);
        assert_eq!(count("甲："), 20_000);
        assert_eq!(count("甲"), 10_000);
    }
}

//! True grids, before anything happens to them.

use fastrand::Rng;

/// Where the words of the levels come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// The vocabulary of the built-in profile.
    Known,
    /// Words that no profile has.
    Unseen,
}

/// A grid as it was filled in: its leaves in order, each with its whole path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) leaves: Vec<Leaf>,
}

/// One row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Per level, the index of its group among all groups of that level, so
    /// that two groups of one name stay apart.
    pub(crate) groups: [usize; 2],
    /// The words of the three levels.
    pub(crate) path: [String; 3],
    /// The value; blank where the form was left blank.
    pub(crate) value: String,
}

const KNOWN: [(&str, &[&str]); 4] = [
    ("投入与管理", &["投入管理", "财务管理", "实施管理"]),
    ("产出目标", &["数量", "质量", "时效", "成本"]),
    ("效果目标", &["社会效益", "经济效益", "环境效益", "满意度"]),
    ("影响力目标", &["长效管理", "人力资源", "部门协助", "配套设施", "信息共享"]),
];

/// Halves of level words that no profile has.
const UNSEEN: [&str; 16] = [
    "组织", "保障", "执行", "过程", "绩效", "服务", "履职", "能力", "资源", "监督", "协同", "运行", "安全",
    "决策", "制度", "公共",
];
const UNSEEN_ENDS: [&str; 5] = ["水平", "情况", "建设", "方面", "类"];

const STEMS: [&str; 28] = [
    "图书采购",
    "设备更新",
    "人员培训",
    "宣传活动",
    "房屋修缮",
    "课题研究",
    "会议组织",
    "平台开发",
    "绿化养护",
    "道路清扫",
    "资料印刷",
    "系统维护",
    "场馆开放",
    "志愿服务",
    "预算执行",
    "资金到位",
    "合同管理",
    "采购程序",
    "档案归集",
    "服务对象",
    "参训学员",
    "居民",
    "企业",
    "项目验收",
    "成果转化",
    "政策知晓",
    "信息公开",
    "应急响应",
];
const ENDS: [&str; 14] = [
    "完成率",
    "数量",
    "合格率",
    "及时性",
    "规范性",
    "满意度情况",
    "覆盖面",
    "次数",
    "增长率",
    "知晓率",
    "健全性",
    "有效性",
    "场次",
    "提升程度",
];
const QUALITATIVE: [&str; 16] = [
    "健全",
    "合规",
    "规范",
    "有效",
    "建立",
    "提高",
    "提升",
    "明显",
    "及时",
    "完成",
    "良好",
    "保持稳定",
    "合理",
    "完善",
    "高于上年",
    "达到要求",
];
const UNITS: [&str; 10] = ["份", "次", "人", "场", "个", "%", "项", "万元", "平方米", "天"];

/// Makes a grid of one to five groups on level 1.
pub(crate) fn truth(rng: &mut Rng, words: Words) -> Truth {
    let mut leaves = Vec::new();
    let mut groups = [0, 0];
    let count = rng.usize(2..=4);
    let firsts = rng.choose_multiple(0..KNOWN.len(), count);
    let mut firsts: Vec<usize> = firsts.into_iter().collect();
    firsts.sort_unstable();
    let mut used: Vec<String> = Vec::new();
    for first in firsts {
        let (name, seconds) = KNOWN[first];
        let level1 = word(rng, words, name, &mut used);
        groups[0] += 1;
        let count = rng.usize(1..=seconds.len().min(4));
        let mut chosen: Vec<usize> = rng.choose_multiple(0..seconds.len(), count);
        chosen.sort_unstable();
        for second in chosen {
            let level2 = word(rng, words, seconds[second], &mut used);
            groups[1] += 1;
            for _ in 0..size(rng) {
                let level3 = format!("{}{}", pick(rng, &STEMS), pick(rng, &ENDS));
                let value = value(rng);
                leaves.push(Leaf { groups, path: [level1.clone(), level2.clone(), level3], value });
            }
        }
    }
    Truth { leaves }
}

/// How many rows a group has: mostly few.
fn size(rng: &mut Rng) -> usize {
    match rng.u32(0..10) {
        0..3 => 1,
        3..6 => 2,
        6..8 => 3,
        8 => 4,
        _ => rng.usize(5..=8),
    }
}

fn word(rng: &mut Rng, words: Words, known: &str, used: &mut Vec<String>) -> String {
    if words == Words::Known {
        return known.to_owned();
    }
    loop {
        let word = format!("{}{}{}", pick(rng, &UNSEEN), pick(rng, &UNSEEN), pick(rng, &UNSEEN_ENDS));
        if !used.contains(&word) {
            used.push(word.clone());
            return word;
        }
    }
}

fn value(rng: &mut Rng) -> String {
    let number = if rng.bool() { rng.u32(1..=100) } else { rng.u32(1..=5000) };
    match rng.u32(0..10) {
        0..4 => pick(rng, &QUALITATIVE).to_owned(),
        4..6 => "=100%".to_owned(),
        6 => format!(">={number}{}", pick(rng, &UNITS)),
        7 => format!("={number}{}", pick(rng, &UNITS)),
        8 => format!("{number}{}", pick(rng, &UNITS)),
        _ => format!("≥{}%", rng.u32(50..=100)),
    }
}

fn pick(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    from[rng.usize(..from.len())]
}

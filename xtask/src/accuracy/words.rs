//! What is written into the cells of the bench's forms.
//!
//! None of these lists is the decoder's. A fair share of the names and values
//! has no word in common with what the decoder takes for praise or a measure.

use fastrand::Rng;

/// A level word with those that stand below it.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) text: &'static str,
    pub(crate) below: &'static [Word],
}

const fn word(text: &'static str) -> Word {
    Word { text, below: &[] }
}

/// The form of the built-in profile.
pub(crate) const SHANGHAI: &[Word] = &[
    Word {
        text: "投入与管理", below: &[word("投入管理"), word("财务管理"), word("实施管理")]
    },
    Word { text: "产出目标", below: &[word("数量"), word("质量"), word("时效"), word("成本")] },
    Word {
        text: "效果目标", below: &[word("社会效益"), word("经济效益"), word("环境效益"), word("满意度")]
    },
    Word {
        text: "影响力目标",
        below: &[word("长效管理"), word("人力资源"), word("部门协助"), word("配套设施"), word("信息共享")],
    },
];

/// The national form since 2021. 成本 and 满意度 are words of two levels.
pub(crate) const NATIONAL: &[Word] = &[
    Word {
        text: "成本指标", below: &[word("经济成本指标"), word("社会成本指标"), word("生态环境成本指标")]
    },
    Word {
        text: "产出指标",
        below: &[word("数量指标"), word("质量指标"), word("时效指标"), word("成本指标")],
    },
    Word {
        text: "效益指标",
        below: &[word("经济效益指标"), word("社会效益指标"), word("生态效益指标"), word("可持续影响指标")],
    },
    Word { text: "满意度指标", below: &[word("服务对象满意度指标"), word("满意度指标")] },
];

/// The framework of project evaluation, with three levels above the indicator.
/// Its third level reads like indicators do.
pub(crate) const EVALUATION: &[Word] = &[
    Word {
        text: "决策",
        below: &[
            Word {
                text: "项目立项", below: &[word("立项依据充分性"), word("立项程序规范性")]
            },
            Word {
                text: "绩效目标", below: &[word("绩效目标合理性"), word("绩效指标明确性")]
            },
            Word {
                text: "资金投入", below: &[word("预算编制科学性"), word("资金分配合理性")]
            },
        ],
    },
    Word {
        text: "过程",
        below: &[
            Word {
                text: "资金管理",
                below: &[word("资金到位率"), word("预算执行率"), word("资金使用合规性")],
            },
            Word {
                text: "组织实施", below: &[word("管理制度健全性"), word("制度执行有效性")]
            },
        ],
    },
    Word {
        text: "产出",
        below: &[
            Word { text: "产出数量", below: &[word("实际完成率")] },
            Word { text: "产出质量", below: &[word("质量达标率")] },
            Word { text: "产出时效", below: &[word("完成及时性")] },
            Word { text: "产出成本", below: &[word("成本节约率")] },
        ],
    },
    Word {
        text: "效益", below: &[Word { text: "项目效益", below: &[word("实施效益"), word("满意度")] }]
    },
];

/// Level words that no profile has, as departments write them.
const UNSEEN: [&str; 24] = [
    "履职效能",
    "管理效率",
    "运行成效",
    "可持续发展能力",
    "工作目标管理",
    "重点工作任务完成",
    "预算和财务管理",
    "履职目标实现",
    "基础保障",
    "队伍建设",
    "科技创新",
    "公共服务供给",
    "资产管理",
    "改革任务",
    "民生改善",
    "依法行政",
    "对外合作",
    "其他资源投入",
    "行业影响",
    "区域协同",
    "风险防控",
    "业务拓展",
    "文化传承",
    "党建引领",
];
/// Halves of further ones.
const HALVES: [&str; 16] = [
    "组织", "保障", "执行", "过程", "绩效", "服务", "履职", "能力", "资源", "监督", "协同", "运行", "安全",
    "决策", "制度", "公共",
];
const ENDS: [&str; 5] = ["水平", "情况", "建设", "方面", "类"];
/// As short as can be.
const SHORT: [&str; 12] =
    ["安全", "环保", "培训", "宣传", "科研", "党建", "后勤", "医疗", "水利", "档案", "消防", "节能"];
/// Named as indicators are.
const RATES: [&str; 8] = ["开工率", "入住率", "人员数", "覆盖率", "周转率", "床位数", "好评率", "成活率"];
/// With digits.
const NUMBERED: [&str; 8] = [
    "2020年重点任务",
    "第1类任务",
    "1号工程",
    "2021-2023年规划任务",
    "5G基站建设",
    "12345热线",
    "4类机构",
    "3D打印平台",
];
/// Nearly sentences.
const LONG: [&str; 6] = [
    "围绕全年重点任务开展的各项基础性工作",
    "提升城市精细化治理能力和治理水平",
    "强化基层医疗卫生机构服务能力建设",
    "保障机关事业单位正常运转的综合支出",
    "深化行政审批制度改革优化营商环境",
    "农村人居环境整治三年行动任务",
];

/// What is done or looked at, and how it is measured.
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
const MEASURES: [&str; 14] = [
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
/// Indicators that name a deed or a thing and no measure.
const DEEDS: [&str; 36] = [
    "保障基地安全",
    "保障基地清洁卫生",
    "杂志征订",
    "举办科普讲座",
    "新增就业岗位",
    "按期开放场馆",
    "发放困难群众补贴",
    "维护校园网络",
    "带动周边农户增收",
    "修缮危旧房屋",
    "购置急救设备",
    "编制年度报告",
    "防止重大事故发生",
    "节约能源消耗",
    "减轻企业负担",
    "推动行业交流",
    "改善办公环境",
    "建成标准化病房",
    "开展巡回义诊",
    "保护古树名木",
    "出版地方志",
    "接待来访群众",
    "资助贫困学生",
    "治理河道淤泥",
    "引进高层次人才",
    "扶持小微企业",
    "排查消防隐患",
    "推广优良品种",
    "采集水样",
    "组织业务骨干外出学习",
    "参加2020年进博会",
    // Labels of this form or of another one.
    "立项依据",
    "项目负责人",
    "实施单位",
    "项目总预算",
    "年度目标",
];

/// Qualitative targets as most forms have them.
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
/// Targets that no list of usual ones has.
const UNUSUAL: [&str; 36] = [
    "不低于上年度水平",
    "2021年12月完成",
    "湛江市基层",
    "较有效",
    "万无一失",
    "零事故",
    "全覆盖",
    "按时足额",
    "在项目计划完成时间内完成",
    "高于全国平均数",
    "逐年向好",
    "有所缓解",
    "长期",
    "群众认可",
    "符合国家标准",
    "无投诉",
    "显著",
    "按合同约定执行",
    "全市各区县",
    "1600人、200人",
    "第三季度前",
    "不发生",
    "持续发挥作用",
    "基本达成目标",
    "严格控制在预算内",
    "应保尽保",
    "较健全",
    "得到保护",
    "可持续",
    "全年",
    "—",
    "/",
    "上升2个百分点",
    "全市16个区",
    "约5.5万人次",
    "≥190元每人每月",
];
const UNITS: [&str; 12] = ["份", "次", "人", "场", "个", "%", "项", "万元", "平方米", "天", "百分比", "人次"];
const REMARKS: [&str; 8] = [
    "无",
    "见附件",
    "受疫情影响部分活动延期",
    "按季度考核",
    "以验收单为准",
    "采购流程较长，下年提前启动",
    "数据来源于统计年报",
    "加强与实施单位的沟通",
];

/// A level word of no profile, other than those used.
pub(crate) fn unseen(rng: &mut Rng, used: &mut Vec<String>) -> String {
    loop {
        let word = match rng.u32(..10) {
            0..4 => pick(rng, &UNSEEN).to_owned(),
            4 => pick(rng, &SHORT).to_owned(),
            5 => pick(rng, &RATES).to_owned(),
            6 => pick(rng, &NUMBERED).to_owned(),
            7 => pick(rng, &LONG).to_owned(),
            _ => format!("{}{}{}", pick(rng, &HALVES), pick(rng, &HALVES), pick(rng, &ENDS)),
        };
        if !used.contains(&word) {
            used.push(word.clone());
            return word;
        }
    }
}

/// An indicator; two in five name no measure.
pub(crate) fn indicator(rng: &mut Rng) -> String {
    match rng.u32(..5) {
        0..3 => format!("{}{}", pick(rng, &STEMS), pick(rng, &MEASURES)),
        _ => pick(rng, &DEEDS).to_owned(),
    }
}

/// A target; one in five is none of the usual.
pub(crate) fn target(rng: &mut Rng) -> String {
    let number = if rng.bool() { rng.u32(1..=100) } else { rng.u32(1..=5000) };
    match rng.u32(..20) {
        0..6 => pick(rng, &QUALITATIVE).to_owned(),
        6..10 => pick(rng, &UNUSUAL).to_owned(),
        10..13 => "=100%".to_owned(),
        13 => format!(">={number}{}", pick(rng, &UNITS)),
        14 => format!("={number}{}", pick(rng, &UNITS)),
        15..17 => format!("{number}{}", pick(rng, &UNITS)),
        17 => number.to_string(),
        18 => format!("≤{number}{}", pick(rng, &UNITS)),
        _ => format!("≥{}%", rng.u32(50..=100)),
    }
}

/// A number of points.
pub(crate) fn points(rng: &mut Rng) -> String {
    match rng.u32(..4) {
        0 => format!("{}.5", rng.u32(1..20)),
        _ => rng.u32(1..=20).to_string(),
    }
}

/// A remark; mostly there is none.
pub(crate) fn remark(rng: &mut Rng) -> String {
    if rng.u32(..10) < 7 { String::new() } else { pick(rng, &REMARKS).to_owned() }
}

fn pick(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    from[rng.usize(..from.len())]
}

//! Words that forms are filled in with where a target is no number.

/// Qualitative targets: `健全`, `提高`.
const PRAISE: [&str; 35] = [
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
    "可控",
    "降低",
    "减少",
    "增加",
    "长远",
    "明确",
    "效果明显",
    "高",
    "较高",
    "好",
    "较好",
    "是",
    "否",
    "达标",
    "合格",
    "完整",
    "优",
    "稳定",
    "满意",
    "增强",
    "改善",
];

/// Whether a text is a word of praise, as qualitative targets are. It says
/// nothing of other texts: a target may be any sentence.
///
/// ```
/// use formgrid_profile::is_praise;
/// assert!(is_praise("健全") && !is_praise("制度"));
/// ```
pub fn is_praise(text: &str) -> bool {
    PRAISE.contains(&text)
}

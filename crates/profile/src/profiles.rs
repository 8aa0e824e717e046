//! All forms together: what any of them knows.

use std::collections::{HashMap, HashSet};

use crate::fold::unnumbered_title;
use crate::pattern::Pattern;
use crate::profile::split_unit;
use crate::read::{ProfileError, read};
use crate::{Profile, fold, unnumbered};

/// The profiles in force, and an index over all of them.
///
/// A lookup costs one hash of the folded text, whatever the number of profiles.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    profiles: Vec<Profile>,
    labels: HashSet<String>,
    headers: HashSet<String>,
    words: HashSet<String>,
    /// Titles and headings by their first characters, so that a lookup does not
    /// try every pattern of every profile.
    titles: HashMap<Option<char>, Vec<Pattern>>,
    headings: HashMap<Option<char>, Vec<Pattern>>,
}

/// The built-in profiles: name and TOML text.
pub fn builtin_sources() -> &'static [(&'static str, &'static str)] {
    &[("shanghai-project-target", include_str!("../../../profiles/shanghai-project-target.toml"))]
}

impl Profiles {
    /// The profiles that are compiled into formgrid.
    ///
    /// # Panics
    /// Never: a test reads every built-in profile.
    pub fn builtin() -> Profiles {
        let mut profiles = Profiles::default();
        for (name, source) in builtin_sources() {
            if let Err(error) = profiles.add(source) {
                panic!("the built-in profile {name} does not read: {error}");
            }
        }
        profiles
    }

    /// Adds a profile from its TOML text; one of the same name is replaced.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn add(&mut self, source: &str) -> Result<(), ProfileError> {
        let profile = read(source)?;
        match self.profiles.iter_mut().find(|other| other.name == profile.name) {
            Some(other) => *other = profile,
            None => self.profiles.push(profile),
        }
        self.index();
        Ok(())
    }

    /// The profiles, built-in ones first, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter()
    }

    /// The profile of this name.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Whether a line is the title of any form.
    pub fn is_title(&self, line: &str) -> bool {
        fits(&self.titles, line)
    }

    /// Whether a line is a heading inside any form, such as its year.
    pub fn is_heading(&self, line: &str) -> bool {
        let Some(folded) = fold(line) else { return false };
        fits(&self.headings, line)
            || split_unit(&folded).is_some_and(|(stem, _)| stem.is_empty() || fits(&self.headings, stem))
    }

    /// Whether a text is a label of any form, alone, with or without a number
    /// before it and a unit behind it.
    pub fn is_label(&self, text: &str) -> bool {
        [text, unnumbered(text)].iter().filter_map(|text| fold(text)).any(|folded| {
            self.labels.contains(&folded)
                || split_unit(&folded).is_some_and(|(stem, _)| self.labels.contains(stem))
        })
    }

    /// Whether a text heads a column of any form's grid.
    pub fn is_header(&self, text: &str) -> bool {
        fold(text).is_some_and(|folded| self.headers.contains(&folded))
    }

    /// Whether a text is a level word of any form's grid.
    pub fn is_word(&self, text: &str) -> bool {
        crate::fold_word(text).is_some_and(|word| self.words.contains(&word))
    }

    fn index(&mut self) {
        let Profiles { profiles, labels, headers, words, titles, headings } = self;
        (*labels, *headers, *words) = Default::default();
        (*titles, *headings) = Default::default();
        for profile in profiles.iter() {
            for rule in &profile.fields {
                labels.extend(rule.labels.iter().filter_map(|label| fold(label)));
            }
            let grid = &profile.grid;
            let heads = grid.levels.iter().map(|level| &level.headers);
            for head in heads.chain(grid.columns.iter().map(|column| &column.headers)) {
                headers.extend(sorted(head));
            }
            for level in &grid.levels {
                words.extend(sorted(&level.words));
            }
            for (index, patterns) in [(&mut *titles, &profile.titles), (&mut *headings, &profile.headings)] {
                for pattern in patterns {
                    let same: &mut Vec<Pattern> = index.entry(pattern.first()).or_default();
                    if !same.contains(pattern) {
                        same.push(pattern.clone());
                    }
                }
            }
        }
    }
}

fn sorted(set: &HashSet<String>) -> Vec<String> {
    let mut items = Vec::from_iter(set.iter().cloned());
    items.sort_unstable();
    items
}

fn fits(index: &HashMap<Option<char>, Vec<Pattern>>, line: &str) -> bool {
    [line, unnumbered_title(line)].iter().filter_map(|line| fold(line)).any(|folded| {
        let firsts = [folded.chars().next(), None];
        let mut patterns = firsts.iter().filter_map(|first| index.get(first)).flatten();
        patterns.any(|pattern| pattern.fit(&folded).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_profiles_read() {
        assert!(Profiles::builtin().iter().count() >= 1);
    }

    #[test]
    fn a_profile_of_the_same_name_is_replaced() {
        let mut profiles = Profiles::builtin();
        let count = profiles.iter().count();
        profiles.add(builtin_sources()[0].1).unwrap();
        assert_eq!(profiles.iter().count(), count);
        assert!(profiles.is_title("财政项目支出绩效目标表"));
        assert!(profiles.is_heading("（2020年度）"));
        assert!(!profiles.is_title("关于填报财政项目支出绩效目标表的通知"));
    }

    #[test]
    fn titles_may_name_the_year_and_an_annex() {
        #[track_caller]
        fn check(line: &str, expected: Option<Option<i64>>) {
            let profiles = Profiles::builtin();
            let profile = profiles.get("shanghai-project-target").unwrap();
            assert_eq!(profile.title(line), expected, "{line}");
            assert_eq!(profiles.is_title(line), expected.is_some(), "{line}");
        }
        check("财政项目支出绩效目标表（2020年度）", Some(Some(2020)));
        check("财政项目支出绩效目标表（　年度）", Some(None));
        check("2020年度财政项目支出绩效目标表", Some(Some(2020)));
        check("二〇二〇年财政项目支出绩效目标表", Some(Some(2020)));
        check("表1 财政项目支出绩效目标表", Some(None));
        check("附件1：财政项目支出绩效目标表", Some(None));
        check("附件2-1 2020年度财政项目支出绩效目标表", Some(Some(2020)));
        check("附件", None);
        check("财政项目支出绩效目标表填报说明", None);
    }

    #[test]
    fn labels_may_be_numbered() {
        let profiles = Profiles::builtin();
        let profile = profiles.get("shanghai-project-target").unwrap();
        for label in ["*项目名称：", "1.项目名称", "（一）项目名称：", "一、项目名称", "2.项目总预算（万元）"]
        {
            assert!(profiles.is_label(label) && profile.label(label).is_some(), "{label}");
        }
        assert!(!profiles.is_label("1.") && !profiles.is_label("2020.项目名称"));
    }
}

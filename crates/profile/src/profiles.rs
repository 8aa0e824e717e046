//! All forms together: what any of them knows.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::build::build;
use crate::ends::Ends;
use crate::fold::word_of;
use crate::generic::generic;
use crate::lookup::{find_heading, find_key, find_label, find_title, header_key, without_part};
use crate::node::{Mistakes, ProfileError, did_you_mean, read_tree};
use crate::pattern::undated;
use crate::profile::Profile;
use crate::source::{Source, read_source};
use crate::{fold, fold_word, unnumbered};

/// The profiles in force, and one index over all of them.
///
/// A lookup costs a few hashes of the text, whatever the number of profiles and
/// of their labels.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    profiles: Vec<Profile>,
    /// As their files say, for those that extend them.
    sources: Vec<Source>,
    /// Who knows a word, by index.
    titles: FxHashMap<String, Vec<u32>>,
    /// Titles with a `*`: by what stands behind it, what stands before it.
    tails: FxHashMap<String, Vec<(String, Vec<u32>)>>,
    labels: FxHashMap<String, Vec<u32>>,
    headers: FxHashMap<String, Vec<u32>>,
    /// Headers of levels alone.
    levels: FxHashSet<String>,
    /// Headers of tables of values.
    columns: FxHashSet<String>,
    /// Headings that say what a grid sets targets for.
    horizons: FxHashSet<String>,
    headings: FxHashSet<String>,
    words: FxHashSet<String>,
    /// How titles end, with their tails.
    title_ends: Ends,
    /// How all other words end.
    ends: Ends,
    generic: OnceLock<Profile>,
}

/// What a word is without which no form begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// A title, or what stands behind the `*` of one: [`Profiles::is_title`].
    Title,
    /// A label, or a row or column of a table of values:
    /// [`Profiles::is_label`], [`Profiles::is_column`].
    Label,
    /// A header of a grid: [`Profiles::is_header`].
    Header,
}

/// What any form knows of a text; see the lookups of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the lookups of the same names say it")]
pub struct Known {
    pub is_label: bool,
    pub is_header: bool,
    pub is_level: bool,
    pub is_column: bool,
    pub is_horizon: bool,
    pub is_word: bool,
}

/// The built-in profiles: name and TOML text.
pub fn builtin_sources() -> &'static [(&'static str, &'static str)] {
    macro_rules! sources {
        ($($name:literal),* $(,)?) => {
            &[$(($name, include_str!(concat!("../../../profiles/", $name, ".toml")))),*]
        };
    }
    sources![
        "shanghai-project-target",
        "shanghai-district-target",
        "national-target",
        "national-self-evaluation",
        "xpcc-target",
        "sichuan-project-list",
        "sichuan-self-evaluation",
        "chongqing-self-evaluation",
        "transfer-self-evaluation",
        "ningxia-self-evaluation",
        "project-monitoring",
        "department-monitoring",
        "two-sided-target",
        "bond-target",
        "bond-self-evaluation",
        "application-2011",
        "guangxi-application",
        "application-sample",
        "wuhan-application",
        "transfer-target",
        "rural-target",
        "gansu-target",
        "chongqing-approval",
        "department-target",
        "zhanjiang-department-target",
        "zhengzhou-department-target",
        "evaluation-sheet",
    ]
}

impl Profiles {
    /// The profiles that are compiled into formgrid.
    ///
    /// # Panics
    /// Never: a test reads every built-in profile.
    pub fn builtin() -> Profiles {
        let mut profiles = Profiles::default();
        for (name, source) in builtin_sources() {
            if let Err(errors) = profiles.add(source) {
                panic!("the built-in profile {name} does not read: {errors:?}");
            }
        }
        profiles
    }

    /// Adds a profile from its TOML text; one of the same name is replaced.
    ///
    /// # Errors
    /// Everything that is wrong with the text, and where; then nothing is added.
    pub fn add(&mut self, text: &str) -> Result<&Profile, Vec<ProfileError>> {
        let mut mistakes = Mistakes::new(text);
        let source = read_tree(text, &mut mistakes, read_source);
        let base = source.extends.as_ref().and_then(|extends| {
            let base = self.profiles.iter().position(|profile| profile.name == extends.text);
            if base.is_none() {
                let names = self.profiles.iter().map(|profile| &*profile.name);
                let hint = did_you_mean(&extends.text, names)
                    .unwrap_or_else(|| "`formgrid profiles` lists them".to_owned());
                mistakes.add(extends.at, format!("no profile is named \"{}\"; {hint}", extends.text));
            }
            base
        });
        let mut ancestors = Vec::new();
        let source = match base {
            Some(base) => {
                ancestors.push(self.profiles[base].name.clone());
                ancestors.extend_from_slice(&self.profiles[base].ancestors);
                source.onto(&self.sources[base], &mut mistakes)
            }
            None => source,
        };
        // What an unknown base would have had is not missing.
        let is_orphan = base.is_none() && source.extends.is_some();
        if is_orphan {
            return Err(mistakes.finish());
        }
        let profile = build(&source, ancestors, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes.finish());
        }
        self.generic = OnceLock::new();
        let at = match self.profiles.iter().position(|other| other.name == profile.name) {
            Some(at) => {
                (self.profiles[at], self.sources[at]) = (profile, source);
                self.index();
                at
            }
            None => {
                self.profiles.push(profile);
                self.sources.push(source);
                self.index_one(self.profiles.len() - 1);
                self.profiles.len() - 1
            }
        };
        Ok(&self.profiles[at])
    }

    /// The profiles, built-in ones first, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter()
    }

    /// The profile of this name; of forms that none knows, too.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        let generic = || Some(self.generic()).filter(|generic| generic.name == name);
        self.profiles.iter().find(|profile| profile.name == name).or_else(generic)
    }

    /// The profile of forms that none knows.
    pub fn generic(&self) -> &Profile {
        self.generic.get_or_init(|| generic(self.sources.iter()))
    }

    /// How many profiles there are; the indices below are less.
    pub fn count(&self) -> usize {
        self.profiles.len()
    }

    /// The profile of an index, as the lookups give it.
    pub fn at(&self, index: u32) -> &Profile {
        &self.profiles[index as usize]
    }

    /// The profiles that a line is a title of, by index.
    pub fn titled(&self, line: &str) -> &[u32] {
        if !self.title_ends.may_end(line) {
            return &[];
        }
        let whole = |title: &str| self.titles.get(title);
        let split = |head: &str, tail: &str| {
            let starts = self.tails.get(tail)?;
            starts.iter().find(|(start, _)| head.starts_with(start.as_str())).map(|(_, known)| known)
        };
        find_title(line, whole, split).map_or(&[], |(found, _)| found)
    }

    /// The profiles that have a label, alone or in a table, by index.
    pub fn labelled(&self, text: &str) -> &[u32] {
        if !self.ends.may_end(text) {
            return &[];
        }
        find_label(text, |label| self.labels.get(label)).map_or(&[], |(found, _)| found)
    }

    /// The profiles whose grid has a header, by index.
    pub fn headed(&self, text: &str) -> &[u32] {
        header_key(text).and_then(|header| self.headers.get(&header)).map_or(&[], |found| found)
    }

    /// The words without which no form begins, folded, their dates written as
    /// `{year}` and `{month}`.
    pub fn openers(&self) -> impl Iterator<Item = (Opener, &str)> {
        let titles = sorted(self.titles.keys().chain(self.tails.keys())).map(|word| (Opener::Title, word));
        let labels = sorted(self.labels.keys()).map(|word| (Opener::Label, word));
        let headers = sorted(self.headers.keys()).map(|word| (Opener::Header, word));
        titles.chain(labels).chain(headers).map(|(opener, word)| (opener, word.as_str()))
    }

    /// Whether a line is the title of any form.
    pub fn is_title(&self, line: &str) -> bool {
        !self.titled(line).is_empty()
    }

    /// Whether a line is a heading inside any form, such as its year.
    pub fn is_heading(&self, line: &str) -> bool {
        self.ends.may_end(line) && find_heading(line, |heading| self.headings.contains(heading)).is_some()
    }

    /// All that the lookups below say of a text, which is folded only once.
    pub fn known(&self, text: &str) -> Known {
        if !self.ends.may_end(text) {
            return Known::default();
        }
        let folded = fold(text);
        let key = folded.as_deref().map(|folded| undated(folded).0);
        let key = key.as_deref();
        let is_in = |words: &FxHashSet<String>| key.is_some_and(|key| words.contains(key));
        let mut known = Known {
            is_header: key.is_some_and(|key| self.headers.contains_key(key)),
            is_level: is_in(&self.levels),
            is_horizon: is_in(&self.horizons),
            is_word: folded.as_deref().is_some_and(|folded| self.words.contains(word_of(folded))),
            ..Known::default()
        };
        let unnumbered = unnumbered(text);
        let other = (unnumbered != text).then(|| header_key(unnumbered)).flatten();
        for key in [key, other.as_deref()].into_iter().flatten().map(without_part) {
            let is_label = find_key(key, |label| self.labels.get(label)).is_some();
            known.is_label |= is_label;
            // Columns are labels, too.
            known.is_column |=
                is_label && find_key(key, |header| self.columns.contains(header).then_some(())).is_some();
        }
        known
    }

    /// Whether a text is a label of any form, alone, with or without a number
    /// before it and a unit behind it.
    pub fn is_label(&self, text: &str) -> bool {
        !self.labelled(text).is_empty()
    }

    /// Whether a text heads a column of any form's grid.
    pub fn is_header(&self, text: &str) -> bool {
        !self.headed(text).is_empty()
    }

    /// Whether a text heads a level of any form's grid.
    pub fn is_level(&self, text: &str) -> bool {
        header_key(text).is_some_and(|header| self.levels.contains(&header))
    }

    /// Whether a text heads a column of any form's table of values.
    pub fn is_column(&self, text: &str) -> bool {
        find_label(text, |header| self.columns.contains(header).then_some(())).is_some()
    }

    /// Whether a text says what the grid below or beside it sets targets for, in
    /// any form.
    pub fn is_horizon(&self, text: &str) -> bool {
        header_key(text).is_some_and(|heading| self.horizons.contains(&heading))
    }

    /// Whether a text is a level word of any form's grid.
    pub fn is_word(&self, text: &str) -> bool {
        fold_word(text).is_some_and(|word| self.words.contains(&word))
    }

    fn index(&mut self) {
        let Profiles { profiles, sources, .. } = std::mem::take(self);
        (self.profiles, self.sources) = (profiles, sources);
        for at in 0..self.profiles.len() {
            self.index_one(at);
        }
    }

    fn index_one(&mut self, at: usize) {
        let Profiles { profiles, titles, tails, labels, headers, levels, columns, .. } = self;
        let (horizons, headings, words) = (&mut self.horizons, &mut self.headings, &mut self.words);
        let (title_ends, ends) = (&mut self.title_ends, &mut self.ends);
        let Profile { grid, tables, .. } = &profiles[at];
        let profile = &profiles[at];
        let mut add = |index: &mut FxHashMap<String, Vec<u32>>, key: &String| {
            ends.add(key);
            let known = index.entry(key.clone()).or_default();
            if known.last() != Some(&(at as u32)) {
                known.push(at as u32);
            }
        };
        sorted(&profile.titles).for_each(|title| add(titles, title));
        for (tail, head) in &profile.tails {
            let starts = tails.entry(tail.clone()).or_default();
            match starts.iter_mut().find(|(start, _)| start == head) {
                Some((_, known)) => known.push(at as u32),
                // The longest start first: it says most.
                None => {
                    let place = starts.partition_point(|(start, _)| start.len() > head.len());
                    starts.insert(place, (head.clone(), vec![at as u32]));
                }
            }
        }
        // Labels as short as 其他 stand in any table and tell no form.
        let is_telling = |label: &&String| label.chars().count() > 2;
        sorted(profile.labels.keys()).filter(is_telling).for_each(|label| add(labels, label));
        let rows = tables.iter().map(|table| &table.rows).chain([&grid.rows]);
        rows.for_each(|rows| sorted(rows.keys()).for_each(|label| add(labels, label)));
        for table in tables {
            sorted(table.columns.keys()).for_each(|header| add(labels, header));
            columns.extend(sorted(table.columns.keys()).cloned());
        }
        // What heads a project's column of a list is a label in other forms: it
        // tells nothing.
        for level in &grid.levels[grid.projects.len()..] {
            sorted(&level.headers).for_each(|header| add(headers, header));
            levels.extend(sorted(&level.headers).cloned());
            words.extend(sorted(&level.words).cloned());
        }
        for column in &grid.columns {
            sorted(&column.headers).for_each(|header| add(headers, header));
        }
        for horizon in &grid.horizons {
            horizons.extend(sorted(&horizon.headings).cloned());
        }
        headings.extend(sorted(&profile.headings).cloned());
        profile.titles.iter().chain(profile.tails.keys()).for_each(|title| title_ends.add(title));
        grid.levels.iter().flat_map(|level| &level.words).for_each(|word| ends.add_level_word(word));
        let further = grid.horizons.iter().map(|horizon| &horizon.headings).chain([&profile.headings]);
        further.flatten().for_each(|word| ends.add(word));
    }
}

/// In an order that is the same each time.
fn sorted<'a>(texts: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = &'a String> {
    let mut texts = Vec::from_iter(texts);
    texts.sort_unstable();
    texts.into_iter()
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

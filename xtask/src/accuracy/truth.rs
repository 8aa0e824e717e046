//! True grids, before anything happens to them.

use fastrand::Rng;

use super::shape::Shape;
use super::words::{self, Word};

/// Where the words of the levels come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// The vocabulary of the form's profile.
    Known,
    /// Words that no profile has.
    Unseen,
    /// Known words on level 1, unseen ones inside.
    Mixed,
    /// Known words, with one level-2 word under two parents, and an indicator
    /// that has the name of its group.
    Twice,
}

/// How many rows the groups have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// Mostly few; one form in ten is long.
    Usual,
    /// One row each.
    Single,
    /// Long forms, up to 60 rows.
    Long,
}

/// A grid as it was filled in: its leaves in order, each with its whole path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) leaves: Vec<Leaf>,
}

/// One row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Per outer level, the index of its group among all groups of that level,
    /// so that two groups of one name stay apart.
    pub(crate) groups: Vec<usize>,
    /// The texts of a whole row: levels, then columns. Blank where the form was
    /// left blank.
    pub(crate) texts: Vec<String>,
}

/// No form is longer.
const LONGEST: usize = 60;

/// Makes a grid.
pub(crate) fn truth(rng: &mut Rng, shape: &Shape, words: Words, sizes: Sizes) -> Truth {
    let sizes = if sizes == Sizes::Usual && rng.u32(..10) == 0 { Sizes::Long } else { sizes };
    let mut grower = Grower {
        shape: *shape,
        words,
        sizes,
        used: Vec::new(),
        groups: vec![0; shape.levels - 1],
        leaves: Vec::new(),
    };
    grower.grow(rng, shape.words(), &mut Vec::new());
    let mut truth = Truth { leaves: grower.leaves };
    if words == Words::Twice {
        name_twice(rng, &mut truth, shape);
    }
    truth
}

struct Grower {
    shape: Shape,
    words: Words,
    sizes: Sizes,
    used: Vec<String>,
    groups: Vec<usize>,
    leaves: Vec<Leaf>,
}

impl Grower {
    /// Adds groups with some of these words below a path, or leaves where the
    /// path is whole.
    fn grow(&mut self, rng: &mut Rng, words: &[Word], path: &mut Vec<String>) {
        let level = path.len();
        if level + 1 == self.shape.levels {
            for _ in 0..self.size(rng) {
                self.leaf(rng, path);
            }
            return;
        }
        let most = words.len().min(if level == 0 { 4 } else { 3 + usize::from(self.shape.levels == 3) });
        let count = rng.usize(1.max(most.min(2 - level.min(1)))..=most);
        let mut chosen = rng.choose_multiple(0..words.len(), count);
        // Forms keep the order that is prescribed, mostly.
        if rng.u32(..10) > 0 {
            chosen.sort_unstable();
        }
        for at in chosen {
            if self.leaves.len() >= LONGEST {
                return;
            }
            let is_known = match self.words {
                Words::Known | Words::Twice => true,
                Words::Unseen => false,
                Words::Mixed => level == 0,
            };
            let word = if is_known { words[at].text.to_owned() } else { words::unseen(rng, &mut self.used) };
            self.groups[level] += 1;
            path.push(word);
            self.grow(rng, words[at].below, path);
            path.pop();
        }
    }

    fn leaf(&mut self, rng: &mut Rng, path: &[String]) {
        let mut texts = path.to_vec();
        // A group does not list an indicator twice.
        let is_new = |name: &String| {
            let mut same = self.leaves.iter().rev().take_while(|leaf| leaf.groups == self.groups);
            !same.any(|leaf| leaf.texts[path.len()] == *name)
        };
        let mut name = words::indicator(rng);
        while !is_new(&name) {
            name = words::indicator(rng);
        }
        texts.push(name);
        for key in self.shape.keys() {
            texts.push(match key {
                "weight" | "score" => words::points(rng),
                "remark" | "deviation" => words::remark(rng),
                _ => words::target(rng),
            });
        }
        self.leaves.push(Leaf { groups: self.groups.clone(), texts });
    }

    /// How many rows a group has.
    fn size(&self, rng: &mut Rng) -> usize {
        let size = match (self.sizes, rng.u32(..10)) {
            (Sizes::Single, _) => 1,
            (Sizes::Long, 0..2) => 1,
            (Sizes::Long, _) => rng.usize(2..=15),
            (Sizes::Usual, 0..3) => 1,
            (Sizes::Usual, 3..6) => 2,
            (Sizes::Usual, 6..8) => 3,
            (Sizes::Usual, 8) => 4,
            (Sizes::Usual, _) => rng.usize(5..=8),
        };
        size.min(LONGEST.saturating_sub(self.leaves.len())).max(1)
    }
}

/// Gives a group of level 2 the name of one under the parent above, and an
/// indicator the name of its group.
fn name_twice(rng: &mut Rng, truth: &mut Truth, shape: &Shape) {
    let outer = shape.levels - 1;
    if outer >= 2 {
        let starts: Vec<usize> = (1..truth.leaves.len())
            .filter(|&at| truth.leaves[at].groups[0] != truth.leaves[at - 1].groups[0])
            .collect();
        if let Some(&at) = starts.get(rng.usize(..starts.len().max(1))) {
            let name = truth.leaves[at - 1].texts[1].clone();
            let group = truth.leaves[at].groups[1];
            for leaf in truth.leaves.iter_mut().filter(|leaf| leaf.groups[1] == group) {
                leaf.texts[1].clone_from(&name);
            }
        }
    }
    let at = rng.usize(..truth.leaves.len());
    let leaf = &mut truth.leaves[at];
    leaf.texts[outer] = leaf.texts[outer - 1].clone();
}

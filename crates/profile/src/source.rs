//! A profile as its file says it, before it is put together with the one that
//! it extends.

use crate::keys::{Key, Part, read_keys};
use crate::node::{Mistakes, Node, Text, did_you_mean};

/// The keys of the file, with the texts as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    pub(crate) name: Text,
    pub(crate) extends: Option<Text>,
    pub(crate) drop: Vec<Text>,
    pub(crate) title: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) titles: Vec<Text>,
    pub(crate) headings: Vec<Text>,
    pub(crate) sides: Vec<Text>,
    /// Key → labels, and so below.
    pub(crate) fields: Vec<(Text, Vec<Text>)>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) tables: Vec<Table>,
    pub(crate) grid: Grid,
    /// Keys of the profile's own, by the part of the dictionary.
    pub(crate) keys: Vec<(Part, Key)>,
}

/// Labels that count below another one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) after: Text,
    pub(crate) fields: Vec<(Text, Vec<Text>)>,
}

/// Row labels by column headers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<(Text, Vec<Text>)>,
    pub(crate) columns: Vec<(Text, Vec<Text>)>,
    pub(crate) is_repeated: bool,
    pub(crate) at: usize,
}

/// The indicator grid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(crate) levels: Vec<Level>,
    pub(crate) columns: Vec<(Text, Vec<Text>)>,
    pub(crate) rows: Vec<(Text, Vec<Text>)>,
    /// The spans of time that its grids set targets for → headings.
    pub(crate) horizons: Vec<(Text, Vec<Text>)>,
}

/// A level of the grid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) headers: Vec<Text>,
    pub(crate) words: Vec<Text>,
}

/// Parts of a profile that `drop` takes out whole.
const PARTS: [&str; 6] = ["headings", "sides", "fields", "blocks", "tables", "grid"];

/// Reads the top table of a file.
pub(crate) fn read_source(node: &mut Node<'_, '_>, mistakes: &mut Mistakes<'_>) -> Source {
    let missing = "the file has no \"name\"; write name = \"my-form\" at its top";
    let name = node.text("name", mistakes).unwrap_or_else(|| {
        mistakes.add(0, missing);
        Text::default()
    });
    let mut keys = Vec::new();
    for part in [Part::Field, Part::Row, Part::Column] {
        keys.extend(read_keys(part, node, mistakes).into_iter().map(|key| (part, key)));
    }
    Source {
        name,
        extends: node.text("extends", mistakes),
        drop: node.texts("drop", mistakes),
        title: node.text("title", mistakes),
        description: node.text("description", mistakes),
        titles: node.texts("titles", mistakes),
        headings: node.texts("headings", mistakes),
        sides: node.texts("sides", mistakes),
        fields: node.lists("fields", mistakes),
        blocks: node.list("block", mistakes, |node, mistakes| {
            let at = node.at;
            let after = node.text("after", mistakes).unwrap_or_else(|| {
                mistakes.add(at, "the block has no \"after\"; name the key of the field that opens it");
                Text::default()
            });
            Block { after, fields: node.lists("fields", mistakes) }
        }),
        tables: node.list("table", mistakes, |node, mistakes| Table {
            at: node.at,
            rows: node.lists("rows", mistakes),
            columns: node.lists("columns", mistakes),
            is_repeated: node.flag("repeated", mistakes),
        }),
        grid: node.inside("grid", mistakes, read_grid).unwrap_or_default(),
        keys,
    }
}

fn read_grid(node: &mut Node<'_, '_>, mistakes: &mut Mistakes<'_>) -> Grid {
    Grid {
        levels: node.list("level", mistakes, |node, mistakes| Level {
            headers: node.texts("headers", mistakes),
            words: node.texts("words", mistakes),
        }),
        columns: node.lists("columns", mistakes),
        rows: node.lists("rows", mistakes),
        horizons: node.lists("horizons", mistakes),
    }
}

impl Source {
    /// This profile on top of the one that it extends: lists grow, keys that are
    /// new are added, what it drops is gone. Its titles are its own, if it has
    /// any: they tell the two apart.
    pub(crate) fn onto(self, base: &Source, mistakes: &mut Mistakes<'_>) -> Source {
        let mut base = base.clone();
        // Mistakes in what is inherited were told when the base was read; here
        // they stand where the profile names it.
        base.move_to(self.extends.as_ref().map_or(0, |extends| extends.at));
        for dropped in &self.drop {
            if !base.drop_part(&dropped.text) {
                let keys = base.keys_in_use();
                let names = keys.iter().map(String::as_str).chain(PARTS);
                let hint = did_you_mean(&dropped.text, names).unwrap_or_else(|| {
                    format!("write a key that \"{}\" has, or {}", base.name.text, PARTS.join(", "))
                });
                mistakes.add(dropped.at, format!("there is no \"{}\" to drop; {hint}", dropped.text));
            }
        }
        base.headings.extend(self.headings);
        base.sides.extend(self.sides);
        extend(&mut base.fields, self.fields);
        extend(&mut base.grid.columns, self.grid.columns);
        extend(&mut base.grid.rows, self.grid.rows);
        extend(&mut base.grid.horizons, self.grid.horizons);
        for block in self.blocks {
            match base.blocks.iter_mut().find(|other| other.after.text == block.after.text) {
                Some(other) => extend(&mut other.fields, block.fields),
                None => base.blocks.push(block),
            }
        }
        for table in self.tables {
            // A table that has a column of an inherited one is that table.
            let has = |other: &Table| {
                let keys =
                    |table: &Table| table.columns.iter().map(|(key, _)| key.text.clone()).collect::<Vec<_>>();
                let (ours, theirs) = (keys(&table), keys(other));
                table.rows.is_empty() == other.rows.is_empty()
                    && (ours.is_empty() || ours.iter().any(|key| theirs.contains(key)))
            };
            match base.tables.iter_mut().find(|other| has(other)) {
                Some(other) => {
                    extend(&mut other.rows, table.rows);
                    extend(&mut other.columns, table.columns);
                }
                None => base.tables.push(table),
            }
        }
        for (at, level) in self.grid.levels.into_iter().enumerate() {
            match base.grid.levels.get_mut(at) {
                Some(other) => {
                    other.headers.extend(level.headers);
                    other.words.extend(level.words);
                }
                None => base.grid.levels.push(level),
            }
        }
        base.keys.extend(self.keys);
        Source {
            name: self.name,
            extends: self.extends,
            drop: self.drop,
            title: self.title.or(base.title),
            description: self.description.or(base.description),
            titles: if self.titles.is_empty() { base.titles } else { self.titles },
            ..base
        }
    }

    /// Every key that the profile has labels for.
    fn keys_in_use(&self) -> Vec<String> {
        let blocks = self.blocks.iter().flat_map(|block| &block.fields);
        let tables = self.tables.iter().flat_map(|table| table.rows.iter().chain(&table.columns));
        let grid = self.grid.columns.iter().chain(&self.grid.rows).chain(&self.grid.horizons);
        let all = self.fields.iter().chain(blocks).chain(tables).chain(grid);
        all.map(|(key, _)| key.text.clone()).collect()
    }

    /// Takes out a part, or a key wherever it stands. Returns whether there was
    /// any.
    fn drop_part(&mut self, name: &str) -> bool {
        match name {
            "headings" => self.headings.clear(),
            "sides" => self.sides.clear(),
            "fields" => self.fields.clear(),
            "blocks" => self.blocks.clear(),
            "tables" => self.tables.clear(),
            "grid" => self.grid = Grid::default(),
            _ => return self.drop_key(name),
        }
        true
    }

    fn drop_key(&mut self, name: &str) -> bool {
        let before = self.keys_in_use().len();
        let keep = |list: &mut Vec<(Text, Vec<Text>)>| list.retain(|(key, _)| key.text != name);
        keep(&mut self.fields);
        self.blocks.iter_mut().for_each(|block| keep(&mut block.fields));
        self.blocks.retain(|block| block.after.text != name && !block.fields.is_empty());
        for table in &mut self.tables {
            keep(&mut table.rows);
            keep(&mut table.columns);
        }
        self.tables.retain(|table| !table.columns.is_empty());
        keep(&mut self.grid.columns);
        keep(&mut self.grid.rows);
        keep(&mut self.grid.horizons);
        self.keys_in_use().len() < before
    }

    /// Sets the place of every text.
    fn move_to(&mut self, at: usize) {
        let Source { titles, headings, sides, fields, blocks, tables, grid, .. } = self;
        let move_list = |list: &mut Vec<Text>| list.iter_mut().for_each(|text| text.at = at);
        let move_lists = |lists: &mut Vec<(Text, Vec<Text>)>| {
            for (key, list) in lists {
                key.at = at;
                move_list(list);
            }
        };
        [titles, headings, sides].into_iter().for_each(move_list);
        move_lists(fields);
        for block in blocks {
            block.after.at = at;
            move_lists(&mut block.fields);
        }
        for table in tables {
            table.at = at;
            move_lists(&mut table.rows);
            move_lists(&mut table.columns);
        }
        for level in &mut grid.levels {
            move_list(&mut level.headers);
            move_list(&mut level.words);
        }
        move_lists(&mut grid.columns);
        move_lists(&mut grid.rows);
        move_lists(&mut grid.horizons);
    }
}

/// Adds labels to the keys that are there, and the keys that are not.
fn extend(base: &mut Vec<(Text, Vec<Text>)>, more: Vec<(Text, Vec<Text>)>) {
    for (key, labels) in more {
        match base.iter_mut().find(|(other, _)| other.text == key.text) {
            Some((_, others)) => others.extend(labels),
            None => base.push((key, labels)),
        }
    }
}

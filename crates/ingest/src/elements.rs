//! Every element of HTML by name, and the part it plays in reading text.

/// The part an element plays in reading text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Part of a line of text; it shapes no block.
    Inline,
    /// Its content is not shown and is not parsed as markup.
    HiddenRaw,
    /// Its content is not shown.
    Hidden,
    /// It stands on lines of its own.
    Block,
    /// Like a block, and its white space is kept.
    Verbatim,
    /// It ends the line.
    Break,
    /// It shapes the tree, but begins no line.
    Scope,
    /// `table`
    Table,
    /// `caption`
    Caption,
    /// `colgroup`
    ColumnGroup,
    /// `col`
    Column,
    /// `thead`
    HeadGroup,
    /// `tbody`
    RowGroup,
    /// `tfoot`
    FootGroup,
    /// `tr`
    Row,
    /// `td`
    Cell,
    /// `th`
    HeaderCell,
    /// A row group, row, cell or caption that its own style hides.
    Concealed,
}

impl Role {
    /// Whether the element is part of a table's structure.
    pub fn is_tabular(self) -> bool {
        use Role::*;
        matches!(
            self,
            Table
                | Caption
                | ColumnGroup
                | Column
                | HeadGroup
                | RowGroup
                | FootGroup
                | Row
                | Cell
                | HeaderCell
                | Concealed
        )
    }

    /// Whether the element's content is shown nowhere.
    pub fn is_hidden(self) -> bool {
        matches!(self, Role::Hidden | Role::Concealed)
    }

    /// Whether text before the element and text in it stand on two lines.
    pub fn is_block(self) -> bool {
        self.is_tabular() || matches!(self, Role::Block | Role::Verbatim)
    }
}

/// The element of that name in any case: its name in lower case and its role.
/// None for names that HTML does not know; these are inline, too.
pub fn element(name: &str) -> Option<(&'static str, Role)> {
    let mut lower = [0; 16];
    let letters = lower.get_mut(..name.len())?;
    letters.copy_from_slice(name.as_bytes());
    letters.make_ascii_lowercase();
    let found = KEYS.binary_search(&u128::from_be_bytes(lower)).ok()?;
    Some(ELEMENTS[found])
}

/// The names as numbers in the same order: this search is done for every tag,
/// and comparing numbers is several times as fast as comparing strings.
const KEYS: [u128; ELEMENTS.len()] = {
    let mut keys = [0; ELEMENTS.len()];
    let mut index = 0;
    while index < keys.len() {
        let name = ELEMENTS[index].0.as_bytes();
        let mut place = 0;
        while place < 16 {
            let letter = if place < name.len() { name[place] } else { 0 };
            keys[index] = keys[index] << 8 | letter as u128;
            place += 1;
        }
        index += 1;
    }
    keys
};

/// Sorted by name. Elements that the tree construction gives no place of their
/// own are inline, whatever they mean: they change no line and no table.
const ELEMENTS: &[(&str, Role)] = {
    use Role::*;
    &[
        ("a", Inline),
        ("abbr", Inline),
        ("acronym", Inline),
        ("address", Block),
        ("applet", Scope),
        ("area", Inline),
        ("article", Block),
        ("aside", Block),
        ("audio", Inline),
        ("b", Inline),
        ("base", Inline),
        ("basefont", Inline),
        ("bdi", Inline),
        ("bdo", Inline),
        ("bgsound", Inline),
        ("big", Inline),
        ("blink", Inline),
        ("blockquote", Block),
        ("body", Scope),
        ("br", Break),
        ("button", Scope),
        ("canvas", Inline),
        ("caption", Caption),
        ("center", Block),
        ("cite", Inline),
        ("code", Inline),
        ("col", Column),
        ("colgroup", ColumnGroup),
        ("data", Inline),
        ("datalist", Inline),
        ("dd", Block),
        ("del", Inline),
        ("details", Block),
        ("dfn", Inline),
        ("dialog", Block),
        ("dir", Block),
        ("div", Block),
        ("dl", Block),
        ("dt", Block),
        ("em", Inline),
        ("embed", Inline),
        ("fieldset", Block),
        ("figcaption", Block),
        ("figure", Block),
        ("font", Inline),
        ("footer", Block),
        ("form", Block),
        ("frame", Inline),
        ("frameset", Inline),
        ("h1", Block),
        ("h2", Block),
        ("h3", Block),
        ("h4", Block),
        ("h5", Block),
        ("h6", Block),
        ("head", Hidden),
        ("header", Block),
        ("hgroup", Block),
        ("hr", Block),
        ("html", Scope),
        ("i", Inline),
        ("iframe", HiddenRaw),
        ("image", Inline),
        ("img", Inline),
        ("input", Inline),
        ("ins", Inline),
        ("kbd", Inline),
        ("keygen", Inline),
        ("label", Inline),
        ("legend", Block),
        ("li", Block),
        ("link", Inline),
        ("listing", Verbatim),
        ("main", Block),
        ("map", Inline),
        ("mark", Inline),
        ("marquee", Scope),
        ("math", Inline),
        ("menu", Block),
        ("meta", Inline),
        ("meter", Inline),
        ("nav", Block),
        ("nobr", Inline),
        ("noembed", HiddenRaw),
        ("noframes", HiddenRaw),
        ("noscript", HiddenRaw),
        ("object", Scope),
        ("ol", Block),
        ("optgroup", Block),
        ("option", Block),
        ("output", Inline),
        ("p", Block),
        ("param", Inline),
        ("picture", Inline),
        ("plaintext", Verbatim),
        ("pre", Verbatim),
        ("progress", Inline),
        ("q", Inline),
        ("rb", Inline),
        ("rp", Inline),
        ("rt", Inline),
        ("rtc", Inline),
        ("ruby", Inline),
        ("s", Inline),
        ("samp", Inline),
        ("script", HiddenRaw),
        ("search", Block),
        ("section", Block),
        ("select", Scope),
        ("slot", Inline),
        ("small", Inline),
        ("source", Inline),
        ("span", Inline),
        ("strike", Inline),
        ("strong", Inline),
        ("style", HiddenRaw),
        ("sub", Inline),
        ("summary", Block),
        ("sup", Inline),
        ("svg", Inline),
        ("table", Table),
        ("tbody", RowGroup),
        ("td", Cell),
        ("template", Hidden),
        ("textarea", Verbatim),
        ("tfoot", FootGroup),
        ("th", HeaderCell),
        ("thead", HeadGroup),
        ("time", Inline),
        ("title", HiddenRaw),
        ("tr", Row),
        ("track", Inline),
        ("tt", Inline),
        ("u", Inline),
        ("ul", Block),
        ("var", Inline),
        ("video", Inline),
        ("wbr", Inline),
        ("xmp", Verbatim),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found_in_any_case() {
        assert!(KEYS.is_sorted_by(|a, b| a < b));
        for (name, role) in ELEMENTS {
            assert_eq!(element(name), Some((*name, *role)));
        }
        assert_eq!(element("TaBlE"), Some(("table", Role::Table)));
        assert_eq!(element("blockquote"), Some(("blockquote", Role::Block)));
        assert_eq!(element("y"), None);
        assert_eq!(element("a-name-longer-than-any-element"), None);
    }
}

//! Bytes to text, whatever is declared.

use encoding_rs::ISO_2022_JP;
use formgrid_ingest::{Encoding, Options, encoding_for_label, ingest};
use formgrid_model::Block;

/// What the first byte chooses.
const LABELS: [&str; 16] = [
    "utf-8",
    "gbk",
    "gb18030",
    "big5",
    "utf-16le",
    "utf-16be",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "iso-2022-jp",
    "windows-1252",
    "windows-1251",
    "iso-8859-2",
    "koi8-r",
    "macintosh",
    "x-user-defined",
];

/// The text is what the encoding says it is, and places lead back to bytes
/// that decode to what stands there. The first byte chooses a label and
/// whether it is forced, declared or not given.
pub fn encodings(bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let label = encoding_for_label(LABELS[usize::from(choice) % LABELS.len()]);
    let options = match usize::from(choice) / LABELS.len() % 3 {
        0 => Options { encoding: label, ..Options::default() },
        1 => Options { charset: label, ..Options::default() },
        _ => Options::default(),
    };
    let Ok(outcome) = ingest(bytes, &options) else { return };
    let document = outcome.value;
    let decoding = document.decoding();
    let encoding = encoding_for_label(decoding.encoding).expect("a decoding has the name of an encoding");
    let mark = Encoding::for_bom(bytes).map_or(0, |(_, mark)| mark);
    let (text, is_damaged) = encoding.decode_without_bom_handling(&bytes[mark..]);
    // NULs are blanks, and so is the sign with which DOS ends a file.
    let end = text.trim_end_matches(['\0', '\u{1a}', ' ', '\n', '\r']).len();
    let text = text[..end].replace('\0', " ") + &text[end..].replace(['\0', '\u{1a}'], " ");
    assert_eq!(document.text(), text, "{}", decoding.encoding);
    assert_eq!(decoding.undecodable > 0, is_damaged, "{decoding:?}");
    assert_eq!(decoding.first_undecodable.is_some(), is_damaged, "{decoding:?}");
    assert!(decoding.first_undecodable.is_none_or(|first| first < bytes.len() as u64), "{decoding:?}");

    let has_markup = text.contains(['<', '&', '"']);
    // Where a byte means what the bytes before it say, it is nothing alone.
    let is_plain = !has_markup && !is_damaged && encoding != ISO_2022_JP;
    let mut end = 0;
    for block in document.blocks() {
        let cells = match block {
            Block::Line(row) => row.cells,
            Block::Table(table) => table.rows.into_iter().flat_map(|row| row.cells).collect(),
            Block::Diagnostic(_) => Vec::new(),
        };
        for cell in cells {
            let Some(range) = cell.bytes else { continue };
            let place = bytes.get(range.clone());
            let place = place.unwrap_or_else(|| panic!("{range:?} of {} bytes", bytes.len()));
            if !has_markup {
                assert!(end <= range.start, "{range:?} comes before {end}");
                end = range.end;
            }
            if is_plain {
                let (there, _) = encoding.decode_without_bom_handling(place);
                assert_eq!(
                    trim(&there.replace('\0', " ")),
                    trim(&cell.text),
                    "{range:?} of {}",
                    decoding.encoding
                );
            }
        }
    }
}

/// Without what shows nothing at the edges.
fn trim(text: &str) -> &str {
    // Unicode, Default_Ignorable_Code_Point, what stands for an object, and what
    // becomes of a blank of GBK.
    let is_ignorable = |c: char| {
        matches!(u32::from(c),
            0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x180b..=0x180e | 0x200b..=0x200f | 0x202a..=0x202e
            | 0x2060..=0x206f | 0x3164 | 0xe5e5 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfffc | 0xe0100..=0xe01ef)
    };
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_ignorable(c))
}

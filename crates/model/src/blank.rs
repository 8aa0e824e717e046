//! Characters that show nothing.

/// Whether a character shows nothing at the edge of a text, nor within a label:
/// white space of any width, control characters, marks of format.
#[inline]
pub fn is_blank(c: char) -> bool {
    match c {
        '\0'..=' ' => true,
        // Nearly all characters of a text; this is asked of each of them.
        '!'..='~' | '\u{3001}'..='\u{3163}' | '\u{3165}'..='\u{e5e4}' | '\u{e5e6}'..='\u{fdff}' => false,
        _ => c.is_whitespace() || c.is_control() || is_invisible(c),
    }
}

/// Marks of format, joiners, fillers and selectors of variants, which browsers
/// and programs of typesetting leave in texts (Unicode, Default_Ignorable_Code_Point);
/// and U+E5E5, which many converters make of the blank A3A0 of GBK.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{e5e5}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fffc}' | '\u{e0100}'..='\u{e01ef}'
    )
}

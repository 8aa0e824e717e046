//! Whether an element's own attributes hide it.

/// Whether a browser gives an element with these `style` and `hidden`
/// attributes no box. Style sheets are not read.
pub fn hides(style: Option<&str>, hidden: Option<&str>) -> bool {
    let display = style.and_then(display);
    match display {
        Some(Display::None) => true,
        Some(Display::Shown) => false,
        None => hidden.is_some_and(|state| !state.trim().eq_ignore_ascii_case("until-found")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Display {
    None,
    Shown,
}

/// What the declarations say about `display`: the last one that is valid, or
/// the last important one (CSS Cascade, 6.1).
fn display(style: &str) -> Option<Display> {
    let mut found = None;
    let mut is_settled = false;
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        if !name.trim().eq_ignore_ascii_case("display") {
            continue;
        }
        let (value, flag) = value.split_once('!').unwrap_or((value, ""));
        let is_important = flag.trim().eq_ignore_ascii_case("important");
        let display = match value.trim() {
            value if value.eq_ignore_ascii_case("none") => Display::None,
            value if is_shown(value) => Display::Shown,
            _ => continue,
        };
        if is_important || !is_settled {
            found = Some(display);
            is_settled |= is_important;
        }
    }
    found
}

/// Whether it is a `display` that gives a box.
fn is_shown(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.starts_with("table")
        || lower.starts_with("inline")
        || ["block", "flex", "grid", "flow-root", "list-item", "contents", "initial", "revert", "unset"]
            .contains(&&*lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(style: &str, hidden: Option<&str>, expected: bool) {
        assert_eq!(hides(Some(style), hidden), expected, "{style}");
    }

    #[test]
    fn the_last_valid_declaration_counts() {
        check("height:0;display:none", None, true);
        check("DISPLAY : NONE !important", None, true);
        check("display:none;display:table-row", None, false);
        check("display:none;display:foo", None, true);
        check("display:none!important;display:block", None, true);
        check("mso-display:none", None, false);
        check("", Some(""), true);
        check("", Some("until-found"), false);
        check("display:table-row", Some(""), false);
        check("", None, false);
    }
}

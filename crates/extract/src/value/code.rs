//! Codes in front of names: `219-某局`, `[610001]某厅`.

/// The longest code, in characters.
const LONGEST: usize = 40;

/// Splits a name into its code and the name itself; the code is none where the
/// name has none. A year is no code: `2023-2025年规划`.
pub(crate) fn split_code(text: &str) -> (Option<&str>, &str) {
    let text = text.trim();
    match bracketed(text).or_else(|| joined(text)) {
        Some((code, name)) => (Some(code), name),
        None => (None, text),
    }
}

/// `[610001]某厅`, `（219）某局`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(['[', '［', '【', '〔', '(', '（'])?;
    let (code, name) = inner.split_once([']', '］', '】', '〕', ')', '）'])?;
    let name = name.trim_start();
    (is_code(code, 3) && !name.is_empty()).then_some((code, name))
}

/// `219-某局`, `610001 某厅`.
fn joined(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.')?;
    let (code, rest) = text.split_at(at);
    let name = rest.trim_start();
    let (shortest, name) = match name.strip_prefix(['-', '－', '—', '–', '_']) {
        Some(name) => (3, name.trim_start()),
        // Without a dash a short number may belong to the name.
        None if name.len() < rest.len() => (6, name),
        None => return None,
    };
    // `985-211工程` and `100-200人` are names.
    let shortest = if name.starts_with(|c: char| c.is_ascii_digit()) { 6 } else { shortest };
    (is_code(code, shortest) && !name.is_empty()).then_some((code, name))
}

fn is_code(code: &str, shortest: usize) -> bool {
    let is_year = code.len() == 4 && (code.starts_with("19") || code.starts_with("20"));
    (shortest..=LONGEST).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        && code.bytes().filter(u8::is_ascii_digit).count() >= 3
        && !is_year
}

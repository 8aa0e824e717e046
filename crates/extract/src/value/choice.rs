//! Boxes to tick: `新增项目□ 延续项目√`.

use formgrid_profile::unnumbered;

/// What a text with boxes says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice<'t> {
    /// There is no box.
    Plain,
    /// No box is ticked.
    Nothing,
    /// The one option whose box is ticked, without its number.
    One(&'t str),
    /// More than one is ticked, or it cannot be told which.
    Unclear,
}

/// Yes or no, as words or as ticked boxes.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let text = text.trim().trim_end_matches('。');
    word(text).or_else(|| match chosen(text) {
        Choice::One(option) => word(option),
        Choice::Plain | Choice::Nothing | Choice::Unclear => None,
    })
}

fn word(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "含" | "√" | "✓" | "✔" | "☑" | "Y" | "y" | "yes" | "Yes" | "YES" => {
            Some(true)
        }
        "否" | "无" | "没有" | "不含" | "×" | "N" | "n" | "no" | "No" | "NO" => Some(false),
        _ => None,
    }
}

/// What is chosen. Boxes stand before their options or behind them, in the
/// whole text alike; where no empty box is printed, blanks part the options.
pub(crate) fn chosen(text: &str) -> Choice<'_> {
    let tokens = tokens(text);
    if !tokens.iter().any(|token| matches!(token, Token::Mark(_))) {
        return Choice::Plain;
    }
    if tokens.iter().all(|token| *token == Token::Mark(false)) {
        return Choice::Nothing;
    }
    let Some(is_before) = is_before(&tokens) else { return Choice::Unclear };
    let has_empty = tokens.contains(&Token::Mark(false));
    let mut chosen = Choice::Nothing;
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| **token == Token::Mark(true)) {
        let beside = if is_before { tokens.get(at + 1) } else { at.checked_sub(1).map(|at| &tokens[at]) };
        let Some(Token::Text(option)) = beside else { return Choice::Unclear };
        let option = match (has_empty, is_before) {
            (true, _) => Some(*option),
            (false, true) => option.split_whitespace().next(),
            (false, false) => option.split_whitespace().next_back(),
        };
        let option = unnumbered(option.unwrap_or_default().trim_matches(is_separator));
        if option.is_empty() || chosen != Choice::Nothing {
            return Choice::Unclear;
        }
        chosen = Choice::One(option);
    }
    chosen
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// A box or several in a row; whether one is ticked.
    Mark(bool),
    /// What is printed between two of them, blanks and all.
    Text(&'t str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let Some((is_ticked, len)) = mark(&text[at..]) else {
            at += c.len_utf8();
            continue;
        };
        if !text[from..at].trim().is_empty() {
            tokens.push(Token::Text(&text[from..at]));
        }
        match tokens.last_mut() {
            // `□√` is a box and its tick.
            Some(Token::Mark(before)) if from == at => *before |= is_ticked,
            _ => tokens.push(Token::Mark(is_ticked)),
        }
        at += len;
        from = at;
    }
    if !text[from..].trim().is_empty() {
        tokens.push(Token::Text(&text[from..]));
    }
    tokens
}

/// The box that a text begins with: whether it is ticked, and its length.
fn mark(text: &str) -> Option<(bool, usize)> {
    let first = text.chars().next()?;
    glyph(first).map(|is_ticked| (is_ticked, first.len_utf8())).or_else(|| bracketed(text))
}

/// Whether a box of one character is ticked. The last ones of each row are of
/// the symbol fonts that word processors tick with.
fn glyph(c: char) -> Option<bool> {
    match c {
        '√' | '✓' | '✔' | '☑' | '☒' | '■' | '●' | '◉' | '⊙' | '🗹' | '\u{F0FE}' | '\u{F0FD}' | '\u{F052}' => {
            Some(true)
        }
        '□' | '☐' | '▢' | '◻' | '○' | '◯' | '×' | '✗' | '✘' | '\u{F0A8}' | '\u{F06F}' | '\u{F0A3}' => {
            Some(false)
        }
        _ => None,
    }
}

/// A box made of brackets: `（√）`, `[x]`, `( )`.
fn bracketed(text: &str) -> Option<(bool, usize)> {
    let inside = text.strip_prefix(['(', '（', '[', '［', '【', '〔'])?;
    let open = text.len() - inside.len();
    let mut chars = inside.char_indices().take(8).skip_while(|(_, c)| c.is_whitespace());
    let (at, inner) = chars.next()?;
    let is_close = |c: char| matches!(c, ')' | '）' | ']' | '］' | '】' | '〕');
    if is_close(inner) {
        return Some((false, open + at + inner.len_utf8()));
    }
    let is_ticked = match inner {
        'x' | 'X' | 'v' | 'V' => true,
        _ => glyph(inner)?,
    };
    let (at, close) = chars.find(|(_, c)| !c.is_whitespace())?;
    is_close(close).then_some((is_ticked, open + at + close.len_utf8()))
}

/// Whether boxes stand before their options; none where that cannot be told.
fn is_before(tokens: &[Token<'_>]) -> Option<bool> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    match (first, last) {
        (Token::Mark(_), Token::Text(_)) => Some(true),
        (Token::Text(_), Token::Mark(_)) => Some(false),
        (Token::Mark(_), Token::Mark(_)) => None,
        (Token::Text(before), Token::Text(_)) => {
            let Some(Token::Text(after)) = tokens.get(2) else { return None };
            // A text that leads to the options is none of them.
            let leads = before.trim_end().ends_with([':', '：']);
            match (leads || before.ends_with(char::is_whitespace), after.starts_with(char::is_whitespace)) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                _ => None,
            }
        }
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "、，,；;/|_:：".contains(c)
}

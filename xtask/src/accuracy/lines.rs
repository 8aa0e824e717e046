//! The lines of the table: which forms, which layouts, which faults.

use super::damage::{Faults, NONE, Page};
use super::layout::Layout::{self, Blanked, BlankedCut, Dropped, Html, Lines, RepeatedCut};
use super::truth::{Sizes, Words};

/// One line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// What must hold, for the lines that READMEs show.
    pub(crate) aim: Option<Aim>,
    pub(crate) words: Words,
    pub(crate) sizes: Sizes,
    /// Forms of 2 to 4 levels and 1 to 5 columns, and not the built-in one.
    pub(crate) is_varied: bool,
    pub(crate) layouts: &'static [Layout],
    pub(crate) faults: Faults,
}

/// What a line must show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    /// The name of the line in Chinese.
    pub(crate) zh: &'static str,
    /// The exact rows, in percent.
    pub(crate) exact: f64,
    /// Silent errors in a million rows.
    pub(crate) silent: u64,
}

const ALL: &[Layout] = &[BlankedCut, Blanked, Dropped, RepeatedCut, Html];
/// Tab text. In HTML a header can stand within no cell that spans rows.
const TEXT: &[Layout] = &[BlankedCut, Blanked, Dropped, RepeatedCut];
/// The layouts in which a row is not just its own cells.
const SPANNING: &[Layout] = &[BlankedCut, Blanked, RepeatedCut, Html];

/// All lines, those with an aim first.
pub(crate) fn lines() -> Vec<Line> {
    use Sizes::{Long, Single};
    use Words::{Mixed, Twice, Unseen};
    let cut = |count: usize| Faults { spans: count..=count, ..NONE };
    let blanks = || Faults { blank_values: 12, ..NONE };
    let off_by = |deltas| Faults { spans: 1..=1, deltas, ..NONE };
    let page = |page, header_again| Faults { page: Some(page), header_again, ..NONE };
    let one = |faults: Faults| Faults { spans: 1..=1, ..faults };
    let all = || Faults { trimmed: true, dropped_row: true, ..blanks() };
    vec![
        Line::new("undamaged, any layout", ALL, NONE).aims("无损坏，任意版式", 100.0, 0),
        Line::new("one wrong span", &[BlankedCut], cut(1)).aims("一处合并行数错误", 100.0, 0),
        Line::new("two wrong spans", &[BlankedCut], cut(2)).aims("两处合并行数错误", 99.95, 0),
        Line::new("three or four wrong spans", &[BlankedCut], Faults { spans: 3..=4, ..NONE }).aims(
            "三至四处合并行数错误",
            99.5,
            10,
        ),
        Line::new("one wrong span, unseen words", &[BlankedCut], cut(1)).of(Unseen).aims(
            "一处错误，未见过的词",
            99.0,
            100,
        ),
        Line::new("HTML, one to four wrong spans", &[Html], Faults { spans: 1..=4, ..NONE }).aims(
            "HTML，一至四处错误",
            99.95,
            0,
        ),
        // Nothing is wrong but what exports do anyway.
        Line::new("undamaged, unseen words", ALL, NONE).of(Unseen),
        Line::new("undamaged, known and unseen words", ALL, NONE).of(Mixed),
        Line::new("undamaged, one name twice", ALL, NONE).of(Twice),
        Line::new("undamaged, long forms", ALL, NONE).sized(Long),
        Line::new("undamaged, one row a group", ALL, NONE).sized(Single),
        Line::new("undamaged, blank values", ALL, blanks()),
        Line::new("undamaged, trimmed", ALL, Faults { trimmed: true, ..NONE }),
        Line::new("undamaged, blank values, trimmed", ALL, Faults { trimmed: true, ..blanks() }),
        Line::new("undamaged, a row dropped", ALL, Faults { dropped_row: true, ..NONE }),
        Line::new("page break: header again", TEXT, page(Page::Whole, true)),
        Line::new("page break: blank cell goes on", ALL, page(Page::Blank, false)),
        Line::new("page break: blank cell, header again", ALL, page(Page::Blank, true)),
        Line::new("page break: labels again", ALL, page(Page::Again, false)),
        Line::new("page break: labels and header again", ALL, page(Page::Again, true)),
        Line::new("page break: word cut in two", ALL, page(Page::Split, false)),
        Line::new("one cell a line", &[Lines], NONE),
        Line::new("one cell a line, blank values", &[Lines], blanks()),
        Line::new("one cell a line, unseen words", &[Lines], NONE).of(Unseen),
        Line::new("one cell a line, unseen words, blank values", &[Lines], blanks()).of(Unseen),
        Line::new("one cell a line, known and unseen words", &[Lines], NONE).of(Mixed),
        // One fault by itself.
        Line::new("one span 2 too short", &[BlankedCut], off_by(&[-2])),
        Line::new("one span 1 too short", &[BlankedCut], off_by(&[-1])),
        Line::new("one span 1 too long", &[BlankedCut], off_by(&[1])),
        Line::new("one span 2 too long", &[BlankedCut], off_by(&[2])),
        Line::new("one span 3 too long", &[BlankedCut], off_by(&[3])),
        Line::new("one wrong span, not cut", &[Blanked], cut(1)),
        Line::new("one wrong span, repeated", &[RepeatedCut], cut(1)),
        Line::new("one wrong span, dropped", &[Dropped], cut(1)),
        Line::new("one wrong span, long forms", &[BlankedCut], cut(1)).sized(Long),
        Line::new("one wrong span, one row a group", &[BlankedCut], cut(1)).sized(Single),
        Line::new("one wrong span, one name twice", &[BlankedCut], cut(1)).of(Twice),
        Line::new("one wrong span, blank values", &[BlankedCut], one(blanks())),
        Line::new("one wrong span, trimmed", &[BlankedCut], one(Faults { trimmed: true, ..NONE })),
        Line::new("one wrong span, a row dropped", &[BlankedCut], one(Faults { dropped_row: true, ..NONE })),
        Line::new("one wrong span, header again", TEXT, one(page(Page::Whole, true))),
        Line::new("one wrong span, blank cell goes on", SPANNING, one(page(Page::Blank, false))),
        Line::new("one wrong span, labels again", SPANNING, one(page(Page::Again, false))),
        // Several.
        Line::new("two wrong spans, not cut", &[Blanked], cut(2)),
        Line::new("two wrong spans, repeated", &[RepeatedCut], cut(2)),
        Line::new("two, trimmed, blanks, a row dropped", SPANNING, Faults { spans: 2..=2, ..all() }),
        Line::new("one, known and unseen words", &[BlankedCut], cut(1)).of(Mixed),
        Line::new("two, known and unseen words", &[BlankedCut], cut(2)).of(Mixed),
        Line::new("two, unseen words", &[BlankedCut], cut(2)).of(Unseen),
        Line::new("one, unseen words, not cut", &[Blanked], cut(1)).of(Unseen),
        Line::new("one, unseen words, repeated", &[RepeatedCut], cut(1)).of(Unseen),
        Line::new("HTML, one to four, unseen words", &[Html], Faults { spans: 1..=4, ..NONE }).of(Unseen),
        Line::new("HTML, two, blanks, a row dropped", &[Html], Faults { spans: 2..=2, ..all() }),
        // Other forms.
        Line::new("2-4 levels, 1-5 columns: undamaged", ALL, NONE).varied(),
        Line::new("2-4 levels, 1-5 columns: undamaged, unseen words", ALL, NONE).varied().of(Unseen),
        Line::new("2-4 levels, 1-5 columns: one wrong span", &[BlankedCut], cut(1)).varied(),
        Line::new("2-4 levels, 1-5 columns: two wrong spans", &[BlankedCut], cut(2)).varied(),
        Line::new("2-4 levels, 1-5 columns: three or four", &[BlankedCut], Faults { spans: 3..=4, ..NONE })
            .varied(),
        Line::new("2-4 levels, 1-5 columns: one, unseen words", &[BlankedCut], cut(1)).varied().of(Unseen),
        Line::new("2-4 levels, 1-5 columns: HTML, one to four", &[Html], Faults { spans: 1..=4, ..NONE })
            .varied(),
        Line::new(
            "2-4 levels, 1-5 columns: two, blanks, trimmed",
            SPANNING,
            Faults { spans: 2..=2, trimmed: true, ..blanks() },
        )
        .varied(),
        Line::new("2-4 levels, 1-5 columns: one cell a line", &[Lines], NONE).varied(),
        Line::new("2-4 levels, 1-5 columns: one cell a line, blanks", &[Lines], blanks()).varied(),
        Line::new("2-4 levels, 1-5 columns: one cell a line, unseen", &[Lines], NONE).varied().of(Unseen),
    ]
}

impl Line {
    fn new(name: &'static str, layouts: &'static [Layout], faults: Faults) -> Line {
        let (words, sizes) = (Words::Known, Sizes::Usual);
        Line { name, aim: None, words, sizes, is_varied: false, layouts, faults }
    }

    fn aims(self, zh: &'static str, exact: f64, silent: u64) -> Line {
        Line { aim: Some(Aim { zh, exact, silent }), ..self }
    }

    fn of(self, words: Words) -> Line {
        Line { words, ..self }
    }

    fn sized(self, sizes: Sizes) -> Line {
        Line { sizes, ..self }
    }

    fn varied(self) -> Line {
        Line { is_varied: true, ..self }
    }
}

//! What a problem is called, and how much it matters.

use crate::Problem;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something was lost, repaired or doubtful, and says so.
    Warning,
    /// A document or a part of it could not be read.
    Error,
}

impl Severity {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Problem {
    /// The stable code, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::ValueLost { .. } => "value-lost",
            Problem::CellsLost { .. } => "cells-lost",
            Problem::SpanTooLong { .. } => "span-too-long",
            Problem::SpanTooShort { .. } => "span-too-short",
            Problem::SplitWord { .. } => "split-word",
            Problem::RepairedRow { .. } => "repaired-row",
            Problem::StrayRow { .. } => "stray-row",
            Problem::StrayCell { .. } => "stray-cell",
            Problem::AmbiguousRow { .. } => "ambiguous-row",
            Problem::UnparsedValue { .. } => "unparsed-value",
            Problem::NoValue { .. } => "no-value",
            Problem::SeveralValues { .. } => "several-values",
            Problem::OddTarget { .. } => "odd-target",
            Problem::TargetMismatch { .. } => "target-mismatch",
            Problem::MissingField { .. } => "missing-field",
            Problem::UncertainForm { .. } => "uncertain-form",
            Problem::UnknownForm => "unknown-form",
            Problem::DuplicateLabel { .. } => "duplicate-label",
            Problem::AmbiguousLabel { .. } => "ambiguous-label",
            Problem::ShortRow { .. } => "short-row",
            Problem::YearMismatch { .. } => "year-mismatch",
            Problem::MissingGrid => "missing-grid",
            Problem::MissingTarget { .. } => "missing-target",
            Problem::ContinuedGrid { .. } => "continued-grid",
            Problem::SkippedRow { .. } => "skipped-row",
            Problem::InterruptingText { .. } => "interrupting-text",
            Problem::MisplacedText { .. } => "misplaced-text",
            Problem::OverlappingCells { .. } => "overlapping-cells",
            Problem::Holes { .. } => "holes",
            Problem::SpanPastEnd { .. } => "span-past-end",
            Problem::ClampedSpan { .. } => "clamped-span",
            Problem::UnreadableSpan { .. } => "unreadable-span",
            Problem::HiddenCells { .. } => "hidden-cells",
            Problem::GridTooLarge { .. } => "grid-too-large",
            Problem::EncodingMismatch { .. } => "encoding-mismatch",
            Problem::UndecodableBytes { .. } => "undecodable-bytes",
            Problem::NulCharacters { .. } => "nul-characters",
            Problem::MixedEncodings { .. } => "mixed-encodings",
            Problem::TwiceEncoded { .. } => "twice-encoded",
            Problem::LostCharacters { .. } => "lost-characters",
            Problem::NotText { .. } => "not-text",
            Problem::NoForm => "no-form",
            Problem::Unreadable { .. } => "unreadable",
            Problem::Unbalanced { .. } => "unbalanced",
            Problem::UnsupportedFormat { .. } => "unsupported-format",
            Problem::NoDocument { .. } => "no-document",
            Problem::DocumentTooLarge { .. } => "document-too-large",
            Problem::ArchiveTooLarge { .. } => "archive-too-large",
            Problem::ExpansionTooLarge { .. } => "expansion-too-large",
            Problem::NestedTooDeep { .. } => "nested-too-deep",
            Problem::DamagedArchive { .. } => "damaged-archive",
            Problem::Encrypted => "encrypted",
            Problem::UnsupportedMethod { .. } => "unsupported-method",
            Problem::OddMemberName { .. } => "odd-member-name",
            Problem::MissingSheet => "missing-sheet",
            Problem::OddFileName { .. } => "odd-file-name",
            Problem::EmptyArchive => "empty-archive",
            Problem::UnreadableRow { .. } => "unreadable-row",
            Problem::HiddenSheet { .. } => "hidden-sheet",
            Problem::CellComment { .. } => "cell-comment",
            Problem::IndexOutOfOrder { .. } => "index-out-of-order",
            Problem::StrayText { .. } => "stray-text",
            Problem::DamagedMarkup { .. } => "damaged-markup",
            Problem::CutShort => "cut-short",
            Problem::MarkupTooDeep { .. } => "markup-too-deep",
            Problem::TooManyNodes { .. } => "too-many-nodes",
            Problem::TooManyRows { .. } => "too-many-rows",
            Problem::TooManyCells { .. } => "too-many-cells",
            Problem::FormTooLarge { .. } => "form-too-large",
            Problem::OutOfTime { .. } => "out-of-time",
            Problem::Frameset { .. } => "frameset",
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Problem::RepairedRow { .. }
            | Problem::NoValue { .. }
            | Problem::SeveralValues { .. }
            | Problem::DuplicateLabel { is_same: true, .. }
            | Problem::MissingField { .. }
            | Problem::UnknownForm
            | Problem::InterruptingText { .. }
            | Problem::Holes { .. }
            | Problem::NoForm
            | Problem::NoDocument { .. }
            | Problem::EmptyArchive
            | Problem::Frameset { .. }
            | Problem::HiddenSheet { cells: 0, .. } => Severity::Info,
            // A ghost row, as Excel writes it to set column widths.
            Problem::HiddenCells { text } if text.is_empty() => Severity::Info,
            Problem::ValueLost { .. }
            | Problem::CellsLost { .. }
            | Problem::SpanTooLong { .. }
            | Problem::SpanTooShort { .. }
            | Problem::SplitWord { .. }
            | Problem::StrayRow { .. }
            | Problem::StrayCell { .. }
            | Problem::ContinuedGrid { .. }
            | Problem::SkippedRow { .. }
            | Problem::AmbiguousRow { .. }
            | Problem::UnparsedValue { .. }
            | Problem::OddTarget { .. }
            | Problem::TargetMismatch { .. }
            | Problem::UncertainForm { .. }
            | Problem::DuplicateLabel { .. }
            | Problem::AmbiguousLabel { .. }
            | Problem::ShortRow { .. }
            | Problem::YearMismatch { .. }
            | Problem::MissingGrid
            | Problem::MissingTarget { .. }
            | Problem::MisplacedText { .. }
            | Problem::OverlappingCells { .. }
            | Problem::SpanPastEnd { .. }
            | Problem::ClampedSpan { .. }
            | Problem::UnreadableSpan { .. }
            | Problem::HiddenCells { .. }
            | Problem::EncodingMismatch { .. }
            | Problem::NulCharacters { .. }
            | Problem::OddMemberName { .. }
            | Problem::OddFileName { .. }
            | Problem::MissingSheet
            | Problem::HiddenSheet { .. }
            | Problem::CellComment { .. }
            | Problem::IndexOutOfOrder { .. }
            | Problem::StrayText { .. }
            | Problem::LostCharacters { .. }
            | Problem::MarkupTooDeep { .. } => Severity::Warning,
            Problem::UndecodableBytes { .. }
            | Problem::MixedEncodings { .. }
            | Problem::TwiceEncoded { .. }
            | Problem::GridTooLarge { .. }
            | Problem::NotText { .. }
            | Problem::Unreadable { .. }
            | Problem::Unbalanced { .. }
            | Problem::UnsupportedFormat { .. }
            | Problem::DocumentTooLarge { .. }
            | Problem::ArchiveTooLarge { .. }
            | Problem::ExpansionTooLarge { .. }
            | Problem::NestedTooDeep { .. }
            | Problem::DamagedArchive { .. }
            | Problem::Encrypted
            | Problem::UnreadableRow { .. }
            | Problem::UnsupportedMethod { .. }
            | Problem::DamagedMarkup { .. }
            | Problem::CutShort
            | Problem::TooManyNodes { .. }
            | Problem::TooManyRows { .. }
            | Problem::TooManyCells { .. }
            | Problem::FormTooLarge { .. }
            | Problem::OutOfTime { .. } => Severity::Error,
        }
    }
}

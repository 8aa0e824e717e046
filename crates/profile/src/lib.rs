//! What formgrid knows of the forms: their titles, labels, grids and words.
//!
//! The knowledge is data: one TOML file a form, compiled into the binary
//! ([`Profiles::builtin`]) or added by the user ([`Profiles::add`]). This crate
//! reads it and answers the two questions that stages have of a text: is it a
//! title, heading, label or header of any form, and what does it mean in this
//! form.
//!
//! ```
//! let profiles = formgrid_profile::Profiles::builtin();
//! assert!(profiles.is_label("项 目 名 称："));
//! let profile = profiles.iter().next().unwrap();
//! let label = profile.label("项目总预算（万元）").unwrap();
//! assert_eq!(profile.fields[label.field].key, "total_budget");
//! ```

mod build;
mod draft;
mod ends;
mod fold;
mod generic;
mod keys;
mod lookup;
mod node;
mod pattern;
mod praise;
mod profile;
mod profiles;
mod source;

pub use draft::{Draft, DraftLevel};
pub use fold::{fold, fold_word, reads_like_title, split_inline, split_labels, unnumbered};
pub use generic::GENERIC;
pub use keys::{Dictionary, Key, dictionary, is_shared_label};
pub use lookup::{caption_lines, unit_line};
pub use node::ProfileError;
pub use praise::is_praise;
pub use profile::{
    Column, FieldRule, GridRule, HORIZON, Horizon, Kind, Label, Level, Meaning, MoneyUnit, Profile,
    ProjectColumn, TableRule,
};
pub use profiles::{Known, Opener, Profiles, builtin_sources};

#[cfg(test)]
mod tests;

//! The arguments of `cargo xtask accuracy`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// How to use it.
pub(crate) const HELP: &str = "usage: cargo xtask accuracy [FORMS] [OPTION]...

Makes grids of known truth, damages them as exports do, reads them back and
prints how many rows were read right, a line of the table at a time. FORMS is
the number of forms a line, 10000 if it is not given.

  --line PART     only lines with PART in their name
  --show N        print the first N misread forms of each line
  --docs          write the tables into docs/accuracy.md and the READMEs
  --write FOLDER  write the cases, and do not read them: documents and their
                  truth, 100 forms a line if FORMS is not given
  --check         compare with the committed baseline (a reduced run)
  --baseline      write the baseline anew
  --undecidable   search the smallest sources that differ and give one text
  --help          this text";

/// What is asked for.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Args {
    pub(crate) forms: Option<usize>,
    pub(crate) line: String,
    pub(crate) show: usize,
    pub(crate) write: Option<PathBuf>,
    pub(crate) is_docs: bool,
    pub(crate) is_check: bool,
    pub(crate) is_baseline: bool,
    pub(crate) is_undecidable: bool,
    pub(crate) is_help: bool,
}

impl Args {
    /// Reads the arguments after the command's name.
    ///
    /// # Errors
    /// What is no argument.
    pub(crate) fn read(mut texts: impl Iterator<Item = String>) -> Result<Args> {
        let mut args = Args::default();
        while let Some(text) = texts.next() {
            let mut value = || texts.next().with_context(|| format!("{text} needs a value; see --help"));
            match &*text {
                "--line" => args.line = value()?,
                "--show" => args.show = value()?.parse().context("--show takes a number")?,
                "--write" => args.write = Some(value()?.into()),
                "--docs" => args.is_docs = true,
                "--check" => args.is_check = true,
                "--baseline" => args.is_baseline = true,
                "--undecidable" => args.is_undecidable = true,
                "--help" | "-h" => args.is_help = true,
                number => match number.parse() {
                    Ok(forms) => args.forms = Some(forms),
                    Err(_) => bail!("\"{number}\" is no number of forms and no option; see --help"),
                },
            }
        }
        Ok(args)
    }
}

//! The arguments, as typed.

use crate::answer::format::Format;
use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;

/// Asks a knowledge base of cases, claims, sources and patterns.
///
/// With no statement and a terminal, opens a prompt. With statements or files, runs them; otherwise runs
/// what comes through standard input.
#[derive(Clone, Debug, Parser)]
#[command(name = "casebook", version, after_help = STATUSES)]
pub(super) struct Arguments {
    /// Statements to run, each with its own answer; `;` separates several in one argument
    #[arg(value_name = "STATEMENT", allow_hyphen_values = false)]
    pub statement: Vec<String>,

    /// The store's folder [default: casebook/paper in the platform's data directory]
    #[arg(long, value_name = "PATH", env = "CASEBOOK_DB")]
    pub db: Option<PathBuf>,

    /// Make a store that does not exist yet bare, without the paper's knowledge
    #[arg(long)]
    pub empty: bool,

    /// Run a file of statements as one transaction, before any STATEMENT; may be repeated
    #[arg(long, value_name = "FILE")]
    pub file: Vec<PathBuf>,

    /// How answers are written [default: table on a terminal, otherwise tsv]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<Format>,

    /// Run nothing after the first statement that fails
    #[arg(long)]
    pub stop_on_error: bool,

    /// Do not say what was changed
    #[arg(long, short)]
    pub quiet: bool,

    /// Write no column names, and no number of rows below a table
    #[arg(long)]
    pub no_header: bool,

    /// Read every file of the store to its last byte, say what is wrong, and run nothing
    #[arg(long, conflicts_with_all = ["statement", "file", "update_seed"])]
    pub check: bool,

    /// Bring the shipped knowledge of the store up to date
    #[arg(long)]
    pub update_seed: bool,
}

const STATUSES: &str = "Exit status: 0 if all statements succeeded, 1 if one failed, 2 for wrong usage, \
                        3 if the store cannot be opened.";

/// Where the statements come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// The arguments.
    Given,
    /// Standard input, read to its end.
    Pipe,
    /// A person at a terminal.
    Prompt,
}

impl Arguments {
    /// A prompt needs a terminal on both sides: without one on the far side it would stand among the
    /// answers.
    pub fn work(&self, terminal_in: bool, terminal_out: bool) -> Work {
        if !self.statement.is_empty() || !self.file.is_empty() {
            Work::Given
        } else if terminal_in && terminal_out {
            Work::Prompt
        } else {
            Work::Pipe
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parsed(arguments: &[&str]) -> Arguments {
        Arguments::parse_from([&["casebook"], arguments].concat())
    }

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn statements_and_files_come_before_standard_input() {
        assert_eq!(parsed(&["clusters"]).work(false, false), Work::Given);
        assert_eq!(parsed(&["--file", "a.casebook"]).work(true, true), Work::Given);
        assert_eq!(parsed(&[]).work(false, true), Work::Pipe);
        assert_eq!(parsed(&[]).work(true, false), Work::Pipe);
        assert_eq!(parsed(&[]).work(true, true), Work::Prompt);
    }

    #[test]
    fn formats_are_known_by_name() {
        assert_eq!(parsed(&["--format", "ndjson"]).format, Some(Format::Ndjson));
        assert!(Arguments::try_parse_from(["casebook", "--format", "jason"]).is_err());
    }
}

//! Answers as text, one function per format. Writes to what it is given and reads nothing.

mod delimited;
mod dot;
mod graph;
mod html;
mod json;
mod latex;
mod line;
mod markdown;
mod mermaid;
mod table;
mod telling;
mod tone;
mod tree;
mod words;
mod wrap;

#[cfg(test)]
pub(super) mod samples;

use super::Answer;
use super::proof::Argument;
use crate::error::{Error, Result};
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// How an answer is written.
///
/// ```
/// use casebook::answer::format::Format;
/// assert_eq!("json".parse::<Format>().unwrap(), Format::Json);
/// assert!("jason".parse::<Format>().is_err());
/// ```
///
/// An argument (the answer to `why` or `why not`) is written as what it is: a tree of steps, nested objects,
/// nested lists; as rows only where a format knows nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns side by side, for a terminal; an argument as a tree with a list of references.
    Table,
    /// One `column: value` a line; an argument as in a table.
    Line,
    /// One array of row objects, or of proofs, on a line of its own.
    Json,
    /// One row object, or one proof, a line.
    Ndjson,
    /// Comma-separated, after RFC 4180.
    Csv,
    /// Tab-separated; tab, newline and backslash in a value become `\t`, `\n`, `\\`.
    Tsv,
    /// A pipe table, or a nested list, with Pandoc's citations.
    Markdown,
    /// A `tabular` that uses booktabs, or a nested `itemize`, with biblatex's citations.
    Latex,
    /// A `table` element, or a nested `ul`.
    Html,
    /// An argument as a graph for Graphviz; nothing else can be drawn.
    Dot,
    /// An argument as a flowchart for Mermaid; nothing else can be drawn.
    Mermaid,
}

const NOT_DRAWN: &str =
    "only arguments (`why`, `why not`) can be drawn; this answer is a table: choose another format";

/// What the formats for people leave to whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many columns of characters a table or a line may take; `None`: as many as it needs.
    pub width: Option<usize>,
    /// Whether a table may use colour. It never says what the words do not.
    pub colour: bool,
    /// Whether column names are written where the format has a place for them, and the number of rows
    /// below a table.
    pub header: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { width: None, colour: false, header: true }
    }
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 11] = [
        Format::Table,
        Format::Line,
        Format::Json,
        Format::Ndjson,
        Format::Csv,
        Format::Tsv,
        Format::Markdown,
        Format::Latex,
        Format::Html,
        Format::Dot,
        Format::Mermaid,
    ];

    /// The word that chooses it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Line => "line",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Markdown => "markdown",
            Format::Latex => "latex",
            Format::Html => "html",
            Format::Dot => "dot",
            Format::Mermaid => "mermaid",
        }
    }

    /// Whether answers that follow one another are told apart by an empty line.
    #[cfg(feature = "cli")]
    pub(crate) fn is_set_apart(self, options: &Options) -> bool {
        match self {
            Format::Json | Format::Ndjson => false,
            Format::Csv | Format::Tsv => options.header,
            Format::Table | Format::Line | Format::Markdown | Format::Latex | Format::Html => true,
            Format::Dot | Format::Mermaid => true,
        }
    }

    /// Checks that it has a form for this answer.
    pub(crate) fn suits(self, answer: &Answer) -> io::Result<()> {
        match self {
            Format::Dot | Format::Mermaid if answer.argument.is_none() => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, NOT_DRAWN))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Format> {
        let names = Format::ALL.map(Format::name).join(", ");
        Format::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| Error::unknown(format!("no format `{name}`")).note(format!("there are {names}")))
    }
}

/// Writes the answer's rows, or its argument; its notes are the caller's to show.
///
/// Fails as `out` does, and with [`io::ErrorKind::InvalidInput`], before anything is written, where a table
/// should be drawn as a graph.
///
/// ```
/// use casebook::answer::{Answer, format::{Format, Options, write}};
/// let mut out = Vec::new();
/// write(&Answer::new(["name"]), Format::Csv, &Options::default(), &mut out)?;
/// assert_eq!(out, b"name\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(answer: &Answer, format: Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    format.suits(answer)?;
    match &answer.argument {
        Some(argument) => write_argument(answer, argument, format, options, out),
        None => write_rows(answer, format, options, out),
    }
}

fn write_rows(answer: &Answer, format: Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => table::write(answer, options, out),
        Format::Line => line::write(answer, options, out),
        Format::Json => json::array(answer, out),
        Format::Ndjson => json::lines(answer, out),
        Format::Csv => delimited::csv(answer, options, out),
        Format::Tsv => delimited::tsv(answer, options, out),
        Format::Markdown => markdown::write(answer, options, out),
        Format::Latex => latex::write(answer, options, out),
        Format::Html => html::write(answer, options, out),
        Format::Dot | Format::Mermaid => format.suits(answer),
    }
}

fn write_argument(
    answer: &Answer,
    argument: &Argument,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Table | Format::Line => tree::write(argument, options, out),
        Format::Ndjson => json::proofs(&argument.proofs, out),
        Format::Markdown => markdown::list(&argument.proofs, out),
        Format::Latex => latex::list(&argument.proofs, out),
        Format::Html => html::list(argument, out),
        Format::Dot => dot::write(&argument.proofs, out),
        Format::Mermaid => mermaid::write(&argument.proofs, out),
        Format::Json | Format::Csv | Format::Tsv => write_rows(answer, format, options, out),
    }
}

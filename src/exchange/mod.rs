//! Other forms of the same knowledge: CSV files, and the whole store as statements.

mod csv;
mod dump;
#[cfg(test)]
mod tests;

pub use dump::statements;

use crate::answer::Answer;
use crate::answer::format::{self, Format, Options};
use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::change::Operation;
use crate::resolve::ImportPlan;
use std::fs::File;
use std::path::Path;

/// Reads the CSV file of a plan. `progress` is told, now and then, how many rows have been read; its error ends the
/// reading.
///
/// # Errors
/// If it cannot be read, or any cell of it does not fit: the message names the line.
pub fn import(
    plan: &ImportPlan,
    snapshot: &Snapshot,
    progress: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<Vec<Operation>> {
    let file = File::open(&plan.path).map_err(|error| Error::io(&plan.path, error))?;
    csv::read(file, &plan.path, plan, snapshot.vocabulary(), snapshot, progress)
}

/// Reads a file of statements.
///
/// # Errors
/// If it cannot be read, or is not UTF-8.
pub fn read_statements(path: &str) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Error::syntax(format!("{path}: line {line} is not UTF-8"))
    })
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &str, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|error| Error::io(path, error))
}

/// An answer in the format that the file's ending names.
///
/// # Errors
/// If the ending names none.
pub fn written(path: &str, answer: &Answer) -> Result<Vec<u8>> {
    let format = match extension(path).as_str() {
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        "json" => Format::Json,
        "ndjson" | "jsonl" => Format::Ndjson,
        "md" | "markdown" => Format::Markdown,
        "html" => Format::Html,
        "tex" => Format::Latex,
        "dot" | "gv" => Format::Dot,
        "mmd" | "mermaid" => Format::Mermaid,
        _ => {
            return Err(Error::meaning(format!("the ending of `{path}` names no format"))
                .note("it is one of csv, tsv, json, ndjson, md, html, tex, dot, mmd; statements go to a file that ends in casebook"));
        }
    };
    let mut bytes = Vec::new();
    let options = Options { width: None, colour: false, header: true };
    format::write(answer, format, &options, &mut bytes).map_err(|error| Error::io(path, error))?;
    Ok(bytes)
}

/// The ending of a path, in lower case.
pub fn extension(path: &str) -> String {
    Path::new(path).extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

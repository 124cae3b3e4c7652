//! Other forms of the same knowledge: CSV files, and the whole store as statements.

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::change::Operation;
use crate::resolve::ImportPlan;

pub fn import(_plan: &ImportPlan, _snapshot: &Snapshot) -> Result<Vec<Operation>> {
    Err(Error::not_yet("import"))
}

pub fn statements(_snapshot: &Snapshot) -> String {
    String::new()
}

pub fn write(_path: &str, _bytes: &[u8]) -> Result<()> {
    Err(Error::not_yet("export"))
}

pub fn write_answer(_path: &str, _answer: &Answer) -> Result<()> {
    Err(Error::not_yet("export"))
}

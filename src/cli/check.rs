//! `--check`: what is wrong with a store, if anything.

use super::FAILED;
use crate::book::{Casebook, Health};
use crate::error::{Error, Result};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Says on standard output what the store is like; the status says whether something is wrong.
pub(super) fn run(path: &Path) -> Result<ExitCode> {
    let health = Casebook::check(path)?;
    match write(&health, &mut io::stdout().lock()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("standard output", error)),
        _ if health.faults.is_empty() => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::from(FAILED)),
    }
}

fn write(health: &Health, out: &mut dyn Write) -> io::Result<()> {
    for fault in &health.faults {
        writeln!(out, "{}: {}", fault.part, fault.message)?;
    }
    if !health.faults.is_empty() && health.faults.iter().all(|fault| !fault.part.matters()) {
        writeln!(out, "nothing is lost: the log is read instead, and the next checkpoint writes a new view")?;
    }
    let digest: String = health.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let commits = if health.commits == 1 { "commit" } else { "commits" };
    writeln!(out, "{} {commits}, digest {digest}", health.commits)
}

//! Where the store and the history lie when nobody says.

use crate::error::{Error, ErrorKind, Result};
use etcetera::BaseStrategy;
use std::path::PathBuf;

/// `casebook/paper` under the platform's data directory.
pub(super) fn default_store() -> Result<PathBuf> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Error::new(ErrorKind::Io, "no home directory to keep the store in")
            .note("name a place for it: --db PATH, or CASEBOOK_DB")
    })?;
    Ok(strategy.data_dir().join("casebook").join("paper"))
}

/// `casebook/history` under the platform's directory for state, or for data where it has none; `None`
/// without a home.
pub(super) fn history() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("casebook").join("history"))
}

//! The paper's knowledge: the statements of `seed/`, shipped with the crate.

use super::Casebook;
use super::state::Shared;
use crate::error::Result;
use crate::model::Text;
use crate::store::Store;
use std::path::Path;
use std::sync::Arc;

/// The files of the seed, in the order in which they load.
const FILES: [(&str, &str); 5] = [
    ("seed/vocabulary.casebook", include_str!("../../seed/vocabulary.casebook")),
    ("seed/sources.casebook", include_str!("../../seed/sources.casebook")),
    ("seed/cases.casebook", include_str!("../../seed/cases.casebook")),
    ("seed/policies.casebook", include_str!("../../seed/policies.casebook")),
    ("seed/patterns.casebook", include_str!("../../seed/patterns.casebook")),
];

/// Opens a store, filling one that does not exist yet.
pub fn open(path: &Path) -> Result<Casebook> {
    let is_new = Store::is_absent(path);
    let mut shared = Shared::open(path)?;
    let seed = text();
    let digest = digest(&seed);
    if is_new {
        shared.run_file(&seed, "seed", Some(digest))?;
    } else if let Some(notice) = shared.seed_notice(&digest)? {
        shared.notices.push(notice);
    }
    Ok(Casebook { shared: Arc::new(shared) })
}

/// A store in memory, filled.
pub fn in_memory() -> Result<Casebook> {
    let shared = Shared::in_memory();
    let seed = text();
    shared.run_file(&seed, "seed", Some(digest(&seed)))?;
    Ok(Casebook { shared: Arc::new(shared) })
}

/// All statements of the seed.
pub fn text() -> String {
    FILES.map(|(_, text)| text).join("\n")
}

fn digest(seed: &str) -> Text {
    Text::from(blake3::hash(seed.as_bytes()).to_hex().as_str())
}

impl Shared {
    /// What to say where the store was filled with another seed than this version ships.
    fn seed_notice(&self, digest: &Text) -> Result<Option<String>> {
        let knowledge = self.current()?;
        let seed = knowledge.snapshot().commits().find_map(|commit| commit.seed.clone());
        let differs = seed.is_some_and(|seed| seed != *digest);
        Ok(differs.then(|| {
            "the paper's knowledge has changed since this store was filled; --update-seed takes it over"
                .to_string()
        }))
    }
}

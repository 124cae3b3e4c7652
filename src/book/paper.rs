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
    let seed = text();
    let digest = digest(&seed);
    let shared = if Store::is_absent(path) {
        // Filled before anybody can see it, and before anything can interrupt.
        Shared::open_or_make(path, &filled(&seed, digest)?)?
    } else {
        let mut shared = Shared::open(path)?;
        let notice = shared.seed_notice(&digest)?;
        shared.notices.extend(notice);
        shared
    };
    Ok(Casebook { shared: Arc::new(shared) })
}

/// A store in memory, filled.
pub fn in_memory() -> Result<Casebook> {
    let seed = text();
    let shared = filled(&seed, digest(&seed))?;
    Ok(Casebook { shared: Arc::new(shared) })
}

fn filled(seed: &str, digest: Text) -> Result<Shared> {
    let shared = Shared::in_memory();
    shared.run_file(seed, "seed", Some(digest))?;
    Ok(shared)
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

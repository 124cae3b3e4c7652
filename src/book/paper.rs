//! The paper's knowledge: the statements of `seed/`, shipped with the crate.

use super::state::Shared;
use super::{Casebook, Changed};
use crate::error::{Error, Result};
use crate::model::Text;
use crate::store::Store;
use crate::syntax;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The files of the seed, in the order in which they load.
pub const FILES: [(&str, &str); 10] = [
    ("seed/vocabulary.casebook", include_str!("../../seed/vocabulary.casebook")),
    ("seed/sources.casebook", include_str!("../../seed/sources.casebook")),
    ("seed/ideas.casebook", include_str!("../../seed/ideas.casebook")),
    ("seed/countries.casebook", include_str!("../../seed/countries.casebook")),
    ("seed/cases.casebook", include_str!("../../seed/cases.casebook")),
    ("seed/actors.casebook", include_str!("../../seed/actors.casebook")),
    ("seed/events.casebook", include_str!("../../seed/events.casebook")),
    ("seed/policies.casebook", include_str!("../../seed/policies.casebook")),
    ("seed/patterns.casebook", include_str!("../../seed/patterns.casebook")),
    ("seed/caveats.casebook", include_str!("../../seed/caveats.casebook")),
];

/// Opens a store, filling one that does not exist yet. A store that holds nothing but an older seed is
/// filled anew.
pub fn open(path: &Path) -> Result<Casebook> {
    let is_new = Store::is_absent(path);
    if is_new {
        make(path)?;
    }
    let mut shared = Shared::open(path)?;
    let mut notices = Vec::new();
    if is_new {
        notices.push(format!("made a new store in {}", path.display()));
    } else if shared.has_older_seed()? {
        // Where it cannot be replaced, the old one still answers.
        if shared.current()?.snapshot().commit() == 1 && replace(path).is_ok() {
            shared = Shared::open(path)?;
            notices.push("the paper's knowledge has changed; the store was filled anew".to_string());
        } else {
            notices.push(
                "the paper's knowledge has changed since this store was filled; --update-seed takes it over"
                    .to_string(),
            );
        }
    }
    shared.notices.extend(notices);
    Ok(Casebook { shared: Arc::new(shared) })
}

/// Makes a filled store, of which nobody, not even after a crash, ever sees less.
fn make(path: &Path) -> Result<()> {
    let filled = filled()?;
    let log = filled.log();
    let Some(first) = log.first() else { return Ok(()) };
    let store = Store::open_or_make(path, first)?;
    // A long first commit lies in the log, where every reader would have to look for it; a view has it at hand.
    // Somebody else may have made the store meanwhile, and gone on.
    let mut writer = store.lock()?;
    if writer.checkpoint_is_due()? && store.load()?.position.commit == first.number {
        writer.checkpoint(&filled.current()?.snapshot().image())?;
    }
    Ok(())
}

/// Replaces a store that holds nothing of its own, while nobody writes to it.
fn replace(path: &Path) -> Result<()> {
    let (fresh, old) = (beside(path, "new"), beside(path, "old"));
    make(&fresh)?;
    let store = Store::open(path)?;
    let locked = store.lock()?;
    if store.load()?.position.commit != 1 {
        let _ = fs::remove_dir_all(&fresh);
        return Err(Error::meaning("somebody has added to the store meanwhile"));
    }
    let moved = fs::rename(path, &old).and_then(|()| fs::rename(&fresh, path));
    drop(locked);
    let _ = fs::remove_dir_all(if moved.is_ok() { &old } else { &fresh });
    moved.map_err(|error| Error::io(path.display(), error))
}

/// Tells the folders of one process apart.
static TURN: AtomicU32 = AtomicU32::new(0);

/// A folder of this process's own in the folder that holds `path`.
fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{what}-{}-{turn}", std::process::id()))
}

/// A store in memory, filled.
pub fn in_memory() -> Result<Casebook> {
    Ok(Casebook { shared: Arc::new(filled()?) })
}

fn filled() -> Result<Shared> {
    let seed = text();
    let shared = Shared::in_memory();
    shared.run_file(&seed, "seed", Some(digest(&seed)))?;
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
    /// Whether the store was last filled with another seed than this version ships.
    fn has_older_seed(&self) -> Result<bool> {
        let knowledge = self.current()?;
        let seed = knowledge.snapshot().commits().filter_map(|commit| commit.seed.clone()).last();
        Ok(seed.is_some_and(|seed| seed != digest(&text())))
    }

    /// States everything that the shipped seed says, in one commit. What an older seed said and this one
    /// does not stays.
    pub fn update_paper(&self) -> Result<Changed> {
        let seed = text();
        let statements =
            syntax::split(&seed).iter().map(|piece| syntax::parse(&piece.text)).collect::<Result<Vec<_>>>();
        self.run_together(&statements?, Some(digest(&seed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store that was filled with an older seed, of one kind.
    fn older_store(path: &Path) -> Result<Shared> {
        let shared = Shared::open(path)?;
        shared.run_file("kind port", "seed", Some(Text::from("an older digest")))?;
        Ok(shared)
    }

    #[test]
    fn a_store_without_later_commits_is_filled_anew() -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("book");
        drop(older_store(&path)?);
        let book = open(&path)?;
        assert_eq!(book.query("clusters")?.len(), 4);
        assert!(book.query("ports").is_err());
        assert!(book.notices()[0].contains("filled anew"), "{:?}", book.notices());
        assert!(open(&path)?.notices().is_empty());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        Ok(())
    }

    #[test]
    fn a_store_with_later_commits_is_left_alone_until_told() -> Result<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("book");
        older_store(&path)?.run_file("port busan { }", "later", None)?;
        let book = open(&path)?;
        assert!(book.notices()[0].contains("--update-seed"), "{:?}", book.notices());
        assert!(book.query("clusters").is_err());
        book.update_paper()?;
        assert_eq!((book.query("clusters")?.len(), book.query("ports")?.len()), (4, 1));
        assert!(open(&path)?.notices().is_empty());
        Ok(())
    }
}

//! The paper's knowledge: the statements of `seed/`, shipped with the crate.

use super::state::Shared;
use super::{Casebook, Changed};
use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::change::{Operation, Retraction, Statement};
use crate::model::{Directory, Text};
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
    if is_new {
        shared.notify(format!("made a new store in {}", path.display()));
    } else if shared.has_older_seed()? {
        // Where it cannot be replaced, the old one still answers.
        if shared.current()?.snapshot().commit() == 1 && replace(path).is_ok() {
            shared = Shared::open(path)?;
            shared.notify("the paper's knowledge has changed; the store was filled anew".to_string());
        } else {
            shared.notify(
                "the paper's knowledge has changed since this store was filled; --update-seed takes it over"
                    .to_string(),
            );
        }
    }
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
        writer.checkpoint(&filled.current()?.snapshot().parts())?;
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
        Ok(knowledge.snapshot().seed().is_some_and(|seed| seed != digest(&text())))
    }

    /// States everything that the shipped seed says, in one commit, and takes back what an older seed claimed and
    /// this one does not. Its patterns, things and vocabulary stay, since others may have built on them.
    pub fn update_paper(&self) -> Result<Changed> {
        let seed = text();
        let statements =
            syntax::split(&seed).iter().map(|piece| syntax::parse(&piece.text)).collect::<Result<Vec<_>>>();
        let shipped = filled()?.current()?;
        self.run_after(&statements?, Some(digest(&seed)), |snapshot| outdated(snapshot, shipped.snapshot()))
    }
}

/// What takes back the claims that older seeds made and `shipped` does not. A claim stays if somebody else says the
/// same of the same cell: what takes back the one would take back the other.
fn outdated(snapshot: &Snapshot, shipped: &Snapshot) -> Vec<Operation> {
    let seeds = snapshot.commits().filter(|commit| commit.seed.is_some());
    let seeds: Vec<u32> = seeds.map(|commit| commit.number).collect();
    let mut operations = Vec::new();
    snapshot.each_claim(&mut |thing, attribute, claim| {
        if !seeds.contains(&claim.id.commit) {
            return;
        }
        let said = snapshot.stated(thing, attribute, claim);
        let cell = snapshot.claims(thing, attribute);
        let mut same = cell.iter().filter(|c| c.value == claim.value && c.denied == claim.denied);
        if same.all(|claim| seeds.contains(&claim.id.commit)) && !says(shipped, &said) {
            let Statement { subject, attribute, value, denied, evidence, .. } = said;
            let (attribute, statement) = (Some(attribute), Some((denied, value)));
            operations.push(Operation::Retract(Retraction { subject, attribute, statement, evidence }));
        }
    });
    operations
}

/// Whether a claim there has this value and origin.
fn says(snapshot: &Snapshot, said: &Statement) -> bool {
    let found = || {
        let kind = snapshot.vocabulary().find_kind(said.subject.kind.as_str())?;
        let thing = snapshot.find(kind, said.subject.name.as_str())?;
        let step = snapshot.vocabulary().step(kind, said.attribute.as_str())?;
        let claims = snapshot.claims(thing, step.attribute);
        Some(claims.iter().any(|claim| {
            let there = snapshot.stated(thing, step.attribute, claim);
            let (here, origin) = (&said.evidence, &there.evidence);
            let same = (&there.value, there.denied) == (&said.value, said.denied);
            same && (&here.citations, &here.when) == (&origin.citations, &origin.when)
        }))
    };
    found().unwrap_or(false)
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

    /// What the older seed claimed goes, what others have said stays, be it of the same cell.
    #[test]
    fn an_update_takes_back_what_is_said_no_more() -> Result<()> {
        let shared = Shared::in_memory();
        let older = "
kind country plural countries
attribute region of country: one of africa, asia, europe, latin_america, north_america
attribute political_status of country: text
country india { region: europe }
country korea { political_status: \"said before\" }";
        shared.run_file(older, "seed", Some(Text::from("an older digest")))?;
        shared.run_file("country india { political_status: \"said by others\" }", "later", None)?;
        shared.run_file("assert korea.political_status = \"said before\" (in 1990)", "later", None)?;
        let book = Casebook { shared: Arc::new(shared) };
        book.update_paper()?;
        let values = |question: &str| -> Result<Vec<String>> {
            Ok(book.query(question)?.iter().map(|row| row["value"].to_string()).collect())
        };
        assert_eq!(values("india.region")?, ["asia"]);
        assert_eq!(values("india.political_status")?, ["said by others"]);
        assert_eq!(values("korea.political_status")?, ["said before", "said before"]);
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

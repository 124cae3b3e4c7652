//! The patterns of a snapshot, in order of declaration. Those of a view are read when somebody needs them.

use super::snapshot::Snapshot;
use crate::error::Result;
use crate::model::view::{Kept, PatternLine};
use crate::model::{Name, Pattern, fold};
use imbl::Vector;
use rustc_hash::FxHashSet;
use std::sync::{Arc, OnceLock};

/// Reads the statement of a pattern in the light of a snapshot. The text is the language's, which this layer does
/// not know.
pub type ReadPattern = fn(&Snapshot, &str) -> Result<Pattern>;

/// All patterns of a snapshot; what is changed of a copy does not touch the original.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    below: Option<Arc<Below>>,
    /// `None`: those of the view, unchanged.
    changed: Option<Vector<Arc<Slot>>>,
}

/// The patterns of a view.
#[derive(Debug)]
struct Below {
    view: Arc<dyn Kept>,
    slots: OnceLock<Vector<Arc<Slot>>>,
    /// The view's own snapshot, without patterns: a later one may give a word another meaning.
    home: Snapshot,
    read: ReadPattern,
}

/// A pattern, read or not.
#[derive(Debug)]
struct Slot {
    line: PatternLine,
    words: OnceLock<FxHashSet<String>>,
    /// `None`: it cannot be read, of which the view has been told.
    read: OnceLock<Option<Arc<Pattern>>>,
}

impl Slot {
    fn new(pattern: Arc<Pattern>) -> Arc<Slot> {
        let line = PatternLine {
            name: pattern.name.clone(),
            statement: pattern.statement.clone(),
            concludes: pattern.concludes(),
            reads: pattern.reads(),
        };
        Arc::new(Slot { line, words: OnceLock::new(), read: OnceLock::from(Some(pattern)) })
    }

    fn unread(line: PatternLine) -> Arc<Slot> {
        Arc::new(Slot { line, words: OnceLock::new(), read: OnceLock::new() })
    }

    fn words(&self) -> &FxHashSet<String> {
        self.words.get_or_init(|| names_in(&self.line.statement).collect())
    }
}

impl Patterns {
    /// The patterns of a view, of which `home` is the snapshot.
    pub(super) fn kept(view: Arc<dyn Kept>, home: Snapshot, read: ReadPattern) -> Patterns {
        let below = Below { view, slots: OnceLock::new(), home, read };
        Patterns { below: Some(Arc::new(below)), changed: None }
    }

    fn slots(&self) -> Option<&Vector<Arc<Slot>>> {
        let kept = || {
            let below = self.below.as_ref()?;
            let lines = || below.view.patterns().into_iter().map(Slot::unread).collect();
            Some(below.slots.get_or_init(lines))
        };
        self.changed.as_ref().or_else(kept)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots().map_or(0, Vector::len)
    }

    /// What can be told of each without reading it.
    pub fn lines(&self) -> impl Iterator<Item = &PatternLine> {
        self.slots().into_iter().flatten().map(|slot| &slot.line)
    }

    /// What stands in each, folded: all that may be a name there, and more.
    pub(super) fn words(&self) -> impl Iterator<Item = &FxHashSet<String>> {
        self.slots().into_iter().flatten().map(|slot| slot.words())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Pattern>> {
        self.slots().into_iter().flatten().filter_map(|slot| self.read(slot))
    }

    /// The pattern at a position.
    pub fn get(&self, at: usize) -> Option<&Arc<Pattern>> {
        self.read(self.slots()?.get(at)?)
    }

    fn read<'a>(&'a self, slot: &'a Slot) -> Option<&'a Arc<Pattern>> {
        let read = || {
            let below = self.below.as_ref()?;
            let pattern = (below.read)(&below.home, &slot.line.statement);
            pattern.map(Arc::new).map_err(|error| below.view.note(error.report().message.clone())).ok()
        };
        slot.read.get_or_init(read).as_ref()
    }

    /// Where the pattern of this name stands.
    pub fn position(&self, name: &Name) -> Option<usize> {
        self.lines().position(|line| line.name == *name)
    }

    /// Whether both are the same ones, not only equal.
    pub fn are(&self, others: &Patterns) -> bool {
        let same = |(a, b): (&Arc<Slot>, &Arc<Slot>)| Arc::ptr_eq(a, b);
        match (self.slots(), others.slots()) {
            (Some(these), Some(those)) => {
                these.ptr_eq(those) || these.len() == those.len() && these.iter().zip(those).all(same)
            }
            (None, None) => true,
            _ => false,
        }
    }

    fn change(&mut self) -> &mut Vector<Arc<Slot>> {
        let slots = self.slots().cloned().unwrap_or_default();
        self.changed.insert(slots)
    }

    /// Adds a pattern at the end.
    pub(super) fn push(&mut self, pattern: Arc<Pattern>) {
        self.change().push_back(Slot::new(pattern));
    }

    /// Puts a pattern in the place of another.
    pub(super) fn set(&mut self, at: usize, pattern: Arc<Pattern>) {
        self.change().set(at, Slot::new(pattern));
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, at: usize) {
        self.change().remove(at);
    }

    /// Keeps of each what this gives, which may be the same again.
    pub(super) fn retain(&mut self, keep: impl Fn(&Arc<Pattern>) -> Option<Arc<Pattern>>) {
        let mut kept = Vector::new();
        for slot in self.slots().into_iter().flatten() {
            let Some(pattern) = self.read(slot) else { continue };
            match keep(pattern) {
                Some(same) if Arc::ptr_eq(&same, pattern) => kept.push_back(slot.clone()),
                Some(other) => kept.push_back(Slot::new(other)),
                None => {}
            }
        }
        self.changed = Some(kept);
    }
}

/// The folded words of a statement, and what stands in its quotes as a whole.
fn names_in(statement: &str) -> impl Iterator<Item = String> {
    let between_words =
        |character: char| !(character.is_alphanumeric() || character == '_' || character == '-');
    statement.split(between_words).chain(statement.split('"')).map(fold)
}

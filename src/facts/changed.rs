//! Which cells tell two snapshots apart, of which one was made by changing the other.

use super::column::Column;
use super::snapshot::Snapshot;
use crate::model::{AttributeId, Pattern, ThingId};
use std::sync::Arc;

/// What is different in a later snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// Cells whose claims are not the same, in order of attribute and thing.
    pub cells: Vec<(AttributeId, ThingId)>,
    /// Things that were not there before.
    pub things: Vec<ThingId>,
    /// Patterns that only the earlier one has, or that conclude otherwise in the later one.
    pub dropped: Vec<Arc<Pattern>>,
    /// Patterns that only the later one has, or that conclude otherwise in the earlier one.
    pub added: Vec<Arc<Pattern>>,
}

impl Snapshot {
    /// What is different in `later`; `None` if its words may mean something else. It costs what is different,
    /// not what is the same.
    pub fn changed_in(&self, later: &Snapshot) -> Option<Changed> {
        if !Arc::ptr_eq(&self.vocabulary, &later.vocabulary) {
            return None;
        }
        let mut cells: Vec<(AttributeId, ThingId)> = self.cells.differing(&later.cells);
        if !Arc::ptr_eq(&self.columns, &later.columns) {
            for (attribute, _) in later.vocabulary.attributes() {
                let (before, after) = (self.columns(attribute), later.columns(attribute));
                for column in only_in(before, after).chain(only_in(after, before)) {
                    cells.extend(column.entries().map(|(thing, _)| (attribute, thing)));
                }
            }
        }
        cells.sort_unstable();
        cells.dedup();
        let things = (self.things.count()..later.things.count()).map(ThingId).collect();
        let (dropped, added) = (self.patterns_missing_in(later), later.patterns_missing_in(self));
        Some(Changed { cells, things, dropped, added })
    }

    /// The patterns of this snapshot of which the other has none that concludes the same. (Citations make no
    /// difference to what is concluded.)
    fn patterns_missing_in(&self, other: &Snapshot) -> Vec<Arc<Pattern>> {
        let same = |a: &Arc<Pattern>, b: &Arc<Pattern>| {
            Arc::ptr_eq(a, b) || (a.name == b.name && a.variables == b.variables && a.rule == b.rule)
        };
        let is_missing = |pattern: &&Arc<Pattern>| !other.patterns.iter().any(|known| same(known, pattern));
        match self.patterns.are(&other.patterns) {
            true => Vec::new(),
            false => self.patterns.iter().filter(is_missing).cloned().collect(),
        }
    }
}

fn only_in<'a>(these: &'a [Arc<Column>], others: &'a [Arc<Column>]) -> impl Iterator<Item = &'a Arc<Column>> {
    these.iter().filter(|column| !others.iter().any(|other| Arc::ptr_eq(column, other)))
}

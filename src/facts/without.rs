//! A snapshot as if sources had not been read, or patterns and claims had not been made.

use super::cells::CellId;
use super::snapshot::Snapshot;
use crate::model::question::Removal;
use crate::model::{Citation, Claim, ClaimId, Evidence, Name, Pattern, ThingId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// By source, the cells that have a claim which cites it, at first or at second hand.
pub(super) type Cited = FxHashMap<ThingId, Vec<CellId>>;

impl Snapshot {
    /// This snapshot without some of what it holds. A citation falls with its source and with its `via`; a
    /// claim or pattern falls when it had citations and all of them fell. What was uncited stays.
    /// A claim or pattern that is not there is no loss.
    pub fn without(&self, removals: &[Removal]) -> Snapshot {
        let mut left = self.to_be_changed();
        let mut sources: FxHashSet<ThingId> = FxHashSet::default();
        for removal in removals {
            match removal {
                Removal::Source(source) => {
                    sources.insert(*source);
                }
                Removal::Pattern(name) => left.drop_pattern(name),
                Removal::Claim(id) => left.drop_claim(*id),
            }
        }
        left.drop_sources(&sources, self);
        left
    }

    /// Whether there is such a claim.
    pub fn has_claim(&self, id: ClaimId) -> bool {
        self.cell_of(id).is_some()
    }

    /// The attribute and thing of a claim.
    fn cell_of(&self, id: ClaimId) -> Option<CellId> {
        let in_column = self.columns.iter().find_map(|(attribute, columns)| {
            let thing = columns.iter().find_map(|column| column.thing_claimed(id))?;
            Some((*attribute, thing)).filter(|cell| !self.cells.has(*cell))
        });
        let holds = |claims: &Arc<[Claim]>| claims.iter().any(|claim| claim.id == id);
        in_column.or_else(|| self.cells.iter().find_map(|(cell, claims)| holds(claims).then_some(cell)))
    }

    fn drop_pattern(&mut self, name: &Name) {
        if let Some(at) = self.patterns.position(name) {
            self.patterns.remove(at);
        }
    }

    fn drop_claim(&mut self, id: ClaimId) {
        let Some((attribute, thing)) = self.cell_of(id) else { return };
        let kept = self.claims(thing, attribute).iter().filter(|claim| claim.id != id).cloned().collect();
        self.cells.put((attribute, thing), kept);
    }

    fn drop_sources(&mut self, sources: &FxHashSet<ThingId>, before: &Snapshot) {
        if sources.is_empty() {
            return;
        }
        let cited = before.cited();
        for cell in sources.iter().filter_map(|source| cited.get(source)).flatten() {
            let Some(claims) = self.cells.get(*cell) else { continue };
            let kept = claims.iter().filter_map(|claim| {
                let evidence = without_sources(&claim.evidence, sources)?;
                Some(Claim { evidence, ..claim.clone() })
            });
            let kept: Arc<[Claim]> = kept.collect();
            self.cells.put(*cell, kept);
        }
        let columns = Arc::make_mut(&mut self.columns);
        for columns in columns.values_mut() {
            columns.retain_mut(|column| match without_sources(&column.evidence, sources) {
                Some(evidence) if Arc::ptr_eq(&evidence, &column.evidence) => true,
                Some(evidence) => {
                    *column = Arc::new(column.with_evidence(evidence));
                    true
                }
                None => false,
            });
        }
        self.patterns.retain(|pattern| {
            let evidence = without_cited(&pattern.evidence, sources)?;
            Some(match evidence {
                None => pattern.clone(),
                Some(evidence) => Arc::new(Pattern { evidence, ..Pattern::clone(pattern) }),
            })
        });
    }

    /// By source, the cells in which it is cited; found once for each snapshot.
    fn cited(&self) -> &Cited {
        self.cited.get_or_init(|| {
            let mut cited = Cited::default();
            for (cell, claims) in self.cells.iter() {
                let citations = claims.iter().flat_map(|claim| &claim.evidence.citations);
                for source in citations.flat_map(|citation| [Some(citation.source), citation.via]).flatten() {
                    let cells = cited.entry(source).or_default();
                    if cells.last() != Some(&cell) {
                        cells.push(cell);
                    }
                }
            }
            Arc::new(cited)
        })
    }
}

/// The evidence without the citations of some sources, the same one if it has none; `None` if it had
/// citations and all of them fell.
fn without_sources(evidence: &Arc<Evidence>, sources: &FxHashSet<ThingId>) -> Option<Arc<Evidence>> {
    let changed = without_cited(evidence, sources)?;
    Some(changed.map_or_else(|| evidence.clone(), Arc::new))
}

/// The same; `Some(None)` where nothing changes.
fn without_cited(evidence: &Evidence, sources: &FxHashSet<ThingId>) -> Option<Option<Evidence>> {
    let falls = |citation: &Citation| {
        sources.contains(&citation.source) || citation.via.is_some_and(|via| sources.contains(&via))
    };
    if !evidence.citations.iter().any(falls) {
        return Some(None);
    }
    let citations: Vec<Citation> =
        evidence.citations.iter().filter(|citation| !falls(citation)).cloned().collect();
    (!citations.is_empty()).then(|| Some(Evidence { citations, ..evidence.clone() }))
}

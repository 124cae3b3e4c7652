//! Marks, and everything that a conclusion rests on: a conclusion carries a mark only if every proof of it does.

use super::derived::Fact;
use super::proof::{Ground, Instance, Premise};
use super::scene::Scene;
use super::tables::{Proven, Subject};
use crate::answer::Marks;
use crate::error::Result;
use crate::model::{AttributeId, Citation, ThingId, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// So many facts are looked into before a mark counts as set.
pub const MOST_FACTS: usize = 10_000;

impl Scene<'_> {
    /// The marks of a statement, or of its denial: it carries one only if every proof of it does.
    pub fn marks(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        value: &Value,
        denied: bool,
    ) -> Result<Marks> {
        let said = self.said(thing, attribute)?;
        let ground = self.ground(thing, attribute, &said, value, denied);
        let mut marks = Marks {
            concluded: !ground.claimed,
            hedged: !ground.plainly_claimed,
            contested_ground: !ground.claimed,
            by_analogy: !ground.claimed,
        };
        if let Some(fact) = ground.conclusion() {
            let of_proofs = self.marks_of_proofs(fact)?;
            marks.hedged &= of_proofs.hedged;
            marks.contested_ground &= of_proofs.contested_ground;
            marks.by_analogy &= of_proofs.by_analogy;
        }
        Ok(marks)
    }

    /// The marks that all proofs of a fact carry. What it rests on is looked into once for all things of its class.
    fn marks_of_proofs(&self, fact: &Fact) -> Result<Marks> {
        let proven = self.proven(fact);
        let known = self.concluded.tables().borrow().marks(&proven);
        if let Some(known) = known {
            return Ok(known);
        }
        let proofs = Proofs::of(self, fact)?;
        let clean = Clean::of(&proofs);
        let marks = |fact: &Fact| Marks {
            concluded: true,
            hedged: !clean.plain.contains(fact),
            contested_ground: !clean.uncontested.contains(fact),
            by_analogy: !clean.seen.contains(fact),
        };
        // Everything that one of these facts rests on is among them, unless there were too many.
        if proofs.instances.len() < MOST_FACTS {
            for fact in proofs.instances.keys() {
                let proven = self.proven(fact);
                self.concluded.tables().borrow_mut().keep_marks(proven, marks(fact));
            }
        }
        Ok(marks(fact))
    }

    /// Everything that a fact's proofs cite: patterns, and the claims at their leaves.
    pub fn citations_of(&self, fact: &Fact) -> Result<Arc<[Citation]>> {
        let proven = self.proven(fact);
        let known = self.concluded.tables().borrow().citations(&proven);
        if let Some(known) = known {
            return Ok(known);
        }
        let proofs = Proofs::of(self, fact)?;
        let mut citations = Vec::new();
        for (instance, premises) in proofs.all() {
            citations.extend(instance.pattern.evidence.citations.iter().cloned());
            citations.extend(
                premises.iter().flat_map(|p| p.grounds.iter().flat_map(|g| g.citations.iter().cloned())),
            );
        }
        citations.sort();
        citations.dedup();
        let citations: Arc<[Citation]> = citations.into();
        self.concluded.tables().borrow_mut().keep_citations(proven, citations.clone());
        Ok(citations)
    }

    /// Whether some pattern was seen in this case, so that its conclusions there are none by analogy.
    pub fn was_seen_in(&self, thing: ThingId) -> bool {
        self.concluded.rules().is_some_and(|rules| rules.was_seen_in(thing))
    }

    /// Of which class a fact is: what proves it of one thing proves it of all, unless patterns were seen in it.
    fn proven(&self, fact: &Fact) -> Proven {
        let reading = if self.was_seen_in(fact.thing) { None } else { self.reading(fact.attribute) };
        let subject = match reading.and_then(|reading| reading.key(self, fact.thing)) {
            Some(class) => Subject::Class(class),
            None => Subject::Thing(fact.thing),
        };
        Proven { subject, attribute: fact.attribute, value: fact.value.clone(), denied: fact.denied }
    }
}

/// All instances on which a fact rests, directly or not.
pub struct Proofs {
    /// By fact, the instances that conclude it, each as often as there are sets of premises.
    pub instances: FxHashMap<Fact, Concluding>,
}

/// The instances that conclude a fact, with a set of premises each.
pub type Concluding = Rc<[(Instance, Vec<Premise>)]>;

/// What facts rest on, so far: in one scene, and mostly in one row, the same facts are asked about again and again.
#[derive(Default)]
pub struct KnownProofs(RefCell<FxHashMap<Fact, Concluding>>);

impl Proofs {
    /// Everything that `fact` rests on.
    pub fn of(scene: &Scene, fact: &Fact) -> Result<Proofs> {
        let mut instances: FxHashMap<Fact, Concluding> = FxHashMap::default();
        let mut waiting = vec![fact.clone()];
        while let Some(fact) = waiting.pop() {
            if instances.contains_key(&fact) || instances.len() >= MOST_FACTS {
                continue;
            }
            let concluding = scene.concluding(&fact)?;
            let grounds = concluding.iter().flat_map(|(_, premises)| premises).flat_map(|p| &p.grounds);
            waiting.extend(grounds.filter_map(|ground| ground.conclusion().cloned()));
            instances.insert(fact, concluding);
        }
        Ok(Proofs { instances })
    }

    /// All instances, whichever fact they conclude.
    pub fn all(&self) -> impl Iterator<Item = &(Instance, Vec<Premise>)> {
        self.instances.values().flat_map(|concluding| concluding.iter())
    }
}

impl Scene<'_> {
    /// The instances that conclude a fact, each as often as there are sets of premises.
    fn concluding(&self, fact: &Fact) -> Result<Concluding> {
        let known = self.known_proofs.0.borrow().get(fact).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut concluding = Vec::new();
        for instance in self.instances(fact)? {
            let sets = self.premises(&instance)?;
            concluding.extend(sets.into_iter().map(|premises| (instance.clone(), premises)));
        }
        let concluding: Concluding = concluding.into();
        let mut known = self.known_proofs.0.borrow_mut();
        if known.len() >= MOST_FACTS {
            known.clear();
        }
        known.insert(fact.clone(), concluding.clone());
        Ok(concluding)
    }
}

/// The facts that have a proof without each mark.
#[derive(Default)]
struct Clean {
    plain: FxHashSet<Fact>,
    uncontested: FxHashSet<Fact>,
    seen: FxHashSet<Fact>,
}

impl Clean {
    /// Least fixpoints over the proofs of a fact: a proof is clean if it and all its premises are.
    fn of(proofs: &Proofs) -> Clean {
        let plain = grow(proofs, &|instance, premise, is_clean| {
            !instance.pattern.evidence.hedged
                && premise.is_none_or(|p| p.grounds.iter().any(|g| g.plainly_claimed || is_clean(g)))
        });
        let uncontested = grow(proofs, &|_, premise, is_clean| {
            premise.is_none_or(|p| !p.contested && p.grounds.iter().any(|g| g.claimed || is_clean(g)))
        });
        let seen = grow(proofs, &|instance, premise, is_clean| {
            let case =
                instance.binding.iter().flatten().any(|thing| instance.pattern.seen_in.contains(thing));
            case && premise.is_none_or(|p| p.grounds.iter().any(|g| g.claimed || is_clean(g)))
        });
        Clean { plain, uncontested, seen }
    }
}

/// Whether an instance (no premise) or one of its premises is clean, given which grounds are.
type IsClean<'a> = &'a dyn Fn(&Instance, Option<&Premise>, &dyn Fn(&Ground) -> bool) -> bool;

fn grow(proofs: &Proofs, clean: IsClean) -> FxHashSet<Fact> {
    let mut known: FxHashSet<Fact> = FxHashSet::default();
    loop {
        let is_clean = |ground: &Ground| ground.conclusion().is_some_and(|fact| known.contains(fact));
        let has_clean_proof = |concluding: &Concluding| {
            concluding.iter().any(|(instance, premises)| {
                clean(instance, None, &is_clean)
                    && premises.iter().all(|p| clean(instance, Some(p), &is_clean))
            })
        };
        let fresh = proofs.instances.iter().filter(|(fact, _)| !known.contains(*fact));
        let fresh: Vec<Fact> =
            fresh.filter(|(_, p)| has_clean_proof(p)).map(|(fact, _)| fact.clone()).collect();
        if fresh.is_empty() {
            return known;
        }
        known.extend(fresh);
    }
}

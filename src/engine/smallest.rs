//! How small the smallest proof of a conclusion is.

use super::argue::Arguer;
use super::derived::{Conclusion, Fact};
use super::marks::{MOST_FACTS, Proofs};
use super::proof::{Ground, Instance, Premise as Rests};
use crate::error::Result;
use rustc_hash::FxHashMap;

/// The size of what is not known to be smaller.
const LARGE: u64 = u64::MAX / 1024;

/// How small the smallest proof of a conclusion is.
#[derive(Clone)]
pub struct Smallest {
    /// Steps, itself included; `None`: too large a graph to tell.
    pub size: Option<u64>,
    pub instance: Option<Instance>,
    /// So many instances of patterns conclude it.
    pub ways: usize,
}

impl Arguer<'_> {
    /// How many instances of patterns conclude it.
    pub fn ways(&self, fact: &Fact, concluded: bool) -> Result<usize> {
        if concluded { Ok(self.smallest(fact)?.ways) } else { Ok(0) }
    }

    /// The smallest proof, or where there are too many to tell, some proof.
    pub fn smallest(&self, fact: &Fact) -> Result<Smallest> {
        if let Some(known) = self.sizes.borrow().get(fact) {
            return Ok(known.clone());
        }
        if !self.is_too_large.get() {
            let proofs = Proofs::of(self.scene, fact)?;
            self.is_too_large.set(proofs.instances.len() >= MOST_FACTS);
            let is_too_large = self.is_too_large.get();
            // Of too large a graph, what has no proof may have one beyond what was looked into.
            let is_told = |smallest: &Smallest| smallest.size.is_some() || !is_too_large;
            let found = sizes(&proofs, self.but.as_ref()).into_iter().filter(|(_, s)| is_told(s));
            let mut sizes = self.sizes.borrow_mut();
            found.for_each(|(fact, smallest)| {
                sizes.entry(fact).or_insert(smallest);
            });
        }
        let known = self.sizes.borrow().get(fact).cloned();
        let smallest = match known {
            Some(known) => known,
            None => self.earliest(fact)?,
        };
        Ok(self.sizes.borrow_mut().entry(fact.clone()).or_insert(smallest).clone())
    }

    /// Some proof, where there are too many to find the smallest: by an instance whose premises were all there
    /// before the conclusion.
    fn earliest(&self, fact: &Fact) -> Result<Smallest> {
        let round = self.round(fact)?.unwrap_or(u32::MAX);
        let instances = self.scene.instances(fact)?;
        let mut earliest = None;
        'instances: for instance in &instances {
            for set in self.scene.premises(instance)? {
                let mut was_there = true;
                for rests in &set {
                    was_there &= self.was_there(rests, round)?;
                }
                if was_there {
                    earliest = Some(instance.clone());
                    break 'instances;
                }
            }
        }
        let size = Some(LARGE + u64::from(round));
        Ok(Smallest { size, instance: earliest, ways: instances.len().max(1) })
    }

    fn was_there(&self, rests: &Rests, round: u32) -> Result<bool> {
        for ground in &rests.grounds {
            if ground.claimed || self.round(&ground.fact)?.is_some_and(|appeared| appeared < round) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn round(&self, fact: &Fact) -> Result<Option<u32>> {
        let conclusions = self.scene.conclusions(fact.thing, fact.attribute)?;
        let is_fact = |c: &&Conclusion| c.denied == fact.denied && c.value == fact.value;
        Ok(conclusions.iter().find(is_fact).map(|c| c.round))
    }
}

/// The sizes of the smallest proofs: a conclusion takes one step more than its premises together (Knuth, "A
/// generalization of Dijkstra's algorithm", 1977, by rounds until nothing gets smaller). A proof in which a
/// conclusion rests on itself is never the smallest.
fn sizes(proofs: &Proofs, but: Option<&Fact>) -> FxHashMap<Fact, Smallest> {
    let mut sizes: FxHashMap<Fact, Smallest> = FxHashMap::default();
    for (fact, instances) in &proofs.instances {
        let mut bindings: Vec<(&str, &[Option<crate::model::ThingId>])> =
            instances.iter().map(|(i, _)| (i.pattern.name.folded(), &i.binding[..])).collect();
        bindings.sort_unstable();
        bindings.dedup();
        sizes.insert(fact.clone(), Smallest { size: None, instance: None, ways: bindings.len().max(1) });
    }
    loop {
        let mut smaller = Vec::new();
        for (fact, instances) in proofs.instances.iter().filter(|(fact, _)| Some(*fact) != but) {
            let known = sizes.get(fact).and_then(|smallest| smallest.size);
            let sized = instances.iter().filter_map(|(instance, premises)| {
                Some((size_of_instance(premises, &sizes, but)?, instance))
            });
            let best = sized.min_by_key(|(size, instance)| (*size, instance.pattern.evidence.hedged));
            if let Some((size, instance)) = best.filter(|(size, _)| known.is_none_or(|known| *size < known)) {
                smaller.push((fact, size, instance));
            }
        }
        if smaller.is_empty() {
            return sizes;
        }
        for (fact, size, instance) in smaller {
            if let Some(smallest) = sizes.get_mut(fact) {
                smallest.size = Some(size);
                smallest.instance = Some(instance.clone());
            }
        }
    }
}

fn size_of_instance(
    premises: &[Rests],
    sizes: &FxHashMap<Fact, Smallest>,
    but: Option<&Fact>,
) -> Option<u64> {
    let mut total = 1u64;
    for rests in premises {
        let size = |ground: &Ground| match ground.claimed {
            _ if Some(&ground.fact) == but => None,
            true => Some(1),
            false => sizes.get(&ground.fact)?.size,
        };
        total = total.saturating_add(rests.grounds.iter().filter_map(size).min()?);
    }
    Some(total)
}

//! The patterns of a snapshot, ready to be run: by what they conclude, and in which stratum that lies.

use super::closure::closure_of;
use super::strata;
use crate::model::{AttributeId, Pattern, ThingId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Patterns by what they conclude.
#[derive(Debug, Default)]
pub struct Rules {
    patterns: Vec<Arc<Pattern>>,
    concluding: FxHashMap<AttributeId, Vec<Arc<Pattern>>>,
    reading: FxHashMap<AttributeId, Vec<Arc<Pattern>>>,
    strata: FxHashMap<AttributeId, u32>,
    recursive: FxHashSet<AttributeId>,
    closures: FxHashMap<AttributeId, AttributeId>,
    seen: FxHashSet<ThingId>,
}

impl Rules {
    /// These patterns, in order of declaration. They can be stratified: the store takes no others.
    pub fn new(patterns: Vec<Arc<Pattern>>) -> Rules {
        let mut concluding: FxHashMap<AttributeId, Vec<Arc<Pattern>>> = FxHashMap::default();
        let mut reading: FxHashMap<AttributeId, Vec<Arc<Pattern>>> = FxHashMap::default();
        for pattern in &patterns {
            for attribute in strata::concludes(pattern) {
                concluding.entry(attribute).or_default().push(pattern.clone());
            }
            let mut reads: Vec<AttributeId> = strata::reads(pattern).into_iter().map(|(a, _)| a).collect();
            reads.dedup();
            for attribute in reads {
                reading.entry(attribute).or_default().push(pattern.clone());
            }
        }
        let strata = strata::strata_of(&patterns);
        let mut recursive = FxHashSet::default();
        for pattern in &patterns {
            let reads = strata::reads(pattern);
            let is_of = |stratum: Option<&u32>| {
                let same = |(read, _): &(AttributeId, bool)| strata.get(read) == stratum;
                stratum.is_some() && reads.iter().any(same)
            };
            recursive.extend(strata::concludes(pattern).into_iter().filter(|of| is_of(strata.get(of))));
        }
        let closure = |(closed, patterns): (&AttributeId, &Vec<Arc<Pattern>>)| {
            Some((*closed, closure_of(*closed, patterns)?))
        };
        let closures = concluding.iter().filter_map(closure).collect();
        let seen = patterns.iter().flat_map(|pattern| pattern.seen_in.iter().copied()).collect();
        Rules { patterns, concluding, reading, strata, recursive, closures, seen }
    }

    /// All patterns, in order of declaration.
    pub fn patterns(&self) -> &[Arc<Pattern>] {
        &self.patterns
    }

    /// The patterns that conclude something on an attribute.
    pub fn concluding(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        self.concluding.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The patterns whose conditions read an attribute.
    pub fn reading(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        self.reading.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The patterns on which attributes depend, directly or not.
    pub fn relevant(&self, attributes: &[AttributeId]) -> Vec<Arc<Pattern>> {
        strata::relevant(&self.patterns, attributes)
    }

    /// Whether what is concluded on an attribute may depend on what is concluded on it of other things.
    pub fn is_recursive(&self, attribute: AttributeId) -> bool {
        self.recursive.contains(&attribute)
    }

    /// The attribute whose transitive closure this one is, if that is all that patterns say of it.
    pub fn closure(&self, attribute: AttributeId) -> Option<AttributeId> {
        self.closures.get(&attribute).copied()
    }

    /// Whether some pattern was seen in this case: what it concludes there is not concluded by analogy.
    pub fn was_seen_in(&self, thing: ThingId) -> bool {
        self.seen.contains(&thing)
    }

    /// The stratum in which an attribute is concluded: what it depends on lies in no higher one, and what it
    /// depends on through `not`, `is unknown` or `count of` in a lower one.
    pub fn stratum(&self, attribute: AttributeId) -> u32 {
        self.strata.get(&attribute).copied().unwrap_or(0)
    }
}

//! The patterns of a snapshot, ready to be run: by what they conclude, and in which stratum that lies.

use super::closure::closure_of;
use super::strata;
use crate::facts::Patterns;
use crate::model::{AttributeId, Pattern, ThingId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// Patterns by what they conclude. They are not read before a question needs one of them.
#[derive(Debug, Default)]
pub struct Rules {
    patterns: Patterns,
    /// The attributes that they conclude, and those that they read.
    concluded: FxHashSet<AttributeId>,
    read: FxHashSet<AttributeId>,
    ready: OnceLock<Ready>,
}

/// Patterns that have been read.
#[derive(Debug, Default)]
struct Ready {
    patterns: Vec<Arc<Pattern>>,
    concluding: FxHashMap<AttributeId, Vec<Arc<Pattern>>>,
    reading: FxHashMap<AttributeId, Vec<Arc<Pattern>>>,
    strata: FxHashMap<AttributeId, u32>,
    recursive: FxHashSet<AttributeId>,
    closures: FxHashMap<AttributeId, AttributeId>,
    seen: FxHashSet<ThingId>,
}

impl Ready {
    fn new(patterns: Vec<Arc<Pattern>>) -> Ready {
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
        Ready { patterns, concluding, reading, strata, recursive, closures, seen }
    }
}

impl Rules {
    /// These patterns. They can be stratified: the store takes no others.
    pub fn new(patterns: &Patterns) -> Rules {
        let concluded = patterns.lines().flat_map(|line| &line.concludes).copied().collect();
        let read = patterns.lines().flat_map(|line| &line.reads).map(|(attribute, _)| *attribute).collect();
        Rules { patterns: patterns.clone(), concluded, read, ready: OnceLock::new() }
    }

    fn ready(&self) -> &Ready {
        self.ready.get_or_init(|| Ready::new(self.patterns.iter().cloned().collect()))
    }

    /// All patterns, in order of declaration.
    pub fn patterns(&self) -> &[Arc<Pattern>] {
        &self.ready().patterns
    }

    /// Whether some pattern concludes an attribute.
    pub fn conclude(&self, attribute: AttributeId) -> bool {
        self.concluded.contains(&attribute)
    }

    /// The patterns that conclude something on an attribute.
    pub fn concluding(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        match self.concluded.contains(&attribute) {
            true => self.ready().concluding.get(&attribute).map_or(&[], Vec::as_slice),
            false => &[],
        }
    }

    /// The patterns whose conditions read an attribute.
    pub fn reading(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        match self.read.contains(&attribute) {
            true => self.ready().reading.get(&attribute).map_or(&[], Vec::as_slice),
            false => &[],
        }
    }

    /// The patterns on which attributes depend, directly or not.
    pub fn relevant(&self, attributes: &[AttributeId]) -> Vec<Arc<Pattern>> {
        strata::relevant(self.patterns(), attributes)
    }

    /// Whether what is concluded on an attribute may depend on what is concluded on it of other things.
    pub fn is_recursive(&self, attribute: AttributeId) -> bool {
        self.concluded.contains(&attribute) && self.ready().recursive.contains(&attribute)
    }

    /// The attribute whose transitive closure this one is, if that is all that patterns say of it.
    pub fn closure(&self, attribute: AttributeId) -> Option<AttributeId> {
        match self.concluded.contains(&attribute) {
            true => self.ready().closures.get(&attribute).copied(),
            false => None,
        }
    }

    /// Whether some pattern was seen in this case: what it concludes there is not concluded by analogy.
    pub fn was_seen_in(&self, thing: ThingId) -> bool {
        self.ready().seen.contains(&thing)
    }

    /// The stratum in which an attribute is concluded: what it depends on lies in no higher one, and what it
    /// depends on through `not`, `is unknown` or `count of` in a lower one.
    pub fn stratum(&self, attribute: AttributeId) -> u32 {
        self.ready().strata.get(&attribute).copied().unwrap_or(0)
    }
}

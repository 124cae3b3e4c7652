//! What patterns conclude, as it grows.

use super::truth::Conclusion;
use crate::model::{AttributeId, ThingId, Value};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};

/// All conclusions so far.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    cells: FxHashMap<(AttributeId, ThingId), Vec<Conclusion>>,
    things: FxHashMap<AttributeId, RoaringBitmap>,
    referring: FxHashMap<(AttributeId, ThingId), Vec<ThingId>>,
    known: FxHashSet<Fact>,
}

/// One conclusion with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Which attribute.
    pub attribute: AttributeId,
    /// Of which thing.
    pub thing: ThingId,
    /// The value.
    pub value: Value,
    /// Whether it is denied.
    pub denied: bool,
}

impl Fact {
    /// A conclusion. That something is not `yes` is the statement that it is `no`.
    pub fn new(thing: ThingId, attribute: AttributeId, value: Value, denied: bool) -> Fact {
        match value {
            Value::YesNo(yes) if denied => {
                Fact { attribute, thing, value: Value::YesNo(!yes), denied: false }
            }
            value => Fact { attribute, thing, value, denied },
        }
    }
}

impl Derived {
    /// What is concluded about a thing on an attribute.
    pub fn conclusions(&self, thing: ThingId, attribute: AttributeId) -> &[Conclusion] {
        self.cells.get(&(attribute, thing)).map_or(&[], Vec::as_slice)
    }

    /// The things about which something is concluded on an attribute.
    pub fn things(&self, attribute: AttributeId) -> Option<&RoaringBitmap> {
        self.things.get(&attribute)
    }

    /// The things concluded to refer to this one.
    pub fn referring(&self, thing: ThingId, attribute: AttributeId) -> &[ThingId] {
        self.referring.get(&(attribute, thing)).map_or(&[], Vec::as_slice)
    }

    /// Adds a fact; `false` if it was there.
    pub fn add(&mut self, fact: &Fact, round: u32) -> bool {
        if !self.known.insert(fact.clone()) {
            return false;
        }
        let conclusion = Conclusion { value: fact.value.clone(), denied: fact.denied, round };
        self.cells.entry((fact.attribute, fact.thing)).or_default().push(conclusion);
        self.things.entry(fact.attribute).or_default().insert(fact.thing.0);
        if let (Value::Thing(target), false) = (&fact.value, fact.denied) {
            self.referring.entry((fact.attribute, *target)).or_default().push(fact.thing);
        }
        true
    }

    /// The round in which a fact appeared.
    pub fn round(&self, fact: &Fact) -> Option<u32> {
        let conclusions = self.conclusions(fact.thing, fact.attribute);
        conclusions.iter().find(|c| c.value == fact.value && c.denied == fact.denied).map(|c| c.round)
    }
}

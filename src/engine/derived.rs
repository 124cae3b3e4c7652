//! What patterns conclude, as it grows.

use crate::model::{AttributeId, ThingId, Value};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// All conclusions so far.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// What counts of the cells that are not here. It has no base itself.
    base: Option<Arc<Derived>>,
    cells: FxHashMap<(AttributeId, ThingId), Vec<Conclusion>>,
    things: FxHashMap<AttributeId, RoaringBitmap>,
    referring: FxHashMap<(AttributeId, ThingId), Vec<ThingId>>,
    known: FxHashSet<Fact>,
    count: usize,
    latest: u32,
}

/// A statement that follows from a pattern. It is undated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// The value.
    pub value: Value,
    /// Whether it is denied.
    pub denied: bool,
    /// The round in which it first appeared; its premises appeared in earlier ones.
    pub round: u32,
}

/// What is concluded of one cell, wherever it is kept.
#[derive(Debug)]
pub enum Conclusions<'a> {
    /// With the conclusions about all things.
    Kept(&'a [Conclusion]),
    /// In a table of its own.
    Shared(Arc<Vec<Conclusion>>),
}

impl Deref for Conclusions<'_> {
    type Target = [Conclusion];

    fn deref(&self) -> &[Conclusion] {
        match self {
            Conclusions::Kept(conclusions) => conclusions,
            Conclusions::Shared(conclusions) => conclusions,
        }
    }
}

static NONE: LazyLock<Derived> = LazyLock::new(Derived::default);

/// An attribute of a thing.
pub type CellId = (AttributeId, ThingId);

/// So many cells may differ from the base.
const MOST_PATCHED: usize = 4_096;

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
    /// Nothing at all.
    pub fn none() -> &'static Derived {
        &NONE
    }

    /// How many conclusions there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The last round in which something appeared.
    pub fn latest(&self) -> u32 {
        self.latest
    }

    /// What is concluded about a thing on an attribute.
    pub fn conclusions(&self, thing: ThingId, attribute: AttributeId) -> &[Conclusion] {
        match (self.cells.get(&(attribute, thing)), &self.base) {
            (Some(conclusions), _) => conclusions,
            (None, Some(base)) => base.conclusions(thing, attribute),
            (None, None) => &[],
        }
    }

    /// The things about which something is concluded on an attribute.
    pub fn things(&self, attribute: AttributeId) -> Option<&RoaringBitmap> {
        self.things.get(&attribute).or_else(|| self.base.as_ref()?.things(attribute))
    }

    /// The things concluded to refer to this one.
    pub fn referring(&self, thing: ThingId, attribute: AttributeId) -> Vec<ThingId> {
        let own = self.referring.get(&(attribute, thing)).map_or(&[][..], Vec::as_slice);
        let Some(base) = &self.base else { return own.to_vec() };
        let mut referring = base.referring(thing, attribute);
        referring.retain(|referrer| !self.cells.contains_key(&(attribute, *referrer)));
        referring.extend_from_slice(own);
        referring
    }

    /// The same with other conclusions in some cells, as long as these are not too many.
    pub fn patched(base: &Arc<Derived>, changed: Vec<(CellId, Vec<Conclusion>)>) -> Option<Derived> {
        let mut patched = match &base.base {
            Some(_) => Derived::clone(base),
            None => Derived { base: Some(base.clone()), count: base.count, ..Derived::default() },
        };
        patched.latest = base.latest;
        for (cell, conclusions) in changed {
            patched.put(cell, conclusions);
        }
        (patched.cells.len() <= MOST_PATCHED).then_some(patched)
    }

    fn put(&mut self, (attribute, thing): CellId, conclusions: Vec<Conclusion>) {
        let before = self.conclusions(thing, attribute).len();
        self.count = self.count - before + conclusions.len();
        if !self.things.contains_key(&attribute) {
            let known = self.things(attribute).cloned().unwrap_or_default();
            self.things.insert(attribute, known);
        }
        let things = self.things.entry(attribute).or_default();
        match conclusions.is_empty() {
            true => things.remove(thing.0),
            false => things.insert(thing.0),
        };
        for Conclusion { value, denied, .. } in self.cells.get(&(attribute, thing)).into_iter().flatten() {
            if let (Value::Thing(target), false) = (value, denied)
                && let Some(referring) = self.referring.get_mut(&(attribute, *target))
            {
                referring.retain(|referrer| *referrer != thing);
            }
        }
        for Conclusion { value, denied, round } in &conclusions {
            self.latest = self.latest.max(*round);
            if let (Value::Thing(target), false) = (value, denied) {
                self.referring.entry((attribute, *target)).or_default().push(thing);
            }
        }
        self.cells.insert((attribute, thing), conclusions);
    }

    /// Adds a fact; `false` if it was there.
    pub fn add(&mut self, fact: &Fact, round: u32) -> bool {
        if !self.known.insert(fact.clone()) {
            return false;
        }
        self.latest = round;
        self.count += 1;
        let conclusion = Conclusion { value: fact.value.clone(), denied: fact.denied, round };
        self.cells.entry((fact.attribute, fact.thing)).or_default().push(conclusion);
        self.things.entry(fact.attribute).or_default().insert(fact.thing.0);
        if let (Value::Thing(target), false) = (&fact.value, fact.denied) {
            self.referring.entry((fact.attribute, *target)).or_default().push(fact.thing);
        }
        true
    }
}

//! The smallest sets of claims that would bring something about.
//!
//! Sets of claims about the cases themselves are tried in order of size, each as if it were asserted. A set
//! that does not bring it about is enlarged only by claims on cells that were read in vain: a claim on any
//! other cell would leave everything as it was.

use super::completion::{between_thresholds, constants};
use super::eval::start;
use super::scene::Scene;
use crate::error::Result;
use crate::model::{AttributeId, Condition, Expression, Test, ThingId, Type, Value};
use rustc_hash::FxHashSet;

/// Sets of so many claims are looked for.
pub const MOST_CLAIMS: usize = 3;
/// So many sets are tried.
const MOST_TRIED: usize = 20_000;
/// So many are shown.
pub const MOST_SHOWN: usize = 8;
/// An attribute that refers to a kind of so few things may refer to any of them; otherwise only to those
/// that patterns name.
const FEW_THINGS: u64 = 64;

/// One claim: thing, attribute, value, and whether it is denied.
type Claimed = (ThingId, AttributeId, Value, bool);

/// What was found.
pub struct ChangeSets {
    /// As statements; all of one size, the smallest.
    pub sets: Vec<Vec<String>>,
    /// So many sets were tried.
    pub looked_at: usize,
    /// Whether all sets of at most [`MOST_CLAIMS`] that could matter were tried.
    pub is_complete: bool,
}

/// Looks for the smallest sets of claims, on attributes of the things that a condition names, that would make
/// it met. Claims on what it tests itself do not count.
pub fn search(scene: &Scene, condition: &Condition) -> Result<ChangeSets> {
    let mut tests = Vec::new();
    condition.each_test(&mut |test, _| tests.push(test));
    let mut cases: Vec<ThingId> = Vec::new();
    let mut tested: FxHashSet<(ThingId, AttributeId)> = FxHashSet::default();
    for test in &tests {
        test.each_path(&mut |path, _| cases.extend(start(path, &[])));
        tested.extend(cells_tested(scene, test)?);
    }
    cases.sort_unstable();
    cases.dedup();
    let search = Search { scene, condition, cases, tested };
    search.run()
}

/// The cells at the end of the path that a test reads.
pub fn cells_tested(scene: &Scene, test: &Test) -> Result<Vec<(ThingId, AttributeId)>> {
    let Expression::Path(path) = &test.left else { return Ok(Vec::new()) };
    let (Some(from), Some((last, hops))) = (start(path, &[]), path.steps.split_last()) else {
        return Ok(Vec::new());
    };
    if last.inverse {
        return Ok(Vec::new());
    }
    let ends = scene.walk(from, hops)?;
    Ok(ends.into_iter().map(|end| (end, last.attribute)).collect())
}

struct Search<'a> {
    scene: &'a Scene<'a>,
    condition: &'a Condition,
    cases: Vec<ThingId>,
    tested: FxHashSet<(ThingId, AttributeId)>,
}

/// A set of claims that does not bring it about, and what was read in vain.
struct Tried {
    claims: Vec<Claimed>,
    read: Vec<(ThingId, AttributeId)>,
}

impl Search<'_> {
    fn run(&self) -> Result<ChangeSets> {
        let mut looked_at = 0;
        let mut found: Vec<Vec<Claimed>> = Vec::new();
        let (_, read) = self.attempt(&[])?;
        let mut frontier = vec![Tried { claims: Vec::new(), read }];
        let mut seen: FxHashSet<Vec<Claimed>> = FxHashSet::default();
        for _ in 0..MOST_CLAIMS {
            let mut next = Vec::new();
            for tried in &frontier {
                for claim in self.claims(tried)? {
                    let mut claims: Vec<Claimed> = tried.claims.iter().cloned().chain([claim]).collect();
                    claims.sort();
                    if !seen.insert(claims.clone()) {
                        continue;
                    }
                    if looked_at >= MOST_TRIED {
                        return Ok(self.found(found, looked_at, false));
                    }
                    looked_at += 1;
                    self.scene.budget.spend(1)?;
                    match self.attempt(&claims)? {
                        (true, _) => found.push(claims),
                        (false, read) => next.push(Tried { claims, read }),
                    }
                }
            }
            if !found.is_empty() {
                break;
            }
            frontier = next;
        }
        Ok(self.found(found, looked_at, true))
    }

    /// Whether these claims bring it about, and which cells of the cases were read to find that out.
    fn attempt(&self, claims: &[Claimed]) -> Result<(bool, Vec<(ThingId, AttributeId)>)> {
        let snapshot = self.scene.snapshot.supposing(claims.iter().cloned());
        let scene = self.scene.of_another(&snapshot).watching(&self.cases);
        let met = scene.truth(self.condition, &[])?.met;
        Ok((met, scene.watched()))
    }

    /// The claims that may be added to a set: on what was read, and on nothing that the set claims already.
    fn claims(&self, tried: &Tried) -> Result<Vec<Claimed>> {
        let mut claims = Vec::new();
        for &(thing, attribute) in &tried.read {
            let is_claimed = tried.claims.iter().any(|(t, a, ..)| (*t, *a) == (thing, attribute));
            let many = self.scene.vocabulary().attribute(attribute).many;
            let is_named = matches!(attribute, AttributeId::NAME | AttributeId::TITLE);
            if self.tested.contains(&(thing, attribute)) || (is_claimed && !many) || is_named {
                continue;
            }
            for (value, denied) in self.values(attribute) {
                claims.push((thing, attribute, value, denied));
            }
        }
        claims.retain(|claim| !tried.claims.contains(claim));
        Ok(claims)
    }

    /// What may be claimed on an attribute: each choice; of numbers a point or gap for every threshold in
    /// sight; otherwise what conditions name, or its denial.
    fn values(&self, attribute: AttributeId) -> Vec<(Value, bool)> {
        let declared = self.scene.vocabulary().attribute(attribute);
        let mut values: Vec<Value> = match &declared.value_type {
            Type::OneOf(names) | Type::Scale(names) => (0..names.len() as u32).map(Value::Choice).collect(),
            Type::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            value_type => {
                let mut named = self.named(attribute);
                if let Type::Thing(kind) = value_type {
                    let members = self.scene.snapshot.members(*kind);
                    if members.len() <= FEW_THINGS {
                        named = members.iter().map(|id| Value::Thing(ThingId(id))).collect();
                    }
                }
                match value_type.is_numeric() {
                    true => between_thresholds(&named).into_iter().map(Value::Number).collect(),
                    false => named,
                }
            }
        };
        values.sort();
        values.dedup();
        // Where support for one value denies the others, a denial does no more.
        let is_closed = !declared.many && declared.value_type.is_closed();
        let denials = values.iter().filter(|_| !is_closed).map(|value| (value.clone(), true));
        let denials: Vec<(Value, bool)> = denials.collect();
        values.into_iter().map(|value| (value, false)).chain(denials).collect()
    }

    /// The values that the condition and the patterns compare an attribute with, or conclude.
    fn named(&self, attribute: AttributeId) -> Vec<Value> {
        let mut named = Vec::new();
        self.condition.each_test(&mut |test, _| named.extend(constants(test, attribute)));
        for pattern in self.scene.patterns_reading(attribute) {
            pattern.condition().each_test(&mut |test, _| named.extend(constants(test, attribute)));
        }
        named
    }

    fn found(&self, sets: Vec<Vec<Claimed>>, looked_at: usize, is_complete: bool) -> ChangeSets {
        let snapshot = self.scene.snapshot;
        let statement = |(thing, attribute, value, denied): &Claimed| {
            snapshot.assertable(*thing, *attribute, value, *denied)
        };
        let sets = sets.iter().map(|claims| claims.iter().map(statement).collect()).collect();
        ChangeSets { sets, looked_at, is_complete }
    }
}

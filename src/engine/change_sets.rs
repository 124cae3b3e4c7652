//! The smallest sets of claims that would bring something about.
//!
//! Sets of claims about the cases themselves are tried in order of size, each as if it were asserted. A set
//! that does not bring it about is enlarged only by claims on cells that were read in vain: a claim on any
//! other cell would leave everything as it was.

use super::completion::{between_thresholds, constants};
use super::eval::start;
use super::graded::in_days;
use super::scene::Scene;
use super::truth::Truth;
use crate::answer::Standing;
use crate::error::Result;
use crate::model::{
    AttributeId, Condition, End, Expression, Number, Path, Test, TestForm, ThingId, Type, Value,
};
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use std::cell::Cell;

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

/// A test of the last step of its path alone: what it compares with does not depend on the way there.
fn at_its_end(test: &Test) -> Test {
    let left = match &test.left {
        Expression::Path(path) => {
            let last = path.steps.last().into_iter().copied().collect();
            Expression::Path(Path { start: path.start, steps: last })
        }
        other => other.clone(),
    };
    Test { left, ..test.clone() }
}

/// A number that can be claimed, in place of a gap between thresholds: a point within it, a whole one if there is
/// one. Years and days are whole; a gap without end is a bound.
fn sayable(gap: Number, of: &Type) -> Option<Number> {
    let is_whole = matches!(of, Type::Year | Type::Date);
    let end = |end: Option<End>| end.map(|end| end.value);
    let point = match (end(gap.low()), end(gap.high())) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => {
            let middle = low.checked_add(high)?.checked_div(Decimal::TWO)?;
            let whole = middle.floor();
            let lies_within = low < whole && whole < high;
            if lies_within { whole } else { middle }
        }
        (Some(low), None) if is_whole => low.floor().checked_add(Decimal::ONE)?,
        (None, Some(high)) if is_whole => high.ceil().checked_sub(Decimal::ONE)?,
        (Some(low), None) => return Some(Number::above(low.normalize(), true)),
        (None, Some(high)) => return Some(Number::below(high.normalize(), true)),
        (None, None) => return None,
    };
    if is_whole && !point.is_integer() {
        return None;
    }
    let number = Number::exactly(point.normalize());
    Some(if *of == Type::Date { in_days(number) } else { number })
}

/// What was found.
pub struct ChangeSets {
    /// As statements, each set with what would become of the condition; all of one size, the smallest.
    pub sets: Vec<(Vec<String>, Standing)>,
    /// So many sets were tried.
    pub looked_at: usize,
    /// Whether all sets of at most [`MOST_CLAIMS`] that could matter were tried.
    pub is_complete: bool,
    /// Whether an attribute could have referred to other things than those that the question and the patterns
    /// name.
    pub is_narrowed: bool,
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
        tested.extend(scene.cells_tested(test, &[])?);
    }
    cases.sort_unstable();
    cases.dedup();
    let is_narrowed = Cell::new(false);
    let search = Search { scene, condition, cases, tested, is_narrowed };
    search.run()
}

struct Search<'a> {
    scene: &'a Scene<'a>,
    condition: &'a Condition,
    cases: Vec<ThingId>,
    tested: FxHashSet<(ThingId, AttributeId)>,
    is_narrowed: Cell<bool>,
}

/// A set of claims that does not bring it about, and what was read in vain.
struct Tried {
    claims: Vec<Claimed>,
    read: Vec<(ThingId, AttributeId)>,
}

impl Search<'_> {
    fn run(&self) -> Result<ChangeSets> {
        let mut looked_at = 0;
        let mut found: Vec<(Vec<Claimed>, Standing)> = Vec::new();
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
                        (truth, _) if truth.met => found.push((claims, Standing::of(true, truth.failed))),
                        (_, read) => next.push(Tried { claims, read }),
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

    /// What these claims would make of it, and which cells of the cases were read to find that out.
    fn attempt(&self, claims: &[Claimed]) -> Result<(Truth, Vec<(ThingId, AttributeId)>)> {
        let snapshot = self.scene.snapshot.supposing(claims.iter().cloned());
        let scene = self.scene.of_another(&snapshot).watching(&self.cases);
        let truth = scene.truth(self.condition, &[])?;
        Ok((truth, scene.watched()))
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
                    } else {
                        self.is_narrowed.set(true);
                        let things = self.things_named().into_iter();
                        named.extend(things.filter(|id| members.contains(id.0)).map(Value::Thing));
                    }
                }
                match value_type.is_numeric() {
                    true => {
                        let numbers = between_thresholds(&named).into_iter();
                        numbers.filter_map(|number| sayable(number, value_type)).map(Value::Number).collect()
                    }
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
        self.condition.each_test(&mut |test, _| named.extend(constants(&at_its_end(test), attribute)));
        for pattern in self.scene.patterns_reading(attribute) {
            pattern
                .condition()
                .each_test(&mut |test, _| named.extend(constants(&at_its_end(test), attribute)));
        }
        named
    }

    /// The things that the condition names.
    fn things_named(&self) -> Vec<ThingId> {
        let mut things = self.cases.clone();
        self.condition.each_test(&mut |test, _| {
            let right: &[Expression] = match &test.form {
                TestForm::Compare { right, .. } => std::slice::from_ref(right),
                TestForm::In(list) => list,
                TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => &[],
            };
            things.extend(right.iter().filter_map(|expression| match expression {
                Expression::Value(Value::Thing(thing)) => Some(*thing),
                _ => None,
            }));
        });
        things
    }

    fn found(&self, sets: Vec<(Vec<Claimed>, Standing)>, looked_at: usize, is_complete: bool) -> ChangeSets {
        let snapshot = self.scene.snapshot;
        let statement = |(thing, attribute, value, denied): &Claimed| {
            snapshot.assertable(*thing, *attribute, value, *denied)
        };
        let stated = |(claims, standing): &(Vec<Claimed>, Standing)| {
            (claims.iter().map(statement).collect(), *standing)
        };
        let sets = sets.iter().map(stated).collect();
        ChangeSets { sets, looked_at, is_complete, is_narrowed: self.is_narrowed.get() }
    }
}

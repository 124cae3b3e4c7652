//! Conditions over all things of a kind at once, by bitmaps.

use super::derived::Conclusions;
use super::scene::{Scene, as_thing};
use super::truth::{Said, Truth};
use crate::error::Result;
use crate::facts::Claims;
use crate::model::{AttributeId, Condition, Expression, Path, Start, Step, Test, TestForm, ThingId, Value};
use roaring::RoaringBitmap;

/// Below so many candidates they are tested one by one, without looking at whole columns.
const FEW: u64 = 64;

/// Which side of a condition is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Met,
    Failed,
}

impl Side {
    fn of(self, truth: Truth) -> bool {
        match self {
            Side::Met => truth.met,
            Side::Failed => truth.failed,
        }
    }

    fn other(self) -> Side {
        match self {
            Side::Met => Side::Failed,
            Side::Failed => Side::Met,
        }
    }
}

impl Scene<'_> {
    /// Those of `domain` of which a condition on variable 0 is met.
    pub fn met(&self, condition: &Condition, domain: &RoaringBitmap) -> Result<RoaringBitmap> {
        self.side(condition, domain, Side::Met)
    }

    /// Those of `domain` of which a condition on variable 0 is failed.
    pub fn failed(&self, condition: &Condition, domain: &RoaringBitmap) -> Result<RoaringBitmap> {
        self.side(condition, domain, Side::Failed)
    }

    fn side(&self, condition: &Condition, domain: &RoaringBitmap, side: Side) -> Result<RoaringBitmap> {
        self.budget.check()?;
        match (condition, side) {
            (Condition::All(parts), Side::Met) | (Condition::Any(parts), Side::Failed) => {
                let mut left = domain.clone();
                for part in cheap_first(parts) {
                    if left.is_empty() {
                        break;
                    }
                    left = self.side(part, &left, side)?;
                }
                Ok(left)
            }
            (Condition::All(parts), Side::Failed) | (Condition::Any(parts), Side::Met) => {
                let mut found = RoaringBitmap::new();
                for part in parts {
                    found |= self.side(part, &(domain - &found), side)?;
                }
                Ok(found)
            }
            (Condition::Not(inner), _) if self.strict_not => self.side(inner, domain, side.other()),
            (Condition::Not(inner), Side::Met) => Ok(domain - self.side(inner, domain, Side::Met)?),
            (Condition::Not(inner), Side::Failed) => self.side(inner, domain, Side::Met),
            (Condition::Test(test), side) => self.test_all(test, domain, side),
        }
    }

    fn test_all(&self, test: &Test, domain: &RoaringBitmap, side: Side) -> Result<RoaringBitmap> {
        if domain.len() > FEW
            && let Some(path) = simple_path(test)
            && let Some((last, hops)) = path.steps.split_last()
        {
            let reached = self.matching(last.attribute, &test.form, side)?;
            return Ok(self.come_from(reached, hops)? & domain);
        }
        let mut found = Vec::new();
        for thing in domain {
            self.budget.spend(1)?;
            if side.of(self.test(test, &[Some(ThingId(thing))])?) {
                found.push(thing);
            }
        }
        Ok(from_sorted(found))
    }

    /// The things of which what is said on an attribute is as wanted: each distinct value of a column is looked
    /// at once, and one by one only the things about which more is to be known than a column tells. What is
    /// wanted must not hold of nothing at all.
    fn things_where(&self, attribute: AttributeId, wanted: &dyn Fn(&Said) -> bool) -> Result<RoaringBitmap> {
        self.reads_all(attribute);
        let many = self.vocabulary().attribute(attribute).many;
        let mut found = RoaringBitmap::new();
        for column in self.snapshot.columns(attribute) {
            self.budget.check()?;
            let codes = 0..=column.dictionary().len() as u32;
            let is_wanted = |code| {
                let claims = Claims::Made(column.claims_of_code(code, 0));
                code > 0 && wanted(&Said::new(claims, Conclusions::Kept(&[]), self.scope, many))
            };
            let chosen: Vec<bool> = codes.map(is_wanted).collect();
            if chosen.contains(&true) {
                found |= from_sorted(column.select(&chosen));
            }
        }
        let irregular = self.irregular(attribute)?;
        found -= &irregular;
        let mut one_by_one = Vec::new();
        for thing in irregular {
            if wanted(&self.said(ThingId(thing), attribute)?) {
                one_by_one.push(thing);
            }
        }
        found |= from_sorted(one_by_one);
        Ok(found)
    }

    /// The things whose attribute meets (or fails) a test with a constant right side.
    fn matching(&self, attribute: AttributeId, form: &TestForm, side: Side) -> Result<RoaringBitmap> {
        self.things_where(attribute, &|said| side.of(self.meets(said, attribute, form)))
    }

    fn meets(&self, said: &Said, attribute: AttributeId, form: &TestForm) -> Truth {
        match form {
            TestForm::Contains(words) => said.contains(words, &|value| self.show(attribute, value)),
            _ => said.meets(form),
        }
    }

    /// The things about which more is to be known than a column tells.
    fn irregular(&self, attribute: AttributeId) -> Result<RoaringBitmap> {
        let mut irregular = self.cell_things(attribute);
        if let Some(things) = self.concluded_things(attribute)? {
            irregular |= things;
        }
        Ok(irregular)
    }

    /// The things from which some steps lead into `target`.
    fn come_from(&self, target: RoaringBitmap, steps: &[Step]) -> Result<RoaringBitmap> {
        let mut target = target;
        for step in steps.iter().rev() {
            target = match step.inverse {
                true => self.referred_by(&target, step.attribute)?,
                false => self.referring_into(&target, step.attribute)?,
            };
        }
        Ok(target)
    }

    /// What things of `target` refer to.
    fn referred_by(&self, target: &RoaringBitmap, attribute: AttributeId) -> Result<RoaringBitmap> {
        let mut referred = RoaringBitmap::new();
        for thing in target {
            let said = self.said(ThingId(thing), attribute)?;
            referred.extend(said.supported().into_iter().filter_map(as_thing).map(|thing| thing.0));
        }
        Ok(referred)
    }

    /// The things that refer to one of `target`.
    fn referring_into(&self, target: &RoaringBitmap, attribute: AttributeId) -> Result<RoaringBitmap> {
        let inside = |value: &Value| as_thing(value).is_some_and(|thing| target.contains(thing.0));
        self.things_where(attribute, &|said| said.supported().into_iter().any(inside))
    }
}

/// The left path of a test that columns can answer: from variable 0, not through an inverse at its end,
/// and with constants at its right.
fn simple_path(test: &Test) -> Option<&Path> {
    let Expression::Path(path) = &test.left else { return None };
    let is_constant = |expression: &Expression| matches!(expression, Expression::Value(_));
    let constant = match &test.form {
        TestForm::Compare { right, .. } => is_constant(right),
        TestForm::In(list) => list.iter().all(is_constant),
        TestForm::Contains(_) => true,
        // What nobody says anything about stands in no column.
        TestForm::Known => true,
        TestForm::Unknown => false,
    };
    let last = path.steps.last()?;
    let named = matches!(last.attribute, AttributeId::NAME | AttributeId::TITLE);
    (constant && path.start == Start::Variable(0) && !last.inverse && !named).then_some(path)
}

/// Tests that columns can answer before those that go thing by thing.
fn cheap_first(parts: &[Condition]) -> impl Iterator<Item = &Condition> {
    let is_cheap = |part: &&Condition| matches!(part, Condition::Test(test) if simple_path(test).is_some());
    parts.iter().filter(is_cheap).chain(parts.iter().filter(move |part| !is_cheap(part)))
}

/// A bitmap of ascending ids.
pub fn from_sorted(ids: Vec<u32>) -> RoaringBitmap {
    RoaringBitmap::from_sorted_iter(ids.iter().copied()).unwrap_or_else(|_| ids.into_iter().collect())
}

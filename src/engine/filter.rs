//! Conditions over all things of a kind at once, by bitmaps.

use super::derived::Conclusions;
use super::scene::{Scene, as_thing};
use super::truth::{Said, Truth};
use crate::error::Result;
use crate::facts::Claims;
use crate::model::{
    AttributeId, Comparison, Condition, Directory, Expression, Path, Start, Step, Test, TestForm, ThingId,
    Value,
};
use roaring::RoaringBitmap;

/// Below so many candidates they are tested one by one, without looking at whole columns.
const FEW: u64 = 64;

/// So many distinct values of a column are looked at to estimate what a test leaves.
const SAMPLE: usize = 256;

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

    /// The same for the condition of a question, part by part, of which a trace may tell.
    pub fn met_in_steps(&self, condition: &Condition, domain: &RoaringBitmap) -> Result<RoaringBitmap> {
        let Condition::All(parts) = condition else {
            return self.met_in_steps(&Condition::All(vec![condition.clone()]), domain);
        };
        let mut left = domain.clone();
        for (part, estimated) in self.in_order(parts, domain) {
            let words = || format!("keep those with `{}`, {}", part.text(), self.way(part, &left));
            let next = self.step(words, estimated, RoaringBitmap::len, || self.met(part, &left))?;
            left = next;
        }
        Ok(left)
    }

    /// How a part of a condition is tested.
    fn way(&self, part: &Condition, left: &RoaringBitmap) -> &'static str {
        match part {
            _ if left.len() <= FEW => "one by one",
            Condition::Test(test) if simple_path(test).is_some() => "by columns",
            Condition::Test(_) => "one by one",
            _ => "by its parts",
        }
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
                for (part, _) in self.in_order(parts, domain) {
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

    /// The parts of a condition in the order in which they are tested, with how many of `domain` each alone is
    /// expected to leave: what columns can answer before what goes thing by thing, and what leaves least
    /// first.
    fn in_order<'c>(
        &self,
        parts: &'c [Condition],
        domain: &RoaringBitmap,
    ) -> Vec<(&'c Condition, Option<u64>)> {
        // Nothing to choose, or too few things for the choice to matter.
        let matters = domain.len() > FEW && (parts.len() > 1 || self.trace.is_some());
        let expected = |part: &Condition| match part {
            Condition::Test(test) if matters => self.estimate(test, domain.len()),
            _ => None,
        };
        let mut parts: Vec<_> = parts.iter().map(|part| (part, expected(part))).collect();
        if matters {
            // What must be concluded comes last: of few things it is concluded for those alone.
            parts
                .sort_by_key(|(part, expected)| (self.reads_conclusions(part), expected.unwrap_or(u64::MAX)));
        }
        parts
    }

    /// Whether patterns conclude something that a condition reads.
    fn reads_conclusions(&self, condition: &Condition) -> bool {
        let mut concluded = false;
        condition.each_test(&mut |test, _| {
            test.each_path(&mut |path, _| {
                concluded |= path.steps.iter().any(|step| self.is_concluded(step.attribute));
            });
        });
        concluded
    }

    /// How many of so many things are expected to meet a test that columns can answer: the share of the
    /// distinct values that do, of a sample of them.
    fn estimate(&self, test: &Test, of: u64) -> Option<u64> {
        let path = simple_path(test)?;
        let [step] = path.steps[..] else { return Some(of) };
        let many = self.vocabulary().attribute(step.attribute).many;
        let mut expected = self.snapshot.cells(step.attribute).take(SAMPLE).count() as u64;
        for column in self.snapshot.columns(step.attribute) {
            let values = column.dictionary().len().max(1);
            let stride = values.div_ceil(SAMPLE);
            let (mut looked, mut meets) = (0u64, 0u64);
            for code in (1..=values as u32).step_by(stride) {
                let claims = Claims::Made(column.claims_of_code(code, 0));
                let said = Said::new(claims, Conclusions::Kept(&[]), self.scope, many);
                looked += 1;
                meets += u64::from(self.meets(&said, step.attribute, &test.form).met);
            }
            expected += of * meets / looked.max(1);
        }
        Some(expected.min(of))
    }

    fn test_all(&self, test: &Test, domain: &RoaringBitmap, side: Side) -> Result<RoaringBitmap> {
        if domain.len() > FEW
            && let Some(path) = simple_path(test)
            && let Some((last, hops)) = path.steps.split_last()
        {
            let reached = self.matching(last.attribute, &test.form, side)?;
            return Ok(self.come_from(reached, hops)? & domain);
        }
        if let (Some(name), Side::Met) = (name_wanted(test), side) {
            let named = self.snapshot.find_all(name).into_iter().map(|thing| thing.0);
            let named = named.collect::<RoaringBitmap>() & domain;
            return self.one_by_one(test, &named, side);
        }
        self.one_by_one(test, domain, side)
    }

    fn one_by_one(&self, test: &Test, domain: &RoaringBitmap, side: Side) -> Result<RoaringBitmap> {
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

/// The name that a test of variable 0 asks for.
fn name_wanted(test: &Test) -> Option<&str> {
    let Expression::Path(Path { start: Start::Variable(0), steps }) = &test.left else { return None };
    let [Step { attribute: AttributeId::NAME, inverse: false }] = steps[..] else { return None };
    match &test.form {
        TestForm::Compare {
            possibly: false,
            comparison: Comparison::Equal,
            right: Expression::Value(Value::Text(name)),
        } => Some(name.as_str()),
        _ => None,
    }
}

/// A bitmap of ascending ids.
pub fn from_sorted(ids: Vec<u32>) -> RoaringBitmap {
    RoaringBitmap::from_sorted_iter(ids.iter().copied()).unwrap_or_else(|_| ids.into_iter().collect())
}

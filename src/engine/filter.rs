//! Conditions over all things of a kind at once, by bitmaps.

use super::derived::Conclusions;
use super::scene::{Scene, as_thing};
use super::truth::{Said, Truth};
use crate::error::Result;
use crate::facts::{Claims, Column, Dictionary};
use crate::model::{
    AttributeId, Comparison, Condition, Directory, Expression, Path, Start, Step, Test, TestForm, ThingId,
    Value,
};
use roaring::RoaringBitmap;
use std::ops::Range;

/// Below so many candidates they are tested one by one, without looking at whole columns.
const FEW: u64 = 64;

/// So many distinct values of a column are looked at one by one to estimate what a test leaves.
const SAMPLE: usize = 256;

/// To put all things in classes costs as much as to ask one of so many.
const PER_CLASS_MEMBER: u64 = 256;

/// Which side of a condition is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
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

/// What is to hold of all that is said on an attribute. Of plain support it holds if it holds of one value alone;
/// of nothing at all it must not hold.
pub enum Wanted<'a> {
    /// That a test with a constant right side is met, or failed.
    Test(&'a TestForm, Side),
    /// That it refers to one of these.
    Into(&'a RoaringBitmap),
}

impl Wanted<'_> {
    /// The codes that the order of a dictionary gives away, and those that must be looked at one by one.
    fn ranges(&self, dictionary: &Dictionary, many: bool) -> (Vec<Range<u32>>, Range<u32>) {
        let all = 1..dictionary.len() as u32 + 1;
        let Wanted::Test(form, side) = self else { return (Vec::new(), all) };
        let TestForm::Compare { comparison, right: Expression::Value(right), possibly } = form else {
            return match (form, side) {
                (TestForm::Known, Side::Met) => (vec![all], 0..0),
                (TestForm::Known, Side::Failed) => (Vec::new(), 0..0),
                _ => (Vec::new(), all),
            };
        };
        // Of what takes many values, only an explicit denial fails `=` or meets `!=`.
        let (comparison, excluded) = match side {
            Side::Met => (*comparison, many && *comparison == Comparison::NotEqual && !possibly),
            Side::Failed => (comparison.opposite(), many && *comparison == Comparison::Equal),
        };
        match right {
            Value::Number(number) if number.exact().is_some() => {
                let ranges = if excluded { [0..0, 0..0] } else { dictionary.comparing(comparison, number) };
                (ranges.into_iter().filter(|range| !range.is_empty()).collect(), dictionary.others())
            }
            Value::Number(_) => (Vec::new(), all),
            _ if *possibly || excluded => (Vec::new(), all),
            _ => {
                let equal = dictionary.equal_to(right);
                match comparison {
                    Comparison::Equal => (vec![equal], 0..0),
                    Comparison::NotEqual => (vec![all.start..equal.start, equal.end..all.end], 0..0),
                    _ => (Vec::new(), all),
                }
            }
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

    /// How many of so many things are expected to meet a test: as many as have such a value, where columns can tell.
    fn estimate(&self, test: &Test, of: u64) -> Option<u64> {
        let path = simple_path(test)?;
        let [step] = path.steps[..] else { return Some(of) };
        let wanted = Wanted::Test(&test.form, Side::Met);
        let mut expected = self.snapshot.cell_things(step.attribute).map_or(0, |things| things.len());
        for column in self.snapshot.columns(step.attribute) {
            let codes = self.codes_where(step.attribute, column, &wanted, SAMPLE);
            expected += codes.map_or(of, |codes| column.count(&codes));
        }
        Some(expected.min(of))
    }

    fn test_all(&self, test: &Test, domain: &RoaringBitmap, side: Side) -> Result<RoaringBitmap> {
        if let Some(found) = self.things_that_reach(test, side)? {
            return Ok(found & domain);
        }
        if let Some(path) = simple_path(test)
            && let Some((last, hops)) = path.steps.split_last()
            && domain.len() > self.few_for(last.attribute, hops)
        {
            let wanted = Wanted::Test(&test.form, side);
            if hops.is_empty() {
                return self.things_where(last.attribute, &wanted, Some(domain));
            }
            let reached = self.things_where(last.attribute, &wanted, None)?;
            return Ok(self.come_from(reached, hops)? & domain);
        }
        if let (Some(name), Side::Met) = (name_wanted(test), side) {
            let named = self.snapshot.find_all(name).into_iter().map(|thing| thing.0);
            let named = named.collect::<RoaringBitmap>() & domain;
            return self.one_by_one(test, &named, side);
        }
        self.one_by_one(test, domain, side)
    }

    /// The things that reach what a test asks for, where it asks a closure for one thing.
    fn things_that_reach(&self, test: &Test, side: Side) -> Result<Option<RoaringBitmap>> {
        let TestForm::Compare {
            possibly: false,
            comparison: Comparison::Equal,
            right: Expression::Value(Value::Thing(wanted)),
        } = &test.form
        else {
            return Ok(None);
        };
        let path = simple_path(test).filter(|path| path.steps.len() == 1 && side == Side::Met);
        let Some(step) = path.and_then(|path| self.closes(path.steps[0].attribute)) else { return Ok(None) };
        let reached = self.reached(*wanted, step.turned())?;
        Ok(Some(reached.into_iter().map(|(thing, _)| thing.0).collect()))
    }

    /// So many things are rather asked one by one: more where their classes would have to be made for it.
    fn few_for(&self, attribute: AttributeId, hops: &[Step]) -> u64 {
        if hops.is_empty() && self.closes(attribute).is_some() {
            return u64::MAX;
        }
        if !hops.is_empty() || !self.is_concluded(attribute) || self.reading(attribute).is_none() {
            return FEW;
        }
        let kind = self.vocabulary().attribute(attribute).kind;
        kind.map_or(FEW, |kind| FEW.max(self.snapshot.members(kind).len() / PER_CLASS_MEMBER))
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

    /// The things (of `domain`, if there is one) of which what is said on an attribute is as wanted: a comparison
    /// picks codes of a column, and one by one go only the things about which more is to be known than a column
    /// tells.
    fn things_where(
        &self,
        attribute: AttributeId,
        wanted: &Wanted,
        domain: Option<&RoaringBitmap>,
    ) -> Result<RoaringBitmap> {
        self.reads_all(attribute);
        if let Some(found) = self.things_by_class(attribute, wanted, domain)? {
            return Ok(found);
        }
        let kind = self.vocabulary().attribute(attribute).kind;
        let all = kind.map_or(u64::MAX, |kind| self.snapshot.members(kind).len());
        let mut found = RoaringBitmap::new();
        for column in self.snapshot.columns(attribute) {
            self.budget.check()?;
            let Some(codes) = self.codes_where(attribute, column, wanted, usize::MAX) else { continue };
            match domain {
                _ if codes.is_empty() => {}
                Some(domain) if domain.len() < all => found |= column.holding_among(&codes, domain),
                _ => found |= &*column.holding(&codes),
            }
        }
        let mut irregular = self.irregular(attribute)?;
        if let Some(domain) = domain {
            irregular &= domain;
        }
        if irregular.is_empty() {
            return Ok(found);
        }
        found -= &irregular;
        let mut one_by_one = Vec::new();
        for thing in irregular {
            if self.is_wanted(&self.said(ThingId(thing), attribute)?, attribute, wanted) {
                one_by_one.push(thing);
            }
        }
        found |= from_sorted(one_by_one);
        Ok(found)
    }

    /// The same class by class, where patterns conclude an attribute from what is said of the thing itself.
    fn things_by_class(
        &self,
        attribute: AttributeId,
        wanted: &Wanted,
        domain: Option<&RoaringBitmap>,
    ) -> Result<Option<RoaringBitmap>> {
        if !self.is_concluded(attribute) {
            return Ok(None);
        }
        let Some(classes) = self.classes_on(attribute)? else { return Ok(None) };
        let holds = |thing: ThingId| {
            self.budget.spend(1)?;
            Ok(self.is_wanted(&self.said(thing, attribute)?, attribute, wanted))
        };
        let chosen =
            classes.iter().map(|class| holds(class.representative)).collect::<Result<Vec<bool>>>()?;
        let mut found = classes.select(&chosen);
        for thing in &classes.outside {
            if domain.is_none_or(|domain| domain.contains(thing)) && holds(ThingId(thing))? {
                found.insert(thing);
            }
        }
        if let Some(domain) = domain {
            found &= domain;
        }
        Ok(Some(found))
    }

    /// The codes of a column of which what is wanted holds, in ranges that do not overlap; `None` if more than
    /// `most` values would have to be looked at one by one.
    pub fn codes_where(
        &self,
        attribute: AttributeId,
        column: &Column,
        wanted: &Wanted,
        most: usize,
    ) -> Option<Vec<Range<u32>>> {
        if !self.scope.sees(&column.evidence().when) {
            return Some(Vec::new());
        }
        let many = self.vocabulary().attribute(attribute).many;
        let (mut codes, rest) = wanted.ranges(column.dictionary(), many);
        if rest.len() > most {
            return None;
        }
        for code in rest {
            let claims = Claims::Made(column.claim_of(code).into_iter().collect());
            let said = Said::new(claims, Conclusions::Kept(&[]), self.scope, many);
            if self.is_wanted(&said, attribute, wanted) {
                match codes.last_mut() {
                    Some(last) if last.end == code => last.end += 1,
                    _ => codes.push(code..code + 1),
                }
            }
        }
        Some(codes)
    }

    pub fn is_wanted(&self, said: &Said, attribute: AttributeId, wanted: &Wanted) -> bool {
        match wanted {
            Wanted::Test(TestForm::Contains(words), side) => {
                side.of(said.contains(words, &|value| self.show(attribute, value)))
            }
            Wanted::Test(form, side) => side.of(said.meets(form)),
            Wanted::Into(target) => {
                let inside = |thing: ThingId| target.contains(thing.0);
                said.supported().into_iter().filter_map(as_thing).any(inside)
            }
        }
    }

    /// The things about which more is to be known than a column tells.
    fn irregular(&self, attribute: AttributeId) -> Result<RoaringBitmap> {
        let mut irregular = RoaringBitmap::clone(&self.cell_things(attribute));
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
        self.things_where(attribute, &Wanted::Into(target), None)
    }
}

/// The left path of a test that columns can answer: from variable 0, not through an inverse at its end,
/// and with constants at its right.
fn simple_path(test: &Test) -> Option<&Path> {
    let Expression::Path(path) = &test.left else { return None };
    let last = path.steps.last()?;
    let named = matches!(last.attribute, AttributeId::NAME | AttributeId::TITLE);
    // What nobody says anything about stands in no column.
    let constant = is_constant(&test.form) && test.form != TestForm::Unknown;
    (constant && path.start == Start::Variable(0) && !last.inverse && !named).then_some(path)
}

/// Whether a test compares with constants alone.
pub fn is_constant(form: &TestForm) -> bool {
    let is_value = |expression: &Expression| matches!(expression, Expression::Value(_));
    match form {
        TestForm::Compare { right, .. } => is_value(right),
        TestForm::In(list) => list.iter().all(is_value),
        TestForm::Contains(_) | TestForm::Known | TestForm::Unknown => true,
    }
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

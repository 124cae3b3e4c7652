//! Proofs, rebuilt when they are asked for: which instances of patterns conclude a fact, and on what premises.

use super::derived::{Conclusion, Conclusions, Fact};
use super::eval::{Binding, start};
use super::join::Join;
use super::scene::Scene;
use super::truth::Said;
use crate::error::Result;
use crate::model::{
    AttributeId, Citation, Comparison, Condition, Expression, Path, Pattern, Rule, Step, Term, Test,
    TestForm, ThingId, Value,
};
use std::sync::Arc;

/// A pattern with things for its variables.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The pattern.
    pub pattern: Arc<Pattern>,
    /// One thing for each variable.
    pub binding: Vec<Option<ThingId>>,
}

/// One thing that an instance rests on: a test, and the statements any of which would do.
#[derive(Clone, Debug)]
pub struct Premise {
    /// The thing and attribute that the test reads.
    pub cell: (ThingId, AttributeId),
    /// Whether the test is failed as well as met.
    pub contested: bool,
    /// Statements any of which meets it.
    pub grounds: Vec<Ground>,
}

/// A statement that meets a premise.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The statement.
    pub fact: Fact,
    /// Whether patterns conclude it.
    pub concluded: bool,
    /// Whether a claim without reserve says so.
    pub plainly_claimed: bool,
    /// Whether any claim says so.
    pub claimed: bool,
    /// Citations of the claims that say so.
    pub citations: Vec<Citation>,
}

/// So many sets of premises of one instance are looked into.
const MOST_ALTERNATIVES: usize = 64;

/// A test that has been decided, and how.
struct Tested<'a> {
    test: &'a Test,
    binding: &'a Binding,
    failed: bool,
    contested: bool,
}

/// The premise that stands at the end of a path, given the last thing and step.
type LastPremise<'a> = &'a dyn Fn(ThingId, Step) -> Result<Option<Premise>>;

/// The test of a referring thing that a test through an inverse amounts to.
fn is_this(form: &TestForm, thing: ThingId) -> TestForm {
    let comparison = match form {
        TestForm::Compare { comparison: Comparison::NotEqual, .. } => Comparison::NotEqual,
        _ => Comparison::Equal,
    };
    TestForm::Compare { possibly: false, comparison, right: Expression::Value(Value::Thing(thing)) }
}

/// Every union of a set from either side.
fn cross(left: Vec<Vec<Premise>>, right: &[Vec<Premise>]) -> Vec<Vec<Premise>> {
    if let [only] = right {
        let mut left = left;
        left.iter_mut().for_each(|set| set.extend(only.iter().cloned()));
        return left;
    }
    let unions = left.iter().flat_map(|a| right.iter().map(move |b| a.iter().chain(b).cloned().collect()));
    unions.take(MOST_ALTERNATIVES).collect()
}

impl Ground {
    /// The statement, where patterns conclude it.
    pub fn conclusion(&self) -> Option<&Fact> {
        Some(&self.fact).filter(|_| self.concluded)
    }
}

impl Scene<'_> {
    /// All instances of patterns that conclude a fact, from what is known in the scene.
    pub fn instances(&self, fact: &Fact) -> Result<Vec<Instance>> {
        let mut instances = Vec::new();
        for pattern in self.patterns_concluding(fact.attribute) {
            for (conclusion, denied) in pattern.conclusions() {
                if conclusion.attribute != fact.attribute {
                    continue;
                }
                let mut binding = vec![None; pattern.variables.len()];
                binding[conclusion.variable] = Some(fact.thing);
                match (&conclusion.value, &fact.value) {
                    (Term::Value(value), _)
                        if Fact::new(fact.thing, fact.attribute, value.clone(), denied) == *fact => {}
                    (Term::Variable(at), Value::Thing(thing))
                        if denied == fact.denied && binding[*at].is_none_or(|t| t == *thing) =>
                    {
                        binding[*at] = Some(*thing);
                    }
                    _ => continue,
                }
                Join::new(self, pattern, &[]).each(&mut binding, &mut |binding| {
                    instances.push(Instance { pattern: pattern.clone(), binding: binding.to_vec() });
                    self.budget.spend(1)
                })?;
            }
        }
        Ok(instances)
    }

    /// What an instance rests on: sets of premises, each of which is enough.
    pub fn premises(&self, instance: &Instance) -> Result<Vec<Vec<Premise>>> {
        match &instance.pattern.rule {
            Rule::Sufficient { when, .. } => self.alternatives(when, &instance.binding, false),
            Rule::Necessary { requires, .. } => self.alternatives(requires, &instance.binding, true),
        }
    }

    /// The sets of premises on which a condition is met (or, `failed`, on which it fails); none if it is not.
    pub(super) fn alternatives(
        &self,
        condition: &Condition,
        binding: &Binding,
        failed: bool,
    ) -> Result<Vec<Vec<Premise>>> {
        match (condition, failed) {
            (Condition::All(parts), false) | (Condition::Any(parts), true) => {
                let mut sets = vec![Vec::new()];
                for part in parts {
                    sets = cross(sets, &self.alternatives(part, binding, failed)?);
                }
                Ok(sets)
            }
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                let mut sets = Vec::new();
                for part in parts {
                    sets.extend(self.alternatives(part, binding, failed)?);
                }
                sets.truncate(MOST_ALTERNATIVES);
                Ok(sets)
            }
            (Condition::Not(inner), _) if self.strict_not || failed => {
                self.alternatives(inner, binding, !failed)
            }
            // That something is not met rests on no statement.
            (Condition::Not(_), _) => Ok(vec![Vec::new()]),
            (Condition::Test(test), _) => self.alternatives_of_test(test, binding, failed),
        }
    }

    pub(super) fn alternatives_of_test(
        &self,
        test: &Test,
        binding: &Binding,
        failed: bool,
    ) -> Result<Vec<Vec<Premise>>> {
        let truth = self.test(test, binding)?;
        if !(if failed { truth.failed } else { truth.met }) {
            return Ok(Vec::new());
        }
        let tested = Tested { test, binding, failed, contested: truth.met && truth.failed };
        let Expression::Path(left) = &test.left else { return Ok(vec![self.operands(&tested)?]) };
        let at_left = |thing, step| self.last_premise(thing, step, &tested);
        let mut sets = self.chains_of(left, binding, &at_left)?;
        if let TestForm::Compare { right: Expression::Path(right), .. } = &test.form {
            let at_right = |thing, step| self.right_premise(thing, step, &tested);
            sets = cross(sets, &self.chains_of(right, binding, &at_right)?);
        }
        Ok(sets)
    }

    /// The ways along a path; one that rests on no statement (names, what nobody says) is an empty one.
    fn chains_of(&self, path: &Path, binding: &Binding, last: LastPremise) -> Result<Vec<Vec<Premise>>> {
        let mut chains = match start(path, binding) {
            Some(thing) => self.chains(thing, &path.steps, last)?,
            None => Vec::new(),
        };
        if chains.is_empty() {
            chains.push(Vec::new());
        }
        Ok(chains)
    }

    /// The ways from a thing to cells that decide a test: a premise for each step.
    fn chains(&self, thing: ThingId, steps: &[Step], last: LastPremise) -> Result<Vec<Vec<Premise>>> {
        let Some((step, rest)) = steps.split_first() else { return Ok(vec![Vec::new()]) };
        if rest.is_empty() {
            return Ok(last(thing, *step)?.into_iter().map(|premise| vec![premise]).collect());
        }
        let mut chains = Vec::new();
        for next in self.follow(thing, *step)? {
            let (from, to) = if step.inverse { (next, thing) } else { (thing, next) };
            let hop = self.reference(from, step.attribute, to)?;
            for chain in self.chains(next, rest, last)? {
                chains.push([hop.clone()].into_iter().chain(chain).collect());
                if chains.len() >= MOST_ALTERNATIVES {
                    return Ok(chains);
                }
            }
        }
        Ok(chains)
    }

    /// The premise that one thing refers to another.
    fn reference(&self, from: ThingId, attribute: AttributeId, to: ThingId) -> Result<Premise> {
        let said = self.said(from, attribute)?;
        let value = Value::Thing(to);
        let contested = said.equals(&value).failed;
        let ground = self.ground(from, attribute, &said, &value, false);
        Ok(Premise { cell: (from, attribute), contested, grounds: vec![ground] })
    }

    /// The statements about the last cell of a path that decide the test, any of which is enough.
    fn last_premise(&self, thing: ThingId, step: Step, tested: &Tested) -> Result<Option<Premise>> {
        if step.attribute == AttributeId::NAME || step.attribute == AttributeId::TITLE {
            return Ok(None);
        }
        let mut grounds = Vec::new();
        if step.inverse {
            // From the other end, the test is whether the reference is to this thing.
            let form = is_this(&tested.test.form, thing);
            for referrer in self.referrers_tested(thing, step, tested)? {
                grounds.extend(self.deciding(referrer, step.attribute, &form, tested)?);
            }
        } else {
            grounds = self.deciding(thing, step.attribute, &tested.test.form, tested)?;
        }
        let premise = Premise { cell: (thing, step.attribute), contested: tested.contested, grounds };
        Ok(Some(premise).filter(|premise| !premise.grounds.is_empty()))
    }

    /// The statements at the right of a comparison for whose value the test is decided as it is.
    fn right_premise(&self, thing: ThingId, step: Step, tested: &Tested) -> Result<Option<Premise>> {
        let TestForm::Compare { possibly, comparison, .. } = tested.test.form else { return Ok(None) };
        if step.inverse || step.attribute == AttributeId::NAME || step.attribute == AttributeId::TITLE {
            return Ok(None);
        }
        let said = self.said(thing, step.attribute)?;
        let mut grounds = Vec::new();
        for value in said.supported() {
            let right = Expression::Value(value.clone());
            let form = TestForm::Compare { possibly, comparison, right };
            let alone = Test { left: tested.test.left.clone(), form, text: String::new() };
            let truth = self.test(&alone, tested.binding)?;
            if if tested.failed { truth.failed } else { truth.met } {
                grounds.push(self.ground(thing, step.attribute, &said, value, false));
            }
        }
        let premise = Premise { cell: (thing, step.attribute), contested: false, grounds };
        Ok(Some(premise).filter(|premise| !premise.grounds.is_empty()))
    }

    /// The statements about a cell that decide a test, each alone.
    fn deciding(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        form: &TestForm,
        tested: &Tested,
    ) -> Result<Vec<Ground>> {
        let said = self.said(thing, attribute)?;
        let mut grounds = Vec::new();
        if let Some(values) = self.named_exactly(form, tested)? {
            for value in values.iter().filter(|value| said.equals(value).met) {
                grounds.push(self.ground(thing, attribute, &said, value, false));
            }
            return Ok(grounds);
        }
        for statement in said.statements() {
            let value = statement.value;
            let (by_support, by_denial) = self.value_decides(&said, attribute, value, form, tested)?;
            if by_support {
                grounds.push(self.ground(thing, attribute, &said, value, false));
            }
            if by_denial {
                grounds.push(self.ground(thing, attribute, &said, value, true));
            }
        }
        Ok(grounds)
    }

    /// The values that a met equality names, where none lies within another: then only what supports one of
    /// them decides, and the other values of the cell need not be looked at.
    fn named_exactly(&self, form: &TestForm, tested: &Tested) -> Result<Option<Vec<Value>>> {
        let TestForm::Compare { possibly: false, comparison: Comparison::Equal, right } = form else {
            return Ok(None);
        };
        let values: Vec<Value> =
            self.values(right, tested.binding)?.into_iter().map(|(value, _)| value).collect();
        let exact = !tested.failed && !values.iter().any(|value| matches!(value, Value::Number(_)));
        Ok(exact.then_some(values))
    }

    /// The things whose reference to this one a test through an inverse is about.
    fn referrers_tested(&self, thing: ThingId, step: Step, tested: &Tested) -> Result<Vec<ThingId>> {
        let mut named = Vec::new();
        match &tested.test.form {
            TestForm::Compare { right, .. } => named.extend(self.values(right, tested.binding)?),
            TestForm::In(list) => {
                for item in list {
                    named.extend(self.values(item, tested.binding)?);
                }
            }
            TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => return self.follow(thing, step),
        }
        Ok(named.into_iter().filter_map(|(value, _)| super::scene::as_thing(&value)).collect())
    }

    /// What the operands of a computed value rest on.
    fn operands(&self, tested: &Tested) -> Result<Vec<Premise>> {
        let mut cells = Vec::new();
        tested.test.each_path(&mut |path, counted| {
            if let (Some(thing), [Step { attribute, inverse: false }]) =
                (start(path, tested.binding), &path.steps[..])
            {
                cells.push((thing, *attribute, counted));
            }
        });
        let mut premises = Vec::new();
        for (thing, attribute, counted) in cells {
            let said = self.said(thing, attribute)?;
            let supported = said.supported();
            let grounds: Vec<Ground> = supported
                .into_iter()
                .map(|value| self.ground(thing, attribute, &said, value, false))
                .collect();
            // What is counted is needed one and all.
            if counted {
                let alone = |ground| Premise {
                    cell: (thing, attribute),
                    contested: tested.contested,
                    grounds: vec![ground],
                };
                premises.extend(grounds.into_iter().map(alone));
            } else if !grounds.is_empty() {
                premises.push(Premise { cell: (thing, attribute), contested: tested.contested, grounds });
            }
        }
        Ok(premises)
    }

    /// Whether what supports this value would alone meet the test (or fail it), and whether what denies it
    /// would.
    fn value_decides(
        &self,
        said: &Said,
        attribute: AttributeId,
        value: &Value,
        form: &TestForm,
        tested: &Tested,
    ) -> Result<(bool, bool)> {
        let (supported, denied) = (said.supported().contains(&value), said.denies(value));
        if let TestForm::Known = form {
            return Ok((supported && !tested.failed, denied && !tested.failed));
        }
        let alone = [Conclusion { value: value.clone(), denied: false, round: 0 }];
        let alone = Conclusions::Kept(&alone);
        let single = Said::new(crate::facts::Claims::Kept(&[]), alone, self.scope, said.is_many());
        let mut truth = super::truth::Truth::default();
        match form {
            TestForm::Compare { possibly, comparison, right } => {
                for (right, _) in self.values(right, tested.binding)? {
                    truth = truth.merge(single.compare(*comparison, &right, *possibly));
                }
            }
            TestForm::Contains(words) => truth = single.contains(words, &|value| self.show(attribute, value)),
            other => truth = single.meets(other),
        }
        let (here, there) = if tested.failed { (truth.failed, truth.met) } else { (truth.met, truth.failed) };
        // A denial decides the other way round, but says nothing about an order.
        let is_order = matches!(form, TestForm::Compare { comparison, .. }
            if !matches!(comparison, Comparison::Equal | Comparison::NotEqual));
        Ok((supported && here, denied && there && !is_order))
    }

    /// Who says this of a cell: claims together, and patterns.
    pub(super) fn ground(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        said: &Said,
        value: &Value,
        denied: bool,
    ) -> Ground {
        let fact = Fact::new(thing, attribute, value.clone(), denied);
        let claims: Vec<_> = said
            .claims()
            .filter(|claim| claim.value.as_ref() == Some(value) && claim.denied == denied)
            .collect();
        Ground {
            concluded: said.concludes(&fact.value, fact.denied),
            fact,
            plainly_claimed: claims.iter().any(|claim| !claim.evidence.hedged),
            claimed: !claims.is_empty(),
            citations: claims.iter().flat_map(|claim| claim.evidence.citations.clone()).collect(),
        }
    }
}

//! Proofs, rebuilt when they are asked for: which instances of patterns conclude a fact, and on what premises.

use super::derived::Fact;
use super::eval::{Binding, start};
use super::join::Join;
use super::scene::Scene;
use crate::error::Result;
use crate::model::{
    AttributeId, Citation, Condition, Expression, Path, Pattern, Rule, Step, Term, Test, TestForm, ThingId,
    Value,
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
#[derive(Clone, Copy)]
pub(super) struct Tested<'a> {
    pub test: &'a Test,
    pub binding: &'a Binding,
    pub failed: bool,
    pub contested: bool,
}

/// The premises that stand at the end of a path, all of them needed, given the last thing and step; none where it
/// does not lead to what is wanted.
type LastPremises<'a> = &'a dyn Fn(ThingId, Step) -> Result<Vec<Premise>>;

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
            let mut begun: Vec<Vec<Option<ThingId>>> = Vec::new();
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
                // A pattern may state one conclusion twice.
                if begun.contains(&binding) {
                    continue;
                }
                begun.push(binding.clone());
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
        let TestForm::Compare { right: Expression::Path(right), .. } = &test.form else {
            return self.chains_to_cells(left, &tested);
        };
        // Each of the values at the right is decided by statements of its own.
        let mut sets = Vec::new();
        for (value, _) in self.values(&Expression::Path(right.clone()), binding)? {
            let alone = test.with_right(value.clone());
            let truth = self.test(&alone, binding)?;
            if if failed { truth.failed } else { truth.met } {
                let at_left = self.chains_to_cells(left, &Tested { test: &alone, ..tested })?;
                let at_right = |thing, step: Step| self.that_it_is(thing, step, &value);
                sets.extend(cross(at_left, &self.chains_of(right, binding, &at_right)?));
            }
        }
        sets.truncate(MOST_ALTERNATIVES);
        Ok(sets)
    }

    /// The ways along the left path of a test to the statements that decide it.
    fn chains_to_cells(&self, left: &Path, tested: &Tested) -> Result<Vec<Vec<Premise>>> {
        let last = |thing, step| self.last_premises(thing, step, tested);
        self.chains_of(left, tested.binding, &last)
    }

    /// The premise that a cell has this value.
    fn that_it_is(&self, thing: ThingId, step: Step, value: &Value) -> Result<Vec<Premise>> {
        if step.inverse || step.attribute == AttributeId::NAME || step.attribute == AttributeId::TITLE {
            return Ok(Vec::new());
        }
        let said = self.said(thing, step.attribute)?;
        if !said.states(value, false) {
            return Ok(Vec::new());
        }
        let grounds = vec![self.ground(thing, step.attribute, &said, value, false)];
        Ok(vec![Premise { cell: (thing, step.attribute), contested: false, grounds }])
    }

    /// The ways along a path; one that rests on no statement (names, what nobody says) is an empty one.
    fn chains_of(&self, path: &Path, binding: &Binding, last: LastPremises) -> Result<Vec<Vec<Premise>>> {
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
    fn chains(&self, thing: ThingId, steps: &[Step], last: LastPremises) -> Result<Vec<Vec<Premise>>> {
        let Some((step, rest)) = steps.split_first() else { return Ok(vec![Vec::new()]) };
        if rest.is_empty() {
            let premises = last(thing, *step)?;
            return Ok(if premises.is_empty() { Vec::new() } else { vec![premises] });
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
}

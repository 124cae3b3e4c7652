//! Grounds: which statements about a cell decide a test, each alone or several together.

use super::derived::{Conclusion, Conclusions, Fact};
use super::proof::{Ground, Premise, Tested};
use super::scene::{Scene, as_thing};
use super::truth::Said;
use crate::error::Result;
use crate::facts::Claims;
use crate::model::{AttributeId, Comparison, Expression, Step, TestForm, ThingId, Value};

/// The test of a referring thing that a test through an inverse amounts to.
fn is_this(form: &TestForm, thing: ThingId) -> TestForm {
    let comparison = match form {
        TestForm::Compare { comparison: Comparison::NotEqual, .. } => Comparison::NotEqual,
        _ => Comparison::Equal,
    };
    TestForm::Compare { possibly: false, comparison, right: Expression::Value(Value::Thing(thing)) }
}

impl Scene<'_> {
    /// The statements about the last cell of a path that decide the test: premises that are needed together, each
    /// with statements any of which is enough.
    pub(super) fn last_premises(&self, thing: ThingId, step: Step, tested: &Tested) -> Result<Vec<Premise>> {
        if step.attribute == AttributeId::NAME || step.attribute == AttributeId::TITLE {
            return Ok(Vec::new());
        }
        let grounds = match &tested.test.form {
            TestForm::In(list) if tested.failed => self.of_each(list, thing, step, tested)?,
            form => vec![self.grounds_for(thing, step, form, tested)?],
        };
        let premise =
            |grounds| Premise { cell: (thing, step.attribute), contested: tested.contested, grounds };
        Ok(grounds.into_iter().filter(|grounds| !grounds.is_empty()).map(premise).collect())
    }

    /// That something is none of several values takes one statement for all of them, or else one for each.
    fn of_each(
        &self,
        list: &[Expression],
        thing: ThingId,
        step: Step,
        tested: &Tested,
    ) -> Result<Vec<Vec<Ground>>> {
        let mut each = Vec::with_capacity(list.len());
        for right in list {
            let (comparison, right) = (Comparison::Equal, right.clone());
            let form = TestForm::Compare { possibly: false, comparison, right };
            each.push(self.grounds_for(thing, step, &form, tested)?);
        }
        let holds = |grounds: &Vec<Ground>, fact: &Fact| grounds.iter().any(|ground| ground.fact == *fact);
        let first = each.first().cloned().unwrap_or_default();
        let common: Vec<Ground> =
            first.into_iter().filter(|ground| each.iter().all(|one| holds(one, &ground.fact))).collect();
        Ok(if common.is_empty() { each } else { vec![common] })
    }

    /// The statements any of which decides a test of this form at the end of a path.
    fn grounds_for(
        &self,
        thing: ThingId,
        step: Step,
        form: &TestForm,
        tested: &Tested,
    ) -> Result<Vec<Ground>> {
        if !step.inverse {
            return self.deciding(thing, step.attribute, form, tested);
        }
        let value = Value::Thing(thing);
        let mut grounds = Vec::new();
        match form {
            TestForm::Known | TestForm::Unknown => {
                for referrer in self.follow(thing, step)? {
                    let said = self.said(referrer, step.attribute)?;
                    grounds.push(self.ground(referrer, step.attribute, &said, &value, false));
                }
            }
            _ => {
                // From the other end, the test is whether the reference is to this thing.
                let this = is_this(form, thing);
                for referrer in self.referrers_tested(thing, step, form, tested)? {
                    grounds.extend(self.deciding(referrer, step.attribute, &this, tested)?);
                }
            }
        }
        Ok(grounds)
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
            for denied in [false, true] {
                if said.states(statement.value, denied)
                    && self.decides(&said, attribute, (statement.value, denied), form, tested)?
                {
                    grounds.push(self.ground(thing, attribute, &said, statement.value, denied));
                }
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
    fn referrers_tested(
        &self,
        thing: ThingId,
        step: Step,
        form: &TestForm,
        tested: &Tested,
    ) -> Result<Vec<ThingId>> {
        let mut named = Vec::new();
        match form {
            TestForm::Compare { right, .. } => named.extend(self.values(right, tested.binding)?),
            TestForm::In(list) => {
                for item in list {
                    named.extend(self.values(item, tested.binding)?);
                }
            }
            TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => return self.follow(thing, step),
        }
        Ok(named.into_iter().filter_map(|(value, _)| as_thing(&value)).collect())
    }

    /// Whether a statement about a cell, that it is this value or not, alone decides a test.
    fn decides(
        &self,
        said: &Said,
        attribute: AttributeId,
        (value, denied): (&Value, bool),
        form: &TestForm,
        tested: &Tested,
    ) -> Result<bool> {
        Ok(match form {
            TestForm::Known => !tested.failed,
            TestForm::Unknown => tested.failed,
            TestForm::Compare { possibly, comparison, right } if comparison.is_of_identity() => {
                let wants_support = (*comparison == Comparison::Equal) != tested.failed;
                let right = self.values(right, tested.binding)?;
                let plainly = right.iter().any(|(right, _)| match wants_support {
                    true => !denied && value.amounts_to(right),
                    false => said.speaks_against(value, denied, right),
                });
                let possibly = *possibly && !denied && !tested.failed;
                plainly || (possibly && self.decides_by_itself(said, attribute, value, form, tested)?)
            }
            // An explicit denial says nothing about an order, or about words.
            _ if denied => false,
            _ => self.decides_by_itself(said, attribute, value, form, tested)?,
        })
    }

    /// Whether support for this value, if nothing else were said, would decide a test.
    fn decides_by_itself(
        &self,
        said: &Said,
        attribute: AttributeId,
        value: &Value,
        form: &TestForm,
        tested: &Tested,
    ) -> Result<bool> {
        let alone = [Conclusion { value: value.clone(), denied: false, round: 0 }];
        let alone = Conclusions::Kept(&alone);
        let single = Said::new(Claims::Kept(&[]), alone, self.scope, said.is_many());
        let truth = self.test_said(&single, attribute, form, tested.binding)?;
        Ok(if tested.failed { truth.failed } else { truth.met })
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

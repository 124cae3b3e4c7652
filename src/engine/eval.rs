//! Conditions and expressions, one binding at a time.

use super::derived::{Conclusion, Conclusions, Fact};
use super::scene::Scene;
use super::truth::{Said, Truth, at_points, holds};
use crate::error::Result;
use crate::facts::Claims;
use crate::model::{
    AttributeId, Comparison, Condition, Expression, Number, Operator, Path, Start, Step, Test, TestForm,
    ThingId, Value,
};

/// What each variable stands for; `None` where it is not bound yet.
pub type Binding = [Option<ThingId>];

/// A value with the attribute that says how it is shown; `None` for what was computed.
pub type Typed = (Value, Option<AttributeId>);

impl Scene<'_> {
    /// The truth of a condition. A test on a variable that is not bound is open.
    pub fn truth(&self, condition: &Condition, binding: &Binding) -> Result<Truth> {
        Truth::of(condition, self.strict_not, &mut |test| self.test(test, binding))
    }

    /// The truth of a single test.
    pub fn test(&self, test: &Test, binding: &Binding) -> Result<Truth> {
        match &test.left {
            Expression::Path(path) => self.test_path(path, &test.form, binding),
            left => {
                let left = self.values(left, binding)?;
                self.test_values(&left, &test.form, binding)
            }
        }
    }

    fn test_path(&self, path: &Path, form: &TestForm, binding: &Binding) -> Result<Truth> {
        let Some(start) = start(path, binding) else { return Ok(Truth::default()) };
        let Some((last, hops)) = path.steps.split_last() else {
            return self.test_values(&[(Value::Thing(start), None)], form, binding);
        };
        let mut truth = Truth::default();
        let mut is_known = false;
        for thing in self.walk(start, hops)? {
            if last.inverse {
                is_known |= !self.follow(thing, *last)?.is_empty();
                truth = truth.merge(self.test_inverse(thing, *last, form, binding)?);
                continue;
            }
            let said = self.said(thing, last.attribute)?;
            is_known |= said.is_known();
            truth = truth.merge(self.test_said(&said, last.attribute, form, binding)?);
        }
        // Of several things on the way, one about which something is known is enough; of none, nothing is.
        Ok(match form {
            TestForm::Unknown => Truth::crisp(!is_known),
            _ => truth,
        })
    }

    /// Whether a statement that stands alone would meet a test of its cell.
    pub fn would_meet(
        &self,
        attribute: AttributeId,
        value: &Value,
        denied: bool,
        test: &Test,
    ) -> Result<bool> {
        let fact = Fact::new(ThingId(0), attribute, value.clone(), denied);
        let alone = [Conclusion { value: fact.value, denied: fact.denied, round: 0 }];
        let many = self.vocabulary().attribute(attribute).many;
        let said = Said::new(Claims::Kept(&[]), Conclusions::Kept(&alone), self.scope, many);
        Ok(self.test_said(&said, attribute, &test.form, &[])?.met)
    }

    /// A test of what is said of a cell.
    pub(super) fn test_said(
        &self,
        said: &Said,
        attribute: AttributeId,
        form: &TestForm,
        binding: &Binding,
    ) -> Result<Truth> {
        Ok(match form {
            TestForm::Compare { possibly, comparison, right } => {
                let mut truth = Truth::default();
                for (right, _) in self.values(right, binding)? {
                    truth = truth.merge(said.compare(*comparison, &right, *possibly));
                }
                truth
            }
            TestForm::In(list) => {
                let mut truth = Truth { met: false, failed: true };
                for item in list {
                    let mut one = Truth::default();
                    for (value, _) in self.values(item, binding)? {
                        one = one.merge(said.equals(&value));
                    }
                    truth = Truth { met: truth.met || one.met, failed: truth.failed && one.failed };
                }
                truth
            }
            TestForm::Contains(words) => said.contains(words, &|value| self.show(attribute, value)),
            TestForm::Known | TestForm::Unknown => said.meets(form),
        })
    }

    /// A test at the end of an inverse step: what is said about the statement, seen from the other end.
    fn test_inverse(&self, thing: ThingId, step: Step, form: &TestForm, binding: &Binding) -> Result<Truth> {
        let wanted = |comparison: Comparison, list: Vec<Value>| -> Result<Truth> {
            let mut truth = Truth::default();
            for value in list {
                let Value::Thing(referrer) = value else { continue };
                let one = self.said(referrer, step.attribute)?.equals(&Value::Thing(thing));
                truth = truth.merge(if comparison == Comparison::NotEqual { one.swap() } else { one });
            }
            Ok(truth)
        };
        let plain = |values: Vec<Typed>| values.into_iter().map(|(value, _)| value).collect::<Vec<_>>();
        Ok(match form {
            TestForm::Compare { comparison, right, .. } => {
                wanted(*comparison, plain(self.values(right, binding)?))?
            }
            TestForm::In(list) => {
                let mut values = Vec::new();
                for item in list {
                    values.extend(plain(self.values(item, binding)?));
                }
                wanted(Comparison::Equal, values)?
            }
            TestForm::Known => Truth { met: !self.follow(thing, step)?.is_empty(), failed: false },
            TestForm::Unknown => Truth::crisp(self.follow(thing, step)?.is_empty()),
            TestForm::Contains(words) => {
                let referrers = self.follow(thing, step)?;
                let wanted = crate::model::fold(words);
                let folded = |thing: &ThingId| crate::model::fold(&self.snapshot.things().name(*thing));
                let held = |referrer| Truth::crisp(folded(referrer).contains(&wanted));
                referrers.iter().map(held).fold(Truth::default(), Truth::merge)
            }
        })
    }

    /// A test of values that no cell stands behind: a computed number, or a thing itself.
    fn test_values(&self, left: &[Typed], form: &TestForm, binding: &Binding) -> Result<Truth> {
        let mut truth = Truth::default();
        match form {
            TestForm::Compare { possibly, comparison, right } => {
                let right = self.values(right, binding)?;
                for (left, _) in left {
                    for (right, _) in &right {
                        truth = truth.merge(at_points(holds(left, *comparison, right), *possibly));
                    }
                }
            }
            TestForm::In(list) => {
                let mut right = Vec::new();
                for item in list {
                    right.extend(self.values(item, binding)?);
                }
                for (left, _) in left {
                    truth = truth.merge(Truth::crisp(right.iter().any(|(right, _)| left.amounts_to(right))));
                }
            }
            TestForm::Known => truth.met = !left.is_empty(),
            TestForm::Unknown => truth = Truth::crisp(left.is_empty()),
            TestForm::Contains(words) => {
                let wanted = crate::model::fold(words);
                for typed in left {
                    truth = truth
                        .merge(Truth::crisp(crate::model::fold(&self.show_typed(typed)).contains(&wanted)));
                }
            }
        }
        Ok(truth)
    }

    /// A value in words, by the attribute it comes from.
    pub fn show_typed(&self, (value, attribute): &Typed) -> String {
        self.show(attribute.unwrap_or(AttributeId::NAME), value)
    }

    /// The values that are supported for an expression.
    pub fn values(&self, expression: &Expression, binding: &Binding) -> Result<Vec<Typed>> {
        Ok(match expression {
            Expression::Value(value) => vec![(value.clone(), None)],
            Expression::Path(path) => self.path_values(path, binding)?,
            Expression::CountOf(path) => match start(path, binding) {
                Some(start) => {
                    let count = self.count_values(path, start, binding)?;
                    vec![(Value::Number(Number::exactly(count.into())), None)]
                }
                None => Vec::new(),
            },
            Expression::Binary { operator, left, right } => {
                let (left, right) = (self.values(left, binding)?, self.values(right, binding)?);
                self.budget.spend((left.len() * right.len()) as u64)?;
                let pairs = left.iter().flat_map(|left| right.iter().map(move |right| (left, right)));
                let mut results: Vec<Typed> =
                    pairs.filter_map(|(left, right)| self.apply(*operator, left, right)).collect();
                if results.len() > 1 {
                    results.sort();
                    results.dedup();
                }
                results
            }
            Expression::Field(_) | Expression::Described(_) => Vec::new(),
        })
    }

    fn count_values(&self, path: &Path, start: ThingId, binding: &Binding) -> Result<u64> {
        if let [Step { attribute, inverse: false }] = path.steps[..]
            && let Some(step) = self.closes(attribute)
        {
            return self.reach_count(start, attribute, step);
        }
        Ok(self.path_values(path, binding)?.len() as u64)
    }

    fn path_values(&self, path: &Path, binding: &Binding) -> Result<Vec<Typed>> {
        let Some(start) = start(path, binding) else { return Ok(Vec::new()) };
        let Some((last, hops)) = path.steps.split_last() else {
            return Ok(vec![(Value::Thing(start), None)]);
        };
        let mut values: Vec<Typed> = Vec::new();
        for thing in self.walk(start, hops)? {
            if last.inverse {
                values
                    .extend(self.follow(thing, *last)?.into_iter().map(|thing| (Value::Thing(thing), None)));
            } else {
                let said = self.said(thing, last.attribute)?;
                values
                    .extend(said.supported().into_iter().map(|value| (value.clone(), Some(last.attribute))));
            }
        }
        if path.steps.len() > 1 {
            values.sort();
            values.dedup();
        }
        Ok(values)
    }

    /// The cells at the end of the path that a test reads; none where that is read from the other end.
    pub fn cells_tested(&self, test: &Test, binding: &Binding) -> Result<Vec<(ThingId, AttributeId)>> {
        let Expression::Path(path) = &test.left else { return Ok(Vec::new()) };
        let (Some(from), Some((last, hops))) = (start(path, binding), path.steps.split_last()) else {
            return Ok(Vec::new());
        };
        if last.inverse {
            return Ok(Vec::new());
        }
        let ends = self.walk(from, hops)?;
        Ok(ends.into_iter().map(|end| (end, last.attribute)).collect())
    }

    /// The things that some steps lead to, ascending and distinct.
    pub fn walk(&self, start: ThingId, steps: &[Step]) -> Result<Vec<ThingId>> {
        let mut things = vec![start];
        for step in steps {
            let mut next = Vec::new();
            for thing in things {
                next.extend(self.follow(thing, *step)?);
            }
            self.budget.spend(next.len() as u64)?;
            next.sort_unstable();
            next.dedup();
            things = next;
        }
        Ok(things)
    }
}

/// The thing that a path begins at.
pub fn start(path: &Path, binding: &Binding) -> Option<ThingId> {
    match path.start {
        Start::Variable(at) => binding.get(at).copied().flatten(),
        Start::Thing(thing) => Some(thing),
    }
}

/// Interval arithmetic; `None` for what are not numbers, and where it is undefined.
pub fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Option<Number> {
    let (Value::Number(left), Value::Number(right)) = (left, right) else { return None };
    match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => left.subtract(right),
        Operator::Multiply => left.multiply(right),
        Operator::Divide => left.divide(right),
    }
}

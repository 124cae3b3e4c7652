//! How small the smallest proof of each statement is, found by trying every pattern on every binding.

use crate::conclude::{bindings, facts};
use crate::naive::{Fact, Sight};
use crate::world::{Condition, Expression, Form, Path, Pattern, Step, Thing, Value};

/// Statements with the sizes of their smallest proofs so far.
pub struct Sizes<'a> {
    sight: &'a Sight<'a>,
    sizes: Vec<(Fact, usize)>,
}

/// Whether every test of a pattern is of one path against constants, so that what decides it is one chain of
/// references with one statement at its end.
pub fn is_plain(pattern: &Pattern) -> bool {
    fn tests_plainly(condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().all(tests_plainly),
            Condition::Not(inner) => tests_plainly(inner),
            Condition::Test(Expression::Path(path), form) => match form {
                Form::Compare { right: Expression::Value(_), .. } | Form::In(_) | Form::Known => true,
                Form::Compare { right: Expression::Path(right), .. } => right.steps.is_empty(),
                Form::Compare { .. } => false,
                Form::Unknown => path.steps.last().is_some_and(|step| !step.inverse),
            },
            Condition::Test(..) => false,
        }
    }
    tests_plainly(&pattern.condition)
}

impl<'a> Sizes<'a> {
    pub fn of(sight: &'a Sight<'a>) -> Sizes<'a> {
        let claimed = sight.claims.values().flatten().filter_map(|claim| {
            let (subject, attribute, denied) = (claim.subject, claim.attribute, claim.denied);
            Some((Fact { subject, attribute, denied, value: claim.value.clone()? }, 1))
        });
        let mut sizes = Sizes { sight, sizes: claimed.collect() };
        while sizes.shrink() {}
        sizes
    }

    pub fn size(&self, fact: &Fact) -> Option<usize> {
        self.sizes.iter().filter(|(known, _)| known == fact).map(|(_, size)| *size).min()
    }

    /// Whether some conclusion has a smaller proof than was known.
    fn shrink(&mut self) -> bool {
        let mut is_smaller = false;
        for pattern in &self.sight.world.patterns {
            for binding in bindings(self.sight.world, &pattern.variables) {
                let Some(size) = self.instance(pattern, &binding) else { continue };
                for fact in facts(pattern, &binding) {
                    if self.size(&fact).is_none_or(|known| size < known) {
                        self.sizes.push((fact, size));
                        is_smaller = true;
                    }
                }
            }
        }
        is_smaller
    }

    fn instance(&self, pattern: &Pattern, binding: &[Thing]) -> Option<usize> {
        if !self.sight.fires(pattern, binding) {
            return None;
        }
        self.condition(&pattern.condition, binding, !pattern.necessary).map(|size| 1 + size)
    }

    /// The fewest steps from which a condition is met (or failed).
    fn condition(&self, condition: &Condition, binding: &[Thing], met: bool) -> Option<usize> {
        let truth = self.sight.truth(condition, binding);
        if !(if met { truth.met } else { truth.failed }) {
            return None;
        }
        let of = |part: &Condition| self.condition(part, binding, met);
        match (condition, met) {
            (Condition::All(parts), true) | (Condition::Any(parts), false) => parts.iter().map(of).sum(),
            (Condition::All(parts), false) | (Condition::Any(parts), true) => {
                parts.iter().filter_map(of).min()
            }
            (Condition::Not(inner), false) => self.condition(inner, binding, true),
            (Condition::Not(_), true) | (Condition::Test(_, Form::Unknown), true) => Some(0),
            (Condition::Test(Expression::Path(path), form), _) => {
                self.path(binding[path.variable], &path.steps, &constant(form, binding), met)
            }
            (Condition::Test(..), _) => None,
        }
    }

    fn path(&self, from: Thing, steps: &[Step], form: &Form, met: bool) -> Option<usize> {
        let (step, rest) = steps.split_first()?;
        if rest.is_empty() {
            let path = Path { variable: 0, steps: vec![*step] };
            let test = Condition::Test(Expression::Path(path), form.clone());
            let decides = |fact: &Fact| {
                let mut alone = Sight::of_nothing(self.sight.world);
                alone.add(fact.clone());
                let truth = alone.truth(&test, &[from]);
                if met { truth.met } else { truth.failed }
            };
            let at_step =
                |fact: &Fact| fact.attribute == step.attribute && (step.inverse || fact.subject == from);
            let deciding = self.sizes.iter().filter(|(fact, _)| at_step(fact) && decides(fact));
            let one = deciding.map(|(_, size)| *size).min();
            // What fails a list fails all of it; only where nothing does, one statement for each value.
            let each = |values: &Vec<Value>| -> Option<usize> {
                let alone = |value: &Value| self.path(from, steps, &Form::In(vec![value.clone()]), met);
                values.iter().map(alone).sum()
            };
            return match form {
                Form::In(values) if !met && values.len() > 1 => one.or_else(|| each(values)),
                _ => one,
            };
        }
        let hops = self.sizes.iter().filter_map(|(fact, size)| {
            let Value::Thing(to) = fact.value else { return None };
            let (start, end) = if step.inverse { (to, fact.subject) } else { (fact.subject, to) };
            let is_hop = fact.attribute == step.attribute && !fact.denied && start == from;
            Some(size + self.path(end, rest, form, met)?).filter(|_| is_hop)
        });
        hops.min()
    }
}

/// A test with the thing that a variable at its right stands for.
fn constant(form: &Form, binding: &[Thing]) -> Form {
    match form {
        Form::Compare { possibly, comparison, right: Expression::Path(path) } => {
            let right = Expression::Value(Value::Thing(binding[path.variable]));
            Form::Compare { possibly: *possibly, comparison: *comparison, right }
        }
        other => other.clone(),
    }
}

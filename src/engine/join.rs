//! Patterns of several variables: all bindings of which a condition holds.

use super::eval::Binding;
use super::scene::Scene;
use crate::error::Result;
use crate::model::{
    Comparison, Condition, Expression, Path, Pattern, Rule, Start, Step, Test, TestForm, ThingId, Value,
};
use roaring::RoaringBitmap;
use std::cell::OnceCell;

/// So many candidates for a variable are worth asking what other links allow.
const MANY: usize = 16;

/// A condition taken apart into conjuncts, with the variables of each.
pub struct Join<'a> {
    scene: &'a Scene<'a>,
    conjuncts: Vec<Conjunct<'a>>,
    domains: Vec<std::sync::Arc<RoaringBitmap>>,
}

struct Conjunct<'a> {
    condition: &'a Condition,
    /// Where the failed side is wanted: the whole of what a necessary pattern requires.
    failed: bool,
    variables: Vec<usize>,
    link: Option<Link>,
    /// For a conjunct on one variable: the things that satisfy it.
    satisfying: OnceCell<RoaringBitmap>,
}

/// `A.step = B`, or `A.step = B.step`.
#[derive(Clone, Copy)]
struct Link {
    from: usize,
    step: Step,
    to: usize,
    /// The step at the right, if there is one.
    other: Option<Step>,
}

/// How a join goes on from a partial binding: it binds a variable to each of these things; the conjunct, if
/// any, is satisfied by that.
struct Bind {
    variable: usize,
    things: Vec<ThingId>,
    satisfied: Option<usize>,
}

impl<'a> Join<'a> {
    /// The join of a pattern's condition; its parts that concern the variables in `without` are left out.
    pub fn new(scene: &'a Scene<'a>, pattern: &'a Pattern, without: &[usize]) -> Self {
        let (parts, failed) = match &pattern.rule {
            Rule::Sufficient { when, .. } => (conjuncts(when), false),
            Rule::Necessary { requires, .. } => (vec![requires], true),
        };
        let all = parts.into_iter().map(|condition| Conjunct {
            condition,
            failed,
            variables: variables(condition),
            link: (!failed).then(|| link(condition)).flatten(),
            satisfying: OnceCell::new(),
        });
        let conjuncts =
            all.filter(|conjunct| !conjunct.variables.iter().any(|v| without.contains(v))).collect();
        let domains =
            pattern.variables.iter().map(|variable| scene.snapshot.members(variable.kind)).collect();
        Join { scene, conjuncts, domains }
    }

    /// The join of all parts of a pattern's condition but one.
    pub fn leaving_out(scene: &'a Scene<'a>, pattern: &'a Pattern, part: usize) -> Self {
        let mut join = Join::new(scene, pattern, &[]);
        if part < join.conjuncts.len() {
            join.conjuncts.remove(part);
        }
        join
    }

    /// Calls `found` with every complete binding that extends `binding` and of which the condition holds.
    pub fn each(
        &self,
        binding: &mut Vec<Option<ThingId>>,
        found: &mut dyn FnMut(&Binding) -> Result<()>,
    ) -> Result<()> {
        self.each_until(binding, &mut |binding| found(binding).map(|()| true))
    }

    /// The same as long as `found` wants to go on.
    pub fn each_until(
        &self,
        binding: &mut Vec<Option<ThingId>>,
        found: &mut dyn FnMut(&Binding) -> Result<bool>,
    ) -> Result<()> {
        let fits =
            |(at, thing): (usize, &Option<ThingId>)| thing.is_none_or(|t| self.domains[at].contains(t.0));
        if !binding.iter().enumerate().all(fits) {
            return Ok(());
        }
        self.extend(binding, &(0..self.conjuncts.len()).collect::<Vec<_>>(), found).map(|_| ())
    }

    /// Whether to go on. Recursion is as deep as there are variables, however many conjuncts.
    fn extend(
        &self,
        binding: &mut Vec<Option<ThingId>>,
        left: &[usize],
        found: &mut dyn FnMut(&Binding) -> Result<bool>,
    ) -> Result<bool> {
        let is_decided = |at: &usize| self.conjuncts[*at].variables.iter().all(|v| binding[*v].is_some());
        let (decided, left): (Vec<usize>, Vec<usize>) = left.iter().partition(|at| is_decided(at));
        for at in decided {
            if !self.holds(at, binding)? {
                return Ok(true);
            }
        }
        let Some(Bind { variable, things, satisfied }) = self.next(binding, &left)? else {
            return found(binding);
        };
        self.scene.budget.spend(things.len() as u64)?;
        let left: Vec<usize> = left.into_iter().filter(|at| Some(*at) != satisfied).collect();
        for thing in things {
            binding[variable] = Some(thing);
            if !self.extend(binding, &left, found)? {
                return Ok(false);
            }
        }
        binding[variable] = None;
        Ok(true)
    }

    /// What costs least comes first: links from what is bound, then the smallest set.
    fn next(&self, binding: &Binding, left: &[usize]) -> Result<Option<Bind>> {
        let is_bound = |variable: &usize| binding[*variable].is_some();
        for &at in left {
            if let Some(next) = self.follow_link(at, binding)? {
                return self.narrowed(next, left, binding).map(Some);
            }
        }
        let mut smallest: Option<(usize, usize)> = None;
        for &at in left {
            if let [variable] = self.conjuncts[at].variables[..] {
                let size = self.satisfying(at, variable)?.len() as usize;
                if smallest.is_none_or(|(_, least)| size < least) {
                    smallest = Some((at, size));
                }
            }
        }
        if let Some((at, _)) = smallest {
            let variable = self.conjuncts[at].variables[0];
            let things = self.satisfying(at, variable)?.iter().map(ThingId).collect();
            return Ok(Some(Bind { variable, things, satisfied: Some(at) }));
        }
        let unbound = (0..binding.len()).filter(|variable| !is_bound(variable));
        let Some(variable) = unbound.min_by_key(|variable| self.domains[*variable].len()) else {
            return Ok(None);
        };
        let things = self.domains[variable].iter().map(ThingId).collect();
        Ok(Some(Bind { variable, things, satisfied: None }))
    }

    fn holds(&self, at: usize, binding: &Binding) -> Result<bool> {
        let conjunct = &self.conjuncts[at];
        let truth = self.scene.truth(conjunct.condition, binding)?;
        Ok(if conjunct.failed { truth.failed } else { truth.met })
    }

    fn follow_link(&self, at: usize, binding: &Binding) -> Result<Option<Bind>> {
        let Some(link) = self.conjuncts[at].link else { return Ok(None) };
        let (bound, here, there, variable) = match (binding[link.from], binding[link.to]) {
            (Some(thing), None) => (thing, Some(link.step), link.other, link.to),
            (None, Some(thing)) => (thing, link.other, Some(link.step), link.from),
            _ => return Ok(None),
        };
        let in_domain = |thing: &ThingId| self.domains[variable].contains(thing.0);
        let things: Vec<ThingId> = match (here, there) {
            (Some(step), None) => self.scene.follow(bound, step)?,
            (None, Some(step)) => self.scene.follow(bound, step.turned())?,
            (Some(here), Some(there)) => {
                // Equal values: the conjunct stays, since support for one value is not all it asks.
                let things = self.of_equal_value(bound, here, there, variable)?;
                return Ok(Some(Bind { variable, things, satisfied: None }));
            }
            (None, None) => return Ok(None),
        };
        let things = things.into_iter().filter(in_domain).collect();
        Ok(Some(Bind { variable, things, satisfied: Some(at) }))
    }

    fn of_equal_value(
        &self,
        bound: ThingId,
        here: Step,
        there: Step,
        variable: usize,
    ) -> Result<Vec<ThingId>> {
        let here = Path { start: Start::Thing(bound), steps: vec![here] };
        let mut things = RoaringBitmap::new();
        for (value, _) in self.scene.values(&Expression::Path(here), &[])? {
            let left = Expression::Path(Path { start: Start::Variable(0), steps: vec![there] });
            things |= self.scene.met(&possibly_equal(left, value), &self.domains[variable])?;
        }
        Ok(things.iter().map(ThingId).collect())
    }

    /// Of many candidates only those that other links allow, too.
    fn narrowed(&self, mut next: Bind, left: &[usize], binding: &Binding) -> Result<Bind> {
        for &at in left {
            if next.things.len() < MANY {
                break;
            }
            let is_of_it = self.conjuncts[at].variables.contains(&next.variable);
            if let (true, Some(other)) = (is_of_it, self.follow_link(at, binding)?) {
                let allowed: RoaringBitmap = other.things.iter().map(|thing| thing.0).collect();
                next.things.retain(|thing| allowed.contains(thing.0));
            }
        }
        Ok(next)
    }

    fn satisfying(&self, at: usize, variable: usize) -> Result<&RoaringBitmap> {
        let conjunct = &self.conjuncts[at];
        if let Some(known) = conjunct.satisfying.get() {
            return Ok(known);
        }
        let condition = on_first(conjunct.condition);
        let domain = &self.domains[variable];
        let things = match conjunct.failed {
            true => self.scene.failed(&condition, domain)?,
            false => self.scene.met(&condition, domain)?,
        };
        Ok(conjunct.satisfying.get_or_init(|| things))
    }
}

fn possibly_equal(left: Expression, value: Value) -> Condition {
    // For intervals `A.x = B.y` means that the left lies within the right: whichever side is bound, what is
    // not disjoint is a candidate.
    let form =
        TestForm::Compare { possibly: true, comparison: Comparison::Equal, right: Expression::Value(value) };
    Condition::Test(Test { left, form, text: String::new() })
}

/// The parts that must all be met.
pub fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

/// The variables of a condition, ascending.
pub fn variables(condition: &Condition) -> Vec<usize> {
    let mut found = Vec::new();
    condition.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| {
            if let Start::Variable(at) = path.start {
                found.push(at);
            }
        });
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The link that a conjunct makes between two variables, if it is of that shape.
fn link(condition: &Condition) -> Option<Link> {
    let Condition::Test(Test { left: Expression::Path(left), form, .. }) = condition else { return None };
    let TestForm::Compare { possibly: false, comparison: Comparison::Equal, right: Expression::Path(right) } =
        form
    else {
        return None;
    };
    let (Start::Variable(from), Start::Variable(to)) = (left.start, right.start) else { return None };
    if from == to {
        return None;
    }
    match (&left.steps[..], &right.steps[..]) {
        ([step], []) => Some(Link { from, step: *step, to, other: None }),
        ([], [step]) => Some(Link { from: to, step: *step, to: from, other: None }),
        ([step], [other]) => Some(Link { from, step: *step, to, other: Some(*other) }),
        _ => None,
    }
}

/// A condition on a single variable, made one on variable 0.
pub fn on_first(condition: &Condition) -> Condition {
    let path = |path: &Path| match path.start {
        Start::Variable(_) => Path { start: Start::Variable(0), steps: path.steps.clone() },
        Start::Thing(_) => path.clone(),
    };
    map_paths(condition, &path)
}

fn map_paths(condition: &Condition, change: &dyn Fn(&Path) -> Path) -> Condition {
    let list = |parts: &[Condition]| parts.iter().map(|part| map_paths(part, change)).collect();
    match condition {
        Condition::All(parts) => Condition::All(list(parts)),
        Condition::Any(parts) => Condition::Any(list(parts)),
        Condition::Not(inner) => Condition::Not(Box::new(map_paths(inner, change))),
        Condition::Test(test) => {
            let form = match &test.form {
                TestForm::Compare { possibly, comparison, right } => TestForm::Compare {
                    possibly: *possibly,
                    comparison: *comparison,
                    right: map_expression(right, change),
                },
                TestForm::In(list) => {
                    TestForm::In(list.iter().map(|item| map_expression(item, change)).collect())
                }
                other => other.clone(),
            };
            Condition::Test(Test { left: map_expression(&test.left, change), form, text: test.text.clone() })
        }
    }
}

fn map_expression(expression: &Expression, change: &dyn Fn(&Path) -> Path) -> Expression {
    match expression {
        Expression::Path(path) => Expression::Path(change(path)),
        Expression::CountOf(path) => Expression::CountOf(change(path)),
        Expression::Binary { operator, left, right } => Expression::Binary {
            operator: *operator,
            left: Box::new(map_expression(left, change)),
            right: Box::new(map_expression(right, change)),
        },
        other => other.clone(),
    }
}

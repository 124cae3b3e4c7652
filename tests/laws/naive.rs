//! The naive evaluator: section 1 of the design, word by word, by loops over everything.

use crate::interval::Comparison;
use crate::world::{
    Attribute, Change, Claim, Condition, Expression, Form, Path, Period, Retraction, Step, Thing, Value,
    When, World,
};
use std::collections::BTreeMap;

/// What speaks for a condition and what against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub met: bool,
    pub failed: bool,
}

/// Which claims a question sees.
#[derive(Clone, Debug, Default)]
pub enum Scope {
    #[default]
    Standing,
    During(Period),
    Ever,
}

/// A statement that follows from a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub subject: Thing,
    pub attribute: Attribute,
    pub denied: bool,
    pub value: Value,
}

impl Fact {
    /// For yes/no, `!= yes` and `= no` are one statement.
    pub fn in_one_form(self) -> Fact {
        match self.value {
            Value::YesNo(yes) if self.denied => Fact { denied: false, value: Value::YesNo(!yes), ..self },
            _ => self,
        }
    }
}

/// Something said of one thing on one attribute, and the first and last year of which it is said.
#[derive(Clone, Debug)]
pub struct Said {
    pub denied: bool,
    pub value: Value,
    pub years: (i64, i64),
}

const ALWAYS: (i64, i64) = (i64::MIN, i64::MAX);

/// `in T` says when it was observed; `since` and `until` where it begins and ends.
pub fn years(when: &When) -> (i64, i64) {
    if let Some(observed) = &when.observed {
        return (observed.first, observed.last);
    }
    let first = when.since.as_ref().map_or(ALWAYS.0, |since| since.first);
    let last = when.until.as_ref().map_or(ALWAYS.1, |until| until.last);
    (first, last)
}

pub fn overlap(a: (i64, i64), b: (i64, i64)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

impl Scope {
    /// As it stands behind a question.
    pub fn words(&self) -> String {
        match self {
            Scope::Standing => String::new(),
            Scope::During(period) => format!(" in {}", period.words),
            Scope::Ever => " ever".to_string(),
        }
    }

    fn sees(&self, when: &When) -> bool {
        match self {
            Scope::Standing => when.until.is_none(),
            Scope::During(period) => overlap(years(when), (period.first, period.last)),
            Scope::Ever => true,
        }
    }
}

// ---- same claim or another --------------------------------------------------------------------------

/// The claims that stand after these changes.
pub fn standing(world: &World, changes: &[Change]) -> Vec<Claim> {
    standing_since(world, changes).into_iter().map(|(_, claim)| claim).collect()
}

/// The claims that stand after these changes, each with the change that made it.
pub fn standing_since(world: &World, changes: &[Change]) -> Vec<(usize, Claim)> {
    let mut claims = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        match change {
            Change::Assert(claim) => assert(world, &mut claims, at, claim.clone()),
            Change::Retract(retraction) => claims.retain(|(_, claim)| !matches(claim, retraction)),
        }
    }
    claims
}

fn assert(world: &World, claims: &mut Vec<(usize, Claim)>, at: usize, mut new: Claim) {
    // For yes/no, `!= yes` and `= no` are one statement.
    if let (true, Some(Value::YesNo(yes))) = (new.denied, &new.value) {
        new.value = Some(Value::YesNo(!yes));
        new.denied = false;
    }
    let many = world.attributes[new.attribute].many;
    let same_place = |old: &Claim| old.subject == new.subject && old.attribute == new.attribute;
    let same_origin = |old: &Claim| same_citations(old, &new) && old.when == new.when;
    let same_claim = |old: &Claim| old.value == new.value && old.denied == new.denied;
    let is_new = |old: &Claim| same_place(old) && same_origin(old) && same_claim(old);
    // To say the very same again changes nothing.
    if claims.iter().any(|(_, old)| is_new(old) && old.hedged == new.hedged) {
        return;
    }
    claims.retain(|(_, old)| {
        let gives_way = same_claim(old) || (!many && replaces(old, &new));
        !(same_place(old) && same_origin(old) && gives_way)
    });
    claims.push((at, new));
}

/// On a one-valued attribute a new claim replaces what it contradicts: it says another value, denies the
/// one that was said, says the one that was denied, or either of the two says nothing.
fn replaces(old: &Claim, new: &Claim) -> bool {
    match (&old.value, &new.value) {
        (Some(before), Some(now)) if old.denied || new.denied => old.denied != new.denied && before == now,
        _ => true,
    }
}

fn same_citations(a: &Claim, b: &Claim) -> bool {
    a.citations.iter().all(|citation| b.citations.contains(citation))
        && b.citations.iter().all(|citation| a.citations.contains(citation))
}

/// Whether a claim matches what is written in a retraction.
pub fn matches(claim: &Claim, retraction: &Retraction) -> bool {
    let statement = retraction.statement.as_ref().is_none_or(|(denied, value)| match value {
        Value::YesNo(yes) => claim.value == Some(Value::YesNo(*yes != *denied)),
        _ => claim.denied == *denied && claim.value.as_ref() == Some(value),
    });
    let cited = retraction.citation.as_ref().is_none_or(|wanted| {
        let is_meant = |citation: &crate::world::Citation| {
            citation.source == wanted.source
                && (wanted.via.is_none() || citation.via == wanted.via)
                && (wanted.locator.is_none() || citation.locator == wanted.locator)
        };
        claim.citations.iter().any(is_meant)
    });
    claim.subject == retraction.subject
        && retraction.attribute.is_none_or(|attribute| attribute == claim.attribute)
        && statement
        && cited
}

// ---- what is known ----------------------------------------------------------------------------------

/// What one question sees: the claims of its time, and what the patterns conclude from them.
pub struct Sight<'a> {
    pub world: &'a World,
    /// By the cell that they speak of.
    pub claims: BTreeMap<(Thing, Attribute), Vec<Claim>>,
    pub facts: BTreeMap<(Thing, Attribute), Vec<Fact>>,
    /// In a described case `not c` means that c is failed.
    pub described: bool,
}

impl<'a> Sight<'a> {
    /// What a question sees before any pattern has run.
    pub fn before_patterns(world: &'a World, claims: &[Claim], scope: &Scope) -> Sight<'a> {
        let mut sight = Sight::of_nothing(world);
        for claim in claims.iter().filter(|claim| scope.sees(&claim.when)) {
            let cell = (claim.subject, claim.attribute);
            sight.claims.entry(cell).or_default().push(claim.clone());
        }
        sight
    }

    pub fn of_nothing(world: &'a World) -> Sight<'a> {
        Sight { world, claims: BTreeMap::new(), facts: BTreeMap::new(), described: false }
    }

    /// Takes in what is concluded; `false` if it was known.
    pub fn add(&mut self, fact: Fact) -> bool {
        let facts = self.facts.entry((fact.subject, fact.attribute)).or_default();
        let is_new = !facts.contains(&fact);
        if is_new {
            facts.push(fact);
        }
        is_new
    }

    /// All that is said of a thing on an attribute.
    pub fn said(&self, subject: Thing, attribute: Attribute) -> Vec<Said> {
        let claimed = self.claims.get(&(subject, attribute)).into_iter().flatten().filter_map(|claim| {
            let value = claim.value.clone()?;
            Some(Said { denied: claim.denied, value, years: years(&claim.when) })
        });
        let concluded = self.facts.get(&(subject, attribute)).into_iter().flatten();
        let concluded =
            concluded.map(|fact| Said { denied: fact.denied, value: fact.value.clone(), years: ALWAYS });
        claimed.chain(concluded).collect()
    }

    /// The values that something supports, each once.
    pub fn supported(&self, subject: Thing, attribute: Attribute) -> Vec<Value> {
        let said = self.said(subject, attribute).into_iter().filter(|said| !said.denied);
        distinct(said.map(|said| said.value))
    }

    /// Support and denial of `attribute = value`.
    pub fn statement(&self, subject: Thing, attribute: Attribute, value: &Value) -> Truth {
        let said = self.said(subject, attribute);
        let supports: Vec<&Said> = said.iter().filter(|s| !s.denied && amounts_to(&s.value, value)).collect();
        let many = self.world.attributes[attribute].many;
        let denies = |s: &&Said| match s.denied {
            true => amounts_to(value, &s.value),
            false => !many && excludes(&s.value, value),
        };
        // Two claims conflict only if their times overlap.
        let in_time =
            |s: &Said| supports.is_empty() || supports.iter().any(|other| overlap(other.years, s.years));
        let failed = said.iter().filter(denies).any(in_time);
        Truth { met: !supports.is_empty(), failed }
    }

    /// Whether a statement of the cell denies this value, at a time at which it counts.
    pub fn denies(&self, fact: &Fact, value: &Value) -> bool {
        let said = self.said(fact.subject, fact.attribute);
        let supports: Vec<&Said> = said.iter().filter(|s| !s.denied && amounts_to(&s.value, value)).collect();
        let against = match fact.denied {
            true => amounts_to(value, &fact.value),
            false => !self.world.attributes[fact.attribute].many && excludes(&fact.value, value),
        };
        let in_time =
            |s: &Said| supports.is_empty() || supports.iter().any(|other| overlap(other.years, s.years));
        against && said.iter().any(|s| s.denied == fact.denied && s.value == fact.value && in_time(s))
    }

    /// The things that a step leads to, by support.
    fn step(&self, from: Thing, step: Step) -> Vec<Thing> {
        let refers = |thing: Thing| {
            let values = self.supported(thing, step.attribute);
            values.into_iter().filter_map(|value| match value {
                Value::Thing(thing) => Some(thing),
                _ => None,
            })
        };
        match step.inverse {
            false => refers(from).collect(),
            true => {
                let candidates = self.world.things_of(self.world.attributes[step.attribute].of);
                candidates.into_iter().filter(|thing| refers(*thing).any(|to| to == from)).collect()
            }
        }
    }

    fn walk(&self, from: Thing, steps: &[Step]) -> Vec<Thing> {
        let mut reached = vec![from];
        for step in steps {
            reached = distinct(reached.into_iter().flat_map(|thing| self.step(thing, *step)));
        }
        reached
    }

    pub fn values(&self, expression: &Expression, binding: &[Thing]) -> Vec<Value> {
        match expression {
            Expression::Value(value) => vec![value.clone()],
            Expression::Path(path) => self.path_values(path, binding),
            Expression::Count(path) => {
                let count = self.path_values(path, binding).len() as i64;
                vec![Value::Number(crate::interval::Interval::exactly(count), String::new())]
            }
            Expression::Plus(a, b) | Expression::Minus(a, b) => {
                let mut results = Vec::new();
                for left in self.values(a, binding) {
                    for right in self.values(b, binding) {
                        if let (Value::Number(x, _), Value::Number(y, _)) = (&left, &right) {
                            let is_sum = matches!(expression, Expression::Plus(..));
                            let result = if is_sum { x.plus(y) } else { x.minus(y) };
                            results.push(Value::Number(result, String::new()));
                        }
                    }
                }
                results
            }
        }
    }

    fn path_values(&self, path: &Path, binding: &[Thing]) -> Vec<Value> {
        let start = binding[path.variable];
        let Some((last, hops)) = path.steps.split_last() else { return vec![Value::Thing(start)] };
        let ends = self.walk(start, hops);
        distinct(ends.into_iter().flat_map(|thing| match last.inverse {
            true => self.step(thing, *last).into_iter().map(Value::Thing).collect(),
            false => self.supported(thing, last.attribute),
        }))
    }

    // ---- conditions ---------------------------------------------------------------------------------

    pub fn truth(&self, condition: &Condition, binding: &[Thing]) -> Truth {
        match condition {
            Condition::All(parts) => {
                let parts: Vec<Truth> = parts.iter().map(|part| self.truth(part, binding)).collect();
                Truth { met: parts.iter().all(|t| t.met), failed: parts.iter().any(|t| t.failed) }
            }
            Condition::Any(parts) => {
                let parts: Vec<Truth> = parts.iter().map(|part| self.truth(part, binding)).collect();
                Truth { met: parts.iter().any(|t| t.met), failed: parts.iter().all(|t| t.failed) }
            }
            Condition::Not(inner) => {
                let inner = self.truth(inner, binding);
                match self.described {
                    true => Truth { met: inner.failed, failed: inner.met },
                    false => Truth { met: !inner.met, failed: inner.met },
                }
            }
            Condition::Test(left, form) => self.test(left, form, binding),
        }
    }

    fn test(&self, left: &Expression, form: &Form, binding: &[Thing]) -> Truth {
        match (left, form) {
            (Expression::Path(path), _) if !path.steps.is_empty() => self.test_path(path, form, binding),
            (_, Form::Compare { possibly, comparison, right }) => {
                let mut truth = Truth::default();
                for left in self.values(left, binding) {
                    for right in self.values(right, binding) {
                        truth = either(truth, point_by_point(&left, *comparison, &right, *possibly));
                    }
                }
                truth
            }
            (_, Form::In(list)) => {
                let mut truth = Truth::default();
                for left in self.values(left, binding) {
                    let met = list.iter().any(|value| amounts_to(&left, value));
                    truth = either(truth, Truth { met, failed: !met });
                }
                truth
            }
            (_, Form::Known) => Truth { met: !self.values(left, binding).is_empty(), failed: false },
            (_, Form::Unknown) => {
                let met = self.values(left, binding).is_empty();
                Truth { met, failed: !met }
            }
        }
    }

    /// A test of the statements at the end of a path: of several ends, any may meet it and any may fail it.
    fn test_path(&self, path: &Path, form: &Form, binding: &[Thing]) -> Truth {
        let (last, hops) = path.steps.split_last().expect("a path with steps");
        let ends = self.walk(binding[path.variable], hops);
        if let Form::Known | Form::Unknown = form {
            let known = ends.iter().any(|end| self.is_known(*end, *last));
            return match form {
                Form::Known => Truth { met: known, failed: false },
                _ => Truth { met: !known, failed: known },
            };
        }
        let each = ends.into_iter().map(|end| match form {
            Form::Compare { possibly, comparison, right } => {
                let right = self.values(right, binding).into_iter();
                right
                    .map(|right| self.compare(end, *last, *comparison, &right, *possibly))
                    .fold(Truth::default(), either)
            }
            Form::In(list) => {
                let each: Vec<Truth> = list
                    .iter()
                    .map(|value| self.compare(end, *last, Comparison::Equal, value, false))
                    .collect();
                Truth { met: each.iter().any(|t| t.met), failed: each.iter().all(|t| t.failed) }
            }
            Form::Known | Form::Unknown => unreachable!("answered above"),
        });
        each.fold(Truth::default(), either)
    }

    fn is_known(&self, end: Thing, step: Step) -> bool {
        match step.inverse {
            true => !self.step(end, step).is_empty(),
            false => !self.said(end, step.attribute).is_empty(),
        }
    }

    fn compare(
        &self,
        end: Thing,
        step: Step,
        comparison: Comparison,
        right: &Value,
        possibly: bool,
    ) -> Truth {
        // For yes/no, `!= yes` and `= no` are one statement.
        if let (Comparison::Unequal, Value::YesNo(yes)) = (comparison, right) {
            return self.compare(end, step, Comparison::Equal, &Value::YesNo(!yes), possibly);
        }
        let equal = match (step.inverse, right) {
            (false, _) => self.statement(end, step.attribute, right),
            // The same statement, seen from its other end.
            (true, Value::Thing(referrer)) => self.statement(*referrer, step.attribute, &Value::Thing(end)),
            (true, _) => Truth::default(),
        };
        let plain = match comparison {
            Comparison::Equal => equal,
            Comparison::Unequal => Truth { met: equal.failed, failed: equal.met },
            _ => Truth::default(),
        };
        let is_ordering = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
        if step.inverse || !(is_ordering || possibly) {
            return plain;
        }
        let seen = self.supported(end, step.attribute);
        let points = seen.iter().map(|value| point_by_point(value, comparison, right, possibly));
        let points = points.fold(Truth::default(), either);
        match is_ordering {
            true => points,
            false => Truth { met: plain.met || points.met, failed: plain.failed },
        }
    }
}

fn either(a: Truth, b: Truth) -> Truth {
    Truth { met: a.met || b.met, failed: a.failed || b.failed }
}

pub fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// `= 10..15` means lies within.
pub fn amounts_to(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Number(a, _), Value::Number(b, _)) => a.lies_within(b),
        _ => value == wanted,
    }
}

/// Support for one value is denial of every other; for numbers, of every disjoint interval.
pub fn excludes(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Number(a, _), Value::Number(b, _)) => a.is_disjoint(b),
        _ => value != other,
    }
}

/// Met if every point satisfies the comparison (with `possibly`, if some does), failed if none does.
fn point_by_point(left: &Value, comparison: Comparison, right: &Value, possibly: bool) -> Truth {
    let (every, none) = match (left, right) {
        (Value::Number(a, _), Value::Number(b, _)) => a.compare(comparison, b),
        (Value::Choice(a, _), Value::Choice(b, _)) => {
            let holds = match comparison {
                Comparison::Equal => a == b,
                Comparison::Unequal => a != b,
                Comparison::Less => a < b,
                Comparison::LessOrEqual => a <= b,
                Comparison::Greater => a > b,
                Comparison::GreaterOrEqual => a >= b,
            };
            (holds, !holds)
        }
        _ => {
            let holds = (left == right) == (comparison == Comparison::Equal);
            (holds, !holds)
        }
    };
    Truth { met: every || (possibly && !none), failed: none }
}

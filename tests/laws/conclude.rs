//! What patterns conclude: strata, and in each of them every pattern on every binding until nothing changes.

use crate::naive::{Fact, Sight};
use crate::world::{
    Attribute, Concluded, Conclusion, Condition, Expression, Form, Path, Pattern, Thing, Value, World,
};

impl Sight<'_> {
    /// Adds all that the patterns conclude: stratum by stratum, each until nothing changes.
    pub fn conclude(&mut self, patterns: &[Pattern]) {
        self.conclude_but(patterns, None);
    }

    /// The same, but a fact that shall not be.
    pub fn conclude_but(&mut self, patterns: &[Pattern], barred: Option<&Fact>) {
        let levels = levels(self.world, patterns).expect("patterns that can be stratified");
        let highest = levels.iter().copied().max().unwrap_or(0);
        for level in 0..=highest {
            let mut rose = true;
            while rose {
                rose = false;
                for pattern in patterns {
                    rose |= self.run(pattern, barred, &|attribute| levels[attribute] == level);
                }
            }
        }
    }

    /// Whether a pattern concludes something new.
    fn run(&mut self, pattern: &Pattern, barred: Option<&Fact>, now: &dyn Fn(Attribute) -> bool) -> bool {
        let mut rose = false;
        if !pattern.conclusions.iter().any(|conclusion| now(conclusion.attribute)) {
            return false;
        }
        for binding in bindings(self.world, &pattern.variables) {
            if self.fires(pattern, &binding) {
                let facts = facts(pattern, &binding)
                    .into_iter()
                    .filter(|fact| now(fact.attribute) && Some(fact) != barred);
                facts.for_each(|fact| rose |= self.add(fact));
            }
        }
        rose
    }

    /// `when` concludes what it says; what `requires` fails denies it.
    pub fn fires(&self, pattern: &Pattern, binding: &[Thing]) -> bool {
        let truth = self.truth(&pattern.condition, binding);
        if pattern.necessary { truth.failed } else { truth.met }
    }

    /// The bindings with which a pattern concludes a fact, from all that is known.
    pub fn concluding(&self, pattern: &Pattern, fact: &Fact) -> Vec<Vec<Thing>> {
        if !pattern.conclusions.iter().any(|conclusion| conclusion.attribute == fact.attribute) {
            return Vec::new();
        }
        let mut bindings = bindings(self.world, &pattern.variables);
        bindings.retain(|binding| facts(pattern, binding).contains(fact) && self.fires(pattern, binding));
        bindings
    }
}

/// What a pattern says where it concludes.
pub fn facts(pattern: &Pattern, binding: &[Thing]) -> Vec<Fact> {
    let fact = |conclusion: &Conclusion| {
        let value = match &conclusion.value {
            Concluded::Value(value) => value.clone(),
            Concluded::Variable(at) => Value::Thing(binding[*at]),
        };
        let denied = conclusion.denied != pattern.necessary;
        let (subject, attribute) = (binding[conclusion.variable], conclusion.attribute);
        Fact { subject, attribute, denied, value }.in_one_form()
    };
    pattern.conclusions.iter().map(fact).collect()
}

/// Every way to give each variable a thing of its kind.
pub fn bindings(world: &World, variables: &[usize]) -> Vec<Vec<Thing>> {
    let mut ways = vec![Vec::new()];
    for kind in variables {
        let things = world.things_of(*kind);
        let longer = |way: &Vec<Thing>| {
            things.iter().map(|thing| way.iter().copied().chain([*thing]).collect()).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways
}

// ---- strata -----------------------------------------------------------------------------------------

/// The attributes that a condition reads; `true` where through `not`, `is unknown` or `count of`.
pub fn reads(condition: &Condition, negated: bool, found: &mut Vec<(Attribute, bool)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| reads(part, negated, found));
        }
        Condition::Not(inner) => reads(inner, true, found),
        Condition::Test(left, form) => {
            let negated = negated || matches!(form, Form::Unknown);
            read_by(left, negated, found);
            if let Form::Compare { right, .. } = form {
                read_by(right, negated, found);
            }
        }
    }
}

fn read_by(expression: &Expression, negated: bool, found: &mut Vec<(Attribute, bool)>) {
    match expression {
        Expression::Value(_) => {}
        Expression::Path(path) => found.extend(path.steps.iter().map(|step| (step.attribute, negated))),
        Expression::Count(path) => found.extend(path.steps.iter().map(|step| (step.attribute, true))),
        Expression::Plus(a, b) | Expression::Minus(a, b) => {
            read_by(a, negated, found);
            read_by(b, negated, found);
        }
    }
}

/// The paths that a condition compares with constants, each with the constant.
pub fn constants(condition: &Condition) -> Vec<(Path, Value)> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(constants).collect(),
        Condition::Not(inner) => constants(inner),
        Condition::Test(Expression::Path(path), Form::Compare { right: Expression::Value(value), .. }) => {
            vec![(path.clone(), value.clone())]
        }
        Condition::Test(Expression::Path(path), Form::In(values)) => {
            values.iter().map(|value| (path.clone(), value.clone())).collect()
        }
        Condition::Test(..) => Vec::new(),
    }
}

/// The level at which each attribute is complete, `None` if there is a cycle through `not`, `is unknown`
/// or `count of`: then levels rise without end.
pub fn levels(world: &World, patterns: &[Pattern]) -> Option<Vec<usize>> {
    let mut levels = vec![0; world.attributes.len()];
    loop {
        let mut rose = false;
        for pattern in patterns {
            let mut read = Vec::new();
            reads(&pattern.condition, false, &mut read);
            for conclusion in &pattern.conclusions {
                for (attribute, negated) in &read {
                    let least = levels[*attribute] + usize::from(*negated);
                    if levels[conclusion.attribute] < least {
                        levels[conclusion.attribute] = least;
                        rose = true;
                    }
                }
            }
        }
        if levels.iter().any(|level| *level > world.attributes.len()) {
            return None;
        }
        if !rose {
            return Some(levels);
        }
    }
}

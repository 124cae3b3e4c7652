//! Running patterns: stratum by stratum, and within a stratum semi-naively, until nothing new follows.

use super::derived::Fact;
use super::eval::Binding;
use super::join::Join;
use super::scene::Scene;
use super::strata::{concludes, reads, stratify};
use crate::error::Result;
use crate::model::{
    AttributeId, Comparison, Expression, Pattern, Rule, Start, Step, Term, TestForm, ThingId, Value,
};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Runs these patterns for all things of `scene` until nothing new follows.
///
/// # Errors
/// If the patterns cannot be stratified, or the budget is spent.
pub fn conclude(scene: &mut Scene, patterns: &[Arc<Pattern>]) -> Result<()> {
    for stratum in stratify(patterns, scene.vocabulary())? {
        let own: FxHashSet<AttributeId> = stratum.iter().flat_map(|pattern| concludes(pattern)).collect();
        let mut fresh = Vec::new();
        for pattern in &stratum {
            fire(scene, pattern, &mut fresh)?;
        }
        let recursive: Vec<&Arc<Pattern>> = stratum
            .iter()
            .filter(|pattern| reads(pattern).iter().any(|(read, _)| own.contains(read)))
            .collect();
        loop {
            scene.budget.spend(fresh.len() as u64)?;
            let delta = scene.concluded.add(fresh);
            if delta.is_empty() || recursive.is_empty() {
                break;
            }
            fresh = Vec::new();
            for pattern in &recursive {
                match seeds(pattern, &own) {
                    Some(seeds) => fire_from(scene, pattern, &seeds, &delta, &mut fresh)?,
                    None => fire(scene, pattern, &mut fresh)?,
                }
            }
        }
    }
    Ok(())
}

/// All that a pattern concludes from what is known now.
fn fire(scene: &Scene, pattern: &Pattern, facts: &mut Vec<Fact>) -> Result<()> {
    if let [variable] = &pattern.variables[..] {
        let domain = scene.snapshot.members(variable.kind);
        let things = match &pattern.rule {
            Rule::Sufficient { when, .. } => scene.met(when, &domain)?,
            Rule::Necessary { requires, .. } => scene.failed(requires, &domain)?,
        };
        for thing in things {
            scene.budget.spend(1)?;
            add_conclusions(pattern, &[Some(ThingId(thing))], facts);
        }
        return Ok(());
    }
    let mut binding = vec![None; pattern.variables.len()];
    Join::new(scene, pattern, &[]).each(&mut binding, &mut |binding| {
        add_conclusions(pattern, binding, facts);
        scene.budget.spend(1)
    })
}

/// What a pattern concludes with this binding.
pub fn add_conclusions(pattern: &Pattern, binding: &Binding, facts: &mut Vec<Fact>) {
    for (conclusion, denied) in pattern.conclusions() {
        let value = match &conclusion.value {
            Term::Value(value) => Some(value.clone()),
            Term::Variable(at) => binding[*at].map(Value::Thing),
        };
        if let (Some(thing), Some(value)) = (binding[conclusion.variable], value) {
            facts.push(Fact::new(thing, conclusion.attribute, value, denied));
        }
    }
}

/// Where a new fact enters a pattern: `variable.attribute`, and the variable that takes its value.
struct Seed {
    attribute: AttributeId,
    variable: usize,
    value: Option<usize>,
}

/// Where the stratum's own conclusions enter a pattern; `None` if some enter in a way that a single new
/// fact cannot be followed from (through a longer path, or what a necessary pattern requires of several
/// variables).
fn seeds(pattern: &Pattern, own: &FxHashSet<AttributeId>) -> Option<Vec<Seed>> {
    let mut seeds = Vec::new();
    let mut followable = true;
    pattern.condition().each_test(&mut |test, _| {
        // What is required fails for the other values of a new fact, too: only what is to be met follows it.
        let to_be_met = matches!(pattern.rule, Rule::Sufficient { .. });
        let value = match &test.form {
            TestForm::Compare {
                possibly: false,
                comparison: Comparison::Equal,
                right: Expression::Path(right),
            } => match (right.start, right.steps.is_empty()) {
                (Start::Variable(at), true) => Some(at),
                _ => None,
            },
            _ => None,
        };
        test.each_path(&mut |path, _| {
            if !path.steps.iter().any(|step| own.contains(&step.attribute)) {
                return;
            }
            match (path.start, &path.steps[..]) {
                (Start::Variable(variable), [Step { attribute, inverse: false }]) => {
                    let is_left = matches!(&test.left, Expression::Path(left) if left == path);
                    seeds.push(Seed {
                        attribute: *attribute,
                        variable,
                        value: value.filter(|_| is_left && to_be_met),
                    });
                }
                _ => followable = false,
            }
        });
    });
    followable.then_some(seeds)
}

/// What a pattern concludes with the help of at least one new fact.
fn fire_from(
    scene: &Scene,
    pattern: &Pattern,
    seeds: &[Seed],
    delta: &[Fact],
    facts: &mut Vec<Fact>,
) -> Result<()> {
    let join = Join::new(scene, pattern, &[]);
    for seed in seeds {
        for fact in delta.iter().filter(|fact| fact.attribute == seed.attribute) {
            let mut binding = vec![None; pattern.variables.len()];
            binding[seed.variable] = Some(fact.thing);
            if let (Some(at), Value::Thing(target), false) = (seed.value, &fact.value, fact.denied)
                && at != seed.variable
            {
                binding[at] = Some(*target);
            }
            join.each(&mut binding, &mut |binding| {
                add_conclusions(pattern, binding, facts);
                scene.budget.spend(1)
            })?;
        }
    }
    Ok(())
}

//! `why not`: which patterns could conclude it, how near each of them is, what stands against it, and the fewest
//! claims that would bring it about.

use super::argue::{Arguer, decided, decisive, reason, unsaid};
use super::change_sets::{self, ChangeSets};
use super::derived::Fact;
use super::eval::Binding;
use super::join::{Join, conjuncts};
use super::proof::Instance;
use super::scene::Scene;
use super::why;
use crate::answer::{Answer, Proof, Reason, Standing};
use crate::error::Result;
use crate::model::{
    AttributeId, Condition, Expression, Pattern, Rule, Step, Term, Test, TestForm, ThingId, Value,
};
use std::sync::Arc;

/// Of one pattern so many instances are looked at, the first ones found with a single premise left out.
const MOST_NEAR: usize = 16;
/// So many tests are named that no pattern concludes.
const MOST_NOTES: usize = 8;

/// Answers `why not`.
pub fn answer(scene: &Scene, condition: &Condition) -> Result<Answer> {
    let text = condition.text();
    if scene.truth(condition, &[])?.met {
        let of = crate::model::question::Argued::Condition(condition.clone());
        let mut answer = why::answer(scene, &crate::model::question::Why { of, all: false })?;
        answer.note(format!("`{text}` does hold: this is why"));
        return Ok(answer);
    }
    let arguer = Arguer::new(scene);
    let words = || "look which patterns are near, and what stands against it".to_string();
    let count = |nearest: &Nearest| (nearest.patterns.len() + nearest.against.len()) as u64;
    let Nearest { patterns, against, missing } =
        scene.step(words, None, count, || Nearest::of(&arguer, condition))?;
    let words = || "try sets of claims, the smallest first".to_string();
    let tried = |sets: &ChangeSets| sets.looked_at as u64;
    let sets = match missing.is_empty() || !is_hopeless(condition, &missing) {
        true => Some(scene.step(words, None, tried, || change_sets::search(scene, condition))?),
        false => None,
    };
    let changes = sets.iter().flat_map(|found| &found.sets).take(change_sets::MOST_SHOWN);
    let changes = changes.map(|(statements, standing)| Proof {
        statement: text.clone(),
        reason: Reason::Change(statements.clone()),
        standing: *standing,
        ..Proof::default()
    });
    let changes: Vec<Proof> = changes.collect();
    let whole = match condition {
        Condition::Test(_) => None,
        _ => Some(judged_as_a_whole(&arguer, condition)?),
    };
    let proofs = whole.into_iter().chain(patterns).chain(changes).chain(against);
    let mut answer = arguer.argued(proofs.collect());
    match sets {
        Some(sets) => note_on_sets(&sets, &mut answer),
        None => missing.iter().take(MOST_NOTES).for_each(|test| {
            answer.note(format!("no pattern concludes `{test}`: a claim would have to say so"));
        }),
    }
    Ok(answer)
}

/// A condition of several parts, each with what became of it.
fn judged_as_a_whole(arguer: &Arguer, condition: &Condition) -> Result<Proof> {
    let truth = arguer.scene.truth(condition, &[])?;
    let Judged { needs, premises } = judge(arguer, condition, &[], false)?;
    Ok(Proof {
        statement: condition.text(),
        standing: Standing::of(truth.met, truth.failed),
        needs,
        premises,
        ..Proof::default()
    })
}

/// Whether claims about anything but what is tested cannot make a condition met, since no pattern concludes
/// `missing`.
fn is_hopeless(condition: &Condition, missing: &[String]) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(|part| is_hopeless(part, missing)),
        Condition::Any(parts) => parts.iter().all(|part| is_hopeless(part, missing)),
        Condition::Not(_) => false,
        Condition::Test(test) => missing.contains(&test.text),
    }
}

fn note_on_sets(sets: &ChangeSets, answer: &mut Answer) {
    let (most, shown) = (change_sets::MOST_CLAIMS, change_sets::MOST_SHOWN);
    let size = sets.sets.first().map_or(0, |(claims, _)| claims.len());
    match (sets.sets.len(), sets.is_complete) {
        (0, true) => answer.note(format!("no set of at most {most} claims about the case itself would bring it about")),
        (0, false) => answer.note(format!(
            "{} sets of claims about the case were tried and none brings it about; not all of at most {most} were tried",
            sets.looked_at
        )),
        (found, true) if found > shown => {
            answer.note(format!("{found} sets of {size} claims would bring it about; {shown} are shown"));
        }
        (found, false) => answer.note(format!(
            "{found} sets of {size} claims were found that would bring it about; not all of this size were tried"
        )),
        _ => {}
    }
    if sets.is_narrowed {
        answer.note(
            "references to kinds of many things were tried only to things that the question or the patterns name",
        );
    }
}

/// What is near to what is asked for, and what stands against it.
struct Nearest {
    /// By how much they lack.
    patterns: Vec<Proof>,
    against: Vec<Proof>,
    /// The tests that no pattern concludes: claims about anything else do not help there.
    missing: Vec<String>,
}

impl Nearest {
    fn of(arguer: &Arguer, condition: &Condition) -> Result<Nearest> {
        let mut nearest = Nearest { patterns: Vec::new(), against: Vec::new(), missing: Vec::new() };
        for test in unmet_from_the_other_end(arguer.scene, condition)? {
            nearest.missing.push(test.text.clone());
            if arguer.scene.test(test, &[])?.failed {
                let mut nodes = arguer.of_test(test, &[], true, 0)?;
                for premise in nodes.iter_mut().filter_map(|node| node.premise.as_mut()) {
                    premise.holds = false;
                }
                nearest.against.extend(nodes);
            }
        }
        for target in targets(arguer.scene, condition)? {
            let found = could_conclude(arguer, &target)?;
            if found.is_empty() && target.is_single_cell() {
                nearest.missing.push(target.test.text.clone());
            }
            nearest.patterns.extend(found);
            nearest.patterns.extend(requirements(arguer, &target)?);
            match arguer.scene.test(target.test, &[])?.failed {
                true => nearest.against.extend(stands_against(arguer, &target)?),
                // What is said all the same, or which source does not say.
                false => {
                    let said = arguer.undecided(target.test, &[], false, 0)?;
                    nearest.against.extend(said.into_iter().filter(|node| !node.is_empty()));
                }
            }
        }
        nearest.patterns.sort_by_key(|proof| proof.needs.len());
        Ok(nearest)
    }
}

/// A test that is not met, and a cell that decides it.
struct Target<'c> {
    test: &'c Test,
    cell: (ThingId, AttributeId),
}

impl Target<'_> {
    /// Whether the test reads this cell alone, and is met by what is said of it.
    fn is_single_cell(&self) -> bool {
        let Expression::Path(path) = &self.test.left else { return false };
        path.steps.len() == 1 && !matches!(self.test.form, TestForm::Unknown)
    }
}

/// The tests that are not met and read a reference from its other end, which no pattern concludes.
fn unmet_from_the_other_end<'c>(scene: &Scene, condition: &'c Condition) -> Result<Vec<&'c Test>> {
    let mut tests = Vec::new();
    condition.each_test(&mut |test, negated| {
        let Expression::Path(path) = &test.left else { return };
        let is_concluded = |step: &Step| scene.is_concluded(step.attribute);
        if let [step] = &path.steps[..]
            && step.inverse
            && !negated
            && !is_concluded(step)
        {
            tests.push(test);
        }
    });
    let mut unmet = Vec::new();
    for test in tests {
        if !scene.test(test, &[])?.met {
            unmet.push(test);
        }
    }
    Ok(unmet)
}

fn targets<'c>(scene: &Scene, condition: &'c Condition) -> Result<Vec<Target<'c>>> {
    let mut tests = Vec::new();
    condition.each_test(&mut |test, negated| {
        if !negated {
            tests.push(test);
        }
    });
    let mut targets = Vec::new();
    for test in tests {
        if scene.test(test, &[])?.met {
            continue;
        }
        for cell in scene.cells_tested(test, &[])? {
            targets.push(Target { test, cell });
        }
    }
    Ok(targets)
}

// ---- what could conclude it ---------------------------------------------------------------------------

/// The patterns that could conclude what a test asks, each with what it still needs.
fn could_conclude(arguer: &Arguer, target: &Target) -> Result<Vec<Proof>> {
    let scene = arguer.scene;
    let (thing, attribute) = target.cell;
    let mut found = Vec::new();
    for pattern in scene.patterns_concluding(attribute) {
        let (condition, failed) = decisive(pattern);
        for (conclusion, denied) in pattern.conclusions() {
            if conclusion.attribute != attribute {
                continue;
            }
            for (value, seed) in concluding_values(scene, pattern, conclusion, denied, target)? {
                let mut judged = Vec::new();
                for binding in near_bindings(scene, pattern, seed)? {
                    judged.push((judge(arguer, condition, &binding, failed)?, binding));
                }
                judged.sort_by_key(|(judged, _)| judged.needs.len());
                let nearest = judged.first().map_or(0, |(judged, _)| judged.needs.len());
                judged.retain(|(judged, _)| judged.needs.len() == nearest);
                for (judged, binding) in judged {
                    let fact = Fact::new(thing, attribute, value.clone(), denied);
                    found.push(would_conclude(arguer, pattern, &binding, &fact, judged)?);
                }
            }
        }
    }
    Ok(found)
}

/// The values that a conclusion may have so that it decides the test, each with the binding it takes.
fn concluding_values(
    scene: &Scene,
    pattern: &Pattern,
    conclusion: &crate::model::pattern::Conclusion,
    denied: bool,
    target: &Target,
) -> Result<Vec<(Value, Vec<Option<ThingId>>)>> {
    let (thing, attribute) = target.cell;
    let mut seed = vec![None; pattern.variables.len()];
    if !scene.snapshot.members(pattern.variables[conclusion.variable].kind).contains(thing.0) {
        return Ok(Vec::new());
    }
    seed[conclusion.variable] = Some(thing);
    let candidates: Vec<Value> = match &conclusion.value {
        Term::Value(value) => vec![value.clone()],
        Term::Variable(_) => right_values(scene, target.test)?,
    };
    let mut values = Vec::new();
    for value in candidates {
        let mut seed = seed.clone();
        if let (Term::Variable(at), Value::Thing(named)) = (&conclusion.value, &value) {
            if seed[*at].is_some_and(|bound| bound != *named) {
                continue;
            }
            seed[*at] = Some(*named);
        }
        if scene.would_meet(attribute, &value, denied, target.test)? {
            values.push((value, seed));
        }
    }
    Ok(values)
}

/// The values at the right of a test.
fn right_values(scene: &Scene, test: &Test) -> Result<Vec<Value>> {
    let expressions: &[Expression] = match &test.form {
        TestForm::Compare { right, .. } => std::slice::from_ref(right),
        TestForm::In(list) => list,
        TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => &[],
    };
    let mut values = Vec::new();
    for expression in expressions {
        values.extend(scene.values(expression, &[])?.into_iter().map(|(value, _)| value));
    }
    Ok(values)
}

/// Bindings of the other variables of which all parts of the condition hold but one; if there are none, the
/// variables stay open.
fn near_bindings(
    scene: &Scene,
    pattern: &Pattern,
    seed: Vec<Option<ThingId>>,
) -> Result<Vec<Vec<Option<ThingId>>>> {
    if seed.iter().all(Option::is_some) {
        return Ok(vec![seed]);
    }
    let mut near: Vec<Vec<Option<ThingId>>> = Vec::new();
    for left_out in 0..conjuncts(pattern.condition()).len() {
        let mut binding = seed.clone();
        Join::leaving_out(scene, pattern, left_out).each_until(&mut binding, &mut |binding| {
            scene.budget.spend(1)?;
            if !near.iter().any(|known| known == binding) {
                near.push(binding.to_vec());
            }
            Ok(near.len() < MOST_NEAR)
        })?;
    }
    if near.is_empty() {
        near.push(seed);
    }
    Ok(near)
}

fn would_conclude(
    arguer: &Arguer,
    pattern: &Arc<Pattern>,
    binding: &Binding,
    fact: &Fact,
    judged: Judged,
) -> Result<Proof> {
    let scene = arguer.scene;
    let stated = arguer.stated(fact)?;
    Ok(Proof {
        reason: reason(pattern),
        sources: pattern.evidence.citations.iter().map(|citation| scene.source(citation)).collect(),
        remark: bound(scene, pattern, binding),
        needs: judged.needs,
        premises: judged.premises,
        ..stated
    })
}

/// Which things the variables stand for, where a pattern has several.
fn bound(scene: &Scene, pattern: &Pattern, binding: &Binding) -> Option<String> {
    if pattern.variables.len() < 2 {
        return None;
    }
    let named = pattern.variables.iter().zip(binding).filter_map(|(variable, thing)| {
        Some(format!("{} is {}", variable.name.as_ref()?, scene.snapshot.things().name((*thing)?)))
    });
    Some(named.collect::<Vec<_>>().join(", "))
}

/// The necessary patterns whose conclusion the test asks for, where what they require is open. (Where it fails,
/// the pattern stands against it, and is listed there.)
fn requirements(arguer: &Arguer, target: &Target) -> Result<Vec<Proof>> {
    let scene = arguer.scene;
    let (thing, attribute) = target.cell;
    let mut required = Vec::new();
    for pattern in scene.patterns_concluding(attribute) {
        let Rule::Necessary { conclusion, requires } = &pattern.rule else { continue };
        let Term::Value(value) = &conclusion.value else { continue };
        if !scene.would_meet(attribute, value, conclusion.denied, target.test)? {
            continue;
        }
        let mut binding = vec![None; pattern.variables.len()];
        binding[conclusion.variable] = Some(thing);
        let truth = scene.truth(requires, &binding)?;
        if truth.met || truth.failed {
            continue;
        }
        let judged = judge(arguer, requires, &binding, false)?;
        let fact = Fact::new(thing, attribute, value.clone(), conclusion.denied);
        let proof = would_conclude(arguer, pattern, &binding, &fact, judged)?;
        let remark = Some("necessary, and not enough by itself".to_string());
        required.push(Proof { remark, requires: true, ..proof });
    }
    Ok(required)
}

// ---- what stands against it ---------------------------------------------------------------------------

/// Each claim and each pattern that denies what a test asks; a pattern with what would take it away.
fn stands_against(arguer: &Arguer, target: &Target) -> Result<Vec<Proof>> {
    let scene = arguer.scene;
    let mut against = Vec::new();
    for set in scene.alternatives_of_test(target.test, &[], true)? {
        let Some(ground) = set.last().and_then(|rests| rests.grounds.first()) else { continue };
        let truth = scene.test(target.test, &[])?;
        let premise = decided(&target.test.text, truth, false);
        if ground.claimed {
            against.push(Proof { premise: Some(premise.clone()), ..arguer.by_ground(ground, 0)? });
        }
        if !ground.concluded {
            continue;
        }
        for instance in scene.instances(&ground.fact)? {
            let proof = arguer.by_instance(&ground.fact, &instance, 0)?;
            let lifted = lifted_by(arguer, &instance, &proof)?;
            let premise = Some(premise.clone());
            against.push(Proof { premise, needs: lifted.needs, premises: lifted.premises, ..proof });
        }
    }
    Ok(against)
}

/// What would have to be otherwise so that an instance no longer denies. Of what is required, every part.
fn lifted_by(arguer: &Arguer, instance: &Instance, proof: &Proof) -> Result<Judged> {
    match &instance.pattern.rule {
        Rule::Necessary { requires, .. } => {
            let mut lifted = Judged { needs: Vec::new(), premises: Vec::new() };
            for part in conjuncts(requires) {
                let truth = arguer.scene.truth(part, &instance.binding)?;
                if !truth.failed {
                    // What is open does not stand against it.
                    lifted.premises.extend(judge(arguer, part, &instance.binding, false)?.premises);
                    continue;
                }
                // What is contested fails as well, and so is in the way.
                let mut failing = arguer.premises_of(part, &instance.binding, true, 1)?;
                for node in failing.iter_mut().filter_map(|node| node.premise.as_mut()) {
                    node.holds = false;
                }
                lifted.needs.push(part.text());
                lifted.premises.extend(failing);
            }
            Ok(lifted)
        }
        Rule::Sufficient { when, .. } => {
            let need = match &conjuncts(when)[..] {
                [only] => format!("not {}", only.text()),
                _ => format!("not ({})", when.text()),
            };
            Ok(Judged { needs: vec![need], premises: proof.premises.clone() })
        }
    }
}

// ---- premises -----------------------------------------------------------------------------------------

/// How a condition stands to what is wanted of it: every premise, and what is missing.
struct Judged {
    needs: Vec<String>,
    premises: Vec<Proof>,
}

/// Judges a condition that is wanted to be met (or failed); of alternatives, the nearest.
fn judge(arguer: &Arguer, condition: &Condition, binding: &Binding, failed: bool) -> Result<Judged> {
    match (condition, failed) {
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            let mut all = Judged { needs: Vec::new(), premises: Vec::new() };
            for part in parts {
                let part = judge(arguer, part, binding, failed)?;
                all.needs.extend(part.needs);
                all.premises.extend(part.premises);
            }
            Ok(all)
        }
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            let mut judged = Vec::new();
            for part in parts {
                judged.push(judge(arguer, part, binding, failed)?);
            }
            if judged.iter().any(|part| part.needs.is_empty()) {
                judged.retain(|part| part.needs.is_empty());
                return Ok(judged.swap_remove(0));
            }
            // Any of them would do: it is one need, of which every alternative is shown.
            let premises = judged.into_iter().flat_map(|part| part.premises).collect();
            let needs = match failed {
                true => format!("not ({})", condition.text()),
                false => condition.text(),
            };
            Ok(Judged { needs: vec![needs], premises })
        }
        (Condition::Not(inner), true) => judge(arguer, inner, binding, false),
        (Condition::Not(inner), false) if arguer.scene.strict_not => judge(arguer, inner, binding, true),
        (Condition::Not(inner), false) => {
            let truth = arguer.scene.truth(condition, binding)?;
            if truth.met {
                return Ok(Judged {
                    needs: Vec::new(),
                    premises: vec![unsaid(&condition.text(), truth, false)],
                });
            }
            // What is said for the inner condition is what fails it.
            let mut premises = arguer.premises_of(inner, binding, false, 1)?;
            for premise in &mut premises {
                premise.premise = Some(decided(&condition.text(), truth, false));
            }
            Ok(Judged { needs: vec![condition.text()], premises })
        }
        (Condition::Test(test), _) => judge_test(arguer, test, binding, failed),
    }
}

fn judge_test(arguer: &Arguer, test: &Test, binding: &Binding, failed: bool) -> Result<Judged> {
    let truth = arguer.scene.test(test, binding)?;
    let (holds, speaks_against) = if failed { (truth.failed, truth.met) } else { (truth.met, truth.failed) };
    let of_side = |side: bool| arguer.premises_of(&Condition::Test(test.clone()), binding, side, 1);
    if holds {
        return Ok(Judged { needs: Vec::new(), premises: of_side(failed)? });
    }
    let mut premises = match speaks_against {
        true => of_side(!failed)?,
        false => arguer.undecided(test, binding, failed, 1)?,
    };
    for premise in &mut premises {
        premise.premise = Some(decided(&test.text, truth, failed));
    }
    let need = if failed { format!("not {}", test.text) } else { test.text.clone() };
    Ok(Judged { needs: vec![need], premises })
}

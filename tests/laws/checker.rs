//! Checks proofs without having made them: each step must follow from what stands below it, and what stands at
//! the bottom must be claimed.

use crate::conclude::{bindings, facts};
use crate::generate;
use crate::interval::{End, Interval};
use crate::naive::{Fact, Sight, Truth};
use crate::world::{
    Attribute, Citation, Claim, Condition, Expression, Form, Pattern, Thing, Type, Value, World,
};
use casebook::answer::{Marks, Premise, Proof, Reason, Verdict};
use casebook::{Source, Standing};
use std::collections::HashMap;

// ---- reading statements -----------------------------------------------------------------------------

/// Reads `c1.capital != weak`.
pub fn read(world: &World, statement: &str) -> Option<Fact> {
    let (path, rest) = statement.split_once(' ')?;
    let (sign, words) = rest.split_once(' ')?;
    let (subject, name) = path.split_once('.')?;
    let subject = world.things.iter().position(|thing| thing.name == subject)?;
    let kind = world.things[subject].kind;
    let attribute = world.attributes.iter().position(|a| a.of == kind && a.name == name)?;
    let value = read_value(world, attribute, words)?;
    Some(Fact { subject, attribute, denied: sign == "!=", value })
}

fn read_value(world: &World, attribute: Attribute, words: &str) -> Option<Value> {
    Some(match &world.attributes[attribute].takes {
        Type::OneOf(names) | Type::Scale(names) => {
            let at = names.iter().position(|name| *name == words)?;
            Value::Choice(at, names[at])
        }
        Type::YesNo => Value::YesNo(words == "yes"),
        Type::Number | Type::Year => Value::Number(read_number(words)?, words.to_string()),
        Type::Reference(kind) => {
            let is_it =
                |thing: &Thing| world.things[*thing].kind == *kind && world.things[*thing].name == words;
            Value::Thing((0..world.things.len()).find(is_it)?)
        }
    })
}

fn read_number(words: &str) -> Option<Interval> {
    let whole = |text: &str| text.trim().parse::<i64>().ok();
    let end = |text: &str, open| Some(End { at: whole(text)?, open });
    if let Some(about) = words.strip_prefix("about ") {
        let at = whole(about)?;
        return Some(Interval::between(at - at / 10, at + at / 10));
    }
    for (part, first, last) in [("early ", 0, 3), ("mid ", 4, 6), ("late ", 7, 9)] {
        if let Some(decade) = words.strip_prefix(part) {
            let decade = whole(decade.strip_suffix('s')?)?;
            return Some(Interval::between(decade + first, decade + last));
        }
    }
    match words.split_once(' ') {
        Some((">", at)) => Some(Interval::new(Some(end(at, true)?), None)),
        Some((">=", at)) => Some(Interval::new(Some(end(at, false)?), None)),
        Some(("<", at)) => Some(Interval::new(None, Some(end(at, true)?))),
        Some(("<=", at)) => Some(Interval::new(None, Some(end(at, false)?))),
        _ => match words.split_once("..") {
            Some((low, high)) => Some(Interval::between(whole(low)?, whole(high)?)),
            None => whole(words).map(Interval::exactly),
        },
    }
}

// ---- steps ------------------------------------------------------------------------------------------

/// What a step comes to, given what stands below it.
#[derive(Clone, Copy)]
struct Step {
    marks: Marks,
    /// So many statements does it take, itself included, where none is left out as shown above.
    size: usize,
}

pub struct Checker<'a> {
    sight: &'a Sight<'a>,
    /// All claims by name.
    claims: &'a [(String, Claim)],
    /// Conclusions that have been shown with their premises.
    shown: HashMap<String, Step>,
}

type Checked<T> = Result<T, String>;

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Checked<()> {
    if holds { Ok(()) } else { Err(what()) }
}

impl<'a> Checker<'a> {
    pub fn new(sight: &'a Sight<'a>, claims: &'a [(String, Claim)]) -> Checker<'a> {
        Checker { sight, claims, shown: HashMap::new() }
    }

    /// The size of a proof that follows from what is claimed, or what is wrong with it.
    pub fn check(&mut self, proof: &Proof) -> Checked<usize> {
        self.step(proof, &[]).map(|step| step.size).map_err(|wrong| format!("{wrong}\nin {proof:#?}"))
    }

    fn step(&mut self, proof: &Proof, above: &[&Fact]) -> Checked<Step> {
        ensure(proof.needs.is_empty(), || format!("a proof needs {:?}", proof.needs))?;
        if proof.statement.is_empty() {
            return self.unsaid(proof);
        }
        let fact = self.read(&proof.statement)?;
        ensure(!above.contains(&&fact), || format!("`{}` rests on itself", proof.statement))?;
        let standing = standing(self.sight.statement(fact.subject, fact.attribute, &fact.value));
        ensure(proof.standing == standing, || {
            format!("`{}` is {standing:?}, not {:?}", proof.statement, proof.standing)
        })?;
        match &proof.reason {
            Reason::Claim(name) => self.by_claim(proof, &fact, name),
            Reason::Pattern { name, .. } => self.by_pattern(proof, &fact, name, above),
            other => Err(format!("`{}` is said by {other:?}", proof.statement)),
        }
    }

    fn read(&self, statement: &str) -> Checked<Fact> {
        read(self.sight.world, statement).ok_or_else(|| format!("no statement: `{statement}`"))
    }

    /// A premise that rests on no statement.
    fn unsaid(&self, proof: &Proof) -> Checked<Step> {
        let is_bare = proof.reason == Reason::Nothing && proof.premises.is_empty();
        ensure(is_bare && proof.premise.is_some(), || "a step says nothing".to_string())?;
        ensure(proof.marks == Marks::default(), || "what is not said is marked".to_string())?;
        Ok(Step { marks: Marks::default(), size: 0 })
    }

    fn by_claim(&self, proof: &Proof, fact: &Fact, name: &str) -> Checked<Step> {
        let (_, claim) =
            self.claims.iter().find(|(known, _)| known == name).ok_or_else(|| format!("no claim {name}"))?;
        let seen = self.sight.claims.get(&(claim.subject, claim.attribute)).into_iter().flatten();
        ensure(seen.into_iter().any(|seen| seen == claim), || format!("claim {name} is out of sight"))?;
        let says = claim.value.clone().map(|value| Fact {
            subject: claim.subject,
            attribute: claim.attribute,
            denied: claim.denied,
            value,
        });
        ensure(says.as_ref() == Some(fact), || format!("claim {name} does not say `{}`", proof.statement))?;
        ensure(cites(proof, &claim.citations), || format!("claim {name} cites {:?}", claim.citations))?;
        let is_dated = claim.when != Default::default();
        ensure(proof.when.is_some() == is_dated, || format!("claim {name} is dated: {is_dated}"))?;
        ensure(proof.premises.is_empty(), || format!("claim {name} rests on something"))?;
        let marks = Marks { hedged: claim.hedged, ..Marks::default() };
        ensure(proof.marks == marks, || format!("claim {name} is marked {:?}", proof.marks))?;
        Ok(Step { marks, size: 1 })
    }

    fn by_pattern(&mut self, proof: &Proof, fact: &Fact, name: &str, above: &[&Fact]) -> Checked<Step> {
        let sight = self.sight;
        let pattern = sight.world.patterns.iter().find(|pattern| pattern.name == name);
        let pattern = pattern.ok_or_else(|| format!("no pattern {name}"))?;
        if proof.remark.as_deref() == Some("shown above") {
            ensure(proof.premises.is_empty(), || "shown above and here".to_string())?;
            let shown = self.shown.get(&proof.statement).copied();
            let shown = shown.ok_or_else(|| format!("`{}` is not shown above", proof.statement))?;
            let marks = shown.marks;
            ensure(proof.marks == marks, || format!("marked {:?}, above {marks:?}", proof.marks))?;
            return Ok(shown);
        }
        ensure(cites(proof, &pattern.citations), || format!("{name} cites {:?}", pattern.citations))?;
        let above: Vec<&Fact> = above.iter().copied().chain([fact]).collect();
        let mut steps = Vec::new();
        for premise in &proof.premises {
            steps.push(self.step(premise, &above)?);
        }
        let mut wrong = format!("{name} does not conclude `{}`", proof.statement);
        let named = |binding: &[Thing]| generate::names(sight.world, binding).join(", ");
        for binding in bindings(sight.world, &pattern.variables) {
            if !facts(pattern, &binding).contains(fact) || !sight.fires(pattern, &binding) {
                continue;
            }
            match self.instance(proof, pattern, &binding, &steps) {
                Ok(step) => {
                    self.shown.insert(proof.statement.clone(), step);
                    return Ok(step);
                }
                Err(other) => wrong += &format!("\n  of {}: {other}", named(&binding)),
            }
        }
        Err(wrong)
    }

    /// Whether a pattern with these things for its variables concludes from these premises.
    fn instance(&self, proof: &Proof, pattern: &Pattern, binding: &[Thing], steps: &[Step]) -> Checked<Step> {
        let mut said = Vec::new();
        for below in &proof.premises {
            let premise = below.premise.as_ref().ok_or("a premise decides no condition")?;
            self.premise(premise, pattern, binding)?;
            if !below.statement.is_empty() {
                said.push(self.read(&below.statement)?);
            }
        }
        let suffice = |facts: &[Fact]| {
            let mut alone = Sight::of_nothing(self.sight.world);
            for fact in facts {
                alone.add(fact.clone());
            }
            self.suffices(&alone, &pattern.condition, binding, !pattern.necessary)
        };
        ensure(suffice(&said), || "the premises are not enough".to_string())?;
        // Of what is counted, every statement is shown, however few would do.
        if !has_alternatives(&pattern.condition, pattern.necessary) && !counts(&pattern.condition) {
            self.each_is_needed(&said, &suffice)?;
        }
        let contested = |below: &Proof| below.premise.as_ref().is_some_and(|p| p.truth == Verdict::Contested);
        let marks = Marks {
            concluded: true,
            hedged: pattern.hedged || steps.iter().any(|step| step.marks.hedged),
            contested_ground: proof.premises.iter().any(contested)
                || steps.iter().any(|step| step.marks.contested_ground),
            by_analogy: !binding.iter().any(|thing| pattern.seen_in.contains(thing))
                || steps.iter().any(|step| step.marks.by_analogy),
        };
        ensure(proof.marks == marks, || format!("marked {:?}, not {marks:?}", proof.marks))?;
        Ok(Step { marks, size: 1 + steps.iter().map(|step| step.size).sum::<usize>() })
    }

    /// Without one of the statements the others are not enough. (One that says the same of another value may
    /// stand in for it, as where a path comes back to a cell that it came through.)
    fn each_is_needed(&self, said: &[Fact], suffice: &dyn Fn(&[Fact]) -> bool) -> Checked<()> {
        let cell = |fact: &Fact| (fact.subject, fact.attribute);
        for fact in said {
            let others: Vec<Fact> = said.iter().filter(|other| *other != fact).cloned().collect();
            let statement =
                || self.sight.world.statement(fact.subject, fact.attribute, fact.denied, &fact.value);
            let can_stand_in = others.iter().any(|other| cell(other) == cell(fact));
            ensure(can_stand_in || !suffice(&others), || format!("`{}` is not needed", statement()))?;
        }
        Ok(())
    }

    /// Whether a condition of the pattern came out as it is told.
    fn premise(&self, premise: &Premise, pattern: &Pattern, binding: &[Thing]) -> Checked<()> {
        ensure(premise.holds, || format!("`{}` does not hold", premise.condition))?;
        self.verdict(premise, pattern, binding)
    }

    pub fn verdict(&self, premise: &Premise, pattern: &Pattern, binding: &[Thing]) -> Checked<()> {
        let condition = part(self.sight.world, pattern, &premise.condition)
            .ok_or_else(|| format!("`{}` is no part of {}", premise.condition, pattern.name))?;
        let truth = verdict(self.sight.truth(condition, binding));
        ensure(premise.truth == truth, || {
            format!("`{}` is {truth:?}, not {:?}", premise.condition, premise.truth)
        })
    }

    /// Whether a condition is met (or failed) by some statements alone. What is not met, unknown or counted is
    /// what it is in the store.
    fn suffices(&self, alone: &Sight, condition: &Condition, binding: &[Thing], met: bool) -> bool {
        let of = |part: &Condition| self.suffices(alone, part, binding, met);
        let side = |truth: Truth| if met { truth.met } else { truth.failed };
        match (condition, met) {
            (Condition::All(parts), true) | (Condition::Any(parts), false) => parts.iter().all(of),
            (Condition::All(parts), false) | (Condition::Any(parts), true) => parts.iter().any(of),
            (Condition::Not(inner), false) => self.suffices(alone, inner, binding, true),
            (Condition::Not(_), true)
            | (Condition::Test(_, Form::Unknown), true)
            | (Condition::Test(Expression::Count(_), _), _) => side(self.sight.truth(condition, binding)),
            (Condition::Test(..), _) => side(alone.truth(condition, binding)),
        }
    }
}

/// Whether a condition is met (or failed) in one of several ways.
pub fn has_alternatives(condition: &Condition, failed: bool) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            let chooses = matches!(condition, Condition::Any(_)) != failed && parts.len() > 1;
            chooses || parts.iter().any(|part| has_alternatives(part, failed))
        }
        Condition::Not(_) | Condition::Test(..) => false,
    }
}

/// Whether a condition counts statements.
fn counts(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(counts),
        Condition::Not(inner) => counts(inner),
        Condition::Test(left, _) => matches!(left, Expression::Count(_)),
    }
}

/// The part of a pattern's condition that reads so, brackets aside.
pub fn part<'p>(world: &World, pattern: &'p Pattern, words: &str) -> Option<&'p Condition> {
    fn search<'p>(condition: &'p Condition, is_it: &dyn Fn(&Condition) -> bool) -> Option<&'p Condition> {
        let inside: &[Condition] = match condition {
            _ if is_it(condition) => return Some(condition),
            Condition::All(parts) | Condition::Any(parts) => parts,
            Condition::Not(inner) => std::slice::from_ref(inner),
            Condition::Test(..) => &[],
        };
        inside.iter().find_map(|part| search(part, is_it))
    }
    let bare = |text: &str| text.replace(['(', ')'], "");
    let several = pattern.variables.len() > 1;
    search(&pattern.condition, &|part| bare(&world.condition(part, several)) == bare(words))
}

pub fn verdict(truth: Truth) -> Verdict {
    match (truth.met, truth.failed) {
        (true, true) => Verdict::Contested,
        (true, false) => Verdict::Met,
        (false, true) => Verdict::Failed,
        (false, false) => Verdict::Open,
    }
}

pub fn standing(truth: Truth) -> Standing {
    match (truth.met, truth.failed) {
        (true, true) => Standing::Contested,
        (true, false) => Standing::Supported,
        (false, true) => Standing::Denied,
        (false, false) => Standing::Unknown,
    }
}

/// Whether a step cites just these.
fn cites(proof: &Proof, citations: &[Citation]) -> bool {
    let is_same = |source: &Source, citation: &Citation| {
        source.key == citation.source
            && source.via == citation.via
            && source.locator.as_deref() == citation.locator
    };
    proof.sources.len() == citations.len()
        && citations.iter().all(|citation| proof.sources.iter().any(|source| is_same(source, citation)))
}

//! `why not`: the smallest sets of claims do bring it about and no smaller ones do; the patterns that could
//! conclude it are all there, nearest first, and their premises are as the naive evaluator has them.

use crate::checker::{self, Checker};
use crate::conclude;
use crate::conditions::COMPARISONS;
use crate::described::plainly;
use crate::dice::Dice;
use crate::generate::{self, CASE, Size};
use crate::interval::{Comparison, End, Interval};
use crate::naive::{self, Scope, Sight};
use crate::planned::{seeds, shrink, sight};
use crate::supposing::{Chronicle, stratified};
use crate::world::{
    Attribute, Change, Claim, Concluded, Condition, Expression, Form, Path, Pattern, Step, Thing, Type,
    Value, World,
};
use casebook::Answer;
use casebook::answer::{Proof, Reason};

const SIZE: Size = Size { things: (1, 5), changes: (3, 25), patterns: 7 };
/// Of pairs of claims, so many are tried.
const PAIRS: usize = 60;

/// A statement about a case, or an order or a bound of one: `c1.capital >= weak`.
#[derive(Clone, Debug)]
struct Wanted {
    case: Thing,
    attribute: Attribute,
    comparison: Comparison,
    value: Value,
}

impl Wanted {
    fn new(dice: &mut Dice, world: &World) -> Option<Wanted> {
        let case = *dice.pick(&generate::non_empty(world.things_of(CASE))?);
        // Mostly what patterns conclude.
        let concluded = world.patterns.iter().flat_map(|p| &p.conclusions).map(|c| c.attribute);
        let concluded: Vec<Attribute> = concluded.filter(|at| world.attributes[*at].of == CASE).collect();
        let attributes = match generate::non_empty(concluded) {
            Some(concluded) if dice.chance(85) => concluded,
            _ => generate::attributes_of(world, CASE),
        };
        let attribute = *dice.pick(&attributes);
        let (value, comparison) = match world.attributes[attribute].takes {
            Type::Number => (generate::right_number(dice), *dice.pick(&COMPARISONS)),
            Type::Scale(_) => (generate::value(dice, world, attribute)?, *dice.pick(&COMPARISONS)),
            _ => {
                let comparison = if dice.chance(75) { Comparison::Equal } else { Comparison::Unequal };
                (generate::value(dice, world, attribute)?, comparison)
            }
        };
        Some(Wanted { case, attribute, comparison, value })
    }

    fn condition(&self) -> Condition {
        let path = Path { variable: 0, steps: vec![Step { attribute: self.attribute, inverse: false }] };
        let right = Expression::Value(self.value.clone());
        let form = Form::Compare { possibly: false, comparison: self.comparison, right };
        Condition::Test(Expression::Path(path), form)
    }

    fn text(&self, world: &World) -> String {
        let cell = world.cell(self.case, self.attribute);
        format!("{cell} {} {}", self.comparison, world.value(&self.value))
    }

    fn is_met(&self, sight: &Sight) -> bool {
        sight.truth(&self.condition(), &[self.case]).met
    }

    /// Whether it is met once these are claimed, too.
    fn is_met_with(&self, world: &World, claims: &[Claim]) -> bool {
        let mut world = world.clone();
        world.changes.extend(claims.iter().cloned().map(Change::Assert));
        self.is_met(&sight(&world, &Scope::Standing))
    }
}

// ---- sets of claims ---------------------------------------------------------------------------------

/// The sets of claims that an answer names.
fn sets(answer: &Answer) -> impl Iterator<Item = &Vec<String>> {
    answer.proofs().iter().filter_map(|proof| match &proof.reason {
        Reason::Change(statements) => Some(statements),
        _ => None,
    })
}

fn check_sets(store: &Store, wanted: &Wanted, answer: &Answer) -> Result<(), String> {
    let world = store.world;
    for statements in sets(answer) {
        let claims: Option<Vec<Claim>> =
            statements.iter().map(|statement| claimed(world, statement)).collect();
        let claims = claims.ok_or_else(|| format!("no statements: {statements:?}"))?;
        if !wanted.is_met_with(world, &claims) {
            return Err(format!("{statements:?} would not bring it about"));
        }
        let supposed = statements.join(" and ");
        let Wanted { case, .. } = wanted;
        let condition = world.condition(&wanted.condition(), false);
        let text = format!(
            "suppose {supposed} then cases where name = {} and {condition}",
            world.things[*case].name
        );
        let found = store.chronicle.book.query(&text).map_err(|error| error.to_string())?;
        if found.len() != 1 {
            return Err(format!("{} rows: {text}", found.len()));
        }
    }
    let size = sets(answer).next().map(Vec::len);
    if sets(answer).any(|set| Some(set.len()) != size) {
        return Err("sets of several sizes".to_string());
    }
    let not_all_tried = answer.notes().iter().any(|note| note.ends_with("there are more"));
    match smaller(store.world, wanted, size.unwrap_or(4).min(3)) {
        Some(set) if !not_all_tried => Err(format!("so few do bring it about: {set:?}")),
        _ => Ok(()),
    }
}

fn claimed(world: &World, statement: &str) -> Option<Claim> {
    let fact = checker::read(world, statement)?;
    Some(Claim { denied: fact.denied, ..plainly(fact.subject, fact.attribute, fact.value) })
}

/// A set of fewer claims than this that brings it about, if there is one.
fn smaller(world: &World, wanted: &Wanted, size: usize) -> Option<Vec<String>> {
    let candidates = candidates(world, wanted);
    let mut tried: Vec<Vec<Claim>> = Vec::new();
    if size > 1 {
        tried.extend(candidates.iter().map(|claim| vec![claim.clone()]));
    }
    if size > 2 {
        let pair = |at: usize, other: usize| vec![candidates[at].clone(), candidates[other].clone()];
        let pairs = (0..candidates.len()).flat_map(|at| (0..at).map(move |other| (at, other)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let apart = pairs.len().div_ceil(PAIRS).max(1);
        tried.extend(pairs.into_iter().step_by(apart).map(|(at, other)| pair(at, other)));
    }
    let found = tried.into_iter().find(|claims| wanted.is_met_with(world, claims))?;
    Some(found.iter().map(|claim| world.claim(claim)).collect())
}

/// What may be claimed of the case's other attributes.
fn candidates(world: &World, wanted: &Wanted) -> Vec<Claim> {
    let mut claims = Vec::new();
    for attribute in generate::attributes_of(world, CASE) {
        if attribute == wanted.attribute {
            continue;
        }
        let declared = &world.attributes[attribute];
        let is_reference = matches!(declared.takes, Type::Reference(_));
        for value in domain(world, attribute) {
            let claim = plainly(wanted.case, attribute, value);
            if declared.many || is_reference {
                claims.push(Claim { denied: true, ..claim.clone() });
            }
            claims.push(claim);
        }
    }
    claims
}

fn domain(world: &World, attribute: Attribute) -> Vec<Value> {
    match &world.attributes[attribute].takes {
        Type::OneOf(names) | Type::Scale(names) => {
            names.iter().enumerate().map(|(at, name)| Value::Choice(at, name)).collect()
        }
        Type::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
        Type::Reference(kind) => world.things_of(*kind).into_iter().map(Value::Thing).collect(),
        Type::Number | Type::Year => numbers(world, attribute),
    }
}

/// The thresholds that patterns test an attribute at, and what lies beyond them.
fn numbers(world: &World, attribute: Attribute) -> Vec<Value> {
    let mut cuts = Vec::new();
    for pattern in &world.patterns {
        for (path, value) in conclude::constants(&pattern.condition) {
            let tests = path.steps.last().is_some_and(|step| step.attribute == attribute);
            if let (true, Value::Number(interval, _)) = (tests, value) {
                cuts.extend([interval.low, interval.high].into_iter().flatten().map(|end| end.at));
            }
        }
    }
    let end = |at: i64| Some(End { at, open: true });
    let exact = cuts.iter().map(|at| (Interval::exactly(*at), at.to_string()));
    let below = cuts.iter().map(|at| (Interval::new(None, end(*at)), format!("< {at}")));
    let above = cuts.iter().map(|at| (Interval::new(end(*at), None), format!("> {at}")));
    exact.chain(below).chain(above).map(|(interval, words)| Value::Number(interval, words)).collect()
}

// ---- patterns ---------------------------------------------------------------------------------------

struct Store<'a> {
    world: &'a World,
    chronicle: &'a Chronicle,
    sight: &'a Sight<'a>,
}

/// The patterns that could conclude it: what stands against it names the condition that it decides.
fn near(answer: &Answer) -> impl Iterator<Item = (&Proof, &String)> {
    answer.proofs().iter().filter_map(|proof| match &proof.reason {
        Reason::Pattern { name, .. } if proof.premise.is_none() => Some((proof, name)),
        _ => None,
    })
}

fn check_patterns(store: &Store, wanted: &Wanted, answer: &Answer) -> Result<(), String> {
    let needs: Vec<usize> = near(answer).map(|(proof, _)| proof.needs.len()).collect();
    if !needs.is_sorted() || needs.contains(&0) {
        return Err(format!("nearest first, but they need {needs:?}"));
    }
    for (proof, name) in near(answer) {
        let pattern = store.world.patterns.iter().find(|pattern| pattern.name == *name);
        let pattern = pattern.ok_or_else(|| format!("no pattern {name}"))?;
        if let Some(binding) = binding(store.world, pattern, wanted, proof) {
            check_near(store, pattern, &binding, proof).map_err(|wrong| format!("{name}: {wrong}"))?;
        }
    }
    for pattern in &store.world.patterns {
        let is_named = near(answer).any(|(_, name)| *name == pattern.name);
        if could_conclude(store.world, pattern, wanted) && !is_named {
            return Err(format!("{} could conclude it, too", pattern.name));
        }
    }
    Ok(())
}

/// The things that a near pattern's variables stand for; `None` where some stand for nothing yet.
fn binding(world: &World, pattern: &Pattern, wanted: &Wanted, proof: &Proof) -> Option<Vec<Thing>> {
    if pattern.variables.len() == 1 {
        return Some(vec![wanted.case]);
    }
    let remark = proof.remark.as_ref()?;
    let things = remark.split(", ").map(|bound| {
        let (_, name) = bound.split_once(" is ")?;
        world.things.iter().position(|thing| thing.name == name)
    });
    things.collect::<Option<Vec<Thing>>>().filter(|things| things.len() == pattern.variables.len())
}

/// Each premise holds as it is told to, and so many conditions are needed as are not met.
fn check_near(store: &Store, pattern: &Pattern, binding: &[Thing], proof: &Proof) -> Result<(), String> {
    let checker = Checker::new(store.sight, &[]);
    // What is required and failed denies; a pattern that requires what is open is named for that.
    let only_requires = proof.remark.as_deref() == Some("necessary, and not enough by itself");
    let failed = pattern.necessary && !only_requires;
    for premise in proof.premises.iter().filter_map(|below| below.premise.as_ref()) {
        checker.verdict(premise, pattern, binding)?;
        let part = checker::part(store.world, pattern, &premise.condition).ok_or("no part")?;
        let truth = store.sight.truth(part, binding);
        // Below a `not`, what is wanted is the other way round.
        let is_turned = failed && has_not(&pattern.condition);
        if !is_turned && premise.holds != (if failed { truth.failed } else { truth.met }) {
            return Err(format!("`{}` holds: {}", premise.condition, premise.holds));
        }
    }
    let lacking = lacking(store.sight, &pattern.condition, binding, failed);
    match proof.needs.len() == lacking {
        true => Ok(()),
        false => Err(format!("{lacking} conditions are not met, told are {:?}", proof.needs)),
    }
}

fn has_not(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(has_not),
        Condition::Not(_) => true,
        Condition::Test(..) => false,
    }
}

/// How many conditions must still be met (or fail); alternatives are one, unless one of them is as it must be.
fn lacking(sight: &Sight, condition: &Condition, binding: &[Thing], failed: bool) -> usize {
    let of = |part: &Condition| lacking(sight, part, binding, failed);
    match (condition, failed) {
        (Condition::All(parts), false) | (Condition::Any(parts), true) => parts.iter().map(of).sum(),
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            usize::from(parts.iter().map(of).all(|lacking| lacking > 0))
        }
        (Condition::Not(inner), true) => lacking(sight, inner, binding, false),
        _ => {
            let truth = sight.truth(condition, binding);
            usize::from(!(if failed { truth.failed } else { truth.met }))
        }
    }
}

/// Whether what a pattern concludes would alone be what is wanted.
fn could_conclude(world: &World, pattern: &Pattern, wanted: &Wanted) -> bool {
    let attribute = wanted.attribute;
    pattern.conclusions.iter().filter(|conclusion| conclusion.attribute == attribute).any(|conclusion| {
        let value = match &conclusion.value {
            Concluded::Value(value) => value.clone(),
            Concluded::Variable(at)
                if *at == conclusion.variable && wanted.value != Value::Thing(wanted.case) =>
            {
                return false;
            }
            Concluded::Variable(_) => wanted.value.clone(),
        };
        let mut alone = Sight::of_nothing(world);
        let denied = conclusion.denied != pattern.necessary;
        let fact = naive::Fact { subject: wanted.case, attribute, denied, value };
        alone.add(fact.in_one_form());
        wanted.is_met(&alone)
    })
}

// ---- the law ----------------------------------------------------------------------------------------

fn fails(world: &World, wanted: &Wanted) -> Option<String> {
    let chronicle = Chronicle::of(world);
    let sight = sight(world, &Scope::Standing);
    if wanted.is_met(&sight) {
        return None;
    }
    let text = format!("why not {}", wanted.text(world));
    let store = Store { world, chronicle: &chronicle, sight: &sight };
    let checked = chronicle.book.query(&text).map_err(|error| error.to_string()).and_then(|answer| {
        check_patterns(&store, wanted, &answer)?;
        check_sets(&store, wanted, &answer)
    });
    checked.err().map(|wrong| format!("{text}: {wrong}"))
}

#[test]
fn why_not_names_the_nearest_patterns_and_the_smallest_sets_of_claims() {
    for seed in seeds(25) {
        let mut dice = Dice::new(seed);
        let world = stratified(generate::world(&mut dice, SIZE));
        for _ in 0..4 {
            let Some(wanted) = Wanted::new(&mut dice, &world) else { continue };
            let fails = |world: &World| fails(world, &wanted);
            if fails(&world).is_some() {
                let (small, wrong) = shrink(world.clone(), &fails);
                panic!("seed {seed}: {wrong}\nin\n{}", small.told());
            }
        }
    }
}

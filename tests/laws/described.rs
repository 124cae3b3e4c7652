//! Asking by describing: every completion of the description is tried, and every pattern on it.

use crate::conditions::COMPARISONS;
use crate::dice::Dice;
use crate::generate::{self, CASE, POLICY, SMALL, Size};
use crate::interval::{Comparison, End, Interval};
use crate::naive::{self, Scope, Sight};
use crate::planned::{seeds, store};
use crate::world::{
    Attribute, Change, Claim, Concluded, Conclusion, Condition, Expression, Form, Named, Path, Pattern, Step,
    Thing, Type, Value, When, World,
};
use std::collections::BTreeMap;

/// What is answered of one policy: whether it applies, how many conditions it needs, whether it is contested.
type Found = BTreeMap<String, (bool, usize, bool)>;

// ---- stores and descriptions ------------------------------------------------------------------------

/// A world in which patterns recommend policies, test each attribute at most once, and follow no reference.
fn world(dice: &mut Dice) -> World {
    loop {
        let mut world = generate::world(dice, Size { patterns: 0, ..SMALL });
        let has_context = world.attributes.iter().any(|declared| declared.name == "recommended");
        if has_context && testable(&world, CASE).len() > 2 && !world.things_of(POLICY).is_empty() {
            let count = dice.between(1, 7);
            world.patterns = (0..count).map(|at| pattern(dice, &world, format!("rule{at}"))).collect();
            return world;
        }
    }
}

/// A world in which each case is known by plain, exact, undisputed claims, and no pattern negates.
pub fn world_of_plain_cases(dice: &mut Dice) -> World {
    let mut world = world(dice);
    world.patterns.retain(|pattern| !negates(&pattern.condition));
    world.changes.clear();
    for case in world.things_of(CASE) {
        for attribute in testable(&world, CASE) {
            let value = generate::value(dice, &world, attribute).expect("no reference");
            let exact = !matches!(&value, Value::Number(interval, _) if !interval.is_exact());
            if exact && dice.chance(60) {
                world.changes.push(Change::Assert(plainly(case, attribute, value)));
            }
        }
    }
    world
}

fn negates(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(negates),
        Condition::Not(_) => true,
        Condition::Test(..) => false,
    }
}

/// The one-valued attributes of a kind that have values of their own.
fn testable(world: &World, kind: usize) -> Vec<Attribute> {
    let mut attributes = generate::attributes_of(world, kind);
    attributes.retain(|at| {
        let declared = &world.attributes[*at];
        !declared.many && !matches!(declared.takes, Type::Reference(_) | Type::Year)
    });
    attributes
}

fn recommended(world: &World) -> Attribute {
    world.attributes.iter().position(|declared| declared.name == "recommended").expect("worlds have it")
}

fn pattern(dice: &mut Dice, world: &World, name: String) -> Pattern {
    let target = recommended(world);
    let mut pattern = Pattern {
        name,
        variables: vec![CASE],
        condition: tests(dice, world, 0, CASE, 10),
        necessary: false,
        conclusions: Vec::new(),
        seen_in: Vec::new(),
        citations: Vec::new(),
        hedged: false,
    };
    let policy = Value::Thing(*dice.pick(&world.things_of(POLICY)));
    let mut conclusion = Conclusion {
        variable: 0,
        attribute: target,
        denied: dice.chance(25),
        value: Concluded::Value(policy),
    };
    match dice.below(8) {
        0 | 1 => {
            let attribute = *dice.pick(&testable(world, CASE));
            let value = match world.attributes[attribute].takes {
                Type::Number => generate::right_number(dice),
                _ => generate::value(dice, world, attribute).expect("no reference"),
            };
            conclusion =
                Conclusion { attribute, denied: false, value: Concluded::Value(value), ..conclusion };
        }
        2 if !testable(world, POLICY).is_empty() => {
            pattern.variables.push(POLICY);
            let of_policy = tests(dice, world, 1, POLICY, 0);
            pattern.condition = Condition::All(vec![pattern.condition, of_policy]);
            conclusion.value = Concluded::Variable(1);
        }
        3 => {
            pattern.necessary = true;
            conclusion.denied = false;
        }
        _ => {}
    }
    pattern.conclusions.push(conclusion);
    pattern
}

/// One to three tests of different attributes against constants.
fn tests(dice: &mut Dice, world: &World, variable: usize, kind: usize, negations: usize) -> Condition {
    let mut attributes = testable(world, kind);
    dice.shuffle(&mut attributes);
    attributes.truncate(dice.between(1, 3));
    let mut parts: Vec<Condition> =
        attributes.into_iter().map(|at| test(dice, world, variable, at)).collect();
    for part in &mut parts {
        if dice.chance(negations) {
            *part = Condition::Not(Box::new(part.clone()));
        }
    }
    match parts.len() {
        1 => parts.remove(0),
        _ if dice.chance(70) => Condition::All(parts),
        _ => Condition::Any(parts),
    }
}

fn test(dice: &mut Dice, world: &World, variable: usize, attribute: Attribute) -> Condition {
    let takes = &world.attributes[attribute].takes;
    let mut constant = || match takes {
        Type::Number => generate::right_number(dice),
        _ => generate::value(dice, world, attribute).expect("no reference"),
    };
    let (one, other) = (constant(), constant());
    let comparison = match takes {
        Type::Scale(_) | Type::Number => *dice.pick(&COMPARISONS),
        _ => *dice.pick(&[Comparison::Equal, Comparison::Equal, Comparison::Unequal]),
    };
    let form = match dice.chance(20) {
        true => Form::In(vec![one, other]),
        false => Form::Compare { possibly: false, comparison, right: Expression::Value(one) },
    };
    let path = Path { variable, steps: vec![Step { attribute, inverse: false }] };
    Condition::Test(Expression::Path(path), form)
}

// ---- the naive answer -------------------------------------------------------------------------------

/// The tests of a condition, each with the attribute it tests.
fn each_test(condition: &Condition, found: &mut Vec<(Attribute, Form)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| each_test(part, found)),
        Condition::Not(inner) => each_test(inner, found),
        Condition::Test(Expression::Path(path), form) => found.push((path.steps[0].attribute, form.clone())),
        Condition::Test(..) => {}
    }
}

/// The values that an attribute may take: every choice, and of numbers every threshold and every gap.
fn domain(world: &World, attribute: Attribute, description: &Condition) -> Vec<Value> {
    match &world.attributes[attribute].takes {
        Type::OneOf(names) | Type::Scale(names) => {
            names.iter().enumerate().map(|(at, name)| Value::Choice(at, name)).collect()
        }
        Type::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
        _ => {
            let mut tests = Vec::new();
            each_test(description, &mut tests);
            world.patterns.iter().for_each(|pattern| each_test(&pattern.condition, &mut tests));
            let mut cuts = Vec::new();
            for (_, form) in tests.iter().filter(|(tested, _)| *tested == attribute) {
                let constants = match form {
                    Form::Compare { right: Expression::Value(value), .. } => vec![value.clone()],
                    Form::In(values) => values.clone(),
                    _ => Vec::new(),
                };
                for constant in constants {
                    if let Value::Number(interval, _) = constant {
                        cuts.extend([interval.low, interval.high].into_iter().flatten().map(|end| end.at));
                    }
                }
            }
            cuts.sort_unstable();
            cuts.dedup();
            let open = |at: &i64| Some(End { at: *at, open: true });
            let mut pieces: Vec<Interval> = cuts.iter().map(|cut| Interval::exactly(*cut)).collect();
            pieces.extend(cuts.windows(2).map(|pair| Interval::new(open(&pair[0]), open(&pair[1]))));
            pieces.push(Interval::new(None, cuts.first().and_then(open)));
            pieces.push(Interval::new(cuts.last().and_then(open), None));
            pieces.into_iter().map(|piece| Value::Number(piece, String::new())).collect()
        }
    }
}

/// A world with one case more, of which exactly this is known.
fn imagined(world: &World, known: &[(Attribute, Value)]) -> (World, Thing) {
    let mut world = world.clone();
    let subject = world.things.len();
    // These patterns follow no reference, so that stored cases have no say: they count as of another kind.
    world.things.iter_mut().filter(|thing| thing.kind == CASE).for_each(|thing| thing.kind = usize::MAX);
    world.changes.retain(|change| match change {
        Change::Assert(claim) => world.things[claim.subject].kind == POLICY,
        Change::Retract(retraction) => world.things[retraction.subject].kind == POLICY,
    });
    world.things.push(Named { name: "described".to_string(), kind: CASE });
    let claims = known.iter().map(|(attribute, value)| plainly(subject, *attribute, value.clone()));
    world.changes.extend(claims.map(Change::Assert));
    (world, subject)
}

/// An undated, uncited claim.
pub fn plainly(subject: Thing, attribute: Attribute, value: Value) -> Claim {
    Claim {
        subject,
        attribute,
        denied: false,
        value: Some(value),
        citations: Vec::new(),
        hedged: false,
        when: When::default(),
    }
}

fn sight<'a>(world: &'a World) -> Sight<'a> {
    let claims = naive::standing(world, &world.changes);
    let mut sight = Sight::before_patterns(world, &claims, &Scope::Standing);
    sight.described = true;
    sight
}

/// Every way to give each attribute mentioned one value so that the description is met.
fn completions(world: &World, description: &Condition) -> Vec<Vec<(Attribute, Value)>> {
    let mut tests = Vec::new();
    each_test(description, &mut tests);
    let attributes = naive::distinct(tests.into_iter().map(|(attribute, _)| attribute));
    let mut ways: Vec<Vec<(Attribute, Value)>> = vec![Vec::new()];
    for attribute in attributes {
        let values = domain(world, attribute, description);
        let longer = |way: &Vec<(Attribute, Value)>| {
            let one = |value: &Value| way.iter().cloned().chain([(attribute, value.clone())]).collect();
            values.iter().map(one).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways.retain(|way| {
        let (world, case) = imagined(world, way);
        sight(&world).truth(description, &[case]).met
    });
    ways
}

/// One pattern on one binding.
struct Lead<'a> {
    pattern: &'a Pattern,
    binding: Vec<Thing>,
}

fn answer(world: &World, description: &Condition) -> Option<Found> {
    let worlds: Vec<(World, Thing)> =
        completions(world, description).iter().map(|way| imagined(world, way)).collect();
    let mut sights = Vec::new();
    for (world, _) in &worlds {
        let mut sight = sight(world);
        sight.conclude(&world.patterns);
        sights.push(sight);
    }
    let case = worlds.first()?.1;
    let target = recommended(world);
    let mut found = Found::new();
    for policy in world.things_of(POLICY) {
        let speaking = |denied: bool| -> Vec<Lead> {
            let mut leads = Vec::new();
            for pattern in &world.patterns {
                for conclusion in pattern.conclusions.iter().filter(|c| c.attribute == target) {
                    let meant = match &conclusion.value {
                        Concluded::Value(value) => *value == Value::Thing(policy),
                        Concluded::Variable(_) => true,
                    };
                    if meant && (conclusion.denied != pattern.necessary) == denied {
                        let all = if pattern.variables.len() > 1 { vec![case, policy] } else { vec![case] };
                        leads.push(Lead { pattern, binding: all });
                    }
                }
            }
            leads
        };
        let least = |denied| speaking(denied).iter().filter_map(|lead| fewest_needs(lead, &sights)).min();
        let statement = |sight: &Sight| sight.statement(case, target, &Value::Thing(policy));
        let applies = sights.iter().all(|sight| statement(sight).met);
        if let Some(needs) = least(false) {
            let needs = if applies { 0 } else { needs };
            found.insert(world.things[policy].name.clone(), (applies, needs, least(true).is_some()));
        }
    }
    Some(found)
}

/// The fewest conditions that some completion needs besides; `None` if the pattern is ruled out in all.
fn fewest_needs(lead: &Lead, sights: &[Sight]) -> Option<usize> {
    let wanted = !lead.pattern.necessary;
    sights.iter().filter_map(|sight| cost(&lead.pattern.condition, lead, wanted, sight, sights)).min()
}

/// How many tests must still be met (or failed): those that are open, and those that are not so in every
/// completion.
fn cost(condition: &Condition, lead: &Lead, wanted: bool, sight: &Sight, sights: &[Sight]) -> Option<usize> {
    let of = |part: &Condition| cost(part, lead, wanted, sight, sights);
    match (condition, wanted) {
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            parts.iter().map(of).sum::<Option<usize>>()
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) => parts.iter().filter_map(of).min(),
        (Condition::Not(inner), _) => cost(inner, lead, !wanted, sight, sights),
        (Condition::Test(left, _), _) => {
            let holds = |sight: &Sight| {
                let truth = sight.truth(condition, &lead.binding);
                if wanted { (truth.met, truth.failed) } else { (truth.failed, truth.met) }
            };
            let on_case = matches!(left, Expression::Path(path) if path.variable == 0);
            match holds(sight) {
                (true, _) => Some(usize::from(!sights.iter().all(|sight| holds(sight).0))),
                (false, false) if on_case => Some(1),
                _ => None,
            }
        }
    }
}

// ---- the law ----------------------------------------------------------------------------------------

fn agree(seed: u64) {
    let mut dice = Dice::new(seed);
    let mut world = world(&mut dice);
    let (book, mut statements) = store(&mut world);
    book.run("context case.recommended for policy").expect("a context");
    for _ in 0..8 {
        let description = tests(&mut dice, &world, 0, CASE, 10);
        let text = format!("policies where {}", world.condition(&description, false));
        let naive = answer(&world, &description);
        let planned = book.query(&text).map(|answer| {
            let found = answer.iter().map(|row| {
                let applies = row["status"].to_string() == "applies";
                let contested = row["standing"].to_string() == "contested";
                (row["name"].to_string(), (applies, row["needs"].values.len(), contested))
            });
            let order: Vec<bool> = answer.iter().map(|row| row["status"].to_string() == "applies").collect();
            assert!(order.is_sorted_by(|a, b| a >= b), "what applies comes first: {text}");
            found.collect::<Found>()
        });
        if planned.as_ref().ok() != naive.as_ref() {
            statements.retain(|statement| !statement.ends_with("{ }") && !statement.starts_with("assert"));
            let statements = statements.join("\n");
            panic!("seed {seed}: {text}\nplanned {planned:?}\nnaive   {naive:?}\nin\n{statements}");
        }
    }
}

#[test]
fn described_answers_equal_naive_ones() {
    for seed in seeds(30) {
        agree(seed);
    }
}

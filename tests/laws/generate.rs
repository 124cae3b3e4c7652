//! Random vocabularies, stores, patterns and conditions.

use crate::conditions::Conditions;
use crate::dice::Dice;
use crate::interval::{Comparison, End, Interval};
use crate::naive;
use crate::world::{
    Attribute, Change, Citation, Claim, Concluded, Conclusion, Condition, Declared, Expression, Form, Kind,
    Named, Path, Pattern, Period, Retraction, Step, Thing, Type, Value, When, World,
};

pub const CASE: Kind = 0;
pub const POLICY: Kind = 1;

/// How big a store may be.
#[derive(Clone, Copy)]
pub struct Size {
    pub things: (usize, usize),
    pub changes: (usize, usize),
    pub patterns: usize,
}

pub const SMALL: Size = Size { things: (0, 12), changes: (5, 80), patterns: 6 };
/// So many things that conditions are tested by whole columns.
pub const LARGE: Size = Size { things: (70, 90), changes: (150, 250), patterns: 2 };

/// A vocabulary, things, claims and patterns. The patterns have not been checked for strata.
pub fn world(dice: &mut Dice, size: Size) -> World {
    let mut world = World { kinds: vec!["case", "policy"], ..World::default() };
    world.attributes = attributes(dice);
    world.sources = (1..=3).map(|number| format!("source{number}")).collect();
    for (kind, letter) in [(CASE, 'c'), (POLICY, 'p')] {
        let most = if kind == CASE { size.things.1 } else { size.things.1.min(12) };
        let least = size.things.0.min(most);
        let count = dice.between(least, most);
        world.things.extend((0..count).map(|at| Named { name: format!("{letter}{at}"), kind }));
    }
    let count = dice.between(size.changes.0, size.changes.1);
    for _ in 0..count {
        world.changes.extend(change(dice, &world));
    }
    let count = dice.between(0, size.patterns);
    for at in 0..count {
        world.patterns.extend(pattern(dice, &world, format!("rule{at}")));
    }
    support_patterns(dice, &mut world);
    world
}

/// Gives patterns citations and the cases in which they were seen.
fn support_patterns(dice: &mut Dice, world: &mut World) {
    for at in 0..world.patterns.len() {
        let count = *dice.pick(&[0, 1, 1, 2]);
        let citations: Vec<Citation> = (0..count).map(|_| citation(dice, world)).collect();
        let mut things = world.things_of(world.patterns[at].variables[0]);
        things.retain(|_| dice.chance(40));
        let pattern = &mut world.patterns[at];
        (pattern.citations, pattern.seen_in) = (naive::distinct(citations), things);
    }
}

fn attributes(dice: &mut Dice) -> Vec<Declared> {
    let one_of = Type::OneOf(vec!["craft", "software", "steel", "flowers"][..dice.between(2, 4)].to_vec());
    let scale = Type::Scale(vec!["none", "weak", "moderate", "strong"][..dice.between(2, 4)].to_vec());
    let places = Type::OneOf(vec!["home", "abroad", "online"]);
    let all = [
        (CASE, "industry", one_of.clone(), false, None),
        (CASE, "capital", scale, false, None),
        (CASE, "exporting", Type::YesNo, false, None),
        (CASE, "workers", Type::Number, false, None),
        (CASE, "visitors", Type::Number, false, None),
        (CASE, "founded", Type::Year, false, None),
        (CASE, "markets", places, true, None),
        (CASE, "parent", Type::Reference(CASE), false, Some("children")),
        (CASE, "partners", Type::Reference(CASE), true, Some("partnered_by")),
        (CASE, "reaches", Type::Reference(CASE), true, Some("reached_by")),
        (CASE, "chosen", Type::Reference(POLICY), false, Some("chosen_by")),
        (CASE, "recommended", Type::Reference(POLICY), true, Some("recommended_for")),
        (CASE, "promising", Type::YesNo, false, None),
        (POLICY, "cost", Type::Scale(vec!["low", "high"]), false, None),
        (POLICY, "proven", Type::YesNo, false, None),
        (POLICY, "suits", one_of, false, None),
        (POLICY, "pilots", Type::Reference(CASE), true, Some("piloted_by")),
    ];
    let declared = all.into_iter().filter(|_| dice.chance(80)).map(|(of, name, takes, many, inverse)| {
        Declared { name: name.to_string(), of, takes, many, inverse: inverse.map(str::to_string) }
    });
    let mut declared: Vec<Declared> = declared.collect();
    if !declared.iter().any(|attribute| attribute.of == CASE) {
        declared.push(Declared {
            name: "exporting".to_string(),
            of: CASE,
            takes: Type::YesNo,
            many: false,
            inverse: None,
        });
    }
    declared
}

pub fn attributes_of(world: &World, kind: Kind) -> Vec<Attribute> {
    (0..world.attributes.len()).filter(|at| world.attributes[*at].of == kind).collect()
}

// ---- values -----------------------------------------------------------------------------------------

pub fn value(dice: &mut Dice, world: &World, attribute: Attribute) -> Option<Value> {
    Some(match &world.attributes[attribute].takes {
        Type::OneOf(names) | Type::Scale(names) => {
            let at = dice.below(names.len());
            Value::Choice(at, names[at])
        }
        Type::YesNo => Value::YesNo(dice.chance(60)),
        Type::Number => number(dice),
        Type::Year => year(dice),
        Type::Reference(kind) => {
            let things = world.things_of(*kind);
            // Few things get most of the references, so that paths meet.
            let among = if dice.chance(60) { things.len().min(3) } else { things.len() };
            Value::Thing(*things.get(dice.below(among))?)
        }
    })
}

/// An exact number half of the time, in a range where numbers meet.
fn number(dice: &mut Dice) -> Value {
    let at = 5 * dice.below(7) as i64;
    let end = |open| Some(End { at, open });
    let (interval, words) = match dice.below(12) {
        0 => (Interval::new(end(true), None), format!("> {at}")),
        1 => (Interval::new(end(false), None), format!(">= {at}")),
        2 => (Interval::new(None, end(true)), format!("< {at}")),
        3 => (Interval::new(None, end(false)), format!("<= {at}")),
        4 | 5 => {
            let to = at + 5 * dice.between(1, 3) as i64;
            (Interval::between(at, to), format!("{at}..{to}"))
        }
        6 => {
            let at = 10 * dice.between(1, 3) as i64;
            // Ten percent either way.
            (Interval::between(at - at / 10, at + at / 10), format!("about {at}"))
        }
        _ => (Interval::exactly(at), at.to_string()),
    };
    Value::Number(interval, words)
}

/// What may stand at the right of an operator: a bound cannot.
pub fn right_number(dice: &mut Dice) -> Value {
    loop {
        let value = number(dice);
        if matches!(&value, Value::Number(_, words) if !words.starts_with(['<', '>'])) {
            return value;
        }
    }
}

fn year(dice: &mut Dice) -> Value {
    let period = period(dice);
    Value::Number(Interval::between(period.first, period.last), period.words)
}

pub fn period(dice: &mut Dice) -> Period {
    let year = dice.between(1990, 1999) as i64;
    let (first, last, words) = match dice.below(8) {
        0 => (1990, 1993, "early 1990s".to_string()),
        1 => (1994, 1996, "mid 1990s".to_string()),
        2 => (1997, 1999, "late 1990s".to_string()),
        3 => (year, year + 2, format!("{year}..{}", year + 2)),
        _ => (year, year, year.to_string()),
    };
    Period { first, last, words }
}

// ---- claims -----------------------------------------------------------------------------------------

pub fn change(dice: &mut Dice, world: &World) -> Option<Change> {
    if dice.chance(8) {
        return retraction(dice, world).map(Change::Retract);
    }
    claim(dice, world).map(Change::Assert)
}

pub fn claim(dice: &mut Dice, world: &World) -> Option<Claim> {
    if world.things.is_empty() {
        return None;
    }
    let subject = dice.below(world.things.len());
    let attribute = *dice.pick(&non_empty(attributes_of(world, world.things[subject].kind))?);
    let value = if dice.chance(5) { None } else { Some(value(dice, world, attribute)?) };
    let denied = value.is_some() && dice.chance(20);
    let citations: Vec<Citation> = (0..*dice.pick(&[0, 1, 1, 1, 2])).map(|_| citation(dice, world)).collect();
    Some(Claim {
        subject,
        attribute,
        denied,
        value,
        citations: naive::distinct(citations),
        hedged: dice.chance(20),
        when: when(dice),
    })
}

pub fn non_empty<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}

fn citation(dice: &mut Dice, world: &World) -> Citation {
    let source = dice.pick(&world.sources).clone();
    let via = Some(dice.pick(&world.sources).clone()).filter(|via| *via != source && dice.chance(20));
    Citation { source, via, locator: *dice.pick(&[None, Some("p. 1"), Some("p. 2")]) }
}

fn when(dice: &mut Dice) -> When {
    let mut when = When::default();
    match dice.below(12) {
        0 | 1 => when.observed = Some(period(dice)),
        2 => when.since = Some(period(dice)),
        3 => when.until = Some(period(dice)),
        4 => {
            let (a, b) = (period(dice), period(dice));
            if a.last <= b.first {
                (when.since, when.until) = (Some(a), Some(b));
            }
        }
        _ => {}
    }
    when
}

/// Takes back something that stands.
fn retraction(dice: &mut Dice, world: &World) -> Option<Retraction> {
    let standing = non_empty(naive::standing(world, &world.changes))?;
    let claim = dice.pick(&standing).clone();
    let attribute = dice.chance(90).then_some(claim.attribute);
    let statement = claim.value.map(|value| (claim.denied, value));
    let statement = statement.filter(|_| attribute.is_some() && dice.chance(70));
    let citation = claim.citations.first().cloned().filter(|_| dice.chance(40));
    Some(Retraction { subject: claim.subject, attribute, statement, citation })
}

// ---- patterns ---------------------------------------------------------------------------------------

pub fn pattern(dice: &mut Dice, world: &World, name: String) -> Option<Pattern> {
    let variables: Vec<Kind> = match dice.below(8) {
        0 | 1 => vec![CASE, *dice.pick(&[CASE, POLICY])],
        2 if world.things.len() < 16 => vec![CASE, CASE, CASE],
        3 => vec![POLICY],
        _ => vec![CASE],
    };
    if let Some(recursion) = recursion(dice, world, &name) {
        return Some(recursion);
    }
    let negations = *dice.pick(&[0, 0, 10, 20]);
    let conditions = Conditions { world, variables: &variables, negations };
    let mut condition = conditions.condition(dice, 1)?;
    if variables.len() > 1 && dice.chance(70) {
        condition = Condition::All(vec![joining(dice, world, &variables)?, condition]);
    }
    let count = *dice.pick(&[1, 1, 1, 2]);
    let necessary = dice.chance(20);
    let mut said_of = Vec::new();
    mentioned(&condition, &mut said_of);
    let conclusions: Option<Vec<Conclusion>> = (0..if necessary { 1 } else { count })
        .map(|_| conclusion(dice, world, &variables, &said_of))
        .collect();
    let hedged = dice.chance(20);
    Some(Pattern {
        name,
        variables,
        condition,
        necessary,
        conclusions: conclusions?,
        seen_in: Vec::new(),
        citations: Vec::new(),
        hedged,
    })
}

/// The variables that a condition says something of: a pattern concludes on no others.
fn mentioned(condition: &Condition, variables: &mut Vec<usize>) {
    fn by(expression: &Expression, variables: &mut Vec<usize>) {
        match expression {
            Expression::Value(_) => {}
            Expression::Path(path) | Expression::Count(path) => variables.push(path.variable),
            Expression::Plus(a, b) | Expression::Minus(a, b) => {
                by(a, variables);
                by(b, variables);
            }
        }
    }
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| mentioned(part, variables));
        }
        Condition::Not(inner) => mentioned(inner, variables),
        Condition::Test(left, form) => {
            by(left, variables);
            if let Form::Compare { right, .. } = form {
                by(right, variables);
            }
        }
    }
}

/// `when A.partners = B and B.reaches = C then A.reaches = C`, and its beginning.
fn recursion(dice: &mut Dice, world: &World, name: &str) -> Option<Pattern> {
    let find = |name: &str| world.attributes.iter().position(|declared| declared.name == name);
    let (partners, reaches) = (find("partners")?, find("reaches")?);
    if !dice.chance(20) {
        return None;
    }
    let link = |from, attribute, to| {
        let path = |variable, steps| Expression::Path(Path { variable, steps });
        let left = path(from, vec![Step { attribute, inverse: false }]);
        let form =
            Form::Compare { possibly: false, comparison: Comparison::Equal, right: path(to, Vec::new()) };
        Condition::Test(left, form)
    };
    let is_first = dice.chance(50) || world.things.len() > 40;
    let (variables, condition, to) = match is_first {
        true => (vec![CASE; 2], link(0, partners, 1), 1),
        false => (vec![CASE; 3], Condition::All(vec![link(0, partners, 1), link(1, reaches, 2)]), 2),
    };
    let conclusions =
        vec![Conclusion { variable: 0, attribute: reaches, denied: false, value: Concluded::Variable(to) }];
    Some(Pattern {
        name: name.to_string(),
        variables,
        condition,
        necessary: false,
        conclusions,
        seen_in: Vec::new(),
        citations: Vec::new(),
        hedged: false,
    })
}

/// A reference from one variable to another.
fn joining(dice: &mut Dice, world: &World, variables: &[Kind]) -> Option<Condition> {
    let mut links = Vec::new();
    for (from, kind) in variables.iter().enumerate() {
        for attribute in attributes_of(world, *kind) {
            for (to, target) in variables.iter().enumerate() {
                if from != to && world.attributes[attribute].takes == Type::Reference(*target) {
                    links.push((from, attribute, to));
                }
            }
        }
    }
    let (from, attribute, to) = *dice.pick(&non_empty(links)?);
    let left = Expression::Path(Path { variable: from, steps: vec![Step { attribute, inverse: false }] });
    let right = Expression::Path(Path { variable: to, steps: Vec::new() });
    let comparison = if dice.chance(85) { Comparison::Equal } else { Comparison::Unequal };
    Some(Condition::Test(left, Form::Compare { possibly: false, comparison, right }))
}

fn conclusion(dice: &mut Dice, world: &World, variables: &[Kind], said_of: &[usize]) -> Option<Conclusion> {
    let variable = *dice.pick(said_of);
    let attribute = *dice.pick(&non_empty(attributes_of(world, variables[variable]))?);
    let targets: Vec<usize> = match world.attributes[attribute].takes {
        Type::Reference(kind) if variables.len() > 1 => {
            said_of.iter().copied().filter(|at| *at != variable && variables[*at] == kind).collect()
        }
        _ => Vec::new(),
    };
    let value = match non_empty(targets) {
        Some(targets) if dice.chance(70) => Concluded::Variable(*dice.pick(&targets)),
        _ => Concluded::Value(match world.attributes[attribute].takes {
            Type::Number => right_number(dice),
            _ => value(dice, world, attribute)?,
        }),
    };
    Some(Conclusion { variable, attribute, denied: dice.chance(25), value })
}

/// The names of things, for a binding.
pub fn names(world: &World, things: &[Thing]) -> Vec<String> {
    things.iter().map(|thing| world.things[*thing].name.clone()).collect()
}

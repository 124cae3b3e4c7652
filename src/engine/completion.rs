//! Descriptions of a case, completed in every way they allow: one value for each attribute mentioned, or of
//! one that takes many, some of those named.

use super::budget::Budget;
use super::join::conjuncts;
use super::scene::Scene;
use crate::error::{Error, ErrorKind, Result};
use crate::facts::Snapshot;
use crate::model::{
    AttributeId, Condition, Expression, KindId, Name, Number, Pattern, Start, Test, TestForm, ThingId,
    TimeScope, Type, Value,
};
use std::sync::Arc;

/// A description may be completed in at most so many ways.
pub const MOST_COMPLETIONS: usize = 4_096;

/// One way to complete a description: what is told of each attribute mentioned.
pub type Completion = Vec<(AttributeId, Told)>;

/// Values that are supported, or (`true`) denied; nothing leaves the attribute open.
pub type Told = Vec<(Value, bool)>;

/// The attributes that a condition on variable 0 tests of the thing itself, in order of appearance.
pub fn mentioned(condition: &Condition) -> Vec<AttributeId> {
    let mut attributes = Vec::new();
    condition.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| {
            if let (Start::Variable(0), Some(step)) = (path.start, path.steps.first())
                && !step.inverse
                && !attributes.contains(&step.attribute)
            {
                attributes.push(step.attribute);
            }
        });
    });
    attributes
}

/// All completions of a description of a thing of this kind.
///
/// # Errors
/// If there are more than [`MOST_COMPLETIONS`], or none at all: nothing can be as described.
pub fn completions(
    snapshot: &Snapshot,
    kind: KindId,
    description: &Condition,
    patterns: &[Arc<Pattern>],
    budget: &Budget,
) -> Result<Vec<Completion>> {
    describable(description)?;
    let mut domains: Vec<(AttributeId, Vec<Told>)> = Vec::new();
    for attribute in mentioned(description) {
        let mut domain = candidates(snapshot, attribute, description, patterns);
        // What a condition on this attribute alone rules out need not be combined with anything.
        for part in conjuncts(description).into_iter().filter(|part| mentioned(part) == [attribute]) {
            let mut left = Vec::with_capacity(domain.len());
            for told in domain {
                budget.spend(1)?;
                let alone = vec![(attribute, told)];
                if allows(snapshot, kind, part, &alone, budget)? {
                    left.extend(alone.into_iter().map(|(_, told)| told));
                }
            }
            domain = left;
        }
        domains.push((attribute, domain));
    }
    let ways = domains.iter().try_fold(1usize, |ways, (_, values)| ways.checked_mul(values.len()));
    let ways = ways.filter(|ways| *ways <= MOST_COMPLETIONS * 64);
    let too_many = || {
        Error::new(
            ErrorKind::Limit,
            format!("the description can be completed in more than {MOST_COMPLETIONS} ways"),
        )
        .note("describe fewer attributes, or with fewer alternatives")
    };
    let ways = ways.ok_or_else(too_many)?;
    let mut allowed = Vec::new();
    for way in 0..ways {
        budget.spend(1)?;
        let completion = nth_way(&domains, way);
        if allows(snapshot, kind, description, &completion, budget)? {
            allowed.push(completion);
        }
    }
    if allowed.len() > MOST_COMPLETIONS {
        return Err(too_many());
    }
    if allowed.is_empty() {
        let kind = &snapshot.vocabulary().kind(kind).name;
        return Err(Error::meaning(format!("no {kind} can be as described: `{}`", description.text()))
            .note("its conditions exclude one another"));
    }
    Ok(allowed)
}

/// The `way`-th combination of one value for each attribute.
fn nth_way(domains: &[(AttributeId, Vec<Told>)], mut way: usize) -> Completion {
    let pick = |(attribute, values): &(AttributeId, Vec<Told>)| {
        let value = values[way % values.len()].clone();
        way /= values.len();
        (*attribute, value)
    };
    domains.iter().map(pick).collect()
}

/// Whether a thing of which exactly this is known is as described.
fn allows(
    snapshot: &Snapshot,
    kind: KindId,
    description: &Condition,
    way: &Completion,
    budget: &Budget,
) -> Result<bool> {
    let (snapshot, thing) = imagine(snapshot, kind, way);
    let scope = TimeScope::default();
    let mut scene = Scene::new(&snapshot, &scope, budget);
    scene.strict_not = true;
    Ok(scene.truth(description, &[Some(thing)])?.met)
}

/// A snapshot with one thing more, of which exactly this is known.
pub fn imagine(snapshot: &Snapshot, kind: KindId, way: &Completion) -> (Snapshot, ThingId) {
    let told = way.iter().flat_map(|(attribute, told)| {
        told.iter().map(|(value, denied)| (*attribute, value.clone(), *denied))
    });
    snapshot.imagine(kind, told)
}

/// Refuses what no completion can be made for: a description tells values of attributes.
fn describable(description: &Condition) -> Result<()> {
    let mut refused = None;
    description.each_test(&mut |test, _| {
        let is_constant = |expression: &Expression| matches!(expression, Expression::Value(_));
        let tells = matches!(&test.left, Expression::Path(_))
            && match &test.form {
                TestForm::Compare { right, .. } => is_constant(right),
                TestForm::In(list) => list.iter().all(is_constant),
                TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => true,
            };
        if !tells {
            refused.get_or_insert_with(|| test.text.clone());
        }
    });
    match refused {
        None => Ok(()),
        Some(text) => Err(Error::meaning(format!("`{text}` does not describe a case")).note(
            "a description compares attributes with values: `industry = cops and social_capital <= weak`",
        )),
    }
}

/// What may be told of an attribute in a completion. It is left open only where the description asks whether
/// it is known.
fn candidates(
    snapshot: &Snapshot,
    attribute: AttributeId,
    description: &Condition,
    patterns: &[Arc<Pattern>],
) -> Vec<Told> {
    let mut candidates = match snapshot.vocabulary().attribute(attribute).many {
        true => sets_of(named_by(description, attribute)),
        false => one_of(snapshot, attribute, description, patterns),
    };
    if asks_whether_known(description, attribute) && !candidates.contains(&Vec::new()) {
        candidates.push(Vec::new());
    }
    candidates
}

fn asks_whether_known(description: &Condition, attribute: AttributeId) -> bool {
    let mut asks = false;
    description.each_test(&mut |test, _| {
        let path = if let Expression::Path(path) = &test.left { Some(path) } else { None };
        let reads =
            path.is_some_and(|path| path.steps.first().is_some_and(|step| step.attribute == attribute));
        asks |= reads && matches!(test.form, TestForm::Known | TestForm::Unknown);
    });
    asks
}

/// The values that a condition names for an attribute.
fn named_by(condition: &Condition, attribute: AttributeId) -> Vec<Value> {
    let mut named = Vec::new();
    condition.each_test(&mut |test, _| named.extend(constants(test, attribute)));
    named.sort();
    named.dedup();
    named
}

/// Of an attribute that takes many values: each of those named may be supported, denied or open.
fn sets_of(named: Vec<Value>) -> Vec<Told> {
    let mut sets: Vec<Told> = vec![Vec::new()];
    for value in named {
        let with =
            |set: &Told, denied| set.iter().cloned().chain([(value.clone(), denied)]).collect::<Told>();
        sets = sets.iter().flat_map(|set| [set.clone(), with(set, false), with(set, true)]).collect();
        if sets.len() > MOST_COMPLETIONS {
            break;
        }
    }
    sets
}

/// Of an attribute that takes one value: all choices of a `one of`, `scale` or yes/no; of numbers, a point or
/// gap for every threshold in sight; otherwise each value that the description and the patterns name, and one
/// that is none of them.
fn one_of(
    snapshot: &Snapshot,
    attribute: AttributeId,
    description: &Condition,
    patterns: &[Arc<Pattern>],
) -> Vec<Told> {
    let value_type = &snapshot.vocabulary().attribute(attribute).value_type;
    let each =
        |values: Vec<Value>| values.into_iter().map(|value| vec![(value, false)]).collect::<Vec<Told>>();
    match value_type {
        Type::Thing(kind) if leads_further(description, attribute) => {
            let members = snapshot.members(*kind);
            each(members.iter().take(MOST_COMPLETIONS + 1).map(|id| Value::Thing(ThingId(id))).collect())
        }
        Type::OneOf(names) | Type::Scale(names) => each((0..names.len() as u32).map(Value::Choice).collect()),
        Type::YesNo => each(vec![Value::YesNo(true), Value::YesNo(false)]),
        _ => {
            let mut named = named_by(description, attribute);
            for pattern in patterns {
                named.extend(named_by(pattern.condition(), attribute));
            }
            named.sort();
            named.dedup();
            if value_type.is_numeric() {
                return each(between_thresholds(&named).into_iter().map(Value::Number).collect());
            }
            let none_of_them = named.iter().map(|value| (value.clone(), true)).collect();
            each(named).into_iter().chain([none_of_them]).collect()
        }
    }
}

/// Whether the description follows a reference further: `country.region = asia`.
fn leads_further(description: &Condition, attribute: AttributeId) -> bool {
    let mut further = false;
    description.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| {
            further |= path.steps.len() > 1 && path.steps[0].attribute == attribute;
        });
    });
    further
}

/// The constants that a test compares an attribute with.
pub fn constants(test: &Test, attribute: AttributeId) -> Vec<Value> {
    let Expression::Path(path) = &test.left else { return Vec::new() };
    if path.steps.len() != 1 || path.steps[0].attribute != attribute {
        return Vec::new();
    }
    let constant = |expression: &Expression| match expression {
        Expression::Value(value) => Some(value.clone()),
        _ => None,
    };
    match &test.form {
        TestForm::Compare { right, .. } => constant(right).into_iter().collect(),
        TestForm::In(list) => list.iter().filter_map(constant).collect(),
        TestForm::Contains(words) => vec![Value::Text(Name::new(words))],
        TestForm::Known | TestForm::Unknown => Vec::new(),
    }
}

/// The thresholds themselves, and the open intervals before, between and after them.
pub fn between_thresholds(named: &[Value]) -> Vec<Number> {
    let ends = named.iter().filter_map(|value| match value {
        Value::Number(number) => Some([number.low(), number.high()]),
        _ => None,
    });
    let mut cuts: Vec<_> = ends.flatten().flatten().map(|end| end.value).collect();
    cuts.sort();
    cuts.dedup();
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else { return Vec::new() };
    let open = |value| Some(crate::model::End { value, open: true });
    let mut numbers = vec![Number::below(*first, true), Number::above(*last, true)];
    numbers.extend(cuts.windows(2).filter_map(|pair| Number::from_ends(open(pair[0]), open(pair[1]))));
    numbers.extend(cuts.iter().map(|cut| Number::exactly(*cut)));
    numbers
}

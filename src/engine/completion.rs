//! Descriptions of a case, completed: one value for each attribute mentioned, in every way the
//! description allows.

use super::budget::Budget;
use super::scene::Scene;
use crate::error::{Error, ErrorKind, Result};
use crate::facts::Snapshot;
use crate::model::{
    AttributeId, Condition, Expression, KindId, Number, Pattern, Start, Test, TestForm, ThingId, TimeScope,
    Type, Value,
};
use std::sync::Arc;

/// A description may be completed in at most so many ways.
pub const MOST_COMPLETIONS: usize = 4_096;

/// One way to complete a description. An attribute without a value is left open.
pub type Completion = Vec<(AttributeId, Option<Value>)>;

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
    let attributes = mentioned(description);
    let domains: Vec<(AttributeId, Vec<Option<Value>>)> = attributes
        .into_iter()
        .map(|attribute| (attribute, candidates(snapshot, attribute, description, patterns)))
        .collect();
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
            .note("two of its conditions exclude each other"));
    }
    Ok(allowed)
}

/// The `way`-th combination of one value for each attribute.
fn nth_way(domains: &[(AttributeId, Vec<Option<Value>>)], mut way: usize) -> Completion {
    let pick = |(attribute, values): &(AttributeId, Vec<Option<Value>>)| {
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
    let known = way.iter().filter_map(|(attribute, value)| Some((*attribute, value.clone()?)));
    snapshot.imagine(kind, known)
}

/// The values that an attribute may take in a completion. `None` leaves it open, where the description
/// asks whether it is known.
fn candidates(
    snapshot: &Snapshot,
    attribute: AttributeId,
    description: &Condition,
    patterns: &[Arc<Pattern>],
) -> Vec<Option<Value>> {
    let mut values = values_of(snapshot, attribute, description, patterns);
    if asks_whether_known(description, attribute) && !values.contains(&None) {
        values.push(None);
    }
    values
}

fn asks_whether_known(description: &Condition, attribute: AttributeId) -> bool {
    let mut asks = false;
    description.each_test(&mut |test, _| {
        let reads = matches!(&test.left, Expression::Path(path) if path.steps.first().is_some_and(|s| s.attribute == attribute));
        asks |= reads && matches!(test.form, TestForm::Known | TestForm::Unknown);
    });
    asks
}

/// All choices of a `one of`, `scale` or yes/no;
/// of numbers, a point or gap for every threshold in sight; otherwise the values that the description and
/// the patterns name. `None` stands for none of them, where the description has a say only by `not`.
fn values_of(
    snapshot: &Snapshot,
    attribute: AttributeId,
    description: &Condition,
    patterns: &[Arc<Pattern>],
) -> Vec<Option<Value>> {
    let value_type = &snapshot.vocabulary().attribute(attribute).value_type;
    match value_type {
        Type::Thing(kind) if leads_further(description, attribute) => snapshot
            .members(*kind)
            .iter()
            .take(MOST_COMPLETIONS)
            .map(|id| Some(Value::Thing(ThingId(id))))
            .collect(),
        Type::OneOf(names) | Type::Scale(names) => {
            (0..names.len() as u32).map(|at| Some(Value::Choice(at))).collect()
        }
        Type::YesNo => vec![Some(Value::YesNo(true)), Some(Value::YesNo(false))],
        _ => {
            let mut named = Vec::new();
            let mut collect = |condition: &Condition| {
                condition.each_test(&mut |test, _| named.extend(constants(test, attribute)));
            };
            collect(description);
            patterns.iter().for_each(|pattern| collect(pattern.condition()));
            if value_type.is_numeric() {
                return between_thresholds(&named)
                    .into_iter()
                    .map(|number| Some(Value::Number(number)))
                    .collect();
            }
            named.sort();
            named.dedup();
            named.into_iter().map(Some).chain([None]).collect()
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
        _ => Vec::new(),
    }
}

/// The thresholds themselves, and the open intervals before, between and after them.
fn between_thresholds(named: &[Value]) -> Vec<Number> {
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

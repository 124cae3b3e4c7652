//! Questions about a kind: which things, and what to say where there are none.

use super::ask::{self, Asked};
use super::rows::Rows;
use super::rules::Rules;
use super::scene::{Scene, as_thing};
use crate::answer::Answer;
use crate::error::Result;
use crate::model::question::{About, Select};
use crate::model::{
    AttributeId, Condition, Expression, KindId, Name, Path, Start, Test, TestForm, ThingId, Value,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Answers a question about a kind.
pub fn answer(scene: &Scene, select: &Select) -> Result<Answer> {
    let plural = || scene.vocabulary().kind(select.kind).plural.to_string();
    let members = || Ok(RoaringBitmap::clone(&scene.snapshot.members(select.kind)));
    let mut domain =
        scene.step(|| format!("begin with all {}", plural()), None, RoaringBitmap::len, members)?;
    if let Some(about) = &select.about {
        let words = || format!("keep those that a claim ties to `{}`", about.name);
        domain &= scene.step(words, None, RoaringBitmap::len, || tied(scene, select.kind, about))?;
    }
    let things = scene.met_in_steps(&select.condition, &domain)?;
    scene.budget.spend(things.len())?;
    let rows = Rows { scene, asked: None };
    let present = || rows.present(select, &things);
    let mut answer = scene.step(|| presented(select), None, |answer| answer.len() as u64, present)?;
    if things.is_empty() {
        explain_emptiness(scene, select, &domain, &mut answer)?;
    } else {
        count_open(scene, &select.condition, &things, &mut answer)?;
    }
    Ok(answer)
}

/// What becomes of the things found, in words.
fn presented(select: &Select) -> String {
    let mut words = match &select.aggregate {
        Some(aggregate) if select.by.is_empty() => aggregate.function.name().to_string(),
        Some(aggregate) => format!("{} by groups", aggregate.function.name()),
        None => "show".to_string(),
    };
    if !select.order.is_empty() {
        words += ", in order";
    }
    if let Some(limit) = &select.limit {
        words += &format!(", at most {}", limit.rows);
    }
    words
}

/// Answers a question by description.
pub fn answer_described(scene: &Scene, rules: &Arc<Rules>, select: &Select) -> Result<Answer> {
    let Some(description) = &select.description else { return answer(scene, select) };
    let found = |asked: &Vec<Asked>| asked.len() as u64;
    let words = || "look where patterns lead from what is described".to_string();
    let mut asked = scene.step(words, None, found, || ask::ask(scene, rules, description))?;
    if let Some(about) = &select.about {
        let tied = tied(scene, select.kind, about)?;
        asked.retain(|asked| tied.contains(asked.thing.0));
    }
    let by_thing: FxHashMap<ThingId, &Asked> = asked.iter().map(|asked| (asked.thing, asked)).collect();
    let rows = Rows { scene, asked: Some(&by_thing) };
    let mut things = Vec::new();
    for asked in &asked {
        if rows.truth(&select.condition, asked.thing)?.met {
            things.push(asked.thing);
        }
    }
    let present = || rows.present_in_order(select, things);
    let mut answer = scene.step(|| presented(select), None, |answer| answer.len() as u64, present)?;
    if answer.is_empty() && select.aggregate.is_none() {
        answer.note(match asked.len() {
            0 => "no pattern leads from this description to anything".to_string(),
            count => format!("without the conditions on what is asked for, {count} remain"),
        });
    }
    Ok(answer)
}

/// The things of a kind that some claim ties to X, either way round.
fn tied(scene: &Scene, kind: KindId, about: &About) -> Result<RoaringBitmap> {
    let is_meant = |attribute: AttributeId, value: &Value| match value {
        Value::Thing(thing) => about.things.contains(thing),
        Value::Choice(_) => Name::new(&scene.show(attribute, value)) == about.name,
        Value::Text(text) => *text == about.name,
        _ => false,
    };
    let mut found = RoaringBitmap::new();
    for &attribute in scene.vocabulary().attributes_of(kind) {
        for thing in scene.snapshot.members(kind).iter() {
            scene.budget.spend(1)?;
            let said = scene.said(ThingId(thing), attribute)?;
            let named = about.attributes.contains(&attribute) && said.is_known();
            if named || said.supported().into_iter().any(|value| is_meant(attribute, value)) {
                found.insert(thing);
            }
        }
    }
    if kind == KindId::CLAIM {
        found |= claims_on(scene, about)?;
    }
    for &thing in &about.things {
        for &attribute in scene.vocabulary().attributes_of(scene.snapshot.things().kind(thing)) {
            let said = scene.said(thing, attribute)?;
            found.extend(said.supported().into_iter().filter_map(as_thing).map(|thing| thing.0));
        }
    }
    Ok(found & &*scene.snapshot.members(kind))
}

/// The claims on attributes of this name or under this heading.
fn claims_on(scene: &Scene, about: &About) -> Result<RoaringBitmap> {
    let Some(step) = scene.vocabulary().step(KindId::CLAIM, "attribute") else {
        return Ok(RoaringBitmap::new());
    };
    let names = about.attributes.iter().map(|id| scene.vocabulary().attribute(*id).name.clone());
    let list = names.map(|name| Expression::Value(Value::Text(name))).collect();
    let left = Expression::Path(Path { start: Start::Variable(0), steps: vec![step] });
    let test = Test { left, form: TestForm::In(list), text: String::new() };
    scene.met(&Condition::Test(test), &scene.snapshot.members(KindId::CLAIM))
}

/// Says which condition removed the last rows, and what remains without it.
fn explain_emptiness(
    scene: &Scene,
    select: &Select,
    domain: &RoaringBitmap,
    answer: &mut Answer,
) -> Result<()> {
    let kind = scene.vocabulary().kind(select.kind);
    if domain.is_empty() {
        answer.note(match &select.about {
            Some(about) if !scene.snapshot.members(select.kind).is_empty() => {
                format!("no claim ties any of the {} to `{}`", kind.plural, about.name)
            }
            _ => format!("there are no {}", kind.plural),
        });
        return Ok(());
    }
    let parts = super::join::conjuncts(&select.condition);
    let mut left = domain.clone();
    for (at, part) in parts.iter().enumerate() {
        let next = scene.met(part, &left)?;
        if next.is_empty() {
            let others: Vec<Condition> = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, part)| (*part).clone())
                .collect();
            let remain = scene.met(&Condition::All(others), domain)?.len();
            let last = match left.len() {
                1 => "the last one".to_string(),
                before => format!("the last {before}"),
            };
            let remains = if remain == 1 { "remains" } else { "remain" };
            answer.note(format!(
                "`{}` removed {last}; without it {remain} of {} {remains}",
                part.text(),
                domain.len()
            ));
            if let Some(possibly) = possibly(part, scene) {
                let possible = scene.met(&possibly, &left)?.len();
                if possible > 0 {
                    answer.note(format!(
                        "`{}` takes in {possible}: there the number may lie on either side",
                        possibly.text()
                    ));
                }
            }
            return Ok(());
        }
        left = next;
    }
    Ok(())
}

/// The same comparison of numbers, met where some point satisfies it.
fn possibly(condition: &Condition, scene: &Scene) -> Option<Condition> {
    let Condition::Test(test) = condition else { return None };
    let TestForm::Compare { possibly: false, comparison, right } = &test.form else { return None };
    let named = match &test.left {
        Expression::Path(path) => path.steps.last().map(|step| scene.vocabulary().attribute(step.attribute)),
        _ => None,
    };
    if named.is_some_and(|attribute| !attribute.value_type.is_numeric()) {
        return None;
    }
    let form = TestForm::Compare { possibly: true, comparison: *comparison, right: right.clone() };
    let text = format!("possibly {}", test.text);
    Some(Condition::Test(Test { left: test.left.clone(), form, text }))
}

/// Where `not` let a thing through because nothing is known, the answer says how many.
fn count_open(
    scene: &Scene,
    condition: &Condition,
    things: &RoaringBitmap,
    answer: &mut Answer,
) -> Result<()> {
    for part in super::join::conjuncts(condition) {
        let Condition::Not(inner) = part else { continue };
        let open = things - scene.failed(inner, things)?;
        if !open.is_empty() {
            let text = inner.text();
            answer.note(format!(
                "`not {text}` is open for {} of {}: nothing is known against it",
                open.len(),
                things.len()
            ));
        }
    }
    Ok(())
}

//! Words in names, titles, notes, texts, locators and patterns.

use super::scene::Scene;
use crate::answer::{Answer, Cell, Datum};
use crate::error::Result;
use crate::model::{AttributeId, Claim, Name, ThingId, Value};

/// A place where all the words were found. Where it was found orders the answer.
struct Hit {
    rank: u8,
    kind: String,
    name: String,
    place: String,
    text: String,
    sources: Vec<Datum>,
}

/// Everything that holds all the words, names first, then titles, then patterns and what claims say.
pub fn answer(scene: &Scene, words: &str) -> Result<Answer> {
    let wanted: Vec<String> = words.split_whitespace().map(lower).collect();
    let holds = |text: &str| {
        let text = lower(text);
        !wanted.is_empty() && wanted.iter().all(|word| text.contains(word))
    };
    let mut hits = Vec::new();
    things(scene, &holds, &mut hits)?;
    patterns(scene, &holds, &mut hits);
    claims(scene, &holds, &mut hits)?;
    vocabulary(scene, &holds, &mut hits);
    hits.sort_by(|a, b| (a.rank, &a.name, &a.place).cmp(&(b.rank, &b.name, &b.place)));
    scene.budget.spend(hits.len() as u64)?;
    let rows = hits.into_iter().map(|hit| {
        let Hit { kind, name, place, text, sources, .. } = hit;
        vec![Cell::name(kind), Cell::name(name), Cell::name(place), Cell::text(text), Cell::list(sources)]
    });
    let mut answer = Answer::new(["kind", "name", "place", "text", "sources"]).with_rows(rows);
    if answer.is_empty() {
        answer.note(format!("nothing holds all of the words `{words}`"));
    }
    Ok(answer)
}

/// Lower case, with `_` and `-` as spaces, so that words are found in names.
fn lower(text: &str) -> String {
    text.to_lowercase().replace(['_', '-'], " ")
}

fn things(scene: &Scene, holds: &dyn Fn(&str) -> bool, hits: &mut Vec<Hit>) -> Result<()> {
    let things = scene.snapshot.things();
    for thing in (0..things.count()).map(ThingId) {
        scene.budget.spend(1)?;
        let name = things.name(thing);
        let title = things.title(thing).unwrap_or("");
        let (rank, place) = match (holds(name), holds(title)) {
            (true, _) => (0, "name"),
            (_, true) => (1, "title"),
            _ => continue,
        };
        let kind = scene.vocabulary().kind(things.kind(thing)).name.to_string();
        let text = if title.is_empty() { name } else { title };
        let (name, place, text) = (name.to_string(), place.to_string(), text.to_string());
        hits.push(Hit { rank, kind, name, place, text, sources: Vec::new() });
    }
    Ok(())
}

fn patterns(scene: &Scene, holds: &dyn Fn(&str) -> bool, hits: &mut Vec<Hit>) {
    for pattern in scene.snapshot.patterns() {
        let title = pattern.title.as_deref().unwrap_or("");
        if holds(pattern.name.as_str()) || holds(title) {
            let sources =
                pattern.evidence.citations.iter().map(|citation| Datum::Source(scene.source(citation)));
            hits.push(Hit {
                rank: 2,
                kind: "pattern".to_string(),
                name: pattern.name.to_string(),
                place: "title".to_string(),
                text: title.to_string(),
                sources: sources.collect(),
            });
        }
    }
}

fn claims(scene: &Scene, holds: &dyn Fn(&str) -> bool, hits: &mut Vec<Hit>) -> Result<()> {
    let mut spent = Ok(());
    scene.snapshot.each_claim(&mut |thing, attribute, claim| {
        if spent.is_ok() {
            spent = scene.budget.spend(1);
        }
        if !scene.scope.sees(&claim.evidence.when) || spent.is_err() {
            return;
        }
        if let Some(text) = words_of(scene, attribute, claim).into_iter().find(|text| holds(text)) {
            let things = scene.snapshot.things();
            hits.push(Hit {
                rank: 3,
                kind: scene.vocabulary().kind(things.kind(thing)).name.to_string(),
                name: things.name(thing).to_string(),
                place: scene.vocabulary().attribute(attribute).name.to_string(),
                text,
                sources: scene.sources_of([claim]).into_iter().map(Datum::Source).collect(),
            });
        }
    });
    spent
}

/// The words of a claim: of its text, its note and its locators, and its value beside the attribute's name.
fn words_of(scene: &Scene, attribute: AttributeId, claim: &Claim) -> Vec<String> {
    let mut words = Vec::new();
    match &claim.value {
        Some(Value::Text(text)) => words.push(text.to_string()),
        Some(Value::Choice(_)) => {
            let value = claim.value.as_ref().map(|value| scene.show(attribute, value)).unwrap_or_default();
            words.push(format!("{}: {value}", scene.vocabulary().attribute(attribute).name));
        }
        _ => {}
    }
    words.extend(claim.note.as_ref().map(|note| note.to_string()));
    let locators = claim.evidence.citations.iter().filter_map(|citation| citation.locator.as_ref());
    words.extend(locators.map(|locator| locator.to_string()));
    words
}

fn vocabulary(scene: &Scene, holds: &dyn Fn(&str) -> bool, hits: &mut Vec<Hit>) {
    let mut hit = |kind: &str, name: &Name, place: String, text: &str| {
        if holds(name.as_str()) || holds(text) {
            let (kind, name, text) = (kind.to_string(), name.to_string(), text.to_string());
            hits.push(Hit { rank: 4, kind, name, place, text, sources: Vec::new() });
        }
    };
    for (_, attribute) in scene.vocabulary().attributes() {
        let Some(kind) = attribute.kind.filter(|kind| !kind.is_catalogue()) else { continue };
        let (owner, name) = (&scene.vocabulary().kind(kind).name, &attribute.name);
        hit("attribute", name, format!("of {owner}"), attribute.description.as_deref().unwrap_or(""));
        for value in attribute.value_type.choices() {
            let meaning = attribute.meaning(value).map_or("", |meaning| meaning);
            hit("value", value, format!("of {owner}.{name}"), meaning);
        }
    }
}

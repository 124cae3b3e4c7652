//! Words in names, titles, notes, texts, locators and patterns.

use super::scene::Scene;
use crate::answer::{Answer, Cell, Datum};
use crate::error::Result;
use crate::model::{AttributeId, Claim, Name, ThingId, Type, Value};

/// A place where all the words were found. Where it was found orders the answer.
struct Hit {
    /// Whether a word is only part of a longer one there.
    is_partial: bool,
    rank: u8,
    kind: String,
    name: String,
    place: String,
    text: String,
    sources: Vec<Datum>,
}

/// Everything that holds all the words, or longer ones that begin with them: whole words first; names, then titles,
/// then patterns, what claims say, and the vocabulary.
pub fn answer(scene: &Scene, words: &str) -> Result<Answer> {
    let wanted: Vec<String> = words.split_whitespace().map(|word| stem(&plain(word)).to_string()).collect();
    let holds = |text: &str| {
        let text = plain(text);
        !wanted.is_empty() && wanted.iter().all(|word| begins_in(&text, word))
    };
    let holds_whole = |text: &str| {
        let text = plain(text);
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).map(stem).collect();
        wanted.iter().all(|wanted| words.iter().any(|word| word == wanted) || !is_word(wanted))
    };
    let mut hits = Vec::new();
    things(scene, &holds, &mut hits)?;
    patterns(scene, &holds, &mut hits);
    claims(scene, &holds, &mut hits)?;
    vocabulary(scene, &holds, &mut hits);
    for hit in &mut hits {
        hit.is_partial = ![&hit.name, &hit.text].into_iter().any(|text| holds_whole(text));
    }
    let key = |hit: &Hit| (hit.is_partial, hit.rank, hit.name.clone(), hit.place.clone());
    hits.sort_by_cached_key(key);
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

/// As words are compared: in lower case, with `_` and `-` as spaces, so that they are found in names, and with `s` for
/// `z`, as some write `-ise` and others `-ize`.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '_' | '-' => ' ',
        'z' => 's',
        c => c,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// A word without the ending of its plural: `certificat` is in both numbers, `industr` in `industry` and
/// `industries`.
fn stem(word: &str) -> &str {
    let long = |stem: &&str| stem.chars().count() > 3;
    word.strip_suffix("ies")
        .or(word.strip_suffix("es"))
        .or(word.strip_suffix(['s', 'y', 'e']))
        .filter(long)
        .unwrap_or(word)
}

/// Whether a word of the text begins with this one, which may hold signs (`88.5`).
fn begins_in(text: &str, word: &str) -> bool {
    let begins = |(at, _): (usize, &str)| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(begins)
}

fn is_word(text: &str) -> bool {
    text.chars().all(char::is_alphanumeric)
}

fn things(scene: &Scene, holds: &dyn Fn(&str) -> bool, hits: &mut Vec<Hit>) -> Result<()> {
    let things = scene.snapshot.things();
    for thing in (0..things.count()).map(ThingId) {
        scene.budget.spend(1)?;
        let name = things.name(thing);
        let title = things.title(thing).unwrap_or("");
        let (rank, place) = match (holds(&name), holds(title)) {
            (true, _) => (0, "name"),
            (_, true) => (1, "title"),
            _ => continue,
        };
        let kind = scene.vocabulary().kind(things.kind(thing)).name.to_string();
        let text = if title.is_empty() { &name } else { title };
        let (name, place, text) = (name.to_string(), place.to_string(), text.to_string());
        hits.push(Hit { is_partial: false, rank, kind, name, place, text, sources: Vec::new() });
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
                is_partial: false,
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
                is_partial: false,
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
        Some(value @ (Value::Choice(_) | Value::Number(_))) => {
            let declared = scene.vocabulary().attribute(attribute);
            let unit = match &declared.value_type {
                Type::Number { unit: Some(unit) } => format!(" {unit}"),
                Type::Percent => " %".to_string(),
                _ => String::new(),
            };
            words.push(format!("{}: {}{unit}", declared.name, scene.show(attribute, value)));
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
            hits.push(Hit { is_partial: false, rank: 4, kind, name, place, text, sources: Vec::new() });
        }
    };
    for (alias, known) in scene.vocabulary().aliases() {
        hit("alias", alias, format!("of {known}"), "");
    }
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

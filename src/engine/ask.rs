//! Asking by describing: what patterns lead to from a case that is only described, and what is still
//! needed for the rest.

use super::completion::{completions, constants, imagine, mentioned};
use super::eval::Typed;
use super::lead::{AllWorlds, Lead, Searcher, distinct};
use super::rules::Rules;
use super::scene::Scene;
use crate::answer::{Cell, Datum, Source, Standing};
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::condition::Field;
use crate::model::question::{Described, Description};
use crate::model::{AttributeId, Expression, KindId, Pattern, Start, ThingId, Value, fold};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a description leads to, and how.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The thing asked for.
    pub thing: ThingId,
    /// Whether it applies in every completion of the description.
    pub applies: bool,
    /// Supported or contested.
    standing: Standing,
    hedged: bool,
    /// The smallest set of open conditions that would make it apply.
    needs: Vec<String>,
    /// So many of the described attributes does its best proof use.
    used: usize,
    /// Those that support it first, then those that deny it.
    patterns: Vec<Arc<Pattern>>,
    cases: Vec<String>,
    sources: Vec<Source>,
    described: Vec<Typed>,
    /// Which attribute each of `described` is a value of.
    described_of: Vec<AttributeId>,
}

impl Asked {
    /// What stands in a column of the answer.
    pub fn field(&self, field: Field) -> Cell {
        match field {
            Field::Status if self.applies => Cell::text("applies"),
            Field::Status => Cell::text("would apply if"),
            Field::Needs => Cell::list(self.needs.iter().cloned().map(Datum::Text)),
            Field::Standing => Cell::text(self.standing.name()),
            Field::Hedged => Cell::one(Datum::YesNo(self.hedged)),
            Field::Patterns => {
                Cell::list(self.patterns.iter().map(|pattern| Datum::Name(pattern.name.to_string())))
            }
            Field::Cases => Cell::list(self.cases.iter().cloned().map(Datum::Name)),
            Field::Sources => Cell::list(self.sources.iter().cloned().map(Datum::Source)),
        }
    }

    /// The values of a described attribute in the conditions of the patterns that lead here.
    pub fn described(&self, attribute: AttributeId) -> Vec<Typed> {
        let pairs = self.described.iter().zip(&self.described_of);
        pairs.filter(|(_, of)| **of == attribute).map(|(typed, _)| typed.clone()).collect()
    }
}

/// A completion, or the stored case itself.
struct World {
    snapshot: Snapshot,
    thing: ThingId,
}

impl World {
    fn scene<'a>(&'a self, seen_by: &'a Scene, rules: &Arc<Rules>) -> Scene<'a> {
        Scene::new(&self.snapshot, seen_by.scope, seen_by.budget).described().with_rules(rules, None)
    }
}

/// What the described case leads to: first what applies, then by the number of described attributes that
/// the best proof uses, then supported before contested, then by name.
pub fn ask(scene: &Scene, rules: &Arc<Rules>, description: &Description) -> Result<Vec<Asked>> {
    let context = description.context;
    let patterns = rules.relevant(&[context.attribute]);
    let (worlds, known) = match &description.of {
        Described::Hypothetical(condition) => {
            let complete = || completions(scene.snapshot, context.kind, condition, &patterns, scene.budget);
            let words = || "complete the description in every way it allows".to_string();
            let ways = scene.step(words, None, |ways| ways.len() as u64, complete)?;
            let worlds = ways.iter().map(|way| {
                let (snapshot, thing) = imagine(scene.snapshot, context.kind, way);
                World { snapshot, thing }
            });
            (worlds.collect::<Vec<World>>(), mentioned(condition))
        }
        Described::Stored(thing) => {
            let known = claimed_attributes(scene, *thing, context.kind)?;
            (vec![World { snapshot: scene.snapshot.clone(), thing: *thing }], known)
        }
    };
    let scenes = worlds.iter().map(|world| world.scene(scene, rules)).collect();
    let all = AllWorlds::new(scenes);
    let mut leads: Vec<FxHashMap<ThingId, Vec<Lead>>> = Vec::with_capacity(worlds.len());
    for (world, case) in worlds.iter().zip(&all.scenes) {
        let searcher = Searcher {
            scene: case,
            all: &all,
            case: world.thing,
            attribute: context.attribute,
            known: &known,
        };
        leads.push(searcher.leads(&patterns)?);
    }
    let mut targets: Vec<ThingId> = leads.iter().flat_map(|leads| leads.keys().copied()).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut asked = Vec::new();
    for target in targets {
        let ways: Vec<&[Lead]> =
            leads.iter().map(|leads| leads.get(&target).map_or(&[][..], Vec::as_slice)).collect();
        asked.extend(combine(scene, context, target, &ways)?);
    }
    let name = |asked: &Asked| crate::model::Name::new(&scene.snapshot.things().name(asked.thing));
    asked.sort_by_cached_key(|asked| {
        (!asked.applies, std::cmp::Reverse(asked.used), asked.standing, name(asked))
    });
    Ok(asked)
}

fn claimed_attributes(scene: &Scene, thing: ThingId, kind: KindId) -> Result<Vec<AttributeId>> {
    let mut claimed = Vec::new();
    for &attribute in scene.vocabulary().attributes_of(kind) {
        if scene.said(thing, attribute)?.claims().next().is_some() {
            claimed.push(attribute);
        }
    }
    Ok(claimed)
}

/// Puts together what the completions say of one thing; `None` if nothing speaks for it.
fn combine(
    scene: &Scene,
    context: crate::model::Context,
    target: ThingId,
    ways: &[&[Lead]],
) -> Result<Option<Asked>> {
    let applies = ways.iter().all(|leads| leads.iter().any(|lead| !lead.denied && lead.fires));
    let supporting: Vec<&Lead> =
        ways.iter().flat_map(|leads| leads.iter()).filter(|lead| !lead.denied).collect();
    if supporting.is_empty() {
        return Ok(None);
    }
    let denying: Vec<&Lead> = ways.iter().flat_map(|leads| leads.iter()).filter(|lead| lead.denied).collect();
    let needs = match applies {
        true => Vec::new(),
        false => {
            let sets = supporting.iter().map(|lead| lead.needs.clone());
            sets.min_by_key(|needs| (needs.len(), needs.clone())).unwrap_or_default()
        }
    };
    let counts = |lead: &&Lead| if applies { lead.fires } else { lead.needs.len() == needs.len() };
    let counted: Vec<&Lead> = supporting.into_iter().filter(counts).collect();
    let patterns = distinct(counted.iter().chain(&denying).flat_map(|lead| lead.patterns.iter().cloned()));
    let seen_in = patterns.iter().flat_map(|pattern| pattern.seen_in.iter().copied());
    let stored = stored_cases(scene, context.attribute, target)?;
    let cases = distinct(seen_in.chain(stored))
        .into_iter()
        .map(|case| scene.snapshot.things().name(case).to_string());
    let sources = distinct(counted.iter().chain(&denying).flat_map(|lead| lead.sources.iter().cloned()));
    let (described, described_of) = described_values(context.kind, &counted, scene);
    Ok(Some(Asked {
        thing: target,
        applies,
        standing: if denying.is_empty() { Standing::Supported } else { Standing::Contested },
        hedged: counted.iter().all(|lead| lead.hedged),
        needs,
        used: counted.iter().map(|lead| lead.used).max().unwrap_or(0),
        patterns,
        cases: cases.collect(),
        sources,
        described,
        described_of,
    }))
}

/// The stored cases about which a claim says this, by name: in what order they came to the store says nothing.
fn stored_cases(scene: &Scene, attribute: AttributeId, target: ThingId) -> Result<Vec<ThingId>> {
    let step = crate::model::Step { attribute, inverse: true };
    let referring = scene.follow(target, step)?;
    let mut stored = Vec::new();
    for case in referring {
        let said = scene.said(case, attribute)?;
        if said.claims().any(|claim| !claim.denied && claim.value == Some(Value::Thing(target))) {
            stored.push(case);
        }
    }
    stored.sort_by_key(|case| fold(&scene.snapshot.things().name(*case)));
    Ok(stored)
}

/// The constants in the conditions of the patterns, by attribute of the described kind.
fn described_values(kind: KindId, leads: &[&Lead], scene: &Scene) -> (Vec<Typed>, Vec<AttributeId>) {
    let mut pairs: Vec<(Typed, AttributeId)> = Vec::new();
    for pattern in leads.iter().flat_map(|lead| lead.pattern.iter()) {
        pattern.condition().each_test(&mut |test, negated| {
            let Expression::Path(path) = &test.left else { return };
            let of_kind = |at: usize| pattern.variables.get(at).is_some_and(|variable| variable.kind == kind);
            if negated || !matches!(path.start, Start::Variable(at) if of_kind(at)) {
                return;
            }
            for &attribute in scene.vocabulary().attributes_of(kind) {
                let values = constants(test, attribute).into_iter();
                pairs.extend(values.map(|value| ((value, Some(attribute)), attribute)));
            }
        });
    }
    distinct(pairs).into_iter().unzip()
}

//! Cases side by side, and what is not known of them.

use super::scene::Scene;
use crate::answer::{Answer, Cell, Datum};
use crate::error::Result;
use crate::model::question::{Compare, Compared};
use crate::model::{AttributeId, Name, ThingId};

/// The attributes that a comparison reads.
pub fn reads(compare: &Compare) -> Vec<AttributeId> {
    let mut reads = compare.by.clone();
    if let Compared::Kind(_, condition) = &compare.of {
        condition.each_test(&mut |test, _| {
            test.each_path(&mut |path, _| reads.extend(path.steps.iter().map(|step| step.attribute)));
        });
    }
    reads
}

/// Whether claims, patterns, kinds, attributes or commits are compared.
pub fn is_of_catalogue(compare: &Compare) -> bool {
    matches!(&compare.of, Compared::Kind(kind, _) if kind.is_catalogue())
}

/// The things that are listed by name.
pub fn listed(compare: &Compare) -> &[ThingId] {
    match &compare.of {
        Compared::Things(things) => things,
        Compared::Kind(..) => &[],
    }
}

/// The things compared: as listed, or those of the kind that meet the condition, by name.
fn things(scene: &Scene, compare: &Compare) -> Result<Vec<ThingId>> {
    match &compare.of {
        Compared::Things(things) => Ok(things.clone()),
        Compared::Kind(kind, condition) => {
            let met = scene.met(condition, &scene.snapshot.members(*kind))?;
            scene.budget.spend(met.len())?;
            let mut things: Vec<ThingId> = met.iter().map(ThingId).collect();
            things.sort_by_cached_key(|thing| Name::new(&scene.snapshot.things().name(*thing)));
            Ok(things)
        }
    }
}

/// Cases as columns, attributes as rows.
pub fn answer(scene: &Scene, compare: &Compare) -> Result<Answer> {
    let things = things(scene, compare)?;
    let name = |thing: &ThingId| scene.snapshot.things().name(*thing).to_string();
    let columns = ["attribute".to_string()].into_iter().chain(things.iter().map(name));
    let mut rows = Vec::new();
    let mut silent = Vec::new();
    for &attribute in &compare.by {
        scene.budget.spend(things.len() as u64)?;
        let cells =
            things.iter().map(|thing| scene.cell(*thing, attribute, false)).collect::<Result<Vec<Cell>>>()?;
        let title = scene.vocabulary().attribute(attribute).name.to_string();
        if cells.iter().all(|cell| cell.is_unknown() && cell.unsaid.is_empty()) {
            silent.push(title);
            continue;
        }
        rows.push([Cell::name(title)].into_iter().chain(cells).collect::<Vec<Cell>>());
    }
    let mut answer = Answer::new(columns).with_rows(rows);
    if !silent.is_empty() {
        answer.note(format!("left out, since nothing is known of them for any case: {}", silent.join(", ")));
    }
    Ok(answer)
}

/// The empty cells of the comparison, one a row, with the note of a source that was read and does not say.
pub fn gaps(scene: &Scene, compare: &Compare) -> Result<Answer> {
    let things = things(scene, compare)?;
    let mut rows = Vec::new();
    for &attribute in &compare.by {
        let declared = scene.vocabulary().attribute(attribute);
        for &thing in &things {
            scene.budget.spend(1)?;
            let said = scene.said(thing, attribute)?;
            if said.is_known() {
                continue;
            }
            let silent: Vec<_> = said.silent().collect();
            let notes: Vec<String> =
                silent.iter().filter_map(|claim| claim.note.as_ref().map(|note| note.to_string())).collect();
            let heading =
                declared.heading.as_ref().map_or_else(Cell::default, |name| Cell::name(name.to_string()));
            let note = if notes.is_empty() { Cell::default() } else { Cell::text(notes.join("; ")) };
            let sources = scene.sources_of(silent.iter().copied());
            rows.push(vec![
                Cell::name(scene.snapshot.things().name(thing)),
                Cell::name(declared.name.to_string()),
                heading,
                note,
                Cell::list(sources.into_iter().map(Datum::Source)),
            ]);
        }
    }
    let mut answer = Answer::new(["name", "attribute", "heading", "note", "sources"]).with_rows(rows);
    if answer.is_empty() {
        answer.note(format!(
            "no gaps: {} attributes are known of all {} cases",
            compare.by.len(),
            things.len()
        ));
    }
    Ok(answer)
}

//! Everything about a thing: `describe`.

use super::cells::sort_names;
use super::scene::Scene;
use super::value::{cell_rows, marked};
use crate::answer::{Answer, Cell, Datum, Shown};
use crate::error::Result;
use crate::model::{AttributeId, KindId, Step, ThingId, Type, Vocabulary};

/// Kind, title, every statement about it, stated or concluded, and what refers to it; of several things one
/// after the other.
pub fn answer(scene: &Scene, things: &[ThingId]) -> Result<Answer> {
    let mut rows = Vec::new();
    for &thing in things {
        rows.extend(profile(scene, thing)?);
    }
    scene.budget.spend(rows.len() as u64)?;
    Ok(Answer::new(["attribute", "value", "standing", "marks", "when", "note", "sources"]).with_rows(rows))
}

fn profile(scene: &Scene, thing: ThingId) -> Result<Vec<Vec<Cell>>> {
    let things = scene.snapshot.things();
    let kind = things.kind(thing);
    let plain = |attribute: &str, value: Cell| {
        let mut row = vec![Cell::name(attribute), value, Cell::default(), Cell::list([])];
        row.extend([Cell::default(), Cell::default(), Cell::list([])]);
        row
    };
    let mut rows = vec![
        plain("kind", Cell::name(scene.vocabulary().kind(kind).name.to_string())),
        plain("name", Cell::name(things.name(thing))),
    ];
    rows.extend(things.title(thing).map(|title| plain("title", Cell::text(title))));
    for &attribute in scene.vocabulary().attributes_of(kind) {
        let name = scene.vocabulary().attribute(attribute).name.to_string();
        for row in cell_rows(scene, thing, attribute)? {
            rows.push(vec![
                Cell::name(&name),
                row.value,
                row.standing,
                marked(row.marks),
                row.when,
                row.note,
                row.sources,
            ]);
        }
    }
    for (name, attribute) in inverses(scene.vocabulary(), kind) {
        let referring = scene.follow(thing, Step { attribute, inverse: true })?;
        if !referring.is_empty() {
            let names = referring.iter().map(|thing| Datum::Name(things.name(*thing).to_string()));
            let mut values: Vec<Shown> = names.map(Shown::plain).collect();
            sort_names(&mut values);
            let cell = Cell { values: values.into(), list: true, ..Cell::default() };
            rows.push(plain(&name, cell));
        }
    }
    Ok(rows)
}

/// The names under which other things' attributes are read from one of this kind, those of claims left out.
fn inverses(vocabulary: &Vocabulary, kind: KindId) -> Vec<(String, AttributeId)> {
    let leads_here = vocabulary.attributes().filter(|(_, attribute)| {
        attribute.value_type == Type::Thing(kind) && attribute.kind.is_some_and(|kind| !kind.is_catalogue())
    });
    let named = leads_here.map(|(id, attribute)| {
        let from = attribute.kind.map(|kind| vocabulary.kind(kind).name.to_string()).unwrap_or_default();
        let name = attribute.inverse.as_ref().map(|name| name.to_string());
        (name.unwrap_or_else(|| format!("{} of {from}", attribute.name)), id)
    });
    named.collect()
}

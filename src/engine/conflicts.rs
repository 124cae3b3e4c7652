//! Contested statements, with who says so on either side.

use super::derived::Fact;
use super::scene::Scene;
use super::truth::Statement;
use crate::answer::{Answer, Cell, Datum, Standing};
use crate::error::Result;
use crate::model::{AttributeId, Claim, ThingId, Value};
use roaring::RoaringBitmap;

/// Every contested statement of the store, or of one thing: a row for each value.
pub fn answer(scene: &Scene, of: Option<ThingId>) -> Result<Answer> {
    let mut rows = Vec::new();
    for (attribute, declared) in scene.vocabulary().attributes() {
        for thing in candidates(scene, attribute, of)? {
            scene.budget.spend(1)?;
            let said = scene.said(thing, attribute)?;
            for statement in said.statements() {
                if statement.standing == Standing::Contested {
                    rows.push(vec![
                        Cell::name(scene.snapshot.things().name(thing)),
                        Cell::name(declared.name.to_string()),
                        Cell::one(scene.datum(attribute, statement.value)),
                        side(scene, thing, attribute, &statement, false)?,
                        side(scene, thing, attribute, &statement, true)?,
                    ]);
                }
            }
        }
    }
    let mut answer = Answer::new(["name", "attribute", "value", "for", "against"]).with_rows(rows);
    if answer.is_empty() {
        answer.note("no statement is contested");
    }
    Ok(answer)
}

/// Where something can be contested: in a cell of its own, or where patterns conclude something; by name.
fn candidates(scene: &Scene, attribute: AttributeId, of: Option<ThingId>) -> Result<Vec<ThingId>> {
    if let Some(thing) = of {
        return Ok(vec![thing]);
    }
    let mut things = RoaringBitmap::clone(&scene.cell_things(attribute));
    if let Some(concluded) = scene.concluded_things(attribute)? {
        things |= concluded;
    }
    let mut things: Vec<ThingId> = things.iter().map(ThingId).collect();
    things.sort_by_cached_key(|thing| scene.snapshot.things().name(*thing));
    Ok(things)
}

/// Sources and patterns on one side.
fn side(
    scene: &Scene,
    thing: ThingId,
    attribute: AttributeId,
    statement: &Statement,
    against: bool,
) -> Result<Cell> {
    let claims: &[&Claim] = if against { &statement.denying } else { &statement.supporting };
    let mut data: Vec<Datum> =
        scene.sources_of(claims.iter().copied()).into_iter().map(Datum::Source).collect();
    if data.is_empty() && !claims.is_empty() {
        data.push(Datum::Text("uncited".to_string()));
    }
    let conclusions = scene.conclusions(thing, attribute)?;
    let concluded = conclusions.iter().filter(|conclusion| {
        let agrees = |value: &Value| value.amounts_to(statement.value) || statement.value.amounts_to(value);
        match (against, conclusion.denied) {
            (false, denied) => !denied && agrees(&conclusion.value),
            (true, true) => agrees(&conclusion.value),
            (true, false) => {
                let many = scene.vocabulary().attribute(attribute).many;
                !many && conclusion.value.excludes(statement.value)
            }
        }
    });
    let mut names: Vec<String> = Vec::new();
    for conclusion in concluded {
        let fact = Fact::new(thing, attribute, conclusion.value.clone(), conclusion.denied);
        for instance in scene.instances(&fact)? {
            let name = instance.pattern.name.to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    data.extend(names.into_iter().map(|name| Datum::Text(format!("pattern {name}"))));
    Ok(Cell::list(data))
}

//! `why`: proofs down to claims, the smallest first.

use super::argue::{Arguer, decisive};
use super::derived::Fact;
use super::proof::{Ground, Instance};
use super::scene::Scene;
use super::truth::Truth;
use crate::answer::{Answer, Marks, Premise, Proof, Standing, Verdict};
use crate::error::Result;
use crate::model::question::{Argued, Why};
use crate::model::{AttributeId, Condition, Test, ThingId};

/// Answers `why`.
pub fn answer(scene: &Scene, why: &Why) -> Result<Answer> {
    let arguer = Arguer::new(scene);
    let mut notes = Vec::new();
    let proofs = match &why.of {
        Argued::Cell(thing, attribute) => arguer.why_cell(*thing, *attribute)?,
        Argued::Condition(condition) => {
            let truth = scene.truth(condition, &[])?;
            notes.extend(said_otherwise(condition, truth));
            arguer.why(condition, truth, why.all)?
        }
    };
    let mut answer = arguer.argued(proofs);
    if answer.proofs().is_empty() && notes.is_empty() {
        notes.push("nothing is known of it".to_string());
    }
    if !why.all && answer.proofs().iter().any(|proof| proof.others > 0) {
        notes.push("`why all ...` shows every proof".to_string());
    }
    notes.into_iter().for_each(|note| answer.note(note));
    Ok(answer)
}

fn said_otherwise(condition: &Condition, truth: Truth) -> Option<String> {
    let text = condition.text();
    match (truth.met, truth.failed) {
        (true, true) => {
            Some(format!("`{text}` is contested: first what speaks for it, then what speaks against it"))
        }
        (true, false) => None,
        (false, true) => Some(format!(
            "`{text}` does not hold: this speaks against it; `why not {text}` says what it would take"
        )),
        (false, false) => Some(format!(
            "nothing speaks for `{text}` or against it; `why not {text}` says what it would take"
        )),
    }
}

impl Arguer<'_> {
    /// The smallest proof of each side of each statement about a cell.
    fn why_cell(&self, thing: ThingId, attribute: AttributeId) -> Result<Vec<Proof>> {
        let said = self.scene.said(thing, attribute)?;
        let mut proofs = Vec::new();
        for statement in said.statements() {
            for denied in [false, true] {
                let fact = Fact::new(thing, attribute, statement.value.clone(), denied);
                // That it is not `yes` is the statement `no`, which is there by itself.
                if fact.denied != denied {
                    continue;
                }
                let ground = self.scene.ground(thing, attribute, &said, statement.value, denied);
                if ground.claimed || ground.concluded {
                    self.shown.borrow_mut().clear();
                    proofs.push(self.by_ground(&ground, 0)?);
                }
            }
        }
        Ok(proofs)
    }

    /// What speaks for a condition, then what speaks against it.
    fn why(&self, condition: &Condition, truth: Truth, all: bool) -> Result<Vec<Proof>> {
        let mut proofs = Vec::new();
        for (is_so, failed) in [(truth.met, false), (truth.failed, true)] {
            if !is_so {
                continue;
            }
            // A fact that both sides rest on is shown on both.
            self.shown.borrow_mut().clear();
            match condition {
                Condition::Test(test) if all => proofs.extend(self.every(test, failed)?),
                Condition::Test(test) => {
                    let mut nodes = self.of_test(test, &[], failed, 0)?;
                    match nodes.len() {
                        1 => {
                            let node = nodes.pop().map(|node| root(node, test, truth));
                            proofs.extend(
                                node.map(|node| self.with_others_in_mind(node, test, failed)).transpose()?,
                            );
                        }
                        _ => proofs.push(together(condition, truth, nodes)),
                    }
                }
                _ => proofs.push(together(condition, truth, self.premises_of(condition, &[], failed, 0)?)),
            }
        }
        Ok(proofs)
    }

    /// The smallest proof may carry a mark that not every proof carries.
    fn with_others_in_mind(&self, proof: Proof, test: &Test, failed: bool) -> Result<Proof> {
        let sets = self.scene.alternatives_of_test(test, &[], failed)?;
        let grounds: Vec<&Ground> = sets.iter().flatten().flat_map(|rests| &rests.grounds).collect();
        let [ground] = grounds[..] else { return Ok(proof) };
        let Fact { thing, attribute, value, denied } = &ground.fact;
        let all = self.scene.marks(*thing, *attribute, value, *denied)?;
        let own = proof.marks;
        let lacking = [
            (own.hedged && !all.hedged, "without reserve"),
            (own.contested_ground && !all.contested_ground, "on uncontested ground"),
            (own.by_analogy && !all.by_analogy, "not by analogy"),
        ];
        let lacking: Vec<&str> = lacking.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        let remark = (!lacking.is_empty())
            .then(|| format!("another, longer proof is {}: `why all` shows it", lacking.join(", ")));
        Ok(Proof { remark: proof.remark.or(remark), ..proof })
    }

    /// A proof by each claim and each pattern that decides a test, the smallest first.
    fn every(&self, test: &Test, failed: bool) -> Result<Vec<Proof>> {
        let truth = self.scene.test(test, &[])?;
        let mut found: Vec<(u64, Proof)> = Vec::new();
        for set in self.scene.alternatives_of_test(test, &[], failed)? {
            let [rests] = &set[..] else {
                let nodes = self.of_test(test, &[], failed, 0)?;
                return Ok(vec![together(&Condition::Test(test.clone()), truth, nodes)]);
            };
            for ground in &rests.grounds {
                for claim in self.claims(ground)? {
                    found.push((1, root(self.by_claim(ground, &claim)?, test, truth)));
                }
                if ground.concluded {
                    let others = Arguer::but(self.scene, &ground.fact);
                    for instance in self.scene.instances(&ground.fact)? {
                        for node in others.by_every_way(&ground.fact, &instance)? {
                            found.push((steps(&node), root(node, test, truth)));
                        }
                    }
                }
            }
        }
        found.sort_by_key(|(size, _)| *size);
        let proofs = found.into_iter().map(|(_, proof)| Proof { others: 0, ..proof });
        Ok(proofs.collect())
    }
}

/// Of a condition of more parts, alternatives within them are not shown one by one.
const MOST_PARTS: usize = 64;
/// Of one instance so many ways are shown.
const MOST_WAYS: usize = 16;

impl Arguer<'_> {
    /// A proof for each way in which the condition of an instance is met (or failed).
    fn by_every_way(&self, fact: &Fact, instance: &Instance) -> Result<Vec<Proof>> {
        let (condition, failed) = decisive(&instance.pattern);
        let mut ways = Vec::new();
        each_way(condition, failed, &mut |choice| {
            self.shown.borrow_mut().clear();
            if self.size_of(choice, &instance.binding, failed)?.is_some() {
                let premises = self.premises_of(choice, &instance.binding, failed, 1)?;
                ways.push(self.on_premises(fact, instance, premises)?);
            }
            Ok(ways.len() < MOST_WAYS)
        })?;
        Ok(without_wider(ways))
    }
}

/// Without those that rest on all that another rests on, and more.
fn without_wider(ways: Vec<Proof>) -> Vec<Proof> {
    let includes = |wide: &Proof, narrow: &Proof| {
        narrow.premises.iter().all(|one| wide.premises.iter().any(|other| other.statement == one.statement))
    };
    let is_wider = |at: usize| {
        let others = ways.iter().enumerate().filter(|(other, _)| *other != at);
        others
            .clone()
            .any(|(other, way)| includes(&ways[at], way) && (!includes(way, &ways[at]) || other < at))
    };
    let kept: Vec<bool> = (0..ways.len()).map(|at| !is_wider(at)).collect();
    ways.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(way, _)| way).collect()
}

/// Calls `visit` with the condition in each form in which one alternative is chosen wherever there are several, as
/// long as it wants to go on.
fn each_way(
    condition: &Condition,
    failed: bool,
    visit: &mut dyn FnMut(&Condition) -> Result<bool>,
) -> Result<bool> {
    match (condition, failed) {
        (Condition::Any(parts), false) | (Condition::All(parts), true) => {
            for part in parts {
                if !each_way(part, failed, visit)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) if parts.len() <= MOST_PARTS => {
            let together = |chosen: Vec<Condition>| match failed {
                true => Condition::Any(chosen),
                false => Condition::All(chosen),
            };
            choose(parts, failed, &mut Vec::new(), &mut |chosen| visit(&together(chosen.to_vec())))
        }
        _ => visit(condition),
    }
}

/// Chooses a way for each part in turn.
fn choose(
    parts: &[Condition],
    failed: bool,
    chosen: &mut Vec<Condition>,
    visit: &mut dyn FnMut(&[Condition]) -> Result<bool>,
) -> Result<bool> {
    let Some((part, rest)) = parts.split_first() else { return visit(chosen) };
    each_way(part, failed, &mut |way| {
        chosen.push(way.clone());
        let go_on = choose(rest, failed, chosen, visit);
        chosen.pop();
        go_on
    })
}

/// The first step of a proof: the condition stands beside the statement only where it is another.
fn root(node: Proof, test: &Test, truth: Truth) -> Proof {
    if node.statement.is_empty() {
        // It rests on no statement: the condition itself is what is shown.
        let standing = Standing::of(truth.met, truth.failed);
        return Proof { statement: test.text.clone(), premise: None, standing, ..node };
    }
    let says_it_all = node.statement == test.text && !(truth.met && truth.failed);
    let premise = Premise {
        condition: test.text.clone(),
        truth: Verdict::of(truth.met, truth.failed),
        holds: truth.met,
    };
    Proof { premise: (!says_it_all).then_some(premise), ..node }
}

/// Several premises as one proof of a condition.
fn together(condition: &Condition, truth: Truth, premises: Vec<Proof>) -> Proof {
    let marks = premises.iter().fold(Marks::default(), |marks, premise| marks.or(premise.marks));
    Proof {
        statement: condition.text(),
        standing: Standing::of(truth.met, truth.failed),
        marks,
        premises,
        ..Proof::default()
    }
}

/// So many steps does a proof have.
fn steps(proof: &Proof) -> u64 {
    1 + proof.premises.iter().map(steps).sum::<u64>()
}

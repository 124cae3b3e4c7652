//! What a change makes a difference to: statements that are gained, lost or contested by it.
//!
//! Both sides are asked on demand, beginning with the cells whose claims are not the same and going on to what
//! patterns conclude from cells that differ, and so on; what does not differ is never looked at.

use super::cells::sort_names;
use super::derived::{CellId, Fact};
use super::join::Join;
use super::scene::{Scene, as_thing};
use super::strata::concludes;
use super::truth::Said;
use crate::answer::{Answer, Cell, Datum, Shown, Standing};
use crate::error::Result;
use crate::facts::Changed;
use crate::model::{
    AttributeId, Claim, Comparison, Name, Path, Pattern, Rule, Start, Step, Test, TestForm, ThingId, Value,
};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Two scenes, of which the later was made by changing the snapshot of the earlier.
pub struct Difference<'a> {
    /// As it is.
    pub before: &'a Scene<'a>,
    /// As it would be.
    pub after: &'a Scene<'a>,
    /// Only these attributes matter.
    pub within: Option<&'a FxHashSet<AttributeId>>,
}

/// One statement whose standing is not the same.
struct Row {
    change: Change,
    concluded: bool,
    name: Name,
    attribute: AttributeId,
    value: Shown,
    before: Standing,
    after: Standing,
    patterns: Vec<Datum>,
}

/// What becomes of a statement; in the order of the answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Gained,
    Lost,
    Contested,
    Settled,
    Reversed,
}

impl Change {
    fn of(before: Standing, after: Standing) -> Change {
        match (before, after) {
            (_, Standing::Contested) => Change::Contested,
            (Standing::Contested, Standing::Supported | Standing::Denied) => Change::Settled,
            (Standing::Unknown, _) => Change::Gained,
            (_, Standing::Unknown) => Change::Lost,
            _ => Change::Reversed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Change::Gained => "gained",
            Change::Lost => "lost",
            Change::Contested => "contested",
            Change::Settled => "settled",
            Change::Reversed => "reversed",
        }
    }
}

impl Difference<'_> {
    /// A row for each statement whose standing is not the same: what patterns conclude first.
    pub fn answer(&self, changed: &Changed) -> Result<Answer> {
        let mut rows = Vec::new();
        for cell in self.cells(changed)? {
            self.rows_of(cell, &mut rows)?;
        }
        rows.sort_by(|a, b| {
            let key = |row: &Row| (!row.concluded, row.change);
            key(a).cmp(&key(b)).then_with(|| (&a.name, a.attribute).cmp(&(&b.name, b.attribute)))
        });
        let vocabulary = self.after.vocabulary();
        let rows = rows.into_iter().map(|row| {
            vec![
                Cell::text(row.change.name()),
                Cell::name(row.name.to_string()),
                Cell::name(vocabulary.attribute(row.attribute).name.to_string()),
                Cell { values: [row.value].into(), ..Cell::default() },
                Cell::text(row.before.name()),
                Cell::text(row.after.name()),
                Cell::list(row.patterns),
            ]
        });
        let columns = ["change", "name", "attribute", "value", "before", "after", "patterns"];
        let mut answer = Answer::new(columns).with_rows(rows);
        if answer.is_empty() {
            answer.note("it makes no difference to any statement");
        }
        let beside = self.stored_beside(changed)?;
        if !beside.is_empty() {
            answer.note(format!(
                "what is supposed stands beside what is stored; `without {}` would put it in its place",
                beside.join(", ")
            ));
        }
        Ok(answer)
    }

    /// The stored claims that a supposed one contests, as `without` takes them; none if they are too many to type.
    fn stored_beside(&self, changed: &Changed) -> Result<Vec<String>> {
        const WORTH_TYPING: usize = 6;
        let mut beside = Vec::new();
        for &(attribute, thing) in &changed.cells {
            let after = self.after.said(thing, attribute)?;
            let is_contested = |claim: &Claim| {
                let value = claim.value.as_ref();
                value.is_some_and(|value| after.statement(value).standing == Standing::Contested)
            };
            let before = self.before.said(thing, attribute)?;
            beside.extend(
                before.claims().filter(|claim| is_contested(claim)).map(|claim| claim.id.to_string()),
            );
        }
        let claims = beside.into_iter().map(|id| format!("claim {id}")).collect::<Vec<_>>();
        Ok(if claims.len() <= WORTH_TYPING { claims } else { Vec::new() })
    }

    /// All cells of which something else is said, stated or concluded.
    pub fn cells(&self, changed: &Changed) -> Result<Vec<CellId>> {
        let mut waiting = changed.cells.clone();
        for &thing in &changed.things {
            let kind = self.after.snapshot.things().kind(thing);
            let attributes = self.after.vocabulary().attributes_of(kind).iter();
            waiting.extend(attributes.filter(|a| self.after.is_concluded(**a)).map(|a| (*a, thing)));
        }
        for (patterns, scene) in [(&changed.dropped, self.before), (&changed.added, self.after)] {
            for pattern in patterns {
                waiting.extend(concluded_by(scene, pattern, None)?.iter().map(cell_of));
            }
        }
        let mut seen: FxHashSet<CellId> = waiting.iter().copied().collect();
        let mut different = Vec::new();
        while let Some(cell) = waiting.pop() {
            self.after.budget.spend(1)?;
            let (before, after) = (self.before.said(cell.1, cell.0)?, self.after.said(cell.1, cell.0)?);
            if before.says_as_much_as(&after) && after.says_as_much_as(&before) {
                // A pattern may say what claims say already: that is no news to those that read it.
                if !before.concludes_as(&after) {
                    different.push(cell);
                }
                continue;
            }
            different.push(cell);
            for dependent in self.dependents(cell)? {
                if self.matters(dependent.0) && seen.insert(dependent) {
                    waiting.push(dependent);
                }
            }
        }
        different.sort_unstable();
        different.dedup();
        Ok(different)
    }

    fn matters(&self, attribute: AttributeId) -> bool {
        self.within.is_none_or(|within| within.contains(&attribute))
    }

    /// The cells about which patterns conclude something else, as far as they read this one.
    fn dependents(&self, cell: CellId) -> Result<Vec<CellId>> {
        let mut patterns: Vec<&Arc<Pattern>> = Vec::new();
        for scene in [self.before, self.after] {
            for pattern in scene.patterns_reading(cell.0) {
                let matters = concludes(pattern).iter().any(|attribute| self.matters(*attribute));
                if matters && !patterns.iter().any(|known| Arc::ptr_eq(known, pattern)) {
                    patterns.push(pattern);
                }
            }
        }
        let mut dependents = Vec::new();
        for pattern in patterns {
            for bound in self.entries(pattern, cell)? {
                let before = concluded_by(self.before, pattern, bound)?;
                let after = concluded_by(self.after, pattern, bound)?;
                dependents.extend(before.symmetric_difference(&after).map(cell_of));
            }
        }
        Ok(dependents)
    }

    /// From which bindings of a variable a pattern reads a cell; `None`: from any binding at all.
    fn entries(
        &self,
        pattern: &Pattern,
        (attribute, thing): CellId,
    ) -> Result<FxHashSet<Option<(usize, ThingId)>>> {
        let many = self.after.vocabulary().attribute(attribute).many;
        let mut read: Vec<(&Path, usize, bool)> = Vec::new();
        pattern.condition().each_test(&mut |test, negated| {
            let by_support =
                !negated && asks_for_support(test) && matches!(pattern.rule, Rule::Sufficient { .. });
            test.each_path(&mut |path, _| {
                for (at, step) in path.steps.iter().enumerate().filter(|(_, s)| s.attribute == attribute) {
                    // What refers to one thing alone does not refer to any other.
                    let by_exclusion = step.inverse && at + 1 == path.steps.len() && !many && !by_support;
                    read.push((path, at, by_exclusion));
                }
            });
        });
        let mut entries = FxHashSet::default();
        for (path, at, by_exclusion) in read {
            let Start::Variable(variable) = path.start else {
                entries.insert(None);
                continue;
            };
            if by_exclusion {
                entries.insert(None);
                continue;
            }
            for scene in [self.before, self.after] {
                let reached = match path.steps[at].inverse {
                    false => vec![thing],
                    true => referred_to(scene, attribute, thing)?,
                };
                let back: Vec<Step> = path.steps[..at].iter().rev().map(|step| step.turned()).collect();
                for end in reached {
                    let starts = scene.walk(end, &back)?;
                    entries.extend(starts.into_iter().map(|start| Some((variable, start))));
                }
            }
        }
        Ok(entries)
    }

    fn rows_of(&self, (attribute, thing): CellId, rows: &mut Vec<Row>) -> Result<()> {
        let (before, after) = (self.before.said(thing, attribute)?, self.after.said(thing, attribute)?);
        let mut values: Vec<&Value> = Vec::new();
        for statement in before.statements().iter().chain(&after.statements()) {
            if !values.contains(&statement.value) {
                values.push(statement.value);
            }
        }
        for value in values {
            let standing = |said: &Said| {
                let truth = said.equals(value);
                Standing::of(truth.met, truth.failed)
            };
            let (was, is) = (standing(&before), standing(&after));
            if was == is {
                continue;
            }
            // What is left unsaid is shown as it was said before.
            let (scene, said, shown) = match is {
                Standing::Unknown => (self.before, &before, was),
                _ => (self.after, &after, is),
            };
            let denied = shown == Standing::Denied;
            rows.push(Row {
                change: Change::of(was, is),
                concluded: [false, true].iter().any(|denied| said.concludes(value, *denied)),
                name: Name::new(&self.after.snapshot.things().name(thing)),
                attribute,
                value: Shown {
                    standing: if denied { Standing::Denied } else { Standing::Supported },
                    ..Shown::plain(self.after.datum(attribute, value))
                },
                before: was,
                after: is,
                patterns: patterns_of(scene, said, (attribute, thing), value)?,
            });
        }
        Ok(())
    }
}

/// Whether a test is met by support alone, whatever is denied.
fn asks_for_support(test: &Test) -> bool {
    match &test.form {
        TestForm::Compare { comparison, .. } => *comparison == Comparison::Equal,
        TestForm::In(_) | TestForm::Known | TestForm::Contains(_) => true,
        TestForm::Unknown => false,
    }
}

/// The patterns that conclude a value, or its denial.
fn patterns_of(scene: &Scene, said: &Said, cell: CellId, value: &Value) -> Result<Vec<Datum>> {
    let mut names: Vec<Shown> = Vec::new();
    for denied in [false, true].into_iter().filter(|denied| said.concludes(value, *denied)) {
        for instance in scene.instances(&Fact::new(cell.1, cell.0, value.clone(), denied))? {
            let name = Shown::plain(Datum::Name(instance.pattern.name.to_string()));
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    sort_names(&mut names);
    Ok(names.into_iter().map(|shown| shown.datum).collect())
}

fn cell_of(fact: &Fact) -> CellId {
    (fact.attribute, fact.thing)
}

/// What a pattern concludes, with one of its variables bound.
fn concluded_by(
    scene: &Scene,
    pattern: &Pattern,
    bound: Option<(usize, ThingId)>,
) -> Result<FxHashSet<Fact>> {
    let mut binding = vec![None; pattern.variables.len()];
    if let Some((variable, thing)) = bound {
        binding[variable] = Some(thing);
    }
    let mut facts = Vec::new();
    Join::new(scene, pattern, &[]).each(&mut binding, &mut |binding| {
        super::fixpoint::add_conclusions(pattern, binding, &mut facts);
        scene.budget.spend(1)
    })?;
    Ok(facts.into_iter().collect())
}

/// The things that a thing refers to, rightly or not: support and denial both make a difference at the other end.
fn referred_to(scene: &Scene, attribute: AttributeId, thing: ThingId) -> Result<Vec<ThingId>> {
    let said = scene.said(thing, attribute)?;
    Ok(said.statements().iter().filter_map(|statement| as_thing(statement.value)).collect())
}

//! What holds has proofs, and they pass a checker that did not make them.

use crate::checker::{self, Checker};
use crate::dice::Dice;
use crate::generate::{self, Size};
use crate::naive::{self, Fact, Scope, Sight, amounts_to};
use crate::planned::{seeds, shrink, sight};
use crate::questions::scope;
use crate::smallest::{self, Sizes};
use crate::supposing::{Chronicle, stratified};
use crate::world::{Claim, Thing, Value, World};
use casebook::answer::{Proof, Reason};

const SIZE: Size = Size { things: (1, 8), changes: (5, 50), patterns: 10 };

/// A store, what is seen of it, and its claims by name.
struct Store<'a> {
    chronicle: &'a Chronicle,
    sight: &'a Sight<'a>,
    claims: Vec<(String, Claim)>,
    scope: &'a Scope,
    /// How small proofs can be, where that is easily told.
    sizes: Option<Sizes<'a>>,
}

impl Store<'_> {
    fn proofs(&self, question: &str) -> Result<Vec<Proof>, String> {
        let text = format!("{question}{}", self.scope.words());
        let answer = self.chronicle.book.query(&text).map_err(|error| error.to_string())?;
        Ok(answer.proofs().to_vec())
    }

    /// What a proof says at its root, and its size.
    fn checked(&self, proofs: &[Proof]) -> Result<Vec<(Fact, usize)>, String> {
        let mut checker = Checker::new(self.sight, &self.claims);
        let mut roots = Vec::new();
        for proof in proofs {
            let root = checker::read(self.sight.world, &proof.statement).ok_or("no root")?;
            roots.push((root, checker.check(proof)?));
        }
        Ok(roots)
    }

    // ---- a statement --------------------------------------------------------------------------------

    /// `why thing.attribute = value`, `why all` of it, and the same of its denial.
    fn statement(&self, subject: Thing, attribute: usize, value: &Value) -> Result<(), String> {
        for denied in [false, true] {
            let text = self.sight.world.statement(subject, attribute, denied, value);
            // For yes/no, `!= yes` and `= no` are one statement.
            let value = &match value {
                Value::YesNo(yes) => Value::YesNo(*yes != denied),
                other => other.clone(),
            };
            let of = |all: &str| {
                let proofs = self.proofs(&format!("why {all}{text}"))?;
                let roots = self.checked(&proofs)?;
                self.sides(&roots, subject, attribute, value)?;
                Ok::<_, String>((proofs, roots))
            };
            let why = |error: String| format!("why {text}{}: {error}", self.scope.words());
            let (_, best) = of("").map_err(why)?;
            let (proofs, all) = of("all ").map_err(why)?;
            self.smallest(&best, &all, value).map_err(why)?;
            self.as_small_as_any(&best).map_err(why)?;
            self.complete(&proofs, &all, (subject, attribute), value).map_err(why)?;
        }
        Ok(())
    }

    /// There is a proof for it just where it is supported, and one against it just where it is denied.
    fn sides(
        &self,
        roots: &[(Fact, usize)],
        subject: Thing,
        attribute: usize,
        value: &Value,
    ) -> Result<(), String> {
        let truth = self.sight.statement(subject, attribute, value);
        for (fact, _) in roots {
            let place = (fact.subject, fact.attribute) == (subject, attribute);
            if !place || !(speaks_for(fact, value) || self.sight.denies(fact, value)) {
                return Err(format!("it does not matter that {fact:?}"));
            }
        }
        let (met, failed) = (
            roots.iter().any(|(fact, _)| speaks_for(fact, value)),
            roots.iter().any(|(fact, _)| self.sight.denies(fact, value)),
        );
        match (met, failed) == (truth.met, truth.failed) {
            true => Ok(()),
            false => Err(format!("proofs for it: {met}, against it: {failed}, but it is {truth:?}")),
        }
    }

    /// The first proof of either side is not larger than any other of that side.
    fn smallest(&self, best: &[(Fact, usize)], all: &[(Fact, usize)], value: &Value) -> Result<(), String> {
        for side in [true, false] {
            let of_side = |roots: &[(Fact, usize)]| {
                let roots = roots.iter().filter(|(fact, _)| speaks_for(fact, value) == side);
                roots.map(|(_, size)| *size).collect::<Vec<_>>()
            };
            let (best, all) = (of_side(best), of_side(all));
            if best.len() > 1 || best.first() > all.iter().min() || best.is_empty() != all.is_empty() {
                return Err(format!("the best takes {best:?} steps, all take {all:?}"));
            }
        }
        Ok(())
    }

    /// The first proof takes no more steps than its statement must.
    fn as_small_as_any(&self, best: &[(Fact, usize)]) -> Result<(), String> {
        let Some(sizes) = &self.sizes else { return Ok(()) };
        for (fact, size) in best {
            if sizes.size(fact) != Some(*size) {
                return Err(format!("it takes {size} steps, but {:?} are enough", sizes.size(fact)));
            }
        }
        Ok(())
    }

    /// `why all` names each claim that supports a value, and each pattern as often as it concludes it from
    /// something else.
    fn complete(
        &self,
        proofs: &[Proof],
        roots: &[(Fact, usize)],
        cell: (Thing, usize),
        value: &Value,
    ) -> Result<(), String> {
        let name = |proof: &Proof| match &proof.reason {
            Reason::Claim(name) | Reason::Pattern { name, .. } => name.clone(),
            _ => String::new(),
        };
        let supporting = proofs.iter().zip(roots).filter(|(_, (fact, _))| speaks_for(fact, value));
        let told: Vec<String> = supporting.map(|(proof, _)| name(proof)).collect();
        let seen = |claim: &Claim| self.sight.claims.get(&cell).is_some_and(|seen| seen.contains(claim));
        let claims = self.claims.iter().filter(|(_, claim)| {
            let says_so = claim.value.as_ref().is_some_and(|said| amounts_to(said, value));
            (claim.subject, claim.attribute) == cell && !claim.denied && says_so && seen(claim)
        });
        let mut least: Vec<String> = claims.map(|(name, _)| name.clone()).collect();
        let mut most = least.clone();
        for fact in self.sight.facts.get(&cell).into_iter().flatten().filter(|f| speaks_for(f, value)) {
            let without = self.without(fact);
            for pattern in &self.sight.world.patterns {
                for binding in self.sight.concluding(pattern, fact) {
                    most.push(pattern.name.clone());
                    least.extend(without.fires(pattern, &binding).then(|| pattern.name.clone()));
                }
            }
        }
        // An instance is told of once for each alternative that its pattern has.
        let is_simple = |name: &String| {
            let pattern = self.sight.world.patterns.iter().find(|pattern| pattern.name == **name);
            pattern.is_none_or(|pattern| !checker::has_alternatives(&pattern.condition, pattern.necessary))
        };
        let simple: Vec<String> = told.iter().filter(|name| is_simple(name)).cloned().collect();
        let known = told.iter().all(|name| most.contains(name));
        match holds_all(&told, &least) && holds_all(&most, &simple) && known {
            true => Ok(()),
            false => Err(format!("it rests on {least:?}, and is told to rest on {told:?}")),
        }
    }

    /// What is seen where neither a claim nor a pattern says this.
    fn without(&self, fact: &Fact) -> Sight<'_> {
        let says_it =
            |claim: &Claim| claim.denied == fact.denied && claim.value.as_ref() == Some(&fact.value);
        let mut without = Sight::of_nothing(self.sight.world);
        without.claims = self.sight.claims.clone();
        let cell = without.claims.entry((fact.subject, fact.attribute)).or_default();
        cell.retain(|claim| !says_it(claim));
        without.conclude_but(&self.sight.world.patterns, Some(fact));
        without
    }

    // ---- a cell -------------------------------------------------------------------------------------

    /// `why thing.attribute` proves each statement of the cell, and nothing else.
    fn cell(&self, subject: Thing, attribute: usize) -> Result<(), String> {
        let text = self.sight.world.cell(subject, attribute);
        let why = |error: String| format!("why {text}{}: {error}", self.scope.words());
        let proofs = self.proofs(&format!("why {text}")).map_err(why)?;
        let told: Vec<Fact> = self.checked(&proofs).map_err(why)?.into_iter().map(|(fact, _)| fact).collect();
        let said = self.sight.said(subject, attribute).into_iter();
        let said: Vec<Fact> =
            naive::distinct(said.map(|s| Fact { subject, attribute, denied: s.denied, value: s.value }));
        let is_same = told.len() == said.len() && said.iter().all(|fact| told.contains(fact));
        if is_same { Ok(()) } else { Err(why(format!("it is said {said:?}, and proved {told:?}"))) }
    }
}

/// Whether each word is among the others, as often as it is there.
fn holds_all(many: &[String], few: &[String]) -> bool {
    let count = |words: &[String], word: &String| words.iter().filter(|other| *other == word).count();
    few.iter().all(|word| count(few, word) <= count(many, word))
}

fn speaks_for(fact: &Fact, value: &Value) -> bool {
    !fact.denied && amounts_to(&fact.value, value)
}

/// What may stand at the right of an operator.
fn can_be_asked(value: &Value) -> bool {
    !matches!(value, Value::Number(_, words) if words.starts_with(['<', '>']))
}

fn fails(world: &World, cell: (Thing, usize), other: &Option<Value>, scope: &Scope) -> Option<String> {
    let chronicle = Chronicle::of(world);
    let sight = sight(world, scope);
    let claims = chronicle.claims(world);
    // To find the smallest naively takes long where much follows.
    let follows: usize = sight.facts.values().map(Vec::len).sum();
    let is_told = follows <= 60 && world.patterns.iter().all(smallest::is_plain);
    let sizes = is_told.then(|| Sizes::of(&sight));
    let store = Store { chronicle: &chronicle, sight: &sight, claims, scope, sizes };
    let said = sight.said(cell.0, cell.1).into_iter().map(|said| said.value);
    let values = naive::distinct(said.chain(other.clone()).filter(can_be_asked));
    let each = |value: &Value| store.statement(cell.0, cell.1, value).err();
    values.iter().find_map(each).or_else(|| store.cell(cell.0, cell.1).err())
}

#[test]
fn proofs_pass_a_checker_that_did_not_make_them() {
    for seed in seeds(60) {
        let mut dice = Dice::new(seed);
        let mut world = stratified(generate::world(&mut dice, SIZE));
        if dice.chance(50) {
            world.patterns.retain(smallest::is_plain);
        }
        let mut cells = Vec::new();
        for thing in 0..world.things.len() {
            cells.extend(
                generate::attributes_of(&world, world.things[thing].kind).into_iter().map(|a| (thing, a)),
            );
        }
        dice.shuffle(&mut cells);
        let usual = sight(&world, &Scope::Standing);
        // Mostly of what patterns conclude.
        cells.sort_by_cached_key(|cell| !usual.facts.contains_key(cell) && dice.chance(70));
        for cell in cells.into_iter().take(8) {
            let other = generate::value(&mut dice, &world, cell.1);
            let scope = scope(&mut dice);
            let fails = |world: &World| fails(world, cell, &other, &scope);
            if fails(&world).is_some() {
                let (small, wrong) = shrink(world.clone(), &fails);
                panic!("seed {seed}: {wrong}\nin\n{}", small.told());
            }
        }
    }
}

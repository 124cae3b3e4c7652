//! `as of`, `suppose` and `without` choose claims before any pattern runs, and leave nothing behind; `what if` and
//! `rests on` are the difference of two such choices.

use crate::conclude;
use crate::dice::Dice;
use crate::generate::{self, CASE, SMALL};
use crate::naive::{self, Fact, Scope, Sight, Truth};
use crate::planned::{differs, seeds, shown, shrink};
use crate::questions::{Question, question, scope};
use crate::world::{Change, Citation, Claim, Named, World};
use casebook::{Answer, Casebook};
use std::collections::BTreeSet;

// ---- a store with a history -------------------------------------------------------------------------

/// A store made by one commit for each change and, after those, each pattern.
pub struct Chronicle {
    pub book: Casebook,
    /// The number of the commit after so many changes and patterns.
    commits: Vec<u32>,
}

impl Chronicle {
    pub fn of(world: &World) -> Chronicle {
        let book = Casebook::in_memory();
        let run = |text: &str| book.run_file(text, "").unwrap_or_else(|error| panic!("{error}"));
        run(&world.declarations().join("\n"));
        let mut commits = vec![book.commit_number().expect("a store in memory")];
        let changes = world.changes.iter().map(|change| world.change(change));
        for statement in changes.chain(world.patterns.iter().map(|pattern| world.pattern(pattern))) {
            run(&statement);
            commits.push(book.commit_number().expect("a store in memory"));
        }
        Chronicle { book, commits }
    }

    /// The claims that stand, each with its name.
    pub fn claims(&self, world: &World) -> Vec<(String, Claim)> {
        let claims = naive::standing_since(world, &world.changes);
        claims.into_iter().map(|(change, claim)| (self.claim(change), claim)).collect()
    }

    /// The name of the claim that a change made: the first of its commit.
    fn claim(&self, change: usize) -> String {
        format!("c{}.0", self.commits[change + 1])
    }
}

/// A world whose patterns can be stratified.
pub fn stratified(mut world: World) -> World {
    let mut kept = Vec::new();
    for pattern in std::mem::take(&mut world.patterns) {
        kept.push(pattern);
        if conclude::levels(&world, &kept).is_none() {
            kept.pop();
        }
    }
    world.patterns = kept;
    world
}

// ---- what a question chooses ------------------------------------------------------------------------

/// From which commit, supposing and leaving out what.
#[derive(Clone, Debug, Default)]
struct Choice {
    /// After so many changes and patterns.
    moment: Option<usize>,
    supposed: Vec<Claim>,
    /// Whether a case `another` is supposed, too.
    with_another: bool,
    removed: Removal,
}

#[derive(Clone, Debug, Default)]
struct Removal {
    sources: Vec<String>,
    patterns: Vec<String>,
    /// Each the one that comes so late among those that stand, beginning again after the last.
    claims: Vec<usize>,
}

impl Removal {
    fn new(dice: &mut Dice, world: &World) -> Removal {
        let mut some = |most: usize, percent| match dice.chance(percent) {
            true => (0..most).filter(|_| dice.chance(50)).collect(),
            false => Vec::new(),
        };
        let sources = some(world.sources.len(), 50).into_iter().map(|at| world.sources[at].clone());
        let patterns = some(world.patterns.len(), 40).into_iter().map(|at| world.patterns[at].name.clone());
        let (sources, patterns) = (sources.collect(), patterns.collect());
        let claims = some(3, 40).into_iter().map(|_| dice.below(1000)).collect();
        Removal { sources, patterns, claims }
    }

    /// The changes that made the claims it means.
    fn changes(&self, standing: &[usize]) -> BTreeSet<usize> {
        let meant = |at: &usize| standing.get(at % standing.len().max(1)).copied();
        self.claims.iter().filter_map(meant).collect()
    }

    /// As it is written behind `without` and `rests on`.
    fn words(&self, world: &World, claims: &BTreeSet<usize>, chronicle: &Chronicle) -> String {
        let there = self.patterns.iter().filter(|name| world.patterns.iter().any(|p| p.name == **name));
        let patterns = there.map(|name| format!("pattern {name}"));
        let claims = claims.iter().map(|change| format!("claim {}", chronicle.claim(*change)));
        let words: Vec<String> = self.sources.iter().cloned().chain(patterns).chain(claims).collect();
        words.join(", ")
    }
}

/// A citation falls with its source and its `via`. What had citations and lost them all falls.
fn left(citations: &mut Vec<Citation>, sources: &[String]) -> bool {
    let had_none = citations.is_empty();
    let falls = |source: &String| sources.contains(source);
    citations.retain(|citation| !falls(&citation.source) && !citation.via.as_ref().is_some_and(falls));
    had_none || !citations.is_empty()
}

/// The store that a question sees: its world, the claims, and the words that choose them.
struct Chosen {
    world: World,
    claims: Vec<Claim>,
    before: String,
    after: String,
}

impl Choice {
    fn new(dice: &mut Dice, world: &World) -> Choice {
        let mut choice = Choice::default();
        if dice.chance(40) {
            choice.moment = Some(dice.below(world.changes.len() + world.patterns.len() + 1));
        }
        if dice.chance(60) {
            let mut larger = world.clone();
            choice.with_another = dice.chance(25);
            let another = add_another(&mut larger, choice.with_another);
            for _ in 0..dice.between(1, 4) {
                choice.supposed.extend(generate::claim(dice, &larger));
            }
            for claim in choice.supposed.iter_mut().filter(|claim| larger.things[claim.subject].kind == CASE)
            {
                if choice.with_another && dice.chance(60) {
                    claim.subject = another;
                }
            }
        }
        if dice.chance(60) {
            choice.removed = Removal::new(dice, world);
        }
        choice
    }

    /// What the store holds at the moment.
    fn cut(&self, world: &World) -> World {
        let mut world = world.clone();
        let moment = self.moment.unwrap_or(usize::MAX);
        let patterns = moment.saturating_sub(world.changes.len());
        world.changes.truncate(moment);
        world.patterns.truncate(patterns);
        world
    }

    /// With `more` supposed besides, and what a second removal takes out.
    fn seen(&self, world: &World, chronicle: &Chronicle, more: &[Claim], further: &Removal) -> Chosen {
        let mut cut = self.cut(world);
        add_another(&mut cut, self.with_another);
        let stored = cut.changes.len();
        let supposed = self.supposed.iter().chain(more);
        cut.changes.extend(supposed.cloned().map(Change::Assert));
        let standing = naive::standing_since(&cut, &cut.changes);
        // What is supposed only on one side of a difference may replace a claim: it is the same one on both.
        let until = cut.changes.len() - more.len();
        let before = naive::standing_since(&cut, &cut.changes[..until]);
        let named: Vec<usize> = before.iter().map(|(change, _)| *change).filter(|c| *c < stored).collect();
        let without = self.removed.changes(&named);
        let words = self.removed.words(&cut, &without, chronicle);
        let gone: BTreeSet<usize> = without.union(&further.changes(&named)).copied().collect();
        let sources: Vec<String> = self.removed.sources.iter().chain(&further.sources).cloned().collect();
        let mut claims = Vec::new();
        for (_, mut claim) in standing.into_iter().filter(|(change, _)| !gone.contains(change)) {
            if left(&mut claim.citations, &sources) {
                claims.push(claim);
            }
        }
        cut.patterns.retain(|pattern| !self.removed.patterns.contains(&pattern.name));
        let (before, after) = (self.before(&cut), self.after(chronicle, &words));
        cut.patterns.retain(|pattern| !further.patterns.contains(&pattern.name));
        cut.patterns.retain_mut(|pattern| left(&mut pattern.citations, &sources));
        Chosen { world: cut, claims, before, after }
    }

    fn before(&self, world: &World) -> String {
        let another = self.with_another.then(|| "case another { }".to_string());
        let supposed = self.supposed.iter().map(|claim| world.claim(claim));
        let supposed: Vec<String> = another.into_iter().chain(supposed).collect();
        if supposed.is_empty() { String::new() } else { format!("suppose {} then ", supposed.join(" and ")) }
    }

    fn after(&self, chronicle: &Chronicle, without: &str) -> String {
        let commit = |moment| format!(" as of commit {}", chronicle.commits[moment]);
        let without = if without.is_empty() { String::new() } else { format!(" without {without}") };
        let last = chronicle.commits.len() - 1;
        format!("{without}{}", self.moment.map_or(String::new(), |moment: usize| commit(moment.min(last))))
    }
}

fn add_another(world: &mut World, is_wanted: bool) -> usize {
    if is_wanted {
        world.things.push(Named { name: "another".to_string(), kind: CASE });
    }
    world.things.len().saturating_sub(1)
}

impl Chosen {
    fn sight(&self, scope: &Scope) -> Sight<'_> {
        let mut sight = Sight::before_patterns(&self.world, &self.claims, scope);
        sight.conclude(&self.world.patterns);
        sight
    }
}

// ---- laws -------------------------------------------------------------------------------------------

/// How a question on what is chosen differs from its naive answer, or the plain one after it from before.
fn choosing_differs(world: &World, choice: &Choice, question: &Question) -> Option<String> {
    let chronicle = Chronicle::of(world);
    let ask = |text: &str| chronicle.book.query(text).map_err(|error| error.to_string());
    let plain = question.text(world);
    let usual = ask(&plain);
    let chosen = choice.seen(world, &chronicle, &[], &Removal::default());
    let text = format!("{}{plain}{}", chosen.before, chosen.after);
    let differs = differs(&chronicle.book, &text, question.answer(&chosen.sight(&question.scope)));
    let is_left = || format!("left behind by {text}\nin the answer to {plain}");
    differs.or_else(|| (ask(&plain) != usual).then(is_left))
}

#[test]
fn what_is_supposed_and_left_out_is_chosen_before_any_pattern_runs() {
    for seed in seeds(100) {
        let mut dice = Dice::new(seed);
        let world = stratified(generate::world(&mut dice, SMALL));
        for _ in 0..6 {
            let choice = Choice::new(&mut dice, &world);
            let Some(question) = question(&mut dice, &world) else { continue };
            let fails = |world: &World| choosing_differs(world, &choice, &question);
            if fails(&world).is_some() {
                let (small, differs) = shrink(world.clone(), &fails);
                panic!("seed {seed}: {differs}\nin\n{}", small.told());
            }
        }
    }
}

// ---- differences ------------------------------------------------------------------------------------

/// Change, name, attribute, value, before, after, patterns.
type Row = [String; 7];

pub fn standing(truth: Truth) -> &'static str {
    match (truth.met, truth.failed) {
        (true, false) => "supported",
        (true, true) => "contested",
        (false, true) => "denied",
        (false, false) => "unknown",
    }
}

fn change(before: &str, after: &str) -> &'static str {
    match (before, after) {
        (_, "contested") => "contested",
        ("contested", "supported" | "denied") => "settled",
        ("unknown", _) => "gained",
        (_, "unknown") => "lost",
        _ => "reversed",
    }
}

/// Every statement that is supported or denied on either side, where its standing is not the same.
fn naive_rows(before: &Sight, after: &Sight) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    let world = after.world;
    for subject in 0..world.things.len() {
        for attribute in generate::attributes_of(world, world.things[subject].kind) {
            let said = before.said(subject, attribute).into_iter().chain(after.said(subject, attribute));
            for value in naive::distinct(said.map(|said| said.value)) {
                let standing = |sight: &Sight| standing(sight.statement(subject, attribute, &value));
                let (was, is) = (standing(before), standing(after));
                if was == is {
                    continue;
                }
                let sight = if is == "unknown" { before } else { after };
                let concludes = |denied: bool| {
                    let fact = Fact { subject, attribute, denied, value: value.clone() };
                    let patterns = sight.world.patterns.iter();
                    let concluding = patterns.filter(|pattern| !sight.concluding(pattern, &fact).is_empty());
                    concluding.map(|pattern| pattern.name.clone()).collect::<Vec<_>>()
                };
                let patterns: BTreeSet<String> = [true, false].into_iter().flat_map(concludes).collect();
                let patterns: Vec<String> = patterns.into_iter().collect();
                rows.insert([
                    change(was, is).to_string(),
                    world.things[subject].name.clone(),
                    world.name(attribute).to_string(),
                    crate::questions::word(world, &value),
                    was.to_string(),
                    is.to_string(),
                    patterns.join("; "),
                ]);
            }
        }
    }
    rows
}

fn planned_rows(answer: &Answer) -> BTreeSet<Row> {
    let row = |row: casebook::Row| {
        let words = |cell: &casebook::Cell| cell.values.iter().map(shown).collect::<Vec<_>>().join("; ");
        <[String; 7]>::try_from(row.cells().iter().map(words).collect::<Vec<_>>()).expect("seven columns")
    };
    answer.iter().map(row).collect()
}

/// What is asked for its difference.
#[derive(Clone, Debug)]
enum Asked {
    WhatIf(Vec<Claim>),
    RestsOn(Removal),
}

fn difference_differs(world: &World, choice: &Choice, asked: &Asked, scope: &Scope) -> Option<String> {
    let chronicle = Chronicle::of(world);
    let nothing = Removal::default();
    let (more, further) = match asked {
        Asked::WhatIf(more) => (&more[..], &nothing),
        Asked::RestsOn(removal) => (&[][..], removal),
    };
    let after = choice.seen(world, &chronicle, more, further);
    let before = choice.seen(world, &chronicle, &[], &nothing);
    let body = match asked {
        Asked::WhatIf(more) => {
            let claims: Vec<String> = more.iter().map(|claim| after.world.claim(claim)).collect();
            format!("what if {}", claims.join(" and "))
        }
        Asked::RestsOn(removal) => {
            let mut cut = choice.cut(world);
            let stored = cut.changes.len();
            cut.changes.extend(choice.supposed.iter().cloned().map(Change::Assert));
            add_another(&mut cut, choice.with_another);
            let standing = naive::standing_since(&cut, &cut.changes).into_iter().map(|(change, _)| change);
            let standing: Vec<usize> = standing.filter(|change| *change < stored).collect();
            let words = removal.words(&cut, &removal.changes(&standing), &chronicle);
            if words.is_empty() {
                return None;
            }
            format!("rests on {words}")
        }
    };
    let text = format!("{}{body}{}{}", after.before, after.after, scope.words());
    let naive = naive_rows(&before.sight(scope), &after.sight(scope));
    let planned = match chronicle.book.query(&text) {
        Ok(answer) => planned_rows(&answer),
        Err(error) => return Some(error.to_string()),
    };
    let only = |rows: &BTreeSet<Row>, others: &BTreeSet<Row>| {
        rows.difference(others).map(|row| format!("\n    {row:?}")).collect::<String>()
    };
    let (only_planned, only_naive) = (only(&planned, &naive), only(&naive, &planned));
    (planned != naive).then(|| format!("{text}\n  planned:{only_planned}\n  naive:{only_naive}"))
}

/// A choice, and something to be asked for the difference it makes.
fn asked(dice: &mut Dice, world: &World) -> (Choice, Asked) {
    let mut choice = if dice.chance(40) { Choice::new(dice, world) } else { Choice::default() };
    if dice.chance(50) {
        let count = dice.between(1, 3);
        return (choice, Asked::WhatIf((0..count).filter_map(|_| generate::claim(dice, world)).collect()));
    }
    // What one removal has taken out, another cannot name.
    choice.removed = Removal::default();
    (choice, Asked::RestsOn(Removal::new(dice, world)))
}

#[test]
fn what_if_and_rests_on_are_the_difference_of_two_choices() {
    for seed in seeds(80) {
        let mut dice = Dice::new(seed);
        let world = stratified(generate::world(&mut dice, SMALL));
        for _ in 0..6 {
            let (choice, asked) = asked(&mut dice, &world);
            let scope = scope(&mut dice);
            if matches!(&asked, Asked::WhatIf(claims) if claims.is_empty()) {
                continue;
            }
            let fails = |world: &World| difference_differs(world, &choice, &asked, &scope);
            if fails(&world).is_some() {
                let (small, differs) = shrink(world.clone(), &fails);
                panic!("seed {seed}: {differs}\nin\n{}", small.told());
            }
        }
    }
}

//! What is found out on demand, for single cells, is what is found out for all at once, however questions and
//! changes follow each other on one book.

use crate::conclude;
use crate::dice::Dice;
use crate::generate::{self, CASE, LARGE, Size};
use crate::naive::{Scope, Sight};
use crate::planned::{differs, seeds, shown, shrink, sight, store};
use crate::questions::{Question, question, scope, word};
use crate::supposing::standing;
use crate::world::{Attribute, Thing, Value, World};
use casebook::{Answer, Casebook, Standing};
use std::collections::BTreeSet;

/// A question about one thing.
#[derive(Clone, Debug)]
enum Single {
    /// `c3.reaches`
    Cell(Thing, Attribute, Scope),
    /// `describe c3`
    Described(Thing, Scope),
    /// `cases where name = c3 and ...`; at times of all cases.
    Row(Question),
}

/// Attribute, value, whether it is denied, standing.
type Line = (String, String, bool, String);

impl Single {
    fn new(dice: &mut Dice, world: &World) -> Option<Single> {
        let thing = dice.below(generate::non_empty(world.things.clone())?.len());
        let kind = world.things[thing].kind;
        match dice.below(6) {
            0 | 1 => {
                let attributes = generate::non_empty(generate::attributes_of(world, kind))?;
                Some(Single::Cell(thing, *dice.pick(&attributes), scope(dice)))
            }
            2 => Some(Single::Described(thing, scope(dice))),
            _ => {
                let question = question(dice, world).filter(|question| question.kind == kind)?;
                Some(Single::Row(Question { only: dice.chance(60).then_some(thing), ..question }))
            }
        }
    }

    fn scope(&self) -> &Scope {
        match self {
            Single::Cell(.., scope) | Single::Described(_, scope) => scope,
            Single::Row(question) => &question.scope,
        }
    }

    fn text(&self, world: &World) -> String {
        match self {
            Single::Cell(thing, attribute, scope) => {
                format!("{}{}", world.cell(*thing, *attribute), scope.words())
            }
            Single::Described(thing, scope) => {
                format!("describe {}{}", world.things[*thing].name, scope.words())
            }
            Single::Row(question) => question.text(world),
        }
    }

    /// How the answer differs from the naive one, if it does.
    fn differs(&self, book: &Casebook, sight: &Sight) -> Option<String> {
        let (thing, attributes) = match self {
            Single::Row(question) => {
                return differs(book, &question.text(sight.world), question.answer(sight));
            }
            Single::Cell(thing, attribute, _) => (*thing, vec![*attribute]),
            Single::Described(thing, _) => {
                let kind = sight.world.things[*thing].kind;
                (*thing, generate::attributes_of(sight.world, kind))
            }
        };
        let text = self.text(sight.world);
        let asked = attributes.first().map_or("", |attribute| sight.world.name(*attribute));
        let planned = match book.query(&text) {
            Ok(answer) => lines(&answer, asked),
            Err(error) => return Some(error.to_string()),
        };
        let mut naive: BTreeSet<Line> =
            attributes.into_iter().flat_map(|attribute| naive_lines(sight, thing, attribute)).collect();
        if let Single::Described(..) = self {
            naive.extend(referring(sight, thing));
        }
        (planned != naive).then(|| format!("{text}\n  planned: {planned:?}\n  naive:   {naive:?}"))
    }
}

fn naive_lines(sight: &Sight, thing: Thing, attribute: Attribute) -> Vec<Line> {
    let line = |said: crate::naive::Said| {
        let standing = standing(sight.statement(thing, attribute, &said.value));
        let value = word(sight.world, &said.value);
        (sight.world.name(attribute).to_string(), value, said.denied, standing.to_string())
    };
    sight.said(thing, attribute).into_iter().map(line).collect()
}

/// What refers to a thing, by the names that references have from their other end.
fn referring(sight: &Sight, thing: Thing) -> Vec<Line> {
    let world = sight.world;
    let mut lines = Vec::new();
    for (attribute, declared) in world.attributes.iter().enumerate() {
        let Some(inverse) = &declared.inverse else { continue };
        let refers = |from: &Thing| sight.supported(*from, attribute).contains(&Value::Thing(thing));
        let from = world.things_of(declared.of).into_iter().filter(refers);
        let line = |from: Thing| (inverse.clone(), world.things[from].name.clone(), false, String::new());
        lines.extend(from.map(line));
    }
    lines
}

/// What the answer says of each attribute; of the one asked for, where there is but one.
fn lines(answer: &Answer, asked: &str) -> BTreeSet<Line> {
    let mut lines = BTreeSet::new();
    for row in answer {
        let attribute = row.get("attribute").map_or(asked.to_string(), |cell| cell.to_string());
        if ["kind", "name"].contains(&&attribute[..]) {
            continue;
        }
        for value in row["value"].values.iter() {
            let denied = value.standing == Standing::Denied;
            lines.insert((attribute.clone(), shown(value), denied, row["standing"].to_string()));
        }
    }
    lines
}

/// One book with what has been asked of it and told it, in order.
struct Session {
    book: Casebook,
    world: World,
    log: Vec<String>,
    patterns: usize,
}

impl Session {
    fn run(&mut self, statement: String) {
        let ran = self.book.run_file(&statement, "");
        self.log.push(statement);
        ran.unwrap_or_else(|error| panic!("{error}\nafter\n{}", self.log.join("\n")));
    }

    /// A claim or retraction, or a pattern more or less.
    fn change(&mut self, dice: &mut Dice) {
        match dice.below(6) {
            0 => {
                let name = format!("later{}", self.patterns);
                self.patterns += 1;
                let Some(pattern) = generate::pattern(dice, &self.world, name) else { return };
                self.world.patterns.push(pattern);
                match conclude::levels(&self.world, &self.world.patterns) {
                    Some(_) => self.run(self.world.pattern(self.world.patterns.last().expect("one more"))),
                    None => drop(self.world.patterns.pop()),
                }
            }
            1 if !self.world.patterns.is_empty() => {
                let pattern = self.world.patterns.remove(dice.below(self.world.patterns.len()));
                self.run(format!("retract pattern {}", pattern.name));
            }
            _ => {
                let Some(change) = generate::change(dice, &self.world) else { return };
                self.run(self.world.change(&change));
                self.world.changes.push(change);
            }
        }
    }

    /// Asks some questions of the store as it is now.
    fn ask(&mut self, dice: &mut Dice, questions: usize, seed: u64) {
        let usual = sight(&self.world, &Scope::Standing);
        for _ in 0..questions {
            let Some(single) = Single::new(dice, &self.world) else { continue };
            let text = single.text(&self.world);
            let other = match single.scope() {
                Scope::Standing => None,
                scope => Some(sight(&self.world, scope)),
            };
            let differs = single.differs(&self.book, other.as_ref().unwrap_or(&usual));
            self.log.push(text);
            if let Some(differs) = differs {
                self.report(&single, &differs, seed);
            }
        }
    }

    /// What went wrong, on a store as small as possible if a new one goes wrong, too.
    fn report(&self, single: &Single, differs: &str, seed: u64) {
        let fails = |world: &World| {
            let mut world = world.clone();
            let (book, _) = store(&mut world);
            single.differs(&book, &sight(&world, single.scope()))
        };
        if fails(&self.world).is_some() {
            let (small, differs) = shrink(self.world.clone(), &fails);
            panic!("seed {seed}: {differs}\nin\n{}", small.told());
        }
        panic!("seed {seed}: {differs}\nonly after\n{}", self.log.join("\n"));
    }
}

/// Many patterns on a few things.
const DENSE: Size = Size { things: (3, 10), changes: (15, 60), patterns: 14 };

fn agree(seed: u64, size: Size, rounds: usize, questions: usize) {
    let mut dice = Dice::new(seed);
    let mut world = generate::world(&mut dice, size);
    let (book, log) = store(&mut world);
    let mut session = Session { book, world, log, patterns: 0 };
    for _ in 0..rounds {
        session.ask(&mut dice, questions, seed);
        for _ in 0..dice.between(1, 3) {
            session.change(&mut dice);
        }
    }
    session.ask(&mut dice, questions, seed);
}

#[test]
fn what_is_asked_of_single_things_equals_the_naive_answer_between_changes() {
    for seed in seeds(40) {
        agree(seed, DENSE, 5, 8);
    }
}

#[test]
fn single_things_and_whole_columns_agree_on_large_stores() {
    for seed in seeds(3) {
        agree(seed, Size { patterns: 4, ..LARGE }, 1, 10);
    }
}

/// One answer holds a row for each case; the others are asked one by one before it, in an order of their own. So
/// many cases are concluded for all at once, and one on demand.
#[test]
fn what_all_are_asked_at_once_each_answers_alone() {
    for seed in seeds(16) {
        let mut dice = Dice::new(seed);
        let mut world = generate::world(&mut dice, Size { patterns: 8, ..LARGE });
        let (book, statements) = store(&mut world);
        let mut columns: Vec<Attribute> = generate::attributes_of(&world, CASE);
        dice.shuffle(&mut columns);
        columns.truncate(4);
        let names: Vec<&str> = columns.iter().map(|at| world.name(*at)).collect();
        let ask = |text: &str| book.query(text).unwrap_or_else(|error| panic!("{error}"));
        let show = format!("show name, {}", names.join(", "));
        let mut cases = world.things_of(CASE);
        dice.shuffle(&mut cases);
        for scope in ["", " ever", " in 1995"] {
            let alone: Vec<(&str, Answer)> = cases
                .iter()
                .map(|case| &world.things[*case].name[..])
                .map(|name| (name, ask(&format!("cases where name = {name} {show}{scope}"))))
                .collect();
            let all = ask(&format!("cases {show}{scope}"));
            for (name, alone) in alone {
                let row = all.iter().find(|row| row["name"].to_string() == name);
                let told = || format!("seed {seed}: {name} {show}{scope}\n{}", statements.join("\n"));
                assert_eq!(row, alone.row(0), "{}", told());
            }
        }
    }
}

//! Planned answers equal naive ones.

use crate::conclude;
use crate::dice::Dice;
use crate::generate::{self, LARGE, SMALL, Size};
use crate::interval::{End, Interval};
use crate::naive::{self, Scope, Sight};
use crate::questions::{Question, Rows, question};
use crate::world::{Change, World};
use casebook::{Answer, Casebook, Datum, ErrorKind, Shown};

/// The seeds to try: so many, unless the environment says otherwise.
pub fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("CASEBOOK_LAWS_FROM").unwrap_or(0);
    first..first + number("CASEBOOK_LAWS").unwrap_or(usual)
}

/// The store of a world, with the statements that made it. Patterns that cannot be stratified are refused
/// on both sides, and taken out of the world.
pub fn store(world: &mut World) -> (Casebook, Vec<String>) {
    let book = Casebook::in_memory();
    let mut statements = world.declarations();
    statements.extend(world.changes.iter().map(|change| world.change(change)));
    let run = |text: &str| book.run_file(text, "store.casebook");
    run(&statements.join("\n")).unwrap_or_else(|error| panic!("{error}\n{}", statements.join("\n")));
    let mut kept = Vec::new();
    for pattern in std::mem::take(&mut world.patterns) {
        let statement = world.pattern(&pattern);
        let name = pattern.name.clone();
        kept.push(pattern);
        match (run(&statement), conclude::levels(world, &kept)) {
            (Ok(_), Some(_)) => statements.push(statement),
            (Err(error), None) => {
                let words = error.to_string();
                assert_eq!(error.kind(), ErrorKind::Meaning, "{words}");
                assert!(words.contains("cannot be stratified"), "{words}");
                assert!(words.contains(&format!("`{name}`")), "the cycle names {name}: {words}");
                kept.pop();
            }
            (Ok(_), None) => panic!("not refused: {statement}\nafter\n{}", statements.join("\n")),
            (Err(error), Some(_)) => panic!("refused: {error}\nafter\n{}", statements.join("\n")),
        }
    }
    world.patterns = kept;
    (book, statements)
}

pub fn shown(shown: &Shown) -> String {
    match &shown.datum {
        Datum::Number(number) => {
            let end = |end: casebook::model::End| {
                let at = end.value.normalize().to_string().parse().expect("whole numbers went in");
                End { at, open: end.open }
            };
            Interval::new(number.low().map(end), number.high().map(end)).to_string()
        }
        other => other.to_string(),
    }
}

/// The rows of an answer in the form of naive ones.
pub fn rows(answer: &Answer, ordered: bool) -> Rows {
    let cell = |cell: &casebook::Cell| {
        // Where nothing is supported, a cell shows what is denied.
        let supported = cell.values.iter().filter(|shown| shown.standing != casebook::Standing::Denied);
        let mut words: Vec<String> = supported.map(shown).collect();
        words.sort();
        words
    };
    let rows = answer.iter().map(|row| row.cells().iter().map(cell).collect());
    Rows { ordered, rows: rows.collect() }
}

pub fn sorted(mut rows: Rows) -> Rows {
    // Several operands may come to one value, which is shown once.
    rows.rows.iter_mut().flatten().for_each(Vec::dedup);
    if !rows.ordered {
        rows.rows.sort();
    }
    rows
}

/// How the two answers to a question differ, if they do.
fn difference(book: &Casebook, world: &World, question: &Question, sight: &Sight) -> Option<String> {
    differs(book, &question.text(world), question.answer(sight))
}

/// How the answer to a question differs from the naive one, if it does.
pub fn differs(book: &Casebook, text: &str, naive: Rows) -> Option<String> {
    let planned = match book.query(text) {
        Ok(answer) => sorted(rows(&answer, naive.ordered)),
        Err(error) => return Some(error.to_string()),
    };
    let naive = sorted(naive);
    let without = |rows: &Rows, others: &Rows| {
        let missing = rows.rows.iter().filter(|row| rows.ordered || !others.rows.contains(row));
        missing.map(|row| format!("\n    {row:?}")).collect::<String>()
    };
    let (only_planned, only_naive) = (without(&planned, &naive), without(&naive, &planned));
    (planned != naive).then(|| format!("{text}\n  planned:{only_planned}\n  naive:{only_naive}"))
}

/// What the naive evaluator sees in a world.
pub fn sight<'a>(world: &'a World, scope: &Scope) -> Sight<'a> {
    let claims = naive::standing(world, &world.changes);
    let mut sight = Sight::before_patterns(world, &claims, scope);
    sight.conclude(&world.patterns);
    sight
}

/// The same store on disk, opened again: some of the statements in its view, the others in its tail.
fn opened_again(statements: &[String], dice: &mut Dice, world: &World) -> (tempfile::TempDir, Casebook) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let book = Casebook::open(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let run = |text: &str| drop(book.run_file(text, "").unwrap_or_else(|error| panic!("{error}")));
    let (viewed, tail) = statements.split_at(dice.between(world.declarations().len(), statements.len()));
    run(&viewed.join("\n"));
    // A commit of more than 256 kB makes a checkpoint.
    run(&format!("kind filler \"{}\"", "long ".repeat(60_000)));
    if !tail.is_empty() {
        run(&tail.join("\n"));
    }
    drop(book);
    let again = Casebook::open(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    (folder, again)
}

#[test]
fn answers_from_a_view_are_the_naive_ones() {
    for seed in seeds(12) {
        let mut dice = Dice::new(seed);
        let mut world = generate::world(&mut dice, if seed % 4 == 0 { LARGE } else { SMALL });
        let (_, statements) = store(&mut world);
        let (_folder, book) = opened_again(&statements, &mut dice, &world);
        for _ in 0..8 {
            let Some(question) = question(&mut dice, &world) else { continue };
            let differs = difference(&book, &world, &question, &sight(&world, &question.scope));
            assert_eq!(differs, None, "seed {seed}, in\n{}", world.told());
        }
    }
}

fn agree(seed: u64, size: Size, questions: usize) {
    let mut dice = Dice::new(seed);
    let mut world = generate::world(&mut dice, size);
    let (book, _) = store(&mut world);
    let usual = sight(&world, &Scope::Standing);
    for _ in 0..questions {
        let Some(question) = question(&mut dice, &world) else { continue };
        let differs = match question.scope {
            Scope::Standing => difference(&book, &world, &question, &usual),
            _ => difference(&book, &world, &question, &sight(&world, &question.scope)),
        };
        if differs.is_some() {
            let fails = |world: &World| {
                let (book, _) = store(&mut world.clone());
                difference(&book, world, &question, &sight(world, &question.scope))
            };
            let (small, differs) = shrink(world.clone(), &fails);
            panic!("seed {seed}: {differs}\nin\n{}", small.told());
        }
    }
}

/// Takes out claims and patterns as long as a law still fails.
pub fn shrink(mut world: World, fails: &dyn Fn(&World) -> Option<String>) -> (World, String) {
    loop {
        let mut smaller = Vec::new();
        for at in 0..world.patterns.len() {
            let mut less = world.clone();
            less.patterns.remove(at);
            smaller.push(less);
        }
        for at in 0..world.changes.len() {
            let mut less = world.clone();
            let removed = less.changes.remove(at);
            // What is taken back must have been said.
            if !less.changes.iter().any(|change| matches!(change, Change::Retract(_)))
                || matches!(removed, Change::Retract(_))
            {
                smaller.push(less);
            }
        }
        match smaller.into_iter().find(|less| fails(less).is_some()) {
            Some(less) => world = less,
            None => break,
        }
    }
    let difference = fails(&world).unwrap_or_else(|| "only together with all of it".to_string());
    (world, difference)
}

#[test]
fn planned_answers_equal_naive_ones() {
    for seed in seeds(240) {
        agree(seed, SMALL, 20);
    }
}

#[test]
fn planned_answers_over_whole_columns_equal_naive_ones() {
    for seed in seeds(12) {
        agree(seed, LARGE, 20);
    }
}

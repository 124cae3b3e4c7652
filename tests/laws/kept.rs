//! What the engine keeps from one question, and from one commit, to the next makes no difference to an answer.

use crate::dice::Dice;
use crate::generate::{self, LARGE, SMALL, Size};
use crate::planned::{rows, seeds, sorted, store};
use crate::questions::{Asked, Question, question};
use crate::world::World;
use casebook::{Answer, Casebook};

fn run(book: &Casebook, statement: &str) {
    book.run(statement).unwrap_or_else(|error| panic!("{error}"));
}

fn ask(book: &Casebook, question: &str) -> Answer {
    book.query(question).unwrap_or_else(|error| panic!("{error}"))
}

/// Asks one book again and again while it is changed; each answer is that of a book that was never asked.
fn agree(seed: u64, size: Size, stops: usize) {
    let mut dice = Dice::new(seed);
    let mut world = generate::world(&mut dice, size);
    let (_, statements) = store(&mut world);
    // Changes and patterns in any order; what is declared comes first.
    let declared = world.declarations().len();
    let mut statements = statements;
    let patterns = statements.iter().position(|s| s.starts_with("pattern ")).unwrap_or(statements.len());
    let rules = statements.split_off(patterns);
    statements.splice(declared..declared, rules);
    let asked = Casebook::in_memory();
    let mut done = 0;
    for _ in 0..stops {
        let until = dice.between(done, statements.len());
        statements[done..until].iter().for_each(|statement| run(&asked, statement));
        done = until;
        if done < declared {
            continue;
        }
        let fresh = Casebook::in_memory();
        statements[..done].iter().for_each(|statement| run(&fresh, statement));
        for _ in 0..3 {
            compare(&mut dice, &world, &asked, &fresh, &format!("seed {seed}, after {done} statements"));
        }
        let (one, two) = (ask(&asked, "conflicts"), ask(&fresh, "conflicts"));
        assert_eq!(one, two, "seed {seed}, after {done} statements\n{}", statements[..done].join("\n"));
    }
}

fn compare(dice: &mut Dice, world: &World, asked: &Casebook, fresh: &Casebook, context: &str) {
    let Some(question) = question(dice, world) else { return };
    let Question { ref form, .. } = question;
    let ordered = matches!(form, Asked::Sorted { .. });
    let text = question.text(world);
    let (one, two) = (rows(&ask(asked, &text), ordered), rows(&ask(fresh, &text), ordered));
    assert_eq!(sorted(one), sorted(two), "{context}: {text}");
    // The same under a supposition that concerns one case.
    let Some(subject) = (!world.things.is_empty()).then(|| dice.below(world.things.len())) else { return };
    let attributes = generate::attributes_of(world, world.things[subject].kind);
    let Some(attributes) = generate::non_empty(attributes) else { return };
    let attribute = *dice.pick(&attributes);
    let Some(value) = generate::value(dice, world, attribute) else { return };
    let fact = format!("{}.{} = {}", world.things[subject].name, world.name(attribute), world.value(&value));
    let (supposing, asserting) = (format!("suppose {fact} then conflicts"), format!("assert {fact}"));
    let supposed = ask(asked, &supposing);
    let asserted = Casebook::in_memory();
    let Ok(casebook::Outcome::Statements(statements)) = fresh.run("export") else { panic!("no statements") };
    asserted.run_file(&statements, "").unwrap_or_else(|error| panic!("{context}: {error}"));
    run(&asserted, &asserting);
    let (one, two) = (rows(&supposed, false), rows(&ask(&asserted, "conflicts"), false));
    assert_eq!(sorted(one), sorted(two), "{context}: {supposing}\n{statements}");
}

#[test]
fn what_is_kept_from_one_commit_to_the_next_makes_no_difference() {
    for seed in seeds(60) {
        agree(seed, SMALL, 6);
    }
}

#[test]
fn what_is_kept_of_whole_columns_makes_no_difference() {
    let size = Size { patterns: 6, ..LARGE };
    for seed in seeds(6) {
        agree(seed, size, 4);
    }
}

/// What is patched after a change was kept of the last pattern alone: it tells nothing of what the others conclude.
#[test]
fn what_was_kept_apart_is_not_taken_for_the_whole() {
    let towns: String = (0..100).map(|at| format!("town t{at} {{ }}\n")).collect();
    let text = format!(
        "kind town\n\
         attribute closed of town: yes/no\n\
         attribute open of town: yes/no\n\
         attribute idle of town: yes/no\n\
         {towns}\
         pattern opens {{ for town when not closed = yes then open = yes }}\n\
         pattern idles {{ for town when not open = yes then idle = yes }}\n"
    );
    let (asked, fresh) = (Casebook::in_memory(), Casebook::in_memory());
    for book in [&asked, &fresh] {
        book.run_file(&text, "towns").unwrap_or_else(|error| panic!("{error}"));
    }
    ask(&asked, "towns where open = yes and not idle = yes");
    for book in [&asked, &fresh] {
        run(book, "assert t8.closed = yes");
    }
    let question = "count towns where not idle = yes by open";
    assert_eq!(rows(&ask(&asked, question), false), rows(&ask(&fresh, question), false));
}

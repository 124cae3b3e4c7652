//! Laws that need no second evaluator: two ways of saying or storing the same give the same answers.

use crate::conclude;
use crate::conditions::Conditions;
use crate::described;
use crate::dice::Dice;
use crate::generate::{self, CASE, SMALL};
use crate::naive::{self, Scope, Sight};
use crate::planned::{rows, seeds, shown, sorted, store};
use crate::questions::{Asked, Question, question};
use crate::world::{Change, Condition, Pattern, Thing, Type, When, World};
use casebook::{Answer, Casebook, Outcome};

/// A random store, the statements that made it, and questions that it can answer.
struct Sample {
    dice: Dice,
    world: World,
    book: Casebook,
    statements: Vec<String>,
    questions: Vec<Question>,
}

impl Sample {
    fn new(seed: u64) -> Sample {
        let mut dice = Dice::new(seed);
        let mut world = generate::world(&mut dice, SMALL);
        let (book, statements) = store(&mut world);
        let questions = (0..10).filter_map(|_| question(&mut dice, &world)).collect();
        Sample { dice, world, book, statements, questions }
    }

    fn texts(&self) -> Vec<String> {
        self.questions.iter().map(|question| question.text(&self.world)).collect()
    }

    fn ask(&self, text: &str) -> Answer {
        ask(&self.book, text)
    }
}

fn ask(book: &Casebook, text: &str) -> Answer {
    book.query(text).unwrap_or_else(|error| panic!("{error}"))
}

fn run_all(statements: &[String]) -> Casebook {
    let book = Casebook::in_memory();
    book.run_file(&statements.join("\n"), "").unwrap_or_else(|error| panic!("{error}"));
    book
}

/// That two books give the same rows, in the same order where the question asks for one.
fn same_answers(sample: &Sample, other: &Casebook, law: &str) {
    for question in &sample.questions {
        let text = question.text(&sample.world);
        let ordered = matches!(question.form, Asked::Sorted { .. });
        let (one, two) = (rows(&sample.ask(&text), ordered), rows(&ask(other, &text), ordered));
        assert_eq!(sorted(one), sorted(two), "{law}: {text}\n{}", sample.statements.join("\n"));
    }
}

#[test]
fn a_question_asked_twice_gives_the_same_answer() {
    for seed in seeds(30) {
        let sample = Sample::new(seed);
        for text in sample.texts() {
            assert_eq!(sample.ask(&text), sample.ask(&text), "seed {seed}: {text}");
        }
    }
}

#[test]
fn the_order_of_unrelated_statements_does_not_matter() {
    for seed in seeds(40) {
        let mut sample = Sample::new(seed);
        let mut world = sample.world.clone();
        sample.dice.shuffle(&mut world.patterns);
        // What is said of one thing keeps its order.
        let mut order: Vec<Thing> = (0..world.things.len()).collect();
        sample.dice.shuffle(&mut order);
        let subject = |change: &Change| match change {
            Change::Assert(claim) => claim.subject,
            Change::Retract(retraction) => retraction.subject,
        };
        world.changes.sort_by_key(|change| order[subject(change)]);
        let mut declared = world.declarations();
        let first_thing = declared.len() - world.things.len();
        sample.dice.shuffle(&mut declared[first_thing..]);
        declared.extend(world.changes.iter().map(|change| world.change(change)));
        declared.extend(world.patterns.iter().map(|pattern| world.pattern(pattern)));
        same_answers(&sample, &run_all(&declared), &format!("seed {seed}, another order"));
    }
}

#[test]
fn negation_is_its_own_inverse_and_and_or_are_dual() {
    let not = |condition: Condition| Condition::Not(Box::new(condition));
    for seed in seeds(60) {
        let mut sample = Sample::new(seed);
        let conditions = Conditions { world: &sample.world, variables: &[CASE], negations: 10 };
        let mut condition = || conditions.condition(&mut sample.dice, 1);
        let (Some(a), Some(b)) = (condition(), condition()) else { continue };
        let pair = || vec![a.clone(), b.clone()];
        let each = || vec![not(a.clone()), not(b.clone())];
        let equal = [
            (a.clone(), not(not(a.clone()))),
            (not(Condition::All(pair())), Condition::Any(each())),
            (not(Condition::Any(pair())), Condition::All(each())),
        ];
        for (one, other) in equal {
            let cases = |condition: &Condition| {
                let text = sample.world.condition(condition, false);
                rows(&sample.ask(&format!("cases where {text} show name")), true)
            };
            let (left, right) = (cases(&one), cases(&other));
            assert_eq!(left, right, "seed {seed}: {one:?}\n{}", sample.statements.join("\n"));
        }
    }
}

#[test]
fn as_of_commit_n_sees_the_store_after_n_commits() {
    for seed in seeds(15) {
        let mut sample = Sample::new(seed);
        let statements = sample.statements.clone();
        let all = Casebook::in_memory();
        let until = Casebook::in_memory();
        let stop = sample.dice.between(sample.world.declarations().len(), statements.len());
        for (at, statement) in statements.iter().enumerate() {
            all.run(statement).unwrap_or_else(|error| panic!("{error}"));
            if at < stop {
                until.run(statement).unwrap_or_else(|error| panic!("{error}"));
            }
        }
        let commit = until.commit_number().expect("a store in memory");
        for text in sample.texts() {
            let before = ask(&all, &format!("{text} as of commit {commit}"));
            assert_eq!(before, ask(&until, &text), "seed {seed}: {text}\n{}", statements.join("\n"));
        }
    }
}

#[test]
fn to_retract_what_was_asserted_restores_the_answers() {
    for seed in seeds(30) {
        let mut sample = Sample::new(seed);
        let before: Vec<Answer> = sample.texts().iter().map(|text| sample.ask(text)).collect();
        sample.book.run("source another { }").expect("a source");
        for thing in 0..sample.world.things.len() {
            let name = &sample.world.things[thing].name;
            let attributes = generate::attributes_of(&sample.world, sample.world.things[thing].kind);
            for attribute in attributes {
                let Some(value) = generate::value(&mut sample.dice, &sample.world, attribute) else {
                    continue;
                };
                let (path, value) = (sample.world.name(attribute), sample.world.value(&value));
                let run = |text: String| sample.book.run(&text).unwrap_or_else(|error| panic!("{error}"));
                run(format!("assert {name}.{path} = {value} [another]"));
                run(format!("retract {name}.{path} = {value} [another]"));
            }
        }
        let after: Vec<Answer> = sample.texts().iter().map(|text| sample.ask(text)).collect();
        assert_eq!(before, after, "seed {seed}");
    }
}

#[test]
fn the_store_as_statements_loads_into_an_equal_store() {
    for seed in seeds(30) {
        let sample = Sample::new(seed);
        let export = |book: &Casebook| match book.run("export") {
            Ok(Outcome::Statements(text)) => text,
            other => panic!("not statements: {other:?}"),
        };
        let text = export(&sample.book);
        let copy = Casebook::in_memory();
        copy.run_file(&text, "export").unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
        assert_eq!(export(&copy), text, "seed {seed}");
        same_answers(&sample, &copy, &format!("seed {seed}, exported as\n{text}"));
    }
}

#[test]
fn a_store_on_disk_gives_the_answers_of_one_in_memory_before_and_after_it_is_closed() {
    for seed in seeds(4) {
        let sample = Sample::new(seed);
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join("store");
        let book = Casebook::open(&path).unwrap_or_else(|error| panic!("{error}"));
        let run = |text: &str| book.run_file(text, "").unwrap_or_else(|error| panic!("{error}"));
        let (first, rest) = sample.statements.split_at(sample.statements.len() / 2);
        run(&first.join("\n"));
        run(&rest.join("\n"));
        same_answers(&sample, &book, &format!("seed {seed}, on disk"));
        drop(book);
        let again = Casebook::open(&path).unwrap_or_else(|error| panic!("{error}"));
        same_answers(&sample, &again, &format!("seed {seed}, opened again"));
    }
}

/// A conclusion is hedged only if every proof of it is: then it does not follow without what is hedged.
#[test]
fn what_is_not_hedged_follows_without_hedged_claims_and_patterns() {
    for seed in seeds(60) {
        let mut world = generate::world(&mut Dice::new(seed), SMALL);
        // With negation, to take something out lets other things follow.
        world.patterns.retain(|pattern| !reads_negatively(pattern));
        // A dated denial may count only beside the support whose time it overlaps: with that support, it falls.
        world
            .changes
            .retain(|change| matches!(change, Change::Assert(claim) if claim.when == When::default()));
        let (book, statements) = store(&mut world);
        let mut plain =
            Sight::before_patterns(&world, &naive::standing(&world, &world.changes), &Scope::Standing);
        plain.claims.values_mut().for_each(|claims| claims.retain(|claim| !claim.hedged));
        let certain: Vec<Pattern> =
            world.patterns.iter().filter(|pattern| !pattern.hedged).cloned().collect();
        plain.conclude(&certain);
        for attribute in generate::attributes_of(&world, CASE) {
            let name = world.name(attribute);
            let answer = ask(&book, &format!("cases show {name}"));
            let mut cases = world.things_of(CASE);
            cases.sort_by_key(|case| &world.things[*case].name);
            for (case, row) in cases.into_iter().zip(&answer) {
                let supported = |value: &&casebook::Shown| value.standing != casebook::Standing::Denied;
                for value in row.cells()[0].values.iter().filter(supported) {
                    let word = shown(value);
                    let supported = plain.said(case, attribute).into_iter().filter(|said| !said.denied);
                    let follows = supported.map(|said| world.value(&said.value)).any(|said| said == word);
                    let is_number = matches!(world.attributes[attribute].takes, Type::Number | Type::Year);
                    assert!(
                        is_number || value.marks.hedged != follows,
                        "seed {seed}: {}.{name} = {word} is {:?}\n{}",
                        world.things[case].name,
                        value.marks,
                        statements.join("\n")
                    );
                }
            }
        }
    }
}

fn reads_negatively(pattern: &Pattern) -> bool {
    let mut reads = Vec::new();
    conclude::reads(&pattern.condition, false, &mut reads);
    reads.into_iter().any(|(_, negated)| negated)
}

#[test]
fn a_case_described_by_its_claims_leads_to_what_the_patterns_conclude_for_it() {
    for seed in seeds(60) {
        let mut dice = Dice::new(seed);
        let mut world = described::world_of_plain_cases(&mut dice);
        let (book, statements) = store(&mut world);
        book.run("context case.recommended for policy").expect("a context");
        for case in world.things_of(CASE) {
            let name = &world.things[case].name;
            let claimed = world.changes.iter().filter_map(|change| match change {
                Change::Assert(claim) if claim.subject == case => Some(claim),
                _ => None,
            });
            let tests: Vec<String> = claimed
                .filter_map(|claim| Some((claim.attribute, claim.value.as_ref()?)))
                .map(|(attribute, value)| format!("{} = {}", world.name(attribute), world.value(value)))
                .collect();
            if tests.is_empty() {
                continue;
            }
            let found = |question: &str| {
                let row = |row: casebook::Row| {
                    let cell = |column: &str| row[column].to_string();
                    (cell("name"), cell("status"), cell("needs"), cell("standing"))
                };
                ask(&book, question).iter().map(row).collect::<Vec<_>>()
            };
            let described = found(&format!("policies where {}", tests.join(" and ")));
            let context = format!("seed {seed}: {name} is {}\n{}", tests.join(", "), statements.join("\n"));
            assert_eq!(described, found(&format!("policies for {name}")), "{context}");
            let mut applying: Vec<String> =
                described.into_iter().filter(|row| row.1 == "applies").map(|row| row.0).collect();
            applying.sort();
            let concluded = rows(&ask(&book, &format!("cases where name = {name} show recommended")), false);
            assert_eq!(concluded.rows[0][0], applying, "{context}");
        }
    }
}

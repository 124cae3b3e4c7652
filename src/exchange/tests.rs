//! The seed and small stores, made of statements.

use crate::book::paper::FILES;
use crate::error::{Error, Result};
use crate::facts::{Draft, Snapshot};
use crate::model::change::Operation;
use crate::model::{Pattern, Text};
use crate::resolve::{ImportPlan, Meaning, Parameters, Resolver};
use crate::syntax::{parse, split, tree::Statement};

/// What a statement means in the light of a snapshot.
pub(super) fn resolve(snapshot: &Snapshot, statement: &str) -> Result<Meaning> {
    let (vocabulary, parameters) = (snapshot.vocabulary(), Parameters::new());
    Resolver { vocabulary, directory: snapshot, parameters: &parameters }.statement(&parse(statement)?)
}

/// The plan of an import.
pub(super) fn import_plan(snapshot: &Snapshot, statement: &str) -> ImportPlan {
    match resolve(snapshot, statement) {
        Ok(Meaning::Import(plan)) => plan,
        other => panic!("not an import: {other:?}"),
    }
}

fn read_pattern(snapshot: &Snapshot, text: &str) -> Result<Pattern> {
    let (vocabulary, parameters) = (snapshot.vocabulary(), Parameters::new());
    let resolver = Resolver { vocabulary, directory: snapshot, parameters: &parameters };
    match parse(text)? {
        Statement::Pattern(declaration) => resolver.pattern(&declaration),
        _ => Err(Error::damaged("not a pattern")),
    }
}

/// Applies the statements of a text as one commit; panics at those that are refused, naming them all.
pub(super) fn with_statements(snapshot: &Snapshot, origin: &str, text: &str) -> Snapshot {
    let mut draft = Draft::new(snapshot, &read_pattern);
    let mut refused = Vec::new();
    for piece in split(text) {
        let meaning = resolve(&draft.snapshot, &piece.text);
        let done = meaning.and_then(|meaning| match meaning {
            Meaning::Change(operations) => {
                operations.into_iter().try_for_each(|operation| draft.apply(operation))
            }
            _ => Err(Error::meaning("not a change")),
        });
        if let Err(error) = done {
            refused.push(error.in_text(&piece.text, origin, piece.line).to_string());
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    draft.finish(0, Text::from("tester"), None).0
}

/// Applies operations as one commit.
pub(super) fn with_operations(snapshot: &Snapshot, operations: Vec<Operation>) -> Snapshot {
    let mut draft = Draft::new(snapshot, &read_pattern);
    for operation in operations {
        draft.apply(operation).expect("operations that were read from a file can be applied");
    }
    draft.finish(0, Text::from("tester"), None).0
}

/// The paper's knowledge.
pub(super) fn seed() -> Snapshot {
    FILES.iter().fold(Snapshot::default(), |snapshot, (file, text)| with_statements(&snapshot, file, text))
}

#[test]
fn every_statement_of_the_seed_resolves_and_applies() {
    let snapshot = seed();
    assert_eq!(snapshot.commit() as usize, FILES.len());
    assert!(snapshot.patterns().count() > 40);
}

#[test]
fn no_statement_of_the_seed_repeats_or_replaces_another() {
    let mut draft = Draft::new(&Snapshot::default(), &read_pattern);
    let mut faults = Vec::new();
    for (file, text) in FILES {
        for piece in split(text) {
            let Ok(Meaning::Change(operations)) = resolve(&draft.snapshot, &piece.text) else {
                panic!("{file}, line {}: refused", piece.line)
            };
            for operation in operations {
                let (done, replaced) = (draft.operations.len(), draft.tally.replaced);
                let said = format!("{operation:?}");
                draft.apply(operation).expect("the seed applies");
                if draft.operations.len() == done {
                    faults.push(format!("{file}, line {}: said before: {said}", piece.line));
                } else if draft.tally.replaced > replaced {
                    faults.push(format!("{file}, line {}: replaces a claim: {said}", piece.line));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// `cargo test --release --lib exchange -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_reading_applying_and_writing() {
    use std::fmt::Write;
    use std::time::Instant;
    for rows in [100_000_u32, 1_000_000] {
        let mut file =
            String::from("id,label,industry,workers,share,founded,place,learns,growth,remark,code\n");
        for row in 0..rows {
            let (industry, place) = (["cops", "traditional", "resource_based"][row as usize % 3], row % 997);
            let (workers, share, year) =
                (row.wrapping_mul(2_654_435_761) % 50_000, row % 100, 1900 + row % 120);
            let learns = if row % 2 == 0 { "yes" } else { "no" };
            writeln!(file, "cluster_{row},Cluster number {row},{industry},{workers},{share}.5%,{year},Ward {place},{learns},-{}.25,remark {},{row}", row % 777, row % 5000).expect("memory");
        }
        let store = with_statements(&Snapshot::default(), "", "kind cluster\nsource survey { }\n");
        let plan = import_plan(
            &store,
            "import \"c.csv\" as cluster name from id, title from label [survey] declare",
        );
        let start = Instant::now();
        let operations =
            super::csv::read(file.as_bytes(), "c.csv", &plan, store.vocabulary(), &store, &mut |_| Ok(()))
                .expect("a good file");
        let read = start.elapsed();
        let start = Instant::now();
        let imported = with_operations(&store, operations.clone());
        let applied = start.elapsed();
        let start = Instant::now();
        let again =
            super::csv::read(file.as_bytes(), "c.csv", &plan, imported.vocabulary(), &imported, &mut |_| {
                Ok(())
            });
        let typed = start.elapsed();
        assert!(again.is_ok());
        let start = Instant::now();
        let size = super::dump::statements(&imported).len();
        println!(
            "{rows} rows, {} bytes: read {read:?}, applied {applied:?}, read typed {typed:?}, dumped {:?} ({size} bytes)",
            file.len(),
            start.elapsed()
        );
    }
}

//! The seed and small stores, made of statements.

use crate::error::{Error, Result};
use crate::facts::{Draft, Snapshot};
use crate::model::change::Operation;
use crate::model::{Pattern, Text};
use crate::resolve::{ImportPlan, Meaning, Parameters, Resolver};
use crate::syntax::{parse, split, tree::Statement};

const SEED: [(&str, &str); 5] = [
    ("vocabulary", include_str!("../../seed/vocabulary.casebook")),
    ("sources", include_str!("../../seed/sources.casebook")),
    ("cases", include_str!("../../seed/cases.casebook")),
    ("policies", include_str!("../../seed/policies.casebook")),
    ("patterns", include_str!("../../seed/patterns.casebook")),
];

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
    SEED.iter().fold(Snapshot::default(), |snapshot, (file, text)| with_statements(&snapshot, file, text))
}

#[test]
fn every_statement_of_the_seed_resolves_and_applies() {
    let snapshot = seed();
    assert_eq!(snapshot.commit(), 5);
    assert!(snapshot.patterns().count() > 40);
}

#[test]
fn no_claim_of_the_seed_replaces_another() {
    let mut draft = Draft::new(&Snapshot::default(), &read_pattern);
    for (file, text) in SEED {
        for piece in split(text) {
            let Ok(Meaning::Change(operations)) = resolve(&draft.snapshot, &piece.text) else {
                panic!("{file}, line {}", piece.line)
            };
            for operation in operations {
                let before = (draft.tally.replaced, draft.operations.len());
                draft.apply(operation.clone()).expect("the seed applies");
                let is_claim = matches!(operation, Operation::Assert(_));
                let after = (draft.tally.replaced, draft.operations.len());
                assert_eq!(
                    after,
                    (before.0, before.1 + 1),
                    "{file}, line {}: {operation:?} {is_claim}",
                    piece.line
                );
            }
        }
    }
}

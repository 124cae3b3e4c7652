//! The seed and small stores, made of statements.

use crate::error::Result;
use crate::facts::{Draft, Snapshot};
use crate::model::Pattern;
use crate::resolve::{Meaning, Parameters, Resolver};
use crate::syntax::{parse, split, tree::Statement};
use crate::error::Error;

const SEED: [(&str, &str); 5] = [
    ("vocabulary", include_str!("../../seed/vocabulary.casebook")),
    ("sources", include_str!("../../seed/sources.casebook")),
    ("cases", include_str!("../../seed/cases.casebook")),
    ("policies", include_str!("../../seed/policies.casebook")),
    ("patterns", include_str!("../../seed/patterns.casebook")),
];

fn read_pattern(snapshot: &Snapshot, text: &str) -> Result<Pattern> {
    let parameters = Parameters::new();
    let resolver = Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters: &parameters };
    match parse(text)? {
        Statement::Pattern(declaration) => resolver.pattern(&declaration),
        _ => Err(Error::damaged("not a pattern")),
    }
}

fn apply_statement(draft: &mut Draft, text: &str) -> Result<()> {
    let statement = parse(text)?;
    let parameters = Parameters::new();
    let snapshot = draft.snapshot.clone();
    let resolver = Resolver { vocabulary: snapshot.vocabulary(), directory: &snapshot, parameters: &parameters };
    match resolver.statement(&statement)? {
        Meaning::Change(operations) => operations.into_iter().try_for_each(|operation| draft.apply(operation)),
        _ => Err(Error::meaning("not a change")),
    }
}

#[test]
fn every_statement_of_the_seed_resolves_and_applies() {
    let mut draft = Draft::new(&Snapshot::default(), &read_pattern);
    let mut refused = Vec::new();
    let mut count = 0;
    for (file, text) in SEED {
        for piece in split(text) {
            count += 1;
            if let Err(error) = apply_statement(&mut draft, &piece.text) {
                refused.push(error.in_text(&piece.text, file, piece.line).to_string());
            }
        }
    }
    assert!(refused.is_empty(), "{} of {count}:\n{}", refused.len(), refused.join("\n"));
}

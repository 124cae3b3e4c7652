//! What a question supposes and what it leaves out. Both make a snapshot of their own, which is gone with the
//! answer; nothing of it reaches the store.

use super::state::read_pattern;
use crate::engine::Knowledge;
use crate::error::{Error, Result};
use crate::facts::Draft;
use crate::model::question::Removal;
use crate::resolve::{Parameters, Resolver};
use crate::syntax::tree::{Removed, Supposed};

/// The knowledge as it would be if this were asserted, one after the other; `None` if nothing is supposed.
///
/// # Errors
/// Those of asserting it.
pub fn suppose(
    knowledge: &Knowledge,
    supposed: &[Supposed],
    parameters: &Parameters,
) -> Result<Option<Knowledge>> {
    if supposed.is_empty() {
        return Ok(None);
    }
    let mut draft = Draft::new(knowledge.snapshot(), &read_pattern);
    for supposed in supposed {
        let snapshot = &draft.snapshot;
        let resolver = Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters };
        for operation in resolver.supposed(supposed)? {
            draft.apply(operation)?;
        }
    }
    draft.check_patterns()?;
    Ok(Some(knowledge.changed_to(draft.snapshot)))
}

/// The knowledge as it would be without these; `None` if nothing is left out. What stood in `original`, before
/// anything was supposed, may be gone already: a supposed claim may have taken its place.
///
/// # Errors
/// If one of them was never there.
pub fn without(
    original: &Knowledge,
    knowledge: &Knowledge,
    removed: &[Removed],
    parameters: &Parameters,
) -> Result<Option<Knowledge>> {
    if removed.is_empty() {
        return Ok(None);
    }
    let snapshot = knowledge.snapshot();
    let (vocabulary, directory) = (snapshot.vocabulary(), &**snapshot);
    let removals = Resolver { vocabulary, directory, parameters }.removals(removed)?;
    for (removal, removed) in removals.iter().zip(removed) {
        if let (Removal::Claim(id), Removed::Claim(word)) = (removal, removed)
            && !original.snapshot().has_claim(*id)
            && !snapshot.has_claim(*id)
        {
            return Err(Error::unknown(format!("no claim `{id}`")).at(word.span).note("`claims` lists them"));
        }
    }
    Ok(Some(knowledge.changed_to(snapshot.without(&removals))))
}

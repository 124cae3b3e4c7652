//! `why` and `why not`; what `suppose` adds and `without` takes out.

use super::Resolver;
use super::path::Scope;
use crate::error::{Error, Result};
use crate::model::change::Operation;
use crate::model::question::{Argued, Removal};
use crate::model::{AttributeId, ClaimId, Condition, Expression, KindId, Path, Start, Step, ThingId};
use crate::report::Span;
use crate::syntax::quote;
use crate::syntax::tree::{self, Removed, Supposed, Word};

impl Resolver<'_> {
    /// What is supposed, as the changes that would make it so. One at a time: the next may name what this adds.
    pub fn supposed(&self, supposed: &Supposed) -> Result<Vec<Operation>> {
        match supposed {
            Supposed::Block(block) => self.block(block),
            Supposed::Fact(fact) => self.assertion(fact),
        }
    }

    /// What `without` and `rests on` take out. Whether there is a claim of such a name is left to who takes it
    /// out.
    pub fn removals(&self, removed: &[Removed]) -> Result<Vec<Removal>> {
        let removal = |removed: &Removed| {
            Ok(match removed {
                Removed::Source(word) => Removal::Source(self.source_read(word)?),
                Removed::Pattern(word) => Removal::Pattern(self.pattern_named(word)?),
                Removed::Claim(word) => Removal::Claim(claim_id(word)?),
            })
        };
        removed.iter().map(removal).collect()
    }

    /// A source that is there: one to leave out cannot be added first.
    fn source_read(&self, word: &Word) -> Result<ThingId> {
        self.directory.find(KindId::SOURCE, &word.text).ok_or_else(|| {
            let error = Error::unknown(format!("no source `{}`", word.text));
            self.mend(error, word, &self.thing_names(Some(KindId::SOURCE)))
        })
    }

    /// What `why` is asked of.
    pub(super) fn argued(&self, argued: &tree::Argued) -> Result<Argued> {
        match argued {
            tree::Argued::Cell(path) => {
                self.argued_cell(path).map(|(thing, attribute)| Argued::Cell(thing, attribute))
            }
            tree::Argued::Condition(condition) => self.argued_condition(condition).map(Argued::Condition),
        }
    }

    /// A condition on things that it names.
    pub(super) fn argued_condition(&self, typed: &tree::Condition) -> Result<Condition> {
        let condition = self.condition(typed, Scope::default())?;
        let mut names_thing = false;
        condition.each_test(&mut |test, _| test.each_path(&mut |_, _| names_thing = true));
        let mut read = Vec::new();
        condition.each_test(&mut |test, _| {
            test.each_path(&mut |path, _| read.extend(path.steps.iter().map(|step| step.attribute)));
        });
        if read.iter().any(|attribute| self.vocabulary.attribute(*attribute).kind.is_none()) {
            return Err(unclaimed().at(first_span(typed)));
        }
        let kinds = read.into_iter().filter_map(|attribute| self.vocabulary.attribute(attribute).kind);
        if let Some(kind) = kinds.into_iter().find(|kind| kind.is_catalogue()) {
            return Err(self.catalogue(kind).at(first_span(typed)));
        }
        if names_thing {
            return Ok(condition);
        }
        Err(Error::meaning("this says nothing about any thing, so there is nothing to prove")
            .at(first_span(typed)))
    }

    /// One attribute of one thing, of which something can be claimed.
    fn argued_cell(&self, path: &tree::Path) -> Result<(ThingId, AttributeId)> {
        let Expression::Path(Path { start: Start::Thing(thing), steps }) =
            self.path(path, Scope::default())?.expression
        else {
            return Err(no_cell(path));
        };
        let [Step { attribute, inverse: false }] = *steps.as_slice() else { return Err(no_cell(path)) };
        match self.vocabulary.attribute(attribute).kind {
            Some(kind) if kind.is_catalogue() => Err(self.catalogue(kind).at(path.span)),
            Some(_) => Ok((thing, attribute)),
            None => Err(unclaimed().at(path.span)),
        }
    }
}

fn unclaimed() -> Error {
    Error::meaning("names and titles are not claimed, so there is nothing to prove")
}

/// That a path is more than one attribute of one thing.
fn no_cell(path: &tree::Path) -> Error {
    Error::meaning(format!("`{path}` is not one attribute of one thing"))
        .at(path.span)
        .note(format!("behind it `why` needs an operator and a value: `why {path} = VALUE`"))
}

/// Reads `c1.20`.
fn claim_id(word: &Word) -> Result<ClaimId> {
    let parts = word.text.strip_prefix(['c', 'C']).and_then(|numbers| numbers.split_once('.'));
    let number =
        |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    let id = parts
        .and_then(|(commit, ordinal)| Some(ClaimId { commit: number(commit)?, ordinal: number(ordinal)? }));
    id.ok_or_else(|| {
        Error::unknown(format!("no claim is called {}", quote(&word.text)))
            .at(word.span)
            .note("a claim is called after its commit and its place in it: `c1.20`; `claims` lists them")
    })
}

fn first_span(condition: &tree::Condition) -> Span {
    match condition {
        tree::Condition::All(parts) | tree::Condition::Any(parts) => {
            parts.first().map(first_span).unwrap_or_default()
        }
        tree::Condition::Not(inner) => first_span(inner),
        tree::Condition::Test(test) => test.span,
    }
}

//! Questions other than those about a kind, and the modifiers of all.

use super::Resolver;
use super::path::Scope;
use super::quantity;
use crate::error::{Error, Result};
use crate::model::question::{Body, Why};
use crate::model::{AttributeId, Period, Question, ThingId, TimeScope};
use crate::syntax::tree::{self, Expression, Modifiers, Quantity, QuestionBody, Subject, Word};

impl Resolver<'_> {
    /// What a question asks; `as of`, `suppose`, `without` and `explain` are left to who chooses the snapshot.
    pub fn question(&self, question: &tree::Question) -> Result<Question> {
        let body = match &question.body {
            QuestionBody::Select(select) => Body::Select(self.select(select)?),
            QuestionBody::Value(expression) => self.value_question(expression)?,
            QuestionBody::Compare(comparing) => Body::Compare(self.comparison_of(comparing)?),
            QuestionBody::Gaps(comparing) => Body::Gaps(self.comparison_of(comparing)?),
            QuestionBody::Describe(subject) => Body::Describe(self.described_things(subject)?),
            QuestionBody::Search(words) => Body::Search(self.contained(words)?),
            QuestionBody::Conflicts(subject) => {
                Body::Conflicts(subject.as_ref().map(|subject| self.subject(subject)).transpose()?)
            }
            QuestionBody::History { subject, attribute } => self.history(subject, attribute.as_ref())?,
            QuestionBody::Why { all, of } => Body::Why(Why { of: self.argued(of)?, all: *all }),
            QuestionBody::WhyNot(condition) => Body::WhyNot(self.argued_condition(condition)?),
            QuestionBody::WhatIf(_) | QuestionBody::RestsOn(_) => Body::Difference,
        };
        Ok(Question { body, scope: self.time_scope(&question.modifiers)? })
    }

    /// The time that a quantity names: `1995`, `1994..1996`, `mid 1990s`, `2005-09-20`.
    pub fn period(&self, quantity: &Quantity) -> Result<Period> {
        quantity::period(quantity)
    }

    fn time_scope(&self, modifiers: &Modifiers) -> Result<TimeScope> {
        match (&modifiers.during, modifiers.ever) {
            (Some(during), true) => {
                Err(Error::meaning("`ever` sees all times, `in` only one; write one of them").at(during.span))
            }
            (Some(during), false) => self.period(during).map(TimeScope::During),
            (None, true) => Ok(TimeScope::Ever),
            (None, false) => Ok(TimeScope::Standing),
        }
    }

    fn value_question(&self, expression: &Expression) -> Result<Body> {
        let typed = self.expression(expression, Scope { alone: true, ..Scope::default() })?;
        Ok(Body::Value(typed.expression, expression.to_string()))
    }

    /// The thing that is described; of the store's own attributes and values all that have the name.
    fn described_things(&self, subject: &Subject) -> Result<Vec<ThingId>> {
        let found = match &subject.kind {
            Some(_) => vec![self.subject(subject)?],
            None => self.things(&self.root_word(&subject.name)?.text),
        };
        let is_catalogue = |thing: &ThingId| self.directory.kind_of(*thing).is_catalogue();
        if found.is_empty() || !found.iter().all(is_catalogue) {
            return Ok(vec![self.subject(subject)?]);
        }
        Ok(found.into_iter().flat_map(|thing| self.directory.namesakes(thing)).collect())
    }

    fn history(&self, subject: &Subject, attribute: Option<&Word>) -> Result<Body> {
        let thing: ThingId = self.subject(subject)?;
        let kind = self.directory.kind_of(thing);
        let attribute: Option<AttributeId> = attribute.map(|word| self.attribute(kind, word)).transpose()?;
        Ok(Body::History(thing, attribute))
    }
}

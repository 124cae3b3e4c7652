//! Asking by describing: which conditions describe a thing of the context's kind, and which choose among
//! the things asked for.

use super::Resolver;
use super::expression::field;
use super::names::one;
use super::path::Scope;
use crate::error::{Error, Result};
use crate::model::question::{Described, Description};
use crate::model::{Condition, Context, KindId, Variable};
use crate::report::Span;
use crate::syntax::tree::{self, Expression, Path, Root, Subject, TestForm};

/// Where a condition speaks of the described thing and where of the things asked for.
#[derive(Default)]
struct Mentions {
    described: Option<Span>,
    own: Option<Span>,
}

/// How the names of a condition are told apart.
#[derive(Clone, Copy)]
struct Sides {
    context: Context,
    /// What is asked for.
    asked: KindId,
    /// Whether the columns of the answer count as names.
    fields: bool,
    /// Whether a name that both kinds have is one of the things asked for.
    own_first: bool,
}

impl Resolver<'_> {
    /// The description in a question about a kind, if it has one, and the conditions that remain.
    pub(super) fn described(
        &self,
        kind: KindId,
        select: &tree::Select,
    ) -> Result<(Option<Description>, Condition)> {
        let parts = conjuncts(select.condition.as_ref());
        if let Some(subject) = &select.for_thing {
            return self.described_by_thing(kind, subject, &parts);
        }
        let Some(context) = self.vocabulary.context_for(kind) else {
            return Ok((None, self.own_condition(kind, &parts, Scope::default())?));
        };
        let beside = Scope { beside: Some(context.kind), ..Scope::default() };
        let sides = Sides { context, asked: kind, fields: true, own_first: false };
        let describes =
            |sides: Sides| parts.iter().any(|part| self.mentions(part, sides).described.is_some());
        // A described thing may itself have an attribute `status`; alone it must be that one.
        let unfielded = Sides { fields: false, ..sides };
        let sides = match (describes(sides), describes(unfielded)) {
            (true, _) => sides,
            (false, true) => unfielded,
            (false, false) => return Ok((None, self.own_condition(kind, &parts, beside)?)),
        };
        self.split(sides, &parts)
    }

    /// `interventions for thai_automotive`
    fn described_by_thing(
        &self,
        kind: KindId,
        subject: &Subject,
        parts: &[&tree::Condition],
    ) -> Result<(Option<Description>, Condition)> {
        let thing = self.subject(subject)?;
        let of = self.directory.kind_of(thing);
        let leads = |context: &&Context| context.target == kind && context.kind == of;
        let context = self.vocabulary.contexts().iter().find(leads);
        let Some(&context) = context else { return Err(self.no_context(kind, of, subject)) };
        let sides = Sides { context, asked: kind, fields: true, own_first: true };
        if let Some(span) = parts.iter().find_map(|part| self.mentions(part, sides).described) {
            return Err(Error::meaning(format!("`for {subject}` already says what is described"))
                .at(span)
                .note("a condition beside `for` is about the things asked for"));
        }
        let description = Description { context, of: Described::Stored(thing) };
        Ok((Some(description), self.own_condition(kind, parts, Scope { fields: true, ..Scope::default() })?))
    }

    fn no_context(&self, asked: KindId, of: KindId, subject: &Subject) -> Error {
        let (plural, of) = (&self.vocabulary.kind(asked).plural, self.kind_name(of));
        let target = self.kind_name(asked);
        Error::meaning(format!("nothing says which {plural} are for {}", one(of)))
            .at(subject.span)
            .note(format!("the vocabulary says so by `context {of}.ATTRIBUTE for {target}`"))
    }

    /// The description's conditions, and those on the things asked for.
    fn split(&self, sides: Sides, parts: &[&tree::Condition]) -> Result<(Option<Description>, Condition)> {
        let (mut describing, mut own) = (Vec::new(), Vec::new());
        for &part in parts {
            match self.mentions(part, sides) {
                Mentions { described: Some(_), own: Some(span) } => return Err(self.mixed(sides, span)),
                Mentions { described: Some(_), own: None } => describing.push(part),
                Mentions { described: None, .. } => own.push(part),
            }
        }
        let context = sides.context;
        let of = Described::Hypothetical(self.own_condition(context.kind, &describing, Scope::default())?);
        let scope = Scope { fields: true, beside: Some(context.kind), ..Scope::default() };
        let condition = self.own_condition(sides.asked, &own, scope)?;
        Ok((Some(Description { context, of }), condition))
    }

    fn mixed(&self, sides: Sides, span: Span) -> Error {
        let (described, asked) = (self.kind_name(sides.context.kind), self.kind_name(sides.asked));
        Error::meaning(format!(
            "one condition speaks of the {described} described and of the {asked} asked for"
        ))
        .at(span)
        .label(format!("of the {asked}"))
        .note("separate the two with `and`, outside of `or`, `not` and arithmetic")
        .note(format!("`{asked}.x` is the {asked}'s own `x` where {} has one, too", one(described)))
    }

    /// The conditions on things of one kind.
    fn own_condition(&self, kind: KindId, parts: &[&tree::Condition], scope: Scope<'_>) -> Result<Condition> {
        let variables = [Variable { kind, name: None }];
        let scope = Scope { variables: &variables, ..scope };
        let mut conditions: Vec<Condition> =
            parts.iter().map(|part| self.condition(part, scope)).collect::<Result<_>>()?;
        match (conditions.pop(), conditions.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                conditions.extend(last);
                Ok(Condition::All(conditions))
            }
        }
    }

    // ---- whose names ----------------------------------------------------------------------------

    fn mentions(&self, condition: &tree::Condition, sides: Sides) -> Mentions {
        let mut mentions = Mentions::default();
        self.note_mentions(condition, sides, &mut mentions);
        mentions
    }

    fn note_mentions(&self, condition: &tree::Condition, sides: Sides, mentions: &mut Mentions) {
        match condition {
            tree::Condition::All(parts) | tree::Condition::Any(parts) => {
                parts.iter().for_each(|part| self.note_mentions(part, sides, mentions));
            }
            tree::Condition::Not(inner) => self.note_mentions(inner, sides, mentions),
            tree::Condition::Test(test) => {
                self.note_paths(&test.left, sides, mentions);
                // Beside an attribute a bare word at the right is a value, or is looked up where the
                // attribute was found; beside a number it is the attribute.
                let bare = !matches!(test.left, Expression::Path(_));
                let mut right = |right: &Expression| match right {
                    Expression::Path(path) if path.steps.is_empty() && !bare => {}
                    right => self.note_paths(right, sides, mentions),
                };
                match &test.form {
                    TestForm::Compare { right: expression, .. } => right(expression),
                    TestForm::In(list) => list.iter().for_each(right),
                    TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => {}
                }
            }
        }
    }

    fn note_paths(&self, expression: &Expression, sides: Sides, mentions: &mut Mentions) {
        match expression {
            Expression::Path(path) | Expression::CountOf(path) => self.note_path(path, sides, mentions),
            Expression::Quantity(_) => {}
            Expression::Binary { left, right, .. } => {
                self.note_paths(left, sides, mentions);
                self.note_paths(right, sides, mentions);
            }
        }
    }

    fn note_path(&self, path: &Path, sides: Sides, mentions: &mut Mentions) {
        let (None, Root::Word(root)) = (&path.kind, &path.root) else { return };
        if root.quoted {
            return;
        }
        let own = self.vocabulary.step(sides.asked, &root.text).is_some();
        let describes = self.own_attribute(sides.context.kind, root).is_some();
        let kind = if path.steps.is_empty() { None } else { self.find_kind(&root.text) };
        let slot = if sides.fields && field(path).is_some() || own && sides.own_first {
            &mut mentions.own
        } else if describes {
            &mut mentions.described
        } else if own || kind == Some(sides.asked) {
            &mut mentions.own
        } else if kind == Some(sides.context.kind) {
            &mut mentions.described
        } else {
            return;
        };
        slot.get_or_insert(path.span);
    }
}

/// The parts that must all be met.
fn conjuncts(condition: Option<&tree::Condition>) -> Vec<&tree::Condition> {
    match condition {
        None => Vec::new(),
        Some(tree::Condition::All(parts)) => parts.iter().collect(),
        Some(other) => vec![other],
    }
}

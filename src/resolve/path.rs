//! Paths: from a variable or a thing, step by step, to what the last step has.

use super::Resolver;
use super::expression::field;
use super::names::{listed, one};
use crate::error::{Error, Result};
use crate::model::{AttributeId, Context, Expression, KindId, Name, Path, Start, Step, Type, Variable, fold};
use crate::syntax::quote;
use crate::syntax::tree::{self, Root, Word};

/// What names may stand for where a condition or column is typed.
#[derive(Clone, Copy, Default)]
pub(super) struct Scope<'s> {
    /// The variables; a bare attribute is one of the first.
    pub variables: &'s [Variable],
    /// Set in a question that describes: the columns of its answer have names.
    pub fields: bool,
    /// Set in the columns of a question that describes: the described thing's attributes stand for the
    /// values in the proofs of a row.
    pub context: Option<Context>,
    /// A kind whose attributes a misspelt name may have meant, too.
    pub beside: Option<KindId>,
    /// Set where the expression is a whole question, so that another question may have been meant.
    pub alone: bool,
}

/// An expression with its type.
pub(super) struct Typed {
    pub expression: Expression,
    pub value_type: Type,
    /// Whether it may have several values at once.
    pub many: bool,
    /// As typed, for messages.
    pub label: String,
}

impl Resolver<'_> {
    /// A path in a scope.
    pub(super) fn path(&self, path: &tree::Path, scope: Scope<'_>) -> Result<Typed> {
        let (start, value_type, steps) = self.start(path, scope)?;
        let (path_steps, value_type, many) = self.walk(value_type, &steps)?;
        Ok(Typed {
            expression: Expression::Path(Path { start, steps: path_steps }),
            value_type,
            many,
            label: path.to_string(),
        })
    }

    /// Where a path begins, what stands there, and the words that are steps from it.
    fn start<'t>(&self, path: &'t tree::Path, scope: Scope<'_>) -> Result<(Start, Type, Vec<&'t Word>)> {
        let steps: Vec<&Word> = path.steps.iter().collect();
        let root = match (&path.kind, &path.root) {
            (None, Root::Word(word)) if !word.quoted => word,
            _ => return Ok((self.thing_start(path, scope)?, self.thing_type(path)?, steps)),
        };
        if let Some(variable) = variable(scope, root) {
            let kind = scope.variables[variable].kind;
            return Ok((Start::Variable(variable), Type::Thing(kind), steps));
        }
        if let Some(first) = scope.variables.first()
            && self.vocabulary.step(first.kind, &root.text).is_some()
        {
            let with_root = std::iter::once(root).chain(steps).collect();
            return Ok((Start::Variable(0), Type::Thing(first.kind), with_root));
        }
        if !steps.is_empty()
            && let Some(variable) = self.variable_of_kind(scope, root)?
        {
            let kind = scope.variables[variable].kind;
            return Ok((Start::Variable(variable), Type::Thing(kind), steps));
        }
        if !steps.is_empty() && !self.things(&root.text).is_empty() {
            return Ok((self.thing_start(path, scope)?, self.thing_type(path)?, steps));
        }
        Err(self.no_root(path, root, scope))
    }

    fn thing_start(&self, path: &tree::Path, scope: Scope<'_>) -> Result<Start> {
        if path.steps.is_empty() && scope.variables.is_empty() {
            return Err(no_attribute_named(path));
        }
        if path.steps.is_empty() {
            return Err(Error::meaning(format!("`{path}` is a thing or a value, not an attribute"))
                .at(path.span)
                .note("an attribute is written without quotes, at the left of an operator"));
        }
        self.path_thing(path).map(Start::Thing)
    }

    /// The thing at the root of a path.
    pub(super) fn path_thing(&self, path: &tree::Path) -> Result<crate::model::ThingId> {
        let name = self.root_word(&path.root)?;
        match &path.kind {
            Some(kind) => self.thing_of(self.kind(kind)?, &name),
            None => self.thing(&name),
        }
    }

    fn thing_type(&self, path: &tree::Path) -> Result<Type> {
        self.path_thing(path).map(|thing| Type::Thing(self.directory.kind_of(thing)))
    }

    /// The variable that a kind's name stands for: `intervention.level`.
    fn variable_of_kind(&self, scope: Scope<'_>, word: &Word) -> Result<Option<usize>> {
        let Some(kind) = self.find_kind(&word.text) else { return Ok(None) };
        let of_kind: Vec<usize> =
            (0..scope.variables.len()).filter(|&at| scope.variables[at].kind == kind).collect();
        match of_kind.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => {
                let message = format!("`{}` may be any of several variables", word.text);
                Err(Error::meaning(message).at(word.span).note("name the variable instead"))
            }
        }
    }

    /// That a path begins with nothing known.
    fn no_root(&self, path: &tree::Path, root: &Word, scope: Scope<'_>) -> Error {
        let Some(first) = scope.variables.first() else {
            return self.no_thing_root(path, root, scope);
        };
        let mut more: Vec<Name> =
            scope.variables.iter().filter_map(|variable| variable.name.as_deref().map(Name::new)).collect();
        if !path.steps.is_empty() {
            more.extend(self.thing_names(None));
        }
        if let Some(kind) = scope.beside {
            let attributes = self.vocabulary.attributes_of(kind).iter();
            more.extend(attributes.map(|&id| self.vocabulary.attribute(id).name.clone()));
        }
        if scope.fields {
            more.extend(crate::model::condition::Field::ALL.map(|field| Name::new(field.name())));
        }
        let error = self.no_attribute(first.kind, root, &more);
        match self.vocabulary.contexts().iter().find(|context| context.target == first.kind) {
            Some(context) if !scope.fields && field(path).is_some() => {
                let (described, plural) =
                    (one(self.kind_name(context.kind)), &self.vocabulary.kind(first.kind).plural);
                error.note(format!(
                    "`{}` is known only where the question describes {described} or names one: \
                     `{plural} for NAME`",
                    root.text
                ))
            }
            _ => error,
        }
    }

    /// That a path begins with no thing, where only things can begin one.
    fn no_thing_root(&self, path: &tree::Path, root: &Word, scope: Scope<'_>) -> Error {
        let owners = self.owners(&root.text);
        match (self.find_kind(&root.text), path.steps.as_slice()) {
            (Some(kind), steps) if owners.is_empty() || !steps.is_empty() => {
                self.kind_as_root(path, root, kind, scope)
            }
            _ if !owners.is_empty() => self.no_case(path, root, &owners),
            (_, []) if !self.things(&root.text).is_empty() => no_attribute_named(path),
            _ => self.no_thing(root),
        }
    }

    fn kind_as_root(&self, path: &tree::Path, root: &Word, kind: KindId, scope: Scope<'_>) -> Error {
        let message = format!("`{}` is a kind, not a thing", root.text);
        // With several steps it may be a thing after all: kinds are things to who looks into the catalogue.
        let error = if path.steps.len() < 2 { Error::meaning(message) } else { Error::unknown(message) };
        let error = error.at(root.span);
        let steps: Vec<String> = path.steps.iter().map(|step| quote(&step.text)).collect();
        match steps.as_slice() {
            [step] if scope.alone => {
                let plural = &self.vocabulary.kind(kind).plural;
                error.suggest(path.span, format!("{plural} show {step}"))
            }
            [] => error.note(self.begins_at_thing(kind, "ATTRIBUTE")),
            steps => error.note(self.begins_at_thing(kind, &steps.join("."))),
        }
    }

    /// That an attribute begins a path, and no case is at hand of which it could be.
    fn no_case(&self, path: &tree::Path, root: &Word, owners: &[(KindId, Step)]) -> Error {
        let which = match owners {
            [(one, _)] => self.kind_name(*one).to_string(),
            [(one, _), (other, _)] => format!("{} or {}", self.kind_name(*one), self.kind_name(*other)),
            _ => "thing".to_string(),
        };
        let message = format!("`{}` of which {which}?", root.text);
        // With steps it may be a thing after all: attributes are things to who looks into the catalogue.
        let error = if path.steps.is_empty() { Error::meaning(message) } else { Error::unknown(message) };
        let note = owners.first().map(|(kind, _)| self.begins_at_thing(*kind, &path.to_string()));
        note.into_iter().fold(error.at(root.span), Error::note)
    }

    /// A note with an example: `thai_automotive.human_capital`.
    fn begins_at_thing(&self, kind: KindId, steps: &str) -> String {
        let names = self.thing_names(Some(kind));
        let unique = names.iter().find(|name| self.things(name.as_str()).len() == 1);
        let thing = unique.map_or("THING".to_string(), |name| quote(name.as_str()));
        format!("a path begins at a thing here: `{thing}.{steps}`")
    }

    // ---- steps ----------------------------------------------------------------------------------

    /// The steps that the words are, from something of this type.
    fn walk(&self, from: Type, words: &[&Word]) -> Result<(Vec<Step>, Type, bool)> {
        let (mut here, mut many, mut before) = (from, false, None::<&Word>);
        let mut steps = Vec::with_capacity(words.len());
        for &word in words {
            let step = match &here {
                Type::Thing(kind) => self.step(*kind, word)?,
                Type::AnyThing => self.step_from_any(word)?,
                other => return Err(self.no_reference(before, other, word)),
            };
            (here, many) = self.reached(step);
            before = Some(word);
            steps.push(step);
        }
        Ok((steps, here, many))
    }

    fn no_reference(&self, before: Option<&Word>, value_type: &Type, word: &Word) -> Error {
        let before = before.map_or("", |word| &word.text);
        let is = self.type_words(value_type);
        Error::of_type(format!("`{before}` is {is}, so it has no `{}`", word.text)).at(word.span)
    }

    /// A step from a thing whose kind is open: exactly one kind may have it.
    fn step_from_any(&self, word: &Word) -> Result<Step> {
        let owners = self.owners(&word.text);
        let Some(&(_, step)) = owners.first() else {
            let all: Vec<Name> = self.all_names();
            let error = Error::unknown(format!("no kind has an attribute `{}`", word.text));
            return Err(self.mend(error, word, &all));
        };
        if owners.iter().all(|(_, other)| *other == step) {
            return Ok(step);
        }
        let kinds: Vec<Name> = owners.iter().map(|(kind, _)| self.kind_name(*kind).clone()).collect();
        let message = format!("several kinds have an attribute `{}`: {}", word.text, listed(&kinds, "and"));
        Err(Error::meaning(message)
            .at(word.span)
            .note("the subject of a claim may be a thing of any kind, so its attribute must be of one only"))
    }

    /// The described thing's attribute that a path names in the columns of a question that describes.
    pub(super) fn described_attribute(
        &self,
        path: &tree::Path,
        context: Context,
    ) -> Result<Option<AttributeId>> {
        let (None, Root::Word(root)) = (&path.kind, &path.root) else { return Ok(None) };
        let (word, rest) = match path.steps.as_slice() {
            [first, rest @ ..] if self.find_kind(&root.text) == Some(context.kind) => (first, rest),
            steps => (root, steps),
        };
        let Some(attribute) = self.own_attribute(context.kind, word) else { return Ok(None) };
        match rest.first() {
            None => Ok(Some(attribute)),
            Some(step) => {
                Err(Error::meaning("only an attribute of the described thing itself can stand here")
                    .at(step.span)
                    .note(format!("`{}` shows the values that the patterns of a row speak of", word.text)))
            }
        }
    }

    /// The attribute that things of this kind have under an unquoted word; not an inverse, not `name` or
    /// `title`.
    pub(super) fn own_attribute(&self, kind: KindId, word: &Word) -> Option<AttributeId> {
        let step = self.vocabulary.step(kind, &word.text).filter(|step| !step.inverse && !word.quoted)?;
        self.vocabulary.attribute(step.attribute).kind.map(|_| step.attribute)
    }
}

/// The variable that a bare word names.
pub(super) fn variable(scope: Scope<'_>, word: &Word) -> Option<usize> {
    let folded = fold(&word.text);
    let named = |variable: &Variable| variable.name.as_deref().is_some_and(|name| fold(name) == folded);
    scope.variables.iter().position(named).filter(|_| !word.quoted)
}

/// That a thing stands where one of its attributes should.
fn no_attribute_named(path: &tree::Path) -> Error {
    Error::meaning(format!("`{path}` is a thing or a value, not an attribute"))
        .at(path.span)
        .note(format!("`describe {path}` tells all that is known of a thing"))
}

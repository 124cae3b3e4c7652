//! Patterns: variables, conditions and conclusions.

use super::Resolver;
use super::facts::{check_list, denied_unknown};
use super::names::{new_name, one};
use super::path::{Scope, variable};
use super::value::{Given, Place};
use crate::error::{Error, Result};
use crate::model::change::Operation;
use crate::model::pattern::Conclusion;
use crate::model::{
    AttributeId, Condition, KindId, Pattern, Rule, Start, Term, Text, ThingId, Type, Value, Variable, fold,
};
use crate::report::Span;
use crate::syntax::tree::{self, PatternDeclaration, Root, Statement, Word};
use std::collections::BTreeSet;

impl Resolver<'_> {
    /// The pattern that a declaration declares.
    pub fn pattern(&self, declared: &PatternDeclaration) -> Result<Pattern> {
        let variables = self.variables(&declared.variables)?;
        let scope = Scope { variables: &variables, ..Scope::default() };
        let rule = match &declared.rule {
            tree::Rule::Sufficient { when, then } => {
                let condition = self.condition(when, scope)?;
                let mut conclusions = Vec::new();
                for conclusion in then {
                    let found = self.conclusions(conclusion, scope)?;
                    check_bound(&found, &condition, scope, conclusion.target.span)?;
                    conclusions.extend(found);
                }
                Rule::Sufficient { when: condition, then: conclusions }
            }
            tree::Rule::Necessary { conclusion, requires } => {
                let condition = self.condition(requires, scope)?;
                let found = self.conclusions(conclusion, scope)?;
                check_bound(&found, &condition, scope, conclusion.target.span)?;
                Rule::Necessary { conclusion: only(found, conclusion)?, requires: condition }
            }
        };
        let first = variables.first().map(|variable| variable.kind);
        let cases = |words: &[Word]| words.iter().map(|word| self.case(word, first)).collect::<Result<_>>();
        Ok(Pattern {
            name: new_name(&declared.name)?,
            title: declared.title.as_ref().map(|title| Text::from(title.text.as_str())),
            rule,
            seen_in: cases(&declared.seen_in)?,
            against: cases(&declared.against)?,
            evidence: self.evidence(&declared.evidence)?,
            statement: Text::from(Statement::Pattern(declared.clone()).to_string()),
            variables,
        })
    }

    /// The operation of a declaration, once it is known to make sense.
    pub(super) fn pattern_declaration(&self, declared: &PatternDeclaration) -> Result<Operation> {
        let Pattern { name, statement, .. } = self.pattern(declared)?;
        Ok(Operation::DeclarePattern { name, statement })
    }

    fn variables(&self, declared: &[tree::Variable]) -> Result<Vec<Variable>> {
        let mut variables: Vec<Variable> = Vec::with_capacity(declared.len());
        for variable in declared {
            let kind = self.kind(&variable.kind)?;
            if kind.is_catalogue() {
                let plural = &self.vocabulary.kind(kind).plural;
                return Err(
                    Error::meaning(format!("a pattern cannot be for {plural}")).at(variable.kind.span)
                );
            }
            if let Some(name) = &variable.name
                && variables.iter().filter_map(|v| v.name.as_deref()).any(|v| fold(v) == fold(&name.text))
            {
                return Err(Error::meaning(format!("two variables are named `{}`", name.text)).at(name.span));
            }
            variables.push(Variable { kind, name: variable.name.as_ref().map(|name| name.text.clone()) });
        }
        Ok(variables)
    }

    /// A case that speaks for or against: of the first variable's kind, or else of any.
    fn case(&self, word: &Word, first: Option<KindId>) -> Result<ThingId> {
        match first.and_then(|kind| self.directory.find(kind, &word.text)) {
            Some(thing) => Ok(thing),
            None => self.thing(word),
        }
    }

    // ---- conclusions ----------------------------------------------------------------------------

    /// A conclusion for each of its values.
    fn conclusions(&self, conclusion: &tree::Conclusion, scope: Scope<'_>) -> Result<Vec<Conclusion>> {
        let (at, attribute) = self.target(&conclusion.target, scope)?;
        check_list(self.vocabulary.attribute(attribute), conclusion.denied, &conclusion.values)?;
        let one = |value| {
            let (denied, value) = self.concluded(attribute, conclusion.denied, value, scope)?;
            Ok(Conclusion { variable: at, attribute, denied, value })
        };
        conclusion.values.iter().map(one).collect()
    }

    /// The variable and attribute that a conclusion is about.
    fn target(&self, path: &tree::Path, scope: Scope<'_>) -> Result<(usize, AttributeId)> {
        let about = |at: usize, word: &Word| Ok((at, self.attribute(scope.variables[at].kind, word)?));
        let root = match (&path.kind, &path.root) {
            (None, Root::Word(root)) => root,
            _ => return Err(one_step(path)),
        };
        match path.steps.as_slice() {
            [] if !scope.variables.is_empty() => about(0, root),
            [step] => match variable(scope, root) {
                Some(at) => about(at, step),
                None => about(self.variable_by_kind(root, scope).ok_or_else(|| one_step(path))?, step),
            },
            _ => Err(one_step(path)),
        }
    }

    fn variable_by_kind(&self, word: &Word, scope: Scope<'_>) -> Option<usize> {
        let kind = self.find_kind(&word.text)?;
        let mut of_kind = (0..scope.variables.len()).filter(|&at| scope.variables[at].kind == kind);
        of_kind.next().filter(|_| of_kind.next().is_none())
    }

    /// Polarity and value: `!= yes` of a one-valued yes/no is `= no`.
    fn concluded(
        &self,
        attribute: AttributeId,
        denied: bool,
        value: &tree::StatedValue,
        scope: Scope<'_>,
    ) -> Result<(bool, Term)> {
        let attribute = self.vocabulary.attribute(attribute);
        let given = match (Given::stated(value), value) {
            (Some(given), _) => given,
            (None, tree::StatedValue::Unknown(span)) if denied => return Err(denied_unknown(*span)),
            (None, tree::StatedValue::Unknown(span)) => {
                return Err(Error::meaning("`unknown` cannot be concluded").at(*span));
            }
            (None, _) => return Err(Error::meaning("a conclusion needs a value")),
        };
        if let (Given::Word(word), Type::Thing(kind)) = (given, &attribute.value_type)
            && let Some(at) = variable(scope, word)
        {
            return self
                .concluded_variable(at, *kind, attribute.name.as_str(), word, scope)
                .map(|term| (denied, term));
        }
        let place = Place { label: attribute.name.as_str(), value_type: &attribute.value_type };
        Ok(match self.value(place, given)? {
            Value::YesNo(yes) if denied && !attribute.many => (false, Term::Value(Value::YesNo(!yes))),
            value => (denied, Term::Value(value)),
        })
    }

    fn concluded_variable(
        &self,
        at: usize,
        wanted: KindId,
        label: &str,
        word: &Word,
        scope: Scope<'_>,
    ) -> Result<Term> {
        let kind = scope.variables[at].kind;
        if kind == wanted {
            return Ok(Term::Variable(at));
        }
        let (kind, wanted) = (self.kind_name(kind), self.kind_name(wanted));
        let message = format!("`{label}` is {}, but `{}` stands for {}", one(wanted), word.text, one(kind));
        Err(Error::of_type(message).at(word.span))
    }
}

fn one_step(path: &tree::Path) -> Error {
    Error::meaning(format!("a pattern cannot conclude on `{path}`"))
        .at(path.span)
        .note("a conclusion is about an attribute of a variable: `industry = cops`, `A.reaches = B`")
}

/// The one conclusion that a necessary pattern denies.
fn only(mut found: Vec<Conclusion>, typed: &tree::Conclusion) -> Result<Conclusion> {
    match (found.pop(), found.is_empty()) {
        (Some(conclusion), true) => Ok(conclusion),
        _ => Err(Error::meaning("`requires` takes one value at its left")
            .at(typed.target.span)
            .note("write a pattern for each value")),
    }
}

/// Refuses a conclusion on a variable of which the condition says nothing.
fn check_bound(found: &[Conclusion], condition: &Condition, scope: Scope<'_>, span: Span) -> Result<()> {
    let mut bound = BTreeSet::new();
    condition.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| {
            if let Start::Variable(at) = path.start {
                bound.insert(at);
            }
        });
    });
    let used = found.iter().flat_map(|conclusion| {
        let value = match conclusion.value {
            Term::Variable(at) => Some(at),
            Term::Value(_) => None,
        };
        std::iter::once(conclusion.variable).chain(value)
    });
    match used.into_iter().find(|at| !bound.contains(at)) {
        None => Ok(()),
        Some(at) => {
            let name = scope.variables[at].name.as_deref();
            let what = name.map_or("the case".to_string(), |name| format!("`{name}`"));
            Err(Error::meaning(format!("the condition says nothing about {what}"))
                .at(span)
                .note("whatever a pattern concludes on must occur in its condition"))
        }
    }
}

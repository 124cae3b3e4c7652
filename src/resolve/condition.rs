//! Conditions: tests of an attribute against values or other attributes.

use super::Resolver;
use super::expression::{field_values, span_of};
use super::path::{Scope, Typed, variable};
use super::quantity::up_to_its_end;
use super::value::{Given, Place};
use crate::error::{Error, Result};
use crate::model::condition::Field;
use crate::model::{Comparison, Condition, Expression, Name, Path, Start, Test, TestForm, Type, Value, fold};
use crate::report::Span;
use crate::syntax::tree::{self, Contained, Quantity, Root, Word};
use std::borrow::Cow;

impl Resolver<'_> {
    /// A condition in a scope.
    pub(super) fn condition(&self, condition: &tree::Condition, scope: Scope<'_>) -> Result<Condition> {
        let all = |parts: &[tree::Condition]| {
            parts.iter().map(|part| self.condition(part, scope)).collect::<Result<Vec<_>>>()
        };
        Ok(match condition {
            tree::Condition::All(parts) => Condition::All(all(parts)?),
            tree::Condition::Any(parts) => Condition::Any(all(parts)?),
            tree::Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner, scope)?)),
            tree::Condition::Test(test) => Condition::Test(self.test(test, scope)?),
        })
    }

    fn test(&self, test: &tree::Test, scope: Scope<'_>) -> Result<Test> {
        let left = self.expression(&test.left, scope)?;
        let form = match &test.form {
            tree::TestForm::Compare { possibly, comparison, right } => {
                if *possibly {
                    self.check_possibly(&left, span_of(&test.left))?;
                }
                if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
                    self.check_ordered(&left, span_of(&test.left), &format!("`{}`", sign(*comparison)))?;
                }
                self.comparison(&left, *possibly, *comparison, right, scope)?
            }
            tree::TestForm::In(list) => {
                let members = list.iter().map(|member| self.right(&left, member, scope));
                TestForm::In(members.collect::<Result<_>>()?)
            }
            tree::TestForm::Known => TestForm::Known,
            tree::TestForm::Unknown => TestForm::Unknown,
            tree::TestForm::Contains(words) => {
                self.check_words(&left, span_of(&test.left))?;
                TestForm::Contains(self.contained(words)?)
            }
        };
        Ok(Test { left: left.expression, form, text: test.to_string() })
    }

    fn comparison(
        &self,
        left: &Typed,
        possibly: bool,
        comparison: Comparison,
        typed: &tree::Expression,
        scope: Scope<'_>,
    ) -> Result<TestForm> {
        let right = self.right(left, typed, scope)?;
        let (comparison, right) = match (right, self.quantity_at(left, typed)?) {
            // `!= yes` and `= no` are one statement.
            (Expression::Value(Value::YesNo(yes)), _) if comparison == Comparison::NotEqual && !left.many => {
                (Comparison::Equal, Expression::Value(Value::YesNo(!yes)))
            }
            (Expression::Value(Value::Number(number)), Some(quantity)) if is_time(&left.value_type) => {
                let number = up_to_its_end(number, &quantity, comparison);
                (comparison, Expression::Value(Value::Number(number)))
            }
            (other, _) => (comparison, other),
        };
        Ok(TestForm::Compare { possibly, comparison, right })
    }

    /// The quantity that stands at the right of an operator beside a number, or is bound to what does.
    fn quantity_at<'t>(
        &self,
        left: &Typed,
        right: &'t tree::Expression,
    ) -> Result<Option<Cow<'t, Quantity>>> {
        match right {
            tree::Expression::Quantity(quantity) => Ok(Some(Cow::Borrowed(quantity))),
            tree::Expression::Path(tree::Path { kind: None, root: Root::Parameter(name), steps, .. })
                if steps.is_empty() && left.value_type.is_numeric() =>
            {
                Ok(self.parameter_quantity(name)?.map(Cow::Owned))
            }
            _ => Ok(None),
        }
    }

    /// What stands at the right of an operator; the type of the left decides what a bare word is.
    fn right(&self, left: &Typed, right: &tree::Expression, scope: Scope<'_>) -> Result<Expression> {
        let place = Place { label: &left.label, value_type: &left.value_type };
        match right {
            tree::Expression::Quantity(quantity) => {
                self.value(place, Given::Quantity(quantity)).map(Expression::Value)
            }
            tree::Expression::Path(path) if path.steps.is_empty() => self.bare(left, path, scope),
            _ => self.compared(left, right, scope),
        }
    }

    /// Another path, count or calculation that the left is compared with.
    fn compared(&self, left: &Typed, right: &tree::Expression, scope: Scope<'_>) -> Result<Expression> {
        let typed = self.expression(right, scope)?;
        self.check_comparable(left, &typed, span_of(right))?;
        Ok(typed.expression)
    }

    /// A word alone at the right of an operator.
    fn bare(&self, left: &Typed, path: &tree::Path, scope: Scope<'_>) -> Result<Expression> {
        let place = Place { label: &left.label, value_type: &left.value_type };
        let word = match (&path.kind, &path.root) {
            (None, Root::Word(word)) => word,
            (None, Root::Parameter(name)) => {
                return self.value(place, Given::Parameter(name)).map(Expression::Value);
            }
            (Some(kind), root) => {
                let name = self.root_word(root)?;
                return self.value(place, Given::Thing { kind, name: &name }).map(Expression::Value);
            }
        };
        if let Expression::Field(field) = left.expression {
            return self.field_value(field, word);
        }
        if left.value_type.is_numeric() && !word.quoted {
            let path = tree::Expression::Path(path.clone());
            return self.compared(left, &path, scope).map_err(|error| {
                error.note(format!(
                    "`{}` is {}: beside it a bare word is another attribute",
                    left.label,
                    self.type_words(&left.value_type)
                ))
            });
        }
        if matches!(left.value_type, Type::Thing(_) | Type::AnyThing)
            && let Some(at) = variable(scope, word)
        {
            return self.variable_value(left, at, word.span, scope);
        }
        self.value(place, Given::Word(word)).map(Expression::Value)
    }

    fn variable_value(&self, left: &Typed, at: usize, span: Span, scope: Scope<'_>) -> Result<Expression> {
        let kind = scope.variables[at].kind;
        let right = Typed {
            expression: Expression::Path(Path { start: Start::Variable(at), steps: Vec::new() }),
            value_type: Type::Thing(kind),
            many: false,
            label: scope.variables[at].name.clone().unwrap_or_default(),
        };
        self.check_comparable(left, &right, span)?;
        Ok(right.expression)
    }

    /// A value of a column of an answer by description.
    fn field_value(&self, field: Field, word: &Word) -> Result<Expression> {
        if field == Field::Hedged {
            let place = Place { label: field.name(), value_type: &Type::YesNo };
            return self.value(place, Given::Word(word)).map(Expression::Value);
        }
        let values: Vec<Name> = field_values(field).iter().copied().map(Name::new).collect();
        let name = Name::new(&word.text);
        if !values.is_empty() && !values.contains(&name) {
            let message = format!("`{}` is not a value of `{}`", word.text, field.name());
            let note = format!("it is one of {}", super::names::listed(&values, "and"));
            return Err(self.mend(Error::of_type(message), word, &values).note(note));
        }
        Ok(Expression::Value(Value::Text(name)))
    }

    /// The words that `contains` or `search` looks for.
    pub(super) fn contained(&self, words: &Contained) -> Result<String> {
        let (text, span) = match words {
            Contained::Text(quoted) => (quoted.text.clone(), quoted.span),
            Contained::Parameter(name) => (self.parameter_word(name)?.text, name.span),
        };
        if fold(&text).is_empty() {
            return Err(Error::meaning("there are no words to look for").at(span));
        }
        Ok(text)
    }

    fn check_words(&self, left: &Typed, span: Span) -> Result<()> {
        if !left.value_type.is_numeric() && left.value_type != Type::YesNo {
            return Ok(());
        }
        let is = self.type_words(&left.value_type);
        Err(Error::of_type(format!("`{}` is {is}; `contains` looks into texts and names", left.label))
            .at(span))
    }

    fn check_possibly(&self, left: &Typed, span: Span) -> Result<()> {
        if left.value_type.is_numeric() {
            return Ok(());
        }
        let is = self.type_words(&left.value_type);
        Err(Error::of_type(format!("`possibly` asks about numbers; `{}` is {is}", left.label)).at(span))
    }
}

fn is_time(value_type: &Type) -> bool {
    matches!(value_type, Type::Year | Type::Date)
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

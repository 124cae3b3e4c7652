//! Expressions: paths, numbers, counts and arithmetic, with their types.

use super::Resolver;
use super::path::{Scope, Typed};
use super::quantity::{self, described};
use crate::error::{Error, Result};
use crate::model::condition::Field;
use crate::model::{Expression, Type, Value, fold};
use crate::report::Span;
use crate::syntax::tree::{self, Operator, QuantityForm, Root};

impl Resolver<'_> {
    /// An expression that stands on its own: at the left of an operator, as a column, as a question.
    pub(super) fn expression(&self, expression: &tree::Expression, scope: Scope<'_>) -> Result<Typed> {
        match expression {
            tree::Expression::Path(path) => self.named(path, scope),
            tree::Expression::Quantity(quantity) => {
                let value_type = type_of(quantity);
                let number = quantity::number(quantity, &value_type)?;
                let value = Expression::Value(Value::Number(number));
                Ok(Typed { expression: value, value_type, many: false, label: quantity.to_string() })
            }
            tree::Expression::CountOf(path) => self.count_of(path, scope),
            tree::Expression::Binary { operator, left, right } => {
                let (a, b) = (self.operand(left, scope)?, self.operand(right, scope)?);
                let value_type = result_type(*operator, &a.value_type, &b.value_type);
                let value_type = value_type.map_err(|error| error.at(span_of(expression)))?;
                Ok(Typed {
                    expression: Expression::Binary {
                        operator: *operator,
                        left: Box::new(a.expression),
                        right: Box::new(b.expression),
                    },
                    value_type,
                    many: a.many || b.many,
                    label: expression.to_string(),
                })
            }
        }
    }

    /// A path, or what else its name stands for in a question that describes.
    fn named(&self, path: &tree::Path, scope: Scope<'_>) -> Result<Typed> {
        if scope.fields
            && let Some(field) = field(path)
        {
            let (value_type, many) = field_type(field);
            let label = field.name().to_string();
            return Ok(Typed { expression: Expression::Field(field), value_type, many, label });
        }
        if let Some(context) = scope.context
            && let Some(attribute) = self.described_attribute(path, context)?
        {
            let value_type = self.vocabulary.attribute(attribute).value_type.clone();
            let expression = Expression::Described(attribute);
            return Ok(Typed { expression, value_type, many: true, label: path.to_string() });
        }
        self.path(path, scope)
    }

    fn count_of(&self, path: &tree::Path, scope: Scope<'_>) -> Result<Typed> {
        let counted = self.path(path, Scope { context: None, ..scope })?;
        match counted.expression {
            Expression::Path(found) if !found.steps.is_empty() => Ok(Typed {
                expression: Expression::CountOf(found),
                value_type: Type::Number { unit: None },
                many: false,
                label: format!("count of {path}"),
            }),
            _ => {
                Err(Error::of_type(format!("`{path}` is one thing; there is nothing to count")).at(path.span))
            }
        }
    }

    /// One side of arithmetic.
    fn operand(&self, expression: &tree::Expression, scope: Scope<'_>) -> Result<Typed> {
        let typed = self.expression(expression, scope)?;
        if typed.value_type.is_numeric() {
            return Ok(typed);
        }
        let message = format!("`{}` is {}", typed.label, self.type_words(&typed.value_type));
        Err(Error::of_type(message).at(span_of(expression)).note("one can only calculate with numbers"))
    }

    /// Refuses to compare what can never be equal.
    pub(super) fn check_comparable(&self, left: &Typed, right: &Typed, span: Span) -> Result<()> {
        if comparable(&left.value_type, &right.value_type) {
            return Ok(());
        }
        let words = |typed: &Typed| match typed.value_type.choices() {
            [] => self.type_words(&typed.value_type),
            choices => format!("one of {}", super::names::listed(choices, "and")),
        };
        Err(Error::of_type(format!("`{}` and `{}` cannot be compared", left.label, right.label))
            .at(span)
            .note(format!("`{}` is {}", left.label, words(left)))
            .note(format!("`{}` is {}", right.label, words(right))))
    }
}

/// The type that a quantity has where nothing else says.
fn type_of(quantity: &tree::Quantity) -> Type {
    match quantity.form {
        QuantityForm::Date { .. } => Type::Date,
        QuantityForm::Decade(..) => Type::Year,
        _ if quantity.percent => Type::Percent,
        _ => Type::Number { unit: None },
    }
}

/// Where an expression stands.
pub(super) fn span_of(expression: &tree::Expression) -> Span {
    match expression {
        tree::Expression::Path(path) | tree::Expression::CountOf(path) => path.span,
        tree::Expression::Quantity(quantity) => quantity.span,
        tree::Expression::Binary { left, right, .. } => span_of(left).to(span_of(right)),
    }
}

/// Whether a value of one type can equal one of the other. A day is no number of anything else.
fn comparable(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::AnyThing, Type::Thing(_) | Type::AnyThing) | (Type::Thing(_), Type::AnyThing) => true,
        (Type::Date, right) => *right == Type::Date,
        (left, Type::Date) => *left == Type::Date,
        (left, right) if left.is_numeric() => right.is_numeric(),
        (Type::OneOf(_) | Type::Scale(_), Type::OneOf(_) | Type::Scale(_)) => {
            left.choices() == right.choices()
        }
        (left, right) => left == right,
    }
}

/// The type of a sum, difference, product or quotient.
fn result_type(operator: Operator, left: &Type, right: &Type) -> Result<Type> {
    let number = || Ok(Type::Number { unit: None });
    let adds = matches!(operator, Operator::Add | Operator::Subtract);
    let is_time = |value_type: &Type| matches!(value_type, Type::Year | Type::Date);
    let is_plain = |value_type: &Type| matches!(value_type, Type::Number { .. } | Type::Percent);
    match (left, right) {
        (left, right) if is_time(left) && left == right && operator == Operator::Subtract => number(),
        (time, other) if is_time(time) && is_plain(other) && adds => Ok(time.clone()),
        (other, time) if is_time(time) && is_plain(other) && operator == Operator::Add => Ok(time.clone()),
        (Type::Date, _) | (_, Type::Date) => Err(Error::of_type("a date cannot be used like this")
            .note("one date less another gives days; days are added to or taken from a date")),
        (left, right) if adds && left == right && is_plain(left) => Ok(left.clone()),
        _ => number(),
    }
}

/// The column of an answer by description that a lone word names.
pub(super) fn field(path: &tree::Path) -> Option<Field> {
    let (None, Root::Word(word), []) = (&path.kind, &path.root, path.steps.as_slice()) else { return None };
    let folded = fold(&word.text);
    Field::ALL.into_iter().find(|field| !word.quoted && field.name() == folded)
}

/// The type of such a column, and whether it may have several values.
fn field_type(field: Field) -> (Type, bool) {
    match field {
        Field::Status | Field::Standing => (Type::Text, false),
        Field::Hedged => (Type::YesNo, false),
        Field::Needs | Field::Patterns | Field::Cases | Field::Sources => (Type::Text, true),
    }
}

/// The only values that such a column takes, if they are few.
pub(super) fn field_values(field: Field) -> &'static [&'static str] {
    match field {
        Field::Status => &["applies", "would apply"],
        Field::Standing => &["supported", "contested"],
        _ => &[],
    }
}

impl Resolver<'_> {
    /// A numeric expression, as sums and averages need it.
    pub(super) fn check_numeric(&self, typed: &Typed, span: Span, what: &str) -> Result<()> {
        if typed.value_type.is_numeric() && typed.value_type != Type::Date {
            return Ok(());
        }
        let message =
            format!("`{}` is {}; {what} needs numbers", typed.label, self.type_words(&typed.value_type));
        Err(Error::of_type(message).at(span))
    }

    /// An ordered expression, as `<`, `min` and `max` need it.
    pub(super) fn check_ordered(&self, typed: &Typed, span: Span, what: &str) -> Result<()> {
        if typed.value_type.is_ordered() {
            return Ok(());
        }
        let is = match typed.value_type {
            Type::OneOf(_) => "one of a few names in no order".to_string(),
            ref other => match described(other) {
                "a reference to a thing" => self.type_words(other),
                words => words.to_string(),
            },
        };
        Err(Error::of_type(format!("`{}` has no order, so {what} means nothing", typed.label))
            .at(span)
            .note(format!("it is {is}; numbers, percentages, years, dates and scales have an order")))
    }
}

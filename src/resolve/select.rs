//! Questions about a kind: what is listed, counted, shown and sorted.

use super::Resolver;
use super::expression::span_of;
use super::names::listed;
use super::path::{Scope, Typed};
use crate::error::{Error, Result};
use crate::model::question::{About, Aggregate, Column, Function, Limit, Order, OrderBy, Select};
use crate::model::{AttributeId, KindId, Name, ThingId, Variable, fold};
use crate::syntax::quote;
use crate::syntax::tree::{self, Expression, Root, Subject, Word};

impl Resolver<'_> {
    /// A question about a kind.
    pub(super) fn select(&self, select: &tree::Select) -> Result<Select> {
        let kind = self.asked_kind(&select.kind)?;
        self.check_clauses(select)?;
        let select = &*self.without_of(kind, select)?;
        let (description, condition) = self.described(kind, select)?;
        let variables = [Variable { kind, name: None }];
        let context = description.as_ref().map(|description| description.context);
        let beside = self.vocabulary.context_for(kind).map(|context| context.kind);
        let scope = Scope { variables: &variables, fields: context.is_some(), context, beside, alone: false };
        let by = self.columns(select.by.iter().map(|by| (by, None)), scope)?;
        check_groups(&by, select)?;
        let shown = select.show.iter().map(|shown| (&shown.expression, shown.title.as_ref()));
        let show = self.columns(shown, scope)?;
        check_titles(&show, select)?;
        let aggregate =
            select.aggregate.as_ref().map(|aggregate| self.aggregate(aggregate, scope)).transpose()?;
        let order = select.order.iter().map(|order| match &aggregate {
            Some(aggregate) => self.aggregate_order(order, &by, aggregate),
            None => self.order(order, &show, scope),
        });
        let order = order.collect::<Result<_>>()?;
        Ok(Select {
            kind,
            about: select.about.as_ref().map(|about| self.about(about)).transpose()?,
            description,
            condition,
            aggregate,
            by,
            show,
            beside: select.beside,
            order,
            limit: select.limit.as_ref().map(|limit| self.limit(limit, scope)).transpose()?,
        })
    }

    /// The kind asked for, or the hint that a lone thing is described.
    fn asked_kind(&self, word: &Word) -> Result<KindId> {
        if let Some(kind) = self.find_kind(&word.text) {
            return Ok(kind);
        }
        if !self.things(&word.text).is_empty() {
            let error = Error::unknown(format!("`{}` is a thing, not a kind", word.text)).at(word.span);
            return Err(error.suggest(word.span, format!("describe {}", quote(&word.text))));
        }
        if let Some(&(kind, _)) = self.owners(&word.text).first() {
            let (owner, plural) = (self.kind_name(kind), &self.vocabulary.kind(kind).plural);
            let message = format!("`{}` is an attribute of {owner}, not a kind", word.text);
            let question = format!("{plural} show {}", quote(&word.text));
            return Err(Error::unknown(message).at(word.span).suggest(word.span, question));
        }
        let error = self.no_kind(word);
        if error.report().suggestion.is_some() {
            return Err(error);
        }
        match self.closest(&word.text, &self.thing_names(None)) {
            Some(thing) => Err(error.suggest(word.span, format!("describe {}", quote(thing.as_str())))),
            None => Err(error),
        }
    }

    fn check_clauses(&self, select: &tree::Select) -> Result<()> {
        let kind = &select.kind;
        match (&select.aggregate, select.by.first(), select.show.first()) {
            (None, Some(by), _) => Err(Error::meaning("`by` groups what is counted, summed or averaged")
                .at(span_of(by))
                .suggest(kind.span, format!("count {kind}"))),
            (Some(_), _, Some(shown)) => {
                Err(Error::meaning("an aggregate shows its groups and its result; `show` adds nothing")
                    .at(span_of(&shown.expression))
                    .note("groups are named by `by`"))
            }
            _ => Ok(()),
        }
    }

    // ---- columns --------------------------------------------------------------------------------

    fn columns<'t>(
        &self,
        typed: impl Iterator<Item = (&'t Expression, Option<&'t Word>)>,
        scope: Scope<'_>,
    ) -> Result<Vec<Column>> {
        typed
            .map(|(expression, title)| self.column(expression, title, scope).map(|(column, _)| column))
            .collect()
    }

    fn column(
        &self,
        expression: &Expression,
        title: Option<&Word>,
        scope: Scope<'_>,
    ) -> Result<(Column, Typed)> {
        let typed = self.expression(expression, scope)?;
        let title = title.map_or_else(|| title_of(expression), |word| word.text.clone());
        Ok((Column { expression: typed.expression.clone(), title }, typed))
    }

    fn aggregate(&self, aggregate: &tree::Aggregate, scope: Scope<'_>) -> Result<Aggregate> {
        let function = aggregate.function;
        let Some(expression) = &aggregate.of else { return Ok(Aggregate { function, of: None }) };
        let (column, typed) = self.column(expression, None, scope)?;
        let (span, what) = (span_of(expression), format!("`{}`", function.name()));
        match function {
            Function::Count => {}
            Function::Sum | Function::Average => self.check_numeric(&typed, span, &what)?,
            Function::Min | Function::Max => self.check_ordered(&typed, span, &what)?,
        }
        Ok(Aggregate { function, of: Some(column) })
    }

    // ---- order and limit ------------------------------------------------------------------------

    fn order(&self, order: &tree::Order, shown: &[Column], scope: Scope<'_>) -> Result<Order> {
        let by = match position(&order.by, shown) {
            Some(column) => OrderBy::Column(column),
            None => OrderBy::Value(self.order_value(&order.by, shown, scope)?),
        };
        Ok(Order { by, descending: order.descending })
    }

    fn order_value(
        &self,
        by: &Expression,
        shown: &[Column],
        scope: Scope<'_>,
    ) -> Result<crate::model::Expression> {
        self.expression(by, scope).map(|typed| typed.expression).map_err(|error| {
            let titles: Vec<Name> = shown.iter().map(|column| Name::new(&column.title)).collect();
            match by {
                Expression::Path(tree::Path { root: Root::Word(word), steps, .. })
                    if steps.is_empty() && error.report().suggestion.is_none() =>
                {
                    self.mend(error, word, &titles)
                }
                _ => error,
            }
        })
    }

    /// The rows of an aggregate are sorted by its columns: the groups, then the result.
    fn aggregate_order(&self, order: &tree::Order, by: &[Column], aggregate: &Aggregate) -> Result<Order> {
        let found = position(&order.by, by).or_else(|| {
            let typed = fold(&title_of(&order.by));
            let names = result_names(aggregate);
            names.iter().any(|name| fold(name) == typed).then_some(by.len())
        });
        match found {
            Some(column) => Ok(Order { by: OrderBy::Column(column), descending: order.descending }),
            None => {
                let mut titles: Vec<Name> = by.iter().map(|column| Name::new(&column.title)).collect();
                titles.push(Name::new(aggregate.function.name()));
                let message = format!("`{}` is not a column of this answer", order.by);
                Err(Error::unknown(message)
                    .at(span_of(&order.by))
                    .note(format!("it can be sorted by {}", listed(&titles, "or"))))
            }
        }
    }

    fn limit(&self, limit: &tree::Limit, scope: Scope<'_>) -> Result<Limit> {
        let per = limit.per.as_ref().map(|per| self.expression(per, scope)).transpose()?;
        Ok(Limit {
            rows: usize::try_from(limit.rows).unwrap_or(usize::MAX),
            per: per.map(|typed| typed.expression),
        })
    }

    // ---- about ----------------------------------------------------------------------------------

    /// Every reading of the name in `about X`.
    fn about(&self, subject: &Subject) -> Result<About> {
        let word = self.root_word(&subject.name)?;
        let name = self.vocabulary.alias(&word.text).cloned().unwrap_or_else(|| Name::new(&word.text));
        if subject.kind.is_some() {
            return Ok(About { things: vec![self.subject(subject)?], attributes: Vec::new(), name });
        }
        let things: Vec<ThingId> = self.things(&word.text);
        let attributes = self.attributes_about(&name);
        let is_value = self.all_names().contains(&name);
        if things.is_empty() && attributes.is_empty() && !is_value && !word.quoted {
            return Err(self.about_nothing(&word));
        }
        Ok(About { things, attributes, name })
    }

    /// The attributes of this name, or under this heading, of all kinds that can be stated.
    fn attributes_about(&self, name: &Name) -> Vec<AttributeId> {
        let attributes = self.vocabulary.attributes();
        let fits = attributes.filter(|(_, attribute)| {
            let stated = attribute.kind.is_some_and(|kind| !kind.is_catalogue());
            stated && (attribute.name == *name || attribute.heading.as_ref() == Some(name))
        });
        fits.map(|(id, _)| id).collect()
    }

    fn about_nothing(&self, word: &Word) -> Error {
        let mut names = self.all_names();
        names.extend(self.thing_names(None));
        let error = Error::unknown(format!("nothing is named `{}`", word.text));
        self.mend(error, word, &names).note(format!("`about \"{}\"` looks for it as a text", word.text))
    }
}

/// Refuses two columns of one title: a row is a map from titles to cells, and to what stands beside them.
fn check_titles(columns: &[Column], select: &tree::Select) -> Result<()> {
    let clash = |title: &str, other: &str| {
        let beside = [("sources", select.beside.sources), ("marks", select.beside.marks)];
        let taken = |title: &str, other: &str| {
            beside.iter().any(|(word, asked)| *asked && format!("{title}_{word}") == *other)
        };
        title == other || taken(title, other) || taken(other, title)
    };
    for (at, column) in columns.iter().enumerate() {
        if let Some(before) = columns[..at].iter().find(|before| clash(&before.title, &column.title)) {
            let shown = &select.show[at];
            let span = shown.title.as_ref().map_or_else(|| span_of(&shown.expression), |title| title.span);
            let longer = if before.title.len() > column.title.len() { before } else { column };
            return Err(Error::meaning(format!("two columns are called `{}`", longer.title))
                .at(span)
                .note("`as` gives a column another name"));
        }
    }
    Ok(())
}

/// Refuses to group by the same twice.
fn check_groups(columns: &[Column], select: &tree::Select) -> Result<()> {
    for (at, column) in columns.iter().enumerate() {
        if columns[..at].iter().any(|before| before.title == column.title) {
            let message = format!("`{}` is grouped by twice", column.title);
            return Err(Error::meaning(message).at(span_of(&select.by[at])));
        }
    }
    Ok(())
}

/// The title of a column that is given none: its words.
fn title_of(expression: &Expression) -> String {
    match expression {
        Expression::Path(tree::Path { kind: None, root: Root::Word(word), steps, .. })
            if steps.is_empty() =>
        {
            word.text.clone()
        }
        other => other.to_string(),
    }
}

/// The column that has the typed expression for its title.
fn position(typed: &Expression, columns: &[Column]) -> Option<usize> {
    let title = title_of(typed);
    let exact = columns.iter().position(|column| column.title == title);
    let one_word = |text: &str| !text.contains(' ');
    exact.or_else(|| {
        let same = |column: &Column| one_word(&column.title) && fold(&column.title) == fold(&title);
        columns.iter().position(same).filter(|_| one_word(&title))
    })
}

/// What an aggregate's result may be called: `average`, `employment_share`, `"average employment_share"`.
fn result_names(aggregate: &Aggregate) -> Vec<String> {
    let function = aggregate.function.name();
    let mut names = vec![function.to_string()];
    if let Some(column) = &aggregate.of {
        names.push(column.title.clone());
        names.push(format!("{function} {}", column.title));
    }
    names
}

//! Questions about a kind: `clusters where ... show ... order by ... limit ...`, and aggregates.

use super::super::tokens::{Parsed, Tokens, committed, expected, keyword, list, name, phrase, word};
use super::super::tree::{
    Aggregate, Beside, Expression, Function, Limit, Order, Path, Root, Select, Shown, Subject,
};
use super::condition::where_clause;
use super::expression::{expression, steps};
use super::facts::subject;
use super::question::{once, whole_number};
use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

/// `clusters where industry = cops show name`
pub(super) fn select(input: Tokens<'_>) -> Parsed<'_, Select> {
    kind_and_clauses(input, None)
}

/// `count clusters by industry`, `average employment_share of sector_statistics by country`
pub(super) fn aggregate(input: Tokens<'_>) -> Parsed<'_, Select> {
    if input.at_keyword("count") {
        return kind_and_clauses(input.advance(), Some(Aggregate { function: Function::Count, of: None }));
    }
    let (input, function) = function(input)?;
    let (input, of) = committed(expression)(input)?;
    let (input, _) = committed(phrase("of", "`of` and a kind"))(input)?;
    kind_and_clauses(input, Some(Aggregate { function, of: Some(of) }))
}

/// A function that takes an expression.
fn function(input: Tokens<'_>) -> Parsed<'_, Function> {
    let function = match input.first().text.to_ascii_lowercase().as_str() {
        "sum" => Function::Sum,
        "average" => Function::Average,
        "min" => Function::Min,
        "max" => Function::Max,
        _ => return expected("`count`, `sum`, `average`, `min` or `max`", input),
    };
    Ok((input.advance(), function))
}

fn kind_and_clauses(input: Tokens<'_>, aggregate: Option<Aggregate>) -> Parsed<'_, Select> {
    let (input, kind) = committed(word("a kind"))(input)?;
    let select = Select {
        aggregate,
        kind,
        of: None,
        about: None,
        for_thing: None,
        condition: None,
        by: Vec::new(),
        show: Vec::new(),
        beside: Beside::default(),
        order: Vec::new(),
        limit: None,
    };
    clauses(input, select)
}

/// The clauses, in any order, each once.
fn clauses(mut input: Tokens<'_>, mut select: Select) -> Parsed<'_, Select> {
    loop {
        let before = input;
        (input, select) = clause(input, select)?;
        if input.first().span.start == before.first().span.start {
            return Ok((input, select));
        }
    }
}

/// One clause, added to `select`; takes nothing where none begins.
fn clause(input: Tokens<'_>, mut select: Select) -> Parsed<'_, Select> {
    let token = input.first();
    let rest = if input.at_keyword("of") {
        once(select.of.is_some(), token)?;
        store(of_clause(input)?, |of| select.of = Some(of))
    } else if input.at_keyword("about") {
        once(select.about.is_some(), token)?;
        store(about_clause(input)?, |about| select.about = Some(about))
    } else if input.at_keyword("for") {
        once(select.for_thing.is_some(), token)?;
        store(for_clause(input)?, |thing| select.for_thing = Some(thing))
    } else if input.at_keyword("where") {
        once(select.condition.is_some(), token)?;
        store(where_clause(input)?, |condition| select.condition = Some(condition))
    } else if input.at_keyword("by") {
        once(!select.by.is_empty(), token)?;
        store(by_clause(input)?, |by| select.by = by)
    } else if input.at_keyword("show") {
        once(!select.show.is_empty(), token)?;
        store(show_clause(input)?, |show| select.show = show)
    } else if input.at_keyword("with") {
        once(select.beside != Beside::default(), token)?;
        store(with_clause(input)?, |beside| select.beside = beside)
    } else if input.at_keyword("order") {
        once(!select.order.is_empty(), token)?;
        store(order_clause(input)?, |order| select.order = order)
    } else if input.at_keyword("limit") {
        once(select.limit.is_some(), token)?;
        store(limit_clause(input)?, |limit| select.limit = Some(limit))
    } else {
        input
    };
    Ok((rest, select))
}

/// Hands what was read to `keep`, and gives what is left.
fn store<'a, T>((rest, read): (Tokens<'a>, T), keep: impl FnOnce(T)) -> Tokens<'a> {
    keep(read);
    rest
}

/// `of cluster`, `of cluster.industry`
fn of_clause(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (rest, root) = preceded(keyword("of"), committed(word("a kind or an attribute"))).parse(input)?;
    let (rest, steps) = steps(rest)?;
    Ok((rest, Path { kind: None, root: Root::Word(root), steps, span: input.advance().span_until(rest) }))
}

/// `about human_capital`
fn about_clause(input: Tokens<'_>) -> Parsed<'_, Subject> {
    preceded(keyword("about"), committed(subject)).parse(input)
}

/// `for thai_automotive`
fn for_clause(input: Tokens<'_>) -> Parsed<'_, Subject> {
    preceded(keyword("for"), committed(subject)).parse(input)
}

/// `by industry, country.region`
fn by_clause(input: Tokens<'_>) -> Parsed<'_, Vec<Expression>> {
    preceded(keyword("by"), committed(list(expression))).parse(input)
}

/// `show name, value_added_share / employment_share as ratio`
fn show_clause(input: Tokens<'_>) -> Parsed<'_, Vec<Shown>> {
    preceded(keyword("show"), committed(list(shown))).parse(input)
}

fn shown(input: Tokens<'_>) -> Parsed<'_, Shown> {
    let (input, expression) = expression(input)?;
    let is_title = input.at_keyword("as") && !input.second().is_word("of");
    if !is_title {
        return Ok((input, Shown { expression, title: None }));
    }
    let (input, title) = committed(name("the title of a column"))(input.advance())?;
    Ok((input, Shown { expression, title: Some(title) }))
}

/// `with sources, marks`
fn with_clause(input: Tokens<'_>) -> Parsed<'_, Beside> {
    let (input, words) = preceded(keyword("with"), committed(list(beside))).parse(input)?;
    let asked = |word: &str| words.contains(&word);
    Ok((input, Beside { sources: asked("sources"), marks: asked("marks") }))
}

fn beside(input: Tokens<'_>) -> Parsed<'_, &'static str> {
    const WORDS: [&str; 2] = ["sources", "marks"];
    match WORDS.into_iter().find(|word| input.at_keyword(word)) {
        Some(word) => Ok((input.advance(), word)),
        None => expected("`sources` or `marks`", input),
    }
}

/// `order by export_share desc, name`
fn order_clause(input: Tokens<'_>) -> Parsed<'_, Vec<Order>> {
    (keyword("order"), committed(phrase("by", "`by`")), committed(list(order)))
        .map(|(_, _, order)| order)
        .parse(input)
}

fn order(input: Tokens<'_>) -> Parsed<'_, Order> {
    let (input, by) = expression(input)?;
    if input.at_keyword("asc") {
        return Ok((input.advance(), Order { by, descending: false }));
    }
    let (input, descending) = opt(keyword("desc")).parse(input)?;
    Ok((input, Order { by, descending: descending.is_some() }))
}

/// `limit 10`, `limit 1 per country`
fn limit_clause(input: Tokens<'_>) -> Parsed<'_, Limit> {
    let (input, _) = keyword("limit")(input)?;
    let (input, rows) = committed(whole_number)(input)?;
    let (input, per) = opt(preceded(keyword("per"), committed(expression))).parse(input)?;
    Ok((input, Limit { rows, per }))
}

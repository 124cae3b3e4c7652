//! Conditions: tests joined by `and`, `or` and `not`.

use super::super::tokens::{
    Kind, Parsed, Refusal, Token, Tokens, committed, expected, keyword, list, nested, parameter, refuse,
    symbol, text,
};
use super::super::tree::{Comparison, Condition, Contained, Test, TestForm};
use super::super::words::{CONNECTING_WORDS, in_quotes, is_one_of};
use super::expression::{expression, operand};
use crate::error::Error;
use nom::Parser;
use nom::sequence::preceded;

/// How tightly a connective binds; `not` binds tighter than both.
const OR: u8 = 1;
const AND: u8 = 2;

/// `a = b and (c < d or not e = f)`
pub(super) fn condition(input: Tokens<'_>) -> Parsed<'_, Condition> {
    joined(input, OR)
}

/// The Pratt loop: takes connectives that bind at least as tightly as `power`.
fn joined(input: Tokens<'_>, power: u8) -> Parsed<'_, Condition> {
    let (mut input, first) = negation(input)?;
    let mut left = first;
    while let Some(binds) = connective(input).filter(|binds| *binds >= power) {
        let (rest, right) = committed(|rest| joined(rest, binds + 1))(input.advance())?;
        left = if binds == AND { all(left, right) } else { any(left, right) };
        input = rest;
    }
    Ok((input, left))
}

fn connective(input: Tokens<'_>) -> Option<u8> {
    if input.at_keyword("and") {
        Some(AND)
    } else if input.at_keyword("or") {
        Some(OR)
    } else {
        None
    }
}

/// Both, as one flat `All`.
fn all(left: Condition, right: Condition) -> Condition {
    let parts = |condition| match condition {
        Condition::All(parts) => parts,
        other => vec![other],
    };
    let mut together = parts(left);
    together.append(&mut parts(right));
    Condition::All(together)
}

/// Either, as one flat `Any`.
fn any(left: Condition, right: Condition) -> Condition {
    let parts = |condition| match condition {
        Condition::Any(parts) => parts,
        other => vec![other],
    };
    let mut together = parts(left);
    together.append(&mut parts(right));
    Condition::Any(together)
}

/// `not a = b`, `(a = b or c = d)`, or a test
fn negation(input: Tokens<'_>) -> Parsed<'_, Condition> {
    if input.at_keyword("not") && !begins_operator(input.advance()) {
        let (rest, inner) = nested(|input| committed(negation)(input))(input.advance())?;
        return Ok((rest, Condition::Not(Box::new(inner))));
    }
    if input.first().is_symbol("(") && !parenthesis_is_expression(input) {
        return grouped(input);
    }
    test.map(Condition::Test).parse(input)
}

fn grouped(input: Tokens<'_>) -> Parsed<'_, Condition> {
    let (input, _) = symbol("(", "`(`")(input)?;
    let (input, inner) = nested(|input| committed(condition)(input))(input)?;
    let (input, _) = committed(symbol(")", "`and`, `or` or `)`"))(input)?;
    Ok((input, inner))
}

/// Whether what the bracket at hand holds is a number or a name, and not a condition: an operator
/// follows its end.
pub(super) fn parenthesis_is_expression(input: Tokens<'_>) -> bool {
    input.after_brackets().is_some_and(begins_operator)
}

/// Whether an operator stands here, so that what is before it is its left side.
fn begins_operator(input: Tokens<'_>) -> bool {
    let first = input.first();
    first.is_comparison()
        || first.is_arithmetic()
        || input.at_keyword("is")
        || input.at_keyword("contains")
        || (input.at_keyword("in") && input.second().is_symbol("("))
}

/// `a < b`, `possibly a < b`, `a in (b, c)`, `a is known`, `a contains "words"`
fn test(input: Tokens<'_>) -> Parsed<'_, Test> {
    let possibly = input.at_keyword("possibly") && !begins_operator(input.advance());
    let start = if possibly { input.advance() } else { input };
    let (rest, left) = if possibly { committed(expression)(start)? } else { expression(start)? };
    let (rest, form) = committed(|rest| test_form(rest, possibly))(rest)?;
    Ok((rest, Test { left, form, span: input.span_until(rest) }))
}

fn test_form(input: Tokens<'_>, possibly: bool) -> Parsed<'_, TestForm> {
    if let Some(comparison) = comparison(input.first()) {
        refuse_doubled(input)?;
        let (rest, right) = committed(operand)(input.advance())?;
        return Ok((rest, TestForm::Compare { possibly, comparison, right }));
    }
    if possibly {
        return expected("a comparison such as `=` or `<` after `possibly`", input);
    }
    if input.at_keyword("in") {
        return membership(input);
    }
    if input.at_keyword("is") {
        return knowledge(input.advance());
    }
    if input.at_keyword("contains") {
        return committed(contained).map(TestForm::Contains).parse(input.advance());
    }
    expected("a comparison such as `=` or `<`, or `in`, `is` or `contains`", input)
}

pub(super) fn comparison(token: Token<'_>) -> Option<Comparison> {
    let comparison = match token.text {
        "=" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    };
    (token.kind == Kind::Symbol).then_some(comparison)
}

/// Refuses `a == b`.
pub(super) fn refuse_doubled(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let (first, second) = (input.first(), input.second());
    if !first.is_symbol("=") || !second.is_symbol("=") {
        return Ok(());
    }
    let span = first.span.to(second.span);
    refuse(Error::syntax("`=` is written once").at(span).suggest(span, "="))
}

/// `in (b, c)`
fn membership(input: Tokens<'_>) -> Parsed<'_, TestForm> {
    let (input, _) = keyword("in")(input)?;
    let (input, _) = committed(symbol("(", "`(` and a list of values"))(input)?;
    let (input, values) = nested(|input| committed(list(operand))(input))(input)?;
    let (input, _) = committed(symbol(")", "`,` or `)`"))(input)?;
    Ok((input, TestForm::In(values)))
}

/// `known` or `unknown`, behind `is`
fn knowledge(input: Tokens<'_>) -> Parsed<'_, TestForm> {
    let rest = input.advance();
    if input.at_keyword("known") {
        Ok((rest, TestForm::Known))
    } else if input.at_keyword("unknown") {
        Ok((rest, TestForm::Unknown))
    } else if input.at_keyword("not") {
        refuse(
            Error::syntax("expected `known` or `unknown`, found `not`")
                .at(input.first().span)
                .note("write `is unknown`, or `!=` for another value"),
        )
    } else {
        expected("`known` or `unknown`; a value is compared with `=`", input)
    }
}

/// What `contains` and `search` look for.
pub(super) fn contained(input: Tokens<'_>) -> Parsed<'_, Contained> {
    if input.first().kind == Kind::Parameter {
        return parameter.map(Contained::Parameter).parse(input);
    }
    refuse_bare_words(input)?;
    text("words in double quotes").map(Contained::Text).parse(input)
}

/// Refuses `search orchid`, and gives the words in quotes.
fn refuse_bare_words(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let first = input.first();
    let mut words = vec![first.text];
    let (mut last, mut rest) = (first.span, input.advance());
    if !matches!(first.kind, Kind::Word | Kind::Number) {
        return Ok(());
    }
    while matches!(rest.first().kind, Kind::Word | Kind::Number)
        && !is_one_of(rest.first().text, CONNECTING_WORDS)
    {
        words.push(rest.first().text);
        (last, rest) = (rest.first().span, rest.advance());
    }
    let error = Error::syntax("words that are looked for stand in double quotes");
    let span = first.span.to(last);
    refuse(error.at(span).suggest(span, in_quotes(&words.join(" "))))
}

/// `where CONDITION`
pub(super) fn where_clause(input: Tokens<'_>) -> Parsed<'_, Condition> {
    preceded(keyword("where"), committed(condition)).parse(input)
}

//! Expressions and paths: what stands beside an operator, in `show`, or alone as a question.

use super::super::MAX_NESTING;
use super::super::tokens::{
    Kind, Parsed, Token, Tokens, committed, expected, name, nested, phrase, refuse, root, second_name,
    symbol, too_deep,
};
use super::super::tree::{Expression, Operator, Path, Word};
use super::super::words::{CONNECTING_WORDS, is_one_of};
use super::quantity::{begins_measure, measure};
use crate::error::Error;
use nom::Parser;

/// What two words side by side may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pair {
    /// `cluster penang.founded` only.
    Path,
    /// `cluster penang`, too: to the right of a comparison.
    PathOrThing,
}

/// An expression, and how many operators stand in one another in it.
struct Measured {
    expression: Expression,
    height: usize,
}

/// `india.employment_share - indonesia.employment_share`
pub(super) fn expression(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (rest, measured) = binary(input, 0, Pair::Path)?;
    Ok((rest, measured.expression))
}

/// An expression to the right of a comparison.
pub(super) fn operand(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (rest, measured) = binary(input, 0, Pair::PathOrThing)?;
    Ok((rest, measured.expression))
}

/// The Pratt loop: takes operators that bind at least as tightly as `power`.
fn binary(input: Tokens<'_>, power: u8, pair: Pair) -> Parsed<'_, Measured> {
    let (mut input, mut left) = primary(input, pair)?;
    while let Some(operator) = operator(input.first()).filter(|operator| operator.tightness() >= power) {
        let sign = input.first();
        refuse_unspaced(input)?;
        let (rest, right) = committed(|rest| binary(rest, operator.tightness() + 1, pair))(input.advance())?;
        let height = left.height.max(right.height) + 1;
        if height > MAX_NESTING {
            return refuse(too_deep(sign.span));
        }
        let (left_side, right_side) = (Box::new(left.expression), Box::new(right.expression));
        let expression = Expression::Binary { operator, left: left_side, right: right_side };
        (input, left) = (rest, Measured { expression, height });
    }
    Ok((input, left))
}

fn operator(token: Token<'_>) -> Option<Operator> {
    let operator = match token.text {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        _ => return None,
    };
    token.is_arithmetic().then_some(operator)
}

/// An operator stands between spaces, because `-` without them belongs to a word.
fn refuse_unspaced(input: Tokens<'_>) -> Result<(), nom::Err<super::super::tokens::Refusal>> {
    let sign = input.first();
    if sign.span.start > input.previous_end() && sign.span.end < input.second().span.start {
        return Ok(());
    }
    refuse(
        Error::syntax(format!("`{}` stands between spaces", sign.text))
            .at(sign.span)
            .suggest(sign.span, format!(" {} ", sign.text)),
    )
}

fn primary(input: Tokens<'_>, pair: Pair) -> Parsed<'_, Measured> {
    if input.first().is_symbol("(") {
        return parenthesis(input, pair);
    }
    let leaf = |expression| Measured { expression, height: 0 };
    if begins_measure(input) {
        return measure.map(|quantity| leaf(Expression::Quantity(quantity))).parse(input);
    }
    if input.at_keyword("count") && input.second().is_word("of") {
        return count_of.map(leaf).parse(input);
    }
    let (rest, path) = path(input, pair)?;
    Ok((rest, leaf(Expression::Path(path))))
}

fn parenthesis(input: Tokens<'_>, pair: Pair) -> Parsed<'_, Measured> {
    let (input, _) = symbol("(", "`(`")(input)?;
    let (input, inner) = nested(|input| committed(|input| binary(input, 0, pair))(input))(input)?;
    let (input, _) = committed(symbol(")", "an operator or `)`"))(input)?;
    Ok((input, inner))
}

/// `count of A.cites`
fn count_of(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, _) = phrase("count", "`count`")(input)?;
    let (input, _) = phrase("of", "`of`")(input)?;
    let (input, path) = committed(|input| path(input, Pair::Path))(input)?;
    Ok((input, Expression::CountOf(path)))
}

/// `country.region`, `cluster penang.founded`, `$c.industry`
fn path(input: Tokens<'_>, pair: Pair) -> Parsed<'_, Path> {
    let (rest, kind) = kind_of_pair(input, pair)?;
    let (rest, root) = match kind {
        Some(_) => committed(root("a name"))(rest)?,
        None => root("a name, a number or `(`")(rest)?,
    };
    let (rest, steps) = steps(rest)?;
    Ok((rest, Path { kind, root, steps, span: input.span_until(rest) }))
}

/// The first word, if it is the kind of the thing that the second names.
fn kind_of_pair(input: Tokens<'_>, pair: Pair) -> Parsed<'_, Option<Word>> {
    let second = input.advance();
    let is_pair = input.first().kind == Kind::Word
        && !input.is_dotted(0)
        && second_name(second).is_ok()
        && (second.is_dotted(0) || (pair == Pair::PathOrThing && thing_ends(second)));
    if is_pair { name("a kind").map(Some).parse(input) } else { Ok((input, None)) }
}

/// Whether the second word of `cluster penang` is on the line of the first, and nothing follows it that
/// shows it to be a misspelled keyword.
fn thing_ends(second: Tokens<'_>) -> bool {
    let next = second.second();
    let ends = match next.kind {
        Kind::End | Kind::Opening(_) | Kind::Closing => true,
        Kind::Symbol => next.text == "," || next.text == ";",
        Kind::Word => next.begins_line || is_one_of(next.text, CONNECTING_WORDS),
        Kind::Number | Kind::Text | Kind::Parameter => false,
    };
    ends && !second.first().begins_line
}

/// The attributes of a path, each behind a dot.
pub(super) fn steps(mut input: Tokens<'_>) -> Parsed<'_, Vec<Word>> {
    let mut steps = Vec::new();
    while input.first().is_symbol(".") && input.first().span.start == input.previous_end() {
        if input.first().span.end != input.second().span.start {
            return expected("the end of the path", input);
        }
        let (rest, step) = committed(name("the name of an attribute"))(input.advance())?;
        steps.push(step);
        input = rest;
    }
    Ok((input, steps))
}

/// The path that a conclusion is about.
pub(super) fn target(input: Tokens<'_>) -> Parsed<'_, Path> {
    path(input, Pair::Path)
}

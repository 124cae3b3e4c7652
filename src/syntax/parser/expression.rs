//! Expressions and paths: what stands beside an operator, in `show`, or alone as a question.

use super::super::MAX_NESTING;
use super::super::tokens::{
    Kind, Parsed, Token, Tokens, committed, name, nested, phrase, refuse, root, second_name, symbol,
    too_deep, word,
};
use super::super::tree::{Expression, Operator, Path, Root, Word};
use super::super::words::{CONNECTING_WORDS, is_one_of};
use super::quantity::{begins_measure, measure};
use crate::error::Error;
use nom::Parser;

/// An expression, and how many operators stand in one another in it.
struct Measured {
    expression: Expression,
    height: usize,
}

/// `india.employment_share - indonesia.employment_share`
pub(super) fn expression(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (rest, measured) = binary(input, 0)?;
    Ok((rest, measured.expression))
}

/// What stands to the right of a comparison: an expression, or `cluster penang`.
pub(super) fn operand(input: Tokens<'_>) -> Parsed<'_, Expression> {
    // `late 1990s` is a time, not a thing of the kind `late`.
    if !begins_measure(input) && begins_pair(input) && !input.is_dotted(1) && thing_ends(input.advance()) {
        return thing.map(Expression::Path).parse(input);
    }
    expression(input)
}

/// `cluster penang`
fn thing(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (rest, kind) = word("a kind")(input)?;
    let (rest, name) = second_name(rest)?;
    let path =
        Path { kind: Some(kind), root: Root::Word(name), steps: Vec::new(), span: input.span_until(rest) };
    Ok((rest, path))
}

/// The Pratt loop: takes operators that bind at least as tightly as `power`.
fn binary(input: Tokens<'_>, power: u8) -> Parsed<'_, Measured> {
    let (mut input, mut left) = primary(input)?;
    while let Some(operator) = operator(input.first()).filter(|operator| operator.tightness() >= power) {
        let sign = input.first();
        refuse_unspaced(input)?;
        let (rest, right) = committed(|rest| binary(rest, operator.tightness() + 1))(input.advance())?;
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

fn primary(input: Tokens<'_>) -> Parsed<'_, Measured> {
    if input.first().is_symbol("(") {
        return parenthesis(input);
    }
    let leaf = |expression| Measured { expression, height: 0 };
    if begins_measure(input) {
        return measure.map(|quantity| leaf(Expression::Quantity(quantity))).parse(input);
    }
    if input.at_keyword("count") && input.second().is_word("of") {
        return count_of.map(leaf).parse(input);
    }
    let (rest, path) = path(input)?;
    Ok((rest, leaf(Expression::Path(path))))
}

fn parenthesis(input: Tokens<'_>) -> Parsed<'_, Measured> {
    let (input, _) = symbol("(", "`(`")(input)?;
    let (input, inner) = nested(|input| committed(|input| binary(input, 0))(input))(input)?;
    let (input, _) = committed(symbol(")", "an operator or `)`"))(input)?;
    Ok((input, inner))
}

/// `count of A.cites`
fn count_of(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, _) = phrase("count", "`count`")(input)?;
    let (input, _) = phrase("of", "`of`")(input)?;
    let (input, path) = committed(path)(input)?;
    Ok((input, Expression::CountOf(path)))
}

/// `country.region`, `cluster penang.founded`, `$c.industry`
pub(super) fn path(input: Tokens<'_>) -> Parsed<'_, Path> {
    if begins_pair(input) && input.is_dotted(1) {
        let (rest, thing) = thing(input)?;
        let (rest, steps) = steps(rest)?;
        return Ok((rest, Path { steps, span: input.span_until(rest), ..thing }));
    }
    let (rest, root) = root("a name, a number or `(`")(input)?;
    let (rest, steps) = steps(rest)?;
    Ok((rest, Path { kind: None, root, steps, span: input.span_until(rest) }))
}

/// Whether two words stand here of which the first may be the kind of the thing that the second names.
fn begins_pair(input: Tokens<'_>) -> bool {
    input.first().kind == Kind::Word && !input.is_dotted(0) && second_name(input.advance()).is_ok()
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
    while input.first().is_symbol(".") {
        let dot = input.first().span;
        if dot.start != input.previous_end() || dot.end != input.second().span.start {
            return refuse(Error::syntax("a `.` touches the names on both its sides").at(dot));
        }
        let (rest, step) = committed(name("the name of an attribute"))(input.advance())?;
        steps.push(step);
        input = rest;
    }
    Ok((input, steps))
}

/// What a conclusion is about: `recommended`, `A.reaches`.
pub(super) fn target(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (rest, root) = word("an attribute or a variable").map(Root::Word).parse(input)?;
    let (rest, steps) = steps(rest)?;
    Ok((rest, Path { kind: None, root, steps, span: input.span_until(rest) }))
}

//! Forms of reasoning: `why`, `why not`, `what if`, `suppose`, `without`, `rests on`.

use super::super::tokens::{
    Kind, Parsed, Refusal, Tokens, committed, expected, keyword, list, name, phrase, refuse, text,
};
use super::super::tree::{Argued, Assertion, Condition, QuestionBody, Removed, StatedValue, Supposed, Word};
use super::super::words::{CONNECTING_WORDS, is_digits, is_one_of};
use super::condition::condition;
use super::expression::path;
use super::facts::{begins_block, block, fact, subject_and_attribute};
use super::quantity::begins_measure;
use super::refusal::{closest, left_over};
use crate::error::Error;
use nom::Parser;
use nom::multi::many0;
use nom::sequence::preceded;

/// `why thai_automotive.human_capital = weak`, `why all a.b = c`. Directly behind `why`, `all` and `not`
/// belong to it unless a dot follows them.
pub(super) fn why(input: Tokens<'_>) -> Parsed<'_, QuestionBody> {
    let (input, _) = keyword("why")(input)?;
    let all = input.at_keyword("all");
    let (input, of) = committed(argued)(if all { input.advance() } else { input })?;
    Ok((input, QuestionBody::Why { all, of }))
}

/// `why not jepara_furniture.interactive_learning = yes`
pub(super) fn why_not(input: Tokens<'_>) -> Parsed<'_, Condition> {
    let (input, _) = keyword("why")(input)?;
    let (input, _) = committed(keyword("not"))(input)?;
    committed(condition)(input)
}

/// A path that nothing goes on with, or a condition.
fn argued(input: Tokens<'_>) -> Parsed<'_, Argued> {
    if matches!(input.first().kind, Kind::End | Kind::Closing) {
        return expected("a condition such as `penang.industry = cops`, or `penang.industry` alone", input);
    }
    match path(input) {
        Ok((rest, path)) if question_ends(rest) => Ok((rest, Argued::Cell(path))),
        _ => condition.map(Argued::Condition).parse(input),
    }
}

/// Whether nothing more belongs to a question here than its modifiers.
fn question_ends(input: Tokens<'_>) -> bool {
    let at_time = input.at_keyword("in") && begins_measure(input.advance());
    let goes_on = ["as", "ever", "without", "to"].iter().any(|word| input.at_keyword(word));
    matches!(input.first().kind, Kind::End | Kind::Closing) || at_time || goes_on
}

/// `what if thai_automotive.human_capital = strong and cluster penang { industry: cops }`
pub(super) fn what_if(input: Tokens<'_>) -> Parsed<'_, Vec<Supposed>> {
    let what = input.first();
    let (input, _) = keyword("what")(input)?;
    if input.at_keyword("is") {
        let error = Error::syntax("`what` goes on with `if` and what is supposed").at(input.first().span);
        let error = error.note("`describe X` tells what a thing, an attribute or a value is");
        return refuse(error.suggest(what.span.to(input.first().span), "describe"));
    }
    let (rest, _) = committed(phrase("if", "`if` and what is supposed"))(input)?;
    let (rest, supposed) = committed(all_supposed)(rest)?;
    if rest.at_keyword("then") {
        return refuse(
            Error::syntax("`what if` asks for all that would change, and takes no `then`")
                .at(rest.first().span)
                .note("`suppose` asks one question under what is supposed: `suppose A.B = C then QUESTION`")
                .suggest(what.span.to(input.first().span), "suppose"),
        );
    }
    Ok((rest, supposed))
}

/// `suppose cluster penang { industry: cops }`, `suppose penang.human_capital = weak then`, before a question.
pub(super) fn suppose(input: Tokens<'_>) -> Parsed<'_, Vec<Supposed>> {
    let (input, _) = keyword("suppose")(input)?;
    let (rest, supposed) = committed(all_supposed)(input)?;
    if rest.at_keyword("then") {
        return Ok((rest.advance(), supposed));
    }
    if let Some(Supposed::Fact(fact)) = supposed.last() {
        return refuse(no_then(rest, fact));
    }
    if matches!(rest.first().kind, Kind::End | Kind::Closing) {
        return refuse(no_question(rest, "`and`, `then` or a question"));
    }
    Ok((rest, supposed))
}

/// Behind a one-line fact, something else than `and` or `then`. Its value may have swallowed a word.
fn no_then(input: Tokens<'_>, fact: &Assertion) -> Error {
    let token = input.first();
    let begins_question = token.kind == Kind::Word && !is_one_of(token.text, CONNECTING_WORDS);
    let swallowed = match fact.entry.values.last() {
        Some(StatedValue::Thing { kind, name }) if name.span.end == input.previous_end() => {
            Some((kind, name))
        }
        _ => None,
    };
    match swallowed {
        Some((_, name)) if closest(&name.text, ["then"].into_iter()).is_some() => {
            Error::syntax(format!("expected `then`, found `{}`", name.text))
                .at(name.span)
                .suggest(name.span, "then")
        }
        Some((kind, name)) if !begins_question => Error::syntax("`then` is missing before the question")
            .at(name.span)
            .label("read as part of the value")
            .note(format!("`{kind} {name}` is taken for a thing and its kind"))
            .suggest(name.span, format!("then {name}")),
        _ if begins_question => {
            let error = left_over(token, "`and` and another fact, or `then` and the question");
            match error.report().suggestion {
                Some(_) => error,
                None => error.suggest(token.span, format!("then {}", token.text)),
            }
        }
        _ => no_question(input, "`and` and another fact, or `then` and a question"),
    }
}

fn no_question(input: Tokens<'_>, expected: &str) -> Error {
    left_over(input.first(), expected)
        .note("`what if` shows all that changes; a question on the next line needs parentheses around it all")
}

/// What is supposed, joined by `and`.
fn all_supposed(input: Tokens<'_>) -> Parsed<'_, Vec<Supposed>> {
    let (input, first) = supposed(input)?;
    let (input, others) = many0(preceded(keyword("and"), committed(supposed))).parse(input)?;
    let all: Vec<Supposed> = std::iter::once(first).chain(others).collect();
    // Behind a block `or` may be a kind, and so begin a question.
    if input.at_keyword("or") && matches!(all.last(), Some(Supposed::Fact(_))) {
        let error = Error::syntax("what is supposed is joined by `and`").at(input.first().span);
        return refuse(error.note("for the one or the other ask twice"));
    }
    Ok((input, all))
}

/// A block, or a fact without `assert`
fn supposed(input: Tokens<'_>) -> Parsed<'_, Supposed> {
    if begins_block(input) {
        return block.map(Supposed::Block).parse(input);
    }
    refuse_no_fact(input)?;
    fact.map(Supposed::Fact).parse(input)
}

/// Refuses `assert` before what is supposed, and a thing of which nothing is said.
fn refuse_no_fact(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let (first, second) = (input.first(), input.second());
    let begins_name = matches!(second.kind, Kind::Word | Kind::Text | Kind::Parameter);
    if input.at_keyword("assert") && begins_name {
        let error = Error::syntax("what is supposed stands without `assert`").at(first.span);
        return refuse(error.suggest(first.span.to(second.span), second.text));
    }
    if !matches!(first.kind, Kind::Word | Kind::Text | Kind::Parameter) {
        return expected("a fact such as `penang.industry = cops`, or a block", input).map(|(_, ())| ());
    }
    match subject_and_attribute(input) {
        Ok((rest, (_, None))) => {
            refuse(left_over(rest.first(), "`.` and an attribute").note(
                "what is supposed is a fact, `penang.industry = cops`, or a block, `cluster penang { }`",
            ))
        }
        _ => Ok(()),
    }
}

/// `without techakanont_2004, pattern learning_needs_both, claim c1.20`, a modifier
pub(super) fn without(input: Tokens<'_>) -> Parsed<'_, Vec<Removed>> {
    preceded(keyword("without"), committed(list(removed))).parse(input)
}

/// `rests on berry_2002, claim c1.20`
pub(super) fn rests_on(input: Tokens<'_>) -> Parsed<'_, Vec<Removed>> {
    let (input, _) = keyword("rests")(input)?;
    let (input, _) = committed(phrase("on", "`on` and a source"))(input)?;
    committed(list(removed))(input)
}

/// `berry_2002`, `pattern learning_needs_both`, `claim c1.20`
fn removed(input: Tokens<'_>) -> Parsed<'_, Removed> {
    if input.at_keyword("pattern") {
        return committed(name("the name of a pattern")).map(Removed::Pattern).parse(input.advance());
    }
    if input.at_keyword("claim") {
        return committed(claim_name).map(Removed::Claim).parse(input.advance());
    }
    name("a source, `pattern` or `claim`").map(Removed::Source).parse(input)
}

/// `c1.20`, or the same in quotes
fn claim_name(input: Tokens<'_>) -> Parsed<'_, Word> {
    let what = "the name of a claim such as `c1.20`";
    if input.first().kind == Kind::Text {
        return text(what).map(|text| Word { text: text.text, quoted: true, span: text.span }).parse(input);
    }
    let (commit, dot, ordinal) = (input.first(), input.second(), input.nth(2));
    let is_commit = commit.kind == Kind::Word && commit.text.strip_prefix(['c', 'C']).is_some_and(is_digits);
    let touches = input.is_dotted(0) && dot.span.end == ordinal.span.start;
    if !is_commit || !touches || ordinal.kind != Kind::Number || !is_digits(ordinal.text) {
        return expected(what, input);
    }
    let text = format!("{}.{}", commit.text, ordinal.text);
    let rest = input.advance().advance().advance();
    Ok((rest, Word { text, quoted: false, span: commit.span.to(ordinal.span) }))
}

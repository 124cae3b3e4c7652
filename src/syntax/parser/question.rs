//! Questions, and the modifiers that choose what they see.

use super::super::tokens::{
    Kind, Parsed, Refusal, Token, Tokens, committed, expected, keyword, list, name, phrase, refuse, symbol,
};
use super::super::tree::{
    AsOf, Comparing, Condition, Contained, Modifiers, QuantityForm, Question, QuestionBody, Subject,
    Supposed, Word,
};
use super::condition::{contained, parenthesis_is_expression, where_clause};
use super::expression::expression;
use super::facts::{subject, subject_and_attribute};
use super::not_yet::refuse_form;
use super::quantity::measure;
use super::reasoning::{rests_on, suppose, what_if, why, why_not, without};
use super::select::{aggregate, select};
use crate::error::Error;
use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

/// A question and its modifiers; with or without them it may stand in parentheses.
pub(super) fn question(input: Tokens<'_>) -> Parsed<'_, Question> {
    let (mut input, (mut question, open)) = asked(input)?;
    for inside in (0..=open).rev() {
        if question.modifiers == Modifiers::default() {
            (input, question.modifiers) = modifiers(input)?;
        }
        if inside > 0 {
            (input, _) = committed(symbol(")", "the end of the question or `)`"))(input)?;
        }
    }
    Ok((input, question))
}

/// A question without its modifiers, and how many parentheses opened before its body, also behind `explain`
/// and `suppose`. A loop, since questions take much of the stack.
fn asked(mut input: Tokens<'_>) -> Parsed<'_, (Question, usize)> {
    let (mut explain, mut supposed, mut open) = (false, Vec::new(), 0);
    while !super::begins_expression(input) {
        if input.first().is_symbol("(") && !parenthesis_is_expression(input) {
            (input, open) = (input.advance(), open + 1);
        } else if input.at_keyword("explain") {
            once(explain, input.first())?;
            refuse_late_explain(input, &supposed)?;
            (input, explain) = (input.advance(), true);
        } else if input.at_keyword("suppose") {
            refuse_second_suppose(input, &supposed)?;
            (input, supposed) = suppose(input)?;
        } else {
            break;
        }
    }
    let (input, body) = committed(question_body)(input)?;
    Ok((input, (Question { explain, supposed, body, modifiers: Modifiers::default() }, open)))
}

fn refuse_late_explain(input: Tokens<'_>, supposed: &[Supposed]) -> Result<(), nom::Err<Refusal>> {
    if supposed.is_empty() {
        return Ok(());
    }
    refuse(Error::syntax("`explain` stands before `suppose`").at(input.first().span))
}

fn refuse_second_suppose(input: Tokens<'_>, supposed: &[Supposed]) -> Result<(), nom::Err<Refusal>> {
    let note = "what is supposed is joined by `and`: `suppose A.B = C and D.E = F then QUESTION`";
    match once(!supposed.is_empty(), input.first()) {
        Err(nom::Err::Failure(Refusal::Said(error))) => refuse(error.note(note)),
        other => other,
    }
}

fn question_body(input: Tokens<'_>) -> Parsed<'_, QuestionBody> {
    if super::begins_expression(input) || input.first().kind != Kind::Word {
        return value_question(input);
    }
    refuse_form(input)?;
    match input.first().text.to_ascii_lowercase().as_str() {
        "count" if input.second().is_word("of") => value_question(input),
        "count" | "sum" | "average" | "min" | "max" => aggregate.map(QuestionBody::Select).parse(input),
        "compare" => compare.map(QuestionBody::Compare).parse(input),
        "gaps" => gaps.map(QuestionBody::Gaps).parse(input),
        "describe" => describe.map(QuestionBody::Describe).parse(input),
        "search" => search.map(QuestionBody::Search).parse(input),
        "conflicts" => conflicts.map(QuestionBody::Conflicts).parse(input),
        "history" => history(input),
        "why" if input.second().is_word("not") && !input.is_dotted(1) => {
            why_not.map(QuestionBody::WhyNot).parse(input)
        }
        "why" => why(input),
        "what" => what_if.map(QuestionBody::WhatIf).parse(input),
        "rests" => rests_on.map(QuestionBody::RestsOn).parse(input),
        _ if begins_value(input) => value_question(input),
        _ => select.map(QuestionBody::Select).parse(input),
    }
}

/// Whether a path or an expression stands alone here, and not the name of a kind.
fn begins_value(input: Tokens<'_>) -> bool {
    let second_is_path = matches!(input.second().kind, Kind::Word | Kind::Text) && input.is_dotted(1);
    input.is_dotted(0)
        || second_is_path
        || input.second().is_arithmetic()
        || super::quantity::begins_measure(input)
}

/// `jepara_furniture.small_firms`, `a.b - c.d`
fn value_question(input: Tokens<'_>) -> Parsed<'_, QuestionBody> {
    if matches!(input.first().kind, Kind::Symbol | Kind::Closing | Kind::End) {
        return expected("a question or another statement", input);
    }
    expression.map(QuestionBody::Value).parse(input)
}

/// `compare clusters by human_capital where industry = cops`
fn compare(input: Tokens<'_>) -> Parsed<'_, Comparing> {
    let (input, _) = keyword("compare")(input)?;
    comparing(input)
}

/// `gaps of clusters by human_capital`
fn gaps(input: Tokens<'_>) -> Parsed<'_, Comparing> {
    let (input, _) = keyword("gaps")(input)?;
    let (input, _) = committed(phrase("of", "`of` and a kind or things"))(input)?;
    comparing(input)
}

/// What is set side by side; `by` and `where` in any order, each once.
fn comparing(input: Tokens<'_>) -> Parsed<'_, Comparing> {
    let (mut input, first) = committed(name("a kind or a thing"))(input)?;
    let mut of = vec![first];
    while input.first().is_symbol(",") || input.at_keyword("and") {
        let (rest, next) = committed(name("a kind or a thing"))(input.advance())?;
        of.push(next);
        input = rest;
    }
    let mut by: Vec<Word> = Vec::new();
    let mut condition: Option<Condition> = None;
    loop {
        if input.at_keyword("by") {
            once(!by.is_empty(), input.first())?;
            (input, by) = committed(list(name("an attribute or a heading")))(input.advance())?;
        } else if input.at_keyword("where") {
            once(condition.is_some(), input.first())?;
            let (rest, tested) = where_clause(input)?;
            (input, condition) = (rest, Some(tested));
        } else {
            return Ok((input, Comparing { of, by, condition }));
        }
    }
}

/// `describe thai_automotive`
fn describe(input: Tokens<'_>) -> Parsed<'_, Subject> {
    preceded(keyword("describe"), committed(subject)).parse(input)
}

/// `search "quality standards"`
fn search(input: Tokens<'_>) -> Parsed<'_, Contained> {
    preceded(keyword("search"), committed(contained)).parse(input)
}

/// `conflicts`, `conflicts of thai_automotive`
fn conflicts(input: Tokens<'_>) -> Parsed<'_, Option<Subject>> {
    preceded(keyword("conflicts"), opt(preceded(keyword("of"), committed(subject)))).parse(input)
}

/// `history of thai_automotive.human_capital`
fn history(input: Tokens<'_>) -> Parsed<'_, QuestionBody> {
    let (input, _) = keyword("history")(input)?;
    let (input, _) = committed(phrase("of", "`of` and a thing"))(input)?;
    let (input, (subject, attribute)) = committed(subject_and_attribute)(input)?;
    Ok((input, QuestionBody::History { subject, attribute }))
}

/// `as of commit 3`, `in 1995`, `ever`, `without berry_2002`, in any order, each once.
fn modifiers(mut input: Tokens<'_>) -> Parsed<'_, Modifiers> {
    let mut modifiers = Modifiers::default();
    loop {
        let token = input.first();
        if input.at_keyword("as") {
            once(modifiers.as_of.is_some(), token)?;
            let (rest, as_of) = as_of(input)?;
            (input, modifiers.as_of) = (rest, Some(as_of));
        } else if input.at_keyword("in") {
            once(modifiers.during.is_some(), token)?;
            let (rest, time) = committed(measure)(input.advance())?;
            (input, modifiers.during) = (rest, Some(time));
        } else if input.at_keyword("ever") {
            once(modifiers.ever, token)?;
            (input, modifiers.ever) = (input.advance(), true);
        } else if input.at_keyword("without") {
            once(!modifiers.without.is_empty(), token)?;
            (input, modifiers.without) = without(input)?;
        } else {
            return Ok((input, modifiers));
        }
    }
}

/// `as of commit 3`, `as of 2026-01-31`
fn as_of(input: Tokens<'_>) -> Parsed<'_, AsOf> {
    let (input, _) = keyword("as")(input)?;
    let (input, _) = committed(phrase("of", "`of` and a commit or a date"))(input)?;
    if input.at_keyword("commit") {
        let span = input.second().span;
        let (rest, commit) = committed(whole_number)(input.advance())?;
        return Ok((rest, AsOf::Commit(commit, span)));
    }
    match measure(input) {
        Ok((rest, day)) if matches!(day.form, QuantityForm::Date { .. }) => Ok((rest, AsOf::Day(day))),
        Err(failure @ nom::Err::Failure(_)) => Err(failure),
        _ => expected("`commit` and its number, or a date such as `2026-01-31`", input),
    }
}

/// A number without sign and decimals.
pub(super) fn whole_number(input: Tokens<'_>) -> Parsed<'_, u64> {
    match input.first().text.parse() {
        Ok(number) if input.first().kind == Kind::Number => Ok((input.advance(), number)),
        _ => expected("a whole number", input),
    }
}

/// Refuses what was given before.
pub(super) fn once(given: bool, token: Token<'_>) -> Result<(), nom::Err<Refusal>> {
    if !given {
        return Ok(());
    }
    refuse(Error::syntax(format!("`{}` is given twice", token.text)).at(token.span).label("the second time"))
}

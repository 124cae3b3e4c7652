//! Turns what the parser could not read into words for the person who typed it.

use super::super::Piece;
use super::super::tokens::{Kind, Refusal, Token, Tokens};
use super::super::tree::{Modifiers, Question, QuestionBody, Statement};
use super::super::words::CONNECTING_WORDS;
use crate::error::{Error, Result};
use crate::report::Span;

/// The error that a parser's refusal comes to; `text` is what the spans count in.
pub(super) fn error(error: nom::Err<Refusal>, text: &str) -> Error {
    let refusal = match error {
        nom::Err::Error(refusal) | nom::Err::Failure(refusal) => refusal,
        // No parser here is a streaming one; the message is for the case that one becomes it.
        nom::Err::Incomplete(_) => return Error::syntax("the statement is not complete"),
    };
    match refusal {
        Refusal::Said(error) => *error,
        Refusal::Expected { what, span } => unexpected(what, span, text),
    }
}

fn unexpected(what: &str, span: Span, text: &str) -> Error {
    let found = text.get(span.start..span.end).unwrap_or_default();
    let error = Error::syntax(format!("expected {what}, found {}", describe(found))).at(span);
    let error = error.label(unexpected_label(found));
    match closest(found, in_backticks(what)) {
        Some(word) => error.suggest(span, word),
        None => error,
    }
}

fn unexpected_label(found: &str) -> &'static str {
    if found.is_empty() { "the statement ends here" } else { "not expected here" }
}

/// What was typed, in words.
fn describe(found: &str) -> String {
    match found.chars().next() {
        None => "the end of the statement".to_string(),
        Some('"') => "a string".to_string(),
        Some(digit) if digit.is_ascii_digit() => format!("the number `{found}`"),
        Some(_) => format!("`{found}`"),
    }
}

/// The words that `what` names as keywords.
fn in_backticks(what: &str) -> impl Iterator<Item = &str> {
    what.split('`').skip(1).step_by(2)
}

/// The candidate that `word` is probably a slip for.
pub(super) fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let bearable = |candidate: &str| match candidate.len() {
        0..=2 => usize::from(word.starts_with(candidate)),
        3..=4 => 1,
        _ => 2,
    };
    candidates
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&word, candidate);
            (distance > 0 && distance <= bearable(candidate)).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Refuses what is left behind a complete statement.
pub(super) fn expect_end(rest: Tokens<'_>, statement: &Statement) -> Result<()> {
    let token = rest.first();
    if token.kind == Kind::End {
        return Ok(());
    }
    let error = left_over(token, what_may_follow(statement));
    let is_value = matches!(statement, Statement::Question(Question { body: QuestionBody::Value(_), .. }));
    if is_value && token.is_comparison() {
        return Err(error.note("to ask whether it holds write `why` before it, to claim it `assert`; a condition stands behind `where`"));
    }
    Err(error)
}

fn what_may_follow(statement: &Statement) -> &'static str {
    match statement {
        Statement::Question(question) if question.modifiers != Modifiers::default() => {
            "the end of the statement, as clauses stand before `as of`, `in`, `ever` and `without`"
        }
        Statement::Question(question) => match &question.body {
            QuestionBody::Select(select) if select.condition.is_none() => {
                "`where`, `show` or another clause, or the end of the statement"
            }
            QuestionBody::Select(_) => "`and`, `or`, `show` or another clause, or the end of the statement",
            QuestionBody::Value(_) => "an operator or the end of the statement",
            QuestionBody::Compare(_) | QuestionBody::Gaps(_) => "`by`, `where` or the end of the statement",
            QuestionBody::Why { .. } | QuestionBody::WhyNot(_) => "`and`, `or` or the end of the statement",
            QuestionBody::WhatIf(_) => "`and` and another fact, or the end of the statement",
            QuestionBody::RestsOn(_) => "`,` and another source, or the end of the statement",
            _ => "the end of the statement",
        },
        Statement::Export(_) => "`to` and a file, or the end of the statement",
        _ => "the end of the statement",
    }
}

/// The error for a token that continues nothing.
pub(super) fn left_over(token: Token<'_>, expected: &str) -> Error {
    let error = Error::syntax(format!("expected {expected}, found {}", describe(token.text)))
        .at(token.span)
        .label(unexpected_label(token.text));
    if token.text == "/" || token.text == "-" {
        return error.note("an operator stands between spaces: `a - b`, `a / b`");
    }
    match closest(token.text, in_backticks(expected).chain(CONNECTING_WORDS.iter().copied()))
        .filter(|_| token.kind == Kind::Word)
    {
        Some(word) => error.suggest(token.span, word),
        None => error,
    }
}

/// The error for more than one statement where one was asked for.
pub(super) fn second_statement(second: &Piece) -> Error {
    Error::syntax("expected one statement, found a second")
        .at(Span::new(second.start, second.start + second.text.len()))
        .label("the second begins here")
        .note("a line that goes on on the next ends in `\\`, or stands in brackets")
}

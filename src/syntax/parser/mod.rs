//! One statement's tokens to its tree. Each function is a production of `grammar/casebook.ebnf` and bears
//! its name.

mod condition;
mod exchange;
mod expression;
mod facts;
mod not_yet;
mod pattern;
mod quantity;
mod question;
mod refusal;
mod select;
mod vocabulary;

use super::MAX_STATEMENT;
use super::lexer;
use super::splitter::split;
use super::tokens::{Kind, Parsed, Tokens};
use super::tree::Statement;
use super::words::{STATEMENT_WORDS, is_one_of};
use crate::error::{Error, ErrorKind, Result};
use crate::report::Span;
use nom::Parser;

/// Reads one statement; comments around it, a `;` and line ends behind it are allowed.
///
/// Spans in the tree and in errors are bytes of `text`. It fails with [`ErrorKind::Syntax`] for what is
/// no statement, with [`ErrorKind::NotYet`] for a form that this version does not answer, and with
/// [`ErrorKind::Limit`] beyond the limits of this module.
///
/// ```
/// use casebook::syntax::{parse, tree::Statement};
/// let statement = parse("clusters where industry = CoPS # all of them").unwrap();
/// assert!(matches!(statement, Statement::Question(_)));
/// assert_eq!(statement.to_string(), "clusters where industry = CoPS");
///
/// let error = parse("clusters were industry = CoPS").unwrap_err();
/// assert_eq!(error.report().suggestion.as_ref().unwrap().replacement, "where");
/// ```
pub fn parse(text: &str) -> Result<Statement> {
    let pieces = split(text);
    let Some(piece) = pieces.first() else {
        return Err(Error::syntax("there is no statement here").at(Span::new(0, text.len())));
    };
    let end = piece.start + piece.text.len();
    if piece.text.len() > MAX_STATEMENT {
        let message = format!("a statement has at most {MAX_STATEMENT} bytes");
        return Err(Error::new(ErrorKind::Limit, message).at(Span::new(piece.start, end)));
    }
    let tokens = lexer::tokens(&piece.text, piece.start)?;
    let input = Tokens::new(&tokens, end);
    let (rest, statement) = statement(input).map_err(|error| refusal::error(error, text))?;
    refusal::expect_end(rest, &statement)?;
    match pieces.get(1) {
        Some(second) => Err(refusal::second_statement(second)),
        None => Ok(statement),
    }
}

fn statement(input: Tokens<'_>) -> Parsed<'_, Statement> {
    if begins_expression(input) {
        return question::question.map(Statement::Question).parse(input);
    }
    if let Some(parsed) = declaration(input) {
        return parsed;
    }
    not_yet::refuse_form(input)?;
    if facts::begins_block(input) {
        return facts::block.map(Statement::Block).parse(input);
    }
    facts::refuse_bare_thing(input)?;
    question::question.map(Statement::Question).parse(input)
}

/// What the first word alone decides, apart from questions.
fn declaration(input: Tokens<'_>) -> Option<Parsed<'_, Statement>> {
    let token = input.first();
    if token.kind != Kind::Word {
        return None;
    }
    Some(match token.text.to_ascii_lowercase().as_str() {
        "kind" => vocabulary::kind_declaration.map(Statement::Kind).parse(input),
        "attribute" => vocabulary::attribute_declaration.map(Statement::Attribute).parse(input),
        "alias" => vocabulary::alias_declaration.map(Statement::Alias).parse(input),
        "context" => vocabulary::context_declaration.map(Statement::Context).parse(input),
        "assert" => facts::assertion.map(Statement::Assert).parse(input),
        "retract" => facts::retraction.map(Statement::Retract).parse(input),
        "pattern" => pattern::pattern_declaration.map(Statement::Pattern).parse(input),
        "import" => exchange::import.map(Statement::Import).parse(input),
        "export" => exchange::export.map(Statement::Export).parse(input),
        _ => return None,
    })
}

/// Whether a statement, or a question in it, is an expression even if its first word is one that begins
/// statements: `count.founded`, `fit - penang.founded`.
fn begins_expression(input: Tokens<'_>) -> bool {
    let first = input.first();
    let is_word = first.kind == Kind::Word && is_one_of(first.text, STATEMENT_WORDS);
    is_word && (input.is_dotted(0) || input.second().is_arithmetic())
}

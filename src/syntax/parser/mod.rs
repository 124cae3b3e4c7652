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
mod reasoning;
mod refusal;
mod select;
mod vocabulary;

use super::lexer;
use super::splitter::split;
use super::tokens::{Kind, Parsed, Tokens};
use super::tree::{Quantity, QuantityForm, Statement};
use super::words::{STATEMENT_WORDS, is_digits, is_one_of};
use super::{MAX_NAME, MAX_STATEMENT};
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

/// Reads a number, percentage, year or date that stands alone, as in the cell of a table; `None` if the
/// text is none.
///
/// ```
/// use casebook::syntax::quantity;
/// assert_eq!(quantity("about  2000").unwrap().to_string(), "about 2000");
/// assert_eq!(quantity("2,000"), None);
/// ```
pub fn quantity(text: &str) -> Option<Quantity> {
    let span = Span::new(0, text.len());
    let plain = |digits: &str| {
        let unsigned = digits.strip_prefix('-').unwrap_or(digits);
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        text.len() < MAX_NAME && is_digits(whole) && is_digits(decimals)
    };
    let digits = text.strip_suffix('%').unwrap_or(text);
    if plain(digits) {
        let form = QuantityForm::Exact(digits.to_string());
        return Some(Quantity { form, percent: digits.len() < text.len(), span });
    }
    let tokens = lexer::tokens(text, 0).ok()?;
    let (rest, quantity) = quantity::quantity(Tokens::new(&tokens, text.len())).ok()?;
    (rest.first().kind == Kind::End).then_some(quantity)
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

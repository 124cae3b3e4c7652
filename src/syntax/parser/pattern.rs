//! `pattern`: for a kind, when conditions hold, conclusions follow.

use super::super::tokens::{
    Kind, Parsed, Tokens, committed, expected, keyword, list, name, new_name, phrase, refuse, symbol, text,
    word,
};
use super::super::tree::{Conclusion, Evidence, PatternDeclaration, Rule, Variable, Word};
use super::condition::condition;
use super::expression::target;
use super::facts::{concluded_values, equal_or_denial, evidence_group};
use super::question::once;
use crate::error::Error;
use nom::Parser;
use nom::combinator::opt;
use nom::multi::many0;
use nom::sequence::preceded;

/// What stands behind the rule of a pattern.
#[derive(Default)]
struct Support {
    seen_in: Vec<Word>,
    against: Vec<Word>,
    evidence: Evidence,
}

/// `pattern local "title" { for cluster when a = b then c = d seen in jepara [source] (hedged) }`
pub(super) fn pattern_declaration(input: Tokens<'_>) -> Parsed<'_, PatternDeclaration> {
    let (input, _) = keyword("pattern")(input)?;
    let (input, name) = committed(new_name("the name of a pattern"))(input)?;
    let (input, title) = opt(text("a title")).parse(input)?;
    let (input, _) = committed(symbol("{", "a title or `{`"))(input)?;
    let (input, variables) = committed(variables)(input)?;
    let (input, rule) = committed(rule)(input)?;
    let (input, Support { seen_in, against, evidence }) = support(input)?;
    let (input, _) = committed(symbol("}", "`and`, `or`, `seen in`, `against`, citations or `}`"))(input)?;
    Ok((input, PatternDeclaration { name, title, variables, rule, seen_in, against, evidence }))
}

/// `for cluster`, `for source A, source B`
fn variables(input: Tokens<'_>) -> Parsed<'_, Vec<Variable>> {
    let (input, _) = phrase("for", "`for` and a kind")(input)?;
    list(variable)(input)
}

/// `cluster`, `source A`
fn variable(input: Tokens<'_>) -> Parsed<'_, Variable> {
    let (input, kind) = word("a kind")(input)?;
    if !begins_variable(input) {
        return Ok((input, Variable { kind, name: None }));
    }
    word("a variable").map(|name| Variable { kind: kind.clone(), name: Some(name) }).parse(input)
}

/// Whether the word here is a variable, and not the beginning of the rule.
fn begins_variable(input: Tokens<'_>) -> bool {
    let next = input.second();
    input.first().kind == Kind::Word
        && !input.at_keyword("when")
        && !input.is_dotted(0)
        && !next.is_symbol("=")
        && !next.is_symbol("!=")
}

fn rule(input: Tokens<'_>) -> Parsed<'_, Rule> {
    if input.at_keyword("when") { sufficient(input) } else { necessary(input) }
}

/// `when CONDITION then CONCLUSION and CONCLUSION`
fn sufficient(input: Tokens<'_>) -> Parsed<'_, Rule> {
    let (input, _) = keyword("when")(input)?;
    let (input, when) = committed(condition)(input)?;
    let (input, _) = committed(phrase("then", "`and`, `or` or `then`"))(input)?;
    let (input, first) = committed(conclusion)(input)?;
    let (input, others) = many0(preceded(keyword("and"), committed(conclusion))).parse(input)?;
    let then = std::iter::once(first).chain(others).collect();
    Ok((input, Rule::Sufficient { when, then }))
}

/// `CONCLUSION requires CONDITION`
fn necessary(input: Tokens<'_>) -> Parsed<'_, Rule> {
    if input.first().kind != Kind::Word {
        return expected("`when`, or a conclusion and `requires`", input);
    }
    let (input, conclusion) = conclusion(input)?;
    let (input, _) = committed(phrase("requires", "`requires` and a condition"))(input)?;
    let (input, requires) = committed(condition)(input)?;
    Ok((input, Rule::Necessary { conclusion, requires }))
}

/// `A.cites = B`, `recommended != (a, b)`
fn conclusion(input: Tokens<'_>) -> Parsed<'_, Conclusion> {
    let (input, target) = target(input)?;
    let (input, denied) = committed(equal_or_denial)(input)?;
    let (input, values) = committed(concluded_values)(input)?;
    Ok((input, Conclusion { target, denied, values }))
}

/// `seen in`, `against`, citations and qualifiers, in any order.
fn support(mut input: Tokens<'_>) -> Parsed<'_, Support> {
    let mut support = Support::default();
    loop {
        let token = input.first();
        if input.at_keyword("seen") {
            once(!support.seen_in.is_empty(), token)?;
            let (rest, _) = committed(phrase("in", "`in` behind `seen`"))(input.advance())?;
            (input, support.seen_in) = committed(list(name("a case")))(rest)?;
        } else if input.at_keyword("against") {
            once(!support.against.is_empty(), token)?;
            (input, support.against) = committed(list(name("a case")))(input.advance())?;
        } else if token.is_symbol("[") || token.is_symbol("(") {
            (input, support.evidence) = evidence_group(input, support.evidence)?;
        } else {
            refuse_second_rule(input)?;
            return Ok((input, support));
        }
    }
}

fn refuse_second_rule(input: Tokens<'_>) -> Result<(), nom::Err<super::super::tokens::Refusal>> {
    if !input.at_keyword("when") && !input.at_keyword("then") {
        return Ok(());
    }
    let error =
        Error::syntax("a pattern has one rule").at(input.first().span).label("a second one begins here");
    refuse(error.note("write two patterns, or join the conditions with `or`"))
}

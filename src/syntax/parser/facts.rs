//! Blocks, `assert` and `retract`: what is claimed, and on whose word.

use super::super::tokens::{
    Kind, Parsed, Refusal, Tokens, committed, expected, keyword, list, name, nested, new_name, parameter,
    refuse, root, second_name, symbol, text, word,
};
use super::super::tree::{
    Assertion, Block, Citation, Entry, Evidence, Quoted, Retraction, StatedValue, Subject, Word,
};
use super::super::words::{CONNECTING_WORDS, STATEMENT_WORDS, is_one_of};
use super::condition::refuse_doubled;
use super::expression::steps;
use super::quantity::{begins_measure, measure, quantity};
use super::question::once;
use super::refusal::closest;
use crate::error::Error;
use nom::Parser;
use nom::combinator::{opt, verify};
use nom::sequence::preceded;

/// Whether a block stands here: a `{` follows the first words, and the first can be a kind.
pub(super) fn begins_block(input: Tokens<'_>) -> bool {
    let first = input.first();
    let may_be_kind = first.kind == Kind::Word && !is_one_of(first.text, STATEMENT_WORDS);
    may_be_kind && (1..4).any(|count| input.nth(count).is_symbol("{"))
}

/// With these a question begins in other languages.
const ASKING_WORDS: &[&str] = &["show", "list", "select", "get", "find", "display", "print"];

/// With these a clause of a question begins.
const CLAUSE_WORDS: &[&str] =
    &["where", "show", "about", "for", "by", "order", "limit", "as", "in", "with", "ever"];

/// Refuses `cluster penang` and nothing else, which is neither a fact nor a question.
pub(super) fn refuse_bare_thing(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let (first, second, third) = (input.first(), input.second(), input.nth(2));
    let third_is_title = third.kind == Kind::Text && input.nth(3).kind == Kind::End;
    let are_words = first.kind == Kind::Word && matches!(second.kind, Kind::Word | Kind::Text);
    let connects = second.kind == Kind::Word && is_one_of(second.text, CONNECTING_WORDS);
    let begins_statement = is_one_of(first.text, STATEMENT_WORDS);
    let is_alone = third.kind == Kind::End || third_is_title;
    if !are_words || connects || begins_statement || !is_alone || begins_measure(input) {
        return Ok(());
    }
    let (kind, name) = (first.text, second.text);
    if is_one_of(kind, ASKING_WORDS) {
        let error = Error::syntax(format!("`{kind}` begins no statement"))
            .at(first.span)
            .note("a question begins with what is asked for: `clusters show name, country`")
            .suggest(first.span.to(second.span), name);
        return refuse(error);
    }
    if is_one_of(kind, CLAUSE_WORDS) {
        let error = Error::syntax(format!("`{kind}` begins no statement"))
            .at(first.span)
            .note("a question begins with what is asked for: `claims about X`, `clusters where A = B`");
        let is_about = first.is_word("about");
        return refuse(if is_about { error.suggest(first.span, "claims about") } else { error });
    }
    if let Some(clause) = closest(name, CLAUSE_WORDS.iter().copied()).filter(|_| second.kind == Kind::Word) {
        let error = Error::syntax(format!("`{name}` begins no clause"))
            .at(second.span)
            .note(format!("if it is the name of a new thing, write `{kind} {name} {{ }}`"))
            .suggest(second.span, clause);
        return refuse(error);
    }
    let error = Error::syntax(format!("`{kind} {name}` alone is neither a fact nor a question"))
        .at(first.span.to(second.span))
        .note(format!("to add it write `{kind} {name} {{ }}`, to see it `describe {kind} {name}`"));
    refuse(error)
}

/// `cluster penang "Penang electronics" { industry: cops }`
pub(super) fn block(input: Tokens<'_>) -> Parsed<'_, Block> {
    let (input, kind) = word("a kind")(input)?;
    let (input, name) = committed(new_name("the name of a thing"))(input)?;
    let (input, title) = opt(text("a title")).parse(input)?;
    let (input, _) = committed(symbol("{", "a title or `{`"))(input)?;
    let (input, entries) = committed(entries)(input)?;
    let (input, _) = committed(symbol("}", "an attribute or `}`"))(input)?;
    Ok((input, Block { kind, name, title, entries }))
}

/// The entries of a block.
fn entries(input: Tokens<'_>) -> Parsed<'_, Vec<Entry>> {
    separated(entry)(input)
}

/// What stands in braces: parts, each ended by a line's end, `,` or `;`.
pub(super) fn separated<'a, T>(
    entry: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, Vec<T>> {
    move |input| {
        let mut entries = Vec::new();
        let mut input = separators(input);
        while !input.first().is_symbol("}") {
            let (rest, entry) = entry(input)?;
            entries.push(entry);
            input = separators(rest);
            let ended = input.first().begins_line || rest.first().span.start != input.first().span.start;
            if !ended && !input.first().is_symbol("}") {
                return refuse(entry_not_ended(input));
            }
        }
        Ok((input, entries))
    }
}

fn separators(mut input: Tokens<'_>) -> Tokens<'_> {
    while input.first().is_symbol(",") || input.first().is_symbol(";") {
        input = input.advance();
    }
    input
}

fn entry_not_ended(input: Tokens<'_>) -> Error {
    let token = input.first();
    let error = super::refusal::left_over(token, "the end of the entry: a new line, `,` or `;`");
    match token.kind {
        Kind::Word => {
            error.note("a value of several words stands in double quotes; a unit belongs to the attribute")
        }
        _ => error,
    }
}

/// `small_firms: > 2000 (in mid 1990s) [sandee_1998 "p. 3"]`, `recommended != trade_fairs`
fn entry(input: Tokens<'_>) -> Parsed<'_, Entry> {
    refuse_grouped_digits(input)?;
    let (rest, attribute) = word("an attribute or `}`")(input)?;
    let (rest, denied) = committed(colon_or_denial)(rest)?;
    refuse_missing_value(rest, &attribute)?;
    let (rest, values) = committed(values)(rest)?;
    let (rest, (note, evidence)) = backing(rest, true)?;
    Ok((rest, Entry { attribute, denied, values, note, evidence, span: input.span_until(rest) }))
}

/// `:` states, `!=` denies; gives whether it denies.
fn colon_or_denial(input: Tokens<'_>) -> Parsed<'_, bool> {
    let token = input.first();
    if token.is_symbol("=") {
        return refuse(
            Error::syntax("an entry states with `:` and denies with `!=`")
                .at(token.span)
                .suggest(token.span, ":"),
        );
    }
    if token.is_symbol("!=") {
        return Ok((input.advance(), true));
    }
    symbol(":", "`:` or `!=`").map(|_| false).parse(input)
}

/// `2,000` would be the value `2` and an entry that begins with `000`.
fn refuse_grouped_digits(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let token = input.first();
    if token.kind != Kind::Number {
        return Ok(());
    }
    let error = Error::syntax("expected an attribute, found a number").at(token.span);
    refuse(error.note("a number is written without commas: `2000`"))
}

fn refuse_missing_value(input: Tokens<'_>, attribute: &Word) -> Result<(), nom::Err<Refusal>> {
    let next = input.second();
    let is_next_entry = input.first().begins_line && (next.is_symbol(":") || next.is_symbol("!="));
    if !is_next_entry && !input.first().is_symbol("}") {
        return Ok(());
    }
    let error = Error::syntax(format!("`{}` has no value", attribute.text)).at(attribute.span);
    refuse(error.note("what a source does not say is written `unknown`"))
}

/// One value, or several in parentheses.
fn values(input: Tokens<'_>) -> Parsed<'_, Vec<StatedValue>> {
    value_list(input, stated_value)
}

/// What `values` is in facts and `concluded_values` in patterns; `value` reads one.
fn value_list(
    input: Tokens<'_>,
    value: fn(Tokens<'_>) -> Parsed<'_, StatedValue>,
) -> Parsed<'_, Vec<StatedValue>> {
    if !input.first().is_symbol("(") {
        return value.map(|value| vec![value]).parse(input);
    }
    let (input, _) = symbol("(", "`(`")(input)?;
    let (input, values) = nested(|input| committed(list(value))(input))(input)?;
    let (input, _) = committed(symbol(")", "`,` or `)`"))(input)?;
    Ok((input, values))
}

/// A value in a fact.
fn stated_value(input: Tokens<'_>) -> Parsed<'_, StatedValue> {
    if input.at_keyword("unknown") {
        return Ok((input.advance(), StatedValue::Unknown(input.first().span)));
    }
    if begins_quantity(input) {
        return quantity.map(StatedValue::Quantity).parse(input);
    }
    named_value(input)
}

fn begins_quantity(input: Tokens<'_>) -> bool {
    begins_measure(input) || (input.first().is_comparison() && !matches!(input.first().text, "=" | "!="))
}

/// One value, or several in parentheses, that a pattern concludes.
pub(super) fn concluded_values(input: Tokens<'_>) -> Parsed<'_, Vec<StatedValue>> {
    value_list(input, concluded_value)
}

/// A value in a conclusion: not `unknown`, and no bound.
fn concluded_value(input: Tokens<'_>) -> Parsed<'_, StatedValue> {
    if input.at_keyword("unknown") {
        return refuse(Error::syntax("a pattern cannot conclude `unknown`").at(input.first().span));
    }
    if begins_measure(input) {
        return measure.map(StatedValue::Quantity).parse(input);
    }
    named_value(input)
}

/// A word, a parameter, or `cluster penang` on one line.
fn named_value(input: Tokens<'_>) -> Parsed<'_, StatedValue> {
    if input.first().kind == Kind::Parameter {
        return parameter.map(StatedValue::Parameter).parse(input);
    }
    let (rest, first) = name("a value")(input)?;
    let next = rest.first();
    // Behind a word in quotes another word cannot be a name, and a string is always the note.
    if first.quoted || next.kind != Kind::Word || next.begins_line {
        return Ok((rest, StatedValue::Word(first)));
    }
    match second_name(rest) {
        Ok((rest, name)) => Ok((rest, StatedValue::Thing { kind: first, name })),
        Err(_) => Ok((rest, StatedValue::Word(first))),
    }
}

/// What stands behind a value, in any order: a note (where `noted`), citations and qualifiers.
fn backing(mut input: Tokens<'_>, noted: bool) -> Parsed<'_, (Option<Quoted>, Evidence)> {
    let mut note = None;
    let mut backing = Evidence::default();
    loop {
        let token = input.first();
        if token.kind == Kind::Text && noted {
            if note.is_some() {
                return refuse(Error::syntax("an entry has one note").at(token.span).label("a second note"));
            }
            let (rest, text) = text("a note")(input)?;
            (input, note) = (rest, Some(text));
        } else if token.is_symbol("[") || token.is_symbol("(") {
            (input, backing) = evidence_group(input, backing)?;
        } else {
            return Ok((input, (note, backing)));
        }
    }
}

/// Citations and qualifiers: `[a "p. 1"; b via c "s. 2"] (hedged, in 1995)`; several groups of citations merge.
pub(super) fn evidence(input: Tokens<'_>) -> Parsed<'_, Evidence> {
    let (rest, (_, evidence)) = backing(input, false)?;
    Ok((rest, evidence))
}

/// One group of citations or qualifiers, added to `evidence`.
pub(super) fn evidence_group(input: Tokens<'_>, evidence: Evidence) -> Parsed<'_, Evidence> {
    if input.first().is_symbol("[") { citations(input, evidence) } else { qualifiers(input, evidence) }
}

/// `[a "p. 1"; b via c "s. 2"]`
fn citations(input: Tokens<'_>, mut evidence: Evidence) -> Parsed<'_, Evidence> {
    let (mut input, _) = symbol("[", "`[`")(input)?;
    loop {
        let (rest, citation) = committed(citation)(input)?;
        evidence.citations.push(citation);
        if !rest.first().is_symbol(";") {
            let (rest, _) = committed(symbol("]", "a locator in quotes, `via`, `;` or `]`"))(rest)?;
            return Ok((rest, evidence));
        }
        input = rest.advance();
    }
}

/// `b via c "s. 2"`
fn citation(input: Tokens<'_>) -> Parsed<'_, Citation> {
    let (input, source) = name("a source")(input)?;
    let (input, via) = opt(preceded(keyword("via"), committed(name("a source")))).parse(input)?;
    let (input, locator) = opt(text("a locator")).parse(input)?;
    Ok((input, Citation { source, via, locator }))
}

/// `(hedged, in 1995)`
fn qualifiers(input: Tokens<'_>, mut evidence: Evidence) -> Parsed<'_, Evidence> {
    let given = [&evidence.observed, &evidence.since, &evidence.until].into_iter().any(Option::is_some);
    if evidence.hedged || given {
        let error = Error::syntax("qualifiers stand in one pair of parentheses").at(input.first().span);
        return refuse(error.note("write `(hedged, in 1995)`"));
    }
    let (mut input, _) = symbol("(", "`(`")(input)?;
    loop {
        (input, evidence) = qualifier(input, evidence)?;
        if !input.first().is_symbol(",") {
            let (rest, _) = committed(symbol(")", "`,` or `)`"))(input)?;
            return Ok((rest, evidence));
        }
        input = input.advance();
    }
}

/// `hedged`, `in 1995`, `since 1990`, `until 1999`
fn qualifier(input: Tokens<'_>, mut evidence: Evidence) -> Parsed<'_, Evidence> {
    let token = input.first();
    let rest = input.advance();
    if input.at_keyword("hedged") {
        once(evidence.hedged, token)?;
        evidence.hedged = true;
        return Ok((rest, evidence));
    }
    let time = if input.at_keyword("in") {
        &mut evidence.observed
    } else if input.at_keyword("since") {
        &mut evidence.since
    } else if input.at_keyword("until") {
        &mut evidence.until
    } else {
        return expected("`hedged`, `in`, `since` or `until`", input);
    };
    once(time.is_some(), token)?;
    let (rest, quantity) = committed(measure)(rest)?;
    *time = Some(quantity);
    Ok((rest, evidence))
}

/// `penang`, `cluster penang`, `$p`
pub(super) fn subject(input: Tokens<'_>) -> Parsed<'_, Subject> {
    let kind = verify(word("a kind"), |_| second_name(input.advance()).is_ok() && !input.is_dotted(0));
    let (rest, kind) = opt(kind).parse(input)?;
    let (rest, name) = root("the name of a thing")(rest)?;
    Ok((rest, Subject { kind, name, span: input.span_until(rest) }))
}

/// `assert penang.industry = cops "note" [source "p. 1"] (hedged)`
pub(super) fn assertion(input: Tokens<'_>) -> Parsed<'_, Assertion> {
    preceded(keyword("assert"), committed(fact)).parse(input)
}

/// What follows `assert`, and what `suppose` and `what if` take.
pub(super) fn fact(input: Tokens<'_>) -> Parsed<'_, Assertion> {
    let start = input;
    let (input, (subject, attribute)) = subject_and_attribute(input)?;
    let Some(attribute) = attribute else {
        return expected("`.` and an attribute", input);
    };
    let (input, denied) = committed(equal_or_denial)(input)?;
    let (input, values) = committed(values)(input)?;
    let (input, (note, evidence)) = backing(input, true)?;
    let entry = Entry { attribute, denied, values, note, evidence, span: start.span_until(input) };
    Ok((input, Assertion { subject, entry }))
}

/// `=` states, `!=` denies; gives whether it denies.
pub(super) fn equal_or_denial(input: Tokens<'_>) -> Parsed<'_, bool> {
    if input.first().is_symbol("!=") {
        return Ok((input.advance(), true));
    }
    refuse_doubled(input)?;
    symbol("=", "`=` or `!=`").map(|_| false).parse(input)
}

/// `penang.industry`, or `penang` alone
pub(super) fn subject_and_attribute(input: Tokens<'_>) -> Parsed<'_, (Subject, Option<Word>)> {
    let (input, subject) = subject(input)?;
    let (input, mut steps) = steps(input)?;
    if let Some(second) = steps.get(1) {
        let error = Error::syntax("expected one attribute of one thing").at(second.span);
        return refuse(error.note("a claim belongs to the thing itself: name that one"));
    }
    Ok((input, (subject, steps.pop())))
}

/// `retract penang.industry = cops`, `retract pattern localised_knowledge`
pub(super) fn retraction(input: Tokens<'_>) -> Parsed<'_, Retraction> {
    let (input, _) = keyword("retract")(input)?;
    if input.at_keyword("pattern") && matches!(input.second().kind, Kind::Word | Kind::Text) {
        return name("the name of a pattern").map(Retraction::Pattern).parse(input.advance());
    }
    let (input, (subject, attribute)) = committed(subject_and_attribute)(input)?;
    let states = input.first().is_symbol("=") || input.first().is_symbol("!=");
    let (input, statement) = if attribute.is_some() && states {
        let (input, denied) = equal_or_denial(input)?;
        let (input, value) = committed(stated_value)(input)?;
        (input, Some((denied, value)))
    } else {
        (input, None)
    };
    let (input, evidence) = evidence(input)?;
    Ok((input, Retraction::Claims { subject, attribute, statement, evidence }))
}

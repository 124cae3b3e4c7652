//! `kind`, `attribute`, `alias` and `context`.

use super::super::tokens::{
    Kind, Parsed, Tokens, committed, expected, keyword, list, name, new_name, phrase, refuse, symbol, text,
    word,
};
use super::super::tree::{
    AliasDeclaration, AttributeDeclaration, ContextDeclaration, KindDeclaration, Meaning, ValueType, Word,
};
use super::facts::separated;
use super::question::once;
use super::refusal::left_over;
use crate::error::Error;
use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

/// `kind study "a piece of research" plural studies`
pub(super) fn kind_declaration(input: Tokens<'_>) -> Parsed<'_, KindDeclaration> {
    let (input, _) = keyword("kind")(input)?;
    let (input, name) = committed(kind_name)(input)?;
    let (input, description) = opt(text("a description")).parse(input)?;
    let (input, plural) = opt(preceded(keyword("plural"), committed(kind_name))).parse(input)?;
    let (input, description) = match description {
        None => opt(text("a description")).parse(input)?,
        given => (input, given),
    };
    Ok((input, KindDeclaration { name, description, plural }))
}

/// A bare word: the name of a kind, an attribute or a heading.
fn kind_name(input: Tokens<'_>) -> Parsed<'_, Word> {
    match input.first().kind {
        Kind::Text => {
            refuse(Error::syntax("the name of a kind is one word without quotes").at(input.first().span))
        }
        _ => word("the name of a kind")(input),
    }
}

/// `attribute craft_skills "what people can do" of cluster: scale scarce < available under human_capital`
pub(super) fn attribute_declaration(input: Tokens<'_>) -> Parsed<'_, AttributeDeclaration> {
    let (input, _) = keyword("attribute")(input)?;
    let (input, name) = committed(word("the name of an attribute"))(input)?;
    let (input, description) = opt(text("a description")).parse(input)?;
    let (input, (kind, many, kind_of_value)) = committed(attribute_type)(input)?;
    let (heading, inverse, meanings) = (None, None, Vec::new());
    attribute_clauses(
        input,
        AttributeDeclaration { name, kind, many, kind_of_value, heading, inverse, description, meanings },
    )
}

/// `of source: many source`: the kind it belongs to, whether it takes many values, and of which type.
fn attribute_type(input: Tokens<'_>) -> Parsed<'_, (Word, bool, ValueType)> {
    let (input, _) = phrase("of", "`of` and a kind")(input)?;
    let (input, kind) = committed(kind_name)(input)?;
    let (input, _) = committed(symbol(":", "`:` and a type"))(input)?;
    let (input, many) = opt(keyword("many")).parse(input)?;
    let (input, kind_of_value) = committed(value_type)(input)?;
    Ok((input, (kind, many.is_some(), kind_of_value)))
}

/// Heading, inverse and a description, in any order, each once; then what the values mean.
fn attribute_clauses(
    mut input: Tokens<'_>,
    mut declaration: AttributeDeclaration,
) -> Parsed<'_, AttributeDeclaration> {
    loop {
        let token = input.first();
        if input.at_keyword("under") {
            once(declaration.heading.is_some(), token)?;
            let (rest, heading) = under_clause(input)?;
            (input, declaration.heading) = (rest, Some(heading));
        } else if input.at_keyword("inverse") {
            once(declaration.inverse.is_some(), token)?;
            let (rest, inverse) = inverse_clause(input)?;
            (input, declaration.inverse) = (rest, Some(inverse));
        } else if token.kind == Kind::Text {
            if declaration.description.is_some() {
                return refuse(Error::syntax("an attribute has one description").at(token.span));
            }
            let (rest, description) = text("a description")(input)?;
            (input, declaration.description) = (rest, Some(description));
        } else if token.is_symbol("{") {
            let (input, meanings) = meanings(input)?;
            if input.first().kind != Kind::End {
                return expected("the end of the statement after the values' meanings", input);
            }
            return Ok((input, AttributeDeclaration { meanings, ..declaration }));
        } else if token.kind == Kind::End {
            return Ok((input, declaration));
        } else {
            let expected = "`under`, `inverse`, a description, `{` or the end of the statement";
            return refuse(left_over(token, expected));
        }
    }
}

/// `{ scarce: "few, and hard to replace", available: "easily found" }`
fn meanings(input: Tokens<'_>) -> Parsed<'_, Vec<Meaning>> {
    let (input, _) = symbol("{", "`{`")(input)?;
    let (input, meanings) = committed(separated(meaning))(input)?;
    let (input, _) = committed(symbol("}", "a value or `}`"))(input)?;
    Ok((input, meanings))
}

/// `scarce: "few, and hard to replace"`
fn meaning(input: Tokens<'_>) -> Parsed<'_, Meaning> {
    let (input, value) = committed(name("a value"))(input)?;
    let (input, _) = committed(symbol(":", "`:` and what it means"))(input)?;
    let (input, text) = committed(text("what it means, in double quotes"))(input)?;
    Ok((input, Meaning { value, text }))
}

/// `under human_capital`
fn under_clause(input: Tokens<'_>) -> Parsed<'_, Word> {
    preceded(keyword("under"), committed(word("the name of a heading"))).parse(input)
}

/// `inverse cited_by`
fn inverse_clause(input: Tokens<'_>) -> Parsed<'_, Word> {
    preceded(keyword("inverse"), committed(word("the name of an attribute"))).parse(input)
}

/// `text`, `number "persons"`, `yes/no`, `one of a, b`, `scale low < high`, a kind, ...
fn value_type(input: Tokens<'_>) -> Parsed<'_, ValueType> {
    let token = input.first();
    if token.kind != Kind::Word {
        return expected("a type such as `text`, `number`, `year` or a kind", input);
    }
    let rest = input.advance();
    match token.text.to_ascii_lowercase().as_str() {
        "text" => Ok((rest, ValueType::Text)),
        "number" => opt(text("a unit")).map(|unit| ValueType::Number { unit }).parse(rest),
        "percent" => Ok((rest, ValueType::Percent)),
        "year" => Ok((rest, ValueType::Year)),
        "date" => Ok((rest, ValueType::Date)),
        "yes" if rest.first().is_symbol("/") => {
            committed(phrase("no", "`no`")).map(|_| ValueType::YesNo).parse(rest.advance())
        }
        "one" if rest.at_keyword("of") => {
            committed(list(new_name("a value"))).map(ValueType::OneOf).parse(rest.advance())
        }
        "scale" => scale(rest),
        _ => word("a kind").map(ValueType::Kind).parse(input),
    }
}

/// The steps of a scale, the lowest first.
fn scale(input: Tokens<'_>) -> Parsed<'_, ValueType> {
    let (mut input, first) = committed(new_name("the lowest value"))(input)?;
    let mut values = vec![first];
    while input.first().is_symbol("<") {
        let (rest, next) = committed(new_name("a value"))(input.advance())?;
        values.push(next);
        input = rest;
    }
    Ok((input, ValueType::Scale(values)))
}

/// `alias cops = complex_product_systems`
pub(super) fn alias_declaration(input: Tokens<'_>) -> Parsed<'_, AliasDeclaration> {
    let (input, _) = keyword("alias")(input)?;
    let (input, known) = committed(new_name("a name that is known"))(input)?;
    let (input, _) = committed(symbol("=", "`=` and a new name"))(input)?;
    let (input, alias) = committed(new_name("a new name"))(input)?;
    Ok((input, AliasDeclaration { known, alias }))
}

/// `context cluster.recommended for intervention`
pub(super) fn context_declaration(input: Tokens<'_>) -> Parsed<'_, ContextDeclaration> {
    let (input, _) = keyword("context")(input)?;
    let (input, kind) = committed(kind_name)(input)?;
    let (input, _) = committed(symbol(".", "`.` and an attribute"))(input)?;
    let (input, attribute) = committed(word("the name of an attribute"))(input)?;
    let (input, _) = committed(phrase("for", "`for` and a kind"))(input)?;
    let (input, target) = committed(kind_name)(input)?;
    Ok((input, ContextDeclaration { kind, attribute, target }))
}

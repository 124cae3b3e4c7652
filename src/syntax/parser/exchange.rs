//! `import` and `export`.

use super::super::tokens::{
    Kind, Parsed, Tokens, committed, keyword, list, name, phrase, refuse, text, word,
};
use super::super::tree::{Export, Import, Word};
use super::facts::evidence_group;
use super::question::{once, question};
use super::refusal::left_over;
use nom::Parser;
use nom::combinator::opt;
use nom::sequence::preceded;

/// `import "clusters.csv" as cluster name from id [source "table 3"] declare`
pub(super) fn import(input: Tokens<'_>) -> Parsed<'_, Import> {
    let (input, _) = keyword("import")(input)?;
    let (input, path) = committed(text("the name of a file in double quotes"))(input)?;
    let (input, kind) = opt(preceded(keyword("as"), committed(word("a kind")))).parse(input)?;
    let (input, columns) = columns(input)?;
    let import = Import { path, kind, columns, evidence: Default::default(), declare: false };
    import_clauses(input, import)
}

/// `name from id, permanent_workers from employees`
fn columns(input: Tokens<'_>) -> Parsed<'_, Vec<(Word, Word)>> {
    let words = input.first().kind == Kind::Word && input.second().kind == Kind::Word;
    let begins_column = input.second().is_word("from") || !input.at_keyword("declare");
    if words && begins_column { list(column)(input) } else { Ok((input, Vec::new())) }
}

/// `permanent_workers from employees`
fn column(input: Tokens<'_>) -> Parsed<'_, (Word, Word)> {
    let (input, attribute) = word("an attribute")(input)?;
    let (input, _) = committed(phrase("from", "`from` and a column"))(input)?;
    let (input, column) = committed(name("a column"))(input)?;
    Ok((input, (attribute, column)))
}

/// Citations, qualifiers and `declare`, in any order.
fn import_clauses(mut input: Tokens<'_>, mut import: Import) -> Parsed<'_, Import> {
    loop {
        let token = input.first();
        if token.is_symbol("[") || token.is_symbol("(") {
            (input, import.evidence) = evidence_group(input, import.evidence)?;
        } else if input.at_keyword("declare") {
            once(import.declare, token)?;
            (input, import.declare) = (input.advance(), true);
        } else if matches!(token.kind, Kind::End) {
            return Ok((input, import));
        } else {
            let expected = "`as`, `from`, citations, `declare` or the end of the statement";
            return refuse(left_over(token, expected));
        }
    }
}

/// `export clusters where industry = cops to "cops.csv"`, `export to "all.casebook"`, `export`
pub(super) fn export(input: Tokens<'_>) -> Parsed<'_, Export> {
    let (input, _) = keyword("export")(input)?;
    let asks = input.first().kind != Kind::End && !input.at_keyword("to");
    let (input, question) = if asks { committed(question).map(Some).parse(input)? } else { (input, None) };
    let (input, to) =
        opt(preceded(keyword("to"), committed(text("the name of a file in double quotes")))).parse(input)?;
    Ok((input, Export { question, to }))
}

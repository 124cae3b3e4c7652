//! Whatever parses is either understood or refused at a place in it; nothing panics.

use super::Store;
use crate::report::Span;
use crate::syntax::split;
use std::collections::BTreeSet;

/// Statements whose words are exchanged for one another, and for those of `WORDS`.
const STATEMENTS: &[&str] = &[
    "clusters where smes > workers and country.region = asia show name, smes / workers as ratio order by ratio limit 1 per country",
    "interventions where industry = cops and level = regional and status = applies show status, industry order by cost",
    "interventions for thai_automotive where hedged = yes",
    "average export_share of clusters where founded <= 1990s by country order by average",
    "claims about human_capital where subject.smes > 3 and sources.year > 2000",
    "compare clusters by human_capital, features where learns = yes",
    "gaps of jepara_furniture, penang by features",
    "jepara_furniture.export_share - thai_automotive.export_share",
    "history of thai_automotive.smes",
    "why thai_automotive.smes > 3 and cluster penang.country.region != asia",
    "why thai_automotive.human_capital",
    "why not penang.learns = yes or thai_automotive.smes > thai_automotive.workers",
    "cluster penang { opened: 2005-09-20 [berry_2002 via sandee_1998 \"p. 1\"] (hedged, since 1990, until mid 1990s) }",
    "assert thai_automotive.recommended != trade_fairs [berry_2002]",
    "retract cluster penang.partner = thai_automotive",
    "pattern p { for source A, source B when A.cites = B and count of B.cites > 3 then A.reaches = B seen in penang }",
    "pattern q { for cluster learns = yes requires human_capital >= weak against thai_automotive }",
    "kind study plural studies",
    "attribute cites of source: many source under features inverse cited_by",
    "attribute human_capital of cluster: scale weak < adequate < strong",
    "alias cops = automotive",
    "context cluster.recommended for intervention",
    "import \"a.csv\" as cluster smes from firms declare",
];

const WORDS: &[&str] = &[
    "x",
    "name",
    "title",
    "claims",
    "pattern",
    "\"two words\"",
    "\"--\"",
    "$text",
    "$number",
    "$missing",
    "unknown",
    "yes",
    "3",
    "40 %",
    "about 2000",
    "2005-09-20",
    "1990s",
    "99999999999999999999999999999999",
    "status",
    "cited_by",
    "clusters_within",
    "cluster penang",
    "penang.learns",
    "intervention.level",
    "thailand.region",
    "A",
    "B.year",
];

fn store() -> Store {
    Store::new().with("text", "thai_automotive").with("number", 7)
}

fn check(store: &Store, text: &str) {
    let Err(error) = store.resolve(text) else { return };
    let inside = |span: Span| text.get(span.start..span.end).is_some();
    let report = error.report();
    assert!(report.span.is_some_and(inside), "no place: {text}: {error:?}");
    assert!(report.suggestion.as_ref().is_none_or(|found| inside(found.span)), "{text}: {error:?}");
}

/// Where the words of a text stand.
fn words(text: &str) -> Vec<Span> {
    let of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut spans: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| of_word(*c)) {
        match spans.last_mut() {
            Some(last) if last.end == at => last.end = at + c.len_utf8(),
            _ => spans.push(Span::new(at, at + c.len_utf8())),
        }
    }
    spans
}

#[test]
fn exchanged_words() {
    let store = store();
    let of_text = |text: &'static &str| words(text).into_iter().map(|span| &text[span.start..span.end]);
    let own: BTreeSet<&str> = STATEMENTS.iter().flat_map(of_text).collect();
    for text in STATEMENTS {
        for span in words(text) {
            for word in WORDS.iter().chain(&own) {
                check(&store, &format!("{}{word}{}", &text[..span.start], &text[span.end..]));
            }
        }
    }
}

#[test]
fn what_the_grammar_accepts() {
    let store = store();
    for text in [
        include_str!("../../../grammar/accept/conditions.casebook"),
        include_str!("../../../grammar/accept/exchange.casebook"),
        include_str!("../../../grammar/accept/facts.casebook"),
        include_str!("../../../grammar/accept/patterns.casebook"),
        include_str!("../../../grammar/accept/questions.casebook"),
        include_str!("../../../grammar/accept/reasoning.casebook"),
        include_str!("../../../grammar/accept/vocabulary.casebook"),
    ] {
        split(text).iter().for_each(|piece| check(&store, &piece.text));
    }
}

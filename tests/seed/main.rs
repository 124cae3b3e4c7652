//! A walk through the seed: every claim can be found in the paper, and nothing is copied from it.

mod copied;
mod places;

use casebook::Casebook;
use serde_json::Value;
use std::collections::BTreeMap;

const PAPER: &str = "chaminade_vang_2006";

fn paper() -> Casebook {
    Casebook::in_memory_with_paper().expect("the seed loads")
}

fn rows(book: &Casebook, question: &str) -> Vec<BTreeMap<String, Value>> {
    book.query(question).unwrap_or_else(|error| panic!("{question}\n{error}")).deserialize().expect("rows")
}

/// The texts in a cell: none, one, or several.
fn texts(cell: &Value) -> Vec<&str> {
    match cell {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        value => vec![value.as_str().expect("a text")],
    }
}

/// What a source's block says of the work itself, as the reference list prints it, where a country, a town or an event
/// lies on the map, and how the seed keeps what a caveat is about, may stand without a citation.
fn needs_citation(kind: &str, attribute: &str) -> bool {
    let of_work = kind == "source" && !["listed", "cites", "cited_for", "resolution"].contains(&attribute);
    let of_map = ["country", "place", "event"].contains(&kind) && ["country", "region"].contains(&attribute);
    let of_seed = kind == "caveat" && attribute == "kept_as";
    !of_work && !of_map && !of_seed
}

#[test]
fn every_claim_says_where_in_the_paper_it_stands() {
    let book = paper();
    let mut faults = Vec::new();
    let claims = rows(&book, "claims show subject, attribute, sources, via, locator");
    let kinds = kinds_of(&book);
    for claim in &claims {
        let (subject, attribute) = (texts(&claim["subject"])[0], texts(&claim["attribute"])[0]);
        let cited = texts(&claim["sources"]).into_iter().chain(texts(&claim["via"])).any(|by| by == PAPER);
        let places = texts(&claim["locator"]);
        let kind = kinds.get(subject).map_or("", String::as_str);
        if !needs_citation(kind, attribute) && places.is_empty() {
            continue;
        }
        if !cited || places.is_empty() {
            faults.push(format!("{subject}.{attribute}: no place in the paper"));
        }
        for place in places.iter().filter(|place| !places::is_in_the_paper(place)) {
            faults.push(format!("{subject}.{attribute}: the paper has no `{place}`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The kind of each thing. (Names are unique in the seed, which is asserted here.)
fn kinds_of(book: &Casebook) -> BTreeMap<String, String> {
    let mut kinds = BTreeMap::new();
    for kind in rows(book, "kinds where things > 0 show name, plural") {
        let (name, plural) = (texts(&kind["name"])[0], texts(&kind["plural"])[0]);
        if ["claim", "pattern", "kind", "attribute", "value", "commit"].contains(&name) {
            continue;
        }
        for thing in rows(book, &format!("{plural} show name")) {
            let thing = texts(&thing["name"])[0].to_string();
            let before = kinds.insert(thing.clone(), name.to_string());
            assert_eq!(before, None, "`{thing}` names things of two kinds");
        }
    }
    kinds
}

#[test]
fn every_pattern_names_its_places_and_its_cases() {
    let book = paper();
    let mut faults = Vec::new();
    for pattern in rows(&book, "patterns show name, seen_in, sources, locator") {
        let name = texts(&pattern["name"])[0];
        if texts(&pattern["seen_in"]).is_empty() {
            faults.push(format!("{name}: seen in no case"));
        }
        let places = texts(&pattern["locator"]);
        if places.is_empty() {
            faults.push(format!("{name}: no place in the paper"));
        }
        for place in places.iter().filter(|place| !places::is_in_the_paper(place)) {
            faults.push(format!("{name}: the paper has no `{place}`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A newcomer can read what everything is: kinds, attributes, values, things, patterns.
#[test]
fn everything_has_a_title() {
    let book = paper();
    let own = "claim, pattern, kind, attribute, value, commit";
    let mut questions = vec![
        format!("attributes where not of in ({own}) show name, of, title"),
        "values show name, of, of.of, title".to_string(),
    ];
    for kind in rows(&book, "kinds where name != attribute and name != value show plural") {
        questions.push(format!("{} show name, title", texts(&kind["plural"])[0]));
    }
    let mut untitled = Vec::new();
    for question in questions {
        let rows = rows(&book, &question);
        assert!(!rows.is_empty(), "{question}");
        untitled.extend(rows.into_iter().filter(|row| row["title"].is_null()).map(|row| format!("{row:?}")));
    }
    assert!(untitled.is_empty(), "{} without a title:\n{}", untitled.len(), untitled.join("\n"));
}

/// How many claims come from each part of the paper, printed; the text alone gives some 600 or more.
#[test]
fn every_part_of_the_paper_is_there() {
    let book = paper();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for claim in rows(&book, "claims where attribute != cites show locator") {
        for place in texts(&claim["locator"]) {
            *counts.entry(places::part(place)).or_default() += 1;
        }
    }
    for (part, count) in &counts {
        println!("{count:6}  {part}");
    }
    for part in places::parts() {
        assert!(counts.contains_key(&part), "nothing from `{part}`");
    }
    let in_text = |part: &&String| part.starts_with("section") || part.starts_with("endnote");
    let of_text: usize = counts.keys().filter(in_text).map(|part| counts[part]).sum();
    assert!(of_text >= 600, "{of_text} claims from the text");
}

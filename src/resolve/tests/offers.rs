//! What may stand at the cursor.

use super::Store;
use crate::resolve::Resolver;
use crate::syntax::Cursor;

/// The offers at the end of what is typed, as `name` or `name: description`.
fn offered(typed: &str) -> Vec<String> {
    let store = Store::new();
    let cursor = Cursor::at(typed, typed.len()).expect("a place for a name");
    let parameters = Default::default();
    let resolver =
        Resolver { vocabulary: &store.vocabulary, directory: &store.things, parameters: &parameters };
    let offers = resolver.offers(&cursor);
    offers
        .into_iter()
        .map(|offer| [offer.text, offer.description].join(": ").trim_end_matches(": ").into())
        .collect()
}

#[track_caller]
fn offers(typed: &str, names: &[&str]) {
    let offered = offered(typed);
    for name in names {
        assert!(
            offered.iter().any(|offer| offer.split(": ").next() == Some(name)),
            "{typed}: no {name} in {offered:?}"
        );
    }
}

#[track_caller]
fn offers_not(typed: &str, names: &[&str]) {
    let offered = offered(typed);
    for name in names {
        assert!(!offered.iter().any(|offer| offer.split(": ").next() == Some(name)), "{typed}: {offered:?}");
    }
}

#[test]
fn a_statement_begins_with_a_kind_a_word_or_a_thing() {
    offers("", &["clusters", "describe", "why"]);
    offers("CLU", &["clusters"]);
    offers("jep", &["jepara_furniture"]);
    offers_not("", &["jepara_furniture", "industry"]);
    offers("describe ", &["jepara_furniture", "industry", "cops"]);
    offers("compare clusters, th", &["thai_automotive"]);
    offers("jepara_furniture.", &["industry", "country", "title"]);
    offers("why not jepara_furniture.ind", &["industry"]);
}

#[test]
fn conditions_take_attributes_of_what_is_asked_for() {
    offers("clusters where ", &["industry", "not"]);
    offers("clusters where industry = cops and (soc", &["social_capital"]);
    offers_not("clusters where ", &["year", "jepara_furniture"]);
    offers("sources where ", &["cites", "cited_by"]);
    offers("clusters where country.", &["region"]);
    // Those of the cases that interventions are for, too.
    offers("interventions where ", &["industry"]);
    offers("clusters show name, ind", &["industry"]);
    offers("compare clusters by ", &["features", "industry"]);
    offers("cluster penang { ", &["industry"]);
    offers("clusters where industry = cops ", &["and", "show", "order by"]);
}

#[test]
fn values_are_offered_in_their_order_with_what_they_mean() {
    assert_eq!(offered("clusters where social_capital <= "), ["none", "weak", "moderate", "strong"]);
    assert_eq!(
        offered("clusters where industry = c"),
        ["cops", "complex_product_systems: another word for cops"]
    );
    offers("clusters where industry in (traditional, ", &["cops"]);
    offers("cluster penang { industry: ", &["cops"]);
    offers("cluster penang { country: ", &["indonesia"]);
    offers("assert jepara_furniture.country = in", &["indonesia"]);
    offers("clusters where learns = ", &["yes", "no"]);
    offers("interventions where social_capital = w", &["weak"]);
}

#[test]
fn what_belongs_to_a_kind_or_an_attribute() {
    offers("attributes of ", &["cluster", "source"]);
    offers("values of ind", &["industry"]);
    offers_not("values of ", &["smes"]);
    offers("values of cluster.", &["industry"]);
    offers("clusters without ", &["berry_2002"]);
    offers("cluster penang { industry: cops [", &["berry_2002"]);
}

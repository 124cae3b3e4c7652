//! `why` and `why not`; what is supposed and what is taken out.

use super::{Store, refusal};
use crate::model::change::Operation;
use crate::model::question::{Argued, Body, Removal, Why};
use crate::model::{ClaimId, Condition, Expression, Name, Start, TimeScope};

fn why(text: &str) -> Why {
    match Store::new().ask(text).body {
        Body::Why(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn why_asks_of_a_condition_or_of_a_cell() {
    let Argued::Condition(Condition::Test(test)) = why("why thai_automotive.human_capital = weak").of else {
        panic!("one test")
    };
    assert!(matches!(test.left, Expression::Path(path) if matches!(path.start, Start::Thing(_))));
    let store = Store::new();
    let Argued::Cell(thing, attribute) = why("why cluster penang.human_capital").of else { panic!("a cell") };
    assert_eq!(store.vocabulary.attribute(attribute).name.as_str(), "human_capital");
    assert_eq!(store.things.0[thing.index()].1.as_str(), "penang");
    let Argued::Condition(condition) =
        why("why thai_automotive.country.region = asia and (not cluster penang.learns = yes)").of
    else {
        panic!("a condition")
    };
    assert!(matches!(condition, Condition::All(parts) if matches!(parts[..], [_, Condition::Not(_)])));
    let inverse = why("why thailand.clusters_within = thai_automotive").of;
    assert!(matches!(inverse, Argued::Condition(_)));
}

#[test]
fn all_asks_for_every_proof() {
    assert!(why("why all thai_automotive.learns = yes").all);
    assert!(!why("why thai_automotive.learns = yes").all);
    assert!(why("why all thai_automotive.learns").all);
    let mut store = Store::new();
    store.apply_all("cluster all { }");
    assert!(matches!(store.ask("why all.learns = yes").body, Body::Why(Why { all: false, .. })));
}

#[test]
fn other_forms_of_reasoning() {
    let store = Store::new().with("c", "thai_automotive");
    let question = store.ask("why not $c.learns = yes ever");
    assert!(matches!(question.body, Body::WhyNot(Condition::Test(_))));
    assert_eq!(question.scope, TimeScope::Ever);
    for text in ["what if thai_automotive.learns = yes", "rests on berry_2002 in 1995", "rests on nobody"] {
        assert_eq!(store.ask(text).body, Body::Difference);
    }
    assert!(matches!(store.ask("explain suppose x.y = z then clusters without w").body, Body::Select(_)));
}

#[test]
fn what_is_supposed_first_is_known_to_what_follows() {
    let text = "suppose cluster new_one { learns: no } and new_one.smes = 3 [berry_2002] then new_one.smes";
    let (store, operations) = Store::new().suppose(text);
    assert!(matches!(
        operations.as_slice(),
        [Operation::AddThing { .. }, Operation::Assert(_), Operation::Assert(last)]
            if last.subject.name == Name::new("new_one") && last.evidence.citations.len() == 1
    ));
    assert!(matches!(store.ask(text).body, Body::Value(..)));
}

#[test]
fn sources_patterns_and_claims_are_taken_out() {
    let store = Store::new();
    let berry = store.things.0.iter().position(|(_, name)| name.as_str() == "berry_2002").expect("a source");
    let removed = store
        .removals("clusters without Berry-2002, pattern Localised_Knowledge, claim c1.20, claim \"C2.0\"")
        .expect("all are known");
    let [Removal::Source(source), Removal::Pattern(pattern), first, second] = removed.as_slice() else {
        panic!("{removed:?}")
    };
    assert_eq!(source.index(), berry);
    assert_eq!(*pattern, Name::new("localised_knowledge"));
    assert_eq!(*first, Removal::Claim(ClaimId { commit: 1, ordinal: 20 }));
    assert_eq!(*second, Removal::Claim(ClaimId { commit: 2, ordinal: 0 }));
}

#[test]
fn nothing_unknown_is_taken_out() {
    let store = Store::new();
    let refused = |text: &str| {
        let error = store.removals(text).expect_err(text);
        let report = error.report();
        let suggested = report.suggestion.as_ref().map_or("", |suggestion| &suggestion.replacement);
        format!("{} ({suggested})", report.message)
    };
    assert_eq!(refused("clusters without bery_2002"), "no source `bery_2002` (berry_2002)");
    assert_eq!(refused("clusters without thailand"), "no source `thailand` ()");
    assert_eq!(
        refused("clusters without pattern localized_knowledge"),
        "no pattern `localized_knowledge` (localised_knowledge)"
    );
    for claim in ["c1", "c1.", "1.20", "c1.2.3", "c+1.2", "c99999999999.1"] {
        let text = format!("clusters without claim \"{claim}\"");
        assert!(refused(&text).starts_with("no claim is called "), "{claim}");
    }
}

#[test]
fn why_begins_at_a_thing() {
    let store = Store::new();
    let notes = |text: &str| store.refuse(text).report().notes.join("; ");
    for (text, expected) in [
        ("why human_capital = weak", "Meaning at human_capital: `human_capital` of which cluster?"),
        ("why industry", "Meaning at industry: `industry` of which cluster or intervention?"),
        ("why name = x", "Meaning at name: `name` of which thing?"),
        ("why not cluster.learns = yes", "Meaning at cluster: `cluster` is a kind, not a thing"),
        ("why clusters", "Meaning at clusters: `clusters` is a kind, not a thing"),
        (
            "why thai_automotive",
            "Meaning at thai_automotive: `thai_automotive` is a thing or a value, not an attribute",
        ),
        (
            "why \"thai_automotive\" = x",
            "Meaning at \"thai_automotive\": `\"thai_automotive\"` is a thing or a value, not an attribute",
        ),
        (
            "why thai_automotiv.learns = yes",
            "Unknown at thai_automotiv: no thing `thai_automotiv`; did you mean thai_automotive?",
        ),
        (
            "why thai_automotive.lerns",
            "Unknown at lerns: no attribute `lerns` of cluster; did you mean learns?",
        ),
        ("why partner.smes > 3", "Unknown at partner: `partner` of which cluster?"),
        ("why thai_automotive.smes > workers", "Meaning at workers: `workers` of which cluster?"),
        (
            "why (not 3 < 4)",
            "Meaning at 3 < 4: this says nothing about any thing, so there is nothing to prove",
        ),
        (
            "why thai_automotive.country.region",
            "Meaning at thai_automotive.country.region: `thai_automotive.country.region` is not one attribute \
             of one thing",
        ),
        (
            "why thailand.clusters_within",
            "Meaning at thailand.clusters_within: `thailand.clusters_within` is not one attribute of one thing",
        ),
        (
            "why thailand.title",
            "Meaning at thailand.title: names and titles are not claimed, so there is nothing to prove",
        ),
    ] {
        assert_eq!(refusal(&store, text), expected, "{text}");
    }
    assert_eq!(
        notes("why human_capital = weak"),
        "a path begins at a thing here: `jepara_furniture.human_capital`"
    );
    assert_eq!(notes("why cluster.learns = yes"), "a path begins at a thing here: `jepara_furniture.learns`");
    assert_eq!(
        notes("why partner.smes > 3"),
        "a path begins at a thing here: `jepara_furniture.partner.smes`"
    );
    assert_eq!(
        notes("why thai_automotive.country.region"),
        "behind it `why` needs an operator and a value: `why thai_automotive.country.region = VALUE`"
    );
}

//! Numbers are honest; conditions.

use super::{STRONG_AND_WEAK, check, note, truth};

// ---- numbers are honest -----------------------------------------------------------------------------

#[test]
fn a_comparison_is_met_if_every_point_satisfies_it_and_failed_if_none_does() {
    truth("assert jepara.workers = about 2000", "workers >= 1800", true, false);
    truth("assert jepara.workers = about 2000", "workers > 1800", false, false);
    truth("assert jepara.workers = about 2000", "workers > 2200", false, true);
    truth("assert jepara.workers = > 700", "workers > 700", true, false);
    truth("assert jepara.workers = > 700", "workers <= 700", false, true);
    truth("assert jepara.workers = > 700", "workers < 701", false, false);
}

#[test]
fn equal_to_an_interval_means_lies_within() {
    truth("assert jepara.workers = 11..12", "workers = 10..15", true, false);
    truth("assert jepara.workers = 11..16", "workers = 10..15", false, false);
    truth("assert jepara.workers = 16", "workers = 10..15", false, true);
}

#[test]
fn possibly_is_met_if_some_point_does() {
    truth("assert jepara.workers = about 2000", "possibly workers > 1800", true, false);
    truth("assert jepara.workers = 10..15", "possibly workers = 12", true, false);
    truth("assert jepara.workers = 10..15", "possibly workers != 12", true, false);
    truth("assert jepara.workers = 10..15", "possibly workers > 15", false, true);
    truth("assert jepara.workers != 12", "possibly workers != 12", true, false);
    truth("", "possibly workers > 15", false, false);
}

#[test]
fn a_text_bound_to_a_number_is_what_it_writes() {
    let book = super::book("cluster penang { workers: about 50; share: 62.5; founded: mid 1990s }");
    let found = |condition: &str, value: &str| {
        let asked = book.prepare(&format!("clusters where {condition}")).expect("a question");
        asked.bind("x", value).query().map(|answer| answer.len()).map_err(|error| error.to_string())
    };
    assert_eq!(found("share = $x", "62.5"), Ok(1));
    assert_eq!(found("share = $x", "62.5 %"), Ok(1));
    assert_eq!(found("workers = $x", "about 50"), Ok(1));
    assert_eq!(found("founded = $x", "mid 1990s"), Ok(1));
    // As typed, `<=` takes in the whole decade.
    assert_eq!(found("founded <= $x", "1990s"), Ok(1));
    assert_eq!(found("founded < $x", "1990s"), Ok(0));
    for more in ["50 or workers > 1", "workers", "about", "50, 60", ""] {
        assert!(found("workers = $x", more).is_err_and(|error| error.contains("is a number")), "{more}");
    }
}

#[test]
fn decimals_are_exact() {
    let shares = "
assert jepara.share = 16.1
cluster penang { share: 0.2 }";
    check(shares, "sum share of clusters", &["16.3 | 0"]);
    truth("assert jepara.share = 16.1 %", "share = 16.10", true, false);
}

#[test]
fn answers_keep_the_words_of_the_source() {
    check("assert jepara.workers = about 2000", "clusters show workers", &["about 2000"]);
    check("assert jepara.founded = mid 1990s", "clusters show founded", &["mid 1990s"]);
}

// ---- conditions -------------------------------------------------------------------------------------

#[test]
fn a_condition_is_met_failed_both_or_neither() {
    truth(STRONG_AND_WEAK, "social_capital = strong", true, true);
    truth(STRONG_AND_WEAK, "social_capital = moderate", false, true);
    truth("", "social_capital = strong", false, false);
}

#[test]
fn a_less_than_v_is_met_if_some_value_seen_meets_it_and_failed_if_some_misses_it() {
    truth(STRONG_AND_WEAK, "social_capital < moderate", true, true);
    truth(STRONG_AND_WEAK, "social_capital >= weak", true, false);
    truth("assert jepara.social_capital != strong", "social_capital < strong", false, false);
}

#[test]
fn a_unequal_to_v_swaps_the_two() {
    truth("assert jepara.industry = cops", "industry != cops", false, true);
    truth("assert jepara.industry != cops", "industry != cops", true, false);
    truth("assert jepara.markets = home", "markets != abroad", false, false);
}

#[test]
fn and_is_met_if_all_are_and_failed_if_any_is_or_the_reverse() {
    let known = "
assert jepara.industry = cops
assert jepara.workers = 10";
    truth(known, "industry = cops and workers = 10", true, false);
    truth(known, "industry = cops and workers = 20", false, true);
    truth(known, "industry = supplier and exporting = yes", false, true);
    truth(known, "industry = cops and exporting = yes", false, false);
    truth(known, "industry = supplier or workers = 10", true, false);
    truth(known, "industry = supplier or workers = 20", false, true);
    truth(known, "industry = supplier or exporting = yes", false, false);
}

#[test]
fn not_c_means_that_c_is_not_met_and_the_answer_says_how_many_were_open() {
    truth("", "not industry = cops", true, false);
    truth("assert jepara.industry = cops", "not industry = cops", false, true);
    truth("assert jepara.industry = supplier", "not industry = cops", true, false);
    let one_known = "
assert jepara.industry = supplier
cluster penang { }";
    note(one_known, "clusters where not industry = cops", "open for 1 of 2");
}

#[test]
fn conditions_follow_references_and_their_inverses() {
    let in_asia = "
country indonesia { region: asia }
assert jepara.country = indonesia";
    truth(in_asia, "country.region = asia", true, false);
    truth(in_asia, "country.region = africa", false, true);
    truth("", "country.region = asia", false, false);
    check(in_asia, "countries where clusters_within = jepara show name", &["indonesia"]);
    check(in_asia, "countries where clusters_within.country.region = asia show name", &["indonesia"]);
}

#[test]
fn requires_denies_only_where_failed_never_where_open() {
    let pattern = "\npattern needs { for cluster industry = cops requires workers > 10 }";
    check(pattern, "jepara.industry", &[]);
    check(&format!("assert jepara.workers = 20{pattern}"), "jepara.industry", &[]);
    check(&format!("assert jepara.workers = 5..20{pattern}"), "jepara.industry", &[]);
    check(
        &format!("assert jepara.workers = 5{pattern}"),
        "jepara.industry",
        &["cops | denied |  |  |  | concluded; by analogy"],
    );
}

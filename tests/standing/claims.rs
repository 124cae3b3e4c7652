//! Standing, sameness of claims, unknown, time.

use super::{STRONG_AND_WEAK, book, check, rows, truth};

// ---- words ------------------------------------------------------------------------------------------

/// Texts that are compared as equal names had been shown in the words of whichever came first.
#[test]
fn equal_values_keep_the_words_they_were_stated_in() {
    let statements = r#"
attribute motto of cluster: text
cluster kudus { motto: "asia first" }
assert jepara.motto = "Asia First" [sandee]"#;
    check(statements, "claims where attribute = motto show value", &["asia first", "Asia First"]);
    check(statements, "count claims where value = \"ASIA first\"", &["2"]);
}

// ---- standing ---------------------------------------------------------------------------------------

#[test]
fn a_statement_is_supported_denied_contested_or_unknown() {
    check("assert jepara.industry = cops", "jepara.industry", &["cops | supported"]);
    check("assert jepara.industry != cops", "jepara.industry", &["cops | denied"]);
    let both = "
assert jepara.industry = cops [sandee]
assert jepara.industry != cops [berry]";
    let rows = ["cops | contested |  |  | sandee", "cops | contested |  |  | berry"];
    check(both, "jepara.industry", &rows);
    check("", "jepara.industry", &[]);
}

#[test]
fn if_the_attribute_takes_one_value_support_for_one_value_is_denial_of_every_other() {
    truth("assert jepara.industry = cops", "industry = traditional", false, true);
    truth("assert jepara.industry = cops", "industry != traditional", true, false);
    truth("assert jepara.industry != cops", "industry = traditional", false, false);
}

#[test]
fn for_numbers_of_every_disjoint_interval() {
    truth("assert jepara.workers = 10..20", "workers = 30..40", false, true);
    truth("assert jepara.workers = 10..20", "workers = 15..40", false, false);
    let overlapping = "
assert jepara.workers = 10..20 [sandee]
assert jepara.workers = 15..40 [berry]";
    check(
        overlapping,
        "jepara.workers",
        &["10..20 | supported |  |  | sandee", "15..40 | supported |  |  | berry"],
    );
}

#[test]
fn two_sources_that_disagree_make_both_values_contested() {
    check(
        STRONG_AND_WEAK,
        "jepara.social_capital",
        &["strong | contested |  |  | sandee", "weak | contested |  |  | berry"],
    );
}

#[test]
fn conflicts_lists_them_with_the_sources_on_either_side() {
    let rows = rows(&book(STRONG_AND_WEAK), "conflicts");
    assert!(rows.iter().any(|row| row.contains("jepara") && row.contains("sandee") && row.contains("berry")));
    assert_eq!(super::rows(&book("assert jepara.industry = cops"), "conflicts"), [""; 0]);
}

#[test]
fn if_it_takes_many_only_an_explicit_denial_denies() {
    truth("assert jepara.markets = home", "markets = abroad", false, false);
    truth("assert jepara.markets != abroad", "markets = abroad", false, true);
    check(
        "assert jepara.markets = (home, abroad)",
        "jepara.markets",
        &["home | supported", "abroad | supported"],
    );
}

#[test]
fn for_yes_no_not_yes_and_no_are_one_statement() {
    check("assert jepara.exporting != yes", "jepara.exporting", &["no | supported"]);
    truth("assert jepara.exporting != yes", "exporting = no", true, false);
    let required = "
assert jepara.industry = cops
pattern exports { for cluster exporting = yes requires industry = traditional }";
    check(required, "jepara.exporting", &["no | supported |  |  |  | concluded; by analogy"]);
}

// ---- same claim or another --------------------------------------------------------------------------

#[test]
fn two_claims_are_the_same_if_value_polarity_time_and_citations_are() {
    let same = "
assert jepara.markets = home [sandee; berry] (in 1995)
assert jepara.markets = home [berry; sandee] (in 1995)";
    check(same, "count claims where subject = jepara", &["1"]);
    for another in
        ["= abroad [sandee] (in 1995)", "!= home [sandee] (in 1995)", "= home [sandee]", "= home (in 1995)"]
    {
        let statements =
            format!("\nassert jepara.markets = home [sandee] (in 1995)\nassert jepara.markets {another}");
        check(&statements, "count claims where subject = jepara", &["2"]);
    }
}

#[test]
fn on_a_one_valued_attribute_a_new_claim_replaces_an_earlier_one_with_the_same_citations_or_none() {
    let cited = "
assert jepara.industry = cops [sandee]
assert jepara.industry = traditional [sandee]";
    check(cited, "jepara.industry", &["traditional | supported |  |  | sandee"]);
    let uncited = "
assert jepara.industry = cops
assert jepara.industry = traditional";
    check(uncited, "jepara.industry", &["traditional | supported"]);
    let other_time = "
assert jepara.workers = 10 (in 1990)
assert jepara.workers = 20 (in 1995)";
    check(other_time, "jepara.workers", &["10 | supported | in 1990", "20 | supported | in 1995"]);
}

#[test]
fn contradiction_takes_two_citations_of_which_a_different_locator_is_enough() {
    let located = "
assert jepara.industry = cops [sandee \"p. 1\"]
assert jepara.industry = traditional [sandee \"p. 2\"]";
    check(
        located,
        "jepara.industry",
        &["cops | contested |  |  | sandee, p. 1", "traditional | contested |  |  | sandee, p. 2"],
    );
}

#[test]
fn retract_takes_back_every_claim_that_matches_what_is_written() {
    let retracted =
        |what: &str| format!("{STRONG_AND_WEAK}\nassert jepara.industry = cops [sandee]\nretract {what}");
    let count = "count claims where subject = jepara";
    check(&retracted("jepara"), count, &["0"]);
    check(&retracted("jepara.social_capital"), count, &["1"]);
    check(&retracted("jepara.social_capital = weak"), count, &["2"]);
    check(&retracted("jepara [sandee]"), count, &["1"]);
    check(&retracted("jepara.social_capital [sandee]"), count, &["2"]);
}

#[test]
fn history_keeps_it() {
    let taken = "
assert jepara.industry = cops
retract jepara.industry";
    let rows = rows(&book(taken), "history of jepara.industry");
    assert!(rows[0].contains("asserted") && rows[1].contains("taken back"), "{rows:?}");
}

// ---- unknown is not false ---------------------------------------------------------------------------

#[test]
fn a_is_unknown_means_that_no_statement_about_a_is_supported_or_denied() {
    truth("", "industry is unknown", true, false);
    truth("assert jepara.industry = cops", "industry is unknown", false, true);
    truth("assert jepara.industry != cops", "industry is unknown", false, true);
    let concluded = "
assert jepara.exporting = yes
pattern exporters { for cluster when exporting = yes then industry != traditional }";
    truth(concluded, "industry is unknown", false, true);
}

#[test]
fn unknown_is_a_standing_never_a_value() {
    truth("assert jepara.industry = unknown [sandee]", "industry is unknown", true, false);
    truth("assert jepara.industry = unknown [sandee]", "industry = cops", false, false);
    check("assert jepara.industry = unknown", "count clusters by industry", &[" | 1"]);
}

#[test]
fn a_source_that_does_not_say_shows_with_note_and_citation_beside_the_empty_cell() {
    let book = book("assert jepara.industry = unknown \"n.a.\" [sandee \"table 1\"]");
    let answer = book.query("clusters show industry").expect("a question");
    let cell = &answer.row(0).expect("there are rows")["industry"];
    assert!(cell.is_unknown());
    let [unsaid] = &cell.unsaid[..] else { panic!("{cell:?}") };
    assert_eq!((unsaid.note.as_str(), unsaid.sources[0].to_string().as_str()), ("n.a.", "sandee, table 1"));
}

// ---- time -------------------------------------------------------------------------------------------

#[test]
fn only_until_ends_a_claim() {
    check("assert jepara.workers = 10 (until 1995)", "jepara.workers", &[]);
    check("assert jepara.workers = 10 (until 2999)", "jepara.workers", &[]);
    check("assert jepara.workers = 10 (in 1995)", "jepara.workers", &["10 | supported | in 1995"]);
    check("assert jepara.workers = 10 (since 2999)", "jepara.workers", &["10 | supported | since 2999"]);
}

#[test]
fn in_t_after_a_question_sees_claims_whose_time_overlaps_t_and_undated_ones() {
    let dated = "
assert jepara.markets = home
assert jepara.markets = abroad (until 1995)
assert jepara.markets = online (since 1997)";
    check(dated, "clusters show markets in 1995", &["home; abroad"]);
    check(dated, "clusters show markets in 1996", &["home"]);
    check(dated, "clusters show markets in late 1990s", &["home; online"]);
}

#[test]
fn ever_sees_all() {
    check("assert jepara.workers = 10 (until 1995)", "clusters show workers ever", &["10"]);
}

#[test]
fn two_claims_conflict_only_if_their_times_overlap() {
    let apart = "
assert jepara.workers = 10 [sandee] (in 1990)
assert jepara.workers = 20 [berry] (in 1995)";
    check(apart, "conflicts", &[]);
    let undated = "
assert jepara.industry = cops [sandee] (in 1990)
assert jepara.industry = supplier [berry]";
    check(
        undated,
        "jepara.industry",
        &["cops | contested | in 1990 |  | sandee", "supplier | contested |  |  | berry"],
    );
}

#[test]
fn the_mid_1990s_are_1994_to_1996_the_early_1990_to_1993_the_late_1997_to_1999() {
    for (part, first, last) in [("early", 1990, 1993), ("mid", 1994, 1996), ("late", 1997, 1999)] {
        let dated = format!("assert jepara.workers = 10 (in {part} 1990s)");
        for (year, seen) in [(first - 1, false), (first, true), (last, true), (last + 1, false)] {
            let expected: &[&str] = if seen { &["10"] } else { &[""] };
            check(&dated, &format!("clusters show workers in {year}"), expected);
        }
    }
}

#[test]
fn the_words_of_a_time_are_kept() {
    let same_years = "
assert jepara.workers = 10 [sandee] (in mid 1990s)
assert jepara.share = 10 [sandee] (in 1994..1996)";
    check(same_years, "jepara.workers", &["10 | supported | in mid 1990s |  | sandee"]);
    check(same_years, "jepara.share", &["10 | supported | in 1994..1996 |  | sandee"]);
}

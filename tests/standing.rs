//! The sentences of the design about claims, time, numbers and conditions: statements in, answers out.
//!
//! Each test bears the words of its sentence.

use casebook::Casebook;

/// Every test begins with these.
const VOCABULARY: &str = r#"
kind cluster
kind country plural countries
attribute industry of cluster: one of traditional, cops, supplier
attribute social_capital of cluster: scale none < weak < moderate < strong
attribute workers of cluster: number "persons"
attribute share of cluster: percent
attribute exporting of cluster: yes/no
attribute markets of cluster: many one of home, abroad, online
attribute founded of cluster: year
attribute country of cluster: country inverse clusters_within
attribute region of country: one of africa, asia
source sandee { }
source berry { }
cluster jepara { }
"#;

fn book(statements: &str) -> Casebook {
    let book = Casebook::in_memory();
    for text in [VOCABULARY, statements] {
        book.run_file(text, "").unwrap_or_else(|error| panic!("{error}"));
    }
    book
}

/// The rows of an answer, a line each; cells with ` | ` between them, empty ones at the end left out.
fn rows(book: &Casebook, question: &str) -> Vec<String> {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{error}"));
    let row = |row: &casebook::Row| {
        let cells: Vec<String> = row.cells().iter().map(ToString::to_string).collect();
        cells.join(" | ").trim_end_matches(" | ").to_string()
    };
    answer.iter().map(row).collect()
}

/// That these statements lead from the question to these rows.
#[track_caller]
fn check(statements: &str, question: &str, expected: &[&str]) {
    assert_eq!(rows(&book(statements), question), expected, "{question}\nafter{statements}");
}

/// Whether the condition is met of `jepara` and whether it is failed.
#[track_caller]
fn truth(statements: &str, condition: &str, met: bool, failed: bool) {
    let book = book(statements);
    let is_met = !rows(&book, &format!("clusters where {condition} show name")).is_empty();
    assert_eq!(is_met, met, "{condition} is met, after\n{statements}");
    book.run("attribute verdict of cluster: one of possible").expect("a declaration");
    book.run(&format!("pattern verdict {{ for cluster verdict = possible requires {condition} }}"))
        .unwrap_or_else(|error| panic!("{error}"));
    let is_failed = rows(&book, "jepara.verdict").iter().any(|row| row.starts_with("possible | denied"));
    assert_eq!(is_failed, failed, "{condition} is failed, after\n{statements}");
}

#[track_caller]
fn note(statements: &str, question: &str, expected: &str) {
    let answer = book(statements).query(question).unwrap_or_else(|error| panic!("{error}"));
    assert!(answer.notes().iter().any(|note| note.contains(expected)), "{:?}", answer.notes());
}

const STRONG_AND_WEAK: &str = "
assert jepara.social_capital = strong [sandee]
assert jepara.social_capital = weak [berry]";

// ---- standing ---------------------------------------------------------------------------------------

#[test]
fn a_statement_is_supported_denied_contested_or_unknown() {
    check("assert jepara.industry = cops", "jepara.industry", &["cops | supported"]);
    check("assert jepara.industry != cops", "jepara.industry", &["cops | denied"]);
    let both = "
assert jepara.industry = cops [sandee]
assert jepara.industry != cops [berry]";
    check(both, "jepara.industry", &["cops | contested |  |  | sandee; berry"]);
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
    assert_eq!(self::rows(&book("assert jepara.industry = cops"), "conflicts"), [""; 0]);
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
    check(required, "jepara.exporting", &["no | supported"]);
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
    let cell = &answer.rows()[0]["industry"];
    assert!(cell.is_unknown());
    assert_eq!(cell.note.as_deref(), Some("n.a. [sandee, table 1]"));
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
    check(&format!("assert jepara.workers = 5{pattern}"), "jepara.industry", &["cops | denied"]);
}

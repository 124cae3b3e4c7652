//! Patterns, and the marks of what they conclude.

use super::{book, check, rows};
use casebook::ErrorKind;

const REACHES: &str = "
attribute supplies of cluster: many cluster
attribute reaches of cluster: many cluster
cluster penang { supplies: cluster jepara }
cluster taiwan { supplies: penang }
pattern supplies_reaches { for cluster A, cluster B when A.supplies = B then A.reaches = B }
pattern reaches_further { for cluster A, cluster B, cluster C
  when A.supplies = B and B.reaches = C then A.reaches = C }";

/// The words of the marks of the one value that `question` shows.
fn marks(statements: &str, question: &str) -> Vec<&'static str> {
    let answer = book(statements).query(question).unwrap_or_else(|error| panic!("{error}"));
    let cell = answer.row(0).expect("there are rows").cells().last().expect("a column").clone();
    assert_eq!(cell.values.len(), 1, "{cell:?}");
    cell.values[0].marks.words()
}

/// That the last of these statements is refused, and what the refusal says.
#[track_caller]
fn refused(statements: &str, last: &str, words: &[&str]) {
    let error = book(statements).run(last).expect_err(last);
    assert_eq!(error.kind(), ErrorKind::Meaning, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "{word} in\n{error}");
    }
}

#[test]
fn when_then_is_sufficient() {
    let exports = "\npattern exports { for cluster when markets = abroad then exporting = yes }";
    check(&format!("assert jepara.markets = abroad{exports}"), "clusters show exporting", &["yes"]);
    check(&format!("assert jepara.markets = home{exports}"), "clusters show exporting", &[""]);
}

#[test]
fn what_is_required_and_failed_denies_the_conclusion_and_what_is_met_concludes_nothing() {
    let needs = "\npattern needs { for cluster industry = cops requires social_capital >= moderate }";
    let rows = |claim: &str| rows(&book(&format!("{claim}{needs}")), "jepara.industry");
    assert_eq!(
        rows("assert jepara.social_capital = weak"),
        ["cops | denied |  |  |  | concluded; by analogy"]
    );
    assert_eq!(rows("assert jepara.social_capital = strong"), [""; 0]);
    assert_eq!(rows("assert jepara.industry = cops"), ["cops | supported"]);
}

#[test]
fn a_conclusion_may_be_a_denial() {
    let against = "
assert jepara.exporting = no
pattern stays { for cluster when exporting = no then markets != abroad }";
    check(against, "jepara.markets", &["abroad | denied |  |  |  | concluded; by analogy"]);
    check(against, "clusters where markets != abroad show name", &["jepara"]);
}

#[test]
fn a_pattern_and_a_claim_that_disagree_make_the_value_contested() {
    let disagree = "
assert jepara.industry = cops [sandee]
assert jepara.exporting = no
pattern local { for cluster when exporting = no then industry = traditional }";
    let rows = rows(&book(disagree), "jepara.industry");
    assert!(
        rows[0].starts_with("cops | contested") && rows[1].starts_with("traditional | contested"),
        "{rows:?}"
    );
}

#[test]
fn several_variables_join() {
    let joined = "
country indonesia { region: asia }
country kenya { region: africa }
assert jepara.country = indonesia
cluster nairobi { country: kenya }
pattern asian { for cluster A, country B when A.country = B and B.region = asia then A.industry = traditional }";
    check(joined, "clusters where industry = traditional show name", &["jepara"]);
}

#[test]
fn an_attribute_without_a_variable_belongs_to_the_first_kind_named() {
    let first = "
country indonesia { region: asia }
assert jepara.country = indonesia
pattern asian { for cluster, country B when country = B and B.region = asia then industry = traditional }";
    check(first, "clusters where industry = traditional show name", &["jepara"]);
}

#[test]
fn recursion_is_allowed() {
    check(
        REACHES,
        "taiwan.reaches",
        &[
            "jepara | supported |  |  |  | concluded; by analogy",
            "penang | supported |  |  |  | concluded; by analogy",
        ],
    );
    let circle = format!("{REACHES}\nassert jepara.supplies = taiwan");
    check(&circle, "count of jepara.reaches", &["3 | supported"]);
}

#[test]
fn support_and_denial_may_depend_on_each_other() {
    let turning = "
assert jepara.exporting = yes
pattern one { for cluster when exporting = yes then industry != cops }
pattern other { for cluster when industry != cops then exporting != yes }";
    let rows = rows(&book(turning), "jepara.exporting");
    assert!(rows.iter().all(|row| row.contains("contested")) && rows.len() == 2, "{rows:?}");
}

#[test]
fn not_is_unknown_and_count_of_need_a_lower_stratum() {
    let strata = "
assert jepara.exporting = yes
pattern first { for cluster when exporting = yes then markets = abroad }
pattern second { for cluster when not markets = home and count of markets = 1 and share is unknown
  then industry = cops }";
    check(strata, "clusters where industry = cops show name", &["jepara"]);
}

#[test]
fn only_a_cycle_through_one_of_those_is_refused_by_name() {
    for through in ["not industry = cops", "industry is unknown"] {
        let first = format!("\npattern first {{ for cluster when {through} then exporting = yes }}");
        let last = "pattern last { for cluster when exporting = yes then industry = cops }";
        refused(&first, last, &["first", "last", "industry", "exporting"]);
    }
    let counting = "\npattern first { for cluster when count of markets < 2 then exporting = yes }";
    let last = "pattern last { for cluster when exporting = yes then markets = abroad }";
    refused(counting, last, &["first", "last", "markets", "exporting"]);
    let concluded_together = "
pattern both { for cluster when workers = 1 then industry = cops and exporting = yes }
pattern between { for cluster when not industry = cops then share = 10 }
pattern last { for cluster when share = 10 then exporting = yes }";
    check(concluded_together, "clusters show exporting", &["yes"]);
}

#[test]
fn what_is_required_fails_for_every_other_value_of_a_new_conclusion() {
    let exclusive = "
country indonesia { }
country kenya { }
pattern home { for cluster when exporting = no then country = indonesia }
pattern elsewhere { for cluster A, country B A.social_capital = strong requires A.country = B }
assert jepara.exporting = no";
    check(exclusive, "jepara.social_capital", &["strong | denied |  |  |  | concluded; by analogy"]);
}

#[test]
fn conclusions_are_undated() {
    let dated = "
assert jepara.markets = abroad (in 1995)
assert jepara.exporting = no [sandee] (in 1990)
pattern exports { for cluster when markets = abroad then exporting = yes }";
    let rows = rows(&book(dated), "jepara.exporting");
    assert!(rows.iter().all(|row| row.contains("contested")), "{rows:?}");
}

const EXPORTS: &str = "\npattern exports { for cluster when markets = abroad then exporting = yes }";

#[test]
fn a_conclusion_is_hedged_by_a_hedged_claim_or_pattern_in_every_proof() {
    let question = "clusters show exporting";
    let hedged_claim = format!("assert jepara.markets = abroad (hedged){EXPORTS}");
    assert_eq!(marks(&hedged_claim, question), ["concluded", "hedged", "by analogy"]);
    let hedged_pattern = "
assert jepara.markets = abroad
pattern exports { for cluster when markets = abroad then exporting = yes (hedged) }";
    assert_eq!(marks(hedged_pattern, question), ["concluded", "hedged", "by analogy"]);
    let another_proof = format!(
        "{hedged_pattern}
pattern sells {{ for cluster when workers > 10 then exporting = yes }}
assert jepara.workers = 20"
    );
    assert_eq!(marks(&another_proof, question), ["concluded", "by analogy"]);
}

#[test]
fn a_conclusion_is_on_contested_ground_with_a_contested_premise() {
    let contested = format!(
        "assert jepara.markets = abroad [sandee]
assert jepara.markets != abroad [berry]{EXPORTS}"
    );
    assert_eq!(
        marks(&contested, "clusters show exporting"),
        ["concluded", "on contested ground", "by analogy"]
    );
}

#[test]
fn a_conclusion_is_by_analogy_where_its_case_is_not_among_those_seen_in() {
    let seen = "
assert jepara.markets = abroad
pattern exports { for cluster when markets = abroad then exporting = yes seen in jepara }";
    assert_eq!(marks(seen, "clusters show exporting"), ["concluded"]);
}

#[test]
fn its_standing_comes_from_its_own_support_and_denial_alone() {
    let contested = format!(
        "assert jepara.markets = abroad [sandee]
assert jepara.markets != abroad [berry]{EXPORTS}"
    );
    let rows = rows(&book(&contested), "jepara.exporting");
    assert!(rows[0].starts_with("yes | supported"), "{rows:?}");
}

#[test]
fn variables_join_where_one_number_lies_within_the_other() {
    let ports = "
kind port
attribute depth of cluster: number
attribute draught of port: number
attribute near of cluster: many port
assert jepara.depth = 5
port wide { draught: 1..10 }
port exact { draught: 5 }
port deep { draught: 20 }
pattern suits { for cluster A, port B when A.depth = B.draught then A.near = B }";
    check(
        ports,
        "jepara.near",
        &[
            "exact | supported |  |  |  | concluded; by analogy",
            "wide | supported |  |  |  | concluded; by analogy",
        ],
    );
}

#[test]
fn a_pattern_of_thousands_of_conditions_neither_overflows_nor_takes_for_ever() {
    let many = vec!["A.markets = abroad"; 5_000].join(" and ");
    let statements = format!(
        "
attribute near of cluster: many cluster
assert jepara.markets = abroad
assert jepara.markets = home
pattern long {{ for cluster A, cluster B when {many} and B.markets = home then A.near = B }}"
    );
    check(&statements, "jepara.near", &["jepara | supported |  |  |  | concluded; by analogy"]);
}

#[test]
fn marks_see_what_contains_finds_and_what_is_contested_on_the_way() {
    let words = "
assert jepara.industry = cops [sandee] (hedged)
pattern exports { for cluster when industry contains \"cop\" then exporting = yes }";
    assert!(marks(words, "clusters show exporting").contains(&"hedged"));
}

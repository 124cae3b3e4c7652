//! Asking by describing.

use super::book;
use casebook::{Casebook, ErrorKind};

/// Policies that patterns recommend for clusters.
const POLICIES: &str = "
kind policy plural policies
attribute recommended of cluster: many policy
attribute cost of policy: scale low < high
context cluster.recommended for policy
policy training { cost: low }
policy standards { cost: high }
policy fairs { cost: low }
policy quotas { }";

/// `name: status, needs (standing)` for each row.
fn found(book: &Casebook, question: &str) -> Vec<String> {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{error}"));
    let row = |row: casebook::Row| {
        let needs = if row["needs"].is_unknown() { String::new() } else { format!(" {}", row["needs"]) };
        format!("{} {}{needs}, {}", row["name"], row["status"], row["standing"])
    };
    answer.iter().map(row).collect()
}

#[track_caller]
fn check(statements: &str, question: &str, expected: &[&str]) {
    let book = book(&format!("{POLICIES}{statements}"));
    assert_eq!(found(&book, question), expected, "{question}\nafter{statements}");
}

#[test]
fn it_applies_where_it_does_in_every_completion_of_the_description() {
    let either = "
pattern craft { for cluster when industry = traditional then recommended = training }
pattern complex { for cluster when industry != traditional then recommended = training }";
    check(either, "policies where industry in (traditional, cops)", &["training applies, supported"]);
    check(either, "policies where industry = supplier", &["training applies, supported"]);
    let one = "\npattern weak { for cluster when social_capital <= weak then recommended = training }";
    check(one, "policies where social_capital <= weak", &["training applies, supported"]);
    check(
        one,
        "policies where social_capital <= moderate",
        &["training would apply if social_capital <= weak, supported"],
    );
}

#[test]
fn numbers_are_cut_at_the_thresholds_of_the_patterns() {
    let sizes = "
pattern small { for cluster when workers < 100 then recommended = training }
pattern large { for cluster when workers >= 100 then recommended = training }
pattern huge { for cluster when workers > 1000 then recommended = fairs }";
    check(
        sizes,
        "policies where workers > 10",
        &["training applies, supported", "fairs would apply if workers > 1000, supported"],
    );
}

#[test]
fn what_is_not_mentioned_stays_open() {
    let open = "
pattern craft { for cluster when industry = traditional then recommended = training }
pattern complex { for cluster when industry != traditional then recommended = training }";
    check(
        open,
        "policies where exporting = yes",
        &["training would apply if industry != traditional, supported"],
    );
}

#[test]
fn it_would_apply_with_the_smallest_set_of_open_conditions() {
    let ways = "
pattern much { for cluster when industry = cops and exporting = yes and social_capital = weak
  then recommended = training }
pattern little { for cluster when industry = cops and (markets = abroad or share > 50 and workers > 10)
  then recommended = training }";
    check(ways, "policies where industry = cops", &["training would apply if markets = abroad, supported"]);
}

#[test]
fn what_is_ruled_out_is_not_listed() {
    let craft = "\npattern craft { for cluster when industry = traditional and workers > 10 then recommended = training }";
    check(craft, "policies where industry = cops", &[]);
    check(craft, "policies where industry = traditional and workers < 5", &[]);
}

#[test]
fn contested_is_what_both_a_supporting_and_a_denying_pattern_apply_to_or_would() {
    let both = "
pattern for_it { for cluster when industry = cops then recommended = quotas }
pattern against { for cluster when social_capital = weak then recommended != quotas }";
    check(both, "policies where industry = cops and social_capital = weak", &["quotas applies, contested"]);
    check(both, "policies where industry = cops", &["quotas applies, contested"]);
    check(both, "policies where industry = cops and social_capital = strong", &["quotas applies, supported"]);
}

#[test]
fn first_what_applies_then_by_described_attributes_used_then_supported_then_name() {
    let order = "
pattern one { for cluster when industry = cops then recommended = quotas }
pattern two { for cluster when industry = cops then recommended = fairs }
pattern three { for cluster when industry = cops and exporting = yes then recommended = training }
pattern four { for cluster when industry = cops and workers > 10 then recommended = standards }
pattern five { for cluster when industry = cops then recommended != fairs }";
    check(
        order,
        "policies where industry = cops and exporting = yes",
        &[
            "training applies, supported",
            "quotas applies, supported",
            "fairs applies, contested",
            "standards would apply if workers > 10, supported",
        ],
    );
}

#[test]
fn the_policies_for_a_case_are_those_of_all_that_is_known_of_it() {
    let stored = "
assert jepara.industry = cops
assert jepara.workers = 20
pattern one { for cluster when industry = cops and workers > 10 then recommended = training }
pattern two { for cluster when exporting = yes then recommended = fairs }";
    let expected = ["training applies, supported", "fairs would apply if exporting = yes, supported"];
    check(stored, "policies for jepara", &expected);
    check(stored, "policies where industry = cops and workers = 20", &expected);
}

#[test]
fn conditions_on_the_policys_own_attributes_and_on_the_columns_filter_in_the_same_question() {
    let all = "
pattern one { for cluster when industry = cops then recommended = training }
pattern two { for cluster when industry = cops then recommended = standards }
pattern three { for cluster when industry = cops and exporting = yes then recommended = fairs }";
    check(
        all,
        "policies where industry = cops and cost = low",
        &["training applies, supported", "fairs would apply if exporting = yes, supported"],
    );
    check(
        all,
        "policies where industry = cops and status = applies",
        &["standards applies, supported", "training applies, supported"],
    );
}

#[test]
fn in_a_described_case_not_c_means_that_c_is_failed() {
    let negated = "\npattern other { for cluster when not industry = cops then recommended = training }";
    check(negated, "policies where industry = supplier", &["training applies, supported"]);
    check(negated, "policies where industry = cops", &[]);
    check(negated, "policies where workers = 5", &["training would apply if not industry = cops, supported"]);
    check(
        negated,
        "policies where industry in (cops, supplier)",
        &["training would apply if not industry = cops, supported"],
    );
}

#[test]
fn a_description_chains_through_what_patterns_conclude() {
    let chain = "
pattern first { for cluster when industry = cops then exporting = yes }
pattern then { for cluster when exporting = yes then recommended = fairs }";
    check(chain, "policies where industry = cops", &["fairs applies, supported"]);
}

#[test]
fn more_than_4096_completions_are_refused() {
    let letters: Vec<String> = ('a'..='q').map(|letter| letter.to_string()).collect();
    let mut statements = POLICIES.to_string();
    for attribute in ["first", "second", "third"] {
        statements += &format!("\nattribute {attribute} of cluster: one of {}", letters.join(", "));
    }
    let question = "policies where first != a and second != a and third != a or first = a";
    let error = book(&statements).query(question).expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
}

#[test]
fn of_what_takes_many_values_a_description_may_tell_several_and_deny_some() {
    let both = "
pattern both { for cluster when markets = home and markets = abroad then recommended = training }
pattern lonely { for cluster when markets = home and markets != abroad then recommended = fairs }";
    check(
        both,
        "policies where markets = home",
        &[
            "fairs would apply if markets != abroad, supported",
            "training would apply if markets = abroad, supported",
        ],
    );
    check(both, "policies where markets = home and markets = abroad", &["training applies, supported"]);
    check(both, "policies where markets = home and markets != abroad", &["fairs applies, supported"]);
    check(both, "policies where markets = home and not markets = abroad", &["fairs applies, supported"]);
}

#[test]
fn what_tells_no_value_does_not_describe() {
    let error = book(POLICIES).query("policies where count of markets = 2").expect_err("a count");
    assert!(error.to_string().contains("does not describe a case"), "{error}");
}

#[test]
fn needs_that_no_value_can_meet_together_are_not_offered() {
    let odd = "\npattern odd { for cluster when workers > 10 and workers < 5 then recommended = training }";
    check(odd, "policies where industry = cops", &[]);
}

#[test]
fn many_attributes_may_be_described_if_each_is_told() {
    let scales: String = (0..10)
        .map(|at| format!("\nattribute a{at} of cluster: scale none < weak < moderate < strong"))
        .collect();
    let pattern = "\npattern all { for cluster when a0 = weak and a9 = weak then recommended = training }";
    let told: Vec<String> = (0..10).map(|at| format!("a{at} = weak")).collect();
    let question = format!("policies where {}", told.join(" and "));
    check(&format!("{scales}{pattern}"), &question, &["training applies, supported"]);
}

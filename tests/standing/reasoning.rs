//! Reasoning: why, why not, what if, suppose, without, rests on.

use super::{book, check, rows};
use casebook::answer::format::{Format, Options, write};
use casebook::{Casebook, ErrorKind};

/// An argument as a terminal shows it, with the notes below.
fn shown(book: &Casebook, question: &str) -> String {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{error}"));
    let mut bytes = Vec::new();
    write(&answer, Format::Table, &Options::default(), &mut bytes).expect("a vector takes everything");
    let text = String::from_utf8(bytes).expect("a format is text");
    let notes = answer.notes().iter().map(|note| format!("note: {note}\n"));
    text + &notes.collect::<String>()
}

/// That these statements lead from the question to this argument.
#[track_caller]
fn argues(statements: &str, question: &str, expected: &str) {
    let found = shown(&book(statements), question);
    assert_eq!(found.trim(), expected.trim(), "{question}\nafter{statements}\nfound\n{found}");
}

/// The rows of a difference: change, name, attribute, value, standing before and after, patterns.
#[track_caller]
fn differs(statements: &str, question: &str, expected: &[&str]) {
    check(statements, question, expected);
}

/// That a question is refused, and what the report says, place and caret included.
#[track_caller]
fn refused(statements: &str, question: &str, kind: ErrorKind, words: &[&str]) {
    let error = book(statements).run(question).expect_err(question);
    assert_eq!(error.kind(), kind, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "{word} in\n{error}");
    }
}

const EXPORTS: &str = "
pattern exports { for cluster when markets = abroad then exporting = yes [berry \"p. 2\"] }";

const REACHES: &str = "
attribute supplies of cluster: many cluster
attribute reaches of cluster: many cluster
cluster penang { supplies: cluster jepara [sandee \"p. 1\"] }
cluster taiwan { supplies: penang [berry \"p. 2\"] }
pattern supplies_reaches { for cluster A, cluster B when A.supplies = B then A.reaches = B }
pattern reaches_further { for cluster A, cluster B, cluster C
  when A.supplies = B and B.reaches = C then A.reaches = C }";

// ---- why --------------------------------------------------------------------------------------------

#[test]
fn why_prints_conclusion_pattern_premises_and_under_each_leaf_the_claim_with_its_citation() {
    let claimed =
        format!("assert jepara.markets = abroad \"timber\" [sandee \"p. 1\"] (hedged, in 1995){EXPORTS}");
    argues(
        &claimed,
        "why jepara.exporting = yes",
        r#"
jepara.exporting = yes (hedged, by analogy)
│ because of pattern exports [1, p. 2]
└─ markets = abroad is met: jepara.markets = abroad (hedged)
     claim c2.0 [2, p. 1], in 1995
     "timber"

References
[1] berry
[2] sandee"#,
    );
}

#[test]
fn why_of_a_claim_prints_the_claim() {
    argues(
        "assert jepara.workers = about 20 [sandee via berry \"p. 1\"]",
        "why jepara.workers < 30",
        r"
jepara.workers = about 20
  claim c2.0 [1 via 2, p. 1]

References
[1] sandee
[2] berry",
    );
    argues(
        "assert jepara.workers = 20",
        "why jepara.workers = 20",
        r"
jepara.workers = 20
  claim c2.0",
    );
}

#[test]
fn for_a_conclusion_with_both_sides_why_prints_both_proofs() {
    let both = format!(
        "assert jepara.markets = abroad [sandee]\nassert jepara.exporting = no [berry \"p. 9\"]{EXPORTS}"
    );
    argues(
        &both,
        "why jepara.exporting = yes",
        r"
Proof 1 of 2
jepara.exporting = yes (contested, by analogy)
│ because of pattern exports [1, p. 2]
└─ markets = abroad is met: jepara.markets = abroad
     claim c2.0 [2]

Proof 2 of 2
jepara.exporting = no (contested)
  claim c2.1 [1, p. 9]

References
[1] berry
[2] sandee
note: `jepara.exporting = yes` is contested: first what speaks for it, then what speaks against it",
    );
}

#[test]
fn why_asked_of_what_does_not_hold_prints_what_speaks_against_it() {
    let weak = "
assert jepara.social_capital = weak [sandee]";
    argues(
        weak,
        "why jepara.social_capital = strong",
        r"
jepara.social_capital = weak stands against it
  claim c2.0 [1]

References
[1] sandee
note: `jepara.social_capital = strong` does not hold: this speaks against it; `why not jepara.social_capital = strong` says what it would take",
    );
    argues(
        "",
        "why jepara.social_capital = strong",
        r"
(no proofs)
note: nothing speaks for `jepara.social_capital = strong` or against it; `why not jepara.social_capital = strong` says what it would take",
    );
}

#[test]
fn why_prints_the_smallest_proof_and_why_all_every_one() {
    let twice = format!(
        "assert jepara.markets = abroad [sandee]
pattern sells {{ for cluster when markets = abroad and workers > 10 then exporting = yes }}
assert jepara.workers = 20{EXPORTS}"
    );
    argues(
        &twice,
        "why jepara.exporting = yes",
        r"
jepara.exporting = yes (by analogy)
│ because of pattern exports [1, p. 2] (1 other says the same)
└─ markets = abroad is met: jepara.markets = abroad
     claim c2.0 [2]

References
[1] berry
[2] sandee
note: `why all ...` shows every proof",
    );
    argues(
        &twice,
        "why all jepara.exporting = yes",
        r"
Proof 1 of 2
jepara.exporting = yes (by analogy)
│ because of pattern exports [1, p. 2]
└─ markets = abroad is met: jepara.markets = abroad
     claim c2.0 [2]

Proof 2 of 2
jepara.exporting = yes (by analogy)
│ because of pattern sells
├─ markets = abroad is met: jepara.markets = abroad
│    claim c2.0 [2]
└─ workers > 10 is met: jepara.workers = 20
     claim c2.1

References
[1] berry
[2] sandee",
    );
}

#[test]
fn why_follows_joins_and_recursion() {
    argues(
        REACHES,
        "why taiwan.reaches = cluster jepara",
        r"
taiwan.reaches = jepara (by analogy)
│ because of pattern reaches_further
├─ A.supplies = B is met: taiwan.supplies = penang
│    claim c2.1 [1, p. 2]
└─ B.reaches = C is met: penang.reaches = jepara (by analogy)
   │ because of pattern supplies_reaches
   └─ A.supplies = B is met: penang.supplies = jepara
        claim c2.0 [2, p. 1]

References
[1] berry
[2] sandee",
    );
    // A circle is proved without going round in it.
    let circle = format!("{REACHES}\nassert jepara.supplies = cluster taiwan");
    argues(
        &circle,
        "why jepara.reaches = cluster jepara",
        r"
jepara.reaches = jepara (by analogy)
│ because of pattern reaches_further
├─ A.supplies = B is met: jepara.supplies = taiwan
│    claim c2.2
└─ B.reaches = C is met: taiwan.reaches = jepara (by analogy)
   │ because of pattern reaches_further
   ├─ A.supplies = B is met: taiwan.supplies = penang
   │    claim c2.1 [1, p. 2]
   └─ B.reaches = C is met: penang.reaches = jepara (by analogy)
      │ because of pattern supplies_reaches (1 other says the same)
      └─ A.supplies = B is met: penang.supplies = jepara
           claim c2.0 [2, p. 1]

References
[1] berry
[2] sandee",
    );
}

#[test]
fn a_chain_of_references_may_be_long_and_a_proof_stops_at_its_depth() {
    let mut chain = REACHES.to_string();
    for at in 1..=30 {
        chain.push_str(&format!("\ncluster c{at} {{ }}"));
    }
    for at in 1..30 {
        chain.push_str(&format!("\nassert c{at}.supplies = cluster c{}", at + 1));
    }
    let proof = shown(&book(&chain), "why c1.reaches = cluster c30");
    assert_eq!(proof.lines().filter(|line| line.contains("claim c2.")).count(), 20, "{proof}");
    assert!(proof.contains("it goes on: `why c21.reaches = c30`"), "{proof}");
    let rest = shown(&book(&chain), "why c21.reaches = c30");
    assert!(rest.contains("c29.supplies = c30"), "{rest}");
}

#[test]
fn why_of_a_requirement_prints_what_is_failed() {
    let needs = "
assert jepara.social_capital = weak [sandee \"p. 4\"]
pattern needs { for cluster industry = cops requires social_capital >= moderate and workers > 10 [berry] }";
    argues(
        needs,
        "why jepara.industry != cops",
        r"
jepara.industry != cops (denied, by analogy)
│ because of pattern needs [1]
└─ social_capital >= moderate is failed: jepara.social_capital = weak
     claim c2.0 [2, p. 4]

References
[1] berry
[2] sandee",
    );
}

#[test]
fn a_premise_with_not_is_unknown_or_count_of_rests_on_what_nobody_says() {
    let negated = "
pattern unsaid { for cluster when not industry = cops and share is unknown and count of markets < 1
  then workers = 3 }";
    argues(
        negated,
        "why jepara.workers = 3",
        r"
jepara.workers = 3 (by analogy)
│ because of pattern unsaid
├─ not industry = cops is met
├─ share is unknown is met
└─ count of markets < 1 is met",
    );
}

#[test]
fn proofs_carry_the_marks() {
    let marked = "
assert jepara.markets = abroad [sandee] (hedged)
assert jepara.markets != abroad [berry]
pattern exports { for cluster when markets = abroad then exporting = yes seen in jepara }
pattern grows { for cluster when exporting = yes then workers = 12 }";
    argues(
        marked,
        "why jepara.workers > 5",
        r"
jepara.workers = 12 (hedged, on contested ground, by analogy)
│ because of pattern grows
└─ exporting = yes is met: jepara.exporting = yes (hedged, on contested ground)
   │ because of pattern exports
   └─ markets = abroad is contested: jepara.markets = abroad (contested, hedged)
        claim c2.0 [1]

References
[1] sandee",
    );
}

#[test]
fn bare_why_of_an_attribute_proves_all_that_is_said_of_it() {
    let said = format!(
        "assert jepara.exporting != no [sandee]\nassert jepara.markets = (home, abroad) [berry]{EXPORTS}"
    );
    argues(
        &said,
        "why jepara.markets",
        r"
Proof 1 of 2
jepara.markets = home
  claim c2.1 [1]

Proof 2 of 2
jepara.markets = abroad
  claim c2.2 [1]

References
[1] berry",
    );
    argues(
        "",
        "why jepara.markets",
        r"
(no proofs)
note: nothing is known of it",
    );
}

#[test]
fn why_of_a_path_prints_every_step_of_it() {
    let path = "
country indonesia { region: asia [berry] }
assert jepara.country = indonesia [sandee]";
    argues(
        path,
        "why jepara.country.region = asia",
        r"
jepara.country.region = asia
├─ jepara.country.region = asia is met: jepara.country = indonesia
│    claim c2.1 [1]
└─ jepara.country.region = asia is met: indonesia.region = asia
     claim c2.0 [2]

References
[1] sandee
[2] berry",
    );
}

#[test]
fn why_of_something_unknown_is_refused_at_its_place() {
    refused("", "why nowhere.workers = 1", ErrorKind::Unknown, &["no thing `nowhere`", "    ^^^^^^^"]);
    refused(
        "",
        "why jepara.wrkers = 1",
        ErrorKind::Unknown,
        &["no attribute `wrkers` of cluster", "^^^^^^", "did you mean `workers`?"],
    );
    refused("", "why industry = cops", ErrorKind::Meaning, &["`industry` of which cluster?", "^^^^^^^^"]);
    refused("", "why jepara.country.region", ErrorKind::Meaning, &["not one attribute of one thing"]);
}

// ---- why not ----------------------------------------------------------------------------------------

const NEAR_AND_FAR: &str = "
cluster jepara { workers: 20 [sandee \"p. 2\"], exporting: no [berry \"p. 3\"] }
pattern far { for cluster when workers < 5 and exporting = yes and share > 10 then industry = cops [berry] }
pattern near { for cluster when workers > 5 and social_capital >= strong then industry = cops [sandee] }";

#[test]
fn why_not_prints_for_every_pattern_which_premises_are_met_failed_and_open_the_nearest_first() {
    argues(
        NEAR_AND_FAR,
        "why not jepara.industry = cops",
        r"
Argument 1 of 3
pattern near [1] would conclude jepara.industry = cops
│ 1 of 2 premises holds; would need social_capital >= strong
├─ ✓ workers > 5 is met: jepara.workers = 20
│    claim c2.0 [1, p. 2]
└─ ? social_capital >= strong is open

Argument 2 of 3
pattern far [2] would conclude jepara.industry = cops
│ 0 of 3 premises hold; would need workers < 5 and exporting = yes and share > 10
├─ ✗ workers < 5 is failed: jepara.workers = 20
│    claim c2.0 [1, p. 2]
├─ ✗ exporting = yes is failed: jepara.exporting = no
│    claim c2.1 [2, p. 3]
└─ ? share > 10 is open

Argument 3 of 3
jepara.industry = cops would be brought about by: jepara.social_capital = strong

References
[1] sandee
[2] berry",
    );
}

#[test]
fn why_not_names_the_smallest_sets_of_changes() {
    let two = "
pattern joint { for cluster when exporting = yes and social_capital >= strong then industry = cops }";
    argues(
        two,
        "why not jepara.industry = cops",
        r"
Argument 1 of 2
pattern joint would conclude jepara.industry = cops
│ 0 of 2 premises hold; would need exporting = yes and social_capital >= strong
├─ ? exporting = yes is open
└─ ? social_capital >= strong is open

Argument 2 of 2
jepara.industry = cops would be brought about by: jepara.social_capital = strong and jepara.exporting = yes",
    );
    // What a set names does bring it about.
    let book = book(two);
    let asked = "suppose jepara.exporting = yes and jepara.social_capital = strong then jepara.industry";
    assert_eq!(rows(&book, asked), ["cops | supported |  |  |  | concluded; by analogy"]);
}

#[test]
fn changes_reach_through_other_patterns() {
    let chain = format!("{EXPORTS}\npattern grows {{ for cluster when exporting = yes then workers = 12 }}");
    argues(
        &chain,
        "why not jepara.workers > 5",
        r"
Argument 1 of 3
pattern grows would conclude jepara.workers = 12
│ its premise does not hold; would need exporting = yes
└─ ? exporting = yes is open

Argument 2 of 3
jepara.workers > 5 would be brought about by: jepara.exporting = yes

Argument 3 of 3
jepara.workers > 5 would be brought about by: jepara.markets = abroad",
    );
}

#[test]
fn why_not_prints_what_stands_against_it_and_what_would_take_that_away() {
    let against = "
assert jepara.social_capital = weak [sandee]
pattern needs { for cluster industry = cops requires social_capital >= moderate [berry] }";
    argues(
        against,
        "why not jepara.industry = cops",
        r"
jepara.industry != cops (denied, by analogy) stands against it
│ because of pattern needs [1]
│ would no longer, with social_capital >= moderate instead
└─ ✗ social_capital >= moderate is failed: jepara.social_capital = weak
     claim c2.0 [2]

References
[1] berry
[2] sandee
note: no pattern concludes `jepara.industry = cops`: a claim would have to say so",
    );
}

#[test]
fn why_not_of_what_holds_says_so() {
    argues(
        "assert jepara.workers = 20 [sandee]",
        "why not jepara.workers = 20",
        r"
jepara.workers = 20
  claim c2.0 [1]

References
[1] sandee
note: `jepara.workers = 20` does hold: this is why",
    );
}

#[test]
fn why_not_says_where_no_pattern_could_conclude_it() {
    argues(
        "",
        "why not jepara.workers = 20",
        r"
(no proofs)
note: no pattern concludes `jepara.workers = 20`: a claim would have to say so",
    );
}

#[test]
fn why_not_sees_a_chain_of_joins() {
    argues(
        REACHES,
        "why not jepara.reaches = cluster taiwan",
        r#"
Argument 1 of 3
pattern supplies_reaches would conclude jepara.reaches = taiwan
│ A is jepara, B is taiwan
│ its premise does not hold; would need A.supplies = B
└─ ? A.supplies = B is open

Argument 2 of 3
pattern reaches_further would conclude jepara.reaches = taiwan
│ A is jepara, C is taiwan
│ 0 of 2 premises hold; would need A.supplies = B and B.reaches = C
├─ ? A.supplies = B is open
└─ ? B.reaches = C is open

Argument 3 of 3
jepara.reaches = cluster taiwan would be brought about by: jepara.supplies = taiwan"#,
    );
}

// ---- suppose and what if ----------------------------------------------------------------------------

#[test]
fn suppose_adds_what_it_supposes_and_a_one_valued_attribute_becomes_contested() {
    let claimed = "assert jepara.workers = 10 [sandee]";
    check(
        claimed,
        "suppose jepara.workers = 20 then jepara.workers",
        &["10 | contested |  |  | sandee", "20 | contested"],
    );
    differs(
        claimed,
        "what if jepara.workers = 20",
        &[
            "contested | jepara | workers | 10 | supported | contested",
            "contested | jepara | workers | 20 | denied | contested",
        ],
    );
    // As a new claim would: with the same citations, or none, it takes the place of the earlier one.
    check(
        "assert jepara.workers = 10",
        "suppose jepara.workers = 20 then jepara.workers",
        &["20 | supported"],
    );
}

#[test]
fn what_is_supposed_may_depend_on_what_was_supposed_before() {
    check(
        "",
        "suppose country kenya { region: africa } and cluster nairobi { country: kenya } \
         then clusters where country.region = africa show name, country",
        &["nairobi | kenya"],
    );
    let statement =
        "suppose cluster nairobi { country: kenya } and country kenya { region: africa } then clusters";
    refused("", statement, ErrorKind::Unknown, &["`kenya`", "^^^^^"]);
}

#[test]
fn what_if_is_the_difference_that_suppose_makes() {
    let book = book(EXPORTS);
    let fact = "jepara.markets = abroad";
    assert_eq!(
        rows(&book, &format!("what if {fact}")),
        [
            "gained | jepara | exporting | yes | unknown | supported | exports",
            "gained | jepara | markets | abroad | unknown | supported",
        ]
    );
    for (attribute, after) in [("exporting", "yes"), ("markets", "abroad")] {
        assert_eq!(rows(&book, &format!("jepara.{attribute}")), [""; 0]);
        let supposed = rows(&book, &format!("suppose {fact} then jepara.{attribute}"));
        assert_eq!(supposed.len(), 1, "{supposed:?}");
        assert!(supposed[0].starts_with(&format!("{after} | supported")), "{supposed:?}");
    }
}

#[test]
fn a_difference_says_what_becomes_of_each_statement() {
    let said = "
assert jepara.exporting = yes [sandee]
assert jepara.exporting = no [berry]
assert jepara.markets != home [berry]
assert jepara.industry = cops";
    differs(
        said,
        "rests on berry",
        &[
            "lost | jepara | markets | home | denied | unknown",
            "settled | jepara | exporting | yes | contested | supported",
            "settled | jepara | exporting | no | contested | denied",
        ],
    );
    differs(
        said,
        "what if jepara.industry = supplier",
        &[
            "reversed | jepara | industry | cops | supported | denied",
            "reversed | jepara | industry | supplier | denied | supported",
        ],
    );
    differs(
        said,
        "what if jepara.markets = home",
        &["contested | jepara | markets | home | denied | contested"],
    );
    differs(
        said,
        "what if jepara.markets = abroad",
        &["gained | jepara | markets | abroad | unknown | supported"],
    );
    differs(said, "what if jepara.industry = cops", &[]);
}

#[test]
fn to_replace_a_claim_leave_it_out() {
    let claimed =
        format!("assert jepara.markets = abroad [sandee]\nassert jepara.exporting = no [berry]{EXPORTS}");
    differs(&claimed, "what if jepara.exporting != no without claim c2.1", &[]);
    check(
        &claimed,
        "suppose jepara.workers = 3 then clusters show exporting, workers without claim c2.1",
        &["yes | 3"],
    );
}

#[test]
fn a_supposed_statement_that_is_wrong_is_refused_at_its_place() {
    refused(
        "",
        "what if jepara.workers = plenty",
        ErrorKind::Type,
        &["`workers` is a number, not `plenty`", "                         ^^^^^^"],
    );
    refused(
        "",
        "suppose cluster penang { indsutry: cops } then clusters",
        ErrorKind::Unknown,
        &[
            "no attribute `indsutry` of cluster",
            "                         ^^^^^^^^",
            "did you mean `industry`?",
        ],
    );
    refused("", "suppose jepara.workers = 3", ErrorKind::Syntax, &["`then` and a question"]);
}

#[test]
fn a_claim_that_is_supposed_is_called_so_in_proofs() {
    argues(
        EXPORTS,
        "suppose jepara.markets = abroad then why jepara.exporting = yes",
        r"
jepara.exporting = yes (by analogy)
│ because of pattern exports [1, p. 2]
└─ markets = abroad is met: jepara.markets = abroad
     claim supposed

References
[1] berry",
    );
}

// ---- without and rests on ---------------------------------------------------------------------------

#[test]
fn under_without_s_a_citation_falls_if_s_is_its_source_or_its_via() {
    let cited = "assert jepara.workers = 10 [sandee via berry \"p. 1\"; sandee \"p. 3\"]";
    check(cited, "jepara.workers without berry", &["10 | supported |  |  | sandee, p. 3"]);
    check(cited, "jepara.workers without sandee", &[]);
    check("assert jepara.workers = 10 [sandee via berry]", "jepara.workers without berry", &[]);
}

#[test]
fn a_claim_or_pattern_falls_when_it_had_citations_and_all_fell_and_what_was_uncited_stays() {
    let two = "assert jepara.workers = 10 [sandee; berry]";
    check(two, "jepara.workers without berry", &["10 | supported |  |  | sandee"]);
    check(two, "jepara.workers without berry, sandee", &[]);
    check("assert jepara.workers = 10", "jepara.workers without sandee, berry", &["10 | supported"]);
    let patterns = "
assert jepara.workers = 10
pattern cited { for cluster when workers = 10 then markets = abroad [sandee] }
pattern uncited { for cluster when workers = 10 then markets = home }";
    check(patterns, "clusters show markets without sandee", &["home"]);
}

#[test]
fn without_takes_out_patterns_and_single_claims_too() {
    let claimed = format!("assert jepara.markets = (home, abroad) [sandee]{EXPORTS}");
    let asked = "clusters show markets, exporting";
    check(&claimed, asked, &["home; abroad | yes"]);
    check(&claimed, &format!("{asked} without pattern exports"), &["home; abroad"]);
    check(&claimed, &format!("{asked} without claim c2.1"), &["home"]);
    check(&claimed, &format!("{asked} without claim c2.0, pattern exports"), &["abroad"]);
}

#[test]
fn rests_on_is_the_difference_that_without_makes() {
    let claimed = format!("assert jepara.markets = abroad [sandee]\nassert jepara.workers = 3{EXPORTS}");
    let both = [
        "lost | jepara | exporting | yes | supported | unknown | exports",
        "lost | jepara | markets | abroad | supported | unknown",
    ];
    differs(&claimed, "rests on sandee", &both);
    differs(&claimed, "rests on claim c2.0", &both);
    differs(&claimed, "rests on berry", &both[..1]);
    differs(&claimed, "rests on pattern exports", &both[..1]);
    differs(
        REACHES,
        "rests on pattern supplies_reaches",
        &[
            "lost | penang | reaches | jepara | supported | unknown | supplies_reaches",
            "lost | taiwan | reaches | penang | supported | unknown | supplies_reaches",
            "lost | taiwan | reaches | jepara | supported | unknown | reaches_further",
        ],
    );
}

#[test]
fn what_is_to_be_left_out_must_be_there() {
    refused(
        "",
        "rests on sande",
        ErrorKind::Unknown,
        &["no source `sande`", "^^^^^", "did you mean `sandee`?"],
    );
    refused("", "clusters without nobody", ErrorKind::Unknown, &["no source `nobody`", "^^^^^^"]);
    refused(EXPORTS, "rests on pattern export", ErrorKind::Unknown, &["did you mean `exports`?"]);
    refused("", "rests on claim c9.9", ErrorKind::Unknown, &["no claim `c9.9`"]);
    refused("", "rests on claim nine", ErrorKind::Syntax, &["the name of a claim such as `c1.20`"]);
}

// ---- modifiers --------------------------------------------------------------------------------------

#[test]
fn modifiers_choose_claims_before_any_pattern_runs_in_this_order_however_written() {
    let book = book("");
    for statement in [
        "assert jepara.markets = home [sandee] (in 1990)",
        "assert jepara.markets = abroad [berry] (in 1995)",
        "pattern exports { for cluster when markets = abroad then exporting = yes }",
        "assert jepara.markets = online [berry] (in 1995)",
    ] {
        book.run(statement).unwrap_or_else(|error| panic!("{error}"));
    }
    let supposed = "suppose jepara.workers = 30 [berry] (in 1995) and jepara.share = 5 [sandee]";
    let modifiers = ["as of commit 4", "without sandee", "in 1995"];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in orders {
        let written = order.map(|at| modifiers[at]).join(" ");
        for asked in [
            format!("{supposed} then clusters show markets, workers, share, exporting {written}"),
            format!("{supposed} then (clusters show markets, workers, share, exporting) {written}"),
            format!("({supposed} then clusters show markets, workers, share, exporting) {written}"),
        ] {
            // Not `online`, which came later; not `home` nor what is supposed by what falls.
            assert_eq!(rows(&book, &asked), ["abroad | 30 |  | yes"], "{asked}");
        }
    }
    // Each of them alone.
    let asked = "clusters show markets, exporting";
    assert_eq!(rows(&book, asked), ["home; abroad; online | yes"]);
    assert_eq!(rows(&book, &format!("{asked} in 1990")), ["home"]);
    assert_eq!(rows(&book, &format!("{asked} as of commit 2")), ["home"]);
    assert_eq!(rows(&book, &format!("{asked} without berry")), ["home"]);
    assert_eq!(
        rows(&book, &format!("suppose jepara.markets = abroad then {asked} in 1990")),
        ["home; abroad | yes"]
    );
}

#[test]
fn arguments_and_differences_take_the_modifiers_too() {
    let claimed =
        format!("assert jepara.markets = abroad [sandee] (in 1990)\nassert jepara.workers = 3{EXPORTS}");
    argues(
        &claimed,
        "why jepara.exporting = yes in 1995",
        r"
(no proofs)
note: nothing speaks for `jepara.exporting = yes` or against it; `why not jepara.exporting = yes` says what it would take",
    );
    differs(&claimed, "rests on sandee in 1995", &[]);
    differs(
        &claimed,
        "rests on sandee without pattern exports",
        &["lost | jepara | markets | abroad | supported | unknown"],
    );
    differs(
        &claimed,
        "what if jepara.workers = 3 as of commit 1",
        &["gained | jepara | workers | 3 | unknown | supported"],
    );
}

#[test]
fn nothing_is_left_behind() {
    let book = book(&format!("assert jepara.markets = abroad [sandee]{EXPORTS}"));
    let export = |book: &Casebook| format!("{:?}", book.run("export").expect("it can be exported"));
    let before = (export(&book), book.commit_number().expect("it has commits"));
    for question in [
        "suppose cluster penang { markets: home } then clusters",
        "what if cluster penang { markets: abroad }",
        "clusters without sandee",
        "rests on sandee",
        "rests on claim c2.0, pattern exports",
        "why not jepara.industry = cops",
        "explain suppose jepara.workers = 3 then why jepara.workers = 3",
    ] {
        book.query(question).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!((export(&book), book.commit_number().expect("it has commits")), before);
    assert_eq!(rows(&book, "clusters show name, exporting"), ["jepara | yes"]);
}

#[test]
fn of_two_suppositions_without_citation_the_later_takes_the_place_of_the_earlier() {
    differs(
        "",
        "what if jepara.workers = 3 and jepara.workers = 4",
        &["gained | jepara | workers | 4 | unknown | supported"],
    );
    differs(
        "",
        "what if jepara.workers = 3 [sandee] and jepara.workers = 4 [berry]",
        &[
            "contested | jepara | workers | 3 | unknown | contested",
            "contested | jepara | workers | 4 | unknown | contested",
        ],
    );
}

#[test]
fn what_would_bring_it_about_reaches_for_things_too() {
    let regions = "
country indonesia { region: asia [sandee] }
country kenya { region: africa }
pattern asian { for cluster A, country B when A.country = B and B.region = asia then A.exporting = yes }";
    argues(
        regions,
        "why not jepara.exporting = yes",
        r#"
Argument 1 of 2
pattern asian would conclude jepara.exporting = yes
│ A is jepara, B is indonesia
│ 1 of 2 premises holds; would need A.country = B
├─ ? A.country = B is open
└─ ✓ B.region = asia is met: indonesia.region = asia
     claim c2.0 [1]

Argument 2 of 2
jepara.exporting = yes would be brought about by: jepara.country = indonesia

References
[1] sandee"#,
    );
}

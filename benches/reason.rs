//! Reasoning over a hundred thousand cases: about one of them on demand, beside concluding it for all; a proof,
//! what is lacking, and what would be, beside the plain question.
//!
//! `cargo bench --bench reason [CASES]` prints medians of wall time and ratios within the same run.
//! `docs/performance.md` keeps the last figures.

mod made;

use casebook::Casebook;
use made::clusters;
use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;

/// One layer above the other, with a join, recursion, a denial and stratified negation.
const PATTERNS: &str = "
attribute within of cluster: many cluster
attribute absorptive_capacity of cluster: scale low < adequate
attribute exchange of cluster: one of absent, present
attribute learning of cluster: yes/no
attribute failure of cluster: yes/no
attribute helped of cluster: yes/no
attribute at_risk of cluster: yes/no
pattern parts { for cluster A, cluster B when A.parent = B then A.within = B }
pattern parts_of_parts { for cluster A, cluster B, cluster C
  when A.parent = B and B.within = C then A.within = C }
pattern weak_skills { for cluster when human_capital = weak then absorptive_capacity = low }
pattern weak_ties { for cluster when social_capital = weak then exchange = absent }
pattern learning_needs_both { for cluster
  learning = yes requires absorptive_capacity >= adequate and exchange = present }
pattern systemic { for cluster when learning = no and industry = cops then failure = yes }
pattern strong_whole { for cluster A, cluster B
  when A.within = B and B.social_capital = strong then A.helped = yes }
pattern left_alone { for cluster when failure = yes and not helped = yes then at_risk = yes }
";

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let cases: u32 = asked.unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = folder.path().join("store");
    fill(&store, folder.path(), cases);
    let book = Casebook::open(&store).expect("a store");
    let of_interest = one_at_risk(&book);
    println!("{cases} cases, of which {of_interest} is asked about; median of {ROUNDS} rounds, afresh each");

    let plain = afresh(&book, &format!("{of_interest}.at_risk"));
    let all = afresh(&book, "count clusters where at_risk = yes");
    let row = |what: &str, time: Duration, beside: &str, other: Duration| {
        let ratio = time.as_secs_f64() / other.as_secs_f64().max(1e-9);
        println!("{what:<58} {:>9.3} ms, {ratio:>7.2} times {beside}", milliseconds(time));
    };
    println!("{:<58} {:>9.3} ms", "a question about one case, concluded on demand", milliseconds(plain));
    row("the same attribute for all cases, from nothing", all, "that", plain);
    let why = afresh(&book, &format!("why {of_interest}.at_risk = yes"));
    row("why", why, "the question", plain);
    let unmet = one_not_at_risk(&book);
    let why_not = afresh(&book, &format!("why not {unmet}.at_risk = yes"));
    row("why not, with the smallest sets of claims", why_not, "why", why);
    row("why not, the nearest patterns alone", nearest(&book, &unmet), "why", why);
    let what_if = afresh(&book, &format!("what if {of_interest}.social_capital = strong"));
    row("what if, one claim about one case", what_if, "the question", plain);
    let change = after_commit(&book, "count clusters where at_risk = yes");
    row("for all cases again after a commit about one", change, "the question", plain);
    let suppose = afresh(&book, &format!("suppose {of_interest}.country = it then {of_interest}.at_risk"));
    let whole = afresh(&book, "what if c4.social_capital = strong");
    row("what if, a claim that concerns a tenth of all cases", whole, "the question", plain);
    row("suppose, one claim about the case", suppose, "the question", plain);
    let without = afresh(&book, &format!("{of_interest}.at_risk without memo"));
    row("without a source of one claim", without, "the question", plain);
    let rests = afresh(&book, "rests on memo");
    row("rests on a source of one claim", rests, "the question", plain);
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Each cluster refers to the one of a tenth of its number: trees of some five levels.
fn fill(store: &Path, folder: &Path, cases: u32) {
    let (csv, parents) = (folder.join("clusters.csv"), folder.join("parents.csv"));
    fs::write(&csv, clusters(cases)).expect("room for the data");
    let mut text = String::from("id,parent\n");
    for id in 10..cases {
        let _ = writeln!(text, "c{id},c{}", id / 10);
    }
    fs::write(&parents, text).expect("room for the data");
    let path = |path: &Path| path.display().to_string().replace('\\', "\\\\");
    let file = format!(
        "kind cluster\nimport \"{}\" as cluster name from id declare\nattribute parent of cluster: cluster\n\
         import \"{}\" as cluster name from id\nsource memo {{ }}\nattribute note of cluster: text{PATTERNS}\
         assert c7.human_capital = weak [memo]",
        path(&csv),
        path(&parents)
    );
    Casebook::open(store).expect("a new store").run_file(&file, "bench").expect("a good file");
}

fn one_at_risk(book: &Casebook) -> String {
    let answer = book.query("clusters where at_risk = yes").expect("an answer");
    answer.row(answer.len() / 2).expect("there are rows")["name"].to_string()
}

fn one_not_at_risk(book: &Casebook) -> String {
    let question = "clusters where industry = traditional and human_capital = strong limit 1";
    let answer = book.query(question).expect("an answer");
    answer.row(0).expect("there are rows")["name"].to_string()
}

/// The median time of a question that was asked before, and again after a commit that concerns one case.
fn after_commit(book: &Casebook, question: &str) -> Duration {
    let mut took: Vec<Duration> = (0..ROUNDS)
        .map(|round| {
            book.query(question).expect("an answer");
            let skill = if round % 2 == 0 { "weak" } else { "strong" };
            book.run(&format!("assert c{round}.human_capital = {skill} [memo]")).expect("a good statement");
            let start = Instant::now();
            black_box(book.query(question).expect("an answer"));
            start.elapsed()
        })
        .collect();
    took.sort();
    took[ROUNDS / 2]
}

/// How long `why not` looks for patterns, before it tries sets of claims.
fn nearest(book: &Casebook, case: &str) -> Duration {
    let question = format!("explain why not {case}.at_risk = yes");
    let mut took: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let answer = book.query(&question).expect("an answer");
            let steps = answer.iter().filter(|row| row["step"].to_string().contains("patterns are near"));
            steps.map(|row| row["milliseconds"].to_string().parse::<f64>().expect("a number")).sum()
        })
        .collect();
    took.sort_by(f64::total_cmp);
    Duration::from_secs_f64(took[ROUNDS / 2] / 1e3)
}

/// The median time of a question of which nothing has been concluded yet.
fn afresh(book: &Casebook, question: &str) -> Duration {
    let mut took: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            // New vocabulary may change what anything means: nothing is kept.
            let number = book.commit_number().expect("a number");
            book.run(&format!("attribute made{number} of cluster: text")).expect("a good statement");
            let start = Instant::now();
            black_box(book.query(question).unwrap_or_else(|error| panic!("{error}")));
            start.elapsed()
        })
        .collect();
    took.sort();
    took[ROUNDS / 2]
}

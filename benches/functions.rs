//! The functions that answers wait for, each on its own: parse, filter, group, close, conclude, prove.
//!
//! `cargo bench --bench functions [NAME]`; criterion keeps the figures of the last run under `target/criterion` and says
//! what has changed. What is derived is asked of a book that has concluded nothing yet.

#[allow(dead_code, reason = "criterion times these functions")]
mod made;

use casebook::{Casebook, syntax};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;

const CASES: u32 = 10_000;
const NODES: u32 = 200;
const FILTER: &str =
    "count clusters where industry = cops and country = it and social_capital = weak and export_share > 50";

const PATTERNS: &str = "
attribute gap of cluster: many one of skills, ties
attribute learning of cluster: yes/no
attribute at_risk of cluster: yes/no
pattern lacks_skills { for cluster when human_capital = weak then gap = skills }
pattern lacks_ties { for cluster when social_capital = weak then gap = ties }
pattern learns { for cluster when human_capital != weak and social_capital != weak then learning = yes }
pattern left_alone { for cluster when not learning = yes and gap is known then at_risk = yes }
kind node
attribute next of node: many node
attribute linked of node: many node
pattern linked { for node A, node B when A.next = B then A.linked = B }
pattern linked_further { for node A, node B, node C when A.next = B and B.linked = C then A.linked = C }
";

fn functions(criterion: &mut Criterion) {
    let book = book();
    criterion.bench_function("parse", |bencher| bencher.iter(|| syntax::parse(black_box(FILTER))));
    for (name, question) in [("filter", FILTER), ("group", "count clusters by industry")] {
        criterion.bench_function(name, |bencher| bencher.iter(|| ask(&book, question)));
    }
    let derived = [
        ("close", "sum count of linked of nodes"),
        ("conclude for one case", "c7.at_risk"),
        ("conclude for all cases", "count clusters where at_risk = yes"),
        ("prove", "why c7.gap"),
    ];
    for (name, question) in derived {
        criterion.bench_function(name, |bencher| {
            bencher.iter_batched(|| forget(&book), |()| ask(&book, question), BatchSize::PerIteration);
        });
    }
}

fn ask(book: &Casebook, question: &str) -> usize {
    book.query(question).unwrap_or_else(|error| panic!("{error}")).len()
}

/// New vocabulary may change what anything means: nothing that was concluded is kept.
fn forget(book: &Casebook) {
    let number = book.commit_number().expect("a number");
    book.run(&format!("attribute made{number} of cluster: text")).expect("a good statement");
}

fn book() -> Casebook {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = folder.path().join("clusters.csv");
    std::fs::write(&csv, made::clusters(CASES)).expect("room for the data");
    let path = csv.display().to_string().replace('\\', "\\\\");
    let mut text = format!("kind cluster\nimport \"{path}\" as cluster name from id declare\n{PATTERNS}");
    for node in 0..NODES {
        let _ = writeln!(text, "node n{node} {{ }}");
    }
    for node in 0..NODES {
        let (one, other) = ((node * 7 + 1) % NODES, (node * 13 + 5) % NODES);
        let _ = writeln!(text, "node n{node} {{ next: (n{one}, n{other}) }}");
    }
    let book = Casebook::in_memory();
    book.run_file(&text, "bench").expect("a good file");
    book
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = functions
}
criterion_main!(benches);

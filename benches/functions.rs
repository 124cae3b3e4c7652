//! The functions that answers wait for, each on its own: parse, import, open, commit, filter, group, join, close,
//! conclude, prove.
//!
//! `cargo bench --bench functions [NAME]`; criterion keeps the figures of the last run under `target/criterion` and says
//! what has changed. What is derived is asked of a book that has concluded nothing yet.

mod made;

use casebook::{Casebook, syntax};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

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
kind course
attribute target of course: one of skills, ties
attribute helped_by of cluster: many course
pattern helps { for cluster A, course B when A.gap = B.target then A.helped_by = B }
course literacy { target: skills }
course craft { target: skills }
course fairs { target: ties }
kind node
attribute next of node: many node
attribute linked of node: many node
pattern linked { for node A, node B when A.next = B then A.linked = B }
pattern linked_further { for node A, node B, node C when A.next = B and B.linked = C then A.linked = C }
";

fn functions(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = file(folder.path());
    let store = folder.path().join("store");
    let book = filled(&store, &text);

    criterion.bench_function("parse", |bencher| bencher.iter(|| syntax::parse(black_box(FILTER))));
    criterion.bench_function("import", |bencher| {
        let mut made = 0;
        bencher.iter(|| {
            made += 1;
            filled(&folder.path().join(format!("store{made}")), &text)
        });
    });
    criterion.bench_function("open and filter", |bencher| {
        bencher.iter(|| ask(&Casebook::open(&store).expect("a store"), FILTER));
    });
    for (name, question) in [("filter", FILTER), ("group", "count clusters by industry")] {
        criterion.bench_function(name, |bencher| bencher.iter(|| ask(&book, question)));
    }
    let derived = [
        ("join", "sum count of helped_by of clusters"),
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
    criterion.bench_function("commit and conclude", |bencher| {
        let mut round = 0;
        bencher.iter(|| {
            round += 1;
            let skill = if round % 2 == 0 { "weak" } else { "strong" };
            book.run(&format!("assert c7.human_capital = {skill}")).expect("a good statement");
            ask(&book, "c7.at_risk")
        });
    });
}

fn ask(book: &Casebook, question: &str) -> usize {
    book.query(question).unwrap_or_else(|error| panic!("{error}")).len()
}

/// New vocabulary may change what anything means: nothing that was concluded is kept.
fn forget(book: &Casebook) {
    let number = book.commit_number().expect("a number");
    book.run(&format!("attribute made{number} of cluster: text")).expect("a good statement");
}

fn filled(store: &Path, text: &str) -> Casebook {
    let book = Casebook::open(store).expect("a new store");
    book.run_file(text, "bench").expect("a good file");
    book
}

/// The statements that fill a store, and the files that they import.
fn file(folder: &Path) -> String {
    let (clusters, links) = (folder.join("clusters.csv"), folder.join("links.csv"));
    std::fs::write(&clusters, made::clusters(CASES)).expect("room for the data");
    let mut rows = String::from("from,to\n");
    for node in 0..NODES {
        let _ = writeln!(rows, "n{node},n{}\nn{node},n{}", (node * 7 + 1) % NODES, (node * 13 + 5) % NODES);
    }
    std::fs::write(&links, rows).expect("room for the data");
    let path = |path: &Path| path.display().to_string().replace('\\', "\\\\");
    format!(
        "kind cluster\nimport \"{}\" as cluster name from id declare\n{PATTERNS}\
         import \"{}\" as node name from from, next from to",
        path(&clusters),
        path(&links)
    )
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = functions
}
criterion_main!(benches);

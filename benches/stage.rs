//! Load, open and filter a hundred thousand cases of ten attributes, beside the bare work that each cannot
//! do without: reading the CSV file, reading the view's bytes, scanning plain arrays of codes.
//!
//! `cargo bench --bench stage [CASES]` prints medians of wall time and the ratio to the bare work of the same
//! run. `docs/performance.md` keeps the last figures.

mod made;

use casebook::Casebook;
use made::{ROUNDS, clusters, median, milliseconds};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const FILTER: &str =
    "count clusters where industry = cops and country = it and social_capital = weak and export_share > 50";

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let cases: u32 = asked.unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let csv = folder.path().join("clusters.csv");
    fs::write(&csv, clusters(cases)).expect("room for the data");
    println!("{cases} cases, median of {ROUNDS} rounds");

    let import = format!(
        "kind cluster\nimport \"{}\" as cluster name from id declare",
        csv.display().to_string().replace('\\', "\\\\")
    );
    let mut made = 0;
    let load = median(|| {
        made += 1;
        let book = Casebook::open(folder.path().join(format!("store{made}"))).expect("a new store");
        book.run_file(&import, "bench").expect("a good file");
    });
    report("load from CSV, durable", load, "parse the CSV", median(|| parse(&csv)));

    let store = folder.path().join("store1");
    let open = median(|| {
        black_box(Casebook::open(&store).expect("a store"));
    });
    report("open", open, "read the view's bytes", median(|| read_view(&store)));

    let book = Casebook::open(&store).expect("a store");
    let filter = median(|| {
        black_box(book.query(FILTER).expect("an answer"));
    });
    let codes: Vec<Vec<u32>> =
        (0..4).map(|column| (0..cases).map(|row| (row * 7 + column) % 5).collect()).collect();
    report("filter by four conditions, text parsed", filter, "scan four arrays", median(|| scan(&codes)));

    let cold = median(|| {
        black_box(Casebook::open(&store).expect("a store").query(FILTER).expect("an answer"));
    });
    println!("{:<42} {:>10.2} ms", "open and filter", milliseconds(cold));
}

fn report(what: &str, time: Duration, bare: &str, bare_time: Duration) {
    println!(
        "{what:<42} {:>10.2} ms, {:>6.1} times what it takes to {bare} ({:.2} ms)",
        milliseconds(time),
        time.as_secs_f64() / bare_time.as_secs_f64().max(1e-9),
        milliseconds(bare_time)
    );
}

fn parse(csv: &Path) {
    let mut reader = csv::Reader::from_path(csv).expect("the file is there");
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record).expect("it is well formed") {
        cells += record.len();
    }
    black_box(cells);
}

fn read_view(store: &Path) {
    for entry in fs::read_dir(store).expect("a store") {
        let path = entry.expect("an entry").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("view.")) {
            black_box(fs::read(path).expect("a readable view"));
        }
    }
}

fn scan(codes: &[Vec<u32>]) {
    let rows = codes[0].iter().zip(&codes[1]).zip(&codes[2]).zip(&codes[3]);
    black_box(rows.filter(|(((a, b), c), d)| **a == 1 && **b == 2 && **c == 3 && **d > 1).count());
}

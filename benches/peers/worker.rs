//! Casebook's side of `benches/peers/run.py`: reads the name of a workload a line, does it once, and answers a
//! line of JSON with what came out and what it cost.
//!
//! `reopen` opens the store anew, so that nothing is concluded yet; `touch` reads what is told of the cases, and
//! concludes nothing either. Without a store it only parses the files of the
//! data: the least that loading them costs. `bare scan` is the least that a count by four conditions costs.

use casebook::{Answer, Budget, Casebook, Cell, Error};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::{Value, json};
use std::hint::black_box;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FOUR_CONDITIONS: &str =
    "industry = CoPS and social_capital = weak and country = DE and export_share >= 50";
const ADDED: &str = "industry: CoPS, country: \"DE\", social_capital: weak, human_capital: weak, \
    knowledge: localized, lead_actor: \"SME\", export_share: 60, employees: 500, founded: 1990";

/// Questions that read every column from which something is concluded.
const TOUCHED: [&str; 6] = [
    "count clusters by industry, social_capital, human_capital, knowledge, country",
    "average export_share of clusters",
    "count interventions by industry, target",
    "sum count of cites of sources",
    "sum count of supplier of firms",
    "sum count of next of nodes",
];

/// What the made-up data say of themselves.
#[derive(Deserialize)]
struct About {
    n: u64,
    /// Whose citations are followed.
    source: u64,
    /// Conditions: attribute, operator, value.
    filters: Vec<Vec<(String, String, Value)>>,
    /// The cases that are asked about one by one.
    asked: Vec<u64>,
}

struct Worker {
    store: PathBuf,
    book: Casebook,
    about: About,
    patience: Duration,
    /// Made-up codes of four attributes.
    codes: [Vec<u8>; 4],
}

/// What came of the work, and what of it is compared with the other engines. Only the work is timed, as theirs is.
type Outcome = Result<(Vec<Answer>, fn(&[Answer]) -> Vec<u64>), Error>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [data, store, seconds] => answer(Path::new(data), store, seconds),
        [data] => parse(Path::new(data)),
        _ => panic!("worker DATA [STORE SECONDS]"),
    }
}

fn answer(data: &Path, store: &str, seconds: &str) {
    let about = std::fs::read(data.join("facts.json")).expect("the data are there");
    let about: About = serde_json::from_slice(&about).expect("facts.json is as data.py writes it");
    let mut worker = Worker {
        store: PathBuf::from(store),
        book: Casebook::open(store).expect("the store opens"),
        codes: [1, 2, 3, 4].map(|step| (0..about.n).map(|row| (row * 7 / step % 5) as u8).collect()),
        about,
        patience: Duration::from_secs(seconds.parse().expect("seconds are a number")),
    };
    for line in stdin().lock().lines() {
        let told = worker.timed(&line.expect("the runner writes text"));
        println!("{told}");
        stdout().flush().expect("the runner reads");
    }
}

impl Worker {
    fn timed(&mut self, workload: &str) -> Value {
        let (wall, cpu) = (Instant::now(), processor_time());
        let outcome = self.work(workload);
        let (cpu, wall) = (processor_time() - cpu, wall.elapsed());
        match outcome {
            Ok((answers, compared)) => {
                let answer = compared(&answers);
                json!({ "answer": answer, "cpu": cpu.as_secs_f64(), "wall": wall.as_secs_f64() })
            }
            Err(error) => json!({ "refused": error.to_string().lines().next() }),
        }
    }

    fn work(&mut self, workload: &str) -> Outcome {
        let four = |then| format!("clusters where {FOUR_CONDITIONS}{then}");
        match workload {
            "reopen" => self.reopen(),
            "touch" => self.all(TOUCHED.map(String::from), rows),
            "bare scan" => self.scan(),
            "filter count" => self.one(&format!("count {}", four("")), numbers),
            "filter ids" => self.one(&four(" show name"), ids),
            "filters ad hoc" => {
                let filters = self.about.filters.iter();
                self.all(filters.map(|filter| format!("count clusters where {}", condition(filter))), weighed)
            }
            "join counted" => self.one("sum count of suggested of clusters", numbers),
            "join grouped" => self.one("count clusters by suggested", groups),
            "reach" => self.one(&format!("count of source \"{}\".reaches", self.about.source), numbers),
            "closure of suppliers" => self.one("sum count of depends_on of firms", numbers),
            "closure of a graph" => self.one("sum count of linked of nodes", numbers),
            "rules counted" => self.one("sum count of recommended of clusters", numbers),
            "rules listed" => self.one("clusters show name, recommended", pairs),
            "rules for one case" => {
                let asked = self.about.asked.iter();
                self.all(asked.map(|case| format!("cluster \"{case}\".recommended")), ids)
            }
            "add and ask" => self.add(),
            "why" => self.one("why cluster \"48\".recommended = \"100\"", rows),
            "why not" => self.one("why not cluster \"48\".recommended = \"2\"", rows),
            "what if" => self.one("what if cluster \"48\".human_capital = strong", rows),
            _ => panic!("no workload `{workload}`"),
        }
    }

    /// Asks, and looks at every row: they are made when they are come to.
    fn ask(&self, question: &str) -> Result<Answer, Error> {
        let budget = Budget::default().with_rows(u64::MAX).with_time(self.patience);
        let answer = self.book.query_within(question, &budget)?;
        answer.iter().for_each(|row| drop(black_box(row)));
        Ok(answer)
    }

    fn one(&self, question: &str, compared: fn(&[Answer]) -> Vec<u64>) -> Outcome {
        Ok((vec![self.ask(question)?], compared))
    }

    fn all(
        &self,
        questions: impl IntoIterator<Item = String>,
        compared: fn(&[Answer]) -> Vec<u64>,
    ) -> Outcome {
        let answers: Result<_, _> = questions.into_iter().map(|question| self.ask(&question)).collect();
        Ok((answers?, compared))
    }

    fn reopen(&mut self) -> Outcome {
        // The old one first: two stores of millions of facts need not fit side by side.
        self.book = Casebook::in_memory();
        self.book = Casebook::open(&self.store)?;
        Ok((Vec::new(), rows))
    }

    fn scan(&self) -> Outcome {
        let [a, b, c, d] = &self.codes;
        let rows = a.iter().zip(b).zip(c).zip(d);
        let found: u64 =
            rows.map(|(((a, b), c), d)| u64::from((*a == 1) & (*b == 2) & (*c == 3) & (*d > 1))).sum();
        black_box(found);
        Ok((Vec::new(), numbers))
    }

    fn add(&mut self) -> Outcome {
        self.about.n += 1;
        let case = format!("cluster \"{}\"", self.about.n);
        self.book.run(&format!("{case} {{ {ADDED} }}"))?;
        Ok((vec![self.ask(&format!("{case}.recommended"))?], ids))
    }
}

fn parse(data: &Path) {
    let files =
        std::fs::read_dir(data).expect("the data are there").map(|file| file.expect("it is listed").path());
    let mut cells = 0;
    let mut record = csv::ByteRecord::new();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "csv")) {
        let mut reader = csv::Reader::from_path(file).expect("the file opens");
        while reader.read_byte_record(&mut record).expect("the file is well formed") {
            cells += record.len();
        }
    }
    println!("{cells}");
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().expect("it does not run backwards")
}

/// Conditions in the language: words are in quotes, since some are also names of things.
fn condition(conditions: &[(String, String, Value)]) -> String {
    let written =
        |(attribute, operator, value): &(String, String, Value)| format!("{attribute} {operator} {value}");
    conditions.iter().map(written).collect::<Vec<_>>().join(" and ")
}

fn natural(cell: &Cell) -> u64 {
    cell.to_string().parse().expect("a natural number")
}

/// The one number of each answer.
fn numbers(answers: &[Answer]) -> Vec<u64> {
    answers.iter().map(|answer| natural(&answer.row(0).expect("there are rows").cells()[0])).collect()
}

/// The same, all in two numbers.
fn weighed(answers: &[Answer]) -> Vec<u64> {
    let numbers = numbers(answers);
    vec![numbers.iter().sum(), (1..).zip(&numbers).map(|(place, number)| place * number).sum()]
}

/// How many rows there are.
fn rows(answers: &[Answer]) -> Vec<u64> {
    answers.iter().map(|answer| answer.len() as u64).collect()
}

/// The things of a column: how many, and the sum of their names, which are numbers.
fn ids(answers: &[Answer]) -> Vec<u64> {
    let names = || answers.iter().flatten().map(|row| natural(&row.cells()[0]));
    vec![names().count() as u64, names().sum()]
}

/// Groups of a count: how many, and the sum of the products of name and count.
fn groups(answers: &[Answer]) -> Vec<u64> {
    let named = answers.iter().flatten().filter(|row| !row["suggested"].is_unknown());
    let products: Vec<u64> = named.map(|row| natural(&row["suggested"]) * natural(&row["count"])).collect();
    vec![products.len() as u64, products.iter().sum()]
}

/// Clusters with what is recommended: how many pairs, and the sum of their products.
fn pairs(answers: &[Answer]) -> Vec<u64> {
    let (mut count, mut products) = (0, 0);
    for row in answers.iter().flatten() {
        let cluster = natural(&row["name"]);
        for shown in row["recommended"].values.iter() {
            let intervention: u64 = shown.datum.to_string().parse().expect("a natural number");
            count += 1;
            products += cluster * intervention;
        }
    }
    vec![count, products]
}

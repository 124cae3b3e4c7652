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
use std::io::{BufRead, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FOUR_CONDITIONS: &str =
    "industry = CoPS and social_capital = weak and country = DE and export_share >= 50";
const ADDED: &str = "industry: CoPS, country: \"DE\", social_capital: weak, human_capital: weak, \
    knowledge: localized, lead_actor: \"SME\", export_share: 60, employees: 500, founded: 1990";

/// Questions that read every column from which something is concluded.
const TOUCHED: [&str; 6] = [
    "count clusters where industry = CoPS and social_capital = weak and country = DE and export_share >= 50",
    "count clusters where human_capital = weak and knowledge = fragmented and export_share < 10",
    "count interventions where industry = CoPS and target = finance",
    "count sources where cites = \"1\"",
    "count firms where supplier = \"1\"",
    "count nodes where next = \"1\"",
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

/// What is compared with the other engines.
type Outcome = Result<Vec<u64>, Error>;

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
            Ok(answer) => json!({ "answer": answer, "cpu": cpu.as_secs_f64(), "wall": wall.as_secs_f64() }),
            Err(error) => json!({ "refused": error.to_string().lines().next() }),
        }
    }

    fn work(&mut self, workload: &str) -> Outcome {
        match workload {
            "reopen" => self.reopen(),
            "touch" => TOUCHED.iter().map(|question| Ok(self.number(question)?[0])).collect(),
            "bare scan" => Ok(vec![self.scan()]),
            "filter count" => self.number(&format!("count clusters where {FOUR_CONDITIONS}")),
            "filter ids" => {
                Ok(ids(&self.ask(&format!("clusters where {FOUR_CONDITIONS} show name"))?, "name"))
            }
            "filters ad hoc" => self.filters(),
            "join counted" => self.number("sum count of suggested of clusters"),
            "join grouped" => Ok(groups(&self.ask("count clusters by suggested")?)),
            "reach" => self.number(&format!("count of source \"{}\".reaches", self.about.source)),
            "closure of suppliers" => self.number("sum count of depends_on of firms"),
            "closure of a graph" => self.number("sum count of linked of nodes"),
            "rules counted" => self.number("sum count of recommended of clusters"),
            "rules listed" => Ok(pairs(&self.ask("clusters show name, recommended")?)),
            "rules for one case" => self.cases(),
            "add and ask" => self.add(),
            "why" => self.rows("why cluster \"48\".recommended = \"100\""),
            "why not" => self.rows("why not cluster \"48\".recommended = \"2\""),
            "what if" => self.rows("what if cluster \"48\".human_capital = strong"),
            _ => panic!("no workload `{workload}`"),
        }
    }

    fn ask(&self, question: &str) -> Result<Answer, Error> {
        self.book.query_within(question, &Budget::default().with_rows(u64::MAX).with_time(self.patience))
    }

    /// The one number that answers a question.
    fn number(&self, question: &str) -> Outcome {
        let answer = self.ask(question)?;
        Ok(vec![natural(&answer.rows()[0].cells()[0])])
    }

    fn rows(&self, question: &str) -> Outcome {
        Ok(vec![self.ask(question)?.len() as u64])
    }

    fn reopen(&mut self) -> Outcome {
        // The old one first: two stores of millions of facts need not fit side by side.
        self.book = Casebook::in_memory();
        self.book = Casebook::open(&self.store)?;
        Ok(Vec::new())
    }

    fn scan(&self) -> u64 {
        let [a, b, c, d] = &self.codes;
        let rows = a.iter().zip(b).zip(c).zip(d);
        rows.map(|(((a, b), c), d)| u64::from((*a == 1) & (*b == 2) & (*c == 3) & (*d > 1))).sum()
    }

    fn filters(&self) -> Outcome {
        let (mut sum, mut weighed) = (0, 0);
        for (place, conditions) in (1..).zip(&self.about.filters) {
            let count = self.number(&format!("count clusters where {}", condition(conditions)))?[0];
            sum += count;
            weighed += place * count;
        }
        Ok(vec![sum, weighed])
    }

    fn cases(&self) -> Outcome {
        let mut found = vec![0, 0];
        for case in &self.about.asked {
            let answer = self.ask(&format!("cluster \"{case}\".recommended"))?;
            found.iter_mut().zip(ids(&answer, "value")).for_each(|(sum, more)| *sum += more);
        }
        Ok(found)
    }

    fn add(&mut self) -> Outcome {
        self.about.n += 1;
        let case = format!("cluster \"{}\"", self.about.n);
        self.book.run(&format!("{case} {{ {ADDED} }}"))?;
        Ok(ids(&self.ask(&format!("{case}.recommended"))?, "value"))
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

/// The things of a column: how many, and the sum of their names, which are numbers.
fn ids(answer: &Answer, column: &str) -> Vec<u64> {
    vec![answer.len() as u64, answer.iter().map(|row| natural(&row[column])).sum()]
}

/// Groups of a count: how many, and the sum of the products of name and count.
fn groups(answer: &Answer) -> Vec<u64> {
    let named = answer.iter().filter(|row| !row["suggested"].is_unknown());
    let products: Vec<u64> = named.map(|row| natural(&row["suggested"]) * natural(&row["count"])).collect();
    vec![products.len() as u64, products.iter().sum()]
}

/// Clusters with what is recommended: how many pairs, and the sum of their products.
fn pairs(answer: &Answer) -> Vec<u64> {
    let (mut count, mut products) = (0, 0);
    for row in answer {
        let cluster = natural(&row["name"]);
        for shown in &row["recommended"].values {
            let intervention: u64 = shown.datum.to_string().parse().expect("a natural number");
            count += 1;
            products += cluster * intervention;
        }
    }
    vec![count, products]
}

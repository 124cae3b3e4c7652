//! The binary as somebody else's program sees it; shared by the tests that run it.
#![allow(dead_code, reason = "each test uses its part")]

use casebook::answer::format::{self, Format, Options};
use casebook::{Answer, Casebook, Outcome};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// What a run left behind.
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub messages: String,
}

/// A place for stores, away from those of whoever runs the tests.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("there is room for a folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
        command
            .args(arguments)
            .env_remove("CASEBOOK_DB")
            .env_remove("NO_COLOR")
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(arguments).spawn().expect("the binary runs");
        // A run that does not read its input closes it early.
        let _ = child.stdin.take().expect("input is piped").write_all(input);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the run ends");
        let text = |bytes| String::from_utf8(bytes).expect("the binary writes text");
        Run { status: status.code(), out: text(stdout), messages: text(stderr) }
    }

    /// A file with this text; gives its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("there is room for a file");
        path.to_str().expect("temporary paths are text").to_string()
    }
}

impl Run {
    #[track_caller]
    pub fn ends(&self, status: i32) -> &Run {
        assert_eq!(self.status, Some(status), "output: {}\nmessages: {}", self.out, self.messages);
        self
    }

    #[track_caller]
    pub fn says(&self, part: &str) -> &Run {
        assert!(self.messages.contains(part), "no `{part}` in:\n{}", self.messages);
        self
    }
}

/// An answer as JSON, by the crate.
pub fn json(book: &Casebook, question: &str) -> String {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{question}\n{error}"));
    json_of(&answer)
}

/// As the binary writes it, with the end of its line.
pub fn json_of(answer: &Answer) -> String {
    let mut out = Vec::new();
    format::write(answer, Format::Json, &Options::default(), &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("JSON is text")
}

/// The whole store as statements.
pub fn export(book: &Casebook) -> String {
    match book.run("export").expect("a store can be exported") {
        Outcome::Statements(text) => text,
        other => panic!("no statements: {other:?}"),
    }
}

/// Every form of question, asked of the paper's knowledge. None of them speaks of commits.
pub const QUESTIONS: [&str; 58] = [
    "clusters",
    "cluster",
    "clusters where industry = CoPS and social_capital <= weak",
    "clusters where country.region = asia and recommended != trade_fairs \
     show name, country, export_share order by export_share desc limit 10",
    "clusters where not (industry = traditional or industry = cops) show name, industry",
    "clusters where possibly small_firms > 5000 show name, small_firms",
    "clusters where human_capital is unknown show name, human_capital",
    "clusters where absorptive_capacity is known show name, absorptive_capacity with sources",
    "clusters where title contains \"flower\"",
    "clusters where markets = domestic and export_share = 60..80 show name, markets, export_share",
    "clusters where tnc_role in (strong, dominant) show name, tnc_role",
    "(clusters\n  where network_exchange = absent\n  show name, interactive_learning)",
    "interventions where addresses in (human_capital, social_capital)",
    "interventions where recommended_for = jepara_furniture show name, level",
    "jepara_furniture.small_firms",
    "jepara_furniture.country.region",
    "thai_automotive.interactive_learning",
    "india_textiles.employment_share - indonesia_textiles.employment_share",
    "india_textiles.value_added_share / india_textiles.employment_share",
    "sector_statistics show country, sector, value_added_share / employment_share as ratio \
     order by ratio desc limit 1 per country",
    "jepara_furniture.small_firms in 1970",
    "jepara_furniture.design_meets_demand ever",
    "clusters where design_meets_demand = no ever",
    "lessons about human_capital",
    "patterns about quality_standards_for_groups",
    "claims about ikea show subject, attribute, value, sources order by attribute",
    "claims where subject = thai_automotive and hedged = yes show attribute, value, note order by attribute",
    "sources where year >= 2000 and claims.subject = jepara_furniture order by year",
    "count clusters by industry",
    "count sector_statistics by country",
    "sum value_added_share of sector_statistics by country",
    "average employment_share of sector_statistics by country",
    "min value_added_share of sector_statistics",
    "max export_share of clusters",
    "compare clusters by human_capital, social_capital, policy",
    "compare jepara_furniture, taiwan_floriculture by social_capital",
    "gaps of clusters",
    "describe thai_automotive",
    "describe quality_standards_for_groups",
    "search \"quality standards\"",
    "conflicts",
    "conflicts of bangalore_software",
    "interventions where industry=CoPS and social_capital=weak",
    "interventions where industry = specialized_supplier and status = applies show name, standing, needs",
    "interventions for thai_automotive",
    "interventions for jepara_furniture where addresses = market_access",
    "kinds",
    "attributes where of = intervention",
    "attributes of intervention where claims > 0",
    "values of cluster.industry",
    "describe cops",
    "patterns where seen_in = thai_automotive show name, title",
    "what if taiwan_floriculture.knowledge_locality = localised",
    "suppose cluster penang { industry: specialized_supplier, human_capital: strong } then interventions for penang",
    "suppose thai_automotive.human_capital = strong then compare clusters by human_capital without sevilla_2000",
    "clusters show name, export_share without berry_2002",
    "rests on berry_2002",
    "rests on pattern learning_needs_both, techakanont_2004",
];

/// Questions that are answered with arguments. They name claims by their commits, so the answers of two stores
/// that were filled otherwise differ.
pub const ARGUMENTS: [&str; 5] = [
    "why thai_automotive.interactive_learning != yes",
    "why all thai_automotive.recommended = local_content_rules",
    "why bangalore_software.high_value_work",
    "why not jepara_furniture.interactive_learning = yes",
    "why not taiwan_floriculture.decision_structure = central_branches",
];

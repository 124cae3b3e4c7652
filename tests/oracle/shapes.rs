//! One large store, always the same: clusters by the thousand from files, a few of which are denied, contested, dated or
//! unknown, and patterns in layers, with a join, negation and closures.

use crate::agree::{Outcome, Tally, ask};
use crate::answers::database;
use crate::dice::Dice;
use crate::store::Store;
use crate::world::World;
use casebook::Casebook;
use std::fmt::Write;
use std::fs;

const VOCABULARY: &str = "
kind country plural countries
kind cluster
kind intervention
attribute region of country: one of asia, europe, africa
attribute industry of cluster: one of traditional, resource_based, specialized_supplier, cops
attribute country of cluster: country inverse clusters
attribute social_capital of cluster: scale weak < medium < strong
attribute human_capital of cluster: scale weak < medium < strong
attribute knowledge of cluster: one of localized, codified, fragmented
attribute export_share of cluster: percent
attribute employees of cluster: number
attribute founded of cluster: year
attribute buyer of cluster: cluster inverse suppliers
attribute chain of cluster: many cluster inverse chained
attribute gap of cluster: many one of human_capital, social_capital, knowledge, market_access
attribute absorptive of cluster: yes/no
attribute networked of cluster: yes/no
attribute interactive of cluster: yes/no
attribute systemic_failure of cluster: yes/no
attribute lonely of cluster: yes/no
attribute steady of cluster: yes/no
attribute doubtful of cluster: yes/no
attribute recommended of cluster: many intervention inverse recommended_for
attribute industry of intervention: one of traditional, resource_based, specialized_supplier, cops
attribute target of intervention: one of human_capital, social_capital, knowledge, market_access
attribute cites of source: many source inverse cited_by
attribute reaches of source: many source inverse reached_by
";

const PATTERNS: &str = "
pattern gap_h { for cluster when human_capital = weak then gap = human_capital }
pattern gap_s { for cluster when social_capital = weak then gap = social_capital }
pattern gap_k { for cluster when knowledge = fragmented then gap = knowledge }
pattern gap_m { for cluster when export_share < 10 then gap = market_access }
pattern able { for cluster when not human_capital = weak then absorptive = yes }
pattern tied { for cluster when not social_capital = weak and not knowledge = fragmented then networked = yes }
pattern learns { for cluster when absorptive = yes and networked = yes then interactive = yes }
pattern learning_needs { for cluster interactive = yes requires human_capital >= medium and knowledge != fragmented }
pattern fails { for cluster when not interactive = yes then systemic_failure = yes }
pattern alone { for cluster when not suppliers is known then lonely = yes }
pattern holds { for cluster when lonely = yes and not social_capital = weak then steady = yes }
pattern doubts { for cluster when not steady = yes and not human_capital = weak then doubtful = yes }
pattern advised { for cluster A, intervention B
  when A.systemic_failure = yes and A.gap = B.target and A.industry = B.industry then A.recommended = B }
pattern warned { for cluster when founded > 1995 and gap = market_access then recommended != i7 }
pattern buys { for cluster A, cluster B when A.buyer = B then A.chain = B }
pattern buys_on { for cluster A, cluster B, cluster C when A.buyer = B and B.chain = C then A.chain = C }
pattern cites_once { for source A, source B when A.cites = B then A.reaches = B }
pattern cites_on { for source A, source B, source C when A.reaches = B and B.cites = C then A.reaches = C }
";

/// Exceptions laid over the columns: a denial, a contested value, two times, a number on either side of a bound.
const EXCEPTIONS: &str = "
assert c10.human_capital != weak [s1]
assert c11.human_capital = weak [s1]
assert c11.human_capital = strong [s2]
assert c12.knowledge = fragmented (until 1995)
assert c13.export_share = 5..15 [s1]
assert c14.export_share = about 10 [s2 \"p. 3\"]
assert c15.industry != cops
assert c16.country = unknown [s3]
assert c1.buyer = c123
assert c17.buyer = c3 [s2]
assert c17.buyer = c4 [s3]
assert c18.recommended != i3 [s1]
assert c19.employees = > 700 (in 1994)
assert c19.employees = 300 (since 1996)
retract c20.social_capital
";

/// What is committed after the first round: what was concluded before is patched.
const LATER: &str = "
assert c21.human_capital = weak [s2]
assert c22.human_capital = strong [s2]
assert c5.buyer = c1 [s1]
assert c3.knowledge != fragmented [s1]
retract c11.human_capital [s1]
assert s40.cites = s90
";

const QUESTIONS: &[&str] = &[
    "clusters where industry = cops and social_capital = weak and country = k3 and export_share >= 50 show name",
    "count clusters where industry = cops and social_capital = weak",
    "count clusters by industry, social_capital",
    "count clusters where country.region = asia or not employees > 400 by human_capital",
    "count clusters where human_capital != weak and human_capital = weak by knowledge",
    "sum employees of clusters by country.region",
    "average export_share of clusters where founded >= 1990 by industry",
    "min employees of clusters by knowledge",
    "max export_share of clusters where possibly export_share < 10 by social_capital",
    "clusters where possibly export_share < 10 and not export_share < 10 show name, export_share",
    "clusters order by employees desc, founded limit 25",
    "clusters order by country, export_share limit 25",
    "countries show name, count of clusters as many order by region",
    "count countries where clusters.social_capital = strong and clusters.industry = cops by region",
    "count clusters by gap",
    "count clusters where gap = knowledge and gap != knowledge",
    "count clusters by interactive, systemic_failure",
    "clusters where interactive != yes and interactive = yes show name, interactive",
    "clusters where systemic_failure = yes and founded < 1965 show name, gap, absorptive, networked",
    "clusters where recommended = i7 and industry = cops show name, recommended",
    "count clusters by recommended",
    "count interventions by target, industry",
    "interventions show name, count of recommended_for as many",
    "clusters where name in (c10, c11, c12, c13, c17, c18, c19, c20) show name, recommended, gap, interactive",
    "count clusters where count of recommended > 5 by industry",
    "clusters where chain = c2 and industry = cops show name, chain",
    "clusters show name, count of chain as far order by name limit 100",
    "count clusters where chain.industry = cops and not chained is known by industry",
    "clusters where doubtful = yes and founded < 1965 show name, lonely, steady, doubtful",
    "count clusters by lonely, steady, doubtful",
    "clusters where name = c1499 show name, lonely, steady, interactive, systemic_failure, recommended",
    "clusters where name = c17 show name, count of chain, count of chained as behind, chain",
    "sum count of chain of clusters where industry = cops",
    "average count of recommended of clusters by gap",
    "max count of reaches of sources",
    "sum count of reached_by of sources",
    "sources where name = s7 show name, count of reaches as far, count of reached_by as cited",
    "count sources where not reaches.title = \"Source 3\"",
    "sources where reached_by = s90 show name, cites",
    "count sources by reaches",
    "sources where not reaches = s1 show name",
    "clusters where knowledge = fragmented and founded = 1994 show name, knowledge in 1994",
    "count clusters by gap in 1993",
    "count clusters by gap ever",
    "clusters where employees > 600 and founded > 2003 show name, employees ever",
];

const CLUSTERS: usize = 1_500;
/// So many of them buy of others, and there is one circle.
const BUYERS: usize = 400;
/// Each cites one or two others: most reach most.
const SOURCES: usize = 120;

fn files(dice: &mut Dice) -> [(&'static str, String, &'static str); 5] {
    let mut clusters = String::from(
        "name,industry,country,social_capital,human_capital,knowledge,export_share,employees,founded\n",
    );
    for id in 0..CLUSTERS {
        let mut word = |words: &[&str]| dice.pick(words).to_string();
        let industry =
            word(&["traditional", "traditional", "resource_based", "specialized_supplier", "cops"]);
        let (social, human) = (word(&["weak", "medium", "strong", ""]), word(&["weak", "medium", "strong"]));
        let knowledge = word(&["localized", "codified", "fragmented", ""]);
        let (country, share) = (dice.below(8), dice.below(100));
        let (employees, founded) = (10 * dice.between(1, 80), dice.between(1960, 2005));
        // To write into a text cannot fail.
        let _ = writeln!(
            clusters,
            "c{id},{industry},k{country},{social},{human},{knowledge},{share},{employees},{founded}"
        );
    }
    let mut buyers = String::from("name,buyer\n");
    for id in 10..BUYERS {
        let _ = writeln!(buyers, "c{id},c{}", id / 10);
    }
    let mut interventions = String::from("name,industry,target\n");
    for id in 0..40 {
        let industry = dice.pick(&["traditional", "resource_based", "specialized_supplier", "cops"]);
        let target = dice.pick(&["human_capital", "social_capital", "knowledge", "market_access"]);
        let _ = writeln!(interventions, "i{id},{industry},{target}");
    }
    let mut countries = String::from("name,region\n");
    for id in 0..8 {
        let _ = writeln!(countries, "k{id},{}", dice.pick(&["asia", "europe", "africa"]));
    }
    let mut sources = String::from("name,title\n");
    for id in 0..SOURCES {
        let _ = writeln!(sources, "s{id},Source {id}");
    }
    [
        ("country", countries, ""),
        ("source", sources, ""),
        ("intervention", interventions, ""),
        ("cluster", clusters, " [s0 \"table 1\"]"),
        // A file refers only to what is there before it is read.
        ("cluster", buyers, ""),
    ]
}

fn store() -> Store {
    let mut dice = Dice::new(1);
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut text = String::from(VOCABULARY);
    for (at, (kind, file, cited)) in files(&mut dice).into_iter().enumerate() {
        let path = folder.path().join(format!("{at}.csv"));
        fs::write(&path, file).expect("there is room for a file");
        let path = path.display().to_string().replace('\\', "\\\\");
        let _ = writeln!(text, "import \"{path}\" as {kind}{cited}");
    }
    for id in 0..SOURCES {
        for _ in 0..dice.between(1, 2) {
            let _ = writeln!(text, "assert s{id}.cites = s{}", dice.below(SOURCES));
        }
    }
    let book = Casebook::in_memory();
    let all = format!("{text}{EXCEPTIONS}{PATTERNS}");
    book.run_file(&all, "shapes").unwrap_or_else(|error| panic!("{error}"));
    Store { world: World::default(), book, told: vec![EXCEPTIONS.to_string()] }
}

fn all_agree(store: &Store) {
    let mut database = database(store);
    let mut tally = Tally::default();
    for question in QUESTIONS {
        match ask(store, &mut database, question) {
            outcome @ Outcome::Same { .. } => tally.count(outcome),
            Outcome::Different(difference) => panic!("{difference}"),
            Outcome::NotYet | Outcome::TooLong => panic!("SQLite does not answer {question}"),
        };
    }
    tally.is_sound();
}

#[test]
fn layers_of_patterns_over_whole_columns() {
    let store = store();
    all_agree(&store);
    store.book.run_file(LATER, "later").unwrap_or_else(|error| panic!("{error}"));
    all_agree(&store);
}

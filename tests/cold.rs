//! A store that has just been opened reads of its view what a question needs: it answers as the one that was filled, and
//! goes back to the log where the view is damaged.

use casebook::{Casebook, Outcome};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// So many rows that columns have buckets.
const PORTS: u32 = 20_000;

/// Fills a book with imports of all forms, claims beside them, and patterns.
fn fill(book: &Casebook, folder: &Path) {
    let mut ports = String::from("name,region,size,founded,owner\n");
    let mut goods = String::from("name,goods\n");
    let mut tolls = String::from("name,toll,title\n");
    for at in 1..=PORTS {
        let scattered = at.wrapping_mul(2_654_435_761);
        let region = ["north", "south", "east", "west", ""][(scattered >> 7) as usize % 5];
        let size =
            if at % 11 == 0 { String::new() } else { format!("{}.{}", scattered % 977, scattered % 7) };
        writeln!(ports, "port_{at},{region},{size},{},owner {}", 1800 + scattered % 223, scattered % 5000)
            .unwrap();
        (0..scattered % 3)
            .for_each(|more| writeln!(goods, "port_{at},good {}", (scattered + more) % 700).unwrap());
        if at % 3 == 0 {
            writeln!(tolls, "Port {},{},Port of {at}", PORTS + 1 - at, scattered % 61).unwrap();
        }
    }
    for (name, csv) in [("ports", ports), ("goods", goods), ("tolls", tolls)] {
        fs::write(folder.join(name).with_extension("csv"), csv).unwrap();
    }
    let import =
        |name: &str| format!("import \"{}\" as port", folder.join(name).with_extension("csv").display());
    let statements = [
        "kind port",
        "attribute region of port: one of north, south, east, west",
        "attribute size of port: number",
        "attribute founded of port: year",
        "attribute owner of port: text",
        "attribute goods of port: many text",
        "attribute toll of port: number",
        "attribute large of port: yes/no",
        "source survey_1999 { }",
        &import("ports"),
        &import("goods"),
        &import("tolls"),
        "port port_7 { size: about 400 [survey_1999 \"p. 7\"] (in 1990) }",
        "assert port_8.region = south [survey_1999]",
        "retract port_9.founded",
        "port \"no number\" \"A port without a number\" { region: north (hedged) }",
        "pattern big { for port when size > 900 then large = yes }",
        "pattern small { for port when size < 10 and not region = north then large = no }",
    ];
    statements
        .iter()
        .for_each(|statement| drop(book.run(statement).unwrap_or_else(|e| panic!("{statement}: {e}"))));
}

const QUESTIONS: &[&str] = &[
    "count ports",
    "count ports where region = north",
    "ports where region != north and size > 970 show name, title, size, region, toll",
    "count ports where size >= 400.5",
    "ports where size = 400.1",
    "count ports where size > 100 and size < 101 and region in (north, south)",
    "count ports where founded > 1900 and region = west and owner = \"owner 17\"",
    "ports where owner = \"Owner 4242\" show name, founded",
    "ports where goods = \"good 77\" and region = east show name, goods",
    "count ports where goods = \"good 5\"",
    "count ports where toll <= 30 and size > 50",
    "ports where toll = 60 and founded < 1805 show name, title, toll",
    "ports where large = yes and founded = 1801 show name, size, large",
    "count ports where large is unknown",
    "count ports by region",
    "average size of ports by region",
    "port_7.size",
    "port_8.region",
    "claims about port_9",
    "port_19999.goods",
    "ports where name = \"Port 300\" show name, title, toll",
    "ports where name = \"no number\"",
    "why port_11.large = yes",
    "conflicts",
];

fn answer(book: &Casebook, question: &str) -> String {
    match book.query(question) {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => error.to_string(),
    }
}

fn export(book: &Casebook) -> String {
    match book.run("export") {
        Ok(Outcome::Statements(text)) => text,
        other => panic!("not statements: {other:?}"),
    }
}

/// A store of which everything is in its view, and the book that it was filled by.
fn filled() -> (TempDir, PathBuf, Casebook) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("store");
    let book = Casebook::open(&path).unwrap();
    fill(&book, place.path());
    // A commit of more than 256 kB makes a checkpoint.
    book.run(&format!("source filler \"{}\" {{ }}", "long ".repeat(60_000))).unwrap();
    (place, path, book)
}

fn view_of(path: &Path) -> PathBuf {
    let views = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let mut views = views.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("view."));
    views.next().expect("a checkpoint was made")
}

#[test]
fn a_store_just_opened_answers_as_the_one_that_was_filled() {
    let (_place, path, filled) = filled();
    let warm = Casebook::open(&path).unwrap();
    for question in QUESTIONS {
        let expected = answer(&filled, question);
        let cold = Casebook::open(&path).unwrap();
        assert_eq!(answer(&cold, question), expected, "{question}");
        assert_eq!(answer(&warm, question), expected, "{question}, after others");
        assert!(cold.notices().is_empty(), "{:?}", cold.notices());
    }
    // Often enough for all codes to be read.
    for _ in 0..30 {
        assert_eq!(answer(&warm, QUESTIONS[3]), answer(&filled, QUESTIONS[3]));
    }
    assert_eq!(export(&Casebook::open(&path).unwrap()), export(&filled));

    // What is changed lies above the view, and then in the next one.
    let change = "assert port_12.region = west\nport port_12 { size: 950 }\nretract pattern small\nport new { toll: 60 }";
    filled.run_file(change, "").unwrap();
    let (cold, filler) = (Casebook::open(&path).unwrap(), "long ".repeat(60_000));
    QUESTIONS
        .iter()
        .for_each(|question| assert_eq!(answer(&cold, question), answer(&filled, question), "{question}"));
    cold.run(&format!("source filler_2 \"{filler}\" {{ }}")).unwrap();
    let cold = Casebook::open(&path).unwrap();
    QUESTIONS
        .iter()
        .for_each(|question| assert_eq!(answer(&cold, question), answer(&filled, question), "{question}"));
    assert_eq!(export(&cold), export(&filled));
}

/// Wherever the view is damaged, and whenever that is found, answers are those of the log, and so is what is committed.
#[test]
fn a_fault_found_late_changes_no_answer_and_no_commit() {
    let (_place, path, filled) = filled();
    let expected: Vec<String> = QUESTIONS.iter().map(|question| answer(&filled, question)).collect();
    let view = view_of(&path);
    let whole = fs::read(&view).unwrap();
    let mut found_late = 0;
    for round in 0..24 {
        let mut bytes = whole.clone();
        // A stretch of it, so that some question meets it.
        let start = 60 + round * (whole.len() - 60) / 24;
        bytes[start..].iter_mut().step_by(997).take(whole.len() / 24 / 997 + 1).for_each(|byte| *byte ^= 4);
        fs::write(&view, bytes).unwrap();
        let book = Casebook::open(&path).unwrap();
        let noticed_at_once = !book.notices().is_empty();
        for at in (round % 3..QUESTIONS.len()).step_by(3) {
            assert_eq!(answer(&book, QUESTIONS[at]), expected[at], "round {round}: {}", QUESTIONS[at]);
        }
        let notices = book.notices();
        assert!(notices.iter().all(|notice| notice.contains("the log was read instead")), "{notices:?}");
        found_late += usize::from(!noticed_at_once && !notices.is_empty());
    }
    assert!(found_late > 5, "{found_late}");

    // A change that reads what is damaged.
    let mut bytes = whole.clone();
    bytes[60..].iter_mut().step_by(100).for_each(|byte| *byte ^= 1);
    let end = bytes.len() - 8 * 1024;
    bytes[end..].copy_from_slice(&whole[end..]);
    fs::write(&view, bytes).unwrap();
    let book = Casebook::open(&path).unwrap();
    assert!(book.notices().is_empty(), "what is read at once is sound");
    let change = "port port_5 { size: 5 }\nretract port_6.founded";
    book.run_file(change, "").unwrap();
    assert_eq!(book.notices().len(), 1, "{:?}", book.notices());
    fs::write(&view, &whole).unwrap();
    let again = Casebook::open(&path).unwrap();
    assert_eq!(export(&again), export(&book));
    assert_eq!(export(&again), export(&filled), "another process hears of it");
}

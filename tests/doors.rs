//! One language, the same answers: by argument, pipe, file and prompt of the binary, and by the crate.

mod common;

use casebook::{Casebook, Outcome};
use common::{ARGUMENTS, Home, QUESTIONS, export, json, json_of};
use std::collections::BTreeMap;

/// A place with the paper's store; its path.
fn paper() -> (Home, String) {
    let home = Home::new();
    let path = home.path().join("paper").to_str().expect("temporary paths are text").to_string();
    home.run(&["--db", &path, "kinds"], b"").ends(0);
    (home, path)
}

/// What is refused, and a part of what is said then. None of it may change the store.
const REFUSED: [(&str, &str); 35] = [
    ("clusters were industry = cops", "did you mean `where`?"),
    ("clusters where industry =", "found the end"),
    ("clusters where (industry = cops", "(`"),
    ("clusters where socal_capital = weak", "did you mean `social_capital`?"),
    ("clusters where social_capital = feeble", "`feeble` is not a value of `social_capital`"),
    ("clusters where permanent_workers > many", "many"),
    ("clusters where country.regoin = asia", "did you mean `region`?"),
    ("clustres", "did you mean `clusters`?"),
    ("describe tailand", "did you mean `thailand`?"),
    ("cluster penang", "`cluster penang` alone is neither a fact nor a question"),
    ("cluster penang {\n  industry: cops\n  indsutry: cops\n}", "did you mean `industry`?"),
    ("assert thai_automotive.employees = plenty", "`employees` is a number, not `plenty`"),
    ("assert thai_automotive.human_capital = weak [nobody_2000]", "nobody_2000"),
    ("retract penang.industry", "penang"),
    ("retract thai_automotive.human_capital = strong", "no claim matches"),
    ("kind describe", "describe"),
    ("pattern odd { for cluster when industry = cops then industry = kops }", "kops"),
    ("pattern round { for cluster when not high_value_work = yes then high_value_work = yes }", "round"),
    ("clusters where industry = $industry", "no value for `$industry`"),
    ("clusters as of commit 99", "99"),
    ("why nowhere.workers = 1", "no thing `nowhere`"),
    ("why thai_automotive.interactive_lerning != yes", "did you mean `interactive_learning`?"),
    ("why industry = cops", "`industry` of which"),
    ("why thai_automotive.country.region", "not one attribute of one thing"),
    ("why not jepara_furniture.interactive_learning =", "found the end"),
    ("what if thai_automotive.human_capital = strnog", "did you mean `strong`?"),
    ("suppose cluster penang { indsutry: cops } then clusters", "did you mean `industry`?"),
    ("suppose thai_automotive.human_capital = strong", "`then` and a question"),
    ("rests on techakanont_2040", "did you mean `techakanont_2004`?"),
    ("rests on pattern learning_needs", "did you mean `learning_needs_both`?"),
    ("clusters without claim c9.9", "no claim `c9.9`"),
    ("clusters without nobody_2000", "no source `nobody_2000`"),
    ("truth table of clusters", "not yet: `truth table`"),
    ("import \"library.bib\"", "not yet"),
    ("import \"nowhere.csv\" as cluster", "nowhere.csv"),
];

#[test]
fn the_same_questions_have_the_same_answers_through_every_door() {
    let (home, db) = paper();
    let book = Casebook::open(&db).unwrap();
    let questions = [&QUESTIONS[..], &ARGUMENTS].concat();
    let by_crate: Vec<String> = questions.iter().map(|question| json(&book, question)).collect();
    let options = ["--db", &db, "--format", "json"];
    let same = |door: &str, out: &str| {
        let rows: Vec<&str> = out.lines().collect();
        assert_eq!(rows.len(), questions.len(), "{door} answers other questions");
        for ((question, answer), row) in questions.iter().zip(&by_crate).zip(rows) {
            assert_eq!(row, answer.trim_end(), "{door}: {question}");
        }
    };
    let script = questions.join("\n");
    same("by argument", &home.run(&[&options[..], &questions].concat(), b"").ends(0).out);
    same("one argument", &home.run(&[&options[..], &[&questions.join("; ")]].concat(), b"").ends(0).out);
    same("by pipe", &home.run(&options, script.as_bytes()).ends(0).out);
    let file = home.file("questions.casebook", &script);
    same("by file", &home.run(&[&options[..], &["--file", &file]].concat(), b"").ends(0).out);
    let outcomes = book.run_file(&script, "questions").unwrap();
    let answers = outcomes.iter().map(|outcome| match outcome {
        Outcome::Answer(answer) => json_of(answer),
        other => panic!("no answer: {other:?}"),
    });
    same("by the crate's file", &answers.collect::<String>());
    let prepared =
        questions.iter().map(|question| json_of(&book.prepare(question).unwrap().query().unwrap()));
    same("prepared", &prepared.collect::<String>());
}

/// A file's questions see what its statements before them have changed, unless they ask for a commit.
#[test]
fn a_file_asks_for_earlier_states_too() {
    let book = Casebook::in_memory_with_paper().unwrap();
    book.run("cluster penang { industry: cops }").unwrap();
    let file =
        "cluster batu { }\ncount clusters\ncount clusters as of commit 2\ncount clusters as of commit 1";
    let outcomes = book.run_file(file, "file").unwrap();
    // What the file changed comes last.
    let (changed, answers) = outcomes.split_last().expect("outcomes");
    assert!(
        matches!(changed, Outcome::Changed(changed) if changed.summary == "commit 3: 1 thing"),
        "{changed:?}"
    );
    let counts = answers.iter().map(|outcome| match outcome {
        Outcome::Answer(answer) => answer.row(0).expect("there are rows")["count"].to_string(),
        other => panic!("no answer: {other:?}"),
    });
    assert_eq!(counts.collect::<Vec<_>>(), ["6", "5", "4"]);
}

/// A report without what tells where the statement came from.
fn report(text: &str) -> String {
    let says_origin = |line: &&str| {
        line.starts_with(" --> ")
            || line.contains("= note: standard input, line ")
            || line.contains(".casebook, line ")
    };
    // A report with no place but an origin has an empty line where there is none without.
    text.lines()
        .filter(|line| !says_origin(line) && line.trim() != "|")
        .fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn what_is_refused_is_refused_alike_through_every_door() {
    let (home, db) = paper();
    let book = Casebook::open(&db).unwrap();
    let before = export(&book);
    for (at, (statement, says)) in REFUSED.iter().enumerate() {
        let error = book.run(statement).expect_err(statement);
        let by_crate = report(&error.to_string());
        assert!(by_crate.contains(says), "no `{says}` in\n{by_crate}");
        let same = |door: &str, messages: &str| assert_eq!(report(messages), by_crate, "{door}: {statement}");
        same("by argument", &home.run(&["--db", &db, statement], b"").ends(1).messages);
        let piped = home.run(&["--db", &db], statement.as_bytes());
        same("by pipe", &piped.ends(1).says("standard input").messages);
        let file = home.file(&format!("refused_{at}.casebook"), statement);
        same("by file", &home.run(&["--db", &db, "--file", &file], b"").ends(1).messages);
        same("by the crate's file", &book.run_file(statement, "refused").expect_err(statement).to_string());
        let prepared = book.prepare(statement).and_then(|prepared| prepared.bind("unused", "x").run());
        same("prepared", &prepared.expect_err(statement).to_string());
    }
    assert_eq!(book.commit_number().unwrap(), 1);
    assert!(export(&book) == before, "something was stored");
}

/// Statements of every sort that change a store.
const CHANGES: [&str; 16] = [
    "kind cluster \"firms side by side\"",
    "kind study plural studies",
    "attribute industry of cluster: one of traditional, cops",
    "attribute trust of cluster: scale none < weak < strong under social",
    "attribute workers of cluster: number \"persons\"",
    "attribute twin of cluster: cluster inverse twin_of",
    "alias cops = \"complex product systems\"",
    "source survey_1999 \"Survey\" { }",
    "cluster penang \"Penang\" {\n  industry: \"Complex Product Systems\" [survey_1999 \"p. 1\"]\n  \
     workers: about 2000 \"a guess\" (hedged, in mid 1990s)\n  trust != strong\n}",
    "cluster batu { industry: traditional, workers: 10..15; twin: penang }",
    "assert batu.workers = > 700 [survey_1999 \"p. 2\"]",
    "assert penang.trust = weak [survey_1999]",
    "retract batu.workers = 10..15",
    "pattern weak_ties \"Weak ties bind twins\" {\n  for cluster\n  when trust <= weak\n  then twin = batu\n  \
     seen in penang\n  [survey_1999] (hedged)\n}",
    "alias penang = pulau_pinang",
    "cluster penang { }",
];

const CHANGED: &str = "clusters show name, title, industry, trust, workers, twin, twin_of with sources";

#[test]
fn the_same_changes_leave_the_same_store_through_every_door() {
    let home = Home::new();
    let script = CHANGES.join("\n");
    let file = home.file("changes.casebook", &script);
    let book = Casebook::in_memory();
    let summaries: Vec<String> = CHANGES
        .iter()
        .map(|change| match book.run(change).unwrap_or_else(|error| panic!("{error}")) {
            Outcome::Changed(changed) => changed.summary,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(summaries.last().map(String::as_str), Some("nothing changed: it was there already"));
    let expected = json(&book, CHANGED) + &export(&book);
    let mut stores = BTreeMap::new();
    for (door, arguments, input) in
        [("argument", CHANGES.to_vec(), ""), ("pipe", vec![], &*script), ("file", vec!["--file", &*file], "")]
    {
        let db = home.path().join(door).to_str().expect("temporary paths are text").to_string();
        let run = home.run(&[&["--db", &db, "--empty"], &arguments[..]].concat(), input.as_bytes());
        let said: Vec<&str> = run.ends(0).messages.lines().skip(1).collect();
        let number =
            |text: &str| text.split_once(": ").map_or(text.to_string(), |(_, what)| what.to_string());
        let said: Vec<String> = said.iter().map(|text| number(text)).collect();
        // A file is one commit, and summed up once.
        let together = "8 declarations, 3 things, 8 claims, 1 claim taken back, 1 pattern".to_string();
        let summaries: Vec<String> = match door {
            "file" => vec![together],
            _ => summaries.iter().map(|text| number(text)).collect(),
        };
        assert_eq!(said, summaries, "{door}");
        let left = home.run(&["--db", &db, "--format", "json", CHANGED, "export"], b"").ends(0).out.clone();
        stores.insert(door, left);
    }
    for (door, left) in stores {
        assert_eq!(left, expected, "{door}");
    }
    let together = Casebook::in_memory();
    let mut change = together.change();
    for statement in CHANGES {
        change.statement(statement);
    }
    assert_eq!(change.commit().unwrap().commit, Some(1));
    assert_eq!(json(&together, CHANGED) + &export(&together), expected);
}

/// The prompt, at a terminal that `script` (of util-linux) plays; where there is none, nothing is tested.
#[cfg(target_os = "linux")]
mod prompt {
    use super::*;
    use std::io::{Read, Write};
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    const PROMPT: &str = "casebook> ";

    struct Terminal {
        child: Child,
        input: ChildStdin,
        output: ChildStdout,
    }

    impl Terminal {
        fn open(home: &Home, db: &str) -> Option<Terminal> {
            let binary = env!("CARGO_BIN_EXE_casebook");
            let mut child = Command::new("script")
                .args(["-qec", &format!("'{binary}' --db '{db}' --format json --quiet"), "/dev/null"])
                .env("TERM", "dumb")
                .env("HOME", home.path())
                .env("XDG_DATA_HOME", home.path().join("data"))
                .env("XDG_STATE_HOME", home.path().join("state"))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let input = child.stdin.take()?;
            let output = child.stdout.take()?;
            let mut terminal = Terminal { child, input, output };
            terminal.until_prompt()?;
            Some(terminal)
        }

        /// What is shown up to the next prompt; `None` if there is none any more.
        fn until_prompt(&mut self) -> Option<String> {
            let mut shown = Vec::new();
            let mut byte = [0];
            while !shown.ends_with(PROMPT.as_bytes()) {
                self.output.read_exact(&mut byte).ok()?;
                shown.push(byte[0]);
            }
            shown.truncate(shown.len() - PROMPT.len());
            Some(String::from_utf8(shown).expect("the prompt shows text").replace('\r', ""))
        }

        /// What is shown after a statement, itself left out.
        fn say(&mut self, statement: &str) -> String {
            writeln!(self.input, "{statement}").expect("the terminal takes it");
            let shown = self.until_prompt().unwrap_or_else(|| panic!("the prompt is gone: {statement}"));
            let echoed = format!("{statement}\n");
            shown.strip_prefix(&echoed).unwrap_or(&shown).to_string()
        }

        fn leave(mut self) {
            writeln!(self.input, ".quit").expect("the terminal takes it");
            assert!(self.child.wait().expect("the session ends").success());
        }
    }

    #[test]
    fn the_prompt_answers_as_the_other_doors_do() {
        let (home, db) = paper();
        let Some(mut terminal) = Terminal::open(&home, &db) else {
            return;
        };
        let book = Casebook::open(&db).unwrap();
        for question in [&QUESTIONS[..], &ARGUMENTS].concat() {
            let shown = terminal.say(question);
            let rows: String = shown.lines().filter(|line| !line.starts_with("note: ")).collect();
            assert_eq!(rows, json(&book, question).trim_end(), "{question}");
        }
        // An open bracket is no error here: the prompt waits for the rest.
        for (statement, _) in REFUSED.iter().filter(|(statement, _)| !statement.contains("(industry")) {
            let error = book.run(statement).expect_err(statement);
            assert_eq!(report(&terminal.say(statement)), report(&error.to_string()), "{statement}");
        }
        // The session goes on, and changes what others see.
        assert_eq!(terminal.say("cluster penang {\n  industry: cops\n}"), "");
        assert_eq!(json(&book, "count clusters"), "[{\"count\":5}]\n");
        assert_eq!(terminal.say(".format csv"), "");
        assert_eq!(terminal.say("count clusters").trim(), "count\n5");
        terminal.leave();
    }
}

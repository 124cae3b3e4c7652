//! Tables come in through statements: all of a file, or nothing of it.

mod common;

use casebook::{Budget, Casebook, ErrorKind, Outcome};
use common::{Home, export, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const PORTS: &str = "\
kind port
kind region
attribute ships of port: number
attribute trade of port: many one of grain, wood, \"salted fish\"
attribute region of port: region
attribute open of port: yes/no
attribute founded of port: year
source ledger \"The ledger\" { }
source almanac \"An almanac\" { }
region north \"The north\" { }
region south { }
";

const TABLE: &str = "\
name,title,ships,trade,region,open,founded
hamburg,Hamburg,9000,grain,north,yes,
bremen,\"Bremen, on the Weser\",about 5000,salted fish,North,no,1358
genoa,,,wood,south,,
";

fn ports() -> (Home, Casebook) {
    let book = Casebook::in_memory();
    book.run_file(PORTS, "ports").expect("the vocabulary is sound");
    (Home::new(), book)
}

#[track_caller]
fn summary(book: &Casebook, statement: &str) -> String {
    match book.run(statement) {
        Ok(Outcome::Changed(changed)) => changed.summary,
        other => panic!("{statement}: {other:?}"),
    }
}

#[track_caller]
fn refused(book: &Casebook, statement: &str) -> casebook::Error {
    let before = (book.commit_number().unwrap(), export(book));
    let error = book.run(statement).expect_err("it is refused");
    assert!((book.commit_number().unwrap(), export(book)) == before, "something was stored");
    error
}

#[test]
fn a_table_is_one_commit() {
    let (home, book) = ports();
    let file = home.file("ports.csv", TABLE);
    let said = summary(&book, &format!("import \"{file}\" as port [ledger \"p. 3\"] (hedged, in 1890s)"));
    assert_eq!(said, "commit 2: 3 things, 11 claims");
    assert_eq!(
        json(&book, "ports show name, title, ships, trade, region, open, founded"),
        concat!(
            r#"[{"name":"bremen","title":"Bremen, on the Weser","ships":{"low":4500,"high":5500,"text":"about 5000"},"#,
            r#""trade":["salted fish"],"region":"north","open":false,"founded":1358},"#,
            r#"{"name":"genoa","title":null,"ships":null,"trade":["wood"],"region":"south","open":null,"founded":null},"#,
            r#"{"name":"hamburg","title":"Hamburg","ships":9000,"trade":["grain"],"region":"north","open":true,"founded":null}]"#,
            "\n"
        )
    );
    // An empty cell claims nothing; every other one is a claim with the citation given.
    assert_eq!(
        json(
            &book,
            "claims where subject = genoa show attribute, value, sources, locator, hedged, in order by attribute"
        ),
        concat!(
            r#"[{"attribute":"region","value":"south","sources":["ledger"],"locator":["p. 3"],"hedged":true,"in":"1890s"},"#,
            r#"{"attribute":"trade","value":"wood","sources":["ledger"],"locator":["p. 3"],"hedged":true,"in":"1890s"}]"#,
            "\n"
        )
    );
    assert_eq!(json(&book, "count claims by commit").matches(r#""count":11"#).count(), 1);
    assert_eq!(book.query("ports as of commit 1").unwrap().len(), 0);
    assert_eq!(book.query("history of bremen").unwrap().len(), 5);
}

#[test]
fn columns_are_mapped_and_others_declared() {
    let (home, book) = ports();
    let file = home
        .file("odd.csv", "id,vessels,crew,flag,since\nkiel,320,about 40,red,1850-04-01\nstade,80,,blue,\n");
    let error = refused(&book, &format!("import \"{file}\" as port name from id, ships from vessels"));
    assert_eq!(error.kind(), ErrorKind::Unknown);
    assert!(error.to_string().contains("crew") && error.to_string().contains("declare"), "{error}");
    let said = summary(
        &book,
        &format!("import \"{file}\" as port name from id, ships from vessels [ledger \"p. 9\"] declare"),
    );
    assert_eq!(said, "commit 2: 3 declarations, 2 things, 6 claims");
    assert_eq!(
        json(&book, "ports show name, ships, crew, flag, since with sources").matches("ledger, p. 9").count(),
        6
    );
    let types = export(&book);
    for declared in
        ["attribute crew of port: number", "attribute flag of port: text", "attribute since of port: date"]
    {
        assert!(types.contains(declared), "no `{declared}` in\n{types}");
    }
}

#[test]
fn a_bad_row_refuses_the_file_with_its_line() {
    let (home, book) = ports();
    let mut at = 0;
    let mut import = |rows: &str| {
        at += 1;
        let file = home.file(&format!("bad_{at}.csv"), rows);
        refused(&book, &format!("import \"{file}\" as port")).to_string()
    };
    let many: String = (1..=500).map(|at| format!("port{at},{at}\n")).collect();
    for (rows, line, says) in [
        (format!("name,ships\n{many}lisbon,many\n"), 502, "`ships` is a number, not `many`"),
        ("name,ships\nlisbon,4000\n\"two\nlines\",5,6\n".to_string(), 3, "3"),
        ("name,trade\nlisbon,wood\nporto,coal\n".to_string(), 3, "coal"),
        ("name,region\nlisbon,west\n".to_string(), 2, "west"),
        ("name,open\nlisbon,perhaps\n".to_string(), 2, "perhaps"),
        ("name,founded\nlisbon,1143\nporto,long ago\n".to_string(), 3, "long ago"),
        ("name,ships\n,5\n".to_string(), 2, "name"),
    ] {
        let error = import(&rows);
        assert!(error.contains(&format!(".csv:{line}:")), "line {line} is not named:\n{error}");
        assert!(error.contains(says), "no `{says}` in\n{error}");
    }
    for (rows, says) in [("", "empty"), ("name,ships,ships\na,1,2\n", "ships"), ("ships\n5\n", "name")] {
        let error = import(rows);
        assert!(error.contains(says), "no `{says}` in\n{error}");
    }
    let error = refused(&book, "import \"nowhere.csv\" as port");
    assert!(error.kind() == ErrorKind::Io && error.to_string().contains("nowhere.csv"), "{error}");
    let error = refused(&book, "import \"bad.csv\"");
    assert!(error.to_string().contains("of which kind"), "{error}");
}

#[test]
fn a_bad_byte_refuses_the_file() {
    let (home, book) = ports();
    let path = home.path().join("latin.csv");
    std::fs::write(&path, b"name,title\nmalm\xf6,x\n").unwrap();
    let error = refused(&book, &format!("import \"{}\" as port", path.display())).to_string();
    assert!(error.contains("UTF-8") && error.contains("latin.csv:2"), "{error}");
}

#[test]
fn two_sources_that_disagree_are_contested() {
    let (home, book) = ports();
    let file = home.file("ports.csv", TABLE);
    summary(&book, &format!("import \"{file}\" as port [ledger \"p. 3\"]"));
    // The same file from the same place again says nothing new.
    let claims =
        "claims where sources = ledger show subject, attribute, value, locator order by subject, attribute";
    let before = (export(&book), json(&book, claims));
    summary(&book, &format!("import \"{file}\" as port [ledger \"p. 3\"]"));
    assert!((export(&book), json(&book, claims)) == before, "a second import of the same adds something");
    let other =
        home.file("other.csv", "name,ships,trade\nhamburg,8000,grain\nbremen,5200,wood\ngenoa,700,wood\n");
    assert_eq!(summary(&book, &format!("import \"{other}\" as port [almanac]")), "commit 3: 6 claims");
    assert_eq!(
        json(&book, "conflicts"),
        concat!(
            r#"[{"name":"hamburg","attribute":"ships","value":9000,"for":["ledger, p. 3"],"against":["almanac"]},"#,
            r#"{"name":"hamburg","attribute":"ships","value":8000,"for":["almanac"],"against":["ledger, p. 3"]}]"#,
            "\n"
        )
    );
    // About 5000 and 5200 agree; two trades stand side by side; what only one says is supported.
    assert_eq!(
        json(&book, "ports where name = bremen show trade"),
        "[{\"trade\":[\"salted fish\",\"wood\"]}]\n"
    );
    assert_eq!(json(&book, "genoa.ships").matches("supported").count(), 1);
    // Another table from the same place mends the first.
    let mended = home.file("mended.csv", "name,ships\nhamburg,8000\n");
    summary(&book, &format!("import \"{mended}\" as port [ledger \"p. 3\"]"));
    assert_eq!(json(&book, "conflicts"), "[]\n");
}

const PAPERS: &str = "\
attribute cites of source: many source inverse cited_by
attribute topics of source: many one of policy, skills
attribute year of source: year
";

fn papers() -> (Home, Casebook) {
    let book = Casebook::in_memory();
    book.run_file(PAPERS, "papers").expect("the vocabulary is sound");
    (Home::new(), book)
}

#[test]
fn a_name_in_many_rows_has_many_values() {
    let (home, book) = papers();
    // Not next to each other, in any spelling, a value twice, and rows without any.
    let links = "from,to\nb_2,a_1\nC-3,b_2\nb_2,\nc3,A1\nd_4,\nC_3,b_2\na_1,\n";
    let file = home.file("links.csv", links);
    let import = format!("import \"{file}\" as source name from from, cites from to");
    assert_eq!(summary(&book, &import), "commit 2: 4 things, 3 claims");
    assert_eq!(
        json(&book, "sources show name, cites, cited_by"),
        concat!(
            r#"[{"name":"a_1","cites":null,"cited_by":["C-3","b_2"]},{"name":"b_2","cites":["a_1"],"cited_by":["C-3"]},"#,
            r#"{"name":"C-3","cites":["a_1","b_2"],"cited_by":null},{"name":"d_4","cites":null,"cited_by":null}]"#,
            "\n"
        )
    );
    assert_eq!(json(&book, "count claims"), "[{\"count\":3}]\n");
    assert_eq!(
        json(&book, "claims where subject = C3 show value order by value").matches("value").count(),
        2
    );
    // The same again is nothing new; one row more is.
    assert_eq!(summary(&book, &import), "nothing changed: it was there already");
    home.file("links.csv", &format!("{links}d_4,c3\nd_4,a_1\n"));
    assert_eq!(summary(&book, &import), "commit 3: 2 claims");
    assert_eq!(json(&book, "d_4.cites").matches("supported").count(), 2);
    // What is written out loads again.
    let copy = Casebook::in_memory();
    copy.run_file(&export(&book), "export").unwrap();
    assert_eq!(export(&copy), export(&book));
    // One claim of several goes.
    summary(&book, "retract C3.cites = a_1");
    assert_eq!(json(&book, "C3.cites").matches("supported").count(), 1);
}

#[test]
fn several_attributes_may_be_read_from_a_list_of_links() {
    let (home, book) = papers();
    let file = home.file("both.csv", "name,cites,topics\na,,policy\nb,a,skills\na,b,skills\nb,b,skills\n");
    assert_eq!(summary(&book, &format!("import \"{file}\" as source")), "commit 2: 2 things, 6 claims");
    assert_eq!(
        json(&book, "sources show name, cites, topics"),
        concat!(
            r#"[{"name":"a","cites":["b"],"topics":["policy","skills"]},"#,
            r#"{"name":"b","cites":["a","b"],"topics":["skills"]}]"#,
            "\n"
        )
    );
}

#[test]
fn a_list_of_links_is_refused_where_it_does_not_fit() {
    let (home, book) = papers();
    for (rows, line, says) in [
        (
            "name,year\na,1990\nb,1991\nA,1990\n",
            4,
            "rows of one name give it many values, and `year` takes one",
        ),
        ("name,cites,year\na,a,1990\na,b,\n", 3, "`A` stands twice: on line 2 and on line 3"),
        ("name,title,cites\na,A,a\na,A,a\n", 3, "`title` takes one"),
        ("name\na\na\n", 3, "a name is unique within its kind"),
        ("name,cites\na,b\nb,c\na,b\n", 3, "no source `c`"),
        ("name,cites\na,b\nb,c\na,b\n", 3, "bad.csv does not name it, either"),
        ("name,cites\na,b\nb,unknown\n", 3, "`unknown` is a standing"),
        ("name,topics\na,skills\nb,policy\na,money\n", 4, "`money` is not a value of `topics`"),
    ] {
        let file = home.file("bad.csv", rows);
        let error = refused(&book, &format!("import \"{file}\" as source")).to_string();
        let says = says.replace("`A`", "`a`");
        assert!(error.contains(&format!("bad.csv:{line}:")), "line {line} is not named:\n{error}");
        assert!(error.contains(&says), "no `{says}` in\n{error}");
    }
}

#[test]
fn links_stay_what_they_are_on_disk() {
    const SOURCES: usize = 20_000;
    let home = Home::new();
    let vocabulary = home.file("papers.casebook", PAPERS);
    let file = home
        .file("sources.csv", &(0..SOURCES).fold("name\n".to_string(), |all, at| all + &format!("{at}\n")));
    // Each cites two, and the second one is named in the second half of the file.
    let first = (1..SOURCES).map(|at| format!("{at},{}\n", at / 2));
    let second = (1..SOURCES).map(|at| format!("{at},{}\n", at / 3));
    let links = home.file("links.csv", &first.chain(second).fold("a,b\n".to_string(), |all, row| all + &row));
    let db = home.path().join("papers").to_str().expect("temporary paths are text").to_string();
    home.run(&["--db", &db, "--empty", "--quiet", "--file", &vocabulary], b"").ends(0);
    home.run(&["--db", &db, &format!("import \"{file}\" as source")], b"").ends(0);
    home.run(&["--db", &db, &format!("import \"{links}\" as source name from a, cites from b")], b"")
        .ends(0)
        .says("commit 3: 39996 claims");
    let book = Casebook::open(&db).unwrap();
    assert_eq!(json(&book, "count sources where cites = 100"), "[{\"count\":5}]\n");
    assert_eq!(json(&book, "sources where name = 600 show cites"), "[{\"cites\":[\"200\",\"300\"]}]\n");
    assert_eq!(json(&book, "sources where name = 600 show cites as of commit 3").matches("300").count(), 1);
    assert_eq!(json(&book, "sources where name = 600 show cites as of commit 2").matches("300").count(), 0);
    assert!(book.notices().is_empty(), "{:?}", book.notices());
}

#[test]
fn a_long_table_is_one_commit_on_disk() {
    const ROWS: usize = 20_000;
    let home = Home::new();
    let mut table = String::from("name,ships,trade,open\n");
    for at in 0..ROWS {
        let trade = ["grain", "wood", "salted fish"][at % 3];
        table += &format!("port{at},{},{trade},{}\n", at % 1000, ["yes", "no", ""][at % 3]);
    }
    let file = home.file("long.csv", &table);
    let vocabulary = home.file("ports.casebook", PORTS);
    let db = home.path().join("ports").to_str().expect("temporary paths are text").to_string();
    home.run(&["--db", &db, "--empty", "--quiet", "--file", &vocabulary], b"").ends(0);
    home.run(&["--db", &db, &format!("import \"{file}\" as port [ledger \"annex\"]")], b"")
        .ends(0)
        .says("commit 2: 20000 things, 53334 claims");
    let book = Casebook::open(&db).unwrap();
    let asked = |question: &str| json(&book, question);
    assert_eq!(
        asked("commits show name, operations"),
        "[{\"name\":\"1\",\"operations\":11},{\"name\":\"2\",\"operations\":1}]\n"
    );
    assert_eq!(asked("count ports where ships >= 990"), "[{\"count\":200}]\n");
    assert_eq!(asked("count ports by open").matches("6667").count(), 2);
    assert_eq!(
        asked("claims where subject = port7 show attribute, value, sources, locator order by attribute"),
        concat!(
            r#"[{"attribute":"open","value":"no","sources":["ledger"],"locator":["annex"]},"#,
            r#"{"attribute":"ships","value":"7","sources":["ledger"],"locator":["annex"]},"#,
            r#"{"attribute":"trade","value":"wood","sources":["ledger"],"locator":["annex"]}]"#,
            "\n"
        )
    );
    assert_eq!(asked("count ports as of commit 1"), "[{\"count\":0}]\n");
    // A bad last row, and nothing of a second long table is there.
    let bad = home.file("bad.csv", &(table.replace("port", "pier") + "last,many,,\n"));
    home.run(&["--db", &db, &format!("import \"{bad}\" as port")], b"").ends(1).says("bad.csv:20002:");
    assert_eq!(asked("count ports"), "[{\"count\":20000}]\n");
    assert_eq!(book.commit_number().unwrap(), 2);
}

#[test]
fn what_is_cancelled_leaves_nothing() {
    let (home, book) = ports();
    let rows = (0..50_000).fold("name,ships\n".to_string(), |all, at| all + &format!("port{at},{at}\n"));
    let import = format!("import \"{}\" as port", home.file("long.csv", &rows));
    let cancel = Arc::new(AtomicBool::new(false));
    let (flag, told) = (cancel.clone(), Arc::new(Mutex::new(Vec::new())));
    let watched = told.clone();
    // Somebody who watches loses patience.
    let budget = Budget::default().with_cancel_flag(cancel.clone()).with_watch(move |rows| {
        watched.lock().unwrap().push(rows);
        flag.store(rows > 10_000, Ordering::Relaxed);
    });
    for run in 0..2 {
        let error = match run {
            0 => book.run_within(&import, &budget).expect_err("it is cancelled"),
            _ => book.run_file_within(&import, "file", &budget).expect_err("it is cancelled"),
        };
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(error.to_string().contains("nothing of the import is stored"), "{error}");
        assert_eq!(book.commit_number().unwrap(), 1);
        assert_eq!(json(&book, "count ports"), "[{\"count\":0}]\n");
    }
    let told = told.lock().unwrap();
    assert!(told.len() == 4 && told[..2] == told[2..], "{told:?}");
    assert_eq!(summary(&book, &import), "commit 2: 50000 things, 50000 claims");
}

#[test]
fn names_may_count_or_come_in_any_order() {
    let (home, book) = ports();
    // They count, then one comes late, and one comes again.
    let counted = (1..=5_000).fold("name,region\n".to_string(), |all, at| all + &format!("p{at},North\n"));
    let file = home.file("counted.csv", &(counted.clone() + "a1,south\np9999,SOUTH\n"));
    assert_eq!(summary(&book, &format!("import \"{file}\" as port")), "commit 2: 5002 things, 5002 claims");
    assert_eq!(json(&book, "count ports where region = north"), "[{\"count\":5000}]\n");
    assert_eq!(json(&book, "ports where region = south show name").matches("name").count(), 2);
    for (late, line) in [("P-17", 18), ("p5000", 5001), ("a1", 5002)] {
        let file = home.file("again.csv", &(counted.clone() + &format!("a1,south\n{late},south\n")));
        let error = refused(&book, &format!("import \"{file}\" as port")).to_string();
        let says = format!("`{late}` stands twice: on line {line} and on line 5003");
        assert!(error.contains(&says) && error.contains("again.csv:5003:"), "{error}");
    }
}

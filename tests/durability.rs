//! What was acknowledged is there, nothing is half there, and every reader sees whole commits: by the binary
//! and the crate, with several processes, killed processes and damaged files.

mod common;

use casebook::{Casebook, Changed, ErrorKind, Outcome, Part};
use common::{Home, QUESTIONS, Run, export, json};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Notes whose `left` and `right` are always committed together.
const PAIRS: &str = "\
kind note
attribute left of note: number
attribute right of note: number
attribute words of note: text
note pair { left: 0, right: 0 }
";

/// Long enough for nine of them to make a checkpoint due, short enough to stay out of the log before.
const LONG: usize = 15_000;

fn long() -> String {
    "word ".repeat(LONG / 5)
}

/// A place with a store of notes; the path of the store as an argument.
fn notes() -> (Home, String) {
    let home = Home::new();
    let path = home.path().join("notes");
    let book = Casebook::open(&path).unwrap();
    book.run_file(PAIRS, "pairs").unwrap();
    let path = path.to_str().expect("temporary paths are text").to_string();
    (home, path)
}

/// A process that is fed statements one by one, and asked.
struct Session {
    child: Child,
    input: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Session {
    fn open(home: &Home, store: &str) -> Session {
        let mut command = home.command(&["--db", store, "--format", "json", "--quiet"]);
        let mut child = command.stderr(std::process::Stdio::null()).spawn().expect("the binary runs");
        let input = child.stdin.take().expect("input is piped");
        let answers = BufReader::new(child.stdout.take().expect("output is piped")).lines();
        Session { child, input, answers }
    }

    fn ask(&mut self, question: &str) -> String {
        writeln!(self.input, "{question}").expect("the binary reads");
        self.answers.next().expect("an answer").expect("text")
    }

    fn end(self) {
        drop(self.input);
        let mut child = self.child;
        assert!(child.wait().expect("the run ends").success());
    }
}

/// The numbers of the commits that were acknowledged.
fn acknowledged(messages: &str) -> Vec<u32> {
    let number = |line: &str| line.strip_prefix("commit ")?.split_once(':')?.0.parse().ok();
    messages.lines().filter_map(number).collect()
}

fn count(book: &Casebook, question: &str) -> usize {
    book.query(question).unwrap_or_else(|error| panic!("{question}\n{error}")).len()
}

/// No note has one side of its pair without the other.
#[track_caller]
fn is_whole(book: &Casebook) {
    let torn = "notes where left != right or left is known and right is unknown \
                or left is unknown and right is known";
    assert_eq!(json(book, torn), "[]\n");
}

fn commit_of(outcome: &Outcome) -> u32 {
    match outcome {
        Outcome::Changed(Changed { commit: Some(number), .. }) => *number,
        other => panic!("no commit: {other:?}"),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn several_processes_share_one_store() {
    const WRITERS: usize = 3;
    const EACH: usize = 12;
    let (home, store) = notes();
    let done = AtomicBool::new(false);
    let write = |writer: usize| {
        let input: String = (0..EACH)
            .map(|each| {
                let value = writer * 1000 + each + 1;
                let own = format!("note w{writer}_{each} {{ left: {each}, right: {each} }}\n");
                format!("{own}note pair {{ left: {value}, right: {value} }}\n")
            })
            .collect();
        acknowledged(&home.run(&["--db", &store], input.as_bytes()).ends(0).messages)
    };
    let write = &write;
    let mut numbers: Vec<u32> = thread::scope(|scope| {
        let reader = || {
            let mut session = Session::open(&home, &store);
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                let answer = session.ask("notes where name = pair show left, right");
                let rows: Value = serde_json::from_str(&answer).expect("JSON");
                assert_eq!(rows[0]["left"], rows[0]["right"], "half a commit is seen");
                let torn = session.ask("notes where left is known and right is unknown");
                assert_eq!(torn, "[]", "half a commit is seen");
                let commits: Value = serde_json::from_str(&session.ask("count commits")).expect("JSON");
                let commits = commits[0]["count"].as_u64().expect("a count");
                assert!(commits >= last, "a commit has gone");
                last = commits;
            }
            session.end();
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        let numbers =
            writers.into_iter().flat_map(|writer| writer.join().expect("the writer ends")).collect();
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().expect("the reader ends");
        }
        numbers
    });
    numbers.sort_unstable();
    let last = (WRITERS * EACH * 2) as u32 + 1;
    assert_eq!(numbers, (2..=last).collect::<Vec<_>>(), "each commit is acknowledged once");
    let book = Casebook::open(&store).unwrap();
    assert_eq!(book.commit_number().unwrap(), last);
    assert_eq!(count(&book, "notes"), WRITERS * EACH + 1);
    is_whole(&book);
}

#[test]
fn an_open_reader_sees_later_commits_of_others() {
    let (home, store) = notes();
    let mut session = Session::open(&home, &store);
    let book = Casebook::open(&store).unwrap();
    let seen = |book: &Casebook| json(book, "notes where name = pair show left");
    assert_eq!(session.ask("notes where name = pair show left"), r#"[{"left":0}]"#);
    home.run(&["--db", &store, "note pair { left: 1, right: 1 }"], b"").ends(0);
    assert_eq!(session.ask("notes where name = pair show left"), r#"[{"left":1}]"#);
    assert_eq!(seen(&book), "[{\"left\":1}]\n");
    // Past a checkpoint.
    let long = long();
    let many: String = (0..12).map(|at| format!("note long_{at} {{ words: \"{long}\" }}\n")).collect();
    home.run(&["--db", &store], many.as_bytes()).ends(0);
    assert!(Path::new(&store).join("tail.000002").exists(), "no checkpoint was made");
    assert_eq!(session.ask("count notes"), r#"[{"count":13}]"#);
    assert_eq!(count(&book, "notes where words is known"), 12);
    // Both ways.
    session.ask("note pair { left: 2, right: 2 }\nnotes where name = pair show left");
    assert_eq!(seen(&book), "[{\"left\":2}]\n");
    book.run("note pair { left: 3, right: 3 }").unwrap();
    assert_eq!(session.ask("notes where name = pair show left"), r#"[{"left":3}]"#);
    session.end();
}

/// Feeds a writer with notes until it is killed, `delay` after it has acknowledged `enough`; the numbers of
/// the commits that it acknowledged.
fn kill_a_writer(home: &Home, store: &str, round: usize, enough: usize, delay: Duration) -> Vec<u32> {
    let mut child = home.command(&["--db", store]).spawn().expect("the binary runs");
    let mut input = child.stdin.take().expect("input is piped");
    let messages = BufReader::new(child.stderr.take().expect("messages are piped"));
    let feed = thread::spawn(move || {
        let long = long();
        for at in 0.. {
            let words = if at % 3 == 2 { format!(", words: \"{long}\"") } else { String::new() };
            if writeln!(input, "note r{round}_{at} {{ left: {at}, right: {at}{words} }}").is_err() {
                return;
            }
        }
    });
    let mut lines = messages.lines().map_while(Result::ok);
    let mut said: Vec<String> = lines.by_ref().take(enough).collect();
    let rest = thread::spawn(move || lines.collect::<Vec<_>>());
    thread::sleep(delay);
    child.kill().expect("it still runs");
    child.wait().expect("it has ended");
    feed.join().expect("nobody reads any more");
    said.extend(rest.join().expect("the messages end"));
    acknowledged(&said.join("\n"))
}

#[test]
fn what_a_killed_writer_has_acknowledged_is_there() {
    let (home, store) = notes();
    let mut before = 1;
    for round in 0..14 {
        // Rounds end at different points between two checkpoints, and within a commit.
        let delay = Duration::from_micros((round as u64 * 3_700 + 1_100) % 20_000);
        let numbers = kill_a_writer(&home, &store, round, 1 + round * 5 % 7, delay);
        let book = Casebook::open(&store).unwrap();
        let after = book.commit_number().unwrap();
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        assert_eq!((first, numbers.len() as u32), (before + 1, last - before), "round {round}");
        // What was not acknowledged any more may be there, if it is there as a whole.
        assert!((last..=last + 1).contains(&after), "round {round}: {last} acknowledged, {after} there");
        is_whole(&book);
        let long = (0..after - before).filter(|at| at % 3 == 2).count();
        let name = format!("name contains \"r{round}_\"");
        assert_eq!(count(&book, &format!("notes where {name}")), (after - before) as usize, "round {round}");
        assert_eq!(count(&book, &format!("notes where {name} and words is known")), long, "round {round}");
        assert_eq!(count(&book, "commits"), after as usize);
        before = after;
    }
    let checkpoints = Casebook::open(&store).unwrap();
    assert!(!Path::new(&store).join("tail.000001").exists(), "no checkpoint was made");
    // The log goes back to the beginning.
    assert_eq!(
        json(&checkpoints, "notes show name, left as of commit 1"),
        "[{\"name\":\"pair\",\"left\":0}]\n"
    );
    assert_eq!(count(&checkpoints, "history of pair"), 2);
}

/// A table of as many notes.
fn table(home: &Home, rows: usize) -> String {
    let row = |at: usize| format!("row{at},{at},{at}\n");
    home.file("rows.csv", &("name,left,right\n".to_string() + &(0..rows).map(row).collect::<String>()))
}

#[test]
fn an_import_killed_at_any_moment_is_there_or_not() {
    const ROWS: usize = 20_000;
    let (home, base) = notes();
    let rows = table(&home, ROWS);
    let input = format!(
        "note before {{ left: 1, right: 1 }}\nimport \"{rows}\" as note\nnote after {{ left: 2, right: 2 }}\n"
    );
    let start = |store: &str| {
        let mut child = home.command(&["--db", store]).spawn().expect("the binary runs");
        child.stdin.take().expect("input is piped").write_all(input.as_bytes()).expect("the binary reads");
        child
    };
    let fresh = |name: &str| {
        let path = home.path().join(name);
        copy(Path::new(&base), &path);
        path.to_str().expect("temporary paths are text").to_string()
    };
    let whole = fresh("whole");
    let begin = Instant::now();
    assert!(start(&whole).wait_with_output().expect("the run ends").status.success());
    let whole = begin.elapsed();
    let mut stages = BTreeSet::new();
    let mut delay = whole / 2;
    for round in 1..=8 {
        let store = fresh(&format!("round_{round}"));
        let mut child = start(&store);
        thread::sleep(delay);
        child.kill().expect("the run may have ended, but was not waited for");
        let output = child.wait_with_output().expect("it has ended");
        let numbers = acknowledged(&String::from_utf8(output.stderr).expect("text"));
        let book = Casebook::open(&store).unwrap();
        let there = book.commit_number().unwrap();
        assert!(there >= numbers.last().copied().unwrap_or(1), "round {round}: {numbers:?}, {there} there");
        let expected = [1, 2, 2 + ROWS, 3 + ROWS][there as usize - 1];
        assert_eq!(count(&book, "notes where left = right"), expected, "round {round}");
        // It goes on from there.
        book.run("note again { left: 3, right: 3 }").unwrap();
        assert_eq!(json(&book, "count notes"), format!("[{{\"count\":{}}}]\n", expected + 1));
        if round % 4 == 0 {
            assert_eq!(count(&book, "notes as of commit 1"), 1);
        }
        stages.insert(there);
        // Around the import and its checkpoint.
        delay = if there > 2 { delay * 3 / 4 } else { delay * 5 / 4 };
    }
    assert!(stages.len() > 1, "all rounds ended at the same commit");
}

#[test]
fn a_question_sees_one_commit_while_others_are_made() {
    let (_home, store) = notes();
    let book = Casebook::open(&store).unwrap();
    let all = |value: u32| -> String {
        (0..300).map(|at| format!("note n{at} {{ left: {value}, right: {value} }}\n")).collect()
    };
    book.run("retract pair").unwrap();
    book.run_file(&all(0), "all").unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = || {
            let other = Casebook::open(&store).unwrap();
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) || seen == 0 {
                for book in [&book, &other] {
                    let groups = book.query("count notes by left where left is known").unwrap();
                    assert_eq!(groups.len(), 1, "two commits are seen at once: {groups:?}");
                    assert_eq!(groups.row(0).expect("there are rows")["count"].to_string(), "300");
                    is_whole(book);
                    seen += 1;
                }
            }
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        for value in 1..=12 {
            book.run_file(&all(value), "all").unwrap();
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().expect("the reader ends");
        }
    });
}

#[test]
fn a_book_is_shared_by_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Casebook>();
    let (_home, store) = notes();
    let book = Casebook::open(&store).unwrap();
    let work = |thread: usize, book: Casebook| -> Vec<u32> {
        (0..15)
            .map(|at| {
                let statement = format!("note t{thread}_{at} {{ left: {at}, right: {at} }}");
                let number = commit_of(&book.run(&statement).unwrap());
                // What was committed is seen, from this clone at once.
                assert_eq!(json(&book, &format!("t{thread}_{at}.left")).matches(&at.to_string()).count(), 1);
                number
            })
            .collect()
    };
    let mut numbers: Vec<u32> = thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let book = book.clone();
                scope.spawn(move || work(thread, book))
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("the thread ends")).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=61).collect::<Vec<_>>());
    assert_eq!(count(&book, "notes"), 61);
    is_whole(&book);
}

/// A store that has been through a checkpoint, with two commits after it.
fn checkpointed() -> (Home, PathBuf) {
    let (home, store) = notes();
    let book = Casebook::open(&store).unwrap();
    let long = long();
    for at in 0..9 {
        book.run(&format!("note long_{at} {{ words: \"{long}\" }}")).unwrap();
    }
    assert!(Path::new(&store).join("view.000002").exists(), "no checkpoint was made");
    book.run("note pair { left: 1, right: 1 }").unwrap();
    book.run("note last { left: 2, right: 2 }").unwrap();
    (home, PathBuf::from(store))
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x20;
    fs::write(path, bytes).unwrap();
}

fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path))
        } else {
            all.push((path.clone(), fs::read(path).unwrap()))
        }
    }
    all.sort();
    all
}

/// Near the end of a view there is its directory, which is read first.
fn flip_directory(view: &Path) {
    let length = fs::metadata(view).unwrap().len() as usize;
    flip(view, length - 20);
}

/// A question and a change are refused with status 3 and the way out, and the files stay as they were.
#[track_caller]
fn refused(home: &Home, store: &Path, says: &str) {
    let before = files(store);
    let path = store.to_str().expect("temporary paths are text");
    for statement in ["count notes", "note another { left: 1, right: 1 }"] {
        let run = home.run(&["--db", path, statement], b"");
        run.ends(3).says(says).says("backup").says("exported statements");
        assert_eq!(run.out, "");
    }
    assert_eq!(Casebook::open(store).unwrap_err().kind(), ErrorKind::Damaged);
    assert_eq!(Casebook::open_with_paper(store).unwrap_err().kind(), ErrorKind::Damaged);
    assert!(files(store) == before, "a damaged store was changed");
}

#[test]
fn a_damaged_store_is_refused_and_left_as_it_is() {
    let (home, sound) = checkpointed();
    let damaged = |name: &str, damage: &dyn Fn(&Path)| {
        let path = home.path().join(name);
        copy(&sound, &path);
        damage(&path);
        path
    };
    for at in [0, 9, 20, 40, 70] {
        let store = damaged(&format!("head_{at}"), &|store| flip(&store.join("HEAD"), at));
        if at >= 8 {
            refused(&home, &store, "HEAD` is damaged");
        } else {
            // Its first bytes tell that the folder is a store at all.
            let path = store.to_str().expect("temporary paths are text");
            home.run(&["--db", path, "count notes"], b"").ends(3).says("is not a Casebook store");
        }
    }
    // In its header, in a frame's length, digest and payload.
    for at in [3, 61, 70, 110] {
        let store = damaged(&format!("tail_{at}"), &|store| flip(&store.join("tail.000002"), at));
        refused(&home, &store, "tail.000002` is damaged");
    }
    let store = damaged("no_head", &|store| fs::remove_file(store.join("HEAD")).unwrap());
    refused(&home, &store, "HEAD` is missing");
    let store = damaged("no_tail", &|store| fs::remove_file(store.join("tail.000002")).unwrap());
    refused(&home, &store, "tail.000002` is missing");
    let store = damaged("no_log", &|store| {
        flip_directory(&store.join("view.000002"));
        fs::remove_dir_all(store.join("log")).unwrap();
    });
    refused(&home, &store, "view.000002` is damaged");
    // What a question finds later is told in the same words.
    let store = damaged("no_log_later", &|store| {
        flip(&store.join("view.000002"), 62);
        fs::remove_dir_all(store.join("log")).unwrap();
    });
    let run = home.run(&["--db", store.to_str().expect("text"), "commits"], b"");
    assert_eq!(run.ends(1).says("view.000002` is damaged").says("backup").out, "");
}

/// The files that a store is read from.
fn parts(store: &Path) -> Vec<(PathBuf, Vec<u8>, Part)> {
    let part = |path: &Path| match path.strip_prefix(store).expect("below the store").to_str() {
        Some("HEAD") => Part::Head,
        Some(name) if name.starts_with("tail.") => Part::Tail,
        Some(name) if name.starts_with("view.") => Part::View,
        _ => Part::Log,
    };
    // What `lock` says is checked against the tail; by itself it may be anything.
    let all = files(store).into_iter().filter(|(path, bytes)| !bytes.is_empty() && !path.ends_with("lock"));
    all.map(|(path, bytes)| (path.clone(), bytes, part(&path))).collect()
}

#[test]
fn check_finds_what_was_changed_cut_off_or_removed() {
    let (home, store) = checkpointed();
    // A copy for each: sled writes to a log that it opens.
    let checked = |path: &Path, damage: &dyn Fn(&Path)| {
        let copied = home.path().join("copy");
        copy(&store, &copied);
        damage(&copied.join(path));
        let health = Casebook::check(&copied).unwrap();
        fs::remove_dir_all(copied).unwrap();
        health
    };
    let sound = checked(Path::new("HEAD"), &|_| {});
    assert_eq!((sound.commits, &sound.faults[..]), (12, &[][..]));
    for (path, bytes, part) in parts(&store) {
        let name = path.strip_prefix(&store).unwrap();
        let is_found = |damage: &dyn Fn(&Path)| {
            let health = checked(name, damage);
            assert!(health.faults.iter().any(|fault| fault.part == part), "{}: {health:?}", name.display());
        };
        let step = (bytes.len() / 40).max(1);
        (0..bytes.len()).step_by(step).for_each(|at| is_found(&|path| flip(path, at)));
        for length in [0, 1, bytes.len() / 2] {
            is_found(&|path| fs::write(path, &bytes[..length]).unwrap());
        }
        let remove = |path: &Path| fs::remove_file(path).unwrap();
        match name.to_str() {
            // Without sums sled's own checks decide, and the digests of the records.
            Some("log.sums") => assert_eq!(checked(name, &remove), sound),
            _ => is_found(&remove),
        }
    }
}

#[test]
fn a_tail_that_was_cut_between_two_commits_is_not_taken_for_the_whole() {
    let (home, store) = checkpointed();
    let tail = store.join("tail.000002");
    let bytes = fs::read(&tail).unwrap();
    // A header, then a frame of 40 bytes and its payload, whose length comes first.
    let payload = u32::from_le_bytes(bytes[60..64].try_into().unwrap()) as usize;
    fs::write(&tail, &bytes[..60 + 40 + payload]).unwrap();
    let says = "commit 12 was acknowledged, but only 11 are there";
    refused(&home, &store, says);
    let health = Casebook::check(&store).unwrap();
    assert!(health.faults[0].part == Part::Tail && health.faults[0].message.contains(says), "{health:?}");
    // Put back on purpose, it is what there is.
    fs::remove_file(store.join("lock")).unwrap();
    assert_eq!(Casebook::open(&store).unwrap().commit_number().unwrap(), 11);
}

#[test]
fn check_is_answered_by_the_program_with_a_status() {
    let (home, store) = checkpointed();
    let path = store.to_str().expect("temporary paths are text");
    let sound = home.run(&["--db", path, "--check"], b"");
    sound.ends(0);
    assert!(sound.out.starts_with("12 commits, digest "), "{}", sound.out);
    flip(&store.join("view.000002"), 500);
    let view = home.run(&["--db", path, "--check"], b"");
    view.ends(1);
    assert!(view.out.starts_with("view: `") && view.out.contains("nothing is lost"), "{}", view.out);
    flip(&store.join("tail.000002"), 100);
    let tail = home.run(&["--db", path, "--check"], b"");
    tail.ends(1);
    assert!(tail.out.contains("tail: `") && !tail.out.contains("nothing is lost"), "{}", tail.out);
    home.run(&["--db", "nowhere", "--check"], b"").ends(3).says("there is no store in `nowhere`");
    home.run(&["--db", path, "--check", "clusters"], b"").ends(2);
}

#[test]
fn a_damaged_view_is_made_up_for_by_the_log() {
    let (home, store) = checkpointed();
    let path = store.to_str().expect("temporary paths are text").to_string();
    let asked = ["--db", &path, "count notes", "pair.left", "long_3.words", "notes show name as of commit 1"];
    let sound = home.run(&asked, b"");
    assert_eq!(sound.ends(0).messages, "");
    flip_directory(&store.join("view.000002"));
    let run = home.run(&asked, b"");
    assert_eq!(run.ends(0).says("view.000002` is damaged").says("the log was read instead").out, sound.out);
    let book = Casebook::open(&store).unwrap();
    assert!(book.notices()[0].contains("the log was read instead"), "{:?}", book.notices());
    // Commits go on, and the next checkpoint makes a view again.
    let long = long();
    for at in 9..18 {
        book.run(&format!("note long_{at} {{ words: \"{long}\" }}")).unwrap();
    }
    assert!(store.join("view.000003").exists(), "no checkpoint was made");
    let run = home.run(&["--db", &path, "count notes"], b"");
    assert_eq!((run.ends(0).messages.as_str(), run.out.as_str()), ("", "count\n20\n"));
}

#[test]
fn a_store_of_a_newer_format_is_refused() {
    let (home, store) = notes();
    let head = Path::new(&store).join("HEAD");
    let mut bytes = fs::read(&head).unwrap();
    // As `docs/format.md` has it: the version in bytes 8 to 12, the CRC of all before at the end.
    bytes[8..12].copy_from_slice(&4_u32.to_le_bytes());
    let end = bytes.len() - 4;
    let crc = crc32fast::hash(&bytes[..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&crc);
    fs::write(&head, bytes).unwrap();
    let before = files(Path::new(&store));
    let run = home.run(&["--db", &store, "count notes"], b"");
    run.ends(3).says("written by a newer Casebook (format 4").says("install a newer version");
    home.run(&["--db", &store, "--empty", "note a { left: 1 }"], b"").ends(3);
    assert_eq!(Casebook::open(&store).unwrap_err().kind(), ErrorKind::NewerFormat);
    assert!(files(Path::new(&store)) == before, "a newer store was changed");
}

/// Runs as somebody who may not write there; `None` if that cannot be arranged.
#[cfg(unix)]
fn run_as_reader(home: &Home, arguments: &[&str]) -> Option<Run> {
    use std::os::unix::process::CommandExt;
    let probe = home.path().join("notes/probe");
    let mut command = home.command(arguments);
    if fs::write(&probe, "").is_ok() {
        // The superuser, whom no permission stops: run as nobody.
        fs::remove_file(probe).unwrap();
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().ok()?;
    let text = |bytes| String::from_utf8(bytes).expect("the binary writes text");
    Some(Run { status: output.status.code(), out: text(output.stdout), messages: text(output.stderr) })
}

#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let (home, store) = notes();
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for (path, _) in files(Path::new(&store)) {
        set(&path, 0o444);
    }
    set(Path::new(&store), 0o555);
    set(home.path(), 0o755);
    let asked = run_as_reader(&home, &["--db", &store, "count notes"]);
    let changed = run_as_reader(&home, &["--db", &store, "note b { left: 1, right: 1 }", "count notes"]);
    let nested = format!("{store}/inner");
    let made = run_as_reader(&home, &["--db", &nested, "count clusters"]);
    set(Path::new(&store), 0o755);
    let (Some(asked), Some(changed), Some(made)) = (asked, changed, made) else {
        return;
    };
    assert_eq!(asked.ends(0).out, "count\n1\n");
    assert_eq!(changed.ends(1).says("denied").out, "count\n1\n");
    made.ends(3).says("inner").says("denied");
}

/// Changes of every sort on top of the paper, in as many commits.
fn changes(home: &Home) -> Vec<String> {
    let sectors = home.file(
        "sectors.csv",
        "id,country,sector,value_added_share,employment_share\n\
         malaysia_food,indonesia,food_and_beverages,about 9,12.5\n\
         japan_textiles,japan,textiles,,4\n",
    );
    let mut many = String::from("name,title,small_firms,industry\n");
    for at in 0..90 {
        let industry = ["traditional", "cops", "resource_based"][at % 3];
        many += &format!("made_{at},\"Made, number {at}\",{},{industry}\n", at % 97);
    }
    let many = home.file("many.csv", &many);
    let kept = [
        "kind village \"a place without firms\" plural villages",
        "attribute people of village: number \"persons\"",
        "alias cops = \"large technical systems\"",
        "village kopi \"Kopi\" { people: about 300 \"a guess\" (hedged, in 1990s) }",
        "assert kopi.people = > 200 [berry_2002 \"p. 3\"; burger_2001 via berry_2002]",
        "assert thai_automotive.human_capital = adequate [techakanont_2004 \"p. 151\"]",
        "assert thai_automotive.human_capital = strong [techakanont_2004 \"p. 151\"]",
        "retract jepara_furniture.export_share",
        "retract bangalore_software.absorptive_capacity = very_high",
        "assert taiwan_floriculture.markets != domestic [berry_2002]",
        "assert jepara_furniture.known_abroad = no (until 1989)",
        "assert jepara_furniture.known_abroad = yes (since 1990)",
        "pattern small_places \"Small places have nobody to train\" {\n  for village\n  \
         when people < 1000\n  then people != 5000\n  seen in kopi\n  [berry_2002] (hedged)\n}",
        "retract pattern cops_infrastructure",
    ];
    let imports = [
        format!("import \"{sectors}\" as sector_statistic name from id [unido_2002 \"p. 9\"] (in 2001)"),
        format!("import \"{many}\" as cluster [berry_2002 \"annex\"]"),
    ];
    let after = [
        "assert made_5.small_firms = 7 [berry_2002 \"annex\"]",
        "retract made_6.small_firms",
        "retract made_8",
        "cluster made_9 \"Another title\" { markets: (domestic, international) }",
    ];
    kept.iter().map(ToString::to_string).chain(imports).chain(after.map(String::from)).collect()
}

const CHANGED_QUESTIONS: [&str; 14] = [
    "villages show name, people with sources",
    "kopi.people",
    "describe kopi",
    "patterns show name, title",
    "clusters where industry = \"large technical systems\" and small_firms > 90 show name, title, small_firms",
    "count clusters by industry",
    "made_5.small_firms",
    "made_6.small_firms",
    "describe made_8",
    "describe made_9",
    "jepara_furniture.known_abroad in 1985",
    "jepara_furniture.known_abroad",
    "sector_statistics where employment_share < 5 show name, value_added_share, employment_share with sources",
    "claims where sources = berry_2002 and subject = made_9 show attribute, value, sources, locator \
     order by attribute",
];

#[track_caller]
fn answer_alike(one: &Casebook, other: &Casebook, questions: &[&str]) {
    for question in questions {
        let rows = |book| json(book, question).replace("},{", "},\n{");
        let (one, other) = (rows(one), rows(other));
        let mut differing = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
        if let Some((one, other)) = differing.next() {
            panic!("{question}\n  {one}\n  {other}");
        }
        assert_eq!(one.len(), other.len(), "{question}");
    }
}

#[test]
fn an_exported_store_loads_into_an_equal_one() {
    let home = Home::new();
    let book = Casebook::in_memory_with_paper().unwrap();
    let copied = |book: &Casebook| {
        let copy = Casebook::in_memory();
        copy.run_file(&export(book), "export").unwrap();
        assert!(export(&copy) == export(book), "a copy exports other statements");
        copy
    };
    let copy = copied(&book);
    answer_alike(&book, &copy, &QUESTIONS);
    for change in changes(&home) {
        book.run(&change).unwrap_or_else(|error| panic!("{change}\n{error}"));
    }
    let copy = copied(&book);
    answer_alike(&book, &copy, &QUESTIONS);
    answer_alike(&book, &copy, &CHANGED_QUESTIONS);
}

#[test]
fn a_store_that_went_through_checkpoints_answers_as_one_that_did_not() {
    let home = Home::new();
    let plain = Casebook::in_memory_with_paper().unwrap();
    let path = home.path().join("paper");
    let stored = Casebook::open_with_paper(&path).unwrap();
    let mut statements = changes(&home);
    // A commit of its own for each, which makes checkpoints due now and then.
    for (at, place) in
        [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 30].iter().enumerate()
    {
        let words = format!("lesson long_{at} \"{}\" {{ }}", long());
        statements.insert(*place, words);
    }
    for statement in &statements {
        for book in [&plain, &stored] {
            book.run(statement).unwrap_or_else(|error| panic!("{statement}\n{error}"));
        }
    }
    let checkpoints = fs::read_dir(&path)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_prefix("tail.")?.parse::<u32>().ok());
    assert!(checkpoints.max() >= Some(3), "too few checkpoints to test anything");
    let reopened = Casebook::open(&path).unwrap();
    for book in [&stored, &reopened] {
        answer_alike(&plain, book, &QUESTIONS);
        answer_alike(&plain, book, &CHANGED_QUESTIONS);
        assert_eq!(
            json(&plain, "commits show name, operations"),
            json(book, "commits show name, operations")
        );
        for commit in [1, 9, 28] {
            for question in
                ["clusters where small_firms > 2000", "count things", "thai_automotive.human_capital"]
            {
                let question =
                    format!("{question} as of commit {commit}").replace("count things", "count clusters");
                assert_eq!(json(&plain, &question), json(book, &question), "{question}");
            }
        }
        for thing in ["thai_automotive.human_capital", "jepara_furniture", "kopi", "made_5", "made_8"] {
            let history = |book: &Casebook| {
                let answer = book.query(&format!("history of {thing}")).unwrap();
                let row =
                    |row: casebook::Row| ["commit", "change", "statement"].map(|name| row[name].to_string());
                answer.iter().map(row).collect::<Vec<_>>()
            };
            assert_eq!(history(&plain), history(book), "{thing}");
            assert!(!history(book).is_empty(), "{thing}");
        }
    }
    assert!(export(&plain) == export(&reopened), "the stores export other statements");
}

/// Whoever comes while a store is being filled waits for it or finds it whole.
#[test]
fn nobody_sees_the_papers_store_before_it_is_filled() {
    let home = Home::new();
    let outs: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = (0..8)
            .map(|at| {
                let home = &home;
                scope.spawn(move || {
                    thread::sleep(Duration::from_millis(at * 12));
                    home.run(&["count clusters"], b"").ends(0).out.clone()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("the run ends")).collect()
    });
    assert_eq!(outs, ["count\n4\n"; 8]);
    assert_eq!(home.run(&["count commits"], b"").ends(0).out, "count\n1\n");
}

#[test]
fn a_first_run_that_was_killed_leaves_a_filled_store_or_none() {
    let home = Home::new();
    for round in 0..9 {
        let store = home.path().join(format!("round_{round}"));
        let store = store.to_str().expect("temporary paths are text");
        let mut child = home.command(&["--db", store, "count clusters"]).spawn().expect("the binary runs");
        thread::sleep(Duration::from_millis(round * 11));
        child.kill().expect("the run may have ended, but was not waited for");
        child.wait().expect("it has ended");
        assert_eq!(home.run(&["--db", store, "count clusters"], b"").ends(0).out, "count\n4\n");
    }
}

/// The book that a format of records was kept in (see `tests/kept/README.md`).
fn kept_place(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/kept/book-{format}"))
}

/// What the kept book was made with; the file that it imports lies beside it.
fn kept_statements(place: &Path) -> Vec<String> {
    let long = "much that was taken back ".repeat(12_000);
    let statements = [
        "kind cluster \"firms side by side\"; kind country; kind measure plural measures",
        "attribute industry of cluster: one of traditional, cops \"what it makes\"\n\
         attribute social_capital of cluster: scale none < weak < strong under social\n\
         attribute country of cluster: country inverse clusters_of\n\
         attribute workers of cluster: number \"persons\"\n\
         attribute exports of cluster: percent\n\
         attribute founded of cluster: year\n\
         attribute visited of cluster: date\n\
         attribute open of cluster: yes/no\n\
         attribute remarks of cluster: many text\n\
         attribute recommended of cluster: many measure inverse recommended_for\n\
         context cluster.recommended for measure\n\
         alias cops = complex_product_systems",
        "source survey_1999 \"Survey of clusters\" { }; source memoir \"A memoir\" { }",
        "country malaysia \"Malaysia\" { }; measure fairs \"Trade fairs\" { }; measure standards \"Standards\" { }",
        "cluster penang \"Penang electronics\" {\n  industry: cops [survey_1999 \"p. 12\"]\n  \
         social_capital: weak \"few know each other\" [memoir via survey_1999 \"p. 20\"] (hedged, in mid 1990s)\n  \
         country: malaysia\n  workers: about 80000 [survey_1999 \"p. 14\"]\n  exports: > 70% [survey_1999]\n  \
         founded: 1972\n  visited: 2005-09-20\n  open: yes (since 1972)\n  \
         remarks: (\"hot\", \"crowded\")\n  recommended != fairs [memoir]\n}",
        "assert penang.social_capital = strong [survey_1999 \"p. 31\"]",
        "assert penang.workers = about 82000 [survey_1999 \"p. 14\"]",
        "cluster batu \"Batu\" { social_capital: unknown \"n.a.\" [survey_1999 \"table 1\"] }",
        "pattern standards_help \"Where trust is weak, standards help\" {\n  for cluster\n  \
         when industry = cops and social_capital <= weak\n  then recommended = standards\n  \
         seen in penang\n  [survey_1999 \"p. 40\"] (hedged)\n}",
        "import \"PLACE/made.csv\" as cluster name from id, workers from staff [memoir \"annex\"] (in 2001)",
        "retract batu.social_capital",
        "assert made_2.workers = 99 [survey_1999 \"p. 50\"]",
    ];
    let mut all: Vec<String> =
        statements.map(|text| text.replace("PLACE", &place.display().to_string())).into();
    // A commit that is too long for the tail, and so makes a checkpoint due; little of it is left.
    all.insert(10, format!("assert penang.remarks = \"{long}\"\nretract penang.remarks = \"{long}\""));
    all
}

/// Questions of the kept book, and the answers that every later version has to give.
const KEPT_ANSWERS: [(&str, &str); 14] = [
    ("count clusters", r#"[{"count":5}]"#),
    (
        "clusters where country = malaysia show name, title, industry, country, workers, exports, founded, visited, open, remarks",
        r#"[{"name":"penang","title":"Penang electronics","industry":"cops","country":"malaysia","workers":{"low":73800,"high":90200,"text":"about 82000"},"exports":{"low":70,"high":null,"text":"> 70"},"founded":1972,"visited":"2005-09-20","open":true,"remarks":["hot","crowded"]}]"#,
    ),
    (
        "clusters where social_capital = strong show name, social_capital with sources",
        r#"[{"name":"penang","name_sources":[],"social_capital":["weak","strong"],"social_capital_sources":[["memoir via survey_1999, p. 20"],["survey_1999, p. 31"]]}]"#,
    ),
    (
        "clusters where name = penang show workers, recommended with sources",
        r#"[{"workers":{"low":73800,"high":90200,"text":"about 82000"},"workers_sources":["survey_1999, p. 14"],"recommended":["standards"],"recommended_sources":[["memoir via survey_1999, p. 20","survey_1999, p. 12","survey_1999, p. 40"]]}]"#,
    ),
    ("clusters where social_capital = weak and open = yes show name in 1995", r#"[{"name":"penang"}]"#),
    (
        "clusters where social_capital is unknown show name, social_capital as of commit 9",
        r#"[{"name":"batu","social_capital":null}]"#,
    ),
    (
        "clusters where workers < 20 show name, title, workers with sources order by workers",
        r#"[{"name":"made_1","name_sources":[],"title":"Made 1","title_sources":[],"workers":12,"workers_sources":["memoir, annex"]},{"name":"made_2","name_sources":[],"title":"Made 2","title_sources":[],"workers":[{"low":13.5,"high":16.5,"text":"about 15"},99],"workers_sources":[["memoir, annex"],["survey_1999, p. 50"]]}]"#,
    ),
    (
        "claims where subject = penang show attribute, value, denied, sources, via, locator, hedged, in, since, until, note order by attribute",
        r#"[{"attribute":"country","value":"malaysia","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"exports","value":"> 70","denied":false,"sources":["survey_1999"],"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"founded","value":"1972","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"industry","value":"cops","denied":false,"sources":["survey_1999"],"via":null,"locator":["p. 12"],"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"open","value":"yes","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":"1972","until":null,"note":null},{"attribute":"recommended","value":"fairs","denied":true,"sources":["memoir"],"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"remarks","value":"hot","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"remarks","value":"crowded","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"social_capital","value":"weak","denied":false,"sources":["memoir"],"via":["survey_1999"],"locator":["p. 20"],"hedged":true,"in":"mid 1990s","since":null,"until":null,"note":"few know each other"},{"attribute":"social_capital","value":"strong","denied":false,"sources":["survey_1999"],"via":null,"locator":["p. 31"],"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"visited","value":"2005-09-20","denied":false,"sources":null,"via":null,"locator":null,"hedged":false,"in":null,"since":null,"until":null,"note":null},{"attribute":"workers","value":"about 82000","denied":false,"sources":["survey_1999"],"via":null,"locator":["p. 14"],"hedged":false,"in":null,"since":null,"until":null,"note":null}]"#,
    ),
    (
        "measures where industry = complex_product_systems and social_capital = weak show name, status, patterns, cases, sources",
        r#"[{"name":"standards","status":"applies","patterns":["standards_help"],"cases":["penang"],"sources":["survey_1999, p. 40"]}]"#,
    ),
    ("countries show name, clusters_of", r#"[{"name":"malaysia","clusters_of":["penang"]}]"#),
    (
        "conflicts",
        r#"[{"name":"penang","attribute":"social_capital","value":"weak","for":["memoir via survey_1999, p. 20"],"against":["survey_1999, p. 31"]},{"name":"penang","attribute":"social_capital","value":"strong","for":["survey_1999, p. 31"],"against":["memoir via survey_1999, p. 20"]},{"name":"made_2","attribute":"workers","value":{"low":13.5,"high":16.5,"text":"about 15"},"for":["memoir, annex"],"against":["survey_1999, p. 50"]},{"name":"made_2","attribute":"workers","value":99,"for":["survey_1999, p. 50"],"against":["memoir, annex"]}]"#,
    ),
    (
        "commits show name, operations",
        r#"[{"name":"1","operations":3},{"name":"2","operations":12},{"name":"3","operations":2},{"name":"4","operations":3},{"name":"5","operations":12},{"name":"6","operations":1},{"name":"7","operations":1},{"name":"8","operations":2},{"name":"9","operations":1},{"name":"10","operations":1},{"name":"11","operations":2},{"name":"12","operations":1},{"name":"13","operations":1}]"#,
    ),
    (
        "patterns show name, title, seen_in, sources",
        r#"[{"name":"standards_help","title":"Where trust is weak, standards help","seen_in":["penang"],"sources":["survey_1999"]}]"#,
    ),
    (
        "attributes where of = cluster show name",
        r#"[{"name":"country"},{"name":"exports"},{"name":"founded"},{"name":"industry"},{"name":"open"},{"name":"recommended"},{"name":"remarks"},{"name":"social_capital"},{"name":"visited"},{"name":"workers"}]"#,
    ),
];

/// A book that an earlier version wrote still gives its answers.
#[test]
fn kept_books_still_answer() {
    [1, 3].into_iter().for_each(still_answers);
}

fn still_answers(format: u32) {
    let home = Home::new();
    let path = home.path().join("book");
    copy(&kept_place(format), &path);
    let book = Casebook::open(&path).unwrap();
    assert!(book.notices().is_empty(), "{:?}", book.notices());
    for (question, answer) in KEPT_ANSWERS {
        assert_eq!(json(&book, question).trim_end(), answer, "{question}");
    }
    let history = book.query("history of penang.workers").unwrap();
    let changes: Vec<String> = history.iter().map(|row| row["statement"].to_string()).collect();
    assert_eq!(changes.len(), 2, "{changes:?}");
    let exported = fs::read_to_string(kept_place(format).with_extension("casebook")).unwrap();
    assert_eq!(export(&book), exported);
    // It can be changed.
    let number = book.commit_number().unwrap();
    assert_eq!(commit_of(&book.run("cluster new { workers: 5 }").unwrap()), number + 1);
}

/// `cargo test --test durability -- --ignored keep`, once for each format of records.
#[test]
#[ignore = "writes tests/kept"]
fn keep() {
    let kept = kept_place(3);
    fs::create_dir_all(&kept).unwrap();
    let table = kept.join("made.csv");
    fs::write(
        &table,
        "id,title,staff,industry\nmade_1,Made 1,12,cops\nmade_2,Made 2,about 15,\nmade_3,,,traditional\n",
    )
    .unwrap();
    let place = Home::new();
    let path = place.path().join("book");
    let book = Casebook::open(&path).unwrap();
    for text in kept_statements(&kept) {
        book.run_file(&text, "kept").unwrap_or_else(|error| panic!("{error}"));
    }
    fs::remove_file(table).unwrap();
    copy(&path, &kept);
    fs::write(kept.with_extension("casebook"), export(&book)).unwrap();
    for (question, _) in KEPT_ANSWERS {
        println!("{question}\n{}", json(&book, question));
    }
}

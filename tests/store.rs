//! The store by its public face: what was acknowledged is there, and nothing is half there.

use casebook::model::change::*;
use casebook::model::view::{Outline, Parts};
use casebook::model::{Name, Number, Period, When};
use casebook::store::{News, Position, Store};
use casebook::{ErrorKind, Result};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

fn place() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn thing(kind: &str, name: &str) -> ThingName {
    ThingName { kind: kind.into(), name: name.into() }
}

fn period(first: i32, text: &str) -> Option<Period> {
    Some(Period { first, last: first + 364, text: text.into() })
}

fn evidence() -> StatedEvidence {
    let citation = |source: &str, via: Option<&str>, locator: Option<&str>| StatedCitation {
        source: source.into(),
        via: via.map(Name::new),
        locator: locator.map(Into::into),
    };
    StatedEvidence {
        citations: vec![
            citation("sandee_1998", Some("chaminade_vang_2006"), Some("section 3.1")),
            citation("berry_2002", None, None),
        ],
        hedged: true,
        when: When { observed: period(9131, "1995"), since: period(7305, "1990"), until: None },
    }
}

fn claim(name: &str, value: Option<StatedValue>) -> Statement {
    Statement {
        subject: thing("cluster", name),
        attribute: "small_firms".into(),
        value,
        denied: false,
        evidence: evidence(),
        note: Some("kinship — and family ties".into()),
    }
}

fn values() -> Vec<StatedValue> {
    vec![
        StatedValue::Number(Number::about(2000.into())),
        StatedValue::Number(Number::above("-0.125".parse().unwrap(), true)),
        StatedValue::Number(Number::below("79228162514264337593543950335".parse().unwrap(), false)),
        StatedValue::YesNo(true),
        StatedValue::Choice("CoPS".into()),
        StatedValue::Thing(thing("country", "Thailand")),
        StatedValue::Text("Complex Product Systems".into()),
    ]
}

fn batch(rows: usize, columns: usize) -> Batch {
    let names: PackedText = (0..rows).map(|row| format!("firm_{row:06}")).collect();
    let column = |column: usize| BatchColumn {
        attribute: format!("attribute_{column}").as_str().into(),
        dictionary: dictionary(column, rows).into(),
        codes: (0..rows as u32).map(|row| row.wrapping_mul(2_654_435_761) >> 7).collect(),
        ends: Vec::new(),
    };
    let mut columns: Vec<BatchColumn> = (0..columns).map(column).collect();
    for column in &mut columns {
        let values = column.dictionary.len() as u32 + 1;
        column.codes.iter_mut().for_each(|code| *code %= values);
    }
    Batch { kind: "firm".into(), names, titles: PackedText::default(), columns, evidence: evidence() }
}

fn dictionary(column: usize, rows: usize) -> Vec<StatedValue> {
    let number = |n: usize| StatedValue::Number(Number::from(n as i64));
    match column % 5 {
        0 => (0..rows.min(50_000)).map(number).collect(),
        1 => (0..5).map(|n| StatedValue::Choice(format!("choice_{n}").as_str().into())).collect(),
        2 => (0..300).map(|n| StatedValue::Thing(thing("country", &format!("land_{n}")))).collect(),
        3 => vec![StatedValue::YesNo(false), StatedValue::YesNo(true)],
        _ => (0..1000).map(|n| StatedValue::Text(format!("words of {n}").into())).collect(),
    }
}

fn declarations() -> Vec<Operation> {
    let types = [
        DeclaredType::Text,
        DeclaredType::Number(None),
        DeclaredType::Number(Some("persons".into())),
        DeclaredType::Percent,
        DeclaredType::Year,
        DeclaredType::Date,
        DeclaredType::YesNo,
        DeclaredType::OneOf(vec!["traditional".into(), "CoPS".into()]),
        DeclaredType::Scale(vec!["none".into(), "weak".into(), "strong".into()]),
        DeclaredType::Kind("country".into()),
    ];
    let declare = |value_type: DeclaredType| {
        Operation::DeclareAttribute(AttributeDeclaration {
            kind: "cluster".into(),
            name: "industry".into(),
            value_type,
            many: true,
            heading: Some("policy".into()),
            inverse: Some("industry_of".into()),
            description: Some("what it makes".into()),
            meanings: vec![],
        })
    };
    types.into_iter().map(declare).collect()
}

/// What format 2 added: a declaration that says what values mean.
fn meanings() -> Operation {
    Operation::DeclareAttribute(AttributeDeclaration {
        kind: "cluster".into(),
        name: "industry".into(),
        value_type: DeclaredType::OneOf(vec!["traditional".into(), "CoPS".into()]),
        many: false,
        heading: None,
        inverse: None,
        description: None,
        meanings: vec![("CoPS".into(), "cars and the like".into())],
    })
}

/// What format 3 added: an import in which names have any number of values.
fn links() -> Operation {
    let cites = BatchColumn {
        attribute: "cites".into(),
        dictionary: ["a", "b"].map(|name| StatedValue::Thing(thing("source", name))).to_vec().into(),
        codes: vec![1, 2, 2],
        ends: vec![2, 2, 3],
    };
    let year = BatchColumn {
        attribute: "year".into(),
        dictionary: vec![StatedValue::Number(Number::from(2006))].into(),
        codes: vec![1, 0, 1],
        ends: vec![],
    };
    Operation::Import(Batch {
        kind: "source".into(),
        names: ["c", "d", "e"].into_iter().collect(),
        titles: PackedText::default(),
        columns: vec![cites, year],
        evidence: StatedEvidence::default(),
    })
}

fn retraction(statement: Option<(bool, Option<StatedValue>)>) -> Operation {
    Operation::Retract(Retraction {
        subject: thing("cluster", "jepara"),
        attribute: Some("industry".into()),
        statement,
        evidence: StatedEvidence::default(),
    })
}

/// Every variant of every type that a record has.
fn everything() -> Vec<Operation> {
    let mut all = vec![
        Operation::DeclareKind { name: "study".into(), plural: "studies".into(), description: None },
        Operation::DeclareAlias { known: "complex_product_systems".into(), alias: "cops".into() },
        Operation::DeclareContext { kind: "a".into(), attribute: "b".into(), target: "c".into() },
        Operation::AddThing { thing: thing("cluster", "jepara"), title: Some("Jepara".into()) },
        Operation::AddThing { thing: thing("cluster", "Penang-1"), title: None },
        Operation::Assert(claim("jepara", None)),
        retraction(None),
        retraction(Some((true, None))),
        retraction(Some((false, Some(StatedValue::YesNo(false))))),
        Operation::DeclarePattern { name: "p".into(), statement: "pattern p { for cluster }".into() },
        Operation::RetractPattern("p".into()),
        Operation::Import(batch(7, 6)),
    ];
    all.extend(declarations());
    all.extend(values().into_iter().map(|value| Operation::Assert(claim("jepara", Some(value)))));
    let mut mixed = batch(3, 1);
    mixed.titles = ["A", "", "Ä"].into_iter().collect();
    mixed.columns[0].dictionary = values().into();
    all.push(Operation::Import(mixed));
    all
}

fn commit(number: u32, operations: Vec<Operation>) -> Commit {
    Commit { number, time: 1_159_000_000 + i64::from(number), author: "ada".into(), seed: None, operations }
}

fn small(number: u32) -> Commit {
    commit(number, vec![Operation::Assert(claim(&format!("cluster_{number}"), values().pop()))])
}

/// Equality of names, numbers and periods is the model's; the bytes on disk keep what they look like.
fn same<T: std::fmt::Debug>(left: &T, right: &T) {
    assert_eq!(format!("{left:?}"), format!("{right:?}"));
}

/// A snapshot of which nothing is known but its commits.
struct After(Vec<Arc<CommitLine>>);

impl Parts for After {
    fn outline(&self) -> Outline {
        Outline { commit: self.0.len() as u32, ..Outline::default() }
    }

    fn commits(&self) -> Vec<Arc<CommitLine>> {
        self.0.clone()
    }
}

fn after(commits: &[Commit]) -> After {
    let line = |commit: &Commit| CommitLine {
        number: commit.number,
        time: commit.time,
        author: commit.author.clone(),
        seed: commit.seed.clone(),
        operations: commit.operations.len() as u32,
    };
    After(commits.iter().map(line).map(Arc::new).collect())
}

fn append(store: &Store, commits: &[Commit]) -> Result<()> {
    let mut writer = store.lock()?;
    commits.iter().try_for_each(|commit| writer.append(commit).map(|_| ()))
}

/// A store of commits 1 to `last`, with a checkpoint after `checkpoint` of them if that is not 0.
fn store_of(directory: &Path, last: u32, checkpoint: u32) -> (Store, Vec<Commit>) {
    let store = Store::open(directory).unwrap();
    let commits: Vec<Commit> = (1..=last).map(small).collect();
    let (before, rest) = commits.split_at(checkpoint as usize);
    append(&store, before).unwrap();
    if checkpoint > 0 {
        store.lock().unwrap().checkpoint(&after(before)).unwrap();
    }
    append(&store, rest).unwrap();
    (store, commits)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn every_operation_comes_back_as_it_was() {
    let place = place();
    let written = Commit { seed: Some("digest".into()), ..commit(1, everything_of(2)) };
    append(&Store::open(place.path()).unwrap(), std::slice::from_ref(&written)).unwrap();

    let loaded = Store::open(place.path()).unwrap().load().unwrap();
    assert!(loaded.view.is_none());
    same(&loaded.tail, &vec![written]);
    assert_eq!(loaded.position.commit, 1);
}

#[test]
fn a_store_is_made_only_where_there_is_nothing() {
    let place = place();
    assert!(Store::is_absent(place.path()));
    Store::open(&place.path().join("first")).unwrap();
    let deep = place.path().join("a/b");
    assert!(Store::is_absent(&deep));
    Store::open(&deep).unwrap();
    assert!(!Store::is_absent(&deep));

    fs::remove_file(deep.join("HEAD")).unwrap();
    assert!(Store::is_absent(&deep), "interrupted while it was made");
    append(&Store::open(&deep).unwrap(), &[small(1)]).unwrap();
    fs::remove_file(deep.join("HEAD")).unwrap();
    assert!(!Store::is_absent(&deep));
    let error = Store::open(&deep).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(error.to_string().contains("HEAD` is missing"), "{error}");

    // Left by somebody who was interrupted while making a store that begins with a commit.
    let head = fs::read(place.path().join("first/HEAD")).unwrap();
    fs::write(deep.join("HEAD.new"), head).unwrap();
    assert!(Store::is_absent(&deep));
    let store = Store::open_or_make(&deep, &small(1)).unwrap();
    same(&store.history().unwrap(), &vec![small(1)]);
    let store = Store::open_or_make(&deep, &small(2)).unwrap();
    same(&store.history().unwrap(), &vec![small(1)]);

    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("notes.txt"), "mine").unwrap();
    assert!(!Store::is_absent(&other));
    let error = Store::open(&other).unwrap_err();
    assert!(error.to_string().contains("not a Casebook store"), "{error}");
    fs::write(other.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    let error = Store::open(&other).unwrap_err();
    assert!(error.to_string().contains("not a Casebook store"), "{error}");

    let file = other.join("notes.txt");
    let error = Store::open(&file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("notes.txt"), "{error}");
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let place = place();
    Store::open(place.path()).unwrap();
    let head = place.path().join("HEAD");
    let mut bytes = fs::read(&head).unwrap();
    bytes[8] = 4;
    let body = bytes.len() - 4;
    let crc = crc32fast::hash(&bytes[..body]).to_le_bytes();
    bytes[body..].copy_from_slice(&crc);
    fs::write(&head, bytes).unwrap();

    let error = Store::open(place.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
    assert!(error.to_string().contains("format 4, this one reads up to 3"), "{error}");
}

#[test]
fn a_commit_out_of_turn_is_refused() {
    let place = place();
    let (store, commits) = store_of(place.path(), 2, 0);
    for number in [0, 2, 4] {
        assert_eq!(append(&store, &[small(number)]).unwrap_err().kind(), ErrorKind::Meaning);
    }
    same(&store.load().unwrap().tail, &commits);
}

fn commits_of(news: News) -> (Vec<Commit>, Position) {
    match news {
        News::Commits(commits, position) => (commits, position),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_handle_hears_the_news() {
    let place = place();
    let (store, commits) = store_of(place.path(), 3, 1);
    let reader = Store::open(place.path()).unwrap();
    let loaded = reader.load().unwrap();
    assert!(matches!(reader.news(&loaded.position).unwrap(), News::None));

    append(&store, &[small(4), small(5)]).unwrap();
    let (news, position) = commits_of(reader.news(&loaded.position).unwrap());
    same(&news, &vec![small(4), small(5)]);
    assert!(matches!(reader.news(&position).unwrap(), News::None));

    let all: Vec<Commit> = (1..=5).map(small).collect();
    store.lock().unwrap().checkpoint(&after(&all)).unwrap();
    assert!(matches!(reader.news(&position).unwrap(), News::Reload));
    assert!(matches!(reader.lock().unwrap().news(&position).unwrap(), News::Reload));
    same(&reader.load().unwrap().view.unwrap().commits(), &after(&all).0);
    same(&reader.history().unwrap(), &all);
    assert_eq!(commits.len(), 3);
}

#[test]
fn news_under_the_lock_let_the_writer_go_on() {
    let place = place();
    let (store, _) = store_of(place.path(), 1, 0);
    let other = Store::open(place.path()).unwrap();
    let start = other.load().unwrap().position;
    append(&store, &[small(2)]).unwrap();

    let mut writer = other.lock().unwrap();
    let (news, end) = commits_of(writer.news(&start).unwrap());
    assert_eq!(news.len(), 1);
    let position = writer.append(&small(3)).unwrap();
    assert!(position.offset > end.offset);
    assert!(matches!(writer.news(&position).unwrap(), News::None));
    let mut invented = position;
    invented.digest = [7; 32];
    assert!(matches!(writer.news(&invented).unwrap(), News::Reload));
    writer.append(&small(4)).unwrap();
    assert_eq!(other.load().unwrap().tail.len(), 4);
}

#[test]
fn only_one_writes_at_a_time() {
    let place = place();
    let (store, _) = store_of(place.path(), 1, 0);
    let writer = store.lock().unwrap();
    let path = place.path().to_path_buf();
    let waiting = std::thread::spawn(move || append(&Store::open(&path).unwrap(), &[small(2)]));
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(!waiting.is_finished());
    assert_eq!(store.load().unwrap().tail.len(), 1, "readers do not wait");
    drop(writer);
    waiting.join().unwrap().unwrap();
    assert_eq!(store.load().unwrap().tail.len(), 2);
}

/// Follows the store until `last`, checking that commits come one by one.
fn follow(directory: &Path, last: u32) {
    let store = Store::open(directory).unwrap();
    let mut loaded = store.load().unwrap();
    let mut position = loaded.position.clone();
    while position.commit < last {
        match store.news(&position).unwrap() {
            News::None => std::thread::yield_now(),
            News::Commits(commits, next) => {
                let numbers: Vec<u32> = commits.iter().map(|commit| commit.number).collect();
                assert_eq!(numbers, (position.commit + 1..=next.commit).collect::<Vec<u32>>());
                position = next;
            }
            News::Reload => {
                loaded = store.load().unwrap();
                assert!(loaded.notice.is_none());
                assert!(loaded.position.commit >= position.commit);
                position = loaded.position.clone();
            }
        }
    }
}

/// Appends ten commits in turn with others, with a checkpoint now and then.
fn contribute(directory: &Path, rounds: u32) {
    let store = Store::open(directory).unwrap();
    for round in 0..rounds {
        let mut writer = store.lock().unwrap();
        let loaded = store.load().unwrap();
        let next = writer.append(&small(loaded.position.commit + 1)).unwrap();
        if round % 5 == 4 {
            let all: Vec<Commit> = (1..=next.commit).map(small).collect();
            writer.checkpoint(&after(&all)).unwrap();
        }
    }
}

#[test]
fn readers_and_writers_do_not_disturb_each_other() {
    let place = place();
    Store::open(place.path()).unwrap();
    std::thread::scope(|scope| {
        let path = place.path();
        scope.spawn(|| contribute(path, 20));
        scope.spawn(|| contribute(path, 20));
        scope.spawn(|| follow(path, 40));
        scope.spawn(|| follow(path, 40));
    });
    let history = Store::open(place.path()).unwrap().history().unwrap();
    same(&history, &(1..=40).map(small).collect());
}

#[test]
fn a_large_commit_lives_in_the_log() {
    let place = place();
    let (store, _) = store_of(place.path(), 1, 0);
    let start = store.load().unwrap().position;
    let large = commit(2, vec![Operation::Import(batch(100_000, 10))]);
    let mut writer = store.lock().unwrap();
    assert!(!writer.checkpoint_is_due().unwrap());
    writer.append(&large).unwrap();
    assert!(writer.checkpoint_is_due().unwrap());
    writer.append(&small(3)).unwrap();
    let tail = fs::metadata(place.path().join("tail.000001")).unwrap().len();
    assert!(tail < 2000, "{tail} bytes");

    let all = vec![small(1), large, small(3)];
    assert_eq!(store.load().unwrap().tail, all);
    assert_eq!(commits_of(store.news(&start).unwrap()).0, all[1..]);
    assert_eq!(store.history().unwrap(), all);
    // However one has heard of it, and however small what came since.
    assert!(writer.checkpoint_is_due().unwrap());
    commits_of(writer.news(&start).unwrap());
    assert!(writer.checkpoint_is_due().unwrap());
    drop(writer);
    let mut writer = store.lock().unwrap();
    assert!(writer.checkpoint_is_due().unwrap());
    writer.checkpoint(&after(&all)).unwrap();
    assert!(!writer.checkpoint_is_due().unwrap());
    assert_eq!(store.history().unwrap(), all);
    assert!(store.load().unwrap().tail.is_empty());
}

#[test]
fn a_lost_view_is_made_up_for_by_the_log() {
    let place = place();
    let (store, commits) = store_of(place.path(), 5, 3);
    fs::remove_file(place.path().join("view.000002")).unwrap();
    let loaded = store.load().unwrap();
    assert!(loaded.view.is_none());
    assert!(loaded.notice.unwrap().contains("view.000002` is missing"));
    same(&loaded.tail, &commits);
    store.lock().unwrap().checkpoint(&after(&commits)).unwrap();
    assert!(store.load().unwrap().notice.is_none());
}

#[test]
fn a_lost_log_is_damage_and_is_not_begun_anew() {
    let place = place();
    let (store, commits) = store_of(place.path(), 5, 3);
    fs::remove_dir_all(place.path().join("log")).unwrap();
    assert_eq!(store.load().unwrap().tail.len(), 2, "the view is still there");
    for sums in [true, false] {
        if !sums {
            let _ = fs::remove_file(place.path().join("log.sums"));
        }
        assert_eq!(store.history().unwrap_err().kind(), ErrorKind::Damaged);
        let error = store.lock().unwrap().checkpoint(&after(&commits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
    }
}

#[test]
fn a_torn_record_is_not_there_and_the_next_one_takes_its_place() {
    let place = place();
    let (store, commits) = store_of(place.path(), 3, 0);
    let tail = place.path().join("tail.000001");
    let whole = fs::read(&tail).unwrap();
    let mut lengths = std::collections::BTreeSet::new();
    for cut in 60..whole.len() {
        fs::write(&tail, &whole[..cut]).unwrap();
        // A crash during an append: nothing was acknowledged, nor noted.
        fs::remove_file(place.path().join("lock")).unwrap();
        let loaded = store.load().unwrap();
        let count = loaded.tail.len();
        same(&loaded.tail, &commits[..count].to_vec());
        assert!(loaded.position.offset <= cut as u64);
        store.lock().unwrap();
        if lengths.insert(loaded.position.offset) || cut % 50 == 0 {
            append(&store, &[small(count as u32 + 1)]).unwrap();
            same(&store.load().unwrap().tail, &commits[..count + 1].to_vec());
        }
    }
    assert_eq!(lengths.len(), 3);
}

#[test]
fn an_append_that_left_blank_sectors_is_not_there() {
    let place = place();
    let (store, commits) = store_of(place.path(), 3, 0);
    let big = commit(4, (0..20).map(|_| small(4).operations.remove(0)).collect());
    let start = store.load().unwrap().position.offset as usize;
    let (lock, noted) = (place.path().join("lock"), fs::read(place.path().join("lock")).unwrap());
    append(&store, &[big]).unwrap();
    // A crash during the append: it was not acknowledged.
    fs::write(lock, noted).unwrap();
    let tail = place.path().join("tail.000001");
    let whole = fs::read(&tail).unwrap();
    for sector in start / 512..whole.len().div_ceil(512) {
        let mut bytes = whole.clone();
        let end = whole.len().min((sector + 1) * 512);
        bytes[start.max(sector * 512)..end].fill(0);
        fs::write(&tail, bytes).unwrap();
        same(&store.load().unwrap().tail, &commits);
    }
}

/// Either an error that says so, or a prefix of the truth.
fn is_prefix_or_refused(result: Result<Vec<Commit>>, truth: &[Commit]) -> bool {
    match result {
        Ok(commits) => {
            same(&commits, &truth[..commits.len()].to_vec());
            true
        }
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NewerFormat), "{error:?}");
            false
        }
    }
}

#[test]
fn no_flipped_byte_of_a_tail_goes_unnoticed() {
    let place = place();
    let (store, commits) = store_of(place.path(), 3, 0);
    let tail = place.path().join("tail.000001");
    let whole = fs::read(&tail).unwrap();
    for at in 0..whole.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            fs::write(&tail, bytes).unwrap();
            let read = store.load().map(|loaded| loaded.tail);
            assert!(!is_prefix_or_refused(read, &commits), "byte {at} ^ {flip}");
            assert!(append(&store, &[small(4)]).is_err());
        }
    }
    let error = store.load().unwrap_err().to_string();
    assert!(error.contains("tail.000001` is damaged at byte") && error.contains("backup"), "{error}");
}

#[test]
fn no_flipped_or_missing_byte_of_head_goes_unnoticed() {
    let place = place();
    store_of(place.path(), 3, 2);
    let head = place.path().join("HEAD");
    let whole = fs::read(&head).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        for bytes in [&bytes[..], &whole[..at]] {
            fs::write(&head, bytes).unwrap();
            let error = Store::open(place.path()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Damaged, "byte {at}: {error}");
        }
    }
}

#[test]
fn a_cut_log_is_refused_without_a_panic() {
    let place = place();
    let (_, commits) = store_of(place.path(), 6, 4);
    let whole = fs::metadata(place.path().join("log/db")).unwrap().len();
    for (round, length) in [0, 1, 4096, whole / 2, whole - 1].into_iter().enumerate() {
        for sums in [true, false] {
            let other = place.path().join(format!("cut_{round}_{sums}"));
            fs::create_dir(&other).unwrap();
            for name in ["HEAD", "tail.000002", "view.000002", "log.sums"] {
                fs::copy(place.path().join(name), other.join(name)).unwrap();
            }
            copy(&place.path().join("log"), &other.join("log"));
            let db = fs::OpenOptions::new().write(true).open(other.join("log/db")).unwrap();
            db.set_len(length).unwrap();
            if !sums {
                fs::remove_file(other.join("log.sums")).unwrap();
            }
            let history = Store::open(&other).unwrap().history();
            assert!(!sums || history.is_err());
            is_prefix_or_refused(history, &commits);
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of format version 3. A change here is a change of the format: old stores must stay readable.
#[test]
fn the_bytes_of_a_small_commit_are_frozen() {
    let place = place();
    let store = Store::open(place.path()).unwrap();
    let number = StatedValue::Number(Number::above("2.5".parse().unwrap(), true));
    let statement = Statement { note: None, ..claim("jepara", Some(number)) };
    append(&store, &[commit(1, vec![Operation::Assert(statement), meanings(), links()])]).unwrap();
    let head = hexadecimal(&fs::read(place.path().join("HEAD")).unwrap());
    let tail = hexadecimal(&fs::read(place.path().join("tail.000001")).unwrap());
    assert_eq!(head, HEAD_BYTES);
    assert_eq!(tail, TAIL_BYTES);
    same(&store.load().unwrap().tail[0].operations[2], &links());
}

const HEAD_BYTES: &str = "\
    43415345424f4f4b03000000340000000100000000000000000000000000000000000000000000000000000000000000\
    0000000000000000000000000000000000000000d22a4767";
const TAIL_BYTES: &str = "\
    43424b2d5441494c03000000010000000000000000000000000000000000000000000000000000000000000000000000\
    000000000000000074e919c11d01000080098aeef500e458e5315547c1b52c07539298cfc78aae867c80c034bae0f707\
    befe3f170001fc82df298a0361646100030507636c7573746572066a65706172610b736d616c6c5f6669726d73010001\
    320101000000020b73616e6465655f3139393801136368616d696e6164655f76616e675f32303036010b73656374696f\
    6e20332e310a62657272795f3230303200000101fb5647fb2e4a043139393501fb1239fbea3b043139393000000a0763\
    6c757374657208696e64757374727906020b747261646974696f6e616c04436f5053000000000104436f505311636172\
    7320616e6420746865206c696b650b06736f757263650103636465030101070100000000020563697465730206736f75\
    726365010261620201010303020129030201120479656172000108d60700000000000001000301010500000000000000\
    00";

/// Stores written by the first version of each format (see `tests/kept/README.md`) still say what they said, and
/// can be written to.
#[test]
fn kept_stores_still_open() {
    for format in [1, 2, 3] {
        let place = place();
        copy(&kept_place(format), place.path());
        assert_eq!(format_of(place.path()), format);
        let store = Store::open(place.path()).unwrap();
        let truth = kept(format);
        same(&store.history().unwrap(), &truth);
        let loaded = store.load().unwrap();
        assert_eq!(loaded.notice, None);
        // Views of older formats are not read any more.
        assert_eq!(loaded.view.is_some(), format == 3);
        let in_tail = if format == 3 { 3 } else { 0 };
        same(&loaded.tail, &truth[in_tail..].to_vec());
        append(&store, &[small(6)]).unwrap();
        assert_eq!(store.history().unwrap().len(), 6);
    }
}

/// The first commit to an older store brings it to the present format, of which older programs know that it is
/// newer than theirs; nothing else changes, and who was reading goes on.
#[test]
fn an_older_store_is_upgraded_before_it_is_written_to() {
    for checkpointed_again in [false, true] {
        let place = place();
        copy(&kept_place(1), place.path());
        let store = Store::open(place.path()).unwrap();
        let before = store.load().unwrap().position;
        if checkpointed_again {
            store.lock().unwrap().checkpoint(&after(&kept(1))).unwrap();
        }
        assert_eq!(format_of(place.path()), if checkpointed_again { 3 } else { 1 });
        append(&store, &[commit(6, vec![meanings()])]).unwrap();
        assert_eq!(format_of(place.path()), 3);
        assert!(matches!(store.news(&before).unwrap(), News::Reload));
        let loaded = store.load().unwrap();
        assert_eq!(loaded.notice, None);
        same(&loaded.tail.last(), &Some(&commit(6, vec![meanings()])));
        same(&store.history().unwrap()[..5].to_vec(), &kept(1));
        append(&store, &[small(7)]).unwrap();
        assert_eq!(store.history().unwrap().len(), 7);
    }
}

/// Until the first checkpoint of the new format the log is read, and that checkpoint is due.
#[test]
fn an_older_store_has_no_view_before_a_checkpoint() {
    let place = place();
    copy(&kept_place(1), place.path());
    let store = Store::open(place.path()).unwrap();
    append(&store, &[small(6)]).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!((loaded.view.is_none(), loaded.tail.len(), loaded.notice), (true, 6, None));
    assert!(!place.path().join("view.000002").exists() && !place.path().join("view.000003").exists());
    let mut writer = store.lock().unwrap();
    assert!(writer.checkpoint_is_due().unwrap());
    writer.checkpoint(&after(&store.history().unwrap())).unwrap();
    assert!(!writer.checkpoint_is_due().unwrap());
    assert_eq!(store.load().unwrap().view.unwrap().commits().len(), 6);
}

fn kept_place(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/kept/format-{format}"))
}

/// The format version that a store's `HEAD` states.
fn format_of(place: &Path) -> u32 {
    let head = fs::read(place.join("HEAD")).unwrap();
    u32::from_le_bytes(head[8..12].try_into().unwrap())
}

/// All that a format can record.
fn everything_of(format: u32) -> Vec<Operation> {
    let added = [(2, meanings()), (3, links())].into_iter().filter(|(since, _)| format >= *since);
    everything().into_iter().chain(added.map(|(_, operation)| operation)).collect()
}

fn kept(format: u32) -> Vec<Commit> {
    let large = commit(2, vec![Operation::Import(batch(30_000, 5))]);
    let all = Commit { seed: Some("digest".into()), ..commit(1, everything_of(format)) };
    vec![all, large, small(3), small(4), small(5)]
}

/// `cargo test --test store -- --ignored keep`, once for each format version.
#[test]
#[ignore = "writes tests/kept"]
fn keep() {
    let store = Store::open(&kept_place(3)).unwrap();
    append(&store, &kept(3)[..3]).unwrap();
    store.lock().unwrap().checkpoint(&after(&kept(3)[..3])).unwrap();
    append(&store, &kept(3)[3..]).unwrap();
}

/// sled's own files are not ours to check byte by byte; what they give is.
#[test]
fn flipped_bytes_of_the_log_never_give_a_wrong_answer() {
    let place = place();
    let (_, commits) = store_of(place.path(), 6, 4);
    let db = fs::read(place.path().join("log/db")).unwrap();
    let written: Vec<usize> = (0..db.len()).filter(|&at| db[at] != 0).collect();
    for (round, at) in written.iter().step_by(written.len() / 60).enumerate() {
        let other = place.path().join(format!("flipped_{at}"));
        fs::create_dir(&other).unwrap();
        for name in ["HEAD", "tail.000002", "view.000002"] {
            fs::copy(place.path().join(name), other.join(name)).unwrap();
        }
        copy(&place.path().join("log"), &other.join("log"));
        let mut db = db.clone();
        db[*at] ^= 0x10;
        fs::write(other.join("log/db"), &db).unwrap();
        if round % 4 == 0 {
            // As after a clean close: sled is not even opened, and the bytes stay as they are.
            fs::copy(place.path().join("log.sums"), other.join("log.sums")).unwrap();
            let error = Store::open(&other).unwrap().history().unwrap_err();
            assert!(error.to_string().contains("log/db` is damaged"), "{error}");
            assert_eq!(fs::read(other.join("log/db")).unwrap(), db);
        } else {
            is_prefix_or_refused(Store::open(&other).unwrap().history(), &commits);
        }
        fs::remove_dir_all(other).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Names, numbers and notes of any sort, over one commit or several, come back as they were.
    #[test]
    fn any_claims_come_back(claims in vec((any_value(), any::<bool>(), option::of(".*")), 1..20)) {
        let place = place();
        let store = Store::open(place.path()).unwrap();
        let state = |(value, denied, note): (StatedValue, bool, Option<String>)| {
            let note = note.as_deref().map(Into::into);
            Operation::Assert(Statement { denied, note, ..claim("jepara", Some(value)) })
        };
        let operations: Vec<Operation> = claims.into_iter().map(state).collect();
        let parts = operations.chunks(7).zip(1..);
        let commits: Vec<Commit> = parts.map(|(part, number)| commit(number, part.to_vec())).collect();
        append(&store, &commits).unwrap();
        same(&store.load().unwrap().tail, &commits);
    }
}

fn any_value() -> impl Strategy<Value = StatedValue> {
    let decimal = (any::<i64>(), 0..=28u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale));
    prop_oneof![
        decimal.clone().prop_map(|value| StatedValue::Number(value.into())),
        (decimal.clone(), any::<bool>(), ".*").prop_map(|(value, open, words)| {
            StatedValue::Number(Number::above(value, open).in_words(&words))
        }),
        (decimal.clone(), decimal).prop_map(|(a, b)| StatedValue::Number(Number::between(a, b))),
        ".*".prop_map(|name| StatedValue::Choice(name.as_str().into())),
        (".*", ".*").prop_map(|(kind, name)| StatedValue::Thing(thing(&kind, &name))),
        ".*".prop_map(|text| StatedValue::Text(text.into())),
    ]
}

/// Figures for the documentation: `cargo test --release --test store -- --ignored --nocapture figures`.
#[test]
#[ignore = "measures; asserts nothing"]
fn figures() {
    let place = place();
    let store = Store::open(place.path()).unwrap();
    let timed = |what: &str, start: std::time::Instant, count: u32| {
        println!("{what}: {:.3} ms", start.elapsed().as_secs_f64() * 1e3 / f64::from(count));
    };
    let mut all: Vec<Commit> = (1..=500).map(small).collect();
    let start = std::time::Instant::now();
    append(&store, &all).unwrap();
    timed("append and sync, under one lock", start, 500);
    let position = store.load().unwrap().position;
    let start = std::time::Instant::now();
    (0..1000).for_each(|_| drop(store.news(&position).unwrap()));
    timed("news when there is none", start, 1000);
    let start = std::time::Instant::now();
    store.load().unwrap();
    timed("load of 500 commits in the tail", start, 1);

    all.push(commit(501, vec![Operation::Import(batch(100_000, 10))]));
    let start = std::time::Instant::now();
    append(&store, &all[500..]).unwrap();
    timed("import of 100,000 x 10", start, 1);
    let start = std::time::Instant::now();
    store.load().unwrap();
    timed("load of it before the checkpoint", start, 1);
    let mut writer = store.lock().unwrap();
    let start = std::time::Instant::now();
    writer.checkpoint(&after(&all)).unwrap();
    timed("checkpoint of its commits alone", start, 1);
    all.push(small(502));
    writer.append(&all[501]).unwrap();
    let start = std::time::Instant::now();
    writer.checkpoint(&after(&all)).unwrap();
    timed("checkpoint after one more commit", start, 1);
    let start = std::time::Instant::now();
    assert_eq!(store.history().unwrap().len(), 502);
    timed("history", start, 1);
    for file in ["view.000003", "log/db"] {
        println!("{file}: {} bytes", fs::metadata(place.path().join(file)).unwrap().len());
    }
}

//! What the clones of a book share: the store, and the knowledge at its last commit.

use super::history;
use super::supposition::{suppose, without};
use crate::answer::Answer;
use crate::engine::{Budget, Knowledge, Trace};
use crate::error::{Error, ErrorKind, Result};
use crate::facts::Snapshot;
use crate::model::change::Commit;
use crate::model::question::Body;
use crate::model::{Directory, Pattern, Question, TimeScope};
use crate::resolve::{Parameters, Resolver};
use crate::store::{Loaded, News, Position, Store, Writer};
use crate::syntax;
use crate::syntax::tree::{self, AsOf, QuestionBody, Statement};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Shared by the clones of a book.
#[derive(Debug)]
pub struct Shared {
    /// `None`: in memory.
    pub store: Option<Store>,
    /// For whoever has the store open.
    notices: Mutex<Vec<String>>,
    state: RwLock<State>,
    /// Held by who changes the store, in this process.
    writing: Mutex<()>,
    /// The commits of a store in memory.
    log: Mutex<Vec<Commit>>,
    /// Knowledge of earlier commits that was asked for, the latest last.
    earlier: Mutex<Vec<Arc<Knowledge>>>,
}

#[derive(Clone, Debug)]
struct State {
    knowledge: Arc<Knowledge>,
    position: Option<Position>,
}

/// So many earlier commits are kept at hand.
const KEPT_EARLIER: usize = 4;

impl Shared {
    pub fn in_memory() -> Self {
        Shared::new(None, Snapshot::default(), None)
    }

    fn new(store: Option<Store>, snapshot: Snapshot, position: Option<Position>) -> Self {
        let knowledge = Arc::new(Knowledge::new(Arc::new(snapshot)));
        Shared {
            store,
            notices: Mutex::default(),
            state: RwLock::new(State { knowledge, position }),
            writing: Mutex::default(),
            log: Mutex::default(),
            earlier: Mutex::default(),
        }
    }

    /// Opens a store on disk, making a bare one where there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let store = Store::open(path)?;
        let (snapshot, position, notice) = load(&store)?;
        let shared = Shared::new(Some(store), snapshot, Some(position));
        shared.notices().extend(notice);
        Ok(shared)
    }

    /// What there was to say so far.
    pub fn notices(&self) -> MutexGuard<'_, Vec<String>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds something to say.
    pub fn notify(&self, notice: String) {
        self.notices().push(notice);
    }

    /// The knowledge at the last commit, whoever made it.
    pub fn current(&self) -> Result<Arc<Knowledge>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (Some(store), Some(position)) = (&self.store, &state.position) else {
            return Ok(state.knowledge);
        };
        self.up_to_date(&state, store.news(position)?)
    }

    /// The same while nobody else can commit: what was written and cut back again is never taken for a commit.
    pub fn current_under(&self, writer: &mut Writer) -> Result<Arc<Knowledge>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(position) = &state.position else { return Ok(state.knowledge) };
        self.up_to_date(&state, writer.news(position)?)
    }

    /// The knowledge after the news; from the log, where the view was at fault.
    fn up_to_date(&self, state: &State, news: News) -> Result<Arc<Knowledge>> {
        let current = self.take_in(news, state);
        match state.knowledge.snapshot().fault() {
            Some(reason) => self.recover(&reason),
            None => current,
        }
    }

    /// Does what reads the knowledge at the last commit.
    pub fn read<T>(&self, read: impl Fn(&Arc<Knowledge>) -> Result<T>) -> Result<T> {
        self.soundly(self.current()?, read)
    }

    /// Does what reads this knowledge, the current one. A view is checked when it is read: if it turns out to be damaged
    /// meanwhile, nothing of what was done is given out, the log is read instead, and it is done again.
    pub fn soundly<T>(
        &self,
        knowledge: Arc<Knowledge>,
        read: impl Fn(&Arc<Knowledge>) -> Result<T>,
    ) -> Result<T> {
        let done = read(&knowledge);
        match knowledge.snapshot().fault() {
            Some(reason) => read(&self.recover(&reason)?),
            None => done,
        }
    }

    /// The knowledge at the last commit from the log alone: something is wrong with the view.
    fn recover(&self, reason: &str) -> Result<Arc<Knowledge>> {
        let Some(store) = &self.store else { return Err(Error::damaged(reason)) };
        let (snapshot, position, notice) = from_log(store, reason)?;
        self.notices().extend(notice);
        Ok(self.install(Knowledge::new(Arc::new(snapshot)), Some(position)))
    }

    /// Takes in what others have committed.
    fn take_in(&self, news: News, state: &State) -> Result<Arc<Knowledge>> {
        let (knowledge, position) = match (news, &self.store) {
            (News::Commits(commits, position), _) => {
                let mut snapshot = Snapshot::clone(state.knowledge.snapshot());
                for commit in &commits {
                    snapshot = snapshot.after(commit, &read_pattern)?;
                }
                (state.knowledge.changed_to(snapshot), position)
            }
            (News::Reload, Some(store)) => {
                // What is read anew is numbered anew: nothing of what was concluded fits it.
                let (snapshot, position, _) = load(store)?;
                (Knowledge::new(Arc::new(snapshot)), position)
            }
            _ => return Ok(state.knowledge.clone()),
        };
        Ok(self.install(knowledge, Some(position)))
    }

    /// Makes a snapshot the current one, unless a later one is there already.
    pub fn install(&self, knowledge: Knowledge, position: Option<Position>) -> Arc<Knowledge> {
        let knowledge = Arc::new(knowledge);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.knowledge.snapshot().commit() <= knowledge.snapshot().commit() {
            *state = State { knowledge: knowledge.clone(), position };
        }
        knowledge
    }

    /// The right to change the store, in this process.
    pub fn writing(&self) -> MutexGuard<'_, ()> {
        // Poisoned only if a writer panicked: nothing was installed then.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The log of a store in memory.
    pub fn log(&self) -> MutexGuard<'_, Vec<Commit>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All commits, with what they did.
    pub fn history(&self) -> Result<Vec<Commit>> {
        match &self.store {
            Some(store) => store.history(),
            None => Ok(self.log().clone()),
        }
    }

    /// Answers a question, at the last commit or at the one it names.
    pub fn answer(
        &self,
        question: &tree::Question,
        parameters: &Parameters,
        budget: &Budget,
    ) -> Result<Answer> {
        self.read(|current| {
            let budget = &budget.afresh();
            let Some(as_of) = &question.modifiers.as_of else {
                return answer_in(current, question, parameters, budget, &|| self.history());
            };
            let knowledge = self.as_of(current, as_of)?;
            let number = knowledge.snapshot().commit();
            let answer = answer_in(&knowledge, question, parameters, budget, &|| self.history());
            answer.map_err(|error| match error.kind() {
                ErrorKind::Unknown => error.note(format!("that is how it was as of commit {number}")),
                _ => error,
            })
        })
    }

    /// The knowledge at an earlier commit, or at the end of a day.
    pub fn as_of(&self, current: &Arc<Knowledge>, as_of: &AsOf) -> Result<Arc<Knowledge>> {
        let number = history::commit_meant(current.snapshot(), as_of)?;
        if number == current.snapshot().commit() {
            return Ok(current.clone());
        }
        let mut earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = earlier.iter().find(|known| known.snapshot().commit() == number) {
            return Ok(known.clone());
        }
        let history = self.history()?;
        let until = history.partition_point(|commit| commit.number <= number);
        let snapshot = after_all(Snapshot::default(), &history[..until])?;
        let knowledge = Arc::new(Knowledge::new(Arc::new(snapshot)));
        if earlier.len() >= KEPT_EARLIER {
            earlier.remove(0);
        }
        earlier.push(knowledge.clone());
        Ok(knowledge)
    }
}

/// Answers a question from this knowledge; `as of` has been dealt with.
pub fn answer_in(
    knowledge: &Knowledge,
    question: &tree::Question,
    parameters: &Parameters,
    budget: &Budget,
    log: &dyn Fn() -> Result<Vec<Commit>>,
) -> Result<Answer> {
    let trace = question.explain.then(Trace::default);
    let differing = |from: &Knowledge, to: &Option<Knowledge>| {
        let changed = to.as_ref().and_then(|to| from.snapshot().changed_in(to.snapshot()));
        changed.map_or(0, |changed| changed.cells.len() as u64)
    };
    // In this order, however written; each makes a snapshot of its own, which is gone with the answer.
    let words = || "suppose: cells that differ".to_string();
    let supposing = || suppose(knowledge, &question.supposed, parameters);
    let supposed = Trace::step(
        trace.as_ref().filter(|_| !question.supposed.is_empty()),
        words,
        None,
        |to| differing(knowledge, to),
        supposing,
    )?;
    let base = supposed.as_ref().unwrap_or(knowledge);
    let words = || "leave out: cells that differ".to_string();
    let leaving = || without(knowledge, base, &question.modifiers.without, parameters);
    let left = Trace::step(
        trace.as_ref().filter(|_| !question.modifiers.without.is_empty()),
        words,
        None,
        |to| differing(base, to),
        leaving,
    )?;
    let knowledge = left.as_ref().unwrap_or(base);
    let snapshot = knowledge.snapshot();
    let resolved = resolve(snapshot, question, parameters)?;
    let answer = || match resolved.body {
        Body::Difference => {
            let words = || "compare both sides, from the cells that differ".to_string();
            let rows = |answer: &Answer| answer.len() as u64;
            Trace::step(trace.as_ref(), words, None, rows, || {
                difference(base, knowledge, question, &resolved.scope, parameters, budget)
            })
        }
        Body::History(thing, attribute) => {
            let is_stated = thing.0 < snapshot.things().count();
            let snapshot = if is_stated { snapshot } else { &*snapshot.catalogue() };
            history::answer(snapshot, &log()?, thing, attribute)
        }
        _ => match &trace {
            Some(trace) => knowledge.explain(&resolved, budget, trace),
            None => knowledge.answer(&resolved, budget),
        },
    };
    let rows = |answer: &Answer| answer.len() as u64;
    let answer = Trace::step(trace.as_ref(), || "answer".to_string(), None, rows, answer)?;
    Ok(trace.map_or(answer, |trace| trace.answer()))
}

/// What a question that compares two sides comes to: `what if` and `rests on`. Both sides suppose and leave out
/// what the question says besides.
fn difference(
    base: &Knowledge,
    before: &Knowledge,
    question: &tree::Question,
    scope: &TimeScope,
    parameters: &Parameters,
    budget: &Budget,
) -> Result<Answer> {
    let left_out = &question.modifiers.without;
    let after = match &question.body {
        QuestionBody::WhatIf(supposed) => {
            let supposed = suppose(base, supposed, parameters)?;
            let later = supposed.as_ref().unwrap_or(base);
            without(base, later, left_out, parameters)?.or(supposed)
        }
        QuestionBody::RestsOn(removed) => without(before, before, removed, parameters)?,
        _ => None,
    };
    match after {
        Some(after) => before.difference(&after, scope, budget),
        None => Ok(Answer::default()),
    }
}

/// Resolves a question. Claims, patterns, kinds, attributes and commits are things too, but nobody pays for
/// that who does not name one: only what is not found otherwise is looked up among them.
fn resolve(snapshot: &Snapshot, question: &tree::Question, parameters: &Parameters) -> Result<Question> {
    let in_directory = |snapshot: &Snapshot| {
        Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters }.question(question)
    };
    in_directory(snapshot).or_else(|error| match error.kind() {
        ErrorKind::Unknown if !is_of_vocabulary(&error) => {
            in_directory(&snapshot.catalogue()).map_err(|_| error)
        }
        _ => Err(error),
    })
}

/// Whether a name was looked for that the catalogue cannot have either: an attribute. (To build the catalogue of
/// a million claims takes seconds, too long for a slip of the pen.)
fn is_of_vocabulary(error: &Error) -> bool {
    error.report().message.starts_with("no attribute `") && error.report().message.contains("` of ")
}

/// The snapshot that a store holds, up to where, and what there is to say about loading it.
fn load(store: &Store) -> Result<(Snapshot, Position, Option<String>)> {
    let Loaded { view, tail, position, notice } = store.load()?;
    let Some(view) = view else {
        return Ok((after_all(Snapshot::default(), &tail)?, position, notice));
    };
    let viewed = Snapshot::from_view(view.clone(), read_pattern).and_then(|start| after_all(start, &tail));
    match (viewed, view.fault()) {
        (Ok(snapshot), None) => Ok((snapshot, position, notice)),
        // The view can be thrown away; the log is the truth.
        (_, Some(reason)) => from_log(store, &reason),
        (Err(error), None) => from_log(store, &error.report().message),
    }
}

/// The same from the log alone, for this reason.
fn from_log(store: &Store, reason: &str) -> Result<(Snapshot, Position, Option<String>)> {
    let Loaded { tail, position, notice, .. } = store.replay(reason)?;
    Ok((after_all(Snapshot::default(), &tail)?, position, notice))
}

fn after_all(mut snapshot: Snapshot, commits: &[Commit]) -> Result<Snapshot> {
    for commit in commits {
        snapshot = snapshot.after(commit, &read_pattern)?;
    }
    Ok(snapshot)
}

/// Reads the statement of a pattern as it stands in a record.
pub fn read_pattern(snapshot: &Snapshot, statement: &str) -> Result<Pattern> {
    let misread = |error: Error| {
        Error::damaged(format!(
            "a record holds a pattern that this version cannot read: {}",
            error.report().message
        ))
        .note(format!("the pattern: {statement}"))
    };
    let parameters = Parameters::new();
    let directory: &dyn Directory = snapshot;
    let resolver = Resolver { vocabulary: snapshot.vocabulary(), directory, parameters: &parameters };
    match syntax::parse(statement).map_err(misread)? {
        Statement::Pattern(declaration) => resolver.pattern(&declaration).map_err(misread),
        _ => Err(misread(Error::syntax("it is not a pattern"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange;
    use std::fs;

    /// Imports these CSV files, one after the other in one transaction, after some statements.
    fn imported(statements: &str, files: &[(&str, &str)]) -> Arc<Knowledge> {
        let folder = tempfile::tempdir().expect("a folder");
        let shared = Shared::in_memory();
        let mut text = format!("{statements}\n");
        for (at, (csv, import)) in files.iter().enumerate() {
            let path = folder.path().join(format!("{at}.csv"));
            fs::write(&path, csv).expect("room for a file");
            text += &format!("import \"{}\" as port {import}\n", path.display());
        }
        shared.run_file(&text, "test", None).expect("good statements");
        shared.current().expect("a store in memory")
    }

    /// What a view keeps of a snapshot is all that it says, and what a view keeps of what it keeps.
    fn survives(knowledge: &Knowledge) {
        let place = tempfile::tempdir().expect("a folder");
        let snapshot = knowledge.snapshot();
        let again = viewed(snapshot, &place.path().join("once"));
        says_the_same(&again, snapshot);
        says_the_same(&viewed(&again, &place.path().join("twice")), snapshot);
    }

    /// The snapshot of a store of which this one is the last checkpoint.
    fn viewed(snapshot: &Snapshot, path: &Path) -> Snapshot {
        let store = Store::open(path).expect("a store");
        let mut writer = store.lock().expect("its lock");
        for line in snapshot.commits() {
            let (time, author) = (line.time, line.author.clone());
            let commit = Commit { number: line.number, time, author, seed: None, operations: Vec::new() };
            writer.append(&commit).expect("a commit");
        }
        writer.checkpoint(&snapshot.parts()).expect("a checkpoint");
        let view = store.load().expect("a store").view.expect("a view");
        let again = Snapshot::from_view(view, read_pattern).expect("a good view");
        assert_eq!((again.commit(), again.fault()), (snapshot.commit(), None));
        again
    }

    fn says_the_same(again: &Snapshot, snapshot: &Snapshot) {
        assert_eq!(exchange::statements(again), exchange::statements(snapshot));
        let claims = |snapshot: &Snapshot| {
            let mut claims = Vec::new();
            snapshot.each_claim(&mut |thing, attribute, claim| {
                claims.push((claim.id, snapshot.claim_in_words(thing, attribute, claim)));
            });
            claims.sort();
            claims
        };
        assert_eq!(claims(again), claims(snapshot));
        assert_eq!(again.fault(), None);
    }

    const PORTS: &str = "kind port\nattribute size of port: number\nattribute firms of port: number";

    #[test]
    fn things_of_which_an_import_tells_nothing_survive_in_a_view() {
        let names = ("name,title\na,A\nb,B\nc,C\n", "");
        survives(&imported(PORTS, &[names, ("name,size\na,1\n", "")]));
        survives(&imported(PORTS, &[("name,size\na,\nb,\n", "")]));
    }

    #[test]
    fn two_imports_of_one_transaction_survive_apart_in_a_view() {
        let files = [("name,size\na,1\nx,2\nd,3\n", ""), ("name,firms\na,10\ny,20\nd,30\n", "")];
        survives(&imported(PORTS, &files));
    }

    #[test]
    fn an_import_that_meets_claims_survives_in_a_view() {
        let stated = format!("{PORTS}\nport a {{ size: 7 }}\nport z {{ }}");
        let files = [("name,size,firms\nb,1,2\na,3,4\nz,5,\n", ""), ("name,size\na,3\nb,9\n", "")];
        survives(&imported(&stated, &files));
    }

    #[test]
    fn the_same_import_again_changes_nothing() {
        let file = ("name,size\na,1\nb,2\n", "");
        let once = imported(PORTS, &[file]);
        let twice = imported(PORTS, &[file, file]);
        assert_eq!(exchange::statements(once.snapshot()), exchange::statements(twice.snapshot()));
        survives(&twice);
    }

    #[test]
    fn the_paper_survives_in_a_view() {
        let shared = Shared::in_memory();
        shared.run_file(&super::super::paper::text(), "seed", None).expect("a good seed");
        survives(&shared.current().expect("a store in memory"));
    }

    #[test]
    fn a_change_that_would_give_a_pattern_another_meaning_is_refused() {
        let shared = Shared::in_memory();
        let stated = "kind country\nkind region\nkind port\nattribute hot of port: yes/no\n\
            attribute big of port: yes/no\ncountry malaysia { }\n\
            pattern p { for port when hot = yes then big = yes\nseen in malaysia }";
        shared.run_file(stated, "test", None).expect("good statements");
        let error = shared.run_file("region malaysia { }", "test", None).expect_err("an ambiguous name");
        assert_eq!(error.kind(), ErrorKind::Meaning);
        assert!(error.to_string().contains("pattern `p` would no longer mean the same"), "{error}");
        shared.run_file("region \"north\" { }", "test", None).expect("another name");
        shared.run_file("kind port plural havens", "test", None).expect("a plural that no pattern names");
        let plural = "pattern q { for havens when hot = no then big = no }";
        shared.run_file(plural, "test", None).expect("a pattern");
        shared.run_file("kind port plural ports", "test", None).expect_err("the pattern says `havens`");
    }
}

//! Statements that change the store: one alone, or those of a file as one transaction.

use super::state::{Shared, answer_in, read_pattern};
use crate::answer::Answer;
use crate::engine::{Budget, Knowledge};
use crate::error::{Error, ErrorKind, Result};
use crate::exchange;
use crate::facts::{Draft, Snapshot, Tally};
use crate::model::Text;
use crate::model::change::{Commit, Operation};
use crate::resolve::{ImportPlan, Meaning, Parameters, Resolver};
use crate::store::Writer;
use crate::syntax;
use crate::syntax::tree::{self, Statement};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What became of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A question was answered.
    Answer(Answer),
    /// The store was changed.
    Changed(Changed),
    /// The store was written out as statements: `export`.
    Statements(String),
}

/// What a change did.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The commit that holds it; `None` if everything was there already.
    pub commit: Option<u32>,
    /// In words: "commit 7: 1 claim added".
    pub summary: String,
}

/// A commit that was made.
#[derive(Clone)]
struct Committed {
    number: u32,
    /// Why the log could not be brought up to date behind it.
    warning: Option<String>,
}

/// What one statement of a transaction came to, before the commit has a number.
enum Done {
    Changed(Tally),
    Outcome(Outcome),
    /// A file is to be written.
    Write {
        path: String,
        bytes: Vec<u8>,
        what: String,
    },
}

impl Shared {
    /// Runs one statement as a transaction of its own.
    pub fn run_alone(
        &self,
        statement: &Statement,
        parameters: &Parameters,
        budget: &Budget,
    ) -> Result<Outcome> {
        let (done, commit) =
            self.transact(None, |draft, shared| run_one(draft, shared, statement, parameters, budget))?;
        outcome(done, commit.as_ref())
    }

    /// Runs several statements as one transaction; `seed` marks a commit of the seed.
    pub fn run_together(&self, statements: &[Statement], seed: Option<Text>) -> Result<Changed> {
        self.run_after(statements, seed, |_| Vec::new())
    }

    /// As [`Shared::run_together`], after the operations that `first` finds to do in what is stored.
    pub fn run_after(
        &self,
        statements: &[Statement],
        seed: Option<Text>,
        first: impl Fn(&Snapshot) -> Vec<Operation>,
    ) -> Result<Changed> {
        let parameters = Parameters::new();
        let (tally, commit) = self.transact(seed, |draft, shared| {
            for operation in first(&draft.snapshot) {
                draft.apply(operation)?;
            }
            for statement in statements {
                run_one(draft, shared, statement, &parameters, &Budget::default())?;
            }
            Ok(draft.tally)
        })?;
        Ok(summed_up(commit.as_ref(), tally))
    }

    /// Runs the statements of a text as one transaction; `seed` marks the seed's commit. Gives what the
    /// questions and exports came to, then, if any statement was to change something, what all did together.
    pub fn run_file(&self, text: &str, origin: &str, seed: Option<Text>) -> Result<Vec<Outcome>> {
        self.run_file_within(text, origin, seed, &Budget::default())
    }

    /// As [`Shared::run_file`], each statement within a budget.
    pub fn run_file_within(
        &self,
        text: &str,
        origin: &str,
        seed: Option<Text>,
        budget: &Budget,
    ) -> Result<Vec<Outcome>> {
        let pieces = syntax::split(text);
        // What does not parse is refused before anything runs.
        let mut statements = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            let located = |error: Error| error.in_text(&piece.text, origin, piece.line);
            statements.push((piece, syntax::parse(&piece.text).map_err(located)?));
        }
        let parameters = Parameters::new();
        let ((done, changing), commit) = self.transact(seed, |draft, shared| {
            let (mut done, mut changing) = (Vec::new(), false);
            for (piece, statement) in &statements {
                let located = |error: Error| error.in_text(&piece.text, origin, piece.line);
                match run_one(draft, shared, statement, &parameters, budget).map_err(located)? {
                    Done::Changed(_) => changing = true,
                    other => done.push(other),
                }
            }
            Ok((done, changing.then_some(draft.tally)))
        })?;
        // What was changed, all together, comes last.
        let done = done.into_iter().chain(changing.map(Done::Changed));
        done.map(|done| outcome(done, commit.as_ref())).collect()
    }

    /// Runs `work` on a draft of the next commit and commits what it has done; an error leaves nothing.
    /// Gives what `work` gave, and the number of the commit, if anything changed.
    fn transact<T>(
        &self,
        seed: Option<Text>,
        work: impl Fn(&mut Draft, &Shared) -> Result<T>,
    ) -> Result<(T, Option<Committed>)> {
        let _writing = self.writing();
        let mut writer = self.store.as_ref().map(|store| store.lock()).transpose()?;
        let knowledge = match &mut writer {
            Some(writer) => self.current_under(writer)?,
            None => self.current()?,
        };
        let (knowledge, draft, done) = self.soundly(knowledge, |knowledge| {
            let mut draft = Draft::new(knowledge.snapshot(), &read_pattern);
            let done = work(&mut draft, self)?;
            draft.check_patterns()?;
            Ok((knowledge.clone(), draft, done))
        })?;
        if draft.operations.is_empty() {
            return Ok((done, None));
        }
        let (snapshot, commit) = draft.finish(now(), author(), seed);
        let knowledge = knowledge.changed_to(snapshot);
        let number = commit.number;
        let warning = self.commit(writer.as_mut(), knowledge, commit)?;
        Ok((done, Some(Committed { number, warning })))
    }

    /// Makes a commit durable and its knowledge the current one; then, where it is due, a checkpoint. Gives what
    /// there is to say about a checkpoint that failed.
    fn commit(
        &self,
        writer: Option<&mut Writer>,
        knowledge: Knowledge,
        commit: Commit,
    ) -> Result<Option<String>> {
        let Some(writer) = writer else {
            self.log().push(commit);
            self.install(knowledge, None);
            return Ok(None);
        };
        let position = writer.append(&commit)?;
        // A checkpoint of a large import needs the room.
        drop(commit);
        // The commit stands from here on. A checkpoint that fails is tried again after the next commit.
        let checkpoint = writer.checkpoint_is_due().and_then(|due| match due {
            true => writer.checkpoint(&knowledge.snapshot().parts()).map(Some),
            false => Ok(None),
        });
        let (moved, warning) = match checkpoint {
            Ok(moved) => (moved, None),
            Err(error) => (None, Some(error.report().message.clone())),
        };
        self.install(knowledge, Some(moved.unwrap_or(position)));
        Ok(warning)
    }
}

fn run_one(
    draft: &mut Draft,
    shared: &Shared,
    statement: &Statement,
    parameters: &Parameters,
    budget: &Budget,
) -> Result<Done> {
    run_at_depth(draft, shared, statement, parameters, budget, 0)
}

fn run_at_depth(
    draft: &mut Draft,
    shared: &Shared,
    statement: &Statement,
    parameters: &Parameters,
    budget: &Budget,
    depth: usize,
) -> Result<Done> {
    match statement {
        Statement::Question(question) => {
            return answer(draft, shared, question, parameters, budget)
                .map(|answer| Done::Outcome(Outcome::Answer(answer)));
        }
        Statement::Export(tree) => return export(draft, shared, tree, parameters, budget),
        _ => {}
    }
    let snapshot = &draft.snapshot;
    let resolver = Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters };
    let meaning = resolver.statement(statement)?;
    let before = draft.tally;
    match meaning {
        Meaning::Change(operations) => change(draft, operations)?,
        Meaning::Import(plan) => import(draft, shared, &plan, budget, depth)?,
        // Answered above, where `as of` and the log are at hand.
        Meaning::Question(_) | Meaning::Export(_) => {}
    }
    Ok(Done::Changed(draft.tally.since(before)))
}

/// Answers a question from the draft, or from the commit it names.
fn answer(
    draft: &Draft,
    shared: &Shared,
    question: &tree::Question,
    parameters: &Parameters,
    budget: &Budget,
) -> Result<Answer> {
    let knowledge = match &question.modifiers.as_of {
        Some(as_of) => shared.as_of(&shared.current()?, as_of)?,
        None => Arc::new(Knowledge::new(Arc::new(draft.snapshot.clone()))),
    };
    answer_in(&knowledge, question, parameters, &budget.afresh(), &|| shared.history())
}

fn change(draft: &mut Draft, operations: Vec<Operation>) -> Result<()> {
    for operation in operations {
        let is_retraction = matches!(operation, Operation::Retract(_) | Operation::RetractPattern(_));
        let is_pattern = matches!(operation, Operation::DeclarePattern { .. });
        let before = draft.operations.len();
        draft.apply(operation)?;
        if is_retraction && draft.operations.len() == before {
            return Err(Error::unknown("no claim matches what is to be taken back")
                .note("`claims about` a thing lists what is claimed of it"));
        }
        if is_pattern {
            Knowledge::check(&draft.snapshot)?;
        }
    }
    Ok(())
}

/// Reads a file: CSV as things of a kind, or statements, which become part of the same transaction.
fn import(
    draft: &mut Draft,
    shared: &Shared,
    plan: &ImportPlan,
    budget: &Budget,
    depth: usize,
) -> Result<()> {
    match (exchange::extension(&plan.path).as_str(), plan.kind) {
        ("casebook", _) => import_statements(draft, shared, &plan.path, budget, depth),
        ("bib", _) => Err(Error::not_yet("import of BibTeX")),
        (_, None) => Err(Error::meaning(format!("`{}`: of which kind are its rows?", plan.path))
            .note("write it behind the file: `import \"clusters.csv\" as cluster name from id`")),
        (_, Some(_)) => {
            let mut read = 0;
            let mut progress = |rows| {
                read = rows;
                budget.read(rows)
            };
            for operation in exchange::import(plan, &draft.snapshot, &mut progress)? {
                draft.apply(operation)?;
            }
            // It may have been cancelled since.
            budget.read(read)
        }
    }
}

/// So deep may files import files.
const MOST_NESTED_IMPORTS: usize = 8;

fn import_statements(
    draft: &mut Draft,
    shared: &Shared,
    path: &str,
    budget: &Budget,
    depth: usize,
) -> Result<()> {
    if depth >= MOST_NESTED_IMPORTS {
        return Err(Error::new(ErrorKind::Limit, format!("`{path}` is imported at depth {depth}"))
            .note("do two files import each other?"));
    }
    let text = exchange::read_statements(path)?;
    for piece in syntax::split(&text) {
        let located = |error: Error| error.in_text(&piece.text, path, piece.line);
        let statement = syntax::parse(&piece.text).map_err(located)?;
        run_at_depth(draft, shared, &statement, &Parameters::new(), budget, depth + 1).map_err(located)?;
    }
    Ok(())
}

/// The whole store as statements, or an answer; into a file only once the transaction has succeeded.
fn export(
    draft: &Draft,
    shared: &Shared,
    export: &tree::Export,
    parameters: &Parameters,
    budget: &Budget,
) -> Result<Done> {
    let to = export.to.as_ref().map(|path| path.text.clone());
    let Some(question) = &export.question else {
        let statements = exchange::statements(&draft.snapshot);
        return Ok(match to {
            None => Done::Outcome(Outcome::Statements(statements)),
            Some(path) => Done::Write { path, bytes: statements.into_bytes(), what: "the store".to_string() },
        });
    };
    let answer = answer(draft, shared, question, parameters, budget)?;
    Ok(match to {
        None => Done::Outcome(Outcome::Answer(answer)),
        Some(path) => {
            let bytes = exchange::written(&path, &answer)?;
            Done::Write { path, bytes, what: format!("{} rows", answer.len()) }
        }
    })
}

/// # Errors
/// If a file cannot be written. The commit stands.
fn outcome(done: Done, commit: Option<&Committed>) -> Result<Outcome> {
    Ok(match done {
        Done::Outcome(outcome) => outcome,
        Done::Changed(tally) if tally == Tally::default() => Outcome::Changed(summed_up(None, tally)),
        Done::Changed(tally) => Outcome::Changed(summed_up(commit, tally)),
        Done::Write { path, bytes, what } => {
            exchange::write(&path, &bytes)?;
            Outcome::Changed(Changed { commit: None, summary: format!("{what} written to {path}") })
        }
    })
}

fn summed_up(commit: Option<&Committed>, tally: Tally) -> Changed {
    let summary = match commit {
        None => "nothing changed: it was there already".to_string(),
        Some(Committed { number, warning: None }) => format!("commit {number}: {tally}"),
        Some(Committed { number, warning: Some(warning) }) => {
            format!(
                "commit {number}: {tally} (stored, but its log could not be brought up to date: {warning})"
            )
        }
    };
    Changed { commit: commit.map(|commit| commit.number), summary }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// The user's name, as far as the environment tells.
fn author() -> Text {
    let name = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    Text::from(name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_string()))
}

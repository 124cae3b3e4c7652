//! Statements that change the store: one alone, or those of a file as one transaction.

use super::state::{Shared, answer_in, read_pattern};
use crate::answer::Answer;
use crate::engine::{Budget, Knowledge};
use crate::error::{Error, ErrorKind, Result};
use crate::exchange;
use crate::facts::{Draft, Snapshot, Tally};
use crate::model::Text;
use crate::model::change::{Commit, Operation};
use crate::resolve::{ExportPlan, ImportPlan, Meaning, Parameters, Resolver};
use crate::store::Writer;
use crate::syntax;
use crate::syntax::tree::Statement;
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

/// What one statement of a transaction came to, before the commit has a number.
enum Done {
    Changed(Tally),
    Outcome(Outcome),
}

impl Shared {
    /// Runs one statement as a transaction of its own.
    pub fn run_alone(&self, statement: &Statement, parameters: &Parameters) -> Result<Outcome> {
        let (done, commit) =
            self.transact(None, |draft, shared| run_one(draft, shared, statement, parameters))?;
        Ok(outcome(done, commit))
    }

    /// Runs several statements as one transaction; `seed` marks a commit of the seed.
    pub fn run_together(&self, statements: &[Statement], seed: Option<Text>) -> Result<Changed> {
        let parameters = Parameters::new();
        let (tally, commit) = self.transact(seed, |draft, shared| {
            for statement in statements {
                run_one(draft, shared, statement, &parameters)?;
            }
            Ok(draft.tally)
        })?;
        Ok(summed_up(commit, tally))
    }

    /// Runs the statements of a text as one transaction; `seed` marks the seed's commit. Gives what the
    /// questions and exports came to, then, if any statement was to change something, what all did together.
    pub fn run_file(&self, text: &str, origin: &str, seed: Option<Text>) -> Result<Vec<Outcome>> {
        let pieces = syntax::split(text);
        // What does not parse is refused before anything runs.
        let mut statements = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            let located = |error: Error| error.in_text(&piece.text, origin, piece.line);
            statements.push((piece, syntax::parse(&piece.text).map_err(located)?));
        }
        let parameters = Parameters::new();
        let ((mut outcomes, changing), commit) = self.transact(seed, |draft, shared| {
            let (mut outcomes, mut changing) = (Vec::new(), false);
            for (piece, statement) in &statements {
                let located = |error: Error| error.in_text(&piece.text, origin, piece.line);
                match run_one(draft, shared, statement, &parameters).map_err(located)? {
                    Done::Outcome(outcome) => outcomes.push(outcome),
                    Done::Changed(_) => changing = true,
                }
            }
            Ok((outcomes, changing.then_some(draft.tally)))
        })?;
        outcomes.extend(changing.map(|tally| Outcome::Changed(summed_up(commit, tally))));
        Ok(outcomes)
    }

    /// Runs `work` on a draft of the next commit and commits what it has done; an error leaves nothing.
    /// Gives what `work` gave, and the number of the commit, if anything changed.
    fn transact<T>(
        &self,
        seed: Option<Text>,
        work: impl FnOnce(&mut Draft, &Shared) -> Result<T>,
    ) -> Result<(T, Option<u32>)> {
        let _writing = self.writing();
        let mut writer = self.store.as_ref().map(|store| store.lock()).transpose()?;
        let knowledge = self.current()?;
        let mut draft = Draft::new(knowledge.snapshot(), &read_pattern);
        let done = work(&mut draft, self)?;
        if draft.operations.is_empty() {
            return Ok((done, None));
        }
        let (snapshot, commit) = draft.finish(now(), author(), seed);
        self.commit(writer.as_mut(), snapshot, &commit)?;
        Ok((done, Some(commit.number)))
    }

    /// Makes a commit durable and its snapshot the current one; then, where it is due, a checkpoint.
    fn commit(&self, writer: Option<&mut Writer>, snapshot: Snapshot, commit: &Commit) -> Result<()> {
        let Some(writer) = writer else {
            self.log().push(commit.clone());
            self.install(snapshot, None);
            return Ok(());
        };
        let position = writer.append(commit)?;
        // The commit stands from here on. A checkpoint that fails is tried again after the next commit.
        let moved = match writer.checkpoint_is_due() {
            Ok(true) => writer.checkpoint(&snapshot.image()).ok(),
            _ => None,
        };
        self.install(snapshot, Some(moved.unwrap_or(position)));
        Ok(())
    }
}

fn run_one(
    draft: &mut Draft,
    shared: &Shared,
    statement: &Statement,
    parameters: &Parameters,
) -> Result<Done> {
    run_at_depth(draft, shared, statement, parameters, 0)
}

fn run_at_depth(
    draft: &mut Draft,
    shared: &Shared,
    statement: &Statement,
    parameters: &Parameters,
    depth: usize,
) -> Result<Done> {
    let meaning = {
        let snapshot = &draft.snapshot;
        if let Statement::Question(question) = statement {
            let knowledge = Knowledge::new(Arc::new(snapshot.clone()));
            let answer =
                answer_in(&knowledge, question, parameters, &Budget::default(), &|| shared.history())?;
            return Ok(Done::Outcome(Outcome::Answer(answer)));
        }
        Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters }
            .statement(statement)?
    };
    let before = draft.tally;
    match meaning {
        Meaning::Change(operations) => change(draft, operations)?,
        Meaning::Import(plan) => import(draft, shared, &plan, depth)?,
        Meaning::Export(plan) => return export(draft, &plan).map(Done::Outcome),
        Meaning::Question(_) => {}
    }
    Ok(Done::Changed(draft.tally.since(before)))
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
fn import(draft: &mut Draft, shared: &Shared, plan: &ImportPlan, depth: usize) -> Result<()> {
    match (exchange::extension(&plan.path).as_str(), plan.kind) {
        ("casebook", _) => import_statements(draft, shared, &plan.path, depth),
        ("bib", _) => Err(Error::not_yet("import of BibTeX")),
        (_, None) => Err(Error::meaning(format!("`{}`: of which kind are its rows?", plan.path))
            .note("write it behind the file: `import \"clusters.csv\" as cluster name from id`")),
        (_, Some(_)) => {
            for operation in exchange::import(plan, &draft.snapshot)? {
                draft.apply(operation)?;
            }
            Ok(())
        }
    }
}

/// So deep may files import files.
const MOST_NESTED_IMPORTS: usize = 8;

fn import_statements(draft: &mut Draft, shared: &Shared, path: &str, depth: usize) -> Result<()> {
    if depth >= MOST_NESTED_IMPORTS {
        return Err(Error::new(ErrorKind::Limit, format!("`{path}` is imported at depth {depth}"))
            .note("do two files import each other?"));
    }
    let text = exchange::read_statements(path)?;
    for piece in syntax::split(&text) {
        let located = |error: Error| error.in_text(&piece.text, path, piece.line);
        let statement = syntax::parse(&piece.text).map_err(located)?;
        run_at_depth(draft, shared, &statement, &Parameters::new(), depth + 1).map_err(located)?;
    }
    Ok(())
}

fn export(draft: &Draft, plan: &ExportPlan) -> Result<Outcome> {
    let Some(question) = &plan.question else {
        let statements = exchange::statements(&draft.snapshot);
        return match &plan.to {
            None => Ok(Outcome::Statements(statements)),
            Some(path) => {
                exchange::write(path, statements.as_bytes())?;
                Ok(written(path, "the store"))
            }
        };
    };
    let answer = Knowledge::new(Arc::new(draft.snapshot.clone())).answer(question, &Budget::default())?;
    match &plan.to {
        None => Ok(Outcome::Answer(answer)),
        Some(path) => {
            exchange::write_answer(path, &answer)?;
            Ok(written(path, &format!("{} rows", answer.len())))
        }
    }
}

fn written(path: &str, what: &str) -> Outcome {
    Outcome::Changed(Changed { commit: None, summary: format!("{what} written to {path}") })
}

fn outcome(done: Done, commit: Option<u32>) -> Outcome {
    match done {
        Done::Outcome(outcome) => outcome,
        Done::Changed(tally) if tally == Tally::default() => Outcome::Changed(summed_up(None, tally)),
        Done::Changed(tally) => Outcome::Changed(summed_up(commit, tally)),
    }
}

fn summed_up(commit: Option<u32>, tally: Tally) -> Changed {
    let summary = match commit {
        Some(number) => format!("commit {number}: {tally}"),
        None => "nothing changed: it was there already".to_string(),
    };
    Changed { commit, summary }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// The user's name, as far as the environment tells.
fn author() -> Text {
    let name = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    Text::from(name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_string()))
}

//! The public door: open, ask, change.

mod change;
mod history;
pub(crate) mod paper;
mod prepared;
mod sql;
mod state;
mod supposition;
mod transaction;

pub use crate::store::{Fault, Health, Part};
pub use change::{Change, ClaimDraft};
pub use prepared::{Bound, Prepared};
pub use transaction::{Changed, Outcome};

use crate::answer::Answer;
use crate::engine::Budget;
use crate::error::{Error, Result};
use crate::resolve::{Offer, Parameters, Resolver};
use crate::store::Store;
use crate::syntax;
use crate::syntax::tree::Statement;
use state::Shared;
use std::path::Path;
use std::sync::Arc;

/// A knowledge base: ask it questions, change it.
///
/// Cheap to clone, and clones share one store; it can be used from several threads at once. A question
/// sees one commit, however long it runs, while others write. Other processes may read and write the same
/// store: what they have committed is seen by the next question.
///
/// ```
/// use casebook::Casebook;
/// let book = Casebook::in_memory();
/// book.run("kind cluster")?;
/// book.run("attribute industry of cluster: one of traditional, cops")?;
/// book.run("cluster penang \"Penang electronics\" { industry: cops }")?;
/// let answer = book.query("clusters where industry = CoPS")?;
/// assert_eq!(answer.row(0).expect("one")["name"].to_string(), "penang");
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Casebook {
    shared: Arc<Shared>,
}

impl Casebook {
    /// Opens the store in this directory, making a bare one where there is none (no such directory, or an
    /// empty one).
    ///
    /// # Errors
    /// If the files are damaged, were written by a newer version, or cannot be read: never a fresh store in
    /// their place.
    pub fn open(path: impl AsRef<Path>) -> Result<Casebook> {
        let path = path.as_ref();
        let is_new = Store::is_absent(path);
        let shared = Shared::open(path)?;
        if is_new {
            shared.notify(format!("made a new store in {}", path.display()));
        }
        Ok(Casebook { shared: Arc::new(shared) })
    }

    /// Opens the store in this directory, filling it with the paper's knowledge where there is none.
    ///
    /// # Errors
    /// As [`Casebook::open`].
    pub fn open_with_paper(path: impl AsRef<Path>) -> Result<Casebook> {
        paper::open(path.as_ref())
    }

    /// A bare store in memory, gone with its last clone.
    pub fn in_memory() -> Casebook {
        Casebook { shared: Arc::new(Shared::in_memory()) }
    }

    /// The paper's knowledge in memory: nothing is written to disk, and changes are gone with the last clone.
    ///
    /// # Errors
    /// Never with a seed that the tests have passed.
    ///
    /// ```
    /// let book = casebook::Casebook::in_memory_with_paper()?;
    /// assert_eq!(book.query("clusters")?.len(), 4);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn in_memory_with_paper() -> Result<Casebook> {
        paper::in_memory()
    }

    /// What should be said to whoever has the store open, so far: that it was made and where; that the shipped seed
    /// has changed; that its view is damaged, and the log was read instead.
    pub fn notices(&self) -> Vec<String> {
        self.shared.notices().clone()
    }

    /// Takes over what the paper's knowledge of this version says, in one commit, and takes back the claims of an older
    /// one that it no longer has. What others have claimed stays, and so do things, vocabulary and patterns.
    ///
    /// # Errors
    /// If it does not fit what the store holds: a name that means something else there.
    pub fn update_paper(&self) -> Result<Changed> {
        self.shared.update_paper()
    }

    /// Reads every file of the store in this directory to its last byte, and says what is wrong, if anything. Nobody can
    /// commit meanwhile.
    ///
    /// # Errors
    /// If there is no store, or a file cannot be read: damage is no error here.
    ///
    /// ```
    /// # let place = tempfile::tempdir().unwrap();
    /// # let path = place.path().join("innovation.casebook");
    /// let book = casebook::Casebook::open(&path)?;
    /// book.run("kind cluster")?;
    /// let health = casebook::Casebook::check(&path)?;
    /// assert_eq!((health.commits, health.faults.is_empty()), (1, true));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn check(path: impl AsRef<Path>) -> Result<Health> {
        Store::check(path.as_ref())
    }

    /// The number of the last commit that a question would see now; 0 if there is none.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn commit_number(&self) -> Result<u32> {
        Ok(self.shared.current()?.snapshot().commit())
    }

    /// Asks one question.
    ///
    /// # Errors
    /// If the text is not a question of the language, names what the vocabulary does not have, or is a
    /// statement that would change the store; if the question costs more than [`Budget::default`] allows.
    pub fn query(&self, question: &str) -> Result<Answer> {
        self.query_within(question, &Budget::default())
    }

    /// Asks one question, within a budget.
    ///
    /// # Errors
    /// As [`Casebook::query`].
    pub fn query_within(&self, question: &str, budget: &Budget) -> Result<Answer> {
        let located = |error: Error| error.in_text(question, "", 1);
        let statement = syntax::parse(question).map_err(located)?;
        self.ask(&statement, &Parameters::new(), budget).map_err(located)
    }

    /// What may stand at the cursor of a statement that is being typed: the byte at which the word there begins, and the
    /// names that fit, each with what it is.
    ///
    /// # Errors
    /// If the store cannot be read.
    ///
    /// ```
    /// # let book = casebook::Casebook::in_memory();
    /// # book.run("kind cluster")?;
    /// book.run("attribute industry of cluster: one of traditional, cops { cops: \"cars and the like\" }")?;
    /// let (start, offers) = book.offers("clusters where industry = c", 27)?;
    /// assert_eq!((start, offers[0].text.as_str()), (26, "cops"));
    /// assert_eq!(offers[0].description, "cars and the like");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn offers(&self, typed: &str, position: usize) -> Result<(usize, Vec<Offer>)> {
        let Some(cursor) = syntax::Cursor::at(typed, position) else { return Ok((position, Vec::new())) };
        let parameters = Parameters::new();
        let offers = self.shared.read(|knowledge| {
            let (vocabulary, directory) = (knowledge.snapshot().vocabulary(), &**knowledge.snapshot());
            Ok(Resolver { vocabulary, directory, parameters: &parameters }.offers(&cursor))
        })?;
        Ok((cursor.start, offers))
    }

    /// Reads a statement with `$parameters`, to be asked or run with their values later.
    ///
    /// # Errors
    /// If the text is not a statement of the language.
    ///
    /// ```
    /// # let book = casebook::Casebook::in_memory();
    /// # book.run("kind cluster")?;
    /// # book.run("attribute industry of cluster: one of traditional, cops")?;
    /// # book.run("cluster penang { industry: cops }")?;
    /// let asked = book.prepare("clusters where industry = $industry")?;
    /// assert_eq!(asked.bind("industry", "CoPS").query()?.len(), 1);
    /// assert_eq!(asked.bind("industry", "traditional").query()?.len(), 0);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn prepare(&self, statement: &str) -> Result<Prepared> {
        Prepared::new(self.clone(), statement)
    }

    /// Begins a change: claims and statements that are committed together.
    pub fn change(&self) -> Change {
        Change::new(self.clone())
    }

    /// Runs one statement of any sort; a change is durable when this returns.
    ///
    /// # Errors
    /// If the statement is refused: then nothing of it is stored.
    pub fn run(&self, statement: &str) -> Result<Outcome> {
        self.run_within(statement, &Budget::default())
    }

    /// Runs one statement of any sort, a question within a budget. Of a budget for an import only the flag that cancels
    /// it counts; other changes are never cut short.
    ///
    /// # Errors
    /// As [`Casebook::run`].
    pub fn run_within(&self, statement: &str, budget: &Budget) -> Result<Outcome> {
        let located = |error: Error| error.in_text(statement, "", 1);
        let tree = syntax::parse(statement).map_err(located)?;
        if let Statement::Question(_) = &tree {
            return self.ask(&tree, &Parameters::new(), budget).map(Outcome::Answer).map_err(located);
        }
        self.shared.run_alone(&tree, &Parameters::new(), budget).map_err(located)
    }

    /// Runs the statements of a file as one transaction: all of it, or, at the first error, nothing.
    /// `origin` is the file's name in messages. A question in the file sees what the statements before it
    /// have changed. Gives the answers in order, then one [`Outcome::Changed`] for all that was changed.
    ///
    /// # Errors
    /// If a statement is refused: then nothing of the file is stored.
    pub fn run_file(&self, text: &str, origin: &str) -> Result<Vec<Outcome>> {
        self.run_file_within(text, origin, &Budget::default())
    }

    /// Runs the statements of a file as one transaction, each within a budget as in [`Casebook::run_within`].
    ///
    /// # Errors
    /// As [`Casebook::run_file`].
    pub fn run_file_within(&self, text: &str, origin: &str, budget: &Budget) -> Result<Vec<Outcome>> {
        self.shared.run_file_within(text, origin, None, budget)
    }

    fn ask(&self, statement: &Statement, parameters: &Parameters, budget: &Budget) -> Result<Answer> {
        match statement {
            Statement::Question(question) => self.shared.answer(question, parameters, budget),
            _ => Err(Error::meaning("this statement would change the store; `query` only asks")
                .note("`run` and `change` change the store")),
        }
    }
}

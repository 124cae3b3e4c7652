//! The store as tables, and questions as SQL.

use super::Casebook;
use crate::error::{Error, Result};
use crate::resolve::{Parameters, Resolver};
use crate::sql;
use crate::syntax;
use crate::syntax::tree::Statement;

impl Casebook {
    /// The statements that make the tables `thing` and `claim` in an empty database and fill them with all things and
    /// claims. Sources, notes and hedges are left behind: an answer in SQL says what holds, not who says so.
    ///
    /// # Errors
    /// If the store cannot be read.
    ///
    /// ```
    /// # let book = casebook::Casebook::in_memory_with_paper()?;
    /// assert!(book.to_sql()?.starts_with("CREATE TABLE thing ("));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn to_sql(&self) -> Result<String> {
        Ok(sql::tables(self.shared.current()?.snapshot()))
    }

    /// A question as one query on the tables that [`Casebook::to_sql`] makes, patterns included. Its rows are those of the
    /// answer, and so are its columns: the values of a cell in order, joined by `; `, a denied one as `!= value`. A sum, an
    /// average, a least or a greatest number has four columns, both ends and whether each is left out; where there is no
    /// end it is -1e300 or 1e300.
    ///
    /// # Errors
    /// As [`Casebook::query`]; [`ErrorKind::NotYet`](crate::ErrorKind::NotYet) if no query is known for it.
    ///
    /// ```
    /// use casebook::Casebook;
    /// let book = Casebook::in_memory();
    /// book.run("kind cluster")?;
    /// book.run("attribute workers of cluster: number")?;
    /// book.run("cluster penang { workers: about 80000 }")?;
    /// book.run("cluster batam { workers: 70000..90000 }")?;
    ///
    /// let database = rusqlite::Connection::open_in_memory()?;
    /// database.execute_batch(&book.to_sql()?)?;
    /// let query = book.sql("clusters where workers > 71000 show name, workers")?;
    /// let row = database.query_row(&query, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    /// assert_eq!(row, ("penang".to_string(), "about 80000".to_string()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sql(&self, question: &str) -> Result<String> {
        let located = |error: Error| error.in_text(question, "", 1);
        let Statement::Question(asked) = syntax::parse(question).map_err(located)? else {
            return Err(located(Error::meaning("only a question has a form in SQL")));
        };
        let modifiers = &asked.modifiers;
        if modifiers.as_of.is_some() || !modifiers.without.is_empty() || !asked.supposed.is_empty() {
            return Err(located(Error::not_yet("`as of`, `without` and `suppose` in SQL")));
        }
        let knowledge = self.shared.current()?;
        let (snapshot, parameters) = (knowledge.snapshot(), Parameters::new());
        let resolver =
            Resolver { vocabulary: snapshot.vocabulary(), directory: &**snapshot, parameters: &parameters };
        let resolved = resolver.question(&asked).map_err(located)?;
        sql::question(snapshot, &resolved).map_err(located)
    }
}

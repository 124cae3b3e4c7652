//! `import` and `export`: what is to be read or written, with its names resolved.

use super::Resolver;
use super::names::new_name;
use crate::error::{Error, Result};
use crate::model::change::StatedEvidence;
use crate::model::{KindId, Name, Question};
use crate::syntax::tree::{self, Word};

/// What to read, and as what.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportPlan {
    /// As typed.
    pub path: String,
    /// The kind of the rows of a CSV file; `None`: the file says itself.
    pub kind: Option<KindId>,
    /// Which attribute, `name` or `title` is read from which column.
    pub columns: Vec<(Name, String)>,
    /// Of every claim.
    pub evidence: StatedEvidence,
    /// Whether attributes that are not known are declared.
    pub declare: bool,
}

/// What to write, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportPlan {
    /// `None`: the whole store, as statements.
    pub question: Option<Question>,
    /// As typed; `None`: the answer itself.
    pub to: Option<String>,
}

impl Resolver<'_> {
    /// `import "clusters.csv" as cluster name from id declare`
    pub(super) fn import(&self, import: &tree::Import) -> Result<ImportPlan> {
        let kind = import.kind.as_ref().map(|word| self.stated_kind(word)).transpose()?;
        let mut columns: Vec<(Name, String)> = Vec::with_capacity(import.columns.len());
        for (attribute, column) in &import.columns {
            let Some(kind) = kind else {
                return Err(Error::meaning("columns belong to things of a kind")
                    .at(attribute.span)
                    .note("write the kind before them: `import \"file.csv\" as cluster name from id`"));
            };
            let name = self.column_name(kind, attribute, import.declare)?;
            if columns.iter().any(|(other, _)| *other == name) {
                return Err(Error::meaning(format!("`{name}` is read from two columns")).at(attribute.span));
            }
            columns.push((name, column.text.clone()));
        }
        Ok(ImportPlan {
            path: import.path.text.clone(),
            kind,
            columns,
            evidence: self.stated_evidence(&import.evidence, None)?,
            declare: import.declare,
        })
    }

    fn column_name(&self, kind: KindId, word: &Word, declare: bool) -> Result<Name> {
        let step = self.vocabulary.step(kind, &word.text);
        if step.is_none() && declare {
            return new_name(word);
        }
        let of_every_thing = step.filter(|step| self.vocabulary.attribute(step.attribute).kind.is_none());
        let attribute = match of_every_thing {
            Some(step) => step.attribute,
            None => self.attribute(kind, word).map_err(|error| match step {
                None => error.note("`declare` at the end adds the attributes that are not known"),
                Some(_) => error,
            })?,
        };
        Ok(self.vocabulary.attribute(attribute).name.clone())
    }

    /// `export clusters where industry = cops to "cops.csv"`
    pub(super) fn export(&self, export: &tree::Export) -> Result<ExportPlan> {
        Ok(ExportPlan {
            question: export.question.as_ref().map(|question| self.question(question)).transpose()?,
            to: export.to.as_ref().map(|to| to.text.clone()),
        })
    }
}

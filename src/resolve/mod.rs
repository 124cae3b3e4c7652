//! From what was typed to what it means: tree and vocabulary in, model out.
//!
//! Every "did you mean" of the crate arises here, and every message that speaks of kinds, attributes
//! and things. Nothing below this folder reads text, nothing above it looks up a name. It does no I/O
//! and changes nothing: what a statement would change comes out as [`Operation`]s.
//!
//! | file | what it resolves |
//! | --- | --- |
//! | `vocabulary` | declarations |
//! | `facts` | blocks, `assert`, `retract`, citations and qualifiers |
//! | `value`, `quantity` | values by the attribute's type; numbers, years, dates, periods |
//! | `path`, `expression`, `condition` | what conditions and columns are made of |
//! | `pattern` | patterns |
//! | `question`, `select`, `belonging`, `describing`, `compare` | questions |
//! | `reasoning` | `why` and `why not`; what `suppose` adds, what `without` takes out |
//! | `exchange` | `import` and `export` |
//! | `names` | kinds, things, attributes; what a misspelt name may have meant |
//! | `offers` | what may stand at the cursor of a statement that is being typed |

mod belonging;
mod compare;
mod condition;
mod describing;
mod exchange;
mod expression;
mod facts;
mod names;
mod offers;
mod parameter;
mod path;
mod pattern;
mod quantity;
mod question;
mod reasoning;
mod select;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;

pub use exchange::{ExportPlan, ImportPlan};
pub(crate) use names::{listed, new_name};
pub use offers::Offer;
pub use parameter::{Parameter, Parameters};

use crate::error::Result;
use crate::model::change::Operation;
use crate::model::{Directory, Question, Vocabulary};
use crate::syntax::tree::Statement;

/// Resolves statements against one commit's vocabulary and things.
#[derive(Clone, Copy)]
pub struct Resolver<'a> {
    /// The kinds, attributes, aliases and contexts.
    pub vocabulary: &'a Vocabulary,
    /// The things, by name.
    pub directory: &'a dyn Directory,
    /// What is bound to `$names`.
    pub parameters: &'a Parameters,
}

/// What a statement means.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "one statement at a time; never stored in bulk")]
pub enum Meaning {
    /// It changes the store, in these steps.
    Change(Vec<Operation>),
    /// It is answered with rows.
    Question(Question),
    /// It reads a file.
    Import(ImportPlan),
    /// It writes a file, or prints statements.
    Export(ExportPlan),
}

impl Resolver<'_> {
    /// What a statement means; `as of`, `suppose` and `without` are left to who chooses the snapshot.
    pub fn statement(&self, statement: &Statement) -> Result<Meaning> {
        let operations = match statement {
            Statement::Question(question) => return self.question(question).map(Meaning::Question),
            Statement::Import(import) => return self.import(import).map(Meaning::Import),
            Statement::Export(export) => return self.export(export).map(Meaning::Export),
            Statement::Block(block) => self.block(block)?,
            Statement::Assert(assertion) => self.assertion(assertion)?,
            Statement::Kind(kind) => vec![self.kind_declaration(kind)?],
            Statement::Attribute(attribute) => vec![self.attribute_declaration(attribute)?],
            Statement::Alias(alias) => vec![self.alias_declaration(alias)?],
            Statement::Context(context) => vec![self.context_declaration(context)?],
            Statement::Retract(retraction) => vec![self.retraction(retraction)?],
            Statement::Pattern(pattern) => vec![self.pattern_declaration(pattern)?],
        };
        Ok(Meaning::Change(operations))
    }
}

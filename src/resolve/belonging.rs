//! `attributes of cluster`, `values of cluster.industry`: what belongs to a kind or to an attribute. It is
//! short for conditions on what is asked for, and for the columns that tell most about it.

use super::Resolver;
use super::names::one;
use crate::error::{Error, Result};
use crate::model::{KindId, Name};
use crate::syntax::tree::{
    Comparison, Condition, Expression, Order, Path, Root, Select, Shown, Span, Test, TestForm, Word,
};
use std::borrow::Cow;

impl Resolver<'_> {
    /// The question without its `of`.
    pub(super) fn without_of<'t>(&self, kind: KindId, select: &'t Select) -> Result<Cow<'t, Select>> {
        let Some(of) = &select.of else { return Ok(Cow::Borrowed(select)) };
        let (conditions, columns) = match kind {
            KindId::ATTRIBUTE => (self.of_kind(of)?, ["name", "title", "type", "heading"].as_slice()),
            KindId::VALUE => (self.of_attribute(of)?, ["name", "title", "of", "of.of", "aliases"].as_slice()),
            _ => return Err(self.nothing_belongs(kind, of)),
        };
        let mut plain = Select { of: None, ..select.clone() };
        let conditions = select.condition.iter().cloned().chain(conditions);
        plain.condition = Some(Condition::All(conditions.flat_map(parts).collect()));
        if select.aggregate.is_none() && select.show.is_empty() {
            let shown = |name: &&str| {
                let steps: Vec<&str> = name.split('.').collect();
                Shown { expression: path(&steps, of.span), title: None }
            };
            plain.show = columns.iter().map(shown).collect();
        }
        if select.aggregate.is_none() && select.order.is_empty() && kind == KindId::VALUE {
            // As they were declared, which for a scale is from low to high.
            let by = |name| Order { by: path(&[name], of.span), descending: false };
            plain.order = vec![by("of"), by("place")];
        }
        Ok(Cow::Owned(plain))
    }

    /// `of cluster`, `of clusters`
    fn of_kind(&self, of: &Path) -> Result<Vec<Condition>> {
        let [kind] = words(of)[..] else {
            return Err(
                Error::meaning(format!("`{of}` is no kind; attributes are those `of` a kind")).at(of.span)
            );
        };
        let kind = self.kind_name(self.kind(kind)?).as_str();
        Ok(vec![is(&["of", "name"], kind, of.span)])
    }

    /// `of industry`, `of cluster.industry`
    fn of_attribute(&self, of: &Path) -> Result<Vec<Condition>> {
        match words(of)[..] {
            [name] => match self.owners(&name.text).first() {
                // All kinds' attributes of that name, also where it is another word for it.
                Some((_, step)) => {
                    let attribute = self.vocabulary.attribute(step.attribute);
                    Ok(vec![is(&["of", "name"], attribute.name.as_str(), of.span)])
                }
                None => Err(self.no_attribute_at_all(name)),
            },
            [owner, name] => {
                let kind = self.kind(owner)?;
                let attribute = self.vocabulary.attribute(self.attribute(kind, name)?);
                let of_kind = is(&["of", "of", "name"], self.kind_name(kind).as_str(), of.span);
                Ok(vec![is(&["of", "name"], attribute.name.as_str(), of.span), of_kind])
            }
            _ => {
                Err(Error::meaning(format!("`{of}` is no attribute; write `of KIND.ATTRIBUTE`")).at(of.span))
            }
        }
    }

    fn no_attribute_at_all(&self, word: &Word) -> Error {
        let kinds = self.vocabulary.kinds().filter(|(kind, _)| !kind.is_catalogue());
        let names: Vec<Name> = kinds.flat_map(|(kind, _)| self.vocabulary.step_names(kind)).collect();
        self.mend(Error::unknown(format!("no kind has an attribute `{}`", word.text)), word, &names)
    }

    fn nothing_belongs(&self, kind: KindId, of: &Path) -> Error {
        let asked = self.kind_name(kind);
        Error::meaning(format!("nothing says what {} belongs to", one(asked)))
            .at(of.span)
            .note("`of` asks for the attributes of a kind and for the values of an attribute")
            .note("conditions on anything else stand behind `where`")
    }
}

fn words(path: &Path) -> Vec<&Word> {
    let root = match &path.root {
        Root::Word(word) => Some(word),
        Root::Parameter(_) => None,
    };
    root.into_iter().chain(&path.steps).collect()
}

/// The conjuncts: an `All` holds none of its own kind.
fn parts(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::All(parts) => parts,
        other => vec![other],
    }
}

fn is(steps: &[&str], name: &str, span: Span) -> Condition {
    let right = Expression::Path(Path { root: Root::Word(quoted(name, span)), ..bare_path(&[], span) });
    let form = TestForm::Compare { possibly: false, comparison: Comparison::Equal, right };
    Condition::Test(Test { left: path(steps, span), form, span })
}

fn path(steps: &[&str], span: Span) -> Expression {
    Expression::Path(bare_path(steps, span))
}

fn bare_path(steps: &[&str], span: Span) -> Path {
    let mut words = steps.iter().map(|step| Word { text: step.to_string(), quoted: false, span });
    let root = words.next().unwrap_or_else(|| quoted("", span));
    Path { kind: None, root: Root::Word(root), steps: words.collect(), span }
}

/// In quotes it is never a keyword, nor a thing's attribute.
fn quoted(text: &str, span: Span) -> Word {
    Word { text: text.to_string(), quoted: true, span }
}

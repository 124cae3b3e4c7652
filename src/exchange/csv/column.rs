//! One column of the file on its way to one attribute of the batch.

use super::dictionary::Dictionary;
use super::rows::{Header, Row};
use super::things::Things;
use crate::error::Result;
use crate::model::change::{AttributeDeclaration, BatchColumn, DeclaredType, StatedValue, ThingName};
use crate::model::{Attribute, KindId, Name, Number, Text, Type, fold};
use crate::resolve::Resolver;
use rustc_hash::FxHashMap;

/// Years that are taken for years in a column that is called one.
const YEARS: std::ops::RangeInclusive<i64> = 1000..=2100;

/// What has been read of a column.
pub(super) struct Column {
    /// Its position in the file.
    at: usize,
    header: String,
    pub name: Name,
    /// Whether a thing may have several values.
    pub many: bool,
    /// The distinct texts, as they stand.
    texts: Dictionary,
    /// Row by row: 0 for an empty cell, else the code of its text.
    codes: Vec<u32>,
    reading: ValuesOf,
}

/// How the texts become values.
enum ValuesOf {
    /// Each as soon as it appears: the type is known.
    Known { value_type: Type, values: Vec<StatedValue>, later: Later },
    /// All at the end, by the type that they show.
    New,
}

/// What refers to things that may be in later rows of the same file.
struct Later {
    /// The kind of the file's things.
    kind: KindId,
    /// Codes and lines of the texts that named nothing so far.
    named: Vec<(u32, u64)>,
}

impl Column {
    /// A column of an attribute that the vocabulary has; `kind` is that of the file's things.
    pub fn known(at: usize, header: String, attribute: &Attribute, kind: KindId) -> Self {
        let value_type = attribute.value_type.clone();
        let later = Later { kind, named: Vec::new() };
        let reading = ValuesOf::Known { value_type, values: Vec::new(), later };
        Column { reading, many: attribute.many, ..Column::new(at, header, attribute.name.clone()) }
    }

    /// A column of an attribute that is to be declared.
    pub fn new(at: usize, header: String, name: Name) -> Self {
        let (texts, codes) = (Dictionary::default(), Vec::new());
        Column { at, header, name, many: false, texts, codes, reading: ValuesOf::New }
    }

    /// Takes the cell of one row.
    pub fn take(&mut self, row: &Row, resolver: Resolver<'_>) -> Result<()> {
        let cell = row.cell(self.at);
        if cell.is_empty() {
            self.codes.push(0);
            return Ok(());
        }
        let (code, is_new) = self.texts.code(cell);
        self.codes.push(code);
        if is_new { self.read(code, row, resolver) } else { Ok(()) }
    }

    fn read(&mut self, code: u32, row: &Row, resolver: Resolver<'_>) -> Result<()> {
        let text = row.text(self.at)?;
        let label = self.name.as_str();
        let refuse = |error| row.refuse(error, self.at);
        match &mut self.reading {
            ValuesOf::Known { value_type, values, later } => {
                if let Some(value) = later.value(value_type, text, resolver) {
                    later.named.push((code, row.line));
                    values.push(value);
                } else {
                    values.push(resolver.cell(label, value_type, text).map_err(refuse)?);
                }
            }
            // A text can be anything but `unknown`.
            ValuesOf::New => {
                resolver.cell(label, &Type::Text, text).map_err(refuse)?;
            }
        }
        Ok(())
    }

    /// Refuses the first reference to a thing that neither was there nor is in the file.
    fn expect_named(&self, resolver: Resolver<'_>, things: &Things, header: &Header) -> Result<()> {
        let ValuesOf::Known { value_type, later, .. } = &self.reading else { return Ok(()) };
        for (code, line) in &later.named {
            let text = String::from_utf8_lossy(self.texts.get(*code));
            if !things.has(&fold(text.trim()))
                && let Err(error) = resolver.cell(self.name.as_str(), value_type, text.trim())
            {
                let error = error.note(format!("{} does not name it, either", header.origin));
                return Err(header.refuse_cell(error, self.at, &text, *line));
            }
        }
        Ok(())
    }

    /// The column of the batch, with the declaration of its attribute if it is new; `None` if no row has
    /// a value.
    pub fn finish(
        self,
        kind: &Name,
        resolver: Resolver<'_>,
        things: &Things,
        header_row: &Header,
    ) -> Result<Option<(Option<AttributeDeclaration>, BatchColumn)>> {
        self.expect_named(resolver, things, header_row)?;
        let Column { header, name, texts, mut codes, reading, .. } = self;
        let (declaration, values) = match reading {
            _ if codes.iter().all(|code| *code == 0) => return Ok(None),
            ValuesOf::Known { values, .. } => (None, values),
            ValuesOf::New => {
                let texts: Vec<&str> =
                    texts.iter().filter_map(|text| std::str::from_utf8(text).ok()).collect();
                let (value_type, values) = shown(&name, &texts, resolver)?;
                (Some(declaration(kind, &name, &header, value_type)), values)
            }
        };
        let dictionary = distinct(values, &mut codes);
        let (codes, ends) = things.gathered(codes);
        Ok(Some((declaration, BatchColumn { attribute: name, dictionary, codes, ends })))
    }
}

impl Later {
    /// The thing that a text names if it is one of the file's kind that is not there yet.
    fn value(&self, value_type: &Type, text: &str, resolver: Resolver<'_>) -> Option<StatedValue> {
        let is_later = *value_type == Type::Thing(self.kind)
            && fold(text) != "unknown"
            && resolver.directory.find(self.kind, text).is_none();
        let kind = || resolver.kind_name(self.kind).clone();
        is_later.then(|| StatedValue::Thing(ThingName { kind: kind(), name: Name::new(text) }))
    }
}

fn declaration(kind: &Name, name: &Name, header: &str, value_type: DeclaredType) -> AttributeDeclaration {
    AttributeDeclaration {
        kind: kind.clone(),
        name: name.clone(),
        value_type,
        many: false,
        heading: None,
        meanings: Vec::new(),
        inverse: None,
        description: (header != name.as_str()).then(|| Text::from(header)),
    }
}

/// The first type that all texts fit, and what they are in it.
fn shown(name: &Name, texts: &[&str], resolver: Resolver<'_>) -> Result<(DeclaredType, Vec<StatedValue>)> {
    let read = |value_type: &Type| -> Result<Vec<StatedValue>> {
        texts.iter().map(|text| resolver.cell(name.as_str(), value_type, text)).collect()
    };
    let of_years = ["year", "founded"].iter().any(|word| name.folded().contains(word));
    let of_percent = texts.iter().any(|text| text.ends_with('%'));
    // `007` is a code and would lose its zeros as a number.
    let coded = texts.iter().any(|text| {
        text.strip_prefix('0').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
    });
    let number = Type::Number { unit: None };
    let candidates = [
        (true, Type::YesNo, DeclaredType::YesNo),
        (of_years, Type::Year, DeclaredType::Year),
        (of_percent, Type::Percent, DeclaredType::Percent),
        (!coded, number, DeclaredType::Number(None)),
        (true, Type::Date, DeclaredType::Date),
    ];
    for (_, value_type, declared) in candidates.into_iter().filter(|(possible, ..)| *possible) {
        if let Ok(values) = read(&value_type)
            && (value_type != Type::Year || values.iter().all(is_likely_year))
        {
            return Ok((declared, values));
        }
    }
    Ok((DeclaredType::Text, read(&Type::Text)?))
}

fn is_likely_year(value: &StatedValue) -> bool {
    let StatedValue::Number(number) = value else { return false };
    let years = Number::between((*YEARS.start()).into(), (*YEARS.end()).into());
    number.within(&years)
}

/// The values without those that say the same as an earlier one in the same words; codes follow.
fn distinct(values: Vec<StatedValue>, codes: &mut [u32]) -> Vec<StatedValue> {
    let key = |value: &StatedValue| match value {
        StatedValue::Choice(name) => Some(name.folded().to_string()),
        StatedValue::Thing(thing) => Some(thing.name.folded().to_string()),
        StatedValue::YesNo(yes) => Some(fold(if *yes { "yes" } else { "no" })),
        // Other values keep the words of the source, which differ.
        StatedValue::Number(_) | StatedValue::Text(_) => None,
    };
    let (mut known, mut kept, mut code_of) = (FxHashMap::default(), Vec::new(), vec![0]);
    for value in values {
        let next = kept.len() as u32 + 1;
        let code = key(&value).map_or(next, |key| *known.entry(key).or_insert(next));
        code_of.push(code);
        if code == next {
            kept.push(value);
        }
    }
    if kept.len() + 1 < code_of.len() {
        codes.iter_mut().for_each(|code| *code = code_of[*code as usize]);
    }
    kept
}

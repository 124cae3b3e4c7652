//! One column of the file on its way to one attribute of the batch.

use super::dictionary::Dictionary;
use super::rows::{Header, Row};
use super::things::Things;
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::{AttributeDeclaration, BatchColumn, DeclaredType, StatedValue, ThingName, Values};
use crate::model::{Attribute, KindId, Name, Number, Text, ThingId, Type, fold, is_folded, same_name};
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
    reading: Reading,
}

/// How the texts become values.
enum Reading {
    /// Each as soon as it appears: the type is known.
    Known(Type, Vec<StatedValue>),
    /// As things of a kind.
    References(References),
    /// All at the end, by the type that they show.
    New,
}

/// Texts that name things. As long as each is the name that its thing has, the texts are the values.
struct References {
    kind: KindId,
    /// The kind of the file's things, which may be in later rows.
    of_file: KindId,
    /// The thing that was named last.
    last: Option<ThingId>,
    /// Codes and lines of the texts that named nothing so far.
    later: Vec<(u32, u64)>,
    /// Codes of other texts, and the name that is meant.
    other: Vec<(u32, Name)>,
}

impl Column {
    /// A column of an attribute that the vocabulary has; `kind` is that of the file's things.
    pub fn known(at: usize, header: String, attribute: &Attribute, kind: KindId) -> Self {
        let reading = match &attribute.value_type {
            Type::Thing(of) => Reading::References(References::new(*of, kind)),
            other => Reading::Known(other.clone(), Vec::new()),
        };
        Column { reading, many: attribute.many, ..Column::new(at, header, attribute.name.clone()) }
    }

    /// A column of an attribute that is to be declared.
    pub fn new(at: usize, header: String, name: Name) -> Self {
        let (texts, codes) = (Dictionary::default(), Vec::new());
        Column { at, header, name, many: false, texts, codes, reading: Reading::New }
    }

    /// Takes the cell of one row.
    pub fn take(&mut self, row: &Row, resolver: Resolver<'_>) -> Result<()> {
        let text = row.cell(self.at)?;
        if text.is_empty() {
            self.codes.push(0);
            return Ok(());
        }
        let (code, is_new) = self.texts.code(text);
        self.codes.push(code);
        if is_new { self.read(code, text, row, resolver) } else { Ok(()) }
    }

    fn read(&mut self, code: u32, text: &str, row: &Row, resolver: Resolver<'_>) -> Result<()> {
        let label = self.name.as_str();
        let refuse = |error| row.refuse(error, self.at);
        if self.texts.bytes() > u32::MAX as usize {
            let message = "the distinct texts of a column have less than 4 GiB together";
            return Err(refuse(Error::new(ErrorKind::Limit, message)));
        }
        match &mut self.reading {
            Reading::Known(value_type, values) => {
                values.push(resolver.cell(label, value_type, text).map_err(refuse)?);
            }
            Reading::References(references) => {
                references.take(code, text, row.line, label, resolver).map_err(refuse)?;
            }
            // A text can be anything but `unknown`.
            Reading::New => {
                resolver.cell(label, &Type::Text, text).map_err(refuse)?;
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
        let Column { at, header, name, texts, mut codes, reading, .. } = self;
        if texts.len() == 0 {
            return Ok(None);
        }
        let mut declared = None;
        let dictionary = match reading {
            Reading::Known(_, values) => distinct(values, &mut codes),
            Reading::References(references) => {
                references.expect_named(&texts, resolver, things, |error, text, line| {
                    let error = error.note(format!("{} does not name it, either", header_row.origin));
                    header_row.refuse_cell(error, at, text, line)
                })?;
                references.values(texts, &mut codes, resolver)
            }
            Reading::New => {
                let texts = texts.into_texts();
                let (value_type, values) = shown(&name, &texts.iter().collect::<Vec<_>>(), resolver)?;
                declared = Some(declaration(kind, &name, &header, value_type));
                distinct(values, &mut codes)
            }
        };
        let (codes, ends) = things.gathered(codes);
        Ok(Some((declared, BatchColumn { attribute: name, dictionary, codes, ends })))
    }
}

impl References {
    fn new(kind: KindId, of_file: KindId) -> Self {
        References { kind, of_file, last: None, later: Vec::new(), other: Vec::new() }
    }

    fn take(&mut self, code: u32, text: &str, line: u64, label: &str, resolver: Resolver<'_>) -> Result<()> {
        let is_unknown = same_name(text, "unknown");
        let found = if is_unknown { None } else { resolver.directory.find_after(self.kind, text, self.last) };
        match found {
            Some(thing) => {
                self.last = Some(thing);
                if !resolver.directory.is_named(thing, text) {
                    self.other.push((code, resolver.directory.name_of(thing)));
                }
            }
            None if self.kind == self.of_file && !is_unknown => self.later.push((code, line)),
            // It says why.
            None => {
                resolver.cell(label, &Type::Thing(self.kind), text)?;
            }
        }
        Ok(())
    }

    /// Refuses the first reference to a thing that neither was there nor is in the file.
    fn expect_named(
        &self,
        texts: &Dictionary,
        resolver: Resolver<'_>,
        things: &Things,
        refuse: impl Fn(Error, &str, u64) -> Error,
    ) -> Result<()> {
        for (code, line) in &self.later {
            let text = texts.get(*code);
            if !things.has(&fold(text))
                && let Err(error) = resolver.cell("", &Type::Thing(self.kind), text)
            {
                return Err(refuse(error, text, *line));
            }
        }
        Ok(())
    }

    /// The things as the batch names them; codes follow where several texts name one.
    fn values(self, texts: Dictionary, codes: &mut [u32], resolver: Resolver<'_>) -> Values {
        let kind = resolver.kind_name(self.kind).clone();
        let all_their_own = self.later.iter().all(|(code, _)| is_folded(texts.get(*code)));
        let texts = texts.into_texts();
        if self.other.is_empty() && all_their_own {
            return Values::things(kind, texts);
        }
        let mut names: Vec<Name> = texts.iter().map(Name::new).collect();
        self.other.into_iter().for_each(|(code, name)| names[code as usize - 1] = name);
        let thing = |name| StatedValue::Thing(ThingName { kind: kind.clone(), name });
        distinct(names.into_iter().map(thing).collect(), codes)
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
fn distinct(values: Vec<StatedValue>, codes: &mut [u32]) -> Values {
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
    kept.into()
}

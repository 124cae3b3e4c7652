//! The words of the language, and whether a word can stand bare.

use super::MAX_NAME;
use unicode_normalization::char::is_combining_mark;

/// Words that begin statements; none of them can be the name of a kind.
pub const STATEMENT_WORDS: &[&str] = &[
    "kind",
    "attribute",
    "alias",
    "context",
    "assert",
    "retract",
    "pattern",
    "import",
    "export",
    "count",
    "sum",
    "average",
    "min",
    "max",
    "compare",
    "gaps",
    "describe",
    "search",
    "conflicts",
    "history",
    "why",
    "what",
    "suppose",
    "rests",
    "explain",
    "truth",
    "solutions",
    "necessary",
    "fit",
    "which",
    "agreement",
    "difference",
    "most",
    "calibrate",
    "adopt",
];

/// Words that may follow a name and so are never read as the second word of `cluster penang`.
pub(super) const CONNECTING_WORDS: &[&str] = &[
    "and", "or", "not", "in", "is", "contains", "where", "when", "then", "requires", "seen", "against",
    "about", "for", "by", "show", "with", "order", "limit", "per", "asc", "desc", "as", "ever", "without",
    "of", "to", "from",
];

/// Words that mean something else than themselves where a value may stand.
const VALUE_WORDS: &[&str] = &["unknown", "count", "early", "mid", "late", "possibly"];

/// Whether `words` holds `word`, without regard to case.
pub(super) fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|candidate| candidate.eq_ignore_ascii_case(word))
}

/// Whether a word may begin with this character.
pub(super) fn begins_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Whether a word may go on with this character (a `-` may, too, if one of these follows).
pub(super) fn continues_word(character: char) -> bool {
    begins_word(character) || is_combining_mark(character)
}

/// The length in bytes of the word that `text` begins with; 0 if it begins with none.
pub(super) fn word_length(text: &str) -> usize {
    if !text.chars().next().is_some_and(begins_word) {
        return 0;
    }
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let joins = character == '-' && next.is_some_and(continues_word);
        if !joins && !continues_word(character) {
            return at;
        }
    }
    text.len()
}

/// Whether `text` is nothing but digits.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The decade that `1990s` names.
pub(super) fn decade(text: &str) -> Option<u16> {
    let digits = text.strip_suffix(['s', 'S'])?;
    let year: u16 = (digits.len() == 4 && is_digits(digits)).then(|| digits.parse().ok())??;
    year.is_multiple_of(10).then_some(year)
}

/// The parts of `2005-09-20`, whether or not there is such a day.
pub(super) fn date_parts(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    if !fits || ![year, month, day].into_iter().all(is_digits) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// Whether the bare word would be read as a point or a stretch of time: `1990s`, `mid-1990s`, a date.
fn names_time(word: &str) -> bool {
    let unparted = ["early-", "mid-", "late-"].iter().find_map(|part| {
        let head = word.get(..part.len())?;
        head.eq_ignore_ascii_case(part).then(|| &word[part.len()..])
    });
    decade(unparted.unwrap_or(word)).is_some() || date_parts(word).is_some()
}

/// A word as it must be typed to be read back as itself: bare where that is possible, else in quotes.
///
/// ```
/// use casebook::syntax::quote;
/// assert_eq!(quote("thai_automotive"), "thai_automotive");
/// assert_eq!(quote("yes"), "yes");
/// assert_eq!(quote("complex product systems"), r#""complex product systems""#);
/// assert_eq!(quote("in"), r#""in""#);
/// assert_eq!(quote("1990s"), r#""1990s""#);
/// ```
pub fn quote(word: &str) -> String {
    if can_stand_bare(word) && !means_something(word) { word.to_string() } else { in_quotes(word) }
}

/// Whether the lexer reads `word` as exactly one word.
pub(super) fn can_stand_bare(word: &str) -> bool {
    !word.is_empty()
        && word_length(word) == word.len()
        && word.chars().count() <= MAX_NAME
        && !is_digits(word)
}

/// Whether a bare `word` is, somewhere, read as more than a name.
fn means_something(word: &str) -> bool {
    names_time(word)
        || is_one_of(word, CONNECTING_WORDS)
        || is_one_of(word, VALUE_WORDS)
        || is_one_of(word, STATEMENT_WORDS)
}

/// `text` in double quotes, with every character that could not stand there escaped.
pub(super) fn in_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

//! Names: what is one word to a researcher is one name here.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Shared text that is shown and never compared: a title, a note, a locator.
pub type Text = Arc<str>;

/// A name as first written, compared by its folded form.
///
/// ```
/// use casebook::model::Name;
/// assert_eq!(Name::new("CoPS"), Name::new("cops"));
/// assert_eq!(Name::new("complex product systems"), Name::new("Complex_Product-Systems"));
/// assert_ne!(Name::new("ward 1-1"), Name::new("ward 11"));
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Name {
    shown: Text,
    folded: Text,
}

impl Name {
    /// The name that `shown` folds to.
    pub fn new(shown: &str) -> Self {
        let folded = fold(shown);
        let shown: Text = Arc::from(shown);
        let folded = if *folded == *shown { shown.clone() } else { Arc::from(folded) };
        Name { shown, folded }
    }

    /// As first written.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What names are compared by; see [`fold`].
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// As first written, shared.
    pub fn text(&self) -> Text {
        self.shown.clone()
    }
}

/// Folds a name: letters to lower case (after Unicode normalisation, NFKC), and `-`, `_` and spaces
/// dropped, except between two digits, where one `_` stands for them (`1-1` is not `11`).
pub fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same, borrowed where nothing is folded.
pub fn folded(text: &str) -> Cow<'_, str> {
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c == '-' || c == '_' || c.is_whitespace() {
            gap = true;
            return;
        }
        if gap && c.is_ascii_digit() && folded.ends_with(|last: char| last.is_ascii_digit()) {
            folded.push('_');
        }
        gap = false;
        folded.push(c);
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        text.nfkc().flat_map(char::to_lowercase).nfc().for_each(&mut push);
    }
    Cow::Owned(folded)
}

/// Whether it can be told at a glance that a text is its own folded form.
pub fn is_folded(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Whether two texts are one name.
pub fn same_name(a: &str, b: &str) -> bool {
    a == b || folded(a) == folded(b)
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.shown)
    }
}

impl From<&str> for Name {
    fn from(shown: &str) -> Self {
        Name::new(shown)
    }
}

impl From<String> for Name {
    fn from(shown: String) -> Self {
        Name::new(&shown)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.shown.to_string()
    }
}

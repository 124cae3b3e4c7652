//! What everything speaks of: names, values, vocabulary, claims, conditions, patterns, questions and
//! changes. No input or output, no text to parse, no store.

mod builtin;
pub mod change;
mod claim;
pub mod codes;
pub mod condition;
mod counted;
mod directory;
mod name;
mod number;
pub mod pattern;
pub mod question;
mod time;
mod value;
pub mod view;
mod vocabulary;

pub use claim::{Citation, Claim, ClaimId, Evidence};
pub use codes::Codes;
pub use condition::{Comparison, Condition, Expression, Operator, Path, Start, Test, TestForm, Variable};
pub use directory::Directory;
pub use name::{Name, Text, fold, folded, is_folded, same_name};
pub use number::{ABOUT_PERCENT, End, Holds, Number, QUOTIENT_DIGITS};
pub use pattern::{Pattern, Rule, Term};
pub use question::Question;
pub use time::{Period, TimeScope, When, day_in_words};
pub use value::{AttributeId, KindId, ThingId, Value};
pub use vocabulary::{Attribute, Context, Kind, Step, Type, Vocabulary, plural_of};

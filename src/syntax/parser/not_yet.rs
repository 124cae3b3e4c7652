//! Forms that the language has and this version does not answer.

use super::super::tokens::{Refusal, Tokens, refuse};
use crate::error::Error;
use crate::report::Span;

/// First word, the words of which one must follow (none: anything may), and the name of the form.
const FORMS: &[(&str, &[&str], &str)] = &[
    ("truth", &["table"], "`truth table`"),
    ("solutions", &["of"], "`solutions of`"),
    ("necessary", &["for"], "`necessary for`"),
    ("fit", &[], "`fit`"),
    ("which", &["case"], "`which case`"),
    ("agreement", &["of"], "`agreement of`"),
    ("difference", &["of"], "`difference of`"),
    ("most", &["similar"], "`most similar`"),
    ("most", &["different"], "`most different`"),
    ("adopt", &[], "`adopt`"),
    ("calibrate", &[], "`calibrate`"),
];

/// Refuses a statement that begins with one of the forms.
pub(super) fn refuse_form(input: Tokens<'_>) -> Result<(), nom::Err<Refusal>> {
    let mut second_words: Vec<&str> = Vec::new();
    for (_, seconds, form) in FORMS.iter().filter(|(first, ..)| input.at_keyword(first)) {
        let second = seconds.iter().find(|second| input.second().is_word(second));
        if seconds.is_empty() || second.is_some() {
            let end = if second.is_some() { input.second().span } else { input.first().span };
            return refuse(not_yet(form, input.first().span.to(end)));
        }
        second_words.extend(*seconds);
    }
    if second_words.is_empty() {
        return Ok(());
    }
    let first = input.first();
    let seconds = second_words.join("` or `");
    refuse(
        Error::syntax(format!("expected `{seconds}` after `{}`", first.text))
            .at(input.second().span)
            .note(format!("`{}` begins a statement and cannot be the name of a kind", first.text)),
    )
}

/// The error for a form that is named so.
fn not_yet(form: &str, span: Span) -> Error {
    Error::not_yet(form)
        .at(span)
        .label("this version does not answer it")
        .note("the form belongs to the language and will be answered by a later version")
}

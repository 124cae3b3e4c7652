//! Colour on a terminal. It never says what the words do not.

/// What a text is coloured for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Contested,
    Failed,
    Note,
}

/// The text in the colour of its tone.
pub(super) fn coloured(text: &str, tone: Tone) -> String {
    let code = match tone {
        _ if text.is_empty() => return String::new(),
        Tone::Plain => return text.to_string(),
        Tone::Heading => "1",
        Tone::Contested => "33",
        Tone::Failed => "31",
        Tone::Note => "2",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

//! What the terminal is like, from the environment and the operating system; the terminal itself is never
//! asked.

use std::io::IsTerminal;

/// Whether to write colour there: to a terminal, unless `NO_COLOR` or `TERM=dumb` is set.
pub(super) fn has_colour(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// How many columns the terminal behind standard output has; `None` if there is no terminal.
pub(super) fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

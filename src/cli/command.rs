//! What can be said to the prompt itself: commands that begin with a dot.

use crate::answer::format::Format;
use crate::error::{Error, Result};
use std::str::FromStr;

/// A command to the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// `.help`
    Help,
    /// `.format json`
    Format(Format),
    /// `.timing on`
    Timing(bool),
    /// `.quit`
    Quit,
}

const NAMES: [&str; 4] = [".help", ".format", ".timing", ".quit"];

/// What `.help` says.
pub(super) const HELP: &str = "\
Statements end with the line, unless a bracket is open or the line ends in \\.

  clusters                                       all things of a kind
  clusters where social_capital <= weak          those that meet a condition
  interventions where industry = CoPS and social_capital = weak
                                                 what suits a case like this
  describe thai_automotive                       all that is known of one thing
  kinds, attributes, sources, patterns, commits  what the store holds

  .format FORMAT   table, line, json, ndjson, csv, tsv, markdown, latex, html, dot,
                   mermaid; the last two draw arguments
  .timing on|off   say how long each statement takes
  .help            this
  .quit            leave, as Ctrl-D does; Ctrl-C clears the line, or ends a question";

/// What people who come from other prompts type; none of these words alone is a question that anybody asks.
const PLAIN: [(&str, &str); 4] = [("help", ".help"), ("?", ".help"), ("quit", ".quit"), ("exit", ".quit")];

/// Whether the line is for the prompt and not a statement.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('.') || PLAIN.iter().any(|(plain, _)| *plain == line)
}

impl FromStr for Command {
    type Err = Error;

    fn from_str(line: &str) -> Result<Command> {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if let [word] = &mut words[..]
            && let Some((_, command)) = PLAIN.iter().find(|(plain, _)| plain == word)
        {
            *word = command;
        }
        match words.as_slice() {
            [".help"] => Ok(Command::Help),
            [".format", name] => name.parse().map(Command::Format),
            [".timing", "on"] => Ok(Command::Timing(true)),
            [".timing", "off"] => Ok(Command::Timing(false)),
            [".quit"] => Ok(Command::Quit),
            [".format", ..] => Err(Error::syntax(".format takes the name of a format: .format json")),
            [".timing", ..] => Err(Error::syntax(".timing takes `on` or `off`")),
            [name @ (".help" | ".quit"), ..] => Err(Error::syntax(format!("{name} takes nothing"))),
            [name, ..] => Err(unknown(name)),
            [] => Err(unknown("")),
        }
    }
}

fn unknown(name: &str) -> Error {
    let error = Error::unknown(format!("no command `{name}`"));
    let nearest = NAMES.into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
    match nearest.filter(|known| strsim::damerau_levenshtein(known, name) <= 2) {
        Some(known) => error.note(format!("did you mean `{known}`?")),
        None => error.note(format!("there are {}", NAMES.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_commands_too() {
        assert!(is_command("exit") && is_command(" help ") && !is_command("clusters"));
        assert_eq!("exit".parse::<Command>().expect("a command"), Command::Quit);
    }

    #[test]
    fn commands_are_read() {
        let read = |line: &str| line.parse::<Command>().expect("a command");
        assert_eq!(read(" .help "), Command::Help);
        assert_eq!(read(".format csv"), Command::Format(Format::Csv));
        assert_eq!(read(".timing off"), Command::Timing(false));
        assert_eq!(read(".quit"), Command::Quit);
    }

    #[test]
    fn a_mistyped_command_is_told_apart() {
        let refused = |line: &str| line.parse::<Command>().expect_err("no command").to_string();
        assert!(refused(".foramt csv").contains("did you mean `.format`?"));
        assert!(refused(".nonsense").contains("there are .help, .format"));
        assert!(refused(".format").contains("takes the name"));
        assert!(refused(".format jason").contains("no format `jason`"));
        assert!(refused(".timing maybe").contains("`on` or `off`"));
    }
}

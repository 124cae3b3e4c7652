//! A table for a terminal. Text wraps within its column; nothing is cut off.

use super::tone::{Tone, coloured};
use super::words::{PLAIN, printable};
use super::wrap::{longest_piece, wrap};
use super::{Answer, Options, line};
use crate::answer::{Cell, Standing};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The narrowest column that text may be wrapped into, and none is so narrow that it would break a word;
/// where there is less room, the answer is written as lines.
const NARROWEST: usize = 8;

/// Columns that are no wider than this are wrapped last.
const SHORT: usize = 20;

/// The text of one cell, before it is wrapped.
struct Written {
    text: String,
    tone: Tone,
}

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let heading = answer.columns().iter().map(|name| Written { text: printable(name), tone: Tone::Heading });
    let heading: Option<Vec<Written>> = options.header.then(|| heading.collect());
    let rows: Vec<Vec<Written>> =
        answer.iter().map(|row| row.cells().iter().map(written).collect()).collect();
    let natural = widths(heading.iter().chain(&rows), UnicodeWidthStr::width);
    let least = widths(heading.iter().chain(&rows), |line| longest_piece(line).max(NARROWEST));
    let loads = loads(natural.len(), &rows);
    // Names and short texts are not broken where there is room for them.
    let short: Vec<usize> =
        natural.iter().zip(&least).map(|(&natural, &least)| natural.min(SHORT).max(least)).collect();
    let widths = fitted(&natural, &short, &loads, options.width)
        .or_else(|| fitted(&natural, &least, &loads, options.width));
    match widths {
        Some(widths) => {
            let wrapped = widths != natural;
            let grid = Grid { widths, right: answer.numeric_columns(), colour: options.colour };
            grid.write(heading.as_deref(), &rows, wrapped, out)?;
        }
        None => line::write(answer, options, out)?,
    }
    match rows.len() {
        _ if !options.header => Ok(()),
        1 => writeln!(out, "(1 row)"),
        count => writeln!(out, "({count} rows)"),
    }
}

fn written(cell: &Cell) -> Written {
    let tone = if cell.is_unknown() {
        Tone::Note
    } else if cell.values.iter().any(|shown| shown.standing == Standing::Contested) {
        Tone::Contested
    } else {
        Tone::Plain
    };
    Written { text: PLAIN.cell(cell), tone }
}

/// For each column, the greatest width of a line of its cells.
fn widths<'a>(rows: impl Iterator<Item = &'a Vec<Written>>, width: fn(&str) -> usize) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        widths.resize(row.len(), 1);
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = cell.text.lines().map(width).fold(*widest, usize::max);
        }
    }
    widths
}

/// For each column, how much text its cells hold on the average.
fn loads(columns: usize, rows: &[Vec<Written>]) -> Vec<usize> {
    let load = |column: usize| {
        let all: usize = rows.iter().map(|row| row[column].text.width()).sum();
        all.div_ceil(rows.len().max(1)).max(1)
    };
    (0..columns).map(load).collect()
}

/// Widths that fit into `room`, shared out by how much text a column holds so that rows stay low: none below
/// its `least` or above its `natural` width; `None` where there is too little room for that.
fn fitted(natural: &[usize], least: &[usize], loads: &[usize], room: Option<usize>) -> Option<Vec<usize>> {
    let Some(room) = room else { return Some(natural.to_vec()) };
    // A space on either side of each column, and a bar between any two.
    let room = room.checked_sub((natural.len() * 3).saturating_sub(1))?;
    if natural.iter().sum::<usize>() <= room {
        return Some(natural.to_vec());
    }
    // A column is `share` hundredths of its load wide.
    let shared = |share: usize| -> Vec<usize> {
        let columns = natural.iter().zip(least).zip(loads);
        columns.map(|((&natural, &least), load)| natural.min((load * share / 100).max(least))).collect()
    };
    let fits = |share: usize| shared(share).iter().sum::<usize>() <= room;
    // The greatest share that fits.
    let (mut low, mut high) = (0, room * 100);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(middle) { low = middle } else { high = middle - 1 }
    }
    fits(low).then(|| shared(low))
}

struct Grid {
    widths: Vec<usize>,
    right: Vec<bool>,
    colour: bool,
}

impl Grid {
    /// Heading and rows; `ruled` draws a line between any two rows.
    fn write(
        &self,
        heading: Option<&[Written]>,
        rows: &[Vec<Written>],
        ruled: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if let Some(heading) = heading {
            self.row(heading, out)?;
            self.rule("─", out)?;
        }
        for (at, row) in rows.iter().enumerate() {
            if ruled && at > 0 {
                self.rule("╌", out)?;
            }
            self.row(row, out)?;
        }
        Ok(())
    }

    fn rule(&self, dash: &str, out: &mut dyn Write) -> io::Result<()> {
        let dashes: Vec<String> = self.widths.iter().map(|width| dash.repeat(width + 2)).collect();
        writeln!(out, "{}", dashes.join("┼"))
    }

    /// One row, as many lines high as its highest cell.
    fn row(&self, cells: &[Written], out: &mut dyn Write) -> io::Result<()> {
        let wrapped: Vec<Vec<String>> =
            cells.iter().zip(&self.widths).map(|(cell, &width)| wrap(&cell.text, width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let line = cells.iter().zip(&wrapped).enumerate().map(|(column, (cell, lines))| {
                self.padded(column, lines.get(at).map_or("", String::as_str), cell.tone)
            });
            writeln!(out, "{}", line.collect::<Vec<_>>().join("│").trim_end())?;
        }
        Ok(())
    }

    fn padded(&self, column: usize, text: &str, tone: Tone) -> String {
        let padding = " ".repeat(self.widths[column].saturating_sub(text.width()));
        let text = if self.colour { coloured(text, tone) } else { text.to_string() };
        if self.right[column] { format!(" {padding}{text} ") } else { format!(" {text}{padding} ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Datum;
    use crate::answer::format::Format;
    use crate::answer::format::samples::{awkward, cited, clusters, digits, shown_with, shows};

    #[test]
    fn columns_stand_side_by_side() {
        let expected = [
            " name             │    workers │ export_share │ social_capital                               │ recommended",
            "──────────────────┼────────────┼──────────────┼──────────────────────────────────────────────┼───────────────────────────────────────────",
            " jepara_furniture │ about 2000 │        16.10 │ strong                                       │ trade_fairs; training",
            " thai_automotive  │            │       (n.a.) │ weak (contested, hedged); strong (contested) │ quality_standards (concluded, by analogy)",
            "(2 rows)",
            "",
        ];
        shows(&clusters(), Format::Table, &expected.join("\n"));
    }

    #[test]
    fn columns_wrap_to_the_width() {
        let options = Options { width: Some(70), ..Options::default() };
        let expected = [
            " name       │  workers │  export_ │ social_       │ recommended",
            "            │          │    share │ capital       │",
            "────────────┼──────────┼──────────┼───────────────┼───────────────────",
            " jepara_    │    about │    16.10 │ strong        │ trade_fairs;",
            " furniture  │     2000 │          │               │ training",
            "╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
            " thai_      │          │   (n.a.) │ weak          │ quality_standards",
            " automotive │          │          │ (contested,   │ (concluded, by",
            "            │          │          │ hedged);      │ analogy)",
            "            │          │          │ strong        │",
            "            │          │          │ (contested)   │",
            "(2 rows)",
            "",
        ];
        let found = shown_with(&clusters(), Format::Table, &options);
        assert!(found.lines().all(|line| line.width() <= 70), "{found}");
        assert!(found == expected.join("\n"), "{found}");
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let answer = Answer::new(["n"]).with_rows([vec![Cell::count(7)], vec![Cell::one(digits("12.5"))]]);
        shows(
            &answer,
            Format::Table,
            " n\n──────\n    7\n 12.5\n(2 rows)\n".replacen(" n", "    n", 1).as_str(),
        );
    }

    #[test]
    fn what_does_not_fit_as_a_table_is_written_as_lines() {
        let options = Options { width: Some(20), ..Options::default() };
        let found = shown_with(&clusters(), Format::Table, &options);
        assert!(found.starts_with("name:           jepara_furniture\n"), "{found}");
        assert!(found.ends_with("\n(2 rows)\n"), "{found}");
    }

    #[test]
    fn a_word_is_not_broken_where_lines_would_show_it_whole() {
        let names = |name: &str| Answer::new(["a", "b"]).with_rows([vec![Cell::name(name); 2]]);
        let options = Options { width: Some(29), ..Options::default() };
        let found = shown_with(&names("infrastructure"), Format::Table, &options);
        assert_eq!(found, "a: infrastructure\nb: infrastructure\n(1 row)\n");
        let found = shown_with(&names("infra_structure"), Format::Table, &options);
        assert!(found.contains(" infra_       │ infra_\n structure    │ structure\n"), "{found}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let answer = Answer::new(["t"]).with_rows([vec![Cell::text("\x1b[2Jx")]]);
        shows(&answer, Format::Table, " t\n────────────\n \\u{1b}[2Jx\n(1 row)\n");
    }

    #[test]
    fn sources_follow_their_value() {
        let expected = " strong [chaminade_vang_2006, table 2; sandee_1998 via chaminade_vang_2006, section 3.1] │ \
                        training [berry_2002]; trade_fairs │ [berry_2002, p. 3]\n";
        let found = shown_with(&cited(), Format::Table, &Options::default());
        assert!(found.contains(expected), "{found}");
    }

    #[test]
    fn lines_of_a_text_stay_lines() {
        let expected = [
            " a|b                             │ yes",
            "─────────────────────────────────┼─────",
            " a|b\\c \"50%\" & <i>_x_</i>, [y] z │ yes",
            " next                            │",
            "(1 row)",
            "",
        ];
        shows(&awkward(), Format::Table, &expected.join("\n"));
    }

    #[test]
    fn without_a_header_only_rows_are_written() {
        let options = Options { header: false, ..Options::default() };
        let answer = Answer::new(["long_name"]).with_rows([vec![Cell::one(Datum::YesNo(false))]]);
        assert_eq!(shown_with(&answer, Format::Table, &options), " no\n");
    }

    #[test]
    fn colour_marks_headings_and_contested_values() {
        let options = Options { colour: true, ..Options::default() };
        let found = shown_with(&clusters(), Format::Table, &options);
        assert!(found.contains("\x1b[1mname\x1b[0m"), "{found}");
        assert!(found.contains("\x1b[33mweak"), "{found}");
    }

    #[test]
    fn an_empty_answer_has_its_columns() {
        shows(&Answer::new(["name", "title"]), Format::Table, " name │ title\n──────┼───────\n(0 rows)\n");
    }

    #[test]
    fn words_break_at_spaces_then_joints_then_anywhere() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("chaminade_vang_2006", 15), ["chaminade_vang_", "2006"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("", 4), [""]);
    }
}

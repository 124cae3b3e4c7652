//! CSV and TSV: a record a row. Values of a cell are joined by `; `, a denied one is written
//! `!= value`. Sources have a column of their own after their values: joined by `; ` too, with ` | `
//! between those of one value and those of the next.

use super::{Answer, Options};
use crate::answer::{Cell, Datum, Row, Shown, Standing};
use crate::model::question::Beside;
use std::borrow::Cow;
use std::io::{self, Write};

pub(super) fn csv(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    for record in records(answer, options) {
        writer.write_record(record).map_err(io_error)?;
    }
    writer.flush()
}

/// Unwrapped, so that a closed pipe can still be told from other faults.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

pub(super) fn tsv(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for record in records(answer, options) {
        for (at, field) in record.iter().enumerate() {
            out.write_all(if at > 0 { b"\t" } else { b"" })?;
            out.write_all(escape_tabs(field).as_bytes())?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn escape_tabs(field: &str) -> Cow<'_, str> {
    if !field.contains(['\\', '\t', '\n', '\r']) {
        return Cow::Borrowed(field);
    }
    field.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r").into()
}

fn records<'a>(answer: &'a Answer, options: &Options) -> impl Iterator<Item = Vec<String>> + 'a {
    let header = options.header.then(|| header(answer));
    header.into_iter().chain(answer.iter().map(|row| record(&row, answer.beside)))
}

fn header(answer: &Answer) -> Vec<String> {
    let mut names = Vec::new();
    for name in answer.columns() {
        names.push(name.clone());
        names.extend(answer.beside.sources.then(|| format!("{name}_sources")));
        names.extend(answer.beside.marks.then(|| format!("{name}_marks")));
    }
    names
}

fn record(row: &Row, beside: Beside) -> Vec<String> {
    let mut fields = Vec::new();
    for cell in row.cells() {
        fields.push(joined(&cell.values, "; ", value));
        fields.extend(beside.sources.then(|| sources(cell)));
        fields.extend(beside.marks.then(|| marks(cell)));
    }
    fields
}

fn value(shown: &Shown) -> String {
    let value = match &shown.datum {
        Datum::Number(number) => number.exact().map_or_else(|| number.to_string(), |exact| exact.to_string()),
        other => other.to_string(),
    };
    if shown.standing == Standing::Denied { format!("!= {value}") } else { value }
}

fn sources(cell: &Cell) -> String {
    match cell.values.is_empty() {
        true => joined(&cell.unsaid, " | ", |unsaid| joined(&unsaid.sources, "; ", ToString::to_string)),
        false => joined(&cell.values, " | ", |shown| joined(&shown.sources, "; ", ToString::to_string)),
    }
}

/// The marks of each value, if any has one; of an unknown one, what the source that was read says about it.
fn marks(cell: &Cell) -> String {
    let marks: Vec<String> = cell.values.iter().map(|shown| shown.marks.words().join("; ")).collect();
    match cell.values.is_empty() {
        true => joined(&cell.unsaid, " | ", |unsaid| unsaid.note.clone()),
        _ if marks.iter().all(String::is_empty) => String::new(),
        _ => marks.join(" | "),
    }
}

fn joined<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    match items {
        [only] => text(only),
        _ => items.iter().map(text).collect::<Vec<_>>().join(separator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::format::Format;
    use crate::answer::format::samples::{awkward, cited, clusters, shown_with, shows};
    use crate::answer::{Marks, Unsaid};

    #[test]
    fn csv_is_comma_separated() {
        let expected = "name,workers,export_share,social_capital,recommended\r\n\
                        jepara_furniture,about 2000,16.10,strong,trade_fairs; training\r\n\
                        thai_automotive,,,weak; strong,quality_standards\r\n";
        shows(&clusters(), Format::Csv, expected);
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let expected = "a|b,yes\r\n\"a|b\\c \"\"50%\"\" & <i>_x_</i>, [y]\tz\nnext\",yes\r\n";
        shows(&awkward(), Format::Csv, expected);
    }

    #[test]
    fn marks_have_a_column_of_their_own_where_they_are_asked_for() {
        let hedged = Marks { hedged: true, concluded: true, ..Marks::default() };
        let value = |name: &str, marks| Shown { marks, ..Shown::plain(Datum::Name(name.to_string())) };
        let cell = Cell {
            values: [value("weak", hedged), value("strong", Marks::default())].into(),
            ..Cell::default()
        };
        let unsaid = Unsaid { note: "n.a.".to_string(), sources: vec![] };
        let unknown = Cell { unsaid: vec![unsaid], ..Cell::default() };
        let plain = Cell::one(Datum::Name("weak".to_string()));
        let answer = Answer::new(["ties"]).with_beside(Beside { sources: false, marks: true }).with_rows([
            vec![cell],
            vec![unknown],
            vec![plain],
        ]);
        let tsv = "ties\tties_marks\nweak; strong\tconcluded; hedged | \n\tn.a.\nweak\t\n";
        shows(&answer, Format::Tsv, tsv);
        let json = "[{\"ties\":[\"weak\",\"strong\"],\"ties_marks\":[[\"concluded\",\"hedged\"],[]]},\
                    {\"ties\":null,\"ties_marks\":[\"n.a.\"]},\
                    {\"ties\":\"weak\",\"ties_marks\":[]}]\n";
        shows(&answer, Format::Json, json);
    }

    #[test]
    fn tsv_escapes_tabs_and_newlines() {
        let expected = "a|b\tyes\na|b\\\\c \"50%\" & <i>_x_</i>, [y]\\tz\\nnext\tyes\n";
        shows(&awkward(), Format::Tsv, expected);
    }

    #[test]
    fn sources_have_a_column_of_their_own() {
        let expected = "name\tname_sources\tsocial_capital\tsocial_capital_sources\trecommended\t\
                        recommended_sources\tread\tread_sources\n\
                        jepara\t\tstrong\tchaminade_vang_2006, table 2; \
                        sandee_1998 via chaminade_vang_2006, section 3.1\t\
                        training; trade_fairs\tberry_2002 | \tberry_2002, p. 3\t\n";
        shows(&cited(), Format::Tsv, expected);
    }

    #[test]
    fn a_header_can_be_left_out() {
        let answer = Answer::new(["name"]).with_rows([vec![Cell::name("a")]]);
        let options = Options { header: false, ..Options::default() };
        assert_eq!(shown_with(&answer, Format::Csv, &options), "a\r\n");
        assert_eq!(shown_with(&answer, Format::Tsv, &options), "a\n");
    }

    #[test]
    fn a_denied_value_says_so() {
        let denied = Shown { standing: Standing::Denied, ..Shown::plain(Datum::Name("rules".into())) };
        let answer =
            Answer::new(["x"]).with_rows([vec![Cell { values: [denied].into(), ..Cell::default() }]]);
        shows(&answer, Format::Tsv, "x\n!= rules\n");
    }
}

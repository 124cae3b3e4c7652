//! JSON, digits as written. The shape is that of the `Serialize` implementations.

use crate::answer::serialise::{Digits, Shape};
use crate::answer::{Answer, Proof};
use std::io::{self, Write};

/// All rows, or all proofs of an argument, in one array, on one line.
pub(super) fn array(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Shape::of(answer, Digits::All))?;
    writeln!(out)
}

/// Each row on a line.
pub(super) fn lines(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for row in Shape::of(answer, Digits::All).rows() {
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Each proof on a line, with all that it rests on.
pub(super) fn proofs(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    for proof in proofs {
        serde_json::to_writer(&mut *out, proof)?;
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{awkward, cited, clusters, digits, shows};
    use crate::answer::{Answer, Cell, Datum, Shown, Standing};

    #[test]
    fn one_array_of_row_objects() {
        let expected = concat!(
            r#"[{"name":"jepara_furniture","workers":{"low":1800,"high":2200,"text":"about 2000"},"#,
            r#""export_share":16.10,"social_capital":"strong","recommended":["trade_fairs","training"]},"#,
            r#"{"name":"thai_automotive","workers":null,"export_share":null,"#,
            r#""social_capital":["weak","strong"],"recommended":["quality_standards"]}]"#,
            "\n"
        );
        shows(&clusters(), Format::Json, expected);
    }

    #[test]
    fn sources_stand_beside_the_values_in_their_shape() {
        let expected = concat!(
            r#"{"name":"jepara","name_sources":[],"social_capital":"strong","social_capital_sources":"#,
            r#"["chaminade_vang_2006, table 2","sandee_1998 via chaminade_vang_2006, section 3.1"],"#,
            r#""recommended":["training","trade_fairs"],"recommended_sources":[["berry_2002"],[]],"#,
            r#""read":["berry_2002, p. 3"],"read_sources":[[]]}"#,
            "\n"
        );
        shows(&cited(), Format::Ndjson, expected);
    }

    #[test]
    fn text_is_escaped() {
        let expected = concat!(
            r#"{"a|b":"a|b\\c \"50%\" & <i>_x_</i>, [y]\tz\nnext","yes":true}"#, //
            "\n"
        );
        shows(&awkward(), Format::Ndjson, expected);
    }

    #[test]
    fn digits_are_kept() {
        let cells = ["0.10", "-3", "0.3333333333333333333333333333", "79228162514264337593543950335"];
        let answer =
            Answer::new(["a", "b", "c", "d"]).with_rows([cells.map(|d| Cell::one(digits(d))).to_vec()]);
        let expected =
            r#"{"a":0.10,"b":-3,"c":0.3333333333333333333333333333,"d":79228162514264337593543950335}"#;
        shows(&answer, Format::Ndjson, &format!("{expected}\n"));
    }

    #[test]
    fn a_denied_value_is_not_taken_for_a_supported_one() {
        let denied = Shown { standing: Standing::Denied, ..Shown::plain(Datum::Name("rules".into())) };
        let cell = Cell { values: [denied].into(), list: true, unsaid: Vec::new() };
        let answer = Answer::new(["recommended"]).with_rows([vec![cell]]);
        shows(&answer, Format::Json, "[{\"recommended\":[{\"not\":\"rules\"}]}]\n");
    }

    #[test]
    fn no_rows() {
        shows(&Answer::new(["name"]), Format::Json, "[]\n");
        shows(&Answer::new(["name"]), Format::Ndjson, "");
    }
}

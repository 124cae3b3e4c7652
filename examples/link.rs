//! A program that keeps its cases in Casebook.
//!
//! `cargo run --example link` uses a store of its own that is gone afterwards;
//! `cargo run --example link -- ports.casebook` keeps it in the folder `ports.casebook`.

use casebook::{Casebook, Error, Number};
use serde::Deserialize;
use std::fmt::Write;

/// A row of the answer. A cell that may be empty is an `Option`, one with several values a `Vec`; a number
/// that need not be exact is a `Number`.
#[derive(Deserialize)]
struct Port {
    name: String,
    ships: Option<Number>,
    ownership: String,
    advised: Vec<String>,
}

/// What the store should know, in its own language: one commit, and no commit if it is all there already.
const VOCABULARY: &str = r#"
kind port "a seaport"
kind measure
attribute ships of port: number "ships a year"
attribute ownership of port: one of public, private, mixed
attribute advised of port: many measure
measure concessions "Lease terminals to private firms" { }
source port_review_2004 "A review of port reform" { }
pattern split_roles "Public ports gain from letting private firms handle cargo" {
  for port
  when ownership = public
  then advised = concessions
  [port_review_2004 "p. 12"]
}
"#;

fn main() -> Result<(), Error> {
    let book = match std::env::args().nth(1) {
        Some(path) => Casebook::open(path)?,
        None => Casebook::in_memory(),
    };
    print!("{}", report(&book)?);
    Ok(())
}

/// Fills the store and asks it; gives what there is to print.
pub fn report(book: &Casebook) -> Result<String, Error> {
    book.run_file(VOCABULARY, "vocabulary")?;

    // Claims that belong together are committed together.
    let mut change = book.change();
    change.thing("port", "rotterdam", "Port of Rotterdam").thing("port", "busan", "Port of Busan");
    change.claim("rotterdam", "ships", "about 30000").cite("port_review_2004", "p. 3");
    change.claim("rotterdam", "ownership", "mixed").cite("port_review_2004", "p. 4").since("2004");
    change.claim("busan", "ownership", "public").cite("port_review_2004", "p. 9").hedged();
    let mut text = format!("{}\n", change.commit()?.summary);

    // A question is read once and asked with different values; these are never read as anything else.
    let asked = book.prepare("ports where ownership = $ownership show name, ships, ownership, advised")?;
    for ownership in ["mixed", "public", "private"] {
        let answer = asked.bind("ownership", ownership).query()?;
        let ports: Vec<Port> = answer.deserialize()?;
        for Port { name, ships, ownership, advised } in ports {
            let ships = ships.map_or("an unknown number of".to_string(), |ships| ships.to_string());
            let _ = writeln!(text, "{name}: {ownership}, {ships} ships, advised {advised:?}");
        }
    }

    // A refusal says what is wrong, where, and what to do.
    if let Err(error) = book.query("ports where ownership = publik") {
        let _ = writeln!(text, "{error}");
    }
    Ok(text)
}

//! CSV files in, batches and refusals out.

use super::super::tests::{import_plan, with_statements};
use super::read;
use crate::error::Error;
use crate::facts::Snapshot;
use crate::model::change::{Batch, Operation};

const STORE: &str = r#"
kind country plural countries
kind cluster
attribute industry of cluster: one of traditional, resource_based, cops
alias cops = complex_product_systems
attribute country of cluster: country inverse clusters_within
attribute permanent_workers of cluster: number "persons"
attribute export_share of cluster: percent
attribute founded of cluster: year
attribute opened of cluster: date
attribute learns of cluster: yes/no
attribute place of cluster: many text
source survey_2005 { }
country thailand "Thailand" { }
country indonesia { }
alias thailand = siam
cluster jepara_furniture "Jepara" { }
alias jepara_furniture = jepara
"#;

fn store() -> Snapshot {
    with_statements(&Snapshot::default(), "", STORE)
}

fn import(how: &str, file: &[u8]) -> Result<Vec<Operation>, Error> {
    let store = store();
    let plan = import_plan(&store, &format!("import \"clusters.csv\" as cluster {how}"));
    read(file, "clusters.csv", &plan, store.vocabulary(), &store, &mut |_| Ok(()))
}

/// The declarations that come out, as `name: type`, and the rows, as `name|title|attribute=value|...`.
fn read_as(how: &str, file: &str) -> Vec<String> {
    let operations = import(how, file.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    operations.iter().flat_map(lines).collect()
}

fn lines(operation: &Operation) -> Vec<String> {
    match operation {
        Operation::DeclareAttribute(declared) => {
            let described =
                declared.description.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
            vec![format!("{}{described}: {:?}", declared.name, declared.value_type)]
        }
        Operation::Import(batch) => (0..batch.names.len()).map(|row| row_line(batch, row)).collect(),
        other => panic!("{other:?}"),
    }
}

fn row_line(batch: &Batch, row: usize) -> String {
    let mut line = batch.names.get(row).expect("a name").to_string();
    if let Some(title) = batch.titles.get(row) {
        line += &format!("|{title}");
    }
    for column in &batch.columns {
        assert_eq!(column.codes.len(), batch.names.len());
        if let Some(at) = (column.codes[row] as usize).checked_sub(1) {
            line += &format!("|{}={:?}", column.attribute, column.dictionary.get(at).expect("a value"));
        }
    }
    shortened(&line)
}

/// Values as the language writes them.
fn shortened(line: &str) -> String {
    let mut line = line.to_string();
    for part in ["YesNo(", "Choice(", "Text(", ")", "`", "\""] {
        line = line.replace(part, "");
    }
    line
}

fn refused(how: &str, file: &[u8]) -> String {
    match import(how, file) {
        Err(error) => error.to_string(),
        Ok(operations) => panic!("not refused: {operations:?}"),
    }
}

#[test]
fn columns_are_attributes_by_name_or_by_mapping() {
    let rows = read_as(
        "name from id, title from Label, permanent_workers from employees",
        "id,label,Export Share,employees,learns\nbangkok,Bangkok,16.1%,about 2000,Yes\npenang,\"Penang, MY\",,> 700,\n",
    );
    assert_eq!(rows.len(), 2);
    assert!(rows[0].starts_with("bangkok|Bangkok|permanent_workers="), "{}", rows[0]);
    assert!(rows[0].ends_with("|learns=true"), "{}", rows[0]);
    assert!(rows[1].starts_with("penang|Penang, MY|permanent_workers="), "{}", rows[1]);
    assert!(!rows[1].contains("export_share"), "an empty cell claims nothing: {}", rows[1]);
}

#[test]
fn values_are_typed_by_the_attribute() {
    let rows = read_as(
        "",
        "name,industry,place,learns\na,CoPS,Ward 1,no\nb,complex product systems,in,yes\nc,cops,,NO\n",
    );
    assert_eq!(rows[0], "a|industry=cops|place=Ward 1|learns=false");
    assert_eq!(rows[1], "b|industry=cops|place=in|learns=true");
    assert_eq!(rows[2], "c|industry=cops|learns=false");
    let rows = read_as("", "name,country,founded,opened\na,Siam,1990,2005-09-20\nb,thailand,1990s,1995\n");
    assert!(rows[0].contains("country=Thing(ThingName { kind: country, name: thailand }"), "{}", rows[0]);
}

#[test]
fn what_says_the_same_has_one_code() {
    let operations = import("", b"name,industry\na,CoPS\nb,cops\nc,traditional\nd,complex_product_systems\n");
    let Ok([Operation::Import(batch)]) = operations.as_deref() else { panic!("{operations:?}") };
    assert_eq!(batch.columns[0].codes, [1, 1, 2, 1]);
    assert_eq!(batch.columns[0].dictionary.len(), 2);
}

#[test]
fn declare_gives_the_types_that_the_data_show() {
    let file = "\
name,Registered,Start year,age,Share (%),growth,remark,code,day,empty,mixed
a,yes,1995,12,5%,1.5,good,007,2005-09-20,,1
b,No,2001,1200,12.5%,-3,,010,2006-01-01,,two
";
    let lines = read_as("declare", file);
    assert_eq!(
        lines[..9],
        [
            "Registered: YesNo",
            "Start_year \"Start year\": Year",
            "age: Number(None)",
            "Share \"Share (%)\": Percent",
            "growth: Number(None)",
            "remark: Text",
            "code: Text",
            "day: Date",
            "mixed: Text",
        ]
    );
    assert!(lines[9].contains("remark=good|code=007"), "{}", lines[9]);
    let number = read_as("declare", "name,year_built\na,12\nb,1990\n");
    assert_eq!(number[0], "year_built: Number(None)", "12 is no year");
}

#[test]
fn the_file_may_come_from_a_spreadsheet() {
    let file =
        "\u{feff}name,place,\r\n\r\n  penang ,\"two\nlines\",\r\n,,\r\nbangkok,\"say \"\"so\"\"\",\r\n";
    assert_eq!(read_as("", file), ["penang|place=two\\nlines", "bangkok|place=say \\so\\"]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for (file, line) in [
        ("name,learns\na,perhaps", 2),
        ("name,learns\r\na,yes\r\nb,perhaps\r\n", 3),
        ("\n\nname,learns\n\n\na,perhaps\n", 6),
        ("\r\nname,learns\r\n\r\n,\r\na,perhaps", 5),
        ("\"na\nme\",learns\n\"a\n\nb\",yes\nb,perhaps\n", 6),
    ] {
        let shown = refused("name from \"na me\"", file.replace("name,", "na me,").as_bytes());
        assert!(shown.contains(&format!("clusters.csv:{line}:")), "{file:?}: {shown}");
    }
}

#[test]
fn an_alias_names_the_thing_that_is_there() {
    assert_eq!(read_as("", "name,learns\nJepara,yes\n"), ["jepara_furniture|learns=true"]);
    let twice = refused("", b"name,learns\njepara,yes\nJepara Furniture,no\n");
    assert!(twice.contains("stands twice: on line 2 and on line 3"), "{twice}");
}

#[test]
fn a_bad_cell_refuses_the_file_with_its_place() {
    let shown = refused("industry from sector", b"name,sector\na,cops\n\nb,tradtional\n");
    assert_eq!(
        shown,
        "\
error: `tradtional` is not a value of `industry`
 --> clusters.csv:4:1
  |
4 | tradtional
  | ^^^^^^^^^^ in the column `sector`
  |
  = note: it is one of `traditional`, `resource_based` and `cops`
  = help: did you mean `traditional`?"
    );
    for (file, said) in [
        ("name,permanent_workers\na,\"2,000\"\n", "`permanent_workers` is a number, not `2,000`"),
        ("name,permanent_workers\na,unknown\n", "an empty cell claims nothing"),
        ("name,permanent_workers\na,5%\n", "`%` belongs to percentages"),
        ("name,founded\na,95\n", "`95` is not a year"),
        ("name,opened\na,2005-02-30\n", "`opened` is a date, not `2005-02-30`"),
        ("name,learns\na,perhaps\n", "`learns` is yes or no"),
        ("name,country\na,thialand\n", "did you mean `thailand`?"),
        ("name,learns\n,yes\n", "this cluster has no name"),
        ("name,learns\n--,yes\n", "cannot be a name"),
        ("name,learns\na-b,yes\nb,no\nA B,no\n", "`A B` stands twice: on line 2 and on line 4"),
        ("name,learns\na\n", "the first row has 2 cells, this one 1"),
        ("name,learns\na,yes,\n", "the first row has 2 cells, this one 3"),
        ("name,\na,yes\n", "column 2 has a value here, but no name"),
    ] {
        let shown = refused("", file.as_bytes());
        assert!(shown.contains(said), "{file}: {shown}");
        assert!(shown.contains("clusters.csv:"), "{file}: {shown}");
    }
    let shown = refused("", b"name,place\nok,fine\na,\xff\xfe\n");
    assert!(shown.contains("this is not valid UTF-8") && shown.contains("clusters.csv:3"), "{shown}");
}

#[test]
fn a_bad_header_is_refused_with_the_way_out() {
    for (how, file, said) in [
        ("", "", "clusters.csv is empty"),
        ("", "\u{feff}", "clusters.csv is empty"),
        ("", "id,learns\n", "no attribute `id` of cluster"),
        ("", "learns,founded\n", "has no column `name`, by which a cluster is known"),
        ("declare", "id,learns\n", "`name from id` in the statement says which it is"),
        ("declare", "name\rpenang\r", "its lines end in carriage returns alone"),
        ("declare", "name;learns\n", "cells are separated by commas"),
        ("", "name,exprt_share\n", "did you mean `export_share`?"),
        ("", "name,exprt_share\n", "`ATTRIBUTE from exprt_share` in the statement"),
        ("", "name,clusters_within\n", "no attribute `clusters_within`"),
        ("name from idd", "id,learns\n", "clusters.csv has no column `idd`"),
        ("name from id", "id,name\n", "`name` is read from two columns"),
        ("declare", "name,2005\n", "`2005` cannot be the name of an attribute"),
        ("declare", "name,size,Size\n", "`Size` is read from two columns"),
    ] {
        let shown = refused(how, file.as_bytes());
        assert!(shown.contains(said), "{file}: {shown}");
    }
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let mut file = b"name,place\na,\"open\n".to_vec();
    file.resize(40 * 1024 * 1024, b'x');
    assert!(refused("", &file).contains("is there a `\"` that is not closed?"));
}

#[test]
fn progress_counts_the_rows() {
    let store = store();
    let plan = import_plan(&store, "import \"clusters.csv\" as cluster");
    let rows: String = (0..20_000).map(|row| format!("thing {row}\n")).collect();
    let mut told = Vec::new();
    let file = format!("name\n{rows}");
    let read = read(file.as_bytes(), "", &plan, store.vocabulary(), &store, &mut |rows| {
        told.push(rows);
        Ok(())
    });
    assert!(read.is_ok());
    assert_eq!(told, [8_192, 16_384, 20_000]);
}

//! Random stores: what is typed and what is imported, the one laid over the other.

use crate::dice::Dice;
use crate::generate::{self, CASE, Size, attributes_of};
use crate::interval::Comparison;
use crate::world::{Condition, Expression, Form, Thing, Type, World};
use casebook::Casebook;
use std::fs;
use tempfile::TempDir;

/// A store, and what it takes to ask and to tell of it.
pub struct Store {
    pub world: World,
    pub book: Casebook,
    /// The statements that made it, imports with their files.
    pub told: Vec<String>,
}

/// How much of it is there.
#[derive(Clone, Copy)]
pub struct Shape {
    pub size: Size,
    /// So many files are imported.
    pub imports: (usize, usize),
    /// So many distinct values a column has, by which many things agree.
    pub distinct: usize,
}

pub const SMALL: Shape =
    Shape { size: Size { things: (0, 12), changes: (5, 80), patterns: 6 }, imports: (0, 2), distinct: 6 };
/// From 64 things on, whole columns are tested at once.
pub const MIDDLE: Shape = Shape {
    size: Size { things: (60, 150), changes: (40, 250), patterns: 3 },
    imports: (1, 3),
    distinct: 12,
};
pub const LARGE: Shape = Shape {
    size: Size { things: (1_200, 2_400), changes: (100, 400), patterns: 5 },
    imports: (2, 3),
    distinct: 8,
};

/// A text for each case that has one; texts compare folded.
pub const REMARKS: [&str; 5] = ["Old town", "old_town", "harbour", "Hinter-land", "50% of it_all"];

/// Makes the store of a seed.
pub fn store(dice: &mut Dice, shape: Shape) -> Store {
    let world = generate::world(dice, shape.size);
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut store = Store { world, book: Casebook::in_memory(), told: Vec::new() };
    let declared = store.world.declarations();
    let imports = dice.between(shape.imports.0, shape.imports.1);
    // Of the cases that a file brings nobody speaks before.
    let brought: Vec<Thing> =
        store.world.things_of(CASE).into_iter().filter(|_| imports > 0 && dice.chance(80)).collect();
    let is_brought = |statement: &String| {
        brought.iter().any(|thing| *statement == format!("case {} {{ }}", store.world.things[*thing].name))
    };
    let mut statements: Vec<String> =
        declared.into_iter().filter(|statement| !is_brought(statement)).collect();
    statements.push("attribute remark of case: text".to_string());
    statements.push("attribute linked of case: many case inverse linked_by".to_string());
    store.run_all(&statements);
    for at in 0..imports.saturating_sub(1) {
        let things = if at == 0 { brought.clone() } else { some(dice, &store.world) };
        store.import(dice, &folder, shape, &things);
    }
    let changes: Vec<String> = store.world.changes.iter().map(|change| store.world.change(change)).collect();
    let things: Vec<String> =
        brought.iter().map(|thing| format!("case {} {{ }}", store.world.things[*thing].name)).collect();
    store.run_all(&things);
    store.run_all(&changes);
    store.remark(dice);
    store.conclude();
    store.close(dice);
    // What is imported last is laid over what was typed.
    if imports > 0 {
        let things = some(dice, &store.world);
        store.import(dice, &folder, shape, &things);
    }
    store
}

fn some(dice: &mut Dice, world: &World) -> Vec<Thing> {
    let share = *dice.pick(&[10, 50, 100]);
    world.things_of(CASE).into_iter().filter(|_| dice.chance(share)).collect()
}

impl Store {
    fn run_all(&mut self, statements: &[String]) {
        let text = statements.join("\n");
        self.book.run_file(&text, "store").unwrap_or_else(|error| panic!("{error}\n{}", self.told()));
        self.told.extend_from_slice(statements);
    }

    /// What made the store: of large ones the beginning.
    pub fn told(&self) -> String {
        let told = self.told.join("\n");
        told.lines().take(500).map(|line| format!("{line}\n")).collect()
    }

    /// A few more claims.
    pub fn change(&mut self, dice: &mut Dice) {
        let claims: Vec<String> = (0..dice.between(1, 6))
            .filter_map(|_| generate::claim(dice, &self.world))
            .map(|claim| format!("assert {}", self.world.claim(&claim)))
            .collect();
        self.run_all(&claims);
    }

    /// The patterns that can run and have a form in SQL, and of those that join none that would try all pairs of thousands.
    fn conclude(&mut self) {
        let few = self.world.things.len() < 200;
        for pattern in std::mem::take(&mut self.world.patterns) {
            let statement = self.world.pattern(&pattern);
            let is_cheap = few || pattern.variables.len() == 1 || is_linked(&pattern.condition);
            if !is_cheap || self.book.run(&statement).is_err() {
                continue;
            }
            if pattern.conclusions.iter().all(|conclusion| self.has_a_form(conclusion.attribute)) {
                self.told.push(statement);
                self.world.patterns.push(pattern);
            } else {
                self.book.run(&format!("retract pattern {}", pattern.name)).expect("it is there");
            }
        }
    }

    /// The closure of some reference between cases, which no claim disturbs.
    fn close(&mut self, dice: &mut Dice) {
        let links: Vec<&str> = attributes_of(&self.world, CASE)
            .into_iter()
            .filter(|attribute| self.world.attributes[*attribute].takes == Type::Reference(CASE))
            .map(|attribute| self.world.name(attribute))
            .collect();
        let Some(link) = (!links.is_empty()).then(|| *dice.pick(&links)) else { return };
        let (first, then) = *dice.pick(&[(link, "linked"), ("linked", link)]);
        self.run_all(&[
            format!("pattern links {{ for case A, case B when A.{link} = B then A.linked = B }}"),
            format!(
                "pattern links_on {{ for case A, case B, case C \
                 when A.{first} = B and B.{then} = C then A.linked = C }}"
            ),
        ]);
    }

    fn has_a_form(&self, attribute: usize) -> bool {
        let plural = ["cases", "policies"][self.world.attributes[attribute].of];
        self.book.sql(&format!("{plural} show {}", self.world.name(attribute))).is_ok()
    }

    /// Texts are no part of the laws' worlds.
    fn remark(&mut self, dice: &mut Dice) {
        let cases = self.world.things_of(CASE);
        let statements: Vec<String> = (0..cases.len().min(12))
            .map(|_| {
                let name = &self.world.things[*dice.pick(&cases)].name;
                let (sign, remark) = (dice.pick(&["=", "=", "!="]), dice.pick(&REMARKS));
                let cited = dice.pick(&["", " [source1]", " [source2]"]);
                format!("assert {name}.remark {sign} \"{remark}\"{cited}")
            })
            .collect();
        self.run_all(&statements);
    }

    /// A file with some attributes of these cases, cited and dated as a whole.
    fn import(&mut self, dice: &mut Dice, folder: &TempDir, shape: Shape, things: &[Thing]) {
        let mut columns = attributes_of(&self.world, CASE);
        columns.retain(|_| dice.chance(60));
        let mut names = vec!["name".to_string(), "title".to_string(), "remark".to_string()];
        names.extend(columns.iter().map(|attribute| self.world.name(*attribute).to_string()));
        let values: Vec<Vec<String>> =
            columns.iter().map(|attribute| self.values(dice, *attribute, shape.distinct)).collect();
        let mut rows = vec![names.join(",")];
        for thing in things {
            let title = dice.pick(&["", "Town", "A city"]).to_string();
            let remark = dice.pick(&["", REMARKS[0], REMARKS[1], REMARKS[2]]).to_string();
            let mut cells = vec![self.world.things[*thing].name.clone(), title, remark];
            cells.extend(values.iter().map(|values| match dice.chance(85) && !values.is_empty() {
                true => dice.pick(values).clone(),
                false => String::new(),
            }));
            rows.push(cells.join(","));
        }
        let file = folder.path().join(format!("{}.csv", self.told.len()));
        let text = rows.join("\n") + "\n";
        fs::write(&file, &text).expect("there is room for a file");
        let evidence =
            dice.pick(&["", "", " [source1]", " [source3 \"p. 9\"] (hedged)", " (in 1995)", " (until 1993)"]);
        let path = file.display().to_string().replace('\\', "\\\\");
        let statement = format!("import \"{path}\" as case{evidence}");
        self.book.run(&statement).unwrap_or_else(|error| panic!("{error}\n{text}\nafter\n{}", self.told()));
        self.told.push(format!("# import as case{evidence}\n# {}", rows.join("\n# ")));
    }

    /// A few values of an attribute, as they stand in a file; of large stores only some refer to things that are there.
    fn values(&self, dice: &mut Dice, attribute: usize, distinct: usize) -> Vec<String> {
        // What a file of cases brings is there only once it has been read.
        let is_there = |word: &String| match self.world.attributes[attribute].takes {
            Type::Reference(CASE) => self.book.query(&format!("case {word}.title")).is_ok(),
            _ => true,
        };
        let values = (0..distinct).filter_map(|_| generate::value(dice, &self.world, attribute));
        values.map(|value| self.world.value(&value)).filter(is_there).collect()
    }
}

/// Whether a condition demands that one variable refers to another.
fn is_linked(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(is_linked),
        Condition::Test(
            _,
            Form::Compare { comparison: Comparison::Equal, right: Expression::Path(path), .. },
        ) => path.steps.is_empty(),
        _ => false,
    }
}

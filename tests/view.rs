//! The view of a store: it says what it was told, part by part, and never anything else, whatever becomes of its bytes.

use casebook::ErrorKind;
use casebook::model::change::{Commit, CommitLine, Operation};
use casebook::model::view::{
    CELLS_PER_PAGE, ColumnOutline, Distinct, Kept, Listed, NAMES_PER_PAGE, NamePage, Outline, Parts,
    PatternLine, VALUES_PER_PAGE,
};
use casebook::model::{
    AttributeId, Citation, Claim, ClaimId, Codes, Evidence, KindId, Number, Period, ThingId, Value, When,
    fold,
};
use casebook::store::Store;
use roaring::RoaringBitmap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// What is to be kept. Column 0 is of consecutive things, column 1 of listed ones, and column 2 has many codes a row.
#[derive(Clone, Default)]
struct Told {
    outline: Outline,
    commits: Vec<Arc<CommitLine>>,
    patterns: Vec<PatternLine>,
    names: Vec<(String, String)>,
    cells: Vec<(ThingId, Arc<[Claim]>)>,
    listed: Vec<Listed>,
    ends: Vec<u32>,
    values: Vec<Vec<Value>>,
    codes: Vec<Vec<u32>>,
}

const CELLS: AttributeId = AttributeId(33);

fn page<T: Clone>(all: &[T], page: u32, size: u32) -> Vec<T> {
    all.iter().skip((page * size) as usize).take(size as usize).cloned().collect()
}

impl Parts for Told {
    fn outline(&self) -> Outline {
        self.outline.clone()
    }

    fn commits(&self) -> Vec<Arc<CommitLine>> {
        self.commits.clone()
    }

    fn patterns(&self) -> Vec<PatternLine> {
        self.patterns.clone()
    }

    fn kinds(&self) -> Vec<(u32, KindId)> {
        vec![(0, KindId(8)), (12, KindId(9))]
    }

    fn names(&self, at: u32) -> NamePage {
        let (names, titles): (Vec<_>, Vec<_>) = page(&self.names, at, NAMES_PER_PAGE).into_iter().unzip();
        let titles = if titles.iter().all(String::is_empty) { Vec::new() } else { titles };
        NamePage { names: names.iter().collect(), titles: titles.iter().collect() }
    }

    fn cell_things(&self, _: AttributeId) -> RoaringBitmap {
        self.cells.iter().map(|(thing, _)| thing.0).collect()
    }

    fn cells(&self, _: AttributeId, at: u32) -> Vec<(ThingId, Arc<[Claim]>)> {
        page(&self.cells, at, CELLS_PER_PAGE)
    }

    fn listed(&self, column: usize) -> Vec<Listed> {
        if column == 1 { self.listed.clone() } else { Vec::new() }
    }

    fn ends(&self, column: usize) -> Vec<u32> {
        if column == 2 { self.ends.clone() } else { Vec::new() }
    }

    fn values(&self, column: usize, at: u32) -> Distinct {
        Distinct::Mixed(page(&self.values[column], at, VALUES_PER_PAGE))
    }

    fn codes(&self, column: usize) -> Codes {
        Codes::new(&self.codes[column], self.outline.columns[column].values as usize)
    }
}

fn period(first: i32, text: &str) -> Option<Period> {
    Some(Period { first, last: first + 364, text: text.into() })
}

fn number(text: &str) -> Value {
    Value::Number(Number::exactly(text.parse().unwrap()))
}

fn evidence() -> Evidence {
    let citation = Citation { source: ThingId(7), via: Some(ThingId(9)), locator: Some("p. 1".into()) };
    let when = When { observed: period(9131, "1995"), since: None, until: period(7305, "1990") };
    Evidence { citations: vec![citation], hedged: true, when }
}

/// A claim of each sort of value, and one that says that a source does not say.
fn claims() -> Arc<[Claim]> {
    let values = [
        Value::Choice(3),
        Value::YesNo(true),
        Value::Thing(ThingId(5)),
        Value::Text("free text".into()),
        Value::Number(Number::about(2000.into())),
        number("-1.50"),
    ];
    let shared = Arc::new(evidence());
    let claim = |(ordinal, value): (u32, Option<Value>)| Claim {
        id: ClaimId { commit: 1, ordinal },
        value,
        denied: ordinal == 2,
        evidence: if ordinal % 2 == 0 { shared.clone() } else { Arc::default() },
        note: (ordinal == 4).then(|| "a note".into()),
    };
    (0..).zip(values.into_iter().map(Some).chain([None])).map(claim).collect()
}

fn column(first: Option<u32>, [rows, places, values, exact]: [u32; 4]) -> ColumnOutline {
    ColumnOutline {
        attribute: AttributeId(30),
        commit: 1,
        import: 0,
        first_ordinal: 4,
        evidence: evidence(),
        first: first.map(ThingId),
        rows,
        places,
        many: rows != places,
        values,
        exact,
    }
}

/// Something of every sort: so many names that count and names that do not, cells, and rows of each column.
fn told(counted: u32, others: u32, cells: u32, [plain, listed, many]: [u32; 3]) -> Told {
    let name = |thing: u32| match thing < counted {
        true => (format!("case_{}", thing + 1), String::new()),
        false => (format!("été {}", thing.wrapping_mul(7919)), "its title".repeat((thing % 2) as usize)),
    };
    let rare: Vec<Value> = (0..2500).map(|at| number(&format!("{}.{}", at / 10, at % 10))).collect();
    let few = vec![number("7"), number("7.50"), Value::Number(Number::above(3.into(), true))];
    let refer = (0..600).map(|at| Value::Thing(ThingId(at * 3))).collect();
    let ends: Vec<u32> = (1..=many).map(|row| row * 3 + row % 4).collect();
    let places = ends.last().copied().unwrap_or(0);
    let scattered = |row: u32| if row.is_multiple_of(3) { 9 } else { row.wrapping_mul(2_654_435_761) % 2501 };
    let kind =
        |name: &str| Operation::DeclareKind { name: name.into(), plural: name.into(), description: None };
    Told {
        outline: Outline {
            commit: 1,
            seed: Some("digest".into()),
            vocabulary: vec![kind("case"), kind("firm")],
            things: counted + others,
            columns: vec![
                column(Some(3), [plain, plain, 2500, 2500]),
                column(None, [listed, listed, 3, 2]),
                column(Some(0), [many, places, 600, 0]),
            ],
            cells: vec![CELLS],
        },
        commits: vec![Arc::new(line(&commit()))],
        patterns: vec![PatternLine {
            name: "helps".into(),
            statement: "pattern helps { }".into(),
            concludes: vec![AttributeId(1)],
            reads: vec![(AttributeId(2), true), (AttributeId(3), false)],
        }],
        names: (0..counted + others).map(name).collect(),
        cells: (0..cells).map(|at| (ThingId(at * 2), claims())).collect(),
        listed: (0..listed)
            .map(|row| Listed { thing: ThingId(row * 5), row: listed - row, place: row })
            .collect(),
        ends,
        values: vec![rare, few, refer],
        codes: vec![
            (0..plain).map(scattered).collect(),
            (0..listed).map(|row| row % 4).collect(),
            (0..places).map(|place| place * 31 % 601).collect(),
        ],
    }
}

fn commit() -> Commit {
    Commit { number: 1, time: 9, author: "ada".into(), seed: None, operations: Vec::new() }
}

fn line(commit: &Commit) -> CommitLine {
    let Commit { number, time, author, .. } = commit.clone();
    CommitLine { number, time, author, seed: None, operations: 0 }
}

/// A store with a view of what was told.
fn viewed(directory: &Path, told: &Told) -> Store {
    let store = Store::open(directory).unwrap();
    let mut writer = store.lock().unwrap();
    writer.append(&commit()).unwrap();
    writer.checkpoint(told).unwrap();
    drop(writer);
    store
}

/// What a view says of each part, in words, or only what it says that it was not told.
fn parts(parts: &dyn Parts, told: &Told) -> Vec<String> {
    let mut said = vec![
        format!("{:?}", parts.outline()),
        format!("{:?}", parts.commits()),
        format!("{:?}", parts.patterns()),
        format!("{:?}", parts.kinds()),
        format!("{:?}", parts.cell_things(CELLS)),
    ];
    let pages = (told.cells.len() as u32).div_ceil(CELLS_PER_PAGE);
    said.extend((0..pages).map(|at| format!("{:?}", parts.cells(CELLS, at))));
    let pages = told.outline.things.div_ceil(NAMES_PER_PAGE);
    said.extend((0..pages).map(|at| format!("{:?}", parts.names(at).titles)));
    for (at, column) in told.outline.columns.iter().enumerate() {
        said.push(format!("{:?}", (parts.listed(at), parts.ends(at), parts.codes(at))));
        let pages = column.values.div_ceil(VALUES_PER_PAGE);
        said.extend((0..pages).map(|page| {
            let values = parts.values(at, page);
            let value = |at| values.get(at, Value::clone);
            format!("{:?}", (0..values.len()).map(value).collect::<Vec<_>>())
        }));
    }
    said
}

/// What a view finds by itself is what a search through all that it was told finds.
fn finds(view: &dyn Kept, told: &Told) -> bool {
    let names = (0..).zip(&told.names).all(|(thing, (name, _))| {
        let page = view.names(thing / NAMES_PER_PAGE);
        match view.counted().iter().find(|counted| counted.things.contains(&thing)) {
            Some(counted) => counted.name(thing) == *name && counted.find(&fold(name)) == Some(thing),
            None => {
                page.names.get((thing % NAMES_PER_PAGE) as usize) == Some(name)
                    && view.named(&fold(name)).contains(&ThingId(thing))
            }
        }
    });
    names && (0..told.outline.columns.len()).all(|column| finds_codes(view, told, column))
}

fn finds_codes(view: &dyn Kept, told: &Told, column: usize) -> bool {
    let codes = &told.codes[column];
    let places: Vec<u32> = (0..codes.len() as u32).filter(|place| place % 1000 < 3).collect();
    let some: Vec<u32> = places.iter().map(|place| codes[*place as usize]).collect();
    let by_place = view.codes_at(column, &places) == some
        && places.iter().map(|place| view.code_at(column, *place)).eq(some.iter().copied());
    let thing = |place: u32| match column {
        0 => place + 3,
        1 => told.listed[place as usize].thing.0,
        _ => told.ends.partition_point(|end| *end <= place) as u32,
    };
    let buckets = view.buckets(column);
    let ends = buckets.iter().skip(1).map(|next| next.first).chain([told.outline.columns[column].values + 1]);
    let holding = view.holding(column, 0..buckets.len());
    let of = |first: u32, end: u32| (0..).zip(codes).filter(move |(_, code)| (first..end).contains(*code));
    by_place
        && holding.len() == buckets.len()
        && buckets.iter().zip(ends).zip(&holding).enumerate().all(|(at, ((bucket, end), things))| {
            let counts: Vec<u32> =
                (bucket.first..end).map(|code| of(code, code + 1).count() as u32).collect();
            bucket.below == of(1, bucket.first).count() as u64
                && view.counts(column, at) == counts
                && *things == of(bucket.first, end).map(|(place, _)| thing(place)).collect::<RoaringBitmap>()
        })
}

#[test]
fn a_view_says_what_it_was_told() {
    let place = tempfile::tempdir().unwrap();
    let told = told(1500, 1500, 700, [40_000, 5000, 2000]);
    let store = viewed(place.path(), &told);
    let view = store.load().unwrap().view.unwrap();
    assert_eq!(parts(&*view, &told), parts(&told, &told));
    assert!(finds(&*view, &told));
    assert!(!view.counted().is_empty() && view.buckets(0).len() > 8 && view.buckets(2).len() > 8);
    assert!(view.named("nobody").is_empty());

    // It can be read as long as it is open, whatever view counts by then.
    let mut writer = store.lock().unwrap();
    let second = Commit { number: 2, ..commit() };
    writer.append(&second).unwrap();
    let mut later = told.clone();
    later.outline.commit = 2;
    later.commits.push(Arc::new(line(&second)));
    writer.checkpoint(&later).unwrap();
    assert!(finds(&*view, &told));
    assert_eq!(view.fault(), None);
}

#[test]
fn a_view_of_next_to_nothing_says_so() {
    let place = tempfile::tempdir().unwrap();
    let told = Told { outline: Outline { commit: 1, ..Outline::default() }, ..Told::default() };
    let view = viewed(place.path(), &told).load().unwrap().view.unwrap();
    assert_eq!(parts(&*view, &told), parts(&told, &told));
    assert!(view.named("nobody").is_empty() && view.counted().is_empty());
    assert!(view.codes_at(5, &[1]).is_empty() && view.buckets(5).is_empty() && view.values(5, 0).is_empty());
    assert_eq!(view.fault(), None);
}

/// Found when it is opened, or when the part is read.
#[test]
fn no_flipped_or_missing_byte_of_a_view_goes_unnoticed() {
    let place = tempfile::tempdir().unwrap();
    let told = Told { values: vec![Vec::new(); 3], ..told(0, 20, 3, [0, 30, 0]) };
    let told =
        Told { outline: Outline { columns: told.outline.columns.clone(), ..told.outline.clone() }, ..told };
    let store = viewed(place.path(), &told);
    // Without the log there is nothing to make up for it.
    fs::remove_dir_all(place.path().join("log")).unwrap();
    let path = place.path().join("view.000002");
    let whole = fs::read(&path).unwrap();
    assert!(whole.len() < 4000, "{} bytes", whole.len());
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        for bytes in [&flipped[..], &whole[..at]] {
            fs::write(&path, bytes).unwrap();
            match store.load() {
                Err(error) => assert_eq!(error.kind(), ErrorKind::Damaged, "byte {at}"),
                Ok(loaded) => {
                    let view = loaded.view.unwrap();
                    let _ = (parts(&*view, &told), finds(&*view, &told));
                    let fault = view.fault().unwrap_or_else(|| panic!("byte {at} is not noticed"));
                    assert!(fault.contains("view.000002` is damaged at byte"), "{fault}");
                }
            }
        }
    }
}

#[test]
fn a_view_of_what_is_damaged_is_not_written() {
    struct Damaged(Told);
    impl Parts for Damaged {
        fn outline(&self) -> Outline {
            self.0.outline()
        }
        fn commits(&self) -> Vec<Arc<CommitLine>> {
            self.0.commits()
        }
        fn fault(&self) -> Option<String> {
            Some("a block is damaged".to_string())
        }
    }
    let place = tempfile::tempdir().unwrap();
    let told = Told { outline: Outline { commit: 1, ..Outline::default() }, ..Told::default() };
    let store = viewed(place.path(), &told);
    let mut writer = store.lock().unwrap();
    writer.append(&Commit { number: 2, ..commit() }).unwrap();
    let later = Told { outline: Outline { commit: 2, ..Outline::default() }, ..told };
    let error = writer.checkpoint(&Damaged(later)).unwrap_err();
    assert!(error.to_string().contains("a block is damaged"), "{error}");
    assert_eq!(store.load().unwrap().tail.len(), 1, "the old view counts");
}

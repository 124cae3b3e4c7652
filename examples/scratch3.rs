use casebook::Casebook;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let start = std::time::Instant::now();
    let book = Casebook::open(&path).unwrap();
    let opened = start.elapsed();
    let start = std::time::Instant::now();
    let a = book.query("count clusters where at_risk = yes").unwrap();
    eprintln!("open {opened:?} derive {:?} {}", start.elapsed(), a.rows()[0]["count"]);
    println!("{}", start.elapsed().as_secs_f64() * 1e3);
}

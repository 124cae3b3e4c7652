//! What a question did, step by step: for `explain`.

use crate::answer::{Answer, Cell, Datum};
use crate::error::Result;
use crate::model::Number;
use rust_decimal::Decimal;
use std::cell::{Cell as Counter, RefCell};
use std::time::{Duration, Instant};

/// The steps of one question, in the order in which they began.
#[derive(Debug, Default)]
pub struct Trace {
    steps: RefCell<Vec<Step>>,
    depth: Counter<usize>,
}

#[derive(Clone, Debug)]
struct Step {
    /// In words, indented below the step it is part of.
    words: String,
    /// How many rows it was expected to leave.
    estimated: Option<u64>,
    /// How many it left.
    rows: Option<u64>,
    time: Duration,
}

impl Trace {
    /// Runs one step; where there is a trace, it tells of it: in which words, how many rows are expected, how
    /// many are left. Steps that begin within it are part of it.
    pub fn step<T>(
        trace: Option<&Trace>,
        words: impl FnOnce() -> String,
        estimated: Option<u64>,
        rows: impl FnOnce(&T) -> u64,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        match trace {
            Some(trace) => trace.told(&words(), estimated, rows, run),
            None => run(),
        }
    }

    fn told<T>(
        &self,
        words: &str,
        estimated: Option<u64>,
        rows: impl FnOnce(&T) -> u64,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let (at, depth) = (self.steps.borrow().len(), self.depth.get());
        let words = format!("{}{words}", "  ".repeat(depth));
        self.steps.borrow_mut().push(Step { words, estimated, rows: None, time: Duration::ZERO });
        self.depth.set(depth + 1);
        let begun = Instant::now();
        let done = run();
        let time = begun.elapsed();
        self.depth.set(depth);
        let done = done?;
        if let Some(step) = self.steps.borrow_mut().get_mut(at) {
            step.rows = Some(rows(&done));
            step.time = time;
        }
        Ok(done)
    }

    /// Tells of something that was done in many small pieces.
    pub fn summed(&self, words: String, rows: u64, time: Duration) {
        self.steps.borrow_mut().push(Step { words, estimated: None, rows: Some(rows), time });
    }

    /// The steps as an answer: in words, rows expected and left, and how long each took.
    pub fn answer(&self) -> Answer {
        let count = |rows: Option<u64>| rows.map_or_else(Cell::default, Cell::count);
        let row = |step: &Step| {
            vec![
                Cell::text(step.words.clone()),
                count(step.estimated),
                count(step.rows),
                Cell::one(Datum::Number(milliseconds(step.time))),
            ]
        };
        let columns = ["step", "estimated", "rows", "milliseconds"];
        Answer::new(columns).with_rows(self.steps.borrow().iter().map(row))
    }
}

/// To a thousandth.
fn milliseconds(time: Duration) -> Number {
    Number::exactly(Decimal::new(i64::try_from(time.as_micros()).unwrap_or(i64::MAX), 3))
}

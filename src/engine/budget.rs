//! How much a question may cost: one mechanism for time limits, row limits and cancelling.

use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// So many conclusions, bindings or rows one question may make, unless told otherwise.
pub const DEFAULT_ROWS: u64 = 50_000_000;

/// What one call of the engine may spend.
///
/// ```
/// use casebook::Budget;
/// use std::time::Duration;
/// let budget = Budget::default().with_time(Duration::from_secs(5)).with_rows(1_000_000);
/// assert!(!budget.is_cancelled());
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    deadline: Option<Instant>,
    rows: u64,
    spent: Arc<AtomicU64>,
    cancelled: Arc<AtomicBool>,
    watch: Option<Watch>,
}

/// Is told how many rows of a file have been read.
#[derive(Clone)]
struct Watch(Arc<dyn Fn(u64) + Send + Sync>);

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

impl Default for Budget {
    /// No deadline, 50,000,000 rows.
    fn default() -> Self {
        Budget {
            deadline: None,
            rows: DEFAULT_ROWS,
            spent: Arc::default(),
            cancelled: Arc::default(),
            watch: None,
        }
    }
}

impl Budget {
    /// With a deadline, this long from now.
    pub fn with_time(mut self, time: Duration) -> Self {
        self.deadline = Instant::now().checked_add(time);
        self
    }

    /// With at most so many rows, conclusions and bindings together.
    pub fn with_rows(mut self, rows: u64) -> Self {
        self.rows = rows;
        self
    }

    /// Cancelled by this flag, whoever sets it.
    pub fn with_cancel_flag(mut self, flag: Arc<AtomicBool>) -> Self {
        self.cancelled = flag;
        self
    }

    /// Telling `watch`, every few thousand rows, how many of the file that is imported have been read.
    pub fn with_watch(mut self, watch: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.watch = Some(Watch(Arc::new(watch)));
        self
    }

    /// An import has read so many rows of its file.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the flag is set.
    pub(crate) fn read(&self, rows: u64) -> Result<()> {
        if let Some(Watch(watch)) = &self.watch {
            watch(rows);
        }
        if self.is_cancelled() {
            let error = Error::new(ErrorKind::Cancelled, "cancelled");
            return Err(error.note("nothing of the import is stored"));
        }
        Ok(())
    }

    /// The same budget with nothing spent yet: what one call may spend.
    pub(crate) fn afresh(&self) -> Budget {
        Budget { spent: Arc::default(), ..self.clone() }
    }

    /// Whether the flag is set.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Spends so many rows, and looks at flag and clock once in a while.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], or [`ErrorKind::Limit`] when rows or time are used up.
    pub fn spend(&self, rows: u64) -> Result<()> {
        let before = self.spent.fetch_add(rows, Ordering::Relaxed);
        if before + rows > self.rows {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("the question made more than {} rows", self.rows),
            )
            .note("ask for less, or allow more rows"));
        }
        let looks = before / 1024 != (before + rows) / 1024 || before == 0;
        if looks { self.check() } else { Ok(()) }
    }

    /// Looks at flag and clock.
    ///
    /// # Errors
    /// As [`Budget::spend`].
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "cancelled"));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(Error::new(ErrorKind::Limit, "the question took longer than it may")
                .note("ask for less, or allow more time"));
        }
        Ok(())
    }
}

//! Catching panics of code that is not ours without a word on standard error.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Mutex, PoisonError};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// The calls under way, and the hook that was set before the first of them.
static UNDER_WAY: Mutex<(usize, Option<Arc<Hook>>)> = Mutex::new((0, None));

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Calls `act`; a panic inside gives its message instead, and is not reported.
///
/// The program's panic hook is replaced only while such calls are under way, and stays in force for
/// panics of other threads (except sled's own).
pub fn catch<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    let _guard = Guard::new();
    panic::catch_unwind(AssertUnwindSafe(act)).map_err(|payload| words(payload.as_ref()))
}

fn words(payload: &(dyn Any + Send)) -> String {
    let fixed = payload.downcast_ref::<&str>().map(|words| words.to_string());
    fixed.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".into())
}

struct Guard {
    before: bool,
}

impl Guard {
    fn new() -> Guard {
        // A hook cannot be changed by a thread that is unwinding; the panic then is reported.
        if !std::thread::panicking() {
            let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
            if under_way.0 == 0 {
                under_way.1 = Some(install());
            }
            under_way.0 += 1;
        }
        Guard { before: QUIET.replace(true) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        QUIET.set(self.before);
        if std::thread::panicking() {
            return;
        }
        let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.0 = under_way.0.saturating_sub(1);
        if under_way.0 == 0
            && let Some(hook) = under_way.1.take()
        {
            restore(hook);
        }
    }
}

fn install() -> Arc<Hook> {
    let before = Arc::new(panic::take_hook());
    let hook = before.clone();
    panic::set_hook(Box::new(move |info| {
        let current = std::thread::current();
        let of_sled = current.name().is_some_and(|name| name.starts_with("sled"));
        if !QUIET.get() && !of_sled {
            hook(info);
        }
    }));
    before
}

fn restore(hook: Arc<Hook>) {
    drop(panic::take_hook());
    match Arc::try_unwrap(hook) {
        Ok(hook) => panic::set_hook(hook),
        Err(hook) => panic::set_hook(Box::new(move |info| hook(info))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(catch(|| 1), Ok(1));
        assert_eq!(catch(|| panic!("out of {}", "luck")), Err::<(), _>("out of luck".to_string()));
        assert_eq!(catch(|| catch(|| panic!("inner")).is_err()), Ok(true));
    }
}

//! Checkpoints: what the tail holds goes to the log, and a new view takes the place of the old one.

use super::chain::{Entry, scan};
use super::files;
use super::head::{HEADER, Head};
use super::log::with_log;
use super::record::FORMAT;
use super::{Position, tail, view};
use crate::error::{Error, ErrorKind, Result};
use crate::model::view::Parts;
use std::ops::RangeInclusive;
use std::path::Path;

/// A tail is due for a checkpoint when it is longer than one part in so many of the view, which is to be written anew,
const DUE_PART: u64 = 32;
/// but not before it has as many bytes as are read in a few milliseconds, and at any rate with so many;
const DUE_BYTES: RangeInclusive<u64> = 128 * 1024..=1024 * 1024;
/// and so is one of as many commits.
const DUE_COMMITS: u32 = 4096;

/// Whether the tail of this `HEAD`, which ends here, is long, or every reader has to open sled: it holds a reference, or
/// there is no view.
pub fn is_due(head: &Head, end: &Position) -> bool {
    let commits = end.commit.saturating_sub(head.chain.commit);
    let due_bytes = (head.view_length / DUE_PART).clamp(*DUE_BYTES.start(), *DUE_BYTES.end());
    end.offset > due_bytes || commits >= DUE_COMMITS || end.refers || head.lacks_view()
}

/// Where a checkpoint stands: a crash may come after each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The log has the tail's commits; `HEAD` does not say so yet.
    Logged,
    /// The new view is written.
    Viewed,
    /// The new tail is written: all is there but `HEAD`.
    Prepared,
    /// The new `HEAD` counts; the old files are still there.
    Switched,
}

/// Makes a checkpoint, calling `reached` between its steps; an error of `reached` ends it there, as a
/// crash would. The store's lock is held by the caller. Gives the `HEAD` that counts afterwards.
pub fn run(directory: &Path, parts: &dyn Parts, reached: &mut dyn FnMut(Step) -> Result<()>) -> Result<Head> {
    let old = Head::read(directory)?;
    let bytes = tail::read(directory, &old)?;
    let tail_path = files::tail(directory, old.generation);
    let scan = scan(&bytes[HEADER..], HEADER as u64, old.chain)
        .map_err(|fault| files::damaged(&tail_path, fault.offset, fault.reason))?;
    expect_parts_of(scan.chain.commit, parts)?;
    if scan.entries.is_empty() && !old.lacks_view() {
        return Ok(old);
    }
    let frames = &bytes[HEADER..scan.end as usize];
    with_log(directory, |log| log.extend(&old, frames, &references(&scan.entries)))?;
    reached(Step::Logged)?;

    let mut new = Head { format: FORMAT, generation: old.generation + 1, chain: scan.chain, view_length: 0 };
    new.view_length = view::write(&files::view(directory, new.generation), &new, parts)?;
    reached(Step::Viewed)?;
    tail::create(directory, &new)?;
    files::sync_directory(directory)?;
    reached(Step::Prepared)?;
    new.write(directory)?;
    reached(Step::Switched)?;
    // The checkpoint is made, whatever becomes of the old files: the next append tries again.
    let _ = drop_generation(directory, old.generation);
    Ok(new)
}

/// Removes a tail and a view that no longer count.
pub fn drop_generation(directory: &Path, generation: u64) -> Result<()> {
    files::remove(&files::tail(directory, generation))?;
    files::remove(&files::view(directory, generation))
}

fn references(entries: &[Entry]) -> Vec<u32> {
    let number = |entry: &Entry| match entry {
        Entry::Reference(reference) => Some(reference.line.number),
        Entry::Commit(_) => None,
    };
    entries.iter().filter_map(number).collect()
}

fn expect_parts_of(commit: u32, parts: &dyn Parts) -> Result<()> {
    let last = parts.outline().commit;
    if last == commit && commit > 0 {
        return Ok(());
    }
    let message = format!("the store is at commit {commit}, what a checkpoint is to keep at {last}");
    Err(Error::new(ErrorKind::Meaning, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Commit, CommitLine, Operation, ThingName};
    use crate::model::view::Outline;
    use crate::store::chain::MAX_PAYLOAD;
    use crate::store::log::{Log, with_log};
    use crate::store::{News, Store};
    use std::fs;
    use std::sync::Arc;

    fn commit(number: u32) -> Commit {
        let name = format!("thing {number}").as_str().into();
        let thing = ThingName { kind: "cluster".into(), name };
        let operations = vec![Operation::AddThing { thing, title: None }];
        Commit { number, time: 0, author: "ada".into(), seed: None, operations }
    }

    fn large(number: u32) -> Commit {
        let title = Some("long ".repeat(MAX_PAYLOAD / 4).as_str().into());
        let thing = ThingName { kind: "cluster".into(), name: "large".into() };
        Commit { operations: vec![Operation::AddThing { thing, title }], ..commit(number) }
    }

    /// A snapshot of which nothing is known but its commits.
    struct After(Vec<Arc<CommitLine>>);

    impl Parts for After {
        fn outline(&self) -> Outline {
            Outline { commit: self.0.len() as u32, ..Outline::default() }
        }

        fn commits(&self) -> Vec<Arc<CommitLine>> {
            self.0.clone()
        }
    }

    fn after(commits: &[Commit]) -> After {
        After(commits.iter().map(Commit::line).map(Arc::new).collect())
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            if path.is_dir() {
                copy(&path, &to);
            } else {
                fs::copy(path, to).unwrap();
            }
        }
    }

    /// Whoever opens the store finds these commits, and can go on: with a commit, with a checkpoint.
    fn is_sound(directory: &Path, commits: &[Commit]) {
        let store = Store::open(directory).unwrap();
        let mut all = commits.to_vec();
        for _ in 0..2 {
            let loaded = store.load().unwrap();
            let viewed = loaded.view.map_or(0, |view| view.commits().len());
            assert_eq!((loaded.notice, &loaded.tail[..]), (None, &all[viewed..]));
            assert_eq!(store.history().unwrap(), all);
            all.push(commit(all.len() as u32 + 1));
            let mut writer = store.lock().unwrap();
            writer.append(all.last().unwrap()).unwrap();
            writer.checkpoint(&after(&all)).unwrap();
        }
        assert_eq!(store.history().unwrap(), all);
        let tails = fs::read_dir(directory).unwrap();
        let tails =
            tails.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("tail."));
        assert_eq!(tails.count(), 1, "old tails are dropped");
    }

    /// The story: the process is killed between two steps of a checkpoint, be it the first one or a
    /// later one, with a large commit in the tail or without.
    #[test]
    fn a_checkpoint_is_due_after_4096_commits() {
        let after = |commit| is_due(&Head::FIRST, &Position { commit, ..Position::START });
        assert_eq!([0, 1, 4095, 4096].map(after), [false, false, false, true]);
    }

    #[test]
    fn a_crash_at_any_step_leaves_a_sound_store() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("store");
        let store = Store::open(&directory).unwrap();
        let mut all = Vec::new();
        for round in 0..2 {
            for number in round * 3 + 1..=round * 3 + 3 {
                all.push(if number == 5 { large(number) } else { commit(number) });
                store.lock().unwrap().append(all.last().unwrap()).unwrap();
            }
            let mut steps = Vec::new();
            let mut keep = |step: Step| {
                copy(&directory, &place.path().join(format!("{round} {step:?}")));
                steps.push(step);
                Ok(())
            };
            let _writer = store.lock().unwrap();
            run(&directory, &after(&all), &mut keep).unwrap();
            assert_eq!(steps, [Step::Logged, Step::Viewed, Step::Prepared, Step::Switched]);
            steps.iter().for_each(|step| is_sound(&place.path().join(format!("{round} {step:?}")), &all));
        }
        is_sound(&directory, &all);
    }

    /// The story: a checkpoint gets as far as the log, and is tried again when there is more.
    #[test]
    fn a_checkpoint_that_failed_is_made_up_for_by_the_next() {
        for failing in [Step::Logged, Step::Viewed, Step::Prepared, Step::Switched] {
            let place = tempfile::tempdir().unwrap();
            let store = Store::open(place.path()).unwrap();
            let mut all = vec![commit(1), large(2)];
            for commit in &all {
                store.lock().unwrap().append(commit).unwrap();
            }
            let mut fail = |step| if step == failing { Err(Error::not_yet("this step")) } else { Ok(()) };
            run(place.path(), &after(&all), &mut fail).unwrap_err();
            all.push(commit(3));
            store.lock().unwrap().append(&all[2]).unwrap();
            is_sound(place.path(), &all);
        }
    }

    /// The story: the process is killed after a checkpoint's `HEAD`, before the old tail is dropped. A
    /// reader of the old tail must hear of what the next writer appends to the new one.
    #[test]
    fn a_tail_left_behind_does_not_hide_the_news() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(place.path()).unwrap();
        store.lock().unwrap().append(&commit(1)).unwrap();
        let position = store.load().unwrap().position;
        let mut fail = |step| if step == Step::Switched { Err(Error::not_yet("")) } else { Ok(()) };
        run(place.path(), &after(&[commit(1)]), &mut fail).unwrap_err();
        assert!(matches!(store.news(&position).unwrap(), News::None));
        store.lock().unwrap().append(&commit(2)).unwrap();
        assert!(matches!(store.news(&position).unwrap(), News::Reload));
        is_sound(place.path(), &[commit(1), commit(2)]);
    }

    /// The story: an import is killed after its payload reached the log, before its reference reached
    /// the tail; its number goes to another commit, and a later import has a payload of its own.
    #[test]
    fn what_a_crashed_import_left_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(place.path()).unwrap();
        let keep = |number, payload: &[u8]| {
            let keep = |log: &Log| log.keep_payload(number, |writer| writer.write_all(payload));
            with_log(place.path(), keep).unwrap().pieces
        };
        assert_eq!(keep(1, &vec![7; 200_000]), 4);
        let all = [commit(1), large(2)];
        store.lock().unwrap().append(&all[0]).unwrap();
        assert_eq!(keep(2, &vec![8; 900_000]), 14);
        store.lock().unwrap().append(&all[1]).unwrap();
        assert_eq!(store.load().unwrap().tail, all);
        store.lock().unwrap().checkpoint(&after(&all)).unwrap();
        is_sound(place.path(), &all);
        with_log(place.path(), |log| {
            assert_eq!(log.payloads()?, [2]);
            Ok(())
        })
        .unwrap();
    }
}

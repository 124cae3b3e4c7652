//! Names of a store's files, and what the standard library leaves to do when a file must last.

use crate::error::{Error, ErrorKind, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that says which others count.
pub const HEAD: &str = "HEAD";
/// `HEAD` before it is renamed.
pub const NEW_HEAD: &str = "HEAD.new";
/// Whoever commits holds a lock on it.
pub const LOCK: &str = "lock";
/// sled's directory.
pub const LOG: &str = "log";
/// Whoever has sled open holds a lock on it.
pub const LOG_LOCK: &str = "log.lock";
/// Length and checksum of sled's files when it was last closed.
pub const LOG_SUMS: &str = "log.sums";

/// `tail.000002`
pub fn tail(directory: &Path, generation: u64) -> PathBuf {
    directory.join(format!("tail.{generation:06}"))
}

/// `view.000002`
pub fn view(directory: &Path, generation: u64) -> PathBuf {
    directory.join(format!("view.{generation:06}"))
}

/// An [`Error`] that names the path.
pub fn io(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |error| Error::io(format_args!("`{}`", path.display()), error)
}

/// Damage, with its place and the way out.
pub fn damaged(path: &Path, offset: u64, reason: &str) -> Error {
    beyond_repair(format!("`{}` is damaged at byte {offset}: {reason}", path.display()))
}

/// Damage without a place.
pub fn beyond_repair(message: String) -> Error {
    Error::damaged(message)
        .note("this version cannot repair a store: keep the folder as it is; `casebook --check` lists all that is wrong")
        .note("restore it from a backup, or make a new store from exported statements")
}

/// The whole file; `None` if there is none.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io(path)(error)),
    }
}

/// Removes a file that need not be there.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io(path)(error)),
        _ => Ok(()),
    }
}

/// Writes a new file, or a file anew; its bytes last, its name only after [`sync_directory`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(io(path))
}

/// Puts `bytes` in the place of the file `name`: after a crash it is the old one or the new one.
pub fn replace(directory: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    prepare(directory, name, bytes)?.put_in_place()
}

/// Writes `bytes` beside the file `name`, as `name.new`.
pub fn prepare<'a>(directory: &'a Path, name: &'a str, bytes: &[u8]) -> Result<Prepared<'a>> {
    let prepared = Prepared { directory, name };
    write(&prepared.path(), bytes)?;
    Ok(prepared)
}

/// A new file that waits beside the old one.
#[must_use = "the old file counts until the new one is put in its place"]
pub struct Prepared<'a> {
    directory: &'a Path,
    name: &'a str,
}

impl Prepared<'_> {
    /// Puts it in the old one's place, and that lasts.
    pub fn put_in_place(self) -> Result<()> {
        let new = self.path();
        fs::rename(&new, self.directory.join(self.name)).map_err(io(&new))?;
        sync_directory(self.directory)
    }

    fn path(&self) -> PathBuf {
        self.directory.join(format!("{}.new", self.name))
    }
}

/// Makes what was created, renamed or removed in a directory last.
#[cfg(unix)]
pub fn sync_directory(directory: &Path) -> Result<()> {
    File::open(directory).and_then(|file| file.sync_all()).map_err(io(directory))
}

/// Where a directory cannot be opened, the system orders its changes itself.
#[cfg(not(unix))]
pub fn sync_directory(_directory: &Path) -> Result<()> {
    Ok(())
}

/// Whether an open file is the one that this path names now.
#[cfg(unix)]
pub fn is_in_place(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Whether an open file is the one that this path names now: elsewhere an open file cannot be moved away.
#[cfg(not(unix))]
pub fn is_in_place(_file: &File, _path: &Path) -> bool {
    true
}

/// A lock file, opened and made where it is missing; not locked yet.
pub fn lock_file(directory: &Path, name: &str) -> Result<File> {
    let path = directory.join(name);
    OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io(&path))
}

/// Somebody else has it.
pub fn locked(message: String) -> Error {
    Error::new(ErrorKind::Locked, message)
}

/// Fills `bytes` from an offset on, wherever others read.
#[cfg(unix)]
pub fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(bytes, offset)
}

/// Writes `bytes` at an offset, wherever others write.
#[cfg(unix)]
pub fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.write_all_at(bytes, offset)
}

/// Writes `bytes` at an offset, wherever others write.
#[cfg(windows)]
pub fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    match file.seek_write(bytes, offset)? {
        written if written == bytes.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// Fills `bytes` from an offset on, wherever others read.
#[cfg(windows)]
pub fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let read = file.seek_read(bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}

//! The binary as somebody else's program sees it; shared by the tests that run it.
#![allow(dead_code, reason = "each test uses its part")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// What a run left behind.
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub messages: String,
}

/// A place for stores, away from those of whoever runs the tests.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("there is room for a folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
        command
            .args(arguments)
            .env_remove("CASEBOOK_DB")
            .env_remove("NO_COLOR")
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(arguments).spawn().expect("the binary runs");
        // A run that does not read its input closes it early.
        let _ = child.stdin.take().expect("input is piped").write_all(input);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the run ends");
        let text = |bytes| String::from_utf8(bytes).expect("the binary writes text");
        Run { status: status.code(), out: text(stdout), messages: text(stderr) }
    }

    /// A file with this text; gives its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("there is room for a file");
        path.to_str().expect("temporary paths are text").to_string()
    }
}

impl Run {
    #[track_caller]
    pub fn ends(&self, status: i32) -> &Run {
        assert_eq!(self.status, Some(status), "output: {}\nmessages: {}", self.out, self.messages);
        self
    }

    #[track_caller]
    pub fn says(&self, part: &str) -> &Run {
        assert!(self.messages.contains(part), "no `{part}` in:\n{}", self.messages);
        self
    }
}

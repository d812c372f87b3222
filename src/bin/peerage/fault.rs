//! Why the program ends before it has done what it was asked for.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::ending::reader_has_gone;
use crate::name;

/// Why, and so with which code it exits.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It was tried, and failed: 1.
    Failed(String),
    /// The command line or a file is wrong, or the file cannot be read: 2. Each is a line.
    Wrong(Vec<String>),
    /// The reader of its output has gone, which is no failure of anything: 0.
    Unread,
}

impl Fault {
    /// The command line or a file is wrong.
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
    pub(crate) fn wrong(text: impl ToString) -> Self {
        Self::Wrong(vec![text.to_string()])
    }

    /// What was asked for failed.
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
    pub(crate) fn failed(text: impl ToString) -> Self {
        Self::Failed(text.to_string())
    }

    /// Says it, and returns the code.
    pub(crate) fn told(self) -> ExitCode {
        match self {
            Self::Failed(line) => {
                complain(&line);
                ExitCode::from(1)
            }
            Self::Wrong(lines) => {
                lines.iter().for_each(|line| complain(line));
                ExitCode::from(2)
            }
            Self::Unread => ExitCode::SUCCESS,
        }
    }
}

/// What is wrong, as a line of standard error. Where that is closed, there is none left to tell.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "peerage: {}", name::line(line));
}

/// An error of writing to standard output.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            // A terminal that has gone has an error of its own.
            _ if reader_has_gone() => Self::Unread,
            _ => Self::Failed(format!("cannot write to standard output: {error}")),
        }
    }
}

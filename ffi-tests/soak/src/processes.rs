//! Processes from outside: signals, and what they hold.

use std::error::Error;
use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// Why a run cannot go on.
pub(crate) type Failed = Box<dyn Error>;

pub(crate) fn signal(process: &Child, signal: i32) -> Result<(), Failed> {
    let id = i32::try_from(process.id())?;
    // SAFETY: the process was not waited for, so the number is its own.
    if unsafe { libc::kill(id, signal) } == 0 {
        Ok(())
    } else {
        Err(std::io::Error::last_os_error().into())
    }
}

/// What a process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// Memory that is in RAM and no file's, in KiB: of those, which pages are in depends on what was called.
    pub(crate) memory: u64,
    pub(crate) threads: u64,
    pub(crate) descriptors: u64,
}

impl Held {
    fn of(process: u32) -> Result<Self, Failed> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let word = line.and_then(|line| line.split_whitespace().next());
            let word = word.ok_or_else(|| format!("/proc/{process}/status has no {key}"))?;
            Ok::<u64, Failed>(word.parse()?)
        };
        Ok(Self {
            memory: number("RssAnon:")?,
            threads: number("Threads:")?,
            descriptors: fs::read_dir(format!("/proc/{process}/fd"))?.count() as u64,
        })
    }

    /// The least of each within two seconds: a probe that is under way has a descriptor, and is over soon.
    pub(crate) fn least(process: u32) -> Result<Self, Failed> {
        let mut least = Self::of(process)?;
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(20));
            let now = Self::of(process)?;
            least.memory = least.memory.min(now.memory);
            least.threads = least.threads.min(now.threads);
            least.descriptors = least.descriptors.min(now.descriptors);
        }
        Ok(least)
    }
}

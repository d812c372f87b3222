//! The clients, each a process of its own, and what they say.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde::Deserialize;

use crate::processes::Failed;
use crate::setup::{self, Language};

/// How long a client may take to say what it was asked: its requests end within a quarter of a second, and
/// its peers are released soon after. It is a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the numbers of `outcomes` are of, everywhere in this order.
pub(crate) const OUTCOMES: [&str; 6] =
    ["success", "failure", "overloaded", "cancelled", "not sent", "abandoned"];

/// What the numbers of `missed` are of: choices that found no peer.
pub(crate) const MISSED: [&str; 4] = ["no peer", "timed out", "queue full", "other"];

/// What a client says when it is asked to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Said {
    event: String,
    /// Calls: each is up to three requests.
    #[serde(default)]
    pub(crate) calls: u64,
    /// Those that went well.
    #[serde(default)]
    pub(crate) good: u64,
    /// How long calls took: numbers of buckets, and how many are in each.
    #[serde(default)]
    pub(crate) latencies: Vec<(usize, u64)>,
    #[serde(default)]
    pub(crate) choosers: Vec<ChooserSaid>,
}

/// What it counted with one chooser, and what the library says of that.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ChooserSaid {
    pub(crate) name: String,
    /// Choices that found a peer.
    pub(crate) picks: u64,
    pub(crate) outcomes: [u64; OUTCOMES.len()],
    pub(crate) missed: [u64; MISSED.len()],
    pub(crate) stats: Stats,
}

/// The library's own numbers. `None`: the language has no such number.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Stats {
    pub(crate) pending: u64,
    pub(crate) waiting: u64,
    pub(crate) departing: u64,
    pub(crate) departing_pending: u64,
    pub(crate) requests: Option<u64>,
    pub(crate) outcomes: Option<[u64; OUTCOMES.len()]>,
    pub(crate) missed: Option<[u64; MISSED.len()]>,
}

impl Said {
    /// How many of its requests ended in each way.
    pub(crate) fn outcomes(&self) -> [u64; OUTCOMES.len()] {
        let mut sum = [0; OUTCOMES.len()];
        for chooser in &self.choosers {
            sum.iter_mut().zip(chooser.outcomes).for_each(|(sum, more)| *sum += more);
        }
        sum
    }

    pub(crate) fn missed(&self) -> [u64; MISSED.len()] {
        let mut sum = [0; MISSED.len()];
        for chooser in &self.choosers {
            sum.iter_mut().zip(chooser.missed).for_each(|(sum, more)| *sum += more);
        }
        sum
    }

    pub(crate) fn picks(&self) -> u64 {
        self.choosers.iter().map(|chooser| chooser.picks).sum()
    }

    /// The time that this share of the calls took at most, to a sixteenth.
    pub(crate) fn latency(&self, share: f64) -> Duration {
        let total: u64 = self.latencies.iter().map(|(_, count)| count).sum();
        let mut left = (total as f64 * share).ceil() as u64;
        for (bucket, count) in &self.latencies {
            if *count >= left {
                return Duration::from_micros(above(*bucket));
            }
            left -= count;
        }
        Duration::ZERO
    }
}

/// The first number of microseconds that is above a bucket.
fn above(bucket: usize) -> u64 {
    let next = bucket as u64 + 1;
    if next < 16 { next } else { (16 + next % 16) << (next / 16 - 1) }
}

/// A client that runs.
pub(crate) struct Client {
    pub(crate) language: Language,
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    log: PathBuf,
}

impl Client {
    /// Starts it with its choosers.
    pub(crate) fn start(
        language: Language,
        program: &Path,
        folder: &Path,
        common: &[String],
        choosers: &[setup::Chooser],
    ) -> Result<Self, Failed> {
        let log = folder.join(format!("client-{language}.log"));
        let mut process = Command::new(program)
            .arg(language.number().to_string())
            .args(common)
            .args(choosers.as_flattened())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .map_err(|why| format!("{}: {why}", program.display()))?;
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Ok(Self { language, process, input, lines, log })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn ask(&mut self, word: &str) -> Result<(), Failed> {
        let input = self.input.as_mut().expect("not ended");
        input.write_all(format!("{word}\n").as_bytes()).map_err(|why| self.fails(&why.to_string()))
    }

    /// What it says of this event, which is the next one.
    pub(crate) fn said(&mut self, event: &str) -> Result<Said, Failed> {
        let line = self.lines.recv_timeout(PATIENCE);
        let line = line.map_err(|why| self.fails(&format!("did not say {event:?}: {why}")))?;
        let said: Said = serde_json::from_str(&line)
            .map_err(|why| self.fails(&format!("says {line}, which is wrong: {why}")))?;
        if said.event == event {
            Ok(said)
        } else {
            Err(self.fails(&format!("says {:?} instead of {event:?}", said.event)))
        }
    }

    /// Whether it still runs.
    pub(crate) fn lives(&mut self) -> Result<(), Failed> {
        match self.process.try_wait()? {
            None => Ok(()),
            Some(status) => Err(self.fails(&format!("has ended: {status}"))),
        }
    }

    /// Waits for its end, which is to be a good one.
    pub(crate) fn ended(&mut self) -> Result<(), Failed> {
        // Its output ends with it; nothing more is on it.
        let rest = self.lines.recv_timeout(PATIENCE);
        if !matches!(rest, Err(std::sync::mpsc::RecvTimeoutError::Disconnected)) {
            return Err(self.fails("does not end"));
        }
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(self.fails(&format!("has ended: {status}"))) }
    }

    fn fails(&self, why: &str) -> Failed {
        format!("client {}: {why} (its log: {})", self.language, self.log.display()).into()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_ends_where_the_next_begins() {
        assert_eq!(above(0), 1);
        assert_eq!(above(14), 15);
        assert_eq!(above(15), 16);
        assert_eq!(above(16), 17);
        assert_eq!(above(31), 32);
        assert_eq!(above(32), 34);
        assert_eq!(above(47), 64);
    }

    #[test]
    fn shares_are_of_calls() {
        let said = Said { latencies: vec![(3, 50), (16, 49), (32, 1)], ..Said::default() };
        assert_eq!(said.latency(0.5), Duration::from_micros(4));
        assert_eq!(said.latency(0.99), Duration::from_micros(17));
        assert_eq!(said.latency(1.0), Duration::from_micros(34));
    }
}

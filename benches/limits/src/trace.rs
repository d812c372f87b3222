//! Which cache lines one choose + finish touches, as lackey sees it: every access, one after the other.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, pipe};
use std::path::Path;
use std::process::Command;

const LINE: u64 = 64;
/// How far from a thread's variable, up and down, everything is the thread's own.
const OWN: u64 = 4_096;
const STACK: u64 = 32_768;

/// Lines touched in one round, on the average; those of the stack and of the thread apart.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Touched {
    /// The same line in every round, and only read.
    pub(crate) same_read: f64,
    /// The same in every round, and written.
    pub(crate) same_written: f64,
    /// A line of a table or a peer, and only read.
    pub(crate) drawn_read: f64,
    pub(crate) drawn_written: f64,
    /// The thread's own, without the stack.
    pub(crate) own: f64,
}

/// Where what is of interest lies, as the program says.
struct Places {
    measured: u64,
    done: u64,
    stack: u64,
    own: u64,
}

impl Places {
    /// `measured 0x… done 0x… stack 0x… own 0x…`
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["measured", measured, "done", done, "stack", stack, "own", own] = words[..] else {
            return None;
        };
        let number = |word: &str| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok();
        Some(Self {
            measured: number(measured)?,
            done: number(done)?,
            stack: number(stack)?,
            own: number(own)?,
        })
    }
}

/// Runs the program under lackey. It prints its places, then does the rounds.
pub(crate) fn touched(program: &Path, arguments: &[String]) -> Result<Touched, String> {
    let failed = |error: std::io::Error| format!("lackey: {error}");
    let (reader, writer) = pipe().map_err(failed)?;
    let mut lackey = Command::new("valgrind")
        .args(["--tool=lackey", "--trace-mem=yes"])
        .arg(program)
        .args(arguments)
        .stdout(writer.try_clone().map_err(failed)?)
        .stderr(writer)
        .spawn()
        .map_err(failed)?;
    let mut rounds = Rounds::default();
    let mut places: Option<Places> = None;
    let mut inside = false;
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(failed)?;
        let Some(at) = &places else {
            // The start of the program is long, and of no interest.
            if line.starts_with(b"measured") {
                places = Places::parse(&String::from_utf8_lossy(&line));
            }
            continue;
        };
        let Some((kind, address)) = access(&line) else { continue };
        if kind != b'I' {
            if inside {
                rounds.access(address, kind != b'L', at);
            }
        } else if address == at.measured {
            inside = true;
        } else if address == at.done && inside {
            inside = false;
            rounds.end();
        }
    }
    let status = lackey.wait().map_err(failed)?;
    if !status.success() || rounds.ended == 0 {
        return Err(format!(
            "{} {arguments:?}: {status}, {} rounds",
            program.display(),
            rounds.ended
        ));
    }
    Ok(rounds.touched())
}

/// `I  0401ab70,3`, ` L 1ffeffef50,8`, ` S …` or ` M …`.
fn access(line: &[u8]) -> Option<(u8, u64)> {
    let kind = if *line.first()? == b'I' { b'I' } else { *line.get(1)? };
    let text = std::str::from_utf8(line.get(3..)?).ok()?;
    let (address, _) = text.split_once(',')?;
    matches!(kind, b'I' | b'L' | b'S' | b'M').then_some(())?;
    Some((kind, u64::from_str_radix(address, 16).ok()?))
}

#[derive(Default)]
struct Rounds {
    ended: u64,
    /// Of the round under way: line, and whether it was written.
    now: HashMap<u64, bool>,
    /// In how many rounds a line was read only, and written.
    lines: HashMap<u64, (u64, u64)>,
    own: u64,
}

impl Rounds {
    fn access(&mut self, address: u64, writes: bool, places: &Places) {
        if address.abs_diff(places.stack) > STACK {
            let own = address.abs_diff(places.own) <= OWN;
            // The thread's own lines are numbered apart.
            *self.now.entry(address / LINE * 2 + u64::from(own)).or_default() |= writes;
        }
    }

    fn end(&mut self) {
        self.ended += 1;
        for (line, written) in self.now.drain() {
            if line % 2 == 1 {
                self.own += 1;
                continue;
            }
            let (read, wrote) = self.lines.entry(line).or_default();
            *(if written { wrote } else { read }) += 1;
        }
    }

    fn touched(&self) -> Touched {
        let mut touched = Touched::default();
        let rounds = self.ended as f64;
        for &(read, wrote) in self.lines.values() {
            let (read, wrote) = (read as f64 / rounds, wrote as f64 / rounds);
            if read + wrote >= 0.9 {
                touched.same_read += read;
                touched.same_written += wrote;
            } else {
                touched.drawn_read += read;
                touched.drawn_written += wrote;
            }
        }
        touched.own = self.own as f64 / rounds;
        touched
    }
}

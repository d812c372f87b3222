//! Looks at the file, waits while it stays as it is, and says what is new.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::super::contract::{Answer, Source, SourceError};
use super::super::parts::Parts;
use super::super::stop::Stop;
use super::super::text::read_peers;
use super::fingerprint::Fingerprint;
use super::path;
use super::read::{Fault, mark, read};
use crate::error::SpecError;

/// How often it is looked at unless `poll` says so.
const POLL: Duration = Duration::from_millis(500);
/// After which time a file that stays as it is is said again: a list may have refused some of it.
const AGAIN: Duration = Duration::from_secs(10);
/// For which time a file that has changed is to stay as it is before it is read ..
const SETTLED: Duration = Duration::from_millis(20);
/// .. or, if it does not, how often that is waited for.
const PATIENCE: u32 = 10;

struct FileSource {
    name: String,
    path: PathBuf,
    poll: Duration,
    max_bytes: u64,
    again: Duration,
    /// What was said last; `None` before the first time.
    said: Option<Said>,
}

struct Said {
    at: Instant,
    mark: Option<Fingerprint>,
    result: Result<String, String>,
    /// The file may say something else though the mark is the same.
    uncertain: bool,
}

/// Checks PATH, and makes the source.
pub(in super::super) fn open(uri: &Parts) -> Result<Box<dyn Source>, SpecError> {
    let path = path::read(uri.rest()).map_err(|fault| uri.wrong_at(0, fault))?;
    let poll = uri.options.poll_or(POLL).map_err(|fault| uri.wrong(fault))?;
    let max_bytes = uri.options.max_bytes;
    Ok(Box::new(FileSource {
        name: uri.to_string(),
        path,
        poll,
        max_bytes,
        again: AGAIN,
        said: None,
    }))
}

impl FileSource {
    /// Whether there may be news.
    fn may_have_changed(&self) -> bool {
        let Some(said) = &self.said else { return true };
        said.uncertain || mark(&self.path) != said.mark
    }

    /// Waits, if the file is another one than it was, until it is not being written any more, but not
    /// for long. Returns `false` if the source is to return.
    fn settled(&self, stop: &Stop) -> bool {
        let Some(said) = &self.said else { return true };
        let mut before = said.mark;
        for _ in 0..PATIENCE {
            let now = mark(&self.path);
            if now == before {
                break;
            }
            before = now;
            if !stop.pause(SETTLED) {
                return false;
            }
        }
        true
    }

    /// Reads the file. `None`: it says the same as before.
    fn look(&mut self) -> Option<Result<Answer, SourceError>> {
        let mut found = read(&self.path, self.max_bytes);
        for _ in 0..PATIENCE {
            if !found.torn {
                break;
            }
            found = read(&self.path, self.max_bytes);
        }
        let fresh = found.torn || found.mark.is_some_and(|mark| mark.is_fresh());
        let (result, uncertain) = match found.text {
            Ok(text) => (Ok(text), fresh),
            Err(Fault::Lasting(fault)) => (Err(fault), fresh),
            Err(Fault::Passing(fault)) => (Err(fault), true),
        };
        if let Some(said) = self.said.as_mut().filter(|said| said.result == result) {
            (said.mark, said.uncertain) = (found.mark, uncertain);
            return None;
        }
        let said =
            self.said.insert(Said { at: Instant::now(), mark: found.mark, result, uncertain });
        Some(match &said.result {
            Ok(text) => read_peers(&self.path.display().to_string(), text),
            Err(fault) => Err(fault.clone().into()),
        })
    }

    /// What was said last, if that is a while ago and there are peers in it; what is wrong with it has
    /// been told.
    fn again(&mut self) -> Option<Answer> {
        let said = self.said.as_mut().filter(|said| said.at.elapsed() >= self.again)?;
        said.at = Instant::now();
        let text = said.result.as_ref().ok()?;
        let answer = read_peers(&self.path.display().to_string(), text).ok()?;
        Some(Answer { faults: vec![], ..answer }).filter(|answer| !answer.peers.is_empty())
    }
}

impl Source for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, stop: &Stop) -> Result<Answer, SourceError> {
        // The first look is at once: it may be that of a refresh.
        while self.settled(stop) {
            if self.may_have_changed() {
                if let Some(answer) = self.look() {
                    return answer;
                }
            }
            if let Some(answer) = self.again() {
                return Ok(answer);
            }
            if !stop.pause(self.poll) {
                break;
            }
        }
        Err("the source is stopped".into())
    }

    fn answers_at_once(&self) -> bool {
        true
    }

    fn paces_itself(&self) -> bool {
        true
    }
}

#[cfg(all(test, not(loom), not(miri)))]
mod tests {
    use std::fs;

    use super::*;
    use crate::sources::SourceUri;

    #[test]
    fn a_change_that_leaves_the_fingerprint_as_it_was_is_seen() {
        let path = std::env::temp_dir().join(format!("peerage-source-{}", std::process::id()));
        fs::write(&path, "a:1").unwrap();
        let uri: SourceUri = format!("file:{}", path.display()).parse().unwrap();
        let (name, poll, max_bytes) = (uri.to_string(), POLL, 10);
        let again = Duration::ZERO;
        let mut source = FileSource { name, path, poll, max_bytes, again, said: None };
        assert_eq!(source.look().unwrap().unwrap().peers.len(), 1);
        assert!(source.look().is_none());
        assert_eq!(source.again().unwrap().peers.len(), 1);
        source.again = Duration::MAX;
        assert!(source.again().is_none(), "not all the time");
        fs::write(&source.path, "b:1").unwrap();
        // As a clock with a coarser tick would have it.
        let now = mark(&source.path);
        source.said.as_mut().unwrap().mark = now;
        assert!(source.may_have_changed() && source.look().is_some());
        fs::remove_file(&source.path).unwrap();
        assert!(source.may_have_changed());
        assert!(source.look().unwrap().is_err());
    }
}

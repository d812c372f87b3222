//! What tells two states of a file apart without reading it.

use std::fs::Metadata;
use std::time::SystemTime;

/// Where there are such: which file it is, and when anything about it has changed. That is a time
/// which no program sets, other than the one of its content: `cp -p` and `rsync -t` put that back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    size: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    file: (u64, u64),
    #[cfg(unix)]
    changed: (i64, i64),
}

/// The coarsest clock of a file system has 2 s, and may be some of ours off.
const TICK_SECONDS: i64 = 3;

impl Fingerprint {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            file: (metadata.dev(), metadata.ino()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: metadata.modified().ok() }
    }

    /// Whether one more change could have the same.
    pub(super) fn is_fresh(&self) -> bool {
        let now = seconds(SystemTime::now());
        self.second().is_none_or(|second| (now - second).abs() <= TICK_SECONDS)
    }

    /// The second of its last change.
    #[cfg(unix)]
    fn second(&self) -> Option<i64> {
        Some(self.changed.0)
    }

    #[cfg(not(unix))]
    fn second(&self) -> Option<i64> {
        self.modified.map(seconds)
    }
}

/// Since 1970.
fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(all(test, not(loom), not(miri)))]
mod tests {
    use std::fs::{self, File};
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;

    fn file(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("peerage-{name}-{}", std::process::id()))
    }

    #[test]
    fn every_change_has_its_own_and_a_look_has_none() {
        let path = file("fingerprint");
        fs::write(&path, "a").unwrap();
        let of = || Fingerprint::of(&fs::metadata(&path).unwrap());
        let first = of();
        assert_eq!(fs::read(&path).unwrap(), b"a");
        assert_eq!(of(), first);
        assert!(first.is_fresh());
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let hour = Duration::from_secs(3_600);
        File::options().write(true).open(&path).unwrap().set_modified(before - hour).unwrap();
        assert_ne!(of(), first);
        fs::write(&path, "ab").unwrap();
        assert_ne!(of(), first);
        let old = Fingerprint { modified: Some(before - hour), ..of() };
        #[cfg(unix)]
        let old = Fingerprint { changed: (old.changed.0 - 3_600, 0), ..old };
        assert!(!old.is_fresh());
        fs::remove_file(&path).unwrap();
    }
}

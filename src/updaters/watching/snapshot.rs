//! The file that keeps the last set: lines, as `file:` reads them.
//!
//! It is written beside its place and then moved there, so that a reader finds the old one or the new
//! one, and a crash leaves a whole one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::feed::Known;
use crate::sources::{Answer, SourceError, read_peers, write_lines};

/// How many files this process has begun.
static WRITTEN: AtomicU32 = AtomicU32::new(0);

pub(super) fn read(path: &Path) -> Result<Answer, SourceError> {
    let text = fs::read_to_string(path)?;
    read_peers(&path.display().to_string(), &text)
}

pub(super) fn write(path: &Path, source: &str, known: &Known) -> io::Result<()> {
    let peers = known.iter().map(|(id, attributes)| (&**id, attributes));
    let text = write_lines(&format!("the peers of {source}"), peers).map_err(io::Error::other)?;
    let mut beside = path.as_os_str().to_owned();
    // Others may share the file, of this process or another, and one of them be in the middle of this.
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    beside.push(format!(".{}.{number}", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        let _ = fs::remove_file(&beside);
    }
    moved
}

#[cfg(all(test, not(loom), not(miri)))]
mod tests {
    use std::{env, process, thread};

    use super::*;
    use crate::attributes::Attributes;

    #[test]
    fn those_that_share_it_leave_it_whole() {
        let path = env::temp_dir().join(format!("peerage-shared-{}", process::id()));
        let known =
            |n: usize| (0..n).map(|n| (format!("{n}:1").into(), Attributes::new())).collect();
        let (few, many): (Known, Known) = (known(100), known(2_000));
        write(&path, "s", &few).unwrap();
        thread::scope(|scope| {
            for known in [&few, &many] {
                let path = &path;
                scope.spawn(move || (0..50).for_each(|_| write(path, "s", known).unwrap()));
            }
            for _ in 0..100 {
                let answer = read(&path).unwrap();
                assert!([100, 2_000].contains(&answer.peers.len()) && answer.faults.is_empty());
            }
        });
        fs::remove_file(&path).unwrap();
    }
}

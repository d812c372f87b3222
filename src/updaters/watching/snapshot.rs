//! The file that keeps the last set: lines, as `file:` reads them.
//!
//! It is written beside its place and then moved there, so that a reader finds the old one or the new
//! one, and a crash leaves a whole one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::feed::Known;
use crate::sources::{Answer, SourceError, read_peers, write_lines};

pub(super) fn read(path: &Path) -> Result<Answer, SourceError> {
    let text = fs::read_to_string(path)?;
    read_peers(&path.display().to_string(), &text)
}

pub(super) fn write(path: &Path, source: &str, known: &Known) -> io::Result<()> {
    let peers = known.iter().map(|(id, attributes)| (&**id, attributes));
    let text = write_lines(&format!("the peers of {source}"), peers).map_err(io::Error::other)?;
    let mut beside = path.as_os_str().to_owned();
    // Two processes may share the file, and one of them be in the middle of this.
    beside.push(format!(".{}", std::process::id()));
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

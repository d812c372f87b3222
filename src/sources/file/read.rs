//! Reads a file whole, if it is one, and says of which state that is.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::fingerprint::Fingerprint;

/// What was found at a path.
pub(super) struct Found {
    /// `None`: the path leads nowhere.
    pub(super) mark: Option<Fingerprint>,
    pub(super) text: Result<String, Fault>,
    /// It has changed while it was read.
    pub(super) torn: bool,
}

/// Why there is no text.
pub(super) enum Fault {
    /// It may be gone though the file stays as it is.
    Passing(String),
    /// It stays as long as the file does.
    Lasting(String),
}

/// Looks without reading.
pub(super) fn mark(path: &Path) -> Option<Fingerprint> {
    fs::metadata(path).ok().map(|metadata| Fingerprint::of(&metadata))
}

/// Reads at most so many bytes: a file that is longer is at fault.
pub(super) fn read(path: &Path, most: u64) -> Found {
    match read_bytes(path, most) {
        Ok((before, text)) => {
            let torn = mark(path) != Some(before);
            Found { mark: Some(before), text, torn }
        }
        Err(error) => {
            let fault = Fault::Passing(format!("{} cannot be read: {error}", path.display()));
            Found { mark: mark(path), text: Err(fault), torn: false }
        }
    }
}

fn read_bytes(path: &Path, most: u64) -> io::Result<(Fingerprint, Result<String, Fault>)> {
    // To open something else than a file may block, or rewind a tape.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok((Fingerprint::of(&metadata), Err(no_file(path, &metadata))));
    }
    let file = open(path)?;
    let metadata = file.metadata()?;
    let mark = Fingerprint::of(&metadata);
    if !metadata.is_file() {
        return Ok((mark, Err(no_file(path, &metadata))));
    }
    let mut bytes = vec![];
    let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    let text = if read as u64 > most {
        Err(format!("{} is longer than max-bytes={most}", path.display()))
    } else {
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            format!("{} is not UTF-8 at byte {at}, counted from 0", path.display())
        })
    };
    Ok((mark, text.map_err(Fault::Lasting)))
}

fn no_file(path: &Path, metadata: &Metadata) -> Fault {
    let what = if metadata.is_dir() { "a folder" } else { "no file, but a FIFO, socket or device" };
    Fault::Lasting(format!("{} is {what}; need a file of lines or JSON", path.display()))
}

/// Does not wait for a writer, if a FIFO has taken the place of the file.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

//! `file:PATH`, peers that a file lists, as lines or JSON.
//!
//! The file is looked at every `poll` (500 ms unless set): at its fingerprint, which takes one call of
//! the system, and only if that has changed, at what is in it. A look through the path finds what a
//! watch of the file itself does not: a file that another one was renamed to, and a link that was
//! turned to another folder, which is how Kubernetes replaces a ConfigMap (`peers` → `..data/peers`,
//! `..data` → a folder with the time in its name). It needs no crate, and works on any file system.
//!
//! What is known to go wrong with such looks, and what is done about it:
//!
//! * A file is found half written. A change is read when the file has been the same for two looks 20 ms
//!   apart, and again if it has changed while it was read.
//! * Two changes within one tick of the file system's clock (4 ms on Linux, 2 s on FAT) that leave the
//!   size as it was have one fingerprint. While the last change is less than 3 s old, the file is read
//!   at each look, whatever its fingerprint.
//! * The file is not there for a moment, or cannot be read: that is an error, told once, and the set
//!   stays. The source goes on looking as often as before.
//! * The list has refused a peer, as its transport had no descriptor left. Every 10 s the file is said
//!   again as it is, without what is wrong with it: so that is mended, and the age of the last answer
//!   shows that the file is looked at.
//! * What is at the path is a FIFO, which would block the one who opens it: it is not opened.
//!
//! In PATH `%23` is `#` and `%25` is `%`; any other `%` is itself. `file:///PATH` is `file:/PATH`. A
//! path that is relative is so to the working directory at the time when the source is made.
//!
//! | file | what |
//! |---|---|
//! | `path` | PATH of the URI |
//! | `fingerprint` | what tells two states of a file apart |
//! | `read` | reads the file whole |
//! | `source` | looks, waits, and says what is new |

mod fingerprint;
mod path;
mod read;
mod source;

pub(super) use self::source::open;

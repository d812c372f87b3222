//! Instructions of a program, counted by callgrind: the same on a busy machine.

use std::path::Path;
use std::process::Command;

/// What a program printed, and how many instructions it took: the whole process, or what `options` of
/// callgrind have it look at. `None`: there is no callgrind, or the program failed.
pub(crate) fn instructions(
    program: &Path,
    options: &[&str],
    arguments: &[String],
) -> Option<(String, u64)> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(options)
        .arg(program)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let (_, rest) = text.split_once("Collected : ").filter(|_| output.status.success())?;
    let count = rest.split_whitespace().next()?.parse().ok()?;
    Some((String::from_utf8_lossy(&output.stdout).into_owned(), count))
}

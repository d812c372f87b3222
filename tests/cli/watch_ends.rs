//! How `watch` ends.

use std::process::{Command, Stdio};

use crate::program::{Folder, PROGRAM, Running, run, run_in, untimed};

#[test]
fn a_time_that_is_over_ends_it_well() {
    let folder = Folder::new();
    let said = run_in(folder.path(), &["watch", "static:a:80", "--for", "100ms"]).good();
    assert_eq!(untimed(said.trim_end()), "+ a:80");
}

#[test]
fn a_time_that_is_over_without_an_answer_is_a_failure() {
    for subcommand in ["watch", "top"] {
        let said = run(&[subcommand, "http://127.0.0.1:1/users", "--for", "100ms"]).fault(1);
        let last = said.lines().last().unwrap();
        let why = "source \"http://127.0.0.1:1/users\" has not answered within 100ms";
        assert_eq!(last, format!("peerage: {why}"), "{subcommand}");
    }
}

#[test]
#[cfg(unix)]
fn signals_end_it_well() {
    for signal in ["INT", "TERM", "HUP"] {
        let folder = Folder::new();
        let mut watch = Running::begin(folder.path(), &["watch", "static:a:80"]);
        assert_eq!(untimed(&watch.line()), "+ a:80");
        watch.signal(signal);
        assert_eq!(watch.end().code(), Some(0), "{signal}");
        assert_eq!(watch.err.iter().next(), None, "{signal}");
    }
}

/// Nothing changes any more, so there is no line whose writing would fail.
#[test]
#[cfg(unix)]
fn a_reader_that_goes_ends_it_well() {
    let folder = Folder::new();
    for subcommand in ["watch static:a:80,b:80", "top static:127.0.0.1:1 --interval 50ms"] {
        let line = format!("( '{PROGRAM}' {subcommand}; echo code $? >&2 ) | head -n 1");
        let mut command = Command::new("sh");
        command.args(["-c", &line]).current_dir(folder.path()).stdin(Stdio::null());
        let mut shell = Running::spawn(&mut command);
        shell.line();
        assert_eq!(shell.end().code(), Some(0));
        assert_eq!(shell.err.iter().collect::<Vec<_>>(), ["code 0"], "{subcommand}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_failure() {
    for args in ["watch static:a:80 --once", "explain static:a:80 k", "completion bash", "--help"] {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("'{PROGRAM}' {args} >/dev/full")]).stdin(Stdio::null());
        let mut shell = Running::spawn(&mut command);
        assert_eq!(shell.end().code(), Some(1), "{args}");
        let said: Vec<_> = shell.err.iter().collect();
        assert!(said[0].starts_with("peerage: cannot write to standard output: "), "{said:?}");
    }
}

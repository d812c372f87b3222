//! `top` in a terminal, as `script` of util-linux makes one.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{PATIENCE, PROGRAM};
use crate::servers::closed;

/// `top` of nine peers in a terminal of 40 columns and 10 lines.
struct Terminal {
    script: Child,
    keys: ChildStdin,
    seen: Arc<Mutex<String>>,
}

impl Terminal {
    /// `None` where there is no `script`, or another one.
    fn begin(environment: &str) -> Option<Self> {
        let version = Command::new("script").arg("--version").output().ok()?;
        if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
            return None;
        }
        // A port that was free once may be found free again.
        let mut peers = BTreeSet::new();
        while peers.len() < 9 {
            peers.insert(closed());
        }
        let peers: Vec<_> = peers.into_iter().collect();
        let top = format!("'{PROGRAM}' top static:{} --interval 50ms", peers.join(","));
        let line =
            format!("stty rows 10 cols 40; {environment} {top}; echo code $?; stty -a; echo over");
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm").env_remove("NO_COLOR");
        let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut out) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
        let seen = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = out.read(&mut bytes) {
                *shared.lock().unwrap() += &String::from_utf8_lossy(&bytes[..length]);
            }
        });
        Some(Self { script, keys, seen })
    }

    /// Waits until this is there, and returns all that was written.
    #[track_caller]
    fn wait(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.seen.lock().unwrap().clone();
            if seen.contains(text) {
                return seen;
            }
            assert!(Instant::now() < deadline, "{text:?} is not in {seen:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

#[test]
fn a_key_ends_it_and_the_terminal_is_as_it_was() {
    for key in ["q", "\u{3}", "\u{1b}"] {
        let Some(mut terminal) = Terminal::begin("") else { return };
        // Peers that are down are red.
        terminal.wait("\u{1b}[38;5;9m127");
        let drawn = terminal.wait("more; q ends it");
        assert!(drawn.contains("\u{1b}[?1049h") && drawn.contains("\u{1b}[?25l"), "{drawn:?}");
        assert!(drawn.contains("0 of 9 up"), "{drawn:?}");
        // A title, a line for faults, a heading, a line below: six of nine peers fit.
        assert!(drawn.contains("3 more; q ends it"), "{drawn:?}");
        terminal.keys.write_all(key.as_bytes()).unwrap();
        terminal.keys.flush().unwrap();
        let ended = terminal.wait("over\r\n");
        assert!(ended.contains("code 0"), "{ended:?}");
        assert!(ended.contains("\u{1b}[?1049l") && ended.contains("\u{1b}[?25h"), "{ended:?}");
        let after = ended.rsplit("code 0").next().unwrap();
        assert!(after.contains(" icanon") && after.contains(" echo"), "{after:?}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let Some(terminal) = Terminal::begin("NO_COLOR=1") else { return };
    let drawn = terminal.wait("more; q ends it");
    assert!(!drawn.contains("\u{1b}[38;"), "{drawn:?}");
    let widest = drawn.split("\r\n").map(|line| visible(line).chars().count()).max();
    assert!(widest.is_some_and(|widest| widest < 40), "{drawn:?}");
}

/// A line without its escape codes.
fn visible(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| {
        part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, after)| after)
    });
    first + &rest.collect::<String>()
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_plain_tables() {
    let Some(terminal) = Terminal::begin("TERM=dumb timeout -s INT 1") else { return };
    let ended = terminal.wait("over\r\n");
    assert!(ended.contains("PEER ") && !ended.contains('\u{1b}'), "{ended:?}");
}

/// With a signal, and without one where the terminal is another session's.
#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_goes_ends_it() {
    for begun in ["echo $$;exec", "setsid -w sh -c 'echo $$;exec \"$@\"' sh"] {
        let Some(mut terminal) = Terminal::begin(begun) else { return };
        let drawn = terminal.wait("more; q ends it");
        let id: u32 = drawn.lines().next().unwrap().trim().parse().unwrap();
        terminal.script.kill().unwrap();
        terminal.script.wait().unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        let stat = format!("/proc/{id}/stat");
        // It is another's child by now, who may leave it as it has ended.
        while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < deadline, "it goes on without a terminal: {begun}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

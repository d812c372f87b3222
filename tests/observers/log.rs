use std::sync::{Mutex, Once};

use log::{Level, LevelFilter, Metadata, Record};
use peerage::observers::Log;

/// A line is one of a target, as the tests of a program run at once.
struct Lines(Mutex<Vec<(String, Level, String)>>);

static LINES: Lines = Lines(Mutex::new(vec![]));
static SET: Once = Once::new();

impl log::Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = (record.target().to_owned(), record.level(), record.args().to_string());
        self.0.lock().expect("not poisoned").push(line);
    }

    fn flush(&self) {}
}

fn lines(target: &str) -> Vec<(Level, String)> {
    let lines = LINES.0.lock().expect("not poisoned");
    let of = lines.iter().filter(|(of, ..)| of == target);
    of.map(|(_, level, line)| (*level, line.clone())).collect()
}

#[test]
fn events_are_lines_with_levels() {
    SET.call_once(|| {
        log::set_logger(&LINES).expect("no other");
        log::set_max_level(LevelFilter::Trace);
    });
    drop(super::told("users\n", Log::new().with_target("of this test")));
    let mut lines = lines("of this test");
    let (level, wait) = lines.pop().expect("a wait");
    assert_eq!(level, Level::Debug);
    assert!(wait.starts_with("users\\n: a choice waited "), "{wait}");
    let expected = [
        (Level::Info, r#"users\n: peer "a:80" is Available, and was Unavailable"#),
        (Level::Info, r"users\n: updated: 1 addition, 0 removals"),
        (
            Level::Error,
            "users\\n: updated: 0 additions, 1 removal; \
             can't remove peer (b\\n:80) because it is not in peerlist",
        ),
        (Level::Info, r#"users\n: peer "a:80" is Unavailable, and was Available"#),
    ];
    assert_eq!(lines, expected.map(|(level, line)| (level, line.to_owned())));
}

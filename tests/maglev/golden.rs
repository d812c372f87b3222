//! The answers that all languages and processes agree on, in a file that C and Go read too.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use peerage::ConnectionStatus::{Available, Unavailable};

use crate::Bed;

const HEAD: &str = "\
# Who has a key under the policy maglev, in every language and process.
#
#   member NAME WEIGHT     in the list
#   down NAME              not available, for the answers after it; up NAME ends that
#   key KEY OWNER          an answer
#
# A change of this file parts clients that agree. PEERAGE_BLESS=1 writes it anew (tests/maglev).
";

fn members() -> Vec<(String, u16)> {
    (1..=12).map(|n| (format!("10.0.{n}.1:80"), if n % 4 == 0 { 5 } else { 2 })).collect()
}

/// The file as this library has it.
fn written() -> String {
    let members = members();
    let pairs: Vec<_> = members.iter().map(|(name, weight)| (&**name, *weight)).collect();
    let bed = Bed::of(&pairs);
    let mut text = HEAD.to_owned();
    for (name, weight) in &members {
        writeln!(text, "member {name} {weight}").unwrap();
    }
    let answers = |text: &mut String| {
        for n in 0..60 {
            let key = format!("user-{n}");
            writeln!(text, "key {key} {}", bed.at(&key)).unwrap();
        }
    };
    answers(&mut text);
    for down in [3, 7, 11] {
        bed.transport.set_status(&members[down].0, Unavailable);
        writeln!(text, "down {}", members[down].0).unwrap();
    }
    answers(&mut text);
    bed.transport.set_status(&members[7].0, Available);
    writeln!(text, "up {}", members[7].0).unwrap();
    answers(&mut text);
    text
}

#[test]
#[cfg_attr(miri, ignore = "reads a file")]
fn the_answers_are_those_of_the_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/maglev.txt");
    let text = written();
    if env::var_os("PEERAGE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    for (golden, line) in golden.lines().zip(text.lines()) {
        assert_eq!(line, golden);
    }
    assert_eq!(text.lines().count(), golden.lines().count());
}

use std::time::Duration;

use super::super::whole;
use super::*;

#[derive(Debug, Clone, PartialEq)]
struct Bag {
    count: u64,
    label: Option<String>,
    limit: Duration,
    loud: bool,
    quiet: bool,
}

const NEW: Bag =
    Bag { count: 3, label: None, limit: Duration::from_millis(20), loud: false, quiet: true };

static SETTINGS: [Setting<Bag>; 5] = [
    Setting::number(
        [c"count", c"how many", c"3"],
        whole!(1, 18446744073709551615),
        |bag, count| bag.count = count,
        |bag| Some(bag.count),
    ),
    Setting::text(
        [c"label", c"what it is called", c""],
        |bag, label| bag.label = Some(label),
        |bag| bag.label.as_deref(),
    ),
    Setting::duration(
        [c"limit", c"how long", c"20ms"],
        |bag, limit| bag.limit = limit,
        |bag| bag.limit,
    ),
    Setting::flag([c"loud", c"heard", c"off"], |bag, loud| bag.loud = loud, |bag| bag.loud),
    Setting::flag([c"quiet", c"not heard", c"on"], |bag, quiet| bag.quiet = quiet, |bag| bag.quiet),
];

fn read(text: &str) -> Result<Bag, SpecError> {
    let mut bag = NEW;
    apply(&SETTINGS, &mut bag, text, (&SpecPlace::OPTIONS, 0)).map(|()| bag)
}

struct Written<'a>(&'a Bag);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&SETTINGS, self.0, &NEW, "", f)
    }
}

fn error(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn an_empty_text_is_the_defaults() {
    assert_eq!(read(""), Ok(NEW));
    assert_eq!(Written(&NEW).to_string(), "");
}

#[test]
fn what_differs_from_the_defaults_is_written_and_read_back() {
    for text in [
        "count=7",
        "count=18446744073709551615",
        "label=",
        "label=a=b:c d",
        r"label=a\,b\\\,\\",
        r"label=\\",
        "label=caf\u{e9}\n\u{1f642}",
        "limit=forever",
        "loud",
        "quiet=off",
        r"count=1,label=\,,limit=2h,loud,quiet=off",
    ] {
        let bag = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_ne!(bag, NEW, "{text}");
        assert_eq!(Written(&bag).to_string(), text);
    }
    let same = "count=3,limit=20ms,loud=off,quiet=on";
    assert_eq!(read(same), Ok(NEW));
}

#[test]
fn escapes_keep_a_value_in_one_piece() {
    let label = |text| read(text).unwrap().label.unwrap();
    assert_eq!(label(r"label=a\,b"), "a,b");
    assert_eq!(label(r"label=\\,loud"), r"\");
    assert_eq!(label(r"label=\\\,,loud"), r"\,");
    assert_eq!(label("label==="), "==");
    let bag = read(r"loud=on,label=\,").unwrap();
    assert!(bag.loud && bag.label.as_deref() == Some(","));
}

#[test]
fn every_value_survives_being_written_and_read() {
    // All texts of up to so many of the characters that mean something, and one that means nothing.
    const LONGEST: usize = if cfg!(miri) { 2 } else { 5 };
    let mut labels = vec![String::new()];
    for n in 0.. {
        let label = labels[n].clone();
        if label.chars().count() == LONGEST {
            break;
        }
        labels.extend([',', '\\', '=', '\u{e9}'].map(|c| format!("{label}{c}")));
    }
    assert!(cfg!(miri) || labels.len() > 1_000);
    for label in labels {
        let bag = Bag { label: Some(label), loud: true, ..NEW };
        assert_eq!(read(&Written(&bag).to_string()), Ok(bag));
    }
}

#[test]
fn errors_say_where_what_and_what_would_be_right() {
    for (text, says) in [
        (
            "size=1",
            r#"options at byte 0: there is no key "size"; need one of count, label, limit, loud, quiet"#,
        ),
        ("loud, quiet", r#"options at byte 5: there is no key " quiet"; "#),
        ("Loud", r#"there is no key "Loud""#),
        (r"co\unt=1", r#"there is no key "co\\unt""#),
        ("loud,count=1,loud", r#"options at byte 13: key "loud" is given twice"#),
        ("loud=on,loud=off", r#"options at byte 8: key "loud" is given twice"#),
        ("loud,", r#"options at byte 5: "" is not of the form key=value"#),
        (",loud", r#"options at byte 0: "" is not of the form key=value"#),
        ("loud,,quiet", r#"options at byte 5: "" is not of the form key=value"#),
        ("=1", r#"options at byte 0: "=1" is not of the form key=value"#),
        ("loud,count", r#"options at byte 5: "count" is not of the form key=value"#),
        (
            r"label=a\b",
            r#""label=a\\b" is not of the form key=value in which \ stands before , or \"#,
        ),
        (r"loud,label=a\", r#"options at byte 5: "label=a\\" is not of the form"#),
        ("count=0", r#"count="0" must be a whole number from 1 to 18446744073709551615"#),
        ("count=18446744073709551616", "must be a whole number from 1"),
        ("count=-1", r#"count="-1" must be"#),
        ("count=+1", r#"count="+1" must be"#),
        ("count=", r#"count="" must be"#),
        ("count=1.5", r#"count="1.5" must be"#),
        (
            "limit=20",
            r#"limit="20" must be a whole number of ns, us, ms, s, m or h, such as 200ms, or forever"#,
        ),
        ("loud=yes", r#"loud="yes" must be on or off"#),
        ("loud=", r#"loud="" must be on or off"#),
    ] {
        let error = error(text);
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn one_key_can_be_set_alone() {
    let mut bag = NEW;
    let mut one = |key, value| set(&SETTINGS, &mut bag, key, value, &SpecPlace::OPTIONS);
    one("label", r"a,b\").unwrap();
    one("loud", "on").unwrap();
    one("loud", "off").unwrap();
    assert_eq!(one("loud", "").unwrap_err().to_string(), r#"options: loud="" must be on or off"#);
    assert_eq!(bag, Bag { label: Some(r"a,b\".into()), ..NEW });
}

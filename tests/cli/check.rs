//! `check`, and configurations where peers are asked for.

use crate::program::{Folder, run_in, untimed};

const GOOD: &str = "choosers:
  a: {policy: random, peers: ['10.0.0.1:80*2', 10.0.0.2:80]}
  b: {policy: maglev, source: 'static:c:80', probes: {check: http}}
";

#[test]
fn what_was_understood_is_a_line_for_each_chooser() {
    let folder = Folder::new();
    folder.put("good.yaml", GOOD);
    let said = run_in(folder.path(), &["check", "good.yaml"]).good();
    let lines: Vec<Vec<_>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["good.yaml:", "2", "choosers"]);
    assert_eq!(lines[2], ["a", "random", "name=a", "-", "2", "listed"]);
    assert_eq!(lines[3], ["b", "maglev", "name=b", "check=http", "static:c:80"]);
    assert_eq!(run_in(folder.path(), &["check", "--quiet", "good.yaml"]).good(), "");
}

#[test]
fn a_chooser_is_one_line_whatever_its_names_are() {
    let folder = Folder::new();
    let options = r#"{name: "a\nb\e[31m"}"#;
    folder.put(
        "odd.yaml",
        format!("choosers: {{a: {{policy: random, options: {options}, peers: []}}}}"),
    );
    let said = run_in(folder.path(), &["check", "odd.yaml"]).good();
    assert!(said.lines().count() == 3 && !said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn a_fault_has_its_place_and_ends_with_two() {
    let folder = Folder::new();
    folder.put("good.yaml", GOOD);
    folder.put("wrong.yaml", "choosers:\n  a: {polcy: random, peers: []}\n  b: {policy: best}\n");
    let said = run_in(folder.path(), &["check", "good.yaml", "wrong.yaml"]);
    assert!(said.out.starts_with("good.yaml: 2 choosers\n"), "{said:?}");
    let fault = said.fault(2);
    let lines: Vec<_> = fault.lines().collect();
    assert!(lines[0].starts_with("peerage: wrong.yaml:2:7: choosers.a: there is no key \"polcy\""));
    assert!(lines[1].starts_with("peerage: wrong.yaml:3:"), "{fault}");
}

#[test]
fn a_note_is_no_fault() {
    let folder = Folder::new();
    folder.put("grpc.json", r#"{"loadBalancingConfig": [{"xds": {}}, {"round_robin": {}}]}"#);
    let said = run_in(folder.path(), &["check", "--quiet", "grpc.json"]);
    assert_eq!((said.code, &*said.out), (Some(0), ""), "{said:?}");
    assert!(
        said.err.starts_with("peerage: note: grpc.json:1:27: loadBalancingConfig[0].xds"),
        "{said:?}"
    );
}

#[test]
fn what_cannot_be_read_ends_with_two() {
    let folder = Folder::new();
    folder.put("garbage.yaml", [0xff, 0, 0x80]);
    folder.put("empty.yaml", "");
    folder.put("open.yaml", "choosers: {a: [");
    for (file, says) in [
        ("missing.yaml", "No such file"),
        (".", "directory"),
        ("garbage.yaml", "UTF-8"),
        ("empty.yaml", "is empty; need "),
        ("open.yaml", "open.yaml:"),
        ("/dev/zero", "bytes"),
    ] {
        let said = run_in(folder.path(), &["check", file]).fault(2);
        assert!(said.contains(file) && said.contains(says), "{said}");
    }
}

#[test]
fn the_peers_of_a_chooser_are_those_of_its_configuration() {
    let folder = Folder::new();
    folder.put("good.yaml", GOOD);
    let watch =
        |chooser| run_in(folder.path(), &["watch", "good.yaml", "--once", "--chooser", chooser]);
    let said = watch("a").good();
    let lines: Vec<_> = said.lines().map(untimed).collect();
    assert_eq!(lines, ["+ 10.0.0.1:80 weight=2", "+ 10.0.0.2:80"]);
    assert_eq!(untimed(watch("b").good().trim_end()), "+ c:80");
    let fault = "peerage: good.yaml: there is no chooser \"c\"; need one of a, b\n";
    assert_eq!(watch("c").fault(2), fault);
    let said = run_in(folder.path(), &["watch", "good.yaml", "--once"]).fault(2);
    assert_eq!(said, "peerage: good.yaml: need --chooser with one of a, b\n");
}

#[test]
fn json_is_a_configuration_by_its_keys() {
    let folder = Folder::new();
    let random = r#"{"policy": "random", "peers": ["a:80"]}"#;
    folder.put("two.json", format!(r#"{{"choosers": {{"a": {random}, "b": {random}}}}}"#));
    folder.put("peers.json", r#"{"peers": ["b:80"]}"#);
    folder.put("list.json", r#"["c:80"]"#);
    let yarpc = r#"{"Outbounds": {"a": {"http": {"peer": "d:80"}}}}"#;
    folder.put("yarpc.json", format!("\u{feff}{yarpc}"));
    folder.put("others.json", r#"{"peers": ["e:80"], "outbounds": 7}"#);
    let said = run_in(folder.path(), &["explain", "two.json", "k"]).fault(2);
    assert_eq!(said, "peerage: two.json: need --chooser with one of a, b\n");
    let watch =
        |args: &[&str]| run_in(folder.path(), &[&["watch", "--once"], args].concat()).good();
    for (args, line) in [
        (&["two.json", "--chooser", "b"][..], "+ a:80"),
        (&["peers.json"], "+ b:80"),
        (&["list.json"], "+ c:80"),
        (&["yarpc.json"], "+ d:80"),
        (&["others.json"], "+ e:80"),
    ] {
        assert_eq!(untimed(watch(args).trim_end()), line, "{args:?}");
    }
}

/// Not UTF-8, and so not the default either.
#[test]
#[cfg(unix)]
fn a_variable_that_is_no_text_is_a_fault() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    use crate::program::{PROGRAM, Running};

    let folder = Folder::new();
    folder.put("v.yaml", "choosers: {a: {policy: random, peers: ['${BYTES:x}:80']}}");
    let mut command = Command::new(PROGRAM);
    command.args(["check", "v.yaml"]).current_dir(folder.path());
    command.env("BYTES", OsStr::from_bytes(&[b'a', 0xff]));
    let mut check = Running::spawn(&mut command);
    assert_eq!(check.end().code(), Some(2));
    let fault =
        "peerage: v.yaml:1:40: choosers.a.peers[0]: variable \"BYTES\" is not UTF-8; need a text";
    assert_eq!(check.complaint(), fault);
}

#[test]
fn a_key_goes_as_the_configuration_says() {
    let folder = Folder::new();
    let list = "peers: [a:80, 'b:80 tier=1']";
    folder
        .put("one.yaml", format!("choosers: {{u: {{policy: maglev, options: spill=70, {list}}}}}"));
    let said = run_in(folder.path(), &["explain", "one.yaml", "k"]).good();
    assert!(said.starts_with("policy   maglev: "), "{said}");
    // The tiers of its options: one that does not serve has no keys.
    let line = said.lines().find(|line| line.trim().starts_with("b:80")).expect(&said);
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words, ["b:80", "1", "1", "0.00", "%", "0.00", "%"], "{said}");
}

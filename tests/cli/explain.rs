//! `explain`: who has a key, and why.

use std::collections::HashMap;

use peerage::policy::fingerprint32;

use crate::program::{Folder, run, run_in};

const USERS: &str = "static:10.0.0.1:80,10.0.0.2:80,10.0.0.3:80";

/// The facts by their names.
fn facts(args: &[&str]) -> HashMap<String, String> {
    let said = run(args).good();
    let facts = said.lines().filter(|line| !line.starts_with(' '));
    let fact =
        |line: &str| line.split_once(' ').map(|(name, what)| (name.into(), what.trim().into()));
    facts.filter_map(fact).collect()
}

#[test]
fn a_ring_has_an_owner_and_others_after_it() {
    let facts = facts(&["explain", USERS, "user-42", "--sample", "0"]);
    assert_eq!(facts["policy"], "hashring32: the peer that owns the shard key on a hash ring");
    let hash = fingerprint32(b"user-42");
    assert_eq!(facts["key"], format!("\"user-42\", hash 0x{hash:08x}"));
    let others = facts["then"].split(',').take(2).map(str::trim);
    let mut all: Vec<_> = others.chain([&*facts["owner"]]).collect();
    all.sort_unstable();
    assert_eq!(all, ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"]);

    // The first point at or after the hash, of all points.
    let points = all.iter().flat_map(|peer| (0..100).map(move |point| (*peer, point)));
    let on = |(peer, point): &(&str, u32)| {
        fingerprint32(format!("{peer}{point}").as_bytes()).wrapping_sub(hash)
    };
    let (owner, point) = points.min_by_key(on).unwrap();
    assert_eq!(facts["owner"], owner);
    assert!(facts["why"].starts_with(&format!("its point {point} of 100, 0x")), "{facts:?}");
}

#[test]
fn who_is_next_owns_the_key_where_the_owner_is_not() {
    for policy in ["hashring32:replicas=20,delimiter=#", "maglev"] {
        let ask =
            |peers: &str| facts(&["explain", peers, "k", "--policy", policy, "--sample", "0"]);
        let before = ask(USERS);
        let next = before["then"].split(',').next().unwrap();
        let without = USERS[7..].split(',').filter(|peer| *peer != before["owner"]);
        let without = format!("static:{}", without.collect::<Vec<_>>().join(","));
        // Of a table that is made without the owner the next one may be another.
        if policy != "maglev" {
            assert_eq!(ask(&without)["owner"], next, "{policy}");
        }
        assert_ne!(ask(&without)["owner"], before["owner"]);
    }
}

#[test]
fn shares_go_by_weight() {
    let users = "static:a:80*3,b:80";
    let said = run(&["explain", users, "k", "--policy", "maglev"]).good();
    let share = |peer: &str| {
        let line = said.lines().find(|line| line.trim().starts_with(peer)).expect(&said);
        line.split_whitespace().nth(3).unwrap().parse::<f64>().unwrap()
    };
    assert!((share("a:80") - 75.0).abs() < 1.5 && (share("b:80") - 25.0).abs() < 1.5, "{said}");
}

#[test]
fn a_subset_is_told() {
    let folder = Folder::new();
    folder.put(
        "u.yaml",
        "choosers: {u: {policy: maglev, options: subset=2, peers: [a, b, c, d, e]}}",
    );
    let said = run_in(folder.path(), &["explain", "u.yaml", "k", "--sample", "0"]).good();
    assert!(said.contains("\nsubset   of one client: "), "{said}");
    assert!(!facts(&["explain", USERS, "k", "--sample", "0"]).contains_key("subset"));
}

#[test]
fn a_policy_without_keys_says_so() {
    let facts = facts(&["explain", USERS, "k", "--policy", "round-robin", "--sample", "3"]);
    assert_eq!(facts["owner"], "none: any peer may get it");
}

#[test]
fn direct_takes_the_key_for_a_name() {
    let ask = |key: &str| facts(&["explain", USERS, key, "--policy", "direct"]);
    assert_eq!(ask("10.0.0.1:80")["owner"], "10.0.0.1:80");
    assert!(!ask("10.0.0.1:80").contains_key("but"));
    assert!(ask("x:80").contains_key("but"));
}

#[test]
fn a_file_that_is_wrong_ends_with_two_and_a_source_with_one() {
    let folder = Folder::new();
    folder.put("wrong", "a:80*x\n");
    folder.put("empty", "");
    for (file, says) in
        [("missing", "No such file"), ("wrong", "line 1"), ("empty", "no peers"), (".", "folder")]
    {
        let said = run_in(folder.path(), &["explain", file, "k"]).fault(2);
        assert!(said.contains(says), "{said}");
    }
    let said = run(&["explain", "http://127.0.0.1:1/users", "k"]).fault(1);
    assert!(said.starts_with("peerage: source \"http://127.0.0.1:1/users\": "), "{said}");
}

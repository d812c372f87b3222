//! `watch`: what changes is a line.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::program::{Folder, Running, run_in, untimed};
use crate::servers::{closed, names, open, pages};

const USERS: &str = "10.0.0.1:80*3 zone=eu-1a\n10.0.0.2:80 tier=1\n";

#[test]
fn one_look_at_a_file_is_its_peers() {
    let folder = Folder::new();
    folder.put("users", USERS);
    let said = run_in(folder.path(), &["watch", "users", "--once"]).good();
    let lines: Vec<_> = said.lines().map(untimed).collect();
    assert_eq!(lines, ["+ 10.0.0.1:80 weight=3 zone=eu-1a", "+ 10.0.0.2:80 tier=1"]);
}

#[test]
fn json_is_an_object_a_line() {
    let folder = Folder::new();
    folder.put("users", USERS);
    let said = run_in(folder.path(), &["watch", "users", "--once", "--json"]).good();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["event"], &lines[0]["peer"]), (&"added".into(), &"10.0.0.1:80".into()));
    assert_eq!((&lines[0]["weight"], &lines[0]["zone"]), (&3.into(), &"eu-1a".into()));
    assert_eq!((&lines[1]["tier"], &lines[1]["zone"]), (&1.into(), &Value::Null));
    assert!(lines[0]["time"].as_str().is_some_and(|time| time.ends_with('Z')));
}

#[test]
fn a_file_that_is_swapped_is_what_changed() {
    let folder = Folder::new();
    folder.put("users", USERS);
    let watch = Running::begin(folder.path(), &["watch", "file:users#poll=20ms"]);
    assert!(watch.line().contains(" + 10.0.0.1:80"));
    assert!(watch.line().contains(" + 10.0.0.2:80"));
    folder.put("users", "10.0.0.1:80*5\n10.0.0.3:80 shard=c\n");
    assert_eq!(untimed(&watch.line()), "- 10.0.0.2:80");
    assert_eq!(untimed(&watch.line()), "~ 10.0.0.1:80 weight=5");
    assert_eq!(untimed(&watch.line()), "+ 10.0.0.3:80 shard=c");
    // What is wrong in between changes nothing, and is told.
    folder.put("users", "10.0.0.3:80 shad=c\n10.0.0.1:80*5\n");
    let complaint = watch.complaint();
    assert!(
        complaint.starts_with("peerage: source \"file:users#poll=20ms\" has what is no peer: "),
        "{complaint}"
    );
    assert!(complaint.contains("there is no key \"shad\"; need one of "), "{complaint}");
    assert_eq!(untimed(&watch.line()), "- 10.0.0.3:80");
}

#[test]
fn a_name_is_its_addresses() {
    let addresses = Arc::new(Mutex::new(vec![[10, 0, 0, 1]]));
    let server = names(&addresses);
    let uri = format!("dns://users.test:80#servers={server},min-ttl=20ms,max-ttl=50ms");
    let folder = Folder::new();
    let watch = Running::begin(folder.path(), &["watch", &uri]);
    assert_eq!(untimed(&watch.line()), "+ 10.0.0.1:80");
    *addresses.lock().unwrap() = vec![[10, 0, 0, 2]];
    assert_eq!(untimed(&watch.line()), "- 10.0.0.1:80");
    assert_eq!(untimed(&watch.line()), "+ 10.0.0.2:80");
    addresses.lock().unwrap().clear();
    let complaint = watch.complaint();
    assert!(complaint.contains(" has no peers at all: 1 peer kept"), "{complaint}");
}

#[test]
fn a_page_is_its_peers() {
    let text = Arc::new(Mutex::new("10.0.0.1:80\n".to_owned()));
    let uri = format!("http://{}/users#poll=20ms", pages(&text));
    let folder = Folder::new();
    let watch = Running::begin(folder.path(), &["watch", &uri]);
    assert_eq!(untimed(&watch.line()), "+ 10.0.0.1:80");
    "10.0.0.1:80\n10.0.0.2:80\n".clone_into(&mut text.lock().unwrap());
    assert_eq!(untimed(&watch.line()), "+ 10.0.0.2:80");
}

#[test]
fn probes_say_who_is_up() {
    let folder = Folder::new();
    let (listener, up) = open();
    let down = closed();
    let uri = format!("static:{up},{down}");
    let said = run_in(folder.path(), &["watch", &uri, "--once", "--probe", "tcp"]).good();
    let statuses: Vec<_> = said.lines().map(untimed).filter(|line| line.starts_with('=')).collect();
    assert_eq!(statuses.len(), 2, "{said}");
    let has = |start: &str| statuses.iter().any(|line| line.starts_with(start));
    assert!(has(&format!("= {up} up: connected")), "{said}");
    assert!(has(&format!("= {down} down: cannot connect: ")), "{said}");
    drop(listener);
}

#[test]
fn a_peer_that_dies_and_comes_back_is_two_lines() {
    let folder = Folder::new();
    let ((listener, dies), (_other, stays)) = (open(), open());
    let uri = format!("static:{dies},{stays}");
    let check = "tcp,interval=20ms,rise=1,fall=1";
    let watch = Running::begin(folder.path(), &["watch", &uri, "--json", "--probe", check]);
    let state = |peer: &str, state: &str| {
        loop {
            let line: Value = serde_json::from_str(&watch.line()).unwrap();
            if line["peer"] == peer && line["state"] == state {
                assert_eq!(line["event"], "probe");
                return;
            }
        }
    };
    state(&dies, "up");
    drop(listener);
    state(&dies, "down");
    let _listener = std::net::TcpListener::bind(&dies).unwrap();
    state(&dies, "up");
}

#[test]
fn a_peer_that_cannot_be_probed_is_told_of() {
    let folder = Folder::new();
    let said = run_in(folder.path(), &["watch", "static:nowhere", "--once", "--probe", "tcp"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(untimed(said.out.trim_end()), "+ nowhere");
    assert!(said.err.starts_with("peerage: ") && said.err.contains("\"nowhere\""), "{said:?}");
}

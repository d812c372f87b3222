//! What the list has after each answer.

use std::sync::mpsc::channel;
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::sources::{Answer, Source, SourceError, Stop};
use peerage::transports::Always;
use peerage::updaters::Watching;
use peerage::{Attributes, Bind, Chooser, Lifecycle, ListOptions, Member, PeerList};

use crate::script::{Bed, NEVER, peers};
use crate::support::until;

#[test]
fn differences_are_applied_and_told() {
    let bed = Bed::started("");
    bed.say(peers("a b c"));
    bed.has("a b c");
    bed.say(peers("b c d e"));
    bed.has("b c d e");
    bed.say(peers("b c d e"));
    bed.asked(4);
    assert_eq!(
        bed.told(),
        [
            "has 3 peers",
            "has 3 peers now: 3 additions, 0 removals",
            "has 4 peers",
            "has 4 peers now: 2 additions, 1 removal",
            "has 4 peers",
        ]
    );
    let status = bed.updater.status();
    assert_eq!((status.successes, status.changes, status.peers), (3, 2, 4));
    assert_eq!(status.source, "script:users");
    assert!(status.age.is_some() && status.error.is_none());
    assert_eq!(bed.transport.retains().len(), 5, "what stays is not touched");
}

#[test]
fn attributes_change_and_the_peer_stays() {
    let bed = Bed::started("");
    let of = |weight| {
        Answer::new([Member::new("a", Attributes::new().with_weight(weight).with_zone("eu"))])
    };
    bed.say(of(1));
    bed.has("a");
    bed.say(of(7));
    until("the weight", || bed.list.introspect().peers[0].attributes.weight == 7);
    until("it is told", || bed.told().len() == 4);
    assert_eq!(bed.told()[3], "has 1 peer now: 1 addition, 0 removals");
    assert_eq!(bed.transport.retained(), 1);
}

#[test]
fn an_error_and_an_empty_answer_change_nothing() {
    let bed = Bed::started("backoff=1ms,max-backoff=1ms");
    bed.fail("NXDOMAIN");
    bed.say(peers("a b"));
    bed.has("a b");
    bed.say(peers(""));
    bed.fail("SERVFAIL");
    bed.fail("SERVFAIL");
    bed.script.send(Box::new(|| panic!("no such thing"))).unwrap();
    bed.asked(7);
    assert_eq!(bed.members(), "a b");
    let status = bed.updater.status();
    assert_eq!((status.failures, status.empties, status.successes), (4, 1, 1));
    assert_eq!(status.error.as_deref(), Some("the source panicked: no such thing"));
    let told = bed.told();
    assert_eq!(told[0], "did not answer: NXDOMAIN; 0 peers kept, asked again in 0.0s");
    assert!(told[3].starts_with("has no peers at all: 2 peers kept; its last answer is "));
    assert!(
        told[4]
            .starts_with("did not answer: SERVFAIL; 2 peers kept, asked again in 0.0s; its last")
    );
    bed.say(peers("c"));
    bed.has("c");
    until("no error", || bed.updater.status().error.is_none());
}

#[test]
fn an_empty_answer_empties_the_list_if_it_may() {
    let bed = Bed::started("allow-empty");
    bed.say(peers("a b"));
    bed.has("a b");
    bed.say(peers(""));
    bed.has("");
    until("it is told", || bed.told().len() == 4);
    assert_eq!(bed.told()[3], "has 0 peers now: 0 additions, 2 removals");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_applies() {
    let bed = Bed::started("backoff=1ms,allow-empty");
    bed.say(peers("a").with_faults(vec!["line 2: b".into(), "line 3: c".into()]));
    bed.has("a");
    bed.say(peers("").with_faults(vec!["line 1: b".into(), "line 2: c".into()]));
    bed.asked(3);
    assert_eq!(bed.members(), "a", "of which nothing can be read is no answer, empty or not");
    let told = bed.told();
    assert_eq!(told[..2], ["has what is no peer: line 2: b", "has what is no peer: line 3: c"]);
    assert!(
        told[4].starts_with("did not answer: none of it is a peer: line 1: b, and 1 more"),
        "{told:?}"
    );
}

#[test]
fn of_much_that_is_wrong_little_is_told() {
    let bed = Bed::started("backoff=1ms");
    let faults = (1..=1_000).map(|line| format!("line {line}: no peer")).collect();
    bed.say(peers("a").with_faults(faults));
    bed.say(peers("a").with_faults(vec!["\u{e4}".repeat(1 << 20)]));
    bed.script.send(Box::new(|| Err("\u{e4}".repeat(1 << 20).into()))).unwrap();
    bed.asked(4);
    let told = bed.told();
    assert_eq!(
        told[19..21],
        ["has what is no peer: line 20: no peer", "has what is no peer: 980 more like this"]
    );
    assert!(told.iter().all(|line| line.len() < 1_200));
    assert!(told[23].ends_with("\u{e4}..."), "{}", told[23]);
    assert_eq!(bed.updater.status().error.unwrap().len(), 1_003);
}

#[test]
fn a_peer_that_was_refused_is_tried_again_with_the_next_answer() {
    let bed = Bed::started("");
    bed.transport.fail_retain("b", Some("no route"));
    bed.say(peers("a b"));
    bed.has("a");
    bed.transport.fail_retain("b", None);
    bed.say(peers("a b"));
    bed.has("a b");
}

/// Also if the source would never say the same again.
#[test]
fn a_peer_that_was_refused_is_tried_again_in_time() {
    let bed = Bed::of("static:a:1,b:1#max-backoff=10ms,backoff=10ms");
    bed.transport.fail_retain("b:1", Some("no route"));
    bed.updater.start().unwrap();
    assert_eq!(bed.members(), "a:1");
    bed.transport.fail_retain("b:1", None);
    bed.has("a:1 b:1");
    let before = bed.updater.status().attempts;
    bed.updater.refresh();
    bed.asked(before + 1);
    assert_eq!((bed.members().as_str(), bed.updater.status().changes), ("a:1 b:1", 1));
}

#[test]
fn of_a_name_that_is_said_twice_the_first_counts() {
    let bed = Bed::started("");
    let of = |weight| Member::new("a", Attributes::new().with_weight(weight));
    bed.say(Answer::new([of(2), of(3)]));
    bed.has("a");
    bed.say(Answer::new([of(2)]));
    bed.asked(3);
    assert_eq!(bed.list.introspect().peers[0].attributes.weight, 2);
    assert_eq!(bed.updater.status().changes, 1);
}

#[test]
fn a_refresh_ends_a_pause_and_is_not_lost() {
    let bed = Bed::started("");
    bed.say(peers("a").asked_again_in(NEVER));
    bed.has("a");
    assert_eq!(bed.updater.status().attempts, 1);
    bed.say(peers("b").asked_again_in(NEVER));
    bed.updater.refresh();
    bed.has("b");
    bed.say(peers("c").asked_again_in(Duration::from_millis(1)));
    bed.updater.refresh();
    bed.has("c");
    bed.say(peers("d"));
    bed.has("d"); // by its own
}

/// Not before a thread could have begun: before the start returns.
#[test]
fn a_source_that_answers_at_once_is_asked_by_the_start() {
    struct AtOnce;
    impl Source for AtOnce {
        fn name(&self) -> &str {
            "at once"
        }
        fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
            Ok(peers("a b").asked_again_in(NEVER))
        }
        fn answers_at_once(&self) -> bool {
            true
        }
    }
    let bed = Bed::with_source(Box::new(AtOnce), channel().0, "");
    bed.updater.start().unwrap();
    assert_eq!(bed.members(), "a b");
    bed.updater.stop().unwrap();
    assert_eq!(bed.members(), "");
}

#[test]
fn static_peers_of_a_uri_have_weights() {
    let uri = "static:a:1,b:2*3,[::1]:3 zone=eu tier=2".parse().unwrap();
    let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
    let bound = Bind::new(list, Watching::binder(&uri).unwrap());
    bound.start().unwrap();
    let peers = bound.list().introspect().peers;
    let seen: Vec<_> = peers
        .iter()
        .map(|peer| (&*peer.identifier, peer.attributes.weight, peer.attributes.tier))
        .collect();
    assert_eq!(seen, [("[::1]:3", 1, 2), ("a:1", 1, 0), ("b:2", 3, 0)]);
}

//! The moments between two steps of a choice, which no caller outside can stop at.

use super::*;
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::testing::FakeTransport;

fn direct(keep: usize, names: &[&str]) -> (Direct, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = DirectOptions::new().with_keep(keep);
    let chooser = Direct::new(transport.clone(), options);
    chooser.start().unwrap();
    // All at once, so that none is let go before the last.
    let picks = names.iter().map(|name| chooser.try_choose(&named(name)).unwrap());
    picks.collect::<Vec<_>>().into_iter().for_each(|pick| pick.finish(Outcome::Success));
    (chooser, transport)
}

fn named(name: &str) -> Request<'_> {
    Request::new().with_shard_key(name)
}

/// The moment between the two questions of `let_go`: whether there is a peer to let go, and
/// which. A caller that comes in between keeps its peer, which is not connected again.
#[test]
fn a_name_that_is_held_when_it_was_about_to_be_let_go_stays() {
    let (chooser, transport) = direct(0, &["a"]);
    transport.set_status("a", ConnectionStatus::Unavailable);
    assert!(chooser.names.has_spare());
    let hold = chooser.names.hold("a");
    assert!(!chooser.list.remove_which(|| chooser.names.take_spare()));
    assert!(!hold.begin_join(), "it is in the list");
    assert_eq!(transport.releases(), [""; 0]);
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(chooser.try_choose(&named("a")).unwrap().identifier(), "a");
    assert_eq!(transport.retains(), ["a"]);
}

/// The same for a caller that chooses.
#[test]
fn a_name_that_is_chosen_when_it_was_about_to_be_let_go_stays() {
    let (chooser, transport) = direct(0, &["a"]);
    assert!(chooser.names.has_spare());
    let pick = chooser.list.try_choose(&named("a")).unwrap();
    assert!(!chooser.list.remove_which(|| chooser.names.take_spare()));
    pick.finish(Outcome::Success);
    assert!(chooser.list.remove_which(|| chooser.names.take_spare()));
    assert_eq!(transport.releases(), ["a"]);
}

/// A caller that comes when it is decided adds the name, although the peer is still being
/// released.
#[test]
fn a_name_that_is_asked_for_when_it_is_let_go_is_added() {
    let (chooser, transport) = direct(0, &["a"]);
    let mut join = None;
    assert!(chooser.list.remove_which(|| {
        let name = chooser.names.take_spare();
        let hold = chooser.names.hold("a");
        join = hold.begin_join().then_some(hold);
        name
    }));
    let hold = join.expect("it is not in the list any more");
    assert!(!hold.end_join(None));
    drop(hold);
    assert_eq!(chooser.try_choose(&named("a")).unwrap().identifier(), "a");
    assert_eq!(
        (transport.retains(), transport.releases()),
        (vec!["a".into(); 2], vec!["a".into()])
    );
}

/// A number that a slot remembers may be another name's when the request ends.
#[test]
fn the_end_of_a_request_on_a_peer_that_has_left_changes_no_other_name() {
    let (chooser, transport) = direct(0, &[]);
    let old = chooser.try_choose(&named("a")).unwrap();
    // Taken out behind the chooser's back, as a stop does.
    assert!(chooser.list.remove_which(|| Some("a".into())));
    let new = chooser.try_choose(&named("b")).unwrap();
    old.finish(Outcome::Success);
    assert_eq!(transport.releases(), ["a"]);
    assert!(!chooser.names.has_spare(), "the request on b has not ended");
    new.finish(Outcome::Success);
    assert_eq!(chooser.try_choose(&named("b")).unwrap().identifier(), "b");
}

/// Those that wait for a caller that is refused are told why. What they are told is not what an
/// earlier caller was told, while another one asks the transport again.
#[test]
fn a_refusal_is_remembered_for_those_that_wait_until_the_next_attempt() {
    let (chooser, _transport) = direct(4, &[]);
    let (adds, waits) = (chooser.names.hold("a"), chooser.names.hold("a"));
    assert!(adds.begin_join() && !waits.begin_join());
    assert!(waits.refusal().is_none());
    assert!(adds.end_join(Some(&PeerFailureKind::ListFull)), "another one waits");
    drop(adds);
    assert!(matches!(waits.refusal(), Some(PeerFailureKind::ListFull)));
    let next = chooser.names.hold("a");
    assert!(next.begin_join());
    assert!(waits.refusal().is_none());
    assert!(next.end_join(None));
    assert!(waits.refusal().is_none());
    drop((waits, next));
    assert!(chooser.names.hold("a").begin_join());
}

//! What is sent again, and to whom.

use std::sync::{Arc, Mutex};

use peerage::Outcome;
use peerage::adapters::ureq::{BalancedOptions, CallError};
use ureq::http;

use crate::peers::bed;
use crate::server::{Do, nowhere, server};

fn post() -> http::Request<&'static str> {
    http::Request::post("/").body("milk").unwrap()
}

#[test]
fn what_was_never_sent_goes_to_another_peer_whatever_the_method() {
    let (dead, alive) = (nowhere(), server(Do::Answer(200, "ok")));
    let told = Arc::new(Mutex::new(vec![]));
    let tell = Arc::clone(&told);
    let options = BalancedOptions::new()
        .with_on_failure(move |peer| tell.lock().unwrap().push(peer.to_owned()));
    let bed = bed(&[&dead, &alive.address], options);
    let mut answer = bed.call_first(&post()).unwrap();
    assert_eq!(answer.body_mut().read_to_string().unwrap(), "ok");
    assert_eq!(
        bed.ends(),
        [(dead.clone(), Outcome::Failure), (alive.address.clone(), Outcome::Success)]
    );
    assert_eq!(*told.lock().unwrap(), [dead]);
}

#[test]
fn what_may_have_been_done_is_repeated_only_if_that_does_no_harm() {
    let (closing, alive) = (server(Do::Close), server(Do::Answer(200, "ok")));
    let names = [closing.address.as_str(), &alive.address];
    let bed_of_get = bed(&names, BalancedOptions::new());
    assert_eq!(bed_of_get.get_first(), (200, "ok".into()));
    assert_eq!(bed_of_get.outcomes(), [Outcome::Failure, Outcome::Success]);

    let bed = bed(&names, BalancedOptions::new());
    let error = bed.call_first(&post()).unwrap_err();
    let CallError::Failed { peer, tries, may_be_done, .. } = &error else { panic!("{error}") };
    assert_eq!((peer, *tries, *may_be_done), (&closing.address, 1, true));
    let text = format!(
        "no answer from {peer:?}, the 1. peer that was tried; it may have done what was asked: "
    );
    assert!(error.to_string().starts_with(&text), "{error}");
    assert_eq!((bed.outcomes(), alive.requests().len()), (vec![Outcome::Failure], 1));
}

#[test]
fn an_overloaded_peer_is_left_for_another_and_its_answer_is_the_last_resort() {
    let (busy, alive) = (server(Do::Answer(503, "busy")), server(Do::Answer(200, "ok")));
    let names = [busy.address.as_str(), &alive.address];
    let bed_of_two = bed(&names, BalancedOptions::new());
    assert_eq!(bed_of_two.get_first(), (200, "ok".into()));
    assert_eq!(bed_of_two.outcomes(), [Outcome::Overloaded, Outcome::Success]);
    assert_eq!(bed_of_two.call_first(&post()).unwrap().status(), 503);
    drop(bed_of_two);

    let bed = bed(&names[..1], BalancedOptions::new());
    assert_eq!(bed.get("/"), (503, "busy".into()));
    // The peer that was tried is chosen again, as there is no other, and is not sent to.
    let ends = bed.outcomes();
    assert!(ends.contains(&Outcome::NotSent) && ends.contains(&Outcome::Overloaded), "{ends:?}");
    assert_eq!(ends.len(), 2);
}

#[test]
fn tries_are_bounded_and_no_peer_is_tried_twice() {
    let dead: Vec<String> = (0..5).map(|_| nowhere()).collect();
    let names: Vec<&str> = dead.iter().map(String::as_str).collect();
    for (peers, tries, expected) in [(5, 3, 3), (2, 4, 2), (5, 1, 1), (5, 0, 1)] {
        let bed = bed(&names[..peers], BalancedOptions::new().with_tries(tries));
        let error = bed.client.get("/").unwrap_err();
        let CallError::Failed { tries, may_be_done, .. } = &error else { panic!("{error}") };
        assert_eq!((*tries, *may_be_done), (expected, false), "{error}");
        let mut failed: Vec<_> = bed.ends().into_iter().collect();
        failed.retain(|(_, outcome)| *outcome == Outcome::Failure);
        failed.sort_by(|a, b| a.0.cmp(&b.0));
        failed.dedup_by(|a, b| a.0 == b.0);
        assert_eq!(failed.len(), expected);
    }
}

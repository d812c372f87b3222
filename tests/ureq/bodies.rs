//! A request is in flight until its body has been read or is dropped.

use std::io::Read;

use peerage::adapters::ureq::BalancedOptions;
use peerage::{Chooser, Outcome};
use ureq::http;

use crate::peers::{Bed, bed};
use crate::server::{Do, server};

fn pending(bed: &Bed) -> u32 {
    bed.list.introspect().peers[0].status.pending_request_count
}

#[test]
fn a_pick_is_held_until_the_body_has_been_read() {
    let server = server(Do::Answer(200, "twelve bytes"));
    let bed = bed(&[&server.address], BalancedOptions::new());
    let mut answer = bed.client.get("/").unwrap();
    assert_eq!((pending(&bed), bed.outcomes()), (1, vec![]));
    let mut half = [0; 6];
    answer.body_mut().as_reader().read_exact(&mut half).unwrap();
    assert_eq!(pending(&bed), 1);
    let mut rest = String::new();
    answer.body_mut().as_reader().read_to_string(&mut rest).unwrap();
    assert_eq!(
        (rest.as_str(), pending(&bed), bed.outcomes()),
        (" bytes", 0, vec![Outcome::Success])
    );
}

#[test]
fn a_body_that_is_dropped_unread_is_a_request_given_up() {
    let server = server(Do::Answer(200, "twelve bytes"));
    let bed = bed(&[&server.address], BalancedOptions::new());
    drop(bed.client.get("/").unwrap());
    assert_eq!((pending(&bed), bed.outcomes()), (0, vec![Outcome::Cancelled]));
    server.set(Do::Answer(500, "sorry"));
    drop(bed.client.get("/").unwrap());
    assert_eq!(bed.outcomes(), [Outcome::Failure]);
}

#[test]
fn an_answer_without_a_body_ends_its_request_at_once() {
    let server = server(Do::Answer(200, ""));
    let bed = bed(&[&server.address], BalancedOptions::new());
    let _empty = bed.client.get("/").unwrap();
    assert_eq!(bed.outcomes(), [Outcome::Success]);
    server.set(Do::Raw("HTTP/1.1 204 -\r\n\r\n"));
    let _none = bed.client.get("/").unwrap();
    assert_eq!(bed.outcomes(), [Outcome::Success]);
    server.set(Do::Raw("HTTP/1.1 200 -\r\nContent-Length: 7\r\n\r\n"));
    let _head = bed.client.call(&http::Request::head("/").body("").unwrap()).unwrap();
    assert_eq!(bed.outcomes(), [Outcome::Success]);
}

#[test]
fn a_body_that_breaks_off_is_a_failure() {
    let server = server(Do::Raw("HTTP/1.1 200 -\r\nContent-Length: 9\r\n\r\nhalf"));
    let options = BalancedOptions::new();
    let bed =
        bed(&[&server.address], options.with_timeout(Some(std::time::Duration::from_millis(200))));
    let mut answer = bed.client.get("/").unwrap();
    assert!(answer.body_mut().read_to_string().is_err());
    assert_eq!(bed.outcomes(), [Outcome::Failure]);
}

#[test]
fn the_outcome_is_that_of_the_status() {
    let server = server(Do::Answer(200, "x"));
    let bed = bed(&[&server.address], BalancedOptions::new());
    for (status, outcome) in [
        (200, Outcome::Success),
        (404, Outcome::Success),
        (429, Outcome::Overloaded),
        (500, Outcome::Failure),
        (502, Outcome::Failure),
        (503, Outcome::Overloaded),
    ] {
        server.set(Do::Answer(status, "x"));
        assert_eq!(bed.get("/"), (status, "x".into()));
        // A retry that finds no other peer has taken this one and not sent to it.
        let ends: Vec<_> =
            bed.outcomes().into_iter().filter(|end| *end != Outcome::NotSent).collect();
        assert_eq!(ends, [outcome], "{status}");
    }
}

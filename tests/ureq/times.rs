//! Deadlines hold over the choice, the call, its retries and the body.

use std::time::{Duration, Instant};

use peerage::adapters::ureq::{BalancedOptions, CallError};
use peerage::{ChooseErrorKind, Outcome};

use crate::peers::bed;
use crate::server::{Do, server};

const SHORT: Duration = Duration::from_millis(150);
/// Much shorter than what a request would take without its limit.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn a_request_ends_in_time_whatever_its_peers_do() {
    let servers = [(); 3].map(|()| server(Do::Hang));
    let names = servers.each_ref().map(|server| server.address.as_str());
    let bed = bed(&names, BalancedOptions::new().with_timeout(Some(SHORT)));
    let began = Instant::now();
    let error = bed.client.get("/").unwrap_err();
    assert!(began.elapsed() >= SHORT && began.elapsed() < SOON, "{:?}", began.elapsed());
    let CallError::Failed { tries: 1, source: ureq::Error::Timeout(_), .. } = error else {
        panic!("{error}")
    };
    assert_eq!(bed.outcomes(), [Outcome::Failure]);
}

#[test]
fn a_try_that_takes_too_long_leaves_time_for_another_peer() {
    let (hanging, alive) = (server(Do::Hang), server(Do::Answer(200, "ok")));
    let options = BalancedOptions::new().with_try_timeout(Some(SHORT));
    let bed = bed(&[&hanging.address, &alive.address], options);
    let began = Instant::now();
    assert_eq!(bed.get_first(), (200, "ok".into()));
    assert!(began.elapsed() >= SHORT && began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_eq!(bed.outcomes(), [Outcome::Failure, Outcome::Success]);
}

#[test]
fn the_wait_for_a_peer_is_part_of_the_request() {
    let bed = bed(&[], BalancedOptions::new().with_choose_timeout(SHORT));
    let began = Instant::now();
    let error = bed.client.get("/").unwrap_err();
    assert!(began.elapsed() >= SHORT && began.elapsed() < SOON, "{:?}", began.elapsed());
    let CallError::Choose(error) = error else { panic!("{error}") };
    assert!(matches!(error.kind(), ChooseErrorKind::TimedOut(_)), "{error}");
}

#[test]
fn the_body_has_to_come_in_time_too() {
    let server = server(Do::Raw("HTTP/1.1 200 -\r\nContent-Length: 9\r\n\r\nhalf"));
    let bed = bed(&[&server.address], BalancedOptions::new().with_timeout(Some(SHORT)));
    let began = Instant::now();
    let mut answer = bed.client.get("/").unwrap();
    let error = answer.body_mut().read_to_string().unwrap_err();
    assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
    assert!(began.elapsed() < SOON);
    assert_eq!(bed.outcomes(), [Outcome::Failure]);
}

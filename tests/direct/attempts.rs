//! So many names, so many connection attempts and wake-ups: however many names there are, however
//! long a connection takes, and however their callers wait.

use std::thread;
use std::time::Duration;

use peerage::{Chooser, ConnectionStatus, Lifecycle, Outcome};

use super::net::{EventLoop, Net, names, poll};
use super::support::until;

/// One more than are kept by default; several times, and many times as many.
const COUNTS: [usize; 3] = [65, 200, 2_000];
const TIMES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(200)];

fn nets() -> impl Iterator<Item = (Net, Vec<String>)> {
    let of = |time| move |count| (Net::new(64, Some(time)), names(count));
    TIMES.into_iter().flat_map(move |time| COUNTS.into_iter().map(of(time)))
}

#[test]
fn names_beyond_what_is_kept_connect_once_each_by_notice() {
    for (net, names) in nets() {
        let callers = EventLoop::new();
        names.iter().for_each(|name| callers.ask(&net.chooser, name));
        callers.serve(&net.chooser, names.len());
        net.assert_attempts(names.len());
        // A notice that is just being asked for may be given for any news.
        assert!(callers.notices() < 2 * names.len());
    }
}

/// As an event loop does that tries first.
#[test]
fn names_beyond_what_is_kept_connect_once_each_by_trying_and_notice() {
    for (net, names) in nets() {
        let (callers, mut asking) = (EventLoop::new(), 0);
        for name in &names {
            match net.chooser.try_choose(&super::named(name)) {
                // Connected before the call was over, as happens on a busy machine. Its caller is served: one
                // that asked for a notice now might find that its peer has made room for another.
                Ok(pick) => pick.finish(Outcome::Success),
                Err(_) => {
                    callers.ask(&net.chooser, name);
                    asking += 1;
                }
            }
        }
        callers.serve(&net.chooser, asking);
        net.assert_attempts(names.len());
        // A notice that is just being asked for may be given for any news.
        assert!(callers.notices() < 2 * names.len());
    }
}

#[test]
fn names_beyond_what_is_kept_connect_once_each_by_choices_that_wait() {
    for (net, names) in nets() {
        let callers: Vec<_> = names.iter().map(|name| net.blocked(name.clone())).collect();
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        net.assert_attempts(names.len());
    }
}

#[test]
fn names_beyond_what_is_kept_connect_once_each_by_trying_alone() {
    for (net, names) in nets() {
        poll(&net.chooser, &names);
        net.assert_attempts(names.len());
    }
}

/// Every name has a caller that waits and one that asked for a notice.
#[test]
fn names_beyond_what_is_kept_connect_once_each_for_all_their_callers() {
    for count in [65, 500] {
        let (net, names, callers) = (Net::new(64, None), names(count), EventLoop::new());
        let blocked: Vec<_> = names.iter().map(|name| net.blocked(name.clone())).collect();
        names.iter().for_each(|name| callers.ask(&net.chooser, name));
        until("all wait", || net.chooser.stats().waiting == 2 * count);
        let connected = {
            let (transport, names) = (net.transport.clone(), names.clone());
            let up = move |name: &String| transport.set_status(name, ConnectionStatus::Available);
            thread::spawn(move || names.iter().for_each(up))
        };
        callers.serve(&net.chooser, count);
        blocked.into_iter().for_each(|caller| caller.join().unwrap());
        connected.join().unwrap();
        assert_eq!((net.attempts(), callers.notices()), (count, count));
    }
}

/// All are told before the first of them tries: a peer that was not chosen since it was asked for
/// is not let go for those that come.
#[test]
fn a_caller_that_was_told_finds_its_peer_though_many_were_told_before_it() {
    for keep in [0, 1, 64] {
        let (net, names, callers) = (Net::new(keep, None), names(200), EventLoop::new());
        names.iter().for_each(|name| callers.ask(&net.chooser, name));
        // All have asked before the first news: a notice that is just being asked for may be given for any.
        assert_eq!((net.chooser.stats().waiting, callers.notices()), (names.len(), 0));
        for name in &names {
            net.transport.set_status(name, ConnectionStatus::Available);
        }
        assert_eq!(callers.notices(), names.len());
        for _ in &names {
            assert!(callers.turn(&net.chooser));
        }
        net.assert_attempts(names.len());
    }
}

#[test]
fn a_peer_that_comes_up_wakes_its_own_waiters_and_no_other() {
    for count in COUNTS {
        let net = Net::new(0, None);
        let (callers, names) = (EventLoop::new(), names(count));
        // Two for each.
        for name in names.iter().chain(&names) {
            callers.ask(&net.chooser, name);
        }
        assert_eq!(net.chooser.stats().waiting, 2 * count);
        for (n, name) in names.iter().enumerate() {
            for status in [
                ConnectionStatus::Connecting,
                ConnectionStatus::Available,
                ConnectionStatus::Unavailable,
                ConnectionStatus::Available,
            ] {
                net.transport.set_status(name, status);
            }
            assert_eq!(callers.notices(), 2 * (n + 1));
        }
        callers.serve(&net.chooser, 2 * count);
        assert_eq!((callers.notices(), net.attempts()), (2 * count, count));
        net.chooser.stop().unwrap();
    }
}

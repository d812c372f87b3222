//! Many peers: all are probed as often as they should be, and every flip is seen.

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::sync::Arc;
use std::thread;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::transports::{ProbeState, Probing};

use crate::bed::{Watch, quick};
use crate::servers::{Answer, Server};
use crate::support::{LIMIT, until, within_time};

/// One listener answers at every address of loopback. `examples/probe_many` is the long form.
#[test]
#[cfg(target_os = "linux")]
fn hundreds_are_probed_and_every_flip_is_seen() {
    within_time(std::time::Duration::from_secs(60), "many", || {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || listener.incoming().for_each(drop));
        let address = |n: u16| {
            let [high, low] = n.to_be_bytes();
            SocketAddrV4::new(Ipv4Addr::new(127, 78, high, low), port).to_string()
        };
        let flapping: Vec<_> = (0..5).map(|_| Server::up(Answer::Close)).collect();
        let options = quick("interval=200ms,slow-interval=50ms,fast-interval=20ms,at-once=32");
        let probing = Probing::new(options.with_jitter(10));
        let steady: Vec<_> = (1..=500).map(|n| Watch::new(&probing, &address(n), |_| {})).collect();
        let flapping: Vec<_> = flapping
            .into_iter()
            .map(|server| (Watch::new(&probing, &server.name(), |_| {}), server))
            .collect();
        let is = |watch: &Watch, seen: &[_]| watch.statuses() == seen;
        until("all are up", || {
            steady
                .iter()
                .chain(flapping.iter().map(|(watch, _)| watch))
                .all(|w| is(w, &[Available]))
        });
        let mut seen = vec![Available];
        for _ in 0..2 {
            flapping.iter().for_each(|(_, server)| server.go_down());
            seen.push(Unavailable);
            until("all five are down", || flapping.iter().all(|(watch, _)| is(watch, &seen)));
            flapping.iter().for_each(|(_, server)| server.come_back());
            seen.push(Available);
            until("all five are up", || flapping.iter().all(|(watch, _)| is(watch, &seen)));
        }
        // Each at its own time, and none forgotten.
        until("each was probed again and again", || {
            probing.introspect().iter().all(|peer| peer.probes >= 4)
        });
        assert!(steady.iter().all(|watch| is(watch, &[Available])), "a flip is invented");
        assert!(probing.introspect().iter().all(|peer| peer.state == ProbeState::Up));
        assert_eq!(Arc::strong_count(&probing), 1 + 505);
    });
}

#[test]
fn no_more_probes_are_under_way_than_may_be() {
    within_time(LIMIT, "a few at once", || {
        let servers: Vec<_> = (0..6).map(|_| Server::up(Answer::Silence)).collect();
        let probing = Probing::new(quick("check=http,at-once=2,timeout=1h"));
        let mut watches: Vec<_> =
            servers.iter().map(|server| Watch::new(&probing, &server.name(), |_| {})).collect();
        let asked = || servers.iter().map(Server::count).sum::<usize>();
        let under_way = || probing.introspect().iter().filter(|peer| peer.next.is_none()).count();
        until("two are under way", || (asked(), under_way()) == (2, 2));
        assert_eq!(asked(), 2);
        // Those that were retained first are first, and one that goes makes room for the next.
        assert_eq!([servers[0].count(), servers[1].count()], [1, 1]);
        drop(watches.remove(0));
        until("the next one is", || (servers[2].count(), asked(), under_way()) == (1, 3, 2));
    });
}

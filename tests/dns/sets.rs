//! What names say, as peers.

use std::net::UdpSocket;
use std::time::Duration;

use peerage::Chooser;

use crate::bed::Bed;
use crate::server::{Dnsmasq, Knot};
use crate::support::LIMIT;

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn both_families_are_peers() {
    let knot = Knot::new("users 60 A 127.0.0.2\nusers 60 A 127.0.0.1\nusers 60 AAAA ::1");
    let bed = Bed::new(&format!("dns:Users.svc.test.:80#servers={}", knot.address()));
    bed.has("127.0.0.1:80 127.0.0.2:80 [::1]:80");
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn services_have_weights_and_priorities() {
    let mut knot = Knot::new(
        "_rpc._tcp.users 1 SRV 10 30 8001 a\n_rpc._tcp.users 1 SRV 10 0 8002 b\n\
         _rpc._tcp.users 1 SRV 20 5 8003 a\na 60 A 127.0.0.1\nb 60 A 127.0.0.2\nb 60 AAAA ::1",
    );
    let bed = Bed::new(&format!("dns+srv:_rpc._tcp.users.svc.test#servers={}", knot.address()));
    bed.has("127.0.0.1:8001*30 127.0.0.1:8003*5/1 127.0.0.2:8002 [::1]:8002");
    knot.change("_rpc._tcp.users 1 SRV 10 7 8001 a\na 60 A 127.0.0.1");
    bed.has("127.0.0.1:8001*7");
    knot.change("_rpc._tcp.users 1 SRV 0 0 0 .");
    bed.told("has no peers at all: 1 peer kept");
    assert_eq!(bed.peers(), "127.0.0.1:8001*7");
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn what_no_datagram_has_room_for_comes_by_tcp() {
    let of = |range: std::ops::Range<u32>| -> String {
        range.map(|n| format!("users 60 A 127.1.{}.{}\n", n / 200, n % 200)).collect()
    };
    let mut knot = Knot::new(&of(0..1000));
    let bed = Bed::new(&format!("dns:users.svc.test:80#servers={}", knot.address()));
    bed.told("has 1000 peers now: 1000 additions, 0 removals");
    knot.change(&of(400..1200));
    bed.updater.refresh();
    bed.told("has 800 peers now: 200 additions, 400 removals");
    assert_eq!(bed.list.stats().peers, 800);
}

#[test]
#[ignore = "needs dnsmasq: ffi-tests/run.sh dns"]
fn a_server_that_refuses_one_family_has_the_other() {
    let flags = [
        "--host-record=a.test,127.0.0.21,2",
        "--host-record=b.test,127.0.0.22,2",
        "--srv-host=_rpc._tcp.users.test,a.test,8001,0,10",
        "--srv-host=_rpc._tcp.users.test,b.test,8002,1,20",
    ];
    let server = Dnsmasq::new(&flags);
    assert_eq!(code_of_aaaa(&server), 5, "it does not refuse any more: another is needed");
    let bed = Bed::new(&format!("dns:a.test:80#servers={}", server.address()));
    bed.has("127.0.0.21:80");
    let bed = Bed::new(&format!("dns+srv:_rpc._tcp.users.test#servers={}", server.address()));
    bed.has("127.0.0.21:8001*10 127.0.0.22:8002*20/1");
    assert_eq!(bed.updater.status().failures, 0);
}

/// What the server answers when it is asked for the AAAA records of a.test.
fn code_of_aaaa(server: &Dnsmasq) -> u8 {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(LIMIT.min(Duration::from_secs(5)))).unwrap();
    let question = b"\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x1c\0\x01";
    socket.send_to(question, server.address()).unwrap();
    let mut answer = [0; 512];
    socket.recv(&mut answer).unwrap();
    answer[3] & 15
}

//! The pool over real sockets.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use peerage::policy::RoundRobin;
use peerage::transports::pool::{Pool, PoolPeer, Pooled, Tcp};
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList, Pick, Request, Wait};

use crate::support::{LIMIT, until};

struct Bed {
    listener: TcpListener,
    pool: Arc<Pool<Tcp>>,
    list: PeerList<RoundRobin>,
    /// The server's end of the connection that the pool has made by itself.
    first: TcpStream,
}

fn bed() -> Bed {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let pool = Pool::new(Tcp::new());
    let list = PeerList::new(RoundRobin::new(), pool.clone(), ListOptions::new());
    list.start().unwrap();
    let address = listener.local_addr().unwrap().to_string();
    list.update(ListUpdates::adding([address])).unwrap();
    let (first, _) = listener.accept().unwrap();
    Bed { listener, pool, list, first }
}

impl Bed {
    fn choose(&self) -> Pick {
        self.list.choose(&Request::new(), Wait::timeout(LIMIT)).unwrap()
    }
}

fn checkout(pick: &Pick) -> Pooled<Tcp> {
    pick.downcast::<PoolPeer<Tcp>>().unwrap().checkout().unwrap()
}

#[test]
fn an_idle_connection_that_the_server_closed_or_wrote_to_is_replaced() {
    let bed = bed();
    let pick = bed.choose();
    assert!(checkout(&pick).was_idle());
    drop(bed.first);
    until("the end has arrived", || !checkout(&pick).was_idle());
    let (mut second, _) = bed.listener.accept().unwrap();
    assert!(checkout(&pick).was_idle());
    // An answer that belongs to no request: the next request's must not be taken for it.
    second.write_all(b"late").unwrap();
    until("the late answer has arrived", || !checkout(&pick).was_idle());
    drop(pick);
    bed.list.stop().unwrap();
    bed.pool.join();
}

#[test]
fn the_end_of_the_stream_seen_through_the_connection_closes_it_and_doubts_the_peer() {
    let bed = bed();
    let pick = bed.choose();
    let mut connection = checkout(&pick);
    connection.write_all(b"ping").unwrap();
    let mut four = [0; 4];
    (&bed.first).read_exact(&mut four).unwrap();
    drop(bed.first);
    assert!(connection.read_exact(&mut four).is_err());
    let made = bed.pool.stats().made;
    drop(connection);
    // The manager connects anew.
    let (_second, _) = bed.listener.accept().unwrap();
    until("it is connected again", || bed.list.available() == 1);
    assert_eq!(bed.pool.stats().made, made + 1);
    drop(pick);
    bed.list.stop().unwrap();
    bed.pool.join();
}

#[test]
fn a_name_without_a_port_is_refused_by_the_update_and_the_others_are_taken() {
    let bed = bed();
    let error = bed.list.update(ListUpdates::adding(["db", "127.0.0.1:1"])).unwrap_err();
    let text = "can't retain peer \"db\": \"db\" has no port: host:port is needed";
    assert_eq!(error.to_string(), text);
    assert_eq!(bed.list.introspect().peers.len(), 2);
    bed.list.stop().unwrap();
    bed.pool.join();
}

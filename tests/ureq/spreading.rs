//! Where requests go, and what the peers see of them.

use peerage::adapters::ureq::{Balanced, BalancedOptions};
use peerage::{Outcome, Request};
use ureq::http;

use crate::peers::bed;
use crate::server::{Do, server};

#[test]
fn requests_spread_though_connections_are_kept() {
    let servers = [(); 3].map(|()| server(Do::Answer(200, "ok")));
    let names = servers.each_ref().map(|server| server.address.as_str());
    let bed = bed(&names, BalancedOptions::new());
    for _ in 0..30 {
        assert_eq!(bed.get("/"), (200, "ok".into()));
    }
    for server in &servers {
        assert_eq!((server.requests().len(), server.connections()), (10, 1));
    }
    assert_eq!(bed.outcomes(), [Outcome::Success; 30]);
}

#[test]
fn a_peer_sees_the_service_as_its_host_and_the_path_as_it_was_given() {
    let server = server(Do::Answer(200, ""));
    let bed = bed(&[&server.address], BalancedOptions::new());
    bed.get("/users/7?full=1");
    let url =
        http::Request::post("http://users/items").header("Host", "other").body("milk").unwrap();
    bed.client.call(&url).unwrap();
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /users/7?full=1 HTTP/1.1\r\n"), "{}", requests[0]);
    assert!(requests[0].to_ascii_lowercase().contains("\r\nhost: users\r\n"), "{}", requests[0]);
    assert!(requests[1].starts_with("POST /items HTTP/1.1\r\n"), "{}", requests[1]);
    assert!(requests[1].to_ascii_lowercase().contains("\r\nhost: other\r\n"), "{}", requests[1]);
    assert!(requests[1].ends_with("\r\n\r\nmilk"), "{}", requests[1]);
}

#[test]
fn a_redirect_is_an_answer() {
    let there = "HTTP/1.1 302 -\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n";
    let server = server(Do::Raw(there));
    let bed = bed(&[&server.address], BalancedOptions::new());
    let answer = bed.client.get("/").unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (302, &"http://elsewhere/".parse().unwrap())
    );
    drop(answer);
    assert_eq!(bed.outcomes(), [Outcome::Success]);
}

#[test]
fn peers_to_avoid_are_avoided_and_a_name_that_is_no_address_is_named() {
    let servers = [(); 2].map(|()| server(Do::Answer(200, "")));
    let names = servers.each_ref().map(|server| server.address.as_str());
    let bed_of_two = bed(&names, BalancedOptions::new());
    let avoid = [names[0]];
    for _ in 0..4 {
        let request = http::Request::get("/").body("").unwrap();
        bed_of_two.client.call_as(&request, &Request::new().with_avoid(&avoid)).unwrap();
    }
    assert_eq!((servers[0].requests().len(), servers[1].requests().len()), (0, 4));

    let bed = bed(&["not an address"], BalancedOptions::new());
    let error = bed.client.get("/").unwrap_err().to_string();
    assert!(
        error.starts_with("the request can't be sent: \"not an address\" is no host:port"),
        "{error}"
    );
    assert_eq!(bed.outcomes(), [Outcome::NotSent]);
    let other = bed.client.get("http://items/").unwrap_err().to_string();
    assert_eq!(
        other,
        "the request can't be sent: http://items/ is not of the service http://users"
    );
    assert!(Balanced::new("users", bed.list.clone()).is_err());
}

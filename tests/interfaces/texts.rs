//! What is printed, and what is looked up by name.

use peerage::error::UnknownConnectionStatus;
use peerage::policy::RoundRobin;
use peerage::transports::Always;
use peerage::{Chooser, ConnectionStatus, Headers, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{Outcome, PeerList, Request, Status};

use crate::{idle, running};

#[test]
fn connection_statuses_have_yarpc_s_names_and_numbers() {
    let statuses =
        [ConnectionStatus::Unavailable, ConnectionStatus::Connecting, ConnectionStatus::Available];
    for (number, status) in (0..).zip(statuses) {
        assert_eq!(ConnectionStatus::try_from(number), Ok(status));
    }
    let names = statuses.map(|status| status.to_string());
    assert_eq!(names, ["Unavailable", "Connecting", "Available"]);
    for number in [-1, 3, i32::MAX] {
        let error = ConnectionStatus::try_from(number).unwrap_err();
        assert_eq!(error, UnknownConnectionStatus(number));
        assert_eq!(error.to_string(), format!("ConnectionStatus({number})"));
    }
}

#[test]
fn a_status_prints_as_yarpc_s_does() {
    let connection_status = ConnectionStatus::Available;
    let status = Status { pending_request_count: 3, connection_status };
    assert_eq!(status.to_string(), "{Available Pending:3}");
    assert_eq!(Status::default().to_string(), "{Unavailable Pending:0}");
}

#[test]
fn a_list_prints_its_peers_in_order() {
    let (list, transport) = running(&["b", "a"]);
    let pick = list.try_choose(&Request::new()).unwrap();
    assert_eq!(pick.identifier(), "b");
    transport.set_status("a", ConnectionStatus::Connecting);
    assert_eq!(
        list.introspect().to_string(),
        "users: Running (1/2 available)\n  \
         a: Connecting, 0 pending request(s)\n  \
         b: Available, 1 pending request(s)"
    );
    list.stop().unwrap();
    assert_eq!(list.introspect().to_string(), "users: Stopped (0/0 available)");
    assert_eq!(idle(&["a"]).0.introspect().to_string(), "users: Idle (0/0 available)");
}

/// A name that would be a row of its own is shown in one, and given out as it is.
#[test]
fn a_name_is_never_more_than_its_row() {
    let forged = "a\n  b: Available, 0 pending request(s)";
    let hidden = "\0\u{202e}c";
    let options = ListOptions::new().with_name("two\nlines");
    let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding([forged, hidden])).unwrap();
    let status = list.introspect();
    assert_eq!(
        status.to_string(),
        "two\\nlines: Running (2/2 available)\n  \
         \\0\\u{202e}c: Available, 0 pending request(s)\n  \
         a\\n  b: Available, 0 pending request(s): Available, 0 pending request(s)"
    );
    assert_eq!(status.name, "two\nlines");
    assert_eq!(
        status.peers.iter().map(|peer| &*peer.identifier).collect::<Vec<_>>(),
        [hidden, forged]
    );
    let error = list.update(ListUpdates::removing(["x\ny"])).unwrap_err();
    assert_eq!(error.to_string(), "can't remove peer (x\\ny) because it is not in peerlist");
    let error = list.update(ListUpdates::adding([forged])).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
}

#[test]
fn headers_are_found_whatever_their_case() {
    let array = [("X-Shard", "7"), ("x-shard", "8"), ("Empty", "")];
    let vector: Vec<(String, String)> =
        array.iter().map(|&(key, value)| (key.into(), value.into())).collect();
    let bytes = array.map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec()));
    let headers: [&dyn Headers; 3] = [&array, &vector, &bytes];
    for headers in headers {
        let request = Request::new().with_headers(headers);
        for name in ["X-Shard", "x-shard", "X-SHARD"] {
            assert_eq!(request.header(name), Some(&b"7"[..]), "the first of that name");
            assert_eq!(request.header_text(name), Some("7"));
        }
        assert_eq!(request.header("empty"), Some(&b""[..]));
        assert_eq!(request.header_text("empty"), Some(""));
        assert_eq!(request.header("X-Shar"), None);
        assert_eq!(request.header(""), None);
        assert_eq!(request.header_text(""), None);
    }
    assert_eq!(Request::new().header("X-Shard"), None);
}

#[test]
fn header_values_are_bytes() {
    let headers = [("id", &b"\xff\0\x80"[..]), ("text", "caf\u{e9}".as_bytes())];
    let request = Request::new().with_headers(&headers);
    assert_eq!(request.header("ID"), Some(&b"\xff\0\x80"[..]));
    assert_eq!(request.header_text("ID"), None);
    assert_eq!(request.header_text("text"), Some("caf\u{e9}"));
}

#[test]
fn a_request_keeps_its_keys_apart() {
    let request =
        Request::new().with_shard_key("s").with_routing_key("r").with_routing_delegate("d");
    let keys = [request.shard_key(), request.routing_key(), request.routing_delegate()];
    assert_eq!(keys, [b"s", b"r", b"d"]);
    let empty = Request::default();
    let keys = [empty.shard_key(), empty.routing_key(), empty.routing_delegate()];
    assert_eq!(keys, [b""; 3]);
    assert_eq!(empty.shard_key_text(), Some(""));
}

/// Whatever a program has its keys in goes in as it is.
#[test]
fn keys_are_bytes_of_any_kind() {
    let (text, bytes, long) = (String::from("user-42"), vec![0xff, 0], [0x80_u8; 300]);
    for (request, key) in [
        (Request::new().with_shard_key("user-42"), &b"user-42"[..]),
        (Request::new().with_shard_key(&text), b"user-42"),
        (Request::new().with_shard_key(b"\xff\0"), b"\xff\0"),
        (Request::new().with_shard_key(&bytes), b"\xff\0"),
        (Request::new().with_shard_key(&bytes[..1]), b"\xff"),
        (Request::new().with_shard_key(&long), &long),
        (Request::new().with_shard_key(&[]), b""),
    ] {
        assert_eq!(request.shard_key(), key);
        assert_eq!(request.shard_key_text(), std::str::from_utf8(key).ok());
    }
    let request = Request::new().with_routing_key(b"\xfe").with_routing_delegate(b"\0\xfd");
    assert_eq!((request.routing_key(), request.routing_delegate()), (&b"\xfe"[..], &b"\0\xfd"[..]));
}

#[test]
fn a_request_prints_its_keys_as_text_where_they_are() {
    let request = Request::new().with_shard_key("user-42").with_routing_key(b"\xff\n");
    let text = format!("{request:?}");
    assert!(text.contains(r#"shard_key: "user-42", routing_key: "\xff\n""#), "{text}");
}

#[test]
fn outcomes_print_as_their_names() {
    let outcomes = [
        (Outcome::Success, "Success"),
        (Outcome::Failure, "Failure"),
        (Outcome::Overloaded, "Overloaded"),
        (Outcome::Cancelled, "Cancelled"),
        (Outcome::NotSent, "NotSent"),
        (Outcome::Abandoned, "Abandoned"),
    ];
    for (outcome, name) in outcomes {
        assert_eq!(outcome.to_string(), name);
    }
}

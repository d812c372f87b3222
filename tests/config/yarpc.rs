//! YARPC's own shape.

use super::{compare, read, written, wrong};

/// The chooser of an outbound `a`.
fn one(outbound: &str) -> String {
    let json = written(&format!("outbounds: {{a: {outbound}}}"));
    json.strip_prefix("\"a\":").unwrap().to_owned()
}

#[test]
fn what_yarpc_accepts_is_accepted() {
    for (outbound, json) in [
        ("{http: {peer: '127.0.0.1:80'}}", r#"{"policy":"single","peers":["127.0.0.1:80"]}"#),
        (
            "{http: {PEER: '${HOST}:80', url: x, addHeaders: {}}}",
            r#"{"policy":"single","peers":["h:80"]}"#,
        ),
        ("{http: {url: 'https://${HOST}/x?y'}}", r#"{"policy":"single","peers":["h:443"]}"#),
        ("{http: {URL: 'http://[::1]:8/'}}", r#"{"policy":"single","peers":["[::1]:8"]}"#),
        ("{grpc: {address: 'h:80', tls: {}}}", r#"{"policy":"single","peers":["h:80"]}"#),
        (
            "{service: b, own: {random: {peers: [x, y]}}}",
            r#"{"policy":"random","peers":["x","y"]}"#,
        ),
        ("{unary: {http: {random: {peers: [x]}}}}", r#"{"policy":"random","peers":["x"]}"#),
        (
            "{tchannel: {round-robin: {peers: [x], capacity: 20, FAILFAST: yes, defaultChooseTimeout: 1m30s}}}",
            r#"{"policy":"round-robin","options":"capacity=20,fail-fast,timeout=90s","peers":["x"]}"#,
        ),
        (
            "{http: {least-loaded: {peers: [x], failFast: true, drainTimeout: 1.5s, \
             settings: 'errors=off,choices=3', options: 'max-pending=20,eject=5'}}}",
            r#"{"policy":"least-loaded:choices=3,errors=off","options":"fail-fast,max-pending=20,eject=5","peers":["x"],"drain-timeout":"1500ms"}"#,
        ),
        // What the library's own text says counts.
        (
            "{http: {random: {peers: [x], failFast: true, defaultChooseTimeout: 1s, options: 'fail-fast=off,timeout=2s'}}}",
            r#"{"policy":"random","options":"timeout=2s","peers":["x"]}"#,
        ),
        (
            "{http: {hashring32: {peers: [x], offsetHeader: o, offsetGeneratorValue: 4, peerOverrideHeader: p, \
             alternateShardKeyHeader: s, replicaDelimiter: '#', numReplicas: 7, numPeersEstimate: 9, maxOffset: 3}}}",
            r##"{"policy":"hashring32:replicas=7,delimiter=#,peer-override-header=p,offset-header=o,max-offset=3,offset-generator=4,alternate-shard-key-header=s","options":"capacity=9","peers":["x"]}"##,
        ),
        (
            "{http: {hashring32: {peers: [x], numReplicas: 0}}}",
            r#"{"policy":"hashring32","peers":["x"]}"#,
        ),
        (
            "{http: {direct: {failFast: true, settings: keep=3}}}",
            r#"{"policy":"direct:keep=3","options":"fail-fast"}"#,
        ),
        ("{http: {direct: }}", r#"{"policy":"direct"}"#),
        (
            "{http: {random: {source: 'dns:a.b:80'}}}",
            r#"{"policy":"random","source":"dns:a.b:80"}"#,
        ),
        (
            "{http: {random: {dns: 'a.b:80#max-ttl=5s'}}}",
            r##"{"policy":"random","source":"dns:a.b:80#max-ttl=5s"}"##,
        ),
        (
            "{http: {random: {peers: [], dns: {name: a.b, port: 80, record: A, max-ttl: 5s}}}}",
            r##"{"policy":"random","source":"dns:a.b:80#max-ttl=5s"}"##,
        ),
        (
            "{http: {random: {dns: {name: _a._tcp.b, record: SRV}}}}",
            r#"{"policy":"random","source":"dns+srv:_a._tcp.b"}"#,
        ),
        (
            "{http: {random: {static: {name: 'x,y', allow-empty: true}}}}",
            r##"{"policy":"random","source":"static:x,y#allow-empty=on"}"##,
        ),
        (
            "{http: {random: {peers: [x], probes: interval=1s}}}",
            r#"{"policy":"random","peers":["x"],"probes":"interval=1s"}"#,
        ),
    ] {
        assert_eq!(one(outbound), json, "{outbound}");
    }
}

#[test]
fn the_rest_of_a_file_of_yarpcs_is_left_alone() {
    let text = "inbounds: {http: {address: ':80'}}\nlogging: {}\nmetrics: {}\ntransports: {}\n\
                Outbounds:\n  users: {unary: {http: {peer: x}}, oneway: {http: {peer: y}}}\n";
    let one = r#""users.oneway":{"policy":"single","peers":["y"]}"#;
    assert_eq!(
        written(text),
        format!(r#"{one},"users.unary":{{"policy":"single","peers":["x"]}}"#)
    );
    assert_eq!(wrong("choosers: {}\nlogging: {}\n").len(), 1);
}

/// The same shape among choosers of this library's.
#[test]
fn a_chooser_may_have_it_too() {
    let text = "choosers: {a: {peer: x}, b: {round-robin: {peers: [y], failFast: true}}}";
    let a = r#""a":{"policy":"single","peers":["x"]}"#;
    let b = r#""b":{"policy":"round-robin","options":"fail-fast","peers":["y"]}"#;
    assert_eq!(written(text), format!("{a},{b}"));
}

/// `bindings/go/yarpc/configuration_texts_test.go` has YARPC itself say them.
#[test]
fn texts_are_yarpcs() {
    let cases = include_str!("yarpc_texts.txt");
    let mut count = 0;
    for case in cases.split("====\n").skip(1) {
        let (text, yaml) = case.split_once('\n').unwrap();
        let errors = read(yaml).expect_err(yaml).to_string();
        let found = errors.lines().any(|line| {
            line.split_once(": ").and_then(|(_, rest)| rest.split_once(": ")).is_some_and(
                |(_, said)| {
                    // What would be right may stand behind it.
                    said.strip_prefix(text)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with("; "))
                },
            )
        });
        assert!(found, "{yaml}\nwant {text}\ngot  {errors}");
        count += 1;
    }
    assert_eq!(count, 12);
}

/// What YARPC says in the words of its decoder, or not at all.
#[test]
fn other_faults_have_their_place_too() {
    let mut cases = vec![];
    for (outbound, error) in [
        (
            "{grpc: {peer: a, with: b}}",
            "33: outbounds.a.grpc.with: stands beside peer; need one of them",
        ),
        (
            "{grpc: {peer: a, random: {}}}",
            "33: outbounds.a.grpc.random: unrecognized attributes in outbound config: map[random:map[]]; need nothing beside peer",
        ),
        (
            "{unary: {http: {peer: x}}, z: 3}",
            "43: outbounds.a.z: too many attributes in explicit outbound configuration; need unary, oneway and stream alone beside service",
        ),
        (
            "{http: {url: 'x'}}",
            "29: outbounds.a.http.url: cannot be \"x\"; need a URL of http or https",
        ),
        (
            "{http: {random: x}}",
            "32: outbounds.a.http.random: is a text; need a map with an updater, such as peers, and what is set",
        ),
        (
            "{http: {random: {peers: [a], dns: 'x:80'}}}",
            "33: outbounds.a.http.random.peers: found too many peer list updaters in config: got dns, peers; need one of them",
        ),
        (
            "{http: {random: {peers: [a], failFats: true}}}",
            "45: outbounds.a.http.random: there is no key \"failFats\"; did you mean \"failFast\"? need one of capacity, failFast, defaultChooseTimeout, drainTimeout, settings, options, probes",
        ),
        (
            "{http: {random: {peers: [a], failFast: maybe}}}",
            "55: outbounds.a.http.random.failFast: cannot be \"maybe\"; need true or false",
        ),
        (
            "{http: {random: {peers: [a], capacity: x}}}",
            "55: outbounds.a.http.random.capacity: cannot be \"x\"; need a whole number from 0 to 16777216",
        ),
        (
            "{http: {random: {peers: [a], defaultChooseTimeout: -1s}}}",
            "67: outbounds.a.http.random.defaultChooseTimeout: must not be negative. Got: -1s.",
        ),
        (
            "{http: {random: {peers: [a], drainTimeout: 5}}}",
            "59: outbounds.a.http.random.drainTimeout: cannot be \"5\"; need a duration with its unit, such as 200ms, 1.5s or 1m30s, or forever",
        ),
        (
            "{http: {least-loaded: {peers: [a], settings: erors=on}}}",
            "61: outbounds.a.http.least-loaded.settings: there is no key \"erors\"; did you mean \"errors\"? need one of choices, memory, errors",
        ),
        (
            "{http: {random: {peers: [a], options: max-pending=-3}}}",
            "54: outbounds.a.http.random.options: max-pending cannot be \"-3\"; need a whole number from 1 to 16777216",
        ),
        (
            "{http: {hashring32: {peers: [a], numReplicas: 100000}}}",
            "62: outbounds.a.http.hashring32.numReplicas: cannot be \"100000\"; need a whole number from 1 to 65536",
        ),
        (
            "{http: {direct: {peers: [a]}}}",
            "33: outbounds.a.http.direct: there is no key \"peers\"; need one of failFast, defaultChooseTimeout, drainTimeout, settings, options, probes",
        ),
        (
            "{http: {random: {dns: {name: a.b, record: MX}}}}",
            "58: outbounds.a.http.random.dns.record: cannot be \"MX\"; need A, AAAA or SRV",
        ),
        (
            "{http: {random: {dns: {record: A}}}}",
            "38: outbounds.a.http.random.dns: has no key \"name\"; need it, with what stands behind the colon of dns:NAME:PORT",
        ),
        (
            "{http: {random: {dns: 'a.b:x'}}}",
            "43: outbounds.a.http.random.dns: \"x\": a port is a whole number from 1 to 65535",
        ),
    ] {
        let found = wrong(&format!("outbounds: {{a: {outbound}}}")).join("\n");
        cases.push((outbound.to_owned(), found, format!("1:{error}")));
    }
    compare(cases);
}

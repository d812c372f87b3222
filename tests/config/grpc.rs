//! gRPC's `loadBalancingConfig`.

use super::{read, written, wrong};

/// The chooser of such a list with two peers.
fn one(list: &str) -> String {
    let json = written(&format!("choosers: {{a: {{loadBalancingConfig: {list}, peers: [x, y]}}}}"));
    let json = json.strip_prefix("\"a\":{\"policy\":").unwrap();
    json.replace(",\"peers\":[\"x\",\"y\"]}", "").replace('"', "")
}

#[test]
fn the_first_that_is_supported_counts() {
    for (list, says) in [
        ("[{round_robin: {}}]", "round-robin"),
        ("[{xds_x: {a: 1}}, {round_robin: }, {pick_first: {}}]", "round-robin"),
        ("[{pick_first: {}}]", "single,options:shuffle=off"),
        ("[{pick_first: {shuffleAddressList: true}}]", "single"),
        ("[{weighted_round_robin: {blackoutPeriod: 10s}}]", "weighted-round-robin"),
        ("[{least_request_experimental: {}}]", "two-random-choices"),
        ("[{least_request_experimental: {choiceCount: 5}}]", "two-random-choices:choices=5"),
        ("[{least_request_experimental: {choice_count: '11'}}]", "two-random-choices:choices=10"),
        ("[{ring_hash_experimental: {}}]", "hashring32:replicas=512"),
        (
            "[{ring_hash_experimental: {minRingSize: 99, requestHashHeader: X-Key}}]",
            "hashring32:replicas=50,alternate-shard-key-header=x-key",
        ),
        (
            "[{ring_hash_experimental: {minRingSize: 8388608, maxRingSize: 8388608}}]",
            "hashring32:replicas=2048",
        ),
        ("[{outlier_detection_experimental: {childPolicy: [{round_robin: {}}]}}]", "round-robin"),
        (
            "[{outlier_detection_experimental: {successRateEjection: {}, childPolicy: [{x: 1}, {round_robin: {}}]}}]",
            "round-robin,options:eject=5",
        ),
        (
            "[{random_subsetting_experimental: {subsetSize: 9, childPolicy: [{round_robin: {}}]}}]",
            "round-robin,options:subset=9",
        ),
    ] {
        assert_eq!(one(list), says, "{list}");
    }
}

#[test]
fn what_has_no_counterpart_is_noted() {
    let text = "choosers:\n a:\n  peers: [x]\n  loadBalancingConfig:\n  - grpclb: {}\n  - outlier_detection_experimental:\n     \
                interval: 3s\n     failurePercentageEjection: {threshold: 9}\n     childPolicy:\n     - round_robin: {x: 1}\n";
    let notes: Vec<_> = read(text).unwrap().notes.iter().map(ToString::to_string).collect();
    let list = "choosers.a.loadBalancingConfig";
    let outlier = format!("{list}[1].outlier_detection_experimental");
    let child = format!("{outlier}.childPolicy[0].round_robin.x");
    assert_eq!(
        notes,
        [
            format!("f:5:5: {list}[0].grpclb: is passed over; this library has no counterpart"),
            format!(
                "f:8:6: {outlier}.failurePercentageEjection: is passed over; peers are ejected for failures in a row; the option eject says after how many"
            ),
            format!("f:7:6: {outlier}.interval: is passed over; it is fixed: see the option eject"),
            format!("f:10:22: {child}: there is no key \"x\": it is passed over; there are none"),
        ]
    );
}

/// Texts of grpc-go where it has one.
#[test]
fn what_grpc_refuses_is_refused() {
    let all = "pick_first, round_robin, weighted_round_robin, least_request_experimental, \
               ring_hash_experimental, outlier_detection_experimental, random_subsetting_experimental";
    for (list, error) in [
        ("{}", "is a map; need a list of policies, such as [{round_robin: {}}]".to_owned()),
        ("[]", format!("invalid loadBalancingConfig: no supported policies found in []; need one of {all}")),
        ("[{a: }, {b: }]", format!("invalid loadBalancingConfig: no supported policies found in [a b]; need one of {all}")),
        ("[{a: 1}, {b: 1, c: 1}]", "invalid loadBalancingConfig: entry 1 does not contain exactly 1 policy/config pair; need a map such as {round_robin: {}}".into()),
        ("[round_robin]", "invalid loadBalancingConfig: entry 0 does not contain exactly 1 policy/config pair; need a map such as {round_robin: {}}".into()),
        ("[{round_robin: 3}]", "is a text; need a map of the policy's fields".into()),
        ("[{least_request_experimental: {choiceCount: 1}}]", "least-request: lbConfig.choiceCount: 1, must be >= 2".into()),
        ("[{least_request_experimental: {choiceCount: x}}]", "cannot be \"x\"; need a whole number from 0 to 4294967295".into()),
        ("[{ring_hash_experimental: {minRingSize: 8388609}}]", "min_ring_size value of 8388609 is greater than max supported value 8388608 for this field".into()),
        ("[{ring_hash_experimental: {maxRingSize: 8388609}}]", "max_ring_size value of 8388609 is greater than max supported value 8388608 for this field".into()),
        ("[{ring_hash_experimental: {minRingSize: 9, maxRingSize: 8}}]", "min 9 is greater than max 8".into()),
        ("[{ring_hash_experimental: {requestHashHeader: X-Bin}}]", "invalid requestHashHeader \"x-bin\": key must not end with \"-bin\"".into()),
        ("[{pick_first: {shuffleAddressList: 1}}]", "cannot be \"1\"; need true or false".into()),
        ("[{outlier_detection_experimental: {maxEjectionPercent: 101, childPolicy: [{round_robin: }]}}]", "OutlierDetectionLoadBalancingConfig.max_ejection_percent = 101; must be <= 100".into()),
        ("[{outlier_detection_experimental: {}}]", "has no key \"childPolicy\"; need a list of policies, such as [{round_robin: {}}]".into()),
        ("[{random_subsetting_experimental: {childPolicy: []}}]", "has no subsetSize of at least 1; need how many of the peers to use".into()),
    ] {
        let errors = wrong(&format!("choosers: {{a: {{loadBalancingConfig: {list}, peers: []}}}}"));
        let [found] = errors.as_slice() else { panic!("{list}: {errors:?}") };
        let (_, found) = found.split_once("loadBalancingConfig").unwrap();
        let (_, found) = found.split_once(": ").unwrap();
        assert_eq!(found, error, "{list}");
    }
}

#[test]
fn a_service_config_is_a_file() {
    let text =
        r#"{"methodConfig": [{"name": [{}]}], "loadBalancingConfig": [{"round_robin": {}}]}"#;
    assert_eq!(written(text), r#""default":{"policy":"round-robin","peers":[]}"#);
    let wrong = wrong(r#"{"methodConfig": []}"#);
    let error = "1:2: there is no key \"methodConfig\"; need one of choosers, outbounds, loadBalancingConfig";
    assert_eq!(wrong, [error]);
}

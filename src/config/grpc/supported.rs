//! Each of gRPC's policies that has a counterpart.

use super::fields::Fields;
use super::{Target, first_supported};
use crate::config::policies;
use crate::config::reading::{Reading, Value};
use crate::policy::PolicySpec;

type Read = fn(&mut Reading<'_>, &Value<'_>, &mut Target<'_>) -> Option<PolicySpec>;

pub(super) static SUPPORTED: [(&str, Read); 7] = [
    ("pick_first", pick_first),
    ("round_robin", round_robin),
    ("weighted_round_robin", weighted_round_robin),
    ("least_request_experimental", least_request),
    ("ring_hash_experimental", ring_hash),
    ("outlier_detection_experimental", outlier_detection),
    ("random_subsetting_experimental", random_subsetting),
];

/// The largest ring that gRPC accepts a configuration of, and the largest that it makes.
const MAX_RING: u32 = 8 * 1024 * 1024;
const RING_CAP: u32 = 4096;

/// How many failures in a row eject a peer: what `ListOptions::with_eject` calls a good number.
const EJECT: u16 = 5;

fn pick_first(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let fields = Fields::of(reading, value, &["shuffleAddressList"])?;
    to.options.shuffle = fields.flag(reading, "shuffleAddressList");
    policies::named("single")
}

fn round_robin(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    _: &mut Target<'_>,
) -> Option<PolicySpec> {
    Fields::of(reading, value, &[])?;
    policies::named("round-robin")
}

fn weighted_round_robin(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    _: &mut Target<'_>,
) -> Option<PolicySpec> {
    let names = [
        "enableOobLoadReport",
        "oobReportingPeriod",
        "blackoutPeriod",
        "weightExpirationPeriod",
        "weightUpdatePeriod",
        "errorUtilizationPenalty",
    ];
    let fields = Fields::of(reading, value, &names)?;
    let why =
        "weights are those of the members; the policy least-reported goes by what peers report";
    fields.pass_over(reading, &names, why);
    policies::named("weighted-round-robin")
}

fn least_request(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    _: &mut Target<'_>,
) -> Option<PolicySpec> {
    let fields = Fields::of(reading, value, &["choiceCount"])?;
    let count = fields.number(reading, "choiceCount").unwrap_or(2);
    if count < 2 {
        let what = format!("least-request: lbConfig.choiceCount: {count}, must be >= 2");
        reading.fault(&fields.get("choiceCount")?, what, "");
        return None;
    }
    if count > 10 {
        let what = format!("{count} choices are taken for 10, as gRPC does");
        reading.note(&fields.get("choiceCount")?, what, "need 2 to 10");
    }
    format!("two-random-choices:choices={}", count.min(10)).parse().ok()
}

fn ring_hash(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let fields = Fields::of(reading, value, &["minRingSize", "maxRingSize", "requestHashHeader"])?;
    let size = |number: Option<u32>, default| number.filter(|size| *size != 0).unwrap_or(default);
    let min = size(fields.number(reading, "minRingSize"), 1024);
    let max = size(fields.number(reading, "maxRingSize"), RING_CAP);
    for (name, words, size) in
        [("minRingSize", "min_ring_size", min), ("maxRingSize", "max_ring_size", max)]
    {
        if size > MAX_RING {
            let what = format!(
                "{words} value of {size} is greater than max supported value {MAX_RING} for this field"
            );
            reading.fault(&fields.get(name)?, what, "");
            return None;
        }
    }
    if min > max {
        let place = fields.get("minRingSize").or_else(|| fields.get("maxRingSize"))?;
        reading.fault(&place, format!("min {min} is greater than max {max}"), "");
        return None;
    }
    let mut policy = policies::named("hashring32")?;
    let points = min.min(RING_CAP);
    match u32::try_from(to.peers) {
        Ok(peers) if peers > 0 => {
            let replicas = points.div_ceil(peers).to_string();
            policy.set("replicas", &replicas).ok()?;
        }
        _ => {
            let why =
                "replicas is the number of points of each peer, and how many come is not known";
            fields.pass_over(reading, &["minRingSize"], why);
        }
    }
    fields.pass_over(reading, &["maxRingSize"], "a ring has as many points as its peers have");
    if let Some(header) = fields.get("requestHashHeader") {
        let name = reading.text(&header, "the name of a header")?.text.to_ascii_lowercase();
        if name.ends_with("-bin") {
            let what =
                format!("invalid requestHashHeader {name:?}: key must not end with \"-bin\"");
            reading.fault(&header, what, "");
            return None;
        }
        policy.set("alternate-shard-key-header", &name).ok()?;
    }
    Some(policy)
}

fn outlier_detection(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let times = ["interval", "baseEjectionTime", "maxEjectionTime", "maxEjectionPercent"];
    let rates = ["successRateEjection", "failurePercentageEjection"];
    let known = [&times[..], &rates[..], &["childPolicy"]].concat();
    let fields = Fields::of(reading, value, &known)?;
    let percent = fields.number(reading, "maxEjectionPercent").unwrap_or(0);
    if percent > 100 {
        let what = format!(
            "OutlierDetectionLoadBalancingConfig.max_ejection_percent = {percent}; must be <= 100"
        );
        reading.fault(&fields.get("maxEjectionPercent")?, what, "");
    }
    // Without either, gRPC ejects no peer.
    if rates.iter().any(|name| fields.get(name).is_some()) {
        if to.options.eject == 0 {
            to.options.eject = EJECT;
        }
        let why = "peers are ejected for failures in a row; the option eject says after how many";
        fields.pass_over(reading, &rates, why);
        fields.pass_over(reading, &times, "it is fixed: see the option eject");
    }
    child(reading, value, &fields, to)
}

fn random_subsetting(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let fields = Fields::of(reading, value, &["subsetSize", "childPolicy"])?;
    let Some(size) = fields.number(reading, "subsetSize").filter(|size| *size > 0) else {
        let what = "has no subsetSize of at least 1";
        reading.fault(value, what, "need how many of the peers to use");
        return None;
    };
    if to.options.set("subset", &size.to_string()).is_err() {
        let what = format!("cannot be \"{size}\"");
        reading.fault(&fields.get("subsetSize")?, what, "need a whole number from 1 to 16777216");
    }
    child(reading, value, &fields, to)
}

fn child(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    fields: &Fields<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let Some(policies) = fields.get("childPolicy") else {
        let right = "need a list of policies, such as [{round_robin: {}}]";
        reading.fault(value, "has no key \"childPolicy\"", right);
        return None;
    };
    first_supported(reading, &policies, to)
}

//! What a file of this library's own shape may say.

use super::{read, written};

/// A file with one chooser `a`.
fn one(text: &str) -> String {
    let json = written(&format!("choosers:\n  a: {text}\n"));
    json.strip_prefix("\"a\":").unwrap().to_owned()
}

#[test]
fn a_part_is_a_text_or_a_map() {
    for (text, json) in [
        ("{policy: random, peers: []}", r#"{"policy":"random","peers":[]}"#),
        ("{policy: {random: }, peers: []}", r#"{"policy":"random","peers":[]}"#),
        (
            "{policy: {hashring32: {replicas: 50, delimiter: '#,'}}, peers: [x]}",
            r##"{"policy":"hashring32:replicas=50,delimiter=#\\,","peers":["x"]}"##,
        ),
        (
            "{policy: 'hashring32:replicas=50,delimiter=#\\,', peers: [x]}",
            r##"{"policy":"hashring32:replicas=50,delimiter=#\\,","peers":["x"]}"##,
        ),
        (
            "{policy: {round-robin: {bound: 1.25}}, peers: []}",
            r#"{"policy":"round-robin:bound=1.25","peers":[]}"#,
        ),
        (
            "{policy: {least-loaded: {errors: false, memory: 0}}, peers: []}",
            r#"{"policy":"least-loaded:memory=0,errors=off","peers":[]}"#,
        ),
        (
            "{policy: random, options: 'fail-fast,timeout=1s', peers: []}",
            r#"{"policy":"random","options":"fail-fast,timeout=1s","peers":[]}"#,
        ),
        (
            "{policy: random, options: {fail-fast: yes, shuffle: off, timeout: forever}, peers: []}",
            r#"{"policy":"random","options":"shuffle=off,fail-fast,timeout=forever","peers":[]}"#,
        ),
        (
            "{policy: random, peers: ['${HOST}:80*2', {peer: 'a b', weight: 3, tier: 1, zone: z, shard: s}]}",
            r#"{"policy":"random","peers":["h:80*2",{"peer":"a b","weight":3,"tier":1,"zone":"z","shard":"s"}]}"#,
        ),
        (
            "{policy: random, source: 'dns:a.b:80#max-ttl=5s'}",
            r##"{"policy":"random","source":"dns:a.b:80#max-ttl=5s"}"##,
        ),
        (
            "{policy: random, source: {uri: 'dns:a.b:80#max-ttl=5s', allow-empty: true, servers: '10.0.0.1 10.0.0.2'}}",
            r##"{"policy":"random","source":"dns:a.b:80#max-ttl=5s,allow-empty=on,servers=10.0.0.1 10.0.0.2"}"##,
        ),
        (
            "{policy: random, peers: [], probes: {check: http, path: /up, doubt-failures: true}}",
            r#"{"policy":"random","peers":[],"probes":"check=http,path=/up,doubt-failures"}"#,
        ),
        (
            "{policy: random, peers: [], probes: ''}",
            r#"{"policy":"random","peers":[],"probes":""}"#,
        ),
        (
            "{policy: random, peers: [], drain-timeout: 1500ms}",
            r#"{"policy":"random","peers":[],"drain-timeout":"1500ms"}"#,
        ),
        ("{policy: 'direct:keep=3'}", r#"{"policy":"direct:keep=3"}"#),
        ("{policy: direct, peers: []}", r#"{"policy":"direct"}"#),
    ] {
        assert_eq!(one(text), json, "{text}");
    }
}

#[test]
fn json_is_a_file_too() {
    let text = "{\n\t\"choosers\": {\n\t\t\"a\": {\"policy\": \"random\", \"peers\": [\"x:80\"]}\n\t}\n}\n";
    assert_eq!(written(text), r#""a":{"policy":"random","peers":["x:80"]}"#);
}

/// JSON has two escapes for what YAML has one for.
#[test]
fn json_has_characters_in_pairs() {
    let text = r#"{"choosers": {"\ud83d\ude00": {"policy": "random", "peers": ["\u00e9\uD83D\uDE00:80"]}}}"#;
    let json = "\"\u{1f600}\":{\"policy\":\"random\",\"peers\":[\"\u{e9}\u{1f600}:80\"]}";
    assert_eq!(written(text), json);
    assert_eq!(read(text).unwrap(), serde_json::from_str(text).unwrap());
}

/// A file without choosers, which a program may write, says so.
#[test]
fn no_choosers_are_an_empty_map() {
    assert_eq!(written("choosers: {}\n"), "");
}

#[test]
fn what_yaml_repeats_is_there_twice() {
    let text = "x-common: &common {options: timeout=1s}\n\
                choosers:\n  a: {policy: random, peers: &p [x], <<: *common}\n  b: {policy: single, peers: *p}\n";
    let a = r#""a":{"policy":"random","options":"timeout=1s","peers":["x"]}"#;
    assert_eq!(written(text), format!(r#"{a},"b":{{"policy":"single","peers":["x"]}}"#));
}

/// On either side of `<<`, and whichever map it comes from.
#[test]
fn what_a_map_says_itself_counts() {
    for a in [
        "{<<: *p, policy: random, peers: [x]}",
        "{policy: random, peers: [x], <<: *p}",
        "{policy: random, <<: [*p, *q], peers: [x]}",
        "{<<: *q, <<: *p, peers: [x], policy: random}",
    ] {
        let text = format!(
            "x-p: &p {{policy: single, options: timeout=1s}}\n\
             x-q: &q {{policy: maglev, peers: [y]}}\nchoosers:\n  a: {a}\n"
        );
        let json = r#""a":{"policy":"random","options":"timeout=1s","peers":["x"]}"#;
        assert_eq!(written(&text), json, "{a}");
    }
    let twice =
        "x-p: &p {policy: single}\nchoosers: {a: {<<: *p, policy: random, policy: random}}\n";
    let faults = super::wrong(twice);
    assert!(faults.iter().any(|it| it.contains("key \"policy\" is given twice")), "{faults:?}");
}

#[test]
fn a_list_has_its_choosers_name_unless_it_says_another() {
    let config = read(
        "choosers: {a: {policy: random, peers: []}, b: {policy: random, options: name=c, peers: []}}",
    );
    let config = config.unwrap();
    assert_eq!(config.choosers["a"].options.to_string(), "name=a");
    assert_eq!(config.choosers["b"].options.to_string(), "name=c");
}

//! What is said of a file that is wrong: one line for each fault, in the order of the file.

use super::{compare, read, wrong};

const POLICIES: &str = "round-robin, weighted-round-robin, random, two-random-choices, \
                        fewest-pending-requests, least-loaded, least-latency, least-reported, \
                        hashring32, maglev, single, direct";
const OPTIONS: &str = "name, capacity, shuffle, seed, fail-fast, timeout, max-pending, queue, \
                       max-waiting, eject, panic, panic-threshold, subset, client, spill, zone";
const CHOOSER: &str = "policy, loadBalancingConfig, options, peers, source, probes, drain-timeout";

/// A chooser in the second line, and what is wrong with it.
#[test]
fn each_fault_has_its_place_its_key_and_what_would_be_right() {
    let peers = "which peers there are; peers: [] if the program says that";
    let mut cases = vec![];
    for (text, errors) in [
        ("3", vec!["5: choosers.a: is a text; need a map with policy, or in YARPC's shape with peer, with or the name of a policy".to_owned()]),
        ("{}", vec![
            "1: choosers.a: has neither policy nor loadBalancingConfig; need one of them: it says which peer gets a request".into(),
            format!("1: choosers.a: has neither peers nor source; need one of them: it says {peers}"),
        ]),
        ("{polcy: random}", vec![format!("6: choosers.a: there is no key \"polcy\"; did you mean \"policy\"? need one of {CHOOSER}")]),
        ("{policy: random}", vec![format!("1: choosers.a: has neither peers nor source; need one of them: it says {peers}")]),
        ("{policy: random, peers: [], source: static:a}", vec![format!("33: choosers.a.source: stands beside peers; need one of them: it says {peers}")]),
        ("{policy: randon, peers: []}", vec![format!("14: choosers.a.policy: no policy is called \"randon\"; did you mean \"random\"? need one of {POLICIES}")]),
        ("{policy: best, peers: []}", vec![format!("14: choosers.a.policy: no policy is called \"best\"; need one of {POLICIES}")]),
        ("{policy: 'least-loaded:choices=3,erors=on', peers: []}", vec!["38: choosers.a.policy: there is no key \"erors\"; did you mean \"errors\"? need one of choices, memory, errors".into()]),
        ("{policy: 'least-loaded:choices=0', peers: []}", vec!["28: choosers.a.policy: choices cannot be \"0\"; need a whole number from 1 to 16".into()]),
        ("{policy: 'random:bound=2,bound=3', peers: []}", vec!["30: choosers.a.policy: key \"bound\" is given twice; need it once".into()]),
        ("{policy: 'random:bound', peers: []}", vec!["22: choosers.a.policy: \"bound\" is not of the form key=value".into()]),
        ("{policy: {random: {bound: 0.5}}, peers: []}", vec!["31: choosers.a.policy.random.bound: cannot be \"0.5\"; need off, or a number from 1 to 1000 with up to three decimals, such as 1.25".into()]),
        ("{policy: {least-loaded: {errors: maybe}}, peers: []}", vec!["38: choosers.a.policy.least-loaded.errors: cannot be \"maybe\"; need on or off".into()]),
        ("{policy: {least-loaded: {errors: 'true'}}, peers: []}", vec!["38: choosers.a.policy.least-loaded.errors: cannot be \"true\"; need on or off".into()]),
        ("{policy: {single: {x: 1}}, peers: []}", vec!["24: choosers.a.policy.single: there is no key \"x\"; there are none".into()]),
        ("{policy: {random: {}, single: {}}, peers: []}", vec!["14: choosers.a.policy: is a map of 2 keys; need one, the policy, with a map of its settings".into()]),
        ("{policy: random, options: {timeout: 200}, peers: []}", vec!["41: choosers.a.options.timeout: cannot be \"200\"; need a whole number of ns, us, ms, s, m or h, such as 200ms, or forever".into()]),
        ("{policy: random, options: {timeout: }, peers: []}", vec!["32: choosers.a.options.timeout: is nothing; need a whole number of ns, us, ms, s, m or h, such as 200ms, or forever".into()]),
        ("{policy: random, options: {capacty: 3, eject: -1}, peers: []}", vec![
            format!("32: choosers.a.options: there is no key \"capacty\"; did you mean \"capacity\"? need one of {OPTIONS}"),
            "51: choosers.a.options.eject: cannot be \"-1\"; need a whole number from 0 to 1000".into(),
        ]),
        ("{policy: random, options: [x], peers: []}", vec!["31: choosers.a.options: is a list; need options as text, such as fail-fast,timeout=200ms, or as a map".into()]),
        ("{policy: random, options: 'fail-fast,timeout=x', peers: []}", vec!["42: choosers.a.options: timeout cannot be \"x\"; need a whole number of ns, us, ms, s, m or h, such as 200ms, or forever".into()]),
        ("{policy: random, peers: x}", vec!["29: choosers.a.peers: is a text; need a list of peers, such as [10.0.0.1:80, 10.0.0.2:80*3]".into()]),
        ("{policy: random, peers: [a*0, [b], c, {weight: 2}, c*2, {peer: d, wieght: 2, tier: 256}]}", vec![
            "30: choosers.a.peers[0]: \"a*0\": the weight behind * must be a whole number from 1 to 65535".into(),
            "35: choosers.a.peers[1]: is a list; need a peer as text, such as 10.0.0.1:80*3 zone=a, or a map with the key peer".into(),
            "43: choosers.a.peers[3]: has no key \"peer\"; need it, with the name of the peer".into(),
            "56: choosers.a.peers[4]: peer \"c\" is given twice; need it once; weight says how much it takes".into(),
            "71: choosers.a.peers[5]: there is no key \"wieght\"; did you mean \"weight\"? need one of peer, weight, tier, zone, shard".into(),
            "88: choosers.a.peers[5].tier: cannot be \"256\"; need a whole number from 0 to 255".into(),
        ]),
        ("{policy: random, source: dnss:a:80}", vec!["30: choosers.a.source: no source is called \"dnss\"; did you mean \"dns\"? need one of static, file, dns, dns+srv, etcd, etcd+https, http, https".into()]),
        ("{policy: random, source: 'dns:a'}", vec!["35: choosers.a.source: \"a\" is not of the form NAME:PORT".into()]),
        ("{policy: random, source: 'static:a,b#bakoff=1s'}", vec!["42: choosers.a.source: there is no key \"bakoff\"; did you mean \"backoff\"? need one of allow-empty, snapshot, backoff, max-backoff".into()]),
        ("{policy: random, source: {uri: 'static:a', backoff: 1, poll: 1s}}", vec![
            "57: choosers.a.source.backoff: cannot be \"1\"; need a whole number of ns, us, ms, s, m or h, such as 200ms, or forever".into(),
            "60: choosers.a.source.poll: there is no key \"poll\" for static; need one of uri, allow-empty, snapshot, backoff, max-backoff".into(),
        ]),
        ("{policy: random, source: {backoff: 1s}}", vec!["30: choosers.a.source: has no key \"uri\"; need a URI, such as dns:users.internal:80#max-ttl=5s, or a map with one under uri".into()]),
        ("{policy: random, peers: [], probes: {check: udp}}", vec!["49: choosers.a.probes.check: cannot be \"udp\"; need tcp or http".into()]),
        ("{policy: random, peers: [], probes: {path: /x}}", vec!["41: choosers.a.probes: path cannot be \"/x\"; need left out, or check=http be given".into()]),
        ("{policy: random, peers: [], drain-timeout: 1m30s}", vec!["48: choosers.a.drain-timeout: cannot be \"1m30s\"; need a whole number of ns, us, ms, s, m or h, such as 200ms, or forever".into()]),
        ("{policy: direct, peers: [a]}", vec!["22: choosers.a.peers: is nothing that direct takes; leave it out: requests name their peers".into()]),
        ("{policy: random, peers: ['${NO}', '${NO:a}', '${']}", vec![
            "30: choosers.a.peers[0]: variable \"NO\" does not have a value or a default; set it, or need ${NAME:default}".into(),
            "50: choosers.a.peers[2]: cannot parse string \"${\"; need ${NAME} or ${NAME:default}".into(),
        ]),
    ] {
        let text = format!("choosers:\n a: {text}\n");
        let errors: Vec<_> = errors.iter().map(|error| format!("2:{error}")).collect();
        let errors: Vec<_> = errors.iter().map(|error| error.replace("2:1: ", "2:2: ")).collect();
        cases.push((text.clone(), wrong(&text).join("\n"), errors.join("\n")));
    }
    compare(cases);
}

#[test]
fn a_file_that_is_none_says_where() {
    let need = "a map with choosers by their names, or with outbounds as YARPC has them, or with \
                loadBalancingConfig as a service config of gRPC's has it";
    let mut cases = vec![];
    for (text, error) in [
        ("", format!("f: is empty; need {need}")),
        ("# nothing\n", format!("f: is empty; need {need}")),
        ("a", format!("1:1: is a text; need {need}")),
        ("chosers: {}", "1:1: there is no key \"chosers\"; did you mean \"choosers\"? need one of choosers, outbounds, loadBalancingConfig".into()),
        ("choosers: [a", "1:13: is no YAML: while parsing a flow sequence, expected ',' or ']'".into()),
        ("choosers:\n  a: 1\n b: 2\n", "3:2: is no YAML: while parsing a block mapping, did not find expected key".into()),
        ("choosers: {}\nchoosers: {}\n", "2:1: key \"choosers\" is given twice; need it once".into()),
        ("choosers: {}\n---\nx: 1\n", "2:1: a second document begins; need one".into()),
        ("? [a]\n: 1\n", "1:3: a list or a map stands as a key; need a text".into()),
        ("choosers: {'': {policy: random, peers: []}}", "1:12: choosers.: has no name; need one".into()),
        ("choosers: &a [*a]", "1:15: an alias stands inside of what it is an alias of; no configuration is like that".into()),
        ("choosers: {<<: 3}", "1:12: << merges what is no map; need a map".into()),
        ("choosers: {a: {policy: single, peers: []}}\noutbounds: {a: {http: {peer: x}}}\n", "2:13: outbounds.a: is a chooser's name for the second time; need another".into()),
    ] {
        cases.push((text.to_owned(), wrong(text).join("\n"), error.replace("f: ", " ")));
    }
    compare(cases);
    let deep = "[".repeat(100) + &"]".repeat(100);
    assert!(wrong(&deep)[0].contains("lists and maps are more than 64 deep"));
}

/// As at the end of a file that is cut short.
#[test]
fn what_has_nothing_below_is_an_error() {
    let chooser = |key: &str| format!("choosers:\n a:\n  policy: random\n  peers: []\n  {key}:\n");
    let times = "a whole number of ns, us, ms, s, m or h, such as 200ms, or forever";
    let mut cases = vec![];
    for (text, error) in [
        ("choosers:\n".to_owned(), "1:1: choosers: is nothing; need a map of choosers by their names".to_owned()),
        ("choosers:\n# none\nx-a: 1\n".into(), "1:1: choosers: is nothing; need a map of choosers by their names".into()),
        ("outbounds:\n".into(), "1:1: outbounds: is nothing; need a map of outbounds by their names".into()),
        ("loadBalancingConfig:\n".into(), "1:1: loadBalancingConfig: is nothing; need a list of policies, such as [{round_robin: {}}]".into()),
        ("choosers:\n a:\n".into(), "2:2: choosers.a: is nothing; need a map with policy, or in YARPC's shape with peer, with or the name of a policy".into()),
        (chooser("options"), "5:3: choosers.a.options: is nothing; need options as text, such as fail-fast,timeout=200ms, or as a map".into()),
        (chooser("probes"), "5:3: choosers.a.probes: is nothing; need probes as text, such as interval=1s,check=http, or as a map".into()),
        (chooser("drain-timeout"), format!("5:3: choosers.a.drain-timeout: is nothing; need {times}")),
        (chooser("peers").replace("  peers: []\n", ""), "4:3: choosers.a.peers: is nothing; need a list of peers, such as [10.0.0.1:80, 10.0.0.2:80*3]".into()),
        (chooser("source").replace("  peers: []\n", ""), "4:3: choosers.a.source: is nothing; need a URI, such as dns:users.internal:80#max-ttl=5s, or a map with one under uri".into()),
        ("choosers: {a: {policy: , peers: []}}".into(), "1:16: choosers.a.policy: is nothing; need a policy as text, such as least-loaded:choices=3, or a map with one as its key".into()),
        ("choosers: {a: {random: {peers: [a], settings: }}}".into(), "1:37: choosers.a.random.settings: is nothing; need settings of the policy as text, or a map".into()),
    ] {
        cases.push((text.clone(), wrong(&text).join("\n"), error));
    }
    compare(cases);
}

#[test]
fn half_of_a_character_has_its_place() {
    let text = "{\n \"choosers\": {\"\\ud83d\\ude00\": {\"policy\": \"ran\\ud83ddom\"}}}";
    let error =
        r#"2:46: "\ud83d" is half of a character; need both halves, such as "\ud83d\ude00""#;
    assert_eq!(wrong(text), [error]);
    // What stands behind a pair is where it is.
    let text = r#"{"choosers": {"\ud83d\ude00": {"policy": "best", "peers": []}}}"#;
    assert!(wrong(text)[0].starts_with("1:42: "), "{:?}", wrong(text));
    let error = wrong(r#"a: "\ud83d\ude00""#).concat();
    assert!(
        error.ends_with(r#"escape code; need one escape for a character, such as "\U0001f600""#),
        "{error}"
    );
}

/// Nine aliases of nine aliases of nine aliases ..
#[test]
fn a_few_lines_do_not_fill_the_memory() {
    let mut text = "x-0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 9].join(",");
        text += &format!("x-{level}: &a{level} [{before}]\n");
    }
    assert!(wrong(&text)[0].contains("there are more than 1000000 values"));
    // A long text, again and again.
    let text = format!("x-a: &a {}\nx-b: [{}]\n", "x".repeat(10_000), ["*a"; 10_000].join(","));
    assert!(wrong(&text)[0].contains("aliases repeat more than 67108864 bytes"));
}

/// YARPC's texts have keys and values as they are.
#[test]
fn a_fault_is_one_line_whatever_is_there() {
    for text in [
        "outbounds: {a: {http: {\"x\\ny\": \"z\\n\", c: 2}}}",
        "outbounds: {a: {http: {random: {\"x\\ny\": 2}}}}",
        "outbounds: {a: {\"x\\ny\": {}, http: {}}}",
    ] {
        let errors = read(text).unwrap_err();
        assert_eq!(errors.to_string().lines().count(), errors.findings().len(), "{errors}");
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let none = peerage::config::Config::read("/no/such/file.yaml".as_ref()).unwrap_err();
    assert!(none.to_string().starts_with("/no/such/file.yaml: cannot be read: "), "{none}");
    let finding = &none.findings()[0];
    assert_eq!((finding.file(), finding.line()), (Some("/no/such/file.yaml"), None));
}

#[test]
fn a_program_sees_the_parts_of_a_fault() {
    let errors = read("choosers:\n  a: {policy: randon, peers: []}\n").unwrap_err();
    let [finding] = errors.findings() else { panic!("{errors}") };
    assert_eq!(
        (finding.line(), finding.column(), finding.key()),
        (Some(2), Some(15), "choosers.a.policy")
    );
    assert_eq!(finding.what(), "no policy is called \"randon\"");
    assert!(finding.right().starts_with("did you mean \"random\"?"));
}

/// Other formats have the same faults; lines are theirs to tell.
#[test]
fn serde_says_the_same() {
    let text = r#"{"choosers": {"a": {"policy": "randon", "peers": []}}}"#;
    let error = serde_json::from_str::<peerage::config::Config>(text).unwrap_err().to_string();
    assert!(
        error.starts_with("choosers.a.policy: no policy is called \"randon\"; did you mean"),
        "{error}"
    );
    let error = serde_json::from_str::<peerage::policy::PolicySpec>(r#""randon""#).unwrap_err();
    assert!(error.to_string().starts_with("no policy is called \"randon\""), "{error}");
    let error = toml::from_str::<peerage::config::Config>("[choosers.a]\npeers = 3\n").unwrap_err();
    assert!(error.to_string().contains("choosers.a.peers: is a text; need a list"), "{error}");
}

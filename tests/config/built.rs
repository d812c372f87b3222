//! What is made of a configuration.

use std::time::Duration;

use peerage::config::{ChooserConfig, PeersConfig, Reader};
use peerage::{ChooseErrorKind, Chooser, Lifecycle, List, ListUpdates, Request};

use super::read;

fn chooser(text: &str) -> ChooserConfig {
    let config = read(&format!("choosers: {{users: {text}}}"));
    config.unwrap_or_else(|errors| panic!("{text}\n{errors}")).choosers.remove("users").unwrap()
}

#[test]
fn a_chooser_has_the_policy_the_options_and_the_peers_of_the_file() {
    let config = chooser("{policy: maglev, options: fail-fast, peers: [a*3, b zone=z]}");
    let users = config.build(config.transport()).unwrap();
    users.start().unwrap();
    let status = users.introspect();
    assert_eq!((&*status.name, &*users.list().introspect().name), ("users", "users"));
    let ids: Vec<_> = status.peers.iter().map(|peer| peer.identifier.to_string()).collect();
    assert_eq!((ids.len(), ids.contains(&"b".to_owned())), (2, true));
    assert!(users.try_choose(&Request::new().with_shard_key("k")).is_ok());
    users.stop().unwrap();
}

#[test]
fn a_list_without_peers_is_fed_by_the_program() {
    let config = chooser("{policy: random, options: fail-fast, peers: []}");
    let users = config.build(config.transport()).unwrap();
    users.start().unwrap();
    let refused = users.try_choose(&Request::new()).unwrap_err();
    assert!(
        matches!(refused.kind(), ChooseErrorKind::FailFast | ChooseErrorKind::NoPeer),
        "{refused}"
    );
    users.list().update(ListUpdates::adding(["a"])).unwrap();
    assert_eq!(users.try_choose(&Request::new()).unwrap().identifier(), "a");
}

#[test]
fn direct_and_sources_are_built_the_same_way() {
    let direct = chooser("{policy: direct, options: timeout=1s}");
    let direct = direct.build(direct.transport()).unwrap();
    direct.start().unwrap();
    assert_eq!(
        direct.try_choose(&Request::new().with_shard_key("x:1")).unwrap().identifier(),
        "x:1"
    );

    let source = chooser("{policy: single, source: 'static:a:80'}");
    assert!(matches!(source.peers, PeersConfig::Source(_)));
    let source = source.build(source.transport()).unwrap();
    source.start().unwrap();
    assert_eq!(source.try_choose(&Request::new()).unwrap().identifier(), "a:80");
}

#[test]
fn probes_make_a_transport_that_probes() {
    let probed = chooser("{policy: random, peers: ['127.0.0.1:1'], probes: interval=1s}");
    assert_eq!(probed.probes.as_ref().unwrap().to_string(), "interval=1s");
    // Nothing answers there, and no probe has yet said so.
    let users = probed.build(probed.transport()).unwrap();
    users.start().unwrap();
    assert!(users.try_choose(&Request::new()).is_err());
    let plain = chooser("{policy: random, peers: ['127.0.0.1:1']}");
    let users = plain.build(plain.transport()).unwrap();
    users.start().unwrap();
    assert!(users.try_choose(&Request::new()).is_ok());
}

#[test]
fn a_preset_is_a_chooser_of_the_program() {
    let mut preset = ChooserConfig::new("random:bound=2".parse().unwrap());
    preset.drain_timeout = Some(Duration::from_secs(1));
    let reader = Reader::new().with_preset("dev-proxy", preset.clone());
    let text = "outbounds: {users: {http: {with: dev-proxy}}}";
    let config = reader.parse(text, "f").unwrap();
    preset.options = preset.options.with_name("users");
    assert_eq!(config.choosers["users"], preset);
    let wrong = reader.parse("outbounds: {users: {http: {with: dev-prox}}}", "f").unwrap_err();
    let text = "f:1:34: outbounds.users.http.with: no recognized peer chooser preset \"dev-prox\"; did \
                you mean \"dev-proxy\"? need one of dev-proxy";
    assert_eq!(wrong.to_string(), text);
}

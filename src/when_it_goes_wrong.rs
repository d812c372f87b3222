//! `docs/when-it-goes-wrong.md` has every text that the library can say of a failure.
//!
//! The first cells of its tables are parts of texts. Every error is made here, and its text must be such
//! parts, one after the other, with nothing between them but punctuation. What follows from one kind of
//! error to the next is a `match` without a wildcard: a kind that is new does not compile until it has a
//! place here, and then fails until it has one on the page.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use crate::error::*;
use crate::events::{Event, SourceNews};
use crate::state::State;

const PAGE: &str = include_str!("../docs/when-it-goes-wrong.md");
/// The words of a transport, a policy or a server.
const THEIRS: &str = "THEIR WORDS";

/// Numbers and quoted names are examples: all the same.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut quoted = false;
    for char in text.chars() {
        match char {
            '"' => {
                quoted = !quoted;
                plain.push_str(if quoted { "\"" } else { "Q\"" });
            }
            _ if quoted => {}
            '0'..='9' if plain.ends_with('N') => {}
            '0'..='9' => plain.push('N'),
            _ => plain.push(char),
        }
    }
    plain.replace("N.N", "N").replace("N.N", "N").replace(THEIRS, "")
}

/// What stands between parts, or before one.
const BETWEEN: [char; 4] = [' ', ',', ':', ';'];

/// The code in the first cells of the tables.
fn parts() -> BTreeSet<String> {
    let cell = |line: &str| {
        let code = line.strip_prefix("| `")?.split_once("` |")?.0;
        Some(plain(code).trim_start_matches(BETWEEN).to_owned())
    };
    PAGE.lines().filter_map(cell).collect()
}

/// Whether `text` is made of `parts`.
fn is_made_of(text: &str, parts: &BTreeSet<String>) -> bool {
    let text = text.trim_start_matches(BETWEEN);
    let rest = |part: &String| text.strip_prefix(part.as_str());
    text.is_empty() || parts.iter().filter_map(rest).any(|rest| is_made_of(rest, parts))
}

fn assert_on_page(errors: impl IntoIterator<Item = impl Display>) {
    let parts = parts();
    for error in errors {
        let text = error.to_string();
        assert!(is_made_of(&plain(&text), &parts), "the page does not explain:\n{text}");
    }
}

/// `first`, and what follows it by `next`.
fn all<T: Copy>(first: T, next: fn(T) -> Option<T>) -> Vec<T> {
    std::iter::successors(Some(first), |&last| next(last)).collect()
}

fn kinds() -> Vec<ChooseErrorKind> {
    use ChooseErrorKind as Kind;
    const KEY: &str = "ShardKey to be non-empty";
    all(Kind::NoPeer, |kind| match kind {
        Kind::NoPeer => Some(Kind::FailFast),
        Kind::FailFast => Some(Kind::TimedOut(Waited(Duration::from_millis(500)))),
        Kind::TimedOut(_) => Some(Kind::QueueFull(0)),
        Kind::QueueFull(0) => Some(Kind::QueueFull(1)),
        Kind::QueueFull(1) => Some(Kind::QueueFull(100)),
        Kind::QueueFull(_) => Some(Kind::Cancelled),
        Kind::Cancelled => Some(Kind::Stopped),
        Kind::Stopped => Some(Kind::NotRunning(State::Idle)),
        Kind::NotRunning(State::Idle) => Some(Kind::NotRunning(State::Starting)),
        Kind::NotRunning(_) => Some(Kind::NotRetained),
        Kind::NotRetained => Some(Kind::PolicyPanicked),
        Kind::PolicyPanicked => Some(Kind::InvalidRequest(KEY)),
        Kind::InvalidRequest(KEY) => {
            Some(Kind::InvalidRequest("ShardKey to be UTF-8, for it names a peer"))
        }
        Kind::InvalidRequest(_) => None,
    })
}

fn nothings() -> Vec<Nothing> {
    all(Nothing::Unavailable, |nothing| match nothing {
        Nothing::Unavailable => Some(Nothing::TooFew(2)),
        Nothing::TooFew(_) => Some(Nothing::Excluded),
        Nothing::Excluded => Some(Nothing::NotTheNamed),
        Nothing::NotTheNamed => Some(Nothing::NotInList),
        Nothing::NotInList => Some(Nothing::AtCapacity),
        Nothing::AtCapacity => Some(Nothing::NotReady),
        Nothing::NotReady => None,
    })
}

#[test]
fn every_failed_choice_is_on_the_page() {
    let counts = [(0, 0, 0), (1, 0, 0), (3, 0, 0), (1, 0, 1), (3, 0, 2), (1, 1, 0), (3, 2, 0)];
    let mut errors = vec![];
    for kind in kinds() {
        errors.push(ChooseError::of("own", kind));
        for (peers, available, set_aside) in counts {
            for (tried_in, declined) in [(0, false), (1_500, true)] {
                let seen = Seen { peers, available, set_aside, tried_in, declined };
                let error = ChooseError::new(&"users".into(), kind, seen);
                let said =
                    nothings().into_iter().map(|nothing| error.clone().with_nothing(nothing));
                errors.extend(said.flat_map(|error| [error.clone().early(), error]));
                errors.push(error.clone().below(50));
                let theirs: Box<dyn std::error::Error + Send + Sync> = THEIRS.into();
                errors.push(error.because(theirs.into()));
            }
        }
    }
    assert_on_page(errors);
}

#[test]
fn every_failed_update_is_on_the_page() {
    use PeerFailureKind as Kind;
    fn theirs() -> Arc<dyn std::error::Error + Send + Sync> {
        Box::<dyn std::error::Error + Send + Sync>::from(THEIRS).into()
    }
    let next = |kind: &Kind| match kind {
        Kind::AlreadyInList => Some(Kind::NotInList),
        Kind::NotInList => Some(Kind::Retain(theirs())),
        Kind::Retain(_) => Some(Kind::Release(theirs())),
        Kind::Release(_) => Some(Kind::Unreadable(theirs())),
        Kind::Unreadable(_) => Some(Kind::ListFull),
        Kind::ListFull => Some(Kind::TakesNoUpdates),
        Kind::TakesNoUpdates => None,
    };
    let kinds = std::iter::successors(Some(Kind::AlreadyInList), next);
    let nameless = PeerFailure { peer: "".into(), kind: Kind::Unreadable(theirs()) };
    let failure = |kind| PeerFailure { peer: "10.0.0.1:80".into(), kind };
    assert_on_page(kinds.map(failure).chain([nameless]));
}

#[test]
fn every_start_and_drain_that_failed_is_on_the_page() {
    let stopped = || LifecycleError::Stopped("users".into());
    let mut error = Some(stopped());
    while let Some(one) = error {
        assert_on_page([&one]);
        error = match one {
            LifecycleError::Stopped(_) => {
                let failure = PeerFailure {
                    peer: "10.0.0.1:80".into(),
                    kind: PeerFailureKind::AlreadyInList,
                };
                UpdateError::check(vec![failure]).err().map(LifecycleError::Peers)
            }
            LifecycleError::Peers(_) => {
                Some(LifecycleError::Both(Box::new(stopped()), Box::new(stopped())))
            }
            LifecycleError::Both(..) => Some(LifecycleError::other(THEIRS)),
            LifecycleError::Other(_) => None,
        };
    }
    assert_on_page([DrainError::of("users", 1, 1), DrainError::of("users", 2, 3)]);
}

#[test]
fn every_text_that_was_not_understood_is_on_the_page() {
    use SpecError as Error;
    let (policy, source) =
        (SpecPlace::policy_called("hashring32"), SpecPlace::source_called("dns"));
    let known = THEIRS.to_owned();
    let mut error = Some(Error::UnknownPolicy { name: "fastest".into(), known: known.clone() });
    while let Some(one) = error {
        assert_on_page([&one]);
        error = match one {
            Error::UnknownPolicy { .. } => {
                Some(Error::UnknownSource { scheme: "zk".into(), known: known.clone() })
            }
            Error::UnknownSource { .. } => {
                Some(Error::SourceNotInBuild { scheme: "dns", feature: "dns" })
            }
            Error::SourceNotInBuild { .. } => {
                Some(Error::Source { place: source.at(0), fault: known.clone() })
            }
            Error::Source { .. } => {
                let (place, key) = (SpecPlace::OPTIONS.at(0), "replica".into());
                Some(Error::UnknownKey { place, key, known: known.clone() })
            }
            Error::UnknownKey { .. } => {
                Some(Error::DuplicateKey { place: policy.at(11), key: "replicas".into() })
            }
            Error::DuplicateKey { .. } => {
                Some(Error::Malformed { place: policy.clone(), part: "x".into(), form: THEIRS })
            }
            Error::Malformed { .. } => {
                let (place, value) = (SpecPlace::OPTIONS, "0".into());
                Some(Error::InvalidValue { place, key: "replicas", value, expected: THEIRS })
            }
            Error::InvalidValue { .. } => None,
        };
    }
}

#[test]
fn what_sources_say_is_on_the_page() {
    use SourceNews as News;
    let news = all(News::Attempt, |news| match news {
        News::Attempt => Some(News::Success { peers: 7 }),
        News::Success { .. } => Some(News::Changed { additions: 1, removals: 0, peers: 7 }),
        News::Changed { .. } => Some(News::Empty { kept: 2 }),
        News::Empty { .. } => {
            Some(News::Failure { error: THEIRS, again: Duration::from_millis(1_500), kept: 1 })
        }
        News::Failure { .. } => Some(News::Unreadable { fault: THEIRS }),
        News::Unreadable { .. } => Some(News::Snapshot { path: "a file", peers: 2 }),
        News::Snapshot { .. } => None,
    });
    let age = Some(Duration::from_secs(90));
    let event = |news| Event::Source { source: "dns:a:80", news, age };
    let parts: BTreeSet<String> = parts().into_iter().chain([plain("source \"\"")]).collect();
    for event in news.into_iter().map(event) {
        let text = event.to_string();
        assert!(is_made_of(&plain(&text), &parts), "the page does not explain:\n{text}");
    }
}

#[test]
fn what_transports_say_is_on_the_page() {
    let (peer, own) = (|| "10.0.0.1:80".to_owned(), || "t".to_owned());
    let subscriber =
        PeerHasNoReferenceToSubscriber { peer_identifier: peer(), peer_subscriber: "0x1".into() };
    let transport =
        TransportHasNoReferenceToPeer { transport_name: own(), peer_identifier: peer() };
    let errors: [&dyn Display; 9] = [
        &subscriber,
        &transport,
        &InvalidPeerType { expected_type: "Connection".into(), peer_identifier: peer() },
        &PeerListAlreadyStarted(own()),
        &PeerListNotStarted(own()),
        &InvalidPeerConversion { peer: peer(), expected_type: "Connection" },
        &InvalidTransportConversion { transport: own(), expected_type: "Pool" },
        &ChooseHasNoDeadline("users".into()),
        &UnknownConnectionStatus(7),
    ];
    assert_on_page(errors);
}

#[test]
fn a_part_that_is_missing_is_missed() {
    let mut parts = parts();
    let text = plain(&ChooseError::of("own", ChooseErrorKind::NoPeer).to_string());
    assert!(is_made_of(&text, &parts));
    assert!(parts.remove("did not wait (not asked to)"));
    assert!(!is_made_of(&text, &parts));
}

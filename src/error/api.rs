//! The errors of YARPC's `api/peer/errors.go`, field by field and text by text.
//!
//! Five of them are made by nothing in this crate: they are vocabulary for transports and adapters,
//! which report the same mistakes in YARPC's words: [`InvalidPeerType`], [`PeerListAlreadyStarted`],
//! [`PeerListNotStarted`], [`InvalidTransportConversion`] and [`ChooseHasNoDeadline`].
//!
//! Names that YARPC prints without quotes are escaped where they are not ordinary (`line.rs`).

use thiserror::Error;

use crate::line::Name;

/// A number that is no [`ConnectionStatus`](crate::ConnectionStatus). Prints as YARPC prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("ConnectionStatus({0})")]
pub struct UnknownConnectionStatus(pub i32);

/// A subscriber was released from a peer that it was not subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "peer ({}) has no reference to peer subscriber ({})",
    Name(.peer_identifier),
    Name(.peer_subscriber)
)]
pub struct PeerHasNoReferenceToSubscriber {
    /// The peer.
    pub peer_identifier: String,
    /// The subscriber, by address.
    pub peer_subscriber: String,
}

/// A peer was released from a transport that does not have it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("transport {transport_name:?} has no reference to peer {peer_identifier:?}")]
pub struct TransportHasNoReferenceToPeer {
    /// The transport.
    pub transport_name: String,
    /// The peer.
    pub peer_identifier: String,
}

/// A transport was given a peer of a kind that it cannot handle.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected peer type ({expected_type}) but got peer ({})", Name(.peer_identifier))]
pub struct InvalidPeerType {
    /// The type the transport handles.
    pub expected_type: String,
    /// The peer it got.
    pub peer_identifier: String,
}

/// A list was started that is running already.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} has already been started", Name(.0))]
pub struct PeerListAlreadyStarted(pub String);

/// A list was used that is not running.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} has not been started or was stopped", Name(.0))]
pub struct PeerListNotStarted(pub String);

/// A chosen peer is not of the type that the transport makes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot convert peer ({}) to type {expected_type}", Name(.peer))]
pub struct InvalidPeerConversion {
    /// The peer that was chosen.
    pub peer: String,
    /// The type that was asked for.
    pub expected_type: &'static str,
}

/// A transport is not of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot convert transport ({}) to type {expected_type}", Name(.transport))]
pub struct InvalidTransportConversion {
    /// The transport there is.
    pub transport: String,
    /// The type that was asked for.
    pub expected_type: &'static str,
}

/// A peer was added that is in the list already. (The text is YARPC's, missing word and all.)
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("can't add peer {0:?} because is already in peerlist")]
pub struct PeerAddAlreadyInList(pub String);

/// A peer was removed that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("can't remove peer ({}) because it is not in peerlist", Name(.0))]
pub struct PeerRemoveNotInList(pub String);

/// A wait without a deadline was asked of a list that demands one. No list of this crate does.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("can't wait for peer without a context deadline for peerlist {0:?}")]
pub struct ChooseHasNoDeadline(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(error: &dyn std::error::Error) -> String {
        error.to_string()
    }

    #[test]
    fn texts_are_those_of_api_peer() {
        let subscriber = PeerHasNoReferenceToSubscriber {
            peer_identifier: "p".into(),
            peer_subscriber: "s".into(),
        };
        assert_eq!(text(&subscriber), "peer (p) has no reference to peer subscriber (s)");
        let transport = TransportHasNoReferenceToPeer {
            transport_name: "http.Transport".into(),
            peer_identifier: "p".into(),
        };
        assert_eq!(text(&transport), r#"transport "http.Transport" has no reference to peer "p""#);
        let kind = InvalidPeerType { expected_type: "T".into(), peer_identifier: "p".into() };
        assert_eq!(text(&kind), "expected peer type (T) but got peer (p)");
        assert_eq!(text(&PeerListAlreadyStarted("l".into())), "l has already been started");
        assert_eq!(text(&PeerListNotStarted("l".into())), "l has not been started or was stopped");
        let peer = InvalidPeerConversion { peer: "p".into(), expected_type: "T" };
        assert_eq!(text(&peer), "cannot convert peer (p) to type T");
        let transport = InvalidTransportConversion { transport: "t".into(), expected_type: "T" };
        assert_eq!(text(&transport), "cannot convert transport (t) to type T");
        assert_eq!(
            text(&PeerAddAlreadyInList("p".into())),
            r#"can't add peer "p" because is already in peerlist"#
        );
        assert_eq!(
            text(&PeerRemoveNotInList("p".into())),
            "can't remove peer (p) because it is not in peerlist"
        );
        assert_eq!(
            text(&ChooseHasNoDeadline("l".into())),
            r#"can't wait for peer without a context deadline for peerlist "l""#
        );
        assert_eq!(text(&UnknownConnectionStatus(7)), "ConnectionStatus(7)");
    }

    /// A name that would be two lines, and end early in C.
    #[test]
    fn every_text_is_one_line_whatever_the_names_are() {
        let name = || "a\nb\0\u{202e}".to_owned();
        let errors: [&dyn std::error::Error; 10] = [
            &PeerHasNoReferenceToSubscriber { peer_identifier: name(), peer_subscriber: name() },
            &TransportHasNoReferenceToPeer { transport_name: name(), peer_identifier: name() },
            &InvalidPeerType { expected_type: "T".into(), peer_identifier: name() },
            &PeerListAlreadyStarted(name()),
            &PeerListNotStarted(name()),
            &InvalidPeerConversion { peer: name(), expected_type: "T" },
            &InvalidTransportConversion { transport: name(), expected_type: "T" },
            &PeerAddAlreadyInList(name()),
            &PeerRemoveNotInList(name()),
            &ChooseHasNoDeadline(name()),
        ];
        for error in errors {
            let text = text(error);
            assert!(text.contains(r"a\nb\0\u{202e}"), "{text}");
            assert!(!text.contains(['\n', '\0', '\u{202e}']), "{text:?}");
        }
    }
}

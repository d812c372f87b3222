//! YARPC's own shape, with its words and texts.
//!
//! ```text
//!  outbounds:
//!    NAME:
//!      [service: SERVICE]
//!      TRANSPORT: CHOOSER          or unary:, oneway:, stream:, each with TRANSPORT: CHOOSER
//!
//!  CHOOSER   exactly one of        peer: ADDRESS
//!                                  with: PRESET
//!                                  POLICY: {UPDATER, what is set of the list}
//!            beside what the transport itself has: url, address, tls ..
//!  UPDATER   exactly one of        peers: [ADDRESS ..]
//!                                  source: URI
//!                                  SCHEME: REST, or {name: REST, option: value ..}
//! ```
//!
//! What it accepts and what it says is that of `yarpcconfig`, `chooser.go`, version 1.80.0; updaters are
//! the sources of this library, which YARPC has none of. Names of lists and updaters are matched as they
//! are, keys of what is set without case.
//!
//! | file | what |
//! |---|---|
//! | `outbounds` | outbounds and their transports |
//! | `chooser` | `peer`, `with`, or a list |
//! | `list` | what is set of a list, in YARPC's words |
//! | `updater` | which peers a list has |
//! | `go` | values as Go prints them, durations as Go reads them |

mod chooser;
mod go;
mod list;
mod outbounds;
mod updater;

pub(super) use self::chooser::read_chooser;
pub(super) use self::outbounds::read as read_outbounds;

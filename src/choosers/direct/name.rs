//! The name in a request.

use std::error::Error;
use std::str::Utf8Error;
use std::sync::Arc;

use crate::error::{ChooseError, ChooseErrorKind};
use crate::request::Request;
use crate::shown::Shown;

/// The name of the peer that the request is for, for the chooser called `chooser`.
pub(super) fn name_of<'a>(chooser: &str, request: &Request<'a>) -> Result<&'a str, ChooseError> {
    let key = request.shard_key();
    let requires = |what| ChooseError::of(chooser, ChooseErrorKind::InvalidRequest(what));
    if key.is_empty() {
        return Err(requires("ShardKey to be non-empty"));
    }
    std::str::from_utf8(key).map_err(|error| {
        requires("ShardKey to be UTF-8, for it names a peer").because(no_text(key, error))
    })
}

/// What is wrong with a name that C would take to end early.
#[cfg(feature = "capi")]
pub(super) fn holds_nul(chooser: &str, name: &str) -> ChooseError {
    let what = ChooseErrorKind::InvalidRequest("ShardKey to hold no NUL, for it names a peer");
    let at = name.find('\0').unwrap_or(name.len());
    let text = shown(name.as_bytes(), &format!("has one at byte {at}"));
    ChooseError::of(chooser, what).because(Box::<dyn Error + Send + Sync>::from(text).into())
}

/// Bytes of a key that an error shows: enough to tell it by, however long it is.
const SHOWN: usize = 64;

/// What is wrong with a key that should be text.
fn no_text(key: &[u8], error: Utf8Error) -> Arc<dyn Error + Send + Sync> {
    let at = error.valid_up_to();
    Box::<dyn Error + Send + Sync>::from(shown(key, &format!("is not UTF-8 at byte {at}"))).into()
}

/// A key, or its start, and what is wrong with it.
fn shown(key: &[u8], wrong: &str) -> String {
    let len = key.len();
    match key.get(..SHOWN) {
        Some(start) if len > SHOWN => {
            format!("{:?}.., the first {SHOWN} of {len} bytes, {wrong}", Shown(start))
        }
        _ => format!("{:?} {wrong}", Shown(key)),
    }
}

//! `dns:`

use super::contract::Source;
use super::parts::Parts;
use crate::error::{SpecError, SpecPlace};

/// Checks the rest of a URI, and makes its source.
pub(super) fn open(_: &Parts) -> Result<Box<dyn Source>, SpecError> {
    let fault = "is not written yet".into();
    Err(SpecError::Source { place: SpecPlace::source_called("dns"), fault })
}

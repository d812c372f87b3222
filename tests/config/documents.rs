//! The document says what there is.

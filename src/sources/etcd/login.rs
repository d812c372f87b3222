//! Who asks.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::contract::SourceError;
use super::super::parts::Parts;
use crate::error::SpecError;

/// Longer than any password.
const MOST: u64 = 64 * 1024;

/// A user of etcd, and where the password is. It is read at each login, so that it can be changed.
#[derive(Debug)]
pub(super) struct Login {
    user: String,
    password: PathBuf,
}

impl Login {
    /// As the URI sets it; `None`: without a login.
    pub(super) fn of(uri: &Parts) -> Result<Option<Self>, SpecError> {
        let options = &uri.options;
        let fault = match (&options.user, &options.password_file) {
            (None, None) => return Ok(None),
            (Some(user), Some(password)) => {
                return Ok(Some(Self { user: user.clone(), password: password.clone() }));
            }
            (Some(user), None) => format!("user={user:?} needs a password-file"),
            (None, Some(_)) => "password-file needs a user".into(),
        };
        Err(uri.wrong(fault))
    }

    /// What the gateway is asked for a token with.
    pub(super) fn question(&self) -> Result<Value, SourceError> {
        let wrong =
            |error| format!("the password file {:?} cannot be read: {error}", self.password);
        let mut password = String::new();
        let file = File::open(&self.password).map_err(wrong)?;
        file.take(MOST).read_to_string(&mut password).map_err(wrong)?;
        // The end of the line that an editor puts behind it.
        let password = password.strip_suffix('\n').unwrap_or(&password);
        let password = password.strip_suffix('\r').unwrap_or(password);
        Ok(json!({"name": self.user, "password": password}))
    }
}

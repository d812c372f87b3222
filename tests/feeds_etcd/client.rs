//! The little of etcd's client that the tests need: no code of the source's.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use ureq::Agent;

#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    url: String,
    token: Option<String>,
}

/// Bytes as the gateway wants them.
pub(crate) fn base64(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

fn text(value: &Value) -> String {
    let bytes = BASE64_STANDARD.decode(value.as_str().unwrap_or_default());
    String::from_utf8(bytes.expect("Base64")).expect("a text")
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder().proxy(None).http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(5))).build().into();
        Self { agent, url: url.into(), token: None }
    }

    /// With another agent: one that knows certificates.
    #[cfg(feature = "tls")]
    pub(crate) fn by(agent: Agent, url: &str) -> Self {
        Self { agent, url: url.into(), token: None }
    }

    /// Whether it runs and has a leader.
    pub(crate) fn answers(&self) -> bool {
        // By TLS this is refused, and that is an answer too.
        let answer = self.agent.get(format!("{}/health", self.url)).call();
        match answer {
            Ok(mut answer) => {
                answer.body_mut().read_to_string().is_ok_and(|text| text.contains("true"))
            }
            Err(ureq::Error::Io(error)) => error.kind() != std::io::ErrorKind::ConnectionRefused,
            Err(_) => true,
        }
    }

    /// Asks, and returns what etcd says.
    pub(crate) fn ask(&self, path: &str, body: &Value) -> Result<Value, String> {
        let mut request = self.agent.post(format!("{}/v3/{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        let mut answer = request.send(body.to_string()).map_err(|error| error.to_string())?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if answer.status() != 200 {
            return Err(text);
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    pub(crate) fn put(&self, key: &str, value: &str) -> Result<(), String> {
        let body = json!({"key": base64(key), "value": base64(value)});
        self.ask("kv/put", &body).map(drop)
    }

    pub(crate) fn delete(&self, key: &str) -> Result<(), String> {
        self.ask("kv/deleterange", &json!({"key": base64(key)})).map(drop)
    }

    /// All keys below `users/`, and the revision of that.
    pub(crate) fn users(&self) -> (BTreeMap<String, String>, String) {
        let body = json!({"key": base64("users/"), "range_end": base64("users0")});
        let answer = self.ask("kv/range", &body).expect("it answers");
        let pairs = answer["kvs"].as_array().into_iter().flatten();
        let pairs = pairs.map(|pair| (text(&pair["key"]), text(&pair["value"]))).collect();
        (pairs, answer["header"]["revision"].as_str().expect("a revision").to_owned())
    }

    pub(crate) fn log_in(&mut self, user: &str, password: &str) {
        // With one that is not known any more even this is refused.
        self.token = None;
        let body = json!({"name": user, "password": password});
        let answer = self.ask("auth/authenticate", &body).expect("a login");
        self.token = answer["token"].as_str().map(Into::into);
    }
}

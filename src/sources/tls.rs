//! Certificates, as a URI names them: who is trusted, and what is shown.
//!
//! Without `ca-file` those are trusted whom Mozilla trusts, in the state of the build.

use std::fs;
use std::path::Path;

use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use super::contract::SourceError;
use super::options::SourceOptions;

/// Reads the files. They are read again whenever all begins anew, so that they can be changed.
pub(super) fn config(options: &SourceOptions) -> Result<TlsConfig, SourceError> {
    let mut config = TlsConfig::builder();
    if let Some(path) = &options.ca_file {
        config = config.root_certs(RootCerts::new_with_certs(&certificates(path)?));
    }
    match (&options.cert_file, &options.key_file) {
        (None, None) => {}
        (Some(chain), Some(key)) => {
            let client = ClientCert::new_with_certs(&certificates(chain)?, private_key(key)?);
            config = config.client_cert(Some(client));
        }
        _ => return Err("cert-file and key-file need each other".into()),
    }
    Ok(config.build())
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, SourceError> {
    let mut found = vec![];
    for item in items(path)? {
        if let PemItem::Certificate(certificate) = item {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(format!("the file {path:?} has no certificate (PEM)").into());
    }
    Ok(found)
}

fn private_key(path: &Path) -> Result<PrivateKey<'static>, SourceError> {
    let key = items(path)?.into_iter().find_map(|item| match item {
        PemItem::PrivateKey(key) => Some(key),
        _ => None,
    });
    key.ok_or_else(|| format!("the file {path:?} has no private key (PEM)").into())
}

fn items(path: &Path) -> Result<Vec<PemItem<'static>>, SourceError> {
    let text =
        fs::read(path).map_err(|error| format!("the file {path:?} cannot be read: {error}"))?;
    let items = parse_pem(&text).collect::<Result<_, _>>();
    Ok(items.map_err(|error| format!("the file {path:?} cannot be read: {error}"))?)
}

//! TLS by rustls, with ring: the system's certificates or those of a file, and a certificate of the client's own.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::decided::Settings;
use crate::setup::error::{Error, Kind};

/// What an `https` endpoint is connected to with; `None` for `http`.
pub(super) fn config(settings: &Settings) -> Result<Option<ClientConfig>, Error> {
    if !settings.endpoint.is_secure() {
        return Ok(None);
    }
    let config = builder()?;
    let config = match &settings.certificate {
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(file)? {
                roots.add(certificate).map_err(|cause| unusable(file, &cause.to_string()))?;
            }
            config.with_root_certificates(roots)
        }
        None => config.with_platform_verifier().map_err(refused)?,
    };
    let config = match &settings.client_certificate {
        Some((chain, key)) => {
            let private = PrivateKeyDer::from_pem_file(key)
                .map_err(|_| unusable(key, "expected a PEM file with a private key"))?;
            let chain = certificates(chain)?;
            config.with_client_auth_cert(chain, private).map_err(|cause| unusable(key, &cause.to_string()))?
        }
        None => config.with_no_client_auth(),
    };
    Ok(Some(config))
}

/// For clients that want to know of TLS also where none is used: nobody is believed.
#[cfg(feature = "otlp-http")]
pub(super) fn unused() -> Result<ClientConfig, Error> {
    Ok(builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    // Not the process's default provider: that is the program's to choose.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(refused)
}

/// The certificates in a PEM file, at least one.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    const EXPECTED: &str = "expected a PEM file with at least one certificate";
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Err(rustls::pki_types::pem::Error::Io(cause)) => Err(unusable(file, &cause.to_string())),
        _ => Err(unusable(file, EXPECTED)),
    }
}

fn unusable(file: &Path, problem: &str) -> Error {
    Error::new(Kind::Exporter(format!("`{}` cannot be used: {problem}", file.display()).into()))
}

fn refused(cause: rustls::Error) -> Error {
    Error::new(Kind::Exporter(Box::new(cause)))
}

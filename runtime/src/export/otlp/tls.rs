//! TLS by rustls, with ring: the system's certificates or those of a file, and a certificate of the client's own.

use std::sync::{Arc, Mutex, Weak};

use rustls::client::WantsClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::Error::NoItemsFound;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::Verifier;

use super::decided::Settings;
use super::pem::{Files, Pem};
use crate::setup::error::{Error, Kind};

const CERTIFICATES: &str = "a PEM file with at least one certificate";
const KEY: &str = "a PEM file with a private key";

/// What an `https` endpoint is connected to with; `None` for `http`.
pub(super) fn config(settings: &Settings) -> Result<Option<ClientConfig>, Error> {
    if !settings.endpoint.is_secure() {
        return Ok(None);
    }
    let config = match roots(&settings.files)? {
        Some(roots) => builder()?.with_root_certificates(roots),
        None => builder()?.dangerous().with_custom_certificate_verifier(system()?),
    };
    with_client(config, &settings.files).map(Some)
}

/// Reads the files, also where no TLS is spoken: a name that leads nowhere is a mistake there, too.
///
/// # Errors
///
/// One of them is not what it should be; the error names who named it, its path, and what was expected.
pub(super) fn check(files: &Files) -> Result<(), Error> {
    let roots = roots(files)?.unwrap_or_else(RootCertStore::empty);
    with_client(builder()?.with_root_certificates(roots), files).map(drop)
}

fn roots(files: &Files) -> Result<Option<RootCertStore>, Error> {
    let Some(file) = &files.roots else { return Ok(None) };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots
            .add(certificate)
            .map_err(|cause| file.wrong(&format!("{CERTIFICATES}; one in it cannot be used: {cause}")))?;
    }
    Ok(Some(roots))
}

fn with_client(
    config: ConfigBuilder<ClientConfig, WantsClientCert>,
    files: &Files,
) -> Result<ClientConfig, Error> {
    let Some((chain, key)) = &files.client else { return Ok(config.with_no_client_auth()) };
    let certificates = certificates(chain)?;
    let private = PrivateKeyDer::from_pem_file(&key.path).map_err(|cause| key.wrong(&said(KEY, &cause)))?;
    config.with_client_auth_cert(certificates, private).map_err(|cause| match cause {
        rustls::Error::InvalidCertificate(_) => {
            chain.wrong(&format!("{CERTIFICATES}; one in it cannot be used: {cause}"))
        }
        _ => key.wrong(&format!("{KEY}, the one of `{}`: {cause}", chain.path.display())),
    })
}

/// For clients that want to know of TLS also where none is used: nobody is believed.
#[cfg(feature = "otlp-http")]
pub(super) fn unused() -> Result<ClientConfig, Error> {
    Ok(builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(refused)
}

/// Not the process's default provider: that is the program's to choose.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Who believes what the system believes. Its certificates are read once for all signals, which takes some milliseconds, and again
/// when none of those is there any more.
fn system() -> Result<Arc<Verifier>, Error> {
    static READ: Mutex<Weak<Verifier>> = Mutex::new(Weak::new());
    let read = || Verifier::new(provider()).map(Arc::new).map_err(refused);
    // Another thread is about it, of this process or, where that has forked, of the parent: its own are as good.
    let Ok(mut known) = READ.try_lock() else { return read() };
    if let Some(verifier) = known.upgrade() {
        return Ok(verifier);
    }
    let verifier = read()?;
    *known = Arc::downgrade(&verifier);
    Ok(verifier)
}

/// The certificates in a PEM file, at least one.
fn certificates(file: &Pem) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(&file.path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(file.wrong(&said(CERTIFICATES, &NoItemsFound))),
        Ok(certificates) => Ok(certificates),
        Err(cause) => Err(file.wrong(&said(CERTIFICATES, &cause))),
    }
}

/// What was expected, and why it is not that; nothing of what stands in the file, which may be a key.
fn said(expected: &str, cause: &PemError) -> String {
    match cause {
        PemError::Io(cause) => format!("{expected}; it cannot be read: {cause}"),
        NoItemsFound => format!("{expected}; there is none in it"),
        _ => format!("{expected}; it is no PEM"),
    }
}

fn refused(cause: rustls::Error) -> Error {
    Error::new(Kind::Exporter(Box::new(cause)))
}

#[cfg(test)]
mod tests;

//! Certificates, good and bad, made anew in each process, and the server's side of TLS.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Whom the server says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// What it should be: `localhost` and 127.0.0.1, by the authority of [`authority`].
    Good,
    /// As good, until the year 2001.
    Expired,
    /// Another host.
    OtherHost,
    /// As good, by an authority that nobody knows.
    UnknownAuthority,
}

static AUTHORITY: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(issuer);

/// A file with the certificate of the authority. It is the caller's to remove.
pub fn authority() -> PathBuf {
    let name = format!("wirespan-authority-{}-{:?}.pem", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, AUTHORITY.pem()).expect("it can be written");
    path
}

fn issuer() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).expect("no names");
    params.distinguished_name.push(DnType::CommonName, "an authority of the tests");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("it is signed")
}

/// What takes TLS connections as `identity`.
pub(super) fn acceptor(identity: Identity) -> TlsAcceptor {
    let names: &[&str] = match identity {
        Identity::OtherHost => &["elsewhere.example"],
        _ => &["localhost", "127.0.0.1"],
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("they are names");
    if identity == Identity::Expired {
        (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(2001, 1, 1));
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = match identity {
        Identity::UnknownAuthority => params.signed_by(&key, &issuer()),
        _ => params.signed_by(&key, &*AUTHORITY),
    };
    let certificate = certificate.expect("it is signed");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("the key is the certificate's");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

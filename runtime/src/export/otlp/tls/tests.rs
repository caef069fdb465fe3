//! Each file that a variable or an option names, as it should be and as it should not.

use std::path::{Path, PathBuf};

use super::super::{Otlp, Signal};
use super::*;
use crate::setup::config::lookup::Lookup;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const ROOTS: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";
const CHAIN: &str = "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE";
const KEY: &str = "OTEL_EXPORTER_OTLP_CLIENT_KEY";

fn data(name: &str) -> String {
    format!("{}/src/export/otlp/tls/testdata/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What is said of these files, by both schemes alike.
fn said(variables: &[(&str, &str)]) -> Result<(), String> {
    let of = |endpoint| {
        let lookup = Lookup::of(&[&[(ENDPOINT, endpoint)], variables].concat());
        let said = Otlp::http().check(Signal::Traces, &lookup).map_err(|error| {
            assert!(error.is_configuration());
            error.to_string()
        });
        assert_eq!(lookup.take_warnings(), [""; 0]);
        said
    };
    let secure = of("https://collector:4318");
    assert_eq!(secure, of("http://collector:4318"));
    secure
}

/// A file with this in it, until it is dropped.
struct Written(PathBuf);

impl Written {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wirespan-{}-{name}.pem", std::process::id()));
        std::fs::write(&path, text).expect("it can be written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn files_that_are_what_they_should_be_are_taken() {
    let (chain, key) = (data("client.pem"), data("client.key"));
    assert_eq!(said(&[(ROOTS, &chain)]), Ok(()));
    assert_eq!(said(&[(CHAIN, &chain), (KEY, &key)]), Ok(()));
    assert_eq!(said(&[(ROOTS, &chain), (CHAIN, &chain), (KEY, &key)]), Ok(()));
}

#[test]
fn a_file_that_is_missing_empty_or_of_another_kind_is_refused_by_its_variables_name() {
    let (chain, key) = (data("client.pem"), data("client.key"));
    let empty = Written::new("empty", "");
    let text = Written::new("text", "hunter2");
    let torn = Written::new("torn", "-----BEGIN CERTIFICATE-----\nhunter2\n");
    let no_der = "-----BEGIN KIND-----\naHVudGVyMg==\n-----END KIND-----\n";
    let certificate = Written::new("certificate", &no_der.replace("KIND", "CERTIFICATE"));
    let private = Written::new("private", &no_der.replace("KIND", "PRIVATE KEY"));
    let missing = "/nowhere/a.pem";
    let refused = |name: &str, path: &str, variables: &[(&str, &str)], words: &str| {
        let error = said(variables).expect_err(path);
        let kind = if name == KEY {
            "a PEM file with a private key"
        } else {
            "a PEM file with at least one certificate"
        };
        assert!(error.starts_with(&format!("{name} is `{path}`; expected {kind}")), "{error}");
        assert!(error.contains(words) && !error.contains("hunter2"), "{error}");
    };
    for (path, words) in [
        (missing, "; it cannot be read: "),
        (empty.path(), "; there is none in it"),
        (text.path(), "; there is none in it"),
        (&*key, "; there is none in it"),
        (torn.path(), "; it is no PEM"),
        (certificate.path(), "; one in it cannot be used: "),
    ] {
        refused(ROOTS, path, &[(ROOTS, path)], words);
        refused(CHAIN, path, &[(CHAIN, path), (KEY, &key)], words);
    }
    let other = data("other.key");
    for (path, words) in [
        (missing, "; it cannot be read: "),
        (empty.path(), "; there is none in it"),
        (text.path(), "; there is none in it"),
        (&*chain, "; there is none in it"),
        (private.path(), ", the one of `"),
        (&*other, ", the one of `"),
    ] {
        refused(KEY, path, &[(CHAIN, &chain), (KEY, path)], words);
    }
}

#[test]
fn a_file_that_an_option_names_is_refused_by_the_options_name() {
    let refused = |otlp: Otlp, name: &str| {
        let error = otlp.check(Signal::Traces, &Lookup::default()).expect_err(name).to_string();
        assert!(
            error.starts_with(&format!("`{name}` is `/nowhere/a.pem`; expected a PEM file with ")),
            "{error}"
        );
    };
    let missing = Path::new("/nowhere/a.pem");
    refused(Otlp::http().certificate(missing), "certificate");
    refused(Otlp::http().client_certificate(missing, data("client.key")), "client_certificate");
    refused(Otlp::http().client_certificate(data("client.pem"), missing), "client_certificate");
    #[cfg(feature = "config-file")]
    {
        refused(Otlp::http().alone().certificate(missing), "ca_file");
        refused(Otlp::http().alone().client_certificate(data("client.pem"), missing), "key_file");
    }
}

#[test]
fn the_certificates_of_the_system_are_read_once_for_all_signals() {
    // A system without any is an error, each time.
    match (system(), system()) {
        (Ok(first), Ok(second)) => assert!(Arc::ptr_eq(&first, &second)),
        (first, second) => assert!(first.is_err() && second.is_err()),
    }
}

//! Spans go to the configured endpoint and nowhere else, with or without TLS built in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and is laid out to be read"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Answers each request with `head`, and counts them.
fn server(head: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut body = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    body = length.trim().parse().unwrap();
                }
            }
            let mut bytes = vec![0; body];
            if reader.read_exact(&mut bytes).is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(
                    format!("{head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes(),
                );
            }
        }
    });
    (address, requests)
}

/// What the program of `src/bin/child.rs` says with this endpoint.
fn said(endpoint: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_child"))
        .arg("3")
        .env_clear()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_EXPORTER_OTLP_HEADERS", "api-key=canary")
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn a_redirect_is_not_followed_and_counts_as_a_failed_export() {
    let (elsewhere, strayed) = server("HTTP/1.1 200 OK".into());
    let (endpoint, asked) =
        server(format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/v1/traces"));
    let said = said(&endpoint);
    assert!(asked.load(Ordering::SeqCst) > 0, "{said}");
    assert_eq!(strayed.load(Ordering::SeqCst), 0, "{said}");
    assert!(said.contains("export_failed: 6"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}

#[test]

fn an_https_endpoint_without_tls_is_an_error_that_names_the_feature() {
    let said = said("https://collector.example:4318");
    assert!(said.contains("OTLP over https needs the feature `tls`"), "{said}");
}

//! The traced functions of the load program: a server's span and a client's in it, of known contents.

use std::fmt;

use wirespan::{current, event, traced};

use super::sent::{Log, Sent};
use super::{checksum, text_of};

/// Every seventh call fails with it.
#[derive(Debug)]
pub struct Unlucky(pub u64);

impl fmt::Display for Unlucky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {} is a multiple of seven", self.0)
    }
}

impl std::error::Error for Unlucky {}

/// Which calls fail.
pub fn fails(sequence: u64) -> bool {
    sequence % 7 == 0
}

/// Records the spans of one call.
pub fn call(log: &Log, run: &str, thread: u64, sequence: u64, bytes: usize) {
    let text = text_of(run, thread, sequence, bytes);
    let sum = checksum(&text);
    // Every seventh fails; that is the span's business.
    let _ = request(log, run, thread, sequence, &text, sum);
}

/// The outer span.
#[traced(kind = "server", skip_all, record(run, thread, sequence, text, sum))]
fn request(log: &Log, run: &str, thread: u64, sequence: u64, text: &str, sum: i64) -> Result<(), Unlucky> {
    let outer = current();
    // With its own length as the bound it is the same text again.
    let (_, bytes) = (sum, text.len());
    step(thread, sequence, ratio(sequence), sequence % 2 == 0, || {
        let own = current();
        let (Some(trace_id), Some(request), Some(step)) = (own.trace_id(), outer.span_id(), own.span_id())
        else {
            return;
        };
        let (trace_id, request, step) = (trace_id.to_string(), request.to_string(), step.to_string());
        log.write(&Sent { run: run.to_owned(), thread, sequence, bytes, trace_id, request, step });
    });
    if fails(sequence) { Err(Unlucky(sequence)) } else { Ok(()) }
}

/// A number that is no integer.
pub fn ratio(sequence: u64) -> f64 {
    f64::from(u32::try_from(sequence % 1_000_000).unwrap_or(0)) / 8.0
}

/// The span inside it.
#[traced(kind = "client", skip_all, record(thread, sequence, ratio, even))]
fn step(thread: u64, sequence: u64, ratio: f64, even: bool, inside: impl FnOnce()) {
    let _ = (thread, ratio);
    event!("checkpoint", sequence, even);
    inside();
}

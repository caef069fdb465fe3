//! What a dead collector costs the caller: the time of each call, with a receiver and with nobody at its port.
//!
//! A run makes paced spans for its whole length, with the defaults; each call below a root is timed by itself, by two raw
//! readings of the clock whose own time is in both runs, and the 99th percentile is that of all calls of both threads. Runs
//! with and without a receiver take turns; of each kind the lowest percentile counts, which other work disturbs least.

use std::hint::black_box;
use std::sync::Mutex;
use std::{net::TcpListener, path::Path};

use quanta::Clock;

use super::case::{Pace, Protocol, Stack};
use super::load;
use super::run::{Binaries, Receiver, child};
use super::stacks::{Wirespan, timed_trace};
use crate::Result;

/// The child's argument that asks for this.
pub const LOAD: &str = "timed";

/// The 99th percentile of a call, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    /// With a receiver.
    pub healthy: f64,
    /// With nobody at its port.
    pub dead: f64,
}

impl Latency {
    /// What the dead collector may cost at most.
    pub fn limit(&self) -> f64 {
        self.healthy * 1.1 + 200.0
    }
}

/// The child's side: times the calls and returns what it has to print.
///
/// # Errors
/// When wirespan cannot be installed.
pub fn in_child(spans: u32) -> Result<String> {
    let installed = Wirespan::new(Pace::Paced)?;
    let clock = Clock::new();
    let all: Mutex<Vec<u64>> = Mutex::default();
    load::on_threads(spans, Pace::Paced, |first, traces| {
        let mut ticks = Vec::new();
        for id in first..first + traces {
            timed_trace(id, black_box(load::TAG), &clock, &mut ticks);
        }
        all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut ticks);
    })?;
    installed.abandon();
    let mut ticks = all.into_inner()?;
    ticks.sort_unstable();
    let p99 = ticks.get(ticks.len() * 99 / 100).ok_or("no call was timed")?;
    Ok(clock.delta_as_nanos(0, *p99).to_string())
}

/// The parent's side: `rounds` runs of each kind, in turns.
///
/// # Errors
/// When a run fails.
pub fn measure(binaries: Binaries<'_>, spans: u32, rounds: u32) -> Result<Latency> {
    let mut latency = Latency { healthy: f64::INFINITY, dead: f64::INFINITY };
    for _ in 0..rounds {
        let receiver = Receiver::start(binaries.receiver)?;
        let healthy = p99(binaries.stack, spans, receiver.port(Protocol::Grpc))?;
        let dead = p99(binaries.stack, spans, nobody()?)?;
        latency = Latency { healthy: latency.healthy.min(healthy), dead: latency.dead.min(dead) };
    }
    Ok(latency)
}

fn p99(binary: &Path, spans: u32, port: u16) -> Result<f64> {
    Ok(child(binary, Stack::Wirespan, Protocol::Grpc, LOAD, spans, port)?.parse()?)
}

/// A port that nobody listens at.
fn nobody() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

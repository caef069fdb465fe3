//! One burst, timed as a block, and what a series of bursts comes to.

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::allocations;

/// Calls of one burst: with their parent they fit into the 2,048 spans of the OpenTelemetry SDK's queue.
pub const CALLS: u32 = 1_000;

/// What one burst cost its thread.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    calls: u32,
    elapsed: Duration,
    allocations: u32,
}

impl Burst {
    /// Nanoseconds per call.
    pub fn nanos(&self) -> f64 {
        self.elapsed.as_secs_f64() * 1e9 / f64::from(self.calls)
    }
}

/// Calls `call` as often as asked, and says what that cost.
#[inline]
pub fn timed(calls: u32, mut call: impl FnMut() -> u64) -> Burst {
    let allocations = allocations::count();
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    let elapsed = start.elapsed();
    let allocations = u32::try_from(allocations::count() - allocations).unwrap_or(u32::MAX);
    Burst { calls, elapsed, allocations }
}

/// Polls a future until it is ready: no executor, no allocation, nobody to wake.
#[inline]
pub fn block_on<T>(mut future: Pin<&mut impl Future<Output = T>>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// What one span cost, over some bursts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Nanoseconds per span in the fastest burst.
    pub min: f64,
    /// Nanoseconds per span in the median burst.
    pub median: f64,
    /// Allocations per span on the calling thread, over all bursts.
    pub allocations: f64,
}

impl Cost {
    /// The cost over these bursts; `None` when there are none.
    pub fn of_bursts(bursts: &[Burst]) -> Option<Self> {
        let calls: u32 = bursts.iter().map(|burst| burst.calls).sum();
        let allocations: f64 = bursts.iter().map(|burst| f64::from(burst.allocations)).sum();
        let nanos: Vec<f64> = bursts.iter().map(Burst::nanos).collect();
        Some(Self {
            min: smallest(&nanos)?,
            median: median(nanos)?,
            allocations: allocations / f64::from(calls),
        })
    }

    /// The cost over these rounds: the fastest burst of all, the median of the rounds' medians, the mean of the allocations.
    pub fn of_rounds(rounds: &[Self]) -> Option<Self> {
        let minima: Vec<f64> = rounds.iter().map(|round| round.min).collect();
        let allocations: f64 = rounds.iter().map(|round| round.allocations).sum();
        let count = u32::try_from(rounds.len()).ok()?;
        Some(Self {
            min: smallest(&minima)?,
            median: median(rounds.iter().map(|round| round.median).collect())?,
            allocations: allocations / f64::from(count),
        })
    }
}

fn smallest(values: &[f64]) -> Option<f64> {
    values.iter().copied().min_by(f64::total_cmp)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

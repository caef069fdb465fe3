//! `#[wirespan::traced]`, exported as the environment says; with 256 MiB of buffer for the burst.

use std::hint::black_box;
use std::time::Duration;

use quanta::Clock;
use wirespan::{Telemetry, traced};

use super::Running;
use crate::Result;
use crate::export::case::Pace;
use crate::export::load::{CALLS, TAG};

const BURST_BYTES: usize = 256 << 20;
/// Time for the rest of a burst.
const FLUSH: Duration = Duration::from_mins(2);

/// wirespan, installed.
pub struct Installed(Telemetry);

impl Installed {
    /// Installs it.
    ///
    /// # Errors
    /// When a variable is wrong.
    pub fn new(pace: Pace) -> Result<Self> {
        let builder = wirespan::builder();
        Ok(Self(match pace {
            Pace::Paced => builder.install()?,
            Pace::Burst => builder.buffer_bytes(BURST_BYTES).install()?,
        }))
    }

    /// Ends it, whatever is left.
    pub fn abandon(self) {
        // No collector listens: what it says is known.
        let _ = self.0.shutdown(Duration::ZERO);
    }
}

impl Running for Installed {
    fn trace(&self) -> fn(u64) {
        |id| root(id, black_box(TAG))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        // A loss shows in the receiver's count.
        let _ = self.0.flush(FLUSH);
        let stats = self.0.stats();
        let _ = self.0.shutdown(FLUSH);
        if stats.is_balanced() && stats.pending() == 0 {
            return Ok(());
        }
        Err(format!("the ledger does not balance: {stats:?}").into())
    }
}

#[inline(never)]
#[traced]
fn root(id: u64, tag: &str) {
    for n in 0..CALLS {
        black_box(call(black_box(id ^ u64::from(n)), tag));
    }
}

/// One trace, with the time of each call below the root, in raw ticks.
#[inline(never)]
#[traced(skip(clock, ticks))]
pub fn timed_trace(id: u64, tag: &str, clock: &Clock, ticks: &mut Vec<u64>) {
    for n in 0..CALLS {
        let start = clock.raw();
        black_box(call(black_box(id ^ u64::from(n)), tag));
        ticks.push(clock.raw() - start);
    }
}

#[inline(never)]
#[traced]
fn call(id: u64, tag: &str) -> u64 {
    black_box(id ^ u64::try_from(tag.len()).unwrap_or(u64::MAX))
}

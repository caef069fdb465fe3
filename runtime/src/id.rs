//! Identifiers: a generator for each thread, seeded by the operating system, that never yields zero.

use opentelemetry::{SpanId, TraceId};
use rand::rngs::SmallRng;
use rand::{RngCore, SeedableRng};
use std::hash::{BuildHasher, RandomState};

/// Random identifiers (xoshiro256++). Not for secrets.
pub(crate) struct Ids(SmallRng);

impl Ids {
    pub(crate) fn new() -> Self {
        // Without the system's generator the hash keys of the standard library have to do: never a panic.
        Self(SmallRng::try_from_os_rng().unwrap_or_else(|_| {
            SmallRng::seed_from_u64(RandomState::new().hash_one(std::thread::current().id()))
        }))
    }

    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn span_id(&mut self) -> SpanId {
        SpanId::from(self.0.next_u64().max(1))
    }

    pub(crate) fn trace_id(&mut self) -> TraceId {
        let high = u128::from(self.0.next_u64());
        TraceId::from((high << 64) | u128::from(self.0.next_u64().max(1)))
    }
}

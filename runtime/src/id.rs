//! Identifiers: a generator for each thread, seeded by the operating system, that never yields zero.

use opentelemetry::{SpanId, TraceId};
use rand::rngs::SmallRng;
use rand::{RngCore, SeedableRng};
use std::hash::{BuildHasher, RandomState};

/// Random identifiers. Not for secrets.
///
/// Traces have theirs from xoshiro256++, so that no two threads come upon the same one. A span's is to be unlike those of its trace
/// only, and comes from wyrand: a counter that is multiplied with itself.
pub(crate) struct Ids {
    traces: SmallRng,
    spans: u64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        // Without the system's generator the hash keys of the standard library have to do: never a panic.
        let mut traces = SmallRng::try_from_os_rng().unwrap_or_else(|_| {
            SmallRng::seed_from_u64(RandomState::new().hash_one(std::thread::current().id()))
        });
        let spans = traces.next_u64();
        Self { traces, spans }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn span_id(&mut self) -> SpanId {
        // The numbers are wyrand's.
        self.spans = self.spans.wrapping_add(0xa076_1d64_78bd_642f);
        let wide = u128::from(self.spans) * u128::from(self.spans ^ 0xe703_7ed1_a0b4_28db);
        #[expect(clippy::cast_possible_truncation, reason = "the halves of it")]
        let mixed = (wide as u64) ^ (wide >> 64) as u64;
        SpanId::from(mixed.max(1))
    }

    pub(crate) fn trace_id(&mut self) -> TraceId {
        let high = u128::from(self.traces.next_u64());
        TraceId::from((high << 64) | u128::from(self.traces.next_u64().max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use std::collections::HashSet;

    #[test]
    fn spans_of_a_thread_have_identifiers_of_their_own_in_which_every_bit_is_as_often_one_as_zero() {
        let mut ids = Ids::new();
        let spans: HashSet<u64> =
            (0..100_000).map(|_| u64::from_be_bytes(ids.span_id().to_bytes())).collect();
        assert_eq!(spans.len(), 100_000);
        assert!(!spans.contains(&0));
        for bit in 0..64 {
            let ones = spans.iter().filter(|id| *id >> bit & 1 == 1).count();
            // Six standard deviations of 158.
            assert!(ones.abs_diff(50_000) < 950, "bit {bit}: {ones}");
        }
    }
}
